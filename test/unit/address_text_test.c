/*
 * address_text_test.c
 *	  Folding: which characters are one, and where they stood.
 */
#include "unit.h"

#include <stdlib.h>

#include "core/address_text.h"

/* Writes symbols as UTF-8. */
static void
write_symbols(const AddressText *text, char *out)
{
	for (int i = 0; i < text->length; i++)
	{
		uint32_t	s = text->symbol[i];

		if (s < 0x80)
			*out++ = (char) s;
		else if (s < 0x800)
		{
			*out++ = (char) (0xC0 | s >> 6);
			*out++ = (char) (0x80 | (s & 0x3F));
		}
		else
		{
			if (s < 0x10000)
				*out++ = (char) (0xE0 | s >> 12);
			else
			{
				*out++ = (char) (0xF0 | s >> 18);
				*out++ = (char) (0x80 | (s >> 12 & 0x3F));
			}
			*out++ = (char) (0x80 | (s >> 6 & 0x3F));
			*out++ = (char) (0x80 | (s & 0x3F));
		}
	}
	*out = '\0';
}

static void
folds(const char *in, const char *expected, int total)
{
	AddressText text;
	char		out[4 * RESIDENCY_ADDRESS_CHARACTERS + 1];

	residency_address_fold(in, strlen(in), &text);
	write_symbols(&text, out);
	ok(strcmp(out, expected) == 0 && text.total == total && text.symbol[text.length] == 0,
	   "address text: '%s' is '%s', of %d", in, out, text.total);
}

static void
stands(const char *in, int symbol, int position, int offset)
{
	AddressText text;

	residency_address_fold(in, strlen(in), &text);
	ok(text.position[symbol] == position && text.offset[symbol] == (uint32_t) offset,
	   "address text: symbol %d of '%s' stood at %d, byte %d", symbol, in, text.position[symbol], text.offset[symbol]);
}

/* A text is folded in time and room, however long it is. */
static void
folds_long_texts(void)
{
	size_t		len = 3 * 1000000;
	char	   *in = malloc(len);
	AddressText text;

	for (size_t i = 0; i < len; i += 3)
		memcpy(in + i, "号", 3);
	residency_address_fold(in, len, &text);
	ok(text.length == RESIDENCY_ADDRESS_CHARACTERS && text.total == 1000000, "address text: of a million, 512 are read");
	memset(in, ' ', len);
	residency_address_fold(in, len, &text);
	ok(text.length == 0 && text.total == 3000000, "address text: millions of blanks");
	memset(in, 0xE4, len);
	residency_address_fold(in, len, &text);
	ok(text.length == 0 && text.total == 3000000, "address text: millions of broken bytes");
	free(in);
}

static void
symbols_are_settled(void)
{
	int			unsettled = 0;

	for (uint32_t c = 0; c < 0x40000; c++)
	{
		uint32_t	symbol = residency_address_symbol(c);

		unsettled += symbol != 0 && residency_address_symbol(symbol) != symbol;
	}
	ok(unsettled == 0, "address text: what is folded stays as it is");
}

void
test_address_text(void)
{
	folds("", "", 0);
	folds("三坊大街１２号之一　３０２房", "三坊大街12号之一302房", 14);
	folds("廣州市番禺區鍾村鎮樓層號幢", "广州市番禺区钟村镇楼层号幢", 13);
	folds("臺灣 新邨 峯 滙 裡 牀 鷄 黃埔 餘杭 甯", "台湾新村峰汇里床鸡黄埔余杭宁", 23);
	folds("乾县 於潜镇 石碁镇 马砦", "乾县於潜镇石碁镇马砦", 13);
	folds("二○一室 二〇一室 二零一室", "二〇一室二〇一室二零一室", 14);
	folds("a座 ａ座 é ②栋 Ⅱ期", "A座A座E,2栋Ⅱ期", 13);
	folds("12 34", "12,34", 5);
	folds("12　 ab 号", "12,AB号", 8);
	folds("1*2.5@3", "1,2,5,3", 7);
	folds("3 栋 5 室", "3栋5室", 7);
	folds("甲，乙、丙；丁。/戊", "甲,乙,丙,丁,戊", 10);
	folds("1—2－3~4～5_6ー7", "1-2-3-4-5-6-7", 13);
	folds("【甲】(乙)“丙”《丁》{戊}", "(甲)(乙)(丙)(丁)(戊)", 15);
	folds("12#楼 ３＃", "12#楼3#", 7);
	folds("甲\xF0\x9F\x91\x8D\xF0\x9F\x8F\xBB乙\xE2\x80\x8B丙\xEF\xB8\x8F", "甲乙丙", 7);
	folds("1\xE2\x80\x8B" "2", "12", 3);
	folds("\xE5\xE5甲\xFF\xC0\x80", "甲", 6);
	folds("\xED\xA0\x80甲\xF4\x90\x80\x80", "甲", 8);
	folds("\xF0\xA0\xAE\xB7里", "\xF0\xA0\xAE\xB7里", 2);
	stands("甲 　乙", 1, 3, 7);
	stands("甲 1 2", 2, 3, 5);
	stands("甲 1 2", 3, 4, 6);
	stands("甲乙", 2, 2, 6);
	folds_long_texts();
	symbols_are_settled();
}
