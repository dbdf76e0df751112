/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: one finding of a check, for people and as JSON. */
#include <string.h>

#include "check-work.h"
#include "json.h"
#include "page.h"

#define INDENT	15	/* where the text of "    breaks     " begins */

void
check_remedy(struct checking *k, const char *remedy)
{
	if (k->form != CHECK_PEOPLE)
		return;
	text_fmt(&k->ss->out, "    %-10s ", "do");
	page_wrap(&k->ss->out, INDENT, INDENT, remedy);
}

/* What was claimed stands in one line, however long: people look for it with
 * grep.  Sentences are wrapped. */
static void
tell_people(struct checking *k, const struct finding *found)
{
	struct text *t = &k->ss->out;
	const struct claim *c = found->claim;
	size_t start = t->len;

	text_fmt(t, "%s%s%s: %s %s: ", c ? c->key.label : "no interface",
	    c ? " " : "", c ? addr_family_name(c->key.family) : "",
	    found->what, found->kind);
	if (found->breaks) {
		page_wrap(t, t->len - start, 4, found->words);
		text_fmt(t, "    %-10s ", "breaks");
		page_wrap(t, INDENT, INDENT, found->breaks);
	} else {
		text_str(t, found->words);
		text_str(t, "\n");
	}
	if (found->remedy && !found->later)
		check_remedy(k, found->remedy);
}

static void
tell_json(struct checking *k, const struct finding *found)
{
	struct text *t = &k->ss->out;
	const struct claim *c = found->claim;

	text_str(t, k->items ? ",{\"label\":" : "{\"label\":");
	json_string(t, c ? c->key.label : "no interface");
	text_fmt(t, ",\"family\":\"%s\",\"finding\":\"%s\","
	    "\"kind\":\"%s\"", c ? addr_family_name(c->key.family) : "",
	    found->what, found->kind);
	json_member(t, "text", found->words);
	json_member(t, "breaks", found->breaks);
	json_member(t, "do", found->remedy);
	text_str(t, "}");
}

void
check_tell(struct checking *k, const struct finding *found)
{
	if (k->form == CHECK_PEOPLE)
		tell_people(k, found);
	else if (k->form == CHECK_JSON)
		tell_json(k, found);
	k->items++;
}
