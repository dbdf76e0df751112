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

static struct address *
add_address(struct address_list *l)
{
	void *at = l->at;
	struct address *a = append(&at, &l->count, sizeof(*a));

	l->at = at;
	return a;
}

static struct rule *
add_rule(struct rule_list *l)
{
	void *at = l->at;
	struct rule *r = append(&at, &l->count, sizeof(*r));

	l->at = at;
	return r;
}

static struct route *
add_route(struct route_list *l)
{
	void *at = l->at;
	struct route *r = append(&at, &l->count, sizeof(*r));

	l->at = at;
	return r;
}

struct address *
snapshot_add_address(struct snapshot *s)
{
	return add_address(&s->addresses);
}

struct rule *
snapshot_add_rule(struct snapshot *s)
{
	return add_rule(&s->rules);
}

struct route *
snapshot_add_route(struct snapshot *s)
{
	return add_route(&s->routes);
}

struct address *
fib_add_address(struct fib *f)
{
	return add_address(&f->addresses);
}

struct rule *
fib_add_rule(struct fib *f)
{
	return add_rule(&f->rules);
}

struct route *
fib_add_route(struct fib *f)
{
	return add_route(&f->routes);
}

struct neighbour *
fib_add_failed(struct fib *f)
{
	void *at = f->failed.at;
	struct neighbour *n = append(&at, &f->failed.count, sizeof(*n));

	f->failed.at = at;
	return n;
}

const struct link *
fib_link(const struct fib *f, uint32_t ifindex)
{
	for (size_t i = 0; i < f->links.count; i++)
		if (f->links.at[i].ifindex == ifindex)
			return &f->links.at[i];
	return NULL;
}

const struct link *
fib_link_named(const struct fib *f, const char *name)
{
	for (size_t i = 0; i < f->links.count; i++)
		if (!strcmp(f->links.at[i].name, name))
			return &f->links.at[i];
	return NULL;
}

const struct address *
fib_address(const struct fib *f, const struct addr *a)
{
	for (size_t i = 0; i < f->addresses.count; i++)
		if (addr_cmp(&f->addresses.at[i].prefix.addr, a) == 0)
			return &f->addresses.at[i];
	return NULL;
}

void
fib_fini(struct fib *f)
{
	if (!f)
		return;
	free(f->links.at);
	free(f->addresses.at);
	free(f->rules.at);
	free(f->routes.at);
	free(f->failed.at);
	memset(f, 0, sizeof(*f));
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
