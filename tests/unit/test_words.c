/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: unit tests of words.h: `ip rule` and `ip route` words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "values.h"
#include "words.h"

#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))

struct pair {
	const char *in, *out;
};

static void
check_rules(int family, const struct pair *pairs, size_t count)
{
	char buf[WORDS_TEXT];
	struct fault f = { "" };
	struct rule r;

	for (size_t i = 0; i < count; i++) {
		if (!words_parse_rule(&r, family, 0, NULL, pairs[i].in, &f))
			fail_msg("%s: %s", pairs[i].in, f.text);
		assert_string_equal(words_print_rule(buf, &r, NULL),
		    pairs[i].out);
	}
}

static void
check_routes(int family, const struct pair *pairs, size_t count)
{
	char buf[WORDS_TEXT];
	struct fault f = { "" };
	struct route r;

	for (size_t i = 0; i < count; i++) {
		if (!words_parse_route(&r, family, NULL, pairs[i].in, &f))
			fail_msg("%s: %s", pairs[i].in, f.text);
		assert_string_equal(words_print_route(buf, &r, NULL),
		    pairs[i].out);
	}
}

static void
rules_are_printed_in_one_order(void **state)
{
	static const struct pair pairs[] = {
		{ "from 10.0.0.1 table 77", "from 10.0.0.1 lookup 77" },
		{ "tab 77 pref 5 from 10/8",
		    "priority 5 from 10.0.0.0/8 lookup 77" },
		{ "not to 10.0.0.0/8 lookup main protocol 173 priority 0",
		    "priority 0 not from all to 10.0.0.0/8 lookup 254 "
		    "protocol 173" },
		{ "fwmark 1", "from all fwmark 0x1" },
		{ "fwmark 0x5/0", "from all fwmark 0x5/0x0" },
		{ "fwmark 0/0xff", "from all fwmark 0x0/0xff" },
		{ "fwmark 0", "from all" },
		{ "dev eth0 oif eth1", "from all iif eth0 oif eth1" },
		{ "tos 10", "from all tos 0x10" },
		{ "dsfield EF", "from all tos 0xb8" },
		{ "uidrange 0-4294967294", "from all uidrange 0-4294967294" },
		{ "ipproto IPSEC-ESP", "from all ipproto 50" },
		{ "ipproto udp sport 53 dport 1024-65535",
		    "from all ipproto 17 sport 53 dport 1024-65535" },
		{ "tun_id 18446744073709551615",
		    "from all tun_id 18446744073709551615" },
		{ "lookup 4294967295 sup_pl 0 sup_group default",
		    "from all lookup 4294967295 suppress_prefixlength 0 "
		    "suppress_ifgroup 0" },
		{ "realms 1/2", "from all realms 1/2" },
		{ "realms 70000", "from all realms 70000" },
		{ "goto 4294967295", "from all goto 4294967295" },
		{ "nop", "from all nop" },
		{ "l3mdev", "from all l3mdev" },
		{ "type blackhole", "from all blackhole" },
		{ "lookup 5 unreachable", "from all lookup 5 unreachable" },
		{ "  from\tall   prohibit ", "from all prohibit" },
		{ "unicast table 5", "from all lookup 5" },
		{ "type unicast l3mdev", "from all l3mdev" },
	};

	(void)state;
	check_rules(AF_INET, pairs, COUNT(pairs));
}

/* To ip(8) "from 10.0.0.5/24" is a rule, to options it is a mistake. */
static void
host_bits_are_kept_where_asked_for(void **state)
{
	static const struct pair pairs[] = {
		{ "from 10.0.0.5/24 table 1", "from 10.0.0.5/24 lookup 1" },
		{ "to 10.1.2.3/255.255.0.0 pref 5",
		    "priority 5 from all to 10.1.2.3/16" },
		{ "from 1.2.3.4/0 to 10.0.0.1/32",
		    "from all to 10.0.0.1" },
		{ "from 2001:db8::5/64 table 1",
		    "from 2001:db8::5/64 lookup 1" },
		{ "to fe80::1/10 iif eth0", "from all to fe80::1/10 iif eth0" },
	};
	struct rule r, back, network;
	char buf[WORDS_TEXT];
	struct fault f;

	(void)state;
	for (size_t i = 0; i < COUNT(pairs); i++) {
		int family = i < 3 ? AF_INET : AF_INET6;

		assert_false(words_parse_rule(&r, family, 0, NULL, pairs[i].in,
		    &f));
		if (!words_parse_rule(&r, family, WORDS_HOST_BITS, NULL,
		    pairs[i].in, &f))
			fail_msg("%s: %s", pairs[i].in, f.text);
		assert_string_equal(words_print_rule(buf, &r, NULL),
		    pairs[i].out);
		assert_true(words_parse_rule(&back, family, WORDS_HOST_BITS,
		    NULL, buf, &f));
		rule_normalize(&r);
		rule_normalize(&back);
		assert_true(rule_same(&r, &back));
	}
	/* The kernel tells it from the rule of the network. */
	assert_true(words_parse_rule(&r, AF_INET, WORDS_HOST_BITS, NULL,
	    "from 10.0.0.5/24", &f));
	assert_true(words_parse_rule(&network, AF_INET, WORDS_HOST_BITS, NULL,
	    "from 10.0.0.0/24", &f));
	assert_false(rule_same(&r, &network));
	assert_false(rule_pattern_hits(&network, &r));
}

/* Of ip from iproute2 6.1, tried. */
static void
rule_keywords_are_abbreviated_as_by_ip(void **state)
{
	static const struct pair pairs[] = {
		{ "p 1", "priority 1 from all" },
		{ "pr 1", "priority 1 from all" },
		{ "pri 1", "priority 1 from all" },
		{ "o 1", "priority 1 from all" },
		{ "pro 4", "from all protocol 4" },
		{ "t 5", "from all tun_id 5" },
		{ "ta 5", "from all lookup 5" },
		{ "d 10", "from all tos 0x10" },
		{ "s 5", "from all suppress_prefixlength 5" },
		{ "suppress_i 5", "from all suppress_ifgroup 5" },
		{ "r 5", "from all realms 5" },
		{ "bl", "from all blackhole" },
		{ "u", "from all unreachable" },
		{ "proh", "from all prohibit" },
		{ "type p", "from all prohibit" },
		{ "g 5", "from all goto 5" },
		{ "n", "from all nop" },
	};

	(void)state;
	check_rules(AF_INET, pairs, COUNT(pairs));
}

static void
routes_are_printed_in_one_order(void **state)
{
	static const struct pair pairs[] = {
		{ "default via 10.0.0.1 dev eth1",
		    "default via 10.0.0.1 dev eth1" },
		{ "to 10/8 oif eth0 src 10.0.0.1 t 77 m 5 proto 173",
		    "10.0.0.0/8 dev eth0 table 77 metric 5 protocol 173 "
		    "src 10.0.0.1" },
		{ "dev eth0 10.1.2.3", "10.1.2.3 dev eth0" },
		{ "unreachable default metric 4294967295",
		    "unreachable default metric 4294967295" },
		{ "to throw 10.0.0.0/8", "throw 10.0.0.0/8" },
		{ "10.0.0.0/8 dev eth0 scope link",
		    "10.0.0.0/8 dev eth0 scope link" },
		{ "10.0.0.0/8 dev eth0 scope global",
		    "10.0.0.0/8 dev eth0 scope global" },
		{ "10.0.0.0/8 via 10.0.0.1 scope global",
		    "10.0.0.0/8 via 10.0.0.1" },
		{ "default via inet6 fe80::1 dev eth0",
		    "default via inet6 fe80::1 dev eth0" },
		{ "default via inet 10.0.0.1", "default via 10.0.0.1" },
		{ "default nhid 5", "default nhid 5" },
		{ "default mtu lock 1400 rtt 1.5s rttvar 3ms rto_min 20",
		    "default mtu lock 1400 rtt 12000 rttvar 12 rto_min 20" },
		{ "default rtt 2.0001 rttvar 1", "default rtt 3 rttvar 1" },
		{ "default features ecn congctl lock cubic quickack 1",
		    "default quickack 1 features ecn congctl lock cubic" },
		{ "default hoplimit 255 mtu lock 0",
		    "default mtu lock 0 hoplimit 255" },
		{ "default ttl-propagate e", "default ttl-propagate enabled" },
		{ "default onlink via 192.0.2.1 dev eth0",
		    "default via 192.0.2.1 dev eth0 onlink" },
		{ "default nexthop via 10.0.0.1 dev eth0 weight 256 "
		    "nexthop dev eth1 onlink realms 1/2",
		    "default nexthop via 10.0.0.1 dev eth0 weight 256 "
		    "nexthop dev eth1 weight 1 onlink realms 1/2" },
		{ "default nexthop dev eth0",
		    "default nexthop dev eth0 weight 1" },
		{ "default dev eth0:1", "default dev eth0" },
		{ "default nexthop dev eth0:a nexthop dev bond0.5:12",
		    "default nexthop dev eth0 weight 1 nexthop dev bond0.5 "
		    "weight 1" },
		{ "default via 0.0.0.0 dev eth0",
		    "default dev eth0 scope global" },
		{ "default via 0.0.0.0 dev eth0 scope link src 0.0.0.0",
		    "default dev eth0 scope link" },
		{ "local 10.0.0.1 via 0.0.0.0 dev lo",
		    "local 10.0.0.1 dev lo" },
		{ "default via 0.0.0.0", "default scope global" },
		{ "default nexthop via 0.0.0.0 dev eth0 nexthop via 10.0.0.1",
		    "default nexthop dev eth0 weight 1 nexthop via 10.0.0.1 "
		    "weight 1" },
	};

	(void)state;
	check_routes(AF_INET, pairs, COUNT(pairs));
}

static void
ipv6_routes_have_words_of_their_own(void **state)
{
	static const struct pair pairs[] = {
		{ "default via fe80::1 dev eth0 pref high",
		    "::/0 via fe80::1 dev eth0 pref high" },
		{ "2001:db8::/32 from 2001:db8:1::/48 dev eth0 pref medium",
		    "2001:db8::/32 from 2001:db8:1::/48 dev eth0 pref medium" },
		{ "default dev eth0 pref 33", "::/0 dev eth0 pref medium" },
		{ "default dev eth0 pref 3", "::/0 dev eth0 pref low" },
		{ "dev eth0 default expires 60",
		    "::/0 dev eth0 expires 60" },
		{ "unreachable default dev lo metric 4294967295",
		    "unreachable ::/0 dev lo metric 4294967295" },
		{ "default dev eth0:1 src ::", "::/0 dev eth0" },
	};

	(void)state;
	check_routes(AF_INET6, pairs, COUNT(pairs));
}

static void
route_keywords_are_abbreviated_as_by_ip(void **state)
{
	static const struct pair pairs[] = {
		{ "default m 5", "default metric 5" },
		{ "default p 5", "default metric 5" },
		{ "default pri 5", "default metric 5" },
		{ "default preference 5", "default metric 5" },
		{ "default pref low", "default pref low" },
		{ "default pre low", "default pref low" },
		{ "default pro 5", "default protocol 5" },
		{ "default t 5", "default table 5" },
		{ "default r 5", "default reordering 5" },
		{ "default rea 5", "default realms 5" },
		{ "default rttv 5", "default rttvar 5" },
		{ "default w 5", "default window 5" },
		{ "default c 5", "default cwnd 5" },
		{ "default i 5", "default initcwnd 5" },
		{ "default initr 5", "default initrwnd 5" },
		{ "default co cubic", "default congctl cubic" },
		{ "default f ecn", "default features ecn" },
		{ "default fa 1", "default fastopen_no_cookie 1" },
		{ "default q 1", "default quickack 1" },
		{ "default s 5", "default ssthresh 5" },
		{ "default d 10", "default tos 0x10" },
		{ "u default", "unreachable default" },
		{ "brd 10.0.0.255", "broadcast 10.0.0.255" },
		{ "any default", "anycast default" },
		{ "uni default", "default" },
	};

	(void)state;
	check_routes(AF_INET, pairs, COUNT(pairs));
}

static void
the_family_comes_from_the_first_address(void **state)
{
	struct fault f;
	struct rule r;
	struct route q;

	(void)state;
	assert_true(words_parse_rule(&r, AF_UNSPEC, 0, NULL, "to ::/0", &f));
	assert_int_equal(r.family, AF_INET6);
	assert_true(words_parse_rule(&r, AF_UNSPEC, 0, NULL, "fwmark 1", &f));
	assert_int_equal(r.family, AF_INET);
	assert_true(words_parse_route(&q, AF_UNSPEC, NULL,
	    "default via fe80::1 dev eth0", &f));
	assert_int_equal(q.family, AF_INET6);
	assert_true(words_parse_route(&q, AF_UNSPEC, NULL,
	    "default dev eth0", &f));
	assert_int_equal(q.family, AF_INET);
	assert_false(words_parse_route(&q, AF_UNSPEC, NULL,
	    "10.0.0.0/8 src 2001:db8::1", &f));
	assert_true(words_parse_route(&q, AF_INET6, NULL,
	    "default dev eth0", &f));
	assert_int_equal(q.family, AF_INET6);
}

static void
what_was_not_written_stays_absent(void **state)
{
	struct fault f;
	struct rule r;
	struct route q;

	(void)state;
	assert_true(words_parse_rule(&r, AF_INET, 0, NULL, "from all", &f));
	assert_false(r.has_priority);
	assert_int_equal(r.table + r.protocol, 0);
	assert_int_equal(r.suppress_prefixlen, -1);
	assert_true(words_parse_route(&q, AF_INET6, NULL, "default", &f));
	assert_int_equal(q.table + q.protocol + q.metric + q.hop_count, 0);
	assert_false(q.has_scope);
	assert_int_equal(q.type, RTN_UNICAST);
}

struct bad {
	const char *words, *fault;
};

static const struct bad bad_rules[] = {
	{ "", "an empty rule: expected" },
	{ " \t ", "an empty rule: expected" },
	{ "frm 10.0.0.1", "\"frm\": expected from, to" },
	{ "from", "\"from\": expected a prefix after it" },
	{ "from 10.0.0.5/8", "from \"10.0.0.5/8\": expected no host "
	    "bits: 10.0.0.0/8 or 10.0.0.5" },
	{ "from 1.2.3.4/0", "from \"1.2.3.4/0\": expected no host "
	    "bits: default" },
	{ "from 2001:db8::1", "from \"2001:db8::1\": expected an IPv4 "
	    "prefix" },
	{ "from 10.0.0.1 from 10.0.0.2", "\"from\": given twice" },
	{ "pref 1 prio 2", "\"prio\": given twice" },
	{ "lookup 5 tab 6", "\"tab\": given twice" },
	{ "goto 5 blackhole", "\"blackhole\": given twice" },
	{ "tab 0", "tab \"0\": expected a routing table" },
	{ "tab nosuch", "tab \"nosuch\": expected a routing table" },
	{ "pref -1", "pref \"-1\": expected a number 0-4294967295" },
	{ "pref 4294967296", "pref \"4294967296\": expected" },
	{ "pref 010", "pref \"010\": expected" },
	{ "tos 100", "tos \"100\": expected a DS field" },
	{ "fwmark x", "fwmark \"x\": expected MARK or MARK/MASK" },
	{ "fwmark 1/", "fwmark \"1/\": expected MARK or MARK/MASK" },
	{ "fwmark /1", "fwmark \"/1\": expected MARK or MARK/MASK" },
	{ "uidrange 5", "uidrange \"5\": expected N-M" },
	{ "uidrange 9-5", "uidrange \"9-5\": expected N-M" },
	{ "uidrange 0-4294967295", "uidrange" },
	{ "sport 0", "sport \"0\": expected N or N-M within 1-65535" },
	{ "sport 65536", "sport \"65536\": expected" },
	{ "sport 5-", "sport \"5-\": expected" },
	{ "sport 0x50", "sport \"0x50\": expected" },
	{ "uidrange 0x10-0x20", "uidrange \"0x10-0x20\": expected" },
	{ "ipproto 0x11", "ipproto \"0x11\": expected an IP protocol" },
	{ "ipproto Tcp", "ipproto \"Tcp\": expected an IP protocol" },
	{ "sport -5", "sport \"-5\": expected" },
	{ "ipproto 256", "ipproto \"256\": expected an IP protocol" },
	{ "protocol 256", "protocol \"256\": expected" },
	{ "iif 1234567890123456", "iif \"1234567890123456\": expected "
	    "a device name" },
	{ "iif a/b", "iif \"a/b\": expected a device name" },
	{ "iif eth0:1", "iif \"eth0:1\": expected a device name" },
	{ "l3mdev table 5", "\"l3mdev\": expected no table" },
	{ "unicast", "\"unicast\": expected a table beside it" },
	{ "type uni from 10.0.0.1", "\"unicast\": expected a table" },
	{ "nat 10.0.0.1", "\"nat\": expected no address translation" },
	{ "type throw", "\"throw\": no action of a rule" },
	{ "type", "\"type\": expected an action after it" },
	{ "type x", "type \"x\": expected blackhole" },
	{ "goto 0", "goto \"0\": expected a number 1-4294967295" },
	{ "tun_id 18446744073709551616", "tun_id" },
	{ "suppress_prefixlength -1", "suppress_prefixlength \"-1\"" },
	{ "realms 1/256", "realms \"1/256\": expected TO or FROM/TO" },
	{ "from \"10.0.0.1\"", "expected words without quotes" },
	{ "from 10.0.0.1 # x", "expected words without quotes" },
	{ "from 10.0.0.1\nto 10.0.0.2", "\"\\x0ato 10.0.0.2\": expected "
	    "words without" },
	{ "iif \x1b[31m", "\"\\x1b[31m\": expected words without" },
	{ "from 10.0.0.1\r", "expected words without" },
};

static void
bad_rules_are_refused_in_one_line(void **state)
{
	struct fault f;
	struct rule r;

	(void)state;
	for (size_t i = 0; i < COUNT(bad_rules); i++) {
		f.text[0] = '\0';
		assert_false(words_parse_rule(&r, AF_INET, 0, NULL,
		    bad_rules[i].words, &f));
		if (!strstr(f.text, bad_rules[i].fault))
			fail_msg("%s: %s", bad_rules[i].words, f.text);
		assert_null(strchr(f.text, '\n'));
		assert_null(strchr(f.text, '\x1b'));
	}
}

static const struct bad bad_routes[] = {
	{ "", "no destination" },
	{ "via 10.0.0.1", "no destination" },
	{ "defalt via 10.0.0.1", "\"defalt\": expected a destination, "
	    "via" },
	{ "default via", "\"via\": expected an address after it" },
	{ "default via inet6", "\"via\": expected an address" },
	{ "default via 10.0.0.1/24", "via \"10.0.0.1/24\": expected an "
	    "IPv4 address" },
	{ "default via fe80::1", "via \"fe80::1\": expected an IPv4" },
	{ "10.0.0.1/24 dev eth0", "\"10.0.0.1/24\": expected no host "
	    "bits: 10.0.0.0/24 or 10.0.0.1" },
	{ "10.1 dev eth0", "\"10.1\": expected an IPv4 prefix" },
	{ "default default", "\"default\": expected" },
	{ "unreachable", "\"unreachable\": expected a destination" },
	{ "to", "\"to\": expected a destination" },
	{ "unreachable default dev lo", "a route that refuses" },
	{ "unreachable default realms 5", "a route that refuses" },
	{ "default nhid 5 dev eth0", "\"nhid\": expected no via" },
	{ "default dev eth0 nexthop dev eth1", "\"nexthop\": expected "
	    "via, dev, onlink and realms behind it" },
	{ "default nexthop", "\"nexthop\": expected via or dev" },
	{ "default nexthop weight 5", "\"nexthop\": expected via" },
	{ "default nexthop dev eth0 table 5", "nexthop \"table\": "
	    "expected via, dev, weight" },
	{ "default nexthop dev eth0 weight 0", "weight \"0\": expected "
	    "a number 1-256" },
	{ "default nexthop dev eth0 weight 257", "weight \"257\"" },
	{ "default nexthop dev eth0 dev eth1", "\"dev\": given twice" },
	{ "default via 10.0.0.1 via 10.0.0.2", "\"via\": given twice" },
	{ "default mtu 5 mtu lock 6", "\"mtu\": given twice" },
	{ "default mtu lock", "\"mtu\": expected a number after it" },
	{ "default hoplimit 256", "hoplimit \"256\": expected a number "
	    "0-255" },
	{ "default quickack 2", "quickack \"2\": expected a number "
	    "0-1" },
	{ "default features sack", "features \"sack\": expected ecn" },
	{ "default rtt 5x", "rtt \"5x\": expected a time" },
	{ "default rtt 010", "rtt \"010\": expected a time" },
	{ "default rtt .5s", "rtt \".5s\": expected a time" },
	{ "default rtt 600000s", "rtt \"600000s\": expected a time" },
	{ "default congctl 1234567890123456", "at most 15 bytes" },
	{ "default scope x", "scope \"x\": expected global" },
	{ "default ttl-propagate x", "expected enabled or disabled" },
	{ "default encap mpls 5", "\"encap\": expected none" },
	{ "default vrf red", "\"vrf\": expected none: write the table" },
	{ "default table 0", "table \"0\": expected" },
	{ "default metric 4294967296", "metric \"4294967296\"" },
	{ "default dev eth0:", "dev \"eth0:\": expected a device name" },
	{ "default dev :1", "dev \":1\": expected a device name" },
	{ "default dev 123456789012:345", "dev \"123456789012:345\"" },
	{ "default nexthop dev eth0: weight 1", "dev \"eth0:\": expected" },
	{ "default expires 0", "expires \"0\": expected" },
	{ "default proto 0", "\"proto\": expected a routing protocol other" },
	{ "default proto unspec", "\"proto\": expected a routing protocol" },
	{ "unreachable default via 0.0.0.0", "a route that refuses" },
	{ "default src 10.0.0.0/8", "src \"10.0.0.0/8\": expected" },
};

static void
bad_routes_are_refused_in_one_line(void **state)
{
	struct fault f;
	struct route r;

	(void)state;
	for (size_t i = 0; i < COUNT(bad_routes); i++) {
		f.text[0] = '\0';
		assert_false(words_parse_route(&r, AF_INET, NULL,
		    bad_routes[i].words, &f));
		if (!strstr(f.text, bad_routes[i].fault))
			fail_msg("%s: %s", bad_routes[i].words, f.text);
		assert_null(strchr(f.text, '\n'));
	}
}

static void
ipv6_routes_refuse_what_ipv6_refuses(void **state)
{
	struct fault f;
	struct route r;

	(void)state;
	assert_false(words_parse_route(&r, AF_INET6, NULL,
	    "default via inet 10.0.0.1 dev eth0", &f));
	assert_false(words_parse_route(&r, AF_INET6, NULL,
	    "default dev eth0 tos 10", &f));
	assert_false(words_parse_route(&r, AF_INET6, NULL, "10.0.0.0/8", &f));
	assert_false(words_parse_route(&r, AF_INET6, NULL,
	    "2001:db8::1/64 dev eth0", &f));
	assert_non_null(strstr(f.text, "2001:db8::/64 or 2001:db8::1"));
}

static void
lines_and_hops_have_limits(void **state)
{
	char line[WORDS_LINE + 2];
	struct fault f;
	struct route r;
	size_t n;

	(void)state;
	memset(line, ' ', sizeof(line));
	memcpy(line, "default", 7);
	line[WORDS_LINE] = '\0';
	assert_true(words_parse_route(&r, AF_INET, NULL, line, &f));
	line[WORDS_LINE] = ' ';
	line[WORDS_LINE + 1] = '\0';
	assert_false(words_parse_route(&r, AF_INET, NULL, line, &f));
	assert_non_null(strstr(f.text, "at most 4096 bytes"));

	n = (size_t)snprintf(line, sizeof(line), "default");
	for (int i = 0; i < HOPS_MAX; i++)
		n += (size_t)snprintf(line + n, sizeof(line) - n,
		    " nexthop via 10.0.0.%d", i + 1);
	assert_true(words_parse_route(&r, AF_INET, NULL, line, &f));
	assert_int_equal(r.hop_count, HOPS_MAX);
	snprintf(line + n, sizeof(line) - n, " nexthop via 10.0.0.99");
	assert_false(words_parse_route(&r, AF_INET, NULL, line, &f));
	assert_non_null(strstr(f.text, "at most 16"));
}

/* Every field as long as it gets: WORDS_TEXT must hold it. */
static void
the_longest_route_fits(void **state)
{
	char buf[WORDS_TEXT];
	struct fault f;
	struct route r, back;

	(void)state;
	route_init(&r, AF_INET6);
	r.type = RTN_MULTICAST;
	r.protocol = r.tos = 255;
	r.table = r.metric = r.expires = UINT32_MAX;
	r.ttl_propagate = 1;
	r.has_pref = true;
	r.pref = 255;
	r.dst.len = r.src.len = 127;
	memset(r.dst.addr.byte, 0xee, 16);
	r.dst.addr.family = r.prefsrc.family = AF_INET6;
	memset(r.prefsrc.byte, 0xee, 16);
	r.src = r.dst;
	r.rtax_set = UINT32_MAX >> (31 - METRIC_LAST);
	for (int i = 1; i <= METRIC_LAST; i++)
		r.rtax[i] = UINT32_MAX;
	snprintf(r.congctl, sizeof(r.congctl), "123456789012345");
	r.hop_count = HOPS_MAX;
	for (int i = 0; i < HOPS_MAX; i++) {
		r.hop[i].via = r.prefsrc;
		r.hop[i].weight = 256;
		r.hop[i].realms = UINT32_MAX;
		r.hop[i].onlink = true;
		memcpy(r.hop[i].dev, "123456789012345", IFNAMSIZ);
	}
	words_print_route(buf, &r, NULL);
	assert_in_range(strlen(buf), 2000, WORDS_TEXT - 100);
	assert_non_null(strstr(buf, "dev 123456789012345 weight 256 onlink "
	    "realms 4294967295"));
	/* Tos is IPv4's: only that is wrong with it. */
	r.tos = 0;
	r.rtax[RTAX_HOPLIMIT] = 255;
	r.rtax[RTAX_QUICKACK] = r.rtax[RTAX_FASTOPEN_NO_COOKIE] = 1;
	words_print_route(buf, &r, NULL);
	if (!words_parse_route(&back, AF_INET6, NULL, buf, &f))
		fail_msg("%s: %s", buf, f.text);
	assert_int_equal(back.hop_count, HOPS_MAX);
}

static void
rules_survive_printing_and_parsing(void **state)
{
	char buf[WORDS_TEXT], again[WORDS_TEXT];
	struct rule r, back;
	struct fault f;

	(void)state;
	srand(5);
	for (int i = 0; i < 50000; i++) {
		int family = i % 2 ? AF_INET : AF_INET6;

		value_rule(&r, family);
		words_print_rule(buf, &r, NULL);
		if (!words_parse_rule(&back, family, 0, NULL, buf, &f))
			fail_msg("%s: %s", buf, f.text);
		rule_normalize(&back);
		if (!rule_same(&r, &back) || r.protocol != back.protocol)
			fail_msg("%s", buf);
		assert_string_equal(buf, words_print_rule(again, &back, NULL));
	}
}

static void
routes_survive_printing_and_parsing(void **state)
{
	char buf[WORDS_TEXT], again[WORDS_TEXT];
	struct route r, back;
	struct fault f;

	(void)state;
	srand(6);
	for (int i = 0; i < 50000; i++) {
		int family = i % 2 ? AF_INET : AF_INET6;

		value_route(&r, family);
		words_print_route(buf, &r, NULL);
		if (!words_parse_route(&back, family, NULL, buf, &f))
			fail_msg("%s: %s", buf, f.text);
		route_normalize(&back);
		if (!route_same(&r, &back) || r.protocol != back.protocol)
			fail_msg("%s", buf);
		assert_string_equal(buf,
		    words_print_route(again, &back, NULL));
	}
}

/* A line of good words cut, swapped and sprinkled with any bytes: refused or
 * taken, but then it prints and reads the same. */
static void
hostile_bytes_do_no_harm(void **state)
{
	char line[WORDS_TEXT + 64], buf[WORDS_TEXT], again[WORDS_TEXT];
	struct route r;
	struct rule q;
	struct fault f;
	int taken = 0;

	(void)state;
	srand(7);
	for (int i = 0; i < 50000; i++) {
		bool rule = i % 2;
		size_t n;

		value_rule(&q, AF_INET);
		value_route(&r, AF_INET);
		n = strlen(rule ? words_print_rule(line, &q, NULL) :
		    words_print_route(line, &r, NULL));
		for (uint32_t k = dice(3); k > 0; k--)
			line[dice((uint32_t)n)] = (char)rand();
		line[1 + dice((uint32_t)n)] = '\0';
		memset(&f, 0, sizeof(f));
		if (rule ? words_parse_rule(&q, AF_INET, 0, NULL, line, &f) :
		    words_parse_route(&r, AF_INET, NULL, line, &f)) {
			taken++;
			if (rule)
				words_print_rule(buf, &q, NULL);
			else
				words_print_route(buf, &r, NULL);
			assert_true(rule ? words_parse_rule(&q, AF_INET, 0,
			    NULL, buf, &f) : words_parse_route(&r, AF_INET,
			    NULL, buf, &f));
			assert_string_equal(buf, rule ?
			    words_print_rule(again, &q, NULL) :
			    words_print_route(again, &r, NULL));
		} else {
			assert_string_not_equal(f.text, "");
		}
		for (const char *c = f.text; *c; c++)
			assert_in_range(*c, ' ', '~');
	}
	assert_in_range(taken, 1000, 49000);
}

static void
builtin_names_are_known_without_files(void **state)
{
	struct fault f;
	struct rule r;

	(void)state;
	assert_true(words_parse_rule(&r, AF_INET, 0, NULL,
	    "lookup main protocol static", &f));
	assert_int_equal(r.table, RT_TABLE_MAIN);
	assert_int_equal(r.protocol, RTPROT_STATIC);
}

static void
names_are_printed_when_given(void **state)
{
	struct names names = { .tables_read = true, .protocols_read = true };
	struct name table = { 77, "rt1" };
	char buf[WORDS_TEXT];
	struct fault f;
	struct rule r;

	(void)state;
	names.tables.at = &table;
	names.tables.count = 1;
	assert_true(words_parse_rule(&r, AF_INET, 0, &names,
	    "lookup rt1 protocol 173", &f));
	assert_int_equal(r.table, 77);
	assert_string_equal(words_print_rule(buf, &r, &names),
	    "from all lookup rt1 protocol ifpolicy");
	assert_string_equal(words_print_rule(buf, &r, NULL),
	    "from all lookup 77 protocol 173");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rules_are_printed_in_one_order),
		cmocka_unit_test(host_bits_are_kept_where_asked_for),
		cmocka_unit_test(rule_keywords_are_abbreviated_as_by_ip),
		cmocka_unit_test(routes_are_printed_in_one_order),
		cmocka_unit_test(ipv6_routes_have_words_of_their_own),
		cmocka_unit_test(route_keywords_are_abbreviated_as_by_ip),
		cmocka_unit_test(the_family_comes_from_the_first_address),
		cmocka_unit_test(what_was_not_written_stays_absent),
		cmocka_unit_test(bad_rules_are_refused_in_one_line),
		cmocka_unit_test(bad_routes_are_refused_in_one_line),
		cmocka_unit_test(ipv6_routes_refuse_what_ipv6_refuses),
		cmocka_unit_test(lines_and_hops_have_limits),
		cmocka_unit_test(the_longest_route_fits),
		cmocka_unit_test(rules_survive_printing_and_parsing),
		cmocka_unit_test(routes_survive_printing_and_parsing),
		cmocka_unit_test(hostile_bytes_do_no_harm),
		cmocka_unit_test(builtin_names_are_known_without_files),
		cmocka_unit_test(names_are_printed_when_given),
	};

	return cmocka_run_group_tests_name("words", tests, NULL, NULL);
}
