/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: text that grows; one check at the end instead of one per line. */
#ifndef IFPOLICY_TEXT_H
#define IFPOLICY_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* Zero-initialize.  After an allocation failed, `failed` stays true and the
 * text stops growing; the owner checks once and frees with text_fini(). */
struct text {
	char *at;		/* NUL-terminated once anything was added */
	size_t len, room;
	bool failed;
};

void text_add(struct text *t, const char *bytes, size_t len);
void text_str(struct text *t, const char *s);
void text_fmt(struct text *t, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void text_fini(struct text *t);

#endif
