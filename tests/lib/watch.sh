# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: what the tests of ifpolicy watch share: start and stop it, wait for its work, measure it.

. "$(dirname "${BASH_SOURCE[0]}")/net.sh"

A=$N.99
A6=fd00:178::99
GW6=fd00:178::1

# What the watch said, on both outputs.
SAID=/tmp/case/watch

# The watch first, which would put back what goes. ip route flush spares IPv6's
# last resort, an unreachable default of the highest metric.
teardown() {
	local pid

	for pid in $(jobs -p); do
		[ "$pid" = "${ECHO_PID-}" ] || kill "$pid" 2>/dev/null
	done
	wait $(jobs -p | grep -vx "${ECHO_PID-x}") 2>/dev/null
	ip -N -6 route show table all proto 173 | sed -n \
	    's/^[a-z7]* default dev lo \(table [0-9]*\) .*/route del default \1 metric 4294967295/p' |
	    ip -6 -force -batch - 2>/dev/null
}

# ---- the process -------------------------------------------------------

# watch_start [COMMAND...]: that runs "ifpolicy watch" in place of itself; its
# process number in WATCH. Returns when no event can be missed any more.
watch_start() {
	"$@" ifpolicy watch >$SAID 2>&1 </dev/null &
	WATCH=$!
	within 5 watch_listens || fail "the watch begins" "$(cat $SAID)"
	quiet
}

# The signals come last of all that it opens.
watch_listens() {
	readlink /proc/$WATCH/fd/* | grep -q signalfd
}

# watch_ends [SIGNAL]: its exit status in RC.
watch_ends() {
	kill -"${1:-TERM}" $WATCH
	wait $WATCH
	RC=$?
}

# The field of its status file: status VmRSS
status() { sed -nE "s/^$1:[[:space:]]*([^ ]*).*/\1/p" /proc/$WATCH/status; }

# How often it has run so far: each wake-up ends in a voluntary switch.
turns() { status voluntary_ctxt_switches; }

# Its time on the CPU so far, in milliseconds.
cpu_ms() {
	local f

	read -ra f <<<"$(sed 's/.*) //' /proc/$WATCH/stat)"
	echo $(((f[11] + f[12]) * 1000 / $(getconf CLK_TCK)))
}

# Wait until it has had nothing to do for a while.
quiet() {
	local before now i

	before=$(turns)
	for i in {1..100}; do
		sleep 0.12
		now=$(turns)
		[ "$now" != "$before" ] || return 0
		before=$now
	done
	return 1
}

# The same, when the kernel has nothing more to tell of what went before, as the
# end of duplicate address detection.
calm() {
	within 5 eval '! ip -6 addr show tentative | grep -q inet6'
	quiet
}

says_nothing() { is "$(cat $SAID)" "" "${1:-the watch says nothing}"; }

# ---- what it keeps up --------------------------------------------------

# Both families on eth0, each with all that a policy can have.
both() {
	{
		stanza eth0 $A/24 "policy-table rt1" "policy-gateway $GW" \
		    "policy-metric 100" "policy-fallback unreachable" "$@"
		stanza eth0 $A6/64 "policy-table rt1" "policy-gateway $GW6" \
		    "policy-metric 100" "policy-fallback unreachable" "$@"
	} | interfaces
	silent "ifup" ifup eth0
}

# All rules and routes; of equal priority in any order.
whole() {
	{ ip -N -4 rule; ip -N -6 rule; } | trim | sort
	{ routes -4; routes -6; } | sort
}

# Those that carry our mark.
ours() { whole | grep -E 'proto (ifpolicy|173)'; }

# Those that do not, nor come and go with an address.
theirs() { whole | grep -vE 'proto (ifpolicy|173|kernel)'; }

# comes SECONDS WHAT TEXT NAME: within that time the function's output is that.
comes() {
	local began=${EPOCHREALTIME/./} awaited=$3

	within "$1" says_awaited "$2" ||
	    { is "$($2 | head -n 99)" "$(head -n 99 <<<"$3")" "$4"; return; }
	pass "$4"
	echo "# $(((${EPOCHREALTIME/./} - began) / 1000)) ms: $4"
}

says_awaited() { [ "$($1)" = "$awaited" ]; }
