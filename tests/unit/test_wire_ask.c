/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: unit tests of wire: the question for a packet, and what a lookup depends on. */
#include <sys/socket.h>

#include <arpa/inet.h>
#include <libmnl/libmnl.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "uapi.h"
#include "wire.h"

union buffer {
	struct nlmsghdr nlh;
	char bytes[WIRE_MESSAGE];
};

static const void *
payload(const struct nlmsghdr *nlh, uint16_t type, size_t size)
{
	const struct nlattr *a;

	mnl_attr_for_each(a, nlh, sizeof(struct rtmsg))
		if (mnl_attr_get_type(a) == type) {
			assert_int_equal(mnl_attr_get_payload_len(a), size);
			return mnl_attr_get_payload(a);
		}
	return NULL;
}

static uint32_t
number(const struct nlmsghdr *nlh, uint16_t type)
{
	const void *at = payload(nlh, type, 4);
	uint32_t v;

	assert_non_null(at);
	memcpy(&v, at, sizeof(v));
	return v;
}

static void
a_question_says_all_that_was_said(void **state)
{
	const uint16_t port = htons(443);
	const struct rtmsg *m;
	struct nlmsghdr *nlh;
	struct question q;
	union buffer b;

	(void)state;
	question_init(&q, AF_INET);
	assert_true(addr_parse(&q.to, AF_INET, "192.0.2.1"));
	assert_true(addr_parse(&q.from, AF_INET, "10.0.0.1"));
	q.oif = 3;
	q.mark = 7;
	q.uid = 1000;
	q.dport = 443;
	q.tos = 0x10;
	nlh = wire_ask(&b, &q, false);
	assert_non_null(nlh);
	assert_int_equal(nlh->nlmsg_type, RTM_GETROUTE);
	m = mnl_nlmsg_get_payload(nlh);
	assert_int_equal(m->rtm_dst_len, 32);
	assert_int_equal(m->rtm_src_len, 32);
	assert_int_equal(m->rtm_tos, 0x10);
	assert_int_equal(m->rtm_flags, RTM_F_FIB_MATCH | RTM_F_LOOKUP_TABLE);
	assert_memory_equal(payload(nlh, RTA_DST, 4), q.to.byte, 4);
	assert_memory_equal(payload(nlh, RTA_SRC, 4), q.from.byte, 4);
	assert_int_equal(number(nlh, RTA_OIF), 3);
	assert_int_equal(number(nlh, RTA_MARK), 7);
	assert_int_equal(number(nlh, RTA_UID), 1000);
	assert_memory_equal(payload(nlh, RTA_DPORT, 2), &port, 2);
	assert_int_equal(*(const uint8_t *)payload(nlh, RTA_IP_PROTO, 1), 17);
	assert_null(payload(nlh, RTA_IIF, 4));
	assert_null(payload(nlh, RTA_SPORT, 2));
}

/* IPv6 refuses the flag for the table, which it tells anyway; root is said, or
 * the kernel would take the asking user. */
static void
ipv6_is_asked_its_own_way(void **state)
{
	const struct rtmsg *m;
	struct nlmsghdr *nlh;
	struct question q;
	union buffer b;

	(void)state;
	question_init(&q, AF_INET6);
	assert_true(addr_parse(&q.to, AF_INET6, "2001:db8::1"));
	q.iif = 2;
	nlh = wire_ask(&b, &q, true);
	m = mnl_nlmsg_get_payload(nlh);
	assert_int_equal(m->rtm_dst_len, 128);
	assert_int_equal(m->rtm_src_len, 0);
	assert_int_equal(m->rtm_flags, 0);
	assert_int_equal(number(nlh, RTA_IIF), 2);
	assert_int_equal(number(nlh, RTA_UID), 0);
	assert_null(payload(nlh, RTA_IP_PROTO, 1));
	assert_null(payload(nlh, RTA_SRC, 16));
}

static struct nlmsghdr *
rule_message(union buffer *b)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(b);
	struct fib_rule_hdr *h;

	nlh->nlmsg_type = RTM_NEWRULE;
	h = mnl_nlmsg_put_extra_header(nlh, sizeof(*h));
	h->family = AF_INET;
	h->action = FR_ACT_TO_TBL;
	mnl_attr_put_u32(nlh, FRA_TABLE, 77);
	mnl_attr_put_u32(nlh, FRA_PRIORITY, 5);
	return nlh;
}

static void
a_rule_known_in_part_says_what_is_not(void **state)
{
	struct nlmsghdr *nlh;
	union buffer b;
	struct rule r;

	(void)state;
	nlh = rule_message(&b);
	assert_true(wire_read_any_rule(&r, nlh));
	assert_int_equal(r.unknown, 0);
	mnl_attr_put_u8(nlh, 25, 4);
	assert_true(wire_read_any_rule(&r, nlh));
	assert_false(wire_read_rule(&r, nlh));
	assert_int_equal(r.unknown, 25);
	assert_int_equal(r.table, 77);
	nlh = rule_message(&b);
	mnl_attr_put_u16(nlh, 28, 0xff00);
	assert_true(wire_read_any_rule(&r, nlh));
	assert_int_equal(r.unknown, 28);
	nlh = rule_message(&b);
	mnl_attr_put_u32(nlh, 50, 7);
	assert_true(wire_read_any_rule(&r, nlh));
	assert_int_equal(r.unknown, 50);
	/* FIB_RULE_FIND_SADDR; an action of tomorrow */
	nlh = rule_message(&b);
	((struct fib_rule_hdr *)mnl_nlmsg_get_payload(nlh))->flags = 0x10000;
	assert_true(wire_read_any_rule(&r, nlh));
	assert_false(wire_read_rule(&r, nlh));
	assert_int_equal(r.unknown, UNKNOWN_HEADER);
	nlh = rule_message(&b);
	((struct fib_rule_hdr *)mnl_nlmsg_get_payload(nlh))->action = 99;
	assert_true(wire_read_any_rule(&r, nlh));
	assert_int_equal(r.unknown, UNKNOWN_HEADER);
}

static struct nlmsghdr *
route_message(union buffer *b, int family, unsigned flags)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(b);
	struct rtmsg *m;

	nlh->nlmsg_type = RTM_NEWROUTE;
	m = mnl_nlmsg_put_extra_header(nlh, sizeof(*m));
	m->rtm_family = (uint8_t)family;
	m->rtm_type = RTN_UNICAST;
	m->rtm_table = RT_TABLE_MAIN;
	m->rtm_flags = flags;
	return nlh;
}

static void
a_route_known_in_part_says_what_is_not(void **state)
{
	struct nlmsghdr *nlh;
	struct route r;
	union buffer b;

	(void)state;
	nlh = route_message(&b, AF_INET, RTNH_F_DEAD | RTNH_F_LINKDOWN);
	mnl_attr_put_u32(nlh, RTA_OIF, 3);
	assert_true(wire_read_route(&r, nlh));
	assert_int_equal(r.hop[0].flags, RTNH_F_DEAD | RTNH_F_LINKDOWN);
	mnl_attr_put_u16(nlh, RTA_ENCAP_TYPE, 1);
	assert_true(wire_read_any_route(&r, nlh));
	assert_int_equal(r.unknown, RTA_ENCAP);
	assert_int_equal(r.hop[0].ifindex, 3);
	assert_false(wire_read_route(&r, nlh));
	/* the kernel's own of IPv6 have metric 0 */
	nlh = route_message(&b, AF_INET6, 0);
	mnl_attr_put_u32(nlh, RTA_OIF, 3);
	assert_true(wire_read_any_route(&r, nlh));
	assert_int_equal(r.metric, 0);
	assert_true(wire_read_route(&r, nlh));
	assert_int_equal(r.metric, METRIC6_DEFAULT);
	/* the answer to a plain question is a clone */
	nlh = route_message(&b, AF_INET, RTM_F_CLONED);
	mnl_attr_put_u32(nlh, RTA_OIF, 3);
	assert_false(wire_read_any_route(&r, nlh));
	assert_true(wire_read_taken(&r, nlh));
	assert_int_equal(r.hop[0].ifindex, 3);
}

static void
each_next_hop_has_its_own_state(void **state)
{
	struct rtnexthop hops[2] = {
		{ .rtnh_len = sizeof(hops[0]), .rtnh_ifindex = 2 },
		{ .rtnh_len = sizeof(hops[0]), .rtnh_ifindex = 3,
		    .rtnh_flags = RTNH_F_DEAD | RTNH_F_ONLINK },
	};
	struct nlmsghdr *nlh;
	struct route r;
	union buffer b;

	(void)state;
	nlh = route_message(&b, AF_INET, 0);
	mnl_attr_put(nlh, RTA_MULTIPATH, sizeof(hops), hops);
	assert_true(wire_read_route(&r, nlh));
	assert_int_equal(r.hop[0].flags, 0);
	assert_int_equal(r.hop[1].flags, RTNH_F_DEAD);
	assert_true(r.hop[1].onlink);
}

static void
links_tell_group_and_table_of_a_vrf(void **state)
{
	static const char *const kinds[] = { "vrf", "bridge" };
	struct nlattr *nest, *data;
	struct ifinfomsg *m;
	struct nlmsghdr *nlh;
	struct link l;
	union buffer b;

	(void)state;
	for (int i = 0; i < 2; i++) {
		nlh = mnl_nlmsg_put_header(&b);
		nlh->nlmsg_type = RTM_NEWLINK;
		m = mnl_nlmsg_put_extra_header(nlh, sizeof(*m));
		m->ifi_index = 5;
		mnl_attr_put_strz(nlh, IFLA_IFNAME, "blue");
		mnl_attr_put_u32(nlh, IFLA_GROUP, 9);
		nest = mnl_attr_nest_start(nlh, IFLA_LINKINFO);
		mnl_attr_put_strz(nlh, IFLA_INFO_KIND, kinds[i]);
		data = mnl_attr_nest_start(nlh, IFLA_INFO_DATA);
		mnl_attr_put_u32(nlh, IFLA_VRF_TABLE, 55);
		mnl_attr_nest_end(nlh, data);
		mnl_attr_nest_end(nlh, nest);
		assert_true(wire_read_link(&l, nlh));
		assert_int_equal(l.group, 9);
		assert_int_equal(l.vrf_table, i ? 0 : 55);
	}
}

static void
neighbours_are_read(void **state)
{
	struct nlmsghdr *nlh;
	struct neighbour n;
	struct addr a = { 0 };
	struct ndmsg *m;
	union buffer b;

	(void)state;
	assert_true(addr_parse(&a, AF_INET6, "fd00::9"));
	nlh = mnl_nlmsg_put_header(&b);
	nlh->nlmsg_type = RTM_NEWNEIGH;
	m = mnl_nlmsg_put_extra_header(nlh, sizeof(*m));
	m->ndm_family = AF_INET6;
	m->ndm_ifindex = 4;
	m->ndm_state = NUD_FAILED;
	assert_false(wire_read_neighbour(&n, nlh));
	mnl_attr_put(nlh, NDA_DST, 16, a.byte);
	assert_true(wire_read_neighbour(&n, nlh));
	assert_int_equal(n.ifindex, 4);
	assert_int_equal(n.state, NUD_FAILED);
	assert_int_equal(addr_cmp(&n.addr, &a), 0);
	m->ndm_family = AF_BRIDGE;
	assert_false(wire_read_neighbour(&n, nlh));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_question_says_all_that_was_said),
		cmocka_unit_test(ipv6_is_asked_its_own_way),
		cmocka_unit_test(a_rule_known_in_part_says_what_is_not),
		cmocka_unit_test(a_route_known_in_part_says_what_is_not),
		cmocka_unit_test(each_next_hop_has_its_own_state),
		cmocka_unit_test(links_tell_group_and_table_of_a_vrf),
		cmocka_unit_test(neighbours_are_read),
	};

	return cmocka_run_group_tests_name("wire, questions", tests, NULL,
	    NULL);
}
