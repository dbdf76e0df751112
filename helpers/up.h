/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: up: claims of one device come to what their requests ask for. */
#ifndef IFPOLICY_UP_H
#define IFPOLICY_UP_H

#include "request.h"
#include "transaction.h"

#define UP_REMEMBER_BAD		1u	/* record why input was bad, for hooks,
					 * whose caller may not tell anybody */
#define UP_REFRESH		2u	/* as things are: what cannot stand now
					 * is left out; a device that vanished
					 * keeps its request but no objects */
#define UP_SOLE			4u	/* these are all that their label has of
					 * their kind (options or files): other
					 * claims of it end */
#define UP_NOWAIT		16u	/* nor for the end of DAD */
#define UP_QUIET		8u	/* refused lines of files are recorded
					 * but not told */

/* Brings the claims of one device to their requests.  The claims hold key,
 * settings, router and spelling; they are consumed.  Waits, unlocked, up to the
 * request's `wait` for an address, a gateway or the end of DAD.  A refusal by
 * the kernel is remembered in the record as failed. */
enum outcome up_run(struct session *ss, struct claim *claims, size_t count,
    unsigned flags, struct fault *f);

/* A hook's options could not even be read: the record keeps the reason, what
 * stood before stays.  Always OUTCOME_BAD_INPUT; *f gets *bad and the label. */
enum outcome up_reject(struct session *ss, struct claim *claims, size_t count,
    const struct fault *bad, struct fault *f);

/* Tells of the lines of the label's files that could not be had, as the record
 * that was read has them.  True if there are any. */
bool up_tell_refused(const struct session *ss, const char *label);

/* Brings what somebody asks for a label, without a stanza, to the kernel: one
 * claim a family (FAMILY_*), the one that is there already where there is
 * exactly one of that family.  `conf`: they come from the device's own file.
 * `bad`: NULL, or why the settings could not be read; then that is recorded. */
enum outcome up_label(struct session *ss, const char *label,
    unsigned families, enum spelling spelling, bool conf,
    const struct settings *s, const struct fault *bad, unsigned flags,
    struct fault *f);

/* Key and request of a claim, without its objects.  False without memory. */
bool up_copy_request(struct claim *to, const struct claim *from);

/* The families (FAMILY_*) that settings without a stanza speak for: those they
 * name, else those the device has global addresses of, else IPv4. */
unsigned up_families(struct session *ss, const struct settings *s,
    const char *device);

#endif
