#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: inet6 static: duplicate address detection, addresses that the link takes along, both families.

. "$(dirname "$0")/../lib/ra.sh"

M=fd00:178
A=$M::99 B=$M::98 G=$M::1
GATEWAY=("policy-gateway $G" "policy-metric 100")

eval "ra_$(declare -f setup)"
setup() {
	ra_setup
	prefix gw br0 $M
}

# static DEVICE ADDRESS/LEN LINE...
static() {
	printf 'iface %s inet6 static\n\taddress %s\n' "$1" "$2"
	printf '\t%s\n' "${@:3}"
	echo
}

# ifupdown adds a static address with "nodad" where it is not to wait, so one
# that is still tentative when the hook is called comes by a line of the stanza.
by_line() {
	stanza6 "$1" manual "up ip link set $1 up" "up ip addr add $2 dev $1" \
	    "down ip link set $1 down" "${@:3}"
}

# Detection takes its second, not a tenth: some cases look while it lasts.
slowly() { sysctl -qw net.ipv6.neigh.eth0.retrans_time_ms=1000; }

tentative() { has_flag tentative; }
has_flag() { [ -n "$(ip -6 -o addr show dev eth0 scope global "$1")" ]; }

full() {
	becomes "default via $G dev eth0
$M::/64 dev eth0 src $A" "the table is full, its source too" t6 rt1
	becomes "$(rules_for rt1 $A)" "rules" r6
}

# ---- duplicate address detection ---------------------------------------

case_ifupdown_waits_for_detection() {
	static eth0 $A/64 "policy-table rt1" "${GATEWAY[@]}" \
	    "policy-source own" "policy-connected metric" | interfaces
	ok "ifup" ifup eth0
	is "$ERR" "" "says nothing"
	full
	is "$(t6 main)" "default via $G dev eth0 src $A metric 100
$M::/64 dev eth0 src $A metric 100" "main has its source too"
	works eth0 $A
	sound
	ends eth0
}

case_where_ifupdown_does_not_wait_the_hook_does() {
	slowly
	by_line eth0 $A/64 "policy-table rt1" "${GATEWAY[@]}" \
	    "policy-source own" | interfaces
	silent "ifup" ifup eth0
	nok "detection is over" tentative
	is "$(t6 rt1)" "default via $G dev eth0
$M::/64 dev eth0 src $A" "the table is full at once, its source too"
	is "$(defaults6)" "default via $G dev eth0 src $A metric 100" \
	    "and main"
	works eth0 $A
	sound
	ends eth0
}

# What needs no source is not waited for: no_wait TEXT ADDRESS LINE...
no_wait() {
	slowly
	by_line eth0 $2 "${@:3}" | interfaces
	silent "$1: ifup" ifup eth0
	ok "$1: does not wait for detection" tentative
	isnt "$(r6; defaults6)" "" "$1: but is there"
	within 4 eval '! tentative'
	sound "$1: check finds nothing when it is over"
	ends eth0
}

case_what_needs_no_source_is_not_waited_for() {
	no_wait "a rule" $A/64 "policy-rule fwmark 9 table 77"
	no_wait "a metric" $A/64 "${GATEWAY[@]}"
	no_wait "an address without a subnet" $A/128 "policy-table rt1" \
	    "policy-gateway $R1"
	no_wait "a request that will not wait" $A/64 "policy-table rt1" \
	    "policy-gateway $G" "policy-wait 0"
}

# The rest comes with the end of detection.
source_comes_later() {
	slowly
	by_line eth0 $A/64 "policy-table rt1" "${GATEWAY[@]}" \
	    "policy-wait 0" | interfaces
	silent "ifup" ifup eth0
	ok "before detection is over" tentative
	is "$(r6)" "$(rules_for rt1 $A)" "rules are there at once"
	is "$(t6 rt1)" "default via $G dev eth0
$M::/64 dev eth0" "and the table, without a source"
	[ -z "${1-}" ] || watching
	within 4 eval '! tentative'
	follow
	full
	sound
	ends eth0
}

case_the_source_comes_with_the_end_of_detection() { source_comes_later; }
case_the_source_comes_with_the_end_of_detection_watched() {
	source_comes_later watched
}

# ---- somebody else has the address -------------------------------------

case_a_duplicate_ifupdown_sees() {
	ip -n gw addr add $A/64 dev br0 nodad
	static eth0 $A/64 "dad-attempts 5" "policy-table rt1" \
	    "${GATEWAY[@]}" | interfaces
	exits 1 "ifup fails" ifup eth0
	nothing_of_ours "the hook was not called"
	run ifdown --force eth0
	unlike "$ERR" ifpolicy "ifdown: we say nothing"
	nothing_left
}

duplicate() {
	ip -n gw addr add $A/64 dev br0 nodad
	by_line eth0 $A/64 "policy-table rt1" "${GATEWAY[@]}" \
	    "policy-wait 2" | interfaces
	ok "ifup" ifup eth0
	like "$ERR" "ifpolicy: eth0: .*$A.*(duplicate|in use)" \
	    "it is told, and of which address"
	ok "detection has failed" has_flag dadfailed
	is "$(r6; t6 rt1; defaults6)" "" "no rule, no route"
}

case_a_duplicate_ifupdown_does_not_see() {
	duplicate
	like "$(ifpolicy show)" "eth0 inet6.*: (failed|waiting)" "show tells"
	ends eth0
}

# Two questions, a second apart: the first has no answer yet.
duplicate_seen_later() {
	slowly
	sysctl -qw net.ipv6.conf.eth0.dad_transmits=2
	by_line eth0 $A/64 "policy-table rt1" "${GATEWAY[@]}" "policy-wait 0" |
	    interfaces
	silent "ifup" ifup eth0
	is "$(r6)" "$(rules_for rt1 $A)" "rules while it is not known"
	[ -z "${1-}" ] || watching
	ip -n gw addr add $A/64 dev br0 nodad
	ok "detection has failed" within 4 has_flag dadfailed
	follow
	becomes "" "no rule any more" r6
	becomes "" "nor a route" eval 't6 rt1; defaults6'
	ends eth0
}

case_a_duplicate_seen_later() { duplicate_seen_later; }
case_a_duplicate_seen_later_watched() { duplicate_seen_later watched; }

# The hook has put in what needs no source, and waits for the rest.
case_a_duplicate_seen_while_the_hook_waits() {
	slowly
	sysctl -qw net.ipv6.conf.eth0.dad_transmits=2
	by_line eth0 $A/64 "policy-table rt1" "${GATEWAY[@]}" | interfaces
	{
		within 5 tentative
		ip -n gw addr add $A/64 dev br0 nodad
	} &
	run ifup eth0
	ok "detection has failed" has_flag dadfailed
	is "$(r6; t6 rt1; defaults6)" "" "no rule, no route"
	ends eth0
}

# The other one gives in.
duplicate_resolved() {
	duplicate
	[ -z "${1-}" ] || watching
	ip -n gw addr del $A/64 dev br0
	ip addr del $A/64 dev eth0
	ip addr add $A/64 dev eth0
	within 4 has eth0 $A
	follow
	full
	works eth0 $A
	sound
	ends eth0
}

case_a_duplicate_resolved() { duplicate_resolved; }
case_a_duplicate_resolved_watched() { duplicate_resolved watched; }

# ---- the link ----------------------------------------------------------

# IPv6 takes the addresses along when the link goes down, unless told not to.
link_goes() {
	static eth0 $A/64 "policy-table rt1" "${GATEWAY[@]}" \
	    "policy-fallback unreachable" | interfaces
	ok "ifup" ifup eth0
	[ -z "${1-}" ] || watching
	ip link set eth0 down
	follow
	becomes "" "no rules" r6
	sound "check finds nothing while it is down"
	ip link set eth0 up
	ip addr add $A/64 dev eth0
	within 4 has eth0 $A
	follow
	becomes "default via $G dev eth0
$M::/64 dev eth0 src $A
unreachable default dev lo metric 4294967295" "the table is full" t6 rt1
	becomes "$(rules_for rt1 $A)" "rules" r6
	sound
	ends eth0
}

case_the_link_takes_the_address_along() { link_goes; }
case_the_link_takes_the_address_along_watched() { link_goes watched; }

link_goes_and_the_address_stays() {
	sysctl -qw net.ipv6.conf.eth0.keep_addr_on_down=1
	static eth0 $A/64 "policy-table rt1" "${GATEWAY[@]}" | interfaces
	ok "ifup" ifup eth0
	[ -z "${1-}" ] || watching
	ip link set eth0 down
	# Detection cannot end now, so it is not waited for.
	SECONDS=0
	follow
	ok "at once" test $SECONDS -le 2
	becomes "$(rules_for rt1 $A)" "rules stay" r6
	becomes "" "no routes" t6 rt1
	sound "check finds nothing while it is down"
	ip link set eth0 up
	within 4 has eth0 $A
	follow
	full
	works eth0 $A
	sound
	run ifdown eth0
	ip addr flush dev eth0
	nothing_left
}

case_the_address_stays_without_the_link() {
	link_goes_and_the_address_stays
}
case_the_address_stays_without_the_link_watched() {
	link_goes_and_the_address_stays watched
}

# Without a carrier detection does not even begin.
case_a_cable_comes_late() {
	ip -n gw link set p0 down
	by_line eth0 $A/64 "policy-table rt1" "${GATEWAY[@]}" \
	    "policy-wait 0" | interfaces
	ok "ifup" ifup eth0
	unlike "$ERR" "ifpolicy:" "we say nothing"
	is "$(r6)" "$(rules_for rt1 $A)" "rules"
	ip -n gw link set p0 up
	within 5 has eth0 $A
	follow
	full
	works eth0 $A
	sound
	ends eth0
}

# ---- two NICs, two families --------------------------------------------

case_two_NICs_in_one_subnet() {
	{
		static eth0 $A/64 "policy-table rt1" "${GATEWAY[@]}"
		static eth1 $B/64 "policy-table rt2" "policy-gateway $G" \
		    "policy-metric 101"
	} | interfaces
	ok "ifup" ifup eth0 eth1
	is "$(r6)" "$({ rules_for rt1 $A; rules_for rt2 $B; } | sort)" "rules"
	works eth0 $A
	works eth1 $B
	ok "ifdown of the first" ifdown eth0
	is "$(r6)" "$(rules_for rt2 $B)" "the second stays"
	works eth1 $B
	ends eth1
}

case_another_gateway_of_the_link() {
	static eth0 $A/64 "gateway $R1" "policy-table rt1" \
	    "policy-default metric" "policy-metric 100" | interfaces
	ok "ifup" ifup eth0
	is "$(t6 rt1 | grep default) $(defaults6)" \
	    "default via $R1 dev eth0 default via $R1 dev eth0 metric 100" \
	    "the stanza's link-local gateway"
	works eth0 $A
	sound
	ends eth0
}

# ifdown takes the link down with the first stanza, before the second.
case_static_beside_auto() {
	prefix gw br0 $P
	no_prefix gw br0 $M
	advertise gw 600 ra-only br0
	{
		stanza eth0 $N.99/24 "policy-table rt1" "policy-gateway $GW" \
		    "policy-metric 100"
		stanza6 eth0 auto "policy-table rt1" "policy-metric 100"
	} | interfaces
	silent "ifup" ifup eth0
	within 3 settled eth0
	is "$(r6)" "$(rules_for rt1 $(addresses eth0))" "rules of inet6"
	is "$(rules -4 | wc -l)" 2 "rules of inet"
	works eth0 $(addresses eth0)
	is "$(leaves_by -I $N.99 10.99.0.1)" eth0 "$N.99 leaves by eth0"
	follow
	sound
	ends eth0
}

run_cases "$@"
