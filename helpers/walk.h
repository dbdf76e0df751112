/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: which way the kernel sends a packet, rule by rule, and why. */
#ifndef IFPOLICY_WALK_H
#define IFPOLICY_WALK_H

#include "model.h"
#include "snapshot.h"

/* Why a rule does not match: the first selector that differs, in the order in
 * which the kernel looks at them. */
enum differs {
	DIFFERS_NOT,		/* it matches */
	DIFFERS_IIF, DIFFERS_IIF_GONE,	/* GONE: there is no such device */
	DIFFERS_OIF, DIFFERS_OIF_GONE,
	DIFFERS_MARK,
	DIFFERS_TUN_ID,
	DIFFERS_L3MDEV,
	DIFFERS_UID,
	DIFFERS_FROM, DIFFERS_NO_FROM,	/* NO_FROM: no source yet, IPv6 */
	DIFFERS_TO,
	DIFFERS_TOS,
	DIFFERS_IPPROTO,
	DIFFERS_SPORT,
	DIFFERS_DPORT,
	DIFFERS_INVERTED,	/* all is equal, but for "not" */
	DIFFERS_UNKNOWN,	/* it selects by what this program does not
				 * know: taken for no match */
};

/* What came of a rule. */
enum came {
	CAME_UNMATCHED,
	CAME_JUMPED_OVER,	/* by a goto */
	CAME_GOTO,
	CAME_GOTO_NOWHERE,	/* no rule has that priority */
	CAME_NOP,
	CAME_REFUSED,		/* the rule's own action is an error */
	CAME_NO_TABLE,		/* the table has no route at all */
	CAME_NO_ROUTE,		/* none that can be used */
	CAME_THROW,
	CAME_SUPPRESSED_LENGTH, CAME_SUPPRESSED_GROUP,
	CAME_ROUTE,		/* the end: a route, or one that refuses */
	CAME_NOT_REACHED,	/* behind the end */
};

/* Why a route that covers the destination was not taken. */
enum passed {
	PASSED_TOS,
	PASSED_SOURCE,		/* it is for other sources (IPv6) */
	PASSED_OIF,		/* it leaves by another device */
	PASSED_DEAD,		/* device down */
	PASSED_LINKDOWN,	/* cable out, and such routes are ignored */
	PASSED_EXPIRED,
	PASSED_SILENT,		/* gateway does not answer (IPv6) */
	PASSED_MERGED,		/* main has a longer prefix, and is one with
				 * local as long as no rule is ever changed */
	PASSED_HIDDEN,		/* by a source-specific route of the same
				 * prefix, though that one is for others */
};

struct passed_route {
	const struct route *route;
	enum passed why;
};

/* One rule.  Pointers are into the fib. */
struct step {
	const struct rule *rule;
	enum differs differs;
	enum came came;
	uint32_t table;		/* that was looked up; 0 none */
	const struct route *route;	/* found there, also if refused then */
	size_t passed, passed_count;	/* in walk.passed */
};

/* How the kernel judges before it looks at a rule, or after. */
enum verdict {
	VERDICT_ROUTE,		/* the last step's route */
	VERDICT_ERROR,		/* that route's, or the rule's, or ENETUNREACH
				 * since nothing was found */
	VERDICT_ON_LINK,	/* nothing was found, but a bound socket sends
				 * anyway, as if on link (IPv4) */
	/* before any rule; IPv4 */
	VERDICT_NO_DESTINATION,	/* 0.0.0.0 */
	VERDICT_NOT_OURS,	/* the source is none of this machine's */
	VERDICT_BAD_SOURCE,	/* multicast, broadcast, 0.0.0.0 */
	VERDICT_DEVICE_DOWN,	/* oif */
	VERDICT_DIRECT,		/* multicast or broadcast by a named device */
	VERDICT_LOOPBACK,	/* 127.0.0.0/8 from outside */
	VERDICT_BROADCAST_IN,	/* 255.255.255.255 is taken in */
	/* after the route; IPv4, packets that come in */
	VERDICT_NOT_FORWARDING,
	VERDICT_SOURCE,		/* see walk.source */
	VERDICT_NO_UNICAST,	/* neither local nor a route to go on */
	VERDICT_LOOPBACK_OUT,	/* from 127.0.0.0/8 by another device */
};

/* Why a source address is refused of a packet that comes in
 * (__fib_validate_source(), net/ipv4/fib_frontend.c). */
enum source {
	SOURCE_GOOD,
	SOURCE_NO_ROUTE,	/* no way back, and rp_filter */
	SOURCE_OTHER_DEVICE,	/* strict: the way back is another one */
	SOURCE_OURS,		/* an address of this machine */
	SOURCE_NO_UNICAST,	/* broadcast and the like */
};

struct walk {
	enum verdict verdict;
	int error;		/* 0 or -errno, as the kernel answers */
	enum source source;
	const struct route *back;	/* the way back to the source */
	uint32_t device;	/* of VERDICT_ON_LINK and _DIRECT */
	bool unsure;		/* it hangs on what is not known */
	bool merged;		/* the fib's */
	/* What may be chosen among: hops of the route, or equal defaults. */
	const struct route *route;	/* the one found; NULL none */
	unsigned usable;	/* bit i: hop[i] can be used */
	const struct route *others[HOPS_MAX];	/* IPv4 takes turns among
				 * default routes of one metric */
	size_t other_count;
	struct step *steps;	/* all rules of the family, in order */
	size_t count, room;
	struct passed_route *passed;
	size_t passed_count, passed_room;
};

/* Zero-initialize; may be used again and again.  The fib must hold the
 * question's family, its rules and routes complete.  0 or -ENOMEM. */
int walk(struct walk *w, const struct fib *f, const struct question *q);
void walk_fini(struct walk *w);

/* Whether the kernel's answer is the walk's verdict, as far as that is one: of
 * several next hops any is right, and where the walk is unsure nothing is
 * wrong. */
bool walk_agrees(const struct walk *w, const struct question *q,
    const struct kernel_answer *a);

/* Whether IPv4 has just the three rules that it begins with. */
bool walk_has_first_rules(const struct fib *f);

/* The step that ended the search; NULL if no rule did. */
const struct step *walk_end(const struct walk *w);

#endif
