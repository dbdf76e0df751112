/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: the rules in their order: which matches, and what it leads to. */
#include <linux/fib_rules.h>

#include <errno.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include "uapi.h"
#include "walk-work.h"

/* Facts from net/core/fib_rules.c: fib_rule_match(), fib_rules_lookup();
 * net/ipv4/fib_rules.c and net/ipv6/fib6_rules.c: their match, action and
 * suppress functions; net/l3mdev/l3mdev.c. */

#define DSCP_MASK	0xfc

static enum differs
match_device(const struct lookup *l, const char *name, uint32_t ifindex,
    enum differs differs)
{
	const struct link *link;

	if (!name[0])
		return DIFFERS_NOT;
	link = fib_link_named(l->f, name);
	if (!link)
		return differs + 1;	/* ..._GONE */
	/* A rule for a VRF means all that belongs to it. */
	if (link->ifindex == ifindex ||
	    (link->vrf_table && link->ifindex == l->vrf))
		return DIFFERS_NOT;
	return differs;
}

static bool
in_range(const struct range *r, uint32_t v)
{
	return r->hi == 0 || (v >= r->lo && v <= r->hi);
}

/* What both families compare first. */
static enum differs
match_common(const struct lookup *l, const struct rule *r)
{
	enum differs d;

	d = match_device(l, r->iif, l->iif, DIFFERS_IIF);
	if (d == DIFFERS_NOT)
		d = match_device(l, r->oif, l->oif, DIFFERS_OIF);
	if (d != DIFFERS_NOT)
		return d;
	if ((r->fwmark ^ l->mark) & r->fwmask)
		return DIFFERS_MARK;
	if (r->tun_id)
		return DIFFERS_TUN_ID;
	if (r->l3mdev && !l->vrf)
		return DIFFERS_L3MDEV;
	if (r->has_uid && (l->uid < r->uid.lo || l->uid > r->uid.hi))
		return DIFFERS_UID;
	return DIFFERS_NOT;
}

static enum differs
match_from(const struct lookup *l, const struct rule *r)
{
	if (r->from.len == 0)
		return DIFFERS_NOT;
	if (l->f->family == AF_INET6 && !l->has_from)
		return DIFFERS_NO_FROM;
	return prefix_covers(&r->from, &l->from) ? DIFFERS_NOT : DIFFERS_FROM;
}

static enum differs
match_family(const struct lookup *l, const struct rule *r)
{
	uint8_t tos = l->q->tos & (l->f->family == AF_INET ? TOS4_MASK :
	    DSCP_MASK);
	enum differs d = match_from(l, r);

	if (d != DIFFERS_NOT)
		return d;
	if (r->to.len && !prefix_covers(&r->to, &l->q->to))
		return DIFFERS_TO;
	if (r->tos && r->tos != tos)
		return DIFFERS_TOS;
	if (r->ipproto && r->ipproto != l->ipproto)
		return DIFFERS_IPPROTO;
	if (!in_range(&r->sport, l->sport))
		return DIFFERS_SPORT;
	if (!in_range(&r->dport, l->dport))
		return DIFFERS_DPORT;
	return DIFFERS_NOT;
}

enum differs
walk_match(struct lookup *l, const struct rule *r)
{
	enum differs d = match_common(l, r);

	if (d == DIFFERS_NOT)
		d = match_family(l, r);
	/* What is not known can only select less. */
	if (r->unknown && (r->invert || d == DIFFERS_NOT)) {
		l->unsure = true;
		return DIFFERS_UNKNOWN;
	}
	if (!r->invert)
		return d;
	return d == DIFFERS_NOT ? DIFFERS_INVERTED : DIFFERS_NOT;
}

/* The group of the device that the found route leaves by: IPv4 looks at the
 * first next hop, IPv6 at the one chosen. */
static bool
group_suppressed(struct lookup *l, const struct rule *r)
{
	unsigned in = 0, hops = 0;

	if (r->suppress_ifgroup == -1)
		return false;
	for (size_t i = 0; i < l->route->hop_count; i++) {
		const struct link *link;

		if (l->f->family == AF_INET6 && !(l->usable & 1u << i))
			continue;
		link = fib_link(l->f, l->route->hop[i].ifindex);
		hops++;
		if (link && link->group == (uint32_t)r->suppress_ifgroup)
			in++;
		if (l->f->family == AF_INET)
			break;
	}
	/* Some of several are: a hash decides. */
	if (in && in < hops)
		l->unsure = true;
	return in && in == hops;
}

static enum came
look_up(struct lookup *l, const struct rule *r, struct step *s)
{
	const struct link *vrf = r->l3mdev ? fib_link(l->f, l->vrf) : NULL;

	s->table = vrf ? vrf->vrf_table : r->table;
	/* "not ... l3mdev" names none; fib_get_table(), fib6_get_table(). */
	if (s->table == RT_TABLE_UNSPEC)
		s->table = RT_TABLE_MAIN;
	l->table = s->table;
	l->error = l->f->family == AF_INET ? walk_table4(l, s->table) :
	    walk_table6(l, s->table);
	s->route = l->route;
	if (!l->route) {
		l->error = -ENETUNREACH;
		return walk_table_exists(l, s->table) ? CAME_NO_ROUTE :
		    CAME_NO_TABLE;
	}
	if (l->error == -EAGAIN)
		return CAME_THROW;
	if (l->error)
		return CAME_ROUTE;
	/* IPv6 keeps what it made of a next hop object, with the prefix of the
	 * route that it was made for first. */
	if (l->f->family == AF_INET6 && l->route->nhid &&
	    r->suppress_prefixlen >= 0)
		l->unsure = true;
	if ((int32_t)l->route->dst.len <= r->suppress_prefixlen)
		return CAME_SUPPRESSED_LENGTH;
	if (group_suppressed(l, r))
		return CAME_SUPPRESSED_GROUP;
	return CAME_ROUTE;
}

static enum came
act(struct lookup *l, const struct rule *r, struct step *s)
{
	switch (r->action) {
	case FR_ACT_TO_TBL:
		return look_up(l, r, s);
	case FR_ACT_NOP:
		return CAME_NOP;
	case FR_ACT_UNREACHABLE:
		l->error = -ENETUNREACH;
		return CAME_REFUSED;
	case FR_ACT_PROHIBIT:
		l->error = -EACCES;
		return CAME_REFUSED;
	default:
		l->error = -EINVAL;
		return CAME_REFUSED;
	}
}

/* The first rule of that priority. */
static size_t
target_of(const struct lookup *l, size_t from, uint32_t priority)
{
	size_t i;

	for (i = from + 1; i < l->f->rules.count; i++)
		if (l->f->rules.at[i].priority == priority)
			break;
	return i;
}

static struct step *
step_of(struct lookup *l, size_t i, struct step *spare)
{
	struct step *s = l->w ? &l->w->steps[i] : spare;

	s->rule = &l->f->rules.at[i];
	s->passed = l->passed = l->w ? l->w->passed_count : 0;
	return s;
}

static void
jump(struct lookup *l, size_t from, size_t to)
{
	struct step spare;

	for (size_t i = from + 1; i < to; i++)
		step_of(l, i, &spare)->came = CAME_JUMPED_OVER;
}

static bool
ends(enum came came)
{
	return came == CAME_ROUTE || came == CAME_REFUSED;
}

void
walk_rules(struct lookup *l)
{
	size_t count = l->f->rules.count, target;
	struct step spare = { 0 }, *s;

	l->error = -ENETUNREACH;
	for (size_t i = 0; i < count; i++) {
		s = step_of(l, i, &spare);
		l->route = NULL;
		s->differs = walk_match(l, s->rule);
		if (s->differs != DIFFERS_NOT) {
			s->came = CAME_UNMATCHED;
			continue;
		}
		if (s->rule->action != FR_ACT_GOTO) {
			s->came = act(l, s->rule, s);
			if (l->w)
				s->passed_count = l->w->passed_count -
				    s->passed;
			if (ends(s->came))
				return;
			continue;
		}
		target = target_of(l, i, s->rule->target);
		s->came = target < count ? CAME_GOTO : CAME_GOTO_NOWHERE;
		if (target < count) {
			jump(l, i, target);
			i = target - 1;
		}
	}
	l->route = NULL;
	l->table = 0;
	l->error = -ENETUNREACH;
}
