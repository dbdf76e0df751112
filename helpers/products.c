/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: priorities and table numbers that other products give out.
 *
 * Ours are 12000-12999 and 8001-8999.  Between 4000 and 5199, 5300 and 9999,
 * 12000 and 15999 nobody else's priorities were found. */
#include "products.h"

const struct product products[PRODUCT_COUNT] = {
	[AWS_CNI] = { "the Amazon VPC CNI",
	    { "/etc/cni/net.d/10-aws.conflist" }, NULL },
	[CALICO] = { "Calico", { "/etc/cni/net.d/10-calico.conflist" }, NULL },
	[CILIUM] = { "Cilium", { "/etc/cni/net.d/05-cilium.conflist" }, NULL },
	[CLOUD_NETCONFIG] = { "cloud-netconfig",
	    { "/etc/default/cloud-netconfig", "/usr/lib/cloud-netconfig" },
	    "sweeps away rules that it finds there" },
	[EC2_NET_UTILS] = { "amazon-ec2-net-utils",
	    { "/usr/lib/udev/rules.d/99-vpc-policy-routes.rules" }, NULL },
	[FIREHOL] = { "FireHOL", { "/etc/firehol/firehol.conf" },
	    "deletes rules and tables by their numbers" },
	[FRR] = { "FRR", { "/usr/lib/frr/pbrd" }, NULL },
	[IFUPDOWN2] = { "ifupdown2", { "/usr/share/ifupdown2" }, NULL },
	[IFUPDOWN_MULTI] = { "ifupdown-multi", { NULL }, NULL },
	[KEEPALIVED] = { "keepalived", { "/usr/sbin/keepalived" }, NULL },
	[MWAN3] = { "mwan3", { "/etc/config/mwan3", "/usr/sbin/mwan3" },
	    "deletes rules by their numbers and empties tables" },
	[NETBIRD] = { "NetBird", { "/usr/bin/netbird" }, NULL },
	[NETIFD] = { "netifd", { "/sbin/netifd" },
	    "deletes all rules when it starts" },
	[NM_CLOUD_SETUP] = { "nm-cloud-setup",
	    { "/usr/libexec/nm-cloud-setup" }, NULL },
	[NMSTATE] = { "nmstate", { "/usr/bin/nmstatectl" }, NULL },
	[OCI_UTILS] = { "oci-utils", { "/etc/oci-utils.conf" }, NULL },
	[PBR] = { "pbr", { "/etc/config/pbr" },
	    "deletes rules by their numbers" },
	[SHOREWALL] = { "Shorewall", { "/etc/shorewall/shorewall.conf" },
	    "deletes rules by their numbers and empties tables" },
	[STRONGSWAN] = { "strongSwan", { "/etc/strongswan.conf",
	    "/etc/strongswan/strongswan.conf" }, NULL },
	[TAILSCALE] = { "Tailscale", { "/usr/sbin/tailscaled" }, NULL },
	[WG_QUICK] = { "wg-quick", { "/usr/bin/wg-quick" }, NULL },
};

static const struct band bands[] = {
	{ BAND_PRIORITY, 1, 20, AWS_CNI, true },
	{ BAND_PRIORITY, 1, 20, CILIUM, true },
	{ BAND_PRIORITY, 99, 99, CALICO, true },
	{ BAND_PRIORITY, 100, 112, CILIUM, true },
	{ BAND_PRIORITY, 100, 110, NETBIRD, true },
	{ BAND_PRIORITY, 200, 200, IFUPDOWN2, true },
	{ BAND_PRIORITY, 220, 220, STRONGSWAN, true },
	{ BAND_PRIORITY, 300, 999, FRR, true },
	{ BAND_PRIORITY, 512, 512, AWS_CNI, true },
	{ BAND_PRIORITY, 1001, 3999, MWAN3, false },
	{ BAND_PRIORITY, 1000, 1999, SHOREWALL, false },
	{ BAND_PRIORITY, 1000, 3999, FIREHOL, true },
	{ BAND_PRIORITY, 1300, 1370, TAILSCALE, true },
	{ BAND_PRIORITY, 1024, 1536, AWS_CNI, true },
	{ BAND_PRIORITY, 5200, 5299, TAILSCALE, false },
	{ BAND_PRIORITY, 10000, 11999, SHOREWALL, true },
	{ BAND_PRIORITY, 10000, 10000, NETIFD, true },
	{ BAND_PRIORITY, 10000, 11999, EC2_NET_UTILS, false },
	{ BAND_PRIORITY, 16000, 16384, KEEPALIVED, true },
	{ BAND_PRIORITY, 20000, 20000, NETIFD, true },
	{ BAND_PRIORITY, 20000, 20000, SHOREWALL, false },
	{ BAND_PRIORITY, 25358, 25609, IFUPDOWN_MULTI, false },
	{ BAND_PRIORITY, 26000, 26999, SHOREWALL, false },
	{ BAND_PRIORITY, 30000, 31299, CLOUD_NETCONFIG, false },
	{ BAND_PRIORITY, 30000, 30999, NMSTATE, true },
	{ BAND_PRIORITY, 30200, 30499, NM_CLOUD_SETUP, true },
	{ BAND_PRIORITY, 29000, 31299, PBR, true },
	{ BAND_TABLE, 1, 15, SHOREWALL, true },
	{ BAND_TABLE, 250, 250, SHOREWALL, true },
	{ BAND_TABLE, 1, 252, MWAN3, true },
	{ BAND_TABLE, 2, 101, AWS_CNI, true },
	{ BAND_TABLE, 10, 252, OCI_UTILS, true },
	{ BAND_TABLE, 200, 202, CILIUM, true },
	{ BAND_TABLE, 52, 52, TAILSCALE, false },
	{ BAND_TABLE, 220, 220, STRONGSWAN, false },
	{ BAND_TABLE, 1001, 5000, IFUPDOWN2, true },
	{ BAND_TABLE, 7120, 7120, NETBIRD, false },
	{ BAND_TABLE, 10000, UINT32_MAX, FRR, true },
	{ BAND_TABLE, 10000, 11599, EC2_NET_UTILS, false },
	{ BAND_TABLE, 30200, 30499, NM_CLOUD_SETUP, false },
	{ BAND_TABLE, 51820, 51899, WG_QUICK, false },
};

const struct band *
product_band(enum band_kind kind, uint32_t number, const bool *installed,
    bool only_installed)
{
	const struct band *found = NULL;

	for (size_t i = 0; i < sizeof(bands) / sizeof(bands[0]); i++) {
		const struct band *b = &bands[i];

		if (b->kind != kind || number < b->low || number > b->high)
			continue;
		if (installed[b->product])
			return b;
		if (!found && !b->shared && !only_installed)
			found = b;
	}
	return found;
}
