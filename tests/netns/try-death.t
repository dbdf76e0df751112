#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: ifpolicy try, its guarding process, confirm and the return, each killed before any of its system calls.

TEST_TIMEOUT=600
. "$(dirname "$0")/../lib/try.sh"

CALLS='openat|write|rename|unlink|sendmsg|sendto|flock|clone3?|poll'

# The calls of a trace before which death makes a difference, as "NAME ORDINAL".
points() {
	awk -F'(' -v calls="^($CALLS)\$" '/^[a-z0-9_]+\(/ { n = ++count[$1] }
	    $1 ~ calls { print $1, n }' "$1"
}

kill_before() { echo "-e trace=$1 -e inject=$1:signal=KILL:when=$2"; }

# A trial under strace that gets SIGINT as soon as it waits; its first process
# in TRY, unless it died before: traced STRACE_ARGUMENT...
traced() {
	: >$SAID
	strace -q "$@" ifpolicy try eth0 "${OTHER[@]}" >$SAID 2>&1 </dev/null &
	STRACE=$!
	until gone $STRACE; do
		if grep -q "on trial for" $SAID; then
			TRY=$(pgrep -o -P $STRACE)
			[ -z "$TRY" ] || kill -INT $TRY 2>/dev/null
			break
		fi
		sleep 0.01
	done
	# Where both are traced, this waits for the second one, too.
	[ -z "${BOTH-}" ] || {
		within 5 eval '[ -z "$(pgrep -P $STRACE)" ]'
		pkill -KILL -x ifpolicy
	}
	reap $STRACE
} 2>/dev/null

killed() { grep -q 'killed by SIGKILL' /tmp/case/death 2>/dev/null; }
alone() { [ -z "$(pgrep -x ifpolicy)" ]; }
all_well() { as_before && alone; }

# Rules of one priority, both families, what is taken out, and a sysctl.
begin() {
	two_up
	ok "eth0" ifpolicy up eth0 table rt1 gateway "$GW $GW6" metric 100 \
	    arp strict
	ok "eth1" ifpolicy up eth1 table rt2 gateway "$GW $GW6" metric 101
	remember_all
}

# each_death NAME ARGUMENT...: before every call; AFTER says what happens then.
each_death() {
	local what=$1 name n wrong= died=0
	shift
	while read -r name n; do
		rm -f /tmp/case/death
		"$@" -o /tmp/case/death $(kill_before $name $n)
		! killed || died=$((died + 1))
		after
		within 2 all_well || {
			wrong+="$name $n; "
			pkill -KILL -x ifpolicy
			later ifpolicy refresh 2>/dev/null
			as_before || break
		}
	done </tmp/case/points
	ok "$what: it died $died times" [ $died -ge 20 ]
	is "$wrong" "" "$what: everything is as before, nobody is left"
}

case_the_first_process() {
	begin
	traced -o /tmp/case/trace
	back "undisturbed"
	points /tmp/case/trace >/tmp/case/points
	# The guarding process takes it back: at once, or, if the first one had
	# begun to do so, when its time comes; it is told that here.
	after() {
		within 1 alone || pkill -TERM -x ifpolicy
		within 5 all_well
	}
	each_death "the guarding process sees to it" traced
	after() {
		pkill -KILL -x ifpolicy
		within 5 alone
		later ifpolicy refresh 2>/dev/null
	}
	each_death "the next run sees to it" traced
}

case_both_processes() {
	begin
	traced -f -o /tmp/case/trace
	back "undisturbed"
	# Each has its own count, the second one's begins with the fork.
	sed -n 's/^[0-9]* *//p' /tmp/case/trace >/tmp/case/calls
	points /tmp/case/calls >/tmp/case/points
	local BOTH=yes
	after() {
		within 5 alone
		later ifpolicy refresh 2>/dev/null
	}
	each_death "whoever comes first" traced -f
}

case_the_return_by_the_next_run() {
	local n
	begin
	overdue() {
		try_start eth0 "${OTHER[@]}"
		kill -KILL $TRY $GUARD
		reap $TRY
	}
	refreshed() {
		overdue
		later strace -q "$@" ifpolicy refresh eth1 >/dev/null 2>&1
	}
	refreshed -o /tmp/case/trace
	back "undisturbed"
	points /tmp/case/trace >/tmp/case/points
	after() { later ifpolicy refresh eth1 2>/dev/null; }
	each_death "done again by the one after that" refreshed
}

case_confirm() {
	local name n wrong= kept=0 taken=0
	begin
	confirmed() {
		try_start eth0 "${OTHER[@]}"
		{ strace -q "$@" ifpolicy confirm; } >/dev/null 2>&1
	}
	confirmed -o /tmp/case/trace
	try_ends
	is $RC 0 "undisturbed"
	local kernel=$(rules) record=$(cat $RECORDS/net-*)
	points /tmp/case/trace >/tmp/case/points
	while read -r name n; do
		ifpolicy down --all
		rm -f /etc/iproute2/rt_tables.d/* $RECORDS/net-*
		ifpolicy up eth0 table rt1 gateway "$GW $GW6" metric 100 \
		    arp strict
		ifpolicy up eth1 table rt2 gateway "$GW $GW6" metric 101
		confirmed -o /tmp/case/death $(kill_before $name $n)
		if grep -q '^try.*[0-9]$' $RECORDS/net-*; then
			kill -TERM $TRY
			reap $TRY
			as_before || wrong+="$name $n: not as before; "
			taken=$((taken + 1))
		else
			reap $TRY
			[ "$(cat $RECORDS/net-*)" = "$record" ] ||
			    wrong+="$name $n: not confirmed; "
			kept=$((kept + 1))
		fi
		within 2 alone || wrong+="$name $n: somebody is left; "
	done </tmp/case/points
	ok "taken back $taken times" [ $taken -ge 10 ]
	ok "confirmed $kept times" [ $kept -ge 5 ]
	is "$wrong" "" "all of it, or nothing"
}

run_cases "$@"
