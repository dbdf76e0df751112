/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: words written one after the other into one bounded line. */
#include <stdarg.h>
#include <stdio.h>

#include "words-lex.h"

void
words_out_start(struct words_out *o, char *buf)
{
	o->buf = buf;
	o->len = 0;
	buf[0] = '\0';
}

/* WORDS_TEXT holds the longest line there can be; should it not, the line is
 * cut, never overrun. */
void
words_out(struct words_out *o, const char *fmt, ...)
{
	va_list ap;
	int n;

	if (o->len > 0 && o->len + 1 < WORDS_TEXT)
		o->buf[o->len++] = ' ';
	va_start(ap, fmt);
	n = vsnprintf(o->buf + o->len, WORDS_TEXT - o->len, fmt, ap);
	va_end(ap);
	if (n > 0)
		o->len += (size_t)n;
	if (o->len >= WORDS_TEXT)
		o->len = WORDS_TEXT - 1;
}

void
words_out_prefix(struct words_out *o, const char *keyword,
    const struct prefix *p)
{
	char buf[PREFIX_TEXT];

	words_out(o, "%s %s", keyword, prefix_print(buf, p));
}

void
words_out_table(struct words_out *o, const char *keyword,
    struct names *names, uint32_t table)
{
	char buf[TABLE_NAME_MAX + 1];

	if (names)
		words_out(o, "%s %s", keyword,
		    names_table_text(buf, names, table));
	else
		words_out(o, "%s %u", keyword, table);
}

void
words_out_protocol(struct words_out *o, struct names *names, uint8_t protocol)
{
	char buf[TABLE_NAME_MAX + 1];

	if (names)
		words_out(o, "protocol %s",
		    names_protocol_text(buf, names, protocol));
	else
		words_out(o, "protocol %u", protocol);
}

/* What does not fit FROM/TO of eight bits each is one number. */
void
words_out_realms(struct words_out *o, uint32_t realms)
{
	uint32_t from = realms >> 16, to = realms & 0xffff;

	if (from == 0 || from > 255 || to > 255)
		words_out(o, "realms %u", realms);
	else
		words_out(o, "realms %u/%u", from, to);
}
