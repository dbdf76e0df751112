/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: the metrics of a route (mtu, window, rtt, ...) in words. */
#include <string.h>
#include <strings.h>

#include "uapi.h"
#include "words-metric.h"

/* rto_min is always locked, the other two never are. */
#define NO_LOCK_WORD	(1u << RTAX_RTO_MIN | 1u << RTAX_QUICKACK | \
			    1u << RTAX_FASTOPEN_NO_COOKIE)

static void
set_metric(struct route *r, uint32_t metric, uint32_t value)
{
	r->rtax_set |= 1u << metric;
	r->rtax[metric] = value;
}

static void
lock_metric(struct route *r, uint32_t metric)
{
	set_metric(r, RTAX_LOCK, r->rtax[RTAX_LOCK] | 1u << metric);
}

bool
words_at_metric(struct words *w, void *into, uint32_t metric)
{
	uint32_t v;

	if (words_take(w, "lock"))
		lock_metric(into, metric);
	if (!words_u32(w, &v, 0, metric == RTAX_HOPLIMIT ? 255 : UINT32_MAX))
		return false;
	set_metric(into, metric, v);
	return true;
}

bool
words_at_metric_switch(struct words *w, void *into, uint32_t metric)
{
	uint32_t v;

	if (!words_u32(w, &v, 0, 1))
		return false;
	set_metric(into, metric, v);
	return true;
}

bool
words_at_metric_features(struct words *w, void *into, uint32_t metric)
{
	const char *word;

	if (!words_value(w, &word, "ecn"))
		return false;
	if (strcmp(word, "ecn"))
		return words_refuse(w, word, "ecn");
	set_metric(into, metric, RTAX_FEATURE_ECN);
	return true;
}

bool
words_at_metric_congctl(struct words *w, void *into, uint32_t metric)
{
	struct route *r = into;
	const char *word;

	if (words_take(w, "lock"))
		lock_metric(r, metric);
	if (!words_value(w, &word, "a congestion control"))
		return false;
	if (strlen(word) >= sizeof(r->congctl))
		return words_refuse(w, word, "at most 15 bytes");
	memset(r->congctl, 0, sizeof(r->congctl));
	memcpy(r->congctl, word, strlen(word));
	return true;
}

/* "12", "1.5s", "300ms" to thousandths of what it counts, without floating
 * point.  *unit is empty where none was written. */
static bool
parse_time(uint64_t *milli, const char **unit, const char *word)
{
	uint64_t v = 0, digit = 1000;
	size_t n = strspn(word, "0123456789"), i;

	/* A leading zero makes it octal to ip(8). */
	if (n == 0 || n > 10 || (n > 1 && word[0] == '0'))
		return false;
	for (i = 0; i < n; i++)
		v = v * 10 + (uint64_t)(word[i] - '0');
	v *= 1000;
	if (word[n] == '.') {
		for (i = n + 1; word[i] >= '0' && word[i] <= '9'; i++) {
			digit /= 10;
			v += digit * (uint64_t)(word[i] - '0');
			/* Below a thousandth it still rounds up. */
			if (digit == 0 && word[i] != '0')
				v |= 1;
		}
		n = i;
	}
	*milli = v;
	*unit = word + n;
	return true;
}

static bool
is_one_of(const char *word, const char *const *list)
{
	for (; *list; list++)
		if (!strcasecmp(word, *list))
			return true;
	return false;
}

/* Milliseconds, rounded up.  The kernel wants RTT in eighths and RTTVAR in
 * quarters; a number without a unit is taken as that already. */
static bool
time_value(uint32_t *value, const char *word, uint32_t metric)
{
	static const char *const seconds[] = { "s", "sec", "secs", NULL };
	static const char *const millis[] = { "ms", "msec", "msecs", NULL };
	uint64_t v;
	const char *unit;

	if (!parse_time(&v, &unit, word))
		return false;
	if (is_one_of(unit, seconds))
		v *= 1000;
	else if (*unit && !is_one_of(unit, millis))
		return false;
	v = (v + 999) / 1000;
	if (*unit && metric == RTAX_RTT)
		v *= 8;
	if (*unit && metric == RTAX_RTTVAR)
		v *= 4;
	*value = (uint32_t)v;
	return v <= UINT32_MAX;
}

bool
words_at_metric_time(struct words *w, void *into, uint32_t metric)
{
	const char *word;
	uint32_t v;

	/* rto_min is always locked, and so has no word for it. */
	if (metric == RTAX_RTO_MIN || words_take(w, "lock"))
		lock_metric(into, metric);
	if (!words_value(w, &word, "a time"))
		return false;
	if (!time_value(&v, word, metric))
		return words_refuse(w, word, "a time like 300ms or 1.5s");
	set_metric(into, metric, v);
	return true;
}

/* Times go without a unit: in the kernel's own. */
static const char *const metric_text[METRIC_LAST + 1] = {
	[RTAX_MTU] = "mtu", [RTAX_WINDOW] = "window", [RTAX_RTT] = "rtt",
	[RTAX_RTTVAR] = "rttvar", [RTAX_SSTHRESH] = "ssthresh",
	[RTAX_CWND] = "cwnd", [RTAX_ADVMSS] = "advmss",
	[RTAX_REORDERING] = "reordering", [RTAX_HOPLIMIT] = "hoplimit",
	[RTAX_INITCWND] = "initcwnd", [RTAX_INITRWND] = "initrwnd",
	[RTAX_RTO_MIN] = "rto_min", [RTAX_QUICKACK] = "quickack",
	[RTAX_FASTOPEN_NO_COOKIE] = "fastopen_no_cookie",
};

void
words_out_metrics(struct words_out *o, const struct route *r)
{
	uint32_t lock = r->rtax[RTAX_LOCK];

	for (int i = RTAX_MTU; i <= METRIC_LAST; i++) {
		bool locked = lock & ~NO_LOCK_WORD & 1u << i;

		/* A lock without a value is said with a value of 0. */
		if (metric_text[i] && (r->rtax_set | lock) & 1u << i)
			words_out(o, "%s%s %u", metric_text[i],
			    locked ? " lock" : "", r->rtax[i]);
	}
	if (r->rtax[RTAX_FEATURES] & RTAX_FEATURE_ECN)
		words_out(o, "features ecn");
	if (r->congctl[0])
		words_out(o, "congctl %s%s",
		    lock & 1u << RTAX_CC_ALGO ? "lock " : "", r->congctl);
}
