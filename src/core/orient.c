/*
 * orient.c
 *	  On which side of a line a point lies, without error: doubles where they are
 *	  sure, sums of doubles without rounding where they are not (Shewchuk,
 *	  Adaptive Precision Floating-Point Arithmetic, 1997).
 */
#include "core/orient.h"

#include <float.h>
#include <math.h>

/* Half a unit in the last place of 1. */
#define ROUNDING (DBL_EPSILON / 2)

/* How wrong the determinant in doubles may be, as a part of its products. */
#define DOUBT ((3.0 + 16.0 * ROUNDING) * ROUNDING)

/* A sum that is not rounded: no part overlaps another, the greatest is the last. */
typedef struct Sum
{
	double		parts[12];
	int			count;
} Sum;

static void
add(Sum *sum, double term)
{
	double		carried = term;

	for (int i = 0; i < sum->count; i++)
	{
		double		part = sum->parts[i];
		double		both = carried + part;
		double		of_part = both - carried;

		sum->parts[i] = (carried - (both - of_part)) + (part - of_part);
		carried = both;
	}
	sum->parts[sum->count++] = carried;
}

/* Adds a product and what its rounding has lost. */
static void
add_product(Sum *sum, double a, double b)
{
	double		product = a * b;

	add(sum, fma(a, b, -product));
	add(sum, product);
}

static int
sign(double number)
{
	return (number > 0) - (number < 0);
}

static int
orient_exactly(Spot a, Spot b, Spot c)
{
	Sum			sum = {.count = 0};

	add_product(&sum, a.x, b.y);
	add_product(&sum, -a.y, b.x);
	add_product(&sum, b.x, c.y);
	add_product(&sum, -b.y, c.x);
	add_product(&sum, c.x, a.y);
	add_product(&sum, -c.y, a.x);
	for (int i = sum.count; i-- > 0;)
	{
		if (sum.parts[i] != 0)
			return sign(sum.parts[i]);
	}
	return 0;
}

int
residency_orient(Spot a, Spot b, Spot c)
{
	double		left = (a.x - c.x) * (b.y - c.y);
	double		right = (a.y - c.y) * (b.x - c.x);
	double		determinant = left - right;
	double		doubt = DOUBT * (fabs(left) + fabs(right));

	if (determinant > doubt || -determinant > doubt)
		return sign(determinant);
	return orient_exactly(a, b, c);
}
