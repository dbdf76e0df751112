#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: three NICs in one subnet do with policy lines what they did by hand.
#
# Three NICs in one subnet, as published: the policy- lines do what the
# hand-written lines did, and the traffic shows it.

NICS="eth0 wlan0 wlan1"
. "$(dirname "$0")/../lib/net.sh"

declare -A ADDR=([eth0]=$N.99 [wlan0]=$N.97 [wlan1]=$N.98)
declare -A METRIC=([eth0]=100 [wlan0]=102 [wlan1]=101)
declare -A TABLE=([eth0]=rt1 [wlan0]=rt2 [wlan1]=rt3)

names() { printf '%s\n' "1 rt1" "2 rt2" "3 rt3" >>/etc/iproute2/rt_tables; }

# The published lines, one "ip" each.
by_hand() {
	local nic a t
	echo "auto eth0 wlan0 wlan1"
	for nic in $NICS; do
		a=${ADDR[$nic]} t=${TABLE[$nic]}
		stanza $nic $a/24 \
		    "post-up ip route add $N.0/24 dev $nic src $a table $t" \
		    "post-up ip route add default via $GW dev $nic table $t" \
		    "post-up ip rule add from $a/32 table $t" \
		    "post-up ip rule add to $a/32 table $t" \
		    "post-up ip route add default via $GW metric ${METRIC[$nic]} dev $nic" \
		    "post-down ip rule del from 0/0 to 0/0 table $t" \
		    "post-down ip rule del from 0/0 to 0/0 table $t"
	done
}

with_policy() {
	local nic
	echo "auto eth0 wlan0 wlan1"
	for nic in $NICS; do
		stanza $nic ${ADDR[$nic]}/24 "policy-table ${TABLE[$nic]}" \
		    "policy-gateway $GW" "policy-metric ${METRIC[$nic]}" "$@"
	done
}

all_up() {
	with_policy "$@" | interfaces
	silent "ifup -a says nothing" ifup -a
}

case_same_rules_and_routes_as_the_hand_written_lines() {
	names
	by_hand | interfaces
	ok "by hand: up" ifup -a
	local want=$(plain)
	ok "by hand: down" ifdown -a
	ip route flush table main
	remember
	with_policy | interfaces
	silent "ifup -a says nothing" ifup -a
	is "$(plain)" "$want" "the same but for priority and protocol"
	is "$(rules | grep -c 'proto ifpolicy')" 6 "all rules are marked"
	silent "ifdown -a says nothing" ifdown -a
	nothing_left
}

case_tables_need_no_edit_of_rt_tables() {
	all_up
	like "$(cat /etc/iproute2/rt_tables.d/ifpolicy.conf)" \
	    '^8001[[:space:]]+rt1' "rt1 got the first free number"
	is "$(table rt2)" "default via $GW dev wlan0 proto ifpolicy
$N.0/24 dev wlan0 proto ifpolicy scope link src $N.97" \
	    "ip route show table rt2 works"
	is "$(rules | sort)" "$(
		for a in $N.97=rt2 $N.98=rt3 $N.99=rt1; do
			echo "12030: from all to ${a%=*} lookup ${a#*=}"
			echo "12030: from ${a%=*} lookup ${a#*=}"
		done | sed 's/$/ proto ifpolicy/' | sort)" \
	    "the priority is explicit"
}

case_the_kernel_chooses_by_source() {
	all_up
	local nic
	for nic in $NICS; do
		is "$(via 10.99.0.1 ${ADDR[$nic]})" $nic \
		    "from ${ADDR[$nic]} by $nic"
		is "$(via $N.50 ${ADDR[$nic]})" $nic \
		    "a neighbour too, from ${ADDR[$nic]} by $nic"
	done
	is "$(via 10.99.0.1)" eth0 "unbound by the lowest metric"
}

case_bound_traffic_leaves_by_its_own_nic() {
	all_up
	local nic
	for nic in $NICS; do
		is "$(leaves_by -I ${ADDR[$nic]} 10.99.0.1)" $nic \
		    "from ${ADDR[$nic]}"
	done
	is "$(leaves_by 10.99.0.1)" eth0 "unbound by eth0"
}

case_replies_leave_by_the_nic_that_has_the_address() {
	all_up
	local nic
	for nic in $NICS; do
		is "$(replies_leave_by ${ADDR[$nic]})" $nic \
		    "asked by the router: ${ADDR[$nic]}"
		is "$(replies_leave_by -I 10.99.0.1 ${ADDR[$nic]})" $nic \
		    "asked from behind it: ${ADDR[$nic]}"
	done
}

case_arp_filter_brings_requests_in_by_the_right_nic_too() {
	all_up "policy-arp filter"
	local nic
	gw ip neigh flush dev br0
	for nic in $NICS; do
		is "$(carried rx gw ping -q -c 20 -i 0.002 -s 1000 \
		    ${ADDR[$nic]})" $nic "${ADDR[$nic]}"
	done
	silent "down" ifdown -a
	nothing_left
}

case_each_goes_alone_and_leaves_the_others_alone() {
	all_up
	local nic others
	for nic in $NICS; do
		others=$(plain | grep -v "\b$nic\b\|\b${TABLE[$nic]}\b")
		silent "ifdown $nic" ifdown $nic
		is "$(plain)" "$others" "$nic: nothing of it, all of the others"
		silent "ifup $nic again" ifup $nic
	done
	silent "ifdown eth0" ifdown eth0
	is "$(leaves_by 10.99.0.1)" wlan1 "without eth0: the next metric"
	silent "ifdown wlan1" ifdown wlan1
	is "$(leaves_by 10.99.0.1)" wlan0 "without wlan1: the last"
	silent "ifdown wlan0" ifdown wlan0
	nothing_left
}

case_others_lose_no_packet_when_one_goes_and_comes() {
	all_up
	cycle() { ifdown wlan0; ifup wlan0; }
	is "$(lost "$(flow_during 2000 $N.98 -- cycle)")" 0 \
	    "from wlan1's address"
	is "$(lost "$(flow_during 2000 -- cycle)")" 0 "unbound"
}

case_a_pulled_cable_moves_the_traffic_and_back() {
	all_up
	is "$(knob eth0 ignore_routes_with_linkdown)" 1 "metric sets it"
	few_lost "pulled" down
	is "$(leaves_by 10.99.0.1)" wlan1 "unbound by wlan1 now"
	is "$(via 10.99.0.1 $N.97)" wlan0 "from wlan0's address as before"
	few_lost "put back" up
	is "$(leaves_by 10.99.0.1)" eth0 "unbound by eth0 again"
	silent "down" ifdown -a
	nothing_left
}

# At most 2 of 1,000 a second: in one of three tries, for a machine that is
# busy elsewhere loses some on its own.
few_lost() {
	local try lost all=
	cable() { ip -n gw link set p0 $1; sleep 0.3; }
	for try in 1 2 3; do
		[ $try -eq 1 ] ||
		    { cable $([ $2 = up ] && echo down || echo up); }
		lost=$(lost "$(flow_during 1000 -- cable $2)")
		all+="$lost "
		[ "$lost" -gt 2 ] || break
		diag "$1: try $try lost $lost packets"
	done
	ok "$1: at most 2 packets lost (${all% })" [ "$lost" -le 2 ]
}

case_down_with_the_cable_pulled_leaves_nothing() {
	all_up
	ip -n gw link set p0 down
	within 2 eval '[ "$(cat /sys/class/net/eth0/carrier)" = 0 ]'
	silent "down" ifdown -a
	nothing_left
}

case_the_same_over_ipv6() {
	{
		stanza eth0 fd00:178::99/64 "policy-table rt1" \
		    "policy-gateway fd00:178::1" "policy-metric 100"
		stanza wlan0 fd00:178::97/64 "policy-table rt2" \
		    "policy-gateway fd00:178::1" "policy-metric 102"
	} | interfaces
	silent "ifup" ifup eth0 wlan0
	is "$(via fd00:99::1 fd00:178::97)" wlan0 "from wlan0's address"
	is "$(leaves_by -I fd00:178::97 fd00:99::1)" wlan0 "bound traffic"
	is "$(leaves_by fd00:99::1)" eth0 "unbound traffic"
	is "$(replies_leave_by fd00:178::97)" wlan0 "replies"
	ip -n gw link set p0 down
	sleep 0.2
	is "$(leaves_by fd00:99::1)" wlan0 "cable pulled: unbound moves"
	silent "ifdown" ifdown eth0 wlan0
	nothing_left
}

run_cases "$@"
