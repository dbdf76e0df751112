/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: fuzz: /etc/default/ifpolicy and, behind a line "--", /etc/ifpolicy/eth1. */
#include "machine-of.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size), *second = strstr(text, "\n--\n");
	char *up[] = { "ifpolicy", "up", "eth1", NULL };
	char *none[] = { NULL };

	machine_of_two();
	if (second) {
		*second = '\0';
		disk_put(&machine, "/etc/default/ifpolicy", text);
		second += 4;
	}
	disk_put(&machine, "/etc/ifpolicy/eth1", second ? second : text);
	(void)machine_run(command_main, 3, up, none);
	machine_end();
	free(text);
	return 0;
}
