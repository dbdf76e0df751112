/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: unit tests of compile.c: what is left out while something is missing. */
#include "build.h"

#include <linux/if_addr.h>

#include "compile.h"

struct trial {
	struct claim c, before;
	struct snapshot now;
	struct request r;
	struct compiled out;
	struct fault f;
	bool compiled;
};

static void
trial_init(struct trial *t, int family, const char *own, const char *address)
{
	memset(t, 0, sizeof(*t));
	t->c = claim_of("eth1", family, own);
	t->c.is_static = own != NULL;
	snapshot_of(&t->now, "eth1");
	t->now.has_main_of_device = true;
	if (address)
		snapshot_address(&t->now, address);
}

static void
forget(struct trial *t)
{
	if (t->compiled) {
		request_fini(&t->r);
		compiled_fini(&t->out);
	}
	t->compiled = false;
}

static void
trial_fini(struct trial *t)
{
	forget(t);
	claim_fini(&t->c);
	claim_fini(&t->before);
	snapshot_fini(&t->now);
}

/* What a refresh makes of it, and what it waits for. */
static void
assert_part(struct trial *t, const char *absent, const char *lines,
    const char *waits)
{
	forget(t);
	if (!request_check(&t->r, &t->c, NULL, NULL, &t->f))
		fail_msg("%s", t->f.text);
	t->compiled = true;
	t->r.partial = true;
	if (absent)
		t->r.absent[t->r.absent_count++] = addr_of(absent);
	if (compile(&t->out, &t->r, &t->c, &t->before, &t->now, &t->f) !=
	    VERDICT_DONE)
		fail_msg("%s", t->f.text);
	assert_objects(&t->out.objects, t->c.key.family, lines);
	assert_string_equal(t->out.waits.text, waits);
	assert_string_equal(t->f.text, "");
}

#define FROM	"rule add preference 12030 from 10.0.1.10 table 101 " \
		"protocol 173\n"
#define TO	"rule add preference 12030 to 10.0.1.10 table 101 " \
		"protocol 173\n"
#define SUBNET	"route add 10.0.1.0/24 dev eth1 table 101 protocol 173 " \
		"scope link src 10.0.1.10\n"
#define OUT	"route add default via 10.0.1.1 dev eth1 table 101 " \
		"protocol 173\n"
#define METRIC	"route add default via 10.0.1.1 dev eth1 table 254 " \
		"metric 100 protocol 173\n"
#define LINKDOWN "sysctl ipv4/conf/eth1/ignore_routes_with_linkdown 1\n"
#define LAST	"route add unreachable default table 101 " \
		"metric 4294967295 protocol 173\n"

#define OUT6	"route add default via fe80::1 dev eth1 table 101 " \
		"metric 1024 protocol 173\n"

static void
without_an_address_nothing_stands(void **state)
{
	struct trial t;

	(void)state;
	trial_init(&t, AF_INET, NULL, NULL);
	set(&t.c, "table", "101");
	set(&t.c, "metric", "100");
	set(&t.c, "fallback", "unreachable");
	assert_part(&t, NULL, "", "eth1 has no global address");
	trial_fini(&t);
	trial_init(&t, AF_INET, "10.0.1.10", "10.0.1.11/24");
	set(&t.c, "table", "101");
	assert_part(&t, NULL, "", "the address 10.0.1.10 is not on eth1");
	trial_fini(&t);
}

static void
without_a_gateway_the_metric_default_waits(void **state)
{
	struct trial t;

	(void)state;
	trial_init(&t, AF_INET, NULL, "10.0.1.10/24");
	set(&t.c, "table", "101");
	set(&t.c, "metric", "100");
	assert_part(&t, NULL, SUBNET FROM TO LINKDOWN, "a metric needs a "
	    "gateway, and neither the stanza nor main has one for this device");
	snapshot_route(&t.now, AF_INET, "default via 10.0.1.1 dev eth1");
	assert_part(&t, NULL, SUBNET OUT FROM TO METRIC LINKDOWN, "");
	assert_true(addr_given(&t.out.via));
	trial_fini(&t);
}

static void
a_link_that_is_down_keeps_rules_and_fallback(void **state)
{
	struct trial t;

	(void)state;
	trial_init(&t, AF_INET, NULL, "10.0.1.10/24");
	t.now.link.flags = 0;
	set(&t.c, "table", "101");
	set(&t.c, "metric", "100");
	set(&t.c, "fallback", "unreachable");
	set(&t.c, "route", "192.0.2.0/24 via 10.0.2.1 dev eth2");
	set(&t.c, "route", "198.51.100.0/24 via 10.0.1.1");
	assert_part(&t, NULL, "route add 192.0.2.0/24 via 10.0.2.1 dev eth2 "
	    "table 101 protocol 173\n" LAST FROM TO LINKDOWN, "eth1 is down");
	trial_fini(&t);
}

static void
the_gateway_that_a_lost_link_took_along_is_remembered(void **state)
{
	struct trial t;

	(void)state;
	trial_init(&t, AF_INET, NULL, "10.0.1.10/24");
	set(&t.c, "table", "101");
	t.before.via = addr_of("10.0.1.1");
	assert_part(&t, NULL, SUBNET OUT FROM TO, "");
	/* Not of another network, */
	t.before.via = addr_of("10.0.2.1");
	assert_part(&t, NULL, SUBNET FROM TO, "");
	assert_false(addr_given(&t.out.via));
	/* nor where main knows better, */
	t.before.via = addr_of("10.0.1.2");
	snapshot_route(&t.now, AF_INET, "default via 10.0.1.1 dev eth1");
	assert_part(&t, NULL, SUBNET OUT FROM TO, "");
	assert_int_equal(t.out.via.byte[3], 1);
	/* nor where the request does not leave it open. */
	t.now.routes.count = 0;
	set(&t.c, "gateway", "none");
	assert_part(&t, NULL, SUBNET FROM TO, "");
	trial_fini(&t);
	/* A router's advertisement that was withdrawn stays withdrawn. */
	trial_init(&t, AF_INET6, NULL, "fd00:1::10/64");
	set(&t.c, "table", "101");
	set(&t.c, "match", "none");
	t.before.via = addr_of("fe80::1");
	assert_part(&t, NULL, "", "");
	trial_fini(&t);
}

static void
a_route_waits_for_its_source(void **state)
{
	struct trial t;

	(void)state;
	trial_init(&t, AF_INET, NULL, "10.0.1.10/24");
	snapshot_route(&t.now, AF_INET, "default via 10.0.1.1 dev eth1");
	set(&t.c, "table", "101");
	set(&t.c, "metric", "100");
	set(&t.c, "source", "10.0.1.99");
	set(&t.c, "route", "192.0.2.0/24 via 10.0.1.1 src 10.0.1.99");
	assert_part(&t, "10.0.1.99", SUBNET OUT FROM TO LINKDOWN,
	    "the source 10.0.1.99 is on no device");
	assert_part(&t, NULL, SUBNET OUT "route add 192.0.2.0/24 via 10.0.1.1 "
	    "dev eth1 table 101 protocol 173 src 10.0.1.99\n" FROM TO
	    "route add default via 10.0.1.1 dev eth1 table 254 metric 100 "
	    "protocol 173 src 10.0.1.99\n" LINKDOWN, "");
	trial_fini(&t);
}

static void
a_tentative_source_is_on_its_way(void **state)
{
	struct trial t;

	(void)state;
	trial_init(&t, AF_INET6, NULL, "fd00:1::10/64");
	t.now.addresses.at[0].flags = IFA_F_TENTATIVE;
	set(&t.c, "table", "101");
	set(&t.c, "match", "none");
	set(&t.c, "route", "2001:db8::/32 via fe80::1 src fd00:1::10");
	assert_part(&t, NULL, "", "the source fd00:1::10 is still tentative");
	assert_true(t.out.src_left_out);
	t.now.addresses.at[0].flags = 0;
	assert_part(&t, NULL, "route add 2001:db8::/32 via fe80::1 dev eth1 "
	    "table 101 metric 1024 protocol 173 src fd00:1::10\n", "");
	assert_false(t.out.src_left_out);
	trial_fini(&t);
}

static void
two_routers_of_one_metric_are_both_taken_out(void **state)
{
	static const char both[] =
	    "taken route add default via fe80::1 dev eth1 table 254 metric "
	    "1024 protocol 9\n"
	    "taken route add default via fe80::2 dev eth1 table 254 metric "
	    "1024 protocol 9\n";
	struct trial t;

	(void)state;
	trial_init(&t, AF_INET6, NULL, "fd00:1::10/64");
	set(&t.c, "default", "none");
	snapshot_route(&t.now, AF_INET6,
	    "default via fe80::1 dev eth1 proto ra metric 1024");
	snapshot_route(&t.now, AF_INET6,
	    "default via fe80::2 dev eth1 proto ra metric 1024");
	assert_part(&t, NULL, both, "");
	/* And stay so. */
	t.before.objects = t.out.objects;
	memset(&t.out.objects, 0, sizeof(t.out.objects));
	t.now.routes.count = 0;
	assert_part(&t, NULL, both, "");
	trial_fini(&t);
}

static void
a_router_s_lifetime_ends(void **state)
{
	static const char kept[] = OUT6 "taken until 160 route add default via "
	    "fe80::1 dev eth1 table 254 metric 1024 expires 60 protocol 9\n";
	struct trial t;

	(void)state;
	trial_init(&t, AF_INET6, NULL, "fd00:1::10/64");
	set(&t.c, "default", "none");
	set(&t.c, "table", "101");
	set(&t.c, "match", "none");
	t.now.when = 100;
	snapshot_route(&t.now, AF_INET6,
	    "default via fe80::1 dev eth1 proto ra metric 1024");
	t.now.routes.at[0].expires = 60;
	forget(&t);
	assert_part(&t, NULL, kept, "");
	t.before.objects = t.out.objects;
	memset(&t.out.objects, 0, sizeof(t.out.objects));
	/* Taken out, it still tells the way until it would have ended. */
	t.now.routes.count = 0;
	t.now.when = 159;
	assert_part(&t, NULL, kept, "");
	t.now.when = 160;
	assert_part(&t, NULL, "", "");
	/* The kernel has not swept it up yet. */
	objects_fini(&t.before.objects);
	snapshot_route(&t.now, AF_INET6,
	    "default via fe80::1 dev eth1 proto ra metric 1024");
	t.now.routes.at[0].expired = true;
	assert_part(&t, NULL, "", "");
	trial_fini(&t);
}

static void
a_line_of_a_file_without_its_source_is_refused(void **state)
{
	struct trial t;

	(void)state;
	trial_init(&t, AF_INET, NULL, "10.0.1.10/24");
	t.c.key.files = true;
	assert_true(settings_add_line(&t.c.settings, KEY_ROUTE,
	    "route-eth1:1", "192.0.2.0/24 via 10.0.1.1 src 10.0.1.99", &t.f));
	assert_true(request_lines(&t.r, &t.c, NULL, &t.f));
	t.r.absent[t.r.absent_count++] = addr_of("10.0.1.99");
	assert_int_equal(compile(&t.out, &t.r, &t.c, NULL, &t.now, &t.f),
	    VERDICT_DONE);
	t.compiled = true;
	assert_int_equal(t.out.objects.count, 0);
	assert_true(t.c.settings.at[0].refused);
	assert_string_equal(t.c.settings.at[0].why,
	    "its source 10.0.1.99 is on no device");
	trial_fini(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_an_address_nothing_stands),
		cmocka_unit_test(without_a_gateway_the_metric_default_waits),
		cmocka_unit_test(a_link_that_is_down_keeps_rules_and_fallback),
		cmocka_unit_test(
		    the_gateway_that_a_lost_link_took_along_is_remembered),
		cmocka_unit_test(a_route_waits_for_its_source),
		cmocka_unit_test(a_tentative_source_is_on_its_way),
		cmocka_unit_test(two_routers_of_one_metric_are_both_taken_out),
		cmocka_unit_test(a_router_s_lifetime_ends),
		cmocka_unit_test(
		    a_line_of_a_file_without_its_source_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
