#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: each conflict that ifpolicy check knows is provoked, breaks what it says, is named, and goes by the remedy.

. "$(dirname "$0")/../lib/net.sh"

A=$N.99 B=$N.97

quiet() { silent "$1" ifpolicy check ${2-}; }

# named KIND NAME [IFACE]: exactly this kind of conflict, with what breaks and
# what to do.
named() {
	exits 1 "$2" ifpolicy check ${3-}
	is "$(grep -oE 'conflict [a-z-]+:' <<<"$OUT" | sort -u)" \
	    "conflict $1:" "$2: it is called $1"
	is "$(grep -c '^    breaks  ' <<<"$OUT")$(grep -c '^    do  ' <<<"$OUT")" \
	    "$(grep -c 'conflict' <<<"$OUT" | sed 's/.*/&&/')" \
	    "$2: with what breaks and what to do"
	is "$(awk 'length($0) > 80' <<<"$OUT")" "" "$2: in 80 columns"
}

# told ERE NAME: in the text of the last finding, however it is wrapped.
told() { like "$(tr -s '\n ' '  ' <<<"$OUT")" "$1" "$2"; }

two_stanzas() {
	{
		stanza eth0 $A/24 "policy-table rt1" "policy-gateway $GW" \
		    "policy-metric 100" "$@"
		stanza eth1 $B/24 "policy-table rt2" "policy-gateway $GW" \
		    "policy-metric 102" "$@"
	} | interfaces
}

two_nics() {
	two_stanzas "$@"
	silent "up" ifup eth0 eth1
}

# With other options: eth0 and eth1 go down and come up with them.
change() {
	ifdown eth0 eth1
	two_stanzas "$@"
	ifup eth0 eth1
}

# eth0 in the router's subnet, eth1 in another, each answering for itself only.
two_subnets() {
	sysctl -q net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2
	link_up eth0 $A/24
	link_up eth1 10.0.0.9/24
	silent "eth0" ifpolicy up eth0 table rt1 gateway $GW metric 100
	silent "eth1" ifpolicy up eth1 table rt2 gateway 10.0.0.1 metric 102 "$@"
}

pull() {
	ip -n gw link set p${1#eth} down
	within 2 eval "[ \"\$(cat /sys/class/net/$1/carrier)\" = 0 ]"
}

# ---- what is clean -----------------------------------------------------

case_three_nics_that_answer_for_themselves_are_clean() {
	{
		for i in 0 1 2; do
			stanza eth$i $N.9$i/24 "policy-table rt$i" \
			    "policy-gateway $GW" "policy-metric 10$i" \
			    "policy-arp filter"
			stanza eth$i fd00:178::9$i/64 "policy-table rt$i" \
			    "policy-gateway fd00:178::1" "policy-metric 10$i"
		done
	} | interfaces
	silent "up" ifup eth0 eth1 eth2
	quiet "as published"
	pull eth0
	quiet "with a cable out"
	is "$(via 10.99.0.1)" eth1 "the next one carries"
}

case_strict_arp_is_clean_too() {
	two_nics "policy-arp strict"
	quiet "arp_ignore and arp_announce"
}

case_a_sibling_without_a_policy_is_clean() {
	{
		stanza eth0 10.0.0.128/24 "gateway 10.0.0.1"
		for a in 130 131; do
			stanza eth1 10.0.0.$a/24 "policy-table sibling_eth1" \
			    "policy-gateway 10.0.0.1" "policy-match from" \
			    "policy-connected none"
		done
	} | interfaces
	silent "up" ifup eth0 eth1
	quiet "as published"
	ok "down" ifdown eth1
	quiet "nothing claimed"
}

case_a_virtual_source_is_clean() {
	{
		stanza eth0 $A/24 "policy-gateway $GW" "policy-metric 100" \
		    "policy-connected metric"
		stanza eth0:1 $N.105/24 "policy-gateway $GW" \
		    "policy-metric 1" "policy-source own" \
		    "policy-connected metric"
	} | interfaces
	silent "up" ifup eth0 eth0:1
	quiet "as published"
	silent "the alias down" ifdown eth0:1
	quiet "without it"
}

case_a_router_with_a_virtual_address_is_clean() {
	link_up eth0 $A/24
	link_up eth1 10.0.0.9/24
	silent "eth0" ifpolicy up eth0 table rt1 gateway $GW addresses all
	silent "eth1" ifpolicy up eth1 table rt2 gateway 10.0.0.1 addresses all
	ip addr add $N.105/32 dev eth0
	silent "refresh" ifpolicy refresh
	quiet "with it"
	ip addr del $N.105/32 dev eth0
	silent "refresh" ifpolicy refresh
	quiet "without it"
}

case_rules_of_others_that_do_no_harm_are_clean() {
	two_nics "policy-arp filter"
	ip rule add pref 100 table main suppress_prefixlength 0
	ip rule add pref 101 fwmark 1 table 77
	ip rule add pref 102 to 10.8.0.0/16 table main
	ip rule add pref 103 from $A iif lo table main
	ip rule add pref 104 table 78
	ip rule add pref 105 from 10.8.0.0/16 prohibit
	ip route add 10.9.0.0/16 via $GW table rt1
	ip route add default via $GW dev eth1 metric 500
	is "$(via 10.99.0.1 $B)" eth1 "the policy works"
	quiet "none of them is named"
}

# ---- drift -------------------------------------------------------------

case_drift_is_told_object_by_object_with_the_remedy() {
	usual
	silent "up" ifup eth0
	quiet "before"
	ip rule del pref 12030 from $A
	ip route del default table rt1
	exits 1 "after" ifpolicy check
	like "$OUT" "^eth0 inet: missing rule: priority 12030 from $A lookup rt1$" \
	    "the rule"
	like "$OUT" "^eth0 inet: missing route: default via $GW dev eth0 table rt1$" \
	    "the route"
	is "$(tail -n 1 <<<"$OUT" | trim)" " do ifpolicy refresh eth0" \
	    "what to do, once"
	silent "done" ifpolicy refresh eth0
	quiet "then"
}

# ---- reverse path filter -----------------------------------------------

mcast() {
	gw ping -q -c 3 -i 0.05 -W 1 -I br0 224.0.0.1 >/dev/null 2>&1
}

# How many packets the reverse path filter dropped while a command ran.
dropped() {
	local was=$(drops)
	"$@"
	echo $(($(drops) - was))
}

drops() {
	awk '$1 == "TcpExt:" && !c { for (i = 1; i <= NF; i++)
	    if ($i == "IPReversePathFilter") c = i; next }
	    $1 == "TcpExt:" { print $c }' /proc/net/netstat
}

case_strict_rp_filter_of_two_nics_in_one_subnet() {
	two_nics "policy-arp filter"
	quiet "before"
	is "$(dropped mcast)" 0 "nothing is dropped"
	sysctl -q net.ipv4.conf.all.rp_filter=1
	named rp-filter "all is strict"
	told "eth1 is strict.* multicasts .* come in by eth1 .* main reaches that subnet by eth0" \
	    "of the one that main does not use"
	unlike "$OUT" "^eth0 " "not of the other"
	is "$(dropped mcast)" 3 "and so it is: multicasts to eth1 are dropped"
	sysctl -q net.ipv4.conf.all.rp_filter=2
	quiet "the larger counts: all is loose"
	sysctl -q net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.eth1.rp_filter=1
	named rp-filter "the device is strict"
	quiet "not of eth0" eth0
	silent "the remedy" change "policy-arp filter" "policy-rp-filter loose"
	quiet "then"
	is "$(dropped mcast)" 0 "nothing is dropped"
}

far_asks() {
	ip neigh flush dev eth1
	gw ip neigh flush dev br0
	gw ping -q -c 2 -i 0.05 -W 1 -I 10.99.0.1 10.0.0.9 >/dev/null
}

case_strict_rp_filter_without_a_rule_by_source() {
	two_subnets match to
	quiet "before"
	ok "it answers" far_asks
	sysctl -q net.ipv4.conf.eth1.rp_filter=1
	named rp-filter "strict"
	told "comes in by eth1 for 10.0.0.9 from beyond its subnet is dropped" \
	    "and why"
	nok "and so it is" far_asks
	silent "a rule by source" ifpolicy up eth1 table rt2 gateway 10.0.0.1 \
	    metric 102
	ok "it answers again" far_asks
	quiet "strict is no fault then"
	silent "without" ifpolicy up eth1 table rt2 gateway 10.0.0.1 \
	    metric 102 match to
	named rp-filter "without one"
	silent "the remedy" ifpolicy up eth1 table rt2 gateway 10.0.0.1 \
	    metric 102 match to rp-filter loose
	quiet "then"
	ok "it answers" far_asks
}

# ---- ARP ---------------------------------------------------------------

# Whether a request for eth1's address is answered by eth0.
eth0_answers() {
	local mac=$(cat /sys/class/net/eth0/address)
	gw ip neigh flush dev br0
	gw arping -c 2 -w 2 -I br0 $B | grep -qi "$mac"
}

case_two_nics_of_one_subnet_with_loose_arp() {
	two_nics
	named arp "both answer"
	is "$(grep -c 'conflict arp' <<<"$OUT")" 2 "one of each"
	told "answers ARP for all of them.*breaks neighbours send what is for $B to the one that answers first" \
	    "it says why"
	ok "and so it is" eth0_answers
	named arp "eth0's only" eth0
	unlike "$OUT" "^eth1 " "eth1's is not told there"
	sysctl -q net.ipv4.conf.eth0.arp_filter=1
	named arp "one of them still answers"
	like "$OUT" "^eth1 " "eth1"
	unlike "$OUT" "^eth0 " "not eth0"
	sysctl -q net.ipv4.conf.eth0.arp_filter=0 net.ipv4.conf.all.arp_filter=1
	quiet "all's setting counts for each"
	sysctl -q net.ipv4.conf.all.arp_filter=0 net.ipv4.conf.all.arp_ignore=1
	named arp "arp_ignore without arp_announce"
	sysctl -q net.ipv4.conf.all.arp_announce=2
	quiet "with it"
	sysctl -q net.ipv4.conf.all.arp_announce=0 net.ipv4.conf.all.arp_ignore=0
	ip addr add 10.3.0.1/24 dev eth2
	ip link set eth2 up
	named arp "as before"
	silent "the remedy" change "policy-arp filter"
	quiet "then"
	nok "and eth0 is silent" eth0_answers
}

# ---- numbers -----------------------------------------------------------

case_a_priority_that_others_give_out() {
	link_up eth0 $A/24
	silent "up" ifpolicy up eth0 table rt1 gateway $GW
	quiet "the default"
	for pair in 1010:mwan3 2000:mwan3 5210:Tailscale 10500:amazon-ec2-net-utils \
	    25400:ifupdown-multi 26100:Shorewall 30300:cloud-netconfig; do
		silent "$pair" ifpolicy up eth0 table rt1 gateway $GW \
		    priority $((${pair%:*} - 30))
		named priority "$pair"
		told "priority ${pair%:*} is one of those that ${pair#*:} uses" \
		    "$pair: who"
	done
	silent "the remedy" ifpolicy up eth0 table rt1 gateway $GW
	quiet "then"
}

# A small round number means something only where the product is there.
case_a_number_that_people_choose_as_well() {
	link_up eth0 $A/24
	silent "up" ifpolicy up eth0 table 7 gateway $GW \
	    rule "from 10.7.0.0/24 priority 220"
	quiet "nobody else is there"
	mkdir -p /etc/shorewall
	: >/etc/shorewall/shorewall.conf
	named table "Shorewall is"
	told "table 7 is one of those that Shorewall uses .1 to 15., and it is installed here" \
	    "it says so"
	told "deletes rules by their numbers and empties tables" \
	    "and what it does"
	rm -r /etc/shorewall
	: >/etc/strongswan.conf
	named priority "strongSwan is"
	rm /etc/strongswan.conf
	quiet "then"
}

case_a_table_that_others_give_out() {
	link_up eth0 $A/24
	for pair in 52:Tailscale 220:strongSwan 7120:NetBird 51820:wg-quick \
	    10100:amazon-ec2-net-utils; do
		silent "$pair" ifpolicy up eth0 table ${pair%:*} gateway $GW
		named table "$pair"
		told "table ${pair%:*} is one of those that ${pair#*:} uses" \
		    "$pair: who"
	done
	silent "the remedy" ifpolicy up eth0 table auto gateway $GW
	quiet "then"
}

case_a_rule_of_somebody_else_with_our_priority() {
	usual
	silent "up" ifup eth0
	quiet "before"
	ip rule add pref 12030 from $N.0/24 table 99 proto static
	named priority "after"
	told "somebody else has the priority of one of this policy: priority 12030 from $N.0/24 lookup 99" \
	    "which"
	ip rule del pref 12030 from $N.0/24 table 99
	ip rule add pref 12030 from 10.9.0.0/16 to 10.8.0.0/16 table 99
	quiet "one that no packet of ours meets"
}

# ---- carrier -----------------------------------------------------------

case_a_dead_line_that_keeps_the_traffic() {
	two_nics "policy-arp filter" "policy-linkdown keep"
	quiet "before"
	is "$(leaves_by 10.99.0.1)" eth0 "eth0 carries"
	pull eth0
	named linkdown "pulled"
	told "^eth0 inet: .*eth0 has no carrier.*metric 100 gives to eth0 is lost" \
	    "what breaks"
	is "$(via 10.99.0.1)" eth0 "and so it is: nothing moves"
	nok "nothing arrives" ping -q -c 2 -i 0.1 -W 1 10.99.0.1
	sysctl -q net.ipv4.conf.eth0.ignore_routes_with_linkdown=1
	quiet "the remedy"
	ok "it arrives" ping -q -c 2 -i 0.1 -W 1 10.99.0.1
}

case_a_dead_line_of_a_table_alone_and_of_ipv6() {
	link_up eth0 $A/24 fd00:178::99/64
	silent "up" ifpolicy -4 up eth0 table rt1 gateway $GW
	silent "up, IPv6" ifpolicy -6 up eth0 table rt1 gateway fd00:178::1
	quiet "before"
	pull eth0
	named linkdown "pulled"
	is "$(grep -oE '^eth0 inet6?' <<<"$OUT" | xargs)" "eth0 inet eth0 inet6" \
	    "for both"
	told "what its addresses send is lost" "what breaks"
	ip link set eth0 down
	unlike "$(ifpolicy check)" linkdown "a line that is set down is another thing"
}

# ---- by hand -----------------------------------------------------------

case_a_rule_added_by_hand_as_well() {
	usual
	silent "up" ifup eth0
	quiet "before"
	ip rule add from $A table rt1
	named duplicate "after"
	told "a rule of this policy stands there once more, from somebody else: priority [0-9]+ from $A lookup rt1" \
	    "which"
	silent "down" ifdown eth0
	like "$(rules)" "from $A lookup" "and so it is: it stays"
	silent "up" ifup eth0
	named duplicate "still"
	remedy=$(sed -nE 's/^    do +(ip rule del [^;]*);.*/\1/p' <<<"$OUT")
	ok "the remedy: $remedy" $remedy
	quiet "then"
	silent "down" ifdown eth0
	nothing_left
}

case_a_route_added_by_hand_as_well() {
	usual
	silent "up" ifup eth0
	ip route add default via $N.2 dev eth0 table rt1 metric 50
	named duplicate "after"
	told "a route of somebody else stands beside one of this policy: default via $N.2 dev eth0 table rt1 metric 50" \
	    "which"
	ip route del default via $N.2 dev eth0 table rt1 metric 50
	quiet "then"
}

case_one_that_was_there_and_is_used_is_no_duplicate() {
	link_up eth0 $A/24
	ip rule add pref 12030 from $A table 101
	ip route add default via $GW dev eth0 table 101
	silent "up" ifpolicy up eth0 table 101 gateway $GW
	quiet "it is used"
}

case_a_rule_in_front_that_takes_all() {
	two_nics "policy-arp filter"
	is "$(via 10.99.0.1 $B)" eth1 "before"
	ip rule add pref 90 from $N.0/24 table main
	named shadow "main comes first"
	is "$(grep -c 'conflict shadow' <<<"$OUT")" 2 "for both"
	told "eth1 inet: conflict shadow: a rule of somebody else stands in front: priority 90 from $N.0/24 lookup main" \
	    "which"
	is "$(via 10.99.0.1 $B)" eth0 "and so it is"
	ip rule del pref 90
	ip rule add pref 90 from $B prohibit
	named shadow "prohibited"
	is "$(grep -c 'conflict shadow' <<<"$OUT")" 1 "for one"
	nok "and so it is" ping -q -c 1 -W 1 -I $B 10.99.0.1
	ip rule del pref 90
	ip route add default via $GW dev eth0 table 78
	ip rule add pref 90 table 78
	named shadow "a table with a default, for all"
	ip route del default table 78
	quiet "an empty one"
}

# ---- names -------------------------------------------------------------

case_names_of_tables_that_clash() {
	usual
	silent "up" ifup eth0
	quiet "before"
	echo "8001 rt1" >>/etc/iproute2/rt_tables
	quiet "the same once more is none"
	echo "77 rt1" >>/etc/iproute2/rt_tables
	named table-name "a name with two numbers"
	told "^eth0 inet: .*table rt1 has two numbers.*77.*this policy uses 8001" \
	    "which"
	cp /tmp/.rt_tables /etc/iproute2/rt_tables
	echo "8001 other" >/etc/iproute2/rt_tables.d/mine.conf
	named table-name "a number with two names"
	told "table 8001 has two names" "which"
	rm /etc/iproute2/rt_tables.d/mine.conf
	quiet "then"
	printf '%s\n' "5 one" "5 two" >>/etc/iproute2/rt_tables
	named table-name "of others"
	like "$OUT" "^no interface: " "nobody's"
	quiet "not where one interface is asked for" eth0
	cp /tmp/.rt_tables /etc/iproute2/rt_tables
	rm /etc/iproute2/rt_tables.d/ifpolicy.conf
	quiet "the claim remembers"
	echo "77 rt1" >>/etc/iproute2/rt_tables
	named table-name "another number than it remembers"
}

# ---- forms -------------------------------------------------------------

case_json_has_all_that_people_are_told() {
	two_nics
	ip rule del pref 12030 from $A
	run ifpolicy check
	local people=$(tr -s '\n ' '  ' <<<"$OUT") text
	exits 1 "json" ifpolicy check --json
	local json=$OUT
	ok "it is JSON" is_json "$json"
	is "$(grep -o '"finding"' <<<"$json" | wc -l)" 3 "three findings"
	while read -r text; do
		[[ $people == *"$text"* ]] || echo "$text"
	done < <(grep -oE '"(text|breaks|do)":"[^"]*"' <<<"$json" |
	    sed -E 's/^"[a-z]+":"//; s/"$//') >/tmp/case/lacks
	is "$(cat /tmp/case/lacks)" "" "the same texts"
	silent "up" eval "ifdown eth0 eth1"
	exits 0 "nothing" ifpolicy check -j
	is "$OUT" "[]" "an empty list"
}

# Of one sample in METRICS: its value.
metric() { awk -v s="$1" 'index($0, s " ") == 1 { print $NF }' <<<"$METRICS"; }

# metrics NAME [IFACE]: valid ones, in METRICS.
metrics() {
	exits 0 "$1" ifpolicy check --prometheus ${2-}
	METRICS=$OUT
	ok "$1: by the letter of the format" \
	    eval '/src/tests/lib/exposition <<<"$METRICS"'
}

# The labels of an interface's one IPv4 claim: claim IFACE ADDRESS [LABELS]
claim() {
	echo "{interface=\"$1\",label=\"$1\",family=\"inet\",address=\"$2\",source=\"options\"${3-}}"
}

state() { metric "ifpolicy_claim_state$(claim eth0 $A ",state=\"$1\"")"; }

drifted() {
	metric "ifpolicy_claim_drifted_objects$(claim eth0 $A ",kind=\"$1\"")"
}

case_metrics_for_prometheus() {
	metrics "without a claim"
	is "$(metric 'ifpolicy_conflicts{kind="arp"}')" 0 "none"
	two_nics
	metrics "two interfaces"
	is "$(state up) $(state drifted)" "1 0" "up, not drifted"
	is "$(drifted rule) $(drifted route)" "0 0" "no drift"
	is "$(metric 'ifpolicy_conflicts{kind="arp"}')" 2 "two conflicts"
	is "$(metric 'ifpolicy_interface_carrier{interface="eth0"}')" 1 "carrier"
	is "$(metric 'ifpolicy_interface_unbound{interface="eth0",family="inet"}')" \
	    1 "carries unbound traffic"
	ip rule del pref 12030 from $A
	pull eth0
	ip rule add pref 700 from 10.9.9.9 table 9 proto 173
	metrics "afterwards"
	is "$(state up) $(state drifted)" "0 1" "drifted, not up"
	is "$(drifted rule) $(drifted route)" "1 0" "one rule"
	is "$(metric 'ifpolicy_interface_carrier{interface="eth0"}')" 0 \
	    "no carrier"
	is "$(metric 'ifpolicy_interface_unbound{interface="eth1",family="inet"}')" \
	    1 "the other carries now"
	is "$(metric ifpolicy_unclaimed_objects)" 1 "one that nobody claims"
	ip rule del pref 700
	metrics "of one interface" eth1
	unlike "$METRICS" eth0 "eth0 is not in it"
	exits 2 "not both forms" ifpolicy check -j --prometheus
	exits 2 "not another command's" ifpolicy show --prometheus
}

case_metrics_of_a_request_that_failed() {
	link_up eth0 $A/24
	exits 1 "it is refused" hook up eth0 IF_POLICY_TABLE=rt1 \
	    IF_POLICY_GATEWAY=10.77.0.1 IF_POLICY_ON_ERROR=fail
	metrics "it is remembered"
	is "$(metric "ifpolicy_claim_last_request_failed$(claim eth0 "")")" 1 \
	    "and counted"
	is "$(metric "ifpolicy_claim_state$(claim eth0 "" ",state=\"failed\"")")" \
	    1 "failed"
}

case_nobody_needs_a_privilege() {
	two_nics
	run setpriv --reuid 65534 --regid 65534 --clear-groups ifpolicy check
	is "$RC" 1 "what it finds"
	is "$ERR" "" "without a complaint"
	is "$OUT" "$(ifpolicy check)" "is what root is told"
}

run_cases "$@"
