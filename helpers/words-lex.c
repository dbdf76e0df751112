/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: one line cut into words; keywords and the values behind them. */
#include <sys/socket.h>

#include <stdio.h>
#include <string.h>

#include "num.h"
#include "words-lex.h"

#define ANY_U32		"a number"

/* Quotes, "\" and "#" have a meaning of their own to `ip -batch`, and no word
 * needs them. */
static bool
byte_ok(unsigned char c)
{
	return c == '\t' || (c >= ' ' && c != 0x7f && !strchr("\"'\\#", c));
}

bool
words_start(struct words *w, int family, struct names *names,
    const char *text, struct fault *f)
{
	size_t n = strnlen(text, WORDS_LINE + 1);
	char q[QUOTE_TEXT];

	w->fault = f;
	if (n > WORDS_LINE)
		return fault_set(f, "%s: expected at most %d bytes",
		    say_quote(q, text), WORDS_LINE);
	for (size_t i = 0; i < n; i++)
		if (!byte_ok((unsigned char)text[i]))
			return fault_set(f, "%s: expected words without quotes,"
			    " \"\\\", \"#\" or control characters",
			    say_quote(q, text + i));
	memcpy(w->line, text, n + 1);
	w->rest = w->line;
	w->keyword = NULL;
	w->flags = 0;
	w->seen = 0;
	w->family = family;
	w->names = names;
	return true;
}

const char *
words_next(struct words *w)
{
	char *word = w->rest + strspn(w->rest, " \t");

	if (*word == '\0')
		return NULL;
	w->rest = word + strcspn(word, " \t");
	if (*w->rest)
		*w->rest++ = '\0';
	return word;
}

bool
words_take(struct words *w, const char *word)
{
	const char *at = w->rest + strspn(w->rest, " \t");
	size_t n = strlen(word);

	if (strcspn(at, " \t") != n || memcmp(at, word, n) != 0)
		return false;
	(void)words_next(w);
	return true;
}

const struct keyword *
words_find(const struct keyword *table, size_t count, const char *word)
{
	size_t n = strlen(word);

	for (size_t i = 0; i < count; i++) {
		const char *text = table[i].text;

		if (table[i].whole ? !strcmp(word, text) :
		    !strncmp(word, text, n))
			return &table[i];
	}
	return NULL;
}

bool
words_read(struct words *w, const struct keyword *k, const char *word,
    void *into)
{
	uint64_t bit = (uint64_t)1 << k->id;

	if (w->seen & bit)
		return fault_set(w->fault, "\"%s\": given twice", word);
	w->seen |= bit;
	w->keyword = word;
	return k->read(w, into, k->arg);
}

bool
words_refuse(struct words *w, const char *word, const char *expected)
{
	char q[QUOTE_TEXT];

	return fault_set(w->fault, "%s%s%s: expected %s",
	    w->keyword ? w->keyword : "", w->keyword ? " " : "",
	    say_quote(q, word), expected);
}

bool
words_value(struct words *w, const char **word, const char *expected)
{
	*word = words_next(w);
	if (*word)
		return true;
	fault_set(w->fault, "\"%s\": expected %s after it", w->keyword,
	    expected);
	return false;
}

bool
words_u32(struct words *w, uint32_t *v, uint32_t min, uint32_t max)
{
	const char *word;

	if (!words_value(w, &word, ANY_U32))
		return false;
	if (num_u32(v, word, min, max))
		return true;
	words_refuse(w, word, ANY_U32);
	fault_after(w->fault, " %u-%u", min, max);
	return false;
}

bool
words_range(struct words *w, struct range *r, uint32_t min, uint32_t max,
    bool both)
{
	const char *word, *dash;
	char low[16];
	size_t n;

	if (!words_value(w, &word, both ? "N-M" : "N or N-M"))
		return false;
	dash = strchr(word, '-');
	n = dash ? (size_t)(dash - word) : strlen(word);
	/* ip(8) reads these in decimal only: 0x50 would be 0 to it. */
	if (n < sizeof(low) && (dash || !both) && !strpbrk(word, "xX")) {
		memcpy(low, word, n);
		low[n] = '\0';
		if (num_u32(&r->lo, low, min, max) &&
		    num_u32(&r->hi, dash ? dash + 1 : low, min, max) &&
		    r->lo <= r->hi)
			return true;
	}
	words_refuse(w, word, both ? "N-M" : "N or N-M");
	fault_after(w->fault, " within %u-%u", min, max);
	return false;
}

/* The value's place in the struct that is filled. */
static void *
place(void *into, uint32_t offset)
{
	return (char *)into + offset;
}

bool
words_at_flag(struct words *w, void *into, uint32_t offset)
{
	(void)w;
	memset(place(into, offset), 1, 1);
	return true;
}

bool
words_at_u32(struct words *w, void *into, uint32_t offset)
{
	return words_u32(w, place(into, offset), 0, UINT32_MAX);
}

bool
words_at_ports(struct words *w, void *into, uint32_t offset)
{
	return words_range(w, place(into, offset), 1, UINT16_MAX, false);
}

bool
words_at_device(struct words *w, void *into, uint32_t offset)
{
	char *name = place(into, offset);
	const char *word;

	if (!words_value(w, &word, "a device"))
		return false;
	if (!device_name_ok(word))
		return words_refuse(w, word, "a device name of 1 to 15 bytes");
	memset(name, 0, IFNAMSIZ);
	memcpy(name, word, strlen(word));
	return true;
}

static const char *
family_text(int family)
{
	return family == AF_INET ? "IPv4" : family == AF_INET6 ? "IPv6" :
	    "IPv4 or IPv6";
}

static bool
refuse_address(struct words *w, const char *word, const char *kind)
{
	char text[64];

	snprintf(text, sizeof(text), "an %s %s", family_text(w->family), kind);
	return words_refuse(w, word, text);
}

bool
words_addr(struct words *w, struct addr *a)
{
	const char *word;

	if (!words_value(w, &word, "an address"))
		return false;
	if (!addr_parse(a, w->family, word))
		return refuse_address(w, word, "address");
	if (w->family == AF_UNSPEC)
		w->family = a->family;
	return true;
}

static bool
refuse_host_bits(struct words *w, const char *word, const struct prefix *p)
{
	struct prefix fixed = *p;
	char net[PREFIX_TEXT], host[ADDR_TEXT];

	prefix_clear_host_bits(&fixed);
	words_refuse(w, word, "no host bits: ");
	if (p->len == 0)
		fault_after(w->fault, "default");
	else
		fault_after(w->fault, "%s or %s", prefix_print(net, &fixed),
		    addr_print(host, &p->addr));
	return false;
}

bool
words_prefix_of(struct words *w, struct prefix *p, const char *word)
{
	if (!prefix_parse(p, w->family, word))
		return refuse_address(w, word,
		    "prefix: ADDRESS or ADDRESS/LENGTH");
	if (!(w->flags & WORDS_HOST_BITS) && prefix_has_host_bits(p))
		return refuse_host_bits(w, word, p);
	if (w->family == AF_UNSPEC)
		w->family = p->addr.family;
	/* Any-length prefixes have one form only. */
	if (p->len == 0)
		memset(p, 0, sizeof(*p));
	return true;
}

bool
words_at_addr(struct words *w, void *into, uint32_t offset)
{
	return words_addr(w, place(into, offset));
}

bool
words_at_prefix(struct words *w, void *into, uint32_t offset)
{
	const char *word;

	return words_value(w, &word, "a prefix") &&
	    words_prefix_of(w, place(into, offset), word);
}

bool
words_at_table(struct words *w, void *into, uint32_t offset)
{
	uint32_t *table = place(into, offset);
	const char *word;
	uint32_t v;

	if (!words_value(w, &word, "a routing table"))
		return false;
	/* 0 is no table: a rule would get a fresh one, a route main. */
	if (!names_table(&v, w->names, word) || v == 0)
		return words_refuse(w, word,
		    "a routing table's name or a number 1-4294967295");
	*table = v;
	return true;
}

bool
words_at_protocol(struct words *w, void *into, uint32_t offset)
{
	uint8_t *protocol = place(into, offset);
	const char *word;
	uint32_t v;

	if (!words_value(w, &word, "a routing protocol"))
		return false;
	if (!names_protocol(&v, w->names, word) || v > 255)
		return words_refuse(w, word,
		    "a routing protocol's name or a number 0-255");
	*protocol = (uint8_t)v;
	return true;
}

/* The names of iproute2's rt_dsfield (RFC 2474, 2597, 3246). */
static const struct {
	const char *text;
	uint8_t tos;
} dsfields[] = {
	{ "default", 0x00 }, { "CS1", 0x20 }, { "CS2", 0x40 }, { "CS3", 0x60 },
	{ "CS4", 0x80 }, { "CS5", 0xa0 }, { "CS6", 0xc0 }, { "CS7", 0xe0 },
	{ "AF11", 0x28 }, { "AF12", 0x30 }, { "AF13", 0x38 }, { "AF21", 0x48 },
	{ "AF22", 0x50 }, { "AF23", 0x58 }, { "AF31", 0x68 }, { "AF32", 0x70 },
	{ "AF33", 0x78 }, { "AF41", 0x88 }, { "AF42", 0x90 }, { "AF43", 0x98 },
	{ "EF", 0xb8 },
};

/* A number is hexadecimal, with or without 0x: "tos 10" is 0x10 to ip(8). */
bool
words_at_tos(struct words *w, void *into, uint32_t offset)
{
	uint8_t *tos = place(into, offset);
	const char *word;
	uint32_t v;

	if (!words_value(w, &word, "a DS field"))
		return false;
	for (size_t i = 0; i < sizeof(dsfields) / sizeof(dsfields[0]); i++)
		if (!strcmp(dsfields[i].text, word)) {
			*tos = dsfields[i].tos;
			return true;
		}
	if (!num_hex(&v, word, 0, 255))
		return words_refuse(w, word,
		    "a DS field: 0-ff in hexadecimal, or a name like AF11");
	*tos = (uint8_t)v;
	return true;
}

/* /etc/protocols would need the C library's name service; these are the ones
 * that rules are written for. */
static const struct {
	const char *text, *alias;
	uint8_t number;
} ipprotos[] = {
	{ "icmp", "ICMP", 1 }, { "igmp", "IGMP", 2 },
	{ "ipencap", "IP-ENCAP", 4 }, { "tcp", "TCP", 6 },
	{ "udp", "UDP", 17 }, { "dccp", "DCCP", 33 }, { "ipv6", "IPv6", 41 },
	{ "gre", "GRE", 47 }, { "esp", "IPSEC-ESP", 50 },
	{ "ah", "IPSEC-AH", 51 }, { "ipv6-icmp", "IPv6-ICMP", 58 },
	{ "ospf", "OSPFIGP", 89 }, { "ipip", "IPIP", 94 },
	{ "pim", "PIM", 103 }, { "vrrp", "VRRP", 112 },
	{ "l2tp", "L2TP", 115 }, { "sctp", "SCTP", 132 },
	{ "udplite", "UDPLite", 136 },
};

bool
words_at_ipproto(struct words *w, void *into, uint32_t offset)
{
	uint8_t *ipproto = place(into, offset);
	const char *word;
	uint32_t v;

	if (!words_value(w, &word, "an IP protocol"))
		return false;
	for (size_t i = 0; i < sizeof(ipprotos) / sizeof(ipprotos[0]); i++)
		if (!strcmp(ipprotos[i].text, word) ||
		    !strcmp(ipprotos[i].alias, word)) {
			*ipproto = ipprotos[i].number;
			return true;
		}
	/* in decimal only, to ip(8) as well */
	if (strpbrk(word, "xX") || !num_u32(&v, word, 0, 255))
		return words_refuse(w, word,
		    "an IP protocol: tcp, udp, icmp, ... or a number 0-255");
	*ipproto = (uint8_t)v;
	return true;
}

const char *
words_ipproto(uint8_t number)
{
	for (size_t i = 0; i < sizeof(ipprotos) / sizeof(ipprotos[0]); i++)
		if (ipprotos[i].number == number)
			return ipprotos[i].text;
	return NULL;
}

/* FROM/TO of 0-255 each, or both as one number. */
bool
words_at_realms(struct words *w, void *into, uint32_t offset)
{
	uint32_t *realms = place(into, offset);
	const char *word, *slash;
	uint32_t from, to;
	char text[8];
	size_t n;

	if (!words_value(w, &word, "a realm"))
		return false;
	if (num_u32(realms, word, 0, UINT32_MAX))
		return true;
	slash = strchr(word, '/');
	n = slash ? (size_t)(slash - word) : sizeof(text);
	if (n < sizeof(text)) {
		memcpy(text, word, n);
		text[n] = '\0';
		if (num_u32(&from, text, 0, 255) &&
		    num_u32(&to, slash + 1, 0, 255)) {
			*realms = from << 16 | to;
			return true;
		}
	}
	return words_refuse(w, word, "TO or FROM/TO, numbers 0-255");
}

int
words_family(const struct words *w)
{
	return w->family == AF_UNSPEC ? AF_INET : w->family;
}
