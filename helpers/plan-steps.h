/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: what the parts of the planner share while they make one plan. */
#ifndef IFPOLICY_PLAN_STEPS_H
#define IFPOLICY_PLAN_STEPS_H

#include "plan.h"

struct planning {
	struct plan *out;
	const struct plan_input *in;
	const struct object **conflict;
	struct fault *f;
	const struct rule **rules;	/* as they stand after the steps so
					 * far, in the kernel's order */
	size_t rule_count;
};

/* A new last step; NULL without memory. */
struct op *plan_step(struct planning *k, enum op_verb verb, struct object *o);
/* The same where nothing more is to be said about it: 0 or -ENOMEM. */
int plan_add(struct planning *k, enum op_verb verb, struct object *o);

/* The fault says why an object cannot be had: a line of a file stands alone and
 * is marked, if it is at hand (0); anything else fails with all of its claim
 * (-EEXIST). */
int plan_refuse(struct planning *k, const struct object *o);

/* Put in by the program that applies the same file. */
bool plan_adoptable(const struct object *o, uint8_t protocol);

/* The steps that bring a wanted rule into the kernel, and one that ends out of
 * it.  0 or -ENOMEM. */
int plan_want_rule(struct planning *k, struct object *o);
int plan_drop_rule(struct planning *k, struct object *o);

/* The indices of what was claimed in the order in which it is dropped; NULL
 * without memory. */
size_t *plan_drop_order(const struct object_refs *old,
    const struct snapshot *now);
/* Brings the steps into the order in which they are carried out. */
void plan_sort(struct plan *p);

/* The object of a slot, or NULL. */
struct object *plan_find_slot(const struct object_refs *refs,
    const struct object *o);

#endif
