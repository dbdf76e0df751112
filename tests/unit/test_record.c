/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: unit tests of record.c, on a /run of their own. */
#include <sys/file.h>
#include <sys/wait.h>

#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include "build.h"
#include "record.h"

#define RULE	"rule add priority 12030 from 10.0.1.10 lookup 101 protocol 173"
#define ROUTE	"route add 10.8.0.0/16 dev eth1 table 101 protocol 173 " \
	"scope link"
#define OTHER	"rule add priority 12030 from 10.0.2.10 lookup 102 protocol 173"

static void
start(struct record *r)
{
	struct fault f;

	if (record_init(r, -1, &f))
		fail_msg("%s", f.text);
}

static void
add(struct claims *to, const char *label, int family, const char *own,
    const char *lines)
{
	struct claim c = claim_of(label, family, own);

	objects_of(&c.objects, family, lines);
	set(&c, "table", "101");
	c.parsed = true;
	assert_true(claims_put(to, &c));
}

static void
save(struct record *r)
{
	struct fault f;

	if (record_write(r, &f))
		fail_msg("%s", f.text);
}

static void
gaps_are_kept_as_long_as_there_are_claims(void **state)
{
	struct record r, back;
	struct fault f;

	(void)state;
	start(&r);
	add(&r.claims, "eth1", AF_INET, NULL, RULE "\n");
	for (uint32_t i = 0; i < RECORD_GAPS + 2; i++)
		record_add_gap(&r, i % 2 ? AF_INET6 : AF_INET, 12000 + i);
	record_add_gap(&r, AF_INET, 12004);
	assert_int_equal(r.gaps, RECORD_GAPS);
	save(&r);
	start(&back);
	assert_int_equal(record_read(&back, &f), 0);
	assert_int_equal(back.claims.count, 1);
	assert_int_equal(back.gaps, RECORD_GAPS);
	for (uint32_t i = 0; i < RECORD_GAPS; i++) {
		assert_int_equal(back.gap[i].priority, 12002 + i);
		assert_int_equal(back.gap[i].family, i % 2 ? AF_INET6 :
		    AF_INET);
	}
	record_fini(&back);
	/* They say nothing by themselves. */
	claims_fini(&r.claims);
	save(&r);
	assert_int_equal(access(r.path, F_OK), -1);
	record_fini(&r);
}

/* Three claims and work that has begun: one to become, one to end. */
static void
save_usual(struct record *r)
{
	struct claim drop = claim_of("eth2", AF_INET6, "fd00:2::10");

	start(r);
	add(&r->claims, "eth1", AF_INET, NULL, RULE "\n" ROUTE "\n");
	add(&r->claims, "eth1:1", AF_INET, "10.0.1.11", RULE "\n");
	add(&r->claims, "eth2", AF_INET6, "fd00:2::10",
	    "taken route add default via fe80::1 dev eth2 table 254 metric "
	    "1024 protocol 9\nsysctl ipv6/conf/eth2/"
	    "ignore_routes_with_linkdown 1 was 0\n");
	add(&r->next, "eth3", AF_INET, NULL, "foreign " OTHER "\n");
	drop.dropped = drop.parsed = true;
	assert_true(claims_put(&r->next, &drop));
	save(r);
}

/* What the file says now, as one line: labels of claims and of next. */
static int
read_back(char *said, size_t size, struct fault *f)
{
	struct record r;
	size_t n = 0;
	int err;

	start(&r);
	said[0] = '\0';
	err = record_read(&r, f);
	for (size_t i = 0; i < r.claims.count; i++)
		n += (size_t)snprintf(said + n, size - n, "%s ",
		    r.claims.at[i].key.label);
	for (size_t i = 0; i < r.next.count; i++)
		n += (size_t)snprintf(said + n, size - n, "%s%s ",
		    r.next.at[i].dropped ? "-" : "+",
		    r.next.at[i].key.label);
	record_fini(&r);
	return err;
}

#define USUAL	"eth1 eth1:1 eth2 +eth3 -eth2 "

/* Parses whatever the record delimits; 0 or the first error. */
static int
parse_all(struct record *r, struct fault *f)
{
	int err = 0;

	for (size_t i = 0; i < r->claims.count && !err; i++)
		err = block_parse(&r->claims.at[i], NULL, f);
	for (size_t i = 0; i < r->next.count && !err; i++)
		err = block_parse(&r->next.at[i], NULL, f);
	return err;
}

static void
a_missing_file_is_an_empty_record(void **state)
{
	struct record r;
	char said[100];
	struct fault f;

	(void)state;
	start(&r);
	(void)unlink(r.path);
	assert_int_equal(read_back(said, sizeof(said), &f), 0);
	assert_string_equal(said, "");
	assert_false(record_mentions(&r, NULL));
	record_fini(&r);
}

static void
what_was_written_is_read(void **state)
{
	struct record r, back;
	char said[100];
	struct fault f;
	size_t len;
	char *one, *two;

	(void)state;
	save_usual(&r);
	one = read_text(r.path, &len);
	assert_int_equal(read_back(said, sizeof(said), &f), 0);
	assert_string_equal(said, USUAL);
	start(&back);
	assert_int_equal(record_read(&back, &f), 0);
	/* Written again: as copied text, then parsed. */
	save(&back);
	two = read_text(r.path, &len);
	assert_string_equal(one, two);
	free(two);
	assert_int_equal(parse_all(&back, &f), 0);
	assert_int_equal(back.claims.at[0].objects.count, 2);
	assert_true(object_same(&back.claims.at[0].objects.at[0],
	    &r.claims.at[0].objects.at[0]));
	save(&back);
	two = read_text(r.path, &len);
	assert_string_equal(one, two);
	free(two);
	free(one);
	record_fini(&r);
	record_fini(&back);
}

static void
a_file_cut_anywhere_is_refused(void **state)
{
	struct record r;
	char said[100];
	struct fault f;
	size_t len;
	char *text;

	(void)state;
	save_usual(&r);
	text = read_text(r.path, &len);
	for (size_t n = 0; n < len; n++) {
		write_text(r.path, text, n);
		/* Without its last newline it still says everything. */
		if (read_back(said, sizeof(said), &f) == 0 &&
		    (n != len - 1 || strcmp(said, USUAL)))
			fail_msg("cut at %zu of %zu: \"%s\"", n, len, said);
		else if (n < len - 1)
			assert_non_null(strstr(f.text,
			    "; run: ifpolicy repair"));
	}
	free(text);
	record_fini(&r);
}

static void
a_file_that_lost_its_middle_is_refused(void **state)
{
	struct record r;
	char said[100];
	struct fault f;
	size_t len;
	char *text, *cut;

	(void)state;
	save_usual(&r);
	text = read_text(r.path, &len);
	cut = malloc(len);
	/* Whole lines are gone, or whole blocks. */
	for (char *from = text; *from; from = strchr(from, '\n') + 1)
		for (char *to = strchr(from, '\n') + 1; *to;
		    to = strchr(to, '\n') + 1) {
			size_t head = (size_t)(from - text);

			memcpy(cut, text, head);
			memcpy(cut + head, to, len - (size_t)(to - text));
			write_text(r.path, cut, len - (size_t)(to - from));
			if (read_back(said, sizeof(said), &f) == 0 &&
			    strcmp(said, USUAL))
				fail_msg("lost %zu bytes at %zu: \"%s\"",
				    (size_t)(to - from), head, said);
		}
	free(cut);
	free(text);
	record_fini(&r);
}

static void
a_nul_byte_anywhere_is_refused(void **state)
{
	struct record r;
	char said[100], was;
	struct fault f;
	size_t len;
	char *text;

	(void)state;
	save_usual(&r);
	text = read_text(r.path, &len);
	for (size_t n = 0; n < len; n++) {
		was = text[n];
		text[n] = '\0';
		write_text(r.path, text, len);
		assert_int_equal(read_back(said, sizeof(said), &f), -EBADMSG);
		text[n] = was;
	}
	text[len] = '\0';
	write_text(r.path, text, len + 1);
	assert_int_equal(read_back(said, sizeof(said), &f), -EBADMSG);
	free(text);
	record_fini(&r);
}

static void
garbage_is_refused_and_never_shown_raw(void **state)
{
	static const char *const texts[] = {
		"", "\n", "ifpolicy-record 1", "ifpolicy-record 2\nblocks 0\n",
		"ifpolicy-record 1\n", "ifpolicy-record 1\nblocks 1\n",
		"ifpolicy-record 1\nblocks x\n", "blocks 0\n",
		"ifpolicy-record 1\nblocks 0\nblocks 0\n",
		"ifpolicy-record 1\nclaim eth1 inet -\nblocks 1\n",
		"ifpolicy-record 1\nclaim eth1 inet -\nend\nend\nblocks 1\n",
		"ifpolicy-record 1\nclaim eth1 inet4 -\nend\nblocks 1\n",
		"ifpolicy-record 1\nclaim eth1 inet fd00::1\nend\nblocks 1\n",
		"ifpolicy-record 1\nclaim ../x inet -\nend\nblocks 1\n",
		"ifpolicy-record 1\nclaim eth1 inet - x\nend\nblocks 1\n",
		"ifpolicy-record 1\nclaim eth1 inet\nend\nblocks 1\n",
		"ifpolicy-record 1\nclaim eth1 inet file\nend\nblocks 1\n",
		"ifpolicy-record 1\nclaim eth1 inet filess\nend\nblocks 1\n",
		"ifpolicy-record 1\nclaim eth1 inet files 10.0.1.10\nend\n"
		    "blocks 1\n",
		"ifpolicy-record 1\nclaim eth1 inet 10.0.1.10 files\nend\n"
		    "blocks 1\n",
		"ifpolicy-record 1\n\x1b[2Jclaim eth1 inet -\nend\nblocks 1\n",
		"ifpolicy-record 1\nclaim 1234567890123456 inet -\nend\n"
		    "blocks 1\n",
	};
	struct record r;
	char said[100];
	struct fault f;

	(void)state;
	start(&r);
	for (size_t i = 0; i < LENGTH(texts); i++) {
		write_text(r.path, texts[i], strlen(texts[i]));
		if (read_back(said, sizeof(said), &f) != -EBADMSG)
			fail_msg("taken: case %zu", i);
		assert_null(strchr(f.text, '\x1b'));
		assert_null(strchr(f.text, '\n'));
		assert_non_null(strstr(f.text, "; run: ifpolicy repair"));
	}
	record_fini(&r);
}

static void
any_changed_byte_is_survived(void **state)
{
	struct record r;
	struct fault f;
	size_t len, lost;
	char *text, was;

	(void)state;
	srand(173);
	save_usual(&r);
	text = read_text(r.path, &len);
	for (size_t i = 0; i < 6000; i++) {
		size_t at = i < len ? i : (size_t)rand() % len;
		struct record back;

		was = text[at];
		text[at] = (char)(i % 5 ? "\n -/9"[rand() % 5] : rand());
		write_text(r.path, text, len);
		start(&back);
		if (record_read(&back, &f) == 0)
			(void)parse_all(&back, &f);
		record_fini(&back);
		start(&back);
		assert_int_equal(record_salvage(&back, &lost, &f), 0);
		(void)parse_all(&back, &f);
		assert_true(back.claims.count + back.next.count + lost >= 4);
		record_fini(&back);
		text[at] = was;
	}
	free(text);
	record_fini(&r);
}

/* Salvages a text; tells what is left and returns how much was lost. */
static size_t
salvage(char *said, size_t size, const char *text, size_t len)
{
	struct record r;
	struct fault f;
	size_t lost = 99, n = 0;

	start(&r);
	write_text(r.path, text, len);
	assert_int_equal(record_salvage(&r, &lost, &f), 0);
	said[0] = '\0';
	for (size_t i = 0; i < r.claims.count; i++)
		n += (size_t)snprintf(said + n, size - n, "%s ",
		    r.claims.at[i].key.label);
	for (size_t i = 0; i < r.next.count; i++)
		n += (size_t)snprintf(said + n, size - n, "%s%s ",
		    r.next.at[i].dropped ? "-" : "+",
		    r.next.at[i].key.label);
	record_fini(&r);
	return lost;
}

static void
salvage_keeps_the_good_claims(void **state)
{
	static const struct {
		const char *from, *to, *said;
		size_t lost;
	} cases[] = {
		{ "ifpolicy", "ifpolicy", USUAL, 0 },
		{ "ifpolicy-record 1", "what is this", USUAL, 1 },
		{ "claim eth1:1 inet 10", "claim eth1:1 inet fd",
		    "eth1 eth2 +eth3 -eth2 ", 1 },
		{ "claim eth1 inet", "clown eth1 inet",
		    "eth1:1 eth2 +eth3 -eth2 ", 1 },
		{ "next eth3", "NEXT eth3", "eth1 eth1:1 eth2 -eth2 ", 1 },
		{ "blocks 5", "blocks 4", USUAL, 0 },
		{ "blocks 5\n", "", USUAL, 0 },
		/* The first claim runs into the second, which is good. */
		{ "end\nclaim eth1:1", "enx\nclaim eth1:1",
		    "eth1:1 eth2 +eth3 -eth2 ", 1 },
	};
	struct record r;
	size_t len, lost;
	char *text, said[100];

	(void)state;
	save_usual(&r);
	text = read_text(r.path, &len);
	for (size_t i = 0; i < LENGTH(cases); i++) {
		char *at = strstr(text, cases[i].from), *bad;
		size_t n;

		assert_non_null(at);
		bad = calloc(1, len + 100);
		n = (size_t)snprintf(bad, len + 100, "%.*s%s%s",
		    (int)(at - text), text, cases[i].to,
		    at + strlen(cases[i].from));
		lost = salvage(said, sizeof(said), bad, n);
		free(bad);
		if (strcmp(said, cases[i].said) || lost != cases[i].lost)
			fail_msg("case %zu: \"%s\", %zu lost", i, said, lost);
	}
	/* A cut file has what stood before the cut. */
	*strstr(text, "claim eth2") = '\0';
	assert_int_equal(salvage(said, sizeof(said), text, strlen(text)), 0);
	assert_string_equal(said, "eth1 eth1:1 ");
	free(text);
	record_fini(&r);
}

static void
salvage_sees_past_nul_bytes(void **state)
{
	struct record r;
	char *text, said[100];
	size_t len;

	(void)state;
	save_usual(&r);
	text = read_text(r.path, &len);
	memset(strstr(text, "claim eth1:1"), 0, 5);
	assert_int_equal(salvage(said, sizeof(said), text, len), 1);
	assert_string_equal(said, "eth1 eth2 +eth3 -eth2 ");
	free(text);
	record_fini(&r);
}

static bool
mentions(const struct record *r, const char *text, const char *device)
{
	write_text(r->path, text, strlen(text));
	return record_mentions(r, device);
}

static void
mentions_tells_devices_from_their_like(void **state)
{
	static const char text[] = "ifpolicy-record 1\n"
	    "claim eth10:web inet -\nset table eth1\nend\nblocks 1\n";
	static const char about_to[] = "ifpolicy-record 1\n"
	    "next eth3 inet -\nend\nblocks 1\n";
	struct record r;

	(void)state;
	start(&r);
	assert_true(mentions(&r, text, "eth10"));
	assert_true(mentions(&r, text, NULL));
	assert_false(mentions(&r, text, "eth1"));
	assert_false(mentions(&r, text, "eth100"));
	assert_false(mentions(&r, text, "eth2"));
	/* Interrupted work is everybody's. */
	assert_true(mentions(&r, about_to, "eth2"));
	assert_true(mentions(&r, about_to, NULL));
	/* Damage too: somebody has to look. */
	assert_true(mentions(&r, "ifpolicy-rec", "eth2"));
	assert_true(mentions(&r, "", "eth2"));
	record_fini(&r);
}

static void
a_symbolic_link_is_no_record(void **state)
{
	struct record r;
	char said[100];
	struct fault f;

	(void)state;
	start(&r);
	(void)unlink(r.path);
	assert_int_equal(symlink("/etc/passwd", r.path), 0);
	assert_int_equal(read_back(said, sizeof(said), &f), -ELOOP);
	assert_true(record_mentions(&r, "eth1"));
	assert_int_equal(unlink(r.path), 0);
	record_fini(&r);
}

static void
an_endless_file_is_refused(void **state)
{
	struct record r;
	char said[100];
	struct fault f;

	(void)state;
	start(&r);
	write_text(r.path, "x", 1);
	assert_int_equal(truncate(r.path, RECORD_MAX + 1), 0);
	assert_int_equal(read_back(said, sizeof(said), &f), -EFBIG);
	assert_int_equal(unlink(r.path), 0);
	record_fini(&r);
}

static void
an_empty_record_is_no_file(void **state)
{
	struct record r;
	struct claim_key key;

	(void)state;
	start(&r);
	add(&r.claims, "eth1", AF_INET, NULL, RULE "\n");
	save(&r);
	assert_int_equal(access(r.path, F_OK), 0);
	key = r.claims.at[0].key;
	claims_remove(&r.claims, &key);
	save(&r);
	assert_int_equal(access(r.path, F_OK), -1);
	save(&r);
	record_fini(&r);
}

static void
a_write_that_fails_leaves_the_old_file(void **state)
{
	struct record r;
	char said[100];
	struct fault f;

	(void)state;
	save_usual(&r);
	add(&r.claims, "eth9", AF_INET, NULL, "");
	assert_int_equal(mount(NULL, "/run", "none", MS_REMOUNT | MS_RDONLY,
	    NULL), 0);
	assert_int_equal(record_write(&r, &f), -EROFS);
	assert_non_null(strstr(f.text, "cannot write /run/ifpolicy/net-"));
	assert_int_equal(mount(NULL, "/run", "none", MS_REMOUNT, "size=32k"), 0);
	/* No room for a second file of that size. */
	for (int i = 0; i < 200; i++) {
		char own[20];

		snprintf(own, sizeof(own), "10.1.%d.1", i);
		add(&r.claims, "eth9", AF_INET, own, ROUTE "\n" RULE "\n");
	}
	assert_int_equal(record_write(&r, &f), -ENOSPC);
	assert_int_equal(mount(NULL, "/run", "none", MS_REMOUNT, "size=50%"), 0);
	assert_int_equal(read_back(said, sizeof(said), &f), 0);
	assert_string_equal(said, USUAL);
	snprintf(said, sizeof(said), "%s.new", r.path);
	assert_int_equal(access(said, F_OK), -1);
	record_fini(&r);
}

static void
an_object_is_held_elsewhere_whether_parsed_or_not(void **state)
{
	static const struct {
		const char *line, *device;
		bool held;
	} cases[] = {
		{ RULE "\n", "eth2", true }, { RULE "\n", "eth1", false },
		{ RULE "\n", "", true }, { OTHER "\n", "eth2", false },
		{ ROUTE "\n", "eth2", true },
		/* Marked foreign in the record, and the like in the middle. */
		{ "rule add priority 7 from 10.0.1.10 lookup 101 protocol "
		    "173\n", "eth2", true },
		{ "rule add priority 7 from 10.0.1.10 lookup 10 protocol "
		    "173\n", "eth2", false },
		/* A file's, with and without its mark on either side. */
		{ "rule add priority 32765 from all lookup 9 protocol 173\n",
		    "eth2", true },
		{ "unplaced rule add priority 32765 from all lookup 9 "
		    "protocol 173\n", "eth2", true },
		{ "unplaced rule add priority 32764 from all lookup 9 "
		    "protocol 173\n", "eth2", false },
		{ "foreign unplaced " RULE "\n", "eth2", true },
		{ "sysctl ipv4/conf/eth1/arp_filter 1\n", "eth2", false },
	};
	struct record r, back;
	struct fault f;

	(void)state;
	start(&r);
	add(&r.claims, "eth1:1", AF_INET, NULL, RULE "\n" ROUTE "\n"
	    "foreign rule add priority 7 from 10.0.1.10 lookup 101 protocol "
	    "173\nunplaced rule add priority 32765 from all lookup 9 "
	    "protocol 173\n");
	add(&r.claims, "eth3", AF_INET, NULL, "");
	save(&r);
	start(&back);
	assert_int_equal(record_read(&back, &f), 0);
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct object o = object_of(AF_INET, cases[i].line);

		if (record_held_elsewhere(&r, &o, cases[i].device) !=
		    cases[i].held)
			fail_msg("parsed, case %zu", i);
		if (record_held_elsewhere(&back, &o, cases[i].device) !=
		    cases[i].held)
			fail_msg("as text, case %zu", i);
	}
	record_fini(&r);
	record_fini(&back);
}

/* No address tells the family of such a line. */
static void
a_rule_for_all_is_held_in_its_own_family_only(void **state)
{
	static const char line[] = "rule add priority 12030 from all "
	    "lookup 102 protocol 173\n";
	struct record r, back;
	struct object o;
	struct fault f;

	(void)state;
	start(&r);
	add(&r.claims, "eth3", AF_INET6, NULL, line);
	save(&r);
	start(&back);
	assert_int_equal(record_read(&back, &f), 0);
	o = object_of(AF_INET, line);
	assert_false(record_held_elsewhere(&r, &o, "eth1"));
	assert_false(record_held_elsewhere(&back, &o, "eth1"));
	o = object_of(AF_INET6, line);
	assert_true(record_held_elsewhere(&r, &o, "eth1"));
	assert_true(record_held_elsewhere(&back, &o, "eth1"));
	record_fini(&r);
	record_fini(&back);
}

static void
a_second_run_waits_for_the_lock(void **state)
{
	struct timespec pause = { .tv_nsec = 60000000 }, from, to;
	struct record r;
	struct fault f;
	int ready[2], status;
	char byte;
	pid_t pid;

	(void)state;
	start(&r);
	assert_int_equal(pipe(ready), 0);
	pid = fork();
	if (pid == 0) {
		int err = record_lock(&r, &f);

		if (write(ready[1], "x", 1) != 1)
			_exit(2);
		nanosleep(&pause, NULL);
		_exit(err != 0);
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	clock_gettime(CLOCK_MONOTONIC, &from);
	assert_int_equal(record_lock(&r, &f), 0);
	clock_gettime(CLOCK_MONOTONIC, &to);
	assert_true((to.tv_sec - from.tv_sec) * 1000 +
	    (to.tv_nsec - from.tv_nsec) / 1000000 >= 30);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	/* It is gone with its holder, and can be had again. */
	record_unlock(&r);
	assert_int_equal(r.lock, -1);
	assert_int_equal(record_lock(&r, &f), 0);
	record_fini(&r);
	assert_int_equal(r.lock, -1);
	close(ready[0]);
	close(ready[1]);
}

static void
remount(bool writable)
{
	assert_int_equal(mount(NULL, "/run", "none", MS_REMOUNT |
	    (writable ? 0 : MS_RDONLY), NULL), 0);
}

static void
what_cannot_be_locked_or_removed_is_told(void **state)
{
	struct record r;
	struct fault f;

	(void)state;
	start(&r);
	add(&r.claims, "eth1", AF_INET, NULL, RULE "\n");
	save(&r);
	claims_fini(&r.claims);
	remount(false);
	assert_int_equal(record_write(&r, &f), -EROFS);
	assert_non_null(strstr(f.text, "cannot remove /run/ifpolicy/net-"));
	remount(true);
	save(&r);
	unlink("/run/ifpolicy/lock");
	remount(false);
	assert_int_equal(record_lock(&r, &f), -EROFS);
	assert_non_null(strstr(f.text, "cannot open /run/ifpolicy/lock"));
	assert_int_equal(r.lock, -1);
	remount(true);
	assert_int_equal(rename("/run/ifpolicy", "/run/other"), 0);
	remount(false);
	assert_int_equal(record_lock(&r, &f), -EROFS);
	assert_non_null(strstr(f.text, "cannot make /run/ifpolicy"));
	assert_int_equal(record_lock_watch(&r, &f), -EROFS);
	remount(true);
	assert_int_equal(rename("/run/other", "/run/ifpolicy"), 0);
	record_fini(&r);
}

static void
patience_with_another_run_ends(void **state)
{
	struct record r, other;
	struct fault f;

	(void)state;
	start(&r);
	start(&other);
	assert_int_equal(record_lock(&other, &f), 0);
	r.patience = 1;
	assert_int_equal(record_lock(&r, &f), -ETIMEDOUT);
	assert_true(r.busy);
	assert_int_equal(r.lock, -1);
	assert_non_null(strstr(f.text, "fuser"));
	record_fini(&other);
	assert_int_equal(record_lock(&r, &f), 0);
	assert_false(r.busy);
	record_fini(&r);
}

static void
one_process_watches_at_a_time(void **state)
{
	struct record r;
	struct fault f;
	char pid[24];
	int fd;

	(void)state;
	start(&r);
	fd = record_lock_watch(&r, &f);
	assert_true(fd >= 0);
	assert_int_equal(record_lock_watch(&r, &f), -EBUSY);
	snprintf(pid, sizeof(pid), "process %d ", (int)getpid());
	assert_non_null(strstr(f.text, pid));
	close(fd);
	fd = record_lock_watch(&r, &f);
	assert_true(fd >= 0);
	close(fd);
	record_fini(&r);
}

static void
claims_are_found_by_their_whole_key(void **state)
{
	struct claims c = { 0 };
	struct claim k;

	(void)state;
	add(&c, "eth1", AF_INET, NULL, RULE "\n");
	add(&c, "eth1", AF_INET6, NULL, "");
	add(&c, "eth1", AF_INET, "10.0.1.10", "");
	add(&c, "eth1:1", AF_INET, NULL, "");
	assert_int_equal(c.count, 4);
	k = claim_of("eth1", AF_INET, NULL);
	assert_ptr_equal(claims_find(&c, &k.key), &c.at[0]);
	k = claim_of("eth1", AF_INET, "10.0.1.11");
	assert_null(claims_find(&c, &k.key));
	/* The same key again takes the former one's place. */
	add(&c, "eth1", AF_INET, NULL, "");
	assert_int_equal(c.count, 4);
	assert_int_equal(c.at[0].objects.count, 0);
	k = claim_of("eth1", AF_INET6, NULL);
	claims_remove(&c, &k.key);
	claims_remove(&c, &k.key);
	assert_int_equal(c.count, 3);
	assert_true(addr_given(&c.at[1].key.own));
	assert_string_equal(c.at[2].key.label, "eth1:1");
	claims_fini(&c);
	assert_null(c.at);
}

/* One label's options and files, of one family, side by side. */
static void
files_have_a_claim_of_their_own(void **state)
{
	static const char text[] = "ifpolicy-record 1\n"
	    "claim eth1 inet -\nspelling POLICY_\nend\n"
	    "claim eth1 inet files\nspelling POLICY_\n"
	    "set rule [rule-eth1:1] from all\nend\n"
	    "drop eth1 inet files\nblocks 3\n";
	struct record r, back;
	struct claim_key key;
	struct fault f;

	(void)state;
	start(&r);
	write_text(r.path, text, strlen(text));
	assert_int_equal(record_read(&r, &f), 0);
	assert_int_equal(r.claims.count, 2);
	assert_int_equal(r.next.count, 1);
	key = r.next.at[0].key;
	assert_true(key.files && r.next.at[0].dropped);
	assert_ptr_equal(claims_find(&r.claims, &key), &r.claims.at[1]);
	key.files = false;
	assert_ptr_equal(claims_find(&r.claims, &key), &r.claims.at[0]);
	assert_int_equal(parse_all(&r, &f), 0);
	assert_string_equal(r.claims.at[1].settings.at[0].where,
	    "rule-eth1:1");
	save(&r);
	start(&back);
	assert_int_equal(record_read(&back, &f), 0);
	assert_true(claim_key_same(&back.claims.at[1].key,
	    &r.claims.at[1].key));
	assert_true(back.next.at[0].key.files);
	record_fini(&r);
	record_fini(&back);
}

/* record_lock() makes the directory; nothing of the host is touched. */
static int
setup(void **state)
{
	struct record r;
	struct fault f;

	(void)state;
	if (private_dir("/run") || record_init(&r, -1, &f))
		return -1;
	if (record_lock(&r, &f)) {
		print_error("# %s\n", f.text);
		return -1;
	}
	record_fini(&r);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gaps_are_kept_as_long_as_there_are_claims),
		cmocka_unit_test(a_missing_file_is_an_empty_record),
		cmocka_unit_test(what_was_written_is_read),
		cmocka_unit_test(a_file_cut_anywhere_is_refused),
		cmocka_unit_test(a_file_that_lost_its_middle_is_refused),
		cmocka_unit_test(a_nul_byte_anywhere_is_refused),
		cmocka_unit_test(garbage_is_refused_and_never_shown_raw),
		cmocka_unit_test(any_changed_byte_is_survived),
		cmocka_unit_test(salvage_keeps_the_good_claims),
		cmocka_unit_test(salvage_sees_past_nul_bytes),
		cmocka_unit_test(mentions_tells_devices_from_their_like),
		cmocka_unit_test(a_symbolic_link_is_no_record),
		cmocka_unit_test(an_endless_file_is_refused),
		cmocka_unit_test(an_empty_record_is_no_file),
		cmocka_unit_test(a_write_that_fails_leaves_the_old_file),
		cmocka_unit_test(
		    an_object_is_held_elsewhere_whether_parsed_or_not),
		cmocka_unit_test(
		    a_rule_for_all_is_held_in_its_own_family_only),
		cmocka_unit_test(a_second_run_waits_for_the_lock),
		cmocka_unit_test(what_cannot_be_locked_or_removed_is_told),
		cmocka_unit_test(patience_with_another_run_ends),
		cmocka_unit_test(one_process_watches_at_a_time),
		cmocka_unit_test(claims_are_found_by_their_whole_key),
		cmocka_unit_test(files_have_a_claim_of_their_own),
	};

	return cmocka_run_group_tests_name("record", tests, setup, NULL);
}
