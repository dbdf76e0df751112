/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: unit tests of watch-stale.c: what an event makes stale. */
#include <linux/rtnetlink.h>
#include <net/if.h>

#include <libmnl/libmnl.h>

#include "build.h"
#include "watch-stale.h"
#include "wire.h"

#define OWN	4000000001u	/* our netlink port */
#define HIS	612u
#define LO	1u		/* the one device that is everywhere */

union buffer {
	struct nlmsghdr nlh;
	char bytes[WIRE_MESSAGE];
};

static void
heard(struct stale *s, struct nlmsghdr *nlh, uint32_t port)
{
	nlh->nlmsg_pid = port;
	stale_note(s, nlh, OWN);
}

static void
hear_link(struct stale *s, uint16_t type, const char *name, unsigned flags,
    unsigned changed)
{
	union buffer b = { .bytes = "" };
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(b.bytes);
	struct ifinfomsg *m = mnl_nlmsg_put_extra_header(nlh, sizeof(*m));

	nlh->nlmsg_type = type;
	m->ifi_index = 77;
	m->ifi_flags = flags;
	m->ifi_change = changed;
	mnl_attr_put_strz(nlh, IFLA_IFNAME, name);
	heard(s, nlh, 0);
}

static void
hear_address(struct stale *s, uint16_t type, const char *text, uint32_t port)
{
	union buffer b = { .bytes = "" };
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(b.bytes);
	struct ifaddrmsg *m = mnl_nlmsg_put_extra_header(nlh, sizeof(*m));
	struct addr a = addr_of(text);

	nlh->nlmsg_type = type;
	m->ifa_family = (uint8_t)a.family;
	m->ifa_prefixlen = 24;
	m->ifa_index = LO;
	mnl_attr_put(nlh, IFA_LOCAL, addr_bytes(a.family), a.byte);
	heard(s, nlh, port);
}

static void
hear_route(struct stale *s, uint16_t type, uint16_t flags, const char *words,
    uint8_t protocol, uint32_t port)
{
	union buffer b;
	struct nlmsghdr *nlh;
	struct route r;
	struct fault f;

	if (!words_parse_route(&r, AF_INET, NULL, words, &f))
		fail_msg("%s", f.text);
	if (r.table == 0)
		r.table = RT_TABLE_MAIN;
	r.protocol = protocol;
	for (size_t i = 0; i < r.hop_count; i++)
		r.hop[i].ifindex = LO;
	route_normalize(&r);
	nlh = wire_route(&b, &r, RTM_NEWROUTE, 0);
	assert_non_null(nlh);
	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = flags;
	heard(s, nlh, port);
}

static void
hear_rule(struct stale *s, uint16_t type, uint8_t protocol, uint32_t port)
{
	struct rule r = {
		.family = AF_INET, .priority = 12030, .has_priority = true,
		.table = 101, .action = FR_ACT_TO_TBL, .protocol = protocol,
	};
	union buffer b;
	struct nlmsghdr *nlh;

	rule_normalize(&r);
	nlh = wire_rule(&b, &r, RTM_NEWRULE, 0);
	assert_non_null(nlh);
	nlh->nlmsg_type = type;
	heard(s, nlh, port);
}

static bool
means(const struct device_names *d, const char *name)
{
	for (size_t i = 0; i < d->count; i++)
		if (!strcmp(d->at[i], name))
			return true;
	return false;
}

static void
assert_nothing(struct stale *s)
{
	assert_false(s->any || s->everything || s->lost);
	assert_int_equal(s->devices.count + s->came_up.count + s->addresses,
	    0);
}

static void
a_link_means_its_device(void **state)
{
	struct stale s = { 0 };

	(void)state;
	hear_link(&s, RTM_NEWLINK, "eth0", 0, IFF_UP);
	hear_link(&s, RTM_NEWLINK, "eth1", IFF_UP, 0);
	hear_link(&s, RTM_NEWLINK, "eth2", IFF_UP, IFF_UP);
	hear_link(&s, RTM_NEWLINK, "eth3", IFF_UP, ~0u);
	hear_link(&s, RTM_DELLINK, "eth4", IFF_UP, ~0u);
	hear_link(&s, RTM_NEWLINK, "eth2", IFF_UP, IFF_UP);
	assert_true(s.any);
	assert_false(s.everything || s.lost);
	assert_int_equal(s.devices.count, 5);
	assert_true(means(&s.devices, "eth0") && means(&s.devices, "eth4"));
	assert_int_equal(s.came_up.count, 2);
	assert_true(means(&s.came_up, "eth2") && means(&s.came_up, "eth3"));
	stale_fini(&s);
	assert_nothing(&s);
}

static void
an_address_means_its_device_and_who_names_it(void **state)
{
	struct stale s = { 0 };
	struct addr want = addr_of("192.0.2.7");

	(void)state;
	hear_address(&s, RTM_DELADDR, "192.0.2.7", HIS);
	hear_address(&s, RTM_NEWADDR, "192.0.2.7", HIS);
	hear_address(&s, RTM_NEWADDR, "2001:db8::7", 0);
	assert_true(s.any && means(&s.devices, "lo"));
	assert_int_equal(s.devices.count, 1);
	assert_int_equal(s.addresses, 2);
	assert_int_equal(addr_cmp(&s.address[0], &want), 0);
	assert_false(s.everything || s.lost);
	stale_fini(&s);
}

static void
too_many_addresses_mean_everything(void **state)
{
	struct stale s = { 0 };
	char text[32];

	(void)state;
	for (int i = 0; i < STALE_ADDRESSES; i++) {
		snprintf(text, sizeof(text), "192.0.2.%d", i);
		hear_address(&s, RTM_NEWADDR, text, HIS);
	}
	assert_false(s.everything);
	hear_address(&s, RTM_DELADDR, "192.0.2.0", HIS);
	assert_false(s.everything);
	for (int i = 0; i < 1000; i++) {
		snprintf(text, sizeof(text), "198.51.100.%d", i % 256);
		hear_address(&s, RTM_NEWADDR, text, HIS);
	}
	assert_true(s.everything);
	assert_int_equal(s.addresses, STALE_ADDRESSES);
	stale_fini(&s);
}

static void
what_is_ours_and_goes_is_lost(void **state)
{
	struct stale s = { 0 };

	(void)state;
	hear_rule(&s, RTM_DELRULE, PROTO_IFPOLICY, HIS);
	assert_true(s.any && s.lost);
	assert_int_equal(s.port, HIS);
	stale_fini(&s);
	hear_route(&s, RTM_DELROUTE, 0, "default via 192.0.2.1 dev lo table 7",
	    PROTO_IFPOLICY, HIS);
	assert_true(s.any && s.lost);
	assert_int_equal(s.port, HIS);
	/* The kernel, too, but that does not clear him. */
	hear_route(&s, RTM_DELROUTE, 0, "default via 192.0.2.1 dev lo table 8",
	    PROTO_IFPOLICY, 0);
	assert_int_equal(s.port, HIS);
	stale_fini(&s);
}

static void
what_is_ours_and_comes_is_no_news(void **state)
{
	struct stale s = { 0 };

	(void)state;
	hear_rule(&s, RTM_NEWRULE, PROTO_IFPOLICY, HIS);
	hear_route(&s, RTM_NEWROUTE, NLM_F_CREATE,
	    "default via 192.0.2.1 dev lo metric 100", PROTO_IFPOLICY, HIS);
	assert_true(s.ours);
	assert_nothing(&s);
}

static void
what_we_do_ourselves_is_no_news(void **state)
{
	struct stale s = { 0 };

	(void)state;
	hear_rule(&s, RTM_DELRULE, PROTO_IFPOLICY, OWN);
	hear_route(&s, RTM_DELROUTE, 0, "default via 192.0.2.1 dev lo",
	    PROTO_IFPOLICY, OWN);
	hear_route(&s, RTM_NEWROUTE, NLM_F_REPLACE,
	    "default via 192.0.2.1 dev lo", RTPROT_STATIC, OWN);
	hear_address(&s, RTM_NEWADDR, "192.0.2.7", OWN);
	assert_nothing(&s);
}

static void
rules_of_others_are_no_news(void **state)
{
	struct stale s = { 0 };

	(void)state;
	hear_rule(&s, RTM_NEWRULE, RTPROT_STATIC, HIS);
	hear_rule(&s, RTM_DELRULE, RTPROT_STATIC, HIS);
	assert_nothing(&s);
}

static void
of_others_routes_those_say_something_that_lead_a_device(void **state)
{
	static const struct {
		const char *words;
		bool news;
	} lines[] = {
		{ "default via 192.0.2.1 dev lo", true },
		{ "default dev lo metric 7", true },
		{ "192.0.2.0/24 dev lo", true },
		{ "198.51.100.0/24 via 192.0.2.1 dev lo", false },
		{ "default via 192.0.2.1 dev lo table 7", false },
		{ "unreachable 198.51.100.0/24", false },
	};
	struct stale s = { 0 };

	(void)state;
	for (size_t i = 0; i < LENGTH(lines); i++)
		for (int gone = 0; gone < 2; gone++) {
			hear_route(&s, gone ? RTM_DELROUTE : RTM_NEWROUTE, 0,
			    lines[i].words, RTPROT_DHCP, HIS);
			if (s.any != lines[i].news ||
			    means(&s.devices, "lo") != lines[i].news)
				fail_msg("%s", lines[i].words);
			assert_false(s.lost || s.everything);
			stale_fini(&s);
		}
}

static void
a_replacement_may_have_taken_the_place_of_ours(void **state)
{
	struct stale s = { 0 };
	struct addr want = addr_of("198.51.100.0");

	(void)state;
	hear_route(&s, RTM_NEWROUTE, NLM_F_REPLACE,
	    "default via 192.0.2.1 dev lo", RTPROT_STATIC, HIS);
	assert_true(s.lost);
	stale_fini(&s);
	hear_route(&s, RTM_NEWROUTE, NLM_F_REPLACE,
	    "198.51.100.0/24 via 192.0.2.1 dev lo table 7", RTPROT_STATIC,
	    HIS);
	assert_true(s.lost);
	stale_fini(&s);
	/* A routing daemon's, in main: who has it is looked at, no more. */
	hear_route(&s, RTM_NEWROUTE, NLM_F_REPLACE,
	    "198.51.100.0/24 via 192.0.2.1 dev lo", RTPROT_BIRD, HIS);
	assert_false(s.lost);
	assert_true(s.any);
	assert_int_equal(s.addresses, 1);
	assert_int_equal(addr_cmp(&s.address[0], &want), 0);
	stale_fini(&s);
}

static void
what_cannot_be_read_is_no_news(void **state)
{
	static const uint16_t types[] = {
		RTM_NEWLINK, RTM_DELLINK, RTM_NEWADDR, RTM_DELADDR,
		RTM_NEWROUTE, RTM_DELROUTE, RTM_NEWRULE, RTM_DELRULE,
		RTM_NEWNEIGH, NLMSG_DONE, 4711,
	};
	struct stale s = { 0 };

	(void)state;
	for (size_t i = 0; i < LENGTH(types); i++) {
		union buffer b = { .bytes = "" };
		struct nlmsghdr *nlh = mnl_nlmsg_put_header(b.bytes);

		nlh->nlmsg_type = types[i];
		heard(&s, nlh, HIS);
	}
	assert_nothing(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_link_means_its_device),
		cmocka_unit_test(an_address_means_its_device_and_who_names_it),
		cmocka_unit_test(too_many_addresses_mean_everything),
		cmocka_unit_test(what_is_ours_and_goes_is_lost),
		cmocka_unit_test(what_is_ours_and_comes_is_no_news),
		cmocka_unit_test(what_we_do_ourselves_is_no_news),
		cmocka_unit_test(rules_of_others_are_no_news),
		cmocka_unit_test(
		    of_others_routes_those_say_something_that_lead_a_device),
		cmocka_unit_test(a_replacement_may_have_taken_the_place_of_ours),
		cmocka_unit_test(what_cannot_be_read_is_no_news),
	};

	return cmocka_run_group_tests_name("watch_stale", tests, NULL, NULL);
}
