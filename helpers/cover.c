/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: pure: which addresses and which gateway a request covers now. */
#include <linux/if_addr.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cover.h"

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
listed(const struct addr *list, size_t count, const struct addr *a)
{
	for (size_t i = 0; i < count; i++)
		if (addr_cmp(&list[i], a) == 0)
			return true;
	return false;
}

static bool
is_covered(const struct cover *k, const struct address *a)
{
	const struct request *r = k->r;

	if (a->prefix.addr.family != r->family ||
	    a->scope >= RT_SCOPE_LINK || addr_is_link_local(&a->prefix.addr) ||
	    (a->flags & IFA_F_DADFAILED))
		return false;
	if (r->addresses_kind == ADDRESSES_OWN)
		return addr_cmp(&a->prefix.addr, &k->c->key.own) == 0;
	if (r->addresses_kind == ADDRESSES_LIST)
		return listed(r->addresses, r->address_count,
		    &a->prefix.addr);
	return !listed(r->excluded, r->excluded_count, &a->prefix.addr);
}

static bool
was_source(const struct cover *k, const struct addr *a)
{
	const struct objects *had = &k->before->objects;

	for (size_t i = 0; i < had->count; i++)
		if (had->at[i].kind == OBJECT_ROUTE &&
		    addr_cmp(&had->at[i].route.prefsrc, a) == 0)
			return true;
	return false;
}

#define RANKS	9

/* IPv4 keeps "temporary" and "secondary" in one bit. */
static unsigned
rank(const struct cover *k, const struct address *a)
{
	unsigned r;

	if (addr_cmp(&a->prefix.addr, &k->c->key.own) == 0)
		return 0;
	if (a->prefix.addr.family != AF_INET6)
		return 1;
	r = cover_is_tentative(a) ? 7 : a->flags & IFA_F_DEPRECATED ? 5 :
	    a->flags & IFA_F_TEMPORARY ? 3 : 1;
	return k->before && was_source(k, &a->prefix.addr) ? r : r + 1;
}

/* The kernel lists IPv4's addresses as they came, IPv6's the other way round
 * (ipv6_link_dev_addr()). */
static size_t
by_age(const struct address_list *all, size_t i, int family)
{
	return family == AF_INET6 ? all->count - 1 - i : i;
}

static bool
find_addresses(struct cover *k)
{
	const struct address_list *all = &k->now->addresses;
	unsigned char *ranks = calloc(all->count + 1, 1);

	k->address = calloc(all->count + 1, sizeof(struct address *));
	if (!k->address || !ranks) {
		free(ranks);
		return fault_set(k->f, "out of memory");
	}
	for (size_t i = 0; i < all->count; i++)
		ranks[i] = (unsigned char)(is_covered(k, &all->at[i]) ?
		    rank(k, &all->at[i]) : RANKS);
	for (unsigned r = 0; r < RANKS; r++)
		for (size_t i = 0; i < all->count; i++) {
			size_t at = by_age(all, i, k->r->family);

			if (ranks[at] != r)
				continue;
			if (k->count < COVER_MAX)
				k->address[k->count++] = &all->at[at];
			else
				k->crowded = true;
		}
	free(ranks);
	return true;
}

/* An optimistic address may be a source already (RFC 4429). */
bool
cover_is_tentative(const struct address *a)
{
	return (a->flags & IFA_F_TENTATIVE) && !(a->flags & IFA_F_OPTIMISTIC);
}

/* The prefix the kernel makes a connected route of (inet_insert_ifa(),
 * addrconf.c); the far end's for point-to-point.  False for a lone host. */
bool
cover_subnet(struct prefix *s, const struct address *a)
{
	*s = a->prefix;
	if (addr_given(&a->peer))
		s->addr = a->peer;
	else if (prefix_is_host(s))
		return false;
	prefix_clear_host_bits(s);
	return s->len != 0;
}

/* A prefix that main reaches without a gateway through the device, or would if
 * this request had not taken it out. */
static bool
is_link_route(const struct cover *k, const struct route *route)
{
	return route->table == RT_TABLE_MAIN && route->type == RTN_UNICAST &&
	    route->hop_count == 1 && route->dst.len != 0 &&
	    route->family == k->r->family && !route->expired &&
	    !addr_given(&route->hop[0].via);
}

/* The longest such prefix around an address. */
static bool
find_link_route(struct prefix *s, const struct cover *k, const struct addr *a)
{
	s->len = 0;
	for (size_t i = 0; i < k->now->routes.count; i++) {
		const struct route *route = &k->now->routes.at[i];

		if (is_link_route(k, route) &&
		    route->hop[0].ifindex == k->now->link.ifindex &&
		    !prefix_is_host(&route->dst) && route->dst.len > s->len &&
		    prefix_covers(&route->dst, a))
			*s = route->dst;
	}
	for (size_t i = 0; k->before && i < k->before->objects.count; i++) {
		const struct object *o = &k->before->objects.at[i];

		if (o->kind == OBJECT_TAKEN && is_link_route(k, &o->route) &&
		    !prefix_is_host(&o->route.dst) &&
		    o->route.dst.len > s->len &&
		    prefix_covers(&o->route.dst, a))
			*s = o->route.dst;
	}
	return s->len != 0;
}

bool
cover_on_link(struct prefix *s, const struct cover *k,
    const struct address *a)
{
	struct prefix own;
	bool has_own = cover_subnet(&own, a);

	*s = own;
	/* What is for ever was written by somebody who knows. */
	if (a->prefix.addr.family != AF_INET6 || addr_given(&a->peer) ||
	    (a->flags & IFA_F_PERMANENT) || !k->now->has_main_of_device ||
	    !(k->now->link.flags & IFF_UP))
		return has_own;
	return find_link_route(s, k, &a->prefix.addr) &&
	    (!has_own || prefix_cmp(s, &own) == 0);
}

bool
cover_lacks_source(const struct cover *k, const struct addr *src)
{
	const struct address *a = find_address(k->now, src);

	if (!addr_given(src))
		return false;
	return a ? k->r->partial && cover_is_tentative(a) :
	    listed(k->r->absent, k->r->absent_count, src);
}

bool
cover_is_on_its_way(const struct cover *k, const struct addr *src)
{
	const struct address *a = find_address(k->now, src);

	return a && cover_is_tentative(a);
}

bool
cover_dad_runs(const struct cover *k)
{
	return (k->now->link.flags & (IFF_UP | IFF_RUNNING)) ==
	    (IFF_UP | IFF_RUNNING);
}

static bool
needs_addresses(const struct request *r)
{
	return (r->has_table && (r->match_from || r->match_to)) ||
	    r->connected != CONNECTED_KEEP || r->source_kind == SOURCE_OWN;
}

/* A default of main through the device that is not ours. */
static bool
is_way_out(const struct cover *k, const struct route *route)
{
	return route->table == RT_TABLE_MAIN && route->dst.len == 0 &&
	    route->family == k->r->family && route->hop_count == 1 &&
	    route->protocol != PROTO_IFPOLICY &&
	    route->type == RTN_UNICAST && !route->expired &&
	    route->hop[0].via.family == k->r->family;
}

/* The kernel tries the lower metric first, and of equal routers the preferred
 * one (RFC 4191; "high" is 1, "medium" 0, "low" 3). */
static bool
is_better(const struct route *a, const struct route *b)
{
	static const int order[] = { 1, 2, 0, 0 };

	if (!b || a->metric != b->metric)
		return !b || a->metric < b->metric;
	return order[a->pref & 3] > order[b->pref & 3];
}

static bool
gateway_from_main(struct cover *k)
{
	const struct route *best = NULL;

	for (size_t i = 0; i < k->now->routes.count; i++) {
		const struct route *route = &k->now->routes.at[i];

		if (is_way_out(k, route) &&
		    route->hop[0].ifindex == k->now->link.ifindex &&
		    is_better(route, best))
			best = route;
	}
	if (!best)
		return false;
	k->gateway = best->hop[0].via;
	k->onlink = best->hop[0].onlink;
	return true;
}

static bool
gateway_from_taken(struct cover *k)
{
	const struct route *best = NULL;

	for (size_t i = 0; k->before && i < k->before->objects.count; i++) {
		const struct object *o = &k->before->objects.at[i];

		if (o->kind == OBJECT_TAKEN && is_way_out(k, &o->route) &&
		    !object_is_over(o, k->now->when) &&
		    is_better(&o->route, best))
			best = &o->route;
	}
	if (!best)
		return false;
	k->gateway = best->hop[0].via;
	k->onlink = best->hop[0].onlink;
	return true;
}

/* Through an address's subnet, or a route of the device without a gateway. */
static bool
gateway_is_on_link(const struct cover *k)
{
	struct prefix s;

	if (addr_is_link_local(&k->gateway))
		return true;
	for (size_t i = 0; i < k->now->addresses.count; i++)
		if (cover_subnet(&s, &k->now->addresses.at[i]) &&
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

/* A link that was down for a moment has lost main's default, and a DHCP client
 * puts it in again only with its next lease; a router advertisement comes by
 * itself, and what it has withdrawn must not be used. */
static void
gateway_from_before(struct cover *k)
{
	if (!k->r->partial || !k->before || k->r->family != AF_INET ||
	    !addr_given(&k->before->via))
		return;
	k->gateway = k->before->via;
	if (gateway_is_on_link(k))
		k->remembered = true;
	else
		memset(&k->gateway, 0, sizeof(k->gateway));
}

static void
find_gateway(struct cover *k)
{
	if (k->r->gateway_kind == GATEWAY_NONE)
		return;
	if (k->r->gateway_kind == GATEWAY_ADDRESS) {
		k->gateway = k->r->gateway;
		k->onlink = k->r->onlink;
	} else if (addr_given(&k->c->router)) {
		k->gateway = k->c->router;
	} else if (!gateway_from_main(k) && !gateway_from_taken(k)) {
		gateway_from_before(k);
	}
}

/* Where no covered address has a subnet, every next hop is a host beyond it. */
static bool
all_hosts(const struct cover *k)
{
	struct prefix s;

	for (size_t i = 0; i < k->count; i++)
		if (cover_subnet(&s, k->address[i]))
			return false;
	return k->count > 0;
}

/* The src of main's routes; family 0 if none was asked for. */
struct addr
cover_source(const struct cover *k)
{
	static const struct addr none;

	if (k->r->source_kind == SOURCE_ADDRESS)
		return k->r->source;
	if (k->r->source_kind == SOURCE_OWN)
		return addr_given(&k->c->key.own) ? k->c->key.own :
		    k->count ? k->address[0]->prefix.addr : none;
	return none;
}

/* One that would be covered, were it not somebody else's already. */
static const struct address *
find_duplicate(const struct cover *k)
{
	for (size_t i = 0; i < k->now->addresses.count; i++) {
		struct address a = k->now->addresses.at[i];

		if (!(a.flags & IFA_F_DADFAILED))
			continue;
		a.flags &= ~(uint32_t)IFA_F_DADFAILED;
		if (is_covered(k, &a))
			return &k->now->addresses.at[i];
	}
	return NULL;
}

static enum verdict
needed_addresses(const struct cover *k)
{
	const struct address *twin;
	char text[ADDR_TEXT];

	if (!needs_addresses(k->r) || k->count)
		return VERDICT_DONE;
	twin = find_duplicate(k);
	if (twin)
		fault_set(k->f, "the address %s of %s is a duplicate: another "
		    "machine has it", addr_print(text, &twin->prefix.addr),
		    k->c->device);
	else if (k->r->addresses_kind == ADDRESSES_OWN)
		fault_set(k->f, "the address %s is not on %s",
		    addr_print(text, &k->c->key.own), k->c->device);
	else
		fault_set(k->f, k->r->addresses_kind == ADDRESSES_LIST ?
		    "none of the addresses listed is on %s" :
		    "%s has no global address", k->c->device);
	/* It does not come right by itself. */
	return twin ? VERDICT_WRONG : VERDICT_WAIT;
}

static enum verdict
needed_gateway(const struct cover *k)
{
	if (!k->r->metric || addr_given(&k->gateway))
		return VERDICT_DONE;
	fault_set(k->f, "a metric needs a gateway, and %s",
	    k->r->gateway_kind == GATEWAY_NONE ? "\"none\" was asked for" :
	    "neither the stanza nor main has one for this device");
	return k->r->gateway_kind == GATEWAY_NONE ? VERDICT_WRONG :
	    VERDICT_WAIT;
}

/* The l3mdev rule, at 1000, leads all of its traffic to the VRF's table (Linux,
 * Documentation/networking/vrf.rst); what only sets sysctls is right there. */
static bool
is_in_vrf(const struct cover *k)
{
	return k->now->link.master_is_vrf && (k->r->has_table ||
	    k->r->metric || k->r->extra.count);
}

/* A source of a `route` line whose DAD has not ended, or NULL: the kernel would
 * refuse it, and a partial request leaves it out. */
static const struct addr *
find_tentative_source(const struct cover *k)
{
	for (size_t i = 0; !k->r->partial && i < k->r->extra.count; i++) {
		const struct object *o = &k->r->extra.at[i];

		if (object_is_route(o) &&
		    cover_is_on_its_way(k, &o->route.prefsrc))
			return &o->route.prefsrc;
	}
	return NULL;
}

/* A partial request waits for one thing at a time. */
static enum verdict
judge(struct cover *k)
{
	char text[ADDR_TEXT];
	const struct addr *tentative = find_tentative_source(k);
	enum verdict verdict;
	struct addr src;

	if (is_in_vrf(k)) {
		k->asleep = true;
		fault_set(k->f, "%s is part of a VRF, whose own table is asked "
		    "before any rule of a policy; put the routes into that "
		    "table, or take it out of the VRF", k->c->device);
		return k->r->partial ? VERDICT_DONE : VERDICT_WRONG;
	}
	verdict = needed_addresses(k);
	k->asleep = verdict != VERDICT_DONE;
	if (k->r->partial && !(k->now->link.flags & IFF_UP)) {
		fault_set(k->f, "%s is down", k->c->device);
		return VERDICT_DONE;
	}
	if (k->asleep)
		return k->r->partial ? VERDICT_DONE : verdict;
	verdict = needed_gateway(k);
	if (verdict != VERDICT_DONE)
		return k->r->partial && verdict == VERDICT_WAIT ?
		    VERDICT_DONE : verdict;
	if (k->crowded)
		fault_set(k->f, "%s has more than %u addresses: the rest is "
		    "left out; name those that are meant", k->c->device,
		    COVER_MAX);
	src = cover_source(k);
	if (cover_lacks_source(k, &src))
		fault_set(k->f, "the source %s is on no device",
		    addr_print(text, &src));
	else if (addr_given(&src) && find_address(k->now, &src) &&
	    cover_is_tentative(find_address(k->now, &src)))
		tentative = &src;
	if (!tentative)
		return VERDICT_DONE;
	fault_set(k->f, "the source %s is still tentative",
	    addr_print(text, tentative));
	return VERDICT_WAIT;
}

enum verdict
cover_find(struct cover *k)
{
	k->f->text[0] = '\0';
	if (k->now->link.ifindex == 0) {
		fault_set(k->f, "there is no such device");
		return VERDICT_WRONG;
	}
	if (!find_addresses(k))
		return VERDICT_WRONG;
	find_gateway(k);
	if (addr_given(&k->gateway)) {
		if (all_hosts(k))
			k->onlink = true;
		k->offlink = !k->onlink && !gateway_is_on_link(k);
	}
	return judge(k);
}

void
cover_fini(struct cover *k)
{
	free(k->address);
	k->address = NULL;
	k->count = 0;
}

const char *
cover_text(char *buf, const struct snapshot *now, int family)
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
