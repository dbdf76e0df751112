/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: rtnetlink bytes of a policy rule to a value and back. */
#include <sys/socket.h>

#include <endian.h>
#include <libmnl/libmnl.h>
#include <string.h>

#include "uapi.h"
#include "wire-attr.h"
#include "wire.h"

/* Facts from net/core/fib_rules.c: fib_nl_newrule(), rule_find(),
 * fib_nl_fill_rule(). */

/* Selectors that came after this build's headers (6.12 to 6.16,
 * include/uapi/linux/fib_rules.h).  The model does not hold them. */
enum {
	RULE_DSCP = 25,
	RULE_FLOWLABEL,
	RULE_FLOWLABEL_MASK,
	RULE_SPORT_MASK,
	RULE_DPORT_MASK,
	RULE_DSCP_MASK,
};

/* fib_rule_port_range (4.17) and fib_rule_uid_range (4.10) of the same file. */
struct ports {
	uint16_t start, end;
};

struct uids {
	uint32_t start, end;
};

static void
put_prefix(struct draft *d, uint16_t type, const struct prefix *p)
{
	if (p->len > 0)
		draft_addr(d, type, &p->addr);
}

static void
put_text(struct draft *d, uint16_t type, const char *text)
{
	if (text[0])
		draft_text(d, type, text);
}

static void
put_u32(struct draft *d, uint16_t type, uint32_t v)
{
	if (v)
		draft_u32(d, type, v);
}

static void
put_u8(struct draft *d, uint16_t type, uint8_t v)
{
	if (v)
		draft_u8(d, type, v);
}

static void
put_ports(struct draft *d, uint16_t type, const struct range *r)
{
	struct ports ports = {
		.start = (uint16_t)r->lo, .end = (uint16_t)r->hi,
	};

	if (r->hi)
		draft_put(d, type, &ports, sizeof(ports));
}

static void
put_selectors(struct draft *d, const struct rule *r)
{
	struct uids uids = { r->uid.lo, r->uid.hi };
	uint64_t tun_id = htobe64(r->tun_id);

	put_prefix(d, FRA_SRC, &r->from);
	put_prefix(d, FRA_DST, &r->to);
	put_text(d, FRA_IIFNAME, r->iif);
	put_text(d, FRA_OIFNAME, r->oif);
	if (r->fwmark || r->fwmask) {
		draft_u32(d, FRA_FWMARK, r->fwmark);
		draft_u32(d, FRA_FWMASK, r->fwmask);
	}
	if (r->has_uid)
		draft_put(d, FRA_UID_RANGE, &uids, sizeof(uids));
	put_u8(d, FRA_IP_PROTO, r->ipproto);
	put_ports(d, FRA_SPORT_RANGE, &r->sport);
	put_ports(d, FRA_DPORT_RANGE, &r->dport);
	if (r->tun_id)
		draft_put(d, FRA_TUN_ID, &tun_id, sizeof(tun_id));
	put_u8(d, FRA_L3MDEV, r->l3mdev);
}

struct nlmsghdr *
wire_rule(void *buf, const struct rule *r, uint16_t type, uint16_t flags)
{
	struct draft d;
	struct fib_rule_hdr *h;

	h = draft_init(&d, buf, WIRE_MESSAGE, type, flags, sizeof(*h));
	h->family = r->family;
	h->src_len = r->from.len;
	h->dst_len = r->to.len;
	h->tos = r->tos;
	h->action = r->action;
	/* Eight bits; a larger number goes in the attribute alone. */
	h->table = r->table < 256 ? (uint8_t)r->table : RT_TABLE_UNSPEC;
	h->flags = r->invert ? FIB_RULE_INVERT : 0;
	if (r->has_priority)
		draft_u32(&d, FRA_PRIORITY, r->priority);
	put_selectors(&d, r);
	put_u32(&d, FRA_TABLE, r->table);
	put_u32(&d, FRA_GOTO, r->target);
	put_u32(&d, FRA_FLOW, r->realms);
	if (r->suppress_prefixlen != -1)
		draft_u32(&d, FRA_SUPPRESS_PREFIXLEN,
		    (uint32_t)r->suppress_prefixlen);
	if (r->suppress_ifgroup != -1)
		draft_u32(&d, FRA_SUPPRESS_IFGROUP,
		    (uint32_t)r->suppress_ifgroup);
	put_u8(&d, FRA_PROTOCOL, r->protocol);
	return draft_done(&d);
}

static bool
get_prefix(const struct attrs *a, uint16_t type, int family, uint8_t len,
    struct prefix *p)
{
	if (len > addr_bits(family))
		return false;
	p->len = len;
	p->addr.family = (uint8_t)family;	/* 0/N has no attribute */
	return attr_addr(a, type, family, &p->addr);
}

static bool
get_ports(const struct attrs *a, uint16_t type, uint16_t mask_type,
    struct range *range, struct rule *r)
{
	struct ports ports = { 0, 0 };
	uint16_t mask = UINT16_MAX;

	if (!attr_get(a, type, &ports, sizeof(ports)) ||
	    !attr_get(a, mask_type, &mask, sizeof(mask)))
		return false;
	range->lo = ports.start;
	range->hi = ports.end;
	/* fib_rule_port_range_valid(), net/core/fib_rules.c */
	if (range->hi ? range->lo == 0 || range->lo > range->hi :
	    range->lo != 0)
		return false;
	/* A full mask says nothing new, nor does none on a range. */
	if (mask != UINT16_MAX &&
	    (mask != 0 || (range->hi && range->lo == range->hi)))
		r->unknown = mask_type;
	return true;
}

static bool
get_mark(const struct attrs *a, struct rule *r)
{
	if (!attr_get(a, FRA_FWMARK, &r->fwmark, sizeof(r->fwmark)))
		return false;
	/* A mark without a mask compares all bits. */
	r->fwmask = r->fwmark ? UINT32_MAX : 0;
	return attr_get(a, FRA_FWMASK, &r->fwmask, sizeof(r->fwmask));
}

static bool
get_tun_id(const struct attrs *a, struct rule *r)
{
	uint64_t tun_id = 0;

	if (!attr_get(a, FRA_TUN_ID, &tun_id, sizeof(tun_id)))
		return false;
	r->tun_id = be64toh(tun_id);
	return true;
}

static bool
get_uids(const struct attrs *a, struct rule *r)
{
	struct uids uids = { 0, 0 };

	if (!attr_get(a, FRA_UID_RANGE, &uids, sizeof(uids)))
		return false;
	r->has_uid = a->at[FRA_UID_RANGE] != NULL;
	r->uid.lo = uids.start;
	r->uid.hi = uids.end;
	return true;
}

static bool
get_selectors(const struct attrs *a, struct rule *r)
{
	return attr_text(a, FRA_IIFNAME, r->iif, sizeof(r->iif)) &&
	    attr_text(a, FRA_OIFNAME, r->oif, sizeof(r->oif)) &&
	    get_mark(a, r) && get_uids(a, r) && get_tun_id(a, r) &&
	    attr_get(a, FRA_IP_PROTO, &r->ipproto, 1) &&
	    get_ports(a, FRA_SPORT_RANGE, RULE_SPORT_MASK, &r->sport, r) &&
	    get_ports(a, FRA_DPORT_RANGE, RULE_DPORT_MASK, &r->dport, r) &&
	    attr_get(a, FRA_L3MDEV, &r->l3mdev, 1);
}

static bool
get_rest(const struct attrs *a, struct rule *r)
{
	/* Left out by the kernel where it is 0, the first rule's. */
	r->has_priority = true;
	return attr_get(a, FRA_PRIORITY, &r->priority, 4) &&
	    attr_get(a, FRA_TABLE, &r->table, 4) &&
	    attr_get(a, FRA_GOTO, &r->target, 4) &&
	    attr_get(a, FRA_FLOW, &r->realms, 4) &&
	    attr_get(a, FRA_SUPPRESS_PREFIXLEN, &r->suppress_prefixlen, 4) &&
	    attr_get(a, FRA_SUPPRESS_IFGROUP, &r->suppress_ifgroup, 4) &&
	    attr_get(a, FRA_PROTOCOL, &r->protocol, 1);
}

static bool
action_known(uint8_t action)
{
	return action == FR_ACT_TO_TBL || action == FR_ACT_GOTO ||
	    action == FR_ACT_NOP || action == FR_ACT_BLACKHOLE ||
	    action == FR_ACT_UNREACHABLE || action == FR_ACT_PROHIBIT;
}

/* What of the rule has no place in the value. */
static uint16_t
find_unknown(const struct attrs *a, const struct fib_rule_hdr *h,
    const struct rule *r)
{
	const uint32_t flags = FIB_RULE_PERMANENT | FIB_RULE_INVERT |
	    FIB_RULE_UNRESOLVED | FIB_RULE_IIF_DETACHED |
	    FIB_RULE_OIF_DETACHED;

	if (a->at[RULE_DSCP])
		return RULE_DSCP;
	if (a->at[RULE_FLOWLABEL])
		return RULE_FLOWLABEL;
	if (r->unknown)
		return r->unknown;
	if (h->flags & ~flags || !action_known(h->action))
		return UNKNOWN_HEADER;
	return attrs_say_more(a, RULE_DSCP_MASK);
}

bool
wire_read_rule(struct rule *r, const struct nlmsghdr *nlh)
{
	return wire_read_any_rule(r, nlh) && !r->unknown;
}

bool
wire_read_any_rule(struct rule *r, const struct nlmsghdr *nlh)
{
	const struct fib_rule_hdr *h;
	struct attrs a;

	if ((nlh->nlmsg_type != RTM_NEWRULE &&
	    nlh->nlmsg_type != RTM_DELRULE) ||
	    !attrs_of_message(&a, nlh, sizeof(*h)))
		return false;
	h = mnl_nlmsg_get_payload(nlh);
	/* Dumps of all families hold the multicast routers' rules too. */
	if (addr_bytes(h->family) == 0)
		return false;
	rule_init(r, h->family);
	r->action = h->action;
	r->tos = h->tos;
	r->table = h->table;
	r->invert = (h->flags & FIB_RULE_INVERT) != 0;
	if (!get_prefix(&a, FRA_SRC, h->family, h->src_len, &r->from) ||
	    !get_prefix(&a, FRA_DST, h->family, h->dst_len, &r->to) ||
	    !get_selectors(&a, r) || !get_rest(&a, r))
		return false;
	r->unknown = find_unknown(&a, h, r);
	rule_normalize(r);
	return true;
}
