/*
 * address_head.c
 *	  The divisions that an address names at its head, and again behind it.
 */
#include "core/address_head.h"

#include "core/division_code.h"

/* How many places are tried for the head of an address, where a label or a name stands before it. */
#define HEADS 6

static bool
is_municipality(int64_t division)
{
	return residency_division_code_level(division) == 1 && residency_division_code_in_municipality(division);
}

/* The kind of element a division is; a municipality is called a city, though its code is a province's. */
static int
division_kind(int64_t division)
{
	return is_municipality(division) ? ADDRESS_CITY : residency_address_division_level(division);
}

/* Whether a piece is called a zone, though the list has it as a county or a town: 苏州工业园区, but 浦东新区. */
static bool
is_zone(const AddressLine *line, const RegionPiece *piece)
{
	WordEnding	word[WORD_ENDINGS];

	return residency_division_code_level(piece->division) >= 3 && piece->to - piece->from > 2 && line->symbol[piece->to - 2] != L'新' &&
		residency_address_words(line->symbol, piece->from, piece->to, word) > 0 &&
		(word[0].class == WORD_DEVZONE || word[0].class == WORD_ZONE);
}

/*
 * The kind of element that a piece of a reading is.  What contradicts the
 * division read is still a name of its level where nothing above has taken it
 * (六安市 before 寿县), and a name of the past keeps its level: 苏州市|吴县市.
 */
static int
reading_kind(const AddressLine *line, const RegionPiece *piece, int before)
{
	int			kind = division_kind(piece->division);
	uint32_t	last = line->symbol[piece->to - 1];

	if (piece->redundant && (piece->kind == NAME_HEADING || kind <= before))
		return ADDRESS_REDUNDANT;
	if (piece->kind == NAME_FORMER && kind == ADDRESS_CITY && (last == L'县' || last == L'区' || before == ADDRESS_CITY))
		return ADDRESS_COUNTY;
	return is_zone(line, piece) ? ADDRESS_DEVZONE : kind;
}

/* Whether two readings are towns that the same words name, and nothing else: 石壁街道 may be 石壁镇. */
static bool
are_namesakes(const RegionReading *a, const RegionReading *b)
{
	return a->npieces == 1 && b->npieces == 1 && a->end == b->end &&
		residency_division_code_level(a->division) == 4 && residency_division_code_level(b->division) == 4;
}

int64_t
residency_address_agreed(const RegionReading *reading, int count, int64_t context)
{
	int64_t		line[RESIDENCY_DIVISION_LEVELS];
	int			levels;

	if (count == 0)
		return 0;
	levels = residency_division_code_lineage(reading[0].division, line);
	for (int i = 1; i < count && (reading[i].score == reading[0].score ||
								  (context == 0 && are_namesakes(&reading[0], &reading[i]))); i++)
	{
		while (levels > 0 && !residency_division_code_within(reading[i].division, line[levels - 1]))
			levels--;
	}
	return levels > 0 ? line[levels - 1] : 0;
}

/*
 * Whether a piece says again what the one before it says, yet is a level below:
 * 上海市上海市 is province and city, 莱芜市莱城区 city and county.
 */
static bool
is_level_below(const AddressLine *line, const RegionPiece *above, const RegionPiece *piece)
{
	uint32_t	last = line->symbol[piece->to - 1];

	if (!piece->redundant || piece->division != above->division || piece->kind == NAME_HEADING)
		return false;
	return is_municipality(piece->division) ||
		(division_kind(piece->division) == ADDRESS_COUNTY && line->symbol[above->to - 1] == L'市' && last == L'区');
}

void
residency_address_add_reading(AddressParse *out, const AddressLine *line, const RegionReading *reading)
{
	int			deepest = ADDRESS_NONE;

	for (int i = 0; i < reading->npieces; i++)
	{
		const RegionPiece *named = &reading->piece[i];
		int			kind = reading_kind(line, named, deepest);

		if (i > 0 && is_level_below(line, named - 1, named))
		{
			kind = division_kind(named->division);
			out->piece[out->npieces - 1].kind = (uint8_t) (kind - 1);
		}
		if (kind != ADDRESS_REDUNDANT && kind > deepest)
			deepest = kind;
		out->piece[out->npieces++] = (AddressPiece){
			.from = (uint16_t) named->from,
			.to = (uint16_t) named->to,
			.kind = (uint8_t) kind,
			.division = named->division,
		};
	}
}

/* The symbols that names of the head begin with, as bits of a small filter. */
#define FILTER_BIT(symbol) (UINT64_C(1) << ((symbol) % 64))

/* Whether the first symbols of a name in the head stand at a place, or a new part of the text begins there. */
static inline bool
may_repeat(const AddressLine *line, int at, const RegionReading *head, uint64_t filter)
{
	if (line->place[at - 1].class == SYMBOL_BREAK)
		return true;
	for (int i = (filter & FILTER_BIT(line->symbol[at])) != 0 ? 0 : head->npieces; i < head->npieces; i++)
	{
		const uint32_t *named = &line->symbol[head->piece[i].from];

		if (line->symbol[at] == named[0] && line->symbol[at + 1] == named[1])
			return true;
	}
	return false;
}

void
residency_address_find_repeats(AddressLine *line, const Gazetteer *gazetteer, const RegionReading *head)
{
	int			tries = 0;
	uint64_t	filter = 0;

	for (int i = 0; i < head->npieces; i++)
		filter |= FILTER_BIT(line->symbol[head->piece[i].from]);
	for (int at = head->end; at + 1 < line->length && tries < HEADS; at++)
	{
		RegionReading again[RESIDENCY_READINGS];

		if (line->place[at].class != SYMBOL_NAME || !may_repeat(line, at, head, filter))
			continue;
		tries++;
		if (residency_region_read(gazetteer, line->symbol, at, line->length, head->division, again) == 0 ||
			!(residency_division_code_within(head->division, again[0].division) ||
			  residency_division_code_within(again[0].division, head->division)))
			continue;
		for (int piece = 0; piece < again[0].npieces; piece++)
		{
			const RegionPiece *repeat = &again[0].piece[piece];
			bool		known;
			bool		ends = piece == again[0].npieces - 1 && line->place[repeat->to].class != SYMBOL_BREAK;

			/* 望京街道|望京SOHO */
			if (ends && repeat->shortened)
				break;
			known = repeat->redundant || residency_division_code_within(head->division, repeat->division);
			residency_address_give(line, repeat->from, repeat->to,
								   known ? ADDRESS_REDUNDANT : division_kind(repeat->division),
								   repeat->shortened ? 0 : ADDRESS_KNOWN_NAME);
		}
		at = again[0].end - 1;
	}
}

static bool
after_phone(const AddressLine *line, int at)
{
	for (int i = 0; i < line->ngiven; i++)
	{
		if (line->given[i].to == at)
			return true;
	}
	return false;
}

/* Reads the divisions that begin at a place; false if none do. */
static bool
read_at(const AddressLine *line, int at, const Gazetteer *gazetteer, int64_t context, AddressParse *out)
{
	out->nreadings = residency_region_read(gazetteer, line->symbol, at, line->length, context, out->reading);
	return out->nreadings > 0;
}

int
residency_address_read_head(AddressLine *line, const Gazetteer *gazetteer, int64_t context, AddressParse *out)
{
	int			tries = HEADS;
	int			first = 0;

	while (line->place[first].class == SYMBOL_BREAK && first < line->length)
		first++;
	if (gazetteer != NULL && line->place[first].class == SYMBOL_NAME && read_at(line, first, gazetteer, context, out))
	{
		const RegionReading *reading = &out->reading[0];
		const RegionPiece *last = &reading->piece[reading->npieces - 1];

		residency_address_line(line, last->shortened ? last->from : reading->end);
		return first;
	}
	residency_address_line(line, 0);
	if (gazetteer == NULL)
		return 0;
	for (int at = first + (line->place[first].class == SYMBOL_NAME); at < line->length && tries > 0; at++)
	{
		const LinePlace *place = &line->place[at];

		if (place->class != SYMBOL_NAME && place->class != SYMBOL_NUMERAL)
			continue;
		if (at > 0 && line->place[at - 1].class < SYMBOL_DASH && !after_phone(line, at) &&
			!(place->words > 0 && (place->word[0].class == WORD_LABEL || place->word[0].class == WORD_COUNTRY)))
			continue;
		tries--;
		if (read_at(line, at, gazetteer, context, out))
			return at;
	}
	return 0;
}

void
residency_address_unread(AddressParse *out, int from)
{
	int			count = 0;

	for (int i = 0; i < out->nreadings; i++)
	{
		RegionReading *reading = &out->reading[i];
		int64_t		line[RESIDENCY_DIVISION_LEVELS];
		int			levels = residency_division_code_lineage(reading->division, line);

		while (reading->npieces > 0 && reading->piece[reading->npieces - 1].from >= from)
		{
			RegionPiece *piece = &reading->piece[--reading->npieces];

			reading->end = piece->from;
			while (levels > 0 && !piece->redundant && residency_division_code_within(line[levels - 1], piece->division))
				levels--;
		}
		if (reading->npieces == 0 || levels == 0)
			continue;
		reading->division = line[levels - 1];
		out->reading[count++] = *reading;
	}
	out->nreadings = count;
}
