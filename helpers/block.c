/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: one claim as a block of lines of the record, both ways. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "block.h"
#include "words.h"

#define WAY_OUT		"; run: ifpolicy repair"

/* One line's length, its newline not counted. */
static size_t
line_len(const char *at)
{
	const char *end = strchr(at, '\n');

	return end ? (size_t)(end - at) : strlen(at);
}

static bool
read_sysctl(struct object *o, const char *words)
{
	char was[SYSCTL_VALUE] = "";
	int n;

	n = sscanf(words, "%79s %11s was %11s", o->sysctl.path,
	    o->sysctl.want, was);
	/* The path is opened for writing: it must be one we would build. */
	if (n < 2 || strstr(o->sysctl.path, "..") ||
	    (strncmp(o->sysctl.path, "ipv4/conf/", 10) &&
	    strncmp(o->sysctl.path, "ipv6/conf/", 10)))
		return false;
	memcpy(o->sysctl.was, was, sizeof(was));
	o->kind = OBJECT_SYSCTL;
	return true;
}

/* The rest of the line behind a word that may stand in front. */
static const char *
past(const char *line, const char *word, bool *was)
{
	size_t n = strlen(word);

	*was = !strncmp(line, word, n);
	return line + (*was ? n : 0);
}

/* A number and a blank; the line itself if there is none. */
static const char *
past_until(const char *line, uint64_t *until)
{
	char *end;

	*until = strtoull(line, &end, 10);
	return *end == ' ' ? end + 1 : line;
}

static bool
past_weight(const char **line, uint16_t *weight)
{
	char *end;
	unsigned long v = strtoul(*line, &end, 10);

	*weight = (uint16_t)v;
	*line = end + (*end == ' ');
	return v >= 1 && v <= 256 && *end == ' ';
}

/* "foreign", "unplaced" or "taken" may stand before an object's words. */
static bool
read_object(struct claim *c, const char *line, struct names *names,
    struct fault *f)
{
	struct object *o = objects_add(&c->objects);
	bool taken, shared;

	if (!o)
		return fault_set(f, "out of memory");
	o->key = KEY_COUNT;
	o->from_file = c->key.files;
	line = past(line, "foreign ", &o->foreign);
	line = past(line, "unplaced ", &o->unplaced);
	line = past(line, "shared ", &shared);
	if (shared && !past_weight(&line, &o->weight))
		return fault_set(f, "no weight");
	line = past(line, "taken ", &taken);
	if (taken && !strncmp(line, "until ", 6))
		line = past_until(line + 6, &o->until);
	if (!strncmp(line, "route add ", 10)) {
		o->kind = shared ? OBJECT_HOP : taken ? OBJECT_TAKEN :
		    OBJECT_ROUTE;
		if (!words_parse_route(&o->route, c->key.family, names,
		    line + 10, f))
			return false;
		route_normalize(&o->route);
		return true;
	}
	if (!strncmp(line, "rule add ", 9)) {
		o->kind = OBJECT_RULE;
		if (!words_parse_rule(&o->rule, c->key.family,
		    WORDS_HOST_BITS, names, line + 9, f))
			return false;
		rule_normalize(&o->rule);
		return true;
	}
	if (!strncmp(line, "sysctl ", 7) && read_sysctl(o, line + 7))
		return true;
	return fault_set(f, "no object");
}

/* "route [route-eth0:3] default via ...": where it stands in its file, too. */
static bool
read_file_line(struct claim *c, const char *name, char *words,
    struct fault *f)
{
	char *end = strchr(words, ']');
	uint32_t number;
	enum key_id key;

	if (words[0] != '[' || !end || end[1] != ' ' ||
	    !keys_find(&key, &number, name))
		return fault_set(f, "no line of a file");
	*end = '\0';
	return settings_add_line(&c->settings, key, words + 1, end + 2, f);
}

static bool
read_setting(struct claim *c, char *words, struct fault *f)
{
	size_t n = strcspn(words, " ");

	if (words[n] != ' ')
		return fault_set(f, "no value");
	words[n] = '\0';
	if (c->key.files)
		return read_file_line(c, words, words + n + 1, f);
	return settings_add(&c->settings, SPELL_COMMAND, words, words + n + 1,
	    f);
}

/* Words that stand alone. */
static bool
read_mark(struct claim *c, const char *line)
{
	if (!strcmp(line, "static"))
		return c->is_static = true;
	if (!strcmp(line, "lenient"))
		return c->lenient = true;
	if (!strcmp(line, "conf"))
		return c->conf = true;
	if (!strcmp(line, "spelling policy-"))
		c->spelling = SPELL_INTERFACES;
	else if (!strcmp(line, "spelling POLICY_"))
		c->spelling = SPELL_SHELL;
	else
		return false;
	return true;
}

static bool
read_gateway(struct addr *a, const struct claim *c, const char *text,
    struct fault *f)
{
	return addr_parse(a, c->key.family, text) ||
	    fault_set(f, "no address");
}

static bool
read_line(struct claim *c, char *line, struct names *names, struct fault *f)
{
	if (!strncmp(line, "set ", 4))
		return read_setting(c, line + 4, f);
	if (!strncmp(line, "refused ", 8) && c->settings.count) {
		setting_refuse(&c->settings.at[c->settings.count - 1],
		    line + 8);
		return true;
	}
	if (!strncmp(line, "error ", 6))
		return claim_set_error(c, line + 6) ||
		    fault_set(f, "out of memory");
	if (!strncmp(line, "waits ", 6))
		return claim_set_waits(c, line + 6) ||
		    fault_set(f, "out of memory");
	if (!strncmp(line, "table ", 6))
		return sscanf(line + 6, "%u %31s", &c->table,
		    c->table_name) >= 1 || fault_set(f, "no number");
	if (!strncmp(line, "router ", 7))
		return read_gateway(&c->router, c, line + 7, f);
	if (!strncmp(line, "via ", 4))
		return read_gateway(&c->via, c, line + 4, f);
	return read_mark(c, line) || read_object(c, line, names, f);
}

int
block_parse(struct claim *c, struct names *names, struct fault *f)
{
	char line[VALUE_MAX + FAULT_TEXT];
	const char *at = c->text, *end = at ? at + c->text_len : at;
	char quoted[QUOTE_TEXT], why[200];
	size_t n;

	if (c->parsed)
		return 0;
	for (; at < end; at += n + 1) {
		n = line_len(at);
		if (n < sizeof(line)) {
			memcpy(line, at, n);
			line[n] = '\0';
			if (read_line(c, line, names, f))
				continue;
			memcpy(line, at, n);
			line[n] = '\0';
		} else {
			snprintf(line, sizeof(line), "%.80s", at);
			fault_set(f, "too long");
		}
		if (strstr(f->text, "out of memory"))
			return -ENOMEM;
		snprintf(why, sizeof(why), "%.190s", f->text);
		fault_set(f, "the record of %s has a line it should not "
		    "have, %s (%s)" WAY_OUT, c->key.label,
		    say_quote(quoted, line), why);
		return -EBADMSG;
	}
	c->parsed = true;
	return 0;
}

void
block_object(struct text *t, const struct object *o,
    struct names *names)
{
	char buf[WORDS_TEXT];

	if (o->foreign)
		text_str(t, "foreign ");
	if (o->unplaced)
		text_str(t, "unplaced ");
	switch (o->kind) {
	case OBJECT_HOP:
		text_fmt(t, "shared %u route add ", o->weight);
		text_str(t, words_print_route(buf, &o->route, names));
		break;
	case OBJECT_TAKEN:
		text_str(t, "taken ");
		if (o->until)
			text_fmt(t, "until %" PRIu64 " ", o->until);
		/* FALLTHROUGH */
	case OBJECT_ROUTE:
		text_str(t, "route add ");
		text_str(t, words_print_route(buf, &o->route, names));
		break;
	case OBJECT_RULE:
		text_str(t, "rule add ");
		text_str(t, words_print_rule(buf, &o->rule, names));
		break;
	case OBJECT_SYSCTL:
		text_fmt(t, "sysctl %s %s%s%s", o->sysctl.path, o->sysctl.want,
		    o->sysctl.was[0] ? " was " : "", o->sysctl.was);
		break;
	}
}

void
block_print(struct text *t, const struct claim *c, const char *kind)
{
	char own[ADDR_TEXT] = "-";

	if (c->key.files)
		memcpy(own, "files", sizeof("files"));
	else if (addr_given(&c->key.own))
		addr_print(own, &c->key.own);
	text_fmt(t, "%s %s %s %s\n", kind, c->key.label,
	    addr_family_name(c->key.family), own);
	if (c->dropped)
		return;
	if (!c->parsed) {
		text_add(t, c->text, c->text_len);
		text_str(t, "end\n");
		return;
	}
	if (c->spelling != SPELL_COMMAND)
		text_fmt(t, "spelling %s\n", c->spelling == SPELL_SHELL ?
		    "POLICY_" : "policy-");
	if (c->is_static)
		text_str(t, "static\n");
	if (c->lenient)
		text_str(t, "lenient\n");
	if (c->conf)
		text_str(t, "conf\n");
	if (addr_given(&c->router))
		text_fmt(t, "router %s\n", addr_print(own, &c->router));
	if (addr_given(&c->via))
		text_fmt(t, "via %s\n", addr_print(own, &c->via));
	if (c->table)
		text_fmt(t, "table %u %s\n", c->table, c->table_name);
	if (c->error)
		text_fmt(t, "error %s\n", c->error);
	if (c->waits)
		text_fmt(t, "waits %s\n", c->waits);
	for (size_t i = 0; i < c->settings.count; i++) {
		const struct setting *s = &c->settings.at[i];

		text_fmt(t, s->number ? "set %s%u " : "set %s ",
		    keys[s->key].name, s->number);
		if (s->where)
			text_fmt(t, "[%s] ", s->where);
		text_str(t, s->value);
		text_str(t, "\n");
		if (s->refused)
			text_fmt(t, "refused %s\n", s->why ? s->why : "-");
	}
	for (size_t i = 0; i < c->objects.count; i++) {
		/* The kernel did not take it. */
		if (c->objects.at[i].line && c->objects.at[i].line->refused)
			continue;
		block_object(t, &c->objects.at[i], NULL);
		text_str(t, "\n");
	}
	text_str(t, "end\n");
}
