/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: claims and how they stand, for people and for programs. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "inspect.h"
#include "json.h"
#include "show.h"
#include "words.h"

/* One walk over the claims; what it does with each differs. */
struct showing {
	struct session *ss;
	const struct scope *scope;
	bool *drift;
	size_t items;		/* JSON elements so far */
	void (*claim)(struct showing *, const struct claim *,
	    const struct inspection *);
};

static bool
is_bad(enum standing s)
{
	return s == MISSING || s == CHANGED;
}

/* The lines of files that could not be had. */
static bool
has_refused(const struct claim *c)
{
	for (size_t i = 0; i < c->settings.count; i++)
		if (c->settings.at[i].refused)
			return true;
	return false;
}

static const char *
state_of(const struct claim *c, const struct inspection *in)
{
	if (c->error)
		return c->objects.count ? "failed, the former policy stands" :
		    "failed";
	if (has_refused(c))
		return c->objects.count ? "in part" : "failed";
	if (c->waits && c->objects.count == 0)
		return "waiting";
	for (size_t i = 0; i < c->objects.count; i++)
		if (is_bad(inspection_of(in, &c->objects.at[i])))
			return "drifted";
	return c->waits ? "in part" : "up";
}

/* An object in words, without "route add" and the like.  Our protocol goes
 * without saying. */
static void
words_of(char *buf, const struct object *from, struct names *names)
{
	struct object copy = *from, *o = &copy;

	if (o->kind == OBJECT_RULE) {
		if (o->rule.protocol == PROTO_IFPOLICY)
			o->rule.protocol = 0;
		words_print_rule(buf, &o->rule, names);
	} else if (o->kind == OBJECT_SYSCTL) {
		snprintf(buf, WORDS_TEXT, "%s = %s%s%s%s", o->sysctl.path,
		    o->sysctl.want, o->sysctl.was[0] ? " (was " : "",
		    o->sysctl.was, o->sysctl.was[0] ? ")" : "");
	} else {
		if (o->kind != OBJECT_TAKEN &&
		    o->route.protocol == PROTO_IFPOLICY)
			o->route.protocol = 0;
		words_print_route(buf, &o->route, names);
		if (o->kind == OBJECT_HOP)
			snprintf(buf + strlen(buf), WORDS_TEXT - strlen(buf),
			    " weight %u", o->weight);
	}
}

static const char *
kind_word(const struct object *o)
{
	static const char *const words[] = {
		[OBJECT_ROUTE] = "route", [OBJECT_RULE] = "rule",
		[OBJECT_SYSCTL] = "sysctl", [OBJECT_TAKEN] = "taken out",
		[OBJECT_HOP] = "share",
	};

	return words[o->kind];
}

static const char *
or_dash(const char *text)
{
	return text ? text : "-";
}

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
			text_fmt(t, "   <- refused: %s", or_dash(s->why));
		text_str(t, "\n");
	}
}

static void
show_objects(struct showing *k, const struct claim *c,
    const struct inspection *in, enum object_kind kind)
{
	struct text *t = &k->ss->out;
	char words[WORDS_TEXT];
	bool first = true;

	for (size_t i = 0; i < c->objects.count; i++) {
		const struct object *o = &c->objects.at[i];
		enum standing s;

		if (o->kind != kind)
			continue;
		s = inspection_of(in, o);
		words_of(words, o, &k->ss->names);
		text_fmt(t, "    %-10s ", first ? kind_word(o) : "");
		text_str(t, words);
		if (s != STANDS)
			text_fmt(t, "   <- %s", standing_word(s));
		text_str(t, "\n");
		if (is_bad(s))
			*k->drift = true;
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
	struct text *t = &k->ss->out;
	char own[ADDR_TEXT] = "";

	if (addr_given(&c->key.own))
		addr_print(own, &c->key.own);
	text_fmt(t, "%s %s%s%s: %s\n", c->key.label,
	    addr_family_name(c->key.family), own[0] ? " " : "", own,
	    state_of(c, in));
	if (c->error) {
		text_fmt(t, "    %-10s %s\n", "why", c->error);
		*k->drift = true;
	}
	if (c->waits)
		text_fmt(t, "    %-10s %s\n", "waits", c->waits);
	if (has_refused(c))
		*k->drift = true;
	show_options(t, c);
	if (c->table_name[0])
		text_fmt(t, "    %-10s %s is number %u\n", "table",
		    c->table_name, c->table);
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		show_objects(k, c, in, order[i]);
}

static void
json_objects(struct showing *k, const struct claim *c,
    const struct inspection *in, enum object_kind kind, const char *key)
{
	struct text *t = &k->ss->out;
	bool first = true;

	text_fmt(t, ",\"%s\":[", key);
	for (size_t i = 0; i < c->objects.count; i++) {
		const struct object *o = &c->objects.at[i];
		enum standing s;

		if (o->kind != kind)
			continue;
		s = inspection_of(in, o);
		text_str(t, first ? "{" : ",{");
		first = false;
		if (kind == OBJECT_RULE)
			json_rule(t, &o->rule, &k->ss->names);
		else if (kind == OBJECT_SYSCTL)
			text_fmt(t, "\"path\":\"net/%s\",\"value\":\"%s\","
			    "\"was\":\"%s\"", o->sysctl.path, o->sysctl.want,
			    o->sysctl.was);
		else
			json_route(t, &o->route, &k->ss->names);
		if (kind == OBJECT_HOP)
			text_fmt(t, ",\"weight\":%u", o->weight);
		text_fmt(t, ",\"standing\":\"%s\"}", standing_word(s));
		if (is_bad(s))
			*k->drift = true;
	}
	text_str(t, "]");
}

static void
json_options(struct text *t, const struct claim *c)
{
	text_str(t, ",\"options\":[");
	for (size_t i = 0; i < c->settings.count; i++) {
		text_fmt(t, "%s{\"%s\":", i ? "," : "",
		    keys[c->settings.at[i].key].name);
		json_string(t, c->settings.at[i].value);
		if (c->settings.at[i].where) {
			text_str(t, ",\"where\":");
			json_string(t, c->settings.at[i].where);
		}
		if (c->settings.at[i].refused) {
			text_str(t, ",\"refused\":");
			json_string(t, or_dash(c->settings.at[i].why));
		}
		text_str(t, "}");
	}
	text_str(t, "]");
}

static void
json_claim(struct showing *k, const struct claim *c,
    const struct inspection *in)
{
	struct text *t = &k->ss->out;
	const char *state = state_of(c, in);
	char own[ADDR_TEXT];

	text_str(t, k->items++ ? ",{\"ifname\":" : "{\"ifname\":");
	json_string(t, c->device);
	text_str(t, ",\"label\":");
	json_string(t, c->key.label);
	text_fmt(t, ",\"family\":\"%s\"", addr_family_name(c->key.family));
	if (addr_given(&c->key.own))
		text_fmt(t, ",\"address\":\"%s\"",
		    addr_print(own, &c->key.own));
	text_fmt(t, ",\"state\":\"%.*s\"", (int)strcspn(state, ","), state);
	if (c->error) {
		*k->drift = true;
		text_str(t, ",\"error\":");
		json_string(t, c->error);
	}
	if (c->waits) {
		text_str(t, ",\"waits\":");
		json_string(t, c->waits);
	}
	if (c->table) {
		text_fmt(t, ",\"table_id\":%u", c->table);
		if (c->table_name[0])
			text_fmt(t, ",\"table\":\"%s\"", c->table_name);
	}
	if (has_refused(c))
		*k->drift = true;
	json_options(t, c);
	json_objects(k, c, in, OBJECT_RULE, "rules");
	json_objects(k, c, in, OBJECT_ROUTE, "routes");
	json_objects(k, c, in, OBJECT_HOP, "shares");
	json_objects(k, c, in, OBJECT_TAKEN, "taken");
	json_objects(k, c, in, OBJECT_SYSCTL, "sysctls");
	text_str(t, "}");
}

/* One line, or one JSON object, that says what is not as it should be. */
static void
finding(struct showing *k, const struct claim *c, const char *what,
    const char *kind, const char *words)
{
	struct text *t = &k->ss->out;
	const char *who = c ? c->key.label : "no interface";
	const char *family = c ? addr_family_name(c->key.family) : "";

	*k->drift = true;
	if (!k->scope->json) {
		text_fmt(t, "%s%s%s: %s %s: ", who, c ? " " : "", family, what,
		    kind);
		text_str(t, words);
		text_str(t, "\n");
		return;
	}
	text_str(t, k->items++ ? ",{\"label\":" : "{\"label\":");
	json_string(t, who);
	text_fmt(t, ",\"family\":\"%s\",\"finding\":\"%s\",\"kind\":\"%s\","
	    "\"text\":", family, what, kind);
	json_string(t, words);
	text_str(t, "}");
}

static void
check_lines(struct showing *k, const struct claim *c)
{
	for (size_t i = 0; i < c->settings.count; i++) {
		const struct setting *s = &c->settings.at[i];
		struct text line = { 0 };

		if (!s->refused)
			continue;
		text_fmt(&line, "%s ", or_dash(s->where));
		text_str(&line, s->value);
		text_fmt(&line, " (%s)", or_dash(s->why));
		finding(k, c, "refused", "line", line.failed ? s->value :
		    line.at);
		text_fini(&line);
	}
}

static void
check_claim(struct showing *k, const struct claim *c,
    const struct inspection *in)
{
	char words[WORDS_TEXT];

	if (c->error)
		finding(k, c, "failed", "request", c->error);
	check_lines(k, c);
	for (size_t i = 0; i < c->objects.count; i++) {
		enum standing s = inspection_of(in, &c->objects.at[i]);

		if (!is_bad(s))
			continue;
		words_of(words, &c->objects.at[i], &k->ss->names);
		finding(k, c, standing_word(s),
		    kind_word(&c->objects.at[i]), words);
	}
}

static bool
is_meant(const struct claim *c, const struct scope *scope)
{
	const char *label = scope->label;

	if (!(scope->families & addr_family_bit(c->key.family)))
		return false;
	return !label || !strcmp(c->key.label, label) ||
	    !strcmp(c->device, label);
}

/* Whether an earlier claim was of the same device: it has been walked then. */
static bool
seen(const struct claims *all, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (!strcmp(all->at[i].device, all->at[at].device))
			return true;
	return false;
}

static int
walk(struct showing *k, struct fault *f)
{
	struct claims *all = &k->ss->record.claims;
	struct inspection in;
	int err = 0;

	for (size_t i = 0; i < all->count && !err; i++) {
		if (seen(all, i))
			continue;
		err = inspect(&in, k->ss, all->at[i].device, f);
		for (size_t j = i; j < all->count && !err; j++)
			if (!strcmp(all->at[j].device, all->at[i].device) &&
			    is_meant(&all->at[j], k->scope))
				k->claim(k, &all->at[j], &in);
		inspection_fini(&in);
	}
	return err;
}

/* A run that holds the lock right now is no drift, but cannot be told from one
 * that was killed; both are gone with the next run. */
static int
check_rest(struct showing *k, struct fault *f)
{
	struct objects unclaimed = { 0 };
	char words[WORDS_TEXT];
	int err;

	for (size_t i = 0; i < k->ss->record.next.count; i++)
		finding(k, &k->ss->record.next.at[i], "interrupted", "run",
		    "the next run ends it; or now: ifpolicy refresh");
	if (k->scope->label)
		return 0;
	err = inspect_unclaimed(&unclaimed, k->ss, f);
	for (size_t i = 0; i < unclaimed.count && !err; i++) {
		words_of(words, &unclaimed.at[i], &k->ss->names);
		finding(k, NULL, "unclaimed",
		    kind_word(&unclaimed.at[i]), words);
	}
	objects_fini(&unclaimed);
	return err;
}

static int
report(struct showing *k, int (*rest)(struct showing *, struct fault *),
    struct fault *f)
{
	struct text *t = &k->ss->out;
	int err;

	*k->drift = false;
	err = record_read(&k->ss->record, f);
	if (err)
		return err;
	if (k->scope->json)
		text_str(t, "[");
	err = walk(k, f);
	if (!err && rest)
		err = rest(k, f);
	if (k->scope->json)
		text_str(t, "]\n");
	return err;
}

int
show(struct session *ss, const struct scope *scope, bool *drift,
    struct fault *f)
{
	struct showing k = {
		.ss = ss, .scope = scope, .drift = drift,
		.claim = scope->json ? json_claim : show_claim,
	};

	return report(&k, NULL, f);
}

int
check(struct session *ss, const struct scope *scope, bool *drift,
    struct fault *f)
{
	struct showing k = {
		.ss = ss, .scope = scope, .drift = drift,
		.claim = check_claim,
	};

	return report(&k, check_rest, f);
}
