/*
 * chunks.c
 *	  Judges how an address is cut: precision, recall and F1 of its chunks.
 */
#include "score.h"

#include <string.h>

#define MAX_LABELS 32
#define MAX_CHUNKS 160
#define CONFUSIONS_SHOWN 25

/* A labelled stretch of an address, in characters, half-open. */
typedef struct Chunk
{
	int			from;
	int			to;
	int			label;
} Chunk;

typedef struct Chunks
{
	int			count;
	Chunk		chunk[MAX_CHUNKS];
} Chunks;

/* The characters of an address and where each begins; an address is no longer than its line. */
typedef struct Characters
{
	int			count;
	uint32_t	code[LINE_BYTES];
	int			offset[LINE_BYTES];
	char		text[LINE_BYTES];
} Characters;

typedef struct Tally
{
	long		truth[MAX_LABELS];
	long		answer[MAX_LABELS];
	long		right[MAX_LABELS];
	long		confused[MAX_LABELS][MAX_LABELS][2];	/* truth, answer, whether it was cut otherwise */
} Tally;

/* Label 0 is none: nothing was answered there. */
static char labels[MAX_LABELS][16] = {"nothing"};
static int	nlabels = 1;

static int
label_number(const char *name, size_t length)
{
	for (int i = 0; i < nlabels; i++)
		if (strlen(labels[i]) == length && memcmp(labels[i], name, length) == 0)
			return i;
	if (nlabels == MAX_LABELS || length >= sizeof(labels[0]))
		return 0;
	memcpy(labels[nlabels], name, length);
	return nlabels++;
}

static void
append(Characters *characters, const char *text)
{
	int			bytes = characters->count == 0 ? 0 : characters->offset[characters->count];

	while (*text != '\0')
	{
		unsigned char lead = (unsigned char) *text;
		int			length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
		uint32_t	code = length == 1 ? lead : lead & (0x7F >> length);

		for (int i = 0; i < length; i++)
		{
			if (i > 0)
				code = code << 6 | ((unsigned char) text[i] & 0x3F);
			characters->text[bytes++] = text[i];
		}
		characters->code[characters->count++] = code;
		characters->offset[characters->count] = bytes;
		text += length;
	}
	characters->text[bytes] = '\0';
}

/* Signs at the ends of a chunk say nothing: 12# is 12, (东门) is 东门. */
static bool
is_sign(uint32_t code)
{
	if (code < 0x80)
		return !((code >= '0' && code <= '9') || (code >= 'A' && code <= 'Z') || (code >= 'a' && code <= 'z'));
	return code < 0xC0 || (code >= 0x2000 && code < 0x2070) || (code >= 0x2500 && code < 0x2600)
		|| (code >= 0x3000 && code < 0x3040 && code != 0x3007)
		|| (code >= 0xFF00 && code < 0xFF10) || (code >= 0xFF1A && code < 0xFF21)
		|| (code >= 0xFF3B && code < 0xFF41) || (code >= 0xFF5B && code < 0xFF66);
}

static void
add_chunk(Chunks *chunks, const Characters *characters, int from, int to, int label)
{
	while (from < to && is_sign(characters->code[from]))
		from++;
	while (from < to && is_sign(characters->code[to - 1]))
		to--;
	if (from < to && label != 0 && chunks->count < MAX_CHUNKS)
		chunks->chunk[chunks->count++] = (Chunk) {.from = from, .to = to, .label = label};
}

static void
read_truth(const Line *line, Characters *characters, Chunks *truth)
{
	characters->count = 0;
	characters->offset[0] = 0;
	truth->count = 0;
	for (int i = 0; i < line->nfields; i++)
		append(characters, strchr(line->field[i], '=') + 1);

	for (int i = 0, from = 0; i < line->nfields; i++)
	{
		const char *equals = strchr(line->field[i], '=');
		int			to = from;

		for (const char *c = equals + 1; *c != '\0'; c++)
			to += ((unsigned char) *c & 0xC0) != 0x80;
		if (equals > line->field[i])
			add_chunk(truth, characters, from, to, label_number(line->field[i], (size_t) (equals - line->field[i])));
		from = to;
	}
}

static void
read_answer(const AddressParse *parse, const Characters *characters, Chunks *answer)
{
	answer->count = 0;
	for (int i = 0; i < parse->npieces; i++)
	{
		const AddressPiece *piece = &parse->piece[i];
		const char *label = residency_address_naacl_label(piece->kind);

		if (label != NULL && piece->from < piece->to)
			add_chunk(answer, characters, parse->text.position[piece->from], parse->text.position[piece->to - 1] + 1,
					  label_number(label, strlen(label)));
	}
}

static bool
same(const Chunk *a, const Chunk *b)
{
	return a->from == b->from && a->to == b->to;
}

/* The chunk that shares most characters with this one, NULL if none does. */
static const Chunk *
most_overlapping(const Chunks *chunks, const Chunk *with)
{
	const Chunk *best = NULL;
	int			most = 0;

	for (int i = 0; i < chunks->count; i++)
	{
		const Chunk *chunk = &chunks->chunk[i];
		int			from = chunk->from > with->from ? chunk->from : with->from;
		int			to = chunk->to < with->to ? chunk->to : with->to;

		if (to - from > most)
		{
			most = to - from;
			best = chunk;
		}
	}
	return best;
}

/* Counts; gives whether all is right. */
static bool
compare(const Chunks *truth, const Chunks *answer, Tally *tally)
{
	int			right = 0;

	for (int i = 0; i < answer->count; i++)
		tally->answer[answer->chunk[i].label]++;

	for (int i = 0; i < truth->count; i++)
	{
		const Chunk *wanted = &truth->chunk[i];
		const Chunk *got = most_overlapping(answer, wanted);

		tally->truth[wanted->label]++;
		if (got != NULL && same(got, wanted) && got->label == wanted->label)
		{
			tally->right[wanted->label]++;
			right++;
		}
		else
			tally->confused[wanted->label][got == NULL ? 0 : got->label][got != NULL && !same(got, wanted)]++;
	}
	return right == truth->count && right == answer->count;
}

static void
show(const char *title, const Characters *characters, const Chunks *chunks)
{
	printf("# %s", title);
	for (int i = 0; i < chunks->count; i++)
	{
		const Chunk *chunk = &chunks->chunk[i];

		printf(" %s=%.*s", labels[chunk->label], characters->offset[chunk->to] - characters->offset[chunk->from],
			   characters->text + characters->offset[chunk->from]);
	}
	printf("\n");
}

/* The most frequent confusions; forgets them. */
static void
show_confusions(Tally *tally)
{
	for (int n = 0; n < CONFUSIONS_SHOWN; n++)
	{
		int			truth = 0,
					answer = 0,
					cut = 0;

		for (int t = 0; t < nlabels; t++)
			for (int a = 0; a < nlabels; a++)
				for (int c = 0; c < 2; c++)
					if (tally->confused[t][a][c] > tally->confused[truth][answer][cut])
					{
						truth = t;
						answer = a;
						cut = c;
					}
		if (tally->confused[truth][answer][cut] == 0)
			return;
		printf("#   %4ld %s taken for %s%s\n", tally->confused[truth][answer][cut], labels[truth], labels[answer],
			   cut ? ", cut otherwise" : "");
		tally->confused[truth][answer][cut] = 0;
	}
}

static double
f1(long right, long answer, long truth)
{
	return percent(2 * right, answer + truth);
}

void
score_chunks(const Gazetteer *gazetteer, const char *path)
{
	static Tally tally;
	static AddressParse parse;
	static Characters characters;
	FILE	   *file = open_file(path);
	Line		line;
	long		addresses = 0,
				right_addresses = 0;
	long		truths = 0,
				answers = 0,
				rights = 0;

	memset(&tally, 0, sizeof(tally));
	while (read_line(file, &line))
	{
		Chunks		truth;
		Chunks		answer;

		if (line.nfields == 0)
			continue;
		addresses++;
		read_truth(&line, &characters, &truth);
		parse_timed(gazetteer, characters.text, &parse);
		read_answer(&parse, &characters, &answer);
		if (compare(&truth, &answer, &tally))
			right_addresses++;
		else if (verbose)
		{
			show("truth: ", &characters, &truth);
			show("answer:", &characters, &answer);
		}
	}
	fclose(file);

	printf("# %-10s %6s %6s %9s %7s %6s\n", "label", "truth", "answer", "precision", "recall", "F1");
	for (int i = 1; i < nlabels; i++)
	{
		truths += tally.truth[i];
		answers += tally.answer[i];
		rights += tally.right[i];
		if (tally.truth[i] + tally.answer[i] > 0)
			printf("# %-10s %6ld %6ld %9.1f %7.1f %6.1f\n", labels[i], tally.truth[i], tally.answer[i],
				   percent(tally.right[i], tally.answer[i]), percent(tally.right[i], tally.truth[i]),
				   f1(tally.right[i], tally.answer[i], tally.truth[i]));
	}
	printf("# %-10s %6ld %6ld %9.1f %7.1f %6.1f\n", "all", truths, answers, percent(rights, answers),
		   percent(rights, truths), f1(rights, answers, truths));
	printf("# %ld addresses, %.1f %% of them without a fault\n", addresses, percent(right_addresses, addresses));
	show_confusions(&tally);
	figure(path, "f1", f1(rights, answers, truths));
}
