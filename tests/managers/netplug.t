#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: the real netplug beside the policy: its ifdown and ifup at each cable leave exactly the right rules and routes.
# Alone: packets are counted while cables are pulled.

TEST_TIMEOUT=600 MANAGER=dhcp TEST_DIR=managers
export MANAGER
. "$(dirname "$0")/../lib/failover.sh"

# One daemon for all of eth*, with the files of the package.
begin() {
	three "policy-arp filter" "$@"
	HELD=$(held)
	netplugd -F >/tmp/case/netplugd 2>&1 &
	NETPLUG=$!
	within 10 eval "[ \$(grep -c 'state.*ACTIVE$' /tmp/case/netplugd) = 3 ]"
}

end() {
	kill $NETPLUG
	wait $NETPLUG
	down $NICS
	nothing_left
}

case_pulls() {
	begin
	is "$(held)" "$HELD" "it starts: nothing changes"
	clean_pulls 5 0
	clean_pulls 3 2
	clean_pulls 2 0 1
	end
}

case_a_cable_that_flaps() {
	begin
	flap 0
	ok "in the end all is as it was" within 15 holds "$HELD"
	ok "and stays so" eval 'sleep 2; holds "$HELD"'
	silent "ifpolicy check is content" ifpolicy check
	end
}

case_it_ends_and_the_policy_stays() {
	begin
	kill $NETPLUG
	wait $NETPLUG
	is "$(held)" "$HELD" "all is there"
	cable down 0
	is "$(chosen)" "eth1 eth1" "and traffic moves without it"
	cable up 0
	down $NICS
	nothing_left
}

run_cases "$@"
