#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: ifpolicy watch and another program that deletes what it puts back, again and again.

. "$(dirname "$0")/../lib/watch.sh"

# One process that lives and deletes one of our rules every 50 ms, its number in
# RIVAL; "exec 8>&-" ends it.
rival() {
	mkfifo /tmp/case/orders
	ip -force -batch /tmp/case/orders >/dev/null 2>&1 &
	RIVAL=$!
	exec 8>/tmp/case/orders
	while echo "rule del pref 12030 from $A"; do sleep 0.05; done \
	    >&8 2>/dev/null &
	ORDERS=$!
}

rival_ends() {
	exec 8>&-
	kill $ORDERS $RIVAL
	wait $ORDERS $RIVAL 2>/dev/null
}

ours_of() { rules | grep "from $1 "; }

# How often the rule was put back.
rounds() { grep -c "^12030:.*from $A " /tmp/case/rules; }

case_a_fight_is_told_and_left_for_longer_and_longer() {
	usual
	silent "ifup" ifup eth0
	link_up eth1 10.0.0.9/24
	silent "up" ifpolicy up eth1 table 102 gateway 10.0.0.1 addresses all
	watch_start
	calm
	local want=$(rules | sort) turns
	stdbuf -oL ip monitor rule >/tmp/case/rules 2>&1 &
	local monitor=$!
	sleep 0.2
	rival

	ok "it is told" within 5 grep -q watch: $SAID
	like "$(cat $SAID)" "the last time by ip \(process $RIVAL\): not put back for 5 seconds" \
	    "with name and number of him who does it"
	is "$(wc -l <$SAID)" 1 "in one line"
	ok "after $(rounds) rounds" eval \
	    '[ "$(rounds)" -ge 4 ] && [ "$(rounds)" -le 8 ]'
	# Let the last one be taken away.
	quiet
	turns=$(turns)
	sleep 1
	is "$(ours_of $A)" "" "it is left as it is"
	is "$(turns)" "$turns" "without a wake-up"

	ip addr add 10.7.1.1/24 dev eth1
	comes 1 eth1 "10.0.0.9 10.7.1.1" "other work goes on meanwhile"
	ip link set eth1 down
	ip link set eth1 up
	comes 1 defaults_of_102 "default via 10.0.0.1 dev eth1 proto ifpolicy" \
	    "of all kinds"
	is "$(ours_of $A)" "" "that one is still left"
	ip addr del 10.7.1.1/24 dev eth1

	ok "after the pause it is tried again, and told" within 8 eval \
	    '[ "$(wc -l <$SAID)" = 2 ]'
	like "$(tail -n 1 $SAID)" "process $RIVAL\): not put back for 10 seconds" \
	    "the next pause is longer"
	ok "after $(rounds) rounds in all" eval \
	    '[ "$(rounds)" -ge 8 ] && [ "$(rounds)" -le 16 ]'
	rival_ends
	comes 12 sorted "$want" "when he is gone all is well after it"
	is "$(wc -l <$SAID)" 2 "without another word"
	ip rule del pref 12030 from $A
	comes 1 sorted "$want" "and at once from then on"
	kill $monitor
	ok "the time it took: $(cpu_ms) ms" [ "$(cpu_ms)" -lt 1000 ]
}

sorted() { rules | sort; }
eth1() { rules | sed -nE 's/.* from (10[0-9.]+) lookup 102.*/\1/p' | sort |
	paste -sd' '; }
defaults_of_102() { table 102 | grep default; }

# Who only puts in its own, or deletes the same again, is none.
case_others_at_work_are_no_rivals() {
	usual
	silent "ifup" ifup eth0
	watch_start
	calm
	local want=$(rules | sort) i
	for i in {1..30}; do
		echo "rule add pref $((20000 + i)) from $A lookup 201"
		echo "rule del pref $((20000 + i))"
		echo "route add 10.$i.0.0/16 via $GW dev eth0 table 8001"
		echo "route replace 10.$i.0.0/16 via $GW dev eth0 table 8001"
		echo "route del 10.$i.0.0/16 table 8001"
	done | ip -batch -
	for i in {1..12}; do
		ifpolicy down eth0
		ifup --force eth0
		ifpolicy refresh
	done >/dev/null 2>&1
	ip addr flush dev eth0
	ifup --force eth0 2>/dev/null
	comes 1 sorted "$want" "all is as it was"
	quiet
	says_nothing
}

run_cases "$@"
