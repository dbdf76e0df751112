#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: what the files of network-scripts say is found, read as the scripts read it, and claimed.

. "$(dirname "$0")/../lib/redhat.sh"

A=$N.98
KEYS=("POLICY_TABLE=rt1" "POLICY_GATEWAY=$GW" "POLICY_METRIC=100")
FROM="from $A lookup rt1" TO="from all to $A lookup rt1"

# What KEYS mean for eth1 and $A is there, and no more.
has_policy() {
	ruled_is "${1:-the rules}" "from ${2:-$A} lookup rt1" \
	    "from all to ${2:-$A} lookup rt1"
	is "$(routed rt1)" "$N.0/24 dev ${3:-eth1} scope link src ${2:-$A}
default via $GW dev ${3:-eth1}" "the table"
	is "$(routed main | grep default)" \
	    "default via $GW dev ${3:-eth1} metric 100" "the metric default"
	content
}

# Up by these names, twice, and down by the first: works DEVICE NAME...
works() {
	local device=$1 name
	shift
	foreign
	for name; do
		up "$name"
		has_policy "ifup $name" $A "$device"
	done
	down "$1"
	nothing_left
}

# ---- where the configuration is ----------------------------------------

case_keys_in_the_devices_own_file() {
	static eth1 $A/24 "${KEYS[@]}"
	works eth1 eth1 ifcfg-eth1 eth1
}

case_a_file_of_another_name() {
	static office $A/24 "${KEYS[@]}"
	sed -i 's/^DEVICE.*/DEVICE="eth1"  # the second/' $DIR/ifcfg-office
	works eth1 office eth1
}

case_found_by_NAME() {
	static office $A/24 "${KEYS[@]}" 'NAME="System work"'
	sed -i 's/^DEVICE.*/DEVICE=eth1/' $DIR/ifcfg-office
	works eth1 work office
}

case_found_by_HWADDR() {
	ip link add eth7 address 02:00:00:00:0a:77 type bridge
	remember
	ifcfg hard HWADDR=02:00:00:00:0A:77 IPADDR=$A PREFIX=24 \
	    "${KEYS[@]}"
	works eth7 eth7 hard
	ip link del eth7
}

case_no_DEVICE_in_the_file() {
	ip link add eth7 address 02:00:00:00:0a:77 type bridge
	remember
	ifcfg eth7 HWADDR=02:00:00:00:0a:77 IPADDR=$A PREFIX=24 "${KEYS[@]}"
	works eth7 eth7
	ip link del eth7
}

case_a_backup_is_not_read() {
	static eth1 $A/24 "${KEYS[@]}"
	local b
	for b in .bak '~' .rpmsave .orig .old .rpmnew; do
		static "eth1$b" $N.1/24 POLICY_TABLE=wrong
		sed -i 's/^DEVICE.*/DEVICE=eth1/' "$DIR/ifcfg-eth1$b"
	done
	mv $DIR/ifcfg-eth1 $DIR/ifcfg-office
	works eth1 office
}

case_shell_forms() {
	cat >$DIR/ifcfg-eth1 <<-END
	# the second card
	   DEVICE='eth1' ; BOOTPROTO=none
	export IPADDR="$A"
	PREFIX=2\\
	4
	ARPCHECK=no ARPUPDATE=no   # two on a line
	POLICY_TABLE="r"'t'1 # a name
	export POLICY_GATEWAY=$GW; POLICY_METRIC="1\\
	00"
	POLICY_ROUTE0="10.5.0.0/16 \\
	    via $GW"
	EMPTY=
	END
	foreign
	up eth1 eth1
	ruled_is "the rules" "$FROM" "$TO"
	like "$(routed rt1)" "^10.5.0.0/16 via $GW dev eth1$" "the route"
	content
	down eth1
	nothing_left
}

# ---- what keys say -----------------------------------------------------

case_routes_and_rules_by_keys() {
	static eth1 $A/24 "${KEYS[@]}" "POLICY_ROUTE1='10.6.0.0/16 via $GW'" \
	    "POLICY_ROUTE0='10.5.0.0/16 via $GW'" 'POLICY_RULE="fwmark 7"'
	foreign
	up eth1 eth1
	ruled_is "the rules" "$FROM" "$TO" "from all fwmark 0x7 lookup rt1"
	is "$(routed rt1 | grep -c '^10\.[56]')" 2 "the routes"
	content
	sed -i '/ROUTE\|RULE/d' $DIR/ifcfg-eth1
	up eth1
	has_policy "without them again"
	down eth1
	nothing_left
}

case_the_gateway_of_the_file() {
	static eth1 $A/24 POLICY_TABLE=rt1 GATEWAY=$GW DEFROUTE=no
	foreign
	up eth1
	like "$(routed rt1)" "^default via $GW dev eth1$" "GATEWAY is taken"
	down eth1
	nothing_left
}

case_both_families() {
	static eth1 $A/24 "${KEYS[@]}" IPV6INIT=yes \
	    IPV6ADDR=fd00:178::98/64 IPV6_DEFAULTGW=fd00:178::1
	sed -i /GATEWAY=$GW/d $DIR/ifcfg-eth1
	echo GATEWAY=$GW >>$DIR/ifcfg-eth1
	foreign
	up eth1 eth1
	ruled_is "IPv4" "$FROM" "$TO"
	ruled_is "IPv6" -6 "from fd00:178::98 lookup rt1" \
	    "from all to fd00:178::98 lookup rt1"
	like "$(routed rt1 -6)" '^default via fd00:178::1 dev eth1' "its table"
	like "$(routed main -6)" \
	    '^default via fd00:178::1 dev eth1 metric 100' "its metric"
	content
	down eth1
	nothing_left
}

case_several_addresses() {
	ifcfg eth1 DEVICE=eth1 IPADDR=$A PREFIX=24 IPADDR1=10.0.0.98 \
	    NETMASK1=255.255.255.0 ARPCHECK1=no ARPUPDATE1=no "${KEYS[@]}"
	foreign
	up eth1 eth1
	ruled_is "each has its rules" "$FROM" "$TO" \
	    "from 10.0.0.98 lookup rt1" "from all to 10.0.0.98 lookup rt1"
	like "$(routed rt1)" '^10.0.0.0/24 dev eth1' "and its subnet"
	content
	down eth1
	nothing_left
}

case_an_alias() {
	static eth1 $A/24 "${KEYS[@]}"
	static eth1:1 10.0.0.98/24 POLICY_TABLE=rt2 POLICY_GATEWAY=10.0.0.1
	foreign
	up eth1
	local both=("$FROM" "$TO" "from 10.0.0.98 lookup rt2"
	    "from all to 10.0.0.98 lookup rt2")
	ruled_is "both" "${both[@]}"
	down eth1:1
	has_policy "without it"
	up eth1:1 eth1
	ruled_is "with it" "${both[@]}"
	content
	down eth1
	nothing_left
}

case_a_range() {
	local n want=()
	static eth1 $A/24
	ifcfg eth1-range0 IPADDR_START=$N.110 IPADDR_END=$N.112 \
	    CLONENUM_START=10 PREFIX=24 POLICY_TABLE=rt1 POLICY_GATEWAY=$GW
	for n in 110 111 112; do
		want+=("from $N.$n lookup rt1" "from all to $N.$n lookup rt1")
	done
	foreign
	up eth1 eth1
	ruled_is "each has its rules" "${want[@]}"
	content
	sed -i s/$N.112/$N.111/ $DIR/ifcfg-eth1-range0
	up eth1
	ruled_is "it becomes shorter" "${want[@]:0:4}"
	content
	down eth1
	nothing_left
}

case_an_edit_replaces() {
	static eth1 $A/24 "${KEYS[@]}"
	foreign
	up eth1
	sed -i 's/rt1/rt9/; s/METRIC=100/METRIC=7/' $DIR/ifcfg-eth1
	up eth1
	ruled_is "the rules" "from $A lookup rt9" "from all to $A lookup rt9"
	is "$(routed main | grep default)" "default via $GW dev eth1 metric 7" \
	    "the metric"
	is "$(table rt1)" "" "the old table is empty"
	sed -i /POLICY/d $DIR/ifcfg-eth1
	up eth1
	ruled_is "no key, no rule"
	down eth1
	nothing_left
}

case_keys_and_files_together() {
	static eth1 $A/24 "${KEYS[@]}"
	echo "fwmark 5 table 9" | file rule-eth1
	echo "10.5.0.0/16 via $GW table 9" | file route-eth1
	foreign
	up eth1 eth1
	ruled_is "the rules of both" "$FROM" "$TO" \
	    "from all fwmark 0x5 lookup 9"
	is "$(routed 9)" "10.5.0.0/16 via $GW dev eth1" "and the route"
	content
	rm $DIR/rule-eth1 $DIR/route-eth1
	up eth1
	has_policy "the files are gone"
	down eth1
	nothing_left
}

# ---- what keys cannot say ----------------------------------------------

# complains NAME ERE: ifup goes on, we say this one thing and do nothing.
complains() {
	remember
	run ifup eth1
	is "$RC" 0 "$1: ifup goes on"
	like "$(ours)" "^ifpolicy: eth1: $2" "$1 is told"
	is "$(ours | wc -l)" 1 "in one line"
	ruled_is "and nothing done"
	run ifdown eth1
	is "$RC" 0 "ifdown"
	nothing_left
}

case_an_unknown_key() {
	static eth1 $A/24 "${KEYS[@]}" POLICY_TABEL=rt2
	complains "a misspelt key" 'ifcfg-eth1:9: .*POLICY_TABEL.*POLICY_TABLE'
}

case_a_bad_value() {
	static eth1 $A/24 "${KEYS[@]}"
	sed -i 's/METRIC=100/METRIC=ten/' $DIR/ifcfg-eth1
	complains "a bad metric" '.*ten'
}

case_what_only_a_shell_knows() {
	static eth1 $A/24 "${KEYS[@]}"
	sed -i 's/^POLICY_TABLE.*/POLICY_TABLE=$(hostname)/' $DIR/ifcfg-eth1
	complains "a command" 'ifcfg-eth1:6: .*POLICY_TABLE'
	sed -i 's/^POLICY_TABLE.*/POLICY_TABLE=$NAME/' $DIR/ifcfg-eth1
	complains "a variable" 'ifcfg-eth1:6: .*POLICY_TABLE'
	sed -i 's/^POLICY_TABLE.*/POLICY_TABLE=`id`/' $DIR/ifcfg-eth1
	complains "backquotes" 'ifcfg-eth1:6: .*POLICY_TABLE'
}

case_code_is_never_run() {
	static eth1 $A/24 'POLICY_TABLE=$(touch /tmp/case/$$; echo rt1)' \
	    'echo $$ >>/tmp/case/shells'
	run ifup eth1
	run ifdown eth1
	# The scripts source it in processes of theirs, and we in none.
	local was=$(sort -u /tmp/case/shells | wc -l)
	: >/tmp/case/shells
	bare /sbin/ifup-local eth1 2>/tmp/case/err
	is "$(wc -c </tmp/case/shells)" 0 "the hook runs no line of it"
	isnt "$was" 0 "as the scripts do"
}

case_code_that_is_nothing_to_us() {
	static eth1 $A/24 'HOST=$(hostname)' 'if [ -n "$HOST" ]; then' \
	    'MTU=1400' fi
	echo "from $A table 9" | file rule-eth1
	foreign
	up eth1 eth1
	ruled_is "its rule file is read" "from $A lookup 9"
	content
	down eth1
	nothing_left
}

case_code_that_might_set_our_keys() {
	static eth1 $A/24 "${KEYS[@]}" 'if true; then' 'MTU=1400' fi
	complains "shell code" 'ifcfg-eth1:9'
}

case_other_code_beside_our_keys() {
	static eth1 $A/24 "${KEYS[@]}" 'MTU=$((1400 + 50))' 'X=`hostname`'
	works eth1 eth1
}

# ---- route- and rule- files --------------------------------------------

case_the_ip_form() {
	static eth1 $A/24
	printf '%s\n' "10.5.0.0/16 via $GW" "default via $GW table 9 metric 3" \
	    "10.6.0.0/16 via $GW dev eth1 src $A mtu 1400" | file route-eth1
	printf '%s\n' "from $A lookup 9" "to $N.7 iif lo table 9 pref 77" |
	    file rule-eth1
	foreign
	up eth1 eth1
	is "$(routes | grep -E '^(10|default)' | sort)" \
	    "10.5.0.0/16 via $GW dev eth1 proto ifpolicy
10.6.0.0/16 via $GW dev eth1 proto ifpolicy src $A mtu 1400
default via $GW dev eth1 table 9 proto ifpolicy metric 3" "the routes, ours"
	is "$(rules | grep 'lookup 9')" \
	    "77: from all to $N.7 iif lo lookup 9 proto ifpolicy
32765: from $A lookup 9 proto ifpolicy" "the rules, ours"
	content
	down eth1
	nothing_left
}

case_both_families_of_files() {
	static eth1 $A/24 IPV6INIT=yes IPV6ADDR=fd00:178::98/64
	printf '%s\n' "2001:db8:5::/48 via fd00:178::1" \
	    "default via fd00:178::1 dev eth1 table 9" | file route6-eth1
	printf '%s\n' "from fd00:178::98 table 9" \
	    "to fd00:178::98 table 9 pref 90" | file rule6-eth1
	echo "from $A table 9" | file rule-eth1
	foreign
	up eth1 eth1
	ruled_is "IPv6" -6 "from fd00:178::98 lookup 9" \
	    "from all to fd00:178::98 lookup 9"
	ruled_is "IPv4" "from $A lookup 9"
	like "$(routed main -6)" '^2001:db8:5::/48 via fd00:178::1' "the route"
	like "$(routed 9 -6)" '^default via fd00:178::1' "and the table's"
	content
	rm $DIR/r*-eth1
	down eth1
	nothing_left
}

case_the_names_of_device_and_file() {
	static office $A/24
	sed -i 's/^DEVICE.*/DEVICE=eth1/' $DIR/ifcfg-office
	echo "from $A table 8" | file rule-eth1
	echo "from $A table 9" | file rule-office
	echo "10.5.0.0/16 via $GW" | file route-eth1
	echo "10.6.0.0/16 via $GW" | file route-office
	foreign
	up office eth1
	ruled_is "both rule files" "from $A lookup 8" "from $A lookup 9"
	is "$(routed main | grep -c '^10\.[56]')" 2 "both route files"
	content
	down eth1
	nothing_left
}

case_the_key_form() {
	local i
	static eth1 $A/24
	printf '%s\n' "ADDRESS0=10.5.0.0" "NETMASK0=255.255.0.0" \
	    "GATEWAY0=$GW" 'ADDRESS1="10.6.7.0"' "NETMASK1='255.255.255.128'" \
	    "ADDRESS3=10.7.0.0" "NETMASK3=255.255.0.0" "GATEWAY3=$GW" |
	    file route-eth1
	foreign
	for i in 1 2; do
		run ifup eth1
		refused "the gap is told" route-eth1:6
		is "$(routed main | grep ^10)" \
		    "10.5.0.0/16 via $GW dev eth1
10.6.7.0/25 dev eth1 scope link" "the rest is there"
		content
	done
	sed -i s/10.5/10.8/ $DIR/route-eth1
	down eth1
	nothing_left
}

case_METRICn_and_OPTIONSn_are_told() {
	static eth1 $A/24
	printf '%s\n' "ADDRESS0=10.5.0.0" "NETMASK0=255.255.0.0" \
	    "GATEWAY0=$GW" "METRIC0=5" 'OPTIONS0="table 9"' | file route-eth1
	foreign
	run ifup eth1
	is "$(routed main | grep ^10)" "10.5.0.0/16 via $GW dev eth1" \
	    "they count for nothing, as with the stock scripts"
	like "$(ours)" 'route-eth1:[0-9]+.*METRIC0' "METRIC0 is told"
	like "$(ours)" 'route-eth1:[0-9]+.*OPTIONS0' "OPTIONS0 is told"
	run ifdown eth1
	nothing_left
}

case_a_file_dot_route() {
	static eth1 $A/24
	printf '%s\n' "ADDRESS0=10.5.0.0" "NETMASK0=255.255.0.0" \
	    "GATEWAY0=$GW" | file eth1.route
	foreign
	up eth1 eth1
	is "$(routed main | grep ^10)" "10.5.0.0/16 via $GW dev eth1" "is read"
	content
	down eth1
	nothing_left
}

case_comments_blanks_and_continuations() {
	static eth1 $A/24
	printf '# routes\n\n   \n\t# more\n  10.5.0.0/16 \\\n via %s\\\n' $GW \
	    >$DIR/route-eth1
	printf ' metric 5  \n# 10.6.0.0/16 via %s \\\n10.7.0.0/16 via %s\n' \
	    $GW $GW >>$DIR/route-eth1
	printf '\r\n\tto 10.8.0.0/16\tvia %s' $GW >>$DIR/route-eth1
	foreign
	up eth1 eth1
	is "$(routed main | grep ^10)" "10.5.0.0/16 via $GW dev eth1 metric 5
10.8.0.0/16 via $GW dev eth1" "read as the scripts do"
	content
	down eth1
	nothing_left
}

# Of a bad line we tell file and number, and the rest is there.
case_bad_route_lines() {
	static eth1 $A/24
	{
		printf '10.5.0.0/16 via %s # a comment\n' $GW
		printf '10.6.0.0/16 via %s\r\n' $GW
		printf '10.7.0.0/16 via %s table nowhere\n' $GW
		printf '10.8.0.0/16 via 10.99.99.99\n'
		printf '10.9.0.0/16 via %s\n' $GW
		printf '"10.10.0.0/16" via %s\n' $GW
		printf 'add 10.11.0.0/16 via %s\n' $GW
		printf '10.12.0.0/16 via %s dev eth9\n' $GW
		printf '10.13.0.0/16 via %s src 10.99.99.98\n' $GW
		printf '10.14.0.0/16 dev eth1\n'
	} | file route-eth1
	foreign
	local v i
	for v in $(variants); do
		variant $v
		for i in 1 2; do
			run ifup eth1
			is "$RC" 0 "$v: ifup $i"
			refused "$v: they are told" \
			    route-eth1:{1,2,3,4,6,7,8,9}
			is "$(routed main | grep ^10)" \
			    "10.14.0.0/16 dev eth1 scope link
10.9.0.0/16 via $GW dev eth1" "$v: the others are there"
		done
		run ifdown eth1
		is "$RC $(ours)" "0 " "$v: ifdown"
		nothing_left
	done
}

case_bad_rule_lines() {
	static eth1 $A/24
	{
		printf 'from %s table 9 # a comment\nto %s table 9\r\n' $A $A
		printf 'from %s table nowhere\nadd from %s table 9\n' $A $A
		printf 'from %s table 9\n\ndefault via %s table 9\n' $A $GW
		printf 'from %s/33 table 9\nfrom %s tabel 9\n' $A $A
	} | file rule-eth1
	foreign "from $A lookup 9"
	local i
	for i in 1 2; do
		run ifup eth1
		refused "they are told" rule-eth1:{1,2,3,4,7,8,9}
		ruled_is "the other is there" "from $A lookup 9"
	done
	run ifdown eth1
	is "$RC $(ours)" "0 " "ifdown"
	nothing_left
}

case_a_refused_line_is_told_with_its_words() {
	static eth1 $A/24
	local line="10.5.0.0/16 via 10.99.99.99 metric 3"
	printf '%s\n' "" "$line" | file route-eth1
	run ifup eth1
	like "$(ours)" "^ifpolicy: eth1: route-eth1:2 \"$line\": ." \
	    "device, file, number, words, reason"
	like "$(ifpolicy show eth1)" '10.99.99.99' "and show tells it"
	run ifdown eth1
	nothing_left
}

case_a_line_that_can_be_used_later() {
	static eth1 $A/24
	echo "10.5.0.0/16 via 10.0.0.1" | file route-eth1
	foreign
	run ifup eth1
	refused "the gateway is out of reach" route-eth1:1
	ip addr add 10.0.0.98/24 dev eth1
	ok "refresh" ifpolicy refresh eth1
	is "$(routed main | grep ^10.5)" "10.5.0.0/16 via 10.0.0.1 dev eth1" \
	    "now it is not"
	content
	down eth1
	nothing_left
}

case_nothing_but_lines_that_cannot_be_used() {
	static eth1 $A/24
	printf '10.5.0.0/16 via %s\r\n' $GW | file route-eth1
	run ifup eth1
	like "$(ours)" "^ifpolicy: eth1: route-eth1:1" "is told"
	down eth1
	nothing_left
}

case_a_shells_pattern() {
	static eth1 $A/24
	: >$DIR/10.5.0.0
	printf '%s\n' "10.5.* via $GW" "10.6.0.0/16 via $GW" | file route-eth1
	run ifup eth1
	refused "it is told" route-eth1:1
	like "$(routed main)" '^10.6.0.0/16 ' "the other line is there"
	run ifdown eth1
	nothing_left
}

case_host_bits_and_labels() {
	static eth1 $A/24
	echo "from 10.0.0.5/24 table 9" | file rule-eth1
	echo "10.5.0.0/16 via $GW dev eth1:1" | file route-eth1
	foreign
	up eth1 eth1
	ruled_is "as ip takes it" "from 10.0.0.5/24 lookup 9"
	is "$(routed main | grep ^10.5)" "10.5.0.0/16 via $GW dev eth1" \
	    "a label is its device"
	content
	down eth1
	nothing_left
}

case_a_protocol_of_its_own_stays() {
	static eth1 $A/24
	printf '%s\n' "10.5.0.0/16 via $GW proto static" \
	    "10.6.0.0/16 via $GW" | file route-eth1
	foreign
	up eth1 eth1
	is "$(routes | grep ^10)" "10.5.0.0/16 via $GW dev eth1 proto static
10.6.0.0/16 via $GW dev eth1 proto ifpolicy" "static is static"
	content
	down eth1
	nothing_left
}

case_the_same_line_twice() {
	static eth1 $A/24
	printf '%s\n' "from $A table 9" "from $A table 9" | file rule-eth1
	printf '%s\n' "10.5.0.0/16 via $GW" "10.5.0.0/16 via $GW" |
	    file route-eth1
	foreign "from $A lookup 9"
	run ifup eth1
	run ifup eth1
	is "$(ruled)" "from $A lookup 9" "the rule is there once"
	content
	run ifdown eth1
	is "$(ours)" "" "ifdown"
	nothing_left
}

case_two_devices_with_one_line() {
	static eth1 $A/24
	static eth0 $N.99/24
	echo "fwmark 5 table 9" | file rule-eth1
	cp $DIR/rule-eth1 $DIR/rule-eth0
	echo "blackhole 10.5.0.0/16" | file route-eth1
	cp $DIR/route-eth1 $DIR/route-eth0
	foreign
	run ifup eth0
	run ifup eth1
	is "$(ours)" "" "both come up"
	is "$(ruled | sort -u)" "from all fwmark 0x5 lookup 9" "the rule"
	down eth0
	is "$(ruled)" "from all fwmark 0x5 lookup 9" "while one of them is up"
	like "$(routed main)" '^blackhole 10.5.0.0/16' "so is the route"
	content
	down eth1
	nothing_left
}

case_three_hundred_lines() {
	local i
	static eth1 $A/24
	for i in {1..300}; do
		echo "from 10.$((i / 250)).$((i % 250)).1 table $i" \
		    >>$DIR/rule-eth1
		echo "10.$((i / 250)).$((i % 250)).0/24 via $GW table 1$i" \
		    >>$DIR/route-eth1
	done
	foreign
	up eth1 eth1
	is "$(ruled | wc -l) $(ruled | uniq -d | wc -l)" "300 0" "once each"
	is "$(routes | grep -c 'table [0-9]* proto ifpolicy')" 300 "all routes"
	content
	: >$DIR/rule-eth1
	down eth1
	nothing_left
}

# Below somebody's priority 3 there is room for two; then the kernel gives 0.
case_automatic_priorities_run_out() {
	local n
	static eth1 $A/24
	for n in 1 2 3 4 5; do echo "fwmark $n table 9"; done | file rule-eth1
	ip rule add pref 3 fwmark 70 lookup 77
	remember
	for n in 1 2; do
		run ifup eth1
		is "$RC $(ours)" "0 " "ifup $n"
		is "$(rules | grep -c 'lookup 9')" 5 "each is there once"
		is "$(rules | grep 'lookup 9' | grep -vc ifpolicy)" 0 \
		    "all of them ours"
		content
	done
	run ifdown eth1
	nothing_left
}

case_NOROUTESET() {
	static eth1 $A/24 NOROUTESET=yes
	echo "from $A table 9" | file rule-eth1
	echo "blackhole 10.5.0.0/16" | file route-eth1
	foreign "from $A lookup 9"
	up eth1
	ruled_is "the files are nothing to us"
	down eth1
	nothing_left "nor does ifdown take others' rules"
}

case_the_second_ifup_is_silent() {
	static eth1 $A/24 POLICY_TABLE=rt1 POLICY_METRIC=100 GATEWAY=$GW \
	    IPV6INIT=yes IPV6ADDR=fd00:178::98/64 IPV6_DEFAULTGW=fd00:178::1
	printf '%s\n' "fwmark 5 table 9" "from $A table 9" | file rule-eth1
	printf '%s\n' "10.5.0.0/16 via $GW" "blackhole 10.6.0.0/16" |
	    file route-eth1
	echo "fwmark 5 table 9" | file rule6-eth1
	run ifup eth1
	local v
	for v in $(variants); do
		variant $v
		[ "$v" = el8 ] || replaces ||
		    unlike "$(changes_during ifup eth1)" \
		    'proto (ifpolicy|173)' "$v: ip monitor sees none of ours"
		run ifup eth1
		content
		is "$(rules | grep -c 0x5)" 1 "$v: the rule is there once"
	done
	is "$(changes_during bare /sbin/ifup-local eth1)" "" \
	    "the hook itself changes nothing"
	run bare /sbin/ifup-local eth1
	is "$RC$OUT$ERR" 0 "and says nothing"
}

# The kernel cannot be told which of two rules with one priority to delete, so
# ours may go with the scripts' copy and come again: but there always is one.
case_a_rule_with_a_priority_is_never_absent() {
	static eth1 $A/24
	echo "from $A table 9 pref 99" | file rule-eth1
	up eth1
	changes_during ifup eth1 >/tmp/case/changes
	like "$(</tmp/case/changes)" '^99:' "the scripts add a copy"
	is "$(awk '/^99:/ { n++ } /^Deleted 99:/ { n-- }
	    n < least { least = n } END { print least + 1, n + 1 }' \
	    /tmp/case/changes)" "1 1" "there is one at the least and the end"
	is "$(rules)" "99: from $A lookup 9 proto ifpolicy" "ours"
	down eth1
	nothing_left
}

# ---- calls that do not pair up -----------------------------------------

case_calls_for_nothing() {
	static eth1 $A/24
	local hook arg
	foreign
	for hook in ifup-local ifdown-pre-local ifdown-local; do
		silent "$hook without argument" bare /sbin/$hook
		for arg in "" eth1 eth0 eth9 eth1:7 lo ../../x; do
			silent "$hook \"$arg\"" bare /sbin/$hook "$arg"
		done
	done
	nothing_left
}

case_nothing_asked_nothing_opened() {
	static eth1 $A/24
	run ifup eth1
	strace -f -o /tmp/case/trace -e trace=openat,socket /sbin/ifup-local
	unlike "$(</tmp/case/trace)" 'AF_NETLINK|/etc/sysconfig' \
	    "no argument: nothing is opened"
	strace -f -o /tmp/case/trace -e trace=openat,socket \
	    /sbin/ifup-local eth1
	unlike "$(</tmp/case/trace)" 'socket\(AF_NETLINK' \
	    "no key, no file: the kernel is not asked"
	run ifdown eth1
}

case_a_port_of_a_bridge() {
	ifcfg eth1 DEVICE=eth1 BRIDGE=br7
	foreign
	up eth1
	down eth1
	ip link del br7 2>/dev/null
	nothing_left
}

case_a_port_with_files_of_an_earlier_life() {
	static eth1 $A/24
	echo "from $A table 9" | file rule-eth1
	echo "blackhole 10.5.0.0/16" | file route-eth1
	foreign
	up eth1
	ifcfg eth1 DEVICE=eth1 BRIDGE=br7
	down eth1
	ip link del br7 2>/dev/null
	nothing_left
}

case_a_device_without_address() {
	ifcfg eth1 DEVICE=eth1 BOOTPROTO=none
	echo "fwmark 5 table 9" | file rule-eth1
	foreign
	up eth1 eth1
	ruled_is "its rule" "from all fwmark 0x5 lookup 9"
	down eth1
	nothing_left
}

case_ifdown_without_ifup() {
	static eth1 $A/24 "${KEYS[@]}"
	echo "from $A table 9" | file rule-eth1
	foreign "from $A lookup 9"
	down eth1 eth1
	nothing_left "others' equal rule stays"
}

case_a_lease() {
	ifcfg eth1 DEVICE=eth1 BOOTPROTO=dhcp POLICY_TABLE=rt1 POLICY_METRIC=100
	lease eth1 $A/24 $GW
	foreign
	up eth1 eth1
	ruled_is "the rules" "$FROM" "$TO"
	like "$(routed rt1)" "^default via $GW dev eth1$" "the lease's gateway"
	content
	down eth1
	nothing_left
}

case_lo_has_files_too() {
	ifcfg lo DEVICE=lo IPADDR=127.0.0.1 NETMASK=255.0.0.0
	echo "local 198.51.100.0/24 dev lo table local" | file route-lo
	echo "to 198.51.100.0/24 table 9" | file rule-lo
	remember
	up lo lo
	ruled_is "the rule" "from all to 198.51.100.0/24 lookup 9"
	like "$(ip route show table local)" \
	    "^local 198.51.100.0/24 dev lo proto (ifpolicy|173)" "the route"
	rm $DIR/route-lo $DIR/rule-lo
	bare /sbin/ifdown-local lo
	nothing_left
}

case_the_command_means_the_options_beside_files() {
	static eth1 $A/24 POLICY_TABLE=rt1 POLICY_GATEWAY=$GW
	echo "fwmark 5 table 9" | file rule-eth1
	up eth1
	silent "ifpolicy up" ifpolicy up eth1 table rt1 gateway none
	is "$(table rt1 | grep -c default)" 0 "the claim of the options changed"
	is "$(rules | grep -c 0x5)" 1 "and not that of the files"
	is "$(ifpolicy -j show eth1 | grep -o '"label"' | wc -l)" 2 "two claims"
	content
	down eth1
	nothing_left
}

# Whoever is logged in by it would be cut off.
case_a_default_that_may_be_somebody_elses_stays() {
	static eth0 $N.99/24 GATEWAY=$GW
	static eth0:1 $N.101/24
	static eth1 $A/24
	echo "default via $GW dev eth0" | file route-eth0:1
	printf '%s\n' "default via $GW" "10.5.0.0/16 via $GW dev eth0" |
	    file route-eth1
	run ifup eth0
	run ifup eth1
	run ifdown eth1
	like "$(main)" "^default via $GW dev eth0" "ifdown of another device"
	unlike "$(main)" "10\.5\." "though what else it asked for goes"
	run ifup eth0:1
	run ifdown eth0:1
	like "$(main)" "^default via $GW dev eth0" "ifdown of an alias"
}

case_a_line_that_GATEWAY_says_too_may_go() {
	local v
	for v in $(variants); do
		variant $v
		static eth0 $N.99/24 GATEWAY=$GW
		echo "default via $GW dev eth0" | file route-eth0
		run ifup eth0
		rm $DIR/route-eth0
		run ifup eth0
		like "$(main)" "^default via $GW dev eth0" "$v: the scripts' stays"
		run ifdown eth0
		nothing_left
	done
}

case_the_callers_environment_is_nothing_to_us() {
	static eth1 $A/24 "${KEYS[@]}"
	foreign
	run env POLICY_TABLE=wrong IF_POLICY_TABLE=wrong IFACE=eth0 MODE=stop \
	    PHASE=post-down /usr/sbin/ifup eth1
	is "$RC $(ours)" "0 " "ifup"
	has_policy
	down eth1
	nothing_left
}

case_defaults_of_the_host() {
	static eth1 $A/24 "${KEYS[@]}"
	cp /etc/sysconfig/ifpolicy /tmp/case/default
	echo "POLICY_PRIORITY=13000" >>/etc/sysconfig/ifpolicy
	up eth1
	like "$(rules)" "^13030: from $A lookup rt1" "/etc/sysconfig/ifpolicy"
	cp /tmp/case/default /etc/sysconfig/ifpolicy
	down eth1
	nothing_left
}

# ---- an admin's own hook; in place of the stock scripts ----------------

case_an_own_hook_calls_ours_in_one_line() {
	local h
	for h in ifup-local ifdown-pre-local ifdown-local; do
		rm /sbin/$h
		{
			echo "#!/bin/sh"
			echo "echo $h \$* >>/tmp/case/own"
			echo "[ ! -x $HOOK ] || $HOOK $h \"\$@\""
			echo "exit 0"
		} >/sbin/$h
		chmod 755 /sbin/$h
	done
	static eth1 $A/24 "${KEYS[@]}"
	works eth1 eth1 eth1
	is "$(</tmp/case/own)" "ifup-local eth1
ifup-local eth1
ifdown-pre-local eth1
ifdown-local eth1" "and does its own work"
	rm -f /tmp/case/own
	static eth1 $A/24
	echo "from $A table 9" | file rule-eth1
	ip rule add pref 501 from $A lookup 9
	remember
	up eth1 eth1
	ruled_is "files too" "from $A lookup 9"
	down eth1
	nothing_left
}

case_an_unknown_name_is_told() {
	exits 2 "network-scripts without argument" $HOOK
	exits 2 "or an unknown hook's name" $HOOK ifup-remote eth1
	isnt "$ERR" "" "is told"
}

# The commands of ifpolicy-hooks(7), as they stand there.
choose() {
	sed -n "/^$1/,/^\.Ed/p" /src/helpers/man/ifpolicy-hooks.7 |
	    sed '1,/^\.Bd/d; /^\.Ed/d; s/^# //' >/tmp/case/commands
	isnt "$(</tmp/case/commands)" "" "the manual has commands: $1"
	silent "they work: $1" bash -e /tmp/case/commands
}

case_in_place_of_the_stock_scripts() {
	local stock=$(cd $DIR && cksum if{up,down}-routes) r v
	static eth1 $A/24
	static eth1:1 $N.101/24
	printf '%s\n' "10.5.0.0/16 via $GW" "blackhole 10.6.0.0/16 table 9" |
	    file route-eth1
	printf '%s\n' "from $A table 9" "fwmark 5 table 9 pref 70" |
	    file rule-eth1
	echo "from $N.101 table 9" | file rule-eth1:1
	r=("from $A lookup 9" "from all fwmark 0x5 lookup 9")
	foreign "from $A lookup 9"
	choose "This chooses it"
	choose "This chooses it"
	for v in $(variants); do
		variant $v
		run ifup eth1
		is "$RC $OUT$ERR" "0 " "$v: ifup says nothing"
		ruled_is "$v: the rules" "${r[@]}" "from $N.101 lookup 9"
		is "$(routes | grep -c '^10.5\|^blackhole 10.6')" 2 "the routes"
		unlike "$(changes_during ifup eth1)" 'lookup 9|10\.[56]\.' \
		    "$v: a second ifup changes nothing"
		is "$RC $OUT$ERR" "0 " "$v: no File exists"
		content
		run ifdown eth1:1
		is "$RC $OUT$ERR" "0 " "$v: ifdown of the alias"
		ruled_is "$v: the parent's stay" "${r[@]}"
		run ifup eth1:1
		is "$RC $OUT$ERR" "0 " "$v: and back"
		ruled_is "$v: once" "${r[@]}" "from $N.101 lookup 9"
		sed -i 's/10.5/10.7/; s/ 5 / 6 /' $DIR/r*-eth1
		run ifdown eth1
		is "$RC $OUT$ERR" "0 " "$v: ifdown"
		nothing_left
		sed -i 's/10.7/10.5/; s/ 6 / 5 /' $DIR/r*-eth1
	done
	choose "and this goes back"
	choose "and this goes back"
	is "$(cd $DIR && cksum if{up,down}-routes)" "$stock" "as before"
	up eth1
	ruled_is "with the stock scripts again" "${r[@]}" "from $N.101 lookup 9"
	down eth1
	nothing_left
}

case_in_place_chosen_and_left_while_up() {
	static eth1 $A/24
	echo "from $A table 9" | file rule-eth1
	echo "10.5.0.0/16 via $GW" | file route-eth1
	foreign "from $A lookup 9"
	up eth1
	choose "This chooses it"
	up eth1
	ruled_is "once" "from $A lookup 9"
	choose "and this goes back"
	down eth1
	nothing_left
	choose "This chooses it"
	up eth1
	choose "and this goes back"
	up eth1
	ruled_is "once" "from $A lookup 9"
	choose "This chooses it"
	down eth1
	nothing_left
}

case_in_place_a_bad_line_is_told() {
	static eth1 $A/24
	printf '%s\n' "10.5.0.0/16 via 10.99.99.99" "10.6.0.0/16 via $GW" |
	    file route-eth1
	choose "This chooses it"
	run ifup eth1
	is "$RC" 0 "ifup"
	like "$(ours)" 'route-eth1:1 ' "it is told"
	like "$(routed main)" '^10.6.0.0/16' "the other is there"
	run ifdown eth1
	nothing_left
}

run_cases "$@"
