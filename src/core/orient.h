/*
 * orient.h
 *	  On which side of a line a point lies, without error.
 */
#ifndef RESIDENCY_CORE_ORIENT_H
#define RESIDENCY_CORE_ORIENT_H

/* In degrees. */
typedef struct Spot
{
	double		x;
	double		y;
} Spot;

/*
 * Above 0 where c lies left of the line from a to b, below 0 where it lies right
 * of it, 0 on it.  The sign of the true determinant, for finite coordinates
 * whose products neither overflow nor underflow.
 */
extern int	residency_orient(Spot a, Spot b, Spot c);

#endif							/* RESIDENCY_CORE_ORIENT_H */
