/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: values as JSON, with the keys of `ip -j rule` and `ip -j route`. */
#include <linux/fib_rules.h>

#include <stdio.h>
#include <string.h>

#include "json.h"
#include "uapi.h"

/* Length of one well-formed UTF-8 sequence (RFC 3629), 0 for none. */
static size_t
utf8_length(const unsigned char *s)
{
	size_t n = s[0] < 0x80 ? 1 : s[0] >= 0xc2 && s[0] < 0xe0 ? 2 :
	    s[0] >= 0xe0 && s[0] < 0xf0 ? 3 : s[0] >= 0xf0 && s[0] < 0xf5 ? 4 :
	    0;

	for (size_t i = 1; i < n; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
	    (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
		return 0;
	return n;
}

void
json_string(struct text *t, const char *s)
{
	size_t n;

	text_str(t, "\"");
	while (*s) {
		n = utf8_length((const unsigned char *)s);
		if (*s == '"' || *s == '\\')
			text_fmt(t, "\\%c", *s);
		else if ((unsigned char)*s < 0x20)
			text_fmt(t, "\\u%04x", (unsigned char)*s);
		else if (n == 0)
			text_str(t, "\\ufffd");
		else
			text_add(t, s, n);
		s += n ? n : 1;
	}
	text_str(t, "\"");
}

void
json_member(struct text *t, const char *key, const char *value)
{
	if (!value)
		return;
	text_fmt(t, ",\"%s\":", key);
	json_string(t, value);
}

static void
number(struct text *t, const char *key, uint64_t v)
{
	text_fmt(t, ",\"%s\":%llu", key, (unsigned long long)v);
}

/* "src": "10.0.0.0", "srclen": 24 */
static void
selector(struct text *t, const char *key, const struct prefix *p)
{
	char text[ADDR_TEXT], name[16];

	json_member(t, key, addr_print(text, &p->addr));
	if (prefix_is_host(p))
		return;
	snprintf(name, sizeof(name), "%slen", key);
	number(t, name, p->len);
}

static void
ports(struct text *t, const char *key, const struct range *r)
{
	char name[16];

	if (r->hi == 0)
		return;
	if (r->lo == r->hi) {
		number(t, key, r->lo);
		return;
	}
	snprintf(name, sizeof(name), "%s_start", key);
	number(t, name, r->lo);
	snprintf(name, sizeof(name), "%s_end", key);
	number(t, name, r->hi);
}

static void
selectors(struct text *t, const struct rule *r)
{
	if (r->from.len)
		selector(t, "src", &r->from);
	else
		json_member(t, "src", "all");
	if (r->to.len)
		selector(t, "dst", &r->to);
	if (r->tos)
		text_fmt(t, ",\"tos\":\"%#x\"", r->tos);
	if (r->fwmark || r->fwmask) {
		text_fmt(t, ",\"fwmark\":\"%#x\"", r->fwmark);
		if (r->fwmask != UINT32_MAX)
			text_fmt(t, ",\"fwmask\":\"%#x\"", r->fwmask);
	}
	if (r->iif[0])
		json_member(t, "iif", r->iif);
	if (r->oif[0])
		json_member(t, "oif", r->oif);
	if (r->l3mdev)
		text_str(t, ",\"l3mdev\":null");
	if (r->has_uid) {
		number(t, "uid_start", r->uid.lo);
		number(t, "uid_end", r->uid.hi);
	}
	if (r->ipproto)
		text_fmt(t, ",\"ipproto\":\"%u\"", r->ipproto);
	ports(t, "sport", &r->sport);
	ports(t, "dport", &r->dport);
	if (r->tun_id)
		number(t, "tun_id", r->tun_id);
}

void
json_rule(struct text *t, const struct rule *r, struct names *names)
{
	char name[TABLE_NAME_MAX + 1];

	text_fmt(t, "\"priority\":%u", r->priority);
	if (r->invert)
		text_str(t, ",\"not\":null");
	selectors(t, r);
	if (r->table)
		json_member(t, "table",
		    names_table_text(name, names, r->table));
	if (r->suppress_prefixlen >= 0)
		number(t, "suppress_prefixlen",
		    (uint64_t)r->suppress_prefixlen);
	if (r->suppress_ifgroup >= 0)
		text_fmt(t, ",\"suppress_ifgroup\":\"%d\"",
		    r->suppress_ifgroup);
	if (r->realms) {
		number(t, "flow_from", r->realms >> 16);
		number(t, "flow_to", r->realms & 0xffff);
	}
	if (r->action == FR_ACT_GOTO)
		number(t, "goto", r->target);
	else if (r->action == FR_ACT_NOP)
		text_str(t, ",\"nop\":null");
	else if (r->action == FR_ACT_BLACKHOLE)
		json_member(t, "action", "blackhole");
	else if (r->action == FR_ACT_UNREACHABLE)
		json_member(t, "action", "unreachable");
	else if (r->action == FR_ACT_PROHIBIT)
		json_member(t, "action", "prohibit");
	json_member(t, "protocol",
	    names_protocol_text(name, names, r->protocol));
}

static const char *
type_word(uint8_t type)
{
	static const char *const words[] = {
		[RTN_UNICAST] = "unicast", [RTN_LOCAL] = "local",
		[RTN_BROADCAST] = "broadcast", [RTN_ANYCAST] = "anycast",
		[RTN_MULTICAST] = "multicast", [RTN_BLACKHOLE] = "blackhole",
		[RTN_UNREACHABLE] = "unreachable",
		[RTN_PROHIBIT] = "prohibit", [RTN_THROW] = "throw",
		[RTN_NAT] = "nat",
	};

	return type < sizeof(words) / sizeof(words[0]) && words[type] ?
	    words[type] : "unknown";
}

/* The gateway, or "via" with its family where that is another one. */
static void
gateway(struct text *t, const struct route *r, const struct hop *h,
    bool first)
{
	const char *comma = first ? "" : ",";
	char text[ADDR_TEXT];

	if (!addr_given(&h->via))
		return;
	addr_print(text, &h->via);
	if (h->via.family == r->family)
		text_fmt(t, "%s\"gateway\":\"%s\"", comma, text);
	else
		text_fmt(t, "%s\"via\":{\"family\":\"%s\",\"host\":\"%s\"}",
		    comma, addr_family_name(h->via.family), text);
}

static void
flags(struct text *t, const struct route *r, const struct hop *h)
{
	const char *comma = "";

	text_str(t, ",\"flags\":[");
	if (h && h->onlink) {
		text_str(t, "\"onlink\"");
		comma = ",";
	}
	if (r->flags & RTNH_F_DEAD) {
		text_fmt(t, "%s\"dead\"", comma);
		comma = ",";
	}
	if (r->flags & RTNH_F_LINKDOWN)
		text_fmt(t, "%s\"linkdown\"", comma);
	text_str(t, "]");
}

static void
hops(struct text *t, const struct route *r)
{
	text_str(t, ",\"nexthops\":[");
	for (size_t i = 0; i < r->hop_count; i++) {
		const struct hop *h = &r->hop[i];

		text_str(t, i ? ",{" : "{");
		gateway(t, r, h, true);
		text_str(t, addr_given(&h->via) ? ",\"dev\":" : "\"dev\":");
		json_string(t, h->dev);
		number(t, "weight", h->weight ? h->weight : 1);
		text_str(t, h->onlink ? ",\"flags\":[\"onlink\"]}" :
		    ",\"flags\":[]}");
	}
	text_str(t, "]");
}

static void
scope(struct text *t, const struct route *r)
{
	if (r->family != AF_INET || r->scope == RT_SCOPE_UNIVERSE)
		return;
	if (r->scope == RT_SCOPE_LINK)
		json_member(t, "scope", "link");
	else if (r->scope == RT_SCOPE_HOST)
		json_member(t, "scope", "host");
	else
		text_fmt(t, ",\"scope\":\"%u\"", r->scope);
}

void
json_route(struct text *t, const struct route *r, struct names *names)
{
	char text[PREFIX_TEXT], name[TABLE_NAME_MAX + 1];
	const struct hop *h = r->hop_count == 1 ? &r->hop[0] : NULL;

	text_fmt(t, "\"type\":\"%s\",\"dst\":\"%s\"", type_word(r->type),
	    prefix_print(text, &r->dst));
	if (r->src.len)
		json_member(t, "from", prefix_print(text, &r->src));
	if (r->tos)
		text_fmt(t, ",\"tos\":\"%#x\"", r->tos);
	if (h) {
		gateway(t, r, h, false);
		json_member(t, "dev", h->dev);
	}
	json_member(t, "table", names_table_text(name, names, r->table));
	json_member(t, "protocol",
	    names_protocol_text(name, names, r->protocol));
	scope(t, r);
	if (addr_given(&r->prefsrc))
		json_member(t, "prefsrc", addr_print(text, &r->prefsrc));
	if (r->metric)
		number(t, "metric", r->metric);
	flags(t, r, h);
	if (r->hop_count > 1)
		hops(t, r);
}
