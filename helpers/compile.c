/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: pure: a request and kernel facts to the objects of a claim.
 *
 * Nothing here asks the kernel or prints.  What an up puts into the kernel is
 * decided in this file and nowhere else: the interface's table, its rules, its
 * routes in main, its sysctls, and which routes of others it takes out. */
#include <linux/fib_rules.h>

#include <stdio.h>
#include <string.h>

#include "compile.h"

#define PREFER_OWN	10	/* offsets from the base priority */
#define PREFER_MAIN	20
#define LOOKUP		30

struct compiling {
	struct compiled *out;
	const struct request *r;
	const struct claim *c;
	const struct claim *before;
	const struct snapshot *now;
	struct fault *f;
	struct cover cover;
};

static struct object *
add(struct compiling *k, enum object_kind kind, enum key_id key)
{
	struct object *o = objects_add(&k->out->objects);

	if (!o) {
		fault_set(k->f, "out of memory");
		return NULL;
	}
	o->kind = kind;
	o->key = key;
	o->said = k->r->said[key];
	return o;
}

static struct object *
add_route(struct compiling *k, enum key_id key, uint32_t table,
    const struct prefix *dst)
{
	struct object *o = add(k, OBJECT_ROUTE, key);

	if (!o)
		return NULL;
	route_init(&o->route, k->r->family);
	o->route.protocol = PROTO_IFPOLICY;
	o->route.table = table;
	if (dst)
		o->route.dst = *dst;
	return o;
}

static void
set_device(struct compiling *k, struct route *route)
{
	route->hop_count = 1;
	memcpy(route->hop[0].dev, k->c->device, IFNAMSIZ);
	route->hop[0].ifindex = k->now->link.ifindex;
}

/* A `route` line says what the table has for this prefix. */
static bool
is_said(const struct compiling *k, const struct prefix *s)
{
	for (size_t i = 0; i < k->r->extra.count; i++) {
		const struct object *o = &k->r->extra.at[i];

		if (o->kind == OBJECT_ROUTE && o->route.metric == 0 &&
		    o->route.tos == 0 && (!o->route.table ||
		    o->route.table == k->r->table) &&
		    prefix_cmp(&o->route.dst, s) == 0)
			return true;
	}
	return false;
}

/* The table's subnets, one route a prefix: the kernel keeps no two. */
static bool
add_subnets(struct compiling *k)
{
	struct prefix s;

	for (size_t i = 0; i < k->cover.count; i++) {
		struct object *o;
		bool twin = false;

		if (!cover_on_link(&s, &k->cover, k->cover.address[i]) ||
		    is_said(k, &s))
			continue;
		for (size_t j = 0; j < k->out->objects.count; j++)
			if (prefix_cmp(&k->out->objects.at[j].route.dst, &s)
			    == 0)
				twin = true;
		if (twin)
			continue;
		o = add_route(k, KEY_TABLE, k->r->table, &s);
		if (!o)
			return false;
		set_device(k, &o->route);
		if (cover_is_tentative(k->cover.address[i]))
			k->out->src_left_out |= cover_dad_runs(&k->cover);
		else
			o->route.prefsrc = k->cover.address[i]->prefix.addr;
	}
	return true;
}

static bool
add_default(struct compiling *k, enum key_id key, uint32_t table,
    uint32_t metric, const struct addr *src)
{
	struct object *o = add_route(k, key, table, NULL);

	if (!o)
		return false;
	set_device(k, &o->route);
	o->route.hop[0].via = k->cover.gateway;
	o->route.hop[0].onlink = k->cover.onlink;
	o->route.metric = metric;
	if (src && addr_given(src))
		o->route.prefsrc = *src;
	return true;
}

static void
complete_rule(const struct compiling *k, struct rule *rule)
{
	rule->protocol = PROTO_IFPOLICY;
	if (rule->action == FR_ACT_TO_TBL && !rule->table && !rule->l3mdev)
		rule->table = k->r->table;
	if (!rule->has_priority) {
		rule->has_priority = true;
		rule->priority = k->r->priority;
	}
}

static void
complete_route(struct compiling *k, struct route *route)
{
	route->protocol = PROTO_IFPOLICY;
	if (!route->table)
		route->table = k->r->has_table ? k->r->table : RT_TABLE_MAIN;
	if (route_type_is_reject(route->type) || route->nhid)
		return;
	if (route->hop_count == 0)
		route->hop_count = 1;
	if (route->hop_count == 1 && !route->hop[0].dev[0])
		set_device(k, route);
}

/* The `route` and `rule` lines, what they leave open filled in. */
static bool
add_extra(struct compiling *k, enum object_kind kind)
{
	for (size_t i = 0; i < k->r->extra.count; i++) {
		const struct object *from = &k->r->extra.at[i];
		struct object *o;

		if (from->kind != kind)
			continue;
		o = add(k, kind, from->key);
		if (!o)
			return false;
		*o = *from;
		if (kind == OBJECT_RULE)
			complete_rule(k, &o->rule);
		else
			complete_route(k, &o->route);
	}
	return true;
}

static bool
add_fallback(struct compiling *k)
{
	static const uint8_t types[] = {
		[FALLBACK_UNREACHABLE] = RTN_UNREACHABLE,
		[FALLBACK_BLACKHOLE] = RTN_BLACKHOLE,
		[FALLBACK_PROHIBIT] = RTN_PROHIBIT,
	};
	struct object *o;

	if (k->r->fallback == FALLBACK_NONE || !k->r->has_table)
		return true;
	o = add_route(k, KEY_FALLBACK, k->r->table, NULL);
	if (!o)
		return false;
	o->route.type = types[k->r->fallback];
	o->route.metric = UINT32_MAX;
	return true;
}

static bool
add_table(struct compiling *k)
{
	if (!k->r->has_table)
		return true;
	if (!add_subnets(k))
		return false;
	return !addr_given(&k->cover.gateway) ||
	    add_default(k, KEY_TABLE, k->r->table, 0, NULL);
}

static bool
add_rule(struct compiling *k, const struct addr *from, const struct addr *to,
    uint32_t offset, uint32_t table, bool no_default)
{
	struct object *o = add(k, OBJECT_RULE, KEY_TABLE);

	if (!o)
		return false;
	rule_init(&o->rule, k->r->family);
	o->rule.action = FR_ACT_TO_TBL;
	o->rule.protocol = PROTO_IFPOLICY;
	o->rule.table = table;
	o->rule.has_priority = true;
	o->rule.priority = k->r->priority + offset;
	if (from)
		o->rule.from = prefix_host(from);
	if (to)
		o->rule.to = prefix_host(to);
	if (no_default)
		o->rule.suppress_prefixlen = 0;
	return true;
}

static bool
add_rules_of(struct compiling *k, const struct addr *a)
{
	const struct request *r = k->r;

	if (r->match_from && r->prefer_main &&
	    (!add_rule(k, a, NULL, PREFER_OWN, r->table, true) ||
	    !add_rule(k, a, NULL, PREFER_MAIN, RT_TABLE_MAIN, true)))
		return false;
	if (r->match_from && !add_rule(k, a, NULL, LOOKUP, r->table, false))
		return false;
	return !r->match_to || add_rule(k, NULL, a, LOOKUP, r->table, false);
}

static bool
add_rules(struct compiling *k)
{
	for (size_t i = 0; k->r->has_table && i < k->cover.count; i++)
		if (!add_rules_of(k, &k->cover.address[i]->prefix.addr))
			return false;
	return true;
}

/* S dev D src A metric M beside the kernel's own connected route. */
static bool
add_connected(struct compiling *k)
{
	struct addr src = cover_source(&k->cover);
	struct prefix s;

	if (k->r->connected != CONNECTED_METRIC)
		return true;
	for (size_t i = 0; i < k->cover.count; i++) {
		struct object *o;
		bool twin = false;

		if (!cover_on_link(&s, &k->cover, k->cover.address[i]))
			continue;
		for (size_t j = 0; j < k->out->objects.count; j++) {
			o = &k->out->objects.at[j];
			if (o->kind == OBJECT_ROUTE &&
			    o->route.table == RT_TABLE_MAIN &&
			    o->route.metric == k->r->metric &&
			    prefix_cmp(&o->route.dst, &s) == 0)
				twin = true;
		}
		if (twin)
			continue;
		o = add_route(k, KEY_CONNECTED, RT_TABLE_MAIN, &s);
		if (!o)
			return false;
		set_device(k, &o->route);
		o->route.metric = k->r->metric;
		if (addr_given(&src))
			o->route.prefsrc = src;
		else if (cover_is_tentative(k->cover.address[i]))
			k->out->src_left_out |= cover_dad_runs(&k->cover);
		else
			o->route.prefsrc = k->cover.address[i]->prefix.addr;
	}
	return true;
}

/* The kernel's route to the subnet of a covered address. */
static bool
is_connected(const struct compiling *k, const struct route *route)
{
	struct prefix s;

	if (k->r->connected == CONNECTED_KEEP ||
	    route->protocol != RTPROT_KERNEL || addr_given(&route->hop[0].via))
		return false;
	for (size_t i = 0; i < k->cover.count; i++)
		if (cover_subnet(&s, k->cover.address[i]) &&
		    prefix_cmp(&s, &route->dst) == 0)
			return true;
	return false;
}

/* What this request takes out of main, be it there now or taken before. */
static bool
is_unwanted(const struct compiling *k, const struct route *route)
{
	if (route->table != RT_TABLE_MAIN || route->type != RTN_UNICAST ||
	    route->hop_count != 1 || route->family != k->r->family ||
	    route->protocol == PROTO_IFPOLICY || route->expired)
		return false;
	if (route->dst.len != 0)
		return is_connected(k, route);
	if (k->r->foreign_default == DEFAULT_KEEP)
		return false;
	/* The one in our own slot is the very route we want. */
	for (size_t i = 0; i < k->out->objects.count; i++)
		if (k->out->objects.at[i].kind != OBJECT_TAKEN &&
		    object_is_route(&k->out->objects.at[i]) &&
		    route_same_key(&k->out->objects.at[i].route, route))
			return false;
	return true;
}

static bool
add_taken(struct compiling *k, const struct route *route, uint64_t until)
{
	struct object *o;

	for (size_t i = 0; i < k->out->objects.count; i++) {
		o = &k->out->objects.at[i];
		if (o->kind == OBJECT_TAKEN &&
		    (route->family == AF_INET6 ?
		    route_same(&o->route, route) :
		    route_same_key(&o->route, route)))
			return true;
	}
	o = add(k, OBJECT_TAKEN, route->dst.len ? KEY_CONNECTED : KEY_DEFAULT);
	if (!o)
		return false;
	o->until = until;
	o->route = *route;
	memcpy(o->route.hop[0].dev, k->c->device, IFNAMSIZ);
	o->route.hop[0].ifindex = k->now->link.ifindex;
	return true;
}

static bool
add_all_taken(struct compiling *k)
{
	for (size_t i = 0; i < k->now->routes.count; i++) {
		const struct route *route = &k->now->routes.at[i];

		if (route->hop_count == 1 && is_unwanted(k, route) &&
		    route->hop[0].ifindex == k->now->link.ifindex &&
		    !add_taken(k, route, route->expires ?
		    k->now->when + route->expires : 0))
			return false;
	}
	for (size_t i = 0; k->before && i < k->before->objects.count; i++) {
		const struct object *o = &k->before->objects.at[i];

		if (o->kind == OBJECT_TAKEN && is_unwanted(k, &o->route) &&
		    !object_is_over(o, k->now->when) &&
		    !add_taken(k, &o->route, o->until))
			return false;
	}
	return true;
}

/* Other interfaces that name the same metric have their part in it. */
static void
share_last(struct compiling *k)
{
	struct object *o = &k->out->objects.at[k->out->objects.count - 1];

	o->kind = OBJECT_HOP;
	o->weight = k->r->weight;
}

static bool
add_main(struct compiling *k)
{
	struct addr src = cover_source(&k->cover);

	if (k->r->metric && addr_given(&k->cover.gateway)) {
		if (!add_default(k, KEY_METRIC, RT_TABLE_MAIN, k->r->metric,
		    &src))
			return false;
		if (k->r->weight)
			share_last(k);
	}
	return add_connected(k) && add_all_taken(k);
}

static bool
add_sysctl(struct compiling *k, enum key_id key, const char *family,
    const char *name, const char *want)
{
	struct object *o = add(k, OBJECT_SYSCTL, key);

	if (!o)
		return false;
	snprintf(o->sysctl.path, sizeof(o->sysctl.path), "%s/conf/%s/%s",
	    family, k->c->device, name);
	snprintf(o->sysctl.want, sizeof(o->sysctl.want), "%s", want);
	return true;
}

static bool
add_sysctls(struct compiling *k)
{
	static const char *const rp[] = {
		[RP_OFF] = "0", [RP_STRICT] = "1", [RP_LOOSE] = "2",
	};
	const struct request *r = k->r;
	const char *family = r->family == AF_INET ? "ipv4" : "ipv6";

	if (r->linkdown == LINKDOWN_IGNORE && !add_sysctl(k, KEY_LINKDOWN,
	    family, "ignore_routes_with_linkdown", "1"))
		return false;
	if (r->family != AF_INET)
		return true;
	if (r->arp == ARP_FILTER &&
	    !add_sysctl(k, KEY_ARP, family, "arp_filter", "1"))
		return false;
	if (r->arp == ARP_STRICT &&
	    (!add_sysctl(k, KEY_ARP, family, "arp_ignore", "1") ||
	    !add_sysctl(k, KEY_ARP, family, "arp_announce", "2")))
		return false;
	return r->rp_filter == RP_KEEP ||
	    add_sysctl(k, KEY_RP_FILTER, family, "rp_filter",
	    rp[r->rp_filter]);
}

static bool
uses_device(const struct route *route, const char *device)
{
	for (size_t i = 0; i < route->hop_count; i++)
		if (!strcmp(route->hop[i].dev, device))
			return true;
	return false;
}

/* A device of the route that is down, or NULL. */
static const char *
find_down(const struct compiling *k, const struct route *route)
{
	if (!(k->now->link.flags & IFF_UP) &&
	    uses_device(route, k->c->device))
		return k->c->device;
	for (size_t i = 0; i < k->r->down_count; i++)
		if (uses_device(route, k->r->down[i]))
			return k->r->down[i];
	return NULL;
}

/* Why a route of a partial request cannot stand: a link that is down holds
 * none, and neither does a source that is nowhere.  False if it can. */
static bool
cannot_stand(struct compiling *k, const struct object *o, struct fault *why)
{
	const struct addr *src = &o->route.prefsrc;
	bool tentative = cover_is_on_its_way(&k->cover, src);
	char text[ADDR_TEXT];
	const char *device;

	if (!object_is_route(o) || o->kind == OBJECT_TAKEN || !k->r->partial)
		return false;
	device = find_down(k, &o->route);
	if (device) {
		fault_set(why, "%s is down", device);
		return true;
	}
	if (!cover_lacks_source(&k->cover, src))
		return false;
	k->out->src_left_out |= tentative && cover_dad_runs(&k->cover);
	fault_set(why, "the source %s is %s", addr_print(text, src),
	    tentative ? "still tentative" : "on no device");
	return true;
}

static void
leave_out(struct compiling *k)
{
	struct objects *all = &k->out->objects;
	struct fault why;
	size_t kept = 0;

	for (size_t i = 0; i < all->count; i++) {
		if (!cannot_stand(k, &all->at[i], &why))
			all->at[kept++] = all->at[i];
		else if (!k->out->waits.text[0])
			k->out->waits = why;
	}
	all->count = kept;
}

static void
normalize(struct objects *o)
{
	for (size_t i = 0; i < o->count; i++) {
		if (o->at[i].kind == OBJECT_RULE)
			rule_normalize(&o->at[i].rule);
		else if (o->at[i].kind != OBJECT_SYSCTL)
			route_normalize(&o->at[i].route);
	}
}

/* What stands for the whole request. */
static bool
add_all(struct compiling *k)
{
	if (!add_table(k) || !add_extra(k, OBJECT_ROUTE) || !add_fallback(k) ||
	    !add_rules(k) || !add_extra(k, OBJECT_RULE) || !add_main(k) ||
	    !add_sysctls(k))
		return false;
	leave_out(k);
	normalize(&k->out->objects);
	return true;
}

static void
note_gateway(struct compiling *k)
{
	k->out->gateway_offlink = k->cover.offlink;
	if (k->r->family == AF_INET && !k->cover.asleep &&
	    k->r->gateway_kind == GATEWAY_AUTO && !addr_given(&k->c->router))
		k->out->via = k->cover.gateway;
}

enum verdict
compile(struct compiled *out, const struct request *r, const struct claim *c,
    const struct claim *before, const struct snapshot *now, struct fault *f)
{
	struct compiling k = {
		.out = out, .r = r, .c = c, .before = before, .now = now,
		.f = f,
		.cover = { .r = r, .c = c, .before = before, .now = now,
		    .f = f },
	};
	enum verdict verdict;

	if (c->key.files)
		return compile_files(out, r, c, now, f);
	memset(out, 0, sizeof(*out));
	verdict = cover_find(&k.cover);
	if (verdict == VERDICT_DONE) {
		out->waits = *f;
		f->text[0] = '\0';
		note_gateway(&k);
		if (!k.cover.asleep && !add_all(&k))
			verdict = VERDICT_WRONG;
	}
	cover_fini(&k.cover);
	if (verdict != VERDICT_DONE)
		compiled_fini(out);
	return verdict;
}

void
compiled_fini(struct compiled *out)
{
	objects_fini(&out->objects);
}
