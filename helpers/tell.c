/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: a plan in words: what was done, or what would be. */
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
void
tell_ops(struct text *out, const struct plan *p, struct names *names)
{
	struct text line = { 0 };
	const char *words;

	for (size_t i = 0; i < p->count; i++) {
		const struct op *op = &p->at[i];
		struct object plain;

		if (op->verb == OP_DELETE_RULE && op->twin)
			continue;
		plain = *op->object;
		plain.foreign = false;
		if (plain.kind == OBJECT_TAKEN)
			plain.kind = OBJECT_ROUTE;
		line.len = 0;
		block_object(&line, &plain, names);
		if (line.failed)
			break;
		words = line.at;
		text_str(out, verb_word(op));
		text_str(out, " ");
		if (!strncmp(words, "route add ", 10)) {
			text_str(out, "route ");
			words += 10;
		} else if (!strncmp(words, "rule add ", 9)) {
			text_str(out, "rule ");
			words += 9;
		}
		text_str(out, words);
		text_str(out, "\n");
	}
	text_fini(&line);
}

/* -n: what would be sent, for `ip -batch`; sysctls as comments. */
void
tell_batch(struct text *out, const struct plan *p)
{
	struct text line = { 0 };

	for (size_t i = 0; i < p->count; i++) {
		const struct op *op = &p->at[i];
		struct object plain;
		const char *space;
		bool del = (op->verb == OP_TAKE ||
		    op->verb >= OP_DELETE_RULE) && !op->twin;

		if (op->verb == OP_KEEP || op->verb == OP_FOREIGN)
			continue;
		plain = *op->object;
		plain.foreign = false;
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
		space = strstr(line.at, " add ");
		text_add(out, line.at, (size_t)(space - line.at));
		text_str(out, del ? " del" : op->replaces ? " replace" :
		    " add");
		text_str(out, space + 4);
		text_str(out, "\n");
	}
	text_fini(&line);
}
