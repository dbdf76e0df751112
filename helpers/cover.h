/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: pure: which addresses and which gateway a request covers now. */
#ifndef IFPOLICY_COVER_H
#define IFPOLICY_COVER_H

#include "claim.h"
#include "request.h"
#include "snapshot.h"

/* Of more addresses than these the rest is left out, and that is told: each
 * costs every packet a look at its rules. */
#define COVER_MAX	512

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
	/* The best source first: the stanza's own; later comes an address that
	 * is no longer preferred, one that changes by itself (RFC 8981), one
	 * whose DAD has not ended; of equals first what was a source before,
	 * then the oldest. */
	const struct address **address;
	size_t count;
	struct addr gateway;		/* family 0: none */
	bool remembered;		/* main has none any more */
	bool crowded;	/* more than COVER_MAX addresses */
	bool asleep;	/* none of the addresses is there: nothing can stand */
	bool onlink;
	bool offlink;	/* on no subnet: the kernel is going to refuse it */
};

/* Done, or a verdict with the fault that says why; done, too, where a partial
 * request can have something, the fault then says what it waits for (empty:
 * nothing).  cover_fini() in any case. */
enum verdict cover_find(struct cover *k);
void cover_fini(struct cover *k);

/* The prefix that the kernel makes a connected route of (inet_insert_ifa(),
 * addrconf.c); the far end's for point-to-point.  False for a lone host. */
bool cover_subnet(struct prefix *s, const struct address *a);

/* What is on link for a covered address, so far as main is known: a router
 * advertisement gives addresses whose prefix is not on link (RFC 4861, 6.3.4),
 * and DHCPv6 lone hosts inside a prefix that is (RFC 8415, 18.2.10.1). */
bool cover_on_link(struct prefix *s, const struct cover *k,
    const struct address *a);

/* True if a source cannot be used now; and if that is because its DAD has not
 * ended. */
bool cover_lacks_source(const struct cover *k, const struct addr *src);
bool cover_is_on_its_way(const struct cover *k, const struct addr *src);

/* Without a carrier DAD does not even begin. */
bool cover_dad_runs(const struct cover *k);

/* Not yet a source; an optimistic address is one already (RFC 4429). */
bool cover_is_tentative(const struct address *a);

/* The src of main's routes; family 0 if none was asked for. */
struct addr cover_source(const struct cover *k);

/* "10.0.0.130/24, 10.0.1.1/24": the device's subnets, for messages; buf has
 * FAULT_TEXT / 2 bytes.  Returns buf. */
const char *cover_text(char *buf, const struct snapshot *now, int family);

#endif
