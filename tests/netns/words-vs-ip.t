#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: words and wire do what the real ip(8) does, line by line.
#
# The same lines go into one network namespace through ip and into another
# through words and wire; the dumps must be equal. SEED= and COUNT= choose
# other random lines.

cd "$(dirname "$0")/../.." || exit 1
self=$PWD/tests/netns/words-vs-ip.t
build=${BUILD:-build}
tool=$(realpath -m "$build/tests/words-vs-ip")
[ -x "$tool" ] || tool=$(realpath -m "$build/tests/netns/words-vs-ip")
seed=${SEED:-20240610}
count=${COUNT:-500}

# Lines that administrators write.
typical()
{
	if [ "$1" = -4 ]; then cat <<-END
	rule from 10.0.0.1 table 77
	rule from 10.0.0.1/32 lookup 77 priority 100
	rule to 10.0.0.1 tab 77 pref 101
	rule from 10.0.0.0/24 table 77 prio 32000
	rule from 10.0.0/24 to 10/8 table main priority 99
	rule fwmark 1 table 77
	rule fwmark 0x2/0xff lookup 77 pref 5
	rule iif d0 table 77 pref 6
	rule dev d1 lookup 77 pref 7
	rule oif d0 lookup 77 pref 8
	rule not from 10.0.0.0/8 lookup 77 pref 9
	rule from all lookup main suppress_prefixlength 0 pref 10
	rule not fwmark 51820 table 51820 pref 11
	rule pref 12 from 10.0.1.0/24 prohibit
	rule pref 13 from 10.0.2.0/24 type blackhole
	rule pref 14 from any lookup 77
	rule pref 15 ipproto udp dport 53 lookup 77
	rule pref 16 ipproto tcp sport 80-443 table 77
	rule pref 17 uidrange 1000-1999 lookup 77
	rule pref 18 tos 0x10 table 77
	rule pref 19 dsfield 0x8 table 77
	rule pref 20 goto 32766
	rule pref 21 from 10.0.0.0/255.255.255.0 table 77 realms 5
	rule pref 22 nop
	rule pref 23 from 10.0.3.1 proto static lookup default
	rule from 0/0 to 10.0.0.1 pref 24 lookup 253
	route default via 10.0.0.254 dev d0 table 77
	route default via 10.0.0.254 table 78
	route default dev d0 table 79
	route 10.0.0.0/24 dev d0 src 10.0.0.1 table 77
	route 10.0.0.0/24 dev d0 scope link src 10.0.0.1 table 78
	route 10.0.0.0/24 dev d0 proto kernel scope link src 10.0.0.1 table 79
	route 192.168.0.0/16 via 10.0.0.253 dev d0 metric 100
	route 192.168/16 via 10.0.0.253 dev d0 metric 101
	route 198.51.100.7 via 10.0.1.253
	route to 198.51.100.8/32 via 10.0.1.253 dev d1 proto static
	route default via 10.0.1.254 dev d1 metric 200
	route default scope global nexthop via 10.0.0.254 dev d0 weight 1 nexthop via 10.0.1.254 dev d1 weight 2
	route default via 192.0.2.1 dev d0 onlink table 80
	route unreachable default metric 4294967295 table 77
	route blackhole 192.0.2.0/24
	route prohibit 203.0.113.0/24 table 77
	route throw 198.18.0.0/15 table 77
	route 0.0.0.0/0 dev d1 table 81
	route 0/1 via 10.0.0.254 table 81
	route 128.0.0.0/1 via 10.0.0.254 table 81
	route 198.51.100.9 dev d0 mtu 1400 advmss 1360
	route local 198.51.100.10 dev lo table 82
	route 198.51.100.0/255.255.255.128 dev d1 table 82
	route 198.51.100.11 dev d1 scope 77 table 82
	END
	else cat <<-END
	route default via 2001:db8:ffff::1 dev d0 onlink table 82
	rule pref 11 dsfield AF11 table 77
	rule from 2001:db8::1 table 77
	rule from 2001:db8::/64 lookup 77 priority 100
	rule to 2001:db8::1/128 tab 77 pref 101
	rule iif d0 lookup 77 pref 6
	rule fwmark 0x10/0xf0 table 77 pref 7
	rule from all lookup main suppress_prefixlength 0 pref 8
	rule pref 9 unreachable from 2001:db8:dead::/48
	rule pref 30 from ::/0 lookup 77
	route default via 2001:db8::fe dev d0 table 77
	route default via fe80::1 dev d0 table 78
	route default dev d1 table 79 metric 1
	route ::/0 via 2001:db8:1::fe table 80
	route 2001:db8::/64 dev d0 table 77
	route 2001:db8:aa::/48 via 2001:db8::fd dev d0 src 2001:db8::1
	route 2001:db8:ab::/48 via 2001:db8::fd proto static metric 5 pref high
	route 2000::/3 via fe80::2 dev d1 metric 2048
	route default from 2001:db8::/64 via fe80::1 dev d0 metric 7
	route unreachable default metric 4294967295 table 77
	route blackhole 2001:db8:dead::/48
	route default table 81 nexthop via 2001:db8::fe nexthop via 2001:db8:1::fe weight 2
	route 2001:db8:ac::/48 dev d0 mtu lock 1280
	END
	fi
}

# Lines that ip refuses: words or the kernel must refuse them too.
refused()
{
	cat <<-END
	rule from 10.0.0.256 table 77
	rule from 10.0.0.0/33 table 77
	rule from 10.0.0.1 table nosuchtable
	rule from 10.0.0.1 lookup
	rule frm 10.0.0.1
	rule tos 0x101
	rule fwmark 0x100000000
	rule uidrange 5
	rule uidrange 9-5 table 77
	rule sport 9-5 table 77
	rule sport 65535 table 77
	rule l3mdev table 77
	rule iif averylongdevicename table 77
	rule iif a/b table 77
	rule pref -1 table 77
	rule from 2001:db8::1 table 77
	rule goto
	rule pref 100 goto 50
	rule tos 3 table 77
	rule suppress_prefixlength -1 table 77
	rule type nonsense table 77
	route
	route via 10.0.0.254
	route default via
	route default via 2001:db8::1
	route default via 10.0.0.300
	route default via 172.31.0.1 dev d0 table 77
	route default dev nosuchdev
	route default via 10.0.0.254 dev d0 metric x
	route default via 10.0.0.254 dev d0 via 10.0.0.253
	route default nexthop
	route default nexthop via 10.0.0.254 weight 0
	route default nexthop via 10.0.0.254 weight 257
	route default nexthop via 10.0.0.254 table 77
	route default 10.0.0.0/8 dev d0
	route 10.0.0.1/24 dev d0 table 77
	route unreachable 192.0.2.0/24 dev d0
	route 192.0.2.0/24 dev d0 tos 0x11
	route 192.0.2.0/24 dev d0 scope nonsense
	route 192.0.2.0/24 dev d0 hoplimit 256
	route 192.0.2.0/24 dev d0 features sack
	route 192.0.2.0/24 dev d0 congctl nosuchcc
	route 192.0.2.0/24 dev d0 nhid 4
	route 192.0.2.0/24 dev d0 src 10.5.5.5
	route any dev d0
	route 10.0.0.0/24 encap dev d0
	route 192.0.2.0/24 dev d0 rtt 5x
	route 192.0.2.0/24 dev d0 quickack 2
	END
}

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

# ip LINES OUT: numbers of the lines that ip refused, then the dump.
by_ip()
{
	sed -E 's/^(rule|route) /\1 add /' "$2" >"$3.batch"
	ip "$1" -force -batch "$3.batch" 2>"$3.err"
	sed -nE 's/^Command failed .*:([0-9]+)$/\1/p' "$3.err" >"$3.refused"
	dump "$1" >"$3.dump"
}

by_words()
{
	dump "$1" >"$3.before"
	"$tool" "$1" add <"$2" >"$3.taken" 2>"$3.err"
	sed -nE 's/^([0-9]+): .*/\1/p' "$3.err" >"$3.refused"
	dump "$1" >"$3.dump"
	"$tool" "$1" find <"$3.taken" >"$3.find" 2>&1
	tac "$3.taken" | "$tool" "$1" del >/dev/null 2>"$3.del"
	dump "$1" >"$3.after"
}

by_printed()
{
	"$tool" "$1" print <"$2" >"$3.batch"
	ip "$1" -force -batch "$3.batch" 2>"$3.err"
	dump "$1" >"$3.dump"
}

# Somebody else's twins come first, ours go again: theirs must all stay.
among_twins()
{
	"$tool" "$1" twin <"$2" >/dev/null 2>&1
	dump "$1" >"$3.before"
	"$tool" "$1" own <"$2" >"$3.taken" 2>/dev/null
	dump "$1" >"$3.dump"
	tac "$3.taken" | "$tool" "$1" delown >/dev/null 2>"$3.del"
	dump "$1" >"$3.after"
}

by_line()
{
	local n=0 line

	while read -r line; do
		n=$((n + 1))
		# shellcheck disable=SC2086 # words
		ip "$1" ${line%% *} add ${line#* } >/dev/null 2>&1 &&
			echo "ip takes it: $line"
		echo "$line" | "$tool" "$1" add 2>/dev/null |
			sed 's/^/words take it: /'
	done <"$2" >"$3.wrong"
	echo $n >"$3.count"
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

[ -x "$tool" ] || skip_all "$tool is not built"
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

empty()
{
	[ ! -s "$2" ]
	report "$1" $? "$2"
}

inside()
{
	unshare -n "$self" inside "$@"
}

compare()
{
	local f=$1 lines=$2 name=$3 o=$dir/$3$1

	inside by_ip "$f" "$lines" "$o.ip"
	inside by_words "$f" "$lines" "$o.words"
	inside by_printed "$f" "$lines" "$o.printed"
	inside among_twins "$f" "$lines" "$o.twins"
	echo "# $name $f: $(wc -l <"$lines") lines," \
	    "$(wc -l <"$o.ip.refused") refused by ip"
	equal "$name $f: words and kernel refuse what ip refuses" \
	    "$o.ip.refused" "$o.words.refused"
	equal "$name $f: the kernel holds what ip makes of the lines" \
	    "$o.ip.dump" "$o.words.dump"
	empty "$name $f: dumps are read back as what was asked" \
	    "$o.words.find"
	empty "$name $f: every delete finds its object" "$o.words.del"
	equal "$name $f: deleting leaves nothing" "$o.words.before" \
	    "$o.words.after"
	equal "$name $f: ip takes the printed lines for the same" \
	    "$o.ip.dump" "$o.printed.dump"
	empty "$name $f: every delete finds its object among twins" \
	    "$o.twins.del"
	equal "$name $f: deleting leaves somebody else's twins alone" \
	    "$o.twins.before" "$o.twins.after"
}

echo "# SEED=$seed COUNT=$count"
for f in -4 -6; do
	typical $f >"$dir/typical"
	compare $f "$dir/typical" typical
	empty "typical $f: every line is taken" "$dir/typical$f.words.err"
	"$tool" $f gen "$seed" "$count" >"$dir/random"
	compare $f "$dir/random" random
done
refused >"$dir/refused"
inside by_line -4 "$dir/refused" "$dir/line"
empty "$(cat "$dir/line.count") lines that ip refuses are refused" \
    "$dir/line.wrong"
echo "1..$tests"
[ $failed -eq 0 ]
