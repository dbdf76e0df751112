/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: what happens to devices and addresses, and what goes with them. */
#include <linux/fib_rules.h>
#include <linux/if_addr.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include <stdio.h>
#include <stdlib.h>

#include "machine.h"

#define METRIC6_CONNECTED	256	/* IP6_RT_PRIO_ADDRCONF */

static void
own_rule(struct machine *m, int family, uint32_t priority, uint32_t table)
{
	struct rule r;

	rule_init(&r, family);
	r.action = FR_ACT_TO_TBL;
	r.protocol = RTPROT_KERNEL;
	r.has_priority = true;
	r.priority = priority;
	r.table = table;
	rule_normalize(&r);
	(void)kernel_add_rule(&m->k, &r, false, WHOSE_KERNEL);
}

void
device_reset(struct device *d)
{
	for (int i = 0; i < KNOBS; i++) {
		strcpy(d->knob[i], "0");
		strcpy(d->base[i], "0");
	}
	d->up = false;
	d->carrier = true;
}

void
machine_boot(struct machine *m)
{
	static const char *const names[DEVICES] = { "eth1", "eth2", "eth3" };

	m->k.rules = m->k.routes = m->addresses = m->takens = 0;
	m->record_lost = m->dead = m->refused = false;
	m->fault_in = 0;
	m->broken.len = m->said.len = 0;
	m->clock = 1000000;
	for (int i = 0; i < DEVICES; i++) {
		memset(&m->device[i], 0, sizeof(m->device[i]));
		m->device[i].name = names[i];
		m->device[i].exists = true;
		device_reset(&m->device[i]);
	}
	while (m->files)
		disk_remove(m, m->file[0].path);
	/* Nobody waits for what does not come. */
	disk_put(m, "/etc/default/ifpolicy", "POLICY_WAIT=0\n");
	for (int family = AF_INET; family; family = family == AF_INET ?
	    AF_INET6 : 0) {
		own_rule(m, family, 0, RT_TABLE_LOCAL);
		own_rule(m, family, 32766, RT_TABLE_MAIN);
		if (family == AF_INET)
			own_rule(m, family, 32767, RT_TABLE_DEFAULT);
	}
}

bool
machine_fails(struct machine *m, enum fault_kind kind)
{
	if (m->fault_in == 0 || m->fault != kind || --m->fault_in > 0)
		return false;
	m->faulty = true;
	return true;
}

void
machine_off(struct machine *m)
{
	while (m->files)
		disk_remove(m, m->file[0].path);
	text_fini(&m->said);
	text_fini(&m->broken);
}

struct address *
address_find(struct machine *m, const struct addr *a)
{
	for (size_t i = 0; i < m->addresses; i++)
		if (addr_cmp(&m->address[i].prefix.addr, a) == 0)
			return &m->address[i];
	return NULL;
}

/* The route that comes with an address; IPv6's has no source. */
static void
connected_route(struct route *r, const struct address *a)
{
	route_init(r, a->prefix.addr.family);
	r->type = RTN_UNICAST;
	r->protocol = RTPROT_KERNEL;
	r->table = RT_TABLE_MAIN;
	r->dst = a->prefix;
	prefix_clear_host_bits(&r->dst);
	r->hop_count = 1;
	r->hop[0].ifindex = a->ifindex;
	if (a->prefix.addr.family == AF_INET) {
		r->has_scope = true;
		r->scope = RT_SCOPE_LINK;
		r->prefsrc = a->prefix.addr;
	} else {
		r->metric = METRIC6_CONNECTED;
	}
	route_normalize(r);
}

static bool
uses(const struct route *r, uint32_t ifindex)
{
	for (size_t i = 0; i < r->hop_count; i++)
		if (r->hop[i].ifindex == ifindex)
			return true;
	return false;
}

/* No next hop is left on a device that is up. */
static bool
is_dead(struct machine *m, const struct route *r)
{
	for (size_t i = 0; i < r->hop_count; i++)
		if (device_at(m, r->hop[i].ifindex)->up)
			return false;
	return r->hop_count > 0;
}

void
taken_remove(struct machine *m, size_t at)
{
	m->takens--;
	m->taken[at] = m->taken[m->takens];
	m->may_stay_away[at] = m->may_stay_away[m->takens];
}

/* In place of what it had from that slot before. */
void
taken_add(struct machine *m, const struct route *r)
{
	for (size_t i = m->takens; i-- > 0;)
		if (route_same_key(&m->taken[i], r) &&
		    m->taken[i].hop[0].ifindex == r->hop[0].ifindex)
			taken_remove(m, i);
	if (m->takens == TAKEN)
		abort();
	m->taken[m->takens] = *r;
	m->may_stay_away[m->takens++] = false;
}

static bool
one_subnet(const struct address *a, const struct address *b)
{
	struct prefix p = a->prefix, q = b->prefix;

	prefix_clear_host_bits(&p);
	prefix_clear_host_bits(&q);
	return a->ifindex == b->ifindex && prefix_cmp(&p, &q) == 0;
}

/* The first of its subnet: the others are secondary. */
static const struct address *
first_of_subnet(const struct machine *m, const struct address *a)
{
	for (size_t i = 0; i < m->addresses; i++)
		if (one_subnet(&m->address[i], a))
			return &m->address[i];
	return NULL;
}

static void
add_connected(struct machine *m, const struct address *a)
{
	struct route r;

	if (prefix_is_host(&a->prefix) || !device_at(m, a->ifindex)->up ||
	    first_of_subnet(m, a) != a)
		return;
	connected_route(&r, a);
	/* The former one is what there is now. */
	for (size_t i = m->takens; i-- > 0;)
		if (route_same_key(&m->taken[i], &r) &&
		    uses(&m->taken[i], a->ifindex))
			taken_remove(m, i);
	if (six(r.family))
		for (size_t i = 0; i < m->k.routes; i++)
			if (route_same(&m->k.route[i], &r))
				return;
	(void)kernel_new_route(m, &r, NLM_F_CREATE | NLM_F_APPEND,
	    WHOSE_KERNEL);
}

void
address_add(struct machine *m, int device, const char *label,
    const struct prefix *p, uint32_t flags)
{
	struct address *a = &m->address[m->addresses];
	const struct device *d = &m->device[device];

	if (!d->exists || address_find(m, &p->addr) ||
	    m->addresses == ADDRESSES ||
	    (six(p->addr.family) && !d->up))
		return;
	memset(a, 0, sizeof(*a));
	a->prefix = *p;
	a->ifindex = index_of(m, d);
	a->flags = IFA_F_PERMANENT | flags;
	if (p->addr.family == AF_INET)
		snprintf(a->label, sizeof(a->label), "%s", label);
	m->addresses++;
	add_connected(m, a);
}

/* FACTS: with an IPv4 address go main's routes from it, not those of other
 * tables; of IPv6's routes the source goes. */
static void
lose_source(struct machine *m, const struct addr *gone)
{
	struct route *r;

	for (size_t i = m->k.routes; i-- > 0;) {
		r = &m->k.route[i];
		if (!addr_given(&r->prefsrc) || addr_cmp(&r->prefsrc, gone))
			continue;
		if (six(r->family))
			memset(&r->prefsrc, 0, sizeof(r->prefsrc));
		else if (r->table == RT_TABLE_MAIN)
			kernel_cut_route(&m->k, i);
	}
	for (size_t i = m->takens; i-- > 0;) {
		r = &m->taken[i];
		if (addr_given(&r->prefsrc) && !addr_cmp(&r->prefsrc, gone))
			m->may_stay_away[i] = true;
	}
}

/* With promote_secondaries, as systemd sets it: the subnet's route stays while
 * another address has it, and then is from that one. */
void
address_delete(struct machine *m, const struct addr *gone)
{
	struct address *at = address_find(m, gone), was;
	const struct address *next;
	struct route r;
	bool first;

	if (!at)
		return;
	was = *at;
	first = first_of_subnet(m, &was) == at;
	m->addresses--;
	memmove(at, at + 1, (size_t)(m->address + m->addresses - at) *
	    sizeof(*at));
	next = first_of_subnet(m, &was);
	connected_route(&r, &was);
	lose_source(m, gone);
	if (!first || (next && six(r.family)))
		return;
	for (size_t i = m->k.routes; i-- > 0;)
		if (route_same(&m->k.route[i], &r) &&
		    m->k.route[i].protocol == RTPROT_KERNEL)
			kernel_cut_route(&m->k, i);
	for (size_t i = m->takens; i-- > 0;)
		if (route_same(&m->taken[i], &r))
			m->may_stay_away[i] = true;
	if (next)
		add_connected(m, next);
	/* Without it the gateway may be out of reach when its turn comes. */
	for (size_t i = m->takens; i-- > 0;)
		if (kernel_refuses(m, &m->taken[i]))
			m->may_stay_away[i] = true;
}

static void
lose_routes(struct machine *m, uint32_t ifindex, bool gone)
{
	for (size_t i = m->k.routes; i-- > 0;)
		if (uses(&m->k.route[i], ifindex) &&
		    (gone || is_dead(m, &m->k.route[i])))
			kernel_cut_route(&m->k, i);
	for (size_t i = m->takens; i-- > 0;)
		if (uses(&m->taken[i], ifindex))
			m->may_stay_away[i] = true;
}

/* IPv6 loses the addresses as well. */
static void
lose_addresses(struct machine *m, uint32_t ifindex, bool gone)
{
	for (size_t i = m->addresses; i-- > 0;) {
		struct addr a = m->address[i].prefix.addr;

		if (m->address[i].ifindex == ifindex &&
		    (gone || six(a.family)))
			address_delete(m, &a);
	}
}

void
link_set(struct machine *m, int device, bool up)
{
	struct device *d = &m->device[device];

	if (!d->exists || d->up == up)
		return;
	d->up = up;
	if (!up) {
		lose_routes(m, index_of(m, d), false);
		lose_addresses(m, index_of(m, d), false);
		return;
	}
	for (size_t i = 0; i < m->addresses; i++)
		if (m->address[i].ifindex == index_of(m, d))
			add_connected(m, &m->address[i]);
}

void
link_delete(struct machine *m, int device)
{
	struct device *d = &m->device[device];

	if (!d->exists)
		return;
	d->up = false;
	lose_routes(m, index_of(m, d), true);
	lose_addresses(m, index_of(m, d), true);
	device_reset(d);
	d->exists = false;
}
