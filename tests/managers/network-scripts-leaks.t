#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: what network-scripts leave behind or take from others, case by case, and what the hook makes of it.
#
# L1 ... L22 is one list of what the stock scripts do wrong with rules and
# routes. Each has a case here, with somebody else's rules and routes around,
# and a verdict:
#
#  L1  rule file edited before ifdown: old rules stay    -> gone
#  L2  ifup twice doubles rules                          -> each once
#  L3  ifdown of a device leaves its aliases' rules      -> gone
#  L4  ifdown of an alias takes the parent's rules       -> put back
#  L5  ifup of an alias doubles the parent's rules       -> each once
#  L6  ifdown of an alias takes the parent's IPv6        -> rules put back; the
#      addresses are the scripts' own: a line whose gateway is out of reach
#      without them is told, and is back with the next ifup
#  L7  routes of an alias without its address stay       -> gone
#  L8  blackholes, other devices' routes stay            -> gone
#  L9  a route over two devices stays, half dead         -> gone with the device
#      whose file has it; what eth1 loses in eth0's file is eth0's
#  L10 two defaults of one metric                        -> told; el8's theft
#      is undone when the thief goes
#  L11 ifdown twice takes the kernel's own rule          -> it stays
#  L12 a vanished device's rules stay                    -> gone with ifdown, or
#      with the next call for lo
#  L13 a stale pid file skips half of ifdown             -> gone before that
#  L14 link down and up by hand: no routes, rules twice  -> no hook is called;
#      check tells, the next ifup or a refresh mends it, rules are once
#  L15 address edited, no ifdown: old rules stay         -> gone; the address is
#      the scripts' own
#  L16 ifup gives up half way: no hook; ifdown takes     -> others' rules stay
#      others' equal rules
#  L17 an alias's address is in use: lines with it fail  -> told, tried again
#      when it comes
#  L18 ifcfg file deleted: ifdown refuses, no hook       -> ifpolicy down
#      rule file deleted: rules stay                     -> gone
#  L19 a new DHCP address wipes the routes, no hook      -> check tells, refresh
#      mends
#  L20 an alias edited or deleted, ifup of the parent    -> its old rules go
#  L21 rules drift with every ifup                       -> they stay in place
#  L22 an alias file without DEVICE: ifdown does nothing -> goes with the parent

. "$(dirname "$0")/../lib/redhat.sh"

A=10.1.1.10
B=10.1.1.20
FROM="from $A lookup 101" TO="from all to $A lookup 101"

# eth1 with a table of its own by files: eth1 [ADDRESS]
eth1() {
	local a=${1:-$A}
	static eth1 "$a/24" "${@:2}"
	printf '%s\n' "10.1.1.0/24 dev eth1 src $a table 101" \
	    "default via 10.1.1.1 dev eth1 table 101" | file route-eth1
	printf '%s\n' "from $a table 101" "to $a table 101" | file rule-eth1
}

# eth0 with an alias, a rule and a route each, not of one device only.
with_alias() {
	static eth0 $N.99/24
	static eth0:1 $N.101/24
	echo "from $N.99 table 90" | file rule-eth0
	echo "from $N.101 table 91" | file rule-eth0:1
	echo "default via $GW dev eth0 table 90" | file route-eth0
	echo "default via $GW dev eth0 table 91" | file route-eth0:1
}
P="from $N.99 lookup 90" Q="from $N.101 lookup 91"

case_L1_the_rule_file_is_edited() {
	eth1
	foreign "from $A lookup 101" "from $B lookup 101"
	up eth1
	ruled_is "rules" "$FROM" "$TO"
	eth1 $B
	down eth1
	nothing_left
	up eth1
	ruled_is "the new rules" \
	    "from $B lookup 101" "from all to $B lookup 101"
	content
	down eth1
	nothing_left
}

case_L1_the_table_is_renamed() {
	eth1
	foreign
	up eth1
	sed -i 's/101/102/' $DIR/rule-eth1 $DIR/route-eth1
	down eth1 eth1
	nothing_left
}

case_L2_ifup_twice() {
	local v
	eth1
	foreign "$FROM" "$TO"
	for v in $(variants); do
		variant $v
		up eth1 eth1 eth1
		ruled_is "$v: each rule is there once" "$FROM" "$TO"
		is "$(routed 101)" "10.1.1.0/24 dev eth1 scope link src $A
default via 10.1.1.1 dev eth1" "$v: so are the routes"
		unlike "$(routes | grep 'table 101')" "101( proto boot|$)" \
		    "$v: all of them ours"
		content
		down eth1
		nothing_left "$v: one ifdown takes all"
	done
}

case_L2_with_priorities_of_their_own() {
	eth1
	printf '%s\n' "from $A table 101 pref 1000" \
	    "to $A table 101 priority 1001" | file rule-eth1
	foreign
	up eth1 eth1
	is "$(rules | grep 101)" "1000: $FROM proto ifpolicy
1001: $TO proto ifpolicy" "with their priorities, once"
	content
	sed -i s/$A/$B/ $DIR/rule-eth1
	down eth1
	nothing_left
}

case_L3_an_aliass_rules_go_with_the_device() {
	local n
	with_alias
	foreign "$Q"
	for n in 1 2 3; do
		up eth0
		ruled_is "both have their rules" "$P" "$Q"
		content
		down eth0
		nothing_left "round $n"
	done
}

case_L4_the_parents_rules_stay_when_an_alias_goes() {
	with_alias
	foreign "$P" "$Q"
	up eth0
	down eth0:1
	ruled_is "the parent's rule alone" "$P"
	is "$(routed 90)" "default via $GW dev eth0" "its route"
	is "$(routed 91)" "" "the alias's route is gone"
	content
	down eth0
	nothing_left
}

case_L5_an_aliass_ifup_doubles_nothing() {
	local v
	with_alias
	foreign "$P"
	for v in $(variants); do
		variant $v
		up eth0 eth0:1 eth0:1
		ruled_is "$v: each once" "$P" "$Q"
		content
		down eth0:1
		up eth0:1
		ruled_is "$v: and again" "$P" "$Q"
		down eth0
		nothing_left
	done
}

case_L6_the_parents_ipv6_when_an_alias_goes() {
	with_alias
	ifcfg eth0 DEVICE=eth0 IPADDR=$N.99 PREFIX=24 IPV6INIT=yes \
	    IPV6ADDR=fd00:178::99/64
	echo "from fd00:178::99 table 90" | file rule6-eth0
	printf '%s\n' "default via fd00:178::1 dev eth0 table 90" \
	    "blackhole 2001:db8:9::/48 table 90" | file route6-eth0
	foreign
	up eth0
	ruled_is "IPv6" -6 "from fd00:178::99 lookup 90"
	run ifdown eth0:1
	is "$RC" 0 "ifdown eth0:1"
	ruled_is "the parent's rule is there" -6 "from fd00:178::99 lookup 90"
	like "$(routed 90 -6)" "^blackhole 2001:db8:9::/48 " \
	    "and a route that needs no address"
	unlike "$(ours)" 'route6-eth0:2|rule6' "no word of these"
	like "$(ours)$(routed 90 -6)" 'route6-eth0:1|default via' \
	    "the other is there, or told to be missing"
	up eth0
	like "$(routed 90 -6)" "^default via fd00:178::1 " "ifup mends the rest"
	content
	down eth0
	nothing_left
}

case_L7_an_aliass_routes_without_its_address() {
	with_alias
	printf '%s\n' "10.5.0.0/16 via $GW" \
	    "10.6.0.0/16 via $GW src $N.101 table 91" \
	    "10.7.0.0/16 via $GW src $N.101" | file route-eth0:1
	foreign
	up eth0
	is "$(main | grep -c '^10\.[57]') $(routed 91 | wc -l)" "2 1" \
	    "they are there"
	down eth0:1
	unlike "$(routes)" '10\.[567]\.0\.0' "all three are gone"
	up eth0:1
	is "$(main | grep -c '^10\.[57]') $(routed 91 | wc -l)" "2 1" \
	    "and back"
	content
	sed -i 's/^10\.5/10.8/' $DIR/route-eth0:1
	down eth0
	nothing_left
}

case_L8_routes_that_are_not_the_devices() {
	static eth0 $N.99/24
	up eth0
	eth1
	printf '%s\n' "blackhole 10.5.0.0/16" \
	    "unreachable 10.6.0.0/16 table 9" \
	    "prohibit 10.7.0.0/16 metric 5" "throw 10.8.0.0/16 table 9" \
	    "local 10.9.0.1 dev lo" "10.4.0.0/16 via $GW dev eth0" |
	    file route-eth1
	foreign
	up eth1
	is "$(routes | grep -c '10\.[4-8]\.0\.0')" 5 "they are there"
	content
	up eth1
	content
	down eth1
	nothing_left "none of them is left"
	unlike "$(ip route show table local)" 10.9.0.1 "nor the local one"
	run ifup eth1
	unlike "$ERR" "File exists" "a new ifup finds nothing in its way"
	down eth1
	nothing_left
}

OVER="10.5.0.0/16 nexthop via $GW dev eth0 nexthop via 10.1.1.1 dev eth1"

case_L9_a_route_over_two_devices() {
	static eth0 $N.99/24
	static eth1 $A/24
	echo "$OVER" | file route-eth1
	up eth0
	foreign
	up eth1 eth1
	like "$(main)" "^10.5.0.0/16 " "it is there"
	content
	down eth1
	nothing_left "it goes with the device whose file has it"
}

case_L9_a_route_over_two_devices_in_the_first_ones_file() {
	static eth0 $N.99/24
	static eth1 $A/24
	echo "$OVER" | file route-eth0
	foreign
	up eth1 eth0
	down eth1
	like "$(main)" "^10.5.0.0/16 " "with one of them it is left"
	up eth1 eth0
	unlike "$(main)" "dead" "and whole with both"
	content
	down eth1 eth0
	nothing_left
}

case_L10_two_defaults_of_one_metric() {
	local v
	static eth0 $N.99/24
	static eth1 10.0.0.5/24
	echo "default via $GW dev eth0 metric 5" | file route-eth0
	echo "default via 10.0.0.1 dev eth1 metric 5" | file route-eth1
	foreign
	for v in $(variants); do
		variant $v
		up eth0
		run ifup eth1
		is "$RC" 0 "$v: ifup eth1"
		is "$(main | grep -c ^default)" 1 "$v: there is one"
		like "$(ours)" 'eth1: route-eth1:1 "default via 10.0.0.1' \
		    "$v: it is said that there can be no two"
		run ifdown eth1
		is "$(routed main | grep default)" \
		    "default via $GW dev eth0 metric 5" "$v: eth0's is there"
		content
		down eth0
		nothing_left
	done
}

case_L11_a_line_like_the_kernels_own_rule() {
	with_alias
	printf '%s\n' "from all table main" "table default" | file rule-eth0
	foreign
	up eth0 eth0
	down eth0:1
	is "$(ip rule | grep -c 'from all lookup main')" 2 "the rule is back"
	down eth0 eth0
	nothing_left "the kernel's own are there"
	up eth0
	down eth0 eth0 eth0
	nothing_left
}

case_L12_the_device_vanishes() {
	eth1
	printf '%s\n' "blackhole 10.5.0.0/16 table 101" >>$DIR/route-eth1
	foreign
	up eth1
	ip link del eth1
	isnt "$(our_rules_left)" "" "its rules are left"
	down eth1
	is "$(snapshot | grep -v conf/eth1)" \
	    "$(grep -v conf/eth1 <<<"$BEFORE")" "ifdown takes them"
}
our_rules_left() { rules | grep 'proto ifpolicy'; }

case_L12_the_device_vanishes_and_nobody_calls_ifdown() {
	local call
	eth1
	for call in "ifup lo" "ifdown lo"; do
		foreign
		up eth1
		ip link del eth1
		run $call
		is "$RC $(ours)" "0 " "$call"
		# With lo's link the kernel drops what IPv6 has on it.
		is "$(snapshot | grep -v 'conf/eth1\|2001:db8:77:')" \
		    "$(grep -v 'conf/eth1\|2001:db8:77:' <<<"$BEFORE")" \
		    "$call takes them"
		setup
		eth1
	done
}

case_L13_a_stale_pid_file() {
	eth1
	printf '%s\n' "blackhole 10.5.0.0/16 table 101" >>$DIR/route-eth1
	sed -i '2s/.*/fwmark 7 table 101 pref 90/' $DIR/rule-eth1
	foreign "$FROM"
	up eth1
	echo 999999 >/run/dhclient-eth1.pid
	run ifdown eth1
	is "$RC $(ours)" "1 " "ifdown gives up half way"
	nothing_left "but our part was done"
	up eth1
	down eth1
	nothing_left
}

case_L14_the_link_goes_down_and_up_by_hand() {
	eth1
	foreign
	up eth1
	ip link set eth1 down
	ip link set eth1 up
	exits 1 "check tells" ifpolicy check
	like "$OUT$ERR" "default via 10.1.1.1" "what is missing"
	ok "refresh" ifpolicy refresh
	content
	ip link set eth1 down
	ip link set eth1 up
	up eth1
	ruled_is "after ifup the rules are there once" "$FROM" "$TO"
	is "$(routed 101 | wc -l)" 2 "and the routes"
	content
	down eth1
	nothing_left
}

case_L15_the_address_is_edited_without_ifdown() {
	eth1
	foreign "$FROM"
	up eth1
	eth1 $B
	run ifup eth1
	is "$RC $(ours)" "0 " "ifup"
	ruled_is "the new rules alone" \
	    "from $B lookup 101" "from all to $B lookup 101"
	like "$(routed 101)" "10.1.1.0/24 dev eth1 scope link src $B" \
	    "the new route"
	content
	down eth1
	nothing_left
}

case_L15_the_same_with_policy_keys() {
	static eth1 $A/24 POLICY_TABLE=101 POLICY_GATEWAY=10.1.1.1
	foreign "$FROM"
	up eth1
	ruled_is "the rules" "$FROM" "$TO"
	static eth1 $B/24 POLICY_TABLE=101 POLICY_GATEWAY=10.1.1.1
	up eth1
	ruled_is "the new rules alone" \
	    "from $B lookup 101" "from all to $B lookup 101"
	content
	down eth1
	nothing_left
}

case_L16_ifup_gives_up_half_way() {
	eth1
	sed -i /ARPCHECK/d $DIR/ifcfg-eth1
	gw ip addr add $A/24 dev br0
	foreign "$FROM" "$TO"
	run ifup eth1
	is "$RC $(ours)" "1 " "the address is in use: no hook is called"
	run ifdown eth1
	is "$RC $(ours)" "0 " "ifdown"
	nothing_left "others' equal rules are there"
}

case_L16_at_the_second_address() {
	eth1
	printf '%s\n' IPADDR1=$B PREFIX1=24 >>$DIR/ifcfg-eth1
	gw ip addr add $B/24 dev br0
	foreign "$FROM" "$TO"
	run ifup eth1
	is "$RC $(ours)" "1 " "the second address is in use"
	gw ip addr del $B/24 dev br0
	up eth1
	ruled_is "the next ifup is whole" "$FROM" "$TO"
	down eth1
	nothing_left
}

case_L17_an_aliass_address_is_in_use() {
	with_alias
	sed -i /ARPCHECK/d $DIR/ifcfg-eth0:1
	printf '%s\n' "ARPCHECK=yes" >>$DIR/ifcfg-eth0:1
	printf '%s\n' "10.5.0.0/16 via $GW src $N.101" \
	    "10.6.0.0/16 via $GW" | file route-eth0
	gw ip addr add $N.101/24 dev br0
	foreign
	run ifup eth0
	is "$RC" 0 "ifup"
	refused "the line with its address is told" route-eth0:1
	ruled_is "the parent's rule alone" "$P"
	like "$(routed main)" "^10.6.0.0/16 " "and the other line"
	gw ip addr del $N.101/24 dev br0
	run ifup eth0:1
	is "$RC $(ours)" "0 " "now the alias comes"
	like "$(routed main)" "^10.5.0.0/16 via $GW dev eth0 src $N.101" \
	    "and with it the line"
	content
	down eth0
	nothing_left
}

case_L18_the_ifcfg_file_is_deleted() {
	eth1
	foreign
	up eth1
	rm $DIR/ifcfg-eth1
	exits 1 "ifdown refuses" ifdown eth1
	ruled_is "all stays" "$FROM" "$TO"
	ok "ifpolicy down" ifpolicy down eth1
	ip addr flush dev eth1
	ip link set eth1 down
	nothing_left
}

case_L18_the_rule_and_route_files_are_deleted() {
	eth1
	echo "blackhole 10.5.0.0/16" >>$DIR/route-eth1
	foreign
	up eth1
	rm $DIR/rule-eth1 $DIR/route-eth1
	down eth1
	nothing_left
}

case_L19_a_lease_brings_another_address() {
	eth1
	ifcfg eth1 DEVICE=eth1 BOOTPROTO=dhcp
	lease eth1 $A/24 10.1.1.1
	sed -i "s/ src $A//" $DIR/route-eth1
	foreign
	up eth1
	content
	ip -4 addr flush dev eth1
	ip -4 route flush dev eth1
	ip addr add 10.1.1.11/24 dev eth1
	exits 1 "check tells" ifpolicy check
	ok "refresh" ifpolicy refresh eth1
	is "$(routed 101 | wc -l)" 2 "the routes are back"
	content
	down eth1
	nothing_left
}

case_L19_the_same_with_policy_keys() {
	ifcfg eth1 DEVICE=eth1 BOOTPROTO=dhcp POLICY_TABLE=101
	lease eth1 $A/24 10.1.1.1
	foreign
	up eth1
	ruled_is "the rules" "$FROM" "$TO"
	like "$(routed 101)" "^default via 10.1.1.1 " "the gateway of the lease"
	ip -4 addr flush dev eth1
	ip -4 route flush dev eth1
	ip addr add 10.1.1.11/24 dev eth1
	ip route add default via 10.1.1.1 dev eth1
	ok "refresh" ifpolicy refresh eth1
	ruled_is "the new address's" "from 10.1.1.11 lookup 101" \
	    "from all to 10.1.1.11 lookup 101"
	content
	down eth1
	nothing_left
}

case_L20_an_alias_is_edited() {
	with_alias
	foreign "$Q"
	up eth0
	static eth0:1 $N.121/24
	echo "from $N.121 table 91" | file rule-eth0:1
	echo "10.5.0.0/16 via $GW" | file route-eth0:1
	up eth0
	ruled_is "its rule is the new one" "$P" "from $N.121 lookup 91"
	is "$(routed 91)" "" "the old route is gone"
	content
	down eth0
	nothing_left
}

case_L20_an_alias_is_deleted() {
	with_alias
	foreign "$Q"
	up eth0
	rm $DIR/{ifcfg,route,rule}-eth0:1
	up eth0
	ruled_is "its rule is gone" "$P"
	is "$(routed 91)" "" "and its route"
	content
	down eth0
	nothing_left
}

case_L20_with_policy_keys() {
	static eth0 $N.99/24
	static eth0:1 $N.101/24 POLICY_TABLE=91 POLICY_GATEWAY=$GW
	foreign
	up eth0
	ruled_is "the alias's rules" "$Q" "from all to $N.101 lookup 91"
	rm $DIR/ifcfg-eth0:1
	up eth0
	ruled_is "they go with its file"
	down eth0
	nothing_left
}

case_L21_the_rules_stay_in_place() {
	local stock i
	eth1
	echo "fwmark 5 table 101" >>$DIR/rule-eth1
	rm -f /sbin/if{up,down}-local /sbin/ifdown-pre-local
	run ifup eth1
	stock=$(rules)
	run ifdown eth1
	cp -a /tmp/.hooks/. /sbin/
	for i in 1 2 3; do
		up eth1
		is "$(rules | sed 's/ proto ifpolicy//')" "$stock" \
		    "ifup $i: as the stock scripts have them at first"
	done
	down eth1
	nothing_left
}

case_L21_of_two_devices() {
	eth1
	with_alias
	foreign
	up eth0 eth1
	local was=$(rules)
	up eth1 eth0 eth0:1 eth1
	is "$(rules)" "$was" "they stay where they are"
	down eth1 eth0
	nothing_left
}

case_L22_an_alias_file_without_DEVICE() {
	with_alias
	sed -i /DEVICE/d $DIR/ifcfg-eth0:1
	foreign
	up eth0
	ruled_is "both have their rules" "$P" "$Q"
	down eth0:1
	ruled_is "ifdown of it does nothing" "$P" "$Q"
	content
	down eth0
	nothing_left
}

# ---- beyond the list ---------------------------------------------------

no_hooks() { rm -f /sbin/if{up,down}-local /sbin/ifdown-pre-local; }
hooks_again() { cp -a /tmp/.hooks/. /sbin/; }

case_installed_while_all_is_up() {
	with_alias
	eth1
	sed -i '1s/$/ pref 600/' $DIR/rule-eth1
	foreign "$P" "$TO"
	no_hooks
	run ifup eth0
	run ifup eth1
	hooks_again
	down eth0:1 eth0 eth1
	nothing_left "the scripts' own work goes with ifdown"
}

# Of rules from before the package came those far below 32766 are taken for the
# scripts' only where nothing is missing above them: nobody else's may go.
case_installed_while_rules_are_doubled() {
	with_alias
	eth1
	remember
	no_hooks
	run ifup eth0
	run ifup eth0
	run ifup eth1
	run ifup eth1
	hooks_again
	up eth0 eth1
	ruled_is "ifup makes one of them" "$P" "$Q" "$FROM" "$TO"
	content
	down eth0 eth1
	nothing_left
}

case_an_alias_comes_before_its_device() {
	with_alias
	foreign "$P" "$Q"
	up eth0:1 eth0:1
	ruled_is "the scripts apply the device's files: once" "$P" "$Q"
	up eth0
	ruled_is "and with the device" "$P" "$Q"
	content
	down eth0
	nothing_left
	up eth0:1
	down eth0:1
	down eth0
	nothing_left "without its ifup too"
}

case_an_alias_without_files_comes_before_its_device() {
	local n
	static eth0 $N.99/24
	static eth0:1 $N.101/24
	printf '%s\n' "from $N.99 iif lo table 90" "fwmark 5 table 90" |
	    file rule-eth0
	echo "blackhole 10.5.0.0/16" | file route-eth0
	foreign
	for n in 1 2; do
		up eth0:1
		down eth0
		nothing_left "round $n: with the device"
	done
	up eth0:1
	down eth0:1 eth0
	nothing_left "after the alias"
}

case_an_alias_goes_and_the_devices_file_is_edited() {
	with_alias
	foreign "$P"
	up eth0
	echo "fwmark 5 table 90" >>$DIR/rule-eth0
	down eth0:1
	unlike "$(ours)" . "we say nothing"
	up eth0:1
	ruled_is "as the files say by now" "$P" "$Q" \
	    "from all fwmark 0x5 lookup 90"
	down eth0
	nothing_left
}

case_an_alias_spares_for_its_device() {
	static eth0 $N.99/24
	static eth0:1 $N.101/24
	foreign "$P"
	up eth0
	echo "from $N.99 table 90" | file rule-eth0
	down eth0:1
	is "$(rules | grep ^501:)" "501: $P" "others' equal rule stays"
	down eth0
	nothing_left
}

# A gap in the automatic priorities: other rules came and went meanwhile.
case_copies_below_a_gap() {
	eth1
	remember
	ip rule add fwmark 60 table 77
	no_hooks
	run ifup eth1
	hooks_again
	ip rule del fwmark 60 table 77
	up eth1
	ruled_is "the copies are found" "$FROM" "$TO"
	down eth1
	nothing_left
}

run_cases "$@"
