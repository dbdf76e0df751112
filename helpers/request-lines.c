/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: the lines of route- and rule- files to one checked request. */
#include <string.h>

#include <linux/fib_rules.h>

#include "request.h"
#include "words.h"

/* iproute2's iproute.c, iproute_modify(): the tables of types. */
static uint32_t
default_table(const struct route *route)
{
	switch (route->type) {
	case RTN_LOCAL:
	case RTN_BROADCAST:
	case RTN_NAT:
	case RTN_ANYCAST:
		return RT_TABLE_LOCAL;
	default:
		return RT_TABLE_MAIN;
	}
}

static bool
read_line(struct object *o, const struct claim *c, const struct setting *s,
    struct names *names, struct fault *f)
{
	if (s->key == KEY_RULE) {
		if (!words_parse_rule(&o->rule, c->key.family, WORDS_HOST_BITS,
		    names, s->value, f))
			return false;
		if (o->rule.action == FR_ACT_TO_TBL && o->rule.table == 0 &&
		    !o->rule.l3mdev)
			o->rule.table = RT_TABLE_MAIN;
		return true;
	}
	if (!words_parse_route(&o->route, c->key.family, names, s->value, f))
		return false;
	/* With the claim's device it would be another route than ip(8)'s. */
	if (o->route.hop_count == 0 && !o->route.nhid &&
	    !route_type_is_reject(o->route.type))
		return fault_set(f, "names neither a gateway nor a device");
	if (o->route.table == 0)
		o->route.table = default_table(&o->route);
	return true;
}

bool
request_lines(struct request *r, struct claim *c, struct names *names,
    struct fault *f)
{
	struct fault why;

	memset(r, 0, sizeof(*r));
	r->family = c->key.family;
	for (size_t i = 0; i < c->settings.count; i++) {
		struct setting *s = &c->settings.at[i];
		struct object *o = objects_add(&r->extra);

		if (!o) {
			request_fini(r);
			return fault_set(f, "out of memory");
		}
		o->kind = s->key == KEY_RULE ? OBJECT_RULE : OBJECT_ROUTE;
		o->key = s->key;
		o->said = s->value;
		o->line = s;
		o->from_file = true;
		if (read_line(o, c, s, names, &why))
			continue;
		setting_refuse(s, why.text);
		r->extra.count--;
	}
	return true;
}
