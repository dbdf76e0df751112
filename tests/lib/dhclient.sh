# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: ISC dhclient for the tests of it: quick, and by hand.

CLIENT=dhclient
. "$(dirname "${BASH_SOURCE[0]}")/dhcp.sh"

EXIT_HOOKS=/etc/dhcp/dhclient-exit-hooks.d
RENEWS='RENEW|REBIND'
EXPIRES='EXPIRE|FAIL'
KEPT="default via $GW dev eth0"
BRIEFLY=6

quicken() {
	cat >>/etc/dhcp/dhclient.conf <<-END
	initial-delay 0; initial-interval 1; backoff-cutoff 1;
	select-timeout 0; retry 1; reboot 1; timeout 5;
	supersede dhcp-renewal-time 1;
	supersede dhcp-rebinding-time 3;
	supersede dhcp-lease-time 6;
	END
	cat >$EXIT_HOOKS/zzzz-note <<-'END'
	echo "$reason" >>/tmp/case/reasons
	[ "$reason" != BOUND ] ||
	    echo "$new_ip_address" $(ip rule | grep -c " $new_ip_address ") \
	    >>/tmp/case/bound
	END
}

# By itself, each second.
renew() { :; }

# As ifup calls it: client [-r]
client() {
	dhclient "$@" -4 -pf /run/dhclient.eth0.pid \
	    -lf /var/lib/dhcp/dhclient.eth0.leases eth0
}
