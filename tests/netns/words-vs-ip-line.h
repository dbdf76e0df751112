/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: one random line of words-vs-ip-gen, grown keyword by keyword. */
#ifndef IFPOLICY_TEST_WORDS_LINE_H
#define IFPOLICY_TEST_WORDS_LINE_H

#include <sys/socket.h>

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "addr.h"
#include "words-vs-ip-roll.h"

#define PIECES	32

enum { V4 = 1, V6 = 2, BOTH = 3 };

/* A line grows as pieces, each a keyword with its values. */
struct line {
	uint64_t *seed;
	int family;
	bool named;
	size_t count;
	char piece[PIECES][160];
};

/* A keyword as iproute2 6.1 reads it: `min` letters at least, 0 for the whole
 * word.  What a value looks like is up to `value`. */
struct key {
	const char *text;
	unsigned min;
	unsigned families;
	void (*value)(struct line *l);
};

static inline bool
one_in(struct line *l, uint32_t n)
{
	return roll(l->seed, n) == 0;
}

__attribute__((format(printf, 2, 3))) static inline void
more(struct line *l, const char *fmt, ...)
{
	char *piece = l->piece[l->count - 1];
	size_t n = strlen(piece);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(piece + n, sizeof(l->piece[0]) - n, fmt, ap);
	va_end(ap);
}

static inline void
piece(struct line *l, const char *text)
{
	if (l->count == PIECES)
		abort();
	l->piece[l->count++][0] = '\0';
	more(l, "%s", text);
}

/* A keyword whole, or as short as it may be. */
static inline const char *
spell(struct line *l, char *buf, const char *text, unsigned min)
{
	size_t n = strlen(text);

	if (min && n > min && !one_in(l, 3))
		n = min + roll(l->seed, (uint32_t)(n - min));
	memcpy(buf, text, n);
	buf[n] = '\0';
	return buf;
}

/* One of the keywords for the same thing. */
static inline void
key(struct line *l, const struct key *keys, size_t count)
{
	unsigned family = l->family == AF_INET ? V4 : V6;
	const struct key *k;
	char buf[32];

	do
		k = &keys[roll(l->seed, (uint32_t)count)];
	while (!(k->families & family));
	piece(l, spell(l, buf, k->text, k->min));
	if (k->value)
		k->value(l);
}

#define KEY(l, keys)	key((l), (keys), COUNT(keys))
#define MAYBE(l, n, keys) \
	do { if (one_in((l), (n))) KEY((l), (keys)); } while (0)

/* "type" in front of a piece that was just made. */
static inline void
prepend(struct line *l, const char *word)
{
	char buf[sizeof(l->piece[0])];

	memcpy(buf, l->piece[l->count - 1], sizeof(buf));
	l->piece[l->count - 1][0] = '\0';
	more(l, "%s %.*s", word, (int)sizeof(buf) - 8, buf);
}

/* Values of rules and routes */

static inline void
value_number(struct line *l, uint32_t least, uint32_t sides)
{
	uint32_t v = least + roll(l->seed, sides);

	more(l, one_in(l, 4) ? " 0x%x" : " %u", v);
}

static inline void
value_realms(struct line *l)
{
	more(l, one_in(l, 2) ? " %u" : " %u/%u", roll(l->seed, 256),
	    roll(l->seed, 256));
}

/* In one run ip(8) takes a name that it has read, then a number, and then
 * the name again for that number (rt_names.c), so names keep to themselves. */
static inline void
value_table(struct line *l)
{
	static const char *const names[] = { "main", "default" };
	static const char *const numbers[] = {
		"77", "300", "100000", "4000000000", "0x4d", "253",
	};

	more(l, " %s", l->named ? PICK(l->seed, names) :
	    PICK(l->seed, numbers));
}

static inline void
value_protocol(struct line *l)
{
	static const char *const names[] = {
		"redirect", "kernel", "boot", "static", "gated", "ra", "mrt",
		"zebra", "bird", "dnrouted", "xorp", "ntk", "dhcp",
		"keepalived", "babel", "bgp", "isis", "ospf", "rip", "eigrp",
	};

	if (l->named)
		more(l, " %s", PICK(l->seed, names));
	else
		value_number(l, 4, 250);
}

/* Not the devices' own subnets: they would hide the gateways. */
static inline void
value_prefix(struct line *l, bool host_bits)
{
	struct prefix p = { .addr = { .family = (uint8_t)l->family } }, mask;
	bool v4 = l->family == AF_INET;
	char buf[PREFIX_TEXT], host[ADDR_TEXT];

	p.addr.byte[0] = v4 ? 172 : 0x20;
	p.addr.byte[1] = v4 ? 20 : 0x02;
	for (size_t i = 2; i < addr_bytes(l->family); i++)
		p.addr.byte[i] = (uint8_t)roll(l->seed, 256);
	p.len = (uint8_t)(12 + roll(l->seed, addr_bits(l->family) - 11));
	mask = p;
	memset(mask.addr.byte, 255, 4);
	if (!host_bits)
		prefix_clear_host_bits(&p);
	prefix_clear_host_bits(&mask);
	if (v4 && p.len <= 24 && !host_bits && one_in(l, 6))
		more(l, " %u.%u.%u/%u", p.addr.byte[0], p.addr.byte[1],
		    p.addr.byte[2], p.len);
	else if (v4 && one_in(l, 6))
		more(l, " %s/%s", addr_print(host, &p.addr),
		    addr_print(buf, &mask.addr));
	else
		more(l, " %s", prefix_print(buf, &p));
}

/* The table of all that is written, for a test to count. */
struct listing {
	int family;
	unsigned number;
};

static inline void
list_keys(struct listing *g, const char *head, const struct key *keys,
    size_t count)
{
	unsigned family = g->family == AF_INET ? V4 : V6;

	for (const struct key *k = keys; k < keys + count; k++) {
		size_t n = strlen(k->text);

		if (!(k->families & family))
			continue;
		g->number++;
		for (size_t i = k->min ? k->min : n; i <= n; i++)
			printf("%u %s %.*s\n", g->number, head, (int)i,
			    k->text);
	}
}

static inline void
list_words(struct listing *g, const char *head, const char *const *words,
    size_t count)
{
	for (size_t i = 0; i < count; i++)
		printf("%u %s %s\n", ++g->number, head, words[i]);
}

#define LIST(g, head, keys)	list_keys((g), (head), (keys), COUNT(keys))
#define LIST_WORDS(g, head, words) \
	list_words((g), (head), (words), COUNT(words))

#endif
