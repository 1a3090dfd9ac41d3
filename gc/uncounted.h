// SPDX-License-Identifier: MIT
//
// References to what is mostly not counted.
//
// Objects in static memory whose header is born with COUNT_STATIC (gc/header.h: None, the two
// booleans, NotImplemented, Ellipsis) are immortal for good where the strategy has immortals, so
// that their counts need not be looked at: ref_new_static, reg_new_static, reg_release_static.
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
