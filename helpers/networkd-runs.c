/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: whether systemd-networkd works on this network namespace.
 *
 * /proc shows processes of other namespaces as well, and /run is shared by
 * those of "ip netns exec".  So two things must come together: a process of
 * that name, and a socket in this namespace that hears of rules.  Its port does
 * not tell whose it is: with systemd-networkd.socket it is PID 1's. */
#include <linux/netlink.h>

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "networkd.h"

#define COMM		"systemd-network"	/* as the kernel cuts it */
#define COMM_BYTES	64
#define STATE_BYTES	65536
#define SOCKETS_BYTES	(8 * 1024 * 1024)
#define PATH_ROOM	320

/* RTNLGRP_IPV4_RULE and RTNLGRP_IPV6_RULE, as /proc/net/netlink shows them. */
#define RULE_GROUPS	(1u << 7 | 1u << 18)

/* "sk Eth Pid Groups ...", a socket a line. */
static bool
line_hears_rules(const char *line)
{
	unsigned protocol, groups;

	return sscanf(line, "%*s %u %*s %x", &protocol, &groups) == 2 &&
	    protocol == NETLINK_ROUTE && (groups & RULE_GROUPS);
}

static bool
somebody_hears_rules(void)
{
	bool found = false;
	char *text, *at;

	if (file_read(&text, "/proc/net/netlink", SOCKETS_BYTES))
		return false;
	for (at = text; at && !found; at = strchr(at, '\n')) {
		at += *at == '\n';
		found = line_hears_rules(at);
	}
	free(text);
	return found;
}

static bool
is_networkd(const char *pid)
{
	char path[PATH_ROOM], *comm;
	bool is;

	if (!isdigit((unsigned char)pid[0]))
		return false;
	snprintf(path, sizeof(path), "/proc/%s/comm", pid);
	if (file_read(&comm, path, COMM_BYTES))
		return false;
	is = !strcmp(comm, COMM "\n");
	free(comm);
	return is;
}

bool
networkd_runs(void)
{
	struct file_names names;
	bool runs = false;

	if (!somebody_hears_rules())
		return false;
	(void)file_names_read(&names, "/proc");
	for (size_t i = 0; i < names.count && !runs; i++)
		runs = is_networkd(names.at[i]);
	file_names_fini(&names);
	return runs;
}

bool
networkd_manages(uint32_t ifindex)
{
	char path[PATH_ROOM], *text;
	bool manages;

	snprintf(path, sizeof(path), "/run/systemd/netif/links/%u", ifindex);
	if (file_read(&text, path, STATE_BYTES))
		return false;
	manages = strstr(text, "ADMIN_STATE=config") ||
	    strstr(text, "ADMIN_STATE=failed");
	free(text);
	return manages;
}
