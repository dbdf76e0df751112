#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: bad input of every kind is refused whole, in one clear line, and loses nothing.
#
# Bad input of every kind: one clear line with the offending text, nothing
# applied, and nothing lost of what was there.

. "$(dirname "$0")/../lib/net.sh"

A=$N.99
long() { printf "%0$1d" 0 | tr 0 "${2-x}"; }

# A good policy is in place before each bad one comes.
begin() {
	link_up eth0 $A/24
	[ "${1-}" != v6 ] || link_up eth0 fd00:178::99/64
	ok "a good policy first" ifpolicy up eth0 table rt1 gateway $GW \
	    metric 100
	[ "${1-}" != v6 ] ||
	    ok "and for IPv6" ifpolicy up eth0 table rt1 gateway fd00:178::1
	GOOD=$(state)
}

state() { ip -4 rule; ip -6 rule; routes; routes -6; knobs; }

# bad KEY VALUE ERE [NAME]: by the hook, in the stanza's spelling, and by the
# command, where keys are bare.
bad() {
	local var=IF_POLICY_${1^^} name=${4-policy-$1 \"$2\"}
	run hook up eth0 IF_ADDRESS=${ADDRESS-$A} ADDRFAM=${FAMILY-inet} \
	    IF_POLICY_TABLE=rt1 "${var//-/_}=$2"
	verdict "$name" 0 "$3"
	run ifpolicy -4 up eth0 "$1" "$2"
	verdict "$name, by command" 2 "${3//policy-/}"
}

verdict() {
	local why=
	[ $RC -eq $2 ] || why="exit $RC, not $2"
	[ "$(wc -l <<<"$ERR")" = 1 ] || why+=" not one line"
	[ ${#ERR} -lt 600 ] || why+=" ${#ERR} characters"
	[ -z "$OUT" ] || why+=" something on stdout"
	grep -qE "^ifpolicy: .*$3" <<<"$ERR" || why+=" no match for /$3/"
	! grep -qP '[\x00-\x08\x0b-\x1f\x7f]' <<<"$ERR" || why+=" raw control"
	[ "$(state)" = "$GOOD" ] ||
	    why+=" state: $(diff <(echo "$GOOD") <(state))"
	[ -z "$why" ] && pass "$1" || fail "$1" "$why" "$ERR"
}

case_an_unknown_key_is_told_its_nearest_name() {
	begin
	bad tabel rt1 '"?policy-tabel"?.*policy-table' "tabel"
	bad metrik 100 'policy-metrik.*policy-metric' "metrik"
	bad gatway $GW 'policy-gatway.*policy-gateway' "gatway"
	bad rp-filtr loose 'policy-rp-filtr.*policy-rp-filter' "rp-filtr"
	bad prefermain yes 'prefermain.*policy-prefer-main' "prefermain"
	bad onerror fail 'onerror.*policy-on-error' "onerror"
	bad adresses own 'adresses.*policy-addresses' "adresses"
	bad tables0 x 'policy-tables0.*policy-table' "tables0"
	bad zzzzzz x 'policy-zzzzzz' "nothing near"
	run hook up eth0 IF_ADDRESS=$A IF_POLICY_=x IF_POLICY_TABLE=rt1
	verdict "an empty name" 0 'policy-'
}

case_numbers_are_strict() {
	begin
	local v
	for v in 0 4294967295 4294967296 -1 +1 1x x 0x 1e2 010 1.0 "1 2" \
	    18446744073709551716; do
		bad metric "$v" "policy-metric \"${v//[+.]/.}\""
	done
	for v in 61 -1 5s 99999999999; do
		bad wait "$v" "policy-wait \"$v\""
	done
	for v in -1 abc 4294967296; do
		bad priority "$v" "policy-priority \"$v\""
	done
}

case_an_empty_value_is_told_what_would_do() {
	begin
	local k
	for k in table gateway metric match addresses route rule wait; do
		bad $k "" "policy-$k: needs a value" "empty $k"
	done
}

case_tables_are_checked() {
	begin
	local v
	for v in 0 253 254 255 main local default -1 4294967296 "a b" a/b \
	    ../x '$(id)' "a;b" "a	b" $'caf\xc3\xa9' $'\xff\xfe'; do
		bad table "$v" "policy-table \"" "table \"$(cat -v <<<"$v")\""
	done
	bad table "$(long 300)" 'policy-table "x+.*(long|[0-9]+)' "table too long"
}

case_addresses_are_checked() {
	begin
	local v
	for v in $GW/24 192.168.178.256 192.168.178 192.168.178.1.1 eth0 \
	    "$GW onlin" "$GW onlink onlink" "auto $GW" 1 0x7f000001 \
	    010.0.0.1 "none auto"; do
		bad gateway "$v" "policy-gateway \"${v//./\\.}\""
	done
	bad gateway fd00:178::1 'policy-gateway "fd00:178::1".*(IPv4|IPv6|family)' \
	    "gateway of the wrong family" 
	bad source fd00::1 'policy-source "fd00::1"'
	bad source $N 'policy-source'
	bad addresses "$A/33" 'policy-addresses'
	bad addresses "$A eth0" 'policy-addresses.*eth0'
	bad addresses "own $A" 'policy-addresses'
	bad addresses fd00::1 'policy-addresses "fd00::1"'
}

case_the_wrong_family_is_told_in_both_directions() {
	begin v6
	FAMILY=inet6 ADDRESS=fd00:178::99
	local v
	for v in "gateway $GW" "source $A" "addresses $A" \
	    "route 10.0.0.0/8 via fd00:178::1" "rule from 10.0.0.0/8"; do
		run hook up eth0 ADDRFAM=inet6 IF_ADDRESS=fd00:178::99 \
		    IF_POLICY_TABLE=rt1 \
		    "IF_POLICY_$(tr a-z A-Z <<<"${v%% *}")=${v#* }"
		verdict "inet6: $v" 0 "policy-${v%% *} \""
	done
	unset FAMILY ADDRESS
	bad route "fd00::/8 via $GW" 'policy-route "fd00::/8'
	bad route "10.0.0.0/8 via fd00::1" 'policy-route "10'
	bad rule "from fd00::/8" 'policy-rule "from fd00::/8"'
}

case_choices_are_checked() {
	begin
	local kv
	for kv in "match form" "match from,to" "match none from" \
	    "connected maybe" "prefer-main perhaps" "default metrics" \
	    "fallback drop" "linkdown yes" "arp loose" "arp filter strict" \
	    "rp-filter 1" "on-error ignore" "connected KEEP"; do
		[ "${kv%% *}" != on-error ] || continue
		bad "${kv%% *}" "${kv#* }" "policy-${kv%% *} \"${kv#* }\""
	done
	bad on-error ignore 'policy-on-error "ignore".*warn.*fail'
	bad arp loose 'keep.*filter.*strict' "the choices are named"
}

case_host_bits_are_shown_corrected() {
	begin
	bad route "10.5.0.1/16 via $GW" '10\.5\.0\.1/16.*10\.5\.0\.0/16'
	bad rule "from 10.5.0.1/16" '10\.5\.0\.1/16.*10\.5\.0\.0/16'
	bad rule "to 10.255.0.0/8" '10\.255\.0\.0/8.*10\.0\.0\.0/8'
	run hook up eth0 ADDRFAM=inet6 IF_ADDRESS=fd00:178::99 \
	    "IF_POLICY_ROUTE=fd00::1/64 via fd00:178::1"
	verdict "IPv6" 0 'fd00::1/64.*fd00::/64'
}

case_routes_and_rules_are_checked() {
	begin
	local v
	for v in "10.5.0.0/33 via $GW" "10.5.0.0/16 vai $GW" "via" \
	    "10.5.0.0/16 via" "10.5.0.0/16 via $GW metric x" \
	    "10.5.0.0/16 via $GW via $GW" "10.5.0.0/-1" "10.5.0.0/16/16" \
	    "10.5.0.0/16 dev abcdefghijklmnopq" "10.5.0.0/16 table" \
	    "10.5.0.0/16; id"; do
		bad route "$v" "policy-route \""
	done
	for v in "form 10.0.0.0/8" "from" "fwmark" "fwmark x" "priority x" \
	    "from 10.0.0.0/8 lookup" "iif abcdefghijklmnopq" \
	    "from 10.0.0.0/8 from 10.0.0.0/8" "ipproto nosuch" \
	    "sport 70000" "sport 9-5" "uidrange 5" "tos 999"; do
		bad rule "$v" "policy-rule \""
	done
	bad route0 "10.5.0.0/16 vai $GW" 'policy-route0? "10'
	bad route "10.5.0.0/16 vai $GW" 'vai' "the offending word is named"
}

case_the_bad_one_of_many_lines_is_named() {
	begin
	bad route "10.5.0.0/16 via $GW
10.6.0.0/16 via $GW
10.7.0.0/16 vai $GW" '10\.7\.0\.0/16 vai' "route, third line"
}

case_control_characters_are_refused_and_not_repeated() {
	begin
	local v
	for v in $'rt\x011' $'rt\x1b[31m1' $'rt1\r' $'\x7f' $'rt\b1'; do
		bad table "$v" 'policy-table' "table $(cat -v <<<"$v")"
		bad metric "$v" 'policy-metric' "metric $(cat -v <<<"$v")"
		bad route "$v" 'policy-route' "route $(cat -v <<<"$v")"
		bad gateway "$v" 'policy-gateway' "gateway $(cat -v <<<"$v")"
	done
	run hook up eth0 IF_ADDRESS=$A $'IF_POLICY_TA\x1bBLE=rt1'
	verdict "in a key" 0 ''
}

case_64_kib_values_are_refused() {
	begin
	local k
	for k in table metric gateway match addresses source route rule \
	    fallback arp priority wait nosuch route0; do
		bad $k "$(long 65536 1)" "policy-" "$k of 65536 characters"
	done
	bad addresses "$(for ((i = 0; i < 6000; i++)); do
		printf '%s ' 10.$((i / 250)).$((i % 250)).1; done)" \
	    "policy-addresses" "addresses: 6000 of them"
	bad route "$(for ((i = 0; i < 4000; i++)); do
		printf '%s\n' "10.$((i / 250)).$((i % 250)).0/24 via $GW"
	    done)" "policy-route" "route: 4000 lines"
	bad $(long 3000 k) x 'policy-k' "a key of 3000 characters"
}

case_interface_names_are_checked() {
	begin
	local i
	for i in "" "abcdefghijklmnopq" "a/b" "a b" ".." $'e\x01h'; do
		run hook up "$i" IF_ADDRESS=$A IF_POLICY_TABLE=rt1
		verdict "hook: \"$(cat -v <<<"$i")\"" 0 ''
		run ifpolicy up "$i" table rt1
		verdict "command: \"$(cat -v <<<"$i")\"" 2 ''
	done
}

case_the_hooks_surroundings_are_checked() {
	begin
	run hook up eth0 IF_ADDRESS=$A MODE=dance PHASE=dance \
	    IF_POLICY_TABLE=rt1
	is "$(state)" "$GOOD" "MODE=dance changes nothing"
	run env -i $HOOKS/if-up.d/ifpolicy
	is "$RC$(state)" "0$GOOD" "an empty environment changes nothing"
}

case_the_commands_usage_is_checked() {
	begin
	local c
	for c in "" "up" "up eth0 table" "up eth0 table rt1 metric" "frob" \
	    "down" "down eth0 table rt1" "show eth0 eth1" "-x show" "check eth0 eth1" "refresh a b"; do
		run ifpolicy $c
		is "$RC" 2 "exit 2: ifpolicy $c" || diag "$ERR"
		isnt "$ERR" "" "it says why"
	done
	run ifpolicy shw
	like "$ERR" "shw" "an unknown command is quoted"
	is "$(state)" "$GOOD" "nothing has changed"
}

case_options_may_stand_anywhere_but_in_place_of_a_value() {
	link_up eth0 $N.99/24
	is "$(ifpolicy -j show eth0)$(ifpolicy show -j eth0)$(ifpolicy show \
	    eth0 --json)" "[][][]" "before the command, behind it, behind its words"
	like "$(ifpolicy up eth0 table 70 -n gateway none)" "table 70" \
	    "between a value and a key"
	exits 2 "not behind a key" ifpolicy up eth0 table -n
	like "$ERR" 'table "-n"' "where it is a value"
	exits 2 "nor behind --" ifpolicy show -- -j eth0
	ip addr flush dev eth0
	ip link set eth0 down
	nothing_left
}

case_all_of_a_stanza_is_refused_for_one_bad_line() {
	usual "policy-route 10.5.0.0/16 via $GW" "policy-fallback drop"
	exits 0 "ifup goes on" ifup eth0
	like "$ERR" '^ifpolicy: eth0: policy-fallback "drop": .*; ' "says why"
	is "$(wc -l <<<"$ERR")" 1 "in one line"
	is "$(rules; routes | grep -v 'proto kernel')" "" "nothing is applied"
	exits 1 "check tells" ifpolicy check
	like "$OUT$ERR" drop "why"
	exits 0 "ifdown" ifdown eth0
	nothing_left
}

case_the_last_line_of_a_key_counts() {
	usual "policy-metric 7"
	silent "ifup" ifup eth0
	is "$(main | grep -o 'metric.*')" "metric 7" "metric 7"
}

case_two_nics_want_the_same_metric() {
	{
		stanza eth0 $A/24 "policy-gateway $GW" "policy-metric 100"
		stanza eth1 $N.98/24 "policy-gateway $GW" "policy-metric 100"
	} | interfaces
	silent "the first" ifup eth0
	local before=$(main | grep eth0)
	exits 0 "the second goes on" ifup eth1
	like "$ERR" '^ifpolicy: eth1: policy-metric "100": .*eth0.*; ' \
	    "and is told who has it"
	is "$(wc -l <<<"$ERR")" 1 "in one line"
	is "$(main | grep eth0)" "$before" "the first stays"
	unlike "$(main)" 'default.*eth1' "the second has none"
	exits 1 "the command is told too" ifpolicy up eth1 metric 100 \
	    gateway $GW
	ifdown eth0
	silent "the first gone: refresh" ifpolicy refresh eth1
	like "$(main)" 'default.*eth1.*metric 100' "now it has it"
	exits 0 "ifdown" ifdown eth1
	nothing_left
}

case_two_stanzas_want_different_arp() {
	{
		stanza eth0 $A/24 "policy-table rt1" "policy-gateway $GW" \
		    "policy-arp filter"
		stanza eth0 $N.98/24 "policy-table rt1" "policy-gateway $GW" \
		    "policy-arp strict"
	} | interfaces
	exits 0 "ifup goes on" ifup eth0
	like "$ERR" '^ifpolicy: eth0: policy-arp "strict": .*; ' "and says so"
	is "$(wc -l <<<"$ERR")" 1 "in one line"
	is "$(knob eth0 arp_filter) $(knob eth0 arp_ignore)" "1 0" \
	    "the first stays"
	like "$(rules)" "from $A " "with its rules"
	exits 0 "ifdown" ifdown eth0
	nothing_left
}

case_two_stanzas_want_different_rp_filters_or_gateways() {
	{
		stanza eth0 $A/24 "policy-table rt1" "policy-gateway $GW" \
		    "policy-rp-filter loose"
		stanza eth0:1 $N.98/24 "policy-table rt1" \
		    "policy-gateway $GW" "policy-rp-filter off"
		stanza eth0:2 $N.97/24 "policy-table rt1" \
		    "policy-gateway $N.254"
	} | interfaces
	silent "the first" ifup eth0
	local before=$(rules; table rt1)
	exits 0 "rp-filter: ifup goes on" ifup eth0:1
	like "$ERR" '^ifpolicy: eth0:1: policy-rp-filter "off": ' "and says so"
	exits 0 "gateway: ifup goes on" ifup eth0:2
	like "$ERR" '^ifpolicy: eth0:2: policy-(gateway|table) ".*": .*default' \
	    "and says so"
	is "$(rules; table rt1)" "$before" "the first stays"
}

run_cases "$@"
