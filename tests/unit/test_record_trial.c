/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: unit tests of what is on trial in the record, on a /run of their own. */
#include <sys/stat.h>

#include <fcntl.h>
#include <unistd.h>

#include "build.h"
#include "record.h"

#define RULE	"rule add priority 12030 from 10.0.1.10 lookup 101 protocol 173"
#define ORDER	"order inet " RULE "\n"

static void
start(struct record *r)
{
	struct fault f;

	if (record_init(r, -1, &f))
		fail_msg("%s", f.text);
}

static void
save(struct record *r)
{
	struct fault f;

	if (record_write(r, &f))
		fail_msg("%s", f.text);
}

static void
add(struct claims *to, const char *label, int family, const char *error)
{
	struct claim c = claim_of(label, family, NULL);

	objects_of(&c.objects, family, family == AF_INET ? RULE "\n" : "");
	set(&c, "table", "101");
	assert_true(claim_set_error(&c, error));
	c.parsed = true;
	assert_true(claims_put(to, &c));
}

static char *
text_of(const char *path, size_t *len)
{
	static char text[8192];
	int fd = open(path, O_RDONLY);
	ssize_t n = read(fd, text, sizeof(text) - 1);

	assert_true(n > 0);
	close(fd);
	text[n] = '\0';
	*len = (size_t)n;
	return text;
}

/* eth1 has one claim that had failed and gets another, for both families. */
static void
begin(struct record *r, uint64_t until)
{
	struct trial t = { .device = "eth1", .until = until, .id = 77 };
	struct claim claims[2] = {
		claim_of("eth1", AF_INET, NULL),
		claim_of("eth1", AF_INET6, NULL),
	};

	start(r);
	add(&r->claims, "eth0", AF_INET, NULL);
	add(&r->claims, "eth1", AF_INET, "it had failed");
	assert_true(record_begin_trial(r, &t, claims, 2));
	text_str(&r->order, ORDER);
	claims_remove(&r->claims, &claims[0].key);
	add(&r->claims, "eth1", AF_INET, NULL);
	add(&r->claims, "eth1", AF_INET6, NULL);
	save(r);
}

static void
what_is_on_trial_is_read_back(void **state)
{
	struct record r, back;
	struct trial t;
	struct fault f;

	(void)state;
	begin(&r, record_clock() + 5000);
	assert_int_equal(record_peek_trial(&r, &t), 0);
	assert_string_equal(t.device, "eth1");
	assert_int_equal(t.id, 77);
	assert_false(t.kept || t.again);
	start(&back);
	assert_int_equal(record_read(&back, &f), 0);
	assert_true(record_tries(&back, "eth1"));
	assert_false(record_tries(&back, "eth0"));
	assert_int_equal(record_trial_left(&back.trial), 5);
	assert_int_equal(back.claims.count, 3);
	assert_int_equal(back.former.count, 2);
	assert_int_equal(block_parse(&back.former.at[0], NULL, &f), 0);
	assert_string_equal(back.former.at[0].error, "it had failed");
	assert_int_equal(back.former.at[0].objects.count, 1);
	assert_true(back.former.at[1].dropped);
	assert_string_equal(back.order.at, ORDER);
	/* Written again it says the same. */
	back.trial.kept = back.trial.again = true;
	save(&back);
	record_fini(&back);
	assert_int_equal(record_peek_trial(&r, &t), 0);
	assert_true(t.kept && t.again);
	start(&back);
	assert_int_equal(record_read(&back, &f), 0);
	assert_true(back.trial.kept && back.trial.again);
	record_end_trial(&back);
	save(&back);
	record_fini(&back);
	assert_int_equal(record_peek_trial(&r, &t), 0);
	assert_string_equal(t.device, "");
	record_fini(&r);
}

static void
its_time_ends(void **state)
{
	struct trial t = { .until = record_clock() };

	(void)state;
	assert_int_equal(record_trial_left(&t), 0);
	t.until = 1;
	assert_int_equal(record_trial_left(&t), 0);
	t.until = record_clock() + 1001;
	assert_in_range(record_trial_left(&t), 1, 2);
}

/* A hook of any device has to look: the time may be over. */
static void
every_device_is_mentioned(void **state)
{
	struct record r;

	(void)state;
	begin(&r, 1);
	assert_true(record_mentions(&r, "eth1"));
	assert_true(record_mentions(&r, "eth7"));
	record_end_trial(&r);
	save(&r);
	assert_false(record_mentions(&r, "eth7"));
	record_fini(&r);
}

static void
a_file_cut_anywhere_is_refused(void **state)
{
	struct record r, back;
	struct fault f;
	size_t len;
	char *text;

	(void)state;
	begin(&r, 1);
	text = text_of(r.path, &len);
	for (size_t n = 0; n + 1 < len; n++) {
		write_text(r.path, text, n);
		start(&back);
		assert_int_equal(record_read(&back, &f), -EBADMSG);
		record_fini(&back);
	}
	record_fini(&r);
}

static void
any_changed_byte_is_survived(void **state)
{
	struct record r, back;
	struct fault f;
	size_t len, lost;
	char *text, was;

	(void)state;
	begin(&r, 1);
	text = text_of(r.path, &len);
	for (size_t i = 0; i < 6 * len; i++) {
		was = text[i % len];
		text[i % len] = "\n 9x\377-"[i / len];
		write_text(r.path, text, len);
		start(&back);
		(void)record_read(&back, &f);
		record_fini(&back);
		start(&back);
		assert_int_equal(record_salvage(&back, &lost, &f), 0);
		/* One without the other could never be ended. */
		assert_int_equal(back.trial.device[0] != 0,
		    back.former.count != 0);
		record_fini(&back);
		text[i % len] = was;
	}
	record_fini(&r);
}

static void
what_was_saved_without_its_line_is_due_at_once(void **state)
{
	static const char text[] = "ifpolicy-record 1\n"
	    "try eth1 until soon id 77\n"
	    "claim eth1 inet -\nend\nwas eth1 inet -\nend\nblocks 2\n";
	static const char nothing[] = "ifpolicy-record 1\n"
	    "try eth1 until 5 id 77\nclaim eth1 inet -\nend\nblocks 1\n";
	struct record r;
	struct fault f;
	size_t lost;

	(void)state;
	start(&r);
	write_text(r.path, text, strlen(text));
	assert_int_equal(record_read(&r, &f), -EBADMSG);
	record_fini(&r);
	start(&r);
	assert_int_equal(record_salvage(&r, &lost, &f), 0);
	assert_true(record_tries(&r, "eth1"));
	assert_int_equal(record_trial_left(&r.trial), 0);
	record_fini(&r);
	start(&r);
	write_text(r.path, nothing, strlen(nothing));
	assert_int_equal(record_read(&r, &f), -EBADMSG);
	record_fini(&r);
	start(&r);
	assert_int_equal(record_salvage(&r, &lost, &f), 0);
	assert_false(record_tries(&r, "eth1"));
	assert_int_equal(r.claims.count, 1);
	record_fini(&r);
}

static int
setup(void **state)
{
	(void)state;
	return private_dir("/run") || mkdir(RECORD_DIR, 0755) ? -1 : 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_on_trial_is_read_back),
		cmocka_unit_test(its_time_ends),
		cmocka_unit_test(every_device_is_mentioned),
		cmocka_unit_test(a_file_cut_anywhere_is_refused),
		cmocka_unit_test(any_changed_byte_is_survived),
		cmocka_unit_test(
		    what_was_saved_without_its_line_is_due_at_once),
	};

	return cmocka_run_group_tests_name("record-trial", tests, setup, NULL);
}
