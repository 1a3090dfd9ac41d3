// SPDX-License-Identifier: MIT
//
// Native types that take no keyword arguments refuse them, unless a subclass brings the other half
// of the construction and may want them for itself.
#ifndef LOCKSMITH_VM_TYPES_NATIVE_KEYWORDS_H
#define LOCKSMITH_VM_TYPES_NATIVE_KEYWORDS_H

#include "vm/types/function.h"

// In base's call_new, for an instance of type: 0, or -1 with TypeError.
static inline int new_no_keywords(const char *name, const Type *type, const Type *base,
                                  Value kwnames) {
    if (LIKELY(value_is_null(kwnames)) || (type != base && type->init != base->init))
        return 0;
    return arguments_no_keywords(name, kwnames);
}
// In base's init.
static inline int init_no_keywords(const char *name, const Type *type, const Type *base,
                                   Value kwnames) {
    if (LIKELY(value_is_null(kwnames)) || (type != base && type->call_new != base->call_new))
        return 0;
    return arguments_no_keywords(name, kwnames);
}

#endif
