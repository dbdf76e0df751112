/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: a machine in memory: devices, addresses, routes, rules, files.
 *
 * What the kernel does is written here in the plainest way, from what was
 * measured of it; nothing of ifpolicy decides anything in it.  The programs
 * under test run on it unchanged: netlink.c stands in for nl.c, disk.c for the
 * system calls on files. */
#ifndef IFPOLICY_MODEL_MACHINE_H
#define IFPOLICY_MODEL_MACHINE_H

#include <stdarg.h>

#include "../unit/kernel.h"
#include "claim.h"
#include "model.h"
#include "text.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

#define DEVICES		3
#define ADDRESSES	32
#define TAKEN		16
#define FILES		24
#define FIRST_IFINDEX	3

/* What goes wrong in a run, once. */
enum fault_kind {
	FAULT_KILL,		/* it dies: at a change */
	FAULT_MEMORY,		/* an allocation fails */
	FAULT_DISK,		/* a write of a file fails */
	FAULT_ANSWERS,		/* the kernel's answers are lost */
	FAULT_KNOB,		/* a sysctl cannot be written */
	FAULTS
};

/* Whose an entry of the kernel is, its tag there. */
enum whose {
	WHOSE_OURS,		/* put in by the program under test */
	WHOSE_OTHERS,
	WHOSE_KERNEL,
	WHOSE_SCRIPTS,		/* by network-scripts, for a line of a file */
};

enum knob {
	KNOB_LINKDOWN4, KNOB_ARP_FILTER, KNOB_ARP_IGNORE, KNOB_ARP_ANNOUNCE,
	KNOB_RP_FILTER, KNOB_LINKDOWN6, KNOBS
};

struct device {
	const char *name;
	bool exists, up, carrier;
	char knob[KNOBS][SYSCTL_VALUE];
	char base[KNOBS][SYSCTL_VALUE];	/* what it must go back to */
	bool may_take_default[2], may_take_connected[2];	/* by family */
};

struct file {
	char path[96];
	char *text;
	size_t len;
};

struct machine {
	struct kernel k;
	struct device device[DEVICES];
	struct address address[ADDRESSES];
	size_t addresses;
	/* Others' routes that ours took out and must give back; or may, if by
	 * now the kernel would have dropped them. */
	struct route taken[TAKEN];
	bool may_stay_away[TAKEN];
	size_t takens;
	struct file file[FILES];
	size_t files;
	bool record_lost;	/* nothing can be given back, nor all found */
	uint64_t clock;		/* milliseconds since boot */

	/* One program's run. */
	struct text said;	/* what it wrote to stderr and stdout */
	int fault_in;		/* such things until one goes wrong; 0: none */
	enum fault_kind fault;
	bool faulty;		/* something went wrong */
	bool dead;		/* nothing that it does has an effect */
	bool pending;		/* something is to be tidied up first */
	bool trace;		/* tell every operation */
	bool unclaimed;		/* this operation is about no claim's object */
	bool refused;		/* a request of this transaction was */
	unsigned long done;	/* operations of this run */

	struct text broken;	/* what must not be; empty: all is well */
	unsigned long steps, ops, transactions, rollbacks, killed, lookups;
	unsigned long strays;	/* ways of neither before nor after */
	bool strict;		/* and there must be none on a first up and on
				 * a last down */
	int mutant;		/* which way plans are spoiled; 0: none */
};

/* The one machine: what stands in for system calls has no argument for it. */
extern struct machine machine;

static inline int
six(int family)
{
	return family == AF_INET6;
}

static inline struct device *
device_at(struct machine *m, uint32_t ifindex)
{
	return ifindex >= FIRST_IFINDEX && ifindex < FIRST_IFINDEX + DEVICES ?
	    &m->device[ifindex - FIRST_IFINDEX] : NULL;
}

static inline uint32_t
index_of(const struct machine *m, const struct device *d)
{
	return FIRST_IFINDEX + (uint32_t)(d - m->device);
}

/* Notes the first thing that is wrong; the program then dies. */
void broken(struct machine *m, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* ---- kernel.c: what it answers to one request ------------------------- */

/* Why it takes no such route now: 0 or -errno. */
int kernel_refuses(struct machine *m, const struct route *r);
/* flags are those of netlink; whose the new entry is.  0 or -errno. */
int kernel_new_route(struct machine *m, const struct route *r, unsigned flags,
    enum whose whose);
int kernel_new_rule(struct machine *m, const struct rule *r, unsigned flags,
    enum whose whose);
/* The index of what a delete with these attributes hits; -1: nothing. */
int kernel_find_route(const struct machine *m, const struct route *r);
int kernel_find_rule(const struct machine *m, const struct rule *r);

/* ---- links.c: what happens to devices and addresses ------------------- */

void machine_boot(struct machine *m);
void machine_off(struct machine *m);
void taken_add(struct machine *m, const struct route *r);
void taken_remove(struct machine *m, size_t at);
void device_reset(struct device *d);
void link_set(struct machine *m, int device, bool up);
void link_delete(struct machine *m, int device);
struct address *address_find(struct machine *m, const struct addr *a);
void address_add(struct machine *m, int device, const char *label,
    const struct prefix *p, uint32_t flags);
void address_delete(struct machine *m, const struct addr *a);

/* Whether it is now that this goes wrong. */
bool machine_fails(struct machine *m, enum fault_kind kind);

/* ---- disk.c: files and knobs ------------------------------------------ */

void disk_put(struct machine *m, const char *path, const char *text);
void disk_remove(struct machine *m, const char *path);
const struct file *disk_find(const struct machine *m, const char *path);
/* The record of claims, or NULL. */
const struct file *disk_record(const struct machine *m);
/* Whether it says "about to". */
bool disk_pending(const struct machine *m);
/* Below /proc/sys/net; buf has 96 bytes.  Returns buf. */
const char *knob_path(char *buf, const struct device *d, int knob);
bool knob_find(struct machine *m, const char *path, struct device **d,
    int *knob);

/* ---- lookup.c: which way a packet goes -------------------------------- */

struct probe {
	int family;
	struct addr src, dst;	/* src: family 0 if not bound */
	const char *iif;	/* NULL: made here */
	uint32_t oif;		/* 0: any */
};

/* All that matters of a route to whoever is sent by it; type 0: no way. */
struct way {
	uint8_t type;
	uint8_t hops;
	uint16_t weights;
	uint32_t oif;
	struct addr via, prefsrc;
	uint32_t others;	/* the other next hops, summed up */
};

void lookup(struct way *w, const struct machine *m, const struct probe *p);
/* In one table; NULL: none. */
const struct route *lookup_table(const struct machine *m, uint32_t table,
    const struct probe *p);
void way_print(struct text *t, const struct machine *m, const struct way *w);
void probe_print(struct text *t, const struct probe *p);

/* ---- judge.c: what must never be -------------------------------------- */

/* The record says "about to"; says "done". */
void judge_begin(struct machine *m, const char *before, const char *record);
void judge_end(struct machine *m, const char *record);
/* After each operation; `what` is it in words, NULL where nobody reads them. */
enum change { CHANGE_ADD = 1, CHANGE_DELETE = 2, CHANGE_KNOB = 0 };
void judge_op(struct machine *m, unsigned changes, const char *what);
/* Before one: may it hit this entry, which is not ours? */
void judge_route_hit(struct machine *m, size_t at, bool replaced);
void judge_rule_hit(struct machine *m, size_t at);
/* A route came back that was taken. */
void judge_given_back(struct machine *m, const struct route *r);
/* The kernel would not have it. */
void judge_not_taken_back(struct machine *m, const struct route *r);
/* After a command; after the last down of all. */
/* Whether the last transaction left all as it was; there was none yet. */
bool judge_unchanged(void);
void judge_forget(void);
void judge_rest(struct machine *m);
void judge_empty(struct machine *m);

#endif
