/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: claims: what one up asked for and the objects it stands for. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "claim.h"

/* Bytes that must reach neither a terminal nor the record. */
static bool
printable(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)s[i] < 0x20 || s[i] == 0x7f)
			return false;
	return true;
}

/* Where a setting goes: a single one replaces its former self, a repeat goes
 * behind those of its key with the same or a lower number. */
static size_t
place(const struct settings *s, enum key_id key, uint32_t number)
{
	size_t i, behind = s->count;

	for (i = 0; i < s->count; i++) {
		if (s->at[i].key != key)
			continue;
		if (!keys[key].repeats || s->at[i].number > number)
			return i;
		behind = i + 1;
	}
	return behind;
}

/* Takes over value and where. */
static bool
insert(struct settings *s, enum key_id key, uint32_t number, char *value,
    char *where)
{
	size_t i = place(s, key, number);
	struct setting *at;

	if (i < s->count && s->at[i].key == key && !keys[key].repeats) {
		free(s->at[i].value);
		free(s->at[i].where);
		free(s->at[i].why);
		s->at[i].why = NULL;
		s->at[i].value = value;
		s->at[i].where = where;
		return true;
	}
	at = realloc(s->at, (s->count + 1) * sizeof(*at));
	if (!at)
		return false;
	s->at = at;
	memmove(at + i + 1, at + i, (s->count - i) * sizeof(*at));
	at[i].key = key;
	at[i].number = number;
	at[i].refused = false;
	at[i].value = value;
	at[i].where = where;
	at[i].why = NULL;
	s->count++;
	return true;
}

/* One line of a value, without the blanks around it and with each run of
 * blanks inside made one (tabs are usual in interfaces files). */
static char *
tidy(const char *line, size_t len)
{
	char *out = malloc(len + 1);
	size_t n = 0;

	if (!out)
		return NULL;
	for (size_t i = 0; i < len; i++) {
		char c = line[i] == '\t' ? ' ' : line[i];

		if (c != ' ' || (n > 0 && out[n - 1] != ' '))
			out[n++] = c;
	}
	if (n > 0 && out[n - 1] == ' ')
		n--;
	out[n] = '\0';
	return out;
}

static bool
add_line(struct settings *s, enum key_id key, uint32_t number,
    const char *where, const char *spelled, const char *line, size_t len,
    struct fault *f)
{
	char quoted[QUOTE_TEXT], cut[QUOTE_TEXT];
	size_t most = where ? LINES_MAX : SETTINGS_MAX;
	char *value, *place = NULL;

	if (len > VALUE_MAX) {
		memcpy(cut, line, sizeof(cut) - 1);
		cut[sizeof(cut) - 1] = '\0';
		return fault_set(f, "%s %s: %zu bytes, the longest allowed "
		    "is %d", spelled, say_quote(quoted, cut), len, VALUE_MAX);
	}
	value = tidy(line, len);
	if (!value)
		return fault_set(f, "%s: out of memory", spelled);
	if (!printable(value, strlen(value))) {
		fault_set(f, "%s %s: has a control character", spelled,
		    say_quote(quoted, value));
		goto bad;
	}
	if (value[0] == '\0') {
		fault_set(f, "%s: needs a value (%s)", spelled,
		    keys[key].value);
		goto bad;
	}
	if (s->count >= most) {
		fault_set(f, "%s %s: more than %zu %s", spelled,
		    say_quote(quoted, value), most,
		    where ? "lines" : "options");
		goto bad;
	}
	if ((!where || (place = strdup(where))) &&
	    insert(s, key, number, value, place))
		return true;
	fault_set(f, "%s: out of memory", spelled);
bad:
	free(value);
	free(place);
	return false;
}

bool
settings_add_line(struct settings *s, enum key_id key, const char *where,
    const char *line, struct fault *f)
{
	char place[WHERE_MAX];

	/* The record sets it in brackets. */
	snprintf(place, sizeof(place), "%s", where);
	for (char *at = place; *at; at++)
		if ((unsigned char)*at < 0x20 || *at == 0x7f || *at == ']')
			*at = '?';
	return add_line(s, key, 0, place, keys[key].name, line, strlen(line),
	    f);
}

void
setting_refuse(struct setting *s, const char *why)
{
	s->refused = true;
	free(s->why);
	s->why = strdup(why);
	for (char *at = s->why; at && *at; at++)
		if ((unsigned char)*at < 0x20 || *at == 0x7f)
			*at = '?';
}

bool
settings_add(struct settings *s, enum spelling spelling, const char *name,
    const char *value, struct fault *f)
{
	char spelled[KEY_SPELLED], near[KEY_SPELLED], cut[KEY_SPELLED - 8];
	char quoted[QUOTE_TEXT];
	enum key_id key;
	uint32_t number;
	size_t n;

	memset(cut, 0, sizeof(cut));
	strncpy(cut, name, sizeof(cut) - 1);
	keys_spell(spelled, spelling, cut);
	if (spelling == SPELL_INTERFACES)
		for (char *c = spelled; *c; c++)
			*c = *c == '_' ? '-' : (char)tolower((unsigned char)*c);
	if (!keys_find(&key, &number, name))
		return fault_set(f, "%s: no such option; the nearest is %s",
		    say_quote(quoted, spelled),
		    keys_spell(near, spelling, keys_nearest(name)));
	for (;;) {
		n = strcspn(value, "\n");
		/* A line that a joined value only seems to have. */
		if (n > 0 || (value[0] == '\0' && !settings_get(s, key)))
			if (!add_line(s, key, number, NULL, spelled, value,
			    n, f))
				return false;
		if (value[n] == '\0')
			return true;
		value += n + 1;
	}
}

const struct setting *
settings_get(const struct settings *s, enum key_id key)
{
	for (size_t i = 0; i < s->count; i++)
		if (s->at[i].key == key)
			return &s->at[i];
	return NULL;
}

static const char *
or_empty(const char *text)
{
	return text ? text : "";
}

bool
settings_equal(const struct settings *a, const struct settings *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (a->at[i].key != b->at[i].key ||
		    a->at[i].number != b->at[i].number ||
		    strcmp(a->at[i].value, b->at[i].value) ||
		    strcmp(or_empty(a->at[i].where), or_empty(b->at[i].where)))
			return false;
	return true;
}

bool
settings_copy(struct settings *to, const struct settings *from)
{
	memset(to, 0, sizeof(*to));
	for (size_t i = 0; i < from->count; i++) {
		const struct setting *at = &from->at[i];
		char *value = strdup(at->value);
		char *where = at->where ? strdup(at->where) : NULL;

		if (!value || (at->where && !where) ||
		    !insert(to, at->key, at->number, value, where)) {
			free(value);
			free(where);
			settings_fini(to);
			return false;
		}
	}
	return true;
}

void
settings_fini(struct settings *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->count; i++) {
		free(s->at[i].value);
		free(s->at[i].where);
		free(s->at[i].why);
	}
	free(s->at);
	s->at = NULL;
	s->count = 0;
}

struct object *
objects_add(struct objects *o)
{
	struct object *at;

	/* Grown in powers of two, so the capacity need not be kept. */
	if ((o->count & (o->count - 1)) == 0) {
		at = realloc(o->at, (o->count ? o->count * 2 : 1) *
		    sizeof(*at));
		if (!at)
			return NULL;
		o->at = at;
	}
	at = &o->at[o->count++];
	memset(at, 0, sizeof(*at));
	return at;
}

bool
objects_put(struct objects *o, const struct object *from)
{
	struct object copy = *from, *at = objects_add(o);

	if (at)
		*at = copy;
	return at != NULL;
}

void
objects_fini(struct objects *o)
{
	if (!o)
		return;
	free(o->at);
	o->at = NULL;
	o->count = 0;
}

bool
object_same(const struct object *a, const struct object *b)
{
	if (a->kind != b->kind)
		return false;
	switch (a->kind) {
	case OBJECT_RULE:
		return rule_same(&a->rule, &b->rule);
	case OBJECT_ROUTE:
		return route_same(&a->route, &b->route);
	case OBJECT_HOP:
		return route_same(&a->route, &b->route) &&
		    a->weight == b->weight;
	case OBJECT_TAKEN:
		return route_same(&a->route, &b->route) &&
		    a->route.protocol == b->route.protocol;
	case OBJECT_SYSCTL:
		return !strcmp(a->sysctl.path, b->sysctl.path) &&
		    !strcmp(a->sysctl.want, b->sysctl.want);
	}
	return false;
}

bool
object_is_route(const struct object *o)
{
	return o->kind == OBJECT_ROUTE || o->kind == OBJECT_TAKEN ||
	    o->kind == OBJECT_HOP;
}

bool
object_is_over(const struct object *o, uint64_t when)
{
	return o->until && when >= o->until;
}

bool
object_same_slot(const struct object *a, const struct object *b)
{
	if (a->kind != b->kind)
		return false;
	if (a->kind == OBJECT_ROUTE)
		return route_same_key(&a->route, &b->route);
	if (a->kind == OBJECT_SYSCTL)
		return !strcmp(a->sysctl.path, b->sysctl.path);
	return object_same(a, b);
}

bool
claim_key_same(const struct claim_key *a, const struct claim_key *b)
{
	return a->family == b->family && a->files == b->files &&
	    !strcmp(a->label, b->label) &&
	    addr_cmp(&a->own, &b->own) == 0;
}

bool
claim_init(struct claim *c, const char *label, int family,
    const struct addr *own)
{
	memset(c, 0, sizeof(*c));
	if (!label_name_ok(label))
		return false;
	strncpy(c->key.label, label, sizeof(c->key.label) - 1);
	memcpy(c->device, c->key.label, sizeof(c->device));
	c->device[strcspn(c->device, ":")] = '\0';
	c->key.family = family;
	if (own)
		c->key.own = *own;
	return true;
}

static bool
set_text(char **at, const char *text)
{
	char *copy = NULL;

	if (text && text[0] && !(copy = strdup(text)))
		return false;
	free(*at);
	*at = copy;
	return true;
}

bool
claim_set_error(struct claim *c, const char *text)
{
	return set_text(&c->error, text);
}

bool
claim_set_waits(struct claim *c, const char *text)
{
	return set_text(&c->waits, text);
}

void
claim_fini(struct claim *c)
{
	if (!c)
		return;
	free(c->error);
	free(c->waits);
	c->error = NULL;
	settings_fini(&c->settings);
	objects_fini(&c->objects);
}
