/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: one commit of claims on the fake kernel: real plans, no I/O.
 *
 * Lists, plan and the record's text are the library's own; what asks the kernel
 * there (facts.c, apply.c) or leads from one to the other (transaction.c) is
 * written here once more. */
#ifndef IFPOLICY_TEST_COMMIT_H
#define IFPOLICY_TEST_COMMIT_H

#include "plan.h"
#include "stock.h"
#include "transaction-work.h"

/* One commit while it is under way. */
struct run {
	struct machine *m;
	struct session ss;
	struct snapshot now;
	struct transaction t;
	struct obstacle what;
	struct fault f;
	struct work w;
	struct kernel before;
};

void complain(struct machine *m, const char *what, const struct object *o);

static inline void
complain_rule(struct machine *m, const char *what, const struct rule *r)
{
	struct object o = { .kind = OBJECT_RULE, .rule = *r };

	complain(m, what, &o);
}

static inline void
complain_route(struct machine *m, const char *what, const struct route *r)
{
	struct object o = { .kind = OBJECT_ROUTE, .route = *r };

	complain(m, what, &o);
}

/* ---- the record -------------------------------------------------------- */

static inline void
open_record(struct machine *m, struct session *ss)
{
	memset(ss, 0, sizeof(*ss));
	ss->record.lock = -1;
	for (size_t i = 0; i < m->claims; i++) {
		struct claim c = claim_of(m->saved[i].key.label,
		    m->saved[i].key.family, NULL);

		c.key.files = true;
		c.text = m->saved[i].text;
		c.text_len = strlen(c.text);
		assert_true(claims_put(&ss->record.claims, &c));
	}
}

static inline void
parse_claims(struct session *ss, const char *device)
{
	struct claims *have = &ss->record.claims;
	struct fault f;

	for (size_t i = 0; i < have->count; i++) {
		if (device && strcmp(have->at[i].device, device))
			continue;
		if (block_parse(&have->at[i], &ss->names, &f))
			fail_msg("%s", f.text);
		for (size_t j = 0; j < have->at[i].objects.count; j++)
			if (have->at[i].objects.at[j].kind == OBJECT_ROUTE)
				number_devices(&have->at[i].objects.at[j]
				    .route);
	}
}

static inline void
forget_record(struct machine *m)
{
	for (size_t i = 0; i < m->claims; i++)
		free(m->saved[i].text);
	m->claims = 0;
}

/* The text between heading and "end". */
static inline char *
body_of(const struct claim *c)
{
	struct text t = { 0 };
	char *body;

	block_print(&t, c, "claim");
	assert_false(t.failed);
	t.at[t.len - strlen("end\n")] = '\0';
	body = strdup(strchr(t.at, '\n') + 1);
	assert_non_null(body);
	text_fini(&t);
	return body;
}

static inline void
save_record(struct machine *m, const struct claims *done)
{
	struct saved_claim saved[LENGTH(m->saved)];

	assert_true(done->count <= LENGTH(saved));
	for (size_t i = 0; i < done->count; i++) {
		saved[i].key = done->at[i].key;
		saved[i].text = body_of(&done->at[i]);
	}
	forget_record(m);
	memcpy(m->saved, saved, done->count * sizeof(*saved));
	m->claims = done->count;
}

static inline void
close_record(struct session *ss)
{
	claims_fini(&ss->record.claims);
	names_fini(&ss->names);
}

static inline bool
is_claimed(const struct machine *m, const char *label)
{
	for (size_t i = 0; i < m->claims; i++)
		if (!strcmp(m->saved[i].key.label, label))
			return true;
	return false;
}

/* ---- facts.c ----------------------------------------------------------- */

static inline bool
rule_matters_to(const struct object *o, const struct rule *r)
{
	struct rule pattern = o->rule;

	if (o->kind != OBJECT_RULE ||
	    (!o->unplaced && o->rule.priority != r->priority))
		return false;
	pattern.protocol = 0;
	pattern.has_priority = !o->unplaced;
	return rule_pattern_hits(&pattern, r);
}

static inline bool
rule_matters(const struct object_refs *refs, const struct rule *r)
{
	for (size_t i = 0; i < refs->count; i++)
		if (rule_matters_to(refs->at[i], r))
			return true;
	return false;
}

/* The distance to the next rule; none is far away. */
static inline uint32_t
gap_above(const struct kernel *k, size_t at)
{
	uint32_t gap = UINT32_MAX, between;

	for (size_t i = 0; i < k->rules; i++) {
		between = k->rule[i].priority - k->rule[at].priority;
		if (k->rule[i].family == k->rule[at].family &&
		    k->rule[i].priority > k->rule[at].priority &&
		    between < gap)
			gap = between;
	}
	return gap;
}

static inline bool
is_automatic(const struct kernel *k, size_t at)
{
	uint32_t priority = k->rule[at].priority;

	return priority < RULE_PRIORITY_MAIN && (priority == 0 ||
	    gap_above(k, at) == 1 || priority >= RULE_PRIORITY_TOP);
}

/* With a protocol of its own it may be what another device's file asks for. */
static inline void
mark_rule(struct run *r, struct rule *rule, size_t at)
{
	struct object o = { .kind = OBJECT_RULE, .rule = *rule };

	if (rule->protocol > RTPROT_BOOT &&
	    record_held_elsewhere(&r->ss.record, &o, r->t.device))
		return;
	rule->automatic = is_automatic(&r->m->k, at);
}

static inline void
look_at_rules(struct run *r)
{
	const struct kernel *k = &r->m->k;

	r->now.rules.count = 0;
	for (int six = 0; six < 2; six++)
		for (size_t i = 0; i < k->rules; i++) {
			struct rule *at;

			if ((k->rule[i].family == AF_INET6) != six ||
			    !(r->t.families &
			    addr_family_bit(k->rule[i].family)))
				continue;
			if (k->rule[i].protocol == PROTO_IFPOLICY)
				r->now.has_our_rules = true;
			if (!rule_matters(&r->w.want, &k->rule[i]) &&
			    !rule_matters(&r->w.old, &k->rule[i]))
				continue;
			at = snapshot_add_rule(&r->now);
			assert_non_null(at);
			*at = k->rule[i];
			mark_rule(r, at, i);
		}
}

static inline bool
in_slot_of(const struct object_refs *refs, const struct route *r)
{
	for (size_t i = 0; i < refs->count; i++)
		if (refs->at[i]->kind == OBJECT_ROUTE &&
		    route_same_key(&refs->at[i]->route, r))
			return true;
	return false;
}

static inline void
look_at_routes(struct run *r)
{
	const struct kernel *k = &r->m->k;

	r->now.routes.count = 0;
	for (size_t i = 0; i < k->routes; i++) {
		struct route *at;

		if (!(r->t.families & addr_family_bit(k->route[i].family)) ||
		    (!in_slot_of(&r->w.want, &k->route[i]) &&
		    !in_slot_of(&r->w.old, &k->route[i]) &&
		    !(k->route[i].table == RT_TABLE_MAIN &&
		    goes_through(&k->route[i], r->now.link.ifindex))))
			continue;
		at = snapshot_add_route(&r->now);
		assert_non_null(at);
		*at = k->route[i];
	}
	r->now.has_tables = r->now.has_main_of_device = true;
}

static inline void
look_at_device(struct run *r, int device)
{
	const struct label *l = &r->m->label[2 * device];
	char text[48];

	snapshot_of(&r->now, device_name(device));
	if (!r->m->link_up[device])
		r->now.link.flags = 0;
	for (int i = 0; i < 2; i++) {
		if (!l[i].up)
			continue;
		snprintf(text, sizeof(text), "10.0.%d.1%d/24", device + 1, i);
		snapshot_address(&r->now, text);
	}
	if (l[0].up) {
		snprintf(text, sizeof(text), "fd00:%d::10/64", device + 1);
		snapshot_address(&r->now, text);
	}
}

/* ---- transaction.c and apply.c ----------------------------------------- */

static inline bool
is_refused(const struct object *o)
{
	return o->line && o->line->refused;
}

static inline bool
forget_refused(struct work *w)
{
	size_t kept = 0, before = w->want.count;

	for (size_t i = 0; i < w->want.count; i++)
		if (!is_refused(w->want.at[i]))
			w->want.at[kept++] = w->want.at[i];
	w->want.count = kept;
	return kept < before;
}

static inline void
list_refused(struct run *r)
{
	r->w.refused.count = 0;
	for (size_t i = 0; i < r->t.count; i++)
		for (size_t j = 0; j < r->t.changes[i].objects.count; j++) {
			struct object *o = &r->t.changes[i].objects.at[j];

			if (is_refused(o))
				assert_true(work_add_ref(&r->w.refused, o));
		}
}

static inline int
make_plan(struct run *r)
{
	struct work *w = &r->w;
	struct plan_input in = { .held = w->held, .now = &r->now };
	int err;

	do {
		(void)forget_refused(w);
		list_refused(r);
		in.want = w->want;
		in.old = w->old;
		in.refused = w->refused;
		plan_fini(&w->plan);
		err = plan_make(&w->plan, &in, &r->what.object, &r->f);
	} while (!err && forget_refused(w));
	return err;
}

/* What must not happen at any step. */
void watch_step(struct run *r);

static inline int
carry_out_op(struct machine *m, struct op *op)
{
	const struct object *o = op->object;
	int tag = WHOSE_HOOK, err = 0;

	if (op->verb == OP_ADD_TABLE_ROUTE || op->verb == OP_ADD_MAIN_ROUTE)
		err = kernel_refuses(m, &o->route);
	/* A twin takes the place of the rule it is one of. */
	for (size_t i = 0; op->verb == OP_DELETE_RULE && op->twin &&
	    i < m->k.rules; i++)
		if (rule_same(&m->k.rule[i], op->rule) &&
		    m->k.rule[i].protocol == op->rule->protocol)
			tag = m->k.rule_tag[i];
	return err ? err : kernel_do(&m->k, op, tag);
}

static inline bool
op_tolerated(const struct op *op, int err)
{
	bool adds = op->verb == OP_ADD_TABLE_ROUTE ||
	    op->verb == OP_ADD_MAIN_ROUTE || op->verb == OP_ADD_RULE;

	if (op->verb >= OP_DELETE_RULE && op->verb <= OP_DELETE_TABLE_ROUTE &&
	    !op->twin && (err == -ENOENT || err == -ESRCH))
		return true;
	if (!adds || !op->object->from_file ||
	    (op->verb == OP_ADD_RULE && err == -EEXIST))
		return false;
	if (op->replaces && route_same(op->replaces, &op->object->route))
		op->object->route.protocol = op->replaces->protocol;
	else if (op->object->line)
		setting_refuse(op->object->line, strerror(-err));
	return true;
}

/* 0, or what made it stop; then nothing has changed. */
static inline int
apply(struct run *r)
{
	struct plan *p = &r->w.plan;
	struct kernel saved;

	kernel_copy(&saved, &r->m->k);
	for (size_t i = 0; i < p->count; i++) {
		int err = carry_out_op(r->m, &p->at[i]);

		if (err && !op_tolerated(&p->at[i], err)) {
			kernel_copy(&r->m->k, &saved);
			r->what.object = p->at[i].object;
			return err;
		}
		watch_step(r);
	}
	return 0;
}

static inline bool
replacement_refused(const struct work *w)
{
	for (size_t i = 0; i < w->plan.count; i++)
		if (w->plan.at[i].replaces && is_refused(w->plan.at[i].object))
			return true;
	return false;
}

static inline int
look_and_plan(struct run *r)
{
	look_at_rules(r);
	look_at_routes(r);
	return make_plan(r);
}

static inline int
apply_it(struct run *r)
{
	int err = apply(r);

	for (int i = 0; i < 3 && err == -EEXIST; i++) {
		if ((err = look_and_plan(r)))
			return err;
		for (size_t j = 0; j < r->w.plan.count; j++)
			if (r->w.plan.at[j].verb == OP_ADD_RULE)
				r->w.plan.at[j].twin = true;
		err = apply(r);
	}
	if (err || !replacement_refused(&r->w))
		return err;
	err = look_and_plan(r);
	return err ? err : apply(r);
}

static inline void
refuse_devices(struct run *r)
{
	size_t kept = 0;

	for (size_t i = 0; i < r->w.want.count; i++) {
		struct object *o = r->w.want.at[i];
		bool missing = false;

		for (size_t j = 0; o->kind == OBJECT_ROUTE &&
		    j < o->route.hop_count; j++)
			missing |= o->route.hop[j].ifindex == 0;
		if (missing && o->line)
			setting_refuse(o->line, "no such device");
		if (!missing)
			r->w.want.at[kept++] = o;
	}
	r->w.want.count = kept;
}

static inline bool
has_routes(const struct object_refs *refs)
{
	for (size_t i = 0; i < refs->count; i++)
		if (refs->at[i]->kind == OBJECT_ROUTE)
			return true;
	return false;
}

static inline int
gather(struct run *r)
{
	struct work *w = &r->w;
	int err;

	w->ss = &r->ss;
	w->t = &r->t;
	w->what = &r->what;
	w->f = &r->f;
	r->t.now = &r->now;
	parse_claims(&r->ss, r->t.device);
	if ((err = work_list_wanted(w)) || (err = work_list_old(w)) ||
	    (err = work_list_held(w)))
		return err;
	look_at_rules(r);
	if ((w->want.count && w->old.count) || has_routes(&w->want) ||
	    has_routes(&w->old))
		look_at_routes(r);
	refuse_devices(r);
	return make_plan(r);
}

/* What must hold after each commit. */
void watch_commit(struct run *r, bool was_idle);

static inline void
write_done(struct run *r)
{
	struct claims done = { 0 };

	assert_int_equal(work_list_done(&r->w, &done), 0);
	save_record(r->m, &done);
	free(done.at);
}

static inline void
run_fini(struct run *r)
{
	for (size_t i = 0; i < r->t.count; i++)
		claim_fini(&r->t.changes[i]);
	object_refs_fini(&r->w.want);
	object_refs_fini(&r->w.old);
	object_refs_fini(&r->w.refused);
	objects_fini(&r->w.stale);
	free(r->w.held);
	plan_fini(&r->w.plan);
	snapshot_fini(&r->now);
	close_record(&r->ss);
}

/* Takes the changes over.  0 or what stood in the way. */
static inline int
commit(struct run *r)
{
	bool idle;
	int err;

	r->m->commits++;
	kernel_copy(&r->before, &r->m->k);
	err = gather(r);
	idle = !err && plan_is_idle(&r->w.plan);
	if (!err && !idle)
		err = apply_it(r);
	if (!err) {
		work_share_marks(&r->w);
		watch_commit(r, idle);
		write_done(r);
	}
	return err;
}

#endif
