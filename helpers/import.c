/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: hand-written configuration files to the same with options. */
#include <sys/socket.h>

#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "import-work.h"
#include "import.h"
#include "replace.h"

/* All files are read before anything is judged, since what one stanza may have
 * depends on the others: a gateway's subnet, a default route, a table that two
 * of them fill. */

static const struct {
	const char *start;
	enum import_kind kind;
	int family;
} kinds[] = {
	{ "ifcfg-", IMPORT_IFCFG, AF_UNSPEC },
	{ "route-", IMPORT_ROUTES, AF_INET },
	{ "route6-", IMPORT_ROUTES, AF_INET6 },
	{ "rule-", IMPORT_RULES, AF_INET },
	{ "rule6-", IMPORT_RULES, AF_INET6 },
};

static void
find_kind(struct import_file *file)
{
	const char *base = strrchr(file->path, '/');

	base = base ? base + 1 : file->path;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		size_t n = strlen(kinds[i].start);

		if (!strncmp(base, kinds[i].start, n) && base[n]) {
			file->kind = kinds[i].kind;
			file->family = kinds[i].family;
			file->name = base + n;
			return;
		}
	}
}

/* False if another name of the same file was read before. */
static bool
is_new(const struct import *m, const struct stat *st)
{
	for (size_t i = 0; i < m->file_count; i++)
		if (m->file[i].stat.st_dev == st->st_dev &&
		    m->file[i].stat.st_ino == st->st_ino)
			return false;
	return true;
}

static int
read_file(struct import_file *file, struct fault *f)
{
	int err = file_read(&file->text, file->path, IMPORT_FILE_MAX);

	if (err) {
		fault_set(f, "%s: %s", file->path, file_error(err));
		return err == -ENOMEM ? err : -EINVAL;
	}
	find_kind(file);
	if (!rewrite_start(&file->rewrite, file->text) ||
	    (file->kind == IMPORT_INTERFACES &&
	    !interfaces_read(&file->interfaces, file->text))) {
		fault_set(f, "%s: out of memory", file->path);
		return -ENOMEM;
	}
	return 0;
}

int
import_add_file(struct import *m, const char *path)
{
	struct import_file *at;
	struct stat st;

	if (stat(path, &st) < 0) {
		fault_set(m->fault, "%s: %s", path, strerror(errno));
		return -EINVAL;
	}
	if (!S_ISREG(st.st_mode)) {
		fault_set(m->fault, "%s: is no file of text", path);
		return -EINVAL;
	}
	if (!is_new(m, &st))
		return 0;
	if (m->file_count == IMPORT_FILES) {
		fault_set(m->fault, "%s: too many files", path);
		return -EINVAL;
	}
	at = realloc(m->file, (m->file_count + 1) * sizeof(*at));
	if (!at) {
		fault_set(m->fault, "out of memory");
		return -ENOMEM;
	}
	m->file = at;
	at += m->file_count++;
	memset(at, 0, sizeof(*at));
	at->stat = st;
	at->path = strdup(path);
	if (!at->path) {
		fault_set(m->fault, "out of memory");
		return -ENOMEM;
	}
	return read_file(at, m->fault);
}

static int
add_argument(struct import *m, const char *name, const char *cwd)
{
	char path[PATH_MAX];
	size_t before = m->file_count;
	int err;

	if (name[0] != '/' && !cwd) {
		fault_set(m->fault, "%s: the directory that this begins in is "
		    "gone; give the whole name", name);
		return -EINVAL;
	}
	if (snprintf(path, sizeof(path), "%s%s%s", name[0] == '/' ? "" : cwd,
	    name[0] == '/' ? "" : "/", name) >= (int)sizeof(path)) {
		fault_set(m->fault, "%s: the name is too long", name);
		return -EINVAL;
	}
	err = import_add_file(m, path);
	for (size_t i = before; !err && i < m->file_count; i++)
		err = m->file[i].kind == IMPORT_INTERFACES ?
		    import_sources(m, i) : import_siblings(m, i);
	return err;
}

struct compose *
import_add_compose(struct import *m)
{
	size_t n = m->world.count;
	struct compose *c = realloc(m->world.at, (n + 1) * sizeof(*c));
	struct import_part *part;

	if (!c)
		return NULL;
	m->world.at = c;
	part = realloc(m->part, (n + 1) * sizeof(*part));
	if (!part)
		return NULL;
	m->part = part;
	memset(&c[n], 0, sizeof(*c));
	memset(&part[n], 0, sizeof(*part));
	part[n].at = SIZE_MAX;
	m->world.count++;
	return &c[n];
}

/* A reason of ours stands in the line above. */
static bool
is_marked(const struct import_file *file, size_t first)
{
	const struct rewrite_line *l;
	const char *at;

	if (first == 0)
		return false;
	l = &file->rewrite.line[first - 1];
	at = file->text + l->start;
	at += strspn(at, " \t");
	return !strncmp(at, IMPORT_MARK, strlen(IMPORT_MARK));
}

struct compose_line *
import_add_line(struct import *m, size_t file, size_t first, size_t count)
{
	struct compose *c = &m->world.at[m->world.count - 1];
	struct import_part *part = &m->part[m->world.count - 1];
	struct compose_line *line;
	struct import_place *place;
	size_t n = c->line_count;

	line = realloc(c->line, (n + 1) * sizeof(*line));
	if (!line)
		return NULL;
	c->line = line;
	place = realloc(part->place, (n + 1) * sizeof(*place));
	if (!place)
		return NULL;
	part->place = place;
	memset(&line[n], 0, sizeof(*line));
	memset(&place[n], 0, sizeof(*place));
	place[n].file = file;
	place[n].first = first;
	place[n].count = count;
	place[n].indent = strspn(m->file[file].text +
	    m->file[file].rewrite.line[first].start, " \t");
	place[n].marked = is_marked(&m->file[file], first);
	c->line_count++;
	return &line[n];
}

void
import_fix(struct compose_line *line, const char *why)
{
	if (line->fixed)
		return;
	line->fixed = true;
	line->verdict = LINE_LEFT;
	snprintf(line->why.text, sizeof(line->why.text), "%s", why);
}

/* Puts a line in with the blanks that another one has in front. */
static void
insert(struct import_file *file, size_t at, const struct import_place *like,
    const char *start, const char *text)
{
	struct text line = { 0 };
	size_t n = like ? like->indent : 0;

	if (like)
		text_add(&line, file->text +
		    file->rewrite.line[like->first].start, n);
	text_str(&line, start);
	text_str(&line, text);
	if (line.failed)
		file->rewrite.line[at].before.failed = true;
	else
		rewrite_insert(&file->rewrite, at, line.at);
	text_fini(&line);
}

static void
insert_options(struct import_file *file, size_t at,
    const struct import_place *like, const struct compose *c)
{
	bool shell = file->kind != IMPORT_INTERFACES;
	char name[KEY_SPELLED + 12];
	size_t n;

	for (size_t i = 0; i < c->option_count; i++) {
		const struct compose_option *o = &c->option[i];
		bool quotes = shell && strpbrk(o->value, " \t");
		struct text line = { 0 };

		keys_spell(name, shell ? SPELL_SHELL : SPELL_INTERFACES,
		    keys[o->key].name);
		n = strlen(name);
		if (o->repeated)
			snprintf(name + n, sizeof(name) - n, "%u", o->number);
		text_str(&line, name);
		text_str(&line, shell ? "=" : " ");
		text_str(&line, quotes ? "\"" : "");
		text_str(&line, o->value);
		text_str(&line, quotes ? "\"" : "");
		if (line.failed)
			file->rewrite.line[at].before.failed = true;
		else
			insert(file, at, like, "", line.at);
		text_fini(&line);
	}
}

/* The place of the first line that goes and made a rule, route or setting. */
static const struct import_place *
first_taken(const struct compose *c, const struct import_part *part)
{
	const struct import_place *any = NULL;

	for (size_t i = 0; i < c->line_count; i++) {
		if (c->line[i].verdict != LINE_TAKEN)
			continue;
		if (!any)
			any = &part->place[i];
		for (size_t j = 0; j < c->line[i].hands.count; j++)
			switch (c->line[i].hands.at[j].kind) {
			case HAND_RULE_ADD:
			case HAND_ROUTE_ADD:
			case HAND_ROUTE_REPLACE:
			case HAND_SYSCTL:
				return &part->place[i];
			default:
				break;
			}
	}
	return any;
}

static void
edit_line(struct import *m, const struct compose_line *line,
    const struct import_place *place)
{
	struct import_file *file = &m->file[place->file];

	if (line->verdict == LINE_LEFT && line->why.text[0] && !place->marked)
		insert(file, place->first, place, IMPORT_MARK, line->why.text);
	if (line->verdict != LINE_TAKEN)
		return;
	if (place->comment)
		insert(file, place->first, place, "", place->comment);
	rewrite_drop(&file->rewrite, place->first, place->count);
	for (size_t i = 0; i < place->more_count; i++)
		rewrite_drop(&file->rewrite, place->more[i], 1);
}

static void
edit(struct import *m)
{
	for (size_t i = 0; i < m->world.count; i++) {
		const struct compose *c = &m->world.at[i];
		const struct import_part *part = &m->part[i];
		const struct import_place *first = first_taken(c, part);

		for (size_t j = 0; j < c->line_count; j++) {
			if (&part->place[j] == first && part->at == SIZE_MAX)
				insert_options(&m->file[first->file],
				    first->first, first, c);
			edit_line(m, &c->line[j], &part->place[j]);
		}
		if (part->at != SIZE_MAX)
			insert_options(&m->file[part->file], part->at, NULL,
			    c);
	}
}

static int
print(const struct import *m, enum import_output output, struct fault *f)
{
	struct text out = { 0 };
	char name[PATH_MAX + 32];
	bool ok;

	text_str(&out, "");
	for (size_t i = 0; i < m->file_count; i++) {
		const struct import_file *file = &m->file[i];

		snprintf(name, sizeof(name), "%s (with ifpolicy)", file->path);
		if (output == IMPORT_DIFF) {
			rewrite_diff(&out, &file->rewrite, file->path, name);
			continue;
		}
		if (m->file_count > 1) {
			text_str(&out, "# ==> ");
			text_str(&out, file->path);
			text_str(&out, " <==\n");
		}
		rewrite_text(&out, &file->rewrite);
		if (i + 1 < m->file_count && out.len &&
		    out.at[out.len - 1] != '\n')
			text_str(&out, "\n");
	}
	ok = !out.failed && fwrite(out.at, 1, out.len, stdout) == out.len &&
	    fflush(stdout) == 0;
	if (out.failed)
		fault_set(f, "out of memory");
	else if (!ok)
		fault_set(f, "standard output: %s", strerror(errno));
	text_fini(&out);
	return ok ? 0 : -EIO;
}

static int
write_files(const struct import *m, const struct say *say, struct fault *f)
{
	char kept[PATH_MAX];
	int err = 0;

	for (size_t i = 0; !err && i < m->file_count; i++) {
		const struct import_file *file = &m->file[i];
		struct text text = { 0 };

		if (rewrite_is_idle(&file->rewrite))
			continue;
		text_str(&text, "");
		rewrite_text(&text, &file->rewrite);
		if (text.failed) {
			fault_set(f, "out of memory");
			err = -ENOMEM;
		} else {
			err = replace_file(file->path, &file->stat,
			    file->text, text.at, ".before-ifpolicy", kept, f);
		}
		if (!err)
			say_note(say, "%s is rewritten; the former one is %s",
			    file->path, kept);
		text_fini(&text);
	}
	return err;
}

static void
fini(struct import *m)
{
	for (size_t i = 0; i < m->world.count; i++) {
		compose_fini(&m->world.at[i]);
		free(m->part[i].place);
	}
	free(m->world.at);
	free(m->part);
	for (size_t i = 0; i < m->file_count; i++) {
		rewrite_fini(&m->file[i].rewrite);
		interfaces_fini(&m->file[i].interfaces);
		free(m->file[i].path);
		free(m->file[i].text);
	}
	free(m->file);
	names_fini(&m->names);
	names_fini(&m->spelled);
}

int
import_run(char **files, size_t count, const char *cwd,
    enum import_output output, const struct say *say, struct fault *f)
{
	struct import m = { .fault = f };
	int err = 0;

	m.spelled.tables_read = m.spelled.protocols_read = true;
	m.world.names = &m.names;
	m.world.spelled = &m.spelled;
	for (size_t i = 0; !err && i < count; i++)
		err = add_argument(&m, files[i], cwd);
	if (!err && (!import_interfaces(&m) || !import_ifcfg(&m) ||
	    !compose_all(&m.world))) {
		fault_set(f, "out of memory");
		err = -ENOMEM;
	}
	if (!err) {
		edit(&m);
		err = output == IMPORT_IN_PLACE ? write_files(&m, say, f) :
		    print(&m, output, f);
	}
	fini(&m);
	return err;
}
