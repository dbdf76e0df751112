/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Purpose: a steady UDP flow with an echo, to count what a change loses.
 *
 *	flow echo [PORT]
 *	flow send [-i] [-s SOURCE] [-p PORT] ADDR RATE SECONDS
 *
 * send prints "sent N lost N refused N gap MS": lost were sent and never came
 * back, refused is what the kernel would not even send (no route), gap the
 * longest time between two answers. The socket is never connected: without -s
 * every packet takes the route, and the source, of its own moment. -i stops
 * early, and cleanly, on SIGTERM. The echo answers from the address asked.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <sys/socket.h>

#include <arpa/inet.h>
#include <netinet/in.h>

#include <err.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LINGER	1000000000LL	/* wait so long for the last answers */

static volatile sig_atomic_t stop;

static void
on_term(int sig)
{
	(void)sig;
	stop = 1;
}

static int64_t
now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000LL + ts.tv_nsec;
}

static socklen_t
parse(const char *addr, const char *port, struct sockaddr_storage *ss)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)ss;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)ss;

	memset(ss, 0, sizeof(*ss));
	if (inet_pton(AF_INET, addr, &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		v4->sin_port = htons((uint16_t)atoi(port));
		return sizeof(*v4);
	}
	if (inet_pton(AF_INET6, addr, &v6->sin6_addr) != 1)
		errx(2, "%s: not an address", addr);
	v6->sin6_family = AF_INET6;
	v6->sin6_port = htons((uint16_t)atoi(port));
	return sizeof(*v6);
}

static int
open_socket(int family)
{
	int fd, size = 8 << 20;

	if ((fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0)) < 0)
		err(2, "socket");
	/* Forced: a burst after a gap must not be lost in the buffer. */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) < 0)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	return fd;
}

static void
echo(const char *port)
{
	struct sockaddr_in6 from, any = { .sin6_family = AF_INET6 };
	char data[2048], control[256];
	struct iovec iov = { .iov_base = data };
	struct msghdr m = { .msg_name = &from, .msg_iov = &iov,
	    .msg_iovlen = 1, .msg_control = control };
	int fd = open_socket(AF_INET6), on = 1, off = 0;
	ssize_t n;

	any.sin6_port = htons((uint16_t)atoi(port));
	if (setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off)) < 0 ||
	    setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on,
	    sizeof(on)) < 0 ||
	    bind(fd, (struct sockaddr *)&any, sizeof(any)) < 0)
		err(2, "echo");
	puts("ready");
	fflush(stdout);
	for (;;) {
		struct cmsghdr *c;

		m.msg_namelen = sizeof(from);
		m.msg_controllen = sizeof(control);
		iov.iov_len = sizeof(data);
		if ((n = recvmsg(fd, &m, 0)) < 0)
			continue;
		iov.iov_len = (size_t)n;
		/* Same address back, but by whatever route the reply has. */
		for (c = CMSG_FIRSTHDR(&m); c != NULL; c = CMSG_NXTHDR(&m, c))
			if (c->cmsg_level == IPPROTO_IPV6 &&
			    c->cmsg_type == IPV6_PKTINFO)
				((struct in6_pktinfo *)CMSG_DATA(c))
				    ->ipi6_ifindex = 0;
		sendmsg(fd, &m, MSG_DONTWAIT);
	}
}

static void
drain(int fd, unsigned char *seen, uint32_t sent, uint32_t *got,
    int64_t *last, int64_t *gap)
{
	uint32_t seq;

	while (recv(fd, &seq, sizeof(seq), MSG_DONTWAIT) == sizeof(seq)) {
		int64_t t = now();

		if (seq >= sent || seen[seq])
			continue;
		seen[seq] = 1;
		++*got;
		if (*last != 0 && t - *last > *gap)
			*gap = t - *last;
		*last = t;
	}
}

static int
flow_send(int fd, const struct sockaddr_storage *to, socklen_t len,
    double rate, double seconds)
{
	uint32_t total = (uint32_t)(rate * seconds), sent = 0, got = 0;
	uint32_t refused = 0, i = 0;
	unsigned char *seen = calloc(total + 1, 1);
	int64_t start = now(), last = 0, gap = 0, end, step;
	struct pollfd p = { .fd = fd, .events = POLLIN };

	if (seen == NULL)
		err(2, "calloc");
	step = (int64_t)(1e9 / rate);
	while (i < total && !stop) {
		int64_t wait = start + i * step - now();
		struct timespec ts = { 0, wait > 0 ? wait : 0 };

		if (wait > 0) {
			if (ppoll(&p, 1, &ts, NULL) > 0)
				drain(fd, seen, total, &got, &last, &gap);
			continue;
		}
		if (sendto(fd, &i, sizeof(i), MSG_DONTWAIT,
		    (const struct sockaddr *)to, len) < 0)
			refused++;
		else
			sent++;
		i++;
	}
	end = now() + LINGER;
	while (got < sent && now() < end)
		if (poll(&p, 1, 20) > 0)
			drain(fd, seen, total, &got, &last, &gap);
	printf("sent %u lost %u refused %u gap %lld\n", sent, sent - got,
	    refused, (long long)(gap / 1000000));
	free(seen);
	return 0;
}

int
main(int argc, char **argv)
{
	struct sockaddr_storage to, from;
	const char *port = "7007", *source = NULL;
	socklen_t len, flen;
	int c, fd;

	if (argc >= 2 && strcmp(argv[1], "echo") == 0)
		echo(argc > 2 ? argv[2] : port);
	if (argc < 2 || strcmp(argv[1], "send") != 0)
		errx(2, "usage: flow echo [PORT] | flow send [-i] [-s SOURCE] "
		    "[-p PORT] ADDR RATE SECONDS");
	argc--, argv++;
	while ((c = getopt(argc, argv, "is:p:")) != -1)
		if (c == 's')
			source = optarg;
		else if (c == 'p')
			port = optarg;
		else if (c == 'i')
			signal(SIGTERM, on_term);
		else
			return 2;
	if (argc - optind != 3)
		errx(2, "send: ADDR RATE SECONDS");
	len = parse(argv[optind], port, &to);
	fd = open_socket(to.ss_family);
	if (source != NULL) {
		flen = parse(source, "0", &from);
		if (bind(fd, (struct sockaddr *)&from, flen) < 0)
			err(2, "%s", source);
	}
	return flow_send(fd, &to, len, atof(argv[optind + 1]),
	    atof(argv[optind + 2]));
}
