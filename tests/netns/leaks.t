#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: nothing is left and nothing foreign taken where hand-written lines do both.
#
# Where hand-written lines leave something behind, or take what is not theirs,
# the policy- form does not. The first cases follow one published list of what
# goes wrong with them; then up and down are killed at every system call.

. "$(dirname "$0")/../lib/net.sh"

A=$N.99
K="table rt1 gateway $GW metric 100"
E=(IF_ADDRESS=$A IF_NETMASK=255.255.255.0 IF_POLICY_TABLE=rt1
    IF_POLICY_GATEWAY=$GW IF_POLICY_METRIC=100)

r() { rules "$@" | sed 's/ proto ifpolicy//; s/^[0-9]*: //' | sort; }
OUR_RULES="from $A lookup rt1
from all to $A lookup rt1"

up() { usual "$@"; silent "ifup" ifup eth0; }

# ifdown's own complaints are its own; ours would be a fault.
down() {
	run ifdown "$@" eth0
	unlike "$ERR" 'ifpolicy' "ifdown${*:+ $*}: we say nothing"
}

# ---- the list ----------------------------------------------------------

case_ifup_twice() {
	up
	exits 0 "again" ifup eth0
	is "$(r)" "$OUR_RULES" "once"
	down
	nothing_left
}

case_ifup_force() {
	up
	ifup --force eth0 2>/dev/null
	is "$(r)" "$OUR_RULES" "once"
	down
	nothing_left
}

case_address_flushed_then_ifup_force() {
	up
	ip addr flush dev eth0
	ok "ifup --force" ifup --force eth0
	is "$(r)" "$OUR_RULES" "rules once"
	is "$(table rt1 | wc -l) $(main | grep -c default)" "2 1" "routes back"
	down
	nothing_left
}

case_ifupdowns_state_is_lost() {
	up
	rm -f /run/network/*
	run ifup eth0
	run ifdown eth0
	down --force
	nothing_left
}

case_address_changed_in_the_file() {
	up
	sed -i "s/$A/$N.90/" /etc/network/interfaces
	down
	nothing_left
}

case_address_changed_and_both_ways_round_again() {
	up
	sed -i "s/$A/$N.90/" /etc/network/interfaces
	down
	silent "ifup" ifup eth0
	is "$(r)" "from $N.90 lookup rt1
from all to $N.90 lookup rt1" "the new one"
	sed -i "s/$N.90/$A/" /etc/network/interfaces
	down
	nothing_left
}

case_table_renamed_in_the_file() {
	up
	sed -i "s/rt1/rt9/" /etc/network/interfaces
	down
	nothing_left
	silent "ifup" ifup eth0
	is "$(r | grep -c rt9) $(r | wc -l)" "2 2" "the new name"
	down
	nothing_left
}

case_table_name_vanished_from_the_files() {
	up
	rm -f /etc/iproute2/rt_tables.d/*
	silent "up again" hook up eth0 "${E[@]}"
	is "$(rules | wc -l)" 2 "the claim remembers the number"
	down
	nothing_left
}

case_stanza_removed_from_the_file() {
	up
	lo
	run ifdown eth0
	ok "ifdown ignores it: the policy is still shown" \
	    eval 'ifpolicy show | grep -q eth0'
	silent "ifpolicy down" ifpolicy down eth0
	nothing_of_ours
}

case_policy_lines_removed_from_the_stanza() {
	up
	stanza eth0 $A/24 | interfaces
	down
	nothing_left
}

case_some_policy_lines_removed_from_the_stanza() {
	up "policy-route 10.5.0.0/16 via $GW" "policy-rule fwmark 9" \
	    "policy-arp filter" "policy-connected metric"
	usual
	down
	nothing_left
}

case_policy_lines_spoiled_in_the_stanza() {
	up
	usual "policy-tabel rt1" "policy-metric x"
	run ifdown eth0
	nothing_left
}

case_up_killed_within_ifup() {
	usual
	local hook=/usr/libexec/ifpolicy/ifupdown n
	cp $hook /tmp/case/hook
	for n in 1 3 5; do
		{
			echo "#!/bin/sh"
			echo "exec strace -o /dev/null -e trace=sendmsg,sendto" \
			    "-e inject=sendmsg,sendto:signal=KILL:when=$n" \
			    "/tmp/case/hook"
		} >/tmp/case/killed
		chmod +x /tmp/case/killed
		mount --bind /tmp/case/killed $hook
		run ifup eth0
		umount $hook
		isnt $RC 0 "killed at message $n"
		run ifdown --force eth0
		unlike "$ERR" ifpolicy "ifdown --force: we say nothing"
		nothing_left
	done
}

case_ifup_terminated() {
	usual "up sleep 5"
	ifup eth0 2>/dev/null &
	local pid=$!
	within 3 eval 'pgrep -x sleep'
	kill -TERM $pid
	wait $pid
	down
	down --force
	nothing_left
	usual
	silent "ifup works again" ifup eth0
	down
	nothing_left
}

case_ifdown_during_ifup() {
	usual "up sleep 0.5"
	ifup eth0 2>/dev/null &
	local pid=$!
	within 3 eval 'pgrep -x sleep'
	run ifdown eth0
	wait $pid
	nothing_left
}

case_another_line_fails() {
	usual "up ip route add nonsense"
	run ifup eth0
	isnt $RC 0 "ifup fails"
	run ifdown eth0
	down --force
	nothing_left
}

case_another_lines_error_is_ignored() {
	usual "up ip route add nonsense"
	run ifup --ignore-errors eth0
	is "$(r)" "$OUR_RULES" "the policy is there"
	down
	nothing_left
}

case_a_later_hook_fails() {
	usual
	printf '#!/bin/sh\nexit 1\n' >$HOOKS/if-up.d/zzz
	chmod +x $HOOKS/if-up.d/zzz
	exits 1 "ifup fails" ifup eth0
	rm $HOOKS/if-up.d/zzz
	run ifdown eth0
	like "$(ifpolicy show)" eth0 "ifdown refuses: show tells the truth"
	run ifup eth0
	is "$(r)" "$OUR_RULES" "rules once"
	down --force
	nothing_left
}

case_device_deleted() {
	up
	ip link del eth0
	run ifdown eth0
	unlike "$ERR" ifpolicy "we say nothing"
	is "$(rules; routes; routes -6; ls $RECORDS | grep net-)" "" \
	    "nothing is left"
}

case_device_deleted_and_made_again() {
	up
	ip link del eth0
	ip link add eth0 type veth peer name p9 netns gw
	ip -n gw link set p9 master br0 up
	exits 0 "ifup thinks it is up" ifup eth0
	ok "ifdown" eval 'ifdown --force eth0 || ifdown eth0'
	nothing_left
	silent "ifup" ifup eth0
	is "$(r)" "$OUR_RULES" "everything anew"
	is "$(leaves_by -I $A 10.99.0.1)" eth0 "and it works"
	down
	nothing_left
}

case_device_made_again_and_refreshed() {
	up
	ip link del eth0
	ip link add eth0 type veth peer name p9 netns gw
	ip -n gw link set p9 master br0 up
	link_up eth0 $A/24
	exits 1 "check tells" ifpolicy check
	ok "refresh" ifpolicy refresh
	is "$(r)" "$OUR_RULES" "rules once"
	like "$(table rt1)" "^default via $GW dev eth0" "routes back"
	is "$(knob eth0 ignore_routes_with_linkdown)" 1 "settings too"
	down
	nothing_left
}

case_device_renamed() {
	up
	ip link set eth0 down
	ip link set eth0 name lan0
	run ifdown eth0
	unlike "$(rules; routes)" rt1 "nothing of it is left"
	ip link set lan0 name eth0
}

case_address_flushed_then_ifdown() {
	up
	ip addr flush dev eth0
	down
	nothing_left
}

case_link_down_and_up() {
	up
	ip link set eth0 down
	ip link set eth0 up
	exits 1 "check tells what the kernel dropped" ifpolicy check
	silent "refresh" ifpolicy refresh eth0
	is "$(table rt1 | wc -l) $(main | grep -c 'default.*metric 100')" \
	    "2 1" "routes back"
	is "$(leaves_by -I $A 10.99.0.1)" eth0 "and it works"
	down
	nothing_left
}

case_link_down_then_ifdown() {
	up
	ip link set eth0 down
	down
	nothing_left
}

case_rules_flushed_by_somebody() {
	up
	ip rule flush
	ip rule add pref 32766 table main
	ip rule add pref 32767 table default
	down
	nothing_left
}

case_twenty_rounds_leave_nothing_and_move_no_priority() {
	{
		stanza eth0 $A/24 "policy-table rt1" "policy-gateway $GW" \
		    "policy-metric 100"
		stanza eth1 $N.98/24 "policy-table rt2" \
		    "policy-gateway $GW" "policy-metric 101"
	} | interfaces
	silent "eth1 stays up" ifup eth1
	local before=$(snapshot) first= i bad=
	for i in {1..20}; do
		run ifup eth0
		[ "$RC$OUT$ERR" = 0 ] || bad+="$i up: $ERR "
		[ $i -gt 1 ] || first=$(rules | sort)
		[ "$(rules | sort)" = "$first" ] || bad+="$i: rules differ "
		run ifdown eth0
		[ "$RC$OUT$ERR" = 0 ] || bad+="$i down: $ERR "
		[ "$(snapshot | grep -v /net-)" = \
		    "$(grep -v /net- <<<"$before")" ] || bad+="$i: left "
	done
	is "$bad" "" "every round alike"
	silent "eth1 down" ifdown eth1
	nothing_left
}

case_the_admins_rule_on_the_table() {
	echo "101 rt1" >>/etc/iproute2/rt_tables
	ip rule add pref 100 fwmark 7 table 101
	remember
	up
	down
	nothing_left "the admin's rule stays, ours goes"
}

case_rt_tables_lacks_the_name() {
	up
	like "$(ip -N rule)" "from $A lookup 8001" "a number is found"
	down
	nothing_left
}

case_gateway_in_every_stanza() {
	local i nics=($NICS)
	for i in 0 1 2; do
		stanza ${nics[i]} $N.9$i/24 "gateway $GW" "metric 2$i" \
		    "policy-table rt$i" "policy-metric 10$i"
	done | interfaces
	silent "up" ifup $NICS
	is "$(main | grep -c 'default.*metric 10[012]')" 3 "three defaults"
	is "$(r | wc -l)" 6 "six rules"
	silent "down" ifdown $NICS
	nothing_left
}

case_gateway_of_two_stanzas_collides_in_ifupdown() {
	{
		stanza eth0 $A/24 "gateway $GW" "policy-table rt1"
		stanza eth1 $N.98/24 "gateway $GW" "policy-table rt2"
	} | interfaces
	silent "the first" ifup eth0
	local before=$(rules; routes | grep -v eth1)
	run ifup eth1
	isnt $RC 0 "the second fails before any hook"
	is "$(rules; routes | grep -v eth1)" "$before" "the first is as it was"
	run ifdown --force eth1
	down
	nothing_left
}

case_no_carrier_at_ifup() {
	ip -n gw link set p0 down
	up
	is "$(r)" "$OUR_RULES" "the policy is there"
	ip -n gw link set p0 up
	ok "the carrier comes" within 2 grep -q 1 /sys/class/net/eth0/carrier
	is "$(leaves_by -I $A 10.99.0.1)" eth0 "and it works"
	down
	nothing_left
}

case_dhcp_hands_out_another_address() {
	printf '%s\n' "start $N.104" "end $N.104" "interface br0" \
	    "max_leases 1" "opt router $GW" "opt subnet 255.255.255.0" \
	    "lease_file /tmp/case/leases" "pidfile /tmp/case/pid" \
	    >/tmp/case/udhcpd.conf
	: >/tmp/case/leases
	gw udhcpd -f /tmp/case/udhcpd.conf >/dev/null 2>&1 &
	sleep 0.2
	printf '%s\n' "iface eth0 inet dhcp" "policy-table rt1" | interfaces
	run ifup eth0
	is "$(r)" "from $N.104 lookup rt1
from all to $N.104 lookup rt1" "the lease is covered"
	ip addr flush dev eth0
	ip addr add $N.124/24 dev eth0
	ip route add default via $GW dev eth0
	silent "refresh" ifpolicy refresh eth0
	is "$(r)" "from $N.124 lookup rt1
from all to $N.124 lookup rt1" "the new one instead"
	like "$(table rt1)" "^default via $GW dev eth0" "and the table is full"
	ip addr flush dev eth0
	ip addr add $N.125/24 dev eth0
	run ifdown eth0
	unlike "$ERR" ifpolicy "we say nothing"
	nothing_of_ours
}

# ---- more --------------------------------------------------------------

case_record_lost() {
	up "policy-route 10.5.0.0/16 via $GW" "policy-rule fwmark 9" \
	    "policy-prefer-main yes"
	rm -rf $RECORDS
	run ifdown eth0
	is "$(snapshot | grep -v conf/)" "$(grep -v conf/ <<<"$BEFORE")" \
	    "what carries our protocol is found"
}

case_record_lost_then_up_again() {
	up
	rm -rf $RECORDS
	silent "up" hook up eth0 "${E[@]}"
	is "$(r)" "$OUR_RULES" "once"
	is "$(table rt1 | wc -l) $(main | grep -c default)" "2 1" "once"
	run ifdown eth0
	is "$(snapshot | grep -v conf/)" "$(grep -v conf/ <<<"$BEFORE")" \
	    "and gone"
}

case_record_lost_and_the_stanza_edited() {
	up
	rm -rf $RECORDS
	silent "up with another table" hook up eth0 "${E[@]}" \
	    IF_POLICY_TABLE=rt9 IF_POLICY_METRIC=7
	is "$(rules | grep -c "lookup rt9") $(rules | wc -l)" "2 2" \
	    "the old rules are gone"
	is "$(main | grep -c default)" 1 "the old default too"
	run ifdown eth0
	nothing_of_ours
}

case_record_lost_in_ipv6() {
	stanza eth0 fd00:178::99/64 "policy-table rt1" \
	    "policy-gateway fd00:178::1" "policy-metric 100" | interfaces
	silent "ifup" ifup eth0
	rm -rf $RECORDS
	run ifdown eth0
	nothing_of_ours
}

case_record_spoiled() {
	up
	local rec=$(ls $RECORDS/net-*) state=$(rules; routes)
	cp $rec /tmp/case/good
	head -c 100 /dev/urandom >>$rec
	exits 1 "down by command refuses" ifpolicy down eth0
	like "$ERR" "$rec" "naming the record"
	like "$ERR" "ifpolicy repair" "and the way out"
	is "$(rules; routes)" "$state" "nothing is changed"
	exits 1 "check tells" ifpolicy check
	exits 0 "repair" ifpolicy repair
	exits 0 "ifdown" ifdown eth0
	is "$(snapshot | grep -v conf/)" "$(grep -v conf/ <<<"$BEFORE")" \
	    "nothing is left"
}

case_record_cut_short() {
	up
	local rec=$(ls $RECORDS/net-*) n
	n=$(stat -c %s $rec)
	truncate -s $((n * 2 / 3)) $rec
	exits 1 "a cut record is no empty record" ifpolicy down eth0
	like "$ERR" "ifpolicy repair" "the way out is named"
	exits 0 "repair" ifpolicy repair
	exits 0 "ifdown" ifdown eth0
	nothing_of_ours
}

case_a_symlink_in_place_of_the_record_is_not_followed() {
	up
	local rec=$(ls $RECORDS/net-*)
	ifdown eth0
	echo precious >/tmp/case/precious
	ln -s /tmp/case/precious $rec
	run ifup eth0
	is "$(cat /tmp/case/precious)" precious "the file is untouched"
	rm -f $rec
	run ifdown eth0
}

case_ipv6_of_the_list() {
	stanza eth0 fd00:178::99/64 "policy-table rt1" \
	    "policy-gateway fd00:178::1" "policy-metric 100" \
	    "policy-connected metric" "policy-prefer-main yes" \
	    "policy-fallback unreachable" "policy-rule fwmark 9" \
	    "policy-route fd05::/16 via fd00:178::1" | interfaces
	local event
	for event in true "ip -6 addr flush dev eth0 scope global" \
	    "ip link set eth0 down" "ip -6 rule flush table 8001" \
	    "ip link del eth0" "rm -rf $RECORDS" \
	    "sed -i s/178::99/178::90/ $HOOKS/interfaces" \
	    "sed -i s/rt1/rt9/ $HOOKS/interfaces" \
	    "sed -i /policy-/d $HOOKS/interfaces"; do
		cp $HOOKS/interfaces /tmp/case/interfaces
		silent "ifup" ifup eth0
		$event
		run ifdown --force eth0
		unlike "$ERR" ifpolicy "$event: ifdown says nothing of ours"
		cp /tmp/case/interfaces $HOOKS/interfaces
		[ -e /sys/class/net/eth0 ] || /src/tests/lib/cables
		ip addr flush dev eth0
		ip link set eth0 down
		sysctl -qw net.ipv6.conf.eth0.ignore_routes_with_linkdown=0
		nothing_left "$event: nothing is left"
	done
}

case_three_at_once() {
	local i nics=($NICS) nic round bad=
	for i in 0 1 2; do
		stanza ${nics[i]} $N.9$i/24 "policy-table rt$i" \
		    "policy-gateway $GW" "policy-metric 10$i"
	done | interfaces
	for round in {1..8}; do
		for nic in $NICS; do ifup $nic 2>>/tmp/case/err & done
		wait $(jobs -p | grep -vx "${ECHO_PID-x}")
		[ "$(r | wc -l) $(main | grep -c default)" = "6 3" ] ||
		    bad+="round $round: $(r; main) "
		[ "$(grep -c . /etc/iproute2/rt_tables.d/ifpolicy.conf)" \
		    -ge 3 ] || bad+="names "
		for nic in $NICS; do ifdown $nic 2>>/tmp/case/err & done
		wait $(jobs -p | grep -vx "${ECHO_PID-x}")
		[ "$(snapshot)" = "$BEFORE" ] || bad+="left in round $round "
	done
	is "$bad$(cat /tmp/case/err)" "" "8 rounds up and down in parallel"
}

case_many_at_once_on_one_device() {
	link_up eth0 $A/24
	remember
	local i
	for i in {1..12}; do
		ifpolicy up eth0 $K 2>>/tmp/case/err &
		hook up eth0 "${E[@]}" 2>>/tmp/case/err &
		ifpolicy refresh 2>>/tmp/case/err &
	done
	wait $(jobs -p | grep -vx "${ECHO_PID-x}")
	is "$(cat /tmp/case/err)" "" "all succeed"
	is "$(r)" "$OUR_RULES" "one policy"
	silent "down" ifpolicy down eth0
	nothing_left
}

# ---- killed at every system call ---------------------------------------

# The system calls of a command before which its death makes a difference, as
# "NAME ORDINAL": not those that only touch its own memory and rights.
calls() {
	strace -o /tmp/case/calls "$@" >/dev/null 2>&1
	awk -F'(' '/^[a-z0-9_]+\(/ { n = ++count[$1] }
	    $1 ~ /^(open|openat|read|write|close|rename|unlink|unlinkat|mkdir|link)$/ ||
	    $1 ~ /^(fsync|fdatasync|sendmsg|sendto|recvmsg|recvfrom|flock|fcntl)$/ ||
	    $1 ~ /^(ftruncate|fchmod|renameat2?|pwrite64|exit_group)$/ {
		print $1, n }' /tmp/case/calls
}

# The shell's own word about the death goes nowhere either.
killed_at() {
	local call=$1 ordinal=$2
	shift 2
	{
		strace -o /dev/null -e trace=$call \
		    -e inject=$call:signal=KILL:when=$ordinal "$@" \
		    >/dev/null
	} 2>/dev/null
}

quick() { quick_ipv4; }
quick_ipv4() { ip -4 -N rule; ip -4 -N route show table all; knobs; ls $RECORDS; }

# each_kill STEP COMMAND -- AFTERWARDS...: AFTERWARDS is run (and must print
# nothing) once for every STEPth call before which COMMAND died.
each_kill() {
	local step=$1 cmd=() name n out i=0 tried=0 died=0 bad=0
	shift
	while [ "$1" != -- ]; do cmd+=("$1"); shift; done
	shift
	# Once to warm up: a new table name is written only the first time.
	between
	"${cmd[@]}"
	"$@" >/dev/null 2>&1
	between
	calls "${cmd[@]}" >/tmp/case/points
	"$@" >/dev/null 2>&1
	while read -r name n; do
		i=$((i + 1))
		[ $((i % step)) -eq 0 ] || continue
		between
		tried=$((tried + 1))
		killed_at $name $n "${cmd[@]}"
		[ $? -ne 137 ] || died=$((died + 1))
		out=$("$@" 2>&1 </dev/null) && [ -z "$out" ] && continue
		bad=$((bad + 1))
		[ $bad -gt 3 ] || diag "killed before $name number $n:" "$out"
	done </tmp/case/points
	ok "it died $died times of $tried" \
	    eval "[ $tried -gt 5 ] && [ $died -ge $((tried - 2)) ]"
	is $bad 0 "all is well after each"
}

# Like for like but for the directory and lock that a first run leaves.
kill_begin() {
	link_up eth0 $A/24
	ip route add default via $GW dev eth0 proto dhcp metric 1024
	ip rule add pref 100 fwmark 7 lookup 8001
	ifpolicy up eth0 $K
	ifpolicy down eth0
	CLEAN=$(quick)
	FULL=$(ifpolicy up eth0 $K; quick | grep -v net-)
	ifpolicy down eth0
}

clean() { diff <(echo "$CLEAN") <(quick); }
full() { diff <(echo "$FULL") <(quick | grep -v net-); }

case_up_killed_at_any_call_then_down() {
	kill_begin
	between() { :; }
	after() { ifpolicy down eth0 && clean; }
	each_kill 1 ifpolicy up eth0 $K -- after
}

case_up_killed_at_any_call_then_up_and_down() {
	kill_begin
	between() { :; }
	after() { ifpolicy up eth0 $K && full; ifpolicy down eth0 && clean; }
	each_kill 2 ifpolicy up eth0 $K -- after
}

case_up_killed_at_any_call_then_the_record_is_lost() {
	kill_begin
	between() { :; }
	after() {
		rm -rf $RECORDS
		ifpolicy down eth0
		diff <(grep -v conf/ <<<"$CLEAN" | grep -v lock) \
		    <(quick | grep -v 'conf/\|lock')
		sysctl -qw net.ipv4.conf.eth0.ignore_routes_with_linkdown=0
		ifpolicy up eth0 $K && ifpolicy down eth0
	}
	each_kill 2 ifpolicy up eth0 $K -- after
}

case_down_killed_at_any_call_then_down() {
	kill_begin
	between() { ifpolicy up eth0 $K; }
	after() { ifpolicy down eth0 && clean; }
	each_kill 1 ifpolicy down eth0 -- after
}

case_an_edit_killed_at_any_call_then_down() {
	kill_begin
	between() { ifpolicy up eth0 $K; }
	after() { ifpolicy down eth0 && clean; }
	each_kill 2 ifpolicy up eth0 table rt9 gateway $GW metric 7 \
	    connected metric default none prefer-main yes -- after
}

case_an_edit_killed_at_any_call_then_the_edit() {
	kill_begin
	local full e="table rt9 gateway $GW metric 7 connected metric
	    default none prefer-main yes"
	full=$(ifpolicy up eth0 $e; quick | grep -v net-)
	between() { ifpolicy up eth0 $K; }
	after() {
		ifpolicy up eth0 $e
		diff <(echo "$full") <(quick | grep -v net-)
		ifpolicy down eth0 && clean
	}
	each_kill 3 ifpolicy up eth0 $e -- after
}

case_killed_then_all() {
	kill_begin
	between() { :; }
	after() {
		hook up --all LOGICAL=auto ADDRFAM=meta METHOD=none
		ifpolicy check || { ifpolicy refresh && ifpolicy check; } >/dev/null
		ifpolicy down eth0 && clean
	}
	each_kill 3 ifpolicy up eth0 $K -- after
}

case_both_families_killed_at_any_call_then_down() {
	link_up eth0 $A/24 fd00:178::99/64
	quick() {
		ip -N rule; ip -N -6 rule; routes -4; routes -6
		knobs; ls $RECORDS
	}
	local e="table rt1 gateway none connected none fallback unreachable
	    prefer-main yes linkdown ignore"
	ifpolicy up eth0 $e
	ifpolicy down eth0
	CLEAN=$(quick)
	between() { :; }
	after() { ifpolicy down eth0 && clean; }
	each_kill 2 ifpolicy up eth0 $e -- after
	between() { ifpolicy up eth0 $e; }
	each_kill 3 ifpolicy down eth0 -- after
	quick() { quick_ipv4; }
}

# The recovery of one family meets another claim that can no longer be applied.
case_an_edit_killed_and_an_address_gone_then_down() {
	link_up eth0 $A/24 fd00:178::99/64
	ifpolicy -4 up eth0 table 79 gateway none
	ifpolicy -6 up eth0 table 77 gateway none
	killed_at write 2 ifpolicy -6 up eth0 table 78 gateway none
	ip addr del $A/24 dev eth0
	exits 1 "the next up is refused" ifpolicy -4 up eth0 table 80 \
	    gateway none wait 0
	like "$ERR" '^ifpolicy: eth0: .{5}' "and says why"
	silent "down --all" ifpolicy down --all
	nothing_of_ours
}

case_killing_leaves_no_litter() {
	kill_begin
	local name n
	calls ifpolicy up eth0 $K >/tmp/case/points
	while read -r name n; do
		killed_at $name $n ifpolicy up eth0 $K
	done </tmp/case/points
	ifpolicy up eth0 $K
	ifpolicy down eth0
	is "$(ls -A $RECORDS)" lock "the lock alone"
	is "$(ls -A /etc/iproute2/rt_tables.d)" ifpolicy.conf "the names alone"
}

run_cases "$@"
