#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: every source file names its licence and says what it is for.
. "$(dirname "$0")/lint.bash"

sources()
{
	find helpers hooks tests debian -type f \( -name '*.[cht]' -o \
	    -name '*.sh' -o -name '*.bash' -o -path '*/completion/*' -o \
	    -name '*.[1-9]' \) ! -path 'debian/ifpolicy/*' \
	    ! -path 'debian/.debhelper/*' ! -path '*/corpus/*' | sort
}

sources | while read -r file; do
	head -n 3 "$file" |
	    grep -q 'SPDX-License-Identifier: GPL-2.0-or-later' || echo "$file"
done | none "every file has an SPDX line"

sources | while read -r file; do
	head -n 5 "$file" | grep -q 'Purpose: [^ ].*[.*/ ]$' || echo "$file"
done | none "every file has a Purpose line that is a sentence"

sources | grep '\.t$' | while read -r file; do
	[ -x "$file" ] || echo "$file"
done | none "every test is executable"

for line in 'GNU GENERAL PUBLIC LICENSE' 'Version 2, June 1991'; do
	grep -qF "$line" COPYING || echo "COPYING lacks: $line"
done 2>&1 | none "COPYING is version 2 of the GPL"
done_testing
