/*
 * address_grammar_table.h
 *	  What pieces of addresses cost: after which piece, with which words, at which
 *	  length.  Set by hand.
 */

/* What any piece costs. */
#define COST_PIECE 8

/* What a step of the table below costs, and what is forbidden in all but despair. */
#define COST_STEP 4
#define COST_FORBIDDEN 70

/* What is dearer than the cheapest by this is given up. */
#define COST_HOPELESS 48

/* A stretch without any word, taken for a place: its cost, and that of every symbol. */
#define COST_UNKNOWN 24
#define COST_UNKNOWN_SYMBOL 3
#define COST_UNKNOWN_SHORT 14	/* a single symbol */
#define COST_UNKNOWN_WORD 16	/* it ends with a word all the same */
#define COST_SHORTER 2			/* a longer word would have done */
#define COST_PERSON 20
#define COST_OTHER 40
#define COST_OTHER_SYMBOL 6

/*
 * The steps from a kind (row) to the next (column); x is forbidden.  Columns:
 * start, province, city, county, devzone, township, community, group, Road, no,
 * Estate, building, unit, floor, room, detail, country, (subroad, its no),
 * subestate, assist, person, phone, label, redundant, other.
 */
static const char follow[ADDRESS_KINDS][ADDRESS_KINDS + 1] = {
	/*							 NPCDZTYGRrEBUFMXKSseAWHLQO */
	[ADDRESS_NONE] =			"x3133436261677762xx765431x",
	[ADDRESS_PROVINCE] =		"xx12344738289999xxx776663x",
	[ADDRESS_CITY] =			"xx81134627188889xxx776663x",
	[ADDRESS_COUNTY] =			"xx952135171788899xx776663x",
	[ADDRESS_DEVZONE] =			"xxx74346141476679xx566663x",
	[ADDRESS_TOWNSHIP] =		"xxx92814151688889xx666663x",
	[ADDRESS_COMMUNITY] =		"xxxx2751121477779xx546663x",
	[ADDRESS_VILLAGE_GROUP] =	"xxxx5885313488869xx656664x",
	[ADDRESS_ROAD] =			"xxxx5757401588669xx515553x",
	[ADDRESS_ROAD_NO] =			"xxxx5855471132239xx325553x",
	[ADDRESS_ESTATE] =			"xxxx6967322132229xx124443x",
	[ADDRESS_BUILDING] =		"xxxx78886545020x9xx444443x",
	[ADDRESS_UNIT] =			"xxxx88888766720x9xx664443x",
	[ADDRESS_FLOOR] =			"xxxx78885634451x9xx354443x",
	[ADDRESS_ROOM] =			"xxxx88876637765x9xx454442x",
	[ADDRESS_DETAIL] =			"xxxx55555555555x9xx554444x",
	[ADDRESS_COUNTRY] =			"x0123446261677762xx765431x",
	[ADDRESS_SUBROAD] =			"xxxxxxxxxxxxxxxxxxxxxxxxxx",
	[ADDRESS_SUBROAD_NO] =		"xxxxxxxxxxxxxxxxxxxxxxxxxx",
	[ADDRESS_SUBESTATE] =		"xxxx6867442132229xx534443x",
	[ADDRESS_ASSIST] =			"xxx855550525665x9xx155554x",
	[ADDRESS_PERSON] =			"x5666666563666669xx653124x",
	[ADDRESS_PHONE] =			"x5666666563666669xx651424x",
	[ADDRESS_LABEL] =			"x3333446261677762xx761131x",
	[ADDRESS_REDUNDANT] =		"x3323236171677769xx665540x",
	[ADDRESS_OTHER] =			"x5555555353555559xx664443x",
};

/* What the symbols of a name before its word cost, by how many they are. */
enum Body
{
	BODY_ROAD,
	BODY_PLACE,
	BODY_VILLAGE,
	BODY_DIVISION,
	BODY_PERSON
};

#define BODY_LENGTHS 24

/* A word of a road or place alone: 中路, 菜市场, 学生公寓; the longer, the better. */
#define COST_BARE 16
#define COST_BARE_SYMBOL 3

static const uint8_t body_cost[][BODY_LENGTHS] = {
	[BODY_ROAD] = {
		COST_FORBIDDEN, 4, 2, 2, 6, 14, 20, 28, 34, 42, 50, 58, 66, 70, 70, 70, 70, 70, 70, 70, 70, 70, 70, 70
	},
	[BODY_PLACE] = {
		COST_FORBIDDEN, 8, 2, 2, 2, 4, 6, 8, 10, 13, 16, 19, 22, 25, 28, 31, 34, 37, 40, 43, 46, 49, 52, 55
	},
	[BODY_VILLAGE] = {
		COST_FORBIDDEN, 6, 1, 4, 11, 18, 26, 34, 42, 50, 58, 66, 70, 70, 70, 70, 70, 70, 70, 70, 70, 70, 70, 70
	},
	[BODY_DIVISION] = {
		COST_FORBIDDEN, 8, 0, 5, 12, 18, 26, 34, 42, 50, 58, 66, 70, 70, 70, 70, 70, 70, 70, 70, 70, 70, 70, 70
	},
	[BODY_PERSON] = {
		COST_FORBIDDEN, 0, 0, 0, 20, 40, 60, 70, 70, 70, 70, 70, 70, 70, 70, 70, 70, 70, 70, 70, 70, 70, 70, 70
	},
};

/* What a word may end. */
typedef enum RuleForm
{
	FORM_WHOLE,					/* the word alone */
	FORM_NAMED,					/* a name and the word */
	FORM_NUMBERED				/* a number and the word */
} RuleForm;

/* One of the kinds of piece that a word ends. */
typedef struct Rule
{
	uint8_t		kind;
	uint8_t		form;
	uint8_t		cost;
	uint8_t		body;			/* what the name costs, if there is one */
} Rule;

#define RULES 4

/* By class of words; ADDRESS_NONE ends them. */
static const Rule rules[WORD_CLASSES][RULES + 1] = {
	[WORD_PROVINCE] = {{ADDRESS_PROVINCE, FORM_NAMED, 6, BODY_DIVISION}},
	[WORD_CITY] = {
		{ADDRESS_CITY, FORM_NAMED, 6, BODY_DIVISION},
		{ADDRESS_COUNTY, FORM_NAMED, 7, BODY_DIVISION},
	},
	[WORD_COUNTY] = {{ADDRESS_COUNTY, FORM_NAMED, 6, BODY_DIVISION}},
	[WORD_DISTRICT] = {
		{ADDRESS_COUNTY, FORM_NAMED, 8, BODY_DIVISION},
		{ADDRESS_SUBESTATE, FORM_NUMBERED, 4},
		{ADDRESS_SUBESTATE, FORM_NAMED, 10, BODY_PLACE},
	},
	[WORD_TOWN] = {{ADDRESS_TOWNSHIP, FORM_NAMED, 3, BODY_DIVISION}},
	[WORD_FARM] = {
		{ADDRESS_TOWNSHIP, FORM_NAMED, 6, BODY_DIVISION},
		{ADDRESS_ESTATE, FORM_NAMED, 12, BODY_PLACE},
	},
	[WORD_DEVZONE] = {
		{ADDRESS_DEVZONE, FORM_WHOLE, 4},
		{ADDRESS_DEVZONE, FORM_NAMED, 2, BODY_PLACE},
	},
	[WORD_ZONE] = {
		{ADDRESS_DEVZONE, FORM_WHOLE, 2},
		{ADDRESS_DEVZONE, FORM_NAMED, 2, BODY_PLACE},
	},
	[WORD_COMMUNITY] = {
		{ADDRESS_COMMUNITY, FORM_NAMED, 2, BODY_VILLAGE},
		{ADDRESS_COMMUNITY, FORM_NUMBERED, 4},
	},
	[WORD_VILLAGE] = {
		{ADDRESS_COMMUNITY, FORM_NAMED, 3, BODY_VILLAGE},
		{ADDRESS_VILLAGE_GROUP, FORM_NAMED, 6, BODY_VILLAGE},
	},
	[WORD_HAMLET] = {{ADDRESS_VILLAGE_GROUP, FORM_NAMED, 22, BODY_VILLAGE}},
	[WORD_SUBURB] = {{ADDRESS_ESTATE, FORM_NAMED, 2, BODY_PLACE}},
	[WORD_ROAD] = {
		{ADDRESS_ROAD, FORM_NAMED, 3, BODY_ROAD},
		{ADDRESS_ROAD, FORM_NUMBERED, 3},
	},
	[WORD_LANE] = {
		{ADDRESS_ROAD, FORM_NAMED, 6, BODY_ROAD},
		{ADDRESS_ROAD, FORM_NUMBERED, 0},
	},
	[WORD_QUARTER] = {
		{ADDRESS_ESTATE, FORM_NAMED, 12, BODY_PLACE},
		{ADDRESS_ROAD, FORM_NAMED, 18, BODY_ROAD},
	},
	[WORD_ROADPART] = {{ADDRESS_ASSIST, FORM_WHOLE, 4}},
	[WORD_NO] = {
		{ADDRESS_ROAD_NO, FORM_NUMBERED, 0},
		{ADDRESS_BUILDING, FORM_NUMBERED, 12},
		{ADDRESS_ROOM, FORM_NUMBERED, 8},
	},
	[WORD_YARD] = {{ADDRESS_ROAD_NO, FORM_NUMBERED, 0}},
	[WORD_BUILDING] = {{ADDRESS_BUILDING, FORM_NUMBERED, 0}},
	[WORD_HASH] = {
		{ADDRESS_BUILDING, FORM_NUMBERED, 2},
		{ADDRESS_ROOM, FORM_NUMBERED, 8},
	},
	[WORD_UNIT] = {{ADDRESS_UNIT, FORM_NUMBERED, 0}},
	[WORD_GATE] = {
		{ADDRESS_UNIT, FORM_NUMBERED, 2},
		{ADDRESS_SUBESTATE, FORM_NUMBERED, 6},
	},
	[WORD_STOREY] = {{ADDRESS_FLOOR, FORM_NUMBERED, 0}},
	[WORD_STOREYS] = {
		{ADDRESS_FLOOR, FORM_NUMBERED, 0},
		{ADDRESS_BUILDING, FORM_NUMBERED, 10},
		{ADDRESS_ESTATE, FORM_NAMED, 12, BODY_PLACE},
	},
	[WORD_ROOM] = {{ADDRESS_ROOM, FORM_NUMBERED, 0}},
	[WORD_GROUP] = {
		{ADDRESS_VILLAGE_GROUP, FORM_NUMBERED, 0},
		{ADDRESS_VILLAGE_GROUP, FORM_NAMED, 12, BODY_VILLAGE},
	},
	[WORD_PHASE] = {{ADDRESS_SUBESTATE, FORM_NUMBERED, 0}},
	[WORD_BUILDING_NAME] = {
		{ADDRESS_BUILDING, FORM_WHOLE, 4},
		{ADDRESS_ESTATE, FORM_NAMED, 14, BODY_PLACE},
	},
	[WORD_PART_NAME] = {{ADDRESS_SUBESTATE, FORM_WHOLE, 4}},
	[WORD_ENCLOSURE] = {{ADDRESS_ESTATE, FORM_NAMED, 3, BODY_PLACE}},
	[WORD_ESTATE] = {{ADDRESS_ESTATE, FORM_NAMED, 3, BODY_PLACE}},
	[WORD_FIRM] = {{ADDRESS_ESTATE, FORM_NAMED, 3, BODY_PLACE}},
	[WORD_LINK] = {{ADDRESS_ASSIST, FORM_WHOLE, 3}},
	[WORD_ASSIST] = {{ADDRESS_ASSIST, FORM_WHOLE, 3}},
	[WORD_DISTANCE] = {{ADDRESS_ASSIST, FORM_NUMBERED, 0}},
	[WORD_LABEL] = {{ADDRESS_LABEL, FORM_WHOLE, 2}},
	[WORD_COUNTRY] = {{ADDRESS_COUNTRY, FORM_WHOLE, 2}},
	[WORD_WISH] = {{ADDRESS_OTHER, FORM_WHOLE, 0}},
	[WORD_COURTESY] = {{ADDRESS_PERSON, FORM_NAMED, 2, BODY_PERSON}},
};
