/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: an ip(8) or route(8) command to what it does. */
#include <sys/socket.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "handwritten-read.h"
#include "num.h"
#include "words.h"

/* What ip(8) takes a word for: the first object that it may abbreviate (the
 * table of ip.c). */
static const char *const objects[] = {
	"address", "addrlabel", "maddress", "route", "rule", "neighbor",
	"neighbour", "ntable", "link", "l2tp", "macsec", "tunnel", "tuntap",
	"tcpmetrics", "monitor", "xfrm", "mroute", "mrule", "netns", "netconf",
	"vrf", "nexthop", "mptcp",
};

static const char *
object_of(const char *word)
{
	for (size_t i = 0; i < sizeof(objects) / sizeof(objects[0]); i++)
		if (hand_matches(word, objects[i]))
			return objects[i];
	return "";
}

/* A table's name behind any abbreviation of "table", or behind "lookup". */
static void
learn_tables(const char *words, struct hand_context *ctx)
{
	char text[WORDS_LINE + 1], *word, *save = NULL;
	uint32_t number;
	bool names_one = false;

	if (strlen(words) >= sizeof(text))
		return;
	memcpy(text, words, strlen(words) + 1);
	for (word = strtok_r(text, " ", &save); word;
	    word = strtok_r(NULL, " ", &save)) {
		if (names_one)
			(void)hand_table(&number, ctx, word);
		names_one = !strcmp(word, "lookup") ||
		    (word[0] == 't' && strcmp(word, "to") &&
		    hand_matches(word, "table"));
	}
}

bool
hand_rule_words(struct hand *h, char *words, struct hand_context *ctx)
{
	struct fault why;

	h->words = words;
	if (!words)
		return false;
	learn_tables(words, ctx);
	if (!words_parse_rule(&h->rule, h->family, WORDS_HOST_BITS,
	    ctx->names, words, &why)) {
		h->refused = true;
		return hand_unsure(h, "%s", why.text);
	}
	h->family = h->rule.family;
	return true;
}

bool
hand_route_words(struct hand *h, char *words, struct hand_context *ctx)
{
	struct fault why;

	h->words = words;
	if (!words)
		return false;
	learn_tables(words, ctx);
	if (!words_parse_route(&h->route, h->family, ctx->names, words,
	    &why)) {
		h->refused = true;
		return hand_unsure(h, "%s", why.text);
	}
	h->family = h->route.family;
	return true;
}

/* Global options; 0 if there is one that changes too much. */
static size_t
skip_options(const struct command *c, struct hand *h)
{
	size_t i = 1;

	for (; i < c->count && c->word[i][0] == '-'; i++) {
		const char *o = c->word[i] + 1 + (c->word[i][1] == '-');

		if (!strcmp(o, "4")) {
			h->family = AF_INET;
		} else if (!strcmp(o, "6")) {
			h->family = AF_INET6;
		} else if (*o && hand_matches(o, "family")) {
			if (++i == c->count)
				return 0;
			if (!strcmp(c->word[i], "inet"))
				h->family = AF_INET;
			else if (!strcmp(c->word[i], "inet6"))
				h->family = AF_INET6;
			else
				return 0;
		} else if (strcmp(o, "force") && strcmp(o, "s") &&
		    strcmp(o, "o") && strcmp(o, "d") && strcmp(o, "br") &&
		    strcmp(o, "oneline") && strcmp(o, "details") &&
		    strcmp(o, "N")) {
			return 0;
		}
	}
	return i;
}

static bool
read_rule(struct hand *h, const struct command *c, size_t i,
    struct hand_context *ctx)
{
	const char *verb = i < c->count ? c->word[i] : "list";

	if (hand_matches(verb, "list") || hand_matches(verb, "show") ||
	    hand_matches(verb, "lst")) {
		h->kind = HAND_NOTHING;
		return true;
	}
	if (hand_matches(verb, "add"))
		h->kind = HAND_RULE_ADD;
	else if (hand_matches(verb, "delete"))
		h->kind = HAND_RULE_DELETE;
	else if (hand_matches(verb, "flush"))
		return hand_unsure(h, "it takes away the rules of everybody");
	else
		return hand_unsure(h, "\"ip rule %.20s\" is not known", verb);
	return hand_rule_words(h, hand_join(c, i + 1), ctx);
}

/* "ip route flush table T", "ip route flush cache". */
static bool
read_flush(struct hand *h, const struct command *c, size_t i,
    struct hand_context *ctx)
{
	const char *word = i < c->count ? c->word[i] : "";

	if (i + 1 == c->count && hand_matches(word, "cache")) {
		h->kind = HAND_FLUSH_CACHE;
		return true;
	}
	if (i + 2 == c->count && word[0] == 't' && strcmp(word, "to") &&
	    hand_matches(word, "table")) {
		if (hand_matches(c->word[i + 1], "cache")) {
			h->kind = HAND_FLUSH_CACHE;
			return true;
		}
		if (hand_table(&h->table, ctx, c->word[i + 1])) {
			h->kind = HAND_FLUSH_TABLE;
			return true;
		}
	}
	return hand_unsure(h, "it may take away routes of others");
}

static bool
read_route(struct hand *h, const struct command *c, size_t i,
    struct hand_context *ctx)
{
	const char *verb = i < c->count ? c->word[i] : "list";

	if (hand_matches(verb, "list") || hand_matches(verb, "show") ||
	    hand_matches(verb, "lst") || hand_matches(verb, "get")) {
		h->kind = HAND_NOTHING;
		return true;
	}
	h->kind = HAND_ROUTE_ADD;
	if (hand_matches(verb, "change") || !strcmp(verb, "chg"))
		return hand_unsure(h, "it changes a route that is there "
		    "already");
	if (hand_matches(verb, "replace"))
		h->kind = HAND_ROUTE_REPLACE;
	else if (!hand_matches(verb, "add") && hand_matches(verb, "append"))
		h->append = true;
	else if (hand_matches(verb, "delete"))
		h->kind = HAND_ROUTE_DELETE;
	else if (hand_matches(verb, "flush"))
		return read_flush(h, c, i + 1, ctx);
	else if (!hand_matches(verb, "add"))
		return hand_unsure(h, "\"ip route %.20s\" is not known",
		    verb);
	return hand_route_words(h, hand_join(c, i + 1), ctx);
}

/* "ip addr add ADDRESS/LEN ... dev NAME". */
static void
read_address(struct hand *h, const struct command *c, size_t i)
{
	struct prefix p;

	if (i >= c->count || (!hand_matches(c->word[i], "add") &&
	    !hand_matches(c->word[i], "replace")))
		return;
	for (i++; i < c->count; i++) {
		if (!strcmp(c->word[i], "dev") && i + 1 < c->count &&
		    device_name_ok(c->word[i + 1]))
			snprintf(h->device, sizeof(h->device), "%s",
			    c->word[++i]);
		else if (!addr_given(&h->address.addr) &&
		    prefix_parse(&p, AF_UNSPEC, c->word[i]) && p.len)
			h->address = p;
		else if (!strcmp(c->word[i], "nodad"))
			h->settled = true;
	}
	h->settled |= h->address.addr.family == AF_INET;
	if (addr_given(&h->address.addr) && h->device[0])
		h->kind = HAND_ADDRESS;
}

bool
hand_ip(struct hand *h, const struct command *c, struct hand_context *ctx)
{
	const char *object;
	size_t i;

	if (strcmp(hand_program(c), "ip"))
		return true;
	h->family = AF_UNSPEC;
	i = skip_options(c, h);
	if (i == 0) {
		for (i = 1; i < c->count; i++) {
			object = object_of(c->word[i]);
			if (!strcmp(object, "route") ||
			    !strcmp(object, "rule"))
				return hand_unsure(h, "it has an option of ip "
				    "that is not known here");
		}
		return true;
	}
	object = i < c->count ? object_of(c->word[i]) : "";
	if (!strcmp(object, "rule") || !strcmp(object, "route"))
		if (c->file)
			return hand_unsure(h, "it writes to a file");
	if (!strcmp(object, "rule"))
		return read_rule(h, c, i + 1, ctx);
	if (!strcmp(object, "route"))
		return read_route(h, c, i + 1, ctx);
	if (!strcmp(object, "address"))
		read_address(h, c, i + 1);
	return true;
}
