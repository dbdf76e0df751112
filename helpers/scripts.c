/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: what Red Hat's network-scripts' files say of a label, carried out.
 *
 * The calls of the scripts do not pair up: aliases come up before their parent,
 * a parent's down tells nothing of its aliases, slaves only ever go down.  So
 * each call looks at the files and the record and brings all of the device to
 * what they say. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "block.h"
#include "down.h"
#include "facts.h"
#include "file.h"
#include "follow.h"
#include "ifcfg.h"
#include "num.h"
#include "recover.h"
#include "refresh.h"
#include "scripts-work.h"
#include "scripts.h"
#include "spare.h"
#include "up.h"

#define PID_MAX	64	/* bytes of a pid file */

static const int families[2] = { AF_INET, AF_INET6 };

static void
device_of(char *device, const char *label)
{
	snprintf(device, IFNAMSIZ, "%.15s", label);
	device[strcspn(device, ":")] = '\0';
}

static bool
read_lines(struct wish *w, const char *const *names, size_t count,
    struct fault *f)
{
	for (size_t i = 0; i < 2; i++)
		if (!ifcfg_routes(&w->lines[i], families[i], SCRIPTS_DIR,
		    names, count, w->device, &w->complaints, f))
			return false;
	return true;
}

/* The names whose files ifup-routes reads for the label. */
static size_t
file_names(const char *names[3], const struct wish *w)
{
	size_t n = 0;

	names[n++] = w->label;
	if (w->found && strcmp(w->config.name, w->label))
		names[n++] = w->config.name;
	if (w->found && strchr(w->label, ':') && w->config.nickname[0] &&
	    strcmp(w->config.nickname, w->label) &&
	    strcmp(w->config.nickname, w->config.name))
		names[n++] = w->config.nickname;
	return n;
}

/* `name`: of that very file; NULL: of the one that describes the label. */
bool
wish_read_of(struct wish *w, const char *label, const char *name,
    struct fault *f)
{
	const char *names[3];
	bool ok;

	memset(w, 0, sizeof(*w));
	w->label = label;
	device_of(w->device, label);
	ok = name ? ifcfg_read(&w->config, SCRIPTS_DIR, name, label,
	    &w->found, &w->bad) :
	    ifcfg_find(&w->config, SCRIPTS_DIR, label, &w->found, &w->bad);
	if (!ok && w->bad.text[0] == '\0')
		return fault_set(f, "%s: out of memory", label);
	return read_lines(w, names, file_names(names, w), f);
}

static bool
wish_read(struct wish *w, const char *label, struct fault *f)
{
	return wish_read_of(w, label, NULL, f);
}

void
wish_fini(struct wish *w)
{
	ifcfg_fini(&w->config);
	settings_fini(&w->lines[0]);
	settings_fini(&w->lines[1]);
	text_fini(&w->complaints);
}

static bool
wish_is_empty(const struct wish *w)
{
	return w->bad.text[0] == '\0' && w->complaints.len == 0 &&
	    w->config.settings.count == 0 && w->lines[0].count == 0 &&
	    w->lines[1].count == 0;
}

bool
scripts_idle(const struct record *r, const char *label)
{
	struct fault ignored;
	struct wish w;
	bool idle;

	idle = wish_read(&w, label, &ignored) && wish_is_empty(&w) &&
	    !record_mentions(r, w.device);
	/* The scripts apply a device's files with its aliases', and delete by
	 * them. */
	if (idle && strchr(label, ':'))
		idle = scripts_idle(r, w.device);
	wish_fini(&w);
	return idle;
}

/* A line of text each. */
static void
complain(struct session *ss, const struct wish *w)
{
	const char *at = w->complaints.at;
	size_t n;

	for (; at && *at; at += n + (at[n] == '\n')) {
		n = strcspn(at, "\n");
		say_error(&ss->say, "%s: %.*s", w->label, (int)n, at);
	}
}

/* ---- options ----------------------------------------------------------- */

static unsigned
families_of(struct session *ss, const struct wish *w)
{
	const struct ifcfg *c = &w->config;
	unsigned mentioned;
	unsigned bits = request_families(&c->settings, &mentioned);

	if (bits)
		return bits;
	if (c->dhcp4)
		bits |= FAMILY_4;
	if (c->auto6)
		bits |= FAMILY_6;
	for (size_t i = 0; i < c->address_count; i++)
		bits |= addr_family_bit(c->address[i].family);
	return bits ? bits | mentioned : up_families(ss, &c->settings,
	    w->device);
}

/* Its one address of the family, or none. */
static struct addr
own_address(const struct ifcfg *c, int family)
{
	struct addr own = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < c->address_count; i++)
		if (c->address[i].family == family && n++ == 0)
			own = c->address[i];
	if (n != 1 || (family == AF_INET && c->dhcp4))
		memset(&own, 0, sizeof(own));
	return own;
}

/* Several of its own: aliases and others of the device are not meant. */
static bool
name_addresses(struct claim *c, const struct ifcfg *config, struct fault *f)
{
	char list[VALUE_MAX] = "", text[ADDR_TEXT];
	size_t len = 0;

	for (size_t i = 0; i < config->address_count &&
	    len < sizeof(list) - ADDR_TEXT - 1; i++)
		if (config->address[i].family == c->key.family)
			len += (size_t)snprintf(list + len, sizeof(list) - len,
			    "%s%s", len ? " " : "",
			    addr_print(text, &config->address[i]));
	return len == 0 || settings_add(&c->settings, SPELL_SHELL,
	    "addresses", list, f);
}

static bool
make_claim(struct claim *c, const struct wish *w, int family, bool both,
    struct fault *f)
{
	const struct ifcfg *config = &w->config;
	struct addr own = own_address(config, family);
	bool dhcp = family == AF_INET ? config->dhcp4 : config->auto6;

	(void)claim_init(c, w->label, family, &own);
	c->spelling = SPELL_SHELL;
	c->lenient = both;
	c->is_static = addr_given(&own);
	c->router = family == AF_INET ? config->gateway4 : config->gateway6;
	if (!settings_copy(&c->settings, &config->settings))
		return fault_set(f, "out of memory");
	return c->is_static || dhcp ||
	    settings_get(&c->settings, KEY_ADDRESSES) ||
	    name_addresses(c, config, f);
}

static enum outcome
apply_options(struct session *ss, const struct wish *w, struct fault *f)
{
	enum outcome outcome = OUTCOME_FAILED;
	struct claim claims[2];
	unsigned bits;
	size_t n = 0;
	bool ok = true;

	if (w->config.settings.count == 0 && w->bad.text[0] == '\0')
		return follow_forget(ss, w->label, NULL, f);
	bits = families_of(ss, w);
	for (size_t i = 0; i < 2 && ok; i++)
		if (bits & addr_family_bit(families[i]))
			ok = make_claim(&claims[n++], w, families[i],
			    bits == (FAMILY_4 | FAMILY_6), f);
	if (ok && w->bad.text[0])
		outcome = up_reject(ss, claims, n, &w->bad, f);
	else if (ok)
		outcome = up_run(ss, claims, n, UP_REMEMBER_BAD | UP_SOLE |
		    (w->managed ? UP_REFRESH : 0), f);
	for (size_t i = 0; i < n; i++)
		claim_fini(&claims[i]);
	return outcome;
}

/* ---- files ------------------------------------------------------------- */

enum outcome
scripts_apply_files(struct session *ss, struct wish *w, struct fault *f)
{
	struct claim claims[2];
	size_t n = 0;

	/* ifdown-routes, though, asks for no NOROUTESET. */
	for (size_t i = 0; i < 2; i++) {
		if (w->lines[i].count == 0 || w->config.no_routes)
			continue;
		(void)claim_init(&claims[n], w->label, families[i], NULL);
		claims[n].key.files = true;
		claims[n].settings = w->lines[i];
		memset(&w->lines[i], 0, sizeof(w->lines[i]));
		n++;
	}
	return n ? up_run(ss, claims, n, UP_SOLE | UP_QUIET, f) :
	    down_no_files(ss, w->label, f);
}

/* Both; a failure of one does not keep the other up.  Refused lines are told
 * later, when all of the device has been seen to. */
enum outcome
scripts_carry_out(struct session *ss, struct wish *w, bool quiet,
    struct fault *f)
{
	enum outcome options, files;

	if (!quiet && !w->config.no_routes)
		complain(ss, w);
	options = apply_options(ss, w, f);
	if (options != OUTCOME_DONE)
		say_error(&ss->say, "%s; nothing was changed", f->text);
	files = scripts_apply_files(ss, w, f);
	if (files != OUTCOME_DONE)
		say_error(&ss->say, "%s", f->text);
	if (options != OUTCOME_DONE || files != OUTCOME_DONE)
		(void)session_defaults(ss, f);
	if ((options != OUTCOME_DONE || files != OUTCOME_DONE) &&
	    request_fails_hook(&w->config.settings, &ss->defaults))
		ss->fails = true;
	return options > files ? options : files;
}

static enum outcome
reconcile(struct session *ss, const char *label, bool quiet, struct fault *f)
{
	enum outcome outcome = OUTCOME_FAILED;
	struct wish w;

	if (wish_read(&w, label, f))
		outcome = scripts_carry_out(ss, &w, quiet, f);
	else
		say_error(&ss->say, "%s", f->text);
	wish_fini(&w);
	return outcome;
}

/* ---- the rest of the device -------------------------------------------- */

/* The labels of a device that have claims. */
static bool
claimed_labels(struct ifcfg_labels *l, struct session *ss, const char *device,
    struct fault *f)
{
	bool ok = true;

	if (session_lock(ss, f))
		return false;
	for (size_t i = 0; i < ss->record.claims.count && ok; i++) {
		const struct claim *c = &ss->record.claims.at[i];

		if (!strcmp(c->device, device) && !ifcfg_labels_add(l,
		    c->key.label))
			ok = fault_set(f, "out of memory");
	}
	session_unlock(ss);
	return ok;
}

/* The scripts flush labels without a file; IPv6 has no labels. */
static bool
alias_is_there(const struct snapshot *now, const char *label)
{
	struct ifcfg config;
	struct fault ignored;
	bool found, there = false;

	if (!ifcfg_find(&config, SCRIPTS_DIR, label, &found, &ignored))
		found = true;	/* and the fault is told where it is read */
	for (size_t i = 0; found && i < now->addresses.count; i++) {
		const struct address *a = &now->addresses.at[i];

		there |= !strcmp(a->label, label);
		for (size_t j = 0; j < config.address_count; j++)
			there |= addr_cmp(&a->prefix.addr,
			    &config.address[j]) == 0;
	}
	ifcfg_fini(&config);
	return there;
}

static enum outcome
reconcile_alias(struct session *ss, const char *label,
    const struct snapshot *now, struct fault *f)
{
	enum outcome outcome;

	if (alias_is_there(now, label))
		return reconcile(ss, label, true, f);
	outcome = down_run(ss, label, FAMILY_4 | FAMILY_6, NULL, NULL, f);
	if (outcome != OUTCOME_DONE)
		say_error(&ss->say, "%s", f->text);
	return outcome;
}

/* Aliases that were not called for: those that are gone end, the others come
 * to what their files say. */
enum outcome
scripts_reconcile_aliases(struct session *ss, const char *device,
    struct fault *f)
{
	struct snapshot now = { 0 };
	enum outcome worst = OUTCOME_DONE, one;
	struct ifcfg_labels labels = { 0 };

	if (!claimed_labels(&labels, ss, device, f) ||
	    !ifcfg_labels(&labels, SCRIPTS_DIR, device, f) ||
	    facts_read(&now, &ss->nl, device, FAMILY_4 | FAMILY_6, f)) {
		say_error(&ss->say, "%s: %s", device, f->text);
		worst = OUTCOME_FAILED;
		labels.count = 0;
	}
	for (size_t i = 0; i < labels.count; i++) {
		if (!strchr(labels.at[i], ':') ||
		    scripts_idle(&ss->record, labels.at[i]))
			continue;
		one = reconcile_alias(ss, labels.at[i], &now, f);
		worst = one > worst ? one : worst;
	}
	snapshot_fini(&now);
	ifcfg_labels_fini(&labels);
	return worst;
}

/* The scripts apply a parent's files with each alias, but not when the alias
 * comes up on the way of its parent: that one's turn is still to come. */
static bool
is_applied(struct session *ss, const char *device, struct fault *f)
{
	struct wish w;
	bool applied;

	applied = wish_read(&w, device, f) && spare_finds_rules(ss, w.lines);
	wish_fini(&w);
	return applied;
}

/* Only a parent that is up has claims. */
static enum outcome
reconcile_parent(struct session *ss, const char *label, const char *device,
    struct fault *f)
{
	struct ifcfg_labels labels = { 0 };
	bool claimed = false;

	if (!claimed_labels(&labels, ss, device, f)) {
		say_error(&ss->say, "%s: %s", label, f->text);
		return OUTCOME_FAILED;
	}
	for (size_t i = 0; i < labels.count; i++)
		claimed |= !strcmp(labels.at[i], device);
	ifcfg_labels_fini(&labels);
	return claimed || is_applied(ss, device, f) ?
	    reconcile(ss, device, true, f) : OUTCOME_DONE;
}

/* Lines that were refused, of the label or of all its device. */
static bool
has_refused(struct session *ss, const char *label, bool tell)
{
	struct claims *have = &ss->record.claims;
	struct fault ignored;
	bool any = false;

	if (session_lock(ss, &ignored))
		return false;
	for (size_t i = 0; i < have->count; i++) {
		struct claim *c = &have->at[i];

		if (!c->key.files || !down_meant(c, label, FAMILY_4 | FAMILY_6)
		    || block_parse(c, &ss->names, &ignored))
			continue;
		for (size_t j = 0; j < c->settings.count; j++)
			any |= c->settings.at[j].refused;
	}
	if (tell)
		(void)up_tell_refused(ss, label);
	session_unlock(ss);
	return any;
}

enum outcome
scripts_up(struct session *ss, const char *label, struct fault *f)
{
	char device[IFNAMSIZ];
	enum outcome own, rest;

	device_of(device, label);
	own = reconcile(ss, label, false, f);
	rest = strchr(label, ':') ?
	    reconcile_parent(ss, label, device, f) :
	    scripts_reconcile_aliases(ss, device, f);
	if (ss->robbed)
		(void)refresh_run(ss, NULL, UP_QUIET, f);
	ss->robbed = false;
	/* What stood in the way may have gone with the rest. */
	if (has_refused(ss, device, false)) {
		(void)refresh_run(ss, device, UP_QUIET, f);
		(void)has_refused(ss, label, true);
	}
	return own > rest ? own : rest;
}

/* ---- going down -------------------------------------------------------- */

/* With the pid of a client that is no more, ifdown-eth takes its kill for a
 * failure and calls neither ifdown-routes nor ifdown-local. */
static bool
has_stale_client(const char *label)
{
	static const char *const versions[] = { "", "6" };
	char path[64], *text;
	uint32_t pid;
	bool stale = false;

	for (size_t i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "/var/run/dhclient%s-%.15s.pid",
		    versions[i], label);
		if (file_read(&text, path, PID_MAX))
			continue;
		text[strcspn(text, " \n")] = '\0';
		stale |= !num_u32(&pid, text, 2, INT32_MAX) ||
		    (kill((pid_t)pid, 0) < 0 && errno == ESRCH);
		free(text);
	}
	return stale;
}

enum outcome
scripts_leave(struct session *ss, const char *label, struct fault *f)
{
	enum outcome outcome = OUTCOME_FAILED;
	const char *names[2];
	size_t count = 1;
	struct wish w = { .label = label };

	if (has_stale_client(label))
		return scripts_down(ss, label, f);
	device_of(w.device, label);
	names[0] = w.device;
	/* Bad options do not matter any more. */
	(void)ifcfg_find(&w.config, SCRIPTS_DIR, label, &w.found, &w.bad);
	if (w.found && strcmp(w.config.name, w.device))
		names[count++] = w.config.name;
	if (read_lines(&w, names, count, f))
		outcome = w.lines[0].count || w.lines[1].count ?
		    spare_run(ss, label, w.lines, f) : OUTCOME_DONE;
	if (outcome != OUTCOME_DONE)
		say_error(&ss->say, "%s", f->text);
	wish_fini(&w);
	return outcome;
}

enum outcome
scripts_down(struct session *ss, const char *label, struct fault *f)
{
	char device[IFNAMSIZ];
	enum outcome outcome;
	struct wish w;

	device_of(device, label);
	/* What the files cannot tell any more is in the record. */
	if (!wish_read(&w, label, f))
		say_error(&ss->say, "%s", f->text);
	outcome = down_files(ss, label, w.lines, f);
	wish_fini(&w);
	if (outcome != OUTCOME_DONE)
		say_error(&ss->say, "%s", f->text);
	/* ifdown-routes has deleted the parent's rules, too. */
	if (strchr(label, ':') && record_mentions(&ss->record, device))
		(void)refresh_run(ss, device, UP_QUIET, f);
	return outcome;
}
