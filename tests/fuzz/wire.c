/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: fuzz: netlink bytes; what is understood is the same after a way out and in. */
#include <linux/rtnetlink.h>

#include "fuzz.h"
#include "wire.h"

static void
try_rule(const struct nlmsghdr *nlh)
{
	_Alignas(struct nlmsghdr) char buf[WIRE_MESSAGE];
	struct rule r, back;
	struct nlmsghdr *out;

	if (!wire_read_rule(&r, nlh))
		return;
	out = wire_rule(buf, &r, RTM_NEWRULE, 0);
	MUST(out && wire_read_rule(&back, out));
	MUST(rule_same(&r, &back) && r.protocol == back.protocol);
}

static void
try_route(const struct nlmsghdr *nlh)
{
	_Alignas(struct nlmsghdr) char buf[WIRE_MESSAGE];
	struct route r, back;
	struct nlmsghdr *out;

	if (!wire_read_route(&r, nlh))
		return;
	/* Main where none is named. */
	if (r.table == RT_TABLE_UNSPEC)
		r.table = RT_TABLE_MAIN;
	out = wire_route(buf, &r, RTM_NEWROUTE, 0);
	MUST(out && wire_read_route(&back, out));
	MUST(route_same(&r, &back) && r.protocol == back.protocol);
}

/* One message; its length is set right, the rest is as it comes. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct nlmsghdr *nlh;
	struct address address;
	struct link link;
	int error;

	if (size < sizeof(*nlh) || size > 65535)
		return 0;
	nlh = malloc(size);
	MUST(nlh);
	memcpy(nlh, data, size);
	nlh->nlmsg_len = (uint32_t)size;
	try_rule(nlh);
	try_route(nlh);
	if (wire_read_address(&address, nlh))
		MUST(memchr(address.label, '\0', sizeof(address.label)));
	if (wire_read_link(&link, nlh))
		MUST(memchr(link.name, '\0', sizeof(link.name)));
	(void)wire_read_prefix(nlh);
	(void)wire_read_way(nlh);
	(void)wire_read_local(nlh);
	(void)wire_read_on_link(nlh, 3);
	(void)wire_read_error(&error, nlh);
	free(nlh);
	return 0;
}
