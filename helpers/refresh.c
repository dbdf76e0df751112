/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: refresh: the requests of the record once more, as things are now. */
#include <errno.h>
#include <string.h>

#include "block.h"
#include "down.h"
#include "recover.h"
#include "refresh.h"
#include "up.h"

/* Copies the requests that are meant, parsed, out of the record. */
static int
copy_meant(struct session *ss, const char *label, struct claims *out,
    struct fault *f)
{
	struct claims *have = &ss->record.claims;

	for (size_t i = 0; i < have->count; i++) {
		struct claim copy;
		int err;

		if (!down_meant(&have->at[i], label, FAMILY_4 | FAMILY_6))
			continue;
		err = block_parse(&have->at[i], &ss->names, f);
		if (err)
			return err;
		if (!up_copy_request(&copy, &have->at[i]) ||
		    (have->at[i].error && have->at[i].settings.count == 0 &&
		    !claim_set_error(&copy, have->at[i].error)) ||
		    !claims_put(out, &copy)) {
			fault_set(f, "out of memory");
			return -ENOMEM;
		}
	}
	return 0;
}

/* One claim with nothing to go by: adopted, or bad input. */
static bool
has_no_request(struct session *ss, const struct claim *c, struct fault *f,
    enum outcome *worst)
{
	if (c->settings.count)
		return false;
	if (c->error) {
		fault_set(f, "%s: %s (that request was not kept: give it "
		    "again)", c->key.label, c->error);
		say_error(&ss->say, "%s", f->text);
		*worst = OUTCOME_FAILED;
	}
	return true;
}

enum outcome
refresh_run(struct session *ss, const char *label, unsigned flags,
    struct fault *f)
{
	struct claims all = { 0 };
	enum outcome worst = OUTCOME_DONE;
	int err;

	err = session_lock(ss, f);
	if (!err)
		err = copy_meant(ss, label, &all, f);
	session_unlock(ss);
	if (err) {
		say_error(&ss->say, "%s", f->text);
		worst = OUTCOME_FAILED;
	}
	for (size_t i = 0; i < all.count && !err; i++) {
		struct fault one = { "" };

		if (has_no_request(ss, &all.at[i], f, &worst) ||
		    up_run(ss, &all.at[i], 1, UP_REFRESH | flags, &one) ==
		    OUTCOME_DONE)
			continue;
		*f = one;
		say_error(&ss->say, "%s", f->text);
		worst = OUTCOME_FAILED;
	}
	claims_fini(&all);
	return worst;
}
