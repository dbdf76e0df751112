/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: the words of `ip route` and `ip rule` to values and back. */
#ifndef IFPOLICY_WORDS_H
#define IFPOLICY_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "model.h"
#include "names.h"
#include "say.h"

#define WORDS_LINE	4096	/* longest line read, without NUL */
#define WORDS_TEXT	3072	/* room for any printed line with NUL */

/* Flags of words_parse_rule(). */
#define WORDS_HOST_BITS	1u	/* "from 10.0.0.5/24" stays what it is: the
				 * kernel keeps, compares and shows the bits */

/* Read the words that follow `ip rule add` or `ip route add`: "from 10.0.0.1
 * table rt1", "default via 10.0.0.1 dev eth1".  A leading "add", "append",
 * "replace", "ip route add", ... is not part of it.  family AF_UNSPEC: taken
 * from the first address, else AF_INET.  Abbreviations as iproute2 6.1 takes
 * them ("tab", "pref").  names may be NULL (numbers and built-in names only).
 *
 * What was not written stays absent: table 0, has_priority false, dev empty,
 * protocol 0, scope not given; the caller puts its defaults in and then calls
 * rule_normalize() / route_normalize().  False and a one-line fault that
 * quotes the offending word for anything iproute2 or the kernel would refuse
 * by form (unknown word, missing value, number out of range, wrong family,
 * given twice, too long, host bits in a prefix but for that flag).  A label
 * after a route's dev is its device, as to the kernel: "dev eth0:1", eth0. */
bool words_parse_rule(struct rule *r, int family, unsigned flags,
    struct names *names, const char *text, struct fault *f);
bool words_parse_route(struct route *r, int family, struct names *names,
    const char *text, struct fault *f);

/* The words that follow `ip route get`: "to 10.0.0.1 from 10.0.0.2 oif eth1
 * mark 1".  Indexes of devices are the caller's to fill in.  False and a
 * one-line fault for what words_parse_rule() would not take, and for packets
 * that there are not: without a destination, with `iif` but no source, with
 * ports but of a protocol that has none. */
bool words_parse_question(struct question *q, int family, const char *text,
    struct fault *f);

/* "tcp", or NULL for one that has no name here. */
const char *words_ipproto(uint8_t number);

/* Print in one canonical order, in words that parse back to the same value
 * and that `ip -batch` takes after "rule add " / "route add ".  Equal values
 * print equal text.  names NULL: tables and protocols as numbers.  buf has
 * WORDS_TEXT bytes, enough for HOPS_MAX of the longest next hops.
 * Returns buf. */
const char *words_print_rule(char *buf, const struct rule *r,
    struct names *names);
const char *words_print_route(char *buf, const struct route *r,
    struct names *names);

#endif
