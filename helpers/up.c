/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: up: claims of one device come to what their requests ask for. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "block.h"
#include "compile.h"
#include "facts.h"
#include "recover.h"
#include "tables.h"
#include "up-work.h"
#include "up.h"

#define POLL_MS	50

static int
check_requests(struct upping *u)
{
	if (!session_defaults(u->ss, u->f))
		return -EINVAL;
	u->requests = calloc(u->count + 1, sizeof(*u->requests));
	if (!u->requests) {
		fault_set(u->f, "out of memory");
		return -ENOMEM;
	}
	for (size_t i = 0; i < u->count; i++) {
		if (u->claims[i].key.files) {
			if (!request_lines(&u->requests[i], &u->claims[i],
			    &u->ss->names, u->f))
				return -ENOMEM;
		} else if (!request_check(&u->requests[i], &u->claims[i],
		    &u->ss->defaults, &u->ss->names, u->f)) {
			return -EINVAL;
		}
		u->requests[i].partial = u->completing ||
		    (u->flags & UP_REFRESH);
		u->families |= addr_family_bit(u->claims[i].key.family);
		if (u->requests[i].wait > u->wait)
			u->wait = u->requests[i].wait;
	}
	return 0;
}

/* An address that is another label's own, with another table (an alias beside a
 * parent that covers all), is left to that one: of two rules of one priority
 * the order of their ups would decide. */
static int
leave_to_others(struct upping *u, size_t at)
{
	struct claims *have = &u->ss->record.claims;
	struct request *r = &u->requests[at];
	int err = 0;

	for (size_t i = 0; i < have->count && !err; i++) {
		struct claim *c = &have->at[i];

		if (strcmp(c->device, u->claims[at].device) ||
		    c->key.family != r->family || !addr_given(&c->key.own) ||
		    !strcmp(c->key.label, u->claims[at].key.label) ||
		    r->excluded_count == REQUEST_ADDRESSES)
			continue;
		err = block_parse(c, &u->ss->names, u->f);
		if (!err && c->table && c->table != r->table)
			r->excluded[r->excluded_count++] = c->key.own;
	}
	return err;
}

/* A slot that another device's claim holds, whatever stands in it now: the
 * other program may have replaced that one (el8's ifup-routes does). */
static int
respect_other(struct upping *u, struct object *o, struct claim *other)
{
	char dst[PREFIX_TEXT];
	int err;

	/* Not without need: there may be many. */
	prefix_print(dst, &o->route.dst);
	if (!other->parsed && o->route.dst.len && !memmem(other->text,
	    other->text_len, dst, strlen(dst)))
		return 0;
	err = block_parse(other, &u->ss->names, u->f);
	for (size_t i = 0; i < other->objects.count && !err; i++) {
		const struct object *have = &other->objects.at[i];

		if (have->foreign || !object_same_slot(have, o) ||
		    object_same(have, o))
			continue;
		fault_set(u->f, "%s has another route to %s with metric %u "
		    "in table %u; take another metric", other->key.label, dst,
		    o->route.metric, o->route.table);
		setting_refuse(o->line, u->f->text);
		u->ss->robbed = true;
	}
	return err;
}

static int
respect_others(struct upping *u, struct claim *c)
{
	struct claims *have = &u->ss->record.claims;
	int err = 0;

	for (size_t i = 0; i < have->count && !err; i++) {
		if (!strcmp(have->at[i].device, c->device) ||
		    have->at[i].key.family != c->key.family)
			continue;
		for (size_t j = 0; j < c->objects.count && !err; j++)
			if (c->objects.at[j].kind == OBJECT_ROUTE)
				err = respect_other(u, &c->objects.at[j],
				    &have->at[i]);
	}
	return err;
}

/* A file's line may leave the device to the kernel. */
static int
find_devices(struct upping *u, struct request *r)
{
	int err = 0;

	for (size_t i = 0; i < r->extra.count && !err; i++)
		if (r->extra.at[i].kind == OBJECT_ROUTE)
			err = facts_find_devices(&r->extra.at[i].route,
			    &u->ss->nl, u->f);
	return err;
}

static int
compile_one(struct upping *u, size_t i)
{
	struct claim *c = &u->claims[i];
	struct claim *before = claims_find(&u->ss->record.claims, &c->key);
	struct compiled out;
	int err;

	if (before && (err = block_parse(before, &u->ss->names, u->f)))
		return err;
	if ((err = tables_resolve(u->ss, &u->requests[i], c, u->f)) ||
	    (err = leave_to_others(u, i)))
		return err;
	if ((err = up_find_absent(u, i)))
		return err;
	if (c->key.files && (err = find_devices(u, &u->requests[i])))
		return err;
	objects_fini(&c->objects);
	switch (compile(&out, &u->requests[i], c, before, &u->now, u->f)) {
	case VERDICT_WAIT:
		return -EAGAIN;
	case VERDICT_WRONG:
		return -ENOTSUP;
	case VERDICT_DONE:
		break;
	}
	c->objects = out.objects;
	c->via = out.via;
	c->parsed = true;
	if (!claim_set_waits(c, out.waits.text))
		return -ENOMEM;
	if (out.objects.count == 0)
		u->asleep = out.waits;
	if (c->key.files && (err = respect_others(u, c)))
		return err;
	u->src_left_out |= out.src_left_out;
	u->offlink |= out.gateway_offlink;
	return 0;
}

static int
commit(struct upping *u)
{
	struct objects stale = { 0 };
	struct obstacle what = { 0 };
	struct transaction t = {
		.device = u->device, .families = u->families,
		.now = &u->now, .changes = u->claims,
		.count = u->count + u->drops,
	};
	int err;

	err = transaction_commit(u->ss, &t, &what, u->f);
	if (err == -ESTALE && u->ss->tries.id) {
		fault_set(u->f, "there are rules of ours that no claim of the "
		    "record holds: they could not come back; run: ifpolicy "
		    "repair");
	} else if (err == -ESTALE) {
		err = recover_unrecorded(u->ss, &u->now, u->families,
		    u->requests ? u->requests[0].table : 0,
		    &u->claims[0].key.own, &stale, u->f);
		t.stale = &stale;
		t.full = true;
		if (!err)
			err = transaction_commit(u->ss, &t, &what, u->f);
	}
	if (err && what.object && what.asked_kernel)
		up_explain(u, &what);
	else if (err && what.object)
		up_name_option(u, up_holder(u, what.object), what.object->key,
		    what.object->said);
	objects_fini(&stale);
	return err;
}

/* Claims of the same label whose own address is gone (the stanza was edited,
 * the device made again): nothing of them can be right any more.  Not on a
 * refresh, and not another label's: a virtual address may come back. */
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
		    strcmp(c->key.label, u->claims[0].key.label) != 0 ||
		    !(u->families & addr_family_bit(c->key.family));

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
			err = up_look(u);
	}
	claims_fini(&drops);
	return err;
}

/* The label's other claims of this kind are to end in the same transaction. */
static int
list_drops(struct upping *u)
{
	const struct claims *have = &u->ss->record.claims;
	struct claim *at;

	u->drops = 0;
	if (!(u->flags & UP_SOLE))
		return 0;
	at = realloc(u->claims, (u->count + have->count + 1) * sizeof(*at));
	if (!at)
		return -ENOMEM;
	u->claims = at;
	for (size_t i = 0; i < have->count; i++) {
		const struct claim_key *key = &have->at[i].key;
		bool stays = strcmp(key->label, u->claims[0].key.label) ||
		    key->files != u->claims[0].key.files;

		for (size_t j = 0; j < u->count && !stays; j++)
			stays = claim_key_same(&at[j].key, key);
		if (stays)
			continue;
		at = &u->claims[u->count + u->drops++];
		memset(at, 0, sizeof(*at));
		at->key = *key;
		memcpy(at->device, have->at[i].device, sizeof(at->device));
		at->dropped = at->parsed = true;
		u->families |= addr_family_bit(key->family);
		at = u->claims;
	}
	return 0;
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

/* A commit that may be on trial. */
static int
commit_or_try(struct upping *u)
{
	bool tries = u->ss->tries.id && !u->ss->dry;
	bool begins = tries && u->ss->tries.until == 0;
	struct fault ignored;
	int err = tries ? up_begin_trial(u) : 0;

	if (err)
		return err;
	err = commit(u);
	if (err && begins) {
		up_drop_trial(u);
		(void)record_write(&u->ss->record, &ignored);
	}
	return err;
}

/* One attempt under the lock.  0, -EAGAIN (wait and try again), or -errno. */
static int
attempt(struct upping *u, bool last)
{
	bool exists = true;
	int err;

	u->src_left_out = u->offlink = false;
	err = session_lock(u->ss, u->f);
	if (err)
		return err;
	err = up_respect_trial(u);
	if (err) {
		session_unlock(u->ss);
		return err;
	}
	err = check_requests(u);
	u->bad = err == -EINVAL;
	if (!err)
		err = list_drops(u);
	if (!err)
		err = up_look(u);
	exists = u->now.link.ifindex != 0;
	if (!err && !exists && (u->flags & UP_REFRESH)) {
		err = empty_out(u);
		goto out;
	}
	if (!err && exists && !u->ss->dry &&
	    !(u->flags & (UP_REFRESH | UP_SOLE)) && !u->ss->tries.id)
		err = drop_dead(u);
	for (size_t i = 0; i < u->count && !err; i++)
		err = compile_one(u, i);
	if (!err && u->ss->dry && u->offlink) {
		char buf[FAULT_TEXT / 2];

		fault_set(u->f, "not on any subnet of %s (%s)",
		    u->claims[0].device, cover_text(buf, &u->now,
		    u->claims[0].key.family));
		up_name_option(u, &u->claims[0], KEY_GATEWAY,
		    u->requests[0].said[KEY_GATEWAY]);
		err = -ENETUNREACH;
	}
	if (!err)
		err = commit_or_try(u);
	if (!err && !(u->flags & UP_QUIET))
		(void)up_tell_refused(u->ss, u->label);
	if (!err && !u->ss->dry &&
	    !record_tries(&u->ss->record, u->device))
		tables_publish(u->ss);
	else
		names_unlearn(&u->ss->names);
	if (err && (err != -EAGAIN || last) &&
	    (u->bad ? (u->flags & UP_REMEMBER_BAD) : exists))
		up_remember_failure(u, !u->bad);
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
	free(u->claims);
}

/* Key and request of a claim, without its objects. */
bool
up_copy_request(struct claim *to, const struct claim *from)
{
	memset(to, 0, sizeof(*to));
	to->key = from->key;
	memcpy(to->device, from->device, sizeof(to->device));
	to->spelling = from->spelling;
	to->is_static = from->is_static;
	to->lenient = from->lenient;
	to->conf = from->conf;
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

/* The claims have moved into the record. */
static int
begin_again(struct upping *u, const struct claim *originals)
{
	for (size_t i = 0; i < u->count; i++) {
		claim_fini(&u->claims[i]);
		if (!up_copy_request(&u->claims[i], &originals[i]))
			return -ENOMEM;
	}
	return 0;
}

/* DAD has failed: everything has gone again. */
static int
give_up(struct upping *u, const struct claim *originals)
{
	struct fault why = u->asleep, ignored;
	int err = begin_again(u, originals);

	if (!err && session_lock(u->ss, &ignored) == 0) {
		*u->f = why;
		up_remember_failure(u, true);
	}
	session_unlock(u->ss);
	*u->f = why;
	return -EADDRNOTAVAIL;
}

/* Routes whose src waits for DAD stand without it by now: once more, until it
 * is there or the time is over. */
static int
complete(struct upping *u, const struct claim *originals, long *waited)
{
	int err = 0;

	while (!err && u->src_left_out && !u->ss->dry &&
	    !(u->flags & UP_NOWAIT) && *waited < (long)u->wait * 1000) {
		err = begin_again(u, originals);
		if (err)
			return err;
		pause_ms(POLL_MS);
		*waited += POLL_MS;
		u->completing = true;
		u->asleep.text[0] = '\0';
		err = try_until(u, waited);
	}
	if (!err && u->completing && u->asleep.text[0] &&
	    !(u->flags & UP_REFRESH))
		err = give_up(u, originals);
	return err;
}

static enum outcome
up(struct upping *u)
{
	struct claim *originals = calloc(u->count + 1, sizeof(*originals));
	long waited = 0;
	int err = originals ? 0 : -ENOMEM;

	for (size_t i = 0; i < u->count && !err; i++)
		if (!up_copy_request(&originals[i], &u->claims[i]))
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
		fault_before(u->f, "%s: ", u->label);
	return u->bad ? OUTCOME_BAD_INPUT : err ? OUTCOME_FAILED :
	    OUTCOME_DONE;
}

enum outcome
up_run(struct session *ss, struct claim *claims, size_t count,
    unsigned flags, struct fault *f)
{
	struct upping u = { .ss = ss, .count = count, .flags = flags, .f = f };

	u.claims = calloc(count + 1, sizeof(*u.claims));
	if (!u.claims) {
		fault_set(f, "out of memory");
		return OUTCOME_FAILED;
	}
	memcpy(u.claims, claims, count * sizeof(*claims));
	memset(claims, 0, count * sizeof(*claims));
	memcpy(u.label, u.claims[0].key.label, sizeof(u.label));
	memcpy(u.device, u.claims[0].device, sizeof(u.device));
	return up(&u);
}

enum outcome
up_reject(struct session *ss, struct claim *claims, size_t count,
    const struct fault *bad, struct fault *f)
{
	struct upping u = {
		.ss = ss, .claims = claims, .count = count, .f = f,
	};

	if (session_lock(ss, f) == 0 &&
	    recover_before(ss, claims[0].device, f) == 0) {
		*f = *bad;
		up_remember_failure(&u, false);
		fault_before(f, "%s: ", claims[0].key.label);
	}
	session_unlock(ss);
	return OUTCOME_BAD_INPUT;
}

unsigned
up_families(struct session *ss, const struct settings *s,
    const char *device)
{
	struct snapshot now = { 0 };
	unsigned mentioned, families = request_families(s, &mentioned);
	struct fault ignored;

	if (families)
		return families;
	if (facts_read(&now, &ss->nl, device, FAMILY_4 | FAMILY_6, &ignored)
	    == 0)
		for (size_t i = 0; i < now.addresses.count; i++) {
			const struct address *a = &now.addresses.at[i];

			if (!addr_is_link_local(&a->prefix.addr) &&
			    a->scope < RT_SCOPE_LINK)
				families |=
				    addr_family_bit(a->prefix.addr.family);
		}
	snapshot_fini(&now);
	families |= mentioned;
	return families ? families : FAMILY_4;
}
