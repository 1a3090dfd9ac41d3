// SPDX-License-Identifier: MIT
//
// The `_random` module: the Mersenne twister MT19937 (M. Matsumoto and T. Nishimura, ACM TOMACS 8,
// 1998), seeded by their array method, so that a seed gives the sequence that other Pythons give.
// The generator's words are guarded by the object's lock; what needs memory is allocated before it
// is taken.
#include "vm/runtime/errors.h"
#include "vm/types/float.h"
#include "vm/types/function.h"
#include "vm/types/int.h"
#include "vm/types/module.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"
#include <errno.h>
#include <limits.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

enum { WORDS = 624, MIDDLE = 397 };

typedef struct {
    Object header;
    uint32_t index; // of the next word; WORDS: all are used up
    uint32_t state[WORDS];
} Random;

static Random *random_of(Value v) {
    return (Random *)value_object(v);
}

// ---- the generator; the lock is held ---------------------------------------------------

static inline uint32_t mixed(uint32_t high, uint32_t low) {
    uint32_t y = (high & 0x80000000u) | (low & 0x7fffffffu);
    return y >> 1 ^ (-(low & 1) & 0x9908b0dfu);
}

static void twist(Random *r) {
    uint32_t *s = r->state;
    int k = 0;
    for (; k < WORDS - MIDDLE; k++)
        s[k] = s[k + MIDDLE] ^ mixed(s[k], s[k + 1]);
    for (; k < WORDS - 1; k++)
        s[k] = s[k + MIDDLE - WORDS] ^ mixed(s[k], s[k + 1]);
    s[WORDS - 1] = s[MIDDLE - 1] ^ mixed(s[WORDS - 1], s[0]);
    r->index = 0;
}

static inline uint32_t next_word(Random *r) {
    if (UNLIKELY(r->index >= WORDS))
        twist(r);
    uint32_t y = r->state[r->index++];
    y ^= y >> 11;
    y ^= y << 7 & 0x9d2c5680u;
    y ^= y << 15 & 0xefc60000u;
    return y ^ y >> 18;
}

static void fill_from_number(uint32_t *s, uint32_t seed) {
    s[0] = seed;
    for (uint32_t i = 1; i < WORDS; i++)
        s[i] = 1812433253u * (s[i - 1] ^ s[i - 1] >> 30) + i;
}

static void fill_from_array(uint32_t *s, const uint32_t *key, size_t length) {
    fill_from_number(s, 19650218u);
    uint32_t i = 1;
    size_t j = 0;
    for (size_t k = length > WORDS ? length : WORDS; k; k--) {
        s[i] = (s[i] ^ (s[i - 1] ^ s[i - 1] >> 30) * 1664525u) + key[j] + (uint32_t)j;
        if (++i >= WORDS) {
            s[0] = s[WORDS - 1];
            i = 1;
        }
        if (++j >= length)
            j = 0;
    }
    for (int k = WORDS - 1; k; k--) {
        s[i] = (s[i] ^ (s[i - 1] ^ s[i - 1] >> 30) * 1566083941u) - i;
        if (++i >= WORDS) {
            s[0] = s[WORDS - 1];
            i = 1;
        }
    }
    s[0] = 0x80000000u; // never all zero
}

static void set_state(Random *r, const uint32_t *state, uint32_t index) {
    object_lock(&r->header);
    memcpy(r->state, state, sizeof r->state);
    r->index = index;
    object_unlock(&r->header);
}

static void seed_from_array(Random *r, const uint32_t *key, size_t length) {
    uint32_t state[WORDS];
    fill_from_array(state, key, length);
    set_state(r, state, WORDS);
}

// ---- seeding ---------------------------------------------------------------------------

static void seed_from_system(Random *r) {
    uint32_t key[WORDS];
    uint8_t *at = (uint8_t *)key, *end = at + sizeof key;
    while (at < end) {
        ssize_t got = getrandom(at, (size_t)(end - at), GRND_NONBLOCK);
        if (got < 0 && errno != EINTR)
            break;
        at += got > 0 ? got : 0;
    }
    if (at < end) { // the kernel's pool is not ready: the clocks
        struct timespec now, up;
        clock_gettime(CLOCK_REALTIME, &now);
        clock_gettime(CLOCK_MONOTONIC, &up);
        key[0] = (uint32_t)now.tv_sec;
        key[1] = (uint32_t)now.tv_nsec;
        key[2] = (uint32_t)getpid();
        key[3] = (uint32_t)up.tv_sec;
        key[4] = (uint32_t)up.tv_nsec;
        seed_from_array(r, key, 5);
        return;
    }
    seed_from_array(r, key, WORDS);
}

// number: any int. Its magnitude in 32-bit words, least significant first.
static int seed_from_int(Random *r, Value number) {
    int64_t n;
    if (int_to_i64(number, &n)) {
        uint64_t size = n < 0 ? -(uint64_t)n : (uint64_t)n;
        uint32_t key[2] = {(uint32_t)size, (uint32_t)(size >> 32)};
        seed_from_array(r, key, key[1] ? 2 : 1);
        return 0;
    }
    Value size = int_sign(number) < 0 ? int_negative(number) : int_exact(number);
    if (value_is_null(size))
        return -1;
    size_t words = (size_t)(int_bit_length(size) + 31) / 32;
    uint32_t *key = buffer_allocate(words * 4);
    if (!key) {
        ref_release(size);
        raise_memory_error();
        return -1;
    }
    int status = int_to_bytes(size, (uint8_t *)key, words * 4, true, false);
    ref_release(size);
    if (status == 0)
        seed_from_array(r, key, words);
    buffer_free(key);
    return status;
}

static int seed(Random *r, Value v) {
    if (value_is_null(v) || value_is_none(v)) {
        seed_from_system(r);
        return 0;
    }
    if (value_is_any_int(v)) {
        if (value_is_int(v) || value_is_exactly(v, &int_type))
            return seed_from_int(r, v);
        Value size = value_absolute(v);
        if (value_is_null(size))
            return -1;
        int status = value_is_any_int(size)
                         ? seed_from_int(r, size)
                         : raise_int(&exception_TypeError, "an integer is required");
        ref_release(size);
        return status;
    }
    int64_t hash = value_hash(v);
    if (hash == -1)
        return -1;
    uint32_t key[2] = {(uint32_t)hash, (uint32_t)((uint64_t)hash >> 32)};
    seed_from_array(r, key, key[1] ? 2 : 1);
    return 0;
}

// ---- methods ---------------------------------------------------------------------------

static Value random_random(Value self) {
    Random *r = random_of(self);
    object_lock(&r->header);
    uint32_t a = next_word(r) >> 5, b = next_word(r) >> 6;
    object_unlock(&r->header);
    return float_new((a * 67108864.0 + b) * (1.0 / 9007199254740992.0));
}

static Value random_seed(Value self, const Value *args, size_t nargs) {
    return seed(random_of(self), nargs ? args[0] : VALUE_NULL) < 0 ? VALUE_NULL : none_new();
}

static Value random_getrandbits(Value self, Value v) {
    Random *r = random_of(self);
    int64_t bits;
    if (value_is_int(v)) {
        bits = value_int(v);
    } else {
        Value n = value_index(v);
        if (value_is_null(n))
            return n;
        if (!int_to_i64(n, &bits))
            bits = int_sign(n) < 0 ? INT64_MIN : INT64_MAX;
        ref_release(n);
    }
    if (bits > INT_MAX || bits < INT_MIN)
        return raise_error(&exception_OverflowError, "Python int too large to convert to C int");
    if (bits < 0)
        return raise_value_error("number of bits must be non-negative");
    if (bits == 0)
        return value_from_int(0);
    if (bits <= 64) {
        object_lock(&r->header);
        uint64_t n = next_word(r);
        if (bits <= 32)
            n >>= 32 - bits;
        else
            n |= (uint64_t)(next_word(r) >> (64 - bits)) << 32;
        object_unlock(&r->header);
        return int_from_u64(n);
    }
    size_t words = (size_t)(bits + 31) / 32;
    uint32_t *buffer = buffer_allocate(words * 4);
    if (!buffer)
        return raise_memory_error();
    object_lock(&r->header);
    for (size_t i = 0; i < words; i++)
        buffer[i] = next_word(r);
    object_unlock(&r->header);
    if (bits % 32)
        buffer[words - 1] >>= 32 - bits % 32;
    Value result = int_from_bytes((uint8_t *)buffer, words * 4, true, false);
    buffer_free(buffer);
    return result;
}

static Value random_getstate(Value self) {
    Random *r = random_of(self);
    Value state = tuple_allocate(WORDS + 1);
    if (value_is_null(state))
        return state;
    Value *items = tuple_of(state)->items;
    object_lock(&r->header);
    for (int i = 0; i < WORDS; i++)
        items[i] = value_from_int(r->state[i]);
    items[WORDS] = value_from_int(r->index);
    object_unlock(&r->header);
    return state;
}

static int state_word(Value v, uint64_t *out) {
    if (!value_is_any_int(v))
        return raise_int(&exception_TypeError, "an integer is required");
    if (int_to_u64(v, out))
        return 0;
    return raise_int(&exception_OverflowError,
                     int_sign(v) < 0 ? "can't convert negative value to unsigned int"
                                     : "Python int too large to convert to C unsigned long");
}

static Value random_setstate(Value self, Value v) {
    if (!value_is_tuple(v))
        return raise_type_error("state vector must be a tuple");
    if (tuple_length(v) != WORDS + 1)
        return raise_value_error("state vector is the wrong size");
    uint32_t state[WORDS];
    uint64_t n;
    for (int i = 0; i < WORDS; i++) {
        if (state_word(tuple_item(v, i), &n) < 0)
            return VALUE_NULL;
        state[i] = (uint32_t)n;
    }
    if (state_word(tuple_item(v, WORDS), &n) < 0)
        return VALUE_NULL;
    if (n > WORDS)
        return raise_value_error("invalid state");
    set_state(random_of(self), state, (uint32_t)n);
    return none_new();
}

// ---- the type --------------------------------------------------------------------------

static Value random_call_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    Random *r = object_allocate(type);
    if (!r)
        return VALUE_NULL;
    r->index = 0;
    memset(r->state, 0, sizeof r->state);
    return value_from_object(r);
}

static int random_init(Value self, const Value *args, size_t nargs, Value kwnames) {
    if (arguments_no_keywords("Random", kwnames) < 0)
        return -1;
    if (nargs > 1)
        return raise_int(&exception_TypeError, "Random() requires 0 or 1 argument");
    return seed(random_of(self), nargs ? args[0] : VALUE_NULL);
}

static void random_destroy(Object *self) {
    type_free_instance(self);
}

static const NativeDef random_methods[] = {
    DEF_NONE("random", random_random, "The next float, 0 <= x < 1."),
    DEF_FIXED("seed", random_seed, 0, 1,
              "Starts anew from an int or a hash; without argument from the system's randomness."),
    DEF_NONE("getstate", random_getstate, "The generator's words and position, as a tuple."),
    DEF_ONE("setstate", random_setstate, "Goes on from what getstate() gave."),
    DEF_ONE("getrandbits", random_getrandbits, "An int of k random bits."),
    DEF_END,
};

static Type random_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "_random.Random",
    .basic_size = sizeof(Random),
    .kind = HEAP_LEAF,
    .flags = TYPE_BASE,
    .doc = "Random() -> a random number generator with a state of its own.",
    .call_new = random_call_new,
    .init = random_init,
    .destroy = random_destroy,
    .methods = random_methods,
};

static int random_fill(Value module) {
    return module_add_type(module, &random_type);
}

const NativeModule module_random = {
    .name = "_random",
    .doc = "The Mersenne twister.",
    .fill = random_fill,
};
