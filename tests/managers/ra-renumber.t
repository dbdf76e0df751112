#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: inet6 auto: prefixes that are renumbered and temporary addresses that rotate are followed.
#
# Each case is once followed by "ifpolicy refresh" and once by "ifpolicy watch".

. "$(dirname "$0")/../lib/ra.sh"

K=("policy-table rt1" "policy-metric 100")

# ---- prefixes ----------------------------------------------------------

renumbered() {
	local old new
	prefix gw br0 $P "valid_lft 6 preferred_lft 6"
	advertise gw 600 ra-only br0
	begin "${K[@]}"
	old=$(addresses eth0)
	[ -z "${1-}" ] || watching
	prefix gw br0 $Q
	no_prefix gw br0 $P
	# The router sees to its addresses a moment later.
	within 5 eval 'solicit eth0; has eth0 $Q'
	ok "the old one is deprecated" within 3 eval \
	    '[ "$(addresses eth0 deprecated)" = $old ]'
	new=$(addresses eth0 -deprecated)
	follow
	becomes "$(rules_for rt1 $old $new)" "rules of both while both live" r6
	becomes "default via $R1 dev eth0
$P::/64 dev eth0 src $old
$Q::/64 dev eth0 src $new" "and both prefixes" t6 rt1
	works eth0 $new
	sound
	ok "the old one dies" within 9 eval '! has eth0 $P'
	follow
	becomes "$(rules_for rt1 $new)" "rules of the new one alone" r6
	becomes "default via $R1 dev eth0
$Q::/64 dev eth0 src $new" "and its prefix" t6 rt1
	unlike "$(r6; ip -6 route show table all proto 173)" "$P:" \
	    "nothing of the old one anywhere"
	works eth0 $new
	sound
	ends eth0
}

case_renumbered() { renumbered; }
case_renumbered_watched() { renumbered watched; }

# ---- temporary addresses -----------------------------------------------

# Two seconds before the end of the first the kernel makes the next.
rotated() {
	local first
	sysctl -qw net.ipv6.conf.eth0.temp_prefered_lft=3 \
	    net.ipv6.conf.eth0.temp_valid_lft=4
	begin "${K[@]}" "privext 2"
	first=$(temporary)
	[ -z "${1-}" ] || watching
	is "$(r6)" "$(rules_for rt1 $(stable) $first)" "rules of the first"
	ok "another comes" within 4 eval \
	    '[ $(addresses eth0 temporary -tentative | wc -l) -gt 1 ]'
	ok "the first goes" within 7 eval '! temporary | grep -q $first'
	follow
	matching() { [ "$(r6)" = "$(rules_for rt1 $(addresses eth0))" ]; }
	ok "rules of those there are" within 3 matching
	unlike "$(r6; ip -6 route show table all proto 173)" "$first" \
	    "nothing of the first anywhere"
	is "$(t6 rt1)" "$(rt1_by $R1)" "the table keeps to the stable one"
	ends eth0
}

case_temporary_addresses_rotate() { rotated; }
case_temporary_addresses_rotate_watched() { rotated watched; }

run_cases "$@"
