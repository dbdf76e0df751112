/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: values as JSON, with the keys of `ip -j rule` and `ip -j route`. */
#ifndef IFPOLICY_JSON_H
#define IFPOLICY_JSON_H

#include "model.h"
#include "names.h"
#include "text.h"

/* A quoted, escaped string.  Bytes that are no UTF-8 become U+FFFD. */
void json_string(struct text *t, const char *s);

/* ,"KEY":"VALUE"; nothing where the value is NULL. */
void json_member(struct text *t, const char *key, const char *value);

/* The members of a rule's or route's object, without its braces. */
void json_rule(struct text *t, const struct rule *r, struct names *names);
void json_route(struct text *t, const struct route *r, struct names *names);

#endif
