/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: option files to raw settings; parsed, never executed. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "conf.h"

#define CONF_MAX	65536	/* bytes of one file */

/* The file in buf (CONF_MAX + 1 bytes).  0, -ENOENT or another -errno. */
static int
slurp(char *buf, const char *path)
{
	size_t have = 0;
	ssize_t n;
	int fd;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	while ((n = read(fd, buf + have, CONF_MAX + 1 - have)) > 0)
		if ((have += (size_t)n) > CONF_MAX)
			break;
	close(fd);
	if (n < 0)
		return -EIO;
	if (have > CONF_MAX)
		return -EFBIG;
	buf[have] = '\0';
	return strlen(buf) == have ? 0 : -EILSEQ;
}

/* KEY=value, 'value' or "value"; what only a shell could know is refused. */
static bool
shell_line(struct settings *s, char *line, struct fault *f)
{
	char quoted[QUOTE_TEXT];
	char *value = strchr(line, '=');
	size_t n;

	if (strncasecmp(line, "POLICY_", 7) || !value)
		return fault_set(f, "%s: expected POLICY_KEY=value",
		    say_quote(quoted, line));
	*value++ = '\0';
	n = strlen(value);
	if (n >= 2 && (value[0] == '"' || value[0] == '\'') &&
	    value[n - 1] == value[0]) {
		value[n - 1] = '\0';
		value++;
	}
	if (strpbrk(value, "$`\"'\\"))
		return fault_set(f, "%s: quotes, $, ` and \\ are not "
		    "understood here", say_quote(quoted, value));
	return settings_add(s, SPELL_SHELL, line + 7, value, f);
}

static bool
stanza_line(struct settings *s, char *line, struct fault *f)
{
	char quoted[QUOTE_TEXT];
	char *value;

	if (strncmp(line, "policy-", 7) && strncmp(line, "policy_", 7))
		return fault_set(f, "%s: expected policy-KEY value",
		    say_quote(quoted, line));
	value = line + strcspn(line, " \t");
	if (*value)
		*value++ = '\0';
	return settings_add(s, SPELL_INTERFACES, line + 7, value, f);
}

static bool
read_lines(struct settings *s, const char *path,
    bool (*each)(struct settings *, char *, struct fault *), bool *found,
    struct fault *f)
{
	char *buf = malloc(CONF_MAX + 2), *at, *next;
	unsigned number = 0;
	bool ok = true;
	int err;

	*found = false;
	if (!buf)
		return fault_set(f, "%s: out of memory", path);
	err = slurp(buf, path);
	if (err == -ENOENT || err == -ENOTDIR)
		goto out;
	*found = true;
	if (err) {
		ok = fault_set(f, "%s: %s", path, strerror(-err));
		goto out;
	}
	for (at = buf; *at && ok; at = next) {
		next = at + strcspn(at, "\n");
		if (*next)
			*next++ = '\0';
		number++;
		at += strspn(at, " \t");
		if (*at == '\0' || *at == '#')
			continue;
		ok = each(s, at, f);
		if (!ok)
			fault_before(f, "%s:%u: ", path, number);
	}
out:
	free(buf);
	return ok;
}

bool
conf_defaults(struct settings *s, struct fault *f)
{
	bool found;

	if (!read_lines(s, CONF_DEFAULTS_DEBIAN, shell_line, &found, f))
		return false;
	return found ||
	    read_lines(s, CONF_DEFAULTS_REDHAT, shell_line, &found, f);
}

bool
conf_device(struct settings *s, const char *device, bool *found,
    struct fault *f)
{
	char path[sizeof(CONF_DIR) + IFNAMSIZ + 1];

	*found = false;
	if (!device_name_ok(device))
		return true;
	snprintf(path, sizeof(path), CONF_DIR "/%s", device);
	return read_lines(s, path, stanza_line, found, f);
}
