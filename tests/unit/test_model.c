/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: unit tests of model.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "values.h"

static struct addr
address(const char *text)
{
	struct addr a;

	assert_true(addr_parse(&a, AF_UNSPEC, text));
	return a;
}

static struct prefix
prefix(const char *text)
{
	struct prefix p;

	assert_true(prefix_parse(&p, AF_UNSPEC, text));
	return p;
}

static struct route
route_of(uint8_t type, const char *via, const char *dev)
{
	struct route r;

	route_init(&r, AF_INET);
	r.type = type;
	if (via) {
		r.hop[0].via = address(via);
		r.hop_count = 1;
	}
	if (dev) {
		snprintf(r.hop[0].dev, IFNAMSIZ, "%s", dev);
		r.hop_count = 1;
	}
	return r;
}

static void
default_scopes_are_those_of_ip_route(void **state)
{
	static const struct {
		uint8_t type;
		const char *via, *dev;
		uint8_t scope;
	} cases[] = {
		{ RTN_UNICAST, NULL, "eth0", RT_SCOPE_LINK },
		{ RTN_UNICAST, "192.0.2.1", "eth0", RT_SCOPE_UNIVERSE },
		{ RTN_UNICAST, "192.0.2.1", NULL, RT_SCOPE_UNIVERSE },
		{ RTN_UNSPEC, NULL, "eth0", RT_SCOPE_LINK },
		{ RTN_LOCAL, NULL, "lo", RT_SCOPE_HOST },
		{ RTN_BROADCAST, NULL, "eth0", RT_SCOPE_LINK },
		{ RTN_MULTICAST, NULL, "eth0", RT_SCOPE_LINK },
		{ RTN_ANYCAST, NULL, "eth0", RT_SCOPE_LINK },
		{ RTN_UNREACHABLE, NULL, NULL, RT_SCOPE_UNIVERSE },
		{ RTN_THROW, NULL, NULL, RT_SCOPE_UNIVERSE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct route r = route_of(cases[i].type, cases[i].via,
		    cases[i].dev);

		route_normalize(&r);
		assert_int_equal(r.scope, cases[i].scope);
		assert_true(r.has_scope);
	}
}

static void
a_given_scope_stays(void **state)
{
	struct route r = route_of(RTN_UNICAST, NULL, "eth0");

	(void)state;
	r.has_scope = true;
	r.scope = RT_SCOPE_UNIVERSE;
	route_normalize(&r);
	assert_int_equal(r.scope, RT_SCOPE_UNIVERSE);
}

static void
a_lone_nexthop_is_global_and_an_ordinary_hop(void **state)
{
	struct route r = route_of(RTN_UNICAST, NULL, "eth0");

	(void)state;
	r.hop[0].weight = 5;
	route_normalize(&r);
	assert_int_equal(r.scope, RT_SCOPE_UNIVERSE);
	assert_int_equal(r.hop[0].weight, 0);
}

static void
ipv6_gets_its_default_metric(void **state)
{
	struct route r;

	(void)state;
	route_init(&r, AF_INET6);
	route_normalize(&r);
	assert_int_equal(r.metric, METRIC6_DEFAULT);
	assert_false(r.has_scope);
	route_init(&r, AF_INET);
	route_normalize(&r);
	assert_int_equal(r.metric, 0);
}

static void
rejecting_routes_have_no_hop(void **state)
{
	static const uint8_t types[] = {
		RTN_UNREACHABLE, RTN_BLACKHOLE, RTN_PROHIBIT, RTN_THROW,
	};

	(void)state;
	for (size_t i = 0; i < sizeof(types); i++) {
		struct route r = route_of(types[i], "192.0.2.1", "lo");

		assert_true(route_type_is_reject(types[i]));
		route_normalize(&r);
		assert_int_equal(r.hop_count, 0);
		assert_int_equal(r.hop[0].dev[0], '\0');
		assert_false(addr_given(&r.hop[0].via));
	}
	assert_false(route_type_is_reject(RTN_UNICAST));
	assert_false(route_type_is_reject(RTN_LOCAL));
}

static void
what_a_family_drops_is_dropped(void **state)
{
	struct route r;
	struct rule q;

	(void)state;
	route_init(&r, AF_INET);
	r.has_pref = true;
	r.pref = 1;
	r.expires = 60;
	r.src = prefix("192.0.2.0/24");
	r.ttl_propagate = 2;
	route_normalize(&r);
	assert_false(r.has_pref);
	assert_int_equal(r.pref + r.expires + r.src.len + r.ttl_propagate, 0);

	route_init(&r, AF_INET6);
	r.has_scope = true;
	r.scope = RT_SCOPE_LINK;
	r.hop_count = 1;
	r.hop[0].realms = 5;
	r.has_pref = true;
	r.pref = 2;
	route_normalize(&r);
	assert_false(r.has_scope);
	assert_false(r.has_pref);
	assert_int_equal(r.scope + r.hop[0].realms + r.pref, 0);

	rule_init(&q, AF_INET6);
	q.realms = 5;
	rule_normalize(&q);
	assert_int_equal(q.realms, 0);
}

static void
metrics_are_capped_and_zero_is_absent(void **state)
{
	struct route r;

	(void)state;
	route_init(&r, AF_INET);
	r.rtax_set = 1u << RTAX_MTU | 1u << RTAX_HOPLIMIT | 1u << RTAX_CWND |
	    1u << RTAX_ADVMSS;
	r.rtax[RTAX_MTU] = UINT32_MAX;
	r.rtax[RTAX_HOPLIMIT] = 256;
	r.rtax[RTAX_ADVMSS] = 65536;
	r.rtax[RTAX_WINDOW] = 5;	/* not given */
	route_normalize(&r);
	assert_int_equal(r.rtax[RTAX_MTU], 65520);
	assert_int_equal(r.rtax[RTAX_HOPLIMIT], 255);
	assert_int_equal(r.rtax[RTAX_ADVMSS], 65495);
	assert_int_equal(r.rtax[RTAX_WINDOW], 0);
	assert_false(r.rtax_set & 1u << RTAX_CWND);
}

static void
normalizing_twice_changes_nothing(void **state)
{
	struct route r, again;
	struct rule q, qagain;

	(void)state;
	srand(2);
	for (int i = 0; i < 20000; i++) {
		value_route(&r, i % 2 ? AF_INET : AF_INET6);
		again = r;
		route_normalize(&again);
		assert_memory_equal(&r, &again, sizeof(r));
		assert_true(route_same(&r, &again));
		assert_true(route_same_key(&r, &again));
		value_rule(&q, i % 2 ? AF_INET : AF_INET6);
		qagain = q;
		rule_normalize(&qagain);
		assert_memory_equal(&q, &qagain, sizeof(q));
		assert_true(rule_same(&q, &qagain));
		assert_true(rule_pattern_hits(&q, &qagain));
	}
}

static void
any_change_makes_a_rule_another(void **state)
{
	static const size_t fields[] = {
		offsetof(struct rule, family), offsetof(struct rule, action),
		offsetof(struct rule, tos), offsetof(struct rule, ipproto),
		offsetof(struct rule, l3mdev), offsetof(struct rule, invert),
		offsetof(struct rule, has_priority),
		offsetof(struct rule, has_uid),
		offsetof(struct rule, priority), offsetof(struct rule, table),
		offsetof(struct rule, target), offsetof(struct rule, fwmark),
		offsetof(struct rule, fwmask), offsetof(struct rule, realms),
		offsetof(struct rule, suppress_prefixlen),
		offsetof(struct rule, suppress_ifgroup),
		offsetof(struct rule, tun_id), offsetof(struct rule, uid.lo),
		offsetof(struct rule, uid.hi), offsetof(struct rule, sport.lo),
		offsetof(struct rule, sport.hi),
		offsetof(struct rule, dport.lo),
		offsetof(struct rule, dport.hi),
		offsetof(struct rule, from.addr.byte),
		offsetof(struct rule, from.len), offsetof(struct rule, to.len),
		offsetof(struct rule, to.addr.byte),
		offsetof(struct rule, iif), offsetof(struct rule, oif),
	};
	struct rule a, b;

	(void)state;
	rule_init(&a, AF_INET);
	a.from = a.to = prefix("192.0.2.2/31");
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		b = a;
		((unsigned char *)&b)[fields[i]] ^= 1;
		assert_false(rule_same(&a, &b));
	}
}

static void
the_same_rule_elsewhere_differs_in_its_priority_alone(void **state)
{
	struct rule a, b;

	(void)state;
	srand(5);
	for (int i = 0; i < 2000; i++) {
		value_rule(&a, i % 2 ? AF_INET : AF_INET6);
		a.has_priority = true;
		a.priority = 32765;
		b = a;
		b.priority = dice(32765);
		b.protocol = (uint8_t)dice(256);
		b.automatic = !a.automatic;
		assert_true(rule_same_elsewhere(&a, &b));
		assert_false(rule_same(&a, &b));
		b.has_priority = false;
		assert_true(rule_same_elsewhere(&a, &b));
		b.table ^= 1;
		assert_false(rule_same_elsewhere(&a, &b));
		b = a;
		b.invert = !b.invert;
		assert_false(rule_same_elsewhere(&a, &b));
		b = a;
		b.automatic = !a.automatic;
		assert_true(rule_same(&a, &b));
	}
}

static void
any_change_makes_a_route_another(void **state)
{
	static const size_t fields[] = {
		offsetof(struct route, family), offsetof(struct route, type),
		offsetof(struct route, scope), offsetof(struct route, tos),
		offsetof(struct route, pref), offsetof(struct route, table),
		offsetof(struct route, metric), offsetof(struct route, nhid),
		offsetof(struct route, rtax[RTAX_MTU]),
		offsetof(struct route, rtax_set),
		offsetof(struct route, congctl),
		offsetof(struct route, dst.len),
		offsetof(struct route, src.len),
		offsetof(struct route, dst.addr.byte),
		offsetof(struct route, prefsrc.byte),
		offsetof(struct route, hop_count),
		offsetof(struct route, hop[0].via.byte),
		offsetof(struct route, hop[0].ifindex),
		offsetof(struct route, hop[0].realms),
		offsetof(struct route, hop[0].weight),
		offsetof(struct route, hop[0].onlink),
	};
	struct route a = route_of(RTN_UNICAST, "192.0.2.1", NULL), b;

	(void)state;
	a.dst = prefix("192.0.2.2/31");
	a.rtax_set = 1u << RTAX_MTU;
	a.hop[0].ifindex = 2;
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		b = a;
		((unsigned char *)&b)[fields[i]] ^= 1;
		assert_false(route_same(&a, &b));
	}
}

static void
the_protocol_is_no_part_of_equality(void **state)
{
	struct rule a, b;
	struct route c, d;

	(void)state;
	rule_init(&a, AF_INET);
	b = a;
	b.protocol = PROTO_IFPOLICY;
	assert_true(rule_same(&a, &b));
	route_init(&c, AF_INET);
	d = c;
	d.protocol = PROTO_IFPOLICY;
	d.expires = 5;
	d.flags = RTNH_F_LINKDOWN;
	assert_true(route_same(&c, &d));
}

static void
hops_compare_by_name_or_by_index(void **state)
{
	struct route a = route_of(RTN_UNICAST, "192.0.2.1", "eth0"), b = a;

	(void)state;
	b.hop[0].ifindex = 5;
	assert_true(route_same(&a, &b));
	b.hop[0].dev[0] = '\0';
	assert_false(route_same(&a, &b));
	a.hop[0].ifindex = 5;
	assert_true(route_same(&a, &b));
	a.hop[0].ifindex = 6;
	assert_false(route_same(&a, &b));
}

static void
the_order_of_hops_matters_to_ipv4_only(void **state)
{
	struct route a, b;

	(void)state;
	route_init(&a, AF_INET6);
	a.hop_count = 2;
	a.hop[0].via = address("2001:db8::2");
	a.hop[1].via = address("2001:db8::1");
	b = a;
	b.hop[0] = a.hop[1];
	b.hop[1] = a.hop[0];
	assert_true(route_same(&a, &b));
	route_normalize(&a);
	route_normalize(&b);
	assert_memory_equal(&a, &b, sizeof(a));
	b.hop[1].weight = 2;
	assert_false(route_same(&a, &b));
	b.hop[1] = b.hop[0];
	assert_false(route_same(&a, &b));

	a.family = b.family = AF_INET;
	b.hop[0] = a.hop[1];
	b.hop[1] = a.hop[0];
	assert_false(route_same(&a, &b));
}

static void
a_next_hop_object_stands_for_its_hops(void **state)
{
	struct route a = route_of(RTN_UNICAST, "192.0.2.1", "eth0"), b = a;

	(void)state;
	a.nhid = b.nhid = 7;
	b.hop_count = 0;
	assert_true(route_same(&a, &b));
	b.nhid = 8;
	assert_false(route_same(&a, &b));
}

static void
a_key_is_table_prefix_metric_tos_or_source(void **state)
{
	struct route a = route_of(RTN_UNICAST, "192.0.2.1", "eth0");
	struct route b = route_of(RTN_BLACKHOLE, NULL, NULL);

	(void)state;
	a.dst = b.dst = prefix("198.51.100.0/24");
	assert_true(route_same_key(&a, &b));
	b.metric = 1;
	assert_false(route_same_key(&a, &b));
	b.metric = 0;
	b.tos = 4;
	assert_false(route_same_key(&a, &b));
	b.tos = 0;
	b.table = 5;
	assert_false(route_same_key(&a, &b));
	a.family = b.family = AF_INET6;
	b.table = 0;
	assert_true(route_same_key(&a, &b));
	b.src = prefix("2001:db8::/32");
	assert_false(route_same_key(&a, &b));
}

static void
an_empty_pattern_hits_all_of_its_family(void **state)
{
	struct rule pattern, victim;

	(void)state;
	srand(4);
	rule_init(&pattern, AF_INET);
	for (int i = 0; i < 1000; i++) {
		value_rule(&victim, AF_INET);
		assert_true(rule_pattern_hits(&pattern, &victim));
		value_rule(&victim, AF_INET6);
		assert_false(rule_pattern_hits(&pattern, &victim));
	}
}

static void
a_pattern_hits_what_says_more(void **state)
{
	struct rule pattern, victim;

	(void)state;
	rule_init(&pattern, AF_INET);
	pattern.action = FR_ACT_TO_TBL;
	pattern.table = 77;
	pattern.has_priority = true;
	pattern.priority = 100;
	pattern.protocol = PROTO_IFPOLICY;
	victim = pattern;
	victim.from = prefix("192.0.2.1");
	victim.fwmark = 5;
	victim.invert = true;
	assert_true(rule_pattern_hits(&pattern, &victim));
	assert_false(rule_pattern_hits(&victim, &pattern));
	victim.protocol = 4;
	assert_false(rule_pattern_hits(&pattern, &victim));
	victim.protocol = PROTO_IFPOLICY;
	victim.table = 78;
	assert_false(rule_pattern_hits(&pattern, &victim));
}

static void
device_names_are_those_of_the_kernel(void **state)
{
	static const char *const good[] = {
		"e", "eth0", "eth0.100", "br-lan", "wg_0", "123456789012345",
		"...", "a..b", "@x", "d\xc3\xb6",
	};
	static const char *const bad[] = {
		"", ".", "..", "1234567890123456", "a b", "a/b", "/", "eth0:1",
		":", "a\tb", "a\nb", "a\x01", "a\x7f", "a\xa0", " a", "a ",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_true(device_name_ok(good[i]));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(device_name_ok(bad[i]));
}

static void
labels_may_have_a_suffix(void **state)
{
	static const char *const good[] = {
		"eth0", "eth0:1", "eth0:vip", "eth0:1:2", "eth0.1:web",
	};
	static const char *const bad[] = {
		"", ":", ":1", "eth0:", "..:1", ".:x", "eth0:a/b", "eth0:a b",
		"eth0:1234567890123", "eth0:\x01",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_true(label_name_ok(good[i]));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(label_name_ok(bad[i]));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(default_scopes_are_those_of_ip_route),
		cmocka_unit_test(a_given_scope_stays),
		cmocka_unit_test(a_lone_nexthop_is_global_and_an_ordinary_hop),
		cmocka_unit_test(ipv6_gets_its_default_metric),
		cmocka_unit_test(rejecting_routes_have_no_hop),
		cmocka_unit_test(what_a_family_drops_is_dropped),
		cmocka_unit_test(metrics_are_capped_and_zero_is_absent),
		cmocka_unit_test(normalizing_twice_changes_nothing),
		cmocka_unit_test(any_change_makes_a_rule_another),
		cmocka_unit_test(
		    the_same_rule_elsewhere_differs_in_its_priority_alone),
		cmocka_unit_test(any_change_makes_a_route_another),
		cmocka_unit_test(the_protocol_is_no_part_of_equality),
		cmocka_unit_test(hops_compare_by_name_or_by_index),
		cmocka_unit_test(the_order_of_hops_matters_to_ipv4_only),
		cmocka_unit_test(a_next_hop_object_stands_for_its_hops),
		cmocka_unit_test(a_key_is_table_prefix_metric_tos_or_source),
		cmocka_unit_test(an_empty_pattern_hits_all_of_its_family),
		cmocka_unit_test(a_pattern_hits_what_says_more),
		cmocka_unit_test(device_names_are_those_of_the_kernel),
		cmocka_unit_test(labels_may_have_a_suffix),
	};

	return cmocka_run_group_tests_name("model", tests, NULL, NULL);
}
