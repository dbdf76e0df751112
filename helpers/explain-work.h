/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: what the files of the room "explain" share. */
#ifndef IFPOLICY_EXPLAIN_WORK_H
#define IFPOLICY_EXPLAIN_WORK_H

#include "explain.h"
#include "snapshot.h"
#include "walk.h"

/* All that is known of one packet. */
struct explanation {
	struct session *ss;
	struct question q;
	struct fib fib;
	struct walk walk;
	bool asked;		/* false: the kernel takes no such question */
	struct kernel_answer kernel;
	bool agrees;
	/* IPv4: a connection asks again, from the source that the first answer
	 * gave it, and then goes another way. */
	bool asks_again;
	struct question again;
	struct walk second;
	struct fault no_record;	/* why whose is what is not known */
};

/* Labels of the claims that hold a rule or route, "eth0, eth1"; else who is
 * said to have made it ("kernel", "proto dhcp"), or nothing. */
void explain_rule_owner(struct text *t, const struct explanation *e,
    const struct rule *r);
void explain_route_owner(struct text *t, const struct explanation *e,
    const struct route *r);
/* The labels alone, as elements of a JSON array. */
void explain_rule_claims(struct text *t, const struct explanation *e,
    const struct rule *r);
void explain_route_claims(struct text *t, const struct explanation *e,
    const struct route *r);
/* Whether the record has a claim of that device. */
bool explain_has_claim(const struct explanation *e, const char *device);

/* Why, in words of a person and (_word) of a program. */
void explain_differs(struct text *t, const struct explanation *e,
    const struct step *s);
const char *explain_differs_word(enum differs d);
void explain_passed(struct text *t, const struct explanation *e,
    const struct passed_route *p);
const char *explain_passed_word(enum passed why);
const char *explain_came_word(enum came came);
/* Whole sentences. */
void explain_verdict(struct text *t, const struct explanation *e);
const char *explain_verdict_word(enum verdict v);
const char *explain_source_word(enum source s);

/* "eth1", or a number where there is no such device (any more). */
const char *explain_device(const struct fib *f, uint32_t ifindex);
/* A route without table and protocol, in buf of WORDS_TEXT bytes. */
const char *explain_route(char *buf, const struct explanation *e,
    const struct route *r);
/* The one that a socket sees. */
const char *explain_error(int error);

void explain_tell(struct explanation *e, bool colour);
void explain_json(struct explanation *e);

#endif
