/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: a whole file as one text, within bounds. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "file.h"

#define FIRST_ROOM	4096

/* All that fd has, growing; more than max bytes are not looked at. */
static int
slurp(char **text, size_t *len, int fd, size_t max)
{
	size_t room = 0, have = 0;
	char *at;
	ssize_t n;

	for (;;) {
		if (have + 1 >= room) {
			room = room ? room * 2 : FIRST_ROOM;
			at = realloc(*text, room);
			if (!at)
				return -ENOMEM;
			*text = at;
		}
		n = read(fd, *text + have, room - 1 - have);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		have += (size_t)n;
		if (have > max)
			return -EFBIG;
		if (n == 0)
			break;
	}
	(*text)[have] = '\0';
	*len = have;
	return 0;
}

int
file_read(char **text, const char *path, size_t max)
{
	size_t len = 0;
	int fd, err;

	*text = NULL;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return -errno;
	err = slurp(text, &len, fd, max);
	close(fd);
	if (!err && strlen(*text) != len)
		err = -EILSEQ;
	if (err) {
		free(*text);
		*text = NULL;
	}
	return err;
}

const char *
file_error(int err)
{
	if (err == -EILSEQ)
		return "has a NUL byte, so it is no text";
	return strerror(-err);
}
