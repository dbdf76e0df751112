/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: IP addresses and prefixes of both families as plain values. */
#ifndef IFPOLICY_ADDR_H
#define IFPOLICY_ADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ADDR_TEXT	48	/* room for any address with NUL */
#define PREFIX_TEXT	52	/* room for any prefix with NUL */

/* family is AF_INET or AF_INET6; 0 (AF_UNSPEC) means "no address given".
 * Bytes are in network order; those past the family's length are zero. */
struct addr {
	uint8_t family;
	uint8_t byte[16];
};

/* A length of 0 with family 0 means "not given". */
struct prefix {
	struct addr addr;
	uint8_t len;
};

/* Bytes (4, 16) and bits (32, 128) of a family's addresses; 0 if unknown. */
size_t addr_bytes(int family);
unsigned addr_bits(int family);

/* Sets of families; the bit of one, 0 if unknown. */
#define FAMILY_4	1u
#define FAMILY_6	2u
unsigned addr_family_bit(int family);

/* "inet", "inet6", or "any". */
const char *addr_family_name(int family);

/* Reads one address, whole string, no abbreviations.  family AF_UNSPEC takes
 * either.  Returns false, with *a untouched, for anything else. */
bool addr_parse(struct addr *a, int family, const char *text);

/* Reads ADDRESS or ADDRESS/LEN (a bare address is a host prefix), "default",
 * "any" or "all" (length 0, family as given).  IPv4 may have a netmask for a
 * length, and may be abbreviated as ip(8) takes it ("10/8" is 10.0.0.0/8); an
 * abbreviation without a length is refused, since ip(8) reads it as a host.
 * Host bits are kept for the caller to judge. */
bool prefix_parse(struct prefix *p, int family, const char *text);

/* Total orders: family, bytes (then length).  Used for sorting and equality. */
int addr_cmp(const struct addr *a, const struct addr *b);
int prefix_cmp(const struct prefix *a, const struct prefix *b);

bool addr_given(const struct addr *a);
bool addr_is_link_local(const struct addr *a);	/* IPv6 fe80::/10 only */

bool prefix_has_host_bits(const struct prefix *p);
void prefix_clear_host_bits(struct prefix *p);
bool prefix_is_host(const struct prefix *p);	/* /32 or /128 */
bool prefix_covers(const struct prefix *p, const struct addr *a);
struct prefix prefix_host(const struct addr *a);

/* Write text into a buffer of ADDR_TEXT / PREFIX_TEXT bytes and return it.
 * A prefix of length 0 prints as "default", a host as the bare address. */
const char *addr_print(char *buf, const struct addr *a);
const char *prefix_print(char *buf, const struct prefix *p);

#endif
