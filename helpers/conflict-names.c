/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: pure: names of tables with two numbers, numbers with two names. */
#include <stdio.h>
#include <string.h>

#include "conflict-work.h"

#define WHERE	"rt_tables and rt_tables.d in /etc/iproute2"

/* The claim whose table it is about. */
static const struct claim *
claim_by(const struct search *s, const struct name *a, const struct name *b)
{
	for (size_t i = 0; i < s->claims->count; i++) {
		const struct claim *c = &s->claims->at[i];

		if (c->table && (c->table == a->number ||
		    c->table == b->number || !strcmp(c->table_name, a->text) ||
		    !strcmp(c->table_name, b->text)))
			return c;
	}
	return NULL;
}

static void
tell_numbers(struct search *s, const struct claim *c, const struct name *a,
    uint32_t other)
{
	struct conflict *k = conflict_add(s, CONFLICT_NAME, c);

	if (!k)
		return;
	snprintf(k->what, sizeof(k->what), "table %s has two numbers, %u and "
	    "%u (%s)", a->text, a->number, other, WHERE);
	if (c && c->table)
		snprintf(k->breaks, sizeof(k->breaks), "this policy uses %u; "
		    "what others write as \"table %s\" may mean the other",
		    c->table, a->text);
	else
		snprintf(k->breaks, sizeof(k->breaks), "which one a program "
		    "means by that name is chance");
	snprintf(k->remedy, sizeof(k->remedy), "leave one of them: grep -rw "
	    "'%s' /etc/iproute2", a->text);
}

static void
tell_names(struct search *s, const struct claim *c, const struct name *a,
    const struct name *b)
{
	struct conflict *k = conflict_add(s, CONFLICT_NAME, c);

	if (!k)
		return;
	snprintf(k->what, sizeof(k->what), "table %u has two names, %s and %s "
	    "(%s)", a->number, a->text, b->text, WHERE);
	snprintf(k->breaks, sizeof(k->breaks), "what was meant as two tables "
	    "is one: each one's routes also hold for the other");
	snprintf(k->remedy, sizeof(k->remedy), "give each name a number of "
	    "its own: grep -rw '%u' /etc/iproute2", a->number);
}

static bool
is_same(const struct name *a, const struct name *b)
{
	return a->number == b->number && !strcmp(a->text, b->text);
}

/* Each pair once: the first of a name or number against each other. */
static void
find_first(struct search *s, const struct name_list *l, size_t at)
{
	const struct name *n = &l->at[at];
	bool number = false, text = false;

	for (size_t i = 0; i < at; i++)
		if (is_same(&l->at[i], n))
			return;
	for (size_t i = 0; i < at; i++) {
		const struct name *o = &l->at[i];

		if (!text && !strcmp(o->text, n->text)) {
			tell_numbers(s, claim_by(s, o, n), o, n->number);
			text = true;
		} else if (!number && o->number == n->number) {
			tell_names(s, claim_by(s, o, n), o, n);
			number = true;
		}
	}
}

/* What a claim remembers may since have got another number in the files. */
static void
find_remembered(struct search *s, const struct claim *c)
{
	const struct name_list *l = s->h->tables;
	const struct name *other = NULL;

	for (size_t i = 0; c->table_name[0] && i < l->count; i++) {
		if (strcmp(l->at[i].text, c->table_name))
			continue;
		if (l->at[i].number == c->table)
			return;	/* the files have both then */
		other = &l->at[i];
	}
	if (other)
		tell_numbers(s, c, other, c->table);
}

void
conflict_find_names(struct search *s)
{
	for (size_t i = 0; i < s->h->tables->count; i++)
		find_first(s, s->h->tables, i);
	for (size_t i = 0; i < s->claims->count; i++)
		find_remembered(s, &s->claims->at[i]);
}
