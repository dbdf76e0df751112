/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: bring what events have made stale to how things are. */
#include <sys/stat.h>

#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <unistd.h>

#include <stdlib.h>
#include <string.h>

#include "block.h"
#include "conf.h"
#include "facts.h"
#include "follow.h"
#include "recover.h"
#include "up.h"
#include "watch-work.h"

#define SHARED		"shared "	/* a line of the record */
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
has_text(const struct claim *c, const char *text)
{
	return memmem(c->text, c->text_len, text, strlen(text)) != NULL;
}

static bool
mentions(const struct claim *c, const struct addr *a)
{
	char text[ADDR_TEXT];

	return c->key.family == a->family && has_text(c, addr_print(text, a));
}

/* A route of it goes through that device. */
static bool
uses(const struct claim *c, const char *device)
{
	char text[IFNAMSIZ + 8];

	snprintf(text, sizeof(text), " dev %s ", device);
	if (has_text(c, text))
		return true;
	snprintf(text, sizeof(text), " dev %s\n", device);
	return has_text(c, text);
}

/* With one device the kernel may drop a route that several share. */
static bool
has_stale_share(const struct watching *w)
{
	const struct claims *have = &w->ss->record.claims;

	for (size_t i = 0; w->stale.devices.count && i < have->count; i++)
		if (device_names_has(&w->stale.devices, have->at[i].device) &&
		    has_text(&have->at[i], SHARED))
			return true;
	return false;
}

/* A claim that had failed may find the way free by now. */
static bool
is_meant(const struct watching *w, const struct claim *c)
{
	const struct stale *s = &w->stale;

	if (s->everything || device_names_has(&s->devices, c->device) ||
	    (w->shares && has_text(c, SHARED)) ||
	    has_text(c, "\nerror ") || !strncmp(c->text, "error ", 6))
		return true;
	for (size_t i = 0; i < s->devices.count; i++)
		if (uses(c, s->devices.at[i]))
			return true;
	for (size_t i = 0; i < s->addresses; i++)
		if (mentions(c, &s->address[i]))
			return true;
	return false;
}

/* Its file may have gone. */
static bool
is_of_file(const struct claim *c)
{
	return has_text(c, "\nconf\n");
}

/* The end of a router's lifetime while its route is taken out of main. */
static void
note_end(struct watching *w, struct claim *c)
{
	struct fault ignored;

	if (!has_text(c, "taken until ") ||
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
	for (size_t i = 0; i < list->change.count; i++)
		device_names_remove(&lost, list->change.at[i]);
	if (!err && lost.count && w->stale.port && !w->stale.everything)
		w->held = !rival_may_answer(&w->rival, w->stale.port,
		    w->began, &say);
	for (size_t i = 0; i < lost.count && !err && !w->held; i++)
		if (!device_names_add(&list->change, lost.at[i]))
			err = -ENOMEM;
	device_names_fini(&lost);
	return err;
}

struct listing {
	struct watching *w;
	struct work_list *list;
};

/* At the beginning and when asked to, each that is there; when events were
 * lost, those that nobody had seen before: what was taken down stays down. */
static bool
add_file(void *arg, const char *device)
{
	const struct listing *l = arg;

	if (if_nametoindex(device) == 0 ||
	    (!l->w->files && device_names_has(&l->w->known, device)))
		return true;
	return device_names_add(&l->w->known, device) &&
	    device_names_add(&l->list->create, device);
}

static int
list_files(struct watching *w, struct work_list *list, struct fault *f)
{
	struct listing l = { w, list };
	const struct device_names *up = &w->stale.came_up;

	for (size_t i = 0; i < up->count; i++)
		if (conf_has_device(up->at[i]) &&
		    (!device_names_add(&w->known, up->at[i]) ||
		    !device_names_add(&list->create, up->at[i])))
			return -ENOMEM;
	if ((w->files || w->stale.everything) &&
	    !conf_each_device(add_file, &l, f))
		return -EIO;
	return 0;
}

/* One look at the record, under its lock. */
static int
list_work(struct watching *w, struct work_list *list, struct fault *f)
{
	const struct stale *s = &w->stale;
	struct claims *have = &w->ss->record.claims;
	bool v6 = false;
	int err = session_lock(w->ss, f);

	w->shares = !err && has_stale_share(w);
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
	return err ? err : list_files(w, list, f);
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

/* Somebody may be at work on the device just now: a first failure is tried once
 * more before it is told. */
static void
answer(struct watching *w, const char *device, enum outcome outcome,
    const struct fault *f)
{
	if (outcome == OUTCOME_DONE)
		device_names_remove(&w->failing, device);
	else if (device_names_has(&w->failing, device) ||
	    !device_names_add(&w->failing, device))
		tell(w, f);
	else if (!device_names_add(&w->once_more, device))
		w->again = true;
}

static void
carry_out(struct watching *w, const struct work_list *list)
{
	const unsigned flags = UP_NOWAIT | UP_QUIET;
	const struct record *r = &w->ss->record;
	struct fault f;

	for (size_t i = 0; i < list->change.count && !must_stop(w); i++) {
		f.text[0] = '\0';
		answer(w, list->change.at[i], follow_change(w->ss,
		    list->change.at[i], flags, &f), &f);
	}
	/* Those that have just come up and have a claim have been seen to. */
	for (size_t i = 0; i < list->create.count && !must_stop(w); i++) {
		const char *device = list->create.at[i];

		f.text[0] = '\0';
		if (!follow_idle(r, device, true) &&
		    (w->files || !record_mentions(r, device)))
			answer(w, device, follow_up(w->ss, device, flags, &f),
			    &f);
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

/* Somebody may have removed the directory, and with it the lock's file. */
static int
keep_lock(struct watching *w, struct fault *f)
{
	struct stat st;
	int fd;

	if (fstat(w->lock, &st) == 0 && st.st_nlink > 0)
		return 0;
	fd = record_lock_watch(&w->ss->record, f);
	if (fd < 0) {
		w->stop |= fd == -EBUSY;
		return fd;
	}
	close(w->lock);
	w->lock = fd;
	return 0;
}

void
watch_settle(struct watching *w, uint64_t now)
{
	struct work_list list = { 0 };
	struct fault f = { "" };
	int err;

	w->began = now;
	forget_files(w->ss);
	err = keep_lock(w, &f);
	if (!err)
		err = list_work(w, &list, &f);
	w->failed = err != 0;
	if (err)
		tell(w, &f);
	else
		carry_out(w, &list);
	stale_fini(&w->stale);
	w->stale.devices = w->once_more;
	w->stale.any = w->once_more.count > 0;
	memset(&w->once_more, 0, sizeof(w->once_more));
	find_expiry(w);
	device_names_fini(&list.change);
	device_names_fini(&list.create);
}
