/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: a small machine in memory to run a program on, and to be judged. */
#ifndef IFPOLICY_FUZZ_MACHINE_H
#define IFPOLICY_FUZZ_MACHINE_H

#include <getopt.h>

#include "../model/machine.h"
#include "../model/steps.h"
#include "fuzz.h"

extern char **environ;

int command_main(int argc, char **argv);
int ifupdown_main(int argc, char **argv);
int scripts_main(int argc, char **argv);

/* eth1 and eth2 are up and have addresses of both families. */
static inline void
machine_of_two(void)
{
	struct prefix p;

	machine_boot(&machine);
	for (size_t i = 0; i < 4; i++)
		for (int six_too = 0; six_too < 2; six_too++) {
			const struct label *l = &labels[i];

			link_set(&machine, l->device, true);
			MUST(prefix_parse(&p, AF_UNSPEC, l->own[six_too]));
			address_add(&machine, l->device, l->name, &p, 0);
		}
	/* What the options may take out. */
	for (int i = 0; i < DEVICES; i++)
		for (int v = 0; v < 2; v++)
			machine.device[i].may_take_default[v] =
			    machine.device[i].may_take_connected[v] = true;
}

static inline int
machine_run(int (*program)(int, char **), int argc, char **argv, char **env)
{
	char **before = environ;
	int status;

	machine.said.len = 0;
	machine.done = 0;
	environ = env;
	optind = 0;
	judge_forget();
	status = program(argc, argv);
	environ = before;
	if (!machine.broken.len)
		judge_rest(&machine);
	return status;
}

/* After all went down nothing is left. */
static inline void
machine_end(void)
{
	char *down[] = { "ifpolicy", "down", "--all", NULL };
	char *none[] = { NULL };

	if (!machine.broken.len)
		(void)machine_run(command_main, 3, down, none);
	if (!machine.broken.len)
		judge_empty(&machine);
	if (machine.broken.len) {
		fprintf(stderr, "broken: %s\n", machine.broken.at);
		abort();
	}
	machine_off(&machine);
}

#endif
