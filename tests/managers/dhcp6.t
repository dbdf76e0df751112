#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: inet6 dhcp: an address without a subnet, which router advertisements give; leases that come and go.

. "$(dirname "$0")/../lib/ra.sh"

A=$P::1a A2=$P::2a
CLIENT=(-6 -pf /run/dhclient6.eth0.pid -lf /var/lib/dhcp/dhclient6.eth0.leases)

# A server that always gives this: lease ADDRESS [MODE]
lease() {
	prefix gw br0 $P
	advertise gw 600 "$1,$1,${2:+$2,}64,120" br0
}

dhcp() {
	stanza6 eth0 dhcp "policy-table rt1" "policy-metric 100" "$@" |
	    interfaces
	ok "ifup" ifup eth0
	unlike "$ERR" ifpolicy "we say nothing"
	within 5 settled eth0
}

client_pid() { cat /run/dhclient6.eth0.pid; }

# A client that a case left behind.
eval "ra_$(declare -f teardown)"
teardown() {
	[ ! -e /run/dhclient6.eth0.pid ] || kill $(client_pid) 2>/dev/null
	dhcpcd -6 -x eth0 2>/dev/null
	ra_teardown
}

# Between hosts "onlink" may stand with the router or not.
t1() { t6 rt1 | sed 's/ onlink//'; }

full() {
	becomes "default via $R1 dev eth0
$P::/64 dev eth0 src $1" "the table has the router and its prefix" t1
	becomes "$(rules_for rt1 $1)" "rules" r6
}

case_the_prefix_is_the_routers() {
	lease $A
	dhcp
	is "$(ip -6 -o addr show dev eth0 scope global | grep -c "$A/128")" 1 \
	    "an address without a subnet"
	full $A
	is "$(defaults6 | grep -c "via $R1")" 2 "main has both defaults"
	works eth0 $A
	is "$(via $P::77 $A) $(ip route get $P::77 from $A |
	    grep -c ' via ')" "eth0 0" "neighbours are reached without the router"
	sound
	ends eth0
}

case_no_prefix_on_link() {
	lease $A off-link
	dhcp
	is "$(main -6 | grep -c "^$P::/64")" 0 "main has no prefix"
	is "$(t1)" "default via $R1 dev eth0" "nor has the table"
	is "$(r6)" "$(rules_for rt1 $A)" "rules"
	works eth0 $A
	sound
	ends eth0
}

# The lease goes on when the router speaks of the prefix no more. The kernel
# tells nobody.
case_the_prefix_runs_out_watched() {
	lease $A
	dhcp
	watching
	sysctl -qw net.ipv6.conf.eth0.autoconf=0
	prefix gw br0 $P "valid_lft 5 preferred_lft 5"
	advertise gw 600 ra-only br0
	solicit eth0
	within 3 eval 'ip -6 route show $P::/64 | grep "expires [0-5]sec"'
	hush gw
	ok "the prefix is over" within 8 eval \
	    '[ -z "$(ip -6 route show $P::/64 | grep -v "expires -")" ]'
	becomes "default via $R1 dev eth0" "the table has it no more" t1
	is "$(r6)" "$(rules_for rt1 $A)" "rules stay"
	sound
	ends eth0
}

case_an_address_by_each_way() {
	lease $A slaac
	dhcp "policy-default none"
	within 5 eval '[ $(addresses eth0 | wc -l) = 2 ] && settled eth0'
	follow
	follows_addresses rt1 eth0
	is "$(t1 | sed 's/ src .*//')" "default via $R1 dev eth0
$P::/64 dev eth0" "the prefix once"
	works eth0 $(addresses eth0)
	ends eth0
}

# What an address had, when it is gone: no rule, no route; the request waits.
nothing_but_the_request() {
	follow
	becomes "" "no rules" r6
	becomes "" "no routes" t6 rt1
	becomes "default via $R1 dev eth0 proto ra" "main has the router's" \
	    defaults6
	like "$(ifpolicy show)" "eth0 inet6.*: waiting" "show: it waits"
	sound
}

gone_and_back() {
	lease $A
	dhcp
	[ -z "${1-}" ] || watching
	dhclient "${CLIENT[@]}" -r eth0 2>/dev/null
	ok "released" within 3 eval '! has eth0 $A'
	nothing_but_the_request
	# Neither side is to remember the first.
	rm -f /tmp/case/gw.leases /var/lib/dhcp/*.leases
	lease $A2
	dhclient "${CLIENT[@]}" eth0 2>/dev/null
	ok "another address" within 5 has eth0 $A2
	follow
	full $A2
	works eth0 $A2
	sound
	unlike "$(ip -6 rule; ip -6 route show table all proto 173)" \
	    "$A( |$)" "nothing of the first anywhere"
	ends eth0
}

case_released_and_another_got() { gone_and_back; }
case_released_and_another_got_watched() { gone_and_back watched; }

# The shortest lease that dnsmasq gives is two minutes: the rest of it is cut.
runs_out() {
	lease $A
	dhcp
	[ -z "${1-}" ] || watching
	kill -KILL $(client_pid)
	ip addr change $A/128 dev eth0 valid_lft 1 preferred_lft 1
	ok "the lease is over" within 4 eval '! has eth0 $A'
	nothing_but_the_request
	ends eth0
}

case_the_client_dies_and_the_lease_runs_out() { runs_out; }
case_the_client_dies_and_the_lease_runs_out_watched() { runs_out watched; }

case_stateless() {
	prefix gw br0 $P
	advertise gw 600 ra-stateless br0
	begin_stateless
	follows_addresses rt1 eth0
	full "$(addresses eth0)"
	works eth0 $(addresses eth0)
	sound
	ends eth0
}

begin_stateless() {
	stanza6 eth0 auto "dhcp 1" "policy-table rt1" "policy-metric 100" |
	    interfaces
	ok "ifup" ifup eth0
	unlike "$ERR" ifpolicy: "we say nothing"
}

# dhcpcd reads advertisements itself, and puts in routes of its own.
case_dhcpcd() {
	lease $A slaac
	stanza6 eth0 manual "policy-table rt1" "policy-metric 100" \
	    "up dhcpcd -6 -q --ipv6only -w eth0" "down dhcpcd -6 -q -k eth0" |
	    interfaces
	ok "ifup" ifup eth0
	unlike "$ERR" ifpolicy: "we say nothing"
	within 5 eval '[ $(addresses eth0 | wc -l) = 2 ] && settled eth0'
	follow
	follows_addresses rt1 eth0
	works eth0 $(addresses eth0)
	sound
	ends eth0
}

run_cases "$@"
