#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: the Red Hat package builds, installs, works, is upgraded and erased without a trace.
#
# On the host: rpmbuild makes two releases from a tarball of the tree; manual
# pages are packed and programs stripped, as Red Hat's configuration of rpm does.
# Then, in namespaces of its own, rpm works on a copy-on-write view of a private
# Debian, whose libraries it does not know (--nodeps). The scripts' part is
# played by calling their hooks.

top=$(cd "$(dirname "$0")/../.." && pwd)
version=$(sed -nE 's/^Version:[[:space:]]+//p' "$top/rpm/ifpolicy.spec")
build=$(cd "$top" && realpath -m "${BUILD:-build}")
made=$build/rpm
. "$top/tests/lib/tap.sh"

# Debian's rpm has its tables below HOME.
export HOME=$made

# ---- build -------------------------------------------------------------

bail() {
	tail -n 40 "$made/log" | sed 's/^/# /' >&2
	echo "Bail out! $1"
	exit 1
}

# What is tracked, or all of it where there is no git, named as the spec wants.
tarball() {
	local name=ifpolicy-$version
	tar --exclude=./.git --exclude=./build --transform "s,^\.,$name," \
	    -czf "$made/SOURCES/$name.tar.gz" .
}

rpmbuild_it() {
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL -u MAKEOVERRIDES -u CFLAGS \
	    -u LDFLAGS -u BUILD rpmbuild --define "_topdir $made" \
	    --define "_buildhost build.example" \
	    --define "_tmppath $made" \
	    --define "__os_install_post bash /usr/lib/rpm/brp-compress" \
	    --define "build_ldflags -s" --nodeps "$@" >>"$made/log" 2>&1
}

build_packages() {
	rm -rf --one-file-system "$made"
	mkdir -p "$made/SOURCES"
	(cd "$top" && tarball) >"$made/log" 2>&1 || bail "no tarball"
	rpmbuild_it --noclean -ta "$made"/SOURCES/*.tar.gz ||
	    bail "rpmbuild failed"
	# The next release, of the same sources, which are built already.
	sed 's/^\(Release: *\)1/\12/' "$top/rpm/ifpolicy.spec" \
	    >"$made/ifpolicy.spec"
	cp "$made/log" "$made/log.1"
	rpmbuild_it --noprep --nocheck -bb "$made/ifpolicy.spec" ||
	    bail "rpmbuild of the next release failed"
	mv "$made"/RPMS/*/*.rpm "$made"/SRPMS/*.rpm "$made/"
	rpmlint -r "$top/rpm/ifpolicy.rpmlintrc" "$top/rpm/ifpolicy.spec" \
	    "$made"/*-1.*.rpm >"$made/rpmlint" 2>&1
	rpmlint "$top/rpm/ifpolicy.spec" "$made"/*-1.*.rpm \
	    >"$made/rpmlint.all" 2>&1
}

if [ -z "${RPM_ROOT-}" ]; then
	build_packages
	RPM_ROOT=$("$top/tests/lib/root" ifupdown) || exit 1
	export RPM_ROOT
	exec timeout -k 5 "${TEST_TIMEOUT:-300}" unshare --mount --net --pid \
	    --uts --ipc --fork --kill-child --mount-proc \
	    --propagation private \
	    bash "$top/tests/managers/${0##*/}" "$@"
fi

# ---- a root for each case ----------------------------------------------

T=$made/.mnt
R=$T/root
first=$(ls "$made"/ifpolicy-*-1.[!s]*.rpm)
second=$(ls "$made"/ifpolicy-*-2.*.rpm)
hook=/usr/libexec/ifpolicy/network-scripts
scripts=/etc/sysconfig/network-scripts
mkdir -p "$T"
mount -t tmpfs -o mode=755 tmpfs "$T"
# An overlay's options are split at commas and colons: relative names.
cd "$T" || exit 1
mkdir lower upper work root
mount --bind "$RPM_ROOT" lower
ip link set lo up

run() {
	"$@" >"$T/out" 2>"$T/err" </dev/null
	RC=$?
	OUT=$(<"$T/out") ERR=$(<"$T/err")
	return 0
}

setup() {
	local n
	rm -rf upper work
	mkdir upper work
	mount -t overlay -o lowerdir=lower,upperdir=upper,workdir=work \
	    overlay root
	mount -t proc proc root/proc
	mount -t sysfs sysfs root/sys
	mount -t tmpfs -o mode=755 tmpfs root/run
	mount -t tmpfs -o mode=755 tmpfs root/dev
	for n in null urandom; do
		: >root/dev/$n
		mount --bind /dev/$n root/dev/$n
	done
	ip link add eth0 address 02:00:00:00:00:01 type veth peer name p0
	ip link set p0 up
	mkdir -p root$scripts
	printf '%s\n' DEVICE=eth0 IPADDR=192.168.178.99 PREFIX=24 \
	    POLICY_TABLE=rt1 POLICY_GATEWAY=192.168.178.1 \
	    POLICY_METRIC=100 >root$scripts/ifcfg-eth0
	# On Red Hat it belongs to the package filesystem.
	mkdir -p root/usr/share/licenses
	BEFORE=$(kernel) FILES=$(files)
}

teardown() {
	cd "$T" || exit 1
	ip link del eth0
	umount -R root
}

files() {
	(cd root && find . -xdev ! -path './var/lib/rpm*' |
	    sort)
}

inside() { chroot "$R" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"; }

rpm_() {
	rpm --root "$R" --force-debian --define "_dbpath /var/lib/rpm" "$@"
}

install_it() { rpm_ -i --nodeps "${1:-$first}"; }
upgrade_it() { rpm_ -U --nodeps "$second"; }
erase_it() { rpm_ -e ifpolicy; }

# What the scripts would have done around their hooks.
ifup() {
	ip link set eth0 up
	ip addr add 192.168.178.99/24 dev eth0 2>/dev/null
	inside "/sbin/ifup-local" eth0
}

ifdown() {
	inside /sbin/ifdown-pre-local eth0
	ip addr flush dev eth0
	ip link set eth0 down
	inside /sbin/ifdown-local eth0
}

kernel() {
	ip -N -4 rule
	ip -N -6 rule
	ip -N -4 route show table all | grep -v 'table 255'
	ip -o -4 addr show scope global | cut -d' ' -f2-7
}

# The name of its table, as the root knows it.
policy_of_eth0() {
	inside ip rule | grep -c 'from 192.168.178.99 lookup rt1'
}

nothing_of_ours() {
	unlike "$(kernel; ls root/run/ifpolicy 2>&1)" \
	    'proto 173|^net-[0-9a-z]+$' "${1:-nothing of ours in the kernel}"
}

links() {
	local h
	for h in ifup-local ifdown-pre-local ifdown-local; do
		readlink "root/sbin/$h"
	done
}

all_links=$hook$'\n'$hook$'\n'$hook

# ---- the package -------------------------------------------------------

case_it_builds_and_its_own_checks_pass() {
	like "$(<"$made/log.1")" '^Result: PASS' "%check runs the unit tests"
	ok "a source package" test -s "$made"/ifpolicy-*.src.rpm
	is "$(grep -E '(warning|error):' "$made/log.1" |
	    grep -v 'line [0-9]*: Possible unexpanded')" "" "no warning"
}

case_rpmlint_has_nothing_to_say() {
	like "$(<"$made/rpmlint")" ' 0 errors, 0 warnings' "no complaint"
	is "$(grep -E ': [EW]: ' "$made/rpmlint")" "" "not one line"
}

# A filter that filters nothing is a reason that holds no more.
case_each_filter_is_needed() {
	local filter
	while read -r filter; do
		like "$(<"$made/rpmlint.all")" "$filter" "$filter"
	done < <(sed -nE "s/^addFilter\(r'(.*)'\)/\1/p" \
	    "$top/rpm/ifpolicy.rpmlintrc")
}

case_it_brings_what_it_should() {
	local f doc=/usr/share/doc/ifpolicy-
	run install_it
	is "$RC$OUT$ERR" 0 "rpm -i says nothing"
	is "$(links)" "$all_links" "three links"
	is "$(rpm_ -q --qf '[%{FILEMODES:perms} %{FILENAMES}\n]' ifpolicy |
	    grep -vF -e " $doc" -e "/.build-id")" "drwxr-xr-x /etc/dhcp
drwxr-xr-x /etc/dhcp/dhclient-exit-hooks.d
-rwxr-xr-x /etc/dhcp/dhclient-exit-hooks.d/ifpolicy.sh
drwxr-xr-x /etc/ifpolicy
drwxr-xr-x /etc/iproute2
drwxr-xr-x /etc/iproute2/rt_protos.d
-rw-r--r-- /etc/iproute2/rt_protos.d/ifpolicy.conf
drwxr-xr-x /etc/iproute2/rt_tables.d
-rw-r--r-- /etc/iproute2/rt_tables.d/ifpolicy.conf
-rw-r--r-- /etc/sysconfig/ifpolicy
drwxr-xr-x /usr/lib/NetworkManager
drwxr-xr-x /usr/lib/NetworkManager/dispatcher.d
lrwxrwxrwx /usr/lib/NetworkManager/dispatcher.d/ifpolicy
drwxr-xr-x /usr/lib/NetworkManager/dispatcher.d/pre-down.d
lrwxrwxrwx /usr/lib/NetworkManager/dispatcher.d/pre-down.d/ifpolicy
drwxr-xr-x /usr/lib/systemd/networkd.conf.d
-rw-r--r-- /usr/lib/systemd/networkd.conf.d/ifpolicy.conf
-rw-r--r-- /usr/lib/systemd/system/ifpolicy-watch.service
drwxr-xr-x /usr/libexec/dhcpcd-hooks
-rw-r--r-- /usr/libexec/dhcpcd-hooks/90-ifpolicy
drwxr-xr-x /usr/libexec/ifpolicy
-rwxr-xr-x /usr/libexec/ifpolicy/dhcp
-rwxr-xr-x /usr/libexec/ifpolicy/keepalived
-rwxr-xr-x /usr/libexec/ifpolicy/network-scripts
-rwxr-xr-x /usr/libexec/ifpolicy/networkmanager
-rwxr-xr-x /usr/libexec/ifpolicy/udhcpc
-rwxr-xr-x /usr/sbin/ifpolicy
drwxr-xr-x /usr/share/bash-completion
drwxr-xr-x /usr/share/bash-completion/completions
-rw-r--r-- /usr/share/bash-completion/completions/ifpolicy
drwxr-xr-x /usr/share/licenses/ifpolicy-$version
-rw-r--r-- /usr/share/licenses/ifpolicy-$version/COPYING
-rw-r--r-- /usr/share/man/man5/ifpolicy-interfaces.5.gz
-rw-r--r-- /usr/share/man/man7/ifpolicy-hooks.7.gz
-rw-r--r-- /usr/share/man/man8/ifpolicy.8.gz" "files"
	is "$(rpm_ -q --configfiles ifpolicy)" \
	    "/etc/iproute2/rt_protos.d/ifpolicy.conf
/etc/sysconfig/ifpolicy" "configuration"
	for f in README.md NEWS network-scripts/virtual-ip/ifcfg-eth0:1; do
		ok "$f" test -s "root$doc$version/$f"
	done
	is "$(rpm_ -V --nodeps ifpolicy)" "" "rpm -V"
	is "$(inside ifpolicy -V)" "ifpolicy $version" "the command runs"
	is "$(sed -n 's/^VERSION ?= //p' "$top/Makefile")" "$version" \
	    "the Makefile has the same version"
	is "$(grep -vE '^(#|$)' root/etc/sysconfig/ifpolicy)" "" \
	    "the defaults file sets nothing"
}

case_an_interface_gets_its_policy_and_loses_it() {
	install_it
	silent "ifup" ifup
	is "$(policy_of_eth0)" 1 "the rule is there"
	silent "ifpolicy check" inside ifpolicy check
	silent "ifdown" ifdown
	is "$(kernel)" "$BEFORE" "nothing is left"
}

# ---- an administrator's own hooks --------------------------------------

case_an_own_hook_is_kept_and_the_line_to_add_is_said() {
	local line
	printf '%s\n' '#!/bin/sh' 'echo "mine: $1"' >root/sbin/ifup-local
	chmod 755 root/sbin/ifup-local
	run install_it
	is "$RC" 0 "rpm -i"
	is "$(tail -n 1 root/sbin/ifup-local)" 'echo "mine: $1"' "it is kept"
	is "$(links)" "$hook"$'\n'"$hook" "the others are ours"
	like "$OUT" '^/sbin/ifup-local is not ours and stays' "it is said"
	line=$(grep -F '[ ! -x' <<<"$OUT")
	is "$line" "[ ! -x $hook ] || $hook ifup-local \"\$@\"" "with the line"
	echo "$line" >>root/sbin/ifup-local
	run ifup
	is "$OUT$ERR" "mine: eth0" "both hooks run"
	is "$(policy_of_eth0)" 1 "the rule is there"
	run erase_it
	is "$RC" 0 "rpm -e"
	is "$(grep -c mine root/sbin/ifup-local)" 1 "it is kept"
	run ifup
	is "$RC$OUT$ERR" "0mine: eth0" "and works without us"
	is "$(links)" "" "our links are gone"
}

case_a_link_to_somewhere_else_is_an_own_hook() {
	ln -s /opt/hooks/none root/sbin/ifdown-local
	run install_it
	like "$OUT" '^/sbin/ifdown-local is not ours' "it is said"
	erase_it >/dev/null 2>&1
	is "$(links)" /opt/hooks/none "it is kept"
}

# ---- upgrade -----------------------------------------------------------

case_an_upgrade_keeps_record_kernel_and_links() {
	local record was pid
	install_it
	ifup
	echo POLICY_WAIT=4 >>root/etc/sysconfig/ifpolicy
	record=$(cat root/run/ifpolicy/net-*)
	is "$(policy_of_eth0)" 1 "the rule is there"
	was=$(kernel)
	ip monitor rule route >"$T/monitor" 2>&1 &
	pid=$!
	run upgrade_it
	is "$RC$OUT$ERR" 0 "rpm -U says nothing"
	sleep 0.2
	kill $pid
	wait $pid 2>/dev/null
	is "$(rpm_ -q --qf '%{RELEASE}' ifpolicy)" 2 "the next release"
	is "$(<"$T/monitor")" "" "the kernel sees no change"
	is "$(kernel)" "$was" "rules and routes are the same"
	is "$(cat root/run/ifpolicy/net-*)" "$record" "and so is the record"
	is "$(links)" "$all_links" "the links"
	is "$(tail -n 1 root/etc/sysconfig/ifpolicy)" POLICY_WAIT=4 \
	    "the defaults stay as they were edited"
	silent "ifpolicy check" inside ifpolicy check
	silent "ifdown" ifdown
	is "$(kernel)" "$BEFORE" "nothing is left"
}

case_an_upgrade_keeps_a_link_away_that_was_taken_away() {
	install_it
	rm root/sbin/ifdown-local
	upgrade_it
	is "$(links)" "$hook"$'\n'"$hook" "two links"
}

# ---- erase -------------------------------------------------------------

case_erase_takes_down_what_is_up_and_leaves_no_file() {
	install_it
	ifup
	is "$(policy_of_eth0)" 1 "the rule is there"
	run erase_it
	is "$RC$ERR" 0 "rpm -e"
	like "$OUT" 'Taking down' "it says so"
	nothing_of_ours
	is "$(files)" "$FILES" "the same files as before"
	is "$(links)" "" "no link"
	nok "no record" ls root/run/ifpolicy
}

case_erase_gives_back_the_stock_scripts() {
	local h
	for h in ifup-routes ifdown-routes; do
		echo "stock $h" >root$scripts/$h.stock
		ln -s $hook root$scripts/$h
	done
	install_it
	run erase_it
	is "$RC$ERR" 0 "rpm -e"
	is "$(cat root$scripts/if*-routes)" \
	    "stock ifdown-routes"$'\n'"stock ifup-routes" "they are back"
	is "$(ls root$scripts/*.stock 2>/dev/null)" "" "no copy is left"
}

case_erase_leaves_no_link_where_the_stock_script_is_lost() {
	ln -s $hook root$scripts/ifup-routes
	install_it
	run erase_it
	is "$RC" 0 "rpm -e"
	like "$ERR" 'ifup-routes.stock is missing' "it says so"
	nok "no link" test -L root$scripts/ifup-routes
}

case_erase_works_when_the_command_does_not() {
	install_it
	printf '#!/bin/sh\nexit 1\n' >root/usr/sbin/ifpolicy
	run erase_it
	is "$RC" 0 "rpm -e"
	like "$ERR" 'may be left' "it says that something may be left"
}

case_erase_works_whatever_the_defaults_say() {
	install_it
	ifup
	is "$(policy_of_eth0)" 1 "the rule is there"
	echo junk >root/etc/sysconfig/ifpolicy
	run erase_it
	is "$RC" 0 "rpm -e"
	nothing_of_ours
	ok "what was edited is kept aside" test -f \
	    root/etc/sysconfig/ifpolicy.rpmsave
}

case_erase_keeps_what_the_administrator_wrote() {
	install_it
	echo "policy-table rt1" >root/etc/ifpolicy/eth9
	echo "7 mine" >root/etc/iproute2/rt_tables.d/mine.conf
	run erase_it
	is "$RC" 0 "rpm -e"
	ok "a file in /etc/ifpolicy" test -f root/etc/ifpolicy/eth9
	ok "a file in rt_tables.d" test -f \
	    root/etc/iproute2/rt_tables.d/mine.conf
}

case_erase_and_install_again() {
	install_it
	erase_it >/dev/null 2>&1
	run install_it
	is "$RC$OUT$ERR" 0 "rpm -i"
	silent "ifup" ifup
	is "$(policy_of_eth0)" 1 "the rule is there"
	silent "ifdown" ifdown
	is "$(kernel)" "$BEFORE" "nothing is left"
}

run_cases "$@"
