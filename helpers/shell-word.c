/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: the words of a shell-style file, without their quotes. */
#include <string.h>

#include "shell-word.h"

#define DEPTH_MAX	32	/* quotes within $( ) within quotes ... */

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

bool
shell_is_meta(char c)
{
	return c == '\0' || is_blank(c) || c == '\n' || strchr(";&|()<>", c);
}

static bool
is_name_start(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool
is_name(char c)
{
	return is_name_start(c) || (c >= '0' && c <= '9');
}

size_t
shell_name_length(const char *text, size_t len)
{
	size_t n = 0;

	if (len == 0 || !is_name_start(text[0]))
		return 0;
	while (n < len && is_name(text[n]))
		n++;
	return n;
}

bool
shell_broken(struct lex *x, unsigned line, const char *why)
{
	return fault_set(x->fault, "%u: %s", line, why);
}

static void
put(struct word *w, char c)
{
	if (w)
		text_add(&w->text, &c, 1);
}

void
shell_pass(struct lex *x)
{
	if (*x->at == '\0')
		return;
	if (*x->at == '\n')
		x->line++;
	x->at++;
}

/* Backslash-newline is nothing at all, outside single quotes. */
static bool
joins_lines(const struct lex *x)
{
	return x->at[0] == '\\' && x->at[1] == '\n';
}

/* Up to the closing character; a backslash hides it where `escapes`. */
static bool
skip_to(struct lex *x, char close, bool escapes, const char *what)
{
	unsigned line = x->line;

	for (; *x->at != close; shell_pass(x)) {
		if (*x->at == '\0')
			return shell_broken(x, line, what);
		if (escapes && *x->at == '\\')
			shell_pass(x);
	}
	x->at++;
	return true;
}

static bool
single_quotes(struct lex *x, struct word *w)
{
	const char *start = ++x->at;

	if (!skip_to(x, '\'', false, "a ' that is not closed"))
		return false;
	if (w)
		text_add(&w->text, start, (size_t)(x->at - 1 - start));
	return true;
}

static bool double_quotes(struct lex *x, struct word *w);
static bool expansion(struct lex *x, struct word *w, bool quoted);

/* What begins at x and is no plain character of a command inside $( ). */
static bool
skip_nested(struct lex *x)
{
	switch (*x->at) {
	case '\\':
		x->at++;
		shell_pass(x);
		return true;
	case '\'':
		return single_quotes(x, NULL);
	case '"':
		return double_quotes(x, NULL);
	case '$':
	case '`':
		return expansion(x, NULL, false);
	default:
		shell_pass(x);
		return true;
	}
}

/* From behind the opening character to behind its closing one.  A { inside
 * ${ } does not count. */
static bool
skip_pair(struct lex *x, char open, char close)
{
	unsigned line = x->line, depth = 1;
	bool start = open == '(';	/* of a word: a comment may stand */
	char c;

	while ((c = *x->at) != '\0') {
		if (c == '#' && start) {
			x->at += strcspn(x->at, "\n");
			continue;
		}
		start = open == '(' && shell_is_meta(c);
		if (c == open && open != '{')
			depth++;
		if (c == close && --depth == 0) {
			x->at++;
			return true;
		}
		if (!skip_nested(x))
			return false;
	}
	return shell_broken(x, line, open == '(' ? "a ( that is not closed" :
	    open == '{' ? "a ${ that is not closed" :
	    "a [ that is not closed");
}

static bool
skip_expansion(struct lex *x)
{
	char c = *x->at;

	if (c == '`') {
		x->at++;
		return skip_to(x, '`', true, "a ` that is not closed");
	}
	c = *++x->at;
	if (c == '(' || c == '[') {
		x->at++;
		return skip_pair(x, c, c == '(' ? ')' : ']');
	}
	if (c == '{') {
		x->at++;
		return skip_pair(x, '{', '}');
	}
	if (c == '\'') {
		x->at++;
		return skip_to(x, '\'', true, "a $' that is not closed");
	}
	if (c == '"')
		return double_quotes(x, NULL);
	if (!is_name_start(c)) {
		shell_pass(x);
		return true;
	}
	while (is_name(*x->at))
		x->at++;
	return true;
}

/* $NAME or ${NAME} of which the reader has been told, and which is one word
 * whatever a shell does with it; otherwise nothing is read. */
static bool
known_variable(struct lex *x, struct word *w)
{
	bool braces = x->at[1] == '{';
	const char *name = x->at + (braces ? 2 : 1), *value;
	size_t n = 0;

	if (!w || !x->variable || *x->at != '$')
		return false;
	if (is_name_start(*name))
		while (is_name(name[n]))
			n++;
	if (n == 0 || (braces && name[n] != '}'))
		return false;
	value = x->variable(x->variables, name, n);
	if (!value || *value == '\0' || strpbrk(value, " \t\n*?[\\"))
		return false;
	text_str(&w->text, value);
	x->at = name + n + braces;
	return true;
}

/* A "$" or "`": skipped, the word then is unknown.  A "$" in front of nothing
 * that could be expanded is itself. */
static bool
expansion(struct lex *x, struct word *w, bool quoted)
{
	char next = x->at[1];
	bool ok;

	if (known_variable(x, w))
		return true;
	/* "$\" is "$" and an escape, unless lines are joined there. */
	if (*x->at == '$' && !is_name(next) && (next == '\0' ||
	    !strchr(quoted ? "({[@*#?-$!\\" : "({[@*#?-$!\\'\"", next) ||
	    (next == '\\' && x->at[2] != '\n'))) {
		put(w, *x->at++);
		return true;
	}
	if (w)
		w->unknown = true;
	if (*x->at == '$' && next == '\\') {
		x->at++;
		return true;
	}
	if (++x->depth > DEPTH_MAX)
		return shell_broken(x, x->line, "expansions too deep");
	ok = skip_expansion(x);
	x->depth--;
	return ok;
}

static bool
double_quotes(struct lex *x, struct word *w)
{
	unsigned line = x->line;

	if (++x->depth > DEPTH_MAX)
		return shell_broken(x, line, "quotes too deep");
	for (x->at++; *x->at != '"'; ) {
		if (*x->at == '\0')
			return shell_broken(x, line,
			    "a \" that is not closed");
		if (*x->at == '$' || *x->at == '`') {
			if (!expansion(x, w, true))
				return false;
			continue;
		}
		if (joins_lines(x)) {
			x->at++;
			shell_pass(x);
			continue;
		}
		if (*x->at == '\\' && x->at[1] != '\0' &&
		    strchr("$`\"\\", x->at[1]))
			x->at++;
		put(w, *x->at);
		shell_pass(x);
	}
	x->at++;
	x->depth--;
	return true;
}

static void
backslash(struct lex *x, struct word *w)
{
	x->at++;
	if (*x->at == '\n') {
		shell_pass(x);
	} else if (*x->at) {
		w->plain = false;
		put(w, *x->at++);
	} else {
		put(w, '\\');
	}
}

/* The first "=" behind a name.  A subscript makes no difference: what it sets
 * is unknown, as is what "+=" does. */
static void
equals(struct lex *x, struct word *w)
{
	size_t len = w->text.len, n;

	put(w, '=');
	x->at++;
	if (w->name_len > 0 || !w->plain)
		return;
	n = shell_name_length(w->text.at, len);
	if (n == 0 || (n < len && !(n + 1 == len && w->text.at[n] == '+') &&
	    !(w->text.at[n] == '[' && w->text.at[len - 1] == ']') &&
	    !(w->text.at[n] == '[' && len > n + 2 &&
	    !memcmp(w->text.at + len - 2, "]+", 2))))
		return;
	w->name_len = n;
	w->unknown = n < len;
	w->value = x->at;
}

/* A tilde that a shell may expand: it begins a value, or a part of one. */
static bool
is_tilde(const struct lex *x, const struct word *w)
{
	char before = w->text.len ? w->text.at[w->text.len - 1] : '\0';

	return *x->at == '~' && (before == '\0' || before == '=' ||
	    before == ':');
}

static void
plain_character(struct lex *x, struct word *w)
{
	if (is_tilde(x, w)) {
		w->magic = true;
		if (w->name_len > 0)
			w->unknown = true;
	}
	if (strchr("*?[{", *x->at))
		w->magic = true;
	if (*x->at == '=') {
		equals(x, w);
		return;
	}
	put(w, *x->at++);
}

bool
shell_read_word(struct lex *x, struct word *w)
{
	memset(w, 0, sizeof(*w));
	w->plain = true;
	text_add(&w->text, "", 0);
	for (;;) {
		if (*x->at == '(' && w->name_len > 0 && x->at == w->value) {
			x->at++;
			w->unknown = true;
			if (!skip_pair(x, '(', ')'))
				return false;
			continue;
		}
		if (shell_is_meta(*x->at))
			break;
		if (*x->at == '\\') {
			backslash(x, w);
		} else if (*x->at == '\'') {
			w->plain = false;
			if (!single_quotes(x, w))
				return false;
		} else if (*x->at == '"') {
			w->plain = false;
			if (!double_quotes(x, w))
				return false;
		} else if (*x->at == '$' || *x->at == '`') {
			w->plain = false;
			if (!expansion(x, w, false))
				return false;
		} else {
			plain_character(x, w);
		}
	}
	return w->text.failed ?
	    shell_broken(x, x->line, "out of memory") : true;
}

void
shell_skip_blanks(struct lex *x)
{
	for (;;) {
		while (is_blank(*x->at))
			x->at++;
		if (!joins_lines(x))
			break;
		x->at++;
		shell_pass(x);
	}
	if (*x->at == '#')
		x->at += strcspn(x->at, "\n");
}
