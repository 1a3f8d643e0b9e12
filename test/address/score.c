/*
 * score.c
 *	  How good the address parser is: holds its answers against labelled addresses.
 *
 * score [-v] [--floor NAME=PERCENT]... DIVISIONS ALIASES FILE...
 *
 * Speaks TAP: one "ok" or "not ok" for each figure of a file that has a floor,
 * everything else as comments.  -v shows every address that went wrong.
 */
#include "score.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Names are repeated for each way to write them, so more than there are divisions. */
#define MAX_NAMES 200000
#define MAX_FLOORS 16

typedef struct Floor
{
	const char *name;
	double		percent;
} Floor;

bool		verbose = false;

static Floor floors[MAX_FLOORS];
static int	nfloors = 0;
static int	ntests = 0;
static int	nfailed = 0;
static long nparsed = 0;
static double parse_seconds = 0;

static void
die(const char *what, const char *which)
{
	fprintf(stderr, "score: %s: %s\n", what, which);
	exit(2);
}

FILE *
open_file(const char *path)
{
	FILE	   *file = fopen(path, "r");

	if (file == NULL)
		die("cannot open", path);
	return file;
}

bool
read_line(FILE *file, Line *line)
{
	char	   *next = line->text;

	if (fgets(line->text, LINE_BYTES, file) == NULL)
		return false;
	if (strchr(line->text, '\n') == NULL && !feof(file))
		die("line too long", line->text);
	line->text[strcspn(line->text, "\n")] = '\0';

	line->nfields = 0;
	while (next != NULL && *line->text != '\0')
	{
		if (line->nfields == LINE_FIELDS)
			die("too many fields", line->field[0]);
		line->field[line->nfields++] = next;
		next = strchr(next, '\t');
		if (next != NULL)
			*next++ = '\0';
	}
	return true;
}

static double
seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

void
parse_timed(const Gazetteer *gazetteer, const char *address, AddressParse *parse)
{
	double		start = seconds();

	residency_address_parse(gazetteer, address, strlen(address), 0, parse);
	parse_seconds += seconds() - start;
	nparsed++;
}

double
percent(long part, long whole)
{
	return whole == 0 ? 100.0 : 100.0 * part / whole;
}

void
figure(const char *path, const char *name, double value)
{
	const char *file = strrchr(path, '/') != NULL ? strrchr(path, '/') + 1 : path;

	for (int i = 0; i < nfloors; i++)
		if (strcmp(floors[i].name, name) == 0)
		{
			bool		reached = value >= floors[i].percent;

			nfailed += !reached;
			printf("%s %d - %s: %s %.1f, at least %.1f\n", reached ? "ok" : "not ok", ++ntests, file, name, value,
				   floors[i].percent);
			return;
		}
	printf("# %s: %s %.1f\n", file, name, value);
}

/* A code of 6, 9 or 12 digits as one of 12. */
static int64_t
division_of(const char *code)
{
	int64_t		division = strtoll(code, NULL, 10);

	for (size_t digits = strlen(code); digits < 12; digits++)
		division *= 10;
	return division;
}

static void
add_name(GazetteerName *names, size_t *count, const char *code, const char *name, NameKind kind)
{
	if (*count == MAX_NAMES)
		die("too many names", name);
	names[*count].division = division_of(code);
	names[*count].name = strdup(name);
	names[*count].length = (uint16_t) strlen(name);
	names[*count].kind = (uint8_t) kind;
	(*count)++;
}

/* The same gazetteer as the database has; its aliases are the seed's. */
static Gazetteer *
load_gazetteer(const char *divisions, const char *aliases)
{
	GazetteerName *names = calloc(MAX_NAMES, sizeof(GazetteerName));
	size_t		count = 0;
	size_t		size;
	FILE	   *file = open_file(divisions);
	Line		line;
	Gazetteer  *gazetteer;

	while (names != NULL && read_line(file, &line))
		if (line.nfields >= 2)
			add_name(names, &count, line.field[0], line.field[1],
					 line.nfields > 2 && strcmp(line.field[2], "-") == 0 ? NAME_HEADING : NAME_OFFICIAL);
	fclose(file);

	file = open_file(aliases);
	while (names != NULL && read_line(file, &line))
		if (line.nfields >= 3)
			add_name(names, &count, line.field[1], line.field[0],
					 strcmp(line.field[2], "former") == 0 ? NAME_FORMER : NAME_ALIAS);
	fclose(file);

	gazetteer = names == NULL ? NULL : residency_gazetteer_build(names, count, malloc, &size);
	if (gazetteer == NULL)
		die("no memory for the gazetteer of", divisions);
	printf("# gazetteer: %zu names, %.1f MB\n", count, size / 1e6);
	for (size_t i = 0; i < count; i++)
		free((char *) names[i].name);
	free(names);
	return gazetteer;
}

/* A labelled chunk has a '=' in its first field, an address before divisions none. */
static bool
has_chunks(const char *path)
{
	FILE	   *file = open_file(path);
	Line		line = {.nfields = 0};
	bool		chunks = read_line(file, &line) && line.nfields > 0 && strchr(line.field[0], '=') != NULL;

	fclose(file);
	return chunks;
}

int
main(int argc, char **argv)
{
	int			arg = 1;
	Gazetteer  *gazetteer;

	for (; arg < argc && argv[arg][0] == '-'; arg++)
	{
		char	   *value;

		if (strcmp(argv[arg], "-v") == 0)
			verbose = true;
		else if (strcmp(argv[arg], "--floor") == 0 && arg + 1 < argc && nfloors < MAX_FLOORS
				 && (value = strchr(argv[arg + 1], '=')) != NULL)
		{
			*value = '\0';
			floors[nfloors].name = argv[++arg];
			floors[nfloors++].percent = strtod(value + 1, NULL);
		}
		else
			die("unknown option", argv[arg]);
	}
	if (argc - arg < 3)
		die("usage", "score [-v] [--floor NAME=PERCENT]... DIVISIONS ALIASES FILE...");

	gazetteer = load_gazetteer(argv[arg], argv[arg + 1]);
	for (int i = arg + 2; i < argc; i++)
		(has_chunks(argv[i]) ? score_chunks : score_regions) (gazetteer, argv[i]);
	free(gazetteer);

	printf("# %ld addresses parsed, %.0f a second\n", nparsed, nparsed / (parse_seconds > 0 ? parse_seconds : 1e-9));
	printf("1..%d\n", ntests);
	return nfailed > 0;
}
