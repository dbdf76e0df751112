/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: bring what events have made stale to how things are. */
#include <errno.h>
#include <net/if.h>

#include <stdlib.h>
#include <string.h>

#include "block.h"
#include "conf.h"
#include "facts.h"
#include "follow.h"
#include "recover.h"
#include "up.h"
#include "watch-work.h"

#define TELL_AGAIN_MS	60000	/* the same failure */

/* What this work is about to do. */
struct work_list {
	struct device_names change;	/* have claims */
	struct device_names create;	/* may have a file */
};

/* FNV-1a. */
static uint64_t
digest(const char *text)
{
	uint64_t hash = 14695981039346656037u;

	while (*text)
		hash = (hash ^ (unsigned char)*text++) * 1099511628211u;
	return hash;
}

/* The same words again and again are told once a minute; that a lock was held
 * is no news while it is tried again. */
static void
tell(struct watching *w, const struct fault *f)
{
	uint64_t hash = digest(f->text);
	struct say say = w->ss->say;

	if (f->text[0] == '\0' || w->ss->record.busy)
		return;
	for (size_t i = 0; i < WATCH_TOLD; i++)
		if (w->told[i].hash == hash &&
		    w->began - w->told[i].at < TELL_AGAIN_MS)
			return;
	w->told[w->told_next].hash = hash;
	w->told[w->told_next].at = w->began;
	w->told_next = (w->told_next + 1) % WATCH_TOLD;
	say.mute = false;
	say_error(&say, "%s", f->text);
}

static bool
mentions(const struct claim *c, const struct addr *a)
{
	char text[ADDR_TEXT];

	if (c->key.family != a->family)
		return false;
	addr_print(text, a);
	return memmem(c->text, c->text_len, text, strlen(text)) != NULL;
}

static bool
is_meant(const struct watching *w, const struct claim *c)
{
	const struct stale *s = &w->stale;

	if (device_names_has(&s->devices, c->device))
		return true;
	for (size_t i = 0; i < s->addresses; i++)
		if (mentions(c, &s->address[i]))
			return true;
	return s->everything;
}

/* Its file may have gone. */
static bool
is_of_file(const struct claim *c)
{
	return memmem(c->text, c->text_len, "\nconf\n", 6) != NULL;
}

/* The end of a router's lifetime while its route is taken out of main. */
static void
note_end(struct watching *w, struct claim *c)
{
	struct fault ignored;

	if (!memmem(c->text, c->text_len, "taken until ", 12) ||
	    block_parse(c, &w->ss->names, &ignored))
		return;
	for (size_t i = 0; i < c->objects.count; i++) {
		uint64_t at = c->objects.at[i].until * 1000;

		if (at > w->began && (w->expiry == 0 || at < w->expiry))
			w->expiry = at;
	}
}

/* Who has lost something; whether that may be put back now. */
static int
find_lost(struct watching *w, struct work_list *list, struct fault *f)
{
	struct device_names lost = { 0 };
	struct say say = w->ss->say;
	int err = inspect_lost(&lost, w->ss, f);

	say.mute = false;
	w->held = false;
	/* Where a link or an address has changed that explains it. */
	for (size_t i = lost.count; i-- > 0;)
		if (device_names_has(&list->change, lost.at[i]))
			memcpy(lost.at[i], lost.at[--lost.count],
			    IFNAMSIZ);
	if (!err && lost.count && w->stale.port && !w->stale.everything)
		w->held = !rival_may_answer(&w->rival, w->stale.port,
		    w->began, &say);
	for (size_t i = 0; i < lost.count && !err && !w->held; i++)
		if (!device_names_add(&list->change, lost.at[i]))
			err = -ENOMEM;
	device_names_fini(&lost);
	return err;
}

static bool
add_file(void *arg, const char *device)
{
	struct work_list *list = arg;

	return if_nametoindex(device) == 0 ||
	    device_names_add(&list->create, device);
}

/* One look at the record, under its lock. */
static int
list_work(struct watching *w, struct work_list *list, struct fault *f)
{
	const struct stale *s = &w->stale;
	struct claims *have = &w->ss->record.claims;
	bool v6 = false;
	int err = session_lock(w->ss, f);

	for (size_t i = 0; i < have->count && !err; i++) {
		v6 |= have->at[i].key.family == AF_INET6;
		if (is_meant(w, &have->at[i]) &&
		    !device_names_add(w->files && is_of_file(&have->at[i]) ?
		    &list->create : &list->change, have->at[i].device))
			err = -ENOMEM;
	}
	if (!err && s->lost)
		err = find_lost(w, list, f);
	w->expiry = v6 ? UINT64_MAX : 0;
	session_unlock(w->ss);
	for (size_t i = 0; i < s->came_up.count && !err; i++)
		if (!device_names_add(&list->create, s->came_up.at[i]))
			err = -ENOMEM;
	if (!err && w->files && !conf_each_device(add_file, list, f))
		err = -EIO;
	return err;
}

/* Looked up anew each time: rt_tables and the host's defaults may have been
 * edited since. */
static void
forget_files(struct session *ss)
{
	names_fini(&ss->names);
	memset(&ss->names, 0, sizeof(ss->names));
	settings_fini(&ss->defaults);
	memset(&ss->defaults, 0, sizeof(ss->defaults));
	ss->has_defaults = false;
}

/* Between two devices: asked to end, or somebody holds the lock for long. */
static bool
must_stop(struct watching *w)
{
	watch_read_signals(w);
	w->failed |= w->ss->record.busy;
	return w->stop || w->failed;
}

static void
carry_out(struct watching *w, const struct work_list *list)
{
	const unsigned flags = UP_NOWAIT | UP_QUIET;
	const struct record *r = &w->ss->record;
	struct fault f;

	for (size_t i = 0; i < list->change.count && !must_stop(w); i++) {
		f.text[0] = '\0';
		if (follow_change(w->ss, list->change.at[i], flags, &f) !=
		    OUTCOME_DONE)
			tell(w, &f);
	}
	/* Those that have just come up and have a claim have been seen to. */
	for (size_t i = 0; i < list->create.count && !must_stop(w); i++) {
		const char *device = list->create.at[i];

		f.text[0] = '\0';
		if (follow_idle(r, device, true) ||
		    (!w->files && record_mentions(r, device)))
			continue;
		if (follow_up(w->ss, device, flags, &f) != OUTCOME_DONE)
			tell(w, &f);
	}
	if (!must_stop(w))
		w->files = false;
}

/* When to look without an event. */
static void
find_expiry(struct watching *w)
{
	struct claims *have = &w->ss->record.claims;
	struct fault ignored;
	uint32_t seconds;

	if (w->expiry == 0)
		return;
	w->expiry = 0;
	if (facts_next_expiry(&seconds, &w->ss->nl, &ignored) == 0 && seconds)
		w->expiry = w->began + ((uint64_t)seconds + 1) * 1000;
	if (session_lock(w->ss, &ignored) == 0)
		for (size_t i = 0; i < have->count; i++)
			note_end(w, &have->at[i]);
	session_unlock(w->ss);
}

void
watch_settle(struct watching *w, uint64_t now)
{
	struct work_list list = { 0 };
	struct fault f = { "" };
	int err;

	w->began = now;
	forget_files(w->ss);
	err = list_work(w, &list, &f);
	w->failed = err != 0;
	if (err)
		tell(w, &f);
	else
		carry_out(w, &list);
	stale_fini(&w->stale);
	find_expiry(w);
	device_names_fini(&list.change);
	device_names_fini(&list.create);
}
