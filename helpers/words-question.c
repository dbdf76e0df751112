/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: the words of `ip route get` to a question. */
#include <sys/socket.h>

#include <netinet/in.h>
#include <string.h>

#include "words-lex.h"

/* The grammar is that of iproute2 6.1, ip/iproute.c, iproute_get(); "to" may be
 * left out.  What it takes and this does not: "notify", "connected", "vrf",
 * "fibmatch". */

enum id {
	ID_TO, ID_FROM, ID_IIF, ID_OIF, ID_MARK, ID_IPPROTO, ID_SPORT,
	ID_DPORT, ID_UID, ID_TOS,
};

#define EXPECTED \
	"to, from, iif, oif, mark, ipproto, sport, dport, uid or tos"

#define AT(field)	offsetof(struct question, field)
#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))

static bool
read_port(struct words *w, void *into, uint32_t offset)
{
	uint32_t v;

	if (!words_u32(w, &v, 1, UINT16_MAX))
		return false;
	*(uint16_t *)((char *)into + offset) = (uint16_t)v;
	return true;
}

/* The two lowest bits are not the DS field's; the kernel refuses them. */
static bool
read_tos(struct words *w, void *into, uint32_t offset)
{
	struct question *q = into;

	if (!words_at_tos(w, into, offset))
		return false;
	return !(q->tos & 3) || fault_set(w->fault, "\"%s 0x%02x\": the two "
	    "lowest bits (ECN) select nothing and must be 0", w->keyword,
	    q->tos);
}

static const struct keyword keywords[] = {
	{ "to", ID_TO, true, words_at_addr, AT(to) },
	{ "from", ID_FROM, false, words_at_addr, AT(from) },
	{ "iif", ID_IIF, false, words_at_device, AT(in) },
	{ "oif", ID_OIF, true, words_at_device, AT(out) },
	{ "dev", ID_OIF, false, words_at_device, AT(out) },
	{ "mark", ID_MARK, false, words_at_u32, AT(mark) },
	{ "ipproto", ID_IPPROTO, true, words_at_ipproto, AT(ipproto) },
	{ "sport", ID_SPORT, true, read_port, AT(sport) },
	{ "dport", ID_DPORT, true, read_port, AT(dport) },
	{ "uid", ID_UID, true, words_at_u32, AT(uid) },
	{ "tos", ID_TOS, false, read_tos, AT(tos) },
	{ "dsfield", ID_TOS, false, read_tos, AT(tos) },
};

static bool
is_zero(const struct addr *a)
{
	static const uint8_t zero[16];

	return memcmp(a->byte, zero, sizeof(zero)) == 0;
}

static bool
is_multicast(const struct addr *a)
{
	return a->family == AF_INET ? a->byte[0] >= 224 && a->byte[0] < 240 :
	    a->byte[0] == 0xff;
}

static bool
has_ports(uint8_t ipproto)
{
	return ipproto == 0 || ipproto == IPPROTO_TCP ||
	    ipproto == IPPROTO_UDP || ipproto == IPPROTO_DCCP ||
	    ipproto == IPPROTO_SCTP || ipproto == IPPROTO_UDPLITE;
}

static bool
check_in(const struct words *w, const struct question *q, struct fault *f)
{
	if (q->out[0])
		return fault_set(f, "iif and oif: what comes in is bound to no "
		    "device; leave one of them out");
	if (!addr_given(&q->from))
		return fault_set(f, "iif: a packet that comes in has a source; "
		    "say it with from");
	if (w->seen & 1u << ID_UID)
		return fault_set(f, "iif and uid: what comes in is no user's");
	if (is_multicast(&q->to))
		return fault_set(f, "iif: for a multicast address no rule is "
		    "asked, but who has joined the group");
	return true;
}

/* What `ip rule` calls "iif lo" is what is sent here. */
static bool
check(struct words *w, struct question *q, struct fault *f)
{
	if (!addr_given(&q->to))
		return fault_set(f, "where to? give an address: to 192.0.2.1");
	if (is_zero(&q->to))
		return fault_set(f, "to: that is no destination; for the "
		    "default route name an address that it is for");
	if (addr_given(&q->from) && is_zero(&q->from))
		return fault_set(f, "from: that is no source; leave it out if "
		    "none is chosen yet");
	if (!strcmp(q->in, "lo"))
		q->in[0] = '\0';
	if (q->in[0] && !check_in(w, q, f))
		return false;
	if ((q->sport || q->dport) && !has_ports(q->ipproto))
		return fault_set(f, "sport, dport: %s has no ports",
		    words_ipproto(q->ipproto) ? words_ipproto(q->ipproto) :
		    "that protocol");
	return true;
}

bool
words_parse_question(struct question *q, int family, const char *text,
    struct fault *f)
{
	const struct keyword *k;
	const char *word;
	struct words w;

	question_init(q, family);
	q->ipproto = 0;
	if (!words_start(&w, family, NULL, text, f))
		return false;
	while ((word = words_next(&w))) {
		k = words_find(keywords, COUNT(keywords), word);
		if (!k && !w.seen && addr_parse(&q->to, family, word)) {
			w.seen |= 1u << ID_TO;
			w.family = q->to.family;
			continue;
		}
		if (!k)
			return words_refuse(&w, word, w.seen ? EXPECTED :
			    "an address, or " EXPECTED);
		if (!words_read(&w, k, word, q))
			return false;
	}
	q->family = q->to.family;
	if (!check(&w, q, f))
		return false;
	q->has_ipproto = w.seen & 1u << ID_IPPROTO;
	/* What the kernel takes for none. */
	if (!q->has_ipproto && q->family == AF_INET)
		q->ipproto = IPPROTO_UDP;
	return true;
}
