/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: unit tests of walk: the rules, and the routes of IPv4. */
#include "fib.h"
#include "values.h"

#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))

/* Three rules of the kernel's, a subnet and a default by eth0. */
static void
plain_fib(struct fib *f)
{
	fib_start(f, AF_INET);
	add_rule(f, "priority 0 from all lookup local");
	add_route(f, "local 10.0.0.1 dev eth0 table local");
	add_route(f, "default via 10.0.0.254 dev eth0 metric 100");
	add_route(f, "10.0.0.0/24 dev eth0");
	add_address(f, "10.0.0.1/24", "eth0");
}

static void
main_rule(struct fib *f)
{
	add_rule(f, "priority 32766 from all lookup main");
}

static void
the_first_rule_that_leads_to_a_route_decides(void **state)
{
	static const enum came came[] = {
		CAME_NO_ROUTE, CAME_NO_TABLE, CAME_ROUTE, CAME_NOT_REACHED,
	};
	struct walk w = { 0 };
	struct fib f;

	(void)state;
	plain_fib(&f);
	add_rule(&f, "priority 10 from all lookup 77");
	main_rule(&f);
	add_rule(&f, "priority 32767 from all lookup default");
	finds(&w, &f, "192.0.2.1",
	    "default via 10.0.0.254 dev eth0 table 254 metric 100");
	rules_came_to(&w, came, COUNT(came));
	assert_int_equal(walk_end(&w)->rule->priority, 32766);
	finds(&w, &f, "10.0.0.1",
	    "local 10.0.0.1 dev eth0 table 255 scope host");
	assert_int_equal(walk_end(&w)->rule->priority, 0);
	fib_fini(&f);
	walk_fini(&w);
}

static void
each_selector_that_differs_is_told(void **state)
{
	static const struct {
		const char *rule, *packet;
		enum differs differs;
	} cases[] = {
		{ "from 10.0.0.2", "192.0.2.1", DIFFERS_FROM },
		{ "from 10.0.0.2", "192.0.2.1 from 10.0.0.1", DIFFERS_FROM },
		{ "from 10.0.0.1", "192.0.2.1 from 10.0.0.1", DIFFERS_NOT },
		/* IPv4: no source is 0.0.0.0 */
		{ "from 0.0.0.0/8", "192.0.2.1", DIFFERS_NOT },
		{ "to 192.0.2.0/25", "192.0.2.200", DIFFERS_TO },
		{ "to 192.0.2.0/24", "192.0.2.200", DIFFERS_NOT },
		{ "iif eth1", "192.0.2.1", DIFFERS_IIF },
		{ "iif lo", "192.0.2.1", DIFFERS_NOT },
		{ "iif gone", "192.0.2.1", DIFFERS_IIF_GONE },
		{ "oif eth1", "192.0.2.1", DIFFERS_OIF },
		{ "oif eth1", "192.0.2.1 oif eth1", DIFFERS_NOT },
		{ "oif gone", "192.0.2.1 oif eth1", DIFFERS_OIF_GONE },
		{ "fwmark 3", "192.0.2.1", DIFFERS_MARK },
		{ "fwmark 0x10/0xf0", "192.0.2.1 mark 0x13", DIFFERS_NOT },
		{ "fwmark 0/0x1", "192.0.2.1 mark 1", DIFFERS_MARK },
		{ "tun_id 5", "192.0.2.1", DIFFERS_TUN_ID },
		{ "l3mdev", "192.0.2.1", DIFFERS_L3MDEV },
		{ "uidrange 5-9", "192.0.2.1 uid 10", DIFFERS_UID },
		{ "uidrange 5-9", "192.0.2.1 uid 9", DIFFERS_NOT },
		{ "tos 10", "192.0.2.1 tos 8", DIFFERS_TOS },
		/* IPv4 looks at three bits of it */
		{ "tos 10", "192.0.2.1 tos b0", DIFFERS_NOT },
		{ "ipproto tcp", "192.0.2.1 ipproto udp", DIFFERS_IPPROTO },
		/* not said is UDP to IPv4 */
		{ "ipproto udp", "192.0.2.1", DIFFERS_NOT },
		{ "sport 5-9", "192.0.2.1 sport 4", DIFFERS_SPORT },
		{ "dport 5-9", "192.0.2.1 dport 10", DIFFERS_DPORT },
		{ "dport 5-9", "192.0.2.1 dport 5", DIFFERS_NOT },
		{ "not to 192.0.2.0/24", "192.0.2.1", DIFFERS_INVERTED },
		{ "not to 192.0.2.0/24", "198.51.100.1", DIFFERS_NOT },
		{ "not iif gone", "198.51.100.1", DIFFERS_NOT },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct walk w = { 0 };
		struct question q = asked(cases[i].packet);
		char words[128];
		struct fib f;

		plain_fib(&f);
		snprintf(words, sizeof(words), "priority 9 %s lookup 77",
		    cases[i].rule);
		/* l3mdev names no table */
		if (!strcmp(cases[i].rule, "l3mdev"))
			strcpy(words, "priority 9 l3mdev");
		add_rule(&f, words);
		assert_int_equal(walk(&w, &f, &q), 0);
		if (w.steps[1].differs != cases[i].differs)
			fail_msg("%s: %d", cases[i].rule,
			    (int)w.steps[1].differs);
		assert_int_equal(w.steps[1].came, cases[i].differs ?
		    CAME_UNMATCHED : CAME_NO_TABLE);
		fib_fini(&f);
		walk_fini(&w);
	}
}

static void
goto_skips_and_may_lead_nowhere(void **state)
{
	static const enum came skips[] = {
		CAME_NO_ROUTE, CAME_GOTO, CAME_JUMPED_OVER, CAME_NOP,
		CAME_ROUTE,
	};
	static const enum came nowhere[] = {
		CAME_NO_ROUTE, CAME_GOTO_NOWHERE, CAME_REFUSED,
		CAME_NOT_REACHED, CAME_NOT_REACHED,
	};
	struct walk w = { 0 };
	struct fib f;

	(void)state;
	plain_fib(&f);
	add_rule(&f, "priority 10 from all goto 30");
	add_rule(&f, "priority 20 from all prohibit");
	add_rule(&f, "priority 30 from all nop");
	main_rule(&f);
	comes_to(&w, &f, "192.0.2.1", VERDICT_ROUTE, 0);
	rules_came_to(&w, skips, COUNT(skips));
	f.rules.at[1].target = 31;
	comes_to(&w, &f, "192.0.2.1", VERDICT_ERROR, -EACCES);
	rules_came_to(&w, nowhere, COUNT(nowhere));
	fib_fini(&f);
	walk_fini(&w);
}

static void
a_rule_may_suppress_what_it_found(void **state)
{
	struct walk w = { 0 };
	struct fib f;

	(void)state;
	plain_fib(&f);
	add_rule(&f, "priority 10 lookup main suppress_prefixlength 0");
	add_route(&f, "default via 10.0.1.254 dev eth1 table 77");
	add_rule(&f, "priority 20 lookup 77");
	finds(&w, &f, "192.0.2.1",
	    "default via 10.0.1.254 dev eth1 table 77");
	assert_int_equal(w.steps[1].came, CAME_SUPPRESSED_LENGTH);
	finds(&w, &f, "10.0.0.7",
	    "10.0.0.0/24 dev eth0 table 254 scope link");
	f.rules.at[1].suppress_prefixlen = -1;
	f.rules.at[1].suppress_ifgroup = 2;
	finds(&w, &f, "10.0.0.7",
	    "default via 10.0.1.254 dev eth1 table 77");
	assert_int_equal(w.steps[1].came, CAME_SUPPRESSED_GROUP);
	f.rules.at[1].suppress_ifgroup = 3;
	finds(&w, &f, "10.0.0.7",
	    "10.0.0.0/24 dev eth0 table 254 scope link");
	fib_fini(&f);
	walk_fini(&w);
}

static void
routes_that_refuse_end_the_search_and_throw_does_not(void **state)
{
	static const struct {
		const char *type;
		int error;
	} cases[] = {
		{ "unreachable", -EHOSTUNREACH }, { "blackhole", -EINVAL },
		{ "prohibit", -EACCES },
	};
	struct walk w = { 0 };
	char words[64];
	struct fib f;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		plain_fib(&f);
		/* nor is it suppressed */
		add_rule(&f, "priority 9 lookup 77 suppress_prefixlength 32");
		main_rule(&f);
		snprintf(words, sizeof(words), "%s default table 77",
		    cases[i].type);
		add_route(&f, words);
		comes_to(&w, &f, "192.0.2.1", VERDICT_ERROR, cases[i].error);
		assert_int_equal(w.steps[1].came, CAME_ROUTE);
		fib_fini(&f);
	}
	plain_fib(&f);
	add_rule(&f, "priority 9 lookup 77");
	main_rule(&f);
	add_route(&f, "throw 192.0.2.0/24 table 77");
	add_route(&f, "default via 10.0.1.254 dev eth1 table 77");
	comes_to(&w, &f, "192.0.2.1", VERDICT_ROUTE, 0);
	assert_int_equal(w.steps[1].came, CAME_THROW);
	assert_int_equal(w.route->table, RT_TABLE_MAIN);
	finds(&w, &f, "198.51.100.1",
	    "default via 10.0.1.254 dev eth1 table 77");
	fib_fini(&f);
	walk_fini(&w);
}

/* Those of one prefix in the order of the dump: by tos, then by metric. */
static void
the_longest_prefix_wins_then_tos_then_the_metric(void **state)
{
	struct walk w = { 0 };
	struct fib f;

	(void)state;
	plain_fib(&f);
	main_rule(&f);
	add_route(&f, "192.0.2.0/24 tos 10 via 10.0.0.3 dev eth0");
	add_route(&f, "192.0.2.0/24 via 10.0.0.4 dev eth0 metric 1");
	add_route(&f, "192.0.2.0/24 via 10.0.0.5 dev eth0 metric 2");
	add_route(&f, "192.0.2.0/25 via 10.0.0.6 dev eth0 metric 9");
	finds(&w, &f, "192.0.2.1",
	    "192.0.2.0/25 via 10.0.0.6 dev eth0 table 254 metric 9");
	finds(&w, &f, "192.0.2.200 tos 10",
	    "192.0.2.0/24 tos 0x10 via 10.0.0.3 dev eth0 table 254");
	finds(&w, &f, "192.0.2.200",
	    "192.0.2.0/24 via 10.0.0.4 dev eth0 table 254 metric 1");
	passed_is(&w, 0, PASSED_TOS);
	fib_fini(&f);
	walk_fini(&w);
}

static void
what_is_down_is_passed_over(void **state)
{
	struct walk w = { 0 };
	struct route *r;
	struct fib f;

	(void)state;
	plain_fib(&f);
	main_rule(&f);
	r = &f.routes.at[1];
	r->flags = r->hop[0].flags = RTNH_F_DEAD | RTNH_F_LINKDOWN;
	add_route(&f, "default via 10.0.1.254 dev eth1 metric 200");
	finds(&w, &f, "192.0.2.1",
	    "default via 10.0.1.254 dev eth1 table 254 metric 200");
	passed_is(&w, 0, PASSED_LINKDOWN);
	assert_int_equal(walk_end(&w)->passed_count, 1);
	/* The array may have moved. */
	r = &f.routes.at[1];
	f.links.at[1].flags = 0;
	comes_to(&w, &f, "192.0.2.1", VERDICT_ROUTE, 0);
	passed_is(&w, 0, PASSED_DEAD);
	/* without the sysctl it only says so */
	f.links.at[1].flags = IFF_UP;
	r->flags = r->hop[0].flags = RTNH_F_LINKDOWN;
	finds(&w, &f, "192.0.2.1",
	    "default via 10.0.0.254 dev eth0 table 254 metric 100");
	fib_fini(&f);
	walk_fini(&w);
}

static void
a_multipath_route_may_use_those_hops_that_live(void **state)
{
	struct walk w = { 0 };
	struct route *r;
	struct fib f;

	(void)state;
	plain_fib(&f);
	main_rule(&f);
	r = add_route(&f, "192.0.2.0/24 nexthop via 10.0.0.3 dev eth0 "
	    "nexthop via 10.0.1.3 dev eth1 nexthop via 10.0.2.3 dev eth2");
	comes_to(&w, &f, "192.0.2.1", VERDICT_ROUTE, 0);
	assert_int_equal(w.usable, 7);
	r->hop[1].flags = RTNH_F_DEAD;
	comes_to(&w, &f, "192.0.2.1", VERDICT_ROUTE, 0);
	assert_int_equal(w.usable, 5);
	comes_to(&w, &f, "192.0.2.1 oif eth2", VERDICT_ROUTE, 0);
	assert_int_equal(w.usable, 4);
	fib_fini(&f);
	walk_fini(&w);
}

static void
equal_defaults_take_turns(void **state)
{
	struct walk w = { 0 };
	struct fib f;

	(void)state;
	plain_fib(&f);
	main_rule(&f);
	add_route(&f, "default via 10.0.0.253 dev eth0 metric 100");
	add_route(&f, "default via 10.0.0.252 dev eth0 metric 101");
	comes_to(&w, &f, "192.0.2.1", VERDICT_ROUTE, 0);
	assert_int_equal(w.other_count, 1);
	assert_int_equal(w.others[0]->hop[0].via.byte[3], 253);
	comes_to(&w, &f, "192.0.2.1 oif eth0", VERDICT_ROUTE, 0);
	assert_int_equal(w.other_count, 0);
	fib_fini(&f);
	walk_fini(&w);
}

static void
a_bound_socket_takes_its_device_or_sends_anyway(void **state)
{
	struct walk w = { 0 };
	struct fib f;

	(void)state;
	plain_fib(&f);
	main_rule(&f);
	add_route(&f, "default via 10.0.1.254 dev eth1 metric 200");
	finds(&w, &f, "192.0.2.1 oif eth1",
	    "default via 10.0.1.254 dev eth1 table 254 metric 200");
	passed_is(&w, 0, PASSED_OIF);
	comes_to(&w, &f, "192.0.2.1 oif eth2", VERDICT_ON_LINK, 0);
	assert_int_equal(w.device, index_of("eth2"));
	f.links.at[3].flags = 0;
	comes_to(&w, &f, "192.0.2.1 oif eth2", VERDICT_DEVICE_DOWN,
	    -ENETUNREACH);
	fib_fini(&f);
	walk_fini(&w);
}

static void
what_is_no_source_here_is_refused_before_the_rules(void **state)
{
	struct walk w = { 0 };
	struct fib f;

	(void)state;
	plain_fib(&f);
	main_rule(&f);
	add_route(&f, "local 127.0.0.0/8 dev lo table local");
	comes_to(&w, &f, "192.0.2.1 from 10.0.0.2", VERDICT_NOT_OURS,
	    -ENETUNREACH);
	assert_int_equal(w.steps[0].came, CAME_NOT_REACHED);
	comes_to(&w, &f, "192.0.2.1 from 224.0.0.5", VERDICT_BAD_SOURCE,
	    -EINVAL);
	/* table local counts as well as addresses */
	comes_to(&w, &f, "127.0.0.1 from 127.0.0.9", VERDICT_ROUTE, 0);
	comes_to(&w, &f, "192.0.2.1 from 127.0.0.9", VERDICT_LOOPBACK_OUT,
	    -EINVAL);
	comes_to(&w, &f, "255.255.255.255 from 10.0.0.1", VERDICT_DIRECT, 0);
	fib_fini(&f);
	walk_fini(&w);
}

static void
what_comes_in_must_be_forwarded_and_have_a_way_back(void **state)
{
	struct walk w = { 0 };
	struct fib f;

	(void)state;
	plain_fib(&f);
	main_rule(&f);
	add_route(&f, "192.0.2.0/24 via 10.0.1.3 dev eth1");
	add_address(&f, "10.0.1.1/24", "eth1");
	comes_to(&w, &f, "192.0.2.1 from 198.51.100.1 iif eth0",
	    VERDICT_NOT_FORWARDING, -EHOSTUNREACH);
	f.input.forwarding = true;
	comes_to(&w, &f, "192.0.2.1 from 198.51.100.1 iif eth0", VERDICT_ROUTE,
	    0);
	/* the way back is by eth0 */
	comes_to(&w, &f, "10.0.0.1 from 198.51.100.1 iif eth1", VERDICT_ROUTE,
	    0);
	f.input.rp_filter = 2;
	comes_to(&w, &f, "10.0.0.1 from 198.51.100.1 iif eth1", VERDICT_ROUTE,
	    0);
	f.input.rp_filter = 1;
	comes_to(&w, &f, "10.0.0.1 from 198.51.100.1 iif eth1",
	    VERDICT_SOURCE, -EINVAL);
	assert_int_equal(w.source, SOURCE_OTHER_DEVICE);
	assert_int_equal(w.back->hop[0].ifindex, index_of("eth0"));
	comes_to(&w, &f, "10.0.0.1 from 198.51.100.1 iif eth0", VERDICT_ROUTE,
	    0);
	f.input.rp_filter = 0;
	comes_to(&w, &f, "192.0.2.1 from 10.0.0.1 iif eth0", VERDICT_SOURCE,
	    -EINVAL);
	assert_int_equal(w.source, SOURCE_OURS);
	f.input.accept_local = true;
	comes_to(&w, &f, "192.0.2.1 from 10.0.0.1 iif eth0", VERDICT_ROUTE, 0);
	comes_to(&w, &f, "127.0.0.1 from 10.0.0.9 iif eth0", VERDICT_LOOPBACK,
	    -EINVAL);
	fib_fini(&f);
	walk_fini(&w);
}

static void
a_loose_filter_wants_some_way_back(void **state)
{
	struct walk w = { 0 };
	struct fib f;

	(void)state;
	fib_start(&f, AF_INET);
	add_rule(&f, "priority 0 from all lookup local");
	main_rule(&f);
	add_route(&f, "local 10.0.0.1 dev eth0 table local");
	add_address(&f, "10.0.0.1/24", "eth0");
	f.input.rp_filter = 2;
	comes_to(&w, &f, "10.0.0.1 from 198.51.100.1 iif eth0",
	    VERDICT_SOURCE, -EINVAL);
	assert_int_equal(w.source, SOURCE_NO_ROUTE);
	fib_fini(&f);
	walk_fini(&w);
}

static void
the_way_back_has_the_mark_only_where_told(void **state)
{
	struct walk w = { 0 };
	struct fib f;

	(void)state;
	plain_fib(&f);
	add_rule(&f, "priority 5 to 198.51.100.0/24 fwmark 1 prohibit");
	main_rule(&f);
	f.input.rp_filter = 2;
	comes_to(&w, &f, "10.0.0.1 from 198.51.100.1 iif eth0 mark 1",
	    VERDICT_ROUTE, 0);
	f.input.src_valid_mark = true;
	comes_to(&w, &f, "10.0.0.1 from 198.51.100.1 iif eth0 mark 1",
	    VERDICT_SOURCE, -EINVAL);
	assert_int_equal(w.source, SOURCE_NO_ROUTE);
	fib_fini(&f);
	walk_fini(&w);
}

/* fib_table_lookup() leaves the leaf of the trie. */
static void
an_unusable_next_hop_object_hides_more(void **state)
{
	struct walk w = { 0 };
	struct route *r;
	struct fib f;

	(void)state;
	plain_fib(&f);
	main_rule(&f);
	add_route(&f, "192.0.0.0/16 via 10.0.1.3 dev eth1");
	r = add_route(&f, "192.0.0.0/24 via 10.0.0.3 dev eth0");
	add_route(&f, "192.0.0.0/8 via 10.0.1.4 dev eth1");
	add_route(&f, "128.0.0.0/1 via 10.0.1.5 dev eth1");
	r = &f.routes.at[4];
	r->nhid = 7;
	comes_to(&w, &f, "192.0.0.1 oif eth1", VERDICT_ROUTE, 0);
	assert_int_equal(w.route->dst.len, 1);
	passed_is(&w, 0, PASSED_OIF);
	r->nhid = 0;
	comes_to(&w, &f, "192.0.0.1 oif eth1", VERDICT_ROUTE, 0);
	assert_int_equal(w.route->dst.len, 16);
	/* and what is in it may not be told */
	r->nhid = 7;
	r->hop_count = 0;
	comes_to(&w, &f, "192.0.0.1", VERDICT_ROUTE, 0);
	assert_true(w.unsure);
	fib_fini(&f);
	walk_fini(&w);
}

static void
local_and_main_may_be_one(void **state)
{
	struct walk w = { 0 };
	struct fib f;

	(void)state;
	plain_fib(&f);
	main_rule(&f);
	add_rule(&f, "priority 32767 from all lookup default");
	assert_true(walk_has_first_rules(&f));
	add_route(&f, "local 192.0.0.0/16 dev lo table local");
	add_route(&f, "192.0.2.0/24 via 10.0.0.3 dev eth0");
	comes_to(&w, &f, "192.0.2.1", VERDICT_ROUTE, 0);
	assert_int_equal(w.route->type, RTN_LOCAL);
	f.merged = true;
	comes_to(&w, &f, "192.0.2.1", VERDICT_ROUTE, 0);
	assert_int_equal(w.route->type, RTN_UNICAST);
	passed_is(&w, 0, PASSED_MERGED);
	comes_to(&w, &f, "192.0.3.1", VERDICT_ROUTE, 0);
	assert_int_equal(w.route->type, RTN_LOCAL);
	fib_fini(&f);
	walk_fini(&w);
}

/* Ports count for what comes in only where a rule asks that can match it. */
static void
the_kernel_looks_into_a_packet_for_a_rule_only(void **state)
{
	struct walk w = { 0 };
	struct fib f;

	(void)state;
	plain_fib(&f);
	add_rule(&f, "priority 5 not iif lo ipproto tcp lookup 77");
	main_rule(&f);
	add_route(&f, "default via 10.0.1.254 dev eth1 table 77");
	f.input.forwarding = true;
	comes_to(&w, &f, "192.0.2.1 from 10.0.0.9 iif eth0 ipproto tcp",
	    VERDICT_ROUTE, 0);
	assert_int_equal(w.route->table, 77);
	add_rule(&f, "priority 32767 dport 5 lookup 77");
	f.rules.at[1].invert = false;
	f.rules.at[1].iif[0] = '\0';
	comes_to(&w, &f, "192.0.2.1 from 10.0.0.9 iif eth0 ipproto tcp",
	    VERDICT_ROUTE, 0);
	assert_int_equal(w.route->table, 77);
	strcpy(f.rules.at[1].iif, "lo");
	strcpy(f.rules.at[3].iif, "lo");
	comes_to(&w, &f, "192.0.2.1 from 10.0.0.9 iif eth0 ipproto tcp",
	    VERDICT_ROUTE, 0);
	assert_int_equal(w.route->table, RT_TABLE_MAIN);
	/* nor for its way back, which such a rule could match */
	f.rules.at[1].action = FR_ACT_PROHIBIT;
	f.input.rp_filter = 2;
	comes_to(&w, &f, "10.0.0.1 from 198.51.100.1 iif eth0 ipproto tcp",
	    VERDICT_ROUTE, 0);
	f.rules.at[3].iif[0] = '\0';
	comes_to(&w, &f, "10.0.0.1 from 198.51.100.1 iif eth0 ipproto tcp",
	    VERDICT_SOURCE, -EINVAL);
	fib_fini(&f);
	walk_fini(&w);
}

static void
a_vrf_has_a_table_of_its_own(void **state)
{
	struct walk w = { 0 };
	struct fib f;

	(void)state;
	plain_fib(&f);
	add_rule(&f, "priority 1000 l3mdev");
	main_rule(&f);
	add_route(&f, "default via 10.0.2.254 dev eth2 table 55");
	/* eth1 is the VRF, eth2 belongs to it */
	f.links.at[2].vrf_table = 55;
	f.links.at[3].master = index_of("eth1");
	f.links.at[3].master_is_vrf = true;
	comes_to(&w, &f, "192.0.2.1", VERDICT_ROUTE, 0);
	assert_int_equal(w.route->table, RT_TABLE_MAIN);
	comes_to(&w, &f, "192.0.2.1 oif eth1", VERDICT_ROUTE, 0);
	assert_int_equal(w.route->table, 55);
	comes_to(&w, &f, "192.0.2.1 oif eth2", VERDICT_ROUTE, 0);
	assert_int_equal(w.route->table, 55);
	f.input.forwarding = true;
	comes_to(&w, &f, "192.0.2.1 from 10.0.2.9 iif eth2", VERDICT_ROUTE, 0);
	assert_int_equal(w.route->table, 55);
	fib_fini(&f);
	walk_fini(&w);
}

static void
what_is_not_known_makes_unsure(void **state)
{
	struct walk w = { 0 };
	struct rule *r;
	struct fib f;

	(void)state;
	plain_fib(&f);
	r = add_rule(&f, "priority 5 to 192.0.2.0/24 prohibit");
	main_rule(&f);
	r = &f.rules.at[1];
	r->unknown = 25;
	comes_to(&w, &f, "192.0.2.1", VERDICT_ROUTE, 0);
	assert_int_equal(w.steps[1].differs, DIFFERS_UNKNOWN);
	assert_true(w.unsure);
	/* what is known is enough */
	comes_to(&w, &f, "198.51.100.1", VERDICT_ROUTE, 0);
	assert_int_equal(w.steps[1].differs, DIFFERS_TO);
	assert_false(w.unsure);
	r->invert = true;
	comes_to(&w, &f, "198.51.100.1", VERDICT_ROUTE, 0);
	assert_true(w.unsure);
	fib_fini(&f);
	walk_fini(&w);
}

static void
an_answer_agrees_if_it_is_one_of_those_possible(void **state)
{
	struct kernel_answer a = { .has_route = true };
	struct walk w = { 0 };
	struct question q = asked("192.0.2.1");
	struct fib f;

	(void)state;
	plain_fib(&f);
	main_rule(&f);
	add_route(&f, "192.0.2.0/24 nexthop via 10.0.0.3 dev eth0 "
	    "nexthop via 10.0.1.3 dev eth1");
	assert_int_equal(walk(&w, &f, &q), 0);
	a.route = *w.route;
	a.taken.hop_count = 1;
	a.taken.hop[0] = w.route->hop[1];
	assert_true(walk_agrees(&w, &q, &a));
	a.taken.hop[0].via.byte[3] = 4;
	assert_false(walk_agrees(&w, &q, &a));
	a.taken.hop[0] = w.route->hop[0];
	a.route.metric = 5;
	assert_false(walk_agrees(&w, &q, &a));
	a.error = -ENETUNREACH;
	assert_false(walk_agrees(&w, &q, &a));
	w.unsure = true;
	assert_true(walk_agrees(&w, &q, &a));
	fib_fini(&f);
	walk_fini(&w);
}

static struct question
random_question(const struct fib *f)
{
	struct question q;

	question_init(&q, f->family);
	/* often where a route leads */
	q.to = f->routes.count && dice(2) ?
	    f->routes.at[dice((uint32_t)f->routes.count)].dst.addr :
	    value_addr(f->family);
	q.to.family = (uint8_t)f->family;
	if (dice(2))
		q.from = value_addr(f->family);
	if (dice(3) == 0)
		q.iif = 1 + dice(6);
	else
		q.oif = dice(2) ? 1 + dice(6) : 0;
	q.mark = value_u32(UINT32_MAX);
	q.uid = value_u32(UINT32_MAX);
	q.ipproto = (uint8_t)value_u32(255);
	q.sport = (uint16_t)value_u32(UINT16_MAX);
	q.dport = (uint16_t)value_u32(UINT16_MAX);
	q.tos = (uint8_t)dice(256);
	return q;
}

/* Whatever stands there: one end at most, and nothing is reached behind it. */
static void
holds_together(const struct walk *w, const struct fib *f)
{
	const struct step *end = walk_end(w);
	bool over = false;

	assert_int_equal(w->count, f->rules.count);
	for (size_t i = 0; i < w->count; i++) {
		const struct step *s = &w->steps[i];

		assert_ptr_equal(s->rule, &f->rules.at[i]);
		assert_true(!over || s->came == CAME_NOT_REACHED);
		over |= s == end;
		assert_true(s->passed + s->passed_count <= w->passed_count);
		assert_int_equal(s->came == CAME_UNMATCHED,
		    s->differs != DIFFERS_NOT);
	}
	if (w->verdict == VERDICT_ROUTE) {
		assert_non_null(w->route);
		assert_non_null(end);
		assert_ptr_equal(end->route, w->route);
		assert_true(w->usable >> w->route->hop_count == 0);
		assert_int_equal(w->error, 0);
	} else if (w->verdict == VERDICT_ERROR) {
		assert_true(w->error < 0);
	}
}

static void
random_policies_never_confuse_it(void **state)
{
	struct walk w = { 0 };

	(void)state;
	srand(11);
	for (int i = 0; i < 10000; i++) {
		int family = dice(2) ? AF_INET : AF_INET6;
		struct fib f;

		fib_start(&f, family);
		for (uint32_t n = dice(12); n > 0; n--) {
			struct rule *r = fib_add_rule(&f);

			value_rule(r, family);
			r->table = dice(3);
			r->priority = dice(9);
			r->target = dice(12);
			r->unknown = dice(20) ? 0 : 25;
		}
		for (uint32_t n = dice(20); n > 0; n--) {
			struct route *r = fib_add_route(&f);

			value_route(r, family);
			r->table = 1 + dice(3);
			r->dst.len = (uint8_t)dice(dice(2) ? 3 : 33);
			r->src.len = (uint8_t)dice(2);
			r->expired = dice(9) == 0;
			for (size_t h = 0; h < r->hop_count; h++)
				r->hop[h].flags = dice(4) ? 0 : dice(32);
		}
		f.input.forwarding = dice(2);
		f.input.rp_filter = dice(3);
		f.forwarding6 = dice(2);
		for (int n = 0; n < 100; n++) {
			struct question q = random_question(&f);

			assert_int_equal(walk(&w, &f, &q), 0);
			holds_together(&w, &f);
		}
		fib_fini(&f);
	}
	walk_fini(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_rule_that_leads_to_a_route_decides),
		cmocka_unit_test(each_selector_that_differs_is_told),
		cmocka_unit_test(goto_skips_and_may_lead_nowhere),
		cmocka_unit_test(a_rule_may_suppress_what_it_found),
		cmocka_unit_test(
		    routes_that_refuse_end_the_search_and_throw_does_not),
		cmocka_unit_test(
		    the_longest_prefix_wins_then_tos_then_the_metric),
		cmocka_unit_test(what_is_down_is_passed_over),
		cmocka_unit_test(a_multipath_route_may_use_those_hops_that_live),
		cmocka_unit_test(equal_defaults_take_turns),
		cmocka_unit_test(
		    a_bound_socket_takes_its_device_or_sends_anyway),
		cmocka_unit_test(
		    what_is_no_source_here_is_refused_before_the_rules),
		cmocka_unit_test(
		    what_comes_in_must_be_forwarded_and_have_a_way_back),
		cmocka_unit_test(a_loose_filter_wants_some_way_back),
		cmocka_unit_test(the_way_back_has_the_mark_only_where_told),
		cmocka_unit_test(an_unusable_next_hop_object_hides_more),
		cmocka_unit_test(local_and_main_may_be_one),
		cmocka_unit_test(the_kernel_looks_into_a_packet_for_a_rule_only),
		cmocka_unit_test(a_vrf_has_a_table_of_its_own),
		cmocka_unit_test(what_is_not_known_makes_unsure),
		cmocka_unit_test(
		    an_answer_agrees_if_it_is_one_of_those_possible),
		cmocka_unit_test(random_policies_never_confuse_it),
	};

	return cmocka_run_group_tests_name("walk", tests, NULL, NULL);
}
