/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: what the parts of the record's reader and writer share. */
#ifndef IFPOLICY_RECORD_WORK_H
#define IFPOLICY_RECORD_WORK_H

#include "record.h"

#define HEADING	"ifpolicy-record 1\n"
#define TRIAL	"try "

/* One line's length, its newline not counted. */
size_t record_line(const char *at);

/* One block from *at on, which moves behind it: 1.  0 if it is none;
 * -ENOMEM. */
int record_read_block(struct record *r, const char **at);

/* The line "try DEVICE until MS id N [kept] [again]" and the lines "order ..."
 * behind it, if they are there, from *at on, which moves behind them. */
void record_read_trial(struct record *r, const char **at);

/* What was saved for a trial whose own line is damaged is due at once, and a
 * trial that has nothing saved is none. */
void record_salvage_trial(struct record *r);

void record_print_trial(struct text *t, const struct record *r);

#endif
