#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: inet6 auto: what router advertisements bring, change and take away is followed.
#
# No hook is called for an advertisement. Each case that has two variants is
# once followed by "ifpolicy refresh" and once by "ifpolicy watch".

. "$(dirname "$0")/../lib/ra.sh"

K=("policy-table rt1" "policy-metric 100")

# ---- up and down -------------------------------------------------------

case_each_address_has_its_rules() {
	begin "${K[@]}" "privext 2"
	is "$(addresses eth0 | wc -l)" 2 "a stable and a temporary address"
	is "$(r6)" "$(rules_for rt1 $(addresses eth0))" "rules for both"
	is "$(t6 rt1)" "$(rt1_by $R1)" "the prefix and the router"
	is "$(defaults6)" "default via $R1 dev eth0 metric 100
default via $R1 dev eth0 proto ra" "main has both defaults"
	works eth0 $(addresses eth0)
	sound
	ends eth0
}

case_an_address_that_tells_no_card() {
	sysctl -qw net.ipv6.conf.eth0.addr_gen_mode=3
	begin "${K[@]}"
	unlike "$(stable)" ff:fe "the kernel made it up"
	is "$(r6)" "$(rules_for rt1 $(stable))" "rules"
	is "$(t6 rt1)" "$(rt1_by $R1)" "the prefix and the router"
	ends eth0
}

case_with_the_timers_the_kernel_has() {
	sysctl -qw net.ipv6.neigh.eth0.retrans_time_ms=1000 \
	    net.ipv6.conf.eth0.router_solicitation_delay=1
	begin "${K[@]}"
	is "$(r6)" "$(rules_for rt1 $(addresses eth0))" "rules"
	within 5 settled eth0
	follow
	is "$(t6 rt1)" "$(rt1_by $R1)" "the prefix and the router"
	sound
	ends eth0
}

case_an_address_without_a_router() {
	prefix gw br0 $P
	advertise gw 0 ra-only br0
	begin "policy-table rt1" "policy-wait 1"
	is "$(r6)" "$(rules_for rt1 $(addresses eth0))" "rules"
	is "$(t6 rt1)" "$(rt1_by $R1 | grep -v default)" "the prefix alone"
	sound
	ends eth0
}

case_link_down_and_up_by_hand() {
	begin "${K[@]}"
	ip link set eth0 down
	follow
	is "$(t6 rt1; defaults6)" "" "no route without a link"
	sound "check finds nothing while it is down"
	ip link set eth0 up
	within 5 has eth0 $P
	routers_are $R1
	follow
	is "$(r6)" "$(rules_for rt1 $(addresses eth0))" "rules"
	is "$(t6 rt1)" "$(rt1_by $R1)" "the table is full again"
	works eth0 $(addresses eth0)
	sound
	ends eth0
}

# ---- the default of the router -----------------------------------------

# The next advertisement puts it in again; then the router is silent, so that
# no further one comes in between.
advertised_again() {
	advertise gw 600 ra-only br0
	solicit eth0
	within 3 eval '[ -n "$(ra_gateways)" ]'
	[ -n "$WATCH" ] || hush gw
}

default_out() {
	local key=$1 want=$2
	begin "policy-table rt1" "policy-default $key" "${@:3}"
	hush gw
	follow
	is "$(defaults6)" "$want" "the router's own is out of main"
	[ -z "$START_WATCH" ] || watching
	advertised_again
	follow
	becomes "$want" "and again after an advertisement" defaults6
	is "$(t6 rt1)" "$(rt1_by $R1)" "the table has it"
	sound
	hush gw
	ok "down" ifpolicy down eth0
	is "$(defaults6)" "default via $R1 dev eth0 proto ra" "given back"
	like "$(main -6)" "default via $R1 .*expires [1-9]" "for its lifetime"
	ends eth0
}

case_default_none() { START_WATCH= default_out none ""; }

case_default_none_watched() { START_WATCH=1 default_out none ""; }

case_default_metric() {
	START_WATCH= default_out metric "default via $R1 dev eth0 metric 100" \
	    "policy-metric 100"
}

# ---- routers -----------------------------------------------------------

other_router() {
	second_router
	prefix gw2 wire $P
	advertise gw2 600 ra-only wire
	solicit eth0
}

withdrawn() {
	advertise $1 0 ra-only ${2:-br0}
	solicit eth0
}

by_router() {
	follow
	becomes "$(rt1_by $1)" "the table goes by $1" t6 rt1
	becomes "default via $1 dev eth0 metric 100" "and so does the metric" \
	    eval 'defaults6 | grep metric'
}

# What the second router takes from the wire while a command runs.
through_gw2() {
	local f=/sys/class/net/wire/statistics/rx_bytes was
	was=$(ip netns exec gw2 cat $f)
	"$@" >/dev/null 2>&1
	[ $(($(ip netns exec gw2 cat $f) - was)) -gt 10000 ] && echo yes
}

router_changes() {
	begin "${K[@]}"
	[ -z "${1-}" ] || watching
	other_router
	routers_are $R1 $R2
	by_router $R1
	withdrawn gw
	routers_are $R2
	by_router $R2
	is "$(through_gw2 burst -I $(stable) $FAR)" yes "traffic goes there"
	is "$(r6)" "$(rules_for rt1 $(addresses eth0))" "rules stay"
	sound
	advertise gw 600 ra-only br0
	solicit eth0
	routers_are $R1 $R2
	by_router $R2
	ends eth0
}

case_another_router() { router_changes; }
case_another_router_watched() { router_changes watched; }

case_a_preferred_router() {
	begin "${K[@]}"
	PREFERENCE=high other_router
	routers_are $R1 $R2
	by_router $R2
	PREFERENCE=low advertise gw2 600 ra-only wire
	solicit eth0
	within 3 eval 'ip -6 route | grep "via $R2 .*pref low"'
	by_router $R1
	sound
	ends eth0
}

case_another_router_where_the_first_was_taken_out() {
	begin "${K[@]}" "policy-default metric"
	hush gw
	other_router
	routers_are $R2
	hush gw2
	by_router $R2
	is "$(defaults6)" "default via $R2 dev eth0 metric 100" "nothing else"
	sound
	ends eth0
}

no_router() {
	begin "${K[@]}"
	[ -z "${1-}" ] || watching
	withdrawn gw
	routers_are ""
	follow
	becomes "$(rt1_by $R1 | grep -v default)" "no default is left" t6 rt1
	becomes "" "nor in main" defaults6
	is "$(r6)" "$(rules_for rt1 $(addresses eth0))" "rules stay"
	sound
	advertise gw 600 ra-only br0
	solicit eth0
	routers_are $R1
	by_router $R1
	sound
	ends eth0
}

case_the_only_router_withdrawn_and_back() { no_router; }
case_the_only_router_withdrawn_and_back_watched() { no_router watched; }

# The kernel lists the route for half a minute more, but uses it no longer, and
# tells nobody.
router_falls_silent() {
	prefix gw br0 $P
	advertise gw 4 ra-only br0
	begin "${K[@]}"
	[ -z "${1-}" ] || watching
	hush gw
	ok "its time is over" within 8 eval \
	    'ip -6 route show default proto ra | grep "expires -"'
	follow
	becomes "$(rt1_by $R1 | grep -v default)" "no default is left" t6 rt1
	becomes "" "nor a metric in main" eval 'defaults6 | grep metric'
	sound
	ends eth0
}

case_a_router_that_fell_silent() { router_falls_silent; }
case_a_router_that_fell_silent_watched() { router_falls_silent watched; }

# Taken out of main, nothing there tells its end.
silent_and_taken_out() {
	prefix gw br0 $P
	advertise gw 4 ra-only br0
	begin "${K[@]}" "policy-default metric"
	[ -z "${1-}" ] || watching
	hush gw
	over() {
		[ -n "$WATCH" ] || ifpolicy refresh eth0
		[ "$(t6 rt1)" = "$(rt1_by $R1 | grep -v default)" ]
	}
	ok "the table has it no longer" within 9 over
	is "$(defaults6)" "" "nor has main"
	sound
	ok "down" ifpolicy down eth0
	is "$(defaults6)" "" "and it is not given back"
	ends eth0
}

case_a_silent_router_that_was_taken_out() { silent_and_taken_out; }
case_a_silent_router_that_was_taken_out_watched() {
	silent_and_taken_out watched
}

late_router() {
	stanza6 eth0 auto "${K[@]}" "policy-wait 0" | interfaces
	run ifup eth0
	is $RC 0 "ifup"
	like "$ERR" "^ifpolicy: eth0: .*(no global address|gateway)" "it is told"
	is "$(r6; t6 rt1)" "" "nothing there yet"
	[ -z "${1-}" ] || watching
	prefix gw br0 $P
	advertise gw 600 ra-only br0
	within 5 settled eth0
	solicit eth0
	within 5 has eth0 $P
	follow
	follows_addresses rt1 eth0
	by_router $R1
	sound
	ends eth0
}

case_the_router_comes_late() { late_router; }
case_the_router_comes_late_watched() { late_router watched; }

case_source_is_not_a_temporary_address() {
	begin "${K[@]}" "policy-source own" "policy-default metric" "privext 2"
	is "$(defaults6)" \
	    "default via $R1 dev eth0 src $(stable) metric 100" "the stable one"
	ends eth0
}

# ---- two NICs ----------------------------------------------------------

two() {
	{
		stanza6 eth0 auto "policy-table rt1" "policy-metric 100" \
		    "privext 2"
		stanza6 eth1 auto "policy-table rt2" "policy-metric 101" \
		    "privext 2"
	} | interfaces
	silent "ifup" ifup eth0 eth1
	within 3 settled eth0
	within 3 settled eth1
	is "$(r6)" "$({ rules_for rt1 $(addresses eth0)
	    rules_for rt2 $(addresses eth1); } | sort)" "rules of both NICs"
	works eth0 $(addresses eth0)
	works eth1 $(addresses eth1)
	sound
	ok "ifdown of the first" ifdown eth0
	is "$(r6)" "$(rules_for rt2 $(addresses eth1))" "the second stays"
	works eth1 $(addresses eth1)
	ends eth1
}

case_two_NICs_in_one_prefix() {
	prefix gw br0 $P
	advertise gw 600 ra-only br0
	two
}

case_two_NICs_in_two_prefixes() {
	second_wire
	prefix gw br0 $P
	prefix gw br1 $Q
	advertise gw 600 ra-only br0 br1
	two
}

run_cases "$@"
