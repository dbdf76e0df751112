#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: with a fallback, traffic of an interface's addresses leaves by no other one, whatever happens to its line.

. "$(dirname "$0")/../lib/failover.sh"

G0=$N.2 G06=$N6:2

# eth0 has a gateway, a table and no default in main; eth1 and eth2 have that.
# begin [FALLBACK [LINE...]]
begin() {
	local v
	gateway replace
	for v in "$N.90/24" "$N6:90/64"; do
		stanza eth0 $v "policy-table rt0" "policy-linkdown ignore" \
		    "policy-gateway $G0 $G06" ${1:+"policy-fallback $1"} \
		    "${@:2}"
	done >/tmp/case/eth0
	cat /tmp/case/eth0 <(dual 1) <(dual 2) | interfaces
	bring_up "ifup, fallback ${1:-none}"
	is "$(via $FAR $N.90) $(via $FAR6 $N6:90)" "eth0 eth0" \
	    "bound traffic leaves by eth0"
	is "$(chosen)" "eth1 eth1" "all other does not"
}

end() {
	down eth0 eth1 eth2
	nothing_left
}

gateway() {
	gw ip addr $1 $G0/24 dev br0
	gw ip addr $1 $G06/64 dev br0 nodad
}

# More than a thousand packets from each of eth0's addresses, most of them after
# a command.
flow_on() {
	flows 2000 "v4 $N.90" "v6 $N6:90" -- eval "$* sleep 0.4"
}

# The events, each a command that ends in ";".
# IPv6 addresses would go with the link, and nothing can be sent from them then.
LINK_DOWN="sysctl -qw net.ipv6.conf.eth0.keep_addr_on_down=1;
    ip link set eth0 down;"
CABLE="ip -n gw link set p0 down; within 5 carrier eth0 0;"
ADDRESS="ip addr del $N.90/24 dev eth0; ip addr del $N6:90/64 dev eth0;"
GATEWAY="ip route del default via $G0 table rt0;
    ip -6 route del default via $G06 table rt0;"
DEVICE="ip link del eth0;"
FLUSH="ip route flush table rt0; ip -6 route flush table rt0;"

# As after ifup.
renewed() {
	ip -n gw link set p0 up
	run ifdown eth0
	run ifup eth0
	within 5 carrier eth0 1
	settled
}

case_without_it_there_is_a_leak() {
	local e seen
	begin
	for e in LINK_DOWN CABLE GATEWAY FLUSH; do
		seen=$(escapes eth1 eth2 -- flow_on "${!e}")
		ok "$e: IPv4 (${seen% *})" [ ${seen% *} -ge 500 ]
		ok "$e: IPv6 (${seen#* })" [ ${seen#* } -ge 500 ]
		[ $e = FLUSH ] || renewed
	done
	end
}

# What a program is told, both families.
told() {
	ip route get $FAR from $N.90 2>&1
	ip -6 route get $FAR6 from $N6:90 2>&1
}

# stops KIND WORDS EVENT...: nothing leaves by the others.
stops() {
	local kind=$1 words=$2 e
	shift 2
	begin $kind
	for e; do
		is "$(escapes eth1 eth2 -- flow_on "${!e}")" "0 0" \
		    "$kind, $e: nothing leaves by another NIC"
		is "$(chosen)" "eth1 eth1" "$kind, $e: other traffic goes on"
		[ $e != CABLE ] || is "$(told | cut -d: -f2)" " $words
 $words" "$kind: what programs are told"
		[ $e = "${!#}" ] || renewed
	done
	[ $e = DEVICE ] || end
}

# With the address or the device gone the kernel has the last word in IPv4.
case_unreachable_stops_it() {
	stops unreachable "No route to host" \
	    LINK_DOWN CABLE GATEWAY ADDRESS DEVICE
	run ifdown --force eth0
	down eth1 eth2
	nothing_of_ours
}

case_blackhole_stops_it() {
	stops blackhole "Invalid argument" CABLE
}

case_prohibit_stops_it() {
	stops prohibit "Permission denied" CABLE
}

# Asked through another NIC, it does not answer there.
case_no_answer_leaves_by_another_nic() {
	local kind
	for kind in none unreachable; do
		begin $kind
		cable down 0
		gw ip neigh replace $N.90 dev br0 \
		    lladdr $(</sys/class/net/eth1/address)
		is "$(escapes eth1 eth2 -- quietly gw ping -c 20 -i 0.01 \
		    -W 1 $N.90)" \
		    "$([ $kind = none ] && echo 20 || echo 0) 0" \
		    "$kind: answers to a ping"
		gw ip neigh del $N.90 dev br0
		cable up 0
		end
	done
}

quietly() { "$@" >/dev/null 2>&1; }

# IPv6 looks for another route of the table when the gateway is silent; one is
# the fallback, and it asks for the gateway once a minute, or as often as told.
case_the_gateway_is_silent() {
	begin unreachable
	sysctl -qw net.ipv6.conf.eth0.router_probe_interval=1
	gateway del
	is "$(escapes eth1 eth2 -- flow_on "sleep 3;")" "0 0" \
	    "nothing leaves by another NIC"
	gateway replace
	ok "IPv4 is back with it" within 5 reaches $N.90
	ok "IPv6 too" within 20 reaches $N6:90 $FAR6
	end
}

# ip route flush spares IPv6's last resort if it is "unreachable"; IPv4's goes.
case_the_table_is_flushed() {
	begin unreachable
	eval "$FLUSH"
	is "$(via $FAR $N.90) $(via $FAR6 $N6:90)" "eth1 " \
	    "IPv4 would leak, IPv6 not"
	nok "check tells" ifpolicy check
	silent "refresh" ifpolicy refresh
	is "$(via $FAR $N.90) $(via $FAR6 $N6:90)" "eth0 eth0" "mended"
	cable down 0
	is "$(escapes eth1 eth2 -- flow_on)" "0 0" "all is as it was"
	end
}

case_the_table_is_flushed_beside_the_watch() {
	local watch
	begin unreachable
	ifpolicy watch >/tmp/case/watch 2>&1 &
	watch=$!
	within 5 eval 'readlink /proc/'$watch'/fd/* | grep -q signalfd'
	cable down 0
	eval "$FLUSH"
	ok "it is back within a second" within 1 \
	    eval '[[ "$(told)" == *"No route"*"No route"* ]]'
	is "$(escapes eth1 eth2 -- flow_on)" "0 0" "nothing leaves"
	kill $watch
	wait $watch
	end
}

# The gateway changes again and again; the fallback never stands alone.
case_an_edit_lets_nothing_out() {
	begin unreachable
	local k="addresses all table rt0 fallback unreachable linkdown ignore"
	edits() {
		local i g
		for i in {1..10}; do
			for g in "$GW $GW6" "$G0 $G06"; do
				ifpolicy up eth0 $k gateway "$g"
			done
		done
	}
	edit_flows() {
		flows 1000 "v4 $N.90" "v6 $N6:90" -- edits
		echo ${LOST[@]} ${REFUSED[@]} >/tmp/case/lost
	}
	is "$(escapes eth1 eth2 -- edit_flows)" "0 0" "nothing leaves"
	is "$(cat /tmp/case/lost)" "0 0 0 0" "and nothing is lost"
	end
}

run_cases "$@"
