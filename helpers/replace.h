/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: a file replaced as a whole, the former one kept. */
#ifndef IFPOLICY_REPLACE_H
#define IFPOLICY_REPLACE_H

#include <sys/stat.h>

#include "say.h"

/* Puts a new text in the place of a file that was read: written aside, with the
 * same mode and owner, and renamed; where the path is a symbolic link, what it
 * leads to.  The former file is kept beside it as ".NAME" and `suffix`, hidden
 * from those who read all files of a directory, a number behind it where there
 * is one already; kept (PATH_MAX bytes) gets its path.  0, or -errno with a
 * fault and nothing done: -EBUSY where the file is not any more what `was` and
 * old_text say. */
int replace_file(const char *path, const struct stat *was,
    const char *old_text, const char *new_text, const char *suffix, char *kept,
    struct fault *f);

#endif
