/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: numbers of the kernel's interface that the headers of Linux 3.10 lack.
 *
 * Programs built with old headers (RHEL 7) say to a newer kernel all that
 * others say; the numbers never change, tests/lint/el7.t compares them. */
#ifndef IFPOLICY_UAPI_H
#define IFPOLICY_UAPI_H

#include <linux/fib_rules.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

/* Enumerators where the headers have them, which #ifdef cannot see: defined in
 * any case, and so behind the headers above. */
#define FRA_TUN_ID	12
#define FRA_SUPPRESS_IFGROUP	13
#define FRA_SUPPRESS_PREFIXLEN	14
#define FRA_L3MDEV	19
#define FRA_UID_RANGE	20
#define FRA_PROTOCOL	21
#define FRA_IP_PROTO	22
#define FRA_SPORT_RANGE	23
#define FRA_DPORT_RANGE	24

#define RTA_VIA	18
#define RTA_NEWDST	19
#define RTA_PREF	20
#define RTA_ENCAP_TYPE	21
#define RTA_ENCAP	22
#define RTA_EXPIRES	23
#define RTA_TTL_PROPAGATE	26
#define RTA_NH_ID	30

#define RTA_UID	25
#define RTA_IP_PROTO	27
#define RTA_SPORT	28
#define RTA_DPORT	29

#define IFA_FLAGS	8
#define IFLA_GROUP	27
#define IFLA_VRF_TABLE	1
#define IFLA_INFO_SLAVE_KIND	4
#define NLMSGERR_ATTR_MSG	1

/* Macros. */
#ifndef RTAX_QUICKACK
#define RTAX_QUICKACK	15
#endif
#ifndef RTAX_CC_ALGO
#define RTAX_CC_ALGO	16
#endif
#ifndef RTAX_FASTOPEN_NO_COOKIE
#define RTAX_FASTOPEN_NO_COOKIE	17
#endif
#ifndef RTNH_F_LINKDOWN
#define RTNH_F_LINKDOWN	0x10
#endif
#ifndef RTM_F_LOOKUP_TABLE
#define RTM_F_LOOKUP_TABLE	0x1000
#endif
#ifndef RTM_F_FIB_MATCH
#define RTM_F_FIB_MATCH	0x2000
#endif
#ifndef RTEXT_FILTER_SKIP_STATS
#define RTEXT_FILTER_SKIP_STATS	0x8
#endif
#ifndef NETLINK_CAP_ACK
#define NETLINK_CAP_ACK	10
#endif
#ifndef NETLINK_EXT_ACK
#define NETLINK_EXT_ACK	11
#endif
#ifndef NETLINK_GET_STRICT_CHK
#define NETLINK_GET_STRICT_CHK	12
#endif
#ifndef NLM_F_CAPPED
#define NLM_F_CAPPED	0x100
#endif
#ifndef NLM_F_ACK_TLVS
#define NLM_F_ACK_TLVS	0x200
#endif

#endif
