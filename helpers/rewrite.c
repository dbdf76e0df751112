/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: a text with lines taken out and put in, and the difference. */
#include <stdlib.h>
#include <string.h>

#include "rewrite.h"

#define AROUND	3	/* lines of context */

bool
rewrite_start(struct rewrite *r, const char *text)
{
	size_t count = 0, n;

	memset(r, 0, sizeof(*r));
	r->text = text;
	for (const char *at = text; *at; count++) {
		n = strcspn(at, "\n");
		at += n + (at[n] == '\n');
	}
	r->line = calloc(count + 1, sizeof(*r->line));
	if (!r->line)
		return false;
	for (const char *at = text; *at; at += n, r->count++) {
		n = strcspn(at, "\n");
		n += at[n] == '\n';
		r->line[r->count].start = (size_t)(at - text);
		r->line[r->count].len = n;
	}
	return true;
}

void
rewrite_fini(struct rewrite *r)
{
	if (!r)
		return;
	for (size_t i = 0; r->line && i <= r->count; i++)
		text_fini(&r->line[i].before);
	free(r->line);
	memset(r, 0, sizeof(*r));
}

void
rewrite_drop(struct rewrite *r, size_t first, size_t count)
{
	for (size_t i = first; i < first + count && i < r->count; i++)
		r->line[i].gone = true;
}

void
rewrite_insert(struct rewrite *r, size_t at, const char *line)
{
	text_str(&r->line[at].before, line);
	text_str(&r->line[at].before, "\n");
}

bool
rewrite_is_idle(const struct rewrite *r)
{
	for (size_t i = 0; i <= r->count; i++)
		if (r->line[i].gone || r->line[i].before.len)
			return false;
	return true;
}

static bool
ends_bare(const struct rewrite *r, size_t i)
{
	const struct rewrite_line *l = &r->line[i];

	return l->len > 0 && r->text[l->start + l->len - 1] != '\n';
}

void
rewrite_text(struct text *out, const struct rewrite *r)
{
	for (size_t i = 0; i <= r->count; i++) {
		const struct rewrite_line *l = &r->line[i];

		if (l->before.len) {
			/* The last line may lack its newline. */
			if (i > 0 && !r->line[i - 1].gone &&
			    ends_bare(r, i - 1))
				text_str(out, "\n");
			text_add(out, l->before.at, l->before.len);
		}
		out->failed |= l->before.failed;
		if (!l->gone)
			text_add(out, r->text + l->start, l->len);
	}
}

static size_t
lines_in(const struct text *t)
{
	size_t n = 0;

	for (size_t i = 0; i < t->len; i++)
		n += t->at[i] == '\n';
	return n;
}

/* The last line gets a newline, for what comes behind it. */
static bool
is_closed(const struct rewrite *r, size_t i)
{
	return i + 1 == r->count && !r->line[i].gone && ends_bare(r, i) &&
	    r->line[r->count].before.len;
}

static bool
changes(const struct rewrite *r, size_t i)
{
	return r->line[i].before.len || (i < r->count && r->line[i].gone) ||
	    is_closed(r, i);
}

static void
say_line(struct text *out, char sign, const char *at, size_t len)
{
	text_add(out, &sign, 1);
	text_add(out, at, len);
	if (len == 0 || at[len - 1] != '\n')
		text_str(out, "\n\\ No newline at end of file\n");
}

static void
say_inserted(struct text *out, const struct text *before)
{
	const char *at = before->at;
	size_t n;

	for (; at && *at; at += n) {
		n = strcspn(at, "\n") + 1;
		say_line(out, '+', at, n);
	}
}

/* A line that stays. */
static void
say_kept(struct text *out, const struct rewrite *r, size_t i)
{
	const struct rewrite_line *l = &r->line[i];

	say_line(out, is_closed(r, i) ? '-' : ' ', r->text + l->start, l->len);
	if (!is_closed(r, i))
		return;
	text_str(out, "+");
	text_add(out, r->text + l->start, l->len);
	text_str(out, "\n");
}

/* "@@ -12,3 +12,5 @@": a range of no lines names the one in front of it. */
static void
say_range(struct text *out, char sign, size_t first, size_t count)
{
	text_fmt(out, " %c%zu", sign, count ? first + 1 : first);
	if (count != 1)
		text_fmt(out, ",%zu", count);
}

/* Of lines first to end, and the place in front of `end` where the text ends
 * there.  `shift`: how many lines more the new text had before. */
static size_t
say_hunk(struct text *out, const struct rewrite *r, size_t first, size_t end,
    size_t new_first)
{
	size_t added = 0, gone = 0;
	bool last = end == r->count;

	for (size_t i = first; i < end + last; i++) {
		added += lines_in(&r->line[i].before);
		gone += i < r->count && r->line[i].gone;
	}
	text_str(out, "@@");
	say_range(out, '-', first, end - first);
	say_range(out, '+', new_first, end - first - gone + added);
	text_str(out, " @@\n");
	for (size_t i = first, run; i < end + last; i = run) {
		/* What goes stands in front of what comes. */
		for (run = i; run < end && r->line[run].gone; run++)
			say_line(out, '-', r->text + r->line[run].start,
			    r->line[run].len);
		for (size_t j = i; j <= run && j < end + last; j++)
			say_inserted(out, &r->line[j].before);
		if (run < end)
			say_kept(out, r, run);
		run++;
	}
	return new_first + end - first - gone + added;
}

void
rewrite_diff(struct text *out, const struct rewrite *r, const char *old_name,
    const char *new_name)
{
	size_t done = 0, new_line = 0;

	if (rewrite_is_idle(r))
		return;
	text_str(out, "--- ");
	text_str(out, old_name);
	text_str(out, "\n+++ ");
	text_str(out, new_name);
	text_str(out, "\n");
	for (size_t i = 0; i <= r->count; i++) {
		size_t first, end, quiet;

		if (!changes(r, i))
			continue;
		first = i > done + AROUND ? i - AROUND : done;
		new_line += first - done;
		for (end = i, quiet = 0; end < r->count && quiet <=
		    2 * AROUND; end++)
			quiet = changes(r, end) ? 0 : quiet + 1;
		if (end == r->count && quiet <= 2 * AROUND &&
		    changes(r, end))
			quiet = 0;
		end -= quiet > AROUND ? quiet - AROUND : 0;
		new_line = say_hunk(out, r, first, end, new_line);
		done = end;
		i = end < r->count ? end - 1 : r->count;
	}
}
