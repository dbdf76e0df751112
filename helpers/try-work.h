/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: what the parts of a trial share. */
#ifndef IFPOLICY_TRY_WORK_H
#define IFPOLICY_TRY_WORK_H

#include "try.h"

/* What ended the waiting. */
enum answer {
	ANSWER_YES,		/* Enter */
	ANSWER_NO,		/* Ctrl-C, SIGTERM, "no" */
	ANSWER_LATE,		/* the time is over */
	ANSWER_KEPT,		/* another process has confirmed it */
	ANSWER_GONE,		/* another process has taken it back */
	ANSWER_ALONE,		/* the guarding process has died */
};

/* Waits for one of these; `link` leads to the guarding process. */
enum answer try_ask(const struct session *ss, const struct trial *t, int link);

/* The guarding process: until the trial with this id is over, whoever ends it.
 * `arg` is a struct trial of which the id and the device count. */
void try_guard(void *arg, int link);

/* Under the lock: what is on trial stays.  0 or -errno with a fault. */
int try_keep(struct session *ss, struct fault *f);

/* Without the lock: a refresh that came while it was on trial is made up for.
 * `t` is the trial as it was at its end. */
void try_refresh(struct session *ss, const struct trial *t);

/* Looks at the record without its lock.  False if that trial is not (or no
 * more) in it; true if nobody can tell. */
bool try_pends(const struct session *ss, uint64_t id, struct trial *now);

#endif
