/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: pure: whose is what carries our protocol but stands in no record. */
#ifndef IFPOLICY_ADOPT_H
#define IFPOLICY_ADOPT_H

#include "claim.h"
#include "snapshot.h"

/* Collects the rules and routes of one family that carry our protocol and
 * name the device or a table of its: routes through it; rules to a table
 * that only it uses (its routes', or `table`, 0 for none), rules from or to
 * one of its addresses or `own`, rules with it as iif or oif.  The snapshot
 * holds all rules and all our routes.  Which of them a claim holds is for the
 * caller to sort out. False without memory. */
bool adopt(struct objects *out, int family, const struct snapshot *now,
    uint32_t table, const struct addr *own);

#endif
