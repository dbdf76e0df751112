/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: routing tables and protocols by the names iproute2 knows. */
#include <sys/stat.h>

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "names.h"
#include "num.h"

#define NAMES_MAX	4096	/* per list; a file with more is not sane */
#define FILE_MAX	(256 * 1024)
#define ETC		"/etc/iproute2"
#define OWN_DIR		ETC "/rt_tables.d"
#define OWN_FILE	OWN_DIR "/ifpolicy.conf"

/* rt_names.c reads the first of /etc and /usr; older Debians used /usr/lib. */
static const char *const roots[] = {
	ETC, "/usr/share/iproute2", "/usr/lib/iproute2",
};

static const struct name table_builtin[] = {
	{ 255, "local" }, { 254, "main" }, { 253, "default" }, { 0, "unspec" },
};

static const struct name protocol_builtin[] = {
	{ 0, "unspec" }, { 1, "redirect" }, { 2, "kernel" }, { 3, "boot" },
	{ 4, "static" }, { 8, "gated" }, { 9, "ra" }, { 10, "mrt" },
	{ 11, "zebra" }, { 12, "bird" }, { 13, "dnrouted" }, { 14, "xorp" },
	{ 15, "ntk" }, { 16, "dhcp" }, { 18, "keepalived" }, { 42, "babel" },
	{ 173, "ifpolicy" }, { 186, "bgp" }, { 187, "isis" }, { 188, "ospf" },
	{ 189, "rip" }, { 192, "eigrp" },
};

void
names_fini(struct names *n)
{
	if (!n)
		return;
	free(n->tables.at);
	free(n->protocols.at);
	memset(n, 0, sizeof(*n));
}

static bool
list_add(struct name_list *l, uint32_t number, const char *text)
{
	struct name *at;

	if (l->count >= NAMES_MAX || strlen(text) > TABLE_NAME_MAX)
		return true;
	/* Grown in powers of two, so the capacity need not be kept. */
	if ((l->count & (l->count - 1)) == 0) {
		size_t room = l->count ? l->count * 2 : 16;

		at = realloc(l->at, room * sizeof(*at));
		if (!at)
			return false;
		l->at = at;
	}
	l->at[l->count].number = number;
	snprintf(l->at[l->count].text, sizeof(l->at->text), "%s", text);
	l->count++;
	return true;
}

/* One line "NUMBER NAME", "0xNUMBER NAME" or a comment. */
static void
read_line(struct name_list *l, char *line)
{
	char *number, *text, *save = NULL;
	uint32_t v;

	line[strcspn(line, "#\n")] = '\0';
	number = strtok_r(line, " \t", &save);
	text = number ? strtok_r(NULL, " \t", &save) : NULL;
	if (text && num_u32(&v, number, 0, UINT32_MAX))
		(void)list_add(l, v, text);
}

static bool
read_file(struct name_list *l, const char *path)
{
	char buf[4096];
	char *at, *end;
	size_t have = 0, total = 0;
	bool cut = false;
	ssize_t n;
	int fd;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	while ((n = read(fd, buf + have, sizeof(buf) - 1 - have)) > 0) {
		have += (size_t)n;
		total += (size_t)n;
		buf[have] = '\0';
		for (at = buf; (end = strchr(at, '\n')); at = end + 1) {
			*end = '\0';
			if (!cut)
				read_line(l, at);
			cut = false;
		}
		have = (size_t)(buf + have - at);
		memmove(buf, at, have);
		/* A line longer than the buffer is no name: not its tail. */
		if (have == sizeof(buf) - 1) {
			have = 0;
			cut = true;
		}
		if (total > FILE_MAX)
			break;
	}
	buf[have] = '\0';
	if (!cut)
		read_line(l, buf);
	close(fd);
	return true;
}

static void
read_drop_ins(struct name_list *l, const char *dir)
{
	char path[512];
	struct dirent *e;
	const char *dot;
	DIR *d;

	d = opendir(dir);
	if (!d)
		return;
	while ((e = readdir(d))) {
		dot = strrchr(e->d_name, '.');
		if (e->d_name[0] == '.' || !dot || strcmp(dot, ".conf"))
			continue;
		snprintf(path, sizeof(path), "%s/%s", dir, e->d_name);
		(void)read_file(l, path);
	}
	closedir(d);
}

static void
read_all(struct name_list *l, const char *what)
{
	char path[128];
	bool found = false;

	for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++) {
		/* The main file in /etc hides the one in /usr, as for ip. */
		if (!found) {
			snprintf(path, sizeof(path), "%s/%s", roots[i], what);
			found = read_file(l, path);
		}
		snprintf(path, sizeof(path), "%s/%s.d", roots[i], what);
		read_drop_ins(l, path);
	}
}

static bool
find_number(uint32_t *number, const struct name *at, size_t count,
    const char *word)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(at[i].text, word)) {
			*number = at[i].number;
			return true;
		}
	return false;
}

static const char *
find_text(const struct name *at, size_t count, uint32_t number)
{
	for (size_t i = 0; i < count; i++)
		if (at[i].number == number)
			return at[i].text;
	return NULL;
}

static bool
list_number(uint32_t *number, const struct name_list *l, const char *word)
{
	return find_number(number, l->at, l->count, word);
}

static const char *
list_text(const struct name_list *l, uint32_t number)
{
	return find_text(l->at, l->count, number);
}

static struct name_list *
tables(struct names *n)
{
	if (!n->tables_read) {
		n->tables_read = true;
		read_all(&n->tables, "rt_tables");
	}
	return &n->tables;
}

static struct name_list *
protocols(struct names *n)
{
	if (!n->protocols_read) {
		n->protocols_read = true;
		read_all(&n->protocols, "rt_protos");
	}
	return &n->protocols;
}

bool
names_table(uint32_t *number, struct names *n, const char *word)
{
	if (num_u32(number, word, 0, UINT32_MAX))
		return true;
	if (find_number(number, table_builtin,
	    sizeof(table_builtin) / sizeof(table_builtin[0]), word))
		return true;
	return n && list_number(number, tables(n), word);
}

bool
names_protocol(uint32_t *number, struct names *n, const char *word)
{
	if (num_u32(number, word, 0, 255))
		return true;
	if (find_number(number, protocol_builtin,
	    sizeof(protocol_builtin) / sizeof(protocol_builtin[0]), word))
		return true;
	return n && list_number(number, protocols(n), word);
}

const char *
names_table_text(char *buf, struct names *n, uint32_t number)
{
	const char *text = NULL;

	if (number >= 253 && number <= 255)
		text = find_text(table_builtin,
		    sizeof(table_builtin) / sizeof(table_builtin[0]), number);
	else if (n)
		text = list_text(tables(n), number);
	if (text)
		snprintf(buf, TABLE_NAME_MAX + 1, "%s", text);
	else
		snprintf(buf, TABLE_NAME_MAX + 1, "%u", number);
	return buf;
}

const char *
names_protocol_text(char *buf, struct names *n, uint32_t number)
{
	const char *text;

	text = find_text(protocol_builtin,
	    sizeof(protocol_builtin) / sizeof(protocol_builtin[0]), number);
	if (!text && n)
		text = list_text(protocols(n), number);
	if (text)
		snprintf(buf, TABLE_NAME_MAX + 1, "%s", text);
	else
		snprintf(buf, TABLE_NAME_MAX + 1, "%u", number);
	return buf;
}

bool
names_table_number_taken(struct names *n, uint32_t number)
{
	return list_text(tables(n), number) != NULL;
}

const struct name_list *
names_all_tables(struct names *n)
{
	return tables(n);
}

bool
names_ok(const char *word)
{
	size_t i;
	bool digits = true;

	for (i = 0; word[i]; i++) {
		unsigned char c = (unsigned char)word[i];

		if (!isalnum(c) && !strchr("_.-", c))
			return false;
		if (!isdigit(c))
			digits = false;
	}
	return i > 0 && i <= TABLE_NAME_MAX && !digits && word[0] != '-' &&
	    word[0] != '.';
}

/* The drop-in's present text, or a fresh heading. */
static int
own_text(char *buf, size_t size, size_t *len)
{
	ssize_t n = 0;
	int fd;

	fd = open(OWN_FILE, O_RDONLY | O_CLOEXEC);
	if (fd < 0 && errno != ENOENT)
		return -errno;
	if (fd >= 0) {
		n = read(fd, buf, size);
		close(fd);
		if (n < 0)
			return -EIO;
		if ((size_t)n == size)
			return -EFBIG;
	}
	if (n == 0)
		n = snprintf(buf, size,
		    "# routing tables that ifpolicy numbered; kept so that\n"
		    "# the numbers stay the same after a reboot\n");
	if (buf[n - 1] != '\n')
		buf[n++] = '\n';
	*len = (size_t)n;
	return 0;
}

static int
write_own(const char *text, size_t len)
{
	const char *aside = OWN_FILE ".new";
	int fd, err = 0;

	/* "/etc/iproute2" may be missing too (iproute2 6.2 and later). */
	if ((mkdir(ETC, 0755) < 0 && errno != EEXIST) ||
	    (mkdir(OWN_DIR, 0755) < 0 && errno != EEXIST))
		return -errno;
	fd = open(aside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
	    0644);
	if (fd < 0)
		return -errno;
	errno = EIO;	/* for a short write */
	if (write(fd, text, len) != (ssize_t)len || fsync(fd) < 0)
		err = -errno;
	if (close(fd) < 0 && !err)
		err = -errno;
	if (!err && rename(aside, OWN_FILE) < 0)
		err = -errno;
	if (err)
		unlink(aside);
	return err;
}

int
names_learn_table(struct names *n, const char *word, uint32_t number)
{
	if (!list_add(tables(n), number, word))
		return -ENOMEM;
	n->learned++;
	return 0;
}

void
names_unlearn(struct names *n)
{
	n->tables.count -= n->learned;
	n->learned = 0;
}

int
names_save_tables(struct names *n)
{
	char text[32768];
	size_t len = 0;
	int err;

	if (n->learned == 0)
		return 0;
	err = own_text(text, sizeof(text) / 2, &len);
	if (err)
		return err;
	for (size_t i = n->tables.count - n->learned; i < n->tables.count &&
	    len + 2 * TABLE_NAME_MAX < sizeof(text); i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len,
		    "%u\t%s\n", n->tables.at[i].number,
		    n->tables.at[i].text);
	err = write_own(text, len);
	if (!err)
		n->learned = 0;
	return err;
}
