#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: what somebody else put there is used where it is equal, and never touched.

. "$(dirname "$0")/../lib/net.sh"

UP="ifpolicy up eth0 table 201 gateway $GW metric 100"
A=$N.99

begin() {
	link_up eth0 $A/24
	[ $# -eq 0 ] || ok "somebody else: $*" "$@"
	remember
}

up_and_down() {
	ok "up" $UP "$@"
	ok "down" ifpolicy down eth0
	nothing_left "somebody else's is as it was"
}

case_an_equal_rule_is_used_and_survives() {
	begin ip rule add pref 12030 from $A lookup 201
	ok "up" $UP
	is "$(rules | grep -c "from $A ")" 1 "there is one such rule"
	is "$(rules | grep "from $A ")" "12030: from $A lookup 201" \
	    "and it is the other's"
	ok "down" ifpolicy down eth0
	nothing_left "it survives"
}

case_an_equal_rule_of_a_known_protocol_survives() {
	begin ip rule add pref 12030 from $A lookup 201 protocol static
	up_and_down
}

case_an_equal_subnet_route_survives() {
	begin ip route add $N.0/24 dev eth0 src $A scope link table 201
	ok "up" $UP
	is "$(table 201 | grep -c $N.0/24)" 1 "there is one"
	ok "down" ifpolicy down eth0
	nothing_left "it survives"
}

case_an_equal_default_in_the_table_survives() {
	begin ip route add default via $GW dev eth0 table 201
	up_and_down
}

case_an_equal_metric_default_in_main_survives() {
	begin ip route add default via $GW dev eth0 metric 100
	up_and_down
}

case_an_equal_object_survives_with_real_ifupdown() {
	usual "post-up ip rule add pref 12030 from $A lookup 201"
	sed -i 's/policy-table rt1/policy-table 201/' /etc/network/interfaces
	silent "ifup" ifup eth0
	is "$(rules | grep -c "from $A ")" 1 "one rule"
	silent "ifdown" ifdown eth0
	is "$(rules)" "12030: from $A lookup 201" "the other's is left, alone"
}

case_the_v6_ones_survive_too() {
	link_up eth0 fd00:178::99/64
	ip -6 rule add pref 12030 from fd00:178::99 lookup 201
	ip -6 route add default via fd00:178::1 dev eth0 table 201
	remember
	ok "up" ifpolicy up eth0 table 201 gateway fd00:178::1 metric 100
	is "$(rules -6 | grep -c "from fd00:178::99 ")" 1 "one rule"
	ok "down" ifpolicy down eth0
	nothing_left "somebody else's is as it was"
}

case_the_admins_fwmark_rule_survives() {
	begin ip rule add pref 100 fwmark 7 lookup 201
	ok "up" $UP
	like "$(rules)" '^100: from all fwmark 0x7 lookup 201$' "up keeps it"
	ok "down" ifpolicy down eth0
	nothing_left "down keeps it"
}

case_the_admins_rule_of_our_priority_survives() {
	begin ip rule add pref 12030 fwmark 7 lookup 201
	up_and_down
}

case_other_routes_in_our_table_survive() {
	begin ip route add 10.5.0.0/16 via $GW dev eth0 table 201
	up_and_down
}

case_a_different_route_in_the_way_is_refused_not_replaced() {
	begin ip route add default via $N.254 dev eth0 table 201
	exits 1 "up is refused" $UP
	like "$ERR" "^ifpolicy: eth0: .*" "and says so"
	like "$ERR" "default" "naming the route"
	unlike "$(routes)" "ifpolicy" "nothing of ours is there"
	like "$(routes)" "default via $N.254 dev eth0 table 201" \
	    "the other's is"
}

case_foreign_is_said() {
	begin ip rule add pref 12030 from $A lookup 201
	ok "up -v" ifpolicy -v up eth0 table 201 gateway $GW
	like "$OUT$ERR" "foreign.*from $A|from $A.*foreign" "in a word"
}

case_a_foreign_object_that_goes_is_ours_after_refresh() {
	begin ip rule add pref 12030 from $A lookup 201
	ok "up" $UP
	ip rule del pref 12030 from $A lookup 201
	ok "refresh" ifpolicy refresh eth0
	is "$(rules | grep "from $A ")" \
	    "12030: from $A lookup 201 proto ifpolicy" "refresh adds it"
	ok "down" ifpolicy down eth0
	unlike "$(rules)" $A "down removes it"
}

case_what_others_delete_is_no_error_on_down() {
	begin
	ok "up" $UP
	ip rule flush
	ip rule add pref 32766 table main
	ip rule add pref 32767 table default
	ip route flush table 201
	exits 1 "check tells" ifpolicy check
	like "$OUT$ERR" "from $A" "what is missing"
	silent "down is quiet" ifpolicy down eth0
	nothing_left
}

case_refresh_mends_what_others_deleted() {
	begin
	ok "up" $UP
	local want=$(rules; routes)
	ip route del default via $GW dev eth0 metric 100
	ip rule del from $A lookup 201
	ok "refresh" ifpolicy refresh
	is "$(rules | sort; routes)" "$(sort <<<"$(grep ^12 <<<"$want")"
		grep -v ^12 <<<"$want")" "all is back"
	ok "check is content" ifpolicy check
}

case_a_sysctl_that_was_so_already_stays_so() {
	link_up eth0 $A/24
	sysctl -qw net.ipv4.conf.eth0.ignore_routes_with_linkdown=1
	remember
	up_and_down "arp" "filter"
	link_up eth1 10.0.0.5/24
	sysctl -qw net.ipv4.conf.eth1.rp_filter=2
	remember
	ok "up" ifpolicy up eth1 rp-filter loose
	ok "down" ifpolicy down eth1
	nothing_left "rp_filter too"
}

# The former value of a setting is lost with the record.
less_lost() { grep -v '/conf/\|/net-'; }

case_lost_record_spares_the_others() {
	begin ip rule add pref 12030 from $N.98 lookup 201
	ok "up" $UP
	rm -rf $RECORDS
	ok "down" ifpolicy down eth0
	is "$(snapshot | less_lost)" "$(less_lost <<<"$BEFORE")" \
	    "the other's rule on our table survives"
}

case_other_nics_claims_survive_a_lost_record() {
	begin
	link_up eth1 10.0.0.5/24
	ok "up eth0" $UP
	remember
	ok "up eth1" ifpolicy up eth1 table 202 gateway 10.0.0.1 metric 101
	rm -rf $RECORDS
	ok "down eth1" ifpolicy down eth1
	is "$(snapshot | less_lost)" "$(less_lost <<<"$BEFORE")" \
	    "eth0's policy is as it was"
}

case_another_namespace_is_apart() {
	begin
	gw ip addr add 10.0.0.77/24 dev p1
	ok "up here" $UP
	remember
	ok "up there" gw ifpolicy -4 up p1 table 301 gateway none
	is "$(ls $RECORDS | grep -c net-)" 2 "a record each"
	unlike "$(gw ifpolicy show)" eth0 "there they do not see ours"
	unlike "$(ifpolicy show)" p1 "nor we theirs"
	ok "all down there" gw ifpolicy down --all
	nothing_left "ours stays"
	unlike "$(gw ip rule; gw ip route show table 301)" 10.0.0.77 \
	    "theirs is gone"
}

case_repair_takes_over_what_a_lost_record_left() {
	begin
	ok "up" $UP
	local want=$(rules; routes)
	rm -rf $RECORDS
	exits 0 "repair" ifpolicy repair
	isnt "$OUT$ERR" "" "tells what it did"
	is "$(rules; routes)" "$want" "the policy stands"
	like "$(ifpolicy show)" eth0 "and is claimed"
	silent "down" ifpolicy down eth0
	is "$(snapshot | less_lost)" "$(less_lost <<<"$BEFORE")" "all goes"
}

case_repair_of_nothing_does_nothing() {
	begin ip rule add pref 12030 from $A lookup 201
	silent "repair" ifpolicy repair
	nothing_left
	ok "up" $UP
	local was=$(rules; routes; cat $RECORDS/net-*)
	ok "repair of what is well" ifpolicy repair
	is "$(rules; routes; cat $RECORDS/net-*)" "$was" "changes nothing"
}

run_cases "$@"
