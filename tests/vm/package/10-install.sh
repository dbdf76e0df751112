# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: the package of the previous build is installed on a machine that has never seen it, and stanzas are written.
. "$JOB/guest/lib.sh"

case_the_machine_is_a_real_one() {
	is "$(systemctl is-system-running)" running "systemd"
	is "$(cat /proc/1/comm)" systemd "is process 1"
	ok "udev knows eth0" udevadm info /sys/class/net/eth0
	ok "the kernel has modules" modprobe bonding
	is "$(ours)" "" "no rule or route of ours"
}

case_apt_installs_it() {
	find / -xdev \( -path /tmp -o -path /var -o -path /root \) -prune -o \
	    -print | sort >$KEPT/files
	ok "apt-get install" package old
	is "$(version)" "ii 0~previous" "the version"
	is "$(dangling)" "" "no link dangles"
	is "$(systemctl is-enabled ifpolicy-watch)" disabled \
	    "the watch is not enabled"
	nok "nor started" systemctl is-active -q ifpolicy-watch
	is "$(ours)" "" "no rule or route of ours"
}

# The second name gets its number first: a boot takes them the other way round.
case_stanzas_come_up() {
	{
		echo "auto eth0"
		stanza eth0 $A/24 "policy-table uplink" \
		    "policy-gateway $GW" "policy-metric 100" \
		    "policy-arp filter" "policy-fallback unreachable"
		stanza eth0 $A6/64 "policy-table uplink" \
		    "policy-gateway $GW6" "policy-metric 100"
		echo "allow-hotplug eth1"
		stanza eth1 $B/24 "policy-table auto" "policy-gateway $GW" \
		    "policy-metric 101" "policy-arp filter"
		printf 'auto lo\niface lo inet loopback\n'
	} | interfaces
	ok "ifup eth1" ifup eth1
	ok "ifup eth0" ifup eth0
	is "$(ruled $A)" 2 "rules of eth0"
	is "$(ruled $B)" 2 "rules of eth1"
	is "$(ip -6 rule | grep -c "$A6 .*proto ifpolicy")" 2 "IPv6"
	like "$(</etc/iproute2/rt_tables.d/ifpolicy.conf)" \
	    '^8001[[:blank:]]+eth1$' "eth1's table is the first"
	ok "traffic from eth0" answers $A
	ok "traffic from eth1" answers $B
	content
	whole >$KEPT/whole
	ip rule >$KEPT/rules
	cp /etc/iproute2/rt_tables.d/ifpolicy.conf $KEPT/numbers
}

case_what_waits_for_the_network_will_tell() {
	cat >/etc/systemd/system/online.service <<-END
	[Unit]
	Wants=network-online.target
	After=network-online.target
	[Service]
	Type=oneshot
	ExecStart=/bin/sh -c '{ ip rule; ip -6 rule; ip route; } >$KEPT/online'
	[Install]
	WantedBy=multi-user.target
	END
	ok "a unit after network-online" systemctl enable online
	touch $REBOOT
}

run_cases
