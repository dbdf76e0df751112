/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: what the kernel holds around one device, as plain values. */
#include <stdlib.h>
#include <string.h>

#include "snapshot.h"

/* Appends one zeroed element to an array grown in powers of two. */
static void *
append(void **at, size_t *count, size_t size)
{
	char *grown = *at;

	if ((*count & (*count - 1)) == 0) {
		grown = realloc(*at, (*count ? *count * 2 : 1) * size);
		if (!grown)
			return NULL;
		*at = grown;
	}
	grown += (*count)++ * size;
	memset(grown, 0, size);
	return grown;
}

struct address *
snapshot_add_address(struct snapshot *s)
{
	void *at = s->addresses.at;
	struct address *a = append(&at, &s->addresses.count, sizeof(*a));

	s->addresses.at = at;
	return a;
}

struct rule *
snapshot_add_rule(struct snapshot *s)
{
	void *at = s->rules.at;
	struct rule *r = append(&at, &s->rules.count, sizeof(*r));

	s->rules.at = at;
	return r;
}

struct route *
snapshot_add_route(struct snapshot *s)
{
	void *at = s->routes.at;
	struct route *r = append(&at, &s->routes.count, sizeof(*r));

	s->routes.at = at;
	return r;
}

struct link *
link_list_add(struct link_list *l)
{
	void *at = l->at;
	struct link *link = append(&at, &l->count, sizeof(*link));

	l->at = at;
	return link;
}

void
snapshot_fini(struct snapshot *s)
{
	if (!s)
		return;
	free(s->addresses.at);
	free(s->rules.at);
	free(s->routes.at);
	memset(s, 0, sizeof(*s));
}
