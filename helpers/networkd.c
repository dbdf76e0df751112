/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: networkd.conf and its drop-ins, as systemd finds and reads them. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "file.h"
#include "networkd.h"

#define CONF_BYTES	65536
#define PATH_ROOM	512

/* The earlier hides the later: networkd.conf itself, and drop-ins by name. */
static const char *const roots[] = {
	"/etc/systemd", "/run/systemd", "/usr/local/lib/systemd",
	"/usr/lib/systemd", "/lib/systemd",
};

#define ROOTS	(sizeof(roots) / sizeof(roots[0]))

/* A value that is no truth value changes nothing. */
static void
take_truth(bool *to, const char *value)
{
	static const char *const words[2][6] = {
		{ "0", "no", "n", "false", "f", "off" },
		{ "1", "yes", "y", "true", "t", "on" },
	};

	for (size_t i = 0; i < 2; i++)
		for (size_t j = 0; j < 6; j++)
			if (!strcasecmp(value, words[i][j]))
				*to = i == 1;
}

/* Cuts the blanks around a text off, in place. */
static char *
trim(char *text)
{
	size_t len;

	text += strspn(text, " \t\r");
	len = strlen(text);
	while (len && strchr(" \t\r", text[len - 1]))
		text[--len] = '\0';
	return text;
}

static void
take_line(struct networkd *n, bool *in_network, char *line)
{
	char *value;

	line = trim(line);
	if (*line == '[') {
		*in_network = !strcmp(line, "[Network]");
		return;
	}
	value = strchr(line, '=');
	if (!*in_network || !value || *line == '#' || *line == ';')
		return;
	*value++ = '\0';
	line = trim(line);
	value = trim(value);
	if (!strcmp(line, "ManageForeignRoutingPolicyRules"))
		take_truth(&n->takes_rules, value);
	else if (!strcmp(line, "ManageForeignRoutes"))
		take_truth(&n->takes_routes, value);
}

void
networkd_parse(struct networkd *n, const char *text)
{
	bool in_network = false;
	char line[1024];
	size_t len;

	for (; *text; text += len + (text[len] == '\n')) {
		len = strcspn(text, "\n");
		snprintf(line, sizeof(line), "%.*s", (int)(len <
		    sizeof(line) ? len : sizeof(line) - 1), text);
		take_line(n, &in_network, line);
	}
}

/* True if there is such a file, be it one that says nothing (/dev/null). */
static bool
read_conf(struct networkd *n, const char *path)
{
	char *text;
	int err = file_read(&text, path, CONF_BYTES);

	if (!err)
		networkd_parse(n, text);
	free(text);
	return err != -ENOENT && err != -ENOTDIR;
}

static bool
is_drop_in(const char *name)
{
	size_t len = strlen(name);

	return len > 5 && !strcmp(name + len - 5, ".conf");
}

/* The drop-in whose name comes next, and the root that has it; of one name the
 * first root counts.  NULL after the last. */
static const char *
next_drop_in(size_t *root, const struct file_names *names, const char *last)
{
	const char *name, *next = NULL;

	for (size_t i = 0; i < ROOTS; i++)
		for (size_t j = 0; j < names[i].count; j++) {
			name = names[i].at[j];
			if (!is_drop_in(name) || strcmp(name, last) <= 0 ||
			    (next && strcmp(name, next) >= 0))
				continue;
			next = name;
			*root = i;
		}
	return next;
}

static void
read_drop_ins(struct networkd *n, const struct file_names *names)
{
	char path[PATH_ROOM];
	const char *name = "";
	size_t root = 0;

	while ((name = next_drop_in(&root, names, name))) {
		snprintf(path, sizeof(path), "%s/networkd.conf.d/%s",
		    roots[root], name);
		(void)read_conf(n, path);
	}
}

int
networkd_read(struct networkd *n)
{
	struct file_names names[ROOTS] = { 0 };
	char path[PATH_ROOM];
	bool found = false;
	int err = 0;

	n->takes_rules = n->takes_routes = true;
	for (size_t i = 0; i < ROOTS && !found; i++) {
		snprintf(path, sizeof(path), "%s/networkd.conf", roots[i]);
		found = read_conf(n, path);
	}
	for (size_t i = 0; i < ROOTS && err != -ENOMEM; i++) {
		snprintf(path, sizeof(path), "%s/networkd.conf.d", roots[i]);
		err = file_names_read(&names[i], path);
	}
	if (err != -ENOMEM)
		read_drop_ins(n, names);
	for (size_t i = 0; i < ROOTS; i++)
		file_names_fini(&names[i]);
	return err == -ENOMEM ? err : 0;
}
