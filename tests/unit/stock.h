/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: network-scripts and a kernel, modelled, for lives of files' claims.
 *
 * Two devices with an alias each.  What the scripts make of route- and rule-
 * files is here, in the terms of kernel.h; what the hook does is in hook.h. */
#ifndef IFPOLICY_TEST_STOCK_H
#define IFPOLICY_TEST_STOCK_H

#include <linux/fib_rules.h>

#include "build.h"
#include "kernel.h"
#include "text.h"

#define LABELS		4	/* eth1, eth1:1, eth2, eth2:1 */
#define FILE_LINES	12

/* What an entry of the kernel is, its tag there. */
enum whose {
	WHOSE_HOOK,		/* put in by a plan */
	WHOSE_SCRIPTS,		/* by ifup-routes */
	WHOSE_KERNEL,
	WHOSE_OTHERS,
};

struct line {
	bool is_rule;
	int family;
	unsigned who;		/* bit i: may stand in the files of label i */
	const char *words;
};

struct label {
	const char *name;
	uint8_t file[FILE_LINES];	/* numbers of lines */
	size_t lines;
	bool exists;		/* has an ifcfg file */
	bool up;		/* its addresses are there */
};

struct saved_claim {
	struct claim_key key;
	char *text;
};

struct machine {
	struct kernel k;
	struct label label[LABELS];
	bool link_up[2];
	bool replaces;		/* el8: a route that is refused replaces */
	bool guarded;		/* spares were laid out for what follows */
	struct saved_claim saved[2 * LABELS];
	size_t claims;
	bool again;		/* nothing may change */
	bool robbed;
	bool gap_seen;		/* a copy is left that cannot be told */
	const char *call;	/* the hook call that is running */
	uint32_t dice;
	struct text story;
	unsigned long calls, commits, refused, idle, spared, lost, gaps,
	    missed;
};

static inline uint32_t
roll(struct machine *m, uint32_t sides)
{
	m->dice ^= m->dice << 13;
	m->dice ^= m->dice >> 17;
	m->dice ^= m->dice << 5;
	return m->dice % sides;
}

static inline int
parent_of(int label)
{
	return label & ~1;
}

static inline int
device_of(int label)
{
	return label / 2;
}

static inline const char *
device_name(int device)
{
	return device ? "eth2" : "eth1";
}

/* ---- the kernel -------------------------------------------------------- */

static inline bool
address_is_there(const struct machine *m, const struct addr *a)
{
	static const char *const text[LABELS] = {
		"10.0.1.10", "10.0.1.11", "10.0.2.10", "10.0.2.11",
	};

	for (int i = 0; i < LABELS; i++) {
		struct addr own = addr_of(text[i]);

		if (m->label[i].up && addr_cmp(a, &own) == 0)
			return true;
	}
	return false;
}

/* The device whose subnet an address is in, or 0. */
static inline uint32_t
device_to(const struct machine *m, const struct addr *a)
{
	static const char *const subnets[] = {
		"10.0.1.0/24", "10.0.2.0/24", "fd00:1::/64", "fd00:2::/64",
	};

	for (int i = 0; i < 4; i++) {
		struct prefix p = prefix_of(subnets[i]);

		p.addr = *a;
		prefix_clear_host_bits(&p);
		if (m->link_up[i % 2] && a->family == p.addr.family) {
			struct prefix q = prefix_of(subnets[i]);

			if (prefix_cmp(&p, &q) == 0)
				return 3 + (uint32_t)i % 2;
		}
	}
	return 0;
}

static inline bool
is_link_local(const struct addr *a)
{
	return a->family == AF_INET6 && a->byte[0] == 0xfe;
}

/* Why the kernel takes no such route now: 0 or -errno. */
static inline int
kernel_refuses(const struct machine *m, const struct route *r)
{
	for (size_t i = 0; i < r->hop_count; i++) {
		const struct hop *h = &r->hop[i];

		if (h->ifindex != 3 && h->ifindex != 4)
			return -ENODEV;
		if (!m->link_up[h->ifindex - 3])
			return -ENETDOWN;
		if (addr_given(&h->via) && !is_link_local(&h->via) &&
		    device_to(m, &h->via) != h->ifindex)
			return -ENETUNREACH;
	}
	if (addr_given(&r->prefsrc) && !address_is_there(m, &r->prefsrc))
		return -EINVAL;
	return 0;
}

/* fib_default_rule_pref(): one below the second rule's. */
static inline uint32_t
automatic_priority(const struct kernel *k, int family)
{
	size_t seen = 0;

	for (size_t i = 0; i < k->rules; i++)
		if (k->rule[i].family == family && seen++ == 1)
			return k->rule[i].priority ?
			    k->rule[i].priority - 1 : 0;
	return 0;
}

static inline void
cut_routes(struct kernel *k, bool (*goes)(const struct route *, uint32_t),
    uint32_t arg)
{
	for (size_t i = k->routes; i-- > 0;)
		if (goes(&k->route[i], arg))
			kernel_cut_route(k, i);
}

static inline bool
goes_through(const struct route *r, uint32_t ifindex)
{
	return r->hop_count && r->hop[0].ifindex == ifindex;
}

/* In main alone, as newer kernels do. */
static inline bool
comes_from_alias(const struct route *r, uint32_t ifindex)
{
	struct addr own = addr_of(ifindex == 3 ? "10.0.1.11" : "10.0.2.11");

	return r->table == RT_TABLE_MAIN && addr_cmp(&r->prefsrc, &own) == 0;
}

static inline struct route
connected_route(int device)
{
	return object_of(AF_INET, device ? "route add 10.0.2.0/24 dev eth2 "
	    "table 254 protocol 2 scope link src 10.0.2.10\n" : "route add "
	    "10.0.1.0/24 dev eth1 table 254 protocol 2 scope link "
	    "src 10.0.1.10\n").route;
}

static inline void
set_link(struct machine *m, int device, bool up)
{
	static bool known;
	static struct route connected[2];

	if (!known)
		for (int i = 0; i < 2; i++)
			connected[i] = connected_route(i);
	known = true;
	if (!up)
		cut_routes(&m->k, goes_through, 3 + (uint32_t)device);
	else if (!m->link_up[device])
		(void)kernel_add_route(&m->k, &connected[device], false,
		    WHOSE_KERNEL);
	m->link_up[device] = up;
}

static inline void
boot(struct machine *m)
{
	static const struct {
		int family;
		const char *line;
	} own[] = {
		{ AF_INET, "rule add priority 0 lookup 255 protocol 2\n" },
		{ AF_INET, "rule add priority 32766 lookup 254 protocol 2\n" },
		{ AF_INET, "rule add priority 32767 lookup 253 protocol 2\n" },
		{ AF_INET6, "rule add priority 0 lookup 255 protocol 2\n" },
		{ AF_INET6, "rule add priority 32766 lookup 254 "
		    "protocol 2\n" },
	};

	m->k.rules = m->k.routes = 0;
	for (size_t i = 0; i < LENGTH(own); i++) {
		struct object o = object_of(own[i].family, own[i].line);

		assert_int_equal(kernel_add_rule(&m->k, &o.rule, false,
		    WHOSE_KERNEL), 0);
	}
}

/* ---- files ------------------------------------------------------------- */

extern const struct line lines[];

/* What ip(8) makes of a line; false if it refuses it. */
static inline bool
read_rule(struct rule *r, const struct line *l)
{
	struct fault ignored;

	if (!words_parse_rule(r, l->family, WORDS_HOST_BITS, NULL, l->words,
	    &ignored))
		return false;
	rule_normalize(r);
	return true;
}

static inline bool
read_route(const struct machine *m, struct route *r, const struct line *l)
{
	struct fault ignored;

	if (!words_parse_route(r, l->family, NULL, l->words, &ignored) ||
	    (r->hop_count == 0 && !route_type_is_reject(r->type)))
		return false;
	if (r->table == 0)
		r->table = RT_TABLE_MAIN;
	number_devices(r);
	for (size_t i = 0; i < r->hop_count; i++)
		if (!r->hop[i].dev[0]) {
			r->hop[i].ifindex = device_to(m, &r->hop[i].via);
			if (!r->hop[i].ifindex)
				return false;
			strcpy(r->hop[i].dev,
			    device_name((int)r->hop[i].ifindex - 3));
		}
	route_normalize(r);
	return true;
}

/* `ip rule add`: no protocol of its own, none in the message. */
static inline void
ip_rule_add(struct machine *m, const struct line *l, enum whose whose)
{
	struct rule r;

	if (!read_rule(&r, l))
		return;
	if (r.action == FR_ACT_TO_TBL && r.table == 0)
		r.table = RT_TABLE_MAIN;
	if (!r.has_priority)
		r.priority = automatic_priority(&m->k, r.family);
	r.has_priority = true;
	(void)kernel_add_rule(&m->k, &r, true, (int)whose);
}

/* `ip route add`, and el8's `ip route replace`, which may hit anything. */
static inline void
ip_route_add(struct machine *m, const struct line *l)
{
	struct route r;

	if (!read_route(m, &r, l) || kernel_refuses(m, &r))
		return;
	if (r.protocol == 0)
		r.protocol = RTPROT_BOOT;
	if (kernel_add_route(&m->k, &r, false, WHOSE_SCRIPTS) == -EEXIST &&
	    m->replaces)
		(void)kernel_add_route(&m->k, &r, true, WHOSE_SCRIPTS);
}

static inline bool
is_spare_rule(const struct rule *r)
{
	return !strcmp(r->iif, "ifpolicy-spare") ||
	    !strcmp(r->oif, "ifpolicy-spare");
}

/* Both places for a spare's mark are taken by the line itself. */
static inline bool
has_no_spare(const struct rule *r)
{
	return r->has_priority || (r->iif[0] && r->oif[0]);
}

/* `ip rule del`: a delete names no table of its own choice and no action but
 * an explicit one.  The index of the first hit, or that of none. */
static inline size_t
ip_rule_hit(const struct kernel *k, struct rule *pattern,
    const struct line *l)
{
	size_t i;

	if (!read_rule(pattern, l))
		return k->rules;
	if (pattern->action == FR_ACT_TO_TBL)
		pattern->action = 0;
	for (i = 0; i < k->rules; i++)
		if (rule_pattern_hits(pattern, &k->rule[i]))
			break;
	return i;
}

static inline void
tell_call(struct machine *m, const char *what, const char *label)
{
	text_fmt(&m->story, "# %s %s\n", what, label);
}

/* route-X, route6-X of all names, then rule-X, rule6-X. */
static inline void
ifup_routes(struct machine *m, const int *names, size_t count)
{
	for (int rules = 0; rules < 2; rules++)
		for (size_t i = 0; i < count; i++)
			for (int six = 0; six < 2; six++) {
				const struct label *l = &m->label[names[i]];

				for (size_t j = 0; j < l->lines; j++) {
					const struct line *at =
					    &lines[l->file[j]];

					if (at->is_rule != rules || six !=
					    (at->family == AF_INET6))
						continue;
					if (rules)
						ip_rule_add(m, at,
						    WHOSE_SCRIPTS);
					else
						ip_route_add(m, at);
				}
			}
}

#endif
