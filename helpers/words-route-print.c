/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: a route to the words of `ip route`. */
#include <sys/socket.h>

#include <linux/icmpv6.h>

#include "words-lex.h"
#include "words-metric.h"

static const char *
type_text(uint8_t type)
{
	switch (type) {
	case RTN_LOCAL:
		return "local";
	case RTN_BROADCAST:
		return "broadcast";
	case RTN_ANYCAST:
		return "anycast";
	case RTN_MULTICAST:
		return "multicast";
	case RTN_BLACKHOLE:
		return "blackhole";
	case RTN_UNREACHABLE:
		return "unreachable";
	case RTN_PROHIBIT:
		return "prohibit";
	case RTN_THROW:
		return "throw";
	}
	return NULL;
}

static void
print_hop(struct words_out *o, const struct route *r, const struct hop *h)
{
	char buf[ADDR_TEXT];

	if (addr_given(&h->via))
		words_out(o, h->via.family == r->family ? "via %s" :
		    "via inet6 %s", addr_print(buf, &h->via));
	if (h->dev[0])
		words_out(o, "dev %s", h->dev);
	if (h->weight)
		words_out(o, "weight %u", h->weight);
	if (h->onlink)
		words_out(o, "onlink");
	if (h->realms)
		words_out_realms(o, h->realms);
}

/* "nexthop" has to come last: ip(8) reads nothing else behind it. */
static void
print_nexthops(struct words_out *o, const struct route *r)
{
	for (size_t i = 0; i < r->hop_count; i++) {
		words_out(o, "nexthop");
		print_hop(o, r, &r->hop[i]);
	}
}

/* True if the scope that a route gets when none is said is known and global.
 * Without a next hop it is not known: the caller has yet to add one. */
static bool
global_by_default(const struct route *r)
{
	struct route other = *r;

	if (r->type == RTN_UNICAST && r->hop_count == 0 && r->nhid == 0)
		return false;
	other.has_scope = false;
	route_normalize(&other);
	return other.scope == RT_SCOPE_UNIVERSE;
}

/* Names where there are: `ip -batch` of 6.1 takes the number of the last scope
 * it read, when that was a number, for every later name (rt_names.c). */
static void
print_scope(struct words_out *o, const struct route *r)
{
	if (!r->has_scope ||
	    (r->scope == RT_SCOPE_UNIVERSE && global_by_default(r)))
		return;
	switch (r->scope) {
	case RT_SCOPE_UNIVERSE:
		words_out(o, "scope global");
		break;
	case RT_SCOPE_SITE:
		words_out(o, "scope site");
		break;
	case RT_SCOPE_LINK:
		words_out(o, "scope link");
		break;
	case RT_SCOPE_HOST:
		words_out(o, "scope host");
		break;
	case RT_SCOPE_NOWHERE:
		words_out(o, "scope nowhere");
		break;
	default:
		words_out(o, "scope %u", r->scope);
	}
}

static void
print_pref(struct words_out *o, const struct route *r)
{
	if (!r->has_pref)
		return;
	if (r->pref == ICMPV6_ROUTER_PREF_LOW)
		words_out(o, "pref low");
	else if (r->pref == ICMPV6_ROUTER_PREF_HIGH)
		words_out(o, "pref high");
	else if (r->pref == ICMPV6_ROUTER_PREF_MEDIUM)
		words_out(o, "pref medium");
	else
		words_out(o, "pref %u", r->pref);
}

static void
print_head(struct words_out *o, const struct route *r)
{
	const char *type = type_text(r->type);
	char buf[PREFIX_TEXT];

	if (type)
		words_out(o, "%s", type);
	/* `ip -batch` has no family option a line: "default" alone would be
	 * IPv4's. */
	words_out(o, "%s", r->dst.len == 0 && r->family == AF_INET6 ? "::/0" :
	    prefix_print(buf, &r->dst));
	if (r->src.len)
		words_out_prefix(o, "from", &r->src);
	if (r->tos)
		words_out(o, "tos 0x%02x", r->tos);
	if (r->nhid)
		words_out(o, "nhid %u", r->nhid);
}

const char *
words_print_route(char *buf, const struct route *r, struct names *names)
{
	bool lone = r->hop_count == 1 && r->hop[0].weight == 0;
	char src[ADDR_TEXT];
	struct words_out o;

	words_out_start(&o, buf);
	print_head(&o, r);
	if (!r->nhid && lone)
		print_hop(&o, r, &r->hop[0]);
	if (r->table)
		words_out_table(&o, "table", names, r->table);
	if (r->metric)
		words_out(&o, "metric %u", r->metric);
	if (r->protocol)
		words_out_protocol(&o, names, r->protocol);
	print_scope(&o, r);
	if (addr_given(&r->prefsrc))
		words_out(&o, "src %s", addr_print(src, &r->prefsrc));
	if (r->expires)
		words_out(&o, "expires %u", r->expires);
	print_pref(&o, r);
	words_out_metrics(&o, r);
	if (r->ttl_propagate)
		words_out(&o, "ttl-propagate %s",
		    r->ttl_propagate == 2 ? "enabled" : "disabled");
	if (!r->nhid && !lone)
		print_nexthops(&o, r);
	return buf;
}
