/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: one default route out of the next hops that several claims give.
 *
 * A claim holds its own next hop.  What must stand in the kernel is one route
 * of all of them: those of other devices come from the record, as far as their
 * devices are up.  The planner gets that route, in place of the hops, and what
 * may stand in its slot now, which it is free to replace or, with the last hop,
 * to delete. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "block.h"
#include "facts.h"
#include "transaction-work.h"

/* One such route: as it is to be, and all that may be in it. */
struct joint {
	struct work *w;
	struct object *wanted, *known;
};

static bool
has_hop(const struct route *r, const struct hop *h)
{
	for (size_t i = 0; i < r->hop_count; i++)
		if (r->hop[i].ifindex == h->ifindex &&
		    addr_cmp(&r->hop[i].via, &h->via) == 0)
			return true;
	return false;
}

static int
add_hop(struct joint *j, struct route *r, const struct hop *h,
    uint16_t weight)
{
	if (has_hop(r, h))
		return 0;
	if (r->hop_count == HOPS_MAX) {
		fault_set(j->w->f, "more than %u interfaces share one default",
		    HOPS_MAX);
		return -ENOSPC;
	}
	r->hop[r->hop_count] = *h;
	r->hop[r->hop_count++].weight = weight;
	return 0;
}

static bool
is_part(const struct joint *j, const struct object *o)
{
	return o->kind == OBJECT_HOP &&
	    route_same_key(&o->route, &j->wanted->route);
}

/* A claim of another device.  What the kernel would refuse now is left to that
 * one's own refresh: it must not keep this device down. */
static int
add_claim(struct joint *j, struct claim *c)
{
	struct transaction *t = j->w->t;
	bool works = false;
	int err;

	err = block_parse(c, &j->w->ss->names, j->w->f);
	for (size_t i = 0; i < c->objects.count && !err; i++) {
		struct object *o = &c->objects.at[i];
		struct object_refs one = { &o, 1 };

		if (!is_part(j, o))
			continue;
		facts_resolve_devices(&one, t->now);
		err = add_hop(j, &j->known->route, &o->route.hop[0],
		    o->weight);
		if (!err)
			err = facts_hop_works(&works, &j->w->ss->nl,
			    &o->route.hop[0], j->w->f);
		if (!err && works)
			err = add_hop(j, &j->wanted->route, &o->route.hop[0],
			    o->weight);
	}
	return err;
}

static int
add_others(struct joint *j)
{
	struct claims *have = &j->w->ss->record.claims;
	int err = 0;

	for (size_t i = 0; i < have->count && !err; i++) {
		struct claim *c = &have->at[i];

		if (strcmp(c->device, j->w->t->device) &&
		    c->key.family == j->wanted->route.family &&
		    (c->parsed || memmem(c->text, c->text_len, "shared ", 7)))
			err = add_claim(j, c);
	}
	return err;
}

/* The device's own, out of what it wants or had. */
static int
add_own(struct joint *j, struct route *r, const struct object_refs *refs)
{
	int err = 0;

	for (size_t i = 0; i < refs->count && !err; i++)
		if (is_part(j, refs->at[i]))
			err = add_hop(j, r, &refs->at[i]->route.hop[0],
			    refs->at[i]->weight);
	return err;
}

/* Other devices' hops that no record knows any more stay until their own down
 * finds them. */
static int
add_unknown(struct joint *j)
{
	const struct snapshot *now = j->w->t->now;
	int err = 0;

	for (size_t i = 0; i < now->routes.count && !err; i++) {
		const struct route *r = &now->routes.at[i];

		if (!route_same_key(r, &j->wanted->route) ||
		    r->protocol != PROTO_IFPOLICY || r->hop_count < 2)
			continue;
		for (size_t k = 0; k < r->hop_count && !err; k++) {
			if (r->hop[k].ifindex == now->link.ifindex ||
			    has_hop(&j->known->route, &r->hop[k]))
				continue;
			err = add_hop(j, &j->known->route, &r->hop[k],
			    r->hop[k].weight);
			if (!err)
				err = add_hop(j, &j->wanted->route,
				    &r->hop[k], r->hop[k].weight);
		}
	}
	return err;
}

static int
by_device(const void *a, const void *b)
{
	const struct hop *x = a, *y = b;
	int order = strcmp(x->dev, y->dev);

	return order ? order : addr_cmp(&x->via, &y->via);
}

/* The device's parts in it are all of claims that do not change. */
static bool
is_patient(const struct joint *j)
{
	const struct object_refs *want = &j->w->want;
	bool any = false;

	for (size_t i = 0; i < want->count; i++) {
		if (!is_part(j, want->at[i]))
			continue;
		if (!want->at[i]->standing)
			return false;
		any = true;
	}
	return any;
}

/* No part of the device comes or goes, so neither does the route: a link that
 * is down now must not keep others from theirs. */
static bool
stands(const struct joint *j)
{
	const struct object_refs *want = &j->w->want, *old = &j->w->old;

	for (size_t i = 0; i < old->count; i++) {
		bool stays = old->at[i]->standing || !is_part(j, old->at[i]);

		for (size_t k = 0; k < want->count && !stays; k++)
			stays = object_same(want->at[k], old->at[i]);
		if (!stays)
			return false;
	}
	return is_patient(j);
}

static int
join(struct joint *j, const struct object *like)
{
	struct work *w = j->w;
	struct route *r = &j->wanted->route;
	int err;

	j->wanted->kind = j->known->kind = OBJECT_ROUTE;
	j->wanted->shared = j->known->shared = true;
	j->wanted->key = j->known->key = like->key;
	j->wanted->route = like->route;
	r->hop_count = 0;
	j->known->route = *r;
	if ((err = add_others(j)) || (err = add_own(j, r, &w->want)) ||
	    (err = add_own(j, &j->known->route, &w->want)) ||
	    (err = add_own(j, &j->known->route, &w->old)) ||
	    (err = add_unknown(j)))
		return err;
	j->wanted->standing = stands(j);
	j->wanted->patient = is_patient(j);
	if (r->hop_count)
		qsort(r->hop, r->hop_count, sizeof(r->hop[0]), by_device);
	route_normalize(r);
	route_normalize(&j->known->route);
	return 0;
}

/* One hop for each slot that there is, added to *first (room for all). */
static void
find_slots(const struct object_refs *refs, struct object **first,
    size_t *count)
{
	size_t j;

	for (size_t i = 0; i < refs->count; i++) {
		if (refs->at[i]->kind != OBJECT_HOP)
			continue;
		for (j = 0; j < *count; j++)
			if (route_same_key(&first[j]->route,
			    &refs->at[i]->route))
				break;
		if (j == *count)
			first[(*count)++] = refs->at[i];
	}
}

static void
take_out_hops(struct object_refs *refs)
{
	size_t kept = 0;

	for (size_t i = 0; i < refs->count; i++)
		if (refs->at[i]->kind != OBJECT_HOP)
			refs->at[kept++] = refs->at[i];
	refs->count = kept;
}

/* A plain default of this device where others share one. */
static int
find_conflict(struct work *w, const struct joint *j)
{
	for (size_t i = 0; i < w->want.count; i++) {
		struct object *o = w->want.at[i];

		if (o->kind != OBJECT_ROUTE || o->shared ||
		    !route_same_key(&o->route, &j->wanted->route) ||
		    j->wanted->route.hop_count == 0)
			continue;
		fault_set(w->f, "other interfaces share the default with "
		    "metric %u by weight; give a weight, too, or take another "
		    "metric", o->route.metric);
		w->what->object = o;
		return -EEXIST;
	}
	return 0;
}

bool
work_has_hops(const struct object_refs *refs)
{
	for (size_t i = 0; i < refs->count; i++)
		if (refs->at[i]->kind == OBJECT_HOP)
			return true;
	return false;
}

int
work_join_hops(struct work *w)
{
	struct object **first;
	size_t count = 0, all = w->want.count + w->old.count;
	int err = 0;

	if (!work_has_hops(&w->want) && !work_has_hops(&w->old))
		return 0;
	first = calloc(all + 1, sizeof(struct object *));
	w->shared.at = calloc(2 * all + 1, sizeof(struct object));
	if (!first || !w->shared.at) {
		free(first);
		return work_no_memory(w);
	}
	find_slots(&w->want, first, &count);
	find_slots(&w->old, first, &count);
	for (size_t i = 0; i < count && !err; i++) {
		struct joint j = { w, &w->shared.at[2 * i],
		    &w->shared.at[2 * i + 1] };

		err = join(&j, first[i]);
		if (!err)
			err = find_conflict(w, &j);
	}
	free(first);
	take_out_hops(&w->want);
	take_out_hops(&w->old);
	for (size_t i = 0; i < 2 * count && !err; i++)
		if (w->shared.at[i].route.hop_count &&
		    !work_add_ref(i % 2 ? &w->old : &w->want,
		    &w->shared.at[i]))
			err = work_no_memory(w);
	return err;
}
