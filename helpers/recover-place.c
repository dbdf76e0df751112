/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: a subnet route of the kernel that came first in its slot comes first again.
 *
 * Several devices in one subnet have one each, and the first one counts.  One
 * that is given back goes behind, or, of IPv4, in front.  In the middle, and
 * with IPv6, it cannot be put without taking others out. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "apply.h"
#include "facts.h"
#include "recover-work.h"
#include "words.h"

#define PLACE	"order inet route add "

/* IPv4's routes of main in the slots of these. */
static int
read_slots(struct snapshot *now, struct session *ss, const char *device,
    const struct objects *in, struct fault *f)
{
	struct object_refs refs = { 0 }, none = { 0 };
	int err = facts_read(now, &ss->nl, device, FAMILY_4, f);

	refs.at = calloc(in->count + 1, sizeof(*refs.at));
	for (size_t i = 0; refs.at && i < in->count; i++)
		refs.at[refs.count++] = &in->at[i];
	if (!err && !refs.at)
		err = -ENOMEM;
	if (!err)
		err = facts_read_tables(now, &ss->nl, FAMILY_4, &refs, &none,
		    f);
	free(refs.at);
	return err;
}

/* The device's subnet routes that are the kernel's own. */
static int
list_own(struct objects *out, struct session *ss, const char *device,
    struct fault *f)
{
	struct snapshot now = { 0 };
	int err = facts_read(&now, &ss->nl, device, FAMILY_4, f);

	if (!err)
		err = facts_read_main(&now, &ss->nl, FAMILY_4, f);
	for (size_t i = 0; i < now.routes.count && !err; i++) {
		struct object o = {
			.kind = OBJECT_ROUTE, .route = now.routes.at[i],
		};

		if (o.route.protocol == RTPROT_KERNEL &&
		    !objects_put(out, &o))
			err = -ENOMEM;
	}
	snapshot_fini(&now);
	return err;
}

/* The first route of a slot, and whether it is the only one. */
static const struct route *
first_of_slot(const struct snapshot *now, const struct route *like,
    bool *alone)
{
	const struct route *first = NULL;

	*alone = true;
	for (size_t i = 0; i < now->routes.count; i++) {
		if (!route_same_key(&now->routes.at[i], like))
			continue;
		*alone &= !first;
		first = first ? first : &now->routes.at[i];
	}
	return first;
}

static bool
is_it(const struct route *a, const struct route *b)
{
	return a->protocol == b->protocol && route_same(a, b);
}

int
recover_note_places(struct session *ss, struct fault *f)
{
	const char *device = ss->record.trial.device;
	struct text *order = &ss->record.order;
	struct snapshot now = { 0 };
	struct objects own = { 0 };
	char words[WORDS_TEXT];
	int err = list_own(&own, ss, device, f);
	bool alone;

	if (!err && own.count)
		err = read_slots(&now, ss, device, &own, f);
	for (size_t i = 0; i < own.count && !err; i++) {
		const struct route *r = &own.at[i].route;
		const struct route *first = first_of_slot(&now, r, &alone);

		if (!first || alone || !is_it(first, r))
			continue;
		text_str(order, PLACE);
		text_str(order, words_print_route(words, r, NULL));
		text_str(order, "\n");
	}
	objects_fini(&own);
	snapshot_fini(&now);
	return err;
}

static int
read_noted(struct objects *noted, const struct text *order, struct fault *f)
{
	char line[WORDS_TEXT];
	const char *at = order->at, *end;
	struct object *o;

	for (; order->len && (end = strchr(at, '\n')); at = end + 1) {
		if (strncmp(at, PLACE, strlen(PLACE)) ||
		    (size_t)(end - at) >= sizeof(line))
			continue;
		at += strlen(PLACE);
		memcpy(line, at, (size_t)(end - at));
		line[end - at] = '\0';
		if (!(o = objects_add(noted)))
			return -ENOMEM;
		o->kind = OBJECT_ROUTE;
		if (!words_parse_route(&o->route, AF_INET, NULL, line, f))
			return -EBADMSG;
	}
	return 0;
}

/* Ours to move: it is there, and somewhere behind. */
static bool
is_behind(const struct snapshot *now, struct object *o)
{
	struct object_refs one = { &o, 1 };
	const struct route *first;
	bool alone;

	facts_resolve_devices(&one, now);
	route_normalize(&o->route);
	first = first_of_slot(now, &o->route, &alone);
	for (size_t i = 0; i < now->routes.count && first; i++)
		if (is_it(&now->routes.at[i], &o->route))
			return !is_it(first, &o->route);
	return false;
}

int
recover_places(struct session *ss, struct fault *f)
{
	struct snapshot now = { 0 };
	struct objects noted = { 0 };
	struct plan moves = { 0 };
	struct refusal why;
	int err = read_noted(&noted, &ss->record.order, f);

	if (!err && noted.count)
		err = read_slots(&now, ss, ss->record.trial.device, &noted, f);
	moves.at = calloc(2 * noted.count + 1, sizeof(*moves.at));
	for (size_t i = 0; i < noted.count && !err && moves.at; i++) {
		struct object *o = &noted.at[i];

		if (!is_behind(&now, o))
			continue;
		moves.at[moves.count++] = (struct op){
			.verb = OP_TAKE, .object = o,
		};
		moves.at[moves.count++] = (struct op){
			.verb = OP_GIVE_BACK, .object = o, .first = true,
		};
	}
	if (!err && moves.count)
		err = apply_plan(&moves, &ss->nl, &why, f);
	plan_fini(&moves);
	objects_fini(&noted);
	snapshot_fini(&now);
	return err;
}
