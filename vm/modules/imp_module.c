// SPDX-License-Identifier: MIT
//
// `_imp`: what the library's importlib asks of an interpreter. There are no frozen modules and no
// extension modules here.
#include "vm/modules/imp_module.h"
#include "locks/mutex.h"
#include "vm/modules/marshal.h"
#include "vm/runtime/errors.h"
#include "vm/runtime/import.h"
#include "vm/runtime/options.h"
#include "vm/types/bytes.h"
#include "vm/types/function.h"
#include "vm/types/list.h"
#include "vm/types/module.h"
#include "vm/types/str.h"

// The import lock that programs may take. Imports themselves are ordered module by module
// (vm/runtime/import.c); but fork() waits for this one, so that a child sees no work half done.
static Mutex lock;
static Thread
    *owner; // who holds it: set by the holder; relaxed, others only compare it with themselves
static int64_t depth; // how often it was taken by the owner; the owner's

static bool is_mine(void) {
    return __atomic_load_n(&owner, __ATOMIC_RELAXED) == thread_current();
}
static void take_lock(void) {
    if (!is_mine()) {
        mutex_lock(&lock);
        __atomic_store_n(&owner, thread_current(), __ATOMIC_RELAXED);
    }
    depth++;
}
static void drop_lock(void) {
    if (--depth == 0) {
        __atomic_store_n(&owner, NULL, __ATOMIC_RELAXED);
        mutex_unlock(&lock);
    }
}
void imp_before_fork(void) {
    take_lock();
}
void imp_after_fork(bool child) {
    if (child) { // whoever waited for it is not there any more
        lock = (Mutex)MUTEX_INIT;
        mutex_lock(&lock);
    }
    drop_lock();
}

static Value acquire_lock(Value self) {
    take_lock();
    return none_new();
}
static Value release_lock(Value self) {
    if (!is_mine())
        return raise_error(&exception_RuntimeError, "not holding the import lock");
    drop_lock();
    return none_new();
}
static Value lock_held(Value self) {
    return bool_new(__atomic_load_n(&owner, __ATOMIC_RELAXED) != NULL);
}

static Value is_builtin(Value self, Value name) {
    if (!value_is_str(name))
        return raise_type_error("is_builtin() argument must be str, not %T", name);
    return value_from_int(import_is_native(name));
}
static Value is_frozen(Value self, Value name) {
    return bool_new(false);
}
static Value not_frozen(Value self, const Value *args, size_t nargs) {
    return raise_error(&exception_ImportError, "No such frozen object named %V", args[0]);
}
static Value no_frozen_names(Value self) {
    return list_new();
}
static Value ignore(Value self, Value v) {
    return none_new();
}
static Value find_frozen(Value self, const Value *args, size_t nargs, Value kwnames) {
    return none_new();
}

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
        return raise_type_error("_fix_co_filename() argument 1 must be code, not %T", args[0]);
    if (!value_is_str(args[1]))
        return raise_type_error("_fix_co_filename() argument 2 must be str, not %T", args[1]);
    Value old = ref_new(code_of(args[0])->filename);
    marshal_fix_filename(args[0], old, args[1]);
    ref_release(old);
    return none_new();
}

// Names a source text in a file of compiled code; only this interpreter reads those, any good hash
// does.
static Value source_hash(Value self, const Value *args, size_t nargs) {
    BufferView view;
    int64_t key;
    if (value_to_i64(args[0], &key) < 0 || buffer_view_get(args[1], &view, false) < 0)
        return VALUE_NULL;
    uint64_t hash = (uint64_t)key ^ 0xcbf29ce484222325u; // FNV-1a
    for (int64_t i = 0; i < view.length; i++)
        hash = (hash ^ ((uint8_t *)view.data)[i]) * 0x100000001b3u;
    buffer_view_release(&view);
    return bytes_new(&hash, 8);
}

static const NativeDef functions[] = {
    DEF_NONE("acquire_lock", acquire_lock, NULL),
    DEF_NONE("release_lock", release_lock, NULL),
    DEF_NONE("lock_held", lock_held, NULL),
    DEF_ONE("is_builtin", is_builtin, "1 for native modules, else 0."),
    DEF_ONE("is_frozen", is_frozen, NULL),
    DEF_FIXED("is_frozen_package", not_frozen, 1, 1, NULL),
    DEF_FIXED("get_frozen_object", not_frozen, 1, 2, NULL),
    DEF_FIXED("init_frozen", not_frozen, 1, 1, NULL),
    DEF_VECTOR("find_frozen", find_frozen, NULL),
    DEF_ONE("create_builtin", create_builtin, NULL),
    DEF_ONE("exec_builtin", exec_builtin, NULL),
    DEF_FIXED("create_dynamic", create_dynamic, 1, 2, NULL),
    DEF_ONE("exec_dynamic", exec_builtin, NULL),
    DEF_NONE("extension_suffixes", extension_suffixes, NULL),
    DEF_NONE("_frozen_module_names", no_frozen_names, "Names of frozen modules: none."),
    DEF_ONE("_override_frozen_modules_for_tests", ignore, "Nothing: there are no frozen modules."),
    DEF_FIXED("_fix_co_filename", fix_co_filename, 2, 2, NULL),
    DEF_FIXED("source_hash", source_hash, 2, 2, NULL),
    DEF_END,
};

static int fill(Value module) {
    return module_add_str(module, "check_hash_based_pycs", options.check_hash_pycs);
}

const NativeModule module_imp = {"_imp", "Native side of importlib.", functions, fill};
