/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: pure: objects claimed before and now to operations.
 *
 * Ours is what carries protocol 173 and is claimed.  What equals it but
 * carries another protocol is somebody else's: used as it is, never
 * deleted.  What stands in a slot that we want and is different and not ours
 * is a conflict, never overwritten.  Where the snapshot lacks the routes
 * (first up), an add is planned blindly and the kernel's EEXIST sends the
 * caller back with full facts. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan.h"

struct planning {
	struct plan *out;
	const struct plan_input *in;
	const struct object **conflict;
	struct fault *f;
	const struct rule **rules;	/* as they stand after the steps so
					 * far, in the kernel's order */
	size_t rule_count;
};

static struct op *
add_op(struct planning *k, enum op_verb verb, struct object *o)
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

static int
add_plain(struct planning *k, enum op_verb verb, struct object *o)
{
	return add_op(k, verb, o) ? 0 : -ENOMEM;
}

static struct object *
find_same(const struct object_refs *refs, const struct object *o)
{
	for (size_t i = 0; i < refs->count; i++)
		if (object_same(refs->at[i], o))
			return refs->at[i];
	return NULL;
}

static struct object *
find_slot(const struct object_refs *refs, const struct object *o)
{
	for (size_t i = 0; i < refs->count; i++)
		if (object_same_slot(refs->at[i], o))
			return refs->at[i];
	return NULL;
}

/* Behind all of its family up to its priority, as the kernel puts it. */
static bool
stand_behind(struct planning *k, const struct rule *rule)
{
	const struct rule **at;
	size_t i = k->rule_count;

	at = realloc(k->rules, (k->rule_count + 1) * sizeof(*at));
	if (!at)
		return false;
	k->rules = at;
	while (i > 0 && (at[i - 1]->family != rule->family ||
	    at[i - 1]->priority > rule->priority))
		i--;
	memmove(&at[i + 1], &at[i], (k->rule_count - i) * sizeof(*at));
	at[i] = rule;
	k->rule_count++;
	return true;
}

static int
want_rule(struct planning *k, struct object *o)
{
	const struct rule_list *rules = &k->in->now->rules;
	bool foreign = false;

	for (size_t i = 0; i < rules->count; i++) {
		if (rules->at[i].priority != o->rule.priority ||
		    !rule_same(&rules->at[i], &o->rule))
			continue;
		if (rules->at[i].protocol == PROTO_IFPOLICY) {
			o->foreign = false;
			return add_plain(k, OP_KEEP, o);
		}
		foreign = true;
	}
	o->foreign = foreign;
	if (foreign)
		return add_plain(k, OP_FOREIGN, o);
	if (!stand_behind(k, &o->rule))
		return -ENOMEM;
	return add_plain(k, OP_ADD_RULE, o);
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

	*k->conflict = o;
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
	return -EEXIST;
}

/* Ours in the record, or by its mark and device (the record was lost); but not
 * what another device holds. */
static bool
may_replace(const struct planning *k, const struct object *o,
    const struct route *there)
{
	const struct object_refs *old = &k->in->old;

	if (there->protocol != PROTO_IFPOLICY)
		return false;
	for (size_t i = 0; i < old->count; i++)
		if (old->at[i]->kind == OBJECT_ROUTE &&
		    route_same(&old->at[i]->route, there))
			return !k->in->held[i];
	return there->hop_count > 0 && o->route.hop_count > 0 &&
	    there->hop[0].ifindex == o->route.hop[0].ifindex;
}

static int
want_route(struct planning *k, struct object *o)
{
	const struct route_list *routes = &k->in->now->routes;
	const struct route *there = NULL;
	struct op *op;

	o->foreign = false;
	for (size_t i = 0; i < routes->count; i++) {
		if (!route_same_key(&routes->at[i], &o->route))
			continue;
		there = &routes->at[i];
		if (!route_same(there, &o->route))
			continue;
		if (there->protocol == PROTO_IFPOLICY)
			return add_plain(k, OP_KEEP, o);
		o->foreign = true;
		return add_plain(k, OP_FOREIGN, o);
	}
	if (there && !may_replace(k, o, there))
		return slot_taken(k, o, there);
	op = add_op(k, add_verb(o), o);
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
	return add_plain(k, strcmp(s->now, s->want) ? OP_SET_SYSCTL : OP_KEEP,
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
		return add_plain(k, OP_KEEP, o);
	switch (o->kind) {
	case OBJECT_RULE:
		return want_rule(k, o);
	case OBJECT_ROUTE:
		return want_route(k, o);
	case OBJECT_SYSCTL:
		return want_sysctl(k, o);
	case OBJECT_TAKEN:
		return add_plain(k, find_exact(k, o) ? OP_TAKE : OP_KEEP, o);
	}
	return 0;
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
	for (size_t i = 0; i < now->routes.count; i++)
		/* Somebody has put it in again. */
		if (route_same(&now->routes.at[i], r) &&
		    now->routes.at[i].protocol == r->protocol)
			return false;
	return on_device;
}

static int
delete_first(struct planning *k, struct object *o, size_t at)
{
	k->rule_count--;
	memmove(&k->rules[at], &k->rules[at + 1],
	    (k->rule_count - at) * sizeof(*k->rules));
	return add_plain(k, OP_DELETE_RULE, o);
}

static int
add_twin(struct planning *k, struct object *o, const struct rule *rule)
{
	struct op *op;

	if (!stand_behind(k, rule))
		return -ENOMEM;
	op = add_op(k, OP_DELETE_RULE, o);
	if (!op)
		return -ENOMEM;
	op->rule = rule;
	op->twin = true;
	return 0;
}

/* A delete kills the first rule that its attributes fit.  Where a more special
 * rule stands in front, that one first gets a twin behind: then the delete may
 * hit it, and a second one hits ours.  k->rules follows every step. */
static int
drop_rule(struct planning *k, struct object *o)
{
	const struct rule *hit;
	bool there = false;
	size_t i;
	int err = 0;

	for (i = 0; i < k->rule_count; i++)
		if (k->rules[i]->protocol == PROTO_IFPOLICY &&
		    rule_same(k->rules[i], &o->rule))
			there = true;
	while (there && !err) {
		for (i = 0; !rule_pattern_hits(&o->rule, k->rules[i]); i++)
			continue;
		hit = k->rules[i];
		there = !rule_same(hit, &o->rule);
		if (there)
			err = add_twin(k, o, hit);
		if (!err)
			err = delete_first(k, o, i);
	}
	return err;
}

static int
drop_route(struct planning *k, struct object *o)
{
	const struct snapshot *now = k->in->now;
	bool there = !now->has_tables;

	for (size_t i = 0; i < now->routes.count; i++)
		if (now->routes.at[i].protocol == PROTO_IFPOLICY &&
		    route_same_key(&now->routes.at[i], &o->route))
			there = true;
	if (!there)
		return 0;
	return add_plain(k, o->route.table == RT_TABLE_MAIN ?
	    OP_DELETE_MAIN_ROUTE : OP_DELETE_TABLE_ROUTE, o);
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
		return add_plain(k, OP_KEEP, o);
	if (o->kind == OBJECT_TAKEN)
		return fits(k, &o->route) ?
		    add_plain(k, OP_GIVE_BACK, o) : 0;
	if (o->kind == OBJECT_SYSCTL)
		return s->was[0] && s->now[0] && !strcmp(s->now, s->want) &&
		    strcmp(s->was, s->want) ?
		    add_plain(k, OP_RESTORE_SYSCTL, o) : 0;
	if (o->foreign && !stands_as_ours(k, o))
		return add_plain(k, OP_FOREIGN, o);
	return o->kind == OBJECT_RULE ? drop_rule(k, o) : drop_route(k, o);
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
drop_all(struct planning *k, bool later)
{
	const struct object_refs *old = &k->in->old;
	int err = 0;

	for (size_t i = 0; i < old->count && !err; i++) {
		const struct object *next;

		if (goes_later(k, i) != later)
			continue;
		/* A slot that is wanted again was dealt with there; a route
		 * that turns from ours to another's keeps its mark. */
		next = old->at[i]->kind == OBJECT_TAKEN ?
		    find_same(&k->in->want, old->at[i]) :
		    find_slot(&k->in->want, old->at[i]);
		if (!next)
			err = drop(k, old->at[i], k->in->held[i]);
	}
	return err;
}

/* Stable, by verb. */
static void
sort_ops(struct plan *p)
{
	for (size_t i = 1; i < p->count; i++)
		for (size_t j = i; j > 0 &&
		    p->at[j - 1].verb > p->at[j].verb; j--) {
			struct op swap = p->at[j];

			p->at[j] = p->at[j - 1];
			p->at[j - 1] = swap;
		}
}

int
plan_make(struct plan *out, const struct plan_input *in,
    const struct object **conflict, struct fault *f)
{
	struct planning k = {
		.out = out, .in = in, .conflict = conflict, .f = f,
	};
	int err = 0;

	memset(out, 0, sizeof(*out));
	*conflict = NULL;
	k.rules = calloc(in->now->rules.count + 1, sizeof(*k.rules));
	if (!k.rules)
		err = -ENOMEM;
	for (; k.rules && k.rule_count < in->now->rules.count; k.rule_count++)
		k.rules[k.rule_count] = &in->now->rules.at[k.rule_count];
	for (size_t i = 0; i < in->want.count && !err; i++)
		err = want(&k, in->want.at[i]);
	if (!err)
		err = drop_all(&k, false);
	if (!err)
		err = drop_all(&k, true);
	if (err == -ENOMEM)
		fault_set(f, "out of memory");
	if (err)
		plan_fini(out);
	else
		sort_ops(out);
	free(k.rules);
	return err;
}

void
plan_fini(struct plan *p)
{
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

/* The same but for the preferred source, which any of its holders may lend. */
static bool
differs_in_src_only(const struct object *a, const struct object *b)
{
	struct route r;

	if (a->kind != OBJECT_ROUTE)
		return false;
	r = a->route;
	r.prefsrc = b->route.prefsrc;
	return route_same(&r, &b->route);
}

static bool
path_ends(const struct object *o, const char *name)
{
	size_t n = strlen(o->sysctl.path), m = strlen(name);

	return o->kind == OBJECT_SYSCTL && n > m &&
	    !strcmp(o->sysctl.path + n - m, name);
}

/* `arp filter` and `arp strict` set different knobs for one purpose; a device
 * can only have one of them. */
static const struct object *
other_arp(const struct object_refs *refs, const struct object *o)
{
	const char *other = path_ends(o, "/arp_filter") ? "/arp_ignore" :
	    path_ends(o, "/arp_ignore") ? "/arp_filter" : NULL;

	for (size_t i = 0; other && i < refs->count; i++)
		if (path_ends(refs->at[i], other))
			return refs->at[i];
	return NULL;
}

static int
resolve_one(struct object_refs *out, struct object *o, size_t room,
    const struct object **conflict, struct fault *f)
{
	struct object *held = find_slot(out, o);
	const struct object *first = held ? held : other_arp(out, o);
	char dst[PREFIX_TEXT];

	if (!first && out->count < room) {
		out->at[out->count++] = o;
		return 0;
	}
	if (!first)
		return -ENOMEM;
	if (held && (object_same(held, o) || differs_in_src_only(held, o))) {
		/* A claim that changes wants to see it there. */
		held->standing = held->standing && o->standing;
		return 0;
	}
	*conflict = o;
	if (o->kind == OBJECT_SYSCTL)
		fault_set(f, "another stanza of this device sets %s to %s, "
		    "this one wants %s to be %s; only one of them can stand",
		    first->sysctl.path, first->sysctl.want, o->sysctl.path,
		    o->sysctl.want);
	else
		fault_set(f, "another stanza of this device has a different "
		    "route to %s with metric %u in table %u; only one can "
		    "stand", prefix_print(dst, &o->route.dst),
		    o->route.metric, o->route.table);
	return -EEXIST;
}

int
plan_resolve(struct object_refs *out, struct claim *const *claims,
    size_t count, const struct object **conflict, struct fault *f)
{
	size_t room = 0;
	int err = 0;

	memset(out, 0, sizeof(*out));
	*conflict = NULL;
	for (size_t i = 0; i < count; i++)
		room += claims[i]->objects.count;
	out->at = calloc(room + 1, sizeof(struct object *));
	if (!out->at)
		err = -ENOMEM;
	for (size_t i = 0; i < count && !err; i++)
		for (size_t j = 0; j < claims[i]->objects.count && !err; j++)
			err = resolve_one(out, &claims[i]->objects.at[j],
			    room, conflict, f);
	if (err == -ENOMEM)
		fault_set(f, "out of memory");
	if (err)
		object_refs_fini(out);
	return err;
}

void
object_refs_fini(struct object_refs *r)
{
	free(r->at);
	r->at = NULL;
	r->count = 0;
}
