/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: an IPv4 packet that comes in: its way, and whether its source may. */
#include <errno.h>
#include <net/if.h>
#include <string.h>

#include "uapi.h"
#include "walk-work.h"
#include "walk.h"

/* Facts from net/ipv4/route.c, ip_route_input_slow(), __mkroute_input(), and
 * net/ipv4/fib_frontend.c, fib_validate_source(), __fib_validate_source(). */

bool
walk_has_first_rules(const struct fib *f)
{
	static const uint32_t first[][2] = {
		{ 0, RT_TABLE_LOCAL }, { RULE_PRIORITY_MAIN, RT_TABLE_MAIN },
		{ RULE_PRIORITY_MAIN + 1, RT_TABLE_DEFAULT },
	};

	if (f->rules.count != sizeof(first) / sizeof(first[0]))
		return false;
	for (size_t i = 0; i < f->rules.count; i++)
		if (f->rules.at[i].priority != first[i][0] ||
		    f->rules.at[i].table != first[i][1])
			return false;
	return true;
}

/* inet_rtm_newroute(), net/ipv4/fib_frontend.c. */
static bool
has_custom_local_routes(const struct fib *f)
{
	for (size_t i = 0; i < f->routes.count; i++)
		if (f->routes.at[i].type == RTN_LOCAL &&
		    f->routes.at[i].protocol != RTPROT_KERNEL)
			return true;
	return false;
}

/* With realms in use the kernel always looks the source up. */
static bool
has_realms(const struct fib *f)
{
	for (size_t i = 0; i < f->rules.count; i++)
		if (f->rules.at[i].realms)
			return true;
	for (size_t i = 0; i < f->routes.count; i++)
		for (size_t j = 0; j < f->routes.at[i].hop_count; j++)
			if (f->routes.at[i].hop[j].realms)
				return true;
	return false;
}

/* Whether the kernel looks into what comes in for protocol and ports: only for
 * a rule that asks for them and that may match there
 * (fib_rule_requires_fldissect()). */
static bool
looks_into(const struct fib *f)
{
	for (size_t i = 0; i < f->rules.count; i++) {
		const struct rule *r = &f->rules.at[i];

		if ((r->ipproto || r->sport.hi || r->dport.hi) &&
		    strcmp(r->iif, "lo"))
			return true;
	}
	return false;
}

static void
start(struct lookup *l, struct walk *w, const struct fib *f,
    const struct question *q, uint32_t device)
{
	walk_start(l, w, f, q);
	walk_find_vrf(l, device);
	if (!looks_into(f))
		l->ipproto = l->sport = l->dport = 0;
}

static bool
device_has_address(const struct fib *f, uint32_t ifindex)
{
	for (size_t i = 0; i < f->addresses.count; i++)
		if (f->addresses.at[i].ifindex == ifindex)
			return true;
	return false;
}

static bool
uses(const struct route *r, uint32_t ifindex)
{
	for (size_t i = 0; i < r->hop_count; i++)
		if (r->hop[i].ifindex == ifindex)
			return true;
	return false;
}

/* The way back: the packet's ends changed over. */
static void
look_back(struct lookup *l, const struct fib *f, const struct question *q,
    struct question *back, const struct addr *to, uint32_t out)
{
	*back = *q;
	back->to = q->from;
	back->from = *to;
	back->iif = out;
	back->sport = q->dport;
	back->dport = q->sport;
	back->mark = f->input.src_valid_mark ? q->mark : 0;
	start(l, NULL, f, back, q->iif);
	walk_rules(l);
}

static enum source
check_fully(struct walk *w, const struct fib *f, const struct question *q,
    const struct addr *to, uint32_t out)
{
	bool no_address = !device_has_address(f, q->iif);
	unsigned strictness = f->input.rp_filter;
	const struct link *in = fib_link(f, q->iif);
	struct question back;
	struct lookup l;

	look_back(&l, f, q, &back, to, out);
	w->unsure |= l.unsure;
	if (l.error)
		return strictness ? SOURCE_NO_ROUTE : SOURCE_GOOD;
	w->back = l.route;
	if (l.route->type != RTN_UNICAST && (l.route->type != RTN_LOCAL ||
	    !f->input.accept_local))
		return l.route->type == RTN_LOCAL ? SOURCE_OURS :
		    SOURCE_NO_UNICAST;
	if (uses(l.route, q->iif) || (l.route->type == RTN_LOCAL && in &&
	    in->flags & IFF_LOOPBACK))
		return SOURCE_GOOD;
	if (no_address)
		return strictness ? SOURCE_NO_ROUTE : SOURCE_GOOD;
	return strictness == 1 ? SOURCE_OTHER_DEVICE : SOURCE_GOOD;
}

/* `out` is the device by which the packet would go on; 0: it is for us. */
static enum source
check_source(struct walk *w, const struct fib *f, const struct question *q,
    const struct addr *to, uint32_t out)
{
	const struct input_conf *conf = &f->input;
	enum source full, quick;

	if (conf->rp_filter || has_realms(f) ||
	    (out == q->iif && conf->send_redirects))
		return check_fully(w, f, q, to, out);
	if (conf->accept_local)
		return SOURCE_GOOD;
	if (!walk_has_first_rules(f) || has_custom_local_routes(f))
		return check_fully(w, f, q, to, out);
	/* It may be that there were such, which the kernel never forgets. */
	quick = fib_address(f, &q->from) ? SOURCE_OURS : SOURCE_GOOD;
	full = check_fully(w, f, q, to, out);
	if ((full == SOURCE_GOOD) != (quick == SOURCE_GOOD))
		w->unsure = true;
	return quick;
}

static int
refuse_source(struct walk *w, enum source source)
{
	w->source = source;
	return source == SOURCE_GOOD ? 0 :
	    walk_decide(w, VERDICT_SOURCE, -EINVAL);
}

static int
go_on(struct walk *w, const struct fib *f, const struct question *q)
{
	const struct route *r = w->route;
	enum source source = SOURCE_GOOD;
	bool first = true;

	/* A hash decides among several devices. */
	for (size_t i = 0; i < r->hop_count; i++) {
		enum source s;

		if (!(w->usable & 1u << i))
			continue;
		s = check_source(w, f, q, &q->to, r->hop[i].ifindex);
		if (!first && s != source)
			w->unsure = true;
		source = first ? s : source;
		first = false;
	}
	return refuse_source(w, source);
}

static const struct addr nobody = { .family = AF_INET };

static int
judge(struct walk *w, const struct fib *f, const struct question *q)
{
	if (w->route->type == RTN_BROADCAST && !f->input.bc_forwarding)
		return refuse_source(w, check_source(w, f, q, &nobody, 0));
	if (w->route->type == RTN_LOCAL)
		return refuse_source(w, check_source(w, f, q, &q->to, 0));
	if (w->route->type == RTN_BROADCAST)
		return go_on(w, f, q);
	if (!f->input.forwarding)
		return walk_decide(w, VERDICT_NOT_FORWARDING, -EHOSTUNREACH);
	if (w->route->type != RTN_UNICAST)
		return walk_decide(w, VERDICT_NO_UNICAST, -EINVAL);
	return go_on(w, f, q);
}

int
walk_input4(struct walk *w, const struct fib *f, const struct question *q)
{
	struct lookup l;
	int err;

	/* Who has joined a group decides, not a rule. */
	if (walk_is_multicast4(&q->to)) {
		w->unsure = true;
		return walk_decide(w, VERDICT_DIRECT, 0);
	}
	if (walk_is_multicast4(&q->from) || walk_is_broadcast4(&q->from))
		return walk_decide(w, VERDICT_BAD_SOURCE, -EINVAL);
	if (walk_is_broadcast4(&q->to)) {
		walk_decide(w, VERDICT_BROADCAST_IN, 0);
		return walk_is_any(&q->from) ? 0 : refuse_source(w,
		    check_source(w, f, q, &nobody, 0));
	}
	if (walk_is_any(&q->from))
		return walk_decide(w, VERDICT_BAD_SOURCE, -EINVAL);
	if (walk_is_any(&q->to))
		return walk_decide(w, VERDICT_NO_DESTINATION, -EINVAL);
	if (!f->input.route_localnet && (walk_is_loopback4(&q->to) ||
	    walk_is_loopback4(&q->from)))
		return walk_decide(w, VERDICT_LOOPBACK, -EINVAL);
	start(&l, w, f, q, q->iif);
	walk_rules(&l);
	err = walk_finish(w, &l);
	if (err || !l.error)
		return err ? err : judge(w, f, q);
	if (!f->input.forwarding)
		return walk_decide(w, VERDICT_NOT_FORWARDING, -EHOSTUNREACH);
	return 0;
}
