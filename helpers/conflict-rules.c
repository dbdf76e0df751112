/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: pure: rules, routes and numbers of others that meet those of a claim. */
#include <linux/fib_rules.h>

#include <stdio.h>
#include <string.h>

#include "conflict-work.h"
#include "words.h"

/* Longest words of a rule or route in a text; the rest is cut. */
#define WORDS_CUT	200

static bool
is_foreign(const struct search *s, const struct rule *r)
{
	return r->protocol != PROTO_IFPOLICY && r->priority != 0 &&
	    !conflict_is_used(s, OBJECT_RULE, r, NULL);
}

/* Whether a table has a default that stops the search, as far as is known. */
static bool
table_answers(const struct search *s, int family, uint32_t table)
{
	for (size_t i = 0; i < s->h->now.routes.count; i++) {
		const struct route *r = &s->h->now.routes.at[i];

		if (r->family == family && r->table == table &&
		    r->dst.len == 0 && r->type != RTN_THROW && !r->tos)
			return true;
	}
	return false;
}

/* Whether a rule takes all that comes from the sources of another. */
static bool
takes_all_of(const struct search *s, const struct rule *r,
    const struct rule *ours)
{
	if (!host_rule_is_plain(r) || ours->invert ||
	    r->from.len > ours->from.len ||
	    (r->from.len && !prefix_covers(&r->from, &ours->from.addr)))
		return false;
	if (r->action == FR_ACT_BLACKHOLE || r->action == FR_ACT_PROHIBIT ||
	    r->action == FR_ACT_UNREACHABLE)
		return true;
	return r->action == FR_ACT_TO_TBL && r->table != ours->table &&
	    r->suppress_prefixlen < 0 && r->suppress_ifgroup < 0 &&
	    table_answers(s, r->family, r->table);
}

static const char *
rule_text(char *buf, const struct search *s, const struct rule *r)
{
	char words[WORDS_TEXT];

	words_print_rule(words, r, s->names);
	snprintf(buf, WORDS_CUT, "%.*s", WORDS_CUT - 1, words);
	return buf;
}

static const char *
route_text(char *buf, const struct search *s, const struct route *r)
{
	char words[WORDS_TEXT];

	words_print_route(words, r, s->names);
	snprintf(buf, WORDS_CUT, "%.*s", WORDS_CUT - 1, words);
	return buf;
}

static const char *
six(int family)
{
	return family == AF_INET6 ? " -6" : "";
}

static void
tell_shadow(struct search *s, const struct claim *c, const struct rule *ours,
    const struct rule *r)
{
	struct conflict *k = conflict_add(s, CONFLICT_SHADOW, c);
	char text[WORDS_CUT], from[PREFIX_TEXT];

	if (!k)
		return;
	snprintf(k->what, sizeof(k->what), "a rule of somebody else stands in "
	    "front: %s", rule_text(text, s, r));
	snprintf(k->breaks, sizeof(k->breaks), "all that comes from %s ends "
	    "there: this policy's rule of priority %u is never asked",
	    prefix_print(from, &ours->from), ours->priority);
	/* Nobody should be told to delete "lookup main". */
	if (r->protocol == RTPROT_KERNEL)
		snprintf(k->remedy, sizeof(k->remedy), "a priority below %u "
		    "for this policy", r->priority);
	else
		snprintf(k->remedy, sizeof(k->remedy), "if nobody needs it: "
		    "ip%s rule del %s; else a priority below %u for this "
		    "policy", six(r->family), text, r->priority);
}

static void
tell_duplicate(struct search *s, const struct claim *c, const struct rule *r)
{
	struct conflict *k = conflict_add(s, CONFLICT_DUPLICATE, c);
	char text[WORDS_CUT];

	if (!k)
		return;
	snprintf(k->what, sizeof(k->what), "a rule of this policy stands "
	    "there once more, from somebody else: %s", rule_text(text, s, r));
	snprintf(k->breaks, sizeof(k->breaks), "it stays when %s goes down or "
	    "its address changes, and then leads into an empty table",
	    c->key.label);
	snprintf(k->remedy, sizeof(k->remedy), "ip%s rule del %s; and take "
	    "out the line that adds it (post-up, a script, rc.local)",
	    six(r->family), text);
}

/* Whether one packet may meet both. */
static bool
may_meet(const struct prefix *a, const struct prefix *b)
{
	return !a->len || !b->len || prefix_covers(a, &b->addr) ||
	    prefix_covers(b, &a->addr);
}

static void
tell_same_priority(struct search *s, const struct claim *c,
    const struct rule *r)
{
	struct conflict *k = conflict_add(s, CONFLICT_PRIORITY, c);
	char text[WORDS_CUT], option[OPTION_TEXT];

	if (!k)
		return;
	snprintf(k->what, sizeof(k->what), "a rule of somebody else has the "
	    "priority of one of this policy: %s", rule_text(text, s, r));
	snprintf(k->breaks, sizeof(k->breaks), "which is asked first depends "
	    "on which was added first, and whoever deletes priority %u may "
	    "hit the other", r->priority);
	snprintf(k->remedy, sizeof(k->remedy), "give that rule another "
	    "priority, or %s, say, to this policy", conflict_option(option,
	    c, "priority", "12100"));
}

/* Files of network-scripts seldom name a priority: the kernel gives numbers
 * near the end, which all the others get as well. */
static bool
is_chosen(const struct rule *r)
{
	return r->has_priority && r->priority < RULE_PRIORITY_TOP;
}

static bool
same_priority(const struct rule *r, const struct rule *ours)
{
	return r->priority == ours->priority && is_chosen(ours) &&
	    r->table != ours->table && !r->invert && !ours->invert &&
	    may_meet(&r->from, &ours->from) && may_meet(&r->to, &ours->to);
}

/* Whose a rule is costs most to find out, so that comes last.  Of those in
 * front the first is told. */
static void
find_around(struct search *s, const struct claim *c, const struct rule *ours)
{
	bool shadowed = false;

	for (size_t i = 0; i < s->h->now.rules.count; i++) {
		const struct rule *r = &s->h->now.rules.at[i];

		if (r->family != ours->family)
			continue;
		if (rule_same_elsewhere(r, ours)) {
			if (is_foreign(s, r))
				tell_duplicate(s, c, r);
		} else if (same_priority(r, ours)) {
			if (is_foreign(s, r))
				tell_same_priority(s, c, r);
		} else if (!shadowed && ours->from.len &&
		    r->priority < ours->priority && takes_all_of(s, r, ours) &&
		    is_foreign(s, r)) {
			tell_shadow(s, c, ours, r);
			shadowed = true;
		}
	}
}

/* "mwan3 (1001-3999), which is installed here, deletes ..." */
static void
tell_band(struct search *s, const struct claim *c, const struct band *b,
    uint32_t number)
{
	static const struct {
		enum conflict_kind kind;
		const char *noun, *key, *value, *advice;
	} words[] = {
		[BAND_PRIORITY] = { CONFLICT_PRIORITY, "priority", "priority",
		    "12000", "the default; 12000 to 15999 are free of others"
		    },
		[BAND_TABLE] = { CONFLICT_TABLE, "table", "table", "auto",
		    "or a new name: then the number is one that is free" },
	};
	const struct product *p = &products[b->product];
	struct conflict *k = conflict_add(s, words[b->kind].kind, c);
	char option[OPTION_TEXT];

	if (!k)
		return;
	snprintf(k->what, sizeof(k->what), "%s %u is one of those that %s "
	    "uses (%u to %u)%s", words[b->kind].noun, number, p->name, b->low,
	    b->high, s->h->installed[b->product] ?
	    ", and it is installed here" : "");
	if (p->habit)
		snprintf(k->breaks, sizeof(k->breaks), "where it runs it %s, "
		    "and with them those of this policy", p->habit);
	else
		snprintf(k->breaks, sizeof(k->breaks), "where it runs its %s "
		    "and those of this policy get mixed up",
		    b->kind == BAND_TABLE ? "routes" : "rules");
	snprintf(k->remedy, sizeof(k->remedy), "%s (%s)",
	    conflict_option(option, c, words[b->kind].key,
	    words[b->kind].value), words[b->kind].advice);
}

/* What files of network-scripts say was there before this program came: only
 * products that are installed count. */
static void
find_band(struct search *s, const struct claim *c, enum band_kind kind,
    uint32_t number, const struct band **told)
{
	const struct band *b = product_band(kind, number, s->h->installed,
	    c->key.files);

	if (!b || b == *told)
		return;
	*told = b;
	tell_band(s, c, b, number);
}

void
conflict_find_of_rules(struct search *s, const struct claim *c)
{
	const struct band *told = NULL;

	for (size_t i = 0; i < c->objects.count; i++) {
		const struct object *o = &c->objects.at[i];

		if (!conflict_is_ours(o, OBJECT_RULE))
			continue;
		find_around(s, c, &o->rule);
		if (is_chosen(&o->rule))
			find_band(s, c, BAND_PRIORITY, o->rule.priority,
			    &told);
	}
}

static bool
same_place(const struct route *a, const struct route *b)
{
	return a->family == b->family && a->table == b->table &&
	    a->tos == b->tos && prefix_cmp(&a->dst, &b->dst) == 0 &&
	    prefix_cmp(&a->src, &b->src) == 0;
}

static void
tell_route(struct search *s, const struct claim *c, const struct route *r)
{
	struct conflict *k = conflict_add(s, CONFLICT_DUPLICATE, c);
	char text[WORDS_CUT];

	if (!k)
		return;
	snprintf(k->what, sizeof(k->what), "a route of somebody else stands "
	    "beside one of this policy: %s", route_text(text, s, r));
	snprintf(k->breaks, sizeof(k->breaks), "the one with the smaller "
	    "metric is used, and it stays when %s goes down", c->key.label);
	snprintf(k->remedy, sizeof(k->remedy), "ip%s route del %s; and take "
	    "out the line that adds it (post-up, a script, rc.local)",
	    six(r->family), text);
}

static bool
is_foreign_route(const struct search *s, const struct route *r)
{
	return r->protocol != PROTO_IFPOLICY &&
	    r->protocol != RTPROT_KERNEL && r->protocol != RTPROT_RA &&
	    !conflict_is_used(s, OBJECT_ROUTE, NULL, r);
}

static bool
claims_place(const struct claim *c, const struct route *r)
{
	for (size_t i = 0; i < c->objects.count; i++) {
		const struct object *o = &c->objects.at[i];

		if (conflict_is_ours(o, OBJECT_ROUTE) &&
		    same_place(r, &o->route))
			return true;
	}
	return false;
}

/* Main has room for many defaults; in a table of a policy a second one for the
 * same is a leftover. */
void
conflict_find_of_routes(struct search *s, const struct claim *c)
{
	const struct band *told = NULL;

	for (size_t i = 0; i < c->objects.count; i++) {
		const struct object *o = &c->objects.at[i];

		if (conflict_is_ours(o, OBJECT_ROUTE) &&
		    o->route.table != RT_TABLE_MAIN)
			find_band(s, c, BAND_TABLE, o->route.table, &told);
	}
	for (size_t i = 0; i < s->h->now.routes.count; i++) {
		const struct route *r = &s->h->now.routes.at[i];

		if (r->table != RT_TABLE_MAIN && is_foreign_route(s, r) &&
		    claims_place(c, r))
			tell_route(s, c, r);
	}
}
