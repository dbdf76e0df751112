/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: what the kernel holds around all devices, for a look at the whole. */
#include <errno.h>

#include "facts.h"
#include "wire.h"

#define DUMPS_MAX	64	/* tables that are asked for one by one */

/* A message of WIRE_MESSAGE bytes, aligned as netlink wants it. */
struct message {
	_Alignas(struct nlmsghdr) char bytes[WIRE_MESSAGE];
};

struct looking {
	struct snapshot *s;
	const uint32_t *tables;
	size_t count;
	const struct addr *covered;
	size_t covered_count;
	int family;		/* of this dump */
	uint32_t asked;		/* its table; 0: all of them */
	size_t before;		/* elements that an earlier dump brought */
};

static int
take_any_address(const struct nlmsghdr *nlh, void *arg)
{
	struct looking *k = arg;
	struct address a, *at;

	if (!wire_read_address(&a, nlh))
		return 0;
	at = snapshot_add_address(k->s);
	if (!at)
		return -ENOMEM;
	*at = a;
	return 0;
}

static void
forget_all_addresses(void *arg)
{
	struct looking *k = arg;

	k->s->addresses.count = 0;
}

int
facts_read_all_addresses(struct snapshot *s, struct nl *nl, struct fault *f)
{
	struct looking k = { .s = s };
	struct message m;

	s->addresses.count = 0;
	return nl_dump(nl, wire_dump_addresses(m.bytes, AF_UNSPEC, 0),
	    take_any_address, forget_all_addresses, &k, f);
}

static bool
is_wanted(const struct looking *k, const struct route *r)
{
	/* A kernel without strict checking sends all tables, one without IPv6
	 * all families. */
	if (r->family != k->family || (k->asked && r->table != k->asked))
		return false;
	if (r->table == RT_TABLE_MAIN && (r->dst.len == 0 ||
	    (r->hop_count == 1 && !addr_given(&r->hop[0].via))))
		return true;
	if (r->table == RT_TABLE_MAIN)
		for (size_t i = 0; i < k->covered_count; i++)
			if (prefix_covers(&r->dst, &k->covered[i]))
				return true;
	for (size_t i = 0; i < k->count; i++)
		if (k->tables[i] == r->table)
			return true;
	return false;
}

static int
take_wanted_route(const struct nlmsghdr *nlh, void *arg)
{
	struct looking *k = arg;
	struct route r, *at;

	if (!wire_read_route(&r, nlh) || !is_wanted(k, &r))
		return 0;
	at = snapshot_add_route(k->s);
	if (!at)
		return -ENOMEM;
	*at = r;
	return 0;
}

static void
forget_routes_since(void *arg)
{
	struct looking *k = arg;

	k->s->routes.count = k->before;
}

static int
dump_table(struct looking *k, struct nl *nl, int family, uint32_t table,
    struct fault *f)
{
	struct message m;

	k->before = k->s->routes.count;
	k->family = family;
	k->asked = table;
	return nl_dump(nl, wire_dump_routes(m.bytes, family, table, 0, 0),
	    take_wanted_route, forget_routes_since, k, f);
}

int
facts_read_all_routes(struct snapshot *s, struct nl *nl,
    const uint32_t *tables, size_t count, const struct addr *covered,
    size_t covered_count, struct fault *f)
{
	static const int family[] = { AF_INET, AF_INET6 };
	struct looking k = {
		.s = s, .tables = tables, .count = count, .covered = covered,
		.covered_count = covered_count,
	};
	int err = 0;

	s->routes.count = 0;
	for (size_t i = 0; i < 2 && !err; i++) {
		if (count > DUMPS_MAX) {
			err = dump_table(&k, nl, family[i], 0, f);
			continue;
		}
		err = dump_table(&k, nl, family[i], RT_TABLE_MAIN, f);
		for (size_t j = 0; j < count && !err; j++)
			if (tables[j] != RT_TABLE_MAIN)
				err = dump_table(&k, nl, family[i],
				    tables[j], f);
	}
	return err;
}
