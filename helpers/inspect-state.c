/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: a claim as a whole, and its objects in words. */
#include <stdio.h>
#include <string.h>

#include "block.h"
#include "inspect.h"
#include "words.h"

bool
standing_is_bad(enum standing s)
{
	return s == MISSING || s == CHANGED;
}

bool
inspect_has_refused(const struct claim *c)
{
	for (size_t i = 0; i < c->settings.count; i++)
		if (c->settings.at[i].refused)
			return true;
	return false;
}

enum claim_state
inspect_state(const struct claim *c, const struct inspection *in)
{
	if (c->error)
		return STATE_FAILED;
	if (inspect_has_refused(c))
		return c->objects.count ? STATE_IN_PART : STATE_FAILED;
	if (c->waits && c->objects.count == 0)
		return STATE_WAITING;
	for (size_t i = 0; i < c->objects.count; i++)
		if (standing_is_bad(inspection_of(in, &c->objects.at[i])))
			return STATE_DRIFTED;
	if (c->waits)
		return STATE_IN_PART;
	return link_is_up(&in->now.link) && !link_has_carrier(&in->now.link) ?
	    STATE_LINKDOWN : STATE_UP;
}

const char *
inspect_state_word(enum claim_state s)
{
	static const char *const words[] = {
		[STATE_UP] = "up", [STATE_LINKDOWN] = "linkdown",
		[STATE_WAITING] = "waiting", [STATE_IN_PART] = "in part",
		[STATE_DRIFTED] = "drifted", [STATE_FAILED] = "failed",
	};

	return words[s];
}

void
inspect_words(char *buf, const struct object *from, struct names *names)
{
	struct object copy = *from, *o = &copy;

	if (o->kind == OBJECT_RULE) {
		if (o->rule.protocol == PROTO_IFPOLICY)
			o->rule.protocol = 0;
		words_print_rule(buf, &o->rule, names);
	} else if (o->kind == OBJECT_SYSCTL) {
		snprintf(buf, WORDS_TEXT, "%s = %s%s%s%s", o->sysctl.path,
		    o->sysctl.want, o->sysctl.was[0] ? " (was " : "",
		    o->sysctl.was, o->sysctl.was[0] ? ")" : "");
	} else {
		if (o->kind != OBJECT_TAKEN &&
		    o->route.protocol == PROTO_IFPOLICY)
			o->route.protocol = 0;
		words_print_route(buf, &o->route, names);
		if (o->kind == OBJECT_HOP)
			snprintf(buf + strlen(buf), WORDS_TEXT - strlen(buf),
			    " weight %u", o->weight);
	}
}

const char *
inspect_kind_word(enum object_kind kind)
{
	static const char *const words[] = {
		[OBJECT_ROUTE] = "route", [OBJECT_RULE] = "rule",
		[OBJECT_SYSCTL] = "sysctl", [OBJECT_TAKEN] = "taken out",
		[OBJECT_HOP] = "share",
	};

	return words[kind];
}

bool
inspect_is_meant(const struct claim *c, const struct scope *scope)
{
	const char *label = scope->label;

	if (!(scope->families & addr_family_bit(c->key.family)))
		return false;
	return !label || !strcmp(c->key.label, label) ||
	    !strcmp(c->device, label);
}

int
inspect_read(struct session *ss, struct fault *f)
{
	struct claims *all = &ss->record.claims;
	int err = record_read(&ss->record, f);

	for (size_t i = 0; i < all->count && !err; i++)
		err = block_parse(&all->at[i], &ss->names, f);
	return err;
}

/* Whether an earlier claim was of the same device: it has been walked then. */
static bool
seen(const struct claims *all, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (!strcmp(all->at[i].device, all->at[at].device))
			return true;
	return false;
}

static bool
any_meant(const struct claims *all, size_t from, const struct scope *scope)
{
	for (size_t i = from; i < all->count; i++)
		if (!strcmp(all->at[i].device, all->at[from].device) &&
		    inspect_is_meant(&all->at[i], scope))
			return true;
	return false;
}

int
inspect_each(struct session *ss, const struct scope *scope,
    void (*each)(void *, const struct claim *, const struct inspection *),
    void *arg, struct fault *f)
{
	struct claims *all = &ss->record.claims;
	struct inspection in;
	int err = 0;

	for (size_t i = 0; i < all->count && !err; i++) {
		if (seen(all, i) || !any_meant(all, i, scope))
			continue;
		err = inspect(&in, ss, all->at[i].device, f);
		for (size_t j = i; j < all->count && !err; j++)
			if (!strcmp(all->at[j].device, all->at[i].device) &&
			    inspect_is_meant(&all->at[j], scope))
				each(arg, &all->at[j], &in);
		inspection_fini(&in);
	}
	return err;
}
