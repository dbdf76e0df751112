# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: the published bond of two cards with ifupdown and a third card in its subnet; a VLAN on the bond.
. "$JOB/guest/bond.sh"

slave() { printf '%s\n' "allow-hotplug $1" "iface $1 inet manual" \
    "	bond-master bond0" "	bond-primary eth1" ""; }

case_it_comes_up_as_published() {
	{
		slave eth1
		slave eth2
		echo "auto bond0"
		stanza bond0 $A/24 "bond-slaves eth1 eth2" "bond-primary eth1" \
		    "bond-mode active-backup" "bond-miimon 10" \
		    "policy-table bond" "policy-gateway $GW" \
		    "policy-metric 100" "policy-arp filter"
		echo "auto eth0"
		stanza eth0 $THIRD/24 "policy-table third" \
		    "policy-gateway $GW" "policy-arp filter"
		echo "auto bond0.7"
		stanza bond0.7 192.168.7.61/24 "policy-table vlan7" \
		    "policy-gateway 192.168.7.1" "policy-metric 200"
	} | begin
	ok "ifup bond0" ifup bond0
	ok "ifup eth0" ifup eth0
	is "$(sed -n 's/^Slave Interface: //p' /proc/net/bonding/bond0 |
	    paste -sd' ')" "eth1 eth2" "two slaves"
	is "$(ip rule | grep "proto ifpolicy" | trim | sort)" \
	    "12030: from $THIRD lookup third proto ifpolicy
12030: from $A lookup bond proto ifpolicy
12030: from all to $THIRD lookup third proto ifpolicy
12030: from all to $A lookup bond proto ifpolicy" "the rules"
	is "$(table bond)" "default via $GW dev bond0 proto ifpolicy
$N.0/24 dev bond0 proto ifpolicy scope link src $A" "the table"
	ok "a slave is active" within 20 eval '[ -n "$(active)" ]'
	ok "traffic from the bond" answers $A
	content
}

case_slaves_cost_nothing() {
	local was

	was=$(stat -c '%i %y' $RECORDS/net-*)
	unlike "$(ifpolicy show)" '^eth[12] ' "they have no claim"
	ok "ifdown of a slave" ifdown eth2
	unmoved "ifup of a slave" ifup eth2
	is "$(stat -c '%i %y' $RECORDS/net-*)" "$was" "no record is written"
	is "$(sed -n 's/^Slave Interface: //p' /proc/net/bonding/bond0 |
	    paste -sd' ')" "eth1 eth2" "it is a slave again"
}

case_twenty_switches_change_nothing() {
	survives "20 switches" switches 20
	# It is the bond that has to notice, on a machine that is slow.
	MAY_LOSE=100 survives "6 lost links" losses 6
	content
}

case_replies_leave_where_the_address_lives() {
	is "$(replies_leave_by $THIRD)" eth0 "of the third card"
	is "$(replies_leave_by $A)" bond0 "of the bond"
}

case_a_vlan_on_the_bond_has_its_own_table() {
	local without

	without=$(whole)
	ok "ifup bond0.7" ifup bond0.7
	is "$(cat /proc/net/vlan/bond0.7 | sed -n 's/.*VID: \([0-9]*\).*/\1/p')" \
	    7 "it is VLAN 7"
	is "$(table vlan7)" "default via 192.168.7.1 dev bond0.7 proto ifpolicy
192.168.7.0/24 dev bond0.7 proto ifpolicy scope link src 192.168.7.61" \
	    "the table"
	is "$(ruled 192.168.7.61)" 2 "its rules"
	is "$(via 10.99.0.1 192.168.7.61)" bond0.7 "its traffic leaves by it"
	is "$(via 10.99.0.1 $A)" bond0 "that of the bond does not"
	ok "traffic from the VLAN" answers 192.168.7.61
	survives "6 switches with a VLAN" switches 6
	ok "traffic from the VLAN" answers 192.168.7.61
	ok "ifdown bond0.7" ifdown bond0.7
	is "$(whole)" "$without" "its own goes with it, the rest stays"
	content
}

case_down_leaves_nothing() {
	ok "ifdown bond0" ifdown bond0
	ok "ifdown eth0" ifdown eth0
	nothing_of_ours
	is "$(complaints)" "" "no complaint of ours in the log"
	content
}

run_cases
