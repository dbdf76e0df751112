/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: strict numbers: the whole string, in range, no sign, no blanks. */
#ifndef IFPOLICY_NUM_H
#define IFPOLICY_NUM_H

#include <stdbool.h>
#include <stdint.h>

/* Reads a decimal number, or a hexadecimal one after 0x; min and max are
 * inclusive.  False, with *v untouched, for an empty string, anything before
 * or after the digits, a leading zero ("010" is octal to some) or a value out
 * of range. */
bool num_u32(uint32_t *v, const char *text, uint32_t min, uint32_t max);
bool num_u64(uint64_t *v, const char *text, uint64_t min, uint64_t max);

/* Hexadecimal digits with or without 0x. */
bool num_hex(uint32_t *v, const char *text, uint32_t min, uint32_t max);

#endif
