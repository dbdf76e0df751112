/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: what happens to the machine, one step after another. */
#ifndef IFPOLICY_MODEL_STEPS_H
#define IFPOLICY_MODEL_STEPS_H

#include "machine.h"

#define LABELS		5
#define OPTIONS		10
#define STEPS		64

enum step_kind {
	STEP_IFUP,		/* address and link, then the hook */
	STEP_UP,		/* the hook alone: an edit, or once more */
	STEP_IFDOWN,		/* the hook, then address, maybe link */
	STEP_DOWN,
	STEP_COMMAND_UP,
	STEP_COMMAND_DOWN,
	STEP_REFRESH,
	STEP_REPAIR,
	STEP_TIDY,
	STEP_FILES,		/* edit a label's route- and rule- files */
	STEP_SCRIPTS_UP,	/* `ip` for each line, then the hook */
	STEP_SCRIPTS_DOWN,
	STEP_LINK,
	STEP_CARRIER,
	STEP_DEVICE,
	STEP_ADDRESS,		/* of a label: comes, goes */
	STEP_DAD,		/* an address of IPv6 is tentative, or not */
	STEP_LEASE,		/* somebody's default in main */
	STEP_OTHERS,		/* others' rule or route: comes, goes */
	STEP_LOSS,		/* one of ours is deleted */
	STEP_FLUSH,
	STEP_KNOB,
	STEP_RECORD_LOST,
	STEP_KINDS
};

/* All dice are rolled when it is made, so that it means the same without the
 * steps before it, as far as it can. */
struct step {
	uint8_t kind;
	uint8_t who;		/* label, or device */
	uint8_t v6;
	uint8_t what;		/* of a palette, or how many */
	uint8_t fault;		/* what goes wrong in the program's run */
	uint16_t fault_in;	/* at the how-manieth; 0: nothing does */
	bool again;		/* at once once more: nothing may happen */
	bool flag;
	uint8_t options;
	struct {
		uint8_t key, value;
	} option[OPTIONS];
};

struct dice {
	uint32_t state;
};

uint32_t roll(struct dice *d, uint32_t sides);
/* What a life is made of.  In a plain one each device has one label, one router
 * and a table of its own, and no rule but those that options make. */
enum life { LIFE_PLAIN, LIFE_WILD, LIFE_SCRIPTS };

void step_make(struct step *s, struct dice *d, enum life life);
/* One option, or one of the lines, less. */
bool step_simplify(struct step *to, const struct step *from, unsigned at);

/* Carries the steps out on a new machine.  The number of the step that broke
 * something, `count` for the end, -1: none did. */
int steps_play(struct machine *m, const struct step *s, size_t count);

/* What a person would type. */
void step_tell(struct machine *m, const struct step *s);

/* ---- palette.c ---------------------------------------------------------- */

struct label {
	const char *name;
	int device;
	const char *own[2];	/* addresses, by family */
	const char *gateway[2], *other[2];
};

extern const struct label labels[LABELS];

/* The values of a key that the model knows; 0: none. */
unsigned option_values(int key, bool v6);
/* "gateway" and "10.0.1.1". */
void option_text(char *key, char *value, const struct step *s, size_t at);
#define OPTION_TEXT	200

unsigned lines_count(void);
/* A line of a file; rule tells which file. */
void line_text(char *text, const struct step *s, unsigned number, bool *rule);

/* A rule or route of others; rule tells which. */
unsigned others_count(bool v6);
/* The first of them are routes of main through the one router. */
unsigned others_plain(bool v6);
const char *others_text(unsigned number, bool v6, bool *rule);

/* ---- programs.c --------------------------------------------------------- */

/* Runs one of the programs.  Its exit status; -1: it was killed. */
int run_hook(struct machine *m, const struct step *s, bool up);
int run_tidy(struct machine *m, const struct step *s);
int run_scripts(struct machine *m, const struct step *s, const char *as);
int run_command(struct machine *m, const struct step *s, int argc,
    const char **argv);
int run_command_up(struct machine *m, const struct step *s);

/* ---- promise.c ---------------------------------------------------------- */

/* After a hook that succeeded: does all stand that was asked for? */
void promise_check(struct machine *m, const struct step *s);

/* ---- mutants.c ---------------------------------------------------------- */

/* What a mutant does wrong; NULL: there is none of this number. */
const char *mutant_name(int mutant);

#endif
