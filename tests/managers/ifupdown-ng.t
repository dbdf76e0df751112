#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: the real ifupdown-ng, with hooks and with its executor: what the stanzas ask for, and nothing left.

MANAGER=ifupdown-ng TEST_DIR=managers
. "$(dirname "$0")/../lib/stanzas.sh"

EXECUTOR=/usr/libexec/ifupdown-ng/policy
HOOK=/usr/libexec/ifpolicy/ifupdown

# As installed, but for what a case took away.
teardown() {
	ln -sf $HOOK $EXECUTOR
	ln -sf $HOOK $HOOKS/if-up.d/ifpolicy
	ln -sf $HOOK $HOOKS/if-down.d/ifpolicy
	rm -rf $HOOKS/ifupdown-ng.conf
}

case_the_common_stanzas() { alike $COMMON; }
case_inherited_options() { alike inherited; }
case_dhcp() { dhcp; }
case_two_cards_in_any_order() { any_order; }

case_edited_before_ifdown() {
	edited_before_ifdown "s/rt1/rt9/; s/$A/$B/"
	edited_before_ifdown "/policy-/d"
	edited_before_ifdown "s/policy-table/policy-tabel/"
}

# It then knows of no address to take away.
case_the_stanza_is_gone_before_ifdown() {
	static4
	write
	silent "ifup" ifup eth0
	lo
	quiet_down
	must "nothing of ours is left" </dev/null
	nothing_of_ours
}

case_the_device_is_gone_before_ifdown() {
	static4
	write
	silent "ifup" ifup eth0
	ip link del eth0
	quiet_down
	is "$(ours)" "" "nothing of ours is left"
	nothing_of_ours
}

case_a_wrong_option_costs_the_policy_only() {
	refused "policy-tabel" "policy-tabel rt1"
	like "$TOLD" '"policy-tabel": no such option' "ifup tells"
	quiet_down
	nothing_left
	refused "192.168.77.1" "policy-gateway 192.168.77.1"
	like "$TOLD" "not on any subnet of eth0" "ifup tells"
	quiet_down
	nothing_left
	# It asks no hook how it went.
	refused "192.168.77.1" "policy-gateway 192.168.77.1" \
	    "policy-on-error fail"
	like "$TOLD" "ifpolicy exited with return code 1" "ifup tells that too"
	quiet_down
	nothing_left
}

case_several_addresses_in_one_stanza() {
	STANZA="iface eth0
	address $A/24
	address $B/24
	address $A6/64
	gateway $GW
	gateway $GW6
	policy-table rt1"
	WORDS=$(words rt1; words6 rt1
	    printf '12030: from %s lookup rt1\n' $B "all to $B")
	write
	silent "ifup" ifup eth0
	must <<<"$WORDS"
	quiet_down
	nothing_left
}

case_a_template() {
	STANZA="template base
	policy-table rt1
	policy-gateway $GW

iface eth0
	inherit base
	address $A/24"
	write
	silent "ifup, at once" timeout 3 ifup eth0
	must < <(words rt1)
	quiet_down
	nothing_left
}

case_a_logical_name() {
	{
		stanza home $A/24 "policy-table rt1" "policy-gateway $GW"
		stanza work $B/24 "policy-table rt2" "policy-gateway $GW"
	} | interfaces
	silent "ifup eth0=home" ifup eth0=home
	must "home's policy on eth0" < <(words rt1)
	quiet_down
	nothing_left
	silent "ifup eth0=work" ifup eth0=work
	must "work's policy" < <(words rt2 | sed "s/$A/$B/")
	quiet_down
	nothing_left
}

# Its executors run in the order of the lines.
case_the_options_stand_before_the_address() {
	STANZA="iface eth0 inet static
	policy-table rt1
	policy-gateway $GW
	policy-metric 100
	address $A/24"
	write
	silent "ifup, at once" timeout 3 ifup eth0
	must < <(words rt1 100)
	quiet_down
	nothing_left
}

case_of_a_repeated_option_the_last_counts() {
	static4
	STANZA+=$'\n\tpolicy-rule fwmark 1\n\tpolicy-rule fwmark 2'
	write
	silent "ifup" ifup eth0
	must < <(words rt1 100
	    echo "12000: from all fwmark 0x2 lookup rt1")
	quiet_down
	nothing_left
}

# Going down it flushes the whole device, which then waits for its address.
case_an_alias() {
	{
		stanza eth0 $A/24 "policy-table rt1" "policy-gateway $GW"
		stanza eth0:1 $B/24 "policy-table rt2" "policy-gateway $GW"
	} | interfaces
	silent "both up" eval "ifup eth0 && ifup eth0:1"
	must < <(words rt1; words rt2 | sed "s/$A/$B/")
	quiet_down eth0:1
	must "nothing can stand" </dev/null
	like "$(ifpolicy show eth0)" "waits +the address $A is not on eth0" \
	    "but the device waits for its address"
	silent "ifup --force" ifup --force eth0
	must "it is back" < <(words rt1)
	quiet_down eth0
	nothing_left
}

case_force_puts_back_what_is_missing() {
	static4
	write
	silent "ifup" ifup eth0
	ip addr flush dev eth0
	ok "ifup --force" ifup --force eth0
	must < <(words rt1 100)
	quiet_down
	nothing_left
}

# The policy-less second time ends what the first time began.
case_force_after_the_options_were_deleted() {
	static4
	write
	silent "ifup" ifup eth0
	sed -i "/policy-/d; s/$A/$B/" $HOOKS/interfaces
	ip addr flush dev eth0
	ok "ifup --force" ifup --force eth0
	must "nothing of ours is left" </dev/null
	quiet_down
	nothing_left
}

# ---- the executor ------------------------------------------------------

# The policy at the moment of the stanza's own pre-down and down lines.
watched() {
	static4
	STANZA+="
	pre-down ip rule >/tmp/case/pre-down
	pre-down ip addr show dev eth0 >>/tmp/case/pre-down
	down ip rule >/tmp/case/down"
	write
	silent "ifup" ifup eth0
	must < <(words rt1 100)
	quiet_down
	like "$(cat /tmp/case/pre-down)" "inet $A/24" \
	    "the address is there at pre-down"
	nothing_left
}

case_the_executor_alone() {
	rm $HOOKS/if-up.d/ifpolicy $HOOKS/if-down.d/ifpolicy
	alike static4
	alike static6
	watched
	unlike "$(cat /tmp/case/pre-down)" "from $A" \
	    "the rules went before it"
	refused "policy-tabel" "policy-tabel rt1"
	quiet_down
	nothing_left
}

case_the_hooks_alone() {
	rm $EXECUTOR
	alike static4
	watched
	like "$(cat /tmp/case/pre-down)" "from $A" "the rules are there, too"
	like "$(cat /tmp/case/down)" "from $A" \
	    "and go when the address has gone"
}

case_hooks_or_executors_are_switched_off() {
	echo "allow_addon_scripts = 0" >$HOOKS/ifupdown-ng.conf
	alike static4
	echo "auto_executor_selection = 0" >$HOOKS/ifupdown-ng.conf
	STANZA=$(stanza eth0 $A/24 "use static" "use link" "policy-table rt1" \
	    "policy-gateway $GW")
	write
	silent "ifup" ifup eth0
	must < <(words rt1)
	quiet_down
	nothing_left
}

case_the_executor_asks_for_no_other_interface() {
	static4
	write
	silent "depend" env -i IFACE=eth0 PHASE=depend MODE=depend \
	    METHOD=none IF_POLICY_TABLE=rt1 $EXECUTOR
	run ifquery eth0
	like "$OUT" "use policy" "it is chosen without \"use policy\""
	unlike "$OUT" requires "nothing is required"
}

# Both run at every ifup.
case_the_second_of_them_changes_nothing() {
	static4
	write
	run changes_during ifup eth0
	is "$(grep -c "^default via $GW dev eth0 table 8001 " <<<"$OUT")" 1 \
	    "the table's default is added once"
	is "$(grep -c "from $A lookup 8001 " <<<"$OUT")" 1 "so is the rule"
	unlike "$OUT" "^Deleted .*(ifpolicy|8001)" "and nothing deleted"
	quiet_down
	nothing_left
}

run_cases "$@"
