# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: udhcpc for the tests of it: our script in the place of Debian's own.

CLIENT=udhcpc
. "$(dirname "${BASH_SOURCE[0]}")/dhcp.sh"

SCRIPT=/etc/udhcpc/default.script
RENEWS='renew'
EXPIRES='deconfig'
KEPT="default via $GW dev eth0"
# ifdown sends SIGUSR2 and SIGTERM; who gets both at once acts on the latter.
LEAVES=1
# It takes no lease of less.
BRIEFLY=16

# As the manual says, for a client that cannot be told another script.
dpkg-divert --quiet --divert $SCRIPT.distrib --rename $SCRIPT
cp /usr/libexec/ifpolicy/udhcpc $SCRIPT
cp -a /etc/udhcpc /tmp/.etc/

quicken() {
	sed -i '2iecho "$1" >>/tmp/case/reasons' $SCRIPT.distrib
}

renew() { kill -USR1 "$(</run/udhcpc.${1:-eth0}.pid)"; }
