/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: unit tests of shell.c, among them random files that bash reads too. */
#include <unistd.h>

#include "build.h"
#include "seed.h"
#include "shell.h"
#include "text.h"

#define DIR	"/run"
#define FILES	600

static void
parse(struct shell *s, const char *text)
{
	struct fault f;

	memset(s, 0, sizeof(*s));
	if (!shell_parse(s, text, &f))
		fail_msg("%s: %s", text, f.text);
}

static const char *
value_of(const struct shell *s, const char *name)
{
	const struct shell_variable *v = shell_get(s, name);

	return v ? v->value : NULL;
}

static void
values_are_what_a_shell_makes_of_them(void **state)
{
	static const struct {
		const char *text, *a;
	} cases[] = {
		{ "A=1", "1" },
		{ "A=1\n", "1" },
		{ "A=", "" },
		{ "A=''", "" },
		{ "  \t A=1 # x", "1" },
		{ "A=1#x", "1#x" },
		{ "A=#x", "#x" },
		{ "# A=2\nA=1", "1" },
		{ "A='x y'\"z  \"'t'", "x yz  t" },
		{ "A=\"a'b\"", "a'b" },
		{ "A='a\"b\\'", "a\"b\\" },
		{ "A=\"\\\"\\$\\`\\\\\\n\"", "\"$`\\\\n" },
		{ "A=a\\ b\\\"c", "a b\"c" },
		{ "A=a\\\nb", "ab" },
		{ "A=\"a\\\nb\"", "ab" },
		{ "A='a\\\nb'", "a\\\nb" },
		{ "A='one\ntwo'\n", "one\ntwo" },
		{ "A=a\\", "a\\" },
		{ "export A=1", "1" },
		{ "export \"A=x y\"", "x y" },
		{ "A=1\nexport A", "1" },
		{ "B=2 A=1 C=3", "1" },
		{ "B=2;A=1;C=3", "1" },
		{ "A=2 ; A=1", "1" },
		{ "A=2\nA=1\n", "1" },
		{ "A=1\r\n", "1\r" },
		{ "A=a{b,c}*?[d]", "a{b,c}*?[d]" },
		{ "A=5$", "5$" },
		{ "A=\"5$\"", "5$" },
		{ "A='$(id)'", "$(id)" },
		{ "A=\\$B", "$B" },
		{ "\\\nA=1", "1" },
		{ "A\\\n=1", "1" },
		{ "B=2 \\\n  A=1", "1" },
		{ "A=1 \\\n# x", "1" },
		{ "A=a=b", "a=b" },
		{ "_=1\nA=1", "1" },
	};
	struct shell s;

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		parse(&s, cases[i].text);
		if (!value_of(&s, "A") || s.odd_line)
			fail_msg("%s: nothing, odd line %u", cases[i].text,
			    s.odd_line);
		assert_string_equal(value_of(&s, "A"), cases[i].a);
		shell_fini(&s);
	}
}

static void
what_only_a_shell_could_know_has_no_value(void **state)
{
	static const struct {
		const char *text, *written;
	} cases[] = {
		{ "A=$B", "$B" },
		{ "A=x${B}y", "x${B}y" },
		{ "A=\"$B\"", "\"$B\"" },
		{ "A=$(hostname -s)", "$(hostname -s)" },
		{ "A=\"$(echo \"a b\" ')' \\) # it's )\n)\" B=1",
		    "\"$(echo \"a b\" ')' \\) # it's )\n)\"" },
		{ "A=`echo \\`id\\``", "`echo \\`id\\``" },
		{ "A=$((1 + (2)))", "$((1 + (2)))" },
		{ "A=$[1+1]", "$[1+1]" },
		{ "A=${B:-\"x }\"}", "${B:-\"x }\"}" },
		{ "A=\"${B:-'}'}\"", "\"${B:-'}'}\"" },
		{ "A=$'a\\'b'", "$'a\\'b'" },
		{ "A=$\"a\"", "$\"a\"" },
		{ "A=$1", "$1" },
		{ "A=$$", "$$" },
		{ "A=$#", "$#" },
		{ "A=~/x", "~/x" },
		{ "A=a:~", "a:~" },
		{ "A+=1", "1" },
		{ "A[0]=1", "1" },
		{ "A[0]+=1", "1" },
		{ "A=(1 \"2 )\"\n3)", "(1 \"2 )\"\n3)" },
		{ "export A={1,2}", "{1,2}" },
		{ "A=$\\\nB", "$\\\nB" },
	};
	const struct shell_variable *v;
	struct shell s;
	struct fault f;

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		parse(&s, cases[i].text);
		v = shell_get(&s, "A");
		if (!v || v->value || s.odd_line)
			fail_msg("%s: odd line %u", cases[i].text, s.odd_line);
		assert_string_equal(v->written, cases[i].written);
		assert_false(shell_known(v, &f));
		assert_non_null(strstr(f.text, "1: A: \""));
		assert_non_null(strstr(f.text, "running a shell"));
		shell_fini(&s);
	}
}

static void
odd_lines_set_nothing_and_are_noted(void **state)
{
	static const char *const cases[] = {
		". /etc/x", "A=1 true", "if true; then A=1; fi", "true && A=1",
		"A=1 | cat", "A=1 &", "A=1 >/dev/null", "(A=1)", "export -n A",
		"export A-B", "export", "declare A=1", "unset A", "A",
		"'A'=1", "\\A=1", "A-B=1", "1A=1", "=1", "; A=1", "\r",
		"\"export\" A=1", "A =1", "A\\=1", "export $A",
		"B=2 export A=1",
		"export '=1'", "export 'A'=*", "export 'A'{,}=1",
		"f() { A=1; }", "$B=1", "A$B=1",
	};
	struct shell s;

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		char text[80];

		snprintf(text, sizeof(text), "# one\n%s\nB=1\n", cases[i]);
		parse(&s, text);
		/* A bare `export` only lists. */
		if (strcmp(cases[i], "export") && s.odd_line != 2)
			fail_msg("%s: odd line %u", cases[i], s.odd_line);
		if (strcmp(cases[i], "; A=1") && shell_get(&s, "A"))
			fail_msg("%s: set", cases[i]);
		assert_string_equal(value_of(&s, "B"), "1");
		shell_fini(&s);
	}
}

static void
the_first_odd_line_is_kept_all_are_counted(void **state)
{
	struct shell s;
	struct fault f;

	(void)state;
	parse(&s, "A='x\ny'\n\n. /etc/x   # \x1b\ntrue\n");
	assert_int_equal(s.odd_line, 4);
	assert_int_equal(s.odd_count, 2);
	assert_string_equal(s.odd, ". /etc/x   # \x1b");
	assert_true(shell_parse(&s, "B=1", &f));
	assert_int_equal(s.odd_line, 0);
	assert_int_equal(s.odd_count, 0);
	shell_fini(&s);
}

static void
lines_and_former_lines_are_counted(void **state)
{
	struct shell s;
	struct fault f;

	(void)state;
	parse(&s, "A='x\ny'\nB=1\\\n2\nC=3 B=4\n");
	assert_int_equal(s.count, 3);
	assert_int_equal(shell_get(&s, "A")->line, 1);
	assert_int_equal(shell_get(&s, "B")->line, 5);
	assert_int_equal(shell_get(&s, "B")->former, 3);
	assert_int_equal(shell_get(&s, "C")->former, 0);
	assert_string_equal(value_of(&s, "B"), "4");
	assert_null(shell_get(&s, "D"));
	assert_int_equal(shell_get(&s, "C")->file, 1);
	assert_true(shell_parse(&s, "\nB=5\nD=6", &f));
	assert_int_equal(shell_get(&s, "B")->file, 2);
	assert_int_equal(shell_get(&s, "B")->line, 2);
	assert_int_equal(shell_get(&s, "B")->former, 0);
	assert_string_equal(value_of(&s, "A"), "x\ny");
	shell_fini(&s);
	shell_fini(&s);
	shell_fini(NULL);
}

static void
what_does_not_end_is_a_fault_with_its_line(void **state)
{
	static const char *const cases[] = {
		"B='1", "B=\"1", "B=\"a\\", "B=$(a", "B=`a", "B=`a\\", "B=${a",
		"B=$[1", "B=$'a", "B=(1", "true 'x", "B=\"$(echo \"a)\"",
	};
	struct shell s;
	struct fault f;

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		char text[80];

		snprintf(text, sizeof(text), "A=1\n\n%s\nC=3\n", cases[i]);
		memset(&s, 0, sizeof(s));
		if (shell_parse(&s, text, &f))
			fail_msg("taken: %s", cases[i]);
		if (strncmp(f.text, "3: a ", 5))
			fail_msg("%s: %s", cases[i], f.text);
		assert_string_equal(value_of(&s, "A"), "1");
		assert_null(shell_get(&s, "B"));
		assert_null(shell_get(&s, "C"));
		shell_fini(&s);
	}
}

static void
nothing_hostile_goes_deep_or_on_for_ever(void **state)
{
	struct text deep = { 0 }, many = { 0 };
	struct shell s = { 0 };
	struct fault f;

	(void)state;
	text_str(&deep, "A=");
	for (int i = 0; i < 200000; i++)
		text_str(&deep, "\"$(");
	assert_false(shell_parse(&s, deep.at, &f));
	assert_non_null(strstr(f.text, "too deep"));
	shell_fini(&s);
	for (int i = 0; i < 200000; i++)
		text_str(&many, "(");
	parse(&s, many.at);
	assert_int_equal(s.count, 0);
	shell_fini(&s);
	many.len = 0;
	for (int i = 0; i <= SHELL_VARIABLES; i++)
		text_fmt(&many, "A%d=\n", i);
	assert_false(shell_parse(&s, many.at, &f));
	assert_string_equal(f.text, "8193: too many variables");
	assert_int_equal(s.count, SHELL_VARIABLES);
	shell_fini(&s);
	text_fini(&deep);
	text_fini(&many);
}

static void
a_value_with_a_dos_line_end_is_named(void **state)
{
	struct shell s;
	struct fault f;

	(void)state;
	parse(&s, "A=1\r\nB='x\ry'\n");
	assert_false(shell_known(shell_get(&s, "A"), &f));
	assert_int_equal(strncmp(f.text, "1: A: the line ends in CR", 25), 0);
	assert_true(shell_known(shell_get(&s, "B"), &f));
	shell_fini(&s);
}

/* Random files, read by bash as well. */

struct dice {
	uint32_t now;
	bool expansions;	/* this file may have them */
	bool odd;		/* it has an odd line */
	bool brace;		/* braces would be expanded here */
};

static uint32_t
roll(struct dice *d, uint32_t sides)
{
	d->now ^= d->now << 13;
	d->now ^= d->now >> 17;
	d->now ^= d->now << 5;
	return d->now % sides;
}

static void
some_of(struct text *t, struct dice *d, const char *from)
{
	for (uint32_t n = roll(d, 5); n > 0; n--)
		text_add(t, from + roll(d, (uint32_t)strlen(from)), 1);
}

static void
in_double_quotes(struct text *t, struct dice *d)
{
	static const char *const parts[] = {
		"\\\"", "\\$", "\\`", "\\\\", "\\a", "\\'", "\\\n", "'",
		"\n", " ", "  ", "#", ";", "$ ", "$%", "(", "\t", "\r",
		"~", "$.", "\\ ", "!", "\xc3\xa4", "$\\\"", "$\\a",
	};
	static const char *const live[] = {
		"$B", "${B}", "$(echo x)", "`echo x`", "${B:-'}'}",
		"${C:-\"x y\"}", "$(echo \")\")", "$$-", "$?", "$((1+2))",
		"$(echo 'a\"b' # it's\n)", "${#B}", "$[1+1]",
	};

	text_str(t, "\"");
	for (uint32_t n = roll(d, 6); n > 0; n--) {
		some_of(t, d, "abc019.:/-_%@=");
		text_str(t, parts[roll(d, LENGTH(parts))]);
		if (d->expansions && roll(d, 6) == 0)
			text_str(t, live[roll(d, LENGTH(live))]);
	}
	text_str(t, roll(d, 8) ? "\"" : "$\"");
}

static void
bare(struct text *t, struct dice *d)
{
	static const char *const escaped[] = {
		"\\ ", "\\\"", "\\'", "\\\\", "\\$", "\\\n", "\\#", "\\;",
		"\\a", "\\~", "\\\t", "\\`", "\\(", "\\{", "\\*",
	};

	some_of(t, d, "abc019.:/-_%@^+,!");
	switch (roll(d, 6)) {
	case 0:
		text_str(t, d->brace ? "!" : roll(d, 2) ? "{a,b}" : "*?[x]");
		break;
	case 1:
		text_str(t, escaped[roll(d, LENGTH(escaped))]);
		break;
	case 2:
		text_str(t, "x#=y");
		break;
	default:
		break;
	}
}

static void
value(struct text *t, struct dice *d)
{
	static const char *const live[] = {
		"$B", "${B}", "$(echo x; echo y)", "`echo x`", "$'a\\'b\\n'",
		"$\"x\"", "${B:-'}'}", "$((1 + (2)))",
		"$(echo \"a b\" \\) ')')",
		"~", ":~", "$1", "$#", "$\\\nB", "$[2*(3)]", "${B:-{}",
	};

	for (uint32_t n = roll(d, 5); n > 0; n--)
		switch (roll(d, d->expansions ? 5 : 4)) {
		case 0:
			text_str(t, "'");
			some_of(t, d, "ab \t\n\\\"$`#;=~(){}*\r&|<>");
			text_str(t, "'");
			break;
		case 1:
			in_double_quotes(t, d);
			break;
		case 4:
			text_str(t, live[roll(d, LENGTH(live))]);
			break;
		default:
			bare(t, d);
			break;
		}
}

static void
assignment(struct text *t, struct dice *d)
{
	char name[] = "A";

	name[0] = (char)('A' + roll(d, 4));
	text_str(t, name);
	if (roll(d, 30) == 0)
		text_str(t, "\\\n");
	text_str(t, d->expansions && roll(d, 10) == 0 ? "+=" : "=");
	value(t, d);
}

static void
line(struct text *t, struct dice *d)
{
	static const char *const odd[] = {
		"true", ": x 'y", "A=1 true", "[ -e /none ] && B=1",
		"true 'a\nb' \"c;\"", "if false; then true; fi",
		"B='a b' :", "false; :", "\r",
	};

	some_of(t, d, " \t");
	d->brace = false;
	switch (roll(d, 12)) {
	case 0:
		text_str(t, "# it's \"a `comment $( \\");
		break;
	case 1:
		break;
	case 2:
		if (roll(d, 3) == 0) {
			const char *what = odd[roll(d, LENGTH(odd))];

			text_str(t, what);
			text_str(t, what[0] == ':' ? "'" : "");
			d->odd = true;
		}
		break;
	case 3:
		text_str(t, "export ");
		d->brace = true;
		assignment(t, d);
		text_str(t, roll(d, 2) ? " B\n" : " \\\n\tD");
		break;
	case 4:
		assignment(t, d);
		text_str(t, roll(d, 2) ? "  " : " \\\n  ");
		assignment(t, d);
		break;
	case 5:
		assignment(t, d);
		text_str(t, roll(d, 2) ? ";" : " ; ");
		assignment(t, d);
		break;
	case 6:
		assignment(t, d);
		text_str(t, " # 'comment");
		break;
	default:
		assignment(t, d);
		break;
	}
	some_of(t, d, " \t");
	text_str(t, "\n");
}

/* Both readings of variable `name`; want is NULL where bash has it not set. */
static void
compare(const struct shell *s, const char *name, const char *want,
    const char *file, bool all_known)
{
	const struct shell_variable *v = shell_get(s, name);

	if (!want && v)
		fail_msg("%s is not set by\n%s", name, file);
	if (want && !v)
		fail_msg("%s is not seen in\n%s", name, file);
	if (v && !v->value && all_known)
		fail_msg("%s is not known in\n%s", name, file);
	if (v && v->value && strcmp(v->value, want))
		fail_msg("%s is \"%s\", bash has \"%s\" of\n%s", name,
		    v->value, want, file);
}

/* What bash makes of the files 0 to FILES - 1: for each the number, then for
 * each name one string, "=VALUE" or "". */
static FILE *
ask_bash(void)
{
	char command[120];

	put(DIR "/ask", "cd " DIR "\n"
	    "for ((n = 0; n < $1; n++)); do printf '%s\\0' \"$n\"; (\n"
	    "\t. ./$n\n"
	    "\tfor name in A B C D; do\n"
	    "\t\tprintf '%s\\0' \"${!name+=${!name}}\"\n"
	    "\tdone\n"
	    ") 2>/dev/null; done\n");
	fflush(NULL);
	snprintf(command, sizeof(command), "env -i LC_ALL=C HOME=/none "
	    "PATH=\"$PATH\" bash --norc " DIR "/ask %d", FILES);
	return popen(command, "r");
}

static void
write_files(struct text *files, bool *known, bool *odd)
{
	struct dice d = { .now = chosen_seed() };
	char path[32];

	print_message("# SEED=%u\n", d.now);
	for (int i = 0; i < FILES; i++) {
		d.expansions = roll(&d, 3) == 0;
		d.odd = false;
		for (uint32_t n = 1 + roll(&d, 8); n > 0; n--)
			line(&files[i], &d);
		if (roll(&d, 4) == 0)
			files[i].at[--files[i].len] = '\0';
		known[i] = !d.expansions;
		odd[i] = d.odd;
		snprintf(path, sizeof(path), DIR "/%d", i);
		write_text(path, files[i].at, files[i].len);
	}
}

static void
bash_reads_the_same(void **state)
{
	struct text files[FILES] = { 0 };
	bool known[FILES], odd[FILES];
	size_t values = 0, room = 0;
	char *got = NULL;
	FILE *in;

	(void)state;
	write_files(files, known, odd);
	in = ask_bash();
	assert_non_null(in);
	for (int i = 0; i < FILES; i++) {
		struct shell s;

		if (getdelim(&got, &room, '\0', in) < 1 || atoi(got) != i)
			fail_msg("bash failed before\n%s", files[i].at);
		parse(&s, files[i].at);
		if ((s.odd_line > 0) != odd[i])
			fail_msg("odd line %u of\n%s", s.odd_line,
			    files[i].at);
		for (const char *name = "A\0B\0C\0D\0"; *name; name += 2) {
			if (getdelim(&got, &room, '\0', in) < 1)
				fail_msg("bash ended at\n%s", files[i].at);
			values += got[0] == '=';
			compare(&s, name, got[0] ? got + 1 : NULL, files[i].at,
			    known[i]);
		}
		shell_fini(&s);
		text_fini(&files[i]);
	}
	assert_true(getdelim(&got, &room, '\0', in) < 1);
	assert_int_equal(pclose(in), 0);
	assert_true(values > FILES);
	free(got);
}

static int
setup(void **state)
{
	(void)state;
	return private_dir(DIR);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_are_what_a_shell_makes_of_them),
		cmocka_unit_test(what_only_a_shell_could_know_has_no_value),
		cmocka_unit_test(odd_lines_set_nothing_and_are_noted),
		cmocka_unit_test(the_first_odd_line_is_kept_all_are_counted),
		cmocka_unit_test(lines_and_former_lines_are_counted),
		cmocka_unit_test(what_does_not_end_is_a_fault_with_its_line),
		cmocka_unit_test(nothing_hostile_goes_deep_or_on_for_ever),
		cmocka_unit_test(a_value_with_a_dos_line_end_is_named),
		cmocka_unit_test(bash_reads_the_same),
	};

	return cmocka_run_group_tests_name("shell", tests, setup, NULL);
}
