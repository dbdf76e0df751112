/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: the words of a shell-style file, without their quotes. */
#ifndef IFPOLICY_SHELL_WORD_H
#define IFPOLICY_SHELL_WORD_H

#include <stdbool.h>
#include <stddef.h>

#include "say.h"
#include "text.h"

/* Where the reading is. */
struct lex {
	const char *at;
	unsigned line;
	unsigned depth;
	struct fault *fault;
	/* What $NAME and ${NAME} are, NULL where nobody knows; may be NULL:
	 * then no variable is known. */
	const char *(*variable)(const void *variables, const char *name,
	    size_t len);
	const void *variables;
};

struct word {
	struct text text;	/* its quotes already taken away */
	size_t name_len;	/* NAME= or NAME+= in front, unquoted; else 0 */
	const char *value;	/* then where the value stands in the file */
	bool plain;		/* no quote, no expansion */
	bool magic;		/* has what could become several words */
	bool unknown;		/* has what only a shell could know */
};

/* Sets the fault "LINE: why"; returns false. */
bool shell_broken(struct lex *x, unsigned line, const char *why);

/* The end of the text, a blank, or another character that ends a word. */
bool shell_is_meta(char c);

/* How many characters in front are a variable's name. */
size_t shell_name_length(const char *text, size_t len);

/* One character is passed over, unless it is the end. */
void shell_pass(struct lex *x);

/* Up to a word, the end of the line or of the text; passes comments over. */
void shell_skip_blanks(struct lex *x);

/* A word, up to a blank or another character that ends one.  False with a
 * fault for a quote that is not closed.  text_fini(&w->text) in any case. */
bool shell_read_word(struct lex *x, struct word *w);

#endif
