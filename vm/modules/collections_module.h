// SPDX-License-Identifier: MIT
//
// The types of _collections, one file each: deque.c (its iterators deque_iterators.c),
// ordered_dict.c, collections_module.c.
#ifndef LOCKSMITH_VM_MODULES_COLLECTIONS_MODULE_H
#define LOCKSMITH_VM_MODULES_COLLECTIONS_MODULE_H

#include "vm/object.h"

extern Type deque_type, deque_iterator_type, deque_reverse_iterator_type;
extern Type ordered_dict_type, default_dict_type, tuple_getter_type;
Value deque_list(Value deque);                // its items at one moment, as a new list
bool ordered_dict_is_plain(const Type *type); // OrderedDict or a view of one
// Of a value of such a type: what list() gives, at one moment.
Value ordered_dict_list(Value v);
int64_t tuple_getter_index(Value getter); // of the item that a _tuplegetter gives
void ordered_dict_start(void);            // readies the types besides ordered_dict_type

#endif
