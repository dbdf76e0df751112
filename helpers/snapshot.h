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

struct neighbour_list {
	struct neighbour *at;
	size_t count;
};

/* The settings that judge a packet which comes in by a device: of the device
 * and of all devices, put together as the kernel does. */
struct input_conf {
	bool forwarding;
	bool accept_local, send_redirects, src_valid_mark, route_localnet;
	bool bc_forwarding;
	unsigned rp_filter;	/* 0 off, 1 strict, 2 loose */
};

/* All that a lookup of one family depends on. */
struct fib {
	int family;
	struct link_list links;
	struct address_list addresses;
	struct rule_list rules;		/* in the order the kernel tries them */
	struct route_list routes;	/* of all tables; those of one prefix in
					 * the order the kernel tries them */
	struct neighbour_list failed;	/* IPv6: did not answer */
	bool forwarding6;		/* ipv6/conf/all: a router does not care
					 * whether its gateways answer */
	struct input_conf input;	/* of the question's device */
	bool merged;		/* IPv4: no rule was ever changed, so that local
				 * and main are one: no dump tells */
};

/* What the kernel answers to a question. */
struct kernel_answer {
	int error;		/* 0 or -errno */
	struct route taken;	/* the next hop and source address */
	bool has_route;		/* false: there is none (a bound socket sends
				 * anyway), or before Linux 4.13 */
	struct route route;	/* as it stands in its table */
};

struct address *fib_add_address(struct fib *f);
struct rule *fib_add_rule(struct fib *f);
struct route *fib_add_route(struct fib *f);
struct neighbour *fib_add_failed(struct fib *f);
/* NULL if there is none. */
const struct link *fib_link(const struct fib *f, uint32_t ifindex);
const struct link *fib_link_named(const struct fib *f, const char *name);
const struct address *fib_address(const struct fib *f, const struct addr *a);
void fib_fini(struct fib *f);

/* Appends a zeroed element; NULL without memory. */
struct address *snapshot_add_address(struct snapshot *s);
struct rule *snapshot_add_rule(struct snapshot *s);
struct route *snapshot_add_route(struct snapshot *s);
struct link *link_list_add(struct link_list *l);

void snapshot_fini(struct snapshot *s);

#endif
