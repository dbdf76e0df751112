/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: a whole file as one text, within bounds. */
#ifndef IFPOLICY_FILE_H
#define IFPOLICY_FILE_H

#include <stddef.h>

/* *text gets the file's bytes and a NUL, to be freed.  0, or -errno with *text
 * NULL: -EFBIG for more than max bytes, -EILSEQ for a NUL among them.  Never
 * waits for somebody to write. */
int file_read(char **text, const char *path, size_t max);

/* Names of a directory. */
struct file_names {
	char **at;
	size_t count;
};

/* What a directory has, sorted by bytes, without what begins with a dot.  0 or
 * -errno; file_names_fini() in any case. */
int file_names_read(struct file_names *n, const char *directory);
void file_names_fini(struct file_names *n);

/* What went wrong, for a person; file_read()'s own reasons have words that fit
 * better than those of strerror(3). */
const char *file_error(int err);

#endif
