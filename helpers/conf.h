/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: option files to raw settings; parsed, never executed. */
#ifndef IFPOLICY_CONF_H
#define IFPOLICY_CONF_H

#include "claim.h"

#define CONF_DEFAULTS_DEBIAN	"/etc/default/ifpolicy"
#define CONF_DEFAULTS_REDHAT	"/etc/sysconfig/ifpolicy"
#define CONF_DIR		"/etc/ifpolicy"

/* Host defaults: lines POLICY_KEY=value, blank lines, comments.  A value may
 * stand in single or double quotes.  Missing files are empty.  False with a
 * fault that names file and line. */
bool conf_defaults(struct settings *s, struct fault *f);

/* /etc/ifpolicy/DEVICE: lines "policy-key value".  *found tells whether the
 * file exists. */
bool conf_device(struct settings *s, const char *device, bool *found,
    struct fault *f);

#endif
