/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: what the events since the last look have made stale.
 *
 * The kernel does not tell of everything: with the last address of a device or
 * with its link its routes go without a word, so any event of a device means
 * that all of it has to be looked at. */
#include <linux/rtnetlink.h>
#include <net/if.h>

#include <string.h>

#include "watch-stale.h"
#include "wire.h"

static void
note_device(struct stale *s, struct device_names *list, const char *name)
{
	s->any = true;
	/* Without memory for a name, all there are. */
	if (!device_names_add(list, name))
		s->everything = true;
}

static void
note_index(struct stale *s, uint32_t ifindex)
{
	char name[IFNAMSIZ];

	/* One that is gone has told its name itself. */
	if (ifindex && if_indextoname(ifindex, name))
		note_device(s, &s->devices, name);
}

static void
note_link(struct stale *s, const struct nlmsghdr *nlh)
{
	struct link link;

	if (!wire_read_link(&link, nlh))
		return;
	note_device(s, &s->devices, link.name);
	if (nlh->nlmsg_type == RTM_NEWLINK && (link.flags & IFF_UP) &&
	    (link.changed & IFF_UP))
		note_device(s, &s->came_up, link.name);
}

/* Whatever claim mentions it is meant; false if there is no room. */
static bool
note_mention(struct stale *s, const struct addr *a)
{
	s->any = true;
	for (size_t i = 0; i < s->addresses; i++)
		if (addr_cmp(&s->address[i], a) == 0)
			return true;
	if (s->addresses == STALE_ADDRESSES)
		return false;
	s->address[s->addresses++] = *a;
	return true;
}

/* Other devices may have it as a source. */
static void
note_address(struct stale *s, const struct nlmsghdr *nlh)
{
	struct address a;

	if (!wire_read_address(&a, nlh))
		return;
	note_index(s, a.ifindex);
	s->everything |= !note_mention(s, &a.prefix.addr);
}

static void
note_loss(struct stale *s, const struct nlmsghdr *nlh)
{
	s->any = s->lost = true;
	if (nlh->nlmsg_pid)
		s->port = nlh->nlmsg_pid;
}

/* Somebody may have put his in the place of one of ours.  Routing daemons
 * replace many a route, few of them in slots of ours: a look at everything has
 * to be worth it. */
static void
note_replaced(struct stale *s, const struct nlmsghdr *nlh,
    const struct route *r)
{
	if (r->table != RT_TABLE_MAIN || r->dst.len == 0 ||
	    !note_mention(s, &r->dst.addr))
		note_loss(s, nlh);
}

/* A default or a prefix on link of main says where a device's table leads. */
static void
note_route(struct stale *s, const struct nlmsghdr *nlh)
{
	struct route r;

	/* One that this model cannot hold may have replaced ours, too. */
	if (!wire_read_route(&r, nlh)) {
		if (nlh->nlmsg_flags & NLM_F_REPLACE)
			note_loss(s, nlh);
		return;
	}
	if (r.protocol == PROTO_IFPOLICY) {
		if (nlh->nlmsg_type == RTM_DELROUTE)
			note_loss(s, nlh);
		s->ours = true;
		return;
	}
	if (nlh->nlmsg_flags & NLM_F_REPLACE)
		note_replaced(s, nlh, &r);
	if (r.table != RT_TABLE_MAIN || r.hop_count == 0 ||
	    (r.dst.len != 0 && addr_given(&r.hop[0].via)))
		return;
	for (size_t i = 0; i < r.hop_count; i++)
		note_index(s, r.hop[i].ifindex);
}

static void
note_rule(struct stale *s, const struct nlmsghdr *nlh)
{
	struct rule r;

	if (!wire_read_rule(&r, nlh) || r.protocol != PROTO_IFPOLICY)
		return;
	s->ours = true;
	if (nlh->nlmsg_type == RTM_DELRULE)
		note_loss(s, nlh);
}

void
stale_note(struct stale *s, const struct nlmsghdr *nlh, uint32_t own_port)
{
	if (nlh->nlmsg_pid == own_port)
		return;
	switch (nlh->nlmsg_type) {
	case RTM_NEWLINK:
	case RTM_DELLINK:
		note_link(s, nlh);
		break;
	case RTM_NEWADDR:
	case RTM_DELADDR:
		note_address(s, nlh);
		break;
	case RTM_NEWPREFIX:
		/* It may have changed a lifetime, which nothing else tells. */
		note_index(s, wire_read_prefix(nlh));
		break;
	case RTM_NEWROUTE:
	case RTM_DELROUTE:
		note_route(s, nlh);
		break;
	case RTM_NEWRULE:
	case RTM_DELRULE:
		note_rule(s, nlh);
		break;
	}
}

void
stale_fini(struct stale *s)
{
	device_names_fini(&s->devices);
	device_names_fini(&s->came_up);
	memset(s, 0, sizeof(*s));
}
