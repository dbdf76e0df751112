/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: a file in the form of interfaces(5) as lines, nothing lost. */
#ifndef IFPOLICY_INTERFACES_H
#define IFPOLICY_INTERFACES_H

#include <stdbool.h>
#include <stddef.h>

enum interfaces_kind {
	INTERFACES_EMPTY,	/* blank or a comment */
	INTERFACES_COMMENT,
	INTERFACES_STANZA,	/* "iface", "template" or "mapping" */
	INTERFACES_OPTION,	/* of the stanza above */
	INTERFACES_SOURCE,	/* "source" or "source-directory" */
	INTERFACES_OTHER,	/* "auto", "allow-*", ..., or not understood */
};

/* One line, with those that backslashes join to it. */
struct interfaces_line {
	enum interfaces_kind kind;
	size_t first, count;	/* physical lines of the text, from 0 */
	size_t indent;		/* bytes of blanks in front */
	size_t stanza;		/* of an option */
	char *name;		/* its first word; NULL if it is empty or a
				 * comment */
	char *value;		/* what follows, joined, no blanks around it */
};

struct interfaces_stanza {
	bool mapping, is_template;
	size_t line;		/* where it begins */
	char *name;		/* of the interface; "" of a mapping */
	char *family;		/* "inet", "inet6", ..., or "" */
	char *method;		/* "static", ..., or "" */
	char *inherits;		/* another stanza's name, or "" */
};

/* Zero-initialize. */
struct interfaces {
	struct interfaces_line *line;
	size_t line_count;
	struct interfaces_stanza *stanza;
	size_t stanza_count;
};

/* Reads a text as ifupdown does (config.c, get_line()): blank lines and
 * comments are none, also between an option and the next; a backslash at the
 * very end joins lines, but not in a comment.  Never complains.  False without
 * memory; interfaces_fini() in any case. */
bool interfaces_read(struct interfaces *f, const char *text);
void interfaces_fini(struct interfaces *f);

/* The last value of an option in a stanza, or NULL. */
const char *interfaces_option(const struct interfaces *f, size_t stanza,
    const char *name);

#endif
