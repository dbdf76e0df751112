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

int
facts_find_devices(struct route *r, struct nl *nl, struct fault *f)
{
	struct message m;
	int err;

	for (size_t i = 0; i < r->hop_count; i++) {
		struct hop *h = &r->hop[i];

		if (h->dev[0] || !addr_given(&h->via))
			continue;
		err = nl_dump(nl, wire_get_way(m.bytes, &h->via), take_way,
		    NULL, &h->ifindex, f);
		if (err == -ENOMEM || err == -EIO)
			return err;
		if (err || !if_indextoname(h->ifindex, h->dev))
			h->dev[0] = '\0';
	}
	return 0;
}

static int
take_expiry(const struct nlmsghdr *nlh, void *arg)
{
	uint32_t *seconds = arg;
	struct route r;

	if (wire_read_route(&r, nlh) && r.protocol == RTPROT_RA &&
	    r.table == RT_TABLE_MAIN && r.dst.len == 0 && r.expires &&
	    (*seconds == 0 || r.expires < *seconds))
		*seconds = r.expires;
	return 0;
}

int
facts_next_expiry(uint32_t *seconds, struct nl *nl, struct fault *f)
{
	struct message m;

	*seconds = 0;
	return nl_dump(nl, wire_dump_routes(m.bytes, AF_INET6, RT_TABLE_MAIN,
	    0, RTPROT_RA), take_expiry, NULL, seconds, f);
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
