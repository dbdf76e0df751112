/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: steps made of dice, and made simpler. */
#include "keys.h"
#include "steps.h"

uint32_t
roll(struct dice *d, uint32_t sides)
{
	d->state ^= d->state << 13;
	d->state ^= d->state >> 17;
	d->state ^= d->state << 5;
	return d->state % sides;
}

static bool
has_option(const struct step *s, int key)
{
	for (size_t i = 0; i < s->options; i++)
		if (s->option[i].key == key && !keys[key].repeats)
			return true;
	return false;
}

static void
add_option(struct step *s, struct dice *d, int key, enum life life)
{
	unsigned n = option_values(key, s->v6);
	uint8_t value = (uint8_t)roll(d, n ? n : 1);

	if (n == 0 || s->options == OPTIONS || has_option(s, key))
		return;
	if (life == LIFE_PLAIN && (key == KEY_TABLE || key == KEY_GATEWAY))
		value = 0;
	if (life == LIFE_PLAIN && (key == KEY_RULE || key == KEY_ROUTE))
		return;
	s->option[s->options].key = (uint8_t)key;
	s->option[s->options++].value = value;
}

/* Mostly a table and a metric, and some more. */
static void
add_options(struct step *s, struct dice *d, enum life life)
{
	if (roll(d, 8))
		add_option(s, d, KEY_TABLE, life);
	if (roll(d, 2))
		add_option(s, d, KEY_GATEWAY, life);
	if (roll(d, 2))
		add_option(s, d, KEY_METRIC, life);
	for (unsigned n = roll(d, 6); n > 0; n--)
		add_option(s, d, (int)roll(d, KEY_COUNT), life);
}

/* How often out of 64, for ifupdown's lives and for those of scripts. */
static const uint8_t often[2][STEP_KINDS] = {
	{
		[STEP_IFUP] = 12, [STEP_UP] = 12, [STEP_IFDOWN] = 5,
		[STEP_DOWN] = 3, [STEP_COMMAND_UP] = 2,
		[STEP_COMMAND_DOWN] = 1, [STEP_REFRESH] = 6,
		[STEP_REPAIR] = 1, [STEP_TIDY] = 1, [STEP_LINK] = 3,
		[STEP_CARRIER] = 3, [STEP_DEVICE] = 1, [STEP_ADDRESS] = 2,
		[STEP_DAD] = 1, [STEP_LEASE] = 3, [STEP_OTHERS] = 4,
		[STEP_LOSS] = 2, [STEP_FLUSH] = 1, [STEP_KNOB] = 1,
	}, {
		[STEP_IFUP] = 4, [STEP_COMMAND_UP] = 4, [STEP_REFRESH] = 4,
		[STEP_FILES] = 10, [STEP_SCRIPTS_UP] = 16,
		[STEP_SCRIPTS_DOWN] = 8, [STEP_LINK] = 3, [STEP_ADDRESS] = 3,
		[STEP_LEASE] = 2, [STEP_OTHERS] = 5, [STEP_LOSS] = 2,
		[STEP_FLUSH] = 1, [STEP_REPAIR] = 1, [STEP_DEVICE] = 1,
	},
};

static uint8_t
some_kind(struct dice *d, enum life life)
{
	uint32_t at = roll(d, 64);
	uint8_t kind = 0;

	if (roll(d, 400) == 0)
		return STEP_RECORD_LOST;
	while (at >= often[life == LIFE_SCRIPTS][kind])
		at -= often[life == LIFE_SCRIPTS][kind++];
	return kind;
}

static bool
runs_up(const struct step *s)
{
	return s->kind == STEP_IFUP || s->kind == STEP_UP ||
	    s->kind == STEP_COMMAND_UP;
}

static void
make_fault(struct step *s, struct dice *d)
{
	static const uint16_t most[FAULTS] = {
		[FAULT_KILL] = 6, [FAULT_MEMORY] = 400, [FAULT_DISK] = 8,
		[FAULT_ANSWERS] = 3, [FAULT_KNOB] = 1,
	};

	/* Kills are what really happens. */
	s->fault = (uint8_t)(roll(d, 2) ? FAULT_KILL : roll(d, FAULTS));
	s->fault_in = (uint16_t)(1 + roll(d, most[s->fault]));
}

/* No aliases, one router a device. */
static void
make_plain(struct step *s, struct dice *d)
{
	if (s->kind <= STEP_DOWN || s->kind == STEP_COMMAND_UP ||
	    s->kind == STEP_COMMAND_DOWN || s->kind == STEP_ADDRESS)
		s->who = (uint8_t)(roll(d, 3) * 2);
	if (s->kind == STEP_LEASE)
		s->what = 0;
	if (s->kind == STEP_OTHERS)
		s->what = (uint8_t)roll(d, others_plain(s->v6));
}

void
step_make(struct step *s, struct dice *d, enum life life)
{
	memset(s, 0, sizeof(*s));
	s->kind = some_kind(d, life);
	s->who = (uint8_t)roll(d, LABELS);
	s->v6 = roll(d, 4) == 0;
	s->what = (uint8_t)roll(d, 64);
	s->flag = roll(d, 4) == 0;
	s->again = roll(d, 4) == 0;
	if (s->kind <= STEP_TIDY && roll(d, 12) == 0)
		make_fault(s, d);
	if (life == LIFE_PLAIN)
		make_plain(s, d);
	if (runs_up(s))
		add_options(s, d, life);
	if (s->kind == STEP_FILES)
		for (unsigned n = roll(d, 5); n > 0; n--) {
			s->option[s->options].key = 0;
			s->option[s->options++].value =
			    (uint8_t)roll(d, lines_count());
		}
}

bool
step_simplify(struct step *to, const struct step *from, unsigned at)
{
	*to = *from;
	if (at < from->options) {
		memmove(&to->option[at], &to->option[at + 1],
		    (from->options - at - 1u) * sizeof(to->option[0]));
		to->options--;
		return true;
	}
	switch (at - from->options) {
	case 0:
		to->fault_in = 0;
		break;
	case 1:
		to->again = false;
		break;
	case 2:
		to->flag = false;
		break;
	case 3:
		to->what = 0;
		break;
	case 4:
		to->v6 = 0;
		break;
	default:
		return false;
	}
	return memcmp(to, from, sizeof(*to)) != 0 ||
	    step_simplify(to, from, at + 1);
}
