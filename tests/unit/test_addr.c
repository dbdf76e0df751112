/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: unit tests of addr.c. */
#include <sys/socket.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "addr.h"

#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))

static struct prefix
prefix(const char *text)
{
	struct prefix p;

	assert_true(prefix_parse(&p, AF_UNSPEC, text));
	return p;
}

static void
assert_prefix(const char *text, const char *expected)
{
	struct prefix p = prefix(text);
	char buf[PREFIX_TEXT];

	assert_string_equal(prefix_print(buf, &p), expected);
}

static void
addresses_round_trip(void **state)
{
	static const char *const text[] = {
		"0.0.0.0", "255.255.255.255", "192.0.2.1", "::", "::1",
		"2001:db8::1", "fe80::1", "::ffff:192.0.2.1",
		"1111:2222:3333:4444:5555:6666:7777:8888",
	};
	char buf[ADDR_TEXT];
	struct addr a;

	(void)state;
	for (size_t i = 0; i < COUNT(text); i++) {
		assert_true(addr_parse(&a, AF_UNSPEC, text[i]));
		assert_string_equal(addr_print(buf, &a), text[i]);
	}
}

static void
addresses_are_refused_whole(void **state)
{
	static const char *const bad[] = {
		"", "1", "1.2.3", "1.2.3.4.5", "256.0.0.1", "01.2.3.4",
		"1.2.3.4 ", " 1.2.3.4", "1.2.3.4/24", "0x7f.0.0.1", "default",
		":", ":::", "2001:db8", "2001:db8::g", "fe80::1%eth0",
		"1:2:3:4:5:6:7:8:9", "-1.2.3.4", "1..2.3",
	};
	struct addr a;

	(void)state;
	memset(&a, 0x5a, sizeof(a));
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_false(addr_parse(&a, AF_UNSPEC, bad[i]));
	assert_false(addr_parse(&a, AF_INET6, "192.0.2.1"));
	assert_false(addr_parse(&a, AF_INET, "2001:db8::1"));
	assert_int_equal(a.byte[15], 0x5a);
}

static void
prefixes_are_read_as_ip_reads_them(void **state)
{
	(void)state;
	assert_prefix("192.0.2.0/24", "192.0.2.0/24");
	assert_prefix("192.0.2.1", "192.0.2.1");
	assert_prefix("192.0.2.1/32", "192.0.2.1");
	assert_prefix("10/8", "10.0.0.0/8");
	assert_prefix("192.168/16", "192.168.0.0/16");
	assert_prefix("0/0", "default");
	assert_prefix("0.0.0.0/0", "default");
	assert_prefix("::/0", "default");
	assert_prefix("default", "default");
	assert_prefix("any", "default");
	assert_prefix("all", "default");
	assert_prefix("0.0.0.0", "0.0.0.0");
	assert_prefix("::", "::");
	assert_prefix("2001:db8::/32", "2001:db8::/32");
	assert_prefix("2001:db8::1/128", "2001:db8::1");
	assert_prefix("192.0.2.0/255.255.255.0", "192.0.2.0/24");
	assert_prefix("192.0.2.4/255.255.255.255", "192.0.2.4");
	assert_prefix("128.0.0.0/128.0.0.0", "128.0.0.0/1");
	assert_prefix("0.0.0.0/0.0.0.0", "default");
}

static void
prefixes_are_refused_whole(void **state)
{
	static const char *const bad[] = {
		"", "/", "/24", "10", "10.1", "10.", "10./8", "10../8",
		"1.2.3.4/", "1.2.3.4/33", "1.2.3.4/-1", "1.2.3.4/08",
		"1.2.3.4/24/24", "1.2.3.4/255.0.255.0", "1.2.3.4/0.0.0.255",
		"1.2.3.4/255.255", "1.2.3.4.5/8", "256/8", "1000/8",
		"2001:db8::/129", "2001:db8::/", "2001:db8::/ffff::",
		"2001:db8::/255.0.0.0", "default/0", "any/8", "Default",
		"1.2.3.4/24 ", "x/8",
		"1111:2222:3333:4444:5555:6666:7777:8888:9999:0000:1111/64",
	};
	struct prefix p;

	(void)state;
	memset(&p, 0x5a, sizeof(p));
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_false(prefix_parse(&p, AF_UNSPEC, bad[i]));
	assert_false(prefix_parse(&p, AF_INET6, "10/8"));
	assert_false(prefix_parse(&p, AF_INET, "::/0"));
	assert_int_equal(p.len, 0x5a);
}

static void
host_bits_are_seen_and_cleared(void **state)
{
	struct prefix p = prefix("192.0.2.129/25"), q = prefix("192.0.2.1/25");
	char buf[PREFIX_TEXT];

	(void)state;
	assert_true(prefix_has_host_bits(&p));
	assert_true(prefix_has_host_bits(&q));
	prefix_clear_host_bits(&p);
	prefix_clear_host_bits(&q);
	assert_false(prefix_has_host_bits(&p));
	assert_string_equal(prefix_print(buf, &p), "192.0.2.128/25");
	assert_string_equal(prefix_print(buf, &q), "192.0.2.0/25");
	p = prefix("2001:db8::1/127");
	assert_true(prefix_has_host_bits(&p));
	p = prefix("192.0.2.1/0");
	assert_true(prefix_has_host_bits(&p));
	p = prefix("192.0.2.1");
	assert_false(prefix_has_host_bits(&p));
}

/* Against the slowest way to say it: bit by bit. */
static void
covering_agrees_with_comparing_bits(void **state)
{
	struct prefix p;
	struct addr a;
	int covered = 0;

	(void)state;
	srand(1);
	for (int i = 0; i < 20000; i++) {
		int family = i % 2 ? AF_INET : AF_INET6;
		bool same = true;

		memset(&p, 0, sizeof(p));
		memset(&a, 0, sizeof(a));
		p.addr.family = a.family = (uint8_t)family;
		p.len = (uint8_t)((unsigned)rand() % (addr_bits(family) + 1));
		for (size_t b = 0; b < addr_bytes(family); b++)
			p.addr.byte[b] = a.byte[b] = (uint8_t)rand();
		if (rand() % 2)
			a.byte[(size_t)rand() % addr_bytes(family)] ^=
			    (uint8_t)(1 << rand() % 8);
		for (unsigned bit = 0; bit < p.len; bit++)
			if ((a.byte[bit / 8] ^ p.addr.byte[bit / 8]) >>
			    (7 - bit % 8) & 1)
				same = false;
		assert_int_equal(prefix_covers(&p, &a), same);
		covered += same;
	}
	assert_in_range(covered, 2000, 19000);
}

static void
a_prefix_covers_only_its_family(void **state)
{
	struct prefix p = prefix("0.0.0.0/0");
	struct addr a;

	(void)state;
	assert_true(addr_parse(&a, AF_INET6, "::1"));
	assert_false(prefix_covers(&p, &a));
	assert_true(addr_parse(&a, AF_INET, "192.0.2.1"));
	assert_true(prefix_covers(&p, &a));
}

static void
comparing_is_a_total_order(void **state)
{
	static const char *const sorted[] = {
		"10.0.0.0/8", "10.0.0.0/16", "10.0.0.1", "192.0.2.0/24",
		"2001:db8::/32", "2001:db8::/64", "fe80::/10",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(sorted); i++)
		for (size_t j = 0; j < COUNT(sorted); j++) {
			struct prefix p = prefix(sorted[i]);
			struct prefix q = prefix(sorted[j]);
			int c = prefix_cmp(&p, &q);

			assert_int_equal((c > 0) - (c < 0), (i > j) - (i < j));
		}
}

static void
any_prefix_equals_any_other(void **state)
{
	struct prefix p = prefix("0.0.0.0/0"), q = prefix("default"), r;

	(void)state;
	assert_int_equal(prefix_cmp(&p, &q), 0);
	assert_true(prefix_parse(&r, AF_INET6, "any"));
	assert_int_equal(prefix_cmp(&p, &r), 0);
}

static void
families_have_names_and_sizes(void **state)
{
	(void)state;
	assert_string_equal(addr_family_name(AF_INET), "inet");
	assert_string_equal(addr_family_name(AF_INET6), "inet6");
	assert_string_equal(addr_family_name(AF_UNSPEC), "any");
	assert_int_equal(addr_bits(AF_INET), 32);
	assert_int_equal(addr_bits(AF_INET6), 128);
	assert_int_equal(addr_bytes(AF_UNIX), 0);
}

static void
link_local_is_ipv6_fe80_10(void **state)
{
	struct addr a;

	(void)state;
	assert_true(addr_parse(&a, AF_UNSPEC, "fe80::1"));
	assert_true(addr_is_link_local(&a));
	assert_true(addr_parse(&a, AF_UNSPEC, "febf::1"));
	assert_true(addr_is_link_local(&a));
	assert_true(addr_parse(&a, AF_UNSPEC, "fec0::1"));
	assert_false(addr_is_link_local(&a));
	assert_true(addr_parse(&a, AF_UNSPEC, "169.254.0.1"));
	assert_false(addr_is_link_local(&a));
}

static void
a_host_prefix_is_the_whole_address(void **state)
{
	struct addr a;
	struct prefix p;

	(void)state;
	assert_true(addr_parse(&a, AF_UNSPEC, "2001:db8::1"));
	p = prefix_host(&a);
	assert_int_equal(p.len, 128);
	assert_true(prefix_is_host(&p));
	p = prefix("10.0.0.0/8");
	assert_false(prefix_is_host(&p));
	p = prefix("default");
	assert_false(prefix_is_host(&p));
	memset(&a, 0, sizeof(a));
	assert_false(addr_given(&a));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_round_trip),
		cmocka_unit_test(addresses_are_refused_whole),
		cmocka_unit_test(prefixes_are_read_as_ip_reads_them),
		cmocka_unit_test(prefixes_are_refused_whole),
		cmocka_unit_test(host_bits_are_seen_and_cleared),
		cmocka_unit_test(covering_agrees_with_comparing_bits),
		cmocka_unit_test(a_prefix_covers_only_its_family),
		cmocka_unit_test(comparing_is_a_total_order),
		cmocka_unit_test(any_prefix_equals_any_other),
		cmocka_unit_test(families_have_names_and_sizes),
		cmocka_unit_test(link_local_is_ipv6_fe80_10),
		cmocka_unit_test(a_host_prefix_is_the_whole_address),
	};

	return cmocka_run_group_tests_name("addr", tests, NULL, NULL);
}
