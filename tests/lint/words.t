#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: words that do not belong into a finished tree.
. "$(dirname "$0")/lint.bash"

texts()
{
	find . \( -name .git -o -path ./build -o -path ./debian/ifpolicy -o \
	    -path ./debian/.debhelper -o -path './tests/fuzz/corpus*' \) \
	    -prune -o -type f ! -name COPYING \
	    ! -path ./tests/lint/words.t -print | sort
}

mapfile -t files < <(texts)

grep -nIE '\b(TODO|FIXME|XXX|HACK)\b' "${files[@]}" |
	none "nothing is left to do"

grep -nIE '(^|[^[:alnum:]_/.-])/(home|root|work|mnt|media)/' "${files[@]}" |
	none "no path of one machine"

# Addresses in examples are from the ranges set aside for that or private.
grep -nIE '\b(8\.8\.[48]\.[48]|1\.1\.1\.1|9\.9\.9\.9)\b' "${files[@]}" |
	none "no address of somebody in particular"

grep -rohE '\bpolicy-[a-z][a-z-]*[a-z]' README.md helpers/man/* \
    sysconfig/examples/* | sort -u | while read -r key; do
	grep -qE "\"${key#policy-}\"" helpers/keys.c || echo "$key"
done | none "every policy- option in the documents exists"
done_testing
