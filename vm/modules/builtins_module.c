// SPDX-License-Identifier: MIT
//
// The `builtins` module: the functions; the types and constants are added by name. What concerns
// code (compile, eval, exec, ...) is in builtins_code.c, sorting and sums in builtins_iter.c,
// input() in builtins_input.c.
#include "vm/modules/builtins.h"
#include "vm/interp/trace.h"
#include "vm/runtime/audit.h"
#include "vm/runtime/errors.h"
#include "vm/types/bytes.h"
#include "vm/types/dict.h"
#include "vm/types/exceptions.h"
#include "vm/types/float.h"
#include "vm/types/function.h"
#include "vm/types/int.h"
#include "vm/types/iterators.h"
#include "vm/types/list.h"
#include "vm/types/module.h"
#include "vm/types/range.h"
#include "vm/types/set.h"
#include "vm/types/slice.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"

static Value builtin_abs(Value self, Value v) {
    return value_absolute(v);
}
static Value builtin_ascii(Value self, Value v) {
    return value_ascii(v);
}
static Value builtin_repr(Value self, Value v) {
    return value_repr(v);
}
static Value builtin_callable(Value self, Value v) {
    return bool_new(value_is_callable(v));
}

static Value based(Value v, int base) {
    Value index = value_index(v);
    if (value_is_null(index))
        return index;
    Value text = int_to_str(index, base, true);
    ref_release(index);
    return text;
}
static Value builtin_bin(Value self, Value v) {
    return based(v, 2);
}
static Value builtin_oct(Value self, Value v) {
    return based(v, 8);
}
static Value builtin_hex(Value self, Value v) {
    return based(v, 16);
}

static Value builtin_chr(Value self, Value v) {
    int64_t n;
    if (value_to_i64(v, &n) < 0) {
        if (error_matches(&exception_OverflowError)) {
            error_clear();
            n = INT64_MAX;
        } else {
            return VALUE_NULL;
        }
    }
    if (n < INT32_MIN || n > INT32_MAX)
        return raise_error(&exception_OverflowError, "Python int too large to convert to C int");
    if (n < 0 || n > 0x10ffff)
        return raise_value_error("chr() arg not in range(0x110000)");
    return str_from_code_point((uint32_t)n);
}

static Value builtin_ord(Value self, Value v) {
    int64_t length;
    if (value_is_str(v)) {
        length = str_length(v);
        if (length == 1)
            return value_from_int(str_at(v, 0));
    } else if (value_is_bytes(v) || value_is_instance(v, &bytearray_type)) {
        BufferView view;
        if (buffer_view_get_brief(v, &view) < 0)
            return VALUE_NULL;
        length = view.length;
        int64_t byte = length ? *(uint8_t *)view.data : 0;
        buffer_view_release(&view);
        if (length == 1)
            return value_from_int(byte);
    } else {
        return raise_type_error("ord() expected string of length 1, but %T found", v);
    }
    return raise_type_error("ord() expected a character, but string of length %lld found",
                            (long long)length);
}

static Value builtin_len(Value self, Value v) {
    int64_t n = value_length(v);
    return n < 0 ? VALUE_NULL : int_from_i64(n);
}

static Value builtin_hash(Value self, Value v) {
    int64_t h = value_hash(v);
    return h == -1 && error_occurred() ? VALUE_NULL : int_from_i64(h);
}

static Value builtin_id(Value self, Value v) {
    // Numbers have no address; equal words are the same object.
    return int_from_u64(value_is_object(v) ? v.bits : (v.bits << 3 | 7) & 0x7fffffffffffffffULL);
}

static Value builtin_divmod(Value self, const Value *args, size_t nargs) {
    if ((value_is_int(args[0]) || value_is_exactly(args[0], &int_type)) &&
        (value_is_int(args[1]) || value_is_exactly(args[1], &int_type)))
        return int_divmod(args[0], args[1]);
    return value_binary(args[0], args[1], BINARY_DIVMOD);
}

static Value builtin_pow(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"base", "exp", "mod", NULL};
    Value v[3];
    if (nargs == 2 && value_is_null(kwnames))
        return value_power(args[0], args[1], VALUE_NONE);
    if (arguments_parse("pow", args, nargs, kwnames, names, 0, 3, 2, v) < 0)
        return VALUE_NULL;
    return value_power(v[0], v[1], value_is_null(v[2]) ? VALUE_NONE : v[2]);
}

static Value builtin_round(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"number", "ndigits", NULL};
    Value v[2], method;
    if (arguments_parse("round", args, nargs, kwnames, names, 0, 2, 1, v) < 0)
        return VALUE_NULL;
    int found = value_lookup_special(v[0], name___round__, &method);
    if (found < 0)
        return VALUE_NULL;
    if (!found)
        return raise_type_error("type %T doesn't define __round__ method", v[0]);
    Value result = value_is_null(v[1]) || value_is_none(v[1]) ? value_call_none(method)
                                                              : value_call_one(method, v[1]);
    ref_release(method);
    return result;
}

static Value builtin_format(Value self, const Value *args, size_t nargs) {
    if (nargs > 1 && !value_is_str(args[1]))
        return raise_type_error("format() argument 2 must be str, not %G", args[1]);
    return value_format(args[0], nargs > 1 ? args[1] : VALUE_NULL);
}

// ---- attributes --------------------------------------------------------------------------

static bool name_ok(const char *function, Value name) {
    if (value_is_str(name))
        return true;
    raise_type_error(function[0] == 's' || function[0] == 'd'
                         ? "attribute name must be string, not '%T'"
                         : "%s(): attribute name must be string",
                     name, function);
    return false;
}

static Value builtin_getattr(Value self, const Value *args, size_t nargs) {
    if (!value_is_str(args[1]))
        return raise_type_error("attribute name must be string, not '%T'", args[1]);
    if (nargs == 2)
        return value_getattr(args[0], args[1]);
    Value v;
    int found = value_lookup_attr(args[0], args[1], &v);
    if (found < 0)
        return VALUE_NULL;
    return found ? v : ref_new(args[2]);
}

static Value builtin_hasattr(Value self, const Value *args, size_t nargs) {
    if (!value_is_str(args[1]))
        return raise_type_error("attribute name must be string, not '%T'", args[1]);
    Value v;
    int found = value_lookup_attr(args[0], args[1], &v);
    if (found < 0)
        return VALUE_NULL;
    if (found)
        ref_release(v);
    return bool_new(found);
}

static Value builtin_setattr(Value self, const Value *args, size_t nargs) {
    if (!name_ok("setattr", args[1]))
        return VALUE_NULL;
    return value_setattr(args[0], args[1], args[2]) < 0 ? VALUE_NULL : none_new();
}

static Value builtin_delattr(Value self, const Value *args, size_t nargs) {
    if (!name_ok("delattr", args[1]))
        return VALUE_NULL;
    return value_delattr(args[0], args[1]) < 0 ? VALUE_NULL : none_new();
}

static Value builtin_isinstance(Value self, const Value *args, size_t nargs) {
    int status = value_is_instance_of(args[0], args[1]);
    return status < 0 ? VALUE_NULL : bool_new(status);
}

static Value builtin_issubclass(Value self, const Value *args, size_t nargs) {
    int status = value_is_subclass_of(args[0], args[1]);
    return status < 0 ? VALUE_NULL : bool_new(status);
}

// ---- iteration ----------------------------------------------------------------------------

static Value builtin_iter(Value self, const Value *args, size_t nargs) {
    if (nargs == 1)
        return value_iter(args[0]);
    if (!value_is_callable(args[0]))
        return raise_type_error("iter(v, w): v must be callable");
    return callable_iterator_new(args[0], args[1]);
}

static Value builtin_next(Value self, const Value *args, size_t nargs) {
    Type *type = value_type(args[0]);
    if (!type->next)
        return raise_type_error("'%T' object is not an iterator", args[0]);
    Value v = type->next(args[0]);
    if (!value_is_null(v))
        return v;
    if (nargs == 1)
        return error_occurred() ? VALUE_NULL : raise_stop_iteration(VALUE_NULL);
    if (error_occurred()) {
        if (!error_matches(&exception_StopIteration))
            return VALUE_NULL;
        error_clear();
    }
    return ref_new(args[1]);
}

// ---- input and output --------------------------------------------------------------------------

int builtins_write(Value file, Value v) {
    Value text = value_is_exact_str(v) ? ref_new(v) : value_str(v);
    if (value_is_null(text))
        return -1;
    Value r = value_call_method(file, name_write, &text, 1);
    ref_release(text);
    ref_release(r);
    return value_is_null(r) ? -1 : 0;
}

static int check_separator(Value v, const char *name) {
    if (!value_is_null(v) && !value_is_none(v) && !value_is_str(v))
        return raise_int(&exception_TypeError, "%s must be None or a string, not %T", name, v);
    return 0;
}

static Value builtin_print(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"sep", "end", "file", "flush", NULL};
    Value v[4];
    // Only keywords go through the parser: any number of positional values.
    if (arguments_parse("print", args + nargs, 0, kwnames, names, 0, 0, 0, v) < 0)
        return VALUE_NULL;
    if (check_separator(v[0], "sep") < 0 || check_separator(v[1], "end") < 0)
        return VALUE_NULL;
    Value file = v[2];
    if (value_is_null(file) || value_is_none(file)) {
        file = sys_get("stdout");
        if (value_is_null(file))
            return raise_error(&exception_RuntimeError, "lost sys.stdout");
        if (value_is_none(file)) {
            ref_release(file);
            return none_new();
        }
    } else {
        ref_retain(file);
    }
    int status = 0;
    bool plain = value_is_null(v[0]) || value_is_none(v[0]);
    // One write for the whole line when everything is str already or cheap to make so.
    if (value_is_null(v[2]) || value_is_none(v[2])) {
        StrBuilder b;
        str_builder_start(&b);
        for (size_t i = 0; i < nargs && status == 0; i++) {
            if (i > 0) {
                if (plain)
                    str_builder_char(&b, ' ');
                else
                    str_builder_str(&b, v[0]);
            }
            Value text = value_is_exact_str(args[i]) ? ref_new(args[i]) : value_str(args[i]);
            if (value_is_null(text))
                status = -1;
            else
                str_builder_str(&b, text);
            ref_release(text);
        }
        if (value_is_null(v[1]) || value_is_none(v[1]))
            str_builder_char(&b, '\n');
        else
            str_builder_str(&b, v[1]);
        Value line = status == 0 ? str_builder_finish(&b) : VALUE_NULL;
        if (status < 0)
            str_builder_discard(&b);
        if (value_is_null(line) || builtins_write(file, line) < 0)
            status = -1;
        ref_release(line);
    } else {
        for (size_t i = 0; i < nargs && status == 0; i++) {
            if (i > 0) {
                Value space = plain ? str_from_code_point(' ') : ref_new(v[0]);
                status = builtins_write(file, space);
                ref_release(space);
            }
            if (status == 0)
                status = builtins_write(file, args[i]);
        }
        if (status == 0) {
            bool newline = value_is_null(v[1]) || value_is_none(v[1]);
            Value end = newline ? str_from_code_point('\n') : ref_new(v[1]);
            status = builtins_write(file, end);
            ref_release(end);
        }
    }
    int flush = value_is_null(v[3]) || status < 0 ? 0 : value_truth(v[3]);
    if (flush > 0) {
        Value r = value_call_method(file, name_flush, NULL, 0);
        ref_release(r);
        if (value_is_null(r))
            status = -1;
    }
    ref_release(file);
    return status < 0 || flush < 0 ? VALUE_NULL : none_new();
}

static Value builtin_open(Value self, const Value *args, size_t nargs, Value kwnames) {
    Value io = import_module_cstr("_io");
    if (value_is_null(io))
        return VALUE_NULL;
    Value open = value_getattr_cstr(io, "open");
    ref_release(io);
    if (value_is_null(open))
        return VALUE_NULL;
    Value file = value_call(open, args, nargs, kwnames);
    ref_release(open);
    return file;
}

static Value builtin_dir(Value self, const Value *args, size_t nargs) {
    Value names;
    if (nargs == 0) {
        Value locals = frame_locals(thread_current()->frame);
        if (value_is_null(locals))
            return locals;
        Value keys = value_call_method(locals, name_keys, NULL, 0);
        ref_release(locals);
        names = value_is_null(keys) ? VALUE_NULL : list_from_iterable(keys);
        ref_release(keys);
    } else {
        Value method, made;
        int found = value_lookup_special(args[0], name___dir__, &method);
        if (found <= 0)
            return found < 0 ? VALUE_NULL : raise_type_error("object does not provide __dir__");
        made = value_call_none(method);
        ref_release(method);
        names = value_is_null(made) ? VALUE_NULL : list_from_iterable(made);
        ref_release(made);
    }
    if (!value_is_null(names) && list_sort(names, VALUE_NONE, false) < 0) {
        ref_release(names);
        return VALUE_NULL;
    }
    return names;
}

static Value builtin_vars(Value self, const Value *args, size_t nargs) {
    if (nargs == 0)
        return frame_locals(thread_current()->frame);
    Value dict;
    int found = value_lookup_attr(args[0], name___dict__, &dict);
    if (found == 0)
        return raise_type_error("vars() argument must have __dict__ attribute");
    return found < 0 ? VALUE_NULL : dict;
}

static Value builtin_import(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"name", "globals", "locals", "fromlist", "level", NULL};
    Value v[5];
    if (arguments_parse("__import__", args, nargs, kwnames, names, 0, 5, 1, v) < 0)
        return VALUE_NULL;
    if (!value_is_str(v[0]))
        return raise_type_error("module name must be a string");
    int64_t level = 0;
    if (!value_is_null(v[4]) && value_to_i64(v[4], &level) < 0)
        return VALUE_NULL;
    if (level < 0)
        return raise_value_error("level must be >= 0");
    return import_module(v[0], v[1], value_is_null(v[3]) ? VALUE_NONE : v[3], (int)level);
}

static Value builtin_build_class(Value self, const Value *args, size_t nargs, Value kwnames) {
    return type_build_class(args, nargs, kwnames);
}

static Value builtin_breakpoint(Value self, const Value *args, size_t nargs, Value kwnames) {
    Value hook = sys_get("breakpointhook");
    if (value_is_null(hook))
        return raise_error(&exception_RuntimeError, "lost sys.breakpointhook");
    Value r = audit("builtins.breakpoint", 1, hook) < 0 ? VALUE_NULL
                                                        : value_call(hook, args, nargs, kwnames);
    ref_release(hook);
    return trace_result_of_native(thread_current(), r, "breakpoint"); // a debugger stops behind it
}

static const NativeDef builtins_functions[] = {
    DEF_ONE("abs", builtin_abs, "abs($module, x, /)\n--\n\nThe absolute value."),
    DEF_ONE("ascii", builtin_ascii, "repr() with everything beyond ASCII escaped."),
    DEF_ONE("bin", builtin_bin, "Binary notation of an integer.\n\n>>> bin(10)\n'0b1010'"),
    DEF_VECTOR("breakpoint", builtin_breakpoint,
               "Enter the debugger through sys.breakpointhook()."),
    DEF_ONE("callable", builtin_callable, "Whether the object can be called."),
    DEF_ONE("chr", builtin_chr, "The character of a code point."),
    DEF_FIXED("delattr", builtin_delattr, 2, 2, "Delete an attribute by name."),
    DEF_FIXED("dir", builtin_dir, 0, 1, "Sorted names of the scope or of an object's attributes."),
    DEF_FIXED("divmod", builtin_divmod, 2, 2, "divmod($module, x, y, /)\n--\n\n(x // y, x % y)."),
    DEF_FIXED("format", builtin_format, 1, 2, "Format a value by a format spec."),
    DEF_FIXED("getattr", builtin_getattr, 2, 3, "An attribute by name, or a default."),
    DEF_FIXED("hasattr", builtin_hasattr, 2, 2, "Whether getattr() would find the name."),
    DEF_ONE("hash", builtin_hash, "The hash of an object."),
    DEF_ONE("hex", builtin_hex, "Hexadecimal notation of an integer.\n\n>>> hex(-31)\n'-0x1f'"),
    DEF_ONE("id", builtin_id, "A number that no other living object has."),
    DEF_FIXED("isinstance", builtin_isinstance, 2, 2,
              "Whether an object is an instance of a class."),
    DEF_FIXED("issubclass", builtin_issubclass, 2, 2, "Whether a class derives from another."),
    DEF_FIXED("iter", builtin_iter, 1, 2, "An iterator over an object or over calls."),
    DEF_ONE("len", builtin_len, "len($module, obj, /)\n--\n\nThe number of items."),
    DEF_FIXED("next", builtin_next, 1, 2, "The next item of an iterator, or a default."),
    DEF_ONE("oct", builtin_oct, "Octal notation of an integer.\n\n>>> oct(64)\n'0o100'"),
    DEF_VECTOR("open", builtin_open, "Open a file."),
    DEF_ONE("ord", builtin_ord, "The code point of a character."),
    DEF_VECTOR("pow", builtin_pow,
               "pow($module, base, exp, mod=None)\n--\n\nPower, modular if mod is given."),
    DEF_VECTOR("print", builtin_print, "Write values to a file."),
    DEF_ONE("repr", builtin_repr, "The canonical text of an object."),
    DEF_VECTOR("round", builtin_round, "Round to a number of decimal digits."),
    DEF_FIXED("setattr", builtin_setattr, 3, 3, "Set an attribute by name."),
    DEF_FIXED("vars", builtin_vars, 0, 1, "The __dict__ of an object, or locals()."),
    DEF_VECTOR("__import__", builtin_import, "Import a module; what the import statement calls."),
    DEF_VECTOR("__build_class__", builtin_build_class, "What the class statement calls."),
    DEF_END,
};

static int add_types(Value module) {
    static const struct {
        const char *name;
        Type *type;
    } types[] = {
        {"bool", &bool_type},
        {"bytearray", &bytearray_type},
        {"bytes", &bytes_type},
        {"classmethod", &class_method_type},
        {"complex", &complex_type},
        {"dict", &dict_type},
        {"enumerate", &enumerate_type},
        {"filter", &filter_type},
        {"float", &float_type},
        {"frozenset", &frozenset_type},
        {"int", &int_type},
        {"list", &list_type},
        {"map", &map_type},
        {"memoryview", &memoryview_type},
        {"object", &object_type},
        {"property", &property_type},
        {"range", &range_type},
        {"reversed", &reversed_type},
        {"set", &set_type},
        {"slice", &slice_type},
        {"staticmethod", &static_method_type},
        {"str", &str_type},
        {"super", &super_type},
        {"tuple", &tuple_type},
        {"type", &type_type},
        {"zip", &zip_type},
        {"BaseException", &exception_BaseException},
#define EXCEPTION(name, base) {#name, &exception_##name},
#include "vm/types/exceptions.def"
#undef EXCEPTION
        {"ExceptionGroup", &exception_ExceptionGroup},
        {"IOError", &exception_OSError},
        {"EnvironmentError", &exception_OSError},
    };
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (module_add(module, types[i].name, ref_new(value_from_object(types[i].type))) < 0)
            return -1;
    return 0;
}

static int builtins_fill(Value module) {
    if (add_types(module) < 0 || module_add(module, "None", none_new()) < 0 ||
        module_add(module, "True", bool_new(true)) < 0 ||
        module_add(module, "False", bool_new(false)) < 0 ||
        module_add(module, "NotImplemented", not_implemented_new()) < 0 ||
        module_add(module, "Ellipsis", ref_new(VALUE_ELLIPSIS)) < 0 ||
        module_add(module, "__debug__", bool_new(true)) < 0)
        return -1;
    const NativeDef *more[] = {builtins_code_functions, builtins_iter_functions,
                               builtins_async_functions, builtins_input_functions};
    for (size_t t = 0; t < sizeof more / sizeof more[0]; t++)
        for (const NativeDef *def = more[t]; def->name; def++) {
            Value name = str_from_cstr("builtins");
            Value f = native_function_new(def, VALUE_NULL, name);
            ref_release(name);
            if (module_add(module, def->name, f) < 0)
                return -1;
        }
    return 0;
}

const NativeModule module_builtins = {"builtins",
                                      "Functions, types and constants that need no import.",
                                      builtins_functions, builtins_fill};
