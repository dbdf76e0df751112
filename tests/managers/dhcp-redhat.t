#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: dhclient under network-scripts, and the hook of DHCP clients by itself.
#
# Red Hat's dhclient-script is in no package here: "event" does to the kernel
# what it does, and then sources the exit hooks as it does.

. "$(dirname "$0")/../lib/redhat.sh"

PROGRAM=/usr/libexec/ifpolicy/dhcp
A=10.1.1.10 B=10.1.1.20 R=10.1.1.1

# As dhclient-script ends: what is executable and ends in .sh is sourced.
exit_hooks() {
	local f
	for f in /etc/dhcp/dhclient-exit-hooks.d/*.sh; do
		[ ! -x "$f" ] || . "$f"
	done
}

# event REASON DEVICE [NEW]: with addresses of the /24 as they come. STOP comes
# from ifdown and changes nothing; a changed address flushes the device.
event() (
	export reason=$1 interface=$2
	local new=${3-} was
	was=$(ip -4 -o addr show dev $2 scope global | grep -v secondary |
	    sed -E 's/.* inet ([^/]*).*/\1/')
	if [ "$1" != STOP ] && [ "$new" != "$was" ]; then
		ip -4 addr flush dev $2
		ip -4 route flush dev $2
		[ -z "$new" ] || {
			ip link set $2 up
			ip addr add $new/24 brd + dev $2
			ip -4 route replace default via ${new%.*}.1 dev $2
		}
	fi
	exit_hooks
)

# eth1 by DHCP: dhcp LINE...
dhcp() {
	ifcfg eth1 DEVICE=eth1 BOOTPROTO=dhcp "$@"
	lease eth1 $A/24 $R
	gw ip addr add $R/24 dev br0
}

of() { printf '%s\n' "from $1 lookup 101" "from all to $1 lookup 101"; }

case_leases_of_a_device_with_policy_keys() {
	local a
	dhcp POLICY_TABLE=101 POLICY_METRIC=100
	foreign
	up eth1
	for a in $A $B 10.0.0.7 $A; do
		silent "$a: the hook" event RENEW eth1 $a
		ruled_is "$a: its rules alone" "$(of $a)"
		is "$(routed 101)" "$(printf '%s\n' \
		    "${a%.*}.0/24 dev eth1 scope link src $a" \
		    "default via ${a%.*}.1 dev eth1" | sort)" "$a: its table"
		content
	done
	silent "the lease runs out" event EXPIRE eth1
	ruled_is "no rule is left"
	is "$(routed 101)$(main | grep default)" "" "no route"
	like "$(ifpolicy show eth1)" waiting "show says what it waits for"
	content
	silent "another" event BOUND eth1 $B
	ruled_is "its rules" "$(of $B)"
	silent "ifdown stops the client" event STOP eth1
	ruled_is "the address is still there" "$(of $B)"
	down eth1
	nothing_left
}

# L19: a flush of the device's routes takes those of its files along.
case_leases_of_a_device_with_files() {
	dhcp
	printf '%s\n' "default via $R dev eth1 table 101" \
	    "10.5.0.0/16 via $R" | file route-eth1
	echo "iif eth1 table 101" | file rule-eth1
	foreign
	up eth1
	silent "another address" event RENEW eth1 $B
	ruled_is "the rule is there once" "from all iif eth1 lookup 101"
	is "$(routed 101)" "default via $R dev eth1" "its table is filled again"
	like "$(main)" "^10.5.0.0/16 via $R dev eth1" "and the route in main"
	content
	silent "the lease runs out" event EXPIRE eth1
	is "$(routed 101)" "" "no route stands without an address"
	silent "another" event BOUND eth1 $A
	is "$(routed 101)" "default via $R dev eth1" "and back"
	content
	down eth1
	nothing_left
}

# The variables of a shell but those that it changes itself.
variables() {
	grep -vE "^(_|LINENO|PIPESTATUS|BASH_[A-Z]*|FUNCNAME)=" /tmp/case/$1
}

case_the_snippet_leaves_its_script_alone() {
	local hook=/etc/dhcp/dhclient-exit-hooks.d/ifpolicy.sh sh
	ok "it is executable" test -x $hook
	for sh in "bash -eu" "bash --posix -eu" "dash -eu" "busybox sh -eu"; do
		rm -f /tmp/case/before /tmp/case/after
		ok "$sh: no failure" $sh -c "set >/tmp/case/before
		    . $hook; set >/tmp/case/after"
		like "$ERR" "ifpolicy: usage" "$sh: the program is called"
		is "$(variables after)" "$(variables before)" \
		    "$sh: no variable is changed"
	done
	mv $PROGRAM /tmp/case/
	silent "without the program: nothing" bash -eu -c ". $hook"
	mv /tmp/case/dhcp $PROGRAM
}

called() { env -i "$@"; }

case_the_program_by_itself() {
	local r was
	dhcp POLICY_TABLE=101
	up eth1
	was=$(ruled)
	for r in PREINIT PREINIT6 MEDIUM ARPCHECK ARPSEND NBI TEST; do
		ip addr flush dev eth1
		silent "$r" called reason=$r interface=eth1 $PROGRAM
		is "$(ruled)" "$was" "$r: nothing is done"
	done
	for r in EXPIRE FAIL STOP NAK NOCARRIER unheard-of; do
		ip addr flush dev eth1
		silent "$r" called reason=$r interface=eth1 $PROGRAM
		is "$(ruled)" "" "$r: the address is gone"
		ip addr add $A/24 dev eth1
		silent "bound" called interface=eth1 $PROGRAM bound
		is "$(ruled)" "$was" "bound: it is there"
	done
	silent "another device: nothing to do" \
	    called reason=BOUND interface=eth2 $PROGRAM
	silent "no such device" called reason=BOUND interface=eth9 $PROGRAM
	for r in reason= interface=eth1 "reason=BOUND" \
	    "reason=BOUND interface=" "reason=BOUND interface=../eth1" \
	    "reason=EXPIRE interface=a-name-too-long-for-it"; do
		exits 2 "bad: $r" called $r $PROGRAM
		like "$ERR" "^ifpolicy: usage: " "bad: $r: usage"
	done
	is "$(ruled)" "$was" "nothing has changed"
	down eth1
}

# Nothing but the record is looked for, and no privilege is kept.
case_a_device_without_a_policy_costs_nothing() {
	link_up eth1 $A/24
	run strace -f -o /tmp/case/calls env -i reason=BOUND interface=eth1 \
	    $PROGRAM
	is "$RC" 0 "exit status"
	unlike "$(sed -n '/execve.*dhcp"/,$p' /tmp/case/calls)" \
	    'execve\("[^"]*(sh|ip)"|O_WRONLY|O_RDWR|O_CREAT|NETLINK_ROUTE' \
	    "it opens no socket to the kernel and writes nothing"
	is "$(ls $RECORDS 2>/dev/null)" "" "no record is made"
}

run_cases "$@"
