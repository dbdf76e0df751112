/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: inside import: the files, and whose lines are in them. */
#ifndef IFPOLICY_IMPORT_WORK_H
#define IFPOLICY_IMPORT_WORK_H

#include <sys/stat.h>

#include "compose.h"
#include "import.h"
#include "interfaces.h"
#include "names.h"
#include "rewrite.h"

#define IMPORT_FILES	1024
#define IMPORT_FILE_MAX	(1 << 20)	/* bytes */
#define IMPORT_MARK	"# ifpolicy import: "	/* in front of a reason */

/* Where a line of a compose stands. */
struct import_place {
	size_t file, first, count;	/* physical lines */
	size_t indent;
	bool marked;		/* a reason of ours stands above it already */
	const char *comment;	/* a comment in it that must stay, or NULL */
	size_t more[2];		/* other lines that belong to it */
	size_t more_count;
};

/* Whose lines became one compose. */
struct import_part {
	struct import_place *place;	/* one for each line */
	size_t file;		/* where its options go: */
	size_t at;		/* before this line, if no line is taken there;
				 * SIZE_MAX: where the first taken one is */
};

struct import_file {
	char *path;		/* absolute */
	char *text;
	enum import_kind {
		IMPORT_INTERFACES,
		IMPORT_IFCFG, IMPORT_ROUTES, IMPORT_RULES,
	} kind;
	int family;		/* of ROUTES and RULES */
	bool used;		/* of these: its lines are some compose's */
	const char *name;	/* behind "ifcfg-", "route-", ... */
	struct interfaces interfaces;
	struct rewrite rewrite;
	struct stat stat;
};

struct import {
	struct import_file *file;
	size_t file_count;
	struct names names, spelled;
	struct compose_world world;
	struct import_part *part;	/* one for each of world.at */
	struct fault *fault;
};

/* Adds a file unless it is there already.  0 or -errno with a fault. */
int import_add_file(struct import *m, const char *path);

/* A new compose and its part, zeroed; NULL without memory. */
struct compose *import_add_compose(struct import *m);
/* A new line in the last compose; NULL without memory.  `marked` is filled
 * in. */
struct compose_line *import_add_line(struct import *m, size_t file,
    size_t first, size_t count);
/* The line stays, whatever else there is. */
void import_fix(struct compose_line *line, const char *why);

/* Fill in world from the files of their kind.  False without memory. */
bool import_interfaces(struct import *m);
bool import_ifcfg(struct import *m);

/* The files that a file sources, or that stand beside it under the same name,
 * are added as well. */
int import_sources(struct import *m, size_t file);
int import_siblings(struct import *m, size_t file);

#endif
