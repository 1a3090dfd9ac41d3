// SPDX-License-Identifier: MIT
//
// The registry of codecs and error handlers: what the module _codecs offers and codec_encode
// falls back to. The search functions themselves are Python (the `encodings` package, imported
// when the first unknown name is asked for).
//
// Lists and dicts guard themselves; the three objects are made once, by the first who needs them.
#include "locks/mutex.h"
#include "vm/runtime/errors.h"
#include "vm/runtime/options.h"
#include "vm/types/codecs_internal.h"
#include "vm/types/dict.h"
#include "vm/types/exceptions.h"
#include "vm/types/int.h"
#include "vm/types/list.h"
#include "vm/types/module.h"
#include "vm/types/tuple.h"

static Value search_functions; // list
static Value known_codecs;     // dict: normalised name -> CodecInfo
static Value error_handlers;   // dict: name -> callable

// Makes the registry unless it is there. 0 or -1.
static int ensure_registry(void) {
    static Mutex mutex = MUTEX_INIT;
    static bool ready;
    if (LIKELY(__atomic_load_n(&ready, __ATOMIC_ACQUIRE)))
        return 0;
    mutex_lock(&mutex);
    int result = 0;
    if (!ready) {
        if (value_is_null(search_functions))
            search_functions = list_new();
        if (value_is_null(known_codecs))
            known_codecs = dict_new();
        if (value_is_null(error_handlers))
            error_handlers = dict_new();
        result = value_is_null(search_functions) || value_is_null(known_codecs) ||
                         value_is_null(error_handlers)
                     ? -1
                     : codec_handlers_register(error_handlers);
        __atomic_store_n(&ready, result == 0, __ATOMIC_RELEASE);
    }
    mutex_unlock(&mutex);
    return result;
}

// ---- codecs -----------------------------------------------------------------------------------

int codec_register(Value search_function) {
    if (!value_is_callable(search_function))
        return raise_int(&exception_TypeError, "argument must be callable");
    if (ensure_registry() < 0)
        return -1;
    return list_append(search_functions, search_function);
}

int codec_unregister(Value search_function) {
    if (ensure_registry() < 0)
        return -1;
    for (int64_t i = 0; i < list_length(search_functions); i++) {
        Value there = list_get(search_functions, i);
        if (value_is_null(there))
            return -1;
        bool same = value_same(there, search_function);
        ref_release(there);
        if (same) {
            Value popped = list_pop(search_functions, i);
            if (value_is_null(popped))
                return -1;
            ref_release(popped);
            return dict_clear(known_codecs);
        }
    }
    return 0;
}

// Whether normalised() would give what it got: most names are written so.
static bool is_normalised(Value encoding) {
    if (str_kind(encoding) != 0)
        return false;
    const uint8_t *text = str_data(encoding);
    int64_t length = str_length(encoding);
    for (int64_t i = 0; i < length; i++) {
        uint8_t c = text[i];
        bool kept = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.';
        bool gap = c == '_' && i > 0 && i + 1 < length && text[i - 1] != '_';
        if (!kept && !gap)
            return false;
    }
    return true;
}

// Lower case ASCII letters, digits and dots; any run of other characters becomes one '_'.
static Value normalised(Value encoding) {
    if (value_is_exact_str(encoding) && is_normalised(encoding))
        return ref_new(encoding);
    StrBuilder b;
    str_builder_start(&b);
    bool gap = false;
    for (int64_t i = 0; i < str_length(encoding); i++) {
        uint32_t c = str_at(encoding, i);
        bool kept =
            (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z' && c < 128) || c == '.';
        if (!kept) {
            gap = true;
            continue;
        }
        if (gap && b.length > 0)
            str_builder_char(&b, '_');
        gap = false;
        str_builder_char(&b, c >= 'A' && c <= 'Z' ? c + 32 : c);
    }
    return str_builder_finish(&b);
}

static Value search(Value name, Value encoding) {
    for (int64_t i = 0; i < list_length(search_functions); i++) {
        Value function = list_get(search_functions, i);
        if (value_is_null(function))
            return VALUE_NULL;
        Value found = value_call_one(function, name);
        ref_release(function);
        if (value_is_null(found))
            return VALUE_NULL;
        if (value_is_none(found)) {
            ref_release(found);
            continue;
        }
        if (!value_is_tuple(found) || tuple_length(found) != 4) {
            ref_release(found);
            return raise_type_error("codec search functions must return 4-tuples");
        }
        if (dict_set(known_codecs, name, found) < 0) {
            ref_release(found);
            return VALUE_NULL;
        }
        return found;
    }
    return raise_error(&exception_LookupError, "unknown encoding: %V", encoding);
}

Value codec_lookup(Value encoding) {
    if (ensure_registry() < 0)
        return VALUE_NULL;
    Value name = normalised(encoding);
    if (value_is_null(name))
        return name;
    Value found = dict_get(known_codecs, name);
    if (value_is_null(found) && !error_occurred()) {
        if (list_length(search_functions) == 0) {
            // Importing `encodings` registers its search function.
            Value module = import_module_cstr("encodings");
            if (value_is_null(module)) {
                ref_release(name);
                return VALUE_NULL;
            }
            ref_release(module);
        }
        found = search(name, encoding);
    }
    ref_release(name);
    return found;
}

// The exception of a plain type with at most a message becomes the cause of one that names the
// codec. Others are left as they are.
void codec_name_in_error(const char *operation, Value encoding) {
    Value cause = error_take();
    if (value_is_null(cause))
        return;
    Type *type = value_type(cause);
    Exception *e = (Exception *)value_object(cause);
    Value args = field_load(&e->header, &e->args), dict = field_load(&e->header, &e->dict);
    bool plain = type->basic_size == exception_BaseException.basic_size &&
                 type->init == exception_BaseException.init &&
                 type->call_new == exception_BaseException.call_new && !value_is_null(args) &&
                 (tuple_length(args) == 0 ||
                  (tuple_length(args) == 1 && value_is_str(tuple_item(args, 0)))) &&
                 (value_is_null(dict) || dict_length(dict) == 0);
    ref_release(args);
    ref_release(dict);
    if (!plain) {
        error_restore(cause);
        return;
    }
    raise_error(type, "%s with '%V' codec failed (%N: %V)", operation, encoding, type, cause);
    Value named = error_take();
    exception_set_context(named, ref_new(cause));
    exception_set_cause(named, cause);
    error_restore(named);
}

// Calls the codec's function number `which` and gives the first item of its answer.
static Value call_codec(int which, Value object, Value encoding, Value errors) {
    Value info = codec_lookup(encoding), result = VALUE_NULL;
    if (value_is_null(info))
        return info;
    Value args[2] = {object, errors};
    Value answer =
        value_call(tuple_item(info, which), args, value_is_null(errors) ? 1 : 2, VALUE_NULL);
    ref_release(info);
    if (value_is_null(answer)) {
        codec_name_in_error(which == 0 ? "encoding" : "decoding", encoding);
        return answer;
    }
    if (!value_is_tuple(answer) || tuple_length(answer) != 2)
        raise_type_error(which == 0 ? "encoder must return a tuple (object, integer)"
                                    : "decoder must return a tuple (object,integer)");
    else
        result = ref_new(tuple_item(answer, 0));
    ref_release(answer);
    return result;
}

Value codec_encode_object(Value object, Value encoding, Value errors) {
    return call_codec(0, object, encoding, errors);
}
Value codec_decode_object(Value object, Value encoding, Value errors) {
    return call_codec(1, object, encoding, errors);
}

// ---- error handlers ---------------------------------------------------------------------------

int codec_forget(Value encoding) {
    if (ensure_registry() < 0)
        return -1;
    Value name = normalised(encoding);
    if (value_is_null(name))
        return -1;
    int result = dict_delete_if_present(known_codecs, name);
    ref_release(name);
    return result < 0 ? -1 : 0;
}

int codec_register_error(Value name, Value handler) {
    if (!value_is_callable(handler))
        return raise_int(&exception_TypeError, "handler must be callable");
    if (ensure_registry() < 0)
        return -1;
    return dict_set(error_handlers, name, handler);
}

int codec_check_names(const char *encoding, const char *errors) {
    if (!options.dev_mode)
        return 0;
    if (encoding) {
        Value name = str_from_cstr(encoding);
        Value found = value_is_null(name) ? name : codec_lookup(name);
        ref_release(name);
        ref_release(found);
        if (value_is_null(found))
            return -1;
    }
    if (errors) {
        Value found = codec_lookup_error(errors);
        ref_release(found);
        if (value_is_null(found))
            return -1;
    }
    return 0;
}

Value codec_lookup_error(const char *name) {
    if (ensure_registry() < 0)
        return VALUE_NULL;
    Value key = str_from_cstr(name ? name : "strict");
    if (value_is_null(key))
        return key;
    Value handler = dict_get(error_handlers, key);
    if (value_is_null(handler) && !error_occurred())
        raise_error(&exception_LookupError, "unknown error handler name '%V'", key);
    ref_release(key);
    return handler;
}
