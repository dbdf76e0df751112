/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: unit tests of ifcfg.c, ifcfg-find.c and ifcfg-routes.c. */
#include <sys/stat.h>

#include <unistd.h>

#include "build.h"
#include "ifcfg.h"
#include "text.h"

#define DIR	"/run/scripts"

static int
empty(void **state)
{
	(void)state;
	umount("/run");
	if (mount("test", "/run", "tmpfs", 0, "mode=755") < 0)
		return -1;
	return mkdir(DIR, 0755);
}

static void
file(const char *name, const char *text)
{
	char path[400];

	snprintf(path, sizeof(path), DIR "/%s", name);
	put(path, text);
}

/* The address of a card, as the kernel shows it. */
static void
card(const char *device, const char *address)
{
	char path[80];

	snprintf(path, sizeof(path), "/sys/class/net/%s", device);
	if (mkdir(path, 0755) < 0 && errno != EEXIST)
		fail_msg("%s: %s", path, strerror(errno));
	strcat(path, "/address");
	put(path, address);
}

static void
find(struct ifcfg *c, const char *label)
{
	struct fault f;
	bool found;

	if (!ifcfg_find(c, DIR, label, &found, &f))
		fail_msg("%s: %s", label, f.text);
	if (!found)
		fail_msg("%s: not found", label);
	assert_string_equal(c->label, label);
}

static void
assert_file(const char *label, const char *name)
{
	struct ifcfg c;
	struct fault f;
	bool found;

	if (!ifcfg_find(&c, DIR, label, &found, &f))
		fail_msg("%s: %s", label, f.text);
	if (found != (name != NULL))
		fail_msg("%s: %s", label, found ? c.name : "not found");
	if (name)
		assert_string_equal(c.name, name);
	ifcfg_fini(&c);
}

static void
assert_fault(const char *label, const char *want)
{
	struct ifcfg c;
	struct fault f = { "" };
	bool found;

	if (ifcfg_find(&c, DIR, label, &found, &f))
		fail_msg("%s: taken, wanted %s", label, want);
	if (strncmp(f.text, want, strlen(want)))
		fail_msg("wanted %s, got %s", want, f.text);
	assert_true(found);
	assert_string_equal(c.label, label);
	assert_int_equal(c.settings.count, 0);
	ifcfg_fini(&c);
}

static void
assert_addresses(const struct ifcfg *c, const char *want)
{
	char text[ADDR_TEXT];
	struct text have = { 0 };

	for (size_t i = 0; i < c->address_count; i++)
		text_fmt(&have, "%s%s", i ? " " : "",
		    addr_print(text, &c->address[i]));
	assert_string_equal(have.at ? have.at : "", want);
	text_fini(&have);
}

static void
assert_addr(const struct addr *a, const char *want)
{
	char text[ADDR_TEXT];

	assert_string_equal(a->family ? addr_print(text, a) : "", want);
}

static void
a_file_is_found_by_its_name(void **state)
{
	(void)state;
	assert_file("eth0", NULL);
	file("ifcfg-eth0", "IPADDR=10.0.0.1\n");
	file("ifcfg-eth1", "DEVICE='eth1'\n");
	file("ifcfg-eth1:1", "DEVICE=\n");
	file("ifcfg-eth2", "DEVICE=$(hostname)\n");
	assert_file("eth0", "eth0");
	assert_file("eth1", "eth1");
	assert_file("eth1:1", "eth1:1");
	assert_file("eth2", "eth2");
	assert_file("eth1:2", NULL);
	assert_file("eth3", NULL);
}

static void
a_file_of_another_name_is_found_by_its_device(void **state)
{
	(void)state;
	file("ifcfg-eth1", "DEVICE=eth4\n");
	file("ifcfg-office", "NAME=Office\nexport DEVICE=\"eth\"'0' # mine\n");
	file("ifcfg-zoo", "DEVICE=eth0\n");
	file("ifcfg-vip", "DEVICE=eth0:7\n");
	file("ifcfg-dos", "DEVICE=eth5\r\n");
	file("ifcfg-like", "DEVICE=eth00\n# DEVICE=eth9\n");
	assert_file("eth4", "eth1");
	assert_file("eth1", NULL);
	assert_file("eth0", "office");
	assert_file("eth0:7", "vip");
	assert_file("eth5", "dos");
	assert_file("eth9", NULL);
}

static void
backups_and_what_is_no_file_are_passed_over(void **state)
{
	static const char *const names[] = {
		"ifcfg-a~", "ifcfg-a.bak", "ifcfg-a.old", "ifcfg-a.orig",
		"ifcfg-a.rpmnew", "ifcfg-a.rpmorig", "ifcfg-a.rpmsave",
		"Xifcfg-a", "ifcfg", "ifcfg-", "ifcfg-\x1b[2J",
	};
	char *big = calloc(1, (1 << 20) + 2);

	(void)state;
	for (size_t i = 0; i < LENGTH(names); i++)
		file(names[i], "DEVICE=eth0\n");
	assert_int_equal(mkdir(DIR "/ifcfg-dir", 0755), 0);
	assert_int_equal(mkdir(DIR "/ifcfg-eth0", 0755), 0);
	assert_non_null(big);
	memset(big, '\n', (1 << 20) + 1);
	file("ifcfg-big", big);
	assert_file("eth0", NULL);
	file("ifcfg-b.bak.x", "DEVICE=eth0\n");
	assert_file("eth0", "b.bak.x");
	/* Asked for by name, it cannot be passed over. */
	assert_fault("big", "ifcfg-big: ");
	write_text(DIR "/ifcfg-nul", "DEVICE=nul\n\0\n", 13);
	assert_fault("nul", "ifcfg-nul: has a NUL byte");
	free(big);
}

static void
a_file_without_device_is_found_by_the_card(void **state)
{
	(void)state;
	card("eth3", "52:54:00:aa:bb:0c\n");
	card("eth4", "52:54:00:aa:bb:0d\n");
	file("ifcfg-lan", "HWADDR=\"52:54:00:AA:BB:0C\"\n");
	file("ifcfg-kitchen", "HWADDR=52:54:00:aa:bb:0d\nDEVICE=eth9\n");
	assert_file("eth3", "lan");
	assert_file("eth4", NULL);
	assert_file("eth9", "kitchen");
	assert_file("eth3:1", NULL);
	/* The file's name is that of another card. */
	file("ifcfg-eth3", "HWADDR=52:54:00:aa:bb:0d\n");
	assert_file("eth3", "lan");
	assert_file("eth4", "eth3");
	/* A card that is not there tells nothing. */
	file("ifcfg-eth7", "HWADDR=52:54:00:aa:bb:0d\n");
	assert_file("eth7", "eth7");
}

static void
an_alias_may_belong_to_a_range(void **state)
{
	struct ifcfg c;

	(void)state;
	file("ifcfg-eth0", "DEVICE=eth0\nGATEWAY=10.0.0.254\n");
	file("ifcfg-eth0-range0", "IPADDR_START=10.0.0.20\n"
	    "IPADDR_END=10.0.0.22\nCLONENUM_START=10\nPOLICY_TABLE=rt1\n"
	    "NAME='some name'\nIPADDR=10.0.0.99\nIPV6ADDR=2001:db8::1\n");
	assert_file("eth0:9", NULL);
	assert_file("eth0:10", "eth0-range0");
	assert_file("eth0:12", "eth0-range0");
	assert_file("eth0:13", NULL);
	assert_file("eth0:x", NULL);
	assert_file("eth1:11", NULL);
	find(&c, "eth0:11");
	assert_string_equal(c.name, "eth0-range0");
	assert_string_equal(c.nickname, "some");
	assert_addresses(&c, "10.0.0.21");
	assert_addr(&c.gateway4, "10.0.0.254");
	assert_int_equal(c.settings.count, 1);
	ifcfg_fini(&c);
	file("ifcfg-eth0:11", "IPADDR=10.0.0.5");
	assert_file("eth0:11", "eth0:11");
}

static void
no_name_leads_anywhere_else(void **state)
{
	static const char *const labels[] = {
		"", ".", "..", "../x", "a/b", "eth0:", ":1", "eth0 1",
		"a-name-that-is-too-long", "eth0\x1b",
	};

	(void)state;
	put("/run/ifcfg-x", "DEVICE=x\n");
	for (size_t i = 0; i < LENGTH(labels); i++) {
		struct ifcfg c;
		struct fault f;
		bool found = true;

		assert_true(ifcfg_find(&c, DIR, labels[i], &found, &f));
		assert_false(found);
		ifcfg_fini(&c);
	}
	assert_int_equal(rmdir(DIR), 0);
	assert_file("eth0", NULL);
}

static void
addresses_are_counted_as_the_scripts_do(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "", "" },
		{ "IPADDR=10.0.0.1", "10.0.0.1" },
		{ "IPADDR0=10.0.0.1", "10.0.0.1" },
		{ "IPADDR2=10.0.0.3\nIPADDR=10.0.0.1\nIPADDR0=10.0.0.2",
		    "10.0.0.1 10.0.0.2 10.0.0.3" },
		{ "IPADDR1=10.0.0.2\nIPADDR3=10.0.0.3", "10.0.0.2" },
		{ "IPADDR=10.0.0.1\nIPADDR0=10.0.0.1", "10.0.0.1" },
		{ "IPADDR=' 10.0.0.1 '", "10.0.0.1" },
		{ "IPADDR=$X\nIPADDR1=10.0.0.300\nIPADDR2=10.0.0.1",
		    "10.0.0.1" },
		{ "IPADDR=10.0.0.1\r\n", "" },
		{ "IPADDR=10.0.0.1\nBOOTPROTO=none", "10.0.0.1" },
		{ "IPADDR=10.0.0.1\nBOOTPROTO=dhcp", "" },
		{ "IPV6ADDR=2001:db8::1/64\nIPADDR=10.0.0.1",
		    "10.0.0.1 2001:db8::1" },
		{ "IPV6INIT=no\nIPV6ADDR=2001:db8::1", "" },
		{ "IPV6ADDR_SECONDARIES='2001:db8::2/64 \t\n 2001:db8::3'\n"
		    "IPV6ADDR=2001:db8::1",
		    "2001:db8::1 2001:db8::2 2001:db8::3" },
		{ "IPV6ADDR_SECONDARIES=\"$X\"", "" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct ifcfg c;

		file("ifcfg-eth0", cases[i].text);
		find(&c, "eth0");
		assert_addresses(&c, cases[i].want);
		ifcfg_fini(&c);
	}
}

static void
more_addresses_than_there_is_room_for(void **state)
{
	struct text t = { 0 };
	struct ifcfg c;

	(void)state;
	for (int i = 0; i <= 255; i++)
		text_fmt(&t, "IPADDR%d=10.0.0.%d\n", i, i);
	file("ifcfg-eth0", t.at);
	find(&c, "eth0");
	assert_int_equal(c.address_count, REQUEST_ADDRESSES);
	ifcfg_fini(&c);
	text_str(&t, "POLICY_TABLE=rt1\n");
	file("ifcfg-eth0", t.at);
	assert_fault("eth0", "ifcfg-eth0:65: IPADDR64: \"10.0.0.64\" is one "
	    "address too many");
	text_fini(&t);
}

static void
gateways_are_taken_where_they_are_meant(void **state)
{
	static const struct {
		const char *text, *four, *six;
	} cases[] = {
		{ "", "", "" },
		{ "GATEWAY=10.0.0.254", "10.0.0.254", "" },
		{ "GATEWAY=none\nIPV6_DEFAULTGW=::", "", "" },
		{ "GATEWAY=0.0.0.0", "", "" },
		{ "GATEWAY=2001:db8::1\nIPV6_DEFAULTGW=10.0.0.1", "", "" },
		{ "IPV6_DEFAULTGW=2001:db8::fe", "", "2001:db8::fe" },
		{ "IPV6_DEFAULTGW=fe80::1%eth0", "", "fe80::1" },
		{ "IPV6_DEFAULTGW=fe80::1%eth1", "", "" },
		{ "IPV6_DEFAULTGW=fe80::1%eth", "", "" },
		{ "IPV6_DEFAULTGW=fe80::1%eth0\nIPV6INIT=no", "", "" },
		{ "GATEWAY=`gw`", "", "" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct ifcfg c;

		file("ifcfg-eth0", cases[i].text);
		find(&c, "eth0");
		assert_addr(&c.gateway4, cases[i].four);
		assert_addr(&c.gateway6, cases[i].six);
		ifcfg_fini(&c);
	}
}

static void
an_alias_inherits_its_device_s_gateway(void **state)
{
	struct ifcfg c;

	(void)state;
	file("ifcfg-office", "DEVICE=eth0\nGATEWAY=10.0.0.254\n"
	    "POLICY_TABLE=rt1\nNOROUTESET=yes\nPOLICY_BAD=1\n");
	file("ifcfg-eth0:1", "IPADDR=10.0.0.2\nBOOTPROTO=dhcp\n");
	find(&c, "eth0:1");
	assert_addr(&c.gateway4, "10.0.0.254");
	assert_addresses(&c, "10.0.0.2");
	assert_false(c.dhcp4);
	assert_false(c.no_routes);
	assert_int_equal(c.settings.count, 0);
	ifcfg_fini(&c);
	file("ifcfg-eth0:1", "IPADDR=10.0.0.2\nGATEWAY=10.0.0.253\n");
	find(&c, "eth0:1");
	assert_addr(&c.gateway4, "10.0.0.253");
	ifcfg_fini(&c);
	assert_int_equal(unlink(DIR "/ifcfg-office"), 0);
	file("ifcfg-eth0:1", "IPADDR=10.0.0.2\n");
	find(&c, "eth0:1");
	assert_addr(&c.gateway4, "");
	ifcfg_fini(&c);
}

static void
yes_and_no_are_those_of_the_scripts(void **state)
{
	static const struct {
		const char *text;
		bool dhcp4, auto6, no_routes;
	} cases[] = {
		{ "", false, false, false },
		{ "BOOTPROTO=dhcp", true, false, false },
		{ "BOOTPROTO=\"bootp\"", true, false, false },
		{ "BOOTPROTO=static", false, false, false },
		{ "IPV6_AUTOCONF=yes", false, true, false },
		{ "IPV6_AUTOCONF=YES\nIPV6INIT=no", false, false, false },
		{ "DHCPV6C=true", false, true, false },
		{ "IPV6INIT=yes", false, true, false },
		{ "IPV6INIT=yes\nIPV6ADDR=2001:db8::1", false, false, false },
		{ "IPV6INIT=yes\nIPADDR=10.0.0.1", false, true, false },
		{ "IPV6INIT=yes\nIPV6_AUTOCONF=no", false, false, false },
		{ "NOROUTESET=yes", false, false, true },
		{ "NOROUTESET=On", false, false, true },
		{ "NOROUTESET=1", false, false, true },
		{ "NOROUTESET=T", false, false, true },
		{ "NOROUTESET=no", false, false, false },
		{ "NOROUTESET=0", false, false, false },
		{ "NOROUTESET=yess", false, false, false },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct ifcfg c;

		file("ifcfg-eth0", cases[i].text);
		find(&c, "eth0");
		if (c.dhcp4 != cases[i].dhcp4 || c.auto6 != cases[i].auto6 ||
		    c.no_routes != cases[i].no_routes)
			fail_msg("%s: %d %d %d", cases[i].text, c.dhcp4,
			    c.auto6, c.no_routes);
		ifcfg_fini(&c);
	}
}

static void
the_nickname_is_the_first_word(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "", "" }, { "NAME=x", "x" },
		{ "NAME='System eth0'", "System" },
		{ "NAME=../x", "" }, { "NAME=$X", "" }, { "NAME=' a '", "a" },
		{ "NAME=$'a'\nNAME='\x1b'", "" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct ifcfg c;

		file("ifcfg-eth0", cases[i].text);
		find(&c, "eth0");
		assert_string_equal(c.nickname, cases[i].want);
		ifcfg_fini(&c);
	}
}

static void
options_become_settings(void **state)
{
	struct ifcfg c;

	(void)state;
	file("ifcfg-eth0", "DEVICE=eth0\nPOLICY_TABLE=rt1\n"
	    "export POLICY_MATCH=\"from to\"\nPOLICY_ROUTE1='10.9.0.0/16'\n"
	    "POLICY_ROUTE0='10.8.0.0/16 via 10.0.0.3'\nPOLICY_METRIC=1\n"
	    "POLICY_METRIC=7\npolicy_arp=filter\nXPOLICY_ARP=x\n");
	find(&c, "eth0");
	assert_int_equal(c.settings.count, 6);
	assert_string_equal(settings_get(&c.settings, KEY_TABLE)->value,
	    "rt1");
	assert_string_equal(settings_get(&c.settings, KEY_MATCH)->value,
	    "from to");
	assert_string_equal(settings_get(&c.settings, KEY_METRIC)->value, "7");
	assert_string_equal(settings_get(&c.settings, KEY_ROUTE)->value,
	    "10.8.0.0/16 via 10.0.0.3");
	ifcfg_fini(&c);
	ifcfg_fini(NULL);
}

static void
what_is_needed_and_wrong_is_named_with_its_line(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "POLICY_TABLE=$(hostname)", "2: POLICY_TABLE: "
		    "\"$(hostname)\" could only be known by running a shell" },
		{ "POLICY_TABEL=1", "2: \"POLICY_TABEL\": no such option" },
		{ "POLICY_TABLE=", "2: POLICY_TABLE: needs a value" },
		{ "POLICY_TABLE=a\r", "2: POLICY_TABLE: the line ends in CR" },
		{ "POLICY_TABLE=a\n. ./x", "3: \". ./x\": only a shell" },
		{ "POLICY_TABLE=a\n\r", "3: \"\\x0d\": only a shell" },
		{ "POLICY_TABLE=a\nIPADDR=$X", "3: IPADDR: \"$X\" could" },
		{ "POLICY_TABLE=a\nIPADDR=10.0.0.300",
		    "3: IPADDR: \"10.0.0.300\" is no IPv4 address" },
		{ "POLICY_TABLE=a\nIPADDR=10.0.0.3\r",
		    "3: IPADDR: the line ends in CR" },
		{ "POLICY_TABLE=a\nGATEWAY=gw",
		    "3: GATEWAY: \"gw\" is no IPv4 address" },
		{ "POLICY_TABLE=a\nIPV6_DEFAULTGW=gw",
		    "3: IPV6_DEFAULTGW: \"gw\" is no IPv6 address" },
		{ "POLICY_TABLE=a\nIPV6ADDR_SECONDARIES='::1 x'",
		    "3: IPV6ADDR_SECONDARIES: \"x\" is no IPv6 address" },
		{ "POLICY_TABLE=a\nBOOTPROTO=`x`", "3: BOOTPROTO: \"`x`\"" },
		{ "POLICY_TABLE=a\nX='1", "3: a ' that is not closed" },
		{ "X='1\nPOLICY_TABLE=a", "2: a ' that is not closed" },
		{ "POLICY_RULE=a\nPOLICY_RULE=b", "3: POLICY_RULE: stands in "
		    "line 2 already" },
	};
	char text[200], want[200];

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		snprintf(text, sizeof(text), "# one\n%s\n", cases[i].text);
		snprintf(want, sizeof(want), "ifcfg-eth0:%s", cases[i].want);
		file("ifcfg-eth0", text);
		assert_fault("eth0", want);
	}
}

static void
shell_code_without_options_is_no_error(void **state)
{
	static const char *const cases[] = {
		". /etc/x\n", "IPADDR=$(hostname -i)\n", "if true; then\n",
		"IPADDR=10.0.0.300\n", "GATEWAY=$X\n", "X='1\n", "X=\"$(\n",
		"IPADDR=10.0.0.1\r\n\r\n", "BOOTPROTO=$X\n", "NAME=$X\n",
		"cat <<E\ndon't\nE\n", "IPV6ADDR=x\n", "GATEWAY=`x",
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct ifcfg c;
		char text[100];

		snprintf(text, sizeof(text), "NOROUTESET=yes\n%s", cases[i]);
		file("ifcfg-eth0", text);
		find(&c, "eth0");
		assert_int_equal(c.address_count, 0);
		assert_int_equal(c.gateway4.family, 0);
		assert_true(c.no_routes);
		ifcfg_fini(&c);
	}
}

static void
assert_labels(const char *device, const char *want)
{
	struct ifcfg_labels l = { 0 };
	struct text have = { 0 };
	struct fault f;

	if (!ifcfg_labels(&l, DIR, device, &f))
		fail_msg("%s", f.text);
	for (size_t i = 0; i < l.count; i++)
		text_fmt(&have, "%s%s", i ? " " : "", l.at[i]);
	assert_string_equal(have.at ? have.at : "", want);
	text_fini(&have);
	ifcfg_labels_fini(&l);
	ifcfg_labels_fini(NULL);
}

static void
the_aliases_of_a_device_are_listed(void **state)
{
	struct ifcfg_labels l = { 0 };
	struct fault f;

	(void)state;
	assert_labels("eth0", "");
	file("ifcfg-eth0", "");
	file("ifcfg-eth0:2", "DEVICE=eth0:2\n");
	file("ifcfg-eth0:1", "");
	file("ifcfg-eth0:b", "DEVICE=eth0:vip\n");
	file("ifcfg-eth0:c", "DEVICE=$X\n. y\n");
	file("ifcfg-eth0:d", "DEVICE=eth1:1\n");
	file("ifcfg-eth0:e", "DEVICE=eth0:\n");
	file("ifcfg-eth0:f", "DEVICE=eth0:much-too-long-a-name\n");
	file("ifcfg-eth0:g.bak", "");
	file("ifcfg-eth00:1", "");
	file("ifcfg-vip", "DEVICE=eth0:9\n");
	file("ifcfg-eth0-range0", "IPADDR_START=10.0.0.1\n"
	    "IPADDR_END=10.0.0.3\nCLONENUM_START=1\n");
	file("ifcfg-eth0-range1", "IPADDR_START=10.0.0.9\n"
	    "IPADDR_END=10.0.0.3\nCLONENUM_START=20\n");
	file("ifcfg-eth0-range2", "IPADDR_START=10.0.0.9\n"
	    "IPADDR_END=10.0.1.9\nCLONENUM_START=30\n");
	file("ifcfg-eth0-range3", "IPADDR_START=10.0.0.9\n"
	    "IPADDR_END=10.0.0.9\n");
	assert_labels("eth0", "eth0:1 eth0:2 eth0:3 eth0:c eth0:vip");
	assert_labels("eth1", "");
	file("ifcfg-eth1-rangeX", "IPADDR_START=10.0.0.0\n"
	    "IPADDR_END=10.0.0.255\nCLONENUM_START=0\n");
	assert_true(ifcfg_labels(&l, DIR, "eth1", &f));
	assert_int_equal(l.count, 256);
	ifcfg_labels_fini(&l);
	assert_int_equal(symlink("loop", "/run/loop"), 0);
	assert_false(ifcfg_labels(&l, "/run/loop", "eth1", &f));
	assert_non_null(strstr(f.text, "/run/loop: "));
}

/* Routes and rules. */

static void
reads(const char *const *names, size_t count, int family, const char *device,
    const char *want, const char *complaints)
{
	struct settings s = { 0 };
	struct text said = { 0 }, have = { 0 };
	struct fault f;

	if (!ifcfg_routes(&s, family, DIR, names, count, device, &said, &f))
		fail_msg("%s", f.text);
	for (size_t i = 0; i < s.count; i++)
		text_fmt(&have, "%s %s %s\n", s.at[i].where,
		    keys[s.at[i].key].name, s.at[i].value);
	/* assert_string_equal() shows no more than a line or two of them. */
	if (strcmp(have.at ? have.at : "", want)) {
		print_error("%s", have.at ? have.at : "");
		fail_msg("wanted\n%s", want);
	}
	if (strcmp(said.at ? said.at : "", complaints)) {
		print_error("%s", said.at ? said.at : "");
		fail_msg("wanted\n%s", complaints);
	}
	text_fini(&have);
	text_fini(&said);
	settings_fini(&s);
}

static void
route(const char *text, const char *want, const char *complaints)
{
	static const char *const names[] = { "eth0" };

	file("route-eth0", text);
	reads(names, 1, AF_INET, "eth0", want, complaints);
}

static void
lines_are_read_as_the_scripts_read_them(void **state)
{
	(void)state;
	route("", "", "");
	route("10.0.0.0/8 dev eth0", "route-eth0:1 route 10.0.0.0/8 dev eth0\n",
	    "");
	route("# one\n\n  \t\n\r\n\r# two\n \t# three\n\t 10.0.0.0/8   dev\t"
	    "eth0 \t\n", "route-eth0:7 route 10.0.0.0/8 dev eth0\n", "");
	route("10.0.0.0/8 \\\n  via 10.0.0.1 \\\n dev eth0\n1.0.0.0/8\n",
	    "route-eth0:1 route 10.0.0.0/8 via 10.0.0.1 dev eth0\n"
	    "route-eth0:4 route 1.0.0.0/8\n", "");
	route("1.0.0.0/8\n# a \\\n2.0.0.0/8\n3.0.0.0/8\n",
	    "route-eth0:1 route 1.0.0.0/8\nroute-eth0:4 route 3.0.0.0/8\n",
	    "");
	route("1.0.0.\\0/8 \\d\\ev eth0\n\\#x\n2.0.0.0\\\\8\n",
	    "route-eth0:1 route 1.0.0.0/8 dev eth0\n"
	    "route-eth0:3 route 2.0.0.0\\8\n", "");
	route("1.0.0.0/8\\\n", "route-eth0:1 route 1.0.0.0/8\n", "");
	route("1.0.0.0/8 # home\n", "route-eth0:1 route 1.0.0.0/8 # home\n",
	    "");
	route("\"1.0.0.0/8\" dev $DEV\n",
	    "route-eth0:1 route \"1.0.0.0/8\" dev $DEV\n", "");
}

static void
lines_that_nobody_can_have_are_named(void **state)
{
	(void)state;
	route("1.0.0.0/8\r\n2.0.0.0/8\n",
	    "route-eth0:2 route 2.0.0.0/8\n",
	    "route-eth0:1: \"1.0.0.0/8\\x0d\": the line ends in CR, as in "
	    "DOS; save the file with UNIX line ends\n");
	route("1.0.0.0/8 dev eth*\n2.0.0.0/8\n\\[x\nwhat?\n",
	    "route-eth0:2 route 2.0.0.0/8\n",
	    "route-eth0:1: \"1.0.0.0/8 dev eth*\": a shell may make names of "
	    "files out of *, ? and [\n"
	    "route-eth0:3: \"[x\": a shell may make names of files out of *, "
	    "? and [\n"
	    "route-eth0:4: \"what?\": a shell may make names of files out of "
	    "*, ? and [\n");
	route("1.0.0.0/8 \x1b[2J\n", "",
	    "route-eth0:1: \"1.0.0.0/8 \\x1b[2J\": a shell may make names of "
	    "files out of *, ? and [\n");
	route("1.0.0.0/8 \x1b\n", "", "route-eth0:1: route "
	    "\"1.0.0.0/8 \\x1b\": has a control character\n");
	route("2.0.0.0/8\n1.0.0.0/8\\", "route-eth0:1 route 2.0.0.0/8\n",
	    "route-eth0:2: \"1.0.0.0/8\": ends in a backslash and nothing "
	    "follows, so the scripts lose it\n");
	route("# x\\", "", "");
}

static void
all_names_are_read_routes_before_rules(void **state)
{
	static const char *const names[] = { "eth0", "office" };
	static const char *const same[] = { "eth0", "eth0", "", "a/b" };

	(void)state;
	file("route-eth0", "1.0.0.0/8\n");
	file("route-office", "2.0.0.0/8\n");
	file("route6-eth0", "2001:db8:1::/64\n");
	file("route6-office", "2001:db8:2::/64\n");
	file("rule-eth0", "from 1.0.0.1 table 1\n# x\nto 1.0.0.1 table 1\n");
	file("rule-office", "from 2.0.0.1 table 1\n");
	file("rule6-eth0", "from 2001:db8::1 table 1\n");
	file("rule6-office", "from 2001:db8::2 table 1\n");
	reads(names, 2, AF_INET, "eth0",
	    "route-eth0:1 route 1.0.0.0/8\n"
	    "route-office:1 route 2.0.0.0/8\n"
	    "rule-eth0:1 rule from 1.0.0.1 table 1\n"
	    "rule-eth0:3 rule to 1.0.0.1 table 1\n"
	    "rule-office:1 rule from 2.0.0.1 table 1\n", "");
	reads(names, 2, AF_INET6, "eth0",
	    "route6-eth0:1 route 2001:db8:1::/64\n"
	    "route6-office:1 route 2001:db8:2::/64\n"
	    "rule6-eth0:1 rule from 2001:db8::1 table 1\n"
	    "rule6-office:1 rule from 2001:db8::2 table 1\n", "");
	reads(same, 4, AF_INET, "eth0",
	    "route-eth0:1 route 1.0.0.0/8\n"
	    "rule-eth0:1 rule from 1.0.0.1 table 1\n"
	    "rule-eth0:3 rule to 1.0.0.1 table 1\n", "");
	reads(names, 0, AF_INET, "eth0", "", "");
}

static void
the_key_form_counts_from_0(void **state)
{
	(void)state;
	route("ADDRESS0=10.0.0.0\nNETMASK0=255.0.0.0\nGATEWAY0=10.1.0.1\n\n"
	    "ADDRESS1='10.9.0.0'; NETMASK1=16\n# x\nADDRESS2=10.8.0.1\n",
	    "route-eth0:1 route 10.0.0.0/8 via 10.1.0.1 dev eth0\n"
	    "route-eth0:5 route 10.9.0.0/16 dev eth0\n"
	    "route-eth0:7 route 10.8.0.1/32 dev eth0\n", "");
	route("ADDRESS0=0.0.0.0\nNETMASK0=0.0.0.0\n"
	    "GATEWAY0=\" 10.1.0.1 metric 7 \"\n",
	    "route-eth0:1 route 0.0.0.0/0 via 10.1.0.1 metric 7 dev eth0\n",
	    "");
	route("ADDRESS1=10.0.0.0\nNETMASK1=255.0.0.0\n", "",
	    "route-eth0:1: ADDRESS1 is not reached: the scripts count from "
	    "0, and there is no ADDRESS0\n");
	route("ADDRESS0=10.0.0.1\nADDRESS1=\nADDRESS2=10.0.0.2\n"
	    "ADDRESS00=10.0.0.3\nADDRESSES=1\nADDRESS4=\n",
	    "route-eth0:1 route 10.0.0.1/32 dev eth0\n",
	    "route-eth0:3: ADDRESS2 is not reached: the scripts count from "
	    "0, and there is no ADDRESS1\n"
	    "route-eth0:4: ADDRESS00 is not reached: the scripts count from "
	    "0, and there is no ADDRESS1\n");
	/* Not this form. */
	route("#ADDRESS0=1\nexport ADDRESS0=1\nADDRESS=1\n",
	    "route-eth0:2 route export ADDRESS0=1\n"
	    "route-eth0:3 route ADDRESS=1\n", "");
}

static void
the_key_form_names_what_it_cannot_use(void **state)
{
	(void)state;
	route("ADDRESS0=$X\nADDRESS1=10.0.0.0\nNETMASK1=100.64.0.0\n"
	    "ADDRESS2=10.0.0.0/8\nADDRESS3=2001:db8::\nADDRESS4=default\n"
	    "ADDRESS5=10.0.0.5\nGATEWAY5=$(gw)\nADDRESS6=10.0.0.6\n"
	    "ADDRESS7=10.0.0.7\nNETMASK7=255.255.255.255\r\n"
	    "ADDRESS8=10.0.0.8\nGATEWAY8=*\nADDRESS9=10.0.0.9\n"
	    "GATEWAY9='10.0.0.1\ndev eth0'\n",
	    "route-eth0:9 route 10.0.0.6/32 dev eth0\n",
	    "route-eth0:1: ADDRESS0: \"$X\" could only be known by running a "
	    "shell; write the value\n"
	    "route-eth0:3: NETMASK1: \"100.64.0.0\" is no netmask\n"
	    "route-eth0:4: ADDRESS2: \"10.0.0.0/8\" is no IPv4 address; the "
	    "length is written as NETMASK\n"
	    "route-eth0:5: ADDRESS3: \"2001:db8::\" is no IPv4 address; write "
	    "routes of IPv6 for ip, in a route6- file\n"
	    "route-eth0:6: ADDRESS4: \"default\" is no IPv4 address\n"
	    "route-eth0:8: GATEWAY5: \"$(gw)\" could only be known by running "
	    "a shell; write the value\n"
	    "route-eth0:11: NETMASK7: the line ends in CR, as in DOS; save "
	    "the file with UNIX line ends\n"
	    "route-eth0:12: \"10.0.0.8/32 via * dev eth0\": a shell may make "
	    "names of files out of *, ? and [\n"
	    "route-eth0:14: route \"10.0.0.9/32 via 10.0.0.1\\x0adev eth0 "
	    "dev eth0\": has a control character\n");
	route("ADDRESS0=10.0.0.1\nMETRIC0=5\nOPTIONS0=\"table 7\"\n"
	    "METRIC1=9\nOPTIONS=x\n",
	    "route-eth0:1 route 10.0.0.1/32 dev eth0\n",
	    "route-eth0:2: METRIC0=\"5\" is ignored, as the stock scripts do "
	    "(only NetworkManager uses it); write the line in ip form\n"
	    "route-eth0:3: OPTIONS0=\"table 7\" is ignored, as the stock "
	    "scripts do (only NetworkManager uses it); write the line in ip "
	    "form\n");
	route("ADDRESS0=10.0.0.1\n1.0.0.0/8 dev eth0\n2.0.0.0/8\n",
	    "route-eth0:1 route 10.0.0.1/32 dev eth0\n",
	    "route-eth0:2: \"1.0.0.0/8 dev eth0\": not of the form "
	    "NAME=value, nor are others here: in a file with ADDRESSn= lines "
	    "they are no routes\n");
	route("ADDRESS0=10.0.0.1\nNETMASK0='255.\nADDRESS1=10.0.0.2\n",
	    "route-eth0:1 route 10.0.0.1/32 dev eth0\n",
	    "route-eth0:2: a ' that is not closed\n");
}

static void
variables_stay_set_for_the_next_file(void **state)
{
	static const char *const names[] = { "eth0:1", "office" };

	(void)state;
	file("route-eth0:1", "ADDRESS0=10.0.0.0\nNETMASK0=255.0.0.0\n"
	    "GATEWAY0=10.1.0.1\nMETRIC0=1\nADDRESS2=10.2.0.0\n");
	file("route-office", "ADDRESS1=11.0.0.0\nNETMASK1=255.0.0.0\n");
	file("office.route", "GATEWAY1=10.1.0.2\n");
	file("eth0:1.route", "ADDRESS0=never\n");
	reads(names, 2, AF_INET, "eth0:1",
	    "route-eth0:1:1 route 10.0.0.0/8 via 10.1.0.1 dev eth0\n"
	    "route-office:1 route 11.0.0.0/8 dev eth0\n"
	    "route-office route 10.2.0.0/32 dev eth0\n"
	    "office.route route 11.0.0.0/8 via 10.1.0.2 dev eth0\n",
	    "route-eth0:1:4: METRIC0=\"1\" is ignored, as the stock scripts "
	    "do (only NetworkManager uses it); write the line in ip form\n"
	    "route-eth0:1:5: ADDRESS2 is not reached: the scripts count from "
	    "0, and there is no ADDRESS1\n");
	reads(names, 1, AF_INET, "eth0:1",
	    "route-eth0:1:1 route 10.0.0.0/8 via 10.1.0.1 dev eth0\n",
	    "route-eth0:1:4: METRIC0=\"1\" is ignored, as the stock scripts "
	    "do (only NetworkManager uses it); write the line in ip form\n"
	    "route-eth0:1:5: ADDRESS2 is not reached: the scripts count from "
	    "0, and there is no ADDRESS1\n"
	    "eth0:1.route:1: ADDRESS0: \"never\" is no IPv4 address\n");
	reads(names, 2, AF_INET6, "eth0:1", "", "");
}

static void
routes_of_a_key_file_are_ipv4_whatever_its_name(void **state)
{
	static const char *const names[] = { "eth0" };

	(void)state;
	file("route6-eth0", "ADDRESS0=10.0.0.1\n");
	reads(names, 1, AF_INET, "eth0",
	    "route6-eth0:1 route 10.0.0.1/32 dev eth0\n", "");
	reads(names, 1, AF_INET6, "eth0", "", "");
}

static void
files_that_cannot_be_read_are_faults(void **state)
{
	static const char *const names[] = { "eth0" };
	char *big = calloc(1, (1 << 20) + 2);
	struct settings s = { 0 };
	struct text said = { 0 };
	struct fault f;

	(void)state;
	assert_non_null(big);
	memset(big, '\n', 1 << 20);
	file("rule-eth0", big);
	assert_int_equal(mkdir(DIR "/route-eth0", 0755), 0);
	reads(names, 1, AF_INET, "eth0", "", "");
	big[1 << 20] = '\n';
	file("rule-eth0", big);
	assert_false(ifcfg_routes(&s, AF_INET, DIR, names, 1, "eth0", &said,
	    &f));
	assert_int_equal(strncmp(f.text, "rule-eth0: ", 11), 0);
	file("rule-eth0", "");
	write_text(DIR "/route6-eth0", "a\0b", 3);
	assert_false(ifcfg_routes(&s, AF_INET6, DIR, names, 1, "eth0", &said,
	    &f));
	assert_string_equal(f.text, "route6-eth0: has a NUL byte, so it is "
	    "no text");
	settings_fini(&s);
	text_fini(&said);
	free(big);
}

static void
too_many_complaints_end(void **state)
{
	static const char *const names[] = { "eth0" };
	struct text t = { 0 }, said = { 0 };
	struct settings s = { 0 };
	struct fault f;

	(void)state;
	for (int i = 0; i < 100000; i++)
		text_str(&t, "a*\n");
	text_str(&t, "1.0.0.0/8\n");
	file("route-eth0", t.at);
	assert_true(ifcfg_routes(&s, AF_INET, DIR, names, 1, "eth0", &said,
	    &f));
	assert_int_equal(s.count, 1);
	assert_true(said.len < 70000);
	assert_non_null(strstr(said.at, ": and so on\n"));
	settings_fini(&s);
	t.len = 0;
	for (int i = 0; i < LINES_MAX + 10; i++)
		text_str(&t, "a\n");
	file("route-eth0", t.at);
	said.len = 0;
	assert_true(ifcfg_routes(&s, AF_INET, DIR, names, 1, "eth0", &said,
	    &f));
	assert_int_equal(s.count, LINES_MAX);
	assert_non_null(strstr(said.at, "more than 4096 lines"));
	settings_fini(&s);
	text_fini(&t);
	text_fini(&said);
}

static int
setup(void **state)
{
	(void)state;
	if (private_dir("/run") < 0 ||
	    mount("test", "/sys", "tmpfs", 0, "mode=755") < 0 ||
	    mkdir("/sys/class", 0755) < 0)
		return -1;
	return mkdir("/sys/class/net", 0755);
}

#define TEST(name) cmocka_unit_test_setup(name, empty)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_file_is_found_by_its_name),
		TEST(a_file_of_another_name_is_found_by_its_device),
		TEST(backups_and_what_is_no_file_are_passed_over),
		TEST(a_file_without_device_is_found_by_the_card),
		TEST(an_alias_may_belong_to_a_range),
		TEST(no_name_leads_anywhere_else),
		TEST(addresses_are_counted_as_the_scripts_do),
		TEST(more_addresses_than_there_is_room_for),
		TEST(gateways_are_taken_where_they_are_meant),
		TEST(an_alias_inherits_its_device_s_gateway),
		TEST(yes_and_no_are_those_of_the_scripts),
		TEST(the_nickname_is_the_first_word),
		TEST(options_become_settings),
		TEST(what_is_needed_and_wrong_is_named_with_its_line),
		TEST(shell_code_without_options_is_no_error),
		TEST(the_aliases_of_a_device_are_listed),
		TEST(lines_are_read_as_the_scripts_read_them),
		TEST(lines_that_nobody_can_have_are_named),
		TEST(all_names_are_read_routes_before_rules),
		TEST(the_key_form_counts_from_0),
		TEST(the_key_form_names_what_it_cannot_use),
		TEST(variables_stay_set_for_the_next_file),
		TEST(routes_of_a_key_file_are_ipv4_whatever_its_name),
		TEST(files_that_cannot_be_read_are_faults),
		TEST(too_many_complaints_end),
	};

	return cmocka_run_group_tests_name("ifcfg", tests, setup, NULL);
}
