/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: strict numbers: the whole string, in range, no sign, no blanks. */
#include <ctype.h>
#include <string.h>

#include "num.h"

static int
digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return 16;
}

static bool
digits(uint64_t *v, const char *text, unsigned base)
{
	uint64_t got = 0;

	if (*text == '\0')
		return false;
	for (; *text; text++) {
		unsigned d = (unsigned)digit(*text);

		if (d >= base || got > (UINT64_MAX - d) / base)
			return false;
		got = got * base + d;
	}
	*v = got;
	return true;
}

static bool
has_0x(const char *text)
{
	return text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
}

bool
num_u64(uint64_t *v, const char *text, uint64_t min, uint64_t max)
{
	uint64_t got;
	bool ok;

	if (has_0x(text))
		ok = digits(&got, text + 2, 16);
	else if (text[0] == '0' && text[1] != '\0')
		return false;
	else
		ok = digits(&got, text, 10);
	if (!ok || got < min || got > max)
		return false;
	*v = got;
	return true;
}

bool
num_u32(uint32_t *v, const char *text, uint32_t min, uint32_t max)
{
	uint64_t got;

	if (!num_u64(&got, text, min, max))
		return false;
	*v = (uint32_t)got;
	return true;
}

bool
num_hex(uint32_t *v, const char *text, uint32_t min, uint32_t max)
{
	uint64_t got;

	if (!digits(&got, has_0x(text) ? text + 2 : text, 16) ||
	    got < min || got > max)
		return false;
	*v = (uint32_t)got;
	return true;
}
