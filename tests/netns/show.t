#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: ifpolicy show: the overview a person grasps at once, what carries unbound traffic, JSON, colour, the graph.

. "$(dirname "$0")/../lib/net.sh"

A=$N.99 B=$N.97

two_nics() {
	{
		stanza eth0 $A/24 "policy-table rt1" "policy-gateway $GW" \
		    "policy-metric 100"
		stanza eth1 $B/24 "policy-table rt2" "policy-gateway $GW" \
		    "policy-metric 102"
	} | interfaces
	silent "up" ifup eth0 eth1
}

pull() {
	ip -n gw link set p${1#eth} down
	within 2 eval "[ \"\$(cat /sys/class/net/$1/carrier)\" = 0 ]"
}

# The overview: all in front of the first claim's details.
overview() { ifpolicy show "$@" | sed -n '/^[a-z]/q; p'; }

# The device that is marked in a family's part, and the sentence about it.
marked() { overview | awk -v f="$1" '$1 ~ /^IPv/ { on = $1 == f }
    on && /^> / { print $2 }'; }
sentence() { overview | grep "^Unbound $1 "; }

case_a_line_for_each_interface() {
	two_nics
	is "$(overview)" "$(sed 's/|$//' <<-END
	  IPv4  STATE  CARRIER  TABLE  METRIC  ADDRESS            GATEWAY
	> eth0  up     yes      rt1    100     $A/24  $GW
	  eth1  up     yes      rt2    102     $B/24  $GW
	Unbound IPv4 traffic leaves by eth0 (metric 100).
	    next       eth1 (metric 102)
	|
	END
	)" "state, carrier, table, metric, address, gateway; who carries"
	is "$(overview eth1 | grep -c '^[ >] eth')" 1 "one interface: its line"
	like "$(overview eth1)" "^Unbound IPv4 traffic leaves by eth0" \
	    "and who carries"
	silent "down" ifdown eth0 eth1
	silent "nothing to show" ifpolicy show
	nothing_left
}

case_unbound_traffic_moves_and_the_picture_with_it() {
	two_nics
	link_up eth2 10.0.0.7/24
	ip route add default via 10.0.0.1 dev eth2 metric 500
	is "$(marked IPv4) $(leaves_by 10.99.0.1)" "eth0 eth0" "the best metric"
	pull eth0
	is "$(marked IPv4) $(leaves_by 10.99.0.1)" "eth1 eth1" "a cable pulled"
	like "$(overview)" "^  eth0  linkdown   no " "linkdown"
	is "$(overview | sed -n '/^Unbound/,/^$/p' | trim)" "$(trim <<-END
	Unbound IPv4 traffic leaves by eth1 (metric 102).
	    next       eth2 (metric 500)
	    no carrier eth0 (metric 100)

	END
	)" "why it is not eth0"
	like "$(ifpolicy show eth0)" "^eth0 inet $A: linkdown" "details say so"
	silent "down" ifdown eth1
	is "$(marked IPv4) $(leaves_by 10.99.0.1)" "eth2 eth2" \
	    "one without a policy"
	like "$(overview)" "^> eth2  no policy  yes      -      500 " \
	    "has a line, too"
	ip link set eth2 down
	is "$(sentence IPv4)" "Unbound IPv4 traffic has no way out." "none"
	ip -n gw link set p0 up
	within 2 eval '[ "$(cat /sys/class/net/eth0/carrier)" = 1 ]'
	is "$(marked IPv4)" eth0 "it is back"
}

case_a_dead_line_that_is_kept_still_carries() {
	two_nics
	sysctl -q net.ipv4.conf.eth0.ignore_routes_with_linkdown=0
	pull eth0
	is "$(marked IPv4) $(via 10.99.0.1)" "eth0 eth0" "as the kernel does"
}

case_something_in_front_of_main() {
	two_nics
	link_up eth2 10.0.0.7/24
	ip route add default via 10.0.0.1 dev eth2 table 88
	ip rule add pref 50 from all table 88
	is "$(marked IPv4) $(via 10.99.0.1)" "eth2 eth2" "a rule"
	like "$(sentence IPv4)" "leaves by eth2: a rule or a more" "it is told"
	ip rule del pref 50
	ip route add 0.0.0.0/1 via 10.0.0.1 dev eth2
	ip route add 128.0.0.0/1 via 10.0.0.1 dev eth2
	is "$(marked IPv4) $(via 10.99.0.1)" "eth2 eth2" "two halves, as of a VPN"
	ip route del 128.0.0.0/1
	ip route del 0.0.0.0/1
	is "$(marked IPv4)" eth0 "neither"
}

# The addresses that are asked about may themselves have routes.
case_routes_to_what_is_asked_about() {
	two_nics
	link_up eth2 10.0.0.7/24
	for p in 192.0.2.0/24 198.51.100.0/24; do
		ip route add $p via 10.0.0.1 dev eth2
	done
	is "$(marked IPv4)" eth0 "do not deceive it"
}

case_several_share() {
	for i in 0 1; do
		stanza eth$i $N.9$i/24 "policy-table 10$i" \
		    "policy-gateway $GW" "policy-metric 100" \
		    "policy-weight $((i + 1))"
	done | interfaces
	ok "up" ifup eth0 eth1
	is "$(marked IPv4 | xargs)" "eth0 eth1" "both are marked"
	like "$(sentence IPv4)" \
	    "leaves by eth0 .metric 100., eth1 .metric 100.\." "and named"
}

case_long_addresses_go_below() {
	link_up eth0 $A/24 fd00:178:1:2:3:4:5:6/64
	ip addr add $N.100/24 dev eth0
	silent "IPv4" ifpolicy -4 up eth0 table rt1 gateway $GW metric 100 \
	    addresses all
	silent "IPv6" ifpolicy -6 up eth0 metric 100 \
	    table a_name_of_a_rather_long_table \
	    gateway "fd00:178:1:2:aaaa:bbbb:cccc:dddd"
	local text=$(overview)
	is "$(awk 'length($0) > 80' <<<"$text")" "" "nothing is over 80 columns"
	like "$text" "^                                       $N.100/24$" \
	    "a second address below the first"
	like "$text" "^    fd00:178:1:2:3:4:5:6/64$" "a long one below the line"
	like "$text" "^    via fd00:178:1:2:aaaa:bbbb:cccc:dddd$" "its gateway"
	is "$(marked IPv6)" eth0 "it carries"
}

case_states() {
	usual
	silent "up" ifup eth0
	like "$(overview)" "^> eth0  up " "up"
	ip rule del pref 12030 from $A
	like "$(overview)" "^> eth0  drifted " "drifted"
	silent "refresh" ifpolicy refresh
	exits 1 "a wrong gateway" ifpolicy up eth0 table rt1 \
	    gateway 10.77.0.1 metric 100
	ip addr flush dev eth0
	silent "refresh" ifpolicy refresh
	like "$(overview)" "^  eth0  waiting " "waiting"
	ip link set eth0 down
	like "$(overview)" "^  eth0  waiting  down " "down"
	ip link del eth0
	like "$(overview)" "^  eth0  [a-z ]+ gone " "gone"
}

case_a_failed_one_says_why() {
	link_up eth0 $A/24
	run hook up eth0 IF_POLICY_TABLE=rt1 IF_POLICY_GATEWAY=10.77.0.1
	like "$(overview)" "^  eth0  failed " "failed"
	like "$(ifpolicy show)" "^eth0 inet: failed$" "in the details, too"
	like "$(ifpolicy show)" "^    why        .*10\.77\.0\.1" "and why"
}

# member NAME: the values of a member of the elements of JSON, in their order.
member() { grep -oE "\"$1\":(\"[^\"]*\"|[a-z0-9]+|\[[^]]*\])" <<<"$JSON" |
    sed -E "s/^\"$1\"://" | xargs; }

case_json_has_it_all() {
	two_nics
	link_up eth2 10.0.0.7/24
	ip route add default via 10.0.0.1 dev eth2 metric 500
	exits 0 "json" ifpolicy show -j
	JSON=$OUT
	ok "it is JSON" is_json "$JSON"
	is "$(member ifname)" "eth0 eth1 eth2" "the interfaces"
	is "$(member state)" "up up no policy" "their states"
	is "$(member carrier)" "yes yes yes" "their carriers"
	is "$(member unbound)" "true false false" "who carries"
	is "$(member turn)" "now next next" "who is next"
	is "$(member metrics)" "[100] [102] [500]" "the metrics"
	is "$(member gateways)" "[$GW] [$GW] [10.0.0.1]" "the gateways"
	is "$(member local)" "$A $B 10.0.0.7" "the addresses"
	is "$(member prefixlen)" "24 24 24" "with their lengths"
	pull eth0
	JSON=$(ifpolicy show -j)
	is "$(member state)" "linkdown up no policy" "a cable pulled"
	is "$(member turn)" "no carrier now next" "whose turn it is"
	JSON=$(ifpolicy show -j eth1)
	is "$(member ifname)" "eth1" "of one"
	JSON=$(ifpolicy show -6 -j)
	is "$JSON" "[]" "of a family without any"
}

mkdir -p /dev/pts
mount -t devpts -o ptmxmode=666 devpts /dev/pts
ln -sf pts/ptmx /dev/ptmx

# What a terminal gets with this in the environment.
on_terminal() { env "$@" script -qec "ifpolicy show" /dev/null </dev/null; }

case_colour_on_a_terminal_only() {
	two_nics
	local esc=$'\033'
	unlike "$(ifpolicy show)" "$esc" "none in a pipe"
	like "$(on_terminal TERM=xterm)" "$esc\[32mup$esc" "on a terminal"
	unlike "$(on_terminal TERM=dumb)" "$esc" "not on a dumb one"
	unlike "$(on_terminal -u TERM)" "$esc" "not on one of no kind"
	unlike "$(on_terminal TERM=xterm NO_COLOR=1)" "$esc" "not with NO_COLOR"
	like "$(on_terminal TERM=xterm NO_COLOR=)" "$esc" "an empty one is none"
	is "$(on_terminal TERM=xterm | sed "s/$esc\[[0-9]*m//g" | tr -d '\r')" \
	    "$(ifpolicy show)" "the words are the same"
}

# The language of Graphviz as far as it is used, by the letter.
is_dot() {
	perl -e '$_ = "$ARGV[0]\n";
	    my $id = qr/"(?:[^"\\\n]|\\["\\])*"/;
	    my $value = qr/$id|[a-z0-9]+/;
	    my $attr = qr/[a-z]+=$value/;
	    my $node = qr/(?:node|$id) \[$attr(?:, $attr)*\]/;
	    my $line = qr/\t(?:rankdir=LR|$node|$id -> $id);\n/;
	    exit !/\Astrict digraph ifpolicy \{\n$line+\}\n\z/' "$1"
}

case_a_graph() {
	two_nics
	exits 0 "dot" ifpolicy show --dot
	local dot=$OUT from to
	ok "it is one" is_dot "$dot"
	while IFS='>' read -r from to; do
		grep -qxF "	\"$from\" -> \"$to\";" <<<"$dot" ||
		    echo "no $from -> $to"
	done <<-END >/tmp/case/lacks
	from $A>rule priority 12030 from $A lookup rt1
	to $A>rule priority 12030 from all to $A lookup rt1
	rule priority 12030 from $A lookup rt1>table rt1
	table rt1>route default via $GW dev eth0 table rt1
	route default via $GW dev eth0 table rt1>gateway $GW dev eth0
	gateway $GW dev eth0>device eth0
	route $N.0/24 dev eth1 table rt2 scope link src $B>device eth1
	unbound IPv4>table main
	table main>route default via $GW dev eth1 table main metric 102
	END
	is "$(cat /tmp/case/lacks)" "" "addresses, rules, tables, routes, gateways, devices"
	like "$dot" 'eth0 table main metric 100".*penwidth=3' "what carries is bold"
	is "$(grep -oE '^	"[^"]*" ->|-> "[^"]*"' <<<"$dot" |
	    grep -oE '"[^"]*"' | sort -u | while read -r node; do
		grep -qF "	$node [label=" <<<"$dot" || echo "$node"
	    done)" "" "every end of an arrow is drawn"
	ip rule del pref 12030 from $A
	pull eth0
	like "$(ifpolicy show --dot)" "rule priority 12030 from $A lookup rt1\" .*color=red" \
	    "what is missing is red"
	like "$(ifpolicy show --dot)" 'device eth0".*carrier: no' \
	    "and a line that is dead"
	exits 2 "not both forms" ifpolicy show --dot -j
	exits 2 "not another command's" ifpolicy check --dot
}

run_cases "$@"
