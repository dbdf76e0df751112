/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: pure: the order of steps in which no packet goes astray half-way.
 *
 * Of what is added the first to be asked comes first: the rule of the lowest
 * priority, the longest prefix, the lowest metric.  So each packet meets either
 * the new or what it met before, never only a part of the new.  What is deleted
 * goes the other way round.  A route without a gateway may lead to the gateway
 * of another, so it stands before that. */
#include <stdlib.h>
#include <string.h>

#include "plan-steps.h"

static bool
is_step_of_route(const struct op *op)
{
	return op->verb == OP_GIVE_BACK || op->verb == OP_ADD_TABLE_ROUTE ||
	    op->verb == OP_ADD_MAIN_ROUTE || op->verb == OP_TAKE ||
	    op->verb == OP_DELETE_MAIN_ROUTE ||
	    op->verb == OP_DELETE_TABLE_ROUTE;
}

/* Less than 0: a is asked before b. */
static int
order_routes(const struct route *a, const struct route *b)
{
	if (a->dst.len != b->dst.len)
		return a->dst.len > b->dst.len ? -1 : 1;
	return a->metric < b->metric ? -1 : a->metric > b->metric;
}

/* Main's routes of others go among ours. */
static int
rank(const struct op *op)
{
	return op->verb == OP_TAKE ? OP_DELETE_MAIN_ROUTE : (int)op->verb;
}

/* Deletes of rules keep the order they were found in: each counts on those
 * before. */
static int
order_ops(const struct op *a, const struct op *b)
{
	if (rank(a) != rank(b))
		return rank(a) < rank(b) ? -1 : 1;
	if (a->verb == OP_ADD_RULE)
		return a->rule->priority < b->rule->priority ? -1 :
		    a->rule->priority > b->rule->priority;
	if (!is_step_of_route(a))
		return 0;
	/* What is replaced may be what somebody goes by until the rest is
	 * there. */
	if (!a->replaces != !b->replaces)
		return a->replaces ? 1 : -1;
	return a->verb < OP_DELETE_RULE ?
	    order_routes(&a->object->route, &b->object->route) :
	    order_routes(&b->object->route, &a->object->route);
}

/* A step that makes the gateway of a route reachable. */
static bool
leads_to(const struct op *op, const struct route *r)
{
	const struct route *by = &op->object->route;

	if (op->verb > OP_ADD_MAIN_ROUTE || !is_step_of_route(op) ||
	    by->hop_count != 1 || addr_given(&by->hop[0].via) ||
	    by->family != r->family)
		return false;
	for (size_t i = 0; i < r->hop_count; i++)
		if (addr_given(&r->hop[i].via) &&
		    prefix_covers(&by->dst, &r->hop[i].via))
			return true;
	return false;
}

/* The kernel takes no route whose gateway it cannot reach. */
static void
put_gateways_first(struct plan *p)
{
	for (size_t i = 0; i < p->count; i++)
		for (size_t j = i + 1; j < p->count &&
		    is_step_of_route(&p->at[i]) &&
		    p->at[i].verb == p->at[j].verb &&
		    p->at[i].verb < OP_DELETE_RULE; j++) {
			struct op by = p->at[j];

			if (!leads_to(&by, &p->at[i].object->route))
				continue;
			memmove(&p->at[i + 1], &p->at[i], (j - i) *
			    sizeof(by));
			p->at[i++] = by;
		}
}

/* Stable. */
void
plan_sort(struct plan *p)
{
	for (size_t i = 1; i < p->count; i++)
		for (size_t j = i; j > 0 &&
		    order_ops(&p->at[j - 1], &p->at[j]) > 0; j--) {
			struct op swap = p->at[j];

			p->at[j] = p->at[j - 1];
			p->at[j - 1] = swap;
		}
	put_gateways_first(p);
}

/* Where a rule stands in the kernel, 1 the first; 0 not at all, or no rule. */
static size_t
place_of(const struct object *o, const struct rule_list *rules)
{
	for (size_t i = 0; o->kind == OBJECT_RULE && i < rules->count; i++)
		if (rules->at[i].protocol == o->rule.protocol &&
		    rule_same(&rules->at[i], &o->rule))
			return i + 1;
	return 0;
}

struct placed {
	size_t place, at;
};

static int
by_place(const void *a, const void *b)
{
	const struct placed *x = a, *y = b;

	if (x->place != y->place)
		return x->place > y->place ? -1 : 1;
	return x->at < y->at ? -1 : x->at > y->at;
}

/* The rules that the kernel asks last come first, the rest behind them. */
size_t *
plan_drop_order(const struct object_refs *old, const struct snapshot *now)
{
	struct placed *placed = calloc(old->count + 1, sizeof(*placed));
	size_t *order = calloc(old->count + 1, sizeof(*order));

	if (!placed || !order) {
		free(placed);
		free(order);
		return NULL;
	}
	for (size_t i = 0; i < old->count; i++) {
		placed[i].place = place_of(old->at[i], &now->rules);
		placed[i].at = i;
	}
	qsort(placed, old->count, sizeof(*placed), by_place);
	for (size_t i = 0; i < old->count; i++)
		order[i] = placed[i].at;
	free(placed);
	return order;
}
