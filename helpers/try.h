/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: try: an up that is taken back unless somebody says yes in time. */
#ifndef IFPOLICY_TRY_H
#define IFPOLICY_TRY_H

#include "transaction.h"

#define TRY_SECONDS	30	/* unless told otherwise */
#define TRY_MIN		5
#define TRY_MAX		3600

/* What up_label() takes. */
struct wish_tried {
	const char *label;
	unsigned families;
	enum spelling spelling;
	const struct settings *settings;
	uint32_t seconds;
};

/* Applies it as an up, then waits: for Enter on the terminal, or for
 * try_confirm() by another process.  Else, after so many seconds, on SIGINT,
 * SIGTERM or SIGQUIT, record and kernel become again what they were.  A process
 * that stays behind sees to that if this one dies, and the next run of any
 * program of ours if both do.  The answer is told (say_note); OUTCOME_DONE: it
 * stays; OUTCOME_FAILED with an empty fault: taken back. */
enum outcome try_run(struct session *ss, const struct wish_tried *w,
    struct fault *f);

/* What is on trial stays; `label` NULL: whichever interface it is of.
 * OUTCOME_FAILED with a fault: nothing is, or it is too late. */
enum outcome try_confirm(struct session *ss, const char *label,
    struct fault *f);

#endif
