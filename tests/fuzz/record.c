/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: fuzz: a record; what can be read is written the same, what cannot is an error. */
#include "block.h"
#include "machine-of.h"
#include "record.h"

#define PATH	"/run/ifpolicy/net-1"
#define HEADING	"ifpolicy-record 1\n"

static bool
parse_all(struct claims *c)
{
	struct fault f;

	for (size_t i = 0; i < c->count; i++)
		if (block_parse(&c->at[i], NULL, &f))
			return false;
	return true;
}

static void
open_record(struct record *r)
{
	memset(r, 0, sizeof(*r));
	r->lock = -1;
	snprintf(r->path, sizeof(r->path), PATH);
}

/* Written and read again it says the same; twice it is the same text. */
static void
go_round(struct record *r)
{
	struct record back;
	struct fault f;
	char *once;

	MUST(record_write(r, &f) == 0);
	if (r->claims.count + r->next.count == 0) {
		MUST(!disk_find(&machine, PATH));
		return;
	}
	once = strdup(disk_find(&machine, PATH)->text);
	MUST(once);
	open_record(&back);
	MUST(record_read(&back, &f) == 0);
	MUST(back.claims.count == r->claims.count &&
	    back.next.count == r->next.count);
	MUST(parse_all(&back.claims) && parse_all(&back.next));
	for (size_t i = 0; i < r->claims.count; i++)
		MUST(back.claims.at[i].objects.count ==
		    r->claims.at[i].objects.count);
	MUST(record_write(&back, &f) == 0);
	MUST(!strcmp(once, disk_find(&machine, PATH)->text));
	record_fini(&back);
	free(once);
}

static void
repair(void)
{
	char *argv[] = { "ifpolicy", "repair", NULL };
	char *none[] = { NULL };

	(void)machine_run(command_main, 2, argv, none);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size);
	struct fault f = { "" };
	struct record r;
	int err;

	machine_of_two();
	disk_put(&machine, PATH, text);
	open_record(&r);
	err = record_read(&r, &f);
	MUST(err ? f.text[0] != '\0' : !strncmp(text, HEADING,
	    strlen(HEADING)));
	MUST(disk_find(&machine, PATH));
	if (!err && parse_all(&r.claims) && parse_all(&r.next))
		go_round(&r);
	record_fini(&r);
	/* Whatever it says: no crash, and afterwards it can be read. */
	machine.record_lost = true;
	disk_put(&machine, PATH, text);
	repair();
	open_record(&r);
	MUST(record_read(&r, &f) == 0);
	record_fini(&r);
	machine_off(&machine);
	free(text);
	return 0;
}
