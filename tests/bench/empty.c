/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: the least a C program can cost: what starting one takes. */
int
main(void)
{
	return 0;
}
