/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: single questions to the kernel, beside the snapshot. */
#include <errno.h>
#include <net/if.h>

#include "facts.h"
#include "wire.h"

/* A message of WIRE_MESSAGE bytes, aligned as netlink wants it. */
struct message {
	_Alignas(struct nlmsghdr) char bytes[WIRE_MESSAGE];
};

static int
take_way(const struct nlmsghdr *nlh, void *arg)
{
	uint32_t *ifindex = arg;

	*ifindex = wire_read_way(nlh);
	return 0;
}

/* Of a route of several next hops the first. */
static int
take_first_way(const struct nlmsghdr *nlh, void *arg)
{
	uint32_t *ifindex = arg;
	struct route r;

	*ifindex = wire_read_route(&r, nlh) && r.hop_count ?
	    r.hop[0].ifindex : wire_read_way(nlh);
	return 0;
}

/* No way there at all is an answer, too. */
static int
ask_way(uint32_t *ifindex, struct nl *nl, const struct addr *to,
    int (*take)(const struct nlmsghdr *, void *), struct fault *f)
{
	struct fault why;
	struct message m;
	int err;

	*ifindex = 0;
	err = nl_dump(nl, wire_get_way(m.bytes, to), take, NULL, ifindex,
	    &why);
	if (err != -ENOMEM && err != -EIO)
		return 0;
	*f = why;
	return err;
}

int
facts_way(uint32_t *ifindex, struct nl *nl, const struct addr *to,
    struct fault *f)
{
	return ask_way(ifindex, nl, to, take_first_way, f);
}

int
facts_find_devices(struct route *r, struct nl *nl, struct fault *f)
{
	int err;

	for (size_t i = 0; i < r->hop_count; i++) {
		struct hop *h = &r->hop[i];

		if (h->dev[0] || !addr_given(&h->via))
			continue;
		err = ask_way(&h->ifindex, nl, &h->via, take_way, f);
		if (err)
			return err;
		if (!if_indextoname(h->ifindex, h->dev))
			h->dev[0] = '\0';
	}
	return 0;
}

/* A default of a router, or a prefix on link that it has told. */
static int
take_expiry(const struct nlmsghdr *nlh, void *arg)
{
	uint32_t *seconds = arg;
	struct route r;

	if (wire_read_route(&r, nlh) && r.table == RT_TABLE_MAIN &&
	    r.expires && r.hop_count &&
	    (r.dst.len == 0 || !addr_given(&r.hop[0].via)) &&
	    (*seconds == 0 || r.expires < *seconds))
		*seconds = r.expires;
	return 0;
}

int
facts_next_expiry(uint32_t *seconds, struct nl *nl, struct fault *f)
{
	static const uint8_t protocols[] = { RTPROT_RA, RTPROT_KERNEL };
	struct message m;
	int err = 0;

	*seconds = 0;
	for (size_t i = 0; i < 2 && !err; i++)
		err = nl_dump(nl, wire_dump_routes(m.bytes, AF_INET6,
		    RT_TABLE_MAIN, 0, protocols[i]), take_expiry, NULL,
		    seconds, f);
	return err;
}

static int
take_up(const struct nlmsghdr *nlh, void *arg)
{
	bool *up = arg;
	struct link link;

	*up = wire_read_link(&link, nlh) && (link.flags & IFF_UP);
	return 0;
}

int
facts_is_up(bool *up, struct nl *nl, const char *device, struct fault *f)
{
	struct message m;

	*up = false;
	return nl_dump(nl, wire_get_link(m.bytes, device), take_up, NULL, up,
	    f);
}

struct asked_hop {
	const struct hop *hop;
	bool on_link;
};

/* As fib_check_nh() finds it, net/ipv4/fib_semantics.c. */
static int
take_link_route(const struct nlmsghdr *nlh, void *arg)
{
	struct asked_hop *asked = arg;
	struct route r;

	asked->on_link |= wire_read_route(&r, nlh) &&
	    r.table == RT_TABLE_MAIN && r.type == RTN_UNICAST &&
	    r.hop_count == 1 && r.hop[0].ifindex == asked->hop->ifindex &&
	    !addr_given(&r.hop[0].via) && r.dst.len &&
	    prefix_covers(&r.dst, &asked->hop->via);
	return 0;
}

static int
take_on_link(const struct nlmsghdr *nlh, void *arg)
{
	struct asked_hop *a = arg;

	a->on_link = wire_read_on_link(nlh, a->hop->ifindex);
	return 0;
}

/* Main's own routes first: with the cable out, and such routes ignored, the way
 * there is not to be had, but the kernel takes the hop. */
int
facts_hop_works(bool *works, struct nl *nl, const struct hop *h,
    struct fault *f)
{
	struct asked_hop a = { .hop = h };
	struct message m;
	int err;

	err = facts_is_up(works, nl, h->dev, f);
	if (err || !*works || h->onlink || addr_is_link_local(&h->via))
		return err;
	err = nl_dump(nl, wire_dump_routes(m.bytes, h->via.family,
	    RT_TABLE_MAIN, h->ifindex, 0), take_link_route, NULL, &a, f);
	if (!err && !a.on_link)
		err = nl_dump(nl, wire_get_way_by(m.bytes, &h->via,
		    h->ifindex), take_on_link, NULL, &a, f);
	*works = a.on_link;
	return err == -ENOMEM || err == -EIO ? err : 0;
}

static int
take_local(const struct nlmsghdr *nlh, void *arg)
{
	bool *local = arg;

	*local = wire_read_local(nlh);
	return 0;
}

int
facts_is_local(bool *local, struct nl *nl, const struct addr *a,
    struct fault *f)
{
	struct message m;
	int err;

	*local = false;
	err = nl_dump(nl, wire_get_way(m.bytes, a), take_local, NULL, local,
	    f);
	/* No way there at all is an answer, too. */
	return err == -ENOMEM || err == -EIO ? err : 0;
}
