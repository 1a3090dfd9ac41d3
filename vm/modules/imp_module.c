// SPDX-License-Identifier: MIT
//
// `_imp`: what the library's importlib asks of an interpreter. There are no extension modules here.
//
// Of CPython's frozen modules (compiled into the interpreter) there are those that only show what
// freezing is, `__hello__` and its kin; what is frozen to start faster is not. Their code is
// compiled from the library's source when it is asked for. Imports find the source files, as with
// `-X frozen_modules=off`; who asks importlib's FrozenImporter finds these.
#include "vm/modules/imp_module.h"
#include "locks/recursive_mutex.h"
#include "vm/modules/marshal.h"
#include "vm/runtime/errors.h"
#include "vm/runtime/import.h"
#include "vm/runtime/options.h"
#include "vm/interp/code.h"
#include "vm/interp/frame.h"
#include "vm/types/bytes.h"
#include "vm/types/dict.h"
#include "vm/types/function.h"
#include "vm/types/hashing.h"
#include "vm/types/list.h"
#include "vm/types/module.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include <stdio.h>
#include <unistd.h>

// The import lock that programs may take. Imports themselves are ordered module by module
// (vm/runtime/import.c); but fork() waits for this one, so that a child sees no work half done.
static RecursiveMutex lock;

void imp_lock_take(void) {
    recursive_mutex_lock(&lock);
}
void imp_lock_drop(void) {
    recursive_mutex_unlock(&lock);
}
void imp_before_fork(void) {
    imp_lock_take();
}
void imp_after_fork(bool child) {
    if (child) { // whoever waited for it is not there any more
        lock.mutex = (Mutex)MUTEX_INIT;
        mutex_lock(&lock.mutex);
    }
    imp_lock_drop();
}

static Value acquire_lock(Value self) {
    imp_lock_take();
    return none_new();
}
static Value release_lock(Value self) {
    if (!recursive_mutex_is_own(&lock))
        return raise_error(&exception_RuntimeError, "not holding the import lock");
    imp_lock_drop();
    return none_new();
}
static Value lock_held(Value self) {
    return bool_new(mutex_is_locked(&lock.mutex));
}

static Value is_builtin(Value self, Value name) {
    if (!value_is_str(name))
        return raise_type_error("is_builtin() argument must be str, not %G", name);
    return value_from_int(import_is_native(name));
}

// ---- frozen modules ---------------------------------------------------------------------------

typedef struct {
    const char *name;
    const char *origin; // the module it is a copy of, "<" before a package's own; NULL: of none
    bool package;
    bool importlib; // a name of importlib's own, which is always loaded from files
} Frozen;

static const Frozen frozen[] = {
    {"_frozen_importlib", "importlib._bootstrap", false, true},
    {"_frozen_importlib_external", "importlib._bootstrap_external", false, true},
    {"__hello__", "__hello__", false, false},
    {"__hello_alias__", "__hello__", false, false},
    {"__phello_alias__", "__hello__", true, false},
    {"__phello_alias__.spam", "__hello__", false, false},
    {"__phello__", "__phello__", true, false},
    {"__phello__.__init__", "<__phello__", false, false},
    {"__phello__.ham", "__phello__.ham", true, false},
    {"__phello__.ham.__init__", "<__phello__.ham", false, false},
    {"__phello__.ham.eggs", "__phello__.ham.eggs", false, false},
    {"__phello__.spam", "__phello__.spam", false, false},
    {"__hello_only__", NULL, false, false},
    {NULL, NULL, false, false},
};

static int frozen_wanted; // < 0: hidden from the finder; relaxed

static const Frozen *frozen_find(Value name) {
    bool hidden = __atomic_load_n(&frozen_wanted, __ATOMIC_RELAXED) < 0;
    for (const Frozen *f = frozen; f->name; f++)
        if (str_equal_cstr(name, f->name))
            return hidden && !f->importlib ? NULL : f;
    return NULL;
}

static Value raise_not_frozen(Value name) {
    Value message = str_format("No such frozen object named %R", name);
    Value names = tuple_pack(1, name_name);
    Value args[2] = {message, name};
    Value e = value_is_null(message) || value_is_null(names)
                  ? VALUE_NULL
                  : value_call(value_from_object(&exception_ImportError), args, 1, names);
    if (!value_is_null(e))
        raise_object(e);
    ref_release(e);
    ref_release(names);
    ref_release(message);
    return VALUE_NULL;
}

static const Frozen *frozen_require(Value name) {
    if (!value_is_str(name)) {
        raise_type_error("argument 1 must be str, not %T", name);
        return NULL;
    }
    const Frozen *found = frozen_find(name);
    if (!found)
        raise_not_frozen(name);
    return found;
}

// Compiles the module's source; one whose source the library does not have is empty.
static Value frozen_code(const Frozen *f) {
    char path[4096] = "", shown[128];
    Value folder = sys_get("_stdlib_dir");
    char *owned = NULL;
    const char *text =
        !value_is_null(folder) && value_is_str(folder) ? str_utf8_wtf(folder, NULL, &owned) : NULL;
    if (text && f->origin) {
        bool is_init = f->origin[0] == '<' || (f->package && strcmp(f->origin, f->name) == 0);
        size_t n =
            (size_t)snprintf(path, sizeof path, "%s/%s", text, f->origin + (*f->origin == '<'));
        for (char *p = path + strlen(text); *p; p++)
            if (*p == '.')
                *p = '/';
        if (n < sizeof path)
            snprintf(path + n, sizeof path - n, is_init ? "/__init__.py" : ".py");
    }
    buffer_free(owned);
    ref_release(folder);
    snprintf(shown, sizeof shown, "<frozen %s>", f->name);
    Value filename = str_from_cstr(shown), code = VALUE_NULL;
    if (value_is_null(filename))
        return filename;
    if (*path && access(path, R_OK) == 0)
        code = import_compile_file(path, filename, false);
    else
        code = compile_source("", 0, filename, &(CompileOptions){.mode = COMPILE_EXEC}, NULL);
    ref_release(filename);
    return code;
}

static Value is_frozen(Value self, Value name) {
    if (!value_is_str(name))
        return raise_type_error("is_frozen() argument must be str, not %G", name);
    const Frozen *f = frozen_find(name);
    return bool_new(f && !f->importlib);
}
static Value is_frozen_package(Value self, const Value *args, size_t nargs) {
    const Frozen *f = frozen_require(args[0]);
    return f ? bool_new(f->package) : VALUE_NULL;
}
static Value get_frozen_object(Value self, const Value *args, size_t nargs) {
    if (nargs > 1 && !value_is_none(args[1])) {
        BufferView view;
        if (buffer_view_get_brief(args[1], &view) < 0)
            return VALUE_NULL;
        Value code = marshal_loads(view.data, (size_t)view.length, VALUE_NULL);
        buffer_view_release(&view);
        return code;
    }
    const Frozen *f = frozen_require(args[0]);
    return f ? frozen_code(f) : VALUE_NULL;
}
// Runs the module's code in a module of that name; None if there is none.
static Value init_frozen(Value self, Value name) {
    if (!value_is_str(name))
        return raise_type_error("init_frozen() argument must be str, not %G", name);
    const Frozen *f = frozen_find(name);
    if (!f)
        return none_new();
    Value code = frozen_code(f), module = VALUE_NULL, result = VALUE_NULL;
    if (value_is_null(code))
        return code;
    module = module_new(name, VALUE_NULL);
    Value path = f->package ? list_new() : VALUE_NULL;
    Value builtins = dict_get_cstr(import_modules_dict(), "builtins");
    if (!value_is_null(module) && !(f->package && value_is_null(path)) &&
        (!f->package || dict_set_cstr(module_dict(module), "__path__", path) == 0) &&
        (value_is_null(builtins) ||
         dict_set_cstr(module_dict(module), "__builtins__", module_dict(builtins)) == 0) &&
        dict_set(import_modules_dict(), name, module) == 0)
        result = interp_run_code(code_of(code), module_dict(module), VALUE_NULL, VALUE_NULL);
    ref_release(builtins);
    ref_release(path);
    ref_release(code);
    if (value_is_null(result)) {
        ref_release(module);
        return result;
    }
    ref_release(result);
    return module;
}
static Value frozen_names(Value self) {
    Value list = list_new();
    for (const Frozen *f = frozen; !value_is_null(list) && f->name; f++) {
        Value name = str_from_cstr(f->name);
        if (value_is_null(name) || list_append(list, name) < 0) {
            ref_release(list);
            list = VALUE_NULL;
        }
        ref_release(name);
    }
    return list;
}
static Value override_frozen(Value self, Value v) {
    int64_t n;
    if (value_to_i64(v, &n) < 0)
        return VALUE_NULL;
    __atomic_store_n(&frozen_wanted, n < 0 ? -1 : n > 0, __ATOMIC_RELAXED);
    return none_new();
}
// (data or None, is it a package, the module it is a copy of), or None.
static Value find_frozen(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"", "withdata", NULL};
    Value v[2] = {VALUE_NULL, VALUE_NULL};
    if (arguments_parse("find_frozen", args, nargs, kwnames, names, 2, 1, 1, v) < 0)
        return VALUE_NULL;
    if (!value_is_str(v[0]))
        return raise_type_error("find_frozen() argument 1 must be str, not %G", v[0]);
    int with_data = value_is_null(v[1]) ? 0 : value_truth(v[1]);
    const Frozen *f = frozen_find(v[0]);
    if (with_data < 0 || !f)
        return with_data < 0 ? VALUE_NULL : none_new();
    Value data = none_new(), origin = f->origin ? str_from_cstr(f->origin) : none_new();
    if (with_data) {
        Value code = frozen_code(f);
        Value bytes = value_is_null(code) ? VALUE_NULL : marshal_dumps(code, MARSHAL_VERSION);
        data = value_is_null(bytes) ? VALUE_NULL
                                    : value_call_one(value_from_object(&memoryview_type), bytes);
        ref_release(code);
        ref_release(bytes);
    }
    Value result = value_is_null(data) || value_is_null(origin)
                       ? VALUE_NULL
                       : tuple_pack(3, data, value_from_bool(f->package), origin);
    ref_release(data);
    ref_release(origin);
    return result;
}

// ---- native modules ---------------------------------------------------------------------------

static Value create_builtin(Value self, Value spec) {
    Value name = value_getattr(spec, name_name);
    if (value_is_null(name))
        return name;
    Value module = value_is_str(name) ? import_load_native(name)
                                      : raise_type_error("name must be str, not %T", name);
    ref_release(name);
    return module;
}
static Value exec_builtin(Value self, Value module) {
    return value_from_int(0);
}
static Value create_dynamic(Value self, const Value *args, size_t nargs) {
    return raise_error(&exception_ImportError, "extension modules cannot be imported");
}
static Value extension_suffixes(Value self) {
    return list_new();
}
static Value fix_co_filename(Value self, const Value *args, size_t nargs) {
    if (!value_is_exactly(args[0], &code_type))
        return raise_type_error("_fix_co_filename() argument 1 must be code, not %G", args[0]);
    if (!value_is_str(args[1]))
        return raise_type_error("_fix_co_filename() argument 2 must be str, not %G", args[1]);
    Value old = ref_new(code_of(args[0])->filename);
    marshal_fix_filename(args[0], old, args[1]);
    ref_release(old);
    return none_new();
}

// Names a source text in a file of compiled code, as CPython does.
static Value source_hash(Value self, const Value *args, size_t nargs) {
    BufferView view;
    int64_t key;
    if (value_to_i64(args[0], &key) < 0 || buffer_view_get_brief(args[1], &view) < 0)
        return VALUE_NULL;
    uint64_t hash = hash_with_key(view.data, (size_t)view.length, (uint64_t)key);
    buffer_view_release(&view);
    return bytes_new(&hash, 8);
}

static const NativeDef functions[] = {
    DEF_NONE("acquire_lock", acquire_lock, NULL),
    DEF_NONE("release_lock", release_lock, NULL),
    DEF_NONE("lock_held", lock_held, NULL),
    DEF_ONE("is_builtin", is_builtin, "1 for native modules, else 0."),
    DEF_ONE("is_frozen", is_frozen, NULL),
    DEF_FIXED("is_frozen_package", is_frozen_package, 1, 1, NULL),
    DEF_ONE("init_frozen", init_frozen, "Makes a frozen module."),
    DEF_FIXED("get_frozen_object", get_frozen_object, 1, 2, NULL),
    DEF_VECTOR("find_frozen", find_frozen, NULL),
    DEF_ONE("create_builtin", create_builtin, NULL),
    DEF_ONE("exec_builtin", exec_builtin, NULL),
    DEF_FIXED("create_dynamic", create_dynamic, 1, 2, NULL),
    DEF_ONE("exec_dynamic", exec_builtin, NULL),
    DEF_NONE("extension_suffixes", extension_suffixes, NULL),
    DEF_NONE("_frozen_module_names", frozen_names, "Names of frozen modules."),
    DEF_ONE("_override_frozen_modules_for_tests", override_frozen,
            "Negative: frozen modules are not found."),
    DEF_FIXED("_fix_co_filename", fix_co_filename, 2, 2, NULL),
    DEF_FIXED("source_hash", source_hash, 2, 2, NULL),
    DEF_END,
};

static int fill(Value module) {
    return module_add_str(module, "check_hash_based_pycs", options.check_hash_pycs);
}

const NativeModule module_imp = {"_imp", "Native side of importlib.", functions, fill};
