/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: unit tests of walk: the routes of IPv6. */
#include "fib.h"

static void
plain_fib(struct fib *f)
{
	fib_start(f, AF_INET6);
	add_rule(f, "priority 0 from all lookup local");
	add_rule(f, "priority 32766 from all lookup main");
	add_route(f, "local fd00::1 dev eth0 table local");
	add_route(f, "fd00::/64 dev eth0 metric 256");
	add_address(f, "fd00::1/64", "eth0");
}

static void
a_rule_for_a_source_waits_for_one(void **state)
{
	struct walk w = { 0 };
	struct fib f;

	(void)state;
	plain_fib(&f);
	add_route(&f, "::/0 via fd00::9 dev eth0 table 77");
	add_rule(&f, "priority 32767 from fd00::1 lookup 77");
	comes_to(&w, &f, "2001:db8::1", VERDICT_ERROR, -ENETUNREACH);
	assert_int_equal(w.steps[2].differs, DIFFERS_NO_FROM);
	finds(&w, &f, "2001:db8::1 from fd00::1",
	    "::/0 via fd00::9 dev eth0 table 77 metric 1024");
	comes_to(&w, &f, "2001:db8::1 from fd00::2", VERDICT_ERROR,
	    -ENETUNREACH);
	assert_int_equal(w.steps[2].differs, DIFFERS_FROM);
	/* all six bits of the DS field count */
	f.rules.at[2].tos = 0x10;
	comes_to(&w, &f, "2001:db8::1 from fd00::1 tos b0", VERDICT_ERROR,
	    -ENETUNREACH);
	assert_int_equal(w.steps[2].differs, DIFFERS_TOS);
	fib_fini(&f);
	walk_fini(&w);
}

static void
the_lowest_metric_wins_then_the_preference(void **state)
{
	struct walk w = { 0 };
	struct fib f;

	(void)state;
	plain_fib(&f);
	add_route(&f, "::/0 via fd00::8 dev eth0 metric 5 pref low");
	add_route(&f, "::/0 via fd00::9 dev eth0 metric 5 pref high");
	add_route(&f, "::/0 via fd00::7 dev eth0 metric 6 pref high");
	finds(&w, &f, "2001:db8::1",
	    "::/0 via fd00::9 dev eth0 table 254 metric 5 pref high");
	fib_fini(&f);
	walk_fini(&w);
}

/* If none of the first metric can be used, the others compete whatever theirs
 * (find_rr_leaf()). */
static void
behind_the_first_metric_all_compete(void **state)
{
	struct walk w = { 0 };
	struct route *r;
	struct fib f;

	(void)state;
	plain_fib(&f);
	add_route(&f, "::/0 via fd00::8 dev eth0 metric 5");
	add_route(&f, "::/0 via fd00::9 dev eth0 metric 6 pref low");
	add_route(&f, "::/0 via fd00::7 dev eth0 metric 7");
	r = &f.routes.at[2];
	r->hop[0].flags = r->flags = RTNH_F_DEAD | RTNH_F_LINKDOWN;
	finds(&w, &f, "2001:db8::1",
	    "::/0 via fd00::7 dev eth0 table 254 metric 7");
	passed_is(&w, 0, PASSED_LINKDOWN);
	r->hop[0].flags = r->flags = 0;
	r->expired = true;
	finds(&w, &f, "2001:db8::1",
	    "::/0 via fd00::7 dev eth0 table 254 metric 7");
	passed_is(&w, 0, PASSED_EXPIRED);
	fib_fini(&f);
	walk_fini(&w);
}

static void
a_host_avoids_gateways_that_do_not_answer(void **state)
{
	struct walk w = { 0 };
	struct neighbour *n;
	struct fib f;

	(void)state;
	plain_fib(&f);
	add_route(&f, "2001:db8::/32 via fd00::8 dev eth0");
	add_route(&f, "::/0 via fd00::9 dev eth0");
	n = fib_add_failed(&f);
	n->ifindex = index_of("eth0");
	assert_true(addr_parse(&n->addr, AF_INET6, "fd00::8"));
	finds(&w, &f, "2001:db8::1",
	    "::/0 via fd00::9 dev eth0 table 254 metric 1024");
	passed_is(&w, 0, PASSED_SILENT);
	/* a router does not care */
	f.forwarding6 = true;
	finds(&w, &f, "2001:db8::1",
	    "2001:db8::/32 via fd00::8 dev eth0 table 254 metric 1024");
	/* and nor does a host that has no other */
	f.forwarding6 = false;
	f.routes.count--;
	finds(&w, &f, "2001:db8::1",
	    "2001:db8::/32 via fd00::8 dev eth0 table 254 metric 1024");
	fib_fini(&f);
	walk_fini(&w);
}

static void
a_device_is_a_must_without_a_source_and_else_a_wish(void **state)
{
	struct walk w = { 0 };
	struct fib f;

	(void)state;
	plain_fib(&f);
	add_route(&f, "::/0 via fd00::9 dev eth0");
	comes_to(&w, &f, "2001:db8::1 oif eth1", VERDICT_ERROR, -ENETUNREACH);
	passed_is(&w, 0, PASSED_OIF);
	finds(&w, &f, "2001:db8::1 from fd00::1 oif eth1",
	    "::/0 via fd00::9 dev eth0 table 254 metric 1024");
	comes_to(&w, &f, "fe80::7 from fd00::1 oif eth1", VERDICT_ERROR,
	    -ENETUNREACH);
	add_route(&f, "::/0 via fd00::8 dev eth1");
	finds(&w, &f, "2001:db8::1 from fd00::1 oif eth1",
	    "::/0 via fd00::8 dev eth1 table 254 metric 1024");
	/* what comes in likes to go back where it came from */
	finds(&w, &f, "2001:db8::1 from fd00::5 iif eth1",
	    "::/0 via fd00::8 dev eth1 table 254 metric 1024");
	fib_fini(&f);
	walk_fini(&w);
}

/* Its device is lo. */
static void
a_route_that_refuses_is_none_of_a_bound_socket(void **state)
{
	struct walk w = { 0 };
	struct fib f;

	(void)state;
	plain_fib(&f);
	add_route(&f, "unreachable ::/0");
	comes_to(&w, &f, "2001:db8::1", VERDICT_ERROR, -EHOSTUNREACH);
	comes_to(&w, &f, "2001:db8::1 oif eth0", VERDICT_ERROR, -ENETUNREACH);
	fib_fini(&f);
	walk_fini(&w);
}

static void
source_specific_routes_come_first(void **state)
{
	struct walk w = { 0 };
	struct fib f;

	(void)state;
	plain_fib(&f);
	add_route(&f, "::/0 via fd00::9 dev eth0");
	add_route(&f, "::/0 from fd00::/64 via fd00::8 dev eth0");
	add_route(&f, "::/0 from fd00::/16 via fd00::7 dev eth0");
	finds(&w, &f, "2001:db8::1 from fd00::1",
	    "::/0 from fd00::/64 via fd00::8 dev eth0 table 254 metric 1024");
	finds(&w, &f, "2001:db8::1 from fd00:9::1",
	    "::/0 from fd00::/16 via fd00::7 dev eth0 table 254 metric 1024");
	finds(&w, &f, "2001:db8::1",
	    "::/0 via fd00::9 dev eth0 table 254 metric 1024");
	fib_fini(&f);
	walk_fini(&w);
}

/* But at ::/0 they hide the others of their prefix from all other sources
 * (fib6_node_lookup_1()). */
static void
source_specific_routes_hide_the_others(void **state)
{
	struct walk w = { 0 };
	struct fib f;

	(void)state;
	plain_fib(&f);
	add_route(&f, "::/0 via fd00::9 dev eth0");
	add_route(&f, "2001:db8::/32 via fd00::8 dev eth0");
	add_route(&f, "2001:db8::/32 from fd00:5::/64 via fd00::7 dev eth0");
	finds(&w, &f, "2001:db8::1 from fd00::1",
	    "::/0 via fd00::9 dev eth0 table 254 metric 1024");
	passed_is(&w, 0, PASSED_SOURCE);
	passed_is(&w, 1, PASSED_HIDDEN);
	assert_false(w.unsure);
	/* on the way back they are seen */
	f.routes.at[4].hop[0].flags = RTNH_F_DEAD;
	finds(&w, &f, "2001:db8::1 from fd00:5::1",
	    "2001:db8::/32 via fd00::8 dev eth0 table 254 metric 1024");
	fib_fini(&f);
	walk_fini(&w);
}

static void
what_no_dump_shows_makes_unsure(void **state)
{
	struct walk w = { 0 };
	struct fib f;

	(void)state;
	plain_fib(&f);
	add_route(&f, "2001:db8::/32 from fd00::/64 via fd00::7 dev eth0");
	comes_to(&w, &f, "2001:db8::1 from fd00::1", VERDICT_ROUTE, 0);
	assert_false(w.unsure);
	/* depends on which came first */
	add_route(&f, "2001:db8:1::/48 via fd00::8 dev eth0");
	comes_to(&w, &f, "2001:db8::1 from fd00::1", VERDICT_ROUTE, 0);
	assert_true(w.unsure);
	fib_fini(&f);
	walk_fini(&w);
}

static void
throw_sends_on_and_a_suppressed_default_too(void **state)
{
	struct walk w = { 0 };
	struct fib f;

	(void)state;
	plain_fib(&f);
	add_route(&f, "::/0 via fd00::9 dev eth0");
	add_route(&f, "throw 2001:db8::/32 table 77");
	f.rules.count--;
	add_rule(&f, "priority 5 lookup 77");
	add_rule(&f, "priority 6 lookup main suppress_prefixlength 0");
	comes_to(&w, &f, "2001:db8::1", VERDICT_ERROR, -ENETUNREACH);
	assert_int_equal(w.steps[1].came, CAME_THROW);
	assert_int_equal(w.steps[2].came, CAME_SUPPRESSED_LENGTH);
	assert_null(walk_end(&w));
	fib_fini(&f);
	walk_fini(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_rule_for_a_source_waits_for_one),
		cmocka_unit_test(the_lowest_metric_wins_then_the_preference),
		cmocka_unit_test(behind_the_first_metric_all_compete),
		cmocka_unit_test(a_host_avoids_gateways_that_do_not_answer),
		cmocka_unit_test(
		    a_device_is_a_must_without_a_source_and_else_a_wish),
		cmocka_unit_test(a_route_that_refuses_is_none_of_a_bound_socket),
		cmocka_unit_test(source_specific_routes_come_first),
		cmocka_unit_test(source_specific_routes_hide_the_others),
		cmocka_unit_test(what_no_dump_shows_makes_unsure),
		cmocka_unit_test(throw_sends_on_and_a_suppressed_default_too),
	};

	return cmocka_run_group_tests_name("walk, IPv6", tests, NULL, NULL);
}
