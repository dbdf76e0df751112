# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: what the tests of NetworkManager stand on: a bus, the real daemon and dispatcher, profiles, events.
#
# Without systemd the bus starts nm-dispatcher itself when NetworkManager first
# needs it; what a hook says on stderr is then in the bus' log.

export MANAGER=networkmanager
TEST_DIR=managers
. "$(dirname "${BASH_SOURCE[0]}")/net.sh"

HOOK=/usr/libexec/ifpolicy/networkmanager
POLICIES=/etc/ifpolicy
DISPATCHER=/etc/NetworkManager/dispatcher.d

# NetworkManager waits for udev to have seen a device, unless /sys is read-only.
mount -o remount,bind,ro /sys
mkdir -p $POLICIES /run/dbus
cat >/etc/NetworkManager/NetworkManager.conf <<'END'
[main]
plugins=keyfile
no-auto-default=*
dhcp=internal
dns=none
rc-manager=unmanaged
hostname-mode=none
systemd-resolved=false
[connectivity]
enabled=false
END

# Tells of each event when the hook has done with it: its name sorts behind.
tell_events() {
	local dir
	for dir in $DISPATCHER $DISPATCHER/pre-down.d; do
		cat >$dir/zz-tell <<-'END'
		#!/bin/sh
		echo "$1 $2" >>/tmp/case/events
		END
		chmod 755 $dir/zz-tell
	done
}

# ---- clean slate -------------------------------------------------------

eval "clean_$(declare -f setup)"
setup() {
	rm -rf /etc/NetworkManager/system-connections/* \
	    /run/NetworkManager /var/lib/NetworkManager/* $POLICIES/*
	rm -f $DISPATCHER/zy-rules $DISPATCHER/pre-down.d/zy-rules
	clean_setup
	: >/tmp/case/events
	tell_events
	start_bus
	start_nm
	# It brings the links up when it first sees them, and leaves them so.
	remember
}

start_bus() {
	rm -f /run/dbus/system_bus_socket
	dbus-daemon --system --nofork --nopidfile >/tmp/case/bus 2>&1 &
	within 5 test -S /run/dbus/system_bus_socket
}

start_nm() {
	NetworkManager --debug >>/tmp/case/nm 2>&1 &
	NM_PID=$!
	within 10 nmcli -t general
}

# stop_nm [SIGNAL]: it leaves all as it is, and tells nobody.
stop_nm() {
	kill -"${1:-TERM}" $NM_PID
	wait $NM_PID 2>/dev/null
}

# ---- configuration -----------------------------------------------------

# policy DEVICE LINE...: its file.
policy() { printf '%s\n' "${@:2}" >"$POLICIES/$1"; }

# profile DEVICE SETTING VALUE...: one of the device's name, that comes up only
# when told to, with nothing but what is said.
profile() {
	run nmcli connection add type ethernet ifname "$1" con-name "$1" \
	    autoconnect no ipv4.method disabled ipv6.method disabled \
	    ipv6.addr-gen-mode eui64 "${@:2}"
	[ $RC -eq 0 ] || diag "profile $*" "$OUT$ERR"
}

# static DEVICE ADDRESS/LEN SETTING VALUE...: one with the usual gateway.
static() {
	profile "$1" ipv4.method manual ipv4.addresses "$2" ipv4.gateway $GW \
	    "${@:3}"
}

modify() { nmcli connection modify "$@"; }

# ---- events ------------------------------------------------------------

happened() { grep -qxF -- "$1" /tmp/case/events; }

# on "DEVICE ACTION" COMMAND...: the command succeeds, and the event that it
# makes has been handled.
on() {
	: >/tmp/case/events
	run "${@:2}"
	[ $RC -eq 0 ] && within 20 happened "$1" && pass "${*:2}: $1" ||
	    fail "${*:2}: $1" "exit $RC" "$OUT$ERR" \
	    "events:" "$(</tmp/case/events)" "$(tail -n 5 /tmp/case/nm)"
}

up() { on "$1 up" nmcli connection up "$1"; }
down() { on "$1 down" nmcli connection down "$1"; }

# Lines of ours in the log of the dispatcher.
ours() { grep -h '^ifpolicy:' /tmp/case/bus; }

# note_rules_at ACTION: from now on the rules, when the hook has done with it,
# are in /tmp/case/rules.
note_rules_at() {
	local dir
	for dir in $DISPATCHER $DISPATCHER/pre-down.d; do
		cat >$dir/zy-rules <<-END
		#!/bin/sh
		[ "\$2" != $1 ] || ip rule >>/tmp/case/rules
		END
		chmod 755 $dir/zy-rules
	done
}

# ---- what is seen ------------------------------------------------------

# ruled NAME [-6] [ADDRESS TABLE]...: these addresses have their two rules, and
# there is no other rule.
ruled() {
	local name=$1 family=-4
	shift
	[ "${1-}" != -6 ] || { family=-6; shift; }
	is "$(rules $family | sort)" "$(while [ $# -gt 1 ]; do
		echo "12030: from $1 lookup $2 proto ifpolicy"
		echo "12030: from all to $1 lookup $2 proto ifpolicy"
		shift 2
	done | sort)" "$name"
}

content() { silent "ifpolicy check is content" ifpolicy check; }

# tell DEVICE ACTION: the hook is called as the dispatcher does, as far as the
# hook looks at it.
tell() { silent "hook $*" env -i DEVICE_IP_IFACE=eth0 $HOOK "$@"; }

# ---- the router's side -------------------------------------------------

# served COMMAND...: a server in the router's namespace, until the case ends or
# "kill $SERVER".
served() {
	ip netns exec gw "$@" >>/tmp/case/server 2>&1 &
	SERVER=$!
}

# lease ADDRESS: the only address there is to have, for five seconds at a time.
lease() {
	cat >"/tmp/case/udhcpd.$1" <<-END
	start $1
	end $1
	interface br0
	max_leases 1
	lease_file /tmp/case/leases.$1
	min_lease 1
	option lease 5
	option subnet 255.255.255.0
	option router $GW
	END
	: >"/tmp/case/leases.$1"
	served udhcpd -f "/tmp/case/udhcpd.$1"
}

# advertise RANGE...: router advertisements, and DHCPv6 where a range says so.
advertise() {
	served dnsmasq -k --user=root --conf-file=/dev/null --port=0 \
	    --interface=br0 --bind-dynamic --leasefile-ro --pid-file= \
	    --log-facility=- --enable-ra --ra-param=br0,4,60 \
	    "${@/#/--dhcp-range=}"
}
