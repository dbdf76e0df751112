#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: ISC dhclient by hand, with files of their own, beside other hooks and without ours.

. "$(dirname "$0")/../lib/dhclient.sh"

case_without_the_hook() { stays_behind_without $EXIT_HOOKS/zz-ifpolicy; }

# The routes come from Debian's hook for them, while the script itself ignores
# the router of the lease: ours must come after it. No renewal mends it here.
case_classless_routes() {
	sed -i /supersede/d /etc/dhcp/dhclient.conf
	serve eth0=$N.104 -- --dhcp-option=121,0.0.0.0/0,$N.2
	usual_lease "policy-metric 100"
	up eth0
	follows "ifup" $N.104 $N.2
	ok "dhclient -r" client -r
	serve eth0=$N.124 -- --dhcp-option=121,0.0.0.0/0,$GW
	ok "dhclient" client
	follows "another lease" $N.124 $GW
	is "$(defaults)" "default via $GW dev eth0
default via $GW dev eth0 metric 100" "both defaults"
	finish eth0
}

case_released_by_hand_and_asked_for_again() {
	serve eth0=$N.104
	usual_lease "policy-metric 100"
	up eth0
	follows "ifup" $N.104 $GW
	ok "dhclient -r" client -r
	is "$(rules)$(table rt1)$(defaults)" "" "all is gone"
	ok "show says what it waits for" waits
	serve eth0=$N.124
	ok "dhclient" client
	follows "again" $N.124 $GW
	finish eth0
}

case_a_file_of_its_own_beside_a_stanza_without_policy() {
	serve eth0=$N.104
	sed -i /supersede/d /etc/dhcp/dhclient.conf
	leased eth0 | interfaces
	mkdir -p /etc/ifpolicy
	printf '%s\n' "policy-table rt1" "policy-metric 100" \
	    >/etc/ifpolicy/eth0
	up eth0
	follows "ifup, and no renewal" $N.104 $GW
	content
	finish eth0
}

# No manager at all: what the policy is stands in a file of its own.
case_a_client_by_itself() {
	serve eth0=$N.104
	ok "dhclient, without a policy" client
	has_address eth0 $N.104
	is "$(ls $RECORDS 2>/dev/null)" "" "no record was made"
	ok "dhclient -r" client -r
	mkdir -p /etc/ifpolicy
	printf '%s\n' "policy-table rt1" "policy-metric 100" \
	    >/etc/ifpolicy/eth0
	ok "dhclient, with one" client
	follows "the lease" $N.104 $GW
	serve eth0=$N.124
	follows "another lease" $N.124 $GW
	ok "dhclient -r" client -r
	is "$(rules)$(table rt1)$(defaults)" "" "all is gone"
	ok "ifpolicy down" ifpolicy down eth0
	nothing_of_ours
}

run_cases "$@"
