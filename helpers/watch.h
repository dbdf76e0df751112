/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: watch: claims follow what the kernel tells, until a signal. */
#ifndef IFPOLICY_WATCH_H
#define IFPOLICY_WATCH_H

#include "transaction.h"

/* Brings every claim, and every device with a file of its own, to how things
 * are; then waits for changes of links, addresses, routes and rules and does
 * the same for what they made stale.  SIGHUP does all once more.  SIGTERM and
 * SIGINT end it; claims and kernel stay as they are.  `manager` is what
 * $NOTIFY_SOCKET named, or NULL.  Failures of single claims are told
 * (say_error) and tried again with the next change; *f says why it could not
 * even begin, or go on. */
enum outcome watch(struct session *ss, const char *manager, struct fault *f);

#endif
