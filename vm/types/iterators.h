// SPDX-License-Identifier: MIT
//
// Iterators that belong to no single container: over anything with __getitem__, over calls
// until a sentinel; and the builtin types reversed, enumerate, zip, map and filter.
#ifndef LOCKSMITH_VM_TYPES_ITERATORS_H
#define LOCKSMITH_VM_TYPES_ITERATORS_H

#include "vm/object.h"
#include "vm/runtime/thread.h"
#include "vm/types/list.h"
#include "vm/types/range.h"

// Over obj[0], obj[1], ... until IndexError (or StopIteration). index is guarded by the
// iterator's lock, and so is sequence, which becomes VALUE_NULL at the end.
typedef struct {
    Object header;
    Value sequence;
    int64_t index;
} SequenceIterator;

typedef struct {
    Object header;
    Value iterator;  // constant
    int64_t index;   // guarded by the lock; INT64_MAX: go on with big_index
    Value big_index; // int or VALUE_NULL; guarded by the lock
    Value result;    // a pair to be used again when nobody else holds it, or VALUE_NULL
} Enumerate;

extern Type sequence_iterator_type, callable_iterator_type;
extern Type reversed_type, enumerate_type, zip_type, map_type, filter_type;

Value sequence_iterator_new(Value sequence);                 // iter(x) for x with __getitem__ only
Value callable_iterator_new(Value function, Value sentinel); // iter(f, sentinel)

// Iterates over v, calling each(item (owned by the callee), context) until it gives nonzero.
// 0: ran to the end; else what each gave; -1: error. Exact lists and tuples without an iterator
// object.
int iterate(Value v, int (*each)(Value item, void *context), void *context);

// The next item of `iterator`, on which owner (an iterator that is being stepped) has the only
// reference that matters here. Iterators go without their lock when nobody else can reach them, and
// a reference borrowed from an owner that others can reach does not show them: so it is doubled.
// As value_step.
static inline Value iterator_next_of(const Object *owner, Value iterator) {
    if (LIKELY(ref_is_unshared(owner))) {
        if (value_is_exactly(iterator, &list_iterator_type))
            return list_iterator_next_fast((ListIterator *)value_object(iterator));
        if (value_is_exactly(iterator, &range_iterator_type))
            return range_iterator_next_fast((RangeIterator *)value_object(iterator));
        Type *type = value_type(iterator);
        bool may_step = type->next && !thread_stack_is_low();
        return LIKELY(may_step) ? type->next(iterator) : value_step(iterator);
    }
    ref_retain(iterator);
    Value item = value_step(iterator);
    ref_release(iterator);
    return item;
}
// The two iterators whose step never runs Python code before it has its item: while nobody else can
// touch the owner (ref_is_unshared), a step needs no reference to them.
static inline bool iterator_is_plain(Value iterator) {
    return value_is_exactly(iterator, &list_iterator_type) ||
           value_is_exactly(iterator, &range_iterator_type);
}
static inline Value iterator_next_plain(Value iterator) {
    return value_is_exactly(iterator, &list_iterator_type)
               ? list_iterator_next_fast((ListIterator *)value_object(iterator))
               : range_iterator_next_fast((RangeIterator *)value_object(iterator));
}
// For __reduce__ of iterators: (builtins.<name>, (argument,)) or with state (consumed like
// argument) (builtins.<name>, (argument,), state). argument VALUE_NULL: an exception is set; gives
// VALUE_NULL.
Value iterator_reduce(const char *name, Value argument, Value state_or_null);

// Whether C code that runs no Python code may be overtaken by other threads: not where one lock
// keeps all out.
static inline bool threads_may_come_between(void) {
    return OBJECT_LOCK_IS_REAL && UNLIKELY(thread_count() > 0);
}
// As value_iter, for C code that goes through all there is and may run no Python code meanwhile, so
// that other threads could not come between under a GIL: while there are others, the iterator is
// over what a list, a dict, a view of one, a set, a deque, an array or a bytearray holds at this
// moment.
Value value_iter_at_once(Value v);
// The same, where a TypeError on the way says this instead; a %T in it is v's type.
Value value_iter_or_say(Value v, const char *format);
// Whether list_from_iterable() copies what v holds at one moment.
bool is_copied_at_once(Value v);

void iterators_start(void);

#endif
