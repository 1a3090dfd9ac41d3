// SPDX-License-Identifier: MIT
//
// The interpreter loop: fetch, dispatch, and the fast path of every instruction. What is rare or
// long lives in slow.c, call.c, cache.c and unwind.c.
//
// Invariants
//  - Every word of a live register window holds a Value, VALUE_NULL or something that looks like a
//  number;
//    above the innermost window the stack holds no references at all.
//  - thread->frame is the innermost frame whenever anything that can run Python is called, and
//    its pc is saved (SAVE) before anything that can raise.
//  - No instruction holds an object lock when it goes on to the next.
#include "vm/interp/trace.h"
#include "vm/types/generator.h"
#include "vm/types/hashing.h"
#include "vm/types/iterators.h"
#include "vm/types/range.h"
#include "vm/types/set.h"
#include "vm/types/slice.h"

#define TARGET(name) L_##name:
#define TYPE_OF(o) __atomic_load_n(&(o)->type, __ATOMIC_RELAXED)
#define FETCH_OP(p) __atomic_load_n(&(p)->op, __ATOMIC_RELAXED)
// This text is compiled twice (trace.h). In the copy that traces, every instruction is preceded by
// a look for events, and where the plain copy leaves for the other one, that one goes on.
#ifdef INTERP_TRACED
#define DISPATCH() goto traced_dispatch
#define TRACE_LEAVE(value)                                                                         \
    do {                                                                                           \
        if (UNLIKELY(trace_leave(thread, frame, value) < 0)) {                                     \
            reg_release(value);                                                                    \
            goto error;                                                                            \
        }                                                                                          \
    } while (0)
#define TRACE_EXCEPTION() trace_exception(thread, thread->frame, &traced_native)
#define TRACE_STOP(value)                                                                          \
    do {                                                                                           \
        if (UNLIKELY(trace_stop(thread, frame, value) < 0)) {                                      \
            reg_release(value);                                                                    \
            goto error;                                                                            \
        }                                                                                          \
    } while (0)
#define SWITCH_RESULT(call) (call)
#define SWITCH_DONE(call) (call)
#else
#define DISPATCH() goto *labels[FETCH_OP(pc)]
#define TRACE_LEAVE(value) ((void)0)
#define TRACE_EXCEPTION() ((void)0)
#define TRACE_STOP(value) ((void)0)
#define SWITCH_RESULT(call) trace_result(thread, call)
#define SWITCH_DONE(call) trace_done(thread, call)
#endif
#define NEXT(words)                                                                                \
    do {                                                                                           \
        pc += (words);                                                                             \
        DISPATCH();                                                                                \
    } while (0)
#define SAVE() (frame->pc_tagged = (uint64_t)pc | 1)
// The running frame's registers: a fixed distance from the frame, so no variable of their own.
#define R (frame->registers)
#define A (pc->a)
#define B (pc->b)
#define C (pc->c)
#define IMMEDIATE_C ((int64_t)(int16_t)pc->c)
#define IMMEDIATE_B ((int64_t)(int16_t)pc->b)
#define JUMP_C() (pc += 1 + (int16_t)pc->c)
#define JUMP_BC() (pc += 1 + instruction_bc(pc))
#define CONSUME(index) consume_operand(frame, locals, index)
#define TAKE(index) take_operand(frame, locals, index)
// Stores what a register may keep (a number, or a reference already counted for it).
#define SET(index, value) reg_store(&R[index], value)
#define SET_LOCAL_REFERENCE(index, value) reg_set(&R[index], value)
#define NAME_OPERAND(index) tuple_item(frame_code(frame)->names, index)
#define SLOW(call)                                                                                 \
    do {                                                                                           \
        SAVE();                                                                                    \
        if (UNLIKELY((call) < 0))                                                                  \
            goto error;                                                                            \
    } while (0)
#ifdef INTERP_TRACED
// The saved instruction stays the one before: it tells which line the next one comes from.
#define SAFEPOINT()                                                                                \
    do {                                                                                           \
        if (UNLIKELY(THREAD_IS_WANTED(thread) & ~(uint32_t)WANT_TRACE) &&                          \
            thread_safepoint_slow() < 0)                                                           \
            goto error;                                                                            \
    } while (0)
#else
#define SAFEPOINT()                                                                                \
    do {                                                                                           \
        if (UNLIKELY(THREAD_IS_WANTED(thread))) {                                                  \
            SAVE();                                                                                \
            if (trace_safepoint(thread) < 0)                                                       \
                goto error;                                                                        \
        }                                                                                          \
    } while (0)
#endif

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
    if (UNLIKELY(i < 0))
        i += list_length(list);
    return list_get_register(list_of(list), (uint64_t)i);
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
    return ((__atomic_load_n(&o->shape_lock, SHARED_LOAD) ^ (uint32_t)word) >> SHAPE_SHIFT) == 0;
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
ALWAYS_INLINE Value slot_load(Object *o, uint64_t word) {
    if (!FIELD_READS_UNLOCKED)
        return slot_load_locked(o, word);
    if (UNLIKELY(!shape_matches(o, word)))
        return VALUE_NULL;
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
    return __atomic_load_n(version, __ATOMIC_ACQUIRE) == e->version;
}
// The entry of a chain whose guard holds for o, or NULL. (The slots of SLOT and TRANSITION are
// checked again under the object's lock.)
ALWAYS_INLINE bool entry_holds(const CacheEntry *e, const Object *o, uint32_t shape) {
    if (LIKELY(e->shape == shape && e->kind != ENTRY_OWNED))
        return e->kind >= ENTRY_SLOT ||
               __atomic_load_n(&TYPE_OF(o)->version, __ATOMIC_ACQUIRE) == e->version;
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
ALWAYS_INLINE bool global_entry_matches(const CacheEntry *e, const Function *f) {
    return e->kind == ENTRY_GLOBAL &&
           __atomic_load_n(&dict_of(f->globals)->keys_version, __ATOMIC_ACQUIRE) == e->version &&
           __atomic_load_n(&dict_of(f->builtins)->watch_version, __ATOMIC_ACQUIRE) == e->version2;
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

#ifdef INTERP_TRACED
Value interp_loop_traced(Thread *thread, LoopEntry entry, bool *yielded) {
    const bool throwing = entry == LOOP_THROW;
#else
Value interp_loop(Thread *thread, bool throwing, bool *yielded) {
#endif
    static const void *const labels[] = {
#define OP(name, format, cache) &&L_##name,
#include "vm/interp/opcodes.def"
#undef OP
    };
    Frame *frame = thread->frame;
    const Instruction *pc = frame_pc(frame);
    Value *K = frame_code(frame)->constants;
    uint32_t locals = frame_code(frame)->local_count; // registers below are variables
    Value result;

#define RELOAD()                                                                                   \
    do {                                                                                           \
        frame = thread->frame;                                                                     \
        pc = frame_pc(frame);                                                                      \
        K = frame_code(frame)->constants;                                                          \
        locals = frame_code(frame)->local_count;                                                   \
    } while (0)

#ifdef INTERP_TRACED
    Value traced_native = VALUE_NULL; // the native function an instruction calls, for the profiler
    if (entry == LOOP_AFTER)
        goto traced_after;
#endif
#ifdef INTERP_TRACED
    if (throwing && trace_thrown(thread, frame) < 0)
        goto error;
#endif
    if (throwing)
        goto error;
    DISPATCH();
#ifdef INTERP_TRACED
traced_after:
    NEXT(opcode_length(FETCH_OP(pc)));
traced_dispatch:
    switch (trace_step(thread, frame, pc, &traced_native)) {
    case TRACE_MOVED:
        RELOAD();
        break;
    case TRACE_ERROR:
        goto error;
    case TRACE_OFF:
        thread->loop_switch = SWITCH_HERE;
        return VALUE_NULL;
    case TRACE_GO:
        break;
    }
    goto *labels[FETCH_OP(pc)];
#endif

    // ---- moves ---------------------------------------------------------------------------
    TARGET(NOP)
    NEXT(1);
    TARGET(MOVE)
    {
        Value v = R[B];
        if (B >= locals)
            R[B] = VALUE_NULL;
        else
            reg_retain(v);
        SET(A, v);
        NEXT(1);
    }
    TARGET(LOAD_CONST)
    {
        Value v = K[(uint32_t)instruction_bc(pc)];
        reg_retain(v);
        SET(A, v);
        NEXT(1);
    }
    TARGET(LOAD_INT)
    SET(A, value_from_int(instruction_bc(pc)));
    NEXT(1);
    TARGET(CLEAR)
    reg_clear(&R[A]);
    NEXT(1);
    TARGET(CHECK_LOCAL)
    if (UNLIKELY(value_is_null(R[A])))
        SLOW(unbound_local(frame, A));
    NEXT(1);
    TARGET(DELETE_LOCAL)
    if (UNLIKELY(value_is_null(R[A])))
        SLOW(unbound_local(frame, A));
    reg_clear(&R[A]);
    NEXT(1);

    // ---- cells and names -----------------------------------------------------------------
    TARGET(LOAD_CELL)
    {
        Value v = cell_load_register(R[B]);
        if (UNLIKELY(value_is_null(v)))
            SLOW(unbound_cell(frame, tuple_item(frame_code(frame)->local_names, B), false));
        SET(A, v);
        NEXT(1);
    }
    TARGET(STORE_CELL)
    {
        Cell *cell = (Cell *)value_object(R[A]);
        field_store(&cell->header, &cell->value, TAKE(B));
        NEXT(1);
    }
    TARGET(LOAD_FREE)
    {
        Value v = cell_load_register(tuple_item(frame_function(frame)->closure, B));
        if (UNLIKELY(value_is_null(v)))
            SLOW(unbound_cell(frame, tuple_item(frame_code(frame)->free_names, B), true));
        SET(A, v);
        NEXT(1);
    }
    TARGET(STORE_FREE)
    {
        Cell *cell = (Cell *)value_object(tuple_item(frame_function(frame)->closure, A));
        field_store(&cell->header, &cell->value, TAKE(B));
        NEXT(1);
    }
    TARGET(LOAD_CLOSURE)
    {
        Value cell = tuple_item(frame_function(frame)->closure, B);
        reg_copy(&R[A], cell);
        NEXT(1);
    }
    TARGET(LOAD_NAME)
    {
        if (UNLIKELY(!value_is_null(R[0]))) {
            SAVE();
            Value v = load_name(frame, NAME_OPERAND(B));
            if (UNLIKELY(value_is_null(v)))
                goto error;
            SET_LOCAL_REFERENCE(A, v);
            NEXT(2);
        }
        goto L_LOAD_GLOBAL;
    }
    TARGET(LOAD_GLOBAL)
    {
        uint64_t word = cache_load(pc);
        Function *f = frame_function(frame);
        if (LIKELY((word & CACHE_TAG_MASK) == CACHE_ENTRY_NUMBER)) {
            Value v = dict_entry_load(f->globals, (uint32_t)(word >> 32),
                                      (uint32_t)(word & 0xffffffffu) >> 3);
            if (LIKELY(!value_is_null(v))) {
                SET(A, v);
                NEXT(2);
            }
        } else if (cache_is_entry(word)) {
            const CacheEntry *e = (const CacheEntry *)word;
            if (LIKELY(global_entry_matches(e, f))) {
                reg_copy(&R[A], e->value);
                NEXT(2);
            }
        }
        SAVE();
        Value v = cache_fill_load_global((Instruction *)pc, f, NAME_OPERAND(B));
        if (UNLIKELY(value_is_null(v)))
            goto error;
        SET_LOCAL_REFERENCE(A, v);
        NEXT(2);
    }
    TARGET(STORE_NAME)
    if (UNLIKELY(!value_is_null(R[0]))) {
        SLOW(value_setitem(R[0], NAME_OPERAND(A), R[B]));
        CONSUME(B);
        NEXT(2);
    }
    // fall through
    TARGET(STORE_GLOBAL)
    {
        uint64_t word = cache_load(pc);
        Value globals = frame_function(frame)->globals;
        if (LIKELY((word & CACHE_TAG_MASK) == CACHE_ENTRY_NUMBER &&
                   dict_entry_store(globals, (uint32_t)(word >> 32),
                                    (uint32_t)(word & 0xffffffffu) >> 3, R[B]))) {
            CONSUME(B);
            NEXT(2);
        }
        Value name = NAME_OPERAND(A);
        SLOW(dict_set(globals, name, R[B]));
        uint32_t keys_version;
        int64_t entry = dict_entry_of(globals, name, &keys_version);
        if (entry >= 0 && entry < (1 << 28) && keys_version)
            cache_store_word((Instruction *)pc, (uint64_t)keys_version << 32 |
                                                    (uint64_t)entry << 3 | CACHE_ENTRY_NUMBER);
        CONSUME(B);
        NEXT(2);
    }

    // ---- attributes ----------------------------------------------------------------------
    TARGET(LOAD_ATTR)
    {
        Value v, object = R[B];
        if (LIKELY(value_is_object(object))) {
            Object *o = value_object(object);
            uint64_t word = cache_load(pc);
            const CacheEntry *e = NULL;
            if (cache_is_entry(word)) {
                e = entry_find(word, o);
                word = e && e->kind == ENTRY_SLOT ? e->word : 0;
            }
            if (LIKELY((word & CACHE_TAG_MASK) == CACHE_SLOT)) {
                v = slot_load(o, word);
                if (LIKELY(!value_is_null(v)))
                    goto load_attr_done;
            } else if (e) {
                SAVE();
                switch (e->kind) {
                case ENTRY_OWNED:
                case ENTRY_CONSTANT:
                    v = e->value;
                    reg_retain(v);
                    goto load_attr_done;
                case ENTRY_METHOD:
                    v = value_is_exactly(e->value, &function_type)
                            ? method_new(e->value, object)
                            : value_getattr(object, NAME_OPERAND(C));
                    break;
                case ENTRY_PROPERTY: {
                    Value getter = ref_new(e->value);
                    v = value_call_one(getter, object);
                    ref_release(getter);
                    break;
                }
                default: // ENTRY_GETSET
                    v = e->getset->get(object);
                    break;
                }
                if (UNLIKELY(value_is_null(v)))
                    goto error;
                v = reg_from_local(v);
                goto load_attr_done;
            } else if ((word & CACHE_TAG_MASK) == CACHE_ENTRY_NUMBER &&
                       TYPE_OF(o) == &module_type) {
                v = dict_entry_load(((Module *)o)->dict, (uint32_t)(word >> 32),
                                    (uint32_t)(word & 0xffffffffu) >> 3);
                if (LIKELY(!value_is_null(v)))
                    goto load_attr_done;
            }
        }
        SAVE();
        v = cache_fill_load_attr((Instruction *)pc, object, NAME_OPERAND(C));
        if (UNLIKELY(value_is_null(v)))
            goto error;
        v = reg_from_local(v);
    load_attr_done:
        if (A != B)
            CONSUME(B);
        SET(A, v);
        NEXT(2);
    }
    TARGET(STORE_ATTR)
    {
        Value object = R[A];
        if (LIKELY(value_is_object(object))) {
            Object *o = value_object(object);
            uint64_t word = cache_load(pc);
            if (cache_is_entry(word)) {
                const CacheEntry *e = entry_find(word, o);
                word = e ? e->word : 0;
            }
            if (LIKELY((word & CACHE_TAG_MASK) == CACHE_SLOT)) {
                Value fresh = TAKE(B);
                SlotSwap swap = slot_swap(o, word, fresh);
                if (LIKELY(swap.done)) {
                    ref_release(swap.old);
                    CONSUME(A);
                    NEXT(2);
                }
                SAVE();
                int status =
                    cache_fill_store_attr((Instruction *)pc, object, NAME_OPERAND(C), fresh);
                ref_release(fresh);
                if (UNLIKELY(status < 0))
                    goto error;
                CONSUME(A);
                NEXT(2);
            }
            if ((word & CACHE_TAG_MASK) == CACHE_TRANSITION) {
                if (in_own_init(frame, o, word)) {
                    Value *slot = &((Instance *)o)->slots[word >> 56];
                    Value replaced = field_swap_locked(slot, ref_new(R[B]));
                    object_set_shape_private(o, (uint32_t)(word >> 32) & SHAPE_ID_MAX);
                    ref_release(replaced);
                    CONSUME(B);
                    CONSUME(A);
                    NEXT(2);
                }
                bool hit = false;
                Value fresh = ref_new(R[B]), old = VALUE_NULL;
                object_lock(o);
                if (LIKELY(shape_matches(o, word))) {
                    old = field_swap_locked(&((Instance *)o)->slots[word >> 56], fresh);
                    object_unlock_with_shape(o, (uint32_t)(word >> 32) & SHAPE_ID_MAX);
                    hit = true;
                } else {
                    object_unlock(o);
                }
                if (LIKELY(hit)) {
                    ref_release(old);
                    CONSUME(B);
                    CONSUME(A);
                    NEXT(2);
                }
                ref_release(fresh);
            }
        }
        SLOW(cache_fill_store_attr((Instruction *)pc, object, NAME_OPERAND(C), R[B]));
        CONSUME(B);
        CONSUME(A);
        NEXT(2);
    }
    TARGET(LOAD_METHOD)
    {
        Value object = R[B];
        uint32_t base = A;
        if (LIKELY(value_is_object(object))) {
            Object *o = value_object(object);
            uint64_t word = cache_load(pc);
            const CacheEntry *e;
            if (LIKELY(cache_is_entry(word)) && LIKELY((e = entry_find(word, o)) != NULL)) {
                if (LIKELY(e->kind == ENTRY_METHOD)) {
                    if (B < locals)
                        reg_retain(object);
                    else
                        R[B] = VALUE_NULL;
                    SET(base + FRAME_WORDS, object);
                    reg_copy(&R[base + FRAME_FUNCTION], e->value);
                    NEXT(2);
                }
                if (e->kind == ENTRY_OWNED || e->kind == ENTRY_CONSTANT) {
                    Value v = e->value;
                    reg_retain(v);
                    CONSUME(B);
                    reg_clear(&R[base + FRAME_FUNCTION]);
                    SET(base + FRAME_FUNCTION + 1, v);
                    NEXT(2);
                }
            } else if ((word & CACHE_TAG_MASK) == CACHE_ENTRY_NUMBER &&
                       TYPE_OF(o) == &module_type) {
                Value v = dict_entry_load(((Module *)o)->dict, (uint32_t)(word >> 32),
                                          (uint32_t)(word & 0xffffffffu) >> 3);
                if (LIKELY(!value_is_null(v))) {
                    CONSUME(B);
                    reg_clear(&R[base + FRAME_FUNCTION]);
                    SET(base + FRAME_FUNCTION + 1, v);
                    NEXT(2);
                }
            }
        }
        SAVE();
        bool self_needed;
        Value v = cache_fill_load_method((Instruction *)pc, object, NAME_OPERAND(C), &self_needed);
        if (UNLIKELY(value_is_null(v)))
            goto error;
        if (self_needed) {
            if (B < locals)
                reg_retain(object);
            else
                R[B] = VALUE_NULL;
            SET(base + FRAME_WORDS, object);
            SET_LOCAL_REFERENCE(base + FRAME_FUNCTION, v);
        } else {
            CONSUME(B);
            R[base + FRAME_FUNCTION] = VALUE_NULL;
            SET_LOCAL_REFERENCE(base + FRAME_FUNCTION + 1, v);
        }
        NEXT(2);
    }

    // ---- items ---------------------------------------------------------------------------
    TARGET(LOAD_ITEM)
    {
        Value container = R[B], key = R[C], v;
        if (LIKELY(value_is_object(container))) {
            Type *type = TYPE_OF(value_object(container));
            if (type == &list_type && value_is_int(key)) {
                v = list_item_fast(container, value_int(key));
                if (LIKELY(!value_is_null(v)))
                    goto load_item_done;
            } else if (type == &tuple_type && value_is_int(key)) {
                int64_t i = value_int(key), length = tuple_length(container);
                i += i < 0 ? length : 0;
                if (LIKELY((uint64_t)i < (uint64_t)length)) {
                    v = tuple_item(container, i);
                    reg_retain(v);
                    goto load_item_done;
                }
            } else if (type == &dict_type) {
                SAVE();
                v = dict_get_register(container, key);
                if (LIKELY(!value_is_null(v)))
                    goto load_item_done;
                if (error_occurred())
                    goto error;
            }
        }
        SLOW(slow_load_item(frame, pc, container, key));
        NEXT(1);
    load_item_done:
        if (A != C)
            CONSUME(C);
        if (A != B)
            CONSUME(B);
        SET(A, v);
        NEXT(1);
    }
    TARGET(LOAD_ITEM_INT)
    {
        Value container = R[B], v;
        int64_t i = IMMEDIATE_C;
        if (LIKELY(value_is_object(container))) {
            Type *type = TYPE_OF(value_object(container));
            if (type == &list_type) {
                v = list_item_fast(container, i);
                if (LIKELY(!value_is_null(v)))
                    goto load_item_int_done;
            } else if (type == &tuple_type) {
                int64_t length = tuple_length(container);
                i += i < 0 ? length : 0;
                if (LIKELY((uint64_t)i < (uint64_t)length)) {
                    v = tuple_item(container, i);
                    reg_retain(v);
                    goto load_item_int_done;
                }
            }
        }
        SLOW(slow_load_item(frame, pc, container, value_from_int(IMMEDIATE_C)));
        NEXT(1);
    load_item_int_done:
        if (A != B)
            CONSUME(B);
        SET(A, v);
        NEXT(1);
    }
    TARGET(STORE_ITEM)
    {
        Value container = R[A], key = R[B];
        if (LIKELY(value_is_object(container))) {
            Type *type = TYPE_OF(value_object(container));
            if (type == &list_type && value_is_int(key)) {
                Value fresh = TAKE(C);
                Value old = list_swap_fast(list_of(container), value_int(key), fresh);
                if (LIKELY(!value_is_null(old))) {
                    ref_release(old);
                    CONSUME(A);
                    NEXT(1);
                }
                ref_release(fresh);
                SAVE();
                raise_error(&exception_IndexError, "list assignment index out of range");
                goto error;
            }
            if (type == &dict_type) {
                SLOW(dict_set(container, key, R[C]));
                CONSUME(C);
                CONSUME(B);
                CONSUME(A);
                NEXT(1);
            }
        }
        SLOW(slow_store_item(frame, pc));
        NEXT(1);
    }

    // ---- operators -----------------------------------------------------------------------
#define ARITHMETIC(name, builtin, float_operator, operation, in_place)                             \
    TARGET(name)                                                                                   \
    {                                                                                              \
        Value b = R[B], c = R[C];                                                                  \
        if (LIKELY(value_both_int(b, c))) {                                                        \
            int64_t r;                                                                             \
            if (LIKELY(!builtin)) {                                                                \
                SET(A, ((Value){(uint64_t)r}));                                                    \
                NEXT(1);                                                                           \
            }                                                                                      \
        } else {                                                                                   \
            double x, y;                                                                           \
            if (float_operands(b, c, &x, &y))                                                      \
                FLOAT_RESULT(x float_operator y);                                                  \
        }                                                                                          \
        SLOW(slow_binary(frame, pc, operation, in_place));                                         \
        NEXT(1);                                                                                   \
    }
    // Tagged arithmetic: (2x+1) - 1 + (2y+1) = 2(x+y)+1, and so on.
#define TAGGED_ADD __builtin_add_overflow((int64_t)(b.bits - 1), (int64_t)c.bits, &r)
#define TAGGED_SUBTRACT __builtin_sub_overflow((int64_t)b.bits, (int64_t)(c.bits - 1), &r)
#define TAGGED_MULTIPLY                                                                            \
    (__builtin_mul_overflow((int64_t)(b.bits - 1), value_int(c), &r) || (r |= 1, false))
    ARITHMETIC(ADD, TAGGED_ADD, +, BINARY_ADD, false)
    ARITHMETIC(SUBTRACT, TAGGED_SUBTRACT, -, BINARY_SUBTRACT, false)
    ARITHMETIC(MULTIPLY, TAGGED_MULTIPLY, *, BINARY_MULTIPLY, false)
    ARITHMETIC(INPLACE_ADD, TAGGED_ADD, +, BINARY_ADD, true)
    ARITHMETIC(INPLACE_SUBTRACT, TAGGED_SUBTRACT, -, BINARY_SUBTRACT, true)
    ARITHMETIC(INPLACE_MULTIPLY, TAGGED_MULTIPLY, *, BINARY_MULTIPLY, true)

#define ARITHMETIC_INT(name, builtin, float_operator, operation, in_place)                         \
    TARGET(name)                                                                                   \
    {                                                                                              \
        Value b = R[B];                                                                            \
        int64_t n = IMMEDIATE_C, r;                                                                \
        if (LIKELY(value_is_int(b))) {                                                             \
            if (LIKELY(!builtin)) {                                                                \
                SET(A, ((Value){(uint64_t)r}));                                                    \
                NEXT(1);                                                                           \
            }                                                                                      \
        } else if (value_is_flonum(b))                                                             \
            FLOAT_RESULT(value_flonum(b) float_operator(double) n);                                \
        SLOW(slow_binary_int(frame, pc, operation, in_place));                                     \
        NEXT(1);                                                                                   \
    }
    ARITHMETIC_INT(ADD_INT, __builtin_add_overflow((int64_t)b.bits, n * 2, &r), +, BINARY_ADD,
                   false)
    ARITHMETIC_INT(SUBTRACT_INT, __builtin_sub_overflow((int64_t)b.bits, n * 2, &r), -,
                   BINARY_SUBTRACT, false)
    ARITHMETIC_INT(MULTIPLY_INT,
                   (__builtin_mul_overflow((int64_t)(b.bits - 1), n, &r) || (r |= 1, false)), *,
                   BINARY_MULTIPLY, false)
    ARITHMETIC_INT(INPLACE_ADD_INT, __builtin_add_overflow((int64_t)b.bits, n * 2, &r), +,
                   BINARY_ADD, true)
    ARITHMETIC_INT(INPLACE_SUBTRACT_INT, __builtin_sub_overflow((int64_t)b.bits, n * 2, &r), -,
                   BINARY_SUBTRACT, true)

#define DIVISION(name, function, operation, in_place)                                              \
    TARGET(name)                                                                                   \
    {                                                                                              \
        Value b = R[B], c = R[C];                                                                  \
        if (LIKELY(value_both_int(b, c))) {                                                        \
            int64_t n = value_int(b), d = value_int(c);                                            \
            if (LIKELY(d > 0)) {                                                                   \
                SET(A, value_from_int(function(n, d)));                                            \
                NEXT(1);                                                                           \
            }                                                                                      \
        }                                                                                          \
        SLOW(slow_binary(frame, pc, operation, in_place));                                         \
        NEXT(1);                                                                                   \
    }
    DIVISION(FLOOR_DIVIDE, floor_div, BINARY_FLOOR_DIVIDE, false)
    DIVISION(MODULO, floor_mod, BINARY_MODULO, false)
    DIVISION(INPLACE_FLOOR_DIVIDE, floor_div, BINARY_FLOOR_DIVIDE, true)
    DIVISION(INPLACE_MODULO, floor_mod, BINARY_MODULO, true)

#define DIVISION_INT(name, function, operation)                                                    \
    TARGET(name)                                                                                   \
    {                                                                                              \
        Value b = R[B];                                                                            \
        int64_t d = IMMEDIATE_C;                                                                   \
        if (LIKELY(value_is_int(b) && d > 0)) {                                                    \
            SET(A, value_from_int(function(value_int(b), d)));                                     \
            NEXT(1);                                                                               \
        }                                                                                          \
        SLOW(slow_binary_int(frame, pc, operation, false));                                        \
        NEXT(1);                                                                                   \
    }
    DIVISION_INT(FLOOR_DIVIDE_INT, floor_div, BINARY_FLOOR_DIVIDE)
    DIVISION_INT(MODULO_INT, floor_mod, BINARY_MODULO)

#define TRUE_DIVISION(name, in_place)                                                              \
    TARGET(name)                                                                                   \
    {                                                                                              \
        Value b = R[B], c = R[C];                                                                  \
        double x, y;                                                                               \
        if (LIKELY(float_operands(b, c, &x, &y) && y != 0.0))                                      \
            FLOAT_RESULT(x / y);                                                                   \
        else if (value_both_int(b, c)) {                                                           \
            const int64_t exact = (int64_t)1 << 53;                                                \
            int64_t n = value_int(b), d = value_int(c);                                            \
            if (LIKELY(d != 0 && n >= -exact && n <= exact && d >= -exact && d <= exact))          \
                FLOAT_RESULT((double)n / (double)d);                                               \
        }                                                                                          \
        SLOW(slow_binary(frame, pc, BINARY_TRUE_DIVIDE, in_place));                                \
        NEXT(1);                                                                                   \
    }
    TRUE_DIVISION(TRUE_DIVIDE, false)
    TRUE_DIVISION(INPLACE_TRUE_DIVIDE, true)

#define BITWISE(name, expression, operation, in_place)                                             \
    TARGET(name)                                                                                   \
    {                                                                                              \
        Value b = R[B], c = R[C];                                                                  \
        if (LIKELY(value_both_int(b, c))) {                                                        \
            SET(A, ((Value){expression}));                                                         \
            NEXT(1);                                                                               \
        }                                                                                          \
        SLOW(slow_binary(frame, pc, operation, in_place));                                         \
        NEXT(1);                                                                                   \
    }
    BITWISE(AND, b.bits & c.bits, BINARY_AND, false)
    BITWISE(OR, b.bits | c.bits, BINARY_OR, false)
    BITWISE(XOR, (b.bits ^ c.bits) | 1, BINARY_XOR, false)
    BITWISE(INPLACE_AND, b.bits & c.bits, BINARY_AND, true)
    BITWISE(INPLACE_OR, b.bits | c.bits, BINARY_OR, true)
    BITWISE(INPLACE_XOR, (b.bits ^ c.bits) | 1, BINARY_XOR, true)
    TARGET(AND_INT)
    {
        Value b = R[B];
        if (LIKELY(value_is_int(b))) {
            SET(A, value_from_int(value_int(b) & IMMEDIATE_C));
            NEXT(1);
        }
        SLOW(slow_binary_int(frame, pc, BINARY_AND, false));
        NEXT(1);
    }

#define SHIFT(name, get_count, slow, operation, left, in_place)                                    \
    TARGET(name)                                                                                   \
    {                                                                                              \
        Value b = R[B];                                                                            \
        get_count;                                                                                 \
        if (LIKELY(value_is_int(b) && count >= 0)) {                                               \
            int64_t n = value_int(b);                                                              \
            if (!left) {                                                                           \
                SET(A, value_from_int(n >> (count > 63 ? 63 : count)));                            \
                NEXT(1);                                                                           \
            }                                                                                      \
            if (count < 62 && n <= (VALUE_INT_MAX >> count) && n >= (VALUE_INT_MIN >> count)) {    \
                SET(A, value_from_int((int64_t)((uint64_t)n << count)));                           \
                NEXT(1);                                                                           \
            }                                                                                      \
        }                                                                                          \
        SLOW(slow(frame, pc, operation, in_place));                                                \
        NEXT(1);                                                                                   \
    }
#define COUNT_C int64_t count = value_is_int(R[C]) ? value_int(R[C]) : -1
#define COUNT_IMMEDIATE int64_t count = IMMEDIATE_C
    SHIFT(LSHIFT, COUNT_C, slow_binary, BINARY_LSHIFT, true, false)
    SHIFT(RSHIFT, COUNT_C, slow_binary, BINARY_RSHIFT, false, false)
    SHIFT(INPLACE_LSHIFT, COUNT_C, slow_binary, BINARY_LSHIFT, true, true)
    SHIFT(INPLACE_RSHIFT, COUNT_C, slow_binary, BINARY_RSHIFT, false, true)
    SHIFT(LSHIFT_INT, COUNT_IMMEDIATE, slow_binary_int, BINARY_LSHIFT, true, false)
    SHIFT(RSHIFT_INT, COUNT_IMMEDIATE, slow_binary_int, BINARY_RSHIFT, false, false)

#define RARE_BINARY(name, operation, in_place)                                                     \
    TARGET(name)                                                                                   \
    SLOW(slow_binary(frame, pc, operation, in_place));                                             \
    NEXT(1);
    RARE_BINARY(POWER, BINARY_POWER, false)
    RARE_BINARY(INPLACE_POWER, BINARY_POWER, true)
    RARE_BINARY(MATRIX_MULTIPLY, BINARY_MATRIX_MULTIPLY, false)
    RARE_BINARY(INPLACE_MATRIX_MULTIPLY, BINARY_MATRIX_MULTIPLY, true)

    TARGET(NEGATIVE)
    {
        Value b = R[B];
        if (LIKELY(value_is_int(b) && value_int(b) != VALUE_INT_MIN)) {
            SET(A, value_from_int(-value_int(b)));
            NEXT(1);
        }
        if (value_is_flonum(b))
            FLOAT_RESULT(-value_flonum(b));
        SLOW(slow_unary(frame, pc, value_negative));
        NEXT(1);
    }
    TARGET(POSITIVE)
    SLOW(slow_unary(frame, pc, value_positive));
    NEXT(1);
    TARGET(INVERT)
    if (LIKELY(value_is_int(R[B]))) {
        SET(A, value_from_int(~value_int(R[B])));
        NEXT(1);
    }
    SLOW(slow_unary(frame, pc, value_invert));
    NEXT(1);

    // ---- comparisons ---------------------------------------------------------------------
#define COMPARISON(name, operator, operation)                                                      \
    TARGET(name)                                                                                   \
    {                                                                                              \
        Value b = R[B], c = R[C];                                                                  \
        if (LIKELY(value_both_int(b, c)))                                                          \
            reg_copy(&R[A], value_from_bool((int64_t)b.bits operator(int64_t) c.bits));            \
        else if (both_flonum(b, c))                                                                \
            reg_copy(&R[A], value_from_bool(value_flonum(b) operator value_flonum(c)));            \
        else                                                                                       \
            SLOW(slow_compare(frame, pc, operation));                                              \
        NEXT(1);                                                                                   \
    }
    COMPARISON(LT, <, COMPARE_LT)
    COMPARISON(LE, <=, COMPARE_LE)
    COMPARISON(EQ, ==, COMPARE_EQ)
    COMPARISON(NE, !=, COMPARE_NE)
    COMPARISON(GT, >, COMPARE_GT)
    COMPARISON(GE, >=, COMPARE_GE)

    // Conditional jumps. Those with sense true may go back: they have a safepoint.
#define CONDITION(name, operator, operation, sense, safepoint)                                     \
    TARGET(name)                                                                                   \
    {                                                                                              \
        Value a = R[A], b = R[B];                                                                  \
        bool truth;                                                                                \
        if (LIKELY(value_both_int(a, b)))                                                          \
            truth = (int64_t)a.bits operator(int64_t) b.bits;                                      \
        else if (both_flonum(a, b))                                                                \
            truth = value_flonum(a) operator value_flonum(b);                                      \
        else {                                                                                     \
            SAVE();                                                                                \
            int status = slow_condition(frame, pc, operation);                                     \
            if (UNLIKELY(status < 0))                                                              \
                goto error;                                                                        \
            truth = status;                                                                        \
        }                                                                                          \
        if (truth == sense) {                                                                      \
            JUMP_C();                                                                              \
            safepoint;                                                                             \
            DISPATCH();                                                                            \
        }                                                                                          \
        NEXT(1);                                                                                   \
    }                                                                                              \
    TARGET(name##_INT)                                                                             \
    {                                                                                              \
        Value a = R[A];                                                                            \
        int64_t b = IMMEDIATE_B;                                                                   \
        bool truth;                                                                                \
        if (LIKELY(value_is_int(a)))                                                               \
            truth = value_int(a) operator b;                                                       \
        else if (value_is_flonum(a))                                                               \
            truth = value_flonum(a) operator(double) b;                                            \
        else {                                                                                     \
            SAVE();                                                                                \
            int status = slow_condition_int(frame, pc, operation);                                 \
            if (UNLIKELY(status < 0))                                                              \
                goto error;                                                                        \
            truth = status;                                                                        \
        }                                                                                          \
        if (truth == sense) {                                                                      \
            JUMP_C();                                                                              \
            safepoint;                                                                             \
            DISPATCH();                                                                            \
        }                                                                                          \
        NEXT(1);                                                                                   \
    }
    CONDITION(IF_LT, <, COMPARE_LT, true, SAFEPOINT())
    CONDITION(IF_LE, <=, COMPARE_LE, true, SAFEPOINT())
    CONDITION(IF_EQ, ==, COMPARE_EQ, true, SAFEPOINT())
    CONDITION(IF_NE, !=, COMPARE_NE, true, SAFEPOINT())
    CONDITION(IF_GT, >, COMPARE_GT, true, SAFEPOINT())
    CONDITION(IF_GE, >=, COMPARE_GE, true, SAFEPOINT())
    CONDITION(IF_NOT_LT, <, COMPARE_LT, false, (void)0)
    CONDITION(IF_NOT_LE, <=, COMPARE_LE, false, (void)0)
    CONDITION(IF_NOT_EQ, ==, COMPARE_EQ, false, (void)0)
    CONDITION(IF_NOT_NE, !=, COMPARE_NE, false, (void)0)
    CONDITION(IF_NOT_GT, >, COMPARE_GT, false, (void)0)
    CONDITION(IF_NOT_GE, >=, COMPARE_GE, false, (void)0)

#define IDENTITY_VALUE(name, operator)                                                             \
    TARGET(name)                                                                                   \
    {                                                                                              \
        bool same = R[B].bits operator R[C].bits;                                                  \
        if (A != B)                                                                                \
            CONSUME(B);                                                                            \
        if (A != C)                                                                                \
            CONSUME(C);                                                                            \
        reg_copy(&R[A], value_from_bool(same));                                                    \
        NEXT(1);                                                                                   \
    }
    IDENTITY_VALUE(IS, ==)
    IDENTITY_VALUE(IS_NOT, !=)
#define IDENTITY_CONDITION(name, operator)                                                         \
    TARGET(name)                                                                                   \
    {                                                                                              \
        bool truth = R[A].bits operator R[B].bits;                                                 \
        CONSUME(A);                                                                                \
        CONSUME(B);                                                                                \
        if (truth) {                                                                               \
            JUMP_C();                                                                              \
            SAFEPOINT();                                                                           \
            DISPATCH();                                                                            \
        }                                                                                          \
        NEXT(1);                                                                                   \
    }
    IDENTITY_CONDITION(IF_IS, ==)
    IDENTITY_CONDITION(IF_IS_NOT, !=)
#define CONTAINS_VALUE(name, negate)                                                               \
    TARGET(name)                                                                                   \
    {                                                                                              \
        SAVE();                                                                                    \
        int status = contains(R[C], R[B]);                                                         \
        if (UNLIKELY(status < 0))                                                                  \
            goto error;                                                                            \
        if (A != B)                                                                                \
            CONSUME(B);                                                                            \
        if (A != C)                                                                                \
            CONSUME(C);                                                                            \
        reg_copy(&R[A], value_from_bool(status != negate));                                        \
        NEXT(1);                                                                                   \
    }
    CONTAINS_VALUE(IN, 0)
    CONTAINS_VALUE(NOT_IN, 1)
#define CONTAINS_CONDITION(name, negate)                                                           \
    TARGET(name)                                                                                   \
    {                                                                                              \
        SAVE();                                                                                    \
        int status = contains(R[B], R[A]);                                                         \
        if (UNLIKELY(status < 0))                                                                  \
            goto error;                                                                            \
        CONSUME(A);                                                                                \
        CONSUME(B);                                                                                \
        if (status != negate) {                                                                    \
            JUMP_C();                                                                              \
            SAFEPOINT();                                                                           \
            DISPATCH();                                                                            \
        }                                                                                          \
        NEXT(1);                                                                                   \
    }
    CONTAINS_CONDITION(IF_IN, 0)
    CONTAINS_CONDITION(IF_NOT_IN, 1)

    // ---- jumps ---------------------------------------------------------------------------
    TARGET(JUMP)
    JUMP_BC();
    DISPATCH();
    TARGET(JUMP_BACK)
    JUMP_BC();
    SAFEPOINT();
    DISPATCH();
#define TRUTH_OF(v, truth)                                                                         \
    if (LIKELY(value_same(v, VALUE_TRUE)))                                                         \
        truth = 1;                                                                                 \
    else if (LIKELY(value_same(v, VALUE_FALSE) || value_is_none(v)))                               \
        truth = 0;                                                                                 \
    else if (value_is_int(v))                                                                      \
        truth = value_int(v) != 0;                                                                 \
    else {                                                                                         \
        SAVE();                                                                                    \
        truth = value_truth(v);                                                                    \
        if (UNLIKELY(truth < 0))                                                                   \
            goto error;                                                                            \
    }
#define JUMP_BY_TRUTH(name, sense)                                                                 \
    TARGET(name)                                                                                   \
    {                                                                                              \
        Value v = R[A];                                                                            \
        int truth;                                                                                 \
        TRUTH_OF(v, truth)                                                                         \
        CONSUME(A);                                                                                \
        if (truth == sense) {                                                                      \
            JUMP_BC();                                                                             \
            SAFEPOINT();                                                                           \
            DISPATCH();                                                                            \
        }                                                                                          \
        NEXT(1);                                                                                   \
    }
    JUMP_BY_TRUTH(JUMP_IF_TRUE, 1)
    JUMP_BY_TRUTH(JUMP_IF_FALSE, 0)
#define JUMP_BY_TRUTH_KEEP(name, sense)                                                            \
    TARGET(name)                                                                                   \
    {                                                                                              \
        Value v = R[A];                                                                            \
        int truth;                                                                                 \
        TRUTH_OF(v, truth)                                                                         \
        if (truth == sense) {                                                                      \
            JUMP_BC();                                                                             \
            DISPATCH();                                                                            \
        }                                                                                          \
        CONSUME(A);                                                                                \
        NEXT(1);                                                                                   \
    }
    JUMP_BY_TRUTH_KEEP(JUMP_IF_TRUE_KEEP, 1)
    JUMP_BY_TRUTH_KEEP(JUMP_IF_FALSE_KEEP, 0)
    TARGET(JUMP_IF_NONE)
    {
        bool none = value_is_none(R[A]);
        CONSUME(A);
        if (none) {
            JUMP_BC();
            SAFEPOINT();
            DISPATCH();
        }
        NEXT(1);
    }
    TARGET(JUMP_IF_NOT_NONE)
    {
        bool none = value_is_none(R[A]);
        CONSUME(A);
        if (!none) {
            JUMP_BC();
            SAFEPOINT();
            DISPATCH();
        }
        NEXT(1);
    }
    TARGET(NOT)
    {
        Value v = R[B];
        int truth;
        TRUTH_OF(v, truth)
        if (A != B)
            CONSUME(B);
        reg_copy(&R[A], value_from_bool(!truth));
        NEXT(1);
    }

    // ---- iteration -----------------------------------------------------------------------
    TARGET(GET_ITER)
    {
        SAVE();
        Value iterator = value_iter(R[B]);
        if (UNLIKELY(value_is_null(iterator)))
            goto error;
        bool is_new = iterators_are_new(R[B]);
        if (A != B)
            CONSUME(B);
        SET(A, is_new ? reg_from_new(iterator) : reg_from_local(iterator));
        NEXT(1);
    }
    TARGET(FOR_ITER)
    {
        Value iterator = R[A], item;
        Type *type = TYPE_OF(value_object(iterator));
        if (type == &range_iterator_type) {
            item = range_iterator_next_fast((RangeIterator *)value_object(iterator));
            if (LIKELY(!value_is_null(item))) {
                SET(B, item);
                goto for_iter_again;
            }
            goto for_iter_done;
        }
        if (type == &list_iterator_type) {
            item = list_iterator_next_register((ListIterator *)value_object(iterator));
            if (LIKELY(!value_is_null(item)))
                goto for_iter_item;
            goto for_iter_done;
        }
        if (type == &generator_type) {
            Generator *g = (Generator *)value_object(iterator);
            if (LIKELY(generator_claim(g))) {
                SAVE();
                Frame *pushed = generator_push(thread, g, FRAME_GENERATOR);
                if (UNLIKELY(!pushed))
                    goto error;
                bool again = generator_deliver(g, pushed, VALUE_NONE);
                RELOAD();
                if (UNLIKELY(again))
                    DISPATCH();
                NEXT(1);
            }
        }
        SAVE();
        if (UNLIKELY(!type->next)) {
            raise_type_error("iter() returned non-iterator of type '%T'", iterator);
            goto error;
        }
        item = type->next(iterator);
        if (UNLIKELY(value_is_null(item))) {
            if (error_occurred()) {
                if (!error_matches(&exception_StopIteration))
                    goto error;
                error_clear();
            }
            goto for_iter_done;
        }
        item = reg_from_local(item);
    for_iter_item:
        SET(B, item);
    for_iter_again:
        JUMP_C();
        SAFEPOINT();
        DISPATCH();
    for_iter_done:
        reg_clear(&R[A]);
        NEXT(1);
    }
    TARGET(UNPACK_SEQUENCE)
    {
        Value v = R[A];
        uint32_t n = C, first = B;
        if (LIKELY(value_is_exactly(v, &tuple_type) && tuple_length(v) == n)) {
            if (A >= locals)
                R[A] = VALUE_NULL;
            else
                reg_retain(v);
            for (uint32_t i = 0; i < n; i++)
                reg_copy(&R[first + i], tuple_item(v, i));
            reg_release(v);
            NEXT(1);
        }
        SLOW(slow_unpack(frame, pc));
        NEXT(1);
    }
    TARGET(UNPACK_EX)
    SLOW(slow_unpack_ex(frame, pc));
    NEXT(1);

    // ---- building ------------------------------------------------------------------------
    TARGET(BUILD_TUPLE)
    TARGET(BUILD_LIST)
    TARGET(BUILD_SET)
    TARGET(BUILD_MAP)
    TARGET(BUILD_STRING)
    SLOW(slow_build(frame, pc));
    NEXT(1);
    TARGET(BUILD_SLICE)
    {
        SAVE();
        result = slice_new(R[B], R[B + 1], C == 3 ? R[B + 2] : VALUE_NONE);
        if (UNLIKELY(value_is_null(result)))
            goto error;
        for (uint32_t i = B, end = B + C; i < end; i++)
            if (UNLIKELY(value_is_object(R[i])))
                reg_clear(&R[i]);
        SET_LOCAL_REFERENCE(A, result);
        NEXT(1);
    }
    TARGET(LIST_APPEND)
    {
        SAVE();
        if (UNLIKELY(list_append_fast(list_of(R[A]), TAKE(B)) < 0))
            goto error;
        NEXT(1);
    }
    TARGET(MAKE_FUNCTION)
    SLOW(slow_make_function(frame, pc));
    NEXT(1);

    // ---- calls ---------------------------------------------------------------------------
    {
        Frame *callee;
        uint32_t nargs;
        Value f;
        TARGET(CALL)
        callee = (Frame *)&R[A];
        nargs = B;
    call_prepared:
        f = callee->function;
        if (LIKELY(value_is_exactly(f, &function_type))) {
            Code *code;
        call_function:
            code = __atomic_load_n(&((Function *)value_object(f))->code, __ATOMIC_ACQUIRE);
            SAVE();
            if (UNLIKELY(!(code->flags & CODE_SIMPLE) || nargs != code->argument_count)) {
                if (bind_arguments(callee, nargs, VALUE_NULL) < 0)
                    goto error;
                nargs = code->local_count; // binding has filled the parameters, cleared the rest
            }
            if (UNLIKELY(frame_too_deep(thread, frame, callee, code)) &&
                frame_refuse(thread, callee, code, nargs))
                goto error;
            callee->previous_tagged = (uint64_t)frame | 1;
            callee->code_tagged = (uint64_t)code | 1;
            callee->info = ((frame->info >> 8) + 1) << 8 | 1;
            callee->object = VALUE_NULL;
            for (uint32_t i = nargs; i < code->local_count; i++)
                callee->registers[i] = VALUE_NULL;
            frame = callee;
            K = code->constants;
            locals = code->local_count;
            pc = code->instructions;
            SAVE();
            thread->frame = frame;
            SAFEPOINT();
            DISPATCH();
        }
        if (value_is_exactly(f, &method_descriptor_type) ||
            value_is_exactly(f, &native_function_type)) {
            const NativeDef *def;
            Value self;
            const Value *args = callee->registers;
            uint32_t count = nargs;
            SAVE();
            REF_FORGET(result);
            if (TYPE_OF(value_object(f)) == &native_function_type) {
                NativeFunction *native = (NativeFunction *)value_object(f);
                def = native->def;
                self = native->self;
            } else {
                MethodDescriptor *native = (MethodDescriptor *)value_object(f);
                def = native->def;
                if (UNLIKELY(count == 0 || !value_is_instance(args[0], native->owner)))
                    goto call_generic; // says what is wrong
                self = args[0];
                args++;
                count--;
            }
            if (def->kind == NATIVE_ONE && LIKELY(count == 1))
                result = def->call.one(self, args[0]);
            else if (def->kind == NATIVE_NONE && LIKELY(count == 0))
                result = def->call.none(self);
            else
                result = native_function_call(def, self, args, count, VALUE_NULL);
            goto call_native_done;
        }
        if (value_has_flag(f, TYPE_TYPE_SUBCLASS)) {
            uint64_t word = cache_load(pc);
            Type *type = (Type *)value_object(f);
            if (LIKELY(cache_is_entry(word))) {
                const CacheEntry *e = (const CacheEntry *)word;
                while (UNLIKELY(e && e->object != type))
                    e = e->next;
                if (LIKELY(e && e->kind == ENTRY_INIT &&
                           __atomic_load_n(&type->version, __ATOMIC_ACQUIRE) == e->version)) {
                    // The new instance waits in register a (of the caller), below the frame of
                    // __init__.
                    Value init = e->value;
                    SAVE();
                    reg_retain(init);
                    Value instance = type_new_instance(type);
                    if (UNLIKELY(value_is_null(instance))) {
                        reg_release(init);
                        goto error;
                    }
                    Value *base = (Value *)callee;
                    memmove(base + FRAME_WORDS + 2, base + FRAME_WORDS, nargs * sizeof(Value));
                    base[FRAME_FUNCTION] = VALUE_NULL;
                    callee = (Frame *)(base + 1);
                    callee->function = init;
                    base[0] = reg_from_new(instance);
                    reg_retain(base[0]);
                    callee->registers[0] = base[0];
                    reg_release(f);
                    nargs++;
                    Function *function = (Function *)value_object(init);
                    Code *code = __atomic_load_n(&function->code, __ATOMIC_ACQUIRE);
                    if (UNLIKELY(!(code->flags & CODE_SIMPLE) || nargs != code->argument_count)) {
                        if (bind_arguments(callee, nargs, VALUE_NULL) < 0) {
                            reg_clear(&callee->function);
                            goto error;
                        }
                        nargs = code->local_count;
                    }
                    if (UNLIKELY(frame_too_deep(thread, frame, callee, code)) &&
                        frame_refuse(thread, callee, code, nargs)) {
                        reg_clear(&callee->function);
                        goto error;
                    }
                    callee->previous_tagged = (uint64_t)frame | 1;
                    callee->code_tagged = (uint64_t)code | 1;
                    callee->info = ((frame->info >> 8) + 1) << 8 | 1 | FRAME_INIT;
                    callee->object = VALUE_NULL;
                    for (uint32_t i = nargs; i < code->local_count; i++)
                        callee->registers[i] = VALUE_NULL;
                    frame = callee;
                    K = code->constants;
                    locals = code->local_count;
                    pc = code->instructions;
                    SAVE();
                    thread->frame = frame;
                    SAFEPOINT();
                    DISPATCH();
                }
            }
            cache_fill_init((Instruction *)pc, type);
        } else if (value_is_exactly(f, &method_type) &&
                   value_is_exactly(((Method *)value_object(f))->function, &function_type)) {
            // Bound method: self goes below the arguments. (Arguments of anything but a frame to be
            // pushed have to stay in the caller's registers.)
            Method *method = (Method *)value_object(f);
            memmove(callee->registers + 1, callee->registers, nargs * sizeof(Value));
            reg_retain(method->self);
            callee->registers[0] = method->self;
            Value function = method->function;
            reg_retain(function);
            callee->function = function;
            reg_release(f);
            nargs++;
            goto call_prepared;
        }
    call_generic:
        SAVE();
        // Who has just dropped what took the memory may now want it.
        if (HEAP_IS_TRACED && UNLIKELY(THREAD_IS_WANTED(thread)) && thread_safepoint_slow() < 0)
            goto error_in_window;
        REF_FORGET(result);
        result = SWITCH_RESULT(value_call(f, callee->registers, nargs, VALUE_NULL));
        // zip() and its like: an iterator that nobody else has had.
        if (!REGISTERS_ARE_COUNTED && value_is_object(result) &&
            (Object *)TYPE_OF(value_object(result)) == value_object(f) &&
            ((const Type *)value_object(f))->next &&
            !(((const Type *)value_object(f))->flags & TYPE_HEAP)) {
            result = reg_from_new(result);
            goto call_has_result;
        }
    call_native_done:
        if (UNLIKELY(value_is_null(result)))
            goto error_in_window;
        result = reg_from_local(result);
    call_has_result:
        for (uint32_t i = 0; i < nargs; i++)
            if (value_is_object(callee->registers[i]))
                reg_clear(&callee->registers[i]);
        reg_clear(&callee->function);
        SET(C, result);
        NEXT(2);

    error_in_window:
        // The window may reach beyond the caller's registers (self was put below the arguments).
        registers_clear(callee->registers, 0, nargs);
        goto error;

        TARGET(CALL_METHOD)
        callee = (Frame *)&R[A];
        nargs = B + 1u;
        f = callee->function;
        if (UNLIKELY(value_is_null(f))) {
            callee = (Frame *)&R[A + 1];
            nargs = B;
            goto call_prepared;
        }
        if (LIKELY(TYPE_OF(value_object(f)) == &function_type))
            goto call_function;
        if (TYPE_OF(value_object(f)) == &method_descriptor_type) {
            const NativeDef *def = ((MethodDescriptor *)value_object(f))->def;
            Value self = callee->registers[0];
            SAVE();
            REF_FORGET(result);
            if (def->kind == NATIVE_ONE && LIKELY(nargs == 2))
                result = def->call.one(self, callee->registers[1]);
            else if (def->kind == NATIVE_NONE && LIKELY(nargs == 1))
                result = def->call.none(self);
            else
                result =
                    native_function_call(def, self, callee->registers + 1, nargs - 1, VALUE_NULL);
            goto call_native_done;
        }
        goto call_prepared;

        TARGET(CALL_METHOD_KW)
        callee = (Frame *)&R[A];
        nargs = B + 1u;
        if (value_is_null(callee->function)) {
            callee = (Frame *)&R[A + 1];
            nargs = B;
        }
        goto call_keywords;
        TARGET(CALL_KW)
        callee = (Frame *)&R[A];
        nargs = B;
    call_keywords:
        f = callee->function;
        SAVE();
        if (LIKELY(value_is_exactly(f, &function_type))) {
            Code *code = __atomic_load_n(&((Function *)value_object(f))->code, __ATOMIC_ACQUIRE);
            Value kwnames = callee->registers[nargs];
            callee->registers[nargs] = VALUE_NULL;
            int status = bind_arguments(callee, nargs, kwnames);
            reg_release(kwnames);
            if (UNLIKELY(status < 0))
                goto error;
            nargs = code->local_count;
            goto call_bound_code;
        }
        {
            Value kwnames = callee->registers[nargs];
            REF_FORGET(result);
            result =
                value_call(f, callee->registers, nargs - (uint32_t)tuple_length(kwnames), kwnames);
            result = SWITCH_RESULT(result);
            nargs++; // the names are released like an argument
            goto call_native_done;
        }
    call_bound_code : {
        Code *code = __atomic_load_n(&((Function *)value_object(f))->code, __ATOMIC_ACQUIRE);
        if (UNLIKELY(frame_too_deep(thread, frame, callee, code)) &&
            frame_refuse(thread, callee, code, nargs))
            goto error;
        callee->previous_tagged = (uint64_t)frame | 1;
        callee->code_tagged = (uint64_t)code | 1;
        callee->info = ((frame->info >> 8) + 1) << 8 | 1;
        callee->object = VALUE_NULL;
        frame = callee;
        K = code->constants;
        locals = code->local_count;
        pc = code->instructions;
        SAVE();
        thread->frame = frame;
        SAFEPOINT();
        DISPATCH();
    }
        TARGET(CALL_EX)
        SLOW(SWITCH_DONE(slow_call_ex(frame, pc)));
        NEXT(2);
    }

    TARGET(RETURN_NONE)
    result = reg_from_local(none_new());
    {
        uint32_t live = frame_code(frame)->register_count;
        goto leave;

        TARGET(RETURN)
        result = R[A];
        R[A] = VALUE_NULL;
        live = B ? B : frame_code(frame)->register_count;
    leave:
        TRACE_LEAVE(result);
        if (UNLIKELY(!value_is_null(frame->object)))
            frame_object_detach(frame);
        for (uint32_t i = 0; i < live; i++) {
            Value v = R[i];
            if (value_is_object(v)) {
                R[i] = VALUE_NULL;
                reg_release(v);
            }
        }
    }
    // The frame's registers are empty; result is in a register's form.
    {
        uint64_t info = frame->info;
        Frame *caller = frame_previous(frame);
        if (UNLIKELY(info & (FRAME_ENTRY | FRAME_GENERATOR | FRAME_INIT))) {
            if (info & FRAME_GENERATOR) {
                generator_pop_finish(thread, frame);
                if (info & FRAME_ENTRY)
                    return reg_to_local(result);
                // FOR_ITER or YIELD_FROM pushed it in this loop: it is exhausted.
                RELOAD();
                TRACE_STOP(result);
                if (FETCH_OP(pc) == OP_YIELD_FROM) {
                    reg_clear(&R[C]);
                    reg_clear(&R[B]);
                    SET(A, result);
                } else {
                    reg_release(result);
                    reg_clear(&R[A]);
                }
                NEXT(1);
            }
            Value function = frame->function;
            frame->function = VALUE_NULL;
            thread->frame = caller;
            if (info & FRAME_INIT) {
                // The instance is in the word below the frame's header, a register of the caller.
                Value *holder = (Value *)frame - 1;
                if (UNLIKELY(!value_is_none(result))) {
                    raise_type_error("__init__() should return None, not '%T'", result);
                    reg_release(result);
                    reg_release(function);
                    RELOAD();
                    goto error;
                }
                reg_release(result);
                result = *holder;
                *holder = VALUE_NULL;
                reg_release(function);
            } else {
                reg_release(function);
                return reg_to_local(result);
            }
        } else {
            Value function = frame->function;
            frame->function = VALUE_NULL;
            thread->frame = caller;
            reg_release(function);
        }
        frame = caller;
        pc = frame_pc(caller);
        K = frame_code(caller)->constants;
        locals = frame_code(caller)->local_count;
        SET(C, result);
        NEXT(2);
    }

    // ---- generators ----------------------------------------------------------------------
    TARGET(RETURN_GENERATOR)
    {
        SAVE();
        uint64_t info = frame->info;
        Frame *caller = frame_previous(frame);
        result = generator_from_frame(frame); // empties the window; the frame moves to the heap
        if (UNLIKELY(value_is_null(result)))
            goto error;
        thread->frame = caller;
        result = reg_from_new(result);
        if (info & FRAME_ENTRY)
            return reg_to_local(result);
        RELOAD();
        SET(C, result);
        NEXT(2);
    }
    TARGET(YIELD)
    {
        result = R[B];
        if (B < locals)
            reg_retain(result);
        else
            R[B] = VALUE_NULL;
        SAVE();
    yield_result:;
        TRACE_LEAVE(result);
        uint64_t info = frame->info;
        generator_pop_suspend(thread, frame);
        if (info & FRAME_ENTRY) {
            *yielded = true;
            return reg_to_local(result);
        }
        RELOAD(); // at the FOR_ITER or YIELD_FROM that resumed it
        if (FETCH_OP(pc) == OP_YIELD_FROM)
            goto yield_result;
        SET(B, result);
        JUMP_C();
        SAFEPOINT();
        DISPATCH();
    }
    TARGET(YIELD_FROM)
    {
        SAVE();
        Value iterator = R[B];
        if (LIKELY(generator_is_delegate(iterator))) {
            Generator *g = (Generator *)value_object(iterator);
            // A value for one that was not started is refused, below.
            if (LIKELY(generator_claim_to_send(g, R[C]))) {
                Frame *pushed = generator_push(thread, g, FRAME_GENERATOR);
                if (UNLIKELY(!pushed))
                    goto error;
                bool again = generator_deliver(g, pushed, R[C]);
                RELOAD();
                if (again)
                    DISPATCH();
                NEXT(1);
            }
        }
        int status = slow_yield_from(frame, pc, &result);
        if (UNLIKELY(status < 0))
            goto error;
        if (status == 0)
            NEXT(1);
        goto yield_result;
    }

    // ---- exceptions ----------------------------------------------------------------------
    TARGET(PUSH_HANDLED)
    {
        HandledItem *item = thread->handled;
        Value before = item->exception;
        item->exception = ref_new(R[B]);
        SET(A, reg_from_local(before));
        NEXT(1);
    }
    TARGET(POP_HANDLED)
    {
        HandledItem *item = thread->handled;
        Value old = item->exception;
        item->exception = reg_to_local(R[A]);
        R[A] = VALUE_NULL;
        ref_release(old);
        NEXT(1);
    }
    TARGET(IF_NOT_EXCEPTION)
    {
        SAVE();
        int status = exception_matches(R[A], R[B]);
        if (UNLIKELY(status < 0))
            goto error;
        CONSUME(B);
        if (!status) {
            JUMP_C();
            DISPATCH();
        }
        NEXT(1);
    }
    TARGET(RAISE)
    SAVE();
    slow_raise(frame, pc);
    if (C == 0)
        goto error_again; // raised again as it is: the traceback has this frame already
    goto error;
    TARGET(RERAISE)
    {
        SAVE();
        Value exception = TAKE(A);
        error_restore(exception);
        goto error_again; // the traceback has this frame already
    }
    TARGET(WITH_ENTER)
    SLOW(SWITCH_DONE(slow_with_enter(frame, pc)));
    NEXT(1);

    // ---- everything else -----------------------------------------------------------------
    TARGET(MAKE_CELL)
    TARGET(DELETE_CELL)
    TARGET(DELETE_FREE)
    TARGET(LOAD_CLASS_FREE)
    TARGET(DELETE_GLOBAL)
    TARGET(DELETE_NAME)
    TARGET(LOAD_LOCALS)
    TARGET(SETUP_ANNOTATIONS)
    TARGET(DELETE_ATTR)
    TARGET(DELETE_ITEM)
    TARGET(SET_ADD)
    TARGET(MAP_ADD)
    TARGET(LIST_EXTEND)
    TARGET(SET_UPDATE)
    TARGET(DICT_UPDATE)
    TARGET(DICT_MERGE)
    TARGET(LIST_TO_TUPLE)
    TARGET(FORMAT_VALUE)
    TARGET(LOAD_BUILD_CLASS)
    TARGET(GET_YIELD_FROM_ITER)
    TARGET(LOAD_ASSERTION_ERROR)
    TARGET(WITH_EXIT)
    TARGET(WITH_EXCEPT)
    TARGET(IMPORT_NAME)
    TARGET(IMPORT_FROM)
    TARGET(IMPORT_STAR)
    TARGET(PRINT_EXPR)
    SLOW(SWITCH_DONE(slow_misc(frame, pc)));
    NEXT(1);

error:
    if (UNLIKELY(thread->loop_switch)) // nothing was raised: interp_run goes on in the other loop
        return VALUE_NULL;
    error_add_traceback(thread->frame);
    TRACE_EXCEPTION();
error_again:
    // Finds the handler in this frame or its callers; frames without one are left behind.
    switch (unwind(thread)) {
    case UNWIND_HANDLER:
        RELOAD();
#ifdef INTERP_TRACED
        frame->pc_tagged = (uint64_t)thread->unwound_from | 1;
#endif
        DISPATCH();
    case UNWIND_LEAVE:
        return VALUE_NULL;
    }
    __builtin_unreachable();
}
