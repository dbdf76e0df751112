#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: what the kernel, or common sense, refuses: all of it undone, and said.

. "$(dirname "$0")/../lib/net.sh"

A=$N.99
FAR="policy-gateway 10.9.9.9"

one_line() { is "$(wc -l <<<"$ERR")" 1 "in one line"; }

# refused KEY VALUE-ERE: the message of the last command names it all.
says() {
	like "$ERR" "^ifpolicy: eth0: policy-$1 \"$2\": .+; .+" \
	    "it names interface, key and value, why, and a way out"
	one_line
}

case_a_gateway_nowhere_on_link_is_refused() {
	stanza eth0 $A/24 "policy-table rt1" "$FAR" "policy-metric 100" |
	    interfaces
	exits 0 "ifup goes on all the same" ifup eth0
	says gateway 10.9.9.9
	like "$ERR" onlink "one way out is onlink"
	is "$(rules; routes | grep -v 'proto kernel')" "" "nothing is applied"
	is "$(knob eth0 ignore_routes_with_linkdown)" 0 "no setting either"
	like "$(ip addr show eth0)" $A "the address is there"
	exits 0 "ifdown" ifdown eth0
	nothing_left
}

case_onlink_allows_it() {
	stanza eth0 $A/24 "policy-table rt1" "$FAR onlink" | interfaces
	silent "ifup" ifup eth0
	like "$(table rt1)" \
	    '^default via 10.9.9.9 dev eth0 proto ifpolicy onlink$' "onlink"
	silent "ifdown" ifdown eth0
	nothing_left
}

case_on_error_fail_fails_ifup() {
	stanza eth0 $A/24 "policy-table rt1" "$FAR" "policy-on-error fail" |
	    interfaces
	exits 1 "ifup fails" ifup eth0
	like "$ERR" '^ifpolicy: eth0: policy-gateway "10.9.9.9": ' "and says why"
	is "$(rules; routes | grep -v 'proto kernel')" "" "nothing is applied"
	ifdown --force eth0 2>/dev/null
	nothing_left
}

case_the_hook_itself_exits_1_only_when_asked() {
	link_up eth0 $A/24
	local e=(IF_ADDRESS=$A IF_POLICY_TABLE=rt1 IF_POLICY_GATEWAY=10.9.9.9)
	exits 0 "warn is the default" hook up eth0 "${e[@]}"
	exits 0 "warn" hook up eth0 "${e[@]}" IF_POLICY_ON_ERROR=warn
	exits 1 "fail" hook up eth0 "${e[@]}" IF_POLICY_ON_ERROR=fail
	exits 0 "down never fails for it" hook down eth0 "${e[@]}" \
	    IF_POLICY_ON_ERROR=fail
}

case_a_bad_prefsrc_in_source_is_refused_in_the_kernels_words() {
	stanza eth0 $A/24 "policy-table rt1" "policy-gateway $GW" \
	    "policy-metric 100" "policy-source $N.222" | interfaces
	exits 0 "ifup goes on" ifup eth0
	says source $N.222
	like "$ERR" "[Ii]nvalid prefsrc address" "it has the kernel's text"
	is "$(rules; routes | grep -v 'proto kernel')" "" "all is undone"
	is "$(knob eth0 ignore_routes_with_linkdown)" 0 "settings too"
	exits 0 "ifdown" ifdown eth0
	nothing_left
}

case_a_bad_prefsrc_in_a_route_is_refused_in_the_kernels_words() {
	usual "policy-route 10.5.0.0/16 via $GW" \
	    "policy-route 10.6.0.0/16 via $GW src $N.222" \
	    "policy-arp filter"
	exits 0 "ifup goes on" ifup eth0
	says route "10.6.0.0/16 via $GW src $N.222"
	like "$ERR" "[Ii]nvalid prefsrc address" "it has the kernel's text"
	is "$(rules; routes | grep -v 'proto kernel')" "" "all is undone"
	is "$(knob eth0 arp_filter)" 0 "settings too"
}

case_a_route_through_nowhere_is_refused_in_the_kernels_words() {
	usual "policy-route 10.5.0.0/16 via 10.9.9.9"
	exits 0 "ifup goes on" ifup eth0
	says route "10.5.0.0/16 via 10.9.9.9"
	like "$ERR" "[Nn]exthop has invalid gateway" "it has the kernel's text"
	is "$(rules; routes | grep -v 'proto kernel')" "" "all is undone"
}

case_ipv6_is_refused_alike() {
	stanza eth0 fd00:178::99/64 "policy-table rt1" \
	    "policy-gateway fd00:9::9" | interfaces
	exits 0 "ifup goes on" ifup eth0
	says gateway "fd00:9::9"
	is "$(rules -6; routes -6 | grep -v 'proto kernel')" "" "all is undone"
	stanza eth0 fd00:178::99/64 "policy-table rt1" "policy-wait 1" \
	    "policy-gateway fd00:178::1" "policy-source fd00:178::222" \
	    "policy-metric 100" | interfaces
	ifdown eth0
	exits 0 "ifup goes on" ifup eth0
	says source "fd00:178::222"
	is "$(rules -6; routes -6 | grep -v 'proto kernel')" "" "all is undone"
}

case_a_metric_without_any_gateway_is_refused() {
	stanza eth0 $A/24 "policy-metric 100" "policy-wait 0" | interfaces
	exits 0 "ifup goes on" ifup eth0
	like "$ERR" '^ifpolicy: eth0: .*(metric|gateway).*; ' "and says so"
	one_line
	is "$(rules; routes | grep -v 'proto kernel')" "" "nothing is applied"
}

case_wait_is_a_limit() {
	link_up eth0 $A/24
	local t=${EPOCHREALTIME/./}
	exits 1 "no gateway" ifpolicy up eth0 metric 100 wait 1
	t=$((${EPOCHREALTIME/./} - t))
	ok "it waited a second ($t us)" [ $t -gt 900000 -a $t -lt 1800000 ]
}

case_the_command_exits_1() {
	link_up eth0 $A/24
	remember
	exits 1 "gateway" ifpolicy up eth0 table rt1 gateway 10.9.9.9
	like "$ERR" '^ifpolicy: eth0: .*"10.9.9.9": .+; .+' "said"
	exits 1 "source" ifpolicy up eth0 metric 5 gateway $GW source $N.222
	like "$ERR" "[Ii]nvalid prefsrc address" "said"
	exits 1 "a device that is not there" ifpolicy up eth7 table rt1 \
	    gateway $GW
	like "$ERR" '^ifpolicy: eth7: ' "said"
	is "$(rules; routes | grep -v 'proto kernel'; knob eth0 \
	    ignore_routes_with_linkdown)" 0 "everything is as before"
}

case_show_and_check_tell_it_and_refresh_mends_it() {
	stanza eth0 $A/24 "policy-table rt1" "$FAR" "policy-metric 100" |
	    interfaces
	exits 0 "ifup goes on" ifup eth0
	exits 0 "show" ifpolicy show
	like "$OUT" 'eth0' "show names it"
	like "$OUT" '[Ff]ailed' "show says failed"
	like "$OUT" '10\.9\.9\.9' "show says why"
	exits 1 "check exits 1" ifpolicy check
	like "$OUT$ERR" 'eth0.*10\.9\.9\.9' "check says why"
	exits 1 "refresh fails as long as it is so" ifpolicy refresh eth0
	like "$ERR" '10\.9\.9\.9' "and says so"
	ip addr add 10.9.9.1/24 dev eth0
	silent "mended: refresh succeeds" ifpolicy refresh eth0
	like "$(table rt1)" '^default via 10.9.9.9 dev eth0' "applied"
	like "$(main)" '^default via 10.9.9.9 .* metric 100' "all of it"
	silent "check is content" ifpolicy check
	unlike "$(ifpolicy show)" '[Ff]ailed' "show too"
	ip addr del 10.9.9.1/24 dev eth0
	exits 0 "ifdown" ifdown eth0
	nothing_left
}

case_a_prefsrc_is_mended_by_its_address() {
	stanza eth0 $A/24 "policy-table rt1" "policy-gateway $GW" \
	    "policy-metric 100" "policy-source $N.222" | interfaces
	exits 0 "ifup goes on" ifup eth0
	ip addr add $N.222/24 dev eth0
	silent "refresh succeeds" ifpolicy refresh
	like "$(main)" "^default via $GW .* src $N.222 metric 100" "applied"
}

case_the_file_is_mended_and_ifup_works_again() {
	stanza eth0 $A/24 "policy-table rt1" "$FAR" | interfaces
	exits 0 "ifup goes on" ifup eth0
	usual
	exits 0 "ifdown" ifdown eth0
	silent "ifup" ifup eth0
	like "$(table rt1)" "default via $GW" "applied"
	silent "ifdown" ifdown eth0
	nothing_left
}

case_a_refused_edit_leaves_what_was_there() {
	usual
	silent "ifup" ifup eth0
	local before=$(rules; routes; knobs)
	exits 0 "the hook goes on" hook up eth0 IF_ADDRESS=$A \
	    IF_NETMASK=255.255.255.0 IF_POLICY_TABLE=rt1 \
	    IF_POLICY_GATEWAY=$GW IF_POLICY_METRIC=100 \
	    "IF_POLICY_ROUTE=10.6.0.0/16 via $GW src $N.222"
	like "$ERR" "[Ii]nvalid prefsrc" "and says so"
	is "$(rules; routes; knobs)" "$before" "everything is as before"
	exits 0 "ifdown" ifdown eth0
	nothing_left "and down still knows what to take away"
}

case_a_refused_edit_loses_no_packet() {
	usual
	silent "ifup" ifup eth0
	bad() {
		local i
		for i in 1 2 3 4 5; do
			ifpolicy up eth0 table rt1 gateway $GW metric 100 \
			    route "10.6.0.0/16 via $GW src $N.222"
		done
	}
	is "$(lost "$(flow_during 5000 $A -- bad)")" 0 "bound"
	is "$(lost "$(flow_during 5000 -- bad)")" 0 "unbound"
}

case_others_are_undisturbed_by_a_refusal() {
	{
		stanza eth0 $A/24 "policy-table rt1" "policy-gateway $GW" \
		    "policy-metric 100"
		stanza eth1 $N.98/24 "policy-table rt2" "$FAR" \
		    "policy-metric 101"
	} | interfaces
	silent "eth0" ifup eth0
	local before=$(rules; routes | grep -v eth1)
	exits 0 "eth1 goes on" ifup eth1
	like "$ERR" '^ifpolicy: eth1: ' "and says so"
	is "$(rules; routes | grep -v eth1)" "$before" "eth0 is as it was"
	is "$(rules | grep -c .)" 2 "of eth1 nothing"
}

case_without_a_terminal_it_is_in_syslog_too() {
	link_up eth0 $A/24
	perl -MIO::Socket::UNIX -e '$SIG{ALRM} = sub { exit 1 }; alarm 5;
	    $s = IO::Socket::UNIX->new(Type => SOCK_DGRAM,
	    Local => "/dev/log") or die; open R, ">/tmp/case/ready";
	    $s->recv($m, 9999); print "$m\n"' >/tmp/case/log &
	local pid=$!
	within 3 test -e /tmp/case/ready
	exits 0 "the hook goes on" hook up eth0 IF_ADDRESS=$A \
	    IF_POLICY_TABLE=rt1 IF_POLICY_GATEWAY=10.9.9.9
	wait $pid
	rm -f /dev/log
	like "$(cat /tmp/case/log)" 'ifpolicy.*eth0: .*10\.9\.9\.9' "syslog"
}

run_cases "$@"
