/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: a walk for a program, with the keys of `ip -j` where it has them. */
#include <errno.h>
#include <net/if.h>
#include <stdio.h>

#include "explain-work.h"
#include "json.h"
#include "words.h"

static void
member(struct text *t, const char *key, const char *value)
{
	text_fmt(t, ",\"%s\":", key);
	json_string(t, value);
}

static void
words_member(struct text *t, const char *key, struct text *words)
{
	t->failed |= words->failed;
	member(t, key, words->len ? words->at : "");
	text_fini(words);
}

static void
route(struct text *t, const struct explanation *e, const struct route *r)
{
	text_str(t, "{");
	json_route(t, r, &e->ss->names);
	text_str(t, ",\"claims\":[");
	explain_route_claims(t, e, r);
	text_str(t, "]}");
}

static void
question(struct text *t, const struct question *q)
{
	char text[ADDR_TEXT];

	text_fmt(t, "{\"family\":\"%s\",\"dst\":\"%s\"",
	    addr_family_name(q->family), addr_print(text, &q->to));
	if (addr_given(&q->from))
		member(t, "from", addr_print(text, &q->from));
	if (q->in[0])
		member(t, "iif", q->in);
	if (q->out[0])
		member(t, "oif", q->out);
	text_fmt(t, ",\"mark\":%u,\"uid\":%u,\"tos\":\"%#x\"", q->mark,
	    q->uid, q->tos);
	text_fmt(t, ",\"ipproto\":%u,\"sport\":%u,\"dport\":%u}", q->ipproto,
	    q->sport, q->dport);
}

static void
passed(struct text *t, const struct explanation *e, const struct step *s)
{
	text_str(t, ",\"passed\":[");
	for (size_t i = 0; i < s->passed_count; i++) {
		const struct passed_route *p = &e->walk.passed[s->passed + i];
		struct text words = { 0 };

		text_str(t, i ? ",{\"route\":" : "{\"route\":");
		route(t, e, p->route);
		member(t, "reason", explain_passed_word(p->why));
		explain_passed(&words, e, p);
		words_member(t, "text", &words);
		text_str(t, "}");
	}
	text_str(t, "]");
}

static void
step(struct text *t, const struct explanation *e, const struct step *s)
{
	char name[TABLE_NAME_MAX + 1];
	struct text words = { 0 };

	text_str(t, "{");
	json_rule(t, s->rule, &e->ss->names);
	text_str(t, ",\"claims\":[");
	explain_rule_claims(t, e, s->rule);
	text_fmt(t, "],\"result\":\"%s\"", explain_came_word(s->came));
	if (s->came == CAME_UNMATCHED) {
		member(t, "reason", explain_differs_word(s->differs));
		explain_differs(&words, e, s);
		words_member(t, "text", &words);
	}
	if (s->rule->unknown)
		text_fmt(t, ",\"unknown_attribute\":%u", s->rule->unknown);
	if (s->table) {
		member(t, "lookup", names_table_text(name, &e->ss->names,
		    s->table));
		passed(t, e, s);
	}
	if (s->route) {
		text_str(t, ",\"route\":");
		route(t, e, s->route);
	}
	text_str(t, "}");
}

static void
one_hop(struct text *t, const struct explanation *e, const struct hop *h)
{
	char text[ADDR_TEXT];

	text_str(t, "{\"dev\":");
	json_string(t, explain_device(&e->fib, h->ifindex));
	if (addr_given(&h->via))
		member(t, "gateway", addr_print(text, &h->via));
	text_str(t, "}");
}

/* The next hops that the packet may take. */
static void
hops(struct text *t, const struct explanation *e)
{
	const struct walk *w = &e->walk;
	bool first = true;

	text_str(t, ",\"nexthops\":[");
	for (size_t i = 0; w->verdict == VERDICT_ROUTE &&
	    i < w->route->hop_count; i++) {
		if (!(w->usable & 1u << i))
			continue;
		text_str(t, first ? "" : ",");
		one_hop(t, e, &w->route->hop[i]);
		first = false;
	}
	for (size_t i = 0; i < w->other_count; i++)
		if (w->others[i]->hop_count) {
			text_str(t, ",");
			one_hop(t, e, &w->others[i]->hop[0]);
		}
	text_str(t, "]");
}

static void
error(struct text *t, int number)
{
	if (number)
		member(t, "error", explain_error(number));
}

static void
verdict(struct text *t, const struct explanation *e)
{
	struct text words = { 0 };

	member(t, "verdict", explain_verdict_word(e->walk.verdict));
	error(t, e->walk.error);
	if (e->walk.verdict == VERDICT_SOURCE)
		member(t, "source", explain_source_word(e->walk.source));
	explain_verdict(&words, e);
	words_member(t, "text", &words);
	hops(t, e);
	text_fmt(t, ",\"sure\":%s", e->walk.unsure ? "false" : "true");
}

static void
kernel(struct text *t, const struct explanation *e)
{
	const struct kernel_answer *a = &e->kernel;
	char text[ADDR_TEXT];

	if (!e->asked) {
		text_str(t, ",\"kernel\":null");
		return;
	}
	text_str(t, ",\"kernel\":{\"nexthop\":");
	if (!a->error && a->taken.hop_count)
		one_hop(t, e, &a->taken.hop[0]);
	else
		text_str(t, "null");
	error(t, a->error);
	if (!a->error && addr_given(&a->taken.prefsrc))
		member(t, "prefsrc", addr_print(text, &a->taken.prefsrc));
	if (a->has_route) {
		text_str(t, ",\"route\":");
		route(t, e, &a->route);
	}
	text_fmt(t, "},\"agrees\":%s", e->agrees ? "true" : "false");
}

static void
again(struct text *t, const struct explanation *e)
{
	const struct step *end = walk_end(&e->second);
	char text[ADDR_TEXT];

	if (!e->asks_again)
		return;
	text_fmt(t, ",\"connection\":{\"from\":\"%s\"",
	    addr_print(text, &e->again.from));
	error(t, e->second.error);
	if (end)
		text_fmt(t, ",\"priority\":%u", end->rule->priority);
	if (e->second.route) {
		text_str(t, ",\"route\":");
		route(t, e, e->second.route);
	}
	text_str(t, "}");
}

void
explain_json(struct explanation *e)
{
	struct text *t = &e->ss->out;

	text_str(t, "{\"question\":");
	question(t, &e->q);
	text_str(t, ",\"rules\":[");
	for (size_t i = 0; i < e->walk.count; i++) {
		text_str(t, i ? "," : "");
		step(t, e, &e->walk.steps[i]);
	}
	text_str(t, "]");
	verdict(t, e);
	again(t, e);
	kernel(t, e);
	if (e->no_record.text[0])
		member(t, "record", e->no_record.text);
	text_str(t, "}\n");
}
