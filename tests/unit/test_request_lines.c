/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: unit tests of request-lines.c, compile-files.c: lines to objects. */
#include "build.h"
#include "compile.h"

/* A label's files of one family, and what becomes of them. */
struct files {
	struct claim c;
	struct snapshot now;
	struct request r;
	struct compiled out;
	struct fault f;
	bool compiled;
};

static void
line(struct files *k, enum key_id key, const char *words)
{
	char where[32];

	snprintf(where, sizeof(where), "%s-eth1:%zu", keys[key].name,
	    k->c.settings.count + 1);
	if (!settings_add_line(&k->c.settings, key, where, words, &k->f))
		fail_msg("%s", k->f.text);
}

/* "rule WORDS" or "route WORDS" on each line. */
static void
files_init(struct files *k, int family, const char *text)
{
	char all[1024], *save = NULL;

	memset(k, 0, sizeof(*k));
	k->c = claim_of("eth1", family, NULL);
	k->c.key.files = true;
	snapshot_of(&k->now, "eth1");
	assert_true(strlen(text) < sizeof(all));
	strcpy(all, text);
	for (char *at = strtok_r(all, "\n", &save); at;
	    at = strtok_r(NULL, "\n", &save)) {
		bool rule = !strncmp(at, "rule ", 5);

		line(k, rule ? KEY_RULE : KEY_ROUTE, at + (rule ? 5 : 6));
	}
}

static void
files_fini(struct files *k)
{
	request_fini(&k->r);
	if (k->compiled)
		compiled_fini(&k->out);
	claim_fini(&k->c);
	snapshot_fini(&k->now);
}

static void
read_lines(struct files *k)
{
	assert_true(request_lines(&k->r, &k->c, NULL, &k->f));
}

/* By way of compile(), which asks the claim what it is. */
static void
compile_lines(struct files *k)
{
	read_lines(k);
	assert_int_equal(compile(&k->out, &k->r, &k->c, NULL, &k->now, &k->f),
	    VERDICT_DONE);
	k->compiled = true;
}

static void
assert_lines(int family, const char *text, const char *want)
{
	struct text said = { 0 };
	struct files k;

	files_init(&k, family, text);
	compile_lines(&k);
	text_str(&said, "");
	for (size_t i = 0; i < k.out.objects.count; i++) {
		block_object(&said, &k.out.objects.at[i], NULL);
		text_str(&said, "\n");
	}
	assert_string_equal(said.at, want);
	text_fini(&said);
	files_fini(&k);
}

/* ---- what a line stands for -------------------------------------------- */

static void
each_line_knows_where_it_came_from(void **state)
{
	struct files k;

	(void)state;
	files_init(&k, AF_INET, "route 10.8.0.0/16 dev eth1\n"
	    "rule from 10.0.1.10 table 101\n");
	read_lines(&k);
	assert_int_equal(k.r.family, AF_INET);
	assert_int_equal(k.r.extra.count, 2);
	for (size_t i = 0; i < 2; i++) {
		const struct object *o = &k.r.extra.at[i];

		assert_true(o->from_file);
		assert_false(o->unplaced || o->foreign);
		assert_ptr_equal(o->line, &k.c.settings.at[i]);
		assert_ptr_equal(o->said, k.c.settings.at[i].value);
		assert_int_equal(o->key, i ? KEY_RULE : KEY_ROUTE);
		assert_int_equal(o->kind, i ? OBJECT_RULE : OBJECT_ROUTE);
	}
	files_fini(&k);
}

static void
tables_that_are_not_written_are_those_of_ip(void **state)
{
	static const struct {
		const char *line;
		uint32_t table;
	} cases[] = {
		{ "route 10.8.0.0/16 dev eth1", RT_TABLE_MAIN },
		{ "route blackhole 10.8.0.0/16", RT_TABLE_MAIN },
		{ "route local 10.8.0.1 dev lo", RT_TABLE_LOCAL },
		{ "route broadcast 10.8.255.255 dev eth1", RT_TABLE_LOCAL },
		{ "route anycast 10.8.0.1 dev eth1", RT_TABLE_LOCAL },
		{ "route local 10.8.0.1 dev lo table 7", 7 },
		{ "route 10.8.0.0/16 dev eth1 table 255", RT_TABLE_LOCAL },
		{ "rule from 10.0.1.10", RT_TABLE_MAIN },
		{ "rule from 10.0.1.10 table 9", 9 },
		{ "rule from 10.0.1.10 prohibit", 0 },
		{ "rule from 10.0.1.10 goto 100 pref 9", 0 },
		{ "rule l3mdev", 0 },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		const struct object *o;
		struct files k;

		files_init(&k, AF_INET, cases[i].line);
		read_lines(&k);
		if (k.r.extra.count != 1)
			fail_msg("%s: %s", cases[i].line,
			    k.c.settings.at[0].why);
		o = &k.r.extra.at[0];
		if ((o->kind == OBJECT_RULE ? o->rule.table :
		    o->route.table) != cases[i].table)
			fail_msg("%s", cases[i].line);
		files_fini(&k);
	}
}

static void
a_line_that_cannot_be_read_does_not_harm_the_others(void **state)
{
	static const struct {
		const char *line, *why;
	} cases[] = {
		{ "rule from 10.0.1.300 table 7", "\"10.0.1.300\"" },
		{ "rule from fd00::1 table 7", "\"fd00::1\"" },
		{ "rule from 10.0.1.1 table nosuch", "\"nosuch\"" },
		{ "rule add from 10.0.1.1 table 7", "\"add\"" },
		{ "rule from 10.0.1.1 table 7 # mine", "#" },
		{ "route 10.8.0.0/16", "names neither a gateway nor a "
		    "device" },
		{ "route 10.8.0.0/16 table 7", "names neither" },
		{ "route 10.8.0.1/16 dev eth1", "10.8.0.1/16" },
		{ "route default via", "via" },
		{ "route default via 10.0.1.1 metric 7x", "\"7x\"" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		char text[200];
		struct files k;

		snprintf(text, sizeof(text), "rule from 10.0.1.1 table 1\n%s\n"
		    "rule from 10.0.1.2 table 2\n", cases[i].line);
		files_init(&k, AF_INET, text);
		read_lines(&k);
		assert_int_equal(k.r.extra.count, 2);
		assert_int_equal(k.r.extra.at[0].rule.table, 1);
		assert_int_equal(k.r.extra.at[1].rule.table, 2);
		for (size_t j = 0; j < 3; j++) {
			const struct setting *s = &k.c.settings.at[j];
			bool bad = !strcmp(s->value, strchr(cases[i].line,
			    ' ') + 1);

			assert_int_equal(s->refused, bad);
			if (bad && !strstr(s->why, cases[i].why))
				fail_msg("%s: %s", s->value, s->why);
			if (!bad)
				assert_null(s->why);
		}
		files_fini(&k);
	}
}

static void
reject_routes_need_no_device_and_a_next_hop_object_is_one(void **state)
{
	(void)state;
	assert_lines(AF_INET, "route blackhole 10.8.0.0/16\n"
	    "route unreachable default table 7 metric 9\n"
	    "route 10.9.0.0/16 nhid 5\n",
	    "route add blackhole 10.8.0.0/16 table 254 protocol 173\n"
	    "route add unreachable default table 7 metric 9 protocol 173\n"
	    "route add 10.9.0.0/16 nhid 5 table 254 protocol 173\n");
}

/* To ip(8) they are part of the rule; of a route it refuses them. */
static void
host_bits_stay_in_rules(void **state)
{
	(void)state;
	assert_lines(AF_INET, "rule from 10.0.1.5/24 table 7\n",
	    "unplaced rule add priority 32765 from 10.0.1.5/24 lookup 7 "
	    "protocol 173\n");
}

static void
nothing_becomes_nothing(void **state)
{
	(void)state;
	assert_lines(AF_INET, "", "");
	assert_lines(AF_INET6, "", "");
	assert_lines(AF_INET, "rule nonsense\nroute nonsense\n", "");
}

/* ---- places and protocols ---------------------------------------------- */

static void
rules_without_a_priority_get_one_by_their_place(void **state)
{
	(void)state;
	assert_lines(AF_INET, "rule from 10.0.1.1 table 1\n"
	    "rule from 10.0.1.2 table 2 pref 7\n"
	    "rule from 10.0.1.3 table 3\n"
	    "route default via 10.0.1.1 dev eth1 table 1\n"
	    "rule to 10.0.1.1 table 1\n",
	    "unplaced rule add priority 32765 from 10.0.1.1 lookup 1 "
	    "protocol 173\n"
	    "rule add priority 7 from 10.0.1.2 lookup 2 protocol 173\n"
	    "unplaced rule add priority 32764 from 10.0.1.3 lookup 3 "
	    "protocol 173\n"
	    "unplaced rule add priority 32763 from all to 10.0.1.1 lookup 1 "
	    "protocol 173\n"
	    "route add default via 10.0.1.1 dev eth1 table 1 "
	    "protocol 173\n");
}

static void
a_priority_of_0_is_one(void **state)
{
	(void)state;
	assert_lines(AF_INET, "rule from 10.0.1.1 table 1 pref 0\n",
	    "rule add priority 0 from 10.0.1.1 lookup 1 protocol 173\n");
}

/* However they are written; and they take no place. */
static void
doubled_lines_stand_once(void **state)
{
	(void)state;
	assert_lines(AF_INET6, "rule from fd00::1 table 1\n"
	    "rule from fd00::1/128 lookup 1\n"
	    "rule to fd00::1 table 1\n"
	    "rule from FD00:0::1 tab 1\n"
	    "rule to fd00::1 table 2\n",
	    "unplaced rule add priority 32765 from fd00::1 lookup 1 "
	    "protocol 173\n"
	    "unplaced rule add priority 32764 from all to fd00::1 lookup 1 "
	    "protocol 173\n"
	    "unplaced rule add priority 32763 from all to fd00::1 lookup 2 "
	    "protocol 173\n");
}

static void
the_same_rule_with_a_priority_is_another(void **state)
{
	(void)state;
	assert_lines(AF_INET, "rule from 10.0.1.1 table 1 pref 7\n"
	    "rule from 10.0.1.1 table 1\nrule from 10.0.1.1 table 1 pref 8\n",
	    "rule add priority 7 from 10.0.1.1 lookup 1 protocol 173\n"
	    "unplaced rule add priority 32765 from 10.0.1.1 lookup 1 "
	    "protocol 173\n"
	    "rule add priority 8 from 10.0.1.1 lookup 1 protocol 173\n");
}

static void
a_protocol_that_is_written_stays(void **state)
{
	(void)state;
	assert_lines(AF_INET, "rule from 10.0.1.1 table 1 proto static\n"
	    "route 10.8.0.0/16 via 10.0.1.1 dev eth1 proto bird\n"
	    "route 10.9.0.0/16 via 10.0.1.1 dev eth1\n",
	    "unplaced rule add priority 32765 from 10.0.1.1 lookup 1 "
	    "protocol 4\n"
	    "route add 10.8.0.0/16 via 10.0.1.1 dev eth1 table 254 "
	    "protocol 12\n"
	    "route add 10.9.0.0/16 via 10.0.1.1 dev eth1 table 254 "
	    "protocol 173\n");
}

static void
a_bad_line_takes_no_place(void **state)
{
	(void)state;
	assert_lines(AF_INET, "rule nonsense\nrule from 10.0.1.1 table 1\n",
	    "unplaced rule add priority 32765 from 10.0.1.1 lookup 1 "
	    "protocol 173\n");
}

/* ---- devices ----------------------------------------------------------- */

static void
a_hop_without_a_device_gets_the_claim_s(void **state)
{
	(void)state;
	assert_lines(AF_INET, "route 10.8.0.0/16 via 10.0.1.1\n"
	    "route 10.9.0.0/16 via 10.0.2.1 dev eth2\n"
	    "route default table 7 nexthop via 10.0.1.1 nexthop "
	    "via 10.0.2.1 dev eth2 weight 3\n",
	    "route add 10.8.0.0/16 via 10.0.1.1 dev eth1 table 254 "
	    "protocol 173\n"
	    "route add 10.9.0.0/16 via 10.0.2.1 dev eth2 table 254 "
	    "protocol 173\n"
	    "route add default table 7 protocol 173 nexthop via 10.0.1.1 "
	    "dev eth1 weight 1 nexthop via 10.0.2.1 dev eth2 weight 3\n");
}

/* Whoever has asked the kernel fills it in before. */
static void
a_device_that_was_found_out_stays(void **state)
{
	struct files k;

	(void)state;
	files_init(&k, AF_INET, "route 10.8.0.0/16 via 10.0.2.1\n");
	read_lines(&k);
	strcpy(k.r.extra.at[0].route.hop[0].dev, "eth2");
	k.r.extra.at[0].route.hop[0].ifindex = 4;
	assert_int_equal(compile_files(&k.out, &k.r, &k.c, &k.now, &k.f),
	    VERDICT_DONE);
	k.compiled = true;
	assert_string_equal(k.out.objects.at[0].route.hop[0].dev, "eth2");
	assert_int_equal(k.out.objects.at[0].route.hop[0].ifindex, 4);
	assert_ptr_equal(k.out.objects.at[0].line, &k.c.settings.at[0]);
	files_fini(&k);
}

static void
an_alias_puts_its_routes_on_the_device(void **state)
{
	struct files k;

	(void)state;
	files_init(&k, AF_INET, "route 10.8.0.0/16 via 10.0.1.1\n");
	claim_fini(&k.c);
	k.c = claim_of("eth1:1", AF_INET, NULL);
	k.c.key.files = true;
	line(&k, KEY_ROUTE, "10.8.0.0/16 via 10.0.1.1");
	line(&k, KEY_ROUTE, "10.9.0.0/16 dev eth1:1");
	compile_lines(&k);
	assert_int_equal(k.out.objects.count, 2);
	for (size_t i = 0; i < 2; i++)
		assert_string_equal(k.out.objects.at[i].route.hop[0].dev,
		    "eth1");
	assert_int_equal(k.out.objects.at[0].route.hop[0].ifindex, 3);
	files_fini(&k);
}

static void
as_many_lines_as_there_may_be(void **state)
{
	struct files k;
	char words[64];

	(void)state;
	files_init(&k, AF_INET, "");
	for (int i = 0; i < LINES_MAX; i++) {
		snprintf(words, sizeof(words), "from 10.1.%d.%d table 7",
		    i / 250, i % 250);
		line(&k, KEY_RULE, words);
	}
	assert_false(settings_add_line(&k.c.settings, KEY_RULE, "x:1",
	    "from all", &k.f));
	compile_lines(&k);
	assert_int_equal(k.out.objects.count, LINES_MAX);
	assert_int_equal(k.out.objects.at[LINES_MAX - 1].rule.priority,
	    32766 - LINES_MAX);
	files_fini(&k);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_line_knows_where_it_came_from),
		cmocka_unit_test(tables_that_are_not_written_are_those_of_ip),
		cmocka_unit_test(
		    a_line_that_cannot_be_read_does_not_harm_the_others),
		cmocka_unit_test(
		    reject_routes_need_no_device_and_a_next_hop_object_is_one),
		cmocka_unit_test(host_bits_stay_in_rules),
		cmocka_unit_test(nothing_becomes_nothing),
		cmocka_unit_test(
		    rules_without_a_priority_get_one_by_their_place),
		cmocka_unit_test(a_priority_of_0_is_one),
		cmocka_unit_test(doubled_lines_stand_once),
		cmocka_unit_test(the_same_rule_with_a_priority_is_another),
		cmocka_unit_test(a_protocol_that_is_written_stays),
		cmocka_unit_test(a_bad_line_takes_no_place),
		cmocka_unit_test(a_hop_without_a_device_gets_the_claim_s),
		cmocka_unit_test(a_device_that_was_found_out_stays),
		cmocka_unit_test(an_alias_puts_its_routes_on_the_device),
		cmocka_unit_test(as_many_lines_as_there_may_be),
	};

	return cmocka_run_group_tests_name("request lines", tests, NULL,
	    NULL);
}
