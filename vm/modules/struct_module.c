// SPDX-License-Identifier: MIT
//
// _struct: numbers and strings to and from bytes by a format. The formats' meaning is in
// struct_layout.c; here are Struct, the iterator of iter_unpack() and the functions.
//
// Struct.layout is guarded by the object's lock and replaced as a whole. The functions find the
// layouts of the first formats used, which are kept for ever, in a table that takes no lock and has
// nothing counted; the others in a dict, which is emptied when it has grown to CACHE_MAX. Bytes go
// into another object's buffer in one piece under that object's lock, so that two pack_into() at
// the same place leave one of the two; an item that cannot be packed leaves the buffer as it was.
#include "locks/claim.h"
#include "vm/modules/exception_class.h"
#include "vm/modules/struct_layout.h"
#include "vm/runtime/errors.h"
#include "vm/types/bytes_internal.h"
#include "vm/types/dict.h"
#include "vm/types/function.h"
#include "vm/types/int.h"
#include "vm/types/module.h"
#include "vm/types/arguments.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"

typedef struct {
    Object header;
    Value layout; // Layout, or VALUE_NULL before __init__
} Struct;

static Type struct_type, struct_iterator_type;
static Value cache; // Dict: format -> Layout

enum { CACHE_MAX = 100, SMALL = 256 };

static Type *error_type(void) {
    return (Type *)value_object(struct_error);
}

// The layouts that stay, by their formats' hashes. A place is claimed once, by who made a layout
// for it, and filled once (release); readers load `layout` (acquire). What lies there never
// changes, and is immortal where anything is: all threads use it without writing to it.
enum { KEPT = 64, KEPT_STEPS = 32 };
static struct {
    uint32_t claimed;
    Value layout; // VALUE_NULL: none yet, or never any
} kept[KEPT];

// New reference to the layout kept for an exact str, or VALUE_NULL without an exception.
static Value layout_kept(Value format) {
    Value layout = field_published(&kept[(uint64_t)str_hash(format) % KEPT].layout);
    return !value_is_null(layout) && str_equal(layout_of(layout)->format, format) ? ref_new(layout)
                                                                                  : VALUE_NULL;
}

// Keeps a layout that nobody else has seen, if there is a place. True: it is kept.
static bool layout_keep(Value format, Value layout) {
    uint64_t place = (uint64_t)str_hash(format) % KEPT;
    if (layout_of(layout)->step_count > KEPT_STEPS || !claim_word(&kept[place].claimed, 0, 1))
        return false;
    ref_immortalize(value_object(layout));
    field_publish_locked(&kept[place].layout, ref_new(layout));
    return true;
}

static Value layout_cached(Value format) {
    if (LIKELY(value_is_exact_str(format))) {
        Value layout = layout_kept(format);
        if (LIKELY(!value_is_null(layout)))
            return layout;
        layout = dict_get_str(cache, format);
        if (LIKELY(!value_is_null(layout)) || error_occurred())
            return layout;
    } else if (value_is_exactly(format, &bytes_type)) {
        Value layout = dict_get(cache, format);
        if (!value_is_null(layout) || error_occurred())
            return layout;
    } else {
        return layout_new(format);
    }
    Value layout = layout_new(format);
    if (value_is_null(layout))
        return VALUE_NULL;
    if (value_is_exact_str(format) && layout_keep(format, layout))
        return layout;
    if (dict_length(cache) >= CACHE_MAX)
        dict_clear(cache);
    if (dict_set(cache, format, layout) < 0)
        error_clear(); // it is only a cache
    return layout;
}

// ---- the operations on a layout ------------------------------------------------------------

static Value pack(Layout *layout, const Value *args, size_t nargs) {
    if (UNLIKELY((int64_t)nargs != layout->items))
        return raise_error(error_type(), "pack expected %lld items for packing (got %zu)",
                           (long long)layout->items, nargs);
    uint8_t *data;
    Value bytes = bytes_allocate(layout->size, &data);
    if (LIKELY(!value_is_null(bytes)) && UNLIKELY(layout_pack(layout, args, data) < 0)) {
        ref_release(bytes);
        return VALUE_NULL;
    }
    return bytes;
}

static Value pack_into_view(Layout *layout, BufferView *view, Value offset_value,
                            const Value *args) {
    int64_t offset, size = layout->size;
    if (value_to_position(offset_value, &offset) < 0)
        return VALUE_NULL;
    if (offset < 0) {
        if (offset + size > 0)
            return raise_error(error_type(), "no space to pack %lld bytes at offset %lld",
                               (long long)size, (long long)offset);
        if (offset + view->length < 0)
            return raise_error(error_type(), "offset %lld out of range for %lld-byte buffer",
                               (long long)offset, (long long)view->length);
        offset += view->length;
    }
    if (view->length - offset < size)
        return raise_error(error_type(),
                           "pack_into requires a buffer of at least %llu bytes for packing %lld "
                           "bytes at offset %lld (actual buffer size is %lld)",
                           (unsigned long long)size + (unsigned long long)offset, (long long)size,
                           (long long)offset, (long long)view->length);
    uint8_t small[SMALL], *packed = small;
    if (size > SMALL && !(packed = buffer_allocate((size_t)size)))
        return raise_memory_error();
    int status = layout_pack(layout, args, packed);
    if (status == 0 && size) {
        Object *owner = value_object(view->owner);
        object_lock(owner);
        memcpy((uint8_t *)view->data + offset, packed, (size_t)size);
        object_unlock(owner);
    }
    if (packed != small)
        buffer_free(packed);
    return status < 0 ? VALUE_NULL : none_new();
}

static Value pack_into(Layout *layout, const Value *args, size_t nargs) {
    if (nargs < 2 || (int64_t)(nargs - 2) != layout->items) {
        if (nargs < 2)
            return raise_error(error_type(), nargs ? "pack_into expected offset argument"
                                                   : "pack_into expected buffer argument");
        return raise_error(error_type(), "pack_into expected %lld items for packing (got %zu)",
                           (long long)layout->items, nargs - 2);
    }
    BufferView view;
    if (buffer_view_get(args[0], &view, true) < 0)
        return VALUE_NULL;
    Value result = pack_into_view(layout, &view, args[1], args + 2);
    buffer_view_release(&view);
    return result;
}

static Value unpack(Layout *layout, Value buffer) {
    if (LIKELY(value_is_bytes(buffer) && bytes_length(buffer) == layout->size))
        return layout_unpack(layout, bytes_data(buffer));
    ByteText text;
    if (byte_text_get(buffer, &text) < 0)
        return VALUE_NULL;
    Value result = text.length == layout->size
                       ? layout_unpack(layout, text.data)
                       : raise_error(error_type(), "unpack requires a buffer of %lld bytes",
                                     (long long)layout->size);
    byte_text_release(&text);
    return result;
}

static Value unpack_from(Layout *layout, Value buffer, Value offset_value) {
    int64_t offset = 0, size = layout->size;
    if (!value_is_null(offset_value) && size_argument(offset_value, &offset) < 0)
        return VALUE_NULL;
    BufferView view;
    if (buffer_view_get_brief(buffer, &view) < 0)
        return VALUE_NULL;
    Value result = VALUE_NULL;
    if (offset < 0 && offset + size > 0) {
        raise_error(error_type(), "not enough data to unpack %lld bytes at offset %lld",
                    (long long)size, (long long)offset);
    } else if (offset < 0 && offset + view.length < 0) {
        raise_error(error_type(), "offset %lld out of range for %lld-byte buffer",
                    (long long)offset, (long long)view.length);
    } else {
        if (offset < 0)
            offset += view.length;
        if (view.length - offset < size)
            raise_error(error_type(),
                        "unpack_from requires a buffer of at least %llu bytes for unpacking %lld "
                        "bytes at offset %lld (actual buffer size is %lld)",
                        (unsigned long long)size + (unsigned long long)offset, (long long)size,
                        (long long)offset, (long long)view.length);
        else
            result = layout_unpack(layout, (uint8_t *)view.data + offset);
    }
    buffer_view_release(&view);
    return result;
}

static Value unpack_from_arguments(Layout *layout, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"buffer", "offset", NULL};
    Value v[2];
    if (arguments_parse("unpack_from", args, nargs, kwnames, names, 0, 2, 1, v) < 0)
        return VALUE_NULL;
    return unpack_from(layout, v[0], v[1]);
}

// ---- the iterator --------------------------------------------------------------------------

typedef struct {
    Object header;
    Value layout;    // constant
    BufferView view; // constant until the end
    int64_t offset;  // atomic: each step takes a portion of its own
} StructIterator;

static Value iter_unpack(Value layout_value, Value buffer) {
    Layout *layout = layout_of(layout_value);
    if (layout->size == 0)
        return raise_error(error_type(), "cannot iteratively unpack with a struct of length 0");
    StructIterator *it = object_allocate(&struct_iterator_type);
    if (!it)
        return VALUE_NULL;
    if (buffer_view_get(buffer, &it->view, false) < 0) {
        it->view.owner = VALUE_NULL;
        ref_release_object(it);
        return VALUE_NULL;
    }
    if (it->view.length % layout->size) {
        ref_release_object(it);
        return raise_error(error_type(),
                           "iterative unpacking requires a buffer of a multiple of %lld bytes",
                           (long long)layout->size);
    }
    it->layout = ref_new(layout_value);
    return value_from_object(it);
}

static Value struct_iterator_next(Value self) {
    StructIterator *it = (StructIterator *)value_object(self);
    Layout *layout = layout_of(it->layout);
    int64_t offset = __atomic_load_n(&it->offset, __ATOMIC_RELAXED);
    do {
        if (offset >= it->view.length)
            return VALUE_NULL;
    } while (!__atomic_compare_exchange_n(&it->offset, &offset, offset + layout->size, false,
                                          __ATOMIC_RELAXED, __ATOMIC_RELAXED));
    return layout_unpack(layout, (uint8_t *)it->view.data + offset);
}

static Value struct_iterator_hint(Value self) {
    StructIterator *it = (StructIterator *)value_object(self);
    int64_t left = it->view.length - __atomic_load_n(&it->offset, __ATOMIC_RELAXED);
    return value_from_int(left / layout_of(it->layout)->size);
}

static void struct_iterator_destroy(Object *self) {
    StructIterator *it = (StructIterator *)self;
    buffer_view_release(&it->view);
    ref_release(it->layout);
    object_free_fixed(self);
}

static void struct_iterator_traverse(Object *self, GcVisitor *visitor) {
    StructIterator *it = (StructIterator *)self;
    gc_visit(visitor, it->layout);
    gc_visit(visitor, it->view.owner);
}

static const NativeDef struct_iterator_methods[] = {
    DEF_NONE("__length_hint__", struct_iterator_hint, "How many tuples are left."),
    DEF_END,
};

static Type struct_iterator_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "_struct.unpack_iterator",
    .basic_size = sizeof(StructIterator),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_NO_NEW | TYPE_IMMUTABLE,
    .destroy = struct_iterator_destroy,
    .traverse = struct_iterator_traverse,
    .iter = object_self_iter,
    .next = struct_iterator_next,
    .methods = struct_iterator_methods,
};

// ---- Struct --------------------------------------------------------------------------------

static Struct *struct_of(Value v) {
    return (Struct *)value_object(v);
}

static Value struct_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    Struct *s = object_allocate(type);
    return s ? value_from_object(s) : VALUE_NULL;
}

static int struct_init(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"format", NULL};
    Value v[1];
    if (arguments_parse("Struct", args, nargs, kwnames, names, 0, 1, 1, v) < 0)
        return -1;
    Value layout = layout_new(v[0]);
    if (value_is_null(layout))
        return -1;
    field_store(value_object(self), &struct_of(self)->layout, layout);
    return 0;
}

static void struct_destroy(Object *self) {
    ref_release(((Struct *)self)->layout);
    type_free_instance(self);
}

static void struct_traverse(Object *self, GcVisitor *visitor) {
    gc_visit(visitor, field_raw(&((Struct *)self)->layout));
}

// The layout as a new reference, or VALUE_NULL with the error that the operation gives for a
// Struct without one, whose size counts as -1.
static inline Value struct_layout(Value self, const char *message) {
    Value layout = field_load(value_object(self), &struct_of(self)->layout);
    if (UNLIKELY(value_is_null(layout)))
        raise_error(error_type(), "%s", message);
    return layout;
}

#define WITH_LAYOUT(message, expression)                                                           \
    Value layout = struct_layout(self, message);                                                   \
    if (value_is_null(layout))                                                                     \
        return VALUE_NULL;                                                                         \
    Value result = expression;                                                                     \
    ref_release(layout);                                                                           \
    return result

static Value struct_pack(Value self, const Value *args, size_t nargs) {
    WITH_LAYOUT("pack expected -1 items for packing", pack(layout_of(layout), args, nargs));
}
static Value struct_pack_into(Value self, const Value *args, size_t nargs) {
    WITH_LAYOUT("pack_into expected -1 items for packing",
                pack_into(layout_of(layout), args, nargs));
}
static Value struct_unpack(Value self, Value buffer) {
    WITH_LAYOUT("unpack requires a buffer of -1 bytes", unpack(layout_of(layout), buffer));
}
static Value struct_unpack_from(Value self, const Value *args, size_t nargs, Value kwnames) {
    WITH_LAYOUT("not enough data to unpack -1 bytes",
                unpack_from_arguments(layout_of(layout), args, nargs, kwnames));
}
static Value struct_iter_unpack(Value self, Value buffer) {
    WITH_LAYOUT("cannot iteratively unpack with a struct without format",
                iter_unpack(layout, buffer));
}

static Value struct_format(Value self) {
    Value layout = field_load(value_object(self), &struct_of(self)->layout);
    if (value_is_null(layout))
        return none_new();
    Value format = ref_new(layout_of(layout)->format);
    ref_release(layout);
    return format;
}

static Value struct_size(Value self) {
    Value layout = field_load(value_object(self), &struct_of(self)->layout);
    if (value_is_null(layout))
        return value_from_int(-1);
    int64_t size = layout_of(layout)->size;
    ref_release(layout);
    return int_from_i64(size);
}

static Value struct_sizeof(Value self) {
    Value layout = field_load(value_object(self), &struct_of(self)->layout);
    int64_t size = sizeof(Struct);
    if (!value_is_null(layout))
        size += (int64_t)sizeof(Layout) + layout_of(layout)->step_count * (int64_t)sizeof(Step);
    ref_release(layout);
    return value_from_int(size);
}

static const NativeDef struct_methods[] = {
    DEF_FIXED("pack", struct_pack, 0, -1, "The items as bytes."),
    DEF_FIXED("pack_into", struct_pack_into, 0, -1, "Writes the items into a buffer at an offset."),
    DEF_ONE("unpack", struct_unpack,
            "unpack($self, buffer, /)\n--\n\nA tuple of the items in the buffer."),
    DEF_VECTOR("unpack_from", struct_unpack_from,
               "unpack_from($self, /, buffer, offset=0)\n--\n\n"
               "A tuple of the items at an offset of the buffer."),
    DEF_ONE("iter_unpack", struct_iter_unpack,
            "iter_unpack($self, buffer, /)\n--\n\nAn iterator over the tuples in the buffer."),
    DEF_NONE("__sizeof__", struct_sizeof, "S.__sizeof__() -> size of S in memory, in bytes"),
    DEF_END,
};

static const GetSetDef struct_getsets[] = {
    {"format", struct_format, NULL, "struct format string"},
    {"size", struct_size, NULL, "struct size in bytes"},
    {NULL},
};

static Type struct_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "_struct.Struct",
    .basic_size = sizeof(Struct),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_BASE | TYPE_WEAKREFABLE,
    .doc = "Struct(fmt) --> compiled struct object",
    .call_new = struct_new,
    .init = struct_init,
    .destroy = struct_destroy,
    .traverse = struct_traverse,
    .methods = struct_methods,
    .getsets = struct_getsets,
};

// ---- functions -----------------------------------------------------------------------------

static Value function_calcsize(Value self, Value format) {
    Value layout = layout_cached(format);
    if (value_is_null(layout))
        return VALUE_NULL;
    int64_t size = layout_of(layout)->size;
    ref_release(layout);
    return int_from_i64(size);
}

#define WITH_FORMAT(expression)                                                                    \
    if (nargs == 0)                                                                                \
        return raise_type_error("missing format argument");                                        \
    Value layout = layout_cached(args[0]);                                                         \
    if (value_is_null(layout))                                                                     \
        return VALUE_NULL;                                                                         \
    Value result = expression;                                                                     \
    ref_release(layout);                                                                           \
    return result

static Value function_pack(Value self, const Value *args, size_t nargs) {
    WITH_FORMAT(pack(layout_of(layout), args + 1, nargs - 1));
}
static Value function_pack_into(Value self, const Value *args, size_t nargs) {
    WITH_FORMAT(pack_into(layout_of(layout), args + 1, nargs - 1));
}
static Value function_unpack(Value self, const Value *args, size_t nargs) {
    WITH_FORMAT(unpack(layout_of(layout), args[1]));
}
static Value function_iter_unpack(Value self, const Value *args, size_t nargs) {
    WITH_FORMAT(iter_unpack(layout, args[1]));
}
static Value function_unpack_from(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"format", "buffer", "offset", NULL};
    Value v[3];
    if (arguments_parse("unpack_from", args, nargs, kwnames, names, 1, 3, 2, v) < 0)
        return VALUE_NULL;
    Value layout = layout_cached(v[0]);
    if (value_is_null(layout))
        return VALUE_NULL;
    Value result = unpack_from(layout_of(layout), v[1], v[2]);
    ref_release(layout);
    return result;
}

static Value function_clearcache(Value self) {
    return dict_clear(cache) < 0 ? VALUE_NULL : none_new();
}

static const NativeDef struct_functions[] = {
    DEF_ONE("calcsize", function_calcsize,
            "calcsize($module, format, /)\n--\n\nThe size in bytes that a format describes."),
    DEF_FIXED("pack", function_pack, 0, -1, "pack(format, v1, v2, ...) -> bytes"),
    DEF_FIXED("pack_into", function_pack_into, 0, -1,
              "pack_into(format, buffer, offset, v1, v2, ...)"),
    DEF_FIXED("unpack", function_unpack, 2, 2,
              "unpack($module, format, buffer, /)\n--\n\nA tuple of the items in the buffer."),
    DEF_VECTOR("unpack_from", function_unpack_from,
               "unpack_from($module, format, /, buffer, offset=0)\n--\n\n"
               "A tuple of the items at an offset of the buffer."),
    DEF_FIXED("iter_unpack", function_iter_unpack, 2, 2,
              "iter_unpack($module, format, buffer, /)\n--\n\n"
              "An iterator over the tuples in the buffer."),
    DEF_NONE("_clearcache", function_clearcache,
             "_clearcache($module, /)\n--\n\nForgets the formats used before, but for a few."),
    DEF_END,
};

static int struct_fill(Value module) {
    if (value_is_null(cache) && value_is_null(cache = dict_new()))
        return -1;
    type_ready(&struct_layout_type);
    type_ready(&struct_iterator_type);
    if (exception_class_add(module, &struct_error, "struct", "error",
                            value_from_object(&exception_Exception), NULL) < 0)
        return -1;
    return module_add_type(module, &struct_type);
}

const NativeModule module_struct = {
    "_struct",
    "Converting between Python values and C structs in bytes. A format is a string of letters, "
    "each "
    "an item, with counts before them; the first character may say the byte order.",
    struct_functions, struct_fill};
