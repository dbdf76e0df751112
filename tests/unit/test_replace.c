/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: unit tests of replace.h: all of a file or nothing. */
#include <sys/stat.h>

#include <errno.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "file.h"
#include "replace.h"

static char dir[] = "/tmp/replace-XXXXXX";

static const char *
path_of(const char *name)
{
	static char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static void
write_file(const char *name, const char *text)
{
	FILE *f = fopen(path_of(name), "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static void
assert_file(const char *name, const char *text)
{
	char *now;

	assert_int_equal(file_read(&now, path_of(name), 100), 0);
	assert_string_equal(now, text);
	free(now);
}

static int
replace(const struct stat *was, const char *old_text, const char *new_text,
    char *kept)
{
	struct fault f = { "" };
	int err = replace_file(path_of("file"), was, old_text, new_text,
	    ".old", kept, &f);

	assert_int_equal(err != 0, f.text[0] != '\0');
	return err;
}

static void
the_former_file_is_kept(void **unused)
{
	char kept[PATH_MAX];
	struct stat was;

	(void)unused;
	write_file("file", "one\n");
	assert_int_equal(chmod(path_of("file"), 0604), 0);
	assert_int_equal(stat(path_of("file"), &was), 0);
	assert_int_equal(replace(&was, "one\n", "two\n", kept), 0);
	assert_file("file", "two\n");
	assert_file(".file.old", "one\n");
	assert_string_equal(kept, path_of(".file.old"));
	assert_int_equal(stat(path_of("file"), &was), 0);
	assert_int_equal(was.st_mode & 07777, 0604);
	assert_int_equal(replace(&was, "two\n", "three\n", kept), 0);
	assert_file(".file.old", "one\n");
	assert_file(".file.old.2", "two\n");
}

static void
a_file_that_has_changed_is_left_alone(void **unused)
{
	char kept[PATH_MAX];
	struct stat was, other;

	(void)unused;
	write_file("file", "three\n");
	assert_int_equal(stat(path_of("file"), &was), 0);
	/* Other bytes, though time and size may be the same. */
	assert_int_equal(replace(&was, "THREE\n", "four\n", kept), -EBUSY);
	/* Another file of that name. */
	other = was;
	other.st_ino++;
	assert_int_equal(replace(&other, "three\n", "four\n", kept), -EBUSY);
	other = was;
	other.st_mtim.tv_nsec ^= 1;
	assert_int_equal(replace(&other, "three\n", "four\n", kept), -EBUSY);
	assert_file("file", "three\n");
	assert_int_equal(access(path_of(".file.old.3"), F_OK), -1);
	assert_int_equal(replace(&was, "three\n", "four\n", kept), 0);
	assert_file("file", "four\n");
}

static int
setup(void **unused)
{
	(void)unused;
	return mkdtemp(dir) ? 0 : -1;
}

/* Nothing else may be there. */
static int
teardown(void **unused)
{
	(void)unused;
	unlink(path_of("file"));
	unlink(path_of(".file.old"));
	unlink(path_of(".file.old.2"));
	unlink(path_of(".file.old.3"));
	return rmdir(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_former_file_is_kept),
		cmocka_unit_test(a_file_that_has_changed_is_left_alone),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
