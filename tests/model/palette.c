/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: the labels, options, lines and others' objects of the model.
 *
 * In values $G is the label's gateway, $H another router there, $A its own
 * address, $B another label's, $D its device, $E another device, $F a network
 * far away, $S one host of that, $T a table
 * of the label's own. */
#include <stdio.h>

#include "keys.h"
#include "steps.h"

const struct label labels[LABELS] = {
	{ "eth1", 0, { "10.0.1.10/24", "fd00:1::10/64" },
	    { "10.0.1.1", "fd00:1::1" }, { "10.0.1.2", "fe80::2" } },
	{ "eth1:1", 0, { "10.0.1.11/24", "fd00:1::11/64" },
	    { "10.0.1.1", "fd00:1::1" }, { "10.0.1.2", "fd00:1::2" } },
	{ "eth2", 1, { "10.0.2.10/24", "fd00:2::10/64" },
	    { "10.0.2.1", "fe80::1" }, { "10.0.2.2", "fd00:2::2" } },
	{ "eth2:1", 1, { "10.0.4.11/24", "fd00:4::11/64" },
	    { "10.0.4.1", "fd00:4::1" }, { "10.0.4.2", "fd00:4::2" } },
	/* In one subnet with the first. */
	{ "eth3", 2, { "10.0.1.30/24", "fd00:1::30/64" },
	    { "10.0.1.1", "fd00:1::1" }, { "10.0.1.2", "fe80::2" } },
};

#define VALUES	12

/* What stands twice is meant to come more often. */
static const char *const values[KEY_COUNT][VALUES] = {
	[KEY_TABLE] = { "$T", "101", "102", "103", "100", "rt1", "auto" },
	[KEY_GATEWAY] = { "$G", "$G", "$G", "$H", "auto", "none",
	    "$G onlink", "$X" },
	[KEY_METRIC] = { "100", "200", "50", "4294967294" },
	[KEY_WEIGHT] = { "1", "2", "256" },
	[KEY_MATCH] = { "from", "to", "from to", "none" },
	[KEY_ADDRESSES] = { "own", "all", "$A", "$A $B" },
	[KEY_SOURCE] = { "own", "$A", "$B" },
	[KEY_CONNECTED] = { "keep", "metric", "none" },
	[KEY_PREFER_MAIN] = { "yes", "yes", "no" },
	[KEY_DEFAULT] = { "keep", "none", "metric" },
	[KEY_ROUTE] = { "$F via $G", "$F via $H table main metric 7",
	    "default via $H metric 50", "unreachable $F metric 9",
	    "$S dev $D", "$F dev $E table main metric 8", "blackhole $S",
	    "$F via $G src $A metric 3",
	    "$F nexthop via $G nexthop via $H weight 2",
	    "prohibit default metric 4294967294", "$S via $G table 100",
	    "$F metric 4 dev $D" },
	[KEY_RULE] = { "from $F", "to $F lookup main priority 11900",
	    "fwmark 7 lookup 100 priority 12010",
	    "from $A ipproto tcp dport 22 lookup main priority 11000",
	    "iif $D unreachable priority 12001", "from $A",
	    "not from $A lookup 102 priority 12500",
	    "from $A lookup 101 priority 12030", "priority 12030 lookup 102",
	    "from $A iif $E lookup 101 priority 12030",
	    "to $S prohibit priority 12900", "from $B lookup 100" },
	[KEY_FALLBACK] = { "unreachable", "blackhole", "prohibit", "none" },
	[KEY_LINKDOWN] = { "ignore", "keep" },
	[KEY_ARP] = { "filter", "strict", "keep" },
	[KEY_RP_FILTER] = { "loose", "strict", "off", "keep" },
	[KEY_PRIORITY] = { "12000", "11000", "12030" },
	[KEY_WAIT] = { "0", "0", "0", "1" },
	[KEY_ON_ERROR] = { "fail", "warn" },
};

/* Of route- and rule- files. */
static const struct {
	bool rule;
	const char *words;
} lines[] = {
	{ false, "$F via $G dev $D" },
	{ false, "$F via $H dev $D" },
	{ false, "default via $G dev $D table 101" },
	{ false, "$S dev $D table 101" },
	{ false, "$S via $G dev $D metric 5" },
	{ false, "prohibit $F table 100" },
	{ false, "$F via $X dev $D table 100" },
	{ true, "from $A table 101" },
	{ true, "from $A table 101 priority 12030" },
	{ true, "to $F table 100 priority 12500" },
	{ true, "from $F lookup 102" },
	{ true, "iif $D table 102 priority 12030" },
	{ true, "from $B table 103" },
};

/* Equal to ours, like ours, in the slots of ours, and none of these. */
static const struct {
	bool rule;
	const char *words;
} others[2][14] = {
	{
		{ false, "default via 10.0.1.1 dev eth1 metric 100 "
		    "protocol static" },
		{ false, "10.99.0.0/16 via 10.0.2.1 dev eth2 metric 7 "
		    "protocol static" },
		{ false, "10.98.0.0/16 via 10.0.1.1 dev eth1 "
		    "protocol static" },
		{ false, "default via 10.0.2.9 dev eth2 metric 200 "
		    "protocol static" },
		{ true, "from 10.0.1.10 lookup 101 priority 12030 "
		    "protocol static" },
		{ true, "from 10.0.2.10 lookup 101 priority 12030 "
		    "protocol zebra" },
		{ true, "to 10.0.1.10 lookup 101 priority 12030 "
		    "protocol zebra" },
		{ true, "from 10.7.0.0/16 lookup 100 priority 12000" },
		{ true, "lookup main suppress_prefixlength 0 "
		    "priority 32000" },
		{ false, "default via 10.0.1.1 dev eth1 table 101 "
		    "protocol static" },
		{ false, "default via 10.0.1.9 dev eth1 table 102 "
		    "protocol static" },
		{ false, "10.0.1.0/24 dev eth1 table 101 src 10.0.1.10 "
		    "protocol static" },
		{ false, "unreachable default table 100 metric 4294967295 "
		    "protocol static" },
		{ true, "lookup 101 priority 12030 protocol static" },
	}, {
		{ false, "default via fd00:1::1 dev eth1 metric 100 "
		    "protocol static" },
		{ false, "fd99::/32 via fe80::1 dev eth2 metric 7 "
		    "protocol static" },
		{ false, "fd98::/32 via fd00:1::1 dev eth1 "
		    "protocol static" },
		{ false, "default via fe80::9 dev eth2 metric 200 "
		    "protocol static" },
		{ true, "from fd00:1::10 lookup 101 priority 12030 "
		    "protocol static" },
		{ true, "from fd00:2::10 lookup 101 priority 12030 "
		    "protocol zebra" },
		{ true, "to fd00:1::10 lookup 101 priority 12030 "
		    "protocol zebra" },
		{ true, "from fd77::/64 lookup 100 priority 12000" },
		{ true, "lookup main suppress_prefixlength 0 "
		    "priority 32000" },
		{ false, "default via fd00:1::1 dev eth1 table 101 "
		    "protocol static" },
		{ false, "default via fe80::9 dev eth1 table 102 "
		    "protocol static" },
		{ false, "fd00:1::/64 dev eth1 table 101 protocol static" },
		{ false, "unreachable default table 100 metric 4294967295 "
		    "protocol static" },
		{ true, "lookup 101 priority 12030 protocol static" },
	},
};

/* The address alone. */
static const char *
bare(char *buf, const char *prefix)
{
	snprintf(buf, ADDR_TEXT, "%.*s", (int)strcspn(prefix, "/"), prefix);
	return buf;
}

static const char *
token(char *buf, char letter, const struct step *s)
{
	const struct label *l = &labels[s->who % LABELS];
	const struct label *b = &labels[(s->who + 1) % LABELS];
	bool v6 = s->v6;

	switch (letter) {
	case 'G':
		return l->gateway[v6];
	case 'H':
		return l->other[v6];
	case 'X':
		return v6 ? "2001:db8::1" : "192.0.2.1";
	case 'A':
		return bare(buf, l->own[v6]);
	case 'B':
		return bare(buf, b->own[v6]);
	case 'D':
		return l->device == 0 ? "eth1" : l->device == 1 ? "eth2" :
		    "eth3";
	case 'E':
		return l->device == 0 ? "eth2" : "eth1";
	case 'F':
		return v6 ? "fd99::/32" : "10.99.0.0/16";
	case 'S':
		return v6 ? "fd99::5" : "10.99.0.5";
	case 'T':
		snprintf(buf, ADDR_TEXT, "%u", 101u + s->who % LABELS);
		return buf;
	}
	return "?";
}

static void
expand(char *to, const char *from, const struct step *s)
{
	char buf[ADDR_TEXT];
	size_t n = 0;

	for (; *from && n < OPTION_TEXT - 1; from++)
		if (*from == '$')
			n += (size_t)snprintf(to + n, OPTION_TEXT - n, "%s",
			    token(buf, *++from, s));
		else
			to[n++] = *from;
	to[n] = '\0';
}

unsigned
option_values(int key, bool v6)
{
	unsigned n = 0;

	if (v6 && keys[key].inet_only)
		return 0;
	while (n < VALUES && values[key][n])
		n++;
	return n;
}

void
option_text(char *key, char *value, const struct step *s, size_t at)
{
	int k = s->option[at].key;

	snprintf(key, OPTION_TEXT, "%s", keys[k].name);
	if (keys[k].repeats)
		snprintf(key, OPTION_TEXT, "%s%zu", keys[k].name, at);
	expand(value, values[k][s->option[at].value], s);
}

unsigned
lines_count(void)
{
	return LENGTH(lines);
}

void
line_text(char *text, const struct step *s, unsigned number, bool *rule)
{
	*rule = lines[number].rule;
	expand(text, lines[number].words, s);
}

unsigned
others_count(bool v6)
{
	return LENGTH(others[v6]);
}

unsigned
others_plain(bool v6)
{
	unsigned n = 0;

	while (!others[v6][n].rule && !strstr(others[v6][n].words, "9 "))
		n++;
	return n;
}

const char *
others_text(unsigned number, bool v6, bool *rule)
{
	*rule = others[v6][number].rule;
	return others[v6][number].words;
}
