/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: what a hand-written command line does to rules and routes. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "handwritten-read.h"
#include "handwritten.h"
#include "num.h"
#include "text.h"

bool
hand_unsure(struct hand *h, const char *fmt, ...)
{
	char text[FAULT_TEXT];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	free(h->why);
	h->kind = HAND_UNSURE;
	h->why = strdup(text);
	return h->why != NULL;
}

char *
hand_join(const struct command *c, size_t from)
{
	struct text t = { 0 };

	text_str(&t, "");
	for (size_t i = from; i < c->count; i++) {
		text_str(&t, i > from ? " " : "");
		text_str(&t, c->word[i]);
	}
	if (t.failed) {
		text_fini(&t);
		return NULL;
	}
	return t.at;
}

const char *
hand_program(const struct command *c)
{
	const char *slash;

	if (c->count == 0)
		return "";
	slash = strrchr(c->word[0], '/');
	return slash ? slash + 1 : c->word[0];
}

bool
hand_matches(const char *word, const char *keyword)
{
	return *word && !strncmp(word, keyword, strlen(word));
}

static void
hand_fini(struct hand *h)
{
	free(h->words);
	free(h->why);
	memset(h, 0, sizeof(*h));
}

void
hand_list_fini(struct hand_list *l)
{
	if (!l)
		return;
	for (size_t i = 0; i < l->count; i++)
		hand_fini(&l->at[i]);
	free(l->at);
	free(l->comment);
	memset(l, 0, sizeof(*l));
}

bool
hand_table(uint32_t *number, struct hand_context *ctx, const char *word)
{
	char text[TABLE_NAME_MAX + 1];

	if (!names_table(number, ctx->names, word)) {
		if (!names_ok(word))
			return false;
		*number = HAND_TABLE_NEW + (uint32_t)ctx->names->learned;
		if (names_learn_table(ctx->names, word, *number))
			return false;
	}
	if (names_ok(word) && strcmp(names_table_text(text, ctx->spelled,
	    *number), word))
		return names_learn_table(ctx->spelled, word, *number) == 0;
	return true;
}

static const char *
variable(const void *arg, const char *name, size_t len)
{
	const struct hand_context *ctx = arg;

	for (size_t i = 0; i < ctx->variable_count; i++)
		if (strlen(ctx->variable[i].name) == len &&
		    !memcmp(ctx->variable[i].name, name, len))
			return ctx->variable[i].value;
	return NULL;
}

static struct hand *
add(struct hand_list *l)
{
	struct hand *at = realloc(l->at, (l->count + 1) * sizeof(*at));

	if (!at)
		return NULL;
	l->at = at;
	memset(&at[l->count], 0, sizeof(*at));
	return &at[l->count++];
}

/* The next word of a text that is cut at blanks and the shell's signs. */
static bool
next_token(const char **at, const char **token, size_t *len)
{
	static const char signs[] = " \t;&|()`$\"'{}<>";

	*at += strspn(*at, signs);
	*token = *at;
	*len = strcspn(*at, signs);
	*at += *len;
	return *len > 0;
}

static bool
token_ends(const char *token, size_t len, const char *word)
{
	size_t n = strlen(word);

	return len >= n && !memcmp(token + len - n, word, n) &&
	    (len == n || token[len - n - 1] == '/');
}

/* An "ip" in front of a word that rules and routes begin with, or a word of
 * net-tools, or the file of names: what nobody could read may be about
 * routing. */
static bool
mentions_routing(const char *line)
{
	const char *at = line, *token;
	bool ip = false;
	char word[16];
	size_t len;

	while (next_token(&at, &token, &len)) {
		if (token_ends(token, len, "rt_tables") ||
		    token_ends(token, len, "route"))
			return true;
		if (ip && token[0] != '-') {
			snprintf(word, sizeof(word), "%.*s",
			    (int)(len > 15 ? 15 : len), token);
			if (hand_matches(word, "route") ||
			    hand_matches(word, "rule"))
				return true;
			ip = false;
		}
		if (token_ends(token, len, "ip"))
			ip = true;
	}
	return false;
}

/* What does nothing to the network, whatever it says. */
static bool
is_idle(const struct command *c)
{
	static const char *const idle[] = {
		"true", ":", "grep", "egrep", "fgrep", "false", "head",
	};
	const char *program = hand_program(c);

	if (c->file)
		return false;
	for (size_t i = 0; i < sizeof(idle) / sizeof(idle[0]); i++)
		if (!strcmp(program, idle[i]))
			return true;
	/* A message. */
	return !strcmp(program, "echo") || !strcmp(program, "logger");
}

static bool
read_command(struct hand *h, const struct command *c,
    struct hand_context *ctx)
{
	struct command inner = *c;

	/* What root does is the same without these in front. */
	while (inner.count > 1 && inner.word[1][0] != '-' &&
	    (!strcmp(hand_program(&inner), "sudo") ||
	    !strcmp(hand_program(&inner), "exec") ||
	    !strcmp(hand_program(&inner), "command"))) {
		inner.word++;
		inner.count--;
	}
	c = &inner;
	if (is_idle(c)) {
		h->kind = HAND_NOTHING;
		return true;
	}
	return hand_ip(h, c, ctx) && (h->kind != HAND_OTHER ||
	    hand_net_tools(h, c, ctx)) && (h->kind != HAND_OTHER ||
	    hand_setting(h, c, ctx));
}

static bool
changes(const struct hand *h)
{
	return h->kind != HAND_OTHER && h->kind != HAND_NOTHING &&
	    h->kind != HAND_ADDRESS;
}

/* "exit 0" and the like behind "||". */
static bool
is_excuse(const struct command *c, const struct hand *h)
{
	return h->kind == HAND_NOTHING || (c->count == 2 &&
	    !strcmp(c->word[0], "exit") && !strcmp(c->word[1], "0")) ||
	    (c->count == 2 && !strcmp(c->word[0], "return"));
}

/* A "cmd || cmd" of two that do one thing in two ways: "replace || add". */
static bool
is_other_way(const struct hand *a, const struct hand *b)
{
	return a->words && b->words && a->family == b->family &&
	    !strcmp(a->words, b->words) &&
	    (a->kind == HAND_ROUTE_ADD || a->kind == HAND_ROUTE_REPLACE) &&
	    (b->kind == HAND_ROUTE_ADD || b->kind == HAND_ROUTE_REPLACE);
}

/* "ip rule show | grep -q X ||" in front of an add: it is idempotent as it is.
 * True if the command number i may be skipped so. */
static bool
is_question(const struct command_line *l, const struct hand_list *out,
    size_t i)
{
	while (i < l->count && out->at[i].kind == HAND_NOTHING &&
	    l->at[i].join == JOIN_PIPE)
		i++;
	return i + 1 < l->count && out->at[i].kind == HAND_NOTHING &&
	    (l->at[i].join == JOIN_OR ||
	    (l->at[i].join == JOIN_AND && l->at[i].negated));
}

/* How the commands hang together; NULL where each can stand for itself. */
static const char *
judge_joins(const struct command_line *l, struct hand_list *out)
{
	for (size_t i = 0; i < l->count; i++) {
		struct hand *h = &out->at[i], *next = h + 1;

		if (l->at[i].negated && h->kind != HAND_NOTHING)
			return "is turned round by \"!\"";
		switch (l->at[i].join) {
		case JOIN_OR:
			if (is_question(l, out, i))
				break;
			if (i + 1 < l->count && is_excuse(&l->at[i + 1], next))
				next->kind = HAND_NOTHING;
			else if (i + 1 < l->count && is_other_way(h, next))
				next->kind = HAND_NOTHING;
			else
				return "depends on whether another command "
				    "fails";
			h->guarded = true;
			break;
		case JOIN_PIPE:
			if (!is_question(l, out, i))
				return "is part of a pipe";
			break;
		case JOIN_AND:
			if (h->kind == HAND_NOTHING && !l->at[i].negated &&
			    strcmp(hand_program(&l->at[i]), "true"))
				return "depends on what another command finds";
			break;
		default:
			/* Only what comes last makes the line fail. */
			if (i + 1 < l->count)
				h->guarded = true;
		}
	}
	return NULL;
}

/* All of it is one thing that cannot be judged. */
static bool
only_unsure(struct hand_list *out, const char *fmt, const char *why)
{
	char *comment = out->comment;
	struct hand *h;

	out->comment = NULL;
	hand_list_fini(out);
	out->comment = comment;
	h = add(out);
	return h && hand_unsure(h, fmt, why);
}

/* The same for the reason that one of its commands has. */
static bool
only_this(struct hand_list *out, size_t i)
{
	bool refused = out->at[i].refused, guarded = out->at[i].guarded;
	char reason[FAULT_TEXT];

	snprintf(reason, sizeof(reason), "%s", out->at[i].why);
	if (!only_unsure(out, "%s", reason))
		return false;
	out->at[0].refused = refused;
	out->at[0].guarded = guarded;
	return true;
}

static bool
only_other(struct hand_list *out)
{
	hand_list_fini(out);
	return add(out) != NULL;
}

/* Settles what the line is as a whole. */
static bool
judge_line(struct hand_list *out, const struct command_line *l,
    const char *line)
{
	size_t ours = 0, others = 0;
	const char *why = judge_joins(l, out);

	for (size_t i = 0; i < out->count; i++) {
		ours += changes(&out->at[i]);
		others += out->at[i].kind == HAND_OTHER ||
		    out->at[i].kind == HAND_ADDRESS;
	}
	if (ours == 0 && others && mentions_routing(line))
		return only_unsure(out, "%s", "it is a program that may "
		    "change rules or routes");
	if (ours == 0)
		return out->count == 1 && out->at[0].kind == HAND_ADDRESS ?
		    true : only_other(out);
	for (size_t i = 0; i < out->count; i++)
		if (out->at[i].kind == HAND_UNSURE)
			return only_this(out, i);
	if (why)
		return only_unsure(out, "it %s", why);
	return !others || only_unsure(out, "%s", "it does something else as "
	    "well; put that into a line of its own");
}

bool
hand_read_words(struct hand_list *out, bool rule, int family,
    const char *words, struct hand_context *ctx)
{
	struct hand *h = add(out);

	if (!h)
		return false;
	h->family = family;
	h->kind = rule ? HAND_RULE_ADD : HAND_ROUTE_ADD;
	return rule ? hand_rule_words(h, strdup(words), ctx) :
	    hand_route_words(h, strdup(words), ctx);
}

bool
hand_read(struct hand_list *out, const char *line, struct hand_context *ctx)
{
	struct command_line l;
	bool ok;

	ok = command_line_read(&l, line, variable, ctx);
	if (ok && l.why)
		ok = mentions_routing(line) ? only_unsure(out, "it %s", l.why) :
		    only_other(out);
	if (ok && !l.why) {
		if (l.comment)
			out->comment = strdup(l.comment);
		ok = !l.comment || out->comment;
		for (size_t i = 0; ok && i < l.count; i++) {
			struct hand *h = add(out);

			ok = h && read_command(h, &l.at[i], ctx);
		}
		ok = ok && judge_line(out, &l, line);
	}
	command_line_fini(&l);
	return ok;
}
