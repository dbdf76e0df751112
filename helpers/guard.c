/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: a process of ours that outlives us: the only fork, and no exec. */
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "guard.h"

#define LINK	3	/* its descriptor in the guarding process */
#define FILES_MAX	65536	/* to close one by one on an old kernel */

static void
ignore_signals(void)
{
	static const int ignored[] = {
		SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGALRM, SIGUSR1, SIGUSR2,
		SIGTSTP, SIGTTIN, SIGTTOU,
	};
	struct sigaction ignore = { .sa_handler = SIG_IGN };
	sigset_t term;

	for (size_t i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++)
		(void)sigaction(ignored[i], &ignore, NULL);
	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	(void)sigprocmask(SIG_SETMASK, &term, NULL);
}

static void
close_from(int first)
{
	struct rlimit most = { FILES_MAX, FILES_MAX };

#ifdef SYS_close_range
	if (syscall(SYS_close_range, first, ~0u, 0) == 0)
		return;
#endif
	(void)getrlimit(RLIMIT_NOFILE, &most);
	if (most.rlim_cur > FILES_MAX)
		most.rlim_cur = FILES_MAX;
	for (int fd = first; (rlim_t)fd < most.rlim_cur; fd++)
		(void)close(fd);
}

/* Nothing of the parent's: a pipe of its shell that stays open would keep that
 * one waiting. */
static bool
detach(int link)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null < 0 || setsid() < 0)
		return false;
	/* Above the streams, whichever of them were closed. */
	link = fcntl(link, F_DUPFD, LINK + 1);
	null = fcntl(null, F_DUPFD, LINK + 1);
	if (link < 0 || null < 0)
		return false;
	for (int fd = 0; fd < LINK; fd++)
		if (dup2(null, fd) < 0)
			return false;
	if (dup2(link, LINK) < 0)
		return false;
	close_from(LINK + 1);
	return true;
}

static void
guard(void (*work)(void *, int), void *arg, int link)
{
	ignore_signals();
	if (!detach(link))
		_exit(1);
	work(arg, LINK);
	_exit(0);
}

int
guard_start(struct guard *g, void (*work)(void *arg, int link), void *arg,
    struct fault *f)
{
	sigset_t all, before;
	int ends[2], err;
	char ready;

	g->pid = -1;
	g->link = -1;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) {
		err = -errno;
		goto failed;
	}
	sigfillset(&all);
	(void)sigprocmask(SIG_BLOCK, &all, &before);
	g->pid = fork();
	if (g->pid == 0) {
		(void)close(ends[0]);
		guard(work, arg, ends[1]);
	}
	err = g->pid < 0 ? -errno : 0;
	(void)sigprocmask(SIG_SETMASK, &before, NULL);
	(void)close(ends[1]);
	g->link = ends[0];
	if (!err) {
		while ((err = (int)read(g->link, &ready, 1)) < 0 &&
		    errno == EINTR)
			continue;
		err = err == 1 ? 0 : -ECHILD;
	}
	if (!err)
		return 0;
	guard_leave(g, true);
failed:
	fault_set(f, "cannot start the process that would take it back: %s",
	    err == -ECHILD ? "it could not begin" : strerror(-err));
	return err;
}

int
guard_tell(int link)
{
	return send(link, "", 1, MSG_NOSIGNAL) == 1 ? 0 : -errno;
}

int
guard_heard(int link)
{
	char bytes[8];
	ssize_t n = recv(link, bytes, sizeof(bytes), MSG_DONTWAIT);

	if (n == 0)
		return -EPIPE;
	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -EPIPE;
	return (int)n;
}

void
guard_leave(struct guard *g, bool wait)
{
	if (g->link >= 0)
		(void)close(g->link);
	g->link = -1;
	while (wait && g->pid > 0 && waitpid(g->pid, NULL, 0) < 0 &&
	    errno == EINTR)
		continue;
	g->pid = -1;
}
