#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: what ifpolicy try applies goes again, byte for byte, unless somebody says yes in time.

. "$(dirname "$0")/../lib/try.sh"

pending() { grep -q '^try ' $RECORDS/net-*[0-9] 2>/dev/null; }

# ---- the end of the time -----------------------------------------------

case_taken_back_when_the_time_is_over() {
	two_up
	ok "eth0 has a policy" ifpolicy up eth0 table rt1 metric 100 \
	    gateway "$GW $GW6" rp-filter loose prefer-main yes \
	    fallback unreachable
	ok "eth1 has one of the same priority" ifpolicy up eth1 table rt2 \
	    gateway "$GW $GW6"
	remember_all
	try_start eth0 -t 5 "${OTHER[@]}"
	isnt "$(all)" "$ALL" "another one on trial"
	like "$(rules)" "from $N.90 lookup 8003" "is in force"
	like "$(rules -6)" "from $N6:90 lookup 8003" "in both families"
	try_ends
	is $RC 1 "taken back: exit 1"
	like "$SEEN" "eth0: on trial for 5 s; it stays if you press Enter" \
	    "it says how it stays"
	like "$SEEN" "no terminal: Enter cannot be read" "and how not"
	like "$SEEN" "eth0: not confirmed in time: everything is as it was" \
	    "and what became of it"
	back
	nobody_left
}

case_an_interface_without_a_policy() {
	two_up
	try_start eth0 -t 5 "${OTHER[@]}"
	ok "it is on trial" pending
	try_ends
	is $RC 1 "exit 1"
	back "nothing, as before"
	nobody_left
}

# Every kind of object, the order of rules of one priority, and what was taken
# out of main.
case_every_kind_of_object_comes_back() {
	local what
	two_up
	ip route add default via $GW dev eth0 proto dhcp
	ok "up" ifpolicy up eth0 table rt1 gateway "$GW $GW6" metric 100 \
	    match "from to" source $N.90 connected metric default metric \
	    fallback blackhole arp strict rp-filter loose linkdown ignore \
	    route "10.7.0.0/16 via $GW" rule "to 10.7.0.0/16" -4
	ok "eth1" ifpolicy up eth1 table rt2 gateway "$GW $GW6" metric 101
	remember_all
	for what in "match to" "match none" "priority 13000" "connected none" \
	    "default none" "arp filter" "rp-filter strict" "linkdown keep" \
	    "metric 7 gateway $GW" "table 77" "gateway none"; do
		# IPv6 gives no place but the last in a slot back.
		try_start eth0 table rt1 gateway $GW -4 \
		    $([[ $what =~ metric|none$ ]] || echo metric 9) $what
		isnt "$(all)" "$ALL" "$what: in force"
		kill -INT $TRY
		try_ends
		is $RC 1 "$what: exit 1"
		back "$what"
	done
	nobody_left
}

# The first of several NICs in a subnet carries what goes there unbound.
case_the_subnet_route_comes_back_in_its_place() {
	local i what
	two_up
	ip -6 addr flush dev eth1 scope global
	remember_all
	local ROUTES=$(ip route)
	is "$(via $N.1)" eth0 "the first"
	for i in 0 1; do
		for what in none metric; do
			try_start eth$i gateway $GW metric 9 connected $what -4
			isnt "$(ip route)" "$ROUTES" "eth$i: $what"
			kill -INT $TRY
			try_ends
			back "eth$i, $what"
		done
	done
	try_start eth0 gateway "$GW $GW6" metric 9 connected none
	kill -INT $TRY
	try_ends
	back "IPv6 alone in its subnet"
	nobody_left
}

case_shares_come_back_with_their_weight() {
	two_up
	ip link set eth2 up
	ip addr add $N.92/24 dev eth2
	settled
	share() { ifpolicy up eth$1 gateway $GW metric 100 weight $2 -4; }
	ok "eth0" share 0 1
	ok "eth1" share 1 2
	ok "eth2" share 2 3
	remember_all
	try_start eth1 gateway $GW metric 100 weight 9 -4
	like "$(ip route show default)" "dev eth1 weight 9" "another weight"
	kill -TERM $TRY
	try_ends
	back "the weight"
	try_start eth1 table rt1 gateway $GW -4
	unlike "$(ip route show default)" "dev eth1" "no share"
	kill -TERM $TRY
	try_ends
	back "the share"
}

case_what_had_failed_or_waits_is_so_again() {
	local state
	two_up
	nok "a request fails" ifpolicy up eth0 gateway 10.1.1.1 metric 5
	for state in "failed" "failed, the former policy stands"; do
		remember_all
		like "$(ifpolicy show eth0)" "^eth0 inet: $state\$" "$state"
		try_start eth0 "${OTHER[@]}" -4
		like "$(ifpolicy show eth0)" "^eth0 inet: up\$" "another"
		kill -TERM $TRY
		try_ends
		back "$state"
		ok "up" ifpolicy up eth0 table rt1 gateway $GW metric 100
		nok "then not" ifpolicy up eth0 gateway 10.1.1.1 metric 5
	done
	ok "a policy" ifpolicy up eth1 table rt2 gateway auto -4
	ip addr del $N.91/24 dev eth1
	ok "without its address" ifpolicy refresh eth1
	like "$(ifpolicy show eth1)" "^eth1 inet: waiting" "it waits"
	ip addr add 10.0.0.5/24 dev eth1
	remember_all
	try_start eth1 table rt3 gateway 10.0.0.1 -4
	kill -TERM $TRY
	try_ends
	back "waiting"
}

# ---- yes and no --------------------------------------------------------

case_enter_keeps_it() {
	two_up
	ok "the same for good" ifpolicy up eth0 "${OTHER[@]}"
	local want=$(all) record=$(cat $RECORDS/net-*)
	ok "down" ifpolicy down eth0
	rm /etc/iproute2/rt_tables.d/*
	on_terminal "eth0 table rt9 gateway '$GW $GW6' metric 50 arp filter"
	unlike "$(cat /etc/iproute2/rt_tables.d/* 2>&1)" rt9 \
	    "on trial: the table has no name yet"
	echo >&7
	terminal_ends
	is $RC 0 "exit 0"
	like "$SEEN" "eth0: confirmed, it stays" "and so it says"
	is "$(all)" "$want" "the kernel as after an up, the table's name too"
	is "$(cat $RECORDS/net-*)" "$record" "and the record"
	nobody_left
}

case_what_is_typed() {
	local word
	two_up
	for word in no q N; do
		on_terminal "eth0 table 99"
		echo $word >&7
		terminal_ends
		is $RC 1 "$word: exit 1"
		back "$word"
		rm $KEYS
	done
	on_terminal "eth0 table 99"
	printf '\003' >&7
	terminal_ends
	is $RC 1 "Ctrl-C: exit 1"
	back "Ctrl-C"
	rm $KEYS
	on_terminal "eth0 table 99"
	echo "what?" >&7
	sleep 0.3
	ok "anything else is no answer" pending
	printf 'YES\n' >&7
	terminal_ends
	is $RC 0 "yes: exit 0"
	like "$(rules)" "lookup 99" "it stays"
	nobody_left
}

# The line that was typed while the connection hung must not confirm it.
case_what_was_typed_before_is_no_answer() {
	two_up
	mount_ptys
	mkfifo $KEYS
	script -qefc "sleep 0.5; ifpolicy try eth0 table 99 -t 5" /dev/null \
	    <$KEYS >$SAID 2>&1 &
	SCRIPT=$!
	exec 7>$KEYS
	printf '\n\n\n' >&7
	terminal_ends
	is $RC 1 "not confirmed"
	back
}

case_confirm_from_another_shell() {
	two_up
	exits 1 "nothing is on trial" ifpolicy confirm
	like "$ERR" "nothing is on trial" "and so it says"
	try_start eth0 "${OTHER[@]}"
	exits 1 "another interface" ifpolicy confirm eth1
	like "$ERR" "eth1 has nothing on trial, but eth0 has" "is not meant"
	exits 2 "no name" ifpolicy confirm "a b"
	exits 2 "no dry run" ifpolicy -n confirm
	ok "it is on trial still" pending
	ok "confirm" ifpolicy confirm eth0
	like "$ERR" "eth0: confirmed, it stays" "says so"
	try_ends
	is $RC 0 "and try ends with 0"
	like "$SEEN" "eth0: confirmed, it stays" "saying so, too"
	nok "the record has forgotten it" pending
	like "$(cat /etc/iproute2/rt_tables.d/*)" "rt9" "the table has a name"
	like "$(rules)" "from $N.90 lookup rt9" "it is in force"
	exits 1 "once" ifpolicy confirm
	nobody_left
	later ifpolicy refresh
	like "$(rules)" "from $N.90 lookup rt9" "and stays so"
	ok "down" ifpolicy down eth0
}

case_confirm_too_late() {
	two_up
	try_start eth0 "${OTHER[@]}"
	kill -STOP $TRY $GUARD
	exits 1 "an hour later" later ifpolicy confirm
	like "$ERR" "too late" "is too late"
	back
	kill -CONT $TRY $GUARD
	try_ends
	is $RC 1 "and try knows it"
	nobody_left
}

# ---- death -------------------------------------------------------------

case_the_first_process_is_killed() {
	two_up
	ok "a policy before" ifpolicy up eth0 table rt1 gateway $GW
	remember_all
	try_start eth0 -t 5 "${OTHER[@]}"
	kill -KILL $TRY
	try_ends
	sleep 1
	ok "it is on trial still" pending
	comes_back 10 "at the end of the time"
	within 5 gone $GUARD
	nobody_left
	try_start eth0 "${OTHER[@]}"
	kill -KILL $TRY
	try_ends
	ok "somebody may still confirm" ifpolicy confirm
	within 5 gone $GUARD
	nobody_left
	like "$(rules)" "lookup rt9" "it stays"
}

case_the_guarding_process_is_killed() {
	two_up
	try_start eth0 "${OTHER[@]}"
	kill -KILL $GUARD
	try_ends
	is $RC 1 "then nobody waits"
	like "$SEEN" "the process that guards it has died" "and says why"
	back
	nobody_left
}

case_both_are_killed() {
	local next
	two_up
	stanza eth1 $N.91/24 "policy-table rt2" | interfaces
	ok "eth0 has a policy" ifpolicy up eth0 table rt1 gateway $GW
	for next in "ifpolicy refresh" "ifpolicy repair" "ifpolicy confirm" \
	    "ifpolicy down eth2" "hook up eth2" "hook down eth2" \
	    "hook up --all"; do
		remember_all
		try_start eth0 "${OTHER[@]}"
		kill -KILL $TRY $GUARD
		try_ends
		if [[ $next != *confirm && $next != *--all ]]; then
			run $next
			ok "$next: in time it disturbs nothing" pending
		fi
		run ifpolicy check
		unlike "$OUT" overdue "nor is it overdue"
		run later ifpolicy check
		like "$OUT" "overdue trial" "check tells what is"
		export -f hook
		export HOOKS
		run later bash -c "$next"
		back "$next, an hour later"
	done
	nobody_left
}

case_the_whole_group_is_killed() {
	two_up
	setsid ifpolicy try eth0 -t 5 "${OTHER[@]}" >$SAID 2>&1 </dev/null &
	TRY=$!
	try_waits
	is "$(ps -o pgid= $TRY | tr -d ' ')" $TRY "a group of its own"
	kill -KILL -- -$TRY
	reap $TRY
	ok "it is on trial still" pending
	comes_back 10 "at the end of the time"
	within 5 gone $GUARD
	nobody_left
}

# Who has lost his connection may come back by another.
case_hangup_is_no_answer() {
	two_up
	on_terminal "eth0 ${OTHER[*]@Q}"
	kill -HUP $TRY
	kill -KILL $SCRIPT
	exec 7>&-
	sleep 1.5
	ok "without a terminal it waits" pending
	ok "and can be confirmed" ifpolicy confirm
	within 5 gone $TRY
	nobody_left
	ok "down" ifpolicy down eth0
	remember_all
	rm $KEYS
	on_terminal "eth0 -t 5 ${OTHER[*]@Q}"
	kill -KILL $SCRIPT
	exec 7>&-
	comes_back 10 "at the end of the time"
	within 5 gone $TRY
	within 5 gone $GUARD
	nobody_left
}

case_nobody_reads_what_it_says() {
	two_up
	ifpolicy -v try eth0 -t 5 "${OTHER[@]}" 2>&1 </dev/null | true
	is ${PIPESTATUS[0]} 1 "a broken pipe: exit 1"
	back "a broken pipe"
	ifpolicy -v try eth0 -t 5 "${OTHER[@]}" >&- 2>&- <&-
	is $? 1 "no streams: exit 1"
	back "no streams"
	# A pipe that the guarding process must not keep open.
	is "$(try_and_die 9>&1)" "dead" "nobody waits for it"
	ok "on trial" pending
	kill -TERM $(pgrep -x ifpolicy)
	comes_back 5 "SIGTERM"
	nobody_left
}

try_and_die() {
	try_start eth0 "${OTHER[@]}"
	kill -KILL $TRY
	echo dead
}

case_signals() {
	local signal
	two_up
	for signal in INT TERM QUIT; do
		try_start eth0 "${OTHER[@]}"
		kill -$signal $TRY
		try_ends
		is $RC 1 "$signal: exit 1"
		like "$SEEN" "eth0: not confirmed: everything is as it was" \
		    "$signal: says so"
		back $signal
		try_start eth0 "${OTHER[@]}"
		[ $signal = TERM ] || {
			kill -$signal $GUARD
			sleep 0.2
			ok "$signal to the guarding process: nothing" pending
		}
		kill -TERM $GUARD
		try_ends
		is $RC 1 "SIGTERM to it: exit 1"
		back "SIGTERM to it"
	done
	nobody_left
}

# ---- others meanwhile --------------------------------------------------

case_a_second_one_is_refused() {
	two_up
	try_start eth0 "${OTHER[@]}"
	exits 1 "of the same interface" ifpolicy try eth0 table 5
	like "$ERR" "eth0 has something on trial already, [0-9]+ s are left" \
	    "and why"
	exits 1 "of another" ifpolicy try eth1 table 5
	ok "the first is on trial still" pending
	kill -TERM $TRY
	try_ends
	back
	nobody_left
}

case_others_work_as_always() {
	two_up
	try_start eth0 "${OTHER[@]}"
	ok "another interface comes up" ifpolicy up eth1 table rt2 gateway $GW
	local want=$(rules | grep rt2)
	ok "a refresh" ifpolicy refresh
	ok "it is on trial still" pending
	ip rule del from $N.90
	ok "a refresh of it" ifpolicy refresh eth0
	like "$(rules)" "from $N.90 lookup 8001" "puts back what is on trial"
	unlike "$(cat /etc/iproute2/rt_tables.d/*)" rt9 "without its name"
	kill -TERM $TRY
	try_ends
	is "$(rules)" "$want" "the other's policy stays"
	is "$(ifpolicy show | grep -c '^eth')" 1 "alone"
	ok "and goes" ifpolicy down eth1
	rm /etc/iproute2/rt_tables.d/*
	back
}

# What comes back has missed it.
case_an_address_changes_meanwhile() {
	two_up
	ok "a policy" ifpolicy up eth0 table rt1 gateway $GW addresses all -4
	try_start eth0 -t 5 table rt9 gateway $GW addresses all -4
	ip addr del $N.90/24 dev eth0
	ip addr add $N.190/24 dev eth0
	ok "a hook tells" ifpolicy refresh eth0
	ok "it is on trial still" pending
	like "$(rules)" "from $N.190 lookup 8002" "and follows the addresses"
	try_ends
	is "$(rules | sort)" "12030: from $N.190 lookup rt1 proto ifpolicy
12030: from all to $N.190 lookup rt1 proto ifpolicy" \
	    "the former policy has learned of it as well"
	like "$(ifpolicy show eth0)" "^eth0 inet: up" "and is up"
}

case_up_and_down_by_others_end_it() {
	two_up
	stanza eth0 $N.90/24 "policy-table rt1" "policy-gateway $GW" |
	    interfaces
	remember_all
	# other COMMAND...: as it would be without the trial
	other() {
		run "$@"
		local want=$(all) record=$(cat $RECORDS/net-* 2>/dev/null)
		ifpolicy down --all
		try_start eth0 "${OTHER[@]}"
		run "$@"
		is $RC 0 "$*"
		is "$(all)" "$want" "$*: the kernel as without the trial"
		is "$(cat $RECORDS/net-* 2>/dev/null)" "$record" "the record"
		try_ends
		is $RC 1 "try ends"
		like "$SEEN" "somebody has brought the interface up or down" \
		    "and says why"
		ifpolicy down --all
	}
	other ifpolicy up eth0 table rt1 gateway $GW
	other ifpolicy down eth0
	other ifpolicy down --all
	other hook up eth0 IF_ADDRESS=$N.90 IF_POLICY_TABLE=rt1
	other hook down eth0
	nobody_left
}

case_watch_does_not_disturb_and_wakes_up() {
	two_up
	ok "a policy" ifpolicy up eth0 table rt1 gateway $GW -4
	remember_all
	ifpolicy watch >/tmp/case/watch 2>&1 </dev/null &
	within 5 eval 'readlink /proc/$!/fd/* | grep -q signalfd'
	WATCH=$!
	try_start eth0 -t 5 "${OTHER[@]}" -4
	ip rule del from $N.90
	ok "it puts back what is on trial" within 5 eval \
	    'rules | grep -q "from $N.90 lookup 8002"'
	ok "on trial still" pending
	try_ends
	within 5 as_before
	back
	# An interface that has none: nothing is deleted that watch would see.
	ok "none" ifpolicy down eth0
	sleep 0.5
	remember_all
	try_start eth0 -t 5 "${OTHER[@]}" -4
	kill -KILL $TRY $GUARD
	comes_back 15 "both killed: watch wakes up"
	kill $WATCH
	wait $WATCH
	nobody_left
}

# ---- what cannot be ----------------------------------------------------

case_what_fails_leaves_nothing() {
	two_up
	exits 1 "a gateway on no subnet" ifpolicy try eth0 metric 5 \
	    gateway 10.3.3.3
	like "$ERR" "not on any subnet of eth0" "and why"
	back "nothing is on trial, nothing in the record"
	exits 1 "no such device" ifpolicy try eth7 table 5
	exits 2 "no such key" ifpolicy try eth0 tabel 5
	exits 2 "no such name" ifpolicy try "a b" table 5
	exits 2 "nothing asked for" ifpolicy try eth0
	back "nor bad input"
	ok "a policy" ifpolicy up eth0 table rt1 gateway $GW
	remember_all
	exits 1 "with one before" ifpolicy try eth0 metric 5 gateway 10.3.3.3
	back "that one stands, and has not failed"
	nobody_left
}

case_the_time_has_bounds() {
	local t
	two_up
	for t in 4 3601 0 -5 030 1e3 "" 99999999999; do
		exits 2 "-t \"$t\"" ifpolicy try eth0 table 9 -t "$t"
	done
	like "$ERR" 'not a number of seconds from 5 to 3600' "and why"
	exits 2 "of another command" ifpolicy up eth0 table 9 -t 30
	try_start eth0 table 9 --timeout 3600
	like "$(cat $SAID)" "for 3600 s" "an hour"
	like "$(ifpolicy show eth0)" "on trial +3(600|59[0-9]) s left" \
	    "show tells"
	like "$(ifpolicy -j show eth0)" '"trial_seconds_left":3(600|59[0-9]),' \
	    "in JSON, too"
	kill -TERM $TRY
	try_ends
	back
	run ifpolicy -n try eth0 table 9 -t 60
	is "$RC" 0 "dry run"
	like "$OUT" "rule add priority 12030 from $N.90 lookup 9" "prints"
	like "$OUT" "# and all of it back after 60 s, unless confirmed" "all"
	back "and does nothing"
	nobody_left
}

case_what_cannot_come_back_is_left_out() {
	two_up
	ok "a policy" ifpolicy up eth0 table rt1 gateway $GW metric 100 \
	    source $N.90 -4
	try_start eth0 table rt9 gateway $GW -4
	ip addr del $N.90/24 dev eth0
	ip addr add $N.95/24 dev eth0
	kill -TERM $TRY
	try_ends
	is $RC 1 "exit 1"
	like "$(ifpolicy show eth0)" "could not come back when a trial was over" \
	    "show says so"
	like "$(rules)" "from $N.90 lookup rt1" "the rest is back"
	unlike "$(rules)" "lookup 8002" "nothing of the trial is left"
	ok "down" ifpolicy down eth0
	nobody_left
}

case_the_device_goes_meanwhile() {
	two_up
	ip link add gone7 type veth peer name peer7
	link_up gone7 10.7.7.1/24
	ok "a policy" ifpolicy up gone7 table rt1
	try_start gone7 table rt9
	ip link del gone7
	kill -TERM $TRY
	try_ends
	is $RC 1 "exit 1"
	like "$(ifpolicy show gone7)" "the device is gone" "show says so"
	is "$(rules)" "" "nothing of it is left"
	ok "down" ifpolicy down gone7
	nobody_left
}

# The kernel comes first; what cannot be written is written when it can.
case_no_room_for_the_record() {
	two_up
	ok "a policy" ifpolicy up eth0 table rt1 gateway $GW
	remember_all
	mkdir /tmp/case/small
	mount -t tmpfs -o size=64k tmpfs /tmp/case/small
	cp -a $RECORDS/. /tmp/case/small/
	mount --move /tmp/case/small $RECORDS
	try_start eth0 "${OTHER[@]}"
	cat /dev/zero >$RECORDS/full 2>/dev/null
	kill -TERM $TRY
	try_ends
	is $RC 1 "exit 1"
	like "$SEEN" "could not be taken back.*process $GUARD goes on trying" \
	    "it says who goes on"
	is "$(all)" "$ALL" "the kernel is as before"
	rm $RECORDS/full
	within 10 as_before
	back "then the record, too"
	within 5 gone $GUARD
	nobody_left
	umount $RECORDS
}

case_rules_that_no_record_knows() {
	two_up
	ok "a policy" ifpolicy up eth0 table rt1 gateway $GW -4
	rm $RECORDS/net-*
	remember_all
	exits 1 "refused" ifpolicy try eth0 "${OTHER[@]}" -4
	like "$ERR" "ifpolicy repair" "with a way out"
	back "untouched"
	nobody_left
}

case_names_of_others() {
	two_up
	ip addr add 10.0.0.5/24 dev eth1
	try_start eth0 table rt9 gateway $GW -4
	ok "another asks for the same table" ifpolicy up eth1 table rt9 \
	    addresses 10.0.0.5 gateway none
	kill -TERM $TRY
	try_ends
	like "$(cat /etc/iproute2/rt_tables.d/*)" "8001.rt9" \
	    "its name is there as long as somebody uses it"
	is "$(rules | grep -c 'lookup rt9')" 2 "as eth1 does"
}

run_cases "$@"
