/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: priorities and table numbers that other products give out. */
#ifndef IFPOLICY_PRODUCTS_H
#define IFPOLICY_PRODUCTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum product_id {
	AWS_CNI, CALICO, CILIUM, CLOUD_NETCONFIG, EC2_NET_UTILS, FIREHOL, FRR,
	IFUPDOWN2, IFUPDOWN_MULTI, KEEPALIVED, MWAN3, NETBIRD, NETIFD,
	NM_CLOUD_SETUP, NMSTATE, OCI_UTILS, PBR, SHOREWALL, STRONGSWAN,
	TAILSCALE, WG_QUICK, PRODUCT_COUNT
};

struct product {
	const char *name;
	const char *sign[2];	/* a file that tells that it is installed */
	const char *habit;	/* what it does by number to rules and tables
				 * of others; NULL: nothing that is known */
};

extern const struct product products[PRODUCT_COUNT];

enum band_kind { BAND_PRIORITY, BAND_TABLE };

/* Numbers that a product takes.  Those of a `shared` band are small round ones
 * that people choose as well: they mean something only where the product is
 * installed. */
struct band {
	enum band_kind kind;
	uint32_t low, high;
	enum product_id product;
	bool shared;
};

/* The first band with this number that counts: one that is not shared, or whose
 * product is installed (such a one first).  `installed` has PRODUCT_COUNT
 * elements.  `only_installed`: others do not count.  NULL if there is none. */
const struct band *product_band(enum band_kind kind, uint32_t number,
    const bool *installed, bool only_installed);

#endif
