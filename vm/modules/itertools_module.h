// SPDX-License-Identifier: MIT
//
// The types of itertools, by file: itertools_module.c (count, repeat, cycle, chain),
// itertools_filters.c, itertools_combine.c, itertools_group.c.
//
// All of them keep this discipline: what an iterator was made from is constant; changing fields are
// read as new references and written through the iterator's lock; none holds the lock while it asks
// another iterator. So threads that share one see each item once or, where a step consists of
// several, in an unspecified order, but never a broken object.
#ifndef LOCKSMITH_VM_MODULES_ITERTOOLS_MODULE_H
#define LOCKSMITH_VM_MODULES_ITERTOOLS_MODULE_H

#include "vm/object.h"

extern Type count_type, repeat_type, cycle_type, chain_type;
extern Type compress_type, dropwhile_type, takewhile_type, filterfalse_type, starmap_type,
    islice_type, accumulate_type, pairwise_type;
extern Type product_type, combinations_type, combinations_with_replacement_type, permutations_type,
    zip_longest_type;
extern Type groupby_type, grouper_type, tee_type, tee_data_type;

Value itertools_tee(Value self, const Value *args, size_t nargs); // the function tee

// (type(self), arguments, state): arguments is consumed (VALUE_NULL: an exception is set); state
// (consumed) may be VALUE_NULL for none.
Value itertools_reduce(Value self, Value arguments, Value state);

#endif
