/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: plain values for rules, routes, links and addresses; their order. */
#ifndef IFPOLICY_MODEL_H
#define IFPOLICY_MODEL_H

#include <net/if.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "addr.h"
#include "uapi.h"

#define RULE_PRIORITY_MAIN	32766	/* the kernel's "lookup main" */
#define RULE_PRIORITY_TOP	(RULE_PRIORITY_MAIN - 1024)	/* from here
				 * on what ip(8) says without a priority goes;
				 * nobody chooses these by hand */
#define RULE_CLOSE	16	/* priorities that may be missing in a row of
				 * those that the kernel chose */
#define PROTO_IFPOLICY	173	/* FRA_PROTOCOL, rtm_protocol of ours */
#define HOPS_MAX	16
#define METRIC_LAST	RTAX_FASTOPEN_NO_COOKIE	/* RTAX_MAX varies with the
						 * headers */
#define METRIC6_DEFAULT	1024	/* what the kernel gives an IPv6 route without
				 * a metric (IP6_RT_PRIO_USER, ip6_route.h) */

#define UNKNOWN_HEADER	0xffff	/* `unknown`: a flag or value of the header */

struct range {
	uint32_t lo, hi;
};

/* A rule as fib_rules.h knows it.  Zero means "not given" but for priority
 * (has_priority), the two suppressors (-1) and uid (has_uid). */
struct rule {
	uint8_t family;		/* AF_INET, AF_INET6 */
	uint8_t action;		/* FR_ACT_TO_TBL, FR_ACT_GOTO, ... */
	uint8_t protocol;	/* FRA_PROTOCOL */
	uint8_t tos;
	uint8_t ipproto;
	uint8_t l3mdev;
	bool invert;		/* "not" */
	bool has_priority;
	bool has_uid;
	bool automatic;		/* as dumped: its priority is one that the
				 * kernel chooses; not part of equality */
	uint32_t priority;
	uint32_t table;
	uint32_t target;	/* of goto */
	uint32_t fwmark, fwmask;	/* both 0: no mark selector */
	uint32_t realms;	/* from << 16 | to */
	int32_t suppress_prefixlen;
	int32_t suppress_ifgroup;
	uint64_t tun_id;
	struct range uid, sport, dport;
	struct prefix from, to;	/* len 0: any */
	char iif[IFNAMSIZ], oif[IFNAMSIZ];
	uint16_t unknown;	/* as dumped: the first attribute (FRA_x) that
				 * has no place here; 0 none */
};

/* One next hop.  dev is what people and files say; ifindex what the kernel
 * says; facts and apply translate. */
struct hop {
	struct addr via;	/* may be IPv6 in an IPv4 route (RTA_VIA) */
	uint32_t ifindex;
	uint32_t realms;
	uint32_t flags;		/* as dumped: RTNH_F_DEAD, _LINKDOWN; not part
				 * of equality */
	uint16_t weight;	/* 1-256; 0: not a multipath hop */
	bool onlink;
	char dev[IFNAMSIZ];
};

/* A route as rtnetlink.h knows it.  Absent values are 0; has_scope tells a
 * given scope from the default one (RT_SCOPE_UNIVERSE is 0). */
struct route {
	uint8_t family;
	uint8_t type;		/* RTN_UNICAST, RTN_UNREACHABLE, ... */
	uint8_t protocol;
	uint8_t scope;
	uint8_t tos;
	uint8_t pref;		/* ICMPV6_ROUTER_PREF_*, IPv6 only */
	bool has_pref;
	bool has_scope;
	bool pervasive;		/* no words for it: wire_read_route() refuses */
	uint8_t ttl_propagate;	/* 0 not given, 1 disabled, 2 enabled */
	uint32_t table;
	uint32_t metric;	/* RTA_PRIORITY */
	uint32_t nhid;
	uint32_t expires;	/* seconds, IPv6 only; not part of equality */
	bool expired;		/* as dumped: not used any more, only not yet
				 * collected (fib6_check_expired()); likewise */
	uint32_t flags;		/* as dumped: RTNH_F_DEAD, _LINKDOWN; not part
				 * of equality */
	uint32_t rtax_set;	/* bit RTAX_x: rtax[RTAX_x] was given */
	uint32_t rtax[METRIC_LAST + 1];
	struct prefix dst, src;	/* src: "from", IPv6 only */
	struct addr prefsrc;
	char congctl[16];
	size_t hop_count;	/* 0 for unreachable and its kin */
	struct hop hop[HOPS_MAX];	/* with nhid: what it stands for now,
					 * not part of equality */
	uint16_t unknown;	/* as dumped: an attribute (RTA_x) that has no
				 * place here; 0 none */
};

struct address {
	struct prefix prefix;	/* the address with its subnet's length */
	struct addr peer;	/* point-to-point; family 0 if none */
	uint32_t ifindex;
	uint32_t flags;		/* IFA_F_* */
	uint8_t scope;
	char label[IFNAMSIZ];	/* IPv4 only */
};

struct link {
	uint32_t ifindex;	/* 0: no such device */
	uint32_t flags;		/* IFF_* */
	uint32_t changed;	/* in an event: those that have just changed */
	uint32_t master;	/* ifindex; 0 none */
	bool master_is_vrf;
	uint32_t vrf_table;	/* of a VRF; 0: it is none */
	uint32_t group;
	char name[IFNAMSIZ];
};

/* IFF_LOWER_UP: linux/if.h cannot stand beside net/if.h. */
#define LINK_LOWER_UP	0x10000u

/* Set up, and whether the line below it carries: where it does not, the kernel
 * marks its routes as linkdown (fib_netdev_event(), net/ipv4). */
bool link_is_up(const struct link *l);
bool link_has_carrier(const struct link *l);

struct neighbour {
	uint32_t ifindex;
	uint16_t state;		/* NUD_* */
	struct addr addr;
};

/* A packet whose way is asked for.  Of what is not given the kernel takes 0,
 * except for the protocol of IPv4 (see question_init()). */
struct question {
	int family;
	struct addr to, from;	/* from: family 0, not given */
	uint32_t iif;		/* it comes in by this device; 0: sent here */
	uint32_t oif;		/* the socket is bound to it; 0: it is not */
	char in[IFNAMSIZ], out[IFNAMSIZ];	/* the names of both */
	uint32_t mark;
	uint32_t uid;
	uint16_t sport, dport;
	uint8_t ipproto;
	bool has_ipproto;	/* it was given */
	uint8_t tos;
};

/* UDP is what inet_rtm_getroute() takes for a protocol not given. */
void question_init(struct question *q, int family);

/* Bring a value to the one form that comparing and printing expect: any-length
 * prefixes emptied, the IPv6 default metric filled in, the default scope of an
 * IPv4 route filled in (as ip-route(8) does: host for local, link for unicast
 * without a gateway, broadcast, multicast; global otherwise), no device on
 * unreachable, blackhole, prohibit and throw; emptied too what the kernel
 * takes and then forgets (scope and realms of IPv6, source prefix, preference
 * and lifetime of IPv4, ttl-propagate, metrics of 0), metrics capped as it
 * caps them, IPv6 next hops sorted.  Normalize again after a route's devices
 * were filled in: the default scope and the order depend on them. */
void rule_normalize(struct rule *r);
void route_normalize(struct route *r);

/* A rule or route that selects nothing: all absent. */
void rule_init(struct rule *r, int family);
void route_init(struct route *r, int family);

/* Equal but for the protocol.  Both sides normalized. */
bool rule_same(const struct rule *a, const struct rule *b);
bool route_same(const struct route *a, const struct route *b);

/* Equal but for the protocol and the priority. */
bool rule_same_elsewhere(const struct rule *a, const struct rule *b);

/* The kernel keeps one route per key: table, prefix, metric, and tos (IPv4)
 * or source prefix (IPv6).  fib_table_insert(), fib6_add_rt2node(). */
bool route_same_key(const struct route *a, const struct route *b);

/* True if deleting `pattern` could hit `victim`: every attribute that the
 * pattern names is equal (rule_find()), the protocol included where it is not
 * 0.  The kernel compares neither "not" nor the target of a goto. */
bool rule_pattern_hits(const struct rule *pattern, const struct rule *victim);

/* unreachable, blackhole, prohibit, throw: types without a next hop. */
bool route_type_is_reject(uint8_t type);

/* A device name the kernel accepts (dev_valid_name(), net/core/dev.c) and
 * that is safe in a path.  label: a name that may have ":suffix". */
bool device_name_ok(const char *name);
bool label_name_ok(const char *name);

#endif
