/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: rules, routes and links in words, as a kernel would hold them, for tests of walk. */
#ifndef IFPOLICY_TEST_FIB_H
#define IFPOLICY_TEST_FIB_H

#include <sys/socket.h>

#include <linux/fib_rules.h>
#include <net/if.h>

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "uapi.h"
#include "walk.h"
#include "words.h"

/* lo is 1, eth0 is 2 and so on; their groups are their numbers. */
#define DEVICES	4

static inline uint32_t
index_of(const char *name)
{
	return !strcmp(name, "lo") ? 1 : !strncmp(name, "eth", 3) &&
	    name[3] - '0' < DEVICES - 1 ? (uint32_t)(name[3] - '0') + 2 : 0;
}

static inline void
fib_start(struct fib *f, int family)
{
	memset(f, 0, sizeof(*f));
	f->family = family;
	for (uint32_t i = 1; i <= DEVICES; i++) {
		struct link *l = link_list_add(&f->links);

		assert_non_null(l);
		l->ifindex = l->group = i;
		l->flags = IFF_UP | IFF_RUNNING | (i == 1 ? IFF_LOOPBACK : 0);
		if (i == 1)
			strcpy(l->name, "lo");
		else
			snprintf(l->name, IFNAMSIZ, "eth%u", i - 2);
	}
}

static inline struct rule *
add_rule(struct fib *f, const char *words)
{
	struct rule *r = fib_add_rule(f);
	struct fault fault = { "" };

	assert_non_null(r);
	if (!words_parse_rule(r, f->family, WORDS_HOST_BITS, NULL, words,
	    &fault))
		fail_msg("%s: %s", words, fault.text);
	r->has_priority = true;
	rule_normalize(r);
	return r;
}

/* Without a table: main. */
static inline struct route *
add_route(struct fib *f, const char *words)
{
	struct route *r = fib_add_route(f);
	struct fault fault = { "" };

	assert_non_null(r);
	if (!words_parse_route(r, f->family, NULL, words, &fault))
		fail_msg("%s: %s", words, fault.text);
	if (r->table == 0)
		r->table = RT_TABLE_MAIN;
	for (size_t i = 0; i < r->hop_count; i++)
		r->hop[i].ifindex = index_of(r->hop[i].dev);
	route_normalize(r);
	return r;
}

static inline void
add_address(struct fib *f, const char *text, const char *device)
{
	struct address *a = fib_add_address(f);

	assert_non_null(a);
	assert_true(prefix_parse(&a->prefix, f->family, text));
	a->ifindex = index_of(device);
}

static inline struct question
asked(const char *words)
{
	struct fault fault = { "" };
	struct question q;

	if (!words_parse_question(&q, AF_UNSPEC, words, &fault))
		fail_msg("%s: %s", words, fault.text);
	q.iif = index_of(q.in);
	q.oif = index_of(q.out);
	return q;
}

/* Walks; true if it ends in that verdict and error. */
static inline void
comes_to(struct walk *w, const struct fib *f, const char *words,
    enum verdict verdict, int error)
{
	struct question q = asked(words);

	assert_int_equal(walk(w, f, &q), 0);
	assert_int_equal(w->verdict, verdict);
	assert_int_equal(w->error, error);
}

/* Walks; the route that is found, in words. */
static inline void
finds(struct walk *w, const struct fib *f, const char *words,
    const char *route)
{
	char text[WORDS_TEXT];

	comes_to(w, f, words, VERDICT_ROUTE, 0);
	assert_string_equal(words_print_route(text, w->route, NULL), route);
}

static inline void
rules_came_to(const struct walk *w, const enum came *came, size_t count)
{
	assert_int_equal(w->count, count);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(w->steps[i].came, came[i]);
}

static inline void
passed_is(const struct walk *w, size_t i, enum passed why)
{
	assert_true(i < w->passed_count);
	assert_int_equal(w->passed[i].why, why);
}

#endif
