#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: every shipped example for network-scripts comes up, is what it says, and leaves nothing.

. "$(dirname "$0")/../lib/redhat.sh"

EXAMPLES=/src/sysconfig/examples/network-scripts

# The files of an example where the scripts look for them; nobody is asked by
# ARP, which takes a second for each address.
lay_out() {
	local f
	cp "$EXAMPLES/$1"/* $DIR/
	for f in "$EXAMPLES/$1"/ifcfg-*; do
		echo ARPCHECK=no >>"$DIR/${f##*/}"
	done
}

# Those that "service network start" would bring up: aliases come with theirs.
devices() {
	local f
	for f in "$EXAMPLES/$1"/ifcfg-*; do
		f=${f##*/ifcfg-}
		[[ $f == *:* || $f == *-range* ]] || echo "$f"
	done
}

# values KEY: what the example's ifcfg files say for it.
values() { sed -nE "s/^$1=\"?([^\"]*)\"?/\1/p" $DIR/ifcfg-eth* | sort -u; }

# addresses_of FILE: those that its policy covers.
addresses_of() {
	local IPADDR IPADDR0 IPADDR1 IPV6ADDR IPADDR_START IPADDR_END
	local n last
	. "$1"
	printf '%s\n' $IPADDR $IPADDR0 $IPADDR1 ${IPV6ADDR%/*}
	[ -n "$IPADDR_START" ] || return 0
	last=${IPADDR_END##*.}
	for ((n = ${IPADDR_START##*.}; n <= last; n++)); do
		echo "${IPADDR_START%.*}.$n"
	done
}

# Each table has routes and each metric a default; each address of a file that
# names a table has a rule.
as_the_keys_say() {
	local f a t v
	for t in $(values POLICY_TABLE); do
		[ "$t" != auto ] || t=eth1
		like "$(table $t; table $t -6)" '^default via' "table $t"
	done
	for v in $(values POLICY_METRIC); do
		like "$(main)" "^default via .* metric $v\b" "metric $v"
	done
	for f in $(grep -l ^POLICY_TABLE $DIR/ifcfg-eth*); do
		for a in $(addresses_of "$f"); do
			like "$(rules; rules -6)" "from $a lookup" "from $a"
		done
	done
}

# Each line of the files is there once, and ours.
as_the_files_say() {
	local f line wanted=0 seen
	for f in $DIR/rule{,6}-eth*; do
		[ -e "$f" ] || continue
		while read -r line; do
			[[ -z $line || $line == \#* ]] ||
			    wanted=$((wanted + 1))
		done <"$f"
	done
	[ $wanted -gt 0 ] || return 0
	seen=$(rules; rules -6)
	is "$(grep -c . <<<"$seen")" $wanted "as many rules as lines"
	is "$(grep -cE ' proto (ifpolicy|173)$' <<<"$seen")" $wanted \
	    "all of them ours"
}

objects() {
	rules
	rules -6
	routes
	routes -6
}

works() {
	local once
	lay_out "$1"
	up $(devices "$1")
	silent "ifpolicy check" ifpolicy check
	like "$(objects; cat $RECORDS/net-*)" 'proto (173|ifpolicy)' \
	    "it does something"
	as_the_keys_say
	as_the_files_say
	once=$(objects)
	up $(devices "$1")
	is "$(objects)" "$once" "coming up again changes nothing"
	down $(devices "$1")
	nothing_left
}

case_every_example_comes_up_and_goes() {
	local d what=$CASE
	for d in "$EXAMPLES"/*/; do
		d=${d%/}
		CASE="$what: ${d##*/}"
		works "${d##*/}"
		setup
	done
	CASE=$what
}

source_to() { ip route get "$1" | sed -nE 's/.* src ([^ ]+).*/\1/p'; }

case_the_virtual_ip_is_the_source_while_it_is_up() {
	local round
	lay_out virtual-ip
	up eth0
	for round in 1 2; do
		is "$(source_to 192.168.1.1)" 172.16.3.105 "with the alias"
		down eth0:1
		is "$(source_to 192.168.1.1)" 172.16.3.111 "without"
		up eth0:1
	done
	is "$(source_to 172.16.3.1)" 172.16.3.105 "with it again"
	down eth0
	nothing_left
}

# Only what the manual page knows, and each of its keys in one spelling.
case_the_examples_use_keys_that_exist() {
	local key
	for key in $(grep -ohE '^POLICY_[A-Z_]+' "$EXAMPLES"/*/ifcfg-* |
	    sort -u); do
		key=${key#POLICY_}
		key=${key,,}
		ok "POLICY_${key^^}" grep -qE \
		    "^\.It Ic policy-${key//_/-}( |\$)" \
		    /src/helpers/man/ifpolicy-interfaces.5
	done
}

# ---- in place of the stock scripts -------------------------------------

# commands N: the N-th block of commands of that section of the manual page.
commands() {
	awk -v want="$1" '
	/^\.S[hs] / { here = /In place of the stock scripts/ }
	here && /^\.Bd / { n++; text = 1; next }
	/^\.Ed/ { text = 0 }
	text && n == want { sub(/^# /, ""); gsub(/\\e/, "\\"); print }' \
	    /src/helpers/man/ifpolicy-hooks.7
}

stock() {
	(cd $DIR && cksum ifup-routes ifdown-routes &&
	    stat -c '%A %U' ifup-routes ifdown-routes)
}

links() { readlink $DIR/ifup-routes $DIR/ifdown-routes; }

case_the_manual_pages_commands_choose_the_drop_in_and_go_back() {
	local before
	before=$(stock)
	commands 1 >/tmp/case/choose
	commands 2 >/tmp/case/back
	ok "two blocks of commands" test -s /tmp/case/choose -a \
	    -s /tmp/case/back
	silent "choose" bash /tmp/case/choose
	is "$(links)" "$HOOK"$'\n'"$HOOK" "both are ours"
	silent "choose again" bash /tmp/case/choose
	is "$(links)" "$HOOK"$'\n'"$HOOK" "nothing changes"
	remember
	lay_out route-and-rule-files
	up eth1
	unlike "$OUT$ERR" 'File exists' "no error text"
	as_the_files_say
	up eth1
	unlike "$OUT$ERR" 'File exists' "no error text the second time"
	as_the_files_say
	silent "ifpolicy check" ifpolicy check
	down eth1
	nothing_left
	silent "go back" bash /tmp/case/back
	is "$(stock)" "$before" "the stock scripts are back"
	silent "go back again" bash /tmp/case/back
	is "$(stock)" "$before" "and stay"
	is "$(ls $DIR/*.stock 2>/dev/null)" "" "no copy is left"
}

run_cases "$@"
