/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: why a packet goes the way it goes, for people and for programs. */
#ifndef IFPOLICY_EXPLAIN_H
#define IFPOLICY_EXPLAIN_H

#include "transaction.h"

enum explain_form { EXPLAIN_PEOPLE, EXPLAIN_JSON };

/* Walks the rules for the packet that `words` tell of (the words of `ip route
 * get`), asks the kernel, and writes both to the session's output.  Needs
 * neither a lock nor a privilege; where the record cannot be read it does
 * without.  OUTCOME_FAILED with a fault, or without one if the walk and the
 * kernel disagree. */
enum outcome explain(struct session *ss, const char *words, int family,
    enum explain_form form, bool colour, struct fault *f);

#endif
