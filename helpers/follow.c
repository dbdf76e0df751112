/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: a device's policy follows its addresses, as hooks and watch tell. */
#include <unistd.h>

#include <stdio.h>
#include <string.h>

#include "conf.h"
#include "block.h"
#include "down.h"
#include "facts.h"
#include "follow.h"
#include "recover.h"
#include "refresh.h"
#include "up.h"

/* Who has asked for something for a device. */
struct askers {
	bool conf;		/* its own file */
	bool elsewhere;		/* a stanza or an ifcfg- file */
	bool others;		/* anybody but its own file */
};

bool
follow_idle(const struct record *r, const char *device, bool creates)
{
	char path[sizeof(CONF_DIR) + IFNAMSIZ + 1];

	snprintf(path, sizeof(path), CONF_DIR "/%.15s", device);
	return !record_mentions(r, device) &&
	    (!creates || access(path, F_OK) < 0);
}

/* Also the claims of its file, without their requests, to be ended. */
static bool
find_askers(struct askers *who, struct claims *conf, struct session *ss,
    const char *device, struct fault *f)
{
	bool ok = session_lock(ss, f) == 0;

	memset(who, 0, sizeof(*who));
	for (size_t i = 0; i < ss->record.claims.count && ok; i++) {
		struct claim *c = &ss->record.claims.at[i], copy = { 0 };

		if (strcmp(c->device, device))
			continue;
		ok = block_parse(c, &ss->names, f) == 0;
		if (!c->conf) {
			who->others = true;
			who->elsewhere |= c->key.files ||
			    c->spelling != SPELL_COMMAND;
			continue;
		}
		who->conf = true;
		copy.key = c->key;
		memcpy(copy.device, c->device, sizeof(copy.device));
		if (ok && !claims_put(conf, &copy))
			ok = fault_set(f, "out of memory");
	}
	session_unlock(ss);
	return ok;
}

static enum outcome
tell(struct session *ss, const char *device, enum outcome outcome,
    struct fault *f)
{
	if (outcome != OUTCOME_DONE && f->text[0])
		say_error(&ss->say, "%s%s%s", device ? device : "",
		    device ? ": " : "", f->text);
	return outcome;
}

/* Options that leave the family open are meant for both: the one without an
 * address waits. */
static enum outcome
apply_file(struct session *ss, const char *device, const struct settings *s,
    const struct fault *bad, unsigned flags, struct fault *f)
{
	unsigned mentioned, families = request_families(s, &mentioned);

	return tell(ss, NULL, up_label(ss, device, families ? families :
	    FAMILY_4 | FAMILY_6, SPELL_INTERFACES, true, s, bad,
	    UP_REFRESH | UP_REMEMBER_BAD | flags, f), f);
}

enum outcome
follow_up(struct session *ss, const char *device, unsigned flags,
    struct fault *f)
{
	enum outcome outcome = OUTCOME_DONE, rest = OUTCOME_DONE;
	struct fault bad = { "" };
	struct settings s = { 0 };
	struct claims conf = { 0 };
	struct askers who;
	bool found, ok;

	if (!find_askers(&who, &conf, ss, device, f)) {
		outcome = tell(ss, device, OUTCOME_FAILED, f);
		goto out;
	}
	ok = conf_device(&s, device, &found, &bad);
	if (found && !who.elsewhere && (s.count || !ok))
		outcome = apply_file(ss, device, &s, ok ? NULL : &bad, flags,
		    f);
	else if (conf.count)
		outcome = tell(ss, NULL, down_forget(ss, conf.at, conf.count,
		    f), f);
	if (who.others)
		rest = refresh_run(ss, device, flags, f);
out:
	settings_fini(&s);
	claims_fini(&conf);
	return outcome > rest ? outcome : rest;
}

enum outcome
follow_change(struct session *ss, const char *device, unsigned flags,
    struct fault *f)
{
	return refresh_run(ss, device, flags, f);
}

enum outcome
follow_leave(struct session *ss, const char *label, unsigned flags,
    struct fault *f)
{
	char device[IFNAMSIZ];
	enum outcome outcome;

	snprintf(device, sizeof(device), "%.15s", label);
	device[strcspn(device, ":")] = '\0';
	ss->leaving = label;
	outcome = refresh_run(ss, device, flags, f);
	ss->leaving = NULL;
	return outcome;
}

static bool
has_global_address(struct session *ss, const char *device, struct fault *f)
{
	struct snapshot now = { 0 };
	bool has = false;

	/* Not to know is no reason to end anything. */
	if (facts_read(&now, &ss->nl, device, FAMILY_4 | FAMILY_6, f))
		has = true;
	for (size_t i = 0; i < now.addresses.count; i++)
		has |= now.addresses.at[i].scope < RT_SCOPE_LINK;
	snapshot_fini(&now);
	return has;
}

/* Those of files and ifcfg- files have their request there. */
static enum outcome
end_claims(struct session *ss, const char *device, struct fault *f)
{
	struct claims ends = { 0 };
	enum outcome outcome = OUTCOME_DONE;
	bool ok = session_lock(ss, f) == 0;

	for (size_t i = 0; i < ss->record.claims.count && ok; i++) {
		struct claim *c = &ss->record.claims.at[i], copy = { 0 };

		if (strcmp(c->device, device))
			continue;
		ok = block_parse(c, &ss->names, f) == 0;
		if (!c->conf && !c->key.files &&
		    c->spelling == SPELL_COMMAND)
			continue;
		copy.key = c->key;
		memcpy(copy.device, c->device, sizeof(copy.device));
		if (ok && !claims_put(&ends, &copy))
			ok = fault_set(f, "out of memory");
	}
	session_unlock(ss);
	if (ok && ends.count)
		outcome = down_forget(ss, ends.at, ends.count, f);
	claims_fini(&ends);
	if (!ok)
		fault_before(f, "%s: ", device);
	return tell(ss, NULL, ok ? outcome : OUTCOME_FAILED, f);
}

enum outcome
follow_down(struct session *ss, const char *device, unsigned flags,
    struct fault *f)
{
	enum outcome outcome = OUTCOME_DONE, rest;

	if (!has_global_address(ss, device, f))
		outcome = end_claims(ss, device, f);
	rest = refresh_run(ss, device, flags, f);
	return outcome > rest ? outcome : rest;
}
