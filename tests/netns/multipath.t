#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: one default shared by weight, against whatever happens: random walks, death at every call, cables, others' routes.
# Alone: packets are counted while cables are pulled.

# SEED= chooses another walk; a failure prints its own.

PASS="SEED"
. "$(dirname "$0")/../lib/failover.sh"

# ---- what is there and what should be ----------------------------------

# Stanzas of NIC I, which weighs one more: shares I [METRIC [LINE...]]
shares() {
	local i=$1 m=${2:-100}
	[ $# -gt 2 ] && shift 2 || set -- "policy-weight $((i + 1))"
	stanza eth$i $N.9$i/24 "policy-table rt$i" "policy-gateway $GW" \
	    "policy-metric $m" "$@"
	stanza eth$i $N6:9$i/64 "policy-table rt$i" "policy-gateway $GW6" \
	    "policy-metric $m" "$@"
}

all_share() { for i in 0 1 2; do shares $i; done | interfaces; }

# exactly NAME I...
exactly() { is "$(both)" "$(both_wanted "${@:2}")" "$1"; }

all_up() {
	all_share
	bring_up
	exactly "all share it" 0 1 2
}

# ---- random walks ------------------------------------------------------

# The NIC may be down and notice nothing.
cable_to() { ip -n gw link set p$2 $1; }

# One step; UP is what ifupdown has up, OUT what the kernel has taken from it.
step() {
	local i=$((RANDOM % 3)) what=$((RANDOM % 10))
	DONE="$what eth$i"
	case $what in
	0|1|2) ip link set eth$i up; run ifdown eth$i; run ifup eth$i; UP[i]=1 ;;
	3) run ifdown eth$i; UP[i]= ;;
	4) ip link set eth$i down; ip link set eth$i up
	   [ -z "${UP[i]}" ] || ip addr replace $N6:9$i/64 dev eth$i nodad
	   run ifpolicy refresh ;;
	5) ip addr flush dev eth$i; run ifdown --force eth$i; UP[i]= ;;
	6) ip route flush proto 173; ip -6 route flush proto 173
	   run ifpolicy refresh ;;
	8) cable_to down $i ;;
	9) cable_to up $i ;;
	7) [ -z "${UP[i]}" ] || {
		run ifdown eth$i
		strace -qq -o /dev/null -f -e trace=sendmsg,rename \
		    -e inject=sendmsg,rename:signal=KILL:when=$((RANDOM % 6 + 1)) \
		    ifup eth$i
		run ifup eth$i
		run ifdown eth$i
		run ifup eth$i
	    } >/dev/null 2>&1 ;;
	esac
}

case_a_random_walk() {
	local n wrong= UP=() DONE= list i seed=${SEED:-$((EPOCHSECONDS % 32768))}
	RANDOM=$seed
	all_share
	for n in {1..50}; do
		step
		list=
		for i in 0 1 2; do [ -z "${UP[i]-}" ] || list+=" $i"; done
		[ "$(both)" = "$(both_wanted $list)" ] || {
			wrong="step $n, $DONE: $(both) and not" 
			wrong+=" $(both_wanted $list)"
			break
		}
	done
	is "$wrong" "" "fifty steps (SEED=$seed): exactly those that are up"
	run ifdown $NICS
	run ifdown --force $NICS
	nothing_of_ours
}

# ---- death -------------------------------------------------------------

# The system calls of a command before which its death makes a difference, as
# "NAME ORDINAL".
calls() {
	strace -o /tmp/case/calls "$@" >/dev/null 2>&1
	awk -F'(' '/^[a-z0-9_]+\(/ { n = ++count[$1] }
	    $1 ~ /^(openat|write|rename|unlink|sendmsg|sendto|flock)$/ {
		print $1, n }' /tmp/case/calls
}

killed_at() {
	local call=$1 n=$2
	shift 2
	strace -o /dev/null -e trace=$call \
	    -e inject=$call:signal=KILL:when=$n "$@" >/dev/null 2>&1
} 2>/dev/null

SHARE1=(table rt1 gateway "$GW $GW6" metric 100 weight 2)

# each_death NICS THEN COMMAND...: before each of COMMAND's calls it dies; eth0
# and eth2 are in the route even then, and exactly NICS after THEN.
each_death() {
	local keep=$1 end=$2 name n seen wrong= died=0
	shift 2
	between
	calls "$@" >/tmp/case/points
	while read -r name n; do
		between
		killed_at $name $n "$@"
		[ $? -ne 137 ] || died=$((died + 1))
		seen=$(both)
		[ "$seen" = "$(both_wanted 0 1 2)" ] ||
		    [ "$seen" = "$(both_wanted 0 2)" ] ||
		    [ "${seen#*,}" = " $(wanted 0 2)" ] ||
		    [ "${seen%,*}" = "$(wanted 0 2)" ] ||
		    wrong+="$name $n: left with $seen; "
		$end
		seen=$(both)
		[ "$seen" = "$(both_wanted $keep)" ] ||
		    wrong+="$name $n: then $seen; "
	done </tmp/case/points
	ok "it died $died times" [ $died -ge 20 ]
	is "$wrong" "" "the others' next hops are there all along, and then all"
}

up1() { ifpolicy up eth1 "${SHARE1[@]}"; }

case_up_killed_at_any_call() {
	all_up
	between() { ifpolicy down eth1; }
	heal() { up1; }
	each_death "0 1 2" heal ifpolicy up eth1 "${SHARE1[@]}"
	# Another one's turn comes first.
	heal() {
		ifpolicy refresh eth0
		ifpolicy down eth1
	}
	each_death "0 2" heal ifpolicy up eth1 "${SHARE1[@]}"
	down $NICS
	nothing_left
}

case_down_killed_at_any_call() {
	all_up
	between() { up1; }
	heal() { ifpolicy down eth1; }
	each_death "0 2" heal ifpolicy down eth1
	# Its record is lost as well: what is left of it goes.
	heal() {
		rm -rf $RECORDS
		ifpolicy repair
		ifpolicy down eth1
	} >/dev/null 2>&1
	each_death "0 2" heal ifpolicy down eth1
	down $NICS
	nothing_of_ours
}

case_killed_while_others_come_and_go() {
	local round i pid wrong= seen killed=0
	all_share
	for round in {1..10}; do
		for i in 0 1 2; do ifup eth$i >/dev/null 2>&1 & done
		pid=$!
		sleep 0.0$((RANDOM % 9))
		pkill -KILL -P $pid && killed=$((killed + 1))
		wait $(jobs -p | grep -vx "${ECHO_PID-x}")
		run ifdown --force eth2
		run ifup eth2
		seen=$(both)
		[ "$seen" = "$(both_wanted 0 1 2)" ] ||
		    wrong+="round $round: $seen; "
		for i in 0 1 2; do ifdown eth$i >/dev/null 2>&1 & done
		wait $(jobs -p | grep -vx "${ECHO_PID-x}")
		seen=$(both)
		[ "$seen" = ", " ] || wrong+="round $round down: $seen; "
	done 2>/dev/null
	ok "it met something $killed times" [ $killed -ge 2 ]
	is "$wrong" "" "ten rounds: all three, then none"
	nothing_left
}

# ---- cables and traffic ------------------------------------------------

# How many of 300 destinations each NIC gets: spread -4|-6
spread() {
	local n
	for n in {1..300}; do
		[ $1 = -4 ] && echo "route get 10.99.$((n / 200)).$((n % 200))" ||
		    echo "route get fd00:99::$n"
	done | ip $1 -batch - | grep -o 'dev eth[0-9]' | sort | uniq -c
}

# near COUNT NIC TEXT: half as many to half more.
near() {
	local n
	n=$(sed -n "s/ *\([0-9]*\) dev $2\$/\1/p" <<<"$3")
	[ "${n:-0}" -ge $(($1 / 2)) ] && [ "${n:-0}" -le $(($1 * 3 / 2)) ]
}

case_flows_are_spread_by_weight() {
	local v seen
	all_up
	for v in -4 -6; do
		seen=$(spread $v)
		ok "$v: 1 of 6 by eth0" near 50 eth0 "$seen"
		ok "$v: 2 of 6 by eth1" near 100 eth1 "$seen"
		ok "$v: 3 of 6 by eth2" near 150 eth2 "$seen"
	done
	cable down 2
	for v in -4 -6; do
		seen=$(spread $v)
		ok "$v: eth2's cable pulled: 1 of 3 by eth0" \
		    near 100 eth0 "$seen"
		ok "$v: 2 of 3 by eth1" near 200 eth1 "$seen"
	done
	exactly "its next hop stands by" 0 1 2
	cable up 2
	down $NICS
	nothing_left
}

case_nothing_is_lost_while_they_come_and_go() {
	local lost=() i
	all_up
	come_and_go() {
		for i in 0 1; do
			ifdown eth$i
			ifup eth$i
		done
	}
	for i in 1 2 3; do
		flows 1000 "v4 $N.92" "v6 $N6:92" -- come_and_go
		lost+=($(gone v4 v6))
	done
	few "of what is bound to the one that stays" 0 "${lost[@]}"
	lost=()
	for i in 0 1 2; do
		flows 1000 "v4 4" "v6 6" -- cable down $i
		lost+=($(gone v4 v6))
		flows 1000 "v4 4" "v6 6" -- cable up $i
		lost+=($(gone v4 v6))
	done
	few "cables pulled and put back: at most 2 (${lost[*]})" 2 "${lost[@]}"
	down $NICS
	nothing_left
}

# ---- others, and other metrics -----------------------------------------

case_a_multipath_default_of_somebody_else() {
	local theirs i
	for i in 0 1 2; do ip link set eth$i up; done
	link_up eth1 10.0.0.5/24 fd00:10::5/64
	link_up eth2 10.0.0.6/24 fd00:10::6/64
	ip route add default metric 50 proto static \
	    nexthop via 10.0.0.1 dev eth1 weight 1 \
	    nexthop via 10.0.0.2 dev eth2 weight 9
	ip -6 route add default metric 50 proto static \
	    nexthop via fd00:10::1 dev eth1 nexthop via fd00:10::2 dev eth2
	foreign() { ip route show metric 50; ip -6 route show metric 50; }
	theirs=$(foreign)
	up0() {
		ifpolicy up eth$1 gateway "$2 $3" metric ${4:-100} weight 2 \
		    linkdown keep
	}
	remember
	ok "one beside it" up0 1 10.0.0.1 fd00:10::1
	ok "two" up0 2 10.0.0.2 fd00:10::2
	is "$(both)" "eth1*2 eth2*2, eth1*2 eth2*2" "ours"
	is "$(foreign)" "$theirs" "theirs is as it was"
	ok "down" ifpolicy down eth1
	is "$(foreign)" "$theirs" "and stays so"
	exits 1 "the metric of theirs is refused" \
	    up0 1 10.0.0.1 fd00:10::1 50
	like "$ERR" "not ifpolicy's" "and why"
	is "$(foreign)" "$theirs" "untouched"
	ok "down" ifpolicy down --all
	nothing_left
}

# Into IPv6's default of that metric anybody can put next hops of his own.
case_somebody_puts_his_next_hop_beside_ours() {
	all_up
	ip -6 route append default via $N6:7 dev eth2 metric 100 proto static
	down eth0 eth1
	like "$(ip -6 route show default metric 100)" "via $N6:7 dev eth2" \
	    "his is there"
	is "$(ip -6 route show default metric 100 | grep -c via)" 2 \
	    "beside the one that is left"
	silent "up" ifup eth0
	ip -6 route del default via $N6:7 dev eth2 metric 100
	is "$(both)" "$(both_wanted 0 2)" "and gone, when he takes it"
	down eth0 eth2
	nothing_left
}

case_two_metrics_are_two_routes() {
	{ shares 0 100; shares 1 100; shares 2 200; } | interfaces
	bring_up
	is "$(both); $(hops -4 200), $(hops -6 200)" \
	    "eth0*1 eth1*2, eth0*1 eth1*2; eth2, eth2" "two and one"
	cable down 0
	is "$(chosen)" "eth1 eth1" "one cable: the other of the two"
	cable down 1
	is "$(chosen)" "eth2 eth2" "two: the next metric"
	cable up 0
	cable up 1
	down eth0
	is "$(both)" "eth1, eth1" "one is left"
	down eth1 eth2
	nothing_left
}

case_two_addresses_of_one_nic_share_its_next_hop() {
	link_up eth0 $N.90/24 $N.80/24
	link_up eth1 $N.91/24
	remember
	local a
	for a in 90 80; do
		silent ".$a" hook up eth0 IF_ADDRESS=$N.$a IF_POLICY_METRIC=100 \
		    IF_POLICY_GATEWAY=$GW IF_POLICY_WEIGHT=5
	done
	silent "eth1" hook up eth1 IF_ADDRESS=$N.91 IF_POLICY_METRIC=100 \
	    IF_POLICY_GATEWAY=$GW IF_POLICY_WEIGHT=7
	is "$(hops -4)" "eth0*5 eth1*7" "once"
	silent "one lets go" hook up eth0 IF_ADDRESS=$N.80 \
	    IF_POLICY_TABLE=rt8 IF_POLICY_GATEWAY=$GW
	is "$(hops -4)" "eth0*5 eth1*7" "the other still wants it"
	silent "eth1 down" ifpolicy down eth1
	is "$(hops -4)" "eth0" "alone"
	silent "eth0 down" ifpolicy down eth0
	nothing_left
}

case_a_cable_is_out_when_it_comes_and_goes() {
	all_share
	cable_to down 1
	bring_up
	exactly "up without a cable" 0 1 2
	is "$(spread -4 | grep -c eth1) $(spread -6 | grep -c eth1)" "0 0" \
	    "and without traffic"
	cable down 0
	down eth0
	exactly "down without a cable" 1 2
	cable up 1
	is "$(spread -4 | grep -c eth1) $(spread -6 | grep -c eth1)" "1 1" \
	    "a cable brings traffic"
	down eth1 eth2
	nothing_left
}

run_cases "$@"
