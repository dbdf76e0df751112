/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: netlink attributes in and out, every length looked at first. */
#include <libmnl/libmnl.h>
#include <string.h>

#include "wire-attr.h"

bool
attrs_read(struct attrs *a, const void *bytes, size_t len)
{
	const char *at = bytes;
	size_t step;

	memset(a, 0, sizeof(*a));
	while (len > 0) {
		const struct nlattr *attr = (const struct nlattr *)at;
		uint16_t type;

		/* It takes an int: a length of a message fits. */
		if (!mnl_attr_ok(attr, (int)len))
			return false;
		type = mnl_attr_get_type(attr);
		if (type < ATTRS_MAX)
			a->at[type] = attr;
		/* The last one may lack its padding. */
		step = MNL_ALIGN(mnl_attr_get_len(attr));
		if (step > len)
			step = len;
		at += step;
		len -= step;
	}
	return true;
}

bool
attrs_of_message(struct attrs *a, const struct nlmsghdr *nlh, size_t header)
{
	size_t skip = MNL_NLMSG_HDRLEN + MNL_ALIGN(header);

	if (nlh->nlmsg_len < MNL_NLMSG_HDRLEN + header ||
	    nlh->nlmsg_len > INT32_MAX)
		return false;
	if (nlh->nlmsg_len <= skip)
		return attrs_read(a, NULL, 0);
	return attrs_read(a, (const char *)nlh + skip, nlh->nlmsg_len - skip);
}

bool
attrs_of_nest(struct attrs *a, const struct nlattr *nest)
{
	return attrs_read(a, mnl_attr_get_payload(nest),
	    mnl_attr_get_payload_len(nest));
}

static bool
all_bytes(const struct nlattr *attr, uint8_t value)
{
	const uint8_t *at = mnl_attr_get_payload(attr);

	for (size_t i = 0; i < mnl_attr_get_payload_len(attr); i++)
		if (at[i] != value)
			return false;
	return true;
}

uint16_t
attrs_say_more(const struct attrs *a, uint16_t known)
{
	for (uint16_t type = known + 1; type < ATTRS_MAX; type++)
		if (a->at[type] && !all_bytes(a->at[type], 0x00) &&
		    !all_bytes(a->at[type], 0xff))
			return type;
	return 0;
}

bool
attr_get(const struct attrs *a, uint16_t type, void *to, size_t size)
{
	const struct nlattr *attr = a->at[type];

	if (!attr)
		return true;
	if (mnl_attr_get_payload_len(attr) < size)
		return false;
	/* Copied, for a u64 in a message is aligned to four bytes only. */
	memcpy(to, mnl_attr_get_payload(attr), size);
	return true;
}

bool
attr_text(const struct attrs *a, uint16_t type, char *buf, size_t size)
{
	const struct nlattr *attr = a->at[type];
	const char *text;
	size_t n;

	if (!attr)
		return true;
	text = mnl_attr_get_payload(attr);
	n = strnlen(text, mnl_attr_get_payload_len(attr));
	if (n >= size)
		return false;
	memset(buf, 0, size);
	memcpy(buf, text, n);
	return true;
}

bool
attr_addr(const struct attrs *a, uint16_t type, int family, struct addr *to)
{
	if (!a->at[type])
		return true;
	memset(to, 0, sizeof(*to));
	to->family = (uint8_t)family;
	return attr_get(a, type, to->byte, addr_bytes(family));
}

void *
draft_init(struct draft *d, void *buf, size_t room, uint16_t type,
    uint16_t flags, size_t header)
{
	d->nlh = mnl_nlmsg_put_header(buf);
	d->nlh->nlmsg_type = type;
	d->nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	d->room = room;
	d->full = false;
	return mnl_nlmsg_put_extra_header(d->nlh, header);
}

struct nlmsghdr *
draft_done(struct draft *d)
{
	return d->full ? NULL : d->nlh;
}

void
draft_put(struct draft *d, uint16_t type, const void *bytes, size_t len)
{
	if (!mnl_attr_put_check(d->nlh, d->room, type, len, bytes))
		d->full = true;
}

void
draft_u8(struct draft *d, uint16_t type, uint8_t v)
{
	draft_put(d, type, &v, sizeof(v));
}

void
draft_u32(struct draft *d, uint16_t type, uint32_t v)
{
	draft_put(d, type, &v, sizeof(v));
}

void
draft_text(struct draft *d, uint16_t type, const char *text)
{
	draft_put(d, type, text, strlen(text) + 1);
}

void
draft_addr(struct draft *d, uint16_t type, const struct addr *a)
{
	draft_put(d, type, a->byte, addr_bytes(a->family));
}

void *
draft_raw(struct draft *d, size_t len)
{
	void *at = mnl_nlmsg_get_payload_tail(d->nlh);

	if (d->nlh->nlmsg_len + MNL_ALIGN(len) > d->room) {
		d->full = true;
		return NULL;
	}
	memset(at, 0, MNL_ALIGN(len));
	d->nlh->nlmsg_len += (uint32_t)MNL_ALIGN(len);
	return at;
}

struct nlattr *
draft_nest(struct draft *d, uint16_t type)
{
	struct nlattr *nest;

	nest = mnl_attr_nest_start_check(d->nlh, d->room, type);
	if (!nest)
		d->full = true;
	return nest;
}

void
draft_nest_end(struct draft *d, struct nlattr *nest)
{
	if (nest)
		mnl_attr_nest_end(d->nlh, nest);
}
