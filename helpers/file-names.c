/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: the names that a directory has, in order. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"

static int
add_name(struct file_names *n, const char *name)
{
	char **at = n->at;

	/* Grown in powers of two, so the capacity need not be kept. */
	if ((n->count & (n->count - 1)) == 0) {
		at = realloc(at, (n->count ? n->count * 2 : 1) * sizeof(*at));
		if (!at)
			return -ENOMEM;
		n->at = at;
	}
	at[n->count] = strdup(name);
	if (!at[n->count])
		return -ENOMEM;
	n->count++;
	return 0;
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int
file_names_read(struct file_names *n, const char *directory)
{
	struct dirent *entry;
	DIR *dir = opendir(directory);
	int err = 0;

	n->at = NULL;
	n->count = 0;
	if (!dir)
		return -errno;
	while (!err && (entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			err = add_name(n, entry->d_name);
	closedir(dir);
	if (n->count)
		qsort(n->at, n->count, sizeof(*n->at), compare_names);
	return err;
}

void
file_names_fini(struct file_names *n)
{
	for (size_t i = 0; i < n->count; i++)
		free(n->at[i]);
	free(n->at);
	n->at = NULL;
	n->count = 0;
}
