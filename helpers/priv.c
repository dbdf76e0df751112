/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: keep CAP_NET_ADMIN and nothing else. */
#include <sys/prctl.h>
#include <sys/stat.h>

#include <cap-ng.h>
#include <errno.h>
#include <unistd.h>

#include "priv.h"

/* Effective and permitted hold at most CAP_NET_ADMIN; capng state is fresh. */
static bool
only_net_admin(void)
{
	static const capng_type_t sets[] = {
		CAPNG_EFFECTIVE, CAPNG_PERMITTED, CAPNG_INHERITABLE,
	};

	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++)
		for (unsigned cap = 0; cap <= (unsigned)CAP_LAST_CAP; cap++)
			if (cap != CAP_NET_ADMIN &&
			    capng_have_capability(sets[i], cap))
				return false;
	return true;
}

int
priv_drop(struct fault *f)
{
	bool had;

	umask(022);
	if (chdir("/") < 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0) {
		fault_set(f, "cannot give up privileges");
		return -EPERM;
	}
	if (capng_get_caps_process() < 0) {
		fault_set(f, "cannot read the process's capabilities");
		return -EPERM;
	}
	had = capng_have_capability(CAPNG_PERMITTED, CAP_NET_ADMIN) != 0;
	capng_clear(CAPNG_SELECT_ALL);
	if (had)
		capng_updatev(CAPNG_ADD, (capng_type_t)(CAPNG_EFFECTIVE |
		    CAPNG_PERMITTED | CAPNG_BOUNDING_SET), CAP_NET_ADMIN, -1);
	/* The result is judged by what the kernel says afterwards. */
	(void)capng_apply(CAPNG_SELECT_ALL);
	if (capng_get_caps_process() < 0 || !only_net_admin()) {
		fault_set(f, "could not drop all capabilities but "
		    "CAP_NET_ADMIN");
		return -EPERM;
	}
	return 0;
}

int
priv_need(struct fault *f)
{
	if (capng_have_capability(CAPNG_EFFECTIVE, CAP_NET_ADMIN))
		return 0;
	fault_set(f, "changing routes and rules needs CAP_NET_ADMIN: "
	    "run it as root");
	return -EPERM;
}
