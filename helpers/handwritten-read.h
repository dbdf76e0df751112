/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: inside handwritten: one simple command to what it does. */
#ifndef IFPOLICY_HANDWRITTEN_READ_H
#define IFPOLICY_HANDWRITTEN_READ_H

#include "command.h"
#include "handwritten.h"

/* Each fills in *h, zeroed, of one command; false without memory.  A command
 * that is not theirs stays HAND_OTHER. */
bool hand_ip(struct hand *h, const struct command *c,
    struct hand_context *ctx);
bool hand_net_tools(struct hand *h, const struct command *c,
    struct hand_context *ctx);
bool hand_setting(struct hand *h, const struct command *c,
    struct hand_context *ctx);

/* Makes it HAND_UNSURE.  False without memory. */
bool hand_unsure(struct hand *h, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Words from..count with a blank between them, to be freed; NULL without
 * memory. */
char *hand_join(const struct command *c, size_t from);

/* Reads `words` as a rule or route of h->family into h; HAND_UNSURE if they
 * cannot be read.  Names of tables in it are learned.  False without memory. */
bool hand_rule_words(struct hand *h, char *words, struct hand_context *ctx);
bool hand_route_words(struct hand *h, char *words, struct hand_context *ctx);

/* The command's name, without the directory in front. */
const char *hand_program(const struct command *c);

/* A prefix of the keyword, as ip(8) takes it. */
bool hand_matches(const char *word, const char *keyword);

#endif
