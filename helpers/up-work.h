/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: what the parts of an up share while it runs. */
#ifndef IFPOLICY_UP_WORK_H
#define IFPOLICY_UP_WORK_H

#include "snapshot.h"
#include "up.h"

struct upping {
	struct session *ss;
	struct claim *claims;	/* behind them those that end with them */
	size_t count, drops;
	unsigned flags;		/* UP_* */
	bool bad;		/* the request itself is wrong */
	struct fault *f;
	struct request *requests;
	struct snapshot now;
	unsigned families;
	uint32_t wait;		/* the longest any of them asks for, seconds */
	char label[IFNAMSIZ];	/* of the first: the claims move on success */
	char device[IFNAMSIZ];	/* likewise */
	bool src_left_out, offlink;
	bool completing;	/* only some routes' src is still missing */
	struct fault asleep;	/* why a claim holds nothing, if one does */
	size_t leaving;		/* addresses that are about to go, behind the
				 * end of the snapshot's */
};

/* The device, its addresses and, as far as the requests need it, main. */
int up_look(struct upping *u);

/* Fills in which of the sources of a request are no address of this machine,
 * and which of its other devices are not up. */
int up_find_absent(struct upping *u, size_t at);

/* What, where, why, what to do about an object that the kernel refused. */
void up_explain(struct upping *u, const struct obstacle *what);

/* Puts an option, as its claim spells it, and its value in front of the fault;
 * `said` NULL: the option alone.  KEY_COUNT: nothing. */
void up_name_option(struct upping *u, const struct claim *c, enum key_id key,
    const char *said);

/* The claim that holds an object, or the first. */
const struct claim *up_holder(const struct upping *u, const struct object *o);

/* The record keeps a request that failed, so that show, check and refresh know
 * of it; what stood before stays.  Bad input is not kept, only the reason. */
void up_remember_failure(struct upping *u, bool with_settings);

/* Under the lock, before anything else: a plain up of a device that has
 * something on trial ends that; a refresh goes along with it and leaves word
 * for what may come back; a second trial is refused.  0 or -errno with a
 * fault. */
int up_respect_trial(struct upping *u);

/* Puts the claims on trial (ss->tries): the record saves what they replace, and
 * says so from the next time that it is written on.  Once; then it only sees to
 * it that they still are.  0 or -errno with a fault. */
int up_begin_trial(struct upping *u);

/* It came to nothing: nothing is on trial. */
void up_drop_trial(struct upping *u);

#endif
