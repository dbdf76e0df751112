# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: boot a virtual machine with a real Debian, run the scripts of a directory in it, and print what they found as one test.
#
#   . tests/vm/machine.sh DIRECTORY [SCRIPT-SUBSTRING]...
#
# The machine is one and its story, too: a script may need those before it.

story=$1
shift
here=$(cd "$(dirname "$0")" && pwd)
top=${here%/tests/vm}
work=$(cd "$top" && realpath -m "${BUILD:-build}")/vm
. "$top/tests/lib/tap.sh"

wanted() {
	[ $# -gt 1 ] || return 0
	local want
	for want in "${@:2}"; do [[ $1 == *$want* ]] && return; done
	return 1
}

bail_out() { echo "Bail out! $*"; exit 1; }

# One script's lines with numbers that go on, its case's name behind its own.
tell() {
	local name=$1 line count=0 failed=0 plan= status
	[ -e "$out/$name.tap" ] || { fail "$name: runs"; return; }
	while IFS= read -r line; do
		case $line in
		ok\ [0-9]*|not\ ok\ [0-9]*)
			count=$((count + 1))
			[[ $line == ok* ]] || failed=1
			tap_line "${line%% [0-9]*}" "$name: ${line#* - }" ;;
		1..[0-9]*) plan=${line#1..} ;;
		'#'*) echo "$line" ;;
		?*) echo "# $line" ;;
		esac
	done < <(tr -d '\0' <"$out/$name.tap")
	status=$(cat "$out/$name.status" 2>/dev/null)
	[ "$plan" = $count ] && [ "$status" = "$failed" ] ||
	    fail "$name: comes to its end" "exit ${status:-unknown}," \
		"$count assertions, planned ${plan:-none}"
}

"$here/packages" "$work/deb" || bail_out "the package was not built"
job=$(mktemp -d) || exit 1
trap 'rm -rf "$job"' EXIT
${CC:-cc} -O2 -static -o "$job/flow" "$top/tests/lib/flow.c" ||
    bail_out "tests/lib/flow.c was not built"
out=$work/out-$story
mkdir -p "$job/lib" "$job/scripts"
cp "$top"/tests/lib/{tap,net}.sh "$job/lib/"
cp -r "$here/guest" "$work"/deb/{old,new}.deb "$job/"
mv "$job/guest/agent" "$job/"
for script in "$here/$story"/*.sh; do
	! wanted "$script" "$@" || cp "$script" "$job/scripts/"
done
setpriv --pdeathsig TERM "$here/run" "$job" "$out" 1800 2>&1 | sed 's/^/# /'
is "${PIPESTATUS[0]}" 0 "the machine runs and comes to its end"
qemu-system-x86_64 --version | sed -n '1s/^/# /p'
grep -a '^VM ' "$out/console" | tr -d '\r' | sed 's/^VM/#/'
for script in "$job"/scripts/*.sh; do
	tell "$(basename "$script" .sh)"
done
done_testing
