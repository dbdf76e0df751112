/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: fuzz: files of network-scripts, each behind a line "-- NAME", from up to down. */
#include "machine-of.h"

#define DIR	"/etc/sysconfig/network-scripts/"
#define PARTS	8

static void
put_part(const char *at, size_t len)
{
	static const char *const names[] = {
		"ifcfg-eth1", "ifcfg-eth1:1", "route-eth1", "route6-eth1",
		"rule-eth1", "rule6-eth1", "route-eth1:1", "rule-eth1:1",
	};
	char path[96], *text;
	size_t n;

	for (size_t i = 0; i < LENGTH(names); i++) {
		n = strlen(names[i]);
		if (len <= n || memcmp(at, names[i], n) || at[n] != '\n')
			continue;
		text = fuzz_text((const uint8_t *)at + n + 1, len - n - 1);
		snprintf(path, sizeof(path), DIR "%s", names[i]);
		disk_put(&machine, path, text);
		free(text);
		return;
	}
}

static void
run(const char *as, const char *label)
{
	char *argv[] = { "network-scripts", (char *)as, (char *)label, NULL };
	char *none[] = { NULL };

	if (!machine.broken.len)
		(void)machine_run(scripts_main, 3, argv, none);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size), *at = text, *end;

	machine_of_two();
	for (int i = 0; i < PARTS && !strncmp(at, "-- ", 3); i++) {
		end = strstr(at + 3, "\n-- ");
		put_part(at + 3, end ? (size_t)(end + 1 - at - 3) :
		    strlen(at + 3));
		if (!end)
			break;
		at = end + 1;
	}
	run("ifup-local", "eth1:1");
	run("ifup-local", "eth1");
	run("ifdown-pre-local", "eth1");
	run("ifdown-local", "eth1");
	machine_end();
	free(text);
	return 0;
}
