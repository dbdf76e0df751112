#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: everything that ifupdown can call an interface, with the policy in its stanza.

. "$(dirname "$0")/../lib/net.sh"

A=$N.99
R1=("policy-table rt1" "policy-gateway $GW" "policy-metric 100")
R2=("policy-table rt2" "policy-gateway $GW" "policy-metric 101")

r() { rules "$@" | sed 's/ proto ifpolicy//; s/^[0-9]*: //' | sort; }

case_one_interface_up_and_down() {
	usual
	silent "ifup" ifup eth0
	is "$(r)" "from $A lookup rt1
from all to $A lookup rt1" "rules"
	is "$(main | head -1)" \
	    "default via $GW dev eth0 proto ifpolicy metric 100" "default"
	silent "ifdown" ifdown eth0
	nothing_left
}

case_the_stanzas_own_gateway_is_the_default() {
	stanza eth0 $A/24 "gateway $GW" "policy-table rt1" | interfaces
	silent "ifup" ifup eth0
	like "$(table rt1)" "^default via $GW dev eth0" "in the table"
	silent "ifdown" ifdown eth0
	nothing_left
}

case_own_is_the_default_of_a_static_stanza() {
	stanza eth0 $A/24 "${R1[@]}" "up ip addr add 10.0.0.5/24 dev eth0" |
	    interfaces
	silent "ifup" ifup eth0
	unlike "$(r)" 10.0.0.5 "another address is not covered"
	silent "ifdown" ifdown eth0
	nothing_left
}

case_alias_comes_and_goes_beside_its_parent() {
	{
		stanza eth0 $A/24 "${R1[@]}"
		stanza eth0:0 $N.90/24 "${R1[@]}"
	} | interfaces
	silent "both up" ifup eth0 eth0:0
	is "$(r | wc -l)" 4 "rules of both"
	is "$(table rt1 | wc -l)" 2 "they share subnet and default"
	silent "the alias down" ifdown eth0:0
	is "$(r)" "from $A lookup rt1
from all to $A lookup rt1" "only its own went"
	is "$(table rt1 | wc -l) $(main | grep -c default)" "2 1" "shared stay"
	silent "up again" ifup eth0:0
	ok "the parent down" ifdown eth0
	unlike "$(rules; routes)" rt1 "takes the alias's along"
	ok "the alias down after it" ifdown eth0:0
	nothing_left
}

case_alias_alone_has_a_policy() {
	{
		stanza eth0 $A/24
		stanza eth0:0 $N.90/24 "policy-table rt1" \
		    "policy-gateway $GW"
	} | interfaces
	silent "both up" ifup eth0 eth0:0
	is "$(r)" "from $N.90 lookup rt1
from all to $N.90 lookup rt1" "its rules"
	is "$(replies_leave_by $N.90)" eth0 "it works"
	silent "the alias down" ifdown eth0:0
	is "$(r)" "" "gone"
	silent "the parent down" ifdown eth0
	nothing_left
}

case_aliases_of_a_similar_name_are_others() {
	NICS="eth1 eth10" /src/tests/lib/cables
	{
		stanza eth1 $A/24 "${R1[@]}"
		stanza eth10 $N.98/24 "${R2[@]}"
	} | interfaces
	silent "eth1 and eth10" ifup eth1 eth10
	silent "eth1 down" ifdown eth1
	is "$(r)" "from $N.98 lookup rt2
from all to $N.98 lookup rt2" "eth10's stay"
	silent "eth10 down" ifdown eth10
	unlike "$(rules; routes)" 'rt[12]' "nothing is left"
}

case_two_stanzas_on_one_interface() {
	{
		stanza eth0 $A/24 "${R1[@]}"
		stanza eth0 $N.90/24 "${R1[@]}"
	} | interfaces
	silent "ifup" ifup eth0
	is "$(r | wc -l) $(table rt1 | wc -l)" "4 2" "rules each, routes once"
	ok "ifdown" ifdown eth0
	unlike "$ERR" ifpolicy "we say nothing"
	nothing_left
}

case_two_stanzas_with_two_tables() {
	{
		stanza eth0 $A/24 "${R1[@]}"
		stanza eth0 10.0.0.5/24 "policy-table rt2" \
		    "policy-gateway 10.0.0.1"
	} | interfaces
	silent "ifup" ifup eth0
	is "$(r)" "from 10.0.0.5 lookup rt2
from $A lookup rt1
from all to 10.0.0.5 lookup rt2
from all to $A lookup rt1" "each its own"
	like "$(table rt2)" "via 10.0.0.1 .*" "each its gateway"
	ok "ifdown" ifdown eth0
	nothing_left
}

case_inet_and_inet6() {
	{
		stanza eth0 $A/24 "${R1[@]}"
		stanza eth0 fd00:178::99/64 "policy-table rt1" \
		    "policy-gateway fd00:178::1" "policy-metric 100"
	} | interfaces
	silent "ifup" ifup eth0
	is "$(r | wc -l) $(r -6 | wc -l)" "2 2" "rules in both families"
	is "$(main -6 | grep -c '^default .*metric 100')" 1 "defaults too"
	is "$(replies_leave_by fd00:178::99)" eth0 "IPv6 works"
	ok "ifdown" ifdown eth0
	unlike "$ERR" ifpolicy "we say nothing"
	nothing_left
}

case_inet6_down_does_not_touch_inet() {
	link_up eth0 $A/24 fd00:178::99/64
	local e6=(ADDRFAM=inet6 IF_ADDRESS=fd00:178::99 IF_NETMASK=64
	    IF_POLICY_TABLE=rt1 IF_POLICY_GATEWAY=fd00:178::1)
	silent "inet" hook up eth0 IF_ADDRESS=$A IF_NETMASK=255.255.255.0 \
	    IF_POLICY_TABLE=rt1 IF_POLICY_GATEWAY=$GW
	remember
	silent "inet6" hook up eth0 "${e6[@]}"
	silent "inet6 down" hook down eth0 "${e6[@]}"
	is "$(rules; rules -6; routes; routes -6)" \
	    "$(rules; routes; routes -6 | grep -v rt1)" "inet stays"
	is "$(r | wc -l)" 2 "with its rules"
}

case_a_logical_name() {
	{
		stanza home $A/24 "${R1[@]}"
		stanza work 10.0.0.5/24 "policy-table rt2" \
		    "policy-gateway 10.0.0.1"
	} | interfaces
	silent "ifup eth0=home" ifup eth0=home
	is "$(r | head -1)" "from $A lookup rt1" "home's policy on eth0"
	silent "ifdown eth0" ifdown eth0
	nothing_left
	silent "ifup eth0=work" ifup eth0=work
	is "$(r | head -1)" "from 10.0.0.5 lookup rt2" "work's policy"
	silent "ifdown eth0" ifdown eth0
	nothing_left
}

case_a_mapping() {
	{
		printf '%s\n' "mapping eth0" "script /tmp/case/map"
		stanza eth0-at-home $A/24 "${R1[@]}"
	} | interfaces
	printf '#!/bin/sh\necho eth0-at-home\n' >/tmp/case/map
	chmod +x /tmp/case/map
	silent "ifup" ifup eth0
	is "$(r | wc -l)" 2 "the mapped stanza's policy"
	silent "ifdown" ifdown eth0
	nothing_left
}

case_inherited_options() {
	{
		printf '%s\n' "iface base inet static" \
		    "	policy-gateway $GW" "	policy-metric 100" \
		    "	policy-route 10.5.0.0/16 via $GW" ""
		printf '%s\n' "iface eth0 inet static inherits base" \
		    "	address $A/24" "	policy-table rt1" \
		    "	policy-metric 7" \
		    "	policy-route 10.6.0.0/16 via $GW" ""
	} | interfaces
	silent "ifup" ifup eth0
	like "$(main)" "default via $GW dev eth0 proto ifpolicy metric 7" \
	    "the child's line counts"
	is "$(table rt1 | grep -c '10\.[56]\.0\.0/16')" 2 "routes of both"
	silent "ifdown" ifdown eth0
	nothing_left
}

case_repeated_and_continued_lines() {
	usual "policy-rule fwmark 1" "policy-rule	fwmark 2" \
	    "policy-rule fwmark 3 \\" "    lookup 78" \
	    "policy-rule7 fwmark 4" "policy_rule8 fwmark 5"
	silent "ifup" ifup eth0
	is "$(rules | grep -o 'fwmark.*lookup [^ ]*' | sort)" \
	    "fwmark 0x1 lookup rt1
fwmark 0x2 lookup rt1
fwmark 0x3 lookup 78
fwmark 0x4 lookup rt1
fwmark 0x5 lookup rt1" "all of them"
	silent "ifdown" ifdown eth0
	nothing_left
}

case_all_of_them() {
	{
		echo "auto lo eth0 eth1"
		echo "iface lo inet loopback"
		stanza eth0 $A/24 "${R1[@]}"
		stanza eth1 $N.98/24 "${R2[@]}"
	} | interfaces
	silent "ifup -a" ifup -a
	is "$(r | wc -l)" 4 "both"
	silent "ifdown -a" ifdown -a
	nothing_left
}

case_all_drops_claims_of_devices_that_are_gone() {
	{
		stanza eth0 $A/24 "${R1[@]}"
		stanza eth1 $N.98/24 "${R2[@]}"
	} | interfaces
	silent "up" ifup eth0 eth1
	ip link del eth1
	like "$(rules)" "from $N.98 " "rules of eth1 are left behind"
	silent "IFACE=--all" hook up --all LOGICAL=auto ADDRFAM=meta \
	    METHOD=none
	is "$(r)" "from $A lookup rt1
from all to $A lookup rt1" "gone; eth0's stay"
	silent "IFACE=--all on the way down" hook down --all LOGICAL=auto \
	    ADDRFAM=meta METHOD=none
	is "$(r | wc -l)" 2 "touches no living device"
}

case_down_all_by_command() {
	{
		stanza eth0 $A/24 "${R1[@]}"
		stanza eth1 $N.98/24 "${R2[@]}"
	} | interfaces
	silent "up" ifup eth0 eth1
	silent "ifpolicy down --all" ifpolicy down --all
	nothing_of_ours
	silent "ifdown after it" ifdown eth0 eth1
	nothing_left
}

case_lo_without_policy_is_ignored() {
	silent "ifup lo" ifup lo
	nok "no record" ls -d $RECORDS/net-*
	silent "ifdown lo" ifdown lo
}

case_lo_with_policy() {
	printf '%s\n' "iface lo inet static" "	address 10.50.0.1/32" \
	    "	policy-table rt1" "	policy-gateway none" \
	    "	policy-match to" | interfaces
	silent "ifup" ifup lo
	is "$(r)" "from all to 10.50.0.1 lookup rt1" "its rule"
	silent "ifdown" ifdown lo
	nothing_of_ours
}

case_without_policy_nothing_is_touched() {
	stanza eth0 $A/24 "gateway $GW" | interfaces
	silent "ifup" ifup eth0
	nok "no record" ls -d $RECORDS
	silent "ifdown" ifdown eth0
	nok "nor after" ls -d $RECORDS
	nothing_left
}

case_manual_with_addresses_of_its_own() {
	printf '%s\n' "iface eth0 inet manual" "up ip link set eth0 up" \
	    "up ip addr add $A/24 dev eth0" "up ip addr add $N.90/24 dev eth0" \
	    "policy-table rt1" "policy-gateway $GW" \
	    "down ip addr flush dev eth0" "down ip link set eth0 down" |
	    interfaces
	silent "ifup" ifup eth0
	is "$(r | wc -l)" 4 "both are covered"
	silent "ifdown" ifdown eth0
	nothing_left
}

case_dhcp() {
	dhcpd 192.168.178.104
	printf '%s\n' "iface eth0 inet dhcp" "policy-table rt1" \
	    "policy-metric 100" | interfaces
	exits 0 "ifup" ifup eth0
	unlike "$ERR" ifpolicy: "we say nothing"
	is "$(r)" "from $N.104 lookup rt1
from all to $N.104 lookup rt1" "the lease is covered"
	like "$(table rt1)" "^default via $GW dev eth0" "the lease's router"
	exits 0 "ifdown" ifdown eth0
	is "$(ip rule | grep "proto ifpolicy"; ip route show table all proto 173)" "" \
	    "nothing of ours is left"
	# udhcpc is told to go while it configures: its address may stay.
	ip addr flush dev eth0
	nothing_left
}

# A DHCP server in the router's namespace that hands out one address.
dhcpd() {
	printf '%s\n' "start $1" "end $1" "interface br0" "max_leases 1" \
	    "opt router $GW" "opt subnet 255.255.255.0" "opt lease 600" \
	    "lease_file /tmp/case/leases" "pidfile /tmp/case/dhcpd.pid" \
	    >/tmp/case/udhcpd.conf
	: >/tmp/case/leases
	gw udhcpd -f /tmp/case/udhcpd.conf >/tmp/case/udhcpd.log 2>&1 &
	sleep 0.2
}

case_no_scripts_is_no_policy() {
	usual
	silent "ifup --no-scripts" ifup --no-scripts eth0
	is "$(r)" "" "nothing"
	silent "ifdown" ifdown eth0
	nothing_left
}

case_options_on_the_command_line() {
	stanza eth0 $A/24 "policy-gateway $GW" | interfaces
	silent "ifup -o" ifup -o policy-table=rt9 eth0
	is "$(r | wc -l)" 2 "policy-table from -o"
	silent "ifdown, without it" ifdown eth0
	nothing_left
}

case_show_says_what_is_there() {
	usual
	silent "ifup" ifup eth0
	exits 0 "show" ifpolicy show
	like "$OUT" eth0 "the interface"
	like "$OUT" rt1 "the table"
	like "$OUT" "from $A" "the rules"
	like "$OUT" "default via $GW" "the routes"
	exits 0 "show eth0" ifpolicy show eth0
	exits 0 "show of one without a policy" ifpolicy show eth1
	unlike "$OUT" "rt1" "tells nothing of others"
	exits 0 "json" ifpolicy -j show
	like "$OUT" '"table": ?"rt1"' "with the keys of ip -j"
	ok "it is JSON" is_json "$OUT"
	run ifpolicy -j check
	ok "so is check's" is_json "$OUT"
	silent "check" ifpolicy check
	silent "ifdown" ifdown eth0
	exits 0 "show" ifpolicy show
	unlike "$OUT" eth0 "nothing afterwards"
}

case_the_record_can_be_read_and_undone_by_hand() {
	usual
	silent "ifup" ifup eth0
	local rec=$(ls $RECORDS/net-*)
	is "$(stat -c %a $RECORDS) $(stat -c %a $rec)" "755 644" "modes"
	like "$(cat $rec)" "from $A" "a rule in words"
	like "$(cat $rec)" "default via $GW dev eth0" "a route in words"
	is "$(ls $RECORDS | grep -cv '^net-\|^lock$')" 0 "nothing else lies there"
}

run_cases "$@"
