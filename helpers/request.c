/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: raw settings to one checked request. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/fib_rules.h>

#include "num.h"
#include "request.h"
#include "words.h"

/* What one reader needs besides the request. */
struct reading {
	bool host;		/* the host's defaults, not the claim */
	const struct claim *claim;
	bool lenient;
	struct names *names;
	struct fault *fault;
};

static bool
wrong(struct reading *in, const char *why)
{
	return fault_set(in->fault, "%s", why);
}

static bool
wrong_family(const struct addr *a, const struct request *r,
    struct reading *in)
{
	char text[ADDR_TEXT];

	return fault_set(in->fault, "\"%s\" is not an %s address",
	    addr_print(text, a), r->family == AF_INET ? "IPv4" : "IPv6");
}

/* An address of the request's family; *skip for the other one, if allowed. */
static bool
read_addr(struct addr *a, bool *skip, const struct request *r,
    struct reading *in, const char *word)
{
	char quoted[QUOTE_TEXT];

	*skip = false;
	if (!addr_parse(a, AF_UNSPEC, word))
		return fault_set(in->fault, "%s is no IP address",
		    say_quote(quoted, word));
	if (a->family == r->family)
		return true;
	*skip = in->lenient;
	return *skip || wrong_family(a, r, in);
}

static bool
read_table(struct request *r, struct reading *in, const char *value)
{
	uint32_t number;

	r->has_table = true;
	if (!strcmp(value, "auto")) {
		r->table_auto = true;
		memcpy(r->table_name, in->claim->device, IFNAMSIZ);
		return true;
	}
	if (num_u32(&number, value, 0, UINT32_MAX)) {
		if (number == 0 || (number >= 253 && number <= 255))
			return wrong(in, "0 and 253 to 255 are the kernel's "
			    "own tables; take another number or a name");
		r->table = number;
		return true;
	}
	if (!strcmp(value, "main") || !strcmp(value, "local") ||
	    !strcmp(value, "default") || !strcmp(value, "unspec"))
		return wrong(in, "is the kernel's own table; take another "
		    "name");
	if (!names_ok(value))
		return wrong(in, "no table name: letters, digits, \"_\", \".\" "
		    "and \"-\", at most 31, not all digits");
	snprintf(r->table_name, sizeof(r->table_name), "%s", value);
	return true;
}

/* "ADDRESS [onlink]": how long it is, or 0 with a fault. */
static size_t
read_next_hop(struct addr *a, bool *onlink, struct reading *in,
    const char *value)
{
	char word[ADDR_TEXT], quoted[QUOTE_TEXT];
	size_t n = strcspn(value, " ");

	if (n >= sizeof(word)) {
		wrong(in, "is no IP address, \"auto\" or \"none\"");
		return 0;
	}
	memcpy(word, value, n);
	word[n] = '\0';
	if (!addr_parse(a, AF_UNSPEC, word)) {
		fault_set(in->fault, "%s is no IP address",
		    say_quote(quoted, word));
		return 0;
	}
	n += strspn(value + n, " ");
	*onlink = !strncmp(value + n, "onlink", 6) &&
	    (value[n + 6] == ' ' || value[n + 6] == '\0');
	return *onlink ? n + 6 + strspn(value + n + 6, " ") : n;
}

/* One, or one of each family: where a manager makes one stanza of both. */
static bool
read_gateway(struct request *r, struct reading *in, const char *value)
{
	struct addr hop[2];
	bool onlink[2];
	size_t count = 0, n;

	if (!strcmp(value, "auto"))
		return true;
	if (!strcmp(value, "none")) {
		r->gateway_kind = GATEWAY_NONE;
		return true;
	}
	for (; *value; value += n, count++) {
		n = count < 2 ? read_next_hop(&hop[count], &onlink[count], in,
		    value) : 0;
		if (n == 0)
			return count ? wrong(in, "after the address only "
			    "\"onlink\" and one of the other family may "
			    "follow") : false;
	}
	if (count == 2 && hop[0].family == hop[1].family)
		return wrong(in, "names two gateways of one family");
	for (size_t i = 0; i < count; i++) {
		if (hop[i].family != r->family)
			continue;
		r->gateway_kind = GATEWAY_ADDRESS;
		r->gateway = hop[i];
		r->onlink = onlink[i];
	}
	if (r->gateway_kind == GATEWAY_ADDRESS || count == 2 || in->lenient)
		return true;
	return wrong_family(&hop[0], r, in);
}

static bool
read_match(struct request *r, struct reading *in, const char *value)
{
	r->match_from = !strcmp(value, "from") || !strcmp(value, "from to") ||
	    !strcmp(value, "to from");
	r->match_to = !strcmp(value, "to") || !strcmp(value, "from to") ||
	    !strcmp(value, "to from");
	if (!r->match_from && !r->match_to && strcmp(value, "none"))
		return wrong(in, "is none of: from, to, from to, none");
	return true;
}

static bool
read_addresses(struct request *r, struct reading *in, const char *value)
{
	char word[ADDR_TEXT];
	bool skip;
	size_t n;

	if (!strcmp(value, "own")) {
		r->addresses_kind = ADDRESSES_OWN;
		return addr_given(&in->claim->key.own) ? true : wrong(in,
		    "there is no address of its own here; write \"all\" or "
		    "the addresses");
	}
	if (!strcmp(value, "all")) {
		r->addresses_kind = ADDRESSES_ALL;
		return true;
	}
	r->addresses_kind = ADDRESSES_LIST;
	for (; *value; value += n + strspn(value + n, " ,")) {
		n = strcspn(value, " ,");
		if (n >= sizeof(word))
			return wrong(in, "a word is too long for an address");
		memcpy(word, value, n);
		word[n] = '\0';
		if (r->address_count == REQUEST_ADDRESSES)
			return wrong(in, "more than 64 addresses");
		if (!read_addr(&r->addresses[r->address_count], &skip, r, in,
		    word))
			return false;
		r->address_count += !skip;
	}
	return true;
}

static bool
read_source(struct request *r, struct reading *in, const char *value)
{
	bool skip;

	if (!strcmp(value, "own")) {
		r->source_kind = SOURCE_OWN;
		return true;
	}
	if (!read_addr(&r->source, &skip, r, in, value))
		return false;
	if (!skip)
		r->source_kind = SOURCE_ADDRESS;
	return true;
}

/* A line that names no family of its own goes with the request's. */
static bool
other_family(int family, const struct request *r, struct reading *in,
    bool *skip)
{
	*skip = false;
	if (family == r->family)
		return true;
	*skip = in->lenient;
	return *skip ? true : fault_set(in->fault, "is for %s, but this is "
	    "for %s", family == AF_INET ? "IPv4" : "IPv6",
	    r->family == AF_INET ? "IPv4" : "IPv6");
}

static int
route_family(struct names *names, const char *value, int family)
{
	struct fault ignored;
	struct route route;

	/* The request's family first: "default dev eth1" fits either. */
	if (words_parse_route(&route, family, names, value, &ignored))
		return family;
	family = family == AF_INET ? AF_INET6 : AF_INET;
	return words_parse_route(&route, family, names, value, &ignored) ?
	    family : AF_UNSPEC;
}

static int
rule_family(struct names *names, const char *value, int family)
{
	struct fault ignored;
	struct rule rule;

	if (words_parse_rule(&rule, family, 0, names, value, &ignored))
		return family;
	family = family == AF_INET ? AF_INET6 : AF_INET;
	return words_parse_rule(&rule, family, 0, names, value, &ignored) ?
	    family : AF_UNSPEC;
}

/* "add" is what people copy along with the words. */
static const char *
without_verb(const char *value, const char *what)
{
	size_t n = strlen(what);

	if (!strncmp(value, "ip ", 3))
		value += 3;
	if (!strncmp(value, what, n) && value[n] == ' ')
		value += n + 1;
	if (!strncmp(value, "add ", 4))
		value += 4;
	return value;
}

static struct object *
add_extra(struct request *r, struct reading *in, enum object_kind kind,
    enum key_id key, const char *value)
{
	struct object *o = objects_add(&r->extra);

	if (!o) {
		wrong(in, "out of memory");
		return NULL;
	}
	o->kind = kind;
	o->key = key;
	o->said = value;
	return o;
}

static bool
protocol_is_ours(struct reading *in, uint8_t protocol)
{
	if (protocol == 0 || protocol == PROTO_IFPOLICY)
		return true;
	return wrong(in, "leave the protocol out: what this option adds "
	    "always carries ifpolicy's (173), so that it can be found again");
}

static bool
read_route(struct request *r, struct reading *in, const char *value)
{
	const char *words = without_verb(value, "route");
	int family = route_family(in->names, words, r->family);
	struct object *o;
	bool skip;

	if (family != AF_UNSPEC && !other_family(family, r, in, &skip))
		return false;
	if (family != AF_UNSPEC && skip)
		return true;
	o = add_extra(r, in, OBJECT_ROUTE, KEY_ROUTE, value);
	return o && words_parse_route(&o->route, r->family, in->names, words,
	    in->fault) && protocol_is_ours(in, o->route.protocol);
}

static bool
read_rule(struct request *r, struct reading *in, const char *value)
{
	const char *words = without_verb(value, "rule");
	int family = rule_family(in->names, words, r->family);
	struct object *o;
	bool skip;

	if (family != AF_UNSPEC && !other_family(family, r, in, &skip))
		return false;
	if (family != AF_UNSPEC && skip)
		return true;
	o = add_extra(r, in, OBJECT_RULE, KEY_RULE, value);
	if (!o || !words_parse_rule(&o->rule, r->family, 0, in->names, words,
	    in->fault) || !protocol_is_ours(in, o->rule.protocol))
		return false;
	if (o->rule.action == FR_ACT_TO_TBL && o->rule.table == 0 &&
	    !o->rule.l3mdev && !r->has_table)
		return wrong(in, "names no table, and there is no "
		    "policy-table to go to");
	return true;
}

static bool
read_number(struct request *r, enum key_id key, uint32_t v)
{
	if (key == KEY_METRIC)
		r->metric = v;
	else if (key == KEY_PRIORITY)
		r->priority = v;
	else if (key == KEY_WEIGHT)
		r->weight = (uint16_t)v;
	else
		r->wait = v;
	return true;
}

static bool
read_choice(struct request *r, enum key_id key, unsigned v)
{
	switch (key) {
	case KEY_CONNECTED: r->connected = v; break;
	case KEY_PREFER_MAIN: r->prefer_main = v != 0; break;
	case KEY_DEFAULT: r->foreign_default = v; break;
	case KEY_FALLBACK: r->fallback = v; break;
	case KEY_LINKDOWN: r->linkdown = v; break;
	case KEY_ARP: r->arp = v; break;
	case KEY_RP_FILTER: r->rp_filter = v; break;
	case KEY_ON_ERROR: r->on_error = v; break;
	default: return false;
	}
	return true;
}

/* Readers of the KIND_TEXT keys. */
static const struct {
	enum key_id key;
	bool (*read)(struct request *, struct reading *, const char *);
} readers[] = {
	{ KEY_TABLE, read_table }, { KEY_GATEWAY, read_gateway },
	{ KEY_MATCH, read_match }, { KEY_ADDRESSES, read_addresses },
	{ KEY_SOURCE, read_source }, { KEY_ROUTE, read_route },
	{ KEY_RULE, read_rule },
};

static bool
read_value(struct request *r, struct reading *in, enum key_id key,
    const char *value)
{
	uint32_t number;
	int choice;

	if (keys[key].kind == KIND_NUMBER) {
		if (!num_u32(&number, value, keys[key].min, keys[key].max))
			return fault_set(in->fault, "is no number from %u to "
			    "%u", keys[key].min, keys[key].max);
		return read_number(r, key, number);
	}
	if (keys[key].kind == KIND_CHOICE) {
		choice = keys_choice(key, value);
		if (choice < 0)
			return fault_set(in->fault, "is none of: %s",
			    keys[key].choices);
		return read_choice(r, key, (unsigned)choice);
	}
	for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++)
		if (readers[i].key == key)
			return readers[i].read(r, in, value);
	return wrong(in, "cannot be read");
}

static bool
read_setting(struct request *r, struct reading *in, const struct setting *s)
{
	char spelled[KEY_SPELLED], quoted[QUOTE_TEXT], number[12] = "";

	r->said[s->key] = s->value;
	if (keys[s->key].inet_only && r->family == AF_INET6 &&
	    in->lenient)
		return true;
	if (keys[s->key].inet_only && r->family == AF_INET6)
		wrong(in, "is IPv4's: put it into the inet stanza");
	else if (read_value(r, in, s->key, s->value))
		return true;
	if (s->number)
		snprintf(number, sizeof(number), "%u", s->number);
	fault_before(in->fault, "%s%s%s %s: ",
	    in->host ? "host default " : "",
	    keys_spell(spelled, in->host ? SPELL_SHELL : in->claim->spelling,
	    keys[s->key].name), number, say_quote(quoted, s->value));
	return false;
}

/* Keys that mean nothing without another one. */
static const struct {
	enum key_id key, needs;
	const char *value;	/* only this one; NULL: any but "none" */
} needs[] = {
	{ KEY_MATCH, KEY_TABLE, NULL },
	{ KEY_PREFER_MAIN, KEY_TABLE, "yes" },
	{ KEY_FALLBACK, KEY_TABLE, NULL },
	{ KEY_CONNECTED, KEY_METRIC, "metric" },
	{ KEY_DEFAULT, KEY_METRIC, "metric" },
	{ KEY_WEIGHT, KEY_METRIC, NULL },
};

static bool
check_needs(const struct request *r, const struct claim *c, struct fault *f)
{
	char spelled[KEY_SPELLED], other[KEY_SPELLED], quoted[QUOTE_TEXT];

	for (size_t i = 0; i < sizeof(needs) / sizeof(needs[0]); i++) {
		const struct setting *s = settings_get(&c->settings,
		    needs[i].key);

		if (!s || r->said[needs[i].needs] ||
		    (needs[i].value ? strcmp(s->value, needs[i].value) != 0 :
		    !strcmp(s->value, "none")))
			continue;
		return fault_set(f, "%s %s: needs %s",
		    keys_spell(spelled, c->spelling, keys[needs[i].key].name),
		    say_quote(quoted, s->value), keys_spell(other,
		    c->spelling, keys[needs[i].needs].name));
	}
	return true;
}

/* The interfaces share one route, and a route has one source. */
static bool
check_weight(const struct request *r, const struct claim *c, struct fault *f)
{
	char spelled[KEY_SPELLED], other[KEY_SPELLED];

	if (!r->weight || r->source_kind == SOURCE_NONE)
		return true;
	return fault_set(f, "%s: cannot go with %s: the interfaces share one "
	    "route, which has one source for all",
	    keys_spell(spelled, c->spelling, keys[KEY_WEIGHT].name),
	    keys_spell(other, c->spelling, keys[KEY_SOURCE].name));
}

static void
set_defaults(struct request *r, const struct claim *c)
{
	memset(r, 0, sizeof(*r));
	r->family = c->key.family;
	r->match_from = r->match_to = true;
	r->priority = PRIORITY_DEFAULT;
	r->wait = WAIT_DEFAULT;
	r->addresses_kind = c->is_static && addr_given(&c->key.own) ?
	    ADDRESSES_OWN : ADDRESSES_ALL;
}

bool
request_check(struct request *r, const struct claim *c,
    const struct settings *defaults, struct names *names, struct fault *f)
{
	struct reading in = {
		.host = true, .claim = c, .lenient = true, .names = names,
		.fault = f,
	};
	bool ok = true;

	set_defaults(r, c);
	for (size_t i = 0; ok && defaults && i < defaults->count; i++)
		if (!settings_get(&c->settings, defaults->at[i].key))
			ok = read_setting(r, &in, &defaults->at[i]);
	in.lenient = c->lenient;
	in.host = false;
	/* The table first: rules and routes refer to it. */
	for (size_t i = 0; ok && i < c->settings.count; i++)
		if (c->settings.at[i].key == KEY_TABLE)
			ok = read_setting(r, &in, &c->settings.at[i]);
	for (size_t i = 0; ok && i < c->settings.count; i++)
		if (c->settings.at[i].key != KEY_TABLE)
			ok = read_setting(r, &in, &c->settings.at[i]);
	if (ok && !r->said[KEY_LINKDOWN] && r->metric)
		r->linkdown = LINKDOWN_IGNORE;
	/* A host's default must not break a stanza that has no metric. */
	if (!r->metric && !settings_get(&c->settings, KEY_CONNECTED) &&
	    r->connected == CONNECTED_METRIC)
		r->connected = CONNECTED_KEEP;
	if (!r->metric && !settings_get(&c->settings, KEY_DEFAULT) &&
	    r->foreign_default == DEFAULT_METRIC)
		r->foreign_default = DEFAULT_KEEP;
	ok = ok && check_needs(r, c, f) && check_weight(r, c, f);
	if (!ok)
		request_fini(r);
	return ok;
}

void
request_fini(struct request *r)
{
	if (r)
		objects_fini(&r->extra);
}

bool
request_fails_hook(const struct settings *s, const struct settings *defaults)
{
	const struct setting *at = settings_get(s, KEY_ON_ERROR);

	if (!at && defaults)
		at = settings_get(defaults, KEY_ON_ERROR);
	return at && !strcmp(at->value, "fail");
}

unsigned
request_families(const struct settings *s, unsigned *mentioned)
{
	unsigned decided = 0;
	char word[ADDR_TEXT];
	struct addr a;
	const char *at;
	size_t n;

	*mentioned = 0;
	for (size_t i = 0; i < s->count; i++) {
		enum key_id key = s->at[i].key;
		bool line = key == KEY_ROUTE || key == KEY_RULE;

		if (key != KEY_GATEWAY && key != KEY_SOURCE &&
		    key != KEY_ADDRESSES && !line)
			continue;
		for (at = s->at[i].value; *at;
		    at += n + strspn(at + n, " ,/")) {
			n = strcspn(at, " ,/");
			snprintf(word, sizeof(word), "%.*s", (int)(n > 47 ?
			    47 : n), at);
			if (!addr_parse(&a, AF_UNSPEC, word))
				continue;
			if (line)
				*mentioned |= addr_family_bit(a.family);
			else
				decided |= addr_family_bit(a.family);
		}
	}
	return decided;
}

bool
request_needs_main(const struct request *r, const struct claim *c)
{
	if (r->connected != CONNECTED_KEEP ||
	    r->foreign_default != DEFAULT_KEEP)
		return true;
	/* Which prefix of a router advertisement is on link. */
	if (r->family == AF_INET6 && r->has_table && !c->is_static)
		return true;
	return r->gateway_kind == GATEWAY_AUTO && !addr_given(&c->router) &&
	    (r->has_table || r->metric);
}
