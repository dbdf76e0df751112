/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: fuzz: words of a rule or route; what is printed reads the same again. */
#include <sys/socket.h>

#include "fuzz.h"
#include "words.h"

static void
try_rule(int family, unsigned flags, const char *text)
{
	char once[WORDS_TEXT], twice[WORDS_TEXT];
	struct rule r, back;
	struct fault f = { "" };

	if (!words_parse_rule(&r, family, flags, NULL, text, &f)) {
		MUST(f.text[0]);
		return;
	}
	rule_normalize(&r);
	words_print_rule(once, &r, NULL);
	MUST(words_parse_rule(&back, r.family, flags, NULL, once, &f));
	rule_normalize(&back);
	MUST(rule_same(&r, &back) && r.protocol == back.protocol);
	MUST(!strcmp(once, words_print_rule(twice, &back, NULL)));
}

static void
try_route(int family, const char *text)
{
	char once[WORDS_TEXT], twice[WORDS_TEXT];
	struct route r, back;
	struct fault f = { "" };

	if (!words_parse_route(&r, family, NULL, text, &f)) {
		MUST(f.text[0]);
		return;
	}
	route_normalize(&r);
	words_print_route(once, &r, NULL);
	MUST(words_parse_route(&back, r.family, NULL, once, &f));
	route_normalize(&back);
	MUST(route_same(&r, &back) && r.protocol == back.protocol);
	MUST(!strcmp(once, words_print_route(twice, &back, NULL)));
}

/* The first letter, "0" to "; ", tells: a rule, one with host bits, a route, and
 * of which family. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int families[] = { AF_UNSPEC, AF_INET, AF_INET6 };
	char *text = fuzz_text(data, size);
	unsigned kind = size ? data[0] : 0;

	if (size) {
		int family = families[kind / 4 % 3];

		if (kind % 4 == 0)
			try_rule(family, 0, text + 1);
		else if (kind % 4 == 1)
			try_rule(family, WORDS_HOST_BITS, text + 1);
		else
			try_route(family, text + 1);
	}
	free(text);
	return 0;
}
