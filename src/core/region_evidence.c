/*
 * region_evidence.c
 *	  Which of the divisions that an address seems to name are evidence enough,
 *	  and how much.
 */
#include "core/region_step.h"

#include "core/division_code.h"
#include "core/region_suffix.h"
#include "core/region_word.h"

int
residency_region_weight(const Met *met)
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
		(continues == CONTINUES_NOT && (met->alone || met->level == 1) && met->level < LEVEL_COUNTY) ||
		(continues == CONTINUES_PLACE && met->alone && met->city &&
		 residency_region_is_own_place(reader->symbol, met->to, reader->length));
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
	return !residency_region_is_general(reader->symbol, met->from, met->to, reader->length) &&
		!residency_region_is_institution(reader->symbol, met->to, reader->length) &&
		!residency_region_suffix_at(reader->symbol, met->to, reader->length, LEVEL_COUNTY) &&
		!residency_region_is_zone(reader->symbol, met->to, reader->length);
}

/* Whether a short form begins the name of a place, and so says nothing again: 太原市|太原理工大学. */
static bool
begins_place(const Reader *reader, const Met *met)
{
	NameContinuation continues;

	if (met->quality != QUALITY_SHORT)
		return false;
	continues = residency_region_continues(reader->symbol, met->to, reader->length);
	return continues == CONTINUES_PLACE || continues == CONTINUES_NAME;
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
		return step->met.to - step->met.from > 1 && !begins_place(reader, &step->met) && is_enough(reader, before);
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

/* Evidence that gives a score of 500. */
#define EVEN_EVIDENCE 400

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

int
residency_region_judge(Reader *reader, RegionReading *reading)
{
	int			best[RESIDENCY_READINGS];
	int			count = 0;

	find_ends(reader);
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

