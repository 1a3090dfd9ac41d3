// SPDX-License-Identifier: MIT
//
// Import hooks: the finders of sys.meta_path and sys.path_hooks, and the library's importlib.
//
// sys.meta_path begins with two objects that stand for the native finders: one for native modules,
// one for sys.path. While it holds only those, and sys.path_hooks only what belongs there, modules
// are found in C and no Python code runs. Otherwise the finders are asked in order, and what a
// program's finder finds is loaded by importlib. When importlib is imported its own finders take
// the place of ours in sys.meta_path, so that programs see what they know, and are recognised here
// as the same. The variables below are set once, when importlib has been loaded, and never again (a
// second load finds them set).
#include "vm/interp/code.h"
#include "vm/interp/frame_object.h"
#include "vm/modules/imp_module.h"
#include "vm/runtime/errors.h"
#include "vm/runtime/import.h"
#include "vm/types/bytes.h"
#include "vm/types/dict.h"
#include "vm/types/exceptions.h"
#include "vm/types/function.h"
#include "vm/types/list.h"
#include "vm/types/module.h"
#include "vm/types/namespace.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

enum { FINDER_NATIVE, FINDER_PATH, FINDER_FROZEN, FINDER_COUNT };

typedef struct {
    Object header;
    int which; // FINDER_*
} Finder;

static Value own_finders[2];             // Finder objects, by FINDER_*
static Value real_finders[FINDER_COUNT]; // importlib's classes; VALUE_NULL until it is loaded
static Value path_hook;                  // importlib's hook for folders
static Value archive_hook; // ours for archives, which imports zipimport when it needs it
static Value bootstrap, bootstrap_external;
static bool importlib_loaded; // released after the variables above are set

// Set while importlib itself is being imported for a program's finder: that finder is not asked.
static _Thread_local int native_only;

static bool is_loaded(void) {
    return __atomic_load_n(&importlib_loaded, __ATOMIC_ACQUIRE);
}

// ---- our finders ----------------------------------------------------------------------------

static int load_importlib(void) {
    if (is_loaded())
        return 0;
    native_only++;
    Value module = import_module_cstr("importlib");
    native_only--;
    ref_release(module);
    if (value_is_null(module))
        return -1;
    return is_loaded() ? 0 : raise_int(&exception_ImportError, "importlib is not loaded");
}

// find_spec() and the like, for programs that walk sys.meta_path: importlib's class answers.
static Value finder_getattr(Value self, Value name) {
    Value result;
    int found = object_generic_find(self, name, &result);
    if (found)
        return result;
    if ((str_length(name) > 2 && str_at(name, 0) == '_' && str_at(name, 1) == '_') ||
        load_importlib() < 0)
        return error_occurred() ? VALUE_NULL : object_generic_getattr(self, name);
    return value_getattr(real_finders[((Finder *)value_object(self))->which], name);
}

static Value finder_repr(Value self) {
    return str_from_cstr(((Finder *)value_object(self))->which == FINDER_NATIVE
                             ? "<finder of native modules>"
                             : "<finder on sys.path>");
}

static Type finder_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "locksmith.Finder",
    .basic_size = sizeof(Finder),
    .kind = HEAP_LEAF,
    .flags = TYPE_NO_NEW,
    .getattr = finder_getattr,
    .repr = finder_repr,
};

void import_hooks_start(void) {
    type_ready(&finder_type);
    Value list = list_new();
    for (int i = 0; i < 2; i++) {
        Finder *finder = object_allocate(&finder_type);
        if (!finder)
            return;
        finder->which = i;
        own_finders[i] = value_from_object(finder);
        if (value_is_null(list) || list_append(list, own_finders[i]) < 0)
            return;
    }
    sys_set("meta_path", list);
    ref_release(list);
}

static int which_finder(Value v) { // -1: a program's
    for (int i = 0; i < 2; i++)
        if (value_same(v, own_finders[i]))
            return i;
    for (int i = 0; is_loaded() && i < FINDER_COUNT; i++)
        if (value_same(v, real_finders[i]))
            return i;
    return -1;
}

// ---- importlib ------------------------------------------------------------------------------

static Value native_find_and_load(Value self, const Value *args, size_t nargs) {
    if (!value_is_str(args[0]))
        return raise_type_error("module name must be str, not %T", args[0]);
    return import_by_name(args[0]); // does not look at the module: it may be a lazy one
}
static const NativeDef def_find_and_load =
    DEF_FIXED("_find_and_load", native_find_and_load, 2, 2, NULL);

// sys.path_hooks[0], as zipimport.zipimporter is in CPython, but zipimport is imported only for a
// file.
static Value native_archive_hook(Value self, Value path) {
    char *owned = NULL;
    const char *text = value_is_str(path) ? str_utf8_wtf(path, NULL, &owned) : NULL;
    struct stat st;
    // The path may go on within the archive: only a folder is certainly none.
    bool folder = text && (!*text || (stat(text, &st) == 0 && S_ISDIR(st.st_mode)));
    buffer_free(owned);
    if (folder)
        return raise_error(&exception_ImportError, "not an archive");
    error_clear();
    native_only++; // what it needs is not looked for in archives
    Value zipimport = import_module_cstr("zipimport");
    native_only--;
    Value class =
        value_is_null(zipimport) ? VALUE_NULL : value_getattr_cstr(zipimport, "zipimporter");
    Value importer = value_is_null(class) ? VALUE_NULL : value_call_one(class, path);
    ref_release(class);
    ref_release(zipimport);
    return importer;
}
static const NativeDef def_archive_hook = DEF_ONE("zipimporter", native_archive_hook, NULL);

// importlib's finders instead of ours in sys.meta_path, without the one that installing it
// appended.
static int exchange_finders(Value meta_path) {
    for (int64_t i = list_length(meta_path) - 1; i >= 0; i--) {
        Value item = list_get(meta_path, i);
        int which = value_is_null(item) ? -1 : which_finder(item);
        bool own = which >= 0 && value_same(item, own_finders[which]);
        ref_release(item);
        if (own && list_set(meta_path, i, real_finders[which]) < 0)
            return -1;
    }
    return 0;
}

// Modules imported before importlib was get what it would have given them.
static int renew_specs(void) {
    Value items = dict_items_list(import_modules_dict());
    int status = value_is_null(items) ? -1 : 0;
    for (int64_t i = 0; status == 0 && i < list_length(items); i++) {
        Value pair = list_get(items, i), spec = VALUE_NULL, origin = VALUE_NULL,
              search = VALUE_NULL;
        if (value_is_null(pair))
            break;
        Value name = tuple_item(pair, 0), module = tuple_item(pair, 1);
        if (value_is_str(name) && value_is_instance(module, &module_type) &&
            value_lookup_attr(module, name___spec__, &spec) > 0 &&
            value_is_exactly(spec, &namespace_type) &&
            value_lookup_attr_cstr(spec, "origin", &origin) > 0 &&
            value_lookup_attr(spec, name_submodule_search_locations, &search) > 0) {
            Value renewed = import_real_spec(name, origin, search), flag;
            if (!value_is_null(renewed) && value_lookup_attr(spec, name__initializing, &flag) > 0) {
                status = value_setattr(renewed, name__initializing, flag);
                ref_release(flag);
            }
            Value loader = VALUE_NULL, cached = VALUE_NULL;
            if (!value_is_null(renewed) && status == 0 &&
                value_lookup_attr_cstr(renewed, "loader", &loader) > 0)
                status = value_setattr(module, name___loader__, loader);
            if (!value_is_null(renewed) && status == 0 &&
                value_lookup_attr_cstr(renewed, "cached", &cached) > 0 && !value_is_none(cached))
                status = value_setattr(module, name___cached__, cached);
            if (value_is_null(renewed) || status < 0)
                status = -1;
            else
                status = value_setattr(module, name___spec__, renewed);
            ref_release(loader);
            ref_release(cached);
            ref_release(renewed);
        }
        ref_release(spec);
        ref_release(origin);
        ref_release(search);
        ref_release(pair);
        if (status == 0)
            error_clear();
    }
    ref_release(items);
    return status;
}

// What CPython says of __main__ from the start: a loader of its file, or that of builtin modules,
// which goes when the file becomes known.
static int set_main_loader(void) {
    Value main = dict_get_cstr(import_modules_dict(), "__main__");
    if (value_is_null(main))
        return error_occurred() ? -1 : 0;
    Value dict = module_dict(main), file = dict_get(dict, name___file__), loader = VALUE_NULL;
    Value known = dict_get(dict, name___loader__);
    int status = 0;
    bool has_file = !value_is_null(file) && value_is_str(file);
    if (value_is_null(known) || value_is_none(known) ||
        (has_file && value_same(known, real_finders[FINDER_NATIVE]))) {
        if (has_file) {
            int64_t length = str_length(file);
            bool compiled = length > 4 && str_at(file, length - 4) == '.' &&
                            str_at(file, length - 3) == 'p' && str_at(file, length - 2) == 'y' &&
                            str_at(file, length - 1) == 'c';
            Value class = value_getattr_cstr(bootstrap_external, compiled ? "SourcelessFileLoader"
                                                                          : "SourceFileLoader");
            Value name = str_from_cstr("__main__");
            loader = value_is_null(class) || value_is_null(name)
                         ? VALUE_NULL
                         : value_call_two(class, name, file);
            ref_release(name);
            ref_release(class);
        } else {
            loader = ref_new(real_finders[FINDER_NATIVE]);
        }
        status = value_is_null(loader) ? -1 : dict_set(dict, name___loader__, loader);
    }
    ref_release(known);
    ref_release(loader);
    ref_release(file);
    ref_release(main);
    return status;
}

void import_main_file_known(void) {
    if (is_loaded() && set_main_loader() < 0)
        error_report_unraisable("Exception ignored while setting __loader__ of", VALUE_NULL);
}

int import_set_magic(Value module) {
    uint8_t magic[4];
    import_cache_magic(magic);
    Value v = bytes_new(magic, 4);
    int status = value_is_null(v) ? -1 : value_setattr_cstr(module, "MAGIC_NUMBER", v);
    ref_release(v);
    return status < 0
               ? status
               : value_setattr_cstr(module, "_RAW_MAGIC_NUMBER",
                                    value_from_int((int64_t)magic[0] | magic[1] << 8 |
                                                   magic[2] << 16 | (int64_t)magic[3] << 24));
}

// The classes of importlib call themselves by the modules that CPython has frozen, and who picks
// out the finders that belong to the interpreter looks for these names.
static int rename_classes(Value module, const char *from, const char *to) {
    Value name = str_intern_cstr(to);
    Value items =
        value_is_null(name) ? name : value_call_method_cstr(module_dict(module), "values", NULL, 0);
    Value list = value_is_null(items) ? VALUE_NULL : list_from_iterable(items);
    ref_release(items);
    int status = value_is_null(list) ? -1 : 0;
    for (int64_t i = 0; status == 0 && i < list_length(list); i++) {
        Value item = list_get(list, i), module_name = VALUE_NULL;
        if (value_is_exactly(item, &type_type) &&
            value_lookup_attr_cstr(item, "__module__", &module_name) > 0 &&
            value_is_str(module_name) && str_equal_cstr(module_name, from))
            status = value_setattr_cstr(item, "__module__", name);
        ref_release(module_name);
        ref_release(item);
    }
    ref_release(list);
    ref_release(name);
    return status;
}

void import_importlib_loaded(void) {
    if (is_loaded())
        return;
    Value modules = import_modules_dict();
    bootstrap = dict_get_cstr(modules, "importlib._bootstrap");
    bootstrap_external = dict_get_cstr(modules, "importlib._bootstrap_external");
    Value meta_path = sys_get("meta_path"), hooks = VALUE_NULL;
    if (value_is_null(bootstrap) || value_is_null(bootstrap_external) || value_is_null(meta_path))
        goto fail;
    real_finders[FINDER_NATIVE] = value_getattr_cstr(bootstrap, "BuiltinImporter");
    real_finders[FINDER_FROZEN] = value_getattr_cstr(bootstrap, "FrozenImporter");
    real_finders[FINDER_PATH] = value_getattr_cstr(bootstrap_external, "PathFinder");
    Value r = value_call_method_cstr(bootstrap_external, "_install", &bootstrap, 1);
    ref_release(r);
    if (import_set_magic(bootstrap_external) < 0)
        goto fail;
    Value find_and_load = native_function_new(&def_find_and_load, VALUE_NULL, VALUE_NULL);
    hooks = sys_get("path_hooks");
    if (value_is_null(r) || value_is_null(real_finders[0]) || value_is_null(real_finders[1]) ||
        value_is_null(real_finders[2]) || value_is_null(find_and_load) || value_is_null(hooks) ||
        value_setattr_cstr(bootstrap, "_find_and_load", find_and_load) < 0 ||
        rename_classes(bootstrap, "importlib._bootstrap", "_frozen_importlib") < 0 ||
        rename_classes(bootstrap_external, "importlib._bootstrap_external",
                       "_frozen_importlib_external") < 0 ||
        dict_set_cstr(modules, "_frozen_importlib", bootstrap) < 0 ||
        dict_set_cstr(modules, "_frozen_importlib_external", bootstrap_external) < 0)
        goto fail;
    ref_release(find_and_load);
    if (value_is_list(meta_path) && list_length(meta_path) > 0) {
        ref_release(list_pop(meta_path, list_length(meta_path) - 1));
        if (exchange_finders(meta_path) < 0)
            goto fail;
    }
    if (value_is_list(hooks) && list_length(hooks) > 0) {
        path_hook = list_get(hooks, list_length(hooks) - 1);
        archive_hook = native_function_new(&def_archive_hook, VALUE_NULL, VALUE_NULL);
        if (value_is_null(archive_hook) || list_insert(hooks, 0, archive_hook) < 0)
            goto fail;
    }
    __atomic_store_n(&importlib_loaded, true, __ATOMIC_RELEASE);
    if (renew_specs() < 0 || set_main_loader() < 0)
        error_report_unraisable("Exception ignored while importing importlib", VALUE_NULL);
fail:
    if (error_occurred())
        error_report_unraisable("Exception ignored while importing importlib", VALUE_NULL);
    ref_release(meta_path);
    ref_release(hooks);
}

Value import_real_spec(Value name, Value origin, Value search) {
    if (!is_loaded())
        return VALUE_NULL;
    Value spec;
    if (value_is_none(origin) || str_equal_cstr(origin, "built-in")) {
        Value loader = value_is_none(origin) ? VALUE_NONE : real_finders[FINDER_NATIVE];
        Value args[3] = {name, loader, origin}, names = VALUE_NULL,
              origin_name = str_intern_cstr("origin");
        names = tuple_pack(1, origin_name);
        ref_release(origin_name);
        Value class = value_getattr_cstr(bootstrap, "ModuleSpec");
        spec = value_is_null(names) || value_is_null(class) ? VALUE_NULL
                                                            : value_call(class, args, 2, names);
        ref_release(names);
        ref_release(class);
        if (!value_is_null(spec) && !value_is_none(search) &&
            value_setattr(spec, name_submodule_search_locations, search) < 0) {
            ref_release(spec);
            return VALUE_NULL;
        }
    } else {
        Value args[3] = {name, origin, search};
        Value names = tuple_pack(1, name_submodule_search_locations);
        Value maker = value_getattr_cstr(bootstrap_external, "spec_from_file_location");
        spec = value_is_null(names) || value_is_null(maker) ? VALUE_NULL
                                                            : value_call(maker, args, 2, names);
        ref_release(names);
        ref_release(maker);
    }
    if (!value_is_null(spec) && value_setattr(spec, name__initializing, VALUE_TRUE) < 0) {
        ref_release(spec);
        return VALUE_NULL;
    }
    return spec;
}

// ---- asking finders -------------------------------------------------------------------------

// The pending exception's traceback without the frames of importlib it begins with.
static void trim_traceback(void) {
    Value exception = error_take(), traceback = exception_traceback(exception);
    while (!value_is_null(traceback)) {
        Traceback *t = (Traceback *)value_object(traceback);
        Value filename = code_of(frame_object_code(t->frame))->filename;
        char shown[4096];
        str_copy_bounded(filename, shown, sizeof shown);
        if (!strstr(shown, "<frozen importlib._bootstrap"))
            break;
        Value next = field_load(&t->header, &t->next);
        ref_release(traceback);
        traceback = next;
    }
    // An error of importlib's own keeps its place.
    if (!value_is_null(traceback) || value_is_instance(exception, &exception_ImportError))
        exception_set_traceback(exception, traceback);
    error_restore(exception);
}

static Value load_by_spec(Value spec) {
    if (load_importlib() < 0)
        return VALUE_NULL;
    Value module = value_call_method_cstr(bootstrap, "_load_unlocked", &spec, 1);
    if (value_is_null(module))
        trim_traceback();
    return module;
}

Value import_namespace_package(Value name, Value portions) {
    if (load_importlib() < 0)
        return VALUE_NULL;
    Value module = VALUE_NULL, spec = VALUE_NULL, path = VALUE_NULL;
    Value finder = value_getattr_cstr(real_finders[FINDER_PATH], "_get_spec");
    Value path_class = value_getattr_cstr(bootstrap_external, "_NamespacePath");
    Value spec_class = value_getattr_cstr(bootstrap, "ModuleSpec");
    if (!value_is_null(finder) && !value_is_null(path_class) && !value_is_null(spec_class)) {
        Value args[3] = {name, portions, finder};
        path = value_call(path_class, args, 3, VALUE_NULL);
        spec = value_is_null(path) ? VALUE_NULL : value_call_two(spec_class, name, VALUE_NONE);
        if (!value_is_null(spec) && value_setattr(spec, name_submodule_search_locations, path) == 0)
            module = load_by_spec(spec);
    }
    ref_release(finder);
    ref_release(path_class);
    ref_release(spec_class);
    ref_release(path);
    ref_release(spec);
    return module;
}

// What a finder written in Python says: 1 *module loaded, 0 not its, -1. It is asked under the
// import lock, as by importlib.
static int ask(Value finder, Value name, Value path, Value *module) {
    Value method, spec;
    imp_lock_take();
    int found = value_lookup_attr(finder, name_find_spec, &method);
    if (found > 0) {
        Value args[3] = {name, path, VALUE_NONE};
        spec = value_call(method, args, 3, VALUE_NULL);
        ref_release(method);
    } else if (found == 0) { // it may be one of the time before PEP 451
        Value args[3] = {finder, name, path};
        spec = load_importlib() < 0
                   ? VALUE_NULL
                   : value_call_method_cstr(bootstrap, "_find_spec_legacy", args, 3);
    } else {
        spec = VALUE_NULL;
    }
    imp_lock_drop();
    if (value_is_null(spec))
        return -1;
    if (value_is_none(spec)) {
        ref_release(spec);
        return 0;
    }
    *module = load_by_spec(spec);
    ref_release(spec);
    return value_is_null(*module) ? -1 : 1;
}

int import_by_finders(Value name, Value leaf, Value path, Value *module) {
    *module = VALUE_NULL;
    if (native_only)
        return 0;
    Value list = sys_get("meta_path");
    if (value_is_null(list))
        return raise_int(&exception_RuntimeError, "unable to get sys.meta_path");
    if (!value_is_list(list)) {
        bool none = value_is_none(list);
        ref_release(list);
        return none ? raise_int(&exception_ImportError,
                                "sys.meta_path is None, Python is likely shutting down")
                    : 0;
    }
    Value finders = list_to_tuple(list);
    ref_release(list);
    if (value_is_null(finders))
        return -1;
    bool native = false, files = false, others = false;
    int status = -1;
    if (tuple_length(finders) == 0 &&
        warn(&exception_ImportWarning, 1, "sys.meta_path is empty") < 0)
        goto done;
    for (int64_t i = 0; i < tuple_length(finders); i++) {
        int which = which_finder(tuple_item(finders, i));
        native |= which == FINDER_NATIVE;
        files |= which == FINDER_PATH;
        others |= which < 0;
    }
    if (native && files && !others) {
        status = 0;
        goto done;
    }
    for (int64_t i = 0; i < tuple_length(finders); i++) {
        Value finder = tuple_item(finders, i);
        switch (which_finder(finder)) {
        case FINDER_NATIVE:
            *module = import_find_native(name);
            break;
        case FINDER_PATH:
            *module = import_find_file(name, leaf, path);
            break;
        case FINDER_FROZEN:
            break;
        default:
            if (ask(finder, name, path, module) < 0)
                goto done;
        }
        if (!value_is_null(*module)) {
            status = 1;
            break;
        }
        if (error_occurred())
            break;
    }
done:
    ref_release(finders);
    return status;
}

// Is an entry of the path a file: an archive?
static bool has_archive(Value path) {
    bool found = false;
    for (int64_t i = 0; !found && i < list_length(path); i++) {
        Value item = list_get(path, i);
        if (value_is_null(item))
            break;
        char *owned = NULL;
        const char *text = value_is_str(item) ? str_utf8_wtf(item, NULL, &owned) : NULL;
        struct stat st;
        // A path that goes on behind a file is one within the archive.
        found = text && *text && (stat(text, &st) == 0 ? S_ISREG(st.st_mode) : errno == ENOTDIR);
        buffer_free(owned);
        ref_release(item);
    }
    error_clear();
    return found;
}

int import_by_path_hooks(Value name, Value path, Value *module) {
    *module = VALUE_NULL;
    if (native_only || !value_is_list(path))
        return 0;
    Value hooks = sys_get("path_hooks");
    if (value_is_null(hooks) || !value_is_list(hooks)) {
        ref_release(hooks);
        return 0;
    }
    // Only hooks that are known, or not even those.
    bool plain = true;
    for (int64_t i = 0; plain && i < list_length(hooks); i++) {
        Value hook = list_get(hooks, i);
        plain = is_loaded() && (value_same(hook, path_hook) || value_same(hook, archive_hook));
        ref_release(hook);
    }
    error_clear();
    bool archive = plain && has_archive(path);
    if (plain && !archive) {
        ref_release(hooks);
        return 0;
    }
    int status = -1;
    native_only++; // what is needed for asking is not asked for
    bool ready = load_importlib() == 0;
    native_only--;
    if (ready)
        status = ask(real_finders[FINDER_PATH], name, path, module);
    ref_release(hooks);
    return status > 0 ? 1 : -1;
}
