/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: what the kernel holds around one device, as plain values. */
#ifndef IFPOLICY_SNAPSHOT_H
#define IFPOLICY_SNAPSHOT_H

#include "model.h"

struct link_list {
	struct link *at;
	size_t count;
};

struct address_list {
	struct address *at;
	size_t count;
};

struct rule_list {
	struct rule *at;
	size_t count;
};

struct route_list {
	struct route *at;
	size_t count;
};

/* A priority that the kernel had chosen for a rule that is gone. */
struct gap {
	int family;
	uint32_t priority;
};

struct gaps {
	const struct gap *at;	/* borrowed */
	size_t count;
};

struct snapshot {
	uint64_t when;			/* seconds since boot */
	struct link link;		/* ifindex 0: the device is gone */
	struct address_list addresses;	/* of the device, both families */
	struct rule_list rules;		/* in the order the kernel tries them;
					 * those that matter to the reader */
	bool has_our_rules;		/* any rule carries our protocol */
	struct gaps gaps;	/* given to facts_read_rules() by the caller */
	struct route_list routes;
	/* What `routes` holds: main's routes through the device; all routes of
	 * the tables that matter.  Where false, absence proves nothing. */
	bool has_main_of_device;
	bool has_tables;
};

/* Appends a zeroed element; NULL without memory. */
struct address *snapshot_add_address(struct snapshot *s);
struct rule *snapshot_add_rule(struct snapshot *s);
struct route *snapshot_add_route(struct snapshot *s);
struct link *link_list_add(struct link_list *l);

void snapshot_fini(struct snapshot *s);

#endif
