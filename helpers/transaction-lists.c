/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: what one commit wants, had before, and leaves in the record. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "transaction-work.h"

int
work_no_memory(struct work *w)
{
	fault_set(w->f, "out of memory");
	return -ENOMEM;
}

struct claim *
work_change_for(const struct transaction *t, const struct claim_key *key)
{
	for (size_t i = 0; i < t->count; i++)
		if (claim_key_same(&t->changes[i].key, key))
			return &t->changes[i];
	return NULL;
}

/* A claim that this transaction has looked around for. */
static bool
concerns(const struct transaction *t, const struct claim *c)
{
	return !strcmp(c->device, t->device) &&
	    (t->families & addr_family_bit(c->key.family));
}

static void
set_standing(struct objects *o, bool standing)
{
	for (size_t i = 0; i < o->count; i++)
		o->at[i].standing = standing;
}

/* The device's claims as they are to be, in the order of the record, new ones
 * behind. */
int
work_list_wanted(struct work *w)
{
	struct claims *have = &w->ss->record.claims;
	struct transaction *t = w->t;
	struct claim **list, *c;
	const struct object *conflict;
	size_t n = 0;
	int err;

	list = calloc(have->count + t->count + 1, sizeof(struct claim *));
	if (!list)
		return work_no_memory(w);
	for (size_t i = 0; i < have->count; i++) {
		if (!concerns(t, &have->at[i]))
			continue;
		c = work_change_for(t, &have->at[i].key);
		set_standing(&have->at[i].objects, !c && !(t->restore &&
		    claims_find(t->restore, &have->at[i].key)));
		if (!c)
			c = &have->at[i];
		if (!c->dropped)
			list[n++] = c;
	}
	for (size_t i = 0; i < t->count; i++)
		if (!t->changes[i].dropped &&
		    !claims_find(have, &t->changes[i].key))
			list[n++] = &t->changes[i];
	err = plan_resolve(&w->want, list, n, &conflict, w->f);
	w->what->object = conflict;
	free(list);
	return err;
}

bool
work_add_ref(struct object_refs *refs, struct object *o)
{
	struct object **at;

	for (size_t i = 0; i < refs->count; i++)
		if (object_same(refs->at[i], o) &&
		    refs->at[i]->foreign == o->foreign)
			return true;
	at = realloc(refs->at, (refs->count + 1) * sizeof(struct object *));
	if (!at)
		return false;
	refs->at = at;
	refs->at[refs->count++] = o;
	return true;
}

/* Of a sysctl that a killed run found claimed already only the record knows the
 * former value. */
static void
lend_former(const struct object_refs *refs, const struct object *from)
{
	for (size_t i = 0; i < refs->count; i++)
		if (from->kind == OBJECT_SYSCTL &&
		    object_same(refs->at[i], from) &&
		    refs->at[i]->sysctl.was[0] == '\0')
			memcpy(refs->at[i]->sysctl.was, from->sysctl.was,
			    SYSCTL_VALUE);
}

int
work_list_old(struct work *w)
{
	struct claims *have = &w->ss->record.claims;

	/* First what a killed run was about to do: it knew of the former value
	 * of a sysctl last. */
	if (w->t->stale) {
		w->stale.at = calloc(w->t->stale->count + 1,
		    sizeof(struct object));
		if (!w->stale.at)
			return work_no_memory(w);
		if (w->t->stale->count)
			memcpy(w->stale.at, w->t->stale->at,
			    w->t->stale->count * sizeof(struct object));
		w->stale.count = w->t->stale->count;
	}
	for (size_t i = 0; i < w->stale.count; i++)
		if (!work_add_ref(&w->old, &w->stale.at[i]))
			return work_no_memory(w);
	for (size_t i = 0; i < have->count; i++) {
		if (!concerns(w->t, &have->at[i]))
			continue;
		for (size_t j = 0; j < have->at[i].objects.count; j++) {
			struct object *o = &have->at[i].objects.at[j];

			lend_former(&w->old, o);
			if (!work_add_ref(&w->old, o))
				return work_no_memory(w);
		}
	}
	return 0;
}

static bool
is_wanted(const struct work *w, const struct object *o)
{
	for (size_t i = 0; i < w->want.count; i++)
		if (object_same(w->want.at[i], o))
			return true;
	return false;
}

int
work_list_held(struct work *w)
{
	w->held = calloc(w->old.count + 1, sizeof(*w->held));
	if (!w->held)
		return work_no_memory(w);
	for (size_t i = 0; i < w->old.count; i++) {
		int held = is_wanted(w, w->old.at[i]) ? 0 :
		    record_held_elsewhere(&w->ss->record, w->old.at[i],
		    w->t->device);

		if (held < 0)
			return work_no_memory(w);
		w->held[i] = held;
	}
	return 0;
}

/* The same object may be claimed twice on a device: what plan found out about
 * the one that counted holds for its twin. */
static void
share_marks(const struct object_refs *want, struct objects *o)
{
	for (size_t i = 0; i < o->count; i++)
		for (size_t j = 0; j < want->count; j++) {
			const struct object *from = want->at[j];

			if (from == &o->at[i] || !object_same(from, &o->at[i]))
				continue;
			o->at[i].foreign = from->foreign;
			if (from->kind == OBJECT_SYSCTL)
				o->at[i].sysctl = from->sysctl;
		}
}

static const struct object *
find_lasting(const struct objects *all, const struct object *o)
{
	for (size_t i = 0; i < all->count; i++)
		if (&all->at[i] == o || (o->shared &&
		    all->at[i].kind == OBJECT_HOP &&
		    route_same_key(&all->at[i].route, &o->route)))
			return &all->at[i];
	return NULL;
}

const struct object *
work_lasting(const struct work *w, const struct object *o)
{
	const struct claims *have = &w->ss->record.claims;
	const struct object *found = NULL;

	for (size_t i = 0; i < w->t->count && !found; i++)
		found = find_lasting(&w->t->changes[i].objects, o);
	for (size_t i = 0; i < have->count && !found; i++)
		if (have->at[i].parsed)
			found = find_lasting(&have->at[i].objects, o);
	return found;
}

/* A line that stands twice is refused twice. */
static void
share_refusal(struct work *w, const struct object *refused)
{
	for (size_t i = 0; i < w->t->count; i++)
		for (size_t j = 0; j < w->t->changes[i].objects.count; j++) {
			struct object *o = &w->t->changes[i].objects.at[j];

			if (o->line && !o->line->refused &&
			    object_same(o, refused))
				setting_refuse(o->line, refused->line->why ?
				    refused->line->why : "refused");
		}
}

void
work_share_marks(struct work *w)
{
	struct claims *have = &w->ss->record.claims;

	for (size_t i = 0; i < w->want.count; i++)
		if (w->want.at[i]->line && w->want.at[i]->line->refused)
			share_refusal(w, w->want.at[i]);
	for (size_t i = 0; i < w->refused.count; i++)
		share_refusal(w, w->refused.at[i]);

	for (size_t i = 0; i < have->count; i++)
		if (!strcmp(have->at[i].device, w->t->device))
			share_marks(&w->want, &have->at[i].objects);
	for (size_t i = 0; i < w->t->count; i++)
		share_marks(&w->want, &w->t->changes[i].objects);
}

/* The claims as they are to be, borrowed from record and changes, in *out. */
int
work_list_done(struct work *w, struct claims *out)
{
	struct claims *have = &w->ss->record.claims;
	struct transaction *t = w->t;
	size_t room = 1;

	/* Arrays of claims have room up to the next power of two. */
	while (room < have->count + t->count + 1)
		room *= 2;
	out->at = calloc(room, sizeof(*out->at));
	if (!out->at)
		return work_no_memory(w);
	for (size_t i = 0; i < have->count; i++) {
		struct claim *c = work_change_for(t, &have->at[i].key);

		if (!c || !c->dropped)
			out->at[out->count++] = c ? *c : have->at[i];
	}
	for (size_t i = 0; i < t->count; i++)
		if (!t->changes[i].dropped &&
		    !claims_find(have, &t->changes[i].key))
			out->at[out->count++] = t->changes[i];
	return 0;
}
