/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: unit tests of plan.c: one situation each; see test_plan_lives.c. */
#include "kernel.h"
#include "build.h"
#include "plan.h"
#include "tell.h"

/* Two lists of objects, a snapshot, and what plan_make() makes of them. */
struct situation {
	struct objects want, old;
	struct object_refs want_refs, old_refs;
	bool held[32];
	struct snapshot now;
	struct plan plan;
	const struct object *conflict;
	struct fault f;
};

static void
refer(struct object_refs *refs, struct objects *o)
{
	refs->at = calloc(o->count + 1, sizeof(struct object *));
	assert_non_null(refs->at);
	for (size_t i = 0; i < o->count; i++)
		refs->at[refs->count++] = &o->at[i];
}

static void
situation_init(struct situation *s, const char *want, const char *old)
{
	memset(s, 0, sizeof(*s));
	objects_of(&s->want, AF_INET, want);
	objects_of(&s->old, AF_INET, old);
	refer(&s->want_refs, &s->want);
	refer(&s->old_refs, &s->old);
	snapshot_of(&s->now, "eth1");
	s->now.has_tables = s->now.has_main_of_device = true;
}

static void
situation_fini(struct situation *s)
{
	objects_fini(&s->want);
	objects_fini(&s->old);
	object_refs_fini(&s->want_refs);
	object_refs_fini(&s->old_refs);
	snapshot_fini(&s->now);
	plan_fini(&s->plan);
}

/* What the kernel holds, in its order. */
static void
kernel_has(struct situation *s, const char *lines)
{
	struct objects o;

	objects_of(&o, AF_INET, lines);
	for (size_t i = 0; i < o.count; i++)
		if (o.at[i].kind == OBJECT_RULE)
			*snapshot_add_rule(&s->now) = o.at[i].rule;
		else
			*snapshot_add_route(&s->now) = o.at[i].route;
	objects_fini(&o);
}

static int
make(struct situation *s)
{
	struct plan_input in = {
		.want = s->want_refs, .old = s->old_refs, .held = s->held,
		.now = &s->now,
	};

	plan_fini(&s->plan);
	return plan_make(&s->plan, &in, &s->conflict, &s->f);
}

/* The plan as text: "+" add, "~" replace, "-" delete, "=" keep, "@" foreign,
 * "t" twin, "<" give back, ">" take; then table and priority or metric. */
static void
describe(struct text *t, const struct plan *p)
{
	static const char signs[] = {
		[OP_GIVE_BACK] = '<', [OP_ADD_TABLE_ROUTE] = '+',
		[OP_ADD_RULE] = '+', [OP_ADD_MAIN_ROUTE] = '+',
		[OP_SET_SYSCTL] = '+', [OP_TAKE] = '>',
		[OP_DELETE_RULE] = '-', [OP_DELETE_MAIN_ROUTE] = '-',
		[OP_DELETE_TABLE_ROUTE] = '-', [OP_RESTORE_SYSCTL] = '-',
		[OP_KEEP] = '=', [OP_FOREIGN] = '@',
	};

	text_str(t, "");
	for (size_t i = 0; i < p->count; i++) {
		const struct op *op = &p->at[i];
		struct object o = *op->object;
		char sign = op->twin ? 't' : op->replaces ? '~' :
		    signs[op->verb];

		if (op->rule)
			o.rule = *op->rule;
		o.foreign = false;
		text_fmt(t, "%c ", sign);
		block_object(t, &o, NULL);
		text_str(t, "\n");
	}
}

static void
assert_plan(struct situation *s, const char *want)
{
	struct text t = { 0 };

	if (make(s))
		fail_msg("refused: %s", s->f.text);
	describe(&t, &s->plan);
	assert_string_equal(t.at, want);
	text_fini(&t);
}

#define RULE	"rule add priority 12030 from 10.0.1.10 lookup 101 protocol 173"
#define SUBNET	"route add 10.0.1.0/24 dev eth1 table 101 protocol 173 " \
	"scope link src 10.0.1.10"
#define OUT	"route add default via 10.0.1.1 dev eth1 table 101 protocol 173"
#define MAIN	"route add default via 10.0.1.1 dev eth1 table 254 " \
	"metric 100 protocol 173"
#define KNOB	"sysctl ipv4/conf/eth1/arp_filter 1"
#define DHCP	"taken route add default via 10.0.1.1 dev eth1 table 254 " \
	"protocol 16"

static void
on_the_way_up_table_routes_precede_rules_precede_main(void **state)
{
	struct situation s;

	(void)state;
	situation_init(&s, KNOB "\n" MAIN "\n" RULE "\n" SUBNET "\n" OUT "\n",
	    "");
	strcpy(s.want.at[0].sysctl.now, "0");
	assert_plan(&s, "+ " KNOB " was 0\n+ " SUBNET "\n+ " OUT "\n+ "
	    RULE "\n+ " MAIN "\n");
	situation_fini(&s);
}

static void
on_the_way_down_rules_go_first(void **state)
{
	struct situation s;

	(void)state;
	situation_init(&s, "", KNOB " was 0\n" SUBNET "\n" OUT "\n" MAIN "\n"
	    RULE "\n");
	strcpy(s.old.at[0].sysctl.now, "1");
	kernel_has(&s, RULE "\n" SUBNET "\n" OUT "\n" MAIN "\n");
	assert_plan(&s, "- " RULE "\n- " MAIN "\n- " OUT "\n- " SUBNET "\n"
	    "- " KNOB " was 0\n");
	situation_fini(&s);
}

static void
an_edit_adds_before_it_deletes(void **state)
{
	static const char old_rule[] =
	    "rule add priority 11030 from 10.0.1.10 lookup 101 protocol 173";
	static const char old_main[] = "route add default via 10.0.1.1 "
	    "dev eth1 table 254 metric 50 protocol 173";
	struct situation s;
	char old[400], want[800];

	(void)state;
	snprintf(old, sizeof(old), "%s\n%s\n" SUBNET "\n", old_rule, old_main);
	snprintf(want, sizeof(want), "+ " RULE "\n+ " MAIN "\n- %s\n- %s\n"
	    "= " SUBNET "\n", old_rule, old_main);
	situation_init(&s, SUBNET "\n" MAIN "\n" RULE "\n", old);
	kernel_has(&s, old);
	assert_plan(&s, want);
	situation_fini(&s);
}

static void
the_same_again_is_idle(void **state)
{
	struct situation s;

	(void)state;
	situation_init(&s, RULE "\n" SUBNET "\n", RULE "\n" SUBNET "\n");
	kernel_has(&s, RULE "\n" SUBNET "\n");
	assert_plan(&s, "= " RULE "\n= " SUBNET "\n");
	assert_true(plan_is_idle(&s.plan));
	situation_fini(&s);
}

static void
every_step_but_keep_and_foreign_is_work(void **state)
{
	struct op op = { 0 };
	struct plan p = { &op, 1 };

	(void)state;
	for (int verb = OP_GIVE_BACK; verb <= OP_FOREIGN; verb++) {
		op.verb = (enum op_verb)verb;
		assert_int_equal(plan_is_idle(&p), verb >= OP_KEEP);
	}
	p.count = 0;
	assert_true(plan_is_idle(&p));
}

static void
an_equal_rule_of_another_is_used_and_left_alone(void **state)
{
	static const char other[] =
	    "rule add priority 12030 from 10.0.1.10 lookup 101 protocol 4\n";
	struct situation s;

	(void)state;
	situation_init(&s, RULE "\n", "");
	kernel_has(&s, other);
	assert_plan(&s, "@ " RULE "\n");
	assert_true(s.want.at[0].foreign);
	assert_true(plan_is_idle(&s.plan));
	situation_fini(&s);
	situation_init(&s, "", "foreign " RULE "\n");
	kernel_has(&s, other);
	assert_plan(&s, "@ " RULE "\n");
	situation_fini(&s);
	/* Ours was there first: that one is ours to keep and to delete. */
	situation_init(&s, RULE "\n", RULE "\n");
	kernel_has(&s, other);
	kernel_has(&s, RULE "\n");
	assert_plan(&s, "= " RULE "\n");
	assert_false(s.want.at[0].foreign);
	situation_fini(&s);
}

static void
an_equal_rule_of_another_priority_does_not_count(void **state)
{
	struct situation s;

	(void)state;
	situation_init(&s, RULE "\n", "");
	kernel_has(&s, "rule add priority 12031 from 10.0.1.10 lookup 101 "
	    "protocol 4\nrule add priority 12030 from 10.0.1.10 iif eth2 "
	    "lookup 101 protocol 4\n");
	assert_plan(&s, "+ " RULE "\n");
	situation_fini(&s);
}

static void
what_was_foreign_and_is_ours_by_now_is_deleted(void **state)
{
	struct situation s;

	(void)state;
	situation_init(&s, "", "foreign " RULE "\nforeign " SUBNET "\n");
	kernel_has(&s, RULE "\n" SUBNET "\n");
	assert_plan(&s, "- " RULE "\n- " SUBNET "\n");
	situation_fini(&s);
}

static void
what_another_device_holds_stays(void **state)
{
	struct situation s;

	(void)state;
	situation_init(&s, "", RULE "\n" OUT "\n");
	kernel_has(&s, RULE "\n" OUT "\n");
	s.held[0] = s.held[1] = true;
	assert_plan(&s, "= " RULE "\n= " OUT "\n");
	situation_fini(&s);
}

static void
what_is_gone_already_needs_no_delete(void **state)
{
	struct situation s;

	(void)state;
	situation_init(&s, "", RULE "\n" SUBNET "\n");
	kernel_has(&s, "rule add priority 12030 from 10.0.1.10 lookup 101 "
	    "protocol 4\nroute add 10.0.1.0/24 dev eth1 table 101 "
	    "protocol static scope link src 10.0.1.10\n");
	assert_plan(&s, "");
	situation_fini(&s);
	/* Without a look at the tables nobody can tell: the delete names all
	 * there is to name. */
	situation_init(&s, "", SUBNET "\n");
	s.now.has_tables = false;
	assert_plan(&s, "- " SUBNET "\n");
	situation_fini(&s);
}

/* Carries the plan out and looks at what is left. */
static void
assert_outcome(struct situation *s, const char *lines)
{
	struct kernel *k = calloc(1, sizeof(*k));
	struct objects left = { 0 };

	assert_non_null(k);
	for (size_t i = 0; i < s->now.rules.count; i++)
		assert_int_equal(kernel_add_rule(k, &s->now.rules.at[i], false,
		    0), 0);
	assert_int_equal(make(s), 0);
	for (size_t i = 0; i < s->plan.count; i++)
		assert_int_equal(kernel_do(k, &s->plan.at[i], 0), 0);
	for (size_t i = 0; i < k->rules; i++) {
		struct object *o = objects_add(&left);

		o->kind = OBJECT_RULE;
		o->rule = k->rule[i];
	}
	assert_objects(&left, AF_INET, lines);
	objects_fini(&left);
	free(k);
}

#define WIDE	"rule add priority 12000 from all lookup 101 protocol 173\n"
#define FROM	"rule add priority 12000 from 10.7.0.0/16 lookup 101 " \
	"protocol 173\n"
#define WEB	"rule add priority 12000 from 10.7.0.0/16 ipproto 6 dport 80 " \
	"lookup 101 protocol 173\n"
#define NOT	"rule add priority 12000 not from 10.7.0.0/16 lookup 101 " \
	"protocol 173\n"

static void
a_special_rule_in_front_gets_a_twin(void **state)
{
	struct situation s;

	(void)state;
	situation_init(&s, WEB, WIDE WEB);
	kernel_has(&s, WEB WIDE);
	assert_plan(&s, "t " WEB "- " WIDE "- " WIDE "= " WEB);
	assert_outcome(&s, WEB);
	situation_fini(&s);
}

static void
a_special_rule_behind_needs_no_twin(void **state)
{
	struct situation s;

	(void)state;
	situation_init(&s, WEB, WIDE WEB);
	kernel_has(&s, WIDE WEB);
	assert_plan(&s, "- " WIDE "= " WEB);
	situation_fini(&s);
}

static void
deletes_of_rules_that_hit_each_other_leave_the_right_ones(void **state)
{
	static const struct {
		const char *kernel, *old, *want;
	} cases[] = {
		{ WIDE FROM WEB, WIDE FROM WEB, "" },
		{ WEB FROM WIDE, WIDE FROM WEB, "" },
		{ FROM WIDE WEB, WIDE FROM WEB, WEB },
		{ FROM WIDE WEB, WIDE FROM WEB, FROM },
		{ WEB FROM WIDE, WIDE FROM WEB, FROM WEB },
		{ WEB NOT FROM WIDE, WIDE NOT FROM WEB, NOT },
		{ NOT FROM, NOT FROM, NOT },
		{ NOT FROM, NOT FROM, FROM },
		{ FROM NOT, NOT FROM, FROM },
		{ NOT FROM, NOT FROM, WEB },
		{ FROM NOT, FROM NOT, WEB WIDE },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct situation s;

		situation_init(&s, cases[i].want, cases[i].old);
		kernel_has(&s, cases[i].kernel);
		print_message("# case %zu\n", i);
		assert_outcome(&s, cases[i].want);
		situation_fini(&s);
	}
}

static void
a_route_of_ours_that_changed_is_replaced(void **state)
{
	struct situation s;

	(void)state;
	situation_init(&s, OUT "\n", "route add default via 10.0.1.2 dev eth1 "
	    "table 101 protocol 173\n");
	kernel_has(&s, "route add default via 10.0.1.2 dev eth1 table 101 "
	    "protocol 173\n");
	assert_plan(&s, "~ " OUT "\n");
	assert_ptr_equal(s.plan.at[0].replaces, &s.now.routes.at[0]);
	situation_fini(&s);
	/* The record was lost: our mark and device tell. */
	situation_init(&s, OUT "\n", "");
	kernel_has(&s, "route add default via 10.0.1.2 dev eth1 table 101 "
	    "protocol 173\n");
	assert_plan(&s, "~ " OUT "\n");
	situation_fini(&s);
}

static void
another_s_route_in_the_slot_is_a_conflict(void **state)
{
	static const struct {
		const char *want, *old, *there, *said;
	} cases[] = {
		{ MAIN "\n", "", "route add default via 10.0.1.9 dev eth1 "
		    "table 254 metric 100 protocol dhcp\n",
		    "table main already has default via 10.0.1.9 dev eth1 "
		    "metric 100, which is not ifpolicy's; take another "
		    "metric" },
		{ OUT "\n", OUT "\n", "route add default dev eth1 table 101 "
		    "protocol static\n", "table 101 already has default dev "
		    "eth1 metric 0, which is not ifpolicy's; take another "
		    "table" },
		{ MAIN "\n", "", "route add default via 10.0.2.1 dev eth2 "
		    "table 254 metric 100 protocol 173\n",
		    "table main already has default via 10.0.2.1 dev eth2 "
		    "metric 100, of another interface's policy; take another "
		    "metric" },
		/* It vanished, and then eth2 came. */
		{ MAIN "\n", MAIN "\n", "route add default via 10.0.2.1 "
		    "dev eth2 table 254 metric 100 protocol 173\n",
		    "table main already has default via 10.0.2.1 dev eth2 "
		    "metric 100, of another interface's policy; take another "
		    "metric" },
		{ "route add blackhole default table 101 metric 4294967295 "
		    "protocol 173\n", "", "route add unreachable default "
		    "table 101 metric 4294967295 protocol 173\n",
		    "of another interface's policy; take another table" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct situation s;

		situation_init(&s, cases[i].want, cases[i].old);
		kernel_has(&s, cases[i].there);
		print_message("# case %zu\n", i);
		assert_int_equal(make(&s), -EEXIST);
		assert_ptr_equal(s.conflict, &s.want.at[0]);
		if (!strstr(s.f.text, cases[i].said))
			fail_msg("%s", s.f.text);
		assert_null(s.plan.at);
		situation_fini(&s);
	}
}

static void
an_equal_route_of_another_is_used(void **state)
{
	struct situation s;

	(void)state;
	situation_init(&s, OUT "\n", OUT "\n");
	kernel_has(&s, "route add default via 10.0.1.1 dev eth1 table 101 "
	    "protocol static\n");
	assert_plan(&s, "@ " OUT "\n");
	assert_true(s.want.at[0].foreign);
	situation_fini(&s);
}

static void
a_taken_route_is_taken_once_and_given_back(void **state)
{
	static const char there[] = "route add default via 10.0.1.1 dev eth1 "
	    "table 254 protocol dhcp\n";
	struct situation s;

	(void)state;
	situation_init(&s, DHCP "\n", "");
	kernel_has(&s, there);
	assert_plan(&s, "> " DHCP "\n");
	situation_fini(&s);
	situation_init(&s, DHCP "\n", DHCP "\n");
	assert_plan(&s, "= " DHCP "\n");
	situation_fini(&s);
	/* A renewed lease put it in again. */
	situation_init(&s, DHCP "\n", DHCP "\n");
	kernel_has(&s, there);
	assert_plan(&s, "> " DHCP "\n");
	situation_fini(&s);
	situation_init(&s, "", DHCP "\n" OUT "\n");
	kernel_has(&s, OUT "\n");
	assert_plan(&s, "< " DHCP "\n- " OUT "\n");
	situation_fini(&s);
}

static void
a_taken_route_is_given_back_only_where_it_fits(void **state)
{
	static const char kernels[] = "taken route add 10.0.1.0/24 dev eth1 "
	    "table 254 protocol 2 scope link src 10.0.1.10\n";
	struct situation s;

	(void)state;
	situation_init(&s, "", DHCP "\n");
	s.now.link.flags = 0;
	assert_plan(&s, "");
	situation_fini(&s);
	situation_init(&s, "", DHCP "\n");
	kernel_has(&s, "route add default via 10.0.1.1 dev eth1 table 254 "
	    "protocol dhcp\n");
	assert_plan(&s, "");
	situation_fini(&s);
	situation_init(&s, "", kernels);
	assert_plan(&s, "");
	snapshot_address(&s.now, "10.0.1.10/24");
	assert_plan(&s, "< taken route add 10.0.1.0/24 dev eth1 table 254 "
	    "protocol 2 scope link src 10.0.1.10\n");
	situation_fini(&s);
}

/* What an edit finds in a knob and remembers as the former value. */
static void
assert_knob(const char *want, const char *old, const char *now,
    const char *plan)
{
	struct situation s;

	situation_init(&s, want, old);
	for (size_t i = 0; i < s.want.count; i++)
		strcpy(s.want.at[i].sysctl.now, now);
	for (size_t i = 0; i < s.old.count; i++)
		strcpy(s.old.at[i].sysctl.now, now);
	assert_plan(&s, plan);
	situation_fini(&s);
}

#define LOOSE	"sysctl ipv4/conf/eth1/rp_filter 2"
#define STRICT	"sysctl ipv4/conf/eth1/rp_filter 1"

static void
a_former_value_survives_edits(void **state)
{
	(void)state;
	assert_knob(LOOSE "\n", "", "0", "+ " LOOSE " was 0\n");
	assert_knob(LOOSE "\n", LOOSE " was 0\n", "2", "= " LOOSE " was 0\n");
	assert_knob(STRICT "\n", LOOSE " was 0\n", "2", "+ " STRICT
	    " was 0\n");
	assert_knob("", LOOSE " was 0\n", "2", "- " LOOSE " was 0\n");
}

static void
a_value_that_somebody_changed_is_his(void **state)
{
	(void)state;
	assert_knob(LOOSE "\n", LOOSE " was 0\n", "1", "+ " LOOSE " was 1\n");
	assert_knob("", LOOSE " was 0\n", "1", "");
	assert_knob("", LOOSE " was 2\n", "2", "");
	assert_knob("", LOOSE "\n", "2", "");
}

static void
a_former_value_survives_a_run_that_was_killed(void **state)
{
	(void)state;
	/* The record, and behind it what the killed run was about to do. */
	assert_knob(STRICT "\n", LOOSE " was 0\n" STRICT " was 0\n", "1",
	    "= " STRICT " was 0\n");
	assert_knob(STRICT "\n", LOOSE " was 0\n" STRICT " was 0\n", "2",
	    "+ " STRICT " was 0\n");
}

static void
a_knob_that_does_not_exist_is_passed_over(void **state)
{
	(void)state;
	assert_knob(LOOSE "\n", "", "", "");
	assert_knob("", LOOSE " was 0\n", "", "");
}

/* Resolves claims given by their lines; the conflict's index in the last. */
static int
resolve(struct object_refs *out, struct claim *claims, size_t count,
    const char *const *lines, const struct object **conflict, struct fault *f)
{
	struct claim *list[4];

	for (size_t i = 0; i < count; i++) {
		memset(&claims[i], 0, sizeof(claims[i]));
		objects_of(&claims[i].objects, AF_INET, lines[i]);
		list[i] = &claims[i];
	}
	return plan_resolve(out, list, count, conflict, f);
}

static void
the_earliest_holder_of_a_slot_counts(void **state)
{
	static const char *const lines[] = {
		RULE "\n" SUBNET "\n", RULE "\n" OUT "\n"
		"route add 10.0.1.0/24 dev eth1 table 101 protocol 173 "
		"scope link src 10.0.1.11\n" KNOB "\n", KNOB "\n",
	};
	const struct object *conflict;
	struct claim claims[3];
	struct object_refs out;
	struct fault f;

	(void)state;
	assert_int_equal(resolve(&out, claims, 3, lines, &conflict, &f), 0);
	assert_int_equal(out.count, 4);
	assert_ptr_equal(out.at[0], &claims[0].objects.at[0]);
	assert_ptr_equal(out.at[1], &claims[0].objects.at[1]);
	assert_ptr_equal(out.at[2], &claims[1].objects.at[1]);
	assert_ptr_equal(out.at[3], &claims[1].objects.at[3]);
	object_refs_fini(&out);
	for (size_t i = 0; i < 3; i++)
		claim_fini(&claims[i]);
}

static void
what_a_changing_claim_wants_does_not_just_stand(void **state)
{
	static const char *const lines[] = {
		RULE "\n" OUT "\n", RULE "\n",
	};
	const struct object *conflict;
	struct claim claims[2], *list[2] = { &claims[0], &claims[1] };
	struct object_refs out;
	struct fault f;

	(void)state;
	assert_int_equal(resolve(&out, claims, 2, lines, &conflict, &f), 0);
	object_refs_fini(&out);
	claims[0].objects.at[0].standing = true;
	claims[0].objects.at[1].standing = true;
	assert_int_equal(plan_resolve(&out, list, 2, &conflict, &f), 0);
	assert_int_equal(out.count, 2);
	assert_false(out.at[0]->standing);
	assert_true(out.at[1]->standing);
	object_refs_fini(&out);
	claim_fini(&claims[0]);
	claim_fini(&claims[1]);
}

static void
what_does_not_change_is_not_looked_after(void **state)
{
	struct situation s;

	(void)state;
	/* Somebody's route is in its slot: no business of this change. */
	situation_init(&s, MAIN "\n" RULE "\n", MAIN "\n");
	s.want.at[0].standing = s.old.at[0].standing = true;
	kernel_has(&s, "route add default via 10.0.1.9 dev eth1 table 254 "
	    "metric 100 protocol dhcp\n");
	assert_plan(&s, "+ " RULE "\n= " MAIN "\n");
	situation_fini(&s);
	/* It comes forward as the first holder of its slot goes. */
	situation_init(&s, "route add 10.0.1.0/24 dev eth1 table 101 protocol "
	    "173 scope link src 10.0.1.11\n", SUBNET "\n");
	s.want.at[0].standing = true;
	kernel_has(&s, SUBNET "\n");
	assert_plan(&s, "~ route add 10.0.1.0/24 dev eth1 table 101 protocol "
	    "173 scope link src 10.0.1.11\n");
	situation_fini(&s);
}

static void
two_claims_may_not_want_different_things_of_a_slot(void **state)
{
	static const struct {
		const char *lines[2], *said;
	} cases[] = {
		{ { OUT "\n", RULE "\nroute add default via 10.0.1.2 dev eth1 "
		    "table 101 protocol 173\n" }, "a different route to "
		    "default with metric 0 in table 101" },
		{ { LOOSE "\n", RULE "\n" STRICT "\n" }, "sets "
		    "ipv4/conf/eth1/rp_filter to 2, this one wants "
		    "ipv4/conf/eth1/rp_filter to be 1" },
		{ { KNOB "\n", RULE "\nsysctl ipv4/conf/eth1/arp_ignore 1\n" },
		    "sets ipv4/conf/eth1/arp_filter to 1, this one wants "
		    "ipv4/conf/eth1/arp_ignore to be 1" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		const struct object *conflict;
		struct object_refs out;
		struct claim claims[2];
		struct fault f;

		assert_int_equal(resolve(&out, claims, 2, cases[i].lines,
		    &conflict, &f), -EEXIST);
		assert_ptr_equal(conflict, &claims[1].objects.at[1]);
		assert_non_null(strstr(f.text, cases[i].said));
		assert_null(out.at);
		claim_fini(&claims[0]);
		claim_fini(&claims[1]);
	}
}

/* ---- files that another program applies as well ------------------------ */

#define PLACED	"rule add priority 500 from 10.7.0.0/16 lookup 100 " \
	"protocol 173\n"
#define LINE	"unplaced rule add priority 32765 from 10.7.0.0/16 " \
	"lookup 100 protocol 173\n"
#define COPY	"rule add priority 32764 from 10.7.0.0/16 lookup 100\n"
#define COPY2	"rule add priority 32763 from 10.7.0.0/16 lookup 100 " \
	"protocol 3\n"
#define ALIKE	"rule add priority 400 from 10.7.0.0/16 lookup 100\n"
#define BESIDE	"rule add priority 32764 from 10.7.0.0/16 fwmark 0x7 " \
	"lookup 100\n"

/* A bit of `automatic` for each rule of the kernel. */
static void
files_situation(struct situation *s, const char *want, const char *old,
    const char *kernel, unsigned automatic)
{
	situation_init(s, want, old);
	for (size_t i = 0; i < s->want.count; i++)
		s->want.at[i].from_file = true;
	for (size_t i = 0; i < s->old.count; i++)
		s->old.at[i].from_file = true;
	kernel_has(s, kernel);
	for (size_t i = 0; i < s->now.rules.count; i++)
		s->now.rules.at[i].automatic = automatic >> i & 1;
}

static void
rules_of_the_scripts_become_ours(void **state)
{
	static const struct {
		const char *want, *old, *kernel;
		unsigned automatic;
		const char *left;
	} cases[] = {
		/* at its very place: the mark alone changes */
		{ LINE, "", "rule add priority 32765 from 10.7.0.0/16 "
		    "lookup 100\n", 1, LINE },
		{ PLACED, "", "rule add priority 500 from 10.7.0.0/16 "
		    "lookup 100 protocol 3\n", 0, PLACED },
		/* added again beside ours */
		{ PLACED, PLACED, PLACED "rule add priority 500 "
		    "from 10.7.0.0/16 lookup 100\n", 0, PLACED },
		{ LINE, LINE, COPY LINE, 3, LINE },
		{ LINE, LINE, COPY2 COPY LINE, 7, LINE },
		{ LINE, "", COPY2 COPY, 3, LINE },
		/* gone with the line, and where it was never ours */
		{ "", LINE, COPY2 COPY LINE, 7, "" },
		{ "", LINE, COPY2, 1, "" },
		{ "", PLACED, "rule add priority 500 from 10.7.0.0/16 "
		    "lookup 100\n", 0, "" },
		{ "", PLACED, PLACED "rule add priority 500 "
		    "from 10.7.0.0/16 lookup 100\n", 0, "" },
		/* chosen by somebody: no copy */
		{ LINE, "", ALIKE, 0, ALIKE LINE },
		{ "", LINE, ALIKE COPY LINE, 6, ALIKE },
		{ LINE, LINE, "rule add priority 32764 from 10.7.0.0/16 "
		    "lookup 100 protocol 4\n" LINE, 3, "rule add "
		    "priority 32764 from 10.7.0.0/16 lookup 100 "
		    "protocol 4\n" LINE },
		/* other words in the way of a delete by words */
		{ LINE, LINE, BESIDE COPY LINE, 7, BESIDE LINE },
		{ "", LINE, BESIDE COPY LINE, 7, BESIDE },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct situation s;

		files_situation(&s, cases[i].want, cases[i].old,
		    cases[i].kernel, cases[i].automatic);
		print_message("# case %zu\n", i);
		assert_outcome(&s, cases[i].left);
		situation_fini(&s);
	}
}

/* What stands at a place that another line has is that line's, ours or not. */
static void
a_line_s_rule_is_no_copy_of_another_line_s(void **state)
{
#define OWN4	"unplaced rule add priority 32765 from 10.7.0.0/16 " \
	"lookup 100 protocol 4\n"
#define THEIR4	"unplaced rule add priority 32764 from 10.7.0.0/16 " \
	"lookup 100 protocol 4\n"
#define THERE	"rule add priority 32764 from 10.7.0.0/16 lookup 100 " \
	"protocol 173\n"
	struct situation s;

	(void)state;
	files_situation(&s, OWN4 THEIR4, "", THEIR4 OWN4, 3);
	assert_plan(&s, "= " OWN4 "= " THEIR4);
	situation_fini(&s);
	/* A parent's, which does not change now: its turn comes. */
	files_situation(&s, LINE THERE, "", COPY LINE, 3);
	s.want.at[1].standing = true;
	assert_plan(&s, "= " LINE "= " THERE);
	situation_fini(&s);
}

/* Options own nothing of the scripts. */
static void
what_no_file_asked_for_is_not_taken_over(void **state)
{
	struct situation s;

	(void)state;
	files_situation(&s, PLACED, "", "rule add priority 500 "
	    "from 10.7.0.0/16 lookup 100\n", 0);
	s.want.at[0].from_file = false;
	assert_plan(&s, "@ " PLACED);
	assert_true(s.want.at[0].foreign);
	situation_fini(&s);
	files_situation(&s, MAIN "\n", "", "route add default via 10.0.1.1 "
	    "dev eth1 table 254 metric 100 protocol 3\n", 0);
	s.want.at[0].from_file = false;
	assert_plan(&s, "@ " MAIN "\n");
	situation_fini(&s);
}

#define BOOT	"route add default via 10.0.1.1 dev eth1 table 254 " \
	"metric 100 protocol 3\n"
#define STOLEN	"route add default via 10.0.1.9 dev eth1 table 254 " \
	"metric 100 protocol 3\n"
#define STATIC	"route add default via 10.0.1.9 dev eth1 table 254 " \
	"metric 100 protocol 4\n"

static void
routes_of_the_scripts_become_ours(void **state)
{
	struct situation s;

	(void)state;
	files_situation(&s, MAIN "\n", "", BOOT, 0);
	assert_plan(&s, "~ " MAIN "\n");
	assert_false(s.want.at[0].foreign);
	situation_fini(&s);
	/* The slot was ours, and has been replaced since. */
	files_situation(&s, MAIN "\n", MAIN "\n", STOLEN, 0);
	assert_plan(&s, "~ " MAIN "\n");
	situation_fini(&s);
	/* Ours no more, but the same: gone with the line. */
	files_situation(&s, "", OUT "\n", "route add default via 10.0.1.1 "
	    "dev eth1 table 101 protocol 3\n", 0);
	assert_plan(&s, "- route add default via 10.0.1.1 dev eth1 table 101 "
	    "protocol 3\n");
	situation_fini(&s);
	files_situation(&s, "", MAIN " src 10.0.1.10\n",
	    "route add default via 10.0.1.1 dev eth1 table 254 metric 100 "
	    "protocol 3 src 10.0.1.10\n", 0);
	assert_plan(&s, "- route add default via 10.0.1.1 dev eth1 table 254 "
	    "metric 100 protocol 3 src 10.0.1.10\n");
	situation_fini(&s);
	/* But this may be what GATEWAY or DHCP has put in of its own. */
	files_situation(&s, "", MAIN "\n", BOOT, 0);
	assert_plan(&s, "");
	situation_fini(&s);
	files_situation(&s, "", MAIN "\n", STATIC, 0);
	assert_plan(&s, "");
	situation_fini(&s);
}

static void
a_line_is_refused_alone(void **state)
{
	static const char *const there[] = { STOLEN, STATIC };
	struct settings lines;
	struct situation s;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		memset(&lines, 0, sizeof(lines));
		assert_true(settings_add_line(&lines, KEY_ROUTE, "route:1",
		    "x", &s.f));
		files_situation(&s, MAIN "\n" PLACED, "", there[i], 0);
		s.want.at[0].line = &lines.at[0];
		assert_plan(&s, "+ " PLACED);
		assert_true(lines.at[0].refused);
		assert_non_null(strstr(lines.at[0].why, "table main already "
		    "has default via 10.0.1.9 dev eth1 metric 100"));
		assert_null(s.conflict);
		situation_fini(&s);
		settings_fini(&lines);
	}
	/* One that only comes forward has nobody to be told. */
	files_situation(&s, MAIN "\n" PLACED, "", STATIC, 0);
	assert_plan(&s, "+ " PLACED);
	situation_fini(&s);
	/* An option's is everybody's trouble. */
	files_situation(&s, MAIN "\n" PLACED, "", STATIC, 0);
	s.want.at[0].from_file = false;
	assert_int_equal(make(&s), -EEXIST);
	assert_ptr_equal(s.conflict, &s.want.at[0]);
	situation_fini(&s);
}

/* The subnet's own route, written down in a file with its protocol. */
static void
what_the_kernel_puts_in_itself_is_foreign(void **state)
{
#define OWN	"route add 10.0.1.0/24 dev eth1 table 254 protocol 2 " \
	"scope link src 10.0.1.10\n"
	struct situation s;

	(void)state;
	files_situation(&s, OWN, "", OWN, 0);
	snapshot_address(&s.now, "10.0.1.10/24");
	assert_plan(&s, "@ " OWN);
	assert_true(s.want.at[0].foreign);
	situation_fini(&s);
	/* Without the address somebody has put it there for this line. */
	files_situation(&s, OWN, "", OWN, 0);
	snapshot_address(&s.now, "10.0.2.10/24");
	assert_plan(&s, "= " OWN);
	assert_false(s.want.at[0].foreign);
	situation_fini(&s);
}

static void
a_plan_is_told_by_what_becomes_of_each_rule(void **state)
{
	struct settings lines = { 0 };
	struct situation s;
	struct text t = { 0 };

	(void)state;
	assert_true(settings_add_line(&lines, KEY_RULE, "rule:1", "x", &s.f));
	files_situation(&s, LINE, "", COPY, 1);
	s.want.at[0].line = &lines.at[0];
	assert_int_equal(make(&s), 0);
	tell_ops(&t, &s.plan, NULL);
	assert_string_equal(t.at, "added rule priority 32765 "
	    "from 10.7.0.0/16 lookup 100 protocol 173\n"
	    "deleted rule priority 32764 from 10.7.0.0/16 lookup 100\n");
	t.len = 0;
	tell_batch(&t, &s.plan);
	assert_string_equal(t.at, "rule add priority 32765 "
	    "from 10.7.0.0/16 lookup 100 protocol 173\n"
	    "rule del priority 32764 from 10.7.0.0/16 lookup 100\n");
	/* The kernel has refused the line. */
	setting_refuse(&lines.at[0], "no");
	t.len = 0;
	tell_ops(&t, &s.plan, NULL);
	assert_int_equal(strncmp(t.at, "failed rule priority 32765 ", 27), 0);
	text_fini(&t);
	situation_fini(&s);
	settings_fini(&lines);
}

static void
of_a_label_s_lines_the_second_of_a_slot_is_refused(void **state)
{
	const char *lines[] = { MAIN "\n", STATIC PLACED };
	const struct object *conflict;
	struct settings said = { 0 };
	struct object_refs out;
	struct claim claims[2];
	struct fault f;

	(void)state;
	assert_true(settings_add_line(&said, KEY_ROUTE, "r:1", "x", &f));
	/* The second claim's first object is the line's. */
	for (size_t i = 0; i < 2; i++) {
		claims[i] = claim_of(i ? "eth1:1" : "eth1", AF_INET, NULL);
		objects_of(&claims[i].objects, AF_INET, lines[i]);
	}
	claims[1].objects.at[0].line = &said.at[0];
	assert_int_equal(plan_resolve(&out, (struct claim *[]) { &claims[0],
	    &claims[1] }, 2, &conflict, &f), 0);
	assert_null(conflict);
	assert_int_equal(out.count, 2);
	assert_true(said.at[0].refused);
	assert_non_null(strstr(said.at[0].why, "a different route to default "
	    "with metric 100"));
	object_refs_fini(&out);
	/* The other way round: what has no line to blame goes first. */
	said.at[0].refused = false;
	assert_int_equal(plan_resolve(&out, (struct claim *[]) { &claims[1],
	    &claims[0] }, 2, &conflict, &f), 0);
	assert_true(said.at[0].refused);
	for (size_t i = 0; i < out.count; i++)
		assert_ptr_not_equal(out.at[i], &claims[1].objects.at[0]);
	object_refs_fini(&out);
	/* The same twice: there is somebody to be told, and who knows of
	 * copies looks for them. */
	objects_fini(&claims[0].objects);
	objects_fini(&claims[1].objects);
	objects_of(&claims[0].objects, AF_INET, "rule add priority 32765 "
	    "from 10.7.0.0/16 lookup 100 protocol 173\n" MAIN "\n");
	objects_of(&claims[1].objects, AF_INET, LINE MAIN "\n");
	for (size_t i = 0; i < 2; i++) {
		claims[0].objects.at[i].from_file = true;
		claims[0].objects.at[i].standing = true;
		claims[1].objects.at[i].from_file = true;
		claims[1].objects.at[i].line = &said.at[0];
	}
	assert_int_equal(plan_resolve(&out, (struct claim *[]) { &claims[0],
	    &claims[1] }, 2, &conflict, &f), 0);
	assert_int_equal(out.count, 2);
	assert_true(out.at[0]->unplaced);
	for (size_t i = 0; i < 2; i++) {
		assert_ptr_equal(out.at[i]->line, &said.at[0]);
		assert_false(out.at[i]->standing);
	}
	object_refs_fini(&out);
	/* With an option's a refusal is everybody's trouble. */
	claims[0].objects.at[1].from_file = false;
	claims[0].objects.at[1].standing = false;
	claims[0].objects.at[1].line = NULL;
	assert_int_equal(plan_resolve(&out, (struct claim *[]) { &claims[0],
	    &claims[1] }, 2, &conflict, &f), 0);
	assert_ptr_equal(out.at[1], &claims[0].objects.at[1]);
	assert_false(out.at[1]->from_file);
	assert_null(out.at[1]->line);
	object_refs_fini(&out);
	for (size_t i = 0; i < 2; i++) {
		objects_fini(&claims[i].objects);
		objects_of(&claims[i].objects, AF_INET, lines[i]);
	}
	/* Two that stand, stand. */
	claims[0].objects.at[0].standing = true;
	claims[1].objects.at[0].standing = true;
	claims[1].objects.at[0].line = NULL;
	assert_int_equal(plan_resolve(&out, (struct claim *[]) { &claims[0],
	    &claims[1] }, 2, &conflict, &f), 0);
	assert_ptr_equal(out.at[0], &claims[0].objects.at[0]);
	object_refs_fini(&out);
	for (size_t i = 0; i < 2; i++)
		claim_fini(&claims[i]);
	settings_fini(&said);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    on_the_way_up_table_routes_precede_rules_precede_main),
		cmocka_unit_test(on_the_way_down_rules_go_first),
		cmocka_unit_test(an_edit_adds_before_it_deletes),
		cmocka_unit_test(the_same_again_is_idle),
		cmocka_unit_test(every_step_but_keep_and_foreign_is_work),
		cmocka_unit_test(
		    an_equal_rule_of_another_is_used_and_left_alone),
		cmocka_unit_test(
		    an_equal_rule_of_another_priority_does_not_count),
		cmocka_unit_test(
		    what_was_foreign_and_is_ours_by_now_is_deleted),
		cmocka_unit_test(what_another_device_holds_stays),
		cmocka_unit_test(what_is_gone_already_needs_no_delete),
		cmocka_unit_test(a_special_rule_in_front_gets_a_twin),
		cmocka_unit_test(a_special_rule_behind_needs_no_twin),
		cmocka_unit_test(
		    deletes_of_rules_that_hit_each_other_leave_the_right_ones),
		cmocka_unit_test(a_route_of_ours_that_changed_is_replaced),
		cmocka_unit_test(another_s_route_in_the_slot_is_a_conflict),
		cmocka_unit_test(an_equal_route_of_another_is_used),
		cmocka_unit_test(a_taken_route_is_taken_once_and_given_back),
		cmocka_unit_test(
		    a_taken_route_is_given_back_only_where_it_fits),
		cmocka_unit_test(a_former_value_survives_edits),
		cmocka_unit_test(a_value_that_somebody_changed_is_his),
		cmocka_unit_test(
		    a_former_value_survives_a_run_that_was_killed),
		cmocka_unit_test(a_knob_that_does_not_exist_is_passed_over),
		cmocka_unit_test(the_earliest_holder_of_a_slot_counts),
		cmocka_unit_test(
		    what_a_changing_claim_wants_does_not_just_stand),
		cmocka_unit_test(what_does_not_change_is_not_looked_after),
		cmocka_unit_test(
		    two_claims_may_not_want_different_things_of_a_slot),
		cmocka_unit_test(rules_of_the_scripts_become_ours),
		cmocka_unit_test(a_line_s_rule_is_no_copy_of_another_line_s),
		cmocka_unit_test(what_no_file_asked_for_is_not_taken_over),
		cmocka_unit_test(routes_of_the_scripts_become_ours),
		cmocka_unit_test(a_line_is_refused_alone),
		cmocka_unit_test(what_the_kernel_puts_in_itself_is_foreign),
		cmocka_unit_test(a_plan_is_told_by_what_becomes_of_each_rule),
		cmocka_unit_test(
		    of_a_label_s_lines_the_second_of_a_slot_is_refused),
	};

	return cmocka_run_group_tests_name("plan", tests, NULL, NULL);
}
