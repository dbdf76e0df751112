/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: keep CAP_NET_ADMIN and nothing else. */
#ifndef IFPOLICY_PRIV_H
#define IFPOLICY_PRIV_H

#include "say.h"

/* Reduces the effective, permitted and bounding sets to CAP_NET_ADMIN (to
 * nothing where the process lacks it), empties inheritable and ambient, sets
 * no-new-privileges, umask 022 and the root directory as working directory.
 * Reads the sets back: capng_apply() of libcap-ng 0.8.3 reports success though
 * the bounding set stays full without CAP_SETPCAP; that alone is tolerated,
 * since nothing is ever executed.  0 or -EPERM with a fault. */
int priv_drop(struct fault *f);

/* 0, or -EPERM with a fault that says who may do it. */
int priv_need(struct fault *f);

#endif
