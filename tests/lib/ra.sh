# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: what the tests of IPv6 stand on: routers that advertise, prefixes that come and go.
#
# The routers are dnsmasq, in gw (fe80::1) and, where a case asks for it, in
# gw2 (fe80::2) on the same wire; both reach fd00:99::1. The client is the
# kernel with the real ifupdown and real DHCP clients.

export MANAGER=dhcp
TEST_DIR=managers
. "$(dirname "${BASH_SOURCE[0]}")/net.sh"

R1=fe80::1 R2=fe80::2
FAR=fd00:99::1
P=fd00:a Q=fd00:b
WATCH=
declare -A ROUTER

# ---- clean slate -------------------------------------------------------

eval "bare_$(declare -f setup)"
eval "bare_$(declare -f teardown)"

# Real duplicate address detection, but in a tenth of a second for each address,
# and no pause before the router is asked, unless SLOW is set.
setup() {
	WATCH=
	ip -n gw -batch - <<-END
	link set br0 addrgenmode none
	addr flush dev br0
	addr add $GW/24 dev br0
	addr add $R1/64 dev br0 nodad
	END
	sysctl -qw net.ipv6.conf.default.router_solicitation_delay=0
	sysctl -qw net.ipv6.conf.default.max_desync_factor=0
	rm -f /var/lib/dhcp/*.leases
	bare_setup
	hasten $NICS
}

hasten() {
	local nic
	for nic; do
		sysctl -qw net.ipv6.neigh.$nic.retrans_time_ms=100
	done
}

teardown() {
	local ns
	for ns in "${!ROUTER[@]}"; do hush "$ns"; done
	bare_teardown
	[ -z "$WATCH" ] || wait $WATCH 2>/dev/null
	ip netns pids gw2 2>/dev/null | xargs -r kill
	ip netns del gw2 2>/dev/null
	ip -n gw link del br1 2>/dev/null
	true
}

# ---- routers -----------------------------------------------------------

# A prefix for a router to advertise: prefix NAMESPACE DEVICE PREFIX [LIFETIME]
# with nothing behind, or "valid_lft 8 preferred_lft 4".
prefix() {
	local ns=$1 dev=$2 last=1
	[ $ns = gw ] || last=2
	ip -n $ns addr replace $3::$last/64 dev $dev nodad ${4-}
}

no_prefix() {
	local last=1
	[ $1 = gw ] || last=2
	ip -n $1 addr del $3::$last/64 dev $2
}

# advertise NAMESPACE LIFETIME MODE DEVICE...: a router, in place of the one
# that was there, that says so for LIFETIME seconds (0: that it is none). MODE
# is dnsmasq's: ra-only, ra-stateless, or a dhcp-range for addresses by DHCP.
advertise() {
	local ns=$1 lifetime=$2 mode=$3 dev opts=() pref=${PREFERENCE-}
	shift 3
	hush $ns
	for dev; do
		opts+=("--interface=$dev"
		    "--ra-param=$dev,${pref:+$pref,}4,$lifetime")
		case $mode in
		ra-*) opts+=("--dhcp-range=::,constructor:$dev,$mode,64,3600") ;;
		*) opts+=("--dhcp-range=$mode") ;;
		esac
	done
	ip netns exec $ns dnsmasq -k --port=0 --conf-file=/dev/null --user= \
	    --group= --pid-file= --log-facility=/tmp/case/$ns.log \
	    --dhcp-leasefile=/tmp/case/$ns.leases --enable-ra --no-ping \
	    "${opts[@]}" 2>/tmp/case/$ns.err &
	ROUTER[$ns]=$!
	within 5 grep -q 'router advertisement enabled' /tmp/case/$ns.log ||
	    diag "no dnsmasq in $ns" "$(cat /tmp/case/$ns.err)"
}

# The router is gone, and says nothing about it.
hush() {
	[ -n "${ROUTER[$1]-}" ] || return 0
	kill ${ROUTER[$1]} 2>/dev/null
	wait ${ROUTER[$1]} 2>/dev/null
	unset "ROUTER[$1]"
	rm -f /tmp/case/$1.log
}

# A second router on the wire of br0.
second_router() {
	ip netns add gw2
	ip netns exec gw2 sysctl -qw net.ipv6.conf.all.forwarding=1
	ip -n gw link add q0 type veth peer name wire netns gw2
	ip -n gw link set q0 addrgenmode none
	ip -n gw link set q0 master br0 up
	ip -n gw2 -batch - <<-END
	link set lo up
	addr add $FAR/128 dev lo
	link set wire addrgenmode none
	link set wire up
	addr add $R2/64 dev wire nodad
	END
	within 5 eval 'ip netns exec gw2 ping -q -c 1 -W 1 fe80::1%wire' ||
	    diag "no wire to the second router"
}

# A wire of its own for the second NIC.
second_wire() {
	ip -n gw -batch - <<-END
	link add br1 type bridge forward_delay 0 mcast_snooping 0
	link set br1 addrgenmode none
	link set br1 up
	link set p1 master br1
	addr add $R1/64 dev br1 nodad
	END
}

# One router solicitation (RFC 4861, 4.1) from a NIC: they answer at once, and
# need not be waited for.
solicit() {
	perl -MSocket=:all -e '
		socket(S, AF_INET6, SOCK_RAW, 58) or die $!;
		setsockopt(S, SOL_SOCKET, 25, "$ARGV[0]\0") or die $!;
		setsockopt(S, IPPROTO_IPV6, IPV6_MULTICAST_HOPS,
		    pack("i", 255)) or die $!;
		send(S, pack("CCnN", 133, 0, 0, 0), 0, pack_sockaddr_in6(0,
		    inet_pton(AF_INET6, "ff02::2"))) or die $!;' "$1"
}

# ---- addresses ---------------------------------------------------------

# Global addresses of a NIC, with what more "ip addr show" can select.
addresses() {
	ip -6 -o addr show dev "$1" scope global "${@:2}" |
	    sed -E 's/.* inet6 ([^/ ]+).*/\1/' | sort
}

settled() { [ -z "$(ip -6 -o addr show dev "$1" tentative)" ]; }

# The address is there, and past duplicate address detection: has DEVICE PATTERN
has() {
	ip -6 -o addr show dev "$1" -tentative | grep -q "inet6 $2"
}

# A stanza without an address: stanza6 DEVICE METHOD LINE...
stanza6() {
	printf 'iface %s inet6 %s\n' "$1" "$2"
	printf '\t%s\n' "${@:3}"
	echo
}

# ---- following ---------------------------------------------------------

# What nobody is told of: "follow" is what then makes the policy right, be it a
# refresh by hand or, after "watching", nothing at all.
follow() {
	[ -n "$WATCH" ] || ok "${2:-refresh}" ifpolicy refresh "${1:-eth0}"
}

watching() {
	ifpolicy watch >/tmp/case/watch 2>&1 &
	WATCH=$!
}

# becomes EXPECTED NAME COMMAND...: what it prints is that before long.
becomes() {
	local expected=$1 name=$2
	shift 2
	printing() { [ "$("$@")" = "$expected" ]; }
	within 3 printing "$@"
	is "$("$@")" "$expected" "$name"
}

# The rules that these addresses have, of one table: rules_for TABLE ADDRESS...
rules_for() {
	local table=$1 a
	shift
	for a; do
		echo "from $a lookup $table"
		echo "from all to $a lookup $table"
	done | sort
}

r6() { rules -6 | sed 's/ proto ifpolicy//; s/^[0-9]*: //' | sort; }

# A table's routes without what is the kernel's own to say.
t6() {
	table "$1" -6 |
	    sed -E ':a; s/ (proto ifpolicy|pref medium|metric 1024)( |$)/ /; ta
		s/ expires [-0-9]+sec//; s/ hoplimit 64//; s/ +$//' | sort
}

# Main's default routes.
defaults6() { t6 main | grep '^default' || true; }

follows_addresses() {
	local table=$1 nic=$2
	becomes "$(rules_for $table $(addresses $nic))" \
	    "${3:-rules for each address}" r6
}

# The address that stays, and the temporary ones.
stable() { addresses eth0 -temporary; }
temporary() { addresses eth0 temporary; }

# What rt1 holds when the router is that one: the stable address is the source
# in its prefix.
rt1_by() {
	echo "default via $1 dev eth0"
	echo "$P::/64 dev eth0 src $(stable | grep "^$P:")"
}

# ---- what most cases begin and end with --------------------------------

# eth0 up by "inet6 auto", its router known to the kernel.
begin() {
	[ -n "${ROUTER[gw]-}" ] || {
		prefix gw br0 $P
		advertise gw 600 ra-only br0
	}
	stanza6 eth0 auto "$@" | interfaces
	silent "ifup" ifup eth0
	within 3 settled eth0
}

# Main's defaults come to these gateways, by what routers say alone.
routers_are() {
	within 5 eval '[ "$(ra_gateways)" = "$(printf "%s\n" '"$*"')" ]' ||
	    diag "main's routers are" "$(ra_gateways)"
}

ra_gateways() {
	ip -6 route show table main proto ra |
	    sed -nE 's/^default via ([^ ]+) .*/\1/p' | sort
}

# Each address is one that a packet leaves eth0 with, and is answered at.
works() {
	local nic=$1 a
	shift
	for a; do
		ok "$a is answered" ping -q -c 1 -W 2 -I $a $FAR
		is "$(leaves_by -I $a $FAR)" $nic "$a leaves by $nic"
	done
}

sound() { silent "${1:-check finds nothing}" ifpolicy check; }

ends() {
	ok "ifdown" ifdown "$@"
	unlike "$ERR" ifpolicy: "ifdown: we say nothing"
	nothing_left
	[ -z "$WATCH" ] || is "$(kill -0 $WATCH 2>&1; cat /tmp/case/watch)" "" \
	    "watch goes on and says nothing"
}
