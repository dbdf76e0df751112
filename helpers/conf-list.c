/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: which devices have an option file of their own. */
#include <errno.h>

#include "conf.h"
#include "file.h"
#include "model.h"

bool
conf_each_device(bool (*each)(void *, const char *), void *arg,
    struct fault *f)
{
	struct file_names names;
	int err = file_names_read(&names, CONF_DIR);
	bool ok = !err || err == -ENOENT || err == -ENOTDIR ||
	    fault_set(f, CONF_DIR ": %s", file_error(err));

	for (size_t i = 0; ok && i < names.count; i++)
		if (device_name_ok(names.at[i]) && !each(arg, names.at[i]))
			ok = fault_set(f, "out of memory");
	file_names_fini(&names);
	return ok;
}
