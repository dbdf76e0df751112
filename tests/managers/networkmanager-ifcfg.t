#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: NetworkManager's hook with profiles that are ifcfg- files of Red Hat.
#
# Debian's NetworkManager cannot read them: the hook is called as the dispatcher
# of Red Hat's does, which leaves route- files to it where a rule- file exists.

NICS="eth0"
. "$(dirname "$0")/../lib/nm.sh"

A=$N.99
SCRIPTS=/etc/sysconfig/network-scripts

eval "nm_$(declare -f setup)"
setup() {
	nm_setup
	stop_nm
	rm -rf $SCRIPTS
	mkdir -p $SCRIPTS
	link_up eth0 $A/24
}

# office LINE...: the profile of eth0.
office() {
	printf '%s\n' DEVICE=eth0 NAME=office BOOTPROTO=none IPADDR=$A \
	    PREFIX=24 "$@" >$SCRIPTS/ifcfg-office
}

# says ACTION: of that profile.
says() {
	silent "$1" env -i CONNECTION_FILENAME=$SCRIPTS/ifcfg-office \
	    DEVICE_IP_IFACE=eth0 $HOOK eth0 "$1"
}

case_options_in_the_profile() {
	office POLICY_TABLE=rt1 POLICY_GATEWAY=$GW
	says dhcp4-change
	nothing_of_ours "not before it is up"
	says up
	ruled "up" $A rt1
	says up
	ruled "up again" $A rt1
	content
	ip addr add $N.98/24 dev eth0
	office POLICY_TABLE=rt1 POLICY_GATEWAY=$GW POLICY_ADDRESSES=all
	says reapply
	ruled "reapplied" $A rt1 $N.98 rt1
	says pre-down
	ruled "about to go"
	ip addr flush dev eth0
	says down
	nothing_of_ours
}

case_of_two_profiles_the_one_that_is_up() {
	office POLICY_TABLE=rt9 POLICY_GATEWAY=$GW
	mv $SCRIPTS/ifcfg-office $SCRIPTS/ifcfg-home
	office POLICY_TABLE=rt1 POLICY_GATEWAY=$GW
	says up
	ruled "up" $A rt1
}

case_the_devices_own_file_wins() {
	office POLICY_TABLE=rt1 POLICY_GATEWAY=$GW
	policy eth0 "policy-table rt2" "policy-gateway $GW"
	says up
	ruled "up" $A rt2
}

case_route_and_rule_files() {
	office
	echo "10.20.0.0/16 via $GW dev eth0 table 77" >$SCRIPTS/route-office
	says up
	nothing_of_ours "a route- file alone is NetworkManager's"
	echo "from $A table 77" >$SCRIPTS/rule-office
	says up
	says up
	is "$(rules)" "32765: from $A lookup 77 proto ifpolicy" "the rule, once"
	is "$(table 77)" "10.20.0.0/16 via $GW dev eth0 proto ifpolicy" \
	    "and the route"
	content
	rm $SCRIPTS/*-office
	ip addr flush dev eth0
	says down
	nothing_of_ours "all goes, though the files are gone"
	is "$(rules; table 77)" "" "and nothing else is left of it"
}

# Red Hat's own hook for such files may be there as well, and comes first.
case_rules_that_red_hats_hook_added() {
	office
	echo "from $A table 77" >$SCRIPTS/rule-office
	ip rule add from $A table 77
	says up
	is "$(rules)" "32765: from $A lookup 77 proto ifpolicy" "taken over"
	says up
	is "$(rules)" "32765: from $A lookup 77 proto ifpolicy" "once"
	ip rule del from $A table 77
	ip addr flush dev eth0
	says down
	is "$(rules)" "" "down"
	nothing_of_ours
}

run_cases "$@"
