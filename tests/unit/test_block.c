/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: unit tests of block.c. */
#include "build.h"
#include "values.h"

static const char *const routers[] = { "10.0.1.1", "fe80::1" };

static void
some_settings(struct claim *c)
{
	static const char *const lines[][2] = {
		{ "table", "rt1" }, { "metric", "100" },
		{ "gateway", "10.0.1.1 onlink" }, { "route", "10.8.0.0/16" },
		{ "route0", "10.9.0.0/16 via 10.0.1.9" },
		{ "route7", "10.10.0.0/16" }, { "rule3", "to 10.8.0.0/16" },
		{ "rule", "a value of \"any\" kind # with $signs\\" },
		{ "prefer-main", "yes" }, { "rp-filter", "loose" },
	};

	for (size_t i = 0; i < LENGTH(lines); i++)
		if (dice(3) == 0)
			set(c, lines[i][0], lines[i][1]);
}

/* Of files: each with its place, some refused. */
static void
some_lines(struct claim *c)
{
	static const char *const places[] = { "rule-eth1:1", "rule eth1",
	    "", "[", "r\xc3\xa9seau-eth1:17" };
	static const char *const whys[] = { "kernel: Nexthop has invalid "
	    "gateway", "", "end" };
	struct fault f;

	for (uint32_t i = dice(8); i > 0; i--) {
		assert_true(settings_add_line(&c->settings, dice(2) ?
		    KEY_ROUTE : KEY_RULE, places[dice(LENGTH(places))],
		    dice(2) ? "from [all] # \"x\" \\" : "refused x", &f));
		if (dice(3) == 0)
			setting_refuse(&c->settings.at[dice((uint32_t)c->
			    settings.count)], whys[dice(LENGTH(whys))]);
	}
}

static void
some_object(struct claim *c)
{
	struct object *o = objects_add(&c->objects);

	assert_non_null(o);
	o->foreign = dice(4) == 0;
	o->unplaced = dice(4) == 0;
	switch (dice(4)) {
	case 0:
		o->kind = OBJECT_RULE;
		value_rule(&o->rule, c->key.family);
		break;
	case 1:
		o->kind = OBJECT_SYSCTL;
		snprintf(o->sysctl.path, sizeof(o->sysctl.path),
		    "ipv%d/conf/eth1/rp_filter", dice(2) ? 4 : 6);
		snprintf(o->sysctl.want, sizeof(o->sysctl.want), "%u",
		    dice(3));
		if (dice(2))
			snprintf(o->sysctl.was, sizeof(o->sysctl.was), "%d",
			    (int)dice(3) - 1);
		break;
	default:
		o->kind = dice(2) ? OBJECT_ROUTE : OBJECT_TAKEN;
		value_route(&o->route, c->key.family);
		/* not kept by the kernel */
		if (route_type_is_reject(o->route.type))
			o->route.has_pref = false, o->route.pref = 0;
	}
}

static struct claim
some_claim(void)
{
	int family = dice(2) ? AF_INET : AF_INET6;
	const char *own = dice(2) ? NULL : family == AF_INET ? "10.0.1.10" :
	    "fd00:1::10";
	struct claim c = claim_of(dice(2) ? "eth1" : "eth1:web", family, own);

	c.parsed = true;
	c.spelling = (enum spelling)dice(3);
	c.is_static = dice(2);
	c.lenient = dice(2);
	if (dice(2))
		c.router = addr_of(routers[family == AF_INET6]);
	if (dice(2)) {
		c.table = 1 + value_u32(UINT32_MAX - 1);
		if (dice(2))
			strcpy(c.table_name,
			    "a234567890123456789012345678901");
	}
	if (dice(4) == 0)
		assert_true(claim_set_error(&c, "kernel: Nexthop has invalid "
		    "gateway; end\\nclaim"));
	c.key.files = !own && dice(2);
	if (c.key.files)
		some_lines(&c);
	else
		some_settings(&c);
	for (uint32_t i = dice(12); i > 0; i--)
		some_object(&c);
	return c;
}

static void
assert_same_claim(const struct claim *a, const struct claim *b)
{
	assert_int_equal(a->spelling, b->spelling);
	assert_int_equal(a->is_static, b->is_static);
	assert_int_equal(a->lenient, b->lenient);
	assert_int_equal(addr_cmp(&a->router, &b->router), 0);
	assert_int_equal(a->table, b->table);
	assert_string_equal(a->table_name, b->table_name);
	assert_int_equal(a->error != NULL, b->error != NULL);
	if (a->error)
		assert_string_equal(a->error, b->error);
	assert_true(settings_equal(&a->settings, &b->settings));
	for (size_t i = 0; i < a->settings.count; i++) {
		const struct setting *x = &a->settings.at[i];
		const struct setting *y = &b->settings.at[i];

		assert_int_equal(x->refused, y->refused);
		if (x->refused)
			assert_string_equal(x->why, y->why);
	}
	assert_int_equal(a->objects.count, b->objects.count);
	for (size_t i = 0; i < a->objects.count; i++) {
		const struct object *x = &a->objects.at[i];
		const struct object *y = &b->objects.at[i];

		assert_true(object_same(x, y));
		assert_int_equal(x->foreign, y->foreign);
		assert_int_equal(x->unplaced, y->unplaced);
		assert_int_equal(y->from_file, b->key.files);
		if (x->kind == OBJECT_RULE)
			assert_int_equal(x->rule.protocol, y->rule.protocol);
		else if (x->kind == OBJECT_SYSCTL)
			assert_string_equal(x->sysctl.was, y->sysctl.was);
		else
			assert_int_equal(x->route.protocol,
			    y->route.protocol);
	}
}

/* The lines between heading and "end". */
static void
borrow(struct claim *to, const struct text *t)
{
	to->text = strchr(t->at, '\n') + 1;
	to->text_len = t->len - (size_t)(to->text - t->at) - strlen("end\n");
	assert_string_equal(to->text + to->text_len, "end\n");
}

static void
a_claim_survives_print_and_parse(void **state)
{
	(void)state;
	srand(173);
	for (int i = 0; i < 4000; i++) {
		struct claim c = some_claim(), back;
		struct text t = { 0 }, again = { 0 };
		struct fault f;

		block_print(&t, &c, "claim");
		assert_false(t.failed);
		assert_true(claim_init(&back, c.key.label, c.key.family,
		    &c.key.own));
		back.key.files = c.key.files;
		borrow(&back, &t);
		if (block_parse(&back, NULL, &f))
			fail_msg("%s\n%s", f.text, t.at);
		assert_same_claim(&c, &back);
		block_print(&again, &back, "claim");
		assert_string_equal(t.at, again.at);
		text_fini(&t);
		text_fini(&again);
		claim_fini(&c);
		claim_fini(&back);
	}
}

static void
a_block_reads_as_people_would_write_it(void **state)
{
	static const char want[] =
	    "next eth1:1 inet6 fd00:1::10\n"
	    "spelling policy-\n"
	    "static\n"
	    "lenient\n"
	    "conf\n"
	    "router fe80::1\n"
	    "via fe80::2\n"
	    "table 8001 rt1\n"
	    "error it failed\n"
	    "waits for something\n"
	    "set table rt1\n"
	    "set route3 default via fe80::1\n"
	    "foreign rule add priority 12030 from fd00:1::10 lookup 8001 "
	    "protocol 173\n"
	    "taken until 4711 route add default via fe80::1 dev eth1 table 254 "
	    "metric 1024 protocol 9\n"
	    "shared 7 route add default via fe80::3 dev eth1 table 254 "
	    "metric 5 protocol 173\n"
	    "sysctl ipv6/conf/eth1/ignore_routes_with_linkdown 1 was 0\n"
	    "end\n";
	struct claim c = claim_of("eth1:1", AF_INET6, "fd00:1::10");
	struct text t = { 0 };
	struct fault f;

	(void)state;
	c.text = strchr(want, '\n') + 1;
	c.text_len = strlen(c.text) - strlen("end\n");
	if (block_parse(&c, NULL, &f))
		fail_msg("%s", f.text);
	assert_true(c.parsed && c.is_static && c.lenient && c.conf);
	assert_string_equal(c.waits, "for something");
	assert_int_equal(c.via.byte[15], 2);
	assert_int_equal(c.objects.at[1].until, 4711);
	assert_int_equal(c.spelling, SPELL_INTERFACES);
	assert_int_equal(c.objects.count, 4);
	assert_int_equal(c.objects.at[2].kind, OBJECT_HOP);
	assert_int_equal(c.objects.at[2].weight, 7);
	assert_true(c.objects.at[0].foreign);
	assert_int_equal(c.objects.at[1].kind, OBJECT_TAKEN);
	assert_int_equal(c.objects.at[3].kind, OBJECT_SYSCTL);
	block_print(&t, &c, "next");
	/* The printer says "::/0" or "default" as words.h has it. */
	assert_non_null(strstr(t.at, "set route3 default via fe80::1\n"));
	assert_int_equal(strncmp(t.at, want, strlen("next eth1:1 inet6 "
	    "fd00:1::10\nspelling policy-\nstatic\nlenient\nconf\n"
	    "router fe80::1\nvia fe80::2\ntable 8001 rt1\n"
	    "error it failed\nwaits for something\n")), 0);
	assert_non_null(strstr(t.at, "taken until 4711 route add "));
	assert_non_null(strstr(t.at, "shared 7 route add "));
	text_fini(&t);
	claim_fini(&c);
}

static void
a_line_that_should_not_be_there_is_refused(void **state)
{
	static const char long_line[] = "set route ";
	static const char *const lines[] = {
		"", " ", "statik", "static ", "set", "set table",
		"set tabel rt1", "set table7 x", "router x", "router fe80::1",
		"table x", "spelling both", "rule", "rule add",
		"rule add from 10.0.0.1/33 lookup 7", "rule del lookup 7",
		"rule add from fd00::1 lookup 7", "route add 10.0.0.1/8",
		"route add", "taken rule", "foreign", "taken",
		"shared route add default via fe80::1 dev eth0",
		"shared 0 route add default via fe80::1 dev eth0",
		"shared 257 route add default via fe80::1 dev eth0",
		"taken taken route add 10.0.0.0/8",
		"foreign foreign rule add lookup 7",
		"sysctl", "sysctl ipv4/conf/eth1/rp_filter",
		"sysctl ipv4/conf/../../../kernel/x 1", "sysctl kernel/x 1",
		"sysctl /proc/sys/net/ipv4/conf/eth1/rp_filter 1",
		"unplaced", "unplaced x", "refused why", "refused",
		"unplaced unplaced rule add lookup 7",
		"unplaced foreign rule add lookup 7",
		"claim eth2 inet -", "blocks 1", "\x1b[2J", "drop eth1 inet -",
	};
	char big[8192];

	(void)state;
	for (size_t i = 0; i <= LENGTH(lines); i++) {
		struct claim c = claim_of("eth1", AF_INET, NULL);
		char text[9000];
		struct fault f;

		memset(big, 'x', sizeof(big) - 1);
		big[sizeof(big) - 1] = '\0';
		memcpy(big, long_line, strlen(long_line));
		strcpy(f.text, "JUNK");
		snprintf(text, sizeof(text), "static\n%s\nlenient\n",
		    i < LENGTH(lines) ? lines[i] : big);
		c.text = text;
		c.text_len = strlen(text);
		if (block_parse(&c, NULL, &f) != -EBADMSG)
			fail_msg("taken: \"%s\"", lines[i]);
		assert_false(c.parsed);
		if (strstr(f.text, "JUNK") || strchr(f.text, '\x1b') ||
		    !strstr(f.text, "the record of eth1 has a line it should "
		    "not have, \"") || !strstr(f.text, "; run: ifpolicy "
		    "repair"))
			fail_msg("%s", f.text);
		claim_fini(&c);
	}
}

static void
files_lines_read_as_people_would_write_them(void **state)
{
	static const char want[] =
	    "claim eth1:1 inet files\n"
	    "spelling POLICY_\n"
	    "set rule [rule-eth1:1:2] from 10.0.1.11 table 101\n"
	    "set rule [rule-eth1:1:3] nonsense\n"
	    "refused \"nonsense\": unknown word\n"
	    "set route [route-eth1:1:1] default via 10.0.1.1\n"
	    "unplaced rule add priority 32765 from 10.0.1.11 lookup 101 "
	    "protocol 173\n"
	    "foreign unplaced rule add priority 32764 from all lookup 9 "
	    "protocol 173\n"
	    "route add default via 10.0.1.1 dev eth1 table 254 "
	    "protocol 173\n"
	    "end\n";
	struct claim c = claim_of("eth1:1", AF_INET, NULL);
	struct text t = { 0 };
	struct fault f;

	(void)state;
	c.key.files = true;
	c.spelling = SPELL_SHELL;
	c.text = strchr(want, '\n') + 1;
	c.text_len = strlen(c.text) - strlen("end\n");
	if (block_parse(&c, NULL, &f))
		fail_msg("%s", f.text);
	assert_int_equal(c.settings.count, 3);
	assert_string_equal(c.settings.at[0].where, "rule-eth1:1:2");
	assert_string_equal(c.settings.at[1].value, "nonsense");
	assert_true(c.settings.at[1].refused);
	assert_false(c.settings.at[0].refused || c.settings.at[2].refused);
	assert_int_equal(c.objects.count, 3);
	assert_true(c.objects.at[1].foreign && c.objects.at[1].unplaced);
	assert_true(c.objects.at[2].from_file);
	assert_null(c.objects.at[2].line);
	block_print(&t, &c, "claim");
	assert_string_equal(t.at, want);
	text_fini(&t);
	claim_fini(&c);
}

/* What the kernel did not take is not held. */
static void
objects_of_refused_lines_are_not_written(void **state)
{
	struct claim c = claim_of("eth1", AF_INET, NULL);
	struct text t = { 0 };
	struct fault f;

	(void)state;
	c.key.files = c.parsed = true;
	assert_true(settings_add_line(&c.settings, KEY_RULE, "r:1", "a", &f));
	assert_true(settings_add_line(&c.settings, KEY_RULE, "r:2", "b", &f));
	objects_of(&c.objects, AF_INET, "rule add priority 1 lookup 7\n"
	    "rule add priority 2 lookup 7\nrule add priority 3 lookup 7\n");
	c.objects.at[0].line = &c.settings.at[0];
	c.objects.at[1].line = &c.settings.at[1];
	setting_refuse(&c.settings.at[0], "no");
	block_print(&t, &c, "claim");
	assert_null(strstr(t.at, "priority 1"));
	assert_non_null(strstr(t.at, "priority 2"));
	assert_non_null(strstr(t.at, "priority 3"));
	assert_non_null(strstr(t.at, "set rule [r:1] a\nrefused no\n"
	    "set rule [r:2] b\n"));
	text_fini(&t);
	claim_fini(&c);
}

static void
a_line_that_should_not_be_in_a_file_s_claim_is_refused(void **state)
{
	static const char *const lines[] = {
		"set rule from all", "set rule [", "set rule [x",
		"set rule []", "set rule [x]", "set rule [x]from all",
		"set rule [x]y] from all", "set rule [x] ", "set [x] from all",
		"set tabel [x] 5", "set rule x] from all",
		"set rule [x] a\x7f", "set rule [\x1b] a\x01",
		"set table rt1", "refused no",
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(lines); i++) {
		struct claim c = claim_of("eth1", AF_INET, NULL);
		struct fault f;

		c.key.files = true;
		c.text = lines[i];
		c.text_len = strlen(lines[i]);
		if (block_parse(&c, NULL, &f) != -EBADMSG)
			fail_msg("taken: \"%s\"", lines[i]);
		assert_null(strchr(f.text, '\x1b'));
		assert_false(c.parsed);
		claim_fini(&c);
	}
}

static void
a_claim_is_parsed_once(void **state)
{
	struct claim c = claim_of("eth1", AF_INET, NULL);
	struct fault f;

	(void)state;
	c.text = "rule add priority 1 lookup 7\n";
	c.text_len = strlen(c.text);
	assert_int_equal(block_parse(&c, NULL, &f), 0);
	assert_int_equal(block_parse(&c, NULL, &f), 0);
	assert_int_equal(c.objects.count, 1);
	claim_fini(&c);
}

static void
what_was_not_parsed_is_copied_as_it_is(void **state)
{
	struct claim c = claim_of("eth1", AF_INET, NULL);
	struct text t = { 0 };

	(void)state;
	c.text = "whatever it says\nrule add lookup 7\nand what follows";
	c.text_len = strlen("whatever it says\nrule add lookup 7\n");
	block_print(&t, &c, "claim");
	assert_string_equal(t.at, "claim eth1 inet -\nwhatever it says\n"
	    "rule add lookup 7\nend\n");
	text_fini(&t);
	claim_fini(&c);
}

static void
a_dropped_claim_is_one_line(void **state)
{
	struct claim c = claim_of("eth1", AF_INET6, "fd00:1::10");
	struct text t = { 0 };

	(void)state;
	c.dropped = c.parsed = true;
	set(&c, "table", "rt1");
	block_print(&t, &c, "drop");
	assert_string_equal(t.at, "drop eth1 inet6 fd00:1::10\n");
	text_fini(&t);
	claim_fini(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_claim_survives_print_and_parse),
		cmocka_unit_test(a_block_reads_as_people_would_write_it),
		cmocka_unit_test(a_line_that_should_not_be_there_is_refused),
		cmocka_unit_test(files_lines_read_as_people_would_write_them),
		cmocka_unit_test(objects_of_refused_lines_are_not_written),
		cmocka_unit_test(
		    a_line_that_should_not_be_in_a_file_s_claim_is_refused),
		cmocka_unit_test(a_claim_is_parsed_once),
		cmocka_unit_test(what_was_not_parsed_is_copied_as_it_is),
		cmocka_unit_test(a_dropped_claim_is_one_line),
	};

	return cmocka_run_group_tests_name("block", tests, NULL, NULL);
}
