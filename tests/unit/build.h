/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: values for tests out of the words that people write. */
#ifndef IFPOLICY_TEST_BUILD_H
#define IFPOLICY_TEST_BUILD_H

#include <sys/mount.h>
#include <sys/socket.h>

#include <errno.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "addr.h"
#include "block.h"
#include "claim.h"
#include "snapshot.h"
#include "words.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

static inline struct addr
addr_of(const char *text)
{
	struct addr a;

	if (!addr_parse(&a, AF_UNSPEC, text))
		fail_msg("no address: %s", text);
	return a;
}

static inline struct prefix
prefix_of(const char *text)
{
	struct prefix p;

	if (!prefix_parse(&p, AF_UNSPEC, text))
		fail_msg("no prefix: %s", text);
	return p;
}

/* eth0 is device 2, eth1 device 3, and so on; other names have none. */
static inline uint32_t
index_of(const char *device)
{
	return strncmp(device, "eth", 3) ? 0 : 2 + (uint32_t)device[3] - '0';
}

static inline void
number_devices(struct route *r)
{
	for (size_t i = 0; i < r->hop_count; i++)
		r->hop[i].ifindex = index_of(r->hop[i].dev);
}

/* Objects as the record has them, one a line. */
static inline void
objects_of(struct objects *o, int family, const char *lines)
{
	struct claim c = { .key.family = family, .text = lines,
	    .text_len = strlen(lines) };
	struct fault f;

	if (block_parse(&c, NULL, &f))
		fail_msg("%s", f.text);
	for (size_t i = 0; i < c.objects.count; i++)
		if (c.objects.at[i].kind == OBJECT_ROUTE ||
		    c.objects.at[i].kind == OBJECT_TAKEN)
			number_devices(&c.objects.at[i].route);
	settings_fini(&c.settings);
	*o = c.objects;
}

/* The first object of the lines. */
static inline struct object
object_of(int family, const char *line)
{
	struct object first;
	struct objects o;

	objects_of(&o, family, line);
	assert_int_equal(o.count, 1);
	first = o.at[0];
	objects_fini(&o);
	return first;
}

/* Fails, naming both sides, unless the objects are exactly these lines, in any
 * order; protocols and marks count. */
static inline void
assert_objects(const struct objects *have, int family, const char *lines)
{
	struct objects want;
	struct text said = { 0 };
	size_t found = 0;

	objects_of(&want, family, lines);
	for (size_t i = 0; i < have->count; i++) {
		block_object(&said, &have->at[i], NULL);
		text_str(&said, "\n");
	}
	for (size_t i = 0; i < want.count; i++)
		for (size_t j = 0; j < have->count; j++) {
			const struct object *a = &want.at[i];
			const struct object *b = &have->at[j];

			if (!object_same(a, b) || a->foreign != b->foreign ||
			    (a->kind == OBJECT_RULE &&
			    a->rule.protocol != b->rule.protocol) ||
			    ((a->kind == OBJECT_ROUTE ||
			    a->kind == OBJECT_TAKEN) &&
			    a->route.protocol != b->route.protocol))
				continue;
			found++;
			break;
		}
	if (found != want.count || found != have->count)
		fail_msg("wanted\n%shave\n%s", lines, said.at ? said.at : "");
	text_fini(&said);
	objects_fini(&want);
}

static inline struct claim
claim_of(const char *label, int family, const char *own)
{
	struct addr a;
	struct claim c;

	if (own)
		a = addr_of(own);
	assert_true(claim_init(&c, label, family, own ? &a : NULL));
	return c;
}

static inline void
set(struct claim *c, const char *name, const char *value)
{
	struct fault f;

	if (!settings_add(&c->settings, c->spelling, name, value, &f))
		fail_msg("%s", f.text);
}

static inline void
snapshot_of(struct snapshot *s, const char *device)
{
	memset(s, 0, sizeof(*s));
	s->link.ifindex = index_of(device);
	s->link.flags = IFF_UP | IFF_RUNNING;
	snprintf(s->link.name, sizeof(s->link.name), "%s", device);
}

static inline struct address *
snapshot_address(struct snapshot *s, const char *text)
{
	struct address *a = snapshot_add_address(s);

	assert_non_null(a);
	a->prefix = prefix_of(text);
	a->ifindex = s->link.ifindex;
	return a;
}

static inline void
snapshot_route(struct snapshot *s, int family, const char *words)
{
	struct route *r = snapshot_add_route(s);
	struct fault f;

	assert_non_null(r);
	if (!words_parse_route(r, family, NULL, words, &f))
		fail_msg("%s: %s", words, f.text);
	if (r->table == 0)
		r->table = RT_TABLE_MAIN;
	number_devices(r);
	route_normalize(r);
}

static inline void
write_text(const char *path, const char *text, size_t len)
{
	FILE *out = fopen(path, "w");

	if (!out)
		fail_msg("%s: %s", path, strerror(errno));
	assert_int_equal(fwrite(text, 1, len, out), len);
	assert_int_equal(fclose(out), 0);
}

/* The whole file, NUL-terminated, to be freed; NULL if there is none. */
static inline char *
read_text(const char *path, size_t *len)
{
	char *text = calloc(1, 1 << 20);
	FILE *in = fopen(path, "r");

	*len = 0;
	assert_non_null(text);
	if (!in) {
		free(text);
		return NULL;
	}
	*len = fread(text, 1, (1 << 20) - 1, in);
	fclose(in);
	return text;
}

/* An empty directory in place of `path`, for this program alone. */
static inline int
private_dir(const char *path)
{
	if (unshare(CLONE_NEWNS) < 0 ||
	    mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) < 0) {
		print_error("# no mount namespace: %s\n", strerror(errno));
		return -1;
	}
	if (mount("test", path, "tmpfs", 0, "mode=755") < 0) {
		print_error("# no tmpfs on %s: %s\n", path, strerror(errno));
		return -1;
	}
	return 0;
}

static inline void
put(const char *path, const char *text)
{
	write_text(path, text, strlen(text));
}

#endif
