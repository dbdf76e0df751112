#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: the Debian package installs, works, is upgraded, removed and purged without a trace.
#
# Outside the sandbox: a copy of the tree is built as anybody would build it.
# Inside: dpkg on a root that has never seen the package.

top=$(cd "$(dirname "$0")/../.." && pwd)
made=$top/build/deb

build_package()
{
	local copy

	rm -rf "$made"
	mkdir -p "$made"
	copy=$(mktemp -d) || exit 1
	mkdir "$copy/ifpolicy"
	tar -C "$top" --exclude=./.git --exclude=./build -cf - . |
	    tar -C "$copy/ifpolicy" -xf -
	(
		unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES CFLAGS LDFLAGS
		cd "$copy/ifpolicy" && dpkg-buildpackage -us -uc -b
	) >"$made/log" 2>&1 </dev/null || {
		sed 's/^/# /' "$made/log" >&2
		echo "Bail out! dpkg-buildpackage failed"
		rm -rf "$copy"
		exit 1
	}
	if command -v lintian >/dev/null; then
		lintian --allow-root -EviI --pedantic "$copy"/*.changes \
		    >"$made/lintian" 2>&1
	fi
	mv "$copy"/*.deb "$made/"
	rm -rf "$copy"
}

if [ -z "${SANDBOX-}" ]; then
	build_package
	export BARE=1
fi
. "$top/tests/lib/net.sh"

export DEBIAN_FRONTEND=noninteractive
deb=$(ls "$made"/ifpolicy_*.deb)

install_it() { run dpkg -i "$deb"; }

# Before each case: as if there had never been a package.
eval "clean_$(declare -f setup)"
setup()
{
	dpkg --purge ifpolicy >/dev/null 2>&1
	clean_setup
	[ -d /run/ifpolicy ] && rm -rf /run/ifpolicy
	rm -rf /etc/ifpolicy
}

files() { find / -xdev ! -path '/var/lib/dpkg/*' ! -path '/var/log/*' | sort; }

dangling() { find -L /etc/network /usr/libexec /usr/lib/NetworkManager -type l \
    2>/dev/null; }

policy_of_eth0() { rules | grep -c 'from 192.168.178.99 lookup rt1'; }

case_lintian_has_nothing_to_say() {
	if [ -e "$made/lintian" ]; then
		is "$(grep -E '^[EWIPX]:' "$made/lintian")" "" "no tag"
	else
		skip "no tag" "lintian is not installed"
	fi
}

case_the_package_brings_what_it_should() {
	local link

	install_it
	is "$RC" 0 "dpkg -i"
	is "$(dpkg-query -W -f '${Status}' ifpolicy)" "install ok installed" \
	    "it is configured"
	is "$(dangling)" "" "no link dangles"
	for link in /etc/network/if-{up,down}.d/ifpolicy; do
		is "$(readlink $link)" /usr/libexec/ifpolicy/ifupdown "$link"
	done
	for link in /usr/lib/NetworkManager/dispatcher.d{,/pre-down.d}/ifpolicy; do
		is "$(readlink -f $link)" /usr/libexec/ifpolicy/networkmanager \
		    "$link"
	done
	is "$(readlink -f /usr/libexec/ifupdown-ng/policy)" \
	    /usr/libexec/ifpolicy/ifupdown "the executor of ifupdown-ng"
	is "$(dpkg-query -W -f '${Conffiles}\n' ifpolicy | cut -d' ' -f2 |
	    grep . | sort)" "/etc/default/ifpolicy
/etc/dhcp/dhclient-exit-hooks.d/zz-ifpolicy
/etc/iproute2/rt_protos.d/ifpolicy.conf" "conffiles"
	ok "the unit of watch" test -e /lib/systemd/system/ifpolicy-watch.service
	is "$(find /etc/systemd -name '*ifpolicy*' 2>/dev/null)" "" \
	    "it is not enabled"
	like "$(ifpolicy -V)" '^ifpolicy [0-9]' "the command runs"
	ip route add 10.1.0.0/16 dev lo proto 173
	like "$(ip route show 10.1.0.0/16)" 'proto ifpolicy' \
	    "the protocol has its name"
	ip route del 10.1.0.0/16 dev lo proto 173
	is "$(grep -vE '^(#|$)' /etc/default/ifpolicy)" "" \
	    "the defaults file sets nothing"
}

case_an_interface_gets_its_policy_and_loses_it() {
	install_it
	usual
	remember
	ok "ifup" ifup eth0
	is "$(policy_of_eth0)" 1 "the rule is there"
	ok "ifdown" ifdown eth0
	nothing_left
}

case_an_upgrade_keeps_the_policy() {
	install_it
	usual
	ifup eth0
	changes_during dpkg -i "$deb" >/tmp/case/changes
	is "$(</tmp/case/changes)" "" "the kernel sees no change"
	is "$RC" 0 "dpkg -i once more"
	is "$(policy_of_eth0)" 1 "the rule is there"
	ok "check" ifpolicy check
	is "$(dangling)" "" "no link dangles"
}

case_remove_takes_down_what_is_up() {
	usual
	remember
	install_it
	ifup eth0
	run dpkg -r ifpolicy
	is "$RC" 0 "dpkg -r"
	like "$OUT$ERR" 'Taking down' "it says so"
	nothing_of_ours
	is "$(dangling)" "" "no link dangles"
	is "$(ls /etc/network/if-up.d/ifpolicy 2>&1 | grep -c 'No such')" 1 \
	    "the hook is gone"
	ok "ifdown" ifdown eth0
	ok "ifup without the package" ifup eth0
	unlike "$(rules)" lookup "and without a policy"
	ifdown eth0
}

# A link of if-up.d that dangles, if only for a moment, makes ifup fail.
case_links_go_before_what_they_point_to() {
	install_it
	strace -qq -o /tmp/case/trace -e trace=unlink,unlinkat \
	    dpkg -r ifpolicy >/dev/null 2>&1
	is "$(sed -nE 's/.*"([^"]*(if-up\.d\/ifpolicy|if-down\.d\/ifpolicy|libexec\/ifpolicy\/ifupdown))"\) += 0/\1/p' \
	    /tmp/case/trace | tail -n 1)" \
	    /usr/libexec/ifpolicy/ifupdown "the program is the last of the three"
}

case_remove_works_when_the_command_does_not() {
	install_it
	printf '#!/bin/sh\nexit 1\n' >/usr/sbin/ifpolicy
	run dpkg -r ifpolicy
	is "$RC" 0 "dpkg -r"
	like "$ERR" 'may be left' "it says that something may be left"
}

# What goes down was recorded; the administrator's files do not matter then.
case_remove_works_whatever_the_defaults_say() {
	install_it
	usual
	ifup eth0
	echo junk >/etc/default/ifpolicy
	run dpkg -r ifpolicy
	is "$RC" 0 "dpkg -r"
	nothing_of_ours
	ifdown eth0
}

case_remove_and_install_again() {
	install_it
	usual
	remember
	dpkg -r ifpolicy >/dev/null 2>&1
	install_it
	is "$RC" 0 "dpkg -i"
	ok "ifup" ifup eth0
	is "$(policy_of_eth0)" 1 "the rule is there"
	ok "ifdown" ifdown eth0
	nothing_left
}

case_purge_leaves_no_file() {
	local before

	usual
	before=$(files)
	install_it
	ifup eth0
	run dpkg --purge ifpolicy
	is "$RC" 0 "dpkg --purge"
	is "$OUT" "$(grep -v warning <<<"$OUT")" "without a warning"
	is "$(files)" "$before" "the same files as before"
	nok "no record" ls /run/ifpolicy
	nothing_of_ours
}

case_purge_keeps_what_the_administrator_wrote() {
	install_it
	mkdir -p /etc/ifpolicy
	echo "policy-table rt1" >/etc/ifpolicy/eth9
	echo "7 mine" >/etc/iproute2/rt_tables.d/mine.conf
	dpkg --purge ifpolicy >/dev/null 2>&1
	ok "a file in /etc/ifpolicy" test -f /etc/ifpolicy/eth9
	ok "a file in rt_tables.d" test -f /etc/iproute2/rt_tables.d/mine.conf
}

run_cases "$@"
