#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: NetworkManager's dispatcher: addresses that a server gives, and devices of VPNs.

NICS="eth0"
. "$(dirname "$0")/../lib/nm.sh"

address() { ip -o addr show dev eth0 scope global | grep -qF " $1"; }

# NetworkManager before 1.42.6, Debian 12's too, says dhcp4-change for the first
# lease only: of the others the hook is told by hand here.
case_a_lease_comes_goes_and_changes() {
	policy eth0 "policy-table rt1" "policy-metric 50"
	note_rules_at dhcp4-change
	lease $N.50
	profile eth0 ipv4.method auto
	up eth0
	happened "eth0 dhcp4-change"
	is $? 0 "there was a dhcp4-change before"
	like "$(</tmp/case/rules)" "lookup main" "and the rules then"
	unlike "$(</tmp/case/rules)" "proto ifpolicy" "were none of ours"
	ruled "up" $N.50 rt1
	is "$(table rt1)" "default via $GW dev eth0 proto ifpolicy
$N.0/24 dev eth0 proto ifpolicy scope link src $N.50" "the table"
	is "$(main | head -n 1)" \
	    "default via $GW dev eth0 proto ifpolicy metric 50" "the default"
	content

	kill $SERVER
	ok "the lease runs out" within 15 nok_address $N.50/
	tell eth0 dhcp4-change
	is "$(rules)" "" "no rule"
	is "$(main)" "" "no default"
	is "$(table rt1)" "" "an empty table"
	content

	lease $N.60
	ok "another one" within 15 address $N.60/
	within 5 eval 'main | grep -q "^default .* proto dhcp"'
	tell eth0 dhcp4-change
	ruled "it is followed" $N.60 rt1
	is "$(main | head -n 1)" \
	    "default via $GW dev eth0 proto ifpolicy metric 50" "the default"
	content
	is "$(ours)" "" "nothing is said"
	down eth0
	nothing_left
}

nok_address() { ! address "$1"; }

# With the address of IPv4 the device is up; the one of IPv6 comes later.
case_dhcpv6_after_up() {
	policy eth0 "policy-table rt1"
	profile eth0 ipv4.method manual ipv4.addresses $N.99/24 \
	    ipv4.gateway $GW ipv6.method auto
	up eth0
	ruled "IPv4" $N.99 rt1
	ruled "no IPv6 yet" -6
	like "$(ifpolicy show eth0)" 'inet6: waiting' "it waits"
	content
	on "eth0 dhcp6-change" advertise fd00:178::50,fd00:178::50,64,10m
	ruled "it is there" -6 fd00:178::50 rt1
	like "$(table rt1 -6)" '^default via fe80::' "and its gateway"
	ruled "IPv4 as before" $N.99 rt1
	content
	down eth0
	nothing_left
}

# The profile can make NetworkManager wait; what comes later is told by none.
case_a_router_advertises() {
	local six
	policy eth0 "policy-table rt1"
	advertise fd00:178::,ra-only,64,10m
	profile eth0 ipv4.method manual ipv4.addresses $N.99/24 \
	    ipv4.gateway $GW ipv6.method auto ipv6.may-fail no
	up eth0
	six=$(ip -6 -o addr show dev eth0 scope global |
	    sed -nE 's,.* inet6 ([^/]+)/.*,\1,p')
	like "$six" '^fd00:178::' "it has an address"
	ruled "with its rules" -6 $six rt1
	like "$(table rt1 -6)" '^default via fe80::' "and its gateway"
	content
	down eth0
	nothing_left
}

# What the dispatcher is not told of, "ifpolicy watch" sees.
case_watch_beside_it() {
	local six i
	policy eth0 "policy-table rt1"
	ifpolicy watch >/tmp/case/watch 2>&1 &
	profile eth0 ipv4.method manual ipv4.addresses $N.99/24 \
	    ipv4.gateway $GW ipv6.method auto
	up eth0
	ruled "up" $N.99 rt1
	advertise fd00:178::,ra-only,64,10m
	ok "an address of IPv6" within 15 address fd00:178:
	ok "gets its rules" within 5 eval "rules -6 | grep -q 'to fd00:178:'"
	like "$(table rt1 -6)" '^default via fe80::' "and its gateway"
	content
	for i in 1 2 3; do
		up eth0
	done
	ok "up three times" within 15 eval "rules -6 | grep -q 'to fd00:178:'"
	six=$(rules -6 | sed -nE 's/.* to (fd[^ ]+) .*/\1/p')
	ruled "and once in IPv6" -6 $six rt1
	ruled "and in IPv4" $N.99 rt1
	down eth0
	within 5 eval '[ -z "$(rules; rules -6)" ]'
	nothing_left
	is "$(</tmp/case/watch)$(ours)" "" "nothing is said"
}

# ---- a device of its own -----------------------------------------------

tun_device() {
	mkdir -p /dev/net
	[ -e /dev/net/tun ] || mknod /dev/net/tun c 10 200
}

tun_profile() {
	tun_device
	nmcli connection add type tun mode tun ifname tun0 con-name tun0 \
	    autoconnect no ipv4.method manual ipv4.addresses 10.8.0.2/24 \
	    ipv6.method disabled >/dev/null
}

case_a_tunnel() {
	policy tun0 "policy-table vpn" "policy-gateway 10.8.0.1"
	tun_profile
	up tun0
	ruled "up" 10.8.0.2 vpn
	is "$(table vpn | sed 's/ linkdown//')" \
	    "default via 10.8.0.1 dev tun0 proto ifpolicy
10.8.0.0/24 dev tun0 proto ifpolicy scope link src 10.8.0.2" "the table"
	down tun0
	nothing_left
	up tun0
	on "tun0 down" ip link del tun0
	nothing_left "deleted: nothing is left"
}

case_a_vpn() {
	local action
	policy tun0 "policy-table vpn" "policy-gateway 10.8.0.1"
	policy eth0 "policy-table rt1" "policy-gateway $GW"
	profile eth0 ipv4.method manual ipv4.addresses $N.99/24 \
	    ipv4.gateway $GW
	up eth0
	stop_nm
	tun_device
	ip tuntap add tun0 mode tun
	link_up tun0 10.8.0.2/24
	tell tun0 vpn-pre-up
	ruled "not before it is up" $N.99 rt1
	ip rule del pref 12030 from $N.99
	tell tun0 vpn-up
	ruled "vpn-up, and eth0 is looked after" 10.8.0.2 vpn $N.99 rt1
	tell tun0 vpn-pre-down
	ruled "vpn-pre-down" $N.99 rt1
	ip addr flush dev tun0
	tell tun0 vpn-down
	ruled "vpn-down" $N.99 rt1
	unlike "$(ifpolicy show)" tun0 "its claim has ended"
	# One without a device is named by the one that carries it.
	export DEVICE_IP_IFACE=eth0
	for action in vpn-up vpn-pre-down vpn-down; do
		is "$(changes_during $HOOK eth0 $action)" "" \
		    "$action of eth0 itself changes nothing"
	done
	content
}

run_cases "$@"
