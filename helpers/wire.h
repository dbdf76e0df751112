/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: rtnetlink bytes to values and back; touches no socket. */
#ifndef IFPOLICY_WIRE_H
#define IFPOLICY_WIRE_H

#include <linux/netlink.h>

#include <stdbool.h>
#include <stddef.h>

#include "model.h"

#define WIRE_MESSAGE	2048	/* room for any message built here */

/* Build one request into buf (WIRE_MESSAGE bytes, aligned for nlmsghdr),
 * sequence number and port 0 for the sender to fill in.  type is RTM_NEWRULE,
 * RTM_DELRULE, RTM_NEWROUTE or RTM_DELROUTE; flags are OR-ed to NLM_F_REQUEST
 * (NLM_F_CREATE | NLM_F_EXCL, NLM_F_REPLACE, NLM_F_ACK).  Every attribute of
 * the value is named, also in a delete: what is not named matches anything.
 * Routes are encoded with hop.ifindex; hop.dev is not looked at.
 * Returns the message, or NULL if it does not fit. */
struct nlmsghdr *wire_rule(void *buf, const struct rule *r, uint16_t type,
    uint16_t flags);
struct nlmsghdr *wire_route(void *buf, const struct route *r, uint16_t type,
    uint16_t flags);

/* Dump requests.  0 as ifindex, table or protocol means "not filtered"; header
 * fields that are no filter are 0, as strict checking wants. */
struct nlmsghdr *wire_dump_rules(void *buf, int family);
struct nlmsghdr *wire_dump_routes(void *buf, int family, uint32_t table,
    uint32_t ifindex, uint8_t protocol);
struct nlmsghdr *wire_dump_addresses(void *buf, int family, uint32_t ifindex);
struct nlmsghdr *wire_dump_links(void *buf);
/* One link by name, statistics left out. */
struct nlmsghdr *wire_get_link(void *buf, const char *name);

struct nlmsghdr *wire_dump_neighbours(void *buf, int family);

/* Asks the way of a packet: the route that is taken, as it stands in its table,
 * or (`plain`) the next hop and source address that come of it, to be read with
 * wire_read_any_route() and wire_read_taken().  IPv4 answers for TCP, UDP and
 * ICMP only, IPv6 for those and none. */
struct nlmsghdr *wire_ask(void *buf, const struct question *q, bool plain);

/* Asks which way the kernel would send to an address; the answer is for
 * wire_read_way(). */
struct nlmsghdr *wire_get_way(void *buf, const struct addr *to);
/* The same through one device. */
struct nlmsghdr *wire_get_way_by(void *buf, const struct addr *to,
    uint32_t ifindex);
/* True if the answer says: through this device, and without a gateway. */
bool wire_read_on_link(const struct nlmsghdr *nlh, uint32_t ifindex);
/* The device of the answer; 0 if it has none. */
uint32_t wire_read_way(const struct nlmsghdr *nlh);
/* True if the answer says that the address is one of this machine's. */
bool wire_read_local(const struct nlmsghdr *nlh);

/* Decode one message.  False for another message type, a short message, an
 * attribute shorter than its type, or a value this model cannot hold (more
 * than HOPS_MAX next hops, an encapsulation): the caller must then treat the
 * object as somebody else's.  Text is always terminated.  The result is
 * normalized.  Cloned (cache) routes give false. */
bool wire_read_rule(struct rule *r, const struct nlmsghdr *nlh);
bool wire_read_route(struct route *r, const struct nlmsghdr *nlh);
/* The same, but also for what the model holds only in part: `unknown` of the
 * result is then not 0.  An IPv6 metric of 0 stays. */
bool wire_read_any_rule(struct rule *r, const struct nlmsghdr *nlh);
bool wire_read_any_route(struct route *r, const struct nlmsghdr *nlh);
bool wire_read_address(struct address *a, const struct nlmsghdr *nlh);
/* The device on which a router has told of a prefix (RTM_NEWPREFIX); else 0. */
uint32_t wire_read_prefix(const struct nlmsghdr *nlh);
bool wire_read_link(struct link *l, const struct nlmsghdr *nlh);
bool wire_read_neighbour(struct neighbour *n, const struct nlmsghdr *nlh);

/* The plain answer to wire_ask(): a route of one next hop, its prefsrc. */
bool wire_read_taken(struct route *r, const struct nlmsghdr *nlh);

/* The kernel's text in an error or done message (NLMSGERR_ATTR_MSG), or NULL.
 * *error gets the negative errno (0 for an ACK).  The text is NUL-terminated
 * inside nlh.  Understands NLM_F_CAPPED (CAP_ACK) and DONE messages. */
const char *wire_read_error(int *error, const struct nlmsghdr *nlh);

#endif
