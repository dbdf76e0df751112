/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: unit tests of interfaces.h and rewrite.h: lines in, the same lines out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "interfaces.h"
#include "rewrite.h"

static const char sample[] =
	"# top\\\n"
	"auto eth0\n"
	"\n"
	"iface eth0 inet static inherits lan\n"
	"\taddress 10.0.0.1/24  \n"
	"  # inside\n"
	"\tup ip rule add \\\n"
	"\t\tfrom 10.0.0.1 table 5\n"
	"\taddress 10.0.0.2/24\n"
	"source-directory more\n"
	"stray line\n"
	"mapping eth*\n"
	"\tmap home\n"
	"iface eth1 inet6 auto\n"
	"\tdown\\\n"
	"\n"
	"allow-hotplug eth1";

static void
lines_are_what_ifupdown_takes_them_for(void **unused)
{
	static const struct {
		enum interfaces_kind kind;
		size_t first, count;
		const char *name, *value;
	} want[] = {
		{ INTERFACES_COMMENT, 0, 1, NULL, NULL },
		{ INTERFACES_OTHER, 1, 1, "auto", "eth0" },
		{ INTERFACES_EMPTY, 2, 1, NULL, NULL },
		{ INTERFACES_STANZA, 3, 1, "iface",
		    "eth0 inet static inherits lan" },
		{ INTERFACES_OPTION, 4, 1, "address", "10.0.0.1/24" },
		{ INTERFACES_COMMENT, 5, 1, NULL, NULL },
		{ INTERFACES_OPTION, 6, 2, "up",
		    "ip rule add \t\tfrom 10.0.0.1 table 5" },
		{ INTERFACES_OPTION, 8, 1, "address", "10.0.0.2/24" },
		{ INTERFACES_SOURCE, 9, 1, "source-directory", "more" },
		{ INTERFACES_OTHER, 10, 1, "stray", "line" },
		{ INTERFACES_STANZA, 11, 1, "mapping", "eth*" },
		{ INTERFACES_OPTION, 12, 1, "map", "home" },
		{ INTERFACES_STANZA, 13, 1, "iface", "eth1 inet6 auto" },
		{ INTERFACES_OPTION, 14, 2, "down", "" },
		{ INTERFACES_OTHER, 16, 1, "allow-hotplug", "eth1" },
	};
	struct interfaces f = { 0 };

	(void)unused;
	assert_true(interfaces_read(&f, sample));
	assert_int_equal(f.line_count, sizeof(want) / sizeof(want[0]));
	for (size_t i = 0; i < f.line_count; i++) {
		assert_int_equal(f.line[i].kind, want[i].kind);
		assert_int_equal(f.line[i].first, want[i].first);
		assert_int_equal(f.line[i].count, want[i].count);
		if (!want[i].name) {
			assert_null(f.line[i].name);
			continue;
		}
		assert_string_equal(f.line[i].name, want[i].name);
		assert_string_equal(f.line[i].value, want[i].value);
	}
	assert_int_equal(f.stanza_count, 3);
	assert_string_equal(f.stanza[0].name, "eth0");
	assert_string_equal(f.stanza[0].method, "static");
	assert_string_equal(f.stanza[0].inherits, "lan");
	assert_true(f.stanza[1].mapping);
	assert_string_equal(f.stanza[2].family, "inet6");
	assert_string_equal(interfaces_option(&f, 0, "address"),
	    "10.0.0.2/24");
	assert_null(interfaces_option(&f, 2, "address"));
	interfaces_fini(&f);
}

static void
assert_text(const struct rewrite *r, const char *want)
{
	struct text out = { 0 };

	text_str(&out, "");
	rewrite_text(&out, r);
	assert_false(out.failed);
	assert_string_equal(out.at, want);
	text_fini(&out);
}

static void
assert_diff(const struct rewrite *r, const char *want)
{
	struct text out = { 0 };

	text_str(&out, "");
	rewrite_diff(&out, r, "a", "b");
	assert_string_equal(out.at, want);
	text_fini(&out);
}

static void
what_is_left_alone_comes_out_byte_for_byte(void **unused)
{
	static const char *const texts[] = { sample, "", "\n", "x", "\r\n\t" };
	struct rewrite r;

	(void)unused;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		assert_true(rewrite_start(&r, texts[i]));
		assert_true(rewrite_is_idle(&r));
		assert_text(&r, texts[i]);
		assert_diff(&r, "");
		rewrite_fini(&r);
	}
}

static void
lines_go_and_come(void **unused)
{
	struct rewrite r;

	(void)unused;
	assert_true(rewrite_start(&r, "1\n2\n3\n4\n5\n6\n7\n8\n9\n"
	    "10\n11"));
	rewrite_drop(&r, 1, 2);
	rewrite_insert(&r, 1, "new");
	rewrite_insert(&r, r.count, "last");
	assert_false(rewrite_is_idle(&r));
	assert_text(&r, "1\nnew\n4\n5\n6\n7\n8\n9\n10\n11\nlast\n");
	assert_diff(&r, "--- a\n+++ b\n"
	    "@@ -1,6 +1,5 @@\n 1\n-2\n-3\n+new\n 4\n 5\n 6\n"
	    "@@ -8,4 +7,5 @@\n 8\n 9\n 10\n-11\n"
	    "\\ No newline at end of file\n+11\n+last\n");
	rewrite_fini(&r);
	assert_true(rewrite_start(&r, ""));
	rewrite_insert(&r, 0, "only");
	assert_text(&r, "only\n");
	assert_diff(&r, "--- a\n+++ b\n@@ -0,0 +1 @@\n+only\n");
	rewrite_fini(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_what_ifupdown_takes_them_for),
		cmocka_unit_test(what_is_left_alone_comes_out_byte_for_byte),
		cmocka_unit_test(lines_go_and_come),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
