/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: pure: whose is what carries our protocol but stands in no record. */
#include <string.h>

#include "adopt.h"

struct adopting {
	struct objects *out;
	const struct snapshot *now;
	int family;
	uint32_t table;
	const struct addr *own;
};

static bool
goes_through(const struct route *r, uint32_t ifindex)
{
	for (size_t i = 0; i < r->hop_count; i++)
		if (r->hop[i].ifindex == ifindex)
			return true;
	return false;
}

/* A table with routes of ours through the device (or named by the caller), and
 * through no other. */
static bool
owns_table(const struct adopting *k, uint32_t table)
{
	const struct route_list *routes = &k->now->routes;
	bool ours = table == k->table;

	if (table == 0 || table == RT_TABLE_MAIN)
		return false;
	for (size_t i = 0; i < routes->count; i++) {
		if (routes->at[i].table != table ||
		    routes->at[i].family != k->family ||
		    routes->at[i].hop_count == 0)
			continue;
		if (!goes_through(&routes->at[i], k->now->link.ifindex))
			return false;
		ours = true;
	}
	return ours;
}

static bool
is_own(const struct adopting *k, const struct prefix *p)
{
	if (!prefix_is_host(p))
		return false;
	if (k->own && addr_cmp(&p->addr, k->own) == 0)
		return true;
	for (size_t i = 0; i < k->now->addresses.count; i++)
		if (addr_cmp(&k->now->addresses.at[i].prefix.addr, &p->addr)
		    == 0)
			return true;
	return false;
}

static bool
adopts_rule(const struct adopting *k, const struct rule *r)
{
	return r->protocol == PROTO_IFPOLICY && r->family == k->family &&
	    (owns_table(k, r->table) || is_own(k, &r->from) ||
	    is_own(k, &r->to) || !strcmp(r->iif, k->now->link.name) ||
	    !strcmp(r->oif, k->now->link.name));
}

static bool
adopts_route(const struct adopting *k, const struct route *r)
{
	if (r->family != k->family || r->protocol != PROTO_IFPOLICY)
		return false;
	return r->hop_count ? goes_through(r, k->now->link.ifindex) :
	    owns_table(k, r->table);
}

/* A default of several next hops is several interfaces'. */
static bool
is_shared(const struct route *r)
{
	return r->hop_count > 1 && r->table == RT_TABLE_MAIN &&
	    r->dst.len == 0;
}

static bool
adopt_hops(struct adopting *k, const struct route *r)
{
	struct object *o;

	for (size_t i = 0; i < r->hop_count; i++) {
		if (r->hop[i].ifindex != k->now->link.ifindex)
			continue;
		if (!(o = objects_add(k->out)))
			return false;
		o->kind = OBJECT_HOP;
		o->key = KEY_COUNT;
		o->weight = r->hop[i].weight;
		o->route = *r;
		o->route.hop[0] = r->hop[i];
		o->route.hop_count = 1;
		route_normalize(&o->route);
	}
	return true;
}

bool
adopt(struct objects *out, int family, const struct snapshot *now,
    uint32_t table, const struct addr *own)
{
	struct adopting k = {
		.out = out, .now = now, .family = family, .table = table,
		.own = own && addr_given(own) ? own : NULL,
	};
	struct object *o;

	for (size_t i = 0; i < now->routes.count; i++) {
		if (!adopts_route(&k, &now->routes.at[i]))
			continue;
		if (is_shared(&now->routes.at[i])) {
			if (!adopt_hops(&k, &now->routes.at[i]))
				return false;
			continue;
		}
		if (!(o = objects_add(out)))
			return false;
		o->kind = OBJECT_ROUTE;
		o->key = KEY_COUNT;
		o->route = now->routes.at[i];
	}
	for (size_t i = 0; i < now->rules.count; i++) {
		if (!adopts_rule(&k, &now->rules.at[i]))
			continue;
		if (!(o = objects_add(out)))
			return false;
		o->kind = OBJECT_RULE;
		o->key = KEY_COUNT;
		o->rule = now->rules.at[i];
	}
	return true;
}
