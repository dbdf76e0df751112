/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: what the kernel answers to one request about a route or a rule. */
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include "machine.h"

/* fib_check_nh(): a gateway must be on link, by main or by the route's own
 * table; ip6_route_check_nh() likewise. */
static bool
is_on_link(const struct machine *m, const struct route *r,
    const struct hop *h)
{
	for (size_t i = 0; i < m->k.routes; i++) {
		const struct route *at = &m->k.route[i];

		if (at->family == h->via.family && at->hop_count == 1 &&
		    (at->table == RT_TABLE_MAIN || at->table == r->table) &&
		    at->type == RTN_UNICAST && at->dst.len &&
		    at->hop[0].ifindex == h->ifindex &&
		    !addr_given(&at->hop[0].via) &&
		    prefix_covers(&at->dst, &h->via))
			return true;
	}
	return false;
}

static int
hop_refused(struct machine *m, const struct route *r, const struct hop *h)
{
	const struct device *d = device_at(m, h->ifindex);

	if (!d || !d->exists)
		return -ENODEV;
	if (!d->up)
		return -ENETDOWN;
	if (!addr_given(&h->via) || h->onlink || addr_is_link_local(&h->via))
		return 0;
	if (address_find(m, &h->via))
		return -EINVAL;
	return is_on_link(m, r, h) ? 0 : -ENETUNREACH;
}

/* fib_valid_prefsrc(); ip6_route_info_create(): on the very device, and no
 * longer tentative. */
static bool
prefsrc_refused(struct machine *m, const struct route *r)
{
	const struct address *a = address_find(m, &r->prefsrc);

	if (!addr_given(&r->prefsrc))
		return false;
	return !a || (r->family == AF_INET6 && ((a->flags &
	    (IFA_F_TENTATIVE | IFA_F_DADFAILED)) ||
	    (r->hop_count && a->ifindex != r->hop[0].ifindex)));
}

int
kernel_refuses(struct machine *m, const struct route *r)
{
	int err = 0;

	for (size_t i = 0; i < r->hop_count && !err; i++)
		err = hop_refused(m, r, &r->hop[i]);
	if (!err && prefsrc_refused(m, r))
		err = -EINVAL;
	return err;
}

static int
append(struct kernel *k, const struct route *r, enum whose whose)
{
	if (k->routes == KERNEL_ROUTES)
		return -ENOMEM;
	k->route[k->routes] = *r;
	k->route_tag[k->routes++] = (int)whose;
	return 0;
}

int
kernel_new_route(struct machine *m, const struct route *r, unsigned flags,
    enum whose whose)
{
	struct kernel *k = &m->k;
	size_t at = 0;
	int err = kernel_refuses(m, r);

	if (err)
		return err;
	while (at < k->routes && !route_same_key(&k->route[at], r))
		at++;
	if (flags & NLM_F_APPEND) {
		for (size_t i = at; i < k->routes; i++)
			if (route_same(&k->route[i], r) &&
			    k->route[i].protocol == r->protocol)
				return -EEXIST;
		return append(k, r, whose);
	}
	if (at == k->routes)
		/* ip6_route_add() is content to make it. */
		return flags & NLM_F_CREATE || six(r->family) ?
		    append(k, r, whose) : -ENOENT;
	if (!(flags & NLM_F_REPLACE))
		return -EEXIST;
	if (whose != WHOSE_OTHERS && k->route_tag[at] != WHOSE_OURS &&
	    r->protocol == PROTO_IFPOLICY)
		judge_route_hit(m, at, true);
	k->route[at] = *r;
	k->route_tag[at] = (int)whose;
	return 0;
}

static bool
same_hops(const struct route *a, const struct route *b)
{
	if (a->hop_count != b->hop_count)
		return false;
	for (size_t i = 0; i < a->hop_count; i++)
		if (a->hop[i].ifindex != b->hop[i].ifindex ||
		    addr_cmp(&a->hop[i].via, &b->hop[i].via) ||
		    (a->hop_count > 1 &&
		    a->hop[i].weight != b->hop[i].weight))
			return false;
	return true;
}

/* fib_table_delete(), ip6_route_del(): what the request does not name matches
 * anything. */
int
kernel_find_route(const struct machine *m, const struct route *r)
{
	int best = -1;

	for (size_t i = 0; i < m->k.routes; i++) {
		const struct route *at = &m->k.route[i];

		if (at->family != r->family || at->table != r->table ||
		    prefix_cmp(&at->dst, &r->dst) || at->tos != r->tos ||
		    prefix_cmp(&at->src, &r->src) ||
		    (r->metric && at->metric != r->metric) ||
		    (r->protocol && at->protocol != r->protocol))
			continue;
		if (r->family == AF_INET && (at->type != r->type ||
		    at->scope != r->scope || (addr_given(&r->prefsrc) &&
		    addr_cmp(&at->prefsrc, &r->prefsrc))))
			continue;
		if (!same_hops(at, r))
			continue;
		if (best < 0 || at->metric < m->k.route[best].metric)
			best = (int)i;
	}
	return best;
}

/* rule_exists(): an address that is not named fits any; neither "not" nor the
 * target of a goto is looked at. */
static bool
rule_exists(const struct rule *there, const struct rule *r)
{
	struct rule like = *there;

	if (r->from.len == 0)
		like.from = r->from;
	if (r->to.len == 0)
		like.to = r->to;
	if (r->tos == 0)
		like.tos = 0;
	if (r->realms == 0)
		like.realms = 0;
	like.invert = r->invert;
	like.target = r->target;
	return rule_same(&like, r) && there->protocol == r->protocol;
}

int
kernel_new_rule(struct machine *m, const struct rule *r, unsigned flags,
    enum whose whose)
{
	for (size_t i = 0; (flags & NLM_F_EXCL) && i < m->k.rules; i++)
		if (rule_exists(&m->k.rule[i], r))
			return -EEXIST;
	return kernel_add_rule(&m->k, r, false, (int)whose);
}

int
kernel_find_rule(const struct machine *m, const struct rule *r)
{
	for (size_t i = 0; i < m->k.rules; i++)
		if (rule_pattern_hits(r, &m->k.rule[i]))
			return (int)i;
	return -1;
}
