/*
 * pinyin_fuzz.c
 *	  Whatever comes in, pinyin stays within its room, and a name that answers
 *	  a query is found by the keys of one of its steps.
 */
#include "fuzz.h"

#include "core/pinyin.h"
#include "core/search.h"

/* Whether all keys of a way are among those of the name. */
static bool
has_keys(const int32_t *name_keys, int name_count, const SearchUnits *way)
{
	int32_t		keys[RESIDENCY_SEARCH_STEP_KEYS];
	int			count = residency_search_step_keys(way, keys);

	HOLDS(count <= RESIDENCY_SEARCH_STEP_KEYS);
	for (int i = 0; i < count; i++)
	{
		bool		there = false;

		for (int j = 0; j < name_count; j++)
			there = there || name_keys[j] == keys[i];
		if (!there)
			return false;
	}
	return true;
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
	static int32_t keys[RESIDENCY_SEARCH_NAME_KEYS];
	static SearchReading reading;
	int			count;
	char		text[RESIDENCY_SEARCH_ROOM];
	SearchName	same;

	reads(in, size);
	residency_search_read_name(in, size, &name);
	residency_search_read_query(in + half, size - half, &query);
	HOLDS(name.length <= RESIDENCY_SEARCH_NAME && query.length <= RESIDENCY_SEARCH_QUERY + 1);

	/* what is compared stays as it is */
	residency_search_read_name(text, residency_search_text(&name, text), &same);
	HOLDS(same.length == name.length && memcmp(same.character, name.character, sizeof(uint32_t) * name.length) == 0);

	count = residency_search_name_keys(&name, keys);
	HOLDS(count <= RESIDENCY_SEARCH_NAME_KEYS);
	for (int rung = 0; rung < SEARCH_RUNGS; rung++)
	{
		float		score;
		bool		found = false;

		residency_search_read(&query, rung, &reading);
		HOLDS(reading.count <= RESIDENCY_SEARCH_WAYS);
		score = residency_search_score(&name, &reading);
		HOLDS(score == 0.0F || (score > (SEARCH_RUNGS - 1 - rung) / (float) SEARCH_RUNGS &&
								score <= (SEARCH_RUNGS - rung) / (float) SEARCH_RUNGS));
		for (int i = 0; i < reading.count; i++)
			found = found || has_keys(keys, count, &reading.way[i]);
		/* of homophones four combinations are looked up, any may answer */
		HOLDS(score == 0.0F || found || rung == SEARCH_HOMOPHONE);
	}
	return 0;
}
