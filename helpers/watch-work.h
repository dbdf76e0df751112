/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: what the parts of watch share. */
#ifndef IFPOLICY_WATCH_WORK_H
#define IFPOLICY_WATCH_WORK_H

#include "nl.h"
#include "watch-rival.h"
#include "watch-stale.h"
#include "watch.h"

#define WATCH_TOLD	16

/* All times are milliseconds since boot; 0: none. */
struct watching {
	struct session *ss;
	struct nl events;
	int signals, lock;	/* descriptors */
	struct stale stale;
	struct rival rival;
	uint32_t named;		/* the port whose name rival has */
	bool files;		/* look at the devices' own files, too */
	struct device_names known;	/* seen with such a file */
	struct device_names failing;	/* their last refresh failed */
	struct device_names once_more;	/* to be tried again at once */
	bool stop;
	bool again;		/* everything, whatever has happened */
	bool shares;		/* a device with a share in a route is stale */
	bool held;		/* a loss waits until rival.until */
	bool failed;		/* the last work could not even look */
	uint64_t began;		/* the last work */
	uint64_t due;		/* the next */
	uint64_t rested;	/* not before */
	uint64_t expiry;	/* something ends without an event */
	uint64_t trial;		/* what is on trial is overdue */
	struct {
		uint64_t hash, at;
	} told[WATCH_TOLD];	/* the last failures, and when */
	size_t told_next;
};

/* Takes notice of the signals that have come. */
void watch_read_signals(struct watching *w);

/* Brings what is stale to how things are. */
void watch_settle(struct watching *w, uint64_t now);

#endif
