/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: unit tests of say.c. */
#include <fcntl.h>
#include <unistd.h>

#include "build.h"
#include "say.h"

static void
a_fault_is_false_and_can_be_wrapped(void **state)
{
	struct fault f;

	(void)state;
	assert_false(fault_set(&f, "metric \"%d\": bad", 7));
	fault_before(&f, "%s: ", "eth1");
	fault_after(&f, " after %d s", 5);
	assert_string_equal(f.text, "eth1: metric \"7\": bad after 5 s");
}

static void
a_fault_of_any_length_stays_within_its_room(void **state)
{
	char big[FAULT_TEXT * 2];
	struct fault f;

	(void)state;
	memset(big, 'x', sizeof(big) - 1);
	big[sizeof(big) - 1] = '\0';
	fault_set(&f, "%s", big);
	assert_int_equal(strlen(f.text), FAULT_TEXT - 1);
	fault_after(&f, "more");
	assert_int_equal(strlen(f.text), FAULT_TEXT - 1);
	fault_before(&f, "eth1: ");
	assert_int_equal(strlen(f.text), FAULT_TEXT - 1);
	assert_int_equal(strncmp(f.text, "eth1: xxx", 9), 0);
	fault_before(&f, "%s", big);
	assert_int_equal(strlen(f.text), FAULT_TEXT - 1);
}

static void
hostile_bytes_are_shown_as_numbers(void **state)
{
	char buf[QUOTE_TEXT];

	(void)state;
	assert_string_equal(say_quote(buf, "rt1"), "\"rt1\"");
	assert_string_equal(say_quote(buf, ""), "\"\"");
	assert_string_equal(say_quote(buf, "a\nb\x1b[2J\x7f\xc3\xa4"),
	    "\"a\\x0ab\\x1b[2J\\x7f\\xc3\\xa4\"");
}

static void
a_quote_of_any_length_fits_and_says_that_it_was_cut(void **state)
{
	char text[300], buf[QUOTE_TEXT];

	(void)state;
	for (size_t n = 0; n < sizeof(text); n++)
		for (int kind = 0; kind < 2; kind++) {
			size_t len;

			memset(text, kind ? '\x01' : 'x', n);
			text[n] = '\0';
			memset(buf, 'z', sizeof(buf));
			len = strlen(say_quote(buf, text));
			assert_true(len < QUOTE_TEXT);
			assert_int_equal(buf[0], '"');
			assert_int_equal(buf[len - 1], '"');
			if (len != (kind ? 4 : 1) * n + 2)
				assert_string_equal(buf + len - 4, "...\"");
		}
}

/* What one call writes to stderr. */
static void
heard(char *out, size_t size, const char *text, bool note)
{
	struct say s = { .syslog = false };
	int ends[2], err = dup(STDERR_FILENO);
	ssize_t n;

	assert_int_equal(pipe(ends), 0);
	assert_int_equal(fcntl(ends[0], F_SETFL, O_NONBLOCK), 0);
	dup2(ends[1], STDERR_FILENO);
	if (note)
		say_note(&s, "%s", text);
	else
		say_error(&s, "%s", text);
	dup2(err, STDERR_FILENO);
	n = read(ends[0], out, size - 1);
	out[n > 0 ? n : 0] = '\0';
	close(err);
	close(ends[0]);
	close(ends[1]);
}

static void
a_message_is_one_line_with_the_suite_s_name(void **state)
{
	char out[4096], big[3000];

	(void)state;
	heard(out, sizeof(out), "eth1: no", false);
	assert_string_equal(out, "ifpolicy: eth1: no\n");
	heard(out, sizeof(out), "eth1: well", true);
	assert_string_equal(out, "ifpolicy: eth1: well\n");
	for (size_t n = 1000; n < sizeof(big); n += 7) {
		memset(big, 'x', n);
		big[n] = '\0';
		heard(out, sizeof(out), big, false);
		assert_int_equal(strncmp(out, "ifpolicy: xxx", 13), 0);
		assert_ptr_equal(strchr(out, '\n'), out + strlen(out) - 1);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_fault_is_false_and_can_be_wrapped),
		cmocka_unit_test(a_fault_of_any_length_stays_within_its_room),
		cmocka_unit_test(hostile_bytes_are_shown_as_numbers),
		cmocka_unit_test(
		    a_quote_of_any_length_fits_and_says_that_it_was_cut),
		cmocka_unit_test(a_message_is_one_line_with_the_suite_s_name),
	};

	return cmocka_run_group_tests_name("say", tests, NULL, NULL);
}
