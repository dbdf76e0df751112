/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: what Red Hat's network-scripts' files say of a label, carried out. */
#ifndef IFPOLICY_SCRIPTS_H
#define IFPOLICY_SCRIPTS_H

#include "transaction.h"

/* In all of them a failure sets ss->fails where the label's options, or the
 * host's, want a hook to fail with it. */

/* True if the label has neither options nor route- or rule- files now, nor a
 * claim of its device from before: then nothing below has anything to do.
 * `path` is the record's, of record_init(). */
bool scripts_idle(const struct record *r, const char *label);

/* The label is up, its addresses are there and ifup-routes may have applied its
 * files: options and files become claims.  An alias brings its parent along,
 * whose files the scripts apply again; a device ends what its aliases that are
 * gone had.  Errors are told as they come (say_error); *f has the last. */
enum outcome scripts_up(struct session *ss, const char *label,
    struct fault *f);

/* NetworkManager has brought the device up by ifcfg-NAME.  What that asks for,
 * or the device's own file (CONF_DIR) where there is one, becomes claims, of
 * route- and rule- files what NetworkManager leaves to others; its aliases'
 * too.  Waits for nothing: as a refresh. */
enum outcome scripts_managed(struct session *ss, const char *device,
    const char *name, struct fault *f);

/* The label is about to go down and ifdown-routes to delete rules by the words
 * of the files. */
enum outcome scripts_leave(struct session *ss, const char *label,
    struct fault *f);

/* The label is down. */
enum outcome scripts_down(struct session *ss, const char *label,
    struct fault *f);

#endif
