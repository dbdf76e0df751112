/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: where the dice of a random test start; SEED= chooses. */
#ifndef IFPOLICY_TEST_SEED_H
#define IFPOLICY_TEST_SEED_H

#include <stdint.h>
#include <stdlib.h>

static inline uint32_t
chosen_seed(void)
{
	const char *text = getenv("SEED");
	uint32_t seed = text ? (uint32_t)strtoul(text, NULL, 0) : 173;

	return seed ? seed : 1;
}

#endif
