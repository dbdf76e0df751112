#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: hand-written lines, imported, do with options what they did by hand.

. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/import.sh"

names() { printf '%s\n' "$@" >>/etc/iproute2/rt_tables; }

# ---- the usual shapes --------------------------------------------------

case_two_lines_of_one_subnet() {
	names "21 left" "22 right"
	hand <<-'END'
	auto eth0 eth1
	iface eth0 inet static
	    address 192.168.178.40
	    netmask 255.255.255.0
	    # the left line
	    up ip route add 192.168.178.0/24 dev eth0 src 192.168.178.40 table left
	    up ip route add default via 192.168.178.1 dev eth0 table left
	    up ip rule add from 192.168.178.40/32 table left
	    up ip rule add to 192.168.178.40/32 table left
	    up ip route add default via 192.168.178.1 metric 10 dev eth0
	    down ip rule del from 0/0 to 0/0 table left
	    down ip rule del from 0/0 to 0/0 table left

	iface eth1 inet static
	    address 192.168.178.41/24
	    mtu 1400
	    up ip ro a 192.168.178.0/24 dev $IFACE src $IF_ADDRESS tab right
	    up ip -4 r add default via 192.168.178.1 dev ${IFACE} t right
	    up /sbin/ip ru a from "$IF_ADDRESS" lookup right || true
	    up ip link set dev eth1 txqueuelen 500
	    down ip rule del from $IF_ADDRESS lookup right 2>/dev/null || :
	    down ip route flush table right
	END
	want <<-'END'
	auto eth0 eth1
	iface eth0 inet static
	    address 192.168.178.40
	    netmask 255.255.255.0
	    # the left line
	    policy-table left
	    policy-gateway 192.168.178.1
	    policy-metric 10

	iface eth1 inet static
	    address 192.168.178.41/24
	    mtu 1400
	    policy-table right
	    policy-gateway 192.168.178.1
	    policy-match from
	    up ip link set dev eth1 txqueuelen 500
	END
	imports
	same_as_by_hand
	goes_without_a_trace
}

case_subnets_marks_and_an_exception() {
	names "30 isp"
	hand <<-'END'
	auto eth0
	iface eth0 inet static
		address 192.168.178.40/24
		post-up ip route add 192.168.178.0/24 dev eth0 table isp
		post-up ip route add default via 192.168.178.1 table isp
		post-up ip rule add from 10.50.0.0/16 table isp
		post-up ip rule add from 10.50.0.0/16 to 10.51.0.0/16 lookup main
		post-up ip rule add fwmark 0x10/0xf0 table isp
		post-up ip route add 10.60.0.0/24 via 192.168.178.9
		post-up ip route add prohibit 10.61.0.0/24
		pre-down ip rule del from 10.50.0.0/16 to 10.51.0.0/16 lookup main
		pre-down ip rule del from 10.50.0.0/16 table isp
		pre-down ip rule del fwmark 0x10/0xf0 table isp
		pre-down ip route del prohibit 10.61.0.0/24
	END
	want <<-'END'
	auto eth0
	iface eth0 inet static
		address 192.168.178.40/24
		policy-table isp
		policy-gateway 192.168.178.1
		policy-match none
		policy-route0 192.168.178.0/24
		policy-route1 10.60.0.0/24 via 192.168.178.9 table main
		policy-route2 prohibit 10.61.0.0/24 table main
		policy-rule0 fwmark 0x10/0xf0 priority 12000
		policy-rule1 from 10.50.0.0/16 to 10.51.0.0/16 lookup main priority 12001
		policy-rule2 from 10.50.0.0/16 priority 12002
	END
	imports
	same_as_by_hand
	is "$(via 10.51.0.9 10.50.0.1)$(ip route get 10.52.0.9 from 10.50.0.1 \
	    iif eth1 2>&1 | grep -c unreachable)" "0" \
	    "the exception is asked first"
	goes_without_a_trace
}

case_priorities_that_were_given_are_kept() {
	hand <<-'END'
	auto eth0
	iface eth0 inet static
		address 192.168.178.40/24
		up ip route add default via 192.168.178.1 dev eth0 table 44
		up ip rule add from 192.168.178.40 table 44 prio 500
		up ip rule add to 10.70.0.7 table 44 priority 600
		down ip rule del from 192.168.178.40 table 44
		down ip rule del to 10.70.0.7
		down ip route flush table 44
	END
	want <<-'END'
	auto eth0
	iface eth0 inet static
		address 192.168.178.40/24
		policy-table 44
		policy-gateway 192.168.178.1
		policy-match from
		policy-priority 470
		policy-rule to 10.70.0.7 priority 600
	END
	imports
	same_as_by_hand
	is "$(rules | cut -d: -f1)" $'500\n600' "the priorities"
	goes_without_a_trace
}

case_a_vpns_rules_keep_their_order() {
	hand <<-'END'
	auto eth1
	iface eth1 inet static
		address 10.0.0.40/24
		post-up ip route add default dev eth1 table 4242
		post-up ip rule add not fwmark 99 table 4242
		post-up ip rule add table main suppress_prefixlength 0
	END
	want <<-'END'
	auto eth1
	iface eth1 inet static
		address 10.0.0.40/24
		policy-route default table 4242
		policy-rule0 lookup main suppress_prefixlength 0 priority 12000
		policy-rule1 not fwmark 0x63 lookup 4242 priority 12001
	END
	imports
	same_as_by_hand
	goes_without_a_trace
}

case_an_alias_and_a_router_that_is_not_on_the_subnet() {
	hand <<-'END'
	auto eth0 eth0:1
	iface eth0 inet static
		address 192.168.178.40/32
		up ip route add 192.168.178.1 dev eth0
		up ip route add default via 192.168.178.1
		down ip route del default via 192.168.178.1
		down ip route del 192.168.178.1 dev eth0

	iface eth0:1 inet static
		address 10.0.0.41/24
		post-up ip route add default via 10.0.0.1 dev eth0:1 table 9
		post-up ip rule add from 10.0.0.41 table 9
		pre-down ip route del default via 10.0.0.1 dev eth0:1 table 9
		pre-down ip rule del from 10.0.0.41 table 9
	END
	want <<-'END'
	auto eth0 eth0:1
	iface eth0 inet static
		address 192.168.178.40/32
		policy-route0 192.168.178.1
		policy-route1 default via 192.168.178.1

	iface eth0:1 inet static
		address 10.0.0.41/24
		policy-table 9
		policy-gateway 10.0.0.1
		policy-match from
	END
	imports
	same_as_by_hand
	goes_without_a_trace
}

case_inet6_and_a_manual_stanza() {
	hand <<-'END'
	auto eth0 eth1
	iface eth0 inet6 static
		address fd00:178::40/64
		dad-attempts 0
		up ip -6 route add fd00:178::/64 dev eth0 table 66
		up ip -6 route add default via fd00:178::1 dev eth0 table 66
		up ip -6 rule add from fd00:178::40 table 66
		up ip -6 route add default via fd00:178::1 dev eth0 metric 77

	iface eth1 inet manual
		up ip link set dev $IFACE up
		up ip addr add 10.0.0.40/24 dev $IFACE
		up ip route add 10.80.0.0/16 via 10.0.0.1
		up ip rule add iif $IFACE lookup 67
		up ip route add 10.0.0.0/24 dev $IFACE table 67
		up ip route add default via 10.0.0.1 table 67
		down ip rule del iif $IFACE lookup 67
		down ip addr del 10.0.0.40/24 dev $IFACE
		down ip link set dev $IFACE down
	END
	want <<-'END'
	auto eth0 eth1
	iface eth0 inet6 static
		address fd00:178::40/64
		dad-attempts 0
		policy-table 66
		policy-gateway fd00:178::1
		policy-metric 77
		policy-match from
		policy-route fd00:178::/64

	iface eth1 inet manual
		up ip link set dev $IFACE up
		up ip addr add 10.0.0.40/24 dev $IFACE
		policy-table 67
		policy-gateway 10.0.0.1
		policy-match none
		policy-route0 10.80.0.0/16 via 10.0.0.1 table main
		policy-route1 10.0.0.0/24
		policy-rule iif eth1
		down ip addr del 10.0.0.40/24 dev $IFACE
		down ip link set dev $IFACE down
	END
	imports
	same_as_by_hand
	goes_without_a_trace
}

case_settings_of_the_device_and_net_tools() {
	hand <<-'END'
	auto eth0 eth1
	iface eth0 inet static
		address 192.168.178.40/24
		up sysctl -qw net.ipv4.conf.$IFACE.arp_filter=1
		up echo 2 >/proc/sys/net/ipv4/conf/eth0/rp_filter
		down sysctl -qw net.ipv4.conf.$IFACE.arp_filter=0

	iface eth1 inet static
		address 10.0.0.40/24
		pre-up echo 1 > /proc/sys/net/ipv4/conf/eth1/arp_ignore
		pre-up sysctl net.ipv4.conf.eth1.arp_announce=2
		up ip route add 10.90.0.0/255.255.0.0 via 10.0.0.1
		up sysctl -w net.ipv4.conf.all.arp_announce=0
	END
	want <<-'END'
	auto eth0 eth1
	iface eth0 inet static
		address 192.168.178.40/24
		policy-arp filter
		policy-rp-filter loose

	iface eth1 inet static
		address 10.0.0.40/24
		policy-route 10.90.0.0/16 via 10.0.0.1
		policy-arp strict
		up sysctl -w net.ipv4.conf.all.arp_announce=0
	END
	imports
	same_as_by_hand
	is "$(knob eth0 arp_filter) $(knob eth0 rp_filter) $(knob eth1 \
	    arp_ignore) $(knob eth1 arp_announce)" "1 2 1 2" "the settings"
	goes_without_a_trace
}

# ---- what stays --------------------------------------------------------

case_what_is_not_sure_stays_with_the_reason() {
	hand <<-'END'
	auto eth0
	iface eth0 inet static
		address 192.168.178.40/24
		gateway 192.168.178.1
		# ours
		up ip route add default via $(cat /tmp/none) dev eth0 table 5 || true
		up [ ! -e /tmp/none ] || ip rule add from 10.9.0.0/16 table 5
		up ip rule add from 10.9.8.0/16 table 5
		up ip rule add from 10.7.0.0/16 table 5; touch /tmp/case/touched
		up ip -6 rule add from fd00:9::/64 table 5
		up ip route flush table 7
		up ip rule add from 10.8.0.0/16 table 5 # for the lab
		down ip rule del table 5 priority 77 || true
	END
	want <<-'END'
	auto eth0
	iface eth0 inet static
		address 192.168.178.40/24
		gateway 192.168.178.1
		# ours
		# ifpolicy import: it has a "$" or a "`" that only a shell could follow
		up ip route add default via $(cat /tmp/none) dev eth0 table 5 || true
		# ifpolicy import: it depends on whether another command fails
		up [ ! -e /tmp/none ] || ip rule add from 10.9.0.0/16 table 5
		# ifpolicy import: the prefix has bits behind its length; what it means to the kernel is 10.9.0.0/16
		up ip rule add from 10.9.8.0/16 table 5
		# ifpolicy import: it does something else as well; put that into a line of its own
		up ip rule add from 10.7.0.0/16 table 5; touch /tmp/case/touched
		# ifpolicy import: it is for IPv6: the line belongs into an inet6 stanza
		up ip -6 rule add from fd00:9::/64 table 5
		# ifpolicy import: no line of this stanza adds what it takes away
		up ip route flush table 7
		policy-rule from 10.8.0.0/16 lookup 5
		# for the lab
		# ifpolicy import: no line of this stanza adds what it takes away
		down ip rule del table 5 priority 77 || true
	END
	imports
	same_as_by_hand
}

# ifup ends at the line that fails, and never comes to ifpolicy.
case_a_line_that_the_kernel_refuses_keeps_those_before_it() {
	hand <<-'END'
	auto eth0
	iface eth0 inet static
		address 192.168.178.40/24
		gateway 192.168.178.1
		up ip rule add from 10.9.0.0/16 table 5
		up ip route add 10.91.0.0/16 via 172.16.9.1
		up ip rule add from 10.8.0.0/16 table 5
	END
	want <<-'END'
	auto eth0
	iface eth0 inet static
		address 192.168.178.40/24
		gateway 192.168.178.1
		# ifpolicy import: ifup ends at a line below that fails, before ifpolicy is called
		up ip rule add from 10.9.0.0/16 table 5
		# ifpolicy import: the kernel refuses it: the gateway 172.16.9.1 is in no subnet of eth0
		up ip route add 10.91.0.0/16 via 172.16.9.1
		policy-rule from 10.8.0.0/16 lookup 5
	END
	imports
	same_as_by_hand
	is "$HAND_RC" 1 "as it does by hand"
	like "$(rules)" "from 10.9.0.0/16" "what is in front of it is done"
}

case_what_only_fails_at_times_is_not_taken_for_sure() {
	hand <<-'END'
	auto eth0 eth1
	iface eth0 inet static
		address 192.168.178.40/24
		gateway 192.168.178.1

	iface eth1 inet static
		address 10.0.0.40/24
		up ip route replace default via 10.0.0.1 dev eth1
		down ip route replace default via 192.168.178.1
	END
	want <<-'END'
	auto eth0 eth1
	iface eth0 inet static
		address 192.168.178.40/24
		gateway 192.168.178.1

	iface eth1 inet static
		address 10.0.0.40/24
		# ifpolicy import: eth0 may have a default route of its own that it replaces; see policy-metric and policy-default
		up ip route replace default via 10.0.0.1 dev eth1
		# ifpolicy import: it is added on the way down
		down ip route replace default via 192.168.178.1
	END
	imports
	same_as_by_hand
}

case_a_name_for_a_table_is_written_until_it_is_known() {
	hand <<-'END'
	auto eth0
	iface eth0 inet static
		address 192.168.178.40/24
		pre-up grep -q lab /etc/iproute2/rt_tables || echo "55 lab" >> /etc/iproute2/rt_tables
		up ip route add default via 192.168.178.1 table lab
		up ip rule add from 192.168.178.40 table lab
	END
	want <<-'END'
	auto eth0
	iface eth0 inet static
		address 192.168.178.40/24
		# ifpolicy import: once the line is in rt_tables this one can go; policy-table numbers a new name by itself
		pre-up grep -q lab /etc/iproute2/rt_tables || echo "55 lab" >> /etc/iproute2/rt_tables
		policy-table lab
		policy-gateway 192.168.178.1
		policy-match from
	END
	imports
	same_as_by_hand
	like "$(ip -N rule)" "lookup 55" "by its number"
	goes_without_a_trace
	sed -i '/ifpolicy import:/d; /pre-up/d' $WANT
	imports "known now"
}

# Nothing of this is brought up: each line tells its reason.
case_more_reasons() {
	hand <<-'END'
	iface eth0 inet static
		address 192.168.178.40/24
		policy-table 5
		up ip rule add from 10.9.0.0/16 table 5
		down ip rule del from 10.9.0.0/16 table 5

	iface eth0:1 inet static inherits eth0
		up ip rule add from 10.8.0.0/16 table 5

	iface eth1 inet static
		address 10.0.0.40/24
		up ip rule add from 10.7.0.0/16 table 6
		up ip route add 10.9.1.0/16 via 10.0.0.1
		up ip rule add from 10.6.0.0/16 table 6

	iface eth1 inet static
		address 10.0.0.40/24
		up ip rule add from 10.5.0.0/16 table 6

	iface eth2 inet6 static
		address fd00:178::40/64
		up ip -6 addr add fd00:178::41/64 dev eth2
		up ip -6 route add fd00:9::/64 via fd00:178::1 src fd00:178::41
		up ip -6 route add default via fe80::1
		up sysctl -w net.ipv4.conf.eth2.arp_filter=1
		up ip rule add from 10.4.0.0/16 table 6

	iface can0 can static
		up ip rule add from 10.3.0.0/16 table 6
	END
	want <<-'END'
	iface eth0 inet static
		address 192.168.178.40/24
		policy-table 5
		# ifpolicy import: the stanza has policy- options already, or inherits some: add it to them as policy-route or policy-rule
		up ip rule add from 10.9.0.0/16 table 5
		down ip rule del from 10.9.0.0/16 table 5

	iface eth0:1 inet static inherits eth0
		# ifpolicy import: the stanza has policy- options already, or inherits some: add it to them as policy-route or policy-rule
		up ip rule add from 10.8.0.0/16 table 5

	iface eth1 inet static
		address 10.0.0.40/24
		# ifpolicy import: ifup ends at a line below that fails, before ifpolicy is called
		up ip rule add from 10.7.0.0/16 table 6
		# ifpolicy import: "10.9.1.0/16": expected no host bits: 10.9.0.0/16 or 10.9.1.0
		up ip route add 10.9.1.0/16 via 10.0.0.1
		policy-rule from 10.6.0.0/16 lookup 6

	iface eth1 inet static
		address 10.0.0.40/24
		# ifpolicy import: another stanza of the same interface and address has the options: put both together
		up ip rule add from 10.5.0.0/16 table 6

	iface eth2 inet6 static
		address fd00:178::40/64
		up ip -6 addr add fd00:178::41/64 dev eth2
		# ifpolicy import: the kernel refuses it for a second or two: fd00:178::41 was only just added, without nodad; as a policy-route it would be waited for
		up ip -6 route add fd00:9::/64 via fd00:178::1 src fd00:178::41
		# ifpolicy import: the kernel refuses it: the gateway fe80::1 is one on every link, and no dev says which
		up ip -6 route add default via fe80::1
		# ifpolicy import: it is for IPv4: the line belongs into an inet stanza
		up sysctl -w net.ipv4.conf.eth2.arp_filter=1
		# ifpolicy import: it is for IPv4: the line belongs into an inet stanza
		up ip rule add from 10.4.0.0/16 table 6

	iface can0 can static
		# ifpolicy import: only inet and inet6 stanzas have options
		up ip rule add from 10.3.0.0/16 table 6
	END
	imports
}

# ---- files -------------------------------------------------------------

case_sourced_files_a_mapping_and_heirs() {
	local dir=/tmp/case/net
	mkdir -p $dir/interfaces.d $dir/more
	printf '%s\n' "source-directory more" "source interfaces.d/* lan" \
	    "auto eth0" "mapping eth1" "	script /bin/cat" \
	    "	map home" >$dir/interfaces
	printf '%s\n' "iface lan inet static" "	address 192.168.178.40" \
	    "	netmask 255.255.255.0" \
	    '	up ip rule add from 10.9.0.0/16 table 5' >$dir/more/lan
	printf '%s\n' "iface eth0 inet static inherits lan" \
	    "	up ip route add default via 192.168.178.1 table 6" \
	    >$dir/interfaces.d/eth0
	printf '%s\n' "iface home inet static" "	address 10.0.0.40/24" \
	    '	up ip rule add iif $IFACE table 5' \
	    '	up ip route add default via 10.0.0.1 dev $IFACE table 5' \
	    >$dir/interfaces.d/home
	echo "iface no inet manual" >$dir/more/lan.dpkg-old
	run ifpolicy import $dir/interfaces
	is "$RC $ERR" "0 " "imported without a word"
	is "$OUT" "$(printf '%s\n' "# ==> $dir/interfaces <==" \
	    "$(cat $dir/interfaces)" "# ==> $dir/more/lan <==" \
	    "iface lan inet static" "	address 192.168.178.40" \
	    "	netmask 255.255.255.0" \
	    "	policy-rule from 10.9.0.0/16 lookup 5" \
	    "# ==> $dir/interfaces.d/eth0 <==" \
	    "iface eth0 inet static inherits lan" "	policy-table 6" \
	    "	policy-gateway 192.168.178.1" "	policy-match none" \
	    "# ==> $dir/interfaces.d/home <==" "iface home inet static" \
	    "	address 10.0.0.40/24" \
	    "	# ifpolicy import: the name of the interface is not known here" \
	    '	up ip rule add iif $IFACE table 5' "	policy-table 5" \
	    "	policy-gateway 10.0.0.1" "	policy-match none")" \
	    "each in its place"
	ok "a relative name" sh -c "cd $dir && ifpolicy import interfaces.d/../interfaces"
	cp -r $dir/. /etc/network/
	rm -rf /etc/network/more/lan.dpkg-old
	run ifup eth0
	is "$(as_asked | grep -c 'table 6\|lookup 5')" 2 "by hand"
	ifdown eth0
	clear_kernel
	ok "in place" ifpolicy import --in-place /etc/network/interfaces
	silent "ifup" ifup eth0
	is "$(as_asked | grep -cE 'default.*table 6|from 10.9.0.0/16 lookup 5')" 2 \
	    "as options"
	run ifdown eth0
	unlike "$(rules)" "lookup 5" "and gone"
	rm -rf /etc/network/interfaces.d/{eth0,home} /etc/network/more
}

case_in_place_keeps_the_former_file() {
	local dir=/tmp/case/net former
	mkdir -p $dir/real
	printf '%s\n' "iface eth0 inet manual" \
	    "	up ip rule add from 10.9.0.0/16 table 5" >$dir/real/interfaces
	chmod 640 $dir/real/interfaces
	ln -s real/interfaces $dir/link
	former=$(cat $dir/link)
	ok "through a link" ifpolicy import --in-place $dir/link
	like "$ERR" "former one is $dir/real/.interfaces.before-ifpolicy$" \
	    "says where the former one is"
	is "$(readlink $dir/link)" real/interfaces "the link stays one"
	is "$(cat $dir/real/.interfaces.before-ifpolicy)" "$former" \
	    "the former file"
	is "$(cat $dir/link)" "iface eth0 inet manual
	policy-rule from 10.9.0.0/16 lookup 5" "the new one"
	is "$(stat -c '%a %G' $dir/real/interfaces)" "640 root" \
	    "mode and owner"
	silent "again: nothing to do" ifpolicy import --in-place $dir/link
	echo "$former" >$dir/real/interfaces
	ok "once more" ifpolicy import --in-place $dir/link
	echo "$former" >$dir/real/interfaces
	chgrp daemon $dir/real/interfaces
	exits 1 "not if its owner would be another" ifpolicy import \
	    --in-place $dir/link
	like "$ERR" "its owner cannot be kept" "and why"
	is "$(cat $dir/link)" "$former" "nothing is done"
	is "$(cd $dir/real && ls -A)" ".interfaces.before-ifpolicy
.interfaces.before-ifpolicy.2
interfaces" "none is overwritten, nothing else is left"
}

# A patch(1) of a few lines: each hunk has to fit where it says.
apply() {
	perl -e 'open F, shift; @f = <F>; my $off = 0; my $at;
	    while (<STDIN>) {
		if (/^@@ -(\d+)(?:,(\d+))? \+(\d+)/) {
		    $at = $1 - 1 + $off + (defined $2 && $2 == 0);
		    die "new line\n" if $at != $3 - 1; next }
		next if /^(---|\+\+\+) /;
		if (/^\\/) { chomp $f[$at - 1] if $last eq "+"; next }
		$last = substr $_, 0, 1; $text = substr $_, 1;
		if ($last eq "+") { splice @f, $at++, 0, $text; $off++; next }
		$have = $f[$at]; $have =~ s/\n?$/\n/;
		die "does not fit: $_" if $have ne $text;
		if ($last eq "-") { splice @f, $at, 1; $off-- } else { $at++ }
	    } print @f' "$1"
}

case_the_difference_is_one_for_patch() {
	names "21 left"
	hand <<-'END'
	auto eth0
	iface eth0 inet static
		address 192.168.178.40/24
		up ip route add default via 192.168.178.1 table left
		up ip rule add from 192.168.178.40 table left
		up true
		up true
		up true
		up true
		up true
		up true
		up true
		down ip route flush table left
	END
	printf '\tdown ip rule del from 192.168.178.40 table left' >>$FILE
	run ifpolicy -n import $FILE
	is "$RC $(grep -c '^@@' <<<"$OUT")" "0 2" "two hunks"
	apply $FILE <<<"$OUT" >/tmp/case/patched
	is "$(cat /tmp/case/patched)" "$(ifpolicy import $FILE)" \
	    "patch makes of it what import prints"
	is "$(cat $FILE | wc -l)" 13 "the file itself is as it was"
	silent "nothing to do, nothing to say" ifpolicy -n import \
	    /tmp/case/patched
}

case_it_needs_no_privilege() {
	hand <<<"iface eth0 inet manual"
	chmod 644 $FILE
	chmod 755 /tmp/case
	ok "as nobody" setpriv --reuid 65534 --regid 65534 --clear-groups \
	    ifpolicy import $FILE
	is "$OUT" "iface eth0 inet manual" "prints it"
	exits 1 "in place it is refused, if there is something to do" \
	    setpriv --reuid 65534 --regid 65534 --clear-groups sh -c "
	    exec ifpolicy import --in-place $(want <<-'END'
	iface eth0 inet manual
		up ip rule add from 10.9.0.0/16 table 5
	END
	    echo $WANT)"
	like "$ERR" "want.*: no new file can be written beside it" "and why"
	exits 2 "no such file" ifpolicy import /tmp/case/none
	exits 2 "no file at all" ifpolicy import
	exits 2 "no text" ifpolicy import /tmp
	exits 2 "not with another command" ifpolicy show --in-place
}

run_cases "$@"
