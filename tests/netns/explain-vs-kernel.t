#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: walk, the evaluator of "explain", says of random packets what the kernel says.
#
# Random policies of both families, in namespaces of their own, and random
# packets asked of both.  LOOKUPS= (a family) and SEED= choose others; what they
# disagree about is printed with the policy, and SEED=0x... repeats one policy.

cd "$(dirname "$0")/../.." || exit 1
self=$PWD/tests/netns/explain-vs-kernel.t
tool=$(realpath -m "${BUILD:-build}/tests/netns/explain-vs-kernel")
seed=${SEED:-$(($(date +%s) % 1000000))}
lookups=${LOOKUPS:-20000}

# --- inside one namespace

# Without link-local addresses, whose bytes would differ.
pair()
{
	ip link add "d$1" type veth peer name "p$1"
	ip link set "d$1" addrgenmode none group $(($1 % 3))
	ip link set "p$1" addrgenmode none
	sysctl -qw "net.ipv6.conf.d$1.keep_addr_on_down=1"
	ip link set "d$1" up
	ip link set "p$1" up
	ip addr add "10.0.$1.1/24" dev "d$1"
	ip -6 addr add "fd00:0:0:$1::1/64" dev "d$1" nodad
}

# Next hop objects 41 to 45 and 61 to 65, and cables out of d2 and d3, of which
# d3 ignores its routes then.
namespace()
{
	local n

	sysctl -qw net.ipv6.conf.all.keep_addr_on_down=1
	ip link set lo up
	# From here on local and main are two tables, but in the plain run.
	if [ "$1" = -4 ]; then
		ip rule add pref 1 prohibit
		ip rule del pref 1
	fi
	for n in 0 1 2 3; do pair $n; done
	ip -batch - <<-END
	nexthop add id 41 via 10.0.0.2 dev d0
	nexthop add id 42 via 10.0.1.9 dev d1
	nexthop add id 43 group 41/42
	nexthop add id 44 blackhole
	nexthop add id 45 via 10.0.3.200 dev d3
	nexthop add id 61 via fd00::2 dev d0
	nexthop add id 62 via fd00:0:0:1::9 dev d1
	nexthop add id 63 group 61/62
	nexthop add id 65 via fd00:0:0:3::9 dev d3
	neigh replace fd00::9 dev d0 nud failed
	neigh replace fd00:0:0:1::9 dev d1 nud failed
	neigh replace fe80::9 dev d0 nud failed
	END
	ip -6 nexthop add id 64 blackhole
	ip link set p2 down
	ip link set p3 down
	sysctl -q -p - <<-END
	net.ipv4.conf.all.rp_filter=0
	net.ipv4.conf.all.send_redirects=0
	net.ipv4.conf.d3.ignore_routes_with_linkdown=1
	net.ipv6.conf.d3.ignore_routes_with_linkdown=1
	net.ipv4.conf.d0.forwarding=1
	net.ipv4.conf.d1.forwarding=1
	net.ipv4.conf.d2.forwarding=1
	net.ipv4.conf.d3.forwarding=0
	net.ipv4.conf.p0.forwarding=1
	net.ipv4.conf.p1.forwarding=1
	net.ipv4.conf.p2.forwarding=1
	net.ipv4.conf.p3.forwarding=0
	net.ipv4.conf.d0.rp_filter=0
	net.ipv4.conf.d0.send_redirects=1
	net.ipv4.conf.d1.rp_filter=1
	net.ipv4.conf.d1.src_valid_mark=1
	net.ipv4.conf.d2.rp_filter=2
	net.ipv4.conf.d2.accept_local=1
	net.ipv4.conf.p0.rp_filter=2
	END
	# The kernel takes its time to note a cable.
	for n in $(seq 200); do
		[[ "$(ip route show dev d3) $(ip route show dev d2)" != \
		    *dead*linkdown*linkdown* ]] || return 0
		sleep 0.02
	done
	echo "d2 and d3 still have a cable" >&2
	return 1
}

if [ "${1-}" = --inside ]; then
	namespace "$2" || exit 2
	exec "$tool" "$2" "$3" "$4"
fi

# --- outside

echo "# SEED=$seed LOOKUPS=$lookups"
n=0 bad=0
for family in -4 -6 -plain; do
	n=$((n + 1))
	out=$(unshare --net "$self" --inside $family "$seed" "$lookups" 2>&1)
	rc=$?
	grep '^#' <<<"$out"
	line=$(grep " lookups, " <<<"$out")
	asked=$(sed -nE 's/^-[46plain]+ ([0-9]+) lookups.*/\1/p' <<<"$line")
	unsure=$(sed -nE 's/.* ([0-9]+) unsure.*/\1/p' <<<"$line")
	# Where the walk is not sure it cannot be wrong: seldom, or never mind.
	if [ $rc -eq 0 ] && [ "${asked:-0}" -ge "$lookups" ] &&
	    [ $((unsure * 50)) -le "$asked" ]; then
		echo "ok $n - ${line:-$out}"
	else
		echo "not ok $n - ${line:-exit $rc}"
		grep -v '^#' <<<"$out" >&2
		bad=1
	fi
done
echo "1..$n"
exit $bad
