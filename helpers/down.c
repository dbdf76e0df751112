/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: down: claims end, and with them exactly what up had added. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "compile.h"
#include "down.h"
#include "facts.h"
#include "recover.h"

static enum outcome
to_outcome(int err)
{
	return err ? OUTCOME_FAILED : OUTCOME_DONE;
}

bool
down_meant(const struct claim *c, const char *label, unsigned families)
{
	if (!(families & addr_family_bit(c->key.family)))
		return false;
	return !label || !strcmp(c->key.label, label) ||
	    !strcmp(c->device, label);
}

enum outcome
down_forget(struct session *ss, const struct claim *claims, size_t count,
    struct fault *f)
{
	struct claims drops = { 0 };
	struct snapshot now = { 0 };
	struct obstacle what;
	struct transaction t = {
		.device = claims[0].device,
		.families = FAMILY_4 | FAMILY_6, .now = &now,
	};
	int err;

	err = session_lock(ss, f);
	if (!err)
		err = recover_before(ss, t.device, f);
	for (size_t i = 0; i < count && !err; i++) {
		struct claim drop = { .dropped = true, .parsed = true };

		if (!claims_find(&ss->record.claims, &claims[i].key))
			continue;
		drop.key = claims[i].key;
		memcpy(drop.device, claims[i].device, sizeof(drop.device));
		err = claims_put(&drops, &drop) ? 0 : -ENOMEM;
	}
	t.changes = drops.at;
	t.count = drops.count;
	if (!err && drops.count)
		err = facts_read(&now, &ss->nl, t.device, t.families, f);
	if (!err && drops.count)
		err = transaction_commit(ss, &t, &what, f);
	session_unlock(ss);
	claims_fini(&drops);
	snapshot_fini(&now);
	if (err)
		fault_before(f, "%s: ", claims[0].key.label);
	return to_outcome(err);
}

enum outcome
down_no_files(struct session *ss, const char *label, struct fault *f)
{
	struct claims meant = { 0 };
	enum outcome outcome = OUTCOME_DONE;
	int err = session_lock(ss, f);

	for (size_t i = 0; i < ss->record.claims.count && !err; i++) {
		const struct claim *c = &ss->record.claims.at[i];
		struct claim copy = { .key = c->key };

		if (strcmp(c->key.label, label) || !c->key.files)
			continue;
		memcpy(copy.device, c->device, sizeof(copy.device));
		if (!claims_put(&meant, &copy)) {
			fault_set(f, "out of memory");
			err = -ENOMEM;
		}
	}
	session_unlock(ss);
	if (!err && meant.count)
		outcome = down_forget(ss, meant.at, meant.count, f);
	claims_fini(&meant);
	return err ? OUTCOME_FAILED : outcome;
}

/* Marked as dropped, one for each claim of `device` that is meant. */
static int
list_drops(const struct record *r, const char *device, const char *label,
    unsigned families, struct claims *drops)
{
	for (size_t i = 0; i < r->claims.count; i++) {
		const struct claim *c = &r->claims.at[i];
		struct claim drop = { 0 };

		if (strcmp(c->device, device) ||
		    !down_meant(c, label, families))
			continue;
		drop.key = c->key;
		memcpy(drop.device, c->device, sizeof(drop.device));
		drop.dropped = drop.parsed = true;
		if (!claims_put(drops, &drop))
			return -ENOMEM;
	}
	return 0;
}

/* Under the lock: ends what is meant of one device. */
static int
down_device(struct session *ss, const char *device, const char *label,
    unsigned families, const char *table, const struct addr *own,
    struct objects *more, struct fault *f)
{
	struct claims drops = { 0 };
	struct objects stale = { 0 };
	struct snapshot now = { 0 };
	struct obstacle what = { 0 };
	struct transaction t = {
		.device = device, .families = families, .now = &now,
		.stale = &stale,
	};
	uint32_t number = 0;
	int err;

	err = recover_before(ss, device, f);
	if (!err)
		err = list_drops(&ss->record, device, label, families,
		    &drops);
	if (!err)
		err = facts_read(&now, &ss->nl, device, families, f);
	/* An alias without a claim has nothing that could be told from its
	 * parent's. */
	if (!err && drops.count == 0 && !(label && strchr(label, ':'))) {
		if (table && !names_table(&number, &ss->names, table))
			number = 0;
		err = recover_unrecorded(ss, &now, families, number, own,
		    &stale, f);
	}
	t.changes = drops.at;
	t.count = drops.count;
	for (size_t i = 0; more && i < more->count && !err; i++)
		if (!objects_put(&stale, &more->at[i]))
			err = -ENOMEM;
	if (!err && (drops.count || stale.count))
		err = transaction_commit(ss, &t, &what, f);
	if (err && what.asked_kernel)
		fault_set(f, "could not remove the policy; kernel: %s",
		    what.text[0] ? what.text : strerror(-what.error));
	claims_fini(&drops);
	objects_fini(&stale);
	snapshot_fini(&now);
	return err;
}

static enum outcome
down_label(struct session *ss, const char *label, unsigned families,
    const char *table, const struct addr *own, struct objects *more,
    struct fault *f)
{
	struct claim named;
	int err;

	if (!claim_init(&named, label, AF_INET, NULL)) {
		char quoted[QUOTE_TEXT];

		fault_set(f, "%s is no name of an interface",
		    say_quote(quoted, label));
		return OUTCOME_BAD_INPUT;
	}
	err = session_lock(ss, f);
	if (!err)
		err = down_device(ss, named.device, label, families, table,
		    own, more, f);
	session_unlock(ss);
	if (err)
		fault_before(f, "%s: ", label);
	return to_outcome(err);
}

enum outcome
down_run(struct session *ss, const char *label, unsigned families,
    const char *table, const struct addr *own, struct fault *f)
{
	return down_label(ss, label, families, table, own, NULL, f);
}

/* The rules that lines stand for.  Routes are left alone: the kernel has
 * dropped what went by the device, and others may not be this label's. */
static bool
add_line_rules(struct session *ss, const char *label, int family,
    struct settings *lines, struct objects *out, struct fault *f)
{
	struct snapshot nowhere = { 0 };
	struct compiled compiled = { .src_left_out = false };
	struct request r = { 0 };
	struct claim c;
	bool ok;

	if (!claim_init(&c, label, family, NULL))
		return true;
	c.key.files = true;
	c.settings = *lines;
	ok = request_lines(&r, &c, &ss->names, f) &&
	    compile_files(&compiled, &r, &c, &nowhere, f) == VERDICT_DONE;
	for (size_t i = 0; ok && i < compiled.objects.count; i++)
		if (compiled.objects.at[i].kind == OBJECT_RULE &&
		    !objects_put(out, &compiled.objects.at[i]))
			ok = fault_set(f, "out of memory");
	for (size_t i = 0; i < out->count; i++)
		out->at[i].line = NULL;
	compiled_fini(&compiled);
	request_fini(&r);
	return ok;
}

enum outcome
down_files(struct session *ss, const char *label, struct settings lines[2],
    struct fault *f)
{
	enum outcome outcome = OUTCOME_FAILED;
	struct objects rules = { 0 };

	if (add_line_rules(ss, label, AF_INET, &lines[0], &rules, f) &&
	    add_line_rules(ss, label, AF_INET6, &lines[1], &rules, f))
		outcome = down_label(ss, label, FAMILY_4 | FAMILY_6, NULL,
		    NULL, &rules, f);
	objects_fini(&rules);
	return outcome;
}

struct device_name {
	char name[IFNAMSIZ];
};

/* The devices that claims name, each once, in their order; NULL without
 * memory. */
static struct device_name *
list_devices(const struct claims *c, size_t *count)
{
	struct device_name *at = calloc(c->count + 1, sizeof(*at));
	size_t j;

	*count = 0;
	for (size_t i = 0; at && i < c->count; i++) {
		for (j = 0; j < *count; j++)
			if (!strcmp(at[j].name, c->at[i].device))
				break;
		if (j == *count)
			memcpy(at[(*count)++].name, c->at[i].device, IFNAMSIZ);
	}
	return at;
}

/* Under the lock: ends all claims of the devices that `which` picks. */
static int
down_devices(struct session *ss, const struct link_list *keep, struct fault *f)
{
	struct device_name *names;
	size_t count;
	int err = 0, first = 0;

	names = list_devices(&ss->record.claims, &count);
	if (!names) {
		fault_set(f, "out of memory");
		return -ENOMEM;
	}
	for (size_t i = 0; i < count; i++) {
		bool stays = false;

		for (size_t j = 0; keep && j < keep->count; j++)
			if (!strcmp(keep->at[j].name, names[i].name))
				stays = true;
		if (stays)
			continue;
		err = down_device(ss, names[i].name, NULL,
		    FAMILY_4 | FAMILY_6, NULL, NULL, NULL, f);
		if (err)
			fault_before(f, "%s: ", names[i].name);
		if (err && !first)
			first = err;
	}
	free(names);
	return first;
}

enum outcome
down_tidy(struct session *ss, struct fault *f)
{
	struct link_list links = { 0 };
	int err;

	err = session_lock(ss, f);
	if (!err)
		err = facts_read_links(&links, &ss->nl, f);
	if (!err)
		err = down_devices(ss, &links, f);
	session_unlock(ss);
	free(links.at);
	return to_outcome(err);
}

enum outcome
down_all(struct session *ss, struct fault *f)
{
	int err;

	err = session_lock(ss, f);
	if (!err)
		err = down_devices(ss, NULL, f);
	session_unlock(ss);
	return to_outcome(err);
}

