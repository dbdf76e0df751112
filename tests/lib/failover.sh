# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: what the tests of failover share: three NICs with metrics, cables, flows beside each other, captures.

. "$(dirname "${BASH_SOURCE[0]}")/net.sh"

N6=fd00:178:
GW6=$N6:1
FAR=10.99.0.1
FAR6=fd00:99::1

# Lines for NIC number I, both families: address .9I, table rtI, metric 10I.
# Where LINE is IPv4's alone, IPv6 has a comment: dual I [LINE...]
dual() {
	local i=$1 nics=($NICS)
	shift
	stanza ${nics[i]} $N.9$i/24 "policy-table rt$i" \
	    "policy-gateway $GW" "policy-metric 10$i" "$@"
	stanza ${nics[i]} $N6:9$i/64 "policy-table rt$i" \
	    "policy-gateway $GW6" "policy-metric 10$i" "${@/#policy-arp*/#}"
}

# All three of them, up: three [LINE...]
three() {
	local i
	for i in 0 1 2; do dual $i "$@"; done | interfaces
	bring_up
}

# Unless the link-local addresses are there as well, no NIC asks for a neighbour
# of IPv6.
bring_up() {
	local nic
	for nic in $NICS; do
		sysctl -qw net.ipv6.conf.$nic.dad_transmits=0
	done
	silent "${1:-ifup}" ifup $NICS
	settled
}

settled() { within 5 eval '[ -z "$(ip -6 addr show tentative)" ]'; }

# down NIC...: ifdown itself complains of IPv6's address, which the kernel took
# when the stanza of IPv4 set the link down.
down() {
	run ifdown "$@"
	is "$RC $(grep -v '^Error: ipv6: address not found.$' \
	    <<<"$OUT$ERR")" "0 " "ifdown $*"
}

# ---- cables ------------------------------------------------------------

carrier() { [ "$(cat /sys/class/net/$1/carrier 2>/dev/null)" = $2 ]; }

# cable down|up I: pulled or put back, and the NIC has noticed.
cable() {
	local nics=($NICS) want=0
	[ $1 = down ] || want=1
	ip -n gw link set p$2 $1
	within 5 carrier ${nics[$2]} $want
}

# What the kernel takes now, of both families: chosen FROM... is "NIC NIC".
chosen() { echo "$(via $FAR) $(via $FAR6)"; }

reaches() { ping -q -c 1 -W 1 -I "$1" "${2:-$FAR}"; }

# ---- a default that several share by weight ----------------------------

# The default of a metric as "eth0*1 eth2*3", or "eth0": hops -4|-6 [METRIC]
hops() {
	ip $1 route show default metric ${2:-100} proto 173 | trim |
	    sed -nE 's/.* dev ([a-z0-9]+) weight ([0-9]+).*/\1*\2/p
	s/^default via [^ ]+ dev ([a-z0-9]+)( .*)?$/\1/p' | sort | paste -sd' '
}

# What it is with those NICs in it, each of which weighs one more, their numbers
# in any order and form: wanted 0 2, wanted 20
wanted() {
	local i list=()
	for i in 0 1 2; do
		[[ "$*" != *$i* ]] || list+=("eth$i*$((i + 1))")
	done
	[ ${#list[@]} -ne 1 ] || list=("${list[0]%\**}")
	echo "${list[*]}"
}

both() { echo "$(hops -4), $(hops -6)"; }
both_wanted() { echo "$(wanted "$@"), $(wanted "$@")"; }

# ---- flows beside each other -------------------------------------------

# flows RATE FLOW... -- COMMAND...: steady flows to the router's far side while
# a command runs, each "NAME SOURCE", with the family's letter (4 or 6) or an
# address for SOURCE. LOST has what each has lost, REFUSED what the kernel
# would not send of it.
declare -A LOST REFUSED
flows() {
	local rate=$1 flow name src to pids=() names=()
	shift
	[ -n "${ECHO_PID-}" ] || start_echo
	while [ "$1" != -- ]; do
		read -r name src <<<"$1"
		shift
		to=$FAR
		[[ $src != *:* && $src != 6 ]] || to=$FAR6
		[[ $src != [46] ]] || src=
		flow send -i ${src:+-s "$src"} $to $rate 90 \
		    >/tmp/case/flow.$name 2>&1 &
		pids+=($!) names+=($name)
	done
	shift
	sleep 0.2
	"$@" >/tmp/case/during 2>&1
	sleep 0.2
	kill "${pids[@]}"
	wait "${pids[@]}"
	for name in "${names[@]}"; do
		read -r _ _ _ LOST[$name] _ REFUSED[$name] _ \
		    </tmp/case/flow.$name
	done
}

# What never arrived of those: gone NAME...
gone() {
	local name
	for name; do echo $((LOST[$name] + REFUSED[$name])); done
}

# few NAME MOST COUNT...: so much is lost each time. A machine that is busy
# elsewhere, most of all with other namespaces (the kernel has one lock for the
# links of all), is late now and then: so more than half of the counts are at
# most MOST, and none is as high as without the failover.
few() {
	local name=$1 most=$2 n good=0 far=0
	shift 2
	for n; do
		[ "$n" -gt "$most" ] || good=$((good + 1))
		[ "$n" -le $((most + 200)) ] || far=$((far + 1))
	done
	[ $far -eq 0 ] && [ $((good * 2)) -gt $# ] && pass "$name" ||
	    fail "$name" "lost: $*, and not $most at most"
}

# ---- captures ----------------------------------------------------------

# escapes NIC... -- COMMAND...: what leaves by those NICs with a source that is
# eth0's while a command runs, as "IPV4 IPV6" in packets. ARP and neighbour
# discovery are no traffic of the address' own.
escapes() {
	local nic pids=()
	rm -f /tmp/case/escaped.*
	while [ "$1" != -- ]; do
		nic=$1
		shift
		tcpdump -i $nic -nlq -Q out --immediate-mode \
		    "(src host $N.90 or src host $N6:90) and not icmp6" \
		    >/tmp/case/escaped.$nic 2>/tmp/case/capture.$nic &
		pids+=($!)
		within 5 grep -q 'listening on' /tmp/case/capture.$nic ||
		    echo "no capture"
	done
	shift
	"$@"
	kill -INT "${pids[@]}"
	wait "${pids[@]}"
	echo $(cat /tmp/case/escaped.* | grep -c ' IP ') \
	    $(cat /tmp/case/escaped.* | grep -c ' IP6 ')
}

# ---- daemons that call ifdown and ifup ---------------------------------

# All that the policy holds, and its neighbourhood, each line as often as it is
# there.
held() {
	{ rules; rules -6; routes; routes -6; } |
	    sed -E 's/( dead)? linkdown//g' | sort
}

# Less NIC number I: held_but I...
held_but() {
	local i nics=($NICS) words=
	for i; do words+="|\\b${nics[i]}\\b|\\brt$i\\b|\\.9$i |:9$i "; done
	grep -vE "${words#|}" <<<"$HELD"
}

holds() { [ "$(held)" = "$1" ]; }

# unplugged I...: cables pulled at once; the daemon has taken down those NICs,
# and the others hold what they did. WRONG tells what is not so.
unplugged() {
	local i nics=($NICS) want
	for i; do cable down $i; done
	for i; do
		within 15 eval "! grep -q '^${nics[i]}=' /run/network/ifstate" ||
		    WRONG+="${nics[i]} is not taken down "
	done
	want=$(held_but "$@")
	within 5 holds "$want" ||
	    WRONG+=$(diff <(echo "$want") <(held) | sed 's/^/pulled: /')
}

# plugged I...: and put back; the daemon has seen its ifup end, as netplug does
# not see a cable that is pulled before that.
plugged() {
	local i nics=($NICS)
	for i; do ip -n gw link set p$i up; done
	for i; do
		within 15 grep -q "^${nics[i]}=" /run/network/ifstate ||
		    WRONG+="${nics[i]} is not brought up "
	done
	within 5 holds "$HELD" ||
	    WRONG+=$(diff <(echo "$HELD") <(held) | sed 's/^/put back: /')
	within 10 eval '! pgrep -x ifup'
}

# A pull of those cables, and what the daemon makes of it: pull I...
pull() {
	unplugged "$@"
	plugged "$@"
}

# flap I: a cable that is in and out twenty times within two seconds.
flap() {
	local n
	for n in {1..20}; do
		ip -n gw link set p$1 down
		sleep 0.0$((RANDOM % 10))
		ip -n gw link set p$1 up
		sleep 0.0$((RANDOM % 10))
	done
}

# clean_pulls COUNT I...: each beside a steady flow of both families.
clean_pulls() {
	local round WRONG= lost=()
	HELD=$(held)
	for ((round = 0; round < $1; round++)); do
		flows 1000 "v4 4" "v6 6" -- pull "${@:2}"
		lost+=($(gone v4 v6))
	done
	is "$WRONG" "" "$1 pulls: exactly the right rules and routes each time"
	few "$1 pulls: at most 2 lost a cable (${lost[*]})" \
	    $((2 * ($# - 1))) "${lost[@]}"
	silent "$1 pulls: ifpolicy check is content" ifpolicy check
}
