/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: what the parts of one commit share. */
#ifndef IFPOLICY_TRANSACTION_WORK_H
#define IFPOLICY_TRANSACTION_WORK_H

#include "plan.h"
#include "transaction.h"

/* Everything one commit builds and frees. */
struct work {
	struct session *ss;
	struct transaction *t;
	struct obstacle *what;
	struct fault *f;
	struct object_refs want, old, refused;
	struct objects stale;
	struct objects shared;	/* what the hops of several claims make */
	bool *held;
	struct plan plan;
	size_t others;		/* pending claims of other devices */
	bool written;		/* the record says "about to" */
};

/* Sets the fault; -ENOMEM. */
int work_no_memory(struct work *w);

/* The change with this key, or NULL. */
struct claim *work_change_for(const struct transaction *t,
    const struct claim_key *key);

/* False without memory.  One that is there already is not added again. */
bool work_add_ref(struct object_refs *refs, struct object *o);

/* Fill in w->want (-EEXIST with a fault and w->what->object: two want different
 * things of one slot), w->old, and, after these two, w->held. */
int work_list_wanted(struct work *w);
int work_list_old(struct work *w);
int work_list_held(struct work *w);

/* Puts one route in place of the next hops that claims have in common, in
 * w->want, and all that may be in it in w->old.  The tables have been read
 * where there are any (work_has_hops()).  -EEXIST with a fault and
 * w->what->object: this device wants that slot for itself. */
bool work_has_hops(const struct object_refs *refs);
int work_join_hops(struct work *w);

/* An object as a change or a claim of the record has it: itself, of a joint
 * route the share of a change in it; NULL: none has it. */
const struct object *work_lasting(const struct work *w,
    const struct object *o);

/* What plan and apply found out about an object holds for its twins. */
void work_share_marks(struct work *w);

/* The claims as they are to be, borrowed from record and changes, in *out. */
int work_list_done(struct work *w, struct claims *out);

#endif
