/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: the lock that lets one process alone watch over a namespace. */
#include <sys/file.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "record.h"

static int
watched_by(int fd, const char *path, struct fault *f)
{
	char pid[24];
	ssize_t n = read(fd, pid, sizeof(pid) - 1);

	pid[n > 0 ? n : 0] = '\0';
	pid[strspn(pid, "0123456789")] = '\0';
	fault_set(f, "another one watches already, process %s (%s)", pid,
	    path);
	return -EBUSY;
}

int
record_lock_watch(const struct record *r, struct fault *f)
{
	char path[RECORD_PATH + 8];
	int fd, err;

	snprintf(path, sizeof(path), RECORD_DIR "/watch-%s",
	    strrchr(r->path, '/') + 1);
	if (mkdir(RECORD_DIR, 0755) < 0 && errno != EEXIST)
		goto failed;
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (fd < 0)
		goto failed;
	if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		err = watched_by(fd, path, f);
		close(fd);
		return err;
	}
	if (ftruncate(fd, 0) == 0 && dprintf(fd, "%d\n", (int)getpid()) > 0)
		return fd;
	close(fd);
failed:
	err = errno ? errno : EIO;
	fault_set(f, "cannot write %s: %s", path, strerror(err));
	return -err;
}
