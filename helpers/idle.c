/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purpose: give back the memory that a waiting process does not need. */
#include <sys/mman.h>

#include <link.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "idle.h"

/* What can be executed but not be written: nothing is lost with its pages. */
static int
release_code(struct dl_phdr_info *info, size_t size, void *arg)
{
	uintptr_t page = *(const uintptr_t *)arg, from, to;

	(void)size;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *p = &info->dlpi_phdr[i];

		if (p->p_type != PT_LOAD || !(p->p_flags & PF_X) ||
		    (p->p_flags & PF_W))
			continue;
		from = (info->dlpi_addr + p->p_vaddr) & ~(page - 1);
		to = info->dlpi_addr + p->p_vaddr + p->p_memsz;
		/* A refusal only leaves them where they are. */
		(void)madvise((void *)from, to - from, MADV_DONTNEED);
	}
	return 0;
}

void
idle_release(void)
{
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);

#ifdef __GLIBC__
	(void)malloc_trim(0);
#endif
	(void)dl_iterate_phdr(release_code, &page);
}
