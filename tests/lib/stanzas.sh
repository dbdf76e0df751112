# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: stanzas that every ifupdown must understand alike, and what they must do to the kernel.
#
# A test file names the manager whose programs it runs, sources this, and calls
# "alike" with names of stanzas below, or one of the stories behind them. Real
# ifupdown runs all of them as well, so what they expect is what it does.

export MANAGER
PASS="${PASS-} MANAGER"
. "$(dirname "${BASH_SOURCE[0]}")/net.sh"

A=$N.99
B=$N.98
A6=fd00:178::99
GW6=fd00:178::1

# They remember what is up in places of their own. An IPv6 address is tentative
# only where a case is about that.
eval "before_$(declare -f setup)"
setup() {
	rm -rf /run/ifstate* /var/tmp/network
	sysctl -qw net.ipv6.conf.default.accept_dad=0
	before_setup
}

# What is ours in the kernel, in words; whether a gateway needs to be on a
# subnet is the managers' choice where they tell it only by main's default.
ours() {
	{
		rules -4
		rules -6
		ip -4 route show table all proto 173
		ip -6 route show table all proto 173
		grep -l 1 /proc/sys/net/ipv4/conf/eth?/ignore_routes_with_linkdown
	} | trim | sed 's/ onlink\>//; s/ proto ifpolicy//; s/ pref medium//' |
	    sort
}

must() { is "$(ours)" "$(sort)" "${1:-what must stand stands}"; }

# What a table must hold for an address, with its gateway, and main with it:
# words TABLE [METRIC], of IPv4 or (words6) IPv6.
words() {
	printf '12030: from %s\n' "$A lookup $1" "all to $A lookup $1"
	echo "$N.0/24 dev eth0 table $1 scope link src $A"
	echo "default via $GW dev eth0 table $1"
	[ $# -eq 1 ] || echo "default via $GW dev eth0 metric $2"
	[ $# -eq 1 ] ||
	    echo /proc/sys/net/ipv4/conf/eth0/ignore_routes_with_linkdown
}

words6() {
	printf '12030: from %s\n' "$A6 lookup $1" "all to $A6 lookup $1"
	echo "fd00:178::/64 dev eth0 table $1 src $A6 metric 1024"
	echo "default via $GW6 dev eth0 table $1 metric 1024"
	[ $# -eq 1 ] || echo "default via $GW6 dev eth0 ${3-}metric $2"
}

# ---- stanzas -----------------------------------------------------------
#
# Each sets STANZA and WORDS. These mean the same everywhere:
COMMON="static4 static6 netmask both_families numbered automatic listed by_hand"

static4() {
	STANZA=$(stanza eth0 $A/24 "policy-table rt1" "policy-gateway $GW" \
	    "policy-metric 100")
	WORDS=$(words rt1 100)
}

netmask() {
	STANZA=$(printf '%s\n' "iface eth0 inet static" "	address $A" \
	    "	netmask 255.255.255.0" "	gateway $GW" \
	    "	policy-table rt1")
	WORDS=$(words rt1)
}

# The address may be tentative when the hook is called.
static6() {
	sysctl -qw net.ipv6.conf.eth0.accept_dad=1
	STANZA=$(printf '%s\n' "iface eth0 inet6 static" "	address $A6/64" \
	    "	policy-table rt1" "	policy-gateway $GW6" \
	    "	policy-metric 100" "	policy-source own")
	WORDS=$(words6 rt1 100 "src $A6 ")
}

both_families() {
	STANZA=$(for a in "$A/24 $GW" "$A6/64 $GW6"; do
		stanza eth0 ${a% *} "gateway ${a#* }" "policy-table rt1" \
		    "policy-metric 100"
	done)
	WORDS=$(words rt1 100; words6 rt1 100)
}

numbered() {
	static4
	STANZA+=$(printf '\n\tpolicy-%s' "route0 10.5.0.0/16 via $GW" \
	    "route1 unreachable 10.6.0.0/16" "rule0 fwmark 1" \
	    "rule1 fwmark 2 priority 12500" "rule10 to 10.7.0.0/16")
	WORDS+="
10.5.0.0/16 via $GW dev eth0 table rt1
unreachable 10.6.0.0/16 table rt1
12000: from all fwmark 0x1 lookup rt1
12500: from all fwmark 0x2 lookup rt1
12000: from all to 10.7.0.0/16 lookup rt1"
}

automatic() {
	STANZA=$(stanza eth0 $A/24 "policy-table auto" "policy-gateway $GW")
	WORDS=$(words eth0)
}

listed() {
	STANZA=$(stanza eth0 $A/24 "up ip addr add $B/24 dev eth0" \
	    "policy-table rt1" "policy-gateway $GW" "policy-addresses $B $A")
	WORDS=$(words rt1
	    printf '12030: from %s lookup rt1\n' $B "all to $B")
}

by_hand() {
	STANZA=$(printf '%s\n' "iface eth0 inet manual" \
	    "	up ip link set eth0 up" "	up ip addr add $A/24 dev eth0" \
	    "	policy-table rt1" "	policy-gateway $GW" \
	    "	down ip addr flush dev eth0" "	down ip link set eth0 down")
	WORDS=$(words rt1)
}

inherited() {
	STANZA="iface base inet static
	policy-table rt1
	policy-gateway $GW
	policy-metric 9
	policy-route0 10.5.0.0/16 via $GW

iface eth0 inet static inherits base
	address $A/24
	policy-metric 100
	policy-route1 10.6.0.0/16 via $GW"
	WORDS=$(words rt1 100
	    printf '10.%s.0.0/16 via '$GW' dev eth0 table rt1\n' 5 6)
}

# ---- stories -----------------------------------------------------------

write() { interfaces <<<"$STANZA"; }

# Each stanza does what it must, a second ifup nothing more, and ifdown takes
# everything away.
alike() {
	local all=$CASE
	for CASE; do
		[ $CASE = $1 ] || setup
		$CASE
		write
		comes_up "ifup"
		must <<<"$WORDS"
		ok "and is all there" ifpolicy check
		comes_up "ifup again"
		must "once" <<<"$WORDS"
		quiet_down
		nothing_left
	done
	CASE=$all
}

# Some ifup tell that they wait, or that there is nothing to do.
comes_up() {
	ok "$1" ifup eth0
	unlike "$OUT$ERR" "ifpolicy|[Ee]rror|[Ww]arning" "$1: no complaint"
}

# Where addresses are already gone some ifdown complains, but we do not.
quiet_down() {
	run ifdown "${1:-eth0}"
	unlike "$OUT$ERR" ifpolicy "ifdown: we say nothing"
}

# The stanza is edited (sed) while the interface is up, then ifdown.
edited_before_ifdown() {
	static4
	write
	silent "ifup" ifup eth0
	sed -i "$1" $HOOKS/interfaces
	quiet_down
	nothing_left
}

# An option that is wrong costs the policy, not the interface.
refused() {
	local what=$1
	shift
	STANZA=$(stanza eth0 $A/24 "policy-table rt1" "$@")
	write
	ok "ifup" ifup eth0
	TOLD=$ERR
	like "$(ip addr show dev eth0)" "inet $A/24" "the interface is up"
	must "without any policy" </dev/null
	exits 1 "check tells" ifpolicy check
	like "$OUT" "$what" "what is wrong"
}

two_cards() {
	{
		printf '%s\n' "auto lo" "iface lo inet loopback" \
		    "auto eth0" "auto eth1"
		stanza eth0 $A/24 "policy-table rt1" "policy-gateway $GW" \
		    "policy-metric 100"
		stanza eth1 $B/24 "policy-table rt2" "policy-gateway $GW" \
		    "policy-metric 101"
	} | interfaces
	WORDS=$(words rt1 100
	    words rt2 101 | sed "s/$A/$B/g; s/eth0/eth1/g")
}

# Two interfaces in every order, one of them gone in between, leave each other
# alone; then all of them, five times.
any_order() {
	local i bad=
	two_cards
	silent "ifup eth1, eth0" eval "ifup eth1 && ifup eth0"
	must "both" <<<"$WORDS"
	quiet_down eth1
	must "eth0's stays" < <(words rt1 100)
	silent "ifup eth1" ifup eth1
	must "both again" <<<"$WORDS"
	quiet_down eth0
	quiet_down eth1
	nothing_left
	for i in 1 2 3 4 5; do
		run ifup -a
		[ "$RC$OUT$ERR" = 0 ] || bad+="$i up: $RC $OUT$ERR "
		[ "$(ours)" = "$(sort <<<"$WORDS")" ] ||
		    bad+="$i: $(ours) "
		run ifdown -a
		[ "$RC$OUT$ERR" = 0 ] || bad+="$i down: $RC $OUT$ERR "
		[ -z "$(ours)" ] || bad+="$i: left $(ours) "
	done
	is "$bad" "" "five rounds of ifup -a, ifdown -a"
}

# A real server in the router's namespace has one address to give, and a real
# client of the manager's choice takes it.
dhcp() {
	STANZA=$(printf '%s\n' "iface eth0 inet dhcp" "	policy-table rt1" \
	    "	policy-metric 100")
	write
	printf '%s\n' "interface=br0" "bind-interfaces" "port=0" \
	    "dhcp-range=$A,$A,255.255.255.0,10m" "dhcp-option=3,$GW" \
	    "dhcp-leasefile=/tmp/case/leases" "log-facility=/tmp/case/log" \
	    "pid-file=/tmp/case/dnsmasq.pid" >/tmp/case/dnsmasq.conf
	gw dnsmasq -k -C /tmp/case/dnsmasq.conf &
	SERVER=$!
	ok "the server is ready" within 5 grep -q "IP range" /tmp/case/log
	comes_up "ifup"
	must < <(words rt1 100)
	comes_up "ifup again"
	must "once" < <(words rt1 100)
	quiet_down
	must "nothing of ours is left" </dev/null
	nothing_of_ours
	kill $SERVER
	wait $SERVER
}
