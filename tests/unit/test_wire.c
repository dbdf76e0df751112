/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: unit tests of wire.h: rtnetlink bytes. */
#include <arpa/inet.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>

#include <errno.h>
#include <libmnl/libmnl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "values.h"
#include "wire.h"

#define ACK_TLVS	0x200	/* NLM_F_ACK_TLVS */
#define CAPPED		0x100	/* NLM_F_CAPPED */
#define ATTR_OFFS	2	/* NLMSGERR_ATTR_OFFS */

union buffer {
	struct nlmsghdr nlh;
	char bytes[WIRE_MESSAGE];
};

static const struct nlattr *
attr(const struct nlmsghdr *nlh, size_t header, uint16_t type)
{
	const struct nlattr *a;

	mnl_attr_for_each(a, nlh, (unsigned)header)
		if (mnl_attr_get_type(a) == type)
			return a;
	return NULL;
}

static const void *
payload(const struct nlmsghdr *nlh, size_t header, uint16_t type, size_t len)
{
	const struct nlattr *a = attr(nlh, header, type);

	assert_non_null(a);
	assert_int_equal(mnl_attr_get_payload_len(a), len);
	return mnl_attr_get_payload(a);
}

static void
rules_survive_the_wire(void **state)
{
	struct rule r, back;
	union buffer b;

	(void)state;
	srand(8);
	for (int i = 0; i < 50000; i++) {
		struct nlmsghdr *nlh;

		value_rule(&r, i % 2 ? AF_INET : AF_INET6);
		r.has_priority = true;	/* as the kernel always answers */
		nlh = wire_rule(&b, &r, dice(2) ? RTM_NEWRULE : RTM_DELRULE,
		    NLM_F_ACK);
		assert_non_null(nlh);
		assert_true(wire_read_rule(&back, nlh));
		assert_true(rule_same(&r, &back));
		assert_int_equal(r.protocol, back.protocol);
	}
}

static void
routes_survive_the_wire(void **state)
{
	struct route r, back;
	union buffer b;

	(void)state;
	srand(9);
	for (int i = 0; i < 50000; i++) {
		struct nlmsghdr *nlh;

		value_route(&r, i % 2 ? AF_INET : AF_INET6);
		for (size_t h = 0; h < r.hop_count; h++)
			memset(r.hop[h].dev, 0, IFNAMSIZ);
		route_normalize(&r);
		nlh = wire_route(&b, &r, dice(2) ? RTM_NEWROUTE :
		    RTM_DELROUTE, NLM_F_ACK);
		assert_non_null(nlh);
		assert_true(nlh->nlmsg_len <= WIRE_MESSAGE);
		assert_true(wire_read_route(&back, nlh));
		assert_true(route_same(&r, &back));
		assert_int_equal(r.protocol, back.protocol);
	}
}

static void
a_rule_delete_names_every_attribute(void **state)
{
	static const uint16_t expected[] = {
		FRA_SRC, FRA_DST, FRA_IIFNAME, FRA_OIFNAME, FRA_PRIORITY,
		FRA_FWMARK, FRA_FWMASK, FRA_FLOW, FRA_TUN_ID, FRA_TABLE,
		FRA_SUPPRESS_IFGROUP, FRA_SUPPRESS_PREFIXLEN, FRA_UID_RANGE,
		FRA_PROTOCOL, FRA_IP_PROTO, FRA_SPORT_RANGE, FRA_DPORT_RANGE,
	};
	const struct fib_rule_hdr *h;
	struct nlmsghdr *nlh;
	union buffer b;
	struct rule r;

	(void)state;
	rule_init(&r, AF_INET);
	r.action = FR_ACT_TO_TBL;
	r.protocol = PROTO_IFPOLICY;
	r.tos = 4;
	r.has_priority = r.has_uid = r.invert = true;
	r.table = 77;
	r.fwmask = r.realms = r.ipproto = 1;
	r.tun_id = 0x0102030405060708;
	r.suppress_prefixlen = r.suppress_ifgroup = 0;
	r.sport.lo = r.sport.hi = r.dport.lo = 22;
	r.dport.hi = 80;
	assert_true(prefix_parse(&r.from, AF_INET, "192.0.2.1"));
	assert_true(prefix_parse(&r.to, AF_INET, "198.51.100.0/24"));
	snprintf(r.iif, IFNAMSIZ, "eth0");
	snprintf(r.oif, IFNAMSIZ, "eth1");
	nlh = wire_rule(&b, &r, RTM_DELRULE, NLM_F_ACK);
	assert_int_equal(nlh->nlmsg_flags, NLM_F_REQUEST | NLM_F_ACK);
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++)
		assert_non_null(attr(nlh, sizeof(*h), expected[i]));
	h = mnl_nlmsg_get_payload(nlh);
	assert_int_equal(h->src_len, 32);
	assert_int_equal(h->dst_len, 24);
	assert_int_equal(h->table, 77);
	assert_int_equal(h->tos, 4);
	assert_int_equal(h->flags, FIB_RULE_INVERT);
	assert_memory_equal(payload(nlh, sizeof(*h), FRA_TUN_ID, 8),
	    "\1\2\3\4\5\6\7\x8", 8);
	assert_memory_equal(payload(nlh, sizeof(*h), FRA_DPORT_RANGE, 4),
	    ((const uint16_t[]){ 22, 80 }), 4);
	assert_int_equal(*(const uint8_t *)payload(nlh, sizeof(*h),
	    FRA_PROTOCOL, 1), PROTO_IFPOLICY);
	assert_string_equal(payload(nlh, sizeof(*h), FRA_IIFNAME, 5), "eth0");
}

static void
an_empty_rule_names_nothing(void **state)
{
	struct nlmsghdr *nlh;
	union buffer b;
	struct rule r;

	(void)state;
	rule_init(&r, AF_INET6);
	nlh = wire_rule(&b, &r, RTM_NEWRULE, 0);
	assert_int_equal(nlh->nlmsg_len,
	    NLMSG_HDRLEN + sizeof(struct fib_rule_hdr));
}

static void
large_tables_go_in_the_attribute_alone(void **state)
{
	static const uint32_t tables[] = { 1, 254, 255, 256, 8001, UINT32_MAX };
	struct rule r, rback;
	struct route q, qback;
	struct nlmsghdr *nlh;
	union buffer b;

	(void)state;
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		uint8_t head = tables[i] < 256 ? (uint8_t)tables[i] : 0;

		rule_init(&r, AF_INET);
		r.action = FR_ACT_TO_TBL;
		r.table = tables[i];
		nlh = wire_rule(&b, &r, RTM_NEWRULE, 0);
		assert_int_equal(((struct fib_rule_hdr *)
		    mnl_nlmsg_get_payload(nlh))->table, head);
		assert_true(wire_read_rule(&rback, nlh));
		assert_int_equal(rback.table, tables[i]);

		route_init(&q, AF_INET);
		q.table = tables[i];
		nlh = wire_route(&b, &q, RTM_NEWROUTE, 0);
		assert_int_equal(((struct rtmsg *)
		    mnl_nlmsg_get_payload(nlh))->rtm_table, head);
		assert_true(wire_read_route(&qback, nlh));
		assert_int_equal(qback.table, tables[i]);
	}
}

static void
a_route_is_encoded_with_its_default_scope(void **state)
{
	struct nlmsghdr *nlh;
	union buffer b;
	struct route r;

	(void)state;
	route_init(&r, AF_INET);
	r.hop_count = 1;
	r.hop[0].ifindex = 2;
	nlh = wire_route(&b, &r, RTM_DELROUTE, 0);
	assert_int_equal(((struct rtmsg *)
	    mnl_nlmsg_get_payload(nlh))->rtm_scope, RT_SCOPE_LINK);
	assert_true(addr_parse(&r.hop[0].via, AF_INET, "192.0.2.1"));
	nlh = wire_route(&b, &r, RTM_DELROUTE, 0);
	assert_int_equal(((struct rtmsg *)
	    mnl_nlmsg_get_payload(nlh))->rtm_scope, RT_SCOPE_UNIVERSE);
}

static void
an_ipv6_gateway_of_ipv4_goes_in_via(void **state)
{
	const uint8_t *via;
	struct nlmsghdr *nlh;
	uint16_t family;
	union buffer b;
	struct route r;

	(void)state;
	route_init(&r, AF_INET);
	r.hop_count = 1;
	assert_true(addr_parse(&r.hop[0].via, AF_INET6, "fe80::1"));
	nlh = wire_route(&b, &r, RTM_NEWROUTE, 0);
	assert_null(attr(nlh, sizeof(struct rtmsg), RTA_GATEWAY));
	via = payload(nlh, sizeof(struct rtmsg), RTA_VIA, 18);
	memcpy(&family, via, sizeof(family));
	assert_int_equal(family, AF_INET6);
	assert_int_equal(via[sizeof(family)], 0xfe);
}

static void
a_next_hop_object_is_named_alone(void **state)
{
	struct nlmsghdr *nlh;
	union buffer b;
	struct route r;

	(void)state;
	route_init(&r, AF_INET);
	r.nhid = 7;
	r.hop_count = 1;
	r.hop[0].ifindex = 2;
	nlh = wire_route(&b, &r, RTM_NEWROUTE, 0);
	assert_non_null(attr(nlh, sizeof(struct rtmsg), RTA_NH_ID));
	assert_null(attr(nlh, sizeof(struct rtmsg), RTA_OIF));
}

/* A rule header with what the kernel's dump of "from all lookup main" has. */
static struct nlmsghdr *
main_rule(union buffer *b)
{
	struct fib_rule_hdr *h;
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(b);

	nlh->nlmsg_type = RTM_NEWRULE;
	h = mnl_nlmsg_put_extra_header(nlh, sizeof(*h));
	h->family = AF_INET;
	h->table = RT_TABLE_MAIN;
	h->action = FR_ACT_TO_TBL;
	mnl_attr_put_u32(nlh, FRA_TABLE, RT_TABLE_MAIN);
	mnl_attr_put_u32(nlh, FRA_SUPPRESS_PREFIXLEN, UINT32_MAX);
	mnl_attr_put_u8(nlh, FRA_PROTOCOL, RTPROT_KERNEL);
	mnl_attr_put_u32(nlh, FRA_PRIORITY, 32766);
	return nlh;
}

static void
no_suppressor_is_minus_one_in_a_dump(void **state)
{
	union buffer b;
	struct rule r;

	(void)state;
	assert_true(wire_read_rule(&r, main_rule(&b)));
	assert_int_equal(r.suppress_prefixlen, -1);
	assert_int_equal(r.suppress_ifgroup, -1);
	assert_int_equal(r.priority, 32766);
	assert_int_equal(r.protocol, RTPROT_KERNEL);
}

static void
a_rule_without_priority_in_a_dump_is_rule_0(void **state)
{
	struct fib_rule_hdr *h;
	struct nlmsghdr *nlh;
	union buffer b;
	struct rule r;

	(void)state;
	nlh = mnl_nlmsg_put_header(&b);
	nlh->nlmsg_type = RTM_NEWRULE;
	h = mnl_nlmsg_put_extra_header(nlh, sizeof(*h));
	h->family = AF_INET;
	h->action = FR_ACT_TO_TBL;
	assert_true(wire_read_rule(&r, nlh));
	assert_true(r.has_priority);
	assert_int_equal(r.priority, 0);
	assert_int_equal(r.protocol, 0);	/* before 4.17 */
}

static void
selectors_of_newer_kernels_are_somebody_elses(void **state)
{
	struct nlmsghdr *nlh;
	union buffer b;
	struct rule r;

	(void)state;
	nlh = main_rule(&b);
	mnl_attr_put_u8(nlh, 25, 0);		/* FRA_DSCP, even of 0 */
	assert_false(wire_read_rule(&r, nlh));
	nlh = main_rule(&b);
	mnl_attr_put_u32(nlh, 26, htonl(5));	/* FRA_FLOWLABEL */
	assert_false(wire_read_rule(&r, nlh));
	nlh = main_rule(&b);
	mnl_attr_put_u16(nlh, 28, 0xff00);	/* FRA_SPORT_MASK */
	assert_false(wire_read_rule(&r, nlh));
	nlh = main_rule(&b);
	mnl_attr_put_u16(nlh, 28, 0xffff);	/* says nothing new */
	assert_true(wire_read_rule(&r, nlh));
	nlh = main_rule(&b);
	mnl_attr_put_u32(nlh, 50, 5);		/* not invented yet */
	assert_false(wire_read_rule(&r, nlh));
	nlh = main_rule(&b);
	mnl_attr_put_u32(nlh, 50, 0);		/* and not given */
	mnl_attr_put_u32(nlh, 51, UINT32_MAX);
	assert_true(wire_read_rule(&r, nlh));
}

static void
rules_of_other_families_and_actions_are_not_read(void **state)
{
	struct fib_rule_hdr *h;
	struct nlmsghdr *nlh;
	union buffer b;
	struct rule r;

	(void)state;
	nlh = main_rule(&b);
	h = mnl_nlmsg_get_payload(nlh);
	h->family = 128;	/* RTNL_FAMILY_IPMR */
	assert_false(wire_read_rule(&r, nlh));
	h->family = AF_INET;
	h->action = RTN_THROW;
	assert_false(wire_read_rule(&r, nlh));
	h->action = FR_ACT_TO_TBL;
	h->src_len = 33;
	assert_false(wire_read_rule(&r, nlh));
	h->src_len = 0;
	nlh->nlmsg_type = RTM_NEWROUTE;
	assert_false(wire_read_rule(&r, nlh));
}

static struct nlmsghdr *
plain_route(union buffer *b, struct route *r)
{
	route_init(r, AF_INET);
	r->table = RT_TABLE_MAIN;
	r->hop_count = 1;
	r->hop[0].ifindex = 2;
	return wire_route(b, r, RTM_NEWROUTE, 0);
}

static void
cloned_and_pervasive_routes_are_skipped(void **state)
{
	struct nlmsghdr *nlh;
	struct rtmsg *m;
	struct route r;
	union buffer b;

	(void)state;
	nlh = plain_route(&b, &r);
	m = mnl_nlmsg_get_payload(nlh);
	assert_true(wire_read_route(&r, nlh));
	m->rtm_flags = RTM_F_CLONED;
	assert_false(wire_read_route(&r, nlh));
	m->rtm_flags = RTNH_F_PERVASIVE;
	assert_false(wire_read_route(&r, nlh));
	m->rtm_flags = RTNH_F_LINKDOWN | RTNH_F_DEAD;
	assert_true(wire_read_route(&r, nlh));
	assert_int_equal(r.flags, RTNH_F_LINKDOWN | RTNH_F_DEAD);
}

static void
what_words_cannot_say_is_somebody_elses(void **state)
{
	static const struct {
		uint16_t metric;
		uint32_t value;
	} odd[] = {
		{ RTAX_FEATURES, RTAX_FEATURE_SACK },
		{ RTAX_QUICKACK, 2 }, { RTAX_LOCK, 1u << RTAX_QUICKACK },
		{ RTAX_RTO_MIN, 20 },
		{ RTAX_LOCK, 1u << RTAX_CC_ALGO }, { METRIC_LAST + 1, 5 },
	};
	struct nlmsghdr *nlh;
	struct route r;
	union buffer b;

	(void)state;
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		struct nlattr *nest;

		nlh = plain_route(&b, &r);
		nest = mnl_attr_nest_start(nlh, RTA_METRICS);
		mnl_attr_put_u32(nlh, odd[i].metric, odd[i].value);
		mnl_attr_nest_end(nlh, nest);
		assert_false(wire_read_route(&r, nlh));
	}
	nlh = plain_route(&b, &r);
	mnl_attr_put_u16(nlh, RTA_ENCAP_TYPE, 1);
	assert_false(wire_read_route(&r, nlh));
}

static void
too_many_hops_are_refused(void **state)
{
	struct rtnexthop hops[HOPS_MAX + 1];
	struct nlmsghdr *nlh;
	struct route r;
	union buffer b;

	(void)state;
	memset(hops, 0, sizeof(hops));
	for (int i = 0; i <= HOPS_MAX; i++) {
		hops[i].rtnh_len = sizeof(hops[i]);
		hops[i].rtnh_ifindex = i + 1;
		hops[i].rtnh_hops = 255;
	}
	nlh = plain_route(&b, &r);
	mnl_attr_put(nlh, RTA_MULTIPATH, sizeof(hops), hops);
	assert_false(wire_read_route(&r, nlh));
	nlh = plain_route(&b, &r);
	mnl_attr_put(nlh, RTA_MULTIPATH, sizeof(hops) - sizeof(hops[0]), hops);
	assert_true(wire_read_route(&r, nlh));
	assert_int_equal(r.hop_count, HOPS_MAX);
	assert_int_equal(r.hop[15].weight, 256);
	hops[3].rtnh_len = 4;
	nlh = plain_route(&b, &r);
	mnl_attr_put(nlh, RTA_MULTIPATH, sizeof(hops[0]) * 8, hops);
	assert_false(wire_read_route(&r, nlh));
	hops[3].rtnh_len = 0xffff;
	nlh = plain_route(&b, &r);
	mnl_attr_put(nlh, RTA_MULTIPATH, sizeof(hops[0]) * 8, hops);
	assert_false(wire_read_route(&r, nlh));
}

static void
lifetimes_of_dumps_are_in_ticks(void **state)
{
	struct rta_cacheinfo info = { .rta_expires = 12345 };
	struct nlmsghdr *nlh;
	struct route r;
	union buffer b;

	(void)state;
	route_init(&r, AF_INET6);
	r.expires = 60;
	nlh = wire_route(&b, &r, RTM_NEWROUTE, 0);
	assert_true(wire_read_route(&r, nlh));
	assert_int_equal(r.expires, 60);
	route_init(&r, AF_INET6);
	nlh = wire_route(&b, &r, RTM_NEWROUTE, 0);
	mnl_attr_put(nlh, RTA_CACHEINFO, sizeof(info), &info);
	assert_true(wire_read_route(&r, nlh));
	assert_int_equal(r.expires, 123);
}

static struct nlmsghdr *
address_message(union buffer *b, uint8_t family, uint8_t len)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(b);
	struct ifaddrmsg *m = mnl_nlmsg_put_extra_header(nlh, sizeof(*m));

	nlh->nlmsg_type = RTM_NEWADDR;
	m->ifa_family = family;
	m->ifa_prefixlen = len;
	m->ifa_index = 5;
	m->ifa_flags = 0x80;
	return nlh;
}

static void
addresses_have_their_peer_told_apart(void **state)
{
	struct nlmsghdr *nlh;
	struct address a;
	char buf[ADDR_TEXT];
	union buffer b;

	(void)state;
	nlh = address_message(&b, AF_INET, 24);
	mnl_attr_put_u32(nlh, IFA_ADDRESS, inet_addr("192.0.2.1"));
	mnl_attr_put_u32(nlh, IFA_LOCAL, inet_addr("192.0.2.1"));
	mnl_attr_put_strz(nlh, IFA_LABEL, "eth0:1");
	mnl_attr_put_u32(nlh, IFA_FLAGS, 0x280);
	assert_true(wire_read_address(&a, nlh));
	assert_string_equal(addr_print(buf, &a.prefix.addr), "192.0.2.1");
	assert_int_equal(a.prefix.len, 24);
	assert_false(addr_given(&a.peer));
	assert_int_equal(a.flags, 0x280);
	assert_string_equal(a.label, "eth0:1");

	nlh = address_message(&b, AF_INET, 32);
	mnl_attr_put_u32(nlh, IFA_ADDRESS, inet_addr("192.0.2.9"));
	mnl_attr_put_u32(nlh, IFA_LOCAL, inet_addr("192.0.2.1"));
	assert_true(wire_read_address(&a, nlh));
	assert_string_equal(addr_print(buf, &a.prefix.addr), "192.0.2.1");
	assert_string_equal(addr_print(buf, &a.peer), "192.0.2.9");
	assert_int_equal(a.flags, 0x80);

	nlh = address_message(&b, AF_INET, 24);
	assert_false(wire_read_address(&a, nlh));
	nlh = address_message(&b, AF_INET6, 129);
	assert_false(wire_read_address(&a, nlh));
}

static struct nlmsghdr *
link_message(union buffer *b)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(b);
	struct ifinfomsg *m = mnl_nlmsg_put_extra_header(nlh, sizeof(*m));

	nlh->nlmsg_type = RTM_NEWLINK;
	m->ifi_index = 5;
	m->ifi_flags = IFF_UP;
	return nlh;
}

static void
links_know_a_vrf_above_them(void **state)
{
	static const char *const kinds[] = { "vrf", "bridge" };
	struct nlmsghdr *nlh;
	struct nlattr *nest;
	struct link l;
	union buffer b;

	(void)state;
	for (int i = 0; i < 2; i++) {
		nlh = link_message(&b);
		mnl_attr_put_strz(nlh, IFLA_IFNAME, "eth0");
		mnl_attr_put_u32(nlh, IFLA_MASTER, 9);
		nest = mnl_attr_nest_start(nlh, IFLA_LINKINFO);
		mnl_attr_put_strz(nlh, IFLA_INFO_SLAVE_KIND, kinds[i]);
		mnl_attr_nest_end(nlh, nest);
		assert_true(wire_read_link(&l, nlh));
		assert_int_equal(l.ifindex, 5);
		assert_int_equal(l.master, 9);
		assert_int_equal(l.master_is_vrf, i == 0);
		assert_string_equal(l.name, "eth0");
	}
	assert_false(wire_read_link(&l, link_message(&b)));
	nlh = link_message(&b);
	mnl_attr_put_strz(nlh, IFLA_IFNAME, "1234567890123456");
	assert_false(wire_read_link(&l, nlh));
	/* no NUL at the end */
	nlh = link_message(&b);
	mnl_attr_put(nlh, IFLA_IFNAME, 4, "eth0");
	assert_true(wire_read_link(&l, nlh));
	assert_string_equal(l.name, "eth0");
}

static void
dumps_leave_headers_zero_but_for_filters(void **state)
{
	const struct rtmsg *m;
	struct nlmsghdr *nlh;
	union buffer b;

	(void)state;
	nlh = wire_dump_routes(&b, AF_INET, 8001, 5, PROTO_IFPOLICY);
	assert_int_equal(nlh->nlmsg_flags, NLM_F_REQUEST | NLM_F_DUMP);
	m = mnl_nlmsg_get_payload(nlh);
	assert_int_equal(m->rtm_table, 0);
	assert_int_equal(m->rtm_protocol, PROTO_IFPOLICY);
	assert_int_equal(m->rtm_type + m->rtm_scope + m->rtm_tos +
	    m->rtm_src_len + m->rtm_dst_len + (int)m->rtm_flags, 0);
	assert_int_equal(*(const uint32_t *)payload(nlh, sizeof(*m),
	    RTA_TABLE, 4), 8001);
	assert_int_equal(*(const uint32_t *)payload(nlh, sizeof(*m),
	    RTA_OIF, 4), 5);
	nlh = wire_dump_routes(&b, AF_INET6, 0, 0, 0);
	assert_int_equal(nlh->nlmsg_len, NLMSG_HDRLEN + sizeof(*m));
	nlh = wire_dump_rules(&b, AF_INET);
	assert_int_equal(nlh->nlmsg_len,
	    NLMSG_HDRLEN + sizeof(struct fib_rule_hdr));
	nlh = wire_dump_addresses(&b, AF_UNSPEC, 7);
	assert_int_equal(((struct ifaddrmsg *)
	    mnl_nlmsg_get_payload(nlh))->ifa_index, 7);
	assert_int_equal(wire_dump_links(&b)->nlmsg_type, RTM_GETLINK);
	assert_null(wire_get_link(&b, ""));
	assert_null(wire_get_link(&b, "1234567890123456"));
	assert_non_null(wire_get_link(&b, "123456789012345"));
}

static struct nlmsghdr *
error_message(union buffer *b, int error, uint16_t flags, size_t request)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(b);
	struct nlmsgerr *e = mnl_nlmsg_put_extra_header(nlh, sizeof(*e));

	nlh->nlmsg_type = NLMSG_ERROR;
	nlh->nlmsg_flags = flags;
	e->error = error;
	e->msg.nlmsg_len = (uint32_t)(sizeof(e->msg) + request);
	if (!(flags & CAPPED) && request)
		(void)mnl_nlmsg_put_extra_header(nlh, request);
	return nlh;
}

static void
the_kernels_text_is_found(void **state)
{
	struct nlmsghdr *nlh;
	union buffer b;
	int error;

	(void)state;
	nlh = error_message(&b, 0, CAPPED, 100);
	assert_null(wire_read_error(&error, nlh));
	assert_int_equal(error, 0);

	for (int capped = 0; capped < 2; capped++) {
		nlh = error_message(&b, -EINVAL,
		    (uint16_t)(ACK_TLVS | (capped ? CAPPED : 0)), 100);
		mnl_attr_put_u32(nlh, ATTR_OFFS, 5);
		mnl_attr_put_strz(nlh, NLMSGERR_ATTR_MSG, "Invalid scope");
		assert_string_equal(wire_read_error(&error, nlh),
		    "Invalid scope");
		assert_int_equal(error, -EINVAL);
	}
	/* without the flag the bytes are the request's */
	nlh->nlmsg_flags = CAPPED;
	assert_null(wire_read_error(&error, nlh));
	assert_int_equal(error, -EINVAL);
	/* no NUL, or nothing */
	nlh = error_message(&b, -EINVAL, ACK_TLVS | CAPPED, 0);
	mnl_attr_put(nlh, NLMSGERR_ATTR_MSG, 4, "text");
	assert_null(wire_read_error(&error, nlh));
	nlh = error_message(&b, -EINVAL, ACK_TLVS | CAPPED, 0);
	mnl_attr_put(nlh, NLMSGERR_ATTR_MSG, 0, NULL);
	assert_null(wire_read_error(&error, nlh));
}

static void
done_messages_carry_errors_too(void **state)
{
	struct nlmsghdr *nlh;
	union buffer b;
	int error, *code;

	(void)state;
	nlh = mnl_nlmsg_put_header(&b);
	nlh->nlmsg_type = NLMSG_DONE;
	assert_null(wire_read_error(&error, nlh));
	assert_int_equal(error, 0);
	code = mnl_nlmsg_put_extra_header(nlh, sizeof(*code));
	*code = -ENOENT;
	nlh->nlmsg_flags = ACK_TLVS | NLM_F_MULTI;
	mnl_attr_put_strz(nlh, NLMSGERR_ATTR_MSG, "FIB table does not exist");
	assert_string_equal(wire_read_error(&error, nlh),
	    "FIB table does not exist");
	assert_int_equal(error, -ENOENT);
	nlh->nlmsg_type = RTM_NEWRULE;
	assert_null(wire_read_error(&error, nlh));
	assert_int_equal(error, -EPROTO);
}

/* Each reader on a copy that ends where the message does, so that the address
 * sanitizer sees one byte too many. */
static void
read_all(const void *bytes, size_t len)
{
	struct nlmsghdr *nlh = malloc(len);
	struct address a;
	struct route q;
	struct rule r;
	struct link l;
	int error;

	assert_non_null(nlh);
	memcpy(nlh, bytes, len);
	nlh->nlmsg_len = (uint32_t)len;
	if (wire_read_rule(&r, nlh))
		assert_true(memchr(r.iif, '\0', sizeof(r.iif)) &&
		    memchr(r.oif, '\0', sizeof(r.oif)));
	if (wire_read_route(&q, nlh))
		assert_true(q.hop_count <= HOPS_MAX &&
		    memchr(q.congctl, '\0', sizeof(q.congctl)));
	if (wire_read_address(&a, nlh))
		assert_non_null(memchr(a.label, '\0', sizeof(a.label)));
	if (wire_read_link(&l, nlh))
		assert_non_null(memchr(l.name, '\0', sizeof(l.name)));
	(void)wire_read_error(&error, nlh);
	free(nlh);
}

static struct nlmsghdr *
some_message(union buffer *b, uint32_t which)
{
	struct nlmsghdr *nlh;
	struct nlattr *nest;
	struct route q;
	struct rule r;

	switch (which) {
	case 0:
		value_rule(&r, dice(2) ? AF_INET : AF_INET6);
		return wire_rule(b, &r, RTM_NEWRULE, 0);
	case 1:
		nlh = address_message(b, AF_INET6, 64);
		mnl_attr_put(nlh, IFA_ADDRESS, 16, "0123456789abcdef");
		mnl_attr_put_strz(nlh, IFA_LABEL, "eth0");
		return nlh;
	case 2:
		nlh = link_message(b);
		mnl_attr_put_strz(nlh, IFLA_IFNAME, "eth0");
		mnl_attr_put_u32(nlh, IFLA_MASTER, 1);
		nest = mnl_attr_nest_start(nlh, IFLA_LINKINFO);
		mnl_attr_put_strz(nlh, IFLA_INFO_SLAVE_KIND, "vrf");
		mnl_attr_nest_end(nlh, nest);
		return nlh;
	case 3:
		nlh = error_message(b, -EINVAL, (uint16_t)(ACK_TLVS |
		    (dice(2) ? CAPPED : 0)), dice(50));
		mnl_attr_put_strz(nlh, NLMSGERR_ATTR_MSG, "text");
		return nlh;
	}
	value_route(&q, dice(2) ? AF_INET : AF_INET6);
	return wire_route(b, &q, RTM_NEWROUTE, 0);
}

static void
a_way_is_asked_for_by_its_whole_address(void **state)
{
	static const char *const texts[] = { "10.0.1.1", "fe80::1" };
	const struct rtmsg *m;
	struct nlmsghdr *nlh;
	union buffer b;
	struct addr to;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		size_t size = i ? 16 : 4;

		assert_true(addr_parse(&to, AF_UNSPEC, texts[i]));
		nlh = wire_get_way(&b, &to);
		assert_non_null(nlh);
		assert_int_equal(nlh->nlmsg_type, RTM_GETROUTE);
		assert_int_equal(nlh->nlmsg_flags & NLM_F_DUMP, 0);
		assert_true(nlh->nlmsg_flags & NLM_F_REQUEST);
		m = mnl_nlmsg_get_payload(nlh);
		assert_int_equal(m->rtm_family, i ? AF_INET6 : AF_INET);
		assert_int_equal(m->rtm_dst_len, 8 * size);
		assert_memory_equal(payload(nlh, sizeof(*m), RTA_DST, size),
		    to.byte, size);
	}
}

static void
the_way_is_the_answer_s_device(void **state)
{
	struct nlmsghdr *nlh;
	union buffer b;
	struct rtmsg *m;

	(void)state;
	nlh = mnl_nlmsg_put_header(&b);
	nlh->nlmsg_type = RTM_NEWROUTE;
	m = mnl_nlmsg_put_extra_header(nlh, sizeof(*m));
	m->rtm_family = AF_INET;
	m->rtm_flags = RTM_F_CLONED;
	assert_int_equal(wire_read_way(nlh), 0);
	mnl_attr_put_u32(nlh, RTA_OIF, 7);
	assert_int_equal(wire_read_way(nlh), 7);
	nlh->nlmsg_type = RTM_NEWRULE;
	assert_int_equal(wire_read_way(nlh), 0);
	nlh->nlmsg_type = RTM_NEWROUTE;
	for (uint32_t len = 0; len < nlh->nlmsg_len; len++) {
		union buffer cut = b;

		cut.nlh.nlmsg_len = len;
		assert_int_equal(wire_read_way(&cut.nlh), 0);
	}
	/* A device number that is cut short. */
	nlh = mnl_nlmsg_put_header(&b);
	nlh->nlmsg_type = RTM_NEWROUTE;
	mnl_nlmsg_put_extra_header(nlh, sizeof(*m));
	mnl_attr_put_u16(nlh, RTA_OIF, 7);
	assert_int_equal(wire_read_way(nlh), 0);
}

static void
truncated_messages_are_never_read_past_their_end(void **state)
{
	struct nlmsghdr *nlh;
	union buffer b;

	(void)state;
	srand(10);
	for (int i = 0; i < 4000; i++) {
		nlh = some_message(&b, dice(8));
		for (int k = 0; k < 8; k++)
			read_all(nlh, NLMSG_HDRLEN +
			    dice(nlh->nlmsg_len - NLMSG_HDRLEN + 1));
	}
}

static void
garbled_messages_are_never_read_past_their_end(void **state)
{
	struct nlmsghdr *nlh;
	union buffer b;

	(void)state;
	srand(11);
	for (int i = 0; i < 40000; i++) {
		nlh = some_message(&b, dice(8));
		for (uint32_t k = dice(6); k > 0; k--)
			b.bytes[NLMSG_HDRLEN + dice(nlh->nlmsg_len -
			    NLMSG_HDRLEN)] = (char)rand();
		read_all(nlh, nlh->nlmsg_len);
	}
}

static void
a_cut_attribute_is_refused(void **state)
{
	struct nlmsghdr *nlh;
	union buffer b;
	struct rule r;

	(void)state;
	nlh = main_rule(&b);
	mnl_attr_put_u16(nlh, FRA_FWMARK, 5);	/* shorter than its type */
	assert_false(wire_read_rule(&r, nlh));
	nlh = main_rule(&b);
	nlh->nlmsg_len -= 2;
	assert_false(wire_read_rule(&r, nlh));
	nlh->nlmsg_len = NLMSG_HDRLEN + sizeof(struct fib_rule_hdr) - 1;
	assert_false(wire_read_rule(&r, nlh));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rules_survive_the_wire),
		cmocka_unit_test(routes_survive_the_wire),
		cmocka_unit_test(a_rule_delete_names_every_attribute),
		cmocka_unit_test(an_empty_rule_names_nothing),
		cmocka_unit_test(large_tables_go_in_the_attribute_alone),
		cmocka_unit_test(a_route_is_encoded_with_its_default_scope),
		cmocka_unit_test(an_ipv6_gateway_of_ipv4_goes_in_via),
		cmocka_unit_test(a_next_hop_object_is_named_alone),
		cmocka_unit_test(no_suppressor_is_minus_one_in_a_dump),
		cmocka_unit_test(a_rule_without_priority_in_a_dump_is_rule_0),
		cmocka_unit_test(selectors_of_newer_kernels_are_somebody_elses),
		cmocka_unit_test(
		    rules_of_other_families_and_actions_are_not_read),
		cmocka_unit_test(cloned_and_pervasive_routes_are_skipped),
		cmocka_unit_test(what_words_cannot_say_is_somebody_elses),
		cmocka_unit_test(too_many_hops_are_refused),
		cmocka_unit_test(lifetimes_of_dumps_are_in_ticks),
		cmocka_unit_test(addresses_have_their_peer_told_apart),
		cmocka_unit_test(links_know_a_vrf_above_them),
		cmocka_unit_test(dumps_leave_headers_zero_but_for_filters),
		cmocka_unit_test(the_kernels_text_is_found),
		cmocka_unit_test(done_messages_carry_errors_too),
		cmocka_unit_test(a_way_is_asked_for_by_its_whole_address),
		cmocka_unit_test(the_way_is_the_answer_s_device),
		cmocka_unit_test(
		    truncated_messages_are_never_read_past_their_end),
		cmocka_unit_test(
		    garbled_messages_are_never_read_past_their_end),
		cmocka_unit_test(a_cut_attribute_is_refused),
	};

	return cmocka_run_group_tests_name("wire", tests, NULL, NULL);
}
