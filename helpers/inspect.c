/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: how the claims of one device stand in the kernel.
 *
 * The planner is asked what it would have to do to make the claims true: where
 * the answer is "nothing", they are. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "block.h"
#include "facts.h"
#include "inspect.h"

static int
list_claims(struct inspection *in, struct session *ss, const char *device,
    struct fault *f)
{
	struct claims *have = &ss->record.claims;
	struct claim **list = calloc(have->count + 1, sizeof(struct claim *));
	const struct object *conflict;
	size_t n = 0;
	int err = 0;

	if (!list) {
		fault_set(f, "out of memory");
		return -ENOMEM;
	}
	for (size_t i = 0; i < have->count && !err; i++) {
		if (strcmp(have->at[i].device, device))
			continue;
		err = block_parse(&have->at[i], &ss->names, f);
		list[n++] = &have->at[i];
	}
	if (!err)
		err = plan_resolve(&in->want, list, n, &conflict, f);
	free(list);
	return err;
}

/* The planner knows whole routes alone. */
static void
set_hops_apart(struct inspection *in)
{
	size_t kept = 0;

	for (size_t i = 0; i < in->want.count; i++)
		if (in->want.at[i]->kind != OBJECT_HOP)
			in->want.at[kept++] = in->want.at[i];
	in->want.count = kept;
}

/* A share stands where a route of ours has its next hop, alone or not. */
static enum standing
standing_of_hop(const struct inspection *in, const struct object *o)
{
	const struct hop *mine = &o->route.hop[0];

	for (size_t i = 0; i < in->now.routes.count; i++) {
		const struct route *r = &in->now.routes.at[i];

		if (!route_same_key(r, &o->route) ||
		    r->protocol != PROTO_IFPOLICY)
			continue;
		for (size_t j = 0; j < r->hop_count; j++)
			if (r->hop[j].ifindex == in->now.link.ifindex &&
			    addr_cmp(&r->hop[j].via, &mine->via) == 0)
				return r->hop_count == 1 || r->hop[j].weight ==
				    o->weight ? STANDS : CHANGED;
	}
	return MISSING;
}

int
inspect(struct inspection *in, struct session *ss, const char *device,
    struct fault *f)
{
	struct plan_input input = { 0 };
	bool *held = NULL;
	int err;

	memset(in, 0, sizeof(*in));
	err = list_claims(in, ss, device, f);
	if (!err)
		err = facts_read(&in->now, &ss->nl, device,
		    FAMILY_4 | FAMILY_6, f);
	if (err)
		return err;
	facts_resolve_devices(&in->want, &in->now);
	err = facts_read_sysctls(&in->want, f);
	if (!err)
		err = facts_read_rules(&in->now, &ss->nl,
		    FAMILY_4 | FAMILY_6, &in->want, &in->want, f);
	if (!err)
		err = facts_read_tables(&in->now, &ss->nl,
		    FAMILY_4 | FAMILY_6, &in->want, &in->want, f);
	set_hops_apart(in);
	held = calloc(in->want.count + 1, sizeof(*held));
	if (!err && !held) {
		fault_set(f, "out of memory");
		err = -ENOMEM;
	}
	input.want = input.old = in->want;
	input.held = held;
	input.now = &in->now;
	if (!err && plan_make(&in->plan, &input, &in->contradicted,
	    &in->conflict) == -ENOMEM)
		err = -ENOMEM;
	free(held);
	return err;
}

void
inspection_fini(struct inspection *in)
{
	snapshot_fini(&in->now);
	object_refs_fini(&in->want);
	plan_fini(&in->plan);
}

static enum standing
standing_of_op(const struct op *op)
{
	switch (op->verb) {
	case OP_KEEP:
		return STANDS;
	case OP_FOREIGN:
		return FOREIGN;
	case OP_ADD_RULE:
		return MISSING;
	case OP_ADD_TABLE_ROUTE:
	case OP_ADD_MAIN_ROUTE:
		return op->replaces ? CHANGED : MISSING;
	default:
		return CHANGED;
	}
}

enum standing
inspection_of(const struct inspection *in, const struct object *o)
{
	bool wanted = false;

	if (o == in->contradicted)
		return CHANGED;
	if (o->kind == OBJECT_HOP)
		return standing_of_hop(in, o);
	for (size_t i = 0; i < in->plan.count; i++)
		if (in->plan.at[i].object &&
		    object_same(in->plan.at[i].object, o))
			return standing_of_op(&in->plan.at[i]);
	for (size_t i = 0; i < in->want.count; i++)
		if (object_same(in->want.at[i], o))
			wanted = true;
	if (!wanted)
		return SHADOWED;
	/* A sysctl that this kernel or device lacks; or no plan at all, since
	 * something contradicts the claims. */
	return o->kind == OBJECT_SYSCTL && !o->sysctl.now[0] ? MISSING :
	    in->contradicted ? STANDS : MISSING;
}

const char *
standing_word(enum standing s)
{
	static const char *const words[] = {
		[STANDS] = "ok", [FOREIGN] = "foreign",
		[SHADOWED] = "shadowed", [MISSING] = "missing",
		[CHANGED] = "changed",
	};

	return words[s];
}

int
inspect_unclaimed(struct objects *out, struct session *ss, struct fault *f)
{
	struct snapshot now = { 0 };
	struct object *o;
	size_t kept = 0;
	int err;

	err = facts_read_ours(&now, &ss->nl, FAMILY_4 | FAMILY_6, f);
	for (size_t i = 0; i < now.rules.count && !err; i++) {
		if (!(o = objects_add(out)))
			err = -ENOMEM;
		else
			*o = (struct object){ .kind = OBJECT_RULE,
			    .key = KEY_COUNT, .rule = now.rules.at[i] };
	}
	for (size_t i = 0; i < now.routes.count && !err; i++) {
		if (!(o = objects_add(out)))
			err = -ENOMEM;
		else
			*o = (struct object){ .kind = OBJECT_ROUTE,
			    .key = KEY_COUNT, .route = now.routes.at[i] };
	}
	for (size_t i = 0; i < out->count && !err; i++)
		if (!record_held_elsewhere(&ss->record, &out->at[i], "") &&
		    (out->at[i].kind != OBJECT_ROUTE ||
		    !record_shares(&ss->record, &out->at[i].route)))
			out->at[kept++] = out->at[i];
	out->count = kept;
	snapshot_fini(&now);
	if (err == -ENOMEM)
		fault_set(f, "out of memory");
	return err;
}
