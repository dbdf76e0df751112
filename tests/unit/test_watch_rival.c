/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: unit tests of watch-rival.c: when to answer whom. */
#include <unistd.h>

#include "build.h"
#include "watch-rival.h"

#define SECOND	1000u
#define HIS	4000000000u	/* no process has such a number */

static const struct say mute = { .mute = true };

/* How many losses in a row, `every` ms from *now on, are answered; at most
 * `most`.  *now is then the time of the first that is not. */
static unsigned
answered(struct rival *r, uint64_t *now, uint64_t every, unsigned most)
{
	unsigned n = 0;

	while (n < most && rival_may_answer(r, HIS, *now, &mute)) {
		n++;
		*now += every;
	}
	return n;
}

static void
a_few_losses_are_answered_then_there_is_a_pause(void **state)
{
	struct rival r = { 0 };
	uint64_t now = 1000 * SECOND, until;

	(void)state;
	assert_int_equal(answered(&r, &now, 50, 100), 5);
	until = r.until;
	assert_int_equal(until, now + 5 * SECOND);
	for (; now < until; now += 50)
		assert_false(rival_may_answer(&r, HIS, now, &mute));
	assert_int_equal(r.until, until);
	assert_true(rival_may_answer(&r, HIS, until, &mute));
}

static void
pauses_grow_to_five_minutes(void **state)
{
	static const unsigned want[] = {
		5, 10, 20, 40, 80, 160, 300, 300, 300,
	};
	struct rival r = { 0 };
	uint64_t now = 1000 * SECOND;

	(void)state;
	for (size_t i = 0; i < LENGTH(want); i++) {
		assert_int_equal(answered(&r, &now, 50, 100), 5);
		assert_int_equal(r.until - now, want[i] * SECOND);
		now = r.until;
	}
}

static void
peace_makes_it_forget(void **state)
{
	struct rival r = { 0 };
	uint64_t now = 1000 * SECOND;

	(void)state;
	answered(&r, &now, 50, 100);
	now = r.until;
	answered(&r, &now, 50, 100);
	assert_int_equal(r.pause, 10 * SECOND);
	/* Not yet: a minute, and as long as the pause was. */
	now = r.last + 69 * SECOND;
	answered(&r, &now, 50, 100);
	assert_int_equal(r.pause, 20 * SECOND);
	now = r.last + 81 * SECOND;
	assert_int_equal(answered(&r, &now, 50, 100), 5);
	assert_int_equal(r.pause, 5 * SECOND);
}

static void
who_comes_seldom_is_always_answered(void **state)
{
	struct rival r = { 0 };
	uint64_t now = 1000 * SECOND;

	(void)state;
	assert_int_equal(answered(&r, &now, 2001, 1000), 1000);
	assert_int_equal(r.pause, 0);
}

static void
the_first_of_all_may_come_right_after_boot(void **state)
{
	struct rival r = { 0 };
	uint64_t now = 1;

	(void)state;
	assert_int_equal(answered(&r, &now, 1, 100), 5);
}

static void
a_name_is_that_of_the_process(void **state)
{
	char want[64], comm[32] = "";
	struct rival r = { 0 };
	size_t len;
	char *text = read_text("/proc/self/comm", &len);

	(void)state;
	assert_non_null(text);
	snprintf(comm, sizeof(comm), "%.*s", (int)strcspn(text, "\n"), text);
	free(text);
	rival_name(&r, (uint32_t)getpid());
	snprintf(want, sizeof(want), "%s (process %d)", comm, (int)getpid());
	assert_string_equal(r.name, want);
}

static void
who_is_gone_has_a_number_only(void **state)
{
	struct rival r = { 0 };

	(void)state;
	rival_name(&r, HIS);
	assert_non_null(strstr(r.name, "gone"));
	assert_non_null(strstr(r.name, "4000000000"));
	assert_true(strlen(r.name) < sizeof(r.name) - 1);
}

/* Any process may call itself what it likes. */
static void
a_name_cannot_write_to_the_terminal(void **state)
{
	struct rival r = { 0 };

	(void)state;
	put("/proc/self/comm", "\x1b[2J\nok\x07");
	rival_name(&r, (uint32_t)getpid());
	for (const char *c = r.name; *c; c++)
		assert_true(*c >= ' ' && *c <= '~');
	put("/proc/self/comm", "test");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_few_losses_are_answered_then_there_is_a_pause),
		cmocka_unit_test(pauses_grow_to_five_minutes),
		cmocka_unit_test(peace_makes_it_forget),
		cmocka_unit_test(who_comes_seldom_is_always_answered),
		cmocka_unit_test(the_first_of_all_may_come_right_after_boot),
		cmocka_unit_test(a_name_is_that_of_the_process),
		cmocka_unit_test(who_is_gone_has_a_number_only),
		cmocka_unit_test(a_name_cannot_write_to_the_terminal),
	};

	return cmocka_run_group_tests_name("watch_rival", tests, NULL, NULL);
}
