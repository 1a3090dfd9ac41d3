// SPDX-License-Identifier: MIT
//
// builtins that deal with code: compile, eval, exec, globals, locals.
#include "vm/compile/tree.h"
#include "vm/interp/code.h"
#include "vm/interp/trace.h"
#include "vm/modules/builtins.h"
#include "vm/runtime/audit.h"
#include "vm/runtime/errors.h"
#include "vm/runtime/import.h"
#include "vm/types/bytes.h"
#include "vm/types/dict.h"
#include "vm/types/function.h"
#include "vm/types/list.h"
#include "vm/types/module.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"
#include "vm/types/arguments.h"

static Value builtin_globals(Value self) {
    Frame *frame = thread_current()->frame;
    return frame ? ref_new(frame_function(frame)->globals) : none_new();
}
static Value builtin_locals(Value self) {
    return frame_locals(thread_current()->frame);
}

// Compiles str, bytes or a buffer. The function's name is for messages.
Value compile_any_source(Value source, Value filename, const CompileOptions *options,
                         const char *function, int argument) {
    Value code = VALUE_NULL;
    if (value_is_str(source)) {
        size_t length;
        char *owned = NULL;
        const char *text = str_utf8(source, &length, &owned);
        if (!text)
            return VALUE_NULL;
        CompileOptions with = *options;
        with.from_str = true;
        code = compile_source(text, length, filename, &with, NULL);
        buffer_free(owned);
        return code;
    }
    BufferView view;
    if (buffer_view_get_brief(source, &view) < 0) {
        error_clear();
        if (argument)
            return raise_type_error("%s() arg %d must be a string, bytes or code object", function,
                                    argument);
        return raise_type_error("%s() arg 1 must be a string, bytes or AST object", function);
    }
    code = compile_source(view.data, (size_t)view.length, filename, options, NULL);
    buffer_view_release(&view);
    return code;
}

// The future statements in force in the calling code.
static uint32_t inherited_future(void) {
    const Frame *frame = thread_current()->frame;
    return frame ? frame_code(frame)->flags & COMPILE_FUTURE_MASK : 0;
}

static int parse_mode(Value mode, int64_t flags, int *out) {
    static const char *const names[] = {[COMPILE_EXEC] = "exec",
                                        [COMPILE_EVAL] = "eval",
                                        [COMPILE_SINGLE] = "single",
                                        [COMPILE_FUNCTION_TYPE] = "func_type"};
    if (!value_is_str(mode))
        return raise_int(&exception_TypeError, "compile() argument 'mode' must be str, not %G",
                         mode);
    for (int i = 0; i <= COMPILE_FUNCTION_TYPE; i++)
        if (str_equal_cstr(mode, names[i])) {
            if (i == COMPILE_FUNCTION_TYPE && !(flags & COMPILE_ONLY_AST))
                return raise_int(&exception_ValueError,
                                 "compile() mode 'func_type' requires flag PyCF_ONLY_AST");
            *out = i;
            return 0;
        }
    return raise_int(&exception_ValueError,
                     flags & COMPILE_ONLY_AST
                         ? "compile() mode must be 'exec', 'eval', 'single' or 'func_type'"
                         : "compile() mode must be 'exec', 'eval' or 'single'");
}

Value compile_file_name(Value v) { // as os.fsdecode(); a new reference
    if (value_is_str(v))
        return ref_new(v);
    if (value_is_bytes(v))
        return codec_decode(bytes_data(v), (size_t)bytes_length(v), "utf-8", "surrogateescape");
    Value method;
    int found = value_lookup_special(v, name___fspath__, &method);
    if (found) {
        Value path = found < 0 ? VALUE_NULL : value_call_none(method);
        if (found > 0)
            ref_release(method);
        if (value_is_null(path) || value_is_str(path))
            return path;
        Value name = value_is_bytes(path)
                         ? compile_file_name(path)
                         : raise_type_error(
                               "expected %T.__fspath__() to return str or bytes, not %T", v, path);
        ref_release(path);
        return name;
    }
    BufferView view;
    if (buffer_view_get(v, &view, false) < 0) {
        error_clear();
        return raise_type_error("expected str, bytes or os.PathLike object, not %N", value_type(v));
    }
    Value name = VALUE_NULL;
    if (warn(&exception_DeprecationWarning, 1,
             "path should be string, bytes, or os.PathLike, not %T", v) == 0)
        name = codec_decode(view.data, (size_t)view.length, "utf-8", "surrogateescape");
    buffer_view_release(&view);
    return name;
}

static Value builtin_compile(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {
        "source",   "filename",         "mode", "flags", "dont_inherit",
        "optimize", "_feature_version", NULL};
    Value v[7];
    if (arguments_parse("compile", args, nargs, kwnames, names, 0, 6, 3, v) < 0)
        return VALUE_NULL;
    CompileOptions options = {0};
    int flags = 0, optimize = -1, feature_version = -1;
    if (int_argument(v[3], &flags) < 0 || int_argument(v[5], &optimize) < 0 ||
        int_argument(v[6], &feature_version) < 0)
        return VALUE_NULL;
    int dont_inherit = value_is_null(v[4]) ? 0 : value_truth(v[4]);
    if (dont_inherit < 0)
        return VALUE_NULL;
    if (flags & ~COMPILE_FLAGS)
        return raise_value_error("compile(): unrecognised flags");
    if (optimize < -1 || optimize > 2)
        return raise_value_error("compile(): invalid optimize value");
    if (parse_mode(v[2], flags, &options.mode) < 0)
        return VALUE_NULL;
    options.optimize = optimize < 0 ? import_optimize_level : optimize;
    options.future = (uint32_t)flags | (dont_inherit ? 0 : inherited_future());
    options.incomplete_ok = flags & COMPILE_INCOMPLETE_INPUT;
    options.only_tree = flags & COMPILE_ONLY_AST;
    if ((flags & COMPILE_ONLY_AST) && feature_version > 0)
        options.feature_version = feature_version;
    bool is_tree = tree_is_node(v[0]);
    if (is_tree && options.only_tree)
        return ref_new(v[0]);
    Value filename = compile_file_name(v[1]);
    if (value_is_null(filename))
        return VALUE_NULL;
    if (audit_on() && audit("compile", 2, is_tree ? VALUE_NONE : v[0], filename) < 0) {
        ref_release(filename);
        return VALUE_NULL;
    }
    Value code = is_tree ? compile_tree(v[0], filename, &options)
                         : compile_any_source(v[0], filename, &options, "compile", 0);
    ref_release(filename);
    return code;
}

// Fills in the missing scopes, borrowed; *made is a reference for the caller to release. False: an
// exception is set.
static bool scopes(const char *function, Value *globals, Value *namespace, Value *made) {
    Frame *frame = thread_current()->frame;
    *made = VALUE_NULL;
    if (value_is_null(*globals) || value_is_none(*globals)) {
        *globals = frame_function(frame)->globals;
        if (value_is_null(*namespace) || value_is_none(*namespace)) {
            *namespace = *made = frame_locals(frame);
            if (value_is_null(*made))
                return false;
        }
    } else if (!value_is_dict(*globals)) {
        if (*function == 'e' && function[1] == 'v') // eval
            raise_type_error(value_type(*globals)->getitem
                                 ? "globals must be a real dict; try eval(expr, {}, mapping)"
                                 : "globals must be a dict");
        else
            raise_type_error("%s() globals must be a dict, not %T", function, *globals);
        return false;
    }
    // A subclass of dict has its own idea of items: names are looked up in it as in any mapping.
    if (value_is_null(*namespace) || value_is_none(*namespace) ||
        value_same(*namespace, *globals)) {
        *namespace = value_is_exactly(*globals, &dict_type) ? VALUE_NULL : *globals;
    } else if (!value_is_dict(*namespace) && !value_type(*namespace)->getitem) {
        if (function[1] == 'v')
            raise_type_error("locals must be a mapping");
        else
            raise_type_error("locals must be a mapping or None, not %T", *namespace);
        return false;
    }
    int has = dict_contains(*globals, name___builtins__);
    if (has < 0)
        return false;
    if (!has) {
        Value builtins = frame ? ref_new(frame_function(frame)->builtins) : VALUE_NULL;
        if (!value_is_null(builtins)) {
            int status = dict_set(*globals, name___builtins__, builtins);
            ref_release(builtins);
            if (status < 0)
                return false;
        }
    }
    return true;
}

// Whether exec's closure, or VALUE_NULL, has a cell for each free variable. False: TypeError.
static bool closure_fits(const char *function, int64_t frees, Value closure) {
    if (value_is_null(closure) && !frees)
        return true;
    if (function[1] == 'v') { // eval has no closure argument
        raise_type_error("code object passed to %s() may not contain free variables", function);
        return false;
    }
    if (!frees) {
        raise_type_error("cannot use a closure with this code object");
        return false;
    }
    bool fits = !value_is_null(closure) && value_is_exactly(closure, &tuple_type) &&
                tuple_length(closure) == frees;
    for (int64_t i = 0; fits && i < frees; i++)
        fits = value_is_exactly(tuple_item(closure, i), &cell_type);
    if (!fits)
        raise_type_error("code object requires a closure of exactly length %lld", (long long)frees);
    return fits;
}

static Value run(const char *function, int mode, Value source, Value globals, Value namespace,
                 Value closure) {
    Value made, code = VALUE_NULL, result = VALUE_NULL;
    if (!scopes(function, &globals, &namespace, &made))
        goto done;
    if (value_is_exactly(source, &code_type)) {
        code = ref_new(source);
        int64_t frees =
            value_is_null(code_of(code)->free_names) ? 0 : tuple_length(code_of(code)->free_names);
        if (!closure_fits(function, frees, closure))
            goto done;
    } else {
        if (!value_is_null(closure)) {
            raise_type_error("closure can only be used when source is a code object");
            goto done;
        }
        CompileOptions options = {
            .mode = mode, .optimize = import_optimize_level, .future = inherited_future()};
        // eval allows blanks and tabs before the expression.
        Value stripped = VALUE_NULL;
        if (mode == COMPILE_EVAL && value_is_str(source)) {
            int64_t i = 0, n = str_length(source);
            while (i < n && (str_at(source, i) == ' ' || str_at(source, i) == '\t'))
                i++;
            stripped = str_substring(source, i, n);
            if (value_is_null(stripped))
                goto done;
            source = stripped;
        }
        if (!audit_on() || audit("compile", 2, source, name_angle_string) == 0)
            code = compile_any_source(source, name_angle_string, &options, function, 1);
        ref_release(stripped);
        if (value_is_null(code))
            goto done;
    }
    if (audit_on() && audit("exec", 1, code) < 0)
        goto done;
    ref_retain(globals);
    result = interp_run_code(code_of(code), globals, namespace, closure);
    ref_release(globals);
done:
    ref_release(made);
    ref_release(code);
    return result;
}

static Value builtin_eval(Value self, const Value *args, size_t nargs) {
    return run("eval", COMPILE_EVAL, args[0], nargs > 1 ? args[1] : VALUE_NULL,
               nargs > 2 ? args[2] : VALUE_NULL, VALUE_NULL);
}

static Value builtin_exec(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"source", "globals", "locals", "closure", NULL};
    Value v[4];
    if (arguments_parse("exec", args, nargs, kwnames, names, 3, 3, 1, v) < 0)
        return VALUE_NULL;
    Value closure = value_is_null(v[3]) || value_is_none(v[3]) ? VALUE_NULL : v[3];
    Value result = run("exec", COMPILE_EXEC, v[0], v[1], v[2], closure);
    if (value_is_null(result))
        return result;
    ref_release(result);
    return none_new();
}

const NativeDef builtins_code_functions[] = {
    DEF_VECTOR("compile", builtin_compile, "Compile source text to a code object."),
    DEF_FIXED("eval", builtin_eval, 1, 3, "The value of an expression."),
    DEF_VECTOR("exec", builtin_exec, "Run statements."),
    DEF_NONE("globals", builtin_globals, "The globals of the calling code."),
    DEF_NONE("locals", builtin_locals, "The variables of the calling code."),
    DEF_END,
};
