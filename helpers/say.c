/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: what the programs tell a person, and faults on their way there. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "say.h"

#define LINE_TEXT	(FAULT_TEXT + 128)

bool
fault_set(struct fault *f, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(f->text, sizeof(f->text), fmt, ap);
	va_end(ap);
	return false;
}

void
fault_before(struct fault *f, const char *fmt, ...)
{
	char old[FAULT_TEXT];
	va_list ap;
	size_t n;

	memcpy(old, f->text, sizeof(old));
	va_start(ap, fmt);
	vsnprintf(f->text, sizeof(f->text), fmt, ap);
	va_end(ap);
	n = strlen(f->text);
	snprintf(f->text + n, sizeof(f->text) - n, "%s", old);
}

void
fault_after(struct fault *f, const char *fmt, ...)
{
	size_t n = strlen(f->text);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(f->text + n, sizeof(f->text) - n, fmt, ap);
	va_end(ap);
}

const char *
say_quote(char *buf, const char *text)
{
	size_t used = 0;

	buf[used++] = '"';
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		/* Keep room for \xNN or three dots, the quote and the NUL. */
		if (used + 9 > QUOTE_TEXT) {
			memcpy(buf + used, "...", 3);
			used += 3;
			break;
		}
		if (c >= 0x20 && c < 0x7f)
			buf[used++] = (char)c;
		else
			used += (size_t)sprintf(buf + used, "\\x%02x", c);
	}
	buf[used++] = '"';
	buf[used] = '\0';
	return buf;
}

static void
say(const struct say *s, int level, const char *fmt, va_list ap)
{
	char line[LINE_TEXT];
	int n;

	if (s && s->mute)
		return;
	n = snprintf(line, sizeof(line), "ifpolicy: ");
	n += vsnprintf(line + n, sizeof(line) - (size_t)n - 1, fmt, ap);
	if (n > (int)sizeof(line) - 2)
		n = (int)sizeof(line) - 2;
	if (s && s->syslog) {
		openlog("ifpolicy", LOG_PID, LOG_DAEMON);
		syslog(level, "%s", line + strlen("ifpolicy: "));
	}
	line[n++] = '\n';
	/* A closed stderr is no reason to stop: the record tells it too. */
	if (write(STDERR_FILENO, line, (size_t)n) < 0)
		return;
}

void
say_error(const struct say *s, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(s, LOG_ERR, fmt, ap);
	va_end(ap);
}

void
say_note(const struct say *s, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(s, LOG_NOTICE, fmt, ap);
	va_end(ap);
}
