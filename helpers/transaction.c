/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: one change of one device's claims: record, kernel, record.
 *
 * The record says "about to" before the kernel is touched and "done" after; a
 * run killed in between leaves the first, and the next run ends the work: it
 * finishes what was asked for, or, where the kernel refuses that now, goes back
 * to what stood before. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apply.h"
#include "block.h"
#include "conf.h"
#include "facts.h"
#include "plan.h"
#include "tell.h"
#include "transaction.h"

#define LOOKS	3	/* times that surprises send us back to look */

int
session_init(struct session *ss, struct fault *f)
{
	int err;

	ss->record.lock = -1;
	err = nl_open(&ss->nl, f);
	return err ? err : record_init(&ss->record,
	    nl_fd(&ss->nl), f);
}

bool
session_defaults(struct session *ss, struct fault *f)
{
	if (ss->has_defaults)
		return true;
	ss->has_defaults = conf_defaults(&ss->defaults, f);
	return ss->has_defaults;
}

void
session_fini(struct session *ss)
{
	size_t done = 0;
	ssize_t n;

	while (done < ss->out.len) {
		n = write(STDOUT_FILENO, ss->out.at + done,
		    ss->out.len - done);
		if (n <= 0)
			break;
		done += (size_t)n;
	}
	text_fini(&ss->out);
	nl_close(&ss->nl);
	record_fini(&ss->record);
	settings_fini(&ss->defaults);
	names_fini(&ss->names);
}

/* Everything one commit builds and frees. */
struct work {
	struct session *ss;
	struct transaction *t;
	struct obstacle *what;
	struct fault *f;
	struct object_refs want, old;
	struct objects stale;
	bool *held;
	struct plan plan;
	size_t others;		/* pending claims of other devices */
	bool written;		/* the record says "about to" */
};

static int
no_memory(struct work *w)
{
	fault_set(w->f, "out of memory");
	return -ENOMEM;
}

static struct claim *
change_for(const struct transaction *t, const struct claim_key *key)
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
static int
list_wanted(struct work *w)
{
	struct claims *have = &w->ss->record.claims;
	struct transaction *t = w->t;
	struct claim **list, *c;
	const struct object *conflict;
	size_t n = 0;
	int err;

	list = calloc(have->count + t->count + 1, sizeof(struct claim *));
	if (!list)
		return no_memory(w);
	for (size_t i = 0; i < have->count; i++) {
		if (!concerns(t, &have->at[i]))
			continue;
		c = change_for(t, &have->at[i].key);
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

static bool
add_ref(struct object_refs *refs, struct object *o)
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

static int
list_old(struct work *w)
{
	struct claims *have = &w->ss->record.claims;

	for (size_t i = 0; i < have->count; i++) {
		if (!concerns(w->t, &have->at[i]))
			continue;
		for (size_t j = 0; j < have->at[i].objects.count; j++)
			if (!add_ref(&w->old, &have->at[i].objects.at[j]))
				return no_memory(w);
	}
	if (w->t->stale) {
		w->stale.at = calloc(w->t->stale->count + 1,
		    sizeof(struct object));
		if (!w->stale.at)
			return no_memory(w);
		if (w->t->stale->count)
			memcpy(w->stale.at, w->t->stale->at,
			    w->t->stale->count * sizeof(struct object));
		w->stale.count = w->t->stale->count;
	}
	for (size_t i = 0; i < w->stale.count; i++)
		if (!add_ref(&w->old, &w->stale.at[i]))
			return no_memory(w);
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

static int
list_held(struct work *w)
{
	w->held = calloc(w->old.count + 1, sizeof(*w->held));
	if (!w->held)
		return no_memory(w);
	for (size_t i = 0; i < w->old.count; i++)
		w->held[i] = !is_wanted(w, w->old.at[i]) &&
		    record_held_elsewhere(&w->ss->record, w->old.at[i],
		    w->t->device);
	return 0;
}

static bool
has_taken(const struct object_refs *refs)
{
	for (size_t i = 0; i < refs->count; i++)
		if (refs->at[i]->kind == OBJECT_TAKEN)
			return true;
	return false;
}

static int
look_at_tables(struct work *w)
{
	return facts_read_tables(w->t->now, &w->ss->nl, w->t->families,
	    &w->want, &w->old, w->f);
}

/* Everything once more, from the kernel as it is now. */
static int
look_again(struct work *w)
{
	int err = facts_read_rules(w->t->now, &w->ss->nl, w->t->families,
	    &w->want, &w->old, w->f);

	return err ? err : look_at_tables(w);
}

/* On a first up and on a plain down the tables need no look: an add finds out
 * by itself, a delete names everything. */
static int
gather(struct work *w)
{
	struct snapshot *now = w->t->now;
	int err;

	if ((err = list_wanted(w)) || (err = list_old(w)) ||
	    (err = list_held(w)))
		return err;
	facts_resolve_devices(&w->want, now);
	facts_resolve_devices(&w->old, now);
	if ((err = facts_read_sysctls(&w->want, w->f)) ||
	    (err = facts_read_sysctls(&w->old, w->f)))
		return err;
	err = facts_read_rules(now, &w->ss->nl, w->t->families, &w->want,
	    &w->old, w->f);
	if (err || now->has_tables)
		return err;
	/* Rules of ours, but no record of them: the caller must find out whose
	 * they are. */
	if (now->has_our_rules && w->ss->record.claims.count == 0 &&
	    !w->t->stale)
		return -ESTALE;
	if (w->t->full || (w->want.count && w->old.count))
		return look_at_tables(w);
	if (has_taken(&w->old) && !now->has_main_of_device)
		return facts_read_main(now, &w->ss->nl, w->t->families, w->f);
	return 0;
}

static int
make_plan(struct work *w)
{
	struct plan_input in = {
		.want = w->want, .old = w->old, .held = w->held,
		.now = w->t->now,
	};

	plan_fini(&w->plan);
	return plan_make(&w->plan, &in, &w->what->object, w->f);
}

/* A wanted object of a device that is not there cannot even be encoded. */
static int
check_devices(struct work *w)
{
	for (size_t i = 0; i < w->want.count; i++) {
		const struct route *r = &w->want.at[i]->route;

		if (w->want.at[i]->kind != OBJECT_ROUTE)
			continue;
		for (size_t j = 0; j < r->hop_count; j++) {
			if (r->hop[j].ifindex || !r->hop[j].dev[0])
				continue;
			w->what->object = w->want.at[i];
			fault_set(w->f, "there is no device %s",
			    r->hop[j].dev);
			return -ENODEV;
		}
	}
	return 0;
}

/* Puts the changes behind the pending claims of others, borrowed. */
static int
write_about_to(struct work *w)
{
	struct claims *next = &w->ss->record.next;
	struct claim *at;
	int err;

	w->others = next->count;
	at = calloc(next->count + w->t->count + 1, sizeof(*at));
	if (!at)
		return no_memory(w);
	if (next->count)
		memcpy(at, next->at, next->count * sizeof(*at));
	if (w->t->count)
		memcpy(at + next->count, w->t->changes,
		    w->t->count * sizeof(*at));
	free(next->at);
	next->at = at;
	next->count += w->t->count;
	err = record_write(&w->ss->record, w->f);
	next->count = w->others;
	w->written = err == 0;
	return err;
}

/* NLM_F_EXCL takes a rule for one that exists when the latter only has more
 * selectors (rule_exists(), net/core/fib_rules.c).  Two dumps have now said
 * that ours is not there. */
static void
insist_on_rules(struct plan *p)
{
	for (size_t i = 0; i < p->count; i++)
		if (p->at[i].verb == OP_ADD_RULE)
			p->at[i].twin = true;
}

/* Worth another look at the kernel: something stands there that the snapshot
 * did not show, or answers were lost (-ENOBUFS). */
static bool
is_surprise(const struct work *w, const struct refusal *why)
{
	if (!why->op)
		return why->error != -ENOMEM;
	return why->error == -EEXIST && (!w->t->now->has_tables ||
	    why->op->verb == OP_ADD_RULE);
}

static int
apply_it(struct work *w)
{
	struct refusal why;
	int err = apply_plan(&w->plan, &w->ss->nl, &why, w->f);

	for (int i = 0; i < LOOKS && err && is_surprise(w, &why); i++) {
		if ((err = look_again(w)) || (err = make_plan(w)))
			return err;
		insist_on_rules(&w->plan);
		err = apply_plan(&w->plan, &w->ss->nl, &why, w->f);
	}
	if (!err)
		return 0;
	if (why.op) {
		w->what->object = why.op->object;
		w->what->asked_kernel = true;
	}
	w->what->error = why.error;
	memcpy(w->what->text, why.text, sizeof(why.text));
	return err;
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

static void
share_all_marks(struct work *w)
{
	struct claims *have = &w->ss->record.claims;

	for (size_t i = 0; i < have->count; i++)
		if (!strcmp(have->at[i].device, w->t->device))
			share_marks(&w->want, &have->at[i].objects);
	for (size_t i = 0; i < w->t->count; i++)
		share_marks(&w->want, &w->t->changes[i].objects);
}

static bool
objects_equal(const struct objects *a, const struct objects *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (!object_same(&a->at[i], &b->at[i]) ||
		    a->at[i].foreign != b->at[i].foreign ||
		    (a->at[i].kind == OBJECT_SYSCTL &&
		    strcmp(a->at[i].sysctl.was, b->at[i].sysctl.was)))
			return false;
	return true;
}

/* The record would say the same as it does. */
static bool
record_is_right(const struct work *w)
{
	for (size_t i = 0; i < w->t->count; i++) {
		const struct claim *c = &w->t->changes[i];
		const struct claim *have = claims_find(&w->ss->record.claims,
		    &c->key);

		if (c->dropped ? have != NULL : !have || have->error ||
		    c->error || have->spelling != c->spelling ||
		    have->is_static != c->is_static ||
		    have->table != c->table ||
		    addr_cmp(&have->router, &c->router) ||
		    !settings_equal(&have->settings, &c->settings) ||
		    !objects_equal(&have->objects, &c->objects))
			return false;
	}
	return w->others == 0;
}

/* The claims as they are to be, borrowed from record and changes, in *out. */
static int
list_done(struct work *w, struct claims *out)
{
	struct claims *have = &w->ss->record.claims;
	struct transaction *t = w->t;
	size_t room = 1;

	/* Arrays of claims have room up to the next power of two. */
	while (room < have->count + t->count + 1)
		room *= 2;
	out->at = calloc(room, sizeof(*out->at));
	if (!out->at)
		return no_memory(w);
	for (size_t i = 0; i < have->count; i++) {
		struct claim *c = change_for(t, &have->at[i].key);

		if (!c || !c->dropped)
			out->at[out->count++] = c ? *c : have->at[i];
	}
	for (size_t i = 0; i < t->count; i++)
		if (!t->changes[i].dropped &&
		    !claims_find(have, &t->changes[i].key))
			out->at[out->count++] = t->changes[i];
	return 0;
}

/* The changes become the record; if it cannot be written, nothing has moved. */
static int
write_done(struct work *w)
{
	struct record *r = &w->ss->record;
	struct claims former = r->claims, done = { 0 };
	int err;

	err = list_done(w, &done);
	if (err)
		return err;
	r->claims = done;
	err = record_write(r, w->f);
	if (err) {
		r->claims = former;
		free(done.at);
		return err;
	}
	for (size_t i = 0; i < former.count; i++)
		if (change_for(w->t, &former.at[i].key))
			claim_fini(&former.at[i]);
	free(former.at);
	for (size_t i = 0; i < w->t->count; i++)
		if (!w->t->changes[i].dropped)
			memset(&w->t->changes[i], 0, sizeof(struct claim));
	return 0;
}

static void
work_fini(struct work *w)
{
	object_refs_fini(&w->want);
	object_refs_fini(&w->old);
	objects_fini(&w->stale);
	free(w->held);
	plan_fini(&w->plan);
}

/* Plan, about to, apply, done. */
static int
carry_out(struct work *w)
{
	bool idle = plan_is_idle(&w->plan);
	int err = 0;

	if (w->ss->dry) {
		tell_batch(&w->ss->out, &w->plan);
		return 0;
	}
	w->others = w->ss->record.next.count;
	if (!idle && !(err = write_about_to(w)))
		err = apply_it(w);
	if (err)
		return err;
	if (w->ss->say.verbose)
		tell_ops(&w->ss->out, &w->plan, &w->ss->names);
	share_all_marks(w);
	if (idle && record_is_right(w))
		return 0;
	err = write_done(w);
	if (err)
		apply_undo(&w->plan, &w->ss->nl);
	return err;
}

int
transaction_commit(struct session *ss, struct transaction *t,
    struct obstacle *what, struct fault *f)
{
	struct work w = { .ss = ss, .t = t, .what = what, .f = f };
	struct fault ignored;
	int err;

	memset(what, 0, sizeof(*what));
	for (size_t i = 0; i < ss->record.claims.count; i++) {
		struct claim *c = &ss->record.claims.at[i];

		if (strcmp(c->device, t->device))
			continue;
		err = block_parse(c, &ss->names, f);
		if (err)
			return err;
	}
	if (!(err = gather(&w)) && !(err = check_devices(&w)) &&
	    !(err = make_plan(&w)))
		err = carry_out(&w);
	if (err && ss->say.verbose && what->object)
		tell_failed(&ss->out, what->object, &ss->names);
	/* Everything was undone: the record must not say otherwise. */
	if (err && w.written)
		(void)record_write(&ss->record, &ignored);
	work_fini(&w);
	return err;
}
