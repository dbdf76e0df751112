/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: what happens to the machine, one step after another. */
#include <linux/if_addr.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include <stdio.h>
#include <stdlib.h>

#include "keys.h"
#include "record.h"
#include "steps.h"
#include "words.h"

#define SCRIPTS	"/etc/sysconfig/network-scripts/"

/* ---- values ------------------------------------------------------------- */

static struct prefix
own_prefix(const struct step *s)
{
	struct prefix p;

	if (!prefix_parse(&p, AF_UNSPEC, labels[s->who].own[s->v6]))
		abort();
	return p;
}

static struct device *
device_of(struct machine *m, const struct step *s)
{
	return &m->device[s->who % DEVICES];
}

static bool
read_rule(struct rule *r, const char *words, bool v6)
{
	struct fault f;

	if (!words_parse_rule(r, v6 ? AF_INET6 : AF_INET, 0, NULL, words, &f))
		abort();
	if (r->table == 0)
		r->table = RT_TABLE_MAIN;
	r->has_priority = true;
	rule_normalize(r);
	return true;
}

static void
read_route(struct route *r, const char *words, bool v6)
{
	struct fault f;

	if (!words_parse_route(r, v6 ? AF_INET6 : AF_INET, NULL, words, &f))
		abort();
	if (r->table == 0)
		r->table = RT_TABLE_MAIN;
	if (r->protocol == 0)
		r->protocol = RTPROT_BOOT;
	for (size_t i = 0; i < r->hop_count; i++)
		r->hop[i].ifindex = r->hop[i].dev[0] ?
		    (uint32_t)(r->hop[i].dev[3] - '1') + FIRST_IFINDEX : 0;
	route_normalize(r);
}

/* ---- the world around --------------------------------------------------- */

/* DHCP's or a router's; flag: it ends. */
static void
lease_text(char *text, struct machine *m, const struct step *s)
{
	int device = s->who % DEVICES;
	const struct label *l = &labels[device == 0 ? 0 : device == 1 ? 2 :
	    4];

	snprintf(text, OPTION_TEXT, "default via %s dev %s metric %d "
	    "protocol %s", s->what & 1 ? l->other[s->v6] : l->gateway[s->v6],
	    m->device[device].name, (s->v6 ? 1100 : 1000) + device,
	    s->v6 ? "ra" : "dhcp");
}

/* A taken one is superseded by whatever comes into its slot, or ends there,
 * which nobody can tell of one that was taken out. */
static void
supersede(struct machine *m, const struct route *r)
{
	for (size_t i = 0; i < m->takens; i++)
		if (route_same_key(&m->taken[i], r))
			m->may_stay_away[i] = true;
}

static void
lease(struct machine *m, const struct step *s)
{
	char words[OPTION_TEXT];
	struct route r;

	lease_text(words, m, s);
	read_route(&r, words, s->v6);
	for (size_t i = m->k.routes; i-- > 0;)
		if (route_same_key(&m->k.route[i], &r))
			kernel_cut_route(&m->k, i);
	if (s->flag || kernel_new_route(m, &r, NLM_F_CREATE | NLM_F_EXCL,
	    WHOSE_OTHERS) == 0)
		supersede(m, &r);
}

static void
others_act(struct machine *m, const struct step *s)
{
	unsigned at = s->what % others_count(s->v6);
	struct route route;
	struct rule rule;
	bool is_rule;
	const char *words = others_text(at, s->v6, &is_rule);

	if (is_rule && read_rule(&rule, words, s->v6)) {
		for (size_t i = 0; i < m->k.rules; i++)
			if (m->k.rule_tag[i] == WHOSE_OTHERS &&
			    rule_same(&m->k.rule[i], &rule)) {
				kernel_cut_rule(&m->k, i);
				return;
			}
		(void)kernel_new_rule(m, &rule, NLM_F_EXCL, WHOSE_OTHERS);
		return;
	}
	read_route(&route, words, s->v6);
	for (size_t i = 0; i < m->k.routes; i++)
		if (m->k.route_tag[i] == WHOSE_OTHERS &&
		    route_same(&m->k.route[i], &route)) {
			kernel_cut_route(&m->k, i);
			return;
		}
	if (kernel_new_route(m, &route, NLM_F_CREATE | NLM_F_EXCL,
	    WHOSE_OTHERS) == 0)
		supersede(m, &route);
}

static void
lose_one(struct machine *m, const struct step *s)
{
	size_t ours = 0, at = s->what;

	for (size_t i = 0; i < m->k.rules; i++)
		ours += m->k.rule_tag[i] == WHOSE_OURS;
	for (size_t i = 0; i < m->k.routes; i++)
		ours += m->k.route_tag[i] == WHOSE_OURS;
	at = ours ? at % ours : 0;
	for (size_t i = 0; i < m->k.rules && ours; i++)
		if (m->k.rule_tag[i] == WHOSE_OURS && at-- == 0) {
			kernel_cut_rule(&m->k, i);
			return;
		}
	for (size_t i = 0; i < m->k.routes && ours; i++)
		if (m->k.route_tag[i] == WHOSE_OURS && at-- == 0) {
			kernel_cut_route(&m->k, i);
			return;
		}
}

/* What `ip rule flush`, `ip route flush table 101` and `ip route flush proto
 * 173` do. */
static void
flush(struct machine *m, const struct step *s)
{
	int family = s->v6 ? AF_INET6 : AF_INET;

	for (size_t i = m->k.rules; i-- > 0 && s->what % 3 == 0;)
		if (m->k.rule[i].family == family && m->k.rule[i].priority)
			kernel_cut_rule(&m->k, i);
	for (size_t i = m->k.routes; i-- > 0 && s->what % 3;)
		if (m->k.route[i].family == family && (s->what % 3 == 1 ?
		    m->k.route[i].table == 101 :
		    m->k.route[i].protocol == PROTO_IFPOLICY))
			kernel_cut_route(&m->k, i);
}

/* Who writes what is there anyway, or what a claim wants to be there, is not
 * noticed. */
static void
turn_knob(struct machine *m, const struct step *s)
{
	struct device *d = device_of(m, s);
	int knob = s->what % KNOBS;
	char value[2] = { (char)('0' + s->what / KNOBS % 3), '\0' };
	char path[96], line[128];

	snprintf(line, sizeof(line), "sysctl %s %s", knob_path(path, d, knob),
	    value);
	if (!strcmp(d->knob[knob], value) || disk_pending(m) ||
	    (disk_record(m) && strstr(disk_record(m)->text, line)))
		return;
	strcpy(d->knob[knob], value);
	strcpy(d->base[knob], value);
}

/* What was not written down cannot be given back. */
static void
lose_record(struct machine *m)
{
	const struct file *f = disk_record(m);

	if (!f)
		return;
	disk_remove(m, f->path);
	m->record_lost = true;
}

static void
address_step(struct machine *m, const struct step *s)
{
	struct prefix p = own_prefix(s);

	if (s->flag)
		address_delete(m, &p.addr);
	else
		address_add(m, labels[s->who].device, labels[s->who].name, &p,
		    0);
}

static void
dad(struct machine *m, const struct step *s)
{
	struct step six_s = *s;
	struct prefix p;
	struct address *a;

	six_s.v6 = 1;
	p = own_prefix(&six_s);
	a = address_find(m, &p.addr);
	/* Not one that routes are from already: what is undone could not be. */
	for (size_t i = 0; a && i < m->k.routes; i++)
		if (addr_cmp(&m->k.route[i].prefsrc, &a->prefix.addr) == 0)
			a = NULL;
	if (!a)
		return;
	a->flags &= ~(uint32_t)IFA_F_TENTATIVE;
	if (!s->flag)
		a->flags |= IFA_F_TENTATIVE;
}

/* ---- files -------------------------------------------------------------- */

static void
write_files(struct machine *m, const struct step *s)
{
	static const char *const names[2][2] = {
		{ "route-", "route6-" }, { "rule-", "rule6-" },
	};
	char line[OPTION_TEXT], path[96];
	struct text t[2] = { { 0 }, { 0 } };
	bool rule;

	for (size_t i = 0; i < s->options; i++) {
		line_text(line, s, s->option[i].value, &rule);
		text_fmt(&t[rule], "%s\n", line);
	}
	for (int i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), SCRIPTS "%s%s", names[i][s->v6],
		    labels[s->who].name);
		disk_remove(m, path);
		if (t[i].len)
			disk_put(m, path, t[i].at);
		if (m->trace && t[i].len)
			printf("cat >%s <<.\n%s.\n", path, t[i].at);
		else if (m->trace)
			printf("rm -f %s\n", path);
		text_fini(&t[i]);
	}
}

/* What ifup-routes makes of one line, and ip(8) of that. */
static void
script_line(struct machine *m, char *line, bool rule, bool v6)
{
	struct route route;
	struct rule r;

	if (rule) {
		(void)read_rule(&r, line, v6);
		if (r.priority == 0) {
			/* fib_default_rule_pref() */
			uint32_t second = 0, seen = 0;

			for (size_t i = 0; i < m->k.rules; i++)
				if (m->k.rule[i].family == r.family &&
				    seen++ == 1)
					second = m->k.rule[i].priority;
			r.priority = second ? second - 1 : 0;
		}
		(void)kernel_new_rule(m, &r, NLM_F_EXCL, WHOSE_SCRIPTS);
		return;
	}
	read_route(&route, line, v6);
	(void)kernel_new_route(m, &route, NLM_F_CREATE | NLM_F_EXCL,
	    WHOSE_SCRIPTS);
}

static void
ifup_routes(struct machine *m, const struct step *s)
{
	static const char *const names[] = { "route-", "route6-", "rule-",
	    "rule6-" };
	char path[96], *at, *end, line[OPTION_TEXT];
	const struct file *f;

	for (int i = 0; i < 4; i++) {
		snprintf(path, sizeof(path), SCRIPTS "%s%s", names[i],
		    labels[s->who].name);
		f = disk_find(m, path);
		for (at = f ? f->text : NULL; at && *at; at = end + 1) {
			end = strchr(at, '\n');
			snprintf(line, sizeof(line), "%.*s", (int)(end - at),
			    at);
			if (m->trace)
				printf("ip %s%s add %s\n", i % 2 ? "-6 " : "",
				    i < 2 ? "route" : "rule", line);
			script_line(m, line, i >= 2, i % 2);
		}
	}
}

/* ---- carrying out ------------------------------------------------------- */

static void
command(struct machine *m, const struct step *s, const char *a, const char *b)
{
	const char *argv[] = { a, b };

	(void)run_command(m, s, b ? 2 : 1, argv);
}

/* What these options may take out from now on. */
static void
allow(struct machine *m, const struct step *s)
{
	struct device *d = &m->device[labels[s->who].device];
	char key[OPTION_TEXT], value[OPTION_TEXT];

	for (size_t i = 0; i < s->options; i++) {
		option_text(key, value, s, i);
		if (!strcmp(value, "keep"))
			continue;
		if (s->option[i].key == KEY_DEFAULT)
			d->may_take_default[s->v6] = true;
		if (s->option[i].key == KEY_CONNECTED)
			d->may_take_connected[s->v6] = true;
	}
}

/* All as it was, if it was refused; nothing to do, if it was not. */
static void
judge_outcome(struct machine *m, const struct step *s, int status,
    bool quiet, int (*once_more)(struct machine *, const struct step *))
{
	bool alias = strchr(labels[s->who].name, ':') != NULL;
	struct step same = *s;

	if (m->broken.len || status < 0)
		return;
	if (!quiet) {
		m->rollbacks++;
		if (!alias && !m->pending && m->said.at &&
		    strstr(m->said.at, "nothing was changed") &&
		    !judge_unchanged())
			broken(m, "it says \"%.*s\", but something is not as "
			    "before", (int)(m->said.len > 200 ? 200 :
			    m->said.len), m->said.at);
		return;
	}
	if (!s->again || m->pending)
		return;
	same.fault_in = 0;
	/* Claims that come into force one after another: the first may have to
	 * leave something to the last. */
	if (s->kind == STEP_REFRESH || alias)
		(void)once_more(m, &same);
	if (!m->broken.len)
		(void)once_more(m, &same);
	if (m->done)
		broken(m, "the same again does %lu operations", m->done);
}

static int
hook_up(struct machine *m, const struct step *s)
{
	return run_hook(m, s, true);
}

static void
up(struct machine *m, const struct step *s)
{
	int status;
	bool quiet;

	allow(m, s);
	status = hook_up(m, s);
	quiet = status == 0 && m->said.len == 0;
	if (quiet && !m->broken.len)
		promise_check(m, s);
	judge_outcome(m, s, status, quiet, hook_up);
}

static void
command_up(struct machine *m, const struct step *s)
{
	int status;

	allow(m, s);
	status = run_command_up(m, s);
	judge_outcome(m, s, status, status == 0, run_command_up);
}

static int
refresh(struct machine *m, const struct step *s)
{
	const char *argv[] = { "refresh", labels[s->who].name };

	return run_command(m, s, s->flag ? 1 : 2, argv);
}

static void
refresh_step(struct machine *m, const struct step *s)
{
	int status = refresh(m, s);

	/* Several claims are several transactions. */
	if (status == 0)
		judge_outcome(m, s, status, true, refresh);
}

static void
ifup(struct machine *m, const struct step *s)
{
	struct prefix p = own_prefix(s);

	link_set(m, labels[s->who].device, true);
	address_add(m, labels[s->who].device, labels[s->who].name, &p, 0);
	up(m, s);
}

static void
ifdown(struct machine *m, const struct step *s)
{
	struct prefix p = own_prefix(s);

	(void)run_hook(m, s, false);
	if (m->broken.len)
		return;
	address_delete(m, &p.addr);
	if (!strchr(labels[s->who].name, ':') && s->what & 2)
		link_set(m, labels[s->who].device, false);
}

/* Of an alias the hook takes its address for gone already. */
static void
down(struct machine *m, const struct step *s)
{
	if (strchr(labels[s->who].name, ':'))
		command(m, s, "down", labels[s->who].name);
	else
		(void)run_hook(m, s, false);
}

static void
scripts_up(struct machine *m, const struct step *s)
{
	struct prefix p = own_prefix(s);

	link_set(m, labels[s->who].device, true);
	address_add(m, labels[s->who].device, labels[s->who].name, &p, 0);
	if (s->flag)
		ifup_routes(m, s);
	(void)run_scripts(m, s, "ifup-local");
}

static void
scripts_down(struct machine *m, const struct step *s)
{
	struct prefix p = own_prefix(s);

	if (s->flag)
		(void)run_scripts(m, s, "ifdown-pre-local");
	if (m->broken.len)
		return;
	address_delete(m, &p.addr);
	if (!strchr(labels[s->who].name, ':'))
		link_set(m, labels[s->who].device, false);
	(void)run_scripts(m, s, "ifdown-local");
}

static void
carry_out(struct machine *m, const struct step *s)
{
	struct device *d = device_of(m, s);

	step_tell(m, s);
	switch (s->kind) {
	case STEP_IFUP: ifup(m, s); break;
	case STEP_UP: up(m, s); break;
	case STEP_IFDOWN: ifdown(m, s); break;
	case STEP_DOWN: down(m, s); break;
	case STEP_COMMAND_UP: command_up(m, s); break;
	case STEP_COMMAND_DOWN:
		command(m, s, "down", labels[s->who].name);
		break;
	case STEP_REFRESH: refresh_step(m, s); break;
	case STEP_REPAIR: command(m, s, "repair", NULL); break;
	case STEP_TIDY: (void)run_tidy(m, s); break;
	case STEP_FILES: write_files(m, s); break;
	case STEP_SCRIPTS_UP: scripts_up(m, s); break;
	case STEP_SCRIPTS_DOWN: scripts_down(m, s); break;
	case STEP_LINK: link_set(m, s->who % DEVICES, s->flag); break;
	case STEP_CARRIER: d->carrier = d->carrier ? s->flag : true; break;
	case STEP_DEVICE:
		if (d->exists)
			link_delete(m, s->who % DEVICES);
		else
			d->exists = true;
		break;
	case STEP_ADDRESS: address_step(m, s); break;
	case STEP_DAD: dad(m, s); break;
	/* What a run that was killed gave back nobody can tell from what is
	 * still away. */
	case STEP_LEASE:
		if (!disk_pending(m))
			lease(m, s);
		break;
	case STEP_OTHERS:
		if (!disk_pending(m))
			others_act(m, s);
		break;
	case STEP_LOSS: lose_one(m, s); break;
	case STEP_FLUSH: flush(m, s); break;
	case STEP_KNOB:
		if (d->exists)
			turn_knob(m, s);
		break;
	case STEP_RECORD_LOST: lose_record(m); break;
	}
}

/* Everything goes down, whatever was before. */
static void
finish(struct machine *m)
{
	static const struct step plain = { .kind = STEP_REPAIR };

	if (m->record_lost)
		command(m, &plain, "repair", NULL);
	if (!m->broken.len)
		command(m, &plain, "down", "--all");
	if (!m->broken.len)
		judge_empty(m);
}

int
steps_play(struct machine *m, const struct step *s, size_t count)
{
	machine_boot(m);
	judge_forget();
	for (size_t i = 0; i < count; i++) {
		carry_out(m, &s[i]);
		if (m->broken.len)
			return (int)i;
	}
	finish(m);
	return m->broken.len ? (int)count : -1;
}

/* ---- telling ------------------------------------------------------------ */

static void
tell_address(const struct step *s, bool comes)
{
	const struct label *l = &labels[s->who];

	printf("ip addr %s %s dev %.4s%s%s\n", comes ? "add" : "del",
	    l->own[s->v6], l->name, comes && !s->v6 ? " label " : "",
	    comes && !s->v6 ? l->name : "");
}

void
step_tell(struct machine *m, const struct step *s)
{
	const char *v6 = s->v6 ? "-6 " : "", *dev = device_of(m, s)->name;
	char text[OPTION_TEXT];
	bool rule;
	const char *words = others_text(s->what % others_count(s->v6), s->v6,
	    &rule);

	if (!m->trace)
		return;
	switch (s->kind) {
	case STEP_IFUP: case STEP_SCRIPTS_UP:
		printf("ip link set dev %.4s up\n", labels[s->who].name);
		tell_address(s, true);
		break;
	case STEP_IFDOWN: case STEP_SCRIPTS_DOWN:
		printf("# and then: ");
		tell_address(s, false);
		if (s->kind == STEP_SCRIPTS_DOWN || s->what & 2)
			printf("# and then: ip link set dev %.4s down\n",
			    labels[s->who].name);
		break;
	case STEP_LINK:
		printf("ip link set dev %s %s\n", dev, s->flag ? "up" :
		    "down");
		break;
	case STEP_CARRIER:
		printf("ip link set dev %s carrier %s\n", dev,
		    device_of(m, s)->carrier && !s->flag ? "off" : "on");
		break;
	case STEP_DEVICE:
		printf("ip link %s %s type dummy\n", device_of(m, s)->exists ?
		    "del" : "add", dev);
		break;
	case STEP_ADDRESS:
		tell_address(s, !s->flag);
		break;
	case STEP_DAD:
		printf("# the address %s is%s tentative\n",
		    labels[s->who].own[1], s->flag ? " not" : "");
		break;
	case STEP_LEASE:
		lease_text(text, m, s);
		printf("ip %sroute %s %s\n", v6, s->flag ? "del" : "replace",
		    text);
		break;
	case STEP_OTHERS:
		printf("ip %s%s add %s   # or del, if it is there\n", v6,
		    rule ? "rule" : "route", words);
		break;
	case STEP_LOSS:
		printf("# one of ours is deleted, number %u\n", s->what);
		break;
	case STEP_FLUSH:
		printf("ip %s%s\n", v6, s->what % 3 == 0 ? "rule flush" :
		    s->what % 3 == 1 ? "route flush table 101" :
		    "route flush table all protocol 173");
		break;
	case STEP_KNOB:
		printf("# knob %u of %s becomes %u\n", s->what % KNOBS, dev,
		    s->what / KNOBS % 3);
		break;
	case STEP_RECORD_LOST:
		printf("rm -r " RECORD_DIR "\n");
		break;
	}
}
