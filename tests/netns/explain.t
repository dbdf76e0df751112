#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: what "ifpolicy explain" tells a person, and a program, of real rules and routes.

. "$(dirname "$0")/../lib/net.sh"

is_json() {
	perl -MJSON::PP -0777 -e 'decode_json($ARGV[0])' "$1"
}

# field JSON EXPRESSION: of the decoded text, in Perl ("->{agrees}").
field() {
	perl -MJSON::PP -e 'my $d = decode_json($ARGV[0]);
	    my $v = eval "\$d$ARGV[1]"; print defined $v ? $v : "none"' \
	    "$1" "$2"
}

explain() { run ifpolicy explain "$@"; }

# The three cards of one subnet: eth0 .99 rt1, eth1 .98 rt2, eth2 .97 rt3.
three_cards() {
	local i=0 nic
	for nic in eth0 eth1 eth2; do
		stanza $nic $N.$((99 - i))/24 "policy-table rt$((i + 1))" \
		    "policy-gateway $GW" "policy-metric $((100 + i))"
		i=$((i + 1))
	done | interfaces
	ifup eth0 eth1 eth2
}

# The line that decided: its first word is ">".
decided() { sed -n 's/^> *//p' <<<"$OUT"; }

case_a_policy_answers_by_its_own_card() {
	three_cards
	explain to 10.99.0.1 from $N.98
	is "$RC$ERR" 0 "explained"
	is "$OUT" "to 10.99.0.1 from $N.98 (eth1), sent by this machine

      0  from all lookup local  (kernel)  - local has no route there
  12030  from $N.99 lookup rt1  (eth0)  - it is from $N.98
  12030  from all to $N.99 lookup rt1  (eth0)  - it goes to 10.99.0.1
> 12030  from $N.98 lookup rt2  (eth1)
         rt2: default via $GW dev eth1  (eth1)
         5 more rules are not asked

It leaves by eth1 via $GW.
The kernel says the same: default via $GW dev eth1, in table rt2." \
	    "rule by rule, with what each belongs to"
}

case_without_a_policy_it_is_plain_why_the_first_card_answers() {
	three_cards
	ifdown eth1
	link_up eth1 $N.98/24
	explain to 10.99.0.1 from $N.98
	like "$(decided)" '^32766  from all lookup main' "main decides"
	like "$(tr '\n' ' ' <<<"$OUT")" \
	    "leaves by eth0 .*But $N.98 is an address of eth1. eth1 has no policy" \
	    "and it says what is missing"
	ifup eth1 2>/dev/null
	ifpolicy up eth1 table rt2 gateway $GW >/dev/null
	ip rule del from $N.98
	explain to 10.99.0.1 from $N.98
	like "$OUT" "ifpolicy check eth1" "or where to look"
}

case_unbound_traffic_leaves_by_the_lowest_metric_with_a_cable() {
	three_cards
	explain 10.99.0.1
	like "$OUT" "It leaves by eth0 via $GW. Its source will be $N.99." \
	    "the first, and the source that it will have"
	like "$OUT" "from $N.98 lookup rt2  \(eth1\)  - it has no source yet" \
	    "no source yet"
	ip -n gw link set p0 down
	within 3 eval '[ "$(cat /sys/class/net/eth0/carrier)" = 0 ]'
	explain 10.99.0.1
	like "$OUT" "It leaves by eth1 via $GW" "the cable out: the second"
	like "$(grep -A1 'metric 100' <<<"$OUT")" \
	    "not taken: no cable in eth0 \(ignore_routes_with_linkdown\)" \
	    "and why not the first"
}

# What of $OUT stands behind the rule of that priority.
of_rule() { grep -A"${2:-1}" "^>\? *$1 " <<<"$OUT"; }

case_every_reason_not_to_match_is_told() {
	local pref=100 words
	three_cards
	while read -r words; do
		ip rule add pref $pref ${words%%=*} prohibit
		pref=$((pref + 1))
	done <<-END
	from $N.97
	to 10.99.0.2
	iif eth1
	iif gone0
	oif eth1
	fwmark 5
	uidrange 5-9
	tos 0x10
	ipproto tcp
	sport 5
	dport 5-9
	not to 10.99.0.1
	tun_id 7
	END
	explain 10.99.0.1 from $N.99 mark 4 dport 12
	is "$RC" 0 "explained"
	pref=100
	while read -r words; do
		like "$(of_rule $pref)" "- $words\$" "$words"
		pref=$((pref + 1))
	done <<-END
	it is from $N.99
	it goes to 10.99.0.1
	it is sent by this machine
	there is no device gone0
	no socket that is bound to eth1 sends it
	its mark is 0x4
	its user is 0
	its tos is 0x00
	it is udp unless told \(ipproto\)
	its source port is not said \(sport\)
	its port is 12
	all is as it says, but it says "not"
	it came through no tunnel
	END
	like "$(decided)" "^12030  from $N.99 lookup rt1" "none of them did"
}

case_what_ends_a_search_and_what_does_not() {
	three_cards
	ip rule add pref 10 goto 30
	ip rule add pref 20 prohibit
	ip rule add pref 30 nop
	ip rule add pref 40 lookup main suppress_prefixlength 0
	ip rule add pref 50 lookup 77
	ip rule add pref 60 lookup 78
	ip route add throw 10.99.0.0/24 table 77
	ip route add unreachable 10.99.1.0/24 table 77
	ip route add blackhole 10.99.2.0/24 table 77
	explain 10.99.0.1
	like "$(of_rule 10 0)" "- matches$" "goto"
	like "$(of_rule 20 0)" "- jumped over$" "jumped over"
	like "$(of_rule 30 0)" "- matches, does nothing$" "nop"
	like "$(of_rule 40 2)" "suppressed: the rule wants more than /0" \
	    "suppressed"
	like "$(of_rule 50)" "77: throw 10.99.0.0/24  - on with the next rule" \
	    "throw"
	like "$(of_rule 60 0)" "- 78 is empty$" "an empty table"
	like "$(decided)" "^32766" "until main"
	explain 10.99.1.1
	like "$OUT" "^That route refuses it: No route to host.$" "unreachable"
	like "$OUT" "^The kernel says the same: No route to host.$" "so it is"
	is "$RC" 0 "that is an answer, not a failure"
	explain 10.99.2.1
	like "$OUT" "That route swallows it; a sender here is told: Invalid" \
	    "blackhole"
	ip rule add pref 5 to 10.99.3.0/24 blackhole
	explain 10.99.3.1
	like "$OUT" "^Rule 5 swallows it" "a rule does, too"
	ip rule del pref 32766
	explain 203.0.113.1
	like "$OUT" "No rule leads to a route: Network is unreachable." "none"
	explain 203.0.113.1 oif eth2
	like "$(tr '\n' ' ' <<<"$OUT")" "bound to eth2: the kernel sends it there" \
	    "but a bound socket sends anyway"
	ip rule add pref 32766 lookup main
}

case_what_comes_in_may_be_dropped_behind_the_rules() {
	three_cards
	explain to 203.0.113.1 from 10.99.0.1 iif eth0
	like "$OUT" "for others, and eth0 does not forward" "no router"
	sysctl -qw net.ipv4.conf.eth1.rp_filter=1
	explain to $N.98 from 10.99.0.1 iif eth1
	like "$OUT" "It is for this machine itself" \
	    "the policy's own rules are the way back"
	ip rule del from $N.98
	explain to $N.98 from 10.99.0.1 iif eth1
	like "$(tr '\n' ' ' <<<"$OUT")" \
	    "the way back to 10.99.0.1 is by eth0, and rp_filter of eth1 is 1" \
	    "without, strict rp_filter drops it"
	like "$OUT" "The kernel says the same: Invalid argument" "so it does"
	explain to $N.98 from $N.97 iif eth1
	like "$OUT" "$N.97 is an address of this machine" "from ourselves"
}

# Tables local and main are one until somebody changes a rule, which no dump
# tells: ours of before are enough in the sandbox, so in a fresh namespace.
case_a_machine_without_rules_of_its_own_is_understood() {
	local to
	fresh() { ip netns exec fresh "$@"; }
	ip netns add fresh
	fresh ip link set lo up
	fresh ip link add eth0 type veth peer name far
	fresh ip link set far up
	fresh ip link set eth0 up
	fresh ip addr add 10.0.0.1/24 dev eth0
	fresh ip -6 addr add fd00::1/64 dev eth0 nodad
	fresh ip addr add 10.5.0.1/16 dev lo
	fresh ip route add 10.5.1.0/24 via 10.0.0.9
	for to in 127.0.0.1 10.0.0.1 10.0.0.9 10.0.0.255 203.0.113.1 ::1 \
	    fd00::1 fd00::9 2001:db8::1 224.0.0.5 255.255.255.255 \
	    "10.0.0.1 from 10.0.0.9 iif eth0" "fe80::1 oif eth0"; do
		run fresh ifpolicy explain $to
		is "$RC$ERR" 0 "$to: they agree"
	done
	run fresh ifpolicy explain 10.5.1.1
	is "$RC" 0 "a longer prefix in main: they agree"
	like "$(tr -s '\n ' ' ' <<<"$OUT")" \
	    "not taken: main has a longer prefix.* leaves by eth0 via 10.0.0.9" \
	    "and why local is not heard first"
	fresh ip rule add pref 5 from 203.0.113.1 lookup 77
	run fresh ifpolicy explain 10.5.1.1
	is "$RC" 0 "one rule: they agree again"
	like "$OUT" "for this machine itself" "and local comes first"
	ip netns del fresh
}

case_several_next_hops_are_all_told() {
	three_cards
	ip route add 203.0.113.0/24 nexthop via $GW dev eth0 \
	    nexthop via $GW dev eth1
	explain 203.0.113.1
	is "$RC" 0 "explained"
	like "$(tr '\n' ' ' <<<"$OUT")" \
	    "by eth0 via $GW, or eth1 via $GW; a hash of its ends decides" \
	    "either"
}

case_ipv6_likewise() {
	stanza eth0 fd00:178::99/64 "policy-table rt1" \
	    "policy-gateway fd00:178::1" "policy-metric 100" | interfaces
	ifup eth0
	explain fd00:99::1 from fd00:178::99
	is "$RC" 0 "explained"
	like "$(decided)" '^12030  from fd00:178::99 lookup rt1  \(eth0\)' "rule"
	like "$OUT" "^It leaves by eth0 via fd00:178::1.$" "the way"
	explain fd00:99::1
	like "$OUT" "- it has no source yet" "without a source"
	like "$(decided)" "^32766" "main"
	like "$OUT" "Its source will be fd00:178::99" "which it gets"
	# a trap of the kernel: the /48 alone would have been taken
	ip -6 route add fd00:99::/48 via fd00:178::1 dev eth0
	ip -6 route add fd00:99::/48 from fd00:5::/64 via fd00:178::1 dev eth0
	explain fd00:99::1
	like "$(tr -s ' \n' ' ' <<<"$OUT")" \
	    "not taken: the kernel does not see it beside" "a hidden route"
	like "$OUT" "The kernel says the same" "so it is"
}

# The kernel's dump of IPv6 leaves out a route between two next hops.
case_a_route_that_the_kernel_does_not_list_is_told_apart() {
	link_up eth0 fd00:178::99/64
	link_up eth1
	ip -6 route add 2001:db8::/32 via fd00:178::1 dev eth0 metric 5
	ip -6 route append 2001:db8::/32 dev eth1 metric 5
	ip -6 route append 2001:db8::/32 via fd00:178::2 dev eth0 metric 5
	unlike "$(ip -6 route)" '^2001:db8::/32 dev eth1' "it is not listed"
	explain 2001:db8::1 oif eth1
	is "$RC" 1 "the kernel disagrees"
	like "$(tr '\n' ' ' <<<"$OUT")" \
	    "something else: 2001:db8::/32 dev eth1 .*does not list that route" \
	    "with a route that it does not list"
}

case_json_says_the_same() {
	local j
	three_cards
	run ifpolicy -j explain to 10.99.0.1 from $N.98 mark 3
	is "$RC$ERR" 0 "explained"
	j=$OUT
	ok "it is JSON" is_json "$j"
	is "$(field "$j" '->{question}{dst}')" 10.99.0.1 "the question"
	is "$(field "$j" '->{question}{mark}')" 3 "all of it"
	is "$(field "$j" '->{rules}[0]{result}')" no_route "rule 0"
	is "$(field "$j" '->{rules}[1]{result}')" no_match "another's rule"
	is "$(field "$j" '->{rules}[1]{reason}')" from "why"
	is "$(field "$j" '->{rules}[1]{claims}[0]')" eth0 "whose"
	is "$(field "$j" '->{rules}[3]{result}')" route "the one"
	is "$(field "$j" '->{rules}[3]{src}')" $N.98 "with the keys of ip -j"
	is "$(field "$j" '->{rules}[3]{route}{dev}')" eth1 "its route"
	is "$(field "$j" '->{rules}[3]{route}{claims}[0]')" eth1 "that one's"
	is "$(field "$j" '->{rules}[4]{result}')" not_reached "the rest"
	is "$(field "$j" '->{verdict}')" route "verdict"
	is "$(field "$j" '->{nexthops}[0]{gateway}')" $GW "next hop"
	is "$(field "$j" '->{kernel}{route}{table}')" rt2 "the kernel's route"
	is "$(field "$j" '->{kernel}{nexthop}{dev}')" eth1 "its next hop"
	is "$(field "$j" '->{agrees}')" 1 "they agree"
	run ifpolicy -j explain to 10.99.0.1 ipproto gre
	is "$(field "$OUT" '->{kernel}')" none "the kernel takes no such question"
	run ifpolicy -j explain to 203.0.113.1 from 10.99.0.9
	is "$(field "$OUT" '->{verdict}')" source_not_local "before any rule"
	is "$(field "$OUT" '->{error}')" "Network is unreachable" "the error"
}

case_it_needs_no_privilege_and_no_record() {
	three_cards
	run setpriv --reuid 65534 --clear-groups --bounding-set=-all \
	    ifpolicy explain to 10.99.0.1 from $N.98 mark 3 uid 0
	is "$RC$ERR" 0 "as nobody"
	like "$OUT" "lookup rt2  \(eth1\)" "with whose it is"
	echo garbage >$(ls $RECORDS/net-*)
	explain to 10.99.0.1 from $N.98
	is "$RC" 0 "a damaged record is no obstacle"
	like "$OUT" "Whose is what is not known" "but is told"
	like "$(decided)" "^12030  from $N.98 lookup rt2  \(proto ifpolicy\)" \
	    "protocols are"
	rm -rf $RECORDS
	explain to 10.99.0.1 from $N.98
	is "$RC" 0 "nor is none"
}

# A terminal of its own: script(1).
mkdir -p /dev/pts
mount -t devpts -o ptmxmode=666 devpts /dev/pts
ln -sf pts/ptmx /dev/ptmx
on_terminal() { script -qec "$*" /dev/null | tr -d '\r'; }

case_colour_is_for_terminals_that_want_it() {
	local esc=$'\033'
	three_cards
	explain 10.99.0.1
	unlike "$OUT" "$esc" "none into a pipe"
	like "$(on_terminal env TERM=xterm ifpolicy explain 10.99.0.1)" \
	    "$esc\[1m" "on a terminal"
	is "$(on_terminal env TERM=xterm ifpolicy explain 10.99.0.1 |
	    sed "s/$esc\[[0-9]*m//g")" "$OUT" "the same text"
	is "$(on_terminal env TERM=dumb ifpolicy explain 10.99.0.1)" "$OUT" \
	    "not on a dumb one"
	is "$(on_terminal env TERM=xterm NO_COLOR=1 ifpolicy explain \
	    10.99.0.1)" "$OUT" "nor with NO_COLOR"
}

case_lines_fit_a_terminal() {
	three_cards
	ip rule add pref 100 from $N.0/24 to 10.99.0.0/24 ipproto tcp \
	    dport 1024-65000 fwmark 0x100/0xff00 lookup rt3
	explain to 10.99.0.1 from $N.98 ipproto tcp sport 1024 dport 443 \
	    mark 0x200 uid 65534 tos 0x10 oif eth1
	is "$RC" 0 "explained"
	is "$(awk 'length > 80' <<<"$OUT")" "" "no line is longer than 80"
	explain to 10.99.0.1 from 10.99.0.9 oif eth2
	is "$(awk 'length > 80' <<<"$OUT")" "" "nor a sentence"
}

case_bad_questions_are_refused() {
	exits 2 "no address" ifpolicy explain
	exits 2 "a name" ifpolicy explain to router.example
	like "$ERR" 'router.example' "quoted"
	exits 2 "two families" ifpolicy explain 10.0.0.1 from fd00::1
	exits 2 "iif alone" ifpolicy explain 10.0.0.1 iif eth0
	like "$ERR" 'say it with from' "with the way out"
	exits 2 "another family than said" ifpolicy -6 explain 10.0.0.1
	exits 2 "ECN" ifpolicy explain 10.0.0.1 tos 1
	exits 1 "no such device" ifpolicy explain 10.0.0.1 oif nix0
	like "$ERR" 'no device nix0' "which"
	exits 2 "control characters" ifpolicy explain $'10.0.0.1\033[2J'
	unlike "$ERR" $'\033' "do not reach the terminal"
}

run_cases "$@"
