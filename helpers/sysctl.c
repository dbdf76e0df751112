/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: per-device network sysctls, read and written. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sysctl.h"

static int
open_knob(const char *path, int flags)
{
	char full[SYSCTL_PATH + 16];
	int fd;

	snprintf(full, sizeof(full), "/proc/sys/net/%s", path);
	do
		fd = open(full, flags | O_CLOEXEC);
	while (fd < 0 && errno == EINTR);
	return fd < 0 ? -errno : fd;
}

int
sysctl_read(char *value, size_t size, const char *path)
{
	ssize_t n;
	int fd;

	fd = open_knob(path, O_RDONLY);
	if (fd < 0)
		return fd;
	do
		n = read(fd, value, size - 1);
	while (n < 0 && errno == EINTR);
	close(fd);
	if (n < 0)
		return -EIO;
	value[n] = '\0';
	value[strcspn(value, "\n")] = '\0';
	return 0;
}

int
sysctl_write(const char *path, const char *value)
{
	size_t len = strlen(value);
	ssize_t n;
	int fd, err;

	fd = open_knob(path, O_WRONLY);
	if (fd < 0)
		return fd;
	n = write(fd, value, len);
	err = n < 0 ? -errno : 0;
	close(fd);
	return err;
}
