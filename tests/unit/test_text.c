/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: unit tests of text.c. */
#include "build.h"
#include "text.h"

static void
text_grows_with_what_is_added(void **state)
{
	struct text t = { 0 };
	char line[20];

	(void)state;
	for (int i = 0; i < 5000; i++) {
		snprintf(line, sizeof(line), "%d\n", i);
		if (i % 2)
			text_str(&t, line);
		else
			text_fmt(&t, "%d\n", i);
		assert_int_equal(t.at[t.len], '\0');
	}
	assert_false(t.failed);
	assert_int_equal(strlen(t.at), t.len);
	assert_int_equal(strncmp(t.at, "0\n1\n2\n", 6), 0);
	assert_string_equal(t.at + t.len - 5, "4999\n");
	text_fini(&t);
	assert_null(t.at);
	text_fini(&t);
	text_fini(NULL);
}

static void
a_text_of_nothing_is_an_empty_string(void **state)
{
	struct text t = { 0 };

	(void)state;
	text_str(&t, "");
	assert_string_equal(t.at, "");
	text_add(&t, "a\0b", 3);
	assert_int_equal(t.len, 3);
	assert_memory_equal(t.at, "a\0b", 4);
	text_fini(&t);
}

static void
every_length_around_the_first_room_fits(void **state)
{
	char bytes[4200];

	(void)state;
	memset(bytes, 'x', sizeof(bytes));
	for (size_t n = 2040; n < 2056; n++)
		for (size_t more = 0; more < 4; more++) {
			struct text t = { 0 };

			text_add(&t, bytes, n);
			text_add(&t, bytes, more);
			text_add(&t, bytes, n);
			assert_int_equal(t.len, 2 * n + more);
			assert_int_equal(strlen(t.at), t.len);
			text_fini(&t);
		}
}

static void
what_cannot_be_formatted_whole_fails_for_good(void **state)
{
	char big[3000];
	struct text t = { 0 };

	(void)state;
	memset(big, 'x', sizeof(big) - 1);
	big[sizeof(big) - 1] = '\0';
	text_fmt(&t, "%.2047s", big);
	assert_false(t.failed);
	assert_int_equal(t.len, 2047);
	text_fmt(&t, "%.2048s", big);
	assert_true(t.failed);
	text_str(&t, "more");
	assert_int_equal(t.len, 2047);
	text_fini(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_grows_with_what_is_added),
		cmocka_unit_test(a_text_of_nothing_is_an_empty_string),
		cmocka_unit_test(every_length_around_the_first_room_fits),
		cmocka_unit_test(what_cannot_be_formatted_whole_fails_for_good),
	};

	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
