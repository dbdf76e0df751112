/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: inside compose: what its parts tell each other. */
#ifndef IFPOLICY_COMPOSE_WORK_H
#define IFPOLICY_COMPOSE_WORK_H

#include "compose.h"

/* One command that adds a rule or a route, with its line. */
struct added {
	struct compose *c;
	struct compose_line *line;
	size_t line_index, hand_index;
	struct hand *hand;
};

/* Walks all that is added, in the order written: compose_first() and then
 * compose_next() until false.  Of one compose. */
bool compose_first(struct added *a, struct compose *c);
bool compose_next(struct added *a);

bool compose_is_rule(const struct hand *h);
bool compose_is_route(const struct hand *h);	/* added or replaced */

/* The line stays.  The first reason counts. */
void compose_leave(struct compose_line *line, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* The table that a route or rule names, main where it names none. */
uint32_t compose_table(const struct hand *h);
/* The table in the words of who wrote it. */
const char *compose_table_text(char *buf, const struct compose_world *w,
    uint32_t table);

/* The device of a route's only hop: "" where none is named. */
const char *compose_hop_device(const struct hand *h);
bool compose_is_own_device(const struct compose *c, const char *device);
/* Both are of one device; one whose name is not known is nobody else's. */
bool compose_same_device(const struct compose *a, const struct compose *b);

/* True if a subnet of the device covers it, so far as the files tell; *known
 * whether they tell of any. */
bool compose_on_link(const struct compose_world *w, const struct compose *c,
    const struct addr *a, bool *known);

/* The label of another device in whose subnet an address is, or NULL. */
const char *compose_elsewhere(const struct compose_world *w,
    const struct compose *c, const struct addr *a);

/* What each step does, in this order. */
void compose_judge(struct compose_world *w, struct compose *c);
void compose_judge_slots(struct compose_world *w, struct compose *c);
void compose_pairs(struct compose_world *w, struct compose *c);
void compose_shape(struct compose_world *w, struct compose *c);
/* False where the priorities cannot be such that all rules keep their order;
 * else every unplaced rule line has what it needs in *number (0: nothing). */
bool compose_rules(struct compose *c, uint32_t **number, size_t *count);
bool compose_options(struct compose_world *w, struct compose *c,
    const uint32_t *number, size_t count);

/* What the shape already says. */
bool compose_is_shape_default(const struct compose *c, const struct hand *h);
bool compose_is_shape_metric(const struct compose *c, const struct hand *h);
bool compose_is_shape_subnet(const struct compose *c, const struct hand *h);
bool compose_is_shape_rule(const struct compose *c, const struct hand *h);

#endif
