/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: try: an up that is taken back unless somebody says yes in time.
 *
 * The record says what is to come back before anything is changed, and a
 * process that guards it is there before that.  So whoever dies, and when, one
 * of three takes it back: this process, the guarding one, or the next run of
 * any program of ours. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <time.h>

#include "guard.h"
#include "recover.h"
#include "refresh.h"
#include "tables.h"
#include "try-work.h"
#include "try.h"
#include "up.h"

#define SETTLE_MS	3000	/* for the other process to see a yes */
#define LOOK_MS		20

bool
try_pends(const struct session *ss, uint64_t id, struct trial *now)
{
	return record_peek_trial(&ss->record, now) || now->id == id;
}

/* The names of new tables, which only the record has had so far. */
static int
learn_names(struct session *ss, struct fault *f)
{
	const struct record *r = &ss->record;
	int err = 0;

	for (size_t i = 0; i < r->former.count && !err; i++) {
		struct claim *c = claims_find(&r->claims,
		    &r->former.at[i].key);

		if (c)
			err = tables_learn(ss, c, f);
	}
	return err;
}

int
try_keep(struct session *ss, struct fault *f)
{
	int err = learn_names(ss, f);

	if (err)
		return err;
	record_end_trial(&ss->record);
	err = record_write(&ss->record, f);
	if (!err)
		tables_publish(ss);
	return err;
}

void
try_refresh(struct session *ss, const struct trial *t)
{
	struct fault told;

	/* This one is there to stay. */
	memset(&ss->tries, 0, sizeof(ss->tries));
	if (t->again)
		(void)refresh_run(ss, t->device, UP_QUIET | UP_NOWAIT, &told);
}

/* ---- confirm ----------------------------------------------------------- */

static int
check_name(const struct trial *t, const char *label, struct fault *f)
{
	char quoted[QUOTE_TEXT];
	struct claim named;

	if (!label)
		return 0;
	if (!claim_init(&named, label, AF_INET, NULL)) {
		fault_set(f, "%s is no name of an interface",
		    say_quote(quoted, label));
		return -EINVAL;
	}
	if (!strcmp(named.device, t->device))
		return 0;
	fault_set(f, "%s has nothing on trial, but %s has", label, t->device);
	return -ENOENT;
}

static int
mark_kept(struct session *ss, const char *label, struct fault *f)
{
	struct trial *t = &ss->record.trial;
	int err;

	if (ss->undone.device[0]) {
		fault_set(f, "too late: what was on trial on %s has been taken "
		    "back", ss->undone.device);
		return -ETIME;
	}
	if (!t->device[0]) {
		fault_set(f, "nothing is on trial (what nobody confirms in "
		    "time is taken back)");
		return -ENOENT;
	}
	err = check_name(t, label, f);
	if (err)
		return err;
	t->kept = true;
	return record_write(&ss->record, f);
}

static void
pause_ms(long ms)
{
	struct timespec t = { .tv_nsec = ms * 1000000 };

	nanosleep(&t, NULL);
}

enum outcome
try_confirm(struct session *ss, const char *label, struct fault *f)
{
	struct trial t, now;
	int err;

	ss->tries.id = 1;
	err = session_lock(ss, f);
	if (!err)
		err = mark_kept(ss, label, f);
	t = ss->record.trial;
	session_unlock(ss);
	if (err)
		return err == -EINVAL ? OUTCOME_BAD_INPUT : OUTCOME_FAILED;
	/* Who tries it wants to read that.  If he is dead, or sleeps, it is
	 * finished here. */
	for (int i = 0; i < SETTLE_MS / LOOK_MS &&
	    try_pends(ss, t.id, &now); i++)
		pause_ms(LOOK_MS);
	err = session_lock(ss, f);
	if (!err && ss->record.trial.id == t.id) {
		t = ss->record.trial;
		err = try_keep(ss, f);
	} else {
		t.again = false;
	}
	session_unlock(ss);
	if (err)
		return OUTCOME_FAILED;
	say_note(&ss->say, "%s: confirmed, it stays", t.device);
	try_refresh(ss, &t);
	return OUTCOME_DONE;
}

/* ---- try --------------------------------------------------------------- */

/* The end as this process has it.  0: as it was to be. */
static int
conclude(struct session *ss, struct trial *t, enum answer *answer,
    struct fault *f)
{
	struct record *r = &ss->record;
	int err = session_lock(ss, f);

	if (err)
		goto out;
	if (r->trial.id == t->id) {
		*t = r->trial;
		if (t->kept)
			*answer = ANSWER_KEPT;
		err = t->kept || *answer == ANSWER_YES ? try_keep(ss, f) :
		    recover_trial(ss, f);
	} else {
		if (*answer != ANSWER_KEPT)
			*answer = record_trial_left(t) ? ANSWER_GONE :
			    ANSWER_LATE;
		t->again = ss->undone.id == t->id && ss->undone.again;
	}
out:
	session_unlock(ss);
	return err;
}

static const char *
reason(enum answer answer)
{
	switch (answer) {
	case ANSWER_LATE:
		return "not confirmed in time";
	case ANSWER_GONE:
		return "somebody has brought the interface up or down, or "
		    "taken this back";
	case ANSWER_ALONE:
		return "the process that guards it has died";
	default:
		return "not confirmed";
	}
}

static enum outcome
finish(struct session *ss, struct guard *g, struct trial *t,
    enum answer answer, struct fault *f)
{
	pid_t pid = g->pid;
	int err = conclude(ss, t, &answer, f);

	/* If it is on trial still, that one goes on trying. */
	if (err)
		(void)guard_tell(g->link);
	guard_leave(g, !err);
	if (err && answer != ANSWER_ALONE)
		fault_after(f, "; process %d goes on trying to take it back",
		    (int)pid);
	if (err)
		return OUTCOME_FAILED;
	try_refresh(ss, t);
	if (answer == ANSWER_YES || answer == ANSWER_KEPT) {
		say_note(&ss->say, "%s: confirmed, it stays", t->device);
		return OUTCOME_DONE;
	}
	say_error(&ss->say, "%s: %s: %s", t->device, reason(answer),
	    ss->undone_in_part ? "taken back, but for what ifpolicy show "
	    "tells" : answer == ANSWER_GONE ? "it is not on trial any more" :
	    "everything is as it was before");
	return OUTCOME_FAILED;
}

/* It has failed, perhaps after a part of it was on trial. */
static void
abandon(struct session *ss, struct guard *g, struct trial *t)
{
	enum answer answer = ANSWER_NO;
	struct fault ignored;
	int err = 0;

	if (ss->tries.until)
		err = conclude(ss, t, &answer, &ignored);
	/* That one has not been told that it may wait. */
	guard_leave(g, !err);
}

static enum outcome
apply(struct session *ss, const struct wish_tried *w, struct fault *f)
{
	return up_label(ss, w->label, w->families, w->spelling,
	    w->spelling == SPELL_INTERFACES, w->settings, NULL, 0, f);
}

static uint64_t
make_id(void)
{
	struct timespec t = { .tv_nsec = 1 };

	(void)clock_gettime(CLOCK_BOOTTIME, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

enum outcome
try_run(struct session *ss, const struct wish_tried *w, struct fault *f)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN };
	struct trial trial = { .id = make_id() };
	struct guard guard;
	enum outcome outcome;
	struct claim named;

	if (ss->dry) {
		outcome = apply(ss, w, f);
		if (outcome == OUTCOME_DONE)
			text_fmt(&ss->out, "# and all of it back after %u s, "
			    "unless confirmed\n", w->seconds);
		return outcome;
	}
	if (!claim_init(&named, w->label, AF_INET, NULL)) {
		fault_set(f, "no such name");
		return OUTCOME_BAD_INPUT;
	}
	memcpy(trial.device, named.device, sizeof(trial.device));
	/* Nobody may read what it says. */
	(void)sigaction(SIGPIPE, &ignore, NULL);
	if (guard_start(&guard, try_guard, &trial, f))
		return OUTCOME_FAILED;
	ss->say.syslog = true;
	ss->tries.id = trial.id;
	ss->tries.seconds = w->seconds;
	outcome = apply(ss, w, f);
	if (outcome != OUTCOME_DONE) {
		abandon(ss, &guard, &trial);
		return outcome;
	}
	trial.until = ss->tries.until;
	session_flush(ss);
	return finish(ss, &guard, &trial, try_ask(ss, &trial, guard.link), f);
}
