/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: pure: a request and kernel facts to the objects of a claim. */
#ifndef IFPOLICY_COMPILE_H
#define IFPOLICY_COMPILE_H

#include "claim.h"
#include "cover.h"
#include "request.h"
#include "snapshot.h"

struct compiled {
	struct objects objects;
	bool src_left_out;	/* a tentative IPv6 address: routes stand
				 * without their src until DAD ends */
	bool gateway_offlink;	/* the kernel is going to refuse it */
	struct addr via;	/* the gateway that main gave; IPv4 only */
	struct fault waits;	/* what is missing, so that part or all was
				 * left out; empty: nothing */
};

/* Fills *out with every rule, route and sysctl that the request stands for
 * (DESIGN section 3).  `c` gives label, device, own address and router; the
 * objects of `before` (the claim as recorded, or NULL) tell which foreign
 * routes this claim has already taken out.  r->table must be resolved.  Of a
 * partial request what needs an address, a gateway, a source or a link that is
 * not there now is left out.  With a verdict other than
 * done, *f says why and *out is empty.  compiled_fini() when done; `said` is
 * borrowed from the request. */
enum verdict compile(struct compiled *out, const struct request *r,
    const struct claim *c, const struct claim *before,
    const struct snapshot *now, struct fault *f);
void compiled_fini(struct compiled *out);

/* The same for a claim of files: each line as it stands, completed.  A next hop
 * without a device has got the one that the kernel would take, or gets the
 * claim's. */
enum verdict compile_files(struct compiled *out, const struct request *r,
    const struct claim *c, const struct snapshot *now, struct fault *f);

#endif
