/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: ask the kernel what it holds: a snapshot for plan and compile. */
#ifndef IFPOLICY_FACTS_H
#define IFPOLICY_FACTS_H

#include "claim.h"
#include "names.h"
#include "nl.h"
#include "plan.h"
#include "snapshot.h"

/* The device (ifindex 0 if there is none) and its addresses of the families
 * (FAMILY_4 | FAMILY_6).  0 or -errno with a fault; *s is emptied first. */
int facts_read(struct snapshot *s, struct nl *nl, const char *device,
    unsigned families, struct fault *f);

/* Replaces the rules by those that equal one of these objects or that the
 * delete of one could hit instead; notes whether any is ours. */
int facts_read_rules(struct snapshot *s, struct nl *nl, unsigned families,
    const struct object_refs *want, const struct object_refs *old,
    struct fault *f);

/* The same for all rules there are. */
int facts_read_all_rules(struct snapshot *s, struct nl *nl, unsigned families,
    struct fault *f);

/* The addresses of all devices. */
int facts_read_all_addresses(struct snapshot *s, struct nl *nl,
    struct fault *f);

/* Replaces the routes by all of these tables; of main by the defaults, those
 * without a gateway, and those that cover one of the addresses: it may be very
 * large.  Next hops get no device names.  0 or -errno with a fault. */
int facts_read_all_routes(struct snapshot *s, struct nl *nl,
    const uint32_t *tables, size_t count, const struct addr *covered,
    size_t covered_count, struct fault *f);

/* The device that the kernel would send through to an address, without a
 * source or mark, the first of several that share a route; 0: none.  0 or
 * -errno with a fault. */
int facts_way(uint32_t *ifindex, struct nl *nl, const struct addr *to,
    struct fault *f);

/* Adds main's routes through the device. */
int facts_read_main(struct snapshot *s, struct nl *nl, unsigned families,
    struct fault *f);

/* Adds, in place of what main gave before, the routes of every table that
 * these objects live in: those in one of their slots, and main's through the
 * device.  Sets both has_ flags. */
int facts_read_tables(struct snapshot *s, struct nl *nl, unsigned families,
    const struct object_refs *want, const struct object_refs *old,
    struct fault *f);

/* Replaces rules and routes by all that carry our protocol, in any table. */
int facts_read_ours(struct snapshot *s, struct nl *nl, unsigned families,
    struct fault *f);

/* Fills in the devices of next hops that name only a gateway: the one that the
 * kernel would take for them itself.  One that it has no way to stays without.
 * 0 or -errno with a fault. */
int facts_find_devices(struct route *r, struct nl *nl, struct fault *f);

/* Whether there is such a device and it is up.  0 or -errno with a fault. */
int facts_is_up(bool *up, struct nl *nl, const char *device, struct fault *f);

/* Whether a next hop can be used: its device up, its gateway on link there.
 * 0 or -errno with a fault. */
int facts_hop_works(bool *works, struct nl *nl, const struct hop *h,
    struct fault *f);

/* Whether an address is one of this machine's, on whatever device, so that it
 * may be a source (fib_valid_prefsrc(), net/ipv4/fib_semantics.c).  0 or
 * -errno with a fault. */
int facts_is_local(bool *local, struct nl *nl, const struct addr *a,
    struct fault *f);

/* In how many seconds the next default, or prefix on link, that a router has
 * told and main has ends, which the kernel tells nobody of; 0: none does.  0 or
 * -errno with a fault. */
int facts_next_expiry(uint32_t *seconds, struct nl *nl, struct fault *f);

/* All that lookups of one family depend on, rules and routes also where the
 * model holds them only in part; *f is emptied first.  0 or -errno with a
 * fault. */
int facts_read_fib(struct fib *f, struct nl *nl, int family,
    struct fault *fault);
/* The settings that judge what comes in by a device.  Knobs that this kernel
 * lacks count as off.  0 or -errno with a fault. */
int facts_read_input(struct fib *f, const char *device, struct fault *fault);

/* What the kernel answers to a question.  0, or -errno with a fault if it could
 * not be asked: -EOPNOTSUPP for a protocol that it takes in no question. */
int facts_ask(struct kernel_answer *answer, struct nl *nl,
    const struct question *q, struct fault *f);

/* Fills in the names of a route's devices from the links that were read. */
void facts_name_hops(struct route *r, const struct fib *f);

/* All devices. */
int facts_read_links(struct link_list *l, struct nl *nl, struct fault *f);

/* Fills in the index of each named device; 0 where there is none. */
void facts_resolve_devices(const struct object_refs *objects,
    const struct snapshot *s);

/* Fills in the present value (empty: no such knob).  0 or -errno with a fault:
 * what cannot be read could not be given back. */
int facts_read_sysctls(const struct object_refs *objects, struct fault *f);

/* Lowest number from TABLE_AUTO_MIN on that no file, rule or route uses, in
 * *table.  -ENOSPC with a fault if all are taken. */
int facts_free_table(uint32_t *table, struct nl *nl, struct names *names,
    struct fault *f);

#endif
