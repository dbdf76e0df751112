/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: a device's policy follows its addresses, as hooks and watch tell. */
#include <stdio.h>
#include <string.h>

#include "block.h"
#include "conf.h"
#include "down.h"
#include "facts.h"
#include "follow.h"
#include "recover.h"
#include "refresh.h"
#include "up.h"

/* What the claims of a device come from. */
struct askers {
	struct claims conf;	/* its own file: keys alone, to be ended */
	struct claims managed;	/* these and a stanza, an ifcfg- file, its
				 * route- and rule- files; likewise */
	bool elsewhere;		/* options of anything but its own file and
				 * the command, of the device itself */
	bool others;		/* anything but its own file */
	bool tries;		/* it has something on trial */
};

static void
askers_fini(struct askers *who)
{
	claims_fini(&who->conf);
	claims_fini(&who->managed);
}

bool
follow_idle(const struct record *r, const char *device, bool creates)
{
	return !record_mentions(r, device) &&
	    (!creates || !conf_has_device(device));
}

static bool
put_key(struct claims *to, const struct claim *c, struct fault *f)
{
	struct claim copy = { .key = c->key };

	memcpy(copy.device, c->device, sizeof(copy.device));
	return claims_put(to, &copy) || fault_set(f, "out of memory");
}

static bool
sort_out(struct askers *who, const struct claim *c, struct fault *f)
{
	bool by_hand = !c->conf && !c->key.files &&
	    c->spelling == SPELL_COMMAND;

	who->others |= !c->conf;
	who->elsewhere |= !c->conf && !by_hand && !c->key.files &&
	    !strcmp(c->key.label, c->device);
	return (!c->conf || put_key(&who->conf, c, f)) &&
	    (by_hand || put_key(&who->managed, c, f));
}

/* `ends`: claims are to end, and with them what is on trial. */
static bool
find_askers(struct askers *who, struct session *ss, const char *device,
    bool ends, struct fault *f)
{
	struct claims *have = &ss->record.claims;
	bool ok = session_lock(ss, f) == 0;

	memset(who, 0, sizeof(*who));
	if (ok && ends)
		ok = recover_before(ss, device, f) == 0;
	who->tries = record_tries(&ss->record, device);
	for (size_t i = 0; i < have->count && ok; i++)
		if (!strcmp(have->at[i].device, device))
			ok = block_parse(&have->at[i], &ss->names, f) == 0 &&
			    sort_out(who, &have->at[i], f);
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

static enum outcome
end_claims(struct session *ss, const struct claims *these, struct fault *f)
{
	return these->count ? tell(ss, NULL, down_forget(ss, these->at,
	    these->count, f), f) : OUTCOME_DONE;
}

/* Claims that an earlier version of the file made for another family. */
static enum outcome
end_other_family(struct session *ss, struct claims *conf, unsigned families,
    struct fault *f)
{
	for (size_t i = conf->count; i-- > 0;)
		if (families & addr_family_bit(conf->at[i].key.family))
			claims_remove(conf, &conf->at[i].key);
	return end_claims(ss, conf, f);
}

/* Options that leave the family open are meant for both: the one without an
 * address waits. */
static enum outcome
apply_file(struct session *ss, const char *device, const struct settings *s,
    const struct fault *bad, struct claims *conf, unsigned flags,
    struct fault *f)
{
	unsigned mentioned, families = request_families(s, &mentioned);
	enum outcome outcome, rest;

	if (!families || bad)
		families = FAMILY_4 | FAMILY_6;
	outcome = tell(ss, NULL, up_label(ss, device, families,
	    SPELL_INTERFACES, true, s, bad,
	    UP_REFRESH | UP_REMEMBER_BAD | flags, f), f);
	rest = end_other_family(ss, conf, families, f);
	return outcome > rest ? outcome : rest;
}

enum outcome
follow_up(struct session *ss, const char *device, unsigned flags,
    struct fault *f)
{
	enum outcome outcome = OUTCOME_DONE, rest = OUTCOME_DONE;
	struct fault bad = { "" };
	struct settings s = { 0 };
	struct askers who;
	bool found, ok;

	if (!find_askers(&who, ss, device, false, f)) {
		outcome = tell(ss, device, OUTCOME_FAILED, f);
		goto out;
	}
	/* Its file's turn comes when that is over. */
	if (who.tries) {
		outcome = refresh_run(ss, device, flags, f);
		goto out;
	}
	ok = conf_device(&s, device, &found, &bad);
	if (found && !who.elsewhere && (s.count || !ok))
		outcome = apply_file(ss, device, &s, ok ? NULL : &bad,
		    &who.conf, flags, f);
	else
		outcome = end_claims(ss, &who.conf, f);
	if (who.others)
		rest = refresh_run(ss, device, flags, f);
out:
	settings_fini(&s);
	askers_fini(&who);
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

enum outcome
follow_down(struct session *ss, const char *device, unsigned flags,
    struct fault *f)
{
	enum outcome outcome = OUTCOME_DONE, rest;
	struct askers who = { .others = false };

	if (!has_global_address(ss, device, f))
		outcome = find_askers(&who, ss, device, true, f) ?
		    end_claims(ss, &who.managed, f) :
		    tell(ss, device, OUTCOME_FAILED, f);
	askers_fini(&who);
	rest = refresh_run(ss, device, flags, f);
	return outcome > rest ? outcome : rest;
}

enum outcome
follow_end_file(struct session *ss, const char *device, struct fault *f)
{
	struct askers who;
	enum outcome outcome;

	outcome = find_askers(&who, ss, device, true, f) ?
	    end_claims(ss, &who.conf, f) :
	    tell(ss, device, OUTCOME_FAILED, f);
	askers_fini(&who);
	return outcome;
}

enum outcome
follow_forget(struct session *ss, const char *label,
    const struct claims *these, struct fault *f)
{
	struct claims ends = { 0 };
	struct claim named;
	enum outcome outcome = OUTCOME_DONE;
	bool ok = session_lock(ss, f) == 0;

	if (ok && claim_init(&named, label, AF_INET, NULL))
		ok = recover_before(ss, named.device, f) == 0;
	for (size_t i = 0; i < ss->record.claims.count && ok; i++) {
		struct claim *c = &ss->record.claims.at[i];

		if (strcmp(c->key.label, label) || c->key.files ||
		    (these && !claims_find(these, &c->key)))
			continue;
		ok = block_parse(c, &ss->names, f) == 0 && (c->conf ||
		    c->spelling == SPELL_COMMAND || put_key(&ends, c, f));
	}
	session_unlock(ss);
	if (ok && ends.count)
		outcome = down_forget(ss, ends.at, ends.count, f);
	claims_fini(&ends);
	return ok ? outcome : OUTCOME_FAILED;
}
