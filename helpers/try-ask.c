/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: wait for a yes to what is on trial: Enter, or another process. */
#include <sys/signalfd.h>

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <termios.h>
#include <unistd.h>

#include "guard.h"
#include "record.h"
#include "try-work.h"

#define LOOK_MS	1000

struct asking {
	const struct session *ss;
	const struct trial *trial;
	int link, signals;
	bool terminal;		/* Enter can be read */
	bool shows;		/* and the seconds be seen */
	char line[16];		/* what was typed so far */
	size_t len;
};

/* Whoever looks at a terminal that stands still, or has gone, is not waited
 * for. */
static void
show_left(const struct asking *a)
{
	struct pollfd out = { .fd = STDERR_FILENO, .events = POLLOUT };
	char text[96];
	int n;

	if (!a->shows || poll(&out, 1, 0) != 1 || !(out.revents & POLLOUT))
		return;
	n = snprintf(text, sizeof(text), "\r%s: Enter keeps it, Ctrl-C takes "
	    "it back; %u s left ", a->trial->device,
	    record_trial_left(a->trial));
	if (write(STDERR_FILENO, text, (size_t)n) < 0)
		return;
}

static void
end_line(const struct asking *a)
{
	struct pollfd out = { .fd = STDERR_FILENO, .events = POLLOUT };

	if (a->shows && poll(&out, 1, 0) == 1 && (out.revents & POLLOUT) &&
	    write(STDERR_FILENO, "\n", 1) < 0)
		return;
}

static bool
is_word(const struct asking *a, const char *const *words)
{
	for (; *words; words++)
		if (!strcasecmp(a->line, *words))
			return true;
	return false;
}

/* A whole line.  Anything but a plain yes or no is asked again. */
static bool
understand(struct asking *a, enum answer *answer)
{
	static const char *const yes[] = { "", "y", "yes", NULL };
	static const char *const no[] = { "n", "no", "q", "quit", NULL };
	bool clear;

	a->line[a->len < sizeof(a->line) ? a->len : sizeof(a->line) - 1] =
	    '\0';
	a->len = 0;
	clear = is_word(a, yes) || is_word(a, no);
	if (clear)
		*answer = is_word(a, yes) ? ANSWER_YES : ANSWER_NO;
	return clear;
}

/* True with an answer.  A terminal that has hung up answers no more. */
static bool
read_answer(struct asking *a, enum answer *answer)
{
	char typed[64];
	ssize_t n = read(STDIN_FILENO, typed, sizeof(typed));

	if (n <= 0 && !(n < 0 && errno == EINTR))
		a->terminal = false;
	for (ssize_t i = 0; i < n; i++) {
		if (typed[i] == '\n') {
			if (understand(a, answer))
				return true;
		} else if (a->len < sizeof(a->line)) {
			a->line[a->len++] = typed[i];
		}
	}
	return false;
}

/* A signal that is ignored (nohup) does not come. */
static bool
read_signal(struct asking *a, enum answer *answer)
{
	struct signalfd_siginfo info;

	while (read(a->signals, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo == SIGHUP) {
			a->terminal = a->shows = false;
			continue;
		}
		*answer = ANSWER_NO;
		return true;
	}
	return false;
}

static bool
look(const struct asking *a, enum answer *answer)
{
	struct trial now;

	if (!try_pends(a->ss, a->trial->id, &now))
		*answer = ANSWER_GONE;
	else if (now.id == a->trial->id && now.kept)
		*answer = ANSWER_KEPT;
	else if (record_trial_left(a->trial) == 0)
		*answer = ANSWER_LATE;
	else if (guard_heard(a->link) < 0)
		*answer = ANSWER_ALONE;
	else
		return false;
	return true;
}

static bool
wait_a_moment(struct asking *a, enum answer *answer)
{
	struct pollfd on[3] = {
		{ .fd = a->terminal ? STDIN_FILENO : -1, .events = POLLIN },
		{ .fd = a->signals, .events = POLLIN },
		{ .fd = a->link, .events = POLLIN },
	};
	uint64_t now = record_clock(), until = a->trial->until;
	int wait = LOOK_MS;

	/* The seconds change with those of the end. */
	if (until > now)
		wait = (int)((until - now - 1) % LOOK_MS) + 1;
	if (poll(on, 3, wait) <= 0)
		return false;
	return (on[1].revents && read_signal(a, answer)) ||
	    (on[0].revents && read_answer(a, answer));
}

static int
take_signals(void)
{
	static const int taken[] = { SIGINT, SIGTERM, SIGQUIT, SIGHUP };
	struct sigaction ignore = { .sa_handler = SIG_IGN };
	sigset_t set;

	/* In the background a terminal is no reason to stop. */
	(void)sigaction(SIGTTIN, &ignore, NULL);
	(void)sigaction(SIGTTOU, &ignore, NULL);
	sigemptyset(&set);
	for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++)
		sigaddset(&set, taken[i]);
	(void)sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

enum answer
try_ask(const struct session *ss, const struct trial *t, int link)
{
	struct asking a = {
		.ss = ss, .trial = t, .link = link,
		.signals = take_signals(),
		/* In the background what is typed is the shell's. */
		.terminal = isatty(STDIN_FILENO) &&
		    tcgetpgrp(STDIN_FILENO) == getpgrp(),
	};
	enum answer answer = ANSWER_NO;

	if (a.signals < 0)
		return ANSWER_NO;
	/* From here on that one waits for the end of the time even if this one
	 * is killed. */
	if (guard_tell(link)) {
		close(a.signals);
		return ANSWER_ALONE;
	}
	a.shows = a.terminal && isatty(STDERR_FILENO);
	say_note(&ss->say, "%s: on trial for %u s; it stays if you press Enter "
	    "here, or with: ifpolicy confirm %s%s", t->device,
	    record_trial_left(t), t->device, a.terminal ? "" :
	    " (no terminal: Enter cannot be read)");
	/* What was typed before the question is no answer to it. */
	if (a.terminal)
		(void)tcflush(STDIN_FILENO, TCIFLUSH);
	do
		show_left(&a);
	while (!look(&a, &answer) && !wait_a_moment(&a, &answer));
	end_line(&a);
	close(a.signals);
	return answer;
}
