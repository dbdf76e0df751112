# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: what the tests of import stand on: a file as published and as imported, brought up by turns.

# The text of a stanza's file is FILE, what import must make of it WANT; both
# are given as they are, tabs and all.
FILE=/tmp/case/hand WANT=/tmp/case/want GOT=/tmp/case/got

# hand: the file from stdin. want: what import must make of it.
hand() { cat >$FILE; }
want() { cat >$WANT; }

imports() {
	run ifpolicy import $FILE
	printf '%s\n' "$OUT" >$GOT
	is "$RC $ERR" "0 " "imported without a word"
	is "$(cat $GOT)" "$(cat $WANT)" "${1:-what it is as options}"
	is "$(ifpolicy import $GOT)" "$OUT" "a second time changes nothing"
}

# Rules and routes but for priority, protocol, and what a table may have got
# more: its interface's own subnet.
as_asked() {
	{ plain -4; plain -6 | sed 's/^/6 /'; } | sort -u
}

own_subnets() {
	grep -E '^(6 )?[0-9a-f.:]+/[0-9]+ dev [^ ]+ table [^ ]+ (scope link )?src '
}

# Up by hand and by what was imported, both by ifup -a: the same. The latter
# twice the same, and gone without a trace.
same_as_by_hand() {
	local by_hand by_import
	{ lo_stanza; cat $FILE; } | interfaces
	run ifup -a
	HAND_RC=$RC
	by_hand=$(as_asked)
	run ifdown -a --force
	clear_kernel
	remember
	{ lo_stanza; cat $GOT; } | interfaces
	run ifup -a
	is "$RC" "$HAND_RC" "ifup -a ends as by hand"
	by_import=$(as_asked)
	is "$(comm -23 <(echo "$by_hand") <(echo "$by_import"))" "" \
	    "nothing is missing"
	is "$(comm -13 <(echo "$by_hand") <(echo "$by_import") |
	    grep -vxF -f <(own_subnets <<<"$by_import"))" "" \
	    "and nothing more is there"
	[ -n "$by_hand" ] || fail "the lines by hand do something"
	ifpolicy refresh
	run ifup -a
	is "$(as_asked)" "$by_import" "a second time changes nothing"
}

# Two lines in one subnet answer ARP for each other as they did by hand.
goes_without_a_trace() {
	is "$(ifpolicy check | grep '^[a-z]' | grep -v ': conflict arp: ')" "" \
	    "ifpolicy check finds nothing that is new"
	run ifdown -a
	nothing_left "nothing is left after ifdown"
}

lo_stanza() { printf '%s\n' "auto lo" "iface lo inet loopback" ""; }

# What the lines by hand leave behind.
clear_kernel() {
	local nic
	for nic in $NICS; do
		ip addr flush dev "$nic"
		ip link set "$nic" down
		sysctl -qw net.ipv4.conf.$nic.{arp_filter,rp_filter}=0 \
		    net.ipv4.conf.$nic.{arp_ignore,arp_announce}=0
	done
	ip -4 route flush table all proto boot
	ip -6 route flush table all proto boot
	ip rule flush
	ip -6 rule flush
	printf '%s\n' "rule add pref 32766 table main" \
	    "rule add pref 32767 table default" | ip -batch -
	ip -6 rule add pref 32766 table main
}
