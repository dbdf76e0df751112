/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: one line cut into words; keywords and the values behind them. */
#ifndef IFPOLICY_WORDS_LEX_H
#define IFPOLICY_WORDS_LEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model.h"
#include "names.h"
#include "say.h"
#include "words.h"

/* A line being read.  Every reader below returns false with the fault set. */
struct words {
	char line[WORDS_LINE + 1];
	char *rest;
	const char *keyword;	/* as written, its value being read, or NULL */
	unsigned flags;		/* WORDS_HOST_BITS */
	uint64_t seen;		/* bit i: the keyword with id i was given */
	int family;		/* AF_UNSPEC until an address tells */
	struct names *names;
	struct fault *fault;
};

/* Aliases share an id (below 64): given twice is given twice.  Each reader
 * gets `arg`, so that one serves many keywords. */
struct keyword {
	const char *text;
	unsigned id;
	bool whole;		/* no abbreviation */
	bool (*read)(struct words *w, void *into, uint32_t arg);
	uint32_t arg;
};

/* False for a line too long, or with a byte that no word may hold. */
bool words_start(struct words *w, int family, struct names *names,
    const char *text, struct fault *f);

/* The next word, or NULL at the end of the line. */
const char *words_next(struct words *w);
/* The next word if it is `word`; otherwise it stays. */
bool words_take(struct words *w, const char *word);

/* The first keyword that the word is, or may abbreviate; NULL if none. */
const struct keyword *words_find(const struct keyword *table, size_t count,
    const char *word);
/* Calls the reader of the keyword found for `word`, unless given before. */
bool words_read(struct words *w, const struct keyword *k, const char *word,
    void *into);

/* "KEYWORD "WORD": expected EXPECTED". */
bool words_refuse(struct words *w, const char *word, const char *expected);

/* Values.  Each reads the word that must follow the keyword.  A range is
 * "A-B", or "A" for A-A unless `both` must be given. */
bool words_value(struct words *w, const char **word, const char *expected);
bool words_u32(struct words *w, uint32_t *v, uint32_t min, uint32_t max);
bool words_range(struct words *w, struct range *r, uint32_t min, uint32_t max,
    bool both);
bool words_addr(struct words *w, struct addr *a);

/* The same as readers of a keyword whose `arg` is the offset of the value in
 * the struct that is filled; a flag is one byte, set to 1. */
bool words_at_flag(struct words *w, void *into, uint32_t offset);
bool words_at_u32(struct words *w, void *into, uint32_t offset);
bool words_at_ports(struct words *w, void *into, uint32_t offset);
bool words_at_device(struct words *w, void *into, uint32_t offset);
bool words_at_addr(struct words *w, void *into, uint32_t offset);
bool words_at_prefix(struct words *w, void *into, uint32_t offset);
bool words_at_table(struct words *w, void *into, uint32_t offset);
bool words_at_protocol(struct words *w, void *into, uint32_t offset);
bool words_at_tos(struct words *w, void *into, uint32_t offset);
bool words_at_ipproto(struct words *w, void *into, uint32_t offset);
bool words_at_realms(struct words *w, void *into, uint32_t offset);

/* Judges a word already read as a prefix. */
bool words_prefix_of(struct words *w, struct prefix *p, const char *word);

/* A family found nowhere is IPv4, as in ip(8). */
int words_family(const struct words *w);

/* A line being printed, into a buffer of WORDS_TEXT bytes. */
struct words_out {
	char *buf;
	size_t len;
};

void words_out_start(struct words_out *o, char *buf);
/* Adds words, with a space in front of all but the first. */
void words_out(struct words_out *o, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void words_out_prefix(struct words_out *o, const char *keyword,
    const struct prefix *p);
void words_out_table(struct words_out *o, const char *keyword,
    struct names *names, uint32_t table);
void words_out_protocol(struct words_out *o, struct names *names,
    uint8_t protocol);
void words_out_realms(struct words_out *o, uint32_t realms);

#endif
