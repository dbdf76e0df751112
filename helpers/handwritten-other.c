/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: route(8), sysctl(8) and lines of rt_tables to what they do. */
#include <sys/socket.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "handwritten-read.h"
#include "num.h"
#include "text.h"

#define RT_TABLES	"/etc/iproute2/rt_tables"

/* What route(8) says, in ip's words. */
struct net_route {
	const char *target, *mask, *gateway, *device, *metric;
	bool net, host, reject;
};

/* Words behind the target.  False for one that is not known. */
static bool
read_rest(struct net_route *r, const struct command *c, size_t i)
{
	static const struct {
		const char *word;
		size_t at;
	} values[] = {
		{ "netmask", offsetof(struct net_route, mask) },
		{ "gw", offsetof(struct net_route, gateway) },
		{ "gateway", offsetof(struct net_route, gateway) },
		{ "dev", offsetof(struct net_route, device) },
		{ "metric", offsetof(struct net_route, metric) },
	};

	for (; i < c->count; i++) {
		size_t k = 0, n = sizeof(values) / sizeof(values[0]);

		while (k < n && strcmp(c->word[i], values[k].word))
			k++;
		if (k < n && i + 1 < c->count) {
			const char **to = (const char **)(void *)((char *)r +
			    values[k].at);

			*to = c->word[++i];
		} else if (!strcmp(c->word[i], "reject")) {
			r->reject = true;
		} else if (i + 1 == c->count && device_name_ok(c->word[i]) &&
		    !r->device) {
			/* "dev" may be left out in front of the last one. */
			r->device = c->word[i];
		} else {
			return false;
		}
	}
	return true;
}

/* The destination in ip's words.  False where it is a name, or where only
 * net-tools' idea of address classes would tell the mask. */
static bool
destination(char *buf, size_t size, const struct net_route *r)
{
	struct prefix p;

	if (!strcmp(r->target, "default") || !strcmp(r->target, "0.0.0.0") ||
	    !strcmp(r->target, "0.0.0.0/0")) {
		snprintf(buf, size, "default");
		return !r->mask || !strcmp(r->mask, "0.0.0.0") ||
		    !strcmp(r->mask, "0");
	}
	if (r->host || (!r->net && !r->mask && !strchr(r->target, '/'))) {
		snprintf(buf, size, "%.47s/32", r->target);
		/* Without -host and -net a trailing 0 decides. */
		if (!r->host && strlen(r->target) > 2 &&
		    !strcmp(r->target + strlen(r->target) - 2, ".0"))
			return false;
	} else if (r->mask) {
		snprintf(buf, size, "%.47s/%.15s", r->target, r->mask);
	} else {
		snprintf(buf, size, "%.51s", r->target);
		if (!strchr(buf, '/'))
			return false;
	}
	return prefix_parse(&p, AF_INET, buf) && !prefix_has_host_bits(&p);
}

static char *
in_words_of_ip(const struct net_route *r)
{
	char to[80];
	struct text t = { 0 };

	if (!destination(to, sizeof(to), r))
		return NULL;
	text_str(&t, r->reject ? "unreachable " : "");
	text_str(&t, to);
	if (r->gateway) {
		text_str(&t, " via ");
		text_str(&t, r->gateway);
	}
	if (r->device && !r->reject) {
		text_str(&t, " dev ");
		text_str(&t, r->device);
	}
	if (r->metric && strcmp(r->metric, "0")) {
		text_str(&t, " metric ");
		text_str(&t, r->metric);
	}
	if (t.failed)
		text_fini(&t);
	return t.at;
}

bool
hand_net_tools(struct hand *h, const struct command *c,
    struct hand_context *ctx)
{
	struct net_route r = { 0 };
	size_t i = 2;
	char *words;

	if (strcmp(hand_program(c), "route"))
		return true;
	if (c->count < 2 || !strcmp(c->word[1], "-n")) {
		h->kind = c->file ? HAND_OTHER : HAND_NOTHING;
		return true;
	}
	h->family = AF_INET;
	h->kind = !strcmp(c->word[1], "add") ? HAND_ROUTE_ADD :
	    !strcmp(c->word[1], "del") || !strcmp(c->word[1], "delete") ?
	    HAND_ROUTE_DELETE : HAND_OTHER;
	if (h->kind == HAND_OTHER || c->file)
		return hand_unsure(h, "it is not read: write it for ip(8)");
	if (i < c->count && !strcmp(c->word[i], "-net"))
		r.net = ++i;
	else if (i < c->count && !strcmp(c->word[i], "-host"))
		r.host = ++i;
	if (i == c->count)
		return hand_unsure(h, "it has no destination");
	r.target = c->word[i];
	words = read_rest(&r, c, i + 1) ? in_words_of_ip(&r) : NULL;
	if (!words)
		return hand_unsure(h, "it is not read: write it for ip(8)");
	return hand_route_words(h, words, ctx);
}

/* The four that an option of ours stands for. */
static bool
is_our_setting(const char *name)
{
	return !strcmp(name, "arp_filter") || !strcmp(name, "rp_filter") ||
	    !strcmp(name, "arp_ignore") || !strcmp(name, "arp_announce");
}

/* "net.ipv4.conf.eth0.rp_filter", with "/" for "." in any place; sysctl(8)
 * wants "eth0/10" for eth0.10. */
static void
read_setting(struct hand *h, const char *path, const char *value)
{
	static const char head[] = "net.ipv4.conf.";
	char text[80], *last;
	size_t n = strlen(path), len;
	char sign = strchr(path, '/') && (!strchr(path, '.') ||
	    strchr(path, '/') < strchr(path, '.')) ? '/' : '.';

	if (n >= sizeof(text) || strlen(value) >= sizeof(h->value))
		return;
	memcpy(text, path, n + 1);
	for (size_t i = 0; i < sizeof(head) - 1; i++)
		if (text[i] != (head[i] == '.' ? sign : head[i]))
			return;
	last = strrchr(text, sign);
	if (!last || last < text + sizeof(head) - 1 ||
	    !is_our_setting(last + 1))
		return;
	*last = '\0';
	len = strlen(text + sizeof(head) - 1);
	if (len >= sizeof(h->device))
		return;
	memcpy(h->device, text + sizeof(head) - 1, len + 1);
	for (char *at = h->device; sign == '.' && *at; at++)
		if (*at == '/')
			*at = '.';
	snprintf(h->name, sizeof(h->name), "%s", last + 1);
	snprintf(h->value, sizeof(h->value), "%s", value);
	/* Those of "all" and "default" are nobody's in particular. */
	if (strcmp(h->device, "all") && strcmp(h->device, "default"))
		h->kind = HAND_SYSCTL;
}

/* sysctl [-q] [-w] NAME=VALUE, of one name. */
static void
read_sysctl(struct hand *h, const struct command *c)
{
	char name[80];
	const char *equals;
	size_t i = 1;

	while (i < c->count && (!strcmp(c->word[i], "-w") ||
	    !strcmp(c->word[i], "-q") || !strcmp(c->word[i], "-qw") ||
	    !strcmp(c->word[i], "-wq") || !strcmp(c->word[i], "-e")))
		i++;
	equals = i + 1 == c->count ? strchr(c->word[i], '=') : NULL;
	if (!equals || (size_t)(equals - c->word[i]) >= sizeof(name))
		return;
	memcpy(name, c->word[i], (size_t)(equals - c->word[i]));
	name[equals - c->word[i]] = '\0';
	read_setting(h, name, equals + 1);
}

/* echo "100 isp1" >> /etc/iproute2/rt_tables */
static bool
read_table_name(struct hand *h, const struct command *c,
    struct hand_context *ctx)
{
	size_t first = c->count > 1 && !strcmp(c->word[1], "-e") ? 2 : 1;
	char *words = hand_join(c, first), *name;
	uint32_t known;
	bool ok = true;

	if (!words)
		return false;
	name = words + strcspn(words, " \t\\");
	if (*name == '\\' && name[1] == 't')
		*name++ = '\0';
	if (*name)
		*name++ = '\0';
	name += strspn(name, " \t");
	name[strcspn(name, " \t\\")] = '\0';
	if (!num_u32(&h->table, words, 1, UINT32_MAX) || !names_ok(name)) {
		ok = hand_unsure(h, "it is not read: expected NUMBER NAME");
	} else {
		h->kind = HAND_TABLE_NAME;
		snprintf(h->name, sizeof(h->name), "%s", name);
		if (names_table(&known, ctx->names, name))
			h->known = known == h->table;
		else
			ok = names_learn_table(ctx->names, name, h->table) ==
			    0;
	}
	free(words);
	return ok;
}

bool
hand_setting(struct hand *h, const struct command *c,
    struct hand_context *ctx)
{
	static const char proc[] = "/proc/sys/";

	if (!strcmp(hand_program(c), "sysctl") && !c->file) {
		read_sysctl(h, c);
		return true;
	}
	if (!c->file || strcmp(hand_program(c), "echo"))
		return true;
	if (!c->appends && c->count == 2 &&
	    !strncmp(c->file, proc, sizeof(proc) - 1))
		read_setting(h, c->file + sizeof(proc) - 1, c->word[1]);
	if (!strcmp(c->file, RT_TABLES) && c->appends)
		return read_table_name(h, c, ctx);
	return true;
}
