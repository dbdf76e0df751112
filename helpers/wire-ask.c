/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: the question which way a packet goes, and its plain answer, on the wire. */
#include <sys/socket.h>

#include <arpa/inet.h>
#include <libmnl/libmnl.h>

#include "uapi.h"
#include "wire-attr.h"
#include "wire.h"

/* Facts from net/ipv4/route.c, inet_rtm_getroute(), and net/ipv6/route.c,
 * inet6_rtm_getroute(). */

static void
put_port(struct draft *d, uint16_t type, uint16_t port)
{
	uint16_t bytes = htons(port);

	if (port)
		draft_put(d, type, &bytes, sizeof(bytes));
}

static void
put_u32(struct draft *d, uint16_t type, uint32_t v)
{
	if (v)
		draft_u32(d, type, v);
}

struct nlmsghdr *
wire_ask(void *buf, const struct question *q, bool plain)
{
	struct draft d;
	struct rtmsg *m;

	m = draft_init(&d, buf, WIRE_MESSAGE, RTM_GETROUTE, 0, sizeof(*m));
	m->rtm_family = (uint8_t)q->family;
	m->rtm_tos = q->tos;
	m->rtm_dst_len = (uint8_t)addr_bits(q->family);
	/* IPv4 says main unless asked for the table; IPv6 always tells it, and
	 * refuses the flag. */
	m->rtm_flags = (plain ? 0 : RTM_F_FIB_MATCH) |
	    (q->family == AF_INET ? RTM_F_LOOKUP_TABLE : 0);
	draft_addr(&d, RTA_DST, &q->to);
	if (addr_given(&q->from)) {
		m->rtm_src_len = (uint8_t)addr_bits(q->family);
		draft_addr(&d, RTA_SRC, &q->from);
	}
	put_u32(&d, RTA_IIF, q->iif);
	put_u32(&d, RTA_OIF, q->oif);
	put_u32(&d, RTA_MARK, q->mark);
	/* Not given it is the asking process', or none. */
	draft_u32(&d, RTA_UID, q->uid);
	if (q->ipproto)
		draft_u8(&d, RTA_IP_PROTO, q->ipproto);
	put_port(&d, RTA_SPORT, q->sport);
	put_port(&d, RTA_DPORT, q->dport);
	return draft_done(&d);
}
