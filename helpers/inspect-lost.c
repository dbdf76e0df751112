/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: which devices have lost something that the record holds.
 *
 * All that is ours in the kernel, sorted, is looked through once for all
 * claims: a thousand of them must not cost a thousand dumps. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "block.h"
#include "facts.h"
#include "inspect.h"

bool
device_names_has(const struct device_names *d, const char *name)
{
	for (size_t i = 0; i < d->count; i++)
		if (!strncmp(d->at[i], name, IFNAMSIZ))
			return true;
	return false;
}

bool
device_names_add(struct device_names *d, const char *name)
{
	char (*at)[IFNAMSIZ];

	if (device_names_has(d, name))
		return true;
	if ((d->count & (d->count - 1)) == 0) {
		at = realloc(d->at, (d->count ? d->count * 2 : 1) *
		    sizeof(*at));
		if (!at)
			return false;
		d->at = at;
	}
	memset(d->at[d->count], 0, IFNAMSIZ);
	memcpy(d->at[d->count++], name, strnlen(name, IFNAMSIZ - 1));
	return true;
}

void
device_names_remove(struct device_names *d, const char *name)
{
	for (size_t i = d->count; i-- > 0;)
		if (!strncmp(d->at[i], name, IFNAMSIZ))
			memmove(d->at[i], d->at[--d->count], IFNAMSIZ);
}

void
device_names_fini(struct device_names *d)
{
	free(d->at);
	d->at = NULL;
	d->count = 0;
}

/* Enough of a rule or route to find those few that may equal it. */
static int
compare_rules(const void *a, const void *b)
{
	const struct rule *x = a, *y = b;
	int order = (x->family > y->family) - (x->family < y->family);

	if (!order)
		order = (x->priority > y->priority) -
		    (x->priority < y->priority);
	if (!order)
		order = prefix_cmp(&x->from, &y->from);
	return order ? order : prefix_cmp(&x->to, &y->to);
}

static int
compare_routes(const void *a, const void *b)
{
	const struct route *x = a, *y = b;
	int order = (x->family > y->family) - (x->family < y->family);

	if (!order)
		order = (x->table > y->table) - (x->table < y->table);
	return order ? order : prefix_cmp(&x->dst, &y->dst);
}

/* The first of those that compare equal to `key`; count if there is none. */
static size_t
first_of(const void *key, const void *at, size_t count, size_t size,
    int (*compare)(const void *, const void *))
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare((const char *)at + middle * size, key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool
has_rule(const struct snapshot *now, const struct rule *r)
{
	const struct rule_list *l = &now->rules;

	for (size_t i = first_of(r, l->at, l->count, sizeof(*r),
	    compare_rules); i < l->count && compare_rules(&l->at[i], r) == 0;
	    i++)
		if (rule_same(&l->at[i], r))
			return true;
	return false;
}

static bool
has_route(const struct snapshot *now, const struct route *r)
{
	const struct route_list *l = &now->routes;

	for (size_t i = first_of(r, l->at, l->count, sizeof(*r),
	    compare_routes); i < l->count && compare_routes(&l->at[i], r) == 0;
	    i++)
		if (route_same(&l->at[i], r))
			return true;
	return false;
}

static bool
has_share(const struct snapshot *now, const struct object *o)
{
	const struct hop *mine = &o->route.hop[0];

	for (size_t i = 0; i < now->routes.count; i++) {
		const struct route *r = &now->routes.at[i];

		for (size_t j = 0; j < r->hop_count; j++)
			if (route_same_key(r, &o->route) &&
			    r->hop[j].ifindex == mine->ifindex &&
			    addr_cmp(&r->hop[j].via, &mine->via) == 0)
				return true;
	}
	return false;
}

/* What a file gives another protocol is not in the look; nor are next hops of
 * devices that are gone. */
static bool
is_lost(const struct snapshot *now, const struct object *o)
{
	if (o->foreign)
		return false;
	if (o->kind == OBJECT_RULE)
		return o->rule.protocol == PROTO_IFPOLICY &&
		    !has_rule(now, &o->rule);
	if (o->kind == OBJECT_HOP)
		return !has_share(now, o);
	return o->kind == OBJECT_ROUTE &&
	    o->route.protocol == PROTO_IFPOLICY && !has_route(now, &o->route);
}

static int
look_at_claim(struct device_names *out, const struct snapshot *now,
    struct claim *c)
{
	struct object_refs refs = { 0 };
	struct object *o;
	bool lost = false;

	for (size_t i = 0; i < c->objects.count && !lost; i++) {
		o = &c->objects.at[i];
		refs = (struct object_refs){ &o, 1 };
		facts_resolve_devices(&refs, now);
		lost = is_lost(now, o);
	}
	return !lost || device_names_add(out, c->device) ? 0 : -ENOMEM;
}

int
inspect_lost(struct device_names *out, struct session *ss, struct fault *f)
{
	struct claims *have = &ss->record.claims;
	struct snapshot now = { 0 };
	int err = facts_read_ours(&now, &ss->nl, FAMILY_4 | FAMILY_6, f);

	if (!err && now.rules.count)
		qsort(now.rules.at, now.rules.count, sizeof(*now.rules.at),
		    compare_rules);
	if (!err && now.routes.count)
		qsort(now.routes.at, now.routes.count, sizeof(*now.routes.at),
		    compare_routes);
	for (size_t i = 0; i < have->count && !err; i++) {
		err = block_parse(&have->at[i], &ss->names, f);
		if (!err)
			err = look_at_claim(out, &now, &have->at[i]);
		if (err == -ENOMEM)
			fault_set(f, "out of memory");
	}
	snapshot_fini(&now);
	return err;
}
