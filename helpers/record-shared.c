/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: whether a route is made of the next hops of several claims. */
#include <string.h>

#include "block.h"
#include "record.h"

static bool
same_hop(const struct object *o, const struct route *route,
    const struct hop *h)
{
	return o->kind == OBJECT_HOP && route_same_key(&o->route, route) &&
	    !strcmp(o->route.hop[0].dev, h->dev) &&
	    addr_cmp(&o->route.hop[0].via, &h->via) == 0;
}

/* Of a claim that was not parsed the line of such a share ends with the words
 * of a route of that hop alone. */
static bool
text_shares(const struct claim *c, const struct text *words)
{
	const char *at = c->text, *end = c->text + c->text_len, *line;

	while ((at = memmem(at, (size_t)(end - at), words->at, words->len))) {
		for (line = at; line > c->text && line[-1] != '\n';)
			line--;
		if (!strncmp(line, "shared ", 7))
			return true;
		at++;
	}
	return false;
}

static bool
is_shared(const struct record *r, const struct route *route,
    const struct hop *h)
{
	struct object one = { .kind = OBJECT_ROUTE, .route = *route };
	struct text words = { 0 };
	bool found = false;

	one.route.hop_count = 1;
	one.route.hop[0] = *h;
	one.route.hop[0].weight = 0;
	route_normalize(&one.route);
	block_object(&words, &one, NULL);
	text_str(&words, "\n");
	for (size_t i = 0; i < r->claims.count && !found && !words.failed;
	    i++) {
		const struct claim *c = &r->claims.at[i];

		if (!c->parsed)
			found = text_shares(c, &words);
		for (size_t j = 0; c->parsed && j < c->objects.count; j++)
			found |= same_hop(&c->objects.at[j], route, h);
	}
	text_fini(&words);
	return found;
}

bool
record_shares(const struct record *r, const struct route *route)
{
	if (route->table != RT_TABLE_MAIN || route->dst.len != 0 ||
	    route->hop_count == 0)
		return false;
	for (size_t i = 0; i < route->hop_count; i++)
		if (!is_shared(r, route, &route->hop[i]))
			return false;
	return true;
}
