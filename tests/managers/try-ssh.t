#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: ifpolicy try over a real ssh connection that the policy cuts off: it comes back by itself.
#
# sshd runs here, the client in the router's namespace, with addresses behind
# the router: what is on trial decides whether the way back exists.

TEST_DIR=managers MANAGER=ssh
export MANAGER
. "$(dirname "$0")/../lib/try.sh"

FAR=10.99.0.1 FAR6=fd00:99::1
# The typing mistake that cuts off whoever is behind the router: nobody there.
CUT=(table rt1 metric 100 gateway "$N.77 $N6:77")
HARMLESS=(table 99 gateway "$GW $GW6" metric 50)

# ---- the server and its client -----------------------------------------

server() {
	mount_ptys
	mkdir -p /run/sshd
	[ -e /tmp/host ] || {
		ssh-keygen -q -t ed25519 -N '' -f /tmp/host
		ssh-keygen -q -t ed25519 -N '' -f /tmp/client
	}
	cat >/tmp/sshd_config <<-END
	HostKey /tmp/host
	AuthorizedKeysFile /tmp/client.pub
	PidFile /tmp/case/sshd.pid
	PermitRootLogin yes
	StrictModes no
	UsePAM no
	UseDNS no
	PrintMotd no
	PrintLastLog no
	TCPKeepAlive no
	END
	/usr/sbin/sshd -f /tmp/sshd_config -E /tmp/case/sshd.log
	within 5 test -s /tmp/case/sshd.pid
}

# client FROM TO ARGUMENT...
client() {
	local from=$1 to=$2
	shift 2
	gw ssh -F none -b $from -i /tmp/client -o StrictHostKeyChecking=no \
	    -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR \
	    -o ConnectTimeout=2 "$@" root@$to
}

reaches() { client "$1" "$2" -n -o RemoteCommand=true; }

# A shell over ssh on a terminal; what is written to descriptor 7 is typed.
# shell FROM TO
shell() {
	rm -f $KEYS
	mkfifo $KEYS
	: >$SAID
	client "$1" "$2" -tt <$KEYS >$SAID 2>&1 &
	SSH=$!
	exec 7>$KEYS
	echo 'PS1= PS2=; stty -echo; echo shell is $((6 * 7))' >&7
	within 10 grep -q "shell is 42" $SAID ||
	    fail "a shell over ssh" "$(cat $SAID /tmp/case/sshd.log)"
}

try_there() {
	echo "ifpolicy try eth0 ${*@Q}; echo result \$?" >&7
	within 10 pending || fail "it is on trial" "$(cat $SAID)"
	TRY=$(pgrep -o -x ifpolicy)
	within 5 eval 'GUARD=$(pgrep -P $TRY)'
	GUARD=$(pgrep -P $TRY)
}

pending() { grep -q '^try ' $RECORDS/net-*[0-9] 2>/dev/null; }
said() { within "$1" grep -q -- "$2" $SAID && pass "$3" ||
	fail "$3" "$(cat -v $SAID)"; }

begin() {
	sysctl -qw net.ipv6.conf.eth0.dad_transmits=0
	link_up eth0 $N.90/24 $N6:90/64
	settled
	ok "a policy" ifpolicy up eth0 table rt1 gateway "$GW $GW6" metric 100
	server
	remember_all
}

processes() { for n in ifpolicy sshd ssh; do pgrep -x $n; done; }

# What belongs to the dead cannot wait for the next case.
teardown() {
	local pid
	exec 7>&-
	for pid in $(processes) $(jobs -p); do
		kill -KILL "$pid" 2>/dev/null
	done
	reap $(jobs -p)
	within 5 eval '[ -z "$(processes)" ]'
}

# ---- cases -------------------------------------------------------------

case_cut_off_and_back_by_itself() {
	local from to
	for to in $N.90 $N6:90; do
		from=$FAR
		[[ $to != *:* ]] || from=$FAR6
		[ $to != $N.90 ] && server || begin
		ok "$to: ssh from behind the router" reaches $from $to
		shell $from $to
		try_there -t 8 "${CUT[@]}"
		nok "$to: nobody can come in" reaches $from $to
		comes_back 15 "$to: back by itself"
		said 20 "result 1" "$to: the session goes on: exit 1"
		like "$(cat $SAID)" "not confirmed in time" "$to: and says why"
		echo 'echo still $((2 * 21))' >&7
		said 20 "still 42" "$to: the shell works"
		ok "$to: new connections, too" reaches $from $to
		echo exit >&7
		reap $SSH
		nobody_left "$to: no process is left"
		pkill -x sshd
	done
}

case_the_client_is_killed() {
	begin
	shell $FAR $N.90
	try_there -t 6 "${HARMLESS[@]}"
	kill -KILL $SSH
	reap $SSH
	sleep 1
	ok "it is on trial still" pending
	comes_back 10 "then it is taken back"
	within 5 gone $TRY
	within 5 gone $GUARD
	nobody_left
}

case_the_session_is_killed() {
	begin
	shell $FAR $N.90
	try_there -t 6 "${HARMLESS[@]}"
	pkill -KILL -P "$(</tmp/case/sshd.pid)"
	reap $SSH
	ok "it is on trial still" pending
	comes_back 10 "then it is taken back"
	within 5 gone $TRY
	within 5 gone $GUARD
	nobody_left
}

case_all_of_the_session_is_killed() {
	begin
	shell $FAR $N.90
	try_there -t 8 "${CUT[@]}"
	nok "nobody can come in" reaches $FAR $N.90
	pkill -KILL -s $(ps -o sid= $TRY)
	reap $SSH
	comes_back 10 "the guarding process takes it back"
	within 5 gone $GUARD
	nobody_left
	ok "ssh works" reaches $FAR $N.90
}

case_confirmed_by_a_new_connection() {
	begin
	shell $FAR $N.90
	try_there "${HARMLESS[@]}"
	kill -KILL $SSH
	reap $SSH
	ok "from elsewhere" client $FAR6 $N6:90 -n \
	    -o RemoteCommand="ifpolicy confirm eth0"
	within 5 gone $TRY
	nobody_left
	nok "nothing is on trial" pending
	like "$(rules)" "from $N.90 lookup 99" "it stays"
}

case_enter_and_interrupt_over_ssh() {
	begin
	shell $FAR $N.90
	try_there "${HARMLESS[@]}"
	said 5 "Ctrl-C takes it back" "it asks"
	printf '\003' >&7
	said 5 "result 1" "Ctrl-C: exit 1"
	back "Ctrl-C"
	: >$SAID
	try_there "${HARMLESS[@]}"
	said 5 "Ctrl-C takes it back" "it asks"
	echo >&7
	said 5 "result 0" "Enter: exit 0"
	like "$(rules)" "from $N.90 lookup 99" "it stays"
	nobody_left
}

# No terminal: nobody can press Enter, and ssh does not wait for the guarding
# process, which holds none of its pipes.
case_without_a_terminal() {
	begin
	client $FAR $N.90 -o RemoteCommand="ifpolicy try eth0 -t 6 \
	    ${HARMLESS[*]@Q}" </dev/null >$SAID 2>&1
	is $? 1 "exit 1"
	like "$(cat $SAID)" "no terminal: Enter cannot be read" "it says so"
	back
	client $FAR $N.90 -n -o RemoteCommand="ifpolicy try eth0 \
	    ${HARMLESS[*]@Q} & sleep 1; kill -KILL \$!" >$SAID 2>&1
	pass "ssh has ended"
	ok "it is on trial" pending
	kill -TERM "$(pgrep -x ifpolicy)"
	comes_back 5 "SIGTERM"
	nobody_left
}

run_cases "$@"
