/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: unit tests of conflict.c: hosts that are clean, and one fault at a time. */
#include "stage.h"

#include "conflict.h"

#define RULES	"rule add priority 12030 from 10.0.0.5 lookup 8001 " \
		"protocol 173\n" \
		"rule add priority 12030 to 10.0.0.5 lookup 8001 " \
		"protocol 173\n"
#define TABLE	"route add 10.0.0.0/24 dev eth0 table 8001 scope link " \
		"src 10.0.0.5 protocol 173\n" \
		"route add default via 10.0.0.1 dev eth0 table 8001 " \
		"protocol 173\n"
#define METRIC	"route add default via 10.0.0.1 dev eth0 table main " \
		"metric 100 protocol 173\n"
#define OTHER	"rule add priority 12030 from 10.0.0.6 lookup 8002 " \
		"protocol 173\n" \
		"route add default via 10.0.0.1 dev eth1 table 8002 " \
		"protocol 173\n"

/* Fails unless exactly these are found: "arp eth0, arp eth1". */
static void
assert_found(struct stage *s, const char *want)
{
	struct conflicts found;
	struct text said = { 0 };

	assert_true(conflict_find(&found, &s->h, &s->claims, NULL));
	for (size_t i = 0; i < found.count; i++) {
		const struct conflict *c = &found.at[i];

		text_fmt(&said, "%s%s %s", i ? ", " : "",
		    conflict_word(c->kind), c->claim ? c->claim->key.label :
		    c->everywhere ? "all" : "nobody");
		assert_true(c->what[0] && c->breaks[0] && c->remedy[0]);
	}
	assert_string_equal(said.at ? said.at : "", want);
	text_fini(&said);
	conflicts_fini(&found);
}

/* eth0 with a table and a metric, eth1 beside it. */
static struct stage *
usual(void **state)
{
	struct stage *s = *state;

	nic(s, "eth0");
	nic(s, "eth1");
	has_address(s, "eth0", "10.0.0.5/24");
	has_route(s, AF_INET, "10.0.0.0/24 dev eth0 scope link protocol 2");
	has_rule(s, AF_INET, "priority 0 lookup local");
	has_rule(s, AF_INET, "priority 32766 lookup main");
	has_claim(s, "eth0", AF_INET, RULES TABLE METRIC);
	return s;
}

/* The same, with eth1 in the same subnet. */
static struct stage *
siblings(void **state)
{
	struct stage *s = usual(state);

	has_address(s, "eth1", "10.0.0.6/24");
	has_claim(s, "eth1", AF_INET, OTHER);
	return s;
}

static void
a_usual_policy_is_clean(void **state)
{
	assert_found(usual(state), "");
}

static void
without_claims_nothing_is_said(void **state)
{
	struct stage *s = *state;

	nic(s, "eth0");
	has_name(s, 1, "one");
	has_name(s, 2, "one");
	assert_found(s, "");
}

static void
siblings_must_answer_arp_for_themselves(void **state)
{
	struct stage *s = siblings(state);

	assert_found(s, "arp eth0, arp eth1");
	knobs_of(s, "eth0")->arp_filter = 1;
	assert_found(s, "arp eth1");
	knobs_of(s, "eth1")->arp_ignore = 1;
	assert_found(s, "arp eth1");
	knobs_of(s, "eth1")->arp_announce = 2;
	assert_found(s, "");
}

static void
arp_needs_two_lines_that_are_claimed(void **state)
{
	struct stage *s = siblings(state);

	s->h.links.at[1].flags = 0;
	assert_found(s, "");
	s->h.links.at[1].flags = IFF_UP | IFF_RUNNING | IFF_POINTOPOINT;
	assert_found(s, "");
	s->h.links.at[1].flags = IFF_UP | IFF_RUNNING;
	claims_remove(&s->claims, &s->claims.at[1].key);
	assert_found(s, "");
}

static void
arp_looks_at_subnets(void **state)
{
	struct stage *s = usual(state);
	struct address *a = has_address(s, "eth1", "10.0.0.6/32");

	has_claim(s, "eth1", AF_INET, OTHER);
	knobs_of(s, "eth1")->arp_filter = 1;
	assert_found(s, "");
	a->prefix.len = 25;
	assert_found(s, "arp eth0");
	a->scope = RT_SCOPE_LINK;
	assert_found(s, "");
	a->scope = 0;
	a->prefix.addr = addr_of("10.0.1.6");
	assert_found(s, "");
}

static void
strict_reverse_path_needs_a_way_back(void **state)
{
	struct stage *s = usual(state);

	knobs_of(s, "eth0")->rp_filter = 1;
	assert_found(s, "");
	/* Another default is better, but a rule by source sends it back. */
	has_route(s, AF_INET, "default via 10.1.0.1 dev eth1 metric 50");
	assert_found(s, "");
	/* An address without one. */
	has_address(s, "eth0", "10.0.0.7/24");
	assert_found(s, "rp-filter eth0");
	/* One that leaves out the default is none for that. */
	has_rule(s, AF_INET, "priority 12010 from 10.0.0.7 lookup 8001 "
	    "suppress_prefixlength 0");
	assert_found(s, "rp-filter eth0");
	knobs_of(s, "eth0")->rp_filter = 2;
	assert_found(s, "");
	knobs_of(s, "eth0")->rp_filter = 1;
	/* It is not in use. */
	s->h.links.at[1].flags = 0;
	assert_found(s, "");
	s->h.links.at[1].flags = IFF_UP;
	assert_found(s, "rp-filter eth0");
	knobs_of(s, "eth1")->ignore_linkdown[0] = 1;
	assert_found(s, "");
}

static void
strict_reverse_path_of_a_shared_default(void **state)
{
	struct stage *s = usual(state);

	knobs_of(s, "eth0")->rp_filter = 1;
	has_address(s, "eth0", "10.0.0.7/24");
	has_route(s, AF_INET, "default metric 50 nexthop via 10.1.0.1 dev "
	    "eth1 nexthop via 10.0.0.1 dev eth0");
	assert_found(s, "");
}

static void
strict_reverse_path_of_siblings(void **state)
{
	struct stage *s = siblings(state);

	knobs_of(s, "eth0")->arp_filter = knobs_of(s, "eth1")->arp_filter = 1;
	knobs_of(s, "eth0")->rp_filter = knobs_of(s, "eth1")->rp_filter = 1;
	/* Main has the subnet by eth0. */
	assert_found(s, "rp-filter eth1");
	has_route(s, AF_INET, "10.0.0.0/25 dev eth1 scope link");
	assert_found(s, "rp-filter eth0");
}

static void
a_dead_line_that_is_kept(void **state)
{
	struct stage *s = usual(state);

	s->h.links.at[0].flags = IFF_UP;
	assert_found(s, "linkdown eth0");
	s->h.links.at[0].flags = IFF_UP | LINK_LOWER_UP;
	assert_found(s, "");
	s->h.links.at[0].flags = 0;
	assert_found(s, "");
	s->h.links.at[0].flags = IFF_UP;
	knobs_of(s, "eth0")->ignore_linkdown[1] = 1;
	assert_found(s, "linkdown eth0");
	knobs_of(s, "eth0")->ignore_linkdown[0] = 1;
	assert_found(s, "");
}

static void
priorities_of_others(void **state)
{
	struct stage *s = *state;

	nic(s, "eth0");
	has_claim(s, "eth0", AF_INET, "rule add priority 1030 from 10.0.0.5 "
	    "lookup 8001 protocol 173\n"
	    "rule add priority 1031 from 10.0.0.5 lookup 8001 protocol 173\n"
	    "rule add priority 30250 from 10.0.0.6 lookup 8001 "
	    "protocol 173\n");
	assert_found(s, "priority eth0, priority eth0");
	/* Files say what the scripts would have done anyway. */
	s->claims.at[0].key.files = true;
	assert_found(s, "");
	s->h.installed[SHOREWALL] = true;
	assert_found(s, "priority eth0");
}

static void
priorities_that_are_free(void **state)
{
	struct stage *s = *state;

	nic(s, "eth0");
	has_claim(s, "eth0", AF_INET, "rule add priority 4000 from 10.0.0.5 "
	    "lookup 8001 protocol 173\n"
	    "rule add priority 9999 from 10.0.0.5 lookup 8001 protocol 173\n"
	    "rule add priority 12000 from 10.0.0.5 lookup 8001 protocol 173\n"
	    "rule add priority 15999 from 10.0.0.5 lookup 8001 protocol 173\n"
	    "rule add priority 220 from 10.0.0.5 lookup 8001 protocol 173\n"
	    "rule add priority 32765 from 10.0.0.5 lookup 8001 "
	    "protocol 173\n");
	assert_found(s, "");
	s->h.installed[STRONGSWAN] = true;
	assert_found(s, "priority eth0");
}

static void
tables_of_others(void **state)
{
	struct stage *s = *state;

	nic(s, "eth0");
	has_claim(s, "eth0", AF_INET, "route add default dev eth0 table 52 "
	    "protocol 173\n"
	    "route add default dev eth0 table 7 protocol 173\n"
	    "route add 10.9.0.0/16 dev eth0 table main protocol 173\n");
	assert_found(s, "table eth0");
	s->h.installed[SHOREWALL] = true;
	assert_found(s, "table eth0, table eth0");
	/* One of a band speaks for all of it. */
	s->h.installed[SHOREWALL] = false;
	s->h.installed[MWAN3] = true;
	assert_found(s, "table eth0");
}

static void
the_same_priority(void **state)
{
	struct stage *s = usual(state);

	has_rule(s, AF_INET, "priority 12030 from 10.0.0.0/24 lookup 9");
	assert_found(s, "priority eth0, priority eth0");
	s->h.now.rules.at[s->h.now.rules.count - 1].family = AF_INET6;
	assert_found(s, "");
}

static void
one_that_no_packet_of_ours_meets(void **state)
{
	struct stage *s = usual(state);

	has_rule(s, AF_INET, "priority 12030 from 10.9.0.0/16 to 10.8.0.0/16 "
	    "lookup 9");
	assert_found(s, "");
}

static void
duplicates_by_hand(void **state)
{
	struct stage *s = usual(state);

	has_rule(s, AF_INET, "priority 32765 from 10.0.0.5 lookup 8001");
	assert_found(s, "duplicate eth0");
	has_rule(s, AF_INET, "priority 90 to 10.0.0.5 lookup 8001");
	assert_found(s, "duplicate eth0, duplicate eth0");
	has_route(s, AF_INET, "default via 10.0.0.2 dev eth0 table 8001 "
	    "metric 5");
	assert_found(s, "duplicate eth0, duplicate eth0, duplicate eth0");
	has_route(s, AF_INET, "10.7.0.0/16 via 10.0.0.2 dev eth0 table 8001");
	has_route(s, AF_INET, "default via 10.0.0.2 dev eth0 metric 5");
	has_route(s, AF_INET, "10.0.0.0/24 dev eth0 table 8001 metric 5 "
	    "protocol kernel");
	assert_found(s, "duplicate eth0, duplicate eth0, duplicate eth0");
}

static void
what_is_used_is_no_duplicate(void **state)
{
	struct stage *s = usual(state);
	struct claim *c = has_claim(s, "eth0:1", AF_INET, "foreign rule add "
	    "priority 700 from 10.0.0.5 lookup 8001\n");

	assert_int_equal(c->objects.count, 1);
	assert_true(c->objects.at[0].foreign);
	assert_found(s, "");
}

static void
rules_in_front(void **state)
{
	struct stage *s = usual(state);
	struct rule *r = has_rule(s, AF_INET, "priority 90 lookup main");

	assert_found(s, "shadow eth0");
	r->suppress_prefixlen = 0;
	assert_found(s, "");
	r->suppress_prefixlen = -1;
	r->from = prefix_of("10.0.0.0/24");
	assert_found(s, "shadow eth0");
	r->from = prefix_of("10.0.1.0/24");
	assert_found(s, "");
	r->from.len = 0;
	r->fwmark = r->fwmask = 1;
	assert_found(s, "");
	r->fwmark = r->fwmask = 0;
	r->table = 99;
	assert_found(s, "");
	has_route(s, AF_INET, "default via 10.1.0.1 dev eth1 table 99");
	assert_found(s, "shadow eth0");
	r->priority = 13000;
	assert_found(s, "");
}

static void
what_is_meant_the_other_way_round(void **state)
{
	struct stage *s = *state;

	nic(s, "eth0");
	has_route(s, AF_INET, "default via 10.0.0.1 dev eth0");
	has_rule(s, AF_INET, "priority 90 from 10.0.0.0/8 lookup main");
	has_rule(s, AF_INET, "priority 12030 from 10.0.0.5 lookup 9");
	has_claim(s, "eth0", AF_INET, "rule add not priority 12030 from "
	    "10.0.0.5 lookup 8001 protocol 173\n");
	assert_found(s, "");
	s->claims.at[0].objects.at[0].rule.invert = false;
	assert_found(s, "shadow eth0, priority eth0");
}

static void
names_of_tables(void **state)
{
	struct stage *s = usual(state);
	struct claim *c = &s->claims.at[0];

	c->table = 8001;
	snprintf(c->table_name, sizeof(c->table_name), "rt1");
	has_name(s, 8001, "rt1");
	has_name(s, 254, "main");
	has_name(s, 8001, "rt1");
	assert_found(s, "");
	has_name(s, 77, "rt1");
	assert_found(s, "table-name eth0");
	has_name(s, 8001, "other");
	assert_found(s, "table-name eth0, table-name eth0");
	has_name(s, 5, "five");
	has_name(s, 5, "cinq");
	assert_found(s, "table-name eth0, table-name eth0, table-name nobody");
}

static void
a_name_that_was_given_another_number(void **state)
{
	struct stage *s = usual(state);
	struct claim *c = &s->claims.at[0];

	c->table = 8001;
	snprintf(c->table_name, sizeof(c->table_name), "rt1");
	assert_found(s, "");
	has_name(s, 77, "rt1");
	assert_found(s, "table-name eth0");
}

static void
networkd_deletes(void **state)
{
	struct stage *s = usual(state);

	s->h.networkd.takes_rules = s->h.networkd.takes_routes = true;
	assert_found(s, "");
	knobs_of(s, "eth1")->networkd = true;
	assert_found(s, "networkd all");
	knobs_of(s, "eth0")->networkd = true;
	assert_found(s, "networkd all, networkd eth0");
	s->h.networkd.takes_rules = false;
	assert_found(s, "networkd eth0");
	s->h.networkd.takes_routes = false;
	assert_found(s, "");
}

#define CASE(f)	cmocka_unit_test_setup_teardown(f, stage_init, stage_fini)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_usual_policy_is_clean),
		CASE(without_claims_nothing_is_said),
		CASE(siblings_must_answer_arp_for_themselves),
		CASE(arp_needs_two_lines_that_are_claimed),
		CASE(arp_looks_at_subnets),
		CASE(strict_reverse_path_needs_a_way_back),
		CASE(strict_reverse_path_of_a_shared_default),
		CASE(strict_reverse_path_of_siblings),
		CASE(a_dead_line_that_is_kept),
		CASE(priorities_of_others),
		CASE(priorities_that_are_free),
		CASE(tables_of_others),
		CASE(the_same_priority),
		CASE(one_that_no_packet_of_ours_meets),
		CASE(duplicates_by_hand),
		CASE(what_is_used_is_no_duplicate),
		CASE(rules_in_front),
		CASE(what_is_meant_the_other_way_round),
		CASE(names_of_tables),
		CASE(a_name_that_was_given_another_number),
		CASE(networkd_deletes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
