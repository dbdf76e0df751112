/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: drive words and wire against the kernel beside the real ip(8). */
#include <sys/socket.h>

#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>
#include <net/if.h>

#include <errno.h>
#include <libmnl/libmnl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "model.h"
#include "num.h"
#include "say.h"
#include "wire.h"
#include "words.h"

/* Lines are "rule WORDS" or "route WORDS", of the family given as -4 or -6.
 *
 *   gen SEED COUNT   random lines on stdout that ip(8) takes by form
 *   print            each line in the library's own words
 *   add              each line into the kernel; prints the lines it took,
 *                    complaints go to stderr as "LINE: why"
 *   twin             the same as somebody else's: protocol 99, metric + 1
 *   own              the same as protocol 173
 *   del              each line out of the kernel again
 *   delown           each line as protocol 173 out of the kernel again
 *   find             each line must be in the kernel's dump, and every dumped
 *                    object must survive printing and reading */

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
	return !strncmp(line, "rule ", 5);
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

static void
route_defaults(struct route *r, enum owner owner)
{
	if (r->table == 0)
		r->table = in_local_table(r->type) ? RT_TABLE_LOCAL :
		    RT_TABLE_MAIN;
	if (r->protocol == 0)
		r->protocol = RTPROT_BOOT;
	if (owner != AS_WRITTEN)
		r->protocol = owner == OWN ? PROTO_IFPOLICY : 99;
	for (size_t i = 0; i < r->hop_count; i++)
		r->hop[i].ifindex = if_nametoindex(r->hop[i].dev);
	route_normalize(r);
	if (owner == TWIN)
		r->metric += r->metric == UINT32_MAX ? UINT32_MAX : 1;
}

static bool
read_line(union object *o, int family, const char *line, enum owner owner,
    struct fault *f)
{
	if (is_rule(line)) {
		if (!words_parse_rule(&o->rule, family, NULL, line + 5, f))
			return false;
		rule_defaults(&o->rule, owner);
	} else {
		if (!words_parse_route(&o->route, family, NULL, line + 6, f))
			return false;
		route_defaults(&o->route, owner);
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

static bool
found(const struct dump *d, const union object *o, bool rules)
{
	for (size_t i = 0; i < d->count; i++) {
		union object filled = *o;

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

/* Random lines.  xorshift, so that a seed means the same everywhere. */

static uint32_t
roll(uint64_t *s, uint32_t sides)
{
	*s ^= *s << 13;
	*s ^= *s >> 7;
	*s ^= *s << 17;
	return (uint32_t)((*s >> 24) % sides);
}

static bool
one_in(uint64_t *s, uint32_t n)
{
	return roll(s, n) == 0;
}

#define PICK(s, list) ((list)[roll((s), sizeof(list) / sizeof((list)[0]))])

static void
gen_prefix(uint64_t *s, int family)
{
	struct prefix p = { .addr = { .family = (uint8_t)family } };
	char buf[PREFIX_TEXT];

	/* Not the devices' own subnets: they would hide the gateways. */
	p.addr.byte[0] = family == AF_INET ? 172 : 0x20;
	p.addr.byte[1] = family == AF_INET ? 20 : 0x02;
	for (size_t i = 2; i < addr_bytes(family); i++)
		p.addr.byte[i] = (uint8_t)roll(s, 256);
	p.len = (uint8_t)(12 + roll(s, addr_bits(family) - 11));
	prefix_clear_host_bits(&p);
	fputs(prefix_print(buf, &p), stdout);
}

static void
gen_rule_action(uint64_t *s)
{
	static const char *const tables[] = {
		"lookup 77", "table 300", "tab 100000", "ta 4000000000",
	};
	static const char *const actions[] = {
		"blackhole", "unreachable", "prohibit", "nop", "bl", "u",
		"goto 32765", "g 32765", "type prohibit", "lookup 5 blackhole",
		"l3mdev",
	};

	if (one_in(s, 4)) {
		printf(" %s", PICK(s, actions));
		return;
	}
	/* "t" is tun_id */
	if (one_in(s, 10))
		printf(" t %u", 1 + roll(s, 1000000));
	printf(" %s", PICK(s, tables));
	if (one_in(s, 4))
		printf(" suppress_prefixlength %u", roll(s, 33));
	if (one_in(s, 6))
		printf(" sup_group %u", roll(s, 9));
}

static void
gen_rule(uint64_t *s, int family, uint32_t at)
{
	static const char *const priority[] = {
		"priority", "pref", "prio", "order", "preference", "p",
	};
	static const char *const proto[] = { "protocol", "proto", "pro" };
	static const char *const devs[] = { "iif d0", "dev d1", "oif d0",
		"iif d0 oif nowhere0", "iif lo" };

	printf("rule");
	if (one_in(s, 6))
		printf(" not");
	if (!one_in(s, 3)) {
		printf(" from ");
		gen_prefix(s, family);
	}
	if (one_in(s, 3)) {
		printf(" to ");
		gen_prefix(s, family);
	}
	/* Its own, or a delete could hit a rule that says more. */
	printf(" %s %u", PICK(s, priority), at);
	if (one_in(s, 8))
		printf(" tos %x", 4 * roll(s, family == AF_INET ? 8 : 64));
	if (one_in(s, 5))
		printf(one_in(s, 2) ? " fwmark 0x%x/0x%x" : " fwmark %u",
		    roll(s, 4096), roll(s, 4096));
	if (one_in(s, 5))
		printf(" %s", PICK(s, devs));
	if (one_in(s, 8))
		printf(" uidrange %u-%u", roll(s, 100), 100 + roll(s, 100));
	if (one_in(s, 6))
		printf(" ipproto %s", one_in(s, 2) ? "tcp" : "17");
	if (one_in(s, 6))
		printf(" sport %u", 1 + roll(s, 65534));
	if (one_in(s, 6))
		printf(" dport %u-%u", 1 + roll(s, 99), 100 + roll(s, 60000));
	if (family == AF_INET && one_in(s, 8))
		printf(" realms %u/%u", roll(s, 256), roll(s, 256));
	gen_rule_action(s);
	if (one_in(s, 3))
		printf(" %s %u", PICK(s, proto), 1 + roll(s, 255));
	printf("\n");
}

static void
gen_metrics(uint64_t *s)
{
	static const char *const number[] = {
		"mtu", "mtu lock", "advmss", "reordering", "window", "w",
		"cwnd", "initcwnd", "initrwnd lock", "hoplimit", "ssthresh",
		"rtt lock", "reo",
	};
	static const char *const rest[] = {
		"rtt 300ms", "rttvar 1.5s", "rto_min 20", "rto_min 0.1s",
		"features ecn", "f ecn", "quickack 1", "quickack 0",
		"fastopen_no_cookie 1", "congctl cubic", "congctl lock reno",
		"rtt 2.25secs", "mtu lock 0",
	};

	if (one_in(s, 3))
		printf(" %s %u", PICK(s, number), 1 + roll(s, 255));
	else if (one_in(s, 2))
		printf(" %s", PICK(s, rest));
}

/* n is below 5: two hops of a route must not have one gateway. */
static void
gen_gateway(uint64_t *s, int family, const char *dev, unsigned n)
{
	unsigned net = dev[1] == '1', host = 2 + 50 * n + roll(s, 50);

	if (family == AF_INET)
		printf(" via 10.0.%u.%u", net, host);
	else
		printf(" via 2001:db8:%x::%x", net, host);
}

static void
gen_nexthops(uint64_t *s, int family)
{
	unsigned n = 2 + roll(s, 3);

	while (n--) {
		const char *dev = one_in(s, 2) ? "d0" : "d1";

		printf(" nexthop");
		if (family == AF_INET6 || !one_in(s, 4))
			gen_gateway(s, family, dev, n);
		if (one_in(s, 2) || family == AF_INET)
			printf(" dev %s", dev);
		if (one_in(s, 2))
			printf(" weight %u", 1 + roll(s, 256));
		if (family == AF_INET && one_in(s, 5))
			printf(" realms %u", roll(s, 256));
	}
}

static void
gen_hop(uint64_t *s, int family)
{
	const char *dev = one_in(s, 2) ? "d0" : "d1";

	if (one_in(s, 8)) {
		printf(" onlink via %s dev %s", family == AF_INET ?
		    "192.0.2.77" : "2001:db8:ffff::77", dev);
	} else if (family == AF_INET && one_in(s, 8)) {
		printf(" via inet6 2001:db8::%x dev d0", 2 + roll(s, 99));
	} else {
		if (one_in(s, 2))
			gen_gateway(s, family, dev, 0);
		printf(" %s %s", one_in(s, 2) ? "dev" : "oif", dev);
		if (family == AF_INET && one_in(s, 8))
			printf(" realms %u/%u", roll(s, 256), roll(s, 256));
	}
}

static void
gen_route_options(uint64_t *s, int family)
{
	static const char *const tables[] = {
		"table 77", "table 300", "tab 100000", "t 4000000000",
	};
	static const char *const metric[] = {
		"metric", "m", "preference", "priority", "p", "prio",
	};

	if (!one_in(s, 5))
		printf(" %s", PICK(s, tables));
	if (one_in(s, 2))
		printf(" %s %u", PICK(s, metric), roll(s, 5000));
	if (family == AF_INET && one_in(s, 6))
		printf(" dsfield %x", 4 * roll(s, 8));
	if (one_in(s, 4))
		printf(" proto %u", 4 + roll(s, 250));
	if (family == AF_INET6 && one_in(s, 6))
		printf(" pref %s", one_in(s, 2) ? "low" : "high");
	if (one_in(s, 4))
		printf(" src %s", family == AF_INET ? "10.0.1.1" :
		    "2001:db8:1::1");
}

static void
gen_hops(uint64_t *s, int family)
{
	static const char *const scopes[] = {
		"link", "host", "global", "site",
	};

	/* Without metrics: a kernel lets the routes of one next hop object
	 * share what one of them was given (fib_find_info_nh()). */
	if (one_in(s, 12)) {
		printf(" nhid %u", family == AF_INET ? 4 : 6);
		return;
	}
	gen_metrics(s);
	if (one_in(s, 6)) {
		gen_nexthops(s, family);
		return;
	}
	gen_hop(s, family);
	if (one_in(s, 8))
		printf(" scope %s", PICK(s, scopes));
	if (family == AF_INET6 && one_in(s, 8))
		printf(" expires %u", 600 + roll(s, 600));
}

static void
gen_route(uint64_t *s, int family)
{
	static const char *const rejects[] = {
		"unreachable", "blackhole", "prohibit", "throw", "bl", "pro",
	};
	bool reject = one_in(s, 8);

	printf("route ");
	if (reject)
		printf("%s ", rejects[roll(s, 5)]);
	else if (one_in(s, 10))
		printf("%s ", one_in(s, 2) ? "local" : "unicast");
	if (one_in(s, 20))
		printf("default");
	else
		gen_prefix(s, family);
	if (family == AF_INET6 && one_in(s, 8))
		printf(" from 2001:db8::/64");
	if (reject) {
		printf(" table 77");
		if (one_in(s, 2))
			printf(" metric %u", roll(s, 5000));
	} else {
		gen_route_options(s, family);
		gen_hops(s, family);
	}
	printf("\n");
}

static int
gen(int family, const char *seed, const char *count)
{
	uint64_t s;
	uint32_t n;

	if (!num_u64(&s, seed, 0, UINT64_MAX) ||
	    !num_u32(&n, count, 1, 1000000))
		return 2;
	s = (s + 1) * 0x9e3779b97f4a7c15 + (unsigned)family;
	while (n--) {
		if (one_in(&s, 2))
			gen_rule(&s, family, 1 + n % 32000);
		else
			gen_route(&s, family);
	}
	return 0;
}

int
main(int argc, char **argv)
{
	int family = argc > 1 && !strcmp(argv[1], "-6") ? AF_INET6 : AF_INET;
	const char *cmd = argc > 2 ? argv[2] : "";

	if (!strcmp(cmd, "gen") && argc == 5)
		return gen(family, argv[3], argv[4]);
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
	fprintf(stderr, "usage: words-vs-ip -4|-6 COMMAND\n");
	return 2;
}
