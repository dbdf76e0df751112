#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: ifpolicy watch as a process: signals, its manager, its rights, and what goes wrong.

# What the unit file allows, for the inside: this host has systemd, it has not.
if [ -z "${SANDBOX-}" ]; then
	top=$(cd "$(dirname "$0")/../.." && pwd)
	ALLOWED=$("$top/tests/lib/unit-calls" \
	    "$top/sysconfig/ifpolicy-watch.service") || exit 1
	export ALLOWED PASS=ALLOWED
fi
. "$(dirname "$0")/../lib/watch.sh"

# ---- the process itself ------------------------------------------------

case_there_is_one_only() {
	both
	watch_start
	exits 1 "the second refuses" timeout 5 ifpolicy watch
	like "$ERR" "^ifpolicy: another one watches already, process $WATCH " \
	    "and names the first"
	is "$(wc -l <<<"$ERR")" 1 "in one line"
	watch_ends KILL
	watch_start
	ok "one that was killed is not in the way" kill -0 $WATCH
	exits 2 "there is no dry run" ifpolicy -n watch
	exits 2 "nor an argument" ifpolicy watch eth0
}

case_signals_end_it_and_the_policy_stays() {
	both
	local want=$(whole) signal
	for signal in TERM INT; do
		watch_start
		watch_ends $signal
		is $RC 0 "$signal: it exits with 0"
		is "$(whole)" "$want" "all stays"
		says_nothing
	done
	run ifdown eth0
	unlike "$ERR" ifpolicy "ifdown: we say nothing"
	nothing_of_ours "nothing is left"
}

case_hup_reads_everything_again() {
	cp /etc/default/ifpolicy /tmp/case/default
	mkdir -p /etc/ifpolicy
	printf '%s\n' "policy-table 101" "policy-gateway $GW" \
	    >/etc/ifpolicy/eth0
	link_up eth0 $A/24
	watch_start
	comes 1 first "12030: from $A lookup 101 proto ifpolicy" "as it begins"
	echo "POLICY_PRIORITY=13000" >>/etc/default/ifpolicy
	kill -HUP $WATCH
	comes 1 first "13030: from $A lookup 101 proto ifpolicy" \
	    "the defaults of the host"
	echo "77 late" >>/etc/iproute2/rt_tables
	sed -i 's/101/late/' /etc/ifpolicy/eth0
	kill -HUP $WATCH
	comes 1 first "13030: from $A lookup late proto ifpolicy" \
	    "the device's file, and names of tables"
	cp /tmp/case/default /etc/default/ifpolicy
	kill -HUP $WATCH
	comes 1 first "12030: from $A lookup late proto ifpolicy" "and back"
	says_nothing
}

first() { rules | grep -v " to $A"; }

# Datagrams to a socket of this name, one line each: notified NAME
notified() {
	perl -MSocket -e '$| = 1; my ($n) = @ARGV; $n =~ s/^@/\0/;
	    socket(S, AF_UNIX, SOCK_DGRAM, 0) or die;
	    bind(S, pack_sockaddr_un($n)) or die "$n: $!";
	    print "ready\n";
	    while (defined(recv(S, my $b, 4096, 0))) {
		$b =~ s/\n/ /g; print "$b\n" }' -- "$1" >/tmp/case/notified &
	within 5 grep -q ready /tmp/case/notified
}

case_the_service_manager_is_told() {
	both
	local name
	for name in @ifpolicy-test /tmp/case/notify; do
		notified $name
		ip rule flush protocol 173
		watch_start env NOTIFY_SOCKET=$name
		ok "$name: READY" within 2 grep -q '^READY=1 ' /tmp/case/notified
		like "$(cat /tmp/case/notified)" 'STATUS=[A-Z]' "with a word"
		watch_ends
		ok "STOPPING" within 2 grep -q '^STOPPING=1 ' /tmp/case/notified
		kill %perl
		says_nothing
	done
	watch_start env NOTIFY_SOCKET=/tmp/case/nobody
	ok "nobody listens: it works all the same" kill -0 $WATCH
	watch_ends
	is $RC 0 "to its end"
}

case_ready_comes_after_the_first_work() {
	both
	ip rule flush protocol 173
	notified /tmp/case/notify
	flock /run/ifpolicy/lock sleep 0.8 &
	sleep 0.1
	NOTIFY_SOCKET=/tmp/case/notify ifpolicy watch >$SAID 2>&1 &
	WATCH=$!
	sleep 0.3
	unlike "$(cat /tmp/case/notified)" READY "not while another works"
	ok "but then" within 3 grep -q READY /tmp/case/notified
	is "$(rules | wc -l)" 2 "and all is there"
	kill %perl
}

case_it_holds_net_admin_alone() {
	both
	watch_start
	is "$(grep -E '^(Cap.*|NoNewPrivs):' /proc/$WATCH/status | trim)" \
	    "CapInh: 0000000000000000
CapPrm: 0000000000001000
CapEff: 0000000000001000
CapBnd: 0000000000001000
CapAmb: 0000000000000000
NoNewPrivs: 1" "CAP_NET_ADMIN alone, and no new privileges"
	is "$(readlink /proc/$WATCH/cwd) $(status Umask)" "/ 0022" \
	    "the directory is /, the umask 022"
}

case_nobody_may_not() {
	both
	exits 1 "it refuses" setpriv --reuid=65534 --regid=65534 \
	    --clear-groups --inh-caps=-all --bounding-set=-all \
	    timeout 5 ifpolicy watch
	like "$ERR" "^ifpolicy: .*CAP_NET_ADMIN: run it as root$" "and says why"
	is "$(wc -l <<<"$ERR")" 1 "in one line"
}

case_idle_it_costs_nothing() {
	both
	watch_start
	local i turns cpu
	for i in {1..4}; do
		ip rule flush protocol 173
		ip link set eth0 down
		ip link set eth0 up
		quiet
	done
	calm
	turns=$(turns) cpu=$(cpu_ms)
	sleep 2
	is "$(turns) $(cpu_ms)" "$turns $cpu" "two seconds without a wake-up"
	ok "$(status VmRSS) kB resident" [ "$(status VmRSS)" -lt 2048 ]
	is "$(ls /proc/$WATCH/fd | grep -cv '^\(0\|1\|2\|10\|25[0-9]\)$')" 4 \
	    "and four descriptors of its own: nothing leaks"
}

# ---- what goes wrong ---------------------------------------------------

case_a_failure_is_told() {
	both
	watch_start
	ip rule flush
	quiet
	ip link set eth0 down
	ip link set eth0 up
	ok "what the kernel refuses" within 1 grep -q \
	    '^ifpolicy: eth0: .*refused; kernel: ' $SAID
	quiet
	is "$(sort $SAID | uniq -d)" "" "once"
	ip rule add pref 32766 table main
	ip link set eth0 down
	ip link set eth0 up
	quiet
	silent "and is made good when that is possible" ifpolicy check eth0
}

case_failures_of_two_do_not_flood_the_log() {
	link_up eth0 $A/24
	link_up eth1 10.0.0.9/24
	mkdir -p /etc/ifpolicy
	echo "policy-tabel 5" | tee /etc/ifpolicy/eth0 >/etc/ifpolicy/eth1
	watch_start
	local i j
	for i in {1..5}; do
		for j in {1..99}; do echo "addr add 10.8.$j.1/32 dev eth2"; done |
		    ip -batch -
		ip addr flush dev eth2
		quiet
	done
	is "$(sort $SAID | uniq -d)" "" "each is told once"
	is "$(cut -d: -f2 $SAID | sort -u | paste -sd,)" " eth0, eth1" \
	    "both are"
	ok "in $(wc -l <$SAID) lines" [ "$(wc -l <$SAID)" -le 4 ]
}

case_a_damaged_record() {
	both
	watch_start
	local record=$(ls $RECORDS/net-*) want=$(ours)
	cp $record /tmp/case/record
	echo damage >>$record
	ip rule del pref 12030 proto 173
	ok "is told" within 1 grep -q "$record.*ifpolicy repair" $SAID
	sleep 0.3
	is "$(wc -l <$SAID)" 1 "once"
	is "$(cat $record)" "$(cat /tmp/case/record)
damage" "and not touched"
	run ifpolicy repair
	comes 1 ours "$want" "repaired, all is well"
	ip rule del pref 12030 proto 173
	comes 6 ours "$want" "and goes on"
	is "$(wc -l <$SAID)" 1 "without another word"
}

case_the_records_vanish() {
	both
	watch_start
	rm -rf $RECORDS
	ip link set eth0 down
	ip link set eth0 up
	quiet
	ok "it is still there" kill -0 $WATCH
	ip addr flush dev eth0 scope global
	run ifup --force eth0
	local want=$(ours)
	ip rule flush protocol 173
	comes 1 ours "$want" "and does its work"
	exits 1 "there is still one only" timeout 5 ifpolicy watch
	like "$ERR" "process $WATCH " "the first"
	says_nothing
}

case_nobody_reads_what_it_says() {
	both
	# The reader is gone before the first word.
	watch_start bash -c 'exec "$@" 2> >(exit)' -
	ip rule flush
	ip link set eth0 down
	ip link set eth0 up
	quiet
	exits 1 "something has failed" ifpolicy check
	ok "it is still there" kill -0 $WATCH
	ip rule add pref 32766 table main
	ip link set eth0 down
	ip link set eth0 up
	quiet
	silent "and does its work" ifpolicy check eth0
}

case_a_lock_that_is_held() {
	both
	watch_start
	local want=$(ours4) cpu=$(cpu_ms)
	flock /run/ifpolicy/lock sleep 2 &
	sleep 0.1
	ip rule flush protocol 173
	ip link set eth0 down
	ip link set eth0 up
	sleep 1
	is "$(rules)" "" "nothing is done behind another's back"
	comes 3 ours4 "$want" "and all of it after that"
	ok "waiting costs next to nothing" [ $(($(cpu_ms) - cpu)) -lt 200 ]
	flock /run/ifpolicy/lock sleep 20 &
	local pid=$!
	sleep 0.1
	ip rule flush protocol 173
	sleep 0.3
	kill -TERM $WATCH
	ok "a signal need not wait for the lock" within 3 eval \
	    '! kill -0 $WATCH'
	kill $pid
}

ours4() { ours | grep -v '::\|dev lo'; }

# ---- as the unit runs it -----------------------------------------------

# Its mounts and its bounding set: all is read-only but what the unit says.
hardened() {
	exec unshare -m bash -c 'mount --make-rprivate /
	    for d in /run/ifpolicy /etc/iproute2; do
		mkdir -p $d && mount --bind $d $d || exit
	    done
	    mount -o remount,bind,ro / && mount -o remount,bind,ro /run &&
	    exec setpriv --inh-caps=-all,+net_admin \
		--bounding-set=-all,+net_admin "$@"' - "$@"
}

case_what_the_unit_lets_it_write_is_enough() {
	both
	watch_start hardened
	nok "the rest is read-only" nsenter -t $WATCH -m touch /run/x /etc/x
	local want=$(ours)
	ip rule flush protocol 173
	ip link set eth0 down
	ip link set eth0 up
	ip -6 addr add $A6/64 dev eth0 nodad
	comes 1 ours "$want" "it does its work"
	mkdir -p /etc/ifpolicy
	printf '%s\n' "policy-table brand-new" "policy-gateway 10.0.0.1" \
	    "policy-arp filter" >/etc/ifpolicy/eth1
	link_up eth1 10.0.0.9/24
	ok "names new tables" within 1 grep -q brand-new \
	    /etc/iproute2/rt_tables.d/ifpolicy.conf
	is "$(knob eth1 arp_filter)" 1 "and writes settings"
	watch_ends
	is $RC 0 "to its end"
	says_nothing
}

case_what_the_unit_lets_it_call_is_enough() {
	both
	watch_start strace -D -f -o /tmp/case/calls
	ip rule flush protocol 173
	mkdir -p /etc/ifpolicy
	printf '%s\n' "policy-table fresh" "policy-gateway 10.0.0.1" \
	    "policy-arp filter" >/etc/ifpolicy/eth1
	link_up eth1 10.0.0.9/24
	within 2 grep -q fresh /etc/iproute2/rt_tables.d/ifpolicy.conf
	kill -HUP $WATCH
	quiet
	watch_ends
	within 2 grep -q exited /tmp/case/calls
	sed -nE 's/^([0-9]+ +)?([a-z0-9_]+)\(.*/\2/p' /tmp/case/calls |
	    sort -u >/tmp/case/used
	like "$(cat /tmp/case/used)" '^(flock|fsync|signalfd4)$' \
	    "$(wc -l </tmp/case/used) system calls were seen"
	is "$(comm -23 /tmp/case/used <(sort -u <<<"$ALLOWED"))" "" \
	    "the unit's filter lets all of them through"
	is "$(sed -nE 's/.* socket\((AF_[A-Z]+),.*/\1/p' /tmp/case/calls |
	    sort -u | paste -sd' ')" "AF_NETLINK AF_UNIX" \
	    "sockets of two families"
	is "$(grep -cE '(execve|clone3?|v?fork)\(' /tmp/case/calls)" 1 \
	    "nothing is executed"
}

run_cases "$@"
