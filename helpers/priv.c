/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: keep CAP_NET_ADMIN and nothing else.
 *
 * libcap-ng sets, the kernel itself is asked what came of it: capng_apply()
 * of 0.8.3 reports success though the bounding set stayed full, and its own
 * reading back parses /proc/self/status several times. */
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <cap-ng.h>
#include <errno.h>
#include <linux/capability.h>
#include <string.h>
#include <unistd.h>

#include "priv.h"

#define NET_ADMIN	(1u << CAP_NET_ADMIN)

/* The kernel's word on this process: low and high halves of the three sets. */
static int
read_sets(struct __user_cap_data_struct sets[2])
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};

	memset(sets, 0, 2 * sizeof(sets[0]));
	return syscall(SYS_capget, &header, sets) < 0 ? -errno : 0;
}

static bool
only_net_admin(const struct __user_cap_data_struct sets[2])
{
	return !((sets[0].effective | sets[0].permitted |
	    sets[0].inheritable) & ~NET_ADMIN) &&
	    !(sets[1].effective | sets[1].permitted | sets[1].inheritable);
}

/* libcap-ng would read /proc/self/status three times to do the same. */
static void
drop_bounding(void)
{
	for (int cap = 0; cap < 64; cap++)
		if (cap != CAP_NET_ADMIN &&
		    prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) < 0)
			break;
}

/* Capabilities beyond the running kernel's last one read as -1. */
static bool
bounding_only_net_admin(void)
{
	for (int cap = 0; cap < 64; cap++)
		if (cap != CAP_NET_ADMIN &&
		    prctl(PR_CAPBSET_READ, cap, 0, 0, 0) == 1)
			return false;
	return true;
}

int
priv_drop(struct fault *f)
{
	struct __user_cap_data_struct sets[2];
	bool had, may_bound;

	umask(022);
	if (chdir("/") < 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	    read_sets(sets) < 0) {
		fault_set(f, "cannot give up privileges");
		return -EPERM;
	}
	had = sets[0].permitted & NET_ADMIN;
	may_bound = sets[0].effective & (1u << CAP_SETPCAP);
	/* Clearing first also tells libcap-ng not to read the present state. */
	capng_clear(CAPNG_SELECT_BOTH);
	if (had)
		capng_updatev(CAPNG_ADD, (capng_type_t)(CAPNG_EFFECTIVE |
		    CAPNG_PERMITTED), CAP_NET_ADMIN, -1);
	if (may_bound)
		drop_bounding();
	/* Ambient capabilities go with the permitted and inheritable ones
	 * (capabilities(7)). */
	(void)capng_apply(CAPNG_SELECT_CAPS);
	if (read_sets(sets) < 0 || !only_net_admin(sets) ||
	    (may_bound && !bounding_only_net_admin())) {
		fault_set(f, "could not drop all capabilities but "
		    "CAP_NET_ADMIN");
		return -EPERM;
	}
	return 0;
}

int
priv_need(struct fault *f)
{
	struct __user_cap_data_struct sets[2];

	if (read_sets(sets) == 0 && (sets[0].effective & NET_ADMIN))
		return 0;
	fault_set(f, "changing routes and rules needs CAP_NET_ADMIN: "
	    "run it as root");
	return -EPERM;
}
