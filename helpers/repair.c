/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: make record and kernel agree again when the record was damaged. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "block.h"
#include "facts.h"
#include "inspect.h"
#include "recover.h"
#include "repair.h"

#define NO_DEVICE	"-"	/* no device can have this name's claims */

/* Claims whose lines cannot be understood are no claims. */
static int
drop_unreadable(struct session *ss, struct claims *claims, size_t *lost,
    struct fault *f)
{
	size_t kept = 0;

	for (size_t i = 0; i < claims->count; i++) {
		int err = block_parse(&claims->at[i], &ss->names, f);

		if (err == -ENOMEM)
			return err;
		if (err) {
			claim_fini(&claims->at[i]);
			memset(&claims->at[i], 0, sizeof(claims->at[i]));
			(*lost)++;
			continue;
		}
		if (kept != i) {
			claims->at[kept] = claims->at[i];
			memset(&claims->at[i], 0, sizeof(claims->at[i]));
		}
		kept++;
	}
	claims->count = kept;
	return 0;
}

static int
keep_objects(struct session *ss, const char *device, int family,
    const struct objects *found)
{
	struct claim fresh, *c;
	size_t count = 0;
	struct object *o;

	if (!claim_init(&fresh, device, family, NULL))
		return 0;
	c = claims_find(&ss->record.claims, &fresh.key);
	for (size_t i = 0; i < found->count; i++) {
		const struct object *from = &found->at[i];

		if ((from->kind == OBJECT_RULE ? from->rule.family :
		    from->route.family) != family)
			continue;
		if (!c) {
			fresh.parsed = true;
			if (!claims_put(&ss->record.claims, &fresh))
				return -ENOMEM;
			c = &ss->record.claims.at[ss->record.claims.count - 1];
		}
		if (!(o = objects_add(&c->objects)))
			return -ENOMEM;
		*o = *from;
		count++;
	}
	if (count)
		text_fmt(&ss->out, "%s %s: took %zu unrecorded objects into "
		    "its claim\n", device, addr_family_name(family), count);
	return 0;
}

static int
adopt_device(struct session *ss, const char *device, struct fault *f)
{
	struct snapshot now = { 0 };
	struct objects found = { 0 };
	int err;

	err = facts_read(&now, &ss->nl, device, FAMILY_4 | FAMILY_6, f);
	if (!err)
		err = recover_unrecorded(ss, &now, FAMILY_4 | FAMILY_6, 0,
		    NULL, &found, f);
	if (!err)
		err = keep_objects(ss, device, AF_INET, &found);
	if (!err)
		err = keep_objects(ss, device, AF_INET6, &found);
	if (err == -ENOMEM)
		fault_set(f, "out of memory");
	objects_fini(&found);
	snapshot_fini(&now);
	return err;
}

/* What is left over leads to tables without routes: it does nothing. */
static int
delete_ownerless(struct session *ss, struct fault *f)
{
	struct snapshot now = { 0 };
	struct objects left = { 0 };
	struct obstacle what;
	struct transaction t = {
		.device = NO_DEVICE, .families = FAMILY_4 | FAMILY_6,
		.now = &now, .stale = &left,
	};
	int err;

	err = inspect_unclaimed(&left, ss, f);
	if (!err && left.count)
		err = facts_read(&now, &ss->nl, "lo", t.families, f);
	if (!err && left.count) {
		err = transaction_commit(ss, &t, &what, f);
		if (!err)
			text_fmt(&ss->out, "removed %zu objects that belong to "
			    "no device\n", left.count);
	}
	objects_fini(&left);
	snapshot_fini(&now);
	return err;
}

static int
adopt_all(struct session *ss, struct fault *f)
{
	struct link_list links = { 0 };
	int err;

	err = facts_read_links(&links, &ss->nl, f);
	for (size_t i = 0; i < links.count && !err; i++)
		err = adopt_device(ss, links.at[i].name, f);
	free(links.at);
	return err;
}

int
repair(struct session *ss, struct fault *f)
{
	size_t lost = 0;
	int err;

	err = record_lock(&ss->record, f);
	if (!err)
		err = record_salvage(&ss->record, &lost, f);
	if (err)
		goto out;
	if ((err = drop_unreadable(ss, &ss->record.claims, &lost, f)) ||
	    (err = drop_unreadable(ss, &ss->record.next, &lost, f)))
		goto out;
	if (lost)
		text_fmt(&ss->out, "%zu pieces of the record could not be "
		    "understood and were dropped\n", lost);
	err = recover(ss, f);
	if (!err)
		err = adopt_all(ss, f);
	if (!err)
		err = delete_ownerless(ss, f);
	if (!err)
		err = record_write(&ss->record, f);
out:
	session_unlock(ss);
	return err;
}
