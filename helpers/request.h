/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: raw settings to one checked request. */
#ifndef IFPOLICY_REQUEST_H
#define IFPOLICY_REQUEST_H

#include "claim.h"
#include "names.h"

#define REQUEST_ADDRESSES	64
#define REQUEST_DEVICES		16
#define PRIORITY_DEFAULT	12000
#define WAIT_DEFAULT		5

/* The enums follow the order of the choices in keys.c. */
enum connected { CONNECTED_KEEP, CONNECTED_METRIC, CONNECTED_NONE };
enum foreign_default { DEFAULT_KEEP, DEFAULT_NONE, DEFAULT_METRIC };
enum fallback {
	FALLBACK_NONE, FALLBACK_UNREACHABLE, FALLBACK_BLACKHOLE,
	FALLBACK_PROHIBIT,
};
enum linkdown { LINKDOWN_KEEP, LINKDOWN_IGNORE };
enum arp { ARP_KEEP, ARP_FILTER, ARP_STRICT };
enum rp_filter { RP_KEEP, RP_OFF, RP_STRICT, RP_LOOSE };
enum on_error { ON_ERROR_WARN, ON_ERROR_FAIL };

enum gateway_kind { GATEWAY_AUTO, GATEWAY_ADDRESS, GATEWAY_NONE };
enum addresses_kind { ADDRESSES_OWN, ADDRESSES_ALL, ADDRESSES_LIST };
enum source_kind { SOURCE_NONE, SOURCE_OWN, SOURCE_ADDRESS };

struct request {
	int family;
	bool has_table, table_auto;
	bool prefer_main;
	bool match_from, match_to;
	bool onlink;
	char table_name[TABLE_NAME_MAX + 1];	/* empty: a bare number */
	uint32_t table;		/* 0 until a name has got its number */
	enum gateway_kind gateway_kind;
	struct addr gateway;
	uint32_t metric;	/* 0: none */
	uint16_t weight;	/* 0: none */
	enum addresses_kind addresses_kind;
	struct addr addresses[REQUEST_ADDRESSES];
	size_t address_count;
	/* Addresses that "all" leaves to other claims of the device; filled in
	 * by who knows them. */
	struct addr excluded[REQUEST_ADDRESSES];
	size_t excluded_count;
	/* Sources that are no address of this machine now; likewise. */
	struct addr absent[REQUEST_ADDRESSES];
	size_t absent_count;
	/* Devices that routes name and that are not up; likewise. */
	char down[REQUEST_DEVICES][IFNAMSIZ];
	size_t down_count;
	/* What cannot stand now is left out, not waited for. */
	bool partial;
	enum source_kind source_kind;
	struct addr source;
	enum connected connected;
	enum foreign_default foreign_default;
	enum fallback fallback;
	enum linkdown linkdown;
	enum arp arp;
	enum rp_filter rp_filter;
	enum on_error on_error;
	uint32_t priority;
	uint32_t wait;		/* seconds */
	struct objects extra;	/* `route` and `rule` lines, table 0 where
				 * they name none; `said` borrowed */
	const char *said[KEY_COUNT];	/* values as written, borrowed; NULL */
};

/* Checks all settings of the claim, the host's defaults behind them.  False
 * with a fault "KEY "VALUE": why" in the claim's spelling, *r then empty.
 * request_fini() when done; texts are borrowed from both settings. */
bool request_check(struct request *r, const struct claim *c,
    const struct settings *defaults, struct names *names, struct fault *f);
void request_fini(struct request *r);

/* The lines of a claim of files: what each stands for goes into r->extra.
 * Words are read as ip(8) reads them in such a file: any protocol, host bits in
 * rules, main where no table is named.  A line that cannot be read is marked
 * as refused, the rest goes on.  False and a fault without memory only. */
bool request_lines(struct request *r, struct claim *c, struct names *names,
    struct fault *f);

/* The on-error of settings that may otherwise be bad. */
bool request_fails_hook(const struct settings *s,
    const struct settings *defaults);

/* Families that the settings decide on, by gateway, source or addresses; 0 if
 * they leave it open.  *mentioned gets those that `route` and `rule` lines
 * speak of. */
unsigned request_families(const struct settings *s, unsigned *mentioned);

/* True if main's routes of the device must be known before compiling. */
bool request_needs_main(const struct request *r, const struct claim *c);

#endif
