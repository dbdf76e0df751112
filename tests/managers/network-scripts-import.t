#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: route- and rule- files, imported into ifcfg files, do what they did.

. "$(dirname "$0")/../lib/redhat.sh"

A=$N.98

held() {
	{ rules -4; rules -6; routes -4; routes -6; } |
	    sed -E 's/^[0-9]+: //; s/ proto [a-z0-9]+//' | sort
}

# The files as they stand with and without our hooks; then as options: the
# same but for the subnets that a table may have got more. same DEVICE...
same() {
	local by_hand device
	mkdir /tmp/case/hooks
	mv /sbin/if*-local /tmp/case/hooks/
	for device; do run ifup "$device"; done
	by_hand=$(held)
	for device; do run ifdown "$device"; done
	mv /tmp/case/hooks/* /sbin/
	remember
	ok "import" ifpolicy import --in-place $(printf "$DIR/ifcfg-%s " "$@")
	is "$(ifpolicy -n import $(printf "$DIR/ifcfg-%s " "$@"))" "" \
	    "a second time changes nothing"
	up "$@"
	is "$(comm -23 <(echo "$by_hand") <(held))" "" "nothing is missing"
	is "$(comm -13 <(echo "$by_hand") <(held) | grep -vE \
	    '^[0-9a-f.:]+/[0-9]+ dev [^ ]+ table [^ ]+ (scope link )?src ')" \
	    "" "nothing is more"
	by_hand=$(held)
	up "$@"
	is "$(held)" "$by_hand" "up again changes nothing"
}

gone() {
	content
	down "$@"
	nothing_left
}

added() { sed -n '/^POLICY_/p' "$DIR/ifcfg-$1"; }

case_the_usual_files() {
	echo "31 uplink" >>/etc/iproute2/rt_tables
	static eth1 $A/24
	printf '%s\n' "# our line" "$N.0/24 dev eth1 src $A table uplink" \
	    "default via $GW dev eth1 table uplink" "" \
	    "10.81.0.0/16 via $N.9" | file route-eth1
	printf '%s\n' "from $A table uplink" "to $A/32 table uplink" \
	    "fwmark 7 table uplink priority 900" | file rule-eth1
	same eth1
	is "$(added eth1)" "POLICY_TABLE=uplink
POLICY_GATEWAY=$GW
POLICY_ROUTE=\"10.81.0.0/16 via $N.9 table main\"
POLICY_RULE=\"fwmark 0x7 priority 900\"" "the options"
	is "$(cat $DIR/route-eth1 $DIR/rule-eth1)" "# our line" \
	    "comments stay"
	is "$(cd $DIR && ls -A | grep before)" ".ifcfg-eth1.before-ifpolicy
.route-eth1.before-ifpolicy
.rule-eth1.before-ifpolicy" "the former files are kept"
	gone eth1
}

case_files_in_key_form() {
	static eth1 $A/24
	printf '%s\n' "ADDRESS0=10.81.0.0" "NETMASK0=255.255.0.0" \
	    "GATEWAY0=$N.9" "ADDRESS1=10.82.0.7" "GATEWAY1=$N.9" \
	    "NETMASK1=255.255.255.255" | file route-eth1
	same eth1
	is "$(added eth1)" "POLICY_ROUTE0=\"10.81.0.0/16 via $N.9\"
POLICY_ROUTE1=\"10.82.0.7 via $N.9\"" "the options"
	is "$(cat $DIR/route-eth1)" "" "nothing is left of the file"
	gone eth1
}

# Counted from 0: a gap would hide those behind it.
case_of_a_file_in_key_form_all_go_or_none() {
	static eth1 $A/24
	printf '%s\n' "ADDRESS0=10.81.0.0" "NETMASK0=255.255.0.0" \
	    "GATEWAY0=$N.9" "ADDRESS1=$N.0" "NETMASK1=255.255.255.0" \
	    "GATEWAY1=$N.9" | file route-eth1
	ok "import" ifpolicy import --in-place $DIR/route-eth1
	is "$(added eth1)" "" "none"
	is "$(grep -c '^# ifpolicy import: ' $DIR/route-eth1)" 2 "with reasons"
}

case_two_families() {
	static eth1 $A/24 IPV6INIT=yes IPV6_AUTOCONF=no \
	    IPV6ADDR=fd00:178::98/64
	echo "from $A table 71" | file rule-eth1
	echo "from fd00:178::98 table 72" | file rule6-eth1
	same eth1
	is "$(added eth1)" "POLICY_RULE=\"from $A lookup 71\"
POLICY_ADDRESSES=$A" "IPv4's become options that say so"
	like "$(cat $DIR/rule6-eth1)" "^# ifpolicy import: it is for IPv6" \
	    "IPv6's stay"
	down eth1
	is "$(rules; rules -6)" "" "and all of them go"
}

# Each line goes into one file, that of its name.
case_two_files_of_one_device() {
	static eth1 $A/24
	static eth1-old $N.97/24
	sed -i 's/^DEVICE.*/DEVICE=eth1/' $DIR/ifcfg-eth1-old
	echo "from $A table 71" | file rule-eth1
	ok "import" ifpolicy import --in-place $DIR/ifcfg-eth1-old \
	    $DIR/ifcfg-eth1
	is "$(added eth1-old)" "" "not into that of another name"
	is "$(added eth1)" "POLICY_RULE=\"from $A lookup 71\"" \
	    "into that of its own"
}

case_what_cannot_be_an_option_stays() {
	static eth1 $A/24 "POLICY_METRIC=50" "POLICY_GATEWAY=$GW"
	echo "from $A table 71" | file rule-eth1
	ok "has options already" ifpolicy import $DIR/ifcfg-eth1
	like "$OUT" "^# ifpolicy import: the ifcfg file has POLICY_ options" \
	    "says so"
	static eth1 $A/24 '[ -e /x ] && IPADDR=1.2.3.4'
	ok "shell code" ifpolicy import $DIR/rule-eth1
	like "$OUT" "^# ifpolicy import: the ifcfg file has more than" \
	    "says so"
	rm $DIR/ifcfg-eth1
	ok "no ifcfg file" ifpolicy import $DIR/rule-eth1
	like "$OUT" "^# ifpolicy import: there is no ifcfg file" "says so"
	static eth1 $A/24
	printf '%s\n' "from $A table 71 nonsense" "from $A table 72" |
	    file rule-eth1
	ok "nonsense" ifpolicy import $DIR/rule-eth1
	like "$OUT" '^POLICY_RULE="from .* lookup 72"' "the other line goes"
	like "$OUT" '^from .* nonsense' "the line stays"
}

run_cases "$@"
