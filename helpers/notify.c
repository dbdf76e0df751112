/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: tell the service manager how things stand (sd_notify(3)). */
#include <sys/socket.h>
#include <sys/un.h>

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "notify.h"

int
notify_manager(const char *socket_name, const char *lines)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	size_t len = socket_name ? strlen(socket_name) : 0;
	int fd, err = 0;

	if (len == 0)
		return 0;
	if ((socket_name[0] != '/' && socket_name[0] != '@') ||
	    len >= sizeof(to.sun_path))
		return -EINVAL;
	memcpy(to.sun_path, socket_name, len);
	if (to.sun_path[0] == '@')
		to.sun_path[0] = '\0';
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	if (sendto(fd, lines, strlen(lines), MSG_NOSIGNAL,
	    (const struct sockaddr *)&to, (socklen_t)(offsetof(struct
	    sockaddr_un, sun_path) + len)) < 0)
		err = -errno;
	close(fd);
	return err;
}
