/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: a process of ours that outlives us: the only fork, and no exec. */
#ifndef IFPOLICY_GUARD_H
#define IFPOLICY_GUARD_H

#include <sys/types.h>

#include "say.h"

struct guard {
	pid_t pid;
	int link;	/* descriptor; reads as ended when it has */
};

/* Starts a process that runs `work` and ends with it.  It is in a session of
 * its own, so that neither a terminal nor a signal to the group of its parent
 * takes it along; it ignores what signals it can but SIGTERM, which is blocked;
 * and it has no descriptor of its parent but `link`: standard streams are
 * /dev/null.  It tells (guard_tell()) when it can begin; until then this waits.
 * 0 or -errno with a fault. */
int guard_start(struct guard *g, void (*work)(void *arg, int link), void *arg,
    struct fault *f);

/* One byte to the other side.  0, or -errno (-EPIPE: it has ended). */
int guard_tell(int link);
/* Bytes that have come, without waiting; 0: none; -EPIPE: the other side has
 * ended. */
int guard_heard(int link);

/* Lets go of it: it learns that nobody is there any more.  `wait`: until it has
 * ended, so that nothing of it is left. */
void guard_leave(struct guard *g, bool wait);

#endif
