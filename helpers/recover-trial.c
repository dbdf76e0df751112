/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: take back what is on trial, in the kernel and in the record.
 *
 * The record has said what is to come back since before the first change, so a
 * run that is killed here leaves nothing worse: the next one does it again. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "block.h"
#include "facts.h"
#include "recover-work.h"

#define KEPT_MS	10000	/* a yes is remembered past the end of the time */

/* One return. */
struct returning {
	struct session *ss;
	struct claims back;	/* as they were before */
	struct claims pending;	/* of an interrupted run */
	struct objects stale;
	struct snapshot now;
	bool partial;		/* not all of it could come back */
	struct fault *f;
};

bool
recover_trial_due(struct session *ss)
{
	struct record *r = &ss->record;
	bool over = r->trial.device[0] && record_trial_left(&r->trial) == 0;

	/* Who tried it would have read that by now. */
	if (r->trial.kept && r->trial.until + KEPT_MS < record_clock())
		record_end_trial(r);
	if (!r->trial.device[0] || r->trial.kept)
		return false;
	for (size_t i = 0; i < r->next.count && !over; i++)
		over = record_tries(r, r->next.at[i].device);
	return over;
}

/* Copies of their own, so that the record keeps its words until the end. */
static int
copy_former(struct returning *b)
{
	const struct claims *former = &b->ss->record.former;
	int err = 0;

	for (size_t i = 0; i < former->count && !err; i++) {
		const struct claim *from = &former->at[i];
		struct claim c = {
			.key = from->key, .dropped = from->dropped,
			.parsed = from->dropped, .text = from->text,
			.text_len = from->text_len,
		};

		memcpy(c.device, from->device, sizeof(c.device));
		err = block_parse(&c, &b->ss->names, b->f);
		if (err || !claims_put(&b->back, &c)) {
			claim_fini(&c);
			err = err ? err : -ENOMEM;
		}
	}
	return err;
}

static int
copy_pending(struct returning *b, const char *device)
{
	int err = recover_take_pending(&b->ss->record.next, device,
	    &b->pending);

	for (size_t i = 0; i < b->pending.count && !err; i++)
		err = block_parse(&b->pending.at[i], &b->ss->names, b->f);
	return err ? err : recover_copy_objects(&b->stale, &b->pending);
}

/* A device that is gone holds nothing; its request waits for it. */
static int
empty_out(struct claims *back)
{
	for (size_t i = 0; i < back->count; i++) {
		objects_fini(&back->at[i].objects);
		if (!back->at[i].dropped &&
		    !claim_set_error(&back->at[i], "the device is gone"))
			return -ENOMEM;
	}
	return 0;
}

static bool
leave_out(struct claim *c, size_t at, const struct obstacle *what,
    const struct fault *f)
{
	struct text words = { 0 };
	char why[FAULT_TEXT];
	bool ok;

	block_object(&words, &c->objects.at[at], NULL);
	snprintf(why, sizeof(why), "it could not come back when a trial was "
	    "over: %.400s (%.400s)", words.failed ? "-" : words.at,
	    what->text[0] ? what->text : what->error ?
	    strerror(-what->error) : f->text);
	text_fini(&words);
	ok = claim_set_error(c, why);
	c->objects.count--;
	memmove(&c->objects.at[at], &c->objects.at[at + 1],
	    (c->objects.count - at) * sizeof(*c->objects.at));
	return ok;
}

/* What must not keep the rest from coming back: the one object that was in the
 * way; if it is none of these, a next hop in a route of several claims.  False
 * if there is nothing left to leave out. */
static bool
leave_out_one(struct returning *b, const struct obstacle *what)
{
	for (size_t i = 0; i < b->back.count; i++) {
		struct objects *o = &b->back.at[i].objects;

		for (size_t j = 0; j < o->count; j++)
			if (&o->at[j] == what->object)
				return leave_out(&b->back.at[i], j, what, b->f);
	}
	for (size_t i = 0; i < b->back.count && what->object; i++) {
		struct objects *o = &b->back.at[i].objects;

		for (size_t j = 0; j < o->count; j++)
			if (o->at[j].kind == OBJECT_HOP)
				return leave_out(&b->back.at[i], j, what, b->f);
	}
	return false;
}

static int
bring_back(struct returning *b, const char *device)
{
	struct obstacle what;
	struct transaction t = {
		.device = device, .families = FAMILY_4 | FAMILY_6,
		.now = &b->now, .changes = b->back.at,
		.count = b->back.count, .stale = &b->stale,
		.full = true, .returns = true,
	};
	int err;

	for (;;) {
		b->now.has_tables = false;
		err = transaction_commit(b->ss, &t, &what, b->f);
		if (!err || !leave_out_one(b, &what))
			return err;
		b->partial = true;
	}
}

static void
tell(struct session *ss)
{
	struct say say = ss->say;

	/* Who tries or confirms says it in his own words. */
	say.mute = false;
	if (!ss->tries.id)
		say_note(&say, "%s: what was on trial has been taken back",
		    ss->undone.device);
}

int
recover_trial(struct session *ss, struct fault *f)
{
	struct record *r = &ss->record;
	struct returning b = { .ss = ss, .f = f };
	const struct trial trial = r->trial;
	struct fault ignored;
	int err;

	err = copy_former(&b);
	if (!err)
		err = copy_pending(&b, trial.device);
	if (!err)
		err = facts_read(&b.now, &ss->nl, trial.device,
		    FAMILY_4 | FAMILY_6, f);
	if (!err && b.now.link.ifindex == 0)
		err = empty_out(&b.back);
	/* What a killed return has put there is no stranger's. */
	if (!err)
		err = recover_copy_objects(&b.stale, &b.back);
	if (!err)
		err = bring_back(&b, trial.device);
	if (!err) {
		(void)recover_order(ss, &ignored);
		(void)recover_places(ss, &ignored);
		record_end_trial(r);
		err = record_write(r, f);
	}
	if (err == -ENOMEM)
		fault_set(f, "out of memory");
	if (err) {
		fault_before(f, "%s: what is on trial could not be taken "
		    "back: ", trial.device);
	} else {
		ss->undone = trial;
		ss->undone.again |= b.partial;
		ss->undone_in_part = b.partial;
		tell(ss);
	}
	claims_fini(&b.back);
	claims_fini(&b.pending);
	objects_fini(&b.stale);
	snapshot_fini(&b.now);
	return err;
}

int
recover_before(struct session *ss, const char *device, struct fault *f)
{
	if (ss->dry || ss->tries.id || ss->record.trial.kept ||
	    !record_tries(&ss->record, device))
		return 0;
	return recover_trial(ss, f);
}
