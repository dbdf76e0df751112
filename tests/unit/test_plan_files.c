/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: plan.c and compile-files.c against network-scripts: random lives.
 *
 * The scripts apply the same files before each call of the hook, delete by bare
 * words, and call it once too often or not at all; others put in what looks
 * alike. */
#include "hook.h"
#include "seed.h"
#include "tell.h"

#define ETH1	1u
#define ALIAS1	2u
#define ETH2	4u
#define ALIAS2	8u
#define ALL	15u

const struct line lines[] = {
	{ true, AF_INET, ETH1 | ALIAS1, "from 10.0.1.10 table 101" },
	{ true, AF_INET, ETH1 | ALIAS1, "to 10.0.1.10 table 101" },
	{ true, AF_INET, ETH1, "from 10.0.1.10 fwmark 7 table 101" },
	{ true, AF_INET, ETH1, "from 10.0.1.10" },
	{ true, AF_INET, ETH1, "not from 10.0.1.0/24 table 101" },
	{ true, AF_INET, ETH1, "from 10.0.1.5/24 table 101" },
	{ true, AF_INET, ETH1, "iif eth1 table 101" },
	{ true, AF_INET, ETH1, "from 10.7.0.0/16 iif eth1 oif eth2 table 7" },
	{ true, AF_INET, ETH1, "from 10.0.1.12 table 101" },
	{ true, AF_INET, ETH1 | ETH2, "from 10.0.1.13 table 101 "
	    "proto static" },
	{ true, AF_INET, ETH1, "from 10.0.1.10 table 101 pref 520" },
	{ true, AF_INET, ETH1, "from 10.0.1.10 table 101 pref 32765" },
	{ true, AF_INET, ETH1 | ETH2, "to 10.8.0.0/16 table 102 pref 700 "
	    "proto 4" },
	{ true, AF_INET, ETH1, "from 10.0.1.300 table 101" },
	{ true, AF_INET, ETH1 | ETH2, "from 10.0.1.10 table 101 # mine" },
	{ true, AF_INET, ALL, "from 10.7.0.0/16 table 100" },
	{ true, AF_INET, ALL, "from 10.7.0.0/16 prohibit" },
	{ true, AF_INET, ETH1 | ETH2, "from all table main" },
	{ true, AF_INET, ALIAS1, "from 10.0.1.11 table 102" },
	{ true, AF_INET, ALIAS1, "to 10.0.1.11 table 102" },
	{ true, AF_INET, ETH2, "from 10.0.2.10 table 103" },
	{ true, AF_INET, ETH2, "to 10.0.2.10 table 103" },
	{ true, AF_INET, ALIAS2, "from 10.0.2.11 table 104" },
	{ true, AF_INET6, ETH1, "from fd00:1::10 table 101" },
	{ true, AF_INET6, ETH1 | ALIAS1, "to fd00:1::10 table 101" },
	{ true, AF_INET6, ETH2, "from fd00:2::10 table 103 pref 800" },
	{ false, AF_INET, ETH1, "default via 10.0.1.1 dev eth1 table 101" },
	{ false, AF_INET, ETH1, "10.0.1.0/24 dev eth1 table 101 "
	    "src 10.0.1.10" },
	{ false, AF_INET, ETH1, "default via 10.0.1.1 dev eth1 metric 100" },
	{ false, AF_INET, ETH1 | ALIAS1, "default via 10.0.1.2 dev eth1 "
	    "metric 100" },
	{ false, AF_INET, ETH2, "default via 10.0.2.1 dev eth2 metric 100" },
	{ false, AF_INET, ETH1, "192.0.2.0/24 via 10.0.1.1" },
	{ false, AF_INET, ETH2, "192.0.2.0/24 via 10.0.2.1" },
	{ false, AF_INET, ALIAS1, "198.51.100.0/24 via 10.0.1.1 dev eth1 "
	    "src 10.0.1.11" },
	{ false, AF_INET, ETH1 | ALIAS1, "198.51.100.0/24 via 10.0.1.1 "
	    "dev eth1" },
	{ false, AF_INET, ALL, "blackhole 203.0.113.0/24" },
	{ false, AF_INET, ETH1 | ETH2, "unreachable default table 101 "
	    "metric 4278198272" },
	{ false, AF_INET, ETH1, "10.99.0.0/16 via 10.0.1.1 proto static" },
	{ false, AF_INET, ETH1, "10.0.1.0/24 dev eth1 proto kernel "
	    "scope link src 10.0.1.10" },
	{ false, AF_INET, ETH1, "10.98.0.0/16 via 10.55.0.1 dev eth1" },
	{ false, AF_INET, ETH1, "10.97.0.0/16" },
	{ false, AF_INET, ALIAS2, "10.96.0.0/16 via 10.0.2.1 dev eth2 "
	    "table 104 src 10.0.2.11" },
	{ false, AF_INET6, ETH1, "fd00:9::/64 via fd00:1::1 dev eth1" },
	{ false, AF_INET6, ETH1, "default via fe80::1 dev eth1 table 101" },
	{ false, AF_INET6, ETH2, "fd00:9::/64 via fd00:2::1" },
};

/* What others put in.  Of one that equals a file's line, only the protocol or a
 * priority that no automatic choice gives shows whose it is. */
static const struct line others[] = {
	{ true, AF_INET, 0, "from 10.0.1.10 table 101 pref 500" },
	{ true, AF_INET, 0, "from 10.0.1.10 table 101 pref 40" },
	{ true, AF_INET, 0, "from 10.0.1.10 table 101 pref 500 proto static" },
	{ true, AF_INET, 0, "from 10.0.1.10 table 101 pref 520 proto static" },
	{ true, AF_INET, 0, "from 10.7.0.0/16 table 100 pref 40" },
	{ true, AF_INET, 0, "from 10.7.0.0/16 prohibit pref 500" },
	{ true, AF_INET, 0, "from 10.0.1.10 fwmark 9 table 101 pref 32765" },
	{ true, AF_INET, 0, "from 10.0.1.10 iif eth3 table 101 pref 32764 "
	    "proto static" },
	{ true, AF_INET, 0, "from all table main pref 100 proto static" },
	{ true, AF_INET, 0, "from 172.16.0.0/12 table 300" },
	{ true, AF_INET, 0, "from 172.20.0.0/16 table 300 proto static" },
	{ true, AF_INET, 0, "from 172.21.0.0/16 table 300 pref 512" },
	{ true, AF_INET6, 0, "from fd00:1::10 table 101 pref 500" },
	{ false, AF_INET, 0, "default via 10.0.1.9 dev eth1 metric 100 "
	    "proto static" },
	{ false, AF_INET, 0, "192.0.2.0/24 via 10.0.1.1 dev eth1 "
	    "proto static" },
	{ false, AF_INET, 0, "default via 10.0.1.1 dev eth1 table 101 "
	    "proto static" },
	{ false, AF_INET, 0, "blackhole 203.0.113.0/24 proto static" },
	{ false, AF_INET, 0, "198.51.100.0/24 via 10.0.1.7 dev eth1 "
	    "proto static" },
	{ false, AF_INET6, 0, "fd00:9::/64 via fd00:1::2 dev eth1 "
	    "proto static" },
};

/* ---- the story, for whoever has to find out why ------------------------ */

static void
tell_kernel(const struct kernel *k)
{
	static const char *const whose[] = { "hook", "scripts", "kernel",
	    "others" };

	for (size_t i = 0; i < k->rules + k->routes; i++) {
		struct object o = { .kind = i < k->rules ? OBJECT_RULE :
		    OBJECT_ROUTE };
		struct text t = { 0 };

		if (i < k->rules)
			o.rule = k->rule[i];
		else
			o.route = k->route[i - k->rules];
		block_object(&t, &o, NULL);
		print_error("# kernel: %-8s %s\n", whose[i < k->rules ?
		    k->rule_tag[i] : k->route_tag[i - k->rules]], t.at);
		text_fini(&t);
	}
}

void
complain(struct machine *m, const char *what, const struct object *o)
{
	struct text t = { 0 };

	/* Longer than cmocka's buffer. */
	fputs(m->story.at ? m->story.at : "", stderr);
	tell_kernel(&m->k);
	for (size_t i = 0; i < m->claims; i++)
		print_error("# record: claim %s %s\n%s", m->saved[i].key.label,
		    addr_family_name(m->saved[i].key.family),
		    m->saved[i].text);
	if (o)
		block_object(&t, o, NULL);
	print_error("# %s%s: %s: %s\n", m->call, m->again ? " again" : "",
	    what, o ? t.at : "");
	text_fini(&t);
	fail();
}

static void
tell_file(struct machine *m, int label)
{
	const struct label *l = &m->label[label];

	for (size_t i = 0; i < l->lines; i++)
		text_fmt(&m->story, "#     %s%s-%s: %s\n",
		    lines[l->file[i]].is_rule ? "rule" : "route",
		    lines[l->file[i]].family == AF_INET6 ? "6" : "", l->name,
		    lines[l->file[i]].words);
}

/* ---- what must hold ---------------------------------------------------- */

static bool
is_theirs(int tag)
{
	return tag == WHOSE_KERNEL || tag == WHOSE_OTHERS;
}

/* Equal ones of whoever is neither hook nor script, protocol and all. */
static size_t
count_theirs(const struct kernel *k, const struct rule *r)
{
	size_t n = 0;

	for (size_t i = 0; i < k->rules; i++)
		n += is_theirs(k->rule_tag[i]) &&
		    k->rule[i].protocol == r->protocol &&
		    rule_same(&k->rule[i], r);
	return n;
}

static bool
has_their_route(const struct kernel *k, const struct route *r)
{
	for (size_t i = 0; i < k->routes; i++)
		if (is_theirs(k->route_tag[i]) &&
		    k->route[i].protocol == r->protocol &&
		    route_same(&k->route[i], r))
			return true;
	return false;
}

/* A moment's twin of another's rule may be too many, never too few. */
static void
assert_theirs(struct run *r, bool exactly)
{
	const struct kernel *was = &r->before, *is = &r->m->k;

	for (size_t i = 0; i < was->rules; i++) {
		size_t had, has;

		if (!is_theirs(was->rule_tag[i]))
			continue;
		had = count_theirs(was, &was->rule[i]);
		has = count_theirs(is, &was->rule[i]);
		if (has < had || (exactly && has != had))
			complain_rule(r->m, has < had ? "another's rule is "
			    "gone" : "another's rule is twice",
			    &was->rule[i]);
	}
	for (size_t i = 0; i < was->routes; i++)
		if (is_theirs(was->route_tag[i]) &&
		    !has_their_route(is, &was->route[i]))
			complain_route(r->m, "another's route is gone",
			    &was->route[i]);
}

/* A copy of a line's rule, the hook's or the scripts'; of a claim that does not
 * change the very rule. */
static bool
has_copy(const struct kernel *k, const struct object *o)
{
	bool anywhere = o->unplaced && !o->standing;

	for (size_t i = 0; i < k->rules; i++)
		if (!is_theirs(k->rule_tag[i]) &&
		    (rule_same(&k->rule[i], &o->rule) || (anywhere &&
		    rule_same_elsewhere(&k->rule[i], &o->rule))))
			return true;
	return false;
}

static bool
has_route(const struct kernel *k, const struct route *r)
{
	for (size_t i = 0; i < k->routes; i++)
		if (route_same(&k->route[i], r))
			return true;
	return false;
}

void
watch_step(struct run *r)
{
	assert_theirs(r, false);
	for (size_t i = 0; i < r->w.want.count; i++) {
		const struct object *o = r->w.want.at[i];

		if (is_refused(o) || o->foreign)
			continue;
		if (o->kind == OBJECT_RULE && has_copy(&r->before, o) &&
		    !has_copy(&r->m->k, o))
			complain(r->m, "no copy for a moment", o);
		if (o->kind == OBJECT_ROUTE &&
		    has_route(&r->before, &o->route) &&
		    !has_route(&r->m->k, &o->route))
			complain(r->m, "away for a moment", o);
	}
}

static size_t
count_ours(const struct kernel *k, const struct rule *r)
{
	size_t n = 0;

	for (size_t i = 0; i < k->rules; i++)
		n += k->rule_tag[i] != WHOSE_OTHERS &&
		    k->rule[i].protocol == r->protocol &&
		    rule_same(&k->rule[i], r);
	return n;
}

static bool
in_want_as_rule(const struct run *r, const struct rule *rule)
{
	for (size_t i = 0; i < r->w.want.count; i++)
		if (r->w.want.at[i]->kind == OBJECT_RULE &&
		    rule_same(&r->w.want.at[i]->rule, rule))
			return true;
	return false;
}

/* With the words of a line that gives no priority. */
static bool
is_like_a_line(const struct run *r, const struct rule *rule)
{
	const struct object_refs *refs[] = { &r->w.want, &r->w.old };

	for (size_t n = 0; n < 2; n++)
		for (size_t i = 0; i < refs[n]->count; i++)
			if (refs[n]->at[i]->kind == OBJECT_RULE &&
			    refs[n]->at[i]->unplaced &&
			    rule_same_elsewhere(&refs[n]->at[i]->rule, rule))
				return true;
	return false;
}

/* Whether a copy of the scripts stands where it can be told: right below
 * another rule.  If that one, or one near, has the words of a line as well, it
 * must be the scripts', and where it can be told itself: else this one may have
 * been chosen by somebody, and that one be the copy. */
static bool
can_be_told(const struct run *r, size_t at)
{
	const struct kernel *was = &r->before;

	for (size_t i = at; i < was->rules; i++) {
		const struct rule *above = &was->rule[i];

		if (was->rule[at].priority >= RULE_PRIORITY_TOP ||
		    above->priority > was->rule[at].priority + RULE_CLOSE)
			break;
		if (above->family != was->rule[at].family ||
		    above->priority == was->rule[at].priority ||
		    was->rule_tag[i] == WHOSE_HOOK ||
		    !is_like_a_line(r, above))
			continue;
		return was->rule_tag[i] == WHOSE_SCRIPTS &&
		    is_automatic(was, at) && can_be_told(r, i);
	}
	return is_automatic(was, at);
}

/* As it stood before. */
static void
judge_copy(struct run *r, const struct rule *copy)
{
	const struct kernel *was = &r->before;

	for (size_t i = 0; i < was->rules; i++)
		if (was->rule_tag[i] == WHOSE_SCRIPTS &&
		    rule_same(&was->rule[i], copy) && can_be_told(r, i))
			complain_rule(r->m, "a copy is left", copy);
	r->m->gaps++;
	r->m->gap_seen = true;
}

/* With a protocol of its own it may be what another device's file asks for. */
static bool
is_claimed_elsewhere(const struct run *r, const struct rule *rule)
{
	struct object o = { .kind = OBJECT_RULE, .rule = *rule };

	return rule->protocol > RTPROT_BOOT &&
	    record_held_elsewhere(&r->ss.record, &o, r->t.device);
}

/* At another line's very place it is that one's business. */
static void
assert_no_copies(struct run *r, const struct object *o)
{
	const struct kernel *k = &r->m->k;

	for (size_t i = 0; i < k->rules; i++) {
		const struct rule *at = &k->rule[i];

		if (k->rule_tag[i] != WHOSE_SCRIPTS ||
		    (at->protocol == o->rule.protocol &&
		    rule_same(at, &o->rule)))
			continue;
		if (rule_same(at, &o->rule))
			complain_rule(r->m, "a copy beside ours", at);
		if (o->unplaced && rule_same_elsewhere(at, &o->rule) &&
		    !in_want_as_rule(r, at) && !is_claimed_elsewhere(r, at))
			judge_copy(r, at);
	}
}

static bool
others_have(const struct kernel *k, const struct rule *r)
{
	for (size_t i = 0; i < k->rules; i++)
		if (is_theirs(k->rule_tag[i]) && rule_same(&k->rule[i], r))
			return true;
	return false;
}

static void
assert_wanted(struct run *r, const struct object *o)
{
	size_t ours = count_ours(&r->m->k, &o->rule);

	if (is_refused(o) || o->standing)
		return;
	if (o->kind == OBJECT_ROUTE) {
		if (!has_route(&r->m->k, &o->route))
			complain(r->m, "missing", o);
		return;
	}
	if (o->foreign ? !others_have(&r->m->k, &o->rule) : ours != 1)
		complain(r->m, ours ? "there twice" : "missing", o);
	if (!o->foreign && !is_spare_rule(&o->rule))
		assert_no_copies(r, o);
}

static bool
in_want(const struct run *r, const struct object *o)
{
	for (size_t i = 0; i < r->w.want.count; i++)
		if (!is_refused(r->w.want.at[i]) &&
		    object_same(r->w.want.at[i], o))
			return true;
	return false;
}

/* A wanted object of the same words: what is left of these is its own. */
static bool
words_in_want(const struct run *r, const struct object *o)
{
	for (size_t i = 0; i < r->w.want.count; i++) {
		const struct object *at = r->w.want.at[i];

		if (!is_refused(at) && at->kind == o->kind &&
		    (o->kind == OBJECT_RULE ?
		    rule_same_elsewhere(&at->rule, &o->rule) :
		    object_same_slot(at, o)))
			return true;
	}
	return false;
}

/* GATEWAY and DHCP put in the like; it goes with the link. */
static bool
may_be_anothers(const struct route *r)
{
	return r->table == RT_TABLE_MAIN && r->dst.len == 0 &&
	    !addr_given(&r->prefsrc);
}

/* Of what has ended neither ours nor what the scripts put in for it. */
static void
assert_ended(struct run *r, size_t at)
{
	const struct object *o = r->w.old.at[at];
	const struct kernel *k = &r->m->k;
	bool all = !words_in_want(r, o) && !o->foreign;

	if (r->w.held[at] || in_want(r, o))
		return;
	for (size_t i = 0; o->kind == OBJECT_RULE && i < k->rules; i++)
		if ((k->rule_tag[i] == WHOSE_HOOK || (all &&
		    k->rule_tag[i] == WHOSE_SCRIPTS)) &&
		    rule_same(&k->rule[i], &o->rule))
			complain(r->m, "left behind", o);
	if (o->kind == OBJECT_RULE && all)
		assert_no_copies(r, o);
	for (size_t i = 0; o->kind == OBJECT_ROUTE && i < k->routes; i++)
		if ((k->route_tag[i] == WHOSE_HOOK || (all &&
		    k->route_tag[i] == WHOSE_SCRIPTS &&
		    !may_be_anothers(&k->route[i]))) &&
		    route_same(&k->route[i], &o->route))
			complain(r->m, "left behind", o);
}

static bool
any_refused(const struct run *r)
{
	for (size_t i = 0; i < r->t.count; i++)
		for (size_t j = 0; j < r->t.changes[i].settings.count; j++)
			if (r->t.changes[i].settings.at[j].refused)
				return true;
	return false;
}

void
watch_commit(struct run *r, bool was_idle)
{
	if (!was_idle)
		tell_ops(&r->m->story, &r->w.plan, &r->ss.names);
	assert_theirs(r, true);
	for (size_t i = 0; i < r->w.want.count; i++)
		assert_wanted(r, r->w.want.at[i]);
	for (size_t i = 0; i < r->w.old.count; i++)
		assert_ended(r, i);
	r->m->idle += was_idle;
	/* What is put in may close a gap above a copy. */
	if (r->m->gap_seen)
		return;
	if (r->m->again && !kernel_equal(&r->before, &r->m->k))
		complain(r->m, "the same again changes something", NULL);
	if (r->m->again && !was_idle && !any_refused(r))
		complain(r->m, "the same again is not idle", NULL);
}

/* ---- what a label's claims must look like after a call ----------------- */

/* Somebody stands in the way of a route: in the kernel or in the record. */
static bool
slot_is_held(const struct machine *m, const struct claims *all,
    const struct route *r)
{
	struct object o = { .kind = OBJECT_ROUTE, .route = *r };

	for (size_t i = 0; i < m->k.routes; i++)
		if (route_same_key(&m->k.route[i], r) &&
		    !route_same(&m->k.route[i], r))
			return true;
	for (size_t i = 0; i < all->count; i++)
		for (size_t j = 0; j < all->at[i].objects.count; j++)
			if (object_same_slot(&all->at[i].objects.at[j], &o) &&
			    !object_same(&all->at[i].objects.at[j], &o))
				return true;
	return false;
}

static void
check_route(struct machine *m, int label, const struct claims *all,
    const struct line *l, const struct setting *s)
{
	struct route r, src;
	bool readable = read_route(m, &r, l);

	/* Somebody else's default may look the same: it is left alone. */
	if (readable && r.dst.len == 0 && r.table == RT_TABLE_MAIN &&
	    strchr(m->label[label].name, ':'))
		return;
	/* Nobody knows its device: then it is the claim's. */
	if (!readable && words_parse_route(&r, l->family, NULL, l->words,
	    &(struct fault){ { 0 } }) && r.hop_count) {
		strcpy(r.hop[0].dev, device_name(device_of(label)));
		r.table = r.table ? r.table : RT_TABLE_MAIN;
		number_devices(&r);
		route_normalize(&r);
		readable = true;
	}
	if (!readable) {
		if (!s->refused)
			complain(m, l->words, NULL);
		return;
	}
	/* Of two that differ in their source alone one is enough. */
	src = r;
	for (size_t i = 0; i < m->k.routes; i++)
		if (route_same_key(&m->k.route[i], &r))
			src.prefsrc = m->k.route[i].prefsrc;
	/* What a device without a link has a claim on may stay with them. */
	if (s->refused && !strcmp(s->why, OTHERS_SLOT))
		return;
	for (size_t i = 0; i < m->k.routes; i++)
		if (m->k.route_tag[i] == WHOSE_SCRIPTS &&
		    m->k.route[i].protocol == RTPROT_BOOT &&
		    route_same(&m->k.route[i], &r))
			complain_route(m, "is still the scripts'", &r);
	if (!s->refused && !has_route(&m->k, &src))
		complain_route(m, "is not there", &r);
	if (s->refused && !has_route(&m->k, &r) && !kernel_refuses(m, &r) &&
	    !slot_is_held(m, all, &r))
		complain_route(m, "refused without need", &r);
	m->refused += s->refused;
}

static void
check_rule(struct machine *m, const struct line *l, const struct setting *s,
    struct objects *before)
{
	uint32_t priority = 32765;
	struct object *o;
	struct rule r;

	if (read_rule(&r, l) == s->refused)
		complain(m, l->words, NULL);
	if (s->refused)
		return;
	if (r.action == FR_ACT_TO_TBL && r.table == 0)
		r.table = RT_TABLE_MAIN;
	if (r.protocol == 0)
		r.protocol = PROTO_IFPOLICY;
	for (size_t i = 0; i < before->count && !r.has_priority; i++)
		if (rule_same_elsewhere(&before->at[i].rule, &r))
			return;
		else
			priority--;
	if (!r.has_priority) {
		r.has_priority = true;
		r.priority = priority;
		o = objects_add(before);
		assert_non_null(o);
		o->rule = r;
	}
	for (size_t i = 0; i < m->k.rules; i++)
		if (m->k.rule_tag[i] == WHOSE_OTHERS &&
		    rule_same(&m->k.rule[i], &r))
			return;
	for (size_t i = 0; i < m->k.rules; i++)
		if (m->k.rule_tag[i] == WHOSE_SCRIPTS &&
		    m->k.rule[i].protocol != r.protocol &&
		    rule_same(&m->k.rule[i], &r))
			complain_rule(m, "a copy beside it", &r);
	if (count_ours(&m->k, &r) != 1)
		complain_rule(m, "is not there once", &r);
}

/* The lines of the files in their order, as the record has them. */
static void
check_claim(struct machine *m, int label, const struct claims *all,
    const struct claim *c)
{
	const struct label *l = &m->label[label];
	struct objects rules = { 0 };

	for (size_t i = 0; i < l->lines; i++) {
		const struct line *at = &lines[l->file[i]];
		const struct setting *s = NULL;
		size_t nth = 0;

		if (at->family != c->key.family)
			continue;
		for (size_t j = 0; j < i; j++)
			nth += lines[l->file[j]].family == at->family &&
			    lines[l->file[j]].is_rule == at->is_rule;
		for (size_t j = 0; j < c->settings.count; j++)
			if ((c->settings.at[j].key == KEY_RULE) ==
			    at->is_rule && nth-- == 0) {
				s = &c->settings.at[j];
				break;
			}
		if (!s || strcmp(s->value, at->words))
			complain(m, at->words, NULL);
		if (at->is_rule)
			check_rule(m, at, s, &rules);
		else
			check_route(m, label, all, at, s);
	}
	objects_fini(&rules);
}

static void
check_label(struct machine *m, int label)
{
	struct session ss;

	open_record(m, &ss);
	parse_claims(&ss, NULL);
	for (size_t i = 0; i < ss.record.claims.count; i++)
		if (!strcmp(ss.record.claims.at[i].key.label,
		    m->label[label].name))
			check_claim(m, label, &ss.record.claims,
			    &ss.record.claims.at[i]);
	for (size_t i = 0; i < m->label[label].lines; i++)
		if (!is_claimed(m, m->label[label].name))
			complain(m, "a label without claims", NULL);
	close_record(&ss);
}

/* ---- the hook's calls -------------------------------------------------- */

/* One that was killed, or that the admin's own script does not pass on. */
static bool
is_missed(struct machine *m)
{
	bool missed = roll(m, 10) == 0;

	m->missed += missed;
	if (missed)
		text_str(&m->story, "#   (the hook did not run)\n");
	return missed;
}

static bool
has_refused_lines(const struct machine *m, const char *device)
{
	for (size_t i = 0; i < m->claims; i++)
		if (!strncmp(m->saved[i].key.label, device, 4) &&
		    strstr(m->saved[i].text, "\nrefused "))
			return true;
	return false;
}

static void
reconcile(struct machine *m, int label)
{
	int alias = label | 1;

	apply_files(m, label);
	if (label == alias) {
		if (is_claimed(m, m->label[parent_of(label)].name))
			apply_files(m, parent_of(label));
	} else if (is_claimed(m, m->label[alias].name)) {
		if (m->label[alias].up)
			apply_files(m, alias);
		else
			end_claims(m, alias, false);
	}
	if (m->robbed)
		refresh(m, NULL);
	m->robbed = false;
	/* What was in the way may have gone since. */
	if (has_refused_lines(m, device_name(device_of(label))))
		refresh(m, device_name(device_of(label)));
	m->robbed = false;
}

static void
hook_up(struct machine *m, int label)
{
	m->call = "ifup-local";
	tell_call(m, "  ifup-local", m->label[label].name);
	if (is_missed(m))
		return;
	m->calls++;
	m->gap_seen = false;
	reconcile(m, label);
	check_label(m, label);
	if (roll(m, 3))
		return;
	m->again = true;
	reconcile(m, label);
	m->again = false;
}

static void
hook_leave(struct machine *m, int label, const int *names, size_t count)
{
	m->call = "ifdown-pre-local";
	tell_call(m, "  ifdown-pre-local", m->label[label].name);
	if (is_missed(m))
		return;
	m->calls++;
	m->guarded = true;
	lay_out_spares(m, label, names, count);
}

static void
hook_down(struct machine *m, int label)
{
	const char *device = device_name(device_of(label));

	m->call = "ifdown-local";
	tell_call(m, "  ifdown-local", m->label[label].name);
	if (is_missed(m))
		return;
	m->calls++;
	end_claims(m, label, true);
	if (is_claimed(m, m->label[label].name))
		complain(m, "a claim that should have ended", NULL);
	if (label == parent_of(label))
		return;
	refresh(m, device);
}

/* ---- the scripts ------------------------------------------------------- */

static void
ifup(struct machine *m, int label)
{
	int parent = parent_of(label), alias = label | 1;
	int names[2] = { parent, alias };
	bool fresh = false;

	tell_call(m, "ifup", m->label[label].name);
	tell_file(m, label);
	if (label == alias) {
		if (!m->label[parent].up || !m->label[alias].exists)
			return;
		m->label[alias].up = true;
		ifup_routes(m, names, 2);
		hook_up(m, alias);
		return;
	}
	set_link(m, device_of(label), true);
	m->label[parent].up = true;
	if (m->label[alias].exists && !m->label[alias].up) {
		m->label[alias].up = fresh = true;
		ifup_routes(m, &alias, 1);
	} else if (!m->label[alias].exists) {
		m->label[alias].up = false;
	}
	if (fresh)
		hook_up(m, alias);
	ifup_routes(m, &parent, 1);
	hook_up(m, parent);
}

static void
ifdown_routes(struct machine *m, const int *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		for (int six = 0; six < 2; six++) {
			const struct label *l = &m->label[names[i]];

			for (size_t j = 0; j < l->lines; j++) {
				const struct line *at = &lines[l->file[j]];
				struct rule pattern;
				size_t hit;

				if (!at->is_rule || six !=
				    (at->family == AF_INET6))
					continue;
				hit = ip_rule_hit(&m->k, &pattern, at);
				if (hit == m->k.rules)
					continue;
				m->lost += !m->guarded &&
				    is_theirs(m->k.rule_tag[hit]);
				m->spared += is_spare_rule(&m->k.rule[hit]);
				if (m->guarded && !has_no_spare(&pattern) &&
				    !is_spare_rule(&m->k.rule[hit]))
					complain_rule(m, "ifdown-routes "
					    "deletes it", &m->k.rule[hit]);
				kernel_cut_rule(&m->k, hit);
			}
		}
}

static void
ifdown(struct machine *m, int label)
{
	int parent = parent_of(label), alias = label | 1;
	int names[2] = { parent, alias };
	size_t count = label == alias ? 2 : 1;
	bool stale = roll(m, 16) == 0;

	tell_call(m, stale ? "ifdown with a stale client" : "ifdown",
	    m->label[label].name);
	tell_file(m, label);
	if (stale)
		hook_down(m, label);
	else
		hook_leave(m, label, names, count);
	if (label == alias) {
		cut_routes(&m->k, comes_from_alias,
		    3 + (uint32_t)device_of(label));
	} else {
		m->label[parent].up = false;
		set_link(m, device_of(label), false);
	}
	m->label[alias].up = false;
	if (!stale) {
		ifdown_routes(m, names, count);
		hook_down(m, label);
	}
	m->guarded = false;
}

/* ---- what else happens ------------------------------------------------- */

static void
edit(struct machine *m, int label)
{
	struct label *l = &m->label[label];
	size_t at;

	for (uint32_t n = 1 + roll(m, 3); n > 0; n--) {
		if (l->lines && roll(m, 2)) {
			at = roll(m, (uint32_t)l->lines--);
			memmove(&l->file[at], &l->file[at + 1], l->lines - at);
		} else if (l->lines < FILE_LINES) {
			at = roll(m, (uint32_t)l->lines + 1);
			memmove(&l->file[at + 1], &l->file[at],
			    l->lines++ - at);
			do
				l->file[at] = (uint8_t)roll(m,
				    (uint32_t)LENGTH(lines));
			while (!(lines[l->file[at]].who & 1u << label));
		}
	}
	tell_call(m, "edit", l->name);
}

static bool
forget_theirs(struct machine *m, const struct line *l)
{
	struct route route;
	struct rule rule;

	if (l->is_rule && read_rule(&rule, l))
		for (size_t i = 0; i < m->k.rules; i++)
			if (m->k.rule_tag[i] == WHOSE_OTHERS &&
			    rule_same_elsewhere(&m->k.rule[i], &rule) &&
			    m->k.rule[i].protocol == rule.protocol &&
			    (!rule.has_priority ||
			    m->k.rule[i].priority == rule.priority)) {
				kernel_cut_rule(&m->k, i);
				return true;
			}
	if (!l->is_rule && read_route(m, &route, l))
		for (size_t i = 0; i < m->k.routes; i++)
			if (m->k.route_tag[i] == WHOSE_OTHERS &&
			    route_same(&m->k.route[i], &route)) {
				kernel_cut_route(&m->k, i);
				return true;
			}
	return false;
}

static void
others_act(struct machine *m)
{
	const struct line *l = &others[roll(m, (uint32_t)LENGTH(others))];
	bool replace = roll(m, 8) == 0;
	struct route r;

	if (forget_theirs(m, l)) {
		tell_call(m, "others take out", l->words);
		return;
	}
	tell_call(m, "others put in", l->words);
	if (l->is_rule) {
		ip_rule_add(m, l, WHOSE_OTHERS);
		return;
	}
	if (!read_route(m, &r, l) || kernel_refuses(m, &r))
		return;
	if (kernel_add_route(&m->k, &r, false, WHOSE_OTHERS) == -EEXIST &&
	    replace)
		(void)kernel_add_route(&m->k, &r, true, WHOSE_OTHERS);
}

/* By hand: routes go, rules stay, nobody is told. */
static void
bounce(struct machine *m)
{
	int device = (int)roll(m, 2);

	if (!m->link_up[device])
		return;
	tell_call(m, "link down by hand", device_name(device));
	set_link(m, device, false);
	if (roll(m, 2))
		set_link(m, device, true);
}

static void
step(struct machine *m)
{
	int label = (int)roll(m, LABELS);

	switch (roll(m, 16)) {
	case 0: case 1: case 2:
		edit(m, label);
		break;
	case 3: case 4: case 5:
		others_act(m);
		break;
	case 6:
		bounce(m);
		break;
	case 7:
		m->label[label | 1].exists = roll(m, 3) != 0;
		break;
	case 8: case 9: case 10: case 11:
		ifdown(m, label);
		break;
	default:
		ifup(m, label);
	}
}

/* Both devices go down, with all calls. */
static void
end_life(struct machine *m)
{
	for (int label = 0; label < LABELS; label += 2) {
		m->call = "the end";
		tell_call(m, "the end of", m->label[label].name);
		set_link(m, device_of(label), false);
		m->label[label].up = m->label[label | 1].up = false;
		end_claims(m, label, true);
	}
	for (size_t i = 0; i < m->k.rules; i++)
		if (m->k.rule_tag[i] == WHOSE_HOOK)
			complain_rule(m, "left behind", &m->k.rule[i]);
	for (size_t i = 0; i < m->k.routes; i++)
		if (m->k.route_tag[i] == WHOSE_HOOK)
			complain_route(m, "left behind", &m->k.route[i]);
	if (m->claims)
		complain(m, "claims are left", NULL);
}

static void
begin_life(struct machine *m)
{
	static const char *const names[LABELS] = { "eth1", "eth1:1", "eth2",
	    "eth2:1" };

	boot(m);
	m->replaces = roll(m, 2);
	m->story.len = 0;
	text_fmt(&m->story, "# a life with el%d\n", m->replaces ? 8 : 7);
	for (int i = 0; i < LABELS; i++) {
		memset(&m->label[i], 0, sizeof(m->label[i]));
		m->label[i].name = names[i];
		m->label[i].exists = true;
		edit(m, i);
		edit(m, i);
	}
	m->link_up[0] = m->link_up[1] = false;
}

static void
each_line_stands_once_whatever_the_scripts_do(void **state)
{
	struct machine *m = calloc(1, sizeof(*m));
	const char *lives = getenv("LIVES");
	unsigned long count = lives ? strtoul(lives, NULL, 0) : 3000;

	(void)state;
	assert_non_null(m);
	m->dice = chosen_seed();
	print_message("# SEED=%u LIVES=%lu\n", m->dice, count);
	for (unsigned long i = 0; i < count; i++) {
		begin_life(m);
		for (int j = 0; j < 32; j++)
			step(m);
		end_life(m);
	}
	print_message("# %lu calls, %lu missed; %lu commits, %lu of them "
	    "idle; %lu lines refused; %lu spares used, %lu foreign ones hit "
	    "without; %lu copies in gaps\n", m->calls, m->missed, m->commits,
	    m->idle, m->refused, m->spared, m->lost, m->gaps);
	/* Lives that meet none of it prove nothing. */
	if (count >= 1000)
		assert_true(m->idle && m->refused && m->spared && m->missed &&
		    m->lost && m->gaps);
	forget_record(m);
	text_fini(&m->story);
	free(m);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    each_line_stands_once_whatever_the_scripts_do),
	};

	return cmocka_run_group_tests_name("plan files", tests, NULL, NULL);
}
