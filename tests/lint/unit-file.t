#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: the unit of ifpolicy watch is right, tight, and lets it do its work.
. "$(dirname "$0")/lint.bash"

unit=sysconfig/ifpolicy-watch.service

# set_to NAME: the values of a setting, in their order.
set_to()
{
	sed -n "s/^$1=//p" "$unit"
}

# The program need not be installed here.
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
sed 's,^ExecStart=/usr/sbin/ifpolicy ,ExecStart=/bin/true ,' "$unit" \
    >"$work/${unit##*/}"

systemd-analyze verify --man=no "$work/${unit##*/}" 2>&1 |
	none "systemd understands every line"

# A line too many is a complaint: it does not go unseen.
sed 's/^NoNewPrivileges=/NoNewPriviledges=/' "$work/${unit##*/}" \
    >"$work/wrong.service"
like "$(systemd-analyze verify --man=no "$work/wrong.service" 2>&1)" \
    'NoNewPriviledges' "and would not a wrong one"

ok "its exposure is 2.0 of 10 at most" systemd-analyze security \
    --offline=yes --threshold=20 "$PWD/$unit"
nok "and not lower: the number can fail" systemd-analyze security \
    --offline=yes --threshold=10 "$PWD/$unit"

is "$(set_to ExecStart)" "/usr/sbin/ifpolicy watch" "what it starts"
grep -qE '^[[:space:]]*\{ "watch",' helpers/main.c
is $? 0 "is a command"
is "$(set_to Type)" notify "it says when it is ready"
is "$(set_to CapabilityBoundingSet)" CAP_NET_ADMIN "with one capability"
is "$(set_to RuntimeDirectory) $(set_to RuntimeDirectoryPreserve)" \
    "ifpolicy yes" "the records outlive a stop"

# What would take the host's network, its settings, or sight of a rival away.
for line in PrivateNetwork=no PrivateUsers=no ProtectKernelTunables=no \
    ProtectProc=default ProcSubset=all; do
	grep -qx "$line" "$unit" || echo "$line"
done | none "what it works on is not hidden from it"

# It asks for these before it reads any input (see priv.c), and for signals.
tests/lib/unit-calls "$unit" >"$work/calls"
for call in capget capset prctl signalfd4 poll recvmsg sendmsg setsockopt \
    flock fsync rename madvise; do
	grep -qx "$call" "$work/calls" || echo "$call"
done | none "the calls it needs go through"
for call in ptrace mount setuid chown bpf init_module keyctl reboot; do
	! grep -qx "$call" "$work/calls" || echo "$call"
done | none "those it must never make do not"
done_testing
