/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: a text with lines taken out and put in, and the difference. */
#ifndef IFPOLICY_REWRITE_H
#define IFPOLICY_REWRITE_H

#include <stdbool.h>
#include <stddef.h>

#include "text.h"

struct rewrite_line {
	size_t start, len;	/* with its newline, if it has one */
	bool gone;
	struct text before;	/* whole lines to stand in front of it */
};

/* Zero-initialize; what is left alone comes out byte for byte. */
struct rewrite {
	const char *text;	/* borrowed */
	struct rewrite_line *line;	/* one more than there are: the end */
	size_t count;
};

/* False without memory.  rewrite_fini() in any case. */
bool rewrite_start(struct rewrite *r, const char *text);
void rewrite_fini(struct rewrite *r);

/* Takes `count` lines out from number `first` on (from 0). */
void rewrite_drop(struct rewrite *r, size_t first, size_t count);

/* Puts a line, given without its newline, in front of line number `at`, behind
 * what was put there before; r->count is the end of the text. */
void rewrite_insert(struct rewrite *r, size_t at, const char *line);

/* The new text is the old one. */
bool rewrite_is_idle(const struct rewrite *r);

/* Adds the new text to out. */
void rewrite_text(struct text *out, const struct rewrite *r);

/* Adds what diff -u would say of both, three lines around each change; nothing
 * where they are equal. */
void rewrite_diff(struct text *out, const struct rewrite *r,
    const char *old_name, const char *new_name);

#endif
