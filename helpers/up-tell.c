/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: what an up could not do, in words for people and for the record. */
#include <stdio.h>
#include <string.h>

#include "block.h"
#include "cover.h"
#include "up-work.h"

const struct claim *
up_holder(const struct upping *u, const struct object *o)
{
	for (size_t i = 0; i < u->count; i++)
		for (size_t j = 0; j < u->claims[i].objects.count; j++)
			if (o == &u->claims[i].objects.at[j])
				return &u->claims[i];
	return &u->claims[0];
}

/* An option's value as written, or what stands for it. */
void
up_name_option(struct upping *u, const struct claim *c, enum key_id key,
    const char *said)
{
	char spelled[KEY_SPELLED], quoted[QUOTE_TEXT];

	if (key < KEY_COUNT && said)
		fault_before(u->f, "%s %s: ", keys_spell(spelled, c->spelling,
		    keys[key].name), say_quote(quoted, said));
	else if (key < KEY_COUNT)
		fault_before(u->f, "%s: ", keys_spell(spelled, c->spelling,
		    keys[key].name));
}

static bool
is_about_source(const struct obstacle *what)
{
	return object_is_route(what->object) &&
	    addr_given(&what->object->route.prefsrc) &&
	    (strstr(what->text, "prefsrc") ||
	    strstr(what->text, "source address"));
}

/* A refused default is its gateway's fault, or its source's. */
static enum key_id
culprit(const struct obstacle *what)
{
	const struct object *o = what->object;

	if (!object_is_route(o) || o->key == KEY_ROUTE)
		return o->key;
	if (is_about_source(what))
		return KEY_SOURCE;
	return o->route.hop_count && addr_given(&o->route.hop[0].via) ?
	    KEY_GATEWAY : o->key;
}

/* What, where, why, what to do about an object that the kernel refused. */
void
up_explain(struct upping *u, const struct obstacle *what)
{
	const struct object *o = what->object;
	const struct claim *c = up_holder(u, o);
	enum key_id key = culprit(what);
	const struct setting *s = key == o->key || key == KEY_COUNT ? NULL :
	    settings_get(&c->settings, key);
	const char *words = what->text[0] ? what->text :
	    strerror(-what->error);
	char subnets[FAULT_TEXT / 2], via[ADDR_TEXT];

	if (key == KEY_SOURCE)
		fault_set(u->f, "%s is no address of this machine; kernel: "
		    "%s; give one that is", addr_print(via,
		    &o->route.prefsrc), words);
	else if (key == KEY_GATEWAY && u->offlink)
		fault_set(u->f, "not on any subnet of %s (%s); kernel: %s; "
		    "correct it, or add \"onlink\" if it is meant", c->device,
		    cover_text(subnets, &u->now, c->key.family), words);
	else if (o->kind == OBJECT_SYSCTL)
		fault_set(u->f, "cannot write %s: %s", o->sysctl.path, words);
	else
		fault_set(u->f, "refused; kernel: %s; correct it", words);
	up_name_option(u, c, key, s ? s->value : key == o->key ? o->said :
	    key == KEY_GATEWAY ? addr_print(via, &o->route.hop[0].via) :
	    NULL);
}

/* The record says that already. */
static bool
is_remembered(const struct claim *at, const struct claim *c,
    const char *text, bool with_settings)
{
	return at && at->error && !strcmp(at->error, text) &&
	    (!with_settings || (settings_equal(&at->settings, &c->settings) &&
	    at->is_static == c->is_static && at->lenient == c->lenient &&
	    at->conf == c->conf && addr_cmp(&at->router, &c->router) == 0));
}

void
up_remember_failure(struct upping *u, bool with_settings)
{
	struct claims *have = &u->ss->record.claims;
	struct fault ignored;
	bool news = false;

	/* What fails on trial leaves nothing. */
	if (u->ss->dry || u->ss->tries.id)
		return;
	for (size_t i = 0; i < u->count; i++) {
		struct claim *c = &u->claims[i], fresh = { 0 };
		struct claim *at = claims_find(have, &c->key);

		if (at && block_parse(at, &u->ss->names, &ignored))
			return;
		if (is_remembered(at, c, u->f->text, with_settings))
			continue;
		news = true;
		if (!at) {
			fresh.key = c->key;
			fresh.spelling = c->spelling;
			fresh.conf = c->conf;
			memcpy(fresh.device, c->device, sizeof(fresh.device));
			fresh.parsed = true;
			if (!claims_put(have, &fresh))
				return;
			at = &have->at[have->count - 1];
		}
		if (with_settings) {
			settings_fini(&at->settings);
			if (!settings_copy(&at->settings, &c->settings))
				return;
			at->is_static = c->is_static;
			at->lenient = c->lenient;
			at->conf = c->conf;
			at->router = c->router;
		}
		if (!claim_set_error(at, u->f->text))
			return;
	}
	if (news)
		(void)record_write(&u->ss->record, &ignored);
}

bool
up_tell_refused(const struct session *ss, const char *label)
{
	const struct claims *have = &ss->record.claims;
	char quoted[QUOTE_TEXT];
	bool any = false;

	for (size_t i = 0; i < have->count; i++) {
		const struct claim *c = &have->at[i];

		if (!c->key.files || !c->parsed || strcmp(c->key.label, label))
			continue;
		for (size_t j = 0; j < c->settings.count; j++) {
			const struct setting *s = &c->settings.at[j];

			if (!s->refused)
				continue;
			any = true;
			say_error(&ss->say, "%s: %s %s: %s", label,
			    s->where ? s->where : "", say_quote(quoted,
			    s->value), s->why ? s->why : "refused");
		}
	}
	return any;
}
