/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: pure: what on this host breaks or is going to break a policy.
 *
 * Only what is certain is told: a finding without a fault behind it would soon
 * have all of them ignored.  Each kind has been seen to break something. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conflict-work.h"
#include "conflict.h"

struct conflict *
conflict_add(struct search *s, enum conflict_kind kind,
    const struct claim *c)
{
	struct conflicts *l = s->out;
	struct conflict *at = l->at;

	/* Grown in powers of two, so the capacity need not be kept. */
	if ((l->count & (l->count - 1)) == 0) {
		at = realloc(at, (l->count ? l->count * 2 : 1) * sizeof(*at));
		if (!at) {
			s->failed = true;
			return NULL;
		}
		l->at = at;
	}
	at += l->count++;
	memset(at, 0, sizeof(*at));
	at->kind = kind;
	at->claim = c;
	return at;
}

const char *
conflict_option(char *buf, const struct claim *c, const char *key,
    const char *value)
{
	/* Beside route- and rule- files it goes into the ifcfg- file. */
	enum spelling spelling = c->key.files ? SPELL_SHELL : c->spelling;
	char spelled[KEY_SPELLED];

	snprintf(buf, OPTION_TEXT, "%s%s%s", keys_spell(spelled, spelling,
	    key), spelling == SPELL_SHELL ? "=" : " ", value);
	return buf;
}

bool
conflict_is_ours(const struct object *o, enum object_kind kind)
{
	return o->kind == kind && !o->foreign && !o->spare;
}

bool
conflict_is_used(const struct search *s, enum object_kind kind,
    const struct rule *rule, const struct route *route)
{
	for (size_t i = 0; i < s->claims->count; i++) {
		const struct objects *l = &s->claims->at[i].objects;

		for (size_t j = 0; j < l->count; j++) {
			const struct object *o = &l->at[j];

			if (o->kind != kind)
				continue;
			if (rule ? rule_same(&o->rule, rule) :
			    route_same(&o->route, route))
				return true;
		}
	}
	return false;
}

static bool
any_claims(const struct search *s, enum object_kind kind)
{
	for (size_t i = 0; i < s->claims->count; i++)
		for (size_t j = 0; j < s->claims->at[i].objects.count; j++)
			if (conflict_is_ours(&s->claims->at[i].objects.at[j],
			    kind))
				return true;
	return false;
}

static void
tell_networkd(struct search *s, const struct claim *c, const char *what,
    const char *whose, const char *setting)
{
	struct conflict *k = conflict_add(s, CONFLICT_NETWORKD, c);

	if (!k)
		return;
	k->everywhere = !c;
	snprintf(k->what, sizeof(k->what), "systemd-networkd manages %s, and "
	    "%s is not off", whose, setting);
	snprintf(k->breaks, sizeof(k->breaks), "whenever it configures %s "
	    "anew (networkctl reload, a restart) it deletes %s that are not "
	    "its own, and so those of this program", whose, what);
	snprintf(k->remedy, sizeof(k->remedy), "write [Network] and below it "
	    "%s=no to /etc/systemd/networkd.conf.d/ifpolicy.conf; then: "
	    "systemctl restart systemd-networkd; ifpolicy refresh", setting);
}

/* All rules go with any of its links, the routes of a link with that one. */
static void
find_networkd(struct search *s)
{
	const struct networkd *n = &s->h->networkd;
	const struct link *l = NULL;

	for (size_t i = 0; i < s->h->links.count && !l; i++)
		if (s->h->knobs[i].networkd)
			l = &s->h->links.at[i];
	if (l && n->takes_rules && any_claims(s, OBJECT_RULE))
		tell_networkd(s, NULL, "rules", l->name,
		    "ManageForeignRoutingPolicyRules");
	for (size_t i = 0; i < s->claims->count && n->takes_routes; i++) {
		const struct claim *c = &s->claims->at[i];

		l = host_link(s->h, c->device);
		if (l && host_knobs(s->h, l)->networkd && c->objects.count)
			tell_networkd(s, c, "routes", l->name,
			    "ManageForeignRoutes");
	}
}

bool
conflict_find(struct conflicts *out, const struct host *h,
    const struct claims *claims, struct names *names)
{
	struct search s = {
		.out = out, .h = h, .claims = claims, .names = names,
	};

	memset(out, 0, sizeof(*out));
	if (claims->count == 0)
		return true;
	find_networkd(&s);
	for (size_t i = 0; i < claims->count; i++) {
		conflict_find_of_device(&s, &claims->at[i]);
		conflict_find_of_rules(&s, &claims->at[i]);
		conflict_find_of_routes(&s, &claims->at[i]);
	}
	conflict_find_names(&s);
	return !s.failed;
}

void
conflicts_fini(struct conflicts *c)
{
	free(c->at);
	c->at = NULL;
	c->count = 0;
}

const char *
conflict_word(enum conflict_kind kind)
{
	static const char *const words[] = {
		[CONFLICT_NETWORKD] = "networkd",
		[CONFLICT_RP_FILTER] = "rp-filter",
		[CONFLICT_ARP] = "arp",
		[CONFLICT_PRIORITY] = "priority",
		[CONFLICT_TABLE] = "table",
		[CONFLICT_LINKDOWN] = "linkdown",
		[CONFLICT_DUPLICATE] = "duplicate",
		[CONFLICT_SHADOW] = "shadow",
		[CONFLICT_NAME] = "table-name",
	};

	return words[kind];
}
