/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: ifcfg-, route- and rule- files of Red Hat's network-scripts. */
#include <sys/socket.h>

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "ifcfg.h"
#include "import-work.h"
#include "shell.h"

#define ROUTES_OF_KEYS	256	/* ADDRESSn in one file */

static size_t
directory(const char *path)
{
	return (size_t)(strrchr(path, '/') + 1 - path);
}

static bool
same_directory(const struct import_file *a, const struct import_file *b)
{
	size_t n = directory(a->path);

	return n == directory(b->path) && !memcmp(a->path, b->path, n);
}

static int
add_if_there(struct import *m, const char *dir, size_t dir_len,
    const char *start, const char *name)
{
	char path[PATH_MAX];
	struct stat st;

	if (snprintf(path, sizeof(path), "%.*s%s%s", (int)dir_len, dir, start,
	    name) >= (int)sizeof(path) || stat(path, &st) < 0)
		return 0;
	return import_add_file(m, path);
}

/* DEVICE of an ifcfg file, or its own name. */
static void
find_label(char label[IFNAMSIZ], const struct import_file *file)
{
	struct shell s = { 0 };
	const struct shell_variable *v;
	struct fault ignored;

	snprintf(label, IFNAMSIZ, "%s", file->name);
	(void)shell_parse(&s, file->text, &ignored);
	v = shell_get(&s, "DEVICE");
	if (v && v->value && label_name_ok(v->value))
		snprintf(label, IFNAMSIZ, "%s", v->value);
	shell_fini(&s);
}

int
import_siblings(struct import *m, size_t file)
{
	static const char *const starts[] = {
		"ifcfg-", "route-", "route6-", "rule-", "rule6-",
	};
	char dir[PATH_MAX], name[NAME_MAX + 1], label[IFNAMSIZ];
	size_t n = directory(m->file[file].path);
	int err = 0;

	snprintf(dir, sizeof(dir), "%s", m->file[file].path);
	snprintf(name, sizeof(name), "%s", m->file[file].name);
	label[0] = '\0';
	if (m->file[file].kind == IMPORT_IFCFG)
		find_label(label, &m->file[file]);
	for (size_t i = 0; !err && i < sizeof(starts) / sizeof(starts[0]);
	    i++) {
		err = add_if_there(m, dir, n, starts[i], name);
		/* The scripts read those of the device's name as well. */
		if (!err && i > 0 && label[0] && strcmp(label, name))
			err = add_if_there(m, dir, n, starts[i], label);
	}
	return err;
}

/* ---- one configuration ------------------------------------------------- */

static const char *
value_of(const struct shell *s, const char *name)
{
	const struct shell_variable *v = shell_get(s, name);
	struct fault ignored;

	return v && shell_known(v, &ignored) && v->value[0] ? v->value : NULL;
}

/* The length of an IPv4 subnet. */
static uint8_t
length_of(const struct shell *s)
{
	const char *prefix = value_of(s, "PREFIX");
	const char *netmask = value_of(s, "NETMASK");
	char text[64];
	struct prefix p;

	if (!prefix)
		prefix = value_of(s, "PREFIX0");
	if (!netmask)
		netmask = value_of(s, "NETMASK0");
	snprintf(text, sizeof(text), "0.0.0.0/%.20s", prefix ? prefix :
	    netmask ? netmask : "");
	return prefix_parse(&p, AF_INET, text) ? p.len : 0;
}

static uint8_t
length6_of(const struct shell *s)
{
	const char *value = value_of(s, "IPV6ADDR");
	struct prefix p;

	return value && prefix_parse(&p, AF_INET6, value) ? p.len : 0;
}

/* What the lines of one configuration are about: a family, as most of the
 * scripts' users have only one. */
static int
family_of(const struct import *m, const struct import_file *ifcfg,
    const char *label)
{
	int family = AF_UNSPEC;

	for (size_t i = 0; i < m->file_count; i++) {
		const struct import_file *f = &m->file[i];

		if (f->kind < IMPORT_ROUTES || !same_directory(f, ifcfg) ||
		    (strcmp(f->name, ifcfg->name) && strcmp(f->name, label)) ||
		    strspn(f->text, " \t\n") == strlen(f->text))
			continue;
		if (family == AF_UNSPEC || f->family == AF_INET)
			family = f->family;
	}
	return family == AF_UNSPEC ? AF_INET : family;
}

static void
set_address(struct compose *c, const struct ifcfg *config,
    const struct shell *s)
{
	size_t count = 0;
	unsigned families = 0;

	for (size_t i = 0; i < config->address_count; i++) {
		families |= addr_family_bit(config->address[i].family);
		if (config->address[i].family != c->family || count++)
			continue;
		c->own.addr = config->address[i];
		c->own.len = c->family == AF_INET ? length_of(s) :
		    length6_of(s);
	}
	families |= config->dhcp4 ? FAMILY_4 : 0;
	families |= config->auto6 ? FAMILY_6 : 0;
	c->asks = c->family == AF_INET ? config->dhcp4 : config->auto6;
	c->both = families == (FAMILY_4 | FAMILY_6);
	c->is_static = count == 1 && c->own.len && !c->asks;
	if (count > 1 || !c->own.len)
		memset(&c->own, 0, sizeof(c->own));
}

/* Why no line of a configuration can go; NULL if it can. */
static const char *
why_fixed(const struct import_file *file, const struct shell *s,
    bool readable, bool options)
{
	size_t n = strlen(file->text);

	while (n > 0 && file->text[n - 1] == '\n')
		n--;
	if (options)
		return "the ifcfg file has POLICY_ options already: add it to "
		    "them as POLICY_ROUTE or POLICY_RULE";
	if (!readable || s->odd_line || (n > 0 && file->text[n - 1] == '\\'))
		return "the ifcfg file has more than NAME=value, and options "
		    "in such a file are refused";
	return NULL;
}

static bool
has_options(const struct shell *s)
{
	for (size_t i = 0; i < s->count; i++)
		if (!strncasecmp(s->at[i].name, "POLICY_", 7))
			return true;
	return false;
}

/* Fills in a compose from its ifcfg file; *why as above. */
static bool
set_values(struct compose *c, const struct import *m,
    const struct import_file *file, const char **why)
{
	struct shell s = { 0 };
	struct ifcfg config = { 0 };
	struct fault ignored;
	char dir[PATH_MAX];
	bool found, readable;

	find_label(c->label, file);
	memcpy(c->device, c->label, strcspn(c->label, ":"));
	c->files = true;
	c->family = family_of(m, file, c->label);
	snprintf(dir, sizeof(dir), "%.*s", (int)directory(file->path),
	    file->path);
	(void)ifcfg_read(&config, dir, file->name, c->label, &found,
	    &ignored);
	readable = shell_parse(&s, file->text, &ignored);
	set_address(c, &config, &s);
	if (c->family == AF_INET && !(value_of(&s, "DEFROUTE") &&
	    !strcasecmp(value_of(&s, "DEFROUTE"), "no")))
		c->router = config.gateway4;
	else if (c->family == AF_INET6)
		c->router = config.gateway6;
	*why = why_fixed(file, &s, readable, has_options(&s));
	ifcfg_fini(&config);
	shell_fini(&s);
	return true;
}

/* ---- its lines --------------------------------------------------------- */

/* Words of a line, given to ip(8) as they are. */
static bool
add_line(struct import *m, size_t file, size_t first, const char *text,
    const char *why, struct hand_context *ctx)
{
	const struct import_file *f = &m->file[file];
	struct compose_line *line = import_add_line(m, file, first, 1);
	struct import_part *part = &m->part[m->world.count - 1];
	bool marked;

	if (!line)
		return false;
	marked = part->place[m->world.at[m->world.count - 1].line_count - 1]
	    .marked;
	line->phase = PHASE_UP;
	if (!hand_read_words(&line->hands, f->kind == IMPORT_RULES, f->family,
	    text, ctx))
		return false;
	if (marked)
		import_fix(line, "");
	else if (why)
		import_fix(line, why);
	else if (strpbrk(text, "*?[\\"))
		import_fix(line, "the scripts' shell may make something else "
		    "of *, ?, [ and \\");
	return true;
}

static bool
add_lines(struct import *m, size_t file, const char *why,
    struct hand_context *ctx)
{
	const struct import_file *f = &m->file[file];

	for (size_t i = 0; i < f->rewrite.count; i++) {
		const struct rewrite_line *l = &f->rewrite.line[i];
		const char *at = f->text + l->start;
		size_t n = l->len, blanks = strspn(at, " \t");
		char *text;
		bool ok;

		while (n > blanks && strchr(" \t\n", at[n - 1]))
			n--;
		if (n <= blanks || at[blanks] == '#')
			continue;
		text = strndup(at + blanks, n - blanks);
		ok = text && add_line(m, file, i, text, why, ctx);
		free(text);
		if (!ok)
			return false;
	}
	return true;
}

static const struct shell_variable *
numbered(const struct shell *s, const char *what, unsigned n)
{
	char name[24];

	snprintf(name, sizeof(name), "%s%u", what, n);
	return shell_get(s, name);
}

/* ADDRESSn, NETMASKn and GATEWAYn as one line. */
static bool
add_key_route(struct import *m, size_t file, const struct shell *s, unsigned n,
    const char *why, struct hand_context *ctx)
{
	const struct shell_variable *v[3] = {
		numbered(s, "ADDRESS", n), numbered(s, "NETMASK", n),
		numbered(s, "GATEWAY", n),
	};
	struct import_place *place;
	struct compose *c;
	char text[256];

	for (size_t i = 0; i < 3; i++)
		if (v[i] && (!v[i]->value || v[i]->former))
			why = "only a shell could tell its value";
	if (numbered(s, "METRIC", n) || numbered(s, "OPTIONS", n))
		why = "METRIC and OPTIONS are NetworkManager's alone: write "
		    "the line in the words of ip(8)";
	snprintf(text, sizeof(text), "%.47s/%.20s%s%.47s", v[0]->value ?
	    v[0]->value : "", v[1] && v[1]->value ? v[1]->value : "32",
	    v[2] ? " via " : " dev ", v[2] ? v[2]->value ? v[2]->value : "" :
	    m->world.at[m->world.count - 1].device);
	if (!add_line(m, file, v[0]->line - 1, text, why, ctx))
		return false;
	c = &m->world.at[m->world.count - 1];
	c->line[c->line_count - 1].group = (unsigned)file + 1;
	place = &m->part[m->world.count - 1].place[c->line_count - 1];
	for (size_t i = 1; i < 3; i++)
		if (v[i])
			place->more[place->more_count++] = v[i]->line - 1;
	return true;
}

/* Two assignments in one line cannot be told apart by their lines. */
static const char *
why_crowded(const struct shell *s)
{
	for (size_t i = 0; i < s->count; i++)
		for (size_t j = 0; j < i; j++)
			if (s->at[i].line == s->at[j].line)
				return "two assignments stand in one line";
	return s->odd_line ? "the file has more than NAME=value" : NULL;
}

static bool
add_file(struct import *m, size_t file, const char *why,
    struct hand_context *ctx)
{
	const struct import_file *f = &m->file[file];
	struct shell s = { 0 };
	struct fault ignored;
	bool ok = true;

	if (f->kind != IMPORT_ROUTES || !ifcfg_is_key_form(f->text))
		return add_lines(m, file, why, ctx);
	if (!shell_parse(&s, f->text, &ignored) && !why)
		why = "the file has a quote that is not closed";
	if (!why)
		why = why_crowded(&s);
	for (unsigned n = 0; ok && n < ROUTES_OF_KEYS &&
	    numbered(&s, "ADDRESS", n); n++)
		ok = add_key_route(m, file, &s, n, why, ctx);
	shell_fini(&s);
	return ok;
}

static bool
has_ifcfg(const struct import *m, const struct import_file *like,
    const char *name)
{
	for (size_t i = 0; i < m->file_count; i++)
		if (m->file[i].kind == IMPORT_IFCFG &&
		    same_directory(&m->file[i], like) &&
		    !strcmp(m->file[i].name, name))
			return true;
	return false;
}

/* The lines of all files of one name; of those of the device's name too, where
 * no other configuration has it. */
static bool
add_files(struct import *m, size_t ifcfg, const char *label, const char *why)
{
	static const enum import_kind order[] = {
		IMPORT_ROUTES, IMPORT_RULES,
	};
	struct hand_context ctx = {
		.names = &m->names, .spelled = &m->spelled,
	};

	for (size_t k = 0; k < 2; k++)
		for (size_t i = 0; i < m->file_count; i++) {
			struct import_file *f = &m->file[i];

			if (f->kind != order[k] || f->used ||
			    !same_directory(f, &m->file[ifcfg]))
				continue;
			if (strcmp(f->name, m->file[ifcfg].name) &&
			    (strcmp(f->name, label) ||
			    has_ifcfg(m, f, f->name)))
				continue;
			f->used = true;
			if (!add_file(m, i, why, &ctx))
				return false;
		}
	return true;
}

/* Routes and rules without a place for the options. */
static bool
add_orphan(struct import *m, size_t file)
{
	struct hand_context ctx = {
		.names = &m->names, .spelled = &m->spelled,
	};
	struct compose *c;

	if (m->file[file].used)
		return true;
	c = import_add_compose(m);
	if (!c)
		return false;
	c->files = true;
	c->family = m->file[file].family;
	snprintf(c->label, sizeof(c->label), "%s", m->file[file].name);
	memcpy(c->device, c->label, strcspn(c->label, ":"));
	return add_file(m, file, "there is no ifcfg file of that name to hold "
	    "the options", &ctx);
}

static bool
add_config(struct import *m, size_t file)
{
	struct compose *c = import_add_compose(m);
	char label[IFNAMSIZ];
	const char *why;

	if (!c || !set_values(c, m, &m->file[file], &why))
		return false;
	m->part[m->world.count - 1].file = file;
	m->part[m->world.count - 1].at = m->file[file].rewrite.count;
	memcpy(label, c->label, sizeof(label));
	return add_files(m, file, label, why);
}

bool
import_ifcfg(struct import *m)
{
	for (size_t i = 0; i < m->file_count; i++)
		if (m->file[i].kind == IMPORT_IFCFG && !add_config(m, i))
			return false;
	for (size_t i = 0; i < m->file_count; i++)
		if (m->file[i].kind >= IMPORT_ROUTES && !add_orphan(m, i))
			return false;
	return true;
}
