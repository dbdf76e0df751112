# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: for the tests of virtual addresses: what must come and go with one, and two routers with the real keepalived.
#
# The routers stand between two networks:
#
#   ht1 - sw1 - {rt1, rt2} - sw2 - ht2
#
# Each is a network namespace, sw1 and sw2 with a bridge. Toward sw1 a router
# has the device rt1-sw1 (or rt2-sw1) in 192.0.2.0/24, toward sw2 rt1-sw2 in
# 198.51.100.0/24; rt1 is .251, rt2 .252, the virtual address .254, the host .1.

NICS="eth0 eth1" TEST_DIR=managers MANAGER=dhcp
export MANAGER
. "$(dirname "${BASH_SOURCE[0]}")/net.sh"

NODES="ht1 sw1 rt1 rt2 sw2 ht2"
NOTIFIER=/usr/libexec/ifpolicy/keepalived
VIP1=192.0.2.254 VIP2=198.51.100.254
declare -A NET=([sw1]=192.0.2 [sw2]=198.51.100) OWN=([rt1]=251 [rt2]=252)
declare -A DAEMON=()

on() { ip netns exec "$@"; }

# The same in the background; BG is the process itself, not a shell around it.
# begin NODE LOG COMMAND...
begin() {
	ip netns exec "$1" "${@:3}" >"$2" 2>&1 &
	BG=$!
}

# A cable: link NODE SWITCH
link() {
	ip link add "$1-$2" netns "$1" type veth peer name "$2-$1" netns "$2"
	ip -n "$2" link set "$2-$1" master br0 up
}

# Pull a router's cable at the switch, and plug it in: cable ROUTER-SWITCH up|down
cable() { ip -n "${1#*-}" link set "${1#*-}-${1%-*}" "$2"; }

# The clean slate where the routers are needed, and its end.
routers_up() {
	local n sw
	rm -rf $RECORDS /tmp/case
	rm -f /etc/ifpolicy/* /etc/iproute2/rt_tables.d/*
	mkdir -p /etc/ifpolicy /tmp/case
	for n in $NODES; do
		ip netns add $n
		ip -n $n link set lo up
	done
	for sw in sw1 sw2; do
		ip -n $sw link add br0 type bridge forward_delay 0 \
		    mcast_snooping 0
		ip -n $sw link set br0 up
		for n in rt1 rt2 ht${sw#sw}; do
			link $n $sw
			ip -n $n link set $n-$sw up
			ip -n $n addr add ${NET[$sw]}.${OWN[$n]-1}/24 \
			    dev $n-$sw
		done
		ip -n ht${sw#sw} route add default via ${NET[$sw]}.254
	done
	for n in rt1 rt2; do
		defaults | on $n sysctl -q -p -
		on $n sysctl -qw net.ipv4.ip_forward=1
	done
}

# As a machine has them that nobody has set up.
defaults() {
	printf 'net.ipv4.conf.all.%s=0\n' rp_filter arp_filter arp_ignore \
	    send_redirects accept_redirects ignore_routes_with_linkdown
}

routers_down() {
	local n pid
	# keepalived takes a second to end: all at once.
	for pid in $(jobs -p); do
		kill "$pid" 2>/dev/null
	done
	wait
	DAEMON=()
	for n in $NODES; do
		ip netns del $n
	done
}

# ---- what the kernel holds ---------------------------------------------

# ip(8) in a namespace, or "here".
ip_in() {
	[ "$1" = here ] && ip "${@:2}" || ip -n "$@"
}

# Our rules and routes, whatever their state: held NAMESPACE
held() {
	{ ip_in "$1" rule; ip_in "$1" -6 rule
	    ip_in "$1" -4 route show table all
	    ip_in "$1" -6 route show table all; } | trim |
	    grep -E ' proto (ifpolicy|173)\b' |
	    sed -E 's/ proto (ifpolicy|173)//; s/ (dead|linkdown)//g
	    s/ pref medium//' | sort
}

# The rules of one address: pair ADDRESS TABLE
pair() {
	echo "12030: from $1 lookup $2"
	echo "12030: from all to $1 lookup $2"
}

# The test's own function WANTED prints what there must be, in a namespace and
# a state.  exactly NAMESPACE STATE NAME
exactly() { is "$(held "$1")" "$($WANTED "$1" "$2" | sort)" "$3"; }

now() { [ "$(held "$1")" = "$($WANTED "$1" "$2" | sort)" ]; }

# The same, within a second. A machine that is busy is waited for: TOOK
# collects the milliseconds for in_time().
TOOK=()
soon() {
	local since=${EPOCHREALTIME/./}
	within 4 now "$1" "$2"
	TOOK+=($(((${EPOCHREALTIME/./} - since) / 1000)))
	exactly "$@"
}

# Nine of ten came within the second.
in_time() {
	local late=0 ms
	for ms in "${TOOK[@]}"; do
		[ "$ms" -lt 1000 ] || late=$((late + 1))
	done
	[ $((late * 10)) -le ${#TOOK[@]} ] && pass "within a second" ||
	    fail "within a second" "milliseconds: ${TOOK[*]}"
	TOOK=()
}

# Write down in the background what changes, until monitored: monitor NAMESPACE
monitor() {
	stdbuf -oL ip $([ "$1" = here ] || echo "-n $1") monitor rule route \
	    address >/tmp/case/monitor 2>&1 &
	MONITOR=$!
	within 5 eval "ip_in $1 rule add pref 31999 blackhole
	    ip_in $1 rule del pref 31999
	    grep -q 31999: /tmp/case/monitor" || fail "the monitor is ready"
}

# All that came, up to a mark of our own: monitored NAMESPACE
monitored() {
	ip_in "$1" rule add pref 31998 blackhole
	ip_in "$1" rule del pref 31998
	within 5 grep -q "^Deleted 31998:" /tmp/case/monitor
	kill $MONITOR
	grep -v '3199[89]:' /tmp/case/monitor | trim
}

# ---- keepalived --------------------------------------------------------

# The published configuration, one router's: both sides in one group, no
# preemption. PACE stands in both instances, MORE in that of sw2; NOTIFY, with
# ROUTER for its name, in the group and in the instances, so that three scripts
# run at once.  configure ROUTER PRIORITY
configure() {
	local rt=$1 sw
	{
		printf 'global_defs {\n\trouter_id %s\n' "$rt"
		printf '\tscript_user root\n\tenable_script_security\n}\n'
		printf 'vrrp_sync_group both {\n\tgroup {\n\t\tsw1\n\t\tsw2\n'
		printf '\t}\n\t%s\n}\n' "${NOTIFY//ROUTER/$rt}"
		for sw in sw1 sw2; do
			instance $sw "$rt" "$2"
		done
	} >"/tmp/case/$rt.conf"
}

instance() {
	cat <<-END
	vrrp_instance $1 {
		state BACKUP
		nopreempt
		interface $2-$1
		virtual_router_id ${1#sw}
		priority $3
		$PACE
		${NOTIFY//ROUTER/$2}
		virtual_ipaddress {
			${NET[$1]}.254/24
		}
		$([ "$1" = sw1 ] || echo "${MORE-}")
	}
	END
}

# The protocol of the published configuration, and one that is fast enough for
# ten rounds.
slowly() {
	PACE='advert_int 1
		authentication {
			auth_type PASS
			auth_pass secret
		}'
}
quickly() {
	PACE='version 3
		advert_int 0.1'
}

# start ROUTER
start() {
	local at=/tmp/case/$1
	begin "$1" "$at.log" keepalived -n -l -D -P -f "$at.conf" \
	    -p "$at.pid" -r "$at.vrrp.pid"
	DAEMON[$1]=$BG
}

stop() {
	kill "${DAEMON[$1]}"
	wait "${DAEMON[$1]}"
	unset "DAEMON[$1]"
}

# Both routers; rt1 becomes the master.
start_both() {
	configure rt1 20
	configure rt2 10
	start rt1
	within 10 holds rt1 || return
	start rt2
	within 10 was_backup rt2
}

# The router has the virtual addresses of both sides: holds ROUTER
holds() {
	[ "$(ip -n "$1" -o -4 addr | grep -cE " ($VIP1|$VIP2)/")" = 2 ]
}

lacks() {
	! ip -n "$1" -o -4 addr | grep -qE " ($VIP1|$VIP2)/"
}

was_backup() {
	tail -n 5 "/tmp/case/$1.log" | grep -q '(sw2) Entering BACKUP STATE'
}

# The virtual addresses move, since a cable of their holder is pulled; plugged
# in again it does not get them back.  swap FROM TO
swap() {
	cable "$1-sw1" down
	within 10 holds "$2" && within 10 lacks "$1" || return
	cable "$1-sw1" up
	within 10 was_backup "$1"
}
