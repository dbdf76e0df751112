/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: plan.c on a fake kernel: random lives leave exactly what is claimed. */
#include "seed.h"
#include "world.h"

/* One of each difficulty: rules that a delete of another would hit, twins of
 * others, slots that two things want, things that both devices claim. */
static void
add_rules(struct world *w)
{
	static const struct {
		unsigned who;
		bool outside;
		const char *words;
	} rules[] = {
		{ 1, true, "from 10.0.1.10 lookup 101 priority 12030" },
		{ 1, true, "to 10.0.1.10 lookup 101 priority 12030" },
		{ 1, false, "from 10.0.1.10 to 10.9.0.1 lookup 101 "
		    "priority 12030" },
		{ 1, false, "not from 10.0.1.10 lookup 101 priority 12030" },
		{ 1, false, "from 10.0.1.10 fwmark 7 lookup 101 "
		    "priority 12030" },
		{ 1, false, "from 10.0.1.10 iif eth2 lookup 101 "
		    "priority 12030" },
		{ 1, true, "from 10.0.1.10 lookup 101 priority 12010 "
		    "suppress_prefixlength 0" },
		{ 1, false, "from 10.0.1.10 lookup main priority 12020 "
		    "suppress_prefixlength 0" },
		{ 1, false, "from 10.0.1.10 goto 12500 priority 12040" },
		{ 1, false, "from 10.0.1.10 goto 12600 priority 12040" },
		{ 3, true, "lookup 100 priority 12000" },
		{ 3, false, "from 10.7.0.0/16 lookup 100 priority 12000" },
		{ 3, false, "from 10.7.0.0/16 ipproto tcp dport 80 lookup 100 "
		    "priority 12000" },
		{ 3, true, "iif eth1 unreachable priority 12001" },
		{ 2, true, "from 10.0.2.10 lookup 100 priority 12030" },
		{ 2, false, "from 10.0.2.10 oif eth2 lookup 100 "
		    "priority 12030" },
		{ 2, false, "to 10.0.2.10 lookup 100 priority 12030" },
		{ 0, true, "from 10.0.1.10 lookup 102 priority 12030" },
		{ 0, true, "lookup 101 priority 12030" },
	};
	char line[200];

	for (size_t i = 0; i < LENGTH(rules); i++) {
		snprintf(line, sizeof(line), "rule add %s protocol 173\n",
		    rules[i].words);
		world_add(w, rules[i].who, rules[i].outside, AF_INET, line);
	}
	world_add(w, 1, true, AF_INET6, "rule add from fd00:1::10 lookup 101 "
	    "priority 12030 protocol 173\n");
	world_add(w, 1, false, AF_INET6, "rule add from fd00:1::10 tos 0x10 "
	    "lookup 101 priority 12030 protocol 173\n");
}

static void
add_routes(struct world *w)
{
	static const struct {
		unsigned who;
		bool outside;
		int family;
		const char *words;
	} routes[] = {
		{ 1, true, AF_INET, "10.0.1.0/24 dev eth1 table 101 "
		    "src 10.0.1.10" },
		{ 1, false, AF_INET, "10.0.1.0/24 dev eth1 table 101 "
		    "src 10.0.1.11" },
		{ 1, true, AF_INET, "default via 10.0.1.1 dev eth1 "
		    "table 101" },
		{ 1, true, AF_INET, "default via 10.0.1.2 dev eth1 "
		    "table 101" },
		{ 1, true, AF_INET, "default via 10.0.1.1 dev eth1 table main "
		    "metric 100" },
		{ 1, true, AF_INET, "default via 10.0.1.1 dev eth1 table main "
		    "metric 200" },
		{ 2, true, AF_INET, "default via 10.0.2.1 dev eth2 table main "
		    "metric 200" },
		{ 2, false, AF_INET, "default via 10.0.2.1 dev eth2 "
		    "table 100" },
		{ 2, false, AF_INET, "10.0.2.0/24 dev eth2 table 100 "
		    "src 10.0.2.10" },
		{ 3, true, AF_INET, "unreachable default table 100 "
		    "metric 4294967295" },
		{ 3, false, AF_INET, "blackhole default table 100 "
		    "metric 4294967295" },
		{ 3, true, AF_INET, "prohibit 10.99.0.0/16 table 100" },
		{ 1, true, AF_INET6, "fd00:1::/64 dev eth1 table 101 "
		    "metric 1024" },
		{ 1, false, AF_INET6, "fd00:1::/64 dev eth1 table 101 "
		    "metric 1024 src fd00:1::10" },
		{ 1, true, AF_INET6, "default via fe80::1 dev eth1 table 101 "
		    "metric 1024" },
		{ 0, true, AF_INET, "default via 10.0.1.9 dev eth1 "
		    "table main" },
	};
	char line[200];

	for (size_t i = 0; i < LENGTH(routes); i++) {
		snprintf(line, sizeof(line), "route add %s protocol 173\n",
		    routes[i].words);
		world_add(w, routes[i].who, routes[i].outside,
		    routes[i].family, line);
	}
}

static void
add_palette(struct world *w)
{
	add_rules(w);
	add_routes(w);
	world_add(w, 1, true, AF_INET, "taken route add default via 10.0.1.1 "
	    "dev eth1 table main protocol dhcp\n");
	world_add(w, 1, true, AF_INET, "taken route add 10.0.1.0/24 dev eth1 "
	    "table main protocol kernel src 10.0.1.10\n");
	world_add(w, 2, true, AF_INET, "taken route add default via 10.0.2.1 "
	    "dev eth2 table main metric 50 protocol ra\n");
	world_add(w, 1, true, AF_INET, "sysctl ipv4/conf/eth1/rp_filter 2\n");
	world_add(w, 1, true, AF_INET, "sysctl ipv4/conf/eth1/rp_filter 1\n");
	world_add(w, 1, true, AF_INET, "sysctl ipv4/conf/eth1/arp_filter 1\n");
	world_add(w, 2, true, AF_INET, "sysctl ipv4/conf/eth2/arp_filter 1\n");
}

/* The others' like of a thing. */
static struct object
outside_of(const struct thing *t)
{
	struct object o = t->o;

	if (o.kind == OBJECT_RULE)
		o.rule.protocol = RTPROT_STATIC;
	else if (o.kind == OBJECT_ROUTE)
		o.route.protocol = RTPROT_STATIC;
	return o;
}

/* A step must never take away what stood before and stands after, nor leave
 * a slot empty that is filled before and after. */
struct watch {
	uint64_t ours, others, slots;
};

static struct watch
see(const struct world *w, const struct kernel *k)
{
	struct watch s = { 0, 0, 0 };

	for (size_t i = 0; i < k->rules; i++)
		if (k->rule[i].protocol == PROTO_IFPOLICY)
			s.ours |= bit(k->rule_tag[i]);
		else
			s.others |= bit(k->rule_tag[i]);
	for (size_t i = 0; i < k->routes; i++) {
		s.slots |= bit(w->thing[k->route_tag[i]].slot);
		if (k->route[i].protocol == PROTO_IFPOLICY)
			s.ours |= bit(k->route_tag[i]);
		else
			s.others |= bit(k->route_tag[i]);
	}
	return s;
}

static bool
tolerated(const struct op *op, int error)
{
	if (error == 0 || op->verb == OP_GIVE_BACK)
		return true;
	if (op->verb == OP_ADD_RULE)
		return error == -EEXIST;
	return op->verb >= OP_DELETE_RULE && op->verb <= OP_DELETE_TABLE_ROUTE &&
	    !op->twin && (error == -ENOENT || error == -ESRCH);
}

static void
turn_knob(struct world *w, const struct op *op)
{
	const struct object *o = op->object;

	if (op->verb == OP_SET_SYSCTL)
		memcpy(w->thing[w->thing[o->key].slot].knob, o->sysctl.want,
		    SYSCTL_VALUE);
	if (op->verb == OP_RESTORE_SYSCTL)
		memcpy(w->thing[w->thing[o->key].slot].knob, o->sysctl.was,
		    SYSCTL_VALUE);
}

/* The tag of what an op adds: a twin's is that of the rule it is one of. */
static int
tag_of(const struct world *w, const struct op *op)
{
	int p = (int)op->object->key;

	for (p = op->twin ? 0 : p; op->twin && p < (int)w->things; p++)
		if (w->thing[p].o.kind == OBJECT_RULE &&
		    rule_same(&w->thing[p].o.rule, op->rule))
			break;
	return p;
}

/* As apply.c, range_end(): what one send carries is done whole; a run dies
 * before or after it. */
static bool
one_send(const struct op *a, const struct op *b)
{
	return a->verb <= OP_DELETE_TABLE_ROUTE && a->verb != OP_SET_SYSCTL &&
	    b->verb <= OP_DELETE_TABLE_ROUTE && b->verb != OP_SET_SYSCTL &&
	    (a->verb < OP_DELETE_RULE) == (b->verb < OP_DELETE_RULE);
}

/* 0, or the refusal that the kernel's EEXIST is. */
static int
run(struct world *w, struct plan *p, size_t steps, struct watch *least)
{
	least->ours = least->others = least->slots = ~(uint64_t)0;
	for (size_t i = 0; i < p->count; i++) {
		struct op *op = &p->at[i];
		struct watch s;
		int err;

		if (i >= steps && !one_send(op - 1, op))
			break;
		turn_knob(w, op);
		w->twins += op->twin;
		err = kernel_do(&w->now, op, tag_of(w, op));
		if (!tolerated(op, err))
			return err;
		if (op->verb == OP_KEEP || op->verb == OP_FOREIGN)
			continue;
		s = see(w, &w->now);
		least->ours &= s.ours;
		least->others &= s.others;
		least->slots &= s.slots;
	}
	return 0;
}

static bool
is_delete(const struct op *op)
{
	return op->verb == OP_TAKE || op->verb == OP_DELETE_MAIN_ROUTE ||
	    op->verb == OP_DELETE_TABLE_ROUTE ||
	    (op->verb == OP_DELETE_RULE && !op->twin);
}

/* Table routes, rules, main; then deletes, of which rules come first. */
static int
phase(const struct op *op)
{
	switch (op->verb) {
	case OP_ADD_TABLE_ROUTE:
		return 1;
	case OP_ADD_RULE:
		return 2;
	case OP_ADD_MAIN_ROUTE:
		return 3;
	case OP_DELETE_RULE:
		return 5;
	case OP_DELETE_MAIN_ROUTE:
	case OP_DELETE_TABLE_ROUTE:
		return 6;
	default:
		return 0;
	}
}

static void
assert_order(const struct plan *p)
{
	bool deleting = false;
	int last = 0;

	for (size_t i = 0; i < p->count; i++) {
		const struct op *op = &p->at[i];
		bool adds = (phase(op) >= 1 && phase(op) <= 3) ||
		    op->verb == OP_GIVE_BACK;

		assert_false(deleting && adds);
		deleting |= is_delete(op);
		if (phase(op)) {
			assert_true(phase(op) >= last);
			last = phase(op);
		}
	}
}

/* The mask of what is wanted, one thing a slot; *refused if two contradict.
 * Things that differ in the preferred source alone stand by. */
static uint64_t
resolve(const struct world *w, const struct change *ch, bool *refused)
{
	uint64_t taken = 0, masks[HOLDERS + 1];
	bool known = false;
	size_t n = 0;

	*refused = false;
	for (int i = 0; i < w->live; i++) {
		if (w->order[i] / 3 != ch->device ||
		    (ch->drop && ch->holder < 0))
			continue;
		known |= w->order[i] == ch->holder;
		if (w->order[i] != ch->holder)
			masks[n++] = w->holder[w->order[i]].mask;
		else if (!ch->drop)
			masks[n++] = ch->mask;
	}
	if (ch->holder >= 0 && !known && !ch->drop)
		masks[n++] = ch->mask;
	for (size_t i = 0; i < n; i++)
		for (int p = 0; p < (int)w->things; p++) {
			if (!(masks[i] & bit(p)))
				continue;
			if (taken & w->thing[p].rivals)
				*refused = true;
			if (!(taken & w->thing[p].kin))
				taken |= bit(p);
		}
	return taken;
}

/* Of what is wanted, that which the change must see to: the objects of claims
 * that change, and those that come forward in a slot as another goes. */
static uint64_t
concerned(const struct world *w, const struct change *ch, uint64_t want)
{
	uint64_t changing = ch->drop || ch->idle ? 0 : ch->mask;
	uint64_t leaving = ch->recovers ? ch->mask : 0, mask = 0;

	if (ch->holder < 0 && !ch->idle)
		return want;
	/* What an earlier claim holds too does not go. */
	if (ch->holder >= 0)
		leaving |= w->holder[ch->holder].mask;
	for (int i = 0; i < w->live; i++) {
		if (w->order[i] == ch->holder)
			break;
		if (w->order[i] / 3 == ch->device)
			leaving &= ~w->holder[w->order[i]].mask;
	}
	for (int p = 0; p < (int)w->things; p++)
		if ((want & bit(p)) && ((changing & w->thing[p].kin) ||
		    (leaving & w->thing[p].kin & ~bit(p))))
			mask |= bit(p);
	return mask;
}

/* Whether another's route, or one that another device claims, stands where one
 * of these is wanted. */
static bool
slot_refused(const struct world *w, uint64_t want, uint64_t elsewhere)
{
	for (size_t i = 0; i < w->before.routes; i++) {
		int q = w->before.route_tag[i];
		bool ours = w->before.route[i].protocol == PROTO_IFPOLICY;

		for (int p = 0; p < (int)w->things &&
		    (!ours || (elsewhere & bit(q))); p++)
			if ((want & bit(p)) && p != q &&
			    w->thing[p].o.kind == OBJECT_ROUTE &&
			    w->thing[p].slot == w->thing[q].slot)
				return true;
	}
	return false;
}

/* What must stand afterwards, of ours and of others, by thing. */
struct expected {
	uint8_t ours[THINGS], others[THINGS];
};

static void
expect_rule(struct expected *e, int p, bool want, bool gone)
{
	if (want)
		e->ours[p] = e->ours[p] > 0 || e->others[p] == 0;
	else if (gone)
		e->ours[p] = 0;
}

static void
expect_route(const struct world *w, struct expected *e, int p, bool want,
    bool gone)
{
	for (int q = 0; want && q < (int)w->things; q++)
		if (q != p && w->thing[q].slot == w->thing[p].slot)
			e->ours[q] = 0;
	if (want)
		e->ours[p] = e->others[p] == 0;
	else if (gone)
		e->ours[p] = 0;
}

static void
expect_taken(const struct world *w, struct expected *e, int p, bool want,
    bool gone)
{
	if (want)
		e->others[p] = 0;
	if (want || !gone)
		return;
	for (int q = 0; q < (int)w->things; q++)
		if (w->thing[q].slot == w->thing[p].slot && e->others[q])
			return;
	e->others[p] = 1;
}

static void
expect(const struct world *w, const struct attempt *a, uint64_t want,
    uint64_t all, struct expected *e)
{
	world_count(w, &w->before, e->ours, e->others);
	/* What goes, then what comes: a slot may change hands. */
	for (int round = 0; round < 2; round++)
		for (int p = 0; p < (int)w->things; p++) {
			bool wanted = want & bit(p);
			bool gone = (a->olds & ~all & bit(p)) &&
			    !(a->elsewhere & bit(p));

			if (wanted != (round == 1))
				continue;
			if (w->thing[p].o.kind == OBJECT_RULE)
				expect_rule(e, p, wanted, gone);
			if (w->thing[p].o.kind == OBJECT_ROUTE)
				expect_route(w, e, p, wanted, gone);
			if (w->thing[p].o.kind == OBJECT_TAKEN)
				expect_taken(w, e, p, wanted, gone);
		}
}

/* The story so far, for whoever has to find out why. */
static void
tell(const struct world *w, const struct kernel *k, const char *when)
{
	for (int i = 0; i < w->live; i++) {
		const struct claim *c = &w->holder[w->order[i]].c;
		struct text t = { 0 };

		print_error("# claim %d\n", w->order[i]);
		for (size_t j = 0; j < c->objects.count; j++) {
			t.len = 0;
			block_object(&t, &c->objects.at[j], NULL);
			print_error("#   %s\n", t.at);
		}
		text_fini(&t);
	}
	for (size_t i = 0; i < k->rules + k->routes; i++) {
		struct text t = { 0 };
		struct object o = { .kind = i < k->rules ? OBJECT_RULE :
		    OBJECT_ROUTE };

		if (i < k->rules)
			o.rule = k->rule[i];
		else
			o.route = k->route[i - k->rules];
		block_object(&t, &o, NULL);
		print_error("# %s: %s\n", when, t.at);
		text_fini(&t);
	}
}

static void
complain(const struct world *w, const char *what, int p)
{
	struct text t = { 0 };

	tell(w, &w->before, "before");
	tell(w, &w->now, "after");
	block_object(&t, &w->thing[p].o, NULL);
	print_error("# commit %lu: %s: %s\n", w->commits, what, t.at);
	text_fini(&t);
	fail();
}

static void
assert_expected(const struct world *w, const struct expected *e)
{
	uint8_t ours[THINGS], others[THINGS];

	world_count(w, &w->now, ours, others);
	for (int p = 0; p < (int)w->things; p++) {
		if (ours[p] < e->ours[p])
			complain(w, "missing", p);
		if (ours[p] > e->ours[p])
			complain(w, "left over", p);
		if (others[p] < e->others[p])
			complain(w, "somebody else's was deleted", p);
		if (others[p] > e->others[p])
			complain(w, "given back in error", p);
	}
}

static void
assert_watch(const struct world *w, const struct watch *least)
{
	struct watch was = see(w, &w->before), is = see(w, &w->now);

	for (int p = 0; p < (int)w->things; p++) {
		if (was.ours & is.ours & ~least->ours & bit(p))
			complain(w, "was away for a moment", p);
		if (was.others & is.others & ~least->others & bit(p))
			complain(w, "another's was away for a moment", p);
		if (was.slots & is.slots & ~least->slots & bit(p))
			complain(w, "its slot was empty for a moment", p);
	}
}

/* The knobs of a device after a commit; what others wrote meanwhile is what to
 * go back to, or stays.  True if they wrote over ours. */
static bool
expect_knobs(struct world *w, const struct attempt *a, uint64_t want,
    uint64_t all, bool recovers, char knobs[][SYSCTL_VALUE])
{
	bool written = false;

	for (int s = 0; s < (int)w->things; s++) {
		struct thing *t = &w->thing[s];
		const char *old = NULL, *new = NULL;

		memcpy(knobs[s], t->knob, SYSCTL_VALUE);
		if (t->o.kind != OBJECT_SYSCTL || t->slot != s)
			continue;
		for (int p = 0; p < (int)w->things; p++) {
			if (w->thing[p].slot != s)
				continue;
			if (a->olds & ~(all & ~want) & bit(p))
				old = w->thing[p].o.sysctl.want;
			if (want & bit(p))
				new = w->thing[p].o.sysctl.want;
		}
		if (new && !recovers && (!old || strcmp(t->knob, old))) {
			written = written || old;
			memcpy(t->base, t->knob, SYSCTL_VALUE);
		}
		if (new)
			memcpy(knobs[s], new, SYSCTL_VALUE);
		else if (old && !strcmp(t->knob, old))
			memcpy(knobs[s], t->base, SYSCTL_VALUE);
	}
	return written;
}

static void
assert_knobs(const struct world *w, char knobs[][SYSCTL_VALUE])
{
	for (int s = 0; s < (int)w->things; s++)
		if (strcmp(w->thing[s].knob, knobs[s]))
			complain(w, "wrong value", s);
}

/* As transaction.c, share_marks(). */
static void
share_marks(const struct attempt *a, struct claim *c)
{
	for (size_t i = 0; i < c->objects.count; i++)
		for (size_t j = 0; j < a->want.count; j++) {
			const struct object *from = a->want.at[j];
			struct object *to = &c->objects.at[i];

			if (!object_same(from, to))
				continue;
			to->foreign = from->foreign;
			if (to->kind == OBJECT_SYSCTL)
				to->sysctl = from->sysctl;
		}
}

static void
forget(struct world *w, int holder)
{
	struct holder *h = &w->holder[holder];
	int n = 0;

	claim_fini(&h->c);
	memset(h, 0, sizeof(*h));
	for (int i = 0; i < w->live; i++)
		if (w->order[i] != holder)
			w->order[n++] = w->order[i];
	w->live = n;
}

static void
remember(struct world *w, struct change *ch)
{
	struct holder *h = &w->holder[ch->holder];

	claim_fini(&h->c);
	h->c = ch->c;
	h->mask = ch->mask;
	if (!h->live)
		w->order[w->live++] = ch->holder;
	h->live = true;
	memset(&ch->c, 0, sizeof(ch->c));
}

/* The change becomes the record. */
static void
record(struct world *w, struct change *ch, const struct attempt *a)
{
	share_marks(a, &ch->c);
	for (int i = 0; i < HOLDERS; i++) {
		if (!w->holder[i].live || i / 3 != ch->device)
			continue;
		if (ch->drop && (ch->holder < 0 || ch->holder == i))
			forget(w, i);
		else if (ch->holder != i)
			share_marks(a, &w->holder[i].c);
	}
	if (ch->holder >= 0 && !ch->drop)
		remember(w, ch);
}

/* The same again must find nothing to do. */
static void
assert_idle(struct world *w, const struct change *done)
{
	int device = done->device, holder = done->holder;
	struct change ch = { .device = device, .holder = holder,
	    .idle = done->idle };
	struct attempt a = { .elsewhere = world_claimed(w, !device) };

	/* Its claim is in the record by now, like all others. */
	ch.drop = holder >= 0 && !w->holder[holder].live;
	if (holder >= 0 && !ch.drop) {
		ch.mask = w->holder[holder].mask;
		fill(w, &ch.c, ch.mask);
	}

	kernel_copy(&w->before, &w->now);
	assert_int_equal(list_wanted(w, &ch, &a), 0);
	list_old(w, &ch, &a);
	look_at_knobs(w, &a.want);
	look_at_knobs(w, &a.old);
	look(w, &ch, &a, true);
	assert_int_equal(make_plan(&a), 0);
	if (!plan_is_idle(&a.plan))
		for (size_t i = 0; i < a.plan.count; i++)
			if (a.plan.at[i].verb < OP_KEEP)
				complain(w, "again", (int)a.plan.at[i].object
				    ->key);
	w->idle++;
	claim_fini(&ch.c);
	attempt_fini(&a);
}

/* Plans, first without a look at the tables where transaction.c does so, and
 * carries out.  0 or what stood in the way. */
static int
carry_out(struct world *w, struct change *ch, struct attempt *a,
    struct watch *least)
{
	size_t steps = ch->kill_after ? ch->kill_after : SIZE_MAX;
	bool tables = ch->full || (a->want.count && a->old.count);
	char knobs[THINGS][SYSCTL_VALUE];
	int err;

	for (size_t i = 0; i < w->things; i++)
		memcpy(knobs[i], w->thing[i].knob, SYSCTL_VALUE);
	look(w, ch, a, tables);
	err = make_plan(a);
	if (err)
		return err;
	assert_order(&a->plan);
	err = run(w, &a->plan, steps, least);
	if (err != -EEXIST || tables)
		return err;
	w->blind_again++;
	kernel_copy(&w->now, &w->before);
	for (size_t i = 0; i < w->things; i++)
		memcpy(w->thing[i].knob, knobs[i], SYSCTL_VALUE);
	look(w, ch, a, true);
	err = make_plan(a);
	if (err)
		return err;
	assert_order(&a->plan);
	return run(w, &a->plan, steps, least);
}

static void
tell_change(const struct change *ch)
{
	struct text t = { 0 };

	print_error("# %s of %d\n", ch->drop ? "end" : "change", ch->holder);
	for (size_t i = 0; i < ch->c.objects.count; i++) {
		t.len = 0;
		block_object(&t, &ch->c.objects.at[i], NULL);
		print_error("#   %s\n", t.at);
	}
	text_fini(&t);
}

struct marks {
	struct {
		bool foreign;
		char was[SYSCTL_VALUE];
	} at[HOLDERS][THINGS];
};

/* A refused run forgets the record it had read, marks and all. */
static void
copy_marks(struct world *w, struct marks *m, bool back)
{
	for (int i = 0; i < HOLDERS; i++)
		for (size_t j = 0; j < w->holder[i].c.objects.count; j++) {
			struct object *o = &w->holder[i].c.objects.at[j];

			if (!back)
				m->at[i][j].foreign = o->foreign;
			o->foreign = m->at[i][j].foreign;
			if (o->kind != OBJECT_SYSCTL)
				continue;
			if (!back)
				memcpy(m->at[i][j].was, o->sysctl.was,
				    SYSCTL_VALUE);
			memcpy(o->sysctl.was, m->at[i][j].was, SYSCTL_VALUE);
		}
}

static void
copy_bases(struct world *w, char bases[][SYSCTL_VALUE], bool back)
{
	for (size_t i = 0; i < w->things; i++)
		if (back)
			memcpy(w->thing[i].base, bases[i], SYSCTL_VALUE);
		else
			memcpy(bases[i], w->thing[i].base, SYSCTL_VALUE);
}

/* One transaction and all that must hold after it.  False if refused. */
static bool
commit(struct world *w, struct change *ch)
{
	struct attempt a = { .elsewhere = world_claimed(w, !ch->device) };
	char knobs[THINGS][SYSCTL_VALUE], bases[THINGS][SYSCTL_VALUE];
	bool refused, killed = false;
	struct expected e;
	struct watch least;
	struct marks marks;
	uint64_t want, all;
	int err;

	w->commits++;
	copy_marks(w, &marks, false);
	copy_bases(w, bases, false);
	kernel_copy(&w->before, &w->now);
	all = resolve(w, ch, &refused);
	want = concerned(w, ch, all);
	refused = refused || slot_refused(w, want, a.elsewhere);
	err = list_wanted(w, ch, &a);
	a.wanted = all;
	if (!err) {
		list_old(w, ch, &a);
		look_at_knobs(w, &a.want);
		look_at_knobs(w, &a.old);
		/* A run that dies early has turned them, refused or not.
		 * Which of two former values survives a kill is open. */
		if ((!refused || ch->kill_after) && expect_knobs(w, &a, want,
		    all, ch->recovers, knobs))
			ch->kill_after = 0;
		if (refused && !ch->kill_after)
			copy_bases(w, bases, true);
		killed = ch->kill_after > 0;
		err = carry_out(w, ch, &a, &least);
	}
	/* A run may die before the kernel has refused anything. */
	if (err != (refused ? -EEXIST : 0) && !(killed && !err)) {
		tell_change(ch);
		tell(w, &w->before, "before");
		print_error("# commit %lu: %s: %s\n", w->commits, refused ?
		    "should have been refused" : "refused", a.f.text);
		fail();
	}
	w->refused += err != 0;
	if (err)
		copy_marks(w, &marks, true);
	if (!err && !killed) {
		expect(w, &a, want, all, &e);
		assert_expected(w, &e);
		assert_watch(w, &least);
		assert_knobs(w, knobs);
		record(w, ch, &a);
	}
	attempt_fini(&a);
	if (!err && !killed)
		assert_idle(w, ch);
	return err == 0;
}

/* Taken can only be what is there, or was taken by this claim before. */
static uint64_t
possible(const struct world *w, int holder, uint64_t mask)
{
	uint8_t ours[THINGS], others[THINGS];

	world_count(w, &w->now, ours, others);
	for (int p = 0; p < (int)w->things; p++)
		if (w->thing[p].o.kind == OBJECT_TAKEN && !others[p] &&
		    !(w->holder[holder].mask & bit(p)))
			mask &= ~bit(p);
	return mask;
}

static uint64_t
some_things(struct world *w, int holder)
{
	uint64_t mask = 0;
	uint32_t density = 2 + roll(w, 5);
	const struct holder *h = &w->holder[holder];

	for (int p = 0; p < (int)w->things; p++) {
		bool mine = w->thing[p].who & (holder / 3 ? 2u : 1u);
		uint64_t has = h->mask & bit(p);

		/* An edit changes little. */
		if (h->live && roll(w, 4))
			mask |= has;
		else if (mine && roll(w, density) == 0)
			mask |= bit(p);
	}
	/* Two of one slot would be refused most of the time. */
	for (int p = 0; p < (int)w->things; p++)
		for (int q = 0; q < p; q++)
			if (w->thing[p].slot == w->thing[q].slot &&
			    (mask & bit(q)) && roll(w, 16))
				mask &= ~bit(p);
	return possible(w, holder, mask);
}

static void
change_init(struct world *w, struct change *ch, int holder, bool drop)
{
	memset(ch, 0, sizeof(*ch));
	ch->device = holder / 3;
	ch->holder = holder;
	ch->drop = drop;
	if (!drop) {
		ch->mask = some_things(w, holder);
		fill(w, &ch->c, ch->mask);
	}
}

/* A run dies half way; the next one finishes what it was about to do, or, where
 * that is refused, goes back. */
static void
die_and_recover(struct world *w, int holder, bool drop)
{
	struct change ch;

	change_init(w, &ch, holder, drop);
	ch.kill_after = 1 + roll(w, 8);
	if (commit(w, &ch) && ch.kill_after) {
		w->killed++;
		ch.kill_after = 0;
		ch.recovers = ch.full = true;
		if (!commit(w, &ch)) {
			ch.holder = -1;
			ch.drop = false;
			ch.idle = !commit(w, &ch);
			assert_true(!ch.idle || commit(w, &ch));
		}
	}
	claim_fini(&ch.c);
}

static void
up_or_down(struct world *w)
{
	int holder = (int)roll(w, HOLDERS);
	bool drop = roll(w, 3) == 0;
	struct change ch;

	if (roll(w, 12) == 0) {
		die_and_recover(w, holder, drop);
		return;
	}
	change_init(w, &ch, holder, drop);
	(void)commit(w, &ch);
	claim_fini(&ch.c);
}

static void
refresh(struct world *w)
{
	struct change ch = { .device = (int)roll(w, 2), .holder = -1 };

	(void)commit(w, &ch);
}

/* Others put something in, or take it out again. */
static void
others_act(struct world *w)
{
	int p = (int)roll(w, (uint32_t)w->things);
	struct object o = outside_of(&w->thing[p]);
	char value[SYSCTL_VALUE];

	if (!w->thing[p].outside)
		return;
	switch (o.kind) {
	case OBJECT_RULE:
		if (roll(w, 2))
			(void)kernel_delete_rule(&w->now, &o.rule);
		else
			(void)kernel_add_rule(&w->now, &o.rule, true, p);
		break;
	case OBJECT_SYSCTL:
		snprintf(value, sizeof(value), "%u", roll(w, 4));
		memcpy(w->thing[w->thing[p].slot].knob, value, sizeof(value));
		break;
	default:
		if (roll(w, 2))
			(void)kernel_delete_route(&w->now, &o.route);
		else
			(void)kernel_add_route(&w->now, &o.route,
			    roll(w, 8) == 0, p);
	}
}

/* A link goes down and up: its routes are gone, the rules stay. */
static void
link_bounces(struct world *w)
{
	uint32_t ifindex = roll(w, 2) ? 3 : 4;

	for (size_t i = w->now.routes; i-- > 0;)
		if (w->now.route[i].hop_count &&
		    w->now.route[i].hop[0].ifindex == ifindex)
			kernel_cut_route(&w->now, i);
}

static void
somebody_flushes_rules(struct world *w)
{
	bool all = roll(w, 2);

	for (size_t i = w->now.rules; i-- > 0;)
		if (all || roll(w, 2))
			kernel_cut_rule(&w->now, i);
}

static void
end_all(struct world *w)
{
	uint8_t ours[THINGS], others[THINGS];
	struct change ch = { .device = (int)roll(w, 2), .holder = -1,
	    .drop = true };

	assert_true(commit(w, &ch));
	ch.device = !ch.device;
	assert_true(commit(w, &ch));
	world_count(w, &w->now, ours, others);
	for (int p = 0; p < (int)w->things; p++)
		if (ours[p])
			complain(w, "left behind", p);
	w->now.rules = w->now.routes = 0;
}

static void
live(struct world *w, int steps)
{
	for (int i = 0; i < steps; i++)
		switch (roll(w, 16)) {
		case 0:
			link_bounces(w);
			break;
		case 1:
			somebody_flushes_rules(w);
			break;
		case 2: case 3: case 4: case 5: case 6:
			others_act(w);
			break;
		case 7: case 8:
			refresh(w);
			break;
		default:
			up_or_down(w);
		}
}

static void
random_lives_leave_exactly_what_is_claimed(void **state)
{
	struct world *w = calloc(1, sizeof(*w));
	const char *lives = getenv("LIVES");
	unsigned long count = lives ? strtoul(lives, NULL, 0) : 8000;

	(void)state;
	assert_non_null(w);
	w->dice = chosen_seed();
	print_message("# SEED=%u LIVES=%lu\n", w->dice, count);
	add_palette(w);
	for (unsigned long i = 0; i < count; i++) {
		live(w, 48);
		end_all(w);
	}
	print_message("# %lu commits, %lu of them refused, %lu looked again; "
	    "%lu idle ones; %lu killed; %lu twins\n", w->commits, w->refused,
	    w->blind_again, w->idle, w->killed, w->twins);
	free(w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_lives_leave_exactly_what_is_claimed),
	};

	return cmocka_run_group_tests_name("plan lives", tests, NULL, NULL);
}
