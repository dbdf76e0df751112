/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: random lines of `ip route`: the keywords, their values, a whole line. */
#ifndef IFPOLICY_TEST_WORDS_ROUTE_H
#define IFPOLICY_TEST_WORDS_ROUTE_H

#include "words-vs-ip-line.h"

static inline void
value_metric(struct line *l)
{
	value_number(l, 0, 5000);
}

static inline void
value_locked(struct line *l)
{
	if (one_in(l, 2))
		more(l, " lock");
	value_number(l, 1, 255);
}

static inline void
value_switch(struct line *l)
{
	more(l, " %u", roll(l->seed, 2));
}

static inline void
value_time(struct line *l)
{
	static const char *const times[] = {
		"300ms", "1.5s", "20", "0.1s", "2.25secs", "7sec", "1.0005s",
		"40MSEC", "5msecs", "2.5", "0",
	};

	more(l, " %s", PICK(l->seed, times));
}

static inline void
value_time_locked(struct line *l)
{
	if (one_in(l, 2))
		more(l, " lock");
	value_time(l);
}

static inline void
value_features(struct line *l)
{
	more(l, " ecn");
}

static inline void
value_congctl(struct line *l)
{
	more(l, "%s %s", one_in(l, 2) ? " lock" : "",
	    one_in(l, 2) ? "cubic" : "reno");
}

static inline void
value_tos_of_route(struct line *l)
{
	static const char *const names[] = {
		"CS1", "CS2", "CS3", "CS4", "CS5", "CS6", "CS7", "AF11",
		"AF12", "AF13", "AF21", "AF22", "AF23", "AF31", "AF32",
		"AF33", "AF41", "AF42", "AF43", "EF", "default",
	};

	if (l->named)
		more(l, " %s", PICK(l->seed, names));
	else
		more(l, one_in(l, 2) ? " %x" : " 0x%02x",
		    4 * roll(l->seed, 64));
}

static inline void
value_own_address(struct line *l)
{
	more(l, l->family == AF_INET ? " 10.0.1.1" : " 2001:db8:1::1");
}

static inline void
value_source(struct line *l)
{
	more(l, l->family == AF_INET ? " 10.0.0.0/8" : " 2001:db8::/64");
}

static inline void
value_expires(struct line *l)
{
	value_number(l, 600, 600);
}

static inline void
value_scope(struct line *l)
{
	static const char *const scopes[] = {
		"link", "host", "global", "site", "nowhere",
	};

	more(l, " %s", PICK(l->seed, scopes));
}

static inline void
value_pref(struct line *l)
{
	static const char *const prefs[] = {
		"low", "medium", "high", "1", "2",
	};

	more(l, " %s", PICK(l->seed, prefs));
}

static inline void
value_ttl(struct line *l)
{
	char buf[16];

	more(l, " %s", one_in(l, 2) ? spell(l, buf, "enabled", 1) :
	    spell(l, buf, "disabled", 1));
}

static inline void
value_nexthop_id(struct line *l)
{
	more(l, " %u", l->family == AF_INET ? 4 : 6);
}

/* A label of the device is the device. */
static inline void
device(struct line *l, const char *word, const char *dev)
{
	static const char *const labels[] = { ":1", ":1", ":vip", ":1:2" };

	more(l, " %s %s%s", word, dev, one_in(l, 4) ?
	    PICK(l->seed, labels) : "");
}

static const struct key route_from[] = { { "from", 0, BOTH, value_source } };
static const struct key route_source[] = {
	{ "src", 0, BOTH, value_own_address },
};
static const struct key route_tos[] = {
	{ "tos", 0, V4, value_tos_of_route },
	{ "dsfield", 1, V4, value_tos_of_route },
};
static const struct key route_expires[] = {
	{ "expires", 0, BOTH, value_expires },
};
static const struct key route_metric[] = {
	{ "metric", 1, BOTH, value_metric },
	{ "priority", 1, BOTH, value_metric },
	{ "preference", 0, BOTH, value_metric },
};
static const struct key route_scope[] = { { "scope", 0, BOTH, value_scope } };
static const struct key route_realms[] = {
	{ "realms", 3, BOTH, value_realms },
};
static const struct key route_protocol[] = {
	{ "protocol", 3, BOTH, value_protocol },
};
static const struct key route_table[] = { { "table", 1, BOTH, value_table } };
static const struct key route_pref[] = { { "pref", 3, BOTH, value_pref } };
static const struct key route_ttl[] = {
	{ "ttl-propagate", 0, BOTH, value_ttl },
};
static const struct key route_nhid[] = {
	{ "nhid", 0, BOTH, value_nexthop_id },
};
/* "rtt" is another. */
static const struct key route_rttvar[] = {
	{ "rttvar", 4, BOTH, value_time_locked },
	{ "rt", 0, BOTH, value_time_locked },
};
static const struct key route_metrics[] = {
	{ "mtu", 0, BOTH, value_locked }, { "hoplimit", 0, BOTH, value_locked },
	{ "advmss", 0, BOTH, value_locked },
	{ "reordering", 1, BOTH, value_locked },
	{ "rtt", 0, BOTH, value_time_locked },
	{ "rto_min", 0, BOTH, value_time }, { "window", 1, BOTH, value_locked },
	{ "cwnd", 1, BOTH, value_locked },
	{ "initcwnd", 1, BOTH, value_locked },
	{ "initrwnd", 5, BOTH, value_locked },
	{ "ssthresh", 1, BOTH, value_locked },
	{ "features", 1, BOTH, value_features },
	{ "quickack", 1, BOTH, value_switch },
	{ "congctl", 2, BOTH, value_congctl },
	{ "fastopen_no_cookie", 2, BOTH, value_switch },
};

/* In front of the destination, and shorter still behind "to". */
static const struct key route_types[] = {
	{ "unicast", 3, BOTH, NULL }, { "local", 0, BOTH, NULL },
	{ "broadcast", 1, BOTH, NULL }, { "brd", 0, BOTH, NULL },
	{ "anycast", 1, BOTH, NULL }, { "multicast", 2, BOTH, NULL },
};
static const struct key route_rejects[] = {
	{ "unreachable", 1, BOTH, NULL }, { "blackhole", 2, BOTH, NULL },
	{ "prohibit", 4, BOTH, NULL }, { "throw", 0, BOTH, NULL },
};
static const struct key route_types_to[] = {
	{ "unicast", 3, BOTH, NULL }, { "local", 0, BOTH, NULL },
	{ "broadcast", 1, BOTH, NULL }, { "brd", 0, BOTH, NULL },
	{ "anycast", 1, BOTH, NULL }, { "multicast", 1, BOTH, NULL },
};
static const struct key route_rejects_to[] = {
	{ "unreachable", 1, BOTH, NULL }, { "blackhole", 2, BOTH, NULL },
	{ "prohibit", 1, BOTH, NULL }, { "throw", 0, BOTH, NULL },
};

/* n is below 5: two hops of a route must not have one gateway. */
static inline void
gateway(struct line *l, const char *dev, unsigned n)
{
	unsigned net = dev[1] == '1', host = 2 + 50 * n + roll(l->seed, 50);

	if (l->family == AF_INET)
		more(l, " via %s10.0.%u.%u", one_in(l, 9) ? "inet " : "", net,
		    host);
	else
		more(l, " via %s2001:db8:%x::%x", one_in(l, 9) ? "inet6 " : "",
		    net, host);
}

static inline void
make_nexthop(struct line *l, unsigned n)
{
	const char *dev = one_in(l, 2) ? "d0" : "d1";
	bool v4 = l->family == AF_INET;
	char buf[16];

	piece(l, "nexthop");
	if (v4 && one_in(l, 9)) {
		more(l, " via inet6 2001:db8::%x dev d0", 2 + n);
	} else if (one_in(l, 3)) {
		more(l, v4 ? " via 192.0.2.%u dev %s onlink" :
		    " onlink via 2001:db8:ffff::%u dev %s", n + 1, dev);
	} else {
		if (!v4 || !one_in(l, 4))
			gateway(l, dev, n);
		if (v4 || one_in(l, 2))
			device(l, "dev", dev);
	}
	if (one_in(l, 2)) {
		more(l, " weight");
		value_number(l, 1, 256);
	}
	if (one_in(l, 5)) {
		more(l, " %s", spell(l, buf, "realms", 1));
		value_realms(l);
	}
}

static inline void
make_hop(struct line *l)
{
	const char *dev = one_in(l, 2) ? "d0" : "d1";
	bool v4 = l->family == AF_INET;

	if (one_in(l, 6)) {
		piece(l, "onlink");
		piece(l, v4 ? "via 192.0.2.77" : "via 2001:db8:ffff::77");
	} else if (v4 && one_in(l, 8)) {
		piece(l, "via inet6 2001:db8::");
		more(l, "%x", 2 + roll(l->seed, 99));
		dev = "d0";
	} else if (v4 && one_in(l, 12)) {
		piece(l, "via 0.0.0.0");
	} else if (one_in(l, 2)) {
		piece(l, "");
		gateway(l, dev, 0);
	}
	piece(l, "");
	device(l, one_in(l, 2) ? "dev" : "oif", dev);
	MAYBE(l, 5, route_realms);
}

static inline void
make_destination(struct line *l, bool reject)
{
	bool to = one_in(l, 2);

	if (reject && to)
		KEY(l, route_rejects_to);
	else if (reject)
		KEY(l, route_rejects);
	else if (to && one_in(l, 2))
		KEY(l, route_types_to);
	else if (!to && one_in(l, 2))
		KEY(l, route_types);
	else
		piece(l, "");
	if (to)
		prepend(l, "to");
	/* It would hide the gateways of its table. */
	if (to && reject && one_in(l, 4))
		more(l, " default");
	else
		value_prefix(l, false);
}


static inline void
make_metrics(struct line *l)
{
	MAYBE(l, 8, route_rttvar);
	for (size_t i = 0; i < COUNT(route_metrics); i++)
		if (one_in(l, 8))
			key(l, &route_metrics[i], 1);
}

enum hops { REJECT, OBJECT, HOP, HOPS };

/* A kernel lets the IPv4 routes of one next hop object share what one of them
 * was given (fib_find_info_nh()), so those have no metrics. */
static inline void
make_route(struct line *l, enum hops hops)
{
	make_destination(l, hops == REJECT);
	MAYBE(l, 8, route_from);
	if (!one_in(l, 5))
		KEY(l, route_table);
	MAYBE(l, 2, route_metric);
	if (l->family == AF_INET)
		MAYBE(l, 4, route_tos);
	MAYBE(l, 2, route_protocol);
	MAYBE(l, 6, route_pref);
	MAYBE(l, 12, route_ttl);
	MAYBE(l, 10, route_expires);
	if (hops == REJECT)
		return;
	MAYBE(l, 4, route_source);
	MAYBE(l, 6, route_scope);
	if (hops == OBJECT)
		KEY(l, route_nhid);
	else
		make_metrics(l);
	if (hops == HOP)
		make_hop(l);
}

static const char *const words_route[] = {
	"main", "static", "kernel", "boot", "redirect", "ra", "gated", "mrt",
	"zebra", "bird", "dnrouted", "xorp", "ntk", "dhcp", "keepalived",
	"babel", "bgp", "isis", "ospf", "rip", "eigrp", "link", "global",
	"to", "default", "ecn", "cubic", "reno", "low", "medium", "high",
	"via", "oif", "dev", "onlink", "dev d0:1", "oif d1:1", "mtu lock",
	"hoplimit lock", "advmss lock", "reordering lock", "rtt lock",
	"rttvar lock", "window lock", "cwnd lock", "initcwnd lock",
	"initrwnd lock", "ssthresh lock", "congctl lock",
};
static const char *const words_route4[] = {
	"via inet", "via inet6", "via 0.0.0.0", "AF11", "CS7", "EF", "host",
	"site",
};
static const char *const words_route6[] = { "via inet6", "nowhere" };
static const char *const words_hop[] = {
	"via", "dev", "weight", "onlink", "dev d0:1",
};

static inline void
list_routes(struct listing *g)
{
	static const struct key ttl[] = {
		{ "enabled", 1, BOTH, NULL }, { "disabled", 1, BOTH, NULL },
	};
	static const struct key hop_realms[] = { { "realms", 1, BOTH, NULL } };

	LIST(g, "route", route_from);
	LIST(g, "route", route_source);
	LIST(g, "route", route_tos);
	LIST(g, "route", route_expires);
	LIST(g, "route", route_metric);
	LIST(g, "route", route_scope);
	LIST(g, "route", route_realms);
	LIST(g, "route", route_protocol);
	LIST(g, "route", route_table);
	LIST(g, "route", route_pref);
	LIST(g, "route", route_ttl);
	LIST(g, "route ttl-propagate", ttl);
	LIST(g, "route", route_nhid);
	LIST(g, "route", route_metrics);
	LIST(g, "route", route_rttvar);
	LIST(g, "route", route_types);
	LIST(g, "route", route_rejects);
	LIST(g, "route to", route_types_to);
	LIST(g, "route to", route_rejects_to);
	LIST_WORDS(g, "route", words_route);
	if (g->family == AF_INET)
		LIST_WORDS(g, "route", words_route4);
	else
		LIST_WORDS(g, "route", words_route6);
	LIST_WORDS(g, "nexthop", words_hop);
	LIST(g, "nexthop", hop_realms);
}

#endif
