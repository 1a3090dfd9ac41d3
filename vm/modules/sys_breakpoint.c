// SPDX-License-Identifier: MIT
//
// sys.breakpointhook: what breakpoint() calls, by the environment variable PYTHONBREAKPOINT. That
// is read from os.environ, which is safe while other threads change the environment.
#include "vm/modules/sys_breakpoint.h"
#include "vm/runtime/errors.h"
#include "vm/runtime/options.h"
#include "vm/types/exceptions.h"
#include "vm/types/module.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"

// The variable's value, a str; VALUE_NULL without exception: not set.
static Value variable(void) {
    if (options.ignore_environment)
        return VALUE_NULL;
    Value os = import_module_cstr("os");
    Value environment = value_is_null(os) ? os : value_getattr_cstr(os, "environ");
    Value name = str_intern_cstr("PYTHONBREAKPOINT");
    Value v = value_is_null(environment) || value_is_null(name)
                  ? VALUE_NULL
                  : value_call_method(environment, name_get, &name, 1);
    ref_release(name);
    ref_release(environment);
    ref_release(os);
    if (!value_is_null(v) && (!value_is_str(v) || str_length(v) == 0)) {
        ref_release(v);
        return VALUE_NULL;
    }
    return v;
}

// What "module.function" names; a name without a dot is a builtin. VALUE_NULL with an exception.
static Value find(Value path) {
    int64_t length = str_length(path), dot = length;
    for (int64_t i = 0; i < length; i++)
        if (str_at(path, i) == '.' && (i == 0 || i == length - 1 || str_at(path, i - 1) == '.'))
            return raise_error(&exception_ImportError, "no module is named so: %V", path);
    while (dot > 0 && str_at(path, dot - 1) != '.')
        dot--;
    Value module_name = dot ? str_substring(path, 0, dot - 1) : str_intern_cstr("builtins");
    Value name = str_substring(path, dot, length), found = VALUE_NULL;
    if (!value_is_null(module_name) && !value_is_null(name)) {
        Value from = tuple_pack(1, name);
        Value module = value_is_null(from) ? from : import_module(module_name, VALUE_NULL, from, 0);
        found = value_is_null(module) ? module : value_getattr(module, name);
        ref_release(module);
        ref_release(from);
    }
    ref_release(name);
    ref_release(module_name);
    return found;
}

static Value breakpoint_hook(Value self, const Value *args, size_t nargs, Value kwnames) {
    Value path = variable();
    if (value_is_null(path)) {
        if (error_occurred())
            return VALUE_NULL;
        path = str_from_cstr("pdb.set_trace");
        if (value_is_null(path))
            return path;
    } else if (str_length(path) == 1 && str_at(path, 0) == '0') {
        ref_release(path);
        return none_new();
    }
    Value result = VALUE_NULL, hook = find(path);
    if (!value_is_null(hook)) {
        result = value_call(hook, args, nargs, kwnames);
        ref_release(hook);
    } else if (error_matches(&exception_ImportError) || error_matches(&exception_AttributeError) ||
               error_matches(&exception_ValueError)) {
        error_clear();
        if (warn(&exception_RuntimeWarning, 1, "Ignoring unimportable $PYTHONBREAKPOINT: \"%V\"",
                 path) == 0)
            result = none_new();
    }
    ref_release(path);
    return result;
}

const NativeDef sys_breakpoint_functions[] = {
    DEF_VECTOR("breakpointhook", breakpoint_hook,
               "Enter the debugger that PYTHONBREAKPOINT names, or pdb."),
    DEF_END,
};
