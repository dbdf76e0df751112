/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: make record and kernel agree again when the record was damaged. */
#ifndef IFPOLICY_REPAIR_H
#define IFPOLICY_REPAIR_H

#include "transaction.h"

/* Keeps what can be read of a damaged record, ends interrupted work, gives
 * what is ours but unrecorded to a claim of its device (so that it is
 * removed with it), and deletes rules of ours that belong to no
 * device.  Working policy is never taken away.  Tells what it did in
 * ss->out.  0 or -errno with a fault. */
int repair(struct session *ss, struct fault *f);

#endif
