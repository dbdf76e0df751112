/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: the metrics of a route (mtu, window, rtt, ...) in words. */
#ifndef IFPOLICY_WORDS_METRIC_H
#define IFPOLICY_WORDS_METRIC_H

#include "words-lex.h"

/* Readers for a table of keywords; arg is the RTAX_ number, into a route. */
bool words_at_metric(struct words *w, void *into, uint32_t metric);
bool words_at_metric_switch(struct words *w, void *into, uint32_t metric);
bool words_at_metric_features(struct words *w, void *into, uint32_t metric);
bool words_at_metric_congctl(struct words *w, void *into, uint32_t metric);
bool words_at_metric_time(struct words *w, void *into, uint32_t metric);

void words_out_metrics(struct words_out *o, const struct route *r);

#endif
