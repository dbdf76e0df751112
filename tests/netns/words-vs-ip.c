/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: drive words and wire against the kernel beside the real ip(8). */
#include <sys/socket.h>
#include <sys/wait.h>

#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>
#include <net/if.h>

#include <errno.h>
#include <fcntl.h>
#include <libmnl/libmnl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "model.h"
#include "say.h"
#include "wire.h"
#include "words.h"

/* Lines are "rule WORDS" or "route WORDS", of the family given as -4 or -6.
 *
 *   print            each line in the library's own words
 *   add              each line into the kernel; prints the lines it took,
 *                    complaints go to stderr as "LINE: why"
 *   twin             the same as somebody else's: protocol 99, metric + 1
 *   own              the same as protocol 173
 *   del              each line out of the kernel again
 *   delown           each line as protocol 173 out of the kernel again
 *   find             each line must be in the kernel's dump, and every dumped
 *                    object must survive printing and reading
 *   judge            prints the lines that ip(8) takes, run once for each: in
 *                    a batch a line that it cannot read would end it */

#define LINE	5000
#define READ	32768

enum owner { AS_WRITTEN, OWN, TWIN };

union object {
	struct rule rule;
	struct route route;
};

struct talk {
	struct mnl_socket *nl;
	unsigned seq;
};

static bool
is_rule(const char *line)
{
	return !strncmp(line, "rule", 4);
}

/* What follows the first word; it may stand alone. */
static const char *
words_of(const char *line)
{
	return line + strcspn(line, " ");
}

/* What ip(8) fills in where the line says nothing. */
static void
rule_defaults(struct rule *r, enum owner owner)
{
	if (r->table == 0 && r->action == FR_ACT_TO_TBL && !r->l3mdev)
		r->table = RT_TABLE_MAIN;
	if (owner != AS_WRITTEN)
		r->protocol = owner == OWN ? PROTO_IFPOLICY : 99;
	rule_normalize(r);
}

static bool
in_local_table(uint8_t type)
{
	return type == RTN_LOCAL || type == RTN_BROADCAST ||
	    type == RTN_ANYCAST;
}

static bool
route_defaults(struct route *r, enum owner owner, struct fault *f)
{
	if (r->table == 0)
		r->table = in_local_table(r->type) ? RT_TABLE_LOCAL :
		    RT_TABLE_MAIN;
	if (r->protocol == 0)
		r->protocol = RTPROT_BOOT;
	if (owner != AS_WRITTEN)
		r->protocol = owner == OWN ? PROTO_IFPOLICY : 99;
	for (size_t i = 0; i < r->hop_count; i++) {
		r->hop[i].ifindex = if_nametoindex(r->hop[i].dev);
		if (r->hop[i].dev[0] && r->hop[i].ifindex == 0)
			return fault_set(f, "no device %s", r->hop[i].dev);
	}
	route_normalize(r);
	if (owner == TWIN)
		r->metric += r->metric == UINT32_MAX ? UINT32_MAX : 1;
	return true;
}

static bool
read_line(union object *o, int family, const char *line, enum owner owner,
    struct fault *f)
{
	if (is_rule(line)) {
		if (!words_parse_rule(&o->rule, family, WORDS_HOST_BITS, NULL,
		    words_of(line), f))
			return false;
		rule_defaults(&o->rule, owner);
	} else {
		if (!words_parse_route(&o->route, family, NULL,
		    words_of(line), f))
			return false;
		return route_defaults(&o->route, owner, f);
	}
	return true;
}

static struct nlmsghdr *
encode(void *buf, const union object *o, const char *line, bool del)
{
	uint16_t add = NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL;

	if (is_rule(line))
		return wire_rule(buf, &o->rule, del ? RTM_DELRULE :
		    RTM_NEWRULE, del ? NLM_F_ACK : add);
	return wire_route(buf, &o->route, del ? RTM_DELROUTE : RTM_NEWROUTE,
	    del ? NLM_F_ACK : add);
}

static void
talk_open(struct talk *t)
{
	int on = 1;

	t->seq = 1;
	t->nl = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	if (!t->nl || mnl_socket_bind(t->nl, 0, MNL_SOCKET_AUTOPID) < 0) {
		perror("netlink");
		exit(2);
	}
	(void)mnl_socket_setsockopt(t->nl, NETLINK_EXT_ACK, &on, sizeof(on));
	(void)mnl_socket_setsockopt(t->nl, NETLINK_GET_STRICT_CHK, &on,
	    sizeof(on));
}

static ssize_t
receive(struct talk *t, void *buf)
{
	ssize_t n = mnl_socket_recvfrom(t->nl, buf, READ);

	if (n < 0) {
		perror("recv");
		exit(2);
	}
	return n;
}

/* Sends one request; false and the kernel's text if it was refused. */
static bool
ask(struct talk *t, struct nlmsghdr *nlh, struct fault *f)
{
	_Alignas(NLMSG_ALIGNTO) char buf[READ];
	const char *text;
	int error;

	nlh->nlmsg_seq = ++t->seq;
	if (mnl_socket_sendto(t->nl, nlh, nlh->nlmsg_len) < 0)
		return fault_set(f, "%s", strerror(errno));
	(void)receive(t, buf);
	text = wire_read_error(&error, (struct nlmsghdr *)buf);
	if (error == 0)
		return true;
	return fault_set(f, "kernel: %s (%s)", strerror(-error),
	    text ? text : "no text");
}

static int
change(int family, bool del, enum owner owner)
{
	_Alignas(NLMSG_ALIGNTO) char buf[WIRE_MESSAGE];
	char line[LINE];
	struct talk t;
	int bad = 0;

	talk_open(&t);
	for (int n = 1; fgets(line, sizeof(line), stdin); n++) {
		struct fault f = { "" };
		struct nlmsghdr *nlh;
		union object o;

		line[strcspn(line, "\n")] = '\0';
		if (!read_line(&o, family, line, owner, &f) ||
		    (!(nlh = encode(buf, &o, line, del)) &&
		    !fault_set(&f, "does not fit")) || !ask(&t, nlh, &f)) {
			fprintf(stderr, "%d: %s [%s]\n", n, f.text, line);
			bad = 1;
		} else {
			puts(line);
		}
	}
	mnl_socket_close(t.nl);
	return bad;
}

static int
print(int family)
{
	char line[LINE], buf[WORDS_TEXT];
	struct fault f;
	union object o;

	while (fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = '\0';
		if (!read_line(&o, family, line, AS_WRITTEN, &f)) {
			printf("# %s\n", f.text);
			continue;
		}
		if (is_rule(line))
			printf("rule add %s\n",
			    words_print_rule(buf, &o.rule, NULL));
		else
			printf("route add %s\n",
			    words_print_route(buf, &o.route, NULL));
	}
	return 0;
}

struct dump {
	union object *at;
	size_t count, room;
	size_t unknown;
};

static union object *
dump_add(struct dump *d)
{
	if (d->count == d->room) {
		d->room = d->room ? 2 * d->room : 256;
		d->at = realloc(d->at, d->room * sizeof(*d->at));
		if (!d->at)
			exit(2);
	}
	return &d->at[d->count++];
}

static void
name_devices(struct route *r)
{
	for (size_t i = 0; i < r->hop_count; i++)
		if (r->hop[i].ifindex)
			(void)if_indextoname(r->hop[i].ifindex, r->hop[i].dev);
	route_normalize(r);
}

/* False at the end of the dump. */
static bool
dump_take(struct dump *d, bool rules, const struct nlmsghdr *nlh)
{
	union object *o;
	int error;

	if (nlh->nlmsg_type == NLMSG_DONE || nlh->nlmsg_type == NLMSG_ERROR) {
		(void)wire_read_error(&error, nlh);
		if (error) {
			fprintf(stderr, "dump: %s\n", strerror(-error));
			exit(2);
		}
		return false;
	}
	o = dump_add(d);
	if (rules ? wire_read_rule(&o->rule, nlh) :
	    wire_read_route(&o->route, nlh)) {
		if (!rules)
			name_devices(&o->route);
	} else {
		d->count--;
		d->unknown++;
	}
	return true;
}

static void
dump_read(struct dump *d, int family, bool rules)
{
	_Alignas(NLMSG_ALIGNTO) char buf[READ];
	struct nlmsghdr *nlh;
	struct talk t;
	bool more = true;

	memset(d, 0, sizeof(*d));
	talk_open(&t);
	nlh = rules ? wire_dump_rules(buf, family) :
	    wire_dump_routes(buf, family, 0, 0, 0);
	nlh->nlmsg_seq = ++t.seq;
	if (mnl_socket_sendto(t.nl, nlh, nlh->nlmsg_len) < 0)
		exit(2);
	while (more) {
		int left = (int)receive(&t, buf);

		for (nlh = (struct nlmsghdr *)buf; more &&
		    mnl_nlmsg_ok(nlh, left); nlh = mnl_nlmsg_next(nlh, &left))
			more = dump_take(d, rules, nlh);
	}
	mnl_socket_close(t.nl);
}

static bool
same(const union object *a, const union object *b, bool rules)
{
	if (rules)
		return rule_same(&a->rule, &b->rule) &&
		    a->rule.protocol == b->rule.protocol;
	return route_same(&a->route, &b->route) &&
	    a->route.protocol == b->route.protocol;
}

/* Every object of the dump: print it, read it, find the same value. */
static int
survive(const struct dump *d, int family, bool rules)
{
	char line[16 + WORDS_TEXT], text[WORDS_TEXT];
	struct fault f = { "" };
	union object o;
	int bad = 0;

	for (size_t i = 0; i < d->count; i++) {
		if (rules)
			words_print_rule(text, &d->at[i].rule, NULL);
		else
			words_print_route(text, &d->at[i].route, NULL);
		snprintf(line, sizeof(line), "%s %s", rules ? "rule" : "route",
		    text);
		if (!read_line(&o, family, line, AS_WRITTEN, &f) ||
		    !same(&o, &d->at[i], rules)) {
			fprintf(stderr, "does not survive: %s [%s]\n", line,
			    f.text);
			bad = 1;
		}
	}
	if (d->unknown) {
		fprintf(stderr, "%zu not understood\n", d->unknown);
		bad = 1;
	}
	return bad;
}

/* What the line left to the kernel: a rule's priority, a gateway's device. */
static void
fill_in(union object *o, const union object *kernel, bool rules)
{
	struct route *r = &o->route;
	const struct route *k = &kernel->route;

	if (rules) {
		if (!o->rule.has_priority)
			o->rule.priority = kernel->rule.priority;
		o->rule.has_priority = true;
		return;
	}
	for (size_t i = 0; i < r->hop_count; i++)
		for (size_t j = 0; j < k->hop_count; j++)
			if (r->hop[i].ifindex == 0 && addr_cmp(&r->hop[i].via,
			    &k->hop[j].via) == 0)
				r->hop[i].ifindex = k->hop[j].ifindex;
	name_devices(r);
}

/* Tells most apart before the long way is taken. */
static bool
alike(const union object *a, const union object *b, bool rules)
{
	if (rules)
		return !a->rule.has_priority ||
		    a->rule.priority == b->rule.priority;
	return a->route.table == b->route.table &&
	    prefix_cmp(&a->route.dst, &b->route.dst) == 0;
}

static bool
found(const struct dump *d, const union object *o, bool rules)
{
	for (size_t i = 0; i < d->count; i++) {
		union object filled;

		if (!alike(o, &d->at[i], rules))
			continue;
		filled = *o;
		fill_in(&filled, &d->at[i], rules);
		if (same(&filled, &d->at[i], rules))
			return true;
	}
	return false;
}

static int
find(int family)
{
	struct dump rules, routes;
	struct fault f = { "" };
	char line[LINE];
	union object o;
	int bad;

	dump_read(&rules, family, true);
	dump_read(&routes, family, false);
	bad = survive(&rules, family, true) | survive(&routes, family, false);
	while (fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = '\0';
		if (!read_line(&o, family, line, AS_WRITTEN, &f) ||
		    !found(is_rule(line) ? &rules : &routes, &o,
		    is_rule(line))) {
			fprintf(stderr, "not found: %s\n", line);
			bad = 1;
		}
	}
	free(rules.at);
	free(routes.at);
	return bad;
}

/* The exit code of `ip FAMILY rule|route add WORDS`. */
static int
run_ip(const char *family, char *line)
{
	char program[] = "ip", add[] = "add", option[8];
	char *argv[128] = { program, option, NULL, add };
	posix_spawn_file_actions_t quiet;
	size_t n = 4;
	char *save, *word;
	int status = 1;
	pid_t child;

	snprintf(option, sizeof(option), "%s", family);
	argv[2] = strtok_r(line, " ", &save);
	while ((word = strtok_r(NULL, " ", &save)) && n < 127)
		argv[n++] = word;
	if (!argv[2] || posix_spawn_file_actions_init(&quiet) != 0)
		exit(2);
	posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&quiet, 2, "/dev/null", O_WRONLY, 0);
	if (posix_spawnp(&child, "ip", &quiet, NULL, argv, environ) != 0 ||
	    waitpid(child, &status, 0) != child) {
		perror("ip");
		exit(2);
	}
	posix_spawn_file_actions_destroy(&quiet);
	return status;
}

static int
judge(const char *family)
{
	char line[LINE], words[LINE];

	while (fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = '\0';
		memcpy(words, line, sizeof(words));
		if (run_ip(family, words) == 0)
			puts(line);
	}
	return 0;
}

int
main(int argc, char **argv)
{
	int family = argc > 1 && !strcmp(argv[1], "-6") ? AF_INET6 : AF_INET;
	const char *cmd = argc > 2 ? argv[2] : "";

	if (!strcmp(cmd, "print"))
		return print(family);
	if (!strcmp(cmd, "add"))
		return change(family, false, AS_WRITTEN);
	if (!strcmp(cmd, "twin"))
		return change(family, false, TWIN);
	if (!strcmp(cmd, "own"))
		return change(family, false, OWN);
	if (!strcmp(cmd, "del"))
		return change(family, true, AS_WRITTEN);
	if (!strcmp(cmd, "delown"))
		return change(family, true, OWN);
	if (!strcmp(cmd, "find"))
		return find(family);
	if (!strcmp(cmd, "judge"))
		return judge(argv[1]);
	fprintf(stderr, "usage: words-vs-ip -4|-6 COMMAND\n");
	return 2;
}
