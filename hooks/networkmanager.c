/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: the hook of NetworkManager's dispatcher.
 *
 * Called from dispatcher.d and dispatcher.d/pre-down.d with a device and an
 * action (NetworkManager-dispatcher(8)).  Of what NetworkManager says in the
 * environment only names are read: its IP4_* and IP6_* are missing from half of
 * the actions and old by the time of others, the kernel's addresses are not.
 * Told in ifpolicy-hooks(7). */
#include <stdlib.h>
#include <string.h>

#include "follow.h"
#include "model.h"
#include "priv.h"
#include "scripts.h"

typedef enum outcome (*step)(struct session *, const char *, unsigned,
    struct fault *);

struct action {
	const char *name;
	step step;
	bool vpn;		/* of a VPN's own device, over another one */
};

struct task {
	step step;
	const char *device;
};

/* The name of a profile of Red Hat's network-scripts, which has its options in
 * it; NULL for another kind. */
static const char *
find_ifcfg(void)
{
	const char *file = getenv("CONNECTION_FILENAME");
	const char *slash = file ? strrchr(file, '/') : NULL;

	return slash && !strncmp(slash, "/ifcfg-", strlen("/ifcfg-")) ?
	    slash + strlen("/ifcfg-") : NULL;
}

static enum outcome
come_up(struct session *ss, const char *device, unsigned flags,
    struct fault *f)
{
	const char *name = find_ifcfg();

	return name ? scripts_managed(ss, device, name, f) :
	    follow_up(ss, device, flags, f);
}

/* dhcp4-change comes for a first lease, too, before the device is up: what it
 * does must not make anything.  "down" comes last of all where a profile is
 * activated again, after the new addresses. */
static const struct action actions[] = {
	{ "up", come_up, false },
	{ "reapply", come_up, false },
	{ "dhcp4-change", follow_change, false },
	{ "dhcp6-change", follow_change, false },
	{ "pre-down", follow_leave, false },
	{ "down", follow_down, false },
	{ "vpn-up", come_up, true },
	{ "vpn-pre-down", follow_leave, true },
	{ "vpn-down", follow_down, true },
};

static const struct action *
find_action(const char *name)
{
	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
		if (!strcmp(actions[i].name, name))
			return &actions[i];
	return NULL;
}

/* A VPN without a device of its own is named by the one that carries it: that
 * one neither comes nor goes with it. */
static size_t
find_tasks(struct task tasks[2], const struct action *a, const char *device)
{
	const char *carrier = a->vpn ? getenv("DEVICE_IP_IFACE") : NULL;
	size_t n = 0;

	if (!carrier || strcmp(carrier, device))
		tasks[n++] = (struct task){ a->step, device };
	if (carrier)
		tasks[n++] = (struct task){ follow_change, carrier };
	return n;
}

static bool
nothing_to_do(const struct record *r, const struct task *t)
{
	bool up = t->step == come_up;

	if (!label_name_ok(t->device))
		return true;
	return follow_idle(r, t->device, up) &&
	    (!up || !find_ifcfg());
}

/* The status says nothing: of another one NetworkManager would log that a
 * script failed and go on, and the reason has been told. */
int
main(int argc, char **argv)
{
	const struct action *a = argc > 2 ? find_action(argv[2]) : NULL;
	struct session ss = { .say.syslog = true, .record.lock = -1 };
	struct fault f = { "" };
	struct task tasks[2];
	size_t count, left = 0;

	if (!a || !label_name_ok(argv[1]))
		return 0;
	if (priv_drop(&f) || record_init(&ss.record, -1, &f)) {
		say_error(&ss.say, "%s: %s", argv[1], f.text);
		return 0;
	}
	count = find_tasks(tasks, a, argv[1]);
	for (size_t i = 0; i < count; i++)
		if (!nothing_to_do(&ss.record, &tasks[i]))
			tasks[left++] = tasks[i];
	if (left == 0)
		return 0;
	if (session_init(&ss, &f))
		say_error(&ss.say, "%s: %s", argv[1], f.text);
	else
		for (size_t i = 0; i < left; i++)
			(void)tasks[i].step(&ss, tasks[i].device, 0, &f);
	session_fini(&ss);
	return 0;
}
