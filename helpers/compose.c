/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: pure: hand-written lines of interfaces to the options that do it. */
#include <sys/socket.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "claim.h"
#include "compose-work.h"
#include "compose.h"

/* A line is taken if every command in it is one that the options of its stanza
 * do as well, and it then goes; otherwise it stays as it is, with a reason.
 * Lines only ever change from taken to left, so that looking again until
 * nothing changes comes to an end. */

bool
compose_is_rule(const struct hand *h)
{
	return h->kind == HAND_RULE_ADD;
}

bool
compose_is_route(const struct hand *h)
{
	return h->kind == HAND_ROUTE_ADD || h->kind == HAND_ROUTE_REPLACE;
}

static bool
find_added(struct added *a, size_t line, size_t hand)
{
	for (; line < a->c->line_count; line++, hand = 0) {
		struct compose_line *l = &a->c->line[line];

		for (; hand < l->hands.count; hand++) {
			if (!compose_is_rule(&l->hands.at[hand]) &&
			    !compose_is_route(&l->hands.at[hand]))
				continue;
			a->line = l;
			a->line_index = line;
			a->hand_index = hand;
			a->hand = &l->hands.at[hand];
			return true;
		}
	}
	return false;
}

bool
compose_first(struct added *a, struct compose *c)
{
	memset(a, 0, sizeof(*a));
	a->c = c;
	return find_added(a, 0, 0);
}

bool
compose_next(struct added *a)
{
	return find_added(a, a->line_index, a->hand_index + 1);
}

void
compose_leave(struct compose_line *line, const char *fmt, ...)
{
	va_list ap;

	if (line->verdict == LINE_LEFT)
		return;
	line->verdict = LINE_LEFT;
	va_start(ap, fmt);
	vsnprintf(line->why.text, sizeof(line->why.text), fmt, ap);
	va_end(ap);
}

uint32_t
compose_table(const struct hand *h)
{
	uint32_t table = compose_is_rule(h) ? h->rule.table : h->route.table;

	return table ? table : RT_TABLE_MAIN;
}

const char *
compose_table_text(char *buf, const struct compose_world *w, uint32_t table)
{
	return names_table_text(buf, w->spelled, table);
}

const char *
compose_hop_device(const struct hand *h)
{
	return h->route.hop_count == 1 ? h->route.hop[0].dev : "";
}

bool
compose_is_own_device(const struct compose *c, const char *device)
{
	return device[0] == '\0' || !strcmp(device, HAND_DEVICE) ||
	    !strcmp(device, c->device);
}

bool
compose_same_device(const struct compose *a, const struct compose *b)
{
	return a == b || (!strcmp(a->device, b->device) &&
	    strcmp(a->device, HAND_DEVICE));
}

/* What the commands of a line alone say. */
static void
first_verdict(struct compose_line *line)
{
	const struct hand_list *l = &line->hands;
	size_t ours = 0;

	for (size_t i = 0; i < l->count; i++) {
		if (l->at[i].kind == HAND_UNSURE) {
			line->verdict = LINE_TAKEN;
			line->fails = l->at[i].refused;
			compose_leave(line, "%s", l->at[i].why);
			return;
		}
		ours += l->at[i].kind != HAND_OTHER &&
		    l->at[i].kind != HAND_NOTHING &&
		    l->at[i].kind != HAND_ADDRESS;
	}
	line->verdict = ours ? LINE_TAKEN : LINE_OTHER;
}

static bool
gives_address(const struct compose_line *line)
{
	for (size_t i = 0; i < line->hands.count; i++)
		if (line->hands.at[i].kind == HAND_ADDRESS)
			return true;
	return false;
}

/* Everything that would still go, or the rules alone. */
static void
leave_all(struct compose *c, bool rules, const char *why)
{
	for (size_t i = 0; i < c->line_count; i++) {
		struct compose_line *l = &c->line[i];
		bool rule = false;

		for (size_t j = 0; j < l->hands.count; j++)
			rule |= compose_is_rule(&l->hands.at[j]);
		if (l->verdict == LINE_TAKEN && (rule || !rules))
			compose_leave(l, "%s", why);
	}
}

static void
forget_options(struct compose *c)
{
	for (size_t i = 0; i < c->option_count; i++)
		free(c->option[i].value);
	c->option_count = 0;
}

/* What is decided by now, and the options for it.  False without memory. */
static bool
settle(struct compose_world *w, struct compose *c, bool *kept)
{
	uint32_t *number;
	size_t count;
	bool ok = true;

	compose_pairs(w, c);
	compose_shape(w, c);
	*kept = compose_rules(c, &number, &count);
	if (*kept)
		ok = number && compose_options(w, c, number, count);
	free(number);
	return ok;
}

static bool
is_crowded(struct compose *c)
{
	size_t n = 0;

	for (size_t i = 0; i < c->line_count; i++)
		n += c->line[i].verdict == LINE_TAKEN;
	return n > 2 * SETTINGS_MAX;
}

static bool
compose_one(struct compose_world *w, struct compose *c)
{
	static const char crowded[] = "they are more than the options of one "
	    "interface can be";
	bool kept;

	/* Lines in pairs could be fewer options, but not so many. */
	if (is_crowded(c))
		leave_all(c, false, crowded);
	if (!settle(w, c, &kept))
		return false;
	if (!kept) {
		leave_all(c, true, "the order of the rules could not be kept: "
		    "give each a priority");
		if (!settle(w, c, &kept))
			return false;
	}
	/* An address or a gateway among the options decides on the family. */
	if (c->both && !c->is_static && !addr_given(&c->gateway))
		leave_all(c, false, "the interface has both families, and no "
		    "option would tell them apart");
	else if (c->option_count > SETTINGS_MAX)
		leave_all(c, false, crowded);
	else
		return true;
	forget_options(c);
	return settle(w, c, &kept);
}

bool
compose_all(struct compose_world *w)
{
	for (size_t i = 0; i < w->count; i++)
		for (size_t j = 0; j < w->at[i].line_count; j++)
			if (!w->at[i].line[j].fixed)
				first_verdict(&w->at[i].line[j]);
	for (size_t i = 0; i < w->count; i++)
		for (size_t j = 0; j < w->at[i].line_count; j++)
			w->at[i].gives_addresses |=
			    gives_address(&w->at[i].line[j]);
	for (size_t i = 0; i < w->count; i++)
		compose_judge(w, &w->at[i]);
	for (size_t i = 0; i < w->count; i++)
		compose_judge_slots(w, &w->at[i]);
	for (size_t i = 0; i < w->count; i++)
		if (!compose_one(w, &w->at[i]))
			return false;
	return true;
}

void
compose_fini(struct compose *c)
{
	for (size_t i = 0; i < c->line_count; i++)
		hand_list_fini(&c->line[i].hands);
	forget_options(c);
	free(c->line);
	free(c->option);
	memset(c, 0, sizeof(*c));
}
