// SPDX-License-Identifier: MIT
//
// What the fast paths of the interpreter's loop are made of: floats without objects, items of
// lists, attribute slots by the word of an inline cache, entries of caches. Included by interp.c
// alone, after its macros.

ALWAYS_INLINE bool both_flonum(Value a, Value b) {
    return (((a.bits ^ 2) | (b.bits ^ 2)) & 3) == 0;
}

// A float operand as a double if it and the other operand are numbers that mix into a float
// operation without calling anything: two flonums, or a flonum and an int of up to 53 bits.
ALWAYS_INLINE bool float_operands(Value a, Value b, double *x, double *y) {
    if (both_flonum(a, b)) {
        *x = value_flonum(a);
        *y = value_flonum(b);
        return true;
    }
    const int64_t exact = (int64_t)1 << 53;
    if (value_is_flonum(a) && value_is_int(b)) {
        int64_t n = value_int(b);
        *x = value_flonum(a);
        *y = (double)n;
        return n >= -exact && n <= exact;
    }
    if (value_is_int(a) && value_is_flonum(b)) {
        int64_t n = value_int(a);
        *x = (double)n;
        *y = value_flonum(b);
        return n >= -exact && n <= exact;
    }
    return false;
}

#define FLOAT_RESULT(expression)                                                                   \
    do {                                                                                           \
        Value flonum_ = value_flonum_from_double(expression);                                      \
        if (LIKELY(!value_is_null(flonum_))) {                                                     \
            SET(A, flonum_);                                                                       \
            NEXT(1);                                                                               \
        }                                                                                          \
    } while (0)

// Integer division and remainder with Python's rounding (toward minus infinity). d != 0, and not
// the pair that overflows.
ALWAYS_INLINE int64_t floor_div(int64_t n, int64_t d) {
    int64_t q = n / d;
    return q - ((n % d != 0) & ((n < 0) != (d < 0)));
}
ALWAYS_INLINE int64_t floor_mod(int64_t n, int64_t d) {
    int64_t r = n % d;
    return r + ((r != 0) & ((r < 0) != (d < 0)) ? d : 0);
}

// list[i] of an exact list without calling out, as a register keeps it. VALUE_NULL: out of range.
ALWAYS_INLINE Value list_item_fast(Value list, int64_t i) {
    return LIKELY(i >= 0) ? list_get_register(list_of(list), (uint64_t)i)
                          : list_get_from_end_register(list_of(list), i);
}

// The instance slot that a CACHE_SLOT word names, if the object still has the word's shape.
// With the object's lock held.
ALWAYS_INLINE Value *slot_of_word(Object *o, uint64_t word) {
    uint32_t where = (uint32_t)(word >> 32);
    if (LIKELY(!(where & 0x80000000u)))
        return (Value *)((char *)o + where);
    return &((Value *)((Instance *)o)->overflow)[where & 0x7fffffffu];
}
ALWAYS_INLINE bool shape_matches(const Object *o, uint64_t word) {
    return ((header_shape_word(o) ^ (uint32_t)word) >> SHAPE_SHIFT) == 0;
}
// The value of the slot that a CACHE_SLOT word names, as a register keeps it; VALUE_NULL: another
// shape, or empty.
ALWAYS_INLINE Value slot_load_locked(Object *o, uint64_t word) {
    Value v = VALUE_NULL;
    object_read_lock(o);
    if (LIKELY(shape_matches(o, word))) {
        v = field_raw(slot_of_word(o, word));
        field_retain_locked(v, true);
    }
    object_read_unlock(o);
    return v;
}
static __attribute__((noinline, unused)) Value slot_load_contended(Object *o, uint64_t word) {
    return slot_load_locked(o, word);
}
// The same for who has just seen that o has the word's shape (object_shape_id).
ALWAYS_INLINE Value slot_load_of_shape(Object *o, uint64_t word) {
    if (!FIELD_READS_UNLOCKED)
        return slot_load_locked(o, word);
    uint32_t where = (uint32_t)(word >> 32);
    Value v;
    bool found;
    if (LIKELY(!(where & 0x80000000u)))
        found = field_try_load_as((Value *)((char *)o + where), true, true, &v) != FIELD_LOST;
    else
        found =
            instance_try_overflow(o, (uint32_t)word >> SHAPE_SHIFT, where & 0x7fffffffu, true, &v);
    return LIKELY(found) ? v : slot_load_contended(o, word);
}
ALWAYS_INLINE Value slot_load(Object *o, uint64_t word) {
    if (!FIELD_READS_UNLOCKED)
        return slot_load_locked(o, word);
    return LIKELY(shape_matches(o, word)) ? slot_load_of_shape(o, word) : VALUE_NULL;
}
// Puts a value (consumed if it is done) into the slot that a CACHE_SLOT word names; the old one,
// or VALUE_NULL, is the caller's then. Not done: the shape is another. (In two registers.)
typedef struct {
    Value old;
    bool done;
} SlotSwap;
static __attribute__((noinline)) SlotSwap slot_swap_contended(Object *o, uint64_t word,
                                                              Value value) {
    SlotSwap swap = {VALUE_NULL, false};
    object_lock(o);
    if (LIKELY(shape_matches(o, word)))
        swap = (SlotSwap){field_swap_locked(slot_of_word(o, word), value), true};
    object_unlock(o);
    return swap;
}
ALWAYS_INLINE SlotSwap slot_swap(Object *o, uint64_t word, Value value) {
    if (UNLIKELY(!object_enter_shape(o, (uint32_t)word)))
        return slot_swap_contended(o, word, value);
    Value old = field_swap_locked(slot_of_word(o, word), value);
    object_leave(o);
    return (SlotSwap){old, true};
}
ALWAYS_INLINE bool owned_entry_matches(const CacheEntry *e, const Object *o) {
    const uint32_t *version = e->version2 ? &((const Type *)o)->version
                                          : &dict_of(((const Module *)o)->dict)->watch_version;
    return compare_acquire(version, e->version);
}
// What an OWNED or CONSTANT entry that holds gives, as a register keeps it. VALUE_NULL: a static
// method that has no function.
ALWAYS_INLINE Value owned_entry_value(const CacheEntry *e) {
    if (LIKELY(!e->word)) {
        reg_keep(e->value);
        return e->value;
    }
    const MethodWrapping *w = (const MethodWrapping *)value_object(e->value);
    return field_load_register(&w->header, &w->callable);
}
// What a descriptor (a reference that is consumed) gives for an instance of the class that has it.
// Its class may lose __get__ at any time.
static Value bound_to(Value v, Value object) {
    Value (*get)(Value, Value, Value) = value_type(v)->descr_get;
    Value bound = value_is_exactly(v, &function_type) ? method_new(v, object)
                  : get ? get(v, object, value_from_object(value_type(object)))
                        : ref_new(v);
    ref_release(v);
    return bound;
}
// What an instance in dict mode has for name, after the guard of e (ENTRY_IN_DICT) held, or else
// what its type has behind that: *binds tells whether that is still to bind the instance. New
// reference; VALUE_NULL: nothing that e knows of, or an exception. e may go while the dict is
// asked.
static __attribute__((noinline)) Value find_in_dict(const CacheEntry *e, Value object, Value name,
                                                    bool *binds) {
    Value behind = value_is_null(e->value) ? e->value : ref_new(e->value);
    uint64_t what = e->word;
    *binds = false;
    Value own = instance_get_in_dict(object, name);
    if (!value_is_null(own) || UNLIKELY(error_occurred())) {
        ref_release(behind);
        return own;
    }
    if (what == IN_DICT_GETS)
        return bound_to(behind, object);
    *binds = what == IN_DICT_METHOD;
    return behind;
}
// The same, bound.
static __attribute__((noinline)) Value load_in_dict(const CacheEntry *e, Value object, Value name) {
    bool binds;
    Value v = find_in_dict(e, object, name, &binds);
    return binds && !value_is_null(v) ? bound_to(v, object) : v;
}
// Whether an entry's guard holds for o.
ALWAYS_INLINE bool entry_holds(const CacheEntry *e, const Object *o, uint32_t shape) {
    if (LIKELY(e->shape == shape && e->kind != ENTRY_OWNED))
        return e->kind >= ENTRY_SLOT || compare_acquire(&TYPE_OF(o)->version, e->version);
    return e->kind == ENTRY_OWNED && e->object == o && owned_entry_matches(e, o);
}
static const CacheEntry *entry_find_next(const CacheEntry *e, const Object *o, uint32_t shape) {
    while (e && !entry_holds(e, o, shape))
        e = e->next;
    return e;
}
// The entry of a chain whose guard holds for o, or NULL. (The slots of SLOT and TRANSITION are
// checked again under the object's lock.)
ALWAYS_INLINE const CacheEntry *entry_find(uint64_t word, const Object *o) {
    uint32_t shape = object_shape_id(o);
    const CacheEntry *e = (const CacheEntry *)word;
    if (LIKELY(entry_holds(e, o, shape)))
        return e;
    return entry_find_next(e->next, o, shape);
}
// The entry of a chain for super().name in this frame (ENTRY_SUPER), or NULL. The class that
// super() stands for is only compared: it is in the mro of self's class for as long as that has its
// version, so no other class lies at its address.
static inline const CacheEntry *super_entry(const Frame *frame, uint64_t word) {
    Value self = frame->registers[0];
    if (UNLIKELY(!cache_is_entry(word) || !value_is_object(self)))
        return NULL;
    uint32_t version = __atomic_load_n(&TYPE_OF(value_object(self))->version, __ATOMIC_ACQUIRE);
    for (const CacheEntry *e = (const CacheEntry *)word; e; e = e->next)
        if (e->kind == ENTRY_SUPER && LIKELY(e->version == version)) {
            Value cell = tuple_item(frame_function(frame)->closure, (int64_t)e->word);
            if (LIKELY(field_raw(&((const Cell *)value_object(cell))->value).bits ==
                       (uint64_t)e->object))
                return e;
        }
    return NULL;
}
ALWAYS_INLINE bool global_entry_matches(const CacheEntry *e, const Function *f) {
    return e->kind == ENTRY_GLOBAL &&
           compare_acquire(&dict_of(f->globals)->keys_version, e->version) &&
           compare_acquire(&dict_of(f->builtins)->watch_version, e->version2);
}

// o, which a register of the frame holds, is the fresh instance whose __init__ this frame runs, is
// known nowhere else yet, as its references are that register's and the one below the frame's
// header, and has the shape that a cache word begins with.
ALWAYS_INLINE bool in_own_init(const Frame *frame, const Object *o, uint64_t word) {
    return (frame->info & FRAME_INIT) && ((const Value *)frame)[-1].bits == (uint64_t)o &&
           ref_is_private_of_shape(o, 2, (uint32_t)word);
}

// Whether iter(v) makes an iterator that nobody else has had.
ALWAYS_INLINE bool iterators_are_new(Value v) {
    if (!value_is_object(v))
        return false;
    const Type *type = TYPE_OF(value_object(v));
    return type == &list_type || type == &range_type || type == &tuple_type || type == &dict_type ||
           type == &set_type || type == &dict_items_type || type == &dict_keys_type ||
           type == &dict_values_type;
}

// item in container: 1, 0, -1. A set's lookup without the detour over its type.
ALWAYS_INLINE int contains(Value container, Value item) {
    if (value_is_exactly(container, &set_type) && value_is_int(item))
        return set_contains_hashed(set_of(container), item, value_hash_inline(item));
    return value_contains(container, item);
}
