/*
 * mask_test.c
 *	  Personal data with its middle hidden, a form for each kind.
 */
#include "unit.h"

#include "core/mask.h"

static void
masks(MaskKind kind, const char *in, const char *expected)
{
	char		out[256];
	size_t		len = residency_mask_kind(kind, in, strlen(in), out);

	ok(len == strlen(expected) && memcmp(out, expected, len) == 0, "mask %d: %s is %s, not %.*s", kind, in, expected, (int) len, out);
}

void
test_mask(void)
{
	masks(MASK_NAME, "", "");
	masks(MASK_NAME, "张", "*");
	masks(MASK_NAME, "张三", "张*");
	masks(MASK_NAME, "张小明", "张*明");
	masks(MASK_NAME, "欧阳明", "欧*明");
	masks(MASK_NAME, "欧阳小明", "欧**明");
	masks(MASK_NAME, "　张三 ", "张*");
	masks(MASK_NAME, "阿依古丽·买买提", "阿依古丽·***");
	masks(MASK_NAME, "John Paul Smith", "John **** *****");
	masks(MASK_NAME, "Madonna", "M******");
	masks(MASK_NAME, "José", "J***");
	masks(MASK_NAME, "Jose\xCC\x81 Marti\xCC\x81", "Jose\xCC\x81 *****");
	/* beyond the basic plane, and with a variation selector */
	masks(MASK_NAME, "\xF0\xA0\xAE\xB7\xF0\xA0\xAE\xB7", "\xF0\xA0\xAE\xB7*");
	masks(MASK_NAME, "葛\xF3\xA0\x84\x80小明", "葛\xF3\xA0\x84\x80*明");
	masks(MASK_NAME, "13812345678", "***********");
	masks(MASK_NAME, "张３", "**");
	masks(MASK_NAME, "··", "**");
	masks(MASK_NAME, "\xFF\xC0", "**");

	masks(MASK_RESIDENT_ID, "440113199001011232", "440113********1232");
	masks(MASK_RESIDENT_ID, "４４０１１３１９９００１０１１２３ｘ", "440113********123X");
	masks(MASK_RESIDENT_ID, "440113900101123", "440113*****1123");
	masks(MASK_RESIDENT_ID, "44011319900101123", "*****************");
	masks(MASK_RESIDENT_ID, "4401131990010112X2", "******************");
	masks(MASK_PUBLIC_ID, "440113199001011232", "4****************2");
	masks(MASK_PUBLIC_ID, "1234", "****");

	masks(MASK_DOCUMENT, "E12345612", "E******12");
	masks(MASK_DOCUMENT, "12345", "*****");

	masks(MASK_PHONE, "13812345678", "138****5678");
	masks(MASK_PHONE, "１３８１２３４５６７８", "138****5678");
	masks(MASK_PHONE, "138 1234 5678", "138****5678");
	masks(MASK_PHONE, "+86 138-1234-5678", "+86 138****5678");
	masks(MASK_PHONE, "8613812345678", "+86 138****5678");
	masks(MASK_PHONE, "008613812345678", "+86 138****5678");
	masks(MASK_PHONE, "020-12341234", "020-****1234");
	masks(MASK_PHONE, "(0898)66001234", "0898-****1234");
	masks(MASK_PHONE, "0898-6600123", "0898-***0123");
	masks(MASK_PHONE, "020-12341234-801", "020-****1234-***");
	masks(MASK_PHONE, "+86 20 12341234", "+86 020-****1234");
	masks(MASK_PHONE, "66001234", "********");
	masks(MASK_PHONE, "+1 202 555 0143", "***************");
	masks(MASK_PHONE, "12345", "*****");
	masks(MASK_PHONE, "电话不详", "****");

	masks(MASK_EMAIL, "zhang@x.com", "z***@x.com");
	masks(MASK_EMAIL, "z@x.com", "***@x.com");
	masks(MASK_EMAIL, "张三@例子.中国", "张***@例子.中国");
	masks(MASK_EMAIL, "z@x@y.com", "*********");
	masks(MASK_EMAIL, "@x.com", "******");
	masks(MASK_EMAIL, "zhang@x", "*******");

	masks(MASK_BANK_CARD, "6222021234561234", "************1234");
	masks(MASK_BANK_CARD, "6222 0212 3456 1234", "************1234");
	masks(MASK_BANK_CARD, "62220212345", "***********");
	masks(MASK_BANK_CARD, "6222021234561234X", "*****************");

	masks(MASK_ADDRESS, "广州市番禺区南村镇里仁洞村3巷5号", "广州市番禺区南村镇里仁洞村3巷******");
	masks(MASK_ADDRESS, "海南省海口市龙华区国贸路5号3栋二单元402", "海南省海口市龙华区国贸路******");
	masks(MASK_ADDRESS, "国贸路5号3栋402", "国贸路******");
	masks(MASK_ADDRESS, "国贸路", "国贸路");
	masks(MASK_ADDRESS, "3栋402室", "******");
	masks(MASK_ADDRESS, "玉沙花园3栋", "******");
	masks(MASK_ADDRESS, "不详", "**");
}
