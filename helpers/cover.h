/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: pure: which addresses and which gateway a request covers now. */
#ifndef IFPOLICY_COVER_H
#define IFPOLICY_COVER_H

#include "claim.h"
#include "request.h"
#include "snapshot.h"

enum verdict {
	VERDICT_DONE,
	VERDICT_WAIT,	/* not yet: an address, a gateway or DAD is missing */
	VERDICT_WRONG,	/* never with this request; or no memory */
};

/* The caller fills in the first five; the rest is found. */
struct cover {
	const struct request *r;
	const struct claim *c;		/* label, device, own address, router */
	const struct claim *before;	/* as recorded, or NULL */
	const struct snapshot *now;
	struct fault *f;
	const struct address *address[REQUEST_ADDRESSES];
	size_t count;
	struct addr gateway;		/* family 0: none */
	bool onlink;
	bool offlink;	/* on no subnet: the kernel is going to refuse it */
};

/* Done, or a verdict with the fault that says why. */
enum verdict cover_find(struct cover *k);

/* The prefix that the kernel makes a connected route of (inet_insert_ifa(),
 * addrconf.c); the far end's for point-to-point.  False for a lone host. */
bool cover_subnet(struct prefix *s, const struct address *a);

/* Not yet a source; an optimistic address is one already (RFC 4429). */
bool cover_is_tentative(const struct address *a);

/* The src of main's routes; family 0 if none was asked for. */
struct addr cover_source(const struct cover *k);

/* "10.0.0.130/24, 10.0.1.1/24": the device's subnets, for messages; buf has
 * FAULT_TEXT / 2 bytes.  Returns buf. */
const char *cover_text(char *buf, const struct snapshot *now, int family);

#endif
