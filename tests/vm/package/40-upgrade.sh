# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: an upgrade from the previous build with claims in place keeps them, and they can still be taken down.
. "$JOB/guest/lib.sh"

case_an_upgrade_keeps_the_policy() {
	local before

	before=$(whole)
	is "$(version)" "ii 0~previous" "the previous build is installed"
	unmoved "apt-get install of the next" package new
	is "$(version)" "ii $(dpkg-deb -f "$JOB/new.deb" Version)" "the version"
	is "$(whole)" "$before" "the same rules and routes"
	is "$(dangling)" "" "no link dangles"
	nok "the watch is not started" systemctl is-active -q ifpolicy-watch
	content
}

case_what_the_previous_build_has_put_up_goes_down() {
	local before

	before=$(whole)
	ok "ifdown eth1" ifdown eth1
	is "$(ruled $B)" 0 "eth1 has no rule"
	is "$(ruled $A)" 2 "eth0 has its"
	ok "ifup eth1" ifup eth1
	is "$(whole)" "$before" "the same rules and routes"
	content
}

run_cases
