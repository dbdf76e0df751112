/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: the words of `ip route` to a route. */
#include <sys/socket.h>

#include <linux/icmpv6.h>

#include <string.h>

#include "num.h"
#include "uapi.h"
#include "words-lex.h"
#include "words-metric.h"

/* The grammar is that of iproute2 6.1: ip-route(8), and ip/iproute.c for which
 * keywords may be abbreviated and which of two is then meant (the order of the
 * table is its order).  What the kernel takes and then forgets is read here
 * and dropped by route_normalize(). */

enum id {
	ID_SRC, ID_AS, ID_VIA, ID_FROM, ID_TOS, ID_EXPIRES, ID_METRIC,
	ID_SCOPE, ID_REALMS, ID_ONLINK, ID_NHID, ID_PROTOCOL, ID_TABLE, ID_VRF,
	ID_DEV, ID_PREF, ID_ENCAP, ID_TTL, ID_WEIGHT, ID_TO,
	ID_METRICS = 32,	/* + RTAX_x, 1 to METRIC_LAST */
};

#define EXPECTED \
	"a destination, via, dev, table, metric, src, scope, protocol, " \
	"onlink, mtu, nexthop or another keyword of ip-route(8)"
#define EXPECTED_HOP	"via, dev, weight, onlink, realms or nexthop"

#define AT(field)	offsetof(struct route, field)
#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))
#define BIT(id)		((uint64_t)1 << (id))
#define HOP_WORDS	(BIT(ID_VIA) | BIT(ID_DEV) | BIT(ID_ONLINK) | \
			    BIT(ID_REALMS))

/* The hop that the words are about: the last "nexthop", or the only one. */
static struct hop *
hop(struct route *r)
{
	if (r->hop_count == 0)
		r->hop_count = 1;
	return &r->hop[r->hop_count - 1];
}

/* "via [inet|inet6] ADDRESS": with a family it may differ from the route's. */
static bool
read_via(struct words *w, void *into, uint32_t arg)
{
	int family = w->family;
	bool ok;

	(void)arg;
	if (words_take(w, "inet6"))
		w->family = AF_INET6;
	else if (words_take(w, "inet"))
		w->family = AF_INET;
	ok = words_addr(w, &hop(into)->via);
	if (family != AF_UNSPEC)
		w->family = family;
	return ok;
}

/* "dev eth0:1" is eth0: ip(8) asks the kernel for the device, which forgets
 * what follows the colon (dev_ioctl(), net/core/dev_ioctl.c). */
static bool
read_dev(struct words *w, void *into, uint32_t arg)
{
	char *dev = hop(into)->dev;
	const char *word;

	(void)arg;
	if (!words_value(w, &word, "a device"))
		return false;
	if (!device_name_ok(word) && !label_name_ok(word))
		return words_refuse(w, word, "a device name of 1 to 15 bytes, "
		    "or a label of the device like eth0:1");
	memset(dev, 0, IFNAMSIZ);
	memcpy(dev, word, strcspn(word, ":"));
	return true;
}

static bool
read_onlink(struct words *w, void *into, uint32_t arg)
{
	(void)arg;
	return words_at_flag(w, hop(into), offsetof(struct hop, onlink));
}

static bool
read_realms(struct words *w, void *into, uint32_t arg)
{
	(void)arg;
	return words_at_realms(w, hop(into), offsetof(struct hop, realms));
}

static bool
read_weight(struct words *w, void *into, uint32_t arg)
{
	uint32_t v;

	(void)arg;
	if (!words_u32(w, &v, 1, 256))
		return false;
	hop(into)->weight = (uint16_t)v;
	return true;
}

/* What iproute2's rt_scopes file names. */
static const struct {
	const char *text;
	uint8_t scope;
} scopes[] = {
	{ "global", RT_SCOPE_UNIVERSE }, { "site", RT_SCOPE_SITE },
	{ "link", RT_SCOPE_LINK }, { "host", RT_SCOPE_HOST },
	{ "nowhere", RT_SCOPE_NOWHERE },
};

static bool
read_scope(struct words *w, void *into, uint32_t arg)
{
	struct route *r = into;
	const char *word;
	uint32_t v;

	(void)arg;
	if (!words_value(w, &word, "a scope"))
		return false;
	r->has_scope = true;
	for (size_t i = 0; i < COUNT(scopes); i++)
		if (!strcmp(scopes[i].text, word)) {
			r->scope = scopes[i].scope;
			return true;
		}
	if (!num_u32(&v, word, 0, 255))
		return words_refuse(w, word,
		    "global, site, link, host or a number 0-255");
	r->scope = (uint8_t)v;
	return true;
}

/* One of 0 is dropped by IPv4 and is over at once in IPv6. */
static bool
read_expires(struct words *w, void *into, uint32_t arg)
{
	struct route *r = into;

	(void)arg;
	return words_u32(w, &r->expires, 1, UINT32_MAX);
}

/* 0 is a protocol to the kernel, and "not given" to everybody here. */
static bool
read_protocol(struct words *w, void *into, uint32_t arg)
{
	struct route *r = into;

	(void)arg;
	if (!words_at_protocol(w, into, AT(protocol)))
		return false;
	return r->protocol || fault_set(w->fault, "\"%s\": expected a "
	    "routing protocol other than 0, which is none", w->keyword);
}

static bool
read_pref(struct words *w, void *into, uint32_t arg)
{
	struct route *r = into;
	const char *word;
	uint32_t v;

	(void)arg;
	if (!words_value(w, &word, "low, medium or high"))
		return false;
	r->has_pref = true;
	if (!strcmp(word, "low"))
		v = ICMPV6_ROUTER_PREF_LOW;
	else if (!strcmp(word, "medium"))
		v = ICMPV6_ROUTER_PREF_MEDIUM;
	else if (!strcmp(word, "high"))
		v = ICMPV6_ROUTER_PREF_HIGH;
	else if (!num_u32(&v, word, 0, 255))
		return words_refuse(w, word, "low, medium or high");
	/* All others are medium to the kernel. */
	if (v != ICMPV6_ROUTER_PREF_LOW && v != ICMPV6_ROUTER_PREF_HIGH)
		v = ICMPV6_ROUTER_PREF_MEDIUM;
	r->pref = (uint8_t)v;
	return true;
}

static bool
read_ttl(struct words *w, void *into, uint32_t arg)
{
	struct route *r = into;
	const char *word;
	size_t n;

	(void)arg;
	if (!words_value(w, &word, "enabled or disabled"))
		return false;
	n = strlen(word);
	if (!strncmp(word, "enabled", n))
		r->ttl_propagate = 2;
	else if (!strncmp(word, "disabled", n))
		r->ttl_propagate = 1;
	else
		return words_refuse(w, word, "enabled or disabled");
	return true;
}

static bool
refuse(struct words *w, void *into, uint32_t arg)
{
	(void)into;
	(void)arg;
	return fault_set(w->fault, "\"%s\": expected none: %s", w->keyword,
	    w->keyword[0] == 'v' ? "write the table of the VRF instead" :
	    "only plain IPv4 and IPv6 routes are handled");
}

#define METRIC(text, whole, read, rtax) \
	{ text, ID_METRICS + (rtax), whole, read, rtax }

static const struct keyword keywords[] = {
	{ "src", ID_SRC, true, words_at_addr, AT(prefsrc) },
	{ "as", ID_AS, true, refuse, 0 },
	{ "via", ID_VIA, true, read_via, 0 },
	{ "from", ID_FROM, true, words_at_prefix, AT(src) },
	{ "tos", ID_TOS, true, words_at_tos, AT(tos) },
	{ "dsfield", ID_TOS, false, words_at_tos, AT(tos) },
	{ "expires", ID_EXPIRES, true, read_expires, 0 },
	{ "metric", ID_METRIC, false, words_at_u32, AT(metric) },
	{ "priority", ID_METRIC, false, words_at_u32, AT(metric) },
	{ "preference", ID_METRIC, true, words_at_u32, AT(metric) },
	{ "scope", ID_SCOPE, true, read_scope, 0 },
	METRIC("mtu", true, words_at_metric, RTAX_MTU),
	METRIC("hoplimit", true, words_at_metric, RTAX_HOPLIMIT),
	METRIC("advmss", true, words_at_metric, RTAX_ADVMSS),
	METRIC("reordering", false, words_at_metric, RTAX_REORDERING),
	METRIC("rtt", true, words_at_metric_time, RTAX_RTT),
	METRIC("rto_min", true, words_at_metric_time, RTAX_RTO_MIN),
	METRIC("window", false, words_at_metric, RTAX_WINDOW),
	METRIC("cwnd", false, words_at_metric, RTAX_CWND),
	METRIC("initcwnd", false, words_at_metric, RTAX_INITCWND),
	METRIC("initrwnd", false, words_at_metric, RTAX_INITRWND),
	METRIC("features", false, words_at_metric_features, RTAX_FEATURES),
	METRIC("quickack", false, words_at_metric_switch, RTAX_QUICKACK),
	METRIC("congctl", false, words_at_metric_congctl, RTAX_CC_ALGO),
	METRIC("rttvar", false, words_at_metric_time, RTAX_RTTVAR),
	METRIC("ssthresh", false, words_at_metric, RTAX_SSTHRESH),
	{ "realms", ID_REALMS, false, read_realms, 0 },
	{ "onlink", ID_ONLINK, true, read_onlink, 0 },
	{ "nhid", ID_NHID, true, words_at_u32, AT(nhid) },
	{ "protocol", ID_PROTOCOL, false, read_protocol, 0 },
	{ "table", ID_TABLE, false, words_at_table, AT(table) },
	{ "vrf", ID_VRF, false, refuse, 0 },
	{ "dev", ID_DEV, true, read_dev, 0 },
	{ "oif", ID_DEV, true, read_dev, 0 },
	{ "pref", ID_PREF, false, read_pref, 0 },
	{ "encap", ID_ENCAP, true, refuse, 0 },
	{ "ttl-propagate", ID_TTL, true, read_ttl, 0 },
	METRIC("fastopen_no_cookie", false, words_at_metric_switch,
	    RTAX_FASTOPEN_NO_COOKIE),
};

static const struct keyword hop_keywords[] = {
	{ "via", ID_VIA, true, read_via, 0 },
	{ "dev", ID_DEV, true, read_dev, 0 },
	{ "weight", ID_WEIGHT, true, read_weight, 0 },
	{ "onlink", ID_ONLINK, true, read_onlink, 0 },
	{ "realms", ID_REALMS, false, read_realms, 0 },
	{ "encap", ID_ENCAP, true, refuse, 0 },
	{ "as", ID_AS, true, refuse, 0 },
};

static bool
read_route_type(struct words *w, void *into, uint32_t type)
{
	struct route *r = into;

	(void)w;
	r->type = (uint8_t)type;
	return true;
}

/* In front of the destination; looked at after the keywords. */
static const struct keyword types[] = {
	{ "local", ID_TO, true, read_route_type, RTN_LOCAL },
	{ "broadcast", ID_TO, false, read_route_type, RTN_BROADCAST },
	{ "brd", ID_TO, true, read_route_type, RTN_BROADCAST },
	{ "anycast", ID_TO, false, read_route_type, RTN_ANYCAST },
	{ "multicast", ID_TO, false, read_route_type, RTN_MULTICAST },
	{ "prohibit", ID_TO, false, read_route_type, RTN_PROHIBIT },
	{ "unreachable", ID_TO, false, read_route_type, RTN_UNREACHABLE },
	{ "blackhole", ID_TO, false, read_route_type, RTN_BLACKHOLE },
	{ "unicast", ID_TO, false, read_route_type, RTN_UNICAST },
	{ "throw", ID_TO, true, read_route_type, RTN_THROW },
};

/* [to] [TYPE] PREFIX, anywhere in the line; "to" is taken already. */
static bool
read_destination(struct words *w, struct route *r, const char *word)
{
	const struct keyword *type = NULL;
	char q[QUOTE_TEXT];

	if (w->seen & BIT(ID_TO))
		return words_refuse(w, word, EXPECTED);
	if (!(word[0] >= '0' && word[0] <= '9'))
		type = words_find(types, COUNT(types), word);
	if (type) {
		if (!words_read(w, type, word, r) ||
		    !words_value(w, &word, "a destination"))
			return false;
	}
	w->seen |= BIT(ID_TO);
	if (words_prefix_of(w, &r->dst, word))
		return true;
	/* A keyword mistyped ends up here as well. */
	if (!type && !strpbrk(word, ".:/0123456789"))
		fault_set(w->fault, "%s: expected " EXPECTED,
		    say_quote(q, word));
	return false;
}

/* "nexthop" and its words up to the next one or the end; *again says which. */
static bool
read_hop(struct words *w, struct route *r, bool *again)
{
	const struct keyword *k;
	const char *word;

	if (r->hop_count == HOPS_MAX)
		return fault_set(w->fault,
		    "\"nexthop\": expected at most %d of them", HOPS_MAX);
	r->hop[r->hop_count++].weight = 1;
	w->seen &= ~(HOP_WORDS | BIT(ID_WEIGHT));
	*again = false;
	while ((word = words_next(w))) {
		if ((*again = !strcmp(word, "nexthop")))
			break;
		k = words_find(hop_keywords, COUNT(hop_keywords), word);
		if (!k) {
			w->keyword = "nexthop";
			return words_refuse(w, word, EXPECTED_HOP);
		}
		if (!words_read(w, k, word, r))
			return false;
	}
	if (!(w->seen & (BIT(ID_VIA) | BIT(ID_DEV))))
		return fault_set(w->fault,
		    "\"nexthop\": expected via or dev after it");
	return true;
}

static bool
read_hops(struct words *w, struct route *r)
{
	bool again = true;

	if (w->seen & HOP_WORDS)
		return fault_set(w->fault, "\"nexthop\": expected via, dev, "
		    "onlink and realms behind it, not in front");
	while (again)
		if (!read_hop(w, r, &again))
			return false;
	return true;
}

static bool
read_all(struct words *w, struct route *r)
{
	const struct keyword *k;
	const char *word;

	while ((word = words_next(w))) {
		w->keyword = NULL;
		if (!strcmp(word, "nexthop"))
			return read_hops(w, r);
		k = words_find(keywords, COUNT(keywords), word);
		if (k) {
			if (!words_read(w, k, word, r))
				return false;
			continue;
		}
		if (!strcmp(word, "to")) {
			w->keyword = "to";
			if (!words_value(w, &word, "a destination"))
				return false;
		}
		if (!read_destination(w, r, word))
			return false;
	}
	return true;
}

/* What only the whole line can tell. */
static bool
whole_ok(struct words *w, const struct route *r)
{
	struct fault *f = w->fault;

	if (!(w->seen & BIT(ID_TO)))
		return fault_set(f, "no destination: expected \"default\" or a "
		    "prefix");
	if (r->nhid && r->hop_count)
		return fault_set(f, "\"nhid\": expected no via, dev or nexthop "
		    "beside it");
	/* IPv6 takes a next hop here and drops it; its own dumps show lo. */
	if (r->hop_count && r->family == AF_INET &&
	    route_type_is_reject(r->type))
		return fault_set(f, "a route that refuses packets: expected no "
		    "via, dev, realms or nexthop beside it");
	for (size_t i = 0; i < r->hop_count; i++)
		if (r->family == AF_INET6 && r->hop[i].via.family == AF_INET)
			return fault_set(f, "\"via inet\": expected an IPv6 "
			    "address in an IPv6 route");
	if (r->tos && r->family == AF_INET6)
		return fault_set(f, "\"tos\": expected in IPv4 routes only");
	return true;
}

static bool
addr_is_zero(const struct addr *a)
{
	const struct addr zero = { .family = a->family };

	return addr_given(a) && addr_cmp(a, &zero) == 0;
}

/* "via 0.0.0.0" and a source of zeros are none to the kernel; only the scope
 * still shows that a gateway was written. */
static void
drop_zeros(struct route *r)
{
	static const struct hop empty;
	bool lone = r->hop_count == 1 && r->hop[0].weight == 0;

	if (addr_is_zero(&r->prefsrc))
		memset(&r->prefsrc, 0, sizeof(r->prefsrc));
	for (size_t i = 0; i < r->hop_count; i++) {
		struct addr *via = &r->hop[i].via;

		if (via->family != AF_INET || !addr_is_zero(via))
			continue;
		memset(via, 0, sizeof(*via));
		if (lone && !r->has_scope && r->type == RTN_UNICAST)
			r->has_scope = true;
	}
	if (lone && memcmp(&r->hop[0], &empty, sizeof(empty)) == 0)
		r->hop_count = 0;
}

bool
words_parse_route(struct route *r, int family, struct names *names,
    const char *text, struct fault *f)
{
	struct words w;

	if (!words_start(&w, family, names, text, f))
		return false;
	route_init(r, family);
	r->type = RTN_UNICAST;
	if (!read_all(&w, r))
		return false;
	r->family = (uint8_t)words_family(&w);
	if (!whole_ok(&w, r))
		return false;
	drop_zeros(r);
	return true;
}
