/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: does all stand that a stanza asked for, by the page of the manual? */
#include <linux/rtnetlink.h>

#include <stdlib.h>

#include "keys.h"
#include "steps.h"

/* What the page says of one stanza, worked out anew from its words. */
struct promise {
	struct machine *m;
	int family;
	uint32_t ifindex, table, priority, metric;
	struct addr own, gateway;
	bool prefer_main, from, to, weight, fallback;
};

static const char *
value_of(const struct step *s, int key, char *value)
{
	char name[OPTION_TEXT];

	for (size_t i = 0; i < s->options; i++)
		if (s->option[i].key == key) {
			option_text(name, value, s, i);
			return value;
		}
	value[0] = '\0';
	return value;
}

static bool
has_rule(const struct promise *p, uint32_t offset, uint32_t table, bool from,
    bool no_default)
{
	struct prefix host = prefix_host(&p->own);

	for (size_t i = 0; i < p->m->k.rules; i++) {
		const struct rule *r = &p->m->k.rule[i];

		if (r->family == p->family && r->table == table &&
		    r->priority == p->priority + offset &&
		    r->suppress_prefixlen == (no_default ? 0 : -1) &&
		    prefix_cmp(from ? &r->from : &r->to, &host) == 0 &&
		    (from ? r->to.len : r->from.len) == 0)
			return true;
	}
	return false;
}

static bool
has_default(const struct promise *p, uint32_t table, uint32_t metric)
{
	for (size_t i = 0; i < p->m->k.routes; i++) {
		const struct route *r = &p->m->k.route[i];

		if (r->family != p->family || r->table != table ||
		    r->dst.len || r->metric != metric)
			continue;
		for (size_t j = 0; j < r->hop_count; j++)
			if (r->hop[j].ifindex == p->ifindex &&
			    addr_cmp(&r->hop[j].via, &p->gateway) == 0)
				return true;
	}
	return false;
}

static bool
has_subnet(const struct promise *p)
{
	struct addr near = p->own;

	near.byte[addr_bytes(p->family) - 1] = 77;
	for (size_t i = 0; i < p->m->k.routes; i++) {
		const struct route *r = &p->m->k.route[i];

		if (r->family == p->family && r->table == p->table &&
		    r->hop_count && r->dst.len && r->dst.len < 128 &&
		    r->hop[0].ifindex == p->ifindex &&
		    !addr_given(&r->hop[0].via) &&
		    prefix_covers(&r->dst, &near))
			return true;
	}
	return false;
}

static bool
has_fallback(const struct promise *p)
{
	for (size_t i = 0; i < p->m->k.routes; i++) {
		const struct route *r = &p->m->k.route[i];

		if (r->family == p->family && r->table == p->table &&
		    route_type_is_reject(r->type) && r->dst.len == 0 &&
		    r->metric == UINT32_MAX)
			return true;
	}
	return false;
}

static void
must(const struct promise *p, bool stands, const char *what)
{
	char text[ADDR_TEXT];

	if (!stands)
		broken(p->m, "done, but there is no %s for %s", what,
		    addr_print(text, &p->own));
}

static void
judge(const struct promise *p)
{
	bool has_gateway = addr_given(&p->gateway);

	if (p->table && p->from)
		must(p, has_rule(p, 30, p->table, true, false), "from rule");
	if (p->table && p->to)
		must(p, has_rule(p, 30, p->table, false, false), "to rule");
	if (p->table && p->from && p->prefer_main)
		must(p, has_rule(p, 10, p->table, true, true) &&
		    has_rule(p, 20, RT_TABLE_MAIN, true, true),
		    "pair of rules that prefers main");
	if (p->table && p->fallback)
		must(p, has_fallback(p), "fallback");
	if (p->table)
		must(p, has_subnet(p), "subnet in the table");
	if (p->table && has_gateway)
		must(p, has_default(p, p->table, p->family == AF_INET6 ?
		    METRIC6_DEFAULT : 0), "default in the table");
	if (p->metric && has_gateway)
		must(p, has_default(p, RT_TABLE_MAIN, p->metric),
		    "default in main");
}

void
promise_check(struct machine *m, const struct step *s)
{
	const struct label *l = &labels[s->who];
	struct promise p = { .m = m, .family = s->v6 ? AF_INET6 : AF_INET };
	char value[OPTION_TEXT];
	struct prefix own;

	/* Of all its addresses, or of a list, is for others to say. */
	if (s->flag || value_of(s, KEY_ADDRESSES, value)[0] ||
	    !prefix_parse(&own, p.family, l->own[s->v6]))
		return;
	p.own = own.addr;
	if (!address_find(m, &p.own))
		return;
	p.ifindex = FIRST_IFINDEX + (uint32_t)l->device;
	p.table = (uint32_t)strtoul(value_of(s, KEY_TABLE, value), NULL, 10);
	p.metric = (uint32_t)strtoul(value_of(s, KEY_METRIC, value), NULL, 10);
	p.priority = (uint32_t)strtoul(value_of(s, KEY_PRIORITY, value), NULL,
	    10);
	p.priority = p.priority ? p.priority : 12000;
	value_of(s, KEY_MATCH, value);
	p.from = !value[0] || strstr(value, "from");
	p.to = !value[0] || strstr(value, "to");
	p.prefer_main = !strcmp(value_of(s, KEY_PREFER_MAIN, value), "yes");
	value_of(s, KEY_FALLBACK, value);
	p.fallback = value[0] && strcmp(value, "none");
	value_of(s, KEY_GATEWAY, value);
	value[strcspn(value, " ")] = '\0';
	if (!value[0] && s->what & 1)
		strcpy(value, l->gateway[s->v6]);
	if (!addr_parse(&p.gateway, p.family, value))
		memset(&p.gateway, 0, sizeof(p.gateway));
	judge(&p);
}
