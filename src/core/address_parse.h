/*
 * address_parse.h
 *	  Cuts the text of an address into its elements.
 */
#ifndef RESIDENCY_CORE_ADDRESS_PARSE_H
#define RESIDENCY_CORE_ADDRESS_PARSE_H

#include "core/address_text.h"
#include "core/division_code.h"
#include "core/gazetteer.h"

/*
 * The elements of an address.  The first are levels, outermost first, as a standard
 * address has them; the last are pieces of a text that are no element of the place.
 */
typedef enum AddressElementKind
{
	ADDRESS_NONE,
	ADDRESS_PROVINCE,			/* 省级 */
	ADDRESS_CITY,				/* 地级 */
	ADDRESS_COUNTY,				/* 县级 */
	ADDRESS_DEVZONE,			/* 功能区 */
	ADDRESS_TOWNSHIP,			/* 乡级 */
	ADDRESS_COMMUNITY,			/* 社区、村 */
	ADDRESS_VILLAGE_GROUP,		/* 组、自然村 */
	ADDRESS_ROAD,				/* 街路巷 */
	ADDRESS_ROAD_NO,			/* 门牌 */
	ADDRESS_ESTATE,				/* 小区、院落 */
	ADDRESS_BUILDING,			/* 楼栋 */
	ADDRESS_UNIT,				/* 单元 */
	ADDRESS_FLOOR,				/* 楼层 */
	ADDRESS_ROOM,				/* 户室 */
	ADDRESS_DETAIL,				/* 附加: what else says where it is */
	ADDRESS_LEVELS = ADDRESS_DETAIL,

	ADDRESS_COUNTRY,			/* 中国 */
	ADDRESS_SUBROAD,			/* a second, smaller road: 三坊大街8巷 */
	ADDRESS_SUBROAD_NO,			/* its number */
	ADDRESS_SUBESTATE,			/* a named place inside a named place */
	ADDRESS_ASSIST,				/* a relation: 旁, 对面, 交叉口, 向东50米 */
	ADDRESS_PERSON,				/* a contact (张先生, 李四收) */
	ADDRESS_PHONE,				/* a telephone number */
	ADDRESS_LABEL,				/* 地址:, 现住 */
	ADDRESS_REDUNDANT,			/* says again what was said before, or nothing */
	ADDRESS_OTHER,				/* anything else */
	ADDRESS_KINDS
} AddressElementKind;

/* A piece of the text. */
typedef struct AddressPiece
{
	uint16_t	from;			/* symbols of the text, half-open */
	uint16_t	to;
	uint8_t		kind;			/* an AddressElementKind */
	bool		remark;			/* it stood in brackets */
	int64_t		division;		/* the division that it names, 0: none known */
} AddressPiece;

#define RESIDENCY_ADDRESS_PIECES 128

typedef struct AddressParse
{
	AddressText text;
	int64_t		division;		/* the deepest division that all best readings agree on, 0: none */
	int			nreadings;		/* of the divisions, best first */
	RegionReading reading[RESIDENCY_READINGS];
	int			npieces;		/* in the order of the text; they don't overlap */
	AddressPiece piece[RESIDENCY_ADDRESS_PIECES];
} AddressParse;

/*
 * Cuts len bytes of UTF-8, an address that may lie in `context` (0: nobody knows).
 * A text without a single element has no pieces.  Of a text longer than
 * RESIDENCY_ADDRESS_CHARACTERS the rest belongs to no piece.  Never fails; takes
 * time in proportion to len.
 */
extern void residency_address_parse(const Gazetteer *gazetteer, const char *in, size_t len, int64_t context,
									AddressParse *out);

/* The level of the element that a division is, from ADDRESS_PROVINCE to ADDRESS_COMMUNITY; ADDRESS_NONE for 0. */
static inline int
residency_address_division_level(int64_t division)
{
	static const uint8_t level[RESIDENCY_DIVISION_LEVELS + 1] = {
		ADDRESS_NONE, ADDRESS_PROVINCE, ADDRESS_CITY, ADDRESS_COUNTY, ADDRESS_TOWNSHIP, ADDRESS_COMMUNITY
	};

	return level[division == 0 ? 0 : residency_division_code_level(division)];
}

/* The English name of an element kind, as parse_address() has it: province … room, detail, country … other. */
extern const char *residency_address_element_name(int kind);

/* The label of the NAACL-2019 corpus for it: prov city district devzone town community road subroad roadno subroadno poi … */
extern const char *residency_address_naacl_label(int kind);

#endif							/* RESIDENCY_CORE_ADDRESS_PARSE_H */
