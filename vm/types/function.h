// SPDX-License-Identifier: MIT
//
// Callables: Python functions, native functions, bound methods, cells.
#ifndef LOCKSMITH_VM_TYPES_FUNCTION_H
#define LOCKSMITH_VM_TYPES_FUNCTION_H

#include "vm/interp/code.h"
#include "vm/object.h"

// Mutable fields are guarded by the function's lock. `code`, `defaults` and `kwdefaults` are read
// by calls without it: the setters of the latter two retire the old value through
// reclaim_reference, what was the code stays in `former`; they bump `version` (0 = never seen by an
// inline cache). `former` is set once, under the lock; the list guards itself.
typedef struct {
    Object header;
    Code *code;       // uncounted if deferred
    Value globals;    // Dict, constant
    Value builtins;   // Dict, constant
    Value closure;    // tuple of cells or VALUE_NULL, constant
    Value defaults;   // tuple or VALUE_NULL
    Value kwdefaults; // Dict or VALUE_NULL
    Value name, qualname, module, doc;
    Value annotations; // Dict or VALUE_NULL
    Value dict;        // VALUE_NULL until used
    Value former;      // list of what was its code before, which may still run; or VALUE_NULL
    uint32_t version;
} Function;

typedef struct {
    Object header;
    const NativeDef *def; // static
    Value self;           // bound object, module, class, or VALUE_NULL; constant
    Value module;         // name (str) or VALUE_NULL
} NativeFunction;         // len, or [].append when bound

typedef struct {
    Object header;
    Value function, self; // constant
} Method;

typedef struct {
    Object header;
    Value value; // VALUE_NULL: empty; guarded by the cell's lock
} Cell;

extern Type function_type, native_function_type, method_type, cell_type;

Value function_new(Code *code, Value globals,
                   Value qualname_or_null); // name, doc, module set from code and globals
Value native_function_new(const NativeDef *def, Value self, Value module_name);
Value native_function_call(const NativeDef *def, Value self, const Value *args, size_t nargs,
                           Value kwnames);
// The call of a bound native function, a value of native_function_type.
Value native_bound_call(Value function, const Value *args, size_t nargs, Value kwnames);
Value method_new(Value function, Value self);
Value cell_new(Value value_or_null);
Value cell_get(Value cell); // new reference or VALUE_NULL (empty)
// The same as a register keeps it.
ALWAYS_INLINE Value cell_load_register(Value cell) {
    const Cell *c = (const Cell *)value_object(cell);
    return field_load_register(&c->header, &c->value);
}
void function_start(void), method_start(void);

// ---- arguments of native functions (NATIVE_VECTOR) ---------------------------------------
// Distributes args/kwnames over `names` (NULL-terminated array): the first `positional_only`
// cannot be keywords, at most `max_positional` can be positional, the first `required` must be
// given. out[i] borrowed or VALUE_NULL. -1 with CPython's TypeError. required counts in order.
// function may be NULL if too many and too few arguments cannot happen ("this function").
int arguments_parse(const char *function, const Value *args, size_t nargs, Value kwnames,
                    const char *const *names, int positional_only, int max_positional, int required,
                    Value *out);
int arguments_no_keywords(const char *function,
                          Value kwnames); // -1 TypeError "f() takes no keyword arguments"
// Number checks of NATIVE_VECTOR functions without keywords.
int arguments_count(const char *function, size_t nargs, int min, int max);

#endif
