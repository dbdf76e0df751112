#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: each key alone: what the kernel then holds, and that down gives it back.
# IPv4 and IPv6 alike; by the command, on a device with its addresses on.

. "$(dirname "$0")/../lib/net.sh"

A=$N.99 A6=fd00:178::99 G6=fd00:178::1

begin() {
	link_up eth0 ${1-"$A/24" "$A6/64"}
	remember
}

# up [-4|-6] KEY VALUE...
up() {
	local family=
	[[ $1 != -[46] ]] || { family=$1; shift; }
	silent "up $family $*" ifpolicy $family up eth0 "$@"
}
end() { silent "down" ifpolicy down eth0; nothing_left "given back"; }
# Our own words only, sorted where the kernel's order says nothing.
r() { rules "$@" | sed 's/ proto ifpolicy//' | sort -t: -k1,1n -k2; }
t() { table "$@" | sed 's/ proto ifpolicy//'; }
ours() { main "$@" | grep 'proto ifpolicy' | sed 's/ proto ifpolicy//'; }

case_table_by_number() {
	begin
	up -4 table 77 gateway $GW
	is "$(t 77)" "default via $GW dev eth0
$N.0/24 dev eth0 scope link src $A" "subnet and default"
	is "$(r)" "12030: from $A lookup 77
12030: from all to $A lookup 77" "two rules"
	is "$(r -6)" "" "IPv6 is not meant"
	nok "no name is made up" test -s /etc/iproute2/rt_tables.d/ifpolicy.conf
	end
}

case_table_by_number_in_ipv6() {
	begin
	up -6 table 77 gateway $G6
	is "$(t 77 -6)" "fd00:178::/64 dev eth0 src $A6 metric 1024 pref medium
default via $G6 dev eth0 metric 1024 pref medium" "subnet and default"
	is "$(r -6)" "12030: from all to $A6 lookup 77
12030: from $A6 lookup 77" "two rules"
	is "$(r)" "" "IPv4 is not meant"
	end
}

case_table_of_both_families_at_once() {
	begin
	up table 77 gateway none
	is "$(r | wc -l) $(r -6 | wc -l)" "2 2" "rules in both"
	is "$(t 77)" "$N.0/24 dev eth0 scope link src $A" "IPv4 subnet"
	like "$(t 77 -6)" "^fd00:178::/64 dev eth0" "IPv6 subnet"
	end
}

case_table_auto() {
	begin
	up -4 table auto gateway $GW
	like "$(cat /etc/iproute2/rt_tables.d/ifpolicy.conf)" \
	    '^8001[[:space:]]+eth0$' "named after the device"
	is "$(t eth0 | wc -l)" 2 "two routes"
	end
	up -4 table auto gateway $GW
	is "$(ip -N rule | grep -c 'lookup 8001')" 2 "the number is kept"
}

case_table_numbers_in_use_are_not_taken() {
	begin
	echo "8001 mine" >>/etc/iproute2/rt_tables
	echo "8002 his" >/etc/iproute2/rt_tables.d/his.conf
	ip rule add pref 700 fwmark 9 lookup 8003
	ip route add blackhole 10.77.0.0/16 table 8004
	ip -6 rule add pref 700 fwmark 9 lookup 8005
	remember
	up -4 table new gateway $GW
	is "$(cat /etc/iproute2/rt_tables.d/ifpolicy.conf | grep -v '^#' |
	    tr '\t' ' ')" "8006 new" "the lowest free one"
	up -4 table his gateway $GW
	is "$(ip -N rule | grep -c 'lookup 8002')" 2 "known names are used"
	end
}

case_table_names_of_the_vendor_are_known() {
	begin
	mkdir -p /usr/share/iproute2
	echo "555 vendor" >/usr/share/iproute2/rt_tables
	# As iproute2 does: the vendor's file where /etc has none.
	rm /etc/iproute2/rt_tables
	up -4 table vendor gateway $GW
	is "$(ip -N rule | grep -c 'lookup 555')" 2 "/usr/share/iproute2"
	rm -r /usr/share/iproute2
	cp /tmp/.rt_tables /etc/iproute2/rt_tables
	end
}

case_table_shared_by_two_interfaces() {
	begin
	link_up eth1 10.0.0.5/24
	remember
	up -4 table 77 gateway $GW
	silent "eth1" ifpolicy up eth1 table 77 gateway none
	is "$(t 77)" "default via $GW dev eth0
10.0.0.0/24 dev eth1 scope link src 10.0.0.5
$N.0/24 dev eth0 scope link src $A" "routes of both"
	silent "eth1 down" ifpolicy down eth1
	is "$(t 77 | wc -l) $(r | wc -l)" "2 2" "eth0's stay"
	end
}

case_table_on_a_read_only_etc() {
	begin
	mount -t tmpfs tmpfs /mnt
	cp -a /etc/iproute2/. /mnt
	mount --bind /mnt /etc/iproute2
	mount -o remount,bind,ro /etc/iproute2
	ok "up" ifpolicy -4 up eth0 table ronly gateway $GW
	is "$(ip -N rule | grep -c 'lookup 8001')" 2 "the claim has a number"
	ok "and again" ifpolicy -4 up eth0 table ronly gateway $GW
	is "$(ip -N rule | grep -c 'lookup 800')" 2 "the same"
	ok "down" ifpolicy down eth0
	umount /etc/iproute2 /mnt
	nothing_left
}

case_gateway_none() {
	begin
	up -4 table 77 gateway none
	is "$(t 77)" "$N.0/24 dev eth0 scope link src $A" "the subnet only"
	end
}

case_gateway_onlink() {
	begin
	up -4 table 77 gateway "10.9.9.9 onlink" metric 5
	like "$(t 77)" '^default via 10.9.9.9 dev eth0 onlink$' "in the table"
	like "$(ours)" '^default via 10.9.9.9 dev eth0 metric 5 onlink$' "in main"
	end
}

case_gateway_onlink_of_itself_for_host_addresses() {
	begin 10.7.7.7/32
	up -4 table 77 gateway 10.1.1.1
	is "$(t 77)" "default via 10.1.1.1 dev eth0 onlink" "onlink"
	end
}

case_gateway_onlink_of_itself_for_host_addresses_in_ipv6() {
	begin fd00:7::7/128
	up -6 table 77 gateway fd00:1::1
	like "$(t 77 -6)" \
	    '^default via fd00:1::1 dev eth0 metric 1024 onlink pref medium' \
	    "onlink"
	end
}

case_gateway_link_local_in_ipv6() {
	begin
	up -6 table 77 gateway fe80::1 metric 5
	like "$(t 77 -6)" '^default via fe80::1 dev eth0' "in the table"
	like "$(ours -6)" '^default via fe80::1 dev eth0 metric 5' "in main"
	end
}

case_gateway_auto_takes_what_is_in_main() {
	begin
	ip route add default via $N.7 dev eth0 proto dhcp metric 1024
	remember
	up -4 table 77
	like "$(t 77)" "^default via $N.7 dev eth0\$" "from DHCP"
	end
	ip -6 route add default via fe80::7 dev eth0 proto ra metric 1024
	remember
	up -6 table 77
	like "$(t 77 -6)" "^default via fe80::7 dev eth0" "from an RA"
	end
}

case_gateway_auto_waits_for_it() {
	begin
	{ sleep 0.7; ip route add default via $N.7 dev eth0 proto dhcp; } &
	up -4 metric 5 wait 5
	wait $!
	is "$(ours)" "default via $N.7 dev eth0 metric 5" "it came in time"
	ip route del default via $N.7 dev eth0 proto dhcp
	end
}

case_gateway_auto_finds_none_and_the_table_has_its_subnet() {
	begin
	up -4 table 77 wait 0
	is "$(t 77)" "$N.0/24 dev eth0 scope link src $A" "the subnet only"
	end
}

case_metric_alone() {
	begin
	up -4 metric 5 gateway $GW
	is "$(ours)" "default via $GW dev eth0 metric 5" "the default in main"
	is "$(r)" "" "no rules"
	end
	up -6 metric 5 gateway $G6
	is "$(ours -6)" "default via $G6 dev eth0 metric 5 pref medium" "IPv6"
	end
}

case_metric_at_its_limit() {
	begin
	up -4 metric 4294967294 gateway $GW
	is "$(ours)" "default via $GW dev eth0 metric 4294967294" "IPv4"
	end
}

case_match() {
	begin
	up -4 table 77 gateway none match from
	is "$(r)" "12030: from $A lookup 77" "from"
	up -4 table 77 gateway none match to
	is "$(r)" "12030: from all to $A lookup 77" "to"
	up -4 table 77 gateway none match "to from"
	is "$(r | wc -l)" 2 "both"
	up -4 table 77 gateway none match none
	is "$(r)" "" "none"
	is "$(t 77 | wc -l)" 1 "the table stands all the same"
	end
}

case_match_in_ipv6() {
	begin
	up -6 table 77 gateway none match from
	is "$(r -6)" "12030: from $A6 lookup 77" "from"
	up -6 table 77 gateway none match none
	is "$(r -6)" "" "none"
	end
}

case_addresses_all_is_the_commands_default() {
	begin "$A/24 10.0.0.5/24"
	up -4 table 77 gateway none match from
	is "$(r)" "12030: from 10.0.0.5 lookup 77
12030: from $A lookup 77" "both"
	is "$(t 77)" "10.0.0.0/24 dev eth0 scope link src 10.0.0.5
$N.0/24 dev eth0 scope link src $A" "both subnets"
	end
}

case_addresses_as_a_list() {
	begin "$A/24 10.0.0.5/24"
	up -4 table 77 gateway none match from addresses 10.0.0.5
	is "$(r)" "12030: from 10.0.0.5 lookup 77" "the one"
	is "$(t 77)" "10.0.0.0/24 dev eth0 scope link src 10.0.0.5" "its subnet"
	up -4 table 77 gateway none match from addresses "10.0.0.5 $A"
	is "$(r | wc -l)" 2 "two"
	end
}

case_addresses_skip_link_local_and_temporary() {
	begin
	ip addr add 169.254.7.7/16 dev eth0 scope link
	remember
	up table 77 gateway none match from
	is "$(r)" "12030: from $A lookup 77" "IPv4"
	is "$(r -6)" "12030: from $A6 lookup 77" "IPv6"
	end
}

case_source_own() {
	begin
	up -4 metric 5 gateway $GW source own
	is "$(ours)" "default via $GW dev eth0 src $A metric 5" "IPv4"
	end
	up -6 metric 5 gateway $G6 source own
	is "$(ours -6)" "default via $G6 dev eth0 src $A6 metric 5 pref medium" \
	    "IPv6"
	end
}

case_source_another() {
	begin "$A/24 10.0.0.5/24"
	up -4 metric 5 gateway $GW source 10.0.0.5
	is "$(ours)" "default via $GW dev eth0 src 10.0.0.5 metric 5" "src"
	end
}

case_source_waits_for_dad() {
	ip link set eth0 up
	sleep 0.2
	ip addr add $A6/64 dev eth0
	silent "up while tentative" ifpolicy -6 up eth0 metric 5 \
	    gateway $G6 source own
	is "$(ours -6)" "default via $G6 dev eth0 src $A6 metric 5 pref medium" \
	    "applied after DAD"
	silent "down" ifpolicy down eth0
	nothing_of_ours
}

case_connected_metric() {
	begin
	up -4 metric 5 gateway $GW connected metric source own
	is "$(main)" "default via $GW dev eth0 proto ifpolicy src $A metric 5
$N.0/24 dev eth0 proto ifpolicy scope link src $A metric 5" "ours instead"
	end
	up -6 metric 5 gateway $G6 connected metric
	is "$(main -6 | grep -c fd00:178::/64)" 1 "IPv6: one subnet route"
	like "$(ours -6)" "^fd00:178::/64 dev eth0 .*metric 5 " "with the metric"
	end
}

case_connected_none() {
	begin
	up table 77 gateway none connected none
	unlike "$(main; main -6)" "$N.0/24|fd00:178::/64" "out of main"
	like "$(t 77)" "^$N.0/24 dev eth0" "in the table"
	end
	# The way to the gateway comes before what needs it.
	up -4 metric 5 gateway $GW connected none
	up -4 metric 6 gateway $GW connected metric
	like "$(main)" "^$N.0/24 dev eth0 .*metric 6" "and in again, by an edit"
	end
}

case_prefer_main() {
	begin
	link_up eth1 10.0.0.5/24
	remember
	up -4 table 77 gateway $GW prefer-main yes match from
	is "$(r)" "12010: from $A lookup 77 suppress_prefixlength 0
12020: from $A lookup main suppress_prefixlength 0
12030: from $A lookup 77" "three rules an address"
	is "$(via 10.0.0.9 $A)" eth1 "another subnet by main"
	is "$(via $N.9 $A)" eth0 "its own by the table"
	is "$(via 10.99.0.1 $A)" eth0 "the rest by the table's default"
	up -4 table 77 gateway $GW prefer-main no match from
	is "$(via 10.0.0.9 $A)" eth0 "without it, the gateway"
	end
}

case_prefer_main_in_ipv6() {
	begin
	up -6 table 77 gateway $G6 prefer-main yes match from
	is "$(r -6)" "12010: from $A6 lookup 77 suppress_prefixlength 0
12020: from $A6 lookup main suppress_prefixlength 0
12030: from $A6 lookup 77" "three rules an address"
	end
}

case_default_none() {
	begin
	ip route add default via $GW dev eth0 proto dhcp src $A metric 1024
	ip route add default via 10.0.0.1 dev lo onlink metric 9
	ip -6 route add default via $G6 dev eth0 proto ra metric 1024
	remember
	up table 77 gateway none default none
	is "$(main | grep default)" \
	    "default via 10.0.0.1 dev lo metric 9 onlink" "out; others stay"
	is "$(main -6 | grep default)" "" "IPv6 too"
	end
}

case_default_metric() {
	begin
	ip route add default via $GW dev eth0 proto dhcp src $A
	remember
	up -4 metric 50 default metric
	is "$(main | grep default)" \
	    "default via $GW dev eth0 proto ifpolicy metric 50" \
	    "one, with the metric"
	end
}

case_default_keep_is_the_default() {
	begin
	ip route add default via $GW dev eth0 proto dhcp metric 1024
	remember
	up -4 table 77
	is "$(main | grep default)" \
	    "default via $GW dev eth0 proto dhcp metric 1024" "kept"
	end
}

case_route() {
	begin
	up -4 table 77 gateway none \
	    route "10.5.0.0/16 via $GW" \
	    route "10.6.0.0/16 via $GW metric 9 table main" \
	    route "unreachable 10.7.0.0/16" \
	    route "10.8.0.0/16 via $GW table 78 mtu 1400 src $A"
	is "$(t 77)" "10.5.0.0/16 via $GW dev eth0
unreachable 10.7.0.0/16
$N.0/24 dev eth0 scope link src $A" "table defaults to the interface's"
	is "$(ours)" "10.6.0.0/16 via $GW dev eth0 metric 9" "or is named"
	is "$(t 78)" "10.8.0.0/16 via $GW dev eth0 src $A mtu 1400" "options"
	end
}

case_route_numbered_and_without_a_table() {
	begin
	up -4 route0 "10.5.0.0/16 via $GW" route1 "10.6.0.0/16 via $GW"
	is "$(ours)" "10.5.0.0/16 via $GW dev eth0
10.6.0.0/16 via $GW dev eth0" "main"
	end
}

case_route_in_ipv6() {
	begin
	up -6 table 77 gateway none route "fd05::/16 via $G6" \
	    route "fd06::/16 via $G6 metric 9 table main" \
	    route "unreachable fd07::/16"
	like "$(t 77 -6)" "^fd05::/16 via $G6 dev eth0" "the table's"
	like "$(t 77 -6)" "^unreachable fd07::/16" "unreachable"
	like "$(ours -6)" "^fd06::/16 via $G6 dev eth0 metric 9" "main's"
	end
}

case_rule() {
	begin
	up -4 table 77 gateway none match none \
	    rule "fwmark 0x9/0xff" rule "from 10.5.0.0/16 to 10.6.0.0/16" \
	    rule "iif eth1 priority 500" rule "to 10.7.0.0/16 lookup 78" \
	    rule "ipproto tcp dport 22 prohibit"
	is "$(r)" "500: from all iif eth1 lookup 77
12000: from 10.5.0.0/16 to 10.6.0.0/16 lookup 77
12000: from all fwmark 0x9/0xff lookup 77
12000: from all ipproto tcp dport 22 prohibit
12000: from all to 10.7.0.0/16 lookup 78" "base priority and table"
	end
}

case_rule_in_ipv6() {
	begin
	up -6 table 77 gateway none match none rule "fwmark 9" \
	    rule "from fd05::/16 priority 500"
	is "$(r -6)" "500: from fd05::/16 lookup 77
12000: from all fwmark 0x9 lookup 77" "base priority and table"
	end
}

case_fallback() {
	begin
	local f
	for f in unreachable blackhole prohibit; do
		up -4 table 77 gateway $GW fallback $f
		like "$(t 77)" "^$f default metric 4294967295\$" "IPv4 $f"
		is "$(t 77 | grep -c 4294967295)" 1 "alone"
	done
	end
	up -6 table 77 gateway $G6 fallback unreachable
	like "$(t 77 -6)" "^unreachable default .*metric 4294967295" "IPv6"
	end
}

case_fallback_stops_the_leak_when_the_link_goes_down() {
	begin
	link_up eth1 10.0.0.5/24
	ip route add default via 10.0.0.1 dev eth1
	up -4 table 77 gateway $GW fallback unreachable
	ip link set eth0 down
	like "$(ip route get 10.99.0.1 from 10.0.0.5 2>&1)" eth1 \
	    "others' traffic goes on"
	like "$(rules)" "from $A " "the rule stays"
	is "$(t 77)" "unreachable default metric 4294967295" "so does its end"
	silent "down" ifpolicy down eth0
	nothing_of_ours
}

case_linkdown() {
	begin
	up -4 metric 5 gateway $GW
	is "$(knob eth0 ignore_routes_with_linkdown)" 1 "with metric"
	end
	up -4 table 77 gateway $GW
	is "$(knob eth0 ignore_routes_with_linkdown)" 0 "not without"
	up -4 table 77 gateway $GW linkdown ignore
	is "$(knob eth0 ignore_routes_with_linkdown)" 1 "if asked"
	end
	up -4 metric 5 gateway $GW linkdown keep
	is "$(knob eth0 ignore_routes_with_linkdown)" 0 "keep"
	end
	up -6 metric 5 gateway $G6
	is "$(</proc/sys/net/ipv6/conf/eth0/ignore_routes_with_linkdown)" 1 \
	    "IPv6"
	end
}

case_arp() {
	begin
	up -4 arp filter
	is "$(knob eth0 arp_filter)" 1 "filter"
	up -4 arp strict
	is "$(knob eth0 arp_filter) $(knob eth0 arp_ignore) $(knob eth0 \
	    arp_announce)" "0 1 2" "strict gives filter back"
	end
	up -4 arp keep
	is "$(knob eth0 arp_filter) $(knob eth0 arp_ignore)" "0 0" "keep"
	end
}

case_rp_filter() {
	begin
	local v
	for v in strict=1 loose=2 off=0; do
		sysctl -qw net.ipv4.conf.eth0.rp_filter=0
		up -4 rp-filter ${v%=*}
		is "$(knob eth0 rp_filter)" ${v#*=} "${v%=*}"
		silent "down" ifpolicy down eth0
	done
	sysctl -qw net.ipv4.conf.eth0.rp_filter=1
	remember
	up -4 rp-filter off
	is "$(knob eth0 rp_filter)" 0 "off"
	end
}

case_priority() {
	begin
	up -4 table 77 gateway none priority 500 rule "fwmark 9"
	is "$(r)" "500: from all fwmark 0x9 lookup 77
530: from $A lookup 77
530: from all to $A lookup 77" "the base"
	end
	up -6 table 77 gateway none priority 500 prefer-main yes match from
	is "$(r -6 | cut -d: -f1 | paste -sd' ')" "510 520 530" "IPv6"
	end
}

case_every_key_at_once() {
	begin
	ip route add default via $GW dev eth0 proto dhcp metric 1024
	remember
	up -4 table 77 gateway $GW metric 5 match from addresses all \
	    source own connected metric prefer-main yes default none \
	    route "10.5.0.0/16 via $GW" rule "fwmark 9" \
	    fallback unreachable linkdown ignore arp filter rp-filter loose \
	    priority 13000 wait 1 on-error fail
	is "$(r | wc -l) $(t 77 | wc -l) $(ours | wc -l)" "4 4 2" "all there"
	end
}

case_a_word_for_each_object() {
	begin
	ok "up" ifpolicy -v -4 up eth0 table 77 gateway $GW metric 5
	is "$(cut -d' ' -f1,2 <<<"$OUT$ERR" | sort | uniq -c | trim)" \
	    " 3 added route
 2 added rule
 1 added sysctl" "added"
	ok "an edit" ifpolicy -v -4 up eth0 table 77 gateway $GW match from
	is "$(cut -d' ' -f1,2 <<<"$OUT$ERR" | sort | uniq -c | trim)" \
	    " 1 deleted route
 1 deleted rule
 1 deleted sysctl
 2 kept route
 1 kept rule" "kept and deleted"
	ok "another gateway" ifpolicy -v -4 up eth0 table 77 \
	    gateway $N.7 match from
	like "$OUT$ERR" "^replaced route default via $N.7" "replaced"
	run ifpolicy -v -4 up eth0 table 77 gateway $GW \
	    route "10.5.0.0/16 via $GW src $N.222"
	like "$OUT$ERR" "^failed.* route 10.5.0.0/16" "failed"
	end
}

case_the_hosts_defaults_count_where_the_request_is_silent() {
	begin
	cp /etc/default/ifpolicy /tmp/case/default 2>/dev/null
	printf '%s\n' "# ours" "POLICY_MATCH=from" 'POLICY_PRIORITY="500"' \
	    "POLICY_FALLBACK='unreachable'" >/etc/default/ifpolicy
	up -4 table 77 gateway none fallback none
	is "$(r)" "530: from $A lookup 77" "match and priority are the host's"
	unlike "$(t 77)" unreachable "fallback is the request's"
	end
	echo 'POLICY_MATCH=$(id)' >/etc/default/ifpolicy
	exits 2 "a bad one is told" ifpolicy -4 up eth0 table 77 gateway none
	like "$ERR" '^ifpolicy: .*/etc/default/ifpolicy:1: ' "with file and line"
	is "$(r)" "" "nothing is applied"
	cp /tmp/case/default /etc/default/ifpolicy
}

case_an_interface_has_a_file_of_its_own() {
	begin
	mkdir -p /etc/ifpolicy
	printf '%s\n' "# a comment" "policy-table 77" "" \
	    "policy-gateway $GW" "policy-match from" >/etc/ifpolicy/eth0
	silent "up" ifpolicy -4 up eth0
	is "$(r)" "12030: from $A lookup 77" "what it says is done"
	end
	echo "policy-tabel 77" >/etc/ifpolicy/eth0
	exits 2 "a bad one is told" ifpolicy -4 up eth0
	like "$ERR" '/etc/ifpolicy/eth0:1: .*policy-tabel' "with file and line"
	rm /etc/ifpolicy/eth0
	exits 2 "and a missing one" ifpolicy -4 up eth0
}

case_down_of_what_was_never_up() {
	begin
	silent "a device" ifpolicy down eth1
	silent "no device" ifpolicy down eth77
	silent "all" ifpolicy down --all
	silent "refresh" ifpolicy refresh
	silent "check" ifpolicy check
	nothing_left
}

case_a_dry_run_prints_what_ip_batch_can_do() {
	begin
	local k="table 77 gateway $GW metric 5 connected metric
	    prefer-main yes fallback unreachable"
	run ifpolicy -n -4 up eth0 $k
	is "$RC$ERR" 0 "it says nothing else"
	local lines=$OUT
	nothing_left "and does nothing"
	up -4 $k
	local want=$(rules; routes)
	silent "down" ifpolicy down eth0
	is "$(ip -batch - <<<"$lines" 2>&1)" "" "ip -batch takes them"
	is "$(rules; routes)" "$want" "to the same end"
}

case_a_dry_run_of_ipv6_too() {
	begin
	local k="table 77 gateway fd00:178::1 metric 5 fallback unreachable"
	run ifpolicy -n -6 up eth0 $k
	local lines=$OUT
	up -6 $k
	local want=$(rules; routes)
	silent "down" ifpolicy down eth0
	is "$(grep -v '^# sysctl ' <<<"$lines" | head -n 1)" \
	    "# for ip -6 -batch" "for whom"
	is "$(ip -6 -batch - <<<"$lines" 2>&1)" "" "ip -6 -batch takes them"
	is "$(rules; routes)" "$want" "to the same end"
	silent "down finds them by their mark alone" ifpolicy down eth0
	nothing_of_ours
}

case_no_address_in_time_is_said() {
	ip link set eth0 up
	remember
	run ifpolicy -4 up eth0 table 77 gateway $GW wait 1
	is "$RC" 1 "exit 1"
	like "$ERR" '^ifpolicy: eth0: ' "said"
	is "$(rules; routes)" "" "nothing is applied"
}

case_an_address_in_time_is_waited_for() {
	ip link set eth0 up
	{ sleep 0.5; ip addr add $A/24 dev eth0; } &
	up -4 table 77 gateway $GW wait 5
	wait $!
	is "$(r | wc -l)" 2 "covered"
	silent "down" ifpolicy down eth0
	nothing_of_ours
}

run_cases "$@"
