// SPDX-License-Identifier: MIT
//
// The `sys` module. Standard files are made by runtime/start.c once `_io` can be imported.
#include "vm/interp/frame.h"
#include "vm/modules/struct_sequence.h"
#include "vm/modules/sys_breakpoint.h"
#include "vm/modules/sys_flags.h"
#include "vm/modules/sys_trace.h"
#include "vm/runtime/build_info.h"
#include "vm/runtime/errors.h"
#include "vm/runtime/import.h"
#include "vm/runtime/start.h"
#include "vm/types/async_internal.h"
#include "vm/types/dict.h"
#include "vm/types/exceptions.h"
#include "vm/types/float.h"
#include "vm/types/function.h"
#include "vm/types/int.h"
#include "vm/types/list.h"
#include "vm/types/module.h"
#include "vm/types/namespace.h"
#include "vm/types/set.h"
#include "vm/types/arguments.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"
#include "locks/gil.h"
#include <float.h>
#include <stdlib.h>

static Value or_none(Value v) {
    return value_is_null(v) ? none_new() : v;
}

static Value sys_exit(Value self, const Value *args, size_t nargs) {
    Value e = value_call(value_from_object(&exception_SystemExit), args, nargs, VALUE_NULL);
    if (nargs == 1 && value_is_tuple(args[0])) { // a tuple is spread, as by the raise statement
        ref_release(e);
        e = value_call_tuple(value_from_object(&exception_SystemExit), args[0], VALUE_NULL);
    }
    if (!value_is_null(e))
        raise_object(e);
    ref_release(e);
    return VALUE_NULL;
}

static Value sys_exc_info(Value self) {
    Value handled = thread_handled();
    if (value_is_null(handled))
        return tuple_pack(3, VALUE_NONE, VALUE_NONE, VALUE_NONE);
    Value traceback = or_none(exception_traceback(handled));
    Value result = tuple_pack(3, value_from_object(value_type(handled)), handled, traceback);
    ref_release(traceback);
    return result;
}
static Value sys_exception(Value self) {
    return or_none(ref_new(thread_handled()));
}

static Value sys_getrecursionlimit(Value self) {
    return value_from_int(__atomic_load_n(&thread_recursion_limit, __ATOMIC_RELAXED));
}
static Value sys_setrecursionlimit(Value self, Value v) {
    int n;
    if (int_argument(v, &n) < 0)
        return VALUE_NULL;
    if (n < 1)
        return raise_value_error("recursion limit must be greater or equal than 1");
    Thread *t = thread_current();
    int64_t depth = (t->frame ? frame_depth(t->frame) : 0) + t->depth;
    if (depth >= n)
        return raise_error(&exception_RecursionError,
                           "cannot set the recursion limit to %lld at the recursion depth %lld: "
                           "the limit is too low",
                           (long long)n, (long long)depth);
    __atomic_store_n(&thread_recursion_limit, (int32_t)n, __ATOMIC_RELAXED);
    return none_new();
}

static Value sys_getswitchinterval(Value self) {
    return float_new((double)gil_interval() * 1e-6);
}
static Value sys_setswitchinterval(Value self, Value v) {
    double seconds;
    if (value_to_double(v, &seconds) < 0)
        return VALUE_NULL;
    if (!(seconds > 0))
        return raise_value_error("switch interval must be strictly positive");
    gil_set_interval(seconds * 1e6 < 1 ? 1 : (uint64_t)(seconds * 1e6));
    return none_new();
}

static Value sys_getrefcount(Value self, Value v) {
    if (!value_is_object(v))
        return value_from_int(0x3fffffff);
    uint32_t count = count_read(value_object(v));
    if (count_is_immortal(count))
        return value_from_int(0x3fffffff);
    count &= 0x3fffffff;
    return value_from_int(count ? count : 1); // registers may not be counted
}

static Value sys_intern(Value self, Value v) {
    if (!value_is_exact_str(v))
        return raise_type_error(
            value_is_str(v) ? "can't intern %T" : "intern() argument must be str, not %G", v);
    return str_intern(ref_new(v));
}

static Value sys_getsizeof(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"object", "default", NULL};
    Value v[2], method;
    if (arguments_parse("getsizeof", args, nargs, kwnames, names, 0, 2, 1, v) < 0)
        return VALUE_NULL;
    Value name = str_intern_cstr("__sizeof__");
    int found = value_lookup_special(v[0], name, &method);
    ref_release(name);
    if (found > 0) {
        Value size = value_call_none(method);
        ref_release(method);
        int64_t bytes = 0;
        if (!value_is_null(size) && !value_is_any_int(size)) {
            ref_release(size);
            size = raise_type_error("an integer is required");
        } else if (!value_is_null(size) && size_argument(size, &bytes) == 0) {
            ref_release(size);
            return bytes < 0 ? raise_value_error("__sizeof__() should return >= 0")
                             : int_from_i64(bytes);
        } else {
            ref_release(size);
        }
        if (value_is_null(v[1]) || !error_matches(&exception_TypeError))
            return VALUE_NULL;
        error_clear();
        return ref_new(v[1]);
    }
    if (found < 0)
        return VALUE_NULL;
    return !value_is_null(v[1]) ? ref_new(v[1])
                                : raise_type_error("Type %T doesn't define __sizeof__", v[0]);
}

// What the file's encoding cannot say is written as escapes.
static Value write_escaped(Value out, Value line) {
    Value encoding = value_getattr(out, name_encoding), result = VALUE_NULL, buffer;
    Value errors = str_intern_cstr("backslashreplace");
    Value encode_args[2] = {encoding, errors};
    Value bytes =
        value_is_null(encoding) ? encoding : value_call_method_cstr(line, "encode", encode_args, 2);
    int found = value_is_null(bytes) ? -1 : value_lookup_attr_cstr(out, "buffer", &buffer);
    if (found > 0) {
        result = value_call_method(buffer, name_write, &bytes, 1);
        ref_release(buffer);
    } else if (found == 0) {
        Value text = value_call_method_cstr(bytes, "decode", &encoding, 1);
        if (!value_is_null(text))
            result = value_call_method(out, name_write, &text, 1);
        ref_release(text);
    }
    ref_release(bytes);
    ref_release(errors);
    ref_release(encoding);
    return result;
}

static Value sys_displayhook(Value self, Value v) {
    if (value_is_none(v))
        return none_new();
    Value builtins = import_module_cstr("builtins");
    if (value_is_null(builtins))
        return VALUE_NULL;
    Value result = VALUE_NULL, out = VALUE_NULL;
    if (value_setattr(builtins, name__, VALUE_NONE) < 0)
        goto done;
    out = sys_get("stdout");
    if (value_is_null(out)) {
        raise_error(&exception_RuntimeError, "lost sys.stdout");
        goto done;
    }
    Value line = str_format("%R\n", v);
    Value r = value_is_null(line) ? VALUE_NULL : value_call_method(out, name_write, &line, 1);
    if (value_is_null(r) && error_matches(&exception_UnicodeEncodeError)) {
        error_clear();
        r = write_escaped(out, line);
    }
    ref_release(line);
    ref_release(r);
    if (!value_is_null(r) && value_setattr(builtins, name__, v) == 0)
        result = none_new();
done:
    ref_release(out);
    ref_release(builtins);
    return result;
}

static Value sys_excepthook(Value self, const Value *args, size_t nargs) {
    Value file = sys_get("stderr");
    if (value_is_null(file) || value_is_none(file)) {
        ref_release(file);
        return none_new();
    }
    int status = -1;
    if (value_has_flag(args[1], TYPE_EXCEPTION_SUBCLASS)) {
        status = error_display(args[1], file);
    } else {
        Value text = str_format(
            "TypeError: print_exception(): Exception expected for value, %T found\n", args[1]);
        Value r = value_is_null(text) ? text : value_call_method_cstr(file, "write", &text, 1);
        status = value_is_null(r) ? -1 : 0;
        ref_release(r);
        ref_release(text);
    }
    ref_release(file);
    return status < 0 ? VALUE_NULL : none_new();
}

static Value sys_unraisablehook(Value self, Value args) {
    Value exception = value_getattr_cstr(args, "exc_value");
    Value message = value_getattr_cstr(args, "err_msg"),
          object = value_getattr_cstr(args, "object");
    if (!value_is_null(exception) && !value_is_null(message) && !value_is_null(object) &&
        value_has_flag(exception, TYPE_EXCEPTION_SUBCLASS))
        error_unraisable_default(exception, message, object);
    ref_release(exception);
    ref_release(message);
    ref_release(object);
    return error_occurred() ? VALUE_NULL : none_new();
}

static Value sys_getdefaultencoding(Value self) {
    return ref_new(name_utf_8);
}
static Value sys_getfilesystemencoding(Value self) {
    return ref_new(name_utf_8);
}
static Value sys_getfilesystemencodeerrors(Value self) {
    return str_from_cstr("surrogateescape");
}
static Value sys_is_finalizing(Value self) {
    return bool_new(start_is_finishing());
}
static Value sys_getallocatedblocks(Value self) {
    HeapStatistics s;
    heap_statistics(&s);
    return int_from_u64(s.live_objects[0] + s.live_objects[1]);
}
static Value sys_get_max_digits(Value self) {
    return value_from_int(__atomic_load_n(&int_max_str_digits, __ATOMIC_RELAXED));
}
static Value sys_set_max_digits(Value self, Value v) {
    int n;
    if (int_argument(v, &n) < 0)
        return VALUE_NULL;
    if (n != 0 && n < 640)
        return raise_value_error("maxdigits must be 0 or larger than 640");
    __atomic_store_n(&int_max_str_digits, n, __ATOMIC_RELAXED);
    return none_new();
}

static const NativeDef sys_functions[] = {
    DEF_FIXED("exit", sys_exit, 0, 1, "Raise SystemExit."),
    DEF_NONE("exc_info", sys_exc_info, "(type, value, traceback) of the exception being handled."),
    DEF_NONE("exception", sys_exception, "The exception being handled, or None."),
    DEF_NONE("getrecursionlimit", sys_getrecursionlimit, NULL),
    DEF_ONE("setrecursionlimit", sys_setrecursionlimit, NULL),
    DEF_NONE("getswitchinterval", sys_getswitchinterval,
             "How long a thread may keep the GIL, in seconds."),
    DEF_ONE("setswitchinterval", sys_setswitchinterval, NULL),
    DEF_ONE("getrefcount", sys_getrefcount,
            "The object's reference count; a huge number if it is not counted."),
    DEF_ONE("intern", sys_intern, NULL),
    DEF_VECTOR("getsizeof", sys_getsizeof, "Bytes an object takes."),
    DEF_ONE("displayhook", sys_displayhook, NULL),
    DEF_FIXED("excepthook", sys_excepthook, 3, 3, NULL),
    DEF_ONE("unraisablehook", sys_unraisablehook, NULL),
    DEF_NONE("getdefaultencoding", sys_getdefaultencoding, NULL),
    DEF_NONE("getfilesystemencoding", sys_getfilesystemencoding, NULL),
    DEF_NONE("getfilesystemencodeerrors", sys_getfilesystemencodeerrors, NULL),
    DEF_NONE("is_finalizing", sys_is_finalizing, NULL),
    DEF_NONE("getallocatedblocks", sys_getallocatedblocks, "Live objects of the block heap."),
    DEF_NONE("get_int_max_str_digits", sys_get_max_digits, NULL),
    DEF_ONE("set_int_max_str_digits", sys_set_max_digits, NULL),
    DEF_END,
};

// ---- what is computed once ------------------------------------------------------------------

static int add_library_names(Value module) {
    static const char *const names[] = {
#define NAME(name) #name,
#include "vm/modules/stdlib_names.def"
#undef NAME
    };
    Value list = list_new();
    int status = value_is_null(list) ? -1 : 0;
    for (size_t i = 0; status == 0 && i < sizeof names / sizeof *names; i++) {
        Value name = str_intern_cstr(names[i]);
        status = value_is_null(name) ? -1 : list_append(list, name);
        ref_release(name);
    }
    Value set = status < 0 ? VALUE_NULL : frozenset_from_iterable(list);
    ref_release(list);
    return module_add(module, "stdlib_module_names", set);
}

static int add_infos(Value module) {
    static const char *const version_names[] = {"major",        "minor",  "micro",
                                                "releaselevel", "serial", NULL};
    Value final = str_intern_cstr("final");
    Value version[5] = {value_from_int(3), value_from_int(11), value_from_int(2), final,
                        value_from_int(0)};
    Value info = struct_sequence_new_named("sys.version_info", version_names, version, 5);
    ref_release(final);
    struct_sequence_seal(info);
    if (value_is_null(info) || module_add(module, "version_info", ref_new(info)) < 0)
        return -1;
    // sys.implementation
    Value implementation = namespace_new();
    if (value_is_null(implementation))
        return -1;
    Value name = str_intern_cstr("locksmith"), tag = str_intern_cstr(IMPORT_CACHE_TAG);
    Value strategy = str_from_cstr(build_info_strategy());
    Value finalisation = str_from_cstr(build_info_finalisation());
    Value multiarch =
        str_from_cstr("x86_64-linux-gnu"); // as the library's _sysconfigdata module is named
    int status = value_setattr(implementation, name_name, name) |
                 value_setattr_cstr(implementation, "cache_tag", tag) |
                 value_setattr_cstr(implementation, "version", info) |
                 value_setattr_cstr(implementation, "hexversion", value_from_int(0x030b02f0)) |
                 value_setattr_cstr(implementation, "_multiarch", multiarch) |
                 value_setattr_cstr(implementation, "strategy", strategy) |
                 value_setattr_cstr(implementation, "finalisation", finalisation);
    ref_release(name);
    ref_release(tag);
    ref_release(strategy);
    ref_release(finalisation);
    ref_release(multiarch);
    ref_release(info);
    if (status < 0 || module_add(module, "implementation", implementation) < 0)
        return -1;
    static const char *const float_names[] = {"max",     "max_exp",    "max_10_exp", "min",
                                              "min_exp", "min_10_exp", "dig",        "mant_dig",
                                              "epsilon", "radix",      "rounds",     NULL};
    Value floats[11] = {float_new(DBL_MAX),
                        value_from_int(DBL_MAX_EXP),
                        value_from_int(DBL_MAX_10_EXP),
                        float_new(DBL_MIN),
                        value_from_int(DBL_MIN_EXP),
                        value_from_int(DBL_MIN_10_EXP),
                        value_from_int(DBL_DIG),
                        value_from_int(DBL_MANT_DIG),
                        float_new(DBL_EPSILON),
                        value_from_int(FLT_RADIX),
                        value_from_int(1)};
    Value f = struct_sequence_new_named("sys.float_info", float_names, floats, 11);
    for (int i = 0; i < 11; i++)
        ref_release(floats[i]);
    if (module_add(module, "float_info", f) < 0)
        return -1;
    static const char *const int_names[] = {"bits_per_digit", "sizeof_digit",
                                            "default_max_str_digits", "str_digits_check_threshold",
                                            NULL};
    Value ints[4] = {value_from_int(64), value_from_int(8), value_from_int(4300),
                     value_from_int(640)};
    if (module_add(module, "int_info",
                   struct_sequence_new_named("sys.int_info", int_names, ints, 4)) < 0)
        return -1;
    static const char *const hash_names[] = {"width",  "modulus",   "inf",       "nan",
                                             "imag",   "algorithm", "hash_bits", "seed_bits",
                                             "cutoff", NULL};
    Value algorithm = str_from_cstr("siphash13");
    Value modulus = int_from_i64(((int64_t)1 << 61) - 1);
    Value hashes[9] = {
        value_from_int(64),      modulus,   value_from_int(314159), value_from_int(0),
        value_from_int(1000003), algorithm, value_from_int(64),     value_from_int(128),
        value_from_int(0)};
    status = module_add(module, "hash_info",
                        struct_sequence_new_named("sys.hash_info", hash_names, hashes, 9));
    ref_release(algorithm);
    ref_release(modulus);
    if (status < 0)
        return -1;
    static const char *const thread_names[] = {"name", "lock", "version", NULL};
    Value pthread = str_from_cstr("pthread"), lock = str_from_cstr("semaphore");
    Value threads[3] = {pthread, lock, VALUE_NONE};
    status = module_add(module, "thread_info",
                        struct_sequence_new_named("sys.thread_info", thread_names, threads, 3));
    ref_release(pthread);
    ref_release(lock);
    return status;
}

static int add_unraisable_type(Value module) {
    static const char *const names[] = {"exc_type", "exc_value", "exc_traceback",
                                        "err_msg",  "object",    NULL};
    return module_add(module, "UnraisableHookArgs",
                      struct_sequence_type("UnraisableHookArgs", names));
}

// The hooks under the names that keep them: the same objects, which `code` and others ask for.
static int keep_hooks(Value module) {
    static const char *const names[][2] = {{"displayhook", "__displayhook__"},
                                           {"excepthook", "__excepthook__"},
                                           {"unraisablehook", "__unraisablehook__"},
                                           {"breakpointhook", "__breakpointhook__"}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        Value hook = dict_get_cstr(module_dict(module), names[i][0]);
        if (value_is_null(hook) || module_add(module, names[i][1], hook) < 0)
            return -1;
    }
    return 0;
}

// sys._git as `platform` wants it, (name, branch, revision); releases name no branch.
static Value git_of_release(void) {
    Value parts[] = {str_from_cstr("Locksmith"), str_empty(), str_empty()};
    return tuple_from_owned(parts, 3);
}

static int sys_fill(Value module) {
    char version[160];
    build_info_version(version, sizeof version);
    Value names = tuple_empty();
    Value list = list_new();
    for (const NativeModule *const *m = native_modules; *m && !value_is_null(list); m++) {
        Value name = str_intern_cstr((*m)->name);
        if (list_append(list, name) < 0)
            return -1;
        ref_release(name);
    }
    if (list_sort(list, VALUE_NONE, false) < 0)
        return -1;
    ref_release(names);
    names = list_to_tuple(list);
    ref_release(list);
    for (const NativeDef *def = sys_trace_functions; def->name; def++)
        if (module_add(module, def->name, native_function_new(def, VALUE_NULL, name_sys)) < 0)
            return -1;
    if (module_add(module, "builtin_module_names", names) < 0 || add_library_names(module) < 0 ||
        module_add_str(module, "__name__", "sys") < 0 ||
        module_add_str(module, "version", version) < 0 ||
        module_add_str(module, "copyright", "Copyright (c) 2026 The Locksmith maintainers") < 0 ||
        module_add_str(module, "platform", "linux") < 0 ||
        module_add_str(module, "byteorder", "little") < 0 ||
        module_add_str(module, "float_repr_style", "short") < 0 ||
        module_add_str(module, "platlibdir", "lib") < 0 ||
        module_add_str(module, "abiflags", "") < 0 ||
        module_add_int(module, "maxsize", INT64_MAX) < 0 ||
        module_add_int(module, "maxunicode", 0x10ffff) < 0 ||
        module_add_int(module, "hexversion", 0x030b02f0) < 0 ||
        module_add_int(module, "api_version", 1013) < 0 ||
        module_add(module, "meta_path", list_new()) < 0 ||
        module_add(module, "path_hooks", list_new()) < 0 ||
        module_add(module, "path_importer_cache", dict_new()) < 0 ||
        module_add(module, "_git", git_of_release()) < 0 ||
        module_add(module, "_home", none_new()) < 0 || sys_flags_add(module) < 0 ||
        add_infos(module) < 0 || add_unraisable_type(module) < 0 || async_generator_fill_sys() < 0)
        return -1;
    const NativeDef *more[] = {coroutine_functions, async_generator_functions,
                               sys_breakpoint_functions};
    for (size_t t = 0; t < sizeof more / sizeof more[0]; t++)
        for (const NativeDef *def = more[t]; def->name; def++) {
            Value name = str_intern_cstr("sys");
            Value f = native_function_new(def, VALUE_NULL, name);
            ref_release(name);
            if (module_add(module, def->name, f) < 0)
                return -1;
        }
    return keep_hooks(module);
}

const NativeModule module_sys = {"sys", "The interpreter's own state.", sys_functions, sys_fill};
