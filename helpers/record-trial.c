/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: what is on trial: its lines of the record, its time. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "block.h"
#include "record-work.h"
#include "record.h"

#define ORDER	"order "
#define LINE	160	/* room for the heading and the trial's line */

uint64_t
record_clock(void)
{
	struct timespec t = { 0 };

	(void)clock_gettime(CLOCK_BOOTTIME, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

uint32_t
record_trial_left(const struct trial *t)
{
	uint64_t now = record_clock();

	return t->until <= now ? 0 : (uint32_t)((t->until - now + 999) / 1000);
}

bool
record_tries(const struct record *r, const char *device)
{
	return r->trial.device[0] && !strcmp(r->trial.device, device);
}

bool
record_tries_claim(const struct record *r, const struct claim_key *key)
{
	return r->trial.device[0] && !r->trial.kept &&
	    claims_find(&r->former, key);
}

/* The words of the line, without its end. */
static bool
read_words(struct trial *t, const char *at, size_t len)
{
	char line[LINE], device[IFNAMSIZ];
	int used = 0;

	memset(t, 0, sizeof(*t));
	if (len >= sizeof(line))
		return false;
	memcpy(line, at, len);
	line[len] = '\0';
	if (sscanf(line, TRIAL "%15s until %" SCNu64 " id %" SCNu64 "%n",
	    device, &t->until, &t->id, &used) != 3 || !used ||
	    !device_name_ok(device))
		return false;
	at = line + used;
	t->kept = !strncmp(at, " kept", 5);
	at += t->kept ? 5 : 0;
	t->again = !strcmp(at, " again");
	if (at[0] && !t->again)
		return false;
	memcpy(t->device, device, sizeof(device));
	return true;
}

void
record_read_trial(struct record *r, const char **at)
{
	struct trial t;
	size_t n = record_line(*at);

	if (strncmp(*at, TRIAL, strlen(TRIAL)) || (*at)[n] != '\n' ||
	    r->trial.device[0] || !read_words(&t, *at, n))
		return;
	r->trial = t;
	*at += n + 1;
	while (!strncmp(*at, ORDER, strlen(ORDER))) {
		n = record_line(*at);
		n += (*at)[n] == '\n';
		text_add(&r->order, *at, n);
		*at += n;
	}
}

void
record_salvage_trial(struct record *r)
{
	if (!r->former.count) {
		record_end_trial(r);
	} else if (!r->trial.device[0]) {
		memcpy(r->trial.device, r->former.at[0].device,
		    sizeof(r->trial.device));
		r->trial.id = 1;
	}
}

void
record_print_trial(struct text *t, const struct record *r)
{
	const struct trial *at = &r->trial;

	if (!at->device[0])
		return;
	text_fmt(t, TRIAL "%s until %" PRIu64 " id %" PRIu64 "%s%s\n",
	    at->device, at->until, at->id, at->kept ? " kept" : "",
	    at->again ? " again" : "");
	if (r->order.len)
		text_add(t, r->order.at, r->order.len);
}

/* The saved blocks are read like those of a file. */
static bool
read_saved(struct record *r)
{
	const char *at = r->saved.at;

	while (!r->saved.failed && *at)
		if (record_read_block(r, &at) <= 0)
			return false;
	return !r->saved.failed;
}

bool
record_begin_trial(struct record *r, const struct trial *t,
    const struct claim *claims, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct claim *have = claims_find(&r->claims,
		    &claims[i].key);
		struct claim none = { .key = claims[i].key, .dropped = true };

		block_print(&r->saved, have ? have : &none,
		    have ? "was" : "new");
	}
	r->trial = *t;
	if (r->saved.len && read_saved(r))
		return true;
	record_end_trial(r);
	return false;
}

void
record_end_trial(struct record *r)
{
	claims_fini(&r->former);
	text_fini(&r->order);
	text_fini(&r->saved);
	r->order.failed = r->saved.failed = false;
	memset(&r->trial, 0, sizeof(r->trial));
}

int
record_peek_trial(const struct record *r, struct trial *t)
{
	char head[sizeof(HEADING) + LINE];
	const char *at = head + strlen(HEADING);
	ssize_t n;
	int fd;

	memset(t, 0, sizeof(*t));
	fd = open(r->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return errno == ENOENT ? 0 : -errno;
	n = read(fd, head, sizeof(head) - 1);
	close(fd);
	if (n < 0)
		return -EIO;
	head[n] = '\0';
	if (strncmp(head, HEADING, strlen(HEADING)))
		return -EBADMSG;
	if (!strncmp(at, TRIAL, strlen(TRIAL)) &&
	    !read_words(t, at, record_line(at)))
		return -EBADMSG;
	return 0;
}
