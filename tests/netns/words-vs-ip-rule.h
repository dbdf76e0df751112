/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: random lines of `ip rule`: the keywords, their values, a whole line. */
#ifndef IFPOLICY_TEST_WORDS_RULE_H
#define IFPOLICY_TEST_WORDS_RULE_H

#include "words-vs-ip-line.h"

/* The class selectors 1-7 are no type of service to an IPv4 rule. */
static inline void
value_tos_of_rule(struct line *l)
{
	static const char *const names[] = { "CS1", "AF43", "EF", "default" };

	if (l->named && l->family == AF_INET)
		more(l, " default");
	else if (l->named)
		more(l, " %s", PICK(l->seed, names));
	else
		more(l, one_in(l, 2) ? " %x" : " 0x%02x",
		    4 * roll(l->seed, l->family == AF_INET ? 8 : 64));
}

/* Rules: to ip(8) and the kernel, host bits are part of a prefix. */

static inline void
value_selector(struct line *l)
{
	static const char *const any[] = { "all", "any", "default", "0/0" };

	if (one_in(l, 12))
		more(l, " %s", any[roll(l->seed,
		    l->family == AF_INET ? 4 : 3)]);
	else
		value_prefix(l, one_in(l, 4));
}

static inline void
value_mark(struct line *l)
{
	switch (roll(l->seed, 4)) {
	case 0:
		more(l, " 0x%x/0x%x", roll(l->seed, 4096),
		    roll(l->seed, 4096));
		break;
	case 1:
		more(l, " %u/%u", roll(l->seed, 9), roll(l->seed, 9));
		break;
	default:
		value_number(l, 0, 4096);
	}
}

static inline void
value_device_of_rule(struct line *l)
{
	static const char *const devices[] = { "d0", "d1", "lo", "nowhere0",
		"vlan.100" };

	more(l, " %s", PICK(l->seed, devices));
}

static inline void
value_uids(struct line *l)
{
	if (one_in(l, 9))
		more(l, " 0-4294967294");
	else
		more(l, " %u-%u", roll(l->seed, 100), 100 + roll(l->seed, 100));
}

static inline void
value_ipproto(struct line *l)
{
	static const char *const names[] = {
		"tcp", "udp", "icmp", "sctp", "ipv6-icmp", "gre", "esp", "ah",
		"igmp", "ospf", "vrrp", "UDP", "udplite", "IPSEC-ESP",
	};

	if (one_in(l, 2))
		more(l, " %s", PICK(l->seed, names));
	else
		more(l, " %u", roll(l->seed, 256));
}

static inline void
value_ports(struct line *l)
{
	uint32_t low = 1 + roll(l->seed, 60000);

	if (one_in(l, 2))
		more(l, " %u", low);
	else
		more(l, " %u-%u", low, low + roll(l->seed, 5000));
}

static inline void
value_tunnel(struct line *l)
{
	if (one_in(l, 9))
		more(l, " 18446744073709551615");
	else
		value_number(l, 1, 1000000);
}

static inline void
value_length(struct line *l)
{
	value_number(l, 0, 129);
}

static inline void
value_group(struct line *l)
{
	if (l->named)
		more(l, " default");
	else
		value_number(l, 0, 9);
}

static inline void
value_target(struct line *l)
{
	value_number(l, 32765, 1000);
}

static const struct key rule_not[] = { { "not", 0, BOTH, NULL } };
static const struct key rule_from[] = {
	{ "from", 0, BOTH, value_selector },
};
static const struct key rule_to[] = { { "to", 0, BOTH, value_selector } };
static const struct key rule_priority[] = {
	{ "preference", 1, BOTH, NULL }, { "order", 1, BOTH, NULL },
	{ "priority", 1, BOTH, NULL },
};
static const struct key rule_tos[] = {
	{ "tos", 0, BOTH, value_tos_of_rule },
	{ "dsfield", 1, BOTH, value_tos_of_rule },
};
static const struct key rule_mark[] = { { "fwmark", 0, BOTH, value_mark } };
static const struct key rule_iif[] = {
	{ "iif", 0, BOTH, value_device_of_rule },
	{ "dev", 0, BOTH, value_device_of_rule },
};
static const struct key rule_oif[] = {
	{ "oif", 0, BOTH, value_device_of_rule },
};
static const struct key rule_uids[] = { { "uidrange", 0, BOTH, value_uids } };
static const struct key rule_ipproto[] = {
	{ "ipproto", 0, BOTH, value_ipproto },
};
static const struct key rule_sport[] = { { "sport", 0, BOTH, value_ports } };
static const struct key rule_dport[] = { { "dport", 0, BOTH, value_ports } };
static const struct key rule_tunnel[] = { { "tun_id", 1, BOTH, value_tunnel } };
static const struct key rule_realms[] = { { "realms", 1, BOTH, value_realms } };
static const struct key rule_protocol[] = {
	{ "protocol", 3, BOTH, value_protocol },
};
static const struct key rule_table[] = {
	{ "table", 2, BOTH, value_table }, { "lookup", 0, BOTH, value_table },
};
static const struct key rule_length[] = {
	{ "suppress_prefixlength", 1, BOTH, value_length },
	{ "sup_pl", 0, BOTH, value_length },
};
static const struct key rule_group[] = {
	{ "suppress_ifgroup", 10, BOTH, value_group },
	{ "sup_group", 0, BOTH, value_group },
};
static const struct key rule_l3mdev[] = { { "l3mdev", 0, BOTH, NULL } };
static const struct key rule_action[] = {
	{ "goto", 1, BOTH, value_target }, { "nop", 1, BOTH, NULL },
	{ "unreachable", 1, BOTH, NULL }, { "blackhole", 2, BOTH, NULL },
	{ "prohibit", 4, BOTH, NULL },
};
static const struct key rule_type[] = {
	{ "goto", 1, BOTH, value_target }, { "nop", 1, BOTH, NULL },
	{ "unreachable", 1, BOTH, NULL }, { "blackhole", 2, BOTH, NULL },
	{ "prohibit", 1, BOTH, NULL },
};
static const struct key rule_unicast[] = { { "unicast", 3, BOTH, NULL } };

static inline void
make_rule_action(struct line *l)
{
	switch (roll(l->seed, 12)) {
	case 0:
		KEY(l, rule_l3mdev);
		return;
	case 1:
	case 2:
		KEY(l, rule_action);
		MAYBE(l, 4, rule_table);
		return;
	case 3:
	case 4:
		KEY(l, rule_type);
		prepend(l, "type");
		return;
	case 5:
		KEY(l, rule_unicast);
		if (one_in(l, 2))
			prepend(l, "type");
		break;
	}
	KEY(l, rule_table);
	MAYBE(l, 3, rule_length);
	MAYBE(l, 4, rule_group);
}

static inline void
make_rule(struct line *l, uint32_t priority)
{
	/* Its own, or a delete could hit a rule that says more. */
	KEY(l, rule_priority);
	more(l, one_in(l, 4) ? " 0x%x" : " %u", priority);
	MAYBE(l, 6, rule_not);
	if (!one_in(l, 3))
		KEY(l, rule_from);
	MAYBE(l, 3, rule_to);
	MAYBE(l, 6, rule_tos);
	MAYBE(l, 5, rule_mark);
	MAYBE(l, 5, rule_iif);
	MAYBE(l, 7, rule_oif);
	MAYBE(l, 8, rule_uids);
	MAYBE(l, 6, rule_ipproto);
	MAYBE(l, 6, rule_sport);
	MAYBE(l, 6, rule_dport);
	MAYBE(l, 8, rule_tunnel);
	MAYBE(l, 8, rule_realms);
	make_rule_action(l);
	MAYBE(l, 2, rule_protocol);
}

static const char *const words_rule[] = {
	"main", "static", "kernel", "boot", "redirect", "ra", "gated", "mrt",
	"zebra", "bird", "dnrouted", "xorp", "ntk", "dhcp", "keepalived",
	"babel", "bgp", "isis", "ospf", "rip", "eigrp", "all", "any", "tcp",
	"udp", "icmp", "sctp", "gre", "esp", "ah", "UDP", "suppress_ifgroup "
	"default", "lookup default",
};
static inline void
list_rules(struct listing *g)
{
	LIST(g, "rule", rule_not);
	LIST(g, "rule", rule_from);
	LIST(g, "rule", rule_to);
	LIST(g, "rule", rule_priority);
	LIST(g, "rule", rule_tos);
	LIST(g, "rule", rule_mark);
	LIST(g, "rule", rule_iif);
	LIST(g, "rule", rule_oif);
	LIST(g, "rule", rule_uids);
	LIST(g, "rule", rule_ipproto);
	LIST(g, "rule", rule_sport);
	LIST(g, "rule", rule_dport);
	LIST(g, "rule", rule_tunnel);
	LIST(g, "rule", rule_realms);
	LIST(g, "rule", rule_protocol);
	LIST(g, "rule", rule_table);
	LIST(g, "rule", rule_length);
	LIST(g, "rule", rule_group);
	LIST(g, "rule", rule_l3mdev);
	LIST(g, "rule", rule_action);
	LIST(g, "rule", rule_unicast);
	LIST(g, "rule type", rule_type);
	LIST(g, "rule type", rule_unicast);
	LIST_WORDS(g, "rule", words_rule);
}

#endif
