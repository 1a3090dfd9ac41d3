// SPDX-License-Identifier: MIT
//
// types.SimpleNamespace.
#ifndef LOCKSMITH_VM_TYPES_NAMESPACE_H
#define LOCKSMITH_VM_TYPES_NAMESPACE_H

#include "vm/object.h"

extern Type namespace_type;

Value namespace_new(void);             // empty; set attributes with value_setattr
Value namespace_from_dict(Value dict); // over a dict, which it takes over (consumed)
void namespace_start(void);

#endif
