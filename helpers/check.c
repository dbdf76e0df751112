/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: what is not as claimed, and what is going to break it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check-work.h"
#include "check.h"
#include "words.h"

static void
check_lines(struct checking *k, const struct claim *c, const char *remedy)
{
	for (size_t i = 0; i < c->settings.count; i++) {
		const struct setting *s = &c->settings.at[i];
		struct text line = { 0 };

		if (!s->refused)
			continue;
		text_fmt(&line, "%s ", s->where ? s->where : "-");
		text_str(&line, s->value);
		text_fmt(&line, " (%s)", s->why ? s->why : "-");
		check_tell(k, &(struct finding){
			.claim = c, .what = "refused", .kind = "line",
			.words = line.failed ? s->value : line.at,
			.remedy = remedy, .later = true,
		});
		k->tallies[c - k->ss->record.claims.at].refused++;
		text_fini(&line);
	}
}

static void
check_objects(struct checking *k, const struct claim *c,
    const struct inspection *in, const char *remedy)
{
	struct tally *tally = &k->tallies[c - k->ss->record.claims.at];
	char words[WORDS_TEXT];

	for (size_t i = 0; i < c->objects.count; i++) {
		const struct object *o = &c->objects.at[i];
		enum standing s = inspection_of(in, o);

		if (!standing_is_bad(s))
			continue;
		tally->drift[o->kind]++;
		inspect_words(words, o, &k->ss->names);
		check_tell(k, &(struct finding){
			.claim = c, .what = standing_word(s),
			.kind = inspect_kind_word(o->kind), .words = words,
			.remedy = remedy, .later = true,
		});
	}
}

static void
check_claim(void *arg, const struct claim *c, const struct inspection *in)
{
	struct checking *k = arg;
	struct tally *tally = &k->tallies[c - k->ss->record.claims.at];
	char remedy[IFNAMSIZ + 24];
	size_t before = k->items;

	snprintf(remedy, sizeof(remedy), "ifpolicy refresh %s",
	    c->key.label);
	tally->meant = true;
	tally->state = inspect_state(c, in);
	if (c->error)
		check_tell(k, &(struct finding){
			.claim = c, .what = "failed", .kind = "request",
			.words = c->error, .remedy = remedy, .later = true,
		});
	check_lines(k, c, remedy);
	check_objects(k, c, in, remedy);
	if (k->items > before)
		check_remedy(k, remedy);
}

/* A run that holds the lock right now is no drift, but cannot be told from one
 * that was killed; both are gone with the next run. */
static void
check_interrupted(struct checking *k)
{
	for (size_t i = 0; i < k->ss->record.next.count; i++) {
		k->interrupted++;
		check_tell(k, &(struct finding){
			.claim = &k->ss->record.next.at[i],
			.what = "interrupted", .kind = "run",
			.words = "the next run ends it; or now: "
			    "ifpolicy refresh", .remedy = "ifpolicy refresh",
			.later = true,
		});
	}
}

static void
check_trial(struct checking *k)
{
	const struct record *r = &k->ss->record;

	if (!r->trial.device[0] || r->trial.kept ||
	    record_trial_left(&r->trial) > 0)
		return;
	check_tell(k, &(struct finding){
		.claim = claims_find(&r->claims, &r->former.at[0].key),
		.what = "overdue", .kind = "trial",
		.words = "the next run takes it back; or now: "
		    "ifpolicy refresh", .remedy = "ifpolicy refresh",
		.later = true,
	});
}

static int
check_unclaimed(struct checking *k, struct fault *f)
{
	struct objects unclaimed = { 0 };
	char words[WORDS_TEXT];
	int err = inspect_unclaimed(&unclaimed, k->ss, f);

	for (size_t i = 0; i < unclaimed.count && !err; i++) {
		k->unclaimed++;
		inspect_words(words, &unclaimed.at[i], &k->ss->names);
		check_tell(k, &(struct finding){
			.what = "unclaimed",
			.kind = inspect_kind_word(unclaimed.at[i].kind),
			.words = words, .remedy = "ifpolicy repair",
			.later = true,
		});
	}
	if (k->unclaimed)
		check_remedy(k, "ifpolicy repair");
	objects_fini(&unclaimed);
	return err;
}

bool
check_is_meant(const struct checking *k, const struct conflict *c)
{
	if (c->claim)
		return inspect_is_meant(c->claim, k->scope);
	return c->everywhere || !k->scope->label;
}

static int
check_conflicts(struct checking *k, struct fault *f)
{
	const struct claims *all = &k->ss->record.claims;
	int err = host_read(&k->host, &k->ss->nl, &k->ss->names, all, f);

	if (!err && !conflict_find(&k->conflicts, &k->host, all,
	    &k->ss->names)) {
		fault_set(f, "out of memory");
		err = -ENOMEM;
	}
	for (size_t i = 0; i < k->conflicts.count && !err; i++) {
		const struct conflict *c = &k->conflicts.at[i];

		if (check_is_meant(k, c))
			check_tell(k, &(struct finding){
				.claim = c->claim, .what = "conflict",
				.kind = conflict_word(c->kind),
				.words = c->what, .breaks = c->breaks,
				.remedy = c->remedy,
			});
	}
	return err;
}

static int
look(struct checking *k, struct fault *f)
{
	int err = inspect_read(k->ss, f);

	if (err)
		return err;
	k->tallies = calloc(k->ss->record.claims.count + 1,
	    sizeof(*k->tallies));
	if (!k->tallies) {
		fault_set(f, "out of memory");
		return -ENOMEM;
	}
	err = inspect_each(k->ss, k->scope, check_claim, k, f);
	if (!err) {
		check_interrupted(k);
		check_trial(k);
	}
	if (!err && !k->scope->label)
		err = check_unclaimed(k, f);
	if (!err)
		err = check_conflicts(k, f);
	return err;
}

int
check(struct session *ss, const struct scope *scope, enum check_form form,
    bool *found, struct fault *f)
{
	struct checking k = { .ss = ss, .scope = scope, .form = form };
	int err;

	if (form == CHECK_JSON)
		text_str(&ss->out, "[");
	err = look(&k, f);
	if (form == CHECK_JSON)
		text_str(&ss->out, "]\n");
	if (!err && form == CHECK_METRICS && !check_metrics(&k)) {
		fault_set(f, "out of memory");
		err = -ENOMEM;
	}
	*found = k.items > 0;
	conflicts_fini(&k.conflicts);
	host_fini(&k.host);
	free(k.tallies);
	return err;
}
