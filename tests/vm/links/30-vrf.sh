# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: an interface that is part of a VRF is refused, with a word that is clear, and its own routing is left alone.
. "$JOB/guest/lib.sh"

# card LINE...: eth1 in the VRF "red", whose table is 500.
card() {
	{
		stanza eth1 $A/24 "pre-up ip link add red type vrf table 500" \
		    "pre-up ip link set red up" \
		    "pre-up ip link set eth1 master red" \
		    "policy-gateway $GW" "$@"
		stanza eth1 $A6/64 "policy-gateway $GW6" "$@"
	} | begin
}

refused() {
	ok "ifup" ifup eth1
	is "$(grep -c 'eth1 is part of a VRF' <<<"$ERR")" 2 \
	    "a word that is clear, for either family"
	is "$(ours)" "" "no rule or route of ours"
	is "$(table 500 | grep -v '^broadcast\|^local')" \
	    "192.168.178.0/24 dev eth1 proto kernel scope link src $A" \
	    "the VRF's table is as it was"
	ok "traffic in the VRF" ping -q -c 2 -W 5 -I red $GW
	nok "ifpolicy check tells" ifpolicy check
	ok "ifdown" ifdown eth1
	ip link del red
	nothing_of_ours
	content
}

case_a_table_is_refused() {
	card "policy-table rt1"
	refused
}

case_the_vrf_s_own_is_refused() {
	card "policy-table 500"
	refused
}

case_a_default_in_main_is_refused() {
	card "policy-metric 101"
	refused
}

case_a_policy_sleeps_while_its_device_is_in_a_vrf() {
	local before

	stanza eth1 $A/24 "policy-table rt1" "policy-gateway $GW" \
	    "policy-metric 101" | begin
	ok "ifup" ifup eth1
	before=$(ours)
	is "$(ruled $A)" 2 "its rules"
	ip link add red type vrf table 500
	ip link set red up
	ip link set eth1 master red
	run ifpolicy refresh
	is "$(ours)" "" "in the VRF it has nothing"
	like "$(ifpolicy show eth1)" 'VRF' "and says why"
	ip link del red
	ok "ifpolicy refresh" ifpolicy refresh
	is "$(ours)" "$before" "out of it all is back"
	content
	ok "ifdown" ifdown eth1
	nothing_of_ours
}

run_cases
