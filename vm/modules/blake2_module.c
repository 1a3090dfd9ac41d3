// SPDX-License-Identifier: MIT
//
// _blake2: the digests BLAKE2b and BLAKE2s with all their parameters (RFC 7693; Aumasson et al.,
// "BLAKE2: simpler, smaller, fast as MD5", 2013, for salt, personalisation and trees).
//
// The state of an object is guarded by its mutex rather than the object's lock, because long texts
// are digested with the thread detached. Both digests are one algorithm over words of 64 and 32
// bits; it is written once as a macro.
#include "locks/mutex.h"
#include "vm/runtime/errors.h"
#include "vm/types/bytes.h"
#include "vm/types/function.h"
#include "vm/types/int.h"
#include "vm/types/module.h"
#include "vm/types/str.h"
#include "vm/types/type.h"
#include <stdio.h>

enum { LONG_TEXT = 16384, BLOCK_MAX = 128, DIGEST_MAX = 64 };

typedef struct {
    union {
        uint64_t wide[8];
        uint32_t narrow[8];
    } h;
    uint8_t block[BLOCK_MAX];
    size_t filled;
    uint64_t total; // bytes compressed; more than 2^64 are out of reach
    bool last_node;
} State;

static const uint8_t sigma[12][16] = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
    {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
    {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},
    {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
    {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13},
    {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
    {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11},
    {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
    {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},
    {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0},
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
    {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
};
static const uint64_t wide_iv[8] = {
    0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
    0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
};
static const uint32_t narrow_iv[8] = {
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};

#define COMPRESS(name, Word, words, iv, rounds, r1, r2, r3, r4)                                    \
    static inline Word name##_turn(Word x, int n) {                                                \
        return x >> n | x << (8 * (int)sizeof x - n);                                              \
    }                                                                                              \
    static void name##_compress(State *s, const uint8_t *block, bool last) {                       \
        Word m[16], v[16];                                                                         \
        memcpy(m, block, sizeof m);                                                                \
        for (int i = 0; i < 8; i++) {                                                              \
            v[i] = s->h.words[i];                                                                  \
            v[i + 8] = iv[i];                                                                      \
        }                                                                                          \
        v[12] ^= (Word)s->total;                                                                   \
        if (sizeof(Word) == 4)                                                                     \
            v[13] ^= (Word)(s->total >> 32);                                                       \
        if (last)                                                                                  \
            v[14] = ~v[14];                                                                        \
        if (last && s->last_node)                                                                  \
            v[15] = ~v[15];                                                                        \
        static const uint8_t mixes[8][4] = {{0, 4, 8, 12},  {1, 5, 9, 13},  {2, 6, 10, 14},        \
                                            {3, 7, 11, 15}, {0, 5, 10, 15}, {1, 6, 11, 12},        \
                                            {2, 7, 8, 13},  {3, 4, 9, 14}};                        \
        for (int r = 0; r < rounds; r++)                                                           \
            for (int i = 0; i < 8; i++) {                                                          \
                Word *a = &v[mixes[i][0]], *b = &v[mixes[i][1]];                                   \
                Word *c = &v[mixes[i][2]], *d = &v[mixes[i][3]];                                   \
                *a += *b + m[sigma[r][2 * i]];                                                     \
                *d = name##_turn(*d ^ *a, r1);                                                     \
                *c += *d;                                                                          \
                *b = name##_turn(*b ^ *c, r2);                                                     \
                *a += *b + m[sigma[r][2 * i + 1]];                                                 \
                *d = name##_turn(*d ^ *a, r3);                                                     \
                *c += *d;                                                                          \
                *b = name##_turn(*b ^ *c, r4);                                                     \
            }                                                                                      \
        for (int i = 0; i < 8; i++)                                                                \
            s->h.words[i] ^= v[i] ^ v[i + 8];                                                      \
    }
COMPRESS(wide, uint64_t, wide, wide_iv, 12, 32, 24, 16, 63)
COMPRESS(narrow, uint32_t, narrow, narrow_iv, 10, 16, 12, 8, 7)
#undef COMPRESS

// ---- the types -------------------------------------------------------------------------------

typedef struct {
    Type type; // first
    size_t block_size;
    int digest_size, key_size, salt_size; // the largest; the salt's is the person's too
    void (*compress)(State *s, const uint8_t *block, bool last);
} BlakeType;

typedef struct {
    Object header;
    Mutex mutex;
    State state; // guarded by mutex
    int digest_size;
} Blake;

static BlakeType blake2b_type, blake2s_type;

static Blake *blake_of(Value v) {
    return (Blake *)value_object(v);
}
static const BlakeType *type_of(Value v) {
    return (const BlakeType *)value_type(v);
}

// The last block is kept until more comes or the digest is asked for.
static void feed(const BlakeType *type, State *s, const uint8_t *data, size_t length) {
    while (length > 0) {
        if (s->filled == type->block_size) {
            s->total += type->block_size;
            type->compress(s, s->block, false);
            s->filled = 0;
        }
        size_t n = type->block_size - s->filled;
        n = n < length ? n : length;
        memcpy(s->block + s->filled, data, n);
        s->filled += n;
        data += n;
        length -= n;
    }
}

static void finish(const BlakeType *type, State *s) {
    s->total += s->filled;
    memset(s->block + s->filled, 0, type->block_size - s->filled);
    type->compress(s, s->block, true);
}

static int update(Value self, Value data) {
    if (value_is_str(data))
        return raise_int(&exception_TypeError, "Strings must be encoded before hashing");
    if (!value_is_object(data) || !value_type(data)->get_buffer)
        return raise_int(&exception_TypeError, "object supporting the buffer API required");
    BufferView view;
    if (buffer_view_get_brief(data, &view) < 0)
        return -1;
    Blake *b = blake_of(self);
    bool detach = view.length >= LONG_TEXT;
    mutex_lock(&b->mutex);
    if (detach)
        thread_detach();
    feed(type_of(self), &b->state, view.data, (size_t)view.length);
    if (detach)
        thread_attach();
    mutex_unlock(&b->mutex);
    buffer_view_release(&view);
    return 0;
}

// ---- parameters --------------------------------------------------------------------------------

enum {
    P_DATA,
    P_DIGEST_SIZE,
    P_KEY,
    P_SALT,
    P_PERSON,
    P_FANOUT,
    P_DEPTH,
    P_LEAF_SIZE,
    P_NODE_OFFSET,
    P_NODE_DEPTH,
    P_INNER_SIZE,
    P_LAST_NODE,
    P_SECURITY,
    P_COUNT
};

static int number(Value v, const char *message, int64_t low, int64_t high, int64_t *out) {
    if (value_is_null(v))
        return 0;
    if (value_to_i64(v, out) < 0) {
        if (!error_matches(&exception_OverflowError))
            return -1;
        error_clear();
        return raise_int(&exception_OverflowError, "Python int too large to convert to C int");
    }
    return *out < low || *out > high ? raise_int(&exception_ValueError, "%s", message) : 0;
}

static int unsigned_number(Value v, const char *message, uint64_t most, uint64_t *out) {
    if (value_is_null(v))
        return 0;
    if (!value_is_any_int(v))
        return raise_int(&exception_TypeError, "an integer is required");
    if (int_sign(v) < 0)
        return raise_int(&exception_ValueError, "value must be positive");
    if (!int_to_u64(v, out))
        return raise_int(&exception_OverflowError, "int too big to convert");
    return *out > most ? raise_int(&exception_OverflowError, "%s", message) : 0;
}

// The bytes of a parameter, at most `most`, into out. Their number or -1.
static int text(Value v, const char *what, int most, uint8_t *out) {
    BufferView view;
    if (value_is_null(v))
        return 0;
    if (buffer_view_get_brief(v, &view) < 0)
        return -1;
    int64_t n = view.length;
    if (n <= most && n > 0)
        memcpy(out, view.data, (size_t)n);
    buffer_view_release(&view);
    return n <= most
               ? (int)n
               : raise_int(&exception_ValueError, "maximum %s length is %d bytes", what, most);
}

// The parameter block lies differently in the two, and a key makes a block of its own.
static int start(const BlakeType *type, Blake *b, const Value *v) {
    bool wide = type == &blake2b_type;
    uint8_t block[DIGEST_MAX] = {0}, key[BLOCK_MAX] = {0};
    int64_t digest = type->digest_size, fanout = 1, depth = 1, node_depth = 0, inner = 0;
    uint64_t leaf = 0, offset = 0;
    char message[64];
    const char *size_text = wide ? "digest_size must be between 1 and 64 bytes"
                                 : "digest_size must be between 1 and 32 bytes";
    if (number(v[P_DIGEST_SIZE], size_text, 1, type->digest_size, &digest) < 0)
        return -1;
    int at = wide ? 32 : 16;
    if (text(v[P_SALT], "salt", type->salt_size, block + at) < 0 ||
        text(v[P_PERSON], "person", type->salt_size, block + at + type->salt_size) < 0 ||
        number(v[P_FANOUT], "fanout must be between 0 and 255", 0, 255, &fanout) < 0 ||
        number(v[P_DEPTH], "depth must be between 1 and 255", 1, 255, &depth) < 0 ||
        unsigned_number(v[P_LEAF_SIZE], "leaf_size is too large", UINT32_MAX, &leaf) < 0 ||
        unsigned_number(v[P_NODE_OFFSET], "node_offset is too large",
                        wide ? UINT64_MAX : ((uint64_t)1 << 48) - 1, &offset) < 0 ||
        number(v[P_NODE_DEPTH], "node_depth must be between 0 and 255", 0, 255, &node_depth) < 0)
        return -1;
    snprintf(message, sizeof message, "inner_size must be between 0 and is %d", type->digest_size);
    if (number(v[P_INNER_SIZE], message, 0, type->digest_size, &inner) < 0)
        return -1;
    int last = value_is_null(v[P_LAST_NODE]) ? 0 : value_truth(v[P_LAST_NODE]);
    int key_length = last < 0 ? -1 : text(v[P_KEY], "key", type->key_size, key);
    if (key_length < 0)
        return -1;
    b->digest_size = (int)digest;
    block[0] = (uint8_t)digest;
    block[1] = (uint8_t)key_length;
    block[2] = (uint8_t)fanout;
    block[3] = (uint8_t)depth;
    memcpy(block + 4, &leaf, 4);
    memcpy(block + 8, &offset, wide ? 8 : 6);
    block[wide ? 16 : 14] = (uint8_t)node_depth;
    block[wide ? 17 : 15] = (uint8_t)inner;
    State *s = &b->state;
    *s = (State){.last_node = last};
    for (int i = 0; i < 8; i++) {
        if (wide) {
            uint64_t word;
            memcpy(&word, block + 8 * i, sizeof word);
            s->h.wide[i] = wide_iv[i] ^ word;
        } else {
            uint32_t word;
            memcpy(&word, block + 4 * i, sizeof word);
            s->h.narrow[i] = narrow_iv[i] ^ word;
        }
    }
    if (key_length)
        feed(type, s, key, type->block_size);
    return 0;
}

static Value blake_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"",
                                        "digest_size",
                                        "key",
                                        "salt",
                                        "person",
                                        "fanout",
                                        "depth",
                                        "leaf_size",
                                        "node_offset",
                                        "node_depth",
                                        "inner_size",
                                        "last_node",
                                        "usedforsecurity",
                                        NULL};
    Value v[P_COUNT];
    const BlakeType *own = (const BlakeType *)type;
    if (arguments_parse(type_name(type), args, nargs, kwnames, names, 1, 1, 0, v) < 0)
        return VALUE_NULL;
    Blake *b = object_allocate(type);
    if (!b)
        return VALUE_NULL;
    b->mutex = (Mutex)MUTEX_INIT;
    Value self = value_from_object(b);
    if (start(own, b, v) < 0 || (!value_is_null(v[P_DATA]) && update(self, v[P_DATA]) < 0)) {
        ref_release(self);
        return VALUE_NULL;
    }
    return self;
}

// ---- methods -----------------------------------------------------------------------------------

static void result(Value self, uint8_t *out) {
    Blake *b = blake_of(self);
    mutex_lock(&b->mutex);
    State state = b->state;
    mutex_unlock(&b->mutex);
    finish(type_of(self), &state);
    memcpy(out, &state.h, DIGEST_MAX); // little-endian words
}

static Value blake_update(Value self, Value data) {
    return update(self, data) < 0 ? VALUE_NULL : none_new();
}

static Value blake_digest(Value self) {
    uint8_t digest[DIGEST_MAX];
    result(self, digest);
    return bytes_new(digest, (size_t)blake_of(self)->digest_size);
}

static Value blake_hexdigest(Value self) {
    uint8_t digest[DIGEST_MAX];
    char hex[2 * DIGEST_MAX];
    int size = blake_of(self)->digest_size;
    result(self, digest);
    for (int i = 0; i < size; i++) {
        hex[2 * i] = "0123456789abcdef"[digest[i] >> 4];
        hex[2 * i + 1] = "0123456789abcdef"[digest[i] & 15];
    }
    return str_from_ascii(hex, 2 * (size_t)size);
}

static Value blake_copy(Value self) {
    Blake *b = blake_of(self), *copy = object_allocate(value_type(self));
    if (!copy)
        return VALUE_NULL;
    copy->mutex = (Mutex)MUTEX_INIT;
    copy->digest_size = b->digest_size;
    mutex_lock(&b->mutex);
    copy->state = b->state;
    mutex_unlock(&b->mutex);
    return value_from_object(copy);
}

static void blake_destroy(Object *self) {
    object_free_fixed(self);
}

static Value blake_name(Value self) {
    return str_from_cstr(type_name(value_type(self)));
}
static Value blake_block_size(Value self) {
    return value_from_int((int64_t)type_of(self)->block_size);
}
static Value blake_digest_size(Value self) {
    return value_from_int(blake_of(self)->digest_size);
}

static const NativeDef blake_methods[] = {
    DEF_NONE("copy", blake_copy, "copy($self, /)\n--\n\nAn object in the same state."),
    DEF_NONE("digest", blake_digest, "digest($self, /)\n--\n\nThe digest of the bytes so far."),
    DEF_NONE("hexdigest", blake_hexdigest,
             "hexdigest($self, /)\n--\n\nThe digest so far in hexadecimal."),
    DEF_ONE("update", blake_update, "update($self, data, /)\n--\n\nTakes in more bytes."),
    DEF_END,
};
static const GetSetDef blake_getsets[] = {
    {"name", blake_name, NULL, NULL},
    {"block_size", blake_block_size, NULL, NULL},
    {"digest_size", blake_digest_size, NULL, NULL},
    {NULL},
};

#define BLAKE(which, digest, block, salt, function)                                                \
    static BlakeType which##_type = {                                                              \
        .type = {.header = STATIC_TYPE_HEADER,                                                     \
                 .name = "_blake2." #which,                                                        \
                 .basic_size = sizeof(Blake),                                                      \
                 .kind = HEAP_LEAF,                                                                \
                 .flags = 0,                                                                       \
                 .doc = #which "(data=b'', /, *, digest_size=_blake2." #which                      \
                               ".MAX_DIGEST_SIZE,\n        key=b'', salt=b'', person=b'', "        \
                               "fanout=1, depth=1, leaf_size=0,\n        node_offset=0, "          \
                               "node_depth=0, inner_size=0, last_node=False,\n        "            \
                               "usedforsecurity=True)\n--\n\nA new hash object.",                  \
                 .call_new = blake_new,                                                            \
                 .destroy = blake_destroy,                                                         \
                 .methods = blake_methods,                                                         \
                 .getsets = blake_getsets},                                                        \
        .block_size = block,                                                                       \
        .digest_size = digest,                                                                     \
        .key_size = digest,                                                                        \
        .salt_size = salt,                                                                         \
        .compress = function,                                                                      \
    };
BLAKE(blake2b, 64, 128, 16, wide_compress)
BLAKE(blake2s, 32, 64, 8, narrow_compress)
#undef BLAKE

static int add_type(Value module, BlakeType *type, const char *prefix) {
    const struct {
        const char *name;
        int value;
    } sizes[] = {{"SALT_SIZE", type->salt_size},
                 {"PERSON_SIZE", type->salt_size},
                 {"MAX_KEY_SIZE", type->key_size},
                 {"MAX_DIGEST_SIZE", type->digest_size}};
    if (module_add_type(module, &type->type) < 0)
        return -1;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        char full[64];
        snprintf(full, sizeof full, "%s%s", prefix, sizes[i].name);
        Value name = str_intern_cstr(sizes[i].name);
        int status = type_set_attribute(&type->type, name, value_from_int(sizes[i].value));
        ref_release(name);
        if (status < 0 || module_add_int(module, full, sizes[i].value) < 0)
            return -1;
    }
    return 0;
}

static int blake2_fill(Value module) {
    return add_type(module, &blake2b_type, "BLAKE2B_") < 0 ||
                   add_type(module, &blake2s_type, "BLAKE2S_") < 0
               ? -1
               : 0;
}

const NativeModule module_blake2 = {"_blake2", "The digests BLAKE2b and BLAKE2s.", NULL,
                                    blake2_fill};
