/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: unit tests of conf.c, on an /etc of their own. */
#include <sys/stat.h>

#include <unistd.h>

#include "build.h"
#include "conf.h"

static int
empty(void **state)
{
	static const char *const dirs[] = {
		"/etc/default", "/etc/sysconfig", CONF_DIR,
	};

	(void)state;
	umount("/etc");
	if (mount("test", "/etc", "tmpfs", 0, "mode=755") < 0)
		return -1;
	for (size_t i = 0; i < LENGTH(dirs); i++)
		if (mkdir(dirs[i], 0755) < 0)
			return -1;
	return 0;
}

static void
assert_value(const struct settings *s, enum key_id key, const char *want)
{
	assert_non_null(settings_get(s, key));
	assert_string_equal(settings_get(s, key)->value, want);
}

static void
missing_files_are_empty(void **state)
{
	struct settings s = { 0 };
	bool found = true;
	struct fault f;

	(void)state;
	assert_true(conf_defaults(&s, &f));
	assert_true(conf_device(&s, "eth1", &found, &f));
	assert_false(found);
	assert_int_equal(s.count, 0);
	rmdir(CONF_DIR);
	put(CONF_DIR, "");
	assert_true(conf_device(&s, "eth1", &found, &f));
	assert_false(found);
}

static void
defaults_are_read_without_a_shell(void **state)
{
	struct settings s = { 0 };
	struct fault f;

	(void)state;
	put(CONF_DEFAULTS_DEBIAN, "# a comment\n\n  \t\nPOLICY_WAIT=7\n"
	    "\tPOLICY_PRIORITY=\"500\"\nPOLICY_RP_FILTER='loose'\n"
	    "POLICY_FALLBACK=\"unreach\"'able' # it's\npolicy_arp=filter; "
	    "export POLICY_MATCH=from\\ to\n");
	if (!conf_defaults(&s, &f))
		fail_msg("%s", f.text);
	assert_int_equal(s.count, 6);
	assert_value(&s, KEY_WAIT, "7");
	assert_value(&s, KEY_PRIORITY, "500");
	assert_value(&s, KEY_FALLBACK, "unreachable");
	assert_value(&s, KEY_MATCH, "from to");
	assert_value(&s, KEY_RP_FILTER, "loose");
	assert_value(&s, KEY_ARP, "filter");
	settings_fini(&s);
}

static void
the_red_hat_file_counts_where_there_is_no_debian_one(void **state)
{
	struct settings s = { 0 };
	struct fault f;

	(void)state;
	put(CONF_DEFAULTS_REDHAT, "POLICY_WAIT=7\n");
	assert_true(conf_defaults(&s, &f));
	assert_value(&s, KEY_WAIT, "7");
	settings_fini(&s);
	put(CONF_DEFAULTS_DEBIAN, "POLICY_PRIORITY=9\n");
	assert_true(conf_defaults(&s, &f));
	assert_null(settings_get(&s, KEY_WAIT));
	settings_fini(&s);
}

static void
a_bad_default_is_named_with_file_and_line(void **state)
{
	static const struct {
		const char *line, *said;
	} cases[] = {
		{ "WAIT=7", "\"WAIT\": expected POLICY_KEY=value" },
		{ "POLICY_WAIT", "\"POLICY_WAIT\": expected POLICY_KEY" },
		{ ". /etc/x", "\". /etc/x\": expected POLICY_KEY=value" },
		{ "POLICY_WAIT =7", "\"POLICY_WAIT =7\": expected POLICY_KEY" },
		{ "POLICY_MATCH=from to", "\"POLICY_MATCH=from to\": a value "
		    "with blanks, \";\" and the like must stand in quotes" },
		{ "POLICY_WIAT=7", "\"POLICY_WIAT\": no such option; the "
		    "nearest is POLICY_WAIT" },
		{ "POLICY_TABLE=$(reboot)", "POLICY_TABLE: \"$(reboot)\" "
		    "could only be known by running a shell" },
		{ "POLICY_TABLE=`reboot`", "could only be known" },
		{ "POLICY_TABLE=\"a", "a \" that is not closed" },
		{ "POLICY_TABLE=\"a$b\"", "could only be known" },
		{ "POLICY_TABLE=a\r", "the line ends in CR" },
		{ "POLICY_TABLE=", "POLICY_TABLE: needs a value" },
		{ "POLICY_TABLE=\x1b[2J", "has a control character" },
		{ "POLICY_ROUTE=10.0.0.0/8 POLICY_ROUTE=10.0.0.0/7",
		    "POLICY_ROUTE: stands in line 3 already; give each a "
		    "number: POLICY_ROUTE0, POLICY_ROUTE1" },
		{ "true \x1b", "true \\x1b" },
	};
	char text[200];

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct settings s = { 0 };
		struct fault f;

		snprintf(text, sizeof(text), "# one\n\n%s\n", cases[i].line);
		put(CONF_DEFAULTS_DEBIAN, text);
		if (conf_defaults(&s, &f))
			fail_msg("taken: %s", cases[i].line);
		if (strncmp(f.text, CONF_DEFAULTS_DEBIAN ":3: ", 24) ||
		    !strstr(f.text, cases[i].said) || strchr(f.text, '\x1b'))
			fail_msg("%s: %s", cases[i].line, f.text);
		settings_fini(&s);
	}
}

static void
a_device_s_file_has_stanza_lines(void **state)
{
	struct settings s = { 0 };
	bool found;
	struct fault f;

	(void)state;
	put(CONF_DIR "/eth1", "# mine\npolicy-table rt1\n\tpolicy_metric\t5\n"
	    "policy-route 10.8.0.0/16   via 10.0.1.1\n"
	    "policy-route 10.9.0.0/16\n");
	if (!conf_device(&s, "eth1", &found, &f))
		fail_msg("%s", f.text);
	assert_true(found);
	assert_int_equal(s.count, 4);
	assert_value(&s, KEY_TABLE, "rt1");
	assert_value(&s, KEY_METRIC, "5");
	assert_value(&s, KEY_ROUTE, "10.8.0.0/16 via 10.0.1.1");
	settings_fini(&s);
	put(CONF_DIR "/eth1", "");
	assert_true(conf_device(&s, "eth1", &found, &f));
	assert_true(found);
	assert_int_equal(s.count, 0);
}

static void
a_bad_line_of_a_device_is_named(void **state)
{
	static const char *const lines[] = {
		"table rt1", "policy-tabel rt1", "policy-table", "policy- x",
		"Policy-table rt1", "policy-table\x01 rt1",
	};
	struct settings s = { 0 };
	bool found;
	struct fault f;

	(void)state;
	for (size_t i = 0; i < LENGTH(lines); i++) {
		put(CONF_DIR "/eth1", lines[i]);
		if (conf_device(&s, "eth1", &found, &f))
			fail_msg("taken: %s", lines[i]);
		assert_int_equal(strncmp(f.text, CONF_DIR "/eth1:1: ", 22), 0);
		settings_fini(&s);
	}
}

static void
no_name_leads_out_of_the_directory(void **state)
{
	struct settings s = { 0 };
	bool found = true;
	struct fault f;

	(void)state;
	put("/etc/passwd", "policy-table rt1\n");
	assert_true(conf_device(&s, "../passwd", &found, &f));
	assert_false(found);
	assert_true(conf_device(&s, "..", &found, &f));
	assert_false(found);
	assert_int_equal(s.count, 0);
}

static void
files_that_are_no_text_are_refused(void **state)
{
	char *big = calloc(1, 70000);
	struct settings s = { 0 };
	bool found;
	struct fault f;

	(void)state;
	assert_non_null(big);
	write_text(CONF_DIR "/eth1", "policy-table a\0b\n", 17);
	assert_false(conf_device(&s, "eth1", &found, &f));
	assert_non_null(strstr(f.text, CONF_DIR "/eth1: "));
	memset(big, '\n', 65536);
	write_text(CONF_DIR "/eth1", big, 65536);
	assert_true(conf_device(&s, "eth1", &found, &f));
	write_text(CONF_DIR "/eth1", big, 65537);
	assert_false(conf_device(&s, "eth1", &found, &f));
	assert_int_equal(unlink(CONF_DIR "/eth1"), 0);
	assert_int_equal(mkdir(CONF_DIR "/eth1", 0755), 0);
	assert_false(conf_device(&s, "eth1", &found, &f));
	settings_fini(&s);
	free(big);
}

static int
setup(void **state)
{
	(void)state;
	return private_dir("/etc");
}

#define TEST(name) cmocka_unit_test_setup(name, empty)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(missing_files_are_empty),
		TEST(defaults_are_read_without_a_shell),
		TEST(the_red_hat_file_counts_where_there_is_no_debian_one),
		TEST(a_bad_default_is_named_with_file_and_line),
		TEST(a_device_s_file_has_stanza_lines),
		TEST(a_bad_line_of_a_device_is_named),
		TEST(no_name_leads_out_of_the_directory),
		TEST(files_that_are_no_text_are_refused),
	};

	return cmocka_run_group_tests_name("conf", tests, setup, NULL);
}
