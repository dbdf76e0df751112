#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: manual pages, README and completion know all keys and commands.
. "$(dirname "$0")/lint.bash"

page=helpers/man/ifpolicy-interfaces.5
command_page=helpers/man/ifpolicy.8
completion=helpers/completion/ifpolicy

keys()
{
	sed -nE 's/.*\.name = "([a-z-]+)".*/\1/p' helpers/keys.c
}

commands()
{
	sed -nE '/^static .* subcommands\[\]/,/^\}/ {
	    s/^[[:space:]]*\{ "([a-z]+)",.*/\1/p; }' helpers/main.c
}

# lists NAME: the words of a variable of the completion.
lists()
{
	sed -nE "/local $1=/,/\"\$/p" "$completion" | tr '\n\t' '  ' |
	    sed -E 's/[^"]*"([^"]*)".*/\1/' | tr -s ' ' '\n' | sort
}

# differ WHAT: what of two sorted lists is in one only.
differ()
{
	comm -3 <(keys_or_commands "$1") <(lists "$1") |
	    sed -E 's/^\t/not in the table: /; t; s/^/missing: /'
}

keys_or_commands()
{
	case $1 in
	keys) keys | sort ;;
	commands) commands | sort ;;
	esac
}

if command -v mandoc >/dev/null; then
	# Pages of other packages may not be installed here.
	for file in helpers/man/*.[1-9]; do
		mandoc -Tlint "$file" 2>/dev/null |
		    grep -v 'referenced manual not found'
	done | none "mandoc has nothing to say"
else
	skip "mandoc has nothing to say" "mandoc is not installed"
fi

{
	[ "$(keys | wc -l)" -ge 10 ] || echo "no keys in helpers/keys.c"
	[ "$(commands | wc -l)" -ge 5 ] || echo "no commands in helpers/main.c"
} | none "the tables can be read"

for key in $(keys); do
	grep -qE "^\.It Ic policy-$key( |\$)" "$page" || echo "$key"
done | none "ifpolicy-interfaces(5) has every key"

sed -nE 's/^\.It Ic policy-([a-z-]+).*/\1/p' "$page" | while read -r key; do
	keys | grep -qxF -- "$key" || echo "$key"
done | none "ifpolicy-interfaces(5) has no other key"

for key in $(keys); do
	grep -qF "\`policy-$key\`" README.md || echo "$key"
done | none "README.md has every key"

for key in $(keys); do
	grep -qrE "^[[:space:]]+policy-${key}[0-9]* " sysconfig/examples ||
		echo "$key"
done | none "every key has an example"

for command in $(commands); do
	grep -qE "^\.It Cm $command( |\$)" "$command_page" ||
		echo "$command: not described"
	grep -qE "^\.Cm $command\$" "$command_page" ||
		echo "$command: not in the synopsis"
done | none "ifpolicy(8) has every command"

sed -nE '/^\.Ss Commands/,/^\.Ss Options/s/^\.It Cm ([a-z]+).*/\1/p' \
    "$command_page" | while read -r command; do
	commands | grep -qxF -- "$command" || echo "$command"
done | none "ifpolicy(8) has no other command"

differ keys | none "the completion has the keys of the table"
differ commands | none "the completion has the commands of the table"

# Choices the completion offers are those of the table.
sed -nE 's/^\t([a-z-]+)\)[[:space:]]+echo (.*) ;;/\1 \2/p' "$completion" |
while read -r key choices; do
	table=$(tr '\n' ' ' <helpers/keys.c |
	    sed -nE "s/.*\.name = \"$key\"[^}]*\.choices =[[:space:]]*\"([^\"]*)\".*/\1/p")
	[ -z "$table" ] || [ "$table" = "$choices" ] ||
		echo "$key: \"$choices\" for \"$table\""
done | none "the completion offers the choices of the table"
done_testing
