/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: pure: hand-written lines of interfaces to the options that do it. */
#ifndef IFPOLICY_COMPOSE_H
#define IFPOLICY_COMPOSE_H

#include "handwritten.h"
#include "keys.h"
#include "say.h"

enum compose_phase {
	PHASE_PRE_UP, PHASE_UP,
	PHASE_DOWN,	/* the interface still has its addresses */
	PHASE_POST_DOWN,
};

enum compose_verdict {
	LINE_OTHER,	/* nothing to do with routing: stays without a word */
	LINE_TAKEN,	/* the options do it: goes */
	LINE_LEFT,	/* stays, `why` says why; empty: that goes without
			 * saying */
};

struct compose_line {
	enum compose_phase phase;
	struct hand_list hands;
	enum compose_verdict verdict;
	bool fails;	/* LEFT: as it seems the kernel refuses it, and then
			 * what follows is never done */
	bool fixed;	/* LEFT before anything was looked at */
	unsigned group;	/* of a group all lines go or none; 0 no group */
	struct fault why;
};

struct compose_option {
	enum key_id key;
	uint32_t number;	/* of a repeated one, from 0 */
	bool repeated;
	char *value;
};

/* The lines of one stanza, or of one device's files. */
struct compose {
	char label[IFNAMSIZ];	/* "eth0:1"; HAND_DEVICE if not known */
	char device[IFNAMSIZ];
	int family;		/* of the lines that can be taken */
	bool is_static;		/* the stanza has an address: `own` */
	bool asks;		/* its address comes from DHCP or a router */
	bool bare;		/* others have it as a parent: no option that
				 * one of theirs could take the place of */
	bool files;		/* lines of route- and rule- files: one that
				 * fails does not keep the rest from being
				 * done, and there is no down */
	bool both;		/* the options may be taken for those of the
				 * other family as well, if no address in them
				 * tells */
	struct prefix own;	/* with the length of its subnet */
	struct addr peer;	/* the far end of a point-to-point link */
	struct addr router;	/* the stanza's own gateway */
	uint32_t router_metric;
	bool has_options;	/* its stanza has some already */
	struct compose_line *line;
	size_t line_count;
	struct compose_option *option;
	size_t option_count;
	/* Inside: */
	bool gives_addresses;	/* its lines do, to some device */
	uint32_t table;		/* policy-table; 0 none */
	struct addr gateway;	/* policy-gateway; family 0 none */
	bool onlink;
	uint32_t metric;	/* policy-metric; 0 none */
	bool from, to;		/* policy-match */
	bool own_source;	/* policy-source own */
	bool no_default;	/* policy-default none */
	uint32_t priority;	/* policy-priority; 0 none */
	const char *arp, *rp_filter;	/* values; NULL none */
};

/* All that the files say, for what one stanza does to another. */
struct compose_world {
	struct compose *at;
	size_t count;
	struct names *names;	/* of the tables, those of this run included */
	struct names *spelled;	/* those that somebody wrote by name */
};

/* Gives every line its verdict and every compose its options.  False without
 * memory. */
bool compose_all(struct compose_world *w);
void compose_fini(struct compose *c);

#endif
