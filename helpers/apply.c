/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: carry a plan out in the kernel, all of it or nothing. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apply.h"
#include "sysctl.h"
#include "wire.h"

#define CREATE	(NLM_F_ACK | NLM_F_CREATE)

/* One encoded message for an operation and those that undo it, in the order in
 * which they are sent; none for sysctls and no-ops. */
struct encoded {
	struct nlmsghdr *forth, **back;
	size_t backs;
};

static struct nlmsghdr *
encode(void *buf, const struct op *op)
{
	uint16_t replace = op->replaces == NULL ? CREATE | NLM_F_EXCL :
	    op->object->route.family == AF_INET6 ? CREATE | NLM_F_REPLACE :
	    NLM_F_ACK | NLM_F_REPLACE;

	switch (op->verb) {
	case OP_GIVE_BACK:
		/* The kernel's own subnet routes of several devices share one
		 * slot; it appends them too (fib_add_ifaddr()). */
		return wire_route(buf, &op->object->route, RTM_NEWROUTE,
		    op->first ? CREATE : CREATE | NLM_F_APPEND);
	case OP_ADD_TABLE_ROUTE:
	case OP_ADD_MAIN_ROUTE:
		return wire_route(buf, &op->object->route, RTM_NEWROUTE,
		    replace);
	case OP_ADD_RULE:
		return wire_rule(buf, op->rule, RTM_NEWRULE,
		    op->twin ? CREATE : CREATE | NLM_F_EXCL);
	case OP_TAKE:
	case OP_DELETE_MAIN_ROUTE:
	case OP_DELETE_TABLE_ROUTE:
		return wire_route(buf, &op->object->route, RTM_DELROUTE,
		    NLM_F_ACK);
	case OP_DELETE_RULE:
		return op->twin ?
		    wire_rule(buf, op->rule, RTM_NEWRULE, CREATE) :
		    wire_rule(buf, op->rule, RTM_DELRULE, NLM_F_ACK);
	default:
		return NULL;
	}
}

/* A delete kills the first rule that its attributes fit: those in front get a
 * twin behind, one after the other, and are hit in its place. */
static size_t
count_undo(const struct op *op)
{
	return 1 + 2 * op->in_front_count;
}

static struct nlmsghdr *
encode_undo(void *buf, const struct op *op, size_t at)
{
	switch (op->verb) {
	case OP_GIVE_BACK:
		return wire_route(buf, &op->object->route, RTM_DELROUTE,
		    NLM_F_ACK);
	case OP_ADD_TABLE_ROUTE:
	case OP_ADD_MAIN_ROUTE:
		return op->replaces ?
		    wire_route(buf, op->replaces, RTM_NEWROUTE,
		    CREATE | NLM_F_REPLACE) :
		    wire_route(buf, &op->object->route, RTM_DELROUTE,
		    NLM_F_ACK);
	case OP_ADD_RULE:
		return at % 2 == 0 && at / 2 < op->in_front_count ?
		    wire_rule(buf, op->in_front[at / 2], RTM_NEWRULE,
		    CREATE) :
		    wire_rule(buf, op->rule, RTM_DELRULE, NLM_F_ACK);
	case OP_TAKE:
	case OP_DELETE_MAIN_ROUTE:
	case OP_DELETE_TABLE_ROUTE:
		return wire_route(buf, &op->object->route, RTM_NEWROUTE,
		    CREATE | NLM_F_APPEND);
	case OP_DELETE_RULE:
		return op->twin ?
		    wire_rule(buf, op->rule, RTM_DELRULE, NLM_F_ACK) :
		    wire_rule(buf, op->rule, RTM_NEWRULE, CREATE);
	default:
		return NULL;
	}
}

static bool
is_message(const struct op *op)
{
	return op->verb != OP_KEEP && op->verb != OP_FOREIGN &&
	    op->verb != OP_SET_SYSCTL && op->verb != OP_RESTORE_SYSCTL;
}

/* A copy, cut to size; NULL without memory or a message. */
static struct nlmsghdr *
keep(const struct nlmsghdr *nlh)
{
	size_t used = nlh ? NLMSG_ALIGN(nlh->nlmsg_len) : 0;
	struct nlmsghdr *copy = nlh ? malloc(used) : NULL;

	return copy ? memcpy(copy, nlh, used) : NULL;
}

static bool
encode_op(struct encoded *e, const struct op *op)
{
	_Alignas(struct nlmsghdr) char buf[WIRE_MESSAGE];

	e->forth = keep(encode(buf, op));
	e->back = calloc(count_undo(op), sizeof(struct nlmsghdr *));
	if (!e->forth || !e->back)
		return false;
	while (e->backs < count_undo(op)) {
		e->back[e->backs] = keep(encode_undo(buf, op, e->backs));
		if (!e->back[e->backs++])
			return false;
	}
	return true;
}

static void
encoded_fini(struct encoded *e, size_t count)
{
	for (size_t i = 0; e && i < count; i++) {
		for (size_t j = 0; j < e[i].backs; j++)
			free(e[i].back[j]);
		free(e[i].back);
		free(e[i].forth);
	}
	free(e);
}

static struct encoded *
encode_all(const struct plan *p)
{
	struct encoded *e = calloc(p->count + 1, sizeof(*e));

	for (size_t i = 0; e && i < p->count; i++)
		if (is_message(&p->at[i]) && !encode_op(&e[i], &p->at[i])) {
			encoded_fini(e, p->count);
			return NULL;
		}
	return e;
}

/* An answer that is as good as done. */
static bool
tolerated(const struct op *op, int error)
{
	switch (op->verb) {
	case OP_GIVE_BACK:
		return true;
	case OP_DELETE_RULE:
	case OP_TAKE:
	case OP_DELETE_MAIN_ROUTE:
	case OP_DELETE_TABLE_ROUTE:
		/* A twin is an add in disguise. */
		return !op->twin && (error == -ENOENT || error == -ESRCH ||
		    error == -ENODEV);
	default:
		return false;
	}
}

/* A file's line stands alone: refused, it is marked (if it is at hand: of a
 * claim that does not change it is not), and the rest goes on.  A rule that
 * seems to exist is worth another look first. */
static bool
is_refused_line(const struct op *op, const struct nl_answer *answer)
{
	char why[NL_TEXT + 16];

	if ((op->verb != OP_ADD_TABLE_ROUTE && op->verb != OP_ADD_MAIN_ROUTE &&
	    op->verb != OP_ADD_RULE) || !op->object->from_file ||
	    (op->verb == OP_ADD_RULE && answer->error == -EEXIST))
		return false;
	snprintf(why, sizeof(why), "kernel: %s", answer->text[0] ?
	    answer->text : strerror(-answer->error));
	/* One that the other program put in and that only its mark tells from
	 * ours: where the kernel does not let it be marked (a subnet whose own
	 * route it has replaced), it is claimed as it is. */
	if (op->replaces && route_same(op->replaces, &op->object->route))
		op->object->route.protocol = op->replaces->protocol;
	else if (op->object->line)
		setting_refuse(op->object->line, why);
	return true;
}

/* Of a claim that does not change: something lost that cannot stand now, or a
 * share that cannot join in.  That is for its own refresh, and must keep nobody
 * up or down. */
static bool
is_left_to_refresh(const struct op *op, const struct nl_answer *answer)
{
	if ((op->verb != OP_ADD_TABLE_ROUTE && op->verb != OP_ADD_MAIN_ROUTE) ||
	    answer->error == -EEXIST)
		return false;
	return op->object->patient || (op->object->standing && !op->replaces);
}

static int
judge(struct op *op, const struct nl_answer *answer, struct refusal *why)
{
	op->done = answer->error == 0;
	if (op->done || tolerated(op, answer->error) ||
	    is_left_to_refresh(op, answer) || is_refused_line(op, answer))
		return 0;
	/* The first refusal is the cause, the rest may follow from it. */
	if (why->error == 0) {
		why->op = op;
		why->error = answer->error;
		memcpy(why->text, answer->text, sizeof(why->text));
	}
	return answer->error;
}

/* Nobody knows: undo it, but a rule that was not deleted must not get a twin.
 * One that may not have been added and has others in front is better left than
 * one of those deleted in its place. */
static void
assume_done(struct op *op, struct encoded *e)
{
	op->done = op->in_front_count == 0;
	if (e->back[0]->nlmsg_type == RTM_NEWRULE)
		e->back[0]->nlmsg_flags |= NLM_F_EXCL;
}

/* Sends ops [from, to), all messages, in batches; stops after the batch with
 * the first refusal. */
static int
send_range(struct plan *p, struct encoded *e, size_t from, size_t to,
    struct nl *nl, struct refusal *why, struct fault *f)
{
	struct nlmsghdr *messages[NL_BATCH];
	struct nl_answer answers[NL_BATCH];
	size_t n;
	int err;

	while (from < to) {
		for (n = 0; n < NL_BATCH && from + n < to; n++)
			messages[n] = e[from + n].forth;
		err = nl_batch(nl, messages, n, answers, f);
		if (err) {
			for (size_t i = 0; i < n && nl->lost; i++)
				assume_done(&p->at[from + i], &e[from + i]);
			why->error = err;
			return err;
		}
		for (size_t i = 0; i < n; i++)
			(void)judge(&p->at[from + i], &answers[i], why);
		if (why->error)
			return why->error;
		from += n;
	}
	return 0;
}

static int
write_sysctl(struct op *op, struct refusal *why)
{
	struct sysctl_value *s = &op->object->sysctl;
	int err = sysctl_write(s->path, op->verb == OP_SET_SYSCTL ? s->want :
	    s->was);

	op->done = err == 0;
	/* The device went away with its knobs: nothing to give back. */
	if (err == -ENOENT && op->verb == OP_RESTORE_SYSCTL)
		return 0;
	if (err) {
		why->op = op;
		why->error = err;
	}
	return err;
}

/* The delete behind a twin has hit the rule that the twin is one of: together
 * they have only put it behind others, and there it may stay. */
static bool
has_moved_only(const struct plan *p, size_t at)
{
	const struct op *op = &p->at[at], *before = op - 1;

	return at > 0 && op->verb == OP_DELETE_RULE && !op->twin &&
	    before->verb == OP_DELETE_RULE && before->twin && before->done;
}

static void
undo(struct plan *p, struct encoded *e, struct nl *nl)
{
	struct nl_answer answer;
	struct fault ignored;

	for (size_t i = p->count; i-- > 0;) {
		struct op *op = &p->at[i];
		struct sysctl_value *s = op->object ? &op->object->sysctl :
		    NULL;

		if (!op->done)
			continue;
		op->done = false;
		if (has_moved_only(p, i)) {
			p->at[i - 1].done = false;
			continue;
		}
		for (size_t j = 0; j < e[i].backs; j++)
			(void)nl_batch(nl, &e[i].back[j], 1, &answer,
			    &ignored);
		if (e[i].backs)
			continue;
		if (op->verb == OP_SET_SYSCTL)
			(void)sysctl_write(s->path, s->now);
		else if (op->verb == OP_RESTORE_SYSCTL)
			(void)sysctl_write(s->path, s->want);
	}
}

/* What one send may carry.  The kernel goes on after a refusal, so what sends
 * anybody elsewhere, a rule or a table's last route, must not go out before all
 * that it leads to stands, and no delete before all adds. */
static int
wave(const struct op *op)
{
	const struct route *r = &op->object->route;

	if (op->verb == OP_ADD_TABLE_ROUTE)
		return route_type_is_reject(r->type) && r->dst.len == 0;
	return op->verb < OP_ADD_TABLE_ROUTE ? 0 :
	    op->verb < OP_DELETE_RULE ? 1 : 2;
}

static size_t
range_end(const struct plan *p, size_t from)
{
	size_t to = from;

	while (to < p->count && is_message(&p->at[to]) &&
	    wave(&p->at[to]) == wave(&p->at[from]))
		to++;
	return to;
}

int
apply_plan(struct plan *p, struct nl *nl, struct refusal *why,
    struct fault *f)
{
	struct encoded *e = encode_all(p);
	size_t i = 0, to;
	int err = 0;

	memset(why, 0, sizeof(*why));
	if (!e) {
		fault_set(f, "out of memory");
		why->error = -ENOMEM;
		return -ENOMEM;
	}
	while (i < p->count && !err) {
		if (is_message(&p->at[i])) {
			to = range_end(p, i);
			err = send_range(p, e, i, to, nl, why, f);
			i = to;
			continue;
		}
		if (p->at[i].verb == OP_SET_SYSCTL ||
		    p->at[i].verb == OP_RESTORE_SYSCTL)
			err = write_sysctl(&p->at[i], why);
		i++;
	}
	if (err)
		undo(p, e, nl);
	encoded_fini(e, p->count);
	return err;
}

void
apply_undo(struct plan *p, struct nl *nl)
{
	struct encoded *e = encode_all(p);

	if (e)
		undo(p, e, nl);
	encoded_fini(e, p->count);
}
