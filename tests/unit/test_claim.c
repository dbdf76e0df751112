/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: unit tests of claim.c. */
#include "build.h"

static bool
add(struct settings *s, const char *name, const char *value, struct fault *f)
{
	f->text[0] = '\0';
	return settings_add(s, SPELL_INTERFACES, name, value, f);
}

static void
must(struct settings *s, const char *name, const char *value)
{
	struct fault f;

	if (!add(s, name, value, &f))
		fail_msg("%s", f.text);
}

/* All values in their order, "NUMBER:VALUE|". */
static void
assert_values(const struct settings *s, const char *want)
{
	char have[1000] = "";
	size_t n = 0;

	for (size_t i = 0; i < s->count; i++)
		n += (size_t)snprintf(have + n, sizeof(have) - n, "%s%u:%s|",
		    keys[s->at[i].key].name, s->at[i].number,
		    s->at[i].value);
	assert_string_equal(have, want);
}

static void
of_a_key_that_does_not_repeat_the_last_stays(void **state)
{
	struct settings s = { 0 };

	(void)state;
	must(&s, "table", "a");
	must(&s, "metric", "5");
	must(&s, "TABLE", "b");
	assert_values(&s, "table0:b|metric0:5|");
	/* Joined by ifupdown: the last line. */
	must(&s, "table", "c\nd");
	assert_values(&s, "table0:d|metric0:5|");
	settings_fini(&s);
	assert_null(s.at);
}

static void
repeats_keep_their_order_and_numbers_theirs(void **state)
{
	struct settings s = { 0 };

	(void)state;
	must(&s, "route", "a\nb");
	must(&s, "route2", "two");
	must(&s, "rule", "r");
	must(&s, "route10", "ten");
	must(&s, "route1", "one");
	must(&s, "route", "c");
	must(&s, "route1", "one again");
	assert_values(&s, "route0:a|route0:b|route0:c|route1:one|"
	    "route1:one again|route2:two|route10:ten|rule0:r|");
	settings_fini(&s);
}

static void
blanks_are_tidied_and_empty_lines_passed_over(void **state)
{
	struct settings s = { 0 };

	(void)state;
	must(&s, "route", "  a \t  b\t\n\n\n c\n");
	assert_values(&s, "route0:a b|route0:c|");
	/* An empty value beside one that is there: a joined nothing. */
	must(&s, "route", "");
	assert_values(&s, "route0:a b|route0:c|");
	settings_fini(&s);
}

static void
what_cannot_be_kept_is_refused_by_name(void **state)
{
	static const struct {
		const char *name, *value, *said;
	} cases[] = {
		{ "tabel", "x", "\"policy-tabel\": no such option; the "
		    "nearest is policy-table" },
		{ "table1", "x", "\"policy-table1\": no such option" },
		{ "", "x", "\"policy-\": no such option" },
		{ "table", "", "policy-table: needs a value (NAME|NUMBER|auto)"
		    },
		{ "table", "  \t", "policy-table: needs a value" },
		{ "PREFER_MAIN", "\x01", "policy-prefer-main \"\\x01\": has a "
		    "control character" },
		{ "rule", "a\x1b[2Jb", "policy-rule \"a\\x1b[2Jb\": has a "
		    "control character" },
		{ "rule", "\x7f", "has a control character" },
		{ "\x1b[2J", "x", "\"policy-\\x1b[2j\": no such option" },
		{ "an-option-name-longer-than-any-buffer-has-room-for", "x",
		    "no such option" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct settings s = { 0 };
		struct fault f;

		assert_false(add(&s, cases[i].name, cases[i].value, &f));
		if (!strstr(f.text, cases[i].said))
			fail_msg("case %zu: %s", i, f.text);
		assert_int_equal(s.count, 0);
		settings_fini(&s);
	}
}

static void
a_value_may_be_as_long_as_a_line_but_no_longer(void **state)
{
	struct settings s = { 0 };
	char value[VALUE_MAX + 2];
	struct fault f;

	(void)state;
	memset(value, 'x', sizeof(value));
	value[VALUE_MAX] = '\0';
	must(&s, "rule", value);
	assert_int_equal(strlen(s.at[0].value), VALUE_MAX);
	value[VALUE_MAX] = 'x';
	value[VALUE_MAX + 1] = '\0';
	assert_false(add(&s, "rule", value, &f));
	assert_non_null(strstr(f.text, "4097 bytes, the longest allowed is "
	    "4096"));
	assert_int_equal(s.count, 1);
	settings_fini(&s);
}

static void
there_may_be_so_many_options_and_no_more(void **state)
{
	struct settings s = { 0 };
	struct fault f;

	(void)state;
	for (int i = 0; i < SETTINGS_MAX; i++)
		must(&s, "rule", "x");
	assert_false(add(&s, "rule", "y", &f));
	assert_non_null(strstr(f.text, "policy-rule \"y\": more than 256 "
	    "options"));
	assert_int_equal(s.count, SETTINGS_MAX);
	settings_fini(&s);
}

static void
a_copy_is_equal_until_it_is_changed(void **state)
{
	struct settings s = { 0 }, copy;

	(void)state;
	must(&s, "table", "a");
	must(&s, "route1", "x");
	must(&s, "route", "y");
	assert_true(settings_copy(&copy, &s));
	assert_true(settings_equal(&s, &copy));
	assert_ptr_not_equal(s.at[0].value, copy.at[0].value);
	must(&copy, "table", "b");
	assert_false(settings_equal(&s, &copy));
	must(&copy, "table", "a");
	assert_true(settings_equal(&s, &copy));
	must(&copy, "route2", "z");
	assert_false(settings_equal(&s, &copy));
	assert_null(settings_get(&s, KEY_METRIC));
	assert_string_equal(settings_get(&s, KEY_ROUTE)->value, "y");
	settings_fini(&s);
	settings_fini(&copy);
	settings_fini(NULL);
}

static void
lines_of_files_keep_their_order_and_their_place(void **state)
{
	struct settings s = { 0 };
	struct fault f;

	(void)state;
	assert_true(settings_add_line(&s, KEY_RULE, "rule-eth1:1", "b", &f));
	assert_true(settings_add_line(&s, KEY_ROUTE, "route-eth1:9", "x",
	    &f));
	assert_true(settings_add_line(&s, KEY_RULE, "rule-eth1:2", "a\t a",
	    &f));
	assert_true(settings_add_line(&s, KEY_RULE, "rule-eth1:3", "b", &f));
	assert_int_equal(s.count, 4);
	assert_string_equal(s.at[0].value, "b");
	assert_string_equal(s.at[0].where, "rule-eth1:1");
	assert_string_equal(s.at[1].value, "a a");
	assert_string_equal(s.at[2].where, "rule-eth1:3");
	assert_int_equal(s.at[3].key, KEY_ROUTE);
	for (size_t i = 0; i < s.count; i++) {
		assert_int_equal(s.at[i].number, 0);
		assert_false(s.at[i].refused);
		assert_null(s.at[i].why);
	}
	settings_fini(&s);
}

/* The record sets it in brackets, on one line. */
static void
a_place_is_made_fit_for_the_record(void **state)
{
	static const struct {
		const char *where, *kept;
	} cases[] = {
		{ "rule-eth1:1", "rule-eth1:1" }, { "", "" },
		{ "rule-a]b:1", "rule-a?b:1" }, { "a\nb\x1b\x7f", "a?b??" },
		{ "[rule eth1] 3", "[rule eth1? 3" },
		{ "r\xc3\xa9seau:1", "r\xc3\xa9seau:1" },
	};
	char longest[2 * WHERE_MAX];
	struct settings s = { 0 };
	struct fault f;

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		assert_true(settings_add_line(&s, KEY_RULE, cases[i].where,
		    "x", &f));
		assert_string_equal(s.at[i].where, cases[i].kept);
	}
	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	assert_true(settings_add_line(&s, KEY_RULE, longest, "x", &f));
	assert_int_equal(strlen(s.at[s.count - 1].where), WHERE_MAX - 1);
	settings_fini(&s);
}

static void
a_line_that_cannot_be_kept_is_refused(void **state)
{
	struct settings s = { 0 };
	char big[VALUE_MAX + 2];
	struct fault f;

	(void)state;
	memset(big, 'x', sizeof(big) - 1);
	big[sizeof(big) - 1] = '\0';
	assert_false(settings_add_line(&s, KEY_ROUTE, "a:1", big, &f));
	assert_non_null(strstr(f.text, "4097 bytes"));
	assert_false(settings_add_line(&s, KEY_ROUTE, "a:2", "a\x1b[2J",
	    &f));
	assert_null(strchr(f.text, '\x1b'));
	assert_false(settings_add_line(&s, KEY_ROUTE, "a:3", "a\nb", &f));
	assert_int_equal(s.count, 0);
	big[VALUE_MAX] = '\0';
	assert_true(settings_add_line(&s, KEY_ROUTE, "a:4", big, &f));
	settings_fini(&s);
}

static void
a_refusal_says_why_in_one_printable_line(void **state)
{
	struct settings s = { 0 }, copy;
	struct fault f;

	(void)state;
	assert_true(settings_add_line(&s, KEY_RULE, "a:1", "x", &f));
	setting_refuse(&s.at[0], "first");
	setting_refuse(&s.at[0], "kernel:\nno\x7f");
	assert_true(s.at[0].refused);
	assert_string_equal(s.at[0].why, "kernel:?no?");
	assert_true(settings_copy(&copy, &s));
	assert_false(copy.at[0].refused);
	assert_null(copy.at[0].why);
	assert_string_equal(copy.at[0].where, "a:1");
	/* What became of it is no part of what was asked for. */
	assert_true(settings_equal(&s, &copy));
	settings_fini(&copy);
	settings_fini(&s);
}

static void
where_a_line_stands_is_part_of_equality(void **state)
{
	struct settings a = { 0 }, b = { 0 }, c = { 0 };
	struct fault f;

	(void)state;
	assert_true(settings_add_line(&a, KEY_RULE, "a:1", "x", &f));
	assert_true(settings_add_line(&b, KEY_RULE, "a:2", "x", &f));
	must(&c, "rule", "x");
	assert_true(settings_equal(&a, &a));
	assert_false(settings_equal(&a, &b));
	assert_false(settings_equal(&a, &c));
	assert_false(settings_equal(&c, &a));
	settings_fini(&a);
	settings_fini(&b);
	settings_fini(&c);
}

static void
files_and_options_of_a_label_are_two_claims(void **state)
{
	struct claim a = claim_of("eth1", AF_INET, NULL);
	struct claim b = claim_of("eth1", AF_INET, NULL);

	(void)state;
	assert_true(claim_key_same(&a.key, &b.key));
	b.key.files = true;
	assert_false(claim_key_same(&a.key, &b.key));
	assert_false(claim_key_same(&b.key, &a.key));
	a.key.files = true;
	assert_true(claim_key_same(&a.key, &b.key));
}

static void
sameness_and_slots_differ_by_kind(void **state)
{
	static const struct {
		const char *a, *b;
		bool same, slot;
	} cases[] = {
		{ "rule add priority 1 lookup 7\n", "rule add priority 1 "
		    "lookup 7 protocol 4\n", true, true },
		{ "rule add priority 1 lookup 7\n", "rule add priority 2 "
		    "lookup 7\n", false, false },
		{ "route add default via 10.0.0.1 dev eth1 table 7\n",
		    "route add default via 10.0.0.2 dev eth1 table 7\n",
		    false, true },
		{ "route add default via 10.0.0.1 dev eth1 table 7\n",
		    "route add default via 10.0.0.1 dev eth1 table 8\n",
		    false, false },
		{ "route add default dev eth1 table 254\n",
		    "taken route add default dev eth1 table 254\n", false,
		    false },
		{ "taken route add default dev eth1 table 254 protocol 16\n",
		    "taken route add default dev eth1 table 254 protocol 9\n",
		    false, false },
		{ "sysctl ipv4/conf/eth1/rp_filter 1\n",
		    "sysctl ipv4/conf/eth1/rp_filter 1 was 0\n", true, true },
		{ "sysctl ipv4/conf/eth1/rp_filter 1\n",
		    "sysctl ipv4/conf/eth1/rp_filter 2\n", false, true },
		{ "sysctl ipv4/conf/eth1/rp_filter 1\n",
		    "sysctl ipv4/conf/eth2/rp_filter 1\n", false, false },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct object a = object_of(AF_INET, cases[i].a);
		struct object b = object_of(AF_INET, cases[i].b);

		assert_true(object_same(&a, &a) && object_same_slot(&a, &a));
		if (object_same(&a, &b) != cases[i].same ||
		    object_same_slot(&b, &a) != cases[i].slot)
			fail_msg("case %zu", i);
	}
}

static void
a_label_has_its_device_before_the_colon(void **state)
{
	struct addr own = addr_of("10.0.1.10");
	struct claim a, b;

	(void)state;
	assert_true(claim_init(&a, "eth1:1", AF_INET, &own));
	assert_string_equal(a.key.label, "eth1:1");
	assert_string_equal(a.device, "eth1");
	assert_true(claim_init(&b, "eth1:1", AF_INET, &own));
	assert_true(claim_key_same(&a.key, &b.key));
	b.key.own.byte[3]++;
	assert_false(claim_key_same(&a.key, &b.key));
	assert_true(claim_init(&b, "eth1:2", AF_INET, &own));
	assert_false(claim_key_same(&a.key, &b.key));
	assert_true(claim_init(&b, "eth1:1", AF_INET6, &own));
	assert_false(claim_key_same(&a.key, &b.key));
	assert_false(claim_init(&b, "../x", AF_INET, NULL));
	assert_false(claim_init(&b, "", AF_INET, NULL));
	assert_false(claim_init(&b, "a23456789012345:1", AF_INET, NULL));
}

static void
an_error_replaces_the_former_one(void **state)
{
	struct claim c = claim_of("eth1", AF_INET, NULL);

	(void)state;
	assert_true(claim_set_error(&c, "one"));
	assert_true(claim_set_error(&c, "two"));
	assert_string_equal(c.error, "two");
	assert_true(claim_set_error(&c, NULL));
	assert_null(c.error);
	claim_fini(&c);
	claim_fini(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_a_key_that_does_not_repeat_the_last_stays),
		cmocka_unit_test(repeats_keep_their_order_and_numbers_theirs),
		cmocka_unit_test(blanks_are_tidied_and_empty_lines_passed_over),
		cmocka_unit_test(what_cannot_be_kept_is_refused_by_name),
		cmocka_unit_test(
		    a_value_may_be_as_long_as_a_line_but_no_longer),
		cmocka_unit_test(there_may_be_so_many_options_and_no_more),
		cmocka_unit_test(a_copy_is_equal_until_it_is_changed),
		cmocka_unit_test(
		    lines_of_files_keep_their_order_and_their_place),
		cmocka_unit_test(a_place_is_made_fit_for_the_record),
		cmocka_unit_test(a_line_that_cannot_be_kept_is_refused),
		cmocka_unit_test(a_refusal_says_why_in_one_printable_line),
		cmocka_unit_test(where_a_line_stands_is_part_of_equality),
		cmocka_unit_test(files_and_options_of_a_label_are_two_claims),
		cmocka_unit_test(sameness_and_slots_differ_by_kind),
		cmocka_unit_test(a_label_has_its_device_before_the_colon),
		cmocka_unit_test(an_error_replaces_the_former_one),
	};

	return cmocka_run_group_tests_name("claim", tests, NULL, NULL);
}
