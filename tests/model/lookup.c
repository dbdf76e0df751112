/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: which way a packet goes: rules in their order, the longest prefix. */
#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>

#include "machine.h"

/* Down, or without a carrier where such routes are to be ignored. */
static bool
hop_works(const struct machine *m, int family, const struct hop *h)
{
	const struct device *d = &m->device[h->ifindex - FIRST_IFINDEX];

	return d->up && (d->carrier || d->knob[six(family) ? KNOB_LINKDOWN6 :
	    KNOB_LINKDOWN4][0] == '0');
}

static bool
route_works(const struct machine *m, const struct route *r,
    const struct probe *p)
{
	if (r->hop_count == 0)
		return p->oif == 0;
	for (size_t i = 0; i < r->hop_count; i++)
		if ((p->oif == 0 || r->hop[i].ifindex == p->oif) &&
		    hop_works(m, r->family, &r->hop[i]))
			return true;
	return false;
}

/* Of one slot the first counts, as the kernel keeps them. */
const struct route *
lookup_table(const struct machine *m, uint32_t table, const struct probe *p)
{
	const struct route *best = NULL;

	for (size_t i = 0; i < m->k.routes; i++) {
		const struct route *r = &m->k.route[i];

		if (r->table != table || r->family != p->family ||
		    (best && (r->dst.len < best->dst.len ||
		    (r->dst.len == best->dst.len &&
		    r->metric >= best->metric))) ||
		    r->tos || r->src.len ||
		    (r->dst.len && !prefix_covers(&r->dst, &p->dst)) ||
		    !route_works(m, r, p))
			continue;
		best = r;
	}
	return best;
}

/* A plain packet: no mark, no tos, udp between high ports, of root. */
static bool
matches(const struct machine *m, const struct rule *r, const struct probe *p)
{
	const struct device *out;
	bool yes = true;

	if (r->from.len && (!addr_given(&p->src) ||
	    !prefix_covers(&r->from, &p->src)))
		yes = false;
	if (r->to.len && !prefix_covers(&r->to, &p->dst))
		yes = false;
	if (r->iif[0] && strcmp(r->iif, p->iif ? p->iif : "lo"))
		yes = false;
	if (r->oif[0]) {
		out = p->oif ? &m->device[p->oif - FIRST_IFINDEX] : NULL;
		if (!out || strcmp(r->oif, out->name))
			yes = false;
	}
	if ((r->fwmark & r->fwmask) || r->tos || (r->ipproto &&
	    r->ipproto != 17) || r->sport.lo || r->dport.lo || r->tun_id ||
	    (r->has_uid && r->uid.lo > 0))
		yes = false;
	return yes != r->invert;
}

static void
go_by(struct way *w, const struct machine *m, const struct route *r,
    const struct probe *p)
{
	w->type = r->type;
	w->prefsrc = r->prefsrc;
	for (size_t i = 0; i < r->hop_count; i++) {
		const struct hop *h = &r->hop[i];

		if (!hop_works(m, r->family, h) ||
		    (p->oif && h->ifindex != p->oif))
			continue;
		w->weights = (uint16_t)(w->weights + h->weight);
		if (w->hops++ == 0) {
			w->oif = h->ifindex;
			w->via = h->via;
			continue;
		}
		w->others = w->others * 31 + h->ifindex * 7 + h->weight;
		for (size_t j = 0; j < sizeof(h->via.byte); j++)
			w->others = w->others * 31 + h->via.byte[j];
	}
}

static bool
is_local(const struct machine *m, const struct addr *a, uint32_t *ifindex)
{
	for (size_t i = 0; i < m->addresses; i++)
		if (addr_cmp(&m->address[i].prefix.addr, a) == 0) {
			*ifindex = m->address[i].ifindex;
			return true;
		}
	return false;
}

/* What one rule's table says.  True if that ends the search; an error is not
 * held back by "suppress", fib_rules_lookup(). */
static bool
ask_table(struct way *w, const struct machine *m, const struct rule *rule,
    const struct probe *p)
{
	const struct route *r;

	if (rule->table == RT_TABLE_LOCAL) {
		if (!is_local(m, &p->dst, &w->oif))
			return false;
		w->type = RTN_LOCAL;
		return true;
	}
	r = lookup_table(m, rule->table, p);
	if (!r || r->type == RTN_THROW)
		return false;
	if (r->type == RTN_UNICAST && rule->suppress_prefixlen >= 0 &&
	    r->dst.len <= rule->suppress_prefixlen)
		return false;
	go_by(w, m, r, p);
	return true;
}

static uint8_t
refusal_of(uint8_t action)
{
	return action == FR_ACT_BLACKHOLE ? RTN_BLACKHOLE :
	    action == FR_ACT_PROHIBIT ? RTN_PROHIBIT : RTN_UNREACHABLE;
}

void
lookup(struct way *w, const struct machine *m, const struct probe *p)
{
	const struct kernel *k = &m->k;
	size_t i = 0;

	memset(w, 0, sizeof(*w));
	while (i < k->rules) {
		const struct rule *r = &k->rule[i++];

		if (r->family != p->family || !matches(m, r, p))
			continue;
		switch (r->action) {
		case FR_ACT_TO_TBL:
			if (ask_table(w, m, r, p))
				return;
			break;
		case FR_ACT_GOTO:
			for (size_t j = i; j < k->rules; j++)
				if (k->rule[j].family == p->family &&
				    k->rule[j].priority == r->target) {
					i = j;
					break;
				}
			break;
		case FR_ACT_NOP:
			break;
		default:
			w->type = refusal_of(r->action);
			return;
		}
	}
}

void
way_print(struct text *t, const struct machine *m, const struct way *w)
{
	static const char *const names[] = {
		[RTN_UNSPEC] = "no route", [RTN_UNICAST] = "",
		[RTN_LOCAL] = "local", [RTN_BLACKHOLE] = "blackhole",
		[RTN_UNREACHABLE] = "unreachable", [RTN_PROHIBIT] = "prohibit",
	};
	char text[ADDR_TEXT];

	if (w->type != RTN_UNICAST) {
		text_str(t, w->type < LENGTH(names) && names[w->type] ?
		    names[w->type] : "another type");
		return;
	}
	if (addr_given(&w->via))
		text_fmt(t, "via %s ", addr_print(text, &w->via));
	text_fmt(t, "dev %s", m->device[w->oif - FIRST_IFINDEX].name);
	if (w->hops > 1)
		text_fmt(t, " and %d more, weights %u", w->hops - 1,
		    w->weights);
	if (addr_given(&w->prefsrc))
		text_fmt(t, " src %s", addr_print(text, &w->prefsrc));
}

void
probe_print(struct text *t, const struct probe *p)
{
	char text[ADDR_TEXT];

	text_fmt(t, "to %s", addr_print(text, &p->dst));
	if (addr_given(&p->src))
		text_fmt(t, " from %s", addr_print(text, &p->src));
	if (p->iif)
		text_fmt(t, " iif %s", p->iif);
}
