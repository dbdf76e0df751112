/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: what the fuzzers share: input in parts, and what must hold. */
#ifndef IFPOLICY_FUZZ_H
#define IFPOLICY_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Stops where it is, so that the fuzzer keeps the input. */
#define MUST(what) do { if (!(what)) { \
	fprintf(stderr, "%s:%d: must: %s\n", __FILE__, __LINE__, #what); \
	abort(); } } while (0)

/* The input as text with a NUL, to be freed. */
static inline char *
fuzz_text(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	MUST(text);
	if (size)
		memcpy(text, data, size);
	text[size] = '\0';
	return text;
}

#endif
