#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: udhcpc under ifupdown: a lease that runs out, which takes it half a minute.

. "$(dirname "$0")/../lib/udhcpc.sh"

case_a_lease_runs_out() { runs_out; }

run_cases "$@"
