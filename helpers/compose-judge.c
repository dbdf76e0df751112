/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: pure: which hand-written rules and routes an option can stand for. */
#include <sys/socket.h>

#include <linux/fib_rules.h>

#include <string.h>

#include "compose-work.h"

/* An option is all or nothing with the others of its stanza, so what the kernel
 * would refuse must not get among them.  A line that fails also ends ifup: such
 * a line, and what stands before it, stays as it is. */

/* The next address that the lines of a stanza give to any device, or NULL. */
static const struct hand *
next_address(const struct compose *o, size_t *line, size_t *hand)
{
	for (; o->gives_addresses && *line < o->line_count; ++*line, *hand = 0)
		while (*hand < o->line[*line].hands.count) {
			const struct hand *h =
			    &o->line[*line].hands.at[(*hand)++];

			if (h->kind == HAND_ADDRESS)
				return h;
		}
	return NULL;
}

/* What o's own address has on link. */
static bool
covers(const struct compose *o, const struct addr *a)
{
	return o->own.len && (prefix_covers(&o->own, a) ||
	    !addr_cmp(&o->peer, a));
}

bool
compose_on_link(const struct compose_world *w, const struct compose *c,
    const struct addr *a, bool *known)
{
	bool covered = false;

	*known = false;
	for (size_t i = 0; i < w->count; i++) {
		const struct compose *o = &w->at[i];
		size_t line = 0, hand = 0;
		const struct hand *h;

		if (compose_same_device(o, c) && o->own.len &&
		    o->own.addr.family == a->family) {
			*known = true;
			covered |= covers(o, a);
		}
		while ((h = next_address(o, &line, &hand))) {
			if (h->address.addr.family != a->family ||
			    (strcmp(h->device, HAND_DEVICE) ?
			    strcmp(h->device, c->device) : o != c))
				continue;
			*known = true;
			covered |= prefix_covers(&h->address, a);
		}
	}
	return covered;
}

/* One whose name is not known may be this one. */
const char *
compose_elsewhere(const struct compose_world *w, const struct compose *c,
    const struct addr *a)
{
	for (size_t i = 0; i < w->count; i++) {
		const struct compose *o = &w->at[i];
		size_t line = 0, hand = 0;
		const struct hand *h;

		if (!compose_same_device(o, c) && covers(o, a) &&
		    strcmp(o->device, HAND_DEVICE))
			return o->label;
		while ((h = next_address(o, &line, &hand)))
			if (strcmp(h->device, HAND_DEVICE) &&
			    strcmp(h->device, c->device) &&
			    prefix_covers(&h->address, a))
				return h->device;
	}
	return NULL;
}

/* Some stanza gives this machine the address, or may. */
static bool
may_be_ours(const struct compose_world *w, const struct addr *a)
{
	for (size_t i = 0; i < w->count; i++) {
		const struct compose *o = &w->at[i];
		size_t line = 0, hand = 0;
		const struct hand *h;

		if (o->asks || !o->is_static || o->bare ||
		    addr_cmp(&o->own.addr, a) == 0)
			return true;
		while ((h = next_address(o, &line, &hand)))
			if (addr_cmp(&h->address.addr, a) == 0)
				return true;
	}
	return false;
}

static bool
device_is_known(const struct compose_world *w, const char *device)
{
	if (!strcmp(device, "lo"))
		return true;
	for (size_t i = 0; i < w->count; i++)
		if (!strcmp(w->at[i].device, device) ||
		    !strcmp(w->at[i].label, device))
			return true;
	return false;
}

/* A route written before, without a gateway, that reaches the address: in main,
 * or in the table of the route itself (fib_check_nh_v4_gw()). */
static bool
reached_by_route(const struct added *from, const struct addr *a)
{
	struct added b;

	if (!compose_first(&b, from->c))
		return false;
	do {
		if (b.line_index > from->line_index ||
		    (b.line_index == from->line_index &&
		    b.hand_index >= from->hand_index))
			break;
		if (compose_is_route(b.hand) && b.hand->route.dst.len &&
		    b.hand->route.hop_count == 1 &&
		    !addr_given(&b.hand->route.hop[0].via) &&
		    compose_is_own_device(from->c,
		    compose_hop_device(b.hand)) &&
		    (compose_table(b.hand) == RT_TABLE_MAIN ||
		    compose_table(b.hand) == compose_table(from->hand)) &&
		    prefix_covers(&b.hand->route.dst, a))
			return true;
	} while (compose_next(&b));
	return false;
}

static void
judge_gateway(const struct compose_world *w, const struct added *a,
    const struct hop *hop)
{
	const char *other = compose_elsewhere(w, a->c, &hop->via);
	char text[ADDR_TEXT];
	bool known, covered;

	if (addr_is_link_local(&hop->via) && !hop->dev[0]) {
		compose_leave(a->line, "the kernel refuses it: the gateway %s "
		    "is one on every link, and no dev says which",
		    addr_print(text, &hop->via));
		a->line->fails = true;
		return;
	}
	if (hop->onlink || addr_is_link_local(&hop->via) ||
	    reached_by_route(a, &hop->via) || (hop->dev[0] &&
	    !compose_is_own_device(a->c, hop->dev)))
		return;
	covered = compose_on_link(w, a->c, &hop->via, &known);
	addr_print(text, &hop->via);
	if (!hop->dev[0] && other) {
		if (covered)
			compose_leave(a->line, "%s is in a subnet of %s as "
			    "well: say dev", text, other);
		else
			compose_leave(a->line, "%s is reached through %s: "
			    "the line belongs into its stanza", text, other);
		return;
	}
	if (covered || !known)
		return;
	compose_leave(a->line, "the kernel refuses it: the gateway %s is in no "
	    "subnet of %s", text, a->c->label);
	a->line->fails = true;
}

static void
judge_device(const struct compose_world *w, const struct added *a,
    const char *device)
{
	if (device[0] == '\0' || compose_is_own_device(a->c, device))
		return;
	if (!device_is_known(w, device)) {
		compose_leave(a->line, "the kernel refuses it where there is "
		    "no %s, and no stanza makes one", device);
		a->line->fails = true;
	} else if (a->hand->guarded && strcmp(device, "lo")) {
		compose_leave(a->line, "it may fail while %s is down, and a "
		    "policy is all or nothing", device);
	}
}

/* The kernel itself has a route to the subnet of an address. */
static bool
is_kernels(const struct compose *c, const struct hand *h)
{
	struct prefix own = c->own;

	prefix_clear_host_bits(&own);
	return h->family == AF_INET && c->is_static && own.len &&
	    compose_table(h) == RT_TABLE_MAIN && h->route.metric == 0 &&
	    prefix_cmp(&own, &h->route.dst) == 0 && !prefix_is_host(&own);
}

/* Who else puts a default route into main, in the same slot; NULL nobody. */
static const struct compose *
other_default(const struct compose_world *w, const struct hand *h)
{
	for (size_t i = 0; i < w->count; i++) {
		const struct compose *o = &w->at[i];

		if (o->router.family == h->family &&
		    o->router_metric == h->route.metric)
			return o;
		if (o->asks && o->family == h->family &&
		    o->router_metric == h->route.metric)
			return o;
	}
	return NULL;
}

static void
judge_main(const struct compose_world *w, const struct added *a)
{
	const struct hand *h = a->hand;
	const struct compose *o;
	bool adds = h->kind == HAND_ROUTE_ADD && !h->append;

	if (is_kernels(a->c, h)) {
		compose_leave(a->line, adds ? "the kernel refuses it: it has a "
		    "route to the subnet itself" : "it changes the kernel's "
		    "own route to the subnet; see policy-connected and "
		    "policy-source");
		a->line->fails |= adds;
		return;
	}
	if (h->route.dst.len || compose_table(h) != RT_TABLE_MAIN)
		return;
	o = other_default(w, h);
	if (!o)
		return;
	if (adds && addr_given(&o->router)) {
		compose_leave(a->line, "the kernel refuses it: %s has a "
		    "default route without a metric already", o->label);
		a->line->fails = true;
	} else {
		compose_leave(a->line, "%s may have a default route of its own "
		    "that it %s; see policy-metric and policy-default",
		    o->label, adds ? "cannot stand beside" : "replaces");
		a->line->fails |= adds;
	}
}

/* A line before has only just given the device this IPv6 address. */
static bool
is_tentative(const struct added *a, const struct addr *src)
{
	for (size_t i = 0; i < a->line_index; i++) {
		const struct hand_list *l = &a->c->line[i].hands;

		for (size_t j = 0; j < l->count; j++)
			if (l->at[j].kind == HAND_ADDRESS &&
			    !l->at[j].settled &&
			    !addr_cmp(&l->at[j].address.addr, src))
				return true;
	}
	return false;
}

static void
judge_source(const struct compose_world *w, const struct added *a)
{
	const struct addr *src = &a->hand->route.prefsrc;
	char text[ADDR_TEXT];

	if (!addr_given(src))
		return;
	if (is_tentative(a, src)) {
		compose_leave(a->line, "the kernel refuses it for a second or "
		    "two: %s was only just added, without nodad; as a "
		    "policy-route it would be waited for",
		    addr_print(text, src));
		a->line->fails = true;
		return;
	}
	if (may_be_ours(w, src))
		return;
	compose_leave(a->line, "the kernel refuses it: %s is no address of "
	    "this machine", addr_print(text, src));
	a->line->fails = true;
}

static void
judge_route(const struct compose_world *w, const struct added *a)
{
	struct route *r = &a->hand->route;
	bool rejects = route_type_is_reject(r->type);

	r->protocol = 0;
	if (a->line->phase == PHASE_PRE_UP && !rejects) {
		compose_leave(a->line, "before the interface is up a route is "
		    "refused by the kernel");
		a->line->fails = true;
		return;
	}
	if (r->nhid) {
		compose_leave(a->line, "it needs a next hop that others made");
		return;
	}
	if (r->hop_count == 0 && !rejects) {
		compose_leave(a->line, "the kernel refuses it: there is "
		    "neither a gateway nor a device");
		a->line->fails = true;
		return;
	}
	if (compose_table(a->hand) == RT_TABLE_LOCAL) {
		compose_leave(a->line, "the table local is the kernel's");
		return;
	}
	for (size_t i = 0; i < r->hop_count; i++) {
		judge_device(w, a, r->hop[i].dev);
		if (addr_given(&r->hop[i].via))
			judge_gateway(w, a, &r->hop[i]);
	}
	judge_source(w, a);
	judge_main(w, a);
}

static void
judge_rule(const struct added *a)
{
	struct rule *r = &a->hand->rule;
	struct prefix right = r->from.len && prefix_has_host_bits(&r->from) ?
	    r->from : r->to;
	char text[PREFIX_TEXT];

	r->protocol = 0;
	/* As ip(8) has it. */
	if (r->action == FR_ACT_TO_TBL && !r->table && !r->l3mdev)
		r->table = RT_TABLE_MAIN;
	if (prefix_has_host_bits(&right)) {
		prefix_clear_host_bits(&right);
		compose_leave(a->line, "the prefix has bits behind its length; "
		    "what it means to the kernel is %s",
		    prefix_print(text, &right));
	}
	if (!strcmp(r->iif, HAND_DEVICE) || !strcmp(r->oif, HAND_DEVICE))
		compose_leave(a->line, "the name of the interface is not known "
		    "here");
	if (r->has_priority && r->priority == 0)
		compose_leave(a->line, "priority 0 is the kernel's");
}

static void
judge_family(const struct added *a)
{
	if (a->c->family == a->hand->family)
		return;
	compose_leave(a->line, "it is for %s: the line belongs into an %s "
	    "stanza", a->hand->family == AF_INET6 ? "IPv6" : "IPv4",
	    addr_family_name(a->hand->family));
}

void
compose_judge(struct compose_world *w, struct compose *c)
{
	struct added a;

	if (!compose_first(&a, c))
		return;
	do {
		judge_family(&a);
		if (a.line->phase >= PHASE_DOWN)
			compose_leave(a.line, "it is added on the way down");
		if (compose_is_rule(a.hand))
			judge_rule(&a);
		else
			judge_route(w, &a);
	} while (compose_next(&a));
}

/* What a route is to the kernel in this stanza: its device filled in. */
static struct route
filled(const struct compose *c, const struct hand *h)
{
	struct route r = h->route;

	if (!r.table)
		r.table = RT_TABLE_MAIN;
	if (r.hop_count == 1 && (!r.hop[0].dev[0] ||
	    compose_is_own_device(c, r.hop[0].dev)))
		memcpy(r.hop[0].dev, c->device, IFNAMSIZ);
	route_normalize(&r);
	return r;
}

/* Of one slot only the first one written can be had. */
static void
judge_pair(const struct added *early, const struct added *late)
{
	struct route a, b;

	if (early->hand->family != late->hand->family ||
	    prefix_cmp(&early->hand->route.dst, &late->hand->route.dst) ||
	    compose_table(early->hand) != compose_table(late->hand))
		return;
	a = filled(early->c, early->hand);
	b = filled(late->c, late->hand);
	if (!route_same_key(&a, &b))
		return;
	if (late->hand->kind == HAND_ROUTE_REPLACE || late->hand->append) {
		if (late->c == early->c && route_same(&a, &b))
			return;
		compose_leave(late->line, "a line of %s makes another route to "
		    "the same destination", early->c->label);
		return;
	}
	compose_leave(late->line, "the kernel refuses it: a line of %s makes a "
	    "route to the same destination", early->c->label);
	late->line->fails = true;
}

static void
judge_twin_rule(const struct added *early, const struct added *late)
{
	if (early->c == late->c && late->hand->rule.has_priority &&
	    rule_same(&early->hand->rule, &late->hand->rule)) {
		compose_leave(late->line, "the kernel refuses it: the rule is "
		    "there already");
		late->line->fails = true;
	}
}

void
compose_judge_slots(struct compose_world *w, struct compose *c)
{
	struct added late, early;

	if (!compose_first(&late, c))
		return;
	do {
		for (size_t i = 0; i < w->count && &w->at[i] <= c; i++) {
			if (!compose_first(&early, &w->at[i]))
				continue;
			do {
				if (early.c == c && early.hand == late.hand)
					break;
				if (compose_is_route(late.hand) &&
				    compose_is_route(early.hand))
					judge_pair(&early, &late);
				else if (compose_is_rule(late.hand) &&
				    compose_is_rule(early.hand))
					judge_twin_rule(&early, &late);
			} while (compose_next(&early));
		}
	} while (compose_next(&late));
}
