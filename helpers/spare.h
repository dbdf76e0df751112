/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: spare rules for a script that is about to delete by bare words. */
#ifndef IFPOLICY_SPARE_H
#define IFPOLICY_SPARE_H

#include "transaction.h"

/* No device has this name, so a rule that asks for it never matches. */
#define SPARE_DEVICE	"ifpolicy-spare"

/* For each rule line without a priority a rule is laid out that `ip rule del
 * LINE` will hit before any other: not ours, not somebody else's, not the
 * kernel's.  They are claimed by the label's claims of files, so its next up or
 * down takes away what was not deleted.  `lines` are of IPv4 and IPv6.  Lines
 * that cannot be read are passed over: ip(8) will not read them either. */
enum outcome spare_run(struct session *ss, const char *label,
    const struct settings lines[2], struct fault *f);

/* Whether a rule stands that the scripts seem to have put in for one of these
 * lines: then they have applied the files, whoever they were called for. */
bool spare_finds_rules(struct session *ss, const struct settings lines[2]);

#endif
