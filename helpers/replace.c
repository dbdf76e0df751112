/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: a file replaced as a whole, the former one kept. */
#include <sys/xattr.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "file.h"
#include "replace.h"

#define COPIES	1000
#define LABEL	"security.selinux"

struct replacing {
	char real[PATH_MAX];	/* what the path leads to */
	char aside[PATH_MAX];
	size_t dir;		/* of real: its length with the slash */
	int fd;			/* of the one aside; -1 */
	struct fault *fault;
};

static int
fail(struct replacing *r, int err, const char *what)
{
	fault_set(r->fault, "%s: %s: %s", r->real, what, strerror(err));
	return -err;
}

static bool
same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino &&
	    a->st_size == b->st_size &&
	    a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	    a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* Times are as coarse as the kernel's clock: the bytes decide. */
static int
check_same(struct replacing *r, const struct stat *was, const char *old_text)
{
	struct stat now;
	char *text;
	bool same;
	int err;

	if (stat(r->real, &now) < 0)
		return fail(r, errno, "cannot be looked at");
	err = file_read(&text, r->real, (size_t)now.st_size + 1);
	same = !err && same_file(was, &now) && !strcmp(text, old_text);
	free(text);
	if (same)
		return 0;
	fault_set(r->fault, "%s: has changed meanwhile: nothing is done, try "
	    "again", r->real);
	return -EBUSY;
}

static int
write_all(int fd, const char *text)
{
	size_t len = strlen(text);
	ssize_t n;

	while (len > 0) {
		n = write(fd, text, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno;
		text += n;
		len -= (size_t)n;
	}
	return fsync(fd) < 0 ? errno : 0;
}

/* A label of SELinux that differs from the directory's own is kept where that
 * is allowed. */
static void
keep_label(const struct replacing *r)
{
	char label[256];
	ssize_t n = getxattr(r->real, LABEL, label, sizeof(label));

	if (n > 0 && fsetxattr(r->fd, LABEL, label, (size_t)n, 0) < 0)
		return;
}

static int
write_aside(struct replacing *r, const struct stat *was, const char *text)
{
	struct stat st;
	int err;

	if (snprintf(r->aside, sizeof(r->aside), "%.*s.ifpolicy-XXXXXX",
	    (int)r->dir, r->real) >= (int)sizeof(r->aside))
		return fail(r, ENAMETOOLONG, "cannot be replaced");
	r->fd = mkostemp(r->aside, O_CLOEXEC);
	if (r->fd < 0) {
		err = errno;
		r->aside[0] = '\0';
		return fail(r, err, "no new file can be written beside it");
	}
	if (fstat(r->fd, &st) < 0)
		return fail(r, errno, "cannot be replaced");
	if ((st.st_uid != was->st_uid || st.st_gid != was->st_gid) &&
	    fchown(r->fd, was->st_uid, was->st_gid) < 0)
		return fail(r, errno, "its owner cannot be kept");
	if (fchmod(r->fd, was->st_mode & 07777) < 0)
		return fail(r, errno, "its mode cannot be kept");
	keep_label(r);
	err = write_all(r->fd, text);
	return err ? fail(r, err, "the new one cannot be written") : 0;
}

/* The very file gets a second name: nothing is copied, nothing overwritten. */
static int
keep_former(struct replacing *r, const char *suffix, char *kept)
{
	for (unsigned i = 0; i < COPIES; i++) {
		int n = snprintf(kept, PATH_MAX, "%.*s.%s%s", (int)r->dir,
		    r->real, r->real + r->dir, suffix);

		if (n < PATH_MAX && i > 0)
			n += snprintf(kept + n, PATH_MAX - (size_t)n, ".%u",
			    i + 1);
		if (n >= PATH_MAX)
			return fail(r, ENAMETOOLONG, "cannot be kept");
		if (link(r->real, kept) == 0)
			return 0;
		if (errno != EEXIST)
			return fail(r, errno, "cannot be kept under another "
			    "name");
	}
	return fail(r, EEXIST, "has too many former ones beside it");
}

/* The names are as safe as the text. */
static void
sync_directory(struct replacing *r)
{
	int fd;

	r->real[r->dir] = '\0';
	fd = open(r->real, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return;
	if (fsync(fd) < 0) {
		close(fd);
		return;
	}
	close(fd);
}

int
replace_file(const char *path, const struct stat *was, const char *old_text,
    const char *new_text, const char *suffix, char *kept, struct fault *f)
{
	struct replacing r = { .fd = -1, .fault = f };
	int err;

	kept[0] = '\0';
	if (!realpath(path, r.real)) {
		err = -errno;
		fault_set(f, "%s: %s", path, strerror(-err));
		return err;
	}
	r.dir = (size_t)(strrchr(r.real, '/') + 1 - r.real);
	err = write_aside(&r, was, new_text);
	if (!err)
		err = check_same(&r, was, old_text);
	if (!err)
		err = keep_former(&r, suffix, kept);
	if (!err && rename(r.aside, r.real) < 0) {
		err = fail(&r, errno, "cannot be replaced");
		unlink(kept);
	}
	if (r.fd >= 0)
		close(r.fd);
	if (err && r.aside[0])
		unlink(r.aside);
	if (!err)
		sync_directory(&r);
	return err;
}
