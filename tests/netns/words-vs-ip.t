#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: words and wire do what the real ip(8) does, line by line.
#
# The same lines go into one network namespace through ip and into another
# through words and wire; the dumps must be equal. Random lines use every
# keyword in every spelling; damaged ones must get from us the verdict that ip
# gives, but for what is listed with its reason. SEED=, COUNT= and DAMAGED=
# choose others.

cd "$(dirname "$0")/../.." || exit 1
self=$PWD/tests/netns/words-vs-ip.t
tool=$(realpath -m "${BUILD:-build}/tests/netns/words-vs-ip")
gen=$tool-gen damage=$tool-damage
seed=${SEED:-20240610}
count=${COUNT:-6600}	# a family; ip must take 5000 of them
damaged=${DAMAGED:-1500}	# a family
. tests/netns/words-vs-ip-lines.bash

# --- inside one namespace

# Without a link-local address, whose bytes would differ.
device()
{
	ip link add dev "$1" type dummy 2>/dev/null ||
	    ip link add dev "$1" type ifb 2>/dev/null ||
	    ip link add dev "$1" type veth peer name "peer-$1" || exit 2
	ip link set dev "$1" addrgenmode none
	ip link set dev "$1" up
	if ip link show dev "peer-$1" >/dev/null 2>&1; then
		ip link set dev "peer-$1" addrgenmode none up
	fi
}

namespace()
{
	ip link set dev lo up
	device d0
	device d1
	for n in 0 1; do
		ip addr add "10.0.$n.1/24" dev "d$n"
		ip -6 addr add "2001:db8:$n::1/64" dev "d$n" nodad
	done
	# Gateways are looked up by the rules: not by random ones.
	ip rule add pref 0 table main
	ip -6 rule add pref 0 table main
	ip nexthop add id 4 via 10.0.0.9 dev d0
	ip -6 nexthop add id 6 via 2001:db8::9 dev d0
	sleep 0.1
}

dump()
{
	{
		ip -N -details "$1" rule show
		ip -N -details "$1" route show table all
	} | sed -E 's/expires [0-9]+sec/expires Nsec/' | awk -v family="$1" '
		# the order of IPv6 next hops means nothing
		function flush_hops(i, j, swap) {
			for (i = 2; i <= n; i++)
				for (j = i; j > 1 && hop[j - 1] > hop[j]; j--) {
					swap = hop[j]
					hop[j] = hop[j - 1]
					hop[j - 1] = swap
				}
			for (i = 1; i <= n; i++)
				print hop[i]
			n = 0
		}
		family == "-6" && /^\tnexthop/ { hop[++n] = $0; next }
		{ flush_hops(); print }
		END { flush_hops() }'
}

# by_WHO FAMILY OUT FILE...: the lines of all files, one after the other.

# A run of ip for each file: in one run it mixes up names and numbers.
by_ip()
{
	local f=$1 out=$2 lines before=0

	: >"$out.refused"
	for lines in "${@:3}"; do
		sed -E 's/^(rule|route) /\1 add /' "$lines" >"$out.batch"
		ip "$f" -force -batch "$out.batch" 2>"$out.err"
		sed -nE 's/^Command failed .*:([0-9]+)$/\1/p' "$out.err" |
			awk -v n=$before '{ print $1 + n }' >>"$out.refused"
		before=$((before + $(wc -l <"$lines")))
	done
	# What it cannot read ends a batch: then all that follow are missing.
	! grep -v -e '^RTNETLINK answers:' -e '^Error: [A-Z].*\.$' \
	    -e '^Command failed' "$out.err" >"$out.ended"
	cat "${@:3}" | awk -v list="$out.refused" '
		BEGIN { while ((getline n <list) > 0) refused[n] }
		!(NR in refused)' >"$out.taken"
	dump "$f" >"$out.dump"
}

by_words()
{
	local f=$1 out=$2

	dump "$f" >"$out.before"
	cat "${@:3}" | "$tool" "$f" add >"$out.taken" 2>"$out.err"
	sed -nE 's/^([0-9]+): .*/\1/p' "$out.err" >"$out.refused"
	dump "$f" >"$out.dump"
	"$tool" "$f" find <"$out.taken" >"$out.find" 2>&1
	tac "$out.taken" | "$tool" "$f" del >/dev/null 2>"$out.del"
	dump "$f" >"$out.after"
}

by_printed()
{
	cat "${@:3}" | "$tool" "$1" print >"$2.batch"
	ip "$1" -force -batch "$2.batch" 2>"$2.err"
	dump "$1" >"$2.dump"
}

# Somebody else's twins come first, ours go again: theirs must all stay.
among_twins()
{
	local f=$1 out=$2

	cat "${@:3}" | "$tool" "$f" twin >/dev/null 2>&1
	dump "$f" >"$out.before"
	cat "${@:3}" | "$tool" "$f" own >"$out.taken" 2>/dev/null
	dump "$f" >"$out.dump"
	tac "$out.taken" | "$tool" "$f" delown >/dev/null 2>"$out.del"
	dump "$f" >"$out.after"
}

# Those of the lines that ip takes, each alone.
judged()
{
	"$tool" "$1" judge <"$3" >"$2.taken"
}

if [ "${1-}" = inside ]; then
	shift
	namespace
	"$@"
	exit
fi

# --- outside

skip_all()
{
	echo "1..0 # SKIP $1"
	echo "# SKIPPED: ${0##*/}: $1" >&2
	exit 0
}

for program in "$tool" "$gen" "$damage"; do
	[ -x "$program" ] || skip_all "$program is not built"
done
unshare -n true 2>/dev/null || skip_all "no new network namespace here"
ip -V 2>/dev/null | grep -q iproute2 || skip_all "no ip of iproute2"
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
tests=0 failed=0

report()
{
	tests=$((tests + 1))
	if [ "$2" -eq 0 ]; then
		echo "ok $tests - $1"
	else
		failed=$((failed + 1))
		echo "not ok $tests - $1"
		sed 's/^/#   /' "$3" | head -40 >&2
	fi
}

equal()
{
	diff "$2" "$3" >"$dir/diff"
	report "$1" $? "$dir/diff"
}

# empty NAME FILE: a file of complaints, made, and with none in it.
empty()
{
	[ -e "$2" ] && [ ! -s "$2" ]
	report "$1" $? "$2"
}

inside()
{
	unshare -n "$self" inside "$@"
}

# compare FAMILY NAME FILE...
compare()
{
	local f=$1 name=$2 o=$dir/$2$1

	inside by_ip "$f" "$o.ip" "${@:3}"
	inside by_words "$f" "$o.words" "${@:3}"
	inside by_printed "$f" "$o.printed" "${@:3}"
	echo "# $name $f: $(cat "${@:3}" | wc -l) lines," \
	    "$(wc -l <"$o.ip.taken") taken by ip"
	empty "$name $f: ip reads every line" "$o.ip.ended"
	equal "$name $f: words and kernel refuse what ip refuses" \
	    "$o.ip.refused" "$o.words.refused"
	equal "$name $f: the kernel holds what ip makes of the lines" \
	    "$o.ip.dump" "$o.words.dump"
	empty "$name $f: dumps are read back as what was asked" \
	    "$o.words.find"
	equal "$name $f: ip takes the printed lines for the same" \
	    "$o.ip.dump" "$o.printed.dump"
}

# After compare: every object goes again, and no other.
take_back()
{
	local f=$1 name=$2 o=$dir/$2$1

	inside among_twins "$f" "$o.twins" "${@:3}"
	empty "$name $f: every delete finds its object" "$o.words.del"
	equal "$name $f: deleting leaves nothing" "$o.words.before" \
	    "$o.words.after"
	empty "$name $f: every delete finds its object among twins" \
	    "$o.twins.del"
	equal "$name $f: deleting leaves somebody else's twins alone" \
	    "$o.twins.before" "$o.twins.after"
}

# verdicts FAMILY FILE: lines of which some are wrong. Those that we can read
# are compared as good ones are; of the others ip takes none but for a reason
# that is listed.
verdicts()
{
	local f=$1 lines=$2 o=$2

	inside by_words "$f" "$o.words" "$lines"
	awk -v list="$o.words.err" -v unread="$o.unread" '
		BEGIN {
			while ((getline line <list) > 0)
				if (line !~ /^[0-9]+: kernel: /)
					no[0 + line]
		}
		!(NR in no)
		NR in no { print >unread }' "$lines" >"$o.read"
	compare "$f" damaged "$o.read"
	inside judged "$f" "$o.judged" "$o.unread"
	unjustified "$o.words.err" "$o.judged.taken" >"$o.unjustified"
	echo "# damaged $f: $(wc -l <"$o.unread") lines that we cannot read," \
	    "$(wc -l <"$o.judged.taken") taken by ip"
	empty "damaged $f: what ip alone takes is refused for a reason" \
	    "$o.unjustified"
}

# unjustified COMPLAINTS LINES: complaints of ours on the lines that no pattern
# of refused_on_purpose() fits.
unjustified()
{
	refused_on_purpose | sed 's/[[:space:]]*#.*//' >"$dir/purpose"
	awk -v list="$2" '
		BEGIN { while ((getline line <list) > 0) taken[line] }
		{
			text = $0
			sub(/^[^[]*\[/, "", text)
			sub(/\]$/, "", text)
		}
		text in taken' "$1" | grep -vEf "$dir/purpose"
}

# Each keyword of the generator's table often enough among the lines taken, each
# of its spellings at least once.  A word behind "type", or behind a route's
# "to", counts with that only: it may be short there for something else.
keywords()
{
	awk -v least="$3" -v each="$4" '
	function count(what) { seen[what]++ }
	FNR == 1 { file++ }
	file == 1 {
		kind = $1
		for (i = 2; i <= NF; i++) {
			if ($i == "nexthop")
				kind = "nexthop"
			last = $(i - 1)
			if (last != "type" && (kind != "route" || last != "to"))
				count(kind " " $i)
			count(kind " " last " " $i)
		}
		next
	}
	{
		number = $1
		what = substr($0, length($1) + 2)
		if (!(number in name)) {
			name[number] = what
			keys++
		}
		name[number] = what	# the longest comes last
		total[number] += seen[what]
		if (seen[what] < each)
			print "never taken: " what
	}
	END {
		for (number in name)
			if (total[number] < least)
				print total[number] " times: " name[number]
		if (keys < 100)
			print "a table of " keys + 0 " keywords"
	}' "$1" "$2"
}

# A list of words that nobody knows or leaves out would pass unseen.
undocumented()
{
	[ "$(documented | wc -l)" -ge 60 ] || echo "ip's help has another form"
	{
		cat "$dir"/keys-[46] | cut -d' ' -f2- | tr ' ' '\n'
		left_out | cut -d';' -f1
	} | sort -u >"$dir/known"
	documented | comm -23 - "$dir/known"
}

# What words say to each line left out, where it is not what they should.
taken_in()
{
	local line says said

	while IFS=';' read -r _ line says; do
		said=$(echo "${line#-? }" | "$tool" "${line%% *}" print)
		[[ $said == "# "*"$says"* ]] || echo "$line: $said"
	done
}

echo "# SEED=$seed COUNT=$count DAMAGED=$damaged"
for f in -4 -6; do
	typical $f >"$dir/typical"
	compare $f typical "$dir/typical"
	take_back $f typical "$dir/typical"
	empty "typical $f: every line is taken" "$dir/typical$f.words.err"

	half=$((count / 2))
	"$gen" $f lines "$seed" $half >"$dir/numbers$f"
	"$gen" $f names "$seed" $half >"$dir/names$f"
	compare $f random "$dir/numbers$f" "$dir/names$f"
	take_back $f random "$dir/numbers$f" "$dir/names$f"
	"$gen" $f keys >"$dir/keys$f"
	keywords "$dir/random$f.ip.taken" "$dir/keys$f" 5 0 >"$dir/few"
	empty "random $f: ip took every keyword 5 times" "$dir/few"

	"$gen" $f lines $((seed + 1)) "$damaged" | "$damage" $f "$seed" \
	    >"$dir/damaged$f"
	verdicts $f "$dir/damaged$f"
done
[ "$(cat "$dir"/random-[46].ip.taken | wc -l)" -ge 10000 ]
report "10000 random lines were taken by ip" $? /dev/null
keywords <(cat "$dir"/random-[46].ip.taken) "$dir/keys-4" 0 1 >"$dir/few"
empty "ip took every spelling of every keyword" "$dir/few"
undocumented >"$dir/undocumented"
empty "every word of ip's own help is in the table or left out" \
    "$dir/undocumented"
left_out | taken_in >"$dir/taken-in"
empty "what is left out is refused, and by name" "$dir/taken-in"

refused >"$dir/refused"
inside by_words -4 "$dir/refused.words" "$dir/refused"
inside judged -4 "$dir/refused.judged" "$dir/refused"
empty "$(wc -l <"$dir/refused") wrong lines: ip takes none" \
    "$dir/refused.judged.taken"
empty "words and kernel take none of them" "$dir/refused.words.taken"
echo "1..$tests"
[ $failed -eq 0 ]
