// SPDX-License-Identifier: MIT
//
// `atexit`: functions to call at the end of the program, last registered first.
#include "vm/modules/atexit_module.h"
#include "vm/runtime/errors.h"
#include "vm/types/dict.h"
#include "vm/types/list.h"
#include "vm/types/module.h"
#include "vm/types/tuple.h"

static Value registered; // list of (function, args, kwargs or None); made with the module

static Value atexit_register(Value self, const Value *args, size_t nargs, Value kwnames) {
    if (nargs == 0)
        return raise_type_error("register() takes at least 1 argument (0 given)");
    if (!value_is_callable(args[0]))
        return raise_type_error("the first argument must be callable");
    Value positional = tuple_from_array(args + 1, (int64_t)nargs - 1), keywords = none_new();
    if (!value_is_null(kwnames) && tuple_length(kwnames)) {
        keywords = dict_new();
        for (int64_t i = 0; i < tuple_length(kwnames) && !value_is_null(keywords); i++)
            if (dict_set(keywords, tuple_item(kwnames, i), args[nargs + (size_t)i]) < 0)
                return VALUE_NULL;
    }
    Value entry = tuple_pack(3, args[0], positional, keywords);
    ref_release(positional);
    ref_release(keywords);
    if (value_is_null(entry) || list_append_owned(registered, entry) < 0)
        return VALUE_NULL;
    return ref_new(args[0]);
}

static Value atexit_unregister(Value self, Value function) {
    for (int64_t i = list_length(registered) - 1; i >= 0; i--) {
        Value entry = list_get(registered, i);
        if (value_is_null(entry)) {
            error_clear();
            continue;
        }
        int same = value_equals(tuple_item(entry, 0), function);
        ref_release(entry);
        if (same < 0)
            return VALUE_NULL;
        if (same)
            ref_release(list_pop(registered, i));
    }
    return none_new();
}

void atexit_run(void) {
    if (value_is_null(registered))
        return;
    while (list_length(registered) > 0) {
        Value entry = list_pop(registered, list_length(registered) - 1);
        if (value_is_null(entry)) {
            error_clear();
            break;
        }
        Value keywords = tuple_item(entry, 2);
        Value r = value_call_tuple(tuple_item(entry, 0), tuple_item(entry, 1),
                                   value_is_none(keywords) ? VALUE_NULL : keywords);
        if (value_is_null(r))
            error_report_unraisable("Exception ignored in atexit callback", tuple_item(entry, 0));
        ref_release(r);
        ref_release(entry);
    }
}

static Value atexit_run_exitfuncs(Value self) {
    atexit_run();
    return none_new();
}
static Value atexit_clear(Value self) {
    return list_clear(registered) < 0 ? VALUE_NULL : none_new();
}
static Value atexit_count(Value self) {
    return value_from_int(list_length(registered));
}

static const NativeDef atexit_functions[] = {
    DEF_VECTOR("register", atexit_register, "Call a function at the end of the program."),
    DEF_ONE("unregister", atexit_unregister, "Forget a function."),
    DEF_NONE("_run_exitfuncs", atexit_run_exitfuncs, NULL),
    DEF_NONE("_clear", atexit_clear, NULL),
    DEF_NONE("_ncallbacks", atexit_count, NULL),
    DEF_END,
};
static int atexit_fill(Value module) {
    if (value_is_null(registered))
        registered = list_new();
    return value_is_null(registered) ? -1 : 0;
}
const NativeModule module_atexit = {"atexit", "Functions to call at the end of the program.",
                                    atexit_functions, atexit_fill};
