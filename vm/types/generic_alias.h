// SPDX-License-Identifier: MIT
//
// types.GenericAlias (list[int]) and types.UnionType (int | str).
#ifndef LOCKSMITH_VM_TYPES_GENERIC_ALIAS_H
#define LOCKSMITH_VM_TYPES_GENERIC_ALIAS_H

#include "vm/object.h"
#include "vm/types/str.h"

extern Type generic_alias_type, union_type;

Value generic_alias_new(Value origin, Value args); // args: tuple or the only argument; borrowed
// For DEF_CLASS_ONE("__class_getitem__", generic_alias_class_getitem, ...) of containers.
Value generic_alias_class_getitem(Value type, Value args);
// a | b for types: a union, or NotImplemented.
Value union_or(Value a, Value b);
Value union_members_of(Value v); // the tuple of the classes of an exact union; borrowed from it
// Appends an item of a repr: a class by its qualified name, ... as typing shows it. 0 or -1.
int generic_repr_item(StrBuilder *b, Value v);
// What both kinds share: the type variables in args, a new tuple.
Value generic_parameters(Value args);
// args with parameters replaced by item (a tuple or the only one); self is named in errors.
Value generic_substitute(Value self, Value args, Value parameters, Value item);

#endif
