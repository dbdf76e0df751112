/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: unit tests of cover.c. */
#include "build.h"

#include <linux/if_addr.h>

#include "cover.h"

/* One question to cover_find(). */
struct asked {
	struct claim c, before;
	struct request r;
	struct snapshot now;
	struct cover k;
	struct fault f;
};

static void
ask_init(struct asked *a, int family, const char *own)
{
	memset(a, 0, sizeof(*a));
	a->c = claim_of("eth1", family, own);
	a->r.family = family;
	a->r.addresses_kind = ADDRESSES_ALL;
	snapshot_of(&a->now, "eth1");
}

static enum verdict
ask(struct asked *a)
{
	cover_fini(&a->k);
	memset(&a->k, 0, sizeof(a->k));
	a->f.text[0] = '\0';
	a->k.r = &a->r;
	a->k.c = &a->c;
	a->k.before = &a->before;
	a->k.now = &a->now;
	a->k.f = &a->f;
	return cover_find(&a->k);
}

static void
ask_fini(struct asked *a)
{
	cover_fini(&a->k);
	objects_fini(&a->before.objects);
	snapshot_fini(&a->now);
	claim_fini(&a->c);
}

static void
assert_gateway(struct asked *a, const char *want)
{
	char text[ADDR_TEXT] = "none";

	assert_int_equal(ask(a), VERDICT_DONE);
	if (addr_given(&a->k.gateway))
		addr_print(text, &a->k.gateway);
	assert_string_equal(text, want);
}

static void
all_means_the_global_ones_of_the_family(void **state)
{
	struct asked a;

	(void)state;
	ask_init(&a, AF_INET6, NULL);
	snapshot_address(&a.now, "10.0.1.10/24");
	snapshot_address(&a.now, "fe80::10/64")->scope = RT_SCOPE_LINK;
	snapshot_address(&a.now, "fe80::11/64");
	snapshot_address(&a.now, "fd00:1::1/64")->flags = IFA_F_DADFAILED;
	snapshot_address(&a.now, "fd00:1::2/64")->scope = RT_SCOPE_HOST;
	snapshot_address(&a.now, "fd00:1::3/64")->flags = IFA_F_TENTATIVE;
	snapshot_address(&a.now, "fd00:1::4/64")->scope = RT_SCOPE_SITE;
	assert_int_equal(ask(&a), VERDICT_DONE);
	assert_int_equal(a.k.count, 2);
	assert_ptr_equal(a.k.address[0], &a.now.addresses.at[6]);
	assert_ptr_equal(a.k.address[1], &a.now.addresses.at[5]);
	ask_fini(&a);
}

static void
the_best_source_comes_first(void **state)
{
	static const uint32_t flags[] = {
		IFA_F_TENTATIVE, IFA_F_DEPRECATED | IFA_F_TEMPORARY,
		IFA_F_TEMPORARY, IFA_F_DEPRECATED, 0, IFA_F_TEMPORARY,
		IFA_F_TENTATIVE | IFA_F_OPTIMISTIC,
	};
	static const size_t order[] = { 6, 4, 5, 2, 3, 1, 0 };
	struct object *o;
	struct asked a;

	(void)state;
	ask_init(&a, AF_INET6, NULL);
	for (size_t i = 0; i < LENGTH(flags); i++) {
		char text[] = "fd00:1::1/64";

		text[8] = (char)('1' + i);
		snapshot_address(&a.now, text)->flags = flags[i];
	}
	assert_int_equal(ask(&a), VERDICT_DONE);
	assert_int_equal(a.k.count, LENGTH(flags));
	for (size_t i = 0; i < LENGTH(flags); i++)
		assert_ptr_equal(a.k.address[i],
		    &a.now.addresses.at[order[i]]);
	/* Of equals the one that was it before; the own one always. */
	o = objects_add(&a.before.objects);
	o->kind = OBJECT_ROUTE;
	o->route.prefsrc = addr_of("fd00:1::5");
	assert_int_equal(ask(&a), VERDICT_DONE);
	assert_ptr_equal(a.k.address[0], &a.now.addresses.at[4]);
	a.c.key.own = addr_of("fd00:1::1");
	assert_int_equal(ask(&a), VERDICT_DONE);
	assert_ptr_equal(a.k.address[0], &a.now.addresses.at[0]);
	assert_ptr_equal(a.k.address[1], &a.now.addresses.at[4]);
	ask_fini(&a);
	/* What is "secondary" for IPv4 has the same bit. */
	ask_init(&a, AF_INET, NULL);
	snapshot_address(&a.now, "10.0.1.2/24")->flags = IFA_F_SECONDARY;
	snapshot_address(&a.now, "10.0.1.1/24");
	assert_int_equal(ask(&a), VERDICT_DONE);
	assert_ptr_equal(a.k.address[0], &a.now.addresses.at[0]);
	ask_fini(&a);
}

static void
of_a_crowd_the_first_are_covered(void **state)
{
	struct asked a;

	(void)state;
	ask_init(&a, AF_INET, NULL);
	for (unsigned i = 0; i < COVER_MAX; i++) {
		char text[24];

		snprintf(text, sizeof(text), "10.0.%u.%u/16", i / 250,
		    i % 250 + 1);
		snapshot_address(&a.now, text);
	}
	assert_int_equal(ask(&a), VERDICT_DONE);
	assert_int_equal(a.k.count, COVER_MAX);
	assert_string_equal(a.f.text, "");
	snapshot_address(&a.now, "10.0.9.1/16");
	assert_int_equal(ask(&a), VERDICT_DONE);
	assert_int_equal(a.k.count, COVER_MAX);
	assert_string_equal(a.f.text, "eth1 has more than 512 addresses: the "
	    "rest is left out; name those that are meant");
	ask_fini(&a);
}

static void
the_preferred_router_is_the_gateway(void **state)
{
	struct asked a;

	(void)state;
	ask_init(&a, AF_INET6, NULL);
	snapshot_address(&a.now, "fd00:1::10/64");
	snapshot_route(&a.now, AF_INET6,
	    "default via fe80::1 dev eth1 proto ra metric 1024 pref low");
	assert_gateway(&a, "fe80::1");
	snapshot_route(&a.now, AF_INET6,
	    "default via fe80::2 dev eth1 proto ra metric 1024");
	assert_gateway(&a, "fe80::2");
	snapshot_route(&a.now, AF_INET6,
	    "default via fe80::3 dev eth1 proto ra metric 1024 pref high");
	assert_gateway(&a, "fe80::3");
	snapshot_route(&a.now, AF_INET6,
	    "default via fe80::4 dev eth1 proto ra metric 512 pref low");
	assert_gateway(&a, "fe80::4");
	snapshot_route(&a.now, AF_INET6,
	    "default via fe80::5 dev eth2 proto ra metric 1");
	assert_gateway(&a, "fe80::4");
	ask_fini(&a);
}

static void
assert_on_link(struct asked *a, size_t address, const char *want)
{
	char text[PREFIX_TEXT] = "none";
	struct prefix s;

	assert_int_equal(ask(a), VERDICT_DONE);
	if (cover_on_link(&s, &a->k, &a->now.addresses.at[address]))
		prefix_print(text, &s);
	assert_string_equal(text, want);
}

static void
a_prefix_of_an_advertisement_is_on_link_if_main_has_it(void **state)
{
	struct object *o;
	struct asked a;

	(void)state;
	ask_init(&a, AF_INET6, NULL);
	snapshot_address(&a.now, "fd00:1::10/64");
	snapshot_address(&a.now, "fd00:1::99/128");
	snapshot_address(&a.now, "fd00:2::1/64")->flags = IFA_F_PERMANENT;
	/* Main is not known. */
	assert_on_link(&a, 0, "fd00:1::/64");
	assert_on_link(&a, 1, "none");
	a.now.has_main_of_device = true;
	assert_on_link(&a, 0, "none");
	assert_on_link(&a, 2, "fd00:2::/64");
	snapshot_route(&a.now, AF_INET6, "fd00:1::/64 dev eth2");
	snapshot_route(&a.now, AF_INET6, "fd00:1::/64 via fe80::1 dev eth1");
	snapshot_route(&a.now, AF_INET6, "fd00:1::99 dev eth1");
	assert_on_link(&a, 0, "none");
	snapshot_route(&a.now, AF_INET6, "fd00::/16 dev eth1");
	assert_on_link(&a, 0, "none");
	assert_on_link(&a, 1, "fd00::/16");
	snapshot_route(&a.now, AF_INET6, "fd00:1::/64 dev eth1 proto ra");
	assert_on_link(&a, 0, "fd00:1::/64");
	assert_on_link(&a, 1, "fd00:1::/64");
	/* Taken out by this claim before. */
	o = objects_add(&a.before.objects);
	o->kind = OBJECT_TAKEN;
	o->route = a.now.routes.at[a.now.routes.count - 1];
	a.now.routes.count = 0;
	assert_on_link(&a, 0, "fd00:1::/64");
	/* With the link down main has nothing. */
	objects_fini(&a.before.objects);
	assert_on_link(&a, 0, "none");
	a.now.link.flags = 0;
	assert_on_link(&a, 0, "fd00:1::/64");
	ask_fini(&a);
}

static void
own_and_listed_addresses_are_picked_by_value(void **state)
{
	struct asked a;

	(void)state;
	ask_init(&a, AF_INET, "10.0.1.11");
	snapshot_address(&a.now, "10.0.1.10/24");
	snapshot_address(&a.now, "10.0.1.11/24");
	snapshot_address(&a.now, "10.0.1.12/24");
	a.r.addresses_kind = ADDRESSES_OWN;
	assert_int_equal(ask(&a), VERDICT_DONE);
	assert_int_equal(a.k.count, 1);
	assert_ptr_equal(a.k.address[0], &a.now.addresses.at[1]);
	a.r.addresses_kind = ADDRESSES_LIST;
	a.r.addresses[a.r.address_count++] = addr_of("10.0.1.12");
	a.r.addresses[a.r.address_count++] = addr_of("10.0.9.9");
	a.r.addresses[a.r.address_count++] = addr_of("10.0.1.10");
	assert_int_equal(ask(&a), VERDICT_DONE);
	assert_int_equal(a.k.count, 2);
	assert_ptr_equal(a.k.address[0], &a.now.addresses.at[0]);
	assert_ptr_equal(a.k.address[1], &a.now.addresses.at[2]);
	/* "all" leaves to other claims what is theirs. */
	a.r.addresses_kind = ADDRESSES_ALL;
	a.r.excluded[a.r.excluded_count++] = addr_of("10.0.1.11");
	assert_int_equal(ask(&a), VERDICT_DONE);
	assert_int_equal(a.k.count, 2);
	assert_ptr_equal(a.k.address[1], &a.now.addresses.at[2]);
	ask_fini(&a);
}

static void
a_subnet_is_what_the_kernel_makes_of_an_address(void **state)
{
	static const struct {
		const char *address, *peer, *subnet;
	} cases[] = {
		{ "10.0.1.10/24", NULL, "10.0.1.0/24" },
		{ "10.0.1.10/31", NULL, "10.0.1.10/31" },
		{ "10.0.1.10/32", NULL, NULL },
		{ "fd00:1::10/64", NULL, "fd00:1::/64" },
		{ "fd00:1::10/128", NULL, NULL },
		{ "10.0.1.10/32", "10.0.2.1", "10.0.2.1" },
		{ "10.0.1.10/24", "10.0.2.1", "10.0.2.0/24" },
		{ "fd00:1::10/128", "fd00:2::1", "fd00:2::1" },
		{ "10.0.1.10/0", NULL, NULL },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct address a = { .prefix = prefix_of(cases[i].address) };
		struct prefix s, want;
		bool has;

		if (cases[i].peer)
			a.peer = addr_of(cases[i].peer);
		has = cover_subnet(&s, &a);
		assert_int_equal(has, cases[i].subnet != NULL);
		if (!has)
			continue;
		want = prefix_of(cases[i].subnet);
		assert_int_equal(prefix_cmp(&s, &want), 0);
	}
}

static void
an_optimistic_address_is_a_source_already(void **state)
{
	struct address a = { .flags = IFA_F_TENTATIVE };

	(void)state;
	assert_true(cover_is_tentative(&a));
	a.flags |= IFA_F_OPTIMISTIC;
	assert_false(cover_is_tentative(&a));
	a.flags = IFA_F_PERMANENT;
	assert_false(cover_is_tentative(&a));
}

static void
without_a_device_nothing_can_be_right(void **state)
{
	struct asked a;

	(void)state;
	ask_init(&a, AF_INET, NULL);
	a.now.link.ifindex = 0;
	assert_int_equal(ask(&a), VERDICT_WRONG);
	assert_string_equal(a.f.text, "there is no such device");
	ask_fini(&a);
}

static void
an_address_that_is_missing_is_waited_for(void **state)
{
	struct asked a;

	(void)state;
	ask_init(&a, AF_INET, "10.0.1.10");
	a.r.has_table = a.r.match_from = true;
	assert_int_equal(ask(&a), VERDICT_WAIT);
	assert_string_equal(a.f.text, "eth1 has no global address");
	a.r.addresses_kind = ADDRESSES_OWN;
	assert_int_equal(ask(&a), VERDICT_WAIT);
	assert_string_equal(a.f.text, "the address 10.0.1.10 is not on eth1");
	a.r.addresses_kind = ADDRESSES_LIST;
	assert_int_equal(ask(&a), VERDICT_WAIT);
	assert_string_equal(a.f.text,
	    "none of the addresses listed is on eth1");
	a.r.match_from = false;
	assert_int_equal(ask(&a), VERDICT_DONE);
	a.r.match_to = true;
	assert_int_equal(ask(&a), VERDICT_WAIT);
	a.r.match_to = a.r.has_table = false;
	a.r.connected = CONNECTED_NONE;
	assert_int_equal(ask(&a), VERDICT_WAIT);
	a.r.connected = CONNECTED_KEEP;
	a.r.source_kind = SOURCE_OWN;
	assert_int_equal(ask(&a), VERDICT_WAIT);
	ask_fini(&a);
}

static void
the_gateway_is_the_one_written_else_the_stanza_s(void **state)
{
	struct asked a;

	(void)state;
	ask_init(&a, AF_INET, NULL);
	snapshot_address(&a.now, "10.0.1.10/24");
	snapshot_route(&a.now, AF_INET, "default via 10.0.1.3 dev eth1");
	assert_gateway(&a, "10.0.1.3");
	a.c.router = addr_of("10.0.1.2");
	assert_gateway(&a, "10.0.1.2");
	a.r.gateway_kind = GATEWAY_ADDRESS;
	a.r.gateway = addr_of("10.0.1.1");
	assert_gateway(&a, "10.0.1.1");
	assert_false(a.k.onlink);
	a.r.onlink = true;
	assert_gateway(&a, "10.0.1.1");
	assert_true(a.k.onlink);
	a.r.gateway_kind = GATEWAY_NONE;
	assert_gateway(&a, "none");
	ask_fini(&a);
}

static void
main_gives_a_gateway_if_it_is_another_s_of_this_device(void **state)
{
	struct asked a;

	(void)state;
	ask_init(&a, AF_INET, NULL);
	snapshot_address(&a.now, "10.0.1.10/24");
	snapshot_route(&a.now, AF_INET, "default via 10.0.1.1 dev eth2");
	snapshot_route(&a.now, AF_INET, "default via 10.0.1.2 dev eth1 "
	    "protocol 173 metric 5");
	snapshot_route(&a.now, AF_INET, "10.0.0.0/8 via 10.0.1.3 dev eth1");
	snapshot_route(&a.now, AF_INET, "default via 10.0.1.4 dev eth1 "
	    "table 7");
	snapshot_route(&a.now, AF_INET, "default dev eth1 metric 6");
	snapshot_route(&a.now, AF_INET, "default metric 7 nexthop via "
	    "10.0.1.5 dev eth1 nexthop via 10.0.1.6 dev eth1");
	snapshot_route(&a.now, AF_INET, "default via inet6 fe80::1 dev eth1 "
	    "metric 8");
	snapshot_route(&a.now, AF_INET6, "default via fe80::1 dev eth1");
	assert_gateway(&a, "none");
	snapshot_route(&a.now, AF_INET, "default via 10.0.1.9 dev eth1 "
	    "metric 9 onlink");
	assert_gateway(&a, "10.0.1.9");
	assert_true(a.k.onlink);
	ask_fini(&a);
}

static void
a_default_taken_out_before_still_gives_its_gateway(void **state)
{
	struct asked a;

	(void)state;
	ask_init(&a, AF_INET, NULL);
	snapshot_address(&a.now, "10.0.1.10/24");
	objects_of(&a.before.objects, AF_INET, "taken route add 10.0.1.0/24 "
	    "dev eth1 table 254 protocol 2\n"
	    "taken route add default via 10.0.1.7 dev eth1 table 254 "
	    "protocol 16\n");
	/* The device was made again since. */
	a.before.objects.at[1].route.hop[0].ifindex = 99;
	assert_gateway(&a, "10.0.1.7");
	snapshot_route(&a.now, AF_INET, "default via 10.0.1.8 dev eth1");
	assert_gateway(&a, "10.0.1.8");
	ask_fini(&a);
}

static void
a_vrf_has_a_table_of_its_own(void **state)
{
	struct asked a;

	(void)state;
	ask_init(&a, AF_INET, NULL);
	snapshot_address(&a.now, "10.0.1.10/24");
	a.now.link.master = 9;
	a.r.has_table = true;
	assert_int_equal(ask(&a), VERDICT_DONE);
	a.now.link.master_is_vrf = true;
	assert_int_equal(ask(&a), VERDICT_WRONG);
	assert_non_null(strstr(a.f.text, "eth1 is part of a VRF"));
	a.r.partial = true;
	assert_int_equal(ask(&a), VERDICT_DONE);
	assert_true(a.k.asleep);
	a.r.has_table = a.r.partial = false;
	assert_int_equal(ask(&a), VERDICT_DONE);
	ask_fini(&a);
}

static void
a_metric_needs_a_gateway(void **state)
{
	struct asked a;

	(void)state;
	ask_init(&a, AF_INET, NULL);
	snapshot_address(&a.now, "10.0.1.10/24");
	a.r.metric = 100;
	assert_int_equal(ask(&a), VERDICT_WAIT);
	assert_string_equal(a.f.text, "a metric needs a gateway, and neither "
	    "the stanza nor main has one for this device");
	a.r.gateway_kind = GATEWAY_NONE;
	assert_int_equal(ask(&a), VERDICT_WRONG);
	assert_string_equal(a.f.text, "a metric needs a gateway, and \"none\" "
	    "was asked for");
	ask_fini(&a);
}

static void
a_gateway_on_no_subnet_is_off_link(void **state)
{
	static const struct {
		const char *address, *peer, *route, *gateway;
		bool offlink, onlink;
	} cases[] = {
		{ "10.0.1.10/24", NULL, NULL, "10.0.1.1", false, false },
		{ "10.0.1.10/24", NULL, NULL, "10.0.2.1", true, false },
		{ "10.0.1.10/24", NULL, "10.0.2.0/24 dev eth1", "10.0.2.1",
		    false, false },
		{ "10.0.1.10/24", NULL, "10.0.2.0/24 dev eth2", "10.0.2.1",
		    true, false },
		{ "10.0.1.10/24", NULL, "10.0.2.0/24 via 10.0.1.1 dev eth1",
		    "10.0.2.1", true, false },
		{ "10.0.1.10/24", NULL, "default dev eth1", "10.0.2.1", true,
		    false },
		{ "10.0.1.10/32", NULL, NULL, "10.0.2.1", false, true },
		{ "10.0.1.10/32", "10.0.2.1", NULL, "10.0.2.1", false,
		    false },
		{ "10.0.1.10/32", "10.0.2.1", NULL, "10.0.2.2", true, false },
		{ "fd00:1::10/64", NULL, NULL, "fe80::1", false, false },
		{ "fd00:1::10/64", NULL, NULL, "fd00:2::1", true, false },
		{ "fd00:1::10/128", NULL, NULL, "fd00:2::1", false, true },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct addr gateway = addr_of(cases[i].gateway);
		struct asked a;

		ask_init(&a, gateway.family, NULL);
		snapshot_address(&a.now, cases[i].address);
		if (cases[i].peer)
			a.now.addresses.at[0].peer = addr_of(cases[i].peer);
		if (cases[i].route)
			snapshot_route(&a.now, AF_INET, cases[i].route);
		a.r.gateway_kind = GATEWAY_ADDRESS;
		a.r.gateway = gateway;
		assert_int_equal(ask(&a), VERDICT_DONE);
		if (a.k.offlink != cases[i].offlink ||
		    a.k.onlink != cases[i].onlink)
			fail_msg("case %zu: offlink %d onlink %d", i,
			    a.k.offlink, a.k.onlink);
		a.r.onlink = true;
		assert_int_equal(ask(&a), VERDICT_DONE);
		assert_false(a.k.offlink);
		ask_fini(&a);
	}
}

static void
assert_source(struct asked *a, const char *want)
{
	struct addr src;
	char text[ADDR_TEXT] = "none";

	assert_int_equal(ask(a), VERDICT_DONE);
	src = cover_source(&a->k);
	if (addr_given(&src))
		addr_print(text, &src);
	assert_string_equal(text, want);
}

static void
the_source_is_as_written_or_the_own_or_the_first(void **state)
{
	struct asked a;

	(void)state;
	ask_init(&a, AF_INET, "10.0.1.11");
	snapshot_address(&a.now, "10.0.1.10/24");
	snapshot_address(&a.now, "10.0.1.11/24");
	assert_source(&a, "none");
	a.r.source_kind = SOURCE_OWN;
	assert_source(&a, "10.0.1.11");
	memset(&a.c.key.own, 0, sizeof(a.c.key.own));
	assert_source(&a, "10.0.1.10");
	a.r.source_kind = SOURCE_ADDRESS;
	a.r.source = addr_of("10.0.5.5");
	assert_source(&a, "10.0.5.5");
	ask_fini(&a);
}

static void
a_tentative_source_is_waited_for(void **state)
{
	struct asked a;

	(void)state;
	ask_init(&a, AF_INET6, NULL);
	snapshot_address(&a.now, "fd00:1::10/64")->flags = IFA_F_TENTATIVE;
	assert_source(&a, "none");
	a.r.source_kind = SOURCE_OWN;
	assert_int_equal(ask(&a), VERDICT_WAIT);
	assert_string_equal(a.f.text,
	    "the source fd00:1::10 is still tentative");
	a.now.addresses.at[0].flags |= IFA_F_OPTIMISTIC;
	assert_source(&a, "fd00:1::10");
	ask_fini(&a);
}

static void
a_tentative_source_of_a_route_line_is_waited_for(void **state)
{
	struct asked a;
	struct object *o;

	(void)state;
	ask_init(&a, AF_INET6, NULL);
	snapshot_address(&a.now, "fd00:1::10/64")->flags = IFA_F_TENTATIVE;
	o = objects_add(&a.r.extra);
	assert_non_null(o);
	o->kind = OBJECT_ROUTE;
	o->route.prefsrc = addr_of("fd00:1::10");
	assert_int_equal(ask(&a), VERDICT_WAIT);
	assert_string_equal(a.f.text,
	    "the source fd00:1::10 is still tentative");
	/* A refresh leaves the route out and waits for nothing. */
	a.r.partial = true;
	assert_int_equal(ask(&a), VERDICT_DONE);
	a.r.partial = false;
	a.now.addresses.at[0].flags = 0;
	assert_int_equal(ask(&a), VERDICT_DONE);
	objects_fini(&a.r.extra);
	ask_fini(&a);
}

static void
the_subnets_are_told_in_messages(void **state)
{
	char buf[FAULT_TEXT / 2];
	struct snapshot now;

	(void)state;
	snapshot_of(&now, "eth1");
	assert_string_equal(cover_text(buf, &now, AF_INET6),
	    "no IPv6 address");
	snapshot_address(&now, "10.0.1.10/24");
	snapshot_address(&now, "fd00:1::10/64");
	snapshot_address(&now, "10.0.2.1/32");
	assert_string_equal(cover_text(buf, &now, AF_INET),
	    "10.0.1.10/24, 10.0.2.1/32");
	for (int i = 0; i < 60; i++)
		snapshot_address(&now,
		    "fd00:1111:2222:3333:4444:5555:6666:7777/128");
	assert_true(strlen(cover_text(buf, &now, AF_INET6)) < sizeof(buf));
	snapshot_fini(&now);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_means_the_global_ones_of_the_family),
		cmocka_unit_test(own_and_listed_addresses_are_picked_by_value),
		cmocka_unit_test(the_best_source_comes_first),
		cmocka_unit_test(of_a_crowd_the_first_are_covered),
		cmocka_unit_test(the_preferred_router_is_the_gateway),
		cmocka_unit_test(
		    a_prefix_of_an_advertisement_is_on_link_if_main_has_it),
		cmocka_unit_test(
		    a_subnet_is_what_the_kernel_makes_of_an_address),
		cmocka_unit_test(an_optimistic_address_is_a_source_already),
		cmocka_unit_test(without_a_device_nothing_can_be_right),
		cmocka_unit_test(an_address_that_is_missing_is_waited_for),
		cmocka_unit_test(
		    the_gateway_is_the_one_written_else_the_stanza_s),
		cmocka_unit_test(
		    main_gives_a_gateway_if_it_is_another_s_of_this_device),
		cmocka_unit_test(
		    a_default_taken_out_before_still_gives_its_gateway),
		cmocka_unit_test(a_vrf_has_a_table_of_its_own),
		cmocka_unit_test(a_metric_needs_a_gateway),
		cmocka_unit_test(a_gateway_on_no_subnet_is_off_link),
		cmocka_unit_test(
		    the_source_is_as_written_or_the_own_or_the_first),
		cmocka_unit_test(a_tentative_source_is_waited_for),
		cmocka_unit_test(
		    a_tentative_source_of_a_route_line_is_waited_for),
		cmocka_unit_test(the_subnets_are_told_in_messages),
	};

	return cmocka_run_group_tests_name("cover", tests, NULL, NULL);
}
