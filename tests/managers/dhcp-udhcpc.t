#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: udhcpc under ifupdown: the policy follows its leases.

. "$(dirname "$0")/../lib/udhcpc.sh"

case_a_lease_is_covered() { covers_a_lease; }
case_the_clients_default_is_taken_out() { takes_the_default_out; }
case_a_renewal_changes_nothing() { ignores_a_renewal; }
case_five_leases_in_turn() { takes_turns; }
case_another_router_alone() { takes_another_router; }

# Debian's script counts the default routes of the device, ours among them, and
# takes out all of them where there is more than one.
case_its_script_flushes_our_default() {
	serve eth0=$N.104
	usual_lease "policy-metric 100"
	up eth0
	follows "ifup" $N.104 $GW
	ok "renewed" renewed
	within 2 eval '[ "$(defaults)" = "$(both)" ]'
	is "$(defaults)" "$(both)" "both defaults are back"
	content
	finish eth0
}
both() { printf '%s\n' "$KEPT" "$KEPT metric 100"; }

# The address is refused and no other is given.
case_a_lease_is_refused() {
	serve eth0=$N.104
	usual_lease "policy-metric 100"
	up eth0
	follows "ifup" $N.104 $GW
	serve
	renew
	ok "the address goes" within 15 has_none eth0
	within 2 eval '[ -z "$(rules)" ]'
	is "$(rules)$(table rt1)$(defaults)" "" "all is gone"
	ok "show says what it waits for" waits
	content
	serve eth0=$N.124
	follows "the server gives another" $N.124 $GW
	finish eth0
}

case_without_the_hook() {
	stays_behind_without /usr/libexec/ifpolicy/dhcp
}

run_cases "$@"
