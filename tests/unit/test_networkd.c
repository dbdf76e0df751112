/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: unit tests of networkd.c, on an /etc of their own. */
#include <sys/stat.h>

#include "build.h"

#include "networkd.h"

#define RULES	"ManageForeignRoutingPolicyRules"
#define ROUTES	"ManageForeignRoutes"

static void
assert_parsed(const char *text, bool rules, bool routes)
{
	struct networkd n = { .takes_rules = true, .takes_routes = true };

	networkd_parse(&n, text);
	if (n.takes_rules != rules || n.takes_routes != routes)
		fail_msg("%s: %d %d", text, n.takes_rules, n.takes_routes);
}

static void
settings_are_read(void **state)
{
	(void)state;
	assert_parsed("", true, true);
	assert_parsed("[Network]\n" RULES "=no\n", false, true);
	assert_parsed("[Network]\n" RULES "=no\n" ROUTES "=no", false, false);
	assert_parsed(" [Network]\r\n\t" ROUTES " = off \r\n", true, false);
	assert_parsed("[Network]\n" ROUTES "=False\n" RULES "=0\n", false,
	    false);
	assert_parsed("[Network]\n" ROUTES "=no\n" ROUTES "=yes\n", true,
	    true);
	assert_parsed("[Network]\n" ROUTES "=no\n" ROUTES "=maybe\n", true,
	    false);
	assert_parsed("[Network]\n#" ROUTES "=no\n;" RULES "=no\n", true,
	    true);
	assert_parsed("[DHCPv4]\n" ROUTES "=no\n", true, true);
	assert_parsed(ROUTES "=no\n", true, true);
	assert_parsed("[Network]\nX=1\n[DHCPv6]\n[Network]\n" ROUTES "=n",
	    true, false);
}

static void
assert_read(bool rules, bool routes)
{
	struct networkd n;

	assert_int_equal(networkd_read(&n), 0);
	assert_int_equal(n.takes_rules, rules);
	assert_int_equal(n.takes_routes, routes);
}

static void
drop_ins_come_in_the_order_of_their_names(void **state)
{
	(void)state;
	assert_read(true, true);
	put("/etc/systemd/networkd.conf", "[Network]\n" RULES "=no\n");
	assert_read(false, true);
	put("/run/systemd/networkd.conf", "[Network]\n" ROUTES "=no\n");
	assert_read(false, true);
	put("/run/systemd/networkd.conf.d/50-a.conf",
	    "[Network]\n" ROUTES "=no\n");
	assert_read(false, false);
	put("/etc/systemd/networkd.conf.d/60-b.conf",
	    "[Network]\n" ROUTES "=yes\n");
	assert_read(false, true);
	put("/etc/systemd/networkd.conf.d/70-c", "[Network]\n" ROUTES "=no\n");
	assert_read(false, true);
	put("/run/systemd/networkd.conf.d/60-b.conf",
	    "[Network]\n" ROUTES "=no\n");
	assert_read(false, true);
	put("/run/systemd/networkd.conf.d/90-d.conf",
	    "[Network]\n" RULES "=yes\n");
	assert_read(true, true);
	/* An empty one hides the one behind. */
	put("/etc/systemd/networkd.conf.d/90-d.conf", "");
	assert_read(false, true);
}

static int
own_dirs(void **state)
{
	static const char *const dirs[] = {
		"/etc/systemd", "/etc/systemd/networkd.conf.d",
		"/run/systemd", "/run/systemd/networkd.conf.d",
		"/usr/lib/systemd",
	};

	(void)state;
	if (private_dir("/etc") < 0 || private_dir("/run") < 0 ||
	    private_dir("/usr/lib") < 0)
		return -1;
	for (size_t i = 0; i < LENGTH(dirs); i++)
		if (mkdir(dirs[i], 0755) < 0)
			return -1;
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(settings_are_read),
		cmocka_unit_test_setup(
		    drop_ins_come_in_the_order_of_their_names, own_dirs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
