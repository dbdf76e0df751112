/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: one table asked: which route is found, which ones are passed over. */
#include <linux/icmpv6.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "uapi.h"
#include "walk-work.h"

/* Facts from net/ipv4/fib_trie.c, fib_table_lookup(), fib_lookup_good_nhc();
 * net/ipv6/ip6_fib.c, fib6_node_lookup_1(); net/ipv6/route.c,
 * fib6_table_lookup(), rt6_select(), find_rr_leaf(), find_match(),
 * rt6_score_route(), fib6_backtrack().  The tries are not built: what covers an
 * address is walked from the longest prefix to the shortest. */

#define LO_IFINDEX	1

int
walk_type_error(uint8_t type)
{
	switch (type) {
	case RTN_UNICAST:
	case RTN_LOCAL:
	case RTN_BROADCAST:
	case RTN_ANYCAST:
	case RTN_MULTICAST:
		return 0;
	case RTN_UNREACHABLE:
		return -EHOSTUNREACH;
	case RTN_PROHIBIT:
		return -EACCES;
	case RTN_THROW:
		return -EAGAIN;
	default:
		return -EINVAL;
	}
}

void
walk_pass(struct lookup *l, const struct route *r, enum passed why)
{
	struct walk *w = l->w;
	struct passed_route *grown;
	size_t room;

	if (!w)
		return;
	/* IPv6 may look at one twice. */
	for (size_t i = l->passed; i < w->passed_count; i++)
		if (w->passed[i].route == r)
			return;
	if (w->passed_count == w->passed_room) {
		room = w->passed_room ? 2 * w->passed_room : 16;
		grown = realloc(w->passed, room * sizeof(*grown));
		if (!grown) {
			l->failed = true;
			return;
		}
		w->passed = grown;
		w->passed_room = room;
	}
	w->passed[w->passed_count].route = r;
	w->passed[w->passed_count++].why = why;
}

bool
walk_table_exists(const struct lookup *l, uint32_t table)
{
	for (size_t i = 0; i < l->f->routes.count; i++)
		if (l->f->routes.at[i].table == table)
			return true;
	return false;
}

/* The length of the longest prefix shorter than `below` that covers the
 * destination, or -1. */
static int
longest(const struct lookup *l, uint32_t table, int below)
{
	int len = -1;

	for (size_t i = 0; i < l->f->routes.count; i++) {
		const struct route *r = &l->f->routes.at[i];

		if (r->table == table && r->dst.len < below &&
		    r->dst.len > len && (r->dst.len == 0 ||
		    prefix_covers(&r->dst, &l->q->to)))
			len = r->dst.len;
	}
	return len;
}

static bool
is_at(const struct lookup *l, const struct route *r, uint32_t table, int len)
{
	return r->table == table && r->dst.len == len &&
	    (len == 0 || prefix_covers(&r->dst, &l->q->to));
}

/* A dump marks as dead also what is only linkdown where that is ignored. */
static bool
hop_alive(const struct lookup *l, const struct hop *h, enum passed *why)
{
	const struct link *link;

	if (!(h->flags & RTNH_F_DEAD))
		return true;
	*why = PASSED_DEAD;
	if (!(h->flags & RTNH_F_LINKDOWN))
		return false;
	link = fib_link(l->f, h->ifindex);
	if (link && !(link->flags & IFF_UP))
		return false;
	*why = PASSED_LINKDOWN;
	return l->ignore_linkstate;
}

/* A next hop object of which the kernel does not tell what is in it
 * (net.ipv4.nexthop_compat_mode is 0). */
static bool
says_nothing(struct lookup *l, const struct route *r)
{
	if (!r->nhid || r->hop_count)
		return false;
	l->unsure = true;
	return true;
}

/* ---- IPv4 ----------------------------------------------------------- */

/* Bits of the hops that can be used; *why tells of the first that cannot. */
static unsigned
usable4(const struct lookup *l, const struct route *r, enum passed *why)
{
	enum passed because;
	unsigned usable = 0;
	bool told = false;

	for (size_t i = 0; i < r->hop_count; i++) {
		const struct hop *h = &r->hop[i];

		if (!hop_alive(l, h, &because))
			;
		else if (l->oif && h->ifindex != l->oif)
			because = PASSED_OIF;
		else {
			usable |= 1u << i;
			continue;
		}
		if (!told)
			*why = because;
		told = true;
	}
	return usable;
}

/* A next hop object that cannot be used also ends the search in all shorter
 * prefixes of the same first address: those share a leaf of the kernel's trie,
 * which is then left. */
static bool
is_missed(const struct lookup *l, const struct route *r)
{
	return l->missed && memcmp(l->missed->dst.addr.byte, r->dst.addr.byte,
	    sizeof(r->dst.addr.byte)) == 0;
}

/* True at the end of the search in this prefix' routes. */
static bool
try4(struct lookup *l, const struct route *r)
{
	enum passed why = PASSED_DEAD;

	if (r->tos && r->tos != (l->q->tos & TOS4_MASK)) {
		walk_pass(l, r, PASSED_TOS);
		return false;
	}
	if (walk_type_error(r->type)) {
		l->route = r;
		l->usable = 0;
		return true;
	}
	l->usable = usable4(l, r, &why);
	if (l->usable || says_nothing(l, r)) {
		l->route = r;
		return true;
	}
	walk_pass(l, r, why);
	if (r->nhid != 0 && why != PASSED_DEAD)
		l->missed = r;
	return l->missed == r;
}

/* The longer prefix counts in both tables (fib_trie_unmerge()). */
static bool
main_is_longer(const struct lookup *l)
{
	struct lookup other = *l;

	other.w = NULL;
	(void)walk_table4(&other, RT_TABLE_MAIN);
	return other.route && other.route->dst.len > l->route->dst.len;
}

int
walk_table4(struct lookup *l, uint32_t table)
{
	int len = 33;

	l->route = l->missed = NULL;
	while (!l->route && (len = longest(l, table, len)) >= 0)
		for (size_t i = 0; i < l->f->routes.count; i++) {
			const struct route *r = &l->f->routes.at[i];

			if (is_at(l, r, table, len) && !is_missed(l, r) &&
			    try4(l, r))
				break;
		}
	if (l->f->merged && table == RT_TABLE_LOCAL && l->route &&
	    main_is_longer(l)) {
		walk_pass(l, l->route, PASSED_MERGED);
		l->route = NULL;
	}
	return l->route ? walk_type_error(l->route->type) : 0;
}

/* ---- IPv6 ----------------------------------------------------------- */

/* A place in the tree: all routes of one destination and one source prefix that
 * cover the packet's. */
struct place {
	int dst, src;
};

static bool
covers_from(const struct lookup *l, const struct route *r)
{
	return r->src.len == 0 || prefix_covers(&r->src, &l->from);
}

static bool
is_in(const struct lookup *l, const struct route *r, uint32_t table,
    const struct place *p)
{
	return is_at(l, r, table, p->dst) && r->src.len == p->src &&
	    covers_from(l, r);
}

/* The longest source prefix shorter than `below` at this destination, 0 for
 * none; *any: there are source-specific routes at all. */
static int
longest_source(const struct lookup *l, uint32_t table, int dst, int below,
    bool *any)
{
	int len = 0;

	*any = false;
	for (size_t i = 0; i < l->f->routes.count; i++) {
		const struct route *r = &l->f->routes.at[i];

		if (r->src.len == 0 || !is_at(l, r, table, dst))
			continue;
		*any = true;
		if (r->src.len < below && r->src.len > len &&
		    covers_from(l, r))
			len = r->src.len;
	}
	return len;
}

static void
pass_place(struct lookup *l, uint32_t table, int dst, bool specific,
    enum passed why)
{
	for (size_t i = 0; l->w && i < l->f->routes.count; i++) {
		const struct route *r = &l->f->routes.at[i];

		if (is_at(l, r, table, dst) && (r->src.len != 0) == specific &&
		    (!specific || !covers_from(l, r)))
			walk_pass(l, r, why);
	}
}

/* A destination with source-specific routes alone, and longer ones below it:
 * whether the kernel sees it depends on which of them came first, for its node
 * may hold a route of a longer destination then (fib6_add()). */
static bool
may_be_missed(const struct lookup *l, uint32_t table, int dst)
{
	struct prefix p = { l->q->to, (uint8_t)dst };
	bool below = false;

	for (size_t i = 0; i < l->f->routes.count; i++) {
		const struct route *r = &l->f->routes.at[i];

		if (r->table != table)
			continue;
		if (r->src.len == 0 && is_at(l, r, table, dst))
			return false;
		below |= r->dst.len > dst && prefix_covers(&p, &r->dst.addr);
	}
	return below;
}

/* Where the search begins.  At a destination that has source-specific routes,
 * of which none is for this source, the others are not looked at either, but
 * at ::/0. */
static struct place
begin(struct lookup *l, uint32_t table)
{
	struct place p = { 129, 0 };
	bool any;

	while ((p.dst = longest(l, table, p.dst)) > 0) {
		p.src = longest_source(l, table, p.dst, 129, &any);
		l->unsure |= p.src && may_be_missed(l, table, p.dst);
		if (p.src || !any)
			return p;
		pass_place(l, table, p.dst, true, PASSED_SOURCE);
		pass_place(l, table, p.dst, false, PASSED_HIDDEN);
	}
	p.dst = 0;
	p.src = longest_source(l, table, 0, 129, &any);
	return p;
}

/* The next place up the tree; false at its root. */
static bool
go_back(const struct lookup *l, uint32_t table, struct place *p)
{
	bool any;

	if (p->src) {
		p->src = longest_source(l, table, p->dst, p->src, &any);
		return true;
	}
	if (p->dst == 0)
		return false;
	p->dst = longest(l, table, p->dst);
	if (p->dst < 0)
		p->dst = 0;
	p->src = longest_source(l, table, p->dst, 129, &any);
	return true;
}

static bool
is_silent(const struct lookup *l, const struct hop *h)
{
	for (size_t i = 0; i < l->f->failed.count; i++)
		if (l->f->failed.at[i].ifindex == h->ifindex &&
		    addr_cmp(&l->f->failed.at[i].addr, &h->via) == 0)
			return true;
	return false;
}

static int
pref_score(uint8_t pref)
{
	return pref == ICMPV6_ROUTER_PREF_HIGH ? 3 :
	    pref == ICMPV6_ROUTER_PREF_LOW ? 1 : 2;
}

/* Higher is better, below 0: not to be used, *why tells. */
static int
score(const struct lookup *l, const struct route *r, const struct hop *h,
    bool reachable, enum passed *why)
{
	uint32_t ifindex = h ? h->ifindex : LO_IFINDEX;
	bool right = !l->prefer || ifindex == l->prefer;

	if (h && !hop_alive(l, h, why))
		return -1;
	if (!right && l->strict) {
		*why = PASSED_OIF;
		return -1;
	}
	if (reachable && h && addr_given(&h->via) && is_silent(l, h)) {
		*why = PASSED_SILENT;
		return -1;
	}
	return pref_score(r->pref) * 4 + (right ? 2 : 0);
}

/* The best of a route's hops (a route that refuses has none: its device is lo);
 * usable gets a bit for each that can be used. */
static int
score_route(struct lookup *l, const struct route *r, bool reachable,
    unsigned *usable, enum passed *why)
{
	int best = -1, s;

	*usable = 0;
	if (r->expired) {
		*why = PASSED_EXPIRED;
		return -1;
	}
	if (r->hop_count == 0 && !walk_type_error(r->type) &&
	    says_nothing(l, r))
		return pref_score(r->pref) * 4;
	if (r->hop_count == 0)
		return score(l, r, NULL, reachable, why);
	for (size_t i = 0; i < r->hop_count; i++) {
		s = score(l, r, &r->hop[i], reachable, why);
		if (s >= 0)
			*usable |= 1u << i;
		if (s > best)
			best = s;
	}
	/* In a group of next hop objects a hash decides, whatever the device
	 * (nexthop_path_fib6_result()). */
	if (r->nhid && *usable)
		*usable = (1u << r->hop_count) - 1;
	return best;
}

struct contest {
	uint32_t metric;
	bool first;		/* only routes of the first metric compete */
	bool reachable;
	int best;
};

static bool
compete(struct lookup *l, const struct route *r, struct contest *c)
{
	enum passed why = PASSED_DEAD;
	unsigned usable;
	int s;

	/* A next hop object that swallows everything ends the search. */
	if (r->nhid && r->type == RTN_BLACKHOLE) {
		l->route = r;
		l->usable = 0;
		return true;
	}
	s = score_route(l, r, c->reachable, &usable, &why);
	if (s < 0)
		walk_pass(l, r, why);
	if (s <= c->best)
		return false;
	c->best = s;
	l->route = r;
	l->usable = usable;
	return false;
}

/* The best of the routes of one place: of the lowest metric, or, if none of
 * those can be used, of all others whatever their metrics. */
static void
select6(struct lookup *l, uint32_t table, const struct place *p,
    bool reachable)
{
	struct contest c = { .reachable = reachable, .best = -1 };
	bool known = false;

	for (int pass = 0; pass < 2 && !l->route; pass++) {
		c.first = pass == 0;
		for (size_t i = 0; i < l->f->routes.count; i++) {
			const struct route *r = &l->f->routes.at[i];

			if (!is_in(l, r, table, p))
				continue;
			if (!known)
				c.metric = r->metric;
			known = true;
			if ((r->metric == c.metric) == c.first &&
			    compete(l, r, &c))
				break;
		}
	}
}

int
walk_table6(struct lookup *l, uint32_t table)
{
	struct place start = begin(l, table), p;

	l->route = NULL;
	/* A host prefers gateways that answer, but does not insist. */
	for (int i = l->f->forwarding6 ? 1 : 0; i < 2 && !l->route; i++) {
		p = start;
		do
			select6(l, table, &p, i == 0);
		while (!l->route && go_back(l, table, &p));
	}
	return l->route ? walk_type_error(l->route->type) : 0;
}
