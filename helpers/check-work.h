/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: what the files of the room check share. */
#ifndef IFPOLICY_CHECK_WORK_H
#define IFPOLICY_CHECK_WORK_H

#include "check.h"
#include "conflict.h"
#include "host.h"
#include "unbound.h"

#define KINDS	(OBJECT_HOP + 1)	/* of enum object_kind */

/* What is counted of one claim. */
struct tally {
	bool meant;
	enum claim_state state;
	unsigned drift[KINDS];	/* missing or changed */
	unsigned refused;	/* lines of files */
};

struct checking {
	struct session *ss;
	const struct scope *scope;
	enum check_form form;
	size_t items;		/* findings so far */
	struct host host;
	struct conflicts conflicts;
	struct tally *tallies;	/* of the record's claims */
	unsigned interrupted, unclaimed;
};

/* One thing that is not as it should be.  `claim` NULL: no interface's.
 * `breaks` and `remedy` may be NULL. */
struct finding {
	const struct claim *claim;
	const char *what, *kind;	/* "missing" "rule" */
	const char *words;
	const char *breaks, *remedy;
	bool later;		/* people are told the remedy once, behind
				 * several: check_remedy() */
};

/* Tells it, for people or as JSON; nothing for metrics. */
void check_tell(struct checking *k, const struct finding *finding);

/* "    do         ifpolicy refresh eth0", for people. */
void check_remedy(struct checking *k, const char *remedy);

/* Whether a conflict is of what is meant. */
bool check_is_meant(const struct checking *k, const struct conflict *c);

/* Appends the metrics.  False without memory. */
bool check_metrics(struct checking *k);

#endif
