#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: the hook called as ifupdown-ng and ifupdown2 call theirs.

. "$(dirname "$0")/../lib/net.sh"

A=$N.99
r() { rules "$@" | sed 's/ proto ifpolicy//; s/^[0-9]*: //' | sort; }

# ng up|down VAR...: no PATH, no ADDRFAM, no LOGICAL, METHOD none, the address
# with its length, and three pipes leak in.
ng() {
	local mode=start
	[ $1 = up ] || mode=stop
	env -i IFACE=eth0 METHOD=none PHASE=$1 MODE=$mode \
	    INTERFACES_FILE=/etc/network/interfaces IF_USE=policy "${@:2}" \
	    $HOOKS/if-$1.d/ifpolicy 3</dev/zero 4</dev/zero 5</dev/zero
}

# if2 up|down VAR...: the caller's whole environment.
if2() {
	local mode=start
	[ $1 = up ] || mode=stop
	env HOME=/root LANG=C.UTF-8 SHELL=/bin/bash USER=root IFACE=eth0 \
	    LOGICAL=eth0 ADDRFAM=inet METHOD=static PHASE=$1 MODE=$mode \
	    "${@:2}" $HOOKS/if-$1.d/ifpolicy
}

P=(IF_POLICY_TABLE=rt1 IF_POLICY_GATEWAY=$GW IF_POLICY_METRIC=100)

# Both take the address and the link away before the down hooks.
gone() { ip addr flush dev eth0; ip link set eth0 down; }

case_ng_up_and_down() {
	link_up eth0 $A/24
	silent "up" ng up IF_ADDRESS=$A/24 IF_ADDRESSES=$A/24 "${P[@]}"
	is "$(r)" "from $A lookup rt1
from all to $A lookup rt1" "the address, not its subnet"
	like "$(table rt1)" "^default via $GW" "its table"
	gone
	silent "down" ng down IF_ADDRESS=$A/24 IF_ADDRESSES=$A/24 "${P[@]}"
	nothing_left
}

case_ng_gateway_of_the_stanza() {
	link_up eth0 $A/24
	silent "up" ng up IF_ADDRESS=$A/24 IF_ADDRESSES=$A/24 \
	    IF_GATEWAY=$GW IF_GATEWAYS=$GW IF_POLICY_TABLE=rt1
	like "$(table rt1)" "^default via $GW" "its table"
	gone
	silent "down" ng down IF_POLICY_TABLE=rt1
	nothing_left
}

case_ng_ipv6_while_the_address_is_tentative() {
	ip link set eth0 up
	ip addr add fd00:178::99/64 dev eth0
	silent "up" ng up IF_ADDRESS=fd00:178::99/64 \
	    IF_ADDRESSES=fd00:178::99/64 IF_POLICY_TABLE=rt1 \
	    IF_POLICY_GATEWAY=fd00:178::1 IF_POLICY_METRIC=100 \
	    IF_POLICY_SOURCE=own
	is "$(r -6)" "from all to fd00:178::99 lookup rt1
from fd00:178::99 lookup rt1" "rules"
	like "$(main -6)" "^default via fd00:178::1 .* src fd00:178::99" "src"
	is "$(r)" "" "no IPv4"
	gone
	silent "down" ng down IF_ADDRESS=fd00:178::99/64 \
	    IF_ADDRESSES=fd00:178::99/64 IF_POLICY_TABLE=rt1
	nothing_left
}

case_ng_both_families_in_one_stanza() {
	link_up eth0 $A/24 fd00:178::99/64
	silent "up" ng up IF_ADDRESS=$A/24 \
	    "IF_ADDRESSES=$A/24 fd00:178::99/64" IF_POLICY_TABLE=rt1 \
	    IF_POLICY_GATEWAY=none
	is "$(r | wc -l) $(r -6 | wc -l)" "2 2" "both are covered"
	gone
	silent "down" ng down IF_ADDRESS=$A/24 \
	    "IF_ADDRESSES=$A/24 fd00:178::99/64"
	nothing_left
}

case_ng_down_without_any_policy_left_in_the_file() {
	link_up eth0 $A/24
	silent "up" ng up IF_ADDRESS=$A/24 "${P[@]}"
	gone
	silent "down" ng down IF_ADDRESS=$A/24
	nothing_left
}

case_ng_numbered_options() {
	link_up eth0 $A/24
	silent "up" ng up IF_ADDRESS=$A/24 "${P[@]}" \
	    "IF_POLICY_ROUTE0=10.5.0.0/16 via $GW" \
	    "IF_POLICY_ROUTE1=10.6.0.0/16 via $GW" \
	    "IF_POLICY_RULE0=fwmark 1" "IF_POLICY_RULE1=fwmark 2"
	is "$(table rt1 | grep -c '^10\.')" 2 "routes"
	is "$(rules | grep -c fwmark)" 2 "rules"
	gone
	silent "down" ng down
	nothing_left
}

case_ng_every_phase_of_an_executor() {
	link_up eth0 $A/24
	local ph e=(IF_ADDRESS=$A/24 "${P[@]}")
	run env -i IFACE=eth0 PHASE=depend MODE=depend "${e[@]}" \
	    $HOOKS/if-up.d/ifpolicy
	is "$RC$OUT$ERR" 0 "depend: silent"
	for ph in create pre-up; do
		run env -i IFACE=eth0 PHASE=$ph MODE=start "${e[@]}" \
		    $HOOKS/if-up.d/ifpolicy
		is "$RC$OUT$ERR" 0 "$ph: silent"
	done
	nothing_of_ours "nothing before up"
	for ph in up post-up; do
		run env -i IFACE=eth0 PHASE=$ph MODE=start "${e[@]}" \
		    $HOOKS/if-up.d/ifpolicy
		is "$RC$OUT$ERR$(r | wc -l)" 02 "$ph: done, once"
	done
	for ph in pre-down down post-down destroy; do
		run env -i IFACE=eth0 PHASE=$ph MODE=stop "${e[@]}" \
		    $HOOKS/if-down.d/ifpolicy
		is "$RC$OUT$ERR" 0 "$ph: silent"
	done
	nothing_of_ours
}

case_if2_up_and_down() {
	link_up eth0 $A/24
	silent "up" if2 up IF_ADDRESS=$A/24 "${P[@]}"
	is "$(r)" "from $A lookup rt1
from all to $A lookup rt1" "the address, not its subnet"
	gone
	silent "down" if2 down IF_ADDRESS=$A/24 "${P[@]}"
	nothing_left
}

case_if2_runs_up_again_with_an_edited_file() {
	link_up eth0 $A/24
	silent "up" if2 up IF_ADDRESS=$A/24 "${P[@]}"
	silent "up again" if2 up IF_ADDRESS=$A/24 "${P[@]}"
	silent "ifreload with another table" if2 up IF_ADDRESS=$A/24 \
	    "${P[@]}" IF_POLICY_TABLE=rt9
	is "$(r)" "from $A lookup rt9
from all to $A lookup rt9" "the old rules are gone"
	is "$(table rt1)" "" "and the old table is empty"
	silent "ifreload without a policy" if2 up IF_ADDRESS=$A/24
	nothing_of_ours
}

case_if2_aliases_are_folded_in() {
	link_up eth0 $A/24 $N.90/24
	silent "up" if2 up ADDRFAM=inet,inet IF_ADDRESS=$A/24 "${P[@]}"
	like "$(r)" "from $A lookup rt1" "covered"
	gone
	silent "down" if2 down ADDRFAM=inet,inet IF_ADDRESS=$A/24 "${P[@]}"
	nothing_left
}

case_if2_without_family_and_method() {
	link_up eth0 $A/24
	silent "up" if2 up ADDRFAM= METHOD= IF_ADDRESS=$A/24 "${P[@]}"
	like "$(r)" "from $A lookup rt1" "covered"
	gone
	silent "down" if2 down ADDRFAM= METHOD= IF_ADDRESS=$A/24
	nothing_left
}

case_an_address_edited_before_down() {
	link_up eth0 $A/24
	silent "up" ng up IF_ADDRESS=$A/24 "${P[@]}"
	gone
	silent "down with another address" ng down IF_ADDRESS=$N.90/24 "${P[@]}"
	nothing_left
	link_up eth0 $A/24
	silent "up" if2 up IF_ADDRESS=$A/24 "${P[@]}"
	gone
	silent "down with another family" if2 down ADDRFAM= \
	    IF_ADDRESS=$N.90/24 "${P[@]}"
	nothing_left
}

run_cases "$@"
