/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: stanzas of interfaces(5) and the files that they source. */
#include <sys/socket.h>

#include <ctype.h>
#include <errno.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "import-work.h"
#include "num.h"

#define DEPTH	8	/* of "inherits" */

/* ---- what is sourced -------------------------------------------------- */

/* run-parts' idea of a name, which "source-directory" has as well. */
static bool
is_plain_name(const char *path)
{
	const char *base = strrchr(path, '/') + 1;

	return *base && base[strspn(base, "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")] == '\0';
}

static int
add_pattern(struct import *m, const char *pattern, bool directory)
{
	struct stat st;
	glob_t found;
	int err = 0;

	switch (glob(pattern, 0, NULL, &found)) {
	case 0:
		break;
	case GLOB_NOSPACE:
		fault_set(m->fault, "out of memory");
		return -ENOMEM;
	default:
		return 0;	/* nothing there: so it is to ifup */
	}
	for (size_t i = 0; !err && i < found.gl_pathc; i++) {
		const char *path = found.gl_pathv[i];

		if (stat(path, &st) < 0 || !S_ISREG(st.st_mode) ||
		    (directory && !is_plain_name(path)))
			continue;
		err = import_add_file(m, path);
	}
	globfree(&found);
	return err;
}

/* ifupdown looks at the first word only; a relative name begins where the file
 * is. */
static int
add_source(struct import *m, size_t file, const struct interfaces_line *l)
{
	const char *path = m->file[file].path;
	size_t n = l->value[0] == '/' ? 0 :
	    (size_t)(strrchr(path, '/') + 1 - path);
	bool directory = l->name[6] == '-';
	char pattern[PATH_MAX];

	if (l->value[0] == '\0' || snprintf(pattern, sizeof(pattern),
	    "%.*s%.*s%s", (int)n, path, (int)strcspn(l->value, " \t"),
	    l->value, directory ? "/*" : "") >= (int)sizeof(pattern))
		return 0;
	return add_pattern(m, pattern, directory);
}

int
import_sources(struct import *m, size_t file)
{
	int err = 0;

	/* The files move when one is added; the lines do not. */
	for (size_t i = 0; !err && i < m->file[file].interfaces.line_count;
	    i++)
		if (m->file[file].interfaces.line[i].kind ==
		    INTERFACES_SOURCE)
			err = add_source(m, file,
			    &m->file[file].interfaces.line[i]);
	return err;
}

/* ---- one stanza ------------------------------------------------------- */

/* The value of an option, the parents' asked where a stanza is silent. */
static const char *
option(const struct import *m, size_t file, size_t stanza, const char *name,
    unsigned depth)
{
	const struct interfaces_stanza *s =
	    &m->file[file].interfaces.stanza[stanza];
	const char *value = interfaces_option(&m->file[file].interfaces,
	    stanza, name);

	if (value || s->inherits[0] == '\0' || depth == DEPTH)
		return value;
	for (size_t i = 0; i < m->file_count; i++)
		for (size_t j = 0; j < m->file[i].interfaces.stanza_count; j++)
			if (!strcmp(m->file[i].interfaces.stanza[j].name,
			    s->inherits) && !(i == file && j == stanza))
				return option(m, i, j, name, depth + 1);
	return NULL;
}

static bool
is_parent(const struct import *m, const char *name)
{
	for (size_t i = 0; i < m->file_count; i++)
		for (size_t j = 0; j < m->file[i].interfaces.stanza_count; j++)
			if (!strcmp(m->file[i].interfaces.stanza[j].inherits,
			    name))
				return true;
	return false;
}

static bool
has_word(const char *text, const char *word)
{
	size_t n = strlen(word);

	for (const char *at = text; (at = strstr(at, word)); at += n)
		if ((at == text || strchr(" \t", at[-1])) &&
		    (at[n] == '\0' || strchr(" \t", at[n])))
			return true;
	return false;
}

/* A mapping's script may choose the name: then it is no device's. */
static bool
is_mapped(const struct import *m, const char *name)
{
	for (size_t i = 0; i < m->file_count; i++) {
		const struct interfaces *f = &m->file[i].interfaces;

		for (size_t j = 0; j < f->line_count; j++)
			if (f->line[j].kind == INTERFACES_OPTION &&
			    f->stanza[f->line[j].stanza].mapping &&
			    !strcmp(f->line[j].name, "map") &&
			    has_word(f->line[j].value, name))
				return true;
	}
	return false;
}

/* A name that is used as a pattern, or by more than its own stanza. */
static bool
has_no_device(const struct import *m, const struct interfaces_stanza *s)
{
	return s->is_template || !label_name_ok(s->name) ||
	    is_parent(m, s->name) || is_mapped(m, s->name);
}

static void
set_device(struct compose *c, const struct import *m,
    const struct interfaces_stanza *s)
{
	snprintf(c->label, sizeof(c->label), "%s", s->name);
	if (has_no_device(m, s)) {
		memcpy(c->device, HAND_DEVICE, sizeof(HAND_DEVICE));
		return;
	}
	memcpy(c->device, c->label, strcspn(c->label, ":"));
}

static int
family_of(const char *word)
{
	return !strcmp(word, "inet") ? AF_INET : !strcmp(word, "inet6") ?
	    AF_INET6 : AF_UNSPEC;
}

/* "address A/LEN" or "address A" and "netmask M". */
static void
set_address(struct compose *c, const char *address, const char *netmask)
{
	char text[PREFIX_TEXT + 16];
	struct prefix p;

	if (!address)
		return;
	snprintf(text, sizeof(text), "%.47s", address);
	text[strcspn(text, " \t")] = '\0';
	if (!strchr(text, '/') && netmask)
		snprintf(text + strlen(text), sizeof(text) - strlen(text),
		    "/%.15s", netmask);
	if (!prefix_parse(&p, c->family, text) || p.len == 0)
		return;
	c->own = p;
}

/* Some managers take several addresses in one stanza. */
static size_t
count_option(const struct interfaces *f, size_t stanza, const char *name)
{
	size_t n = 0;

	for (size_t i = 0; i < f->line_count; i++)
		n += f->line[i].kind == INTERFACES_OPTION &&
		    f->line[i].stanza == stanza &&
		    !strcmp(f->line[i].name, name);
	return n;
}

static void
set_values(struct compose *c, const struct import *m, size_t file,
    size_t stanza)
{
	const struct interfaces_stanza *s =
	    &m->file[file].interfaces.stanza[stanza];
	const char *gateway = option(m, file, stanza, "gateway", 0);
	const char *metric = option(m, file, stanza, "metric", 0);
	const char *peer = option(m, file, stanza, "pointopoint", 0);

	/* Some managers make one stanza of both families. */
	c->both = s->family[0] == '\0';
	c->family = c->both ? AF_INET : family_of(s->family);
	c->asks = !strcmp(s->method, "dhcp") || !strcmp(s->method, "auto") ||
	    !strcmp(s->method, "bootp");
	c->bare = has_no_device(m, s) && (s->is_template ||
	    is_parent(m, s->name));
	if (!c->asks)
		set_address(c, option(m, file, stanza, "address", 0),
		    option(m, file, stanza, "netmask", 0));
	/* Other methods have addresses that their stanza need not tell. */
	c->is_static = c->own.len && (!strcmp(s->method, "static") ||
	    s->method[0] == '\0') && count_option(&m->file[file].interfaces,
	    stanza, "address") < 2;
	if (peer)
		(void)addr_parse(&c->peer, c->family, peer);
	if (gateway)
		(void)addr_parse(&c->router, c->family, gateway);
	if (metric)
		(void)num_u32(&c->router_metric, metric, 0, UINT32_MAX);
}

/* ---- its lines -------------------------------------------------------- */

static const struct {
	const char *name;
	enum compose_phase phase;
} phases[] = {
	{ "pre-up", PHASE_PRE_UP }, { "up", PHASE_UP },
	{ "post-up", PHASE_UP }, { "down", PHASE_DOWN },
	{ "pre-down", PHASE_DOWN }, { "post-down", PHASE_POST_DOWN },
};

static bool
find_phase(enum compose_phase *phase, const char *name)
{
	for (size_t i = 0; i < sizeof(phases) / sizeof(phases[0]); i++)
		if (!strcmp(phases[i].name, name)) {
			*phase = phases[i].phase;
			return true;
		}
	return false;
}

static void
know(struct hand_context *ctx, const char *name, const char *value)
{
	if (value && ctx->variable_count < HAND_VARIABLES) {
		ctx->variable[ctx->variable_count].name = name;
		ctx->variable[ctx->variable_count++].value = value;
	}
}

/* What the commands find in their environment (interfaces(5)), as far as the
 * stanza alone tells it. */
struct environment {
	char address[ADDR_TEXT], netmask[ADDR_TEXT];
	char name[HAND_VARIABLES][32];
};

/* "bridge-ports" is IF_BRIDGE_PORTS; given twice, they are joined. */
static void
know_options(struct hand_context *ctx, struct environment *e,
    const struct interfaces *f, size_t stanza)
{
	enum compose_phase ignored;
	size_t n = 0;

	for (size_t i = 0; i < f->line_count && n < HAND_VARIABLES; i++) {
		const struct interfaces_line *l = &f->line[i];

		if (l->kind != INTERFACES_OPTION || l->stanza != stanza ||
		    find_phase(&ignored, l->name) ||
		    strlen(l->name) + 4 > sizeof(e->name[0]) ||
		    count_option(f, stanza, l->name) > 1)
			continue;
		snprintf(e->name[n], sizeof(e->name[0]), "IF_%s", l->name);
		for (char *at = e->name[n]; *at; at++)
			*at = *at == '-' ? '_' :
			    (char)toupper((unsigned char)*at);
		know(ctx, e->name[n++], l->value);
	}
}

static void
set_environment(struct hand_context *ctx, struct environment *e,
    const struct import *m, size_t file, size_t stanza,
    const struct compose *c)
{
	bool known = strcmp(c->device, HAND_DEVICE) != 0;
	struct addr mask = { .family = AF_INET };

	know(ctx, "IFACE", known ? c->label : HAND_DEVICE);
	know(ctx, "LOGICAL", known ? c->label : NULL);
	/* Who inherits from it may say something else. */
	if (c->bare)
		return;
	if (c->own.len && c->family != AF_UNSPEC) {
		know(ctx, "IF_ADDRESS", addr_print(e->address, &c->own.addr));
		for (unsigned i = 0; i < c->own.len && i < 32; i++)
			mask.byte[i / 8] |= (uint8_t)(0x80 >> i % 8);
		snprintf(e->netmask, sizeof(e->netmask), "%u", c->own.len);
		know(ctx, "IF_NETMASK", c->family == AF_INET ?
		    addr_print(e->netmask, &mask) : e->netmask);
	}
	know_options(ctx, e, &m->file[file].interfaces, stanza);
}

static bool
has_options_of_ours(const struct interfaces *f, size_t stanza)
{
	for (size_t i = 0; i < f->line_count; i++)
		if (f->line[i].kind == INTERFACES_OPTION &&
		    f->line[i].stanza == stanza &&
		    (!strncmp(f->line[i].name, "policy-", 7) ||
		    !strncmp(f->line[i].name, "policy_", 7)))
			return true;
	return false;
}

/* Those that it inherits count as well: a child's would mix with them. */
static bool
inherits_options(const struct import *m, const char *parent, unsigned depth)
{
	for (size_t i = 0; parent[0] && depth < DEPTH && i < m->file_count;
	    i++) {
		const struct interfaces *f = &m->file[i].interfaces;

		for (size_t j = 0; j < f->stanza_count; j++)
			if (!strcmp(f->stanza[j].name, parent) &&
			    (has_options_of_ours(f, j) || inherits_options(m,
			    f->stanza[j].inherits, depth + 1)))
				return true;
	}
	return false;
}

/* Another stanza before it has the same interface, family and address: a claim
 * has no place for both. */
static bool
is_second(const struct import *m, const struct compose *c)
{
	for (size_t i = 0; i + 1 < m->world.count; i++) {
		const struct compose *o = &m->world.at[i];

		if (!strcmp(o->label, c->label) && o->family == c->family &&
		    !addr_cmp(&o->own.addr, &c->own.addr) &&
		    (o->line_count || o->has_options))
			return true;
	}
	return false;
}

/* Why no line of the stanza can go; NULL if it can. */
static const char *
why_fixed(const struct import *m, const struct compose *c)
{
	if (c->has_options)
		return "the stanza has policy- options already, or inherits "
		    "some: add it to them as policy-route or policy-rule";
	if (c->family == AF_UNSPEC)
		return "only inet and inet6 stanzas have options";
	if (is_second(m, c))
		return "another stanza of the same interface and address has "
		    "the options: put both together";
	return NULL;
}

/* What only takes away or sets something is right beside what it belongs to,
 * without a word. */
static bool
adds_something(const struct compose_line *line)
{
	for (size_t i = 0; i < line->hands.count; i++)
		switch (line->hands.at[i].kind) {
		case HAND_RULE_ADD:
		case HAND_ROUTE_ADD:
		case HAND_ROUTE_REPLACE:
		case HAND_UNSURE:
			return true;
		default:
			break;
		}
	return false;
}

static bool
add_lines(struct import *m, size_t file, size_t stanza,
    struct hand_context *ctx)
{
	const struct interfaces *f = &m->file[file].interfaces;
	const struct compose *c = &m->world.at[m->world.count - 1];
	struct import_part *part;
	const char *why;
	enum compose_phase phase;

	m->world.at[m->world.count - 1].has_options =
	    has_options_of_ours(f, stanza) ||
	    inherits_options(m, f->stanza[stanza].inherits, 0);
	why = why_fixed(m, c);
	for (size_t i = 0; i < f->line_count; i++) {
		const struct interfaces_line *l = &f->line[i];
		struct compose_line *line;

		if (l->kind != INTERFACES_OPTION || l->stanza != stanza ||
		    !find_phase(&phase, l->name))
			continue;
		line = import_add_line(m, file, l->first, l->count);
		if (!line || !hand_read(&line->hands, l->value, ctx))
			return false;
		line->phase = phase;
		part = &m->part[m->world.count - 1];
		c = &m->world.at[m->world.count - 1];
		part->place[c->line_count - 1].comment = line->hands.comment;
		if (line->hands.count == 1 &&
		    (line->hands.at[0].kind == HAND_OTHER ||
		    line->hands.at[0].kind == HAND_ADDRESS))
			continue;
		if (part->place[c->line_count - 1].marked)
			import_fix(line, "");
		else if (why)
			import_fix(line, adds_something(line) ? why : "");
	}
	return true;
}

bool
import_interfaces(struct import *m)
{
	for (size_t i = 0; i < m->file_count; i++)
		for (size_t j = 0; j < m->file[i].interfaces.stanza_count;
		    j++) {
			struct hand_context ctx = {
				.names = &m->names, .spelled = &m->spelled,
			};
			struct environment e;
			struct compose *c;

			if (m->file[i].interfaces.stanza[j].mapping)
				continue;
			c = import_add_compose(m);
			if (!c)
				return false;
			set_device(c, m, &m->file[i].interfaces.stanza[j]);
			set_values(c, m, i, j);
			set_environment(&ctx, &e, m, i, j, c);
			if (!add_lines(m, i, j, &ctx))
				return false;
		}
	return true;
}
