#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: a room includes only rooms of lower floors, and keeps to its trade.
. "$(dirname "$0")/lint.bash"

# A room is all files of one name up to the first "-": words.c, words-rule.c.
declare -A floor
rooms()
{
	local number=$1 room

	shift
	for room; do floor[$room]=$number; done
}
rooms 0 file idle notify num say text uapi
rooms 1 addr guard interfaces keys names networkd page priv products replace rewrite shell
rooms 2 command model
rooms 3 claim json snapshot wire words
rooms 4 adopt block conf handwritten nl plan request sysctl walk
rooms 5 apply compose cover facts ifcfg record tell
rooms 6 compile host import transaction
rooms 7 conflict inspect recover tables unbound
rooms 8 check down explain repair show spare up
rooms 9 refresh
rooms 10 follow try
rooms 11 scripts watch
rooms 12 main

room_of()
{
	local name=${1##*/}

	name=${name%.[ch]}
	echo "${name%%-*}"
}

own_includes()
{
	sed -nE 's/^[[:space:]]*#[[:space:]]*include[[:space:]]*"([^"]+)".*/\1/p' "$1"
}

# except FILE...: the C files that are none of those.
except()
{
	local file

	for file in helpers/*.[ch] hooks/*.[ch]; do
		case " $* " in
		*" ${file##*/} "*) ;;
		*) [ ! -e "$file" ] || echo "$file" ;;
		esac
	done
}

for file in helpers/*.[ch]; do
	room=$(room_of "$file")
	[ -n "${floor[$room]-}" ] || echo "$file: room \"$room\" has no floor"
done | none "every file of helpers/ stands on a floor"

for room in "${!floor[@]}"; do
	compgen -G "helpers/$room[-.]*" >/dev/null || echo "$room: no such file"
done | sort | none "every room of the table has a file"

for room in "${!floor[@]}"; do
	grep -q "^| ${floor[$room]} |.*\`$room\`" CONTRIBUTING.md ||
		echo "$room: not on floor ${floor[$room]}"
done | sort | none "CONTRIBUTING.md shows every room on its floor"

for file in helpers/*.[ch]; do
	room=$(room_of "$file")
	for other in $(own_includes "$file"); do
		below=$(room_of "$other")
		[ "$below" != "$room" ] || continue
		[ "${floor[$below]:-99}" -lt "${floor[$room]:-0}" ] ||
			echo "$file (floor ${floor[$room]-?}) includes" \
			    "$other (floor ${floor[$below]-?})"
	done
done | none "files include only lower floors"

for file in helpers/*.h; do
	if own_includes "$file" | grep -qxF "${file##*/}"; then
		echo "$file includes itself"
	fi
done | none "no header includes itself"

for file in helpers/*.c; do
	[ ! -e "${file%.c}.h" ] || own_includes "$file" |
	    grep -qxF "$(basename "${file%.c}.h")" ||
		echo "$file does not include its own header"
done | none "each file includes its own header"

# shellcheck disable=SC2046,SC2086 # file names without blanks
{
	pure=$(echo helpers/{plan,compile,compose,conflict,unbound,walk}*.[ch])
	# errno.h has the numbers they return, stdio.h has snprintf, sys/socket.h
	# AF_INET.
	{
		grep -HnE '^#include <(fcntl|time|unistd|syslog|sys/.*)\.h>' $pure |
		    grep -v '<sys/socket\.h>'
		code_matches '\berrno\b(?!\.h)|\b[fd]?v?printf\s*\(|\bf?put[cs]\b|\bperror\b|\bstd(in|out|err)\b' $pure
	} | none "plan, compile, compose, conflict, unbound and walk do no input or output"
	code_matches '\b(f?open|openat|creat|opendir|freopen|mko?stemp)\s*\(' \
	    $(except file.c file-names.c guard.c ifcfg-find.c names.c record.c \
	    record-lock.c record-trial.c record-watch.c replace.c \
	    sysctl.c) | none \
	    "only file, ifcfg, names, record, replace and sysctl open files"
	code_matches '\bopen\s*\((?!"", O_RDWR)' helpers/guard.c |
		none "guard opens /dev/null alone"
	code_matches '\bmnl_socket_|\bsocket(pair)?\s*\(|\bsend(to|msg)?\s*\(' \
	    $(except guard.c nl.c notify.c record.c) |
		none "only nl and notify use sockets, and guard a pair of its own"
	code_matches '\b(secure_)?getenv\s*\(|\benviron\b' \
	    $(except main.c $(cd hooks && echo *.[ch])) |
		none "only main and hooks read the environment"
	code_matches '\bcapng_|\bprctl\s*\(' $(except priv.c) |
		none "only priv touches privileges"
	code_matches '\b(exit|_exit|abort)\s*\(' \
	    $(except main.c guard.c $(cd hooks && echo *.c)) |
		none "nothing below main ends the program, but guard its process"
	# guard makes a process of the same program, to outlive it.
	code_matches '\b(fork|vfork|clone3?|daemon)\s*\(' $(except guard.c) |
		none "only guard makes a process"
	code_matches \
	    '\b(system|popen|posix_spawnp?|f?exec[lv]p?e?|execveat)\s*\(' \
	    $(except) | none "nothing is executed"
	code_matches \
	    '\b(gets|strcpy|strcat|vsprintf|atoi|atol|strtok|alloca)\s*\(' \
	    $(except) | none "no call without a bound"
}
done_testing
