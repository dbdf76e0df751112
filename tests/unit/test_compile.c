/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: unit tests of compile.c: each key of the design against its objects. */
#include "build.h"

#include <linux/if_addr.h>

#include "compile.h"

/* A stanza on eth1, device facts, and what becomes of it. */
struct stanza {
	struct claim c, before;
	struct snapshot now;
	struct request r;
	struct compiled out;
	struct fault f;
	bool checked;
};

static void
stanza_init(struct stanza *s, int family, const char *own)
{
	memset(s, 0, sizeof(*s));
	s->c = claim_of("eth1", family, own);
	s->c.is_static = own != NULL;
	s->c.spelling = SPELL_INTERFACES;
	snapshot_of(&s->now, "eth1");
}

/* "key value" lines, or NULL in the end. */
static void
stanza_4(struct stanza *s, const char *name, const char *value)
{
	stanza_init(s, AF_INET, "10.0.1.10");
	s->c.router = addr_of("10.0.1.1");
	snapshot_address(&s->now, "10.0.1.10/24");
	if (name)
		set(&s->c, name, value);
}

static void
stanza_6(struct stanza *s, const char *name, const char *value)
{
	stanza_init(s, AF_INET6, "fd00:1::10");
	s->c.router = addr_of("fe80::1");
	snapshot_address(&s->now, "fe80::10/64")->scope = RT_SCOPE_LINK;
	snapshot_address(&s->now, "fd00:1::10/64");
	if (name)
		set(&s->c, name, value);
}

static void
forget(struct stanza *s)
{
	if (s->checked) {
		request_fini(&s->r);
		compiled_fini(&s->out);
	}
	s->checked = false;
}

static enum verdict
run(struct stanza *s)
{
	forget(s);
	if (!request_check(&s->r, &s->c, NULL, NULL, &s->f))
		fail_msg("%s", s->f.text);
	s->checked = true;
	return compile(&s->out, &s->r, &s->c, &s->before, &s->now, &s->f);
}

static void
stanza_fini(struct stanza *s)
{
	forget(s);
	claim_fini(&s->c);
	claim_fini(&s->before);
	snapshot_fini(&s->now);
}

static void
assert_compiles(struct stanza *s, const char *lines)
{
	if (run(s) != VERDICT_DONE)
		fail_msg("%s", s->f.text);
	assert_objects(&s->out.objects, s->c.key.family, lines);
}

/* The same, but of one kind alone: what else there is does not matter. */
static void
assert_some(struct stanza *s, const char *start, const char *lines)
{
	struct objects some = { 0 };

	if (run(s) != VERDICT_DONE)
		fail_msg("%s", s->f.text);
	for (size_t i = 0; i < s->out.objects.count; i++) {
		struct text t = { 0 };

		block_object(&t, &s->out.objects.at[i], NULL);
		if (strncmp(t.at, start, strlen(start)) == 0)
			*objects_add(&some) = s->out.objects.at[i];
		text_fini(&t);
	}
	assert_objects(&some, s->c.key.family, lines);
	objects_fini(&some);
}

#define SUBNET4	"route add 10.0.1.0/24 dev eth1 table 101 protocol 173 " \
	"scope link src 10.0.1.10\n"
#define OUT4	"route add default via 10.0.1.1 dev eth1 table 101 " \
	"protocol 173\n"
#define FROM4	"rule add priority 12030 from 10.0.1.10 lookup 101 " \
	"protocol 173\n"
#define TO4	"rule add priority 12030 to 10.0.1.10 lookup 101 " \
	"protocol 173\n"
#define SUBNET6	"route add fd00:1::/64 dev eth1 table 101 metric 1024 " \
	"protocol 173 src fd00:1::10\n"
#define OUT6	"route add default via fe80::1 dev eth1 table 101 " \
	"metric 1024 protocol 173\n"
#define FROM6	"rule add priority 12030 from fd00:1::10 lookup 101 " \
	"protocol 173\n"
#define TO6	"rule add priority 12030 to fd00:1::10 lookup 101 " \
	"protocol 173\n"

static void
a_table_has_subnet_and_default_and_rules_lead_to_it(void **state)
{
	struct stanza s;

	(void)state;
	stanza_4(&s, "table", "101");
	assert_compiles(&s, SUBNET4 OUT4 FROM4 TO4);
	assert_false(s.out.gateway_offlink);
	assert_false(s.out.src_left_out);
	assert_string_equal(s.out.objects.at[0].said, "101");
	assert_int_equal(s.out.objects.at[0].key, KEY_TABLE);
	stanza_fini(&s);
	stanza_6(&s, "table", "101");
	assert_compiles(&s, SUBNET6 OUT6 FROM6 TO6);
	stanza_fini(&s);
}

static void
without_a_gateway_the_table_has_its_subnets_only(void **state)
{
	struct stanza s;

	(void)state;
	stanza_4(&s, "table", "101");
	set(&s.c, "gateway", "none");
	assert_compiles(&s, SUBNET4 FROM4 TO4);
	stanza_fini(&s);
	stanza_4(&s, "table", "101");
	memset(&s.c.router, 0, sizeof(s.c.router));
	assert_compiles(&s, SUBNET4 FROM4 TO4);
	stanza_fini(&s);
}

static void
match_chooses_the_rules(void **state)
{
	static const struct {
		const char *match, *rules4, *rules6;
	} cases[] = {
		{ "from to", FROM4 TO4, FROM6 TO6 },
		{ "to from", FROM4 TO4, FROM6 TO6 },
		{ "from", FROM4, FROM6 }, { "to", TO4, TO6 },
		{ "none", "", "" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct stanza s;

		stanza_4(&s, "table", "101");
		set(&s.c, "match", cases[i].match);
		assert_some(&s, "rule", cases[i].rules4);
		stanza_fini(&s);
		stanza_6(&s, "table", "101");
		set(&s.c, "match", cases[i].match);
		assert_some(&s, "rule", cases[i].rules6);
		stanza_fini(&s);
	}
}

static void
prefer_main_adds_two_rules_in_front(void **state)
{
	struct stanza s;

	(void)state;
	stanza_4(&s, "table", "101");
	set(&s.c, "prefer-main", "yes");
	set(&s.c, "priority", "5000");
	assert_some(&s, "rule", "rule add priority 5010 from 10.0.1.10 "
	    "lookup 101 suppress_prefixlength 0 protocol 173\n"
	    "rule add priority 5020 from 10.0.1.10 lookup 254 "
	    "suppress_prefixlength 0 protocol 173\n"
	    "rule add priority 5030 from 10.0.1.10 lookup 101 protocol 173\n"
	    "rule add priority 5030 to 10.0.1.10 lookup 101 protocol 173\n");
	set(&s.c, "match", "to");
	assert_some(&s, "rule", "rule add priority 5030 to 10.0.1.10 "
	    "lookup 101 protocol 173\n");
	stanza_fini(&s);
}

static void
addresses_own_all_and_listed_are_covered(void **state)
{
	static const char second[] = "route add 10.0.2.0/24 dev eth1 table "
	    "101 protocol 173 scope link src 10.0.2.10\nrule add priority "
	    "12030 from 10.0.2.10 lookup 101 protocol 173\n";
	struct stanza s;
	char both[1000];

	(void)state;
	stanza_4(&s, "table", "101");
	snapshot_address(&s.now, "10.0.1.11/24");
	snapshot_address(&s.now, "10.0.2.10/24");
	set(&s.c, "match", "from");
	set(&s.c, "gateway", "none");
	assert_compiles(&s, SUBNET4 FROM4);
	/* One subnet, one route, two addresses, two rules. */
	set(&s.c, "addresses", "all");
	snprintf(both, sizeof(both), SUBNET4 FROM4 "rule add priority 12030 "
	    "from 10.0.1.11 lookup 101 protocol 173\n%s", second);
	assert_compiles(&s, both);
	set(&s.c, "addresses", "10.0.2.10, 10.9.9.9");
	assert_compiles(&s, second);
	set(&s.c, "addresses", "own");
	assert_compiles(&s, SUBNET4 FROM4);
	/* Not static: all. */
	s.c.is_static = false;
	settings_fini(&s.c.settings);
	set(&s.c, "table", "101");
	set(&s.c, "match", "from");
	set(&s.c, "gateway", "none");
	assert_compiles(&s, both);
	stanza_fini(&s);
}

static void
a_metric_is_a_default_in_main(void **state)
{
	struct stanza s;

	(void)state;
	stanza_4(&s, "metric", "100");
	set(&s.c, "linkdown", "keep");
	assert_compiles(&s, "route add default via 10.0.1.1 dev eth1 "
	    "table 254 metric 100 protocol 173\n");
	set(&s.c, "source", "own");
	assert_compiles(&s, "route add default via 10.0.1.1 dev eth1 "
	    "table 254 metric 100 protocol 173 src 10.0.1.10\n");
	set(&s.c, "source", "10.0.5.5");
	assert_compiles(&s, "route add default via 10.0.1.1 dev eth1 "
	    "table 254 metric 100 protocol 173 src 10.0.5.5\n");
	stanza_fini(&s);
	stanza_6(&s, "metric", "100");
	set(&s.c, "linkdown", "keep");
	set(&s.c, "source", "own");
	assert_compiles(&s, "route add default via fe80::1 dev eth1 "
	    "table 254 metric 100 protocol 173 src fd00:1::10\n");
	stanza_fini(&s);
}

static void
the_gateway_may_be_another_or_found_in_main(void **state)
{
	struct stanza s;

	(void)state;
	stanza_4(&s, "table", "101");
	set(&s.c, "match", "none");
	set(&s.c, "gateway", "10.0.1.254");
	assert_some(&s, "route add default", "route add default via "
	    "10.0.1.254 dev eth1 table 101 protocol 173\n");
	set(&s.c, "gateway", "10.0.9.1 onlink");
	assert_some(&s, "route add default", "route add default via "
	    "10.0.9.1 dev eth1 onlink table 101 protocol 173\n");
	assert_false(s.out.gateway_offlink);
	set(&s.c, "gateway", "10.0.9.1");
	assert_some(&s, "route add default", "route add default via "
	    "10.0.9.1 dev eth1 table 101 protocol 173\n");
	assert_true(s.out.gateway_offlink);
	set(&s.c, "gateway", "auto");
	memset(&s.c.router, 0, sizeof(s.c.router));
	snapshot_route(&s.now, AF_INET, "default via 10.0.1.77 dev eth1 "
	    "protocol dhcp metric 1024");
	assert_some(&s, "route add default", "route add default via "
	    "10.0.1.77 dev eth1 table 101 protocol 173\n");
	stanza_fini(&s);
}

static void
a_lone_host_reaches_its_gateway_on_link(void **state)
{
	struct stanza s;

	(void)state;
	stanza_init(&s, AF_INET, "10.0.1.10");
	snapshot_address(&s.now, "10.0.1.10/32");
	set(&s.c, "table", "101");
	set(&s.c, "gateway", "10.255.0.1");
	assert_compiles(&s, "route add default via 10.255.0.1 dev eth1 "
	    "onlink table 101 protocol 173\n" FROM4 TO4);
	stanza_fini(&s);
	stanza_init(&s, AF_INET6, "fd00:1::10");
	snapshot_address(&s.now, "fd00:1::10/128");
	set(&s.c, "table", "101");
	set(&s.c, "gateway", "fd00:ff::1");
	assert_compiles(&s, "route add default via fd00:ff::1 dev eth1 "
	    "onlink table 101 metric 1024 protocol 173\n" FROM6 TO6);
	stanza_fini(&s);
}

static void
a_point_to_point_device_routes_to_its_peer(void **state)
{
	struct stanza s;

	(void)state;
	stanza_init(&s, AF_INET, "10.0.1.10");
	snapshot_address(&s.now, "10.0.1.10/32")->peer = addr_of("10.0.3.1");
	set(&s.c, "table", "101");
	set(&s.c, "gateway", "10.0.3.1");
	set(&s.c, "match", "from");
	assert_compiles(&s, "route add 10.0.3.1 dev eth1 table 101 protocol "
	    "173 scope link src 10.0.1.10\nroute add default via 10.0.3.1 "
	    "dev eth1 table 101 protocol 173\n" FROM4);
	assert_false(s.out.gateway_offlink);
	stanza_fini(&s);
}

static void
fallback_is_the_last_route_of_the_table(void **state)
{
	static const char *const words[] = {
		"unreachable", "blackhole", "prohibit",
	};
	char want[200];

	(void)state;
	for (size_t i = 0; i < LENGTH(words); i++) {
		struct stanza s;

		snprintf(want, sizeof(want), "route add %s default table 101 "
		    "metric 4294967295 protocol 173\n", words[i]);
		stanza_4(&s, "table", "101");
		set(&s.c, "gateway", "none");
		set(&s.c, "fallback", words[i]);
		snprintf(want, sizeof(want), "route add %s default table 101 "
		    "metric 4294967295 protocol 173\n" SUBNET4, words[i]);
		assert_some(&s, "route", want);
		stanza_fini(&s);
		stanza_6(&s, "table", "101");
		set(&s.c, "gateway", "none");
		set(&s.c, "fallback", words[i]);
		snprintf(want, sizeof(want), "route add %s default table 101 "
		    "metric 4294967295 protocol 173\n" SUBNET6, words[i]);
		assert_some(&s, "route", want);
		stanza_fini(&s);
	}
}

#define KERNEL4	"10.0.1.0/24 dev eth1 protocol kernel scope link src 10.0.1.10"

static void
connected_metric_puts_ours_in_place_of_the_kernel_s(void **state)
{
	struct stanza s;

	(void)state;
	stanza_4(&s, "metric", "100");
	set(&s.c, "connected", "metric");
	snapshot_route(&s.now, AF_INET, KERNEL4);
	snapshot_route(&s.now, AF_INET, "10.0.1.0/25 dev eth1 protocol kernel "
	    "scope link");
	snapshot_route(&s.now, AF_INET, "10.0.1.0/24 dev eth1 protocol static "
	    "metric 9");
	snapshot_route(&s.now, AF_INET, "10.0.1.0/24 dev eth2 protocol kernel "
	    "scope link src 10.0.1.12");
	assert_compiles(&s, "route add default via 10.0.1.1 dev eth1 table "
	    "254 metric 100 protocol 173\nroute add 10.0.1.0/24 dev eth1 "
	    "table 254 metric 100 protocol 173 scope link src 10.0.1.10\n"
	    "taken route add 10.0.1.0/24 dev eth1 table 254 protocol 2 scope "
	    "link src 10.0.1.10\n"
	    "sysctl ipv4/conf/eth1/ignore_routes_with_linkdown 1\n");
	set(&s.c, "source", "10.0.5.5");
	assert_some(&s, "route add 10.0.1.0/24", "route add 10.0.1.0/24 "
	    "dev eth1 table 254 metric 100 protocol 173 scope link "
	    "src 10.0.5.5\n");
	stanza_fini(&s);
}

static void
connected_none_takes_the_kernel_s_out(void **state)
{
	struct stanza s;

	(void)state;
	stanza_4(&s, "connected", "none");
	snapshot_route(&s.now, AF_INET, KERNEL4);
	assert_compiles(&s, "taken route add 10.0.1.0/24 dev eth1 table 254 "
	    "protocol 2 scope link src 10.0.1.10\n");
	stanza_fini(&s);
	stanza_6(&s, "connected", "none");
	snapshot_route(&s.now, AF_INET6, "fd00:1::/64 dev eth1 protocol "
	    "kernel metric 256");
	snapshot_route(&s.now, AF_INET6, "fe80::/64 dev eth1 protocol kernel "
	    "metric 256");
	assert_compiles(&s, "taken route add fd00:1::/64 dev eth1 table 254 "
	    "metric 256 protocol 2\n");
	stanza_fini(&s);
}

#define DHCP	"taken route add default via 10.0.1.1 dev eth1 table 254 " \
	"protocol 16\n"
#define METRIC	"route add default via 10.0.1.1 dev eth1 table 254 " \
	"metric 100 protocol 173\n"

static void
default_none_and_metric_take_out_every_foreign_default(void **state)
{
	struct stanza s;

	(void)state;
	stanza_4(&s, "default", "none");
	snapshot_route(&s.now, AF_INET, "default via 10.0.1.1 dev eth1 "
	    "protocol dhcp");
	snapshot_route(&s.now, AF_INET, "default via 10.0.1.1 dev eth1 "
	    "protocol static metric 7");
	snapshot_route(&s.now, AF_INET, "default via 10.0.2.1 dev eth2 "
	    "protocol dhcp metric 8");
	snapshot_route(&s.now, AF_INET, "default via 10.0.1.1 dev eth1 "
	    "protocol 173 metric 9");
	assert_compiles(&s, DHCP "taken route add default via 10.0.1.1 "
	    "dev eth1 table 254 metric 7 protocol 4\n");
	set(&s.c, "default", "keep");
	assert_compiles(&s, "");
	set(&s.c, "default", "metric");
	set(&s.c, "metric", "100");
	set(&s.c, "linkdown", "keep");
	assert_compiles(&s, METRIC DHCP "taken route add default via 10.0.1.1 "
	    "dev eth1 table 254 metric 7 protocol 4\n");
	stanza_fini(&s);
}

static void
the_foreign_default_in_our_own_slot_is_left(void **state)
{
	struct stanza s;

	(void)state;
	stanza_4(&s, "default", "none");
	set(&s.c, "metric", "100");
	set(&s.c, "linkdown", "keep");
	snapshot_route(&s.now, AF_INET, "default via 10.0.1.1 dev eth1 "
	    "protocol dhcp metric 100");
	assert_compiles(&s, METRIC);
	stanza_fini(&s);
}

static void
what_was_taken_out_before_stays_in_the_claim(void **state)
{
	struct stanza s;

	(void)state;
	stanza_4(&s, "default", "none");
	objects_of(&s.before.objects, AF_INET, DHCP "taken route add "
	    "10.0.1.0/24 dev eth1 table 254 protocol 2 scope link "
	    "src 10.0.1.10\n");
	/* The device was made again. */
	s.before.objects.at[0].route.hop[0].ifindex = 77;
	assert_compiles(&s, DHCP);
	assert_int_equal(s.out.objects.at[0].route.hop[0].ifindex, 3);
	/* It is there again, with another gateway: that one counts. */
	snapshot_route(&s.now, AF_INET, "default via 10.0.1.2 dev eth1 "
	    "protocol dhcp");
	assert_compiles(&s, "taken route add default via 10.0.1.2 dev eth1 "
	    "table 254 protocol 16\n");
	set(&s.c, "connected", "none");
	assert_some(&s, "taken route add 10", "taken route add 10.0.1.0/24 "
	    "dev eth1 table 254 protocol 2 scope link src 10.0.1.10\n");
	set(&s.c, "connected", "keep");
	set(&s.c, "default", "keep");
	assert_compiles(&s, "");
	stanza_fini(&s);
}

static void
a_taken_default_gives_the_metric_default_its_gateway(void **state)
{
	struct stanza s;

	(void)state;
	stanza_4(&s, "default", "metric");
	memset(&s.c.router, 0, sizeof(s.c.router));
	set(&s.c, "metric", "100");
	set(&s.c, "linkdown", "keep");
	objects_of(&s.before.objects, AF_INET, DHCP);
	assert_compiles(&s, METRIC DHCP);
	stanza_fini(&s);
}

static void
lines_get_table_device_priority_and_protocol(void **state)
{
	struct stanza s;

	(void)state;
	stanza_4(&s, "table", "101");
	set(&s.c, "match", "none");
	set(&s.c, "gateway", "none");
	set(&s.c, "priority", "700");
	set(&s.c, "route", "10.8.0.0/16 via 10.0.1.3");
	set(&s.c, "route", "10.9.0.0/16 dev eth2 table main metric 3");
	set(&s.c, "route", "blackhole 10.10.0.0/16");
	set(&s.c, "route", "10.11.0.0/16");
	set(&s.c, "rule", "from 10.8.0.0/16");
	set(&s.c, "rule", "to 10.9.0.0/16 lookup main priority 50");
	set(&s.c, "rule", "from 10.10.0.0/16 unreachable");
	set(&s.c, "rule", "iif eth1 goto 800");
	assert_compiles(&s, SUBNET4 "route add 10.8.0.0/16 via 10.0.1.3 "
	    "dev eth1 table 101 protocol 173\nroute add 10.9.0.0/16 dev eth2 "
	    "table 254 metric 3 protocol 173\nroute add blackhole "
	    "10.10.0.0/16 table 101 protocol 173\nroute add 10.11.0.0/16 "
	    "dev eth1 table 101 protocol 173\nrule add priority 700 from "
	    "10.8.0.0/16 lookup 101 protocol 173\nrule add priority 50 to "
	    "10.9.0.0/16 lookup 254 protocol 173\nrule add priority 700 from "
	    "10.10.0.0/16 unreachable protocol 173\nrule add priority 700 "
	    "iif eth1 goto 800 protocol 173\n");
	stanza_fini(&s);
}

static void
without_a_table_a_route_line_goes_to_main(void **state)
{
	struct stanza s;

	(void)state;
	stanza_4(&s, "route", "10.8.0.0/16 via 10.0.1.3");
	assert_compiles(&s, "route add 10.8.0.0/16 via 10.0.1.3 dev eth1 "
	    "table 254 protocol 173\n");
	assert_int_equal(s.out.objects.at[0].key, KEY_ROUTE);
	assert_string_equal(s.out.objects.at[0].said,
	    "10.8.0.0/16 via 10.0.1.3");
	stanza_fini(&s);
}

static void
sysctls_are_those_of_the_device_and_family(void **state)
{
	static const struct {
		const char *name, *value, *lines;
	} cases[] = {
		{ "arp", "filter", "sysctl ipv4/conf/eth1/arp_filter 1\n" },
		{ "arp", "strict", "sysctl ipv4/conf/eth1/arp_ignore 1\n"
		    "sysctl ipv4/conf/eth1/arp_announce 2\n" },
		{ "arp", "keep", "" },
		{ "rp-filter", "off", "sysctl ipv4/conf/eth1/rp_filter 0\n" },
		{ "rp-filter", "strict",
		    "sysctl ipv4/conf/eth1/rp_filter 1\n" },
		{ "rp-filter", "loose",
		    "sysctl ipv4/conf/eth1/rp_filter 2\n" },
		{ "rp-filter", "keep", "" },
		{ "linkdown", "ignore",
		    "sysctl ipv4/conf/eth1/ignore_routes_with_linkdown 1\n" },
		{ "linkdown", "keep", "" },
		{ "metric", "5",
		    "sysctl ipv4/conf/eth1/ignore_routes_with_linkdown 1\n" },
	};
	struct stanza s;

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		stanza_4(&s, cases[i].name, cases[i].value);
		assert_some(&s, "sysctl", cases[i].lines);
		stanza_fini(&s);
	}
	stanza_6(&s, "metric", "5");
	assert_some(&s, "sysctl",
	    "sysctl ipv6/conf/eth1/ignore_routes_with_linkdown 1\n");
	stanza_fini(&s);
}

static void
an_alias_speaks_of_its_device(void **state)
{
	struct stanza s;

	(void)state;
	stanza_4(&s, "table", "101");
	claim_fini(&s.c);
	s.c = claim_of("eth1:1", AF_INET, "10.0.1.10");
	set(&s.c, "table", "101");
	set(&s.c, "arp", "filter");
	assert_compiles(&s, SUBNET4 FROM4 TO4
	    "sysctl ipv4/conf/eth1/arp_filter 1\n");
	stanza_fini(&s);
}

static void
a_route_line_of_the_own_subnet_stands_for_it(void **state)
{
	struct stanza s;

	(void)state;
	stanza_4(&s, "table", "101");
	set(&s.c, "route", "10.0.1.0/24");
	assert_compiles(&s, "route add 10.0.1.0/24 dev eth1 table 101 "
	    "protocol 173 scope link\n" OUT4 FROM4 TO4);
	stanza_fini(&s);
	/* Another slot, or another table, is another route. */
	stanza_4(&s, "table", "101");
	set(&s.c, "route", "10.0.1.0/24 metric 5");
	set(&s.c, "route", "10.0.1.0/24 table 102");
	assert_compiles(&s, SUBNET4 OUT4
	    "route add 10.0.1.0/24 dev eth1 table 101 metric 5 protocol 173 "
	    "scope link\n"
	    "route add 10.0.1.0/24 dev eth1 table 102 protocol 173 "
	    "scope link\n" FROM4 TO4);
	stanza_fini(&s);
}

static void
the_src_of_a_tentative_address_is_left_out_for_now(void **state)
{
	struct stanza s;

	(void)state;
	stanza_6(&s, "table", "101");
	s.now.addresses.at[1].flags = IFA_F_TENTATIVE;
	assert_compiles(&s, "route add fd00:1::/64 dev eth1 table 101 metric "
	    "1024 protocol 173\n" OUT6 FROM6 TO6);
	assert_true(s.out.src_left_out);
	s.now.addresses.at[1].flags |= IFA_F_OPTIMISTIC;
	assert_compiles(&s, SUBNET6 OUT6 FROM6 TO6);
	assert_false(s.out.src_left_out);
	stanza_fini(&s);
	stanza_6(&s, "metric", "100");
	set(&s.c, "connected", "metric");
	s.now.addresses.at[1].flags = IFA_F_TENTATIVE;
	assert_some(&s, "route add fd00", "route add fd00:1::/64 dev eth1 "
	    "table 254 metric 100 protocol 173\n");
	assert_true(s.out.src_left_out);
	stanza_fini(&s);
}

static void
a_weight_makes_the_metric_default_a_share(void **state)
{
	struct stanza s;

	(void)state;
	stanza_4(&s, "metric", "5");
	set(&s.c, "weight", "3");
	assert_some(&s, "shared", "shared 3 route add default via 10.0.1.1 "
	    "dev eth1 table 254 metric 5 protocol 173\n");
	assert_some(&s, "route add", "");
	stanza_fini(&s);
}

static void
what_cannot_be_done_leaves_nothing(void **state)
{
	struct stanza s;

	(void)state;
	stanza_4(&s, "table", "101");
	s.now.addresses.count = 0;
	assert_int_equal(run(&s), VERDICT_WAIT);
	assert_int_equal(s.out.objects.count, 0);
	assert_string_equal(s.f.text, "the address 10.0.1.10 is not on eth1");
	stanza_fini(&s);
	stanza_4(&s, "metric", "5");
	set(&s.c, "gateway", "none");
	assert_int_equal(run(&s), VERDICT_WRONG);
	assert_int_equal(s.out.objects.count, 0);
	stanza_fini(&s);
	stanza_4(&s, "table", "101");
	s.now.link.ifindex = 0;
	assert_int_equal(run(&s), VERDICT_WRONG);
	assert_null(s.out.objects.at);
	stanza_fini(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_table_has_subnet_and_default_and_rules_lead_to_it),
		cmocka_unit_test(
		    without_a_gateway_the_table_has_its_subnets_only),
		cmocka_unit_test(match_chooses_the_rules),
		cmocka_unit_test(prefer_main_adds_two_rules_in_front),
		cmocka_unit_test(addresses_own_all_and_listed_are_covered),
		cmocka_unit_test(a_metric_is_a_default_in_main),
		cmocka_unit_test(the_gateway_may_be_another_or_found_in_main),
		cmocka_unit_test(a_lone_host_reaches_its_gateway_on_link),
		cmocka_unit_test(a_point_to_point_device_routes_to_its_peer),
		cmocka_unit_test(fallback_is_the_last_route_of_the_table),
		cmocka_unit_test(
		    connected_metric_puts_ours_in_place_of_the_kernel_s),
		cmocka_unit_test(connected_none_takes_the_kernel_s_out),
		cmocka_unit_test(
		    default_none_and_metric_take_out_every_foreign_default),
		cmocka_unit_test(the_foreign_default_in_our_own_slot_is_left),
		cmocka_unit_test(what_was_taken_out_before_stays_in_the_claim),
		cmocka_unit_test(
		    a_taken_default_gives_the_metric_default_its_gateway),
		cmocka_unit_test(lines_get_table_device_priority_and_protocol),
		cmocka_unit_test(without_a_table_a_route_line_goes_to_main),
		cmocka_unit_test(sysctls_are_those_of_the_device_and_family),
		cmocka_unit_test(an_alias_speaks_of_its_device),
		cmocka_unit_test(
		    a_route_line_of_the_own_subnet_stands_for_it),
		cmocka_unit_test(
		    the_src_of_a_tentative_address_is_left_out_for_now),
		cmocka_unit_test(a_weight_makes_the_metric_default_a_share),
		cmocka_unit_test(what_cannot_be_done_leaves_nothing),
	};

	return cmocka_run_group_tests_name("compile", tests, NULL, NULL);
}
