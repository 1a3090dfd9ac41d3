// SPDX-License-Identifier: MIT
//
// functools._lru_cache_wrapper.
//
// The results are a dict whose order is the order of last use: a hit moves its entry to the end,
// and what is thrown out is the first entry. Look-up, move and count are one step under that dict's
// lock, so threads may share the cache; a function may run twice for one key if two threads miss it
// together, as in CPython.
#include "gc/reclaim.h"
#include "vm/modules/functools_module.h"
#include "vm/runtime/errors.h"
#include "vm/types/dict.h"
#include "vm/types/dict_table.h"
#include "vm/types/float.h"
#include "vm/types/function.h"
#include "vm/types/hashing.h"
#include "vm/types/int.h"
#include "vm/types/module.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"

typedef struct {
    Object header;
    Value function;       // constant
    Value cache;          // Dict, constant
    int64_t capacity;     // -1: no limit; constant
    bool typed;           // constant
    Value info_type;      // constant
    int64_t hits, misses; // guarded by the lock of cache
    Value dict;           // attributes
} LruCache;

static inline LruCache *cache_of(Value v) {
    return (LruCache *)value_object(v);
}

// What separates keywords from positional arguments in a key.
static Value keyword_mark; // an object(), made once, immortal

static Value lru_cache_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"user_function", "maxsize", "typed", "cache_info_type",
                                        NULL};
    Value values[4];
    if (arguments_parse("lru_cache", args, nargs, kwnames, names, 0, 4, 4, values) < 0)
        return VALUE_NULL;
    if (!value_is_callable(values[0]))
        return raise_type_error("the first argument must be callable");
    int64_t capacity = -1;
    if (!value_is_none(values[1])) {
        if (!value_is_any_int(values[1]) && !value_type(values[1])->index)
            return raise_type_error("maxsize should be integer or None");
        if (value_to_size(values[1], &capacity) < 0)
            return VALUE_NULL;
        if (capacity < 0)
            capacity = 0;
    }
    int typed = value_truth(values[2]);
    if (typed < 0)
        return VALUE_NULL;
    Value cache = dict_new();
    LruCache *c = value_is_null(cache) ? NULL : object_allocate(type);
    if (!c) {
        ref_release(cache);
        return VALUE_NULL;
    }
    c->function = ref_new(values[0]);
    c->cache = cache;
    c->capacity = capacity;
    c->typed = typed;
    c->info_type = ref_new(values[3]);
    return value_from_object(c);
}

// The key of a call: its only argument if that is an exact int or str, else a tuple of the
// arguments, the mark and the keywords, and the types if they count.
static Value make_key(const LruCache *c, const Value *args, size_t nargs, Value kwnames) {
    int64_t keywords = value_is_null(kwnames) ? 0 : tuple_length(kwnames);
    if (!c->typed && !keywords && nargs == 1 &&
        (value_is_int(args[0]) || value_is_exact_str(args[0])))
        return ref_new(args[0]);
    int64_t positional = (int64_t)nargs;
    int64_t size = positional + (keywords ? 1 + 2 * keywords : 0);
    Value key = tuple_allocate(c->typed ? size + positional + keywords : size);
    if (value_is_null(key))
        return VALUE_NULL;
    Value *out = tuple_of(key)->items;
    for (int64_t i = 0; i < positional; i++)
        *out++ = ref_new(args[i]);
    if (keywords) {
        *out++ = ref_new(keyword_mark);
        for (int64_t i = 0; i < keywords; i++) {
            *out++ = ref_new(tuple_item(kwnames, i));
            *out++ = ref_new(args[positional + i]);
        }
    }
    if (c->typed)
        for (int64_t i = 0; i < positional + keywords; i++)
            *out++ = ref_new(value_from_object(value_type(args[i])));
    return key;
}

// A hit as a new reference, made the newest; VALUE_NULL: a miss (counted), or an exception.
static Value look_up(LruCache *c, Value key, int64_t hash) {
    Dict *d = dict_of(c->cache);
    object_lock(&d->header);
    for (;;) {
        int64_t i = dict_find_locked(d, key, hash);
        if (i < 0) {
            if (i == DICT_ABSENT)
                c->misses++;
            object_unlock(&d->header);
            return VALUE_NULL;
        }
        if (c->capacity > 0 && i != d->table->used_entries - 1) {
            if (UNLIKELY(!dict_table_has_room(d->table))) {
                uint64_t mutations = d->mutations;
                object_unlock(&d->header);
                if (dict_make_room(d, &mutations) < 0)
                    return VALUE_NULL;
                continue; // entries have other numbers now
            }
            dict_move_to_end_locked(d, i);
            i = d->table->used_entries - 1;
        }
        c->hits++;
        Value result = d->table->entries[i].value;
        ref_retain(result);
        object_unlock(&d->header);
        return result;
    }
}

// Keeps a result unless another call has put one there meanwhile, and throws out the oldest.
static int keep(LruCache *c, Value key, int64_t hash, Value result) {
    Dict *d = dict_of(c->cache);
    Value old_key = VALUE_NULL, old_value = VALUE_NULL;
    if (c->capacity > 0) {
        object_lock(&d->header);
        int64_t present = dict_find_locked(d, key, hash);
        if (present == DICT_ABSENT && d->length >= c->capacity)
            dict_remove_locked(d, dict_live_from(d->table, 0), &old_key, &old_value);
        object_unlock(&d->header);
        ref_release(old_key);
        ref_release(old_value);
        if (present != DICT_ABSENT)
            return present == DICT_ERROR ? -1 : 0;
    }
    return dict_set_hashed(c->cache, key, hash, result);
}

static Value lru_cache_call(Value self, const Value *args, size_t nargs, Value kwnames) {
    LruCache *c = cache_of(self);
    if (c->capacity == 0) {
        Dict *d = dict_of(c->cache);
        object_lock(&d->header);
        c->misses++;
        object_unlock(&d->header);
        return value_call(c->function, args, nargs, kwnames);
    }
    Value key = make_key(c, args, nargs, kwnames);
    if (value_is_null(key))
        return VALUE_NULL;
    int64_t hash = value_hash_inline(key);
    if (hash == -1) {
        ref_release(key);
        return VALUE_NULL;
    }
    Value result = look_up(c, key, hash);
    if (value_is_null(result) && !error_occurred()) {
        result = value_call(c->function, args, nargs, kwnames);
        if (!value_is_null(result) && keep(c, key, hash, result) < 0) {
            ref_release(result);
            result = VALUE_NULL;
        }
    }
    ref_release(key);
    return result;
}

static Value lru_cache_descr_get(Value self, Value object, Value owner) {
    if (value_is_null(object) || value_is_none(object))
        return ref_new(self);
    return method_new(self, object);
}

static Value cache_info(Value self) {
    LruCache *c = cache_of(self);
    Dict *d = dict_of(c->cache);
    object_lock(&d->header);
    int64_t hits = c->hits, misses = c->misses, length = d->length;
    object_unlock(&d->header);
    Value args[4] = {int_from_i64(hits), int_from_i64(misses),
                     c->capacity < 0 ? VALUE_NONE : int_from_i64(c->capacity),
                     int_from_i64(length)};
    return value_call(c->info_type, args, 4, VALUE_NULL);
}

static Value cache_clear(Value self) {
    LruCache *c = cache_of(self);
    Dict *d = dict_of(c->cache);
    object_lock(&d->header);
    c->hits = c->misses = 0;
    DictTable *t = dict_detach_locked(d);
    object_unlock(&d->header);
    dict_table_release(t);
    return none_new();
}

static Value lru_cache_reduce(Value self) {
    return value_getattr(self, name___qualname__);
}
static Value lru_cache_copy(Value self) {
    return ref_new(self);
}
static Value lru_cache_deepcopy(Value self, Value memo) {
    return ref_new(self);
}

static void lru_cache_destroy(Object *self) {
    LruCache *c = (LruCache *)self;
    ref_release(c->function);
    ref_release(c->cache);
    ref_release(c->info_type);
    ref_release(c->dict);
    type_free_instance(self);
}
static void lru_cache_traverse(Object *self, GcVisitor *visitor) {
    LruCache *c = (LruCache *)self;
    gc_visit(visitor, c->function);
    gc_visit(visitor, c->cache);
    gc_visit(visitor, c->info_type);
    gc_visit(visitor, c->dict);
}
static void lru_cache_drop(Object *self) {
    LruCache *c = (LruCache *)self;
    ref_release(cache_clear(value_from_object(self)));
    field_clear(self, &c->dict);
}

static Value lru_cache_dict(Value self) {
    return instance_dict(self);
}
static int lru_cache_set_dict(Value self, Value dict) {
    if (value_is_null(dict))
        return raise_int(&exception_TypeError, "cannot delete __dict__");
    return instance_set_dict(self, dict);
}

static const NativeDef lru_cache_methods[] = {
    DEF_NONE("cache_info", cache_info, "cache_info($self, /)\n--\n\nHits, misses, size."),
    DEF_NONE("cache_clear", cache_clear,
             "cache_clear($self, /)\n--\n\nForgets all results and counts."),
    DEF_NONE("__reduce__", lru_cache_reduce, NULL),
    DEF_NONE("__copy__", lru_cache_copy, NULL),
    DEF_ONE("__deepcopy__", lru_cache_deepcopy, NULL),
    DEF_END,
};
static const GetSetDef lru_cache_getsets[] = {
    {"__dict__", lru_cache_dict, lru_cache_set_dict, NULL},
    {NULL},
};

Type lru_cache_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "functools._lru_cache_wrapper",
    .basic_size = sizeof(LruCache),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_WEAKREFABLE | TYPE_HAS_DICT_FIELD | TYPE_METHOD_DESCRIPTOR,
    .dict_offset = offsetof(LruCache, dict),
    .doc = "A function that remembers its results.",
    .call_new = lru_cache_new,
    .destroy = lru_cache_destroy,
    .traverse = lru_cache_traverse,
    .clear = lru_cache_drop,
    .call = lru_cache_call,
    .descr_get = lru_cache_descr_get,
    .methods = lru_cache_methods,
    .getsets = lru_cache_getsets,
};

int functools_cache_start(void) {
    keyword_mark = value_call_none(value_from_object(&object_type));
    if (value_is_null(keyword_mark))
        return -1;
    ref_immortalize(value_object(keyword_mark));
    return 0;
}
