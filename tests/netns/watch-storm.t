#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: ifpolicy watch under more events than it can hear, and with many claims.

. "$(dirname "$0")/../lib/watch.sh"

# storm DEVICE N: N addresses come and go as fast as ip can tell the kernel.
storm() {
	local i

	for ((i = 0; i < $2; i++)); do
		echo "addr add 10.$((i / 250 + 1)).$((i % 250)).1/32 dev $1"
	done >/tmp/case/add
	sed 's/^addr add/addr del/' /tmp/case/add >/tmp/case/del
	ip -batch /tmp/case/add && ip -batch /tmp/case/del ||
	    fail "$2 addresses come and go"
}

# after_storm NAME: the costs of what happened since the watch began.
after_storm() {
	quiet
	ok "$1: $(cpu_ms) ms on the CPU" [ "$(cpu_ms)" -lt 3000 ]
	ok "$1: $(status VmRSS) kB resident, $(status VmHWM) kB at most" \
	    [ "$(status VmRSS)" -lt 2048 ]
	says_nothing "$1: it says nothing"
}

covering_all() {
	link_up eth0 $A/24 $A6/64
	silent "up" ifpolicy up eth0 table 101 gateway $GW metric 100 \
	    addresses all
	silent "up" ifpolicy -6 up eth0 table 101 gateway $GW6 metric 100 \
	    addresses all
}

case_ten_thousand_events_of_a_claimed_device() {
	covering_all
	ip rule add pref 20000 from 10.0.0.0/8 lookup 101
	watch_start
	calm
	local ours=$(ours) theirs=$(theirs)
	storm eth0 5000
	comes 5 ours "$ours" "ours is right soon after"
	after_storm "a claimed device"
	is "$(theirs)" "$theirs" "and others' as it was"
	silent "check" ifpolicy check
}

case_ten_thousand_events_of_another_device() {
	covering_all
	watch_start
	calm
	local ours=$(ours)
	ip link set eth1 up
	storm eth1 5000
	ip rule del pref 12030 from $A
	comes 5 ours "$ours" "what is lost in the end is back soon after"
	after_storm "another device"
}

case_ten_thousand_routes_of_a_routing_daemon() {
	covering_all
	watch_start
	calm
	local ours=$(ours) i
	for ((i = 0; i < 5000; i++)); do
		echo "route replace 172.$((i / 250)).$((i % 250)).0/24 via $GW \
		    dev eth0 proto bird"
	done >/tmp/case/routes
	ip -batch /tmp/case/routes
	ip -batch /tmp/case/routes
	quiet
	is "$(ours)" "$ours" "ours is as it was"
	after_storm "a routing daemon"
}

# More events than its socket can hold, none of which would mean anything to it.
noise() {
	local i

	for ((i = 0; i < 5000; i++)); do
		echo "route add 172.$((i / 250)).$((i % 250)).0/24 via $GW \
		    dev eth0 table 9 proto bird"
	done >/tmp/case/add
	sed 's/^route add/route del/' /tmp/case/add >/tmp/case/del
	ip -batch /tmp/case/add && ip -batch /tmp/case/del || fail "noise"
}

# How many events its socket could not take: the only one with groups.
dropped() { awk 'NR > 1 && $4 != "00000000" { n += $9 } END { print n + 0 }' \
	/proc/net/netlink; }

case_events_that_were_lost() {
	covering_all
	watch_start
	calm
	local ours=$(ours)
	kill -STOP $WATCH
	noise
	# What is told now is told to nobody.
	ip rule flush protocol 173
	ip -6 rule flush protocol 173
	ip addr add 10.77.0.1/24 dev eth0
	ip link set eth0 down
	ip link set eth0 up
	ip -6 addr add $A6/64 dev eth0 nodad
	ok "$(dropped) events were lost" [ "$(dropped)" -gt 0 ]
	kill -CONT $WATCH
	ok "what came meanwhile is there" within 5 eval \
	    'rules | grep -q "from 10.77.0.1 "'
	ip addr del 10.77.0.1/24 dev eth0
	comes 5 ours "$ours" "and all that was gone"
	after_storm "events lost"
}

case_a_device_that_came_unheard() {
	mkdir -p /etc/ifpolicy
	printf '%s\n' "policy-table 166" "policy-gateway none" |
	    tee /etc/ifpolicy/eth0 >/etc/ifpolicy/m0
	link_up eth0 $A/24
	watch_start
	calm
	silent "one is taken down by hand" ifpolicy down eth0
	kill -STOP $WATCH
	noise
	ip link add m0 type veth peer name m1
	ip link set m1 up
	link_up m0 10.0.0.9/24
	ok "$(dropped) events were lost" [ "$(dropped)" -gt 0 ]
	kill -CONT $WATCH
	ok "a new device gets what its file says" within 5 eval \
	    'rules | grep -q "from 10.0.0.9 lookup 166"'
	quiet
	unlike "$(rules)" "$A" "what was taken down stays down"
	says_nothing
}

case_events_lost_again_and_again() {
	covering_all
	watch_start
	calm
	local ours=$(ours) i
	for i in 1 2 3; do
		kill -STOP $WATCH
		noise
		kill -CONT $WATCH
		sleep 0.02
	done
	ip rule flush protocol 173
	comes 5 ours "$ours" "the end is right"
	after_storm "lost thrice"
}

case_many_claims() {
	local i want
	for i in {1..64}; do
		echo "link add m$i type veth peer name n$i"
		echo "link set n$i up"
		echo "link set m$i up"
		echo "addr add 10.200.$i.2/24 dev m$i"
	done | ip -batch -
	for i in {1..64}; do
		ifpolicy up m$i table $((300 + i)) gateway 10.200.$i.1 \
		    metric $((300 + i)) || fail "up m$i"
	done
	want=$(ours)
	is "$(wc -l <<<"$want")" $((64 * 5)) "64 claims"
	watch_start
	calm
	ip rule flush protocol 173
	comes 5 ours "$want" "all rules are back"
	quiet
	ip route flush table all proto 173
	comes 5 ours "$want" "all routes are back"
	quiet
	for i in {1..64}; do echo "link set m$i down"; done | ip -batch -
	ok "all links down: their routes go" within 5 eval \
	    '! ours | grep -q dev'
	quiet
	for i in {1..64}; do echo "link set m$i up"; done | ip -batch -
	comes 5 ours "$want" "all links up: they are back"
	after_storm "64 claims"
}

run_cases "$@"
