/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: which devices have an option file of their own. */
#include <dirent.h>
#include <errno.h>
#include <string.h>

#include "conf.h"
#include "model.h"

bool
conf_each_device(bool (*each)(void *, const char *), void *arg,
    struct fault *f)
{
	struct dirent *entry;
	DIR *dir = opendir(CONF_DIR);
	bool ok = true;

	if (!dir)
		return errno == ENOENT || errno == ENOTDIR ||
		    fault_set(f, CONF_DIR ": %s", strerror(errno));
	while (ok && (entry = readdir(dir)))
		if (entry->d_name[0] != '.' && device_name_ok(entry->d_name))
			ok = each(arg, entry->d_name);
	closedir(dir);
	return ok || fault_set(f, "out of memory");
}
