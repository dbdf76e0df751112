/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: the process that takes a trial back when nobody else can.
 *
 * It waits for the end of the trial, not of its parent: whoever has lost his
 * connection may come back by another one and confirm. */
#include <sys/signalfd.h>

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "guard.h"
#include "recover.h"
#include "try-work.h"

#define LOOK_MS		1000
#define GIVE_UP_MS	3600000	/* past the end; an hour of failures */

struct guarding {
	struct session ss;
	const struct trial *trial;
	int link, signals;
	bool armed;		/* the parent has applied it whole */
	bool orphan;		/* the parent has ended */
	bool begun;		/* the record has had it */
	bool told;		/* a failure */
	bool now;		/* asked to take it back at once */
};

static void
wait_a_moment(struct guarding *g, uint64_t until)
{
	struct pollfd on[2] = {
		{ .fd = g->orphan ? -1 : g->link, .events = POLLIN },
		{ .fd = g->signals, .events = POLLIN },
	};
	struct signalfd_siginfo info;
	uint64_t now = record_clock();
	int wait = LOOK_MS, heard;

	if (until > now && until - now < LOOK_MS)
		wait = (int)(until - now);
	(void)poll(on, 2, wait);
	if (on[0].revents) {
		heard = guard_heard(g->link);
		/* The first word: it is applied whole; the next: it is to be
		 * taken back, and the parent could not. */
		g->now |= heard > 1 || (heard > 0 && g->armed);
		g->armed |= heard > 0;
		g->orphan |= heard < 0;
	}
	if (on[1].revents && read(g->signals, &info, sizeof(info)) > 0)
		g->now = true;
}

/* Under the lock, for whatever reason.  False: it is still on trial. */
static bool
end_it(struct guarding *g)
{
	struct session *ss = &g->ss;
	struct trial last = { .again = false };
	struct fault f;
	int err = session_lock(ss, &f);

	if (!err && ss->record.trial.id == g->trial->id) {
		last = ss->record.trial;
		err = last.kept ? try_keep(ss, &f) : recover_trial(ss, &f);
	}
	session_unlock(ss);
	if (err && !g->told)
		say_error(&ss->say, "%s; it is tried again", f.text);
	g->told |= err != 0;
	if (err)
		return false;
	if (ss->undone.id == g->trial->id) {
		last = ss->undone;
		say_note(&ss->say, "%s: not confirmed, what was on trial has "
		    "been taken back", last.device);
	}
	try_refresh(ss, &last);
	return true;
}

/* One look.  False: nothing is left to guard. */
static bool
go_on(struct guarding *g, uint64_t *until)
{
	struct trial now = { .until = 0 };
	bool over;

	if (!try_pends(&g->ss, g->trial->id, &now))
		return !g->begun && !g->armed && !g->orphan;
	/* Unreadable for now, or damaged. */
	if (now.id != g->trial->id)
		return *until == 0 ? !g->orphan :
		    record_clock() < *until + GIVE_UP_MS;
	g->begun = true;
	*until = now.until;
	over = record_trial_left(&now) == 0;
	if (now.kept && !g->orphan && !over)
		return true;
	if (!over && !now.kept && !g->now && (!g->orphan || g->armed))
		return true;
	if (end_it(g))
		return false;
	return record_clock() < now.until + GIVE_UP_MS;
}

void
try_guard(void *arg, int link)
{
	struct guarding g = {
		.trial = arg, .link = link, .signals = -1,
		.ss = { .say.syslog = true, .tries.id = 1 },
	};
	struct fault f;
	uint64_t until = 0;
	sigset_t term;

	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	g.signals = signalfd(-1, &term, SFD_CLOEXEC | SFD_NONBLOCK);
	if (g.signals < 0 || session_init(&g.ss, &f) || guard_tell(link))
		return;
	do
		wait_a_moment(&g, until);
	while (go_on(&g, &until));
	session_fini(&g.ss);
}
