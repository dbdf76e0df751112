/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: spare rules for a script that is about to delete by bare words.
 *
 * ifdown-routes runs `ip rule del LINE` for what the files say today: for an
 * alias that deletes its parent's rules, after an edit it deletes nothing or
 * somebody else's, and done twice the kernel's own.  The kernel takes the first
 * rule that the words fit (rule_find(), net/core/fib_rules.c), so one that
 * stands right in front of all those, and never matches a packet, is spared
 * for it. */
#include <linux/fib_rules.h>

#include <errno.h>
#include <string.h>

#include "block.h"
#include "facts.h"
#include "recover.h"
#include "spare.h"
#include "words.h"

/* The words of the line, as a delete says them. */
static bool
read_pattern(struct rule *pattern, struct session *ss, int family,
    const char *line)
{
	struct fault ignored;

	if (!words_parse_rule(pattern, family, WORDS_HOST_BITS, &ss->names,
	    line, &ignored))
		return false;
	rule_normalize(pattern);
	return !pattern->has_priority;
}

/* As an add says them. */
static void
add_table(struct rule *rule)
{
	if (rule->action == FR_ACT_TO_TBL && rule->table == 0 && !rule->l3mdev)
		rule->table = RT_TABLE_MAIN;
}

/* What a delete by the pattern hits, or NULL. */
static const struct rule *
first_hit(const struct rule *pattern, const struct snapshot *now,
    const struct objects *spares)
{
	const struct rule *first = NULL;

	for (size_t i = 0; i < now->rules.count; i++)
		if (rule_pattern_hits(pattern, &now->rules.at[i]) &&
		    (!first || now->rules.at[i].priority < first->priority))
			first = &now->rules.at[i];
	for (size_t i = 0; i < spares->count; i++)
		if (spares->at[i].kind == OBJECT_RULE &&
		    rule_pattern_hits(pattern, &spares->at[i].rule) &&
		    (!first || spares->at[i].rule.priority < first->priority))
			first = &spares->at[i].rule;
	return first;
}

/* Below another rule, where the kernel places new ones; some may have gone from
 * in between. */
static bool
is_close(const struct snapshot *now, const struct rule *rule)
{
	for (size_t i = 0; i < now->rules.count; i++)
		if (now->rules.at[i].priority > rule->priority &&
		    now->rules.at[i].priority <= rule->priority + RULE_CLOSE)
			return true;
	return false;
}

/* Put in by the script itself, before this program was there: it may go. */
static bool
is_scripts_own(const struct snapshot *now, const struct rule *hit,
    const struct rule *rule)
{
	return rule_same_elsewhere(hit, rule) &&
	    hit->priority < RULE_PRIORITY_MAIN &&
	    (hit->automatic || is_close(now, hit)) &&
	    (hit->protocol == RTPROT_UNSPEC || hit->protocol == RTPROT_BOOT ||
	    hit->protocol == rule->protocol);
}

/* Some line of the device stands for it. */
static bool
is_claimed(struct session *ss, const char *device, const struct rule *rule)
{
	const struct claims *have = &ss->record.claims;
	struct fault ignored;

	for (size_t i = 0; i < have->count; i++) {
		struct claim *c = &have->at[i];

		if (!c->key.files || strcmp(c->device, device) ||
		    block_parse(c, &ss->names, &ignored))
			continue;
		for (size_t j = 0; j < c->objects.count; j++)
			if (c->objects.at[j].unplaced && rule_same_elsewhere(
			    &c->objects.at[j].rule, rule))
				return true;
	}
	return false;
}

/* Makes a rule one that nothing matches; false if it has no place for that. */
static bool
disable(struct rule *rule)
{
	char *place = rule->iif[0] == '\0' ? rule->iif :
	    rule->oif[0] == '\0' ? rule->oif : NULL;

	if (place)
		memcpy(place, SPARE_DEVICE, sizeof(SPARE_DEVICE));
	return place != NULL;
}

static int
add_spare(struct objects *out, struct session *ss, const char *device,
    const struct rule *pattern, const struct snapshot *now)
{
	struct rule words = *pattern, rule = *pattern;
	const struct rule *hit;
	struct object *o;

	/* Without a type a delete names no action. */
	if (words.action == FR_ACT_TO_TBL)
		words.action = FR_ACT_UNSPEC;
	add_table(&rule);
	hit = first_hit(&words, now, out);
	if (hit && (hit->priority == 0 || (is_scripts_own(now, hit, &rule) &&
	    !is_claimed(ss, device, &rule))))
		return 0;
	if (!disable(&rule))
		return 0;
	rule.has_priority = true;
	rule.priority = (hit ? hit->priority : RULE_PRIORITY_MAIN) - 1;
	if (rule.protocol == 0)
		rule.protocol = PROTO_IFPOLICY;
	o = objects_add(out);
	if (!o)
		return -ENOMEM;
	o->kind = OBJECT_RULE;
	o->key = KEY_RULE;
	o->from_file = o->spare = true;
	o->rule = rule;
	return 0;
}

static int
copy_objects(struct objects *to, const struct objects *from)
{
	for (size_t i = 0; i < from->count; i++) {
		if (!objects_put(to, &from->at[i]))
			return -ENOMEM;
		to->at[to->count - 1].standing = true;
	}
	return 0;
}

static bool
is_spare(const struct object *o)
{
	return o->kind == OBJECT_RULE &&
	    (!strcmp(o->rule.iif, SPARE_DEVICE) ||
	    !strcmp(o->rule.oif, SPARE_DEVICE));
}

/* Those of a script that was never called. */
static void
drop_spares(struct objects *o)
{
	size_t kept = 0;

	for (size_t i = 0; i < o->count; i++)
		if (!is_spare(&o->at[i]))
			o->at[kept++] = o->at[i];
	o->count = kept;
}

/* The claim as it is, to get its spares. */
static int
start_claim(struct claim *c, struct session *ss, const char *label, int family,
    struct fault *f)
{
	struct claim *have;
	int err;

	(void)claim_init(c, label, family, NULL);
	c->key.files = c->parsed = true;
	have = claims_find(&ss->record.claims, &c->key);
	if (!have)
		return 0;
	if ((err = block_parse(have, &ss->names, f)))
		return err;
	if (!settings_copy(&c->settings, &have->settings) ||
	    copy_objects(&c->objects, &have->objects)) {
		fault_set(f, "out of memory");
		return -ENOMEM;
	}
	drop_spares(&c->objects);
	return 0;
}

static int
lay_out(struct session *ss, const char *label, int family,
    const struct settings *lines, struct fault *f)
{
	struct snapshot now = { 0 };
	struct claim c;
	struct obstacle what;
	struct transaction t = {
		.families = addr_family_bit(family), .now = &now,
		.changes = &c, .count = 1,
	};
	struct rule pattern;
	char device[IFNAMSIZ];
	size_t before;
	int err;

	err = start_claim(&c, ss, label, family, f);
	memcpy(device, c.device, sizeof(device));
	t.device = device;
	before = c.objects.count;
	if (!err)
		err = facts_read(&now, &ss->nl, device, t.families, f);
	now.gaps = (struct gaps){ ss->record.gap, ss->record.gaps };
	if (!err)
		err = facts_read_all_rules(&now, &ss->nl, t.families, f);
	/* The last line's is deleted last, and must not be hit before. */
	for (size_t i = lines->count; i-- > 0 && !err;)
		if (lines->at[i].key == KEY_RULE &&
		    read_pattern(&pattern, ss, family, lines->at[i].value))
			err = add_spare(&c.objects, ss, device, &pattern,
			    &now);
	if (!err && c.objects.count > before)
		err = transaction_commit(ss, &t, &what, f);
	claim_fini(&c);
	snapshot_fini(&now);
	return err;
}

enum outcome
spare_run(struct session *ss, const char *label,
    const struct settings lines[2], struct fault *f)
{
	int err = session_lock(ss, f);

	if (!err && lines[0].count)
		err = lay_out(ss, label, AF_INET, &lines[0], f);
	if (!err && lines[1].count)
		err = lay_out(ss, label, AF_INET6, &lines[1], f);
	session_unlock(ss);
	if (err)
		fault_before(f, "%s: ", label);
	return err ? OUTCOME_FAILED : OUTCOME_DONE;
}

static bool
finds_rule(struct session *ss, int family, const struct settings *lines)
{
	struct snapshot now = { 0 };
	struct fault ignored;
	struct rule rule;
	bool found = false;

	now.gaps = (struct gaps){ ss->record.gap, ss->record.gaps };
	if (facts_read_all_rules(&now, &ss->nl, addr_family_bit(family),
	    &ignored))
		now.rules.count = 0;
	for (size_t i = 0; i < lines->count && !found; i++) {
		if (lines->at[i].key != KEY_RULE ||
		    !read_pattern(&rule, ss, family, lines->at[i].value))
			continue;
		add_table(&rule);
		for (size_t j = 0; j < now.rules.count && !found; j++)
			found = is_scripts_own(&now, &now.rules.at[j],
			    &rule);
	}
	snapshot_fini(&now);
	return found;
}

bool
spare_finds_rules(struct session *ss, const struct settings lines[2])
{
	struct fault ignored;
	bool found;

	if ((lines[0].count == 0 && lines[1].count == 0) ||
	    session_lock(ss, &ignored))
		return false;
	found = finds_rule(ss, AF_INET, &lines[0]) ||
	    finds_rule(ss, AF_INET6, &lines[1]);
	session_unlock(ss);
	return found;
}
