/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: what must never be, looked at after every single operation.
 *
 * A transaction lasts from the record that says "about to" to the one that says
 * "done".  In it every probe must find the way it found before or the one that
 * it finds afterwards.  Nothing of others is hit but what an option names, and
 * that is kept here until it is given back. */
#include <stdio.h>
#include <stdlib.h>

#include "block.h"
#include "machine.h"

#define PROBES	96
#define SEEN	6	/* different ways of one probe in one transaction */

struct seen {
	struct way way;
	unsigned long at;	/* operation of this run */
};

/* The transaction that is open, or was last. */
static struct judging {
	bool open, same;
	unsigned changes;	/* CHANGE_ADD, CHANGE_DELETE */
	char claim[16];		/* "\nclaim eth1": of the device */
	bool first, last;	/* no claim of it before; none after */
	struct probe probe[PROBES];
	struct way before[PROBES];
	struct seen seen[PROBES][SEEN];
	size_t seens[PROBES], probes;
	struct kernel begin;
} judging;

void
broken(struct machine *m, const char *fmt, ...)
{
	char line[512];
	va_list ap;

	if (m->broken.len)
		return;
	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	text_str(&m->broken, line);
	m->dead = true;
}

/* ---- ways --------------------------------------------------------------- */

static void
add_probe(int family, const struct addr *src, const char *dst,
    const char *iif)
{
	struct probe *p = &judging.probe[judging.probes];

	if (judging.probes == PROBES)
		abort();
	memset(p, 0, sizeof(*p));
	p->family = family;
	p->iif = iif;
	if (src)
		p->src = *src;
	if (!addr_parse(&p->dst, family, dst))
		abort();
	judging.probes++;
}

/* From every address that there is, and from none: into the world, to a
 * neighbour, to what lines name. */
static void
add_probes(struct machine *m)
{
	static const char *const to[2][4] = {
		{ "198.51.100.1", "10.0.1.77", "10.0.2.77", "10.99.0.5" },
		{ "2001:db8:1::1", "fd00:1::77", "fd00:2::77", "fd99::5" },
	};
	struct addr far;

	judging.probes = 0;
	for (size_t i = 0; i <= m->addresses; i++)
		for (int n = 0; n < 8; n++) {
			const struct addr *src = i < m->addresses ?
			    &m->address[i].prefix.addr : NULL;
			int family = n < 4 ? AF_INET : AF_INET6;

			if (!src || src->family == family)
				add_probe(family, src, to[n / 4][n % 4],
				    NULL);
		}
	(void)addr_parse(&far, AF_INET, "172.16.0.9");
	add_probe(AF_INET, &far, to[0][0], "eth2");
	add_probe(AF_INET, &far, to[0][1], "eth1");
}

static bool
way_same(const struct way *a, const struct way *b)
{
	return a->type == b->type && a->hops == b->hops && a->oif == b->oif &&
	    a->weights == b->weights && a->others == b->others &&
	    addr_cmp(&a->via, &b->via) == 0 &&
	    addr_cmp(&a->prefsrc, &b->prefsrc) == 0;
}

/* Of a bound socket the route's source does not matter. */
static void
look(struct way *w, struct machine *m, const struct probe *p)
{
	lookup(w, m, p);
	if (addr_given(&p->src))
		memset(&w->prefsrc, 0, sizeof(w->prefsrc));
	m->lookups++;
}

static void
see(struct machine *m, size_t i)
{
	struct judging *j = &judging;
	struct way w;

	look(&w, m, &j->probe[i]);
	if (way_same(&w, &j->before[i]))
		return;
	for (size_t n = 0; n < j->seens[i]; n++)
		if (way_same(&w, &j->seen[i][n].way))
			return;
	if (j->seens[i] == SEEN)
		return;
	j->seen[i][j->seens[i]].at = m->done;
	j->seen[i][j->seens[i]++].way = w;
}

static void
complain_way(struct machine *m, size_t i, const struct seen *s,
    const struct way *after)
{
	struct text t = { 0 };

	text_fmt(&t, "after operation %lu the way ", s->at);
	probe_print(&t, &judging.probe[i]);
	text_str(&t, " is \"");
	way_print(&t, m, &s->way);
	text_str(&t, "\"; before the transaction \"");
	way_print(&t, m, &judging.before[i]);
	text_str(&t, "\", after it \"");
	way_print(&t, m, after);
	text_str(&t, "\"");
	broken(m, "%s", t.at);
	text_fini(&t);
}

/* Over a line that is cut nothing does. */
static bool
arrives(const struct machine *m, const struct way *w)
{
	return w->type == RTN_LOCAL || (w->type == RTN_UNICAST &&
	    m->device[w->oif - FIRST_IFINDEX].carrier);
}

static bool
is_strict(const struct machine *m)
{
	const struct judging *j = &judging;

	return m->strict && !m->record_lost &&
	    ((j->first && j->changes == CHANGE_ADD) ||
	    (j->last && j->changes == CHANGE_DELETE));
}

/* Who had a way and has one afterwards has one all the time.  In a plain life's
 * first up and last down it is one of these two.  Elsewhere an edit may change
 * a rule and what it leads to, one after the other: such strays are counted.
 * Where the kernel has refused something nobody knows what would have been
 * afterwards, nor whether a policy's own "unreachable" was it. */
static void
judge_way(struct machine *m, size_t i, const struct way *after)
{
	struct judging *j = &judging;

	for (size_t n = 0; n < j->seens[i]; n++) {
		const struct seen *s = &j->seen[i][n];

		if (way_same(&s->way, after) || !arrives(m, &j->before[i]) ||
		    !arrives(m, after) || m->faulty ||
		    (m->refused && (!m->strict ||
		    s->way.type != RTN_UNSPEC)))
			continue;
		m->strays += s->way.type != RTN_UNSPEC;
		if (s->way.type == RTN_UNSPEC || is_strict(m))
			complain_way(m, i, s, after);
	}
}

static void
judge_ways(struct machine *m)
{
	struct way after;

	for (size_t i = 0; i < judging.probes; i++) {
		if (judging.seens[i] == 0)
			continue;
		look(&after, m, &judging.probe[i]);
		judge_way(m, i, &after);
	}
}

/* ---- transactions ------------------------------------------------------- */

static bool
same_multiset(const struct kernel *a, const struct kernel *b)
{
	bool used[KERNEL_RULES] = { false };
	size_t j;

	if (a->rules != b->rules || a->routes != b->routes)
		return false;
	for (size_t i = 0; i < a->rules; i++) {
		for (j = 0; j < b->rules; j++)
			if (!used[j] && a->rule_tag[i] == b->rule_tag[j] &&
			    a->rule[i].protocol == b->rule[j].protocol &&
			    rule_same(&a->rule[i], &b->rule[j]))
				break;
		if (j == b->rules)
			return false;
		used[j] = true;
	}
	memset(used, 0, sizeof(used));
	for (size_t i = 0; i < a->routes; i++) {
		for (j = 0; j < b->routes; j++)
			if (!used[j] &&
			    a->route[i].protocol == b->route[j].protocol &&
			    route_same(&a->route[i], &b->route[j]))
				break;
		if (j == b->routes)
			return false;
		used[j] = true;
	}
	return true;
}

void
judge_begin(struct machine *m, const char *before, const char *record)
{
	struct judging *j = &judging;
	const char *at, *label = "";

	for (at = record; (at = strchr(at, '\n')); at++)
		if (!strncmp(at, "\nnext ", 6) || !strncmp(at, "\ndrop ", 6))
			label = at + 6;
	snprintf(j->claim, sizeof(j->claim), "\nclaim %.4s", label);
	j->first = !strstr(before, j->claim);

	m->refused = false;
	j->open = true;
	j->changes = 0;
	add_probes(m);
	for (size_t i = 0; i < j->probes; i++) {
		j->seens[i] = 0;
		look(&j->before[i], m, &j->probe[i]);
	}
	kernel_copy(&j->begin, &m->k);
}

void
judge_end(struct machine *m, const char *record)
{
	if (!judging.open)
		return;
	judging.last = !strstr(record, judging.claim);
	judging.open = false;
	judging.same = same_multiset(&judging.begin, &m->k);
	m->transactions++;
	judge_ways(m);
}

void
judge_op(struct machine *m, unsigned changes, const char *what)
{
	m->ops++;
	m->done++;
	judging.changes |= changes;
	if (m->trace && what)
		printf("#   %3lu  %s\n", m->done, what);
	/* What no claim has needs none: it is found again by its mark. */
	if (!judging.open && !m->record_lost && !m->unclaimed)
		broken(m, "operation %lu, but the record does not say \"about "
		    "to\"", m->done);
	m->unclaimed = false;
	for (size_t i = 0; i < judging.probes; i++)
		see(m, i);
}

/* ---- what is of others -------------------------------------------------- */

static const char *
route_text(struct text *t, struct machine *m, const struct route *r)
{
	struct object o = { .kind = OBJECT_ROUTE, .route = *r };

	for (size_t i = 0; i < r->hop_count; i++)
		strcpy(o.route.hop[i].dev, device_at(m,
		    r->hop[i].ifindex)->name);
	t->len = 0;
	block_object(t, &o, NULL);
	return t->at;
}

static const char *
rule_text(struct text *t, const struct rule *r)
{
	struct object o = { .kind = OBJECT_RULE, .rule = *r };

	t->len = 0;
	block_object(t, &o, NULL);
	return t->at;
}

/* An option may ask for it. */
static bool
may_take(struct machine *m, const struct route *r)
{
	const struct device *d = r->hop_count == 1 ?
	    device_at(m, r->hop[0].ifindex) : NULL;

	if (!d || r->table != RT_TABLE_MAIN || r->type != RTN_UNICAST)
		return false;
	return r->dst.len == 0 ? d->may_take_default[six(r->family)] :
	    d->may_take_connected[six(r->family)] &&
	    r->protocol == RTPROT_KERNEL && !addr_given(&r->hop[0].via);
}

void
judge_route_hit(struct machine *m, size_t at, bool replaced)
{
	const struct route *r = &m->k.route[at];
	struct text t = { 0 };

	if (m->k.route_tag[at] == WHOSE_SCRIPTS)
		return;
	if (!replaced && may_take(m, r))
		taken_add(m, r);
	else
		broken(m, "another's route is %s: %s", replaced ? "replaced" :
		    "deleted", route_text(&t, m, r));
	text_fini(&t);
}

void
judge_rule_hit(struct machine *m, size_t at)
{
	struct kernel *k = &m->k;
	struct text t = { 0 };

	/* Its twin was put in just before, and takes its place. */
	for (size_t i = 0; i < k->rules; i++)
		if (i != at && k->rule_tag[i] == WHOSE_OURS &&
		    k->rule[i].protocol == k->rule[at].protocol &&
		    k->rule[at].protocol != PROTO_IFPOLICY &&
		    rule_same(&k->rule[i], &k->rule[at])) {
			k->rule_tag[i] = k->rule_tag[at];
			return;
		}
	m->unclaimed = m->k.rule_tag[at] == WHOSE_SCRIPTS;
	if (!m->unclaimed)
		broken(m, "another's rule is deleted: %s", rule_text(&t,
		    &m->k.rule[at]));
	text_fini(&t);
}

/* A lease with another router has taken its place. */
static void
judge_successor(struct machine *m, const struct route *r)
{
	struct text t = { 0 };
	size_t there = 0;

	for (size_t i = 0; i < m->k.routes && r->family == AF_INET; i++)
		there += m->k.route_tag[i] != WHOSE_OURS &&
		    route_same_key(&m->k.route[i], r) &&
		    m->k.route[i].hop[0].ifindex == r->hop[0].ifindex;
	if (there > 1)
		broken(m, "given back beside its successor: %s", route_text(
		    &t, m, r));
	text_fini(&t);
}

void
judge_given_back(struct machine *m, const struct route *r)
{
	struct text t = { 0 };

	for (size_t i = 0; i < m->takens; i++)
		if (route_same(&m->taken[i], r) &&
		    m->taken[i].protocol == r->protocol) {
			taken_remove(m, i);
			judge_successor(m, r);
			return;
		}
	if (!m->record_lost)
		broken(m, "given back, but nobody had it: %s", route_text(&t,
		    m, r));
	text_fini(&t);
}

/* ---- after a command ---------------------------------------------------- */

static bool
has_line(const char *record, const char *line)
{
	size_t n = strlen(line);
	const char *at = record;

	for (; (at = strstr(at, line)); at++)
		if ((at == record || at[-1] == '\n' || at[-1] == ' ') &&
		    (at[n] == '\n' || at[n] == ' '))
			return true;
	return false;
}

/* Made of several claims' lines. */
static bool
is_joint(const struct route *r, const char *record)
{
	return r->dst.len == 0 && r->table == RT_TABLE_MAIN &&
	    strstr(record, "\nshared ");
}

void
judge_rest(struct machine *m)
{
	const struct file *f = disk_record(m);
	const char *record = f ? f->text : "";
	struct text t = { 0 };

	if (judging.open && !m->faulty)
		broken(m, "the run is over and the record says \"about to\"");
	judging.open = false;
	for (size_t i = 0; i < m->k.rules && !m->record_lost; i++)
		if (m->k.rule_tag[i] == WHOSE_OURS &&
		    !has_line(record, rule_text(&t, &m->k.rule[i])))
			broken(m, "no claim has it: %s", t.at);
	for (size_t i = 0; i < m->k.routes && !m->record_lost; i++)
		if (m->k.route_tag[i] == WHOSE_OURS &&
		    !is_joint(&m->k.route[i], record) &&
		    !has_line(record, route_text(&t, m, &m->k.route[i])))
			broken(m, "no claim has it: %s", t.at);
	text_fini(&t);
}

void
judge_not_taken_back(struct machine *m, const struct route *r)
{
	for (size_t i = 0; i < m->takens; i++)
		if (route_same(&m->taken[i], r))
			m->may_stay_away[i] = true;
}

bool
judge_unchanged(void)
{
	return judging.same;
}

void
judge_forget(void)
{
	judging.open = false;
	judging.same = true;
	judging.probes = 0;
}

static void
judge_knobs(struct machine *m)
{
	for (int i = 0; i < DEVICES; i++)
		for (int k = 0; k < KNOBS && m->device[i].exists; k++)
			if (strcmp(m->device[i].knob[k],
			    m->device[i].base[k]))
				broken(m, "after the last down knob %d of %s "
				    "is %s and was %s", k, m->device[i].name,
				    m->device[i].knob[k],
				    m->device[i].base[k]);
}

void
judge_empty(struct machine *m)
{
	struct text t = { 0 };

	for (size_t i = 0; i < m->k.rules; i++)
		if (m->k.rule_tag[i] == WHOSE_OURS)
			broken(m, "left after the last down: %s",
			    rule_text(&t, &m->k.rule[i]));
	for (size_t i = 0; i < m->k.routes; i++)
		if (m->k.route_tag[i] == WHOSE_OURS)
			broken(m, "left after the last down: %s",
			    route_text(&t, m, &m->k.route[i]));
	if (disk_record(m))
		broken(m, "the record is left after the last down: %s",
		    disk_record(m)->text);
	if (!m->record_lost) {
		for (size_t i = 0; i < m->takens; i++)
			if (!m->may_stay_away[i] &&
			    !kernel_refuses(m, &m->taken[i]))
				broken(m, "not given back: %s", route_text(
				    &t, m, &m->taken[i]));
		judge_knobs(m);
	}
	text_fini(&t);
}
