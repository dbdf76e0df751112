/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: assignments of shell-style files; parsed, never evaluated. */
#include <stdlib.h>
#include <string.h>

#include "shell.h"
#include "shell-word.h"

static void
variable_fini(struct shell_variable *v)
{
	free(v->name);
	free(v->value);
	free(v->written);
}

static struct shell_variable *
find(const struct shell *s, const char *name)
{
	for (size_t i = 0; i < s->count; i++)
		if (!strcmp(s->at[i].name, name))
			return &s->at[i];
	return NULL;
}

/* Takes over what v holds, also where it fails. */
static bool
keep(struct shell *s, struct shell_variable *v, struct lex *x)
{
	struct shell_variable *old = find(s, v->name), *at;

	if (old) {
		v->former = old->file == v->file ? old->line : 0;
		variable_fini(old);
		*old = *v;
		return true;
	}
	if (s->count == SHELL_VARIABLES) {
		variable_fini(v);
		return shell_broken(x, v->line, "too many variables");
	}
	/* Grown in powers of two, so the capacity need not be kept. */
	if ((s->count & (s->count - 1)) == 0) {
		at = realloc(s->at, (s->count ? s->count * 2 : 1) *
		    sizeof(*at));
		if (!at) {
			variable_fini(v);
			return shell_broken(x, v->line, "out of memory");
		}
		s->at = at;
	}
	s->at[s->count++] = *v;
	return true;
}

/* The variable that the word w, which ends at x, assigns. */
static bool
assign(struct shell *s, const struct word *w, struct lex *x, unsigned line)
{
	struct shell_variable v = { .line = line, .file = s->files };
	size_t skip = strcspn(w->text.at, "=") + 1;

	v.name = strndup(w->text.at, w->name_len);
	if (w->unknown)
		v.written = strndup(w->value, (size_t)(x->at - w->value));
	else
		v.value = strdup(w->text.at + skip);
	if (v.name && (v.value || v.written))
		return keep(s, &v, x);
	variable_fini(&v);
	return shell_broken(x, line, "out of memory");
}

/* What a command of assignments sets, kept back until it proves to be one:
 * "A=1 command" sets nothing. */
struct command {
	struct shell pending;
	bool odd;
	bool export;
};

/* `export "NAME=value"`, quoted as a whole. */
static bool
quoted_export(struct word *w)
{
	size_t n = shell_name_length(w->text.at, w->text.len);

	if (n == 0 || w->magic || w->unknown || w->text.at[n] != '=')
		return false;
	w->name_len = n;
	return true;
}

/* A word behind `export`.  Braces are expanded there, unlike in a bare
 * assignment. */
static bool
export_word(struct command *c, struct word *w, struct lex *x, unsigned line)
{
	size_t len = w->text.len;

	if (w->name_len > 0) {
		w->unknown |= w->magic;
		return assign(&c->pending, w, x, line);
	}
	if (quoted_export(w))
		return assign(&c->pending, w, x, line);
	if (w->magic || w->unknown || len == 0 ||
	    shell_name_length(w->text.at, len) < len)
		c->odd = true;
	return true;
}

static bool
judge(struct command *c, struct word *w, struct lex *x, unsigned line)
{
	if (c->odd)
		return true;
	if (c->export)
		return export_word(c, w, x, line);
	if (w->name_len > 0)
		return assign(&c->pending, w, x, line);
	if (c->pending.count == 0 && w->plain &&
	    !strcmp(w->text.at, "export"))
		c->export = true;
	else
		c->odd = true;
	return true;
}

/* Words up to the end of a line or a ";". */
static bool
read_command(struct command *c, struct lex *x)
{
	bool ok = true;

	for (shell_skip_blanks(x); ok && *x->at && !strchr("\n;", *x->at);
	    shell_skip_blanks(x)) {
		unsigned line = x->line;
		struct word w;

		if (shell_is_meta(*x->at)) {
			c->odd = true;
			x->at++;
			continue;
		}
		ok = shell_read_word(x, &w) && judge(c, &w, x, line);
		text_fini(&w.text);
	}
	return ok;
}

static void
note_odd(struct shell *s, const char *start, unsigned line)
{
	size_t n = strcspn(start, "\n");

	if (s->odd_count++ > 0)
		return;
	if (n >= sizeof(s->odd))
		n = sizeof(s->odd) - 1;
	memcpy(s->odd, start, n);
	s->odd[n] = '\0';
	s->odd_line = line;
}

/* One command; an empty one, "; ;", is a mistake. */
static bool
take_command(struct shell *s, struct lex *x)
{
	struct command c = { .pending.files = s->files };
	const char *start;
	unsigned line;
	bool ok;

	shell_skip_blanks(x);
	start = x->at;
	line = x->line;
	c.odd = *x->at == ';';
	ok = read_command(&c, x);
	if (ok && c.odd)
		note_odd(s, start, line);
	for (size_t i = 0; i < c.pending.count; i++) {
		struct shell_variable *v = &c.pending.at[i];

		if (!ok || c.odd)
			variable_fini(v);
		else
			ok = keep(s, v, x);
	}
	free(c.pending.at);
	if (ok)
		shell_pass(x);
	return ok;
}

bool
shell_parse(struct shell *s, const char *text, struct fault *f)
{
	struct lex x = { .at = text, .line = 1, .fault = f };

	s->files++;
	s->odd_line = s->odd_count = 0;
	s->odd[0] = '\0';
	while (*x.at)
		if (!take_command(s, &x))
			return false;
	return true;
}

const struct shell_variable *
shell_get(const struct shell *s, const char *name)
{
	return find(s, name);
}

bool
shell_known(const struct shell_variable *v, struct fault *f)
{
	char quoted[QUOTE_TEXT];
	size_t n;

	if (!v->value)
		return fault_set(f, "%u: %s: %s could only be known by "
		    "running a shell; write the value", v->line, v->name,
		    say_quote(quoted, v->written));
	n = strlen(v->value);
	if (n > 0 && v->value[n - 1] == '\r')
		return fault_set(f, "%u: %s: the line ends in CR, as in DOS; "
		    "save the file with UNIX line ends", v->line, v->name);
	return true;
}

void
shell_fini(struct shell *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->count; i++)
		variable_fini(&s->at[i]);
	free(s->at);
	s->at = NULL;
	s->count = 0;
}
