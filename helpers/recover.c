/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: begin a run under the lock, ending what an interrupted one left. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adopt.h"
#include "block.h"
#include "facts.h"
#include "recover-work.h"
#include "recover.h"

int
recover_take_pending(struct claims *next, const char *name,
    struct claims *mine)
{
	char device[IFNAMSIZ];
	size_t kept = 0;

	memcpy(device, name, sizeof(device));
	for (size_t i = 0; i < next->count; i++) {
		if (strcmp(next->at[i].device, device)) {
			if (kept != i)
				next->at[kept] = next->at[i];
			kept++;
		} else if (!claims_put(mine, &next->at[i])) {
			return -ENOMEM;
		}
	}
	next->count = kept;
	return 0;
}

int
recover_copy_objects(struct objects *to, const struct claims *from)
{
	for (size_t i = 0; i < from->count; i++)
		for (size_t j = 0; j < from->at[i].objects.count; j++) {
			if (!objects_put(to, &from->at[i].objects.at[j]))
				return -ENOMEM;
			to->at[to->count - 1].said = NULL;
		}
	return 0;
}

/* The claims stay as the record had them; what the killed run may have added
 * goes, and the request is kept as failed. */
static int
go_back(struct session *ss, struct transaction *t, struct claims *mine,
    const char *why, struct fault *f)
{
	struct obstacle what;
	int err;

	t->count = 0;
	t->restore = mine;
	t->now->has_tables = false;
	err = transaction_commit(ss, t, &what, f);
	if (err) {
		/* Not even that fits any more (an address is gone): then only
		 * what the killed run added is taken away. */
		t->restore = NULL;
		t->now->has_tables = false;
		err = transaction_commit(ss, t, &what, f);
	}
	for (size_t i = 0; i < mine->count && !err; i++) {
		struct claim *c = &mine->at[i];
		struct claim *have = claims_find(&ss->record.claims, &c->key);

		if (have) {
			if (!claim_set_error(have, why))
				err = -ENOMEM;
			continue;
		}
		if (c->dropped)
			continue;
		objects_fini(&c->objects);
		if (!claim_set_error(c, why) ||
		    !claims_put(&ss->record.claims, c))
			err = -ENOMEM;
	}
	return err ? err : record_write(&ss->record, f);
}

static int
recover_device(struct session *ss, struct claims *mine, struct fault *f)
{
	struct snapshot now = { 0 };
	struct objects stale = { 0 };
	struct obstacle what;
	char why[FAULT_TEXT];
	struct transaction t = {
		.device = mine->at[0].device,
		.families = FAMILY_4 | FAMILY_6, .now = &now,
		.changes = mine->at, .count = mine->count, .stale = &stale,
		.pending = mine, .full = true,
	};
	char device[IFNAMSIZ];
	int err = 0;

	memcpy(device, t.device, sizeof(device));
	t.device = device;
	for (size_t i = 0; i < mine->count && !err; i++)
		err = block_parse(&mine->at[i], &ss->names, f);
	if (!err)
		err = recover_copy_objects(&stale, mine);
	if (!err)
		err = facts_read(&now, &ss->nl, device, t.families, f);
	if (err)
		goto out;
	if (transaction_commit(ss, &t, &what, f)) {
		snprintf(why, sizeof(why), "an interrupted run could not be "
		    "finished: %.*s", FAULT_TEXT / 2, what.text[0] ?
		    what.text : what.error ? strerror(-what.error) : f->text);
		err = go_back(ss, &t, mine, why, f);
	}
out:
	snapshot_fini(&now);
	objects_fini(&stale);
	return err;
}

int
recover(struct session *ss, struct fault *f)
{
	struct claims mine;
	int err = recover_trial_due(ss) ? recover_trial(ss, f) : 0;

	while (ss->record.next.count && !err) {
		memset(&mine, 0, sizeof(mine));
		err = recover_take_pending(&ss->record.next,
		    ss->record.next.at[0].device, &mine);
		if (!err)
			err = recover_device(ss, &mine, f);
		claims_fini(&mine);
	}
	return err;
}

int
session_lock(struct session *ss, struct fault *f)
{
	int err = 0;

	if (!ss->dry)
		err = record_lock(&ss->record, f);
	if (!err)
		err = record_read(&ss->record, f);
	if (!err && !ss->dry)
		err = recover(ss, f);
	if (err)
		session_unlock(ss);
	return err;
}

void
session_unlock(struct session *ss)
{
	struct record *r = &ss->record;

	record_forget(r);
	record_unlock(r);
}

int
recover_unrecorded(struct session *ss, struct snapshot *now, unsigned families,
    uint32_t table, const struct addr *own, struct objects *stale,
    struct fault *f)
{
	size_t kept = 0;
	int err;

	err = facts_read_ours(now, &ss->nl, families, f);
	if (err)
		return err;
	if (((families & FAMILY_4) && !adopt(stale, AF_INET, now, table,
	    own)) || ((families & FAMILY_6) && !adopt(stale, AF_INET6, now,
	    table, own))) {
		fault_set(f, "out of memory");
		return -ENOMEM;
	}
	for (size_t i = 0; i < stale->count; i++) {
		struct object *o = &stale->at[i];
		int held = record_held_elsewhere(&ss->record, o, "");

		if (held < 0) {
			fault_set(f, "out of memory");
			return held;
		}
		if (!held && (!object_is_route(o) ||
		    !record_shares(&ss->record, &o->route)))
			stale->at[kept++] = *o;
	}
	stale->count = kept;
	now->routes.count = 0;
	return 0;
}
