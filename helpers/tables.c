/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: the number of the table that a request names. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "block.h"
#include "facts.h"
#include "tables.h"

/* The number that a claim has for this name; 0 if none has. */
static uint32_t
remembered(const struct record *r, const char *name)
{
	char line[TABLE_NAME_MAX + 4];
	const char *at;
	uint32_t number;
	size_t n;

	n = (size_t)snprintf(line, sizeof(line), " %s\n", name);
	for (at = r->text; at && (at = strstr(at, "\ntable ")); at++) {
		const char *end = strchr(at + 1, '\n');

		if (end && (size_t)(end + 1 - at) > n &&
		    !memcmp(end + 1 - n, line, n) &&
		    sscanf(at, "\ntable %u", &number) == 1)
			return number;
	}
	return 0;
}

/* The number for a name that no file knows: a claim's, or a free one. */
static int
find_number(struct session *ss, const char *name, uint32_t *number,
    struct fault *f)
{
	int err;

	*number = remembered(&ss->record, name);
	if (*number == 0) {
		err = facts_free_table(number, &ss->nl, &ss->names, f);
		if (err)
			return err;
		if (ss->dry)
			text_fmt(&ss->out, "# table %s gets number %u\n",
			    name, *number);
	}
	err = names_learn_table(&ss->names, name, *number);
	if (err)
		fault_set(f, "out of memory");
	return err;
}

int
tables_resolve(struct session *ss, struct request *r, struct claim *c,
    struct fault *f)
{
	int err = 0;

	c->table = 0;
	c->table_name[0] = '\0';
	if (!r->has_table)
		return 0;
	if (r->table_name[0] && !names_table(&r->table, &ss->names,
	    r->table_name))
		err = find_number(ss, r->table_name, &r->table, f);
	if (!err && (r->table == 0 || (r->table >= 253 && r->table <= 255))) {
		fault_set(f, "table %s is number %u, the kernel's own",
		    r->table_name, r->table);
		err = -EPERM;
	}
	c->table = r->table;
	memcpy(c->table_name, r->table_name, sizeof(c->table_name));
	return err;
}

int
tables_learn(struct session *ss, struct claim *c, struct fault *f)
{
	uint32_t known;
	int err = block_parse(c, &ss->names, f);

	if (err || !c->table_name[0] ||
	    names_table(&known, &ss->names, c->table_name))
		return err;
	err = names_learn_table(&ss->names, c->table_name, c->table);
	if (err)
		fault_set(f, "out of memory");
	return err;
}

void
tables_publish(struct session *ss)
{
	int err = names_save_tables(&ss->names);

	if (err && ss->say.verbose)
		say_note(&ss->say, "the numbers of new tables could not be "
		    "written to /etc/iproute2 (%s): only the record has them",
		    strerror(-err));
}
