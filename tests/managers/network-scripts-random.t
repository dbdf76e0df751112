#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: whatever order of ifup, ifdown, edits and mishaps, all goes with the last ifdown and nothing foreign.
#
# SEED and ROUNDS choose others; a failure prints its seed and the steps.

PASS="${PASS-} SEED ROUNDS STEPS"
. "$(dirname "$0")/../lib/redhat.sh"

SEED=${SEED:-7}
ROUNDS=${ROUNDS:-6}
STEPS=${STEPS:-40}

# In PICKED: a subshell would have chances of its own.
pick() { eval "PICKED=\${$((RANDOM % $# + 1))}"; }
chance() { [ $((RANDOM % 100)) -lt "$1" ]; }

# Lines with addresses, tables and priorities of one label only, so that what
# one file asks for no other does.
rule_line() {
	local n=$1 a=$2 t=$((100 + $1 * 10 + RANDOM % 3))
	pick "from $a table $t" "to $a table $t" \
	    "fwmark $n$((RANDOM % 5)) table $t" \
	    "from $a tos 16 table $t" "from $a table $t pref $((1000 + n))" \
	    "from 10.$n.0.0/16 blackhole" "iif lo from $a table $t"
}

route_line() {
	local n=$1 a=$2 gw=$3 x=$((RANDOM % 9)) t=$((100 + $1 * 10))
	pick "10.5$n.$x.0/24 via $gw" "default via $gw table $t" \
	    "10.5$n.$x.0/24 via $gw table $t" "blackhole 10.6$n.$x.0/24" \
	    "10.7$n.$x.0/24 via $gw src $a table $t" \
	    "unreachable 10.8$n.$x.0/24 table $t metric 7" \
	    "10.5$n.$x.0/24 via $gw metric $((5 + n))" \
	    "10.9$n.$x.0/24 via $gw proto static"
}

# write LABEL NUMBER: its files, anew.
write() {
	local label=$1 n=$2 dev=${1%%:*} i net gw
	net=$N gw=$GW
	[ "$dev" = eth0 ] || { net=10.0.0; gw=10.0.0.1; }
	local a=$net.$((100 + n * 10 + RANDOM % 2)) keys=()
	! chance 30 || keys=(POLICY_TABLE=8$n "POLICY_GATEWAY=$gw")
	static "$label" "$a/24" "${keys[@]}"
	rm -f "$DIR"/r*-"$label"
	some "rule-$label" rule_line $n $a
	some "route-$label" route_line $n $a $gw
}

# some FILE FUNCTION ARGUMENT...: up to three lines, or no file. Two that differ
# by the priority alone would be taken for a rule that is there twice.
some() {
	local i key n=$((RANDOM % 5))
	for ((i = 1; i < n; i++)); do
		"${@:2}"
		key=${PICKED%% pref *}
		grep -qsF "${key%% metric *}" "$DIR/$1" ||
		    echo "$PICKED" >>"$DIR/$1"
	done
}

step() {
	local n=$((RANDOM % 4)) labels=(eth0 eth1 eth0:1 eth1:1)
	local label=${labels[n]} dev=${labels[n % 2]}
	pick up up up down down write write "delete files" flap refresh
	DONE+="$PICKED $label; "
	case $PICKED in
	up) run ifup "$label"; UP[$dev]=1 ;;
	down)
		run ifdown "$label"
		[[ $label == *:* ]] || UP[$dev]= ;;
	write) write "$label" $((n + 1)) ;;
	delete*) rm -f "$DIR"/r*-"$label" ;;
	flap)
		[ -n "${UP[$dev]}" ] || return
		ip link set "$dev" down
		ip link set "$dev" up ;;
	refresh) run ifpolicy refresh ;;
	esac
}

well() {
	local twice left
	twice=$(ruled | uniq -d)
	left=$(rules | grep ifpolicy-spare)
	[ -z "$twice$left" ] && [ "$(others)" = "$OTHERS" ] && return
	diag "twice: $twice" "spares: $left"
	diff <(echo "$OTHERS") <(others) | sed 's/^/#   /' >&2
	return 1
}

others() {
	rules | grep -E '^(40|500|501): '
	rules -6
	ip route show table 77
	ip route show table 78
	ip -6 route show table 77
}

case_any_order() {
	local round i DONE OTHERS
	local -A UP
	for ((round = SEED; round < SEED + ROUNDS; round++)); do
		RANDOM=$round DONE= UP=()
		setup
		variant el$((7 + round % 2))
		write eth0 1; write eth1 2; write eth0:1 3; write eth1:1 4
		foreign "from $N.110 lookup 110" "from 10.0.0.120 lookup 120"
		OTHERS=$(others)
		for ((i = 0; i < STEPS; i++)); do
			step
			well || break
		done
		[ $i -eq "$STEPS" ] && pass "seed $round: $STEPS steps" ||
		    fail "seed $round: after step $i" "$DONE"
		run ifdown eth0
		is "$RC" 0 "seed $round: ifdown eth0"
		run ifdown eth1
		is "$RC" 0 "seed $round: ifdown eth1"
		nothing_left "seed $round: nothing is left" || diag "$DONE"
	done
}

# As at boot: all at once.
case_at_the_same_time() {
	local round dev n
	for dev in 0 1 2; do
		static eth$dev $N.9$dev/24 POLICY_TABLE=8$dev \
		    POLICY_GATEWAY=$GW POLICY_ARP=filter
		static eth$dev:1 $N.10$dev/24
		for n in 1 2 3; do
			echo "fwmark 5$dev$n table 9$dev"
		done | file rule-eth$dev
		echo "from $N.10$dev table 9$dev" | file rule-eth$dev:1
		printf '%s\n' "default via $GW dev eth$dev table 9$dev" \
		    "blackhole 10.5.$dev.0/24" | file route-eth$dev
	done
	foreign "from $N.101 lookup 91"
	for round in 1 2 3 4; do
		for dev in 0 1 2; do
			ifup eth$dev >/tmp/case/up$dev 2>&1 &
		done
		wait
		is "$(cat /tmp/case/up? | grep '^ifpolicy')" "" \
		    "round $round: we say nothing"
		is "$(ruled | wc -l) $(ruled | uniq -d)" "18 " \
		    "round $round: each rule is there once"
		content
		[ $((round % 2)) = 1 ] || for dev in 0 1 2; do
			ifup eth$dev:1 >/tmp/case/up$dev 2>&1 &
		done
		wait
		is "$(ruled | wc -l) $(ruled | uniq -d)" "18 " \
		    "round $round: and still"
		for dev in 0 1 2; do
			ifdown eth$dev >/tmp/case/down$dev 2>&1 &
		done
		wait
		is "$(cat /tmp/case/down? | grep '^ifpolicy')" "" \
		    "round $round: nor on the way down"
		nothing_left "round $round: nothing is left"
	done
}

# The hook is killed at one system call after another.
case_killed() {
	local n hook calls=sendmsg,sendto,rename,renameat2
	static eth1 $N.98/24 POLICY_TABLE=81 POLICY_GATEWAY=$GW
	printf '%s\n' "fwmark 5 table 9" "from $N.98 table 9" | file rule-eth1
	echo "blackhole 10.5.0.0/16" | file route-eth1
	foreign
	for hook in ifup-local ifdown-pre-local ifdown-local; do
		for n in 1 2 3 4 5 6; do
			printf '%s\n' '#!/bin/sh' "strace -o /dev/null \
-e trace=$calls -e inject=$calls:signal=KILL:when=$n $HOOK $hook \"\$@\"" \
			    "[ \$? -lt 128 ] || echo $n >>/tmp/case/$hook" \
			    >/sbin/.killed
			chmod 755 /sbin/.killed
			run ifup eth1
			rm /sbin/$hook
			mv /sbin/.killed /sbin/$hook
			run ifup eth1
			run ifdown eth1
			ln -sf $HOOK /sbin/$hook
			run ifup eth1
			is "$(ruled | uniq -d) $(ours)" " " \
			    "$hook killed at $n: ifup is whole again"
			content
			down eth1
			nothing_left "$hook killed at $n: nothing is left"
		done
		like "$(<"/tmp/case/$hook")" '^3$' "$hook was killed indeed"
	done
}

run_cases "$@"
