# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: after a boot with the watch: remove takes down what is up, purge leaves no file, a new installation works.
. "$JOB/guest/lib.sh"

UNIT=ifpolicy-watch

case_the_watch_starts_with_the_machine() {
	is "$(systemctl is-active $UNIT)" active "it runs"
	comes 30 whole "$(<$KEPT/whole)" "the same rules and routes as before"
	ip rule del pref 12030 from $A
	comes 10 whole "$(<$KEPT/whole)" "a deleted rule comes back"
	is "$(systemctl --failed --no-legend)" "" "no unit has failed"
	content
}

case_remove_takes_down_what_is_up() {
	ok "apt-get remove" apt-get -y remove ifpolicy
	like "$OUT" 'Taking down' "it says so"
	nothing_of_ours
	is "$(knob eth0 arp_filter) $(knob eth0 ignore_routes_with_linkdown)" \
	    "0 0" "settings are given back"
	nok "the watch is stopped" systemctl is-active -q $UNIT
	is "$(dangling)" "" "no link dangles"
	is "$(ls /etc/network/if-{up,down}.d | grep ifpolicy)" "" \
	    "the hooks are gone"
	like "$(ip addr show dev eth0)" "inet $A/24 .*" "eth0 has its address"
	ok "ifdown" ifdown eth0
	ok "ifup without the package" ifup eth0
	is "$(ours)" "" "and without a policy"
}

case_installed_again_it_works() {
	ok "apt-get install" package new
	ok "ifdown" ifdown eth0 eth1
	ok "ifup" ifup eth0 eth1
	is "$(ruled $A) $(ruled $B)" "2 2" "the rules are there"
	ok "traffic from eth1" answers $B
	is "$(systemctl is-enabled $UNIT)" enabled \
	    "that the watch was enabled is not forgotten"
	is "$(dangling)" "" "no link dangles"
	content
}

case_purge_leaves_no_file() {
	ok "apt-get purge" apt-get -y purge ifpolicy
	unlike "$OUT$ERR" 'not removed|not empty' "it leaves no directory"
	nothing_of_ours
	nok "no record" ls $RECORDS
	is "$(find / -xdev \( -path /tmp -o -path /var -o -path /root \) \
	    -prune -o -print | sort | grep -vF -e systemd/system/online.service \
	    -e systemd/system/multi-user.target.wants/online.service)" \
	    "$(<$KEPT/files)" "the same files as before"
	is "$(find /var -name '*ifpolicy*' ! -path '/var/lib/vm/*' \
	    ! -path '/var/log/*')" "" "and none in /var"
	is "$(dangling)$(find /etc/systemd -name '*ifpolicy*')" "" \
	    "no link dangles"
	systemctl -q disable online
	rm /etc/systemd/system/online.service
}

run_cases
