/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: the whole host around all claims, as plain values. */
#ifndef IFPOLICY_HOST_H
#define IFPOLICY_HOST_H

#include "names.h"
#include "networkd.h"
#include "nl.h"
#include "products.h"
#include "record.h"
#include "snapshot.h"

/* Settings of one device.  The kernel takes the larger of the device's and
 * that of "all" (or either, for arp_filter): that is what stands here.  Only
 * the device's own counts for ignore_routes_with_linkdown. */
struct knobs {
	uint8_t rp_filter, arp_filter, arp_ignore, arp_announce;
	uint8_t ignore_linkdown[2];	/* IPv4, IPv6 */
	bool networkd;		/* systemd-networkd runs and manages it */
};

struct host {
	struct link_list links;
	struct knobs *knobs;		/* as many, in the same order */
	struct snapshot now;		/* addresses and rules, all; routes of
					 * main that matter, all of the tables
					 * that claims and plain rules name */
	/* IPv4, IPv6: the device by which the kernel sends to an address that
	 * as little as possible but a default covers; 0 none. */
	uint32_t way[2];
	struct networkd networkd;
	bool installed[PRODUCT_COUNT];
	const struct name_list *tables;	/* names and numbers, borrowed */
};

/* Looks at everything.  The claims' objects have been parsed.  0 or -errno with
 * a fault; host_fini() in any case. */
int host_read(struct host *h, struct nl *nl, struct names *names,
    const struct claims *claims, struct fault *f);
void host_fini(struct host *h);

/* NULL if there is none. */
const struct link *host_link(const struct host *h, const char *name);
const struct link *host_link_of(const struct host *h, uint32_t ifindex);
const struct knobs *host_knobs(const struct host *h, const struct link *l);

/* 0 for IPv4, 1 for IPv6: index of what there is of each. */
size_t host_index(int family);

/* A rule that looks at nothing but the source, or at nothing at all. */
bool host_rule_is_plain(const struct rule *r);

#endif
