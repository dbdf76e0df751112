#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: rules and routes of the virtual addresses that keepalived moves between two routers.
#
# The real keepalived on both routers, told to call the notify script, or with
# "ifpolicy watch" beside it and no script. What either must do is to keep the
# rules and routes of a virtual address exactly as long as the address.

. "$(dirname "$0")/../lib/vrrp.sh"

setup() { routers_up; }
teardown() { routers_down; }

# A table for each side; routes with a virtual address as the source in them
# and in main; and one in the first that shows which table was asked. Each file
# is called after the router's device.
policies() {
	local rt
	mkdir -p /etc/ifpolicy
	for rt in rt1 rt2; do
		printf '%s\n' "policy-table 101" "policy-addresses all" \
		    "policy-rule fwmark 7" \
		    "policy-route0 203.0.113.0/26 via 192.0.2.1 src $VIP1" \
		    "policy-route1 203.0.113.0/26 via 192.0.2.1 src $VIP1 table main" \
		    "policy-route2 203.0.113.128/26 via 192.0.2.1" \
		    >/etc/ifpolicy/$rt-sw1
		printf '%s\n' "policy-table 102" "policy-addresses all" \
		    "policy-gateway 198.51.100.1" "policy-metric 50" \
		    "policy-source $VIP2" >/etc/ifpolicy/$rt-sw2
	done
}

# A second of it, through whoever has the addresses.
traffic() { on ht1 ping -q -c 10 -i 0.1 -W 1 198.51.100.1; }

by_script() { NOTIFY="notify \"$NOTIFIER ROUTER-sw1 ROUTER-sw2\""; }

# "ifpolicy watch" on both routers; it reads the files by itself.
by_watch() {
	local rt
	NOTIFY=
	for rt in rt1 rt2; do
		begin $rt /tmp/case/$rt.watch ifpolicy watch
	done
}

# ---- what the kernel holds ---------------------------------------------

# What a router must have: wanted ROUTER with|without
WANTED=wanted
wanted() {
	local a=192.0.2.${OWN[$1]} b=198.51.100.${OWN[$1]}
	local d1="dev $1-sw1" d2="dev $1-sw2"
	pair $a 101
	pair $b 102
	echo "12000: from all fwmark 0x7 lookup 101"
	echo "192.0.2.0/24 $d1 table 101 scope link src $a"
	echo "198.51.100.0/24 $d2 table 102 scope link src $b"
	echo "203.0.113.128/26 via 192.0.2.1 $d1 table 101"
	echo "default via 198.51.100.1 $d2 table 102"
	[ "$2" = without ] || of_virtual "$d1" "$d2"
}

of_virtual() {
	pair $VIP1 101
	pair $VIP2 102
	echo "203.0.113.0/26 via 192.0.2.1 $1 table 101 src $VIP1"
	echo "203.0.113.0/26 via 192.0.2.1 $1 src $VIP1"
	echo "default via 198.51.100.1 $2 src $VIP2 metric 50"
}

# Ten times away and back, on both routers.
ten_rounds() {
	local i
	monitor rt1
	for i in {1..10}; do
		ok "round $i: away" swap rt1 rt2
		soon rt1 without "round $i: away"
		soon rt2 with "round $i: away"
		ok "round $i: back" swap rt2 rt1
		soon rt1 with "round $i: back"
		soon rt2 without "round $i: back"
	done
	in_time
	monitored rt1 | grep -E 'proto (ifpolicy|173)' >/tmp/case/ours
	is "$(grep -c "^Deleted 12030:.* $VIP1 " /tmp/case/ours) $(
	    grep -c "^12030:.* $VIP1 " /tmp/case/ours)" "20 20" \
	    "each round takes two rules away and puts two in"
	unlike "$(</tmp/case/ours)" "$(own_pattern rt1)" \
	    "what the router's own addresses have is not touched"
}

own_pattern() {
	local n=${OWN[$1]}
	echo "192\.0\.2\.$n |198\.51\.100\.$n |fwmark|203\.0\.113\.128|table 102"
}

# ---- the fault ---------------------------------------------------------

# So it is with lines written by hand: the kernel forgets main's, and nobody
# forgets the others.
case_without_ifpolicy_routes_are_lost_or_stale() {
	quickly
	NOTIFY=
	ok "started" start_both
	ip -n rt1 route add default via 198.51.100.1 src $VIP2 metric 1
	ip -n rt1 route add default via 198.51.100.1 src $VIP2 table 200
	ok "away" swap rt1 rt2
	is "$(ip -n rt1 route show default)" "" "main's goes with the address"
	like "$(ip -n rt1 route show table 200 | trim)" "src $VIP2" \
	    "the other one stays without"
	ok "back" swap rt2 rt1
	is "$(ip -n rt1 route show default)" "" "main's does not come back"
}

# ---- with the script, and with watch -----------------------------------

case_the_script_follows_ten_rounds() {
	policies
	quickly
	by_script
	ok "started" start_both
	soon rt1 with "started"
	soon rt2 without "started"
	ten_rounds
	silent "check of rt1" on rt1 ifpolicy check
	silent "check of rt2" on rt2 ifpolicy check
	is "$(grep -hiE 'script|notify|unsafe|disabl|exited' /tmp/case/rt?.log)" \
	    "" "keepalived has nothing to say of the script"
	# Here a router that preempts would do so after 0.4 s.
	ok "away" swap rt1 rt2
	ok "ht1 reaches ht2" traffic
	ok "no preemption" holds rt2
	ok "back" swap rt2 rt1
	soon rt1 with "back"
	stop rt1
	ok "keepalived has stopped" within 5 lacks rt1
	soon rt1 without "stopped"
	soon rt2 with "the other one"
}

case_watch_follows_ten_rounds() {
	policies
	quickly
	by_watch
	soon rt1 without "before keepalived"
	ok "started" start_both
	soon rt1 with "started"
	soon rt2 without "started"
	ten_rounds
	silent "check of rt1" on rt1 ifpolicy check
	is "$(cat /tmp/case/rt?.watch)" "" "watch has said nothing"
}

# ---- the published scenario --------------------------------------------

# The longest time between two answers, in milliseconds.
gap() { sed -nE 's/.* gap ([0-9]+).*/\1/p' <<<"$1"; }

# A steady flow through the routers while a command runs.
through_routers() {
	local pid
	begin ht1 /tmp/case/flow flow send -i 198.51.100.1 100 60
	pid=$BG
	"$@" >/tmp/case/during 2>&1
	kill $pid
	wait $pid
}

lose_cable() {
	traffic
	cable rt1-sw1 down
	within 10 holds rt2
	within 5 traffic
}

return_cable() {
	cable rt1-sw1 up
	within 10 was_backup rt1
	traffic
}

case_hosts_reach_each_other_when_a_cable_is_pulled() {
	policies
	slowly
	by_script
	begin ht2 /tmp/case/echo flow echo
	ok "started" start_both
	soon rt1 with "started"
	ok "ht1 reaches ht2" within 3 on ht1 ping -q -c 1 -W 1 198.51.100.1
	through_routers lose_cable
	ok "it goes on: $(</tmp/case/flow)" \
	    [ "$(gap "$(</tmp/case/flow)")" -lt 7000 ]
	ok "over rt2" holds rt2
	soon rt2 with "moved"
	soon rt1 without "moved"
	through_routers return_cable
	is "$(lost "$(</tmp/case/flow)")" 0 "the cable returns: nothing is lost"
	ok "no preemption" holds rt2
	soon rt2 with "still"
	soon rt1 without "still"
	in_time
}

# 203.0.113.129 is behind rt1-sw1 by that interface's table only; main has a
# default through the other one.
case_a_router_sends_from_the_address_by_its_own_table() {
	policies
	quickly
	by_script
	ip -n ht1 addr add 203.0.113.129/32 dev lo
	ip -n ht1 addr add 203.0.113.1/32 dev lo
	ip -n ht2 addr add 203.0.113.65/32 dev lo
	ok "started" start_both
	soon rt1 with "started"
	like "$(ip -n rt1 route get 203.0.113.129 from $VIP1)" \
	    "dev rt1-sw1 table 101" "from the first: the first table"
	like "$(ip -n rt1 route get 203.0.113.129 from $VIP2)" \
	    "dev rt1-sw2 table 102" "from the second: the second"
	ok "and it is answered" on rt1 ping -q -c 1 -W 2 -I $VIP1 203.0.113.129
	nok "though main leads elsewhere" on rt1 ping -q -c 1 -W 1 203.0.113.129
	like "$(ip -n rt1 route get 203.0.113.65)" "rt1-sw2 src $VIP2" \
	    "what is bound to nothing carries the second"
	like "$(ip -n rt1 route get 203.0.113.1)" "rt1-sw1 src $VIP1" \
	    "or the first"
	ok "and is answered" on rt1 ping -q -c 1 -W 2 203.0.113.65
}

# ---- other ways to be called -------------------------------------------

# Before the address was ever there.
case_a_backup_waits_for_the_address() {
	policies
	quickly
	by_script
	silent "the script as keepalived calls it" on rt1 $NOTIFIER rt1-sw1 \
	    rt1-sw2 INSTANCE sw1 BACKUP 20
	exactly rt1 without "what can stand does"
	exits 0 "shown" on rt1 ifpolicy show
	like "$OUT" "wait.*$VIP1" "the first address is waited for"
	like "$OUT" "wait.*$VIP2" "and the second"
	silent "check: it is as it should be" on rt1 ifpolicy check
	exits 1 "up by hand is strict" on rt2 ifpolicy up rt2-sw1
	exits 1 "and again" on rt2 ifpolicy up rt2-sw2
	ok "a refresh makes do" on rt2 ifpolicy refresh
	exactly rt2 without "the same"
	ok "started" start_both
	soon rt1 with "master"
	unlike "$(on rt1 ifpolicy show)" "wait.*($VIP1|$VIP2)" \
	    "neither is waited for"
	silent "check" on rt1 ifpolicy check
}

# The four of a kind that append nothing; and no device, which means every
# claim there is.
case_scripts_for_one_state_and_without_a_device() {
	local s
	policies
	quickly
	NOTIFY=
	for s in master backup fault stop; do
		NOTIFY+="notify_$s $NOTIFIER"$'\n'
	done
	exits 1 "up by hand is strict" on rt1 ifpolicy up rt1-sw1
	exits 1 "and again" on rt1 ifpolicy up rt1-sw2
	ok "started" start_both
	soon rt1 with "started"
	is "$(held rt2)" "" "rt2 has no claim, and gets none"
	ok "away" swap rt1 rt2
	soon rt1 without "away"
	ok "back" swap rt2 rt1
	soon rt1 with "back"
	stop rt1
	soon rt1 without "stopped"
}

# A router that stops makes no claim.
case_a_stop_makes_no_claim() {
	policies
	silent "stop" on rt1 $NOTIFIER rt1-sw1 rt1-sw2 GROUP both STOP 0
	silent "deleted" on rt1 $NOTIFIER rt1-sw1 INSTANCE sw1 DELETED 20
	is "$(held rt1)" "" "nothing is there"
	silent "a name that looks like more" on rt1 $NOTIFIER rt1-sw1 \
	    INSTANCE STOP FAULT 0
	isnt "$(held rt1)" "" "that is no stop"
}

case_wrong_arguments_are_told() {
	local u='^ifpolicy: usage: keepalived'
	policies
	exits 2 "no device" $NOTIFIER ../etc
	like "$ERR" "$u" "usage"
	exits 2 "a label" $NOTIFIER eth0:1 INSTANCE a MASTER 1
	exits 2 "an empty word" $NOTIFIER ""
	exits 2 "not what keepalived appends" $NOTIFIER eth0 INSTANCE "a b" MASTER x
	silent "a device that is not there" $NOTIFIER nosuch INSTANCE \
	    "the other / side" MASTER 1
	silent "nothing at all" $NOTIFIER
	is "$(wc -l <<<"$ERR")$(ls $RECORDS 2>&1)" \
	    "1ls: cannot access '$RECORDS': No such file or directory" \
	    "and nothing was begun"
}

# The shipped example, on a router whose devices have the usual names.
case_the_example_works() {
	local n
	mkdir -p /etc/ifpolicy
	cp /src/sysconfig/examples/keepalived/eth? /etc/ifpolicy/
	for n in 1 2; do
		ip -n rt1 link set rt1-sw$n down
		ip -n rt1 link set rt1-sw$n name eth$((n - 1))
		ip -n rt1 link set eth$((n - 1)) up
	done
	cp /src/sysconfig/examples/keepalived/keepalived.conf /tmp/case/rt1.conf
	exits 0 "keepalived finds no mistake" on rt1 keepalived -t \
	    -f /tmp/case/rt1.conf
	start rt1
	ok "started" within 10 holds rt1
	ok "within a second" within 1 eval \
	    'ip -n rt1 route show default | grep -q "src '$VIP2' metric 50"'
	is "$(ip -n rt1 rule | grep -cE "from ($VIP1 .*inside|$VIP2 .*outside) ")" \
	    2 "rules of both"
	silent "check" on rt1 ifpolicy check
	stop rt1
	ok "stopped" within 5 eval \
	    '! ip -n rt1 route show default | grep -q "src"'
	is "$(ip -n rt1 route show default | trim)" \
	    "default via 198.51.100.1 dev eth1 proto ifpolicy metric 100" \
	    "the other default stays"
	silent "check" on rt1 ifpolicy check
}

# ---- keepalived's own --------------------------------------------------

own_of_keepalived() {
	{ ip -n rt1 rule; ip -n rt1 route show table all; } | trim |
	    grep 'proto keepalived'
}

case_keepalived_own_routes_and_rules_are_left_alone() {
	local was
	policies
	quickly
	by_script
	MORE="virtual_routes {
			203.0.113.192/26 via 198.51.100.1 dev rt1-sw2 src $VIP2 table 200
			203.0.113.192/26 via 198.51.100.1 dev rt1-sw2 src $VIP2
		}
		virtual_rules {
			from $VIP2 lookup 200 priority 11000
		}"
	configure rt1 20
	MORE=
	configure rt2 10
	start rt1
	ok "started" within 10 holds rt1
	start rt2
	ok "the other one" within 10 was_backup rt2
	soon rt1 with "started"
	was=$(own_of_keepalived)
	is "$(wc -l <<<"$was")" 3 "keepalived's own are there"
	monitor rt1
	silent "refreshed" on rt1 ifpolicy refresh
	ok "away" swap rt1 rt2
	soon rt1 without "away"
	is "$(own_of_keepalived)" "" "it takes its own away"
	ok "back" swap rt2 rt1
	soon rt1 with "back"
	is "$(own_of_keepalived)" "$was" "and puts them in again"
	monitored rt1 | grep 'proto keepalived' >/tmp/case/theirs
	is "$(grep -c '^Deleted' /tmp/case/theirs) $(
	    grep -c '^[^D]' /tmp/case/theirs)" "3 3" \
	    "once each"
	silent "down" on rt1 ifpolicy down --all
	is "$(own_of_keepalived)" "$was" "they stay"
	is "$(held rt1)" "" "ours are gone"
}

run_cases "$@"
