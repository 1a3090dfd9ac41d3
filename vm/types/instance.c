// SPDX-License-Identifier: MIT
//
// The attributes that instances have of their own, without descriptors: in shape slots
// (TYPE_HAS_SHAPE_SLOTS), in the dict that such an instance changes to when somebody asks for its
// __dict__, or in the dict field of instances with a native base (TYPE_HAS_DICT_FIELD).
//
// Invariants, all guarded by the instance's lock
//  - Slots from shape->cells up to shape->slots hold values (never VALUE_NULL), those beyond hold
//    VALUE_NULL; the first shape->cells slots are cells of __slots__ and may be empty.
//  - Slots from shape->inline_slots on lie in `overflow`, which has room for at least
//    shape_overflow_capacity(number of them).
//  - In dict mode `overflow` is a Dict (owned), and only the cells are used.
//  - The shape is changed after the slot was filled, so that whoever sees the shape finds the
//  value.
//  - An instance's inline size never changes: all its shapes have the same inline_slots.
#include "vm/types/type_internal.h"

static inline Instance *instance_of(Value v) {
    return (Instance *)value_object(v);
}

// ---- size and memory ---------------------------------------------------------------------

static size_t items_end(const Object *self, const Type *type) {
    if (type_flags(type) & TYPE_INT_SUBCLASS) {
        int64_t size = ((const IntObject *)self)->size;
        return offsetof(IntObject, limbs) + (size_t)(size < 0 ? -size : size) * sizeof(mp_limb_t);
    }
    Value v = value_from_object(self);
    if (type_flags(type) & TYPE_STR_SUBCLASS)
        return offsetof(Str, data) + ((size_t)(str_length(v) + 1) << str_kind(v));
    if (type_flags(type) & TYPE_TUPLE_SUBCLASS)
        return offsetof(Tuple, items) + (size_t)tuple_length(v) * sizeof(Value);
    if (type_flags(type) & TYPE_BYTES_SUBCLASS)
        return offsetof(Bytes, data) + (size_t)bytes_length(v) + 1;
    return type->basic_size;
}

static inline size_t round_up(size_t size) {
    return (size + 7) & ~(size_t)7;
}

size_t type_instance_size(Object *self) {
    Type *type = self->type;
    if (type_flags(type) & TYPE_HAS_SHAPE_SLOTS)
        return sizeof(Instance) + object_shape(self)->inline_slots * sizeof(Value);
    if (type->item_size == 0)
        return type->basic_size;
    size_t end = items_end(self, type);
    return type_flags(type) & TYPE_HEAP ? round_up(end) + type->slots_count * sizeof(Value) : end;
}

Value *type_trailing_words(Object *self) {
    return (Value *)((char *)self + round_up(items_end(self, self->type)));
}

Value *type_dict_slot(Object *self) {
    Type *type = self->type;
    if (type->dict_offset)
        return (Value *)((char *)self + type->dict_offset);
    return type_trailing_words(self) + type->slots_count - 1;
}

__attribute__((noinline, cold)) void *object_raise_no_memory(void) {
    raise_memory_error();
    return NULL;
}

void *object_allocate(Type *type) {
    Object *o = heap_allocate(type->basic_size, type->kind, type, type_root_shape(type));
    if (UNLIKELY(!o)) {
        raise_memory_error();
        return NULL;
    }
    if (UNLIKELY(type_flags(type) & TYPE_HEAP))
        ref_retain_unless_deferred(type);
    return o;
}

void *object_allocate_sized(Type *type, size_t size) {
    if (LIKELY(!(type_flags(type) & TYPE_HEAP))) {
        Object *o = heap_allocate(size, type->kind, type, 0);
        if (UNLIKELY(!o))
            raise_memory_error();
        return o;
    }
    size_t words = type->slots_count * sizeof(Value);
    Object *o = heap_allocate(round_up(size) + words, type->kind, type, type_root_shape(type));
    if (UNLIKELY(!o)) {
        raise_memory_error();
        return NULL;
    }
    memset((char *)o + round_up(size), 0, words);
    ref_retain_unless_deferred(type);
    return o;
}

static __attribute__((noinline)) void object_free_of_class(Object *o, size_t size, Type *type) {
    heap_free(o, size, type->kind);
    ref_release_unless_deferred(type);
}
// Every call here is the last thing done, so that nothing has to be saved for the common case.
void object_free(void *object, size_t size) {
    Object *o = object;
    Type *type = o->type;
    if (UNLIKELY(type_flags(type) & TYPE_HEAP))
        object_free_of_class(o, size, type);
    else
        heap_free(o, size, type->kind);
}

void object_free_fixed(void *object) {
    Object *o = object;
    object_free(o, o->type->basic_size);
}

void type_free_instance(Object *self) {
    object_free(self, type_instance_size(self));
}

Value type_new_instance(Type *type) {
    if (UNLIKELY(!(type_flags(type) & TYPE_HAS_SHAPE_SLOTS)))
        return value_from_object(object_allocate(type));
    Shape *root = shape_of_id(type_root_shape(type));
    if (UNLIKELY(__atomic_load_n(&type->expected_slots, __ATOMIC_RELAXED) > root->inline_slots))
        root = shape_grow_root(type, root);
    Object *o = heap_allocate(sizeof(Instance) + root->inline_slots * sizeof(Value), HEAP_CONTAINER,
                              type, root->id);
    if (UNLIKELY(!o))
        return raise_memory_error();
    ref_retain_unless_deferred(type);
    return value_from_object(o);
}

Value type_new_for_init(Type *type, const Value *args, size_t nargs) {
    return LIKELY(type_flags(type) & TYPE_HAS_SHAPE_SLOTS)
               ? type_new_instance(type)
               : exception_BaseException.call_new(type, args, nargs, VALUE_NULL);
}

// ---- reading -----------------------------------------------------------------------------

Value name_interned(Value name) {
    if (value_is_exact_str(name))
        return str_intern(ref_new(name));
    size_t length;
    char *owned = NULL;
    const char *utf8 = str_utf8_wtf(name, &length, &owned);
    if (!utf8)
        return VALUE_NULL;
    Value exact = str_from_utf8(utf8, length);
    buffer_free(owned);
    return value_is_null(exact) ? exact : str_intern(exact);
}

// The word `overflow` of an instance in dict mode, which it never leaves while it can be reached,
// is a field.
ALWAYS_INLINE bool try_dict(const Object *o, Value *dict) {
    return field_try_load((const Value *)&((const Instance *)o)->overflow, false, dict) !=
           FIELD_LOST;
}

// Without the lock: true with a new reference to the slot's value, or to the dict in dict mode, of
// an instance of which the caller saw the shape. Never VALUE_NULL: an empty slot may be that of an
// earlier shape.
static inline bool try_get(Object *o, const Shape *shape, uint32_t slot, Value *v) {
    bool found;
    if (shape->is_dict)
        found = try_dict(o, v);
    else if (LIKELY(slot < shape->inline_slots))
        found = field_try_load(&((Instance *)o)->slots[slot], false, v) != FIELD_LOST;
    else
        found = instance_try_overflow(o, shape->id, slot - shape->inline_slots, false, v);
    return LIKELY(found) && !value_is_null(*v);
}

static Value instance_get_interned(Value self, Value name) {
    Object *o = value_object(self);
    uint32_t flags = type_flags(value_type(self));
    if (LIKELY(flags & TYPE_HAS_SHAPE_SLOTS)) {
        for (;;) {
            Shape *shape = object_shape(o);
            int32_t slot = shape->is_dict ? 0 : shape_find(shape, name);
            if (slot < 0)
                return VALUE_NULL;
            Value v;
            if (!FIELD_READS_UNLOCKED || !try_get(o, shape, (uint32_t)slot, &v)) {
                object_read_lock(o);
                if (UNLIKELY(object_shape_id(o) != shape->id)) {
                    object_read_unlock(o);
                    continue;
                }
                if (shape->is_dict)
                    v = value_from_object(instance_of(self)->overflow);
                else
                    v = field_raw(
                        instance_slot(instance_of(self), (uint32_t)slot, shape->inline_slots));
                field_retain_locked(v, false);
                object_read_unlock(o);
            }
            if (!shape->is_dict)
                return v;
            Value found = dict_get_str(v, name);
            ref_release(v);
            return found;
        }
    }
    if (flags & TYPE_HAS_DICT_FIELD) {
        Value *slot = type_dict_slot(o);
        if (value_is_null(field_raw(slot)))
            return VALUE_NULL;
        Value dict = field_load(o, slot);
        if (value_is_null(dict))
            return VALUE_NULL;
        Value found = dict_get_str(dict, name);
        ref_release(dict);
        return found;
    }
    return VALUE_NULL;
}

Value instance_get(Value self, Value name) {
    if (!value_is_object(self))
        return VALUE_NULL;
    if (LIKELY(str_is_interned(name)))
        return instance_get_interned(self, name);
    Value interned = name_interned(name);
    if (value_is_null(interned))
        return VALUE_NULL;
    Value v = instance_get_interned(self, interned);
    ref_release(interned);
    return v;
}

// ---- dict mode ---------------------------------------------------------------------------

// The dict of an instance in dict mode, new reference, or VALUE_NULL if it is not in dict mode.
static Value mode_dict(Object *o) {
    Value v = VALUE_NULL;
    if (FIELD_READS_UNLOCKED) {
        if (!object_shape(o)->is_dict)
            return v;
        if (try_dict(o, &v) && LIKELY(!value_is_null(v)))
            return v;
        v = VALUE_NULL;
    }
    object_read_lock(o);
    if (object_shape(o)->is_dict) {
        v = value_from_object(((Instance *)o)->overflow);
        field_retain_locked(v, false);
    }
    object_read_unlock(o);
    return v;
}

Value instance_get_in_dict(Value self, Value name) {
    Value dict = mode_dict(value_object(self));
    if (UNLIKELY(value_is_null(dict)))
        return dict;
    Value found = dict_get_str(dict, name);
    ref_release(dict);
    return found;
}

int instance_set_in_dict(Value self, Value name, Value value) {
    Value dict = mode_dict(value_object(self));
    if (UNLIKELY(value_is_null(dict)))
        return instance_set(self, name, value);
    int status = dict_set(dict, name, value);
    ref_release(dict);
    return status;
}

// Lock held, before the shape says so.
static inline void store_overflow(Instance *instance, void *overflow) {
    __atomic_store_n(&instance->overflow, overflow, SHARED_STORE);
}

enum { NAMES_MAX = 256 };

// One attempt to move the attributes into `dict`: 1 done, 0 somebody interfered, -1 error.
static int try_dict_mode(Object *o, Shape *shape, Value dict) {
    Instance *instance = (Instance *)o;
    uint32_t count = shape->slots - shape->cells;
    Value names[NAMES_MAX], values[NAMES_MAX];
    for (Shape *s = shape; s->parent; s = s->parent)
        names[s->slots - 1 - shape->cells] = s->name;
    Shape *target = shape_dict_mode(shape->type, shape->inline_slots);
    if (!target)
        return -1;
    object_lock(o);
    bool same = object_shape_id(o) == shape->id;
    for (uint32_t i = 0; same && i < count; i++) {
        values[i] = field_raw(instance_slot(instance, shape->cells + i, shape->inline_slots));
        ref_retain(values[i]);
    }
    object_unlock(o);
    if (!same)
        return 0;
    int result = 1;
    uint32_t moved = 0;
    for (uint32_t i = 0; i < count; i++)
        if (result > 0 && dict_set(dict, names[i], values[i]) < 0)
            result = -1;
    void *old_overflow = NULL;
    if (result > 0) {
        object_lock(o);
        same = object_shape_id(o) == shape->id;
        for (uint32_t i = 0; same && i < count; i++)
            same = value_same(values[i], field_raw(instance_slot(instance, shape->cells + i,
                                                                 shape->inline_slots)));
        if (same) {
            for (uint32_t i = shape->cells; i < shape->slots && i < shape->inline_slots; i++)
                field_raw_store(&instance->slots[i], VALUE_NULL);
            moved = count;
            old_overflow = instance->overflow;
            store_overflow(instance, value_object(ref_new(dict)));
            object_set_shape(o, target->id);
        } else {
            result = 0;
        }
        object_unlock(o);
    }
    reclaim_array(old_overflow);
    for (uint32_t i = 0; i < count; i++) {
        ref_release(values[i]);
        if (i < moved)
            ref_release(values[i]); // the slot's own reference
    }
    return result;
}

// The instance's dict, in dict mode from now on. New reference.
static Value to_dict_mode(Object *o) {
    for (;;) {
        Value dict = mode_dict(o);
        if (!value_is_null(dict))
            return dict;
        Shape *shape = object_shape(o);
        if (shape->is_dict)
            continue;
        dict = dict_new_sized(shape->slots);
        if (value_is_null(dict))
            return dict;
        int result = try_dict_mode(o, shape, dict);
        if (result > 0)
            return dict;
        ref_release(dict);
        if (result < 0)
            return VALUE_NULL;
    }
}

// With o's lock, before its dict field gets a dict: from now on attributes may shadow what its type
// says, and what caches know of instances without a shape does not hold for it.
static void leave_no_shape(Object *o) {
    if (object_shape_id(o) == 0)
        object_set_shape(o, SHAPE_ID_MAX);
}

void instance_dict_field_used(Object *o) {
    object_lock(o);
    leave_no_shape(o);
    object_unlock(o);
}

// The dict of the dict field, made if need be. New reference.
static Value field_dict(Object *o, bool make) {
    Value *slot = type_dict_slot(o);
    Value dict = field_load(o, slot);
    if (!value_is_null(dict) || !make)
        return dict;
    Value fresh = dict_new();
    if (value_is_null(fresh))
        return fresh;
    object_lock(o);
    dict = field_raw(slot);
    if (value_is_null(dict)) {
        dict = fresh;
        leave_no_shape(o);
        field_raw_store(slot, ref_new(fresh));
    } else {
        ref_retain(dict);
    }
    object_unlock(o);
    if (!value_same(dict, fresh))
        ref_release(fresh);
    return dict;
}

Value instance_dict(Value self) {
    uint32_t flags = type_flags(value_type(self));
    if (value_is_object(self) && (flags & TYPE_HAS_SHAPE_SLOTS))
        return to_dict_mode(value_object(self));
    if (value_is_object(self) && (flags & TYPE_HAS_DICT_FIELD))
        return field_dict(value_object(self), true);
    raise_error(&exception_AttributeError, "'%T' object has no attribute '__dict__'", self);
    error_set_name_object(name___dict__, self);
    return VALUE_NULL;
}

Value instance_dict_or_null(Value self) {
    if (!value_is_object(self))
        return VALUE_NULL;
    uint32_t flags = type_flags(value_type(self));
    if (flags & TYPE_HAS_SHAPE_SLOTS)
        return mode_dict(value_object(self));
    if (flags & TYPE_HAS_DICT_FIELD)
        return field_dict(value_object(self), false);
    return VALUE_NULL;
}

Value instance_copy_dict(Value self) {
    if (!value_is_object(self) || !type_has(value_type(self), TYPE_HAS_SHAPE_SLOTS)) {
        Value dict = instance_dict_or_null(self);
        if (value_is_null(dict))
            return dict_new();
        Value copy = dict_copy(dict);
        ref_release(dict);
        return copy;
    }
    Object *o = value_object(self);
    for (;;) {
        Value dict = mode_dict(o);
        if (!value_is_null(dict)) {
            Value copy = dict_copy(dict);
            ref_release(dict);
            return copy;
        }
        Shape *shape = object_shape(o);
        if (shape->is_dict)
            continue;
        Value names[NAMES_MAX], values[NAMES_MAX];
        uint32_t count = shape->slots - shape->cells;
        for (Shape *s = shape; s->parent; s = s->parent)
            names[s->slots - 1 - shape->cells] = s->name;
        object_lock(o);
        bool same = object_shape_id(o) == shape->id;
        for (uint32_t i = 0; same && i < count; i++) {
            values[i] =
                field_raw(instance_slot((Instance *)o, shape->cells + i, shape->inline_slots));
            ref_retain(values[i]);
        }
        object_unlock(o);
        if (!same)
            continue;
        dict = dict_new_sized(count);
        for (uint32_t i = 0; i < count; i++) {
            if (value_is_null(dict)) {
                ref_release(values[i]);
            } else if (dict_fill_new(dict_of(dict), ref_new(names[i]), values[i]) < 0) {
                ref_release(dict);
                dict = VALUE_NULL;
            }
        }
        return dict;
    }
}

int instance_snapshot(Value self, Value *names, Value *values, int room) {
    if (!value_is_object(self) || !type_has(value_type(self), TYPE_HAS_SHAPE_SLOTS))
        return -1;
    Object *o = value_object(self);
    for (;;) {
        Shape *shape = object_shape(o);
        if (shape->is_dict || shape->cells || shape->slots > (uint32_t)room)
            return -1;
        uint32_t count = shape->slots;
        for (Shape *s = shape; s->parent; s = s->parent)
            names[s->slots - 1] = s->name;
        object_lock(o);
        bool same = object_shape_id(o) == shape->id;
        for (uint32_t i = 0; same && i < count; i++) {
            values[i] = field_raw(instance_slot((Instance *)o, i, shape->inline_slots));
            ref_retain(values[i]);
        }
        object_unlock(o);
        if (same)
            return (int)count;
    }
}

int instance_set_dict(Value self, Value dict) {
    if (!value_is_null(dict) && !value_is_dict(dict))
        return raise_int(&exception_TypeError, "__dict__ must be set to a dictionary, not a '%T'",
                         dict);
    Object *o = value_object(self);
    uint32_t flags = type_flags(value_type(self));
    if (flags & TYPE_HAS_DICT_FIELD) {
        instance_dict_field_used(o);
        field_store(o, type_dict_slot(o), value_is_null(dict) ? dict : ref_new(dict));
        return 0;
    }
    if (!(flags & TYPE_HAS_SHAPE_SLOTS))
        return raise_int(&exception_AttributeError, "This object has no __dict__");
    Value fresh = value_is_null(dict) ? dict_new() : ref_new(dict);
    if (value_is_null(fresh))
        return -1;
    Value now = to_dict_mode(o);
    if (value_is_null(now)) {
        ref_release(fresh);
        return -1;
    }
    ref_release(now);
    object_lock(o); // dict mode is never left but by instance_drop_attributes
    Value old = VALUE_NULL;
    if (object_shape(o)->is_dict) {
        old = value_from_object(((Instance *)o)->overflow);
        store_overflow((Instance *)o, value_object(fresh));
        fresh = VALUE_NULL;
    }
    object_unlock(o);
    ref_release(old);
    ref_release(fresh);
    return 0;
}

// ---- writing -----------------------------------------------------------------------------

// Adds an attribute at the end: 1 done, 0 start over, -1.
static int add_slot(Object *o, Shape *shape, Shape *child, Value value) {
    Instance *instance = (Instance *)o;
    uint32_t slot = child->slots - 1, inline_slots = child->inline_slots;
    Value *array = NULL, *old_array = NULL;
    bool reuses = false; // the array that deleted attributes have left, which has room for one
    if (slot >= inline_slots) {
        uint32_t count = slot - inline_slots;
        reuses = count == 0 && __atomic_load_n(&instance->overflow, __ATOMIC_RELAXED);
        if (count == shape_overflow_capacity(count) && !reuses) {
            array = buffer_allocate_zeroed(shape_overflow_capacity(count + 1) * sizeof(Value));
            if (!array)
                return raise_memory_error(), -1;
        }
        Type *type = child->type;
        if (child->slots > __atomic_load_n(&type->expected_slots, __ATOMIC_RELAXED) &&
            shape_of_id(type_root_shape(type)) == child->root)
            __atomic_store_n(&type->expected_slots, child->slots, __ATOMIC_RELAXED);
    }
    ref_retain(value);
    object_lock(o);
    bool same = object_shape_id(o) == shape->id && (!reuses || instance->overflow);
    if (same) {
        if (array) {
            old_array = instance->overflow;
            if (old_array)
                memcpy(array, old_array, (slot - inline_slots) * sizeof(Value));
            store_overflow(instance, array);
        }
        field_raw_store(instance_slot(instance, slot, inline_slots), value);
        object_set_shape(o, child->id);
    }
    object_unlock(o);
    if (!same) {
        ref_release(value);
        buffer_free(array);
        return 0;
    }
    reclaim_array(old_array);
    return 1;
}

static int instance_set_interned(Value self, Value name, Value value) {
    Object *o = value_object(self);
    uint32_t flags = type_flags(value_type(self));
    while (flags & TYPE_HAS_SHAPE_SLOTS) {
        Shape *shape = object_shape(o);
        Value dict;
        if (!shape->is_dict) {
            int32_t slot = shape_find(shape, name);
            if (slot >= 0) {
                Value old = ref_new(value);
                object_lock(o);
                bool same = object_shape_id(o) == shape->id;
                if (same)
                    old = field_swap_locked(
                        instance_slot((Instance *)o, (uint32_t)slot, shape->inline_slots), value);
                object_unlock(o);
                ref_release(old);
                if (same)
                    return 0;
                continue;
            }
            Shape *child = shape_add(shape, name);
            if (child) {
                int result = add_slot(o, shape, child, value);
                if (result)
                    return result < 0 ? -1 : 0;
                continue;
            }
            dict = to_dict_mode(o);
        } else {
            dict = mode_dict(o);
            if (value_is_null(dict))
                continue;
        }
        if (value_is_null(dict))
            return -1;
        int result = dict_set(dict, name, value);
        ref_release(dict);
        return result;
    }
    Value dict = field_dict(o, true);
    if (value_is_null(dict))
        return -1;
    int result = dict_set(dict, name, value);
    ref_release(dict);
    return result;
}

int instance_set(Value self, Value name, Value value) {
    if (LIKELY(str_is_interned(name)))
        return instance_set_interned(self, name, value);
    Value interned = name_interned(name);
    if (value_is_null(interned))
        return -1;
    int result = instance_set_interned(self, interned, value);
    ref_release(interned);
    return result;
}

int instance_add(Value self, Value name, Value value, uint32_t before, uint32_t after) {
    int result = add_slot(value_object(self), shape_of_id(before), shape_of_id(after), value);
    return result < 0 ? -1 : result > 0 ? 0 : instance_set(self, name, value);
}

// Takes a slot out: 1 done, 0 start over.
static int remove_slot(Object *o, Shape *shape, Shape *target, uint32_t slot) {
    Instance *instance = (Instance *)o;
    Value old = VALUE_NULL;
    object_lock(o);
    bool same = object_shape_id(o) == shape->id;
    if (same) {
        old = field_raw(instance_slot(instance, slot, shape->inline_slots));
        for (uint32_t i = slot + 1; i < shape->slots; i++)
            field_raw_store(instance_slot(instance, i - 1, shape->inline_slots),
                            field_raw(instance_slot(instance, i, shape->inline_slots)));
        field_raw_store(instance_slot(instance, shape->slots - 1, shape->inline_slots), VALUE_NULL);
        object_set_shape(o, target->id);
    }
    object_unlock(o);
    ref_release(old);
    return same;
}

static int instance_delete_interned(Value self, Value name) {
    Object *o = value_object(self);
    uint32_t flags = type_flags(value_type(self));
    Value dict = VALUE_NULL;
    while (flags & TYPE_HAS_SHAPE_SLOTS) {
        Shape *shape = object_shape(o);
        if (shape->is_dict) {
            dict = mode_dict(o);
            if (value_is_null(dict))
                continue;
            break;
        }
        int32_t slot = shape_find(shape, name);
        if (slot < 0)
            return 0;
        // Slots that move would be read as each other's by who does not lock.
        Shape *target = FIELD_READS_UNLOCKED ? NULL
                        : (uint32_t)slot + 1 == shape->slots
                            ? shape->parent
                            : shape_replay(shape, shape->root, name);
        if (!target) {
            dict = to_dict_mode(o);
            if (value_is_null(dict))
                return -1;
            break;
        }
        if (remove_slot(o, shape, target, (uint32_t)slot))
            return 1;
    }
    if (value_is_null(dict))
        dict = flags & TYPE_HAS_DICT_FIELD ? field_dict(o, false) : VALUE_NULL;
    if (value_is_null(dict))
        return 0;
    int result = dict_delete_if_present(dict, name);
    ref_release(dict);
    return result;
}

int instance_delete(Value self, Value name) {
    if (!value_is_object(self))
        return 0;
    if (LIKELY(str_is_interned(name)))
        return instance_delete_interned(self, name);
    Value interned = name_interned(name);
    if (value_is_null(interned))
        return -1;
    int result = instance_delete_interned(self, interned);
    ref_release(interned);
    return result;
}

// ---- the end, and the collector ------------------------------------------------------------

void instance_drop_attributes(Object *o) {
    Type *type = o->type;
    if (!(type_flags(type) & TYPE_HAS_SHAPE_SLOTS)) {
        if (type_flags(type) & TYPE_HAS_DICT_FIELD)
            field_clear(o, type_dict_slot(o));
        return;
    }
    Instance *instance = (Instance *)o;
    for (;;) {
        object_lock(o);
        Shape *shape = object_shape(o);
        uint32_t inline_end =
            shape->slots < shape->inline_slots ? shape->slots : shape->inline_slots;
        if (shape->is_dict || shape->slots <= shape->inline_slots) {
            if (inline_end > shape->cells && !shape->is_dict) {
                // The last inline slot goes, and with it the shape it belongs to.
                Value old = field_swap_locked(&instance->slots[inline_end - 1], VALUE_NULL);
                object_set_shape(o, shape->parent->id);
                object_unlock(o);
                ref_release(old);
                continue;
            }
            Value old = shape->is_dict ? value_from_object(instance->overflow) : VALUE_NULL;
            Value *array = shape->is_dict ? NULL : instance->overflow;
            store_overflow(instance, NULL);
            object_set_shape(o, shape->root->id);
            object_unlock(o);
            ref_release(old);
            reclaim_array(array);
            return;
        }
        Value old = field_swap_locked(
            &((Value *)instance->overflow)[shape->slots - 1 - shape->inline_slots], VALUE_NULL);
        object_set_shape(o, shape->parent->id);
        object_unlock(o);
        ref_release(old);
    }
}

void instance_traverse_attributes(Object *o, GcVisitor *visitor) {
    Type *type = o->type;
    if (!(type_flags(type) & TYPE_HAS_SHAPE_SLOTS)) {
        if (type_flags(type) & TYPE_HAS_DICT_FIELD)
            gc_visit(visitor, field_raw(type_dict_slot(o)));
        return;
    }
    Instance *instance = (Instance *)o;
    Shape *shape = object_shape(o);
    if (shape->is_dict) {
        gc_visit_object(visitor, instance->overflow);
        return;
    }
    for (uint32_t i = shape->cells; i < shape->slots; i++)
        gc_visit(visitor, field_raw(instance_slot(instance, i, shape->inline_slots)));
}

// The words that heap types added: cells, and for native bases the dict field among them.
static Value *added_words(Object *self, Type *type) {
    return type->slots_begin ? (Value *)((char *)self + type->slots_begin)
                             : type_trailing_words(self);
}

void subtype_traverse(Object *self, GcVisitor *visitor) {
    Type *type = self->type;
    gc_visit_register(visitor, value_from_object(type));
    if (type->slots_count) {
        Value *words = added_words(self, type);
        for (uint32_t i = 0; i < type->slots_count; i++)
            gc_visit(visitor, field_raw(&words[i]));
    }
    if (type_flags(type) & TYPE_HAS_SHAPE_SLOTS) {
        instance_traverse_attributes(self, visitor);
        return;
    }
    Type *native = type_native_base(type);
    if (native->traverse)
        native->traverse(self, visitor);
}

static void drop_words(Object *self, Type *type) {
    if (!type->slots_count)
        return;
    Value *words = added_words(self, type);
    for (uint32_t i = 0; i < type->slots_count; i++)
        field_clear(self, &words[i]);
}

void subtype_clear(Object *self) {
    Type *type = self->type;
    drop_words(self, type);
    if (type_flags(type) & TYPE_HAS_SHAPE_SLOTS) {
        instance_drop_attributes(self);
        return;
    }
    Type *native = type_native_base(type);
    if (native->clear)
        native->clear(self);
}

// Nobody else holds the object: no locks.
static void destroy_attributes(Instance *instance, Shape *shape) {
    void *overflow = instance->overflow;
    if (shape->is_dict) {
        ref_release(value_from_object(overflow));
        return;
    }
    uint32_t inline_end = shape->slots < shape->inline_slots ? shape->slots : shape->inline_slots;
    for (uint32_t i = shape->cells; i < inline_end; i++)
        ref_release(instance->slots[i]);
    if (UNLIKELY(overflow != NULL)) {
        for (uint32_t i = shape->inline_slots; i < shape->slots; i++)
            ref_release(((Value *)overflow)[i - shape->inline_slots]);
        buffer_free(overflow); // a reader would hold a reference
    }
}

void subtype_destroy(Object *self) {
    Type *type = self->type;
    if (UNLIKELY(type->slots_count)) {
        Value *words = added_words(self, type);
        for (uint32_t i = 0; i < type->slots_count; i++) {
            Value old = words[i];
            words[i] = VALUE_NULL;
            ref_release(old);
        }
    }
    if (LIKELY(type_flags(type) & TYPE_HAS_SHAPE_SLOTS)) {
        Shape *shape = object_shape(self);
        destroy_attributes((Instance *)self, shape);
        heap_free(self, sizeof(Instance) + shape->inline_slots * sizeof(Value), HEAP_CONTAINER);
        ref_release_unless_deferred(type);
        return;
    }
    Type *native = type_native_base(type);
    if (native->destroy)
        native->destroy(self);
    else
        type_free_instance(self);
}

// ---- changing what an instance is ----------------------------------------------------------

int instance_set_class(Value self, Type *type) {
    Object *o = value_object(self);
    for (;;) {
        Type *old_type = value_type(self);
        if (old_type == type)
            return 0;
        Shape *shape = NULL, *target = NULL;
        if (type_has(type, TYPE_HAS_SHAPE_SLOTS)) {
            shape = object_shape(o);
            if (shape->is_dict) {
                target = shape_dict_mode(type, shape->inline_slots);
                if (!target)
                    return -1;
            } else {
                Shape *root = shape_root_with(type, shape->inline_slots);
                if (!root)
                    return -1;
                target = shape_replay(shape, root, VALUE_NULL);
                if (!target) {
                    Value dict = to_dict_mode(o);
                    if (value_is_null(dict))
                        return -1;
                    ref_release(dict);
                    continue;
                }
            }
        }
        if (type_has(type, TYPE_HEAP))
            ref_retain_unless_deferred(type);
        object_lock(o);
        bool same = o->type == old_type && (!shape || object_shape_id(o) == shape->id);
        if (same) {
            __atomic_store_n(&o->type, type, __ATOMIC_RELEASE);
            object_set_shape(o, target ? target->id : type_root_shape(type));
        }
        object_unlock(o);
        Type *dropped = same ? old_type : type;
        if (type_has(dropped, TYPE_HEAP)) {
            if (ref_is_deferred(&dropped->header))
                ref_retain_object(dropped);
            reclaim_reference(value_from_object(dropped));
        }
        if (same)
            return 0;
    }
}

static void retire_shapes_below(Type *type) {
    if (type_has(type, TYPE_HEAP))
        shapes_retire(type);
    struct TypeSubclasses *below = type->subclasses;
    for (uint32_t i = 0; below && i < below->count; i++)
        retire_shapes_below(below->items[i]);
}

static void refresh_one(Object *o, void *context) {
    Type *type = o->type;
    uint32_t id = object_shape_id(o);
    if (id == 0 || !(type_flags(type) & TYPE_HEAP) || !type_is_subtype(type, context))
        return;
    Shape *shape = shape_of_id(id), *target = NULL;
    if (!shape || !shape->root->retired)
        return;
    if (shape->is_dict) {
        target = shape_dict_mode(type, shape->inline_slots);
    } else {
        Shape *root = shape_root_with(type, shape->inline_slots);
        target = root ? shape_replay(shape, root, VALUE_NULL) : NULL;
    }
    if (target)
        object_set_shape(o, target->id);
}

void instances_refresh_shapes_locked(Type *type) {
    thread_stop_world();
    retire_shapes_below(type);
    heap_each_container(refresh_one, type);
    thread_start_world();
}
void instances_refresh_shapes(Type *type) {
    types_lock(); // first: a thread stopped with this lock held would have a subclass list in its
                  // hands
    instances_refresh_shapes_locked(type);
    types_unlock();
}
