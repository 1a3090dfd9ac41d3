// SPDX-License-Identifier: MIT
//
// What the files of int share: seeing any int as sign and limbs, and making int objects.
// Private to vm/types/int*.c, bool.c and format_spec*.c.
#ifndef LOCKSMITH_VM_TYPES_INT_INTERNAL_H
#define LOCKSMITH_VM_TYPES_INT_INTERNAL_H

#include "vm/runtime/errors.h"
#include "vm/types/int.h"

// The most limbs of any int: 2 GiB. GMP aborts the process when memory is out or a size leaves
// its range, so whatever could grow past this is refused before GMP sees it.
#define INT_LIMBS_MAX ((int64_t)1 << 28)

static inline IntObject *int_object(Value v) {
    return (IntObject *)value_object(v);
}
static inline int64_t int_limb_count(const IntObject *o) {
    return o->size < 0 ? -o->size : o->size;
}

// Does a magnitude of one limb fit a Value?
static inline bool int_limb_fits(mp_limb_t limb, bool negative) {
    return limb <= (mp_limb_t)VALUE_INT_MAX + negative;
}

// v (any int) as a Value's int if its number fits one, else v itself. Borrowed.
Value int_simple_object(Value v);
static inline Value int_simple(Value v) {
    // Objects of int itself are canonical.
    return LIKELY(value_is_int(v)) || value_is_exactly(v, &int_type) ? v : int_simple_object(v);
}

// Sign and magnitude of an int. Stays valid while the int lives and the view does not move.
typedef struct {
    const mp_limb_t *limbs;
    int64_t count; // 0 for zero
    bool negative;
    mp_limb_t one; // the magnitude of an int in a Value
} IntView;

// v as int_simple gives it.
static inline void int_view(IntView *view, Value v) {
    if (value_is_int(v)) {
        int64_t n = value_int(v);
        view->negative = n < 0;
        view->one = n < 0 ? -(mp_limb_t)n : (mp_limb_t)n;
        view->limbs = &view->one;
        view->count = n != 0;
    } else {
        IntObject *o = int_object(v);
        view->negative = o->size < 0;
        view->limbs = o->limbs;
        view->count = int_limb_count(o);
    }
}

// The uppermost 64 bits of a magnitude, whose top limb is not 0; the lowest of them also stands for
// all bits below, so that they round as the whole does.
static inline mp_limb_t int_top_bits(const mp_limb_t *limbs, int64_t count) {
    mp_limb_t top = limbs[count - 1];
    int shift = __builtin_clzll(top);
    if (count == 1)
        return top << shift;
    mp_limb_t below = limbs[count - 2], rest = below << shift;
    if (shift)
        top = top << shift | below >> (64 - shift);
    for (int64_t i = count - 3; i >= 0 && !rest; i--)
        rest = limbs[i];
    return top | (rest != 0);
}

// v, as int_simple gives it, if it fits and its magnitude takes at most two limbs.
static inline bool int_fits_i128(Value v, __int128 *out) {
    if (value_is_int(v)) {
        *out = value_int(v);
        return true;
    }
    const IntObject *o = int_object(v);
    if (o->size == 1 || o->size == -1) {
        *out = o->limbs[0];
    } else if (o->size == 2 || o->size == -2) {
        if (UNLIKELY((int64_t)o->limbs[1] < 0))
            return false;
        *out = (__int128)o->limbs[1] << 64 | o->limbs[0];
    } else {
        return false;
    }
    if (o->size < 0)
        *out = -*out;
    return true;
}

// A read-only mpz over the view.
static inline mpz_srcptr int_view_mpz(mpz_t z, const IntView *view) {
    return mpz_roinit_n(z, view->limbs,
                        view->negative ? -(mp_size_t)view->count : (mp_size_t)view->count);
}

static inline int64_t int_view_bits(const IntView *view) {
    return view->count == 0 ? 0 : view->count * 64 - __builtin_clzll(view->limbs[view->count - 1]);
}

// An exact int object whose limbs and size the caller fills in. NULL with MemoryError.
IntObject *int_allocate(int64_t limbs);
// Turns an object of int_allocate(limbs) with its limbs filled into a canonical int. Consumes it.
Value int_finish(IntObject *o, int64_t limbs, bool negative);
Value int_from_i128(__int128 n);
Value int_from_mpz(mpz_srcptr z);

// Room for limbs: `local` if they fit it, else a buffer. NULL with MemoryError.
static inline mp_limb_t *int_scratch(mp_limb_t *local, int64_t local_count, int64_t count) {
    if (LIKELY(count <= local_count))
        return local;
    mp_limb_t *limbs = buffer_allocate((size_t)count * sizeof *limbs);
    if (UNLIKELY(!limbs))
        raise_memory_error();
    return limbs;
}
static inline void int_scratch_free(mp_limb_t *local, mp_limb_t *limbs) {
    if (UNLIKELY(limbs != local))
        buffer_free(limbs);
}

// An instance of type (int or a subclass) with the number of v (any int). New reference.
Value int_as_type(Type *type, Value v);

// ---- text ------------------------------------------------------------------------------------
// The digits of |v| in a base (2..36, lower case), not terminated: in local if they fit, else in a
// buffer that the caller frees with int_digits_free. NULL with an exception (MemoryError, or
// ValueError when the limit on decimal digits is passed).
char *int_digits(Value v, int base, char *local, size_t local_size, size_t *length_out);
static inline void int_digits_free(char *local, char *digits) {
    if (digits != local)
        buffer_free(digits);
}
// int(text) for bytes-like data; shown is what the error message shows.
Value int_from_ascii(const char *text, size_t length, int base, Value shown);

extern const NativeDef int_methods[];
extern const GetSetDef int_getsets[];
// The methods that int and bool share the C code of.
Value int_repr(Value v);

#endif
