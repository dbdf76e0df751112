/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: pure: objects claimed before and now to operations.
 *
 * Ours is what carries protocol 173 and is claimed.  What equals it but
 * carries another protocol is somebody else's: used as it is, never
 * deleted.  What stands in a slot that we want and is different and not ours
 * is a conflict, never overwritten.  Of what a file asks for that another
 * program applies as well, that program's own doing (by ip(8)) is taken over,
 * and a line that conflicts is refused alone.  Where the snapshot lacks the
 * routes (first up), an add is planned blindly and the kernel's EEXIST sends
 * the caller back with full facts. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan-steps.h"
#include "plan.h"

struct op *
plan_step(struct planning *k, enum op_verb verb, struct object *o)
{
	struct plan *p = k->out;
	struct op *at;

	if ((p->count & (p->count - 1)) == 0) {
		at = realloc(p->at, (p->count ? p->count * 2 : 1) *
		    sizeof(*at));
		if (!at)
			return NULL;
		p->at = at;
	}
	at = &p->at[p->count++];
	memset(at, 0, sizeof(*at));
	at->verb = verb;
	at->object = o;
	if (o && o->kind == OBJECT_RULE)
		at->rule = &o->rule;
	return at;
}

int
plan_add(struct planning *k, enum op_verb verb, struct object *o)
{
	return plan_step(k, verb, o) ? 0 : -ENOMEM;
}

int
plan_refuse(struct planning *k, const struct object *o)
{
	if (o->line)
		setting_refuse(o->line, k->f->text);
	if (o->from_file)
		return 0;
	*k->conflict = o;
	return -EEXIST;
}

bool
plan_adoptable(const struct object *o, uint8_t protocol)
{
	/* ip(8) gives rules none. */
	return o->from_file && !o->careful && (protocol == RTPROT_BOOT ||
	    (o->kind == OBJECT_RULE && protocol == RTPROT_UNSPEC));
}

static struct object *
find_same(const struct object_refs *refs, const struct object *o)
{
	for (size_t i = 0; i < refs->count; i++)
		if (object_same(refs->at[i], o))
			return refs->at[i];
	return NULL;
}

/* What stands for this one now: itself, or the one that somebody has put in its
 * place since (a lease with another router) and that was taken out as well.
 * In a slot of IPv6 there is room for both. */
static struct object *
find_taken(const struct object_refs *refs, const struct object *o)
{
	struct object *same = find_same(refs, o);

	for (size_t i = 0; i < refs->count && !same; i++)
		if (refs->at[i]->kind == OBJECT_TAKEN &&
		    o->route.family == AF_INET &&
		    route_same_key(&refs->at[i]->route, &o->route))
			same = refs->at[i];
	return same;
}

static enum op_verb
add_verb(const struct object *o)
{
	return o->route.table == RT_TABLE_MAIN ? OP_ADD_MAIN_ROUTE :
	    OP_ADD_TABLE_ROUTE;
}

/* The device of a route, for a message. */
static const char *
device_text(char *buf, const struct route *r)
{
	if (r->hop_count == 0)
		snprintf(buf, IFNAMSIZ + 16, "no device");
	else if (r->hop[0].dev[0])
		snprintf(buf, IFNAMSIZ + 16, "%s", r->hop[0].dev);
	else
		snprintf(buf, IFNAMSIZ + 16, "device %u", r->hop[0].ifindex);
	return buf;
}

static int
slot_taken(struct planning *k, const struct object *o,
    const struct route *there)
{
	char dst[PREFIX_TEXT], via[ADDR_TEXT] = "", dev[IFNAMSIZ + 16];
	char table[32] = "main";

	if (there->hop_count && addr_given(&there->hop[0].via))
		addr_print(via, &there->hop[0].via);
	if (there->table != RT_TABLE_MAIN)
		snprintf(table, sizeof(table), "%u", there->table);
	fault_set(k->f, "table %s already has %s%s%s dev %s metric %u, %s; "
	    "take another %s", table, prefix_print(dst, &there->dst),
	    via[0] ? " via " : "", via, device_text(dev, there),
	    there->metric, there->protocol == PROTO_IFPOLICY ?
	    "of another interface's policy" : "which is not ifpolicy's",
	    there->table == RT_TABLE_MAIN ? "metric" : "table");
	return plan_refuse(k, o);
}

/* The slot is ours by the record, or an earlier line's, but the other program
 * has put another route there (el8's ifup-routes replaces what is in the
 * way). */
static bool
was_stolen(const struct planning *k, const struct object *o,
    const struct route *there)
{
	const struct object_refs *old = &k->in->old, *lost = &k->in->refused;

	for (size_t i = 0; i < old->count; i++)
		if (old->at[i]->kind == OBJECT_ROUTE && !old->at[i]->foreign &&
		    plan_adoptable(old->at[i], there->protocol) &&
		    object_same_slot(old->at[i], o))
			return true;
	for (size_t i = 0; i < lost->count; i++)
		if (lost->at[i]->kind == OBJECT_ROUTE &&
		    plan_adoptable(lost->at[i], there->protocol) &&
		    route_same(&lost->at[i]->route, there))
			return true;
	return false;
}

static bool
has_device(const struct route *r, uint32_t ifindex)
{
	for (size_t i = 0; i < r->hop_count; i++)
		if (r->hop[i].ifindex == ifindex)
			return true;
	return false;
}

/* Made of nothing but shares in this route, as they are or were. */
static bool
is_of_shares(const struct planning *k, const struct object *o,
    const struct route *there)
{
	const struct object_refs *old = &k->in->old;

	if (there->protocol != PROTO_IFPOLICY)
		return false;
	for (size_t i = 0; i < there->hop_count; i++) {
		bool known = has_device(&o->route, there->hop[i].ifindex);

		for (size_t j = 0; j < old->count && !known; j++)
			known = old->at[j]->kind == OBJECT_ROUTE &&
			    object_same_slot(old->at[j], o) &&
			    has_device(&old->at[j]->route,
			    there->hop[i].ifindex);
		if (!known)
			return false;
	}
	return true;
}

/* Ours in the record, or by its mark and device (the record was lost); but not
 * what another device holds. */
static bool
may_replace(const struct planning *k, const struct object *o,
    const struct route *there)
{
	const struct object_refs *old = &k->in->old;

	if (o->shared)
		return is_of_shares(k, o, there);
	if (was_stolen(k, o, there))
		return true;
	if (there->protocol != PROTO_IFPOLICY &&
	    there->protocol != o->route.protocol)
		return false;
	for (size_t i = 0; i < old->count; i++)
		if (old->at[i]->kind == OBJECT_ROUTE &&
		    route_same(&old->at[i]->route, there))
			return !k->in->held[i];
	return there->protocol == PROTO_IFPOLICY && there->hop_count > 0 &&
	    o->route.hop_count > 0 &&
	    there->hop[0].ifindex == o->route.hop[0].ifindex;
}

static bool
has_subnet(const struct snapshot *now, const struct prefix *subnet)
{
	for (size_t i = 0; i < now->addresses.count; i++) {
		const struct address *a = &now->addresses.at[i];
		struct prefix s = a->prefix;

		if (addr_given(&a->peer))
			s.addr = a->peer;
		prefix_clear_host_bits(&s);
		if (prefix_cmp(&s, subnet) == 0)
			return true;
	}
	return false;
}

/* The kernel's own route to a subnet of the device, which comes and goes with
 * the address. */
static bool
is_kernels_own(const struct planning *k, const struct route *there)
{
	return there->protocol == RTPROT_KERNEL &&
	    there->type == RTN_UNICAST && there->table == RT_TABLE_MAIN &&
	    there->metric == (there->family == AF_INET6 ? 256u : 0u) &&
	    has_subnet(k->in->now, &there->dst);
}

static int
want_route(struct planning *k, struct object *o)
{
	const struct route_list *routes = &k->in->now->routes;
	const struct route *there = NULL;
	bool adopted = false;
	struct op *op;

	o->foreign = false;
	for (size_t i = 0; i < routes->count; i++) {
		if (!route_same_key(&routes->at[i], &o->route))
			continue;
		there = &routes->at[i];
		if (!route_same(there, &o->route))
			continue;
		if (there->protocol == o->route.protocol &&
		    !is_kernels_own(k, there))
			return plan_add(k, OP_KEEP, o);
		adopted = plan_adoptable(o, there->protocol);
		if (adopted)
			break;
		o->foreign = true;
		return plan_add(k, OP_FOREIGN, o);
	}
	if (there && !adopted && !may_replace(k, o, there))
		return slot_taken(k, o, there);
	op = plan_step(k, add_verb(o), o);
	if (!op)
		return -ENOMEM;
	op->replaces = there;
	return 0;
}

/* A value that is no longer what we set was changed by somebody else: then
 * that is what to go back to. */
static int
want_sysctl(struct planning *k, struct object *o)
{
	const struct object_refs *old = &k->in->old;
	struct sysctl_value *s = &o->sysctl;
	const char *was = NULL;

	if (s->now[0] == '\0')
		return 0;
	/* A killed run leaves two in one slot. */
	for (size_t i = 0; i < old->count && !was; i++)
		if (object_same_slot(old->at[i], o) &&
		    old->at[i]->sysctl.was[0] &&
		    !strcmp(s->now, old->at[i]->sysctl.want))
			was = old->at[i]->sysctl.was;
	memmove(s->was, was ? was : s->now, sizeof(s->was));
	return plan_add(k, strcmp(s->now, s->want) ? OP_SET_SYSCTL : OP_KEEP,
	    o);
}

static const struct route *
find_exact(const struct planning *k, const struct object *o)
{
	const struct route_list *routes = &k->in->now->routes;

	for (size_t i = 0; i < routes->count; i++)
		if (route_same(&routes->at[i], &o->route) &&
		    routes->at[i].protocol == o->route.protocol)
			return &routes->at[i];
	return NULL;
}

/* An object of a claim that does not change is left as it is, drifted or not,
 * unless what a changing claim had in its slot makes room for it. */
static bool
is_left_alone(const struct planning *k, const struct object *o)
{
	const struct object_refs *old = &k->in->old;

	for (size_t i = 0; o->standing && i < old->count; i++)
		if (!old->at[i]->standing && object_same_slot(old->at[i], o) &&
		    !object_same(old->at[i], o))
			return false;
	return o->standing;
}

static int
want(struct planning *k, struct object *o)
{
	if (is_left_alone(k, o))
		return plan_add(k, OP_KEEP, o);
	switch (o->kind) {
	case OBJECT_RULE:
		return plan_want_rule(k, o);
	case OBJECT_ROUTE:
		return want_route(k, o);
	case OBJECT_SYSCTL:
		return want_sysctl(k, o);
	case OBJECT_TAKEN:
		return plan_add(k, find_exact(k, o) ? OP_TAKE : OP_KEEP, o);
	case OBJECT_HOP:	/* joined before (work_join_hops()) */
		break;
	}
	return 0;
}

/* Somebody has put it in again, or another in its place (a lease with another
 * router).  In a slot of IPv6 there is room for both, and other devices' subnet
 * routes may stand in one of IPv4. */
static bool
takes_place_of(const struct route *there, const struct route *r)
{
	if (route_same(there, r) && there->protocol == r->protocol)
		return true;
	return r->family == AF_INET && route_same_key(there, r) &&
	    there->protocol != PROTO_IFPOLICY && there->hop_count == 1 &&
	    there->hop[0].ifindex == r->hop[0].ifindex;
}

/* A route can only be given back where it still fits. */
static bool
fits(const struct planning *k, const struct route *r)
{
	const struct snapshot *now = k->in->now;
	bool on_device = !addr_given(&r->prefsrc);

	if (!(now->link.flags & IFF_UP))
		return false;
	for (size_t i = 0; i < now->addresses.count; i++)
		if (addr_cmp(&now->addresses.at[i].prefix.addr, &r->prefsrc)
		    == 0)
			on_device = true;
	if (!addr_given(&r->hop[0].via) && !has_subnet(now, &r->dst))
		return false;
	for (size_t i = 0; i < now->routes.count; i++)
		if (takes_place_of(&now->routes.at[i], r))
			return false;
	return on_device;
}

/* With what is left of its lifetime. */
static int
give_back(struct planning *k, struct object *o)
{
	uint64_t when = k->in->now->when;

	if (object_is_over(o, when) || !fits(k, &o->route))
		return 0;
	if (o->until)
		o->route.expires = (uint32_t)(o->until - when);
	return plan_add(k, OP_GIVE_BACK, o);
}

/* The other program has replaced ours by its own.  Of a default route in main
 * without a source nobody knows whether the file asked for it: what the scripts
 * and DHCP do of their own accord looks the same, and without it a machine may
 * be cut off. */
static bool
was_replaced(const struct object *o, const struct route *there)
{
	return plan_adoptable(o, there->protocol) &&
	    route_same(there, &o->route) &&
	    (there->table != RT_TABLE_MAIN || there->dst.len != 0 ||
	    addr_given(&there->prefsrc));
}

/* A device that is gone has taken its routes along, and without its number a
 * delete would fit another's. */
static bool
lacks_device(const struct route *r)
{
	for (size_t i = 0; i < r->hop_count; i++)
		if (r->hop[i].dev[0] && r->hop[i].ifindex == 0)
			return true;
	return false;
}

static int
drop_route(struct planning *k, struct object *o)
{
	const struct snapshot *now = k->in->now;
	bool there = !now->has_tables;

	if (lacks_device(&o->route))
		return 0;

	for (size_t i = 0; i < now->routes.count; i++) {
		const struct route *at = &now->routes.at[i];

		if (!route_same_key(at, &o->route))
			continue;
		if (at->protocol == o->route.protocol)
			there = true;
		else if (was_replaced(o, at)) {
			o->route.protocol = at->protocol;
			there = true;
		}
	}
	if (!there)
		return 0;
	return plan_add(k, o->route.table == RT_TABLE_MAIN ?
	    OP_DELETE_MAIN_ROUTE : OP_DELETE_TABLE_ROUTE, o);
}

/* The last share has gone: what stands there is deleted as it is. */
static int
drop_shared(struct planning *k, struct object *o)
{
	const struct snapshot *now = k->in->now;

	for (size_t i = 0; i < now->routes.count; i++) {
		if (!route_same_key(&now->routes.at[i], &o->route) ||
		    !is_of_shares(k, o, &now->routes.at[i]))
			continue;
		o->route = now->routes.at[i];
		return plan_add(k, OP_DELETE_MAIN_ROUTE, o);
	}
	return 0;
}

/* Somebody else's when it was claimed; since then that one may have gone and
 * another claim may have put ours there. */
static bool
stands_as_ours(const struct planning *k, const struct object *o)
{
	const struct snapshot *now = k->in->now;

	for (size_t i = 0; o->kind == OBJECT_RULE && i < now->rules.count; i++)
		if (now->rules.at[i].protocol == PROTO_IFPOLICY &&
		    rule_same(&now->rules.at[i], &o->rule))
			return true;
	for (size_t i = 0; o->kind == OBJECT_ROUTE && i < now->routes.count;
	    i++)
		if (now->routes.at[i].protocol == PROTO_IFPOLICY &&
		    route_same(&now->routes.at[i], &o->route))
			return true;
	return o->kind == OBJECT_ROUTE && !now->has_tables;
}

static int
drop(struct planning *k, struct object *o, bool held)
{
	const struct sysctl_value *s = &o->sysctl;

	if (held)
		return plan_add(k, OP_KEEP, o);
	if (o->kind == OBJECT_TAKEN)
		return give_back(k, o);
	if (o->kind == OBJECT_SYSCTL)
		return s->was[0] && s->now[0] && !strcmp(s->now, s->want) &&
		    strcmp(s->was, s->want) ?
		    plan_add(k, OP_RESTORE_SYSCTL, o) : 0;
	if (o->foreign && !stands_as_ours(k, o))
		return plan_add(k, OP_FOREIGN, o);
	if (o->shared)
		return drop_shared(k, o);
	if (o->kind == OBJECT_ROUTE)
		return drop_route(k, o);
	return plan_drop_rule(k, o);
}

/* Of rules that go, the special ones first: they would stand in the way of the
 * general ones. */
static bool
goes_later(const struct planning *k, size_t at)
{
	const struct object_refs *old = &k->in->old;

	if (old->at[at]->kind != OBJECT_RULE)
		return false;
	for (size_t i = 0; i < old->count; i++)
		if (i != at && old->at[i]->kind == OBJECT_RULE &&
		    !rule_same(&old->at[i]->rule, &old->at[at]->rule) &&
		    rule_pattern_hits(&old->at[at]->rule, &old->at[i]->rule))
			return true;
	return false;
}

static int
drop_all(struct planning *k, const size_t *order, bool later)
{
	const struct object_refs *old = &k->in->old;
	int err = 0;

	for (size_t n = 0; n < old->count && !err; n++) {
		const struct object *next;
		size_t i = order[n];

		if (goes_later(k, i) != later)
			continue;
		/* A slot that is wanted again was dealt with there; a route
		 * that turns from ours to another's keeps its mark. */
		next = old->at[i]->kind == OBJECT_TAKEN ?
		    find_taken(&k->in->want, old->at[i]) :
		    plan_find_slot(&k->in->want, old->at[i]);
		if (!next)
			err = drop(k, old->at[i], k->in->held[i]);
	}
	return err;
}

int
plan_make(struct plan *out, const struct plan_input *in,
    const struct object **conflict, struct fault *f)
{
	struct planning k = {
		.out = out, .in = in, .conflict = conflict, .f = f,
	};
	size_t *order = plan_drop_order(&in->old, in->now);
	int err = 0;

	memset(out, 0, sizeof(*out));
	*conflict = NULL;
	k.rules = calloc(in->now->rules.count + 1, sizeof(*k.rules));
	if (!k.rules || !order)
		err = -ENOMEM;
	for (; k.rules && k.rule_count < in->now->rules.count; k.rule_count++)
		k.rules[k.rule_count] = &in->now->rules.at[k.rule_count];
	for (size_t i = 0; i < in->want.count && !err; i++)
		err = want(&k, in->want.at[i]);
	if (!err)
		err = drop_all(&k, order, false);
	if (!err)
		err = drop_all(&k, order, true);
	if (err == -ENOMEM)
		fault_set(f, "out of memory");
	if (err)
		plan_fini(out);
	else
		plan_sort(out);
	free(order);
	free(k.rules);
	return err;
}

void
plan_fini(struct plan *p)
{
	for (size_t i = 0; i < p->count; i++)
		free(p->at[i].in_front);
	free(p->at);
	p->at = NULL;
	p->count = 0;
}

bool
plan_is_idle(const struct plan *p)
{
	for (size_t i = 0; i < p->count; i++)
		if (p->at[i].verb != OP_KEEP && p->at[i].verb != OP_FOREIGN)
			return false;
	return true;
}
