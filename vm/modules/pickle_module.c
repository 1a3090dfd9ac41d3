// SPDX-License-Identifier: MIT
//
// The module _pickle: dump, dumps, load and loads, and what the other files share.
#include "vm/modules/exception_class.h"
#include "vm/modules/pickle_internal.h"
#include "vm/types/bytes.h"
#include "vm/types/dict.h"
#include "vm/types/function.h"
#include "vm/types/module.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"

PickleShared pickle_shared;

// ---- shared ------------------------------------------------------------------------------------

static int raise_as(Value class, const char *format, va_list args) {
    Value text = str_format_va(format, args);
    if (!value_is_null(text))
        raise_error((Type *)value_object(class), "%V", text);
    ref_release(text);
    return -1;
}
int pickle_raise_pickling(const char *format, ...) {
    va_list args;
    va_start(args, format);
    int status = raise_as(pickle_shared.pickling_error, format, args);
    va_end(args);
    return status;
}
int pickle_raise_unpickling(const char *format, ...) {
    va_list args;
    va_start(args, format);
    int status = raise_as(pickle_shared.unpickling_error, format, args);
    va_end(args);
    return status;
}

Value pickle_import(Value name) {
    Value top = import_module(name, VALUE_NULL, VALUE_NONE, 0);
    if (value_is_null(top) || str_find_char(name, '.', 0, str_length(name)) < 0)
        return top;
    ref_release(top);
    Value module = value_getitem(import_modules_dict(), name);
    return module;
}

// The part of a dotted path that begins at start, with its end in *end. New reference.
static Value path_part(Value path, int64_t start, int64_t *end) {
    int64_t length = str_length(path);
    *end = str_find_char(path, '.', start, length);
    if (*end < 0)
        *end = length;
    return str_substring(path, start, *end);
}

bool pickle_path_is_local(Value path) {
    int64_t length = str_length(path), at = 0;
    while ((at = str_find_char(path, '<', at, length)) >= 0) {
        int64_t end = at + 8;
        Value part = end <= length ? str_substring(path, at, end) : VALUE_NULL;
        bool local = !value_is_null(part) && str_equal_cstr(part, "<locals>") &&
                     (at == 0 || str_at(path, at - 1) == '.') &&
                     (end == length || str_at(path, end) == '.');
        ref_release(part);
        if (local)
            return true;
        at++;
    }
    return false;
}

Value pickle_deep_attribute(Value object, Value path, Value *parent, int *found) {
    Value at = ref_new(object), before = VALUE_NULL;
    int64_t length = str_length(path), end = -1;
    *found = 1;
    if (pickle_path_is_local(path))
        *found = 0;
    for (int64_t start = 0; *found > 0 && start <= length; start = end + 1) {
        Value name = path_part(path, start, &end), next = VALUE_NULL;
        *found = value_is_null(name) ? -1 : value_lookup_attr(at, name, &next);
        ref_release(name);
        ref_release(before);
        before = at;
        at = next;
    }
    if (*found <= 0) {
        ref_release(at);
        at = VALUE_NULL;
    }
    if (parent && *found > 0)
        *parent = before;
    else
        ref_release(before);
    return at;
}

// ---- names of Python 2
// ---------------------------------------------------------------------------

int pickle_translate(Value *module, Value *name, bool from_2) {
    const char *reverse = from_2 ? "" : "REVERSE_";
    Value key = tuple_pack(2, *module, *name);
    Value names = from_2 ? pickle_shared.names_of_2 : pickle_shared.names_of_3;
    Value item = value_is_null(key) ? key : dict_get(names, key);
    ref_release(key);
    if (!value_is_null(item)) {
        int status = 0;
        if (!value_is_tuple(item) || tuple_length(item) != 2) {
            status = raise_int(&exception_RuntimeError,
                               "_compat_pickle.%sNAME_MAPPING values should be 2-tuples, not %T",
                               reverse, item);
        } else if (!value_is_str(tuple_item(item, 0)) || !value_is_str(tuple_item(item, 1))) {
            status = raise_int(&exception_RuntimeError,
                               "_compat_pickle.%sNAME_MAPPING values should be pairs of str, not "
                               "(%T, %T)",
                               reverse, tuple_item(item, 0), tuple_item(item, 1));
        } else {
            ref_release(*module);
            ref_release(*name);
            *module = ref_new(tuple_item(item, 0));
            *name = ref_new(tuple_item(item, 1));
        }
        ref_release(item);
        return status;
    }
    if (error_occurred())
        return -1;
    item = dict_get(from_2 ? pickle_shared.modules_of_2 : pickle_shared.modules_of_3, *module);
    if (value_is_null(item))
        return error_occurred() ? -1 : 0;
    if (!value_is_str(item)) {
        raise_error(&exception_RuntimeError,
                    "_compat_pickle.%sIMPORT_MAPPING values should be strings, not %T", reverse,
                    item);
        ref_release(item);
        return -1;
    }
    ref_release(*module);
    *module = item;
    return 0;
}

// ---- the lock of a Pickler or Unpickler ---------------------------------------------------------

int pickle_begin(RecursiveMutex *lock, const char *class_name) {
    if (recursive_mutex_is_own(lock))
        return raise_int(&exception_RuntimeError, "%s object is already in use by this thread",
                         class_name);
    recursive_mutex_lock(lock);
    return 0;
}

// ---- dump, dumps ------------------------------------------------------------------------------

// v: protocol, fix_imports, buffer_callback. 0 or -1.
static int begin_writing(Pickling *p, PickleMemo *memo, const Value *v) {
    *p = (Pickling){.memo = memo, .frame = PICKLE_NO_FRAME};
    int fix_imports = value_is_null(v[1]) ? 1 : value_truth(v[1]);
    if (fix_imports < 0 || pickle_protocol(v[0], &p->protocol) < 0)
        return -1;
    if (!value_is_null(v[2]) && !value_is_none(v[2])) {
        if (p->protocol < 5)
            return raise_int(&exception_ValueError, "buffer_callback needs protocol >= 5");
        p->buffer_callback = v[2];
    }
    p->binary = p->protocol > 0;
    p->fix_imports = fix_imports && p->protocol < 3;
    return 0;
}

static Value pickle_dump(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"obj", "file", "protocol", "fix_imports", "buffer_callback",
                                        NULL};
    Value v[5];
    Pickling p;
    PickleMemo memo;
    PickleFirstMemo first;
    pickle_memo_begin(&memo, &first);
    if (arguments_parse("dump", args, nargs, kwnames, names, 0, 3, 2, v) < 0 ||
        begin_writing(&p, &memo, v + 2) < 0)
        return VALUE_NULL;
    int status = value_lookup_attr(v[1], name_write, &p.write);
    if (status == 0)
        raise_type_error("file must have a 'write' attribute");
    if (status > 0)
        status = pickle_run(&p, v[0]) < 0 || pickle_flush(&p) < 0 ? -1 : 1;
    pickle_end(&p);
    pickle_memo_clear(&memo);
    ref_release(p.write);
    return status > 0 ? none_new() : VALUE_NULL;
}

static Value pickle_dumps(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"obj", "protocol", "fix_imports", "buffer_callback", NULL};
    Value v[4];
    Pickling p;
    PickleMemo memo;
    PickleFirstMemo first;
    pickle_memo_begin(&memo, &first);
    if (arguments_parse("dumps", args, nargs, kwnames, names, 0, 2, 1, v) < 0 ||
        begin_writing(&p, &memo, v + 1) < 0)
        return VALUE_NULL;
    Value result = pickle_run(&p, v[0]) < 0 ? VALUE_NULL : bytes_new(p.data, p.length);
    pickle_end(&p);
    pickle_memo_clear(&memo);
    return result;
}

// ---- load, loads ------------------------------------------------------------------------------

// v: fix_imports, encoding, errors, buffers. The input is consumed.
static Value read_one(const char *function, PickleInput *input, const Value *v) {
    Value first[PICKLE_FIRST_NUMBERS] = {VALUE_NULL};
    PickleNumbers memo = {.items = first, .capacity = PICKLE_FIRST_NUMBERS, .first = first};
    int protocol = 0, fix_imports = value_is_null(v[0]) ? 1 : value_truth(v[0]);
    Loading l;
    pickle_load_begin(&l);
    l.input = input;
    l.memo = &memo;
    l.protocol = &protocol;
    l.encoding = v[1];
    l.errors = v[2];
    l.fix_imports = fix_imports > 0;
    bool ok = fix_imports >= 0 && pickle_text_argument(function, "encoding", v[1]) == 0 &&
              pickle_text_argument(function, "errors", v[2]) == 0;
    if (ok && !value_is_null(v[3]) && !value_is_none(v[3]))
        ok = !value_is_null(l.buffers = value_iter(v[3]));
    Value result = ok ? pickle_load(&l) : VALUE_NULL;
    pickle_load_end(&l);
    pickle_numbers_clear(&memo);
    pickle_input_drop(input);
    ref_release(l.buffers);
    return result;
}

static Value pickle_load_function(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"file",   "fix_imports", "encoding",
                                        "errors", "buffers",     NULL};
    Value v[5];
    PickleInput input;
    if (arguments_parse("load", args, nargs, kwnames, names, 0, 1, 1, v) < 0 ||
        pickle_input_file(&input, v[0]) < 0)
        return VALUE_NULL;
    return read_one("load", &input, v + 1);
}

static Value pickle_loads(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"", "fix_imports", "encoding", "errors", "buffers", NULL};
    Value v[5];
    PickleInput input;
    if (arguments_parse("loads", args, nargs, kwnames, names, 1, 1, 1, v) < 0 ||
        pickle_input_bytes(&input, v[0]) < 0)
        return VALUE_NULL;
    return read_one("loads", &input, v + 1);
}

// ---- the module -------------------------------------------------------------------------------

// An attribute of another module, into *slot.
static int borrow(const char *module, const char *name, Value *slot) {
    Value m = import_module_cstr(module);
    *slot = value_is_null(m) ? m : value_getattr_cstr(m, name);
    ref_release(m);
    return value_is_null(*slot) ? -1 : 0;
}

static int borrow_dict(const char *module, const char *name, Value *slot) {
    if (borrow(module, name, slot) < 0)
        return -1;
    if (!value_is_exactly(*slot, &dict_type))
        return raise_int(&exception_RuntimeError, "%s.%s should be a dict, not %T", module, name,
                         *slot);
    return 0;
}

static int intern(const char *text, Value *slot) {
    *slot = str_intern_cstr(text);
    return value_is_null(*slot) ? -1 : 0;
}

static int fill_shared(PickleShared *s) {
    return borrow_dict("copyreg", "dispatch_table", &s->dispatch_table) < 0 ||
                   borrow_dict("copyreg", "_extension_registry", &s->extension_registry) < 0 ||
                   borrow_dict("copyreg", "_inverted_registry", &s->inverted_registry) < 0 ||
                   borrow_dict("copyreg", "_extension_cache", &s->extension_cache) < 0 ||
                   borrow_dict("_compat_pickle", "NAME_MAPPING", &s->names_of_2) < 0 ||
                   borrow_dict("_compat_pickle", "IMPORT_MAPPING", &s->modules_of_2) < 0 ||
                   borrow_dict("_compat_pickle", "REVERSE_NAME_MAPPING", &s->names_of_3) < 0 ||
                   borrow_dict("_compat_pickle", "REVERSE_IMPORT_MAPPING", &s->modules_of_3) < 0 ||
                   borrow("codecs", "encode", &s->codecs_encode) < 0 ||
                   borrow("functools", "partial", &s->partial) < 0 ||
                   borrow("builtins", "getattr", &s->getattr) < 0 ||
                   intern("latin1", &s->latin1) < 0 ||
                   intern("persistent_id", &s->persistent_id) < 0 ||
                   intern("persistent_load", &s->persistent_load) < 0 ||
                   intern("reducer_override", &s->reducer_override) < 0 ||
                   intern("dispatch_table", &s->dispatch_name) < 0 ||
                   intern("find_class", &s->find_class) < 0 ||
                   intern("__getinitargs__", &s->getinitargs) < 0 ||
                   intern("peek", &s->peek_name) < 0
               ? -1
               : 0;
}

static int pickle_fill(Value module) {
    // Once in a process: what was pickled before a second import goes on with the same.
    static bool filled;
    if (!filled) {
        if (fill_shared(&pickle_shared) < 0)
            return -1;
        type_ready(&pickle_pickler_memo_type);
        type_ready(&pickle_unpickler_memo_type);
        filled = true;
    }
    if (exception_class_add(module, &pickle_shared.error, "_pickle", "PickleError",
                            value_from_object(&exception_Exception), NULL) < 0 ||
        exception_class_add(module, &pickle_shared.pickling_error, "_pickle", "PicklingError",
                            pickle_shared.error, NULL) < 0 ||
        exception_class_add(module, &pickle_shared.unpickling_error, "_pickle", "UnpicklingError",
                            pickle_shared.error, NULL) < 0)
        return -1;
    return module_add_type(module, &pickle_pickler_type) < 0 ||
                   module_add_type(module, &pickle_unpickler_type) < 0
               ? -1
               : module_add_type(module, &pickle_buffer_type);
}

static const NativeDef pickle_functions[] = {
    DEF_VECTOR("dump", pickle_dump,
               "dump($module, /, obj, file, protocol=None, *, fix_imports=True,\n"
               "     buffer_callback=None)\n--\n\nWrites obj to a binary file as a pickle."),
    DEF_VECTOR("dumps", pickle_dumps,
               "dumps($module, /, obj, protocol=None, *, fix_imports=True,\n"
               "      buffer_callback=None)\n--\n\nThe pickle of obj as bytes."),
    DEF_VECTOR("load", pickle_load_function,
               "load($module, /, file, *, fix_imports=True, encoding='ASCII',\n"
               "     errors='strict', buffers=())\n--\n\nReads one object from a binary file."),
    DEF_VECTOR("loads", pickle_loads,
               "loads($module, data, /, *, fix_imports=True, encoding='ASCII',\n"
               "      errors='strict', buffers=())\n--\n\n"
               "The object whose pickle data begins with; what follows it is ignored."),
    DEF_END,
};

const NativeModule module_pickle = {"_pickle", "Objects as bytes, and back.", pickle_functions,
                                    pickle_fill};
