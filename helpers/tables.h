/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: the number of the table that a request names. */
#ifndef IFPOLICY_TABLES_H
#define IFPOLICY_TABLES_H

#include "request.h"
#include "transaction.h"

/* Fills in r->table and the claim's table and table_name.  A name that iproute2
 * knows keeps its number, as does one that a claim remembers; a new one gets
 * the lowest free number.  0 or -errno with a fault. */
int tables_resolve(struct session *ss, struct request *r, struct claim *c,
    struct fault *f);

/* Makes the name of a claim's table known to this run if no file knows it.  0
 * or -errno with a fault. */
int tables_learn(struct session *ss, struct claim *c, struct fault *f);

/* After a request succeeded: writes new names to our drop-in, so that their
 * numbers survive a reboot.  A read-only /etc is tolerated, then only the
 * claims remember. */
void tables_publish(struct session *ss);

#endif
