#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: what bash completion offers at each place of the command line.
. "$(dirname "$0")/lint.bash"
. helpers/completion/ifpolicy

# completes TO WORD...: the words offered for the last one, in their order.
completes()
{
	local to=$1

	shift
	COMP_WORDS=("$@")
	COMP_CWORD=$(($# - 1))
	_ifpolicy
	is "${COMPREPLY[*]}" "$to" "${*@Q}"
}

completes "refresh repair" ifpolicy re
completes "refresh repair" ifpolicy -n re
completes "route rule rp-filter" ifpolicy up eth1 r
completes "table" ifpolicy up eth1 metric 100 t
completes "keep filter strict" ifpolicy up eth1 arp ""
completes "yes" ifpolicy -v up eth1 prefer-main y
completes "--all" ifpolicy down --
completes "--dot" ifpolicy show --
completes "--prometheus" ifpolicy check --
completes "-4 -6 -h -j -n -v -V" ifpolicy -n -
completes "" ifpolicy up -
completes "explain" ifpolicy e
completes "to tos" ifpolicy explain t
completes "sport" ifpolicy explain to 10.0.0.1 s
completes "" ifpolicy explain to ""
completes "tcp" ifpolicy explain to 10.0.0.1 ipproto t
completes "table" ifpolicy try eth1 metric 100 t
completes "keep filter strict" ifpolicy try eth1 arp ""
completes "-t" ifpolicy try eth1 -
completes "" ifpolicy repair ""
completes "" ifpolicy show eth1 ""
completes "" ifpolicy up eth1 metric ""
done_testing
