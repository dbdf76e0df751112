# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: what every test in tests/netns stands on: NICs, stanzas, the kernel's state, traffic.

. "$(dirname "${BASH_SOURCE[0]}")/tap.sh"
enter_sandbox "$@"

HOOKS=/etc/network
RECORDS=/run/ifpolicy
NIC=${NICS%% *}
N=192.168.178
GW=$N.1

gw() { ip netns exec gw "$@"; }

# ---- clean slate -------------------------------------------------------

# Before each case: new NICs, nothing but the kernel's own rules, no state.
setup() {
	/src/tests/lib/cables
	ip link set lo up
	# What is on no NIC stays when they go.
	ip -4 route flush table all scope global
	ip -6 route flush table all proto boot
	ip -6 route flush table all proto 173
	ip rule flush
	ip -6 rule flush
	printf '%s\n' "rule add pref 32766 table main" \
	    "rule add pref 32767 table default" | ip -batch -
	ip -6 rule add pref 32766 table main
	sysctl -q -p /tmp/.sysctl
	rm -rf $RECORDS /run/network/* /etc/iproute2/rt_tables.d/* /tmp/case
	rm -f /etc/ifpolicy/* /etc/default/ifpolicy.test
	cp /tmp/.rt_tables /etc/iproute2/rt_tables
	find $HOOKS -newer /tmp/.rt_tables -type f -delete
	mkdir /tmp/case
	lo
	BEFORE=$(snapshot)
}

# A case that went wrong must not leave a process to the next one.
teardown() {
	local pid
	for pid in $(jobs -p); do
		[ "$pid" = "${ECHO_PID-}" ] || kill "$pid" 2>/dev/null
	done
}

lo() { interfaces <<<"auto lo"$'\n'"iface lo inet loopback"; }

cp /etc/iproute2/rt_tables /tmp/.rt_tables
mkdir -p /etc/iproute2/rt_tables.d
sysctl -a 2>/dev/null |
    grep -E '^net\.ipv[46]\.conf\.(all|default|lo)\.(rp_filter|arp_(filter|ignore|announce)|ignore_routes_with_linkdown|forwarding) ' \
    >/tmp/.sysctl

# ---- configuration -----------------------------------------------------

# /etc/network/interfaces from stdin.
interfaces() { cat >$HOOKS/interfaces; }

# Lines for /etc/network/interfaces: stanza IFACE ADDRESS/LEN LINE...
stanza() {
	local family=inet
	[[ $2 == *:*:* ]] && family=inet6
	printf 'iface %s %s static\n\taddress %s\n' "$1" $family "$2"
	[ $family = inet ] || printf '\tdad-attempts 0\n'
	[ $# -le 2 ] || printf '\t%s\n' "${@:3}"
	echo
}

# The usual one: eth0 .99 with table rt1, metric 100.
usual() {
	stanza "$NIC" $N.99/24 "policy-table rt1" "policy-gateway $GW" \
	    "policy-metric 100" "$@" | interfaces
}

# Address and link by hand, for cases that need no ifupdown.
link_up() {
	local nic=$1
	shift
	ip link set "$nic" up
	for a; do
		[[ $a == *:*:* ]] && a="$a nodad"
		ip addr add $a dev "$nic"
	done
}

# Call the hook as ifupdown does: hook up|down IFACE VAR=VALUE...
hook() {
	local mode=start phase=post-up dir=if-up.d iface=$2
	[ "$1" = up ] || { mode=stop phase=pre-down dir=if-down.d; }
	shift 2
	env -i PATH="$PATH" IFACE="$iface" LOGICAL="$iface" ADDRFAM=inet \
	    METHOD=static MODE=$mode PHASE=$phase VERBOSITY=0 "$@" \
	    $HOOKS/$dir/ifpolicy
}

# ---- the kernel's state ------------------------------------------------

trim() { sed -e 's/[[:space:]]\+/ /g' -e 's/ $//'; }

# The rules but the kernel's three: rules [-6]
rules() {
	ip ${1--4} rule | trim |
	    grep -vE '^(0: from all lookup local|3276[67]: from all lookup (main|default))$'
}

# One table's routes: table NAME [-6]
table() {
	ip ${2--4} route show table "$1" 2>/dev/null | trim |
	    grep -vE '^(fe80::/64|ff00::/8) .*(kernel|multicast)|table local' ||
	    true
}

main() { table main "$@"; }

# All routes with their tables, less local, broadcast, multicast, link-local.
routes() {
	ip ${1--4} route show table all | trim |
	    grep -vE '^(local|broadcast|anycast|multicast) |table local|^fe80::/64 ' ||
	    true
}

# Rules and routes without what may differ from the hand-written form.
plain() {
	{ rules "$@"; routes "$@"; } |
	    sed -E 's/^[0-9]+: //; s/ proto (ifpolicy|173|boot|static)//' | sort
}

knobs() {
	local nic k
	for nic in $NICS all default; do
		for k in ipv4/conf/$nic/{rp_filter,arp_filter,arp_ignore} \
		    ipv4/conf/$nic/{arp_announce,ignore_routes_with_linkdown} \
		    ipv6/conf/$nic/ignore_routes_with_linkdown; do
			[ ! -e /proc/sys/net/$k ] ||
			    echo "$k $(</proc/sys/net/$k)"
		done
	done
}

knob() { cat "/proc/sys/net/ipv4/conf/$1/$2"; }

snapshot() {
	ip -N -4 rule
	ip -N -6 rule
	routes -4
	routes -6
	ip -o addr show scope global | trim | cut -d' ' -f2-4
	knobs
	find /etc/iproute2 -type f ! -path '*/rt_tables.d/ifpolicy.conf' \
	    -exec cksum {} + | sort -k3
	ls -d $RECORDS/net-* 2>/dev/null
}

remember() { BEFORE=$(snapshot); }

# Everything is as it was at the start of the case (or at "remember").
nothing_left() { is "$(snapshot)" "$BEFORE" "${1:-nothing is left}"; }

# The same where addresses are not ours to judge.
nothing_of_ours() {
	unlike "$(ip -N rule; ip -N -6 rule; ip -N route show table all
	    ip -N -6 route show table all; ls -d $RECORDS/net-* 2>&1)" \
	    'proto 173|/net-[0-9a-z]+$' "${1:-nothing of ours is left}"
}

# Netlink changes of rules, routes and addresses while a command runs.
changes_during() {
	local pid
	: >/tmp/case/monitor
	stdbuf -oL ip monitor rule route address >/tmp/case/monitor 2>&1 &
	pid=$!
	# Ready when it has opened its socket and seen this marker.
	within 2 eval 'ip rule add pref 31999 blackhole
	    ip rule del pref 31999
	    grep -q 31999: /tmp/case/monitor' || echo "no monitor"
	sleep 0.05
	run "$@"
	sleep 0.1
	kill $pid
	wait $pid 2>/dev/null
	grep -v ' 31999:\|^31999:' /tmp/case/monitor
}

# By the letter of RFC 8259, but for exponents, which nobody prints here.
is_json() {
	perl -e '$ARGV[0] =~ /\A \s* (?&value) \s* \z (?(DEFINE)
	    (?<value> (?&object) | (?&array) | (?&string) | true | false |
		null | -?(0|[1-9]\d*)(\.\d+)? )
	    (?<object> \{ \s* ( (?&pair) ( \s* , \s* (?&pair) )* )? \s* \} )
	    (?<pair> (?&string) \s* : \s* (?&value) )
	    (?<array> \[ \s* ( (?&value) ( \s* , \s* (?&value) )* )? \s* \] )
	    (?<string> " ( [^"\\\x00-\x1f] | \\ (["\\\/bfnrt] | u[0-9a-f]{4}) )* " )
	)/x or exit 1' "$1"
}

# ---- traffic -----------------------------------------------------------

# Names of the NICs that carry bulk while a command runs, out (tx) or in (rx).
carried() {
	local dir=$1 nic
	local -A was
	shift
	for nic in $NICS; do
		was[$nic]=$(</sys/class/net/$nic/statistics/${dir}_bytes)
	done
	"$@" >/dev/null 2>&1
	for nic in $NICS; do
		[ $(($(</sys/class/net/$nic/statistics/${dir}_bytes) \
		    - was[$nic])) -lt 10000 ] || echo "$nic"
	done
}

burst() { ping -q -c 20 -i 0.002 -s 1000 -W 1 "$@"; }
leaves_by() { carried tx burst "$@"; }
replies_leave_by() { carried tx gw ping -q -c 20 -i 0.002 -s 1000 -W 1 "$@"; }

# The NIC that the kernel would choose: via TO [FROM]
via() {
	ip route get "$1" ${2:+from "$2"} 2>&1 |
	    sed -nE '1s/.* dev ([^ ]+).*/\1/p'
}

# flow_during RATE [SOURCE] -- COMMAND...: what a steady flow to the router's
# far side loses while the command runs, as "lost N refused N gap MS".
flow_during() {
	local rate=$1 src= pid to=${FLOW_TO:-10.99.0.1}
	shift
	[ "$1" = -- ] || { src=$1; shift; }
	shift
	[ -n "${ECHO_PID-}" ] || start_echo
	flow send -i ${src:+-s "$src"} $to $rate 60 >/tmp/case/flow 2>&1 &
	pid=$!
	sleep 0.3
	"$@" >/tmp/case/during 2>&1
	sleep 0.3
	kill $pid
	wait $pid
	sed 's/^sent [0-9]* //' /tmp/case/flow
}

start_echo() {
	gw flow echo >/tmp/.echo 2>&1 &
	ECHO_PID=$!
	within 3 grep -q ready /tmp/.echo
}

# A field of flow_during's line.
lost() { sed -nE 's/.*lost ([0-9]+) refused ([0-9]+).*/\1 \2/p' <<<"$1" |
	awk '{ print $1 + $2 }'; }
