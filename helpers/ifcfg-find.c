/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: which ifcfg- files belong to a device or label. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "file.h"
#include "ifcfg-file.h"
#include "model.h"
#include "num.h"

#define HWADDR_TEXT	128

/* Names behind "ifcfg-", sorted. */
struct listing {
	char **at;
	size_t count;
};

static void
listing_fini(struct listing *l)
{
	for (size_t i = 0; i < l->count; i++)
		free(l->at[i]);
	free(l->at);
	memset(l, 0, sizeof(*l));
}

/* What editors and package managers leave behind. */
static bool
is_backup(const char *name)
{
	static const char *const ends[] = {
		"~", ".bak", ".old", ".orig", ".rpmnew", ".rpmorig",
		".rpmsave",
	};
	size_t n = strlen(name);

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		size_t m = strlen(ends[i]);

		if (n >= m && !strcmp(name + n - m, ends[i]))
			return true;
	}
	return false;
}

static bool
listing_add(struct listing *l, const char *name)
{
	char **at;

	/* Grown in powers of two, so the capacity need not be kept. */
	if ((l->count & (l->count - 1)) == 0) {
		at = realloc(l->at, (l->count ? l->count * 2 : 1) *
		    sizeof(*at));
		if (!at)
			return false;
		l->at = at;
	}
	l->at[l->count] = strdup(name);
	return l->at[l->count] && ++l->count;
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* All ifcfg- files but backups.  A directory that does not exist is empty. */
static bool
list(struct listing *l, const char *dir, struct fault *f)
{
	DIR *d = opendir(dir);
	struct dirent *entry;
	bool ok = true;

	memset(l, 0, sizeof(*l));
	if (!d)
		return errno == ENOENT || errno == ENOTDIR ? true :
		    fault_set(f, "%s: %s", dir, strerror(errno));
	while (ok && (errno = 0, entry = readdir(d))) {
		const char *name = entry->d_name;

		if (!strncmp(name, "ifcfg-", 6) && ifcfg_name_ok(name + 6) &&
		    !is_backup(name))
			ok = listing_add(l, name + 6);
	}
	if (!ok)
		fault_set(f, "%s: out of memory", dir);
	else if (errno)
		ok = fault_set(f, "%s: %s", dir, strerror(errno));
	closedir(d);
	if (!ok)
		listing_fini(l);
	else if (l->count)
		qsort(l->at, l->count, sizeof(*l->at), by_text);
	return ok;
}

/* The DEVICE that a file names, without the CR of a DOS line end: the file is
 * meant for it, and what is wrong comes out when it is read. */
static bool
device_of(char *buf, size_t size, const struct ifcfg_file *file)
{
	const struct shell_variable *v = shell_get(&file->shell, "DEVICE");
	size_t n;

	if (!v || !v->value)
		return false;
	n = strcspn(v->value, "\r");
	if (n == 0 || n >= size)
		return false;
	memcpy(buf, v->value, n);
	buf[n] = '\0';
	return true;
}

static bool
names_device(const struct ifcfg_file *file, const char *label)
{
	char device[IFCFG_NAME];

	return device_of(device, sizeof(device), file) &&
	    !strcmp(device, label);
}

/* The card's address as the kernel has it, or "". */
static void
card_address(char *buf, const char *device)
{
	char path[IFNAMSIZ + 32];
	char *text;

	buf[0] = '\0';
	if (!device_name_ok(device))
		return;
	snprintf(path, sizeof(path), "/sys/class/net/%s/address", device);
	if (file_read(&text, path, HWADDR_TEXT) == 0)
		snprintf(buf, HWADDR_TEXT, "%.*s",
		    (int)strcspn(text, "\n"), text);
	free(text);
}

/* A file without DEVICE is that of the card whose address it names. */
enum card { CARD_NOT_NAMED, CARD_THIS, CARD_OTHER };

static enum card
card_of(const struct ifcfg_file *file, const char *device)
{
	char want[HWADDR_TEXT], have[HWADDR_TEXT];

	if (!ifcfg_value(want, sizeof(want), file, "HWADDR"))
		return CARD_NOT_NAMED;
	card_address(have, device);
	if (have[0] == '\0')
		return CARD_NOT_NAMED;
	return strcasecmp(want, have) ? CARD_OTHER : CARD_THIS;
}

static bool
is_own_file(const struct ifcfg_file *file, const char *label)
{
	char device[IFCFG_NAME];

	if (device_of(device, sizeof(device), file))
		return !strcmp(device, label);
	return card_of(file, label) != CARD_OTHER;
}

/* The first file of the list that `fits`, read into *file.  One that cannot be
 * read is nobody's. */
static bool
search(struct ifcfg_file *file, const struct listing *l, const char *dir,
    const char *label, bool (*fits)(const struct ifcfg_file *, const char *))
{
	struct fault ignored;
	bool found;

	for (size_t i = 0; i < l->count; i++) {
		if (ifcfg_load(file, dir, l->at[i], &found, &ignored) &&
		    found && fits(file, label))
			return true;
		ifcfg_file_fini(file);
	}
	memset(file, 0, sizeof(*file));
	return false;
}

static bool
is_cards(const struct ifcfg_file *file, const char *label)
{
	char device[IFCFG_NAME];

	return !device_of(device, sizeof(device), file) &&
	    card_of(file, label) == CARD_THIS;
}

/* "eth0-range..." of eth0. */
static bool
is_range_name(const char *name, const char *device)
{
	size_t n = strlen(device);

	return !strncmp(name, device, n) && !strncmp(name + n, "-range", 6);
}

/* Whether "eth0:11" is the alias number *n of the range. */
static bool
in_range(uint32_t *n, const struct ifcfg_range *r, const char *label)
{
	const char *colon = strchr(label, ':');
	uint32_t number;

	if (!colon || !num_u32(&number, colon + 1, 0, 99999999) ||
	    number < r->number || number - r->number >= r->count)
		return false;
	*n = number - r->number;
	return true;
}

static bool
is_range_of(const struct ifcfg_file *file, const char *label)
{
	char device[IFNAMSIZ];
	struct ifcfg_range r;
	uint32_t n;

	snprintf(device, sizeof(device), "%.*s", (int)strcspn(label, ":"),
	    label);
	return is_range_name(file->name, device) && ifcfg_range(&r, file) &&
	    in_range(&n, &r, label);
}

/* *range tells that it is a range file that was found. */
static bool
find_file(struct ifcfg_file *file, const char *dir, const char *label,
    bool *found, bool *range, struct fault *f)
{
	struct listing l;

	*range = false;
	if (!ifcfg_load(file, dir, label, found, f))
		return false;
	if (*found && is_own_file(file, label))
		return true;
	ifcfg_file_fini(file);
	memset(file, 0, sizeof(*file));
	*found = false;
	if (!list(&l, dir, f))
		return false;
	*found = search(file, &l, dir, label, names_device);
	if (!*found && strchr(label, ':'))
		*found = *range = search(file, &l, dir, label, is_range_of);
	else if (!*found)
		*found = search(file, &l, dir, label, is_cards);
	listing_fini(&l);
	return true;
}

/* The address of an alias that belongs to a range. */
static struct addr
range_address(const struct ifcfg_file *file, const char *label)
{
	struct ifcfg_range r = { 0 };
	uint32_t n;

	if (ifcfg_range(&r, file) && in_range(&n, &r, label))
		r.address.byte[3] = (uint8_t)(r.address.byte[3] + n);
	return r.address;
}

/* The file of the alias' device, which some values are inherited from.  What
 * is wrong with it is told when it is that device's turn. */
static bool
find_parent(struct ifcfg_file *file, const char *dir, const char *label)
{
	char device[IFNAMSIZ];
	struct fault ignored;
	bool found, range;

	memset(file, 0, sizeof(*file));
	if (!strchr(label, ':'))
		return false;
	snprintf(device, sizeof(device), "%.*s", (int)strcspn(label, ":"),
	    label);
	return find_file(file, dir, device, &found, &range, &ignored) &&
	    found;
}

bool
ifcfg_find(struct ifcfg *c, const char *dir, const char *label, bool *found,
    struct fault *f)
{
	struct ifcfg_file file = { 0 }, parent = { 0 };
	struct addr own;
	bool range, alias, ok;

	memset(c, 0, sizeof(*c));
	*found = false;
	if (!label_name_ok(label))
		return true;
	snprintf(c->label, sizeof(c->label), "%s", label);
	ok = find_file(&file, dir, label, found, &range, f);
	memcpy(c->name, file.name, sizeof(c->name));
	if (!ok || !*found)
		goto out;
	alias = find_parent(&parent, dir, label);
	if (range)
		own = range_address(&file, label);
	ok = ifcfg_fill(c, &file, alias ? &parent : NULL,
	    range ? &own : NULL, f);
out:
	ifcfg_file_fini(&file);
	ifcfg_file_fini(&parent);
	return ok;
}

bool
ifcfg_read(struct ifcfg *c, const char *dir, const char *name,
    const char *label, bool *found, struct fault *f)
{
	struct ifcfg_file file = { 0 };
	bool ok;

	memset(c, 0, sizeof(*c));
	*found = false;
	if (!label_name_ok(label) || !ifcfg_name_ok(name))
		return true;
	snprintf(c->label, sizeof(c->label), "%s", label);
	ok = ifcfg_load(&file, dir, name, found, f);
	memcpy(c->name, file.name, sizeof(c->name));
	if (ok && *found)
		ok = ifcfg_fill(c, &file, NULL, NULL, f);
	ifcfg_file_fini(&file);
	return ok;
}

bool
ifcfg_labels_add(struct ifcfg_labels *l, const char *label)
{
	char (*at)[IFNAMSIZ];

	if (!label_name_ok(label))
		return true;
	if ((l->count & (l->count - 1)) == 0) {
		at = realloc(l->at, (l->count ? l->count * 2 : 1) *
		    sizeof(*at));
		if (!at)
			return false;
		l->at = at;
	}
	memset(l->at[l->count], 0, IFNAMSIZ);
	memcpy(l->at[l->count], label, strlen(label));
	l->count++;
	return true;
}

static bool
add_alias(struct ifcfg_labels *l, const struct ifcfg_file *file,
    const char *device)
{
	char label[IFCFG_NAME];
	size_t n = strlen(device);

	if (!device_of(label, sizeof(label), file))
		memcpy(label, file->name, sizeof(label));
	if (strncmp(label, device, n) || label[n] != ':')
		return true;
	return ifcfg_labels_add(l, label);
}

static bool
add_range(struct ifcfg_labels *l, const struct ifcfg_file *file,
    const char *device)
{
	char label[IFNAMSIZ + 16];
	struct ifcfg_range r;

	if (!ifcfg_range(&r, file))
		return true;
	for (uint32_t i = 0; i < r.count; i++) {
		snprintf(label, sizeof(label), "%s:%u", device, r.number + i);
		if (!ifcfg_labels_add(l, label))
			return false;
	}
	return true;
}

static bool
add_labels(struct ifcfg_labels *l, const char *dir, const char *name,
    const char *device)
{
	bool range = is_range_name(name, device), found, ok = true;
	struct ifcfg_file file;
	struct fault ignored;
	size_t n = strlen(device);

	if (!range && (strncmp(name, device, n) || name[n] != ':'))
		return true;
	if (ifcfg_load(&file, dir, name, &found, &ignored) && found)
		ok = range ? add_range(l, &file, device) :
		    add_alias(l, &file, device);
	ifcfg_file_fini(&file);
	return ok;
}

static int
by_label(const void *a, const void *b)
{
	return strcmp(a, b);
}

bool
ifcfg_labels(struct ifcfg_labels *l, const char *dir, const char *device,
    struct fault *f)
{
	struct listing files;
	size_t kept = 0;
	bool ok = true;

	if (!list(&files, dir, f))
		return false;
	for (size_t i = 0; ok && i < files.count; i++)
		ok = add_labels(l, dir, files.at[i], device);
	listing_fini(&files);
	if (!ok)
		return fault_set(f, "%s: out of memory", dir);
	if (l->count)
		qsort(l->at, l->count, sizeof(*l->at), by_label);
	for (size_t i = 0; i < l->count; i++)
		if (kept == 0 || strcmp(l->at[kept - 1], l->at[i]))
			memmove(l->at[kept++], l->at[i], IFNAMSIZ);
	l->count = kept;
	return true;
}

void
ifcfg_labels_fini(struct ifcfg_labels *l)
{
	if (!l)
		return;
	free(l->at);
	l->at = NULL;
	l->count = 0;
}
