/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: what a check has found, as numbers for Prometheus.
 *
 * Every series is there in any case, 0 where all is well: an alert on a series
 * that only appears with the fault is silent when the check itself is. */
#include <stdlib.h>
#include <string.h>

#include "check-work.h"

/* The values of labels: a backslash, a quote and a newline are escaped. */
static void
label(struct text *t, const char *separator, const char *name,
    const char *value)
{
	text_fmt(t, "%s%s=\"", separator, name);
	for (; *value; value++) {
		if (*value == '\n')
			text_str(t, "\\n");
		else if (*value == '"' || *value == '\\')
			text_fmt(t, "\\%c", *value);
		else
			text_add(t, value, 1);
	}
	text_str(t, "\"");
}

static void
head(struct text *t, const char *name, const char *help)
{
	text_fmt(t, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
}

/* "NAME{interface=...,label=...,family=...,address=...", left open. */
static void
of_claim(struct text *t, const char *name, const struct claim *c)
{
	char own[ADDR_TEXT] = "";

	if (addr_given(&c->key.own))
		addr_print(own, &c->key.own);
	text_str(t, name);
	label(t, "{", "interface", c->device);
	label(t, ",", "label", c->key.label);
	label(t, ",", "family", addr_family_name(c->key.family));
	label(t, ",", "address", own);
	label(t, ",", "source", c->key.files ? "files" : "options");
}

static void
metric_states(struct text *t, const struct checking *k)
{
	const char *name = "ifpolicy_claim_state";

	head(t, name, "How a claim stands: 1 for the state that it is in.");
	for (size_t i = 0; i < k->ss->record.claims.count; i++)
		for (int s = 0; s < STATES && k->tallies[i].meant; s++) {
			of_claim(t, name, &k->ss->record.claims.at[i]);
			label(t, ",", "state", inspect_state_word(s));
			text_fmt(t, "} %d\n", (int)k->tallies[i].state == s);
		}
}

static void
metric_failed(struct text *t, const struct checking *k)
{
	const char *name = "ifpolicy_claim_last_request_failed";

	head(t, name, "Whether the last request of a claim failed.");
	for (size_t i = 0; i < k->ss->record.claims.count; i++) {
		if (!k->tallies[i].meant)
			continue;
		of_claim(t, name, &k->ss->record.claims.at[i]);
		text_fmt(t, "} %d\n",
		    k->ss->record.claims.at[i].error != NULL);
	}
}

static void
metric_objects(struct text *t, const struct checking *k)
{
	const char *name = "ifpolicy_claim_drifted_objects";

	head(t, name, "Objects of a claim that are missing or changed in the "
	    "kernel.");
	for (size_t i = 0; i < k->ss->record.claims.count; i++)
		for (int kind = 0; kind < KINDS && k->tallies[i].meant;
		    kind++) {
			of_claim(t, name, &k->ss->record.claims.at[i]);
			label(t, ",", "kind", inspect_kind_word(kind));
			text_fmt(t, "} %u\n", k->tallies[i].drift[kind]);
		}
	name = "ifpolicy_claim_refused_lines";
	head(t, name, "Lines of files of a claim that could not be had.");
	for (size_t i = 0; i < k->ss->record.claims.count; i++) {
		if (!k->tallies[i].meant)
			continue;
		of_claim(t, name, &k->ss->record.claims.at[i]);
		text_fmt(t, "} %u\n", k->tallies[i].refused);
	}
}

/* True for the first meant claim of its device, in its family where that
 * counts. */
static bool
is_first(const struct checking *k, size_t at, bool of_family)
{
	const struct claim *c = &k->ss->record.claims.at[at];

	for (size_t i = 0; i < at; i++) {
		const struct claim *o = &k->ss->record.claims.at[i];

		if (k->tallies[i].meant && !strcmp(o->device, c->device) &&
		    (!of_family || o->key.family == c->key.family))
			return false;
	}
	return k->tallies[at].meant;
}

static void
metric_carriers(struct text *t, const struct checking *k)
{
	const char *name = "ifpolicy_interface_carrier";

	head(t, name, "Whether an interface with a claim is set up and its "
	    "line carries.");
	for (size_t i = 0; i < k->ss->record.claims.count; i++) {
		const struct claim *c = &k->ss->record.claims.at[i];
		const struct link *l = host_link(&k->host, c->device);

		if (!is_first(k, i, false))
			continue;
		text_str(t, name);
		label(t, "{", "interface", c->device);
		text_fmt(t, "} %d\n", l && link_has_carrier(l));
	}
}

static void
metric_unbound(struct text *t, const struct checking *k,
    const struct unbound u[2])
{
	const char *name = "ifpolicy_interface_unbound";

	head(t, name, "Whether unbound traffic leaves by an interface with a "
	    "claim now.");
	for (size_t i = 0; i < k->ss->record.claims.count; i++) {
		const struct claim *c = &k->ss->record.claims.at[i];

		if (!is_first(k, i, true))
			continue;
		text_str(t, name);
		label(t, "{", "interface", c->device);
		label(t, ",", "family", addr_family_name(c->key.family));
		text_fmt(t, "} %d\n", unbound_carries(
		    &u[host_index(c->key.family)], c->device));
	}
}

static void
metric_conflicts(struct text *t, const struct checking *k)
{
	unsigned count[CONFLICT_KINDS] = { 0 };
	const char *name = "ifpolicy_conflicts";

	for (size_t i = 0; i < k->conflicts.count; i++)
		if (check_is_meant(k, &k->conflicts.at[i]))
			count[k->conflicts.at[i].kind]++;
	head(t, name, "What else on this host breaks or is going to break a "
	    "policy.");
	for (int kind = 0; kind < CONFLICT_KINDS; kind++) {
		text_str(t, name);
		label(t, "{", "kind", conflict_word(kind));
		text_fmt(t, "} %u\n", count[kind]);
	}
}

static void
metric_number(struct text *t, const char *name, const char *help,
    unsigned number)
{
	head(t, name, help);
	text_fmt(t, "%s %u\n", name, number);
}

bool
check_metrics(struct checking *k)
{
	struct unbound u[2] = { 0 };
	struct text *t = &k->ss->out;
	bool ok = unbound_find(&u[0], &k->host, AF_INET) &&
	    unbound_find(&u[1], &k->host, AF_INET6);

	if (ok) {
		head(t, "ifpolicy_build_info", "The version, as a label.");
		text_str(t, "ifpolicy_build_info");
		label(t, "{", "version", VERSION);
		text_str(t, "} 1\n");
		metric_states(t, k);
		metric_failed(t, k);
		metric_objects(t, k);
		metric_carriers(t, k);
		metric_unbound(t, k, u);
		metric_conflicts(t, k);
		metric_number(t, "ifpolicy_unclaimed_objects", "Rules and "
		    "routes with our protocol that no claim holds.",
		    k->unclaimed);
		metric_number(t, "ifpolicy_interrupted_claims", "Claims whose "
		    "last run has not come to its end.", k->interrupted);
	}
	unbound_fini(&u[0]);
	unbound_fini(&u[1]);
	return ok;
}
