/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: random lines of `ip rule` and `ip route` that ip(8) takes. */
#include <sys/socket.h>

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "num.h"
#include "words-vs-ip-route.h"
#include "words-vs-ip-rule.h"

/* Lines are "rule WORDS" or "route WORDS", of the family given as -4 or -6.
 *
 *   lines SEED COUNT   lines that ip(8) takes by form; the kernel refuses some
 *   names SEED COUNT   the same with names for protocols, tables and DS fields
 *   keys               all keywords that `lines` and `names` write together,
 *                      one in a line: NUMBER KIND WORDS, WORDS once for each
 *                      spelling, NUMBER the same for spellings of one */

enum kind { RULE, ROUTE };

static void
shuffle(struct line *l)
{
	char swap[sizeof(l->piece[0])];

	for (size_t i = l->count; i > 1; i--) {
		size_t j = roll(l->seed, (uint32_t)i);

		memcpy(swap, l->piece[i - 1], sizeof(swap));
		memcpy(l->piece[i - 1], l->piece[j], sizeof(swap));
		memcpy(l->piece[j], swap, sizeof(swap));
	}
}

/* One blank between words, whatever the pieces have. */
static void
print_line(struct line *l, enum kind kind)
{
	char *save, *word;

	fputs(kind == RULE ? "rule" : "route", stdout);
	for (size_t i = 0; i < l->count; i++)
		for (word = strtok_r(l->piece[i], " ", &save); word;
		    word = strtok_r(NULL, " ", &save))
			printf(" %s", word);
	putchar('\n');
}

static void
write_line(struct line *l, uint32_t n)
{
	static const enum hops shares[] = {
		HOP, HOP, HOP, HOP, HOP, HOP, HOPS, HOPS, HOPS, REJECT,
		REJECT, REJECT, OBJECT,
	};
	enum hops hops = PICK(l->seed, shares);
	enum kind kind = one_in(l, 2) ? RULE : ROUTE;

	l->count = 0;
	if (kind == RULE)
		make_rule(l, n);
	else
		make_route(l, hops);
	shuffle(l);
	/* ip(8) reads nothing else behind these. */
	if (kind == ROUTE && hops == HOPS)
		for (unsigned hop = 2 + roll(l->seed, 3); hop > 0; hop--)
			make_nexthop(l, hop - 1);
	print_line(l, kind);
}

int
main(int argc, char **argv)
{
	struct line l = { .family = AF_INET };
	struct listing g = { .family = AF_INET };
	uint32_t count = 0;
	uint64_t seed = 0;

	if (argc > 1 && !strcmp(argv[1], "-6"))
		l.family = g.family = AF_INET6;
	if (argc == 3 && !strcmp(argv[2], "keys")) {
		list_rules(&g);
		list_routes(&g);
		return 0;
	}
	if (argc != 5 || !num_u64(&seed, argv[3], 0, UINT64_MAX) ||
	    !num_u32(&count, argv[4], 1, 16000)) {
		fprintf(stderr, "usage: words-vs-ip-gen -4|-6 lines|names SEED "
		    "COUNT | keys\n");
		return 2;
	}
	seed = roll_start(seed, l.family);
	l.seed = &seed;
	l.named = !strcmp(argv[2], "names");
	for (uint32_t n = count; n > 0; n--)
		write_line(&l, l.named ? 16000 + n : n);
	return 0;
}
