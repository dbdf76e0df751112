/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: the one table of options; parser, help and checks walk it. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "keys.h"
#include "num.h"

#define NAME_MAX_KEY	24

const struct key keys[KEY_COUNT] = {
	[KEY_TABLE] = { .name = "table", .value = "NAME|NUMBER|auto",
	    .help = "the interface's routing table" },
	[KEY_GATEWAY] = { .name = "gateway", .value =
	    "ADDRESS [onlink]...|auto|none",
	    .help = "next hop of the table's and of the metric default" },
	[KEY_METRIC] = { .name = "metric", .kind = KIND_NUMBER,
	    .min = 1, .max = 4294967294U, .value = "1-4294967294",
	    .help = "put a default route with this metric in main" },
	[KEY_WEIGHT] = { .name = "weight", .kind = KIND_NUMBER, .min = 1,
	    .max = 256, .value = "1-256",
	    .help = "share of one default with others of this metric" },
	[KEY_MATCH] = { .name = "match", .value = "from|to|from to|none",
	    .help = "rules by source, by destination, both or none" },
	[KEY_ADDRESSES] = { .name = "addresses", .value = "own|all|ADDRESS...",
	    .help = "which of the device's addresses get routes and rules" },
	[KEY_SOURCE] = { .name = "source", .value = "ADDRESS|own",
	    .help = "preferred source of the routes put in main" },
	[KEY_CONNECTED] = { .name = "connected", .kind = KIND_CHOICE,
	    .choices = "keep metric none", .value = "keep|metric|none",
	    .help = "the kernel's own subnet route in main" },
	[KEY_PREFER_MAIN] = { .name = "prefer-main", .kind = KIND_CHOICE,
	    .choices = "no yes", .value = "no|yes",
	    .help = "specific routes in main win over the table's default" },
	[KEY_DEFAULT] = { .name = "default", .kind = KIND_CHOICE,
	    .choices = "keep none metric", .value = "keep|none|metric",
	    .help = "the default that somebody else put in main" },
	[KEY_ROUTE] = { .name = "route", .repeats = true,
	    .value = "IP-ROUTE-WORDS", .help = "one more route" },
	[KEY_RULE] = { .name = "rule", .repeats = true,
	    .value = "IP-RULE-WORDS", .help = "one more rule" },
	[KEY_FALLBACK] = { .name = "fallback", .kind = KIND_CHOICE,
	    .choices = "none unreachable blackhole prohibit",
	    .value = "none|unreachable|blackhole|prohibit",
	    .help = "last route of the table" },
	[KEY_LINKDOWN] = { .name = "linkdown", .kind = KIND_CHOICE,
	    .choices = "keep ignore", .value = "keep|ignore",
	    .help = "ignore_routes_with_linkdown on the device" },
	[KEY_ARP] = { .name = "arp", .kind = KIND_CHOICE, .inet_only = true,
	    .choices = "keep filter strict", .value = "keep|filter|strict",
	    .help = "answer ARP for the device's own addresses only" },
	[KEY_RP_FILTER] = { .name = "rp-filter", .kind = KIND_CHOICE,
	    .inet_only = true, .choices = "keep off strict loose",
	    .value = "keep|off|strict|loose",
	    .help = "rp_filter on the device" },
	[KEY_PRIORITY] = { .name = "priority", .kind = KIND_NUMBER,
	    .min = 1, .max = 32735, .value = "1-32735",
	    .help = "base of the interface's rule priorities" },
	[KEY_WAIT] = { .name = "wait", .kind = KIND_NUMBER, .min = 0,
	    .max = 60, .value = "0-60",
	    .help = "seconds to wait for an address, a gateway or DAD" },
	[KEY_ON_ERROR] = { .name = "on-error", .kind = KIND_CHOICE,
	    .choices = "warn fail", .value = "warn|fail",
	    .help = "what a hook tells its manager when it failed" },
};

static bool
same_name(const char *key, const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < len && key[i]; i++) {
		char c = (char)tolower((unsigned char)name[i]);

		if (c == '_')
			c = '-';
		if (c != key[i])
			return false;
	}
	return i == len && key[i] == '\0';
}

bool
keys_find(enum key_id *id, uint32_t *number, const char *name)
{
	size_t len = strlen(name), bare = len;
	uint32_t v = 0;

	while (bare > 0 && isdigit((unsigned char)name[bare - 1]))
		bare--;
	if (bare < len && !num_u32(&v, name + bare, 0, 999999))
		return false;
	for (int i = 0; i < KEY_COUNT; i++) {
		if (!same_name(keys[i].name, name, bare))
			continue;
		if (bare < len && !keys[i].repeats)
			return false;
		*id = (enum key_id)i;
		*number = v;
		return true;
	}
	return false;
}

/* Edit distance: how many letters to add, drop or change. */
static unsigned
distance(const char *a, const char *b)
{
	unsigned row[NAME_MAX_KEY + 1], left, diagonal, best;
	size_t n = strlen(b);

	for (size_t j = 0; j <= n; j++)
		row[j] = (unsigned)j;
	for (size_t i = 0; a[i]; i++) {
		char c = a[i] == '_' ? '-' :
		    (char)tolower((unsigned char)a[i]);

		diagonal = row[0];
		left = row[0] = (unsigned)i + 1;
		for (size_t j = 0; j < n; j++) {
			best = diagonal + (c != b[j]);
			if (left + 1 < best)
				best = left + 1;
			if (row[j + 1] + 1 < best)
				best = row[j + 1] + 1;
			diagonal = row[j + 1];
			left = row[j + 1] = best;
		}
	}
	return row[n];
}

const char *
keys_nearest(const char *name)
{
	char cut[NAME_MAX_KEY];
	unsigned best = 1000, d;
	const char *nearest = keys[0].name;

	snprintf(cut, sizeof(cut), "%s", name);
	for (int i = 0; i < KEY_COUNT; i++) {
		d = distance(cut, keys[i].name);
		if (d < best) {
			best = d;
			nearest = keys[i].name;
		}
	}
	return nearest;
}

int
keys_choice(enum key_id id, const char *word)
{
	const char *at = keys[id].choices;
	size_t len = strlen(word), n;
	int i = 0;

	while (at && *at) {
		n = strcspn(at, " ");
		if (n == len && !memcmp(at, word, n))
			return i;
		at += n + strspn(at + n, " ");
		i++;
	}
	return -1;
}

const char *
keys_spell(char *buf, enum spelling spelling, const char *name)
{
	const char *before = spelling == SPELL_INTERFACES ? "policy-" :
	    spelling == SPELL_SHELL ? "POLICY_" : "";

	snprintf(buf, KEY_SPELLED, "%s%s", before, name);
	if (spelling == SPELL_SHELL)
		for (char *c = buf; *c; c++)
			*c = *c == '-' ? '_' :
			    (char)toupper((unsigned char)*c);
	return buf;
}
