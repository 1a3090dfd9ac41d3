// SPDX-License-Identifier: MIT
//
// The keyed hash of bytes behind the hashes of str, bytes and memoryview: wide multiplications
// folded in half, as in wyhash (Wang Yi, final version 4), written anew. The keys are random
// for each process unless PYTHONHASHSEED fixes them.
#include "vm/runtime/options.h"
#include "vm/types/str_internal.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

static uint64_t hash_keys[4];

static inline uint64_t fold(uint64_t a, uint64_t b) {
    __uint128_t product = (__uint128_t)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}
static inline uint64_t read8(const uint8_t *p) {
    uint64_t w;
    memcpy(&w, p, 8);
    return w;
}
static inline uint64_t read4(const uint8_t *p) {
    uint32_t w;
    memcpy(&w, p, 4);
    return w;
}

int64_t hash_buffer(const void *data, size_t length) {
    if (length == 0)
        return 0;
    const uint8_t *p = data;
    uint64_t seed = hash_keys[0], a, b;
    if (LIKELY(length <= 16)) {
        if (length >= 8) {
            a = read8(p);
            b = read8(p + length - 8);
        } else if (length >= 4) {
            a = read4(p);
            b = read4(p + length - 4);
        } else {
            a = (uint64_t)p[0] << 16 | (uint64_t)p[length >> 1] << 8 | p[length - 1];
            b = 0;
        }
    } else {
        size_t left = length;
        if (left > 48) {
            uint64_t lane1 = seed, lane2 = seed;
            do {
                seed = fold(read8(p) ^ hash_keys[1], read8(p + 8) ^ seed);
                lane1 = fold(read8(p + 16) ^ hash_keys[2], read8(p + 24) ^ lane1);
                lane2 = fold(read8(p + 32) ^ hash_keys[3], read8(p + 40) ^ lane2);
                p += 48;
                left -= 48;
            } while (left > 48);
            seed ^= lane1 ^ lane2;
        }
        while (left > 16) {
            seed = fold(read8(p) ^ hash_keys[1], read8(p + 8) ^ seed);
            p += 16;
            left -= 16;
        }
        a = read8(p + left - 16);
        b = read8(p + left - 8);
    }
    uint64_t mixed = fold(a ^ hash_keys[1], b ^ seed);
    int64_t hash = (int64_t)fold(mixed ^ hash_keys[2] ^ length, hash_keys[3] ^ seed);
    hash >>= 1; // a Value's int
    if (UNLIKELY(hash == -1 || hash == 0))
        hash = hash == 0 ? 1 : -2;
    return hash;
}

// SplitMix64 (Steele, Lea, Flood 2014) spreads a short seed over the keys.
static uint64_t split_mix(uint64_t *state) {
    uint64_t z = *state += 0x9e3779b97f4a7c15ULL;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}

void hash_start(void) {
    uint64_t state = 0;
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
        state = seed;
    } else if (getrandom(&state, sizeof state, GRND_NONBLOCK) != (ssize_t)sizeof state) {
        struct timespec now;
        clock_gettime(CLOCK_REALTIME, &now);
        state = (uint64_t)now.tv_nsec * 0x9e3779b97f4a7c15ULL ^ (uint64_t)now.tv_sec ^
                (uint64_t)getpid() << 32;
    }
    // Odd, so that no factor loses its low bits.
    for (int i = 0; i < 4; i++)
        hash_keys[i] = split_mix(&state) | 1;
}
