/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: watch: claims follow what the kernel tells, until a signal.
 *
 * Events only say where to look.  They are gathered for a moment, then each
 * device that they speak of is refreshed as by hand, under the record's lock,
 * and after that there is a rest as long as the work took: a storm of events
 * costs a bounded part of the time and ends in the right state. */
#include <sys/signalfd.h>

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "idle.h"
#include "notify.h"
#include "watch-work.h"
#include "watch.h"

#define GATHER_MS	10	/* from an event to the work */
#define REST_MS		20	/* at least, from work to work */
#define RETRY_MS	5000	/* after something that could not be done */
#define BUSY_MS		200	/* after the record's lock was not to be had */
#define LATE_MS		1000	/* past the end of a trial */
#define HEAR_MAX	4096	/* datagrams at one go */

static uint64_t
now_ms(void)
{
	struct timespec t = { 0 };

	(void)clock_gettime(CLOCK_BOOTTIME, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static void
note(const struct nlmsghdr *nlh, void *arg)
{
	struct watching *w = arg;

	stale_note(&w->stale, nlh, w->ss->nl.port);
}

/* 0, or -errno if the socket itself is broken. */
static int
hear(struct watching *w)
{
	int n = 1;

	for (int i = 0; i < HEAR_MAX && n > 0; i++) {
		n = nl_hear(&w->events, note, w);
		if (n == -ENOBUFS) {
			w->stale.any = w->stale.everything = true;
			n = 1;
		}
	}
	/* His process may be gone in a moment. */
	if (w->stale.lost && w->stale.port && w->stale.port != w->named) {
		w->named = w->stale.port;
		rival_name(&w->rival, w->named);
	}
	return n < 0 && n != -EINTR ? n : 0;
}

void
watch_read_signals(struct watching *w)
{
	struct signalfd_siginfo info;

	while (read(w->signals, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo != SIGHUP)
			w->stop = true;
		else
			w->files = w->again = true;
	}
}

static void
earlier(uint64_t *at, uint64_t other)
{
	if (other && (*at == 0 || other < *at))
		*at = other;
}

/* When there is work without another event; 0: never. */
static uint64_t
next_time(struct watching *w, uint64_t now)
{
	uint64_t at = 0;

	if (w->again)
		w->stale.any = w->stale.everything = true;
	w->again = false;
	if (w->stale.any && w->due == 0)
		w->due = now + GATHER_MS;
	if (w->due && w->due < w->rested)
		w->due = w->rested;
	earlier(&at, w->due);
	earlier(&at, w->expiry);
	earlier(&at, w->trial);
	if (w->held)
		earlier(&at, w->rival.until);
	return at;
}

/* Those who try it have had a second to take it back themselves. */
static void
look_for_trial(struct watching *w)
{
	struct trial t;

	w->stale.ours = false;
	w->trial = record_peek_trial(&w->ss->record, &t) == 0 && t.device[0] ?
	    t.until + LATE_MS : 0;
}

static void
begin_work(struct watching *w, uint64_t now)
{
	if (w->trial && now >= w->trial) {
		look_for_trial(w);
		w->stale.everything |= w->trial != 0;
		w->trial = w->trial ? now + RETRY_MS : 0;
	}
	if (w->expiry && now >= w->expiry)
		w->stale.everything = true;
	if (w->held && now >= w->rival.until)
		w->stale.lost = true;
	watch_settle(w, now);
	w->due = 0;
	now = now_ms();
	w->rested = now + REST_MS + (now - w->began);
	if (w->failed)
		w->rested = now + (w->ss->record.busy ? BUSY_MS : RETRY_MS);
	w->again |= w->failed;
}

static int
wait_for(struct watching *w, uint64_t at, uint64_t now)
{
	struct pollfd on[2] = {
		{ .fd = nl_fd(&w->events), .events = POLLIN },
		{ .fd = w->signals, .events = POLLIN },
	};
	int left = at == 0 ? -1 : at <= now ? 0 :
	    at - now > 3600000 ? 3600000 : (int)(at - now);
	int err = 0;

	if (poll(on, 2, left) < 0)
		return errno == EINTR ? 0 : -errno;
	if (on[0].revents)
		err = hear(w);
	if (w->stale.ours)
		look_for_trial(w);
	if (on[1].revents)
		watch_read_signals(w);
	return err;
}

static int
go_on(struct watching *w)
{
	uint64_t now, at;
	bool worked = true;
	int err = 0;

	while (!w->stop && !err) {
		now = now_ms();
		at = next_time(w, now);
		if (at && now >= at) {
			begin_work(w, now);
			worked = true;
			continue;
		}
		/* Nothing is in sight. */
		if (worked && w->due == 0) {
			idle_release();
			worked = false;
		}
		err = wait_for(w, at, now);
	}
	return err;
}

static int
open_all(struct watching *w, struct fault *f)
{
	sigset_t set;
	int err;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	w->lock = record_lock_watch(&w->ss->record, f);
	if (w->lock < 0)
		return w->lock;
	err = nl_listen(&w->events, f);
	if (err)
		return err;
	w->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	/* Nobody may read what it says any more. */
	sigaddset(&set, SIGPIPE);
	if (w->signals >= 0 && sigprocmask(SIG_BLOCK, &set, NULL) < 0) {
		close(w->signals);
		w->signals = -1;
	}
	if (w->signals >= 0)
		return 0;
	fault_set(f, "cannot wait for signals: %s", strerror(errno));
	return -errno;
}

enum outcome
watch(struct session *ss, const char *manager, struct fault *f)
{
	struct watching w = {
		.ss = ss, .lock = -1, .signals = -1, .files = true,
		.stale = { .any = true, .everything = true },
	};
	int err;

	ss->say.mute = true;
	ss->record.patience = 1;
	err = open_all(&w, f);
	if (!err) {
		begin_work(&w, now_ms());
		look_for_trial(&w);
		(void)notify_manager(manager, "READY=1\n"
		    "STATUS=Policies follow what the kernel tells\n");
		err = go_on(&w);
		if (err)
			fault_set(f, "cannot hear the kernel any more: %s",
			    strerror(-err));
		(void)notify_manager(manager, "STOPPING=1\n");
	}
	if (w.signals >= 0)
		close(w.signals);
	if (w.lock >= 0)
		close(w.lock);
	nl_close(&w.events);
	stale_fini(&w.stale);
	device_names_fini(&w.known);
	device_names_fini(&w.failing);
	device_names_fini(&w.once_more);
	ss->say.mute = false;
	return err ? OUTCOME_FAILED : OUTCOME_DONE;
}
