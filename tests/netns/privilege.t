#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: root starts it; what is left after the first moment is CAP_NET_ADMIN alone.

. "$(dirname "$0")/../lib/net.sh"

A=$N.99
K=(table rt1 gateway $GW metric 100)

# Stop a run in the middle, at the first rename or unlink (of its record), and
# print fields of its /proc/PID/status: midway FIELD-ERE COMMAND...
midway() {
	local what=$1 tracer pid
	shift
	strace -f -o /tmp/case/strace -e trace=rename,renameat,renameat2,unlink,unlinkat \
	    -e inject=rename,renameat,renameat2,unlink,unlinkat:delay_enter=400000:when=1 \
	    "$@" >/tmp/case/midway 2>&1 &
	tracer=$!
	within 3 eval 'pid=$(pgrep -P $tracer) && sleep 0.15'
	pid=$(pgrep -P $tracer)
	grep -E "^($what):" /proc/$pid/status | tr -s '\t ' ' '
	[ "$what" != cwd ] || readlink /proc/$pid/cwd
	wait $tracer
}

holds_only_net_admin() {
	local status=$(midway 'Cap.*|NoNewPrivs' "$@")
	is "$(grep -v CapBnd <<<"$status")" "CapInh: 0000000000000000
CapPrm: 0000000000001000
CapEff: 0000000000001000
CapAmb: 0000000000000000
NoNewPrivs: 1" "${NAME}: CAP_NET_ADMIN alone, and no new privileges"
	like "$status" '^CapBnd: 000000000000[01]000$' \
	    "${NAME}: the bounding set as well"
}

case_the_command_holds_net_admin_alone() {
	link_up eth0 $A/24
	NAME=up holds_only_net_admin ifpolicy up eth0 "${K[@]}"
	like "$(rules)" "from $A" "and that is enough"
	NAME=down holds_only_net_admin ifpolicy down eth0
	NAME="up again" holds_only_net_admin ifpolicy up eth0 "${K[@]}"
	silent "down" ifpolicy down eth0
}

case_the_hook_holds_net_admin_alone() {
	link_up eth0 $A/24
	local p="$(readlink -f $HOOKS/if-up.d/ifpolicy)"
	NAME=hook holds_only_net_admin env -i IFACE=eth0 LOGICAL=eth0 \
	    ADDRFAM=inet METHOD=static MODE=start PHASE=post-up \
	    IF_ADDRESS=$A IF_POLICY_TABLE=rt1 IF_POLICY_GATEWAY=$GW \
	    $HOOKS/if-up.d/ifpolicy
	ok "it is an absolute link" [ "$(readlink $HOOKS/if-up.d/ifpolicy)" = "$p" ]
}

case_privileges_go_before_input_is_read() {
	link_up eth0 $A/24
	strace -f -o /tmp/case/strace ifpolicy up eth0 "${K[@]}"
	local drop=$(grep -n 'capset(' /tmp/case/strace | tail -1 | cut -d: -f1)
	ok "capset is called" [ -n "$drop" ]
	is "$(head -n "$drop" /tmp/case/strace |
	    grep -E 'iproute2|/run/ifpolicy|/etc/ifpolicy|AF_NETLINK|/proc/sys/net')" \
	    "" "no file of ours, no socket before"
	like "$(tail -n +"$drop" /tmp/case/strace)" 'capget\(|/proc/.*status|PR_CAPBSET_READ' \
	    "the sets are read back"
}

case_nothing_is_executed() {
	link_up eth0 $A/24
	strace -f -o /tmp/case/strace ifpolicy up eth0 "${K[@]}"
	is "$(grep -cE 'execve|clone|fork' /tmp/case/strace)" 1 \
	    "one execve, its own"
}

case_umask_and_directory_are_clean() {
	link_up eth0 $A/24
	is "$(cd /tmp/case && umask 077 && midway Umask ifpolicy up eth0 \
	    "${K[@]}")" "Umask: 0022" "umask 022"
	is "$(stat -c %a $RECORDS $RECORDS/net-* | paste -sd' ')" "755 644" \
	    "files can be read by all"
	ifpolicy down eth0
	is "$(cd /tmp/case && midway cwd ifpolicy up eth0 "${K[@]}")" / \
	    "the directory is /"
}

case_a_hook_without_keys_opens_nothing() {
	strace -f -o /tmp/case/strace env -i IFACE=eth0 ADDRFAM=inet \
	    METHOD=static MODE=start PHASE=post-up IF_ADDRESS=$A \
	    $HOOKS/if-up.d/ifpolicy
	is "$(sed -n '/execve.*if-up.d/,$p' /tmp/case/strace |
	    grep -E 'open(at)?\(|socket\(' | grep -v ENOENT |
	    grep -vE '"/(etc/ld\.so|lib|usr/lib|proc/sys/kernel/cap_last_cap)')" \
	    "" "but its libraries, and what libcap-ng looks at"
	nok "no directory is made" test -e $RECORDS
}

nobody() {
	setpriv --reuid=65534 --regid=65534 --clear-groups \
	    --inh-caps=-all --bounding-set=-all "$@"
}

case_nobody_may_look() {
	link_up eth0 $A/24
	silent "up" ifpolicy up eth0 "${K[@]}"
	exits 0 "show" nobody ifpolicy show
	like "$OUT" "from $A" "shows the policy"
	is "$ERR" "" "without a complaint"
	exits 0 "check" nobody ifpolicy check
	link_up eth1 10.0.0.5/24
	local state=$(rules; routes; cat $RECORDS/net-*)
	exits 0 "a dry run" nobody ifpolicy -n up eth1 table rt2 \
	    gateway 10.0.0.1 wait 0 metric 7
	exits 0 "a dry run of an edit" nobody ifpolicy -n up eth0 table rt1 \
	    gateway $GW metric 9
	like "$OUT" "metric 9" "prints it"
	exits 0 "a dry run of down" nobody ifpolicy -n down eth0
	like "$OUT" "from $A" "prints it"
	is "$(rules; routes; cat $RECORDS/net-*)" "$state" "nothing is done"
}

case_nobody_may_change() {
	link_up eth0 $A/24
	silent "up" ifpolicy up eth0 "${K[@]}"
	local state=$(rules; routes; cat $RECORDS/net-*) c
	for c in "up eth0 metric 9 gateway $GW" "down eth0" refresh repair; do
		exits 1 "$c" nobody ifpolicy $c
		like "$ERR" '^ifpolicy: .*' "and is told"
		is "$(wc -l <<<"$ERR")" 1 "in one line"
	done
	is "$(rules; routes; cat $RECORDS/net-*)" "$state" "nothing is done"
}

case_net_admin_alone_is_enough_to_start_with() {
	link_up eth0 $A/24
	exits 0 "up" setpriv --inh-caps=-all,+net_admin \
	    --bounding-set=-all,+net_admin ifpolicy up eth0 "${K[@]}"
	like "$(rules)" "from $A" "done"
}

case_a_hostile_environment_is_nothing() {
	link_up eth0 $A/24
	mkdir /tmp/case/bin
	printf '#!/bin/sh\ntouch /tmp/case/ran\n' >/tmp/case/bin/ip
	chmod +x /tmp/case/bin/ip
	silent "up" env PATH=/tmp/case/bin IFS=x ENV=/tmp/x BASH_ENV=/tmp/x \
	    TMPDIR=/nonexistent LANG=xx LC_ALL=xx HOME=/nonexistent \
	    /usr/sbin/ifpolicy up eth0 "${K[@]}"
	nok "nothing of PATH ran" test -e /tmp/case/ran
	like "$(rules)" "from $A" "done"
}

case_closed_descriptors_are_survived() {
	link_up eth0 $A/24
	ok "up without stdin, stdout, stderr" bash -c \
	    'exec ifpolicy up eth0 "$@" <&- >&- 2>&-' - "${K[@]}"
	like "$(rules)" "from $A" "done"
	unlike "$(cat $RECORDS/net-*)" "ifpolicy:" "no message in the record"
	silent "down" ifpolicy down eth0
}

run_cases "$@"
