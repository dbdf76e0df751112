/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: what the parts of scripts share. */
#ifndef IFPOLICY_SCRIPTS_WORK_H
#define IFPOLICY_SCRIPTS_WORK_H

#include "ifcfg.h"
#include "transaction.h"

/* What the files say of one label now. */
struct wish {
	const char *label;
	char device[IFNAMSIZ];
	struct ifcfg config;
	bool found;		/* there is such a file */
	bool managed;		/* NetworkManager has applied it */
	struct fault bad;	/* its options cannot be read */
	struct settings lines[2];	/* of IPv4's and IPv6's files */
	struct text complaints;	/* about lines that are left out */
};

/* `name`: of that very file; NULL: of the one that describes the label.  False
 * with a fault; wish_fini() in any case. */
bool wish_read_of(struct wish *w, const char *label, const char *name,
    struct fault *f);
void wish_fini(struct wish *w);

/* The lines of its files; options and lines, a failure of one not keeping the
 * other up, refused lines told later, when all of the device has been seen to;
 * claims of aliases that were not called for. */
enum outcome scripts_apply_files(struct session *ss, struct wish *w,
    struct fault *f);
enum outcome scripts_carry_out(struct session *ss, struct wish *w,
    bool quiet, struct fault *f);
enum outcome scripts_reconcile_aliases(struct session *ss,
    const char *device, struct fault *f);

#endif
