/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: the overview for people: a line for each interface. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "page.h"
#include "show-work.h"

#define GAP	2	/* blanks between columns, and in front of the first */
#define LIST	200	/* room for the lists of one cell */

enum column {
	COLUMN_DEVICE, COLUMN_STATE, COLUMN_CARRIER, COLUMN_TABLE,
	COLUMN_METRIC, COLUMN_ADDRESS, COLUMN_GATEWAY, COLUMNS
};

/* The first says IPv4 or IPv6. */
static const char *const heads[COLUMNS] = {
	"", "STATE", "CARRIER", "TABLE", "METRIC", "ADDRESS", "GATEWAY",
};

/* Short lists in one line; addresses and gateways below one another. */
struct line {
	const char *device, *state, *carrier;
	char table[LIST], metric[LIST];
	struct cell addresses, gateways;
	enum paint paint;
	bool carries;
};

struct picture {
	struct line *at;
	size_t count;
	size_t width[COLUMNS];
	bool stacked;	/* addresses and gateways do not fit beside the rest */
};

static void
join(char *out, const struct cell *c)
{
	size_t n = 0;

	out[0] = '\0';
	for (size_t i = 0; i < c->count && n + PREFIX_TEXT < LIST; i++)
		n += (size_t)snprintf(out + n, LIST - n, "%s%s", i ? "," : "",
		    c->at[i]);
	if (c->count == 0)
		snprintf(out, LIST, "-");
}

static enum paint
paint_of(const struct row *row)
{
	if (!row->claimed)
		return PAINT_NONE;
	return row->state == STATE_UP ? PAINT_GOOD :
	    row->state == STATE_FAILED || row->state == STATE_DRIFTED ?
	    PAINT_BAD : PAINT_WARN;
}

static void
widen(size_t *width, const char *text)
{
	if (*width < strlen(text))
		*width = strlen(text);
}

static void
widen_cell(size_t *width, const struct cell *c)
{
	for (size_t i = 0; i < c->count; i++)
		widen(width, c->at[i]);
}

static void
fill_line(struct picture *p, struct line *l, const struct showing *k,
    const struct row *row)
{
	struct cell tables = { 0 }, metrics = { 0 };

	show_tables(&tables, k, row);
	show_metrics(&metrics, k, row);
	show_addresses(&l->addresses, k, row);
	show_gateways(&l->gateways, k, row);
	join(l->table, &tables);
	join(l->metric, &metrics);
	l->device = row->device;
	l->state = show_row_state(row);
	l->carrier = show_carrier(k, row->device);
	l->paint = paint_of(row);
	l->carries = unbound_carries(show_unbound(k, row->family),
	    row->device);
	widen(&p->width[COLUMN_DEVICE], l->device);
	widen(&p->width[COLUMN_STATE], l->state);
	widen(&p->width[COLUMN_CARRIER], l->carrier);
	widen(&p->width[COLUMN_TABLE], l->table);
	widen(&p->width[COLUMN_METRIC], l->metric);
	widen_cell(&p->width[COLUMN_ADDRESS], &l->addresses);
	widen_cell(&p->width[COLUMN_GATEWAY], &l->gateways);
}

static void
print_heads(struct text *t, const struct picture *p, const char *family,
    bool colour)
{
	size_t count = p->stacked ? COLUMN_ADDRESS : COLUMNS;

	text_fmt(t, "%*s", GAP, "");
	for (size_t i = 0; i < count; i++)
		page_cell(t, i ? heads[i] : family, i + 1 < count ?
		    p->width[i] + GAP : 0, colour, PAINT_STRONG);
	text_str(t, "\n");
}

static const char *
cell_line(const struct cell *c, size_t i)
{
	return i < c->count ? c->at[i] : i ? "" : "-";
}

static size_t
left_of(const struct picture *p)
{
	size_t sum = GAP;

	for (size_t i = 0; i < COLUMN_ADDRESS; i++)
		sum += p->width[i] + GAP;
	return sum;
}

static void
print_beside(struct text *t, const struct picture *p, const struct line *l)
{
	size_t most = l->addresses.count > l->gateways.count ?
	    l->addresses.count : l->gateways.count;

	for (size_t i = 0; i == 0 || i < most; i++) {
		const char *gateway = cell_line(&l->gateways, i);

		if (i)
			text_fmt(t, "\n%*s", (int)left_of(p), "");
		page_cell(t, cell_line(&l->addresses, i), gateway[0] ?
		    p->width[COLUMN_ADDRESS] + GAP : 0, false, PAINT_NONE);
		text_str(t, gateway);
	}
	text_str(t, "\n");
}

static void
print_below(struct text *t, const struct line *l)
{
	text_str(t, "\n");
	for (size_t i = 0; i < l->addresses.count; i++)
		text_fmt(t, "%*s%s\n", 2 * GAP, "", l->addresses.at[i]);
	for (size_t i = 0; i < l->gateways.count; i++)
		text_fmt(t, "%*svia %s\n", 2 * GAP, "", l->gateways.at[i]);
}

static void
print_line(struct text *t, const struct picture *p, const struct line *l,
    bool colour)
{
	page_cell(t, l->carries ? ">" : "", GAP, colour, PAINT_STRONG);
	page_cell(t, l->device, p->width[COLUMN_DEVICE] + GAP, colour,
	    l->carries ? PAINT_STRONG : PAINT_NONE);
	page_cell(t, l->state, p->width[COLUMN_STATE] + GAP, colour,
	    l->paint);
	page_cell(t, l->carrier, p->width[COLUMN_CARRIER] + GAP, colour,
	    strcmp(l->carrier, "yes") ? PAINT_BAD : PAINT_NONE);
	page_cell(t, l->table, p->width[COLUMN_TABLE] + GAP, false,
	    PAINT_NONE);
	page_cell(t, l->metric, p->stacked ? 0 : p->width[COLUMN_METRIC] +
	    GAP, false, PAINT_NONE);
	if (p->stacked)
		print_below(t, l);
	else
		print_beside(t, p, l);
	if (l->addresses.left)
		text_fmt(t, "%*sand %zu addresses more\n", 2 * GAP, "",
		    l->addresses.left);
}

/* "wlan1 (metric 101), wlan0 (metric 102)": those of main's defaults that are
 * in one turn; false if there are none. */
static bool
list_turn(struct text *list, const struct unbound *u, enum turn turn)
{
	bool any = false;
	const char *dev;

	for (size_t i = 0; i < u->count; i++) {
		if (u->at[i].turn != turn)
			continue;
		dev = u->at[i].hop ? u->at[i].hop->dev : "no device";
		text_fmt(list, "%s%s (metric %u)", any ? ", " : "",
		    dev[0] ? dev : "a device that is gone",
		    u->at[i].route->metric);
		any = true;
	}
	return any;
}

static void
print_turn(struct text *t, const struct unbound *u, enum turn turn)
{
	struct text list = { 0 };

	if (list_turn(&list, u, turn) && !list.failed) {
		text_fmt(t, "    %-10s ", unbound_turn_word(turn));
		page_wrap(t, 15, 15, list.at);
	}
	t->failed |= list.failed;
	text_fini(&list);
}

static const char *
family_text(int family)
{
	return family == AF_INET ? "IPv4" : "IPv6";
}

static void
print_unbound(struct text *t, const struct unbound *u)
{
	struct text said = { 0 };

	text_fmt(&said, "Unbound %s traffic ", family_text(u->family));
	if (!u->by) {
		text_str(&said, "has no way out.");
	} else if (u->elsewhere) {
		text_fmt(&said, "leaves by %s: a rule or a more specific "
		    "route comes before main's defaults.", u->by->name);
	} else {
		text_str(&said, "leaves by ");
		(void)list_turn(&said, u, TURN_NOW);
		text_str(&said, ".");
	}
	if (!said.failed)
		page_wrap(t, 0, 4, said.at);
	t->failed |= said.failed;
	text_fini(&said);
	print_turn(t, u, TURN_NEXT);
	print_turn(t, u, TURN_NO_CARRIER);
	print_turn(t, u, TURN_DOWN);
}

/* One family; nothing where it has no row. */
static void
print_family(struct text *t, const struct showing *k,
    const struct rows *rows, const struct unbound *u)
{
	struct picture p = { .at = calloc(rows->count + 1, sizeof(*p.at)) };

	for (size_t i = 0; i < COLUMNS; i++)
		p.width[i] = strlen(heads[i]);
	for (size_t i = 0; p.at && i < rows->count; i++)
		if (rows->at[i].family == u->family)
			fill_line(&p, &p.at[p.count++], k, &rows->at[i]);
	p.stacked = left_of(&p) + p.width[COLUMN_ADDRESS] + GAP +
	    p.width[COLUMN_GATEWAY] > PAGE_WIDTH;
	if (!p.at)
		t->failed = true;
	if (p.count) {
		print_heads(t, &p, family_text(u->family), k->colour);
		for (size_t i = 0; i < p.count; i++)
			print_line(t, &p, &p.at[i], k->colour);
		print_unbound(t, u);
		text_str(t, "\n");
	}
	free(p.at);
}

void
show_overview(struct text *t, const struct showing *k,
    const struct rows *rows)
{
	for (size_t n = 0; n < 2; n++)
		print_family(t, k, rows, &k->unbound[n]);
}
