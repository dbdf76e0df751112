/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: pure: a request and what the kernel holds to the objects of a claim.
 *
 * Nothing here asks the kernel or prints.  What an up puts into the kernel is
 * decided in this file and nowhere else: the interface's table, its rules, its
 * routes in main, its sysctls, and which routes of others it takes out. */
#include <linux/fib_rules.h>
#include <linux/if_addr.h>

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
	const struct address *covered[REQUEST_ADDRESSES];
	size_t covered_count;
	struct addr gateway;
	bool onlink;
};

static bool
out_of_memory(struct compiling *k)
{
	return fault_set(k->f, "out of memory");
}

static struct object *
add(struct compiling *k, enum object_kind kind, enum key_id key)
{
	struct object *o = objects_add(&k->out->objects);

	if (!o) {
		out_of_memory(k);
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

/* A device's own address, by value. */
static const struct address *
find_address(const struct snapshot *now, const struct addr *a)
{
	for (size_t i = 0; i < now->addresses.count; i++)
		if (addr_cmp(&now->addresses.at[i].prefix.addr, a) == 0)
			return &now->addresses.at[i];
	return NULL;
}

static bool
listed(const struct request *r, const struct addr *a)
{
	for (size_t i = 0; i < r->address_count; i++)
		if (addr_cmp(&r->addresses[i], a) == 0)
			return true;
	return false;
}

static bool
is_covered(const struct compiling *k, const struct address *a)
{
	const struct request *r = k->r;

	if (a->prefix.addr.family != r->family ||
	    a->scope >= RT_SCOPE_LINK || addr_is_link_local(&a->prefix.addr) ||
	    (a->flags & IFA_F_DADFAILED))
		return false;
	if (r->addresses_kind == ADDRESSES_OWN)
		return addr_cmp(&a->prefix.addr, &k->c->key.own) == 0;
	if (r->addresses_kind == ADDRESSES_LIST)
		return listed(r, &a->prefix.addr);
	return true;
}

static void
cover(struct compiling *k)
{
	for (size_t i = 0; i < k->now->addresses.count; i++) {
		const struct address *a = &k->now->addresses.at[i];

		if (k->covered_count < REQUEST_ADDRESSES && is_covered(k, a))
			k->covered[k->covered_count++] = a;
	}
}

/* An optimistic address may be a source already (RFC 4429). */
static bool
is_tentative(const struct address *a)
{
	return (a->flags & IFA_F_TENTATIVE) && !(a->flags & IFA_F_OPTIMISTIC);
}

/* The prefix the kernel makes a connected route of (inet_insert_ifa(),
 * addrconf.c); the far end's for point-to-point.  False for a lone host. */
static bool
subnet(struct prefix *s, const struct address *a)
{
	*s = a->prefix;
	if (addr_given(&a->peer))
		s->addr = a->peer;
	else if (prefix_is_host(s))
		return false;
	prefix_clear_host_bits(s);
	return s->len != 0;
}

static bool
needs_addresses(const struct request *r)
{
	return (r->has_table && (r->match_from || r->match_to)) ||
	    r->connected != CONNECTED_KEEP || r->source_kind == SOURCE_OWN;
}

static bool
gateway_from(struct compiling *k, const struct route *route)
{
	if (route->table != RT_TABLE_MAIN || route->dst.len != 0 ||
	    route->family != k->r->family || route->hop_count != 1 ||
	    route->protocol == PROTO_IFPOLICY ||
	    route->hop[0].via.family != k->r->family ||
	    route->hop[0].ifindex != k->now->link.ifindex)
		return false;
	k->gateway = route->hop[0].via;
	k->onlink = route->hop[0].onlink;
	return true;
}

/* The device name is what a record has; the index belongs to today. */
static bool
gateway_from_taken(struct compiling *k)
{
	for (size_t i = 0; k->before && i < k->before->objects.count; i++) {
		const struct object *o = &k->before->objects.at[i];
		struct route route;

		if (o->kind != OBJECT_TAKEN)
			continue;
		route = o->route;
		route.hop[0].ifindex = k->now->link.ifindex;
		if (gateway_from(k, &route))
			return true;
	}
	return false;
}

static void
find_gateway(struct compiling *k)
{
	if (k->r->gateway_kind == GATEWAY_NONE)
		return;
	if (k->r->gateway_kind == GATEWAY_ADDRESS) {
		k->gateway = k->r->gateway;
		k->onlink = k->r->onlink;
		return;
	}
	if (addr_given(&k->c->router)) {
		k->gateway = k->c->router;
		return;
	}
	for (size_t i = 0; i < k->now->routes.count; i++)
		if (gateway_from(k, &k->now->routes.at[i]))
			return;
	(void)gateway_from_taken(k);
}

/* Through an address's subnet, or a route of the device without a gateway. */
static bool
gateway_is_on_link(const struct compiling *k)
{
	struct prefix s;

	if (addr_is_link_local(&k->gateway))
		return true;
	for (size_t i = 0; i < k->now->addresses.count; i++)
		if (subnet(&s, &k->now->addresses.at[i]) &&
		    prefix_covers(&s, &k->gateway))
			return true;
	for (size_t i = 0; i < k->now->routes.count; i++) {
		const struct route *route = &k->now->routes.at[i];

		if (route->hop_count == 1 && route->dst.len != 0 &&
		    route->hop[0].ifindex == k->now->link.ifindex &&
		    !addr_given(&route->hop[0].via) &&
		    prefix_covers(&route->dst, &k->gateway))
			return true;
	}
	return false;
}

/* Where no covered address has a subnet, every next hop is a host beyond it. */
static bool
all_hosts(const struct compiling *k)
{
	struct prefix s;

	for (size_t i = 0; i < k->covered_count; i++)
		if (subnet(&s, k->covered[i]))
			return false;
	return k->covered_count > 0;
}

static bool
ready(struct compiling *k, enum compile_verdict *verdict)
{
	const struct address *a;
	char text[ADDR_TEXT];

	*verdict = COMPILE_WAIT;
	if (needs_addresses(k->r) && k->covered_count == 0) {
		if (k->r->addresses_kind == ADDRESSES_OWN)
			return fault_set(k->f, "the address %s is not on %s",
			    addr_print(text, &k->c->key.own), k->c->device);
		return fault_set(k->f, k->r->addresses_kind == ADDRESSES_LIST ?
		    "none of the addresses listed is on %s" :
		    "%s has no global address", k->c->device);
	}
	if (k->r->metric && !addr_given(&k->gateway)) {
		if (k->r->gateway_kind == GATEWAY_NONE)
			*verdict = COMPILE_WRONG;
		return fault_set(k->f, "a metric needs a gateway, and %s",
		    k->r->gateway_kind == GATEWAY_NONE ?
		    "\"none\" was asked for" :
		    "neither the stanza nor main has one for this device");
	}
	if (k->r->source_kind == SOURCE_ADDRESS &&
	    (a = find_address(k->now, &k->r->source)) && is_tentative(a))
		return fault_set(k->f, "the source %s is still tentative",
		    addr_print(text, &k->r->source));
	*verdict = COMPILE_DONE;
	return true;
}

/* The table's subnets, one route a prefix: the kernel keeps no two. */
static bool
add_subnets(struct compiling *k)
{
	struct prefix s;

	for (size_t i = 0; i < k->covered_count; i++) {
		struct object *o;
		bool twin = false;

		if (!subnet(&s, k->covered[i]))
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
		if (is_tentative(k->covered[i]))
			k->out->src_left_out = true;
		else
			o->route.prefsrc = k->covered[i]->prefix.addr;
	}
	return true;
}

static bool
add_default(struct compiling *k, uint32_t table, uint32_t metric,
    const struct addr *src)
{
	struct object *o = add_route(k, KEY_GATEWAY, table, NULL);

	if (!o)
		return false;
	set_device(k, &o->route);
	o->route.hop[0].via = k->gateway;
	o->route.hop[0].onlink = k->onlink;
	o->route.metric = metric;
	if (src && addr_given(src))
		o->route.prefsrc = *src;
	return true;
}

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
		if (kind == OBJECT_RULE) {
			o->rule.protocol = PROTO_IFPOLICY;
			if (o->rule.action == FR_ACT_TO_TBL &&
			    !o->rule.table && !o->rule.l3mdev)
				o->rule.table = k->r->table;
			if (!o->rule.has_priority) {
				o->rule.has_priority = true;
				o->rule.priority = k->r->priority;
			}
			continue;
		}
		o->route.protocol = PROTO_IFPOLICY;
		if (!o->route.table)
			o->route.table = k->r->has_table ? k->r->table :
			    RT_TABLE_MAIN;
		if (route_type_is_reject(o->route.type) || o->route.nhid)
			continue;
		if (o->route.hop_count == 0)
			o->route.hop_count = 1;
		if (!o->route.hop[0].dev[0])
			set_device(k, &o->route);
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
	return !addr_given(&k->gateway) ||
	    add_default(k, k->r->table, 0, NULL);
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
	for (size_t i = 0; k->r->has_table && i < k->covered_count; i++)
		if (!add_rules_of(k, &k->covered[i]->prefix.addr))
			return false;
	return true;
}

/* The src of main's routes; family 0 if none was asked for. */
static struct addr
source(const struct compiling *k)
{
	static const struct addr none;

	if (k->r->source_kind == SOURCE_ADDRESS)
		return k->r->source;
	if (k->r->source_kind == SOURCE_OWN)
		return addr_given(&k->c->key.own) ? k->c->key.own :
		    k->covered[0]->prefix.addr;
	return none;
}

/* S dev D src A metric M beside the kernel's own connected route. */
static bool
add_connected(struct compiling *k)
{
	struct addr src = source(k);
	struct prefix s;

	if (k->r->connected != CONNECTED_METRIC)
		return true;
	for (size_t i = 0; i < k->covered_count; i++) {
		struct object *o;
		bool twin = false;

		if (!subnet(&s, k->covered[i]))
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
		else if (is_tentative(k->covered[i]))
			k->out->src_left_out = true;
		else
			o->route.prefsrc = k->covered[i]->prefix.addr;
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
	for (size_t i = 0; i < k->covered_count; i++)
		if (subnet(&s, k->covered[i]) &&
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
	    route->protocol == PROTO_IFPOLICY)
		return false;
	if (route->dst.len != 0)
		return is_connected(k, route);
	if (k->r->foreign_default == DEFAULT_KEEP)
		return false;
	/* The one in our own slot is the very route we want. */
	for (size_t i = 0; i < k->out->objects.count; i++)
		if (k->out->objects.at[i].kind == OBJECT_ROUTE &&
		    route_same_key(&k->out->objects.at[i].route, route))
			return false;
	return true;
}

static bool
add_taken(struct compiling *k, const struct route *route)
{
	struct object *o;

	for (size_t i = 0; i < k->out->objects.count; i++) {
		o = &k->out->objects.at[i];
		if (o->kind == OBJECT_TAKEN &&
		    route_same_key(&o->route, route))
			return true;
	}
	o = add(k, OBJECT_TAKEN, route->dst.len ? KEY_CONNECTED : KEY_DEFAULT);
	if (!o)
		return false;
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
		    !add_taken(k, route))
			return false;
	}
	for (size_t i = 0; k->before && i < k->before->objects.count; i++) {
		const struct object *o = &k->before->objects.at[i];

		if (o->kind == OBJECT_TAKEN && is_unwanted(k, &o->route) &&
		    !add_taken(k, &o->route))
			return false;
	}
	return true;
}

static bool
add_main(struct compiling *k)
{
	struct addr src = source(k);

	if (k->r->metric && !add_default(k, RT_TABLE_MAIN, k->r->metric,
	    &src))
		return false;
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

enum compile_verdict
compile(struct compiled *out, const struct request *r, const struct claim *c,
    const struct claim *before, const struct snapshot *now, struct fault *f)
{
	struct compiling k = {
		.out = out, .r = r, .c = c, .before = before, .now = now,
		.f = f,
	};
	enum compile_verdict verdict;

	memset(out, 0, sizeof(*out));
	if (now->link.ifindex == 0) {
		fault_set(f, "there is no such device");
		return COMPILE_WRONG;
	}
	cover(&k);
	find_gateway(&k);
	if (addr_given(&k.gateway)) {
		if (all_hosts(&k))
			k.onlink = true;
		out->gateway_offlink = !k.onlink && !gateway_is_on_link(&k);
	}
	if (!ready(&k, &verdict))
		return verdict;
	if (add_table(&k) && add_extra(&k, OBJECT_ROUTE) && add_fallback(&k) &&
	    add_rules(&k) && add_extra(&k, OBJECT_RULE) && add_main(&k) &&
	    add_sysctls(&k)) {
		normalize(&out->objects);
		return COMPILE_DONE;
	}
	compiled_fini(out);
	return COMPILE_WRONG;
}

void
compiled_fini(struct compiled *out)
{
	objects_fini(&out->objects);
}

const char *
compile_subnets(char *buf, const struct snapshot *now, int family)
{
	size_t used = 0, room = FAULT_TEXT / 2;
	char text[PREFIX_TEXT];

	buf[0] = '\0';
	for (size_t i = 0; i < now->addresses.count; i++) {
		const struct address *a = &now->addresses.at[i];

		if (a->prefix.addr.family != family ||
		    used + sizeof(text) + 8 > room)
			continue;
		addr_print(text, &a->prefix.addr);
		used += (size_t)snprintf(buf + used, room - used, "%s%s/%u",
		    used ? ", " : "", text, a->prefix.len);
	}
	if (used == 0)
		snprintf(buf, room, "no %s address", family == AF_INET ?
		    "IPv4" : "IPv6");
	return buf;
}
