/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: why a packet goes the way it goes, for people and for programs. */
#include <errno.h>
#include <string.h>

#include "block.h"
#include "explain-work.h"
#include "explain.h"
#include "facts.h"
#include "record.h"
#include "words.h"

#define TRIES	3	/* rules and routes may change while they are read */

static bool
find_device(uint32_t *ifindex, const struct fib *fib, const char *name,
    struct fault *f)
{
	const struct link *l = fib_link_named(fib, name);

	*ifindex = l ? l->ifindex : 0;
	return l || !name[0] || fault_set(f, "there is no device %s", name);
}

/* What the record holds is parsed once; without it there is still an answer. */
static void
read_record(struct explanation *e)
{
	struct record *r = &e->ss->record;
	int err = record_read(r, &e->no_record);

	for (size_t i = 0; i < r->claims.count && !err; i++)
		err = block_parse(&r->claims.at[i], &e->ss->names,
		    &e->no_record);
	if (err)
		claims_fini(&r->claims);
	else
		e->no_record.text[0] = '\0';
}

static int
walk_it(struct explanation *e, struct fault *f)
{
	if (!walk(&e->walk, &e->fib, &e->q))
		return 0;
	fault_set(f, "out of memory");
	return -ENOMEM;
}

/* Of what no dump tells the kernel's answer does. */
static int
compare(struct explanation *e, struct fault *f)
{
	int err = 0;

	e->agrees = walk_agrees(&e->walk, &e->q, &e->kernel);
	if (!e->agrees && e->q.family == AF_INET &&
	    walk_has_first_rules(&e->fib)) {
		e->fib.merged = true;
		err = walk_it(e, f);
		e->agrees = !err && walk_agrees(&e->walk, &e->q, &e->kernel);
	}
	return err;
}

static int
look(struct explanation *e, struct fault *f)
{
	struct nl *nl = &e->ss->nl;
	int err;

	err = facts_read_fib(&e->fib, nl, e->q.family, f);
	if (err)
		return err;
	if (!find_device(&e->q.iif, &e->fib, e->q.in, f) ||
	    !find_device(&e->q.oif, &e->fib, e->q.out, f))
		return -ENODEV;
	if (e->q.in[0] && e->q.family == AF_INET)
		err = facts_read_input(&e->fib, e->q.in, f);
	if (!err)
		err = walk_it(e, f);
	if (err)
		return err;
	err = facts_ask(&e->kernel, nl, &e->q, f);
	e->asked = err == 0;
	e->agrees = true;
	if (err == -EOPNOTSUPP)
		return 0;
	facts_name_hops(&e->kernel.taken, &e->fib);
	facts_name_hops(&e->kernel.route, &e->fib);
	return err ? err : compare(e, f);
}

static bool
same_way(const struct walk *a, const struct walk *b)
{
	return a->verdict == b->verdict && a->error == b->error &&
	    a->route == b->route;
}

/* ip_route_connect(), include/net/route.h. */
static int
look_again(struct explanation *e, struct fault *f)
{
	const struct addr *source = &e->kernel.taken.prefsrc;

	if (e->q.family != AF_INET || e->q.in[0] || addr_given(&e->q.from) ||
	    e->walk.verdict != VERDICT_ROUTE || !e->asked ||
	    e->walk.route->type != RTN_UNICAST || !addr_given(source))
		return 0;
	e->again = e->q;
	e->again.from = *source;
	if (walk(&e->second, &e->fib, &e->again)) {
		fault_set(f, "out of memory");
		return -ENOMEM;
	}
	e->asks_again = !same_way(&e->walk, &e->second);
	return 0;
}

enum outcome
explain(struct session *ss, const char *words, int family,
    enum explain_form form, bool colour, struct fault *f)
{
	struct explanation e = { .ss = ss };
	enum outcome outcome = OUTCOME_FAILED;
	int err;

	if (!words_parse_question(&e.q, family, words, f))
		return OUTCOME_BAD_INPUT;
	err = look(&e, f);
	for (int i = 1; i < TRIES && !err && !e.agrees; i++)
		err = look(&e, f);
	if (!err)
		err = look_again(&e, f);
	if (!err) {
		read_record(&e);
		if (form == EXPLAIN_JSON)
			explain_json(&e);
		else
			explain_tell(&e, colour);
		outcome = e.agrees ? OUTCOME_DONE : OUTCOME_FAILED;
	}
	walk_fini(&e.walk);
	walk_fini(&e.second);
	fib_fini(&e.fib);
	return outcome;
}
