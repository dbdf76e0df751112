#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: real ifupdown does with the stanzas what is expected of ifupdown-ng and ifupdown2.

MANAGER=dhcp TEST_DIR=managers
. "$(dirname "$0")/../lib/stanzas.sh"

case_the_common_stanzas() { alike $COMMON; }
case_inherited_options() { alike inherited; }
case_dhcp() { dhcp; }
case_two_cards_in_any_order() { any_order; }

case_edited_before_ifdown() {
	edited_before_ifdown "s/rt1/rt9/; s/$A/$B/"
	edited_before_ifdown "/policy-/d"
}

case_a_wrong_option_costs_the_policy_only() {
	refused "policy-tabel" "policy-tabel rt1"
	like "$TOLD" '"policy-tabel": no such option' "ifup tells"
	quiet_down
	nothing_left
}

run_cases "$@"
