#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: a pulled cable moves the traffic with no daemon, brings it back, and the setting behind it is given back.
# Alone: packets are counted while cables are pulled.

. "$(dirname "$0")/../lib/failover.sh"

KNOB=ignore_routes_with_linkdown

# The setting of both families: set_to NIC is "0 1".
set_to() { echo $(cat /proc/sys/net/ipv{4,6}/conf/${1:-eth0}/$KNOB); }

# Routers ask anew for addresses they have not heard of for a while; this one
# does after a second.
forgetful() {
	local v
	for v in 4 6; do
		gw sysctl -qw net.ipv$v.neigh.br0.base_reachable_time_ms=1000 \
		    net.ipv$v.neigh.br0.delay_first_probe_time=1 \
		    net.ipv$v.neigh.br0.retrans_time_ms=100
	done
}

# ---- traffic that is bound to no address -------------------------------

# The lost of all that the command did to the cables, into PULLED or RETURNED.
stage() {
	flows 1000 "v4 4" "v6 6" "other $N.92" "other6 $N6:92" -- \
	    cable $1 $2
	[ $1 = down ] && PULLED+=(${LOST[v4]} ${LOST[v6]}) ||
	    RETURNED+=(${LOST[v4]} ${LOST[v6]})
	OTHERS+=(${LOST[other]} ${LOST[other6]})
	SEEN+="$(chosen), "
}

case_unbound_traffic_moves_down_the_metrics_and_back() {
	local PULLED=() RETURNED=() OTHERS=() SEEN= round
	three "policy-arp filter"
	for round in 1 2; do
		stage down 0
		stage down 1
		stage up 1
		stage up 0
	done
	is "$SEEN$SEEN" "$(printf '%s %s, ' $(printf '%s\n' eth{1,2,1,0} \
	    eth{1,2,1,0} eth{1,2,1,0} eth{1,2,1,0} | sed p))" \
	    "both families are at once where they should be"
	few "pulled: at most 2 lost (${PULLED[*]})" 2 "${PULLED[@]}"
	few "put back: none lost (${RETURNED[*]})" 0 "${RETURNED[@]}"
	few "traffic of another NIC: none lost" 0 "${OTHERS[@]}"
	down $NICS
	nothing_left
}

case_what_leaves_is_on_the_next_cable() {
	three "policy-arp filter"
	cable down 0
	is "$(leaves_by $FAR) $(leaves_by $FAR6)" "eth1 eth1" "eth1"
	cable down 1
	is "$(leaves_by $FAR) $(leaves_by $FAR6)" "eth2 eth2" "eth2"
	cable down 2
	nok "no cable: IPv4 is refused" ip route get $FAR
	nok "no cable: IPv6 is refused" ip route get $FAR6
	cable up 1
	is "$(leaves_by $FAR) $(leaves_by $FAR6)" "eth1 eth1" "eth1 is back"
	cable up 0
	is "$(leaves_by $FAR) $(leaves_by $FAR6)" "eth0 eth0" "eth0 is back"
	cable up 2
	silent "ifpolicy check is content" ifpolicy check
	down $NICS
	nothing_left
}

case_no_cable_at_ifup() {
	ip -n gw link set p0 down
	three
	is "$(set_to)" "1 1" "it is set all the same"
	is "$(chosen)" "eth1 eth1" "traffic begins on the next"
	cable up 0
	is "$(chosen)" "eth0 eth0" "and comes with the cable"
	cable down 0
	down $NICS
	nothing_left
}

# Without it the kernel goes on using the dead line.
case_keep_leaves_the_traffic_where_it_is() {
	three "policy-linkdown keep"
	is "$(set_to)" "0 0" "nothing is set"
	flows 1000 "v4 4" "v6 6" -- eval 'cable down 0; sleep 0.6'
	local v
	for v in v4 v6; do
		ok "$v is lost (${LOST[$v]}, ${REFUSED[$v]} for full queues)" \
		    [ $((LOST[$v] + REFUSED[$v])) -ge 500 ]
	done
	is "$(via $FAR)" eth0 "the kernel sticks to it"
	cable up 0
	ok "and is back with the cable" within 5 reaches $N.90
	down $NICS
	nothing_left
}

# ---- traffic that is bound to the address of the pulled line -----------

# Its way in follows when a neighbour learns where the address is now: by the
# next NIC's own ARP request, which bears it, or when the neighbour asks.
moves() {
	forgetful
	three "policy-arp $1"
	flows 1000 "bound $N.90" -- cable down 0
	few "$1: it moves at once (${LOST[bound]})" 2 ${LOST[bound]}
	flows 1000 "bound $N.90" -- cable up 0
	few "$1: and back (${LOST[bound]})" 0 ${LOST[bound]}
	flows 1000 "next $N.91" -- cable down 0
	is "$(via $FAR $N.90)" eth1 \
	    "$1: the router knows the next NIC: it leaves there"
	ok "$1: and answers come when the router has asked" \
	    within 15 reaches $N.90
	is "$(via $FAR $N.91)" eth1 "$1: others' stay"
	cable up 0
	ok "$1: back with the cable" within 5 reaches $N.90
	is "$(leaves_by -I $N.90 $FAR)" eth0 "$1: by its own NIC"
	down $NICS
	nothing_left
}

case_bound_to_the_address_arp_filter() { moves filter; }
case_bound_to_the_address_arp_keep() { moves keep; }

# No answer, for as long as it takes the router to ask and give up.
stays_out() {
	local from=$1 to=$2
	within 15 router_gave_up "$from" || diag "$(gw ip neigh)"
	nok "$from: no answer even when the router has asked" \
	    reaches $from $to
	is "$(via $to)" eth1 "$from: what is not bound moves"
}

# Asked meanwhile, so that it looks.
router_gave_up() {
	reaches $1 $([[ $1 == *:* ]] && echo $FAR6 || echo $FAR)
	gw ip neigh show $1 | grep -q 'FAILED\|INCOMPLETE'
}

case_bound_to_the_address_arp_strict() {
	forgetful
	three "policy-arp strict"
	ok "first it has answers" reaches $N.90
	cable down 0
	stays_out $N.90 $FAR
	cable up 0
	ok "back with the cable" within 5 reaches $N.90
	down $NICS
	nothing_left
}

# A NIC answers neighbour discovery for its own addresses only.
case_bound_to_the_address_in_ipv6() {
	forgetful
	three "policy-arp filter"
	ok "first it has answers" reaches $N6:90 $FAR6
	cable down 0
	stays_out $N6:90 $FAR6
	cable up 0
	ok "back with the cable" within 5 reaches $N6:90 $FAR6
	down $NICS
	nothing_left
}

# ---- the setting -------------------------------------------------------

case_given_back_by_each_family_on_its_own() {
	dual 0 | interfaces
	silent "ifup" ifup eth0
	is "$(set_to)" "1 1" "set in both"
	silent "IPv4 down" ifpolicy -4 down eth0
	is "$(set_to)" "0 1" "given back in IPv4"
	silent "IPv6 down" ifpolicy -6 down eth0
	is "$(set_to)" "0 0" "given back in IPv6"
	down eth0
	nothing_left
	stanza eth0 $N6:90/64 "policy-gateway $GW6" "policy-metric 5" |
	    interfaces
	silent "ifup, IPv6 alone" ifup eth0
	is "$(set_to) $(set_to all)" "0 1 0 0" "IPv6 alone is set"
	down eth0
	nothing_left
}

case_the_last_of_two_stanzas_gives_it_back() {
	link_up eth0 $N.90/24 $N.80/24
	remember
	silent "one" hook up eth0 IF_ADDRESS=$N.90 IF_POLICY_METRIC=5 \
	    IF_POLICY_GATEWAY=$GW
	silent "two" hook up eth0 IF_ADDRESS=$N.80 IF_POLICY_TABLE=rt8 \
	    IF_POLICY_GATEWAY=$GW IF_POLICY_LINKDOWN=ignore
	silent "one without a metric" hook up eth0 IF_ADDRESS=$N.90 \
	    IF_POLICY_TABLE=rt9 IF_POLICY_GATEWAY=$GW
	is "$(set_to)" "1 0" "two still wants it"
	silent "two as well" hook up eth0 IF_ADDRESS=$N.80 \
	    IF_POLICY_TABLE=rt8 IF_POLICY_GATEWAY=$GW
	is "$(set_to)" "0 0" "nobody wants it: given back by an edit"
	silent "down" ifpolicy down eth0
	nothing_left
}

case_up_again_keeps_what_is_to_be_given_back() {
	dual 0 | interfaces
	silent "ifup" ifup eth0
	silent "again" ifpolicy refresh
	silent "again" ifpolicy up eth0 gateway "$GW $GW6" metric 100
	is "$(set_to)" "1 1" "set"
	cable down 0
	down eth0
	nothing_left
}

case_somebody_else_changes_it_meanwhile() {
	sysctl -qw net.ipv4.conf.eth0.$KNOB=1
	dual 0 | interfaces
	silent "ifup" ifup eth0
	is "$(set_to)" "1 1" "one was so before"
	down eth0
	is "$(set_to)" "1 0" "and stays so"
	silent "ifup" ifup eth0
	sysctl -qw net.ipv4.conf.eth0.$KNOB=0 net.ipv6.conf.eth0.$KNOB=0
	exits 1 "check tells" ifpolicy check
	like "$OUT$ERR" "$KNOB" "what has changed"
	down eth0
	is "$(set_to)" "0 0" "what somebody has set stays"
	nothing_left
}

# ifup and ifdown are killed in the hook, before each of its first writes (the
# record, the settings, the record), and ended by the next ifdown.
killed_in() {
	local at=$1
	shift
	strace -f -qq -o /dev/null -e trace=write \
	    -e inject=write:signal=KILL:when=$at "$@" >/dev/null 2>&1
} 2>/dev/null

case_given_back_after_a_crash() {
	local at state="" v hit=0
	link_up eth0 $N.90/24 $N6:90/64
	remember
	for at in {1..14}; do
		killed_in $at ifpolicy up eth0 gateway "$GW $GW6" metric 100
		[ "$(set_to)" = "0 0" ] || hit=$((hit + 1))
		ifpolicy down eth0 >/tmp/case/out 2>&1 || state+="$at: exit "
		[ "$(snapshot)" = "$BEFORE" ] ||
		    state+="up, $at: $(set_to), $(cat /tmp/case/out) "
		ifpolicy up eth0 gateway "$GW $GW6" metric 100
		killed_in $at ifpolicy down eth0
		ifpolicy down eth0 >/tmp/case/out 2>&1 || state+="$at: exit "
		[ "$(snapshot)" = "$BEFORE" ] ||
		    state+="down, $at: $(set_to), $(cat /tmp/case/out) "
	done
	ok "some died when it was set ($hit)" [ $hit -ge 2 ]
	is "$state" "" "given back after each"
}

case_the_device_is_gone_with_its_setting() {
	three
	cable down 0
	ip link del eth0
	run ifdown eth0
	is "$(chosen)" "eth1 eth1" "the others carry on"
	is "$(set_to eth1)" "1 1" "theirs stays"
	down eth1 eth2
	unlike "$(rules; rules -6; routes; routes -6)" 'rt[0-9]|ifpolicy' \
	    "nothing of ours is left"
}

run_cases "$@"
