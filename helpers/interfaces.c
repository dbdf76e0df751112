/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: a file in the form of interfaces(5) as lines, nothing lost. */
#include <stdlib.h>
#include <string.h>

#include "interfaces.h"
#include "text.h"

/* Where the reading is. */
struct reading {
	struct interfaces *f;
	const char *at;
	size_t physical;	/* number of the line at `at` */
	bool in_stanza;
};

static size_t
blanks(const char *at)
{
	return strspn(at, " \t\r\v\f");
}

/* Room for one more: arrays grow in powers of two. */
static void *
grow(void *at, size_t count, size_t size)
{
	if ((count & (count - 1)) != 0)
		return at;
	return realloc(at, (count ? count * 2 : 1) * size);
}

/* The text of one line, joined, without its end; how many physical ones. */
static size_t
take_line(struct reading *in, struct text *joined, bool joins)
{
	size_t count = 0, n;
	bool more;

	do {
		n = strcspn(in->at, "\n");
		more = joins && n > 0 && in->at[n - 1] == '\\' &&
		    in->at[n] == '\n';
		text_add(joined, in->at, n - more);
		in->at += n + (in->at[n] == '\n');
		count++;
	} while (more && *in->at);
	in->physical += count;
	return count;
}

/* A copy of n bytes without the blanks at its end. */
static char *
copy(const char *at, size_t n)
{
	while (n > 0 && strchr(" \t\r\v\f", at[n - 1]))
		n--;
	return strndup(at, n);
}

/* The word number i of a text, as a copy; "" where there is none. */
static char *
word(const char *text, size_t i)
{
	size_t n;

	for (;; i--) {
		text += blanks(text);
		n = strcspn(text, " \t\r\v\f");
		if (i == 0 || n == 0)
			return strndup(text, n);
		text += n;
	}
}

/* "inherits NAME" among the words. */
static char *
parent(const char *text)
{
	char *w = NULL;

	for (size_t i = 0; ; i++) {
		free(w);
		w = word(text, i);
		if (!w || *w == '\0')
			return w;
		if (!strcmp(w, "inherits")) {
			free(w);
			return word(text, i + 1);
		}
	}
}

static bool
add_stanza(struct interfaces *f, const struct interfaces_line *line)
{
	struct interfaces_stanza *s = grow(f->stanza, f->stanza_count,
	    sizeof(*s));

	if (!s)
		return false;
	f->stanza = s;
	s += f->stanza_count++;
	memset(s, 0, sizeof(*s));
	s->line = f->line_count - 1;
	s->mapping = !strcmp(line->name, "mapping");
	s->is_template = !strcmp(line->name, "template");
	s->name = s->mapping ? strdup("") : word(line->value, 0);
	s->family = word(line->value, s->mapping ? 99 : 1);
	s->method = word(line->value, s->mapping ? 99 : 2);
	s->inherits = s->mapping ? strdup("") : parent(line->value);
	return s->name && s->family && s->method && s->inherits;
}

/* What a line with a first word is. */
static enum interfaces_kind
kind_of(struct reading *in, const char *name)
{
	if (!strcmp(name, "iface") || !strcmp(name, "mapping") ||
	    !strcmp(name, "template")) {
		in->in_stanza = true;
		return INTERFACES_STANZA;
	}
	if (!strcmp(name, "source") || !strcmp(name, "source-directory")) {
		in->in_stanza = false;
		return INTERFACES_SOURCE;
	}
	if (!strcmp(name, "auto") || !strncmp(name, "allow-", 6) ||
	    !strcmp(name, "no-auto-down") || !strcmp(name, "no-scripts") ||
	    !strcmp(name, "rename"))
		in->in_stanza = false;
	return in->in_stanza ? INTERFACES_OPTION : INTERFACES_OTHER;
}

static bool
fill_line(struct reading *in, struct interfaces_line *line)
{
	struct text joined = { 0 };
	const char *at = in->at + blanks(in->at);
	size_t n;

	line->first = in->physical;
	line->indent = (size_t)(at - in->at);
	text_str(&joined, "");
	line->count = take_line(in, &joined, *at != '#');
	at = joined.at ? joined.at + blanks(joined.at) : "";
	line->kind = *at == '#' ? INTERFACES_COMMENT : INTERFACES_EMPTY;
	if (*at && *at != '#' && !joined.failed) {
		n = strcspn(at, " \t\r\v\f");
		line->name = strndup(at, n);
		at += n + blanks(at + n);
		line->value = copy(at, strlen(at));
		joined.failed = !line->name || !line->value;
		if (!joined.failed)
			line->kind = kind_of(in, line->name);
	}
	line->stanza = in->f->stanza_count - (in->f->stanza_count > 0);
	text_fini(&joined);
	return !joined.failed;
}

bool
interfaces_read(struct interfaces *f, const char *text)
{
	struct reading in = { .f = f, .at = text };

	while (*in.at) {
		struct interfaces_line *line = grow(f->line, f->line_count,
		    sizeof(*line));

		if (!line)
			return false;
		f->line = line;
		line += f->line_count++;
		memset(line, 0, sizeof(*line));
		if (!fill_line(&in, line))
			return false;
		if (line->kind == INTERFACES_STANZA && !add_stanza(f, line))
			return false;
	}
	return true;
}

void
interfaces_fini(struct interfaces *f)
{
	if (!f)
		return;
	for (size_t i = 0; i < f->line_count; i++) {
		free(f->line[i].name);
		free(f->line[i].value);
	}
	for (size_t i = 0; i < f->stanza_count; i++) {
		free(f->stanza[i].name);
		free(f->stanza[i].family);
		free(f->stanza[i].method);
		free(f->stanza[i].inherits);
	}
	free(f->line);
	free(f->stanza);
	memset(f, 0, sizeof(*f));
}

const char *
interfaces_option(const struct interfaces *f, size_t stanza, const char *name)
{
	const char *value = NULL;

	for (size_t i = 0; i < f->line_count; i++)
		if (f->line[i].kind == INTERFACES_OPTION &&
		    f->line[i].stanza == stanza &&
		    !strcmp(f->line[i].name, name))
			value = f->line[i].value;
	return value;
}
