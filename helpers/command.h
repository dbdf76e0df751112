/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: a shell's command line as simple commands; read, never run. */
#ifndef IFPOLICY_COMMAND_H
#define IFPOLICY_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#define COMMAND_WORDS	128	/* of one command */
#define COMMAND_MAX	64	/* commands of one line */

/* What stands between a command and the one behind it. */
enum command_join {
	JOIN_END, JOIN_THEN,	/* the end; ";", "&" or "|" to no effect */
	JOIN_AND, JOIN_OR,	/* "&&", "||" */
	JOIN_PIPE,
};

struct command {
	char **word;		/* without their quotes */
	size_t count;
	bool negated;		/* "!" in front */
	enum command_join join;
	bool appends;		/* to `file`, behind ">>" */
	char *file;		/* what its output goes to; NULL: nowhere that
				 * matters (the terminal, /dev/null) */
};

struct command_line {
	struct command at[COMMAND_MAX];
	size_t count;
	const char *comment;	/* inside the text, from "#"; NULL none */
	const char *why;	/* only a shell could tell what it does: a
				 * constant that says what there is; then
				 * count is 0 */
};

/* Reads a line as sh(1) would.  `variable` tells what is known of variables
 * (see struct lex); it may be NULL.  False without memory.
 * command_line_fini() in any case. */
bool command_line_read(struct command_line *l, const char *text,
    const char *(*variable)(const void *, const char *, size_t),
    const void *variables);
void command_line_fini(struct command_line *l);

#endif
