/*
 * region.c
 *	  Reading the divisions at the head of an address.
 *
 * What has been read so far is a step; a step is followed by every name that
 * begins where it ends and fits: a division inside the one read, or one read
 * already.  So the steps form a tree.  Some may end a reading, those whose name is
 * evidence enough; the best of them are the readings.
 */
#include "core/gazetteer_block.h"

#include "core/division_code.h"
#include "core/region_word.h"

#define STEPS 96

/* More divisions of one name than this say nothing. */
#define NAMESAKES 8

#define LEVEL_COUNTY 3
#define LEVEL_TOWN 4

/* How a name was met. */
typedef enum Quality
{
	QUALITY_EXACT,				/* as it is written in full */
	QUALITY_VARIANT,			/* with a suffix of its level that is not its own: a town for a street office */
	QUALITY_SHORT				/* without suffix */
} Quality;

typedef struct Met
{
	int64_t		division;		/* 0: none, a word between names */
	int16_t		from;			/* symbols, half-open */
	int16_t		to;
	uint8_t		level;			/* of the division */
	uint8_t		quality;		/* a Quality */
	uint8_t		kind;			/* a NameKind */
	bool		alone;			/* no other division above the towns is called so */
	bool		cut_short;		/* its suffix is there, but left to what follows: 青岛|市北区 */
} Met;

typedef struct Step
{
	Met			met;			/* the name that was read last */
	int64_t		division;		/* the deepest read so far, 0: none */
	int			evidence;		/* for the way up to here */
	int			weight;			/* of this step's name */
	int16_t		parent;			/* -1: none */
	uint8_t		depth;			/* names read */
	bool		redundant;		/* the name says nothing new */
	bool		surpassed;		/* a step that follows ends a reading */
	bool		ends;			/* this one does */
} Step;

typedef struct Reader
{
	const Gazetteer *gazetteer;
	const uint32_t *symbol;
	int			length;
	int			current;		/* the step that is being followed */
	int			steps;
	Step		step[STEPS];
} Reader;

static inline bool
is_separator(uint32_t symbol)
{
	return symbol == ',' || symbol == '-' || symbol == '(' || symbol == ')';
}

static inline bool
is_text(uint32_t symbol)
{
	return symbol > 0x2E7F;
}

/* A step taken from nothing, or from a context, is no reading yet. */
static inline bool
has_read(const Step *step)
{
	return step->depth > 0;
}

/* Puts a step in, unless another has come to the same place and division with no less evidence. */
static void
take(Reader *reader, const Step *step)
{
	for (int i = reader->current + 1; i < reader->steps; i++)
	{
		Step	   *other = &reader->step[i];

		if (other->met.to == step->met.to && other->division == step->division && has_read(other))
		{
			if (other->evidence < step->evidence)
				*other = *step;
			return;
		}
	}
	if (reader->steps < STEPS)
		reader->step[reader->steps++] = *step;
}

static int
weight_of(const Met *met)
{
	static const uint8_t prior[] = {0, 30, 15, 0, 0, 0};	/* of short forms: who says 吉林 means the province */
	int			length = met->to - met->from;

	if (met->kind == NAME_ALIAS)
		return length == 1 ? 45 : 25 + 30 * length;
	if (met->quality == QUALITY_SHORT && met->kind == NAME_FORMER)
		return 20 * length;
	if (met->quality == QUALITY_SHORT)
		return (met->level > LEVEL_TOWN ? 0 : 20) + 30 * length + prior[met->level];
	if (met->quality == QUALITY_VARIANT)
		return 60 + 25 * length;
	return (met->kind == NAME_FORMER ? 65 : 100) + 30 * length;
}

/* What a short form is worth less if the divisions between are not named. */
#define SKIPPED_LEVELS 20

/* The step that a name leads to. */
static Step
next_step(const Reader *reader, const Met *met, int64_t division, int weight)
{
	const Step *before = &reader->step[reader->current];
	Step		step = {
		.met = *met, .division = division, .evidence = before->evidence + weight, .weight = weight,
		.parent = (int16_t) reader->current, .depth = (uint8_t) (before->depth + 1)
	};

	return step;
}

/* Goes on to a division inside the one read. */
static void
step_inside(Reader *reader, const Met *met)
{
	int64_t		division = reader->step[reader->current].division;
	int			weight = weight_of(met);
	Step		step;

	if (met->quality == QUALITY_SHORT && division != 0 && met->level - residency_division_code_level(division) > 1)
		weight -= SKIPPED_LEVELS;
	step = next_step(reader, met, met->division, weight);
	take(reader, &step);
}

/* Passes over a name that says nothing new. */
static void
step_over(Reader *reader, const Met *met, int weight)
{
	Step		step = next_step(reader, met, reader->step[reader->current].division, weight);

	step.redundant = true;
	take(reader, &step);
}

#define CONTRADICTION 150

/* Goes on to a division elsewhere: what was read and does not contain it counts no more. */
static void
step_aside(Reader *reader, const Met *met)
{
	Step		step = next_step(reader, met, met->division, weight_of(met));

	step.evidence -= CONTRADICTION;
	for (const Step *s = &reader->step[step.parent]; s->parent >= 0; s = &reader->step[s->parent])
	{
		if (!s->redundant && !residency_division_code_within(met->division, s->met.division))
			step.evidence -= s->weight;
	}
	take(reader, &step);
}

/* Whether a name may say that the address lies elsewhere: below a county nobody names another one. */
static bool
may_contradict(const Reader *reader, const Met *met)
{
	int			level = residency_division_code_level(reader->step[reader->current].division);

	return met->level < LEVEL_COUNTY ||
		(met->level == LEVEL_COUNTY && level <= LEVEL_COUNTY &&
		 !residency_region_is_road(reader->symbol, met->to, reader->length));
}

/* Follows a name, if it fits to what was read. */
static void
follow_name(Reader *reader, const Met *met)
{
	const Step *before = &reader->step[reader->current];
	int			length = met->to - met->from;

	if (before->division == 0 || (met->division != before->division &&
								  residency_division_code_within(met->division, before->division)))
	{
		if (met->kind != NAME_HEADING)
			step_inside(reader, met);
		else if (has_read(before))
			step_over(reader, met, 10 * length);
	}
	else if (!has_read(before))
		return;
	else if (residency_division_code_within(before->division, met->division))
	{
		if (length > 1 && !met->cut_short &&
			(met->quality == QUALITY_EXACT ||
			 (met->kind != NAME_FORMER && residency_region_continues(reader->symbol, met->to, reader->length) != CONTINUES_NAME)))
			step_over(reader, met, 15 * length);
	}
	else if (met->quality == QUALITY_EXACT && met->kind == NAME_OFFICIAL && length > 2 && may_contradict(reader, met))
	{
		step_aside(reader, met);
		step_over(reader, met, -CONTRADICTION - 10);
	}
}

/* A stem found in the address, and the suffixes that follow it. */
typedef struct Stem
{
	int			from;
	int			to;
	int8_t		suffix[RESIDENCY_DIVISION_LEVELS + 1];	/* by level, -1: not yet known */
} Stem;

static int
suffix_after(const Reader *reader, Stem *stem, int level)
{
	if (stem->suffix[level] < 0)
		stem->suffix[level] = (int8_t) residency_region_suffix_at(reader->symbol, stem->to, reader->length, level);
	return stem->suffix[level];
}

/* A street office may be called by 街 alone, where no road can be meant. */
static bool
is_street_of_houses(const Reader *reader, const RegionSuffix *suffix, int to)
{
	return suffix->level == LEVEL_TOWN && suffix->length == 1 && suffix->word[0] == L'街' &&
		(to >= reader->length || !is_text(reader->symbol[to]));
}

/* Says how an entry was met at a stem. */
static Met
meet(const Reader *reader, uint64_t entry, Stem *stem)
{
	const RegionSuffix *own = &residency_region_suffix[entry_suffix(entry)];
	Met			met = {
		.division = entry_division(entry), .from = (int16_t) stem->from, .to = (int16_t) stem->to,
		.kind = (uint8_t) entry_kind(entry), .alone = true
	};
	int			suffix = suffix_after(reader, stem, own->level);

	met.level = (uint8_t) residency_division_code_level(met.division);
	if (own->length == 0)
		return met;
	if (suffix != 0 && !is_street_of_houses(reader, &residency_region_suffix[suffix],
											stem->to + residency_region_suffix[suffix].length))
	{
		met.to = (int16_t) (met.to + residency_region_suffix[suffix].length);
		if (residency_region_suffix[suffix].group != own->group ||
			(residency_region_suffix[suffix].word[0] == L'街' && residency_region_suffix[suffix].length == 1))
			met.quality = QUALITY_VARIANT;
	}
	else
		met.quality = met.level > LEVEL_TOWN && reader->symbol[stem->to - 1] == L'村' ? QUALITY_VARIANT : QUALITY_SHORT;
	return met;
}

/* Whether some name begins with the two symbols that stand here. */
static bool
may_begin(const Reader *reader, int at)
{
	uint32_t	node;

	if (at + 1 >= reader->length)
		return false;
	node = residency_gazetteer_child(reader->gazetteer, 0, reader->symbol[at]);
	return node != 0 && residency_gazetteer_child(reader->gazetteer, node, reader->symbol[at + 1]) != 0;
}

/* Follows the divisions above the towns that a stem names: they are few, and may be anywhere. */
static void
follow_counties(Reader *reader, uint32_t from, uint32_t to, Stem *stem)
{
	const uint64_t *entries = gazetteer_entries(reader->gazetteer);

	for (uint32_t i = from; i < to && entry_rank(entries[i]) == RANK_COUNTY; i++)
	{
		Met			met = meet(reader, entries[i], stem);

		if (met.kind == NAME_FORMER && met.quality == QUALITY_VARIANT)
			continue;
		met.alone = to - from == 1 || entry_rank(entries[from + 1]) != RANK_COUNTY;
		follow_name(reader, &met);
		/* 青岛市 may be read as 青岛, if 市北区 may follow */
		if (met.to == stem->to + 1 && may_begin(reader, stem->to))
		{
			met.to = (int16_t) stem->to;
			met.quality = QUALITY_SHORT;
			met.cut_short = true;
			follow_name(reader, &met);
		}
	}
}

/* Follows the towns or villages of a range that a stem names, unless they are so many that it says nothing. */
static void
follow_range(Reader *reader, uint32_t from, uint32_t to, Stem *stem, Quality least)
{
	const uint64_t *entries = gazetteer_entries(reader->gazetteer);
	Met			met[NAMESAKES];
	int			count = 0;

	for (uint32_t i = from; i < to; i++)
	{
		Met			m = meet(reader, entries[i], stem);

		if (m.quality > least)
			continue;
		if (count == NAMESAKES)
			return;
		met[count++] = m;
	}
	for (int i = 0; i < count; i++)
		follow_name(reader, &met[i]);
}

/* Follows the towns or villages inside the division read. */
static void
follow_inside(Reader *reader, uint32_t from, uint32_t to, Stem *stem, int rank, Quality least)
{
	const uint64_t *entries = gazetteer_entries(reader->gazetteer);
	int64_t		division = reader->step[reader->current].division;
	int64_t		last = residency_division_code_last(division);

	from = residency_gazetteer_entry(entries, from, to, entry_lowest(rank, division));
	to = residency_gazetteer_entry(entries, from, to, entry_lowest(rank, last + 1));
	follow_range(reader, from, to, stem, least);
}

/* Follows what a stem may mean. */
static void
follow_stem(Reader *reader, uint32_t node, Stem *stem)
{
	const GazetteerNode *nodes = gazetteer_nodes(reader->gazetteer);
	const uint64_t *entries = gazetteer_entries(reader->gazetteer);
	int64_t		division = reader->step[reader->current].division;
	uint32_t	from = nodes[node].entry;
	uint32_t	to = nodes[node + 1].entry;
	int			level = division == 0 ? 0 : residency_division_code_level(division);

	if (from == to)
		return;
	for (int i = 0; i <= RESIDENCY_DIVISION_LEVELS; i++)
		stem->suffix[i] = -1;
	follow_counties(reader, from, to, stem);
	if (level > 0)
	{
		follow_inside(reader, from, to, stem, RANK_TOWN, level == 1 ? QUALITY_VARIANT : QUALITY_SHORT);
		if (level >= 2)
			follow_inside(reader, from, to, stem, RANK_VILLAGE, level == 2 ? QUALITY_VARIANT : QUALITY_SHORT);
	}
	else
	{
		from = residency_gazetteer_entry(entries, from, to, entry_lowest(RANK_TOWN, 0));
		to = residency_gazetteer_entry(entries, from, to, entry_lowest(RANK_VILLAGE, 0));
		if (from < to && suffix_after(reader, stem, LEVEL_TOWN) != 0)
			follow_range(reader, from, to, stem, QUALITY_EXACT);
	}
}

/* Follows every name that begins where a step ends. */
static void
follow_step(Reader *reader)
{
	const Step *step = &reader->step[reader->current];
	Stem		stem = {.from = step->met.to};
	Met			word = {.kind = NAME_HEADING};
	uint32_t	node = 0;
	int			heading;

	while (stem.from < reader->length && is_separator(reader->symbol[stem.from]))
		stem.from++;
	heading = has_read(step) ? residency_region_heading_at(reader->symbol, stem.from, reader->length) : 0;
	if (heading && !residency_region_suffix_at(reader->symbol, stem.from + heading, reader->length, LEVEL_TOWN))
	{
		word.from = (int16_t) stem.from;
		word.to = (int16_t) (stem.from + heading);
		step_over(reader, &word, 10 * heading);
	}

	for (stem.to = stem.from; stem.to < reader->length;)
	{
		node = residency_gazetteer_child(reader->gazetteer, node, reader->symbol[stem.to++]);
		if (node == 0)
			break;
		follow_stem(reader, node, &stem);
	}
}

/* Begins from nothing, and from the context and what is around it. */
static void
begin(Reader *reader, int from, int64_t context)
{
	static const uint8_t bonus[RESIDENCY_DIVISION_LEVELS + 1] = {0, 20, 90, 120, 130, 140};
	int64_t		line[RESIDENCY_DIVISION_LEVELS];
	int			levels = 0;
	Step		step = {.met = {.from = (int16_t) from, .to = (int16_t) from}, .parent = -1};

	if (residency_division_code_check(context) == DIVISION_CODE_FINE)
		levels = residency_division_code_lineage(context, line);
	reader->step[0] = step;
	for (int i = 0; i < levels; i++)
	{
		step.division = line[i];
		step.evidence = bonus[residency_division_code_level(line[i])];
		reader->step[i + 1] = step;
	}
	reader->steps = levels + 1;
}

/* Whether a name that nothing is around is evidence for its division, if nothing inside it follows. */
static bool
is_enough_alone(const Reader *reader, const Met *met)
{
	int			length = met->to - met->from;
	bool		ends = met->to >= reader->length || is_separator(reader->symbol[met->to]);
	NameContinuation continues;

	if (met->level > LEVEL_TOWN || met->cut_short)
		return false;
	if (met->kind == NAME_ALIAS)
		return length > 1 && ends;
	/* 郊区 was the name of dozens, and is a word */
	if (length == 2 && ((met->kind == NAME_FORMER && reader->symbol[met->to - 1] == L'区') ||
						residency_region_heading_at(reader->symbol, met->from, met->to) == length))
		return false;
	if (met->quality == QUALITY_EXACT)
		return met->level < LEVEL_COUNTY || !residency_region_is_road(reader->symbol, met->to, reader->length);
	continues = residency_region_continues(reader->symbol, met->to, reader->length);
	if (met->quality == QUALITY_VARIANT)
		return continues != CONTINUES_NAME;
	if (length < 2 || met->level > LEVEL_COUNTY)
		return false;
	return ends ||
		((continues == CONTINUES_ROAD || continues == CONTINUES_AREA) && (met->alone || met->level < LEVEL_COUNTY)) ||
		(continues == CONTINUES_NOT && (met->alone || met->level == 1) && met->level < LEVEL_COUNTY);
}

/* The same inside a division. */
static bool
is_enough_inside(const Reader *reader, const Met *before, const Met *met)
{
	/* 琼海口 is Haikou, but not every 川 or 新 is a province */
	if (before->kind == NAME_ALIAS && before->to - before->from == 1 && met->quality == QUALITY_SHORT && met->level > 2)
		return false;
	if (met->quality == QUALITY_EXACT && met->kind != NAME_ALIAS)
		return !residency_region_is_road(reader->symbol, met->to, reader->length);
	if (met->to - met->from < 2 || met->cut_short ||
		residency_region_continues(reader->symbol, met->to, reader->length) == CONTINUES_NAME)
		return false;
	if (met->quality == QUALITY_VARIANT || met->level <= LEVEL_COUNTY)
		return true;
	return !residency_region_is_general(reader->symbol, met->from, met->to) &&
		!residency_region_suffix_at(reader->symbol, met->to, reader->length, LEVEL_COUNTY) &&
		!residency_region_is_zone(reader->symbol, met->to, reader->length);
}

/* Whether a reading may end at a step. */
static bool
is_enough(const Reader *reader, const Step *step)
{
	const Step *before;

	if (!has_read(step))
		return false;
	before = &reader->step[step->parent];
	if (step->redundant)
		return step->met.to - step->met.from > 1 && is_enough(reader, before);
	return before->division == 0 ? is_enough_alone(reader, &step->met) : is_enough_inside(reader, &before->met, &step->met);
}

/* Whether another reading says no less than a step, with more evidence. */
static bool
is_outdone(const Reader *reader, int at)
{
	const Step *step = &reader->step[at];

	for (int i = 0; i < reader->steps; i++)
	{
		const Step *other = &reader->step[i];

		if (i != at && other->ends && residency_division_code_within(other->division, step->division) &&
			(other->evidence > step->evidence || (other->evidence == step->evidence && i < at)))
			return true;
	}
	return false;
}

/* Finds the steps that end a reading: those that lead to no other, from the last to the first. */
static void
find_ends(Reader *reader)
{
	for (int i = reader->steps - 1; i >= 0; i--)
	{
		Step	   *step = &reader->step[i];

		if (step->surpassed || step->evidence <= 0 || !is_enough(reader, step))
			continue;
		step->ends = true;
		for (int p = step->parent; p >= 0 && !reader->step[p].surpassed; p = reader->step[p].parent)
			reader->step[p].surpassed = true;
	}
}

#define EVEN_EVIDENCE 400		/* gives a score of 500 */

static void
write_reading(const Reader *reader, const Step *step, RegionReading *reading)
{
	reading->division = step->division;
	reading->end = step->met.to;
	reading->score = 1000 * step->evidence / (step->evidence + EVEN_EVIDENCE);
	reading->npieces = step->depth;
	for (const Step *s = step; s->parent >= 0; s = &reader->step[s->parent])
	{
		RegionPiece *piece = &reading->piece[s->depth - 1];

		piece->from = s->met.from;
		piece->to = s->met.to;
		piece->division = s->met.division != 0 ? s->met.division : s->division;
		piece->kind = s->met.kind;
		piece->shortened = s->met.quality == QUALITY_SHORT || s->met.kind == NAME_ALIAS;
		piece->redundant = s->redundant || !residency_division_code_within(step->division, piece->division);
	}
}

/* Writes the best readings, best first; equal ones by division. */
static int
write_readings(Reader *reader, RegionReading *reading)
{
	int			best[RESIDENCY_READINGS];
	int			count = 0;

	for (int i = 0; i < reader->steps; i++)
	{
		const Step *step = &reader->step[i];
		int			at;

		if (!step->ends || is_outdone(reader, i))
			continue;
		for (at = count; at > 0; at--)
		{
			const Step *other = &reader->step[best[at - 1]];

			if (other->evidence > step->evidence ||
				(other->evidence == step->evidence && other->division < step->division))
				break;
			if (at < RESIDENCY_READINGS)
				best[at] = best[at - 1];
		}
		if (at < RESIDENCY_READINGS)
			best[at] = i;
		if (count < RESIDENCY_READINGS)
			count++;
	}
	for (int i = 0; i < count; i++)
		write_reading(reader, &reader->step[best[i]], &reading[i]);
	return count;
}

int
residency_region_read(const Gazetteer *gazetteer, const uint32_t *symbol, int from, int length,
					  int64_t context, RegionReading *reading)
{
	Reader		reader;

	residency_region_prepare();
	reader.gazetteer = gazetteer;
	reader.symbol = symbol;
	reader.length = length;
	begin(&reader, from, context);
	for (reader.current = 0; reader.current < reader.steps; reader.current++)
	{
		if (reader.step[reader.current].depth < RESIDENCY_REGION_PIECES)
			follow_step(&reader);
	}
	find_ends(&reader);
	return write_readings(&reader, reading);
}
