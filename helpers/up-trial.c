/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: up on trial: the record learns first what is to come back. */
#include <errno.h>
#include <string.h>

#include "recover.h"
#include "up-work.h"

static int
refuse_second(struct upping *u)
{
	const struct trial *t = &u->ss->record.trial;

	fault_set(u->f, "%s has something on trial already, %u s are left; "
	    "wait, or: ifpolicy confirm", t->device, record_trial_left(t));
	return -EBUSY;
}

int
up_respect_trial(struct upping *u)
{
	struct record *r = &u->ss->record;

	if (u->ss->tries.id)
		return r->trial.device[0] && r->trial.id != u->ss->tries.id ?
		    refuse_second(u) : 0;
	if (!(u->flags & UP_REFRESH) || (u->flags & UP_SOLE))
		return recover_before(u->ss, u->device, u->f);
	if (u->ss->dry || r->trial.again || !record_tries(r, u->device))
		return 0;
	r->trial.again = true;
	return record_write(r, u->f);
}

int
up_begin_trial(struct upping *u)
{
	struct tried *t = &u->ss->tries;
	struct record *r = &u->ss->record;
	struct trial trial = { .id = t->id };
	int err;

	if (r->trial.device[0])
		return 0;
	if (t->until) {
		fault_set(u->f, "it has been taken back meanwhile");
		return -ECANCELED;
	}
	t->until = record_clock() + t->seconds * 1000;
	trial.until = t->until;
	memcpy(trial.device, u->device, sizeof(trial.device));
	if (!record_begin_trial(r, &trial, u->claims, u->count)) {
		fault_set(u->f, "out of memory");
		err = -ENOMEM;
	} else {
		err = recover_note_order(u->ss, u->f);
	}
	if (err)
		up_drop_trial(u);
	return err;
}

void
up_drop_trial(struct upping *u)
{
	u->ss->tries.until = 0;
	record_end_trial(&u->ss->record);
}
