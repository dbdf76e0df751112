/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: ask the kernel what it holds: a snapshot for plan and compile. */
#include <errno.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "facts.h"
#include "names.h"
#include "sysctl.h"
#include "wire.h"

#define TABLES_MAX	64	/* tables that are asked for one by one */

/* A message of WIRE_MESSAGE bytes, aligned as netlink wants it. */
struct message {
	_Alignas(struct nlmsghdr) char bytes[WIRE_MESSAGE];
};

struct collecting {
	struct snapshot *s;
	/* Only routes in a slot of these, or (main) through the device. */
	const struct object_refs *want, *old;
	bool all_rules;
	size_t routes_before, rules_before;
	/* The priority of the rule before, and where in the snapshot those that
	 * have it begin. */
	uint32_t last_priority;
	size_t last_from;
};

static int
take_link(const struct nlmsghdr *nlh, void *arg)
{
	struct snapshot *s = arg;
	struct link link;

	if (wire_read_link(&link, nlh))
		s->link = link;
	return 0;
}

static int
take_address(const struct nlmsghdr *nlh, void *arg)
{
	struct snapshot *s = arg;
	struct address address, *at;

	/* Kernels without strict checking send every device's. */
	if (!wire_read_address(&address, nlh) ||
	    address.ifindex != s->link.ifindex)
		return 0;
	at = snapshot_add_address(s);
	if (!at)
		return -ENOMEM;
	*at = address;
	return 0;
}

static void
forget_addresses(void *arg)
{
	struct snapshot *s = arg;

	s->addresses.count = 0;
}

/* Of what another program applies too, its own rules count as well. */
static bool
rule_matters_to(const struct object *o, const struct rule *r)
{
	struct rule pattern;

	if (o->kind != OBJECT_RULE)
		return false;
	if (!o->unplaced && o->rule.priority != r->priority)
		return false;
	if (!o->from_file)
		return rule_same(&o->rule, r) ||
		    rule_pattern_hits(&o->rule, r);
	pattern = o->rule;
	pattern.protocol = 0;
	pattern.has_priority = !o->unplaced;
	return rule_pattern_hits(&pattern, r);
}

static bool
rule_matters(const struct object_refs *refs, const struct rule *r)
{
	for (size_t i = 0; i < refs->count; i++)
		if (rule_matters_to(refs->at[i], r))
			return true;
	return false;
}

static bool
is_gap(const struct gaps *gaps, int family, uint32_t priority)
{
	for (size_t i = 0; i < gaps->count; i++)
		if (gaps->at[i].family == family &&
		    gaps->at[i].priority == priority)
			return true;
	return false;
}

/* Rules come in the order of their priorities.  The kernel takes the one below
 * the lowest (fib_default_rule_pref(), net/core/fib_rules.c), and when it has
 * got to 0 it stays there.  What has gone from in between leaves gaps, and
 * near the end nobody else chooses.  Its own rules, which an old kernel does
 * not mark, stand one below another as well. */
static void
judge_last(struct collecting *k, const struct rule *r)
{
	struct rule_list *rules = &k->s->rules;
	uint32_t last = k->last_priority, next = last + 1;

	if (r->priority == last)
		return;
	while (next < r->priority && is_gap(&k->s->gaps, r->family, next))
		next++;
	for (size_t i = k->last_from; i < rules->count; i++)
		rules->at[i].automatic = last < RULE_PRIORITY_MAIN &&
		    (last == 0 || next == r->priority ||
		    last >= RULE_PRIORITY_TOP);
	k->last_priority = r->priority;
	k->last_from = rules->count;
}

/* Without references: all of ours. */
static int
take_rule(const struct nlmsghdr *nlh, void *arg)
{
	struct collecting *k = arg;
	struct rule rule, *at;
	bool ours;

	if (!wire_read_rule(&rule, nlh))
		return 0;
	judge_last(k, &rule);
	ours = rule.protocol == PROTO_IFPOLICY;
	k->s->has_our_rules |= ours;
	if (!k->all_rules && (k->want ? !rule_matters(k->want, &rule) &&
	    !rule_matters(k->old, &rule) : !ours))
		return 0;
	at = snapshot_add_rule(k->s);
	if (!at)
		return -ENOMEM;
	*at = rule;
	return 0;
}

/* The array grows in powers of two by its count alone, so a shorter count
 * only means a copy more. */
static void
forget_rules(void *arg)
{
	struct collecting *k = arg;

	k->s->rules.count = k->last_from = k->rules_before;
	k->last_priority = 0;
}

static void
forget_routes(void *arg)
{
	struct collecting *k = arg;

	k->s->routes.count = k->routes_before;
}

static bool
slot_of(const struct object_refs *refs, const struct route *r)
{
	for (size_t i = 0; refs && i < refs->count; i++)
		if (object_is_route(refs->at[i]) &&
		    route_same_key(&refs->at[i]->route, r))
			return true;
	return false;
}

static bool
through(const struct route *r, uint32_t ifindex)
{
	for (size_t i = 0; i < r->hop_count; i++)
		if (r->hop[i].ifindex == ifindex)
			return true;
	return false;
}

static int
take_route(const struct nlmsghdr *nlh, void *arg)
{
	struct collecting *k = arg;
	struct route route, *at;
	uint32_t device = k->s->link.ifindex;

	if (!wire_read_route(&route, nlh))
		return 0;
	if (!slot_of(k->want, &route) && !slot_of(k->old, &route) &&
	    !(route.table == RT_TABLE_MAIN && through(&route, device)))
		return 0;
	at = snapshot_add_route(k->s);
	if (!at)
		return -ENOMEM;
	*at = route;
	return 0;
}

static int
take_our_route(const struct nlmsghdr *nlh, void *arg)
{
	struct collecting *k = arg;
	struct route route, *at;

	if (!wire_read_route(&route, nlh) || route.protocol != PROTO_IFPOLICY)
		return 0;
	at = snapshot_add_route(k->s);
	if (!at)
		return -ENOMEM;
	*at = route;
	return 0;
}

/* The names of the hops' devices; the device's own costs no question. */
static void
name_devices(struct snapshot *s)
{
	for (size_t i = 0; i < s->routes.count; i++)
		for (size_t j = 0; j < s->routes.at[i].hop_count; j++) {
			struct hop *h = &s->routes.at[i].hop[j];

			if (h->dev[0] || h->ifindex == 0)
				continue;
			if (h->ifindex == s->link.ifindex)
				memcpy(h->dev, s->link.name, IFNAMSIZ);
			else if (!if_indextoname(h->ifindex, h->dev))
				h->dev[0] = '\0';
		}
	/* The order of IPv6's next hops goes by name. */
	for (size_t i = 0; i < s->routes.count; i++)
		if (s->routes.at[i].hop_count > 1)
			route_normalize(&s->routes.at[i]);
}

static const struct {
	unsigned bit;
	int family;
} families_of[] = {
	{ FAMILY_4, AF_INET }, { FAMILY_6, AF_INET6 },
};

/* Lifetimes go on while a machine sleeps. */
static uint64_t
seconds_since_boot(void)
{
	struct timespec t = { 0 };

	(void)clock_gettime(CLOCK_BOOTTIME, &t);
	return (uint64_t)t.tv_sec;
}

int
facts_read(struct snapshot *s, struct nl *nl, const char *device,
    unsigned families, struct fault *f)
{
	struct message m;
	int err;

	snapshot_fini(s);
	s->when = seconds_since_boot();
	err = nl_dump(nl, wire_get_link(m.bytes, device), take_link, NULL, s,
	    f);
	memcpy(s->link.name, device, strnlen(device, IFNAMSIZ - 1));
	if (!err && s->link.ifindex)
		err = nl_dump(nl, wire_dump_addresses(m.bytes,
		    families == FAMILY_4 ? AF_INET : families == FAMILY_6 ?
		    AF_INET6 : AF_UNSPEC, s->link.ifindex), take_address,
		    forget_addresses, s, f);
	return err;
}

static int
read_rules(struct collecting *k, struct nl *nl, unsigned families,
    struct fault *f)
{
	struct message m;
	int err = 0;

	k->s->rules.count = 0;
	for (size_t i = 0; i < 2 && !err; i++) {
		if (!(families & families_of[i].bit))
			continue;
		k->rules_before = k->last_from = k->s->rules.count;
		k->last_priority = 0;
		err = nl_dump(nl, wire_dump_rules(m.bytes,
		    families_of[i].family), take_rule, forget_rules, k, f);
	}
	return err;
}

int
facts_read_rules(struct snapshot *s, struct nl *nl, unsigned families,
    const struct object_refs *want, const struct object_refs *old,
    struct fault *f)
{
	struct collecting k = { .s = s, .want = want, .old = old };

	return read_rules(&k, nl, families, f);
}

int
facts_read_all_rules(struct snapshot *s, struct nl *nl, unsigned families,
    struct fault *f)
{
	struct collecting k = { .s = s, .all_rules = true };

	return read_rules(&k, nl, families, f);
}

int
facts_read_main(struct snapshot *s, struct nl *nl, unsigned families,
    struct fault *f)
{
	struct collecting k = { .s = s };
	struct message m;
	int err = 0;

	if (s->link.ifindex == 0)
		return 0;
	for (size_t i = 0; i < 2 && !err; i++) {
		if (!(families & families_of[i].bit))
			continue;
		k.routes_before = s->routes.count;
		err = nl_dump(nl, wire_dump_routes(m.bytes,
		    families_of[i].family, RT_TABLE_MAIN, s->link.ifindex, 0),
		    take_route, forget_routes, &k, f);
	}
	s->has_main_of_device = !err;
	name_devices(s);
	return err;
}

/* False where there are more of them than are worth a question each. */
static bool
add_tables(uint32_t *tables, size_t *count, const struct object_refs *refs)
{
	for (size_t i = 0; i < refs->count; i++) {
		const struct object *o = refs->at[i];
		size_t j;

		if (!object_is_route(o))
			continue;
		for (j = 0; j < *count; j++)
			if (tables[j] == o->route.table)
				break;
		if (j < *count)
			continue;
		if (*count == TABLES_MAX)
			return false;
		tables[(*count)++] = o->route.table;
	}
	return true;
}

int
facts_read_tables(struct snapshot *s, struct nl *nl, unsigned families,
    const struct object_refs *want, const struct object_refs *old,
    struct fault *f)
{
	struct collecting k = { .s = s, .want = want, .old = old };
	uint32_t tables[TABLES_MAX] = { RT_TABLE_MAIN };
	size_t count = 1;
	struct message m;
	int err = 0;

	if (!add_tables(tables, &count, want) ||
	    !add_tables(tables, &count, old)) {
		tables[0] = 0;	/* all there are, sorted out by take_route() */
		count = 1;
	}
	s->routes.count = 0;
	for (size_t i = 0; i < 2 * count && !err; i++) {
		if (!(families & families_of[i % 2].bit))
			continue;
		k.routes_before = s->routes.count;
		err = nl_dump(nl, wire_dump_routes(m.bytes,
		    families_of[i % 2].family, tables[i / 2], 0, 0),
		    take_route, forget_routes, &k, f);
	}
	s->has_main_of_device = s->has_tables = !err;
	name_devices(s);
	return err;
}

int
facts_read_ours(struct snapshot *s, struct nl *nl, unsigned families,
    struct fault *f)
{
	struct collecting k = { .s = s };
	struct message m;
	int err;

	err = read_rules(&k, nl, families, f);
	s->routes.count = 0;
	for (size_t i = 0; i < 2 && !err; i++) {
		if (!(families & families_of[i].bit))
			continue;
		k.routes_before = s->routes.count;
		err = nl_dump(nl, wire_dump_routes(m.bytes,
		    families_of[i].family, 0, 0, PROTO_IFPOLICY),
		    take_our_route, forget_routes, &k, f);
	}
	s->has_main_of_device = s->has_tables = false;
	name_devices(s);
	return err;
}

static int
take_link_of_all(const struct nlmsghdr *nlh, void *arg)
{
	struct link_list *l = arg;
	struct link link, *at;

	if (!wire_read_link(&link, nlh))
		return 0;
	at = link_list_add(l);
	if (!at)
		return -ENOMEM;
	*at = link;
	return 0;
}

static void
forget_links(void *arg)
{
	struct link_list *l = arg;

	l->count = 0;
}

int
facts_read_links(struct link_list *l, struct nl *nl, struct fault *f)
{
	struct message m;

	return nl_dump(nl, wire_dump_links(m.bytes), take_link_of_all,
	    forget_links, l, f);
}

void
facts_resolve_devices(const struct object_refs *objects,
    const struct snapshot *s)
{
	for (size_t i = 0; i < objects->count; i++) {
		struct route *r = &objects->at[i]->route;

		if (!object_is_route(objects->at[i]))
			continue;
		for (size_t j = 0; j < r->hop_count; j++) {
			struct hop *h = &r->hop[j];

			if (!h->dev[0])
				continue;
			h->ifindex = strcmp(h->dev, s->link.name) ?
			    if_nametoindex(h->dev) : s->link.ifindex;
		}
	}
}

int
facts_read_sysctls(const struct object_refs *objects, struct fault *f)
{
	int err;

	for (size_t i = 0; i < objects->count; i++) {
		struct sysctl_value *v = &objects->at[i]->sysctl;

		if (objects->at[i]->kind != OBJECT_SYSCTL)
			continue;
		v->now[0] = '\0';
		err = sysctl_read(v->now, sizeof(v->now), v->path);
		if (err && err != -ENOENT) {
			fault_set(f, "cannot read /proc/sys/net/%s: %s",
			    v->path, strerror(-err));
			return err;
		}
	}
	return 0;
}

struct taken_numbers {
	bool taken[TABLE_AUTO_MAX - TABLE_AUTO_MIN + 1];
};

static int
mark_rule_table(const struct nlmsghdr *nlh, void *arg)
{
	struct taken_numbers *t = arg;
	struct rule r;

	if (wire_read_rule(&r, nlh) && r.table >= TABLE_AUTO_MIN &&
	    r.table <= TABLE_AUTO_MAX)
		t->taken[r.table - TABLE_AUTO_MIN] = true;
	return 0;
}

static int
mark_any(const struct nlmsghdr *nlh, void *arg)
{
	struct taken_numbers *t = arg;
	struct route r;

	/* An old kernel sends all tables. */
	if (wire_read_route(&r, nlh) && r.table >= TABLE_AUTO_MIN &&
	    r.table <= TABLE_AUTO_MAX)
		t->taken[r.table - TABLE_AUTO_MIN] = true;
	return 0;
}

int
facts_free_table(uint32_t *table, struct nl *nl, struct names *names,
    struct fault *f)
{
	struct taken_numbers t = { 0 };
	struct message m;
	int err = 0;

	for (size_t i = 0; i < 2 && !err; i++)
		err = nl_dump(nl, wire_dump_rules(m.bytes,
		    families_of[i].family), mark_rule_table, NULL, &t, f);
	for (uint32_t n = TABLE_AUTO_MIN; n <= TABLE_AUTO_MAX && !err; n++) {
		if (t.taken[n - TABLE_AUTO_MIN] ||
		    names_table_number_taken(names, n))
			continue;
		for (size_t i = 0; i < 2 && !err; i++)
			err = nl_dump(nl, wire_dump_routes(m.bytes,
			    families_of[i].family, n, 0, 0), mark_any, NULL,
			    &t, f);
		if (!err && !t.taken[n - TABLE_AUTO_MIN]) {
			*table = n;
			return 0;
		}
	}
	if (!err) {
		fault_set(f, "no free table number from %d to %d is left",
		    TABLE_AUTO_MIN, TABLE_AUTO_MAX);
		err = -ENOSPC;
	}
	return err;
}
