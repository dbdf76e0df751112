#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: dhcpcd under ifupdown: the policy follows its leases.

CLIENT=dhcpcd
. "$(dirname "$0")/../lib/dhcp.sh"

HOOK=/usr/lib/dhcpcd/dhcpcd-hooks/90-ifpolicy
RENEWS='RENEW|REBIND'
EXPIRES='EXPIRE'
METRIC=200
KEPT="default via $GW dev eth0 metric $METRIC"
# It takes no lease of less.
BRIEFLY=20

quicken() {
	printf '%s\n' nodelay noarp noipv4ll ipv4only >>/etc/dhcpcd.conf
	echo 'echo "$reason" >>/tmp/case/reasons' >/etc/dhcpcd.exit-hook
}

renew() { dhcpcd -n "${1:-eth0}" >/dev/null 2>&1; }

case_a_lease_is_covered() { covers_a_lease; }
case_the_clients_default_is_taken_out() { takes_the_default_out; }
case_a_renewal_changes_nothing() { ignores_a_renewal "policy-metric 100"; }
case_five_leases_in_turn() { takes_turns; }
case_another_router_alone() { takes_another_router; }
case_a_lease_runs_out() { runs_out; }
case_two_nics_in_one_subnet() { two_in_one_subnet; }
case_without_the_hook() { stays_behind_without $HOOK; }

run_cases "$@"
