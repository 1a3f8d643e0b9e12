/*
 * score.h
 *	  What the two judges of the parser share: reading files, and figures with floors.
 */
#ifndef RESIDENCY_ADDRESS_SCORE_H
#define RESIDENCY_ADDRESS_SCORE_H

#include "core/address_parse.h"

#include <stdbool.h>
#include <stdio.h>

/* What a line may hold at the most; a longer one ends the program. */
#define LINE_BYTES 4096
#define LINE_FIELDS 64

/* A line of tab-separated fields, none if it is empty. */
typedef struct Line
{
	char		text[LINE_BYTES];
	int			nfields;
	char	   *field[LINE_FIELDS];
} Line;

/* Opens a file, or ends the program. */
extern FILE *open_file(const char *path);

/* Reads the next line; false at the end. */
extern bool read_line(FILE *file, Line *line);

/* Whether every wrong address is shown. */
extern bool verbose;

/* Parses; the time that it takes is summed up. */
extern void parse_timed(const Gazetteer *gazetteer, const char *address, AddressParse *parse);

/* Tells a figure, in percent, and holds it against its floor if it has one. */
extern void figure(const char *path, const char *name, double value);

/* part of whole in percent; 100 of nothing */
extern double percent(long part, long whole);

/* Judges a file of labelled chunks, and one of divisions. */
extern void score_chunks(const Gazetteer *gazetteer, const char *path);
extern void score_regions(const Gazetteer *gazetteer, const char *path);

#endif							/* RESIDENCY_ADDRESS_SCORE_H */
