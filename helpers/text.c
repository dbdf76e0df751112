/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: text that grows; one check at the end instead of one per line. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

static bool
reserve(struct text *t, size_t more)
{
	size_t room = t->room ? t->room : 2048;
	char *at;

	if (t->failed)
		return false;
	while (room - t->len <= more)
		room *= 2;
	if (room == t->room)
		return true;
	at = realloc(t->at, room);
	if (!at) {
		t->failed = true;
		return false;
	}
	t->at = at;
	t->room = room;
	return true;
}

void
text_add(struct text *t, const char *bytes, size_t len)
{
	if (!reserve(t, len))
		return;
	memcpy(t->at + t->len, bytes, len);
	t->len += len;
	t->at[t->len] = '\0';
}

void
text_str(struct text *t, const char *s)
{
	text_add(t, s, strlen(s));
}

void
text_fmt(struct text *t, const char *fmt, ...)
{
	char line[2048];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= sizeof(line))
		t->failed = true;
	else
		text_add(t, line, (size_t)n);
}

void
text_fini(struct text *t)
{
	if (!t)
		return;
	free(t->at);
	t->at = NULL;
	t->len = t->room = 0;
}
