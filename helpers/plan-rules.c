/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: pure: the steps that bring rules in and out, in the kernel's order. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "plan-steps.h"

/* Behind all of its family up to its priority, as the kernel puts it. */
static bool
stand_behind(struct planning *k, const struct rule *rule)
{
	const struct rule **at;
	size_t i = k->rule_count;

	at = realloc(k->rules, (k->rule_count + 1) * sizeof(*at));
	if (!at)
		return false;
	k->rules = at;
	while (i > 0 && (at[i - 1]->family != rule->family ||
	    at[i - 1]->priority > rule->priority))
		i--;
	memmove(&at[i + 1], &at[i], (k->rule_count - i) * sizeof(*at));
	at[i] = rule;
	k->rule_count++;
	return true;
}

static void
forget_rule(struct planning *k, size_t at)
{
	k->rule_count--;
	memmove(&k->rules[at], &k->rules[at + 1],
	    (k->rule_count - at) * sizeof(*k->rules));
}

static int
add_twin(struct planning *k, struct object *o, const struct rule *rule)
{
	struct op *op;

	if (!stand_behind(k, rule))
		return -ENOMEM;
	op = plan_step(k, OP_DELETE_RULE, o);
	if (!op)
		return -ENOMEM;
	op->rule = rule;
	op->twin = true;
	return 0;
}

/* A delete kills the first rule that its attributes fit.  Where a more special
 * rule stands in front, that one first gets a twin behind: then the delete may
 * hit it, and a second one hits `rule`.  k->rules follows every step. */
static int
drop_rule(struct planning *k, struct object *o, const struct rule *rule)
{
	const struct rule *hit;
	struct op *op;
	bool there = false;
	size_t i;
	int err = 0;

	for (i = 0; i < k->rule_count; i++)
		if (k->rules[i]->protocol == rule->protocol &&
		    rule_same(k->rules[i], rule))
			there = true;
	while (there && !err) {
		for (i = 0; !rule_pattern_hits(rule, k->rules[i]); i++)
			continue;
		hit = k->rules[i];
		there = !rule_same(hit, rule) ||
		    hit->protocol != rule->protocol;
		if (there)
			err = add_twin(k, o, hit);
		forget_rule(k, i);
		op = err ? NULL : plan_step(k, OP_DELETE_RULE, o);
		if (!op)
			return -ENOMEM;
		op->rule = rule;
	}
	return err;
}

static bool
is_among(const struct object_refs *refs, const struct rule *rule)
{
	for (size_t i = 0; i < refs->count; i++)
		if (refs->at[i]->kind == OBJECT_RULE &&
		    rule_same(&refs->at[i]->rule, rule))
			return true;
	return false;
}

/* The same as some line, put in by the other program. */
static bool
is_line_copy(const struct planning *k, const struct rule *rule)
{
	const struct object_refs *refs[] = { &k->in->want, &k->in->old };

	for (size_t n = 0; n < 2; n++)
		for (size_t i = 0; i < refs[n]->count; i++)
			if (refs[n]->at[i]->unplaced &&
			    plan_adoptable(refs[n]->at[i], rule->protocol) &&
			    rule_same_elsewhere(&refs[n]->at[i]->rule, rule))
				return true;
	return false;
}

/* The kernel chooses priorities downwards from one that is there: below a rule
 * that is no such copy the copies hang.  A pair that somebody placed by hand,
 * one right above the other, hangs below nothing. */
static bool
hangs(const struct planning *k, const struct rule *rule)
{
	const struct rule_list *rules = &k->in->now->rules;
	const struct rule *above;

	do {
		above = NULL;
		for (size_t i = 0; i < rules->count; i++) {
			const struct rule *at = &rules->at[i];

			if (at->family == rule->family &&
			    at->priority > rule->priority &&
			    at->priority <= rule->priority + RULE_CLOSE &&
			    (!above || at->priority < above->priority))
				above = at;
		}
		if (!above || !is_line_copy(k, above))
			return rule->automatic;
		rule = above;
	} while (rule->priority < RULE_PRIORITY_TOP);
	return true;
}

static bool
is_placed_by_kernel(const struct planning *k, const struct rule *rule)
{
	return rule->automatic && (rule->priority == 0 ||
	    rule->priority >= RULE_PRIORITY_TOP || hangs(k, rule));
}

/* Put in for the same line: with no protocol, or with the line's own.  What
 * stands at another line's very place is that one's. */
static bool
is_copy(const struct planning *k, const struct object *o,
    const struct rule *rule)
{
	if (rule->priority == o->rule.priority ||
	    !rule_same_elsewhere(rule, &o->rule) ||
	    !is_placed_by_kernel(k, rule) || is_among(&k->in->want, rule))
		return false;
	return plan_adoptable(o, rule->protocol) ||
	    (rule->protocol == o->rule.protocol &&
	    rule->protocol != PROTO_IFPOLICY && !is_among(&k->in->old, rule));
}

/* The copies that the other program has added since, at priorities that the
 * kernel chose. */
static int
drop_copies(struct planning *k, struct object *o)
{
	const struct rule_list *rules = &k->in->now->rules;
	int err = 0;

	for (size_t i = 0; o->unplaced && i < rules->count && !err; i++)
		if (is_copy(k, o, &rules->at[i]))
			err = drop_rule(k, o, &rules->at[i]);
	return err;
}

/* Ours, or one that is as good, stands at its priority. */
static const struct rule *
find_there(const struct planning *k, struct object *o)
{
	const struct rule_list *rules = &k->in->now->rules;
	const struct rule *ours = NULL;

	o->foreign = false;
	for (size_t i = 0; i < rules->count; i++) {
		if (rules->at[i].priority != o->rule.priority ||
		    !rule_same(&rules->at[i], &o->rule))
			continue;
		if (rules->at[i].protocol == o->rule.protocol)
			ours = &rules->at[i];
		else if (!plan_adoptable(o, rules->at[i].protocol))
			o->foreign = true;
	}
	if (ours)
		o->foreign = false;
	return ours;
}

/* The very same ones that the other program put in, behind ours by now. */
static int
drop_theirs(struct planning *k, struct object *o)
{
	const struct rule_list *rules = &k->in->now->rules;
	int err = 0;

	for (size_t i = 0; o->from_file && i < rules->count && !err; i++)
		if (rules->at[i].protocol != o->rule.protocol &&
		    plan_adoptable(o, rules->at[i].protocol) &&
		    rule_same(&rules->at[i], &o->rule))
			err = drop_rule(k, o, &rules->at[i]);
	return err;
}

/* An undo deletes it again, and must not hit these. */
static bool
note_in_front(const struct planning *k, struct op *op)
{
	for (size_t i = 0; i < k->rule_count; i++) {
		const struct rule **at;

		if (!rule_pattern_hits(op->rule, k->rules[i]))
			continue;
		at = realloc(op->in_front, (op->in_front_count + 1) *
		    sizeof(*at));
		if (!at)
			return false;
		op->in_front = at;
		at[op->in_front_count++] = k->rules[i];
	}
	return true;
}

static int
want_this_rule(struct planning *k, struct object *o)
{
	struct op *op;

	if (find_there(k, o))
		return plan_add(k, OP_KEEP, o);
	if (o->foreign)
		return plan_add(k, OP_FOREIGN, o);
	op = plan_step(k, OP_ADD_RULE, o);
	if (!op || !note_in_front(k, op) || !stand_behind(k, &o->rule))
		return -ENOMEM;
	/* Some kernels take one of another protocol for the same. */
	for (size_t i = 0; o->from_file && i < k->in->now->rules.count; i++)
		if (rule_same(&k->in->now->rules.at[i], &o->rule))
			op->twin = true;
	return 0;
}

int
plan_want_rule(struct planning *k, struct object *o)
{
	int err = want_this_rule(k, o);

	if (!err && !o->foreign)
		err = drop_theirs(k, o);
	return err ? err : drop_copies(k, o);
}

int
plan_drop_rule(struct planning *k, struct object *o)
{
	int err = drop_copies(k, o);

	if (!err)
		err = drop_theirs(k, o);
	return err ? err : drop_rule(k, o, &o->rule);
}
