/*
 * row_image.h
 *	  Rows as jsonb from which they can be restored exactly.
 */
#ifndef RESIDENCY_RULES_ROW_IMAGE_H
#define RESIDENCY_RULES_ROW_IMAGE_H

#include "access/attnum.h"
#include "access/tupdesc.h"
#include "utils/jsonb.h"
#include "utils/rel.h"

/* How the columns of a kind of rows are written. */
typedef struct ImageForm ImageForm;

typedef struct ImageRow
{
	TupleDesc	desc;
	ImageForm  *form;
	Datum	   *values;
	bool	   *nulls;
} ImageRow;

/* The form of the rows of a table, remembered in the session; it stays until the columns of the table change. */
extern ImageForm *residency_image_form(Relation table);

/* All of a row but its nulls; and columns of it alone. */
extern Jsonb *residency_image_of(const ImageRow *row);
extern Jsonb *residency_key_of(const ImageRow *row, const AttrNumber *columns, int count);

#endif							/* RESIDENCY_RULES_ROW_IMAGE_H */
