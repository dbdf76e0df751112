/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: routing tables and protocols by the names iproute2 knows. */
#ifndef IFPOLICY_NAMES_H
#define IFPOLICY_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "say.h"

#define TABLE_AUTO_MIN	8001
#define TABLE_AUTO_MAX	8999
#define TABLE_NAME_MAX	31

struct name {
	uint32_t number;
	char text[TABLE_NAME_MAX + 1];
};

struct name_list {
	struct name *at;
	size_t count;
};

/* Read on first use, so that a run that names no table opens no file.
 * Zero-initialize; names_fini() takes NULL and a zeroed struct. */
struct names {
	struct name_list tables, protocols;
	bool tables_read, protocols_read;
	size_t learned;		/* so many at the end of tables are new */
};

void names_fini(struct names *n);

/* Look a word up: a number (any u32), a built-in name (main, local, default;
 * kernel, boot, static, ra, dhcp, redirect, ifpolicy, ...) or one of the
 * rt_tables / rt_protos files and drop-ins under /etc, /usr/share and
 * /usr/lib (iproute2: lib/rt_names.c).  names may be NULL: then only numbers
 * and built-in names are known. */
bool names_table(uint32_t *number, struct names *n, const char *word);
bool names_protocol(uint32_t *number, struct names *n, const char *word);

/* The name of a number, or its decimal text, in buf (TABLE_NAME_MAX + 1
 * bytes).  Returns buf. */
const char *names_table_text(char *buf, struct names *n, uint32_t number);
const char *names_protocol_text(char *buf, struct names *n, uint32_t number);

/* True if some file gives that number a name. */
bool names_table_number_taken(struct names *n, uint32_t number);

/* All that the files say, as read, doubles included; borrowed. */
const struct name_list *names_all_tables(struct names *n);

/* A name that may be given to a new table: letters, digits, "_.-", not all
 * digits, at most TABLE_NAME_MAX bytes. */
bool names_ok(const char *word);

/* Gives a name to a number for this run.  -ENOMEM. */
int names_learn_table(struct names *n, const char *word, uint32_t number);

/* Writes what was learned as "NUMBER NAME" to our own drop-in,
 * rt_tables.d/ifpolicy.conf, aside and renamed.  The caller holds the record's
 * lock.  0 or -errno (-EROFS, -EACCES, -ENOSPC, ...). */
int names_save_tables(struct names *n);

/* The names learned are no longer meant. */
void names_unlearn(struct names *n);

#endif
