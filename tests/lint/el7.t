#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: the sources need no header and no function newer than RHEL 7 has.
#
# A simulation, for RHEL 7 itself is not at hand: the compiler of this host gets
# the host's kernel headers without the names below, which Linux 3.10 had not,
# and what the objects call is looked for in a list.  It does not show what
# gcc 4.8 says, nor what RHEL 7 took over into its headers from later ones.
. "$(dirname "$0")/lint.bash"

# What came after Linux 3.10 to the headers that the sources use.
headers="fib_rules if_addr if_link netlink rtnetlink"
newer="FRA_DPORT_RANGE FRA_IP_PROTO FRA_L3MDEV FRA_PAD FRA_PROTOCOL
	FRA_SPORT_RANGE FRA_SUPPRESS_IFGROUP FRA_SUPPRESS_PREFIXLEN FRA_TUN_ID
	FRA_UID_RANGE fib_rule_port_range fib_rule_uid_range
	IFA_FLAGS IFA_F_MANAGETEMPADDR IFA_F_MCAUTOJOIN IFA_F_NOPREFIXROUTE
	IFA_F_STABLE_PRIVACY IFA_RT_PRIORITY IFA_TARGET_NETNSID
	IFLA_INFO_SLAVE_DATA IFLA_INFO_SLAVE_KIND
	NETLINK_CAP_ACK NETLINK_EXT_ACK NETLINK_GET_STRICT_CHK
	NETLINK_LISTEN_ALL_NSID NETLINK_LIST_MEMBERSHIPS NLMSGERR_ATTR_COOKIE
	NLMSGERR_ATTR_MAX NLMSGERR_ATTR_MSG NLMSGERR_ATTR_OFFS
	NLMSGERR_ATTR_POLICY NLM_F_ACK_TLVS NLM_F_CAPPED NLM_F_DUMP_FILTERED
	NLM_F_NONREC
	RTAX_CC_ALGO RTAX_FASTOPEN_NO_COOKIE RTAX_FEATURE_MASK RTAX_QUICKACK
	RTA_DPORT RTA_ENCAP RTA_ENCAP_TYPE RTA_EXPIRES RTA_IP_PROTO RTA_NEWDST
	RTA_NH_ID RTA_PAD RTA_PREF RTA_SPORT RTA_TTL_PROPAGATE RTA_UID RTA_VIA
	RTEXT_FILTER_SKIP_STATS RTM_DELNEXTHOP RTM_GETNEXTHOP RTM_NEWNEXTHOP
	RTM_F_FIB_MATCH RTM_F_LOOKUP_TABLE RTM_F_OFFLOAD RTM_F_TRAP
	RTNH_COMPARE_MASK RTNH_F_LINKDOWN RTNH_F_OFFLOAD RTNH_F_TRAP
	RTNH_F_UNRESOLVED RTNLGRP_NEXTHOP RTPROT_BGP RTPROT_EIGRP RTPROT_ISIS
	RTPROT_KEEPALIVED RTPROT_OPENR RTPROT_OSPF RTPROT_RIP rtvia"

# Functions of libmnl 1.0.4, of libcap-ng after 0.7.5, of glibc after 2.17.
calls="mnl_socket_fdopen mnl_socket_open2
	capng_apply_caps_fd capng_get_rootid capng_set_rootid
	capng_have_permitted_capabilities
	close_range closefrom copy_file_range execveat explicit_bzero fcntl64
	getdents64 getentropy getrandom gettid memfd_create mlock2
	pidfd_open preadv2 pwritev2 qsort_r reallocarray renameat2 statx
	strlcat strlcpy thrd_create timespec_getres"

export LC_ALL=C
root=$PWD
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
mkdir -p "$tmp/host" "$tmp/cut/linux" "$tmp/objects" || exit 1

# words LIST: one a line.
words() { tr -s ' \t\n' '\n' <<<"$1"; }

# compile ARGUMENT...: the compiler with the cut headers.
compile()
{
	# shellcheck disable=SC2046,SC2086 # words
	${CC:-cc} -std=c11 -pedantic -Werror -D_GNU_SOURCE '-DVERSION="0"' \
	    $(${PKG_CONFIG:-pkg-config} --cflags libmnl libcap-ng) \
	    -isystem "$tmp/cut" -I"$root/helpers" "$@" 2>&1
}

# host_header NAME: where the compiler finds linux/NAME.h.
host_header()
{
	${CC:-cc} -E -x c - <<<"#include <linux/$1.h>" |
	    sed -nE "s|^# [0-9]+ \"(/[^\"]*/linux/$1\.h)\".*|\1|p" | head -n 1
}

# A name is changed, not cut out: the numbers of those behind it stay.
gone=$(words "$newer" | paste -sd '|')
for name in $headers; do
	cp "$(host_header "$name")" "$tmp/host/$name.h" &&
		sed -E "s/\\b($gone)\\b/gone_\1/g
		    s/^#define RTAX_MAX .*/#define RTAX_MAX RTAX_INITRWND/" \
		    "$tmp/host/$name.h" >"$tmp/cut/linux/$name.h"
done 2>&1 | none "the headers of this host can be cut"

words "$newer" | grep -vxFf <(cat "$tmp"/host/*.h | grep -oE '\w+') |
	none "every name of the list was there to be taken away"

# Were a name still known, what follows would say nothing about it.
# shellcheck disable=SC2086 # words
{
	printf '#include <linux/%s.h>\n' $headers
	words "$newer" | sed -nE '/^[A-Z]/s/.*/int use_&(void) { return &; }/p'
} >"$tmp/uses.c"
words "$newer" | grep '^[A-Z]' | grep -vxFf <(compile -fsyntax-only "$tmp/uses.c" |
    grep undeclared | grep -oE "'\w+'" | tr -d "'") |
	none "the compiler then knows none of them"

(cd "$tmp/objects" && compile -c "$root"/helpers/*.c "$root"/hooks/*.c) |
    head -n 40 | none "helpers/ and hooks/ build with the headers of Linux 3.10"

if ${CC:-cc} -E -x c - <<<'#include <cmocka.h>' >/dev/null 2>&1; then
	compile -fsyntax-only tests/unit/*.c | head -n 40 | none "so do the unit tests"
else
	skip "so do the unit tests" "cmocka is not installed"
fi

nm -u "$tmp"/objects/*.o | awk '$1 == "U" { print $2 }' |
    sort -u >"$tmp/called"
is "$(grep -cx -e mnl_nlmsg_ok -e capng_apply "$tmp/called")" 2 \
    "the objects' calls can be read"
grep -xFf <(words "$calls") "$tmp/called" |
	none "they call no function that is newer than RHEL 7's"

# shellcheck disable=SC2046 # file names without blanks
code_matches '\b(_Generic|_Atomic|stdatomic|fallthrough)\b|\b__has_|\b__builtin_\w+_overflow\b' \
    helpers/*.[ch] hooks/*.[ch] tests/unit/*.[ch] |
	none "nothing is in the C that gcc 4.8 is known to lack"

# The uncut headers have the same numbers.
# shellcheck disable=SC2086 # words
{
	printf '#include <linux/%s.h>\n' $headers
	sed -nE 's/^#define (\w+)\t(\w+)$/_Static_assert(\1 == \2, "\1");/p' \
	    helpers/uapi.h
} >"$tmp/same.c"
is "$(grep -c _Static_assert "$tmp/same.c")" \
    "$(grep -c '^#define .*[0-9]$' helpers/uapi.h)" \
    "the numbers of uapi.h can be read"
${CC:-cc} -std=c11 -fsyntax-only "$tmp/same.c" 2>&1 |
	none "they are those of this host's headers"
done_testing
