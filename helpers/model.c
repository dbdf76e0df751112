/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: plain values for rules, routes, links and addresses; their order. */
#include <sys/socket.h>

#include <linux/fib_rules.h>
#include <netinet/in.h>

#include <string.h>

#include "model.h"

/* One form for each meaning: what the kernel would answer in a dump is what
 * normalizing makes of the words that asked for it.  Equality and printing can
 * then be plain comparisons.  Left alone on purpose: a rule's table beside an
 * action that does not look it up (the kernel keeps and compares it), and the
 * order of IPv4 next hops (fib_nh_match() compares them in order). */

/* The kernel caps these (net/ipv4/metrics.c, ip_metrics_convert()). */
#define MTU_TOP		(65535 - 15)
#define ADVMSS_TOP	(65535 - 40)
#define HOPLIMIT_TOP	255

#define PREF_RESERVED	2	/* RFC 4191, section 2.1 */

void
rule_init(struct rule *r, int family)
{
	memset(r, 0, sizeof(*r));
	r->family = (uint8_t)family;
	r->suppress_prefixlen = -1;
	r->suppress_ifgroup = -1;
}

void
question_init(struct question *q, int family)
{
	memset(q, 0, sizeof(*q));
	q->family = family;
	q->ipproto = family == AF_INET ? IPPROTO_UDP : 0;
}

void
route_init(struct route *r, int family)
{
	memset(r, 0, sizeof(*r));
	r->family = (uint8_t)family;
}

static void
prefix_normalize(struct prefix *p)
{
	if (p->len == 0)
		memset(p, 0, sizeof(*p));
}

void
rule_normalize(struct rule *r)
{
	prefix_normalize(&r->from);
	prefix_normalize(&r->to);
	/* IPv6 has no realms and drops them. */
	if (r->family == AF_INET6)
		r->realms = 0;
}

bool
route_type_is_reject(uint8_t type)
{
	return type == RTN_UNREACHABLE || type == RTN_BLACKHOLE ||
	    type == RTN_PROHIBIT || type == RTN_THROW;
}

/* ip-route(8) on "scope"; iproute2's iproute.c, iproute_modify(). */
static uint8_t
default_scope(const struct route *r)
{
	if (r->family != AF_INET)
		return RT_SCOPE_UNIVERSE;
	switch (r->type) {
	case RTN_LOCAL:
	case RTN_NAT:
		return RT_SCOPE_HOST;
	case RTN_BROADCAST:
	case RTN_MULTICAST:
	case RTN_ANYCAST:
		return RT_SCOPE_LINK;
	case RTN_UNICAST:
		if (r->nhid == 0 && r->hop_count == 1 &&
		    r->hop[0].weight == 0 && !addr_given(&r->hop[0].via))
			return RT_SCOPE_LINK;
	}
	return RT_SCOPE_UNIVERSE;
}

static void
cap(struct route *r, int metric, uint32_t top)
{
	if (r->rtax[metric] > top)
		r->rtax[metric] = top;
}

/* The kernel does not keep a metric of zero. */
static void
normalize_metrics(struct route *r)
{
	for (int i = 0; i <= METRIC_LAST; i++) {
		if (!(r->rtax_set & 1u << i))
			r->rtax[i] = 0;
		if (r->rtax[i] == 0)
			r->rtax_set &= ~(1u << i);
	}
	cap(r, RTAX_MTU, MTU_TOP);
	cap(r, RTAX_ADVMSS, ADVMSS_TOP);
	cap(r, RTAX_HOPLIMIT, HOPLIMIT_TOP);
}

static int
order(uint32_t a, uint32_t b)
{
	return (a > b) - (a < b);
}

/* Names decide where both sides have one, else numbers do. */
static int
device_cmp(const struct hop *a, const struct hop *b)
{
	if (a->dev[0] && b->dev[0])
		return strcmp(a->dev, b->dev);
	if (a->ifindex && b->ifindex)
		return order(a->ifindex, b->ifindex);
	if (a->dev[0] || b->dev[0])
		return a->dev[0] ? 1 : -1;
	return order(a->ifindex, b->ifindex);
}

static int
hop_cmp(const struct hop *a, const struct hop *b)
{
	int c;

	if ((c = addr_cmp(&a->via, &b->via)) != 0 ||
	    (c = device_cmp(a, b)) != 0 ||
	    (c = order(a->weight, b->weight)) != 0 ||
	    (c = order(a->realms, b->realms)) != 0)
		return c;
	return order(a->onlink, b->onlink);
}

static void
sort_hops(struct route *r)
{
	for (size_t i = 1; i < r->hop_count; i++)
		for (size_t j = i; j > 0 &&
		    hop_cmp(&r->hop[j - 1], &r->hop[j]) > 0; j--) {
			struct hop swap = r->hop[j];

			r->hop[j] = r->hop[j - 1];
			r->hop[j - 1] = swap;
		}
}

static bool
hop_is_empty(const struct hop *h)
{
	return !addr_given(&h->via) && h->ifindex == 0 && h->dev[0] == '\0' &&
	    h->realms == 0;
}

/* A lone "nexthop" is an ordinary next hop, and none if nothing is left of it;
 * several weigh 1 unless told. */
static void
normalize_hops(struct route *r)
{
	if (route_type_is_reject(r->type) ||
	    (r->hop_count == 1 && hop_is_empty(&r->hop[0])))
		r->hop_count = 0;
	if (r->hop_count == 1)
		r->hop[0].weight = 0;
	for (size_t i = 0; r->hop_count > 1 && i < r->hop_count; i++)
		if (r->hop[i].weight == 0)
			r->hop[i].weight = 1;
	/* IPv6 next hops are a set (fib6_add_rt2node()). */
	if (r->family == AF_INET6)
		sort_hops(r);
	memset(&r->hop[r->hop_count], 0,
	    (HOPS_MAX - r->hop_count) * sizeof(r->hop[0]));
}

/* What IPv6 takes without a word and drops: scope, realms.  Medium, 0, is what
 * it dumps for a preference not given, given as the reserved 2, or given to a
 * route that refuses packets (ip6_route_info_create()). */
static void
normalize_only6(struct route *r)
{
	if (r->metric == 0)
		r->metric = METRIC6_DEFAULT;
	r->scope = RT_SCOPE_UNIVERSE;
	r->has_scope = false;
	if (r->pref == PREF_RESERVED || !r->has_pref ||
	    route_type_is_reject(r->type))
		r->pref = 0;
	r->has_pref = r->pref != 0;
	for (size_t i = 0; i < r->hop_count; i++)
		r->hop[i].realms = 0;
}

/* What IPv4 takes without a word and drops: source prefix, preference,
 * lifetime. */
static void
normalize_only4(struct route *r)
{
	/* before the hops: a lone "nexthop" counts as several here */
	if (!r->has_scope)
		r->scope = default_scope(r);
	r->has_scope = true;
	r->has_pref = false;
	r->pref = 0;
	r->expires = 0;
	memset(&r->src, 0, sizeof(r->src));
}

void
route_normalize(struct route *r)
{
	prefix_normalize(&r->dst);
	prefix_normalize(&r->src);
	if (r->type == RTN_UNSPEC)
		r->type = RTN_UNICAST;
	if (r->family == AF_INET6)
		normalize_only6(r);
	else
		normalize_only4(r);
	/* MPLS alone keeps it. */
	r->ttl_propagate = 0;
	normalize_metrics(r);
	normalize_hops(r);
}

static bool
range_same(const struct range *a, const struct range *b)
{
	return a->lo == b->lo && a->hi == b->hi;
}

static bool
rule_selectors_same(const struct rule *a, const struct rule *b)
{
	return a->invert == b->invert && a->tos == b->tos &&
	    a->ipproto == b->ipproto && a->l3mdev == b->l3mdev &&
	    a->fwmark == b->fwmark && a->fwmask == b->fwmask &&
	    a->tun_id == b->tun_id && a->has_uid == b->has_uid &&
	    range_same(&a->uid, &b->uid) &&
	    range_same(&a->sport, &b->sport) &&
	    range_same(&a->dport, &b->dport) &&
	    prefix_cmp(&a->from, &b->from) == 0 &&
	    prefix_cmp(&a->to, &b->to) == 0 &&
	    strcmp(a->iif, b->iif) == 0 && strcmp(a->oif, b->oif) == 0;
}

bool
rule_same_elsewhere(const struct rule *a, const struct rule *b)
{
	return a->family == b->family && a->action == b->action &&
	    a->table == b->table && a->target == b->target &&
	    a->realms == b->realms &&
	    a->suppress_prefixlen == b->suppress_prefixlen &&
	    a->suppress_ifgroup == b->suppress_ifgroup &&
	    rule_selectors_same(a, b);
}

bool
rule_same(const struct rule *a, const struct rule *b)
{
	return a->has_priority == b->has_priority &&
	    a->priority == b->priority && rule_same_elsewhere(a, b);
}

static bool
names_prefix(const struct prefix *pattern, const struct prefix *victim)
{
	return pattern->len == 0 || prefix_cmp(pattern, victim) == 0;
}

static bool
names_value(uint64_t pattern, uint64_t victim)
{
	return pattern == 0 || pattern == victim;
}

static bool
names_text(const char *pattern, const char *victim)
{
	return pattern[0] == '\0' || strcmp(pattern, victim) == 0;
}

static bool
names_range(const struct range *pattern, const struct range *victim)
{
	return pattern->hi == 0 || range_same(pattern, victim);
}

/* net/core/fib_rules.c, rule_find(), and the two compare functions of
 * net/ipv4/fib_rules.c and net/ipv6/fib6_rules.c.  "not" and the target of a
 * goto are never compared. */
bool
rule_pattern_hits(const struct rule *pattern, const struct rule *victim)
{
	const struct rule *p = pattern, *v = victim;

	return p->family == v->family &&
	    names_value(p->protocol, v->protocol) &&
	    names_value(p->action, v->action) &&
	    names_value(p->table, v->table) &&
	    (!p->has_priority || p->priority == v->priority) &&
	    names_text(p->iif, v->iif) && names_text(p->oif, v->oif) &&
	    names_value(p->fwmark, v->fwmark) &&
	    names_value(p->fwmask, v->fwmask) &&
	    (p->suppress_ifgroup == -1 ||
	    p->suppress_ifgroup == v->suppress_ifgroup) &&
	    (p->suppress_prefixlen == -1 ||
	    p->suppress_prefixlen == v->suppress_prefixlen) &&
	    names_value(p->tun_id, v->tun_id) &&
	    names_value(p->l3mdev, v->l3mdev) &&
	    (!p->has_uid || (v->has_uid && range_same(&p->uid, &v->uid))) &&
	    names_value(p->ipproto, v->ipproto) &&
	    names_range(&p->sport, &v->sport) &&
	    names_range(&p->dport, &v->dport) &&
	    names_prefix(&p->from, &v->from) &&
	    names_prefix(&p->to, &v->to) &&
	    names_value(p->tos, v->tos) && names_value(p->realms, v->realms);
}

static bool
has_hop(const struct route *r, const struct hop *h, const bool *used,
    size_t *at)
{
	for (*at = 0; *at < r->hop_count; ++*at)
		if (!used[*at] && hop_cmp(&r->hop[*at], h) == 0)
			return true;
	return false;
}

static bool
hops_same(const struct route *a, const struct route *b)
{
	bool used[HOPS_MAX] = { false };
	size_t at;

	if (a->hop_count != b->hop_count)
		return false;
	for (size_t i = 0; i < a->hop_count; i++) {
		if (a->family == AF_INET) {
			if (hop_cmp(&a->hop[i], &b->hop[i]) != 0)
				return false;
			continue;
		}
		/* sorted before the devices were translated, perhaps */
		if (!has_hop(b, &a->hop[i], used, &at))
			return false;
		used[at] = true;
	}
	return true;
}

static bool
metrics_same(const struct route *a, const struct route *b)
{
	if (a->rtax_set != b->rtax_set ||
	    strcmp(a->congctl, b->congctl) != 0)
		return false;
	for (int i = 0; i <= METRIC_LAST; i++)
		if ((a->rtax_set & 1u << i) && a->rtax[i] != b->rtax[i])
			return false;
	return true;
}

bool
route_same(const struct route *a, const struct route *b)
{
	return a->family == b->family && a->type == b->type &&
	    a->table == b->table && a->metric == b->metric &&
	    a->tos == b->tos && a->scope == b->scope && a->pref == b->pref &&
	    a->pervasive == b->pervasive && a->nhid == b->nhid &&
	    a->ttl_propagate == b->ttl_propagate &&
	    prefix_cmp(&a->dst, &b->dst) == 0 &&
	    prefix_cmp(&a->src, &b->src) == 0 &&
	    addr_cmp(&a->prefsrc, &b->prefsrc) == 0 && metrics_same(a, b) &&
	    /* what a next hop object holds now is not the route's business */
	    (a->nhid != 0 || hops_same(a, b));
}

bool
route_same_key(const struct route *a, const struct route *b)
{
	return a->family == b->family && a->table == b->table &&
	    a->metric == b->metric && prefix_cmp(&a->dst, &b->dst) == 0 &&
	    (a->family == AF_INET6 || a->tos == b->tos) &&
	    (a->family == AF_INET || prefix_cmp(&a->src, &b->src) == 0);
}

/* The kernel's isspace() counts 0xa0 too (lib/ctype.c); control characters it
 * would take, we do not. */
static bool
name_byte_ok(unsigned char c)
{
	return c > ' ' && c != 0x7f && c != 0xa0 && c != '/';
}

static bool
name_bytes_ok(const char *name, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!name_byte_ok((unsigned char)name[i]))
			return false;
	return true;
}

static bool
is_dots(const char *name, size_t n)
{
	return (n == 1 || n == 2) && strspn(name, ".") >= n;
}

bool
device_name_ok(const char *name)
{
	size_t n = strnlen(name, IFNAMSIZ);

	return n > 0 && n < IFNAMSIZ && !is_dots(name, n) &&
	    !strchr(name, ':') && name_bytes_ok(name, n);
}

bool
label_name_ok(const char *name)
{
	size_t n = strnlen(name, IFNAMSIZ), head = strcspn(name, ":");

	if (n == 0 || n >= IFNAMSIZ)
		return false;
	return head > 0 && head + 1 != n && !is_dots(name, head) &&
	    name_bytes_ok(name, n);
}

bool
link_is_up(const struct link *l)
{
	return l->ifindex != 0 && (l->flags & IFF_UP);
}

bool
link_has_carrier(const struct link *l)
{
	return link_is_up(l) && (l->flags & (IFF_RUNNING | LINK_LOWER_UP));
}
