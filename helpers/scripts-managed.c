/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: an ifcfg- file that NetworkManager has applied. */
#include <stdio.h>
#include <unistd.h>

#include "conf.h"
#include "follow.h"
#include "scripts-work.h"
#include "scripts.h"

/* NetworkManager applies route- files itself, unless there is a rule- file:
 * then it leaves both to others (nms-ifcfg-rh-reader.c). */
static bool
leaves_files(const char *name)
{
	static const char *const kinds[] = { "rule", "rule6" };
	char path[sizeof(SCRIPTS_DIR) + IFCFG_NAME + 8];

	for (size_t i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), SCRIPTS_DIR "/%s-%s", kinds[i],
		    name);
		if (access(path, F_OK) == 0)
			return true;
	}
	return false;
}

/* The device's own file goes before the options of the ifcfg- file. */
static enum outcome
carry_out_managed(struct session *ss, struct wish *w, struct fault *f)
{
	enum outcome options, files;

	if (!conf_has_device(w->device))
		return scripts_carry_out(ss, w, false, f);
	options = follow_forget(ss, w->device, NULL, f);
	files = scripts_apply_files(ss, w, f);
	if (options != OUTCOME_DONE || files != OUTCOME_DONE)
		say_error(&ss->say, "%s", f->text);
	options = follow_up(ss, w->device, 0, f);
	return options > files ? options : files;
}

enum outcome
scripts_managed(struct session *ss, const char *device, const char *name,
    struct fault *f)
{
	enum outcome own = OUTCOME_FAILED, rest;
	struct wish w;

	if (wish_read_of(&w, device, name, f)) {
		w.managed = true;
		if (!leaves_files(w.config.name)) {
			settings_fini(&w.lines[0]);
			settings_fini(&w.lines[1]);
			text_fini(&w.complaints);
		}
		own = carry_out_managed(ss, &w, f);
	} else {
		say_error(&ss->say, "%s", f->text);
	}
	wish_fini(&w);
	rest = scripts_reconcile_aliases(ss, device, f);
	return own > rest ? own : rest;
}
