/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: claims and how they stand: the whole, and the details for people. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "show-work.h"
#include "show.h"
#include "words.h"

static void
show_options(struct text *t, const struct claim *c)
{
	char spelled[KEY_SPELLED];

	for (size_t i = 0; i < c->settings.count; i++) {
		const struct setting *s = &c->settings.at[i];

		text_fmt(t, "    %-10s %s ", i ? "" : "asked for", s->where ?
		    s->where : keys_spell(spelled, c->spelling,
		    keys[s->key].name));
		text_str(t, s->value);
		if (s->refused)
			text_fmt(t, "   <- refused: %s", s->why ? s->why :
			    "-");
		text_str(t, "\n");
	}
}

static void
show_objects(struct showing *k, const struct claim *c,
    const struct inspection *in, enum object_kind kind)
{
	struct text *t = &k->details;
	char words[WORDS_TEXT];
	bool first = true;

	for (size_t i = 0; i < c->objects.count; i++) {
		const struct object *o = &c->objects.at[i];
		enum standing s;

		if (o->kind != kind)
			continue;
		s = inspection_of(in, o);
		inspect_words(words, o, &k->ss->names);
		text_fmt(t, "    %-10s ", first ? inspect_kind_word(kind) :
		    "");
		text_str(t, words);
		if (s != STANDS)
			text_fmt(t, "   <- %s", standing_word(s));
		text_str(t, "\n");
		first = false;
	}
}

static void
show_claim(struct showing *k, const struct claim *c,
    const struct inspection *in)
{
	static const enum object_kind order[] = {
		OBJECT_RULE, OBJECT_ROUTE, OBJECT_HOP, OBJECT_TAKEN,
		OBJECT_SYSCTL,
	};
	struct text *t = &k->details;
	char own[ADDR_TEXT] = "";

	if (addr_given(&c->key.own))
		addr_print(own, &c->key.own);
	text_fmt(t, "%s %s%s%s: %s%s\n", c->key.label,
	    addr_family_name(c->key.family), own[0] ? " " : "", own,
	    inspect_state_word(inspect_state(c, in)),
	    c->error && c->objects.count ? ", the former policy stands" : "");
	if (c->error)
		text_fmt(t, "    %-10s %s\n", "why", c->error);
	if (c->waits)
		text_fmt(t, "    %-10s %s\n", "waits", c->waits);
	if (record_tries_claim(&k->ss->record, &c->key))
		text_fmt(t, "    %-10s %u s left, then it is taken back; to "
		    "keep it: ifpolicy confirm\n", "on trial",
		    record_trial_left(&k->ss->record.trial));
	show_options(t, c);
	if (c->table_name[0])
		text_fmt(t, "    %-10s %s is number %u\n", "table",
		    c->table_name, c->table);
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		show_objects(k, c, in, order[i]);
}

static void
take_state(struct showing *k, const struct claim *c,
    const struct inspection *in)
{
	k->states[c - k->ss->record.claims.at] = inspect_state(c, in);
}

static void
each_for_people(void *arg, const struct claim *c, const struct inspection *in)
{
	take_state(arg, c, in);
	show_claim(arg, c, in);
}

static void
each_for_json(void *arg, const struct claim *c, const struct inspection *in)
{
	struct showing *k = arg;

	take_state(k, c, in);
	show_json_claim(&k->ss->out, k, c, in);
}

static void
each_for_dot(void *arg, const struct claim *c, const struct inspection *in)
{
	struct showing *k = arg;

	show_dot_claim(&k->ss->out, k, c, in);
}

static void
end_for_people(struct showing *k, const struct rows *rows)
{
	struct text *t = &k->ss->out;

	if (k->ss->record.claims.count)
		show_overview(t, k, rows);
	if (k->details.len)
		text_str(t, k->details.at);
	if (k->details.failed)
		t->failed = true;
}

static void
end_for_json(struct showing *k, const struct rows *rows)
{
	for (size_t i = 0; i < rows->count; i++)
		if (!rows->at[i].claimed && k->ss->record.claims.count)
			show_json_row(&k->ss->out, k, &rows->at[i]);
	text_str(&k->ss->out, "]\n");
}

static void
end_for_dot(struct showing *k, const struct rows *rows)
{
	(void)rows;
	show_dot_end(&k->ss->out, k);
}

static const struct {
	void (*begin)(struct text *);
	void (*each)(void *, const struct claim *, const struct inspection *);
	void (*end)(struct showing *, const struct rows *);
} forms[] = {
	[SHOW_PEOPLE] = { NULL, each_for_people, end_for_people },
	[SHOW_JSON] = { show_json_begin, each_for_json, end_for_json },
	[SHOW_DOT] = { show_dot_begin, each_for_dot, end_for_dot },
};

static int
look(struct showing *k, struct fault *f)
{
	const struct claims *all = &k->ss->record.claims;
	int err = inspect_read(k->ss, f);

	if (!err)
		err = host_read(&k->host, &k->ss->nl, &k->ss->names, all, f);
	if (err)
		return err;
	k->states = calloc(all->count + 1, sizeof(*k->states));
	if (k->states && unbound_find(&k->unbound[0], &k->host, AF_INET) &&
	    unbound_find(&k->unbound[1], &k->host, AF_INET6))
		return 0;
	fault_set(f, "out of memory");
	return -ENOMEM;
}

int
show(struct session *ss, const struct scope *scope, enum show_form form,
    bool colour, struct fault *f)
{
	struct showing k = { .ss = ss, .scope = scope, .colour = colour };
	struct rows rows = { 0 };
	int err = look(&k, f);

	if (!err && forms[form].begin)
		forms[form].begin(&ss->out);
	if (!err)
		err = inspect_each(ss, scope, forms[form].each, &k, f);
	if (!err && !show_rows(&rows, &k)) {
		fault_set(f, "out of memory");
		err = -ENOMEM;
	}
	if (!err)
		forms[form].end(&k, &rows);
	free(rows.at);
	free(k.states);
	text_fini(&k.details);
	unbound_fini(&k.unbound[0]);
	unbound_fini(&k.unbound[1]);
	host_fini(&k.host);
	return err;
}
