/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: claims and how they stand, as JSON. */
#include <string.h>

#include "json.h"
#include "show-work.h"

void
show_json_begin(struct text *t)
{
	text_str(t, "[");
}

static void
json_objects(struct text *t, struct showing *k, const struct claim *c,
    const struct inspection *in, enum object_kind kind, const char *key)
{
	bool first = true;

	text_fmt(t, ",\"%s\":[", key);
	for (size_t i = 0; i < c->objects.count; i++) {
		const struct object *o = &c->objects.at[i];

		if (o->kind != kind)
			continue;
		text_str(t, first ? "{" : ",{");
		first = false;
		if (kind == OBJECT_RULE)
			json_rule(t, &o->rule, &k->ss->names);
		else if (kind == OBJECT_SYSCTL)
			text_fmt(t, "\"path\":\"net/%s\",\"value\":\"%s\","
			    "\"was\":\"%s\"", o->sysctl.path, o->sysctl.want,
			    o->sysctl.was);
		else
			json_route(t, &o->route, &k->ss->names);
		if (kind == OBJECT_HOP)
			text_fmt(t, ",\"weight\":%u", o->weight);
		text_fmt(t, ",\"standing\":\"%s\"}",
		    standing_word(inspection_of(in, o)));
	}
	text_str(t, "]");
}

static void
json_options(struct text *t, const struct claim *c)
{
	text_str(t, ",\"options\":[");
	for (size_t i = 0; i < c->settings.count; i++) {
		const struct setting *s = &c->settings.at[i];

		text_fmt(t, "%s{\"%s\":", i ? "," : "", keys[s->key].name);
		json_string(t, s->value);
		json_member(t, "where", s->where);
		if (s->refused)
			json_member(t, "refused", s->why ? s->why : "-");
		text_str(t, "}");
	}
	text_str(t, "]");
}

/* With the keys of `ip -j address`. */
static void
json_addresses(struct text *t, const struct showing *k,
    const struct row *row)
{
	const struct address_list *l = &k->host.now.addresses;
	char text[ADDR_TEXT];
	bool first = true;

	text_str(t, ",\"addr_info\":[");
	for (size_t i = 0; i < l->count; i++) {
		const struct address *a = &l->at[i];

		if (!show_has_address(k, row, a))
			continue;
		text_fmt(t, "%s{\"family\":\"%s\",\"local\":\"%s\","
		    "\"prefixlen\":%u}", first ? "" : ",",
		    addr_family_name(a->prefix.addr.family),
		    addr_print(text, &a->prefix.addr), a->prefix.len);
		first = false;
	}
	text_str(t, "]");
}

/* Main's defaults by this device, whoever put them in, and whose turn it is. */
static void
json_defaults(struct text *t, struct showing *k, const struct row *row)
{
	const struct unbound *u = show_unbound(k, row->family);
	bool first = true;

	text_str(t, ",\"defaults\":[");
	for (size_t i = 0; i < u->count; i++) {
		const struct standby *s = &u->at[i];

		if (!s->hop || strcmp(s->hop->dev, row->device))
			continue;
		text_str(t, first ? "{" : ",{");
		json_route(t, s->route, &k->ss->names);
		text_fmt(t, ",\"turn\":\"%s\"}", unbound_turn_word(s->turn));
		first = false;
	}
	text_str(t, "]");
}

static void
json_texts(struct text *t, const char *key, const struct cell *c, bool quoted)
{
	text_fmt(t, ",\"%s\":[", key);
	for (size_t i = 0; i < c->count; i++) {
		text_str(t, i ? "," : "");
		if (quoted)
			json_string(t, c->at[i]);
		else
			text_str(t, c->at[i]);
	}
	text_str(t, "]");
}

/* What the overview says of the interface. */
static void
json_of_row(struct text *t, struct showing *k, const struct row *row)
{
	struct cell gateways = { 0 }, metrics = { 0 };

	show_gateways(&gateways, k, row);
	show_metrics(&metrics, k, row);
	text_fmt(t, ",\"carrier\":\"%s\"", show_carrier(k, row->device));
	json_addresses(t, k, row);
	json_texts(t, "gateways", &gateways, true);
	json_texts(t, "metrics", &metrics, false);
	text_fmt(t, ",\"unbound\":%s", unbound_carries(show_unbound(k,
	    row->family), row->device) ? "true" : "false");
	json_defaults(t, k, row);
}

static void
begin(struct text *t, struct showing *k, const char *device)
{
	text_str(t, k->items++ ? ",{\"ifname\":" : "{\"ifname\":");
	json_string(t, device);
}

void
show_json_row(struct text *t, struct showing *k, const struct row *row)
{
	begin(t, k, row->device);
	text_fmt(t, ",\"family\":\"%s\",\"state\":\"%s\"",
	    addr_family_name(row->family), show_row_state(row));
	json_of_row(t, k, row);
	text_str(t, "}");
}

void
show_json_claim(struct text *t, struct showing *k, const struct claim *c,
    const struct inspection *in)
{
	struct row row = {
		.device = c->device, .family = c->key.family, .claimed = true,
	};
	char own[ADDR_TEXT];

	begin(t, k, c->device);
	json_member(t, "label", c->key.label);
	text_fmt(t, ",\"family\":\"%s\"", addr_family_name(c->key.family));
	if (addr_given(&c->key.own))
		text_fmt(t, ",\"address\":\"%s\"",
		    addr_print(own, &c->key.own));
	text_fmt(t, ",\"state\":\"%s\"",
	    inspect_state_word(inspect_state(c, in)));
	json_member(t, "error", c->error);
	json_member(t, "waits", c->waits);
	if (record_tries_claim(&k->ss->record, &c->key))
		text_fmt(t, ",\"trial_seconds_left\":%u",
		    record_trial_left(&k->ss->record.trial));
	if (c->table) {
		text_fmt(t, ",\"table_id\":%u", c->table);
		if (c->table_name[0])
			json_member(t, "table", c->table_name);
	}
	json_of_row(t, k, &row);
	json_options(t, c);
	json_objects(t, k, c, in, OBJECT_RULE, "rules");
	json_objects(t, k, c, in, OBJECT_ROUTE, "routes");
	json_objects(t, k, c, in, OBJECT_HOP, "shares");
	json_objects(t, k, c, in, OBJECT_TAKEN, "taken");
	json_objects(t, k, c, in, OBJECT_SYSCTL, "sysctls");
	text_str(t, "}");
}
