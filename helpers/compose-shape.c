/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: pure: the shape that lines have together: table, gateway, metric, match. */
#include <sys/socket.h>

#include <linux/fib_rules.h>

#include <string.h>

#include "compose-work.h"

#define LOOKUP	30	/* where the rules by address are, from the priority
			 * on (ifpolicy-interfaces(5)) */

/* A rule of one address and nothing else: from it, or to it.  NULL if not. */
static const struct addr *
rule_address(const struct hand *h, bool *to)
{
	struct rule bare;

	if (!compose_is_rule(h))
		return NULL;
	rule_init(&bare, h->rule.family);
	bare.action = FR_ACT_TO_TBL;
	bare.table = h->rule.table;
	bare.has_priority = h->rule.has_priority;
	bare.priority = h->rule.priority;
	*to = h->rule.to.len != 0;
	if (*to)
		bare.to = h->rule.to;
	else
		bare.from = h->rule.from;
	if (!rule_same(&bare, &h->rule) ||
	    !prefix_is_host(*to ? &bare.to : &bare.from))
		return NULL;
	return *to ? &h->rule.to.addr : &h->rule.from.addr;
}

/* Other addresses that the files give the device. */
static bool
has_more_addresses(const struct compose_world *w, const struct compose *c)
{
	static const struct addr none;
	bool known4, known6;
	struct addr a4 = none, a6 = none;

	a4.family = AF_INET;
	a6.family = AF_INET6;
	compose_on_link(w, c, &a4, &known4);
	compose_on_link(w, c, &a6, &known6);
	return c->family == AF_INET ? known4 : known6;
}

/* Where DHCP gives the address and rules lead both from and to one: that is
 * meant, as it was when the lines were written. */
static bool
is_lease(const struct compose_world *w, struct compose *c,
    const struct addr *a, uint32_t table)
{
	struct added b;
	bool from = false, to = false, is_to;

	if (!c->asks || has_more_addresses(w, c) ||
	    compose_elsewhere(w, c, a) || !compose_first(&b, c))
		return false;
	do {
		const struct addr *other = rule_address(b.hand, &is_to);

		if (!other || b.hand->rule.table != table ||
		    b.line->verdict != LINE_TAKEN)
			continue;
		if (addr_cmp(other, a))
			return false;
		from |= !is_to;
		to |= is_to;
	} while (compose_next(&b));
	return from && to;
}

/* A rule that policy-match could make; *to says which of the two. */
static bool
is_own_rule(const struct compose_world *w, struct compose *c,
    const struct hand *h, bool *to)
{
	const struct addr *a = rule_address(h, to);
	uint32_t table = a ? h->rule.table : 0;

	if (!a || h->family != c->family || table == RT_TABLE_MAIN ||
	    table == RT_TABLE_LOCAL || table == RT_TABLE_DEFAULT)
		return false;
	if (h->rule.has_priority && (h->rule.priority <= LOOKUP ||
	    h->rule.priority > RULE_PRIORITY_MAIN - 1))
		return false;
	return c->is_static ? !addr_cmp(a, &c->own.addr) :
	    is_lease(w, c, a, table);
}

/* A default by one gateway of the device and nothing else, but for a metric and
 * a source. */
static bool
is_gateway_default(const struct compose_world *w, struct compose *c,
    const struct hand *h)
{
	const struct hop *hop = &h->route.hop[0];
	struct route bare;
	struct added b;
	bool known;

	if (!compose_is_route(h) || h->route.hop_count != 1 || h->append ||
	    h->family != c->family || !addr_given(&hop->via) ||
	    hop->via.family != h->family ||
	    !compose_is_own_device(c, hop->dev))
		return false;
	route_init(&bare, h->family);
	bare.type = RTN_UNICAST;
	bare.table = h->route.table;
	bare.metric = h->route.metric;
	bare.prefsrc = h->route.prefsrc;
	bare.hop_count = 1;
	bare.hop[0].via = hop->via;
	bare.hop[0].onlink = hop->onlink;
	memcpy(bare.hop[0].dev, hop->dev, IFNAMSIZ);
	if (!route_same(&bare, &h->route))
		return false;
	/* Where all is hosts a gateway is on link by itself. */
	if (hop->onlink || addr_is_link_local(&hop->via))
		return true;
	if (prefix_is_host(&c->own))
		return false;
	if (compose_on_link(w, c, &hop->via, &known))
		return true;
	/* What a route of the lines reaches must come behind that one. */
	if (!c->asks && compose_first(&b, c))
		do {
			if (compose_is_route(b.hand) && b.hand->route.dst.len &&
			    prefix_covers(&b.hand->route.dst, &hop->via))
				return false;
		} while (compose_next(&b));
	return !known;
}

static bool
is_table_default(const struct compose_world *w, struct compose *c,
    const struct hand *h)
{
	uint32_t table = compose_table(h);

	return is_gateway_default(w, c, h) && h->route.metric == 0 &&
	    !addr_given(&h->route.prefsrc) && table != RT_TABLE_MAIN &&
	    table != RT_TABLE_DEFAULT;
}

/* The lines put a route into the table; a rule alone may lead to a table that
 * others fill. */
static bool
is_filled(struct compose *c, uint32_t table)
{
	struct added a;

	if (compose_first(&a, c))
		do {
			if (compose_is_route(a.hand) &&
			    a.line->verdict == LINE_TAKEN &&
			    compose_table(a.hand) == table)
				return true;
		} while (compose_next(&a));
	return false;
}

/* How much a line speaks for its table being the interface's own. */
static unsigned
weight_of(const struct compose_world *w, struct compose *c,
    const struct added *a)
{
	uint32_t table = compose_table(a->hand);
	bool to;

	if (a->line->verdict != LINE_TAKEN || (table >= RT_TABLE_DEFAULT &&
	    table <= RT_TABLE_LOCAL))
		return 0;
	if (is_own_rule(w, c, a->hand, &to) && is_filled(c, table))
		return 4;
	if (is_table_default(w, c, a->hand))
		return 2;
	return table >= HAND_TABLE_NEW;
}

static uint32_t
find_table(const struct compose_world *w, struct compose *c)
{
	struct added a, b;
	uint32_t best = 0;
	unsigned most = 0;

	if (c->bare || !compose_first(&a, c))
		return 0;
	do {
		unsigned sum = 0;

		if (compose_table(a.hand) == best)
			continue;
		(void)compose_first(&b, c);
		do {
			if (compose_table(b.hand) == compose_table(a.hand))
				sum += weight_of(w, c, &b);
		} while (compose_next(&b));
		if (sum > most) {
			most = sum;
			best = compose_table(a.hand);
		}
	} while (compose_next(&a));
	return best;
}

static void
find_gateway(const struct compose_world *w, struct compose *c)
{
	struct added a;

	memset(&c->gateway, 0, sizeof(c->gateway));
	c->onlink = false;
	if (!c->table || !compose_first(&a, c))
		return;
	do {
		if (a.line->verdict == LINE_TAKEN &&
		    compose_table(a.hand) == c->table &&
		    is_table_default(w, c, a.hand)) {
			c->gateway = a.hand->route.hop[0].via;
			c->onlink = a.hand->route.hop[0].onlink;
			return;
		}
	} while (compose_next(&a));
}

/* The default in main that policy-metric makes: by the table's gateway, or by
 * any where there is no table. */
static void
find_metric(const struct compose_world *w, struct compose *c)
{
	struct added a;

	c->metric = 0;
	c->own_source = false;
	if (c->bare || (c->table && !addr_given(&c->gateway)) ||
	    !compose_first(&a, c))
		return;
	do {
		const struct route *r = &a.hand->route;

		if (a.line->verdict != LINE_TAKEN ||
		    !is_gateway_default(w, c, a.hand) || r->metric == 0 ||
		    compose_table(a.hand) != RT_TABLE_MAIN ||
		    r->metric == UINT32_MAX ||
		    (addr_given(&r->prefsrc) && (!c->is_static ||
		    addr_cmp(&r->prefsrc, &c->own.addr))))
			continue;
		if (c->table && (addr_cmp(&r->hop[0].via, &c->gateway) ||
		    r->hop[0].onlink != c->onlink))
			continue;
		c->metric = r->metric;
		c->gateway = r->hop[0].via;
		c->onlink = r->hop[0].onlink;
		c->own_source = addr_given(&r->prefsrc);
		return;
	} while (compose_next(&a));
}

/* Both rules of an address have one priority: the first one decides. */
static void
find_match(const struct compose_world *w, struct compose *c)
{
	struct added a;
	bool to, first = true;

	c->from = c->to = false;
	c->priority = 0;
	if (!c->table || !compose_first(&a, c))
		return;
	do {
		const struct rule *r = &a.hand->rule;

		if (a.line->verdict != LINE_TAKEN ||
		    !is_own_rule(w, c, a.hand, &to) || r->table != c->table)
			continue;
		if (first)
			c->priority = r->has_priority ? r->priority - LOOKUP :
			    0;
		else if (c->priority != (r->has_priority ?
		    r->priority - LOOKUP : 0))
			continue;
		first = false;
		c->from |= !to;
		c->to |= to;
	} while (compose_next(&a));
}

void
compose_shape(struct compose_world *w, struct compose *c)
{
	c->table = find_table(w, c);
	find_gateway(w, c);
	find_metric(w, c);
	find_match(w, c);
}

bool
compose_is_shape_default(const struct compose *c, const struct hand *h)
{
	const struct route *r = &h->route;

	return c->table && addr_given(&c->gateway) && compose_is_route(h) &&
	    compose_table(h) == c->table && r->dst.len == 0 &&
	    h->family == c->family && r->type == RTN_UNICAST &&
	    r->metric == 0 && r->hop_count == 1 &&
	    !addr_given(&r->prefsrc) &&
	    !addr_cmp(&r->hop[0].via, &c->gateway);
}

bool
compose_is_shape_metric(const struct compose *c, const struct hand *h)
{
	const struct route *r = &h->route;

	return c->metric && compose_is_route(h) && r->dst.len == 0 &&
	    compose_table(h) == RT_TABLE_MAIN && r->metric == c->metric &&
	    h->family == c->family && r->hop_count == 1 &&
	    !addr_cmp(&r->hop[0].via, &c->gateway);
}

/* The very route to its subnet that the table gets anyway. */
bool
compose_is_shape_subnet(const struct compose *c, const struct hand *h)
{
	struct route bare;
	struct prefix own = c->own;

	prefix_clear_host_bits(&own);
	if (!c->table || !c->is_static || !compose_is_route(h) ||
	    compose_table(h) != c->table || prefix_is_host(&own) ||
	    prefix_cmp(&own, &h->route.dst) ||
	    !compose_is_own_device(c, compose_hop_device(h)))
		return false;
	route_init(&bare, h->family);
	bare.type = RTN_UNICAST;
	bare.table = h->route.table;
	bare.dst = own;
	bare.prefsrc = c->own.addr;
	bare.hop_count = 1;
	if (h->route.hop_count == 1)
		memcpy(bare.hop[0].dev, h->route.hop[0].dev, IFNAMSIZ);
	route_normalize(&bare);
	{
		struct route r = h->route;

		route_normalize(&r);
		return route_same(&bare, &r);
	}
}

bool
compose_is_shape_rule(const struct compose *c, const struct hand *h)
{
	bool to;

	if (!c->table || !rule_address(h, &to) || h->rule.table != c->table ||
	    h->family != c->family || !(to ? c->to : c->from))
		return false;
	if (c->is_static && addr_cmp(rule_address(h, &to), &c->own.addr))
		return false;
	return h->rule.has_priority ? c->priority &&
	    h->rule.priority == c->priority + LOOKUP : !c->priority;
}
