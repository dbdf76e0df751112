/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: unit tests of unbound.c. */
#include "stage.h"

#include "unbound.h"

/* "eth0 now, eth1 next; eth0" and what the kernel would do. */
static void
assert_turns(struct stage *s, int family, const char *way, const char *want)
{
	struct text said = { 0 };
	struct unbound u;

	s->h.way[host_index(family)] = way ? index_of(way) : 0;
	for (size_t i = 0; i < s->h.now.routes.count; i++)
		number_devices(&s->h.now.routes.at[i]);
	assert_true(unbound_find(&u, &s->h, family));
	for (size_t i = 0; i < u.count; i++)
		text_fmt(&said, "%s%s %s", i ? ", " : "", u.at[i].hop ?
		    u.at[i].hop->dev : "-", unbound_turn_word(u.at[i].turn));
	if (u.elsewhere)
		text_fmt(&said, "; elsewhere %s", u.by->name);
	assert_string_equal(said.at ? said.at : "", want);
	text_fini(&said);
	unbound_fini(&u);
}

static struct stage *
three(void **state)
{
	struct stage *s = *state;

	nic(s, "eth0");
	nic(s, "eth1");
	nic(s, "eth2");
	has_route(s, AF_INET, "default via 10.0.2.1 dev eth2 metric 300");
	has_route(s, AF_INET, "default via 10.0.0.1 dev eth0 metric 100");
	has_route(s, AF_INET, "default via 10.0.1.1 dev eth1 metric 200");
	has_route(s, AF_INET, "10.9.0.0/16 via 10.0.1.1 dev eth1");
	has_route(s, AF_INET, "default via 10.0.1.1 dev eth1 table 7");
	return s;
}

static void
the_smallest_metric_first(void **state)
{
	struct stage *s = three(state);

	assert_turns(s, AF_INET, "eth0", "eth0 now, eth1 next, eth2 next");
	assert_turns(s, AF_INET6, NULL, "");
}

static void
some_defaults_are_not_for_all(void **state)
{
	struct stage *s = three(state);

	has_route(s, AF_INET, "default tos 0x10 via 10.0.0.1 dev eth0");
	has_route(s, AF_INET6, "default from fd00::/64 via fe80::1 dev eth0");
	has_route(s, AF_INET6, "default via fe80::1 dev eth0");
	s->h.now.routes.at[s->h.now.routes.count - 1].expired = true;
	assert_turns(s, AF_INET, "eth0", "eth0 now, eth1 next, eth2 next");
	assert_turns(s, AF_INET6, NULL, "");
}

static void
dead_lines_are_passed_over(void **state)
{
	struct stage *s = three(state);

	s->h.links.at[0].flags = IFF_UP;
	assert_turns(s, AF_INET, "eth0", "eth0 now, eth1 next, eth2 next");
	knobs_of(s, "eth0")->ignore_linkdown[1] = 1;
	assert_turns(s, AF_INET, "eth0", "eth0 now, eth1 next, eth2 next");
	knobs_of(s, "eth0")->ignore_linkdown[0] = 1;
	assert_turns(s, AF_INET, "eth1",
	    "eth0 no carrier, eth1 now, eth2 next");
	s->h.links.at[1].flags = 0;
	assert_turns(s, AF_INET, "eth2", "eth0 no carrier, eth1 down, eth2 now");
	s->h.links.at[2].flags = 0;
	assert_turns(s, AF_INET, NULL, "eth0 no carrier, eth1 down, eth2 down");
}

static void
the_kernel_has_the_last_word(void **state)
{
	struct stage *s = three(state);

	nic(s, "eth3");
	assert_turns(s, AF_INET, "eth3",
	    "eth0 next, eth1 next, eth2 next; elsewhere eth3");
	assert_turns(s, AF_INET, NULL, "eth0 next, eth1 next, eth2 next");
}

static void
of_one_metric_the_kernel_chooses(void **state)
{
	struct stage *s = *state;

	nic(s, "eth0");
	nic(s, "eth1");
	has_route(s, AF_INET6, "default via fe80::1 dev eth0 metric 1024");
	has_route(s, AF_INET6, "default via fe80::2 dev eth1 metric 1024");
	assert_turns(s, AF_INET6, "eth1", "eth0 next, eth1 now");
	assert_turns(s, AF_INET6, "eth0", "eth0 now, eth1 next");
}

static void
several_hops_share(void **state)
{
	struct stage *s = *state;

	nic(s, "eth0");
	nic(s, "eth1");
	has_route(s, AF_INET, "default metric 100 nexthop via 10.0.0.1 dev "
	    "eth0 nexthop via 10.0.1.1 dev eth1");
	assert_turns(s, AF_INET, "eth1", "eth0 now, eth1 now");
	s->h.links.at[0].flags = IFF_UP;
	knobs_of(s, "eth0")->ignore_linkdown[0] = 1;
	assert_turns(s, AF_INET, "eth1", "eth0 no carrier, eth1 now");
}

static void
an_unreachable_default_takes_its_turn(void **state)
{
	struct stage *s = *state;

	nic(s, "eth0");
	has_route(s, AF_INET, "unreachable default metric 50");
	has_route(s, AF_INET, "default via 10.0.0.1 dev eth0 metric 100");
	assert_turns(s, AF_INET, NULL, "- next, eth0 next");
}

#define CASE(f)	cmocka_unit_test_setup_teardown(f, stage_init, stage_fini)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(the_smallest_metric_first),
		CASE(some_defaults_are_not_for_all),
		CASE(dead_lines_are_passed_over),
		CASE(the_kernel_has_the_last_word),
		CASE(of_one_metric_the_kernel_chooses),
		CASE(several_hops_share),
		CASE(an_unreachable_default_takes_its_turn),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
