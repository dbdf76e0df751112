# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: after a boot the policy is there as it was, before anything is told that the network is online.
. "$JOB/guest/lib.sh"

case_the_policy_is_there_before_network_online() {
	ok "a unit has run after network-online" test -s $KEPT/online
	is "$(grep -c "$A .*lookup uplink proto ifpolicy" $KEPT/online)" 2 \
	    "it saw the rules of eth0"
	is "$(grep -c "$A6 .*lookup uplink proto ifpolicy" $KEPT/online)" 2 \
	    "those of IPv6"
	is "$(grep -c "^default via $GW dev eth0 .*metric 100" \
	    $KEPT/online)" 1 "and the default"
}

case_all_is_as_before() {
	within 30 systemctl is-active -q ifup@eth1
	comes 20 whole "$(<$KEPT/whole)" "the same rules and routes"
	is "$(ip rule)" "$(<$KEPT/rules)" "with the same names"
	is "$(</etc/iproute2/rt_tables.d/ifpolicy.conf)" \
	    "$(<$KEPT/numbers)" "and the same numbers"
	is "$(knob eth0 arp_filter) $(knob eth0 ignore_routes_with_linkdown)" \
	    "1 1" "and settings"
	ok "traffic from eth0" answers $A
	ok "traffic from eth1" answers $B
	content
}

case_the_boot_was_clean() {
	is "$(systemctl --failed --no-legend)" "" "no unit has failed"
	is "$(complaints)" "" "no complaint of ours in the log"
	is "$(systemctl is-active ifup@eth1)" active "udev has started eth1"
}

run_cases
