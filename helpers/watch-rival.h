/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: who keeps deleting what is ours, and how long to leave it to him. */
#ifndef IFPOLICY_WATCH_RIVAL_H
#define IFPOLICY_WATCH_RIVAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "say.h"

#define RIVAL_NAME	64

/* All times are in milliseconds of one clock. */
struct rival {
	unsigned times;		/* put back lately */
	uint64_t since;		/* when these began */
	uint64_t last;		/* the last of them */
	uint64_t pause;		/* how long the last back-off was; 0 none */
	uint64_t until;		/* nothing is put back before */
	char name[RIVAL_NAME];	/* who did it last */
};

/* Somebody (a netlink port) has deleted something of ours.  True if it is to be
 * put back now; false: not before r->until.  The first false of a back-off is
 * told. */
bool rival_may_answer(struct rival *r, uint32_t port, uint64_t now,
    const struct say *say);

/* While his process is still there: "dhclient (process 612)" of the port that
 * is its pid, as that of a process' first socket mostly is. */
void rival_name(struct rival *r, uint32_t port);

#endif
