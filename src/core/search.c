/*
 * search.c
 *	  Names and queries as they are compared, and the keys under which names are
 *	  found.
 */
#include "core/search.h"

#include "core/address_text.h"
#include "core/pinyin.h"
#include "core/search_key.h"

const char *const residency_search_rungs[SEARCH_RUNGS] = {
	"prefix", "fragment", "pinyin", "initials", "homophone", "one_wrong"
};

/* A dash joins numbers (12-3-402); anywhere else it is a sign like others. */
static bool
counts(uint32_t letter, int length, const uint32_t *before)
{
	return letter != ' ' && (letter != '-' || (length > 0 && residency_is_digit(before[length - 1])));
}

/* The first of the characters that have simplified forms. */
#define FIRST_IDEOGRAPH 0x2E80

/* The next letter, simplified: 號 is 号. */
static uint32_t
next_letter(const char **in, const char *end)
{
	uint32_t	letter = residency_letter(in, end);
	uint32_t	simplified = letter >= FIRST_IDEOGRAPH ? residency_address_symbol(letter) : 0;

	return simplified >= FIRST_IDEOGRAPH ? simplified : letter;
}

void
residency_search_read_name(const char *in, size_t len, SearchName *name)
{
	const char *end = in + len;

	name->length = 0;
	while (in < end && name->length < RESIDENCY_SEARCH_NAME)
	{
		uint32_t	letter = next_letter(&in, end);

		if (counts(letter, name->length, name->character))
			name->character[name->length++] = letter;
	}
}

void
residency_search_read_query(const char *in, size_t len, SearchQuery *query)
{
	const char *end = in + len;
	bool		apart = false;

	query->length = 0;
	while (in < end)
	{
		uint32_t	letter = next_letter(&in, end);

		if (!counts(letter, query->length, query->character))
			apart = true;
		else if (query->length == RESIDENCY_SEARCH_QUERY)
		{
			query->length++;
			break;
		}
		else
		{
			query->character[query->length] = letter;
			query->apart[query->length++] = apart;
			apart = false;
		}
	}
}

size_t
residency_search_text(const SearchName *name, char *out)
{
	size_t		written = 0;

	for (int i = 0; i < name->length; i++)
		written += residency_put_letter(name->character[i], out + written);
	return written;
}

/* The syllables of a character. */
static int
sounds_of(uint32_t character, int sound[RESIDENCY_READINGS_OF_CHARACTER])
{
	uint16_t	reading[RESIDENCY_READINGS_OF_CHARACTER];
	int			count = residency_readings(character, reading);

	for (int i = 0; i < count; i++)
		sound[i] = RESIDENCY_SYLLABLE(reading[i]);
	return count;
}

/* Its initials, each once; a letter is one, a digit is not. */
static int
initials_of(uint32_t character, uint32_t initial[RESIDENCY_READINGS_OF_CHARACTER])
{
	uint16_t	reading[RESIDENCY_READINGS_OF_CHARACTER];
	int			count;
	int			kept = 0;

	if (residency_is_latin(character))
	{
		initial[0] = character;
		return 1;
	}
	count = residency_readings(character, reading);
	for (int i = 0; i < count; i++)
	{
		uint32_t	letter = (unsigned char) *residency_syllable(RESIDENCY_SYLLABLE(reading[i]));
		bool		known = false;

		for (int j = 0; j < kept; j++)
			known = known || initial[j] == letter;
		if (!known)
			initial[kept++] = letter;
	}
	return kept;
}

int
residency_search_name_keys(const SearchName *name, int32_t keys[RESIDENCY_SEARCH_NAME_KEYS])
{
	int			count = 0;
	uint32_t	before = 0;
	int			sound_before[RESIDENCY_READINGS_OF_CHARACTER];
	uint32_t	initial_before[RESIDENCY_READINGS_OF_CHARACTER];
	int			sounds_before = 0;
	int			initials_before = 0;

	for (int i = 0; i < name->length; i++)
	{
		uint32_t	character = name->character[i];
		int			sound[RESIDENCY_READINGS_OF_CHARACTER];
		uint32_t	initial[RESIDENCY_READINGS_OF_CHARACTER];
		int			sounds = sounds_of(character, sound);
		int			initials = initials_of(character, initial);

		if (character >= 0x80)
		{
			keys[count++] = residency_character_key(character);
			for (int j = 0; j < sounds; j++)
				keys[count++] = residency_sound_key(sound[j]);
		}
		if (i > 0)
			keys[count++] = residency_character_pair_key(before, character);
		/* there are a hundred pairs of digits only, and every address has some */
		if (i > 1 && residency_is_digit(name->character[i - 2]) && residency_is_digit(before) && residency_is_digit(character))
			keys[count++] = residency_three_digits_key(name->character[i - 2], before, character);
		for (int j = 0; j < sounds_before; j++)
			for (int k = 0; k < sounds; k++)
				keys[count++] = residency_sound_pair_key(sound_before[j], sound[k]);
		for (int j = 0; j < initials_before; j++)
			for (int k = 0; k < initials; k++)
				keys[count++] = residency_initial_pair_key(initial_before[j], initial[k]);
		before = character;
		sounds_before = sounds;
		initials_before = initials;
		for (int j = 0; j < sounds; j++)
			sound_before[j] = sound[j];
		for (int j = 0; j < initials; j++)
			initial_before[j] = initial[j];
	}
	return count;
}
