/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: random rules and routes, normalized, for round trips. */
#ifndef IFPOLICY_TEST_VALUES_H
#define IFPOLICY_TEST_VALUES_H

#include <sys/socket.h>

#include <linux/fib_rules.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model.h"

static inline uint32_t
dice(uint32_t sides)
{
	return (uint32_t)rand() % sides;
}

/* Absent most of the time, else often at a limit. */
static inline uint32_t
value_u32(uint32_t top)
{
	switch (dice(6)) {
	case 0:
		return 1;
	case 1:
		return top;
	case 2:
		return 1 + dice(top > 1 ? top - 1 : 1);
	}
	return 0;
}

static inline struct addr
value_addr(int family)
{
	struct addr a = { .family = (uint8_t)family };

	for (size_t i = 0; i < addr_bytes(family); i++)
		a.byte[i] = (uint8_t)rand();
	return a;
}

static inline struct prefix
value_prefix(int family)
{
	struct prefix p = { .addr = value_addr(family) };

	p.len = (uint8_t)dice(addr_bits(family) + 1);
	prefix_clear_host_bits(&p);
	return p;
}

static inline void
value_device(char *name)
{
	snprintf(name, IFNAMSIZ, dice(2) ? "eth%u" : "longest-name-%u",
	    dice(10));
}

static inline struct range
value_range(uint32_t top)
{
	struct range r = { 0, 0 };

	if (dice(3) == 0) {
		r.lo = 1 + dice(top - 1);
		r.hi = dice(2) ? r.lo : r.lo + dice(top - r.lo + 1);
	}
	return r;
}

static inline void
value_action(struct rule *r)
{
	static const uint8_t actions[] = {
		FR_ACT_TO_TBL, FR_ACT_TO_TBL, FR_ACT_GOTO, FR_ACT_NOP,
		FR_ACT_BLACKHOLE, FR_ACT_UNREACHABLE, FR_ACT_PROHIBIT,
	};

	r->action = actions[dice(sizeof(actions))];
	if (r->action == FR_ACT_GOTO)
		r->target = 1 + value_u32(UINT32_MAX - 1);
	if (dice(8) == 0)
		r->l3mdev = 1;
	else
		r->table = value_u32(UINT32_MAX);
}

static inline void
value_rule(struct rule *r, int family)
{
	rule_init(r, family);
	value_action(r);
	r->invert = dice(4) == 0;
	r->has_priority = dice(8) != 0;
	r->priority = r->has_priority ? value_u32(UINT32_MAX) : 0;
	r->tos = (uint8_t)value_u32(255);
	r->ipproto = (uint8_t)value_u32(255);
	r->protocol = (uint8_t)value_u32(255);
	r->fwmark = value_u32(UINT32_MAX);
	r->fwmask = r->fwmark ? UINT32_MAX : 0;
	if (dice(4) == 0)
		r->fwmask = value_u32(UINT32_MAX);
	r->realms = value_u32(UINT32_MAX);
	r->tun_id = (uint64_t)value_u32(UINT32_MAX) << 32 |
	    value_u32(UINT32_MAX);
	r->has_uid = dice(4) == 0;
	if (r->has_uid)
		r->uid = value_range(UINT32_MAX - 1);
	r->sport = value_range(UINT16_MAX);
	r->dport = value_range(UINT16_MAX);
	if (dice(3) == 0)
		r->suppress_prefixlen = (int32_t)value_u32(INT32_MAX);
	if (dice(3) == 0)
		r->suppress_ifgroup = (int32_t)value_u32(INT32_MAX);
	if (dice(2))
		r->from = value_prefix(family);
	if (dice(3) == 0)
		r->to = value_prefix(family);
	if (dice(3) == 0)
		value_device(r->iif);
	if (dice(4) == 0)
		value_device(r->oif);
	rule_normalize(r);
}

static inline void
value_hop(struct hop *h, int family)
{
	if (dice(4))
		h->via = value_addr(family == AF_INET && dice(4) == 0 ?
		    AF_INET6 : family);
	value_device(h->dev);
	h->ifindex = 1 + dice(1000);
	h->realms = value_u32(UINT32_MAX);
	h->weight = (uint16_t)(1 + dice(256));
	h->onlink = dice(4) == 0;
}

static inline void
value_metrics(struct route *r)
{
	static const uint8_t lockable[] = {
		RTAX_MTU, RTAX_WINDOW, RTAX_RTT, RTAX_RTTVAR, RTAX_SSTHRESH,
		RTAX_CWND, RTAX_ADVMSS, RTAX_REORDERING, RTAX_HOPLIMIT,
		RTAX_INITCWND, RTAX_INITRWND,
	};

	for (size_t i = 0; i < sizeof(lockable); i++) {
		r->rtax[lockable[i]] = value_u32(UINT32_MAX);
		if (dice(8) == 0)
			r->rtax[RTAX_LOCK] |= 1u << lockable[i];
	}
	if (dice(4) == 0) {
		r->rtax[RTAX_RTO_MIN] = 1 + value_u32(UINT32_MAX - 1);
		r->rtax[RTAX_LOCK] |= 1u << RTAX_RTO_MIN;
	}
	r->rtax[RTAX_FEATURES] = dice(2) ? RTAX_FEATURE_ECN : 0;
	r->rtax[RTAX_QUICKACK] = dice(2);
	r->rtax[RTAX_FASTOPEN_NO_COOKIE] = dice(2);
	if (dice(3) == 0) {
		snprintf(r->congctl, sizeof(r->congctl), "cubic");
		if (dice(2))
			r->rtax[RTAX_LOCK] |= 1u << RTAX_CC_ALGO;
	}
	r->rtax_set = UINT32_MAX >> (31 - METRIC_LAST);
}

static inline void
value_hops(struct route *r)
{
	if (dice(12) == 0) {
		r->nhid = 1 + value_u32(UINT32_MAX - 1);
		return;
	}
	r->hop_count = dice(3) ? 1 : 1 + dice(HOPS_MAX);
	for (size_t i = 0; i < r->hop_count; i++)
		value_hop(&r->hop[i], r->family);
	if (r->hop_count == 1)
		r->hop[0].weight = 0;
}

static inline void
value_route(struct route *r, int family)
{
	static const uint8_t types[] = {
		RTN_UNICAST, RTN_UNICAST, RTN_UNICAST, RTN_LOCAL,
		RTN_BROADCAST, RTN_ANYCAST, RTN_MULTICAST, RTN_BLACKHOLE,
		RTN_UNREACHABLE, RTN_PROHIBIT, RTN_THROW,
	};
	static const uint8_t scopes[] = {
		RT_SCOPE_UNIVERSE, RT_SCOPE_SITE, RT_SCOPE_LINK, RT_SCOPE_HOST,
		7,
	};

	route_init(r, family);
	r->type = types[dice(sizeof(types))];
	r->protocol = (uint8_t)value_u32(255);
	r->table = 1 + value_u32(UINT32_MAX - 1);
	r->metric = value_u32(UINT32_MAX);
	r->dst = value_prefix(family);
	if (dice(4) == 0)
		r->prefsrc = value_addr(family);
	if (dice(3) == 0) {
		r->has_scope = true;
		r->scope = scopes[dice(sizeof(scopes))];
	}
	if (family == AF_INET) {
		r->tos = (uint8_t)value_u32(255);
	} else {
		if (dice(4) == 0)
			r->src = value_prefix(family);
		r->has_pref = dice(3) == 0;
		r->pref = dice(2) ? 1 : 3;
	}
	if (dice(2))
		value_metrics(r);
	if (!route_type_is_reject(r->type))
		value_hops(r);
	route_normalize(r);
}

#endif
