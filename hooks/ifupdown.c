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

#include "down.h"
#include "priv.h"
#include "recover.h"
#include "up.h"

#define PREFIX	"IF_POLICY_"

extern char **environ;

/* What to do in a phase; the managers agree on none of the names. */
enum action { ACTION_NONE, ACTION_UP, ACTION_DOWN };

static enum action
find_action(void)
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

	for (size_t i = 0; phase && i < sizeof(phases) / sizeof(phases[0]); i++)
		if (!strcmp(phases[i].phase, phase))
			return phases[i].action;
	if (phase || !mode)
		return ACTION_NONE;
	return !strcmp(mode, "start") ? ACTION_UP :
	    !strcmp(mode, "stop") ? ACTION_DOWN : ACTION_NONE;
}

static bool
has_policy(void)
{
	for (char **e = environ; *e; e++)
		if (!strncmp(*e, PREFIX, strlen(PREFIX)))
			return true;
	return false;
}

/* Nothing asked for now and nothing claimed before. */
static bool
nothing_to_do(const char *iface)
{
	char device[IFNAMSIZ];
	struct record r;
	bool none;

	if (has_policy())
		return false;
	if (access(RECORD_DIR, F_OK) < 0)
		return true;
	record_init(&r);
	snprintf(device, sizeof(device), "%.15s", iface);
	device[strcspn(device, ":")] = '\0';
	none = !record_mentions(&r, strcmp(iface, "--all") ? device : NULL);
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

/* IF_ADDRESS and IF_GATEWAY: "a", or "a/24" from ifupdown-ng and ifupdown2. */
static void
read_address(struct addr *a, const char *variable)
{
	const char *value = getenv(variable);
	char text[ADDR_TEXT];

	memset(a, 0, sizeof(*a));
	if (!value)
		return;
	snprintf(text, sizeof(text), "%.*s", (int)strcspn(value, "/ \n"),
	    value);
	(void)addr_parse(a, AF_UNSPEC, text);
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

static bool
is_static(const struct addr *own)
{
	const char *method = getenv("METHOD");

	/* ifupdown-ng says "none" for everything and has no static. */
	return addr_given(own) && (!method || !strcmp(method, "static") ||
	    !strcmp(method, "none") || !*method);
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
	struct addr own, router;
	char quoted[QUOTE_TEXT];
	bool lenient = families == (FAMILY_4 | FAMILY_6);

	read_address(&own, "IF_ADDRESS");
	read_address(&router, "IF_GATEWAY");
	for (unsigned bit = FAMILY_4; bit <= FAMILY_6; bit <<= 1) {
		struct claim c;
		int family = family_of(bit);

		if (!(families & bit))
			continue;
		if (!claim_init(&c, iface, family, own.family == family &&
		    is_static(&own) ? &own : NULL))
			return fault_set(f, "%s is no name of an interface",
			    say_quote(quoted, iface));
		c.spelling = SPELL_INTERFACES;
		c.lenient = lenient;
		c.is_static = addr_given(&c.key.own);
		if (router.family == family)
			c.router = router;
		if (!settings_copy(&c.settings, s) || !claims_put(claims, &c))
			return fault_set(f, "out of memory");
	}
	return true;
}

/* Families of a stanza that does not tell: those of its address, else those
 * its options speak of, else those the device has. */
static unsigned
guess_families(struct session *ss, const struct settings *s,
    const char *iface)
{
	char device[IFNAMSIZ];
	struct addr own;

	read_address(&own, "IF_ADDRESS");
	if (own.family == AF_INET)
		return FAMILY_4;
	if (own.family == AF_INET6)
		return FAMILY_6;
	snprintf(device, sizeof(device), "%.15s", iface);
	device[strcspn(device, ":")] = '\0';
	return up_families(ss, s, device);
}

static enum outcome
hook_up(struct session *ss, const char *iface, struct settings *s,
    struct fault *bad, struct fault *f)
{
	struct claims claims = { 0 };
	unsigned families = stanza_families();
	enum outcome outcome = OUTCOME_BAD_INPUT;

	if (!families)
		families = guess_families(ss, s, iface);
	if (make_claims(&claims, iface, families, s, f)) {
		if (bad->text[0])
			outcome = up_reject(ss, claims.at, claims.count,
			    bad, f);
		else if (s->count)
			outcome = up_run(ss, claims.at, claims.count,
			    UP_REMEMBER_BAD, f);
		else
			outcome = down_forget(ss, claims.at, claims.count,
			    f);
	}
	claims_fini(&claims);
	return outcome;
}

static enum outcome
hook_down(struct session *ss, const char *iface, const struct settings *s,
    struct fault *f)
{
	const struct setting *table = settings_get(s, KEY_TABLE);
	unsigned families = stanza_families();
	struct addr own;

	read_address(&own, "IF_ADDRESS");
	return down_run(ss, iface, families ? families :
	    FAMILY_4 | FAMILY_6, table ? table->value : NULL, &own, f);
}

static enum outcome
run(struct session *ss, enum action action, const char *iface,
    struct settings *s, struct fault *f)
{
	struct fault bad = { "" };

	if (!strcmp(iface, "--all"))
		return down_tidy(ss, f);
	/* On the way down a bad option must not keep anything up. */
	(void)read_settings(s, &bad);
	return action == ACTION_UP ? hook_up(ss, iface, s, &bad, f) :
	    hook_down(ss, iface, s, f);
}

int
main(void)
{
	const char *iface = getenv("IFACE"), *verbosity = getenv("VERBOSITY");
	enum action action = find_action();
	struct session ss = { .say.syslog = true };
	struct settings s = { 0 };
	struct fault f = { "" };
	enum outcome outcome = OUTCOME_FAILED;
	bool fails;

	if (!iface || action == ACTION_NONE || nothing_to_do(iface))
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
