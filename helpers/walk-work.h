/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: what the files of the room "walk" share. */
#ifndef IFPOLICY_WALK_WORK_H
#define IFPOLICY_WALK_WORK_H

#include "walk.h"

#define TOS4_MASK	0x1c	/* IPv4 looks at these bits of the DS field
				 * (INET_DSCP_LEGACY_TOS_MASK) */

/* One lookup through the rules (fib_lookup()); a packet that comes in causes
 * two, the second of which tells nobody its steps. */
struct lookup {
	const struct fib *f;
	struct walk *w;		/* where steps are told; NULL: nowhere */
	const struct question *q;
	/* The flow as the kernel has it. */
	struct addr from;	/* IPv4: 0.0.0.0 if not given */
	uint32_t iif, oif, uid, mark;
	uint32_t prefer;	/* IPv6: a route by this device is better */
	uint16_t sport, dport;
	uint8_t ipproto;
	uint32_t vrf;		/* master of the packet's device; 0 none */
	bool has_from;		/* IPv6 */
	bool strict;		/* IPv6: oif must match */
	bool ignore_linkstate;
	const struct route *missed;	/* IPv4: its next hop object cannot be
					 * used */
	size_t passed;		/* of w->passed: where this step's begin */
	/* The result. */
	const struct route *route;
	unsigned usable;
	uint32_t table;
	int error;
	bool unsure;
	bool failed;		/* out of memory */
};

/* One table: a route in l->route, or none; 0, or the error of its type. */
int walk_table4(struct lookup *l, uint32_t table);
int walk_table6(struct lookup *l, uint32_t table);

void walk_pass(struct lookup *l, const struct route *r, enum passed why);

/* The error of a route's type: 0 or -errno (fib_props, fib6_prop). */
int walk_type_error(uint8_t type);

enum differs walk_match(struct lookup *l, const struct rule *r);

/* Sets error, route, usable, table. */
void walk_rules(struct lookup *l);

/* A lookup of the question as it is; the VRF of its device; what became of it
 * put into the walk (0 or -ENOMEM). */
void walk_start(struct lookup *l, struct walk *w, const struct fib *f,
    const struct question *q);
void walk_find_vrf(struct lookup *l, uint32_t ifindex);
int walk_finish(struct walk *w, const struct lookup *l);

/* The verdict without, or beside, a lookup.  Returns 0. */
int walk_decide(struct walk *w, enum verdict verdict, int error);

/* IPv4, a packet that comes in. */
int walk_input4(struct walk *w, const struct fib *f,
    const struct question *q);

/* Kinds of addresses; all but the first: IPv4. */
bool walk_is_any(const struct addr *a);
bool walk_is_multicast4(const struct addr *a);
bool walk_is_broadcast4(const struct addr *a);
bool walk_is_loopback4(const struct addr *a);

/* Is there any route of that table? */
bool walk_table_exists(const struct lookup *l, uint32_t table);

#endif
