/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: pure: the lines of route- and rule- files to the objects of a claim.
 *
 * What ifup-routes of network-scripts makes of the same lines, but for two
 * things: the protocol is ours where a line gives none, and a rule without a
 * priority gets one by its place in the files instead of by the hour. */
#include <linux/fib_rules.h>

#include <string.h>

#include "compile.h"

/* What the kernel gives the first rule on a machine that has only its own, and
 * then downwards: the last line is tried first. */
#define FIRST_PRIORITY	(RULE_PRIORITY_MAIN - 1)

/* The same rule as an earlier line's: once is enough. */
static bool
is_doubled(const struct objects *have, const struct rule *rule)
{
	for (size_t i = 0; i < have->count; i++)
		if (have->at[i].kind == OBJECT_RULE && have->at[i].unplaced &&
		    rule_same_elsewhere(&have->at[i].rule, rule))
			return true;
	return false;
}

static bool
add_file_rule(struct objects *out, const struct object *from,
    uint32_t *priority)
{
	struct object *o, copy = *from;

	rule_normalize(&copy.rule);
	copy.unplaced = !copy.rule.has_priority;
	if (copy.unplaced && is_doubled(out, &copy.rule))
		return true;
	if (copy.unplaced) {
		copy.rule.has_priority = true;
		copy.rule.priority = (*priority)--;
	}
	if (copy.rule.protocol == 0)
		copy.rule.protocol = PROTO_IFPOLICY;
	o = objects_add(out);
	if (o)
		*o = copy;
	return o != NULL;
}

/* A default route that DHCP, GATEWAY or another device may have put in main
 * alike: were it taken over, it would go with this label, and with it perhaps
 * the way by which somebody is logged in. */
static bool
is_shared_default(const struct route *r, const struct claim *c)
{
	if (r->table != RT_TABLE_MAIN || r->dst.len != 0 ||
	    r->type != RTN_UNICAST || addr_given(&r->prefsrc))
		return false;
	return strchr(c->key.label, ':') || r->hop_count != 1 ||
	    (r->hop[0].dev[0] && strcmp(r->hop[0].dev, c->device));
}

static bool
is_absent(const struct request *r, const struct addr *src)
{
	for (size_t i = 0; i < r->absent_count; i++)
		if (addr_cmp(&r->absent[i], src) == 0)
			return true;
	return false;
}

/* The kernel would refuse it, but only where it does not stand yet. */
static bool
lacks_source(const struct request *r, const struct object *from)
{
	char text[ADDR_TEXT];
	struct fault why;

	if (!addr_given(&from->route.prefsrc) ||
	    !is_absent(r, &from->route.prefsrc))
		return false;
	fault_set(&why, "its source %s is on no device", addr_print(text,
	    &from->route.prefsrc));
	if (from->line)
		setting_refuse(from->line, why.text);
	return true;
}

static bool
add_file_route(struct objects *out, const struct object *from,
    const struct claim *c, const struct snapshot *now)
{
	struct object *o = objects_add(out);

	if (!o)
		return false;
	*o = *from;
	if (o->route.protocol == 0)
		o->route.protocol = PROTO_IFPOLICY;
	o->careful = is_shared_default(&o->route, c);
	for (size_t i = 0; i < o->route.hop_count && !o->route.nhid; i++) {
		if (o->route.hop[i].dev[0])
			continue;
		memcpy(o->route.hop[i].dev, c->device, IFNAMSIZ);
		o->route.hop[i].ifindex = now->link.ifindex;
	}
	route_normalize(&o->route);
	return true;
}

enum verdict
compile_files(struct compiled *out, const struct request *r,
    const struct claim *c, const struct snapshot *now, struct fault *f)
{
	uint32_t priority = FIRST_PRIORITY;
	bool ok = true;

	memset(out, 0, sizeof(*out));
	for (size_t i = 0; i < r->extra.count && ok; i++) {
		const struct object *from = &r->extra.at[i];

		if (from->kind == OBJECT_RULE)
			ok = add_file_rule(&out->objects, from, &priority);
		else if (!lacks_source(r, from))
			ok = add_file_route(&out->objects, from, c, now);
	}
	if (ok)
		return VERDICT_DONE;
	fault_set(f, "out of memory");
	compiled_fini(out);
	return VERDICT_WRONG;
}
