// SPDX-License-Identifier: MIT
//
// What `import` and `from ... import` do with names: relative names made absolute, packages' lists
// of names, `import *`. The modules themselves come from import.c. Everything here may run Python
// code.
#include "vm/runtime/errors.h"
#include "vm/runtime/import.h"
#include "vm/types/dict.h"
#include "vm/types/list.h"
#include "vm/types/module.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"

// An entry of globals, new reference; VALUE_NULL with *failed unchanged: none, or None.
static Value globals_entry(Value globals, Value name, bool *failed) {
    Value v = dict_get_str(globals, name);
    if (value_is_null(v)) {
        *failed |= error_occurred();
    } else if (value_is_none(v)) {
        ref_release(v);
        return VALUE_NULL;
    }
    return v;
}

// The package that a module with these globals (a dict) is in, for relative imports: a str, new
// reference. Where __package__ and __spec__ do not say it, or do not agree, programs are warned.
static Value package_of_globals(Value globals) {
    bool failed = false;
    Value package = globals_entry(globals, name___package__, &failed), parent = VALUE_NULL;
    Value spec = failed ? VALUE_NULL : globals_entry(globals, name___spec__, &failed);
    if (failed)
        goto fail;
    if (!value_is_null(spec)) {
        parent = value_getattr_cstr(spec, "parent");
        if (value_is_null(parent))
            goto fail;
    }
    if (!value_is_null(package)) {
        if (!value_is_str(package)) {
            raise_type_error("package must be a string");
            goto fail;
        }
        if (!value_is_null(parent)) {
            int equal = value_equals(package, parent);
            if (equal < 0 ||
                (!equal && warn(&exception_ImportWarning, 1, "__package__ != __spec__.parent") < 0))
                goto fail;
        }
    } else if (!value_is_null(parent)) {
        if (!value_is_str(parent)) {
            raise_type_error("__spec__.parent must be a string");
            goto fail;
        }
        package = ref_new(parent);
    } else {
        if (warn(&exception_ImportWarning, 1,
                 "can't resolve package from __spec__ or __package__, falling back on __name__ "
                 "and __path__") < 0)
            goto fail;
        package = dict_get_str(globals, name___name__);
        if (value_is_null(package)) {
            if (!error_occurred())
                raise_error(&exception_KeyError, "'__name__' not in globals");
            goto fail;
        }
        if (!value_is_str(package)) {
            raise_type_error("__name__ must be a string");
            goto fail;
        }
        if (!dict_contains(globals, name___path__)) {
            Value above = import_parent_name(package);
            ref_release(package);
            package = above;
        }
    }
    ref_release(spec);
    ref_release(parent);
    return package;
fail:
    ref_release(package);
    ref_release(spec);
    ref_release(parent);
    return VALUE_NULL;
}

// The absolute name that `level` dots and name mean in a module with these globals.
static Value resolve(Value name, Value globals, int level) {
    if (value_is_null(globals))
        return raise_error(&exception_KeyError, "'__name__' not in globals");
    if (!value_is_dict(globals))
        return raise_type_error("globals must be a dict");
    Value package = package_of_globals(globals);
    if (value_is_null(package))
        return package;
    if (str_length(package) == 0) {
        ref_release(package);
        return raise_error(&exception_ImportError,
                           "attempted relative import with no known parent package");
    }
    for (int i = 1; i < level; i++) {
        Value up = import_parent_name(package);
        ref_release(package);
        package = up;
        if (value_is_null(up) || str_length(up) == 0) {
            ref_release(up);
            return raise_error(&exception_ImportError,
                               "attempted relative import beyond top-level package");
        }
    }
    if (str_length(name) == 0)
        return package;
    Value absolute = str_format("%V.%V", package, name);
    ref_release(package);
    return value_is_null(absolute) ? absolute : str_intern(absolute);
}

// Imports the submodules that a fromlist names, where the package has no such attribute.
// in_all: the list is the package's __all__, where a '*' means nothing.
static int import_fromlist(Value module, Value fromlist, bool in_all) {
    Value path;
    int is_package = value_lookup_attr(module, name___path__, &path);
    if (is_package <= 0)
        return is_package;
    ref_release(path);
    Value iterator = value_iter(fromlist), item, own = VALUE_NULL;
    if (value_is_null(iterator))
        return -1;
    int status = 0;
    while (status == 0 && !value_is_null(item = value_next(iterator))) {
        if (!value_is_str(item)) {
            status = -1;
            if (in_all) {
                Value own_name = value_getattr(module, name___name__);
                if (!value_is_null(own_name))
                    raise_type_error("Item in %V.__all__ must be str, not %T", own_name, item);
                ref_release(own_name);
            } else {
                raise_type_error("Item in ``from list'' must be str, not %T", item);
            }
        } else if (str_equal_cstr(item, "*")) {
            Value all;
            int found = in_all ? 0 : value_lookup_attr(module, name___all__, &all);
            status = found < 0 ? -1 : 0;
            if (found > 0) {
                status = import_fromlist(module, all, true);
                ref_release(all);
            }
        } else {
            Value v;
            int found = value_lookup_attr(module, item, &v);
            if (found > 0)
                ref_release(v);
            status = found < 0 ? -1 : 0;
            if (found == 0) {
                if (value_is_null(own))
                    own = value_getattr(module, name___name__);
                Value full = value_is_null(own) ? VALUE_NULL : str_format("%V.%V", own, item);
                Value child = value_is_null(full) ? VALUE_NULL : import_by_name(full);
                if (value_is_null(child)) {
                    // Only its absence is forgiven (the import statement then complains itself),
                    // and only if sys.modules does not forbid it with None.
                    Value missing = VALUE_NULL;
                    if (error_matches(&exception_ModuleNotFoundError)) {
                        Value pending = error_take();
                        value_lookup_attr(pending, name_name, &missing);
                        Value entry = dict_get(import_modules_dict(), full);
                        if (!value_is_null(missing) && value_is_str(missing) &&
                            str_equal(missing, full) &&
                            (value_is_null(entry) || !value_is_none(entry)))
                            ref_release(pending);
                        else
                            error_restore(pending);
                        ref_release(entry);
                    }
                    ref_release(missing);
                    status = error_occurred() ? -1 : 0;
                }
                ref_release(child);
                ref_release(full);
            }
        }
        ref_release(item);
    }
    ref_release(iterator);
    ref_release(own);
    return status < 0 || error_occurred() ? -1 : 0;
}

Value import_module(Value name, Value globals, Value fromlist, int level) {
    Value absolute;
    if (level > 0)
        absolute = resolve(name, globals, level);
    else if (str_length(name) == 0)
        return raise_value_error("Empty module name");
    else
        absolute = ref_new(name);
    if (value_is_null(absolute))
        return VALUE_NULL;
    Value module = import_by_name(absolute);
    if (value_is_null(module))
        goto done;
    int has_list = value_truth(fromlist);
    if (has_list > 0) {
        if (import_fromlist(module, fromlist, false) < 0) {
            ref_release(module);
            module = VALUE_NULL;
        }
        goto done;
    }
    // `import a.b` gives a; `from . import`-like calls without a list give the part named
    // relatively.
    int64_t first = str_find_char(name, '.', 0, str_length(name));
    if (first >= 0 || level > 0) {
        int64_t keep = str_length(absolute);
        if (first >= 0)
            keep -= str_length(name) - first;
        if (keep < str_length(absolute)) {
            Value head = str_substring(absolute, 0, keep);
            ref_release(module);
            module = value_is_null(head) ? VALUE_NULL : import_by_name(head);
            ref_release(head);
        }
    }
done:
    ref_release(absolute);
    return module;
}

Value import_from(Value module, Value name) {
    Value v;
    int found = value_lookup_attr(module, name, &v);
    if (found)
        return found < 0 ? VALUE_NULL : v;
    // A submodule that is imported but not yet bound (circular imports).
    Value own = VALUE_NULL, file = VALUE_NULL;
    if (value_lookup_attr(module, name___name__, &own) < 0)
        return VALUE_NULL;
    if (!value_is_null(own) && value_is_str(own)) {
        Value full = str_format("%V.%V", own, name);
        v = value_is_null(full) ? VALUE_NULL : dict_get(import_modules_dict(), full);
        ref_release(full);
        if (!value_is_null(v) || error_occurred()) {
            ref_release(own);
            return v;
        }
    }
    bool partial = false;
    Value spec;
    if (value_lookup_attr(module, name___spec__, &spec) > 0) {
        Value flag;
        if (value_lookup_attr(spec, name__initializing, &flag) > 0) {
            partial = value_truth(flag) > 0;
            ref_release(flag);
        }
        ref_release(spec);
    }
    error_clear();
    if (value_lookup_attr(module, name___file__, &file) <= 0)
        error_clear();
    Value shown = value_is_null(own) ? VALUE_NONE : own;
    Value where = value_is_null(file) ? str_from_cstr("unknown location") : ref_new(file);
    Value message =
        value_is_null(own) || !value_is_str(own)
            ? str_format("cannot import name %R from '<unknown module name>' (%V)", name, where)
        : partial
            ? str_format(
                  "cannot import name %R from partially initialized module %R (most likely due "
                  "to a circular import) (%V)",
                  name, shown, where)
            : str_format("cannot import name %R from %R (%V)", name, shown, where);
    Value names = tuple_pack(2, name_name, name_path);
    Value args[3] = {message, shown, value_is_null(file) ? VALUE_NONE : file};
    Value e = value_is_null(message) || value_is_null(names)
                  ? VALUE_NULL
                  : value_call(value_from_object(&exception_ImportError), args, 1, names);
    if (!value_is_null(e))
        raise_object(e);
    ref_release(e);
    ref_release(names);
    ref_release(message);
    ref_release(where);
    ref_release(own);
    ref_release(file);
    return VALUE_NULL;
}

int import_star(Value module, Value namespace) {
    Value all, names, dict;
    int has_all = value_lookup_attr(module, name___all__, &all);
    if (has_all < 0)
        return -1;
    if (has_all) {
        names = all;
    } else {
        if (value_lookup_attr(module, name___dict__, &dict) <= 0)
            return error_occurred()
                       ? -1
                       : raise_int(&exception_ImportError,
                                   "from-import-* object has no __dict__ and no __all__");
        Value keys = value_call_method(dict, name_keys, NULL, 0);
        names = value_is_null(keys) ? VALUE_NULL : list_from_iterable(keys);
        ref_release(keys);
        ref_release(dict);
    }
    Value iterator = value_is_null(names) ? VALUE_NULL : value_iter(names), name;
    ref_release(names);
    if (value_is_null(iterator))
        return -1;
    int status = 0;
    while (status == 0 && !value_is_null(name = value_next(iterator))) {
        if (!value_is_str(name)) {
            Value own = value_getattr(module, name___name__);
            if (!value_is_null(own) && value_is_str(own))
                raise_type_error(has_all ? "Item in %V.__all__ must be str, not %T"
                                         : "Key in %V.__dict__ must be str, not %T",
                                 own, name);
            else if (!error_occurred())
                raise_type_error("module __name__ must be a string, not %T", own);
            ref_release(own);
            status = -1;
        } else if (has_all || str_length(name) == 0 || str_at(name, 0) != '_') {
            Value v = value_getattr(module, name);
            status = value_is_null(v) ? -1 : value_setitem(namespace, name, v);
            ref_release(v);
        }
        ref_release(name);
    }
    ref_release(iterator);
    return status < 0 || error_occurred() ? -1 : 0;
}
