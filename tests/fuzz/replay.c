/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: a corpus as a plain test: each file through the target, in TAP. */
#include <dirent.h>

#include "fuzz.h"

#define INPUT_MAX	(1 << 20)

static void
run_file(const char *path)
{
	static uint8_t data[INPUT_MAX];
	FILE *in = fopen(path, "r");
	uint8_t *exact;
	size_t size;

	MUST(in);
	size = fread(data, 1, sizeof(data), in);
	fclose(in);
	/* A buffer of just that size, so that a byte too far is seen. */
	exact = malloc(size ? size : 1);
	MUST(exact);
	memcpy(exact, data, size);
	(void)LLVMFuzzerTestOneInput(exact, size);
	free(exact);
}

/* tests/fuzz/corpus/TARGET, or the files that are named. */
int
main(int argc, char **argv)
{
	char dir[256], path[512];
	struct dirent *entry;
	unsigned count = 0;
	DIR *d;

	for (int i = 1; i < argc; i++)
		run_file(argv[i]);
	if (argc > 1)
		return 0;
	snprintf(dir, sizeof(dir), "tests/fuzz/corpus/%s",
	    strrchr(argv[0], '-') + 1);
	d = opendir(dir);
	MUST(d);
	while ((entry = readdir(d))) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", dir, entry->d_name);
		printf("# %s\n", path);
		fflush(stdout);
		run_file(path);
		count++;
	}
	closedir(d);
	MUST(count);
	printf("ok 1 - %u inputs of %s\n1..1\n", count, dir);
	return 0;
}
