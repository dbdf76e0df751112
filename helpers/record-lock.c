/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: the lock under which the record is read and written. */
#include <sys/file.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "record.h"

#define LOCK_FILE	RECORD_DIR "/lock"
#define LOCK_SECONDS	30

int
record_lock(struct record *r, struct fault *f)
{
	struct timespec pause = { .tv_nsec = 500000 };
	int seconds = r->patience ? r->patience : LOCK_SECONDS;
	long waited = 0;
	int err;

	r->busy = false;

	if (mkdir(RECORD_DIR, 0755) < 0 && errno != EEXIST) {
		err = errno;
		fault_set(f, "cannot make " RECORD_DIR ": %s", strerror(err));
		return -err;
	}
	r->lock = open(LOCK_FILE, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
	    0644);
	if (r->lock < 0) {
		err = errno;
		fault_set(f, "cannot open " LOCK_FILE ": %s", strerror(err));
		return -err;
	}
	while (flock(r->lock, LOCK_EX | LOCK_NB) < 0) {
		err = errno;
		if (err == EINTR)
			continue;
		if (err != EWOULDBLOCK || waited >= seconds * 1000) {
			fault_set(f, err == EWOULDBLOCK ?
			    "another run has held " LOCK_FILE " for %d "
			    "seconds; find it with: fuser " LOCK_FILE :
			    "cannot lock " LOCK_FILE " (%d)",
			    err == EWOULDBLOCK ? seconds : err);
			r->busy = err == EWOULDBLOCK;
			record_unlock(r);
			return err == EWOULDBLOCK ? -ETIMEDOUT : -err;
		}
		nanosleep(&pause, NULL);
		waited += pause.tv_nsec / 1000000;
		if (pause.tv_nsec < 16000000)
			pause.tv_nsec *= 2;
	}
	return 0;
}

void
record_unlock(struct record *r)
{
	if (r->lock >= 0)
		close(r->lock);
	r->lock = -1;
}
