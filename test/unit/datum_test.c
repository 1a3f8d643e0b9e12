/*
 * datum_test.c
 *	  GCJ-02 and BD-09: the numbers that others get, there and back, and walks
 *	  over geometries, sound and damaged.
 */
#include "unit.h"

#include <math.h>
#include <stdlib.h>

#include "core/datum.h"
#include "core/ewkb.h"

/* A metre is less than this everywhere between the equator and 56 N. */
#define DEGREE 111400.0

typedef struct Place
{
	double		longitude;
	double		latitude;
} Place;

/* Written by gcoord 1.0.7 (MIT): a place, as GCJ-02, as BD-09; read as GCJ-02, read as BD-09. */
static const Place known[][5] = {
	{{116.397451, 39.909187}, {116.403694625064, 39.910590509632}, {116.410067164755, 39.916929791203},
	{116.391209830956, 39.907785756036}, {116.384824698513, 39.901480303854}},
	{{113.3245904, 23.1064994}, {113.330011796075, 23.103897736900}, {113.336567871039, 23.109602382192},
	{113.319179936225, 23.109110255900}, {113.312665452465, 23.103264562395}},
	{{110.1983, 20.044}, {110.202595007209, 20.041888560334}, {110.209133788658, 20.047686350042},
	{110.193997607234, 20.046106007431}, {110.187482646818, 20.040121076223}},
	{{87.617733, 43.792818}, {87.620582260419, 43.794042573150}, {87.627014577755, 43.800164259592},
	{87.614886644409, 43.791594981543}, {87.608512468917, 43.785382455722}},
	{{121.4737, 31.2304}, {121.478223059277, 31.228457737577}, {121.484781468503, 31.234310593690},
	{121.469162308213, 31.232329271515}, {121.462638181988, 31.226257529988}},
	{{126.6424, 45.7567}, {126.648369816305, 45.758651101858}, {126.654999328972, 45.764345563868},
	{126.636443949934, 45.754757404504}, {126.629897477547, 45.748873348518}},
	{{91.1409, 29.6456}, {91.142429336486, 29.642863987366}, {91.149020387652, 29.648593693091},
	{91.139368037534, 29.648333077969}, {91.132773164052, 29.642587141314}},
	{{105.0, 35.0}, {105.003286241457, 34.999098632235}, {105.009666828319, 35.005403668457},
	{104.996729942622, 35.000910244757}, {104.990373336760, 34.994643636013}},
	{{73.6, 39.4}, {73.603067650096, 39.399995670771}, {73.609657632839, 39.405864279287},
	{73.596930840789, 39.400004462612}, {73.590387264827, 39.394036692365}},
	{{134.7, 48.3}, {134.707637628876, 48.302338872228}, {134.714268802135, 48.307965810667},
	{134.692386100864, 48.297673463900}, {134.685766086040, 48.292062728786}},
	{{112.33, 16.83}, {112.334895811277, 16.828351980785}, {112.341379624176, 16.834594527543},
	{112.325113326206, 16.831656537443}, {112.318656495355, 16.825337661664}},
	{{114.1694, 22.3193}, {114.174367066261, 22.316550799399}, {114.180927598859, 22.322222377349},
	{114.164419311414, 22.322040446467}, {114.157867066667, 22.316242501955}}
};

static Place
shifted(DatumShift shift, Place place)
{
	residency_datum_shift(shift, &place.longitude, &place.latitude);
	return place;
}

static double
apart(Place a, Place b)
{
	return fmax(fabs(a.longitude - b.longitude), fabs(a.latitude - b.latitude));
}

/* The same bits: NaN is itself, too. */
static bool
same(Place a, Place b)
{
	return memcmp(&a, &b, sizeof(a)) == 0;
}

/* A number from 0 to 1, always the same ones. */
static double
drawn(void)
{
	static uint64_t state = 4490;

	state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (double) (state >> 11) / (double) (UINT64_C(1) << 53);
}

static void
test_known(void)
{
	double		there = 0;
	double		gcj02 = 0;
	double		bd09 = 0;

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
	{
		const Place *k = known[i];

		there = fmax(there, apart(shifted(DATUM_TO_GCJ02, k[0]), k[1]));
		there = fmax(there, apart(shifted(DATUM_TO_BD09, k[0]), k[2]));
		gcj02 = fmax(gcj02, apart(shifted(DATUM_FROM_GCJ02, k[0]), k[3]));
		bd09 = fmax(bd09, apart(shifted(DATUM_FROM_BD09, k[0]), k[4]));
	}
	ok(there < 2e-12, "datum: forward as others have it, to 2e-12 degrees: %.0e", there);
	ok(gcj02 < 1e-6, "datum: from GCJ-02 to 1e-6 degrees, where others stop: %.0e", gcj02);
	ok(bd09 < 1e-5, "datum: from BD-09 to 1e-5 degrees, others do not seek: %.0e", bd09);
}

static void
test_there_and_back(void)
{
	double		worst[2] = {0, 0};
	double		least = 1;
	double		most = 0;

	for (int i = 0; i < 100000; i++)
	{
		/* every tenth close to the meridian where the formula has its root */
		Place		place = {73.4 + drawn() * 61.7, 3.8 + drawn() * 49.8};

		if (i % 10 == 0)
			place.longitude = 105.0 + (drawn() - 0.5) * pow(10, -16.0 * drawn());
		worst[0] = fmax(worst[0], apart(shifted(DATUM_FROM_GCJ02, shifted(DATUM_TO_GCJ02, place)), place));
		worst[1] = fmax(worst[1], apart(shifted(DATUM_FROM_BD09, shifted(DATUM_TO_BD09, place)), place));
		worst[0] = fmax(worst[0], apart(shifted(DATUM_TO_GCJ02, shifted(DATUM_FROM_GCJ02, place)), place));
		worst[1] = fmax(worst[1], apart(shifted(DATUM_TO_BD09, shifted(DATUM_FROM_BD09, place)), place));
		least = fmin(least, apart(shifted(DATUM_TO_GCJ02, place), place));
		most = fmax(most, apart(shifted(DATUM_TO_BD09, place), place));
	}
	ok(worst[0] * DEGREE < 1e-5, "datum: 100000 places of China to GCJ-02 and back, and the other way: %.1e m at most", worst[0] * DEGREE);
	ok(worst[1] * DEGREE < 1e-5, "datum: to BD-09 and back, and the other way: %.1e m at most", worst[1] * DEGREE);
	ok(least > 1e-4 && most < 0.02, "datum: every place moves, none further than two kilometres");
}

static void
test_outside(void)
{
	static const Place places[] = {
		{72.0039, 40}, {137.8348, 40}, {110, 0.8292}, {110, 55.8272}, {-0.1278, 51.5074}, {151.2, -33.87},
		{23.1, 113.3}, {0, 90}, {110, 90}, {110, -90}, {180, 0}, {-180, 0}, {0, 0}, {500000, 2500000},
		{NAN, 30}, {110, NAN}, {NAN, NAN}, {INFINITY, 30}, {-INFINITY, 30}, {110, INFINITY}, {110, -INFINITY}, {1e308, -1e308}
	};
	bool		stays = true;

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		for (DatumShift shift = DATUM_FROM_GCJ02; shift <= DATUM_TO_BD09; shift++)
			stays &= same(shifted(shift, places[i]), places[i]);
	ok(stays, "datum: outside of the rectangle nothing moves, nor do poles, NaN and infinities");

	for (DatumShift shift = DATUM_FROM_GCJ02; shift <= DATUM_TO_BD09; shift++)
		stays &= !same(shifted(shift, (Place) {72.004, 0.8293}), (Place) {72.004, 0.8293}) &&
			!same(shifted(shift, (Place) {137.8347, 55.8271}), (Place) {137.8347, 55.8271});
	ok(stays, "datum: its corners belong to it");
}

/* EWKB as it is written, in hexadecimal; blanks are for the eye. */
typedef struct Bytes
{
	uint8_t		at[512];
	size_t		len;
} Bytes;

static Bytes
bytes_of(const char *text)
{
	Bytes		bytes = {{0}, 0};
	unsigned	byte;

	for (; *text != '\0'; text++)
		if (*text != ' ' && sscanf(text++, "%2x", &byte) == 1)
			bytes.at[bytes.len++] = (uint8_t) byte;
	return bytes;
}

static size_t
walked(Bytes bytes, int32_t srid, uint8_t *out)
{
	return residency_datum_shift_ewkb(DATUM_TO_GCJ02, bytes.at, bytes.len, srid, out);
}

/* 105 35 in each byte order, and what becomes of it */
#define LITTLE "0000000000405a40 0000000000804140"
#define BIG "405a400000000000 4041800000000000"
#define Z "0000000000000840"

static void
test_walk(void)
{
	static const char *const sound[] = {
		"01 01000000" LITTLE,
		"00 00000001" BIG,
		"01 01000020 8a110000" LITTLE,
		"01 010000a0 e6100000" LITTLE Z,
		"01 010000e0 e6100000" LITTLE Z Z,
		"01 02000000 02000000" LITTLE LITTLE,
		"01 08000000 01000000" LITTLE,
		"01 03000000 02000000 01000000" LITTLE "02000000" LITTLE LITTLE,
		"01 11000080 01000000 01000000" LITTLE Z,
		"01 04000000 02000000 01 01000000" LITTLE "00 00000001" BIG,
		"01 07000020 8a110000 02000000 01 07000000 01000000 01 01000000" LITTLE "01 0a000000 00000000",
		"01 0f000080 01000000 01 03000080 01000000 01000000" LITTLE Z,
		"01 02000000 00000000"
	};
	Bytes		point = bytes_of("01 01000000" LITTLE);
	Place		expected = shifted(DATUM_TO_GCJ02, (Place) {105, 35});
	Place		got;
	uint8_t		out[516];
	bool		fine = true;
	bool		refused = true;

	for (size_t i = 0; i < sizeof(sound) / sizeof(sound[0]); i++)
	{
		Bytes		bytes = bytes_of(sound[i]);
		size_t		bare = bytes.len - (residency_ewkb_srid(bytes.at, bytes.len) != 0 ? 4 : 0);

		fine &= walked(bytes, 0, out) == bare && residency_ewkb_srid(out, bare) == 0;
		fine &= walked(bytes, 4490, out) == bare + 4 && residency_ewkb_srid(out, bare + 4) == 4490;
		for (size_t len = 0; len < bytes.len; len++)
		{
			Bytes		cut = bytes;

			cut.len = len;
			refused &= walked(cut, 4490, out) == 0;
		}
		bytes.len++;
		refused &= walked(bytes, 4490, out) == 0;
	}
	ok(fine, "datum: geometries of every kind are walked to their end, their SRID is the one asked for");
	ok(refused, "datum: cut anywhere, or with a byte too many, they are refused");

	walked(point, 0, out);
	memcpy(&got, out + 5, sizeof(got));
	ok(same(got, expected) && out[0] == 1, "datum: the coordinates are shifted");
	walked(bytes_of("01 010000e0 e6100000" LITTLE Z Z), 4490, out);
	ok(memcmp(out + 25, bytes_of(Z Z).at, 16) == 0, "datum: Z and M stay");
	walked(bytes_of("00 20000001 000010e6" BIG), 0, out);
	for (int i = 0; i < 8; i++)
		((uint8_t *) &got.longitude)[i] = out[12 - i];
	ok(memcmp(out, "\0\0\0\0\1", 5) == 0 && got.longitude == expected.longitude, "datum: in the other byte order, too");

	ok(walked(bytes_of("02 01000000" LITTLE), 0, out) == 0 && walked(bytes_of("01 e9030000" LITTLE Z), 0, out) == 0 &&
	   walked(bytes_of("01 0b000000"), 0, out) == 0 && walked(bytes_of("01 63000000 00000000"), 0, out) == 0 &&
	   walked(bytes_of("01 02000000 ffffffff" LITTLE), 0, out) == 0 && walked(bytes_of("01 07000000 ffffffff" LITTLE), 0, out) == 0 &&
	   walked(bytes_of("01 03000000 ffffffff 00000000"), 0, out) == 0,
	   "datum: unknown byte orders and kinds, and counts beyond the end, are refused");
}

/* A collection in a collection, a hundred thousand deep. */
static void
test_deep(void)
{
	const size_t levels = 100000;
	Bytes		level = bytes_of("01 07000000 01000000");
	uint8_t    *in = malloc(levels * level.len);
	uint8_t    *out = malloc(levels * level.len + 4);
	size_t		len;

	for (size_t i = 0; i < levels; i++)
		memcpy(in + i * level.len, level.at, level.len);
	in[(levels - 1) * level.len + 5] = 0;
	len = residency_datum_shift_ewkb(DATUM_TO_GCJ02, in, levels * level.len, 4490, out);
	ok(len == levels * level.len + 4, "datum: nested a hundred thousand deep");
	free(in);
	free(out);
}

void
test_datum(void)
{
	test_known();
	test_there_and_back();
	test_outside();
	test_walk();
	test_deep();
}
