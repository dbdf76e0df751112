#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: a second up is silent: no change in the kernel, no packet lost.

. "$(dirname "$0")/../lib/net.sh"

E=(IF_ADDRESS=$N.99 IF_NETMASK=255.255.255.0 IF_POLICY_TABLE=rt1
    IF_POLICY_GATEWAY=$GW IF_POLICY_METRIC=100)
KEYS="table rt1 gateway $GW metric 100"

up() { usual "$@"; silent "ifup" ifup eth0; }

case_the_monitor_is_awake() {
	up
	like "$(changes_during ip rule add pref 500 lookup 7)" "500:" \
	    "ip monitor sees a rule come"
}

case_the_second_up_by_the_hook_changes_nothing() {
	up
	is "$(changes_during hook up eth0 "${E[@]}")" "" "ip monitor is silent"
	is "$RC$OUT$ERR" 0 "so is the hook"
}

case_the_second_up_by_the_command_changes_nothing() {
	up
	is "$(changes_during ifpolicy up eth0 $KEYS)" "" "ip monitor is silent"
	is "$RC$OUT$ERR" 0 "so is the command"
	is "$(changes_during ifpolicy up eth0 $KEYS)" "" "and a third time"
	silent "ifdown" ifdown eth0
	nothing_left "one ifdown ends them all"
}

case_refresh_changes_nothing() {
	up "policy-rule fwmark 9" "policy-route 10.5.0.0/16 via $GW" \
	    "policy-connected metric" "policy-source own" \
	    "policy-prefer-main yes" "policy-fallback unreachable" \
	    "policy-arp filter"
	is "$(changes_during ifpolicy refresh)" "" "ip monitor is silent"
	is "$RC$OUT$ERR" 0 "so is the command"
}

case_twice_over_ipv6_changes_nothing() {
	stanza eth0 fd00:178::99/64 "policy-table rt1" \
	    "policy-gateway fd00:178::1" "policy-metric 100" \
	    "policy-source own" "policy-connected metric" | interfaces
	silent "ifup" ifup eth0
	is "$(changes_during hook up eth0 ADDRFAM=inet6 \
	    IF_ADDRESS=fd00:178::99 IF_NETMASK=64 IF_POLICY_TABLE=rt1 \
	    IF_POLICY_GATEWAY=fd00:178::1 IF_POLICY_METRIC=100 \
	    IF_POLICY_SOURCE=own IF_POLICY_CONNECTED=metric)" "" \
	    "ip monitor is silent"
}

case_every_object_is_said_to_be_kept() {
	up
	ok "up -v" ifpolicy -v up eth0 $KEYS
	like "$OUT$ERR" kept "kept"
	unlike "$OUT$ERR" 'added|replaced|deleted|failed' "and nothing else"
}

case_no_packet_is_lost_by_twenty_more_ups() {
	up
	again() {
		local i
		for i in {1..20}; do
			hook up eth0 "${E[@]}"
			ifpolicy up eth0 $KEYS
			ifpolicy refresh
		done
	}
	is "$(lost "$(flow_during 5000 $N.99 -- again)")" 0 \
	    "of 5,000 a second, bound"
	is "$(lost "$(flow_during 5000 -- again)")" 0 "and unbound"
}

case_no_packet_is_lost_by_an_edit() {
	up
	edit() {
		local m
		for m in 50 200 100; do
			hook up eth0 "${E[@]}" IF_POLICY_METRIC=$m
			hook up eth0 "${E[@]}" IF_POLICY_TABLE=t$m
			hook up eth0 "${E[@]}" IF_POLICY_TABLE=t$m \
			    IF_POLICY_PREFER_MAIN=yes
			hook up eth0 "${E[@]}" IF_POLICY_TABLE=t$m \
			    IF_POLICY_PRIORITY=1300$((m % 7))
		done
	}
	is "$(lost "$(flow_during 5000 $N.99 -- edit)")" 0 \
	    "of 5,000 a second, bound"
	is "$(cat /tmp/case/during)" "" "the edits say nothing"
	is "$(lost "$(flow_during 5000 -- edit)")" 0 "and unbound"
	silent "ifdown" ifdown eth0
	nothing_left
}

case_an_edit_replaces_what_was_there() {
	up
	silent "the table is renamed, the metric changed" hook up eth0 \
	    "${E[@]}" IF_POLICY_TABLE=rt9 IF_POLICY_METRIC=7
	is "$(table rt1)" "" "the old table is empty"
	unlike "$(rules)" 'lookup rt1' "no rule leads there"
	is "$(main | grep default)" \
	    "default via $GW dev eth0 proto ifpolicy metric 7" "one default"
	is "$(rules | wc -l)" 2 "two rules"
}

run_cases "$@"
