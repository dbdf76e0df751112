/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: random lives of claims on two devices, against a naive model.
 *
 * All objects come from one palette, so a claim is a set of bits and what the
 * kernel must hold after a commit is a line of bit operations, written here
 * without a look at how plan.c finds its steps. */
#ifndef IFPOLICY_TEST_WORLD_H
#define IFPOLICY_TEST_WORLD_H

#include "build.h"
#include "kernel.h"
#include "plan.h"

#define THINGS		64
#define HOLDERS		6	/* claims: three on each of two devices */
#define ALL_SLOTS	THINGS

/* Something that can be claimed, or put there by others, or both. */
struct thing {
	struct object o;
	unsigned who;		/* 1: eth1 may claim it, 2: eth2 */
	bool outside;		/* others put the like of it there */
	int slot;		/* the first thing of its kernel slot */
	uint64_t kin;		/* itself and those of its kind and slot */
	uint64_t rivals;	/* of these, those it contradicts */
	char knob[SYSCTL_VALUE];	/* of the first of a slot: the value */
	char base[SYSCTL_VALUE];	/* what it goes back to */
};

struct holder {
	struct claim c;
	uint64_t mask;
	bool live;
};

struct world {
	struct thing thing[THINGS];
	size_t things;
	struct holder holder[HOLDERS];
	int order[HOLDERS];	/* of the record */
	int live;
	struct kernel now, before;
	uint32_t dice;
	uint64_t must_stand;	/* ours that no step may take away */
	unsigned long commits, refused, idle, killed, twins, blind_again;
};

/* One change of one device. */
struct change {
	int device;		/* 0: eth1, 1: eth2 */
	int holder;		/* -1: all of the device, as a refresh does */
	bool drop;		/* the holder's; without one, all of them */
	bool idle;		/* with holder -1: no claim changes */
	bool full;		/* look at the tables in any case */
	struct claim c;
	uint64_t mask;
	bool recovers;		/* a killed run, whose objects count as old */
	size_t kill_after;	/* steps; 0: lives */
};

/* What one try works with. */
struct attempt {
	struct object_refs want, old;
	bool held[HOLDERS * THINGS];
	uint64_t wanted, olds, elsewhere;
	struct objects stale;
	struct snapshot now;
	struct plan plan;
	struct fault f;
};

static inline uint32_t
roll(struct world *w, uint32_t sides)
{
	w->dice ^= w->dice << 13;
	w->dice ^= w->dice >> 17;
	w->dice ^= w->dice << 5;
	return w->dice % sides;
}

static inline uint64_t
bit(int thing)
{
	return (uint64_t)1 << thing;
}

static inline bool
is_route(const struct object *o)
{
	return o->kind == OBJECT_ROUTE || o->kind == OBJECT_TAKEN;
}

static inline bool
one_slot(const struct object *a, const struct object *b)
{
	if (is_route(a) && is_route(b))
		return route_same_key(&a->route, &b->route);
	return object_same_slot(a, b);
}

/* Two of a slot stand together if they are routes that differ in nothing but
 * the preferred source. */
static inline void
relate(struct world *w, int a, int b)
{
	struct object *x = &w->thing[a].o, *y = &w->thing[b].o;
	struct route r = x->route;

	if (w->thing[a].slot != w->thing[b].slot || x->kind != y->kind)
		return;
	w->thing[a].kin |= bit(b);
	w->thing[b].kin |= bit(a);
	r.prefsrc = y->route.prefsrc;
	if (a == b || (x->kind == OBJECT_ROUTE && route_same(&r, &y->route)))
		return;
	w->thing[a].rivals |= bit(b);
	w->thing[b].rivals |= bit(a);
}

static inline void
world_add(struct world *w, unsigned who, bool outside, int family,
    const char *line)
{
	struct thing *t = &w->thing[w->things];

	assert_true(w->things < THINGS);
	t->o = object_of(family, line);
	t->o.key = (enum key_id)w->things;
	t->who = who;
	t->outside = outside;
	t->slot = (int)w->things;
	for (size_t i = 0; i < w->things; i++)
		if (one_slot(&w->thing[i].o, &t->o)) {
			t->slot = w->thing[i].slot;
			break;
		}
	if (t->o.kind == OBJECT_SYSCTL) {
		snprintf(t->knob, sizeof(t->knob), "0");
		snprintf(t->base, sizeof(t->base), "0");
	}
	w->things++;
	for (int i = 0; i < (int)w->things; i++)
		relate(w, i, (int)w->things - 1);
}

/* The claims' objects of a device. */
static inline uint64_t
world_claimed(const struct world *w, int device)
{
	uint64_t mask = 0;

	for (int i = 0; i < HOLDERS; i++)
		if (w->holder[i].live && i / 3 == device)
			mask |= w->holder[i].mask;
	return mask;
}

static inline void
world_count(const struct world *w, const struct kernel *k, uint8_t *ours,
    uint8_t *others)
{
	memset(ours, 0, THINGS);
	memset(others, 0, THINGS);
	(void)w;
	for (size_t i = 0; i < k->rules; i++)
		(k->rule[i].protocol == PROTO_IFPOLICY ? ours :
		    others)[k->rule_tag[i]]++;
	for (size_t i = 0; i < k->routes; i++)
		(k->route[i].protocol == PROTO_IFPOLICY ? ours :
		    others)[k->route_tag[i]]++;
}

static inline void
fill(struct world *w, struct claim *c, uint64_t mask)
{
	struct object *o;

	for (size_t i = 0; i < w->things; i++)
		if (mask & bit((int)i)) {
			o = objects_add(&c->objects);
			assert_non_null(o);
			*o = w->thing[i].o;
		}
}

/* Whether a claim stays as it is: one change, and that of another claim. */
static inline bool
stands(const struct change *ch, int holder)
{
	return ch->idle || (ch->holder >= 0 && holder != ch->holder);
}

/* As transaction.c, list_wanted(). */
static inline int
list_wanted(struct world *w, struct change *ch, struct attempt *a)
{
	const struct object *conflict;
	struct claim *list[HOLDERS + 1];
	bool known = false;
	size_t n = 0;

	for (int i = 0; i < w->live; i++) {
		int h = w->order[i];
		struct objects *o = &w->holder[h].c.objects;

		for (size_t j = 0; j < o->count; j++)
			o->at[j].standing = stands(ch, h);
		if (h / 3 != ch->device || (ch->drop && ch->holder < 0))
			continue;
		if (h == ch->holder) {
			known = true;
			if (!ch->drop)
				list[n++] = &ch->c;
			continue;
		}
		list[n++] = &w->holder[h].c;
	}
	if (ch->holder >= 0 && !known && !ch->drop)
		list[n++] = &ch->c;
	return plan_resolve(&a->want, list, n, &conflict, &a->f);
}

static inline void
add_old(struct attempt *a, struct object *o)
{
	for (size_t i = 0; i < a->old.count; i++)
		if (object_same(a->old.at[i], o) &&
		    a->old.at[i]->foreign == o->foreign)
			return;
	a->old.at[a->old.count++] = o;
}

/* As list_old() and list_held(). */
static inline void
list_old(struct world *w, struct change *ch, struct attempt *a)
{
	a->old.at = calloc(HOLDERS * THINGS, sizeof(struct object *));
	assert_non_null(a->old.at);
	for (int i = 0; i < w->live; i++) {
		struct holder *h = &w->holder[w->order[i]];

		if (w->order[i] / 3 != ch->device)
			continue;
		for (size_t j = 0; j < h->c.objects.count; j++)
			add_old(a, &h->c.objects.at[j]);
	}
	for (size_t i = 0; ch->recovers && i < ch->c.objects.count; i++)
		*objects_add(&a->stale) = ch->c.objects.at[i];
	for (size_t i = 0; i < a->stale.count; i++)
		add_old(a, &a->stale.at[i]);
	for (size_t i = 0; i < a->old.count; i++) {
		int p = (int)a->old.at[i]->key;

		a->olds |= bit(p);
		a->held[i] = !(a->wanted & bit(p)) &&
		    (a->elsewhere & bit(p));
	}
}

static inline void
look_at_knobs(struct world *w, const struct object_refs *refs)
{
	for (size_t i = 0; i < refs->count; i++) {
		struct object *o = refs->at[i];

		if (o->kind == OBJECT_SYSCTL)
			memcpy(o->sysctl.now, w->thing[w->thing[o->key].slot]
			    .knob, SYSCTL_VALUE);
	}
}

static inline void
look(struct world *w, const struct change *ch, struct attempt *a, bool tables)
{
	static const char *const names[] = { "eth1", "eth2" };
	struct kernel *k = &w->before;

	a->now.rules.at = NULL;
	snapshot_fini(&a->now);
	snapshot_of(&a->now, names[ch->device]);
	snapshot_address(&a->now, ch->device ? "10.0.2.10/24" :
	    "10.0.1.10/24");
	a->now.rules.at = k->rule;
	a->now.rules.count = k->rules;
	for (size_t i = 0; i < k->routes; i++) {
		const struct route *r = &k->route[i];

		if (tables || (r->table == RT_TABLE_MAIN && r->hop_count &&
		    r->hop[0].ifindex == a->now.link.ifindex))
			*snapshot_add_route(&a->now) = *r;
	}
	a->now.has_tables = tables;
	a->now.has_main_of_device = true;
}

static inline void
attempt_fini(struct attempt *a)
{
	a->now.rules.at = NULL;
	snapshot_fini(&a->now);
	plan_fini(&a->plan);
	object_refs_fini(&a->want);
	object_refs_fini(&a->old);
	objects_fini(&a->stale);
}

static inline int
make_plan(struct attempt *a)
{
	const struct object *conflict;
	struct plan_input in = {
		.want = a->want, .old = a->old, .held = a->held,
		.now = &a->now,
	};

	plan_fini(&a->plan);
	return plan_make(&a->plan, &in, &conflict, &a->f);
}

#endif
