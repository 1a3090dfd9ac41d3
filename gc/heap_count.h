// SPDX-License-Identifier: MIT
//
// How much there is in the heap, for the cycle collector. With the world stopped.
#ifndef LOCKSMITH_GC_HEAP_COUNT_H
#define LOCKSMITH_GC_HEAP_COUNT_H

#include <stddef.h>
#include <stdint.h>

size_t heap_chunk_count(void);      // of HEAP_CHUNK_SIZE each
int64_t heap_container_count(void); // looks at each

#endif
