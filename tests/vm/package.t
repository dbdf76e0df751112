#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: the package on a machine that boots: installed, booted with, hotplugged, upgraded, watched, removed, purged.
. "$(dirname "$0")/machine.sh" package "$@"
