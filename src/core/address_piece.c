/*
 * address_piece.c
 *	  What the pieces of an address are called, and what they are to each other:
 *	  the second road is a lane of the first, the second place lies in the first.
 */
#include "core/address_grammar.h"

/* A kind's names. */
static const struct
{
	const char *element;
	const char *naacl;
}			names[ADDRESS_KINDS] = {
	[ADDRESS_NONE] = {"none", "otherinfo"},
	[ADDRESS_PROVINCE] = {"province", "prov"},
	[ADDRESS_CITY] = {"city", "city"},
	[ADDRESS_COUNTY] = {"county", "district"},
	[ADDRESS_DEVZONE] = {"devzone", "devzone"},
	[ADDRESS_TOWNSHIP] = {"township", "town"},
	[ADDRESS_COMMUNITY] = {"community", "community"},
	[ADDRESS_VILLAGE_GROUP] = {"village_group", "community"},
	[ADDRESS_ROAD] = {"road", "road"},
	[ADDRESS_ROAD_NO] = {"road_no", "roadno"},
	[ADDRESS_ESTATE] = {"estate", "poi"},
	[ADDRESS_BUILDING] = {"building", "houseno"},
	[ADDRESS_UNIT] = {"unit", "cellno"},
	[ADDRESS_FLOOR] = {"floor", "floorno"},
	[ADDRESS_ROOM] = {"room", "roomno"},
	[ADDRESS_DETAIL] = {"detail", "otherinfo"},
	[ADDRESS_COUNTRY] = {"country", "country"},
	[ADDRESS_SUBROAD] = {"subroad", "subroad"},
	[ADDRESS_SUBROAD_NO] = {"subroad_no", "subroadno"},
	[ADDRESS_SUBESTATE] = {"subestate", "subpoi"},
	[ADDRESS_ASSIST] = {"assist", "assist"},
	[ADDRESS_PERSON] = {"person", "person"},
	[ADDRESS_PHONE] = {"phone", "otherinfo"},
	[ADDRESS_LABEL] = {"label", "redundant"},
	[ADDRESS_REDUNDANT] = {"redundant", "redundant"},
	[ADDRESS_OTHER] = {"other", "otherinfo"},
};

const char *
residency_address_element_name(int kind)
{
	return names[kind > 0 && kind < ADDRESS_KINDS ? kind : ADDRESS_NONE].element;
}

const char *
residency_address_naacl_label(int kind)
{
	return names[kind > 0 && kind < ADDRESS_KINDS ? kind : ADDRESS_NONE].naacl;
}

/* Whether a piece is the last part of the name before it: 翠苑四区, 柳青二区; but not 国际商贸城 二区, 翠竹苑 B区. */
static bool
is_part(const AddressLine *line, const AddressPiece *name, const AddressPiece *piece)
{
	return name->kind == ADDRESS_ESTATE && piece->kind == ADDRESS_SUBESTATE && piece->to - piece->from <= 3 &&
		line->symbol[piece->to - 1] == L'区' &&
		line->place[piece->from].class == SYMBOL_NUMERAL &&
		(line->symbol[name->to - 1] == L'苑' || line->place[name->to].words == 0);
}

/* Whether a piece is a direction that belongs to the name before it, as a number of it follows: 白鹭郡东|88幢, 太子道西|193号. */
static bool
is_direction_of(const AddressLine *line, const AddressPiece *name, const AddressPiece *piece, const AddressPiece *next)
{
	uint32_t	symbol = line->symbol[piece->from];

	return piece->kind == ADDRESS_ASSIST && piece->to - piece->from == 1 && next->from == piece->to &&
		(symbol == L'东' || symbol == L'西' || symbol == L'南' || symbol == L'北' || symbol == L'中') &&
		((name->kind == ADDRESS_ROAD && next->kind == ADDRESS_ROAD_NO) ||
		 ((name->kind == ADDRESS_ESTATE || name->kind == ADDRESS_SUBESTATE) &&
		  next->kind >= ADDRESS_BUILDING && next->kind <= ADDRESS_UNIT));
}

/* Whether a piece is a number with a word of a class: the lane 五巷 or 横三巷, the district 3区. */
static bool
is_numbered(const AddressLine *line, const AddressPiece *piece, int class)
{
	const LinePlace *place = &line->place[piece->to];

	return place->words > 0 && place->word[0].class == class &&
		line->place[piece->to - place->word[0].length].number.groups > 0;
}

/* Whether N号 in a part of a place is a stall: 原料市场 A区 156号, 花卉市场 A馆 126号. */
static bool
is_stall(const AddressLine *line, const AddressPiece *pieces, int count)
{
	const AddressPiece *part = &pieces[count - 1];
	const AddressPiece *market = &pieces[count - 2];
	uint32_t	last = line->symbol[part->to - 1];
	uint32_t	kind;
	uint32_t	sort;

	if (part->kind != ADDRESS_SUBESTATE || market->kind != ADDRESS_ESTATE || market->to - market->from < 3 ||
		(last != L'区' && last != L'馆' && last != L'厅'))
		return false;
	kind = line->symbol[market->to - 1];
	sort = line->symbol[market->to - 2];
	return (kind == L'场' && sort == L'市') ||
		(kind == L'城' && (sort == L'商' || sort == L'贸' || sort == L'具' || sort == L'装' || sort == L'革' || sort == L'材' || sort == L'品'));
}

/* Whether a piece is a way into a house: 后门, 门口. */
static bool
is_gate(const AddressLine *line, const AddressPiece *piece)
{
	uint32_t	last = line->symbol[piece->to - 1];

	return last == L'门' || last == L'口';
}

static bool
is_place(const AddressPiece *piece)
{
	return piece->kind == ADDRESS_ESTATE || piece->kind == ADDRESS_SUBESTATE;
}

/* Whether a piece is a place known by its word, or a part of one: N号 is a building there. */
static bool
holds_buildings(const AddressLine *line, const AddressPiece *piece)
{
	return is_place(piece) && line->place[piece->to].words > 0;
}

int
residency_address_settle(const AddressLine *line, AddressPiece *pieces, int npieces, int before)
{
	int			count = 0;
	bool		estate = before == ADDRESS_ESTATE || before == ADDRESS_SUBESTATE;
	bool		road = false;

	for (int i = 0; i < npieces; i++)
	{
		AddressPiece *piece = &pieces[i];
		AddressPiece *last = count > 0 ? &pieces[count - 1] : NULL;
		bool		joined = last != NULL && last->to == piece->from;

		if (joined && ((piece->kind == last->kind && (piece->kind == ADDRESS_OTHER || piece->kind == ADDRESS_ASSIST)) ||
					   is_part(line, last, piece) ||
					   (i + 1 < npieces && is_direction_of(line, last, piece, &pieces[i + 1]))))
		{
			last->to = piece->to;
			continue;
		}
		switch (piece->kind)
		{
			case ADDRESS_ROAD:
				if ((road && last != NULL && last->kind != ADDRESS_ASSIST) ||
					(joined && is_place(last) && is_numbered(line, piece, WORD_LANE)))
					piece->kind = ADDRESS_SUBROAD;
				else
					estate = false;
				road = true;
				break;
			case ADDRESS_ROAD_NO:
				if (last != NULL && last->kind == ADDRESS_SUBROAD)
					piece->kind = ADDRESS_SUBROAD_NO;
				else if (joined && count > 1 && is_stall(line, pieces, count))
					piece->kind = ADDRESS_ROOM;
				else if (joined && holds_buildings(line, last))
					piece->kind = ADDRESS_BUILDING;
				break;
			case ADDRESS_SUBESTATE:
				/* 占堂村3区 is a part of the village */
				if (joined && last->kind == ADDRESS_COMMUNITY && is_numbered(line, piece, WORD_DISTRICT))
				{
					estate = true;
					break;
				}
				/* 88号后门 */
				if (!estate && last != NULL && last->kind == ADDRESS_ROAD_NO && is_gate(line, piece))
				{
					piece->kind = ADDRESS_ASSIST;
					break;
				}
				estate |= last != NULL && last->kind == ADDRESS_DEVZONE;
				/* FALLTHROUGH */
			case ADDRESS_ESTATE:
				piece->kind = estate ? ADDRESS_SUBESTATE : ADDRESS_ESTATE;
				estate = true;
				break;
			default:
				break;
		}
		pieces[count++] = *piece;
	}
	return count;
}
