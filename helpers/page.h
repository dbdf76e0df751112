/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: text for a person's terminal: lines of 80 columns, colours. */
#ifndef IFPOLICY_PAGE_H
#define IFPOLICY_PAGE_H

#include "text.h"

#define PAGE_WIDTH	80

enum paint { PAINT_NONE, PAINT_GOOD, PAINT_WARN, PAINT_BAD, PAINT_STRONG };

/* Appends words, a line broken at blanks where the next word would not fit;
 * `column` is where the text is now, further lines begin at `indent`.  A word
 * longer than a line gets one to itself.  Ends the line. */
void page_wrap(struct text *t, size_t column, size_t indent,
    const char *words);

/* Appends text, at least `width` columns of it; in colour, if there is any:
 * the blanks that fill it up are not. */
void page_cell(struct text *t, const char *s, size_t width, bool colour,
    enum paint paint);

#endif
