/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: a walk for a person at a terminal. */
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include "explain-work.h"
#include "page.h"
#include "words.h"

#define INDENT	9	/* of what is said of a rule */

struct telling {
	struct explanation *e;
	struct text *out;
	bool colour;
};

/* The words of text, in lines that begin at `indent`. */
static void
put_wrapped(struct telling *k, struct text *words, size_t indent)
{
	text_fmt(k->out, "%*s", (int)indent, "");
	page_wrap(k->out, indent, indent, words->failed ? "" : words->at);
	k->out->failed |= words->failed;
	text_fini(words);
}

/* The owner of an address of this machine. */
static const char *
device_of(const struct explanation *e, const struct addr *a)
{
	const struct address *own = fib_address(&e->fib, a);

	return own ? explain_device(&e->fib, own->ifindex) : NULL;
}

static void
tell_question(struct telling *k)
{
	const struct question *q = &k->e->q;
	const char *device, *name = words_ipproto(q->ipproto);
	struct text t = { 0 };
	char text[ADDR_TEXT];

	text_fmt(&t, "to %s", addr_print(text, &q->to));
	if (addr_given(&q->from)) {
		text_fmt(&t, " from %s", addr_print(text, &q->from));
		device = device_of(k->e, &q->from);
		if (device)
			text_fmt(&t, " (%s)", device);
	}
	if (q->in[0])
		text_fmt(&t, ", in by %s", q->in);
	else
		text_str(&t, ", sent by this machine");
	if (q->out[0])
		text_fmt(&t, " bound to %s", q->out);
	if (q->uid)
		text_fmt(&t, ", uid %u", q->uid);
	if (q->mark)
		text_fmt(&t, ", mark 0x%x", q->mark);
	if (q->tos)
		text_fmt(&t, ", tos 0x%02x", q->tos);
	if (q->has_ipproto && name)
		text_fmt(&t, ", %s", name);
	else if (q->has_ipproto)
		text_fmt(&t, ", protocol %u", q->ipproto);
	if (q->sport)
		text_fmt(&t, ", sport %u", q->sport);
	if (q->dport)
		text_fmt(&t, ", dport %u", q->dport);
	put_wrapped(k, &t, 0);
	text_str(k->out, "\n");
}

/* "10.0.0.1 dev eth0  (eth1)": words and, in parentheses, whose they are, from
 * column INDENT on.  Returns the column, or 0 where they took several lines and
 * ended the last. */
static size_t
put_owned(struct telling *k, const char *words, const struct text *owner,
    enum paint paint)
{
	size_t column = INDENT + strlen(words);
	struct text t = { 0 };

	k->out->failed |= owner->failed;
	if (owner->len)
		column += owner->len + 4;
	if (column <= PAGE_WIDTH) {
		page_cell(k->out, words, 0, k->colour, paint);
		if (owner->len)
			text_fmt(k->out, "  (%s)", owner->at);
		return column;
	}
	text_str(&t, words);
	if (owner->len)
		text_fmt(&t, " (%s)", owner->at);
	k->out->failed |= t.failed;
	page_wrap(k->out, INDENT, INDENT + 2, t.failed ? "" : t.at);
	text_fini(&t);
	return 0;
}

/* "12030  from 10.0.0.1 lookup rt1  (eth0)"; the column as above. */
static size_t
tell_rule(struct telling *k, const struct step *s)
{
	bool end = s == walk_end(&k->e->walk);
	enum paint paint = end ? PAINT_STRONG : PAINT_NONE;
	char words[WORDS_TEXT], head[16];
	struct rule rule = *s->rule;
	struct text owner = { 0 };
	size_t column;

	rule.has_priority = false;
	rule.protocol = 0;
	words_print_rule(words, &rule, &k->e->ss->names);
	explain_rule_owner(&owner, k->e, s->rule);
	snprintf(head, sizeof(head), "%c%6u ", end ? '>' : ' ',
	    s->rule->priority);
	page_cell(k->out, head, INDENT, k->colour, paint);
	column = put_owned(k, words, &owner, paint);
	text_fini(&owner);
	return column;
}

/* "rt1: default via 10.0.0.1 dev eth0  (eth0)"; the column as above. */
static size_t
tell_route(struct telling *k, const char *table, const struct route *r,
    enum paint paint)
{
	struct text owner = { 0 }, t = { 0 };
	char words[WORDS_TEXT];
	size_t column;

	text_fmt(&t, "%s: ", table);
	text_str(&t, explain_route(words, k->e, r));
	explain_route_owner(&owner, k->e, r);
	k->out->failed |= t.failed;
	text_fmt(k->out, "%*s", INDENT, "");
	column = put_owned(k, t.failed ? "" : t.at, &owner, paint);
	text_fini(&owner);
	text_fini(&t);
	return column;
}

/* Behind what stands there where there is room, else below.  Column 0: the line
 * has ended. */
static void
tell_reason(struct telling *k, size_t column, size_t indent,
    const struct text *reason)
{
	k->out->failed |= reason->failed;
	if (column && column + 4 + reason->len <= PAGE_WIDTH) {
		text_fmt(k->out, "  - %s\n", reason->len ? reason->at : "");
		return;
	}
	text_fmt(k->out, "%s%*s- ", column ? "\n" : "", (int)indent, "");
	page_wrap(k->out, indent + 2, indent + 2, reason->at);
}

/* What was there and not taken, and why. */
static void
tell_passed(struct telling *k, const struct step *s, const char *table)
{
	const struct walk *w = &k->e->walk;

	for (size_t i = s->passed; i < s->passed + s->passed_count; i++) {
		const struct passed_route *p = &w->passed[i];
		struct text why = { 0 };

		/* The last resort of IPv6 may be one that does not answer. */
		if (p->route == s->route)
			continue;
		text_str(&why, "not taken: ");
		explain_passed(&why, k->e, p);
		tell_reason(k, tell_route(k, table, p->route, PAINT_NONE),
		    INDENT + 2, &why);
		text_fini(&why);
	}
}

static void
what_of_route(struct text *t, const struct step *s)
{
	if (s->came == CAME_THROW)
		text_str(t, "on with the next rule");
	else if (s->came == CAME_SUPPRESSED_LENGTH)
		text_fmt(t, "suppressed: the rule wants more than /%d",
		    s->rule->suppress_prefixlen);
	else if (s->came == CAME_SUPPRESSED_GROUP)
		text_fmt(t, "suppressed: the rule wants no device of group %d",
		    s->rule->suppress_ifgroup);
}

static void
tell_lookup(struct telling *k, const struct step *s, size_t column)
{
	bool end = s == walk_end(&k->e->walk);
	char name[TABLE_NAME_MAX + 1];
	struct text t = { 0 };

	names_table_text(name, &k->e->ss->names, s->table);
	if (s->came == CAME_NO_TABLE || s->came == CAME_NO_ROUTE) {
		text_fmt(&t, s->came == CAME_NO_TABLE ? "%s is empty" :
		    s->passed_count ? "%s has no route that can be taken" :
		    "%s has no route there", name);
		tell_reason(k, column, INDENT, &t);
		tell_passed(k, s, name);
		text_fini(&t);
		return;
	}
	if (column)
		text_str(k->out, "\n");
	tell_passed(k, s, name);
	column = tell_route(k, name, s->route, end ? PAINT_STRONG :
	    PAINT_NONE);
	what_of_route(&t, s);
	if (t.len)
		tell_reason(k, column, INDENT + 2, &t);
	else if (column)
		text_str(k->out, "\n");
	text_fini(&t);
}

static void
tell_step(struct telling *k, const struct step *s)
{
	size_t column = tell_rule(k, s);
	struct text t = { 0 };

	switch (s->came) {
	case CAME_UNMATCHED:
		explain_differs(&t, k->e, s);
		break;
	case CAME_JUMPED_OVER:
		text_str(&t, "jumped over");
		break;
	case CAME_GOTO:
		text_str(&t, "matches");
		break;
	case CAME_GOTO_NOWHERE:
		text_fmt(&t, "matches, but there is no rule %u",
		    s->rule->target);
		break;
	case CAME_NOP:
		text_str(&t, "matches, does nothing");
		break;
	case CAME_REFUSED:
		text_fmt(&t, "matches: %s", explain_error(k->e->walk.error));
		break;
	default:
		tell_lookup(k, s, column);
		return;
	}
	tell_reason(k, column, INDENT, &t);
	text_fini(&t);
}

static void
tell_rules(struct telling *k)
{
	const struct walk *w = &k->e->walk;
	size_t rest = 0;

	for (size_t i = 0; i < w->count; i++)
		if (w->steps[i].came == CAME_NOT_REACHED)
			rest++;
		else
			tell_step(k, &w->steps[i]);
	if (rest && rest < w->count)
		text_fmt(k->out, "%*s%zu more rule%s not asked\n", INDENT, "",
		    rest, rest == 1 ? " is" : "s are");
	if (rest < w->count)
		text_str(k->out, "\n");
}

/* ---- what comes of it ------------------------------------------------- */

static void
put_painted(struct telling *k, struct text *t, enum paint paint)
{
	struct text lines = { 0 };

	page_wrap(&lines, 0, 0, t->failed ? "" : t->at);
	if (lines.len)
		lines.at[lines.len - 1] = '\0';
	page_cell(k->out, lines.len ? lines.at : "", 0, k->colour, paint);
	text_str(k->out, "\n");
	k->out->failed |= t->failed || lines.failed;
	text_fini(&lines);
	text_fini(t);
}

/* An address of one device that leaves by another one is what people ask about
 * most. */
static void
tell_other_device(struct telling *k)
{
	const struct explanation *e = k->e;
	const struct walk *w = &e->walk;
	const struct step *end = walk_end(w);
	const char *mine = addr_given(&e->q.from) ?
	    device_of(e, &e->q.from) : NULL;
	char text[ADDR_TEXT];
	struct text t = { 0 };

	if (w->verdict != VERDICT_ROUTE || !mine || !end || e->q.out[0] ||
	    w->route->type != RTN_UNICAST || w->route->hop_count != 1 ||
	    !strcmp(explain_device(&e->fib, w->route->hop[0].ifindex), mine))
		return;
	addr_print(text, &e->q.from);
	text_fmt(&t, "But %s is an address of %s. ", text, mine);
	if (end->rule->from.len)
		text_fmt(&t, "It is rule %u that sends it another way.",
		    end->rule->priority);
	else if (explain_has_claim(e, mine))
		text_fmt(&t, "Its policy has no rule from %s before rule %u: "
		    "see ifpolicy check %s", text, end->rule->priority, mine);
	else
		text_fmt(&t, "%s has no policy: no rule from %s comes before "
		    "rule %u. With policy-table and policy-gateway it would "
		    "have one.", mine, text, end->rule->priority);
	put_painted(k, &t, PAINT_WARN);
}

static void
tell_hints(struct telling *k)
{
	const struct explanation *e = k->e;
	struct text t = { 0 };

	tell_other_device(k);
	if (e->q.family == AF_INET6 && e->q.in[0] && !e->fib.forwarding6 &&
	    e->walk.verdict == VERDICT_ROUTE &&
	    e->walk.route->type == RTN_UNICAST) {
		text_str(&t, "But this machine is no router: it drops what is "
		    "for others (net.ipv6.conf.all.forwarding is 0).");
		put_painted(k, &t, PAINT_WARN);
	}
}

static bool
same_hop(const struct route *a, const struct route *b)
{
	return a && b && a->hop_count && b->hop_count &&
	    a->hop[0].ifindex == b->hop[0].ifindex &&
	    addr_cmp(&a->hop[0].via, &b->hop[0].via) == 0;
}

static void
tell_again(struct telling *k)
{
	const struct step *end = walk_end(&k->e->second);
	char words[WORDS_TEXT], text[ADDR_TEXT];
	struct text t = { 0 };

	if (!k->e->asks_again || same_hop(&k->e->kernel.taken,
	    k->e->second.route))
		return;
	text_fmt(&t, "A connection (TCP) then asks once more, from %s: ",
	    addr_print(text, &k->e->again.from));
	if (end)
		text_fmt(&t, "rule %u, ", end->rule->priority);
	if (k->e->second.route)
		text_fmt(&t, "%s.", explain_route(words, k->e,
		    k->e->second.route));
	else
		text_fmt(&t, "%s.", explain_error(k->e->second.error));
	put_painted(k, &t, PAINT_NONE);
}

static void
kernel_words(struct text *t, const struct explanation *e)
{
	const struct kernel_answer *a = &e->kernel;
	char words[WORDS_TEXT], name[TABLE_NAME_MAX + 1];
	struct route taken = a->taken;

	if (a->error) {
		text_str(t, explain_error(a->error));
		return;
	}
	if (a->has_route) {
		text_fmt(t, "%s, in table %s", explain_route(words, e,
		    &a->route), names_table_text(name, &e->ss->names,
		    a->route.table));
		return;
	}
	text_str(t, explain_route(words, e, &taken));
}

/* IPv6's dump jumps from a next hop to the last one of its route, over routes
 * that stand between them (fib6_dump_node(), net/ipv6/ip6_fib.c). */
static bool
is_dumped(const struct explanation *e, const struct route *r)
{
	for (size_t i = 0; i < e->fib.routes.count; i++)
		if (route_same(&e->fib.routes.at[i], r))
			return true;
	return false;
}

static void
tell_kernel(struct telling *k)
{
	const struct explanation *e = k->e;
	const char *name = words_ipproto(e->q.ipproto);
	struct text t = { 0 };

	if (!e->asked) {
		text_fmt(&t, "The kernel cannot be asked about %s, only about "
		    "tcp, udp and icmp.", name ? name : "that protocol");
		put_painted(k, &t, PAINT_NONE);
		return;
	}
	text_str(&t, e->walk.unsure ?
	    "The kernel, which alone can tell here: " : e->agrees ?
	    "The kernel says the same: " : "The kernel says something else: ");
	kernel_words(&t, e);
	text_str(&t, ".");
	if (!e->agrees && e->kernel.has_route &&
	    !is_dumped(e, &e->kernel.route))
		text_str(&t, " It does not list that route (ip -6 route), so "
		    "it could not be known.");
	else if (!e->agrees)
		text_str(&t, " Then ifpolicy is wrong: please report it with "
		    "the output of \"ip rule\" and \"ip route show table "
		    "all\".");
	put_painted(k, &t, e->agrees ? PAINT_NONE : PAINT_BAD);
}

void
explain_tell(struct explanation *e, bool colour)
{
	struct telling k = { .e = e, .out = &e->ss->out, .colour = colour };
	struct text t = { 0 };

	tell_question(&k);
	tell_rules(&k);
	explain_verdict(&t, e);
	put_painted(&k, &t, PAINT_STRONG);
	tell_hints(&k);
	tell_again(&k);
	tell_kernel(&k);
	if (e->no_record.text[0]) {
		text_fmt(&t, "Whose is what is not known: %s",
		    e->no_record.text);
		put_painted(&k, &t, PAINT_WARN);
	}
}
