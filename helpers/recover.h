/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: begin a run under the lock, ending what an interrupted one left. */
#ifndef IFPOLICY_RECOVER_H
#define IFPOLICY_RECOVER_H

#include "transaction.h"

/* Takes the lock (not for a dry run), reads the record and ends the work of a
 * run that was killed between "about to" and "done"; takes back what is on
 * trial if its time is over (ss->undone).  0 or -errno with a fault
 * (-EBADMSG: the record is damaged). */
int session_lock(struct session *ss, struct fault *f);

/* Under the lock: takes back what a device has on trial, so that all is as it
 * was before: what was saved of the record, in the kernel and in the record.
 * What the kernel does not take any more (an address is gone) is left out, and
 * the claim says so.  0 or -errno with a fault. */
int recover_trial(struct session *ss, struct fault *f);

/* Somebody brings a device up or down: what it has on trial is taken back
 * first, so that his result is what it would be without.  Not by the run that
 * tries.  0 or -errno with a fault. */
int recover_before(struct session *ss, const char *device, struct fault *f);

/* Notes, for a trial that begins, in what order rules of one priority stand,
 * and which of the kernel's subnet routes comes first.  0 or -errno with a
 * fault. */
int recover_note_order(struct session *ss, struct fault *f);

/* Forgets the record's content and lets the lock go. */
void session_unlock(struct session *ss);

/* Ends pending work, device by device: finishes it, or, where the kernel
 * refuses that now, goes back.  0 or -errno with a fault. */
int recover(struct session *ss, struct fault *f);

/* Collects what carries our protocol and is this device's (adopt()) but is held
 * by no claim: the record was lost.  Replaces the snapshot's routes.  0 or
 * -errno with a fault. */
int recover_unrecorded(struct session *ss, struct snapshot *now,
    unsigned families, uint32_t table, const struct addr *own,
    struct objects *stale, struct fault *f);

#endif
