/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: claims and how they stand, for people, programs and drawings. */
#ifndef IFPOLICY_SHOW_H
#define IFPOLICY_SHOW_H

#include "inspect.h"

enum show_form {
	SHOW_PEOPLE,
	SHOW_JSON,
	SHOW_DOT,	/* a graph in the language of Graphviz */
};

/* Appends to ss->out all that is meant: an overview, a line for each interface
 * and family, with the interface that carries unbound traffic; then each claim:
 * options, table, rules, routes, sysctls, each with its standing in the kernel.
 * Without any claim there is nothing to show.  `colour`: for people, with the
 * codes of a terminal.  Reads the record without the lock: it is replaced
 * whole.  0 or -errno with a fault. */
int show(struct session *ss, const struct scope *scope, enum show_form form,
    bool colour, struct fault *f);

#endif
