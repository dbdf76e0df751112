/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: the reasons of a walk in words: of a rule, of a route passed over. */
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include "explain-work.h"
#include "words.h"

const char *
explain_device(const struct fib *f, uint32_t ifindex)
{
	const struct link *l = fib_link(f, ifindex);

	return l ? l->name : "a device that is gone";
}

const char *
explain_route(char *buf, const struct explanation *e, const struct route *r)
{
	struct route copy = *r;

	copy.table = 0;
	copy.protocol = 0;
	/* What the kernel fills in says nothing to a person. */
	if (copy.family == AF_INET6 && copy.metric == METRIC6_DEFAULT)
		copy.metric = 0;
	return words_print_route(buf, &copy, &e->ss->names);
}

const char *
explain_error(int error)
{
	switch (error) {
	case -ENETUNREACH:
		return "Network is unreachable";
	case -EHOSTUNREACH:
		return "No route to host";
	case -EACCES:
		return "Permission denied";
	case -EINVAL:
		return "Invalid argument";
	case -ENODEV:
		return "No such device";
	}
	return error ? strerror(-error) : "no error";
}

/* ---- a rule that does not match --------------------------------------- */

static const struct range *
ports_of(const struct rule *r, enum differs d)
{
	return d == DIFFERS_SPORT ? &r->sport : &r->dport;
}

static void
differs_address(struct text *t, const struct question *q, enum differs d)
{
	char text[ADDR_TEXT];

	if (d == DIFFERS_TO)
		text_fmt(t, "it goes to %s", addr_print(text, &q->to));
	else if (addr_given(&q->from))
		text_fmt(t, "it is from %s", addr_print(text, &q->from));
	else
		text_str(t, "it has no source yet");
}

static void
differs_device(struct text *t, const struct question *q, const struct rule *r,
    enum differs d)
{
	if (d == DIFFERS_IIF_GONE || d == DIFFERS_OIF_GONE)
		text_fmt(t, "there is no device %s",
		    d == DIFFERS_IIF_GONE ? r->iif : r->oif);
	else if (d == DIFFERS_IIF && q->in[0])
		text_fmt(t, "it comes in by %s", q->in);
	else if (d == DIFFERS_IIF)
		text_str(t, "it is sent by this machine");
	else if (q->out[0])
		text_fmt(t, "its socket is bound to %s", q->out);
	else
		text_fmt(t, "no socket that is bound to %s sends it", r->oif);
}

static void
differs_number(struct text *t, const struct question *q, const struct rule *r,
    enum differs d)
{
	const char *name = words_ipproto(q->ipproto);

	switch (d) {
	case DIFFERS_MARK:
		text_fmt(t, "its mark is 0x%x", q->mark);
		break;
	case DIFFERS_UID:
		text_fmt(t, "its user is %u", q->uid);
		break;
	case DIFFERS_TOS:
		text_fmt(t, "its tos is 0x%02x", q->tos);
		break;
	case DIFFERS_IPPROTO:
		if (name)
			text_fmt(t, "it is %s%s", name, q->has_ipproto ? "" :
			    " unless told (ipproto)");
		else if (q->ipproto)
			text_fmt(t, "its protocol is %u", q->ipproto);
		else
			text_str(t, "no protocol was said (ipproto)");
		break;
	default:
		text_fmt(t, "its %s is ", ports_of(r, d) == &r->sport ?
		    "source port" : "port");
		if (d == DIFFERS_SPORT ? q->sport : q->dport)
			text_fmt(t, "%u", d == DIFFERS_SPORT ? q->sport :
			    q->dport);
		else
			text_fmt(t, "not said (%s)", d == DIFFERS_SPORT ?
			    "sport" : "dport");
	}
}

/* Selectors that came after the model. */
static const char *
attribute_name(uint16_t attribute)
{
	static const char *const names[] = {
		[25] = "dscp", [26] = "flowlabel", [27] = "flowlabel",
		[28] = "a mask of sport", [29] = "a mask of dport",
		[30] = "a mask of dscp",
	};

	return attribute < sizeof(names) / sizeof(names[0]) ?
	    names[attribute] : NULL;
}

static void
differs_unknown(struct text *t, const struct rule *r)
{
	const char *name = attribute_name(r->unknown);

	if (r->unknown == UNKNOWN_HEADER)
		text_str(t, "it has a flag or an action that ifpolicy does "
		    "not know");
	else if (name)
		text_fmt(t, "it also selects by %s, which ifpolicy does not "
		    "know", name);
	else
		text_fmt(t, "it has an attribute (%u) that ifpolicy does not "
		    "know", r->unknown);
}

void
explain_differs(struct text *t, const struct explanation *e,
    const struct step *s)
{
	const struct question *q = &e->q;

	switch (s->differs) {
	case DIFFERS_NOT:
		text_str(t, "it matches");
		break;
	case DIFFERS_FROM:
	case DIFFERS_NO_FROM:
	case DIFFERS_TO:
		differs_address(t, q, s->differs);
		break;
	case DIFFERS_IIF:
	case DIFFERS_IIF_GONE:
	case DIFFERS_OIF:
	case DIFFERS_OIF_GONE:
		differs_device(t, q, s->rule, s->differs);
		break;
	case DIFFERS_TUN_ID:
		text_str(t, "it came through no tunnel");
		break;
	case DIFFERS_L3MDEV:
		text_str(t, "it is of no VRF");
		break;
	case DIFFERS_INVERTED:
		text_str(t, "all is as it says, but it says \"not\"");
		break;
	case DIFFERS_UNKNOWN:
		differs_unknown(t, s->rule);
		break;
	default:
		differs_number(t, q, s->rule, s->differs);
	}
}

const char *
explain_differs_word(enum differs d)
{
	static const char *const words[] = {
		[DIFFERS_NOT] = "", [DIFFERS_IIF] = "iif",
		[DIFFERS_IIF_GONE] = "iif_detached", [DIFFERS_OIF] = "oif",
		[DIFFERS_OIF_GONE] = "oif_detached",
		[DIFFERS_MARK] = "fwmark", [DIFFERS_TUN_ID] = "tun_id",
		[DIFFERS_L3MDEV] = "l3mdev", [DIFFERS_UID] = "uidrange",
		[DIFFERS_FROM] = "from", [DIFFERS_NO_FROM] = "no_source",
		[DIFFERS_TO] = "to", [DIFFERS_TOS] = "tos",
		[DIFFERS_IPPROTO] = "ipproto", [DIFFERS_SPORT] = "sport",
		[DIFFERS_DPORT] = "dport", [DIFFERS_INVERTED] = "not",
		[DIFFERS_UNKNOWN] = "unknown",
	};

	return words[d];
}

/* ---- what came of a rule that does ------------------------------------ */

const char *
explain_came_word(enum came came)
{
	static const char *const words[] = {
		[CAME_UNMATCHED] = "no_match",
		[CAME_JUMPED_OVER] = "jumped_over", [CAME_GOTO] = "goto",
		[CAME_GOTO_NOWHERE] = "goto_nowhere", [CAME_NOP] = "nop",
		[CAME_REFUSED] = "refused", [CAME_NO_TABLE] = "empty_table",
		[CAME_NO_ROUTE] = "no_route", [CAME_THROW] = "throw",
		[CAME_SUPPRESSED_LENGTH] = "suppress_prefixlength",
		[CAME_SUPPRESSED_GROUP] = "suppress_ifgroup",
		[CAME_ROUTE] = "route", [CAME_NOT_REACHED] = "not_reached",
	};

	return words[came];
}

/* ---- a route that is passed over -------------------------------------- */

/* The first device of its next hops for which that is so. */
static const char *
dead_device(const struct explanation *e, const struct route *r)
{
	for (size_t i = 0; i < r->hop_count; i++)
		if (r->hop[i].flags)
			return explain_device(&e->fib, r->hop[i].ifindex);
	return "its device";
}

void
explain_passed(struct text *t, const struct explanation *e,
    const struct passed_route *p)
{
	char text[ADDR_TEXT];

	switch (p->why) {
	case PASSED_TOS:
		text_fmt(t, "for tos 0x%02x only", p->route->tos);
		break;
	case PASSED_SOURCE:
		text_str(t, addr_given(&e->q.from) ?
		    "for other sources only" : "for one source only, and the "
		    "packet has none yet");
		break;
	case PASSED_OIF:
		text_fmt(t, "does not leave by %s", e->q.out[0] ? e->q.out :
		    e->q.in);
		break;
	case PASSED_DEAD:
		text_fmt(t, "dead: %s is down", dead_device(e, p->route));
		break;
	case PASSED_LINKDOWN:
		text_fmt(t, "no cable in %s "
		    "(ignore_routes_with_linkdown)",
		    dead_device(e, p->route));
		break;
	case PASSED_EXPIRED:
		text_str(t, "its lifetime is over");
		break;
	case PASSED_SILENT:
		text_fmt(t, "%s does not answer", p->route->hop_count == 1 ?
		    addr_print(text, &p->route->hop[0].via) :
		    "none of its routers");
		break;
	case PASSED_MERGED:
		text_str(t, "main has a longer prefix, and as long as no rule "
		    "was ever changed the kernel looks into both at once");
		break;
	case PASSED_HIDDEN:
		text_str(t, "the kernel does not see it beside routes of the "
		    "same prefix that are for sources");
		break;
	}
}

const char *
explain_passed_word(enum passed why)
{
	static const char *const words[] = {
		[PASSED_TOS] = "tos", [PASSED_SOURCE] = "from",
		[PASSED_OIF] = "oif", [PASSED_DEAD] = "dead",
		[PASSED_LINKDOWN] = "linkdown", [PASSED_EXPIRED] = "expired",
		[PASSED_SILENT] = "gateway_failed",
		[PASSED_MERGED] = "merged", [PASSED_HIDDEN] = "hidden",
	};

	return words[why];
}
