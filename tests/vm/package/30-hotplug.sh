# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: a network card that is pulled out and put in again, and one that nobody has seen before, by udev.
. "$JOB/guest/lib.sh"

case_a_card_is_pulled_out_and_put_in() {
	local before slot

	before=$(whole)
	slot=$(realpath /sys/class/net/eth1/device/..)
	echo 1 >"$slot/remove"
	ok "eth1 is gone" within 20 eval '[ ! -e /sys/class/net/eth1 ]'
	ok "its unit ends" within 20 eval '! systemctl is-active -q ifup@eth1'
	comes 20 rules_of_b 0 "its rules go"
	is "$(ruled $A)" 2 "those of eth0 stay"
	unlike "$(ifpolicy show)" '^eth1 ' "it has no claim"
	content

	echo 1 >/sys/bus/pci/rescan
	ok "eth1 is back" within 20 test -e /sys/class/net/eth1
	comes 30 whole "$before" "with all its rules and routes"
	is "$(systemctl is-active ifup@eth1)" active "brought up by udev"
	ok "traffic from eth1" answers $B
	content
}

rules_of_b() { ruled $B; }
rules_of_hot() { ruled 10.20.0.2; }

case_a_new_device_comes() {
	local before

	before=$(whole)
	{
		echo "allow-hotplug hot0"
		stanza hot0 10.20.0.2/24 "policy-table hot" \
		    "policy-gateway 10.20.0.1"
	} >>/etc/network/interfaces
	ip link add hot0 type dummy
	comes 30 rules_of_hot 2 "udev brings it up, with its rules"
	like "$(table hot)" '^default via 10.20.0.1 dev hot0' "and its table"
	ip link del hot0
	comes 20 whole "$before" "all of it goes with the device"
	content
}

run_cases
