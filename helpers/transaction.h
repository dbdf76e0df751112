/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: one change of one device's claims: record, kernel, record. */
#ifndef IFPOLICY_TRANSACTION_H
#define IFPOLICY_TRANSACTION_H

#include "claim.h"
#include "names.h"
#include "nl.h"
#include "record.h"
#include "say.h"
#include "snapshot.h"
#include "text.h"

/* What a run ended with; the numbers are the command's exit status. */
enum outcome {
	OUTCOME_DONE = 0,
	OUTCOME_FAILED = 1,	/* refused or failed, everything as before */
	OUTCOME_BAD_INPUT = 2,
};

/* What a run applies on trial. */
struct tried {
	uint64_t id;		/* 0: what it applies is there to stay */
	uint32_t seconds;
	uint64_t until;		/* filled in when it begins; 0: not yet */
};

/* What one run of a program works with. */
struct session {
	struct say say;
	bool dry;		/* print what would be sent, change nothing */
	struct names names;
	struct settings defaults;	/* the host's, once they were read */
	bool has_defaults;
	struct nl nl;
	struct record record;
	struct text out;	/* for stdout: -n and -v lines */
	/* Addresses that are about to go count as gone: those of this label,
	 * or all of this device; NULL for none. */
	const char *leaving;
	struct addr leaving_too;	/* and this one; family 0: none */
	bool fails;		/* what failed asked a hook to say so by its
				 * exit status */
	struct tried tries;
	struct trial undone;	/* what was on trial and this run has taken
				 * back; no device: nothing */
	bool undone_in_part;	/* not all of it: the claims say what */
	bool robbed;		/* another program has put what a file asks for
				 * in the slot of another device's claim: that
				 * one must be refreshed */
};

/* Opens the netlink socket.  0 or -errno with a fault.  session_fini() in any
 * case. */
int session_init(struct session *ss, struct fault *f);

/* Reads the host's defaults, once: only who checks a request needs them, a down
 * never reads them.  False with a fault; what could be read is kept. */
bool session_defaults(struct session *ss, struct fault *f);

/* Writes what there is for stdout. */
void session_flush(struct session *ss);

void session_fini(struct session *ss);

struct transaction {
	const char *device;
	unsigned families;	/* FAMILY_4 | FAMILY_6 */
	struct snapshot *now;	/* of facts_read() */
	struct claim *changes;	/* with their objects, or marked dropped */
	size_t count;
	const struct objects *stale;	/* more that may be ours and is not
					 * wanted; NULL for none */
	const struct claims *restore;	/* keys of claims whose objects are to
					 * be put back; NULL for none */
	const struct claims *pending;	/* what an interrupted run was about to
					 * do: the record says so until this
					 * is done, even if it fails; NULL for
					 * none */
	bool full;		/* look at the tables even on a first up */
	bool returns;		/* to what was before a trial: the record tells
				 * that already, and if it cannot be written
				 * after, the kernel stays returned */
};

/* What stood in the way. */
struct obstacle {
	const struct object *object;	/* of a change; NULL: no one object */
	bool asked_kernel;		/* error and text are the kernel's */
	int error;
	char text[NL_TEXT];
};

/* Brings kernel and record from the claims as they are to the claims with the
 * changes: plan, record "about to", apply, record "done".  On success the
 * changes are moved into the record (and zeroed).  On failure (-errno) kernel
 * and record are as before and the obstacle is named; for one that is not the
 * kernel's the fault says why.  -ESTALE, with nothing done: the kernel holds
 * rules of ours, the record no claim and the caller gave nothing as stale (see
 * recover_unrecorded()).  The session is locked, unless dry. */
int transaction_commit(struct session *ss, struct transaction *t,
    struct obstacle *what, struct fault *f);

#endif
