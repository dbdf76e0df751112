/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: claims: what one up asked for and the objects it stands for. */
#ifndef IFPOLICY_CLAIM_H
#define IFPOLICY_CLAIM_H

#include <net/if.h>

#include <stdbool.h>
#include <stddef.h>

#include "keys.h"
#include "model.h"
#include "say.h"

#define SETTINGS_MAX	256	/* options of one request */
#define LINES_MAX	4096	/* lines of a label's files */
#define VALUE_MAX	4096	/* bytes of one option's value */
#define WHERE_MAX	320	/* room for "FILE:LINE" with NUL */
#define SYSCTL_PATH	80
#define SYSCTL_VALUE	12

/* One option as somebody wrote it, its key already known. */
struct setting {
	enum key_id key;
	uint32_t number;	/* of a numbered repeat, else 0 */
	bool refused;		/* a file's line that could not be used: kept,
				 * to be tried again another time */
	char *value;
	char *where;		/* "route-eth0:3" of a file's line, or NULL */
	char *why;		/* it was refused; may be NULL even then */
};

struct settings {
	struct setting *at;
	size_t count;
};

/* Adds one option; a value with newlines (ifupdown joins repeats, `inherits`
 * puts the parent's first) counts as several.  Of a key that does not repeat
 * the last one stays.  Numbered repeats are kept in the order of their numbers,
 * behind the plain ones.  False and a fault for an unknown name, an empty,
 * overlong or unprintable value, or too many. */
bool settings_add(struct settings *s, enum spelling spelling, const char *name,
    const char *value, struct fault *f);
/* Adds one line of a file that stands by itself, as KEY_ROUTE or KEY_RULE,
 * behind all others.  `where` is what a message calls it.  False and a fault
 * (without `where`) as above. */
bool settings_add_line(struct settings *s, enum key_id key, const char *where,
    const char *line, struct fault *f);
/* Marks a line as refused for now; a copy is not marked. */
void setting_refuse(struct setting *s, const char *why);
const struct setting *settings_get(const struct settings *s, enum key_id key);
bool settings_equal(const struct settings *a, const struct settings *b);
bool settings_copy(struct settings *to, const struct settings *from);
void settings_fini(struct settings *s);

struct sysctl_value {
	char path[SYSCTL_PATH];	/* below /proc/sys/net/ */
	char want[SYSCTL_VALUE];
	char was[SYSCTL_VALUE];	/* before the first claim; empty: not known */
	char now[SYSCTL_VALUE];	/* as just read; empty: does not exist */
};

enum object_kind {
	OBJECT_ROUTE,
	OBJECT_RULE,
	OBJECT_SYSCTL,
	OBJECT_TAKEN,	/* somebody else's route, taken out, to be given back */
	OBJECT_HOP,	/* a route of one next hop: the share in one that
			 * several claims have together */
};

struct object {
	enum object_kind kind;
	bool foreign;	/* an equal one was somebody else's: never delete it */
	bool standing;	/* its claim does not change in this transaction */
	bool from_file;	/* a file asked for it that another program applies
			 * as well: what that one put in is taken over */
	bool careful;	/* a default route of main that may well be somebody
			 * else's: not taken over */
	bool spare;	/* laid out for that program to take away */
	uint16_t weight;	/* HOP: 1-256 */
	bool shared;	/* a route made of several claims' next hops; of what
			 * the claims had before: all that may be in it */
	bool patient;	/* of claims that do not change: where it cannot stand
			 * now, that is for their own refresh */
	bool unplaced;	/* a rule whose file gave no priority: copies of it at
			 * priorities the kernel chose are that program's */
	enum key_id key;	/* the option that asked for it */
	struct setting *line;	/* of a file, borrowed, which a refusal marks;
				 * NULL: a refusal fails everything */
	const char *said;	/* that option's value, borrowed; may be NULL */
	uint64_t until;		/* TAKEN: its lifetime ends then, in seconds
				 * since boot; 0 never */
	union {
		struct rule rule;
		struct route route;	/* ROUTE and TAKEN */
		struct sysctl_value sysctl;
	};
};

struct objects {
	struct object *at;
	size_t count;
};

/* A zeroed new last element, or NULL without memory. */
struct object *objects_add(struct objects *o);
/* A copy of an object at the end; false without memory. */
bool objects_put(struct objects *o, const struct object *from);
void objects_fini(struct objects *o);

/* The same thing wanted: rules equal, routes equal, sysctl path and value. */
bool object_same(const struct object *a, const struct object *b);
/* A route of whatever kind. */
bool object_is_route(const struct object *o);
/* A taken route whose lifetime has ended; `when` in seconds since boot. */
bool object_is_over(const struct object *o, uint64_t when);
/* One kernel slot: rules equal, routes of one key, sysctl path. */
bool object_same_slot(const struct object *a, const struct object *b);

struct claim_key {
	char label[IFNAMSIZ];	/* "eth0" or "eth0:1" */
	int family;		/* AF_INET, AF_INET6 */
	bool files;		/* of the label's route- and rule- files, each
				 * line by itself; beside that of its options */
	struct addr own;	/* the stanza's own address; family 0 if none */
};

struct claim {
	struct claim_key key;
	char device[IFNAMSIZ];	/* the label up to its colon */
	enum spelling spelling;
	bool is_static;		/* the stanza configured the address itself */
	bool lenient;		/* the settings may speak for both families:
				 * lines of the other one are passed over */
	bool conf;		/* they came from the device's own file */
	bool dropped;		/* in a transaction: this claim is to end */
	bool parsed;		/* settings and objects below are filled in */
	struct addr router;	/* the stanza's own gateway */
	struct addr via;	/* the gateway that main had last; family 0:
				 * none, or not asked there (IPv4 only) */
	uint32_t table;		/* number of the table named by its settings;
				 * 0 none */
	char table_name[32];	/* and its name, if it has one */
	char *error;		/* NULL, or why the last request failed */
	char *waits;		/* NULL, or what is not there now and keeps
				 * part or all of the request waiting */
	struct settings settings;
	struct objects objects;
	const char *text;	/* its lines in the record, borrowed */
	size_t text_len;
};

bool claim_key_same(const struct claim_key *a, const struct claim_key *b);
/* Fills key and device; false if the name is no device or label. */
bool claim_init(struct claim *c, const char *label, int family,
    const struct addr *own);
/* Replace these texts; NULL or "" for none.  False without memory. */
bool claim_set_error(struct claim *c, const char *text);
bool claim_set_waits(struct claim *c, const char *text);
void claim_fini(struct claim *c);

#endif
