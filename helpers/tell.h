/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: a plan in words: what was done, or what would be. */
#ifndef IFPOLICY_TELL_H
#define IFPOLICY_TELL_H

#include "names.h"
#include "plan.h"
#include "text.h"

/* A word and the object in words, one line an operation (-v). */
void tell_ops(struct text *out, const struct plan *p, struct names *names);

/* "failed" and the object that the kernel or another's claim refused (-v). */
void tell_failed(struct text *out, const struct object *o,
    struct names *names);

/* Lines for `ip -batch` that do the same; sysctls, and the family where it is
 * not IPv4's, as comments (-n). */
void tell_batch(struct text *out, const struct plan *p);

#endif
