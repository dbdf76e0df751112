/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: what the parts of recovery share. */
#ifndef IFPOLICY_RECOVER_WORK_H
#define IFPOLICY_RECOVER_WORK_H

#include "recover.h"

/* Moves the pending claims of a device out of the record.  -ENOMEM. */
int recover_take_pending(struct claims *next, const char *device,
    struct claims *mine);

/* Adds copies of all objects of these claims.  -ENOMEM. */
int recover_copy_objects(struct objects *to, const struct claims *from);

/* Whether what is on trial must be taken back: its time is over, or a run that
 * changed the device was interrupted.  One that was confirmed is forgotten. */
bool recover_trial_due(struct session *ss);

/* Puts rules of ours in the order again that was noted. */
int recover_order(struct session *ss, struct fault *f);

/* Notes which subnet routes come first; puts them there again. */
int recover_note_places(struct session *ss, struct fault *f);
int recover_places(struct session *ss, struct fault *f);

#endif
