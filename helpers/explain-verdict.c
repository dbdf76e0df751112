/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: what a walk came to, in whole sentences. */
#include <errno.h>
#include <net/if.h>
#include <string.h>

#include "explain-work.h"
#include "words.h"

const char *
explain_verdict_word(enum verdict v)
{
	static const char *const words[] = {
		[VERDICT_ROUTE] = "route", [VERDICT_ERROR] = "refused",
		[VERDICT_ON_LINK] = "assumed_on_link",
		[VERDICT_NO_DESTINATION] = "no_destination",
		[VERDICT_NOT_OURS] = "source_not_local",
		[VERDICT_BAD_SOURCE] = "bad_source",
		[VERDICT_DEVICE_DOWN] = "device_down",
		[VERDICT_DIRECT] = "direct", [VERDICT_LOOPBACK] = "loopback",
		[VERDICT_BROADCAST_IN] = "broadcast",
		[VERDICT_NOT_FORWARDING] = "not_forwarding",
		[VERDICT_SOURCE] = "source_refused",
		[VERDICT_NO_UNICAST] = "no_unicast",
		[VERDICT_LOOPBACK_OUT] = "loopback_source",
	};

	return words[v];
}

const char *
explain_source_word(enum source s)
{
	static const char *const words[] = {
		[SOURCE_GOOD] = "good", [SOURCE_NO_ROUTE] = "no_way_back",
		[SOURCE_OTHER_DEVICE] = "other_device",
		[SOURCE_OURS] = "own_address",
		[SOURCE_NO_UNICAST] = "no_unicast",
	};

	return words[s];
}

static void
hop(struct text *t, const struct explanation *e, const struct hop *h)
{
	char text[ADDR_TEXT];

	text_str(t, explain_device(&e->fib, h->ifindex));
	if (addr_given(&h->via))
		text_fmt(t, " via %s", addr_print(text, &h->via));
}

/* "eth0 via A, or eth1 via B" */
static void
hops(struct text *t, const struct explanation *e, const struct walk *w)
{
	const struct route *r = w->route;
	bool first = true;

	for (size_t i = 0; i < r->hop_count; i++) {
		if (!(w->usable & 1u << i))
			continue;
		text_str(t, first ? "" : ", or ");
		hop(t, e, &r->hop[i]);
		first = false;
	}
	for (size_t i = 0; i < w->other_count; i++) {
		text_str(t, ", or ");
		if (w->others[i]->hop_count)
			hop(t, e, &w->others[i]->hop[0]);
	}
}

static bool
has_choice(const struct walk *w)
{
	return w->other_count || (w->usable & (w->usable - 1));
}

static void
tell_route(struct text *t, const struct explanation *e)
{
	const struct walk *w = &e->walk;
	const struct addr *source = &e->kernel.taken.prefsrc;
	char text[ADDR_TEXT];

	if (w->route->type == RTN_LOCAL || w->route->type == RTN_ANYCAST) {
		text_str(t, "It is for this machine itself.");
		return;
	}
	if (w->route->hop_count == 0) {
		text_str(t, "It takes that route; where to, only the kernel "
		    "knows.");
		return;
	}
	text_str(t, e->q.in[0] ? "It goes on by " : "It leaves by ");
	hops(t, e, w);
	if (has_choice(w) && e->asked && e->kernel.taken.hop_count) {
		text_str(t, w->other_count ? "; these take turns, now it is " :
		    "; a hash of its ends decides, here for ");
		text_str(t, explain_device(&e->fib,
		    e->kernel.taken.hop[0].ifindex));
	}
	text_str(t, ".");
	if (!e->q.in[0] && !addr_given(&e->q.from) && e->asked &&
	    addr_given(source))
		text_fmt(t, " Its source will be %s.",
		    addr_print(text, source));
}

/* Of a blackhole only a sender on this machine learns. */
static const char *
refuses(int error)
{
	return error == -EINVAL ? "swallows it; a sender here is told" :
	    "refuses it";
}

/* By a rule's own action, a route that refuses, or for want of any. */
static void
tell_error(struct text *t, const struct explanation *e)
{
	const struct step *end = walk_end(&e->walk);
	const char *sees = explain_error(e->walk.error);

	if (!end)
		text_fmt(t, "No rule leads to a route: %s.", sees);
	else if (end->came == CAME_REFUSED)
		text_fmt(t, "Rule %u %s: %s.", end->rule->priority,
		    refuses(e->walk.error), sees);
	else
		text_fmt(t, "That route %s: %s.", refuses(e->walk.error),
		    sees);
}

static void
tell_source(struct text *t, const struct explanation *e)
{
	const char *in = e->q.in;
	const struct route *back = e->walk.back;
	char text[ADDR_TEXT];

	addr_print(text, &e->q.from);
	switch (e->walk.source) {
	case SOURCE_GOOD:
		break;
	case SOURCE_NO_ROUTE:
		text_fmt(t, "It is dropped: there is no way back to %s, and "
		    "rp_filter of %s is %u.", text, in,
		    e->fib.input.rp_filter);
		break;
	case SOURCE_OTHER_DEVICE:
		text_fmt(t, "It is dropped: the way back to %s is by %s, and "
		    "rp_filter of %s is 1, strict.", text, back &&
		    back->hop_count ? explain_device(&e->fib,
		    back->hop[0].ifindex) : "another device", in);
		break;
	case SOURCE_OURS:
		text_fmt(t, "It is dropped: %s is an address of this machine "
		    "(accept_local of %s is 0).", text, in);
		break;
	case SOURCE_NO_UNICAST:
		text_fmt(t, "It is dropped: %s is no address of a host.",
		    text);
		break;
	}
}

/* What is decided without a rule, or against a route. */
static void
tell_rest(struct text *t, const struct explanation *e)
{
	const struct question *q = &e->q;
	char text[ADDR_TEXT];

	switch (e->walk.verdict) {
	case VERDICT_ON_LINK:
		text_fmt(t, "No rule leads to a route, but its socket is bound "
		    "to %s: the kernel sends it there as to a neighbour.",
		    q->out);
		break;
	case VERDICT_NOT_OURS:
		text_fmt(t, "No rule is asked: %s is no address of this "
		    "machine, and it sends nothing from others.",
		    addr_print(text, &q->from));
		break;
	case VERDICT_BAD_SOURCE:
		text_fmt(t, "No rule is asked: %s is no source.",
		    addr_print(text, &q->from));
		break;
	case VERDICT_DEVICE_DOWN:
		text_fmt(t, "No rule is asked: %s is down.", q->out);
		break;
	case VERDICT_DIRECT:
		text_str(t, "No rule is asked: that address is for all on the "
		    "device that is named, or that has the source.");
		break;
	case VERDICT_BROADCAST_IN:
		text_str(t, "No rule is asked: it is for all, also for this "
		    "machine.");
		break;
	case VERDICT_LOOPBACK:
		text_fmt(t, "No rule is asked: 127.0.0.0/8 does not come in by "
		    "%s (route_localnet is 0).", q->in);
		break;
	case VERDICT_LOOPBACK_OUT:
		text_str(t, "It is dropped: 127.0.0.0/8 does not leave this "
		    "machine.");
		break;
	case VERDICT_NOT_FORWARDING:
		text_fmt(t, "It is dropped: it is for others, and %s does not "
		    "forward (net.ipv4.conf.%s.forwarding is 0).", q->in,
		    q->in);
		break;
	case VERDICT_NO_UNICAST:
		text_str(t, "It is dropped: that route is none to forward "
		    "by.");
		break;
	default:
		text_str(t, "It goes nowhere.");
	}
}

void
explain_verdict(struct text *t, const struct explanation *e)
{
	switch (e->walk.verdict) {
	case VERDICT_ROUTE:
		tell_route(t, e);
		break;
	case VERDICT_ERROR:
		tell_error(t, e);
		break;
	case VERDICT_SOURCE:
		tell_source(t, e);
		break;
	default:
		tell_rest(t, e);
	}
}
