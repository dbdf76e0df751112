#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: rules and source routes of virtual addresses that come and go on an interface of ifupdown.
#
# As an alias with ifup and ifdown, or by hand with "ifpolicy refresh" behind
# it, or with "ifpolicy watch" and nothing behind it.

. "$(dirname "$0")/../lib/vrrp.sh"

# ---- the interface -----------------------------------------------------

# eth0 with all its addresses, whichever they are, and routes for two of them
# that need not be there; the usual default stands behind that of the first.
parent() {
	stanza eth0 $N.99/24 "policy-table 101" "policy-gateway $GW" \
	    "policy-addresses all" "policy-metric 100" \
	    "policy-route0 default via $GW src $N.105 metric 1 table main" \
	    "policy-route1 10.77.0.0/16 via $GW src $N.105" \
	    "policy-route2 10.78.0.0/16 via $GW src $N.106"
}

# What must be there with these virtual addresses, a word each: wanted here LIST
WANTED=wanted
wanted() {
	local v
	pair $N.99 101
	echo "$N.0/24 dev eth0 table 101 scope link src $N.99"
	echo "default via $GW dev eth0 table 101"
	echo "default via $GW dev eth0 metric 100"
	for v in $2; do
		of_address $v
	done
}

of_address() {
	pair $N.$1 101
	case $1 in
	105)	echo "10.77.0.0/16 via $GW dev eth0 table 101 src $N.105"
		echo "default via $GW dev eth0 src $N.105 metric 1" ;;
	106)	echo "10.78.0.0/16 via $GW dev eth0 table 101 src $N.106" ;;
	esac
}

WATCH=
start_watch() {
	ifpolicy watch >/tmp/case/watch 2>&1 &
	WATCH=$!
}

# A short-lived watch leaves nothing and says nothing.
end_watch() {
	kill $WATCH
	wait $WATCH
	WATCH=
	is "$(</tmp/case/watch)" "" "watch has said nothing"
}

# Nothing that the monitor saw since was of eth0's own.
own_untouched() {
	monitored here >/tmp/case/seen
	unlike "$(grep -E 'proto (ifpolicy|173)' /tmp/case/seen)" \
	    "$N\.99 |metric 100|default via $GW dev eth0 table 101" \
	    "what eth0's own address has is not touched"
}

# The first time, before an address was ever there: that may be a typing mistake,
# so up refuses it and says so; a refresh, as the next event brings it, makes do.
first_up() {
	exits 0 "ifup eth0" ifup eth0
	like "$ERR" "^ifpolicy: eth0: .*${1:-$N.105}" "told what is missing"
	# A watch is that quick.
	[ -n "$WATCH" ] || exits 1 "and found by check" ifpolicy check
	silent "a refresh makes do" ifpolicy refresh
	like "$(ifpolicy show)" "waits .*${1:-$N.105}" "and shown"
	silent "check: it is as it should be" ifpolicy check
}

down() {
	run ifdown "$@"
	unlike "$ERR" ifpolicy "ifdown $*: we say nothing"
}

# ---- ifup and ifdown of an alias ---------------------------------------

ten_aliases() {
	local i
	monitor here
	for i in {1..10}; do
		silent "ifup eth0:1" ifup eth0:1
		exactly here 105 "round $i: with"
		down eth0:1
		exactly here "" "round $i: without"
	done
	own_untouched
}

case_an_alias_without_a_policy_ten_rounds() {
	{ parent; stanza eth0:1 $N.105/24; } | interfaces
	first_up
	exactly here "" "before the alias"
	ten_aliases
	# First the rules and routes, then the address.
	is "$(grep -nE '^Deleted .*(12030: .*|inet )'$N.105 /tmp/case/seen |
	    sed -nE 's/^[0-9]+:Deleted (12030|[0-9]+: eth0).*/\1/p' |
	    sed 's/.*eth0/address/' | uniq | tail -n 2 | paste -sd' ')" \
	    "12030 address" "the rules go before the address"
	silent "ifup eth0:1" ifup eth0:1
	exits 0 "ifup eth0 again" ifup eth0
	exactly here 105 "as it was"
	silent "check" ifpolicy check
	down eth0
	nothing_of_ours "nothing of ours is left by ifdown of eth0"
	down eth0:1
	nothing_left
}

# The alias has a table; what eth0 asks for with it as the source stays there.
wanted_own() {
	wanted "$@" | sed "/^12030/s/$N.105 lookup 101/$N.105 lookup 102/"
	[ "$2" ] || return 0
	echo "$N.0/24 dev eth0 table 102 scope link src $N.105"
	echo "default via $GW dev eth0 table 102"
}

case_an_alias_with_its_own_table_ten_rounds() {
	{ parent; stanza eth0:1 $N.105/24 "policy-table 102" \
	    "policy-gateway $GW"; } | interfaces
	first_up
	WANTED=wanted_own
	ten_aliases
	WANTED=wanted
	silent "ifup eth0:1" ifup eth0:1
	down eth0
	nothing_of_ours "nothing of ours is left by ifdown of eth0"
	down eth0:1
	nothing_left
}

case_two_aliases() {
	{ parent; stanza eth0:1 $N.105/24; stanza eth0:2 $N.106/24; } |
	    interfaces
	exits 0 "all of them" ifup eth0 eth0:1 eth0:2
	exactly here "105 106" "both"
	monitor here
	down eth0:1
	exactly here 106 "the second"
	silent "the first again" ifup eth0:1
	down eth0:2
	exactly here 105 "the first"
	own_untouched
	down eth0
	nothing_of_ours "nothing of ours is left by ifdown of eth0"
	down eth0:1
	nothing_left
}

# ---- by hand -----------------------------------------------------------

# Addresses come and go as: by_hand LENGTH BEHIND...; BEHIND is run after each.
by_hand() {
	local i len=$1 v
	shift
	parent | interfaces
	first_up
	soon here "" "before"
	monitor here
	for i in {1..10}; do
		ip addr add $N.105/$len dev eth0
		"$@"
		soon here 105 "round $i: with"
		ip addr del $N.105/$len dev eth0
		"$@"
		soon here "" "round $i: without"
	done
	for v in 105 106; do
		ip addr add $N.$v/$len dev eth0
		"$@"
	done
	soon here "105 106" "two"
	ip addr del $N.105/$len dev eth0
	"$@"
	soon here 106 "the second of them"
	ip addr del $N.106/$len dev eth0
	"$@"
	soon here "" "none"
	in_time
	own_untouched
}

refreshed() { silent "refresh" ifpolicy refresh; }

case_by_hand_and_refresh() {
	by_hand 24 refreshed
	down eth0
	nothing_left
}

case_by_hand_as_a_host_address() {
	by_hand 32 refreshed
	down eth0
	nothing_left
}

case_by_hand_with_watch() {
	start_watch
	by_hand 24 :
	down eth0
	end_watch
	nothing_left
}

# ---- IPv6 --------------------------------------------------------------

parent6() {
	stanza eth0 fd00:178::99/64 "policy-table 101" \
	    "policy-gateway fd00:178::1" "policy-addresses all" \
	    "policy-metric 100" \
	    "policy-route0 default via fd00:178::1 src fd00:178::105 metric 1 table main" \
	    "policy-route1 fd00:77::/64 via fd00:178::1 src fd00:178::105"
}

wanted6() {
	local g=fd00:178::1 v=fd00:178::105
	pair fd00:178::99 101
	echo "fd00:178::/64 dev eth0 table 101 src fd00:178::99 metric 1024"
	echo "default via $g dev eth0 table 101 metric 1024"
	echo "default via $g dev eth0 metric 100"
	[ "$2" ] || return 0
	pair $v 101
	echo "fd00:77::/64 via $g dev eth0 table 101 src $v metric 1024"
	echo "default via $g dev eth0 src $v metric 1"
}

rounds6() {
	local i
	parent6 | interfaces
	first_up fd00:178::105
	WANTED=wanted6
	soon here "" "before"
	monitor here
	for i in {1..5}; do
		ip addr add fd00:178::105/64 dev eth0 nodad
		"$@"
		soon here with "round $i: with"
		ip addr del fd00:178::105/64 dev eth0
		"$@"
		soon here "" "round $i: without"
	done
	in_time
	monitored here >/tmp/case/seen
	unlike "$(grep -E 'proto (ifpolicy|173)' /tmp/case/seen)" \
	    '::99 |metric 100 ' "what eth0's own address has is not touched"
	WANTED=wanted
	down eth0
}

case_ipv6_and_refresh() {
	rounds6 refreshed
	nothing_left
}

case_ipv6_with_watch() {
	start_watch
	rounds6 :
	end_watch
	nothing_left
}

# ---- elsewhere ---------------------------------------------------------

wanted_far() {
	[ "$2" ] || return 0
	echo "default via $GW dev eth0 src 10.0.0.105 metric 100"
	echo "10.77.0.0/16 via $GW dev eth0 table 101 src 10.0.0.105"
}

# A source may be on any device; that device has no policy.
elsewhere() {
	local dev=$1 i
	shift
	stanza eth0 $N.99/24 "policy-gateway $GW" "policy-metric 100" \
	    "policy-source 10.0.0.105" \
	    "policy-route 10.77.0.0/16 via $GW src 10.0.0.105 table 101" |
	    interfaces
	ip link set $dev up
	WANTED=wanted_far
	first_up 10.0.0.105
	soon here "" "$dev: before"
	for i in {1..5}; do
		ip addr add 10.0.0.105/24 dev $dev
		"$@"
		soon here with "$dev, round $i: with"
		ip addr del 10.0.0.105/24 dev $dev
		"$@"
		soon here "" "$dev, round $i: without"
	done
	in_time
	WANTED=wanted
	ip link set $dev down
	down eth0
}

case_the_source_is_on_another_device() {
	elsewhere eth1 refreshed
	nothing_left
	ip link add vipbr type bridge
	elsewhere vipbr refreshed
	ip link del vipbr
	nothing_left
}

case_the_source_is_on_another_device_with_watch() {
	start_watch
	elsewhere eth1 :
	ip link add vipbr type bridge
	elsewhere vipbr :
	ip link del vipbr
	end_watch
	nothing_left
}

run_cases "$@"
