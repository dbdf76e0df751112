/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: what is not as claimed, and what is going to break it. */
#ifndef IFPOLICY_CHECK_H
#define IFPOLICY_CHECK_H

#include "inspect.h"

enum check_form {
	CHECK_PEOPLE,
	CHECK_JSON,
	CHECK_METRICS,	/* for Prometheus, by node exporter's textfile
			 * collector */
};

/* Appends to ss->out drift, object by object (failed requests, missing and
 * changed objects, an interrupted run, objects of ours that no claim holds),
 * and conflicts, each with what breaks and what to do; as metrics, the counts.
 * *found is set if there is anything.  Changes nothing, needs no privilege.
 * 0 or -errno with a fault. */
int check(struct session *ss, const struct scope *scope,
    enum check_form form, bool *found, struct fault *f);

#endif
