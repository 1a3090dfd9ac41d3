// SPDX-License-Identifier: MIT
//
// The reserve is one mapping: unmapping it makes room for whatever the allocators ask for next.
#include "gc/reserve.h"
#include <stddef.h>
#include <sys/mman.h>

enum { RESERVE = 16 << 20 };

static void *reserve;

void reserve_start(void) {
    void *memory =
        mmap(NULL, RESERVE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    reserve = memory == MAP_FAILED ? NULL : memory;
}

void reserve_release(void) {
    void *memory = __atomic_exchange_n(&reserve, NULL, __ATOMIC_RELAXED);
    if (memory)
        munmap(memory, RESERVE);
}
