/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: the command ifpolicy: options, subcommands, exit status. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "block.h"
#include "check.h"
#include "conf.h"
#include "down.h"
#include "explain.h"
#include "import.h"
#include "num.h"
#include "priv.h"
#include "recover.h"
#include "refresh.h"
#include "repair.h"
#include "show.h"
#include "try.h"
#include "up.h"
#include "watch.h"

struct options {
	bool json, dry, verbose, help;
	unsigned families;	/* 0: not restricted */
	unsigned own;		/* OWN_ bits that were given */
	uint32_t seconds;	/* -t */
	const char *cwd;	/* where it was started; NULL not known */
};

/* Options of some commands only. */
enum own {
	OWN_ALL = 1 << 0,
	OWN_DOT = 1 << 1,
	OWN_PROMETHEUS = 1 << 2,
	OWN_TIME = 1 << 3,
	OWN_IN_PLACE = 1 << 4,
};

/* What getopt calls those; the others by their letters. */
enum code {
	CODE_ALL = 256,
	CODE_DOT,
	CODE_PROMETHEUS,
	CODE_IN_PLACE,
};

static const struct option long_options[] = {
	{ "all", no_argument, NULL, CODE_ALL },
	{ "dot", no_argument, NULL, CODE_DOT },
	{ "dry-run", no_argument, NULL, 'n' },
	{ "help", no_argument, NULL, 'h' },
	{ "in-place", no_argument, NULL, CODE_IN_PLACE },
	{ "json", no_argument, NULL, 'j' },
	{ "prometheus", no_argument, NULL, CODE_PROMETHEUS },
	{ "timeout", required_argument, NULL, 't' },
	{ "verbose", no_argument, NULL, 'v' },
	{ "version", no_argument, NULL, 'V' },
	{ NULL, 0, NULL, 0 },
};

struct subcommand {
	const char *name, *arguments, *help;
	int min, max;		/* arguments; max -1: any number */
	bool writes;		/* needs CAP_NET_ADMIN, but for -n */
	unsigned own;		/* OWN_ bits of the options that it knows */
	enum outcome (*run)(struct session *, const struct options *,
	    int argc, char **argv, struct fault *);
};

/* KEY VALUE pairs, or the file of the device, or what was asked for last. */
static enum outcome
read_settings(struct settings *s, enum spelling *spelling,
    const char *device, int argc, char **argv, struct fault *f)
{
	char quoted[QUOTE_TEXT];
	bool found;

	*spelling = SPELL_COMMAND;
	for (int i = 0; i < argc; i += 2) {
		if (i + 1 == argc) {
			fault_set(f, "%s: needs a value",
			    say_quote(quoted, argv[i]));
			return OUTCOME_BAD_INPUT;
		}
		if (!settings_add(s, SPELL_COMMAND, argv[i], argv[i + 1], f))
			return OUTCOME_BAD_INPUT;
	}
	if (argc)
		return OUTCOME_DONE;
	*spelling = SPELL_INTERFACES;
	return conf_device(s, device, &found, f) ? OUTCOME_DONE :
	    OUTCOME_BAD_INPUT;
}

/* An up, to stay or, with seconds, on trial. */
static enum outcome
bring_up(struct session *ss, const struct options *o, int argc, char **argv,
    uint32_t seconds, struct fault *f)
{
	struct settings s = { 0 };
	enum spelling spelling;
	enum outcome outcome;
	char quoted[QUOTE_TEXT];
	struct claim named;
	unsigned families;

	if (!claim_init(&named, argv[0], AF_INET, NULL)) {
		fault_set(f, "%s is no name of an interface",
		    say_quote(quoted, argv[0]));
		return OUTCOME_BAD_INPUT;
	}
	outcome = read_settings(&s, &spelling, named.device, argc - 1,
	    argv + 1, f);
	if (outcome != OUTCOME_DONE) {
		fault_before(f, "%s: ", argv[0]);
		goto out;
	}
	if (s.count == 0) {
		fault_set(f, "%s: nothing asked for: give KEY VALUE pairs, or "
		    "write " CONF_DIR "/%s (see ifpolicy(8)); to repeat the "
		    "last request: ifpolicy refresh %s", argv[0],
		    named.device, argv[0]);
		outcome = OUTCOME_BAD_INPUT;
		goto out;
	}
	families = up_families(ss, &s, named.device);
	if (o->families)
		families = o->families;
	if (seconds)
		outcome = try_run(ss, &(struct wish_tried){ argv[0], families,
		    spelling, &s, seconds }, f);
	else
		outcome = up_label(ss, argv[0], families, spelling,
		    spelling == SPELL_INTERFACES, &s, NULL, 0, f);
out:
	settings_fini(&s);
	return outcome;
}

static enum outcome
command_up(struct session *ss, const struct options *o, int argc, char **argv,
    struct fault *f)
{
	return bring_up(ss, o, argc, argv, 0, f);
}

static enum outcome
command_try(struct session *ss, const struct options *o, int argc, char **argv,
    struct fault *f)
{
	return bring_up(ss, o, argc, argv, o->own & OWN_TIME ? o->seconds :
	    TRY_SECONDS, f);
}

static enum outcome
command_confirm(struct session *ss, const struct options *o, int argc,
    char **argv, struct fault *f)
{
	(void)o;
	if (ss->dry) {
		fault_set(f, "confirm has no dry run; see: ifpolicy show");
		return OUTCOME_BAD_INPUT;
	}
	return try_confirm(ss, argc ? argv[0] : NULL, f);
}

static enum outcome
command_down(struct session *ss, const struct options *o, int argc,
    char **argv, struct fault *f)
{
	if ((o->own & OWN_ALL) == (argc ? OWN_ALL : 0)) {
		fault_set(f, "down: either IFACE or --all");
		return OUTCOME_BAD_INPUT;
	}
	if (!argc)
		return down_all(ss, f);
	return down_run(ss, argv[0], o->families ? o->families :
	    FAMILY_4 | FAMILY_6, NULL, NULL, f);
}

static enum outcome
command_refresh(struct session *ss, const struct options *o, int argc,
    char **argv, struct fault *f)
{
	enum outcome outcome;

	(void)o;
	outcome = refresh_run(ss, argc ? argv[0] : NULL, 0, f);
	/* It has told each failure as it came. */
	f->text[0] = '\0';
	return outcome;
}

static enum outcome
command_repair(struct session *ss, const struct options *o, int argc,
    char **argv, struct fault *f)
{
	enum outcome outcome;

	if (ss->dry) {
		fault_set(f, "repair has no dry run; see: ifpolicy check");
		return OUTCOME_BAD_INPUT;
	}
	if (repair(ss, f))
		return OUTCOME_FAILED;
	outcome = down_tidy(ss, f);
	if (outcome != OUTCOME_DONE)
		return outcome;
	return command_refresh(ss, o, argc, argv, f);
}

static struct scope
scope_of(const struct options *o, int argc, char **argv)
{
	struct scope scope = {
		.label = argc ? argv[0] : NULL,
		.families = o->families ? o->families : FAMILY_4 | FAMILY_6,
	};

	return scope;
}

/* Whether stdout shows colours and somebody wants them (no-color.org). */
static bool
wants_colour(void)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && (!no || !*no) && term && *term &&
	    strcmp(term, "dumb");
}

static enum outcome
command_show(struct session *ss, const struct options *o, int argc,
    char **argv, struct fault *f)
{
	struct scope scope = scope_of(o, argc, argv);
	bool dot = o->own & OWN_DOT;

	if (o->json && dot) {
		fault_set(f, "show: either --json or --dot");
		return OUTCOME_BAD_INPUT;
	}
	return show(ss, &scope, dot ? SHOW_DOT : o->json ? SHOW_JSON :
	    SHOW_PEOPLE, wants_colour(), f) ? OUTCOME_FAILED : OUTCOME_DONE;
}

/* Metrics tell what was found by themselves: there a failure is only that they
 * could not be made. */
static enum outcome
command_check(struct session *ss, const struct options *o, int argc,
    char **argv, struct fault *f)
{
	struct scope scope = scope_of(o, argc, argv);
	bool metrics = o->own & OWN_PROMETHEUS, found;

	if (o->json && metrics) {
		fault_set(f, "check: either --json or --prometheus");
		return OUTCOME_BAD_INPUT;
	}
	if (check(ss, &scope, metrics ? CHECK_METRICS : o->json ? CHECK_JSON :
	    CHECK_PEOPLE, &found, f))
		return OUTCOME_FAILED;
	return found && !metrics ? OUTCOME_FAILED : OUTCOME_DONE;
}

/* The words are read as a line, as everywhere. */
static enum outcome
command_explain(struct session *ss, const struct options *o, int argc,
    char **argv, struct fault *f)
{
	int family = o->families == FAMILY_4 ? AF_INET : o->families ==
	    FAMILY_6 ? AF_INET6 : AF_UNSPEC;
	enum outcome outcome = OUTCOME_FAILED;
	struct text line = { 0 };

	for (int i = 0; i < argc; i++)
		text_fmt(&line, "%s%s", i ? " " : "", argv[i]);
	if (line.failed)
		fault_set(f, "out of memory");
	else
		outcome = explain(ss, line.at, family, o->json ?
		    EXPLAIN_JSON : EXPLAIN_PEOPLE, wants_colour(), f);
	text_fini(&line);
	return outcome;
}

static enum outcome
command_watch(struct session *ss, const struct options *o, int argc,
    char **argv, struct fault *f)
{
	(void)o;
	(void)argc;
	(void)argv;
	if (ss->dry) {
		fault_set(f, "watch has no dry run; see: ifpolicy check");
		return OUTCOME_BAD_INPUT;
	}
	return watch(ss, getenv("NOTIFY_SOCKET"), f);
}

static enum outcome
command_import(struct session *ss, const struct options *o, int argc,
    char **argv, struct fault *f)
{
	enum import_output output = ss->dry ? IMPORT_DIFF :
	    o->own & OWN_IN_PLACE ? IMPORT_IN_PLACE : IMPORT_TEXT;
	int err = import_run(argv, (size_t)argc, o->cwd, output, &ss->say, f);

	return !err ? OUTCOME_DONE : err == -EINVAL ? OUTCOME_BAD_INPUT :
	    OUTCOME_FAILED;
}

static const struct subcommand subcommands[] = {
	{ "up", "IFACE [KEY VALUE]...",
	    "give the interface its policy, all of it or nothing",
	    1, -1, true, 0, command_up },
	{ "try", "IFACE [KEY VALUE]...",
	    "the same, taken back unless confirmed in time (-t SECONDS)",
	    1, -1, true, OWN_TIME, command_try },
	{ "confirm", "[IFACE]", "what is on trial stays",
	    0, 1, true, 0, command_confirm },
	{ "down", "IFACE|--all", "take away exactly what up gave",
	    0, 1, true, OWN_ALL, command_down },
	{ "refresh", "[IFACE]", "the last requests again, as things are now",
	    0, 1, true, 0, command_refresh },
	{ "repair", "", "make a damaged or lost record and the kernel agree",
	    0, 0, true, 0, command_repair },
	{ "show", "[--dot] [IFACE]",
	    "every policy and how it stands in the kernel",
	    0, 1, false, OWN_DOT, command_show },
	{ "check", "[--prometheus] [IFACE]",
	    "what is not as claimed or breaks it; exit 1 if any",
	    0, 1, false, OWN_PROMETHEUS, command_check },
	{ "explain", "to ADDR [from ADDR]...",
	    "which way a packet goes, rule by rule; words of `ip route get`",
	    1, -1, false, 0, command_explain },
	{ "watch", "", "follow the kernel's events until a signal",
	    0, 0, true, 0, command_watch },
	{ "import", "[--in-place] FILE...",
	    "files with hand-written ip lines as files with options",
	    1, -1, false, OWN_IN_PLACE, command_import },
};

#define SUBCOMMANDS	(sizeof(subcommands) / sizeof(subcommands[0]))

static void
usage(FILE *to)
{
	fprintf(to, "usage: ifpolicy [-46jnvV] COMMAND [ARGUMENTS]\n\n");
	for (size_t i = 0; i < SUBCOMMANDS; i++)
		fprintf(to, "  %-8s %-22s %s\n", subcommands[i].name,
		    subcommands[i].arguments, subcommands[i].help);
	fprintf(to, "\n  -n dry run: print `ip -batch` lines, change nothing\n"
	    "  -j JSON   -v a word per object   -4 -6 one family   "
	    "-V version\n  -t SECONDS how long try waits (%u)\n\nkeys:\n",
	    TRY_SECONDS);
	for (int i = 0; i < KEY_COUNT; i++)
		fprintf(to, "  %-12s %-38s %s\n", keys[i].name, keys[i].value,
		    keys[i].help);
}

/* Of all, or of the named command. */
static void
help(const char *name)
{
	for (size_t i = 0; name && i < SUBCOMMANDS; i++) {
		const struct subcommand *s = &subcommands[i];

		if (strcmp(s->name, name))
			continue;
		printf("usage: ifpolicy %s%s%s\n\n  %s\n", s->name,
		    s->arguments[0] ? " " : "", s->arguments, s->help);
		return;
	}
	usage(stdout);
}

/* No such command, or not with so many arguments. */
static int
refuse(const char *name)
{
	char quoted[QUOTE_TEXT], list[128] = "";
	size_t n = 0;

	if (!name) {
		usage(stderr);
		return OUTCOME_BAD_INPUT;
	}
	for (size_t i = 0; i < SUBCOMMANDS; i++) {
		if (!strcmp(subcommands[i].name, name)) {
			say_error(NULL, "usage: ifpolicy %s%s%s", name,
			    subcommands[i].arguments[0] ? " " : "",
			    subcommands[i].arguments);
			return OUTCOME_BAD_INPUT;
		}
		n += (size_t)snprintf(list + n, sizeof(list) - n, "%s%s",
		    i ? ", " : "", subcommands[i].name);
	}
	say_error(NULL, "%s is no command; one of: %s", say_quote(quoted,
	    name), list);
	return OUTCOME_BAD_INPUT;
}

static bool
read_seconds(uint32_t *seconds, const char *text)
{
	char quoted[QUOTE_TEXT];

	if (num_u32(seconds, text, TRY_MIN, TRY_MAX))
		return true;
	say_error(NULL, "-t %s: not a number of seconds from %u to %u",
	    say_quote(quoted, text), TRY_MIN, TRY_MAX);
	return false;
}

/* "up eth1 metric -1": behind a key the next word is its value, whatever it
 * looks like. */
static bool
awaits_value(char **words, int count)
{
	return count > 2 && count % 2 && (!strcmp(words[0], "up") ||
	    !strcmp(words[0], "try"));
}

/* Moves the words that are no options to the front, behind argv[0]; *words gets
 * their number.  Returns -1 to go on, else the exit status. */
static int
parse_options(struct options *o, int argc, char **argv, int *words)
{
	int c;

	*words = 0;
	/* "-": in the order of the command line; a word comes as 1. */
	while ((c = getopt_long(argc, argv, "-46jnt:vVh", long_options,
	    NULL)) != -1) {
		switch (c) {
		case 1:
			argv[++*words] = optarg;
			if (awaits_value(argv + 1, *words) && optind < argc)
				argv[++*words] = argv[optind++];
			break;
		case '4': o->families |= FAMILY_4; break;
		case '6': o->families |= FAMILY_6; break;
		case 'j': o->json = true; break;
		case 'n': o->dry = true; break;
		case 't':
			if (!read_seconds(&o->seconds, optarg))
				return OUTCOME_BAD_INPUT;
			o->own |= OWN_TIME;
			break;
		case 'v': o->verbose = true; break;
		case 'V':
			printf("ifpolicy " VERSION "\n");
			return 0;
		case 'h': o->help = true; break;
		case CODE_ALL: o->own |= OWN_ALL; break;
		case CODE_DOT: o->own |= OWN_DOT; break;
		case CODE_PROMETHEUS: o->own |= OWN_PROMETHEUS; break;
		case CODE_IN_PLACE: o->own |= OWN_IN_PLACE; break;
		default:
			usage(stderr);
			return OUTCOME_BAD_INPUT;
		}
	}
	/* What stands behind "--". */
	while (optind < argc)
		argv[++*words] = argv[optind++];
	return -1;
}

static const struct subcommand *
find_subcommand(const char *name, int arguments)
{
	for (size_t i = 0; i < SUBCOMMANDS; i++)
		if (!strcmp(subcommands[i].name, name) &&
		    arguments >= subcommands[i].min &&
		    (subcommands[i].max < 0 ||
		    arguments <= subcommands[i].max))
			return &subcommands[i];
	return NULL;
}

int
main(int argc, char **argv)
{
	struct session ss = { .record.lock = -1 };
	struct options o = { 0 };
	const struct subcommand *sub;
	enum outcome outcome = OUTCOME_FAILED;
	struct fault f = { "" };
	char *cwd;
	int status = parse_options(&o, argc, argv, &argc);

	if (status >= 0)
		return status;
	argv++;
	if (o.help) {
		help(argc > 0 ? argv[0] : NULL);
		return 0;
	}
	sub = argc > 0 ? find_subcommand(argv[0], argc - 1) : NULL;
	if (!sub || (o.own & ~sub->own))
		return refuse(argc > 0 ? argv[0] : NULL);
	ss.dry = o.dry;
	ss.say.verbose = o.verbose;
	/* Giving up privileges leaves the directory as well. */
	o.cwd = cwd = getcwd(NULL, 0);
	status = priv_drop(&f);
	if (status == 0 && sub->writes && !o.dry)
		status = priv_need(&f);
	if (status == 0)
		status = session_init(&ss, &f);
	if (status == 0)
		outcome = sub->run(&ss, &o, argc - 1, argv + 1, &f);
	if (outcome != OUTCOME_DONE && f.text[0])
		say_error(&ss.say, "%s", f.text);
	session_fini(&ss);
	free(cwd);
	return (int)outcome;
}
