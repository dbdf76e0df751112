/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: pure: which default of main carries unbound traffic, and why. */
#ifndef IFPOLICY_UNBOUND_H
#define IFPOLICY_UNBOUND_H

#include "host.h"

/* Unbound is what has no source address, device or mark of its own. */
enum turn {
	TURN_NOW,	/* carries it, alone or as a share */
	TURN_NEXT,	/* its metric is behind that of one that works */
	TURN_NO_CARRIER,	/* passed over: ignore_routes_with_linkdown */
	TURN_DOWN,	/* its device is gone or not set up */
};

/* One next hop of one default route of main. */
struct standby {
	const struct route *route;	/* borrowed from the host */
	const struct hop *hop;		/* NULL: unreachable and its kin */
	enum turn turn;
};

struct unbound {
	int family;
	struct standby *at;	/* in the order in which they are tried */
	size_t count;
	const struct link *by;	/* what the kernel says; NULL: no way out */
	bool elsewhere;		/* and that is none of those: a rule or another
				 * route decides first */
};

/* False without memory; unbound_fini() in any case. */
bool unbound_find(struct unbound *u, const struct host *h, int family);
void unbound_fini(struct unbound *u);

/* Whether a device carries some of it now. */
bool unbound_carries(const struct unbound *u, const char *device);

/* "now", "next", "no carrier", "down" */
const char *unbound_turn_word(enum turn t);

#endif
