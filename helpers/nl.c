/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: one rtnetlink socket: whole dumps, acked batches. */
#include <sys/socket.h>
#include <sys/uio.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nl.h"
#include "uapi.h"
#include "wire.h"

#define EVENTS_SIZE	(1024 * 1024)
#define READ_SIZE	32768
#define DUMP_TRIES	5
#define DRAIN_READS	10000	/* a dump of any sane size ends before */

static int
open_socket(struct nl *nl, unsigned groups, struct fault *f)
{
	static const int options[] = {
		NETLINK_EXT_ACK, NETLINK_CAP_ACK, NETLINK_GET_STRICT_CHK,
	};
	int one = 1, err;

	memset(nl, 0, sizeof(*nl));
	nl->buf = malloc(READ_SIZE);
	if (!nl->buf) {
		fault_set(f, "out of memory");
		return -ENOMEM;
	}
	/* Not mnl_socket_open2(), which libmnl 1.0.3 lacks: nothing is ever
	 * executed that could inherit the socket. */
	nl->socket = mnl_socket_open(NETLINK_ROUTE);
	if (!nl->socket ||
	    mnl_socket_bind(nl->socket, groups, MNL_SOCKET_AUTOPID) < 0) {
		err = errno;
		fault_set(f, "cannot open a netlink socket: %s",
		    strerror(err));
		nl_close(nl);
		return -err;
	}
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		(void)mnl_socket_setsockopt(nl->socket, options[i], &one,
		    sizeof(one));
	nl->port = mnl_socket_get_portid(nl->socket);
	return 0;
}

int
nl_open(struct nl *nl, struct fault *f)
{
	return open_socket(nl, 0, f);
}

int
nl_listen(struct nl *nl, struct fault *f)
{
	const unsigned groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR |
	    RTMGRP_IPV6_IFADDR | RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE |
	    RTMGRP_IPV4_RULE | 1u << (RTNLGRP_IPV6_RULE - 1) |
	    RTMGRP_IPV6_PREFIX;
	int size = EVENTS_SIZE, err = open_socket(nl, groups, f);

	/* More than net.core.rmem_max takes CAP_NET_ADMIN, which is there. */
	if (!err && setsockopt(nl_fd(nl), SOL_SOCKET, SO_RCVBUFFORCE, &size,
	    sizeof(size)) < 0)
		(void)setsockopt(nl_fd(nl), SOL_SOCKET, SO_RCVBUF, &size,
		    sizeof(size));
	return err;
}

void
nl_close(struct nl *nl)
{
	if (nl->socket)
		mnl_socket_close(nl->socket);
	free(nl->buf);
	memset(nl, 0, sizeof(*nl));
}

int
nl_fd(const struct nl *nl)
{
	return mnl_socket_get_fd(nl->socket);
}

/* One datagram from the kernel into nl->buf.  Its length or -errno. */
static ssize_t
receive(struct nl *nl, int flags)
{
	struct sockaddr_nl from;
	struct iovec iov = { .iov_base = nl->buf, .iov_len = READ_SIZE };
	struct msghdr msg = {
		.msg_name = &from, .msg_namelen = sizeof(from),
		.msg_iov = &iov, .msg_iovlen = 1,
	};
	ssize_t n;

	for (;;) {
		n = recvmsg(mnl_socket_get_fd(nl->socket), &msg, flags);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (msg.msg_flags & MSG_TRUNC)
			return -ENOSPC;
		/* Any process may send to our port: only the kernel counts. */
		if (from.nl_pid == 0)
			return n;
	}
}

int
nl_hear(struct nl *nl, void (*each)(const struct nlmsghdr *, void *),
    void *arg)
{
	const struct nlmsghdr *nlh;
	ssize_t n = receive(nl, MSG_DONTWAIT);
	int len = (int)n;

	if (n == -EAGAIN)
		return 0;
	/* One that does not fit has been taken off the queue. */
	if (n < 0)
		return n == -ENOSPC ? -ENOBUFS : (int)n;
	for (nlh = (const void *)nl->buf; mnl_nlmsg_ok(nlh, len);
	    nlh = mnl_nlmsg_next(nlh, &len))
		each(nlh, arg);
	return 1;
}

/* An error that only says "there is none of these". */
static bool
means_empty(int error)
{
	return error == -ENOENT || error == -ENODEV;
}

struct dump {
	int (*each)(const struct nlmsghdr *, void *);
	void *arg;
	int error;		/* of the kernel or of each() */
	bool torn, done;
	char text[NL_TEXT];
};

static void
take_end(struct dump *d, const struct nlmsghdr *nlh)
{
	const char *text;
	int error = 0;

	text = wire_read_error(&error, nlh);
	d->done = true;
	if (error == 0 || means_empty(error))
		return;
	if (!d->error)
		d->error = error;
	if (text)
		snprintf(d->text, sizeof(d->text), "%s", text);
}

static void
take_datagram(struct nl *nl, struct dump *d, ssize_t n)
{
	const struct nlmsghdr *nlh = (const struct nlmsghdr *)nl->buf;
	int left = (int)n;

	for (; mnl_nlmsg_ok(nlh, left) && !d->done;
	    nlh = mnl_nlmsg_next(nlh, &left)) {
		if (nlh->nlmsg_seq != nl->seq)
			continue;
		if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
			d->torn = true;
		if (nlh->nlmsg_type == NLMSG_DONE ||
		    nlh->nlmsg_type == NLMSG_ERROR)
			take_end(d, nlh);
		else if (!d->error)
			d->error = d->each(nlh, d->arg);
		/* The answer to a get: one message and no end. */
		if (!(nlh->nlmsg_flags & NLM_F_MULTI))
			d->done = true;
	}
}

/* One try.  Reads to the end also after an error: a socket with an unfinished
 * dump refuses the next. */
static int
dump_once(struct nl *nl, struct nlmsghdr *request, struct dump *d)
{
	ssize_t n;

	request->nlmsg_seq = ++nl->seq;
	request->nlmsg_pid = nl->port;
	if (mnl_socket_sendto(nl->socket, request, request->nlmsg_len) < 0)
		return -errno;
	for (int reads = 0; !d->done; reads++) {
		n = reads < DRAIN_READS ? receive(nl, 0) : -E2BIG;
		if (n < 0)
			return (int)n;
		take_datagram(nl, d, n);
	}
	return d->error;
}

int
nl_dump(struct nl *nl, struct nlmsghdr *request,
    int (*each)(const struct nlmsghdr *, void *), void (*reset)(void *),
    void *arg, struct fault *f)
{
	struct dump d;
	int err = -EINTR;

	if (!request)
		return 0;
	for (int i = 0; i < DUMP_TRIES; i++) {
		if (i > 0 && reset)
			reset(arg);
		memset(&d, 0, sizeof(d));
		d.each = each;
		d.arg = arg;
		err = dump_once(nl, request, &d);
		if (err == 0 && !d.torn)
			return 0;
		if (err != 0 && err != -EBUSY && err != -EINTR &&
		    err != -EAGAIN && err != -ENOBUFS)
			break;
		if (err == 0)
			err = -EINTR;
	}
	fault_set(f, "cannot read the kernel's state: %s%s%s", strerror(-err),
	    d.text[0] ? "; kernel: " : "", d.text);
	return err;
}

/* Files one ack under its message.  False if it belongs to none. */
static bool
take_answer(const struct nlmsghdr *nlh, uint32_t first, size_t count,
    struct nl_answer *answers)
{
	size_t i = nlh->nlmsg_seq - first;
	const char *text;

	if (i >= count || nlh->nlmsg_type != NLMSG_ERROR)
		return false;
	text = wire_read_error(&answers[i].error, nlh);
	if (text && answers[i].error)
		snprintf(answers[i].text, sizeof(answers[i].text), "%s", text);
	return true;
}

static int
collect(struct nl *nl, uint32_t first, size_t count,
    struct nl_answer *answers)
{
	const struct nlmsghdr *nlh;
	size_t have = 0;
	ssize_t n;
	int left;

	while (have < count) {
		n = receive(nl, 0);
		if (n < 0)
			return (int)n;
		nlh = (const struct nlmsghdr *)nl->buf;
		for (left = (int)n; mnl_nlmsg_ok(nlh, left);
		    nlh = mnl_nlmsg_next(nlh, &left))
			have += take_answer(nlh, first, count, answers);
	}
	return 0;
}

int
nl_batch(struct nl *nl, struct nlmsghdr **messages, size_t count,
    struct nl_answer *answers, struct fault *f)
{
	struct iovec iov[NL_BATCH];
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	struct msghdr msg = {
		.msg_name = &kernel, .msg_namelen = sizeof(kernel),
		.msg_iov = iov, .msg_iovlen = count,
	};
	uint32_t first = nl->seq + 1;
	int err;

	if (count > NL_BATCH) {
		fault_set(f, "too many messages in one batch");
		return -E2BIG;
	}
	memset(answers, 0, count * sizeof(*answers));
	nl->lost = false;
	for (size_t i = 0; i < count; i++) {
		messages[i]->nlmsg_seq = ++nl->seq;
		messages[i]->nlmsg_pid = nl->port;
		iov[i].iov_base = messages[i];
		iov[i].iov_len = NLMSG_ALIGN(messages[i]->nlmsg_len);
	}
	do
		err = sendmsg(mnl_socket_get_fd(nl->socket), &msg, 0) < 0 ?
		    -errno : 0;
	while (err == -EINTR);
	if (!err) {
		err = collect(nl, first, count, answers);
		nl->lost = err != 0;
	}
	if (err)
		fault_set(f, "the kernel did not answer: %s", strerror(-err));
	return err;
}
