#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: anything in any order: in the end down leaves what is others', all of it.
#
# Anything may happen in any order - ups, edits, kills, lost records, links and
# addresses that come and go, others who add and delete - and in the end down
# leaves what others put there, all of it and nothing else. SEED= and ROUNDS=
# choose other stories; a story that fails is told.

PASS="SEED ROUNDS STEPS"
. "$(dirname "$0")/../lib/net.sh"

declare -A ADDR=([eth0]="$N.99/24 fd00:178::99/64" [eth1]="$N.98/24 10.0.0.98/24"
    [eth2]="10.0.0.97/24 fd00:178::97/64")

# One of the arguments, in P: a subshell would have chances of its own.
pick() { shift $((RANDOM % $#)); P=$1; }
odds() { [ $((RANDOM % 100)) -lt $1 ]; }

# wants ODDS KEY VALUE...: perhaps one more pair, with one of the values.
wants() {
	odds $1 || return 0
	pick "${@:3}"
	WANT+=("$2" "$P")
}

# A request for a NIC, KEY VALUE pairs, in the array WANT; its family in F.
request() {
	local nic=$1 gw=$GW n
	pick -4 -4 -6
	F=$P
	[ $nic != eth2 ] || gw=10.0.0.1
	[ $F = -4 ] || gw=fd00:178::1
	[ $F$nic != -6eth1 ] || gw=none
	odds 60 || gw=none
	WANT=(wait 0 gateway $gw)
	wants 100 table rt1 rt2 t$nic 77 auto
	wants 25 match from to none "from to"
	wants 25 prefer-main yes
	wants 20 default keep none
	wants 25 fallback unreachable blackhole prohibit
	wants 25 rule "fwmark 1" "fwmark 2" "fwmark 3"
	wants 20 priority 5000 12000 13000
	wants 25 connected keep none
	[ $F = -6 ] || wants 25 arp filter strict
	[ $F = -6 ] || wants 15 rp-filter loose off
	[ $gw != none ] || return 0
	wants 30 metric 100 101 102
	n=$((RANDOM % 3 + 50))
	[ $F = -4 ] && n=10.$n.0.0/16 || n=fd$n::/16
	wants 25 route "$n via $gw"
	[ $F = -6 ] || wants 8 route "$n via 10.9.9.9"
}

tell() { STORY+="$*"$'\n'; }
wrong() { tell "^^^ WRONG: $*"; WRONG=1; }

does() {
	tell "$@"
	run "$@"
	[ $RC -lt 126 ] && [ -z "$(grep -v '^ifpolicy: ' <<<"$ERR")" ] ||
	    wrong "exit $RC: $ERR"
}

# Somebody else's objects, one a line as for "ip"; on no NIC, so that only who
# made them may take them away.
others_add() {
	local o
	pick "-4 rule add pref 12030 from $N.99 lookup 8001" \
	    "-4 rule add pref 12029 fwmark 7 lookup 77" \
	    "-4 rule add pref 12030 fwmark 1 lookup 77" \
	    "-4 route add blackhole 10.71.0.0/16 table 77" \
	    "-4 route add blackhole 10.72.0.0/16 table 8001" \
	    "-4 route add unreachable default metric 4294967295 table 77" \
	    "-6 rule add pref 12030 from fd00:178::99 lookup 77"
	o=$P
	grep -qxF -- "$o" <<<"$OTHERS" && return
	ip $o 2>/dev/null || return
	tell ip $o
	OTHERS+="$o"$'\n'
}

others_alone() {
	{ ip -4 -N rule; ip -6 -N rule; } | grep -v 'proto 173' | sort
	{ ip -4 -N route show table all; ip -6 -N route show table all; } |
	    grep -E '^6 |blackhole' | grep -v 'proto 173' | sort
}

step() {
	local nic a call
	pick $NICS
	nic=$P
	case $((RANDOM % 20)) in
	[0-6])	request $nic
		does ifpolicy $F up $nic "${WANT[@]}"
		[ $RC -ne 0 ] || checked $nic ;;
	7 | 8)	does ifpolicy down $nic ;;
	9)	does ifpolicy refresh ;;
	10)	does ifpolicy refresh $nic ;;
	11)	request $nic
		pick sendmsg recvmsg rename openat write fsync unlink
		does killed $P $((RANDOM % 12 + 1)) $F up $nic "${WANT[@]}" ;;
	12)	pick sendmsg recvmsg rename unlink
		does killed $P $((RANDOM % 8 + 1)) down $nic ;;
	13)	does ip link set $nic down
		does ip link set $nic up
		addresses $nic ;;
	14)	pick ${ADDR[$nic]}
		tell ip addr del $P dev $nic
		ip addr del $P dev $nic 2>/dev/null ;;
	15)	addresses $nic ;;
	16)	tell "ip link del $nic, and again"
		replug $nic
		addresses $nic ;;
	17)	others_add ;;
	18)	readarray -t a < <(ip -4 rule | grep 'proto ifpolicy' |
		    sed 's/^\([0-9]*\):/pref \1/')
		[ ${#a[@]} -gt 0 ] || return 0
		pick "${a[@]}"
		does ip rule del $P ;;
	19)	if odds 30; then
			tell "record lost"
			rm -rf $RECORDS
		fi
		does ifpolicy repair ;;
	esac
}

killed() {
	{
		strace -o /dev/null -e trace=$1 \
		    -e inject=$1:signal=KILL:when=$2 ifpolicy "${@:3}"
	} >/dev/null 2>&1
	return 0
}

# What up says is done is so.  That the settings of a story get in each other's
# way is another thing.
checked() {
	run ifpolicy $F check --json $1
	[ $RC -le 1 ] && [ -z "$ERR" ] && [[ $OUT == \[* ]] &&
	    ! grep -o '"finding":"[a-z]*"' <<<"$OUT" | grep -qv conflict ||
		wrong "check $F says: $OUT$ERR" "$(ifpolicy show $1)"
}

addresses() {
	local a
	tell addresses of $1
	for a in ${ADDR[$1]}; do
		[[ $a == *:*:* ]] && a="$a nodad"
		ip addr replace $a dev $1
	done
}

replug() {
	local i=0 n
	for n in $NICS; do
		[ $n = $1 ] && break
		i=$((i + 1))
	done
	ip link del $1
	ip link add $1 type veth peer name p$i netns gw
	ip -n gw link set p$i master br0 up
	ip link set $1 up
}

story() {
	local seed=$1 nic i
	setup
	RANDOM=$seed STORY= WRONG= OTHERS=
	for nic in $NICS; do
		ip link set $nic up
		addresses $nic
	done
	for ((i = 0; i < ${STEPS:-25}; i++)); do step; done
	WANTED=$(others_alone)
	does ifpolicy down --all
	[ $RC -eq 0 ] || wrong "exit $RC: $ERR"
	[ "$(others_alone)" = "$WANTED" ] ||
	    wrong "others': $(diff <(echo "$WANTED") <(others_alone))"
	i=$(ip -N rule; ip -6 -N rule; ip -N route show table all; ls $RECORDS)
	grep -q 'proto 173\|net-' <<<"$i" && wrong "left: $i"
	i=$(wc -l <<<"${OTHERS%$'\n'}")
	[ -z "$OTHERS" ] || [ "$(others_alone | grep -c 'lookup \|blackhole')" -ge $i ] ||
	    wrong "of others' $OTHERS left: $(others_alone)"
	[ -z "$WRONG" ]
}

case_a_random_story_ends_well() {
	local seed=${SEED:-1} n
	for ((n = 0; n < ${ROUNDS:-25}; n++)); do
		if story $((seed + n)); then
			pass "seed $((seed + n))"
		else
			fail "seed $((seed + n))" "$STORY"
		fi
	done
}

run_cases "$@"
