/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: rules of one priority come back in the order that they had.
 *
 * The kernel puts a new rule behind all of its priority, so what comes back
 * would stand behind what had stayed. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "apply.h"
#include "block.h"
#include "facts.h"
#include "recover-work.h"
#include "words.h"

#define INET	"order inet rule add "
#define INET6	"order inet6 rule add "

static bool
is_ours(const struct rule *r)
{
	return r->protocol == PROTO_IFPOLICY;
}

static bool
is_of_group(const struct rule *r, const struct rule *like)
{
	return r->family == like->family && r->priority == like->priority;
}

/* One of the claims that are saved, by its text, has this rule. */
static bool
is_saved(const struct claims *former, const struct rule *r)
{
	char words[WORDS_TEXT];
	size_t n = strlen(words_print_rule(words, r, NULL));

	for (size_t i = 0; i < former->count; i++)
		if (!former->at[i].dropped && memmem(former->at[i].text,
		    former->at[i].text_len, words, n))
			return true;
	return false;
}

static bool
is_listed(const struct rule *const *groups, size_t count,
    const struct rule *r)
{
	for (size_t i = 0; i < count; i++)
		if (is_of_group(groups[i], r))
			return true;
	return false;
}

static int
note_groups(struct record *r, const struct rule_list *all)
{
	const struct rule **groups = calloc(all->count + 1, sizeof(*groups));
	char words[WORDS_TEXT];
	size_t count = 0;

	for (size_t i = 0; groups && i < all->count; i++) {
		const struct rule *at = &all->at[i];

		if (is_ours(at) && !is_listed(groups, count, at) &&
		    is_saved(&r->former, at))
			groups[count++] = at;
	}
	for (size_t i = 0; groups && i < all->count; i++) {
		const struct rule *at = &all->at[i];

		if (!is_ours(at) || !is_listed(groups, count, at))
			continue;
		text_str(&r->order, at->family == AF_INET ? INET : INET6);
		text_str(&r->order, words_print_rule(words, at, NULL));
		text_str(&r->order, "\n");
	}
	count = groups && !r->order.failed;
	free(groups);
	return count ? 0 : -ENOMEM;
}

int
recover_note_order(struct session *ss, struct fault *f)
{
	struct snapshot now = { 0 };
	int err;

	err = facts_read_all_rules(&now, &ss->nl, FAMILY_4 | FAMILY_6, f);
	if (!err && (err = note_groups(&ss->record, &now.rules)))
		fault_set(f, "out of memory");
	snapshot_fini(&now);
	return err ? err : recover_note_places(ss, f);
}

/* The noted rules, in their order. */
static int
read_noted(struct snapshot *noted, const struct text *order, struct fault *f)
{
	char line[WORDS_TEXT];
	const char *at = order->at, *end;
	struct rule *r;
	bool four;

	for (; order->len && (end = strchr(at, '\n')); at = end + 1) {
		four = !strncmp(at, INET, strlen(INET));
		if ((!four && strncmp(at, INET6, strlen(INET6))) ||
		    (size_t)(end - at) >= sizeof(line))
			continue;
		at += strlen(four ? INET : INET6);
		memcpy(line, at, (size_t)(end - at));
		line[end - at] = '\0';
		if (!(r = snapshot_add_rule(noted)))
			return -ENOMEM;
		if (!words_parse_rule(r, four ? AF_INET : AF_INET6,
		    WORDS_HOST_BITS, NULL, line, f))
			return -EBADMSG;
		rule_normalize(r);
	}
	return 0;
}

/* One group: rules of one family and priority, as they are to stand. */
struct group {
	const struct rule_list *all;	/* as they stand */
	const struct rule **at;
	size_t count;
	struct plan moves;
};

static bool
same_rule(const struct rule *a, const struct rule *b)
{
	return a->protocol == b->protocol && rule_same(a, b);
}

static void
list_once(struct group *g, const struct rule *r)
{
	for (size_t i = 0; i < g->count; i++)
		if (g->at[i] == r)
			return;
	g->at[g->count++] = r;
}

/* What was noted of the group of `like`, then what came later. */
static void
fill_group(struct group *g, const struct rule_list *noted,
    const struct rule *like)
{
	g->count = 0;
	for (size_t i = 0; i < noted->count; i++)
		for (size_t j = 0; j < g->all->count; j++)
			if (is_of_group(&noted->at[i], like) &&
			    same_rule(&noted->at[i], &g->all->at[j]))
				list_once(g, &g->all->at[j]);
	for (size_t j = 0; j < g->all->count; j++)
		if (is_ours(&g->all->at[j]) &&
		    is_of_group(&g->all->at[j], like))
			list_once(g, &g->all->at[j]);
}

/* A delete would hit another one. */
static bool
is_hidden(const struct group *g, const struct rule *r)
{
	for (size_t i = 0; i < g->all->count; i++)
		if (&g->all->at[i] != r &&
		    rule_pattern_hits(r, &g->all->at[i]) &&
		    !same_rule(r, &g->all->at[i]))
			return true;
	return false;
}

static void
add_step(struct plan *p, const struct rule *r, bool twin)
{
	p->at[p->count++] = (struct op){
		.verb = OP_DELETE_RULE, .rule = r, .twin = twin,
	};
}

/* From the first that stands too far in front, each goes behind: another one of
 * it is put there, then the former one is deleted. */
static void
plan_moves(struct group *g)
{
	size_t first = 1;

	while (first < g->count && g->at[first - 1] < g->at[first])
		first++;
	for (size_t i = first; i < g->count; i++)
		if (is_hidden(g, g->at[i]))
			return;
	for (size_t i = first; i < g->count; i++) {
		add_step(&g->moves, g->at[i], true);
		add_step(&g->moves, g->at[i], false);
	}
}

/* A run killed between the two has left both. */
static void
plan_doubles(struct group *g)
{
	for (size_t i = 0; i < g->count; i++)
		for (size_t j = 0; j < i; j++)
			if (same_rule(g->at[i], g->at[j]) &&
			    !is_hidden(g, g->at[i])) {
				add_step(&g->moves, g->at[i], false);
				break;
			}
}

static bool
is_first_of_group(const struct rule_list *noted, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (is_of_group(&noted->at[i], &noted->at[at]))
			return false;
	return true;
}

/* One look and one kind of step, for all groups. */
static int
settle(struct session *ss, const struct rule_list *noted,
    void (*steps)(struct group *), struct fault *f)
{
	struct snapshot now = { 0 };
	struct group g = { .all = &now.rules };
	struct refusal why;
	int err;

	err = facts_read_all_rules(&now, &ss->nl, FAMILY_4 | FAMILY_6, f);
	g.at = calloc(now.rules.count + 1, sizeof(struct rule *));
	g.moves.at = calloc(2 * now.rules.count + 1, sizeof(struct op));
	if (!err && (!g.at || !g.moves.at))
		err = -ENOMEM;
	for (size_t i = 0; i < noted->count && !err; i++) {
		if (!is_first_of_group(noted, i))
			continue;
		fill_group(&g, noted, &noted->at[i]);
		steps(&g);
	}
	if (!err && g.moves.count)
		err = apply_plan(&g.moves, &ss->nl, &why, f);
	free(g.at);
	plan_fini(&g.moves);
	snapshot_fini(&now);
	return err;
}

int
recover_order(struct session *ss, struct fault *f)
{
	struct snapshot noted = { 0 };
	int err = read_noted(&noted, &ss->record.order, f);

	if (!err && noted.rules.count)
		err = settle(ss, &noted.rules, plan_doubles, f);
	if (!err && noted.rules.count)
		err = settle(ss, &noted.rules, plan_moves, f);
	snapshot_fini(&noted);
	return err;
}
