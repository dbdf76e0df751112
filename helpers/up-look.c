/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: what an up must know of the kernel before it compiles. */
#include <errno.h>
#include <string.h>

#include "facts.h"
#include "up-work.h"

static bool
is_leaving(const struct session *ss, const struct address *a,
    const char *device)
{
	if (addr_given(&ss->leaving_too) &&
	    addr_cmp(&a->prefix.addr, &ss->leaving_too) == 0)
		return true;
	return ss->leaving && (!strcmp(ss->leaving, device) ||
	    (a->label[0] && !strcmp(ss->leaving, a->label)));
}

/* An address that is about to go is not there any more: it stands behind the
 * end of the list. */
static void
forget_leaving(struct upping *u)
{
	struct address_list *all = &u->now.addresses;
	struct address swap;
	size_t kept = 0;

	for (size_t i = 0; i < all->count; i++) {
		if (is_leaving(u->ss, &all->at[i], u->claims[0].device))
			continue;
		swap = all->at[kept];
		all->at[kept++] = all->at[i];
		all->at[i] = swap;
	}
	u->leaving = all->count - kept;
	all->count = kept;
}

static bool
has_left(const struct upping *u, const struct addr *a)
{
	const struct address_list *all = &u->now.addresses;

	for (size_t i = all->count; i < all->count + u->leaving; i++)
		if (addr_cmp(&all->at[i].prefix.addr, a) == 0)
			return true;
	return addr_given(&u->ss->leaving_too) &&
	    addr_cmp(&u->ss->leaving_too, a) == 0;
}

/* The device's own are known; the kernel is asked for others once. */
static int
find_source(struct upping *u, struct request *r, const struct addr *src)
{
	bool local = false;
	int err = 0;

	if (!addr_given(src) || r->absent_count == REQUEST_ADDRESSES)
		return 0;
	for (size_t i = 0; i < u->now.addresses.count; i++)
		if (addr_cmp(&u->now.addresses.at[i].prefix.addr, src) == 0)
			return 0;
	for (size_t i = 0; i < r->absent_count; i++)
		if (addr_cmp(&r->absent[i], src) == 0)
			return 0;
	if (!has_left(u, src))
		err = facts_is_local(&local, &u->ss->nl, src, u->f);
	if (!err && !local)
		r->absent[r->absent_count++] = *src;
	return err;
}

/* A route through another device needs that one up. */
static int
find_devices(struct upping *u, struct request *r, const struct route *route)
{
	int err = 0;

	for (size_t i = 0; i < route->hop_count && !err; i++) {
		const char *dev = route->hop[i].dev;
		bool up = true;

		for (size_t j = 0; j < r->down_count && up; j++)
			up = strcmp(r->down[j], dev) != 0;
		if (!up || !dev[0] || !strcmp(dev, u->claims[0].device) ||
		    r->down_count == REQUEST_DEVICES)
			continue;
		err = facts_is_up(&up, &u->ss->nl, dev, u->f);
		if (!err && !up)
			memcpy(r->down[r->down_count++], dev, IFNAMSIZ);
	}
	return err;
}

int
up_find_absent(struct upping *u, size_t at)
{
	const struct claim *c = &u->claims[at];
	struct request *r = &u->requests[at];
	int err = 0;

	r->absent_count = r->down_count = 0;
	/* Else the kernel refuses it: it may be a typing mistake. */
	if (!r->partial)
		return 0;
	if (r->source_kind == SOURCE_ADDRESS)
		err = find_source(u, r, &r->source);
	else if (r->source_kind == SOURCE_OWN)
		err = find_source(u, r, &c->key.own);
	for (size_t i = 0; i < r->extra.count && !err; i++)
		if (r->extra.at[i].kind == OBJECT_ROUTE &&
		    !(err = find_source(u, r, &r->extra.at[i].route.prefsrc)))
			err = find_devices(u, r, &r->extra.at[i].route);
	return err;
}

int
up_look(struct upping *u)
{
	bool main_too = false;
	int err;

	err = facts_read(&u->now, &u->ss->nl, u->claims[0].device,
	    u->families, u->f);
	if (!err)
		forget_leaving(u);
	for (size_t i = 0; i < u->count; i++)
		if (request_needs_main(&u->requests[i], &u->claims[i]))
			main_too = true;
	/* A dry run has no kernel to refuse a gateway: look more closely. */
	if (!err && (main_too || u->ss->dry))
		err = facts_read_main(&u->now, &u->ss->nl, u->families, u->f);
	return err;
}
