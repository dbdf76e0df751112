/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: pure: objects claimed before and now to operations. */
#ifndef IFPOLICY_PLAN_H
#define IFPOLICY_PLAN_H

#include "claim.h"
#include "snapshot.h"

/* In the order of execution: what is added stands before what it needs is
 * deleted, table routes before the rules that lead to them, and on the way
 * down the rules go first. */
enum op_verb {
	OP_SET_SYSCTL,		/* no packet is to take a route over a line
				 * that is cut, not even for a moment */
	OP_GIVE_BACK,		/* a route of somebody else, put in again */
	OP_ADD_TABLE_ROUTE,
	OP_ADD_RULE,
	OP_ADD_MAIN_ROUTE,
	OP_DELETE_RULE,
	OP_TAKE,		/* a route of somebody else, taken out */
	OP_DELETE_MAIN_ROUTE,
	OP_DELETE_TABLE_ROUTE,
	OP_RESTORE_SYSCTL,
	OP_KEEP,		/* nothing to do, for -v */
	OP_FOREIGN,		/* an equal one is somebody else's: used */
};

struct op {
	enum op_verb verb;
	struct object *object;		/* borrowed; its key names the option */
	const struct rule *rule;	/* the rule itself, or one that only had
					 * to step aside (OP_DELETE_RULE) */
	const struct route *replaces;	/* the kernel's, in the same slot */
	bool twin;	/* OP_DELETE_RULE: first put another one of this rule
			 * in, the delete that follows hits the former one;
			 * OP_ADD_RULE: add it though the kernel takes it for
			 * one that exists */
	bool first;	/* OP_GIVE_BACK: in front of others in its slot */
	/* OP_ADD_RULE: what a delete of this rule would hit before it, in the
	 * kernel's order; borrowed rules in the plan's array. */
	const struct rule **in_front;
	size_t in_front_count;
	bool done;			/* filled in by apply */
};

struct plan {
	struct op *at;
	size_t count;
};

/* Objects by reference, so that one claimed twice is planned once. */
struct object_refs {
	struct object **at;
	size_t count;
};

struct plan_input {
	struct object_refs want;	/* resolved: one object a kernel slot */
	struct object_refs old;		/* likewise, of the claims before */
	struct object_refs refused;	/* of lines that are not wanted any
					 * more, in their slots or at all */
	const bool *held;		/* old.count: another device holds it */
	const struct snapshot *now;
};

/* Decides every step.  Also marks wanted objects as foreign or not and carries
 * a sysctl's former value (`was`) over.  0; -EEXIST with a fault when a slot
 * holds something different that is not ours to replace (*conflict tells which
 * wanted object); -ENOMEM.  plan_fini() when done. */
int plan_make(struct plan *out, const struct plan_input *in,
    const struct object **conflict, struct fault *f);
void plan_fini(struct plan *p);

/* True if no step changes the kernel. */
bool plan_is_idle(const struct plan *p);

/* One object a slot out of the claims of one device, in their order: the
 * earliest holder of a slot counts, a later one that only differs in the
 * preferred source stands by.  -EEXIST with a fault when two want different
 * things of one slot; *conflict tells the later one.  -ENOMEM. */
int plan_resolve(struct object_refs *out, struct claim *const *claims,
    size_t count, const struct object **conflict, struct fault *f);
void object_refs_fini(struct object_refs *r);

#endif
