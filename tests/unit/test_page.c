/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: unit tests of page.c. */
#include "build.h"

#include "page.h"

static void
assert_wrapped(size_t column, size_t indent, const char *words,
    const char *want)
{
	struct text t = { 0 };

	page_wrap(&t, column, indent, words);
	assert_string_equal(t.at, want);
	text_fini(&t);
}

static void
words_are_wrapped(void **state)
{
	const char *ten = "123456789 123456789 123456789 123456789 123456789 "
	    "123456789 123456789 ";
	char words[160], want[160];

	(void)state;
	assert_wrapped(0, 4, "", "\n");
	assert_wrapped(0, 4, "one  two ", "one two\n");
	/* 70 columns, and what just fits or does not. */
	snprintf(words, sizeof(words), "%s1234567890", ten);
	snprintf(want, sizeof(want), "%s1234567890\n", ten);
	assert_wrapped(0, 4, words, want);
	snprintf(words, sizeof(words), "%s12345678901 x", ten);
	snprintf(want, sizeof(want), "%.69s\n    12345678901 x\n", ten);
	assert_wrapped(0, 4, words, want);
	assert_wrapped(75, 2, "abcde fg", "abcde\n  fg\n");
	/* The first word stays where it is, a long one gets a line. */
	assert_wrapped(79, 2, "abcde fg", "abcde\n  fg\n");
}

static void
assert_cell(const char *s, size_t width, bool colour, enum paint paint,
    const char *want)
{
	struct text t = { 0 };

	page_cell(&t, s, width, colour, paint);
	assert_string_equal(t.at, want);
	text_fini(&t);
}

static void
cells_are_filled_up(void **state)
{
	(void)state;
	assert_cell("up", 4, false, PAINT_GOOD, "up  ");
	assert_cell("up", 4, true, PAINT_GOOD, "\033[32mup\033[0m  ");
	assert_cell("up", 4, true, PAINT_NONE, "up  ");
	assert_cell("linkdown", 4, false, PAINT_WARN, "linkdown");
	assert_cell("x", 0, true, PAINT_BAD, "\033[31mx\033[0m");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_wrapped),
		cmocka_unit_test(cells_are_filled_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
