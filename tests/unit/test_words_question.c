/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: unit tests of words-question.c: packets in the words of `ip route get`. */
#include <sys/socket.h>

#include <netinet/in.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "words.h"

static struct question
read_ok(const char *text)
{
	struct fault f = { "" };
	struct question q;

	if (!words_parse_question(&q, AF_UNSPEC, text, &f))
		fail_msg("%s: %s", text, f.text);
	return q;
}

static void
all_words_are_read(void **state)
{
	struct question q = read_ok("to 192.0.2.1 from 10.0.0.1 oif eth1 "
	    "mark 0x10 ipproto tcp sport 1024 dport 443 uid 1000 tos 10");
	char text[ADDR_TEXT];

	(void)state;
	assert_int_equal(q.family, AF_INET);
	assert_string_equal(addr_print(text, &q.to), "192.0.2.1");
	assert_string_equal(addr_print(text, &q.from), "10.0.0.1");
	assert_string_equal(q.out, "eth1");
	assert_string_equal(q.in, "");
	assert_int_equal(q.oif, 0);
	assert_int_equal(q.mark, 16);
	assert_int_equal(q.ipproto, IPPROTO_TCP);
	assert_true(q.has_ipproto);
	assert_int_equal(q.sport, 1024);
	assert_int_equal(q.dport, 443);
	assert_int_equal(q.uid, 1000);
	assert_int_equal(q.tos, 0x10);
	q = read_ok("fd00::1 from fd00::2 iif eth0 dsfield AF11");
	assert_int_equal(q.family, AF_INET6);
	assert_string_equal(q.in, "eth0");
	assert_int_equal(q.tos, 0x28);
}

static void
what_is_not_said_is_what_the_kernel_takes(void **state)
{
	struct question q = read_ok("192.0.2.1");

	(void)state;
	assert_int_equal(q.ipproto, IPPROTO_UDP);
	assert_false(q.has_ipproto);
	assert_false(addr_given(&q.from));
	q = read_ok("2001:db8::1");
	assert_int_equal(q.ipproto, 0);
	/* as in a rule: what is sent here */
	q = read_ok("192.0.2.1 iif lo");
	assert_string_equal(q.in, "");
}

static void
packets_that_there_are_not_are_refused(void **state)
{
	static const struct {
		const char *text, *why;
	} cases[] = {
		{ "", "where to" }, { "from 10.0.0.1", "where to" },
		{ "10.1", "expected an address" },
		{ "to 10.0.0.0/24", "expected an IPv4" },
		{ "10.0.0.1 from fd00::1", "expected an IPv4 address" },
		{ "10.0.0.1 10.0.0.2", "expected to, from" },
		{ "to 10.0.0.1 to 10.0.0.2", "given twice" },
		{ "10.0.0.1 via 10.0.0.2", "expected to, from" },
		{ "10.0.0.1 mark", "after it" },
		{ "10.0.0.1 mark x", "mark \"x\"" },
		{ "10.0.0.1 sport 0", "1-65535" },
		{ "10.0.0.1 dport 65536", "1-65535" },
		{ "10.0.0.1 uid -1", "uid" },
		{ "10.0.0.1 tos 3", "ECN" }, { "10.0.0.1 tos 100", "tos" },
		{ "10.0.0.1 ipproto 256", "protocol" },
		{ "10.0.0.1 ipproto icmp dport 5", "icmp has no ports" },
		{ "10.0.0.1 ipproto gre dport 5", "gre has no ports" },
		{ "10.0.0.1 iif eth0", "has a source" },
		{ "10.0.0.1 from 10.0.0.2 iif eth0 oif eth1", "iif and oif" },
		{ "10.0.0.1 from 10.0.0.2 iif eth0 uid 0", "no user's" },
		{ "224.0.0.5 from 10.0.0.2 iif eth0", "joined" },
		{ "ff02::1 from fe80::2 iif eth0", "joined" },
		{ "10.0.0.1 oif a/b", "device" },
		{ "0.0.0.0", "no destination" }, { "::", "no destination" },
		{ "10.0.0.1 from 0.0.0.0", "no source" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fault f = { "" };
		struct question q;

		assert_false(words_parse_question(&q, AF_UNSPEC,
		    cases[i].text, &f));
		if (!strstr(f.text, cases[i].why))
			fail_msg("%s: %s", cases[i].text, f.text);
	}
}

static void
a_family_that_was_said_counts(void **state)
{
	struct fault f = { "" };
	struct question q;

	(void)state;
	assert_true(words_parse_question(&q, AF_INET6, "fd00::1", &f));
	assert_false(words_parse_question(&q, AF_INET6, "to 10.0.0.1", &f));
	assert_non_null(strstr(f.text, "IPv6"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_words_are_read),
		cmocka_unit_test(what_is_not_said_is_what_the_kernel_takes),
		cmocka_unit_test(packets_that_there_are_not_are_refused),
		cmocka_unit_test(a_family_that_was_said_counts),
	};

	return cmocka_run_group_tests_name("words, question", tests, NULL,
	    NULL);
}
