/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: what the events since the last look have made stale. */
#ifndef IFPOLICY_WATCH_STALE_H
#define IFPOLICY_WATCH_STALE_H

#include <linux/netlink.h>

#include "addr.h"
#include "inspect.h"

#define STALE_ADDRESSES	64	/* remembered one by one */

struct stale {
	bool any;		/* something happened that may matter */
	bool everything;	/* events were lost, or too many to tell */
	bool ours;		/* something with our mark came or went: it may
				 * be on trial */
	bool lost;		/* something that carries our mark is gone or
				 * was replaced */
	uint32_t port;		/* who took it, a netlink port; 0: the kernel */
	struct device_names devices;	/* addresses, link or main's routes */
	struct device_names came_up;	/* of those: set up just now */
	struct addr address[STALE_ADDRESSES];	/* came or went, or a
				 * route there was replaced */
	size_t addresses;
};

/* Notes one event; those of our own port are passed over. */
void stale_note(struct stale *s, const struct nlmsghdr *nlh,
    uint32_t own_port);

void stale_fini(struct stale *s);

#endif
