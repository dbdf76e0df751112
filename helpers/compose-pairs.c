/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: pure: lines that go or stay because of others. */
#include <sys/socket.h>

#include <string.h>

#include "compose-work.h"

/* Lines stay in the order in which they are run: those before the interface is
 * up, those behind, those on the way down. */
static bool
runs_before(const struct compose *c, size_t a, size_t b)
{
	return c->line[a].phase != c->line[b].phase ?
	    c->line[a].phase < c->line[b].phase : a < b;
}

static bool
is_guarded(const struct compose_line *line)
{
	return line->hands.count &&
	    line->hands.at[line->hands.count - 1].guarded;
}

/* ifup stops at a line that fails and never comes to ifpolicy; what it has
 * done by then stays done. */
static void
leave_before_failing(struct compose *c)
{
	size_t last = c->line_count;

	for (size_t i = 0; !c->files && i < c->line_count; i++)
		if (c->line[i].fails && !is_guarded(&c->line[i]) &&
		    c->line[i].phase < PHASE_DOWN &&
		    (last == c->line_count || runs_before(c, last, i)))
			last = i;
	for (size_t i = 0; last < c->line_count && i < c->line_count; i++)
		if (c->line[i].verdict == LINE_TAKEN &&
		    runs_before(c, i, last))
			compose_leave(&c->line[i], "ifup ends at a line below "
			    "that fails, before ifpolicy is called");
}

/* What "ip route del" with these words would hit. */
static bool
route_hits(const struct compose *c, const struct hand *pattern,
    const struct hand *h)
{
	const struct route *p = &pattern->route, *r = &h->route;
	const struct hop *hop = &p->hop[0];

	if (pattern->family != h->family || prefix_cmp(&p->dst, &r->dst) ||
	    compose_table(pattern) != compose_table(h) ||
	    (p->metric && p->metric != r->metric) ||
	    (p->type != RTN_UNICAST && p->type != r->type) ||
	    (addr_given(&p->prefsrc) && addr_cmp(&p->prefsrc, &r->prefsrc)))
		return false;
	if (p->hop_count != 1)
		return true;
	if (addr_given(&hop->via) && (r->hop_count != 1 ||
	    addr_cmp(&hop->via, &r->hop[0].via)))
		return false;
	return !hop->dev[0] || (compose_is_own_device(c, hop->dev) ?
	    compose_is_own_device(c, compose_hop_device(h)) :
	    !strcmp(hop->dev, compose_hop_device(h)));
}

static bool
hits(const struct compose *c, const struct hand *pattern,
    const struct hand *h)
{
	if (pattern->kind == HAND_RULE_DELETE) {
		struct rule p = pattern->rule;

		p.protocol = 0;
		return compose_is_rule(h) && pattern->family == h->family &&
		    rule_pattern_hits(&p, &h->rule);
	}
	if (pattern->kind == HAND_FLUSH_TABLE)
		return compose_is_route(h) &&
		    compose_table(h) == pattern->table;
	return compose_is_route(h) && route_hits(c, pattern, h);
}

/* Whom a delete hits. */
struct victims {
	size_t taken, left;
	bool before, after;	/* taken ones that run so */
	bool exact;		/* it names as much as each of the taken */
	bool foreign;		/* lines of other stanzas */
};

static void
find_victims(struct victims *v, const struct compose_world *w,
    struct compose *c, size_t line, const struct hand *pattern)
{
	struct added a;

	memset(v, 0, sizeof(*v));
	v->exact = true;
	for (size_t i = 0; i < w->count; i++) {
		if (!compose_first(&a, &w->at[i]))
			continue;
		do {
			if (!hits(c, pattern, a.hand))
				continue;
			if (a.c != c) {
				v->foreign = true;
			} else if (a.line->verdict == LINE_TAKEN) {
				v->taken++;
				v->before |= runs_before(c, a.line_index, line);
				v->after |= runs_before(c, line, a.line_index);
				v->exact &= pattern->words && a.hand->words &&
				    !strcmp(pattern->words, a.hand->words);
			} else {
				v->left++;
			}
		} while (compose_next(&a));
	}
}

/* A delete on the way up that undoes what was just added. */
static void
leave_victims(struct compose *c, size_t line, const struct hand *pattern)
{
	struct added a;

	if (!compose_first(&a, c))
		return;
	do {
		if (hits(c, pattern, a.hand) &&
		    runs_before(c, a.line_index, line))
			compose_leave(a.line, "a line below takes it away "
			    "again");
	} while (compose_next(&a));
}

static bool
is_default_delete(const struct compose *c, const struct hand *h)
{
	const struct route *r = &h->route;

	return h->kind == HAND_ROUTE_DELETE && r->dst.len == 0 &&
	    compose_table(h) == RT_TABLE_MAIN && !r->metric &&
	    r->hop_count == 1 && r->hop[0].dev[0] &&
	    compose_is_own_device(c, r->hop[0].dev) && c->family == h->family;
}

static void
judge_up_delete(const struct compose_world *w, struct compose *c, size_t line,
    const struct hand *h)
{
	struct compose_line *l = &c->line[line];
	bool flush = h->kind == HAND_FLUSH_TABLE;
	struct victims v;

	find_victims(&v, w, c, line, h);
	if (v.taken + v.left == 0 && !v.foreign && is_default_delete(c, h) &&
	    h->guarded && (c->asks || addr_given(&c->router)) &&
	    l->phase == PHASE_UP && !c->bare)
		return;		/* policy-default none */
	if (v.before) {
		leave_victims(c, line, h);
		compose_leave(l, "it takes away what a line above added");
	} else if (v.taken + v.left == 0) {
		compose_leave(l, "no line of this stanza adds what it takes "
		    "away");
	} else if (v.left || (flush ? v.foreign : !v.exact)) {
		compose_leave(l, "it may take away more than the lines of this "
		    "stanza add");
	}
}

static void
judge_down_delete(const struct compose_world *w, struct compose *c,
    size_t line, const struct hand *h)
{
	struct compose_line *l = &c->line[line];
	struct victims v;

	find_victims(&v, w, c, line, h);
	if (v.left)
		compose_leave(l, "%s", "");
	else if (v.taken == 0 && !(c->no_default && is_default_delete(c, h)))
		compose_leave(l, "no line of this stanza adds what it takes "
		    "away");
}

static bool
anything_taken(struct compose *c)
{
	struct added a;

	if (compose_first(&a, c))
		do {
			if (a.line->verdict == LINE_TAKEN)
				return true;
		} while (compose_next(&a));
	return false;
}

/* The value that the taken lines on the way up give a setting: NULL if none, or
 * not one alone. */
static const char *
setting(const struct compose *c, const char *name)
{
	const char *value = NULL;

	for (size_t i = 0; i < c->line_count; i++) {
		const struct hand_list *l = &c->line[i].hands;

		for (size_t j = 0; j < l->count; j++) {
			if (l->at[j].kind != HAND_SYSCTL ||
			    strcmp(l->at[j].name, name) ||
			    !compose_is_own_device(c, l->at[j].device) ||
			    c->line[i].phase >= PHASE_DOWN)
				continue;
			if (c->line[i].verdict != LINE_TAKEN ||
			    (value && strcmp(value, l->at[j].value)))
				return NULL;
			value = l->at[j].value;
		}
	}
	return value;
}

static bool
setting_is(const struct compose *c, const char *name, const char *value)
{
	const char *now = setting(c, name);

	return now && !strcmp(now, value);
}

static void
find_settings(struct compose *c)
{
	static const char *const rp[] = { "off", "strict", "loose" };
	const char *now = setting(c, "rp_filter");

	c->rp_filter = now && now[0] >= '0' && now[0] <= '2' && !now[1] ?
	    rp[now[0] - '0'] : NULL;
	c->arp = NULL;
	if (setting_is(c, "arp_ignore", "1") &&
	    setting_is(c, "arp_announce", "2") && !setting(c, "arp_filter"))
		c->arp = "strict";
	else if (setting_is(c, "arp_filter", "1"))
		c->arp = "filter";
	if (c->family == AF_INET6)
		c->arp = c->rp_filter = NULL;
}

static void
judge_setting(struct compose *c, struct compose_line *l,
    const struct hand *h)
{
	bool arp = h->name[0] == 'a', strict;

	strict = arp && strcmp(h->name, "arp_filter");
	if (!compose_is_own_device(c, h->device))
		compose_leave(l, "it is a setting of %s", h->device);
	else if (c->family == AF_INET6)
		compose_leave(l, "it is for IPv4: the line belongs into an "
		    "inet stanza");
	else if (!arp ? !c->rp_filter : !c->arp ||
	    strict != !strcmp(c->arp, "strict"))
		compose_leave(l, l->phase >= PHASE_DOWN ? "%s" :
		    strict ? "policy-arp strict stands for arp_ignore=1 "
		    "together with arp_announce=2%s" : "no option stands for "
		    "this value%s", "");
}

static void
judge_table_name(struct compose *c, struct compose_line *l,
    const struct hand *h)
{
	if (!h->known)
		compose_leave(l, "once the line is in rt_tables this one can "
		    "go; policy-table numbers a new name by itself");
	else if (!anything_taken(c))
		compose_leave(l, "%s", "");
}

static void
judge_hand(const struct compose_world *w, struct compose *c, size_t line,
    const struct hand *h)
{
	struct compose_line *l = &c->line[line];

	switch (h->kind) {
	case HAND_RULE_DELETE:
	case HAND_ROUTE_DELETE:
	case HAND_FLUSH_TABLE:
		if (l->phase >= PHASE_DOWN)
			judge_down_delete(w, c, line, h);
		else
			judge_up_delete(w, c, line, h);
		break;
	case HAND_FLUSH_CACHE:
		if (!anything_taken(c))
			compose_leave(l, "%s", "");
		break;
	case HAND_SYSCTL:
		judge_setting(c, l, h);
		break;
	case HAND_TABLE_NAME:
		judge_table_name(c, l, h);
		break;
	default:
		break;
	}
}

/* "policy-default none" is what a line on the way up asks for. */
static void
find_no_default(struct compose *c)
{
	struct added a;

	c->no_default = false;
	for (size_t i = 0; i < c->line_count; i++)
		for (size_t j = 0; j < c->line[i].hands.count; j++)
			if (c->line[i].phase == PHASE_UP &&
			    c->line[i].verdict == LINE_TAKEN &&
			    is_default_delete(c, &c->line[i].hands.at[j]))
				c->no_default = true;
	/* Unless it made room for one of these. */
	if (c->no_default && compose_first(&a, c))
		do {
			if (compose_is_route(a.hand) &&
			    a.hand->route.dst.len == 0 &&
			    compose_table(a.hand) == RT_TABLE_MAIN)
				c->no_default = false;
		} while (compose_next(&a));
}

static bool
is_on_link_route(const struct added *a, const struct addr *via)
{
	const struct route *r = &a->hand->route;

	return compose_is_route(a->hand) && r->dst.len &&
	    r->hop_count == 1 && !addr_given(&r->hop[0].via) &&
	    a->line->verdict == LINE_TAKEN && prefix_covers(&r->dst, via);
}

/* The table of the route itself has a way to its gateway. */
static bool
finds_own_way(struct compose *c, const struct hand *h)
{
	struct added a;

	if (compose_first(&a, c))
		do {
			if (compose_table(a.hand) == compose_table(h) &&
			    is_on_link_route(&a, &h->route.hop[0].via))
				return true;
		} while (compose_next(&a));
	return false;
}

/* Routes without a gateway that another one needs stay by hand, if that one
 * does, which runs before ifpolicy, or is in a table, which ifpolicy fills
 * before main. */
static void
leave_needed(struct compose *c)
{
	struct added user, a;

	if (!compose_first(&user, c))
		return;
	do {
		const struct hop *hop = &user.hand->route.hop[0];
		bool left = user.line->verdict == LINE_LEFT;

		if (!compose_is_route(user.hand) || hop->onlink ||
		    user.hand->route.hop_count != 1 ||
		    !addr_given(&hop->via) ||
		    prefix_covers(&c->own, &hop->via) ||
		    (!left && (compose_table(user.hand) == RT_TABLE_MAIN ||
		    finds_own_way(c, user.hand))))
			continue;
		(void)compose_first(&a, c);
		do {
			if (is_on_link_route(&a, &hop->via) &&
			    (left || compose_table(a.hand) == RT_TABLE_MAIN))
				compose_leave(a.line, "another route needs it "
				    "first");
		} while (compose_next(&a));
	} while (compose_next(&user));
}

/* A file whose lines are counted from 0 loses those behind a gap. */
static void
leave_groups(struct compose *c)
{
	for (size_t i = 0; i < c->line_count; i++)
		for (size_t j = 0; c->line[i].group && j < c->line_count; j++)
			if (c->line[j].group == c->line[i].group &&
			    c->line[j].verdict == LINE_LEFT)
				compose_leave(&c->line[i], "another route of "
				    "this file stays, and they are counted "
				    "from 0");
}

static size_t
count_taken(const struct compose *c)
{
	size_t n = 0;

	for (size_t i = 0; i < c->line_count; i++)
		n += c->line[i].verdict == LINE_TAKEN;
	return n;
}

void
compose_pairs(struct compose_world *w, struct compose *c)
{
	size_t before;

	do {
		before = count_taken(c);
		leave_before_failing(c);
		leave_needed(c);
		leave_groups(c);
		find_settings(c);
		find_no_default(c);
		for (size_t i = 0; i < c->line_count; i++)
			for (size_t j = 0; j < c->line[i].hands.count; j++)
				if (c->line[i].verdict == LINE_TAKEN)
					judge_hand(w, c, i,
					    &c->line[i].hands.at[j]);
	} while (count_taken(c) != before);
}
