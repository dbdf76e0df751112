#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: ISC dhclient under ifupdown: the policy follows its leases.

. "$(dirname "$0")/../lib/dhclient.sh"

case_a_lease_is_covered() { covers_a_lease; }
case_the_clients_default_is_taken_out() { takes_the_default_out; }
case_a_renewal_changes_nothing() {
	ignores_a_renewal "policy-metric 100" "policy-default metric"
}
case_five_leases_in_turn() {
	takes_turns
	is "$(sed 1d /tmp/case/bound | cut -d' ' -f2 | paste -sd' ')" \
	    "2 2 2 2 2" "the rules were there when the script ended"
}
case_a_lease_runs_out() { runs_out; }
case_two_nics_in_one_subnet() { two_in_one_subnet; }

run_cases "$@"
