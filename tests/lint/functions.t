#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: functions and files of a size that one can read.
. "$(dirname "$0")/lint.bash"

sources=()
for file in helpers/*.[ch] hooks/*.[ch]; do
	[ ! -e "$file" ] || sources+=("$file")
done

# A function begins at a "{" in the first column and ends at such a "}".
awk '
FNR == 1 { start = 0 }
/^\{/ { start = FNR }
/^\}/ {
	if (start && FNR - start + 1 > 80)
		printf("%s:%d: %d lines\n", FILENAME, start, FNR - start + 1)
	start = 0
}' "${sources[@]}" | none "no function over 80 lines"

awk 'END { if (FILENAME) file() }
function file() { if (lines > 600) printf("%s: %d lines\n", name, lines) }
FNR == 1 { if (name) file(); name = FILENAME }
{ lines = FNR }' "${sources[@]}" | none "no file over 600 lines"

# A tab counts to the next multiple of eight.  What a file is for stands in one
# line, however long.
for file in "${sources[@]}"; do
	expand "$file" | awk -v file="$file" \
	    'length($0) > 80 && !/Purpose:/ { printf("%s:%d: %d columns\n", file, NR, length($0)) }'
done | none "no line over 80 columns"

grep -nE '[[:blank:]]+$' "${sources[@]}" | none "no blanks at a line's end"

grep -nE '^\t* ' "${sources[@]}" | grep -vE ':[0-9]+:\t*(    [^ ]| \*)' |
	none "tabs indent, four blanks continue"

[ ! -e Makefile ] || awk 'END { if (NR > 180) print "Makefile: " NR " lines" }' \
    Makefile | none "the Makefile has at most 180 lines"
done_testing
