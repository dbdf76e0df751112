/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: random lives of a machine in memory; what breaks is cut short and told. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "steps.h"

static double
seconds(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Every life has dice of its own, so that each can be lived again alone. */
static size_t
make_life(struct machine *m, struct step *s, uint32_t seed,
    unsigned long life)
{
	static const enum life kinds[4] = { LIFE_PLAIN, LIFE_PLAIN, LIFE_WILD,
	    LIFE_SCRIPTS };
	struct dice d = { seed ^ (uint32_t)(life * 2654435761u) };
	enum life kind;
	size_t count;

	if (d.state == 0)
		d.state = 1;
	for (int i = 0; i < 8; i++)
		(void)roll(&d, 2);
	kind = kinds[roll(&d, 4)];
	m->strict = kind == LIFE_PLAIN;
	count = 8 + roll(&d, STEPS - 8);
	for (size_t i = 0; i < count; i++)
		step_make(&s[i], &d, kind);
	return count;
}

/* ---- cutting short ------------------------------------------------------ */

/* In the same way: the complaint begins with the same words. */
#define SAME	14

static bool
still_breaks(struct machine *m, const struct step *s, size_t *count,
    const char *how)
{
	int at = steps_play(m, s, *count);

	if (at < 0 || strncmp(m->broken.at, how, SAME))
		return false;
	/* What comes after it is not needed. */
	if ((size_t)at < *count)
		*count = (size_t)at + 1;
	return true;
}

static bool
cut_steps(struct machine *m, struct step *s, size_t *count, const char *how)
{
	struct step less[STEPS];
	bool any = false;

	for (size_t n = *count; n > 0; n /= 2)
		for (size_t at = 0; at + n <= *count;) {
			size_t left = *count - n;

			memcpy(less, s, at * sizeof(*s));
			memcpy(less + at, s + at + n, (*count - at - n) *
			    sizeof(*s));
			if (!still_breaks(m, less, &left, how)) {
				at += n;
				continue;
			}
			memcpy(s, less, left * sizeof(*s));
			*count = left;
			any = true;
		}
	return any;
}

static bool
cut_options(struct machine *m, struct step *s, size_t *count, const char *how)
{
	struct step former, simple;
	bool any = false;

	for (size_t i = 0; i < *count; i++)
		for (unsigned at = 0; i < *count && step_simplify(&simple,
		    &s[i], at);) {
			former = s[i];
			s[i] = simple;
			if (still_breaks(m, s, count, how)) {
				any = true;
				continue;
			}
			s[i] = former;
			at++;
		}
	return any;
}

static void
explain(struct machine *m, struct step *s, size_t count)
{
	char how[SAME + 1];

	snprintf(how, sizeof(how), "%s", m->broken.at);
	while (cut_steps(m, s, &count, how) ||
	    cut_options(m, s, &count, how))
		continue;
	m->trace = true;
	(void)steps_play(m, s, count);
	m->trace = false;
	printf("# broken: %s\n", m->broken.len ? m->broken.at : "?");
}

static unsigned long
number_of(const char *name, unsigned long otherwise)
{
	const char *text = getenv(name);

	return text && *text ? strtoul(text, NULL, 0) : otherwise;
}

/* Lives until something breaks or enough is done.  *life is the one that
 * broke, and its steps in s; -1: none. */
static int
live(struct machine *m, struct step *s, size_t *count, uint32_t seed,
    unsigned long *life, unsigned long ops)
{
	int at;

	for (m->ops = 0; m->ops < ops; (*life)++) {
		*count = make_life(m, s, seed, *life);
		at = steps_play(m, s, *count);
		m->steps += *count;
		if (at >= 0)
			return at;
	}
	return -1;
}

static bool
test_plans(struct machine *m, uint32_t seed, unsigned long ops)
{
	unsigned long life = number_of("LIFE", 0);
	double begun = seconds();
	struct step s[STEPS];
	size_t count;
	int at = live(m, s, &count, seed, &life, ops);

	printf("# SEED=%u: %lu operations in %lu transactions; %lu steps of "
	    "%lu lives; %lu commands refused, %lu killed; %lu lookups, %lu "
	    "strays in edits; %.0f s of CPU\n", seed, m->ops,
	    m->transactions, m->steps, life, m->rollbacks, m->killed,
	    m->lookups, m->strays, seconds() - begun);
	printf("%sok 1 - nothing is lost at any operation of any plan\n",
	    at < 0 ? "" : "not ");
	if (at < 0)
		return true;
	printf("# SEED=%u LIFE=%lu: step %d of %zu: %s\n# cut short:\n", seed,
	    life, at + 1, count, m->broken.at);
	explain(m, s, count);
	return false;
}

/* Fewer operations than those of one minute find each. */
static bool
test_mutant(struct machine *m, uint32_t seed)
{
	unsigned long life = 0;
	struct step s[STEPS];
	size_t count;
	int at = live(m, s, &count, seed, &life, 200000);

	printf("%sok %d - found: %s # after %lu operations\n", at < 0 ?
	    "not " : "", m->mutant + 1, mutant_name(m->mutant), m->ops);
	return at >= 0;
}

int
main(void)
{
	unsigned long ops = number_of("OPS", 1000000);
	uint32_t seed = (uint32_t)number_of("SEED", 1);
	struct machine *m = &machine;
	bool ok;

	setvbuf(stdout, NULL, _IOLBF, 0);
	ok = test_plans(m, seed, ops);
	for (m->mutant = 1; ok && mutant_name(m->mutant); m->mutant++)
		ok = test_mutant(m, seed);
	printf("1..%d\n", ok ? m->mutant : 1);
	machine_off(m);
	return !ok;
}
