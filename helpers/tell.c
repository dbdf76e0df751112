/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: a plan in words: what was done, or what would be. */
#include <sys/socket.h>

#include <string.h>

#include "block.h"
#include "tell.h"

static const char *
verb_word(const struct op *op)
{
	switch (op->verb) {
	case OP_ADD_TABLE_ROUTE:
	case OP_ADD_MAIN_ROUTE:
		return op->replaces ? "replaced" : "added";
	case OP_ADD_RULE:
	case OP_SET_SYSCTL:
	case OP_GIVE_BACK:
		return "added";
	case OP_TAKE:
	case OP_DELETE_RULE:
	case OP_DELETE_MAIN_ROUTE:
	case OP_DELETE_TABLE_ROUTE:
	case OP_RESTORE_SYSCTL:
		return "deleted";
	case OP_FOREIGN:
		return "foreign";
	default:
		return "kept";
	}
}

/* -v: "added rule priority ...", one line an object. */
/* One object in words, "add" left out. */
static void
tell_object(struct text *out, const char *word, const struct object *o,
    struct names *names)
{
	struct object plain = *o;
	struct text line = { 0 };
	const char *words;

	plain.foreign = plain.unplaced = false;
	if (plain.kind == OBJECT_TAKEN)
		plain.kind = OBJECT_ROUTE;
	block_object(&line, &plain, names);
	if (!line.failed) {
		words = line.at;
		text_str(out, word);
		text_str(out, " ");
		if (plain.kind != OBJECT_SYSCTL) {
			text_str(out, plain.kind == OBJECT_RULE ? "rule" :
			    "route");
			words = strstr(words, " add ") + 4;
		}
		text_str(out, words);
		text_str(out, "\n");
	}
	out->failed |= line.failed;
	text_fini(&line);
}

void
tell_ops(struct text *out, const struct plan *p, struct names *names)
{
	for (size_t i = 0; i < p->count; i++) {
		const struct op *op = &p->at[i];
		struct object o = *op->object;

		if (op->verb == OP_DELETE_RULE && op->twin)
			continue;
		/* A delete may be of a copy of the object's rule. */
		if (op->rule)
			o.rule = *op->rule;
		tell_object(out, o.line && o.line->refused ? "failed" :
		    verb_word(op), &o, names);
	}
}

void
tell_failed(struct text *out, const struct object *o, struct names *names)
{
	tell_object(out, "failed", o, names);
}

/* ip(8) takes every rule for IPv4's unless told -6 on its command line. */
static void
tell_family(struct text *out, int *now, int next)
{
	if (*now != next)
		text_fmt(out, "# for ip -%c -batch\n", next == AF_INET6 ?
		    '6' : '4');
	*now = next;
}

void
tell_batch(struct text *out, const struct plan *p)
{
	struct text line = { 0 };
	int family = AF_INET;

	for (size_t i = 0; i < p->count; i++) {
		const struct op *op = &p->at[i];
		struct object plain;
		const char *space;
		bool del = op->verb >= OP_DELETE_RULE && !op->twin;

		if (op->verb == OP_KEEP || op->verb == OP_FOREIGN)
			continue;
		plain = *op->object;
		plain.foreign = plain.unplaced = false;
		if (op->rule)
			plain.rule = *op->rule;
		if (plain.kind == OBJECT_TAKEN)
			plain.kind = OBJECT_ROUTE;
		if (plain.kind == OBJECT_SYSCTL) {
			text_fmt(out, "# sysctl -w net/%s=%s\n",
			    plain.sysctl.path, op->verb == OP_SET_SYSCTL ?
			    plain.sysctl.want : plain.sysctl.was);
			continue;
		}
		line.len = 0;
		block_object(&line, &plain, NULL);
		if (line.failed)
			break;
		tell_family(out, &family, plain.kind == OBJECT_RULE ?
		    plain.rule.family : plain.route.family);
		space = strstr(line.at, " add ");
		text_add(out, line.at, (size_t)(space - line.at));
		text_str(out, del ? " del" : op->replaces ? " replace" :
		    " add");
		text_str(out, space + 4);
		text_str(out, "\n");
	}
	text_fini(&line);
}
