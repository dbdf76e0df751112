/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: pure: what the taken lines are as options. */
#include <sys/socket.h>

#include <linux/fib_rules.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compose-work.h"
#include "words.h"

static bool
add(struct compose *c, enum key_id key, const char *value)
{
	struct compose_option *o = realloc(c->option, (c->option_count + 1) *
	    sizeof(*o));

	if (!o)
		return false;
	c->option = o;
	o += c->option_count++;
	memset(o, 0, sizeof(*o));
	o->key = key;
	o->value = strdup(value);
	return o->value != NULL;
}

/* "from all" says nothing beside another selector. */
static void
tidy(char *text, int family, struct names *names)
{
	char shorter[WORDS_TEXT], *at = strstr(text, "from all ");
	struct rule a, b;
	struct fault ignored;

	if (!at)
		return;
	snprintf(shorter, sizeof(shorter), "%.*s%s", (int)(at - text), text,
	    at + strlen("from all "));
	if (words_parse_rule(&a, family, 0, names, text, &ignored) &&
	    words_parse_rule(&b, family, 0, names, shorter, &ignored) &&
	    rule_same(&a, &b))
		memcpy(text, shorter, strlen(shorter) + 1);
}

static bool
add_rule(struct compose_world *w, struct compose *c, const struct hand *h,
    uint32_t priority)
{
	char text[WORDS_TEXT];
	struct rule r = h->rule;
	size_t n;

	if (r.action == FR_ACT_TO_TBL && c->table && r.table == c->table)
		r.table = 0;
	if (!priority && r.has_priority)
		priority = r.priority;
	/* People look for the selector first. */
	r.has_priority = false;
	words_print_rule(text, &r, w->spelled);
	tidy(text, r.family, w->names);
	n = strlen(text);
	if (priority)
		snprintf(text + n, sizeof(text) - n, " priority %u", priority);
	return add(c, KEY_RULE, text);
}

static bool
add_route(struct compose_world *w, struct compose *c, const struct hand *h)
{
	char text[WORDS_TEXT], other[WORDS_TEXT + 8];
	struct route r = h->route;

	if (!r.table)
		r.table = RT_TABLE_MAIN;
	if (r.table == (c->table ? c->table : RT_TABLE_MAIN))
		r.table = 0;
	if (r.hop_count == 1 && r.hop[0].weight == 0 && !r.nhid &&
	    compose_is_own_device(c, r.hop[0].dev)) {
		static const struct hop none;

		memset(r.hop[0].dev, 0, IFNAMSIZ);
		if (!memcmp(&r.hop[0], &none, sizeof(none)))
			r.hop_count = 0;
	}
	words_print_route(text, &r, w->spelled);
	/* Where the stanza tells the family, "default" does. */
	if (c->family == AF_INET6 && !strncmp(text, "::/0", 4)) {
		snprintf(other, sizeof(other), "default%s", text + 4);
		return add(c, KEY_ROUTE, other);
	}
	return add(c, KEY_ROUTE, text);
}

/* The same rule or route in a taken line above. */
static bool
is_repeated(struct compose *c, const struct added *a)
{
	struct added b;

	(void)compose_first(&b, c);
	for (; b.hand != a->hand; (void)compose_next(&b)) {
		if (b.line->verdict != LINE_TAKEN ||
		    compose_is_rule(b.hand) != compose_is_rule(a->hand) ||
		    b.hand->family != a->hand->family)
			continue;
		if (compose_is_rule(b.hand) ? rule_same(&b.hand->rule,
		    &a->hand->rule) : route_same(&b.hand->route,
		    &a->hand->route))
			return true;
	}
	return false;
}

static bool
add_routes(struct compose_world *w, struct compose *c)
{
	struct added a;

	if (!compose_first(&a, c))
		return true;
	do {
		if (a.line->verdict != LINE_TAKEN ||
		    !compose_is_route(a.hand) ||
		    compose_is_shape_default(c, a.hand) ||
		    compose_is_shape_metric(c, a.hand) ||
		    compose_is_shape_subnet(c, a.hand) || is_repeated(c, &a))
			continue;
		if (!add_route(w, c, a.hand))
			return false;
	} while (compose_next(&a));
	return true;
}

/* Of rules that are numbered here the one with this number, of the others
 * (number 0) all in their order. */
static bool
add_rules_of(struct compose_world *w, struct compose *c,
    const uint32_t *number, uint32_t wanted)
{
	struct added a;
	size_t index = 0;

	if (!compose_first(&a, c))
		return true;
	do {
		if (!compose_is_rule(a.hand) || number[index++] != wanted)
			continue;
		if (a.line->verdict == LINE_TAKEN &&
		    !compose_is_shape_rule(c, a.hand) && !is_repeated(c, &a) &&
		    !add_rule(w, c, a.hand, wanted))
			return false;
	} while (compose_next(&a));
	return true;
}

/* In the order in which they are asked, as far as that is ours to say. */
static bool
add_rules(struct compose_world *w, struct compose *c, const uint32_t *number,
    size_t count)
{
	uint32_t at = 0, next = 0;

	do {
		if (!add_rules_of(w, c, number, at))
			return false;
		next = UINT32_MAX;
		for (size_t i = 0; i < count; i++)
			if (number[i] > at && number[i] < next)
				next = number[i];
		at = next;
	} while (next != UINT32_MAX);
	return true;
}

static bool
add_gateway(struct compose *c)
{
	char text[ADDR_TEXT + 8], addr[ADDR_TEXT];

	if (!c->table && !c->metric)
		return true;
	if (!addr_given(&c->gateway))
		return add(c, KEY_GATEWAY, "none");
	snprintf(text, sizeof(text), "%s%s", addr_print(addr, &c->gateway),
	    c->onlink ? " onlink" : "");
	return add(c, KEY_GATEWAY, text);
}

static bool
add_number(struct compose *c, enum key_id key, uint32_t number)
{
	char text[12];

	snprintf(text, sizeof(text), "%u", number);
	return number == 0 || add(c, key, text);
}

static bool
add_shape(struct compose_world *w, struct compose *c)
{
	char text[TABLE_NAME_MAX + 1];

	if (c->table) {
		compose_table_text(text, w, c->table);
		/* Not every name that iproute2 takes is one for an option. */
		if (!names_ok(text) || !strcmp(text, "auto"))
			snprintf(text, sizeof(text), "%u", c->table);
		if (!add(c, KEY_TABLE, text))
			return false;
	}
	if (!add_gateway(c) || !add_number(c, KEY_METRIC, c->metric))
		return false;
	if (c->table && !(c->from && c->to) && !add(c, KEY_MATCH,
	    c->from ? "from" : c->to ? "to" : "none"))
		return false;
	if (!add_number(c, KEY_PRIORITY, c->priority))
		return false;
	if (c->own_source && !add(c, KEY_SOURCE, "own"))
		return false;
	return !c->no_default || add(c, KEY_DEFAULT, "none");
}

/* Only a number lets every manager have all of them. */
static void
number_repeats(struct compose *c, enum key_id key)
{
	uint32_t n = 0;

	for (size_t i = 0; i < c->option_count; i++)
		if (c->option[i].key == key)
			c->option[i].number = n++;
	for (size_t i = 0; i < c->option_count; i++)
		if (c->option[i].key == key)
			c->option[i].repeated = n > 1;
}

bool
compose_options(struct compose_world *w, struct compose *c,
    const uint32_t *number, size_t count)
{
	char text[ADDR_TEXT];

	if (!add_shape(w, c) || !add_routes(w, c) ||
	    !add_rules(w, c, number, count) ||
	    (c->arp && !add(c, KEY_ARP, c->arp)) ||
	    (c->rp_filter && !add(c, KEY_RP_FILTER, c->rp_filter)))
		return false;
	if (c->both && c->option_count && !addr_given(&c->gateway) &&
	    !add(c, KEY_ADDRESSES, addr_print(text, &c->own.addr)))
		return false;
	number_repeats(c, KEY_ROUTE);
	number_repeats(c, KEY_RULE);
	return true;
}
