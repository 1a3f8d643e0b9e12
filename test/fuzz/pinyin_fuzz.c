/*
 * pinyin_fuzz.c
 *	  Whatever comes in, pinyin stays within its room, and a name that answers
 *	  a query is found by the keys of one of its steps.
 */
#include "fuzz.h"

#include "core/pinyin.h"
#include "core/search.h"

typedef struct Step
{
	int32_t		name_keys[RESIDENCY_SEARCH_NAME_KEYS];
	int			name_count;
	SearchRung	rung;
	bool		found;
} Step;

static void
look(void *context, SearchRung rung, const int32_t *keys, int count)
{
	Step	   *step = context;
	bool		all = true;

	HOLDS(count <= RESIDENCY_SEARCH_STEP_KEYS);
	HOLDS(count > 0 || rung == SEARCH_PREFIX);
	for (int i = 0; i < count; i++)
	{
		bool		there = false;

		for (int j = 0; j < step->name_count; j++)
			there = there || step->name_keys[j] == keys[i];
		all = all && there;
	}
	step->found = step->found || (rung == step->rung && all);
}

static void
reads(const char *in, size_t size)
{
	char	   *out = malloc(RESIDENCY_PINYIN_ROOM(size) + 1);
	char	   *again = malloc(RESIDENCY_PINYIN_ROOM(RESIDENCY_PINYIN_ROOM(size)) + 1);
	size_t		len = residency_pinyin(in, size, PINYIN_PLAIN, true, out);
	size_t		len_again;

	HOLDS(len <= RESIDENCY_PINYIN_ROOM(size));
	len_again = residency_pinyin(out, len, PINYIN_PLAIN, true, again);
	HOLDS(len_again == len && memcmp(out, again, len) == 0);
	HOLDS(residency_pinyin(in, size, PINYIN_TONED, true, out) <= RESIDENCY_PINYIN_ROOM(size));
	HOLDS(residency_pinyin(in, size, PINYIN_INITIALS, false, out) <= len);
	free(out);
	free(again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *in = (const char *) data;
	size_t		half = size > 0 ? data[0] % size : 0;
	SearchName	name;
	SearchQuery query;
	Step		step;
	char		text[RESIDENCY_SEARCH_ROOM];
	SearchName	same;

	reads(in, size);
	residency_search_read_name(in, size, &name);
	residency_search_read_query(in + half, size - half, &query);
	HOLDS(name.length <= RESIDENCY_SEARCH_NAME && query.length <= RESIDENCY_SEARCH_QUERY + 1);

	/* what is compared stays as it is */
	residency_search_read_name(text, residency_search_text(&name, text), &same);
	HOLDS(same.length == name.length && memcmp(same.character, name.character, sizeof(uint32_t) * name.length) == 0);

	step.name_count = residency_search_name_keys(&name, step.name_keys);
	HOLDS(step.name_count <= RESIDENCY_SEARCH_NAME_KEYS);
	for (int rung = 0; rung < SEARCH_RUNGS; rung++)
	{
		float		score = residency_search_score(&name, &query, rung);

		HOLDS(score >= 0.0F && score <= 1.0F);
		HOLDS(score == 0.0F || (score > (SEARCH_RUNGS - 1 - rung) / (float) SEARCH_RUNGS &&
								score <= (SEARCH_RUNGS - rung) / (float) SEARCH_RUNGS));
		step.rung = rung;
		step.found = false;
		residency_search_steps(&query, look, &step);
		/* a letter alone has no key, nor a syllable that is not typed to its end; of homophones four combinations are looked up */
		HOLDS(score == 0.0F || step.found || query.length == 1 || rung > SEARCH_FRAGMENT);
	}
	return 0;
}
