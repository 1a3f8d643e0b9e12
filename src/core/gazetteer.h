/*
 * gazetteer.h
 *	  The names of divisions, roads and estates, to be found at any place of an
 *	  address, and the divisions that an address names.
 *
 * A gazetteer is one block of memory without pointers inside: it can be copied,
 * written to a file or shared.
 */
#ifndef RESIDENCY_CORE_GAZETTEER_H
#define RESIDENCY_CORE_GAZETTEER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Gazetteer Gazetteer;

/* What a name is to the division it belongs to. */
typedef enum NameKind
{
	NAME_OFFICIAL,				/* the name of code.division; short forms (广州, 琼中, 大石) are derived from it */
	NAME_HEADING,				/* the official name of a division that is no authority (市辖区, 省直辖县级行政区划) */
	NAME_ALIAS,					/* an abbreviation or popular name (粤, 穗, 县改区以前的 …) */
	NAME_FORMER,				/* what it was called, or what was merged into it (番禺市, 萝岗区) */
	NAME_ROAD,					/* a road of that division */
	NAME_ESTATE					/* an estate or other named place of that division */
} NameKind;

/* A name to build a gazetteer from. */
typedef struct GazetteerName
{
	int64_t		division;		/* 12 digits */
	const char *name;			/* UTF-8, not folded, not terminated */
	uint16_t	length;			/* bytes */
	uint8_t		kind;			/* a NameKind */
} GazetteerName;

/*
 * Builds a gazetteer of names in any order.  `allocate` gives memory for the block
 * itself and is called once, with the size; what is needed on the way comes from
 * malloc() and is given back.  NULL if there is no memory; *size is the size.
 * Names of what is no division code are left out.
 */
extern Gazetteer *residency_gazetteer_build(const GazetteerName *names, size_t count,
											void *(*allocate) (size_t size), size_t *size);

/*
 * The official name of a division, as it was given but for blanks, control
 * characters, colons and brackets, which no element of an address can hold: sets
 * *name to its UTF-8 and gives its length in bytes; 0 if the division is unknown.
 * A heading has a name.
 */
extern size_t residency_gazetteer_name(const Gazetteer *gazetteer, int64_t division, const char **name);

/* The same, but 0 if the division is a heading. */
extern size_t residency_gazetteer_authority(const Gazetteer *gazetteer, int64_t division, const char **name);

/* Whether a division is known and is a heading. */
extern bool residency_gazetteer_is_heading(const Gazetteer *gazetteer, int64_t division);

/* A name found at a place of an address. */
typedef struct NameFound
{
	int64_t		division;
	int			length;			/* symbols */
	uint8_t		kind;			/* a NameKind */
	bool		shortened;		/* found by its short form */
} NameFound;

/*
 * The longest road or estate name (kind NAME_ROAD or NAME_ESTATE) that begins at
 * symbol[from] and belongs to `within` or to a division inside or around it; false
 * if there is none.
 */
extern bool residency_gazetteer_place(const Gazetteer *gazetteer, const uint32_t *symbol, int from, int length,
									  int64_t within, NameFound *found);

/* The most readings and the most pieces of one that are kept. */
#define RESIDENCY_READINGS 8
#define RESIDENCY_REGION_PIECES 16

/* A stretch of the address that names a division. */
typedef struct RegionPiece
{
	int			from;			/* symbols, half-open */
	int			to;
	int64_t		division;		/* the division named; its level is the piece's */
	uint8_t		kind;			/* NAME_OFFICIAL … NAME_FORMER */
	bool		shortened;
	bool		redundant;		/* names again what an earlier piece has named, or a heading: no element of its own */
} RegionPiece;

/* One way to read the divisions at the head of an address. */
typedef struct RegionReading
{
	int64_t		division;		/* the deepest division named; all above it are named or inferred */
	int			end;			/* the symbol after the last piece */
	int			score;			/* 0 to 1000: how sure; equal scores with different divisions mean that the text alone does not decide */
	int			npieces;
	RegionPiece piece[RESIDENCY_REGION_PIECES];
} RegionReading;

/*
 * Reads the divisions that begin at symbol[from], from province to village as far as
 * they are named, in the light of `context` (a division the address is known to lie
 * in or near, 0: none).  Gives how many readings there are, best first, at most
 * RESIDENCY_READINGS, each of another division; 0 if no division is named.
 */
extern int	residency_region_read(const Gazetteer *gazetteer, const uint32_t *symbol, int from, int length,
								  int64_t context, RegionReading *reading);

#endif							/* RESIDENCY_CORE_GAZETTEER_H */
