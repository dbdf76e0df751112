#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: links that only a kernel with modules has: the published bond by ifupdown and by NetworkManager, a VLAN, a VRF.
. "$(dirname "$0")/machine.sh" links "$@"
