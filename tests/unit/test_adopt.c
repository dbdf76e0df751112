/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: unit tests of adopt.c. */
#include "adopt.h"
#include "build.h"

/* What eth1, with 10.0.1.10, adopts of these lines. */
static void
assert_adopts(const char *kernel, uint32_t table, const char *own,
    const char *want)
{
	struct objects there, out = { 0 };
	struct snapshot now;
	struct addr a;

	snapshot_of(&now, "eth1");
	snapshot_address(&now, "10.0.1.10/24");
	objects_of(&there, AF_INET, kernel);
	for (size_t i = 0; i < there.count; i++)
		if (there.at[i].kind == OBJECT_RULE)
			*snapshot_add_rule(&now) = there.at[i].rule;
		else
			*snapshot_add_route(&now) = there.at[i].route;
	if (own)
		a = addr_of(own);
	assert_true(adopt(&out, AF_INET, &now, table, own ? &a : NULL));
	for (size_t i = 0; i < out.count; i++)
		assert_int_equal(out.at[i].key, KEY_COUNT);
	assert_objects(&out, AF_INET, want);
	objects_fini(&out);
	objects_fini(&there);
	snapshot_fini(&now);
}

#define P	" protocol 173\n"

static void
routes_through_the_device_are_its_own(void **state)
{
	(void)state;
	assert_adopts("route add default via 10.0.1.1 dev eth1 table 101" P
	    "route add default via 10.0.1.1 dev eth1 table 254 metric 9" P
	    "route add default via 10.0.2.1 dev eth2 table 102" P
	    "route add 10.8.0.0/16 dev eth1 table 101 protocol static\n", 0,
	    NULL,
	    "route add default via 10.0.1.1 dev eth1 table 101" P
	    "route add default via 10.0.1.1 dev eth1 table 254 metric 9" P);
}

static void
a_table_that_only_it_uses_is_its_own(void **state)
{
	static const char kernel[] =
	    "route add default via 10.0.1.1 dev eth1 table 101" P
	    "route add unreachable default table 101 metric 9" P
	    "route add default via 10.0.1.1 dev eth1 table 103 metric 1" P
	    "route add default via 10.0.2.1 dev eth2 table 103 metric 2" P
	    "route add unreachable default table 103 metric 9" P
	    "route add unreachable default table 104 metric 9" P
	    "rule add priority 1 lookup 101" P
	    "rule add priority 2 lookup 103" P
	    "rule add priority 3 lookup 104" P
	    "rule add priority 4 lookup 101 protocol static\n";
	char want[1000];

	(void)state;
	snprintf(want, sizeof(want), "%s",
	    "route add default via 10.0.1.1 dev eth1 table 101" P
	    "route add unreachable default table 101 metric 9" P
	    "route add default via 10.0.1.1 dev eth1 table 103 metric 1" P
	    "rule add priority 1 lookup 101" P);
	assert_adopts(kernel, 0, NULL, want);
	/* Named by the caller: also without routes through the device, but
	 * never what another device uses too. */
	assert_adopts(kernel, 103, NULL, want);
	strcat(want, "route add unreachable default table 104 metric 9" P
	    "rule add priority 3 lookup 104" P);
	assert_adopts(kernel, 104, NULL, want);
}

static void
rules_that_name_it_or_its_addresses_are_its_own(void **state)
{
	static const char kernel[] =
	    "rule add priority 1 from 10.0.1.10 lookup 7" P
	    "rule add priority 2 to 10.0.1.10 lookup 7" P
	    "rule add priority 3 iif eth1 lookup 7" P
	    "rule add priority 4 oif eth1 lookup 7" P
	    "rule add priority 5 from 10.0.1.0/24 lookup 7" P
	    "rule add priority 6 from 10.0.2.10 lookup 7" P
	    "rule add priority 7 iif eth10 lookup 7" P
	    "rule add priority 8 from 10.0.1.10 lookup 7\n"
	    "rule add priority 9 lookup main" P;
	char want[1000];

	(void)state;
	snprintf(want, sizeof(want), "%s",
	    "rule add priority 1 from 10.0.1.10 lookup 7" P
	    "rule add priority 2 to 10.0.1.10 lookup 7" P
	    "rule add priority 3 iif eth1 lookup 7" P
	    "rule add priority 4 oif eth1 lookup 7" P);
	assert_adopts(kernel, 0, NULL, want);
	/* Main is nobody's table. */
	assert_adopts(kernel, RT_TABLE_MAIN, NULL, want);
	/* The stanza's address may be gone already. */
	strcat(want, "rule add priority 6 from 10.0.2.10 lookup 7" P);
	assert_adopts(kernel, 0, "10.0.2.10", want);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(routes_through_the_device_are_its_own),
		cmocka_unit_test(a_table_that_only_it_uses_is_its_own),
		cmocka_unit_test(
		    rules_that_name_it_or_its_addresses_are_its_own),
	};

	return cmocka_run_group_tests_name("adopt", tests, NULL, NULL);
}
