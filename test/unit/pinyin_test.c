/*
 * pinyin_test.c
 *	  How characters, words and names read.
 */
#include "unit.h"

#include <stdlib.h>

#include "core/pinyin.h"

static void
reads_as(const char *in, PinyinForm form, bool person, const char *expected)
{
	char		out[256];
	size_t		len = residency_pinyin(in, strlen(in), form, person, out);

	ok(len == strlen(expected) && memcmp(out, expected, len) == 0, "pinyin: %s reads %s, got %.*s", in, expected, (int) len, out);
}

/* All readings of a character, without tones. */
static void
has_readings(const char *character, const char *expected)
{
	uint16_t	reading[RESIDENCY_READINGS_OF_CHARACTER];
	char		all[64] = "";
	const char *s = character;
	int			count = residency_readings(residency_letter(&s, character + strlen(character)), reading);

	for (int i = 0; i < count; i++)
	{
		if (i > 0)
			strcat(all, " ");
		strcat(all, residency_syllable(RESIDENCY_SYLLABLE(reading[i])));
	}
	ok(strcmp(all, expected) == 0, "pinyin: %s has the readings %s, got %s", character, expected, all);
}

static void
begins(const char *letters, bool any, const char *whole)
{
	int			first;
	int			last;
	int			is;
	bool		found = residency_syllables(letters, strlen(letters), &first, &last, &is);

	ok(found == any && (!found || strcmp(residency_syllable(is), whole) == 0), "pinyin: %s is %s", letters,
	   !any ? "no syllable" : *whole ? whole : "a beginning");
}

static void
folds_letters(const char *in, const char *expected)
{
	const char *end = in + strlen(in);
	char		out[64];
	size_t		len = 0;
	const char *s = in;

	while (s < end)
		len += residency_put_letter(residency_letter(&s, end), out + len);
	ok(len == strlen(expected) && memcmp(out, expected, len) == 0, "letters: %s is %s", in, expected);
}

static void
folds_bytes(void)
{
	static const char bytes[] = "\xFF\xC0\x80\xED\xA0\x80\xE6";
	const char *s = bytes;
	int			blanks = 0;

	while (s < bytes + sizeof(bytes) - 1)
		blanks += residency_letter(&s, bytes + sizeof(bytes) - 1) == ' ';
	ok(blanks == 5, "letters: bytes that are no UTF-8, and a surrogate, are blanks");
}

static void
takes_anything(void)
{
	size_t		size = 1000000;
	char	   *in = malloc(size);
	char	   *out = malloc(RESIDENCY_PINYIN_ROOM(size));

	for (size_t i = 0; i + 3 <= size; i += 3)
		memcpy(in + i, "号", 3);
	ok(residency_pinyin(in, size - 1, PINYIN_PLAIN, true, out) == (size - 1) / 3 * 4 - 1, "pinyin: a million bytes of one character");
	memset(in, 0xE5, size);
	ok(residency_pinyin(in, size, PINYIN_TONED, false, out) == 0, "pinyin: a million leading bytes are nothing");
	memset(in, 'a', size);
	ok(residency_pinyin(in, size, PINYIN_PLAIN, false, out) == size, "pinyin: a million letters stay");
	memset(in, 0, size);
	ok(residency_pinyin(in, size, PINYIN_INITIALS, false, out) == 0, "pinyin: zero bytes are nothing");
	free(in);
	free(out);
}

void
test_pinyin(void)
{
	static const char *const words[][2] = {
		{"重庆", "chong qing"}, {"重庆路", "chong qing lu"}, {"重工业", "zhong gong ye"}, {"厦门", "xia men"}, {"大厦", "da sha"},
		{"六安", "lu an"}, {"六楼", "liu lou"}, {"台州", "tai zhou"}, {"东莞", "dong guan"}, {"番禺", "pan yu"}, {"儋州", "dan zhou"},
		{"蚌埠", "beng bu"}, {"乐东", "le dong"}, {"乐清", "yue qing"}, {"长沙", "chang sha"}, {"村长", "cun zhang"},
		{"长兴路", "chang xing lu"}, {"大埔县", "da bu xian"}, {"黄埔区", "huang pu qu"}, {"银行", "yin hang"}, {"步行街", "bu xing jie"},
		{"罗", "luo"}, {"兴", "xing"}, {"无锡", "wu xi"}, {"区", "qu"}, {"单元", "dan yuan"}, {"宿舍", "su she"}, {"会计", "kuai ji"},
		{"丽水", "li shui"}, {"百色", "bai se"}, {"朝阳", "chao yang"}, {"西藏", "xi zang"}, {"澄迈", "cheng mai"}, {"浚县", "xun xian"}
	};
	static const char *const names[][2] = {
		{"单雄信", "shan xiong xin"}, {"仇和", "qiu he"}, {"曾国藩", "zeng guo fan"}, {"尉迟恭", "yu chi gong"}, {"解晓东", "xie xiao dong"},
		{"任长霞", "ren chang xia"}, {"区志强", "ou zhi qiang"}, {"查良镛", "zha liang yong"}, {"盖叫天", "ge jiao tian"}, {"华罗庚", "hua luo geng"},
		{"万俟卨", "mo qi xie"}, {"万里", "wan li"}, {"覃勇", "qin yong"}, {"朴树", "piao shu"}, {"繁星", "po xing"}, {"缪斯", "miao si"},
		{"乐毅", "yue yi"}, {"乐正绫", "yue zheng ling"}, {"诸葛亮", "zhu ge liang"}, {"长孙无忌", "zhang sun wu ji"}, {"令狐冲", "ling hu chong"},
		{"李单", "li dan"}, {"吕梁", "lv liang"}, {"Anna Berg", "anna berg"}, {"阿里·买买提", "a li mai mai ti"}
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		reads_as(words[i][0], PINYIN_PLAIN, false, words[i][1]);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		reads_as(names[i][0], PINYIN_PLAIN, true, names[i][1]);
	reads_as("林海路12号", PINYIN_TONED, false, "lín hǎi lù 12 hào");
	reads_as("女友 略 秀 贵 交", PINYIN_TONED, false, "nǚ yǒu lüè xiù guì jiāo");
	reads_as("任正非", PINYIN_TONED, true, "rén zhèng fēi");
	reads_as("林海路12号A座", PINYIN_INITIALS, false, "lhl12haz");
	reads_as("", PINYIN_PLAIN, false, "");
	reads_as("（，。）", PINYIN_PLAIN, false, "");
	reads_as("\xE6\xB5", PINYIN_PLAIN, false, "");
	has_readings("单", "dan shan chan");
	has_readings("长", "chang zhang");
	has_readings("海", "hai");
	has_readings("A", "");
	begins("lin", true, "lin");
	begins("zho", true, "");
	begins("lue", true, "lve");
	begins("lyu", true, "lv");
	begins("v", false, "");
	begins("zuo", true, "zuo");
	begins("zuoo", false, "");
	folds_letters("ＡｂÜǘéÉＺ０～", "abvveez0 ");
	folds_letters("一－—–‐", "一----");
	folds_bytes();
	takes_anything();
}
