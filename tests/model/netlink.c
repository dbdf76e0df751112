/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: nl.h, with the machine in memory at the other end. */
#include <linux/fib_rules.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>

#include <stdio.h>
#include <stdlib.h>

#include "machine.h"
#include "nl.h"
#include "priv.h"
#include "uapi.h"
#include "wire-attr.h"
#include "wire.h"
#include "words.h"

/* What the library asks libc about devices. */
unsigned
if_nametoindex(const char *name)
{
	for (int i = 0; i < DEVICES; i++)
		if (machine.device[i].exists &&
		    !strcmp(machine.device[i].name, name))
			return index_of(&machine, &machine.device[i]);
	return 0;
}

char *
if_indextoname(unsigned ifindex, char name[IFNAMSIZ])
{
	const struct device *d = device_at(&machine, ifindex);

	if (!d || !d->exists)
		return NULL;
	return strcpy(name, d->name);
}

int
priv_drop(struct fault *f)
{
	(void)f;
	return 0;
}

int
priv_need(struct fault *f)
{
	(void)f;
	return 0;
}

int
nl_open(struct nl *nl, struct fault *f)
{
	(void)f;
	memset(nl, 0, sizeof(*nl));
	return 0;
}

void
nl_close(struct nl *nl)
{
	(void)nl;
}

int
nl_fd(const struct nl *nl)
{
	(void)nl;
	return 0;
}

int
nl_listen(struct nl *nl, struct fault *f)
{
	(void)nl;
	(void)f;
	return -ENOTSUP;
}

int
nl_hear(struct nl *nl, void (*each)(const struct nlmsghdr *, void *),
    void *arg)
{
	(void)nl;
	(void)each;
	(void)arg;
	return 0;
}

/* ---- dumps -------------------------------------------------------------- */

struct answer {
	_Alignas(struct nlmsghdr) char bytes[WIRE_MESSAGE];
};

typedef int (*each_fn)(const struct nlmsghdr *, void *);

static int
tell_link(const struct device *d, each_fn each, void *arg)
{
	struct ifinfomsg *m;
	struct answer a;
	struct draft t;

	m = draft_init(&t, a.bytes, sizeof(a.bytes), RTM_NEWLINK, 0,
	    sizeof(*m));
	m->ifi_index = (int)index_of(&machine, d);
	m->ifi_flags = d->up ? IFF_UP | (d->carrier ? IFF_RUNNING : 0) : 0;
	draft_text(&t, IFLA_IFNAME, d->name);
	return each(draft_done(&t), arg);
}

static int
tell_links(const struct nlmsghdr *request, each_fn each, void *arg)
{
	struct attrs a;
	char name[IFNAMSIZ] = "";
	int err = 0;

	if (!attrs_of_message(&a, request, sizeof(struct ifinfomsg)) ||
	    !attr_text(&a, IFLA_IFNAME, name, sizeof(name)))
		return -EINVAL;
	for (int i = 0; i < DEVICES && !err; i++)
		if (machine.device[i].exists &&
		    (!name[0] || !strcmp(name, machine.device[i].name)))
			err = tell_link(&machine.device[i], each, arg);
	return err;
}

static int
tell_address(const struct address *a, each_fn each, void *arg)
{
	struct ifaddrmsg *m;
	struct answer out;
	struct draft t;

	m = draft_init(&t, out.bytes, sizeof(out.bytes), RTM_NEWADDR, 0,
	    sizeof(*m));
	m->ifa_family = a->prefix.addr.family;
	m->ifa_prefixlen = a->prefix.len;
	m->ifa_index = a->ifindex;
	draft_addr(&t, IFA_ADDRESS, &a->prefix.addr);
	if (a->prefix.addr.family == AF_INET)
		draft_addr(&t, IFA_LOCAL, &a->prefix.addr);
	draft_u32(&t, IFA_FLAGS, a->flags);
	if (a->label[0])
		draft_text(&t, IFA_LABEL, a->label);
	return each(draft_done(&t), arg);
}

/* Of IPv6 the newest first. */
static int
tell_addresses(const struct nlmsghdr *request, each_fn each, void *arg)
{
	const struct ifaddrmsg *m = mnl_nlmsg_get_payload(request);
	int err = 0;

	for (int v6 = 0; v6 < 2; v6++)
		for (size_t i = 0; i < machine.addresses && !err; i++) {
			const struct address *a = &machine.address[v6 ?
			    machine.addresses - 1 - i : i];

			if (six(a->prefix.addr.family) != v6 ||
			    (m->ifa_family && six(m->ifa_family) != v6) ||
			    (m->ifa_index && m->ifa_index != a->ifindex))
				continue;
			err = tell_address(a, each, arg);
		}
	return err;
}

static int
tell_rules(const struct nlmsghdr *request, each_fn each, void *arg)
{
	const struct fib_rule_hdr *h = mnl_nlmsg_get_payload(request);
	struct answer a;
	int err = 0;

	for (size_t i = 0; i < machine.k.rules && !err; i++)
		if (machine.k.rule[i].family == h->family)
			err = each(wire_rule(a.bytes, &machine.k.rule[i],
			    RTM_NEWRULE, 0), arg);
	return err;
}

static bool
goes_by(const struct route *r, uint32_t ifindex)
{
	for (size_t i = 0; i < r->hop_count; i++)
		if (r->hop[i].ifindex == ifindex)
			return true;
	return ifindex == 0;
}

static int
tell_way(const struct rtmsg *m, const struct attrs *a, each_fn each,
    void *arg)
{
	struct probe p = { .family = m->rtm_family };
	struct answer out;
	struct route r;
	struct way w;

	if (!attr_addr(a, RTA_DST, p.family, &p.dst) ||
	    !attr_get(a, RTA_OIF, &p.oif, 4))
		return -EINVAL;
	lookup(&w, &machine, &p);
	if (w.type != RTN_UNICAST && w.type != RTN_LOCAL)
		return -ENETUNREACH;
	route_init(&r, p.family);
	r.type = w.type;
	r.dst = prefix_host(&p.dst);
	r.hop_count = 1;
	r.hop[0].ifindex = w.oif;
	r.hop[0].via = w.via;
	return each(wire_route(out.bytes, &r, RTM_NEWROUTE, 0), arg);
}

static int
tell_routes(const struct nlmsghdr *request, each_fn each, void *arg)
{
	const struct rtmsg *m = mnl_nlmsg_get_payload(request);
	uint32_t table = 0, oif = 0;
	struct answer out;
	struct attrs a;
	int err = 0;

	if (!attrs_of_message(&a, request, sizeof(*m)) ||
	    !attr_get(&a, RTA_TABLE, &table, 4) ||
	    !attr_get(&a, RTA_OIF, &oif, 4))
		return -EINVAL;
	if (!(request->nlmsg_flags & NLM_F_DUMP))
		return tell_way(m, &a, each, arg);
	for (size_t i = 0; i < machine.k.routes && !err; i++) {
		const struct route *r = &machine.k.route[i];

		if (r->family == m->rtm_family &&
		    (!table || r->table == table) && goes_by(r, oif) &&
		    (!m->rtm_protocol || r->protocol == m->rtm_protocol))
			err = each(wire_route(out.bytes, r, RTM_NEWROUTE, 0),
			    arg);
	}
	return err;
}

int
nl_dump(struct nl *nl, struct nlmsghdr *request, each_fn each,
    void (*reset)(void *), void *arg, struct fault *f)
{
	int err = machine.dead ? -EIO : -EINVAL;

	(void)nl;
	(void)reset;
	if (!request)
		return 0;
	if (!machine.dead)
		switch (request->nlmsg_type) {
		case RTM_GETLINK:
			err = tell_links(request, each, arg);
			break;
		case RTM_GETADDR:
			err = tell_addresses(request, each, arg);
			break;
		case RTM_GETRULE:
			err = tell_rules(request, each, arg);
			break;
		case RTM_GETROUTE:
			err = tell_routes(request, each, arg);
			break;
		}
	if (err)
		fault_set(f, "cannot read the kernel's state: %s",
		    strerror(-err));
	return err;
}

/* ---- changes ------------------------------------------------------------ */

static int
delete_route(struct machine *m, const struct route *r)
{
	int at = kernel_find_route(m, r);

	if (at < 0)
		return -ESRCH;
	if (m->k.route_tag[at] != WHOSE_OURS)
		judge_route_hit(m, (size_t)at, false);
	kernel_cut_route(&m->k, (size_t)at);
	return 0;
}

static int
delete_rule(struct machine *m, const struct rule *r)
{
	int at = kernel_find_rule(m, r);

	if (at < 0)
		return -ENOENT;
	if (m->k.rule_tag[at] != WHOSE_OURS)
		judge_rule_hit(m, (size_t)at);
	kernel_cut_rule(&m->k, (size_t)at);
	return 0;
}

/* What ours puts in with "append" is somebody else's, given back, or an undo. */
static int
change_route(struct machine *m, const struct nlmsghdr *nlh)
{
	struct route r;
	bool given_back;
	int err;

	if (!wire_read_route(&r, nlh))
		return -EINVAL;
	given_back = (nlh->nlmsg_flags & NLM_F_APPEND) &&
	    r.protocol != PROTO_IFPOLICY;
	if (nlh->nlmsg_type == RTM_DELROUTE)
		return delete_route(m, &r);
	/* What ip(8) had put in for a file, after an undo. */
	err = kernel_new_route(m, &r, nlh->nlmsg_flags, given_back ?
	    WHOSE_OTHERS : r.protocol == RTPROT_BOOT ? WHOSE_SCRIPTS :
	    WHOSE_OURS);
	if (!err && given_back)
		judge_given_back(m, &r);
	else if (given_back)
		judge_not_taken_back(m, &r);
	return err;
}

static int
change_rule(struct machine *m, const struct nlmsghdr *nlh)
{
	struct rule r;

	if (!wire_read_rule(&r, nlh))
		return -EINVAL;
	return nlh->nlmsg_type == RTM_DELRULE ? delete_rule(m, &r) :
	    kernel_new_rule(m, &r, nlh->nlmsg_flags, WHOSE_OURS);
}

/* As an `ip` command. */
static void
tell_change(struct text *t, const struct nlmsghdr *nlh, int err)
{
	bool rule = nlh->nlmsg_type == RTM_NEWRULE ||
	    nlh->nlmsg_type == RTM_DELRULE;
	bool adds = nlh->nlmsg_type == RTM_NEWRULE ||
	    nlh->nlmsg_type == RTM_NEWROUTE;
	struct route route = { 0 };
	char words[WORDS_TEXT];
	struct rule r = { 0 };

	if (rule ? !wire_read_rule(&r, nlh) : !wire_read_route(&route, nlh))
		return;
	for (size_t i = 0; i < route.hop_count; i++)
		(void)if_indextoname(route.hop[i].ifindex, route.hop[i].dev);
	text_fmt(t, "ip %s%s %s ", six(rule ? r.family : route.family) ?
	    "-6 " : "", rule ? "rule" : "route", !adds ? "del" :
	    nlh->nlmsg_flags & NLM_F_REPLACE ? "replace" :
	    nlh->nlmsg_flags & NLM_F_APPEND ? "append" : "add");
	text_str(t, rule ? words_print_rule(words, &r, NULL) :
	    words_print_route(words, &route, NULL));
	if (err)
		text_fmt(t, " (%s)", strerror(-err));
}

static int
change(struct machine *m, const struct nlmsghdr *nlh)
{
	bool adds = nlh->nlmsg_type == RTM_NEWRULE ||
	    nlh->nlmsg_type == RTM_NEWROUTE;
	struct text t = { 0 };
	int err = nlh->nlmsg_type == RTM_NEWROUTE ||
	    nlh->nlmsg_type == RTM_DELROUTE ? change_route(m, nlh) :
	    change_rule(m, nlh);

	if (err && adds)
		m->refused = true;
	if (m->trace)
		tell_change(&t, nlh, err);
	if (!err)
		judge_op(m, (nlh->nlmsg_flags & NLM_F_REPLACE) && adds ?
		    CHANGE_ADD | CHANGE_DELETE : adds ? CHANGE_ADD :
		    CHANGE_DELETE, t.at);
	else if (m->trace)
		printf("#        %s\n", t.at);
	text_fini(&t);
	return err;
}

static void
answer(struct nl_answer *a, int err)
{
	a->error = err;
	snprintf(a->text, sizeof(a->text), "%s", err == -ENETUNREACH ?
	    "Nexthop has invalid gateway" : "");
}

int
nl_batch(struct nl *nl, struct nlmsghdr **messages, size_t count,
    struct nl_answer *answers, struct fault *f)
{
	struct machine *m = &machine;

	memset(answers, 0, count * sizeof(*answers));
	nl->lost = false;
	/* A program dies between its system calls. */
	if (!m->dead && machine_fails(m, FAULT_KILL))
		m->dead = true;
	if (m->dead) {
		fault_set(f, "killed");
		return -EIO;
	}
	for (size_t i = 0; i < count; i++) {
		answer(&answers[i], change(m, messages[i]));
		if (m->dead)
			break;
	}
	nl->lost = machine_fails(m, FAULT_ANSWERS);
	if (nl->lost)
		fault_set(f, "the kernel did not answer");
	return nl->lost ? -ENOBUFS : 0;
}
