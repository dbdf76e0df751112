/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: text for a person's terminal: lines of 80 columns, colours. */
#include <string.h>

#include "page.h"

void
page_wrap(struct text *t, size_t column, size_t indent, const char *words)
{
	bool first = true;
	size_t len;

	for (words += strspn(words, " "); *words;
	    words += strspn(words, " ")) {
		len = strcspn(words, " ");
		if (!first && column + 1 + len > PAGE_WIDTH) {
			text_fmt(t, "\n%*s", (int)indent, "");
			column = indent;
		} else if (!first) {
			text_str(t, " ");
			column++;
		}
		text_add(t, words, len);
		column += len;
		words += len;
		first = false;
	}
	text_str(t, "\n");
}

void
page_cell(struct text *t, const char *s, size_t width, bool colour,
    enum paint paint)
{
	static const char *const codes[] = {
		[PAINT_GOOD] = "32", [PAINT_WARN] = "33", [PAINT_BAD] = "31",
		[PAINT_STRONG] = "1",
	};
	size_t len = strlen(s);

	if (colour && paint != PAINT_NONE)
		text_fmt(t, "\033[%sm", codes[paint]);
	text_str(t, s);
	if (colour && paint != PAINT_NONE)
		text_str(t, "\033[0m");
	if (len < width)
		text_fmt(t, "%*s", (int)(width - len), "");
}
