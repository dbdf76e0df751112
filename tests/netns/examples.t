#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: every shipped example comes up with the real ifupdown and leaves nothing.
#
# Every example that is shipped comes up with the real ifupdown, is what it
# says, and leaves nothing behind.

. "$(dirname "$0")/../lib/net.sh"

# Up, checked, down: works FILE NAME... (NAME as ifup takes it)
works() {
	local file=$1
	shift
	cp "$file" $HOOKS/interfaces
	exits 0 "ifup $*" ifup "$@"
	unlike "$ERR" ifpolicy "up: we say nothing"
	silent "ifpolicy check" ifpolicy check
	like "$(ip -N rule; ip -N -6 rule; ip -N route show table all
	    ip -N -6 route show table all; cat $RECORDS/net-*)" \
	    'proto 173|sysctl' "it does something"
	run ifdown "${@%=*}"
	unlike "$ERR" ifpolicy "down: we say nothing"
	nothing_left
}

case_every_example_comes_up_and_goes() {
	local f name names what=$CASE
	for f in /src/sysconfig/examples/*.interfaces; do
		CASE="$what: ${f##*/}"
		names=$(sed -nE 's/^iface ([^ ]+).*/\1/p' "$f" | sort -u)
		if grep -q '^eth' <<<"$names"; then
			works "$f" $(grep '^eth' <<<"$names")
		else
			for name in $(grep -v common <<<"$names"); do
				works "$f" "eth1=$name"
			done
		fi
		setup
	done
}

run_cases "$@"
