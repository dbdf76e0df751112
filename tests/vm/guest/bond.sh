# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: what the tests of bonds share: the network of the published one, switches of the active slave.
. "$JOB/guest/lib.sh"

N=192.168.1
GW=$N.1
A=$N.61
THIRD=$N.60
NICS="eth0 bond0"

trap 'kill ${ECHO_PID-} 2>/dev/null' EXIT

active() { cat /sys/class/net/bond0/bonding/active_slave; }
is_active() { [ "$(active)" = "$1" ]; }

# All three have a link: the bond and its slaves.
linked() { [ "$(grep -c 'MII Status: up' /proc/net/bonding/bond0)" = 3 ]; }

# switches COUNT: that many times the other slave becomes the active one.
switches() {
	local i to
	for ((i = 0; i < $1; i++)); do
		[ "$(active)" = eth1 ] && to=eth2 || to=eth1
		ip link set bond0 type bond active_slave $to || return
		within 5 is_active $to || return
		sleep 0.1
	done
}

# The active slave loses its link, and has it again.
losses() {
	local i from
	for ((i = 0; i < $1; i++)); do
		from=$(active)
		ip link set "$from" down
		within 10 eval '! is_active '"$from" || return
		sleep 0.2
		ip link set "$from" up
		within 10 linked || return
		sleep 0.2
	done
}

# survives NAME COMMAND...: it succeeds, no rule, route or address changes, and
# a flow of 100 packets a second from the bond's address goes on. JOIN is what
# has the slaves in the bond.
survives() {
	local before

	before=$(whole)
	ok "$1: both slaves have a link" within 60 ${JOIN-linked}
	[ -n "${ECHO_PID-}" ] || start_echo
	changes_during flow_while "${@:2}" >/tmp/case/changes
	is "$(</tmp/case/failed)" "" "$1" || diag "$(</tmp/case/during)"
	is "$(</tmp/case/changes)" "" "$1: the kernel sees no change"
	is "$(whole)" "$before" "$1: the same rules and routes"
	ok "$1: few packets are lost" test \
	    "$(lost "$(<$KEPT/flow)")" -le "${MAY_LOSE-20}"
	echo "# $1: $(<$KEPT/flow)"
}

flow_while() {
	: >/tmp/case/failed
	flow_during 100 $A -- eval_or_tell "$@" >$KEPT/flow
}

eval_or_tell() { "$@" || echo "failed: $*" >/tmp/case/failed; }
