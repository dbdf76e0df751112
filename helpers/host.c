/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: look at the whole host: kernel, settings, products. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "facts.h"
#include "host.h"
#include "num.h"
#include "sysctl.h"

/* Addresses that nobody has a route of his own for, as a rule: those set aside
 * for examples and measurements. */
static const char *const far_away[] = {
	"192.0.2.1", "198.51.100.1", "203.0.113.1", "198.18.0.1",
	"2001:db8::1", "3fff::1", "2001:2::1",
};

#define FAR	(sizeof(far_away) / sizeof(far_away[0]))

size_t
host_index(int family)
{
	return family == AF_INET6;
}

const struct link *
host_link(const struct host *h, const char *name)
{
	for (size_t i = 0; i < h->links.count; i++)
		if (!strcmp(h->links.at[i].name, name))
			return &h->links.at[i];
	return NULL;
}

const struct link *
host_link_of(const struct host *h, uint32_t ifindex)
{
	for (size_t i = 0; i < h->links.count; i++)
		if (h->links.at[i].ifindex == ifindex)
			return &h->links.at[i];
	return NULL;
}

const struct knobs *
host_knobs(const struct host *h, const struct link *l)
{
	return &h->knobs[l - h->links.at];
}

bool
host_rule_is_plain(const struct rule *r)
{
	return !r->invert && !r->to.len && !r->tos && !r->ipproto &&
	    !r->l3mdev && !r->has_uid && !r->fwmark && !r->fwmask &&
	    !r->tun_id && !r->sport.hi && !r->dport.hi && !r->iif[0] &&
	    !r->oif[0];
}

/* What cannot be read is 0: this kernel or device has no such knob. */
static uint8_t
read_knob(const char *family, const char *device, const char *name)
{
	char path[SYSCTL_PATH], value[SYSCTL_VALUE];
	uint32_t n;

	snprintf(path, sizeof(path), "%s/conf/%.15s/%s", family, device,
	    name);
	if (sysctl_read(value, sizeof(value), path) ||
	    !num_u32(&n, value, 0, UINT8_MAX))
		return 0;
	return (uint8_t)n;
}

static void
read_knobs_of(struct knobs *k, const char *device)
{
	k->rp_filter = read_knob("ipv4", device, "rp_filter");
	k->arp_filter = read_knob("ipv4", device, "arp_filter");
	k->arp_ignore = read_knob("ipv4", device, "arp_ignore");
	k->arp_announce = read_knob("ipv4", device, "arp_announce");
	k->ignore_linkdown[0] = read_knob("ipv4", device,
	    "ignore_routes_with_linkdown");
	k->ignore_linkdown[1] = read_knob("ipv6", device,
	    "ignore_routes_with_linkdown");
}

static void
raise_to(uint8_t *value, uint8_t least)
{
	if (*value < least)
		*value = least;
}

static int
read_knobs(struct host *h)
{
	struct knobs all;

	h->knobs = calloc(h->links.count + 1, sizeof(*h->knobs));
	if (!h->knobs)
		return -ENOMEM;
	read_knobs_of(&all, "all");
	for (size_t i = 0; i < h->links.count; i++) {
		struct knobs *k = &h->knobs[i];

		read_knobs_of(k, h->links.at[i].name);
		raise_to(&k->rp_filter, all.rp_filter);
		raise_to(&k->arp_filter, all.arp_filter);
		raise_to(&k->arp_ignore, all.arp_ignore);
		raise_to(&k->arp_announce, all.arp_announce);
		k->networkd = h->networkd.runs &&
		    networkd_manages(h->links.at[i].ifindex);
	}
	return 0;
}

struct tables {
	uint32_t *at;
	size_t count;
};

static int
add_table(struct tables *t, uint32_t number)
{
	uint32_t *at;

	for (size_t i = 0; i < t->count; i++)
		if (t->at[i] == number)
			return 0;
	if (number == 0 || number == RT_TABLE_LOCAL)
		return 0;
	/* Grown in powers of two, so the capacity need not be kept. */
	if ((t->count & (t->count - 1)) == 0) {
		at = realloc(t->at, (t->count ? t->count * 2 : 1) *
		    sizeof(*at));
		if (!at)
			return -ENOMEM;
		t->at = at;
	}
	t->at[t->count++] = number;
	return 0;
}

/* Main is looked at in any case, and only a part of it. */
static int
list_tables(struct tables *t, const struct host *h,
    const struct claims *claims)
{
	int err = 0;

	for (size_t i = 0; i < claims->count; i++) {
		const struct objects *o = &claims->at[i].objects;

		for (size_t j = 0; j < o->count && !err; j++)
			if (object_is_route(&o->at[j]) &&
			    o->at[j].route.table != RT_TABLE_MAIN)
				err = add_table(t, o->at[j].route.table);
	}
	for (size_t i = 0; i < h->now.rules.count && !err; i++) {
		const struct rule *r = &h->now.rules.at[i];

		if (host_rule_is_plain(r) && r->table != RT_TABLE_MAIN)
			err = add_table(t, r->table);
	}
	return err;
}

static void
name_devices(struct host *h)
{
	const struct link *link;

	for (size_t i = 0; i < h->now.routes.count; i++) {
		struct route *r = &h->now.routes.at[i];

		for (size_t j = 0; j < r->hop_count; j++) {
			link = host_link_of(h, r->hop[j].ifindex);
			if (link)
				memcpy(r->hop[j].dev, link->name, IFNAMSIZ);
		}
		if (r->hop_count > 1)
			route_normalize(r);
	}
}

/* The longest prefix in main that covers the address. */
static unsigned
covered_by(const struct host *h, const struct addr *a)
{
	unsigned longest = 0;

	for (size_t i = 0; i < h->now.routes.count; i++) {
		const struct route *r = &h->now.routes.at[i];

		if (r->table == RT_TABLE_MAIN && r->dst.len > longest &&
		    prefix_covers(&r->dst, a))
			longest = r->dst.len;
	}
	return longest;
}

static int
ask_ways(struct host *h, struct nl *nl, const struct addr *far,
    struct fault *f)
{
	const struct addr *best[2] = { NULL, NULL };
	unsigned len, least[2] = { 0, 0 };
	int err = 0;

	for (size_t i = 0; i < FAR; i++) {
		size_t n = host_index(far[i].family);

		len = covered_by(h, &far[i]);
		if (best[n] && len >= least[n])
			continue;
		best[n] = &far[i];
		least[n] = len;
	}
	for (size_t n = 0; n < 2 && !err; n++)
		err = facts_way(&h->way[n], nl, best[n], f);
	return err;
}

static int
read_kernel(struct host *h, struct nl *nl, const struct claims *claims,
    struct fault *f)
{
	struct tables tables = { 0 };
	struct addr far[FAR] = { 0 };
	int err;

	for (size_t i = 0; i < FAR; i++)
		(void)addr_parse(&far[i], AF_UNSPEC, far_away[i]);
	err = facts_read_links(&h->links, nl, f);
	if (!err)
		err = facts_read_all_addresses(&h->now, nl, f);
	if (!err)
		err = facts_read_all_rules(&h->now, nl, FAMILY_4 |
		    FAMILY_6, f);
	if (!err)
		err = list_tables(&tables, h, claims);
	if (!err)
		err = facts_read_all_routes(&h->now, nl, tables.at,
		    tables.count, far, FAR, f);
	if (!err) {
		name_devices(h);
		err = ask_ways(h, nl, far, f);
	}
	free(tables.at);
	return err;
}

int
host_read(struct host *h, struct nl *nl, struct names *names,
    const struct claims *claims, struct fault *f)
{
	int err;

	memset(h, 0, sizeof(*h));
	h->tables = names_all_tables(names);
	err = read_kernel(h, nl, claims, f);
	h->networkd.runs = networkd_runs();
	if (!err)
		err = networkd_read(&h->networkd);
	if (!err)
		err = read_knobs(h);
	for (size_t i = 0; i < PRODUCT_COUNT; i++)
		for (size_t j = 0; j < 2; j++)
			if (products[i].sign[j] &&
			    access(products[i].sign[j], F_OK) == 0)
				h->installed[i] = true;
	if (err == -ENOMEM)
		fault_set(f, "out of memory");
	return err;
}

void
host_fini(struct host *h)
{
	free(h->links.at);
	free(h->knobs);
	snapshot_fini(&h->now);
	h->links.at = NULL;
	h->links.count = 0;
	h->knobs = NULL;
}
