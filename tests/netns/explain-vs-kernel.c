/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: random policies, and what walk and the kernel say to random packets. */
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <linux/fib_rules.h>
#include <linux/icmpv6.h>
#include <net/if.h>
#include <netinet/in.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "facts.h"
#include "model.h"
#include "nl.h"
#include "sysctl.h"
#include "walk.h"
#include "wire.h"
#include "words.h"

#include "words-vs-ip-roll.h"

/* explain-vs-kernel -4|-6|-plain SEED LOOKUPS
 *
 * (-plain: IPv4 without a rule, where none was ever changed)
 *
 * In a network namespace with devices and addresses (explain-vs-kernel.t makes
 * them).  Again and again: rules and routes at random, LOOKUPS_A_POLICY random
 * packets, each asked of walk() and of the kernel; then all that was put in is
 * taken out.  Prints what they disagree about, the seed of its policy and the
 * policy itself. */

#define OWNER			99	/* protocol of what this program adds */
#define LOOKUPS_A_POLICY	400
#define RULES_MAX		40
#define ROUTES_MAX		110
#define DISAGREEMENTS_TOLD	6

struct run {
	int family;
	bool plain;
	bool only_sent;		/* ports of what comes in are not asked for */
	uint64_t dice;
	struct nl nl;
	struct fib fib;
	struct input_conf *input;	/* of each link of fib */
	struct walk walk;
	unsigned long refused, asked, wrong, errors, verdict[16];
	unsigned long unsure, right;	/* and yet right */
	unsigned long came[16], passed[16], others;
};

static void
die(const char *what, const struct fault *f)
{
	fprintf(stderr, "%s: %s\n", what, f->text);
	exit(2);
}

static bool
one_in(struct run *k, uint32_t n)
{
	return roll(&k->dice, n) == 0;
}

/* ---- addresses ------------------------------------------------------- */

static const char *const pool4[] = {
	"10.0.0.1", "10.0.0.2", "10.0.0.9", "10.0.0.255", "10.0.1.1",
	"10.0.1.9", "10.0.2.1", "10.0.2.77", "10.0.3.1", "10.0.3.200",
	"10.9.0.5", "10.9.128.5", "10.128.0.1", "172.16.5.4", "172.16.5.130",
	"192.0.2.1", "198.51.100.7", "203.0.113.8", "127.0.0.1",
};

static const char *const odd4[] = {
	"224.0.0.5", "239.1.2.3", "255.255.255.255", "127.0.0.9", "0.1.2.3",
	"10.0.0.0",
};

static const char *const gateways4[] = {
	"10.0.0.2", "10.0.0.9", "10.0.1.9", "10.0.1.7", "10.0.2.77",
	"10.0.3.200",
};

static const char *const pool6[] = {
	"fd00::1", "fd00::2", "fd00::9", "fd00:0:0:1::1", "fd00:0:0:1::9",
	"fd00:0:0:2::1", "fd00:0:0:2::77", "fd00:0:0:3::1", "fd00:9::5",
	"fd00:9:8000::5", "2001:db8::1", "2001:db8:0:5::4",
	"2001:db8:0:5:8000::4", "2001:db8:ff::7", "3fff::1", "::1",
};

static const char *const odd6[] = {
	"ff02::1", "ff0e::101", "fe80::1", "::1", "fe80::9",
};

static const char *const gateways6[] = {
	"fd00::2", "fd00::9", "fd00:0:0:1::9", "fd00:0:0:2::77",
	"fd00:0:0:3::9", "fe80::9",
};

static struct addr
address(struct run *k, bool odd)
{
	struct addr a = { 0 };
	const char *text;

	if (k->family == AF_INET)
		text = odd && one_in(k, 15) ? PICK(&k->dice, odd4) :
		    PICK(&k->dice, pool4);
	else
		text = odd && one_in(k, 15) ? PICK(&k->dice, odd6) :
		    PICK(&k->dice, pool6);
	if (!addr_parse(&a, k->family, text))
		exit(2);
	return a;
}

static struct addr
gateway(struct run *k)
{
	struct addr a = { 0 };

	if (!addr_parse(&a, k->family, k->family == AF_INET ?
	    PICK(&k->dice, gateways4) : PICK(&k->dice, gateways6)))
		exit(2);
	return a;
}

static struct addr
own(struct run *k)
{
	return k->fib.addresses.at[roll(&k->dice,
	    (uint32_t)k->fib.addresses.count)].prefix.addr;
}

static struct prefix
prefix(struct run *k)
{
	static const uint8_t lengths4[] = { 0, 0, 8, 12, 16, 17, 24, 25, 30,
	    32 };
	static const uint8_t lengths6[] = { 0, 0, 7, 16, 32, 33, 48, 64, 65,
	    128 };
	struct prefix p = { .addr = address(k, false) };

	p.len = k->family == AF_INET ? PICK(&k->dice, lengths4) :
	    PICK(&k->dice, lengths6);
	prefix_clear_host_bits(&p);
	return p;
}

static const struct link *
link_of(struct run *k)
{
	return &k->fib.links.at[roll(&k->dice, (uint32_t)k->fib.links.count)];
}

/* ---- rules ----------------------------------------------------------- */

static const uint32_t tables[] = { 100, 101, 102, 103, RT_TABLE_MAIN,
    RT_TABLE_DEFAULT, 4242424 };

static const uint8_t tos_values[] = { 0x04, 0x08, 0x10, 0x1c };
static const uint8_t protocols[] = { IPPROTO_TCP, IPPROTO_UDP, 47 };
static const uint32_t marks[] = { 1, 2, 3, 0x100, 0x1ff, UINT32_MAX };
static const uint32_t masks[] = { UINT32_MAX, 1, 0xff, 0xf00 };
static const uint32_t users[] = { 0, 1, 1000, 1001, 65534 };
static const uint16_t ports[] = { 22, 53, 80, 443, 1024, 65535 };

static struct range
port_range(struct run *k)
{
	struct range r = { PICK(&k->dice, ports), PICK(&k->dice, ports) };

	if (r.hi < r.lo || one_in(k, 2))
		r.hi = r.lo;
	return r;
}

static void
device_name(struct run *k, char *name)
{
	snprintf(name, IFNAMSIZ, "%s", one_in(k, 8) ? "gone0" :
	    link_of(k)->name);
}

static void
random_selectors(struct run *k, struct rule *r)
{
	if (one_in(k, 3))
		r->from = prefix(k);
	if (one_in(k, 3))
		r->to = prefix(k);
	if (one_in(k, 8))
		strcpy(r->iif, "lo");
	else if (one_in(k, 8))
		device_name(k, r->iif);
	if (one_in(k, 8))
		device_name(k, r->oif);
	if (one_in(k, 6)) {
		r->fwmark = PICK(&k->dice, marks);
		r->fwmask = PICK(&k->dice, masks);
		r->fwmark &= r->fwmask;
	}
	if (one_in(k, 8))
		r->tos = PICK(&k->dice, tos_values);
	if (one_in(k, 8)) {
		r->has_uid = true;
		r->uid.lo = PICK(&k->dice, users);
		r->uid.hi = r->uid.lo + roll(&k->dice, 2000);
	}
	/* What only looks at what is sent here is looked at otherwise. */
	if (one_in(k, 8)) {
		r->ipproto = PICK(&k->dice, protocols);
		if (k->only_sent)
			strcpy(r->iif, "lo");
	}
	if (one_in(k, 10) && !k->only_sent)
		r->sport = port_range(k);
	if (one_in(k, 10) && !k->only_sent)
		r->dport = port_range(k);
	if (one_in(k, 40))
		r->tun_id = 7;
	r->invert = one_in(k, 5);
}

static void
random_action(struct run *k, struct rule *r)
{
	static const uint8_t actions[] = { FR_ACT_NOP, FR_ACT_BLACKHOLE,
	    FR_ACT_UNREACHABLE, FR_ACT_PROHIBIT };

	r->action = FR_ACT_TO_TBL;
	if (one_in(k, 7)) {
		r->action = FR_ACT_GOTO;
		r->target = r->priority + 1 + roll(&k->dice, 12);
		return;
	}
	if (one_in(k, 14)) {
		r->action = PICK(&k->dice, actions);
		return;
	}
	if (one_in(k, 60)) {
		r->l3mdev = 1;
		return;
	}
	r->table = PICK(&k->dice, tables);
	if (one_in(k, 5))
		r->suppress_prefixlen = (int32_t)roll(&k->dice,
		    one_in(k, 2) ? 3 : 33);
	if (one_in(k, 12))
		r->suppress_ifgroup = (int32_t)roll(&k->dice, 3);
}

static struct rule
random_rule(struct run *k)
{
	struct rule r;

	rule_init(&r, k->family);
	r.has_priority = true;
	r.priority = 1 + roll(&k->dice, 40);
	r.protocol = OWNER;
	random_action(k, &r);
	random_selectors(k, &r);
	rule_normalize(&r);
	return r;
}

/* ---- routes ---------------------------------------------------------- */

static void
random_hop(struct run *k, struct hop *h)
{
	const struct link *l = link_of(k);

	h->ifindex = l->ifindex;
	if (one_in(k, 4))
		return;
	h->via = gateway(k);
	h->onlink = one_in(k, 2);
	if (!h->onlink && one_in(k, 2))
		h->ifindex = 0;
}

static void
random_hops(struct run *k, struct route *r)
{
	r->hop_count = one_in(k, 5) ? 2 + roll(&k->dice, 2) : 1;
	for (size_t i = 0; i < r->hop_count; i++) {
		do
			random_hop(k, &r->hop[i]);
		while (k->family == AF_INET6 && r->hop_count > 1 &&
		    !addr_given(&r->hop[i].via));
		if (r->hop_count > 1)
			r->hop[i].weight = (uint16_t)(1 + roll(&k->dice, 5));
	}
}

/* A gateway that is this machine itself is left out in silence. */
static bool
has_gateways(const struct run *k, const struct prefix *p)
{
	struct addr a;

	for (size_t i = 0; i < COUNT(gateways4); i++)
		if (addr_parse(&a, k->family, k->family == AF_INET ?
		    gateways4[i] : gateways6[i]) && prefix_covers(p, &a))
			return true;
	return p->len == 0;
}

static struct route
random_route(struct run *k)
{
	static const uint8_t refusing[] = { RTN_THROW, RTN_THROW,
	    RTN_UNREACHABLE, RTN_BLACKHOLE, RTN_PROHIBIT };
	struct route r;

	route_init(&r, k->family);
	r.protocol = OWNER;
	r.table = PICK(&k->dice, tables);
	r.dst = prefix(k);
	r.type = one_in(k, 6) ? PICK(&k->dice, refusing) : RTN_UNICAST;
	if (one_in(k, k->plain ? 5 : 25) && !has_gateways(k, &r.dst)) {
		r.type = one_in(k, 2) ? RTN_LOCAL : RTN_BROADCAST;
		if (one_in(k, k->plain ? 2 : 4))
			r.table = RT_TABLE_LOCAL;
	}
	if (one_in(k, 2))
		r.metric = 1 + roll(&k->dice, 4);
	if (k->family == AF_INET && one_in(k, 6))
		r.tos = PICK(&k->dice, tos_values);
	if (k->family == AF_INET6 && one_in(k, 6))
		r.src = prefix(k);
	if (k->family == AF_INET6 && one_in(k, 5)) {
		r.has_pref = true;
		r.pref = one_in(k, 2) ? ICMPV6_ROUTER_PREF_HIGH :
		    ICMPV6_ROUTER_PREF_LOW;
	}
	/* The kernel has nexthop objects 1 to 6, see the test. */
	if (r.type == RTN_UNICAST && r.src.len == 0 &&
	    one_in(k, k->family == AF_INET ? 6 : 12))
		r.nhid = (k->family == AF_INET ? 40 : 60) + 1 +
		    roll(&k->dice, 5);
	else if (!route_type_is_reject(r.type))
		random_hops(k, &r);
	/* The kernel's dump of next hops of one metric leaves out a route
	 * between them that is none of them (fib6_dump_node()). */
	if (k->family == AF_INET6 && r.hop_count && !addr_given(&r.hop[0].via))
		r.metric = 10 + roll(&k->dice, 4);
	route_normalize(&r);
	return r;
}

/* ---- the kernel ------------------------------------------------------ */

struct message {
	_Alignas(struct nlmsghdr) char bytes[WIRE_MESSAGE];
};

struct sending {
	struct message at[NL_BATCH];
	struct nlmsghdr *nlh[NL_BATCH];
	size_t count;
};

static void
flush(struct run *k, struct sending *s)
{
	struct nl_answer answers[NL_BATCH];
	struct fault f = { "" };

	if (s->count && nl_batch(&k->nl, s->nlh, s->count, answers, &f))
		die("batch", &f);
	for (size_t i = 0; i < s->count; i++)
		if (answers[i].error)
			k->refused++;
	s->count = 0;
}

static void
put(struct run *k, struct sending *s, const struct rule *rule,
    const struct route *route, bool del)
{
	uint16_t flags = NLM_F_ACK | (del ? 0 : NLM_F_CREATE);
	struct message *m = &s->at[s->count];

	/* Now and then beside one of the same key, IPv6's as a new hop. */
	if (!del)
		flags |= one_in(k, 3) ? NLM_F_APPEND : NLM_F_EXCL;
	s->nlh[s->count] = rule ? wire_rule(m->bytes, rule, del ?
	    RTM_DELRULE : RTM_NEWRULE, flags) : wire_route(m->bytes, route,
	    del ? RTM_DELROUTE : RTM_NEWROUTE, flags);
	if (!s->nlh[s->count])
		exit(2);
	if (++s->count == NL_BATCH)
		flush(k, s);
}

static void
read_fib(struct run *k)
{
	struct fault f = { "" };

	if (facts_read_fib(&k->fib, &k->nl, k->family, &f))
		die("facts", &f);
	k->fib.merged = k->plain;
}

static void
make_policy(struct run *k, struct sending *s)
{
	size_t rules = roll(&k->dice, RULES_MAX);
	size_t routes = roll(&k->dice, ROUTES_MAX);

	k->only_sent = one_in(k, 3);
	for (size_t i = 0; i < routes; i++) {
		struct route r = random_route(k);

		put(k, s, NULL, &r, false);
	}
	for (size_t i = 0; i < rules && !k->plain; i++) {
		struct rule r = random_rule(k);

		put(k, s, &r, NULL, false);
	}
	flush(k, s);
	read_fib(k);
}

/* Until nothing of ours is left: the deletion of one of IPv6's hops takes the
 * first that fits. */
static void
clear_policy(struct run *k, struct sending *s)
{
	char text[WORDS_TEXT];
	size_t left = 1;

	for (int tries = 0; left && tries < 20; tries++) {
		left = 0;
		for (size_t i = 0; i < k->fib.rules.count; i++)
			if (k->fib.rules.at[i].protocol == OWNER && ++left)
				put(k, s, &k->fib.rules.at[i], NULL, true);
		for (size_t i = 0; i < k->fib.routes.count; i++) {
			struct route *r = &k->fib.routes.at[i];

			if (r->protocol != OWNER)
				continue;
			/* What a next hop object swallows is not the type. */
			if (r->nhid)
				r->type = RTN_UNICAST;
			left++;
			put(k, s, NULL, r, true);
		}
		flush(k, s);
		read_fib(k);
	}
	if (left) {
		fprintf(stderr, "%zu objects cannot be taken out\n", left);
		for (size_t i = 0; i < k->fib.routes.count; i++)
			if (k->fib.routes.at[i].protocol == OWNER)
				fprintf(stderr, "%s\n", words_print_route(text,
				    &k->fib.routes.at[i], NULL));
		exit(2);
	}
}

/* A device down takes routes along, and hops of others; those of the next
 * policy have it again. */
static void
set_up(const char *name, bool up)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	struct ifreq r = { .ifr_flags = 0 };

	memcpy(r.ifr_name, name, strlen(name) + 1);
	if (fd < 0 || ioctl(fd, SIOCGIFFLAGS, &r) < 0) {
		perror(name);
		exit(2);
	}
	r.ifr_flags = (short)(up ? r.ifr_flags | IFF_UP :
	    r.ifr_flags & ~IFF_UP);
	if (ioctl(fd, SIOCSIFFLAGS, &r) < 0) {
		perror(name);
		exit(2);
	}
	close(fd);
}

static bool
settled(const struct run *k, bool down)
{
	const struct link *peer = fib_link_named(&k->fib, "p1");
	const struct link *l = fib_link_named(&k->fib, "d1");

	if (!peer || !l || !(l->flags & IFF_RUNNING) != down ||
	    !(peer->flags & IFF_RUNNING) != down)
		return false;
	/* IPv4's local routes stay when a device goes down. */
	if (k->family == AF_INET)
		return true;
	for (size_t i = 0; i < k->fib.routes.count; i++)
		if (k->fib.routes.at[i].type == RTN_LOCAL &&
		    k->fib.routes.at[i].protocol == RTPROT_KERNEL &&
		    k->fib.routes.at[i].hop[0].ifindex == l->ifindex)
			return !down;
	return down;
}

/* The kernel takes its time to note a cable, and IPv6 an address. */
static void
set_down(struct run *k, bool down)
{
	set_up("d1", !down);
	for (int i = 0; i < 1000; i++) {
		read_fib(k);
		if (settled(k, down))
			break;
		usleep(2000);
	}
	usleep(20000);
	read_fib(k);
	if (!settled(k, down)) {
		fprintf(stderr, "d1 does not settle\n");
		exit(2);
	}
}

static void
set_forwarding6(bool on)
{
	int err = sysctl_write("ipv6/conf/all/forwarding", on ? "1" : "0");

	if (err) {
		fprintf(stderr, "forwarding: %s\n", strerror(-err));
		exit(2);
	}
}

/* ---- packets --------------------------------------------------------- */

static struct question
random_question(struct run *k)
{
	static const uint8_t asked[] = { IPPROTO_TCP, IPPROTO_UDP };
	struct question q;

	question_init(&q, k->family);
	q.to = address(k, true);
	if (one_in(k, 3)) {
		const struct link *l = link_of(k);

		q.iif = l->ifindex;
		k->fib.input = k->input[l - k->fib.links.at];
		q.from = address(k, true);
		/* Who is in a group decides of what comes in. */
		q.to = address(k, false);
	} else {
		if (one_in(k, 2))
			q.from = one_in(k, 4) ? address(k, true) : own(k);
		if (one_in(k, 3))
			q.oif = link_of(k)->ifindex;
		q.uid = PICK(&k->dice, users);
	}
	if (one_in(k, 3))
		q.mark = PICK(&k->dice, marks);
	if (one_in(k, 3))
		q.tos = k->family == AF_INET6 || one_in(k, 2) ?
		    (uint8_t)(roll(&k->dice, 64) << 2) :
		    PICK(&k->dice, tos_values);
	if (one_in(k, 2)) {
		q.ipproto = PICK(&k->dice, asked);
		q.sport = PICK(&k->dice, ports);
		q.dport = PICK(&k->dice, ports);
	}
	return q;
}

static void
print_question(const struct question *q)
{
	char text[ADDR_TEXT], name[IFNAMSIZ];

	printf("# to %s", addr_print(text, &q->to));
	if (addr_given(&q->from))
		printf(" from %s", addr_print(text, &q->from));
	if (q->iif)
		printf(" iif %s", if_indextoname(q->iif, name));
	if (q->oif)
		printf(" oif %s", if_indextoname(q->oif, name));
	printf(" mark 0x%x ipproto %u sport %u dport %u uid %u tos 0x%02x\n",
	    q->mark, q->ipproto, q->sport, q->dport, q->uid, q->tos);
}

static void
print_table(const struct run *k, uint32_t table, const struct addr *to)
{
	char text[WORDS_TEXT];

	for (size_t i = 0; i < k->fib.routes.count; i++) {
		const struct route *r = &k->fib.routes.at[i];

		if (r->table == table && (r->dst.len == 0 ||
		    prefix_covers(&r->dst, to)))
			printf("#     %s%s%s\n", words_print_route(text, r,
			    NULL), r->flags & RTNH_F_DEAD ? " dead" : "",
			    r->flags & RTNH_F_LINKDOWN ? " linkdown" : "");
	}
}

/* What of the policy was looked at. */
static void
print_policy(const struct run *k, const struct question *q)
{
	char text[WORDS_TEXT];

	for (size_t i = 0; i < k->walk.count; i++) {
		const struct step *s = &k->walk.steps[i];

		printf("#   rule %s: differs %d, came to %d\n",
		    words_print_rule(text, s->rule, NULL), (int)s->differs,
		    (int)s->came);
		if (s->table)
			print_table(k, s->table, &q->to);
	}
}

static void
tell(struct run *k, uint64_t policy, const struct question *q,
    const struct kernel_answer *a)
{
	const struct walk *w = &k->walk;
	char text[WORDS_TEXT];

	if (k->wrong > DISAGREEMENTS_TOLD)
		return;
	printf("# policy of dice 0x%llx\n", (unsigned long long)policy);
	print_question(q);
	printf("# walk: verdict %d error %d source %d%s%s\n", (int)w->verdict,
	    w->error, (int)w->source, w->route ? " " : "", w->route ?
	    words_print_route(text, w->route, NULL) : "");
	printf("# kernel: error %d", a->error);
	if (!a->error)
		printf(" taken %s", words_print_route(text, &a->taken, NULL));
	if (a->has_route)
		printf(" of %s", words_print_route(text, &a->route, NULL));
	printf("\n");
	for (size_t i = 0; i < k->fib.failed.count; i++)
		printf("#   no answer: %s\n", addr_print(text,
		    &k->fib.failed.at[i].addr));
	print_policy(k, q);
}

static void
count(struct run *k)
{
	const struct walk *w = &k->walk;

	k->verdict[w->verdict]++;
	k->errors += w->error != 0;
	k->unsure += w->unsure;
	k->others += w->other_count != 0;
	for (size_t i = 0; i < w->count; i++)
		k->came[w->steps[i].came]++;
	for (size_t i = 0; i < w->passed_count; i++)
		k->passed[w->passed[i].why]++;
}

static void
ask(struct run *k, uint64_t policy)
{
	struct question q = random_question(k);
	struct kernel_answer a;
	struct fault f = { "" };

	if (walk(&k->walk, &k->fib, &q))
		exit(2);
	if (facts_ask(&a, &k->nl, &q, &f)) {
		print_question(&q);
		print_policy(k, &q);
		die("ask", &f);
	}
	k->asked++;
	count(k);
	if (k->walk.unsure) {
		struct walk sure = k->walk;

		sure.unsure = false;
		k->right += walk_agrees(&sure, &q, &a);
	}
	if (walk_agrees(&k->walk, &q, &a))
		return;
	k->wrong++;
	tell(k, policy, &q, &a);
}

static void
read_inputs(struct run *k)
{
	struct fault f = { "" };

	k->input = calloc(k->fib.links.count, sizeof(*k->input));
	if (!k->input)
		exit(2);
	for (size_t i = 0; i < k->fib.links.count; i++) {
		if (facts_read_input(&k->fib, k->fib.links.at[i].name, &f))
			die("facts", &f);
		k->input[i] = k->fib.input;
	}
}

static void
print_counts(const char *what, const unsigned long *counts, size_t n)
{
	printf("# %s:", what);
	for (size_t i = 0; i < n; i++)
		printf(" %lu", counts[i]);
	printf("\n");
}

int
main(int argc, char **argv)
{
	static struct run run;
	static struct sending s;
	struct run *k = &run;
	struct fault f = { "" };
	unsigned long lookups;

	if (argc != 4) {
		fprintf(stderr, "usage: explain-vs-kernel -4|-6|-plain SEED "
		    "LOOKUPS\n");
		return 2;
	}
	k->family = !strcmp(argv[1], "-6") ? AF_INET6 : AF_INET;
	k->plain = !strcmp(argv[1], "-plain");
	/* A seed, or the dice that a disagreement tells. */
	k->dice = strtoull(argv[2], NULL, 0);
	if (strncmp(argv[2], "0x", 2))
		k->dice = roll_start(k->dice, k->family);
	lookups = strtoul(argv[3], NULL, 10);
	if (nl_open(&k->nl, &f))
		die("netlink", &f);
	read_fib(k);
	read_inputs(k);
	while (k->asked < lookups && k->wrong < 1000) {
		uint64_t policy = k->dice;

		bool down;

		if (k->family == AF_INET6)
			set_forwarding6(one_in(k, 3));
		make_policy(k, &s);
		down = one_in(k, 4);
		if (down)
			set_down(k, true);
		for (int i = 0; i < LOOKUPS_A_POLICY && k->asked < lookups; i++)
			ask(k, policy);
		clear_policy(k, &s);
		if (down)
			set_down(k, false);
	}
	printf("%s %lu lookups, %lu disagreements, %lu unsure (%lu of them "
	    "right), %lu answered by errors\n", argv[1], k->asked, k->wrong,
	    k->unsure, k->right, k->errors);
	print_counts("verdicts (enum verdict)", k->verdict, COUNT(k->verdict));
	print_counts("rules (enum came)", k->came, COUNT(k->came));
	print_counts("routes (enum passed)", k->passed, COUNT(k->passed));
	printf("# equal defaults: %lu\n", k->others);
	walk_fini(&k->walk);
	fib_fini(&k->fib);
	free(k->input);
	nl_close(&k->nl);
	return k->wrong != 0;
}
