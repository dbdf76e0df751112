/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: carry a plan out in the kernel, all of it or nothing. */
#ifndef IFPOLICY_APPLY_H
#define IFPOLICY_APPLY_H

#include "nl.h"
#include "plan.h"

/* Why it stopped. */
struct refusal {
	const struct op *op;	/* NULL: the conversation itself broke */
	int error;		/* -errno */
	char text[NL_TEXT];	/* the kernel's words, may be empty */
};

/* Executes the operations in their order and marks each as done.  Everything is
 * encoded before the first change.  A refused one: all that this call did is
 * undone in reverse and -errno returned with *why filled in (-EEXIST: something
 * is there that the snapshot did not show; read full facts and plan again).  A
 * refused line of a file is only marked, its op stays undone.  An
 * object that is already gone is no error for a delete; a route that cannot be
 * given back is none either (its op stays undone). */
int apply_plan(struct plan *p, struct nl *nl, struct refusal *why,
    struct fault *f);

/* Undoes, in reverse, what apply_plan() has done: the record could not be
 * written.  Best effort. */
void apply_undo(struct plan *p, struct nl *nl);

#endif
