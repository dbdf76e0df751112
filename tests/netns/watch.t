#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: ifpolicy watch keeps every claim as things are, and touches nothing of others.

. "$(dirname "$0")/../lib/watch.sh"

# Others' objects: beside ours, in our table, equal to ours but for the
# priority, and one that ours would equal.
foreigners() {
	ip rule add pref 100 fwmark 7 lookup 8001
	ip rule add pref 11000 from $A lookup 8001
	ip rule add pref 12030 from 10.9.9.9 lookup 8001 protocol static
	ip -6 rule add pref 100 fwmark 7 lookup 8001
	ip -6 rule add pref 11000 from $A6 lookup 8001
	ip route add unreachable 10.56.0.0/16 table 8001
	ip route add default via $GW dev eth0 metric 200 proto static
	ip -6 route add unreachable fd05::/16 table 8001
	ip -6 route add default via $GW6 dev eth0 metric 200 proto static
	ip -6 route add default via $GW6 dev eth0 table 8001 metric 7
}

# restored EVENT...: of others nothing has changed but what the event did, and
# ours is back.
restored() {
	local want="$(ours)" alien

	"$@" || fail "$*"
	comes 1 ours "$want" "$*: ours is back" || return
	quiet
	alien=$(theirs)
	[ "$alien" = "$THEIRS" ] || is "$alien" "$THEIRS" \
	    "$*: what is others' is as it was"
}

case_what_somebody_deletes_comes_back() {
	both
	foreigners
	ip link set eth1 up
	THEIRS=$(theirs)
	local f
	for f in -4 -6; do
		watch_start
		restored ip $f rule del pref 12030 proto 173
		restored ip $f rule flush protocol 173
		restored ip $f route del table 8001 unreachable default metric \
		    4294967295
		restored ip $f route flush proto 173
		watch_ends
	done
	says_nothing
	is "$(theirs)" "$THEIRS" "nothing of others' was touched in all that"
	is "$(ifpolicy check | grep '^[a-z]' | grep -v ': conflict ')" "" \
	    "check finds no drift, whatever it says of theirs"
}

case_somebody_puts_his_own_in_the_place_of_ours() {
	both
	ip link set eth1 up
	local ours=$(ours) f his
	for f in -4 -6; do
		watch_start
		calm
		ip $f route replace default dev eth1 metric 100 proto static
		his=$(theirs)
		ok "it is told" within 1 grep -q 'metric.*take another' $SAID
		quiet
		is "$(theirs)" "$his" "his stays"
		is "$(wc -l <$SAID)" 1 "told once"
		ip $f route del default dev eth1 metric 100 proto static
		comes 1 ours "$ours" "and gone, ours is back"
		watch_ends
	done
}

case_flushes_of_everything() {
	both
	foreigners
	watch_start
	local want=$(ours) r
	ip rule flush
	ip -6 rule flush
	comes 1 ours "$want" "ours is back after ip rule flush"
	quiet
	is "$(ip -N rule; ip -N -6 rule | grep -v 173 | grep -v '^0:')" \
	    "$(ip -N rule | grep -E '^0:| proto 173')" \
	    "and nothing of others' with it"
	ip -batch - <<<"rule add pref 32766 table main"
	ip -6 rule add pref 32766 table main
	ip route flush table 8001
	ip -6 route flush table 8001
	comes 1 ours "$want" "ours is back after ip route flush table"
	quiet
	is "$(routes -4; routes -6 | grep -v ifpolicy | grep "table")" \
	    "$(routes -4)" "and nothing of others' with it"
	silent "check" ifpolicy check
	says_nothing
}

case_a_link_set_down_and_up() {
	sysctl -qw net.ipv6.conf.eth0.keep_addr_on_down=1
	both
	watch_start
	local want=$(ours) down="$(rules; rules -6)" knob
	knob=$(knob eth0 ignore_routes_with_linkdown)
	ip link set eth0 down
	comes 1 rt1 "unreachable default proto ifpolicy metric 4294967295
unreachable default dev lo proto ifpolicy metric 4294967295 pref medium" \
	    "down: the fallbacks alone are in the table"
	quiet
	is "$(rules; rules -6)" "$down" "the rules stay"
	is "$(knob eth0 ignore_routes_with_linkdown)" "$knob" "so do settings"
	is "$(via 10.99.0.1 $A)" "" "nothing leaves by another way"
	silent "check calls that right" ifpolicy check
	ip link set eth0 up
	comes 1 ours "$want" "up: all is back"
	local i
	for i in {1..5}; do
		ip link set eth0 down
		ip link set eth0 up
	done
	comes 1 ours "$want" "and after five times at once"
	says_nothing
}

rt1() { table rt1; table rt1 -6; }

case_a_gateway_that_was_found_outlives_the_link() {
	link_up eth0 $A/24
	ip route add default via $GW dev eth0 proto dhcp metric 1024
	silent "up" ifpolicy up eth0 table rt1 metric 100
	local want=$(ours)
	like "$want" "default via $GW dev eth0 proto ifpolicy metric 100" \
	    "the gateway is main's"
	watch_start
	ip link set eth0 down
	within 1 eval '! ours | grep -q default'
	quiet
	ip link set eth0 up
	comes 1 ours "$want" "it is remembered"
	gw ip addr add $N.2/24 dev br0
	ip route add default via $N.2 dev eth0 proto dhcp metric 1024
	comes 1 ours "${want//$GW /$N.2 }" "another one in main is followed"
	gw ip addr del $N.2/24 dev br0
	says_nothing
}

case_addresses_that_go_and_come_back() {
	both
	watch_start
	local want=$(ours)
	ip addr flush dev eth0 scope global
	comes 1 ours "" "without an address nothing of ours is left"
	quiet
	like "$(ifpolicy show eth0)" "^eth0 inet $A: waiting" "it waits"
	like "$(ifpolicy show eth0)" "^eth0 inet6 $A6: waiting" "for both"
	silent "check calls that right" ifpolicy check
	ip addr add $A/24 dev eth0
	ip addr add $A6/64 dev eth0 nodad
	comes 1 ours "$want" "they are back, and all with them"
	ip addr del $A6/64 dev eth0
	comes 1 ours "$(grep -v 'fd00:\|dev lo' <<<"$want")" \
	    "one family alone"
	ip addr add $A6/64 dev eth0
	comes 4 ours "$want" "after duplicate address detection, too"
	says_nothing
}

case_addresses_of_all_kinds_with_addresses_all() {
	link_up eth0 $A/24
	silent "up" ifpolicy up eth0 table 101 gateway $GW addresses all
	watch_start
	local i
	for i in 1 2 3; do
		ip addr add 10.7.$i.1/24 dev eth0
	done
	comes 1 covered "10.7.1.1 10.7.2.1 10.7.3.1 $A" "each gets its rules"
	ip addr del 10.7.2.1/24 dev eth0
	comes 1 covered "10.7.1.1 10.7.3.1 $A" "and loses them"
	ip addr del $A/24 dev eth0
	comes 1 covered "10.7.1.1 10.7.3.1" "the first as well"
	ip addr add $A/24 dev eth0
	comes 1 covered "10.7.1.1 10.7.3.1 $A" "and gets them again"
}

covered() {
	rules | sed -nE 's/.* from ([0-9.]+) lookup 101.*/\1/p' | sort |
	    paste -sd' '
}

case_a_source_that_lives_on_another_device() {
	link_up eth0 $A/24
	link_up eth1 10.0.0.9/24
	ip addr add 10.0.0.77/32 dev eth1
	silent "up" ifpolicy up eth0 table rt1 gateway $GW metric 100 \
	    source 10.0.0.77
	local want=$(ours)
	like "$want" "metric 100.* src 10.0.0.77|src 10.0.0.77.* metric 100" \
	    "it is the source"
	watch_start
	calm
	ip addr del 10.0.0.77/32 dev eth1
	within 1 eval '! ours | grep -q 10.0.0.77'
	quiet
	unlike "$(ours)" "10.0.0.77" "gone"
	ip addr add 10.0.0.77/32 dev eth1
	comes 1 ours "$want" "back"
	says_nothing
}

case_a_route_through_another_device() {
	link_up eth0 $A/24
	link_up eth1 10.0.0.9/24
	silent "up" ifpolicy up eth0 table rt1 gateway $GW \
	    route "10.77.0.0/16 via 10.0.0.1 dev eth1"
	local want=$(ours)
	watch_start
	calm
	ip link set eth1 down
	quiet
	unlike "$(ours)" "10.77" "its link is down: the route is not there"
	silent "check calls that right" ifpolicy check
	like "$(ifpolicy show eth0)" "waits +eth1 is down" "show says why"
	ip link set eth1 up
	comes 1 ours "$want" "up: it is back"
	says_nothing
}

# ---- others at work ----------------------------------------------------

case_hooks_at_work_are_no_fight() {
	both
	ifdown eth0 2>/dev/null
	ip link set eth0 down
	remember
	watch_start
	local i
	for i in {1..8}; do
		ifup eth0
		sed -i "s/metric 10[0-9]/metric 10$i/" $HOOKS/interfaces
		ifup --force eth0
		ifdown eth0
	done 2>&1 | grep ifpolicy >/tmp/case/err
	quiet
	says_nothing "eight times up, edited, and down: the watch says nothing"
	is "$(cat /tmp/case/err)" "" "nor do the hooks"
	sysctl -qw net.ipv6.conf.eth0.ignore_routes_with_linkdown=0
	nothing_left
}

case_what_was_taken_down_stays_down() {
	both
	watch_start
	silent "down" ifpolicy down eth0
	ip link set eth0 down
	ip link set eth0 up
	ip addr del $A/24 dev eth0
	ip addr add $A/24 dev eth0
	kill -HUP $WATCH
	quiet
	nothing_of_ours "what a stanza had asked for"
}

case_what_was_taken_down_stays_down_with_a_file_too() {
	mkdir -p /etc/ifpolicy
	printf '%s\n' "policy-table rt1" "policy-gateway $GW" \
	    >/etc/ifpolicy/eth0
	link_up eth0 $A/24
	link_up eth1 10.0.0.9/24
	watch_start
	comes 1 count 2 "a watch that begins reads the file"
	silent "down" ifpolicy down eth0
	ip addr add 10.7.1.1/24 dev eth0
	quiet
	is "$(count)" 0 "events do not read it again"
	# More addresses than are remembered one by one.
	for i in {1..200}; do echo "addr add 10.8.$i.1/32 dev eth1"; done |
	    ip -batch -
	quiet
	is "$(count)" 0 "nor do many"
	ip link set eth0 down
	ip link set eth0 up
	comes 1 count 2 "a link that comes up does"
	says_nothing
}

count() { rules | grep -c "$A "; }

# ---- devices that come and go ------------------------------------------

veth() {
	ip link add $1 type veth peer name peer0
	ip link set peer0 up
	ip addr add 10.66.0.2/24 dev $1
	ip link set $1 up
}

v() { rules; table 166; }
V="12030: from 10.66.0.2 lookup 166 proto ifpolicy
12030: from all to 10.66.0.2 lookup 166 proto ifpolicy
default via 10.66.0.1 dev NAME proto ifpolicy
10.66.0.0/24 dev NAME proto ifpolicy scope link src 10.66.0.2"

file_of() {
	mkdir -p /etc/ifpolicy
	printf '%s\n' "policy-table 166" "policy-gateway 10.66.0.1" \
	    >/etc/ifpolicy/$1
}

case_a_device_deleted_and_made_again() {
	file_of v0
	watch_start
	veth v0
	comes 1 v "${V//NAME/v0}" "a new device gets what its file says"
	ip link del v0
	comes 1 v "" "nothing is left of a deleted one"
	veth v0
	comes 1 v "${V//NAME/v0}" "made again, it has it again"
	ip link del v0
	comes 1 v "" "and not"
	rm /etc/ifpolicy/v0
	veth v0
	quiet
	says_nothing
	ip link del v0
}

case_a_device_renamed() {
	file_of v1
	veth v0
	silent "up" ifpolicy up v0 table 166 gateway 10.66.0.1
	watch_start
	calm
	ip link set v0 down
	ip link set v0 name v1
	comes 1 v "" "nothing stays for the name that is gone"
	ip link set v1 up
	comes 1 v "${V//NAME/v1}" "the new name gets what its file says"
	rm /etc/ifpolicy/v1
	ip link set v1 down
	ip link set v1 name v0
	ip link set v0 up
	comes 1 v "${V//NAME/v0}" "and the old name, back, what it had"
	ip link del v0
}

case_what_happened_while_nobody_watched() {
	both
	local want=$(ours)
	ip rule flush protocol 173
	ip route flush proto 173
	watch_start
	comes 1 ours "$want" "is seen at the beginning"
}

run_cases "$@"
