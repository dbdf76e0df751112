/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: up, down, refresh, repair: the story of an interface's policy. */
#ifndef IFPOLICY_POLICY_H
#define IFPOLICY_POLICY_H

#include "request.h"
#include "transaction.h"

/* What a run ended with; the numbers are the command's exit status. */
enum outcome {
	OUTCOME_DONE = 0,
	OUTCOME_FAILED = 1,	/* refused or failed, everything as before */
	OUTCOME_BAD_INPUT = 2,
};

/* Brings the claims of one device to their requests.  The claims hold key,
 * settings, router and spelling; they are consumed.  Waits, unlocked, up to the
 * request's `wait` for an address, a gateway or the end of DAD.  A refusal by
 * the kernel is remembered in the record as failed; bad input too if
 * remember_bad (a hook's caller will not tell the user again). */
enum outcome policy_up(struct session *ss, struct claim *claims, size_t count,
    bool remember_bad, struct fault *f);

/* A hook's options could not even be read: the record keeps the reason, what
 * stood before stays.  Always OUTCOME_BAD_INPUT; *f gets *bad with the label. */
enum outcome policy_reject(struct session *ss, struct claim *claims,
    size_t count, const struct fault *bad, struct fault *f);

/* Ends exactly these claims of one device, as far as there are any: their
 * stanzas have no policy any more. */
enum outcome policy_forget(struct session *ss, const struct claim *claims,
    size_t count, struct fault *f);

/* Ends the claims of a label in these families; of a whole device, its labels'
 * too.  What carries our protocol and is the device's but in no record (which
 * was lost) goes as well; `table` (a name or number, NULL for none) helps to
 * find it. */
enum outcome policy_down(struct session *ss, const char *label,
    unsigned families, const char *table, const struct addr *own,
    struct fault *f);

/* Requests of the record once more, of one device or label, or of all (NULL).
 * Failures are told as they come (say_error); the last is also in *f. */
enum outcome policy_refresh(struct session *ss, const char *label,
    struct fault *f);

/* Ends claims of devices that are gone; interrupted work has been ended by
 * taking the lock. */
enum outcome policy_tidy(struct session *ss, struct fault *f);

/* Ends every claim. */
enum outcome policy_down_all(struct session *ss, struct fault *f);

/* The families (FAMILY_*) that settings without a stanza speak for: those they
 * name, else those the device has global addresses of, else IPv4. */
unsigned policy_families(struct session *ss, const struct settings *s,
    const char *device);

#endif
