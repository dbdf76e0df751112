/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: up of a label for which no stanza speaks. */
#include <string.h>

#include "block.h"
#include "recover.h"
#include "up.h"

/* Such a request speaks of an interface, not of a stanza: where exactly one
 * claim of options of the label and family exists, that is the one meant. */
static void
find_claim(struct session *ss, struct claim *c)
{
	struct claims *all = &ss->record.claims;
	struct claim *only = NULL;
	struct fault ignored;

	for (size_t i = 0; i < all->count; i++) {
		if (all->at[i].key.family != c->key.family ||
		    all->at[i].key.files ||
		    strcmp(all->at[i].key.label, c->key.label))
			continue;
		if (only)
			return;
		only = &all->at[i];
	}
	if (!only || block_parse(only, &ss->names, &ignored))
		return;
	c->key.own = only->key.own;
	c->router = only->router;
	c->is_static = only->is_static;
}

static bool
make_claims(struct session *ss, struct claims *out, const struct claim *like,
    unsigned families, const struct settings *s)
{
	for (unsigned bit = FAMILY_4; bit <= FAMILY_6; bit <<= 1) {
		struct claim c;

		if (!(families & bit))
			continue;
		(void)claim_init(&c, like->key.label, bit == FAMILY_4 ?
		    AF_INET : AF_INET6, NULL);
		c.spelling = like->spelling;
		c.conf = like->conf;
		c.lenient = families == (FAMILY_4 | FAMILY_6);
		find_claim(ss, &c);
		if (!settings_copy(&c.settings, s) || !claims_put(out, &c))
			return false;
	}
	return true;
}

enum outcome
up_label(struct session *ss, const char *label, unsigned families,
    enum spelling spelling, bool conf, const struct settings *s,
    const struct fault *bad, unsigned flags, struct fault *f)
{
	struct claim like = { .spelling = spelling, .conf = conf };
	struct claims claims = { 0 };
	enum outcome outcome = OUTCOME_FAILED;
	bool made;

	memcpy(like.key.label, label, strnlen(label, IFNAMSIZ - 1));
	/* A look without the lock: only keys are taken from it. */
	if (record_read(&ss->record, f))
		goto out;
	made = make_claims(ss, &claims, &like, families, s);
	session_unlock(ss);
	if (!made)
		fault_set(f, "out of memory");
	else if (bad)
		outcome = up_reject(ss, claims.at, claims.count, bad, f);
	else
		outcome = up_run(ss, claims.at, claims.count, flags, f);
out:
	session_unlock(ss);
	claims_fini(&claims);
	return outcome;
}
