#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: several interfaces share one default by weight: its next hops are exactly those that are up.
. "$(dirname "$0")/../lib/failover.sh"

P=fd00:178:

# Three cards, both families, one metric, weights 1, 2, 3 and routers of their
# own.
all_three() {
	local i
	for i in 0 1 2; do
		stanza eth$i $N.9$i/24 "policy-table 10$i" \
		    "policy-gateway $N.1" "policy-metric 100" \
		    "policy-weight $((i + 1))" "policy-arp filter"
		stanza eth$i $P:9$i/64 "policy-table 10$i" \
		    "policy-gateway $P:1" "policy-metric 100" \
		    "policy-weight $((i + 1))"
	done | interfaces
}

# exactly UP NAME: both families.
exactly() {
	is "$(both)" "$(both_wanted "$1")" "$2"
}

case_every_order_of_up_and_down() {
	local up down i now
	all_three
	for up in 012 021 102 120 201 210; do
		for down in 012 120 201 $(rev <<<$up); do
			now=
			for i in ${up:0:1} ${up:1:1} ${up:2:1}; do
				run ifup eth$i
				now+=$i
				[ "$(both)" = "$(both_wanted $now)" ] ||
				    fail "up $up: at eth$i" "$(ip route; \
				    ip -6 route)"
			done
			exactly 012 "up $up"
			for i in ${down:0:1} ${down:1:1} ${down:2:1}; do
				run ifdown eth$i
				now=${now/$i/}
				[ "$(both)" = "$(both_wanted "$now")" ] ||
				    fail "down $down: at eth$i" "$(ip route; \
				    ip -6 route)"
			done
			exactly "" "down $down"
		done
	done
	nothing_left
}

case_at_once() {
	local round i
	all_three
	for round in 1 2 3 4 5 6 7 8; do
		for i in 0 1 2; do ifup eth$i >/dev/null 2>&1 & done
		wait $(jobs -p | grep -vx "${ECHO_PID:-0}")
		exactly 012 "round $round: three up at once"
		for i in 1 2; do ifdown eth$i >/dev/null 2>&1 & done
		wait $(jobs -p | grep -vx "${ECHO_PID:-0}")
		exactly 0 "round $round: two down at once"
		ifup eth1 >/dev/null 2>&1 &
		ifdown eth0 >/dev/null 2>&1 &
		wait $(jobs -p | grep -vx "${ECHO_PID:-0}")
		exactly 1 "round $round: one up, one down"
		run ifdown eth1
	done
	nothing_left
}

# Killed at each of its first system calls that send or rename.
case_killed_at_work() {
	local call n
	all_three
	run ifup eth0
	run ifup eth2
	for call in sendmsg rename; do
		for n in 1 2 3 4 5; do
			strace -qq -o /dev/null \
			    -e inject=$call:signal=KILL:when=$n \
			    env -i IFACE=eth1 ADDRFAM=inet METHOD=static \
			    MODE=start PHASE=post-up IF_ADDRESS=$N.91 \
			    IF_POLICY_METRIC=100 IF_POLICY_WEIGHT=2 \
			    IF_POLICY_GATEWAY=$N.1 $HOOKS/if-up.d/ifpolicy \
			    >/dev/null 2>&1
			ip link set eth1 up
			ip addr add $N.91/24 dev eth1 2>/dev/null
			run ifpolicy refresh
			unlike "$(hops -4)" '^$' "$call $n: there is a default"
			run ifpolicy down eth1
			is "$(hops -4)" "$(wanted 02)" "$call $n: down"
			ip addr flush dev eth1
			ip link set eth1 down
		done
	done
	run ifdown eth0
	run ifdown eth2
	nothing_left
}

case_a_card_vanishes() {
	all_three
	for i in 0 1 2; do run ifup eth$i; done
	ip link del eth1
	run ifpolicy refresh
	exactly 02 "the others are there"
	run ifdown eth1
	exactly 02 "and stay with its ifdown"
	/src/tests/lib/cables
}

case_a_link_down_and_up() {
	all_three
	for i in 0 1 2; do run ifup eth$i; done
	ip link set eth2 down
	run ifpolicy refresh
	exactly 01 "without the one that is down"
	run ifdown eth0
	exactly 1 "another goes down meanwhile"
	ip link set eth2 up
	ip addr add $P:92/64 dev eth2 nodad
	run ifpolicy refresh
	exactly 12 "it is back"
	run ifdown eth1
	run ifdown eth2
	nothing_left
}

case_a_lost_record() {
	all_three
	for i in 0 1 2; do run ifup eth$i; done
	rm -f $RECORDS/net-*
	run ifdown eth1
	exactly 02 "the first takes out its own"
	run ifdown eth0
	exactly 2 "the second too"
	run ifdown eth2
	exactly "" "and the last"
	nothing_of_ours
}

# Another one's hop that the kernel would refuse now keeps nobody down.
case_another_one_s_dead_hop() {
	all_three
	run ifup eth1
	run ifup eth2
	ip addr flush dev eth1
	silent "up" ifup eth0
	exactly 02 "without the dead one"
	ip addr add $N.91/24 dev eth1
	ip addr add $P:91/64 dev eth1 nodad
	run ifpolicy refresh
	exactly 012 "and with it again"
}

# The kernel shows it dead, and uses it again as soon as it can.
case_a_cable_is_out() {
	all_three
	run ifup eth0
	run ifup eth1
	ip -n gw link set p1 down
	within 3 eval 'ip -4 route show default | grep -q "eth1.*linkdown"'
	run ifup eth2
	exactly 012 "another comes up meanwhile"
	run ifdown eth0
	exactly 12 "and one goes"
	ip -n gw link set p1 up
	within 3 eval '! ip -4 route show default | grep -q linkdown'
	exactly 12 "the cable is back"
	silent "check finds nothing" ifpolicy check
}

case_refused() {
	all_three
	run ifup eth0
	run ifup eth1
	link_up eth2 $N.92/24
	exits 1 "without a weight" ifpolicy up eth2 metric 100 gateway $N.1
	like "$ERR" 'metric "100": table main already has default' "told"
	exactly 01 "the others keep theirs"
	exits 2 "with a source" ifpolicy up eth2 metric 100 gateway $N.1 \
	    weight 3 source $N.92
	like "$ERR" 'weight: cannot go with source' "told"
	exits 2 "without a metric" ifpolicy up eth2 table 102 weight 3
	like "$ERR" 'weight "3": needs metric' "told"
	ifpolicy down eth2
	ip route add default metric 77 via $N.2 dev eth2
	exits 1 "somebody else's default" ifpolicy up eth2 metric 77 \
	    gateway $N.1 weight 3
	like "$ERR" "not ifpolicy's" "told"
	like "$(ip route show default metric 77)" 'via [0-9.]+ dev eth2' \
	    "it stays"
}

case_edited() {
	all_three
	for i in 0 1 2; do run ifup eth$i; done
	ok "another weight" ifpolicy -4 up eth1 table 101 metric 100 \
	    gateway $N.1 weight 200
	is "$(hops -4)" "eth0*1 eth1*200 eth2*3" "is in the route"
	is "$(hops -6)" "$(wanted 012)" "the other family's is as it was"
	ok "another metric" ifpolicy -4 up eth1 table 101 metric 200 \
	    gateway $N.1 weight 2
	is "$(hops -4)" "$(wanted 02)" "it has left"
	like "$(ip route show default metric 200)" "dev eth1" "for its own"
	ok "no weight" ifpolicy -4 up eth1 table 101 metric 200 gateway $N.1 \
	    arp filter
	like "$(ip route show default metric 200)" "dev eth1" "which stays"
	silent "nothing to find" ifpolicy check
	is "$(changes_during ifpolicy refresh)" "" "a refresh changes nothing"
	for i in 0 1 2; do run ifdown eth$i; done
	nothing_left
}

# While one goes and comes nothing is lost: the kernel has one route or the
# other, never none.
case_no_moment_without() {
	local seen
	all_three
	for i in 0 1 2; do run ifup eth$i; done
	seen=$(changes_during ifdown eth1 | grep -E '^Deleted default.*metric 100')
	unlike "$seen" 'proto (173|ifpolicy)' "down deletes no default"
	seen=$(changes_during ifup eth1 | grep -E '^Deleted default.*metric 100')
	unlike "$seen" 'proto (173|ifpolicy)' "nor does up"
	exactly 012 "all are there"
}

case_watch_keeps_it() {
	local watch
	all_three
	for i in 0 1 2; do run ifup eth$i; done
	ifpolicy watch >/tmp/case/watch 2>&1 &
	watch=$!
	within 3 test -s $RECORDS/watch-*
	ip link del eth2
	within 3 eval '[ "$(hops -4)" = "$(wanted 01)" ]'
	exactly 01 "a card that vanishes takes nobody along"
	ip route flush proto 173
	within 3 eval '[ "$(hops -4)" = "$(wanted 01)" ]'
	exactly 01 "flushed, and back"
	kill $watch
	wait $watch
	is "$(</tmp/case/watch)" "" "it had nothing to say"
	/src/tests/lib/cables
}

run_cases "$@"
