/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: one claim as a block of lines of the record, both ways. */
#ifndef IFPOLICY_BLOCK_H
#define IFPOLICY_BLOCK_H

#include "claim.h"
#include "names.h"
#include "text.h"

/* Fills settings and objects from the claim's text, once.  0; -EBADMSG with a
 * fault that quotes the line and tells the way out; -ENOMEM. */
int block_parse(struct claim *c, struct names *names, struct fault *f);

/* Appends the claim's block: "KIND LABEL FAMILY OWN", its lines, "end"; of a
 * dropped one the first line alone.  One that was not parsed is copied as it
 * is. */
void block_print(struct text *t, const struct claim *c,
    const char *kind);

/* Appends one object as its line in the record, without newline. */
void block_object(struct text *t, const struct object *o,
    struct names *names);

#endif
