/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: who keeps deleting what is ours, and how long to leave it to him. */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "watch-rival.h"

#define TIMES		5		/* put back within */
#define SPAN		10000		/* this many ms: that is a fight */
#define PAUSE_FIRST	5000
#define PAUSE_LAST	300000
#define PEACE		60000		/* so long without: forgotten */
#define COMM_MAX	64

void
rival_name(struct rival *r, uint32_t port)
{
	char path[40], *comm;

	snprintf(path, sizeof(path), "/proc/%u/comm", port);
	if (port > INT32_MAX || file_read(&comm, path, COMM_MAX)) {
		snprintf(r->name, sizeof(r->name), "a process that is gone "
		    "(netlink port %u)", port);
		return;
	}
	comm[strcspn(comm, "\n")] = '\0';
	for (char *c = comm; *c; c++)
		if (*c < ' ' || *c > '~')
			*c = '?';
	snprintf(r->name, sizeof(r->name), "%.20s (process %u)", comm, port);
	free(comm);
}

static const char *
remedy(const char *name)
{
	if (!strncmp(name, "systemd-network", 15))
		return "; ManageForeignRoutingPolicyRules=no and "
		    "ManageForeignRoutes=no in networkd.conf keep it off";
	return "; make it leave alone what has protocol 173";
}

bool
rival_may_answer(struct rival *r, uint32_t port, uint64_t now,
    const struct say *say)
{
	if (now < r->until)
		return false;
	if (now - r->last > PEACE + r->pause)
		memset(r, 0, offsetof(struct rival, name));
	if (r->times == 0 || now - r->since > SPAN) {
		r->times = 0;
		r->since = now;
	}
	r->last = now;
	if (r->times++ < TIMES)
		return true;
	if (port && !r->name[0])
		rival_name(r, port);
	r->pause = r->pause ? r->pause * 2 : PAUSE_FIRST;
	if (r->pause > PAUSE_LAST)
		r->pause = PAUSE_LAST;
	r->until = now + r->pause;
	r->times = 0;
	say_error(say, "watch: rules or routes of ours were deleted again and "
	    "again, the last time by %s: not put back for %u seconds%s",
	    r->name[0] ? r->name : "the kernel", (unsigned)(r->pause / 1000),
	    remedy(r->name));
	return false;
}
