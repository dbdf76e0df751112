#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: two interfaces in one cloud subnet, two addresses each, keep to their ways.
#
# Two network interfaces in one cloud subnet, two addresses each: the second's
# addresses leave by the second, and the first never notices.

NICS="eth0 eth1"
. "$(dirname "$0")/../lib/net.sh"

P=("policy-table sibling_eth1" "policy-gateway 10.0.0.1" "policy-match from"
    "policy-connected none")

first() {
	stanza eth0 10.0.0.128/24 "gateway 10.0.0.1"
	stanza eth0 10.0.0.129/24
}

second() {
	first
	stanza eth1 10.0.0.130/24 "${P[@]}" "$@"
	stanza eth1 10.0.0.131/24 "${P[@]}" "$@"
}

manual() {
	first
	printf '%s\n' "iface eth1 inet manual" "up ip link set eth1 up" \
	    "up ip addr add 10.0.0.130/24 broadcast 10.0.0.255 dev eth1" \
	    "up ip addr add 10.0.0.131/24 broadcast 10.0.0.255 dev eth1" \
	    "${P[@]}" "policy-addresses all" \
	    "down ip addr flush dev eth1" "down ip link set eth1 down"
}

# What the published script does; it had no down half.
by_hand() {
	ip link set eth1 up
	ip addr add 10.0.0.130/24 broadcast 10.0.0.255 dev eth1
	ip addr add 10.0.0.131/24 broadcast 10.0.0.255 dev eth1
	ip route flush table sibling_eth1
	ip route add table sibling_eth1 10.0.0.0/24 dev eth1 proto kernel \
	    scope link
	ip route add table sibling_eth1 default via 10.0.0.1 dev eth1
	ip route del 10.0.0.0/24 dev eth1
	ip rule add from 10.0.0.130 table sibling_eth1
	ip rule add from 10.0.0.131 table sibling_eth1
}

both_up() {
	"${1:-second}" | interfaces
	ok "eth0 up" ifup eth0
	remember
	silent "ifup eth1 says nothing" ifup eth1
}

# Everybody's traffic, each by its own.
right_ways() {
	local a
	for a in 128=eth0 129=eth0 130=eth1 131=eth1; do
		is "$(leaves_by -I 10.0.0.${a%=*} 10.99.0.1)" ${a#*=} \
		    "from .${a%=*} by ${a#*=}"
		is "$(replies_leave_by 10.0.0.${a%=*})" ${a#*=} \
		    "replies from .${a%=*} by ${a#*=}"
	done
	is "$(leaves_by 10.99.0.1)" eth0 "unbound by eth0"
}

less_src() { plain | sed -E 's/ (src|proto) [^ ]+//g'; }

case_same_rules_and_routes_as_the_hand_written_lines() {
	echo "1 sibling_eth1" >>/etc/iproute2/rt_tables
	first | interfaces
	ok "eth0 up" ifup eth0
	by_hand 2>/dev/null
	local want=$(less_src)
	/src/tests/lib/cables
	ip rule flush
	ip rule add pref 32766 table main
	ip rule add pref 32767 table default
	rm -f /run/network/*
	both_up
	is "$(less_src)" "$want" "the same but for priority, protocol, src"
}

case_each_address_leaves_by_its_own_nic() {
	both_up
	right_ways
	is "$(main | grep 10.0.0.0/24)" \
	    "10.0.0.0/24 dev eth0 proto kernel scope link src 10.0.0.128" \
	    "main has one 10.0.0.0/24, on eth0"
}

case_two_stanzas_share_one_subnet_and_one_default() {
	both_up
	is "$(table sibling_eth1)" "default via 10.0.0.1 dev eth1 proto ifpolicy
10.0.0.0/24 dev eth1 proto ifpolicy scope link src 10.0.0.130" "once each"
	is "$(rules | sort)" \
	    "12030: from 10.0.0.130 lookup sibling_eth1 proto ifpolicy
12030: from 10.0.0.131 lookup sibling_eth1 proto ifpolicy" "a rule each"
}

case_what_two_claim_goes_with_the_last() {
	{
		first
		stanza eth1 10.0.0.130/24 "${P[@]}"
		stanza eth1:1 10.0.0.131/24 "${P[@]}"
	} | interfaces
	ok "eth0 up" ifup eth0
	remember
	silent "both up" ifup eth1 eth1:1
	silent "the alias down" ifdown eth1:1
	is "$(table sibling_eth1)" "default via 10.0.0.1 dev eth1 proto ifpolicy
10.0.0.0/24 dev eth1 proto ifpolicy scope link src 10.0.0.130" \
	    "subnet and default stay"
	is "$(rules)" "12030: from 10.0.0.130 lookup sibling_eth1 proto ifpolicy" \
	    "its rule is gone"
	is "$(main | grep -c 10.0.0.0/24)" 1 "main's is still taken out"
	silent "the interface down" ifdown eth1
	nothing_left
}

case_down_leaves_nothing() {
	both_up
	ok "ifdown eth1" ifdown eth1
	unlike "$ERR" ifpolicy "ifpolicy says nothing"
	nothing_left
}

case_the_first_nic_is_never_disturbed() {
	second "policy-arp filter" | interfaces
	ok "eth0 up" ifup eth0
	cycle() { ifup eth1; ifdown eth1; ifup eth1; ifdown eth1; }
	is "$(lost "$(flow_during 2000 10.0.0.128 -- cycle)")" 0 \
	    "no packet from .128 is lost by up, down, up, down"
	is "$(lost "$(flow_during 2000 10.0.0.129 -- cycle)")" 0 \
	    "nor from .129"
	is "$(lost "$(flow_during 2000 -- cycle)")" 0 "nor an unbound one"
}

case_down_gives_the_subnet_route_back_where_the_address_stays() {
	link_up eth0 10.0.0.128/24
	link_up eth1 10.0.0.130/24
	remember
	ok "up" ifpolicy up eth1 table sibling_eth1 gateway 10.0.0.1 \
	    match from connected none
	unlike "$(main)" "eth1" "taken out"
	ok "down" ifpolicy down eth1
	nothing_left "the kernel's own route is back as it was"
}

case_manual_with_two_up_lines() {
	both_up manual
	right_ways
	is "$(main | grep -c 10.0.0.0/24)" 1 "main has one 10.0.0.0/24"
	is "$(rules | wc -l)" 2 "two rules"
	silent "down" ifdown eth1
	nothing_left
}

case_an_address_that_comes_later_is_covered_by_refresh() {
	both_up manual
	ip addr add 10.0.0.132/24 dev eth1
	silent "refresh" ifpolicy refresh eth1
	is "$(leaves_by -I 10.0.0.132 10.99.0.1)" eth1 "from .132 by eth1"
	is "$(rules | wc -l)" 3 "three rules"
	ip addr del 10.0.0.131/24 dev eth1
	silent "refresh" ifpolicy refresh eth1
	unlike "$(rules)" 10.0.0.131 "one that went is covered no more"
	silent "down" ifdown eth1
	nothing_left
}

run_cases "$@"
