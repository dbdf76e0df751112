/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: time commands in turn, many rounds, and print the median of each.
 *
 * usage: clock ROUNDS < SPEC.  A line of SPEC is "NAME|[VAR=VALUE]... PROGRAM
 * [ARG]...", words split at blanks, run in the order of the file in every round,
 * so that all see the same machine; a line with "-" as its name is run but not
 * timed (it puts things back).  A command that fails ends the run.  Output:
 * "NAME|MEDIAN|P10|P90|KIB": microseconds, and the resident memory at its
 * peak (no less than this small program's own, which it starts as). */
#include <sys/resource.h>
#include <sys/wait.h>

#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LINES_MAX	64
#define WORDS_MAX	64

struct line {
	char *name;
	char *env[WORDS_MAX];
	char *argv[WORDS_MAX];
	double *took;
	long kib;
};

static int
split(struct line *l, char *text)
{
	static char path[] = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";
	size_t env = 0, arg = 0;
	char *word, *save = NULL;

	text[strcspn(text, "\n")] = '\0';
	l->name = strdup(strtok_r(text, "|", &save));
	l->env[env++] = path;
	while ((word = strtok_r(NULL, " |", &save))) {
		if (env + 2 > WORDS_MAX || arg + 2 > WORDS_MAX)
			return -1;
		if (arg == 0 && strchr(word, '='))
			l->env[env++] = strdup(word);
		else
			l->argv[arg++] = strdup(word);
	}
	return arg ? 0 : -1;
}

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int
run(struct line *l, double *took)
{
	double start = now();
	struct rusage usage;
	int status;
	pid_t pid;

	if (posix_spawnp(&pid, l->argv[0], NULL, NULL, l->argv, l->env) ||
	    wait4(pid, &status, 0, &usage) != pid)
		return -1;
	*took = now() - start;
	l->kib = usage.ru_maxrss;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	fprintf(stderr, "clock: \"%s\" failed (status %d)\n", l->name, status);
	return -1;
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

int
main(int argc, char **argv)
{
	static struct line lines[LINES_MAX];
	size_t count = 0, rounds = argc > 1 ? (size_t)atoi(argv[1]) : 100;
	char text[4096];

	while (count < LINES_MAX && fgets(text, sizeof(text), stdin)) {
		if (text[0] == '\n' || text[0] == '#')
			continue;
		if (split(&lines[count], text))
			return 2;
		lines[count].took = calloc(rounds + 1, sizeof(double));
		if (!lines[count++].took)
			return 2;
	}
	for (size_t r = 0; r < rounds; r++)
		for (size_t i = 0; i < count; i++)
			if (run(&lines[i], &lines[i].took[r]))
				return 1;
	for (size_t i = 0; i < count; i++) {
		double *t = lines[i].took;

		if (!strcmp(lines[i].name, "-"))
			continue;
		qsort(t, rounds, sizeof(*t), compare);
		printf("%s|%.0f|%.0f|%.0f|%ld\n", lines[i].name,
		    t[rounds / 2], t[rounds / 10], t[rounds * 9 / 10],
		    lines[i].kib);
	}
	return 0;
}
