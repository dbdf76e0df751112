/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: tell the service manager how things stand (sd_notify(3)). */
#ifndef IFPOLICY_NOTIFY_H
#define IFPOLICY_NOTIFY_H

/* Sends lines like "READY=1" to the socket that $NOTIFY_SOCKET named: an
 * absolute path, or "@" and an abstract name.  NULL or empty: nobody listens.
 * Waits for nobody.  0 or -errno. */
int notify_manager(const char *socket, const char *lines);

#endif
