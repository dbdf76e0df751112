/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: pure: what on this host breaks or is going to break a policy. */
#ifndef IFPOLICY_CONFLICT_H
#define IFPOLICY_CONFLICT_H

#include "claim.h"
#include "host.h"

#define CONFLICT_TEXT	512

enum conflict_kind {
	CONFLICT_NETWORKD,	/* deletes what is not its own */
	CONFLICT_RP_FILTER,	/* strict, and the way back is another */
	CONFLICT_ARP,		/* one device answers for another's address */
	CONFLICT_PRIORITY,	/* one that somebody else gives out */
	CONFLICT_TABLE,		/* a number that somebody else gives out */
	CONFLICT_LINKDOWN,	/* a dead line keeps the traffic */
	CONFLICT_DUPLICATE,	/* ours once more, by hand */
	CONFLICT_SHADOW,	/* a rule in front takes all that ours is for */
	CONFLICT_NAME,		/* of a table: two numbers, or two names */
	CONFLICT_KINDS
};

struct conflict {
	enum conflict_kind kind;
	const struct claim *claim;	/* borrowed; NULL: of the whole host */
	bool everywhere;		/* of the whole host, and every claim
					 * suffers */
	char what[CONFLICT_TEXT];	/* what is there */
	char breaks[CONFLICT_TEXT];	/* what that does or will do */
	char remedy[CONFLICT_TEXT];	/* what to do about it */
};

struct conflicts {
	struct conflict *at;
	size_t count;
};

/* Looks for all that is known to break policies.  The claims' objects have been
 * parsed; names may be NULL (numbers in the texts then).  False without memory;
 * conflicts_fini() in any case. */
bool conflict_find(struct conflicts *out, const struct host *h,
    const struct claims *claims, struct names *names);
void conflicts_fini(struct conflicts *c);

/* "networkd", "rp-filter", "arp", ... */
const char *conflict_word(enum conflict_kind kind);

#endif
