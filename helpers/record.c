/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: the record of all claims of one network namespace, and its lock.
 *
 * A text file of lines: a heading, blocks "claim LABEL FAMILY OWN" ... "end",
 * and a last line with the number of blocks, so that a file cut short is never
 * taken for a smaller one.  Objects stand in the words of `ip -batch`: a person
 * can undo them by hand.  In a transaction the blocks as they are to become
 * follow as "next ..." or "drop ..."; while something is on trial, what it
 * replaced as "was ..." or, where nothing was, "new ...". */
#include <sys/socket.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "block.h"
#include "record-work.h"
#include "record.h"

#ifndef SO_NETNS_COOKIE
#define SO_NETNS_COOKIE	71	/* asm-generic/socket.h, Linux 5.14 */
#endif

#define WAY_OUT		"; run: ifpolicy repair"

/* The cookie, or -ENOPROTOOPT on a kernel that has none. */
static int
read_cookie(unsigned long long *cookie, int fd)
{
	socklen_t len = sizeof(*cookie);
	int own = -1, err;

	if (fd < 0 && (own = fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC,
	    0)) < 0)
		return -errno;
	err = getsockopt(fd, SOL_SOCKET, SO_NETNS_COOKIE, cookie, &len) < 0 ?
	    -errno : 0;
	if (own >= 0)
		close(own);
	return err;
}

int
record_init(struct record *r, int fd, struct fault *f)
{
	unsigned long long id = 0;
	const char *kind = "net";
	struct stat st;
	int err;

	memset(r, 0, sizeof(*r));
	r->lock = -1;
	err = read_cookie(&id, fd);
	if (err == -ENOPROTOOPT) {
		kind = "ns";
		err = stat("/proc/self/ns/net", &st) < 0 ? -errno : 0;
		id = st.st_ino;
	}
	if (err) {
		fault_set(f, "cannot tell the network namespace: %s",
		    strerror(-err));
		return err;
	}
	snprintf(r->path, sizeof(r->path), RECORD_DIR "/%s-%llu", kind, id);
	return 0;
}

void
claims_fini(struct claims *c)
{
	for (size_t i = 0; i < c->count; i++)
		claim_fini(&c->at[i]);
	free(c->at);
	c->at = NULL;
	c->count = 0;
}

void
record_fini(struct record *r)
{
	if (!r)
		return;
	record_forget(r);
	record_unlock(r);
}

void
record_forget(struct record *r)
{
	claims_fini(&r->claims);
	claims_fini(&r->next);
	record_end_trial(r);
	free(r->text);
	r->text = NULL;
	r->text_len = r->gaps = 0;
}

struct claim *
claims_find(const struct claims *c, const struct claim_key *key)
{
	for (size_t i = 0; i < c->count; i++)
		if (claim_key_same(&c->at[i].key, key))
			return &c->at[i];
	return NULL;
}

/* Moves a claim to the end, whatever its key. */
static bool
append(struct claims *c, struct claim *claim)
{
	struct claim *at;

	if ((c->count & (c->count - 1)) == 0) {
		at = realloc(c->at, (c->count ? c->count * 2 : 1) *
		    sizeof(*at));
		if (!at)
			return false;
		c->at = at;
	}
	c->at[c->count++] = *claim;
	memset(claim, 0, sizeof(*claim));
	return true;
}

bool
claims_put(struct claims *c, struct claim *claim)
{
	struct claim *at = claims_find(c, &claim->key);

	if (!at)
		return append(c, claim);
	claim_fini(at);
	*at = *claim;
	memset(claim, 0, sizeof(*claim));
	return true;
}

void
claims_remove(struct claims *c, const struct claim_key *key)
{
	struct claim *at = claims_find(c, key);

	if (!at)
		return;
	claim_fini(at);
	c->count--;
	memmove(at, at + 1, (size_t)(c->at + c->count - at) * sizeof(*at));
}

/* The whole file, or NULL with -errno in *err (0 and NULL: no such file). */
static char *
slurp(const char *path, size_t *len, int *err)
{
	struct stat st;
	char *text = NULL;
	size_t have = 0;
	ssize_t n;
	int fd;

	*err = 0;
	*len = 0;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0) {
		*err = errno == ENOENT ? 0 : -errno;
		return NULL;
	}
	if (fstat(fd, &st) < 0 || st.st_size > RECORD_MAX) {
		*err = -EFBIG;
		goto out;
	}
	text = malloc((size_t)st.st_size + 1);
	if (!text) {
		*err = -ENOMEM;
		goto out;
	}
	while (have < (size_t)st.st_size) {
		n = read(fd, text + have, (size_t)st.st_size - have);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		have += (size_t)n;
	}
	text[have] = '\0';
	*len = have;
out:
	close(fd);
	return text;
}

/* "\nclaim eth0" followed by a blank or a colon. */
static bool
text_mentions(const char *text, const char *device)
{
	char start[IFNAMSIZ + 16];
	const char *at = text;
	size_t n;

	if (!device)
		return strstr(text, "\nclaim ") || strstr(text, "\nnext ");
	snprintf(start, sizeof(start), "\nclaim %s", device);
	n = strlen(start);
	for (; (at = strstr(at, start)); at += n)
		if (at[n] == ' ' || at[n] == ':')
			return true;
	/* An interrupted first up: only the claim that was to become. */
	return strstr(text, "\nnext ") != NULL;
}

bool
record_mentions(const struct record *r, const char *device)
{
	size_t len;
	char *text;
	bool yes;
	int err;

	text = slurp(r->path, &len, &err);
	if (!text)
		return err != 0;
	yes = strncmp(text, HEADING, strlen(HEADING)) != 0 ||
	    !strncmp(text + strlen(HEADING), TRIAL, strlen(TRIAL)) ||
	    text_mentions(text, device);
	free(text);
	return yes;
}

size_t
record_line(const char *at)
{
	const char *end = strchr(at, '\n');

	return end ? (size_t)(end - at) : strlen(at);
}

/* "KIND LABEL FAMILY OWN" or "KIND LABEL FAMILY files" */
static bool
read_heading(struct claim *c, const char *kind, const char *at, size_t len)
{
	char line[128], label[IFNAMSIZ], family[8], own[ADDR_TEXT];
	struct addr a = { 0 };
	int used = 0, fam;
	bool files;

	if (len >= sizeof(line) || strncmp(at, kind, strlen(kind)))
		return false;
	memcpy(line, at, len);
	line[len] = '\0';
	if (sscanf(line + strlen(kind), " %15s %7s %47s%n", label, family, own,
	    &used) != 3 || line[strlen(kind) + (size_t)used] != '\0')
		return false;
	fam = !strcmp(family, "inet") ? AF_INET :
	    !strcmp(family, "inet6") ? AF_INET6 : 0;
	files = !strcmp(own, "files");
	if (!fam || (!files && strcmp(own, "-") && !addr_parse(&a, fam, own)))
		return false;
	if (!claim_init(c, label, fam, &a))
		return false;
	c->key.files = files;
	return true;
}

/* The line "end" of a block whose lines start here; NULL if another block, or
 * the end of the file, comes first. */
static const char *
find_end(const char *at)
{
	static const char *const headings[] = {
		"claim ", "next ", "drop ", "was ", "new ", "blocks ",
	};

	for (; *at; at += *at == '\n') {
		size_t n = record_line(at);

		if (n == 3 && !memcmp(at, "end", 3))
			return at[n] == '\n' ? at : NULL;
		/* Most lines begin with an "r". */
		for (size_t i = 0; *at != 'r' && i < sizeof(headings) /
		    sizeof(headings[0]); i++)
			if (!strncmp(at, headings[i], strlen(headings[i])))
				return NULL;
		at += n;
	}
	return NULL;
}

/* A key whose claim is to end, or that had none before. */
static bool
read_line_block(struct record *r, struct claims **to, struct claim *c,
    const char *line, size_t n)
{
	if (read_heading(c, "drop ", line, n))
		*to = &r->next;
	else if (read_heading(c, "new ", line, n))
		*to = &r->former;
	else
		return false;
	c->dropped = c->parsed = true;
	return true;
}

static bool
read_block_heading(struct record *r, struct claims **to, struct claim *c,
    const char *line, size_t n)
{
	*to = read_heading(c, "next ", line, n) ? &r->next :
	    read_heading(c, "claim ", line, n) ? &r->claims :
	    read_heading(c, "was ", line, n) ? &r->former : NULL;
	return *to != NULL;
}

int
record_read_block(struct record *r, const char **at)
{
	const char *line = *at, *end;
	struct claims *to;
	struct claim c;
	size_t n = record_line(line);

	if (read_line_block(r, &to, &c, line, n)) {
		*at = line + n + (line[n] == '\n');
		return append(to, &c) ? 1 : -ENOMEM;
	}
	if (!read_block_heading(r, &to, &c, line, n))
		return 0;
	if (line[n] != '\n' || !(end = find_end(line + n + 1)))
		return 0;
	c.text = line + n + 1;
	c.text_len = (size_t)(end - c.text);
	*at = end + strlen("end\n");
	return append(to, &c) ? 1 : -ENOMEM;
}

void
record_add_gap(struct record *r, int family, uint32_t priority)
{
	for (size_t i = 0; i < r->gaps; i++)
		if (r->gap[i].family == family &&
		    r->gap[i].priority == priority)
			return;
	if (r->gaps == RECORD_GAPS)
		memmove(r->gap, r->gap + 1,
		    --r->gaps * sizeof(r->gap[0]));
	r->gap[r->gaps++] = (struct gap){ family, priority };
}

/* Lines "gap FAMILY PRIORITY" from *at on, which moves behind them. */
static void
read_gaps(struct record *r, const char **at)
{
	char family[8];
	uint32_t priority;
	int used;

	while (used = 0, sscanf(*at, "gap %7s %u\n%n", family, &priority,
	    &used) == 2 && used > 0) {
		record_add_gap(r, !strcmp(family, "inet6") ? AF_INET6 :
		    AF_INET, priority);
		*at += used;
	}
}

static int
slurp_record(struct record *r, struct fault *f)
{
	int err;

	r->text = slurp(r->path, &r->text_len, &err);
	if (err)
		fault_set(f, "cannot read %s: %s", r->path, strerror(-err));
	return err;
}

/* What a run killed before its first rename left behind. */
static void
remove_aside(const struct record *r)
{
	char aside[RECORD_PATH + 8];

	snprintf(aside, sizeof(aside), "%s.new", r->path);
	(void)unlink(aside);
}

int
record_read(struct record *r, struct fault *f)
{
	char quoted[QUOTE_TEXT], cut[80];
	const char *at;
	unsigned count = 0;
	int err, used = 0;

	err = slurp_record(r, f);
	if (!err && !r->text && r->lock >= 0)
		remove_aside(r);
	if (err || !r->text)
		return err;
	if (strlen(r->text) != r->text_len ||
	    strncmp(r->text, HEADING, strlen(HEADING))) {
		fault_set(f, "%s is not a record of this version" WAY_OUT,
		    r->path);
		return -EBADMSG;
	}
	at = r->text + strlen(HEADING);
	record_read_trial(r, &at);
	read_gaps(r, &at);
	while ((err = record_read_block(r, &at)) > 0)
		continue;
	if (err < 0) {
		fault_set(f, "out of memory");
		return err;
	}
	if (sscanf(at, "blocks %u\n%n", &count, &used) != 1 ||
	    at[used] != '\0' || count != r->claims.count + r->next.count +
	    r->former.count || !r->trial.device[0] != !r->former.count) {
		snprintf(cut, sizeof(cut), "%.*s", (int)(record_line(at) > 70 ?
		    70 : record_line(at)), at);
		fault_set(f, "%s is damaged at byte %zu, %s" WAY_OUT, r->path,
		    (size_t)(at - r->text), say_quote(quoted, cut));
		return -EBADMSG;
	}
	return 0;
}

int
record_salvage(struct record *r, size_t *lost, struct fault *f)
{
	const char *at;
	bool in_bad = false;
	int err;

	*lost = 0;
	err = slurp_record(r, f);
	if (err || !r->text)
		return err;
	/* NUL bytes would hide the rest. */
	for (size_t i = 0; i < r->text_len; i++)
		if (r->text[i] == '\0')
			r->text[i] = '\n';
	for (at = r->text; *at;) {
		record_read_trial(r, &at);
		read_gaps(r, &at);
		err = record_read_block(r, &at);
		if (err < 0) {
			fault_set(f, "out of memory");
			return err;
		}
		in_bad = in_bad && err == 0;
		if (err > 0)
			continue;
		if (strncmp(at, "blocks ", 7) && strncmp(at, HEADING,
		    strlen(HEADING) - 1) && !in_bad) {
			in_bad = true;
			(*lost)++;
		}
		at += record_line(at);
		at += *at == '\n';
	}
	record_salvage_trial(r);
	return 0;
}

static int
write_file(const char *path, const struct text *t)
{
	char aside[RECORD_PATH + 8];
	size_t done = 0;
	ssize_t n;
	int fd, err = 0;

	snprintf(aside, sizeof(aside), "%s.new", path);
	fd = open(aside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
	    0644);
	if (fd < 0)
		return -errno;
	while (!err && done < t->len) {
		n = write(fd, t->at + done, t->len - done);
		if (n < 0 && errno != EINTR)
			err = -errno;
		else if (n > 0)
			done += (size_t)n;
	}
	if (!err && fsync(fd) < 0)
		err = -errno;
	if (close(fd) < 0 && !err)
		err = -errno;
	if (!err && rename(aside, path) < 0)
		err = -errno;
	if (err)
		unlink(aside);
	return err;
}

int
record_write(struct record *r, struct fault *f)
{
	size_t blocks = r->claims.count + r->next.count + r->former.count;
	struct text t = { 0 };
	int err;

	if (blocks == 0) {
		remove_aside(r);
		if (unlink(r->path) < 0 && errno != ENOENT) {
			err = errno;
			fault_set(f, "cannot remove %s: %s", r->path,
			    strerror(err));
			return -err;
		}
		return 0;
	}
	text_str(&t, HEADING);
	record_print_trial(&t, r);
	for (size_t i = 0; i < r->gaps; i++)
		text_fmt(&t, "gap %s %u\n", addr_family_name(r->gap[i].family),
		    r->gap[i].priority);
	for (size_t i = 0; i < r->claims.count; i++)
		block_print(&t, &r->claims.at[i], "claim");
	for (size_t i = 0; i < r->next.count; i++)
		block_print(&t, &r->next.at[i], r->next.at[i].dropped ?
		    "drop" : "next");
	for (size_t i = 0; i < r->former.count; i++)
		block_print(&t, &r->former.at[i], r->former.at[i].dropped ?
		    "new" : "was");
	text_fmt(&t, "blocks %zu\n", blocks);
	err = t.failed ? -ENOMEM : write_file(r->path, &t);
	if (err)
		fault_set(f, "cannot write %s: %s", r->path, strerror(-err));
	text_fini(&t);
	return err;
}

/* A line does not tell its family where no address stands in it. */
static int
family_of(const struct object *o)
{
	return o->kind == OBJECT_RULE ? o->rule.family :
	    object_is_route(o) ? o->route.family : AF_UNSPEC;
}

/* The object's line stands somewhere in the text of an unparsed claim. */
static bool
text_holds(const struct claim *c, const char *line, size_t len)
{
	const char *at = c->text, *end = c->text + c->text_len;

	while ((size_t)(end - at) >= len &&
	    (at = memmem(at, (size_t)(end - at), line, len))) {
		if (at == c->text || at[-1] == '\n' || at[-1] == ' ')
			return true;
		at++;
	}
	return false;
}

int
record_held_elsewhere(const struct record *r, const struct object *o,
    const char *device)
{
	struct object plain = *o;
	struct text t = { 0 };
	int family = family_of(o);
	bool held = false;

	plain.foreign = plain.unplaced = false;
	block_object(&t, &plain, NULL);
	text_str(&t, "\n");
	for (size_t i = 0; i < r->claims.count && !held && !t.failed; i++) {
		const struct claim *c = &r->claims.at[i];

		if (!strcmp(c->device, device) || (family != AF_UNSPEC &&
		    c->key.family != family))
			continue;
		if (!c->parsed)
			held = text_holds(c, t.at, t.len);
		for (size_t j = 0; c->parsed && j < c->objects.count; j++)
			if (object_same(&c->objects.at[j], o))
				held = true;
	}
	text_fini(&t);
	return t.failed ? -ENOMEM : held;
}
