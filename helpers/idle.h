/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: give back the memory that a waiting process does not need. */
#ifndef IFPOLICY_IDLE_H
#define IFPOLICY_IDLE_H

/* Lets go of the heap's free pages and of the programs' and libraries' code,
 * which comes back from the page cache as it is needed. */
void idle_release(void);

#endif
