/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: up, down, refresh, repair: the story of an interface's policy. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "compile.h"
#include "facts.h"
#include "policy.h"
#include "recover.h"
#include "tables.h"

#define POLL_MS	50

struct upping {
	struct session *ss;
	struct claim *claims;
	size_t count;
	bool remember_bad;
	bool gone_is_empty;	/* refresh: a vanished device keeps its request
				 * but no objects */
	struct fault *f;
	struct request *requests;
	struct snapshot now;
	unsigned families;
	uint32_t wait;		/* the longest any of them asks for, seconds */
	bool src_left_out, offlink;
};

static unsigned
family_bit(int family)
{
	return family == AF_INET6 ? FAMILY_6 : FAMILY_4;
}

static int
check_requests(struct upping *u)
{
	u->requests = calloc(u->count + 1, sizeof(*u->requests));
	if (!u->requests) {
		fault_set(u->f, "out of memory");
		return -ENOMEM;
	}
	for (size_t i = 0; i < u->count; i++) {
		if (!request_check(&u->requests[i], &u->claims[i],
		    &u->ss->defaults, &u->ss->names, u->f))
			return -EINVAL;
		u->families |= family_bit(u->claims[i].key.family);
		if (u->requests[i].wait > u->wait)
			u->wait = u->requests[i].wait;
	}
	return 0;
}

static int
look(struct upping *u)
{
	bool main_too = false;
	int err;

	err = facts_read(&u->now, &u->ss->nl, u->claims[0].device,
	    u->families, u->f);
	for (size_t i = 0; i < u->count; i++)
		if (request_needs_main(&u->requests[i], &u->claims[i]))
			main_too = true;
	/* A dry run has no kernel to refuse a gateway: look more closely. */
	if (!err && (main_too || u->ss->dry))
		err = facts_read_main(&u->now, &u->ss->nl, u->families, u->f);
	return err;
}

static int
compile_one(struct upping *u, size_t i)
{
	struct claim *c = &u->claims[i];
	struct claim *before = claims_find(&u->ss->record.claims, &c->key);
	struct compiled out;
	int err;

	if (before && (err = record_parse_claim(before, &u->ss->names, u->f)))
		return err;
	if ((err = tables_resolve(u->ss, &u->requests[i], c, u->f)))
		return err;
	objects_fini(&c->objects);
	switch (compile(&out, &u->requests[i], c, before, &u->now, u->f)) {
	case COMPILE_WAIT:
		return -EAGAIN;
	case COMPILE_WRONG:
		return -ENOTSUP;
	case COMPILE_DONE:
		break;
	}
	c->objects = out.objects;
	c->parsed = true;
	u->src_left_out |= out.src_left_out;
	u->offlink |= out.gateway_offlink;
	return 0;
}

static bool
has_our_rule(const struct snapshot *now)
{
	for (size_t i = 0; i < now->rules.count; i++)
		if (now->rules.at[i].protocol == PROTO_IFPOLICY)
			return true;
	return false;
}

/* The change that holds an object, or the first. */
static const struct claim *
holder(const struct upping *u, const struct object *o)
{
	for (size_t i = 0; i < u->count; i++)
		if (o >= u->claims[i].objects.at &&
		    o < u->claims[i].objects.at + u->claims[i].objects.count)
			return &u->claims[i];
	return &u->claims[0];
}

/* An option's value as written, or what stands for it. */
static void
name_option(struct upping *u, const struct claim *c, enum key_id key,
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
	return what->object->kind == OBJECT_ROUTE &&
	    addr_given(&what->object->route.prefsrc) &&
	    (strstr(what->text, "prefsrc") ||
	    strstr(what->text, "source address"));
}

/* What, where, why, what to do about an object that the kernel refused. */
static void
explain(struct upping *u, const struct obstacle *what)
{
	const struct object *o = what->object;
	const struct claim *c = holder(u, o);
	const char *words = what->text[0] ? what->text :
	    strerror(-what->error);
	char subnets[FAULT_TEXT / 2], via[ADDR_TEXT];
	const struct setting *s = settings_get(&c->settings, KEY_SOURCE);

	if (is_about_source(what) && o->key != KEY_ROUTE) {
		fault_set(u->f, "%s is no address of this machine; kernel: "
		    "%s; give one that is", addr_print(via,
		    &o->route.prefsrc), words);
		name_option(u, c, s ? KEY_SOURCE : o->key,
		    s ? s->value : o->said);
		return;
	}
	if (o->kind == OBJECT_ROUTE && o->key == KEY_GATEWAY && u->offlink)
		fault_set(u->f, "not on any subnet of %s (%s); kernel: %s; "
		    "correct it, or add \"onlink\" if it is meant", c->device,
		    compile_subnets(subnets, &u->now, c->key.family), words);
	else if (o->kind == OBJECT_SYSCTL)
		fault_set(u->f, "cannot write %s: %s", o->sysctl.path, words);
	else
		fault_set(u->f, "refused; kernel: %s; correct it", words);
	name_option(u, c, o->key, o->said ? o->said :
	    o->key == KEY_GATEWAY ? addr_print(via, &o->route.hop[0].via) :
	    NULL);
}

static int
commit(struct upping *u)
{
	struct objects stale = { 0 };
	struct obstacle what;
	struct transaction t = {
		.device = u->claims[0].device, .families = u->families,
		.now = &u->now, .changes = u->claims, .count = u->count,
	};
	char device[IFNAMSIZ];
	int err = 0;

	/* The claims move into the record: keep the name. */
	memcpy(device, u->claims[0].device, sizeof(device));
	t.device = device;
	if (u->ss->record.claims.count == 0 && has_our_rule(&u->now)) {
		err = recover_unrecorded(u->ss, &u->now, u->families,
		    u->requests[0].table, &u->claims[0].key.own, &stale,
		    u->f);
		t.stale = &stale;
		t.full = true;
	}
	if (!err)
		err = transaction_commit(u->ss, &t, &what, u->f);
	else
		what.object = NULL;
	if (err && what.object && what.asked_kernel)
		explain(u, &what);
	else if (err && what.object)
		name_option(u, holder(u, what.object), what.object->key,
		    what.object->said);
	objects_fini(&stale);
	return err;
}

/* The record keeps a request that failed, so that show, check and refresh know
 * of it; what stood before stays.  Bad input is not kept, only the reason. */
static void
remember_failure(struct upping *u, bool with_settings)
{
	struct claims *have = &u->ss->record.claims;
	struct fault ignored;

	if (u->ss->dry)
		return;
	for (size_t i = 0; i < u->count; i++) {
		struct claim *c = &u->claims[i], fresh = { 0 };
		struct claim *at = claims_find(have, &c->key);

		if (at && record_parse_claim(at, &u->ss->names, &ignored))
			return;
		if (!at) {
			fresh.key = c->key;
			fresh.spelling = c->spelling;
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
			at->router = c->router;
		}
		if (!claim_set_error(at, u->f->text))
			return;
	}
	(void)record_write(&u->ss->record, &ignored);
}

/* Claims of the same device whose own address is gone (the stanza was edited,
 * the device made again): nothing of them can be right any more. */
static int
drop_dead(struct upping *u)
{
	struct claims *have = &u->ss->record.claims, drops = { 0 };
	struct obstacle what;
	struct transaction t = {
		.device = u->claims[0].device, .families = u->families,
		.now = &u->now,
	};
	int err = 0;

	for (size_t i = 0; i < have->count && !err; i++) {
		const struct claim *c = &have->at[i];
		struct claim drop = { .dropped = true, .parsed = true };
		bool lives = !addr_given(&c->key.own) ||
		    strcmp(c->device, t.device) != 0 ||
		    !(u->families & family_bit(c->key.family));

		for (size_t j = 0; j < u->now.addresses.count && !lives; j++)
			lives = addr_cmp(&u->now.addresses.at[j].prefix.addr,
			    &c->key.own) == 0;
		for (size_t j = 0; j < u->count && !lives; j++)
			lives = claim_key_same(&u->claims[j].key, &c->key);
		if (lives)
			continue;
		drop.key = c->key;
		memcpy(drop.device, c->device, sizeof(drop.device));
		err = claims_put(&drops, &drop) ? 0 : -ENOMEM;
	}
	t.changes = drops.at;
	t.count = drops.count;
	if (!err && drops.count) {
		err = transaction_commit(u->ss, &t, &what, u->f);
		/* The snapshot has changed with it. */
		if (!err)
			err = look(u);
	}
	claims_fini(&drops);
	return err;
}

/* A device that went away has no objects, but its request waits for it. */
static int
empty_out(struct upping *u)
{
	for (size_t i = 0; i < u->count; i++) {
		objects_fini(&u->claims[i].objects);
		u->claims[i].parsed = true;
		if (!claim_set_error(&u->claims[i], "the device is gone"))
			return -ENOMEM;
	}
	return commit(u);
}

/* One try under the lock.  0, -EAGAIN (wait and try again), or -errno. */
static int
attempt(struct upping *u, bool last)
{
	bool bad = false, exists = true;
	int err;

	u->src_left_out = u->offlink = false;
	err = session_lock(u->ss, u->f);
	if (err)
		return err;
	err = check_requests(u);
	bad = err == -EINVAL;
	if (!err)
		err = look(u);
	exists = u->now.link.ifindex != 0;
	if (!err && !exists && u->gone_is_empty) {
		err = empty_out(u);
		goto out;
	}
	if (!err && exists && !u->ss->dry)
		err = drop_dead(u);
	for (size_t i = 0; i < u->count && !err; i++)
		err = compile_one(u, i);
	if (!err && u->ss->dry && u->offlink) {
		char buf[FAULT_TEXT / 2];

		fault_set(u->f, "not on any subnet of %s (%s)",
		    u->claims[0].device, compile_subnets(buf, &u->now,
		    u->claims[0].key.family));
		name_option(u, &u->claims[0], KEY_GATEWAY,
		    u->requests[0].said[KEY_GATEWAY]);
		err = -ENETUNREACH;
	}
	if (!err)
		err = commit(u);
	if (err && (err != -EAGAIN || last) &&
	    (bad ? u->remember_bad : exists))
		remember_failure(u, !bad);
out:
	for (size_t i = 0; u->requests && i < u->count; i++)
		request_fini(&u->requests[i]);
	free(u->requests);
	u->requests = NULL;
	session_unlock(u->ss);
	return err;
}

static void
upping_fini(struct upping *u)
{
	snapshot_fini(&u->now);
	for (size_t i = 0; i < u->count; i++)
		claim_fini(&u->claims[i]);
}

/* Key and request of a claim, without its objects. */
static bool
copy_request(struct claim *to, const struct claim *from)
{
	memset(to, 0, sizeof(*to));
	to->key = from->key;
	memcpy(to->device, from->device, sizeof(to->device));
	to->spelling = from->spelling;
	to->is_static = from->is_static;
	to->lenient = from->lenient;
	to->router = from->router;
	return settings_copy(&to->settings, &from->settings);
}

static void
pause_ms(long ms)
{
	struct timespec t = { .tv_sec = ms / 1000,
	    .tv_nsec = (ms % 1000) * 1000000 };

	nanosleep(&t, NULL);
}

/* Tries until it is done or the time is over.  The wait is known only after the
 * first look at the request. */
static int
try_until(struct upping *u, long *waited)
{
	bool last = false;
	int err;

	for (;;) {
		err = attempt(u, last);
		if (err != -EAGAIN || last || u->ss->dry)
			return err;
		last = *waited >= (long)u->wait * 1000;
		if (!last) {
			pause_ms(POLL_MS);
			*waited += POLL_MS;
		}
	}
}

static enum outcome
to_outcome(int err)
{
	return err == 0 ? OUTCOME_DONE : err == -EINVAL ? OUTCOME_BAD_INPUT :
	    OUTCOME_FAILED;
}

/* Routes whose src waits for DAD stand without it by now: once more, until it
 * is there or the time is over.  The claims have moved into the record. */
static int
complete(struct upping *u, const struct claim *originals, long *waited)
{
	int err = 0;

	while (!err && u->src_left_out && !u->ss->dry &&
	    *waited < (long)u->wait * 1000) {
		for (size_t i = 0; i < u->count; i++) {
			claim_fini(&u->claims[i]);
			if (!copy_request(&u->claims[i], &originals[i]))
				return -ENOMEM;
		}
		pause_ms(POLL_MS);
		*waited += POLL_MS;
		err = try_until(u, waited);
	}
	return err;
}

static enum outcome
up(struct upping *u)
{
	struct claim *originals = calloc(u->count + 1, sizeof(*originals));
	char label[IFNAMSIZ];
	long waited = 0;
	int err = originals ? 0 : -ENOMEM;

	memcpy(label, u->claims[0].key.label, sizeof(label));
	for (size_t i = 0; i < u->count && !err; i++)
		if (!copy_request(&originals[i], &u->claims[i]))
			err = -ENOMEM;
	if (err)
		fault_set(u->f, "out of memory");
	else
		err = try_until(u, &waited);
	if (!err)
		err = complete(u, originals, &waited);
	for (size_t i = 0; originals && i < u->count; i++)
		claim_fini(&originals[i]);
	free(originals);
	upping_fini(u);
	if (err == -EAGAIN && waited >= 1000)
		fault_after(u->f, " after %ld s", waited / 1000);
	if (err)
		fault_before(u->f, "%s: ", label);
	return to_outcome(err);
}

enum outcome
policy_up(struct session *ss, struct claim *claims, size_t count,
    bool remember_bad, struct fault *f)
{
	struct upping u = {
		.ss = ss, .claims = claims, .count = count,
		.remember_bad = remember_bad, .f = f,
	};

	return up(&u);
}

enum outcome
policy_reject(struct session *ss, struct claim *claims, size_t count,
    const struct fault *bad, struct fault *f)
{
	struct upping u = {
		.ss = ss, .claims = claims, .count = count, .f = f,
	};

	if (session_lock(ss, f) == 0) {
		*f = *bad;
		remember_failure(&u, false);
		fault_before(f, "%s: ", claims[0].key.label);
	}
	session_unlock(ss);
	return OUTCOME_BAD_INPUT;
}

enum outcome
policy_forget(struct session *ss, const struct claim *claims, size_t count,
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

/* Whether a claim is meant by a label: the label itself, or, for a device, the
 * device and all its labels; NULL means all. */
static bool
meant(const struct claim *c, const char *label, unsigned families)
{
	if (!(families & family_bit(c->key.family)))
		return false;
	return !label || !strcmp(c->key.label, label) ||
	    !strcmp(c->device, label);
}

/* Marked as dropped, one for each claim of `device` that is meant. */
static int
list_drops(const struct record *r, const char *device, const char *label,
    unsigned families, struct claims *drops)
{
	for (size_t i = 0; i < r->claims.count; i++) {
		const struct claim *c = &r->claims.at[i];
		struct claim drop = { 0 };

		if (strcmp(c->device, device) || !meant(c, label, families))
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
    struct fault *f)
{
	struct claims drops = { 0 };
	struct objects stale = { 0 };
	struct snapshot now = { 0 };
	struct obstacle what;
	struct transaction t = {
		.device = device, .families = families, .now = &now,
		.stale = &stale,
	};
	uint32_t number = 0;
	int err;

	err = list_drops(&ss->record, device, label, families, &drops);
	if (!err)
		err = facts_read(&now, &ss->nl, device, families, f);
	/* An alias without a claim has nothing that could be told from its
	 * parent's. */
	if (!err && drops.count == 0 && !(label && strchr(label, ':'))) {
		if (table && !names_table(&number, &ss->names, table))
			number = 0;
		err = recover_unrecorded(ss, &now, families, number, own, &stale, f);
	}
	t.changes = drops.at;
	t.count = drops.count;
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

enum outcome
policy_down(struct session *ss, const char *label, unsigned families,
    const char *table, const struct addr *own, struct fault *f)
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
		    own, f);
	session_unlock(ss);
	if (err)
		fault_before(f, "%s: ", label);
	return to_outcome(err);
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
		    FAMILY_4 | FAMILY_6, NULL, NULL, f);
		if (err)
			fault_before(f, "%s: ", names[i].name);
		if (err && !first)
			first = err;
	}
	free(names);
	return first;
}

enum outcome
policy_tidy(struct session *ss, struct fault *f)
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
policy_down_all(struct session *ss, struct fault *f)
{
	int err;

	err = session_lock(ss, f);
	if (!err)
		err = down_devices(ss, NULL, f);
	session_unlock(ss);
	return to_outcome(err);
}

/* Copies the requests that are meant, parsed, out of the record. */
static int
copy_meant(struct session *ss, const char *label, struct claims *out,
    struct fault *f)
{
	struct claims *have = &ss->record.claims;

	for (size_t i = 0; i < have->count; i++) {
		struct claim copy;
		int err;

		if (!meant(&have->at[i], label, FAMILY_4 | FAMILY_6))
			continue;
		err = record_parse_claim(&have->at[i], &ss->names, f);
		if (err)
			return err;
		if (!copy_request(&copy, &have->at[i]) ||
		    (have->at[i].error && have->at[i].settings.count == 0 &&
		    !claim_set_error(&copy, have->at[i].error)) ||
		    !claims_put(out, &copy)) {
			fault_set(f, "out of memory");
			return -ENOMEM;
		}
	}
	return 0;
}

/* One claim with nothing to go by: adopted, or bad input. */
static bool
has_no_request(struct session *ss, const struct claim *c, struct fault *f,
    enum outcome *worst)
{
	if (c->settings.count)
		return false;
	if (c->error) {
		fault_set(f, "%s: %s (that request was not kept: give it "
		    "again)", c->key.label, c->error);
		say_error(&ss->say, "%s", f->text);
		*worst = OUTCOME_FAILED;
	}
	return true;
}

enum outcome
policy_refresh(struct session *ss, const char *label, struct fault *f)
{
	struct claims all = { 0 };
	enum outcome worst = OUTCOME_DONE;
	int err;

	err = session_lock(ss, f);
	if (!err)
		err = copy_meant(ss, label, &all, f);
	session_unlock(ss);
	if (err) {
		say_error(&ss->say, "%s", f->text);
		worst = to_outcome(err);
	}
	for (size_t i = 0; i < all.count && !err; i++) {
		struct upping u = {
			.ss = ss, .claims = &all.at[i], .count = 1,
			.gone_is_empty = true, .f = f,
		};

		if (has_no_request(ss, &all.at[i], f, &worst))
			continue;
		if (up(&u) == OUTCOME_DONE)
			continue;
		say_error(&ss->say, "%s", f->text);
		worst = OUTCOME_FAILED;
	}
	claims_fini(&all);
	return worst;
}

unsigned
policy_families(struct session *ss, const struct settings *s,
    const char *device)
{
	struct snapshot now = { 0 };
	unsigned families = request_families(s);
	struct fault ignored;

	if (families)
		return families;
	if (facts_read(&now, &ss->nl, device, FAMILY_4 | FAMILY_6, &ignored)
	    == 0)
		for (size_t i = 0; i < now.addresses.count; i++) {
			const struct address *a = &now.addresses.at[i];

			if (!addr_is_link_local(&a->prefix.addr) &&
			    a->scope < RT_SCOPE_LINK)
				families |= family_bit(a->prefix.addr.family);
		}
	snapshot_fini(&now);
	return families ? families : FAMILY_4;
}
