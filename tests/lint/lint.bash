# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: for tests that list what is wrong with the tree.
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
. tests/lib/tap.sh

# "list | none NAME" must count in this shell, not in one of the pipe's.
shopt -s lastpipe

# none NAME: reads complaints; the test passes if there is none.
none()
{
	local found

	found=$(cat)
	if [ -z "$found" ]; then pass "$1"; else fail "$1" "$found"; fi
}

# A C file with its comments and strings emptied, lines kept.
code()
{
	perl -0pe 's{/\*.*?\*/|"(?:\\.|[^"\\\n])*"}
	    {my $t = $&; $t =~ /^"/ ? q("") : $t =~ tr/\n//cdr}gsex' "$1"
}

# Lines of that code that match a perl expression, as FILE:LINE: TEXT.
code_matches()
{
	local pattern=$1 file

	shift
	for file; do
		[ -e "$file" ] || continue
		code "$file" | FILE=$file PATTERN=$pattern perl -ne \
		    'print "$ENV{FILE}:$.: $_" if /$ENV{PATTERN}/'
	done
}
