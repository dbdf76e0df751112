/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: what the programs tell a person, and faults on their way there. */
#ifndef IFPOLICY_SAY_H
#define IFPOLICY_SAY_H

#include <stdbool.h>
#include <stddef.h>

#define FAULT_TEXT	1024
#define QUOTE_TEXT	96	/* room for a quoted excerpt with NUL */

/* One line that says what went wrong; empty text means nothing did.  The
 * lower floors fill it, the top floor prints it once. */
struct fault {
	char text[FAULT_TEXT];
};

/* Sets the text.  Always returns false, so "return fault_set(...)" fits a
 * parser. */
bool fault_set(struct fault *f, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Puts words in front of ("eth1: ") or after (" (try ...)") the text. */
void fault_before(struct fault *f, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void fault_after(struct fault *f, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Copies text into buf (QUOTE_TEXT bytes) inside double quotes, control
 * characters and bytes that are not ASCII shown as \xNN, cut with "..." where
 * it is long: hostile text must not reach a terminal raw.  Returns buf. */
const char *say_quote(char *buf, const char *text);

/* Where messages go: stderr always; syslog too when asked (hooks).  name is
 * a constant, "ifpolicy" for all programs of the suite. */
struct say {
	bool syslog;
	bool mute;	/* says nothing: who called tells it himself */
	int verbose;
};

/* "ifpolicy: TEXT" on stderr and, as set, to syslog (LOG_ERR, LOG_WARNING,
 * LOG_INFO).  One write, so lines of parallel runs never mix. */
void say_error(const struct say *s, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void say_note(const struct say *s, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#endif
