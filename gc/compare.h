// SPDX-License-Identifier: MIT
//
// Shared words that are loaded only to be compared. Of an atomic load GCC 12 makes a load, a
// comparison, and often an address for a slow path that never comes; on x86-64 each of these is the
// one instruction that it is. Any thread may change the words at any time; what an answer means is
// for the caller to say. Under ThreadSanitizer, and on other processors, they are atomic loads.
#ifndef LOCKSMITH_GC_COMPARE_H
#define LOCKSMITH_GC_COMPARE_H

#include <stdbool.h>
#include <stdint.h>

#if defined(__x86_64__) && !defined(__SANITIZE_THREAD__)

// Relaxed: the word is `value`; it is, signed, negative; the byte has any of `bits`.
static inline __attribute__((always_inline)) bool compare_relaxed(const uint32_t *word,
                                                                  uint32_t value) {
    bool same;
    __asm__("cmpl %2, %1" : "=@cce"(same) : "m"(*word), "r"(value));
    return same;
}
static inline __attribute__((always_inline)) bool compare_negative_relaxed(const uint32_t *word) {
    bool negative;
    __asm__("cmpl $0, %1" : "=@ccs"(negative) : "m"(*word));
    return negative;
}
static inline __attribute__((always_inline)) bool compare_bits_relaxed(const uint8_t *byte,
                                                                       uint8_t bits) {
    bool any;
    __asm__("testb %2, %1" : "=@ccnz"(any) : "m"(*byte), "iq"(bits));
    return any;
}
// Acquire: the word is negative; it is `value`; it is, unsigned, above `value`. (The processor
// orders loads; the clobber keeps the compiler from moving others up here.)
static inline __attribute__((always_inline)) bool compare_negative_acquire(const uint32_t *word) {
    bool negative;
    __asm__ volatile("cmpl $0, %1" : "=@ccs"(negative) : "m"(*word) : "memory");
    return negative;
}
static inline __attribute__((always_inline)) bool compare_acquire(const uint32_t *word,
                                                                  uint32_t value) {
    bool same;
    __asm__ volatile("cmpl %2, %1" : "=@cce"(same) : "m"(*word), "ir"(value) : "memory");
    return same;
}
static inline __attribute__((always_inline)) bool compare_long_acquire(const uint64_t *word,
                                                                       uint64_t value) {
    bool same;
    __asm__ volatile("cmpq %2, %1" : "=@cce"(same) : "m"(*word), "r"(value) : "memory");
    return same;
}
static inline __attribute__((always_inline)) bool compare_long_above_acquire(const uint64_t *word,
                                                                             uint64_t value) {
    bool above;
    __asm__ volatile("cmpq %2, %1" : "=@cca"(above) : "m"(*word), "r"(value) : "memory");
    return above;
}
// Acquire: the word, for comparisons of a part of it. (The load is a plain one to the compiler,
// which then needs no register for its address.)
static inline __attribute__((always_inline)) uint32_t compare_load_acquire(const uint32_t *word) {
    uint32_t value = *(const volatile uint32_t *)word;
    __asm__ volatile("" ::: "memory");
    return value;
}

#else

static inline bool compare_relaxed(const uint32_t *word, uint32_t value) {
    return __atomic_load_n(word, __ATOMIC_RELAXED) == value;
}
static inline bool compare_negative_relaxed(const uint32_t *word) {
    return (int32_t)__atomic_load_n(word, __ATOMIC_RELAXED) < 0;
}
static inline bool compare_bits_relaxed(const uint8_t *byte, uint8_t bits) {
    return __atomic_load_n(byte, __ATOMIC_RELAXED) & bits;
}
static inline bool compare_negative_acquire(const uint32_t *word) {
    return (int32_t)__atomic_load_n(word, __ATOMIC_ACQUIRE) < 0;
}
static inline bool compare_acquire(const uint32_t *word, uint32_t value) {
    return __atomic_load_n(word, __ATOMIC_ACQUIRE) == value;
}
static inline bool compare_long_acquire(const uint64_t *word, uint64_t value) {
    return __atomic_load_n(word, __ATOMIC_ACQUIRE) == value;
}
static inline bool compare_long_above_acquire(const uint64_t *word, uint64_t value) {
    return __atomic_load_n(word, __ATOMIC_ACQUIRE) > value;
}
static inline uint32_t compare_load_acquire(const uint32_t *word) {
    return __atomic_load_n(word, __ATOMIC_ACQUIRE);
}

#endif

#endif
