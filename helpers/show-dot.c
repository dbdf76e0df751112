/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: claims as a graph for Graphviz: who asks what, and where it leads.
 *
 * Addresses -> rules -> tables -> routes -> gateways and devices, from left to
 * right.  A node is named by what it stands for, so what two claims share is
 * one node: Graphviz takes the same node and attributes twice. */
#include <stdio.h>
#include <string.h>

#include "show-work.h"
#include "words.h"

/* A quoted string of the language; control characters never get this far. */
static void
quoted(struct text *t, const char *kind, const char *s)
{
	text_fmt(t, "\"%s", kind);
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			text_str(t, "\\");
		text_add(t, s, 1);
	}
	text_str(t, "\"");
}

static void
node(struct text *t, const char *kind, const char *name, const char *label,
    const char *attributes)
{
	text_str(t, "\t");
	quoted(t, kind, name);
	text_str(t, " [label=");
	quoted(t, "", label);
	text_fmt(t, "%s%s];\n", attributes[0] ? ", " : "", attributes);
}

static void
edge(struct text *t, const char *from_kind, const char *from,
    const char *to_kind, const char *to)
{
	text_str(t, "\t");
	quoted(t, from_kind, from);
	text_str(t, " -> ");
	quoted(t, to_kind, to);
	text_str(t, ";\n");
}

static const char *
colour_of(enum standing s)
{
	return standing_is_bad(s) ? "color=red, fontcolor=red" :
	    s == FOREIGN || s == SHADOWED ? "color=gray" : "";
}

/* Draws the table, whose name goes into buf (TABLE_NAME_MAX + 1 bytes). */
static const char *
dot_table(char *buf, struct text *t, struct showing *k, uint32_t table)
{
	char label[TABLE_NAME_MAX + 32];

	names_table_text(buf, &k->ss->names, table);
	snprintf(label, sizeof(label), "table %s (%u)", buf, table);
	node(t, "table ", buf, label, "shape=folder");
	return buf;
}

/* "from" and "to" are nodes of their own: one address has both. */
static void
dot_selector(struct text *t, const char *verb, const struct prefix *p,
    const char *rule)
{
	char address[PREFIX_TEXT], label[PREFIX_TEXT + 8];

	if (!p->len)
		return;
	snprintf(label, sizeof(label), "%s %s", verb,
	    prefix_print(address, p));
	node(t, "", label, label, "shape=plaintext");
	edge(t, "", label, "rule ", rule);
}

static void
dot_rule(struct text *t, struct showing *k, const struct object *o,
    enum standing s)
{
	char words[WORDS_TEXT], table[TABLE_NAME_MAX + 1];
	const struct rule *r = &o->rule;

	inspect_words(words, o, &k->ss->names);
	node(t, "rule ", words, words, colour_of(s));
	dot_selector(t, "from", &r->from, words);
	dot_selector(t, "to", &r->to, words);
	if (!r->from.len && !r->to.len) {
		node(t, "", "from all", "from all", "shape=plaintext");
		edge(t, "", "from all", "rule ", words);
	}
	if (r->table)
		edge(t, "rule ", words, "table ",
		    dot_table(table, t, k, r->table));
}

static void
dot_device(struct text *t, const struct showing *k, const char *device)
{
	const char *carrier = show_carrier(k, device);
	bool well = !strcmp(carrier, "yes");
	char label[IFNAMSIZ + 32];

	snprintf(label, sizeof(label), "%s%s%s", device, well ? "" :
	    ", carrier: ", well ? "" : carrier);
	node(t, "device ", device, label, well ? "shape=box3d" :
	    "shape=box3d, color=red");
}

static void
dot_hop(struct text *t, const struct showing *k, const char *route,
    const struct hop *h)
{
	char gateway[ADDR_TEXT], name[ADDR_TEXT + IFNAMSIZ + 8];

	dot_device(t, k, h->dev);
	if (!addr_given(&h->via)) {
		edge(t, "route ", route, "device ", h->dev);
		return;
	}
	/* One address may be a gateway by two devices. */
	addr_print(gateway, &h->via);
	snprintf(name, sizeof(name), "%s dev %s", gateway, h->dev);
	node(t, "gateway ", name, gateway, "shape=house");
	edge(t, "route ", route, "gateway ", name);
	edge(t, "gateway ", name, "device ", h->dev);
}

static void
dot_route(struct text *t, struct showing *k, const struct object *o,
    const char *attributes)
{
	char words[WORDS_TEXT], table[TABLE_NAME_MAX + 1];
	const struct route *r = &o->route;

	inspect_words(words, o, &k->ss->names);
	node(t, "route ", words, words, attributes);
	edge(t, "table ", dot_table(table, t, k, r->table), "route ", words);
	for (size_t i = 0; i < r->hop_count; i++)
		dot_hop(t, k, words, &r->hop[i]);
}

void
show_dot_begin(struct text *t)
{
	text_str(t, "strict digraph ifpolicy {\n\trankdir=LR;\n"
	    "\tnode [shape=box, fontname=monospace];\n");
}

/* What was taken out leads nowhere. */
void
show_dot_claim(struct text *t, struct showing *k, const struct claim *c,
    const struct inspection *in)
{
	for (size_t i = 0; i < c->objects.count; i++) {
		const struct object *o = &c->objects.at[i];
		enum standing s = inspection_of(in, o);

		if (o->kind == OBJECT_RULE)
			dot_rule(t, k, o, s);
		else if (o->kind == OBJECT_ROUTE || o->kind == OBJECT_HOP)
			dot_route(t, k, o, colour_of(s));
	}
}

static void
dot_unbound(struct text *t, struct showing *k, const struct unbound *u)
{
	static const char *const turns[] = {
		[TURN_NOW] = "penwidth=3", [TURN_NEXT] = "style=dashed",
		[TURN_NO_CARRIER] = "color=red, style=dotted",
		[TURN_DOWN] = "color=red, style=dotted",
	};
	const char *who = u->family == AF_INET ? "unbound IPv4" :
	    "unbound IPv6";
	char table[TABLE_NAME_MAX + 1];
	enum turn best = TURN_DOWN;

	if (u->count || u->elsewhere)
		node(t, "", who, who, "shape=plaintext");
	if (u->elsewhere) {
		dot_device(t, k, u->by->name);
		edge(t, "", who, "device ", u->by->name);
	} else if (u->count) {
		edge(t, "", who, "table ", dot_table(table, t, k,
		    RT_TABLE_MAIN));
	}
	for (size_t i = 0; i < u->count; i++) {
		const struct standby *s = &u->at[i];
		struct object o = {
			.kind = OBJECT_ROUTE, .route = *s->route,
		};

		/* A route of several hops once, by the best of them. */
		if (best > s->turn)
			best = s->turn;
		if (i + 1 < u->count && u->at[i + 1].route == s->route)
			continue;
		dot_route(t, k, &o, turns[best]);
		best = TURN_DOWN;
	}
}

void
show_dot_end(struct text *t, struct showing *k)
{
	for (size_t n = 0; n < 2; n++)
		if (k->scope->families & addr_family_bit(
		    k->unbound[n].family))
			dot_unbound(t, k, &k->unbound[n]);
	text_str(t, "}\n");
}
