/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: unit tests of num.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "num.h"

static void
reads_decimal_and_hexadecimal(void **state)
{
	uint32_t v;
	uint64_t w;

	(void)state;
	assert_true(num_u32(&v, "0", 0, UINT32_MAX));
	assert_int_equal(v, 0);
	assert_true(num_u32(&v, "4294967295", 0, UINT32_MAX));
	assert_int_equal(v, UINT32_MAX);
	assert_true(num_u32(&v, "0xFFffFFff", 0, UINT32_MAX));
	assert_int_equal(v, UINT32_MAX);
	assert_true(num_u64(&w, "18446744073709551615", 0, UINT64_MAX));
	assert_true(w == UINT64_MAX);
	assert_true(num_u64(&w, "0xffffffffffffffff", 0, UINT64_MAX));
	assert_true(w == UINT64_MAX);
}

static void
refuses_what_is_no_number(void **state)
{
	static const char *const bad[] = {
		"", " ", "-1", "+1", " 1", "1 ", "1x", "x", "0x", "0xg", "010",
		"00", "1.0", "1e3", "1,000", "0b1", "\t1", "1\n",
		"\xd9\xa1",
	};
	uint32_t v = 7;
	uint64_t w = 7;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_false(num_u32(&v, bad[i], 0, UINT32_MAX));
		assert_false(num_u64(&w, bad[i], 0, UINT64_MAX));
	}
	assert_int_equal(v, 7);
	assert_int_equal(w, 7);
}

static void
refuses_overflow_and_what_is_out_of_range(void **state)
{
	uint32_t v = 7;
	uint64_t w = 7;

	(void)state;
	assert_false(num_u32(&v, "4294967296", 0, UINT32_MAX));
	assert_false(num_u32(&v, "0x100000000", 0, UINT32_MAX));
	assert_false(num_u64(&w, "18446744073709551616", 0, UINT64_MAX));
	assert_false(num_u64(&w, "99999999999999999999999", 0, UINT64_MAX));
	assert_false(num_u32(&v, "4", 5, 9));
	assert_false(num_u32(&v, "10", 5, 9));
	assert_int_equal(v, 7);
	assert_true(num_u32(&v, "5", 5, 9));
	assert_true(num_u32(&v, "9", 5, 9));
	assert_int_equal(v, 9);
}

static void
hex_needs_no_0x(void **state)
{
	uint32_t v = 7;

	(void)state;
	assert_true(num_hex(&v, "10", 0, 255));
	assert_int_equal(v, 16);
	assert_true(num_hex(&v, "0xFc", 0, 255));
	assert_int_equal(v, 252);
	assert_false(num_hex(&v, "100", 0, 255));
	assert_false(num_hex(&v, "", 0, 255));
	assert_false(num_hex(&v, "0x", 0, 255));
	assert_false(num_hex(&v, "g", 0, 255));
	assert_int_equal(v, 252);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_decimal_and_hexadecimal),
		cmocka_unit_test(refuses_what_is_no_number),
		cmocka_unit_test(refuses_overflow_and_what_is_out_of_range),
		cmocka_unit_test(hex_needs_no_0x),
	};

	return cmocka_run_group_tests_name("num", tests, NULL, NULL);
}
