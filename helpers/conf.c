/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: option files to raw settings; parsed, never executed. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "conf.h"
#include "file.h"
#include "shell.h"

#define CONF_MAX	65536	/* bytes of one file */

/* The file as a text, to be freed; NULL and true where there is none. */
static bool
read_conf(char **text, const char *path, struct fault *f)
{
	int err = file_read(text, path, CONF_MAX);

	if (!err || err == -ENOENT || err == -ENOTDIR)
		return true;
	return fault_set(f, "%s: %s", path, file_error(err));
}

/* A line of a file of nothing but POLICY_KEY=value that is something else. */
static bool
odd_line(const struct shell *sh, struct fault *f)
{
	const char *equals = strchr(sh->odd, '=');
	char quoted[QUOTE_TEXT];

	say_quote(quoted, sh->odd);
	if (!strncasecmp(sh->odd, "POLICY_", 7) && equals &&
	    !memchr(sh->odd, ' ', (size_t)(equals - sh->odd)))
		return fault_set(f, "%u: %s: a value with blanks, \";\" and "
		    "the like must stand in quotes", sh->odd_line, quoted);
	return fault_set(f, "%u: %s: expected POLICY_KEY=value", sh->odd_line,
	    quoted);
}

/* A shell keeps only the last of several assignments: of an option that may
 * be given several times that would lose the others without a word. */
static bool
is_lost_repeat(const struct shell_variable *v)
{
	enum key_id key;
	uint32_t number;

	return v->former && keys_find(&key, &number, v->name + 7) &&
	    keys[key].repeats;
}

bool
conf_is_option(const struct shell_variable *v)
{
	return !strncasecmp(v->name, "POLICY_", 7);
}

bool
conf_option(struct settings *s, const struct shell_variable *v,
    struct fault *f)
{
	if (!shell_known(v, f))
		return false;
	if (is_lost_repeat(v))
		return fault_set(f, "%u: %s: stands in line %u already; give "
		    "each a number: %s0, %s1", v->line, v->name, v->former,
		    v->name, v->name);
	if (settings_add(s, SPELL_SHELL, v->name + 7, v->value, f))
		return true;
	fault_before(f, "%u: ", v->line);
	return false;
}

static bool
take_variable(struct settings *s, const struct shell_variable *v,
    struct fault *f)
{
	char quoted[QUOTE_TEXT];

	if (!conf_is_option(v))
		return fault_set(f, "%u: %s: expected POLICY_KEY=value",
		    v->line, say_quote(quoted, v->name));
	return conf_option(s, v, f);
}

static bool
read_variables(struct settings *s, const char *path, bool *found,
    struct fault *f)
{
	struct shell sh = { 0 };
	char *text;
	bool ok;

	*found = true;
	if (!read_conf(&text, path, f))
		return false;
	*found = text != NULL;
	if (!text)
		return true;
	ok = shell_parse(&sh, text, f);
	if (ok && sh.odd_line)
		ok = odd_line(&sh, f);
	for (size_t i = 0; ok && i < sh.count; i++)
		ok = take_variable(s, &sh.at[i], f);
	if (!ok)
		fault_before(f, "%s:", path);
	shell_fini(&sh);
	free(text);
	return ok;
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
read_stanza(struct settings *s, const char *path, bool *found,
    struct fault *f)
{
	unsigned number = 0;
	char *text, *at, *next;
	bool ok = true;

	*found = true;
	if (!read_conf(&text, path, f))
		return false;
	*found = text != NULL;
	for (at = text; ok && at && *at; at = next) {
		next = at + strcspn(at, "\n");
		if (*next)
			*next++ = '\0';
		number++;
		at += strspn(at, " \t");
		if (*at == '\0' || *at == '#')
			continue;
		ok = stanza_line(s, at, f);
		if (!ok)
			fault_before(f, "%s:%u: ", path, number);
	}
	free(text);
	return ok;
}

bool
conf_defaults(struct settings *s, struct fault *f)
{
	bool found;

	if (!read_variables(s, CONF_DEFAULTS_DEBIAN, &found, f))
		return false;
	return found || read_variables(s, CONF_DEFAULTS_REDHAT, &found, f);
}

bool
conf_has_device(const char *device)
{
	char path[sizeof(CONF_DIR) + IFNAMSIZ + 1];

	snprintf(path, sizeof(path), CONF_DIR "/%.15s", device);
	return device_name_ok(device) && access(path, F_OK) == 0;
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
	return read_stanza(s, path, found, f);
}
