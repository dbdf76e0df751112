/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: refresh: the requests of the record once more, as things are now. */
#ifndef IFPOLICY_REFRESH_H
#define IFPOLICY_REFRESH_H

#include "transaction.h"

/* Of one device or label, or of all (NULL).  Failures are told as they come
 * (say_error); the last is also in *f.  flags: 0 or UP_QUIET. */
enum outcome refresh_run(struct session *ss, const char *label,
    unsigned flags, struct fault *f);

#endif
