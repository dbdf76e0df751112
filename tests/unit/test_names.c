/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: unit tests of names.c, on an /etc and a /usr/share of their own. */
#include <sys/stat.h>

#include <unistd.h>

#include "build.h"
#include "names.h"

#define ETC	"/etc/iproute2"
#define SHARE	"/usr/share/iproute2"
#define OWN	ETC "/rt_tables.d/ifpolicy.conf"

/* Everything under both directories goes. */
static int
empty(void **state)
{
	static const char *const dirs[] = {
		ETC, ETC "/rt_tables.d", ETC "/rt_protos.d", SHARE,
		SHARE "/rt_tables.d",
	};

	(void)state;
	umount("/etc");
	umount("/usr/share");
	if (mount("test", "/etc", "tmpfs", 0, "mode=755") < 0 ||
	    mount("test", "/usr/share", "tmpfs", 0, "mode=755") < 0)
		return -1;
	for (size_t i = 0; i < LENGTH(dirs); i++)
		if (mkdir(dirs[i], 0755) < 0)
			return -1;
	return 0;
}

static void
assert_table(struct names *n, const char *word, uint32_t want)
{
	uint32_t number = 4711;

	if (!names_table(&number, n, word))
		fail_msg("%s is not known", word);
	assert_int_equal(number, want);
}

static void
assert_no_table(struct names *n, const char *word)
{
	uint32_t number = 4711;

	assert_false(names_table(&number, n, word));
	assert_int_equal(number, 4711);
}

static void
assert_table_text(struct names *n, uint32_t number, const char *want)
{
	char buf[TABLE_NAME_MAX + 1];

	assert_string_equal(names_table_text(buf, n, number), want);
}

static void
numbers_and_built_in_names_need_no_file(void **state)
{
	char buf[TABLE_NAME_MAX + 1];
	uint32_t number;

	(void)state;
	assert_table(NULL, "main", 254);
	assert_table(NULL, "local", 255);
	assert_table(NULL, "default", 253);
	assert_table(NULL, "0", 0);
	assert_table(NULL, "0x10", 16);
	assert_table(NULL, "4294967295", UINT32_MAX);
	assert_no_table(NULL, "4294967296");
	assert_no_table(NULL, "-1");
	assert_no_table(NULL, "");
	assert_no_table(NULL, "rt1");
	assert_table_text(NULL, 254, "main");
	assert_table_text(NULL, 101, "101");
	assert_true(names_protocol(&number, NULL, "ifpolicy"));
	assert_int_equal(number, 173);
	assert_true(names_protocol(&number, NULL, "dhcp"));
	assert_int_equal(number, 16);
	assert_true(names_protocol(&number, NULL, "255"));
	assert_false(names_protocol(&number, NULL, "256"));
	assert_string_equal(names_protocol_text(buf, NULL, 173), "ifpolicy");
	assert_string_equal(names_protocol_text(buf, NULL, 2), "kernel");
	assert_string_equal(names_protocol_text(buf, NULL, 77), "77");
}

static void
files_are_read_as_iproute2_reads_them(void **state)
{
	struct names n = { 0 };

	(void)state;
	put(ETC "/rt_tables", "#\n# reserved values\n255\tlocal\n"
	    "  7 \t spaced   # why\n0x10 hex\n8 last_word more words\n"
	    "9#nine\nten 10\n11\n-12 minus\n4294967296 large\n"
	    "13 a2345678901234567890123456789012\n"
	    "14 a234567890123456789012345678901\n"
	    "15 no-newline");
	assert_table(&n, "spaced", 7);
	assert_table(&n, "hex", 16);
	assert_table(&n, "last_word", 8);
	assert_table(&n, "no-newline", 15);
	assert_table(&n, "a234567890123456789012345678901", 14);
	assert_no_table(&n, "a2345678901234567890123456789012");
	assert_no_table(&n, "nine");
	assert_no_table(&n, "ten");
	assert_no_table(&n, "minus");
	assert_no_table(&n, "large");
	assert_no_table(&n, "why");
	assert_table_text(&n, 7, "spaced");
	assert_table_text(&n, 11, "11");
	assert_true(names_table_number_taken(&n, 7));
	assert_false(names_table_number_taken(&n, 11));
	names_fini(&n);
}

static void
the_first_lookup_is_as_good_as_any(void **state)
{
	char buf[TABLE_NAME_MAX + 1];
	struct names n = { 0 };
	uint32_t number;

	(void)state;
	put(ETC "/rt_tables", "7 seven\n");
	put(ETC "/rt_protos", "77 mine\n");
	assert_table_text(&n, 7, "seven");
	names_fini(&n);
	assert_true(names_table_number_taken(&n, 7));
	names_fini(&n);
	assert_true(names_protocol(&number, &n, "mine"));
	assert_int_equal(number, 77);
	names_fini(&n);
	assert_string_equal(names_protocol_text(buf, &n, 77), "mine");
	names_fini(&n);
	names_fini(NULL);
}

static void
drop_ins_of_all_places_count(void **state)
{
	struct names n = { 0 };

	(void)state;
	put(ETC "/rt_tables", "7 etc\n");
	put(SHARE "/rt_tables", "8 share\n");
	put(ETC "/rt_tables.d/a.conf", "9 etc-drop-in\n");
	put(SHARE "/rt_tables.d/b.conf", "10 share-drop-in\n");
	put(ETC "/rt_tables.d/c.txt", "11 not-conf\n");
	put(ETC "/rt_tables.d/.conf", "12 hidden\n");
	put(ETC "/rt_tables.d/d.conf~", "13 backup\n");
	assert_table(&n, "etc", 7);
	assert_table(&n, "etc-drop-in", 9);
	assert_table(&n, "share-drop-in", 10);
	assert_no_table(&n, "share");
	assert_no_table(&n, "not-conf");
	assert_no_table(&n, "hidden");
	assert_no_table(&n, "backup");
	names_fini(&n);
	/* Without the one in /etc, the distribution's counts. */
	assert_int_equal(unlink(ETC "/rt_tables"), 0);
	assert_table(&n, "share", 8);
	names_fini(&n);
}

static void
without_any_file_only_numbers_are_known(void **state)
{
	struct names n = { 0 };

	(void)state;
	umount("/etc");
	umount("/usr/share");
	assert_int_equal(mount("test", "/etc", "tmpfs", 0, NULL), 0);
	assert_int_equal(mount("test", "/usr/share", "tmpfs", 0, NULL), 0);
	assert_no_table(&n, "rt1");
	assert_table_text(&n, 7, "7");
	names_fini(&n);
}

/* Lines longer than any buffer, and names on both sides of its ends. */
static void
long_lines_hide_no_name(void **state)
{
	char *text = calloc(1, 100000);

	(void)state;
	assert_non_null(text);
	for (size_t pad = 4070; pad < 4110; pad++) {
		struct names n = { 0 };
		size_t len;

		len = (size_t)sprintf(text, "5 before\n#");
		memset(text + len, 'x', pad);
		sprintf(text + len + pad, "\n6 behind\n");
		put(ETC "/rt_tables", text);
		assert_table(&n, "before", 5);
		assert_table(&n, "behind", 6);
		names_fini(&n);
	}
	free(text);
}

static void
the_tail_of_a_long_comment_is_no_name(void **state)
{
	struct names n = { 0 };
	char *text = calloc(1, 10000);

	(void)state;
	assert_non_null(text);
	/* Cut after 4095 bytes, the rest would read "66 ghost". */
	memset(text, '#', 4095);
	strcpy(text + 4095, "66 ghost\n7 real\n");
	put(ETC "/rt_tables", text);
	assert_table(&n, "real", 7);
	assert_no_table(&n, "ghost");
	names_fini(&n);
	free(text);
}

static void
what_was_learned_is_known_then_saved_then_read(void **state)
{
	struct names n = { 0 }, again = { 0 };
	size_t len;
	char *text;

	(void)state;
	put(ETC "/rt_tables", "7 seven\n");
	assert_int_equal(names_learn_table(&n, "rt1", 8001), 0);
	assert_int_equal(names_learn_table(&n, "rt2", 8002), 0);
	assert_table(&n, "rt1", 8001);
	assert_table_text(&n, 8002, "rt2");
	assert_true(names_table_number_taken(&n, 8001));
	assert_int_equal(access(OWN, F_OK), -1);
	assert_int_equal(names_save_tables(&n), 0);
	text = read_text(OWN, &len);
	assert_int_equal(text[0], '#');
	assert_non_null(strstr(text, "\n8001\trt1\n8002\trt2\n"));
	free(text);
	assert_table(&again, "rt2", 8002);
	assert_table(&again, "seven", 7);
	/* Saving once more adds nothing, learning more appends. */
	assert_int_equal(names_save_tables(&n), 0);
	assert_int_equal(names_learn_table(&again, "rt3", 8003), 0);
	assert_int_equal(names_save_tables(&again), 0);
	text = read_text(OWN, &len);
	assert_non_null(strstr(text, "\n8001\trt1\n8002\trt2\n8003\trt3\n"));
	assert_string_equal(strstr(text, "8003"), "8003\trt3\n");
	free(text);
	assert_int_equal(access(OWN ".new", F_OK), -1);
	names_fini(&n);
	names_fini(&again);
}

static void
what_was_unlearned_is_not_saved(void **state)
{
	struct names n = { 0 };

	(void)state;
	put(ETC "/rt_tables", "7 seven\n");
	assert_int_equal(names_learn_table(&n, "rt1", 8001), 0);
	names_unlearn(&n);
	assert_no_table(&n, "rt1");
	assert_table(&n, "seven", 7);
	assert_int_equal(names_save_tables(&n), 0);
	assert_int_equal(access(OWN, F_OK), -1);
	/* Again after it: the list still has its room. */
	for (uint32_t i = 0; i < 100; i++) {
		assert_int_equal(names_learn_table(&n, "rt2", 8002), 0);
		names_unlearn(&n);
	}
	assert_int_equal(names_learn_table(&n, "rt3", 8003), 0);
	assert_table(&n, "rt3", 8003);
	names_fini(&n);
}

static void
saving_makes_the_directories_and_keeps_what_people_wrote(void **state)
{
	struct names n = { 0 };
	size_t len;
	char *text;

	(void)state;
	assert_int_equal(rmdir(ETC "/rt_tables.d"), 0);
	assert_int_equal(rmdir(ETC "/rt_protos.d"), 0);
	assert_int_equal(rmdir(ETC), 0);
	assert_int_equal(names_learn_table(&n, "rt1", 8001), 0);
	assert_int_equal(names_save_tables(&n), 0);
	names_fini(&n);
	put(OWN, "# my own words\n8001 rt1");
	assert_int_equal(names_learn_table(&n, "rt2", 8002), 0);
	assert_int_equal(names_save_tables(&n), 0);
	text = read_text(OWN, &len);
	assert_string_equal(text, "# my own words\n8001 rt1\n8002\trt2\n");
	free(text);
	names_fini(&n);
}

static void
a_save_that_fails_leaves_the_old_file(void **state)
{
	struct names n = { 0 };
	size_t len;
	char *text;

	(void)state;
	put(OWN, "8001\trt1\n");
	assert_int_equal(names_learn_table(&n, "rt2", 8002), 0);
	assert_int_equal(mount(NULL, "/etc", "none", MS_REMOUNT | MS_RDONLY,
	    NULL), 0);
	assert_int_equal(names_save_tables(&n), -EROFS);
	assert_int_equal(mount(NULL, "/etc", "none", MS_REMOUNT, NULL), 0);
	text = read_text(OWN, &len);
	assert_string_equal(text, "8001\trt1\n");
	free(text);
	/* It is still known, and saved when that is possible. */
	assert_table(&n, "rt2", 8002);
	assert_int_equal(names_save_tables(&n), 0);
	text = read_text(OWN, &len);
	assert_string_equal(text, "8001\trt1\n8002\trt2\n");
	free(text);
	names_fini(&n);
}

static void
new_names_are_plain_words(void **state)
{
	static const char *const good[] = {
		"rt1", "a", "1a", "eth0.100", "isp-b", "_x",
		"a234567890123456789012345678901",
	};
	static const char *const bad[] = {
		"", "1", "-a", ".a", "a b", "a/b", "a#b", "a\tb", "\xc3\xa4",
		"a\n", "a:1", "a2345678901234567890123456789012",
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(good); i++)
		if (!names_ok(good[i]))
			fail_msg("refused: %s", good[i]);
	for (size_t i = 0; i < LENGTH(bad); i++)
		if (names_ok(bad[i]))
			fail_msg("taken: %s", bad[i]);
}

static int
setup(void **state)
{
	(void)state;
	return private_dir("/etc") || private_dir("/usr/share") ? -1 : 0;
}

#define TEST(name) cmocka_unit_test_setup(name, empty)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(numbers_and_built_in_names_need_no_file),
		TEST(files_are_read_as_iproute2_reads_them),
		TEST(the_first_lookup_is_as_good_as_any),
		TEST(drop_ins_of_all_places_count),
		TEST(without_any_file_only_numbers_are_known),
		TEST(long_lines_hide_no_name),
		TEST(the_tail_of_a_long_comment_is_no_name),
		TEST(what_was_learned_is_known_then_saved_then_read),
		TEST(what_was_unlearned_is_not_saved),
		TEST(saving_makes_the_directories_and_keeps_what_people_wrote),
		TEST(a_save_that_fails_leaves_the_old_file),
		TEST(new_names_are_plain_words),
	};

	return cmocka_run_group_tests_name("names", tests, setup, NULL);
}
