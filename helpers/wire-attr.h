/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: netlink attributes in and out, every length looked at first. */
#ifndef IFPOLICY_WIRE_ATTR_H
#define IFPOLICY_WIRE_ATTR_H

#include <linux/netlink.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "addr.h"

#define ATTRS_MAX	64	/* types above are of no kernel known */

/* The attributes of one message or nest by type.  Of two of a type the last
 * counts, as in the kernel. */
struct attrs {
	const struct nlattr *at[ATTRS_MAX];
};

/* False unless whole attributes fill the bytes exactly. */
bool attrs_read(struct attrs *a, const void *bytes, size_t len);
bool attrs_of_message(struct attrs *a, const struct nlmsghdr *nlh,
    size_t header);
bool attrs_of_nest(struct attrs *a, const struct nlattr *nest);

/* The first attribute above `known` that says anything, else 0: its bytes are
 * neither all 0x00 nor all 0xff, the two ways in which the kernel writes "not
 * given".
 * So a selector newer than this code is never overlooked, and an attribute
 * that a newer kernel adds to every dump does no harm. */
uint16_t attrs_say_more(const struct attrs *a, uint16_t known);

/* Copy a value; an absent attribute leaves *to alone.  False if too short. */
bool attr_get(const struct attrs *a, uint16_t type, void *to, size_t size);
bool attr_text(const struct attrs *a, uint16_t type, char *buf, size_t size);
bool attr_addr(const struct attrs *a, uint16_t type, int family,
    struct addr *to);

/* A message under construction.  `full` stays true once something did not
 * fit; the builder looks at it once. */
struct draft {
	struct nlmsghdr *nlh;
	size_t room;
	bool full;
};

/* Starts a message in buf; returns its zeroed header of `header` bytes. */
void *draft_init(struct draft *d, void *buf, size_t room, uint16_t type,
    uint16_t flags, size_t header);
/* The message, or NULL if it did not fit. */
struct nlmsghdr *draft_done(struct draft *d);

void draft_put(struct draft *d, uint16_t type, const void *bytes, size_t len);
void draft_u8(struct draft *d, uint16_t type, uint8_t v);
void draft_u32(struct draft *d, uint16_t type, uint32_t v);
/* The text with its NUL. */
void draft_text(struct draft *d, uint16_t type, const char *text);
void draft_addr(struct draft *d, uint16_t type, const struct addr *a);
/* Room for `len` zeroed bytes at the end, or NULL. */
void *draft_raw(struct draft *d, size_t len);
struct nlattr *draft_nest(struct draft *d, uint16_t type);
void draft_nest_end(struct draft *d, struct nlattr *nest);

#endif
