/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: lines of `ip rule` and `ip route`, each with one thing wrong. */
#include <sys/socket.h>

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "num.h"
#include "words-vs-ip-roll.h"

/* words-vs-ip-damage -4|-6 SEED <LINES */

#define WORDS_MAX	64

struct words {
	char buf[4096];
	char *at[WORDS_MAX];
	size_t count;
};

static void
cut_into_words(struct words *w, const char *line)
{
	char *save, *word;

	w->count = 0;
	snprintf(w->buf, sizeof(w->buf), "%s", line);
	for (word = strtok_r(w->buf, " \n", &save); word &&
	    w->count < WORDS_MAX; word = strtok_r(NULL, " \n", &save))
		w->at[w->count++] = word;
}

static void
misspell(uint64_t *s, char *out, size_t size, const char *word)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz_-./:019";
	size_t n = strlen(word), at = roll(s, (uint32_t)n);
	char c = letters[roll(s, sizeof(letters) - 1)];

	switch (roll(s, 4)) {
	case 0:		/* one letter less */
		snprintf(out, size, "%.*s%s", (int)at, word, word + at + 1);
		break;
	case 1:		/* one more */
		snprintf(out, size, "%.*s%c%s", (int)at, word, c, word + at);
		break;
	case 2:		/* another */
		snprintf(out, size, "%.*s%c%s", (int)at, word, c,
		    word + at + 1);
		break;
	default:	/* two swapped */
		snprintf(out, size, "%s", word);
		if (at > 0) {
			out[at - 1] = word[at];
			out[at] = word[at - 1];
		}
	}
}

/* Numbers, and lengths behind a slash, that are too large or no numbers. */
static void
renumber(uint64_t *s, char *out, size_t size, const char *word)
{
	static const char *const numbers[] = {
		"-1", "0", "00", "08", "256", "257", "65535", "65536", "70000",
		"2147483648", "4294967295", "4294967296", "0x100000000",
		"18446744073709551616", "1.5", "1e3", "0x", "x", "+5", "5-4",
		"33", "129", "0.0.0.0", "::",
	};
	const char *slash = strchr(word, '/');

	snprintf(out, size, "%.*s%s", slash ? (int)(slash - word) + 1 : 0,
	    word, PICK(s, numbers));
}

/* The words to print instead: any of them, in any order, twice or changed. */
static size_t
damage_words(uint64_t *s, const struct words *w, const char **out,
    char *changed, size_t size, int family)
{
	size_t at = 1 + roll(s, (uint32_t)w->count - 1), n = w->count;
	size_t other = 1 + roll(s, (uint32_t)w->count - 1);

	for (size_t i = 0; i < n; i++)
		out[i] = w->at[i];
	switch (roll(s, 8)) {
	case 0:		/* one word less */
		memmove(out + at, out + at + 1,
		    (--n - at) * sizeof(*out));
		break;
	case 1:		/* cut */
		n = at;
		break;
	case 2:		/* doubled where it stands */
		memmove(out + at + 1, out + at, (n++ - at) * sizeof(*out));
		break;
	case 3:		/* a keyword and its value once more at the end */
		out[n++] = w->at[at];
		if (at + 1 < w->count)
			out[n++] = w->at[at + 1];
		break;
	case 4:
		out[at] = w->at[other];
		out[other] = w->at[at];
		break;
	case 5:
		misspell(s, changed, size, w->at[at]);
		out[at] = changed;
		break;
	case 6:		/* the other family */
		out[at] = family == AF_INET ? "2001:db8::1" : "10.0.0.1";
		break;
	default:
		while (at < n && !strpbrk(w->at[at], "0123456789"))
			at++;
		at = at < n ? at : n - 1;
		renumber(s, changed, size, w->at[at]);
		out[at] = changed;
	}
	return n;
}

static void
damage(uint64_t *s, int family)
{
	const char *out[WORDS_MAX + 2];
	char line[4096], changed[4200];
	struct words w;
	size_t n;

	while (fgets(line, sizeof(line), stdin)) {
		cut_into_words(&w, line);
		if (w.count < 2)
			continue;
		n = damage_words(s, &w, out, changed, sizeof(changed), family);
		fputs(out[0], stdout);
		for (size_t i = 1; i < n; i++)
			printf(" %s", out[i]);
		putchar('\n');
	}
}

int
main(int argc, char **argv)
{
	int family = argc > 1 && !strcmp(argv[1], "-6") ? AF_INET6 : AF_INET;
	uint64_t seed;

	if (argc != 3 || !num_u64(&seed, argv[2], 0, UINT64_MAX)) {
		fprintf(stderr, "usage: words-vs-ip-damage -4|-6 SEED\n");
		return 2;
	}
	seed = roll_start(seed, family);
	damage(&seed, family);
	return 0;
}
