// SPDX-License-Identifier: MIT
//
// Which objects have been written, by identity, and their numbers: for _pickle, and for marshal,
// whose format refers back to objects by number, too (vm/modules/pickle_memo.c).
#ifndef LOCKSMITH_VM_MODULES_PICKLE_MEMO_H
#define LOCKSMITH_VM_MODULES_PICKLE_MEMO_H

#include "vm/object.h"

typedef struct {
    Value object;   // owned; VALUE_NULL: something that nobody can come across again
    int64_t number; // what the reader's memo calls it
} PickleMemoEntry;
// An index table over an array of entries. Zeroed memory is an empty one. References in it count as
// those of C code; a Pickler's traverse slot visits them.
typedef struct {
    PickleMemoEntry *entries;
    int64_t count, capacity;
    uint32_t *slots; // number of the entry and 1, or 0
    uint32_t mask;   // slots less one; always twice as many slots as capacity
    bool is_first;   // entries and slots are those of a PickleFirstMemo on the C stack
} PickleMemo;
// Room for a small memo.
enum { PICKLE_FIRST_ENTRIES = 16 };
typedef struct {
    PickleMemoEntry entries[PICKLE_FIRST_ENTRIES];
    uint32_t slots[2 * PICKLE_FIRST_ENTRIES];
} PickleFirstMemo;
void pickle_memo_begin(PickleMemo *memo, PickleFirstMemo *first); // an empty memo in that room
int64_t pickle_memo_find(const PickleMemo *memo, Value object);   // its number, or -1
// object may be VALUE_NULL. 0 or -1 (MemoryError).
int pickle_memo_put(PickleMemo *memo, Value object, int64_t number);
void pickle_memo_clear(PickleMemo *memo); // may run Python code, when it is empty already
int pickle_memo_copy(const PickleMemo *from, PickleMemo *to); // to is empty
size_t pickle_memo_size(const PickleMemo *memo);              // bytes

#endif
