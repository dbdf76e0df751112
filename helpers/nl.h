/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: one rtnetlink socket: whole dumps, acked batches. */
#ifndef IFPOLICY_NL_H
#define IFPOLICY_NL_H

#include <libmnl/libmnl.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "say.h"

#define NL_BATCH	64	/* messages a send: more lose acks (ENOBUFS) */
#define NL_TEXT		128	/* the kernel's words kept for one refusal */

struct nl {
	struct mnl_socket *socket;
	uint32_t port;
	uint32_t seq;
	bool lost;		/* the last batch went out, answers did not
				 * come back */
	char *buf;		/* one read: 32 KiB, smaller ones tear dumps */
};

/* What became of one message: 0 or -errno, and the kernel's own words. */
struct nl_answer {
	int error;
	char text[NL_TEXT];
};

/* Opens, binds, asks for extended acks and strict checking (kernels without
 * them are tolerated).  0 or -errno with a fault. */
int nl_open(struct nl *nl, struct fault *f);
void nl_close(struct nl *nl);

/* Opens a socket that hears of every change of links, addresses, routes and
 * rules in this namespace, and of the prefixes that routers tell; it is for
 * nl_hear() only.  0 or -errno with a fault. */
int nl_listen(struct nl *nl, struct fault *f);

/* Hands on what one datagram tells, without waiting.  1; 0 if there is none;
 * -ENOBUFS if some were lost; or another -errno. */
int nl_hear(struct nl *nl, void (*each)(const struct nlmsghdr *, void *),
    void *arg);

/* The descriptor, to wait for, and for questions about the namespace. */
int nl_fd(const struct nl *nl);

/* Sends one dump request (a wire_dump_* or wire_get_* message) and hands each
 * message to each(), which returns 0 or -errno to stop.  A table or device
 * that does not exist is an empty dump, and so is NULL: a name that no device
 * can have.  An interrupted dump starts again:
 * reset() is called first (may be NULL), at most five times.  0 or -errno. */
int nl_dump(struct nl *nl, struct nlmsghdr *request,
    int (*each)(const struct nlmsghdr *, void *), void (*reset)(void *),
    void *arg, struct fault *f);

/* Sends count <= NL_BATCH messages (which carry NLM_F_ACK) back to back in
 * one system call and collects one answer each.  0 when all were answered,
 * whatever they say; -errno with a fault when the conversation itself broke:
 * before it was sent, or, with nl->lost set, after (-ENOBUFS: look at the
 * kernel again). */
int nl_batch(struct nl *nl, struct nlmsghdr **messages, size_t count,
    struct nl_answer *answers, struct fault *f);

#endif
