/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: the programs themselves, each main run as if it had been called. */
#include <getopt.h>
#include <stdio.h>

#include "keys.h"
#include "steps.h"

#define ENVIRONMENT	24
#define ARGUMENTS	32

extern char **environ;

/* helpers/main.c and hooks/, their mains renamed. */
int command_main(int argc, char **argv);
int ifupdown_main(int argc, char **argv);
int scripts_main(int argc, char **argv);

struct call {
	const char *program;
	int (*main)(int, char **);
	int argc;
	char *argv[ARGUMENTS];
	char *env[ENVIRONMENT];
	size_t envs;
	char text[ENVIRONMENT + ARGUMENTS][OPTION_TEXT * 2];
	size_t texts;
};

static char *
keep(struct call *c, const char *fmt, ...)
{
	char *at = c->text[c->texts++];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(at, sizeof(c->text[0]), fmt, ap);
	va_end(ap);
	return at;
}

static void
set(struct call *c, const char *name, const char *value)
{
	c->env[c->envs++] = keep(c, "%s=%s", name, value);
}

static void
tell_word(const char *word)
{
	const char *quote = strpbrk(word, " \n") ? "'" : "";

	printf(" %s%s%s", quote, word, quote);
}

static const char *const faults[FAULTS] = {
	[FAULT_KILL] = "killed before its change",
	[FAULT_MEMORY] = "out of memory at its allocation",
	[FAULT_DISK] = "disk full at its write",
	[FAULT_ANSWERS] = "answers lost of its batch",
	[FAULT_KNOB] = "sysctl not writable, its",
};

static void
tell_call(const struct call *c, const struct step *s)
{
	for (size_t i = 0; i < c->envs; i++) {
		const char *value = strchr(c->env[i], '=') + 1;
		const char *quote = strchr(value, ' ') ? "'" : "";

		printf("%.*s%s%s%s ", (int)(value - c->env[i]), c->env[i],
		    quote, value, quote);
	}
	printf("%s", c->program);
	for (int i = 1; i < c->argc; i++)
		tell_word(c->argv[i]);
	if (s->fault_in)
		printf("   # %s %u", faults[s->fault], s->fault_in);
	printf("\n");
}

/* An up ends claims of addresses that are gone before all else. */
static bool
has_dead_claim(struct machine *m)
{
	const struct file *f = disk_record(m);
	const char *at = f ? f->text : "";
	char label[IFNAMSIZ], family[8], own[ADDR_TEXT];
	struct addr a;

	for (; (at = strstr(at, "\nclaim ")); at++)
		if (sscanf(at, "\nclaim %15s %7s %47s", label, family, own) ==
		    3 && addr_parse(&a, AF_UNSPEC, own) &&
		    !address_find(m, &a))
			return true;
	return false;
}

/* The exit status; -1 if it was killed. */
static int
run(struct machine *m, struct call *c, const struct step *s)
{
	char **before = environ;
	int status;
	bool killed;

	if (m->trace)
		tell_call(c, s);
	m->said.len = 0;
	m->done = 0;
	m->refused = false;
	m->fault_in = s->fault_in;
	m->fault = s->fault;
	m->faulty = false;
	m->pending = disk_pending(m) || has_dead_claim(m);
	environ = c->env;
	optind = 0;
	judge_forget();
	status = c->main(c->argc, c->argv);
	environ = before;
	killed = m->dead && !m->broken.len;
	m->fault_in = 0;
	m->killed += killed;
	if (m->trace && m->said.len)
		printf("#   %.*s%s", (int)m->said.len, m->said.at,
		    m->said.at[m->said.len - 1] == '\n' ? "" : "\n");
	if (m->broken.len)
		return -1;
	m->dead = false;
	if (killed) {
		judge_forget();
		return -1;
	}
	judge_rest(m);
	return m->faulty ? -1 : status;
}

static void
add_options(struct call *c, const struct step *s)
{
	char key[OPTION_TEXT], value[OPTION_TEXT], name[OPTION_TEXT + 16];

	for (size_t i = 0; i < s->options; i++) {
		option_text(key, value, s, i);
		snprintf(name, sizeof(name), "IF_POLICY_%s", key);
		for (char *at = name; *at; at++)
			*at = *at == '-' ? '_' : *at >= 'a' && *at <= 'z' ?
			    (char)(*at - 'a' + 'A') : *at;
		set(c, name, value);
	}
}

/* flag: the stanza is dhcp's, which has no address of its own. */
int
run_hook(struct machine *m, const struct step *s, bool up)
{
	const struct label *l = &labels[s->who];
	struct call c = { .program = up ? "/etc/network/if-up.d/ifpolicy" :
	    "/etc/network/if-down.d/ifpolicy", .main = ifupdown_main,
	    .argc = 1 };

	c.argv[0] = keep(&c, "%s", c.program);
	set(&c, "IFACE", l->name);
	set(&c, "ADDRFAM", s->v6 ? "inet6" : "inet");
	set(&c, "METHOD", s->flag ? "dhcp" : "static");
	set(&c, "MODE", up ? "start" : "stop");
	set(&c, "PHASE", up ? "post-up" : "pre-down");
	if (!s->flag)
		set(&c, "IF_ADDRESS", l->own[s->v6]);
	if (s->what & 1)
		set(&c, "IF_GATEWAY", l->gateway[s->v6]);
	add_options(&c, s);
	return run(m, &c, s);
}

int
run_tidy(struct machine *m, const struct step *s)
{
	struct call c = { .program = "/etc/network/if-up.d/ifpolicy",
	    .main = ifupdown_main, .argc = 1 };

	c.argv[0] = keep(&c, "%s", c.program);
	set(&c, "IFACE", "--all");
	set(&c, "ADDRFAM", "meta");
	set(&c, "MODE", "start");
	set(&c, "PHASE", "post-up");
	return run(m, &c, s);
}

int
run_scripts(struct machine *m, const struct step *s, const char *as)
{
	struct call c = { .program = "/usr/libexec/ifpolicy/network-scripts",
	    .main = scripts_main, .argc = 3 };

	c.argv[0] = keep(&c, "network-scripts");
	c.argv[1] = keep(&c, "%s", as);
	c.argv[2] = keep(&c, "%s", labels[s->who].name);
	return run(m, &c, s);
}

int
run_command(struct machine *m, const struct step *s, int argc,
    const char **argv)
{
	struct call c = { .program = "ifpolicy", .main = command_main,
	    .argc = argc + 1 };

	c.argv[0] = keep(&c, "ifpolicy");
	for (int i = 0; i < argc; i++)
		c.argv[i + 1] = keep(&c, "%s", argv[i]);
	return run(m, &c, s);
}

int
run_command_up(struct machine *m, const struct step *s)
{
	static char words[2 * OPTIONS][OPTION_TEXT];
	const char *argv[2 * OPTIONS + 3] = { s->v6 ? "-6" : "-4", "up",
	    labels[s->who].name };
	int argc = 3;

	for (size_t i = 0; i < s->options; i++) {
		option_text(words[2 * i], words[2 * i + 1], s, i);
		argv[argc++] = words[2 * i];
		argv[argc++] = words[2 * i + 1];
	}
	return run_command(m, s, argc, argv);
}
