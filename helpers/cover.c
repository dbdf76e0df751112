/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: pure: which addresses and which gateway a request covers now. */
#include <linux/if_addr.h>

#include <stdio.h>
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

static void
find_addresses(struct cover *k)
{
	for (size_t i = 0; i < k->now->addresses.count; i++) {
		const struct address *a = &k->now->addresses.at[i];

		if (k->count < REQUEST_ADDRESSES && is_covered(k, a))
			k->address[k->count++] = a;
	}
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

static bool
needs_addresses(const struct request *r)
{
	return (r->has_table && (r->match_from || r->match_to)) ||
	    r->connected != CONNECTED_KEEP || r->source_kind == SOURCE_OWN;
}

static bool
gateway_from(struct cover *k, const struct route *route)
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
gateway_from_taken(struct cover *k)
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
find_gateway(struct cover *k)
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
		    k->address[0]->prefix.addr;
	return none;
}

static bool
ready(struct cover *k, enum verdict *verdict)
{
	const struct address *a;
	char text[ADDR_TEXT];
	struct addr src;

	*verdict = VERDICT_WAIT;
	if (needs_addresses(k->r) && k->count == 0) {
		if (k->r->addresses_kind == ADDRESSES_OWN)
			return fault_set(k->f, "the address %s is not on %s",
			    addr_print(text, &k->c->key.own), k->c->device);
		return fault_set(k->f, k->r->addresses_kind == ADDRESSES_LIST ?
		    "none of the addresses listed is on %s" :
		    "%s has no global address", k->c->device);
	}
	if (k->r->metric && !addr_given(&k->gateway)) {
		if (k->r->gateway_kind == GATEWAY_NONE)
			*verdict = VERDICT_WRONG;
		return fault_set(k->f, "a metric needs a gateway, and %s",
		    k->r->gateway_kind == GATEWAY_NONE ?
		    "\"none\" was asked for" :
		    "neither the stanza nor main has one for this device");
	}
	src = cover_source(k);
	if (addr_given(&src) && (a = find_address(k->now, &src)) &&
	    cover_is_tentative(a))
		return fault_set(k->f, "the source %s is still tentative",
		    addr_print(text, &src));
	*verdict = VERDICT_DONE;
	return true;
}

enum verdict
cover_find(struct cover *k)
{
	enum verdict verdict;

	if (k->now->link.ifindex == 0) {
		fault_set(k->f, "there is no such device");
		return VERDICT_WRONG;
	}
	find_addresses(k);
	find_gateway(k);
	if (addr_given(&k->gateway)) {
		if (all_hosts(k))
			k->onlink = true;
		k->offlink = !k->onlink && !gateway_is_on_link(k);
	}
	(void)ready(k, &verdict);
	return verdict;
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
