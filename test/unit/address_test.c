/*
 * address_test.c
 *	  Values of addresses: their text, their order, what lies in what.
 */
#include "unit.h"

#include "../fuzz/address_law.h"

#define SAMPLES 200000

static void
scans(const char *in, int problem, const char *form)
{
	AddressParts parts;
	char		out[RESIDENCY_ADDRESS_FORM_SIZE] = "";
	int			found = residency_address_scan(in, strlen(in), &parts);

	if (found == ADDRESS_FINE)
		residency_address_format(&parts, out);
	ok(found == problem && strcmp(out, form) == 0, "address: '%s' is '%s'", in, form);
}

/* An address that is fine for sure. */
static Flat
address(const char *in)
{
	AddressParts parts;

	if (residency_address_scan(in, strlen(in), &parts) != ADDRESS_FINE)
		ok(false, "address: %s is one", in);
	return flat_of(&parts);
}

static void
follows(const char *before, const char *after)
{
	Flat		a = address(before);
	Flat		b = address(after);

	ok(order_of(&a, &b) < 0, "address: %s before %s", before, after);
}

static void
equals(const char *one, const char *other, bool expected)
{
	Flat		a = address(one);
	Flat		b = address(other);

	ok((order_of(&a, &b) == 0) == expected, "address: %s %s %s", one, expected ? "is" : "is not", other);
}

static void
lies(const char *inner, const char *outer, bool expected)
{
	Flat		a = address(outer);
	Flat		b = address(inner);

	ok(is_around(&a, &b) == expected, "address: %s %s %s", inner, expected ? "in" : "not in", outer);
}

static void
has(const char *whole, const char *part, bool expected)
{
	Flat		a = address(whole);
	Flat		b = address(part);

	ok(has_all_of(&a, &b) == expected, "address: %s %s %s", whole, expected ? "has" : "has not", part);
}

static void
prints(const char *in, const char *letter)
{
	Flat		flat = address(in);
	AddressParts parts;
	char		out[RESIDENCY_ADDRESS_FORM_SIZE];

	residency_address_read(flat.bytes, flat.len, &parts);
	residency_address_print(&parts, out);
	ok(strcmp(out, letter) == 0, "address: %s as %s", in, letter);
}

static void
rises(const char *in, const char *above)
{
	Flat		flat = address(in);
	AddressParts parts;
	char		out[RESIDENCY_ADDRESS_FORM_SIZE] = "";

	residency_address_read(flat.bytes, flat.len, &parts);
	if (residency_address_parent(&parts))
		residency_address_format(&parts, out);
	ok(strcmp(out, above) == 0, "address: above %s is '%s'", in, above);
}

static void
canonical(const char *in, bool expected)
{
	ok(residency_address_is_canonical(in, strlen(in)) == expected,
	   "address: '%s' %s canonical", in, expected ? "means to be" : "is not meant to be");
}

/* Numbers of chance, the same ones every time. */
static uint64_t
chance(void)
{
	static uint64_t state = 20260101;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state * UINT64_C(2685821657736338717) >> 32;
}

static void
laws_hold(void)
{
	const char *broken = NULL;
	int			met = 0;
	int			inside = 0;

	for (int i = 0; i < SAMPLES && broken == NULL; i++)
	{
		uint8_t		bytes[3][160];
		AddressParts parts[3];
		bool		sound = true;

		for (int j = 0; j < 3; j++)
		{
			Source		source = {bytes[j], bytes[j] + sizeof(bytes[j])};

			for (size_t k = 0; k < sizeof(bytes[j]); k++)
				bytes[j][k] = j > 0 && chance() % 12 != 0 ? bytes[j - 1][k] : (uint8_t) chance();
			sound &= make_address(&source, &parts[j]);
		}
		if (sound)
		{
			Flat		a = flat_of(&parts[0]);
			Flat		b = flat_of(&parts[1]);

			met++;
			inside += is_around(&a, &b);
			broken = broken_law(&parts[0], &parts[1], &parts[2]);
		}
	}
	ok(broken == NULL, "address: %s", broken == NULL ? "laws hold for what chance makes" : broken);
	ok(met > SAMPLES / 50 && inside > met / 100, "address: chance made %d that were worth it, %d of them inside", met, inside);
}

/* A bad flat value is seen, whatever is wrong with it. */
static void
damage_is_seen(void)
{
	Flat		good = address("广东省 广州市 三坊大街 12号 (440100)");
	AddressParts parts;
	bool		seen = true;

	for (size_t len = 0; len < good.len; len++)
	{
		/* a cut between two elements leaves an address */
		bool		whole = len == 8 || len == 8 + 11 || len == 8 + 22 || len == 8 + 36;

		seen &= residency_address_read(good.bytes, len, &parts) == whole;
	}
	ok(seen, "address: a value cut short is seen");

	good.bytes[8] = 3;
	ok(!residency_address_read(good.bytes, good.len, &parts), "address: levels that don't rise are seen");
	good.bytes[8] = 0;
	ok(!residency_address_read(good.bytes, good.len, &parts), "address: so is a level that there is not");
	good.bytes[8] = 1;
	good.bytes[0] = 1;
	ok(!residency_address_read(good.bytes, good.len, &parts), "address: and a division that there is not");
	memset(good.bytes, 0, 8);
	ok(residency_address_read(good.bytes, good.len, &parts) && !residency_address_read(good.bytes, 8, &parts),
	   "address: without a division there is an element");
}

void
test_address(void)
{
	scans("广东省 广州市 番禺区 南村镇 里仁洞村 三坊大街 12号之1 302室 (440113102207)", ADDRESS_FINE,
		  "广东省 广州市 番禺区 南村镇 里仁洞村 三坊大街 12号之1 302室 (440113102207)");
	scans("省:海南省 儋州市 那大镇 路:中兴大街西 栋:12 单元:3 室:402 (460400100000)", ADDRESS_FINE,
		  "海南省 儋州市 那大镇 路:中兴大街西 栋:12 单元:3 402 (460400100)");
	scans("(440113)", ADDRESS_FINE, "(440113)");
	scans(" 三坊大街  12号   (-) ", ADDRESS_FINE, "三坊大街 12号 (-)");
	scans("省:北京市 城区:x (110000)", ADDRESS_ORDER, "");
	scans("12号 三坊大街 (-)", ADDRESS_ORDER, "");
	scans("南村镇 路:金贸街道 附:玉沙广场 (-)", ADDRESS_FINE, "南村镇 金贸街道 附:玉沙广场 (-)");
	scans("(-)", ADDRESS_EMPTY, "");
	scans("三坊大街", ADDRESS_DIVISION, "");
	scans("三坊大街 (470000)", ADDRESS_DIVISION, "");
	scans("12号 路:三坊大街 (-)", ADDRESS_ORDER, "");
	scans("路: (-)", ADDRESS_LENGTH, "");
	scans("路:三坊:大街 (-)", ADDRESS_CHARACTER, "");
	scans("三坊(大)街 (-)", ADDRESS_CHARACTER, "");
	scans("三坊\t大街 (-)", ADDRESS_CHARACTER, "");
	scans("\xF4\x8F\xBF\xBF街 (-)", ADDRESS_CHARACTER, "");

	canonical("三坊大街 (440113)", true);
	canonical("(-)", true);
	canonical("三坊大街(440113)", false);
	canonical("国贸路5号 (302)", false);
	canonical("张先生 (13800138000)", false);
	canonical("三坊大街 (4401130)", false);
	canonical("", false);
	canonical(")", false);
	canonical("44)", false);

	follows("9号 (440113)", "12号 (440113)");
	follows("三坊大街 (440113)", "三坊大街 1号 (440113)");
	follows("三坊大街 12号 (440113)", "三坊大街 12号之1 (440113)");
	follows("三坊大街 12号 9室 (440113)", "三坊大街 12号 10室 (440113)");
	follows("012号 (440113)", "12号 (440113)");
	follows("三坊大街 (-)", "三坊大街 (440113)");
	follows("(440113)", "一街 (440113)");
	follows("龙街 9999号 (440113)", "(440113001)");
	equals("广东省 广州市 三坊大街 (440113)", "市:广州 三坊大街 (440114)", false);
	equals("广东省 广州市 番禺区 路:三坊大街 (440113)", "省:广东 市:广州 路:三坊大街 (440113)", true);
	equals("广东省 开发区 (440113)", "广东省 (440113)", false);

	lies("三坊大街 12号 (440113102)", "(440113)", true);
	lies("三坊大街 12号 (440113102)", "三坊大街 (440113102)", true);
	lies("三坊大街 12号 (440113102)", "三坊大街 (440113)", false);
	lies("三坊大街 12号 302室 (440113)", "三坊大街 12号 (440113)", true);
	lies("三坊大街 120号 (440113)", "三坊大街 12号 (440113)", false);
	lies("三坊大街 12号 302室 附:旁 (440113)", "三坊大街 附:旁 (440113)", false);
	lies("三坊大街 12号 (-)", "三坊大街 (-)", true);
	lies("(440113)", "(440113001)", false);

	has("南村镇 三坊大街 12号 (440113102)", "三坊大街 12号 (-)", true);
	has("南村镇 三坊大街 12号 (440113102)", "12号 (440113)", true);
	has("南村镇 三坊大街 12号 (440113102)", "12号 (440114)", false);
	has("南村镇 三坊大街 12号 (440113102)", "三坊大街 2号 (-)", false);
	has("南村镇 三坊大街 12号 (440113102)", "南村镇 (-)", true);
	has("三坊大街 (-)", "三坊大街 (440113)", false);

	rises("省:广东省 开发区 南村镇 三坊大街 (440113102)", "广东省 开发区 南村镇 (440113102)");
	rises("广东省 开发区 南村镇 (440113102)", "广东省 南村镇 (440113102)");
	rises("广东省 番禺区 南村镇 (440113102)", "广东省 番禺区 (440113)");
	rises("广东省 (440000)", "");
	rises("三坊大街 (-)", "");
	rises("三坊大街 附:旁 (440113)", "三坊大街 (440113)");

	prints("广东省 三坊大街 12号之1 302室 (440113)", "广东省三坊大街12号之1-302室");
	prints("海南省 路:中兴大街西 栋:12 单元:3 402 (460400100)", "海南省中兴大街西12-3-402");
	prints("国贸路 5号 附:玉沙广场 (460106)", "国贸路5号（玉沙广场）");

	damage_is_seen();
	laws_hold();
}
