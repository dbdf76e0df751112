/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: pure: which default of main carries unbound traffic, and why.
 *
 * The kernel is asked for the way it would take; main's defaults, in their
 * order, say why it is this one and what comes next.  Where several have one
 * metric (IPv6, preferences of routers) the kernel's word decides. */
#include <stdlib.h>
#include <string.h>

#include "unbound.h"

static bool
is_default(const struct route *r, int family)
{
	return r->family == family && r->table == RT_TABLE_MAIN &&
	    r->dst.len == 0 && r->src.len == 0 && r->tos == 0 && !r->expired;
}

static enum turn
turn_of(const struct host *h, const struct route *r, const struct hop *hop)
{
	const struct link *l;

	if (!hop)
		return TURN_NEXT;
	l = host_link_of(h, hop->ifindex);
	if (!l || !link_is_up(l))
		return TURN_DOWN;
	if (!link_has_carrier(l) &&
	    host_knobs(h, l)->ignore_linkdown[host_index(r->family)])
		return TURN_NO_CARRIER;
	return TURN_NEXT;
}

static int
compare_standby(const void *a, const void *b)
{
	const struct standby *x = a, *y = b;

	if (x->route->metric != y->route->metric)
		return x->route->metric < y->route->metric ? -1 : 1;
	/* The kernel's order is that of the dump. */
	if (x->route != y->route)
		return x->route < y->route ? -1 : 1;
	return (x->hop > y->hop) - (x->hop < y->hop);
}

static bool
list_defaults(struct unbound *u, const struct host *h)
{
	const struct route_list *routes = &h->now.routes;
	size_t room = 0, n;

	for (size_t i = 0; i < routes->count; i++)
		if (is_default(&routes->at[i], u->family))
			room += routes->at[i].hop_count + 1;
	u->at = calloc(room + 1, sizeof(*u->at));
	for (size_t i = 0; u->at && i < routes->count; i++) {
		const struct route *r = &routes->at[i];

		if (!is_default(r, u->family))
			continue;
		n = r->hop_count ? r->hop_count : 1;
		for (size_t j = 0; j < n; j++) {
			struct standby *s = &u->at[u->count++];

			s->route = r;
			s->hop = r->hop_count ? &r->hop[j] : NULL;
			s->turn = turn_of(h, r, s->hop);
		}
	}
	if (u->count)
		qsort(u->at, u->count, sizeof(*u->at), compare_standby);
	return u->at != NULL;
}

/* The route whose turn it is: the first that works, or of those with its
 * metric the one that the kernel chose. */
static const struct route *
best(const struct unbound *u, uint32_t way)
{
	const struct route *first = NULL;

	for (size_t i = 0; i < u->count; i++) {
		const struct standby *s = &u->at[i];

		if (s->turn != TURN_NEXT)
			continue;
		if (!first)
			first = s->route;
		if (s->route->metric == first->metric && s->hop &&
		    s->hop->ifindex == way)
			return s->route;
	}
	return first;
}

bool
unbound_find(struct unbound *u, const struct host *h, int family)
{
	uint32_t way = h->way[host_index(family)];
	const struct route *route;

	memset(u, 0, sizeof(*u));
	u->family = family;
	u->by = way ? host_link_of(h, way) : NULL;
	if (!list_defaults(u, h))
		return false;
	route = best(u, way);
	u->elsewhere = u->by != NULL;
	for (size_t i = 0; i < u->count; i++)
		if (u->at[i].route == route && u->at[i].hop &&
		    u->at[i].hop->ifindex == way)
			u->elsewhere = false;
	for (size_t i = 0; i < u->count; i++)
		if (u->at[i].route == route && u->at[i].turn == TURN_NEXT &&
		    u->by && !u->elsewhere)
			u->at[i].turn = TURN_NOW;
	return true;
}

void
unbound_fini(struct unbound *u)
{
	free(u->at);
	u->at = NULL;
	u->count = 0;
}

bool
unbound_carries(const struct unbound *u, const char *device)
{
	for (size_t i = 0; i < u->count; i++)
		if (u->at[i].turn == TURN_NOW && u->at[i].hop &&
		    !strcmp(u->at[i].hop->dev, device))
			return true;
	return u->elsewhere && !strcmp(u->by->name, device);
}

const char *
unbound_turn_word(enum turn t)
{
	static const char *const words[] = {
		[TURN_NOW] = "now", [TURN_NEXT] = "next",
		[TURN_NO_CARRIER] = "no carrier", [TURN_DOWN] = "down",
	};

	return words[t];
}
