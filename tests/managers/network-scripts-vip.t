#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: a virtual address as the source of all that leaves, while it is there.
#
# eth0 has .111, the alias eth0:1 the virtual .105. First with POLICY_ keys,
# then with a published hand-written route- file and no key at all.

. "$(dirname "$0")/../lib/redhat.sh"

NET=172.16.3
ALL="192.168.1.1 $NET.1 $NET.0 $NET.127 $NET.128 $NET.254"

with_keys() {
	static eth0 $NET.111/24 POLICY_GATEWAY=$NET.1 POLICY_METRIC=100 \
	    POLICY_CONNECTED=metric
	static eth0:1 $NET.105/24 POLICY_GATEWAY=$NET.1 POLICY_METRIC=1 \
	    POLICY_SOURCE=own POLICY_CONNECTED=metric
}

by_hand() {
	local net="dev eth0 proto kernel scope link src $NET.105 metric 1"
	static eth0 $NET.111/24
	static eth0:1 $NET.105/24
	printf '%s\n' "default via $NET.1 dev eth0 src $NET.111 metric 100" \
	    "$NET.0/25 $net" "$NET.128/25 $net" \
	    "default via $NET.1 dev eth0 src $NET.105 metric 1" |
	    file route-eth0
}

# source NAME .HOST: the source of what goes to each of these.
source_is() {
	local to
	is "$(for to in $ALL; do
		ip route get "$to" 2>&1 | sed -nE "s/.* src ([^ ]+).*/$to \1/p"
	done)" "$(for to in $ALL; do echo "$to $NET$2"; done)" \
	    "$1: the source is $2"
}

# The scripts and we say nothing at all of errors.
quietly() {
	run "$@"
	is "$RC $(ours)" "0 " "$*"
	unlike "$OUT$ERR" 'File exists|Error|WARN|RTNETLINK' "$*: no error"
}

none_of_105() {
	unlike "$(ip addr; ip rule; ip route show table all)" "$NET.105" \
	    "nothing of .105 is left"
}

# ---- with keys ---------------------------------------------------------

case_ten_rounds() {
	local i v
	with_keys
	foreign
	for v in $(variants); do
		variant $v
		quietly ifup eth0
		source_is "$v: up" .105
		for i in {1..10}; do
			quietly ifdown eth0:1
			source_is "$v: round $i, down" .111
			none_of_105
			quietly ifup eth0:1
			source_is "$v: round $i, up" .105
		done
		content
		quietly ifdown eth0
		nothing_left
	done
}

case_the_devices_own_way() {
	with_keys
	echo ONPARENT=no >>$DIR/ifcfg-eth0:1
	foreign
	quietly ifup eth0
	source_is "without the alias" .111
	content
	quietly ifup eth0:1
	source_is "with it" .105
	content
	quietly ifup eth0
	source_is "the scripts flush what is not to come up with it" .111
	none_of_105
	content
	quietly ifup eth0:1
	source_is "and again with it" .105
	quietly ifdown eth0:1
	quietly ifdown eth0
	nothing_left
}

case_ifup_of_the_device_twice() {
	with_keys
	foreign
	quietly ifup eth0
	local was=$(routes)
	quietly ifup eth0
	is "$(routes)" "$was" "the same routes"
	quietly ifup eth0:1
	is "$(routes)" "$was" "and by ifup of the alias"
	source_is "up" .105
	content
	quietly ifdown eth0
	nothing_left
}

case_the_second_ifup_touches_nothing_of_ours() {
	with_keys
	quietly ifup eth0
	unlike "$(changes_during ifup eth0:1)" 'proto (ifpolicy|173)' \
	    "ip monitor sees none of ours"
	unlike "$(changes_during ifup eth0)" 'proto (ifpolicy|173)' \
	    "nor by ifup of the device"
}

case_ifdown_of_the_device_with_the_alias_up() {
	with_keys
	foreign
	quietly ifup eth0
	quietly ifdown eth0
	nothing_left
	none_of_105
	quietly ifup eth0
	source_is "and up again" .105
	quietly ifdown eth0
	nothing_left
}

case_the_address_moves_to_another_host_and_back() {
	with_keys
	foreign
	quietly ifup eth0
	quietly ifdown eth0:1
	gw ip addr add $NET.105/24 dev br0
	like "$(ip route get $NET.105)" "dev eth0 src $NET.111" \
	    "it is reached there"
	ok "and answers" ping -q -c 1 -W 2 $NET.105
	source_is "while it is away" .111
	gw ip addr del $NET.105/24 dev br0
	ip neigh flush dev eth0
	quietly ifup eth0:1
	source_is "it is back" .105
	quietly ifdown eth0
	nothing_left
}

case_traffic_carries_it() {
	with_keys
	quietly ifup eth0
	gw ip route add 10.99.0.9/32 dev lo 2>/dev/null
	gw tcpdump -c 1 -n -i br0 icmp and dst 10.99.0.1 >/tmp/case/dump \
	    2>/dev/null &
	local pid=$!
	within 3 eval 'ping -q -c 1 -W 1 10.99.0.1; ! kill -0 '$pid
	like "$(</tmp/case/dump)" "IP $NET.105 > 10.99.0.1" "on the wire"
	quietly ifdown eth0
}

case_the_address_is_edited() {
	with_keys
	foreign
	quietly ifup eth0
	sed -i s/$NET.105/$NET.106/ $DIR/ifcfg-eth0:1
	quietly ifup eth0
	none_of_105
	source_is "the new one" .106
	content
	quietly ifdown eth0
	nothing_left
}

# ---- by hand -----------------------------------------------------------

# The stock scripts say "File exists" of lines that stand; we say nothing.
case_a_hand_written_file_ten_rounds() {
	local i v
	by_hand
	foreign
	for v in $(variants); do
		variant $v
		up eth0
		source_is "$v: up" .105
		for i in {1..10}; do
			run ifdown eth0:1
			is "$RC" 0 "$v: round $i: ifdown eth0:1"
			source_is "$v: round $i, down" .111
			none_of_105
			up eth0:1
			source_is "$v: round $i, up" .105
		done
		content
		down eth0
		nothing_left
		none_of_105
	done
}

case_a_hand_written_file_whole_rounds() {
	local i
	by_hand
	foreign
	for i in {1..10}; do
		up eth0
		source_is "round $i" .105
		down eth0
		nothing_left "round $i"
	done
}

case_a_hand_written_file_is_edited() {
	by_hand
	foreign
	up eth0
	sed -i 's/metric 100/metric 200/; s/105/106/' $DIR/route-eth0
	sed -i s/$NET.105/$NET.106/ $DIR/ifcfg-eth0:1
	down eth0
	nothing_left
	up eth0
	source_is "as edited" .106
	printf '%s\n' "default via $NET.1 dev eth0 metric 7" |
	    file route-eth0
	up eth0
	is "$(routed main | grep default)" \
	    "default via $NET.1 dev eth0 metric 7" \
	    "edited while up: the old lines are gone"
	content
	rm $DIR/route-eth0
	down eth0
	nothing_left
}

case_a_hand_written_file_twice() {
	by_hand
	foreign
	up eth0
	local was=$(routes)
	up eth0 eth0:1 eth0
	is "$(routes)" "$was" "the same routes"
	unlike "$(changes_during ifup eth0:1)" 'Deleted.*(ifpolicy|173)' \
	    "none of ours goes for a moment"
	down eth0
	nothing_left
}

case_a_hand_written_file_and_the_address_elsewhere() {
	by_hand
	foreign
	up eth0
	run ifdown eth0:1
	gw ip addr add $NET.105/24 dev br0
	ok "it is reached there" ping -q -c 1 -W 2 $NET.105
	gw ip addr del $NET.105/24 dev br0
	ip neigh flush dev eth0
	up eth0:1
	source_is "it is back" .105
	down eth0
	nothing_left
}

run_cases "$@"
