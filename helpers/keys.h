/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: the one table of options; parser, help and checks walk it. */
#ifndef IFPOLICY_KEYS_H
#define IFPOLICY_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KEY_SPELLED	32	/* room for any spelling with NUL */

enum key_id {
	KEY_TABLE, KEY_GATEWAY, KEY_METRIC, KEY_WEIGHT, KEY_MATCH,
	KEY_ADDRESSES, KEY_SOURCE, KEY_CONNECTED, KEY_PREFER_MAIN,
	KEY_DEFAULT, KEY_ROUTE, KEY_RULE, KEY_FALLBACK, KEY_LINKDOWN,
	KEY_ARP, KEY_RP_FILTER, KEY_PRIORITY, KEY_WAIT, KEY_ON_ERROR,
	KEY_COUNT
};

enum key_kind {
	KIND_TEXT,	/* has a reader of its own in request.c */
	KIND_CHOICE,	/* one word of choices */
	KIND_NUMBER,	/* min to max */
};

struct key {
	const char *name;
	enum key_kind kind;
	bool repeats;		/* may be given more than once, or numbered */
	bool inet_only;
	uint32_t min, max;
	const char *choices;	/* "word word word", in the order of the enum
				 * that request.h gives the key */
	const char *value;	/* for help: what to write */
	const char *help;
};

extern const struct key keys[KEY_COUNT];

/* How the place that options came from spells them. */
enum spelling {
	SPELL_COMMAND,		/* table */
	SPELL_INTERFACES,	/* policy-table */
	SPELL_SHELL,		/* POLICY_TABLE */
};

/* Finds a key by its bare name, in any case, "-" and "_" alike.  A repeatable
 * key may end in a number, which *number gets (else 0).  False if unknown. */
bool keys_find(enum key_id *id, uint32_t *number, const char *name);

/* The known name most like an unknown one; never NULL. */
const char *keys_nearest(const char *name);

/* Index of a word among the key's choices, or -1. */
int keys_choice(enum key_id id, const char *word);

/* The key as that place spells it, in buf (KEY_SPELLED bytes); returns buf. */
const char *keys_spell(char *buf, enum spelling spelling, const char *name);

#endif
