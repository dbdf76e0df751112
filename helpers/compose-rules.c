/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: pure: priorities that keep the order in which rules are asked. */
#include <linux/fib_rules.h>

#include <stdlib.h>
#include <string.h>

#include "compose-work.h"
#include "request.h"

/* A rule without a priority goes in front of all there are
 * (fib_default_rule_pref()): what was written last is asked first.  Ours stand
 * in the order in which they are listed.  Where two rules can say different
 * things of one packet, the one asked first has to stay so. */

#define LOOKUP	30

struct ranked {
	const struct rule *rule;
	size_t index;		/* among the rules written */
	bool shape, taken, placed;
	uint32_t was, is;	/* priorities by hand and with the options */
};

struct ranking {
	struct ranked *at;
	size_t count;
	bool has_shape;
};

static bool
disjoint(const struct prefix *a, const struct prefix *b)
{
	return a->len && b->len && !prefix_covers(a, &b->addr) &&
	    !prefix_covers(b, &a->addr);
}

static bool
differ(const char *a, const char *b)
{
	return a[0] && b[0] && strcmp(a, b);
}

/* One packet can match both. */
static bool
overlap(const struct rule *a, const struct rule *b)
{
	if (a->family != b->family)
		return false;
	if (a->invert || b->invert)
		return true;
	return !disjoint(&a->from, &b->from) && !disjoint(&a->to, &b->to) &&
	    !differ(a->iif, b->iif) && !differ(a->oif, b->oif) &&
	    !(a->fwmask == UINT32_MAX && b->fwmask == UINT32_MAX &&
	    a->fwmark != b->fwmark) &&
	    !(a->ipproto && b->ipproto && a->ipproto != b->ipproto);
}

static bool
say_the_same(const struct rule *a, const struct rule *b)
{
	return a->action == b->action && a->table == b->table &&
	    a->target == b->target && a->action != FR_ACT_GOTO &&
	    a->suppress_prefixlen == b->suppress_prefixlen &&
	    a->suppress_ifgroup == b->suppress_ifgroup;
}

static bool
order_kept(const struct ranking *r)
{
	for (size_t i = 0; i < r->count; i++)
		for (size_t j = 0; j < r->count; j++) {
			const struct ranked *a = &r->at[i], *b = &r->at[j];

			if (a->was >= b->was || say_the_same(a->rule,
			    b->rule) || !overlap(a->rule, b->rule))
				continue;
			if (a->is > b->is || (a->is == b->is && i > j))
				return false;
		}
	return true;
}

/* All rules that are added on the way up, and what the kernel makes of them. */
static bool
rank(struct ranking *r, struct compose *c, size_t total)
{
	uint32_t lowest = RULE_PRIORITY_MAIN, left = RULE_PRIORITY_MAIN;
	struct added a;

	r->at = calloc(total + 1, sizeof(*r->at));
	if (!r->at)
		return false;
	for (int phase = PHASE_PRE_UP; phase <= PHASE_UP; phase++) {
		size_t index = 0;

		if (!compose_first(&a, c))
			break;
		do {
			struct ranked *at = &r->at[r->count];

			if (!compose_is_rule(a.hand))
				continue;
			index++;
			if ((int)a.line->phase != phase)
				continue;
			at->rule = &a.hand->rule;
			at->index = index - 1;
			at->taken = a.line->verdict == LINE_TAKEN;
			at->placed = at->rule->has_priority;
			at->shape = at->taken &&
			    compose_is_shape_rule(c, a.hand);
			r->has_shape |= at->shape;
			at->was = at->placed ? at->rule->priority :
			    lowest - 1;
			if (at->was < lowest)
				lowest = at->was;
			/* One that stays comes before all of ours. */
			at->is = at->placed ? at->rule->priority : left - 1;
			if (!at->taken && at->is < left)
				left = at->is;
			r->count++;
		} while (compose_next(&a));
	}
	return true;
}

/* The rules by address have their place from `base` on; lines without a
 * priority have `base` as well, or, where they are numbered, count from `lines`
 * on and from behind the rules by address. */
static void
place(struct ranking *r, uint32_t base, uint32_t lines, bool numbered)
{
	for (size_t i = 0; i < r->count; i++) {
		struct ranked *at = &r->at[i];
		uint32_t before = 0;
		bool behind = false;

		if (!at->taken || at->placed)
			continue;
		at->is = base + (at->shape ? LOOKUP : 0);
		if (at->shape || !numbered)
			continue;
		for (size_t j = 0; j < r->count; j++) {
			struct ranked *b = &r->at[j];

			if (b->shape)
				behind |= b->was < at->was;
			else if (b->taken && !b->placed)
				before += b->was < at->was;
		}
		at->is = before + (behind ? base + LOOKUP + 1 : lines);
	}
}

static size_t
count_rules(struct compose *c)
{
	struct added a;
	size_t n = 0;

	if (compose_first(&a, c))
		do {
			n += compose_is_rule(a.hand);
		} while (compose_next(&a));
	return n;
}

/* In front of every priority that somebody gave, and behind all of them. */
static void
find_bounds(const struct ranking *r, uint32_t *front, uint32_t *behind)
{
	*front = PRIORITY_DEFAULT;
	*behind = PRIORITY_DEFAULT;
	for (size_t i = 0; i < r->count; i++) {
		const struct rule *rule = r->at[i].rule;

		if (!r->at[i].placed || rule->priority >= RULE_PRIORITY_MAIN)
			continue;
		if (rule->priority >= *behind)
			*behind = rule->priority + 1;
		if (rule->priority < *front + r->count)
			*front = rule->priority > r->count ?
			    rule->priority - (uint32_t)r->count : 1;
	}
}

static bool
fits(struct ranking *r, uint32_t base, uint32_t lines)
{
	if (base + 2 * LOOKUP >= RULE_PRIORITY_MAIN)
		return false;
	place(r, base, lines, true);
	return order_kept(r);
}

static bool
settle(struct ranking *r, struct compose *c, bool *numbered)
{
	uint32_t base = c->priority ? c->priority : PRIORITY_DEFAULT;
	uint32_t front, behind;

	*numbered = false;
	place(r, base, base, false);
	if (order_kept(r))
		return true;
	*numbered = true;
	if (r->count > LOOKUP - 1)
		return false;
	find_bounds(r, &front, &behind);
	if (fits(r, base, base) || fits(r, base, front) ||
	    fits(r, base, behind))
		return true;
	if (c->priority || !fits(r, behind, behind))
		return false;
	c->priority = r->has_shape ? behind : 0;
	return true;
}

bool
compose_rules(struct compose *c, uint32_t **number, size_t *count)
{
	struct ranking r = { 0 };
	bool numbered, ok = true;

	*count = count_rules(c);
	*number = calloc(*count + 1, sizeof(**number));
	if (*number && rank(&r, c, *count)) {
		ok = settle(&r, c, &numbered);
		for (size_t i = 0; ok && numbered && i < r.count; i++)
			if (r.at[i].taken && !r.at[i].placed &&
			    !r.at[i].shape)
				(*number)[r.at[i].index] = r.at[i].is;
	} else {
		free(*number);
		*number = NULL;
	}
	free(r.at);
	return ok;
}
