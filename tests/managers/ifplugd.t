#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: the real ifplugd beside the policy: it takes a NIC down and up with its cable, and every time cleanly.
# Alone: packets are counted while cables are pulled.

TEST_TIMEOUT=600 MANAGER=dhcp TEST_DIR=managers
export MANAGER
. "$(dirname "$0")/../lib/failover.sh"

# plugd DELAY I...: one for each of those NICs, as the how-to for three NICs has
# it but for the delay; it acts when a cable is out for that many seconds.
plugd() {
	local delay=$1 i nics=($NICS)
	shift
	for i; do
		ok "ifplugd for ${nics[i]}" eval "ifplugd -i ${nics[i]} \
		    -q -f -u0 -d$delay -w -I -b; [ \$? -le 3 ]"
	done
}

# What it has done, which no other place tells.
printf '%s\n' '#!/bin/sh' 'echo "$1 $2" >>/tmp/case/plugged' \
    >/etc/ifplugd/action.d/zz-told
chmod +x /etc/ifplugd/action.d/zz-told

# Of a daemon, not of this shell: by the number that it has written.
stop_plugd() {
	local nic pid
	for nic in $NICS; do
		pid=$(cat /run/ifplugd.$nic.pid 2>/dev/null) || continue
		kill "$pid"
		within 10 eval "! kill -0 $pid"
	done
}

teardown() { stop_plugd; }

end() {
	stop_plugd
	down $NICS
	nothing_left
}

case_pulls_that_it_acts_upon_at_once() {
	three "policy-arp filter"
	plugd 0 0 1 2
	clean_pulls 5 0
	clean_pulls 3 1
	clean_pulls 2 0 1
	end
}

# The published options: without the policy traffic waits for those seconds.
case_ten_seconds_before_it_acts() {
	three "policy-arp filter"
	plugd 10 0 1 2
	HELD=$(held)
	flows 1000 "v4 4" "v6 6" -- cable down 0
	few "the traffic moves at once ($(echo $(gone v4 v6)))" 2 $(gone v4 v6)
	is "$(chosen)" "eth1 eth1" "to the next"
	is "$(held)" "$HELD" "rules and routes are all there meanwhile"
	flows 1000 "v4 4" "v6 6" -- cable up 0
	few "a cable that is back in time: none lost" 0 $(gone v4 v6)
	clean_pulls 1 0
	end
}

# Its ifdown and ifup meet each other's cable.
case_a_cable_that_flaps() {
	three "policy-arp filter"
	plugd 0 0 1 2
	HELD=$(held)
	flap 0
	ok "in the end all is as it was" within 15 holds "$HELD"
	ok "and stays so" eval 'sleep 2; holds "$HELD"'
	silent "ifpolicy check is content" ifpolicy check
	end
}

case_no_cable_when_it_starts() {
	three "policy-arp filter"
	HELD=$(held)
	cable down 0
	# What it finds without a link is left alone until there is one.
	plugd 0 0 1 2
	is "$(chosen)" "eth1 eth1" "traffic is on the next"
	cable up 0
	ok "it sees the cable" within 15 grep -qx "eth0 up" /tmp/case/plugged
	ok "all is there" within 15 holds "$HELD"
	is "$(chosen)" "eth0 eth0" "and the traffic"
	clean_pulls 1 0
	end
}

# Without -q it takes its NIC down when it ends.
case_it_ends_and_takes_its_nic_along() {
	local i
	three "policy-arp filter"
	HELD=$(held)
	ifplugd -i eth0 -f -u0 -d0 -w -I -b
	kill "$(cat /run/ifplugd.eth0.pid)"
	within 15 eval '! grep -q ^eth0= /run/network/ifstate'
	ok "eth0's rules and routes are gone, the others' there" \
	    within 5 holds "$(held_but 0)"
	down eth1 eth2
	nothing_left
}

# Its next hops are those of the NICs that the daemon has up.
case_a_default_shared_by_weight() {
	local i seen= others=("1 2" "0 2" "0 1")
	for i in 0 1 2; do
		dual $i "policy-arp filter" "policy-weight $((i + 1))" |
		    sed 's/policy-metric 10./policy-metric 100/'
	done | interfaces
	bring_up
	plugd 0 0 1 2
	for i in 0 1 2; do
		cable down $i
		within 15 eval "! grep -q ^eth$i= /run/network/ifstate"
		within 5 eval '[ "$(both)" = "$(both_wanted ${others[i]})" ]'
		seen+="$(both); "
		ip -n gw link set p$i up
		within 15 grep -q ^eth$i= /run/network/ifstate
		within 5 eval '[ "$(both)" = "$(both_wanted 0 1 2)" ]'
		seen+="$(both); "
	done
	is "$seen" "$(for i in "${others[@]}"; do
		printf '%s; %s; ' "$(both_wanted $i)" "$(both_wanted 0 1 2)"
	done)" "exactly those that are up"
	silent "ifpolicy check is content" ifpolicy check
	end
}

run_cases "$@"
