# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: what the tests of DHCP clients stand on: a server, leases, what follows them.
#
# The server is the real dnsmasq in the router's namespace. It gives each NIC
# the one address that the test says, refuses any other, and goes away or is
# replaced as the test wants. Clients renew every second or two. A test file
# sets CLIENT, the one that ifupdown shall find, and defines "quicken", which
# makes it fast and lets it note its reasons in /tmp/case/reasons, and "renew".

export MANAGER=dhcp
TEST_DIR=managers
. "$(dirname "${BASH_SOURCE[0]}")/net.sh"

DHCP=/usr/libexec/ifpolicy/dhcp

# ifupdown takes dhclient, else udhcpc, else dhcpcd.
for c in dhclient udhcpc dhcpcd; do
	[ "$c" = "${CLIENT-}" ] || rm -f /usr/sbin/$c
done
mkdir /tmp/.etc
cp -a /etc/dhcp /etc/dhcpcd.conf /etc/udhcpc /tmp/.etc/

# ---- clean slate -------------------------------------------------------

eval "net_$(declare -f setup)"
eval "net_$(declare -f teardown)"

setup() {
	gw ip addr flush dev br0 scope global
	ip -n gw -batch - <<-END
	addr add $GW/24 dev br0
	addr add $N.2/24 dev br0
	addr add 10.0.0.1/24 dev br0
	END
	rm -rf /etc/dhcp /etc/udhcpc /etc/dhcpcd.exit-hook
	cp -a /tmp/.etc/. /etc/
	rm -f /var/lib/dhcp/* /var/lib/dhcpcd/*
	net_setup
	: >/tmp/case/reasons
	quicken
}

# Clients are daemons: they end by the pid that they wrote down.
teardown() {
	local file
	for file in /run/dhclient*.pid /run/udhcpc*.pid \
	    /run/dhcpcd/*.pid /tmp/case/client.pid; do
		[ ! -s "$file" ] || end_process "$(<"$file")"
		rm -f "$file"
	done
	unserve
	net_teardown
}

end_process() {
	kill "$1" 2>/dev/null && ! within 3 gone "$1" &&
	    kill -KILL "$1" 2>/dev/null
	true
}

gone() { ! kill -0 "$1" 2>/dev/null; }

# ---- the server --------------------------------------------------------

mac_of() { cat "/sys/class/net/$1/address"; }

# serve NIC=ADDRESS... [-- OPTION...]: from now on just these leases. The
# router is the server's address in their subnet, if no option says otherwise.
serve() {
	local hosts=()
	unserve
	while [ $# -gt 0 ] && [ "$1" != -- ]; do
		hosts+=("--dhcp-host=$(mac_of ${1%=*}),${1#*=}")
		shift
	done
	rm -f /tmp/case/leases
	# Not by gw(): its pid would be a shell's.
	ip netns exec gw dnsmasq --conf-file=/dev/null \
	    --keep-in-foreground --user=root --port=0 --interface=br0 \
	    --bind-dynamic --dhcp-authoritative \
	    --no-ping --dhcp-leasefile=/tmp/case/leases \
	    --pid-file=/tmp/case/server.pid --log-dhcp \
	    --log-facility=/tmp/case/server.log \
	    --dhcp-range=$N.0,static,255.255.255.0,2m \
	    --dhcp-range=10.0.0.0,static,255.255.255.0,2m \
	    "${hosts[@]}" "${@:2}" &
	SERVER=$!
	within 5 test -s /tmp/case/server.pid || diag "no server"
}

# The same for one NIC, with leases shorter than the two minutes that dnsmasq
# gives at least, by udhcpd: serve_briefly SECONDS NIC=ADDRESS
serve_briefly() {
	unserve
	printf '%s\n' "start $N.10" "end $N.200" "interface br0" \
	    "opt router $GW" "opt subnet 255.255.255.0" "opt lease $1" \
	    "min_lease 1" "lease_file /tmp/case/leases" \
	    "static_lease $(mac_of ${2%=*}) ${2#*=}" \
	    "pidfile /tmp/case/server.pid" >/tmp/case/server.conf
	: >/tmp/case/leases
	ip netns exec gw udhcpd -f /tmp/case/server.conf \
	    >/tmp/case/server.log 2>&1 &
	SERVER=$!
	within 5 test -s /tmp/case/server.pid || diag "no server"
}

unserve() {
	[ -n "${SERVER-}" ] || return 0
	kill "$SERVER"
	wait "$SERVER" 2>/dev/null
	rm -f /tmp/case/server.pid
	SERVER=
}

# ---- configuration -----------------------------------------------------

# Lines for /etc/network/interfaces: leased IFACE LINE...
leased() {
	printf 'iface %s inet dhcp\n' "$1"
	[ $# -le 1 ] || printf '\t%s\n' "${@:2}"
	echo
}

# eth0 by DHCP, with table rt1.
usual_lease() {
	leased eth0 "policy-table rt1" ${METRIC:+"metric $METRIC"} "$@" |
	    interfaces
}

# ---- what the client did -----------------------------------------------

# How often the client has called its script by now for a reason like ERE.
noted() { grep -cE "^(${1:-.*})\$" /tmp/case/reasons; }

# since COUNT ERE: it has done so again.
since() { [ "$(noted "$2")" -gt "$1" ]; }

# The client asks its server, and has done its part.
renewed() {
	local count
	count=$(noted "$RENEWS")
	renew
	within 10 since "$count" "$RENEWS"
}

has_address() { ip -4 -o addr show dev "$1" | grep -qF " $2/"; }
has_none() { ! ip -4 -o addr show dev "$1" | grep -q global; }

# ---- what follows ------------------------------------------------------

# Rules and routes of a table, as they count.
held() {
	rules | grep -E "lookup $1( |\$)" |
	    sed -E 's/^[0-9]+: //; s/ proto (ifpolicy|173)//'
	table "$1" | sed -E 's/ proto (ifpolicy|173)//' | sort
}

# What is to be held: lease ADDRESS ROUTER [NIC [TABLE]]
lease() {
	local nic=${3:-eth0} t=${4:-rt1}
	printf '%s\n' "from $1 lookup $t" "from all to $1 lookup $t"
	printf '%s\n' "${1%.*}.0/24 dev $nic scope link src $1" \
	    "default via $2 dev $nic" | sort
}

holds() { [ "$(held "${4:-rt1}")" = "$(lease "$@")" ]; }

# follows NAME ADDRESS ROUTER [NIC [TABLE]]: the client comes to the address,
# and rules and table at once to just that.
follows() {
	ok "$1: the client has it" within 15 has_address "${4:-eth0}" "$2"
	within 5 holds "${@:2}"
	is "$(held "${5:-rt1}")" "$(lease "${@:2}")" "$1: rules and table"
}

# The defaults of table main, without protocol, sorted.
defaults() {
	main | grep ^default |
	    sed -E 's/ proto (ifpolicy|173|dhcp|boot)//; s/ src [0-9.]+//' |
	    sort
}

# nothing_of NAME ADDRESS...: in no rule, no route, no record.
nothing_of() {
	local name=$1 words
	words=$(printf '|%s' "${@:2}" | sed 's/\./\\./g')
	unlike "$(ip rule; ip route show table all; cat $RECORDS/net-* \
	    2>/dev/null)" "(^|[^0-9])(${words#|})([^0-9]|\$)" "$name"
}

our_record() { stat -c '%i %y %s' $RECORDS/net-*; }

# The rules and routes of ours that changed while a command ran.
ours_changed() { changes_during "$@" | grep -E 'rt[0-9]|ifpolicy|no monitor'; }

# Lines of ours in what the last command said.
ours() { grep -h '^ifpolicy:' <<<"$OUT"$'\n'"$ERR"; }

up() {
	run ifup "$@"
	is "$RC $(ours)" "0 " "ifup $*"
}

down() {
	run ifdown "$@"
	is "$RC $(ours)" "0 " "ifdown $*"
}

# The last of it: "finish NIC..." ends what ifup began. The client may need a
# moment after ifdown; one that LEAVES its address at times is helped.
finish() {
	local nic
	down "$@"
	for nic; do
		within ${LEAVES:-5} has_none "$nic" || [ -z "${LEAVES-}" ] ||
		    ip -4 addr flush dev "$nic"
	done
	nothing_left
}

waits() { ifpolicy show eth0 | grep -q waiting; }
content() { silent "ifpolicy check is content" ifpolicy check; }

# ---- cases that every client has ---------------------------------------

# KEPT is what the client's own default in main looks like.
covers_a_lease() {
	serve eth0=$N.104
	usual_lease "policy-metric 100"
	up eth0
	follows "ifup" $N.104 $GW
	is "$(defaults)" "$(printf '%s\n' "$KEPT" \
	    "default via $GW dev eth0 metric 100" | sort)" \
	    "both defaults, the gateway from the lease"
	content
	finish eth0
}

takes_the_default_out() {
	serve eth0=$N.104
	usual_lease "policy-default none"
	up eth0
	follows "none: ifup" $N.104 $GW
	is "$(defaults)" "" "none: no default in main"
	ok "none: renewed" renewed
	within 2 eval '[ -z "$(defaults)" ]'
	is "$(defaults)" "" "none: still none after a renewal"
	finish eth0
	usual_lease "policy-default metric" "policy-metric 100"
	up eth0
	follows "metric: ifup" $N.104 $GW
	is "$(defaults)" "default via $GW dev eth0 metric 100" \
	    "metric: ours alone"
	serve eth0=$N.124 -- --dhcp-option=3,$N.2
	renew
	follows "metric: another lease" $N.124 $N.2
	is "$(defaults)" "default via $N.2 dev eth0 metric 100" \
	    "metric: ours alone, by the other router"
	ok "ifpolicy down" ifpolicy down eth0
	like "$(defaults)" "^${KEPT/$GW/$N.2}\$" \
	    "what is given back is the lease's of today"
	finish eth0
}

# A renewal of the same lease is none of ours.
ignores_a_renewal() {
	local was
	serve eth0=$N.104
	usual_lease "$@"
	up eth0
	follows "ifup" $N.104 $GW
	was=$(our_record)
	is "$(ours_changed renewed)" "" "no rule and no route changes"
	is "$RC" 0 "the client has renewed"
	is "$(our_record)" "$was" "nor the record"
	finish eth0
}

# Each server refuses what the one before gave.
takes_turns() {
	local i addresses=($N.104 $N.124 10.0.0.20 $N.106 10.0.0.21 $N.104)
	serve eth0=${addresses[0]}
	usual_lease "policy-metric 100"
	up eth0
	follows "ifup" ${addresses[0]} $GW
	for i in 1 2 3 4 5; do
		serve eth0=${addresses[i]}
		renew
		follows "lease $i" ${addresses[i]} ${addresses[i]%.*}.1
		nothing_of "lease $i: nothing of the one before" \
		    ${addresses[i - 1]}
	done
	is "$(defaults | grep metric.100)" \
	    "default via $GW dev eth0 metric 100" "one default of ours"
	content
	finish eth0
}

# The server goes away, the lease runs out; and comes back.
runs_out() {
	local count
	serve_briefly $BRIEFLY eth0=$N.104
	usual_lease "policy-metric 100"
	up eth0
	follows "ifup" $N.104 $GW
	count=$(noted "$EXPIRES")
	unserve
	ok "the lease runs out" within 40 since "$count" "$EXPIRES"
	within 2 eval '[ -z "$(rules)" ]'
	is "$(rules)$(table rt1)$(defaults)" "" "all is gone"
	like "$(ifpolicy show eth0)" waiting "show says what it waits for"
	content
	serve_briefly 120 eth0=$N.124
	follows "the server is back" $N.124 $GW
	nothing_of "nothing of the old lease" $N.104
	content
	finish eth0
}

# Two NICs in one subnet, and both get other addresses.
two_in_one_subnet() {
	local nics=(eth0 eth1) a i
	serve eth0=$N.104 eth1=$N.105
	for i in 0 1; do
		leased eth$i "metric 20$i" "policy-table rt$i" \
		    "policy-arp filter"
	done | interfaces
	up eth0 eth1
	for a in 104/105 124/125; do
		[ $a = 104/105 ] || {
			serve eth0=$N.124 eth1=$N.125
			renew eth0
			renew eth1
		}
		follows "eth0" $N.${a%/*} $GW eth0 rt0
		follows "eth1" $N.${a#*/} $GW eth1 rt1
		is "$(leaves_by -I $N.${a%/*} 10.99.0.1)" eth0 \
		    "from eth0's address by eth0"
		is "$(leaves_by -I $N.${a#*/} 10.99.0.1)" eth1 \
		    "from eth1's address by eth1"
		is "$(replies_leave_by $N.${a%/*})" eth0 "replies of eth0"
		is "$(replies_leave_by $N.${a#*/})" eth1 "replies of eth1"
	done
	nothing_of "nothing of the old leases" $N.104 $N.105
	finish eth0 eth1
}

# The same address, by another router. (Not dhclient: its script looks at the
# router of a new address only.)
takes_another_router() {
	serve eth0=$N.104
	usual_lease "policy-metric 100"
	up eth0
	follows "ifup" $N.104 $GW
	serve eth0=$N.104 -- --dhcp-option=3,$N.2
	ok "renewed" renewed
	follows "by the other router" $N.104 $N.2
	is "$(defaults | sed 's/ metric 100$//' | grep -c "via $N.2 ")" 2 \
	    "both defaults"
	nothing_of "nothing of the one before" $GW
	finish eth0
}

# What the tests would see if nothing followed: stays_behind_without FILE
stays_behind_without() {
	mv "$1" /tmp/case/hook
	serve eth0=$N.104
	usual_lease
	up eth0
	serve eth0=$N.124
	renew
	ok "the client has it" within 15 has_address eth0 $N.124
	nok "nothing follows" within 2 holds $N.124 $GW
	like "$(rules)" "from $N.104 lookup rt1" "the old rule stays"
	nok "check tells" ifpolicy check
	finish eth0
	mv /tmp/case/hook "$1"
}
