/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: the hook of Red Hat's network-scripts.
 *
 * One program behind /sbin/ifup-local, /sbin/ifdown-pre-local and
 * /sbin/ifdown-local, and, for those who choose it, in place of ifup-routes and
 * ifdown-routes.  Which one it is tells its own name, or its first argument
 * where it is called as network-scripts.  It gets a device or alias and reads
 * the rest from the files of /etc/sysconfig/network-scripts: nothing of them is
 * in the environment.  Told in ifpolicy-hooks(7). */
#include <stdio.h>
#include <string.h>

#include "down.h"
#include "priv.h"
#include "refresh.h"
#include "scripts.h"
#include "up.h"

typedef enum outcome (*action)(struct session *, const char *, struct fault *);

static const struct {
	const char *name;
	action act;
} hooks[] = {
	{ "ifup-local", scripts_up },
	{ "ifup-routes", scripts_up },
	{ "ifdown-pre-local", scripts_leave },
	{ "ifdown-local", scripts_down },
	{ "ifdown-routes", scripts_down },
};

static action
find_action(const char *name)
{
	for (size_t i = 0; i < sizeof(hooks) / sizeof(hooks[0]); i++)
		if (!strcmp(hooks[i].name, name))
			return hooks[i].act;
	return NULL;
}

static const char *
base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* ifup-routes and ifdown-routes get the device and the name of the file, which
 * for an alias is the alias; the others get one or the other. */
static const char *
find_label(int argc, char **argv)
{
	if (argc > 1 && strchr(argv[1], ':'))
		return argv[1];
	return argc > 0 ? argv[0] : "";
}

static int
usage(const struct say *say)
{
	say_error(say, "usage: network-scripts ifup-local|ifdown-pre-local|"
	    "ifdown-local|ifup-routes|ifdown-routes DEVICE");
	return 2;
}

/* The scripts begin and end a machine's network with lo: then devices that are
 * gone leave nothing behind.  They name no device where an alias' file does
 * not, but delete its rules all the same: then everything is looked at. */
static enum outcome
run(struct session *ss, action act, const char *label, struct fault *f)
{
	if (!strcmp(label, "lo") && down_tidy(ss, f) != OUTCOME_DONE)
		say_error(&ss->say, "%s", f->text);
	if (label[0] == '\0')
		return refresh_run(ss, NULL, UP_QUIET, f);
	return act(ss, label, f);
}

static bool
nothing_to_do(const struct record *r, action act, const char *label)
{
	if (!strcmp(label, "lo") && record_mentions(r, NULL))
		return false;
	if (label[0] == '\0')
		return act != scripts_down || !record_mentions(r, NULL);
	return scripts_idle(r, label);
}

int
main(int argc, char **argv)
{
	struct session ss = { .say.syslog = true, .record.lock = -1 };
	const char *name = argc > 0 ? base_name(argv[0]) : "", *label;
	struct fault f = { "" };
	action act;
	bool fails;

	if (!strcmp(name, "network-scripts") && argc > 1)
		name = *++argv, argc--;
	act = find_action(name);
	if (!act)
		return usage(&ss.say);
	label = find_label(argc - 1, argv + 1);
	/* What else the scripts may call a configuration has no policy. */
	if (label[0] && !label_name_ok(label))
		return 0;
	if (priv_drop(&f) || record_init(&ss.record, -1, &f)) {
		say_error(&ss.say, "%s: %s", label, f.text);
		return 1;
	}
	if (nothing_to_do(&ss.record, act, label))
		return 0;
	if (session_init(&ss, &f))
		say_error(&ss.say, "%s: %s", label, f.text);
	else
		(void)run(&ss, act, label, &f);
	fails = ss.fails;
	session_fini(&ss);
	return fails ? 1 : 0;
}
