#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: policy-prefer-main: bridges, tunnels and other subnets in main win over the table's default, over nothing else.

. "$(dirname "$0")/../lib/failover.sh"

# A bridge for guests, with one behind it, and a tunnel to the router with an
# office at its end; each in both families.
begin() {
	ip netns add guest
	ip link add br-guest type bridge forward_delay 0
	ip link add tap0 type veth peer name eth0 netns guest
	ip link set tap0 master br-guest up
	link_up br-guest 172.20.0.1/24 fd00:20::1/64
	ip -n guest -batch - <<-END
	link set eth0 up
	addr add 172.20.0.2/24 dev eth0
	addr add fd00:20::2/64 dev eth0 nodad
	route add default via 172.20.0.1
	END
	ip -n guest -6 route add default via fd00:20::1
	ip link add vpn type veth peer name office netns gw
	link_up vpn 172.30.0.1/30 fd00:30::1/126
	ip -n gw -batch - <<-END
	link set office up
	addr add 172.30.0.2/30 dev office
	addr add 10.50.0.1/16 dev office
	addr add fd00:30::2/126 dev office nodad
	addr add fd00:50::1/64 dev office nodad
	END
	ip route add 10.50.0.0/16 via 172.30.0.2
	ip -6 route add fd00:50::/64 via fd00:30::2
	gw ip route add 172.20.0.0/24 via 172.30.0.1
	three "policy-prefer-main ${1:-yes}" "${@:2}"
}

end() {
	down $NICS
	unlike "$(ip -N rule; ip -N -6 rule; ip -N route show table all
	    ip -N -6 route show table all)" 'proto 173' "nothing is left"
}

teardown() {
	ip netns del guest 2>/dev/null
	ip link del vpn 2>/dev/null
	ip link del br-guest 2>/dev/null
}

# go NIC NAME TO4 TO6: what is bound to eth0's addresses.
go() {
	is "$(via $3 $N.90) $(via $4 $N6:90)" "$1 $1" "$2"
}

case_specific_routes_in_main_win() {
	begin yes
	go br-guest "to the guest" 172.20.0.2 fd00:20::2
	go vpn "to the office" 10.50.0.1 fd00:50::1
	go eth0 "to the rest by eth0" $FAR $FAR6
	go eth0 "to a neighbour by eth0" $N.55 $N6:55
	is "$(via $FAR $N.92) $(via 10.50.0.1 $N.92)" "eth2 vpn" \
	    "the same from eth2's address"
	ok "the guest answers" reaches $N.90 172.20.0.2
	ok "in IPv6 too" reaches $N6:90 fd00:20::2
	is "$(leaves_by -I $N.92 $FAR)" eth2 "and the world, by eth2"
	end
}

# What it is good for.
case_without_it_they_do_not() {
	begin no
	go eth0 "to the guest" 172.20.0.2 fd00:20::2
	go eth0 "to the office" 10.50.0.1 fd00:50::1
	nok "the guest does not answer" reaches $N.90 172.20.0.2
	end
}

case_halves_of_the_world_win_and_a_default_does_not() {
	begin yes
	ip route add default via 172.30.0.2 metric 1
	ip -6 route add default via fd00:30::2 metric 1
	go eth0 "a better default in main" $FAR $FAR6
	ip route add 0.0.0.0/1 via 172.30.0.2
	ip -6 route add ::/1 via fd00:30::2
	ip -6 route add 8000::/1 via fd00:30::2
	go vpn "a tunnel for all, as two halves" $FAR $FAR6
	go eth0 "a neighbour still by eth0" $N.55 $N6:55
	end
}

case_what_comes_and_goes_in_main_counts_at_once() {
	begin yes
	ip route del 10.50.0.0/16
	ip -6 route del fd00:50::/64
	go eth0 "the office is gone: by eth0" 10.50.0.1 fd00:50::1
	ip route add 10.50.0.0/16 via 172.30.0.2
	ip -6 route add fd00:50::/64 via fd00:30::2
	go vpn "and is back" 10.50.0.1 fd00:50::1
	ip route add unreachable 10.60.0.0/16
	like "$(ip route get 10.60.0.1 from $N.90 2>&1)" "No route to host" \
	    "a route to nowhere counts as well"
	end
}

case_an_edit_while_traffic_flows() {
	begin no
	local k="table rt0 metric 100 linkdown ignore"
	edits() {
		local i p
		for i in {1..5}; do
			for p in yes no; do
				ifpolicy up eth0 $k gateway "$GW $GW6" \
				    prefer-main $p
			done
		done
		ifpolicy up eth0 $k gateway "$GW $GW6" prefer-main yes
	}
	flows 1000 "v4 $N.90" "v6 $N6:90" -- edits
	is "$(echo $(gone v4 v6))" "0 0" "nothing is lost"
	is "$(cat /tmp/case/during)" "" "nothing is said"
	go vpn "yes has the last word" 10.50.0.1 fd00:50::1
	ok "down" ifpolicy down eth0
	end
}

case_cable_pulled() {
	begin yes
	cable down 0
	go eth1 "the world by the next" $FAR $FAR6
	go vpn "the office as before" 10.50.0.1 fd00:50::1
	go br-guest "the guest as well" 172.20.0.2 fd00:20::2
	cable up 0
	go eth0 "and back" $FAR $FAR6
	end
}

# The kernel cannot suppress a route that is an error: the fallback ends the
# search in the first rule already.
case_a_fallback_ends_it_while_the_cable_is_out() {
	begin yes "policy-fallback unreachable"
	go vpn "to the office" 10.50.0.1 fd00:50::1
	cable down 0
	go "" "no more to the world" $FAR $FAR6
	go "" "nor to the office" 10.50.0.1 fd00:50::1
	go "" "nor to a neighbour by another NIC" $N.55 $N6:55
	cable up 0
	go vpn "to the office again" 10.50.0.1 fd00:50::1
	end
}

case_priorities_stand_as_documented() {
	begin yes
	is "$(rules | grep $N.91)" "12010: from $N.91 lookup rt1 suppress_prefixlength 0 proto ifpolicy
12020: from $N.91 lookup main suppress_prefixlength 0 proto ifpolicy
12030: from $N.91 lookup rt1 proto ifpolicy
12030: from all to $N.91 lookup rt1 proto ifpolicy" "IPv4"
	is "$(rules -6 | grep $N6:91)" "12010: from $N6:91 lookup rt1 suppress_prefixlength 0 proto ifpolicy
12020: from $N6:91 lookup main suppress_prefixlength 0 proto ifpolicy
12030: from $N6:91 lookup rt1 proto ifpolicy
12030: from all to $N6:91 lookup rt1 proto ifpolicy" "IPv6"
	end
}

run_cases "$@"
