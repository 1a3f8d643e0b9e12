/*
 * region.c
 *	  Reading the divisions at the head of an address.
 */
#include "core/gazetteer_block.h"

#include "core/division_code.h"
#include "core/region_step.h"
#include "core/region_suffix.h"
#include "core/region_word.h"

/* More divisions of one name than this say nothing. */
#define NAMESAKES 8

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
	int			weight = residency_region_weight(met);
	Step		step;

	if (division != 0 && met->level - residency_division_code_level(division) > 1)
	{
		if (met->quality == QUALITY_SHORT)
			weight -= SKIPPED_LEVELS;
		/* 番禺|南村 is the town, not one of its villages */
		else if (met->quality == QUALITY_VARIANT && met->level > LEVEL_TOWN)
			weight -= 2 * SKIPPED_LEVELS;
	}
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

/* What a name costs that contradicts what was read. */
#define CONTRADICTION 150

/* The first two digits of a code are its province. */
#define PROVINCE_UNIT INT64_C(10000000000)

/* Whether a name is of a county that another city of the province had: 六安市|寿县. */
static bool
is_moved_county(const Reader *reader, const Met *met)
{
	int64_t		division = reader->step[reader->current].division;

	return met->level == LEVEL_COUNTY && reader->symbol[met->to - 1] == L'县' &&
		residency_division_code_level(division) == LEVEL_COUNTY - 1 &&
		met->division / PROVINCE_UNIT == division / PROVINCE_UNIT;
}


/* Goes on to a division elsewhere: what was read and does not contain it counts no more. */
static void
step_aside(Reader *reader, const Met *met)
{
	Step		step = next_step(reader, met, met->division, residency_region_weight(met));

	step.evidence -= is_moved_county(reader, met) ? CONTRADICTION / 3 : CONTRADICTION;
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

/* Whether the short form of a town begins a name in letters: 望京街道|望京SOHO. */
static bool
is_beginning(const Reader *reader, const Met *met)
{
	return met->quality == QUALITY_SHORT && met->level >= LEVEL_TOWN && met->to < reader->length &&
		reader->symbol[met->to] >= 'A' && reader->symbol[met->to] <= 'Z';
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
		if (length > 1 && !met->cut_short && !is_beginning(reader, met) &&
			(met->quality == QUALITY_EXACT ||
			 (met->kind != NAME_FORMER && residency_region_continues(reader->symbol, met->to, reader->length) != CONTINUES_NAME)))
			step_over(reader, met, 15 * length);
	}
	else if (met->quality == QUALITY_EXACT && met->kind == NAME_OFFICIAL && may_contradict(reader, met) &&
			 (length > 2 || is_moved_county(reader, met)))
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
	met.city = met.level < LEVEL_COUNTY || (own->length == 1 && own->word[0] == L'市');
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

/* Follows the towns or villages of a range that a stem names, best … least well, unless they are so many that it says nothing. */
static void
follow_range(Reader *reader, uint32_t from, uint32_t to, Stem *stem, Quality best, Quality least)
{
	const uint64_t *entries = gazetteer_entries(reader->gazetteer);
	Met			met[NAMESAKES];
	int			count = 0;

	for (uint32_t i = from; i < to; i++)
	{
		Met			m = meet(reader, entries[i], stem);

		if (m.quality < best || m.quality > least)
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
	follow_range(reader, from, to, stem, QUALITY_EXACT, least);
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
	/* in the order of their ranks */
	if (entry_rank(entries[to - 1]) == RANK_COUNTY)
		return;
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
		{
			follow_range(reader, from, to, stem, QUALITY_EXACT, QUALITY_EXACT);
			follow_range(reader, from, to, stem, QUALITY_VARIANT, QUALITY_VARIANT);
		}
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

int
residency_region_read(const Gazetteer *gazetteer, const uint32_t *symbol, int from, int length,
					  int64_t context, RegionReading *reading)
{
	Reader		reader;

	reader.gazetteer = gazetteer;
	reader.symbol = symbol;
	reader.length = length;
	begin(&reader, from, context);
	for (reader.current = 0; reader.current < reader.steps; reader.current++)
	{
		if (reader.step[reader.current].depth < RESIDENCY_REGION_PIECES)
			follow_step(&reader);
	}
	return residency_region_judge(&reader, reading);
}
