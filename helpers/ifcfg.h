/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: the ifcfg-, route- and rule- files of Red Hat's network-scripts. */
#ifndef IFPOLICY_IFCFG_H
#define IFPOLICY_IFCFG_H

#include <net/if.h>

#include <limits.h>

#include "claim.h"
#include "request.h"
#include "text.h"

#define SCRIPTS_DIR	"/etc/sysconfig/network-scripts"
#define IFCFG_NAME	(NAME_MAX + 1)

/* What one configuration says about routing. */
struct ifcfg {
	char name[IFCFG_NAME];	/* the file's, without "ifcfg-" */
	char nickname[IFCFG_NAME];	/* first word of NAME=, as the scripts
					 * use it for an alias' files; or "" */
	char label[IFNAMSIZ];	/* as asked for */
	/* IPADDR and the like, those of IPv6 behind; no IPv4 ones of a device
	 * that asks DHCP, as the scripts then ignore them. */
	struct addr address[REQUEST_ADDRESSES];
	size_t address_count;
	struct addr gateway4, gateway6;	/* family 0: none */
	bool dhcp4;		/* BOOTPROTO=dhcp or bootp */
	bool auto6;		/* router advertisements or DHCPv6 */
	bool no_routes;		/* NOROUTESET: route- files are not applied */
	struct settings settings;	/* POLICY_ keys */
};

/* The configuration of a label or device in dir, found as the scripts find it,
 * but from the other end: by file name, DEVICE=, the card's HWADDR=, or, for
 * an alias, the range that it belongs to.  *found tells whether there is one.
 * False with a fault "ifcfg-NAME:LINE: why" if it cannot be read, or if it has
 * POLICY_ keys and something needed is wrong or only known to a shell; name
 * and label are set then, settings empty.  Shell code in a file without such
 * keys is never an error: what it would set counts as not set.  ifcfg_fini()
 * when done, also after false. */
bool ifcfg_find(struct ifcfg *c, const char *dir, const char *label,
    bool *found, struct fault *f);
/* The same of the file ifcfg-NAME, whatever it says of devices. */
bool ifcfg_read(struct ifcfg *c, const char *dir, const char *name,
    const char *label, bool *found, struct fault *f);
void ifcfg_fini(struct ifcfg *c);

struct ifcfg_labels {
	char (*at)[IFNAMSIZ];
	size_t count;
};

/* Adds one, unless it is no name of a label.  False without memory. */
bool ifcfg_labels_add(struct ifcfg_labels *l, const char *label);

/* Adds the labels of a device's aliases, as its ifcfg-DEVICE:* and
 * ifcfg-DEVICE-range* files name them, and leaves all of *l sorted, each once.
 * Files that cannot be used are passed over, as the scripts do.  False with a
 * fault if dir cannot be read (one that does not exist has no files) or
 * without memory; ifcfg_labels_fini() in any case. */
bool ifcfg_labels(struct ifcfg_labels *l, const char *dir,
    const char *device, struct fault *f);
void ifcfg_labels_fini(struct ifcfg_labels *l);

/* A route- file of ADDRESSn=, NETMASKn= and GATEWAYn=, by the scripts' test:
 * line by line and blind to quotes. */
bool ifcfg_is_key_form(const char *text);

/* Adds to out what the files of these names, in this order, say for a family,
 * each line as the scripts would give it to ip(8): of route-NAME (route6-),
 * for IPv4 then of LAST-NAME.route, then of rule-NAME (rule6-).  A label's
 * device is meant by `device`.  The words are not judged here.  Lines that can
 * be given to nobody go, as "route-eth0:3: why" and a newline each, to
 * complaints.  False with a fault if a file is there but cannot be read, or
 * without memory. */
bool ifcfg_routes(struct settings *out, int family, const char *dir,
    const char *const *names, size_t count, const char *device,
    struct text *complaints, struct fault *f);

#endif
