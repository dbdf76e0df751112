/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: what the variables of one ifcfg- file mean. */
#include <sys/socket.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "conf.h"
#include "file.h"
#include "ifcfg.h"
#include "ifcfg-file.h"
#include "num.h"

#define VALUE_TEXT	256	/* of a variable that is not a list */

bool
ifcfg_name_ok(const char *name)
{
	size_t n = strnlen(name, IFCFG_NAME);

	/* "ifcfg-", "route6-" or ".route" is added to it. */
	if (n == 0 || n + 8 > IFCFG_NAME)
		return false;
	for (; *name; name++)
		if (*name == '/' || (unsigned char)*name < 0x20 ||
		    *name == 0x7f)
			return false;
	return true;
}

static bool
has_options(const struct ifcfg_file *file, const char *text)
{
	for (size_t i = 0; i < file->shell.count; i++)
		if (conf_is_option(&file->shell.at[i]))
			return true;
	return file->broken && strcasestr(text, "POLICY_");
}

bool
ifcfg_load(struct ifcfg_file *file, const char *dir, const char *name,
    bool *found, struct fault *f)
{
	char path[PATH_MAX];
	char *text;
	int err;

	memset(file, 0, sizeof(*file));
	*found = false;
	if (!ifcfg_name_ok(name) || snprintf(path, sizeof(path),
	    "%s/ifcfg-%s", dir, name) >= (int)sizeof(path))
		return true;
	err = file_read(&text, path, IFCFG_FILE_MAX);
	if (err == -ENOENT || err == -ENOTDIR || err == -EISDIR)
		return true;
	*found = true;
	snprintf(file->name, sizeof(file->name), "%s", name);
	if (err)
		return fault_set(f, "ifcfg-%s: %s", name, file_error(err));
	file->broken = !shell_parse(&file->shell, text, &file->why);
	file->policy = has_options(file, text);
	free(text);
	return true;
}

void
ifcfg_file_fini(struct ifcfg_file *file)
{
	shell_fini(&file->shell);
}

/* The value without blanks around it, as an unquoted $NAME gives it. */
static bool
trimmed(char *buf, size_t size, const char *value)
{
	size_t n;

	value += strspn(value, " \t\n");
	n = strlen(value);
	while (n > 0 && strchr(" \t\n", value[n - 1]))
		n--;
	if (n == 0 || n >= size)
		return false;
	memcpy(buf, value, n);
	buf[n] = '\0';
	return true;
}

bool
ifcfg_value(char *buf, size_t size, const struct ifcfg_file *file,
    const char *name)
{
	const struct shell_variable *v = shell_get(&file->shell, name);
	struct fault ignored;

	buf[0] = '\0';
	return v && shell_known(v, &ignored) && trimmed(buf, size, v->value);
}

static bool
is_true(const char *value)
{
	return !strcasecmp(value, "t") || !strcasecmp(value, "y") ||
	    !strcasecmp(value, "yes") || !strcasecmp(value, "on") ||
	    !strcasecmp(value, "true") || !strcmp(value, "1");
}

static bool
is_false(const char *value)
{
	return !strcasecmp(value, "f") || !strcasecmp(value, "n") ||
	    !strcasecmp(value, "no") || !strcasecmp(value, "off") ||
	    !strcasecmp(value, "false") || !strcmp(value, "0");
}

/* Reading one file into c.  Only where there are POLICY_ keys is a value that
 * cannot be used a fault, the first one; else it counts as not set. */
struct filling {
	struct ifcfg *c;
	const struct ifcfg_file *file;
	struct fault *fault;
	bool ok;
};

static void
wrong(struct filling *in, const struct shell_variable *v, const char *text,
    const char *why)
{
	char quoted[QUOTE_TEXT];

	if (in->file->policy && in->ok)
		in->ok = fault_set(in->fault, "%u: %s: %s %s", v->line,
		    v->name, say_quote(quoted, text), why);
}

static bool
known(struct filling *in, const struct shell_variable *v)
{
	struct fault why;

	if (shell_known(v, &why))
		return true;
	if (in->file->policy && in->ok) {
		*in->fault = why;
		in->ok = false;
	}
	return false;
}

/* A value that matters, in buf (VALUE_TEXT bytes); else "". */
static const struct shell_variable *
take(struct filling *in, char *buf, const char *name)
{
	const struct shell_variable *v = shell_get(&in->file->shell, name);

	buf[0] = '\0';
	if (!v || !known(in, v))
		return NULL;
	if (trimmed(buf, VALUE_TEXT, v->value))
		return v;
	if (strlen(v->value) >= VALUE_TEXT)
		wrong(in, v, v->value, "is too long");
	return NULL;
}

static bool
flag(struct filling *in, const char *name, bool (*test)(const char *))
{
	char value[VALUE_TEXT];

	return take(in, value, name) && test(value);
}

static void
add_address(struct filling *in, const struct shell_variable *v,
    const char *text, int family)
{
	struct ifcfg *c = in->c;
	struct addr a;

	if (!addr_parse(&a, family, text)) {
		wrong(in, v, text, family == AF_INET ?
		    "is no IPv4 address" : "is no IPv6 address");
		return;
	}
	for (size_t i = 0; i < c->address_count; i++)
		if (addr_cmp(&c->address[i], &a) == 0)
			return;
	if (c->address_count == REQUEST_ADDRESSES)
		wrong(in, v, text, "is one address too many");
	else
		c->address[c->address_count++] = a;
}

/* IPADDR, IPADDR0, IPADDR1, ...: from IPADDR2 on a gap ends the list. */
static void
fill_addresses4(struct filling *in)
{
	const struct shell_variable *v;
	char name[24], value[VALUE_TEXT];

	v = take(in, value, "IPADDR");
	if (v)
		add_address(in, v, value, AF_INET);
	for (unsigned i = 0; i <= 255; i++) {
		snprintf(name, sizeof(name), "IPADDR%u", i);
		v = take(in, value, name);
		if (v)
			add_address(in, v, value, AF_INET);
		else if (i >= 2)
			break;
	}
}

/* ADDRESS or ADDRESS/LENGTH. */
static void
add_address6(struct filling *in, const struct shell_variable *v, char *text)
{
	text[strcspn(text, "/")] = '\0';
	add_address(in, v, text, AF_INET6);
}

static void
fill_addresses6(struct filling *in)
{
	const struct shell_variable *v;
	char value[VALUE_TEXT];
	char *list, *word, *rest;

	v = take(in, value, "IPV6ADDR");
	if (v)
		add_address6(in, v, value);
	v = shell_get(&in->file->shell, "IPV6ADDR_SECONDARIES");
	if (!v || !known(in, v))
		return;
	list = strdup(v->value);
	if (!list) {
		in->ok = fault_set(in->fault, "%u: out of memory", v->line);
		return;
	}
	for (word = strtok_r(list, " \t\n", &rest); word;
	    word = strtok_r(NULL, " \t\n", &rest))
		add_address6(in, v, word);
	free(list);
}

/* "none", 0.0.0.0 and :: are ways to say that there is none. */
static void
fill_gateway(struct filling *in, struct addr *to, const char *name,
    int family)
{
	static const struct addr none;
	char value[VALUE_TEXT];
	const struct shell_variable *v = take(in, value, name);
	char *percent = strchr(value, '%');
	struct addr a;
	size_t n;

	if (!v || !strcmp(value, "none"))
		return;
	if (percent && family == AF_INET6) {
		*percent++ = '\0';
		/* That of another device is not this one's. */
		n = strcspn(in->c->label, ":");
		if (strlen(percent) != n ||
		    memcmp(percent, in->c->label, n))
			return;
	}
	if (!addr_parse(&a, family, value))
		wrong(in, v, value, family == AF_INET ?
		    "is no IPv4 address" : "is no IPv6 address");
	else if (memcmp(a.byte, none.byte, sizeof(a.byte)))
		*to = a;
}

static void
fill_nickname(struct filling *in)
{
	char value[VALUE_TEXT];

	/* Only the names of files depend on it: no reason for a fault. */
	if (!ifcfg_value(value, sizeof(value), in->file, "NAME"))
		return;
	value[strcspn(value, " \t\n")] = '\0';
	if (ifcfg_name_ok(value))
		memcpy(in->c->nickname, value, strlen(value) + 1);
}

static void
fill_ipv4(struct filling *in, const struct ifcfg_file *parent,
    const struct addr *own)
{
	struct ifcfg *c = in->c;
	struct filling from = { .c = c, .file = parent, .ok = true };
	struct fault ignored;
	char value[VALUE_TEXT];

	from.fault = &ignored;
	take(in, value, "BOOTPROTO");
	c->dhcp4 = !strchr(c->label, ':') &&
	    (!strcmp(value, "dhcp") || !strcmp(value, "bootp"));
	if (own)
		c->address[c->address_count++] = *own;
	else if (!c->dhcp4)
		fill_addresses4(in);
	fill_gateway(in, &c->gateway4, "GATEWAY", AF_INET);
	if (parent && !ifcfg_value(value, sizeof(value), in->file, "GATEWAY"))
		fill_gateway(&from, &c->gateway4, "GATEWAY", AF_INET);
}

static void
fill_ipv6(struct filling *in)
{
	struct ifcfg *c = in->c;
	size_t before = c->address_count;
	bool autoconf = flag(in, "IPV6_AUTOCONF", is_true);

	if (flag(in, "IPV6INIT", is_false))
		return;
	fill_addresses6(in);
	fill_gateway(in, &c->gateway6, "IPV6_DEFAULTGW", AF_INET6);
	c->auto6 = autoconf || flag(in, "DHCPV6C", is_true) ||
	    (flag(in, "IPV6INIT", is_true) && c->address_count == before &&
	    !flag(in, "IPV6_AUTOCONF", is_false));
}

static void
fill_options(struct filling *in)
{
	const struct ifcfg_file *file = in->file;
	const struct shell *s = &file->shell;
	char quoted[QUOTE_TEXT];

	if (!file->policy || !in->ok)
		return;
	if (file->broken) {
		*in->fault = file->why;
		in->ok = false;
	} else if (s->odd_line) {
		in->ok = fault_set(in->fault, "%u: %s: only a shell could "
		    "know what this does to the POLICY_ options; leave only "
		    "NAME=value in this file", s->odd_line,
		    say_quote(quoted, s->odd));
	}
	for (size_t i = 0; in->ok && i < s->count; i++)
		if (conf_is_option(&s->at[i]))
			in->ok = conf_option(&in->c->settings, &s->at[i],
			    in->fault);
}

bool
ifcfg_fill(struct ifcfg *c, const struct ifcfg_file *file,
    const struct ifcfg_file *parent, const struct addr *own,
    struct fault *f)
{
	struct filling in = { .c = c, .file = file, .fault = f, .ok = true };

	memcpy(c->name, file->name, sizeof(c->name));
	fill_options(&in);
	fill_nickname(&in);
	fill_ipv4(&in, parent, own);
	/* The scripts leave IPv6 out for the aliases of a range. */
	if (!own)
		fill_ipv6(&in);
	c->no_routes = flag(&in, "NOROUTESET", is_true);
	if (in.ok)
		return true;
	fault_before(f, "ifcfg-%s:", file->name);
	settings_fini(&c->settings);
	return false;
}

bool
ifcfg_range(struct ifcfg_range *r, const struct ifcfg_file *file)
{
	char text[VALUE_TEXT];
	struct addr end;

	if (!ifcfg_value(text, sizeof(text), file, "IPADDR_START") ||
	    !addr_parse(&r->address, AF_INET, text) ||
	    !ifcfg_value(text, sizeof(text), file, "IPADDR_END") ||
	    !addr_parse(&end, AF_INET, text) ||
	    !ifcfg_value(text, sizeof(text), file, "CLONENUM_START") ||
	    !num_u32(&r->number, text, 0, 99999999))
		return false;
	if (memcmp(r->address.byte, end.byte, 3) ||
	    r->address.byte[3] > end.byte[3])
		return false;
	r->count = (uint32_t)(end.byte[3] - r->address.byte[3]) + 1;
	return true;
}

void
ifcfg_fini(struct ifcfg *c)
{
	if (c)
		settings_fini(&c->settings);
}
