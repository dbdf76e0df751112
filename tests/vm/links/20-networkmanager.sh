# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: the published bond once more, made by the published nmcli commands, with NetworkManager as a service.
. "$JOB/guest/bond.sh"

NEW=$N.71
JOIN=enslave

# A profile that is activated by hand can push aside its own activation by
# NetworkManager, and that of the other slave with it: then once more.
enslave() {
	local slave
	for slave in eth1 eth2; do
		[ -e /sys/class/net/$slave/master ] ||
		    nmcli -w 20 c up bond-slave-$slave
	done
	within 5 linked
}

# The rules that the given addresses have to have: rules_for ADDRESS TABLE...
rules_for() {
	while [ $# -gt 1 ]; do
		echo "12030: from $1 lookup $2 proto ifpolicy"
		echo "12030: from all to $1 lookup $2 proto ifpolicy"
		shift 2
	done | sort
}

seen() { rules | sort; }

# ruled NAME ADDRESS: the bond has the rules of that address, once, beside those
# of the third card.
ruled() {
	comes 60 seen "$(rules_for "$2" bond $THIRD third)" "$1"
	comes 60 bond_table "default via $GW dev bond0 proto ifpolicy
$N.0/24 dev bond0 proto ifpolicy scope link src $2" "$1: the table"
	comes 60 metrics 50 "$1: one default of ours in main"
	content
}

bond_table() { table bond; }
metrics() { main | sed -nE 's/^default .* dev bond0 proto ifpolicy metric //p'; }

nm() { ok "nmcli ${*}" nmcli -w 60 "$@"; }

case_the_service_starts() {
	printf 'auto lo\niface lo inet loopback\n' | begin
	ip link del bond0 2>/dev/null
	printf '[main]\nno-auto-default=*\n' \
	    >/etc/NetworkManager/conf.d/vm.conf
	ok "systemctl enable --now" systemctl enable --now NetworkManager
	ok "it knows the cards" within 30 eval \
	    'nmcli -t -f DEVICE,STATE device | grep -q "^eth2:disconnected"'
	mkdir -p /etc/ifpolicy
	printf '%s\n' "policy-table bond" "policy-metric 50" \
	    "policy-arp filter" >/etc/ifpolicy/bond0
	printf '%s\n' "policy-table third" "policy-gateway $GW" \
	    "policy-arp filter" >/etc/ifpolicy/eth0
}

case_it_comes_up_as_published() {
	nm connection add type ethernet con-name eth0 ifname eth0 \
	    ipv4.method manual ipv4.addresses $THIRD/24 ipv6.method ignore
	nm connection add type bond autoconnect no con-name bond0 \
	    ifname bond0 mode active-backup
	nm connection add type bond-slave autoconnect no ifname eth1 \
	    master bond0
	nm connection add type bond-slave autoconnect no ifname eth2 \
	    master bond0
	nm c mod bond0 ipv4.method manual ipv4.address "$A/24" \
	    ipv4.gateway "$GW" ipv4.dns "$GW" ipv6.method ignore
	nm c m bond-slave-eth1 connection.autoconnect yes
	nm c m bond-slave-eth2 connection.autoconnect yes
	nm c m bond0 connection.autoconnect yes
	nm c up bond0
	nm c up bond-slave-eth1
	nm c up bond-slave-eth2
	ok "both are slaves" within 120 enslave
	ok "a slave is active" within 60 eval '[ -n "$(active)" ]'
	ruled "the rules of the bond and the third card" $A
	unlike "$(ifpolicy show)" '^eth[12] ' "slaves have no claim"
	ok "traffic from the bond" answers $A
	is "$(replies_leave_by $THIRD)" eth0 \
	    "replies of the third card leave by it"
	is "$(replies_leave_by $A)" bond0 "those of the bond by that"
}

case_twenty_switches_change_nothing() {
	survives "20 switches" switches 20
	content
}

case_another_address_has_the_rules() {
	nm c mod bond0 ipv4.address $NEW/24
	nm c reload
	nm c down bond0
	comes 30 seen "$(rules_for $THIRD third)" "down: no rule of the bond"
	nm c up bond0
	ruled "up with another address" $NEW
	ok "traffic from it" answers $NEW
}

# The end of the old activation is told when the new addresses are in place.
case_up_while_it_is_up() {
	nm c mod bond0 ipv4.address $A/24
	nm c up bond0
	ruled "the first address again" $A
	nm c up bond0
	ruled "once more" $A
	nm c mod bond0 ipv4.address $NEW/24
	nm device reapply bond0
	ruled "reapply" $NEW
}

case_a_restart_of_networkmanager_changes_nothing() {
	local before

	before=$(ours)
	unmoved "systemctl restart" systemctl restart NetworkManager
	ok "the bond is up" within 60 eval \
	    'nmcli -t -f DEVICE,STATE device | grep -q "^bond0:connected$"'
	ruled "restarted" $NEW
	is "$(ours)" "$before" "the same rules and routes of ours"
	ok "traffic" answers $NEW
	A=$NEW
	survives "6 switches" switches 6
}

case_down_leaves_nothing() {
	nm c down bond0
	comes 30 seen "$(rules_for $THIRD third)" "down: no rule of the bond"
	nm c down eth0
	comes 30 seen "" "nor of the third card"
	comes 10 ours "" "and no route"
	content
	is "$(complaints)" "" "no complaint of ours in the log"
	is "$(systemctl --failed --no-legend)" "" "no unit has failed"
	# What follows has the cards for itself.
	ok "its end" systemctl disable --now NetworkManager
	rm /etc/ifpolicy/*
	ip link del bond0
}

run_cases
