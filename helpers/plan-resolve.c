/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: pure: one object a kernel slot out of the claims of one device. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan-steps.h"

struct object *
plan_find_slot(const struct object_refs *refs, const struct object *o)
{
	for (size_t i = 0; i < refs->count; i++)
		if (object_same_slot(refs->at[i], o))
			return refs->at[i];
	return NULL;
}

/* The same but for the preferred source, which any of its holders may lend. */
static bool
differs_in_src_only(const struct object *a, const struct object *b)
{
	struct route r;

	if (a->kind != OBJECT_ROUTE)
		return false;
	r = a->route;
	r.prefsrc = b->route.prefsrc;
	return route_same(&r, &b->route);
}

static bool
path_ends(const struct object *o, const char *name)
{
	size_t n = strlen(o->sysctl.path), m = strlen(name);

	return o->kind == OBJECT_SYSCTL && n > m &&
	    !strcmp(o->sysctl.path + n - m, name);
}

/* `arp filter` and `arp strict` set different knobs for one purpose; a device
 * can only have one of them. */
static const struct object *
other_arp(const struct object_refs *refs, const struct object *o)
{
	const char *other = path_ends(o, "/arp_filter") ? "/arp_ignore" :
	    path_ends(o, "/arp_ignore") ? "/arp_filter" : NULL;

	for (size_t i = 0; other && i < refs->count; i++)
		if (path_ends(refs->at[i], other))
			return refs->at[i];
	return NULL;
}

static void
replace(struct object_refs *refs, const struct object *was, struct object *by)
{
	for (size_t i = 0; i < refs->count; i++)
		if (refs->at[i] == was)
			refs->at[i] = by;
}

/* A claim that changes wants to see it there, an option's fails without it, of
 * a file's somebody is to be told, and the one that knows of copies is to look
 * for them. */
static void
merge(struct object_refs *out, struct object *held, struct object *o)
{
	bool strict = (!held->from_file && !held->standing) ||
	    (!o->from_file && !o->standing);

	held->standing = o->standing = held->standing && o->standing;
	if (strict) {
		held->from_file = false;
		return;
	}
	if (!held->line)
		held->line = o->line;
	if (!o->line)
		o->line = held->line;
	if (o->unplaced && !held->unplaced)
		replace(out, held, o);
}

static int
resolve_one(struct object_refs *out, struct object *o, size_t room,
    const struct object **conflict, struct fault *f)
{
	struct object *held = plan_find_slot(out, o);
	const struct object *first = held ? held : other_arp(out, o);
	char dst[PREFIX_TEXT];

	if (!first && out->count < room) {
		out->at[out->count++] = o;
		return 0;
	}
	if (!first)
		return -ENOMEM;
	if (held && (object_same(held, o) || (!o->line && !held->line &&
	    differs_in_src_only(held, o)))) {
		merge(out, held, o);
		return 0;
	}
	if (o->kind == OBJECT_SYSCTL)
		fault_set(f, "another stanza of this device sets %s to %s, "
		    "this one wants %s to be %s; only one of them can stand",
		    first->sysctl.path, first->sysctl.want, o->sysctl.path,
		    o->sysctl.want);
	else
		fault_set(f, "another stanza of this device has a different "
		    "route to %s with metric %u in table %u; only one can "
		    "stand", prefix_print(dst, &o->route.dst),
		    o->route.metric, o->route.table);
	if (o->line) {
		setting_refuse(o->line, f->text);
		return 0;
	}
	/* They stood so before. */
	if (held && held->standing && o->standing)
		return 0;
	if (held && held->line) {
		setting_refuse(held->line, f->text);
		replace(out, held, o);
		return 0;
	}
	*conflict = o;
	return -EEXIST;
}

int
plan_resolve(struct object_refs *out, struct claim *const *claims,
    size_t count, const struct object **conflict, struct fault *f)
{
	size_t room = 0;
	int err = 0;

	memset(out, 0, sizeof(*out));
	*conflict = NULL;
	for (size_t i = 0; i < count; i++)
		room += claims[i]->objects.count;
	out->at = calloc(room + 1, sizeof(struct object *));
	if (!out->at)
		err = -ENOMEM;
	for (size_t i = 0; i < count && !err; i++)
		for (size_t j = 0; j < claims[i]->objects.count && !err; j++)
			err = resolve_one(out, &claims[i]->objects.at[j],
			    room, conflict, f);
	if (err == -ENOMEM)
		fault_set(f, "out of memory");
	if (err)
		object_refs_fini(out);
	return err;
}

void
object_refs_fini(struct object_refs *r)
{
	free(r->at);
	r->at = NULL;
	r->count = 0;
}
