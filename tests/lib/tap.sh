# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: TAP for bash: assertions, cases, and one sandbox around each test file.
#
# A test file sources this (or net.sh, which sources it), defines functions
# case_WHAT_IS_TRUE and ends with run_cases "$@": the sandbox is entered, every
# case runs in the order of the file on a clean slate (setup, teardown when
# defined), the plan is printed at the end. Arguments select cases by substring.

TAP_COUNT=0 TAP_FAILED=0 TAP_SKIPPED=0 CASE=
OUT= ERR= RC=0

tap_line() {
	TAP_COUNT=$((TAP_COUNT + 1))
	echo "$1 $TAP_COUNT - ${CASE:+$CASE: }$2"
	[ "$1" = ok ] || TAP_FAILED=$((TAP_FAILED + 1))
	[ "$1" = ok ]
}

pass() { tap_line ok "$1"; }
fail() { tap_line "not ok" "$1" || at "${@:2}"; }

# Where in its case an assertion failed, and what it saw.
at() {
	local i=1
	until [[ ${FUNCNAME[i]} == case_* || $i -ge ${#FUNCNAME[@]} ]]; do
		i=$((i + 1))
	done
	diag "at ${BASH_SOURCE[i]##*/}:${BASH_LINENO[i - 1]}"
	[ $# -eq 0 ] || diag "$@"
	return 1
}

diag() { printf '%s\n' "$@" | sed 's/^/#   /' >&2; }

# Skips are loud: a line on stderr as well, and counted at the end.
skip() {
	TAP_COUNT=$((TAP_COUNT + 1)) TAP_SKIPPED=$((TAP_SKIPPED + 1))
	echo "ok $TAP_COUNT - ${CASE:+$CASE: }$1 # SKIP $2"
	echo "# SKIPPED: ${0##*/}: ${CASE:+$CASE: }$1: $2" >&2
}

# ok NAME COMMAND...: the command succeeds; nok: it fails.
ok() {
	run "${@:2}"
	[ $RC -eq 0 ] && pass "$1" || fail "$1" "exit $RC: ${*:2}" "$OUT$ERR"
}

nok() {
	run "${@:2}"
	[ $RC -ne 0 ] && pass "$1" || fail "$1" "succeeded: ${*:2}" "$OUT$ERR"
}

# exits CODE NAME COMMAND...
exits() {
	run "${@:3}"
	[ $RC -eq "$1" ] && pass "$2" ||
	    fail "$2" "exit $RC, not $1: ${*:3}" "$OUT$ERR"
}

# silent NAME COMMAND...: succeeds and says nothing.
silent() {
	run "${@:2}"
	[ $RC -eq 0 ] && [ -z "$OUT$ERR" ] && pass "$1" ||
	    fail "$1" "exit $RC: ${*:2}" "$OUT$ERR"
}

is() {
	[ "$1" = "$2" ] && pass "$3" && return
	fail "$3" "$(diff -u --label expected <(echo "$2") \
	    --label seen <(echo "$1") | sed '/^@@/d')"
}

isnt() {
	[ "$1" != "$2" ] && pass "$3" || fail "$3" "is \"$1\""
}

# like TEXT ERE NAME
like() {
	grep -qE -- "$2" <<<"$1" && pass "$3" ||
	    fail "$3" "no match for /$2/ in:" "$1"
}

unlike() {
	! grep -qE -- "$2" <<<"$1" && pass "$3" ||
	    fail "$3" "matches /$2/:" "$1"
}

# Run a command; its output, errors and exit code in OUT, ERR, RC.
run() {
	"$@" >/tmp/.out 2>/tmp/.err </dev/null
	RC=$?
	# Of a NUL the shell would say that it leaves it out.
	{ OUT=$(</tmp/.out) ERR=$(</tmp/.err); } 2>/dev/null
	return 0
}

# Wait up to SECONDS for a command to succeed.
within() {
	local end=$((${EPOCHREALTIME/./} + $1 * 1000000))
	shift
	until "$@" >/dev/null 2>&1; do
		[ "${EPOCHREALTIME/./}" -lt $end ] || return 1
		sleep 0.01
	done
}

done_testing() {
	echo "1..$TAP_COUNT"
	[ $TAP_SKIPPED -eq 0 ] || echo "# $TAP_SKIPPED skipped"
	[ $TAP_FAILED -eq 0 ] || diag "$TAP_FAILED of $TAP_COUNT failed"
	[ $TAP_COUNT -gt 0 ] && [ $TAP_FAILED -eq 0 ]
	exit
}

# Outside, start this test again inside; a test that hangs is killed, and the
# sandbox takes all that it started along.
enter_sandbox() {
	local lib
	[ -z "${SANDBOX-}" ] || return 0
	lib=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
	exec timeout -k 5 "${TEST_TIMEOUT:-300}" env NICS="${NICS-}" \
	    DEBS="${DEBS-}" PASS="SHOW ${PASS-}" "$lib/sandbox" \
	    "/src/tests/${TEST_DIR:-netns}/${0##*/}" "$@"
}

run_cases() {
	local c want
	for c in $(grep -o '^case_[A-Za-z0-9_]*' "$0"); do
		if [ $# -gt 0 ]; then
			for want; do [[ $c == *$want* ]] && break; done
			[[ $c == *$want* ]] || continue
		fi
		CASE=${c#case_}
		CASE=${CASE//_/ }
		setup
		$c
		teardown
	done
	CASE=
	done_testing
}

setup() { :; }
teardown() { :; }
