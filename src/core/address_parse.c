/*
 * address_parse.c
 *	  Cuts the text of an address into its elements.
 */
#include "core/address_parse.h"

#include <string.h>

#include "core/address_grammar.h"
#include "core/address_head.h"
#include "core/division_code.h"

/* The least that two digits are apart between which those of a telephone number are masked. */
#define MASKED_DIGITS 4

/* Cuts the text without its remarks. */
static void
parse_line(AddressLine *line, const Gazetteer *gazetteer, int64_t context, AddressParse *out)
{
	int			room = RESIDENCY_ADDRESS_PIECES;
	int			head = residency_address_read_head(line, gazetteer, context, out);
	int			before = ADDRESS_NONE;
	int			end = 0;
	int			count;
	int64_t		within;
	AddressPiece named = {0};

	if (out->nreadings > 0)
	{
		RegionReading *reading = &out->reading[0];
		const RegionPiece *last = &reading->piece[reading->npieces - 1];

		out->npieces = residency_address_cut(line, 0, head, ADDRESS_NONE, NULL, 0, out->piece,
											 room - RESIDENCY_REGION_PIECES - 1);
		residency_address_add_reading(out, line, reading);
		residency_address_find_repeats(line, gazetteer, reading);
		end = reading->end;
		/* a name without its suffix may still begin another: 德胜 in 德胜门外大街, 南京 in 南京大排档 */
		if (last->shortened)
		{
			end = last->from;
			named = out->piece[--out->npieces];
			residency_address_give(line, last->from, last->to, named.kind, ADDRESS_KNOWN_NAME);
		}
		if (out->npieces > 0)
			before = out->piece[out->npieces - 1].kind;
	}
	within = residency_address_agreed(out->reading, out->nreadings, context);
	count = residency_address_cut(line, end, line->length, before, gazetteer, within != 0 ? within : context,
								  out->piece + out->npieces, room - out->npieces);
	if (named.to > 0)
	{
		AddressPiece *first = &out->piece[out->npieces];

		if (count > 0 && first->from == named.from && first->to == named.to && first->kind == named.kind)
			*first = named;
		else
			residency_address_unread(out, named.from);
	}
	out->npieces += count;
	out->division = residency_address_agreed(out->reading, out->nreadings, context);
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
	residency_address_add_reading(out, line, &reading[0]);
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
