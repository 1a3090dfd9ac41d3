// SPDX-License-Identifier: MIT
//
// `_warnings`: deciding what becomes of a warning. The filters in force are those of the library's
// `warnings` module once it is imported (programs replace its list), before that the default ones
// here.
#include "vm/modules/warnings_module.h"
#include "locks/mutex.h"
#include "vm/interp/frame.h"
#include "vm/interp/frame_object.h"
#include "vm/runtime/errors.h"
#include "vm/runtime/start.h"
#include "vm/types/dict.h"
#include "vm/types/exceptions.h"
#include "vm/types/function.h"
#include "vm/types/int.h"
#include "vm/types/list.h"
#include "vm/types/module.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"
#include <stdlib.h>
#include <string.h>

// Made with the module, then constant references; the objects have locks of their own.
static Value default_filters, once_registry, default_action;
// The filters that the library module had last: they hold if it has none any more.
static Mutex last_mutex = MUTEX_INIT;
static Value last_filters;      // VALUE_NULL at first; guarded by last_mutex
static int64_t filters_version; // relaxed atomic

// The library module's attribute if it is imported, else fallback; new reference.
static Value current(const char *name, Value fallback) {
    Value key = str_intern_cstr("warnings");
    Value module = dict_get(import_modules_dict(), key), v = VALUE_NULL;
    ref_release(key);
    if (!value_is_null(module)) {
        if (value_lookup_attr_cstr(module, name, &v) <= 0)
            v = VALUE_NULL;
        ref_release(module);
    }
    error_clear();
    return value_is_null(v) ? ref_new(fallback) : v;
}

// The filters in force, new reference.
static Value filters_now(void) {
    mutex_lock(&last_mutex);
    Value last = ref_new(value_is_null(last_filters) ? default_filters : last_filters);
    mutex_unlock(&last_mutex);
    Value filters = current("filters", last);
    if (!value_same(filters, last)) {
        mutex_lock(&last_mutex);
        Value old = last_filters;
        last_filters = ref_new(filters);
        mutex_unlock(&last_mutex);
        ref_release(old);
    }
    ref_release(last);
    return filters;
}

// None matches all; a str must be equal; anything else has a match method. 1, 0, -1.
static int pattern_matches(Value pattern, Value text) {
    if (value_is_none(pattern))
        return 1;
    if (value_is_exact_str(pattern))
        return value_equals(pattern, text);
    Value r = value_call_method_cstr(pattern, "match", &text, 1);
    if (value_is_null(r))
        return -1;
    int truth = value_truth(r);
    ref_release(r);
    return truth;
}

// The action for a warning, new reference.
static Value find_action(Value category, Value text, Value module, int64_t line) {
    Value filters = filters_now(), action = VALUE_NULL;
    for (int64_t i = 0; value_is_list(filters) && i < list_length(filters) && value_is_null(action);
         i++) {
        Value item = list_get(filters, i);
        if (value_is_null(item)) {
            error_clear();
            break;
        }
        int64_t at;
        if (!value_is_tuple(item) || tuple_length(item) != 5) {
            raise_value_error("warnings.filters item %lld isn't a 5-tuple", (long long)i);
        } else {
            int matches = pattern_matches(tuple_item(item, 1), text);
            if (matches > 0)
                matches = value_is_subclass_of(category, tuple_item(item, 2));
            if (matches > 0)
                matches = pattern_matches(tuple_item(item, 3), module);
            if (matches > 0 && value_to_i64(tuple_item(item, 4), &at) == 0 &&
                (at == 0 || at == line))
                action = ref_new(tuple_item(item, 0));
        }
        ref_release(item);
        if (error_occurred())
            break;
    }
    ref_release(filters);
    if (error_occurred()) {
        ref_release(action);
        return VALUE_NULL;
    }
    return value_is_null(action) ? current("defaultaction", default_action) : action;
}

// Was key seen before? Marks it. 1, 0, -1.
static int already(Value registry, Value key) {
    Value before = dict_get(registry, key);
    if (value_is_null(before)) {
        if (error_occurred())
            return -1;
        return dict_set(registry, key, VALUE_TRUE) < 0 ? -1 : 0;
    }
    int truth = value_truth(before);
    ref_release(before);
    return truth;
}

// A registry made under other filters is out of date. 0 or -1.
static int refresh(Value registry) {
    Value name = str_intern_cstr("version");
    Value version = dict_get(registry, name);
    int64_t now = __atomic_load_n(&filters_version, __ATOMIC_RELAXED);
    bool same = value_is_int(version) && value_int(version) == now;
    ref_release(version);
    int status = 0;
    if (!same)
        status = dict_clear(registry) < 0 ? -1 : dict_set(registry, name, value_from_int(now));
    ref_release(name);
    return status;
}

// Without the library's module: "file:line: Category: text" and the line.
static int show_natively(Value category, Value text, Value filename, int64_t line) {
    Value file = sys_get("stderr");
    if (value_is_null(file) || value_is_none(file)) {
        ref_release(file);
        return 0;
    }
    Value name = value_getattr(category, name___name__);
    Value shown = value_is_null(name)
                      ? name
                      : str_format("%V:%lld: %V: %V\n", filename, (long long)line, name, text);
    char *source = value_is_null(shown) ? NULL : exception_source_line(filename, (int)line);
    if (source) {
        char *start = source + strspn(source, " \t\f");
        for (size_t n = strlen(start); n && (start[n - 1] == ' ' || start[n - 1] == '\t'); n--)
            start[n - 1] = 0;
        Value with_line = *start ? str_format("%V  %s\n", shown, start) : ref_new(shown);
        ref_release(shown);
        shown = with_line;
        free(source);
    }
    Value r = value_is_null(shown) ? shown : value_call_method(file, name_write, &shown, 1);
    error_clear(); // a warning that cannot be shown is no error
    ref_release(r);
    ref_release(shown);
    ref_release(name);
    ref_release(file);
    return 0;
}

static int show(Value message, Value category, Value text, Value filename, int64_t line,
                Value source) {
    // Only the library can tell where the source was made; it is too late to import it at the end.
    if (value_is_null(source) || value_is_none(source) || start_is_finishing()) {
        Value loaded = dict_get_str(import_modules_dict(), name_warnings);
        if (value_is_null(loaded))
            return error_occurred() ? -1 : show_natively(category, text, filename, line);
        ref_release(loaded);
    }
    Value warnings = import_module_cstr("warnings");
    if (value_is_null(warnings))
        return -1;
    Value maker = VALUE_NULL, shower = VALUE_NULL;
    int status = -1, has = value_lookup_attr_cstr(warnings, "_showwarnmsg", &shower);
    if (has == 0)
        status = show_natively(category, text, filename, line);
    else if (has > 0 && !value_is_callable(shower))
        raise_type_error("warnings._showwarnmsg() must be set to a callable");
    else if (has > 0)
        maker = value_getattr_cstr(warnings, "WarningMessage");
    if (!value_is_null(maker)) {
        Value args[7] = {message,
                         category,
                         filename,
                         value_from_int(line),
                         VALUE_NONE,
                         VALUE_NONE,
                         value_is_null(source) ? VALUE_NONE : source};
        Value object = value_call(maker, args, 7, VALUE_NULL);
        Value r = value_is_null(object) ? object : value_call_one(shower, object);
        status = value_is_null(r) ? -1 : 0;
        ref_release(r);
        ref_release(object);
    }
    ref_release(maker);
    ref_release(shower);
    ref_release(warnings);
    return status;
}

static Value explicit_warning(Value message, Value category, Value filename, int64_t line,
                              Value module, Value registry, Value source) {
    bool is_instance = value_is_instance(message, &exception_Warning);
    Value text = is_instance ? value_str(message) : ref_new(message);
    if (value_is_null(text))
        return text;
    Value instance, action = VALUE_NULL, key = VALUE_NULL, result = VALUE_NULL;
    if (is_instance) {
        category = value_from_object(value_type(message));
        instance = ref_new(message);
    } else {
        instance = value_call_one(category, message);
    }
    if (value_is_null(instance))
        goto done;
    key = tuple_pack(3, text, category, value_from_int(line));
    bool has_registry = !value_is_null(registry) && !value_is_none(registry);
    if (has_registry) {
        if (refresh(registry) < 0)
            goto done;
        Value before = dict_get(registry, key);
        int seen = value_is_null(before) ? (error_occurred() ? -1 : 0) : value_truth(before);
        ref_release(before);
        if (seen) {
            result = seen < 0 ? VALUE_NULL : none_new();
            goto done;
        }
    }
    action = find_action(category, text, module, line);
    if (value_is_null(action))
        goto done;
    if (!value_is_str(action)) {
        raise_type_error("action must be a string, not '%T'", action);
        goto done;
    }
    if (str_equal_cstr(action, "error")) {
        raise_object(instance);
        goto done;
    }
    if (str_equal_cstr(action, "ignore")) {
        result = none_new();
        goto done;
    }
    int seen = 0;
    if (!str_equal_cstr(action, "always")) {
        if (has_registry && dict_set(registry, key, VALUE_TRUE) < 0)
            goto done;
        if (str_equal_cstr(action, "once")) {
            Value once = current("onceregistry", once_registry),
                  short_key = tuple_pack(2, text, category);
            seen = already(once, short_key);
            ref_release(once);
            ref_release(short_key);
        } else if (str_equal_cstr(action, "module")) {
            Value short_key = tuple_pack(3, text, category, value_from_int(0));
            seen = has_registry ? already(registry, short_key) : 0;
            ref_release(short_key);
        } else if (!str_equal_cstr(action, "default")) {
            raise_error(&exception_RuntimeError,
                        "Unrecognized action (%R) in warnings.filters:\n %R", action, VALUE_NONE);
            goto done;
        }
    }
    if (seen == 0 && show(instance, category, text, filename, line, source) < 0)
        seen = -1;
    result = seen < 0 ? VALUE_NULL : none_new();
done:
    ref_release(text);
    ref_release(instance);
    ref_release(key);
    ref_release(action);
    return result;
}

static Value warnings_warn(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"message", "category", "stacklevel", "source", NULL};
    Value v[4];
    int64_t level = 1;
    if (arguments_parse("warn", args, nargs, kwnames, names, 0, 4, 1, v) < 0 ||
        (!value_is_null(v[2]) && value_to_i64(v[2], &level) < 0))
        return VALUE_NULL;
    Value category = v[1];
    if (value_is_instance(v[0], &exception_Warning))
        category = value_from_object(value_type(v[0]));
    else if (value_is_null(category) || value_is_none(category))
        category = value_from_object(&exception_UserWarning);
    if (!value_has_flag(category, TYPE_TYPE_SUBCLASS) ||
        !type_is_subtype((Type *)value_object(category), &exception_Warning))
        return raise_type_error("category must be a Warning subclass, not '%T'", category);
    Frame *frame = thread_current()->frame;
    for (int64_t i = 1; i < level && frame; i++)
        frame = frame_previous(frame);
    Value globals, filename;
    int64_t line = 1;
    if (frame) {
        globals = frame_function(frame)->globals;
        filename = ref_new(frame_code(frame)->filename);
        line = frame_line(frame);
    } else {
        Value sys = import_module_cstr("sys");
        globals = module_dict(sys);
        ref_release(sys);
        filename = str_from_cstr("sys");
    }
    Value registry_name = str_intern_cstr("__warningregistry__"), fresh = dict_new();
    Value registry = value_is_null(fresh) ? fresh : dict_setdefault(globals, registry_name, fresh);
    ref_release(registry_name);
    ref_release(fresh);
    Value module = value_is_null(registry) ? VALUE_NULL : dict_get_str(globals, name___name__);
    if (value_is_null(module) || !value_is_str(module)) {
        ref_release(module);
        module = str_from_cstr("<string>");
    }
    Value result = value_is_null(registry)
                       ? VALUE_NULL
                       : explicit_warning(v[0], category, filename, line, module, registry, v[3]);
    ref_release(registry);
    ref_release(module);
    ref_release(filename);
    return result;
}

int warn_of_resource(Value source, const char *format, ...) {
    va_list list;
    va_start(list, format);
    Value message = str_format_va(format, list);
    va_end(list);
    if (value_is_null(message))
        return -1;
    Value args[4] = {message, value_from_object(&exception_ResourceWarning), value_from_int(1),
                     source};
    Value result = warnings_warn(VALUE_NULL, args, 4, VALUE_NULL);
    ref_release(message);
    if (value_is_null(result))
        return -1;
    ref_release(result);
    return 0;
}

static Value warnings_warn_explicit(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"message",        "category", "filename",
                                        "lineno",         "module",   "registry",
                                        "module_globals", "source",   NULL};
    Value v[8];
    int64_t line;
    if (arguments_parse("warn_explicit", args, nargs, kwnames, names, 0, 8, 4, v) < 0 ||
        value_to_i64(v[3], &line) < 0)
        return VALUE_NULL;
    if (!value_is_str(v[2]))
        return raise_type_error("warn_explicit() argument 3 must be str, not %G", v[2]);
    if (!value_is_null(v[6]) && !value_is_none(v[6]) && !value_is_dict(v[6]))
        return raise_type_error("module_globals must be a dict, not '%T'", v[6]);
    Value module;
    if (!value_is_null(v[4]) && !value_is_none(v[4])) {
        module = ref_new(v[4]);
    } else {
        int64_t n = str_length(v[2]);
        bool python = n > 3 && str_at(v[2], n - 3) == '.' && str_at(v[2], n - 2) == 'p' &&
                      str_at(v[2], n - 1) == 'y';
        module = n == 0   ? str_from_cstr("<unknown>")
                 : python ? str_substring(v[2], 0, n - 3)
                          : ref_new(v[2]);
    }
    if (value_is_null(module))
        return module;
    if (!value_is_null(v[5]) && !value_is_none(v[5]) && !value_is_dict(v[5])) {
        ref_release(module);
        return raise_type_error("'registry' must be a dict or None");
    }
    Value result = explicit_warning(v[0], v[1], v[2], line, module, v[5], v[7]);
    ref_release(module);
    return result;
}

static Value warnings_filters_mutated(Value self) {
    __atomic_add_fetch(&filters_version, 1, __ATOMIC_RELAXED);
    return none_new();
}

static const NativeDef warnings_functions[] = {
    DEF_VECTOR("warn", warnings_warn, "Issue a warning about the calling code."),
    DEF_VECTOR("warn_explicit", warnings_warn_explicit, "Issue a warning about a given place."),
    DEF_NONE("_filters_mutated", warnings_filters_mutated, NULL),
    DEF_END,
};

static int add_filter(const char *action, Type *category, const char *module) {
    Value a = str_intern_cstr(action), m = module ? str_intern_cstr(module) : none_new();
    Value filter = tuple_pack(5, a, VALUE_NONE, value_from_object(category), m, value_from_int(0));
    ref_release(a);
    ref_release(m);
    return value_is_null(filter) ? -1 : list_append_owned(default_filters, filter);
}

static int warnings_fill(Value module) {
    if (value_is_null(default_filters)) {
        default_filters = list_new();
        once_registry = dict_new();
        default_action = str_intern_cstr("default");
        if (value_is_null(default_filters) || value_is_null(once_registry) ||
            add_filter("default", &exception_DeprecationWarning, "__main__") < 0 ||
            add_filter("ignore", &exception_DeprecationWarning, NULL) < 0 ||
            add_filter("ignore", &exception_PendingDeprecationWarning, NULL) < 0 ||
            add_filter("ignore", &exception_ImportWarning, NULL) < 0 ||
            add_filter("ignore", &exception_ResourceWarning, NULL) < 0)
            return -1;
    }
    if (module_add(module, "filters", ref_new(default_filters)) < 0 ||
        module_add(module, "_onceregistry", ref_new(once_registry)) < 0)
        return -1;
    return module_add(module, "_defaultaction", ref_new(default_action));
}

const NativeModule module_warnings = {"_warnings", "What becomes of warnings.", warnings_functions,
                                      warnings_fill};
