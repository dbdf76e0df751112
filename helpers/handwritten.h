/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: what a hand-written command line does to rules and routes. */
#ifndef IFPOLICY_HANDWRITTEN_H
#define IFPOLICY_HANDWRITTEN_H

#include "model.h"
#include "names.h"

#define HAND_VARIABLES	64
#define HAND_DEVICE	"-iface-"	/* stands for a device whose name is not
					 * known, as in a template */

enum hand_kind {
	HAND_OTHER,		/* nothing to do with routing */
	HAND_NOTHING,		/* without any effect: true, ip route show */
	HAND_RULE_ADD, HAND_RULE_DELETE,
	HAND_ROUTE_ADD, HAND_ROUTE_REPLACE, HAND_ROUTE_DELETE,
	HAND_FLUSH_TABLE, HAND_FLUSH_CACHE,
	HAND_TABLE_NAME,	/* "NUMBER NAME" appended to rt_tables */
	HAND_SYSCTL,		/* of the device's net.ipv4.conf */
	HAND_ADDRESS,		/* ip addr add: stays, but tells of a subnet */
	HAND_UNSURE,		/* about routing, and `why` not more is known */
};

struct hand {
	enum hand_kind kind;
	bool guarded;		/* whether it fails makes no difference */
	bool refused;		/* UNSURE: by form ip(8) or the kernel does */
	bool append;		/* ip route append */
	bool settled;		/* ADDRESS: a source at once, without DAD */
	bool known;		/* TABLE_NAME: iproute2 knows it already */
	int family;
	struct rule rule;	/* as read: nothing filled in, host bits kept */
	struct route route;	/* likewise; table 0 where none is named */
	struct prefix address;	/* ADDRESS */
	uint32_t table;		/* FLUSH_TABLE, TABLE_NAME */
	char name[TABLE_NAME_MAX + 1];	/* TABLE_NAME; SYSCTL: the last part */
	char value[12];		/* SYSCTL */
	char device[IFNAMSIZ];	/* SYSCTL, ADDRESS: whose */
	char *words;		/* of a rule or route, behind the verb */
	char *why;
};

struct hand_list {
	struct hand *at;
	size_t count;
	char *comment;		/* the shell's, behind the command; or NULL */
};

struct hand_variable {
	const char *name, *value;
};

/* Who wrote the line, and what is known there. */
struct hand_context {
	struct hand_variable variable[HAND_VARIABLES];
	size_t variable_count;
	struct names *names;	/* learns the tables that it does not know */
	struct names *spelled;	/* gets those that are written by name; reads
				 * no file */
};

/* Reads one command line and adds what its commands do to an empty list.  A
 * line of which a part is about routing and another is not, or is not
 * understood, is one HAND_UNSURE; one that has nothing to do with routing one
 * HAND_OTHER.  False without memory; hand_list_fini() in any case. */
bool hand_read(struct hand_list *out, const char *line,
    struct hand_context *ctx);
/* The same of the words behind "ip rule add" or "ip route add" alone. */
bool hand_read_words(struct hand_list *out, bool rule, int family,
    const char *words, struct hand_context *ctx);
void hand_list_fini(struct hand_list *l);

/* The number of a table; a name that nobody knows gets one for this run, from
 * HAND_TABLE_NEW on, so that it can be read and printed.  False if it is no
 * name. */
#define HAND_TABLE_NEW	0xffff0000U
bool hand_table(uint32_t *number, struct hand_context *ctx, const char *word);

#endif
