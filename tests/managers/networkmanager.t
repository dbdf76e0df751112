#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: NetworkManager's dispatcher: profiles that come up, change and go.

NICS="eth0 eth1"
. "$(dirname "$0")/../lib/nm.sh"

A=$N.99
EXAMPLES=/src/sysconfig/examples/networkmanager
SIX=fd00:178::99

usual_policy() { policy eth0 "policy-table rt1" "policy-gateway $GW" "$@"; }

# table_of NIC ADDRESS: what its table holds.
table_of() {
	echo "default via $GW dev $1 proto ifpolicy"
	echo "$N.0/24 dev $1 proto ifpolicy scope link src $2"
}

case_up_and_down() {
	policy eth0 "policy-table rt1"
	static eth0 $A/24 ipv6.method manual ipv6.addresses $SIX/64 \
	    ipv6.gateway fd00:178::1
	up eth0
	ruled "the rules" $A rt1
	ruled "the rules of IPv6" -6 $SIX rt1
	is "$(table rt1)" "$(table_of eth0 $A)" "the table"
	like "$(table rt1 -6)" "^default via fd00:178::1 dev eth0 proto ifpolicy" \
	    "the table of IPv6"
	content
	is "$(ours)" "" "nothing is said"
	note_rules_at pre-down
	down eth0
	like "$(</tmp/case/rules)" "lookup main" "before it is down"
	unlike "$(</tmp/case/rules)" "proto ifpolicy" "there is no rule of ours"
	nothing_left
}

case_up_ten_times() {
	local i
	usual_policy
	static eth0 $A/24
	for i in {1..10}; do
		up eth0
	done
	ruled "once" $A rt1
	is "$(table rt1)" "$(table_of eth0 $A)" "the table"
	content
	down eth0
	nothing_left
}

case_another_address() {
	usual_policy
	static eth0 $A/24
	up eth0
	modify eth0 ipv4.addresses $N.98/24
	up eth0
	ruled "activated again" $N.98 rt1
	is "$(table rt1)" "$(table_of eth0 $N.98)" "the table"
	modify eth0 ipv4.addresses $N.97/24
	on "eth0 reapply" nmcli device reapply eth0
	ruled "reapplied" $N.97 rt1
	is "$(table rt1)" "$(table_of eth0 $N.97)" "the table"
	content
	modify eth0 ipv4.addresses "$N.97/24,$N.96/24"
	on "eth0 reapply" nmcli device reapply eth0
	ruled "a second one" $N.97 rt1 $N.96 rt1
	content
	down eth0
	nothing_left
}

case_the_file_changes_and_goes() {
	usual_policy
	static eth0 $A/24
	up eth0
	policy eth0 "policy-table rt2" "policy-gateway $GW"
	on "eth0 reapply" nmcli device reapply eth0
	ruled "another table" $A rt2
	is "$(table rt1)" "" "the former one is empty"
	rm $POLICIES/eth0
	on "eth0 reapply" nmcli device reapply eth0
	nothing_of_ours "no file, no policy"
}

start_again() {
	: >/tmp/case/events
	start_nm
	within 10 happened "eth0 up"
}

# It keeps the addresses, says nothing when it stops and "up" when it starts.
case_a_restart_of_networkmanager() {
	local signal
	usual_policy
	static eth0 $A/24
	up eth0
	for signal in TERM KILL; do
		stop_nm $signal
		ruled "SIG$signal: the rules stay" $A rt1
		changes_during start_again >/tmp/case/changes
		is "$RC" 0 "and start: it comes up"
		is "$(grep 'proto ifpolicy' /tmp/case/changes)" "" \
		    "nothing of ours changes"
		ruled "the rules" $A rt1
		content
	done
	down eth0
	nothing_left
}

case_the_device_goes_and_comes() {
	usual_policy
	static eth0 $A/24
	up eth0
	modify eth0 connection.autoconnect yes
	on "eth0 down" ip link del eth0
	nothing_of_ours
	on "eth0 up" /src/tests/lib/cables
	ruled "and comes" $A rt1
	is "$(table rt1)" "$(table_of eth0 $A)" "the table"
	content
}

# NetworkManager gives a cable some seconds, then takes the addresses away.
case_the_cable_is_pulled() {
	usual_policy
	static eth0 $A/24
	up eth0
	modify eth0 connection.autoconnect yes
	on "eth0 down" ip -n gw link set p0 down
	is "$(ip -o -4 addr show dev eth0)" "" "the address is gone"
	nothing_of_ours
	on "eth0 up" ip -n gw link set p0 up
	ruled "plugged in" $A rt1
	is "$(table rt1)" "$(table_of eth0 $A)" "the table"
	content
}

case_two_in_one_subnet() {
	cp $EXAMPLES/two-in-one-subnet/* $POLICIES/
	static eth0 $A/24
	static eth1 $N.98/24
	up eth0
	up eth1
	ruled "two rules each" $A rt1 $N.98 rt2
	is "$(table rt1)" "$(table_of eth0 $A)" "eth0's table"
	is "$(table rt2)" "$(table_of eth1 $N.98)" "eth1's table"
	is "$(replies_leave_by $A)" eth0 "its replies leave by eth0"
	is "$(replies_leave_by $N.98)" eth1 "its replies leave by eth1"
	content
	down eth0
	ruled "eth0 goes alone" $N.98 rt2
	is "$(replies_leave_by $N.98)" eth1 "eth1's still leave by eth1"
	down eth1
	nothing_left
}

case_the_example_of_a_second_line() {
	cp $EXAMPLES/line-by-dhcp/* $POLICIES/
	static eth1 $N.98/24
	up eth1
	ruled "the rules" $N.98 eth1
	is "$(table eth1)" "$(table_of eth1 $N.98)" "the table"
	is "$(main | grep default)" \
	    "default via $GW dev eth1 proto ifpolicy metric 200" "the default"
	is "$(ours)" "" "nothing is said"
	down eth1
	nothing_left
}

# With a table and a metric of its own beside NetworkManager's default.
case_a_default_beside_networkmanagers() {
	local ours="default via $GW dev eth0 proto ifpolicy metric 50"
	local theirs="default via $GW dev eth0 proto static metric 100"
	usual_policy "policy-metric 50"
	static eth0 $A/24
	up eth0
	is "$(main | grep default)" "$ours"$'\n'"$theirs" "both"
	on "eth0 reapply" nmcli device reapply eth0
	is "$(main | grep default)" "$ours"$'\n'"$theirs" "reapplied: both"
	modify eth0 ipv4.never-default yes
	up eth0
	is "$(main | grep default)" "$ours" "never-default: ours alone"
	on "eth0 reapply" nmcli device reapply eth0
	is "$(main | grep default)" "$ours" "reapplied: ours alone"
	content
	down eth0
	nothing_left
}

# It puts its own back when it is told to reapply; then so does the hook.
case_networkmanagers_default_taken_out() {
	local how ours="default via $GW dev eth0 proto ifpolicy metric 50"
	static eth0 $A/24
	for how in none metric; do
		policy eth0 "policy-table rt1" "policy-metric 50" \
		    "policy-default $how"
		up eth0
		is "$(main | grep default)" "$ours" "$how: ours alone"
		on "eth0 reapply" nmcli device reapply eth0
		is "$(main | grep default)" "$ours" "$how: and reapplied"
		content
		down eth0
		nothing_left "$how: nothing is left"
	done
	policy eth0 "policy-table rt1" "policy-metric 50" "policy-default none"
	up eth0
	silent "ifpolicy down" ifpolicy down eth0
	is "$(main | grep default)" \
	    "default via $GW dev eth0 proto static metric 100" \
	    "theirs is given back"
}

case_rules_of_others() {
	ip rule add pref 500 from $A lookup 77
	ip rule add pref 12030 from $A lookup 177
	ip route add blackhole 10.77.0.0/24 table 77
	remember
	policy eth0 "policy-table 177" "policy-gateway $GW"
	static eth0 $A/24
	up eth0
	is "$(rules | sort)" "12030: from $A lookup 177
12030: from all to $A lookup 177 proto ifpolicy
500: from $A lookup 77" "an equal one of somebody else is used"
	up eth0
	modify eth0 ipv4.addresses $N.97/24
	on "eth0 reapply" nmcli device reapply eth0
	is "$(rules | sort)" "12030: from $N.97 lookup 177 proto ifpolicy
12030: from $A lookup 177
12030: from all to $N.97 lookup 177 proto ifpolicy
500: from $A lookup 77" "theirs stay as they are"
	down eth0
	nothing_left
}

case_a_policy_that_is_refused() {
	policy eth0 "policy-table rt1" "policy-gatewy $GW"
	static eth0 $A/24
	up eth0
	like "$(ours)" '^ifpolicy: eth0: .*gatewy.*policy-gateway' \
	    "the dispatcher's log has it"
	like "$(ifpolicy show)" 'gatewy' "ifpolicy show has it"
	is "$(rules)" "" "no rule"
	unlike "$(</tmp/case/nm)" 'ifpolicy.*failed' \
	    "NetworkManager sees no failure"
	policy eth0 "policy-table rt1" "policy-gateway 10.77.0.1"
	on "eth0 reapply" nmcli device reapply eth0
	like "$(ours | tail -n 1)" '^ifpolicy: eth0: .*10\.77\.0\.1' \
	    "a gateway that is nowhere"
	like "$(ifpolicy show eth0)" '10\.77\.0\.1' "ifpolicy show has it"
	is "$(rules)" "" "no rule"
	usual_policy
	on "eth0 reapply" nmcli device reapply eth0
	ruled "put right" $A rt1
	content
	policy eth0 "policy-table rt1" "policy-gatewy $GW"
	on "eth0 reapply" nmcli device reapply eth0
	ruled "spoilt again: what stood stays" $A rt1
	down eth0
	nothing_left
}

case_a_policy_given_by_hand() {
	static eth0 $A/24
	up eth0
	silent "given" ifpolicy up eth0 table rt1 gateway $GW
	up eth0
	ruled "it survives the next activation" $A rt1
	down eth0
	is "$(rules)" "" "no address, no rule"
	like "$(ifpolicy show eth0)" waiting "but it waits"
	content
	up eth0
	ruled "the address is back" $A rt1
	is "$(ours)" "" "nothing is said"
	silent "taken away" ifpolicy down eth0
	down eth0
	nothing_left
}

# NetworkManager tells of what others configure, too.
case_an_address_given_by_hand() {
	usual_policy
	on "eth0 up" ip addr add $A/24 dev eth0
	ruled "the rules" $A rt1
	content
}

# The administrator's way to switch a hook off.
case_switched_off() {
	usual_policy
	static eth0 $A/24
	ln -s /dev/null $DISPATCHER/ifpolicy
	up eth0
	rm $DISPATCHER/ifpolicy
	nothing_of_ours
}

case_what_is_none_of_its_business() {
	local what
	stop_nm
	usual_policy
	policy eth0:1 "policy-table rt1"
	link_up eth0 $A/24
	while read -r what; do
		tell $what
	done <<-END

	eth0
	none hostname
	eth0 pre-up
	eth0 vpn-pre-up
	eth0 device-add
	eth0 Up
	eth1 up
	. up
	../eth0 up
	eth0:1 up
	averyveryverylongname up
	END
	tell "" connectivity-change
	tell "" up
	nothing_of_ours
	tell eth0 up
	ruled "but up is" $A rt1
}

# Where a profile is activated again, "down" of the former time comes when the
# addresses of the next are there.
case_down_comes_late() {
	stop_nm
	usual_policy
	link_up eth0 $A/24
	tell eth0 up
	tell eth0 pre-down
	ruled "about to go"
	ip addr flush dev eth0
	ip addr add $N.98/24 dev eth0
	tell eth0 down
	ruled "the address that is there" $N.98 rt1
	content
	ip addr flush dev eth0
	tell eth0 down
	nothing_of_ours
}

run_cases "$@"
