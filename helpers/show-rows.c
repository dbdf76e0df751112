/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: the rows of the overview: interfaces, and what each has. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "show-work.h"

static struct row *
find_row(struct rows *rows, const char *device, int family)
{
	for (size_t i = 0; i < rows->count; i++)
		if (rows->at[i].family == family &&
		    !strcmp(rows->at[i].device, device))
			return &rows->at[i];
	return NULL;
}

static struct row *
get_row(struct rows *rows, const char *device, int family)
{
	struct row *row = find_row(rows, device, family);

	if (row)
		return row;
	row = &rows->at[rows->count++];
	row->device = device;
	row->family = family;
	return row;
}

static void
add_claim(struct rows *rows, const struct claim *c, enum claim_state state)
{
	struct row *row = get_row(rows, c->device, c->key.family);

	row->claimed = true;
	if (row->state < state)
		row->state = state;
}

static void
add_unclaimed(struct rows *rows, const struct showing *k,
    const char *device, int family)
{
	if (device[0] && (!k->scope->label ||
	    !strcmp(k->scope->label, device)))
		(void)get_row(rows, device, family);
}

bool
show_rows(struct rows *rows, const struct showing *k)
{
	const struct claims *all = &k->ss->record.claims;

	rows->count = 0;
	rows->at = calloc(all->count + k->unbound[0].count +
	    k->unbound[1].count + 2, sizeof(*rows->at));
	if (!rows->at)
		return false;
	for (size_t n = 0; n < 2; n++) {
		const struct unbound *u = &k->unbound[n];

		if (!(k->scope->families & addr_family_bit(u->family)))
			continue;
		for (size_t i = 0; i < all->count; i++)
			if (all->at[i].key.family == u->family &&
			    inspect_is_meant(&all->at[i], k->scope))
				add_claim(rows, &all->at[i], k->states[i]);
		for (size_t i = 0; i < u->count; i++)
			if (u->at[i].hop)
				add_unclaimed(rows, k, u->at[i].hop->dev,
				    u->family);
		if (u->by)
			add_unclaimed(rows, k, u->by->name, u->family);
	}
	return true;
}

const char *
show_row_state(const struct row *row)
{
	return row->claimed ? inspect_state_word(row->state) : "no policy";
}

const char *
show_carrier(const struct showing *k, const char *device)
{
	const struct link *l = host_link(&k->host, device);

	if (!l)
		return "gone";
	return !link_is_up(l) ? "down" : link_has_carrier(l) ? "yes" : "no";
}

const struct unbound *
show_unbound(const struct showing *k, int family)
{
	return &k->unbound[host_index(family)];
}

static void
cell_add(struct cell *c, const char *text)
{
	for (size_t i = 0; i < c->count; i++)
		if (!strcmp(c->at[i], text))
			return;
	if (c->count == CELL_LINES)
		c->left++;
	else
		snprintf(c->at[c->count++], sizeof(c->at[0]), "%s", text);
}

bool
show_has_address(const struct showing *k, const struct row *row,
    const struct address *a)
{
	const struct link *l = host_link(&k->host, row->device);

	return l && a->ifindex == l->ifindex &&
	    a->prefix.addr.family == row->family &&
	    a->scope < RT_SCOPE_LINK;
}

void
show_addresses(struct cell *out, const struct showing *k,
    const struct row *row)
{
	const struct address_list *l = &k->host.now.addresses;
	char text[PREFIX_TEXT];

	for (size_t i = 0; i < l->count; i++)
		if (show_has_address(k, row, &l->at[i]))
			cell_add(out, prefix_print(text, &l->at[i].prefix));
}

/* Calls each() with every claim of the row. */
static void
each_claim(struct cell *out, const struct showing *k, const struct row *row,
    void (*each)(struct cell *, const struct showing *,
    const struct claim *))
{
	const struct claims *all = &k->ss->record.claims;

	for (size_t i = 0; i < all->count; i++)
		if (all->at[i].key.family == row->family &&
		    !strcmp(all->at[i].device, row->device) &&
		    inspect_is_meant(&all->at[i], k->scope))
			each(out, k, &all->at[i]);
}

static void
add_tables_of(struct cell *out, const struct showing *k,
    const struct claim *c)
{
	char text[TABLE_NAME_MAX + 1];

	if (c->table_name[0])
		cell_add(out, c->table_name);
	else if (c->table)
		cell_add(out, names_table_text(text, &k->ss->names,
		    c->table));
	for (size_t i = 0; i < c->objects.count && !c->table; i++) {
		const struct object *o = &c->objects.at[i];

		if (o->kind == OBJECT_ROUTE &&
		    o->route.table != RT_TABLE_MAIN)
			cell_add(out, names_table_text(text, &k->ss->names,
			    o->route.table));
	}
}

void
show_tables(struct cell *out, const struct showing *k, const struct row *row)
{
	each_claim(out, k, row, add_tables_of);
}

static bool
is_default(const struct object *o)
{
	return object_is_route(o) && o->kind != OBJECT_TAKEN &&
	    o->route.dst.len == 0 && o->route.hop_count;
}

static void
add_gateways_of(struct cell *out, const struct showing *k,
    const struct claim *c)
{
	char text[ADDR_TEXT];

	(void)k;
	for (size_t i = 0; i < c->objects.count; i++) {
		const struct object *o = &c->objects.at[i];

		if (is_default(o) && addr_given(&o->route.hop[0].via))
			cell_add(out, addr_print(text, &o->route.hop[0].via));
	}
}

/* The row's share in main's defaults, whoever put them in. */
static void
each_default(struct cell *out, const struct showing *k,
    const struct row *row, void (*each)(struct cell *,
    const struct standby *))
{
	const struct unbound *u = show_unbound(k, row->family);

	for (size_t i = 0; i < u->count; i++)
		if (u->at[i].hop && !strcmp(u->at[i].hop->dev, row->device))
			each(out, &u->at[i]);
}

static void
add_gateway(struct cell *out, const struct standby *s)
{
	char text[ADDR_TEXT];

	if (addr_given(&s->hop->via))
		cell_add(out, addr_print(text, &s->hop->via));
}

void
show_gateways(struct cell *out, const struct showing *k,
    const struct row *row)
{
	each_claim(out, k, row, add_gateways_of);
	each_default(out, k, row, add_gateway);
}

static void
add_metric(struct cell *out, const struct standby *s)
{
	char text[PREFIX_TEXT];

	snprintf(text, sizeof(text), "%u", s->route->metric);
	cell_add(out, text);
}

static void
add_metrics_of(struct cell *out, const struct showing *k,
    const struct claim *c)
{
	char text[PREFIX_TEXT];

	(void)k;
	for (size_t i = 0; i < c->objects.count; i++) {
		const struct object *o = &c->objects.at[i];

		if (!is_default(o) || o->route.table != RT_TABLE_MAIN)
			continue;
		snprintf(text, sizeof(text), "%u", o->route.metric);
		cell_add(out, text);
	}
}

void
show_metrics(struct cell *out, const struct showing *k,
    const struct row *row)
{
	each_claim(out, k, row, add_metrics_of);
	each_default(out, k, row, add_metric);
}
