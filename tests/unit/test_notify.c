/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: unit tests of notify.c, with sockets that listen. */
#include <sys/un.h>

#include <unistd.h>

#include "build.h"
#include "notify.h"

/* A socket of this name; "@" begins an abstract one.  *len is the length of the
 * whole address. */
static int
listen_at(const char *name, socklen_t *len)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_true(strlen(name) <= sizeof(at.sun_path));
	memcpy(at.sun_path, name, strlen(name));
	if (name[0] == '@')
		at.sun_path[0] = '\0';
	*len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) +
	    strlen(name));
	if (bind(fd, (const struct sockaddr *)&at, *len) < 0)
		fail_msg("%s: %s", name, strerror(errno));
	return fd;
}

static void
assert_heard(int fd, const char *want)
{
	char buf[256] = "";
	ssize_t n = recv(fd, buf, sizeof(buf) - 1, 0);

	assert_int_equal(n, strlen(want));
	assert_string_equal(buf, want);
	/* One datagram, and no more. */
	assert_int_equal(recv(fd, buf, sizeof(buf), 0), -1);
}

static void
heard_at(const char *name)
{
	socklen_t len;
	int fd = listen_at(name, &len);

	assert_int_equal(notify_manager(name, "READY=1\nSTATUS=here\n"), 0);
	assert_heard(fd, "READY=1\nSTATUS=here\n");
	close(fd);
}

static void
a_path_and_an_abstract_name_are_heard(void **state)
{
	char path[64], abstract[64];

	(void)state;
	snprintf(path, sizeof(path), "/tmp/ifpolicy-notify-%d", getpid());
	snprintf(abstract, sizeof(abstract), "@ifpolicy-notify-%d", getpid());
	heard_at(path);
	unlink(path);
	heard_at(abstract);
}

static void
a_name_may_fill_its_room(void **state)
{
	char name[sizeof(((struct sockaddr_un *)NULL)->sun_path) + 1];

	(void)state;
	memset(name, 'x', sizeof(name));
	name[0] = '@';
	name[sizeof(name) - 2] = '\0';
	heard_at(name);
	name[sizeof(name) - 2] = 'x';
	name[sizeof(name) - 1] = '\0';
	assert_int_equal(notify_manager(name, "READY=1\n"), -EINVAL);
}

static void
without_a_name_nobody_is_told(void **state)
{
	(void)state;
	assert_int_equal(notify_manager(NULL, "READY=1\n"), 0);
	assert_int_equal(notify_manager("", "READY=1\n"), 0);
}

static void
other_names_are_refused(void **state)
{
	(void)state;
	assert_int_equal(notify_manager("notify", "READY=1\n"), -EINVAL);
	assert_int_equal(notify_manager("./notify", "READY=1\n"), -EINVAL);
	assert_int_equal(notify_manager("vsock:2:99", "READY=1\n"), -EINVAL);
}

/* Neither is worth a word or a moment. */
static void
who_does_not_listen_or_read_is_not_waited_for(void **state)
{
	char name[64];
	socklen_t len;
	int fd, err = 0;

	(void)state;
	snprintf(name, sizeof(name), "@ifpolicy-full-%d", getpid());
	assert_int_equal(notify_manager(name, "READY=1\n"), -ECONNREFUSED);
	fd = listen_at(name, &len);
	for (int i = 0; i < 100000 && !err; i++)
		err = notify_manager(name, "STATUS=on and on\n");
	assert_int_equal(err, -EAGAIN);
	close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_path_and_an_abstract_name_are_heard),
		cmocka_unit_test(a_name_may_fill_its_room),
		cmocka_unit_test(without_a_name_nobody_is_told),
		cmocka_unit_test(other_names_are_refused),
		cmocka_unit_test(who_does_not_listen_or_read_is_not_waited_for),
	};

	return cmocka_run_group_tests_name("notify", tests, NULL, NULL);
}
