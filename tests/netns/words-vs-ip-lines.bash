# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: the lines written by hand of words-vs-ip.t, and what is left out on purpose.

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
	rule from 10.9.13.8/27 table 101
	rule from 10.9.13.0/27 table 101
	rule to 10.0.0.5/255.255.255.0 pref 25 lookup 77
	rule table main suppress_prefixlength 0
	rule prio 100 from 10.0.1.0/23 lookup 77
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
	route default nexthop via 10.0.0.254 nexthop dev d1 weight 2
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
	route default via 0.0.0.0 dev d0 table 83
	route default via 10.0.0.98 dev d0:1 table 84
	route local 0.0.0.0/0 dev lo table 100
	route table 10 default via 10.0.0.2 src 10.0.0.1 dev d0
	route table 11 default via 10.0.1.2 src 10.0.1.1 dev d1:vip
	route 10.19.218.208/255.255.255.248 dev d1 src 10.0.1.1 table 85
	route default table 86 nexthop dev d0:1 nexthop via 10.0.1.2 dev d1:2
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
	rule from 2001:db8::5/64 table 77 pref 31
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
	route ::/0 table 81 nexthop via 2001:db8::fe nexthop via 2001:db8:1::fe
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

# Patterns of our complaints on lines that ip takes and we do not, and why.
refused_on_purpose()
{
	cat <<'END'
given twice			# ip takes one of the two and does not tell
"(0x[0-9a-f]+|[0-9]+)": expected from, to, iif	# a rule's type by number
type "[0-9a-fx]+": expected blackhole		# the same
"([^"]*/)?[+-][0-9]+": expected			# a sign
"([^"]*/)?0[0-9]+": expected			# octal, meant as decimal
"[0-9.]*\.0[0-9]+[0-9./]*": expected an IPv4	# the same
"[0-9a-fx.]+": expected an IPv4 (address|prefix)	# cut short
"[0-9a-f:]+/[0-9.]+": expected an IPv6 prefix	# a netmask of IPv4
"[0-9a-f:]+/[0-9]+": expected no host bits	# IPv6 drops those of a route
from "[0-9.]+/[0-9.]+": expected no host bits	# and IPv4 the whole word
[sd]port ".*": expected N or N-M		# read as far as it is a number
uidrange ".*": expected N-M			# the same
"[^"]*:[^"]*": expected a device name		# a rule's; no device has it
(ta?b?l?e?|lookup) "0": expected a routing table	# none, or a new one
"p[roto]*c?o?l?": expected a routing protocol other than 0	# as if none
expires "0": expected a number 1-		# over at once
"unicast": expected a table beside it		# a new one, of IPv4
"[a-z]+": no action of a rule			# others to the kernel
sup[a-z_]+ "[0-9a-fx]+": expected a number 0-2147483647	# too large
r[a-z_]+ "(0x[0-9a-f]+|[0-9]{10,})": expected a time	# hexadecimal; too large
END
}

# What ip(8) documents or takes and the library leaves out: the word, a line
# with it, what we say to that. Why: "encap" and "as" change packets, which the
# model of a route cannot say; "vrf" is another name for a table; of the
# families of "via" a host routes by two; the rest means nothing (NAT has left
# the kernel; no ip reads "pervasive"), is not what it seems (a rule's "throw"
# is another action to the kernel) or came after iproute2 6.1.
left_out()
{
	cat <<'END'
encap;-4 route default dev d0 encap ip id 5 dst 10.0.0.2;"encap": expected none
encap;-6 route default nexthop dev d0 encap mpls 5;"encap": expected none
as;-4 route default dev d0 as to 10.0.0.2;"as": expected none: only plain
as;-4 route default nexthop dev d0 as 10.0.0.2;"as": expected none: only plain
vrf;-4 route default dev d0 vrf red;"vrf": expected none: write the table
mpls;-4 route default via mpls 5 dev d0;via "mpls": expected an IPv4 address
bridge;-4 route default via bridge 5;via "bridge": expected an IPv4 address
link;-4 route default via link 0:0:0:0:0:1;via "link": expected an IPv4 address
inet;-6 route default via inet 10.0.0.2 dev d0;"via inet": expected an IPv6
pervasive;-4 route default dev d0 pervasive;"pervasive": expected a destination
nat;-6 route nat 2001:db8:9::/48 dev d0;"nat": expected a destination, via, dev
xresolve;-6 route xresolve ::/0 dev d0;"xresolve": expected a destination, via
nat;-4 rule nat 10.0.0.2;"nat": expected no address translation
map-to;-4 rule map-to 10.0.0.2;"map-to": expected no address translation
throw;-4 rule throw;"throw": no action of a rule
local;-4 rule from 10.0.0.1 local;"local": no action of a rule
broadcast;-4 rule type brd;type "brd": expected blackhole
broadcast;-4 rule broadcast;"broadcast": no action of a rule
anycast;-4 rule type anycast;"anycast": no action of a rule
multicast;-4 rule multicast;"multicast": no action of a rule
all;-4 route default dev d0 table all;table "all": expected a routing table
dscp;-4 rule dscp 8 table 77;"dscp": expected from, to
flowlabel;-6 rule flowlabel 8 table 77;"flowlabel": expected from, to
0;-4 rule table 0;table "0": expected a routing table
0;-4 route default dev d0 proto 0;"proto": expected a routing protocol other
0;-6 route default dev d0 expires 0;expires "0": expected a number 1-
label;-4 rule iif d0:1 table 77;iif "d0:1": expected a device name
label;-4 route default dev d0:;dev "d0:": expected a device name
realm;-4 route default dev d0 realms cosmos/5;realms "cosmos/5": expected TO or
type;-4 rule 6;"6": expected from, to
type;-4 rule unicast;"unicast": expected a table
time;-4 route default dev d0 rtt .5s;rtt ".5s": expected a time
host;-6 route 2001:db8:9::1/48 dev d0;expected no host bits
END
}

# The words of ip's own help that an added rule or route may have.
documented()
{
	{
		ip rule help 2>&1 | sed -n '/^SELECTOR/,$p'
		ip route help 2>&1 |
			sed -n -e '/^NODE_SPEC/,/^FEATURES/p'
	} | grep -oE '\b[a-z][a-z0-9_-]*' | grep -vx 'ms\|s' | sort -u
}
