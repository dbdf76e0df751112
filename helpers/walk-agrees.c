/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: whether the kernel's answer is what the walk came to. */
#include "uapi.h"
#include "walk-work.h"

/* An answer has the type of the packet where that is not the route's
 * (__mkroute_output(), net/ipv4/route.c). */
static uint8_t
type_of(const struct question *q, const struct route *r)
{
	if (q->family != AF_INET || q->iif)
		return r->type;
	if (walk_is_broadcast4(&q->to))
		return RTN_BROADCAST;
	return walk_is_multicast4(&q->to) ? RTN_MULTICAST : r->type;
}

static bool
same_route(const struct walk *w, const struct question *q,
    const struct route *r, const struct route *answer)
{
	struct route want = *r;

	/* One table then, and that is its name. */
	if (w->merged && want.table == RT_TABLE_LOCAL)
		want.table = RT_TABLE_MAIN;
	want.type = type_of(q, r);
	/* Each next hop of IPv6 has a preference of its own; one is told. */
	if (q->family == AF_INET6 && r->hop_count > 1)
		want.pref = answer->pref;
	return route_same(&want, answer) && r->protocol == answer->protocol;
}

/* The hop taken is one of those that can be.  What stays on this machine has
 * none; to a broadcast or multicast address no gateway is used. */
static bool
one_of(const struct question *q, const struct route *r, unsigned usable,
    const struct route *taken)
{
	const struct hop *h = &taken->hop[0];
	bool direct = q->family == AF_INET && (taken->type == RTN_BROADCAST ||
	    taken->type == RTN_MULTICAST);

	if (r->type == RTN_LOCAL || r->type == RTN_ANYCAST ||
	    taken->type == RTN_LOCAL || (direct && q->iif) || r->unknown ||
	    r->hop_count == 0)
		return true;
	if (taken->hop_count != 1)
		return false;
	for (size_t i = 0; i < r->hop_count; i++)
		if (usable & 1u << i && r->hop[i].ifindex == h->ifindex &&
		    (direct || addr_cmp(&r->hop[i].via, &h->via) == 0))
			return true;
	return false;
}

static bool
found_agrees(const struct walk *w, const struct question *q,
    const struct kernel_answer *a)
{
	if (!a->has_route)
		return one_of(q, w->route, w->usable, &a->taken);
	/* IPv6 keeps what it made of a next hop object and tells the route that
	 * it was made for, which may be another one, or one deleted since. */
	if (q->family == AF_INET6 && w->route->nhid)
		return one_of(q, w->route, w->usable, &a->taken);
	if (same_route(w, q, w->route, &a->route))
		return one_of(q, w->route, w->usable, &a->taken);
	for (size_t i = 0; i < w->other_count; i++)
		if (same_route(w, q, w->others[i], &a->route))
			return one_of(q, w->others[i], ~0u, &a->taken);
	return false;
}

bool
walk_agrees(const struct walk *w, const struct question *q,
    const struct kernel_answer *a)
{
	if (w->unsure)
		return true;
	if (w->error || a->error)
		return w->error == a->error;
	if (w->verdict == VERDICT_ROUTE)
		return found_agrees(w, q, a);
	/* No route was taken. */
	return !a->has_route && (!w->device || (a->taken.hop_count == 1 &&
	    a->taken.hop[0].ifindex == w->device));
}
