#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: each system call of an up or a down fails once; the end is as before or done.
#
# Each system call of an up or a down fails once, in turn: either the run gets
# over it, or it says so in one line, exits 1, and everything is as before.

. "$(dirname "$0")/../lib/net.sh"

A=$N.99
K="table rt1 gateway $GW metric 100 connected metric arp filter"

quick() { ip -4 -N rule; ip -4 -N route show table all; knobs; }

# The calls worth failing, as "NAME ORDINAL": those after the privileges went.
calls() {
	strace -o /tmp/case/calls "$@" >/dev/null 2>&1
	awk -F'(' -v want="^($1)\$" '/^[a-z0-9_]+\(/ { n = ++count[$1] }
	    /^capset\(/ { go = 1 }
	    go && $1 ~ /^(openat|read|write|close|rename|unlink|mkdir|fsync)$/ ||
	    go && $1 ~ /^(sendmsg|sendto|recvmsg|recvfrom|flock|fcntl|socket|bind)$/ {
		print $1, n }' /tmp/case/calls
}

# errors NAME: what such a call may well fail with.
errors() {
	case $1 in
	openat) echo EMFILE EIO ;;
	read) echo EIO EINTR ;;
	write) echo ENOSPC ;;
	fsync) echo EIO ;;
	rename) echo EIO ENOSPC ;;
	mkdir) echo ENOSPC ;;
	unlink) echo EIO ;;
	sendmsg | sendto) echo ENOBUFS ENOMEM EINTR ;;
	recvmsg | recvfrom) echo ENOBUFS EINTR ;;
	flock | fcntl) echo EINTR ENOLCK ;;
	socket | bind) echo EMFILE ;;
	esac
}

# each_fault BEFORE COMMAND...: BEFORE makes the state that a run starts from.
# A down may stop half way, if the next one completes it; ENOBUFS (lost
# answers) and EINTR it must get over.
each_fault() {
	local from to name n e why bad=0 tried=0 over=0 before=$1
	shift
	$before
	from=$(quick)
	calls "$@" >/tmp/case/points
	to=$(quick)
	while read -r name n; do
		for e in $(errors $name); do
			$before
			tried=$((tried + 1)) why=
			run strace -o /dev/null -e trace=$name \
			    -e inject=$name:error=$e:when=$n "$@"
			if [ $RC -eq 0 ]; then
				over=$((over + 1))
				[ "$(quick)" = "$to" ] ||
				    why="exit 0, but $(diff <(echo "$to") <(quick))"
			else
				# 2 for a configuration that cannot be read.
				[ $RC -le 2 ] || why="exit $RC"
				[ "$*" = "ifpolicy down eth0" ] &&
				    [[ $e != ENOBUFS && $e != EINTR ]] ||
				    [ "$(quick)" = "$from" ] ||
				    why+=" left: $(diff <(echo "$from") <(quick))"
				[ "$(grep -c '^ifpolicy: ' <<<"$ERR")" = 1 ] ||
				    why+=" said: $ERR"
			fi
			run ifpolicy down eth0
			[ $RC -eq 0 ] && [ "$(quick)" = "$CLEAN" ] ||
			    why+=" down after it: $ERR $(diff <(echo "$CLEAN") <(quick))"
			[ -n "$why" ] || continue
			bad=$((bad + 1))
			[ $bad -gt ${SHOW:-4} ] || diag "$name number $n: $e: $why"
			rm -rf $RECORDS
			fresh
		done
	done </tmp/case/points
	ok "$tried faults, of which it got over $over" [ $tried -gt 20 ]
	is $bad 0 "all is well after each"
}

fresh() {
	setup
	link_up eth0 $A/24
	ip route add default via $GW dev eth0 proto dhcp metric 1024
	ifpolicy up eth0 $K
	ifpolicy down eth0
	CLEAN=$(quick)
}

case_up() {
	fresh
	down_first() { ifpolicy down eth0; }
	each_fault down_first ifpolicy up eth0 $K
}

case_down() {
	fresh
	up_first() { ifpolicy up eth0 $K; }
	each_fault up_first ifpolicy down eth0
}

case_an_edit() {
	fresh
	up_first() { ifpolicy up eth0 $K; }
	each_fault up_first ifpolicy up eth0 table rt1 gateway $GW metric 7 \
	    prefer-main yes default none arp strict
}

case_a_full_run_directory() {
	fresh
	mkdir -p $RECORDS
	mount -t tmpfs -o size=16k,mode=755 tmpfs $RECORDS
	head -c 100k /dev/zero >$RECORDS/filler 2>/dev/null
	exits 1 "up fails" ifpolicy up eth0 $K
	like "$ERR" "^ifpolicy: .*$RECORDS.*space" "and says why"
	is "$(quick)" "$CLEAN" "nothing is changed"
	rm $RECORDS/filler
	silent "with space up works" ifpolicy up eth0 $K
	head -c 100k /dev/zero >$RECORDS/filler 2>/dev/null
	run ifpolicy down eth0
	rm $RECORDS/filler
	silent "and with space down works, whatever it did before" \
	    ifpolicy down eth0
	is "$(quick)" "$CLEAN" "nothing is left"
	umount $RECORDS
}

case_a_read_only_run_directory() {
	fresh
	mount --bind $RECORDS $RECORDS
	mount -o remount,bind,ro $RECORDS
	exits 1 "up fails" ifpolicy up eth0 $K
	like "$ERR" "^ifpolicy: .*$RECORDS" "and says why"
	is "$(quick)" "$CLEAN" "nothing is changed"
	umount $RECORDS
}

case_a_file_in_place_of_the_run_directory() {
	link_up eth0 $A/24
	local was=$(quick)
	: >$RECORDS
	exits 1 "up fails" ifpolicy up eth0 $K
	is "$(quick)" "$was" "nothing is changed"
	rm $RECORDS
}

case_a_lock_that_somebody_holds() {
	fresh
	ok "somebody" ls $RECORDS/lock
	flock $RECORDS/lock sleep 1 &
	sleep 0.2
	local t=${EPOCHREALTIME/./}
	exits 0 "up waits" ifpolicy up eth0 $K
	t=$((${EPOCHREALTIME/./} - t))
	ok "until it is free ($t us)" [ $t -gt 300000 ]
	ifpolicy down eth0
}

case_ipv6_switched_off() {
	link_up eth0 $A/24
	sysctl -qw net.ipv6.conf.eth0.disable_ipv6=1
	remember
	silent "up" ifpolicy up eth0 $K
	silent "check" ifpolicy check
	silent "down" ifpolicy down eth0
	nothing_left
}

run_cases "$@"
