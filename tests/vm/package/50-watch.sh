# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: ifpolicy watch as a service of systemd: ready, tight, at work, and gone without a trace of its going.
. "$JOB/guest/lib.sh"

UNIT=ifpolicy-watch

pid() { systemctl show -P MainPID $UNIT; }
records() { cat $RECORDS/net-*; }

# status NAME: what the kernel says of the process.
status() { sed -nE "s/^$1:[[:space:]]*//p" "/proc/$(pid)/status"; }

# Inside of what the unit lets it see.
inside() { nsenter --mount --target "$(pid)" "$@"; }

case_it_says_when_it_is_ready() {
	ok "systemctl enable --now" systemctl enable --now $UNIT
	is "$(systemctl show -P Type $UNIT)" notify "it has to tell"
	is "$(systemctl is-active $UNIT)" active "and it did"
	is "$(systemctl is-enabled $UNIT)" enabled "it starts with the machine"
	is "$(tr '\0' ' ' <"/proc/$(pid)/cmdline")" "/usr/sbin/ifpolicy watch " \
	    "the process"
}

case_it_has_no_more_than_it_needs() {
	is "$(status CapEff) $(status CapPrm) $(status CapBnd)" \
	    "0000000000001000 0000000000001000 0000000000001000" \
	    "CAP_NET_ADMIN and no other"
	is "$(status NoNewPrivs)" 1 "no new privileges"
	is "$(status Seccomp)" 2 "system calls are filtered"
	nok "it cannot write to /usr" inside touch /usr/x
	nok "nor to /etc" inside touch /etc/x
	nok "it sees no disk" inside test -e /dev/nvme0n1
	ok "it writes its records" inside touch $RECORDS/x
	ok "and numbers of tables" inside touch /etc/iproute2/rt_tables.d/x
	rm -f $RECORDS/x /etc/iproute2/rt_tables.d/x
}

case_what_is_deleted_comes_back() {
	local before

	before=$(whole)
	ok "a rule is deleted" ip rule del pref 12030 from $A
	comes 10 whole "$before" "and comes back"
	ok "one of IPv6" ip -6 rule del pref 12030 to $A6
	comes 10 whole "$before" "and comes back"
	ok "a table is flushed" ip route flush table uplink
	comes 10 whole "$before" "and comes back"
	ok "the default is deleted" ip route del default dev eth0 metric 100
	comes 10 whole "$before" "and comes back"
}

# A name is new, and /etc is read-only for it but for one directory.
case_a_new_name_gets_its_number() {
	local before

	before=$(whole)
	mkdir -p /etc/ifpolicy
	printf '%s\n' "policy-table named" "policy-gateway 10.30.0.1" \
	    >/etc/ifpolicy/new0
	ip link add new0 type dummy
	ip link set new0 up
	ip addr add 10.30.0.2/24 dev new0
	comes 10 rules_of_new 2 "an address comes, and its rules"
	like "$(</etc/iproute2/rt_tables.d/ifpolicy.conf)" \
	    '^8[0-9]{3}[[:blank:]]+named$' "the name is written"
	ip link del new0
	comes 10 whole "$before" "all goes with the device"
	rm /etc/ifpolicy/new0
	ok "systemctl reload" systemctl reload $UNIT
	comes 10 shown_of_new "" "its request goes with its file"
	content
}

shown_of_new() { ifpolicy show | grep '^new0'; }

rules_of_new() { ruled 10.30.0.2; }

case_a_stop_leaves_the_policy() {
	local was

	was=$(records)
	unmoved "systemctl stop" systemctl stop $UNIT
	is "$(systemctl is-active $UNIT)" inactive "it is stopped"
	is "$(records)" "$was" "the records are there"
	content
	unmoved "systemctl start" systemctl start $UNIT
	unmoved "systemctl restart" systemctl restart $UNIT
	unmoved "systemctl reload" systemctl reload $UNIT
	is "$(records)" "$was" "the records are the same"
}

case_a_crash_is_mended() {
	local was

	was=$(pid)
	kill -KILL "$was"
	ip rule del pref 12030 from $A
	ok "it is started again" within 30 eval \
	    '[ "$(pid)" != 0 ] && [ "$(pid)" != '"$was"' ]'
	comes 20 rules_of_a 2 "what went meanwhile comes back"
	is "$(systemctl is-active $UNIT)" active "it is ready"
}

rules_of_a() { ruled $A; }

case_an_upgrade_restarts_it() {
	local was

	was=$(pid)
	unmoved "another version" dpkg -i "$JOB/old.deb"
	is "$(systemctl is-active $UNIT)" active "it runs"
	isnt "$(pid)" "$was" "anew"
	unmoved "and back" dpkg -i "$JOB/new.deb"
	is "$(systemctl is-active $UNIT)" active "it runs"
	content
}

case_nothing_went_wrong() {
	is "$(journalctl -b -o cat -q -p warning -u $UNIT |
	    grep -v "Main process exited\|Failed with result 'signal'")" "" \
	    "no warning in the log"
	whole >$KEPT/whole
	touch $REBOOT
}

run_cases
