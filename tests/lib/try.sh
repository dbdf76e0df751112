# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: what the tests of ifpolicy try share: a trial in the background, what was before, time that has passed.

. "$(dirname "${BASH_SOURCE[0]}")/net.sh"

N6=fd00:178:
GW6=$N6:1
SAID=/tmp/case/try
KEYS=/tmp/case/keys

# ---- what was before ---------------------------------------------------

# All that the kernel has, byte for byte, and what iproute2 reads of ours.
all() {
	ip -4 rule
	ip -6 rule
	ip -4 route show table all
	ip -6 route show table all
	knobs
	cat /etc/iproute2/rt_tables.d/* 2>/dev/null
}

settled() { within 5 eval '[ -z "$(ip -6 addr show tentative)" ]'; }

# Two NICs with both families' addresses; link-local ones are there, too.
two_up() {
	local i
	for i in 0 1; do
		sysctl -qw net.ipv6.conf.eth$i.dad_transmits=0
		link_up eth$i $N.9$i/24 $N6:9$i/64
	done
	settled
	remember_all
}

remember_all() {
	ALL=$(all)
	rm -f /tmp/case/record
	cp "$(record)" /tmp/case/record 2>/dev/null
	return 0
}

# The one of this namespace; what a killed run has left beside it, half
# written, does not count.
record() { ls $RECORDS/net-*[0-9] 2>/dev/null; }

same_record() {
	if [ -e /tmp/case/record ]; then
		cmp /tmp/case/record "$(record)" >/dev/null 2>&1
	else
		[ -z "$(record)" ]
	fi
}

as_before() { [ "$(all)" = "$ALL" ] && same_record; }

# Kernel and record are as they were at the last remember_all.
back() {
	is "$(all)" "$ALL" "${1:-back}: the kernel"
	ok "${1:-back}: the record" same_record
}

comes_back() { within "$1" as_before; back "$2"; }

# ---- a trial -----------------------------------------------------------

# What is tried where it does not matter: another table, another metric.
OTHER=(table rt9 gateway "$GW $GW6" metric 50 arp filter)

# try_start ARGUMENT...: "ifpolicy try" in the background; its process in TRY,
# the guarding one in GUARD. Returns when it waits for an answer.
try_start() {
	ifpolicy try "$@" >$SAID 2>&1 </dev/null &
	TRY=$!
	try_waits
}

try_waits() {
	within 10 grep -q "on trial for" $SAID ||
	    fail "it is on trial" "$(cat $SAID)"
	within 5 eval 'GUARD=$(pgrep -P $TRY)'
	GUARD=$(pgrep -P $TRY)
}

# Its exit status in RC, its words in SEEN.
try_ends() {
	reap $TRY
	RC=$?
	SEEN=$(cat $SAID)
}

# Without the shell's word on how it died.
reap() { wait "$@"; } 2>/dev/null

gone() { ! kill -0 "$1" 2>/dev/null; }

# The same on a terminal of its own; what is written to descriptor 7 is typed.
on_terminal() {
	mount_ptys
	mkfifo $KEYS
	script -qefc "exec ifpolicy try $*" /dev/null <$KEYS >$SAID 2>&1 &
	SCRIPT=$!
	exec 7>$KEYS
	within 10 grep -q "Ctrl-C takes" $SAID ||
	    fail "it asks" "$(cat $SAID)"
	TRY=$(pgrep -P $SCRIPT)
	GUARD=$(pgrep -P "$TRY")
}

terminal_ends() {
	reap $SCRIPT
	RC=$?
	exec 7>&-
	SEEN=$(cat $SAID)
}

mount_ptys() {
	[ ! -e /dev/ptmx ] || return 0
	mkdir -p /dev/pts
	mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts /dev/pts
	ln -s pts/ptmx /dev/ptmx
}

# A command that finds that an hour has passed since the machine has booted.
later() { unshare --time --boottime 3600 --fork "$@"; }

nobody_left() {
	is "$(pgrep -a ifpolicy; ps -eo stat= | grep Z)" "" \
	    "${1:-no process is left}"
}

teardown() {
	local pid
	for pid in $(jobs -p) $(pgrep -x ifpolicy); do
		[ "$pid" = "${ECHO_PID-}" ] || kill -KILL "$pid" 2>/dev/null
	done
	reap $(jobs -p | grep -vx "${ECHO_PID-x}")
	# With the NICs IPv6's last resort would not go.
	ifpolicy down --all >/dev/null 2>&1
}
