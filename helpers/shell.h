/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: assignments of shell-style files; parsed, never evaluated. */
#ifndef IFPOLICY_SHELL_H
#define IFPOLICY_SHELL_H

#include <stdbool.h>
#include <stddef.h>

#include "say.h"

#define SHELL_VARIABLES	8192	/* of one struct shell */
#define SHELL_ODD_TEXT	80

struct shell_variable {
	char *name;
	char *value;		/* NULL: only a shell could know it */
	char *written;		/* then the value as it stands in the file */
	unsigned line;		/* of the assignment that counts */
	unsigned former;	/* of the one before it in the same file; 0 */
	unsigned file;		/* the shell_parse() that set it: 1, 2, ... */
};

/* Zero-initialize; shell_fini() when done. */
struct shell {
	struct shell_variable *at;
	size_t count;
	unsigned files;		/* shell_parse() calls so far */
	/* Of the last file: lines that are more than assignments (". file",
	 * "if", a command), which could have set anything. */
	unsigned odd_line;	/* the first one; 0 none */
	unsigned odd_count;
	char odd[SHELL_ODD_TEXT];	/* how it begins */
};

/* Reads a file as bash would source it and adds its variables to those of s;
 * of several assignments the last one counts.  Understood are quotes,
 * backslashes, comments, `export`, several assignments on a line; expansions,
 * NAME+= and NAME[..]= leave a variable that only a shell could know.
 * False with a fault "LINE: why" for a quote that does not end, too much, or
 * no memory; what stood before it is in s, as a shell would have it. */
bool shell_parse(struct shell *s, const char *text, struct fault *f);

/* NULL where it is not set. */
const struct shell_variable *shell_get(const struct shell *s,
    const char *name);

/* Whether this variable can be used.  False with a fault "LINE: NAME: why" if
 * only a shell could know it, or if DOS line ends got into it. */
bool shell_known(const struct shell_variable *v, struct fault *f);

void shell_fini(struct shell *s);

#endif
