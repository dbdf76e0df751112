/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: unit tests of request.c. */
#include "build.h"

#include <linux/fib_rules.h>

#include "request.h"

/* A claim of eth1 with some settings, checked. */
struct checked {
	struct claim c;
	struct settings defaults;
	struct request r;
	struct fault f;
};

static void
checked_init(struct checked *k, int family)
{
	memset(k, 0, sizeof(*k));
	k->c = claim_of("eth1", family, NULL);
	k->c.spelling = SPELL_INTERFACES;
}

static bool
check(struct checked *k)
{
	k->f.text[0] = '\0';
	return request_check(&k->r, &k->c, &k->defaults, NULL, &k->f);
}

static void
host(struct checked *k, const char *name, const char *value)
{
	assert_true(settings_add(&k->defaults, SPELL_SHELL, name, value,
	    &k->f));
}

static void
checked_fini(struct checked *k)
{
	request_fini(&k->r);
	claim_fini(&k->c);
	settings_fini(&k->defaults);
}

/* The request that "KEY VALUE" makes, with what KEY needs. */
static void
read_one(struct checked *k, int family, const char *name, const char *value)
{
	checked_init(k, family);
	set(&k->c, name, value);
	if (strcmp(name, "table") && strcmp(name, "metric") &&
	    strcmp(name, "route")) {
		set(&k->c, "table", "101");
		set(&k->c, "metric", "5");
	}
	if (!check(k))
		fail_msg("%s %s: %s", name, value, k->f.text);
}

static void
without_settings_the_defaults_are_those_of_the_manual(void **state)
{
	struct checked k;
	struct request *r = &k.r;

	(void)state;
	checked_init(&k, AF_INET6);
	assert_true(check(&k));
	assert_int_equal(r->family, AF_INET6);
	assert_false(r->has_table);
	assert_true(r->match_from && r->match_to);
	assert_int_equal(r->gateway_kind, GATEWAY_AUTO);
	assert_int_equal(r->addresses_kind, ADDRESSES_ALL);
	assert_int_equal(r->metric, 0);
	assert_int_equal(r->source_kind, SOURCE_NONE);
	assert_int_equal(r->connected, CONNECTED_KEEP);
	assert_int_equal(r->foreign_default, DEFAULT_KEEP);
	assert_int_equal(r->fallback, FALLBACK_NONE);
	assert_int_equal(r->linkdown, LINKDOWN_KEEP);
	assert_int_equal(r->arp, ARP_KEEP);
	assert_int_equal(r->rp_filter, RP_KEEP);
	assert_int_equal(r->on_error, ON_ERROR_WARN);
	assert_int_equal(r->priority, 12000);
	assert_int_equal(r->wait, 5);
	assert_false(r->prefer_main);
	checked_fini(&k);
}

static void
a_static_stanza_covers_its_own_address(void **state)
{
	struct checked k;

	(void)state;
	checked_init(&k, AF_INET);
	k.c.key.own = addr_of("10.0.1.10");
	assert_true(check(&k));
	assert_int_equal(k.r.addresses_kind, ADDRESSES_ALL);
	k.c.is_static = true;
	assert_true(check(&k));
	assert_int_equal(k.r.addresses_kind, ADDRESSES_OWN);
	checked_fini(&k);
}

static void
tables_are_names_numbers_or_auto(void **state)
{
	static const struct {
		const char *value, *name;
		uint32_t number;
		bool automatic;
	} cases[] = {
		{ "101", "", 101, false }, { "0x65", "", 101, false },
		{ "4294967295", "", UINT32_MAX, false },
		{ "rt1", "rt1", 0, false },
		{ "isp.b_2-c", "isp.b_2-c", 0, false },
		{ "auto", "eth1", 0, true }, { "252", "", 252, false },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct checked k;

		read_one(&k, AF_INET, "table", cases[i].value);
		assert_true(k.r.has_table);
		assert_int_equal(k.r.table_auto, cases[i].automatic);
		assert_int_equal(k.r.table, cases[i].number);
		assert_string_equal(k.r.table_name, cases[i].name);
		checked_fini(&k);
	}
}

static void
gateways_and_sources_are_addresses_or_words(void **state)
{
	struct checked k;
	struct addr a;

	(void)state;
	read_one(&k, AF_INET, "gateway", "10.0.1.1");
	a = addr_of("10.0.1.1");
	assert_int_equal(k.r.gateway_kind, GATEWAY_ADDRESS);
	assert_int_equal(addr_cmp(&k.r.gateway, &a), 0);
	assert_false(k.r.onlink);
	assert_string_equal(k.r.said[KEY_GATEWAY], "10.0.1.1");
	checked_fini(&k);
	read_one(&k, AF_INET6, "gateway", "fe80::1 onlink");
	assert_true(k.r.onlink);
	checked_fini(&k);
	/* One of each family: each takes its own, with its own mark. */
	read_one(&k, AF_INET, "gateway", "10.0.1.1 fe80::1 onlink");
	assert_int_equal(addr_cmp(&k.r.gateway, &a), 0);
	assert_false(k.r.onlink);
	checked_fini(&k);
	read_one(&k, AF_INET6, "gateway", "10.0.1.1 fe80::1 onlink");
	assert_int_equal(k.r.gateway.family, AF_INET6);
	assert_true(k.r.onlink);
	checked_fini(&k);
	read_one(&k, AF_INET, "gateway", "fe80::1 10.0.1.1 onlink");
	assert_int_equal(addr_cmp(&k.r.gateway, &a), 0);
	assert_true(k.r.onlink);
	checked_fini(&k);
	read_one(&k, AF_INET, "gateway", "none");
	assert_int_equal(k.r.gateway_kind, GATEWAY_NONE);
	checked_fini(&k);
	read_one(&k, AF_INET, "gateway", "auto");
	assert_int_equal(k.r.gateway_kind, GATEWAY_AUTO);
	checked_fini(&k);
	read_one(&k, AF_INET, "source", "own");
	assert_int_equal(k.r.source_kind, SOURCE_OWN);
	checked_fini(&k);
	read_one(&k, AF_INET6, "source", "fd00:1::10");
	a = addr_of("fd00:1::10");
	assert_int_equal(k.r.source_kind, SOURCE_ADDRESS);
	assert_int_equal(addr_cmp(&k.r.source, &a), 0);
	checked_fini(&k);
}

static void
addresses_are_listed_with_blanks_or_commas(void **state)
{
	struct checked k;
	struct addr a = addr_of("10.0.1.12");

	(void)state;
	read_one(&k, AF_INET, "addresses", "10.0.1.10 10.0.1.11,10.0.1.12");
	assert_int_equal(k.r.addresses_kind, ADDRESSES_LIST);
	assert_int_equal(k.r.address_count, 3);
	assert_int_equal(addr_cmp(&k.r.addresses[2], &a), 0);
	checked_fini(&k);
	read_one(&k, AF_INET, "addresses", "all");
	assert_int_equal(k.r.addresses_kind, ADDRESSES_ALL);
	checked_fini(&k);
}

static void
match_takes_from_and_to_in_either_order(void **state)
{
	static const struct {
		const char *value;
		bool from, to;
	} cases[] = {
		{ "from", true, false }, { "to", false, true },
		{ "from to", true, true }, { "to from", true, true },
		{ "none", false, false },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct checked k;

		read_one(&k, AF_INET, "match", cases[i].value);
		assert_int_equal(k.r.match_from, cases[i].from);
		assert_int_equal(k.r.match_to, cases[i].to);
		checked_fini(&k);
	}
}

static void
every_choice_reaches_its_own_field(void **state)
{
	static const struct {
		const char *name, *value;
		size_t offset;
		unsigned want;
	} cases[] = {
#define CASE(name, value, field, want) \
	{ name, value, offsetof(struct request, field), want }
		CASE("connected", "metric", connected, CONNECTED_METRIC),
		CASE("connected", "none", connected, CONNECTED_NONE),
		CASE("connected", "keep", connected, CONNECTED_KEEP),
		CASE("default", "none", foreign_default, DEFAULT_NONE),
		CASE("default", "metric", foreign_default, DEFAULT_METRIC),
		CASE("fallback", "unreachable", fallback,
		    FALLBACK_UNREACHABLE),
		CASE("fallback", "blackhole", fallback, FALLBACK_BLACKHOLE),
		CASE("fallback", "prohibit", fallback, FALLBACK_PROHIBIT),
		CASE("linkdown", "ignore", linkdown, LINKDOWN_IGNORE),
		CASE("linkdown", "keep", linkdown, LINKDOWN_KEEP),
		CASE("arp", "filter", arp, ARP_FILTER),
		CASE("arp", "strict", arp, ARP_STRICT),
		CASE("rp-filter", "off", rp_filter, RP_OFF),
		CASE("rp-filter", "strict", rp_filter, RP_STRICT),
		CASE("rp-filter", "loose", rp_filter, RP_LOOSE),
		CASE("on-error", "fail", on_error, ON_ERROR_FAIL),
		CASE("metric", "4294967294", metric, 4294967294U),
		CASE("priority", "32735", priority, 32735),
		CASE("wait", "0", wait, 0),
		CASE("wait", "60", wait, 60),
#undef CASE
	};
	unsigned have;

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct checked k;

		read_one(&k, AF_INET, cases[i].name, cases[i].value);
		memcpy(&have, (char *)&k.r + cases[i].offset, sizeof(have));
		if (have != cases[i].want)
			fail_msg("%s %s is %u", cases[i].name, cases[i].value,
			    have);
		checked_fini(&k);
	}
}

static void
a_metric_turns_linkdown_on_unless_told(void **state)
{
	struct checked k;

	(void)state;
	read_one(&k, AF_INET, "metric", "5");
	assert_int_equal(k.r.linkdown, LINKDOWN_IGNORE);
	checked_fini(&k);
	read_one(&k, AF_INET, "linkdown", "keep");
	assert_int_equal(k.r.linkdown, LINKDOWN_KEEP);
	checked_fini(&k);
	read_one(&k, AF_INET, "table", "7");
	assert_int_equal(k.r.linkdown, LINKDOWN_KEEP);
	checked_fini(&k);
}

static void
a_bad_value_is_quoted_with_its_key_and_the_reason(void **state)
{
	static const struct {
		const char *name, *value, *why;
	} cases[] = {
		{ "table", "0", "0 and 253 to 255 are the kernel's" },
		{ "table", "254", "0 and 253 to 255 are the kernel's" },
		{ "table", "main", "is the kernel's own table" },
		{ "table", "local", "is the kernel's own table" },
		{ "table", "default", "is the kernel's own table" },
		{ "table", "rt 1", "no table name" },
		{ "table", "4294967296", "no table name" },
		{ "table", "-1", "no table name" },
		{ "table", "../x", "no table name" },
		{ "table", "a23456789012345678901234567890ab",
		    "no table name" },
		{ "weight", "0", "1" }, { "weight", "257", "256" },
		{ "gateway", "10.0.1", "\"10.0.1\" is no IP address" },
		{ "gateway", "10.0.1.1/24", "is no IP address" },
		{ "gateway", "fe80::1", "\"fe80::1\" is not an IPv4 address" },
		{ "gateway", "10.0.1.1 dev eth1", "only \"onlink\" and one" },
		{ "gateway", "10.0.1.1 10.0.1.2", "two gateways of one" },
		{ "gateway", "10.0.1.1 fe80::1 10.0.1.2", "only \"onlink\"" },
		{ "gateway", "10.0.1.1 onlinks", "only \"onlink\" and one" },
		{ "gateway", "onlink", "is no IP address" },
		{ "gateway", "auto onlink", "is no IP address" },
		{ "metric", "0", "is no number from 1 to 4294967294" },
		{ "metric", "4294967295", "is no number from 1 to" },
		{ "metric", "1e3", "is no number from 1 to" },
		{ "metric", "010", "is no number from 1 to" },
		{ "match", "from,to", "is none of: from, to, from to, none" },
		{ "match", "From", "is none of" },
		{ "addresses", "own", "there is no address of its own here" },
		{ "addresses", "10.0.1.10 own", "\"own\" is no IP address" },
		{ "addresses", "10.0.1.10 fd00::1", "is not an IPv4 address" },
		{ "source", "self", "\"self\" is no IP address" },
		{ "source", "fd00::1", "is not an IPv4 address" },
		{ "connected", "yes", "is none of: keep metric none" },
		{ "prefer-main", "maybe", "is none of: no yes" },
		{ "default", "drop", "is none of: keep none metric" },
		{ "fallback", "throw", "is none of: none unreachable" },
		{ "linkdown", "on", "is none of: keep ignore" },
		{ "arp", "1", "is none of: keep filter strict" },
		{ "rp-filter", "1", "is none of: keep off strict loose" },
		{ "on-error", "ignore", "is none of: warn fail" },
		{ "priority", "0", "is no number from 1 to 32735" },
		{ "priority", "32736", "is no number from 1 to 32735" },
		{ "wait", "61", "is no number from 0 to 60" },
		{ "wait", "-1", "is no number from 0 to 60" },
		{ "route", "10.8.0.0/16 vai 10.0.1.1", "\"vai\"" },
		{ "route", "10.8.0.1/16", "10.8.0.0/16" },
		{ "route", "fd00:8::/48", "is for IPv6, but this is for" },
		{ "route", "10.8.0.0/16 proto static", "leave the protocol" },
		{ "rule", "from 10.8.0.0/16 lookup main proto 4",
		    "leave the protocol" },
		{ "rule", "from fd00::/8 lookup 7", "is for IPv6, but" },
		{ "rule", "form 10.8.0.0/16 lookup 7", "\"form\"" },
		{ "rule", "from 10.8.0.0/16", "names no table" },
	};
	char start[300], quoted[QUOTE_TEXT];

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct checked k;

		checked_init(&k, AF_INET);
		set(&k.c, cases[i].name, cases[i].value);
		if (check(&k))
			fail_msg("%s %s is taken", cases[i].name,
			    cases[i].value);
		snprintf(start, sizeof(start), "policy-%s %s: ",
		    cases[i].name, say_quote(quoted, cases[i].value));
		if (strncmp(k.f.text, start, strlen(start)) ||
		    !strstr(k.f.text, cases[i].why))
			fail_msg("%s %s: %s", cases[i].name, cases[i].value,
			    k.f.text);
		assert_int_equal(k.r.extra.count, 0);
		checked_fini(&k);
	}
}

static void
the_text_has_the_spelling_of_the_place(void **state)
{
	static const struct {
		enum spelling spelling;
		const char *want;
	} cases[] = {
		{ SPELL_COMMAND, "rp-filter \"x\": " },
		{ SPELL_INTERFACES, "policy-rp-filter \"x\": " },
		{ SPELL_SHELL, "POLICY_RP_FILTER \"x\": " },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct checked k;

		checked_init(&k, AF_INET);
		k.c.spelling = cases[i].spelling;
		set(&k.c, "rp-filter", "x");
		assert_false(check(&k));
		assert_int_equal(strncmp(k.f.text, cases[i].want,
		    strlen(cases[i].want)), 0);
		checked_fini(&k);
	}
}

static void
a_numbered_line_is_named_with_its_number(void **state)
{
	struct checked k;

	(void)state;
	checked_init(&k, AF_INET);
	set(&k.c, "route2", "10.8.0.0/16 via x");
	assert_false(check(&k));
	assert_int_equal(strncmp(k.f.text, "policy-route2 \"10.8", 19), 0);
	checked_fini(&k);
}

static void
a_key_that_needs_another_says_so(void **state)
{
	static const struct {
		const char *name, *value, *want;
	} cases[] = {
		{ "match", "from", "policy-match \"from\": needs "
		    "policy-table" },
		{ "prefer-main", "yes", "policy-prefer-main \"yes\": needs "
		    "policy-table" },
		{ "fallback", "blackhole", "policy-fallback \"blackhole\": "
		    "needs policy-table" },
		{ "connected", "metric", "policy-connected \"metric\": needs "
		    "policy-metric" },
		{ "default", "metric", "policy-default \"metric\": needs "
		    "policy-metric" },
		{ "match", "none", NULL }, { "fallback", "none", NULL },
		{ "prefer-main", "no", NULL }, { "connected", "none", NULL },
		{ "default", "none", NULL },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct checked k;

		checked_init(&k, AF_INET);
		set(&k.c, cases[i].name, cases[i].value);
		assert_int_equal(check(&k), cases[i].want == NULL);
		assert_string_equal(k.f.text, cases[i].want ? cases[i].want :
		    "");
		checked_fini(&k);
	}
}

static void
what_is_ipv4_s_alone_is_refused_for_ipv6(void **state)
{
	static const char *const names[] = { "arp", "rp-filter" };

	(void)state;
	for (size_t i = 0; i < LENGTH(names); i++) {
		struct checked k;

		checked_init(&k, AF_INET6);
		set(&k.c, names[i], "strict");
		assert_false(check(&k));
		assert_non_null(strstr(k.f.text, "is IPv4's: put it into the "
		    "inet stanza"));
		k.c.lenient = true;
		assert_true(check(&k));
		assert_int_equal(k.r.arp, ARP_KEEP);
		assert_int_equal(k.r.rp_filter, RP_KEEP);
		checked_fini(&k);
	}
}

static void
lenient_settings_pass_over_the_other_family(void **state)
{
	struct checked k;

	(void)state;
	checked_init(&k, AF_INET6);
	k.c.lenient = true;
	set(&k.c, "gateway", "10.0.1.1 onlink");
	set(&k.c, "source", "10.0.1.10");
	set(&k.c, "addresses", "10.0.1.10 fd00:1::10");
	set(&k.c, "route", "10.8.0.0/16 via 10.0.1.1");
	set(&k.c, "route", "fd00:8::/48 via fe80::1");
	set(&k.c, "route", "blackhole default metric 9");
	set(&k.c, "rule", "from 10.8.0.0/16 lookup 7");
	set(&k.c, "rule", "fwmark 7 lookup 7");
	assert_true(check(&k));
	assert_int_equal(k.r.gateway_kind, GATEWAY_AUTO);
	assert_false(k.r.onlink);
	assert_int_equal(k.r.source_kind, SOURCE_NONE);
	assert_int_equal(k.r.address_count, 1);
	assert_int_equal(k.r.extra.count, 3);
	assert_int_equal(k.r.extra.at[1].route.family, AF_INET6);
	assert_int_equal(k.r.extra.at[2].rule.family, AF_INET6);
	checked_fini(&k);
}

static void
lines_may_be_copied_with_ip_and_add(void **state)
{
	static const char *const routes[] = {
		"10.8.0.0/16 via 10.0.1.1", "add 10.8.0.0/16 via 10.0.1.1",
		"ip route add 10.8.0.0/16 via 10.0.1.1",
		"route add 10.8.0.0/16 via 10.0.1.1",
	};
	static const char *const rules[] = {
		"from 10.8.0.0/16 lookup 7", "add from 10.8.0.0/16 lookup 7",
		"ip rule add from 10.8.0.0/16 lookup 7",
	};
	struct checked k;

	(void)state;
	checked_init(&k, AF_INET);
	for (size_t i = 0; i < LENGTH(routes); i++)
		set(&k.c, "route", routes[i]);
	for (size_t i = 0; i < LENGTH(rules); i++)
		set(&k.c, "rule", rules[i]);
	assert_true(check(&k));
	assert_int_equal(k.r.extra.count, 7);
	for (size_t i = 1; i < LENGTH(routes); i++)
		assert_true(route_same(&k.r.extra.at[0].route,
		    &k.r.extra.at[i].route));
	for (size_t i = 5; i < 7; i++)
		assert_true(rule_same(&k.r.extra.at[4].rule,
		    &k.r.extra.at[i].rule));
	assert_string_equal(k.r.extra.at[2].said, routes[2]);
	assert_int_equal(k.r.extra.at[2].key, KEY_ROUTE);
	assert_int_equal(k.r.extra.at[4].key, KEY_RULE);
	checked_fini(&k);
}

static void
a_rule_without_a_table_takes_the_stanza_s_in_any_order(void **state)
{
	static const char *const rules[] = {
		"from 10.8.0.0/16", "from 10.8.0.0/16 unreachable", "l3mdev",
		"from 10.8.0.0/16 goto 9",
	};
	struct checked k;

	(void)state;
	checked_init(&k, AF_INET);
	set(&k.c, "rule", rules[0]);
	set(&k.c, "table", "101");
	assert_true(check(&k));
	assert_int_equal(k.r.extra.at[0].rule.table, 0);
	checked_fini(&k);
	/* The others need none. */
	checked_init(&k, AF_INET);
	for (size_t i = 1; i < LENGTH(rules); i++)
		set(&k.c, "rule", rules[i]);
	assert_true(check(&k));
	checked_fini(&k);
}

static void
sixty_four_addresses_are_enough(void **state)
{
	char list[REQUEST_ADDRESSES * 12 + 32] = "";
	struct checked k;
	size_t n = 0;

	(void)state;
	for (int i = 1; i <= REQUEST_ADDRESSES; i++)
		n += (size_t)snprintf(list + n, sizeof(list) - n,
		    "10.0.1.%d ", i);
	read_one(&k, AF_INET, "addresses", list);
	assert_int_equal(k.r.address_count, REQUEST_ADDRESSES);
	checked_fini(&k);
	snprintf(list + n, sizeof(list) - n, "10.0.1.99");
	checked_init(&k, AF_INET);
	set(&k.c, "addresses", list);
	assert_false(check(&k));
	assert_non_null(strstr(k.f.text, "more than 64 addresses"));
	checked_fini(&k);
}

static void
host_defaults_stand_behind_the_stanza(void **state)
{
	struct checked k;

	(void)state;
	checked_init(&k, AF_INET);
	host(&k, "PRIORITY", "500");
	host(&k, "WAIT", "9");
	host(&k, "ARP", "filter");
	set(&k.c, "wait", "1");
	assert_true(check(&k));
	assert_int_equal(k.r.priority, 500);
	assert_int_equal(k.r.wait, 1);
	assert_int_equal(k.r.arp, ARP_FILTER);
	/* They speak for both families. */
	k.c.key.family = AF_INET6;
	assert_true(check(&k));
	assert_int_equal(k.r.arp, ARP_KEEP);
	checked_fini(&k);
}

static void
a_bad_host_default_is_named_as_one(void **state)
{
	struct checked k;

	(void)state;
	checked_init(&k, AF_INET);
	host(&k, "WAIT", "x");
	assert_false(check(&k));
	assert_string_equal(k.f.text, "host default POLICY_WAIT \"x\": is no "
	    "number from 0 to 60");
	/* Where the stanza has its own, nobody asks. */
	set(&k.c, "wait", "1");
	assert_true(check(&k));
	checked_fini(&k);
}

static void
a_host_default_does_no_harm_without_what_it_needs(void **state)
{
	struct checked k;

	(void)state;
	checked_init(&k, AF_INET);
	host(&k, "CONNECTED", "metric");
	host(&k, "DEFAULT", "metric");
	host(&k, "FALLBACK", "unreachable");
	host(&k, "PREFER_MAIN", "yes");
	assert_true(check(&k));
	assert_int_equal(k.r.connected, CONNECTED_KEEP);
	assert_int_equal(k.r.foreign_default, DEFAULT_KEEP);
	set(&k.c, "metric", "5");
	assert_true(check(&k));
	assert_int_equal(k.r.connected, CONNECTED_METRIC);
	assert_int_equal(k.r.foreign_default, DEFAULT_METRIC);
	checked_fini(&k);
}

static void
on_error_is_known_although_the_rest_is_bad(void **state)
{
	struct checked k;

	(void)state;
	checked_init(&k, AF_INET);
	set(&k.c, "metric", "x");
	assert_false(request_fails_hook(&k.c.settings, NULL));
	host(&k, "ON_ERROR", "fail");
	assert_true(request_fails_hook(&k.c.settings, &k.defaults));
	set(&k.c, "on-error", "warn");
	assert_false(request_fails_hook(&k.c.settings, &k.defaults));
	set(&k.c, "on-error", "fail");
	assert_true(request_fails_hook(&k.c.settings, NULL));
	checked_fini(&k);
}

static void
families_are_told_by_addresses_and_mentioned_by_lines(void **state)
{
	static const struct {
		const char *name, *value, *name2, *value2;
		unsigned want, mentioned;
	} cases[] = {
		{ "table", "101", "metric", "5", 0, 0 },
		{ "gateway", "10.0.1.1 onlink", NULL, NULL, FAMILY_4, 0 },
		{ "gateway", "fe80::1", NULL, NULL, FAMILY_6, 0 },
		{ "gateway", "auto", NULL, NULL, 0, 0 },
		{ "addresses", "10.0.1.1,fd00::1", NULL, NULL,
		    FAMILY_4 | FAMILY_6, 0 },
		{ "source", "10.0.1.1", "gateway", "fe80::1",
		    FAMILY_4 | FAMILY_6, 0 },
		{ "route", "fd00:8::/48 via fe80::1", NULL, NULL, 0,
		    FAMILY_6 },
		{ "route", "10.8.0.0/16", "rule", "from fd00::/8 lookup 7", 0,
		    FAMILY_4 | FAMILY_6 },
		{ "route", "fd00:8::/48", "gateway", "10.0.1.1", FAMILY_4,
		    FAMILY_6 },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		unsigned mentioned = 99;
		struct checked k;

		checked_init(&k, AF_INET);
		set(&k.c, cases[i].name, cases[i].value);
		if (cases[i].name2)
			set(&k.c, cases[i].name2, cases[i].value2);
		assert_int_equal(request_families(&k.c.settings, &mentioned),
		    cases[i].want);
		assert_int_equal(mentioned, cases[i].mentioned);
		checked_fini(&k);
	}
}

static void
main_is_asked_for_only_where_it_matters(void **state)
{
	static const struct {
		const char *name, *value;
		bool with_router, needs;
	} cases[] = {
		{ "table", "101", true, false },
		{ "table", "101", false, true },
		{ "metric", "5", false, true },
		{ "arp", "filter", false, false },
		{ "connected", "none", true, true },
		{ "default", "none", true, true },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct checked k;

		checked_init(&k, AF_INET);
		set(&k.c, cases[i].name, cases[i].value);
		if (cases[i].with_router)
			k.c.router = addr_of("10.0.1.1");
		assert_true(check(&k));
		assert_int_equal(request_needs_main(&k.r, &k.c),
		    cases[i].needs);
		checked_fini(&k);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    without_settings_the_defaults_are_those_of_the_manual),
		cmocka_unit_test(a_static_stanza_covers_its_own_address),
		cmocka_unit_test(tables_are_names_numbers_or_auto),
		cmocka_unit_test(gateways_and_sources_are_addresses_or_words),
		cmocka_unit_test(addresses_are_listed_with_blanks_or_commas),
		cmocka_unit_test(match_takes_from_and_to_in_either_order),
		cmocka_unit_test(every_choice_reaches_its_own_field),
		cmocka_unit_test(a_metric_turns_linkdown_on_unless_told),
		cmocka_unit_test(
		    a_bad_value_is_quoted_with_its_key_and_the_reason),
		cmocka_unit_test(the_text_has_the_spelling_of_the_place),
		cmocka_unit_test(a_numbered_line_is_named_with_its_number),
		cmocka_unit_test(a_key_that_needs_another_says_so),
		cmocka_unit_test(what_is_ipv4_s_alone_is_refused_for_ipv6),
		cmocka_unit_test(lenient_settings_pass_over_the_other_family),
		cmocka_unit_test(lines_may_be_copied_with_ip_and_add),
		cmocka_unit_test(
		    a_rule_without_a_table_takes_the_stanza_s_in_any_order),
		cmocka_unit_test(sixty_four_addresses_are_enough),
		cmocka_unit_test(host_defaults_stand_behind_the_stanza),
		cmocka_unit_test(a_bad_host_default_is_named_as_one),
		cmocka_unit_test(
		    a_host_default_does_no_harm_without_what_it_needs),
		cmocka_unit_test(on_error_is_known_although_the_rest_is_bad),
		cmocka_unit_test(
		    families_are_told_by_addresses_and_mentioned_by_lines),
		cmocka_unit_test(main_is_asked_for_only_where_it_matters),
	};

	return cmocka_run_group_tests_name("request", tests, NULL, NULL);
}
