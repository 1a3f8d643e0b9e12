/*
 * address_match_test.c
 *	  Which addresses are one place, and what a part inherits from its whole.
 */
#include "unit.h"

#include <stdlib.h>

#include "core/address_match.h"

/* Reads "440113102207 8:三坊大街 9:12号": a division, 0 for none, and elements. */
static void
take(const char *in, AddressParts *parts)
{
	parts->division = strtoll(in, NULL, 10);
	for (int64_t top = parts->division; top != 0 && top < 100000000000; top *= 10)
		parts->division = top * 10;
	parts->count = 0;
	while ((in = strchr(in, ' ')) != NULL)
	{
		char	   *end;
		AddressElement *element = &parts->element[parts->count++];

		element->level = strtol(in + 1, &end, 10);
		element->value = end + 1;
		element->length = strcspn(end + 1, " ");
		in = end;
	}
}

static bool
is(const AddressParts *parts, const char *expected)
{
	AddressParts other;
	bool		holds;

	take(expected, &other);
	holds = parts->division == other.division && parts->count == other.count;
	for (int i = 0; holds && i < parts->count; i++)
		holds = parts->element[i].level == other.element[i].level &&
			parts->element[i].length == other.element[i].length &&
			memcmp(parts->element[i].value, other.element[i].value, other.element[i].length) == 0;
	return holds;
}

#define LANE "440113102207 1:广东省 2:广州市 3:番禺区 5:南村镇 6:里仁洞村 8:三坊大街 9:12号之1"
#define TOWER "460106003001 1:海南省 2:海口市 3:龙华区 5:金贸街道 6:玉沙社区 8:国贸路 9:5号"

static const struct
{
	const char *a;
	const char *b;
	AddressGrade grade;
}			pairs[] =
{
	/* exact: all elements of each */
	{LANE " 14:302房", LANE " 14:302房", MATCH_EXACT},
	{LANE " 14:302房", "440113 3:番禺区 8:三坊大街 9:12号之1 14:302房", MATCH_EXACT},
	{LANE " 14:302房 15:后门", LANE " 14:302房", MATCH_EXACT},
	{LANE " 4:高新区 14:302房", LANE " 14:302房", MATCH_EXACT},
	{LANE, LANE, MATCH_EXACT},
	{"460105001001 15:SEASIDEROAD1", "460105001001 15:SEASIDEROAD1", MATCH_EXACT},
	/* room: written another way, or the region is not known */
	{LANE " 14:302房", LANE " 14:302", MATCH_ROOM},
	{LANE " 14:302房", LANE " 14:302室", MATCH_ROOM},
	{LANE " 14:302房", "0 8:三坊大街 9:12号之1 14:302房", MATCH_ROOM},
	{LANE " 14:302房 15:前门", LANE " 14:302房 15:后门", MATCH_ROOM},
	{LANE " 13:3层 14:302房", LANE " 14:302房", MATCH_ROOM},
	{TOWER " 10:玉沙广场 11:3栋 12:2单元 14:1503室", TOWER " 11:3号楼 12:2门 14:1503", MATCH_ROOM},
	{TOWER " 10:玉沙广场 11:3栋 14:402", "460106 10:玉沙广场 11:3 14:402", MATCH_ROOM},
	{TOWER " 11:12 12:3 14:402", TOWER " 11:12栋 12:3单元 14:402房", MATCH_ROOM},
	{"469002104001 7:3组 9:18号 14:1房", "469002104 7:3组 9:18号 14:1", MATCH_ROOM},
	/* building */
	{TOWER " 11:3栋 12:2单元 14:1503室", TOWER " 11:3栋", MATCH_BUILDING},
	{TOWER " 11:3栋 12:2单元 14:1503室", TOWER " 11:3栋 14:1503室", MATCH_BUILDING},
	{TOWER " 11:3栋 12:2单元 14:1503室", TOWER " 11:3栋 12:1单元 14:1503室", MATCH_BUILDING},
	{TOWER " 11:A座 13:5层", TOWER " 11:A座 13:6层", MATCH_BUILDING},
	{TOWER " 10:玉沙广场 11:3栋 14:1503室", "0 10:玉沙广场 11:3栋 14:1504室", MATCH_BUILDING},
	/* house number */
	{LANE " 14:302房", LANE, MATCH_ROAD_NO},
	{LANE " 14:302房", LANE " 14:303房", MATCH_ROAD_NO},
	{TOWER " 11:3栋 14:402", TOWER " 11:4栋 14:402", MATCH_ROAD_NO},
	{TOWER " 11:3栋 14:402", TOWER " 14:402", MATCH_ROAD_NO},
	{TOWER " 10:玉沙广场 11:3栋 14:402", TOWER " 10:国贸花园 11:3栋 14:402", MATCH_ROAD_NO},
	{TOWER " 10:玉沙广场", "460106 10:玉沙广场 14:402", MATCH_ROAD_NO},
	/* a natural village that is no division */
	{"469002104202 6:朝烈村 7:大路坡村 9:18号", "469002104 6:大路坡村 9:18号 14:1房", MATCH_ROAD_NO},
	{"469002104202 6:朝烈村 7:大路坡村 9:18号 14:1房", "469002104 6:大路坡村 9:18号 14:1", MATCH_ROOM},
	{"440113102207 6:江南村 8:三坊大街 9:12号 14:302房", "440113102 6:南村 8:三坊大街 9:12号 14:302房", MATCH_BUILDING},
	{"469002104202 6:朝烈村 7:坡头村 9:18号", "469002104 6:大路坡村 9:18号", MATCH_NONE},
	/* community, or one road with another number */
	{LANE " 14:302房", "440113102207 8:三坊大街 9:14号 14:302房", MATCH_COMMUNITY},
	{LANE, "440113102207 8:三坊大街 9:12号", MATCH_COMMUNITY},
	{LANE, "440113102207 8:四坊大街 9:12号之1", MATCH_COMMUNITY},
	{LANE, "440113102207", MATCH_COMMUNITY},
	{LANE, "0 8:三坊大街", MATCH_COMMUNITY},
	{"469002104001 7:3组 9:18号", "469002104 7:3组", MATCH_COMMUNITY},
	/* none: regions contradict, or nothing is shared */
	{LANE " 14:302房", "440113102208 8:三坊大街 9:12号之1 14:302房", MATCH_NONE},
	{LANE, "4602 8:三坊大街 9:12号之1", MATCH_NONE},
	{"440113 3:番禺区 5:南村镇 8:三坊大街 9:1号", "440113 3:番禺区 5:大石街道 8:三坊大街 9:1号", MATCH_NONE},
	{"0 6:都那村 8:三坊大街 9:1号", "440113 6:里仁洞村 8:三坊大街 9:1号", MATCH_NONE},
	{LANE, "440113 8:四坊大街 9:12号之1", MATCH_NONE},
	{LANE, "0 14:302房", MATCH_NONE},
	{"0", "0", MATCH_NONE}
};

static void
grades(void)
{
	float		lowest[MATCH_GRADES + 1];
	float		highest[MATCH_GRADES];
	bool		ordered = true;

	for (int g = 0; g <= MATCH_EXACT; g++)
	{
		lowest[g] = 2;
		highest[g] = -1;
	}
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
	{
		AddressParts a;
		AddressParts b;
		float		score;
		float		back;
		AddressGrade grade;

		take(pairs[i].a, &a);
		take(pairs[i].b, &b);
		grade = residency_address_match(&a, &b, &score);
		ok(grade == pairs[i].grade && residency_address_match(&b, &a, &back) == grade && back == score,
		   "address match: %s, %s: %s (%.3f)", pairs[i].a, pairs[i].b, residency_address_grade_name(grade), score);
		lowest[grade] = score < lowest[grade] ? score : lowest[grade];
		highest[grade] = score > highest[grade] ? score : highest[grade];
	}
	for (int g = MATCH_NONE; g < MATCH_EXACT; g++)
		ordered = ordered && highest[g] < lowest[g + 1];
	ok(ordered && lowest[MATCH_NONE] >= 0 && highest[MATCH_EXACT] <= 1, "address match: no score above that of a better grade");
}

static void
nearer(void)
{
	const char *numbers[] = {"9:12号", "9:14号", "9:20号", "9:212号"};
	float		before = 2;
	bool		falls = true;
	AddressParts here;

	take("440113102207 8:三坊大街 9:10号", &here);
	for (int i = 0; i < 4; i++)
	{
		AddressParts there;
		char		text[80];
		float		score;

		snprintf(text, sizeof(text), "440113102207 8:三坊大街 %s", numbers[i]);
		take(text, &there);
		residency_address_match(&here, &there, &score);
		falls = falls && score < before;
		before = score;
	}
	ok(falls, "address match: the nearer the number, the higher the score");
}

static void
within(const char *whole, const char *part, const char *expected)
{
	AddressParts w;
	AddressParts p;
	AddressParts out;
	char		room[2 * RESIDENCY_ADDRESS_VALUE];

	take(whole, &w);
	take(part, &p);
	residency_address_part(&w, &p, &out, room);
	ok(is(&out, expected), "address match: %s in %s", part, whole);
}

static void
clues(const char *address, int count, const char *const *expected)
{
	AddressParts a;
	AddressParts clue[RESIDENCY_ADDRESS_CLUES];
	bool		holds;

	take(address, &a);
	holds = residency_address_clues(&a, clue) == count;
	for (int i = 0; holds && i < count; i++)
		holds = is(&clue[i], expected[i]);
	ok(holds, "address match: by what to look for %s", address);
}

void
test_address_match(void)
{
	AddressParts a;
	AddressParts b;
	AddressParts out;

	grades();
	nearer();

	within(TOWER, "0 11:3栋", TOWER " 11:3栋");
	within(TOWER " 11:3栋", "0 14:302室", TOWER " 11:3栋 14:302室");
	within(TOWER " 11:3栋", TOWER " 14:302室", TOWER " 11:3栋 14:302室");
	within(TOWER " 11:3栋", TOWER " 11:4栋 14:302室", TOWER " 11:4栋 14:302室");
	within("460106003001 6:玉沙社区", "440113 3:番禺区 6:里仁洞村 8:国贸路", "460106003001 6:玉沙社区 8:国贸路");
	within("460106 3:龙华区", "0 6:玉沙社区 8:国贸路", "460106 3:龙华区 6:玉沙社区 8:国贸路");
	within("0 8:国贸路 9:5号", "460106 3:龙华区 11:3栋", "460106 3:龙华区 8:国贸路 9:5号 11:3栋");
	within("460106003001 8:国贸路 14:402室", "0 14:A房", "460106003001 8:国贸路 14:402室A房");
	within("460106003001 8:国贸路 14:402室", "0 14:402室", "460106003001 8:国贸路 14:402室");
	within("469002104202 6:朝烈村", "469002104 6:大路坡村 9:18号", "469002104202 6:朝烈村 7:大路坡村 9:18号");
	within("469002104202 6:朝烈村", "469002104 6:朝烈村 9:18号", "469002104202 6:朝烈村 9:18号");
	within("460106003001 15:宿舍", "0 14:302室", "460106003001 14:302室 15:宿舍");
	within("460106003001 15:宿舍", "0 15:东头", "460106003001 15:宿舍东头");
	within("460106003001 15:宿舍", "0 15:宿舍东头", "460106003001 15:宿舍东头");

	take(LANE " 4:高新区 14:302房", &a);
	ok(residency_address_plate(&a, &out) && is(&out, LANE), "address match: the plate of a room");
	take("440113102207 8:三坊大街 14:302房", &a);
	ok(!residency_address_plate(&a, &out), "address match: no plate without a number");
	take("440113 3:番禺区 7:老组 8:三坊大街 9:7号 11:A栋 14:302房", &a);
	take(LANE, &b);
	residency_address_renumber(&a, &b, &out);
	ok(is(&out, LANE " 11:A栋 14:302房"), "address match: a new number");

	clues(LANE " 14:302房", 2, (const char *const[]) {"0 8:三坊大街 9:12号之1", "0 8:三坊大街"});
	clues(TOWER " 10:玉沙广场 11:3栋", 3, (const char *const[]) {"0 8:国贸路 9:5号", "0 10:玉沙广场", "0 8:国贸路"});
	clues("0 7:3组 9:18号", 2, (const char *const[]) {"0 7:3组 9:18号", "0 7:3组"});
	clues("469002104 6:大路坡村 9:18号", 2, (const char *const[]) {"0 7:大路坡村 9:18号", "0 7:大路坡村"});
	clues("440113 3:番禺区", 0, NULL);
}
