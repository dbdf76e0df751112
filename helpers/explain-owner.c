/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: which interface's claim a rule or route of the kernel belongs to. */
#include <string.h>

#include "explain-work.h"
#include "json.h"
#include "names.h"

/* One is somebody's if it is asked for there; "foreign" is what was there
 * already and is only used. */
static bool
holds_rule(const struct claim *c, const struct rule *r)
{
	for (size_t i = 0; i < c->objects.count; i++) {
		const struct object *o = &c->objects.at[i];

		if (o->kind == OBJECT_RULE && rule_same(&o->rule, r) &&
		    (o->foreign || o->rule.protocol == r->protocol))
			return true;
	}
	return false;
}

/* A share of a multipath route is one of its next hops. */
static bool
holds_hop(const struct object *o, const struct route *r)
{
	const struct hop *mine = &o->route.hop[0];

	if (!route_same_key(&o->route, r))
		return false;
	for (size_t i = 0; i < r->hop_count; i++)
		if (!strcmp(r->hop[i].dev, mine->dev) &&
		    addr_cmp(&r->hop[i].via, &mine->via) == 0)
			return true;
	return false;
}

/* The record has names only, the kernel both. */
static bool
same_route(const struct object *o, const struct route *r)
{
	struct route mine = o->route;

	for (size_t i = 0; i < mine.hop_count && i < r->hop_count; i++)
		mine.hop[i].ifindex = r->hop[i].ifindex;
	return route_same(&mine, r) &&
	    (o->foreign || mine.protocol == r->protocol);
}

static bool
holds_route(const struct claim *c, const struct route *r)
{
	for (size_t i = 0; i < c->objects.count; i++) {
		const struct object *o = &c->objects.at[i];

		if ((o->kind == OBJECT_ROUTE && same_route(o, r)) ||
		    (o->kind == OBJECT_HOP && r->protocol ==
		    PROTO_IFPOLICY && holds_hop(o, r)))
			return true;
	}
	return false;
}

static size_t
add_labels(struct text *t, const struct explanation *e, bool json,
    const struct rule *rule, const struct route *route)
{
	const struct claims *all = &e->ss->record.claims;
	const char *last = "";
	size_t count = 0;

	for (size_t i = 0; i < all->count; i++) {
		const struct claim *c = &all->at[i];

		if (c->key.family != e->q.family || (rule ?
		    !holds_rule(c, rule) : !holds_route(c, route)))
			continue;
		/* Several stanzas of a label, or its files, may ask for one. */
		if (!strcmp(last, c->key.label))
			continue;
		last = c->key.label;
		text_str(t, count++ ? ", " : "");
		if (json)
			json_string(t, c->key.label);
		else
			text_str(t, c->key.label);
	}
	return count;
}

static void
add_protocol(struct text *t, const struct explanation *e, uint8_t protocol)
{
	char name[TABLE_NAME_MAX + 1];

	if (protocol == RTPROT_UNSPEC || protocol == RTPROT_BOOT)
		return;
	text_fmt(t, protocol == RTPROT_KERNEL ? "%s" : "proto %s",
	    names_protocol_text(name, &e->ss->names, protocol));
}

void
explain_rule_owner(struct text *t, const struct explanation *e,
    const struct rule *r)
{
	if (!add_labels(t, e, false, r, NULL))
		add_protocol(t, e, r->protocol);
}

void
explain_route_owner(struct text *t, const struct explanation *e,
    const struct route *r)
{
	if (!add_labels(t, e, false, NULL, r))
		add_protocol(t, e, r->protocol);
}

void
explain_rule_claims(struct text *t, const struct explanation *e,
    const struct rule *r)
{
	add_labels(t, e, true, r, NULL);
}

void
explain_route_claims(struct text *t, const struct explanation *e,
    const struct route *r)
{
	add_labels(t, e, true, NULL, r);
}

bool
explain_has_claim(const struct explanation *e, const char *device)
{
	const struct claims *all = &e->ss->record.claims;

	for (size_t i = 0; i < all->count; i++)
		if (all->at[i].key.family == e->q.family &&
		    !strcmp(all->at[i].device, device))
			return true;
	return false;
}
