/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: what systemd-networkd does here with rules and routes of others. */
#ifndef IFPOLICY_NETWORKD_H
#define IFPOLICY_NETWORKD_H

#include <stdbool.h>
#include <stdint.h>

/* It deletes what it has not put in itself (protocol kernel aside) whenever it
 * configures a link, unless told not to: networkd.conf(5). */
struct networkd {
	bool runs;		/* in this network namespace */
	bool takes_rules;	/* ManageForeignRoutingPolicyRules= */
	bool takes_routes;	/* ManageForeignRoutes= */
};

/* Takes over what one file says; the last word counts. */
void networkd_parse(struct networkd *n, const char *text);

/* Reads networkd.conf and its drop-ins as systemd finds them.  What the process
 * itself has read may be older: it reads them when it starts.  0 or -errno. */
int networkd_read(struct networkd *n);

/* Whether it runs in this network namespace; whether it has configured a device
 * there or is about to.  Read from /proc and /run/systemd/netif; nobody is
 * asked. */
bool networkd_runs(void);
bool networkd_manages(uint32_t ifindex);

#endif
