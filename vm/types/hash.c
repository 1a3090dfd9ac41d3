// SPDX-License-Identifier: MIT
//
// The keyed hash of bytes behind the hashes of str, bytes and memoryview: SipHash (Aumasson and
// Bernstein, "SipHash: a fast short-input PRF", 2012) with one round a word and three at the end,
// as in CPython 3.11. The key is random for each process unless PYTHONHASHSEED fixes it; hashes
// under a fixed seed are CPython's then.
#include "vm/runtime/options.h"
#include "vm/types/str_internal.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

static uint64_t key[2]; // set before any hash is made

typedef struct {
    uint64_t a, b, c, d;
} SipState;

static inline uint64_t rotate(uint64_t x, int n) {
    return x << n | x >> (64 - n);
}
ALWAYS_INLINE SipState sip_round(SipState s) {
    s.a += s.b, s.c += s.d;
    s.b = rotate(s.b, 13) ^ s.a, s.d = rotate(s.d, 16) ^ s.c;
    s.a = rotate(s.a, 32);
    s.c += s.b, s.a += s.d;
    s.b = rotate(s.b, 17) ^ s.c, s.d = rotate(s.d, 21) ^ s.a;
    s.c = rotate(s.c, 32);
    return s;
}
ALWAYS_INLINE SipState sip_word(SipState s, uint64_t word) {
    s.d ^= word;
    s = sip_round(s);
    s.a ^= word;
    return s;
}

// The last 0 to 7 bytes of a text of this length, and in the highest byte the length.
ALWAYS_INLINE uint64_t last_word(const uint8_t *p, size_t left, size_t length) {
    uint64_t word = (uint64_t)length << 56;
    if (left >= 4) {
        uint32_t low, high; // they may overlap
        memcpy(&low, p, 4);
        memcpy(&high, p + left - 4, 4);
        return word | low | (uint64_t)high << 8 * (left - 4);
    }
    if (left) // first, middle and last byte: all there are
        word |= p[0] | (uint64_t)p[left >> 1] << 8 * (left >> 1) |
                (uint64_t)p[left - 1] << 8 * (left - 1);
    return word;
}

ALWAYS_INLINE uint64_t sip_hash(const uint8_t *p, size_t length, uint64_t key0, uint64_t key1) {
    SipState s = {key0 ^ 0x736f6d6570736575ULL, key1 ^ 0x646f72616e646f6dULL,
                  key0 ^ 0x6c7967656e657261ULL, key1 ^ 0x7465646279746573ULL};
    size_t left = length;
    for (; left >= 8; left -= 8, p += 8) {
        uint64_t word;
        memcpy(&word, p, 8);
        s = sip_word(s, word);
    }
    s = sip_word(s, last_word(p, left, length));
    s.c ^= 0xff;
    s = sip_round(sip_round(sip_round(s)));
    return s.a ^ s.b ^ s.c ^ s.d;
}

uint64_t hash_with_key(const void *data, size_t length, uint64_t with) {
    return sip_hash(data, length, with, 0);
}

int64_t hash_buffer(const void *data, size_t length) {
    if (length == 0)
        return 0;
    int64_t hash = (int64_t)sip_hash(data, length, key[0], key[1]);
    if (UNLIKELY(hash == -1 || hash == 0)) // 0: not known yet
        hash = hash == 0 ? 1 : -2;
    return hash;
}

// The key that a seed stands for: bytes of the linear congruential generator that CPython uses
// (the one of Microsoft's rand()). Seed 0 is the key 0.
static void key_from_seed(uint32_t seed) {
    uint8_t bytes[sizeof key] = {0};
    uint32_t x = seed;
    for (size_t i = 0; seed != 0 && i < sizeof bytes; i++) {
        x = x * 214013 + 2531011;
        bytes[i] = (uint8_t)(x >> 16);
    }
    memcpy(key, bytes, sizeof key);
}

void hash_start(void) {
    const char *text = options.hash_seed;
    if (text && *text && strcmp(text, "random") != 0) {
        char *end;
        errno = 0;
        unsigned long seed = strtoul(text, &end, 10);
        if (*end || errno || seed > 4294967295UL || text[0] == '-') {
            fputs("Fatal Python error: config_init_hash_seed: PYTHONHASHSEED must be \"random\" "
                  "or an integer in range [0; 4294967295]\n",
                  stderr);
            exit(1);
        }
        key_from_seed((uint32_t)seed);
    } else if (getrandom(key, sizeof key, GRND_NONBLOCK) != (ssize_t)sizeof key) {
        struct timespec now;
        clock_gettime(CLOCK_REALTIME, &now);
        key[0] = (uint64_t)now.tv_nsec * 0x9e3779b97f4a7c15ULL ^ (uint64_t)now.tv_sec;
        key[1] = key[0] ^ (uint64_t)getpid() << 32;
    }
}
