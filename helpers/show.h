/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: claims and how they stand, for people and for programs. */
#ifndef IFPOLICY_SHOW_H
#define IFPOLICY_SHOW_H

#include "transaction.h"

/* What to look at. */
struct scope {
	const char *label;	/* a device or label; NULL: all */
	unsigned families;	/* FAMILY_4 | FAMILY_6 */
	bool json;
};

/* Appends every claim that is meant to ss->out: options,
 * table, rules, routes, sysctls, each with its standing in the
 * kernel.  *drift is set if anything is missing, changed or failed.  Reads the
 * record without the lock: it is replaced whole.  0 or -errno with a fault. */
int show(struct session *ss, const struct scope *scope, bool *drift,
    struct fault *f);

/* Appends only what is not as claimed: failed requests, missing and changed
 * objects, an interrupted run, objects of ours that no claim holds. */
int check(struct session *ss, const struct scope *scope, bool *drift,
    struct fault *f);

#endif
