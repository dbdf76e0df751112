/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: the hook of ifupdown, ifupdown-ng and ifupdown2.
 *
 * Called from if-up.d and if-down.d (and as ifupdown-ng's executor "policy")
 * with IFACE, ADDRFAM, METHOD, MODE, PHASE and IF_*; ifupdown-hooks is told in
 * interfaces(5).  An interface without policy options and without a claim costs
 * nothing but the start of this program. */
#include <unistd.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf.h"
#include "down.h"
#include "follow.h"
#include "priv.h"
#include "recover.h"
#include "up.h"

#define PREFIX	"IF_POLICY_"
#define EXECUTOR "policy"	/* ifupdown-ng's name for this program */

extern char **environ;

enum manager { IFUPDOWN, IFUPDOWN_NG, IFUPDOWN2 };

/* The last two make one of all stanzas that an interface has, and never call
 * for --all; ifupdown2 tells only the first address of what it made. */
static enum manager
find_manager(void)
{
	const char *phase = getenv("PHASE");

	if (!getenv("ADDRFAM"))
		return IFUPDOWN_NG;
	return phase && (!strcmp(phase, "up") || !strcmp(phase, "down")) ?
	    IFUPDOWN2 : IFUPDOWN;
}

/* What to do in a phase; the managers agree on none of the names. */
enum action { ACTION_NONE, ACTION_UP, ACTION_DOWN };

/* ifupdown-ng runs its executors in the order in which the stanza's lines ask
 * for them, so in "up" that of the addresses may still be to come. */
static bool
is_too_early(const char *name, const char *phase)
{
	const char *slash = strrchr(name, '/');

	return !strcmp(slash ? slash + 1 : name, EXECUTOR) &&
	    !strcmp(phase, "up");
}

static enum action
find_action(const char *name)
{
	static const struct {
		const char *phase;
		enum action action;
	} phases[] = {
		{ "post-up", ACTION_UP }, { "up", ACTION_UP },
		{ "pre-down", ACTION_DOWN }, { "down", ACTION_DOWN },
		{ "post-down", ACTION_DOWN },
	};
	const char *phase = getenv("PHASE"), *mode = getenv("MODE");

	if (phase && is_too_early(name, phase))
		return ACTION_NONE;
	for (size_t i = 0; phase && i < sizeof(phases) / sizeof(phases[0]); i++)
		if (!strcmp(phases[i].phase, phase))
			return phases[i].action;
	if (phase || !mode)
		return ACTION_NONE;
	return !strcmp(mode, "start") ? ACTION_UP :
	    !strcmp(mode, "stop") ? ACTION_DOWN : ACTION_NONE;
}

/* NetworkManager's own dispatcher script runs if-up.d as well (Debian's
 * 01-ifupdown), for its connections, without any stanza's options. */
static bool
is_networkmanager(void)
{
	const char *method = getenv("METHOD");

	return method && !strcmp(method, "NetworkManager");
}

static bool
has_policy(void)
{
	for (char **e = environ; *e; e++)
		if (!strncmp(*e, PREFIX, strlen(PREFIX)))
			return true;
	return false;
}

/* A label's device, in buf (IFNAMSIZ bytes).  Returns buf. */
static const char *
device_of(char *buf, const char *label)
{
	snprintf(buf, IFNAMSIZ, "%.15s", label);
	buf[strcspn(buf, ":")] = '\0';
	return buf;
}

/* Nothing asked for now, in a file neither, and nothing claimed before. */
static bool
nothing_to_do(const char *iface)
{
	char device[IFNAMSIZ];
	struct fault ignored;
	struct record r;
	bool none;

	if (has_policy() || conf_has_device(device_of(device, iface)))
		return false;
	if (access(RECORD_DIR, F_OK) < 0)
		return true;
	if (record_init(&r, -1, &ignored))
		return false;
	none = !record_mentions(&r, strcmp(iface, "--all") ?
	    device_of(device, iface) : NULL);
	record_fini(&r);
	return none;
}

/* All IF_POLICY_* into settings.  The name may only hold what a shell variable
 * may; ifupdown2 passes on worse. */
static bool
read_settings(struct settings *s, struct fault *f)
{
	struct fault later;
	char name[KEY_SPELLED];
	const char *value;
	bool ok = true;
	size_t n;

	for (char **e = environ; *e; e++) {
		if (strncmp(*e, PREFIX, strlen(PREFIX)))
			continue;
		value = strchr(*e, '=');
		if (!value)
			continue;
		n = (size_t)(value - *e) - strlen(PREFIX);
		if (n >= sizeof(name))
			n = sizeof(name) - 1;
		memcpy(name, *e + strlen(PREFIX), n);
		name[n] = '\0';
		/* The first fault counts; the rest is read for on-error. */
		if (!settings_add(s, SPELL_INTERFACES, name, value + 1,
		    ok ? f : &later))
			ok = false;
	}
	return ok;
}

/* The addresses of one family in a variable: "a", or "a/24" from ifupdown-ng,
 * ifupdown2, or several.  The first one goes into *a (family 0 if there is
 * none); returns how many there are. */
static unsigned
read_addresses(struct addr *a, int family, const char *variable)
{
	const char *at = getenv(variable);
	char text[ADDR_TEXT];
	struct addr got;
	unsigned count = 0;
	size_t n;

	memset(a, 0, sizeof(*a));
	for (; at && *at; at += n + strspn(at + n, " \n")) {
		n = strcspn(at, " \n");
		snprintf(text, sizeof(text), "%.*s", (int)n, at);
		text[strcspn(text, "/")] = '\0';
		if (!addr_parse(&got, family, text))
			continue;
		if (count++ == 0)
			*a = got;
	}
	return count;
}

/* ifupdown-ng has all of them in a list of its own. */
static unsigned
read_list(struct addr *a, int family, const char *list, const char *single)
{
	return read_addresses(a, family, getenv(list) ? list : single);
}

/* FAMILY_* bits of ADDRFAM ("inet", "inet6", "inet,inet" from ifupdown2);
 * 0 where the manager does not tell. */
static unsigned
stanza_families(void)
{
	const char *at = getenv("ADDRFAM");
	unsigned families = 0;
	size_t n;

	for (; at && *at; at += n + strspn(at + n, ", ")) {
		n = strcspn(at, ", ");
		if (n == 4 && !strncmp(at, "inet", n))
			families |= FAMILY_4;
		else if (n == 5 && !strncmp(at, "inet6", n))
			families |= FAMILY_6;
	}
	return families;
}

/* The stanza's own address, where it has one of that family and set it itself;
 * ifupdown-ng says "none" for every method and has no other. */
static struct addr
own_address(int family)
{
	static const struct addr none;
	const char *method = getenv("METHOD");
	struct addr own;

	if (read_list(&own, family, "IF_ADDRESSES", "IF_ADDRESS") != 1 ||
	    (method && *method && strcmp(method, "static") &&
	    strcmp(method, "none")))
		return none;
	return own;
}

static int
family_of(unsigned bit)
{
	return bit == FAMILY_6 ? AF_INET6 : AF_INET;
}

/* One claim a family; the address and the gateway go with theirs. */
static bool
make_claims(struct claims *claims, const char *iface, unsigned families,
    const struct settings *s, struct fault *f)
{
	char quoted[QUOTE_TEXT];

	for (unsigned bit = FAMILY_4; bit <= FAMILY_6; bit <<= 1) {
		struct addr own = own_address(family_of(bit));
		struct claim c;

		if (!(families & bit))
			continue;
		if (!claim_init(&c, iface, family_of(bit), &own))
			return fault_set(f, "%s is no name of an interface",
			    say_quote(quoted, iface));
		c.spelling = SPELL_INTERFACES;
		c.lenient = families == (FAMILY_4 | FAMILY_6);
		c.is_static = addr_given(&own) &&
		    find_manager() != IFUPDOWN2;
		(void)read_list(&c.router, family_of(bit), "IF_GATEWAYS",
		    "IF_GATEWAY");
		if (!settings_copy(&c.settings, s) || !claims_put(claims, &c))
			return fault_set(f, "out of memory");
	}
	return true;
}

/* Families of a stanza that does not tell, or is for both: those its options
 * speak of, else both, or those of its addresses, else those the device has. */
static unsigned
guess_families(struct session *ss, const struct settings *s,
    const char *iface, unsigned told)
{
	unsigned mentioned, families = request_families(s, &mentioned);
	char device[IFNAMSIZ];
	struct addr a;

	if (families || told)
		return families ? families : told;
	if (read_list(&a, AF_INET, "IF_ADDRESSES", "IF_ADDRESS"))
		families |= FAMILY_4;
	if (read_list(&a, AF_INET6, "IF_ADDRESSES", "IF_ADDRESS"))
		families |= FAMILY_6;
	if (families && find_manager() != IFUPDOWN2)
		return families | mentioned;
	return up_families(ss, s, device_of(device, iface));
}

static enum outcome
hook_up(struct session *ss, const char *iface, struct settings *s,
    struct fault *bad, struct fault *f)
{
	struct claims claims = { 0 };
	unsigned families = stanza_families();
	bool whole = find_manager() != IFUPDOWN;
	enum outcome outcome = OUTCOME_BAD_INPUT;
	char device[IFNAMSIZ];
	struct fault later;

	if (!families || families == (FAMILY_4 | FAMILY_6))
		families = guess_families(ss, s, iface, families);
	if (make_claims(&claims, iface, families, s, f)) {
		if (bad->text[0])
			outcome = up_reject(ss, claims.at, claims.count,
			    bad, f);
		else if (s->count)
			outcome = up_run(ss, claims.at, claims.count,
			    UP_REMEMBER_BAD | (whole ? UP_SOLE : 0), f);
		else
			outcome = follow_forget(ss, iface,
			    whole ? NULL : &claims, f);
	}
	claims_fini(&claims);
	/* Other claims of the device may cover an alias' address, or have it
	 * for a source; and a device may have a file beside its stanza. */
	device_of(device, iface);
	if (strchr(iface, ':'))
		(void)follow_change(ss, device, 0, &later);
	else if (conf_has_device(device))
		(void)follow_up(ss, device, 0, &later);
	return outcome;
}

/* ifdown of an alias comes before its address goes: the rest of the device lets
 * go of it now.  The label is that of IPv4's addresses, which stay if only the
 * stanza of IPv6 goes. */
static void
leave_alias(struct session *ss, const char *iface, unsigned families,
    const struct addr *own)
{
	char device[IFNAMSIZ];
	struct fault told;

	ss->leaving_too = *own;
	if (families == FAMILY_6)
		(void)follow_change(ss, device_of(device, iface), 0, &told);
	else
		(void)follow_leave(ss, iface, 0, &told);
	memset(&ss->leaving_too, 0, sizeof(ss->leaving_too));
}

static enum outcome
hook_down(struct session *ss, const char *iface, const struct settings *s,
    struct fault *f)
{
	const struct setting *table = settings_get(s, KEY_TABLE);
	unsigned families = stanza_families();
	enum outcome outcome;
	struct fault later;
	struct addr own;

	(void)read_addresses(&own, AF_UNSPEC, "IF_ADDRESS");
	outcome = down_run(ss, iface, families ? families :
	    FAMILY_4 | FAMILY_6, table ? table->value : NULL, &own, f);
	if (strchr(iface, ':'))
		leave_alias(ss, iface, families, &own);
	else if (record_mentions(&ss->record, iface))
		(void)follow_end_file(ss, iface, &later);
	return outcome;
}

static enum outcome
run(struct session *ss, enum action action, const char *iface,
    struct settings *s, struct fault *f)
{
	struct fault bad = { "" };

	if (!strcmp(iface, "--all"))
		return down_tidy(ss, f);
	/* It runs no hook for a device that is gone. */
	if (find_manager() == IFUPDOWN2 && down_tidy(ss, f) != OUTCOME_DONE)
		say_error(&ss->say, "%s", f->text);
	/* On the way down a bad option must not keep anything up. */
	(void)read_settings(s, &bad);
	return action == ACTION_UP ? hook_up(ss, iface, s, &bad, f) :
	    hook_down(ss, iface, s, f);
}

int
main(int argc, char **argv)
{
	const char *iface = getenv("IFACE"), *verbosity = getenv("VERBOSITY");
	enum action action = find_action(argc > 0 ? argv[0] : "");
	struct session ss = { .say.syslog = true };
	struct settings s = { 0 };
	struct fault f = { "" };
	enum outcome outcome = OUTCOME_FAILED;
	bool fails;

	if (!iface || action == ACTION_NONE || is_networkmanager() ||
	    nothing_to_do(iface))
		return 0;
	ss.say.verbose = verbosity && !strcmp(verbosity, "1");
	if (priv_drop(&f) == 0 && session_init(&ss, &f) == 0)
		outcome = run(&ss, action, iface, &s, &f);
	if (outcome != OUTCOME_DONE)
		say_error(&ss.say, "%s%s", f.text, action == ACTION_UP ?
		    "; nothing was changed" : "");
	if (outcome != OUTCOME_DONE)
		(void)session_defaults(&ss, &f);
	fails = request_fails_hook(&s, &ss.defaults);
	settings_fini(&s);
	session_fini(&ss);
	return outcome != OUTCOME_DONE && fails ? 1 : 0;
}
