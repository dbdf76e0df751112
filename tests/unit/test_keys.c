/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: unit tests of keys.c. */
#include <ctype.h>

#include "build.h"
#include "keys.h"
#include "request.h"

static void
every_key_is_complete_and_found_by_its_name(void **state)
{
	(void)state;
	for (int i = 0; i < KEY_COUNT; i++) {
		const struct key *k = &keys[i];
		enum key_id id;
		uint32_t number = 9;
		char buf[KEY_SPELLED];

		assert_non_null(k->name);
		assert_non_null(k->value);
		assert_non_null(k->help);
		assert_int_equal(k->choices != NULL, k->kind == KIND_CHOICE);
		if (k->kind == KIND_NUMBER)
			assert_true(k->min < k->max);
		for (const char *c = k->name; *c; c++)
			assert_true(islower((unsigned char)*c) || *c == '-');
		assert_true(keys_find(&id, &number, k->name));
		assert_int_equal(id, i);
		assert_int_equal(number, 0);
		assert_string_equal(keys_nearest(k->name), k->name);
		/* As the shell spells it, without its prefix. */
		keys_spell(buf, SPELL_SHELL, k->name);
		assert_true(keys_find(&id, &number, buf + strlen("POLICY_")));
		assert_int_equal(id, i);
	}
}

static void
only_a_key_that_repeats_takes_a_number(void **state)
{
	enum key_id id;
	uint32_t number;

	(void)state;
	for (int i = 0; i < KEY_COUNT; i++) {
		char name[40];

		snprintf(name, sizeof(name), "%s12", keys[i].name);
		assert_int_equal(keys_find(&id, &number, name),
		    keys[i].repeats);
		if (keys[i].repeats)
			assert_int_equal(number, 12);
	}
	assert_true(keys_find(&id, &number, "route0"));
	assert_int_equal(number, 0);
	assert_true(keys_find(&id, &number, "route999999"));
	assert_false(keys_find(&id, &number, "route1000000"));
	assert_false(keys_find(&id, &number, "route01"));
	assert_false(keys_find(&id, &number, "route-1"));
	assert_false(keys_find(&id, &number, "route1a"));
}

static void
what_is_no_name_is_not_found(void **state)
{
	static const char *const names[] = {
		"", "1", "tabl", "tables", "table ", " table", "rp",
		"rp--filter", "rpfilter", "weights", "\xff", "policy-table",
	};
	enum key_id id = KEY_COUNT;
	uint32_t number = 9;

	(void)state;
	for (size_t i = 0; i < LENGTH(names); i++)
		if (keys_find(&id, &number, names[i]))
			fail_msg("found: %s", names[i]);
	assert_int_equal(id, KEY_COUNT);
	assert_int_equal(number, 9);
}

static void
the_nearest_name_is_what_a_person_meant(void **state)
{
	static const char *const cases[][2] = {
		{ "tabel", "table" }, { "gatway", "gateway" },
		{ "METRICS", "metric" }, { "rp_fliter", "rp-filter" },
		{ "prefermain", "prefer-main" }, { "routes", "route" },
		{ "priorty", "priority" }, { "onerror", "on-error" },
		{ "adress", "addresses" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++)
		assert_string_equal(keys_nearest(cases[i][0]), cases[i][1]);
	assert_non_null(keys_nearest(""));
	assert_non_null(keys_nearest("a-name-far-longer-than-any-key-could-be"
	    "-and-then-some"));
}

static void
choices_stand_in_the_order_of_their_enums(void **state)
{
	(void)state;
	assert_int_equal(keys_choice(KEY_CONNECTED, "keep"), CONNECTED_KEEP);
	assert_int_equal(keys_choice(KEY_CONNECTED, "none"), CONNECTED_NONE);
	assert_int_equal(keys_choice(KEY_DEFAULT, "metric"), DEFAULT_METRIC);
	assert_int_equal(keys_choice(KEY_FALLBACK, "prohibit"),
	    FALLBACK_PROHIBIT);
	assert_int_equal(keys_choice(KEY_LINKDOWN, "ignore"), LINKDOWN_IGNORE);
	assert_int_equal(keys_choice(KEY_ARP, "strict"), ARP_STRICT);
	assert_int_equal(keys_choice(KEY_RP_FILTER, "loose"), RP_LOOSE);
	assert_int_equal(keys_choice(KEY_ON_ERROR, "fail"), ON_ERROR_FAIL);
	assert_int_equal(keys_choice(KEY_PREFER_MAIN, "yes"), 1);
	assert_int_equal(keys_choice(KEY_ARP, ""), -1);
	assert_int_equal(keys_choice(KEY_ARP, "keep filter"), -1);
	assert_int_equal(keys_choice(KEY_ARP, "kee"), -1);
	assert_int_equal(keys_choice(KEY_ARP, "Keep"), -1);
	assert_int_equal(keys_choice(KEY_TABLE, "keep"), -1);
}

static void
each_place_has_its_spelling(void **state)
{
	char buf[KEY_SPELLED];

	(void)state;
	assert_string_equal(keys_spell(buf, SPELL_COMMAND, "rp-filter"),
	    "rp-filter");
	assert_string_equal(keys_spell(buf, SPELL_INTERFACES, "rp-filter"),
	    "policy-rp-filter");
	assert_string_equal(keys_spell(buf, SPELL_SHELL, "rp-filter"),
	    "POLICY_RP_FILTER");
	assert_true(strlen(keys_spell(buf, SPELL_SHELL, "a name that is much "
	    "longer than there is room")) < KEY_SPELLED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_key_is_complete_and_found_by_its_name),
		cmocka_unit_test(only_a_key_that_repeats_takes_a_number),
		cmocka_unit_test(what_is_no_name_is_not_found),
		cmocka_unit_test(the_nearest_name_is_what_a_person_meant),
		cmocka_unit_test(choices_stand_in_the_order_of_their_enums),
		cmocka_unit_test(each_place_has_its_spelling),
	};

	return cmocka_run_group_tests_name("keys", tests, NULL, NULL);
}
