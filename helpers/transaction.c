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
#include "transaction-work.h"
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
session_flush(struct session *ss)
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
}

void
session_fini(struct session *ss)
{
	session_flush(ss);
	nl_close(&ss->nl);
	record_fini(&ss->record);
	settings_fini(&ss->defaults);
	names_fini(&ss->names);
}

static bool
has_taken(const struct object_refs *refs)
{
	for (size_t i = 0; i < refs->count; i++)
		if (refs->at[i]->kind == OBJECT_TAKEN)
			return true;
	return false;
}

/* Another program may have put them in or replaced them. */
static bool
has_file_routes(const struct object_refs *refs)
{
	for (size_t i = 0; i < refs->count; i++)
		if (refs->at[i]->kind == OBJECT_ROUTE &&
		    refs->at[i]->from_file)
			return true;
	return false;
}

static int
look_at_tables(struct work *w)
{
	return facts_read_tables(w->t->now, &w->ss->nl, w->t->families,
	    &w->want, &w->old, w->f);
}

/* A copy that another program added, by its protocol, or what another device's
 * file asks for with a protocol of its own: the record tells. */
static int
look_at_rules(struct work *w)
{
	struct snapshot *now = w->t->now;
	int err;

	now->gaps = (struct gaps){ w->ss->record.gap, w->ss->record.gaps };
	err = facts_read_rules(now, &w->ss->nl, w->t->families, &w->want,
	    &w->old, w->f);

	for (size_t i = 0; i < now->rules.count && !err; i++) {
		struct rule *r = &now->rules.at[i];
		struct object o = { .kind = OBJECT_RULE, .rule = *r };

		if (r->protocol > RTPROT_BOOT &&
		    record_held_elsewhere(&w->ss->record, &o, w->t->device))
			r->automatic = false;
	}
	return err;
}

/* Everything once more, from the kernel as it is now. */
static int
look_again(struct work *w)
{
	int err = look_at_rules(w);

	return err ? err : look_at_tables(w);
}

/* On a first up and on a plain down the tables need no look: an add finds out
 * by itself, a delete names everything. */
static int
gather(struct work *w)
{
	struct snapshot *now = w->t->now;
	int err;

	if ((err = work_list_wanted(w)) || (err = work_list_old(w)))
		return err;
	facts_resolve_devices(&w->want, now);
	facts_resolve_devices(&w->old, now);
	if ((err = facts_read_sysctls(&w->want, w->f)) ||
	    (err = facts_read_sysctls(&w->old, w->f)))
		return err;
	err = look_at_rules(w);
	if (err || now->has_tables)
		return err;
	/* Rules of ours, but no record of them: the caller must find out whose
	 * they are. */
	if (now->has_our_rules && w->ss->record.claims.count == 0 &&
	    !w->t->stale)
		return -ESTALE;
	if (w->t->full || (w->want.count && w->old.count) ||
	    has_file_routes(&w->want) || has_file_routes(&w->old) ||
	    work_has_hops(&w->want) || work_has_hops(&w->old))
		return look_at_tables(w);
	if (has_taken(&w->old) && !now->has_main_of_device)
		return facts_read_main(now, &w->ss->nl, w->t->families, w->f);
	return 0;
}

static bool
is_refused(const struct object *o)
{
	return o->line && o->line->refused;
}

/* Lines of files that were refused are not wanted any more: what they stood for
 * before goes. */
static size_t
forget_refused(struct work *w)
{
	size_t kept = 0, before = w->want.count;

	for (size_t i = 0; i < w->want.count; i++)
		if (!is_refused(w->want.at[i]))
			w->want.at[kept++] = w->want.at[i];
	w->want.count = kept;
	return before - kept;
}

static int
list_refused(struct work *w)
{
	w->refused.count = 0;
	for (size_t i = 0; i < w->t->count; i++)
		for (size_t j = 0; j < w->t->changes[i].objects.count; j++) {
			struct object *o = &w->t->changes[i].objects.at[j];

			if (is_refused(o) && !work_add_ref(&w->refused, o))
				return work_no_memory(w);
		}
	facts_resolve_devices(&w->refused, w->t->now);
	return 0;
}

static int
make_plan(struct work *w)
{
	struct plan_input in = { .held = w->held, .now = w->t->now };
	int err;

	/* Again, if the planner itself has refused some. */
	do {
		(void)forget_refused(w);
		if ((err = list_refused(w)))
			return err;
		in.want = w->want;
		in.old = w->old;
		in.refused = w->refused;
		plan_fini(&w->plan);
		err = plan_make(&w->plan, &in, &w->what->object, w->f);
	} while (!err && forget_refused(w));
	return err;
}

/* A wanted object of a device that is not there cannot even be encoded.  One
 * of a claim that does not change is no reason to keep others from theirs. */
static const char *
missing_device(const struct object *o)
{
	const struct route *r = &o->route;

	for (size_t i = 0; o->kind == OBJECT_ROUTE && i < r->hop_count; i++)
		if (r->hop[i].ifindex == 0 && r->hop[i].dev[0])
			return r->hop[i].dev;
	return NULL;
}

static int
check_devices(struct work *w)
{
	size_t kept = 0;

	for (size_t i = 0; i < w->want.count; i++) {
		struct object *o = w->want.at[i];
		const char *device = missing_device(o);

		if (!device) {
			w->want.at[kept++] = o;
			continue;
		}
		if (o->standing)
			continue;
		fault_set(w->f, "there is no device %s", device);
		w->what->object = o;
		if (!o->from_file)
			return -ENODEV;
		if (o->line)
			setting_refuse(o->line, w->f->text);
	}
	w->want.count = kept;
	w->what->object = NULL;
	return 0;
}

/* Puts the changes, or what was pending before, behind the pending claims of
 * others, borrowed. */
static int
write_about_to(struct work *w)
{
	const struct transaction *t = w->t;
	struct claims mine = t->pending ? *t->pending :
	    (struct claims){ t->changes, t->count };
	struct claims *next = &w->ss->record.next;
	struct claim *at;
	int err;

	w->others = next->count;
	at = calloc(next->count + mine.count + 1, sizeof(*at));
	if (!at)
		return work_no_memory(w);
	if (next->count)
		memcpy(at, next->at, next->count * sizeof(*at));
	if (mine.count)
		memcpy(at + next->count, mine.at, mine.count * sizeof(*at));
	free(next->at);
	next->at = at;
	next->count += mine.count;
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

static bool
replacement_refused(const struct work *w)
{
	for (size_t i = 0; i < w->plan.count; i++)
		if (w->plan.at[i].replaces && is_refused(w->plan.at[i].object))
			return true;
	return false;
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
	if (!err && !replacement_refused(w))
		return 0;
	/* What was to be replaced still stands, and nobody wants it. */
	if (!err)
		return (err = look_again(w)) || (err = make_plan(w)) ? err :
		    apply_plan(&w->plan, &w->ss->nl, &why, w->f);
	if (why.op) {
		w->what->object = why.op->object;
		w->what->asked_kernel = true;
	}
	w->what->error = why.error;
	memcpy(w->what->text, why.text, sizeof(why.text));
	return err;
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

static bool
has_refused(const struct settings *s)
{
	for (size_t i = 0; i < s->count; i++)
		if (s->at[i].refused)
			return true;
	return false;
}

static bool
text_same(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

/* The record would say the same as it does. */
static bool
record_is_right(const struct work *w)
{
	for (size_t i = 0; i < w->t->count; i++) {
		const struct claim *c = &w->t->changes[i];
		const struct claim *have = claims_find(&w->ss->record.claims,
		    &c->key);

		if (c->dropped ? have != NULL : !have ||
		    !text_same(have->error, c->error) ||
		    !text_same(have->waits, c->waits) ||
		    have->spelling != c->spelling || have->conf != c->conf ||
		    have->is_static != c->is_static ||
		    addr_cmp(&have->via, &c->via) ||
		    have->table != c->table ||
		    addr_cmp(&have->router, &c->router) ||
		    !settings_equal(&have->settings, &c->settings) ||
		    has_refused(&have->settings) ||
		    has_refused(&c->settings) ||
		    !objects_equal(&have->objects, &c->objects))
			return false;
	}
	return w->others == 0;
}

/* The changes become the record; if it cannot be written, nothing has moved. */
static int
write_done(struct work *w)
{
	struct record *r = &w->ss->record;
	struct claims former = r->claims, done = { 0 };
	int err;

	err = work_list_done(w, &done);
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
		if (work_change_for(w->t, &former.at[i].key))
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
	object_refs_fini(&w->refused);
	objects_fini(&w->stale);
	free(w->shared.at);
	free(w->held);
	plan_fini(&w->plan);
}

/* Where a copy was taken away, or a spare will be. */
static void
remember_gaps(struct work *w)
{
	for (size_t i = 0; i < w->plan.count; i++) {
		const struct op *op = &w->plan.at[i];

		if (op->done && !op->twin &&
		    ((op->verb == OP_DELETE_RULE && op->rule->automatic) ||
		    (op->verb == OP_ADD_RULE && op->object->spare)))
			record_add_gap(&w->ss->record, op->rule->family,
			    op->rule->priority);
	}
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
	if (!idle && (w->t->returns || !(err = write_about_to(w))))
		err = apply_it(w);
	if (err)
		return err;
	if (w->ss->say.verbose)
		tell_ops(&w->ss->out, &w->plan, &w->ss->names);
	work_share_marks(w);
	remember_gaps(w);
	if (idle && record_is_right(w))
		return 0;
	err = write_done(w);
	if (err && !w->t->returns)
		apply_undo(&w->plan, &w->ss->nl);
	return err;
}

/* What stood in the way may be of this work only, which ends here: then it is
 * told by what a claim has of it, or not at all. */
static void
name_obstacle(struct work *w)
{
	struct obstacle *what = w->what;

	if (!what->object)
		return;
	what->object = work_lasting(w, what->object);
	if (!what->object && what->asked_kernel)
		fault_set(w->f, "the kernel refused it: %s", what->text[0] ?
		    what->text : strerror(-what->error));
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
	if (!(err = gather(&w)) && !(err = work_join_hops(&w)) &&
	    !(err = work_list_held(&w)) && !(err = check_devices(&w)) &&
	    !(err = make_plan(&w)))
		err = carry_out(&w);
	if (err && ss->say.verbose && what->object)
		tell_failed(&ss->out, what->object, &ss->names);
	/* Everything was undone: the record must not say otherwise.  Only what
	 * an interrupted run left still stands. */
	if (err && w.written && !t->pending)
		(void)record_write(&ss->record, &ignored);
	if (err)
		name_obstacle(&w);
	work_fini(&w);
	return err;
}
