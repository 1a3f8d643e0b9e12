/*
 * search_query.c
 *	  What a query asks of the index, and how well a name answers.
 *
 * On every rung a query is a row of units, each to be met by one character of
 * the name; only what a unit asks for differs.
 */
#include "core/search.h"

#include <string.h>

#include "core/pinyin.h"
#include "core/search_key.h"

/* The ways to part letters into syllables that are tried, and the combinations of readings. */
#define MOST_SPELLINGS 8
#define MOST_SOUNDS 4

#define LONGEST_SYLLABLE 6

/*
 * Keys.
 */

/* The syllable that a unit asks for, 0 if there is not one alone. */
static int
sound_of(const SearchUnit *unit)
{
	if ((unit->kind == UNIT_SYLLABLE && unit->first == unit->last) || unit->kind == UNIT_SOUND)
		return unit->first;
	return 0;
}

/* The key of two units side by side; false if there is none. */
static bool
pair_key(const SearchUnit *a, const SearchUnit *b, int32_t *key)
{
	if (a->kind == UNIT_CHARACTER && b->kind == UNIT_CHARACTER)
		*key = residency_character_pair_key(a->character, b->character);
	else if (sound_of(a) != 0 && sound_of(b) != 0)
		*key = residency_sound_pair_key(sound_of(a), sound_of(b));
	else if (a->kind == UNIT_INITIAL && b->kind == UNIT_INITIAL)
		*key = residency_initial_pair_key(a->character, b->character);
	else
		return false;
	return true;
}

static bool
single_key(const SearchUnit *unit, int32_t *key)
{
	if (unit->kind == UNIT_CHARACTER && unit->character >= 0x80)
		*key = residency_character_key(unit->character);
	else if (sound_of(unit) != 0)
		*key = residency_sound_key(sound_of(unit));
	else
		return false;
	return true;
}

static bool
is_digit(const SearchUnits *units, int i)
{
	return i >= 0 && i < units->length && units->unit[i].kind == UNIT_CHARACTER && residency_is_digit(units->unit[i].character);
}

/* Pairs that nearly every address or company has: to look them up costs, and excludes nothing. */
static bool
says_nothing(const SearchUnit *a, const SearchUnit *b)
{
	static const uint16_t common[][2] = {
		{0x5355, 0x5143},		/* unit */
		{0x6709, 0x9650}, {0x9650, 0x516C}, {0x516C, 0x53F8}	/* company limited */
	};

	for (size_t i = 0; i < sizeof(common) / sizeof(common[0]); i++)
	{
		if (a->kind == UNIT_CHARACTER && b->kind == UNIT_CHARACTER && a->character == common[i][0] && b->character == common[i][1])
			return true;
	}
	return false;
}

/*
 * Keys of pairs, of what is in no pair, and of three digits in a row, which leave
 * the pairs in them nothing to say.
 */
int
residency_search_step_keys(const SearchUnits *units, int32_t keys[RESIDENCY_SEARCH_STEP_KEYS])
{
	bool		paired = false;
	int			count = 0;
	bool		idle = false;	/* a key was left out */
	int32_t		key;

	for (int i = 0; i < units->length; i++)
	{
		const SearchUnit *unit = &units->unit[i];
		bool		follows = paired;
		bool		digits = is_digit(units, i) && is_digit(units, i + 1);

		paired = i + 1 < units->length && pair_key(unit, unit + 1, &key);
		if (digits && is_digit(units, i + 2))
			keys[count++] = residency_three_digits_key(unit[0].character, unit[1].character, unit[2].character);
		else if (digits && is_digit(units, i - 1))
			continue;
		else if (paired && says_nothing(unit, unit + 1))
			idle = true;
		else if (paired)
			keys[count++] = key;
		else if (!follows && single_key(unit, &key))
			keys[count++] = key;
	}
	if (count == 0 && idle && pair_key(&units->unit[0], &units->unit[1], &key))
		keys[count++] = key;
	return count;
}

/*
 * The ways to read a query.
 */

static void
as_characters(const SearchQuery *query, SearchUnits *units)
{
	units->length = query->length;
	for (int i = 0; i < query->length; i++)
		units->unit[i] = (SearchUnit) {UNIT_CHARACTER, query->character[i], 0, 0};
}

/* Takes up a way to read the query. */
static void
add_way(SearchReading *reading, const SearchUnits *units)
{
	if (reading->count < RESIDENCY_SEARCH_WAYS)
		reading->way[reading->count++] = *units;
}

typedef struct Spelling
{
	const SearchQuery *query;
	SearchUnits units;
	SearchReading *reading;
	bool		growing;		/* the last syllable may be a beginning of one */
	bool		dead[RESIDENCY_SEARCH_QUERY];	/* from here no syllables lead to the end */
} Spelling;

/* Goes on from a character; false if nothing that can be said leads to the end. */
static bool
spell(Spelling *s, int at)
{
	const SearchQuery *query = s->query;
	char		letters[LONGEST_SYLLABLE];
	int			run = 0;
	bool		reached = false;

	if (at == query->length)
	{
		add_way(s->reading, &s->units);
		return true;
	}
	if (s->dead[at])
		return false;
	if (s->reading->count == MOST_SPELLINGS)
		return true;
	if (!residency_is_latin(query->character[at]))
	{
		s->units.unit[s->units.length++] = (SearchUnit) {UNIT_CHARACTER, query->character[at], 0, 0};
		reached = spell(s, at + 1);
		s->units.length--;
		return reached;
	}
	while (run < LONGEST_SYLLABLE && at + run < query->length && residency_is_latin(query->character[at + run]) &&
		   (run == 0 || !query->apart[at + run]))
	{
		letters[run] = (char) query->character[at + run];
		run++;
	}
	for (; run > 0; run--)
	{
		int			first;
		int			last;
		int			whole;

		if (!residency_syllables(letters, (size_t) run, &first, &last, &whole))
			continue;
		if (s->growing && at + run == query->length)
		{
			if (whole != 0 && (first == last || s->units.length == 0))
				continue;
		}
		else if (whole != 0)
			first = last = whole;
		else
			continue;
		s->units.unit[s->units.length++] = (SearchUnit) {UNIT_SYLLABLE, 0, first, last};
		reached |= spell(s, at + run);
		s->units.length--;
	}
	s->dead[at] = !reached;
	return reached;
}

/* Whole syllables first; then the last of several may still be typed. */
static void
read_pinyin(const SearchQuery *query, SearchReading *reading)
{
	Spelling	s;

	memset(&s, 0, sizeof(s));
	s.query = query;
	s.reading = reading;
	spell(&s, 0);
	memset(s.dead, 0, sizeof(s.dead));
	s.growing = true;
	spell(&s, 0);
}

static void
read_initials(const SearchQuery *query, SearchReading *reading)
{
	SearchUnits units;

	as_characters(query, &units);
	for (int i = 0; i < units.length; i++)
	{
		if (residency_is_latin(query->character[i]))
			units.unit[i].kind = UNIT_INITIAL;
	}
	add_way(reading, &units);
}

/* Characters with several readings: one combination after the other, the usual ones first. */
static void
read_homophones(const SearchQuery *query, SearchReading *reading)
{
	SearchUnits units;

	for (int combination = 0; combination < MOST_SOUNDS; combination++)
	{
		int			rest = combination;

		as_characters(query, &units);
		for (int i = 0; i < units.length; i++)
		{
			uint16_t	readings[RESIDENCY_READINGS_OF_CHARACTER];
			int			count = residency_readings(query->character[i], readings);

			if (count > 0)
			{
				units.unit[i].kind = UNIT_SOUND;
				units.unit[i].first = RESIDENCY_SYLLABLE(readings[rest % count]);
				rest /= count;
			}
		}
		if (rest > 0)
			break;
		add_way(reading, &units);
	}
}

/*
 * A wrong digit is another house, a wrong letter another word: only Chinese
 * characters are forgiven.  In a long query the places looked at are several
 * characters wide.
 */
static void
read_one_wrong(const SearchQuery *query, SearchReading *reading)
{
	int			width = (query->length + RESIDENCY_SEARCH_WAYS - 1) / RESIDENCY_SEARCH_WAYS;
	SearchUnits units;

	for (int place = 0; place < query->length; place += width)
	{
		bool		may_be = false;

		as_characters(query, &units);
		for (int i = place; i < place + width && i < query->length; i++)
		{
			may_be = may_be || query->character[i] >= 0x80;
			units.unit[i].kind = UNIT_ANY;
		}
		if (may_be)
			add_way(reading, &units);
	}
}

void
residency_search_read(const SearchQuery *query, SearchRung rung, SearchReading *reading)
{
	bool		latin = false;
	bool		chinese = false;

	reading->rung = rung;
	reading->count = 0;
	if (query->length == 0 || query->length > RESIDENCY_SEARCH_QUERY)
		return;
	for (int i = 0; i < query->length; i++)
	{
		latin = latin || residency_is_latin(query->character[i]);
		chinese = chinese || query->character[i] >= 0x80;
	}
	if (rung == SEARCH_PREFIX || rung == SEARCH_FRAGMENT)
	{
		as_characters(query, &reading->way[0]);
		reading->count = 1;
	}
	else if (rung == SEARCH_PINYIN && latin)
		read_pinyin(query, reading);
	else if (rung == SEARCH_INITIALS && latin && query->length > 1)
		read_initials(query, reading);
	else if (rung == SEARCH_HOMOPHONE && chinese && !latin && query->length > 1)
		read_homophones(query, reading);
	else if (rung == SEARCH_ONE_WRONG && chinese && !latin && query->length > 2)
		read_one_wrong(query, reading);
}

/*
 * Answers.
 */

static bool
answers(const SearchUnit *unit, uint32_t character)
{
	uint16_t	reading[RESIDENCY_READINGS_OF_CHARACTER];
	uint16_t	asked[RESIDENCY_READINGS_OF_CHARACTER];
	int			count;
	int			asked_count = 0;

	if (unit->kind == UNIT_ANY)
		return character >= 0x80;
	if (unit->kind != UNIT_SYLLABLE && unit->character == character)
		return true;
	if (unit->kind == UNIT_CHARACTER)
		return false;
	count = residency_readings(character, reading);
	if (unit->kind == UNIT_SOUND && count > 0)
		asked_count = residency_readings(unit->character, asked);
	for (int i = 0; i < count; i++)
	{
		int			syllable = RESIDENCY_SYLLABLE(reading[i]);

		if (unit->kind == UNIT_SYLLABLE && syllable >= unit->first && syllable <= unit->last)
			return true;
		if (unit->kind == UNIT_INITIAL && (unsigned char) *residency_syllable(syllable) == unit->character)
			return true;
		for (int j = 0; j < asked_count; j++)
		{
			if (RESIDENCY_SYLLABLE(asked[j]) == syllable)
				return true;
		}
	}
	return false;
}

/* Whether the name answers from a place on; of what may be wrong, one character is at most. */
static bool
answers_at(const SearchName *name, const SearchUnits *units, int place)
{
	int			wrong = 0;

	for (int i = 0; i < units->length; i++)
	{
		const SearchUnit *unit = &units->unit[i];
		uint32_t	character = name->character[place + i];

		if (!answers(unit, character))
			return false;
		if (unit->kind == UNIT_ANY && unit->character != character && (++wrong > 1 || unit->character < 0x80))
			return false;
	}
	return true;
}

/* The better the nearer to the head it is and the less of the name is left over; half a syllable counts half. */
static float
score_of(const SearchName *name, SearchRung rung, const SearchUnits *units)
{
	int			last = rung == SEARCH_PREFIX ? 0 : name->length - units->length;

	if (units->length > name->length)
		return 0.0F;
	for (int place = 0; place <= last; place++)
	{
		if (answers_at(name, units, place))
		{
			const SearchUnit *end = &units->unit[units->length - 1];
			float		length = (float) units->length - (end->first < end->last ? 0.5F : 0.0F);
			float		share = length / (float) name->length;

			return ((float) (SEARCH_RUNGS - 1 - (int) rung) + 0.5F / (float) (1 + place) + 0.5F * share) / (float) SEARCH_RUNGS;
		}
	}
	return 0.0F;
}

float
residency_search_score(const SearchName *name, const SearchReading *reading)
{
	float		best = 0.0F;

	for (int i = 0; i < reading->count; i++)
	{
		float		score = score_of(name, reading->rung, &reading->way[i]);

		if (score > best)
			best = score;
	}
	return best;
}
