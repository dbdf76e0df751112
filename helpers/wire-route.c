/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: rtnetlink bytes of a route to a value and back. */
#include <sys/socket.h>

#include <libmnl/libmnl.h>
#include <string.h>

#include "uapi.h"
#include "wire-attr.h"
#include "wire.h"

/* Facts from net/ipv4/fib_frontend.c, rtm_to_fib_config(); fib_semantics.c,
 * fib_nh_match(), fib_dump_info(); fib_trie.c, fib_table_delete(); and
 * net/ipv6/route.c, rtm_to_fib6_config(), ip6_route_del(), rt6_fill_node(). */

#define TICKS		100	/* USER_HZ: rta_expires counts these a second */

/* struct rtvia of linux/rtnetlink.h (4.1); the address follows. */
struct via {
	uint16_t family;
};

static void
put_via(struct draft *d, int family, const struct addr *via)
{
	struct via head = { .family = via->family };
	uint8_t bytes[sizeof(head) + sizeof(via->byte)];
	size_t n = addr_bytes(via->family);

	if (!addr_given(via))
		return;
	if (via->family == family) {
		draft_addr(d, RTA_GATEWAY, via);
		return;
	}
	memcpy(bytes, &head, sizeof(head));
	memcpy(bytes + sizeof(head), via->byte, n);
	draft_put(d, RTA_VIA, bytes, sizeof(head) + n);
}

static void
put_hop(struct draft *d, const struct route *r, const struct hop *h)
{
	struct rtnexthop *nh = draft_raw(d, sizeof(*nh));

	if (!nh)
		return;
	nh->rtnh_ifindex = (int)h->ifindex;
	nh->rtnh_hops = (uint8_t)(h->weight ? h->weight - 1 : 0);
	nh->rtnh_flags = h->onlink ? RTNH_F_ONLINK : 0;
	put_via(d, r->family, &h->via);
	if (h->realms)
		draft_u32(d, RTA_FLOW, h->realms);
	nh->rtnh_len = (uint16_t)((char *)mnl_nlmsg_get_payload_tail(d->nlh) -
	    (char *)nh);
}

static void
put_hops(struct draft *d, struct rtmsg *m, const struct route *r)
{
	const struct hop *h = &r->hop[0];
	struct nlattr *nest;

	/* A next hop object brings its own; naming both is refused. */
	if (r->nhid) {
		draft_u32(d, RTA_NH_ID, r->nhid);
		return;
	}
	if (r->hop_count == 1) {
		put_via(d, r->family, &h->via);
		if (h->ifindex)
			draft_u32(d, RTA_OIF, h->ifindex);
		if (h->realms)
			draft_u32(d, RTA_FLOW, h->realms);
		if (h->onlink)
			m->rtm_flags |= RTNH_F_ONLINK;
		return;
	}
	if (r->hop_count == 0)
		return;
	nest = draft_nest(d, RTA_MULTIPATH);
	for (size_t i = 0; i < r->hop_count; i++)
		put_hop(d, r, &r->hop[i]);
	draft_nest_end(d, nest);
}

/* Named in a delete too: fib_metrics_match() compares them. */
static void
put_metrics(struct draft *d, const struct route *r)
{
	struct nlattr *nest;

	if (r->rtax_set == 0 && r->congctl[0] == '\0')
		return;
	nest = draft_nest(d, RTA_METRICS);
	for (unsigned i = 1; i <= METRIC_LAST; i++)
		if (r->rtax_set & 1u << i)
			draft_u32(d, (uint16_t)i, r->rtax[i]);
	if (r->congctl[0])
		draft_text(d, RTAX_CC_ALGO, r->congctl);
	draft_nest_end(d, nest);
}

static void
put_rest(struct draft *d, const struct route *r)
{
	if (r->metric)
		draft_u32(d, RTA_PRIORITY, r->metric);
	if (addr_given(&r->prefsrc))
		draft_addr(d, RTA_PREFSRC, &r->prefsrc);
	if (r->has_pref)
		draft_u8(d, RTA_PREF, r->pref);
	if (r->expires)
		draft_u32(d, RTA_EXPIRES, r->expires);
	if (r->ttl_propagate)
		draft_u8(d, RTA_TTL_PROPAGATE,
		    (uint8_t)(r->ttl_propagate - 1));
}

struct nlmsghdr *
wire_route(void *buf, const struct route *route, uint16_t type,
    uint16_t flags)
{
	struct route r = *route;
	struct draft d;
	struct rtmsg *m;

	/* The scope must be known: IPv4 compares it in a delete. */
	route_normalize(&r);
	if (r.table == RT_TABLE_UNSPEC)
		r.table = RT_TABLE_MAIN;
	m = draft_init(&d, buf, WIRE_MESSAGE, type, flags, sizeof(*m));
	m->rtm_family = r.family;
	m->rtm_dst_len = r.dst.len;
	m->rtm_src_len = r.src.len;
	m->rtm_tos = r.tos;
	m->rtm_type = r.type;
	m->rtm_protocol = r.protocol;
	m->rtm_scope = r.scope;
	m->rtm_flags = r.pervasive ? RTNH_F_PERVASIVE : 0;
	/* Eight bits; a larger number goes in the attribute alone. */
	m->rtm_table = r.table < 256 ? (uint8_t)r.table : RT_TABLE_UNSPEC;
	draft_u32(&d, RTA_TABLE, r.table);
	if (r.dst.len)
		draft_addr(&d, RTA_DST, &r.dst.addr);
	if (r.src.len)
		draft_addr(&d, RTA_SRC, &r.src.addr);
	put_rest(&d, &r);
	put_metrics(&d, &r);
	put_hops(&d, m, &r);
	return draft_done(&d);
}

static bool
get_via(const struct attrs *a, int family, struct addr *via)
{
	struct via head = { 0 };
	const struct nlattr *attr = a->at[RTA_VIA];
	size_t n;

	if (!attr_addr(a, RTA_GATEWAY, family, via))
		return false;
	if (!attr)
		return true;
	if (!attr_get(a, RTA_VIA, &head, sizeof(head)))
		return false;
	n = addr_bytes(head.family);
	if (n == 0 || mnl_attr_get_payload_len(attr) < sizeof(head) + n)
		return false;
	memset(via, 0, sizeof(*via));
	via->family = (uint8_t)head.family;
	memcpy(via->byte, (const char *)mnl_attr_get_payload(attr) +
	    sizeof(head), n);
	return true;
}

/* An encapsulation or a rewritten destination is more than a hop here. */
static bool
get_hop(const struct attrs *a, unsigned flags, struct hop *h, struct route *r)
{
	if (a->at[RTA_ENCAP] || a->at[RTA_ENCAP_TYPE])
		r->unknown = RTA_ENCAP;
	else if (a->at[RTA_NEWDST])
		r->unknown = RTA_NEWDST;
	h->flags = flags & (RTNH_F_DEAD | RTNH_F_LINKDOWN);
	h->onlink = (flags & RTNH_F_ONLINK) != 0;
	return get_via(a, r->family, &h->via) &&
	    attr_get(a, RTA_FLOW, &h->realms, 4);
}

static bool
get_multipath(const struct nlattr *attr, struct route *r)
{
	const char *at = mnl_attr_get_payload(attr);
	size_t left = mnl_attr_get_payload_len(attr);

	while (left > 0) {
		struct rtnexthop nh;
		struct attrs a;
		struct hop *h;
		size_t step;

		if (left < sizeof(nh))
			return false;
		if (r->hop_count == HOPS_MAX) {
			r->unknown = RTA_MULTIPATH;
			return true;
		}
		memcpy(&nh, at, sizeof(nh));
		if (nh.rtnh_len < sizeof(nh) || nh.rtnh_len > left ||
		    !attrs_read(&a, at + sizeof(nh), nh.rtnh_len - sizeof(nh)))
			return false;
		h = &r->hop[r->hop_count++];
		h->ifindex = (uint32_t)nh.rtnh_ifindex;
		h->weight = (uint16_t)(nh.rtnh_hops + 1);
		/* The kernel names the device of each. */
		if (!get_hop(&a, nh.rtnh_flags, h, r) || h->ifindex == 0)
			return false;
		step = RTNH_ALIGN(nh.rtnh_len);
		if (step > left)
			step = left;
		at += step;
		left -= step;
	}
	return true;
}

static bool
get_hops(const struct attrs *a, const struct rtmsg *m, struct route *r)
{
	struct hop *h = &r->hop[0];

	if (!attr_get(a, RTA_NH_ID, &r->nhid, 4))
		return false;
	if (a->at[RTA_MULTIPATH])
		return get_multipath(a->at[RTA_MULTIPATH], r);
	if (!attr_get(a, RTA_OIF, &h->ifindex, 4) ||
	    !get_hop(a, m->rtm_flags, h, r))
		return false;
	if (h->ifindex || addr_given(&h->via))
		r->hop_count = 1;
	else if (h->realms)
		r->unknown = RTA_FLOW;
	return true;
}

/* What the words can say of metrics: nothing else is taken for known. */
static bool
metrics_sayable(const struct route *r)
{
	const uint32_t lockable = 1u << RTAX_MTU | 1u << RTAX_WINDOW |
	    1u << RTAX_RTT | 1u << RTAX_RTTVAR | 1u << RTAX_SSTHRESH |
	    1u << RTAX_CWND | 1u << RTAX_ADVMSS | 1u << RTAX_REORDERING |
	    1u << RTAX_HOPLIMIT | 1u << RTAX_INITCWND | 1u << RTAX_RTO_MIN |
	    1u << RTAX_INITRWND;
	uint32_t lock = r->rtax[RTAX_LOCK];

	if (r->congctl[0])
		lock &= ~(1u << RTAX_CC_ALGO);
	/* ip locks rto_min always, also one of 0. */
	return (lock & ~lockable) == 0 &&
	    (lock & 1u << RTAX_RTO_MIN || !r->rtax[RTAX_RTO_MIN]) &&
	    (r->rtax[RTAX_FEATURES] & ~(uint32_t)RTAX_FEATURE_ECN) == 0 &&
	    r->rtax[RTAX_QUICKACK] <= 1 &&
	    r->rtax[RTAX_FASTOPEN_NO_COOKIE] <= 1;
}

static bool
get_metrics(const struct nlattr *nest, struct route *r)
{
	struct attrs a;

	if (!nest)
		return true;
	if (!attrs_of_nest(&a, nest))
		return false;
	for (unsigned i = 1; i <= METRIC_LAST; i++) {
		if (!a.at[i] || i == RTAX_CC_ALGO)
			continue;
		if (!attr_get(&a, (uint16_t)i, &r->rtax[i], 4))
			return false;
		r->rtax_set |= 1u << i;
	}
	if (!attr_text(&a, RTAX_CC_ALGO, r->congctl, sizeof(r->congctl)))
		return false;
	if (attrs_say_more(&a, METRIC_LAST) || !metrics_sayable(r))
		r->unknown = RTA_METRICS;
	return true;
}

/* A dump has the rest of the lifetime in ticks, a request has it in seconds. */
static bool
get_expires(const struct attrs *a, struct route *r)
{
	struct rta_cacheinfo info = { 0 };

	if (!attr_get(a, RTA_EXPIRES, &r->expires, 4) ||
	    !attr_get(a, RTA_CACHEINFO, &info, sizeof(info)))
		return false;
	/* Less than a second is not for ever. */
	if (info.rta_expires > 0)
		r->expires = info.rta_expires < TICKS ? 1 :
		    (uint32_t)info.rta_expires / TICKS;
	r->expired = info.rta_expires < 0;
	return true;
}

static bool
get_rest(const struct attrs *a, struct route *r)
{
	uint8_t propagate = 0;

	if (!attr_get(a, RTA_TTL_PROPAGATE, &propagate, 1) ||
	    !attr_get(a, RTA_TABLE, &r->table, 4) ||
	    !attr_get(a, RTA_PRIORITY, &r->metric, 4) ||
	    !attr_addr(a, RTA_PREFSRC, r->family, &r->prefsrc) ||
	    !attr_get(a, RTA_PREF, &r->pref, 1) || !get_expires(a, r))
		return false;
	if (attrs_say_more(a, RTA_NH_ID))
		r->unknown = attrs_say_more(a, RTA_NH_ID);
	r->has_pref = a->at[RTA_PREF] != NULL;
	if (a->at[RTA_TTL_PROPAGATE])
		r->ttl_propagate = propagate ? 2 : 1;
	return true;
}

static bool
get_prefix(const struct attrs *a, uint16_t type, int family, uint8_t len,
    struct prefix *p)
{
	if (len > addr_bits(family))
		return false;
	p->len = len;
	p->addr.family = (uint8_t)family;	/* 0/N has no attribute */
	return attr_addr(a, type, family, &p->addr);
}

struct nlmsghdr *
wire_get_way(void *buf, const struct addr *to)
{
	return wire_get_way_by(buf, to, 0);
}

struct nlmsghdr *
wire_get_way_by(void *buf, const struct addr *to, uint32_t ifindex)
{
	struct draft d;
	struct rtmsg *m;

	m = draft_init(&d, buf, WIRE_MESSAGE, RTM_GETROUTE, 0, sizeof(*m));
	m->rtm_family = to->family;
	m->rtm_dst_len = (uint8_t)addr_bits(to->family);
	/* Of a local address the device that has it, not lo. */
	m->rtm_flags = RTM_F_FIB_MATCH;
	draft_addr(&d, RTA_DST, to);
	if (ifindex)
		draft_u32(&d, RTA_OIF, ifindex);
	return draft_done(&d);
}

bool
wire_read_on_link(const struct nlmsghdr *nlh, uint32_t ifindex)
{
	struct attrs a;

	return ifindex && wire_read_way(nlh) == ifindex &&
	    attrs_of_message(&a, nlh, sizeof(struct rtmsg)) &&
	    !a.at[RTA_GATEWAY] && !a.at[RTA_VIA];
}

/* Kernels before 4.13 answer with a clone, which wire_read_route() refuses. */
uint32_t
wire_read_way(const struct nlmsghdr *nlh)
{
	uint32_t ifindex = 0;
	struct attrs a;

	if (nlh->nlmsg_type != RTM_NEWROUTE ||
	    !attrs_of_message(&a, nlh, sizeof(struct rtmsg)) ||
	    !attr_get(&a, RTA_OIF, &ifindex, 4))
		return 0;
	return ifindex;
}

bool
wire_read_local(const struct nlmsghdr *nlh)
{
	const struct rtmsg *m = mnl_nlmsg_get_payload(nlh);

	return nlh->nlmsg_type == RTM_NEWROUTE &&
	    nlh->nlmsg_len >= MNL_NLMSG_HDRLEN + sizeof(*m) &&
	    m->rtm_type == RTN_LOCAL;
}

/* Of clones as well: answers of routes that were taken. */
static bool
read_route(struct route *r, const struct nlmsghdr *nlh, unsigned refused)
{
	const struct rtmsg *m;
	uint32_t metric;
	struct attrs a;

	if ((nlh->nlmsg_type != RTM_NEWROUTE &&
	    nlh->nlmsg_type != RTM_DELROUTE) ||
	    !attrs_of_message(&a, nlh, sizeof(*m)))
		return false;
	m = mnl_nlmsg_get_payload(nlh);
	/* Multicast routers' routes are of other families. */
	if (addr_bytes(m->rtm_family) == 0 || m->rtm_flags & refused)
		return false;
	route_init(r, m->rtm_family);
	/* A flag that ip(8) cannot set. */
	if (m->rtm_flags & RTNH_F_PERVASIVE)
		r->unknown = UNKNOWN_HEADER;
	r->type = m->rtm_type;
	r->protocol = m->rtm_protocol;
	r->scope = m->rtm_scope;
	r->has_scope = true;
	r->tos = m->rtm_tos;
	r->table = m->rtm_table;
	r->flags = m->rtm_flags;
	if (!get_prefix(&a, RTA_DST, r->family, m->rtm_dst_len, &r->dst) ||
	    !get_prefix(&a, RTA_SRC, r->family, m->rtm_src_len, &r->src) ||
	    !get_rest(&a, r) || !get_metrics(a.at[RTA_METRICS], r) ||
	    !get_hops(&a, m, r))
		return false;
	/* The kernel's own have metric 0, also IPv6's. */
	metric = r->metric;
	route_normalize(r);
	r->metric = metric;
	return true;
}

bool
wire_read_any_route(struct route *r, const struct nlmsghdr *nlh)
{
	return read_route(r, nlh, RTM_F_CLONED);
}

bool
wire_read_route(struct route *r, const struct nlmsghdr *nlh)
{
	if (!wire_read_any_route(r, nlh) || r->unknown)
		return false;
	route_normalize(r);
	return true;
}

bool
wire_read_taken(struct route *r, const struct nlmsghdr *nlh)
{
	return read_route(r, nlh, 0);
}
