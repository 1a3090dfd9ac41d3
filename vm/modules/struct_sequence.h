// SPDX-License-Identifier: MIT
//
// Tuples whose items have names (os.stat_result, time.struct_time, sys.flags): subclasses of tuple
// made at run time.
#ifndef LOCKSMITH_VM_MODULES_STRUCT_SEQUENCE_H
#define LOCKSMITH_VM_MODULES_STRUCT_SEQUENCE_H

#include "vm/object.h"

// Fields named "" have no attribute (os.stat_result: the whole-second times); they are shown under
// the name of the field that is as many places on as there are such fields. A new type
// "module.name" with these fields (NULL-terminated static array). The type is called with one
// iterable of at least as many items; further items have no place in the tuple. New reference.
Value struct_sequence_type(const char *name, const char *const *fields);
// The same, where only the first `visible` fields are tuple items; the others are attributes alone.
Value struct_sequence_type_hidden(const char *name, const char *const *fields, int visible);
// An instance of such a type from borrowed items, as many as it has fields.
Value struct_sequence_new(Value type, const Value *items);
// A one-off: makes the type (kept alive by the instance) and its instance.
Value struct_sequence_new_named(const char *name, const char *const *fields, const Value *items,
                                int count);
// Its type makes no other instance from then on; does nothing for VALUE_NULL.
void struct_sequence_seal(Value instance);

#endif
