/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: which way the kernel sends a packet, rule by rule, and why. */
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "uapi.h"
#include "walk-work.h"
#include "walk.h"

/* Facts from net/ipv4/route.c: ip_route_output_key_hash_rcu(),
 * ip_route_input_slow(), __mkroute_input(); net/ipv4/fib_semantics.c:
 * fib_select_path(), fib_select_default(); net/ipv6/route.c:
 * ip6_route_output_flags_noref(), ip6_route_input_lookup().
 *
 * Left to the kernel, since nobody else knows it: which next hop of several a
 * flow's hash takes, and which of several equal default routes has its turn. */

#define LO_IFINDEX	1

bool
walk_is_any(const struct addr *a)
{
	static const uint8_t zero[16];

	return !addr_given(a) || memcmp(a->byte, zero, sizeof(zero)) == 0;
}

bool
walk_is_multicast4(const struct addr *a)
{
	return a->byte[0] >= 224 && a->byte[0] < 240;
}

static bool
is_local_multicast4(const struct addr *a)
{
	return a->byte[0] == 224 && a->byte[1] == 0 && a->byte[2] == 0;
}

bool
walk_is_broadcast4(const struct addr *a)
{
	static const uint8_t ones[4] = { 255, 255, 255, 255 };

	return memcmp(a->byte, ones, sizeof(ones)) == 0;
}

bool
walk_is_loopback4(const struct addr *a)
{
	return a->byte[0] == 127;
}

/* Multicast, link-local, ::1: by the device that was named, or none
 * (rt6_need_strict()). */
static bool
needs_device6(const struct addr *a)
{
	static const uint8_t loopback[16] = { [15] = 1 };

	return a->byte[0] == 0xff || addr_is_link_local(a) ||
	    memcmp(a->byte, loopback, sizeof(loopback)) == 0;
}

void
walk_start(struct lookup *l, struct walk *w, const struct fib *f,
    const struct question *q)
{
	memset(l, 0, sizeof(*l));
	l->f = f;
	l->w = w;
	l->q = q;
	l->from = q->from;
	l->from.family = (uint8_t)f->family;
	l->has_from = !walk_is_any(&q->from);
	l->iif = q->iif ? q->iif : LO_IFINDEX;
	l->oif = q->oif;
	l->mark = q->mark;
	l->uid = q->uid;
	l->ipproto = q->ipproto;
	l->sport = q->sport;
	l->dport = q->dport;
}

/* What of a VRF is its master's (l3mdev_update_flow()). */
void
walk_find_vrf(struct lookup *l, uint32_t ifindex)
{
	const struct link *link = fib_link(l->f, ifindex);

	if (!link)
		return;
	if (link->vrf_table) {
		l->vrf = link->ifindex;
		/* A socket bound to it may use all of its devices. */
		if (l->oif == link->ifindex)
			l->oif = 0;
	} else if (link->master_is_vrf) {
		l->vrf = link->master;
	}
}

int
walk_finish(struct walk *w, const struct lookup *l)
{
	w->route = l->route;
	w->usable = l->usable;
	w->error = l->error;
	w->unsure |= l->unsure;
	w->verdict = l->error ? VERDICT_ERROR : VERDICT_ROUTE;
	return l->failed ? -ENOMEM : 0;
}

int
walk_decide(struct walk *w, enum verdict verdict, int error)
{
	w->verdict = verdict;
	w->error = error;
	return 0;
}

/* ---- IPv4, sent here ------------------------------------------------- */

/* The device of an address of this machine, or of one that table local says is
 * (__ip_dev_find(), net/ipv4/devinet.c); 0 of others. */
static uint32_t
device_of(const struct fib *f, const struct addr *a)
{
	const struct address *own = fib_address(f, a);
	struct question q;
	struct lookup l;

	if (own)
		return own->ifindex;
	question_init(&q, f->family);
	q.to = *a;
	walk_start(&l, NULL, f, &q);
	(void)walk_table4(&l, RT_TABLE_LOCAL);
	if (f->merged && !l.route)
		(void)walk_table4(&l, RT_TABLE_MAIN);
	return l.route && l.route->type == RTN_LOCAL ?
	    l.route->hop[0].ifindex : 0;
}

/* Sent straight out by a device. */
static int
send_direct(struct walk *w, const struct question *q, uint32_t device)
{
	w->device = q->oif;
	if (walk_is_loopback4(&q->from) && device != LO_IFINDEX)
		return walk_decide(w, VERDICT_LOOPBACK_OUT, -EINVAL);
	return walk_decide(w, VERDICT_DIRECT, 0);
}

/* True if the kernel decides before it looks at a rule. */
static bool
decided4(struct walk *w, const struct fib *f, const struct question *q)
{
	const struct link *oif = q->oif ? fib_link(f, q->oif) : NULL;
	bool from = !walk_is_any(&q->from), many;
	uint32_t device = from ? device_of(f, &q->from) : 0;

	many = walk_is_multicast4(&q->to) || walk_is_broadcast4(&q->to);
	if (from && (walk_is_multicast4(&q->from) ||
	    walk_is_broadcast4(&q->from)))
		return !walk_decide(w, VERDICT_BAD_SOURCE, -EINVAL);
	if (from && !device)
		return !walk_decide(w, VERDICT_NOT_OURS, -ENETUNREACH);
	if (q->oif && (!oif || !(oif->flags & IFF_UP)))
		return !walk_decide(w, VERDICT_DEVICE_DOWN, oif ?
		    -ENETUNREACH : -ENODEV);
	if (q->oif && (is_local_multicast4(&q->to) || q->ipproto ==
	    IPPROTO_IGMP || walk_is_broadcast4(&q->to)))
		return !send_direct(w, q, q->oif);
	if (from && !q->oif && many)
		return !send_direct(w, q, device);
	return false;
}

/* The answers of fib_select_default(): routes beside the one found that may
 * have their turn, as gateways answer or not. */
static void
find_others(struct walk *w, const struct lookup *l)
{
	uint32_t metric = l->route->metric;
	uint8_t tos = 0;
	bool seen = false;

	for (size_t i = 0; i < l->f->routes.count; i++) {
		const struct route *r = &l->f->routes.at[i];

		if (r->table != l->table || r->dst.len != 0 ||
		    (r->tos && r->tos != (l->q->tos & TOS4_MASK)))
			continue;
		if (r->metric > metric && r->tos == tos) {
			if (tos)
				continue;
			break;
		}
		if (r->flags & RTNH_F_DEAD && !(r->flags & RTNH_F_LINKDOWN))
			continue;
		tos = r->tos;
		metric = r->metric;
		if (r->scope != l->route->scope || r->type != RTN_UNICAST ||
		    r->hop_count == 0 || !addr_given(&r->hop[0].via))
			continue;
		if (!seen && r != l->route)
			break;
		seen = true;
		if (r != l->route && w->other_count < HOPS_MAX)
			w->others[w->other_count++] = r;
	}
}

/* The device that the packet leaves by is another one than lo. */
static bool
leaves(struct walk *w, const struct question *q)
{
	const struct route *r = w->route;
	unsigned by_lo = 0;

	if (w->verdict == VERDICT_ON_LINK)
		return q->oif != LO_IFINDEX;
	if (w->verdict != VERDICT_ROUTE || r->type == RTN_LOCAL)
		return false;
	for (size_t i = 0; i < r->hop_count; i++)
		if (w->usable & 1u << i && r->hop[i].ifindex == LO_IFINDEX)
			by_lo |= 1u << i;
	/* Some of several are not: a hash decides. */
	if (by_lo && by_lo != w->usable)
		w->unsure = true;
	return by_lo != w->usable;
}

static int
output4(struct walk *w, const struct fib *f, const struct question *q)
{
	struct lookup l;
	int err;

	if (decided4(w, f, q))
		return 0;
	walk_start(&l, w, f, q);
	walk_find_vrf(&l, q->oif);
	/* The source would be chosen before the rules are looked at. */
	w->unsure = q->oif && !l.has_from && walk_is_multicast4(&q->to);
	walk_rules(&l);
	err = walk_finish(w, &l);
	if (l.error && q->oif && (walk_is_multicast4(&q->to) || !l.vrf)) {
		w->verdict = VERDICT_ON_LINK;
		w->error = 0;
		w->device = q->oif;
	} else if (!l.error && !q->oif && l.route->dst.len == 0 &&
	    l.route->type == RTN_UNICAST && l.route->hop_count <= 1) {
		find_others(w, &l);
	}
	if (!w->error && walk_is_any(&q->to))
		return walk_decide(w, VERDICT_NO_DESTINATION, -EINVAL);
	if (l.has_from && walk_is_loopback4(&q->from) && leaves(w, q))
		return walk_decide(w, VERDICT_LOOPBACK_OUT, -EINVAL);
	return err;
}

static int
lookup6(struct walk *w, const struct fib *f, const struct question *q)
{
	struct lookup l;

	walk_start(&l, w, f, q);
	walk_find_vrf(&l, q->iif ? q->iif : q->oif);
	/* Also what comes in prefers to go back by the same device. */
	l.prefer = q->iif ? q->iif : l.oif;
	l.strict = needs_device6(&q->to) ||
	    (!q->iif && q->oif && !l.has_from);
	walk_rules(&l);
	return walk_finish(w, &l);
}

static int
make_room(struct walk *w, size_t count)
{
	struct step *grown;

	if (count <= w->room)
		return 0;
	grown = realloc(w->steps, count * sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	w->steps = grown;
	w->room = count;
	return 0;
}

int
walk(struct walk *w, const struct fib *f, const struct question *q)
{
	struct walk kept = {
		.steps = w->steps, .room = w->room,
		.passed = w->passed, .passed_room = w->passed_room,
	};

	*w = kept;
	w->merged = f->merged;
	if (make_room(w, f->rules.count))
		return -ENOMEM;
	w->count = f->rules.count;
	for (size_t i = 0; i < w->count; i++)
		w->steps[i] = (struct step){ .rule = &f->rules.at[i],
		    .came = CAME_NOT_REACHED };
	if (f->family == AF_INET6)
		return lookup6(w, f, q);
	return q->iif ? walk_input4(w, f, q) : output4(w, f, q);
}

void
walk_fini(struct walk *w)
{
	free(w->steps);
	free(w->passed);
	memset(w, 0, sizeof(*w));
}

const struct step *
walk_end(const struct walk *w)
{
	for (size_t i = 0; i < w->count; i++)
		if (w->steps[i].came == CAME_ROUTE ||
		    w->steps[i].came == CAME_REFUSED)
			return &w->steps[i];
	return NULL;
}
