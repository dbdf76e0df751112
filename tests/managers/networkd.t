#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: the real systemd-networkd deletes what is not its own, check says so before, and the drop-in stops it.

export MANAGER=networkd
TEST_DIR=managers
. "$(dirname "$0")/../lib/net.sh"

A=$N.99
UNITS=/etc/systemd/network
CONF=/etc/systemd/networkd.conf.d
OWN=/usr/lib/systemd/networkd.conf.d/ifpolicy.conf

# It waits for udev to have seen a device, unless /sys is read-only.
mount -o remount,bind,ro /sys
echo 0123456789abcdef0123456789abcdef >/etc/machine-id
mkdir -p $UNITS /run/dbus
cp $OWN /tmp/.own

eval "clean_$(declare -f setup)"
setup() {
	clean_setup
	rm -rf $UNITS/* $CONF /etc/systemd/networkd.conf /run/systemd/netif
	cp /tmp/.own $OWN
	mkdir -p /run/systemd/netif/{links,leases,lldp} $CONF
	chown -R systemd-network: /run/systemd/netif
	rm -f /run/dbus/system_bus_socket
	dbus-daemon --system --nofork --nopidfile >/tmp/case/bus 2>&1 &
	within 5 test -S /run/dbus/system_bus_socket
	link_up eth0 "$A/24 brd +"
	silent "a policy" ifpolicy up eth0 table rt1 gateway $GW metric 100
}

# manages IFACE ADDRESS: networkd is to have it.
manages() {
	printf '%s\n' "[Match]" "Name=$1" "[Network]" "Address=$2" \
	    "LinkLocalAddressing=no" "IPv6AcceptRA=no" >$UNITS/$1.network
}

states() {
	cat /run/systemd/netif/links/$(cat /sys/class/net/$1/ifindex)
}

networkd_start() {
	/lib/systemd/systemd-networkd >/tmp/case/networkd 2>&1 &
	NETWORKD=$!
	ok "networkd has $1" within 10 eval "states $1 | grep -q ADMIN_STATE=$2"
}

networkd_stop() {
	kill $NETWORKD
	wait $NETWORKD 2>/dev/null
}

# Configures a link anew, as "networkctl reconfigure IFACE" does.
reconfigure() {
	local m=org.freedesktop.network1
	ok "networkd configures $1 anew" within 10 busctl call $m \
	    /org/freedesktop/network1 $m.Manager ReconfigureLink i \
	    "$(cat /sys/class/net/$1/ifindex)"
	ok "and has done so" within 10 \
	    eval "states $1 | grep -q ADMIN_STATE=configured"
	sleep 0.3
}

quiet() { silent "$1" ifpolicy check ${2-}; }

told() { like "$(tr -s '\n ' '  ' <<<"$OUT")" "$1" "$2"; }

case_rules_go_with_any_link_of_networkd() {
	rm $OWN
	manages eth1 10.0.0.9/24
	quiet "before it runs"
	networkd_start eth1 configured
	exits 1 "while it runs" ifpolicy check
	told "no interface: conflict networkd: systemd-networkd manages eth1, and ManageForeignRoutingPolicyRules is not off" \
	    "it is named"
	is "$(grep -c conflict <<<"$OUT")" 1 "eth0's routes are safe"
	exits 1 "for an interface, too" ifpolicy check eth0
	reconfigure eth1
	is "$(rules)" "" "and so it is: all rules are gone"
	isnt "$(table rt1)" "" "the routes of eth0 are not"
	printf '%s\n' "[Network]" "ManageForeignRoutingPolicyRules=no" \
	    >$CONF/ifpolicy.conf
	networkd_stop
	networkd_start eth1 configured
	silent "the remedy" ifpolicy refresh
	quiet "then"
	reconfigure eth1
	quiet "and so it is"
	networkd_stop
}

case_routes_go_with_their_link() {
	rm $OWN
	printf '%s\n' "[Network]" "ManageForeignRoutingPolicyRules = off" \
	    >/etc/systemd/networkd.conf
	manages eth0 $A/24
	networkd_start eth0 configured
	exits 1 "while it runs" ifpolicy check
	told "eth0 inet: conflict networkd: systemd-networkd manages eth0, and ManageForeignRoutes is not off" \
	    "it is named"
	is "$(grep -c conflict <<<"$OUT")" 1 "the rules are safe"
	reconfigure eth0
	is "$(table rt1)" "" "and so it is: its routes are gone"
	is "$(rules | wc -l)" 2 "the rules are not"
	printf '%s\n' "[Network]" "ManageForeignRoutes=no" >$CONF/x.conf
	silent "refresh" ifpolicy refresh
	quiet "told not to"
	networkd_stop
}

# It takes the address away for a moment; with it the kernel forgets the routes,
# whatever the drop-in says.
case_the_drop_in_that_is_installed_keeps_the_rules() {
	manages eth0 $A/24
	networkd_start eth0 configured
	quiet "while it runs"
	reconfigure eth0
	is "$(rules | wc -l)" 2 "the rules are still there"
	silent "refresh" ifpolicy refresh
	quiet "all is well"
	networkd_stop
}

case_a_networkd_that_manages_nothing_is_harmless() {
	rm $OWN
	networkd_start eth0 unmanaged
	quiet "while it runs"
	networkd_stop
}

case_a_networkd_of_another_namespace_is_harmless() {
	rm $OWN
	# Its state files say "configured" for whatever has these numbers here.
	manages lo 127.0.0.2/8
	ip netns add other
	ip netns exec other ip link set lo up
	ip netns exec other /lib/systemd/systemd-networkd \
	    >/tmp/case/networkd 2>&1 &
	NETWORKD=$!
	ok "it runs there" within 10 grep -q systemd-network /proc/$NETWORKD/comm
	sleep 0.5
	for i in /sys/class/net/eth*/ifindex; do
		echo "ADMIN_STATE=configured" >/run/systemd/netif/links/$(cat $i)
	done
	quiet "nothing is named here"
	networkd_stop
	ip netns del other
}

run_cases "$@"
