/*
 * text_test.c
 *	  Folding and masking.
 */
#include "unit.h"

#include <stdlib.h>

#include "core/text.h"

static void
folds(const char *in, const char *expected, const char *what)
{
	char		out[64];
	size_t		count = residency_fold(in, strlen(in), out, sizeof(out));

	ok(count == strlen(expected) && memcmp(out, expected, count) == 0, "fold: %s", what);
}

static void
masks(const char *in, const char *expected, const char *what)
{
	char		out[RESIDENCY_MASK_SIZE];
	size_t		len = residency_mask(in, strlen(in), out);

	ok(len == strlen(expected) && strcmp(out, expected) == 0, "mask: %s", what);
}

static void
folds_long_texts(void)
{
	size_t		size = 1000000;
	char	   *in = malloc(size);
	char		out[4];
	char		masked[RESIDENCY_MASK_SIZE];

	memset(in, 'a', size);
	ok(residency_fold(in, size, out, sizeof(out)) == size && memcmp(out, "AAAA", 4) == 0,
	   "fold: a long text is counted, not written");
	memset(in, 0xBF, size);
	ok(residency_fold(in, size, out, sizeof(out)) == 1, "fold: a million continuation bytes are one character");
	memset(in, 0xE3, size);
	ok(residency_fold(in, size, out, sizeof(out)) == size, "fold: a million leading bytes are a million");
	residency_mask(in, size, masked);
	ok(strcmp(masked, "********************************...") == 0, "mask: a long text is cut");
	free(in);
}

void
test_text(void)
{
	char		nuls[] = {'4', '\0', '6'};
	char		out[4];

	folds("", "", "nothing");
	folds(" \t\r\n\v\f", "", "blanks only");
	folds("\xE3\x80\x80\x34\xE3\x80\x80 ", "4", "ideographic spaces go");
	folds("4 6", "4 6", "blanks within stay");
	folds("aBcZz", "ABCZZ", "small letters become capitals");
	folds("\xEF\xBC\x90\xEF\xBC\x99\xEF\xBC\xA1\xEF\xBC\xBA\xEF\xBD\x81\xEF\xBD\x9A", "09AZAZ", "full width");
	folds("\xEF\xBC\x8F\xEF\xBC\x9A\xEF\xBC\xA0\xEF\xBC\xBB\xEF\xBD\x80\xEF\xBD\x9B", "??????", "full-width signs");
	folds("\xE6\xB5\xB7\xE5\x8F\xA3", "??", "Chinese characters, one each");
	folds("4\xEF", "4?", "a character cut off");
	folds("4\xEF\xBC", "4?", "a character cut off later");
	folds("\xFF\xC0\x80", "??", "bytes that are no UTF-8");
	ok(residency_fold(nuls, 3, out, sizeof(out)) == 3 && out[1] == '\0', "fold: a zero byte is a character");

	masks("", "", "nothing");
	masks("11010519491231002X", "110105********002X", "a resident ID");
	masks("  11010519491231002x ", "110105********002X", "blanks around it");
	masks("91350100M000100Y43", "913501********0Y43", "a credit code");
	masks("110105194912310020000", "*********************", "21 digits");
	masks("1101051949123100200", "110105*********0200", "19 digits");
	masks("11010519491231002", "*****************", "17 digits");
	masks("610104620927690", "***************", "15 digits");
	masks("Password1234567890", "******************", "a word");
	masks("1101051949123100\xE6\xB5\xB7\xE5\x8F\xA3", "******************", "characters at its end");
	folds_long_texts();
}
