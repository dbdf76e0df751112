/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: the notify script of keepalived.
 *
 * The configuration names the devices as arguments, none meaning all that have
 * a claim; keepalived puts "INSTANCE|GROUP NAME STATE PRIORITY" behind them for
 * `notify` and nothing for `notify_master` and its kin.  A virtual address is
 * there already when a router has become master and gone already when it is
 * none any more.  The scripts of a group and of its instances run at the same
 * time and end in any order, so what STATE says may be out of date: what counts
 * are the addresses that the kernel has.  Told in ifpolicy-hooks(7). */
#include <string.h>

#include "follow.h"
#include "priv.h"
#include "refresh.h"
#include "up.h"

#define APPENDED	4

struct call {
	char **devices;
	int count;
	bool creates;	/* a device's file may become its claim */
};

static bool
consists_of(const char *word, const char *letters)
{
	return word[0] && word[strspn(word, letters)] == '\0';
}

/* The last four words are keepalived's.  The name may be anything; there may
 * be more states than are known here. */
static bool
is_appended(char **words)
{
	return (!strcmp(words[0], "INSTANCE") || !strcmp(words[0], "GROUP")) &&
	    consists_of(words[2], "ABCDEFGHIJKLMNOPQRSTUVWXYZ_") &&
	    consists_of(words[3], "0123456789");
}

/* A router that stops, or whose instance was deleted, keeps its own addresses
 * and what they have; it is no moment to begin anything. */
static bool
state_ends(const char *state)
{
	return !strcmp(state, "STOP") || !strcmp(state, "DELETED");
}

static bool
parse_call(struct call *c, int argc, char **argv)
{
	c->devices = argv;
	c->count = argc;
	c->creates = true;
	if (argc >= APPENDED && is_appended(argv + argc - APPENDED)) {
		c->count -= APPENDED;
		c->creates = !state_ends(argv[argc - APPENDED + 2]);
	}
	for (int i = 0; i < c->count; i++)
		if (!device_name_ok(c->devices[i]))
			return false;
	return true;
}

static bool
nothing_to_do(const struct record *r, const struct call *c)
{
	for (int i = 0; i < c->count; i++)
		if (!follow_idle(r, c->devices[i], c->creates))
			return false;
	return c->count || !record_mentions(r, NULL);
}

/* Failures were told as they came. */
static void
run(struct session *ss, const struct call *c, struct fault *f)
{
	if (!c->count)
		(void)refresh_run(ss, NULL, UP_QUIET, f);
	for (int i = 0; i < c->count; i++) {
		const char *device = c->devices[i];

		if (follow_idle(&ss->record, device, c->creates))
			continue;
		if (c->creates)
			(void)follow_up(ss, device, UP_QUIET, f);
		else
			(void)follow_change(ss, device, UP_QUIET, f);
	}
}

int
main(int argc, char **argv)
{
	struct session ss = { .say.syslog = true, .record.lock = -1 };
	struct fault f = { "" };
	struct call c;
	bool fails;

	if (!parse_call(&c, argc > 0 ? argc - 1 : 0, argv + 1)) {
		say_error(&ss.say, "usage: keepalived [DEVICE]... "
		    "[INSTANCE|GROUP NAME STATE PRIORITY]");
		return 2;
	}
	if (priv_drop(&f) || record_init(&ss.record, -1, &f)) {
		say_error(&ss.say, "keepalived: %s", f.text);
		return 1;
	}
	if (nothing_to_do(&ss.record, &c))
		return 0;
	if ((fails = session_init(&ss, &f)))
		say_error(&ss.say, "keepalived: %s", f.text);
	else
		run(&ss, &c, &f);
	fails |= ss.fails;
	session_fini(&ss);
	return fails ? 1 : 0;
}
