/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: a device's policy follows its addresses, as hooks and watch tell. */
#ifndef IFPOLICY_FOLLOW_H
#define IFPOLICY_FOLLOW_H

#include "transaction.h"

/* None of these waits for an address or a gateway: what cannot stand now is
 * left out, the claim says what it waits for, and the next call tries again.
 * `flags` are UP_NOWAIT (not for DAD either) and UP_QUIET of up.h.  A failure
 * is told as it comes (say_error); *f has the last. */

/* True if the device has no claim, nor, where `creates`, a file of its own
 * (CONF_DIR): then nothing below has anything to do.  `r` is the record's, of
 * record_init(). */
bool follow_idle(const struct record *r, const char *device, bool creates);

/* The device is up.  What its file asks for becomes its claims, unless a
 * stanza or an ifcfg- file has asked for something; claims of a file that is
 * gone end; all others come to the addresses as they are now. */
enum outcome follow_up(struct session *ss, const char *device,
    unsigned flags, struct fault *f);

/* Something about the device has changed: its claims come to the addresses as
 * they are now.  No claim is made and none ends; one without an address keeps
 * its request, but no rule and no route. */
enum outcome follow_change(struct session *ss, const char *device,
    unsigned flags, struct fault *f);

/* The addresses of a label, or all of a device, are about to go: everything
 * that needs them goes now, requests are kept. */
enum outcome follow_leave(struct session *ss, const char *label,
    unsigned flags, struct fault *f);

/* The device is down: with no global address left its claims end (but those
 * given by hand on the command line, which wait); else as follow_change(). */
enum outcome follow_down(struct session *ss, const char *device,
    unsigned flags, struct fault *f);

/* What stanzas or ifcfg- files had asked for on a label (options, not route-
 * and rule- files), and do not any more, ends: these claims (with their keys),
 * or, with NULL, any; not what was given by hand or by the device's own
 * file. */
enum outcome follow_forget(struct session *ss, const char *label,
    const struct claims *these, struct fault *f);

/* Ends the claims that the device's own file has made, whatever is there. */
enum outcome follow_end_file(struct session *ss, const char *device,
    struct fault *f);

#endif
