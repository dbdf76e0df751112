/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: files and sysctls in memory, behind the system calls for them.
 *
 * The calls of the programs are renamed to these (tests/checks.mk).  Nothing of
 * the real disk is read or written. */
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "machine.h"
#include "record.h"

#define FIRST_FD	1000
#define FDS		16
#define SYSCTLS		"/proc/sys/net/"

struct machine machine;

/* What is open: a file as it was when it was opened, or what is being written;
 * or a knob. */
static struct open_file {
	bool used, writes, locks;
	char path[96];
	struct device *device;	/* of a knob */
	int knob;
	char *text;
	size_t len, at;
} opened[FDS];

/* The one directory that is read at a time. */
static struct {
	char path[96];
	size_t at;
	struct dirent entry;
} reading;

int __wrap_open(const char *path, int flags, ...);
int __wrap_close(int fd);
ssize_t __wrap_read(int fd, void *buf, size_t size);
ssize_t __wrap_write(int fd, const void *buf, size_t size);
int __wrap_fstat(int fd, struct stat *st);
int __wrap_fsync(int fd);
int __wrap_rename(const char *from, const char *to);
int __wrap_unlink(const char *path);
int __wrap_flock(int fd, int operation);
int __wrap_mkdir(const char *path, mode_t mode);
int __wrap_access(const char *path, int mode);
DIR *__wrap_opendir(const char *path);
struct dirent *__wrap_readdir(DIR *dir);
int __wrap_closedir(DIR *dir);
int __wrap_nanosleep(const struct timespec *t, struct timespec *left);
int __wrap_clock_gettime(clockid_t id, struct timespec *t);
int __wrap_socket(int family, int type, int protocol);
int __wrap_getsockopt(int fd, int level, int name, void *value,
    socklen_t *len);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *at, size_t size);
char *__wrap_strdup(const char *text);
void __wrap_openlog(const char *ident, int option, int facility);
void __wrap_syslog(int level, const char *fmt, ...);

static struct file *
find_file(struct machine *m, const char *path)
{
	for (size_t i = 0; i < m->files; i++)
		if (!strcmp(m->file[i].path, path))
			return &m->file[i];
	return NULL;
}

const struct file *
disk_find(const struct machine *m, const char *path)
{
	for (size_t i = 0; i < m->files; i++)
		if (!strcmp(m->file[i].path, path))
			return &m->file[i];
	return NULL;
}

static bool
is_record(const char *path)
{
	return !strncmp(path, RECORD_DIR "/net-", strlen(RECORD_DIR) + 5);
}

const struct file *
disk_record(const struct machine *m)
{
	for (size_t i = 0; i < m->files; i++)
		if (is_record(m->file[i].path) &&
		    !strstr(m->file[i].path, ".new"))
			return &m->file[i];
	return NULL;
}

void
disk_remove(struct machine *m, const char *path)
{
	struct file *f = find_file(m, path);

	if (!f)
		return;
	free(f->text);
	*f = m->file[--m->files];
}

/* Takes the text over. */
static void
keep(struct machine *m, const char *path, char *text, size_t len)
{
	struct file *f;

	disk_remove(m, path);
	if (m->files == FILES || !text)
		abort();
	f = &m->file[m->files++];
	snprintf(f->path, sizeof(f->path), "%s", path);
	f->text = text;
	f->len = len;
}

void
disk_put(struct machine *m, const char *path, const char *text)
{
	keep(m, path, strdup(text), strlen(text));
}

const char *
knob_path(char *buf, const struct device *d, int knob)
{
	static const struct {
		const char *family, *name;
	} knobs[KNOBS] = {
		[KNOB_LINKDOWN4] = { "ipv4", "ignore_routes_with_linkdown" },
		[KNOB_ARP_FILTER] = { "ipv4", "arp_filter" },
		[KNOB_ARP_IGNORE] = { "ipv4", "arp_ignore" },
		[KNOB_ARP_ANNOUNCE] = { "ipv4", "arp_announce" },
		[KNOB_RP_FILTER] = { "ipv4", "rp_filter" },
		[KNOB_LINKDOWN6] = { "ipv6", "ignore_routes_with_linkdown" },
	};

	snprintf(buf, 96, "%s/conf/%s/%s", knobs[knob].family, d->name,
	    knobs[knob].name);
	return buf;
}

bool
knob_find(struct machine *m, const char *path, struct device **d, int *knob)
{
	size_t n = strlen(SYSCTLS);
	char buf[96];

	for (int i = 0; i < DEVICES && !strncmp(path, SYSCTLS, n); i++)
		for (int k = 0; k < KNOBS && m->device[i].exists; k++) {
			if (strcmp(path + n, knob_path(buf, &m->device[i], k)))
				continue;
			*d = &m->device[i];
			*knob = k;
			return true;
		}
	return false;
}

static int
failed(int error)
{
	errno = error;
	return -1;
}

static struct open_file *
free_file(void)
{
	struct open_file *o = opened;

	while (o < opened + FDS && o->used)
		o++;
	if (o == opened + FDS)
		abort();	/* somebody closes no files */
	memset(o, 0, sizeof(*o));
	return o;
}

static struct open_file *
file_of(int fd)
{
	if (fd < FIRST_FD || fd >= FIRST_FD + FDS ||
	    !opened[fd - FIRST_FD].used)
		abort();
	return &opened[fd - FIRST_FD];
}

int
__wrap_open(const char *path, int flags, ...)
{
	struct file *f = find_file(&machine, path);
	struct open_file *o = free_file();

	snprintf(o->path, sizeof(o->path), "%s", path);
	o->locks = !strcmp(path, RECORD_DIR "/lock");
	o->writes = (flags & O_ACCMODE) != O_RDONLY && !o->locks;
	if (!f && !(flags & O_CREAT) &&
	    !knob_find(&machine, path, &o->device, &o->knob))
		return failed(ENOENT);
	if (f && !o->writes) {
		o->text = malloc(f->len + 1);
		if (!o->text)
			abort();
		memcpy(o->text, f->text, f->len);
		o->len = f->len;
	}
	o->used = true;
	return FIRST_FD + (int)(o - opened);
}

int
__wrap_close(int fd)
{
	struct open_file *o = file_of(fd);

	if (o->writes && !o->device && !machine.dead)
		keep(&machine, o->path, o->text ? o->text : strdup(""),
		    o->len);
	else
		free(o->text);
	o->used = false;
	return 0;
}

ssize_t
__wrap_read(int fd, void *buf, size_t size)
{
	struct open_file *o = file_of(fd);
	const char *text = o->device ? o->device->knob[o->knob] : o->text;
	size_t n = (o->device ? strlen(text) : o->len) - o->at;

	n = n < size ? n : size;
	if (n)
		memcpy(buf, text + o->at, n);
	o->at += n;
	return (ssize_t)n;
}

static bool
dies(struct machine *m)
{
	if (!m->dead && machine_fails(m, FAULT_KILL))
		m->dead = true;
	return m->dead;
}

static ssize_t
write_knob(struct open_file *o, const char *value, size_t size)
{
	char what[128];

	if (machine_fails(&machine, FAULT_KNOB))
		return failed(EACCES);
	if (dies(&machine))
		return (ssize_t)size;
	snprintf(o->device->knob[o->knob], SYSCTL_VALUE, "%.*s", (int)size,
	    value);
	snprintf(what, sizeof(what), "%s = %.*s", o->path + strlen(SYSCTLS),
	    (int)size, value);
	judge_op(&machine, CHANGE_KNOB, what);
	return (ssize_t)size;
}

ssize_t
__wrap_write(int fd, const void *buf, size_t size)
{
	struct open_file *o;
	char *at;

	if (fd == STDERR_FILENO || fd == STDOUT_FILENO) {
		text_add(&machine.said, buf, size);
		return (ssize_t)size;
	}
	o = file_of(fd);
	if (o->device)
		return write_knob(o, buf, size);
	if (machine_fails(&machine, FAULT_DISK))
		return failed(ENOSPC);
	at = realloc(o->text, o->len + size + 1);
	if (!at)
		abort();
	o->text = at;
	memcpy(at + o->len, buf, size);
	o->len += size;
	at[o->len] = '\0';
	return (ssize_t)size;
}

int
__wrap_fstat(int fd, struct stat *st)
{
	memset(st, 0, sizeof(*st));
	st->st_mode = S_IFREG | 0644;
	st->st_size = (off_t)file_of(fd)->len;
	st->st_nlink = 1;
	return 0;
}

int
__wrap_fsync(int fd)
{
	(void)file_of(fd);
	return machine_fails(&machine, FAULT_DISK) ? failed(EIO) : 0;
}

/* A claim that is to become something. */
static bool
is_about_to(const char *record)
{
	return strstr(record, "\nnext ") || strstr(record, "\ndrop ");
}

bool
disk_pending(const struct machine *m)
{
	const struct file *f = disk_record(m);

	return f && is_about_to(f->text);
}

int
__wrap_rename(const char *from, const char *to)
{
	struct machine *m = &machine;
	struct file *f = find_file(m, from);
	char *text;
	size_t len;

	if (machine_fails(m, FAULT_DISK))
		return failed(EROFS);
	if (is_record(to) && dies(m))
		return 0;
	if (!f)
		return m->dead ? 0 : failed(ENOENT);
	text = f->text;
	len = f->len;
	if (is_record(to) && is_about_to(text))
		judge_begin(m, disk_record(m) ? disk_record(m)->text : "",
		    text);
	else if (is_record(to))
		judge_end(m, text);
	f = find_file(m, from);
	f->text = NULL;
	disk_remove(m, from);
	keep(m, to, text, len);
	return 0;
}

int
__wrap_unlink(const char *path)
{
	struct machine *m = &machine;

	if (!find_file(m, path))
		return failed(ENOENT);
	if ((is_record(path) && !strstr(path, ".new") && dies(m)) || m->dead)
		return 0;
	disk_remove(m, path);
	if (is_record(path) && !strstr(path, ".new"))
		judge_end(m, "");
	return 0;
}

int
__wrap_flock(int fd, int operation)
{
	(void)operation;
	return file_of(fd)->locks ? 0 : failed(EBADF);
}

int
__wrap_mkdir(const char *path, mode_t mode)
{
	(void)path;
	(void)mode;
	return failed(EEXIST);
}

/* A directory is there as soon as a file is in it. */
int
__wrap_access(const char *path, int mode)
{
	size_t n = strlen(path);

	(void)mode;
	for (size_t i = 0; i < machine.files; i++)
		if (!strncmp(machine.file[i].path, path, n) &&
		    (machine.file[i].path[n] == '\0' ||
		    machine.file[i].path[n] == '/'))
			return 0;
	return failed(ENOENT);
}

DIR *
__wrap_opendir(const char *path)
{
	if (__wrap_access(path, F_OK) < 0)
		return NULL;
	snprintf(reading.path, sizeof(reading.path), "%s/", path);
	reading.at = 0;
	return (DIR *)&reading;
}

struct dirent *
__wrap_readdir(DIR *dir)
{
	size_t n = strlen(reading.path);

	(void)dir;
	while (reading.at < machine.files) {
		const char *path = machine.file[reading.at++].path;

		if (strncmp(path, reading.path, n) || strchr(path + n, '/'))
			continue;
		snprintf(reading.entry.d_name, sizeof(reading.entry.d_name),
		    "%s", path + n);
		return &reading.entry;
	}
	return NULL;
}

int
__wrap_closedir(DIR *dir)
{
	(void)dir;
	return 0;
}

/* Time passes for whoever waits, and for nobody else. */
int
__wrap_nanosleep(const struct timespec *t, struct timespec *left)
{
	(void)left;
	machine.clock += (uint64_t)t->tv_sec * 1000 +
	    (uint64_t)t->tv_nsec / 1000000;
	return 0;
}

int
__wrap_clock_gettime(clockid_t id, struct timespec *t)
{
	(void)id;
	t->tv_sec = (time_t)(machine.clock / 1000);
	t->tv_nsec = (long)(machine.clock % 1000) * 1000000;
	return 0;
}

/* One that is only asked for the namespace's cookie. */
int
__wrap_socket(int family, int type, int protocol)
{
	struct open_file *o = free_file();

	(void)family;
	(void)type;
	(void)protocol;
	o->used = true;
	return FIRST_FD + (int)(o - opened);
}

int
__wrap_getsockopt(int fd, int level, int name, void *value, socklen_t *len)
{
	unsigned long long cookie = 1;

	(void)fd;
	(void)level;
	(void)name;
	memcpy(value, &cookie, *len < sizeof(cookie) ? *len : sizeof(cookie));
	return 0;
}

void
__wrap_openlog(const char *ident, int option, int facility)
{
	(void)ident;
	(void)option;
	(void)facility;
}

void
__wrap_syslog(int level, const char *fmt, ...)
{
	(void)level;
	(void)fmt;
}

void *
__wrap_malloc(size_t size)
{
	return machine_fails(&machine, FAULT_MEMORY) ? NULL : malloc(size);
}

void *
__wrap_calloc(size_t count, size_t size)
{
	return machine_fails(&machine, FAULT_MEMORY) ? NULL :
	    calloc(count, size);
}

void *
__wrap_realloc(void *at, size_t size)
{
	return machine_fails(&machine, FAULT_MEMORY) ? NULL :
	    realloc(at, size);
}

char *
__wrap_strdup(const char *text)
{
	return machine_fails(&machine, FAULT_MEMORY) ? NULL : strdup(text);
}
