# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: what every script in the virtual machine stands on: the router, packages, what a boot leaves to the next.
#
# It has all of net.sh. The machine is one, and so is its story: a case begins
# where the one before it has ended, and so does a script.

SANDBOX=1 NICS="eth0 eth1 eth2"
. "$JOB/lib/net.sh"

# A function at the end of a pipe counts in this shell.
shopt -s lastpipe

A=$N.99
B=$N.98
A6=fd00:178::99
GW6=fd00:178::1
export DEBIAN_FRONTEND=noninteractive
mkdir -p /tmp/case

setup() { :; }
teardown() { :; }

# The fourth card is the router's: once a boot. Beside the usual networks it
# has the one of the published bond, and VLAN 7.
router() {
	[ ! -e /run/netns/gw ] || return 0
	within 20 test -e /sys/class/net/eth3
	ip netns add gw
	ip link set eth3 netns gw
	gw sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
	ip -n gw -batch - <<-END
	link set lo up
	link set eth3 up
	link add link eth3 name eth3.7 type vlan id 7
	link set eth3.7 up
	addr add $GW/24 dev eth3
	addr add 192.168.1.1/24 dev eth3
	addr add 192.168.7.1/24 dev eth3.7
	addr add $GW6/64 dev eth3 nodad
	addr add 10.99.0.1/32 dev lo
	addr add fd00:99::1/128 dev lo
	END
}
router

# package old|new: with apt, as an administrator would.
package() { apt-get -y install --allow-downgrades "$JOB/$1.deb"; }

version() {
	dpkg-query -W -f '${db:Status-Abbrev}${Version}' ifpolicy 2>/dev/null
}

# Links that hang in the air.
dangling() {
	find -L /etc/network /etc/NetworkManager /usr/libexec \
	    /usr/lib/NetworkManager -type l 2>/dev/null
}

# All rules and routes, numbers instead of names, by few processes: each is
# dear in here.
whole() {
	{
		ip -N -4 rule
		ip -N -6 rule
		ip -N -4 route show table all
		ip -N -6 route show table all
	} | sed -E 's/[[:space:]]+/ /g; s/ $//; / table (local|255)( |$)/d
	    /^(local|broadcast|anycast|multicast) |^fe80::\/64 /d' | sort
}

ours() { whole | grep 'proto 173'; }

# Rules of ours for an address.
ruled() { ip rule | grep -c "$1 .*proto ifpolicy"; }

# comes SECONDS WHAT TEXT NAME: within that time the function's output is that.
comes() {
	awaited=$3
	within "$1" says_awaited "$2"
	is "$($2)" "$3" "$4"
}

says_awaited() { [ "$($1)" = "$awaited" ]; }

content() { silent "ifpolicy check is content" ifpolicy check; }

# No change of rules, routes or addresses while a command runs, which succeeds.
unmoved() {
	changes_during "${@:2}" >/tmp/case/changes
	is "$RC" 0 "$1"
	is "$(</tmp/case/changes)" "" "$1: the kernel sees no change"
}

# An answer comes from far away: answers [SOURCE]
answers() { ping -q -c 3 -i 0.2 -W 5 ${1:+-I "$1"} 10.99.0.1; }

# begin: the new package on a machine where no interface is up; its
# configuration from stdin, as "interfaces" has it.
begin() {
	systemctl -q disable --now ifpolicy-watch 2>/dev/null
	ifdown -a --force --exclude=lo >/dev/null 2>&1
	ifdown --force eth0 eth1 eth2 >/dev/null 2>&1
	interfaces
	[ "$(version)" = "ii $(dpkg-deb -f "$JOB/new.deb" Version)" ] ||
	    ok "the package is installed" package new
	is "$(ours)" "" "no rule or route of ours"
}

# Warnings and errors of ours in the log since the machine is up.
complaints() { journalctl -b -o cat -q -g '^ifpolicy: '; }
