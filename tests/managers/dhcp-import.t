#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: hand-written lines of a DHCP stanza, imported, follow the lease.

. "$(dirname "$0")/../lib/dhclient.sh"
. "$(dirname "$0")/../lib/import.sh"

lines() {
	leased eth0 \
	    'up ip route add default via 192.168.178.1 dev $IFACE tab 17' \
	    "up ip rule add from $1/32 tab 17" \
	    "up ip rule add to $1/32 tab 17" \
	    "up ip route flush cache"
}

case_rules_of_the_lease_follow_it() {
	local by_hand
	serve eth0=$N.104
	{ echo auto eth0; lines $N.104; } | hand
	{ echo auto eth0
	    leased eth0 "policy-table 17" "policy-gateway $GW"; } | want
	imports
	interfaces <$FILE
	run ifup eth0
	by_hand=$(as_asked)
	like "$by_hand" "from $N.104 lookup 17" "by hand"
	run ifdown eth0
	clear_kernel
	interfaces <$GOT
	up eth0
	follows "imported" $N.104 $GW eth0 17
	is "$(comm -23 <(echo "$by_hand") <(as_asked))" "" \
	    "nothing is missing"
	is "$(comm -13 <(echo "$by_hand") <(as_asked))" \
	    "$N.0/24 dev eth0 table 17 scope link src $N.104" \
	    "only its subnet is more"
	serve eth0=$N.124
	renew
	follows "another lease" $N.124 $GW eth0 17
	nothing_of "nothing of the one before" $N.104
	finish eth0
}

case_a_host_that_is_not_the_lease_is_left_as_it_is() {
	serve eth0=$N.104
	leased eth0 "up ip route add default via $GW dev eth0 table 17" \
	    "up ip rule add from 10.9.0.7 table 17" | hand
	leased eth0 "policy-table 17" "policy-gateway $GW" \
	    "policy-match none" "policy-rule from 10.9.0.7" | want
	imports
	interfaces <$GOT
	up eth0
	is "$(rules)" "12000: from 10.9.0.7 lookup 17 proto ifpolicy" \
	    "the one rule"
	finish eth0
}

# What "ip route del default" does once, the option does with every lease.
case_a_default_that_is_not_wanted() {
	serve eth0=$N.104
	leased eth0 \
	    'post-up ip route del default dev $IFACE 2>/dev/null || true' \
	    'post-down ip route del default dev $IFACE 2>/dev/null || true' |
	    hand
	leased eth0 "policy-default none" | want
	imports
	interfaces <$GOT
	up eth0
	is "$(defaults)" "" "no default"
	ok "renewed" renewed
	within 2 eval '[ -z "$(defaults)" ]'
	is "$(defaults)" "" "still none after a renewal"
	finish eth0
}

run_cases "$@"
