/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: a shell's command line as simple commands; read, never run. */
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "shell-word.h"

/* Understood is what people write behind "up": simple commands with quotes and
 * redirections, joined by ";", "&&", "||" and "|".  Anything that branches,
 * loops, expands or groups is for a shell alone. */

static const char *const reserved[] = {
	"if", "then", "else", "elif", "fi", "for", "while", "until", "do",
	"done", "case", "esac", "in", "function", "{", "}", "[[", "select",
};

static bool
is_reserved(const char *word)
{
	for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++)
		if (!strcmp(reserved[i], word))
			return true;
	return false;
}

static void
odd(struct command_line *l, const char *why)
{
	if (!l->why)
		l->why = why;
}

static void
command_fini(struct command *c)
{
	for (size_t i = 0; i < c->count; i++)
		free(c->word[i]);
	free(c->word);
	free(c->file);
	memset(c, 0, sizeof(*c));
}

void
command_line_fini(struct command_line *l)
{
	for (size_t i = 0; i < l->count; i++)
		command_fini(&l->at[i]);
	l->count = 0;
}

/* A word that is known.  False without memory. */
static bool
take_word(char **word, struct command_line *l, struct lex *x)
{
	struct word w;

	*word = NULL;
	if (!shell_read_word(x, &w)) {
		odd(l, "has a quote or bracket that is not closed");
		/* What follows is inside of it. */
		x->at += strlen(x->at);
		*word = strdup("");
	} else {
		if (w.unknown)
			odd(l, "has a \"$\" or a \"`\" that only a shell could "
			    "follow");
		else if (w.magic && strcmp(w.text.at, "["))
			odd(l, "has a pattern that only a shell could expand");
		*word = strdup(w.text.at ? w.text.at : "");
	}
	text_fini(&w.text);
	return *word != NULL;
}

/* Behind ">" or ">>".  What goes to standard error or /dev/null is lost to
 * nobody. */
static bool
redirection(struct command *c, struct command_line *l, struct lex *x,
    bool output)
{
	bool appends = x->at[0] == '>' && x->at[1] == '>';
	char *to;

	if (*x->at == '<')
		odd(l, "reads from a file");
	x->at += appends ? 2 : 1;
	if (*x->at == '&') {
		x->at++;
		x->at += strspn(x->at, "0123456789-");
		return true;
	}
	if (*x->at == '|')
		x->at++;
	shell_skip_blanks(x);
	if (shell_is_meta(*x->at)) {
		odd(l, "has a redirection to nothing");
		return true;
	}
	if (!take_word(&to, l, x))
		return false;
	if (!output || !strcmp(to, "/dev/null")) {
		free(to);
		return true;
	}
	if (c->file)
		odd(l, "writes to two files");
	free(c->file);
	c->file = to;
	c->appends = appends;
	return true;
}

/* "2>", "2>&1", "1>" right in front of the redirection. */
static bool
is_numbered(const struct lex *x)
{
	size_t n = strspn(x->at, "0123456789");

	return n > 0 && (x->at[n] == '>' || x->at[n] == '<');
}

static bool
add_word(struct command *c, struct command_line *l, char *word)
{
	if (c->count == COMMAND_WORDS) {
		odd(l, "is too long");
		free(word);
		return true;
	}
	if (!c->word) {
		c->word = calloc(COMMAND_WORDS, sizeof(*c->word));
		if (!c->word) {
			free(word);
			return false;
		}
	}
	c->word[c->count++] = word;
	return true;
}

/* What a ">" here stands for: only "1>" and ">" are output. */
static bool
any_redirection(struct command *c, struct command_line *l, struct lex *x)
{
	bool output = !is_numbered(x) || (x->at[0] == '1' &&
	    x->at[1] == '>');

	x->at += strspn(x->at, "0123456789");
	return redirection(c, l, x, output);
}

/* A comment begins where a word could. */
static void
note_comment(struct command_line *l, const struct lex *x)
{
	const char *at = x->at + strspn(x->at, " \t");

	if (*at == '#' && !l->comment)
		l->comment = at;
}

/* Words up to what ends a command. */
static bool
read_command(struct command *c, struct command_line *l, struct lex *x)
{
	char *word;

	for (;;) {
		note_comment(l, x);
		shell_skip_blanks(x);
		if (is_numbered(x) || *x->at == '>' || *x->at == '<') {
			if (!any_redirection(c, l, x))
				return false;
			continue;
		}
		/* bash's "&> file"; to a plain sh it is "&" and "> file". */
		if (x->at[0] == '&' && x->at[1] == '>') {
			x->at++;
			if (!redirection(c, l, x, true))
				return false;
			continue;
		}
		if (shell_is_meta(*x->at))
			return true;
		if (c->count == 0 && x->at[0] == '!' &&
		    (x->at[1] == ' ' || x->at[1] == '\t')) {
			c->negated = true;
			x->at++;
			continue;
		}
		if (!take_word(&word, l, x))
			return false;
		if (c->count == 0 && is_reserved(word))
			odd(l, "branches, loops or groups");
		if (!add_word(c, l, word))
			return false;
	}
}

static enum command_join
read_join(struct command_line *l, struct lex *x)
{
	char first = *x->at;

	if (first == '\0')
		return JOIN_END;
	shell_pass(x);
	if (first == '(' || first == ')') {
		odd(l, "branches, loops or groups");
		return JOIN_THEN;
	}
	if ((first == '&' || first == '|' || first == ';') && *x->at == first) {
		shell_pass(x);
		if (first == ';')
			odd(l, "branches, loops or groups");
		return first == '&' ? JOIN_AND : first == '|' ? JOIN_OR :
		    JOIN_THEN;
	}
	return first == '|' ? JOIN_PIPE : JOIN_THEN;
}

bool
command_line_read(struct command_line *l, const char *text,
    const char *(*variable)(const void *, const char *, size_t),
    const void *variables)
{
	struct fault ignored;
	struct lex x = { .at = text, .line = 1, .fault = &ignored,
	    .variable = variable, .variables = variables };

	memset(l, 0, sizeof(*l));
	while (*x.at) {
		struct command *c = &l->at[l->count];

		if (l->count == COMMAND_MAX) {
			odd(l, "is too long");
			break;
		}
		memset(c, 0, sizeof(*c));
		l->count++;
		if (!read_command(c, l, &x))
			return false;
		c->join = read_join(l, &x);
		if (c->count == 0 && !c->file && c->join != JOIN_END)
			odd(l, "has an empty command");
		if (c->count == 0 && !c->file && !c->negated) {
			command_fini(c);
			l->count--;
		}
	}
	if (l->why)
		command_line_fini(l);
	return true;
}
