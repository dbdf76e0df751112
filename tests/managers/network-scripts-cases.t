#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: files as people write them come up, come up again, are edited and go, without a trace.
#
# Each directory of cases/ has the files of one host, rt_tables entries, and in
# "case" what cards there are, what comes up, which lines nobody can use, and
# an edit. Where el7 refuses what later scripts replace, REFUSED_EL7 says it.

. "$(dirname "$0")/../lib/redhat.sh"

FIXTURES=${FIXTURES:-/src/tests/managers/cases}

# The files of a case, with the lines that spare a wait for ARP.
lay_out() {
	local f
	for f in "$1"/*; do
		case ${f##*/} in
		case) ;;
		tables) cat "$f" >>/etc/iproute2/rt_tables ;;
		*) cp "$f" $DIR/ ;;
		esac
		[[ $f != */ifcfg-* ]] || printf '%s\n' ARPCHECK=no \
		    ARPUPDATE=no >>"$DIR/${f##*/}"
	done
	for f in $LEASES; do
		lease "${f%%=*}" $(tr , ' ' <<<"${f#*=}")
	done
}

# Which of a list's lines are of this card: its device, its file's name.
mine() {
	local f
	for f in $2; do
		[[ $f != *-"$1":* ]] || echo "$f"
	done
}

# all_up NAME [LINE...]: all come up; with "any" what is told is not looked at.
all_up() {
	local what=$1 name
	shift
	for name in $UP; do
		run ifup "$name"
		is "$RC" 0 "$what: ifup $name"
		[ "${1-}" = any ] || refused \
		    "$what: what cannot be used of $name" $(mine "$name" "$*")
	done
	is "$(ruled | uniq -d)" "" "$what: every rule is there once"
	[ $# -gt 0 ] || in_conflict || content
}

# Of two cards in one subnet each answers ARP for the other, and check says so.
in_conflict() {
	[ -n "$CONFLICT" ] || return
	is "$(ifpolicy check | sed -n 's/^[a-z].*inet: \(conflict [a-z]*\):.*/\1/p; t
	    /^[a-z]/p' | uniq)" "conflict $CONFLICT" "check finds but $CONFLICT"
}

all_down() {
	local name
	for name in $UP; do
		run ifdown "$name"
		is "$RC $(ours)" "0 " "$1: ifdown $name"
	done
	nothing_left "$1: nothing is left"
}

# The edit comes before ifdown, then while all is up.
whole_life() {
	local NICS UP EDIT LEASES= REFUSED= REFUSED_EL7= CONFLICT=
	. "$1/case"
	setup
	variant "$2"
	lay_out "$1"
	foreign
	replaces || REFUSED+=" $REFUSED_EL7"
	all_up "first" $REFUSED
	all_up "second" $REFUSED
	sed -i "$EDIT" $DIR/r*-*
	all_down "edited"
	all_up "as edited" any
	cp "$1"/r*-* $DIR/
	all_up "edited while up" $REFUSED
	rm -f $DIR/r*-*
	all_down "deleted"
}

case_published_ones() {
	local at v what=$CASE
	for at in "$FIXTURES"/*/; do
		for v in $(variants); do
			CASE="$what: $(basename "$at"), $v"
			whole_life "${at%/}" "$v"
		done
	done
}

run_cases "$@"
