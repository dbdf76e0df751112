/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: down: claims end, and with them exactly what up had added. */
#ifndef IFPOLICY_DOWN_H
#define IFPOLICY_DOWN_H

#include "transaction.h"

/* Ends the claims of a label in these families; of a whole device, its labels'
 * too.  What carries our protocol and is the device's but in no record (which
 * was lost) goes as well; `table` (a name or number, NULL for none) and `own`
 * (or NULL) help to find it. */
enum outcome down_run(struct session *ss, const char *label,
    unsigned families, const char *table, const struct addr *own,
    struct fault *f);

/* The same for a label whose rule- files say these lines (IPv4's, IPv6's): the
 * rules that another program put in for them go too, claimed or not. */
enum outcome down_files(struct session *ss, const char *label,
    struct settings lines[2], struct fault *f);

/* Ends the claims of exactly this label's route- and rule- files: it has none
 * any more. */
enum outcome down_no_files(struct session *ss, const char *label,
    struct fault *f);

/* Ends exactly these claims of one device, as far as there are any: their
 * stanzas have no policy any more. */
enum outcome down_forget(struct session *ss, const struct claim *claims,
    size_t count, struct fault *f);

/* Ends claims of devices that are gone; interrupted work has been ended by
 * taking the lock. */
enum outcome down_tidy(struct session *ss, struct fault *f);

/* Ends every claim. */
enum outcome down_all(struct session *ss, struct fault *f);

/* Whether a claim is meant by a label: the label itself, or, for a device, the
 * device and all its labels; NULL means all. */
bool down_meant(const struct claim *c, const char *label, unsigned families);

#endif
