# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: what the tests of network-scripts stand on: files, ifup and ifdown, hooks, what is foreign.
#
# A test runs with a re-enactment of the scripts (scripts-driver), or, when
# tests/lib/check-scripts runs it, with the real ones; it cannot see which.

export TARGET=install-rhel
TEST_DIR=${TEST_DIR:-managers}
PASS="${PASS-} SCRIPTS_NAME"
. "$(dirname "${BASH_SOURCE[0]}")/net.sh"

DIR=/etc/sysconfig/network-scripts
HOOK=/usr/libexec/ifpolicy/network-scripts

# ---- clean slate -------------------------------------------------------

/src/tests/lib/scripts-install
cp -a $DIR /tmp/.scripts
cp -a /etc/sysconfig/ifpolicy /tmp/.default 2>/dev/null
mkdir /tmp/.hooks
cp -a /sbin/if{up,down-pre,down}-local /tmp/.hooks/ 2>/dev/null
echo "# ${SCRIPTS_NAME:-with a re-enactment of network-scripts, not the real \
ones (tests/lib/check-scripts runs those)}"

# Before each case: new NICs, no file, no rule, the hooks as installed. No
# duplicate address detection, of which none of this depends.
setup() {
	ip netns exec gw ip addr flush dev br0 scope global
	ip -n gw -batch - <<-END
	addr add $GW/24 dev br0
	addr add 10.0.0.1/24 dev br0
	addr add 172.16.3.1/24 dev br0
	addr add fd00:178::1/64 dev br0 nodad
	END
	sysctl -q -p /tmp/.sysctl
	sysctl -qw net.ipv6.conf.default.accept_dad=0
	/src/tests/lib/cables
	ip link set lo up
	forget_rules
	rm -rf $RECORDS $DIR /tmp/case /run/dhclient* /run/netreport/*
	cp -a /tmp/.scripts $DIR
	rm -f /sbin/if{up-pre,up,down-pre,down}-local /sbin/dhclient
	cp -a /tmp/.hooks/. /sbin/
	rm -rf /etc/iproute2/rt_tables.d/* /etc/sysconfig/static-routes*
	cp /tmp/.rt_tables /etc/iproute2/rt_tables
	echo NOZEROCONF=yes >/etc/sysconfig/network
	cp -a /tmp/.default /etc/sysconfig/ifpolicy 2>/dev/null
	mkdir /tmp/case
	variant el7
	BEFORE=$(snapshot)
}

# What is on no NIC stays when they go.
forget_rules() {
	ip -4 route flush table all scope global
	ip -4 route flush table all proto boot
	ip -6 route flush table all proto boot
	ip -4 route flush table all proto 173
	ip -6 route flush table all proto 173
	# "flush" spares priority 0, where the kernel puts rules when automatic
	# priorities have run out.
	ip rule | sed -nE '/lookup local/!s/^0:/rule del pref 0/p' |
	    ip -batch -
	ip rule flush
	ip -6 rule flush
	printf '%s\n' "rule add pref 32766 table main" \
	    "rule add pref 32767 table default" | ip -batch -
	ip -6 rule add pref 32766 table main
}

# The scripts that a test can have: "for v in $(variants)", "variant $v".
variants() {
	if [ -n "${SCRIPTS_NAME-}" ]; then echo real; else echo el7 el8; fi
}

variant() {
	[ -n "${SCRIPTS_NAME-}" ] ||
	    echo "release ${1#el}" >/etc/redhat-release
}

# Whether a route that exists is replaced (el8) or left (el7).
replaces() {
	if [ -n "${SCRIPTS_NAME-}" ]; then
		grep -q 'route replace \$' $DIR/ifup-routes
	else
		! grep -q 'release 7' /etc/redhat-release
	fi
}

# ---- configuration -----------------------------------------------------

# A file from stdin: file NAME. One of a shell's is "ifcfg NAME LINE...": with
# the lines that spare a second's wait for ARP, behind all others.
file() { cat >"$DIR/$1"; }

ifcfg() {
	local name=$1
	shift
	printf '%s\n' "$@" ARPCHECK=no ARPUPDATE=no >"$DIR/ifcfg-$name"
}

# static DEVICE ADDRESS/LEN LINE...
static() {
	ifcfg "$1" "DEVICE=$1" BOOTPROTO=none ONBOOT=yes \
	    "IPADDR=${2%/*}" "PREFIX=${2#*/}" "${@:3}"
}

# A DHCP server that always gives this: lease DEVICE ADDRESS/LEN [GATEWAY]
lease() {
	mkdir -p /tmp/case/lease
	echo "$2 ${3-}" >"/tmp/case/lease/$1"
	cat >/sbin/dhclient <<-'END'
	#!/bin/bash
	for device; do [ "$1" != -pf ] || pid=$2; shift; done
	read -r address gateway <"/tmp/case/lease/$device" || exit 2
	ip link set dev "$device" up
	ip -4 addr replace "$address" brd + dev "$device"
	[ -z "$gateway" ] ||
	    ip route replace default via "$gateway" dev "$device"
	sleep 600 </dev/null >/dev/null 2>&1 &
	echo $! >"$pid"
	END
	printf '#!/bin/sh\n' >/sbin/dhclient-script
	chmod 755 /sbin/dhclient /sbin/dhclient-script
}

# ---- the scripts -------------------------------------------------------

# As from a bare shell; what the tests set is none of the scripts' business.
bare() {
	env -i PATH="$PATH" HOME=/root LC_ALL=C ARPING_WAIT=1 \
	    DEPRECATION_WARNING_ISSUED=yes "$@"
}

ifup() { bare /usr/sbin/ifup "$@"; }
ifdown() { bare /usr/sbin/ifdown "$@"; }

# Lines of ours in what the last command said.
ours() { grep -h '^ifpolicy:' <<<"$OUT"$'\n'"$ERR"; }

# up NAME..., down NAME...: the scripts say yes, and we say nothing.
up() {
	local name
	for name; do
		run ifup "$name"
		is "$RC $(ours)" "0 " "ifup $name"
	done
}

down() {
	local name
	for name; do
		run ifdown "$name"
		is "$RC $(ours)" "0 " "ifdown $name"
	done
}

# ---- what is foreign ---------------------------------------------------

# Somebody else's rules and routes, with priorities and tables of their own;
# each RULE stands at priority 501, equal to one of a file perhaps.
foreign() {
	local rule
	{
		echo "rule add pref 500 fwmark 9 lookup 77"
		echo "rule add pref 40 to 10.77.0.0/24 lookup 78"
		for rule; do
			echo "rule add pref 501 $rule"
		done
	} | ip -batch -
	ip -6 rule add pref 500 fwmark 9 lookup 77
	ip -batch - <<-END
	route add blackhole 10.77.0.0/25 table 77
	route add unreachable default table 78 metric 9
	route add prohibit 10.77.1.0/24
	END
	ip -6 route add blackhole 2001:db8:77::/48 table 77
	remember
}

# ---- what is seen ------------------------------------------------------

# Rules but the kernel's and the foreign ones, as they count, sorted: without
# priority and protocol.
ruled() {
	rules "$@" | grep -vE '^(40|500|501): ' |
	    sed -E 's/^[0-9]+: //; s/ proto (ifpolicy|173)//' | sort
}

# ruled_is NAME [-6] RULE...: just these, each once, and all of them ours.
ruled_is() {
	local name=$1 family=-4
	shift
	[ "${1-}" != -6 ] || { family=-6; shift; }
	is "$(ruled $family)" "$(printf '%s\n' "$@" | sort)" "$name"
	is "$(rules $family | grep -vE '^(40|500|501): ' |
	    grep -vE 'proto (ifpolicy|173)$')" "" "$name: all of them ours"
}

# One table's routes, without protocol, sorted: routed TABLE [-6]
routed() {
	table "$@" | sed -E 's/ proto (ifpolicy|173|boot)//; s/ pref medium//
	    s/( dead)? linkdown//' | sort
}

# refused NAME [FILE:LINE...]: the last command's lines of ours are complaints
# of just these.
refused() {
	is "$(ours | awk '{ sub(/:$/, "", $3); print $3 }' | sort -V)" \
	    "$(printf '%s\n' "${@:2}" | sort -V)" "$1"
}

# But for the likes of ours that foreign() put there on purpose.
content() {
	is "$(ifpolicy check -j | grep -o '{[^}]*}' | grep -v \
	    '"kind":"duplicate","text":"[^"]*: priority 501 ')$(ifpolicy \
	    check 2>&1 >/dev/null)" "" "ifpolicy check is content"
}
