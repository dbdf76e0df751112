/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: the hook of DHCP clients: dhclient, dhcpcd and udhcpc.
 *
 * Called when a client is done with the kernel's addresses and routes, with
 * "interface" in the environment and the reason there as well, or, by udhcpc,
 * as the first argument.  What the lease holds is not read: what counts is what
 * the client has made of it in the kernel.  Told in ifpolicy-hooks(7). */
#include <stdlib.h>
#include <string.h>

#include "follow.h"
#include "model.h"
#include "priv.h"
#include "up.h"

enum action { ACTION_NONE, ACTION_UP, ACTION_CHANGE };

/* An address may be gone (EXPIRE FAIL RELEASE STOP NAK CARRIER deconfig ...)
 * at each reason that is not in the table. */
static enum action
find_action(const char *reason)
{
	static const struct {
		const char *reason;
		enum action action;
	} reasons[] = {
		/* There is an address. */
		{ "BOUND", ACTION_UP }, { "BOUND6", ACTION_UP },
		{ "RENEW", ACTION_UP }, { "RENEW6", ACTION_UP },
		{ "REBIND", ACTION_UP }, { "REBIND6", ACTION_UP },
		{ "REBOOT", ACTION_UP }, { "REBOOT6", ACTION_UP },
		{ "INFORM", ACTION_UP }, { "INFORM6", ACTION_UP },
		{ "TIMEOUT", ACTION_UP }, { "STATIC", ACTION_UP },
		{ "IPV4LL", ACTION_UP }, { "DELEGATED6", ACTION_UP },
		{ "ROUTERADVERT", ACTION_UP },
		{ "bound", ACTION_UP }, { "renew", ACTION_UP },
		/* Nothing of the kernel's has changed yet. */
		{ "PREINIT", ACTION_NONE }, { "PREINIT6", ACTION_NONE },
		{ "MEDIUM", ACTION_NONE }, { "NBI", ACTION_NONE },
		{ "ARPCHECK", ACTION_NONE }, { "ARPSEND", ACTION_NONE },
		{ "TEST", ACTION_NONE },
	};

	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (!strcmp(reasons[i].reason, reason))
			return reasons[i].action;
	return ACTION_CHANGE;
}

static int
usage(const struct say *say)
{
	say_error(say, "usage: interface=DEVICE reason=REASON dhcp, "
	    "or interface=DEVICE dhcp REASON");
	return 2;
}

int
main(int argc, char **argv)
{
	struct session ss = { .say.syslog = true, .record.lock = -1 };
	const char *device = getenv("interface");
	const char *reason = argc > 1 ? argv[1] : getenv("reason");
	struct fault f = { "" };
	enum action action;

	if (!reason || !*reason)
		return usage(&ss.say);
	action = find_action(reason);
	if (action == ACTION_NONE)
		return 0;
	if (!device || !device_name_ok(device))
		return usage(&ss.say);
	if (priv_drop(&f) || record_init(&ss.record, -1, &f)) {
		say_error(&ss.say, "%s: %s", device, f.text);
		return 0;
	}
	if (follow_idle(&ss.record, device, action == ACTION_UP))
		return 0;
	if (session_init(&ss, &f))
		say_error(&ss.say, "%s: %s", device, f.text);
	else if (action == ACTION_UP)
		(void)follow_up(&ss, device, 0, &f);
	else
		(void)follow_change(&ss, device, UP_QUIET, &f);
	session_fini(&ss);
	return 0;
}
