#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: the real ifupdown2, ifreload included: what the stanzas ask for, and nothing left.

MANAGER=ifupdown2 TEST_DIR=managers
. "$(dirname "$0")/../lib/stanzas.sh"

case_the_common_stanzas() { alike $COMMON; }
case_dhcp() { dhcp; }
case_two_cards_in_any_order() { any_order; }

# It takes down what it brought up: the file as it was.
case_edited_before_ifdown() {
	edited_before_ifdown "s/rt1/rt9/; s/$A/$B/"
	edited_before_ifdown "/policy-/d"
	edited_before_ifdown "/eth0/,\$d"
}

# It calls no hook for that; the next one it calls cleans up.
case_the_device_is_gone_before_ifdown() {
	two_cards
	silent "ifup" ifup -a
	ip link del eth1
	quiet_down eth1
	like "$(ours)" "from $B" "ifdown of a device that is gone: no hook"
	silent "ifup of another one" ifup eth0
	must "its rules are gone" < <(words rt1 100)
	quiet_down eth0
	nothing_of_ours
}

# What a hook says is shown only when it fails.
case_a_wrong_option_costs_the_policy_only() {
	refused "policy-tabel" "policy-tabel rt1"
	is "$TOLD" "" "ifup tells nothing"
	quiet_down
	nothing_left
	refused "192.168.77.1" "policy-gateway 192.168.77.1"
	quiet_down
	nothing_left
}

# With another interface up it believes that this one never was.
case_on_error_fail() {
	static4
	{
		printf '%s\n' "$STANZA" ""
		stanza eth1 $B/24 "policy-table rt2" \
		    "policy-gateway 192.168.77.1" "policy-on-error fail"
	} | interfaces
	silent "ifup eth0" ifup eth0
	run ifup eth1
	like "$ERR" "policy-gateway \"192.168.77.1\": not on any subnet" \
	    "ifup tells"
	exits 1 "ifdown refuses" ifdown eth1
	sed -i "s/192.168.77.1/$GW/" $HOOKS/interfaces
	silent "mended" ifup eth1
	must < <(words rt1 100; words rt2 | sed "s/$A/$B/; s/eth0/eth1/")
	quiet_down eth1
	quiet_down eth0
	nothing_left
}

# It tells the hook only the first.
case_several_addresses_in_one_stanza() {
	local head more
	more=$(printf '12030: from %s lookup rt1\n' $B "all to $B")
	for head in "iface eth0 inet static" "iface eth0"; do
		STANZA="$head
	address $A/24
	address $B/24
	policy-table rt1
	policy-gateway $GW"
		write
		silent "$head" ifup eth0
		must < <(words rt1; echo "$more")
		quiet_down
		nothing_left
	done
	STANZA="iface eth0
	address $A/24
	address $B/24
	address $A6/64
	gateway $GW
	gateway $GW6
	policy-table rt1"
	write
	silent "of both families" ifup eth0
	must < <(words rt1; words6 rt1; echo "$more")
	quiet_down
	nothing_left
}

# Of two stanzas it makes one, with the options of the first.
case_gateways_of_two_families_as_options() {
	{
		stanza eth0 $A/24 "policy-table rt1" "policy-gateway $GW" \
		    "policy-metric 100"
		stanza eth0 $A6/64 "policy-table rt1" "policy-gateway $GW6" \
		    "policy-metric 100"
	} | interfaces
	silent "ifup, at once" timeout 4 ifup eth0
	must "the first counts" < <(words rt1 100)
	quiet_down
	nothing_left
}

case_an_alias() {
	{
		stanza eth0 $A/24 "policy-table rt1" "policy-gateway $GW"
		stanza eth0:1 $B/24 "policy-table rt2"
	} | interfaces
	silent "ifup" ifup eth0
	must "its address is the device's" < <(words rt1
	    printf '12030: from %s lookup rt1\n' $B "all to $B")
	quiet_down
	nothing_left
}

case_of_a_repeated_option_the_first_counts() {
	static4
	STANZA+=$'\n\tpolicy-rule fwmark 1\n\tpolicy-rule fwmark 2'
	write
	silent "ifup" ifup eth0
	must < <(words rt1 100
	    echo "12000: from all fwmark 0x1 lookup rt1")
	quiet_down
	nothing_left
}

case_inherits_is_not_known() {
	STANZA="iface base inet static
	policy-table rt1
	policy-gateway $GW

iface eth0 inet static inherits base
	address $A/24
	policy-rule0 fwmark 1 lookup 77"
	write
	silent "ifup" ifup eth0
	must "only its own options count" <<<"12000: from all fwmark 0x1 lookup 77"
	quiet_down
	nothing_left
}

case_ifquery() {
	static4
	write
	silent "ifup" ifup eth0
	ok "ifquery" ifquery eth0
	like "$OUT" "policy-gateway $GW" "has the options"
	ok "ifquery --check finds all as it must be" ifquery --check eth0
	unlike "$OUT$ERR" "fail|error|unsupported" "and complains of nothing"
	quiet_down
	nothing_left
}

# ---- ifreload ----------------------------------------------------------

# reload SED: edits the file, and then.
reload() {
	sed -i "$1" $HOOKS/interfaces
	silent "ifreload${1:+ after }$1" ifreload -a
}

reloadable() {
	{
		printf '%s\n' "auto lo" "iface lo inet loopback" "auto eth0"
		printf '%s\n' "$STANZA"
	} | interfaces
	silent "ifreload brings up" ifreload -a
	must <<<"$WORDS"
}

case_ifreload_of_an_edited_stanza() {
	static4
	reloadable
	reload "s/rt1/rt9/"
	must "another table" < <(words rt9 100)
	reload "/metric/d"
	must "no metric" < <(words rt9)
	reload "s/$A/$B/"
	must "another address" < <(words rt9 | sed "s/$A/$B/")
	reload "/policy-/d; s/$B/$A/"
	must "no policy" </dev/null
	nothing_of_ours
	reload "/eth0/,\$d"
	nothing_left
}

case_ifreload_without_a_change_changes_nothing() {
	static4
	reloadable
	is "$(changes_during ifreload -a | grep -E "8001|ifpolicy")" "" \
	    "nothing of ours is touched"
	must <<<"$WORDS"
	ip route flush table rt1
	silent "ifreload" ifreload -a
	must "what was missing is back" <<<"$WORDS"
	quiet_down
	nothing_left
}

case_ifreload_without_the_stanza() {
	static4
	reloadable
	reload "/eth0/,\$d"
	nothing_left
}

case_ifreload_leaves_alone_what_was_given_by_hand() {
	STANZA=$(stanza eth0 $A/24) WORDS=
	reloadable
	silent "by hand" ifpolicy up eth0 table rt1 gateway $GW
	reload ""
	must "ifreload leaves it" < <(words rt1)
	quiet_down
	nothing_left
	mkdir -p /etc/ifpolicy
	printf '%s\n' "policy-table rt1" "policy-gateway $GW" \
	    >/etc/ifpolicy/eth0
	WORDS=$(words rt1)
	reloadable
	reload ""
	must "ifreload leaves it" < <(words rt1)
	quiet_down
	nothing_left
}

case_ifreload_without_one_of_two_families() {
	both_families
	reloadable
	reload "/inet6/,\$d"
	must "IPv4 stays" < <(words rt1 100)
	quiet_down
	nothing_left
}

run_cases "$@"
