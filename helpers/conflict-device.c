/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: pure: settings of a device that work against its policy.
 *
 * Reverse path: the kernel looks the sender up as if it answered
 * (fib_validate_source(), net/ipv4/fib_frontend.c).  For a packet to one of our
 * addresses the rules by source apply to that look-up, so a table with a way
 * back is enough.  For broadcast and multicast there is no address of ours in
 * it, so main decides, and of several devices in one subnet main has one. */
#include <stdio.h>
#include <string.h>

#include "conflict-work.h"

#define RP_STRICT_VALUE		1	/* the larger 2 is loose */
#define ANNOUNCE_STRICT		2

/* The device's first IPv4 claim that holds anything, which speaks for it; NULL
 * for none. */
static const struct claim *
claim_of_device(const struct search *s, const char *device)
{
	for (size_t i = 0; i < s->claims->count; i++)
		if (!strcmp(s->claims->at[i].device, device) &&
		    s->claims->at[i].key.family == AF_INET &&
		    s->claims->at[i].objects.count)
			return &s->claims->at[i];
	return NULL;
}

static bool
shares_lines(const struct link *l)
{
	return link_is_up(l) &&
	    !(l->flags & (IFF_LOOPBACK | IFF_NOARP | IFF_POINTOPOINT));
}

static bool
is_of(const struct address *a, const struct link *l)
{
	return a->ifindex == l->ifindex && a->prefix.addr.family == AF_INET &&
	    a->scope < RT_SCOPE_LINK && !addr_given(&a->peer) &&
	    !prefix_is_host(&a->prefix);
}

/* An address of another device in the subnet of one of this device's, which
 * *own gets; of a device that has a claim, if asked for.  NULL if none. */
static const struct address *
neighbour(const struct search *s, const struct link *l, bool claimed,
    const struct address **own)
{
	const struct address_list *all = &s->h->now.addresses;
	const struct link *other;

	for (size_t i = 0; i < all->count; i++) {
		*own = &all->at[i];
		if (!is_of(*own, l))
			continue;
		for (size_t j = 0; j < all->count; j++) {
			const struct address *a = &all->at[j];

			if (a->ifindex == l->ifindex ||
			    !prefix_covers(&(*own)->prefix, &a->prefix.addr))
				continue;
			other = host_link_of(s->h, a->ifindex);
			if (other && shares_lines(other) && is_of(a, other) &&
			    (!claimed || claim_of_device(s, other->name)))
				return a;
		}
	}
	return NULL;
}

static const char *
subnet_text(char *buf, const struct address *a)
{
	struct prefix p = a->prefix;

	prefix_clear_host_bits(&p);
	return prefix_print(buf, &p);
}

static void
find_arp(struct search *s, const struct claim *c, const struct link *l)
{
	const struct knobs *knobs = host_knobs(s->h, l);
	const struct address *own, *other;
	char subnet[PREFIX_TEXT], text[ADDR_TEXT], option[OPTION_TEXT];
	const char *name;
	struct conflict *k;

	if (!shares_lines(l) || knobs->arp_filter ||
	    (knobs->arp_ignore && knobs->arp_announce == ANNOUNCE_STRICT))
		return;
	other = neighbour(s, l, true, &own);
	if (!other || !(k = conflict_add(s, CONFLICT_ARP, c)))
		return;
	name = host_link_of(s->h, other->ifindex)->name;
	addr_print(text, &other->prefix.addr);
	snprintf(k->what, sizeof(k->what), "%s and %s have addresses in %s, "
	    "and %s answers ARP for all of them", l->name, name,
	    subnet_text(subnet, own), l->name);
	snprintf(k->breaks, sizeof(k->breaks), "neighbours send what is for "
	    "%s to the one that answers first: it may come in by %s although "
	    "it is %s's", text, l->name, name);
	snprintf(k->remedy, sizeof(k->remedy), "%s for %s, as for every "
	    "interface in that subnet", conflict_option(option, c, "arp",
	    "filter"), l->name);
}

/* The device by which main sends to a subnet. */
static const char *
way_of_subnet(const struct search *s, const struct address *a)
{
	const struct route *best = NULL;

	for (size_t i = 0; i < s->h->now.routes.count; i++) {
		const struct route *r = &s->h->now.routes.at[i];

		if (r->table != RT_TABLE_MAIN || r->family != AF_INET ||
		    r->hop_count != 1 || !r->dst.len ||
		    !prefix_covers(&r->dst, &a->prefix.addr))
			continue;
		if (!best || r->dst.len > best->dst.len ||
		    (r->dst.len == best->dst.len && r->metric < best->metric))
			best = r;
	}
	return best ? best->hop[0].dev : NULL;
}

/* Whether an answer from this address looks into a table of its own. */
static bool
has_rule_by_source(const struct search *s, const struct addr *a)
{
	for (size_t i = 0; i < s->h->now.rules.count; i++) {
		const struct rule *r = &s->h->now.rules.at[i];

		if (r->family == a->family && r->from.len && r->table &&
		    r->table != RT_TABLE_MAIN &&
		    r->suppress_prefixlen != 0 && host_rule_is_plain(r) &&
		    prefix_covers(&r->from, a))
			return true;
	}
	return false;
}

/* Whether main has a default that works, and through this device. */
static bool
main_answers_by(const struct search *s, const struct link *l, bool *any)
{
	const struct route *best = NULL;
	const struct link *by;

	for (size_t i = 0; i < s->h->now.routes.count; i++) {
		const struct route *r = &s->h->now.routes.at[i];

		if (r->table != RT_TABLE_MAIN || r->family != AF_INET ||
		    r->dst.len || !r->hop_count)
			continue;
		by = host_link_of(s->h, r->hop[0].ifindex);
		if (by && link_is_up(by) && (link_has_carrier(by) ||
		    !host_knobs(s->h, by)->ignore_linkdown[0]) &&
		    (!best || r->metric < best->metric))
			best = r;
	}
	*any = best != NULL;
	for (size_t i = 0; best && i < best->hop_count; i++)
		if (best->hop[i].ifindex == l->ifindex)
			return true;
	return false;
}

static bool
claims_default(const struct search *s, const char *device)
{
	for (size_t i = 0; i < s->claims->count; i++) {
		const struct claim *c = &s->claims->at[i];

		for (size_t j = 0; j < c->objects.count; j++)
			if (object_is_route(&c->objects.at[j]) &&
			    c->key.family == AF_INET &&
			    !strcmp(c->device, device) &&
			    c->objects.at[j].kind != OBJECT_TAKEN &&
			    c->objects.at[j].route.dst.len == 0)
				return true;
	}
	return false;
}

/* An address whose answers to far away leave by another device. */
static const struct address *
one_way_address(const struct search *s, const struct link *l)
{
	bool any;

	if (!claims_default(s, l->name) || main_answers_by(s, l, &any) ||
	    !any)
		return NULL;
	for (size_t i = 0; i < s->h->now.addresses.count; i++) {
		const struct address *a = &s->h->now.addresses.at[i];

		if (a->ifindex == l->ifindex && a->scope < RT_SCOPE_LINK &&
		    a->prefix.addr.family == AF_INET &&
		    !has_rule_by_source(s, &a->prefix.addr))
			return a;
	}
	return NULL;
}

static void
find_rp_filter(struct search *s, const struct claim *c, const struct link *l)
{
	const struct address *own, *far = one_way_address(s, l);
	char text[PREFIX_TEXT], option[OPTION_TEXT];
	const char *way = NULL;
	struct conflict *k;

	if (host_knobs(s->h, l)->rp_filter != RP_STRICT_VALUE)
		return;
	if (!far) {
		if (!neighbour(s, l, false, &own))
			return;
		way = way_of_subnet(s, own);
		if (!way || !strcmp(way, l->name))
			return;
	}
	if (!(k = conflict_add(s, CONFLICT_RP_FILTER, c)))
		return;
	if (far)
		snprintf(k->breaks, sizeof(k->breaks), "what comes in by %s "
		    "for %s from beyond its subnet is dropped: main answers "
		    "by another interface, and no rule by source sends it "
		    "back", l->name, addr_print(text, &far->prefix.addr));
	else
		snprintf(k->breaks, sizeof(k->breaks), "broadcasts and "
		    "multicasts (DHCP, mDNS, VRRP) that come in by %s from %s "
		    "are dropped: main reaches that subnet by %s", l->name,
		    subnet_text(text, own), way);
	snprintf(k->what, sizeof(k->what), "the reverse path filter of %s is "
	    "strict (net.ipv4.conf.all.rp_filter or that of %s is 1)",
	    l->name, l->name);
	snprintf(k->remedy, sizeof(k->remedy), "%s for %s",
	    conflict_option(option, c, "rp-filter", "loose"), l->name);
}

/* The claim's route through its device that hurts most; NULL for none. */
static const struct object *
route_by_dead_line(const struct claim *c)
{
	const struct object *found = NULL;

	for (size_t i = 0; i < c->objects.count; i++) {
		const struct object *o = &c->objects.at[i];

		if (!object_is_route(o) || o->kind == OBJECT_TAKEN ||
		    o->route.hop_count == 0)
			continue;
		if (o->route.table == RT_TABLE_MAIN && o->route.dst.len == 0)
			return o;
		found = o;
	}
	return found;
}

static void
find_linkdown(struct search *s, const struct claim *c, const struct link *l)
{
	const struct object *o = route_by_dead_line(c);
	char option[OPTION_TEXT];
	struct conflict *k;

	if (!o || link_has_carrier(l) ||
	    host_knobs(s->h, l)->ignore_linkdown[host_index(c->key.family)])
		return;
	if (!(k = conflict_add(s, CONFLICT_LINKDOWN, c)))
		return;
	snprintf(k->what, sizeof(k->what), "%s has no carrier, and its routes "
	    "stay in use all the same", l->name);
	if (o->route.table == RT_TABLE_MAIN && o->route.dst.len == 0)
		snprintf(k->breaks, sizeof(k->breaks), "unbound traffic that "
		    "metric %u gives to %s is lost, whatever other "
		    "interfaces there are", o->route.metric, l->name);
	else
		snprintf(k->breaks, sizeof(k->breaks), "what its addresses "
		    "send is lost, although another interface might carry "
		    "it");
	snprintf(k->remedy, sizeof(k->remedy), "mend the line, or %s for %s",
	    conflict_option(option, c, "linkdown", "ignore"), l->name);
}

void
conflict_find_of_device(struct search *s, const struct claim *c)
{
	const struct link *l = host_link(s->h, c->device);

	if (!l || !link_is_up(l))
		return;
	find_linkdown(s, c, l);
	if (claim_of_device(s, c->device) != c)
		return;
	find_arp(s, c, l);
	find_rp_filter(s, c, l);
}
