/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: ask the kernel for all that a lookup depends on, and for its answer. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "facts.h"
#include "sysctl.h"
#include "wire.h"

/* A message of WIRE_MESSAGE bytes, aligned as netlink wants it. */
struct message {
	_Alignas(struct nlmsghdr) char bytes[WIRE_MESSAGE];
};

static int
take_address(const struct nlmsghdr *nlh, void *arg)
{
	struct fib *f = arg;
	struct address address, *at;

	if (!wire_read_address(&address, nlh))
		return 0;
	at = fib_add_address(f);
	if (!at)
		return -ENOMEM;
	*at = address;
	return 0;
}

static void
forget_addresses(void *arg)
{
	struct fib *f = arg;

	f->addresses.count = 0;
}

static int
take_rule(const struct nlmsghdr *nlh, void *arg)
{
	struct fib *f = arg;
	struct rule rule, *at;

	if (!wire_read_any_rule(&rule, nlh))
		return 0;
	at = fib_add_rule(f);
	if (!at)
		return -ENOMEM;
	*at = rule;
	return 0;
}

static void
forget_rules(void *arg)
{
	struct fib *f = arg;

	f->rules.count = 0;
}

static int
take_route(const struct nlmsghdr *nlh, void *arg)
{
	struct fib *f = arg;
	struct route route, *at;

	if (!wire_read_any_route(&route, nlh))
		return 0;
	at = fib_add_route(f);
	if (!at)
		return -ENOMEM;
	*at = route;
	return 0;
}

static void
forget_routes(void *arg)
{
	struct fib *f = arg;

	f->routes.count = 0;
}

static int
take_failed(const struct nlmsghdr *nlh, void *arg)
{
	struct fib *f = arg;
	struct neighbour n, *at;

	if (!wire_read_neighbour(&n, nlh) || !(n.state & NUD_FAILED))
		return 0;
	at = fib_add_failed(f);
	if (!at)
		return -ENOMEM;
	*at = n;
	return 0;
}

static void
forget_failed(void *arg)
{
	struct fib *f = arg;

	f->failed.count = 0;
}

/* False if there is no such knob, or it is 0. */
static int
read_knob(unsigned *value, const char *family, const char *device,
    const char *knob, struct fault *f)
{
	char path[SYSCTL_PATH], text[SYSCTL_VALUE] = "";
	int err;

	snprintf(path, sizeof(path), "%s/conf/%s/%s", family, device, knob);
	err = sysctl_read(text, sizeof(text), path);
	*value = err ? 0 : (unsigned)strtoul(text, NULL, 10);
	if (!err || err == -ENOENT)
		return 0;
	fault_set(f, "cannot read /proc/sys/net/%s: %s", path,
	    strerror(-err));
	return err;
}

void
facts_name_hops(struct route *r, const struct fib *f)
{
	for (size_t i = 0; i < r->hop_count; i++) {
		const struct link *l = fib_link(f, r->hop[i].ifindex);

		if (l)
			memcpy(r->hop[i].dev, l->name, sizeof(r->hop[i].dev));
	}
}

int
facts_read_fib(struct fib *f, struct nl *nl, int family, struct fault *fault)
{
	unsigned forwarding = 0;
	struct message m;
	int err;

	fib_fini(f);
	f->family = family;
	err = facts_read_links(&f->links, nl, fault);
	if (!err)
		err = nl_dump(nl, wire_dump_addresses(m.bytes, family, 0),
		    take_address, forget_addresses, f, fault);
	if (!err)
		err = nl_dump(nl, wire_dump_rules(m.bytes, family), take_rule,
		    forget_rules, f, fault);
	if (!err)
		err = nl_dump(nl, wire_dump_routes(m.bytes, family, 0, 0, 0),
		    take_route, forget_routes, f, fault);
	if (err)
		return err;
	for (size_t i = 0; i < f->routes.count; i++)
		facts_name_hops(&f->routes.at[i], f);
	if (family == AF_INET)
		return 0;
	err = nl_dump(nl, wire_dump_neighbours(m.bytes, family), take_failed,
	    forget_failed, f, fault);
	if (!err)
		err = read_knob(&forwarding, "ipv6", "all", "forwarding",
		    fault);
	f->forwarding6 = forwarding != 0;
	return err;
}

/* The knob of the device or that of all. */
static int
read_either(bool *value, const char *device, const char *knob,
    struct fault *f)
{
	unsigned all, own;
	int err = read_knob(&all, "ipv4", "all", knob, f);

	if (!err)
		err = read_knob(&own, "ipv4", device, knob, f);
	if (!err)
		*value = all || own;
	return err;
}

int
facts_read_input(struct fib *f, const char *device, struct fault *fault)
{
	struct input_conf *c = &f->input;
	unsigned own = 0, all = 0, forwarding = 0, broadcast[2] = { 0, 0 };
	int err;

	err = read_knob(&forwarding, "ipv4", device, "forwarding", fault);
	if (!err)
		err = read_knob(&own, "ipv4", device, "rp_filter", fault);
	if (!err)
		err = read_knob(&all, "ipv4", "all", "rp_filter", fault);
	if (!err)
		err = read_knob(&broadcast[0], "ipv4", device,
		    "bc_forwarding", fault);
	if (!err)
		err = read_knob(&broadcast[1], "ipv4", "all",
		    "bc_forwarding", fault);
	if (!err)
		err = read_either(&c->accept_local, device, "accept_local",
		    fault);
	if (!err)
		err = read_either(&c->send_redirects, device,
		    "send_redirects", fault);
	if (!err)
		err = read_either(&c->src_valid_mark, device,
		    "src_valid_mark", fault);
	if (!err)
		err = read_either(&c->route_localnet, device,
		    "route_localnet", fault);
	c->forwarding = forwarding != 0;
	c->rp_filter = own > all ? own : all;
	c->bc_forwarding = broadcast[0] && broadcast[1];
	return err;
}

struct asking {
	struct route *into;
	bool (*read)(struct route *, const struct nlmsghdr *);
	bool got;
};

static int
take_answer(const struct nlmsghdr *nlh, void *arg)
{
	struct asking *a = arg;

	a->got = a->read(a->into, nlh);
	return 0;
}

/* What a lookup ends in; all else is the conversation's. */
static bool
is_verdict(int error)
{
	return error == -ENETUNREACH || error == -EHOSTUNREACH ||
	    error == -EACCES || error == -EINVAL || error == -ENODEV;
}

static int
ask(struct asking *a, int *error, struct nl *nl, const struct question *q,
    bool plain, struct fault *f)
{
	struct message m;
	int err;

	err = nl_dump(nl, wire_ask(m.bytes, q, plain), take_answer, NULL, a,
	    f);
	*error = 0;
	if (err && !is_verdict(err))
		return err;
	*error = err ? err : a->got ? 0 : -ENODEV;
	return 0;
}

int
facts_ask(struct kernel_answer *answer, struct nl *nl,
    const struct question *q, struct fault *f)
{
	struct asking match = { &answer->route, wire_read_any_route, false };
	struct asking plain = { &answer->taken, wire_read_taken, false };
	int err, error;

	memset(answer, 0, sizeof(*answer));
	err = ask(&plain, &answer->error, nl, q, true, f);
	if (err || answer->error)
		return err;
	err = ask(&match, &error, nl, q, false, f);
	/* An older kernel answers plainly to both. */
	answer->has_route = !error && match.got;
	return err;
}
