/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: plans made wrong on purpose: the model must find each of them.
 *
 * The linker leads plan_make() here (--wrap). */
#include <stdlib.h>

#include "plan.h"
#include "steps.h"

int __real_plan_make(struct plan *out, const struct plan_input *in,
    const struct object **conflict, struct fault *f);
int __wrap_plan_make(struct plan *out, const struct plan_input *in,
    const struct object **conflict, struct fault *f);

static bool
is_delete(const struct op *op)
{
	return op->verb >= OP_DELETE_RULE && op->verb <= OP_DELETE_TABLE_ROUTE;
}

static bool
is_add(const struct op *op)
{
	return op->verb == OP_ADD_TABLE_ROUTE || op->verb == OP_ADD_RULE ||
	    op->verb == OP_ADD_MAIN_ROUTE;
}

static bool
is_delete_of_table_route(const struct op *op)
{
	return op->verb == OP_DELETE_TABLE_ROUTE;
}

static bool
is_delete_of_rule(const struct op *op)
{
	return op->verb == OP_DELETE_RULE;
}

static bool
is_give_back(const struct op *op)
{
	return op->verb == OP_GIVE_BACK;
}

static bool
is_restore(const struct op *op)
{
	return op->verb == OP_RESTORE_SYSCTL;
}

static bool
is_set(const struct op *op)
{
	return op->verb == OP_SET_SYSCTL;
}

typedef bool (*which)(const struct op *);

/* Those that are meant stand in front, or behind. */
static void
move(struct plan *p, which meant, bool front)
{
	struct op *at = calloc(p->count + 1, sizeof(*at));
	size_t n = 0;

	if (!at)
		abort();
	for (int round = 0; round < 2; round++)
		for (size_t i = 0; i < p->count; i++)
			if (meant(&p->at[i]) == (front == (round == 0)))
				at[n++] = p->at[i];
	for (size_t i = 0; i < p->count; i++)
		p->at[i] = at[i];
	free(at);
}

static void
reverse(struct plan *p, which meant)
{
	size_t a = 0, b = p->count;

	while (a < b) {
		struct op swap;

		while (a < b && !meant(&p->at[a]))
			a++;
		while (b > a && !meant(&p->at[b - 1]))
			b--;
		if (b - a < 2)
			return;
		swap = p->at[a];
		p->at[a++] = p->at[--b];
		p->at[b] = swap;
	}
}

/* The last of those that are meant is not done. */
static void
forget(struct plan *p, which meant)
{
	for (size_t i = p->count; i-- > 0;)
		if (meant(&p->at[i])) {
			p->at[i].verb = OP_KEEP;
			return;
		}
}

/* Others' rule that is used is taken for ours, and goes. */
static void
steal(struct plan *p, const struct plan_input *in)
{
	for (size_t i = 0; i < p->count; i++)
		for (size_t j = 0; j < in->now->rules.count; j++) {
			struct op *op = &p->at[i];
			const struct rule *r = &in->now->rules.at[j];

			if (op->verb != OP_FOREIGN || !op->rule ||
			    !rule_same(op->rule, r))
				continue;
			op->verb = OP_DELETE_RULE;
			op->rule = r;
			return;
		}
}

static void
spoil(struct plan *p, const struct plan_input *in, int mutant)
{
	switch (mutant) {
	case 1: move(p, is_delete, true); break;
	case 2: reverse(p, is_add); break;
	case 3: reverse(p, is_delete_of_rule); break;
	case 4: move(p, is_delete_of_table_route, true); break;
	case 5: forget(p, is_add); break;
	case 6: forget(p, is_delete); break;
	case 7: forget(p, is_give_back); break;
	case 8: forget(p, is_restore); break;
	case 9: move(p, is_set, false); break;
	case 10: steal(p, in); break;
	}
}

const char *
mutant_name(int mutant)
{
	static const char *const names[] = {
		[1] = "deletes before adds", [2] = "adds the wrong way round",
		[3] = "deletes of rules the wrong way round",
		[4] = "a table's routes go before its rules",
		[5] = "an add is forgotten", [6] = "a delete is forgotten",
		[7] = "nothing is given back",
		[8] = "a sysctl is not restored",
		[9] = "sysctls after routes", [10] = "another's rule goes",
	};

	return mutant > 0 && mutant < (int)LENGTH(names) ? names[mutant] :
	    NULL;
}

int
__wrap_plan_make(struct plan *out, const struct plan_input *in,
    const struct object **conflict, struct fault *f)
{
	int err = __real_plan_make(out, in, conflict, f);

	if (!err)
		spoil(out, in, machine.mutant);
	return err;
}
