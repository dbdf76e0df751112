/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: inside ifcfg: one file as variables, and what they mean. */
#ifndef IFPOLICY_IFCFG_FILE_H
#define IFPOLICY_IFCFG_FILE_H

#include "ifcfg.h"
#include "shell.h"

#define IFCFG_FILE_MAX	(1 << 20)	/* bytes */

struct ifcfg_file {
	char name[IFCFG_NAME];	/* without "ifcfg-" */
	struct shell shell;
	bool policy;		/* there are POLICY_ keys, or may be */
	bool broken;		/* its end could not be read: */
	struct fault why;
};

/* A range of aliases, the first having address and number. */
struct ifcfg_range {
	struct addr address;
	uint32_t number;
	uint32_t count;		/* 1 to 256 */
};

/* A name that files can have here: short enough, in this directory, fit to be
 * shown. */
bool ifcfg_name_ok(const char *name);

/* Reads ifcfg-NAME.  *found is false where there is no such file.  False with
 * a fault if it cannot be read.  ifcfg_file_fini() when done. */
bool ifcfg_load(struct ifcfg_file *file, const char *dir, const char *name,
    bool *found, struct fault *f);
void ifcfg_file_fini(struct ifcfg_file *file);

/* A variable's value without the blanks around it, in buf.  False where it is
 * empty, not set, not known or too long. */
bool ifcfg_value(char *buf, size_t size, const struct ifcfg_file *file,
    const char *name);

/* False if the file describes no range that the scripts would take. */
bool ifcfg_range(struct ifcfg_range *r, const struct ifcfg_file *file);

/* Fills in all but label.  parent is the device's file for an alias, else
 * NULL; own the address of one of a range, else NULL. */
bool ifcfg_fill(struct ifcfg *c, const struct ifcfg_file *file,
    const struct ifcfg_file *parent, const struct addr *own,
    struct fault *f);

#endif
