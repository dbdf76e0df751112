/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: the record of all claims of one network namespace, and its lock. */
#ifndef IFPOLICY_RECORD_H
#define IFPOLICY_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "claim.h"
#include "snapshot.h"
#include "text.h"

#define RECORD_DIR	"/run/ifpolicy"
#define RECORD_PATH	64
#define RECORD_GAPS	64	/* remembered; older ones are forgotten */
#define RECORD_MAX	(64 * 1024 * 1024)	/* bytes; more is not ours */

struct claims {
	struct claim *at;
	size_t count;
};

/* What one device has on trial: taken back when its time is over. */
struct trial {
	char device[IFNAMSIZ];	/* empty: nothing is on trial */
	uint64_t until;		/* milliseconds since boot */
	uint64_t id;		/* no other trial had or will have it */
	bool kept;		/* confirmed: it only has to be forgotten */
	bool again;		/* a refresh of the device came meanwhile: the
				 * former claims have missed it */
};

/* The file as read.  `next` is not empty when a run was interrupted between
 * "about to" and "done": the claims as they were to become, those to end
 * marked dropped. */
struct record {
	char path[RECORD_PATH];
	int lock;		/* descriptor, or -1 */
	int patience;		/* seconds to wait for it; 0: the usual 30 */
	bool busy;		/* that was not long enough, the last time */
	char *text;
	size_t text_len;
	struct claims claims, next;
	/* Where rules stood that another program had added for lines of files
	 * and that were taken away: those below them are its, too. */
	struct gap gap[RECORD_GAPS];
	size_t gaps;
	struct trial trial;
	struct claims former;	/* those that the trial replaced, unparsed; one
				 * that it added is marked dropped */
	struct text order;	/* lines of rules that share a priority with
				 * theirs, in the kernel's order before */
	struct text saved;	/* what the former ones borrow if not `text` */
};

/* Names the file after the namespace (SO_NETNS_COOKIE, Linux 5.14; its inode
 * before).  Opens nothing of ours.  fd is any socket, or -1.  0 or -errno with
 * a fault: another name would be another record. */
int record_init(struct record *r, int fd, struct fault *f);
void record_fini(struct record *r);

/* Forgets what was read, but keeps the lock. */
void record_forget(struct record *r);

/* Cheap look for the hooks: is there a record at all, and does it mention this
 * device, a label of it, or (device NULL) any claim, or is anything on trial,
 * whose time may be over?  An unreadable record counts as yes, so that somebody
 * looks. */
bool record_mentions(const struct record *r, const char *device);

/* Makes the directory and takes the lock, waiting for it.
 * 0, or -errno with a fault (-ETIMEDOUT, -EACCES, -EROFS, ...). */
int record_lock(struct record *r, struct fault *f);
void record_unlock(struct record *r);

/* Takes the lock of the one process that watches over this namespace; the
 * descriptor, to be kept open, or -errno with a fault (-EBUSY: there is one
 * already, its pid is told). */
int record_lock_watch(const struct record *r, struct fault *f);

/* Reads the file; a missing one is an empty record.  Claims are only
 * delimited, not parsed.  -EBADMSG with a fault that tells the way out if it
 * cannot be understood or was cut short. */
int record_read(struct record *r, struct fault *f);

/* Keeps what can be understood of a damaged record, claim by claim; *lost
 * gets the number of claims or pieces that could not be.  0 or -errno. */
int record_salvage(struct record *r, size_t *lost, struct fault *f);

/* Writes claims and next (if any) aside, syncs, renames.  A record without any
 * claim is removed instead.  0 or -errno with a fault; the old file stays. */
int record_write(struct record *r, struct fault *f);

/* Milliseconds since boot, time asleep included: what trial.until counts. */
uint64_t record_clock(void);

/* Puts what these claims (keys) replace or add on trial: saves the record's
 * claims of their keys as they are.  Nothing may be on trial.  The claims that
 * are read by hand now and written with the next record_write().  False without
 * memory. */
bool record_begin_trial(struct record *r, const struct trial *t,
    const struct claim *claims, size_t count);
/* Nothing is on trial any more. */
void record_end_trial(struct record *r);
/* Whether this device has something on trial. */
bool record_tries(const struct record *r, const char *device);
/* Whether a claim of that key is what is on trial. */
bool record_tries_claim(const struct record *r, const struct claim_key *key);
/* Seconds that are left, rounded up; 0: the time is over. */
uint32_t record_trial_left(const struct trial *t);
/* A look at the file without its lock, at its first line only: what is on
 * trial.  0, or -errno if it cannot be read. */
int record_peek_trial(const struct record *r, struct trial *t);

/* Remembers a gap, once. */
void record_add_gap(struct record *r, int family, uint32_t priority);

/* 1 if another claim than those of `device` holds exactly this object, else 0;
 * -ENOMEM.  Claims that were not parsed are searched as text. */
int record_held_elsewhere(const struct record *r, const struct object *o,
    const char *device);

/* True if every next hop of a route of main is some claim's share in it. */
bool record_shares(const struct record *r, const struct route *route);

struct claim *claims_find(const struct claims *c, const struct claim_key *key);
/* Takes over *claim (and zeroes it), replacing the one of the same key or at
 * the end.  False without memory. */
bool claims_put(struct claims *c, struct claim *claim);
void claims_remove(struct claims *c, const struct claim_key *key);
void claims_fini(struct claims *c);

#endif
