/*
 * unit.c
 *	  Runs the unit tests of the cores; fails if one promise is broken.
 */
#include "unit.h"

#include <stdarg.h>

static int	done = 0;
static int	broken = 0;

void
ok(bool holds, const char *format,...)
{
	va_list		args;

	printf("%sok %d - ", holds ? "" : "not ", ++done);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
	if (!holds)
		broken++;
}

int
main(void)
{
	test_text();
	test_mask();
	test_calendar();
	test_division_code();
	test_resident_id();
	test_credit_code();
	test_datum();
	test_pinyin();
	test_search();
	test_address_normalize();
	test_address();
	test_address_text();
	test_gazetteer();
	test_address_parse();
	test_address_match();
	test_beidou_cell();
	test_grid_cover();
	test_merkle();
	printf("1..%d\n", done);
	return broken == 0 ? 0 : 1;
}
