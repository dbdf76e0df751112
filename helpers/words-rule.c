/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: the words of `ip rule` to a rule and back. */
#include <sys/socket.h>

#include <linux/fib_rules.h>

#include <string.h>

#include "num.h"
#include "words-lex.h"

/* The grammar is that of iproute2 6.1: ip-rule(8), and ip/iprule.c for which
 * keywords may be abbreviated and which of two is then meant (the order of the
 * table is its order). */

enum id {
	ID_NOT, ID_FROM, ID_TO, ID_PRIORITY, ID_TOS, ID_FWMARK, ID_REALMS,
	ID_PROTOCOL, ID_TUN_ID, ID_TABLE, ID_PREFIXLEN, ID_IFGROUP, ID_IIF,
	ID_OIF, ID_L3MDEV, ID_UID, ID_IPPROTO, ID_SPORT, ID_DPORT, ID_ACTION,
	ID_TYPE, ID_NAT,
};

#define EXPECTED \
	"from, to, iif, oif, fwmark, tos, uidrange, ipproto, sport, dport, " \
	"priority, table, goto or another keyword of ip-rule(8)"

#define AT(field)	offsetof(struct rule, field)
#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))

static bool
read_priority(struct words *w, void *into, uint32_t arg)
{
	struct rule *r = into;

	(void)arg;
	r->has_priority = true;
	return words_u32(w, &r->priority, 0, UINT32_MAX);
}

/* MARK or MARK/MASK.  A mark of 0 without a mask selects nothing at all, to
 * ip(8) and the kernel as well. */
static bool
read_fwmark(struct words *w, void *into, uint32_t arg)
{
	struct rule *r = into;
	const char *word, *slash;
	char mark[16];
	size_t n;

	(void)arg;
	if (!words_value(w, &word, "MARK or MARK/MASK"))
		return false;
	slash = strchr(word, '/');
	n = slash ? (size_t)(slash - word) : strlen(word);
	if (n < sizeof(mark)) {
		memcpy(mark, word, n);
		mark[n] = '\0';
		if (num_u32(&r->fwmark, mark, 0, UINT32_MAX)) {
			r->fwmask = r->fwmark ? UINT32_MAX : 0;
			if (!slash || num_u32(&r->fwmask, slash + 1, 0,
			    UINT32_MAX))
				return true;
		}
	}
	return words_refuse(w, word, "MARK or MARK/MASK, numbers 0-0xffffffff");
}

static bool
read_tun_id(struct words *w, void *into, uint32_t arg)
{
	struct rule *r = into;
	const char *word;

	(void)arg;
	if (!words_value(w, &word, "a tunnel's number"))
		return false;
	return num_u64(&r->tun_id, word, 0, UINT64_MAX) ||
	    words_refuse(w, word, "a number of up to 64 bits");
}

static bool
read_prefixlen(struct words *w, void *into, uint32_t arg)
{
	struct rule *r = into;
	uint32_t v;

	(void)arg;
	if (!words_u32(w, &v, 0, INT32_MAX))
		return false;
	r->suppress_prefixlen = (int32_t)v;
	return true;
}

/* "default" is the one group with a name everywhere (/etc/iproute2/group). */
static bool
read_ifgroup(struct words *w, void *into, uint32_t arg)
{
	struct rule *r = into;
	uint32_t v = 0;

	(void)arg;
	if (!words_take(w, "default") && !words_u32(w, &v, 0, INT32_MAX))
		return false;
	r->suppress_ifgroup = (int32_t)v;
	return true;
}

static bool
read_uids(struct words *w, void *into, uint32_t arg)
{
	struct rule *r = into;

	(void)arg;
	r->has_uid = true;
	/* The last one is "no user" (INVALID_UID). */
	return words_range(w, &r->uid, 0, UINT32_MAX - 1, true);
}

static bool
read_action(struct words *w, void *into, uint32_t arg)
{
	struct rule *r = into;

	r->action = (uint8_t)arg;
	if (arg == FR_ACT_GOTO)
		return words_u32(w, &r->target, 1, UINT32_MAX);
	return true;
}

/* Types that are a route's: the kernel would take them for other actions. */
static bool
refuse_type(struct words *w, void *into, uint32_t arg)
{
	(void)into;
	(void)arg;
	return fault_set(w->fault, "\"%s\": no action of a rule; expected "
	    "blackhole, unreachable, prohibit, goto or nop", w->keyword);
}

static bool
refuse_nat(struct words *w, void *into, uint32_t arg)
{
	(void)into;
	(void)arg;
	return fault_set(w->fault, "\"%s\": expected no address translation; "
	    "the kernel has none in rules", w->keyword);
}

static bool read_type(struct words *w, void *into, uint32_t arg);

static const struct keyword keywords[] = {
	{ "not", ID_NOT, true, words_at_flag, AT(invert) },
	{ "from", ID_FROM, true, words_at_prefix, AT(from) },
	{ "to", ID_TO, true, words_at_prefix, AT(to) },
	{ "preference", ID_PRIORITY, false, read_priority, 0 },
	{ "order", ID_PRIORITY, false, read_priority, 0 },
	{ "priority", ID_PRIORITY, false, read_priority, 0 },
	{ "tos", ID_TOS, true, words_at_tos, AT(tos) },
	{ "dsfield", ID_TOS, false, words_at_tos, AT(tos) },
	{ "fwmark", ID_FWMARK, true, read_fwmark, 0 },
	{ "realms", ID_REALMS, false, words_at_realms, AT(realms) },
	{ "protocol", ID_PROTOCOL, false, words_at_protocol, AT(protocol) },
	{ "tun_id", ID_TUN_ID, false, read_tun_id, 0 },
	{ "table", ID_TABLE, false, words_at_table, AT(table) },
	{ "lookup", ID_TABLE, true, words_at_table, AT(table) },
	{ "suppress_prefixlength", ID_PREFIXLEN, false, read_prefixlen, 0 },
	{ "sup_pl", ID_PREFIXLEN, true, read_prefixlen, 0 },
	{ "suppress_ifgroup", ID_IFGROUP, false, read_ifgroup, 0 },
	{ "sup_group", ID_IFGROUP, true, read_ifgroup, 0 },
	{ "dev", ID_IIF, true, words_at_device, AT(iif) },
	{ "iif", ID_IIF, true, words_at_device, AT(iif) },
	{ "oif", ID_OIF, true, words_at_device, AT(oif) },
	{ "l3mdev", ID_L3MDEV, true, words_at_flag, AT(l3mdev) },
	{ "uidrange", ID_UID, true, read_uids, 0 },
	{ "nat", ID_NAT, true, refuse_nat, 0 },
	{ "map-to", ID_NAT, false, refuse_nat, 0 },
	{ "ipproto", ID_IPPROTO, true, words_at_ipproto, AT(ipproto) },
	{ "sport", ID_SPORT, true, words_at_ports, AT(sport) },
	{ "dport", ID_DPORT, true, words_at_ports, AT(dport) },
	{ "type", ID_TYPE, true, read_type, 0 },
};

/* Looked at after the keywords, or alone behind "type". */
static const struct keyword actions[] = {
	{ "goto", ID_ACTION, false, read_action, FR_ACT_GOTO },
	{ "nop", ID_ACTION, false, read_action, FR_ACT_NOP },
	{ "local", ID_ACTION, true, refuse_type, 0 },
	{ "broadcast", ID_ACTION, false, refuse_type, 0 },
	{ "anycast", ID_ACTION, false, refuse_type, 0 },
	{ "multicast", ID_ACTION, false, refuse_type, 0 },
	{ "prohibit", ID_ACTION, false, read_action, FR_ACT_PROHIBIT },
	{ "unreachable", ID_ACTION, false, read_action, FR_ACT_UNREACHABLE },
	{ "blackhole", ID_ACTION, false, read_action, FR_ACT_BLACKHOLE },
	{ "unicast", ID_ACTION, false, read_action, FR_ACT_TO_TBL },
	{ "throw", ID_ACTION, true, refuse_type, 0 },
};

static bool
read_type(struct words *w, void *into, uint32_t arg)
{
	const struct keyword *k;
	const char *word;

	(void)arg;
	if (!words_value(w, &word, "an action"))
		return false;
	k = words_find(actions, COUNT(actions), word);
	if (!k)
		return words_refuse(w, word,
		    "blackhole, unreachable, prohibit, unicast, goto or nop");
	return words_read(w, k, word, into);
}

/* What only the whole line can tell. */
static bool
whole_ok(struct words *w, const struct rule *r)
{
	if (w->seen == 0)
		return fault_set(w->fault, "an empty rule: expected " EXPECTED);
	/* To the kernel that is table 0, which is none. */
	if (w->seen & (uint64_t)1 << ID_ACTION && r->table == 0 &&
	    r->action == FR_ACT_TO_TBL && !r->l3mdev)
		return fault_set(w->fault, "\"unicast\": expected a table "
		    "beside it");
	if (r->l3mdev && r->table)
		return fault_set(w->fault, "\"l3mdev\": expected no table "
		    "beside it; the device says which");
	return true;
}

bool
words_parse_rule(struct rule *r, int family, unsigned flags,
    struct names *names, const char *text, struct fault *f)
{
	const struct keyword *k;
	const char *word;
	struct words w;

	if (!words_start(&w, family, names, text, f))
		return false;
	w.flags = flags;
	rule_init(r, family);
	r->action = FR_ACT_TO_TBL;
	while ((word = words_next(&w))) {
		k = words_find(keywords, COUNT(keywords), word);
		if (!k)
			k = words_find(actions, COUNT(actions), word);
		w.keyword = NULL;
		if (!k)
			return words_refuse(&w, word, EXPECTED);
		if (!words_read(&w, k, word, r))
			return false;
	}
	r->family = (uint8_t)words_family(&w);
	return whole_ok(&w, r);
}

static void
print_range(struct words_out *o, const char *keyword, const struct range *r)
{
	if (r->hi == 0)
		return;
	if (r->lo == r->hi)
		words_out(o, "%s %u", keyword, r->lo);
	else
		words_out(o, "%s %u-%u", keyword, r->lo, r->hi);
}

static void
print_mark(struct words_out *o, const struct rule *r)
{
	if (r->fwmark == 0 && r->fwmask == 0)
		return;
	if (r->fwmark && r->fwmask == UINT32_MAX)
		words_out(o, "fwmark 0x%x", r->fwmark);
	else
		words_out(o, "fwmark 0x%x/0x%x", r->fwmark, r->fwmask);
}

static void
print_selectors(struct words_out *o, const struct rule *r)
{
	if (r->invert)
		words_out(o, "not");
	if (r->from.len)
		words_out_prefix(o, "from", &r->from);
	else
		words_out(o, "from all");
	if (r->to.len)
		words_out_prefix(o, "to", &r->to);
	if (r->tos)
		words_out(o, "tos 0x%02x", r->tos);
	print_mark(o, r);
	if (r->iif[0])
		words_out(o, "iif %s", r->iif);
	if (r->oif[0])
		words_out(o, "oif %s", r->oif);
	if (r->l3mdev)
		words_out(o, "l3mdev");
	if (r->has_uid)
		words_out(o, "uidrange %u-%u", r->uid.lo, r->uid.hi);
	if (r->ipproto)
		words_out(o, "ipproto %u", r->ipproto);
	print_range(o, "sport", &r->sport);
	print_range(o, "dport", &r->dport);
	if (r->tun_id)
		words_out(o, "tun_id %llu", (unsigned long long)r->tun_id);
}

static void
print_action(struct words_out *o, const struct rule *r)
{
	const struct keyword *k;

	if (r->action == FR_ACT_GOTO) {
		words_out(o, "goto %u", r->target);
		return;
	}
	if (r->action == FR_ACT_TO_TBL)
		return;
	for (k = actions; k < actions + COUNT(actions); k++)
		if (k->read == read_action && k->arg == r->action)
			words_out(o, "%s", k->text);
}

const char *
words_print_rule(char *buf, const struct rule *r, struct names *names)
{
	struct words_out o;

	words_out_start(&o, buf);
	if (r->has_priority)
		words_out(&o, "priority %u", r->priority);
	print_selectors(&o, r);
	if (r->table)
		words_out_table(&o, "lookup", names, r->table);
	if (r->suppress_prefixlen != -1)
		words_out(&o, "suppress_prefixlength %d",
		    r->suppress_prefixlen);
	if (r->suppress_ifgroup != -1)
		words_out(&o, "suppress_ifgroup %d", r->suppress_ifgroup);
	if (r->realms)
		words_out_realms(&o, r->realms);
	print_action(&o, r);
	if (r->protocol)
		words_out_protocol(&o, names, r->protocol);
	return buf;
}
