// SPDX-License-Identifier: MIT
//
// Copying bytes whose number varies between few and many.
#ifndef LOCKSMITH_VM_COPY_H
#define LOCKSMITH_VM_COPY_H

#include <stdint.h>
#include <string.h>

// The two do not overlap. What is short is moved in two pieces that may overlap each other, in
// line; the rest is libc's. Left to itself, a compiler that knows from a profile that mostly little
// is copied writes a loop of single words, which takes several times as long with what is large.
static inline void copy_bytes(void *restrict to, const void *restrict from, size_t count) {
    char *t = to;
    const char *f = from;
    if (__builtin_expect(count > 32, 0)) {
        memcpy(t, f, count);
    } else if (count >= 16) {
        __extension__ typedef unsigned __int128 Wide;
        Wide first, last;
        memcpy(&first, f, 16);
        memcpy(&last, f + count - 16, 16);
        memcpy(t, &first, 16);
        memcpy(t + count - 16, &last, 16);
    } else if (count >= 8) {
        uint64_t first, last;
        memcpy(&first, f, 8);
        memcpy(&last, f + count - 8, 8);
        memcpy(t, &first, 8);
        memcpy(t + count - 8, &last, 8);
    } else if (count >= 4) {
        uint32_t first, last;
        memcpy(&first, f, 4);
        memcpy(&last, f + count - 4, 4);
        memcpy(t, &first, 4);
        memcpy(t + count - 4, &last, 4);
    } else if (count) {
        // One to three: the first, the middle, the last.
        char first = f[0], middle = f[count >> 1], last = f[count - 1];
        t[0] = first;
        t[count >> 1] = middle;
        t[count - 1] = last;
    }
}

// The first `length` bytes of data again and again, until `all` bytes are filled.
static inline void copy_repeated(void *data, size_t length, size_t all) {
    for (size_t done = length; done && done < all; done *= 2) // each copy doubles what is there
        memcpy((char *)data + done, data, done < all - done ? done : all - done);
}

#endif
