/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: per-device network sysctls, read and written. */
#ifndef IFPOLICY_SYSCTL_H
#define IFPOLICY_SYSCTL_H

#include <stddef.h>

#include "claim.h"

/* path is relative to /proc/sys/net ("ipv4/conf/eth0/arp_filter").  The text
 * is read without its newline.  0 or -errno; -ENOENT: this kernel or device has
 * no such knob. */
int sysctl_read(char *value, size_t size, const char *path);
int sysctl_write(const char *path, const char *value);

#endif
