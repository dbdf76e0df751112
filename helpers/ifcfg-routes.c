/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: route-, route6-, rule- and rule6- files, read as the scripts do. */
#include <sys/socket.h>

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "ifcfg-file.h"
#include "num.h"

#define FILE_TEXT	(IFCFG_NAME + 8)	/* "route6-NAME" with NUL */
#define WHERE_TEXT	(FILE_TEXT + 16)
#define COMPLAINTS_MAX	65536	/* bytes; no file needs to fill a log */
#define NAME_TEXT	24	/* ADDRESSn of any n */

struct reading {
	struct settings *out;
	int family;
	const char *dir;
	char device[IFNAMSIZ];
	struct text *complaints;
	struct fault *fault;
	struct shell shell;	/* of all files in key form so far */
	struct text done;	/* lines of those, each behind a newline */
};

static void
complain(struct reading *in, const char *where, const char *text)
{
	if (in->complaints->len > COMPLAINTS_MAX)
		return;
	text_str(in->complaints, where);
	text_str(in->complaints, ": ");
	text_str(in->complaints, text);
	text_str(in->complaints, "\n");
	if (in->complaints->len > COMPLAINTS_MAX)
		text_fmt(in->complaints, "%s: and so on\n", where);
}

/* `why` begins with the number of a line. */
static void
complain_line(struct reading *in, const char *file, const struct fault *why)
{
	char where[WHERE_TEXT];
	size_t n = strcspn(why->text, ":");

	snprintf(where, sizeof(where), "%s:%.*s", file, (int)n, why->text);
	complain(in, where, why->text[n] ? why->text + n + 2 : "");
}

static void
complain_of(struct reading *in, const char *where, const char *words,
    const char *why)
{
	char quoted[QUOTE_TEXT];
	struct fault said;

	fault_set(&said, "%s: %s", say_quote(quoted, words), why);
	complain(in, where, said.text);
}

static void
add(struct reading *in, enum key_id key, const char *where,
    const char *words)
{
	struct fault why;
	size_t n = strlen(words);

	if (n > 0 && words[n - 1] == '\r')
		complain_of(in, where, words, "the line ends in CR, as in "
		    "DOS; save the file with UNIX line ends");
	else if (strpbrk(words, "*?["))
		complain_of(in, where, words, "a shell may make names of "
		    "files out of *, ? and [");
	else if (!settings_add_line(in->out, key, where, words, &why))
		complain(in, where, why.text);
}

/* A file's text, to be freed; NULL and true where there is none. */
static bool
load(struct reading *in, char **text, const char *file)
{
	char path[PATH_MAX];
	int err;

	*text = NULL;
	if (snprintf(path, sizeof(path), "%s/%s", in->dir, file) >=
	    (int)sizeof(path))
		return true;
	err = file_read(text, path, IFCFG_FILE_MAX);
	if (!err || err == -ENOENT || err == -ENOTDIR || err == -EISDIR)
		return true;
	return fault_set(in->fault, "%s: %s", file, file_error(err));
}

/* One line as `read` has it without -r: backslash-newline joins two, any other
 * backslash goes.  False at the end, also of a line that a last backslash
 * joins with nothing: it is lost. */
struct lines {
	const char *at;
	unsigned next;		/* its number */
	unsigned first;		/* number of the one that was read */
	bool lost;
};

static bool
read_line(struct lines *l, struct text *line)
{
	line->len = 0;
	text_str(line, "");
	l->first = l->next;
	if (*l->at == '\0')
		return false;
	for (; *l->at && *l->at != '\n'; l->at++) {
		if (*l->at == '\\' && *++l->at == '\n') {
			l->next++;
			continue;
		}
		if (*l->at == '\0') {
			l->lost = true;
			return false;
		}
		text_add(line, l->at, 1);
	}
	if (*l->at) {
		l->at++;
		l->next++;
	}
	return true;
}

/* The line without blanks around it; NULL if it is empty or a comment. */
static char *
words_of(char *line)
{
	char *first = line;
	size_t n;

	while (isspace((unsigned char)*first))
		first++;
	if (*first == '\0' || *first == '#')
		return NULL;
	line += strspn(line, " \t");
	n = strlen(line);
	while (n > 0 && (line[n - 1] == ' ' || line[n - 1] == '\t'))
		n--;
	line[n] = '\0';
	return line;
}

/* A file of lines for ip(8). */
static void
ip_form(struct reading *in, enum key_id key, const char *file,
    const char *text)
{
	struct lines l = { .at = text, .next = 1 };
	struct text line = { 0 };
	char where[WHERE_TEXT];
	char *words;

	while (read_line(&l, &line) && !line.failed) {
		words = words_of(line.at);
		snprintf(where, sizeof(where), "%s:%u", file, l.first);
		if (words)
			add(in, key, where, words);
	}
	words = l.lost && line.at ? words_of(line.at) : NULL;
	if (words) {
		snprintf(where, sizeof(where), "%s:%u", file, l.first);
		complain_of(in, where, words, "ends in a backslash and "
		    "nothing follows, so the scripts lose it");
	}
	in->complaints->failed |= line.failed;
	text_fini(&line);
}

bool
ifcfg_is_key_form(const char *text)
{
	const char *at;

	for (; *text; text += strcspn(text, "\n"), text += *text == '\n') {
		at = text;
		while (*at != '\n' && isspace((unsigned char)*at))
			at++;
		if (strncmp(at, "ADDRESS", 7) ||
		    !isdigit((unsigned char)at[7]))
			continue;
		at += 7 + strspn(at + 7, "0123456789");
		if (*at == '=')
			return true;
	}
	return false;
}

/* A numbered variable of the file in key form that is being read. */
struct key_value {
	char name[NAME_TEXT];
	const struct shell_variable *v;	/* NULL: not set */
	char *text;		/* without blanks around it; "" if empty */
	bool here;		/* this file sets it */
	bool known;
};

static bool
get(struct key_value *k, struct reading *in, const char *what, unsigned n)
{
	struct fault why;

	memset(k, 0, sizeof(*k));
	snprintf(k->name, sizeof(k->name), "%s%u", what, n);
	k->v = shell_get(&in->shell, k->name);
	k->here = k->v && k->v->file == in->shell.files;
	k->known = !k->v || shell_known(k->v, &why);
	k->text = strdup(k->v && k->known ?
	    k->v->value + strspn(k->v->value, " \t\n") : "");
	if (!k->text)
		return false;
	for (size_t len = strlen(k->text); len > 0 &&
	    strchr(" \t\n", k->text[len - 1]); len--)
		k->text[len - 1] = '\0';
	return true;
}

/* False if it cannot be used, which has been said. */
static bool
usable(struct reading *in, const char *file, const struct key_value *k)
{
	struct fault why;

	if (k->known)
		return true;
	/* What another file sets was told there. */
	if (k->here && !shell_known(k->v, &why))
		complain_line(in, file, &why);
	return false;
}

/* One route: ADDRESSn, NETMASKn, GATEWAYn. */
struct key_route {
	struct key_value address, netmask, gateway;
};

static void
key_route_fini(struct key_route *r)
{
	free(r->address.text);
	free(r->netmask.text);
	free(r->gateway.text);
}

static bool
key_route_get(struct key_route *r, struct reading *in, unsigned n)
{
	memset(r, 0, sizeof(*r));
	return get(&r->address, in, "ADDRESS", n) &&
	    get(&r->netmask, in, "NETMASK", n) &&
	    get(&r->gateway, in, "GATEWAY", n);
}

static void
complain_value(struct reading *in, const char *file, const struct key_value *k,
    const char *why)
{
	char where[WHERE_TEXT], quoted[QUOTE_TEXT];
	struct fault said;

	if (k->here)
		snprintf(where, sizeof(where), "%s:%u", file, k->v->line);
	else
		snprintf(where, sizeof(where), "%s", file);
	fault_set(&said, "%s: %s %s", k->name, say_quote(quoted, k->text),
	    why);
	complain(in, where, said.text);
}

/* The destination, ADDRESS/LENGTH.  Without a netmask it is one host, as with
 * the ipcalc of RHEL 8; that of RHEL 7 refuses the route. */
static bool
destination(char *buf, size_t size, struct reading *in, const char *file,
    const struct key_route *r)
{
	struct prefix p;
	struct addr a;
	char all[2 * ADDR_TEXT];

	if (!addr_parse(&a, AF_UNSPEC, r->address.text)) {
		complain_value(in, file, &r->address,
		    strchr(r->address.text, '/') ? "is no IPv4 address; the "
		    "length is written as NETMASK" : "is no IPv4 address");
		return false;
	}
	if (a.family != AF_INET) {
		complain_value(in, file, &r->address, "is no IPv4 address; "
		    "write routes of IPv6 for ip, in a route6- file");
		return false;
	}
	snprintf(all, sizeof(all), "%s/%s", r->address.text,
	    r->netmask.text[0] ? r->netmask.text : "32");
	if (strlen(r->netmask.text) >= ADDR_TEXT ||
	    !prefix_parse(&p, AF_INET, all)) {
		complain_value(in, file, &r->netmask, "is no netmask");
		return false;
	}
	snprintf(buf, size, "%s/%u", r->address.text, p.len);
	return true;
}

/* A file may repeat what the variables of the one before still say. */
static bool
is_done(const struct reading *in, const struct key_route *r,
    const char *words)
{
	size_t n = strlen(words);

	if (r->address.here || r->netmask.here || r->gateway.here ||
	    !in->done.at)
		return false;
	for (const char *at = in->done.at; (at = strstr(at, words)); at += n)
		if (at[-1] == '\n' && at[n] == '\n')
			return true;
	return false;
}

static void
add_key_route(struct reading *in, const char *file,
    const struct key_route *r)
{
	char to[ADDR_TEXT + 8], where[WHERE_TEXT];
	struct text words = { 0 };

	if (!usable(in, file, &r->address) || !usable(in, file, &r->netmask) ||
	    !usable(in, file, &r->gateway) ||
	    !destination(to, sizeof(to), in, file, r))
		return;
	text_str(&words, to);
	if (r->gateway.text[0]) {
		text_str(&words, " via ");
		text_str(&words, r->gateway.text);
	}
	text_str(&words, " dev ");
	text_str(&words, in->device);
	if (words.failed) {
		in->complaints->failed = true;
	} else if (!is_done(in, r, words.at)) {
		if (r->address.here)
			snprintf(where, sizeof(where), "%s:%u", file,
			    r->address.v->line);
		else
			snprintf(where, sizeof(where), "%s", file);
		add(in, KEY_ROUTE, where, words.at);
		text_str(&in->done, in->done.at ? "" : "\n");
		text_str(&in->done, words.at);
		text_str(&in->done, "\n");
	}
	text_fini(&words);
}

/* What only NetworkManager makes use of. */
static void
complain_unused(struct reading *in, const char *file, const char *what,
    unsigned n)
{
	char where[WHERE_TEXT], quoted[QUOTE_TEXT];
	struct key_value k;
	struct fault said;

	if (!get(&k, in, what, n)) {
		in->complaints->failed = true;
		return;
	}
	if (k.here && (k.text[0] || !k.known)) {
		snprintf(where, sizeof(where), "%s:%u", file, k.v->line);
		fault_set(&said, "%s=%s is ignored, as the stock scripts do "
		    "(only NetworkManager uses it); write the line in ip "
		    "form", k.name, say_quote(quoted, k.known ? k.text :
		    k.v->written));
		complain(in, where, said.text);
	}
	free(k.text);
}

/* ADDRESSn that no counting from 0 comes to. */
static void
complain_unreached(struct reading *in, const char *file, unsigned end)
{
	char where[WHERE_TEXT];
	struct fault said;
	uint32_t n;

	for (size_t i = 0; i < in->shell.count; i++) {
		const struct shell_variable *v = &in->shell.at[i];

		if (v->file != in->shell.files ||
		    strncmp(v->name, "ADDRESS", 7) ||
		    (v->value && v->value[0] == '\0') || !v->name[7] ||
		    v->name[7 + strspn(v->name + 7, "0123456789")] ||
		    (num_u32(&n, v->name + 7, 0, UINT32_MAX) && n < end))
			continue;
		snprintf(where, sizeof(where), "%s:%u", file, v->line);
		fault_set(&said, "%.*s is not reached: the scripts count "
		    "from 0, and there is no ADDRESS%u", NAME_TEXT, v->name,
		    end);
		complain(in, where, said.text);
	}
}

static void
complain_odd(struct reading *in, const char *file)
{
	const struct shell *s = &in->shell;
	char where[WHERE_TEXT];

	if (!s->odd_line)
		return;
	snprintf(where, sizeof(where), "%s:%u", file, s->odd_line);
	complain_of(in, where, s->odd, s->odd_count > 1 ?
	    "not of the form NAME=value, nor are others here: in a file with "
	    "ADDRESSn= lines they are no routes" :
	    "not of the form NAME=value: in a file with ADDRESSn= lines it is "
	    "no route");
}

/* A file of ADDRESSn=, NETMASKn=, GATEWAYn=.  What it sets stays set for the
 * next one, and whatever its name, its routes are of IPv4. */
static void
key_form(struct reading *in, const char *file, const char *text)
{
	struct key_route r;
	struct fault why;
	unsigned n = 0;
	bool more = true;

	if (!shell_parse(&in->shell, text, &why))
		complain_line(in, file, &why);
	complain_odd(in, file);
	for (; more; n += more) {
		if (!key_route_get(&r, in, n))
			in->complaints->failed = true;
		more = !in->complaints->failed &&
		    (r.address.text[0] || !r.address.known);
		if (more) {
			add_key_route(in, file, &r);
			complain_unused(in, file, "METRIC", n);
			complain_unused(in, file, "OPTIONS", n);
		}
		key_route_fini(&r);
	}
	complain_unreached(in, file, n);
}

static bool
routes_of(struct reading *in, const char *start, const char *name,
    int family)
{
	char file[FILE_TEXT];
	char *text;

	snprintf(file, sizeof(file), "%s%s", start, name);
	if (!load(in, &text, file))
		return false;
	if (text && ifcfg_is_key_form(text)) {
		if (in->family == AF_INET)
			key_form(in, file, text);
	} else if (text && in->family == family) {
		ip_form(in, KEY_ROUTE, file, text);
	}
	free(text);
	return true;
}

static bool
nickname_routes(struct reading *in, const char *name)
{
	char file[FILE_TEXT];
	char *text;

	snprintf(file, sizeof(file), "%s.route", name);
	if (!load(in, &text, file))
		return false;
	if (text)
		key_form(in, file, text);
	free(text);
	return true;
}

static bool
rules_of(struct reading *in, const char *name)
{
	char file[FILE_TEXT];
	char *text;

	snprintf(file, sizeof(file), "%s%s",
	    in->family == AF_INET ? "rule-" : "rule6-", name);
	if (!load(in, &text, file))
		return false;
	if (text)
		ip_form(in, KEY_RULE, file, text);
	free(text);
	return true;
}

/* The name counts: it can be one, and was not there before. */
static bool
counts(const char *const *names, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (!strcmp(names[i], names[j]))
			return false;
	return ifcfg_name_ok(names[i]);
}

static bool
read_all(struct reading *in, const char *const *names, size_t count)
{
	const char *last = NULL;
	size_t i;

	for (i = 0; i < count; i++) {
		if (ifcfg_name_ok(names[i]))
			last = names[i];
		if (counts(names, i) &&
		    (!routes_of(in, "route-", names[i], AF_INET) ||
		    !routes_of(in, "route6-", names[i], AF_INET6)))
			return false;
	}
	if (in->family == AF_INET && last && !nickname_routes(in, last))
		return false;
	for (i = 0; i < count; i++)
		if (counts(names, i) && !rules_of(in, names[i]))
			return false;
	return true;
}

bool
ifcfg_routes(struct settings *out, int family, const char *dir,
    const char *const *names, size_t count, const char *device,
    struct text *complaints, struct fault *f)
{
	struct reading in = { .out = out, .family = family, .dir = dir,
	    .complaints = complaints, .fault = f };
	bool ok;

	snprintf(in.device, sizeof(in.device), "%.*s",
	    (int)strcspn(device, ":"), device);
	ok = read_all(&in, names, count);
	if (ok && (complaints->failed || in.done.failed))
		ok = fault_set(f, "%s: out of memory", dir);
	shell_fini(&in.shell);
	text_fini(&in.done);
	return ok;
}
