/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: IP addresses and prefixes of both families as plain values. */
#include <sys/socket.h>

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "addr.h"
#include "num.h"

size_t
addr_bytes(int family)
{
	return family == AF_INET ? 4 : family == AF_INET6 ? 16 : 0;
}

unsigned
addr_bits(int family)
{
	return (unsigned)addr_bytes(family) * 8;
}

unsigned
addr_family_bit(int family)
{
	return family == AF_INET ? FAMILY_4 : family == AF_INET6 ? FAMILY_6 :
	    0;
}

const char *
addr_family_name(int family)
{
	return family == AF_INET ? "inet" : family == AF_INET6 ? "inet6" :
	    "any";
}

bool
addr_parse(struct addr *a, int family, const char *text)
{
	struct addr got = { 0 };

	got.family = strchr(text, ':') ? AF_INET6 : AF_INET;
	if (family != AF_UNSPEC && family != got.family)
		return false;
	if (inet_pton(got.family, text, got.byte) != 1)
		return false;
	*a = got;
	return true;
}

/* One to four decimal bytes, the missing ones zero: "10", "192.168". */
static bool
parse_short4(struct addr *a, const char *text)
{
	char part[4];
	size_t n, i = 0;
	uint32_t v;

	memset(a, 0, sizeof(*a));
	a->family = AF_INET;
	for (;;) {
		n = strcspn(text, ".");
		if (i == 4 || n == 0 || n >= sizeof(part))
			return false;
		memcpy(part, text, n);
		part[n] = '\0';
		if (!num_u32(&v, part, 0, 255))
			return false;
		a->byte[i++] = (uint8_t)v;
		if (text[n] == '\0')
			return true;
		text += n + 1;
	}
}

static bool
is_any_word(const char *text)
{
	return !strcmp(text, "default") || !strcmp(text, "any") ||
	    !strcmp(text, "all");
}

/* 255.255.240.0 is 20; ones after a zero are no mask. */
static bool
parse_mask4(uint32_t *len, const char *text)
{
	struct addr a;
	uint32_t bits, n = 0;

	if (!addr_parse(&a, AF_INET, text))
		return false;
	bits = (uint32_t)a.byte[0] << 24 | (uint32_t)a.byte[1] << 16 |
	    (uint32_t)a.byte[2] << 8 | a.byte[3];
	for (; bits & 0x80000000; bits <<= 1)
		n++;
	*len = n;
	return bits == 0;
}

static bool
parse_len(uint32_t *len, int family, const char *text)
{
	if (family == AF_INET && strchr(text, '.'))
		return parse_mask4(len, text);
	return num_u32(len, text, 0, addr_bits(family));
}

bool
prefix_parse(struct prefix *p, int family, const char *text)
{
	struct prefix got = { 0 };
	const char *slash = strchr(text, '/');
	char head[ADDR_TEXT];
	size_t n = slash ? (size_t)(slash - text) : strlen(text);
	uint32_t len;

	if (is_any_word(text)) {
		got.addr.family = (uint8_t)family;
		*p = got;
		return true;
	}
	if (n >= sizeof(head))
		return false;
	memcpy(head, text, n);
	head[n] = '\0';
	if (!addr_parse(&got.addr, family, head)) {
		if (!slash || family == AF_INET6 ||
		    !parse_short4(&got.addr, head))
			return false;
	}
	len = addr_bits(got.addr.family);
	if (slash && !parse_len(&len, got.addr.family, slash + 1))
		return false;
	got.len = (uint8_t)len;
	*p = got;
	return true;
}

int
addr_cmp(const struct addr *a, const struct addr *b)
{
	if (a->family != b->family)
		return a->family < b->family ? -1 : 1;
	return memcmp(a->byte, b->byte, sizeof(a->byte));
}

int
prefix_cmp(const struct prefix *a, const struct prefix *b)
{
	int r;

	/* Any two "default"s are equal, with or without a family. */
	if (a->len == 0 && b->len == 0)
		return 0;
	if ((r = addr_cmp(&a->addr, &b->addr)) != 0)
		return r;
	return (a->len > b->len) - (a->len < b->len);
}

bool
addr_given(const struct addr *a)
{
	return a->family != AF_UNSPEC;
}

bool
addr_is_link_local(const struct addr *a)
{
	return a->family == AF_INET6 && a->byte[0] == 0xfe &&
	    (a->byte[1] & 0xc0) == 0x80;
}

/* The mask of byte i of a prefix of len bits. */
static uint8_t
mask_byte(unsigned len, unsigned i)
{
	if (len >= (i + 1) * 8)
		return 0xff;
	if (len <= i * 8)
		return 0;
	return (uint8_t)(0xff << (8 - (len - i * 8)));
}

bool
prefix_has_host_bits(const struct prefix *p)
{
	for (unsigned i = 0; i < addr_bytes(p->addr.family); i++)
		if (p->addr.byte[i] & ~mask_byte(p->len, i))
			return true;
	return false;
}

void
prefix_clear_host_bits(struct prefix *p)
{
	for (unsigned i = 0; i < sizeof(p->addr.byte); i++)
		p->addr.byte[i] &= mask_byte(p->len, i);
}

bool
prefix_is_host(const struct prefix *p)
{
	return p->len != 0 && p->len == addr_bits(p->addr.family);
}

bool
prefix_covers(const struct prefix *p, const struct addr *a)
{
	if (p->addr.family != a->family)
		return false;
	for (unsigned i = 0; i < addr_bytes(a->family); i++)
		if ((p->addr.byte[i] ^ a->byte[i]) & mask_byte(p->len, i))
			return false;
	return true;
}

struct prefix
prefix_host(const struct addr *a)
{
	struct prefix p = { .addr = *a, .len = (uint8_t)addr_bits(a->family) };

	return p;
}

const char *
addr_print(char *buf, const struct addr *a)
{
	if (!inet_ntop(a->family, a->byte, buf, ADDR_TEXT))
		snprintf(buf, ADDR_TEXT, "none");
	return buf;
}

const char *
prefix_print(char *buf, const struct prefix *p)
{
	size_t n;

	if (p->len == 0) {
		snprintf(buf, PREFIX_TEXT, "default");
		return buf;
	}
	addr_print(buf, &p->addr);
	n = strlen(buf);
	if (!prefix_is_host(p))
		snprintf(buf + n, PREFIX_TEXT - n, "/%u", p->len);
	return buf;
}
