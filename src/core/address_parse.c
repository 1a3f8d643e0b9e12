/*
 * address_parse.c
 *	  Cuts the text of an address into its elements.
 */
#include "core/address_parse.h"

#include <string.h>

#include "core/address_grammar.h"
#include "core/division_code.h"

/* How many places are tried for the head of an address, where a label or a name stands before it. */
#define HEADS 6

/* What the end of a division's name costs a longer name that it would stand in. */
#define KNOWN_NAME 24

/* The least that two digits are apart between which those of a telephone number are masked. */
#define MASKED_DIGITS 4

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

/*
 * The deepest division that all readings agree on that are as good as the best.
 * Towns of one name are as good as each other, unless a context speaks for one.
 */
static int64_t
agreed(const RegionReading *reading, int count, int64_t context)
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

/* Appends the pieces of a reading, whose places are those of the line. */
static void
add_reading(AddressParse *out, const AddressLine *line, const RegionReading *reading)
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

/* Notes where a line names again what its head has named. */
static void
find_repeats(AddressLine *line, const Gazetteer *gazetteer, const RegionReading *head)
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
								   repeat->shortened ? 0 : KNOWN_NAME);
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

/*
 * Reads the divisions of the line, at its beginning or after what may stand before
 * them; gives where they begin.  Finds the words, which nobody asks for before the
 * end of divisions at the beginning.
 */
static int
read_head(AddressLine *line, const Gazetteer *gazetteer, int64_t context, AddressParse *out)
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

/* Takes back what the readings made of a place and what follows it. */
static void
unread(AddressParse *out, int from)
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

/* Cuts the text without its remarks. */
static void
parse_line(AddressLine *line, const Gazetteer *gazetteer, int64_t context, AddressParse *out)
{
	int			room = RESIDENCY_ADDRESS_PIECES;
	int			head = read_head(line, gazetteer, context, out);
	int			before = ADDRESS_NONE;
	int			end = 0;
	int			count;
	AddressPiece named = {0};

	if (out->nreadings > 0)
	{
		RegionReading *reading = &out->reading[0];
		const RegionPiece *last = &reading->piece[reading->npieces - 1];

		out->npieces = residency_address_cut(line, 0, head, ADDRESS_NONE, NULL, 0, out->piece,
											 room - RESIDENCY_REGION_PIECES - 1);
		add_reading(out, line, reading);
		find_repeats(line, gazetteer, reading);
		end = reading->end;
		/* a name without its suffix may still begin another: 德胜 in 德胜门外大街, 南京 in 南京大排档 */
		if (last->shortened)
		{
			end = last->from;
			named = out->piece[--out->npieces];
			residency_address_give(line, last->from, last->to, named.kind, KNOWN_NAME);
		}
		if (out->npieces > 0)
			before = out->piece[out->npieces - 1].kind;
	}
	count = residency_address_cut(line, end, line->length, before, gazetteer, agreed(out->reading, out->nreadings, context),
								  out->piece + out->npieces, room - out->npieces);
	if (named.to > 0)
	{
		AddressPiece *first = &out->piece[out->npieces];

		if (count > 0 && first->from == named.from && first->to == named.to && first->kind == named.kind)
			*first = named;
		else
			unread(out, named.from);
	}
	out->npieces += count;
	out->division = agreed(out->reading, out->nreadings, context);
}

/* Sorts the pieces by their places: the remarks come between the others. */
static void
sort_pieces(AddressParse *out)
{
	for (int i = 1; i < out->npieces; i++)
	{
		AddressPiece piece = out->piece[i];
		int			at = i;

		for (; at > 0 && out->piece[at - 1].from > piece.from; at--)
			out->piece[at] = out->piece[at - 1];
		out->piece[at] = piece;
	}
}

/* Turns the places of a line into those of the text. */
static void
locate(const AddressLine *line, AddressPiece *piece, int count, bool remark)
{
	for (int i = 0; i < count; i++)
	{
		piece[i].to = (uint16_t) (line->origin[piece[i].to - 1] + 1);
		piece[i].from = line->origin[piece[i].from];
		piece[i].remark = remark;
	}
}

/* The bracket that closes the one at `open`, or -1. */
static int
closing(const AddressText *text, int open)
{
	int			depth = 0;

	for (int at = open; at < text->length; at++)
	{
		if (text->symbol[at] == '(')
			depth++;
		else if (text->symbol[at] == ')' && --depth == 0)
			return at;
	}
	return -1;
}

/* Makes a line of the symbols from … to of a text. */
static void
set_line(AddressLine *line, const AddressText *text, int from, int to)
{
	int			length = to - from;

	line->length = length;
	memcpy(line->symbol, text->symbol + from, (size_t) length * sizeof(uint32_t));
	for (int i = 0; i < length; i++)
		line->origin[i] = (uint16_t) (from + i);
	residency_address_classes(line);
}

/* The same of the whole text; of each stretch in brackets the opening one stays, a break that no number reaches across. */
static void
set_line_without_remarks(AddressLine *line, const AddressText *text)
{
	int			length = 0;

	for (int at = 0; at < text->length; at++)
	{
		int			close = text->symbol[at] == '(' ? closing(text, at) : -1;

		line->symbol[length] = text->symbol[at];
		line->origin[length++] = (uint16_t) at;
		if (close >= 0)
			at = close;
	}
	line->length = length;
	residency_address_classes(line);
}

/*
 * Takes a remark that is the name of a division inside the one read for a part of
 * the address: 西山区(海口街道).
 */
static bool
read_remark(const AddressLine *line, const Gazetteer *gazetteer, AddressParse *out)
{
	RegionReading reading[RESIDENCY_READINGS];
	int			count;

	if (gazetteer == NULL || out->division == 0 || line->length < 2)
		return false;
	count = residency_region_read(gazetteer, line->symbol, 0, line->length, out->division, reading);
	if (count == 0 || reading[0].end < line->length || reading[0].division == out->division ||
		(count > 1 && reading[1].score == reading[0].score) ||
		!residency_division_code_within(reading[0].division, out->division))
		return false;
	add_reading(out, line, &reading[0]);
	out->division = reading[0].division;
	return true;
}

/* The kind of the last of `count` pieces before a place of the text: what a remark there is on. */
static int
kind_before(const AddressParse *out, int count, int at)
{
	int			kind = ADDRESS_NONE;

	for (int i = 0; i < count && out->piece[i].from < at; i++)
		kind = out->piece[i].kind;
	return kind;
}

/* Notes the telephone numbers of a line whose middle is masked: 138****1234. */
static void
find_masked_phones(AddressLine *line, const AddressText *text)
{
	for (int at = 3; text->has_comma && at + 4 < line->length; at++)
	{
		const uint16_t *origin = &line->origin[at];

		if (line->symbol[at] == ',' && line->symbol[at - 3] == '1' && residency_address_run(line, at) == at - 3 &&
			text->position[origin[1]] - text->position[origin[-1]] >= MASKED_DIGITS &&
			line->place[at + 1].class == SYMBOL_DIGIT && residency_address_run(line, at + 5) == at + 1 &&
			line->place[at + 5].class != SYMBOL_DIGIT)
			residency_address_give(line, at - 3, at + 5, ADDRESS_PHONE, 0);
	}
}

/* Whether anything among the pieces says where the address is. */
static bool
names_a_place(const AddressParse *out)
{
	for (int i = 0; i < out->npieces; i++)
	{
		int			kind = out->piece[i].kind;

		if (kind <= ADDRESS_DETAIL || kind == ADDRESS_SUBROAD || kind == ADDRESS_SUBROAD_NO || kind == ADDRESS_SUBESTATE)
			return true;
	}
	return false;
}

void
residency_address_parse(const Gazetteer *gazetteer, const char *in, size_t len, int64_t context,
						AddressParse *out)
{
	AddressLine line;
	const AddressText *text = &out->text;
	int			count;

	out->division = 0;
	out->nreadings = out->npieces = 0;
	residency_address_fold(in, len, &out->text);

	/* the text without what stands in brackets */
	if (text->has_bracket)
		set_line_without_remarks(&line, text);
	else
		set_line(&line, text, 0, text->length);
	find_masked_phones(&line, text);
	parse_line(&line, gazetteer, context, out);
	out->npieces = residency_address_settle(&line, out->piece, out->npieces, ADDRESS_NONE);
	locate(&line, out->piece, out->npieces, false);
	count = out->npieces;

	/* and what does */
	for (int at = 0; text->has_bracket && at < text->length; at++)
	{
		int			close = text->symbol[at] == '(' ? closing(text, at) : -1;
		int			first = out->npieces;
		int			before;

		if (close < 0)
			continue;
		set_line(&line, text, at + 1, close);
		at = close;
		if (first + RESIDENCY_REGION_PIECES <= RESIDENCY_ADDRESS_PIECES && read_remark(&line, gazetteer, out))
		{
			locate(&line, out->piece + first, out->npieces - first, false);
			continue;
		}
		find_masked_phones(&line, text);
		residency_address_line(&line, 0);
		before = kind_before(out, count, close);
		if (out->npieces < RESIDENCY_ADDRESS_PIECES)
			out->npieces += residency_address_cut(&line, 0, line.length, before, gazetteer, out->division,
												  out->piece + first, RESIDENCY_ADDRESS_PIECES - first);
		out->npieces = first + residency_address_settle(&line, out->piece + first, out->npieces - first, before);
		locate(&line, out->piece + first, out->npieces - first, true);
	}
	if (text->has_bracket)
		sort_pieces(out);
	if (!names_a_place(out))
		out->npieces = 0;
}
