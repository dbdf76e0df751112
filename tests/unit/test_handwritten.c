/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: unit tests of handwritten.h: what people write, read without a shell. */
#include <sys/socket.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "handwritten.h"
#include "words.h"

#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))

/* How a line reads: its commands, in the words of ip. */
static const char *
read_line(char buf[512], const char *line)
{
	static const char *const kinds[] = {
		"other", "nothing", "rule add ", "rule del ", "route add ",
		"route replace ", "route del ", "flush ", "flush cache",
		"name ", "sysctl ", "address ", "unsure: ",
	};
	struct names names = { .tables_read = true, .protocols_read = true };
	struct names spelled = names;
	struct hand_context ctx = {
		.variable = { { "IFACE", "eth0" }, { "IF_ADDRESS",
		    "10.0.0.5" }, { "IF_ODD", "a b" } },
		.variable_count = 3, .names = &names, .spelled = &spelled,
	};
	char text[WORDS_TEXT], prefix[PREFIX_TEXT];
	struct hand_list l = { 0 };
	size_t n = 0;

	buf[0] = '\0';
	assert_true(hand_read(&l, line, &ctx));
	for (size_t i = 0; i < l.count; i++) {
		const struct hand *h = &l.at[i];
		const char *what = "";

		switch (h->kind) {
		case HAND_RULE_ADD:
		case HAND_RULE_DELETE:
			what = words_print_rule(text, &h->rule, &spelled);
			break;
		case HAND_ROUTE_ADD:
		case HAND_ROUTE_REPLACE:
		case HAND_ROUTE_DELETE:
			what = words_print_route(text, &h->route, &spelled);
			break;
		case HAND_FLUSH_TABLE:
			what = names_table_text(text, &spelled, h->table);
			break;
		case HAND_TABLE_NAME:
		case HAND_SYSCTL:
			what = h->name;
			break;
		case HAND_ADDRESS:
			what = prefix_print(prefix, &h->address);
			break;
		case HAND_UNSURE:
			what = h->why;
			break;
		default:
			break;
		}
		n += (size_t)snprintf(buf + n, 512 - n, "%s%s%s%s",
		    i ? "; " : "", kinds[h->kind], what,
		    h->guarded ? " (guarded)" : "");
	}
	if (l.comment)
		snprintf(buf + n, 512 - n, " %s", l.comment);
	hand_list_fini(&l);
	names_fini(&names);
	names_fini(&spelled);
	return buf;
}

struct pair {
	const char *line, *reads;
};

static void
check(const struct pair *pairs, size_t count)
{
	char buf[512];

	for (size_t i = 0; i < count; i++)
		if (strcmp(read_line(buf, pairs[i].line), pairs[i].reads))
			fail_msg("%s\n reads  %s\n wanted %s", pairs[i].line,
			    buf, pairs[i].reads);
}

static void
every_spelling_of_ip(void **unused)
{
	static const struct pair pairs[] = {
		{ "ip rule add from 10.0.0.5 table isp",
		    "rule add from 10.0.0.5 lookup isp" },
		{ "/sbin/ip ru a from 10.0.0.5 ta isp",
		    "rule add from 10.0.0.5 lookup isp" },
		{ "ip -4 r add default via 10.0.0.1 tab 5",
		    "route add default via 10.0.0.1 table 5" },
		{ "ip -6 route a default via fe80::1 dev eth0",
		    "route add ::/0 via fe80::1 dev eth0" },
		{ "ip -family inet6 ro add default dev eth0",
		    "route add ::/0 dev eth0" },
		{ "ip -f inet ro ap 10.0.0.0/8 dev eth0",
		    "route add 10.0.0.0/8 dev eth0" },
		{ "ip ro r 10/8 via 10.0.0.1",
		    "route replace 10.0.0.0/8 via 10.0.0.1" },
		{ "ip route d default", "route del default" },
		{ "ip ru del prio 5", "rule del priority 5 from all" },
		{ "sudo ip rule add fwmark 1 lookup 5",
		    "rule add from all fwmark 0x1 lookup 5" },
		{ "ip r", "other" },
		{ "ip -s route show table 5", "other" },
		{ "ip route flush table isp", "flush isp" },
		{ "ip r f t 5", "flush 5" },
		{ "ip route flush cache", "flush cache" },
		{ "ip addr add 10.0.0.6/24 dev eth0",
		    "address 10.0.0.6/24" },
		{ "ip link set eth0 up", "other" },
		{ "ip neigh add 10.0.0.9 dev eth0", "other" },
	};

	(void)unused;
	check(pairs, COUNT(pairs));
}

static void
what_a_shell_makes_of_it(void **unused)
{
	static const struct pair pairs[] = {
		{ "ip rule add from $IF_ADDRESS iif ${IFACE} table 5",
		    "rule add from 10.0.0.5 iif eth0 lookup 5" },
		{ "ip rule add 'from' \"10.0.0.5\" ta\\ble 5",
		    "rule add from 10.0.0.5 lookup 5" },
		{ "ip rule add from 1.2.3.4 table 5 || true",
		    "rule add from 1.2.3.4 lookup 5 (guarded); nothing" },
		{ "ip rule add from 1.2.3.4 table 5 2>/dev/null || :",
		    "rule add from 1.2.3.4 lookup 5 (guarded); nothing" },
		{ "ip rule add from 1.2.3.4 table 5 >/dev/null 2>&1; "
		    "ip route flush cache",
		    "rule add from 1.2.3.4 lookup 5 (guarded); flush cache" },
		{ "ip rule add from 1.2.3.4 table 5 && ip rule add from "
		    "1.2.3.5 table 5", "rule add from 1.2.3.4 lookup 5; "
		    "rule add from 1.2.3.5 lookup 5" },
		{ "ip rule | grep -q 1.2.3.4 || ip rule add from 1.2.3.4 "
		    "table 5", "nothing; nothing; rule add from 1.2.3.4 "
		    "lookup 5" },
		{ "ip route replace 10/8 dev eth0 || ip route add 10/8 dev "
		    "eth0", "route replace 10.0.0.0/8 dev eth0 (guarded); "
		    "nothing" },
		{ "ip rule add from 1.2.3.4 table 5 # the lab",
		    "rule add from 1.2.3.4 lookup 5 # the lab" },
		{ "ip rule add from 1.2.3.4 table 5 &>/dev/null",
		    "rule add from 1.2.3.4 lookup 5" },
		{ "true", "other" },
		{ "echo ip rule add", "other" },
		{ "touch /x; true", "other" },
		{ "", "other" },
	};

	(void)unused;
	check(pairs, COUNT(pairs));
}

static void
what_is_not_sure_says_why(void **unused)
{
	static const struct pair pairs[] = {
		{ "ip rule add from $(hostname -I) table 5", "unsure: it has "
		    "a \"$\" or a \"`\" that only a shell could follow" },
		{ "ip rule add from $IF_ODD table 5", "unsure: it has a \"$\" "
		    "or a \"`\" that only a shell could follow" },
		{ "ip rule add from 'x", "unsure: it has a quote or bracket "
		    "that is not closed" },
		{ "if true; then ip rule add table 5; fi",
		    "unsure: it branches, loops or groups" },
		{ "(ip rule add table 5)",
		    "unsure: it branches, loops or groups" },
		{ "test -e /x && ip rule add table 5", "unsure: it does "
		    "something else as well; put that into a line of its own" },
		{ "test -e /x || ip rule add table 5", "unsure: it depends on "
		    "whether another command fails" },
		{ "ip route list | tee /x | ip route add 10/8 dev eth0",
		    "unsure: it is part of a pipe" },
		{ "! ip rule add table 5",
		    "unsure: it is turned round by \"!\"" },
		{ "ip rule add table", "unsure: \"table\": expected a "
		    "routing table after it" },
		{ "ip rule flush",
		    "unsure: it takes away the rules of everybody" },
		{ "ip route flush dev eth0",
		    "unsure: it may take away routes of others" },
		{ "ip route change default via 10.0.0.1",
		    "unsure: it changes a route that is there already" },
		{ "ip -batch /x/rules", "other" },
		{ "ip -n lab rule add table 5", "unsure: it has an option of "
		    "ip that is not known here" },
		{ "sh -c 'ip rule add table 5'", "unsure: it is a program "
		    "that may change rules or routes" },
		{ "while ip rule del table 5; do :; done",
		    "unsure: it branches, loops or groups" },
		{ "if true; then touch /x; fi", "other" },
		{ "route add -net 10.0.0.0 gw 10.0.0.1",
		    "unsure: it is not read: write it for ip(8)" },
		{ "route -A inet6 add default gw fe80::1",
		    "unsure: it is not read: write it for ip(8)" },
	};

	(void)unused;
	check(pairs, COUNT(pairs));
}

static void
net_tools_settings_and_names(void **unused)
{
	static const struct pair pairs[] = {
		{ "route add default gw 10.0.0.1",
		    "route add default via 10.0.0.1" },
		{ "/sbin/route add -net 10.1.0.0/16 gw 10.0.0.1 eth0",
		    "route add 10.1.0.0/16 via 10.0.0.1 dev eth0" },
		{ "route add -net 10.1.0.0 netmask 255.255.0.0 dev eth0 "
		    "metric 7", "route add 10.1.0.0/16 dev eth0 metric 7" },
		{ "route add -host 10.1.0.9 gw 10.0.0.1",
		    "route add 10.1.0.9 via 10.0.0.1" },
		{ "route del -net 10.1.0.0/16", "route del 10.1.0.0/16" },
		{ "route -n", "other" },
		{ "sysctl -w net.ipv4.conf.eth0.rp_filter=2",
		    "sysctl rp_filter" },
		{ "sysctl -q net.ipv4.conf.eth0/10.arp_filter=1",
		    "sysctl arp_filter" },
		{ "echo 1 > /proc/sys/net/ipv4/conf/$IFACE/arp_ignore",
		    "sysctl arp_ignore" },
		{ "sysctl -w net.ipv4.conf.all.rp_filter=2", "other" },
		{ "sysctl -w net.ipv4.ip_forward=1", "other" },
		{ "echo '7 lab' >> /etc/iproute2/rt_tables", "name lab" },
		{ "echo -e \"7\\tlab\" >> /etc/iproute2/rt_tables",
		    "name lab" },
		{ "grep -q lab /etc/iproute2/rt_tables || echo 7 lab >>"
		    "/etc/iproute2/rt_tables", "nothing; name lab" },
		{ "echo lab >> /etc/iproute2/rt_tables",
		    "unsure: it is not read: expected NUMBER NAME" },
		{ "echo 7 lab > /etc/iproute2/rt_tables", "unsure: it is a "
		    "program that may change rules or routes" },
	};

	(void)unused;
	check(pairs, COUNT(pairs));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_spelling_of_ip),
		cmocka_unit_test(what_a_shell_makes_of_it),
		cmocka_unit_test(what_is_not_sure_says_why),
		cmocka_unit_test(net_tools_settings_and_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
