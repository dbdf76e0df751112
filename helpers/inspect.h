/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: how the claims of one device stand in the kernel. */
#ifndef IFPOLICY_INSPECT_H
#define IFPOLICY_INSPECT_H

#include "plan.h"
#include "transaction.h"

/* What to look at. */
struct scope {
	const char *label;	/* a device or label; NULL: all */
	unsigned families;	/* FAMILY_4 | FAMILY_6 */
};

enum standing {
	STANDS,		/* as claimed */
	FOREIGN,	/* as claimed, but it is somebody else's */
	SHADOWED,	/* an earlier claim of the device fills the slot */
	MISSING,	/* not there */
	CHANGED,	/* something else in its place */
};

/* A look at one device.  Needs no lock and no privilege. */
struct inspection {
	struct snapshot now;
	struct object_refs want;
	struct plan plan;
	struct fault conflict;	/* text if the claims contradict the kernel */
	const struct object *contradicted;
};

/* The record must have been read; its claims of the device get parsed.  0 or
 * -errno with a fault; inspection_fini() in any case. */
int inspect(struct inspection *in, struct session *ss, const char *device,
    struct fault *f);
void inspection_fini(struct inspection *in);

enum standing inspection_of(const struct inspection *in,
    const struct object *o);
const char *standing_word(enum standing s);
/* MISSING or CHANGED. */
bool standing_is_bad(enum standing s);

/* How a whole claim stands; the later, the worse. */
enum claim_state {
	STATE_UP,
	STATE_LINKDOWN,	/* all of it stands, but its line carries nothing */
	STATE_WAITING,	/* nothing stands: it waits */
	STATE_IN_PART,	/* some of it waits, or was refused */
	STATE_DRIFTED,	/* something is missing or changed */
	STATE_FAILED,	/* the last request */
	STATES
};

enum claim_state inspect_state(const struct claim *c,
    const struct inspection *in);
/* "up", "linkdown", "in part", ... */
const char *inspect_state_word(enum claim_state s);

/* Whether lines of files could not be had. */
bool inspect_has_refused(const struct claim *c);

/* An object in words without a verb, our protocol not told, in buf (WORDS_TEXT
 * bytes). */
void inspect_words(char *buf, const struct object *o, struct names *names);
/* "rule", "route", "taken out", ... */
const char *inspect_kind_word(enum object_kind kind);

/* Whether a claim is meant. */
bool inspect_is_meant(const struct claim *c, const struct scope *scope);

/* Reads the record, parses all claims. */
int inspect_read(struct session *ss, struct fault *f);

/* Hands each claim that is meant to each(), device by device.  The record must
 * have been read.  0 or -errno with a fault. */
int inspect_each(struct session *ss, const struct scope *scope,
    void (*each)(void *, const struct claim *, const struct inspection *),
    void *arg, struct fault *f);

/* Names of devices, each once. */
struct device_names {
	char (*at)[IFNAMSIZ];
	size_t count;
};

bool device_names_has(const struct device_names *d, const char *name);
/* Adds one; false without memory. */
bool device_names_add(struct device_names *d, const char *name);
void device_names_remove(struct device_names *d, const char *name);
void device_names_fini(struct device_names *d);

/* Adds the devices of which some rule or route that the record holds as ours is
 * not in the kernel.  One look for all of them.  The record must have been
 * read.  0 or -errno with a fault. */
int inspect_lost(struct device_names *out, struct session *ss,
    struct fault *f);

/* Rules and routes that carry our protocol and that no claim of the record
 * holds.  0 or -errno with a fault. */
int inspect_unclaimed(struct objects *out, struct session *ss,
    struct fault *f);

#endif
