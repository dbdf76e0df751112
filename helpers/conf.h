/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: option files to raw settings; parsed, never executed. */
#ifndef IFPOLICY_CONF_H
#define IFPOLICY_CONF_H

#include "claim.h"
#include "shell.h"

#define CONF_DEFAULTS_DEBIAN	"/etc/default/ifpolicy"
#define CONF_DEFAULTS_REDHAT	"/etc/sysconfig/ifpolicy"
#define CONF_DIR		"/etc/ifpolicy"

/* Host defaults: nothing but POLICY_KEY=value, as a shell would read it, and
 * comments; missing files are empty.  False with a fault that names file and
 * line. */
bool conf_defaults(struct settings *s, struct fault *f);

/* /etc/ifpolicy/DEVICE: lines "policy-key value".  *found tells whether the
 * file exists. */
bool conf_device(struct settings *s, const char *device, bool *found,
    struct fault *f);

/* True if there is such a file. */
bool conf_has_device(const char *device);

/* Calls each() with the name of every such file that may be a device's; it
 * returns false to stop, which counts as "out of memory".  False with a fault
 * if the directory cannot be read; one that does not exist has no files. */
bool conf_each_device(bool (*each)(void *, const char *), void *arg,
    struct fault *f);

/* An option among other variables: POLICY_KEY, in any case. */
bool conf_is_option(const struct shell_variable *v);

/* Adds it.  False with a fault "LINE: why", also if a repeatable one without a
 * number is set twice in the file: only the last would count. */
bool conf_option(struct settings *s, const struct shell_variable *v,
    struct fault *f);

#endif
