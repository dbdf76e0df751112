/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: what the files of the room conflict share. */
#ifndef IFPOLICY_CONFLICT_WORK_H
#define IFPOLICY_CONFLICT_WORK_H

#include "conflict.h"

struct search {
	struct conflicts *out;
	const struct host *h;
	const struct claims *claims;
	struct names *names;
	bool failed;		/* no memory */
};

/* A new conflict to be filled in; NULL without memory. */
struct conflict *conflict_add(struct search *s, enum conflict_kind kind,
    const struct claim *c);

/* An option as the claim's place spells it, "policy-arp filter", in buf
 * (OPTION_TEXT bytes).  Returns buf. */
#define OPTION_TEXT	(KEY_SPELLED + 32)
const char *conflict_option(char *buf, const struct claim *c,
    const char *key, const char *value);

/* True for a rule or route of ours. */
bool conflict_is_ours(const struct object *o, enum object_kind kind);
/* True if a claim uses exactly this rule or route of somebody else. */
bool conflict_is_used(const struct search *s, enum object_kind kind,
    const struct rule *rule, const struct route *route);

void conflict_find_names(struct search *s);
void conflict_find_of_device(struct search *s, const struct claim *c);
void conflict_find_of_rules(struct search *s, const struct claim *c);
void conflict_find_of_routes(struct search *s, const struct claim *c);

#endif
