// SPDX-License-Identifier: MIT
//
// Who is collecting. Apart from collect.h, which everything includes.
#ifndef LOCKSMITH_GC_COLLECTING_H
#define LOCKSMITH_GC_COLLECTING_H

#include <stdbool.h>

// Is the calling thread within a collection: in a finaliser, say? May be called in a signal
// handler.
bool gc_is_collecting_here(void);

#endif
