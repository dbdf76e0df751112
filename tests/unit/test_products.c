/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: unit tests of products.c. */
#include "build.h"

#include "names.h"
#include "products.h"

static bool nothing[PRODUCT_COUNT];

static void
ours_are_nobodys(void **state)
{
	bool all[PRODUCT_COUNT];

	(void)state;
	memset(all, true, sizeof(all));
	for (uint32_t n = 12000; n < 16000; n++)
		assert_null(product_band(BAND_PRIORITY, n, all, false));
	for (uint32_t n = TABLE_AUTO_MIN; n <= TABLE_AUTO_MAX; n++)
		assert_null(product_band(BAND_TABLE, n, all, false));
}

static void
each_has_a_name_and_a_band(void **state)
{
	(void)state;
	for (unsigned i = 0; i < PRODUCT_COUNT; i++) {
		bool found = false, one[PRODUCT_COUNT] = { 0 };
		const struct band *b;

		assert_non_null(products[i].name);
		one[i] = true;
		for (uint32_t n = 1; n < 60000 && !found; n++)
			for (int k = BAND_PRIORITY; k <= BAND_TABLE; k++) {
				b = product_band(k, n, one, false);
				found |= b && b->product == i &&
				    b->low <= n && n <= b->high;
			}
		if (!found)
			fail_msg("%s has no band", products[i].name);
	}
}

static void
shared_numbers_need_the_product(void **state)
{
	bool installed[PRODUCT_COUNT] = { 0 };

	(void)state;
	assert_null(product_band(BAND_TABLE, 100, nothing, false));
	assert_null(product_band(BAND_PRIORITY, 100, nothing, false));
	installed[CILIUM] = true;
	assert_int_equal(product_band(BAND_PRIORITY, 100, installed,
	    false)->product, CILIUM);
	assert_null(product_band(BAND_PRIORITY, 113, installed, false));
}

static void
who_is_installed_is_told_first(void **state)
{
	bool installed[PRODUCT_COUNT] = { 0 };

	(void)state;
	assert_int_equal(product_band(BAND_PRIORITY, 1500, nothing,
	    false)->product, MWAN3);
	assert_null(product_band(BAND_PRIORITY, 1500, nothing, true));
	installed[SHOREWALL] = true;
	assert_int_equal(product_band(BAND_PRIORITY, 1500, installed,
	    false)->product, SHOREWALL);
	assert_int_equal(product_band(BAND_PRIORITY, 1500, installed,
	    true)->product, SHOREWALL);
	assert_null(product_band(BAND_TABLE, 1500, installed, false));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ours_are_nobodys),
		cmocka_unit_test(each_has_a_name_and_a_band),
		cmocka_unit_test(shared_numbers_need_the_product),
		cmocka_unit_test(who_is_installed_is_told_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
