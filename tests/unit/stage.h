/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: a host and its claims out of words, for tests that look at both. */
#ifndef IFPOLICY_TEST_STAGE_H
#define IFPOLICY_TEST_STAGE_H

#include "build.h"

#include "host.h"

#define NICS	4

struct stage {
	struct host h;
	struct knobs knobs[NICS];
	struct claims claims;
	struct name_list tables;
	struct name name[8];
};

static inline int
stage_init(void **state)
{
	static struct stage stage;

	memset(&stage, 0, sizeof(stage));
	stage.tables.at = stage.name;
	stage.h.tables = &stage.tables;
	*state = &stage;
	return 0;
}

static inline int
stage_fini(void **state)
{
	struct stage *s = *state;

	s->h.knobs = NULL;
	host_fini(&s->h);
	claims_fini(&s->claims);
	return 0;
}

/* eth0 and so on in their order, up and with carrier. */
static inline struct link *
nic(struct stage *s, const char *name)
{
	struct link *l = link_list_add(&s->h.links);

	assert_non_null(l);
	assert_true(s->h.links.count <= NICS);
	l->ifindex = index_of(name);
	l->flags = IFF_UP | IFF_RUNNING;
	snprintf(l->name, sizeof(l->name), "%s", name);
	s->h.knobs = s->knobs;
	return l;
}

static inline struct knobs *
knobs_of(struct stage *s, const char *name)
{
	return &s->knobs[host_link(&s->h, name) - s->h.links.at];
}

static inline struct address *
has_address(struct stage *s, const char *name, const char *text)
{
	struct address *a = snapshot_address(&s->h.now, text);

	a->ifindex = index_of(name);
	return a;
}

static inline struct rule *
has_rule(struct stage *s, int family, const char *words)
{
	struct rule *r = snapshot_add_rule(&s->h.now);
	struct fault f;

	assert_non_null(r);
	if (!words_parse_rule(r, family, 0, NULL, words, &f))
		fail_msg("%s: %s", words, f.text);
	rule_normalize(r);
	return r;
}

static inline void
has_route(struct stage *s, int family, const char *words)
{
	snapshot_route(&s->h.now, family, words);
}

/* A claim of these lines of a record, all of it in the kernel. */
static inline struct claim *
has_claim(struct stage *s, const char *label, int family, const char *lines)
{
	struct claim c = claim_of(label, family, NULL);
	struct claim *at;

	c.spelling = SPELL_INTERFACES;
	objects_of(&c.objects, family, lines);
	for (size_t i = 0; i < c.objects.count; i++) {
		const struct object *o = &c.objects.at[i];

		if (o->kind == OBJECT_RULE)
			*snapshot_add_rule(&s->h.now) = o->rule;
		else if (o->kind == OBJECT_ROUTE)
			*snapshot_add_route(&s->h.now) = o->route;
	}
	at = &c;
	assert_true(claims_put(&s->claims, at));
	return &s->claims.at[s->claims.count - 1];
}

static inline void
has_name(struct stage *s, uint32_t number, const char *text)
{
	struct name *n = &s->name[s->tables.count++];

	assert_true(s->tables.count <= LENGTH(s->name));
	n->number = number;
	snprintf(n->text, sizeof(n->text), "%s", text);
}

#endif
