/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: import of damaged files: no crash, no line lost, the same twice. */
#include <sys/stat.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "file.h"
#include "import.h"
#include "seed.h"

#define ROUNDS	2000
#define SIZE	8192
#define BLANKS	" \t\r\v\f"

/* What is cut, doubled, joined and spoilt below. */
static const char *const fixtures[] = {
	"auto eth0 eth1\n"
	"# a comment\n"
	"iface eth0 inet static\n"
	"\taddress 10.0.0.5/24\n"
	"\tgateway 10.0.0.1\n"
	"\tpre-up grep -q lab /etc/iproute2/rt_tables || echo \"55 lab\" >> "
	"/etc/iproute2/rt_tables\n"
	"\tup ip route add default via 10.0.0.1 dev eth0 table lab # why\n"
	"\tup ip rule add from 10.0.0.5/32 table lab || true\n"
	"\tup ip rule add to 10.0.0.5/32 table lab 2>/dev/null; true\n"
	"\tup ip -4 r a 10.9.0.0/16 \\\n\t\tvia 10.0.0.9\n"
	"\tup ip link set dev eth0 txqueuelen 500\n"
	"\tdown ip rule del from 10.0.0.5/32 table lab\n"
	"\tdown ip rule del to 10.0.0.5/32 table lab\n"
	"\tdown ip route flush table lab\n"
	"\n"
	"iface eth0:1 inet static\n"
	"  address 10.1.0.5\n  netmask 255.255.0.0\n"
	"  # inside\n"
	"  up ip rule add from $IF_ADDRESS table 7 prio 100\n"
	"  up ip rule add fwmark 0x7/0xf table 8\n"
	"  up ip route replace default via 10.1.0.1 dev ${IFACE} table 7\n"
	"  up sysctl -w net.ipv4.conf.$IFACE.arp_filter=1\n"
	"  up route add -net 172.16.0.0 netmask 255.240.0.0 gw 10.1.0.1\n"
	"  down route del -net 172.16.0.0/12\n",
	"mapping eth*\n\tscript /bin/x\n\tmap home\n"
	"iface home inet dhcp\n"
	"\tup ip route add default via 192.168.1.1 dev $IFACE table 3\n"
	"\tup ip rule add from 192.168.1.7 table 3\n"
	"\tup ip rule add to 192.168.1.7 table 3\n"
	"\tpost-up ip route del default dev $IFACE 2>/dev/null || true\n"
	"iface lan inet static\n\taddress 10.2.0.1/24\n"
	"\tup [ -e /x ] && ip rule add from 10.2.0.0/24 table 9\n"
	"\tup ip route add 10.5.0.0/16 via 10.99.0.1\n"
	"iface eth9 inet static inherits lan\n"
	"\tup ip rule add not from 10.3.0.0/24 iif eth9 table 9\n"
	"\tup ip rule add table main suppress_prefixlength 0\n"
	"iface eth9 inet6 static\n\taddress fd00::5/64\n"
	"\tup ip -6 route add default via fe80::1 dev eth9 metric 50\n"
	"\tup ip -6 rule add from fd00::5 lookup 9\n"
	"\tup ip -6 addr add fd00::6/128 dev eth9 nodad\n"
	"\tup ip -6 route add unreachable fd01::/16\n",
};

/* What a shell, and this program, may stumble over. */
static const char *const scraps[] = {
	"\\\n", "\\", "'", "\"", "$(", "`", "${", "||", "&&", ";", "|", "#",
	"\n", "\r", "\t", " ", "\n\n", "iface eth0 inet static\n", "auto",
	"policy-table 5\n", "# ifpolicy import: x\n", "up ", "ip rule ",
	"ip route flush table lab", "via 10.0.0.1", "/33", "$IFACE", "\x80",
	"table main", "priority 32765", "down ip rule del table 7",
	"source x\n", "no-auto-down eth0\n", "&>/dev/null", ">", "<", "(", ")",
};

static uint32_t state;

static uint32_t
roll(uint32_t below)
{
	state = state * 1664525 + 1013904223;
	return (uint32_t)(((uint64_t)(state >> 4) * below) >> 28);
}

static void
put_in(char *text, size_t at, const char *what)
{
	size_t n = strlen(text), m = strlen(what);

	if (n + m + 1 > SIZE)
		return;
	memmove(text + at + m, text + at, n - at + 1);
	memcpy(text + at, what, m);
}

static void
damage(char *text)
{
	size_t n = strlen(text), at = n ? roll((uint32_t)n) : 0, m;
	char piece[256];

	switch (roll(5)) {
	case 0:		/* a piece is cut out */
		m = roll(40);
		if (at + m < n)
			memmove(text + at, text + at + m, n - at - m + 1);
		break;
	case 1:		/* or doubled elsewhere */
		m = roll(200);
		if (at + m >= n)
			break;
		memcpy(piece, text + at, m);
		piece[m] = '\0';
		put_in(text, roll((uint32_t)n), piece);
		break;
	case 2:		/* the end is lost */
		if (roll(4) == 0)
			text[at] = '\0';
		break;
	case 3:
		if (n)
			text[at] = (char)(1 + roll(255));
		break;
	default:
		put_in(text, at, scraps[roll(sizeof(scraps) /
		    sizeof(scraps[0]))]);
	}
}

static char dir[] = "/tmp/import-fuzz-XXXXXX";

static void
name(char path[64], const char *what)
{
	snprintf(path, 64, "%s/%s", dir, what);
}

static void
save(const char *what, const char *text)
{
	char path[64];
	FILE *f;

	/* To empty a file makes some file systems write it out. */
	name(path, what);
	unlink(path);
	f = fopen(path, "w");
	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, strlen(text), f), strlen(text));
	assert_int_equal(fclose(f), 0);
}

/* What import prints of the file, to be freed. */
static char *
import(const char *what)
{
	struct fault f = { "" };
	char path[64], out[64], *text, *files[] = { path };
	int saved = dup(STDOUT_FILENO), err;

	name(path, what);
	name(out, "out");
	unlink(out);
	fflush(stdout);
	assert_non_null(freopen(out, "w", stdout));
	err = import_run(files, 1, "/", IMPORT_TEXT, NULL, &f);
	fflush(stdout);
	assert_true(dup2(saved, STDOUT_FILENO) >= 0);
	close(saved);
	if (err)
		fail_msg("%s", f.text);
	assert_int_equal(file_read(&text, out, 1 << 20), 0);
	return text;
}

/* A line of ours. */
static bool
is_new(const char *line)
{
	line += strspn(line, BLANKS);
	return !strncmp(line, "policy-", 7) ||
	    !strncmp(line, "# ifpolicy import: ", 19);
}

/* A line that may go: one that runs a command, or a continuation. */
static bool
may_go(const char *text, const char *line)
{
	static const char *const names[] = {
		"up", "down", "pre-up", "post-up", "pre-down", "post-down",
	};

	char joined[16] = "";

	/* To where the joined line begins; a comment joins nothing. */
	while (line > text + 1 && line[-1] == '\n' && line[-2] == '\\') {
		const char *before = line - 1;

		while (before > text && before[-1] != '\n')
			before--;
		if (before[strspn(before, BLANKS)] == '#')
			break;
		line = before;
	}
	for (size_t n = 0; n < sizeof(joined) - 1 && *line && *line != '\n';
	    line++) {
		if (line[0] == '\\' && line[1] == '\n')
			line++;
		else if (n > 0 || !strchr(BLANKS, *line))
			joined[n++] = *line;
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		size_t n = strlen(names[i]);

		if (!strncmp(joined, names[i], n) && joined[n] &&
		    strchr(BLANKS, joined[n]))
			return true;
	}
	return false;
}

static size_t
length(const char *line)
{
	size_t n = strcspn(line, "\n");

	return n + (line[n] == '\n');
}

static bool
same_line(const char *a, const char *b)
{
	size_t n = strcspn(a, "\n");

	return n == strcspn(b, "\n") && !memcmp(a, b, n);
}

#define LINES	1024

static size_t
split(const char **line, const char *text)
{
	size_t n = 0;

	for (; *text; text += length(text)) {
		assert_true(n < LINES - 1);
		line[n++] = text;
	}
	line[n] = text;
	return n;
}

/* A line of the output that need not be one of the source: ours, or a comment
 * that stood behind a command. */
static bool
may_come(const char *line)
{
	return is_new(line) || line[strspn(line, BLANKS)] == '#';
}

/* Every line of the source is in the output, in order, or is one that may go;
 * what else there is in the output may come.  at[j]: all so far fits to what is
 * in front of the output's line j. */
static void
nothing_is_lost(const char *source, const char *output)
{
	static const char *in[LINES], *out[LINES];
	size_t ins = split(in, source), outs = split(out, output);
	bool at[LINES] = { true }, next[LINES];

	for (size_t i = 0; i <= ins; i++) {
		bool any = false;

		for (size_t j = 0; j < outs; j++)
			at[j + 1] |= at[j] && may_come(out[j]);
		if (i == ins)
			break;
		for (size_t j = 0; j <= outs; j++) {
			next[j] = (at[j] && may_go(source, in[i])) ||
			    (j > 0 && at[j - 1] && same_line(in[i],
			    out[j - 1]));
			any |= next[j];
		}
		if (!any)
			fail_msg("lost: %.*s", (int)strcspn(in[i], "\n"),
			    in[i]);
		memcpy(at, next, sizeof(at));
	}
	if (!at[outs])
		fail_msg("more than there was");
}

static void
damaged_files_lose_no_line(void **unused)
{
	char text[SIZE];
	size_t taken = 0;

	(void)unused;
	state = chosen_seed();
	for (unsigned i = 0; i < ROUNDS; i++) {
		char *once, *twice;

		snprintf(text, sizeof(text), "%s", fixtures[i % 2]);
		for (uint32_t n = roll(6); n > 0; n--)
			damage(text);
		save("interfaces", text);
		once = import("interfaces");
		nothing_is_lost(text, once);
		taken += strcmp(text, once) != 0;
		save("again", once);
		twice = import("again");
		if (strcmp(once, twice))
			fail_msg("import of its own output changes it: round "
			    "%u", i);
		free(once);
		free(twice);
	}
	/* It must have had something to do. */
	assert_true(taken > ROUNDS / 2);
}

/* The same for the five files of network-scripts: of each what it says about
 * itself, since all are printed. */
static void
damaged_scripts_do_no_harm(void **unused)
{
	static const char *const files[][2] = {
		{ "ifcfg-eth0", "DEVICE=eth0\nIPADDR=10.0.0.5\nPREFIX=24\n"
		    "GATEWAY=10.0.0.1\nONBOOT=\"yes\"\n" },
		{ "route-eth0", "# net\n10.0.0.0/24 dev eth0 table 7\n"
		    "default via 10.0.0.1 table 7\n10.9.0.0/16 via "
		    "10.0.0.9\n" },
		{ "rule-eth0", "from 10.0.0.5 table 7\nfwmark 1 table 8\n" },
		{ "rule6-eth0", "from fd00::5 table 7\n" },
		{ "route-eth1", "ADDRESS0=10.3.0.0\nNETMASK0=255.255.0.0\n"
		    "GATEWAY0=10.0.0.3\nADDRESS1=10.4.0.0\n"
		    "NETMASK1=255.255.0.0\nGATEWAY1=10.0.0.4\n" },
		{ "ifcfg-eth1", "DEVICE=eth1\nIPADDR=10.0.0.6\nPREFIX=24\n" },
	};
	char text[SIZE];

	(void)unused;
	state = chosen_seed();
	for (unsigned i = 0; i < ROUNDS / 4; i++) {
		unsigned pick = roll(6);
		char *out;

		for (unsigned j = 0; j < 6; j++) {
			snprintf(text, sizeof(text), "%s", files[j][1]);
			for (uint32_t n = j == pick ? roll(5) : 0; n > 0; n--)
				damage(text);
			save(files[j][0], text);
		}
		out = import(pick < 4 ? "ifcfg-eth0" : "ifcfg-eth1");
		free(out);
	}
}

static int
setup(void **unused)
{
	(void)unused;
	return mkdtemp(dir) ? 0 : -1;
}

static int
teardown(void **unused)
{
	static const char *const files[] = {
		"interfaces", "again", "out", "ifcfg-eth0", "route-eth0",
		"rule-eth0", "rule6-eth0", "route-eth1", "ifcfg-eth1",
	};
	char path[64];

	(void)unused;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		name(path, files[i]);
		unlink(path);
	}
	return rmdir(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(damaged_files_lose_no_line),
		cmocka_unit_test(damaged_scripts_do_no_harm),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
