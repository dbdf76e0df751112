/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: unit tests of json.c. */
#include "build.h"
#include "json.h"

static void
assert_string(const char *s, const char *want)
{
	struct text t = { 0 };

	json_string(&t, s);
	assert_string_equal(t.at, want);
	text_fini(&t);
}

static void
strings_are_escaped_and_always_utf8(void **state)
{
	(void)state;
	assert_string("rt1", "\"rt1\"");
	assert_string("", "\"\"");
	assert_string("a\"b\\c/", "\"a\\\"b\\\\c/\"");
	assert_string("\x01\n\x1f\x7f", "\"\\u0001\\u000a\\u001f\x7f\"");
	assert_string("\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80",
	    "\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\"");
	/* Cut, overlong, surrogate, too large, lone continuation. */
	assert_string("\xc3", "\"\\ufffd\"");
	assert_string("\xe2\x82", "\"\\ufffd\\ufffd\"");
	assert_string("\xc0\xaf", "\"\\ufffd\\ufffd\"");
	assert_string("\xe0\x80\xaf", "\"\\ufffd\\ufffd\\ufffd\"");
	assert_string("\xed\xa0\x80", "\"\\ufffd\\ufffd\\ufffd\"");
	assert_string("\xf4\x90\x80\x80",
	    "\"\\ufffd\\ufffd\\ufffd\\ufffd\"");
	assert_string("\x80x", "\"\\ufffdx\"");
}

static void
assert_rule(int family, const char *words, const char *want)
{
	struct text t = { 0 };
	struct rule r;
	struct fault f;

	if (!words_parse_rule(&r, family, 0, NULL, words, &f))
		fail_msg("%s", f.text);
	rule_normalize(&r);
	json_rule(&t, &r, NULL);
	assert_string_equal(t.at, want);
	text_fini(&t);
}

static void
rules_have_the_keys_of_ip_j_rule(void **state)
{
	(void)state;
	assert_rule(AF_INET, "from 10.0.1.10 lookup 101 priority 12030 "
	    "protocol 173", "\"priority\":12030,\"src\":\"10.0.1.10\","
	    "\"table\":\"101\",\"protocol\":\"ifpolicy\"");
	assert_rule(AF_INET, "not to 10.8.0.0/16 lookup main priority 7 "
	    "suppress_prefixlength 0 suppress_ifgroup 3", "\"priority\":7,"
	    "\"not\":null,\"src\":\"all\",\"dst\":\"10.8.0.0\",\"dstlen\":16,"
	    "\"table\":\"main\",\"suppress_prefixlen\":0,"
	    "\"suppress_ifgroup\":\"3\",\"protocol\":\"unspec\"");
	assert_rule(AF_INET6, "from fd00:1::/64 fwmark 0x10/0xff iif eth1 "
	    "oif eth2 priority 9 goto 20", "\"priority\":9,\"src\":"
	    "\"fd00:1::\",\"srclen\":64,\"fwmark\":\"0x10\",\"fwmask\":"
	    "\"0xff\",\"iif\":\"eth1\",\"oif\":\"eth2\",\"goto\":20,"
	    "\"protocol\":\"unspec\"");
	assert_rule(AF_INET, "ipproto tcp sport 80 dport 1000-2000 uidrange "
	    "1-2 tos 0x10 priority 1 unreachable", "\"priority\":1,\"src\":"
	    "\"all\",\"tos\":\"0x10\",\"uid_start\":1,\"uid_end\":2,"
	    "\"ipproto\":\"6\",\"sport\":80,\"dport_start\":1000,"
	    "\"dport_end\":2000,\"action\":\"unreachable\",\"protocol\":"
	    "\"unspec\"");
	assert_rule(AF_INET, "l3mdev priority 1000", "\"priority\":1000,"
	    "\"src\":\"all\",\"l3mdev\":null,\"protocol\":\"unspec\"");
}

static void
assert_route(int family, const char *words, const char *want)
{
	struct text t = { 0 };
	struct route r;
	struct fault f;

	if (!words_parse_route(&r, family, NULL, words, &f))
		fail_msg("%s", f.text);
	route_normalize(&r);
	json_route(&t, &r, NULL);
	assert_string_equal(t.at, want);
	text_fini(&t);
}

static void
routes_have_the_keys_of_ip_j_route(void **state)
{
	(void)state;
	assert_route(AF_INET, "default via 10.0.1.1 dev eth1 onlink table 101 "
	    "metric 5 protocol 173 src 10.0.1.10", "\"type\":\"unicast\","
	    "\"dst\":\"default\",\"gateway\":\"10.0.1.1\",\"dev\":\"eth1\","
	    "\"table\":\"101\",\"protocol\":\"ifpolicy\",\"prefsrc\":"
	    "\"10.0.1.10\",\"metric\":5,\"flags\":[\"onlink\"]");
	assert_route(AF_INET, "10.0.1.0/24 dev eth1 table main protocol "
	    "kernel", "\"type\":\"unicast\",\"dst\":\"10.0.1.0/24\",\"dev\":"
	    "\"eth1\",\"table\":\"main\",\"protocol\":\"kernel\",\"scope\":"
	    "\"link\",\"flags\":[]");
	assert_route(AF_INET6, "unreachable fd00::/8 table 7", "\"type\":"
	    "\"unreachable\",\"dst\":\"fd00::/8\",\"table\":\"7\","
	    "\"protocol\":\"unspec\",\"metric\":1024,\"flags\":[]");
	assert_route(AF_INET, "default via inet6 fe80::1 dev eth1 table 7",
	    "\"type\":\"unicast\",\"dst\":\"default\",\"via\":{\"family\":"
	    "\"inet6\",\"host\":\"fe80::1\"},\"dev\":\"eth1\",\"table\":"
	    "\"7\",\"protocol\":\"unspec\",\"flags\":[]");
	assert_route(AF_INET, "default table 7 nexthop via 10.0.1.1 dev eth1 "
	    "weight 2 nexthop dev eth2 onlink", "\"type\":\"unicast\",\"dst\":"
	    "\"default\",\"table\":\"7\",\"protocol\":\"unspec\",\"flags\":[],"
	    "\"nexthops\":[{\"gateway\":\"10.0.1.1\",\"dev\":\"eth1\","
	    "\"weight\":2,\"flags\":[]},{\"dev\":\"eth2\",\"weight\":1,"
	    "\"flags\":[\"onlink\"]}]");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(strings_are_escaped_and_always_utf8),
		cmocka_unit_test(rules_have_the_keys_of_ip_j_rule),
		cmocka_unit_test(routes_have_the_keys_of_ip_j_route),
	};

	return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
