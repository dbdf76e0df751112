/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: what the files of the room show share. */
#ifndef IFPOLICY_SHOW_WORK_H
#define IFPOLICY_SHOW_WORK_H

#include "show.h"
#include "unbound.h"

#define CELL_LINES	64	/* more of one kind are counted only */

struct showing {
	struct session *ss;
	const struct scope *scope;
	bool colour;
	struct host host;
	struct unbound unbound[2];	/* IPv4, IPv6 */
	enum claim_state *states;	/* of the record's claims */
	struct text details;		/* for people; behind the overview */
	size_t items;			/* JSON elements so far */
};

/* An interface in one family: the one that a claim is of, or one without a
 * claim that unbound traffic could leave by. */
struct row {
	const char *device;	/* borrowed */
	int family;
	bool claimed;
	enum claim_state state;	/* the worst of its claims */
};

struct rows {
	struct row *at;
	size_t count;
};

/* Short texts, each once. */
struct cell {
	char at[CELL_LINES][PREFIX_TEXT];
	size_t count, left;	/* and so many that had no room */
};

/* False without memory; free(rows->at) in any case. */
bool show_rows(struct rows *rows, const struct showing *k);
/* "up", "no policy", ... */
const char *show_row_state(const struct row *row);
/* "yes", "no", "down", "gone" */
const char *show_carrier(const struct showing *k, const char *device);
const struct unbound *show_unbound(const struct showing *k, int family);
bool show_has_address(const struct showing *k, const struct row *row,
    const struct address *a);

void show_addresses(struct cell *out, const struct showing *k,
    const struct row *row);
void show_tables(struct cell *out, const struct showing *k,
    const struct row *row);
void show_gateways(struct cell *out, const struct showing *k,
    const struct row *row);
void show_metrics(struct cell *out, const struct showing *k,
    const struct row *row);

/* Appends the overview. */
void show_overview(struct text *t, const struct showing *k,
    const struct rows *rows);

/* The JSON array: what comes first; a claim; a row without one. */
void show_json_begin(struct text *t);
void show_json_claim(struct text *t, struct showing *k,
    const struct claim *c, const struct inspection *in);
void show_json_row(struct text *t, struct showing *k, const struct row *row);

/* The graph: what comes first, one claim, the rest. */
void show_dot_begin(struct text *t);
void show_dot_claim(struct text *t, struct showing *k,
    const struct claim *c, const struct inspection *in);
void show_dot_end(struct text *t, struct showing *k);

#endif
