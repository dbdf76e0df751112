/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: dice for tests that a seed repeats. */
#ifndef IFPOLICY_TEST_ROLL_H
#define IFPOLICY_TEST_ROLL_H

#include <stdint.h>

#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))
#define PICK(s, list)	((list)[roll((s), COUNT(list))])

/* xorshift, so that a seed means the same everywhere. */
static inline uint32_t
roll(uint64_t *s, uint32_t sides)
{
	*s ^= *s << 13;
	*s ^= *s >> 7;
	*s ^= *s << 17;
	return (uint32_t)((*s >> 24) % sides);
}

static inline uint64_t
roll_start(uint64_t seed, int family)
{
	return (seed + 1) * 0x9e3779b97f4a7c15 + (unsigned)family;
}

#endif
