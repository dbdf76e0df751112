/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: fuzz: the environment of ifupdown's hook, lines NAME=VALUE, from up to down. */
#include "machine-of.h"

#define VARIABLES	64

/* A value's newlines stand as 0x01. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size), *save = NULL;
	char *name[] = { "/etc/network/if-up.d/ifpolicy", NULL };
	char *env[VARIABLES + 1];
	size_t n = 0;

	for (char *at = strtok_r(text, "\n", &save); at && n < VARIABLES;
	    at = strtok_r(NULL, "\n", &save)) {
		for (char *c = at; *c; c++)
			*c = *c == 1 ? '\n' : *c;
		if (strchr(at, '='))
			env[n++] = at;
	}
	env[n] = NULL;
	machine_of_two();
	(void)machine_run(ifupdown_main, 1, name, env);
	machine_end();
	free(text);
	return 0;
}
