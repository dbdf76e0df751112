/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: a kernel made of two arrays, to carry out plans on. */
#ifndef IFPOLICY_TEST_KERNEL_H
#define IFPOLICY_TEST_KERNEL_H

#include <errno.h>
#include <string.h>

#include "model.h"
#include "plan.h"

#define KERNEL_RULES	256
#define KERNEL_ROUTES	96

/* Rules are a multiset in the order of priority, then age.  Of routes there is
 * one a slot.  The tag is the test's own, it goes along with each entry. */
struct kernel {
	struct rule rule[KERNEL_RULES];
	struct route route[KERNEL_ROUTES];
	int rule_tag[KERNEL_RULES], route_tag[KERNEL_ROUTES];
	size_t rules, routes;
};

static inline void
kernel_copy(struct kernel *to, const struct kernel *from)
{
	memcpy(to->rule, from->rule, from->rules * sizeof(*to->rule));
	memcpy(to->route, from->route, from->routes * sizeof(*to->route));
	memcpy(to->rule_tag, from->rule_tag, sizeof(to->rule_tag));
	memcpy(to->route_tag, from->route_tag, sizeof(to->route_tag));
	to->rules = from->rules;
	to->routes = from->routes;
}

static inline bool
kernel_equal(const struct kernel *a, const struct kernel *b)
{
	if (a->rules != b->rules || a->routes != b->routes)
		return false;
	for (size_t i = 0; i < a->rules; i++)
		if (!rule_same(&a->rule[i], &b->rule[i]) ||
		    a->rule[i].protocol != b->rule[i].protocol)
			return false;
	for (size_t i = 0; i < a->routes; i++)
		if (!route_same(&a->route[i], &b->route[i]) ||
		    a->route[i].protocol != b->route[i].protocol)
			return false;
	return true;
}

/* EXCL compares the protocol too. */
static inline int
kernel_add_rule(struct kernel *k, const struct rule *r, bool excl, int tag)
{
	size_t at = 0;

	for (size_t i = 0; excl && i < k->rules; i++)
		if (rule_same(&k->rule[i], r) &&
		    k->rule[i].protocol == r->protocol)
			return -EEXIST;
	if (k->rules == KERNEL_RULES)
		return -ENOMEM;
	while (at < k->rules && k->rule[at].priority <= r->priority)
		at++;
	memmove(&k->rule[at + 1], &k->rule[at],
	    (k->rules - at) * sizeof(*k->rule));
	memmove(&k->rule_tag[at + 1], &k->rule_tag[at],
	    (k->rules - at) * sizeof(*k->rule_tag));
	k->rule[at] = *r;
	k->rule_tag[at] = tag;
	k->rules++;
	return 0;
}

static inline void
kernel_cut_rule(struct kernel *k, size_t at)
{
	k->rules--;
	memmove(&k->rule[at], &k->rule[at + 1],
	    (k->rules - at) * sizeof(*k->rule));
	memmove(&k->rule_tag[at], &k->rule_tag[at + 1],
	    (k->rules - at) * sizeof(*k->rule_tag));
}

static inline int
kernel_delete_rule(struct kernel *k, const struct rule *pattern)
{
	for (size_t i = 0; i < k->rules; i++)
		if (rule_pattern_hits(pattern, &k->rule[i])) {
			kernel_cut_rule(k, i);
			return 0;
		}
	return -ENOENT;
}

static inline int
kernel_add_route(struct kernel *k, const struct route *r, bool replace,
    int tag)
{
	size_t at = 0;

	while (at < k->routes && !route_same_key(&k->route[at], r))
		at++;
	if (at < k->routes && !replace)
		return -EEXIST;
	if (at == k->routes && replace && r->family == AF_INET)
		return -ENOENT;
	if (at == KERNEL_ROUTES)
		return -ENOMEM;
	k->route[at] = *r;
	k->route_tag[at] = tag;
	k->routes += at == k->routes;
	return 0;
}

static inline void
kernel_cut_route(struct kernel *k, size_t at)
{
	k->routes--;
	memmove(&k->route[at], &k->route[at + 1],
	    (k->routes - at) * sizeof(*k->route));
	memmove(&k->route_tag[at], &k->route_tag[at + 1],
	    (k->routes - at) * sizeof(*k->route_tag));
}

/* Every attribute is named, the protocol too. */
static inline int
kernel_delete_route(struct kernel *k, const struct route *r)
{
	for (size_t i = 0; i < k->routes; i++)
		if (route_same(&k->route[i], r) &&
		    k->route[i].protocol == r->protocol) {
			kernel_cut_route(k, i);
			return 0;
		}
	return -ESRCH;
}

/* What apply.c sends for one operation; sysctls are not the kernel's here. */
static inline int
kernel_do(struct kernel *k, const struct op *op, int tag)
{
	switch (op->verb) {
	case OP_GIVE_BACK:
		return kernel_add_route(k, &op->object->route, false, tag);
	case OP_ADD_TABLE_ROUTE:
	case OP_ADD_MAIN_ROUTE:
		return kernel_add_route(k, &op->object->route,
		    op->replaces != NULL, tag);
	case OP_ADD_RULE:
		return kernel_add_rule(k, op->rule, !op->twin, tag);
	case OP_TAKE:
	case OP_DELETE_MAIN_ROUTE:
	case OP_DELETE_TABLE_ROUTE:
		return kernel_delete_route(k, &op->object->route);
	case OP_DELETE_RULE:
		return op->twin ? kernel_add_rule(k, op->rule, false, tag) :
		    kernel_delete_rule(k, op->rule);
	default:
		return 0;
	}
}

#endif
