/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: dump requests, links, addresses and errors on the wire. */
#include <sys/socket.h>

#include <errno.h>
#include <libmnl/libmnl.h>
#include <string.h>

#include "uapi.h"
#include "wire-attr.h"
#include "wire.h"

/* Rules and routes have rooms of their own: wire-rule.c, wire-route.c. */

static void *
dump(struct draft *d, void *buf, uint16_t type, size_t header)
{
	return draft_init(d, buf, WIRE_MESSAGE, type, NLM_F_DUMP, header);
}

struct nlmsghdr *
wire_dump_rules(void *buf, int family)
{
	struct draft d;
	struct fib_rule_hdr *h;

	h = dump(&d, buf, RTM_GETRULE, sizeof(*h));
	h->family = (uint8_t)family;
	return draft_done(&d);
}

/* A kernel without strict checking filters nothing: the reader must. */
struct nlmsghdr *
wire_dump_routes(void *buf, int family, uint32_t table, uint32_t ifindex,
    uint8_t protocol)
{
	struct draft d;
	struct rtmsg *m;

	m = dump(&d, buf, RTM_GETROUTE, sizeof(*m));
	m->rtm_family = (uint8_t)family;
	m->rtm_protocol = protocol;
	m->rtm_table = table < 256 ? (uint8_t)table : RT_TABLE_UNSPEC;
	if (table)
		draft_u32(&d, RTA_TABLE, table);
	if (ifindex)
		draft_u32(&d, RTA_OIF, ifindex);
	return draft_done(&d);
}

struct nlmsghdr *
wire_dump_addresses(void *buf, int family, uint32_t ifindex)
{
	struct draft d;
	struct ifaddrmsg *m;

	m = dump(&d, buf, RTM_GETADDR, sizeof(*m));
	m->ifa_family = (uint8_t)family;
	m->ifa_index = ifindex;
	return draft_done(&d);
}

struct nlmsghdr *
wire_dump_links(void *buf)
{
	struct draft d;

	dump(&d, buf, RTM_GETLINK, sizeof(struct ifinfomsg));
	/* 5 KiB less for every link. */
	draft_u32(&d, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
	return draft_done(&d);
}

struct nlmsghdr *
wire_dump_neighbours(void *buf, int family)
{
	struct draft d;
	struct ndmsg *m;

	m = dump(&d, buf, RTM_GETNEIGH, sizeof(*m));
	m->ndm_family = (uint8_t)family;
	return draft_done(&d);
}

struct nlmsghdr *
wire_get_link(void *buf, const char *name)
{
	struct draft d;

	/* The kernel would cut a longer name and find another device. */
	if (name[0] == '\0' || strnlen(name, IFNAMSIZ) == IFNAMSIZ)
		return NULL;
	draft_init(&d, buf, WIRE_MESSAGE, RTM_GETLINK, 0,
	    sizeof(struct ifinfomsg));
	draft_text(&d, IFLA_IFNAME, name);
	draft_u32(&d, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
	return draft_done(&d);
}

bool
wire_read_address(struct address *address, const struct nlmsghdr *nlh)
{
	const struct ifaddrmsg *m;
	struct addr far = { 0 }, own = { 0 };
	struct attrs a;

	if ((nlh->nlmsg_type != RTM_NEWADDR &&
	    nlh->nlmsg_type != RTM_DELADDR) ||
	    !attrs_of_message(&a, nlh, sizeof(*m)))
		return false;
	m = mnl_nlmsg_get_payload(nlh);
	if (addr_bytes(m->ifa_family) == 0 ||
	    m->ifa_prefixlen > addr_bits(m->ifa_family))
		return false;
	memset(address, 0, sizeof(*address));
	address->ifindex = m->ifa_index;
	address->flags = m->ifa_flags;
	address->scope = m->ifa_scope;
	/* IFA_ADDRESS is the far end where there is one, else our own. */
	if (!attr_addr(&a, IFA_ADDRESS, m->ifa_family, &far) ||
	    !attr_addr(&a, IFA_LOCAL, m->ifa_family, &own) ||
	    !attr_get(&a, IFA_FLAGS, &address->flags, 4) ||
	    !attr_text(&a, IFA_LABEL, address->label, sizeof(address->label)))
		return false;
	if (!addr_given(&own))
		own = far;
	else if (addr_given(&far) && addr_cmp(&own, &far) != 0)
		address->peer = far;
	address->prefix.addr = own;
	address->prefix.len = m->ifa_prefixlen;
	return addr_given(&own);
}

/* The kind of the device that this one is a port of. */
static bool
get_master_kind(const struct attrs *a, char *kind, size_t size)
{
	struct attrs info;

	if (!a->at[IFLA_LINKINFO])
		return true;
	return attrs_of_nest(&info, a->at[IFLA_LINKINFO]) &&
	    attr_text(&info, IFLA_INFO_SLAVE_KIND, kind, size);
}

static bool
get_vrf_table(const struct attrs *a, uint32_t *table)
{
	struct attrs info, data;
	char kind[32] = "";

	if (!a->at[IFLA_LINKINFO])
		return true;
	if (!attrs_of_nest(&info, a->at[IFLA_LINKINFO]) ||
	    !attr_text(&info, IFLA_INFO_KIND, kind, sizeof(kind)))
		return false;
	if (strcmp(kind, "vrf") || !info.at[IFLA_INFO_DATA])
		return true;
	return attrs_of_nest(&data, info.at[IFLA_INFO_DATA]) &&
	    attr_get(&data, IFLA_VRF_TABLE, table, 4);
}

bool
wire_read_neighbour(struct neighbour *n, const struct nlmsghdr *nlh)
{
	const struct ndmsg *m;
	struct attrs a;

	if (nlh->nlmsg_type != RTM_NEWNEIGH ||
	    !attrs_of_message(&a, nlh, sizeof(*m)))
		return false;
	m = mnl_nlmsg_get_payload(nlh);
	if (addr_bytes(m->ndm_family) == 0 || !a.at[NDA_DST])
		return false;
	memset(n, 0, sizeof(*n));
	n->ifindex = (uint32_t)m->ndm_ifindex;
	n->state = m->ndm_state;
	return attr_addr(&a, NDA_DST, m->ndm_family, &n->addr);
}

uint32_t
wire_read_prefix(const struct nlmsghdr *nlh)
{
	const struct prefixmsg *m = mnl_nlmsg_get_payload(nlh);

	return nlh->nlmsg_type == RTM_NEWPREFIX &&
	    nlh->nlmsg_len >= MNL_NLMSG_HDRLEN + sizeof(*m) &&
	    m->prefix_ifindex > 0 ? (uint32_t)m->prefix_ifindex : 0;
}

bool
wire_read_link(struct link *l, const struct nlmsghdr *nlh)
{
	const struct ifinfomsg *m;
	struct attrs a;
	char kind[32] = "";

	if ((nlh->nlmsg_type != RTM_NEWLINK &&
	    nlh->nlmsg_type != RTM_DELLINK) ||
	    !attrs_of_message(&a, nlh, sizeof(*m)))
		return false;
	m = mnl_nlmsg_get_payload(nlh);
	/* AF_BRIDGE tells of a port, not of a link. */
	if (m->ifi_family != AF_UNSPEC || m->ifi_index <= 0)
		return false;
	memset(l, 0, sizeof(*l));
	l->ifindex = (uint32_t)m->ifi_index;
	l->flags = m->ifi_flags;
	l->changed = m->ifi_change;
	if (!attr_text(&a, IFLA_IFNAME, l->name, sizeof(l->name)) ||
	    !attr_get(&a, IFLA_MASTER, &l->master, 4) ||
	    !attr_get(&a, IFLA_GROUP, &l->group, 4) ||
	    !get_vrf_table(&a, &l->vrf_table) ||
	    !get_master_kind(&a, kind, sizeof(kind)))
		return false;
	l->master_is_vrf = l->master != 0 && strcmp(kind, "vrf") == 0;
	return l->name[0] != '\0';
}

/* Bytes before the attributes of an error or done message, or 0 if it has
 * none.  An error quotes the request: whole, or its header alone if capped. */
static size_t
extack_at(const struct nlmsghdr *nlh)
{
	const struct nlmsgerr *e;

	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS))
		return 0;
	if (nlh->nlmsg_type == NLMSG_DONE)
		return sizeof(int);
	if (nlh->nlmsg_len < MNL_NLMSG_HDRLEN + sizeof(*e))
		return 0;
	e = mnl_nlmsg_get_payload(nlh);
	if (nlh->nlmsg_flags & NLM_F_CAPPED)
		return sizeof(*e);
	if (e->msg.nlmsg_len < sizeof(e->msg) ||
	    e->msg.nlmsg_len > nlh->nlmsg_len)
		return 0;
	return sizeof(*e) - sizeof(e->msg) + e->msg.nlmsg_len;
}

const char *
wire_read_error(int *error, const struct nlmsghdr *nlh)
{
	const struct nlattr *text;
	struct attrs a;
	size_t skip;

	*error = -EPROTO;
	if (nlh->nlmsg_type != NLMSG_ERROR && nlh->nlmsg_type != NLMSG_DONE)
		return NULL;
	if (nlh->nlmsg_len < MNL_NLMSG_HDRLEN + sizeof(int)) {
		/* Some dumps end in a bare header. */
		if (nlh->nlmsg_type == NLMSG_DONE)
			*error = 0;
		return NULL;
	}
	memcpy(error, mnl_nlmsg_get_payload(nlh), sizeof(*error));
	skip = extack_at(nlh);
	if (skip == 0 || !attrs_of_message(&a, nlh, skip))
		return NULL;
	text = a.at[NLMSGERR_ATTR_MSG];
	if (!text || mnl_attr_get_payload_len(text) == 0 ||
	    !memchr(mnl_attr_get_payload(text), '\0',
	    mnl_attr_get_payload_len(text)))
		return NULL;
	return mnl_attr_get_payload(text);
}
