/*
 * regions.c
 *	  Judges which divisions an address is said to lie in.
 */
#include "score.h"

#include <string.h>

/* The columns after the address. */
enum
{
	PROVINCE, CITY, COUNTY, TOWNSHIP, COMMUNITY, COLUMNS
};

/* Which part of a code of 12 digits names a level: what it is divided by. */
static const int64_t level_unit[COMMUNITY] = {10000000000, 100000000, 1000000, 1000};

#define NAME_BYTES 256

typedef char Names[COLUMNS][NAME_BYTES];

static bool
is_municipality(int64_t division)
{
	int			province = (int) (division / level_unit[PROVINCE]);

	return province == 11 || province == 12 || province == 31 || province == 50;
}

static void
copy_name(char *to, const char *name, size_t length)
{
	snprintf(to, NAME_BYTES, "%.*s", (int) length, name);
}

/* The official name at a level; '-' for a heading, and where the code ends above it. */
static void
level_name(const Gazetteer *gazetteer, int64_t division, int level, char *out)
{
	int64_t		code = division / level_unit[level] * level_unit[level];
	const char *name;
	size_t		length;

	if (level == CITY && is_municipality(division))
		code = division / level_unit[PROVINCE] * level_unit[PROVINCE];
	else if (level > 0 && code == division / level_unit[level - 1] * level_unit[level - 1])
		code = 0;

	length = code == 0 || residency_gazetteer_is_heading(gazetteer, code) ? 0
		: residency_gazetteer_name(gazetteer, code, &name);
	if (length > 0)
		copy_name(out, name, length);
	else
		copy_name(out, "-", 1);
}

/* Drops what makes a committee of a village or a community: 里仁洞村委会 is 里仁洞村. */
static void
drop_committee(char *name)
{
	static const char *const endings[] = {"居民委员会", "民委员会", "居委会", "委会"};
	size_t		length = strlen(name);

	for (int i = 0; i < 4; i++)
	{
		size_t		ending = strlen(endings[i]);

		if (length > ending && strcmp(name + length - ending, endings[i]) == 0)
		{
			name[length - ending] = '\0';
			return;
		}
	}
}

/* The first community named, as it is written. */
static void
community_name(const AddressParse *parse, const char *address, char *out)
{
	copy_name(out, "-", 1);
	for (int i = 0; i < parse->npieces; i++)
	{
		const AddressPiece *piece = &parse->piece[i];

		if (piece->kind == ADDRESS_COMMUNITY && piece->from < piece->to)
		{
			uint32_t	from = parse->text.offset[piece->from];
			uint32_t	to = parse->text.offset[piece->to - 1] + 1;

			while (((unsigned char) address[to] & 0xC0) == 0x80)
				to++;
			copy_name(out, address + from, to - from);
			drop_committee(out);
			return;
		}
	}
}

static void
show(const char *title, const char *address, char *const *truth, Names answer)
{
	printf("# %s: %s\n#   truth: ", title, address);
	for (int i = 0; i < COLUMNS; i++)
		printf(" %s", truth[i]);
	printf("\n#   answer:");
	for (int i = 0; i < COLUMNS; i++)
		printf(" %s", answer[i]);
	printf("\n");
}

void
score_regions(const Gazetteer *gazetteer, const char *path)
{
	static AddressParse parse;
	FILE	   *file = open_file(path);
	Line		line;
	long		count[4] = {0, 0, 0, 0};
	long		right[4] = {0, 0, 0, 0};
	static const char *const figures[4] = {"divisions", "town", "community", "none"};

	while (read_line(file, &line))
	{
		char	  **truth = &line.field[1];
		Names		answer;
		bool		same[COLUMNS];
		bool		all_right;
		/* which of the figures this address counts for, and how it did there */
		bool		counts[4];
		bool		did[4];

		if (line.nfields != COLUMNS + 1)
			continue;
		parse_timed(gazetteer, line.field[0], &parse);
		for (int level = PROVINCE; level <= TOWNSHIP; level++)
			level_name(gazetteer, parse.division, level, answer[level]);
		community_name(&parse, line.field[0], answer[COMMUNITY]);
		drop_committee(truth[COMMUNITY]);
		for (int i = 0; i < COLUMNS; i++)
			same[i] = strcmp(truth[i], answer[i]) == 0;

		counts[0] = strcmp(truth[PROVINCE], "-") != 0;
		did[0] = same[PROVINCE] && same[CITY] && same[COUNTY];
		counts[1] = strcmp(truth[TOWNSHIP], "-") != 0;
		did[1] = same[TOWNSHIP];
		counts[2] = strcmp(truth[COMMUNITY], "-") != 0;
		did[2] = same[COMMUNITY];
		counts[3] = !counts[0];
		did[3] = did[0] && same[TOWNSHIP];

		all_right = true;
		for (int i = 0; i < 4; i++)
		{
			count[i] += counts[i];
			right[i] += counts[i] && did[i];
			all_right = all_right && (did[i] || !counts[i]);
		}
		if (verbose && !all_right)
			show("wrong", line.field[0], truth, answer);
	}
	fclose(file);

	for (int i = 0; i < 4; i++)
	{
		printf("# %ld of %ld\n", right[i], count[i]);
		figure(path, figures[i], percent(right[i], count[i]));
	}
}
