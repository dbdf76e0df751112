/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: hand-written configuration files to the same with options. */
#ifndef IFPOLICY_IMPORT_H
#define IFPOLICY_IMPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "say.h"

enum import_output {
	IMPORT_TEXT,		/* the new files, to standard output */
	IMPORT_DIFF,		/* what changes, as diff -u has it */
	IMPORT_IN_PLACE,	/* the files themselves; a copy of each former
				 * one is kept beside it */
};

/* Reads the files, with those that they source, and writes what of them is
 * hand-written policy routing as options.  `cwd` is where relative names begin,
 * NULL if that is not known.  Nothing is written unless every file could be
 * read.  0; -EINVAL with a fault for what cannot be read or is no such file;
 * another -errno with one where a file could not be written (those before it
 * are). */
int import_run(char **files, size_t count, const char *cwd,
    enum import_output output, const struct say *say, struct fault *f);

#endif
