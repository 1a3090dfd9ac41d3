// SPDX-License-Identifier: MIT
//
// References to what is mostly not counted.
//
// Objects in static memory whose header is born with COUNT_STATIC (gc/header.h: None, the two
// booleans, NotImplemented, Ellipsis) are immortal for good where the strategy has immortals, so
// that their counts need not be looked at: ref_new_static, reg_new_static, reg_release_static.
//
// What lies below _end, the end of the executable's own memory, is such an object too, or nothing
// (VALUE_NULL): value_may_be_counted tells it from others by the address, at the price of the
// comparison with VALUE_NULL. The interpreter's loop uses it for its registers (reg_keep, reg_drop,
// reg_replace, reg_empty) and what it replaces in objects (ref_drop): much of what they hold is
// None, a boolean or a builtin class.
//
// Names and other strings of code are nearly always immortal: ref_new_immortal and
// ref_release_immortal ask that first.
//
// Functions of modules and classes are deferred, native ones and the constants of code immortal:
// of these, reg_retain_uncounted and reg_release_uncounted ask first whether the register counts
// them at all, and only then whether the thread owns them.
#ifndef LOCKSMITH_GC_UNCOUNTED_H
#define LOCKSMITH_GC_UNCOUNTED_H

#include "gc/ref.h"

// v as a new local reference.
ALWAYS_INLINE Value ref_new_static(Value v) {
#if !LOCKSMITH_IMMORTAL
    ref_retain(v);
#endif
    return v;
}

// v as a register keeps it.
ALWAYS_INLINE Value reg_new_static(Value v) {
#if !LOCKSMITH_IMMORTAL
    reg_retain(v);
#endif
    return v;
}

ALWAYS_INLINE void reg_release_static(Value v) {
#if LOCKSMITH_IMMORTAL
    (void)v;
#else
    reg_release(v);
#endif
}

extern char _end[];

// False: v is a number, VALUE_NULL, or an object that is not counted. (The executable is linked to
// fixed low addresses, below all that is allocated.)
ALWAYS_INLINE bool value_may_be_counted(Value v) {
#if LOCKSMITH_IMMORTAL
    if ((v.bits & 3) != 0 || v.bits < (uint64_t)(uintptr_t)_end)
        return false;
    if (value_is_null(v))
        __builtin_unreachable();
    return true;
#else
    return value_is_object(v);
#endif
}

// As reg_retain, reg_release, reg_store and reg_clear.
ALWAYS_INLINE void reg_keep(Value v) {
    if (value_may_be_counted(v))
        reg_retain(v);
}
ALWAYS_INLINE void reg_drop(Value v) {
    if (value_may_be_counted(v))
        reg_release(v);
}
ALWAYS_INLINE void reg_replace(Value *slot, Value v) {
    Value old = *slot;
    *slot = v;
    reg_drop(old);
}
ALWAYS_INLINE void reg_empty(Value *slot) {
    Value old = *slot;
    *slot = VALUE_NULL;
    reg_drop(old);
}
// For registers that may keep a number that nobody needs any more.
ALWAYS_INLINE void reg_empty_unless_number(Value *slot) {
    Value old = *slot;
    if ((old.bits & 3) == 0) {
        *slot = VALUE_NULL;
        reg_drop(old);
    }
}
// As reg_from_local.
ALWAYS_INLINE Value reg_take_local(Value v) {
    return value_may_be_counted(v) ? reg_from_local(v) : v;
}
// As ref_release.
ALWAYS_INLINE void ref_drop(Value v) {
    if (value_may_be_counted(v))
        ref_release(v);
}

// As ref_new and ref_release, for any v, but the first not for VALUE_NULL.
ALWAYS_INLINE Value ref_new_immortal(Value v) {
    if (UNLIKELY(!count_is_immortal(count_range(value_object(v)))))
        ref_retain_object(value_object(v));
    return v;
}
ALWAYS_INLINE void ref_release_immortal(Value v) {
    if (value_is_object(v) && UNLIKELY(!count_is_immortal(count_range(value_object(v)))))
        ref_release_object(value_object(v));
}

// As reg_retain and reg_release, for any v that is an object.
ALWAYS_INLINE void reg_retain_uncounted(Value v) {
    if (REGISTERS_ARE_COUNTED)
        ref_retain_unless_deferred(value_object(v));
}
ALWAYS_INLINE void reg_release_uncounted(Value v) {
    if (REGISTERS_ARE_COUNTED)
        ref_release_unless_deferred(value_object(v));
}

#endif
