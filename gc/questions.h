// SPDX-License-Identifier: MIT
//
// Questions of Python programs about the heap. They stop the world, allocate, and run no Python
// code; VALUE_NULL: MemoryError.
#ifndef LOCKSMITH_GC_QUESTIONS_H
#define LOCKSMITH_GC_QUESTIONS_H

#include "vm/value.h"
#include <stddef.h>

// A new list of the containers the collector knows: GC_NEW, those that have survived no collection;
// GC_OLD, the others.
enum { GC_NEW = 1, GC_OLD = 2 };
Value gc_objects(int which);
// A new list of those that refer directly to one of targets / that targets refer to.
Value gc_referrers(const Value *targets, size_t count);
Value gc_referents(const Value *targets, size_t count);

#endif
