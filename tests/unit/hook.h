/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: the calls of network-scripts' hook on the fake kernel, as commits.
 *
 * The parts of up.c, refresh.c, down.c and spare.c that decide what one commit
 * changes, without waiting and without a kernel. */
#ifndef IFPOLICY_TEST_HOOK_H
#define IFPOLICY_TEST_HOOK_H

#include "commit.h"
#include "compile.h"
#include "request.h"

#define OTHERS_SLOT	"another device's"

/* ---- up.c -------------------------------------------------------------- */

static inline void
find_devices(struct machine *m, struct request *q)
{
	for (size_t i = 0; i < q->extra.count; i++) {
		struct route *r = &q->extra.at[i].route;

		if (q->extra.at[i].kind != OBJECT_ROUTE)
			continue;
		for (size_t j = 0; j < r->hop_count; j++) {
			uint32_t to = r->hop[j].dev[0] ? 0 :
			    device_to(m, &r->hop[j].via);

			if (to)
				strcpy(r->hop[j].dev,
				    device_name((int)to - 3));
		}
		number_devices(r);
	}
}

static inline void
respect_others(struct run *r, struct claim *c)
{
	const struct claims *have = &r->ss.record.claims;

	for (size_t i = 0; i < have->count; i++) {
		const struct claim *other = &have->at[i];

		if (!strcmp(other->device, c->device))
			continue;
		for (size_t j = 0; j < c->objects.count; j++)
			for (size_t k = 0; k < other->objects.count; k++) {
				struct object *o = &c->objects.at[j];
				struct object *at = &other->objects.at[k];

				if (o->kind != OBJECT_ROUTE || at->foreign ||
				    !object_same_slot(at, o) ||
				    object_same(at, o))
					continue;
				setting_refuse(o->line, OTHERS_SLOT);
				r->m->robbed = true;
			}
	}
}

static inline void
compile_one(struct run *r, struct claim *c)
{
	struct compiled out;
	struct request q;

	assert_true(request_lines(&q, c, &r->ss.names, &r->f));
	find_devices(r->m, &q);
	assert_int_equal(compile(&out, &q, c, NULL, &r->now, &r->f),
	    VERDICT_DONE);
	c->objects = out.objects;
	c->parsed = true;
	for (size_t i = 0; i < c->objects.count; i++)
		if (c->objects.at[i].kind == OBJECT_ROUTE)
			number_devices(&c->objects.at[i].route);
	request_fini(&q);
	respect_others(r, c);
}

static inline void
add_drop(struct run *r, const struct claim *have)
{
	struct claim *at = &r->t.changes[r->t.count++];

	memset(at, 0, sizeof(*at));
	at->key = have->key;
	memcpy(at->device, have->device, sizeof(at->device));
	at->dropped = at->parsed = true;
	r->t.families |= addr_family_bit(have->key.family);
}

/* The label's other claims end with this, if it is sole. */
static inline void
add_drops(struct run *r, const char *label)
{
	const struct claims *have = &r->ss.record.claims;
	size_t own = r->t.count;

	for (size_t i = 0; i < have->count; i++) {
		bool stays = strcmp(have->at[i].key.label, label) != 0;

		for (size_t j = 0; j < own && !stays; j++)
			stays = claim_key_same(&r->t.changes[j].key,
			    &have->at[i].key);
		if (!stays)
			add_drop(r, &have->at[i]);
	}
}

static inline void
run_init(struct run *r, struct machine *m, int label)
{
	memset(r, 0, sizeof(*r));
	r->m = m;
	open_record(m, &r->ss);
	r->t.device = device_name(device_of(label));
	r->t.changes = calloc(4 * LABELS, sizeof(struct claim));
	assert_non_null(r->t.changes);
	look_at_device(r, device_of(label));
}

static inline void
fail_commit(struct run *r, int err)
{
	complain(r->m, r->f.text[0] ? r->f.text : strerror(-err),
	    r->what.object);
}

static inline void
file_lines(struct settings *s, const struct label *l, int family)
{
	char where[WHERE_MAX];
	struct fault f;

	for (size_t i = 0; i < l->lines; i++) {
		const struct line *at = &lines[l->file[i]];

		if (at->family != family)
			continue;
		snprintf(where, sizeof(where), "%s%s-%s:%zu", at->is_rule ?
		    "rule" : "route", family == AF_INET6 ? "6" : "", l->name,
		    i + 1);
		assert_true(settings_add_line(s, at->is_rule ? KEY_RULE :
		    KEY_ROUTE, where, at->words, &f));
	}
}

/* What a label's files say now becomes its claims. */
static inline void
apply_files(struct machine *m, int label)
{
	struct run r;
	int err;

	run_init(&r, m, label);
	parse_claims(&r.ss, NULL);
	for (int six = 0; six < 2; six++) {
		struct claim *c = &r.t.changes[r.t.count];
		int family = six ? AF_INET6 : AF_INET;

		*c = claim_of(m->label[label].name, family, NULL);
		c->key.files = true;
		file_lines(&c->settings, &m->label[label], family);
		if (c->settings.count == 0)
			continue;
		r.t.count++;
		r.t.families |= addr_family_bit(family);
		compile_one(&r, c);
	}
	add_drops(&r, m->label[label].name);
	err = r.t.count ? commit(&r) : 0;
	if (err)
		fail_commit(&r, err);
	run_fini(&r);
	free(r.t.changes);
}

/* ---- refresh.c --------------------------------------------------------- */

static inline void
refresh_one(struct machine *m, const struct claim_key *key)
{
	struct claim *have, *c;
	struct run r;
	int err;

	run_init(&r, m, strncmp(key->label, "eth1", 4) ? 2 : 0);
	parse_claims(&r.ss, NULL);
	have = claims_find(&r.ss.record.claims, key);
	if (have && have->settings.count) {
		c = &r.t.changes[r.t.count++];
		*c = claim_of(key->label, key->family, NULL);
		c->key.files = true;
		assert_true(settings_copy(&c->settings, &have->settings));
		r.t.families = addr_family_bit(key->family);
		compile_one(&r, c);
		err = commit(&r);
		if (err)
			fail_commit(&r, err);
	}
	run_fini(&r);
	free(r.t.changes);
}

static inline void
refresh(struct machine *m, const char *device)
{
	struct claim_key all[LENGTH(m->saved)];
	size_t n = 0;

	for (size_t i = 0; i < m->claims; i++)
		if (!device || !strncmp(m->saved[i].key.label, device, 4))
			all[n++] = m->saved[i].key;
	for (size_t i = 0; i < n; i++)
		refresh_one(m, &all[i]);
}

/* ---- down.c ------------------------------------------------------------ */

/* The rules of the label's files as they are now end as well. */
static inline void
add_line_rules(struct run *r, int label, int family, struct objects *out)
{
	struct claim c = claim_of(r->m->label[label].name, family, NULL);
	struct snapshot nowhere = { 0 };
	struct compiled compiled;
	struct request q;

	c.key.files = true;
	file_lines(&c.settings, &r->m->label[label], family);
	assert_true(request_lines(&q, &c, &r->ss.names, &r->f));
	assert_int_equal(compile_files(&compiled, &q, &c, &nowhere, &r->f),
	    VERDICT_DONE);
	for (size_t i = 0; i < compiled.objects.count; i++)
		if (compiled.objects.at[i].kind == OBJECT_RULE) {
			struct object *o = objects_add(out);

			assert_non_null(o);
			*o = compiled.objects.at[i];
			o->line = NULL;
			o->said = NULL;
		}
	compiled_fini(&compiled);
	request_fini(&q);
	claim_fini(&c);
}

/* A device's aliases' claims as well. */
static inline void
end_claims(struct machine *m, int label, bool lines_too)
{
	const char *name = m->label[label].name;
	struct objects stale = { 0 };
	struct run r;
	int err;

	run_init(&r, m, label);
	for (size_t i = 0; i < r.ss.record.claims.count; i++) {
		struct claim *c = &r.ss.record.claims.at[i];

		if (!strcmp(c->key.label, name) || !strcmp(c->device, name))
			add_drop(&r, c);
	}
	if (lines_too) {
		add_line_rules(&r, label, AF_INET, &stale);
		add_line_rules(&r, label, AF_INET6, &stale);
	}
	r.t.stale = &stale;
	r.t.families = FAMILY_4 | FAMILY_6;
	err = r.t.count || stale.count ? commit(&r) : 0;
	if (err)
		fail_commit(&r, err);
	run_fini(&r);
	free(r.t.changes);
	objects_fini(&stale);
}

/* ---- spare.c ----------------------------------------------------------- */

static inline uint32_t
first_hit(const struct rule *pattern, const struct kernel *k,
    const struct objects *spares)
{
	uint32_t lowest = 32766;

	for (size_t i = 0; i < k->rules; i++)
		if (rule_pattern_hits(pattern, &k->rule[i]) &&
		    k->rule[i].priority < lowest)
			lowest = k->rule[i].priority;
	for (size_t i = 0; i < spares->count; i++)
		if (spares->at[i].kind == OBJECT_RULE &&
		    rule_pattern_hits(pattern, &spares->at[i].rule) &&
		    spares->at[i].rule.priority < lowest)
			lowest = spares->at[i].rule.priority;
	return lowest;
}

static inline void
add_spare(struct objects *out, const struct rule *pattern,
    const struct kernel *k)
{
	struct rule rule = *pattern, any = *pattern;
	struct object *o;
	uint32_t before;

	if (any.action == FR_ACT_TO_TBL)
		any.action = 0;
	before = first_hit(&any, k, out);
	if (before == 0 || (rule.iif[0] && rule.oif[0]))
		return;
	strcpy(rule.iif[0] ? rule.oif : rule.iif, "ifpolicy-spare");
	rule.has_priority = true;
	rule.priority = before - 1;
	if (rule.protocol == 0)
		rule.protocol = PROTO_IFPOLICY;
	if (rule.action == FR_ACT_TO_TBL && rule.table == 0)
		rule.table = RT_TABLE_MAIN;
	o = objects_add(out);
	assert_non_null(o);
	o->kind = OBJECT_RULE;
	o->key = KEY_RULE;
	o->from_file = true;
	o->rule = rule;
}

static inline void
copy_without_spares(struct claim *to, const struct claim *from)
{
	struct object *o;

	assert_true(settings_copy(&to->settings, &from->settings));
	for (size_t i = 0; i < from->objects.count; i++) {
		if (from->objects.at[i].kind == OBJECT_RULE &&
		    is_spare_rule(&from->objects.at[i].rule))
			continue;
		o = objects_add(&to->objects);
		assert_non_null(o);
		*o = from->objects.at[i];
		o->standing = true;
	}
}

/* The files that ifdown-routes is going to read, of one family. */
static inline bool
add_spares(struct run *r, struct claim *c, const int *names, size_t count)
{
	size_t before = c->objects.count;

	/* The last to be deleted first: a line without a table hits those of
	 * others with one, too. */
	for (size_t i = count; i-- > 0;) {
		const struct label *l = &r->m->label[names[i]];

		for (size_t j = l->lines; j-- > 0;) {
			const struct line *at = &lines[l->file[j]];
			struct rule pattern;

			if (at->is_rule && at->family == c->key.family &&
			    read_rule(&pattern, at) && !pattern.has_priority)
				add_spare(&c->objects, &pattern, &r->m->k);
		}
	}
	return c->objects.count > before;
}

static inline void
lay_out_spares(struct machine *m, int label, const int *names, size_t count)
{
	int err;

	for (int six = 0; six < 2; six++) {
		struct claim *c, *have;
		struct run r;

		run_init(&r, m, label);
		parse_claims(&r.ss, r.t.device);
		c = r.t.changes;
		*c = claim_of(m->label[label].name, six ? AF_INET6 : AF_INET,
		    NULL);
		c->key.files = c->parsed = true;
		r.t.count = 1;
		r.t.families = addr_family_bit(c->key.family);
		have = claims_find(&r.ss.record.claims, &c->key);
		if (have)
			copy_without_spares(c, have);
		if (add_spares(&r, c, names, count) && (err = commit(&r)))
			fail_commit(&r, err);
		run_fini(&r);
		free(r.t.changes);
	}
}

#endif
