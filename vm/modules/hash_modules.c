// SPDX-License-Identifier: MIT
//
// The modules `_md5`, `_sha1`, `_sha256` and `_sha512`: message digests by OpenSSL's libcrypto,
// which is loaded when the first digest is asked for, so that programs that merely import `random`
// do not pay.
//
// A hash object's context is guarded by its own mutex rather than the object's lock, because long
// texts are digested with the thread detached.
#include "locks/mutex.h"
#include "vm/runtime/errors.h"
#include "vm/types/bytes.h"
#include "vm/types/function.h"
#include "vm/types/module.h"
#include "vm/types/str.h"
#include "vm/types/type.h"
#include <dlfcn.h>

// ---- libcrypto -------------------------------------------------------------------------

static struct {
    void *(*context_new)(void);
    void (*context_free)(void *context);
    int (*context_copy)(void *to, const void *from);
    int (*init)(void *context, const void *kind, void *engine);
    int (*update)(void *context, const void *data, size_t length);
    int (*final)(void *context, unsigned char *out, unsigned *length);
    const void *(*by_name)(const char *name);
} crypto;
static Mutex crypto_mutex = MUTEX_INIT;
static bool crypto_loaded; // atomic; set once, after `crypto` is filled

static int crypto_load(void) {
    if (LIKELY(__atomic_load_n(&crypto_loaded, __ATOMIC_ACQUIRE)))
        return 0;
    mutex_lock(&crypto_mutex);
    bool ok = crypto_loaded;
    if (!ok) {
        const struct {
            const char *name;
            void *to;
        } symbols[] = {
            {"EVP_MD_CTX_new", &crypto.context_new},      {"EVP_MD_CTX_free", &crypto.context_free},
            {"EVP_MD_CTX_copy_ex", &crypto.context_copy}, {"EVP_DigestInit_ex", &crypto.init},
            {"EVP_DigestUpdate", &crypto.update},         {"EVP_DigestFinal_ex", &crypto.final},
            {"EVP_get_digestbyname", &crypto.by_name},
        };
        void *library = dlopen("libcrypto.so.3", RTLD_NOW | RTLD_LOCAL);
        ok = library != NULL;
        for (size_t i = 0; ok && i < sizeof symbols / sizeof symbols[0]; i++) {
            void *symbol = dlsym(library, symbols[i].name);
            memcpy(symbols[i].to, &symbol, sizeof symbol);
            ok = symbol != NULL;
        }
        __atomic_store_n(&crypto_loaded, ok, __ATOMIC_RELEASE);
    }
    mutex_unlock(&crypto_mutex);
    return ok ? 0 : raise_int(&exception_ImportError, "libcrypto.so.3 cannot be loaded");
}

// ---- hash objects ----------------------------------------------------------------------

typedef struct {
    Object header;
    Mutex mutex;
    void *context; // libcrypto's; guarded by mutex
} Hash;

typedef struct {
    Type type; // first
    const char *name, *openssl_name;
    int digest_size, block_size;
} HashType;

enum { DIGEST_MAX = 64, LONG_TEXT = 16384 };

static Hash *hash_of(Value v) {
    return (Hash *)value_object(v);
}
static const HashType *hash_type_of(Value v) {
    return (const HashType *)value_type(v);
}

static Value hash_failed(void) {
    return raise_value_error("the digest cannot be computed");
}

static Value hash_new(HashType *type) {
    if (crypto_load() < 0)
        return VALUE_NULL;
    const void *kind = crypto.by_name(type->openssl_name);
    if (!kind)
        return raise_value_error("unsupported hash type");
    Hash *h = object_allocate(&type->type);
    if (!h)
        return VALUE_NULL;
    h->mutex = (Mutex)MUTEX_INIT;
    h->context = crypto.context_new();
    if (!h->context || !crypto.init(h->context, kind, NULL)) {
        ref_release_object(h);
        return hash_failed();
    }
    return value_from_object(h);
}

static void hash_destroy(Object *self) {
    Hash *h = (Hash *)self;
    if (h->context)
        crypto.context_free(h->context);
    object_free_fixed(self);
}

static int hash_feed(Value self, Value data) {
    if (value_is_str(data))
        return raise_int(&exception_TypeError, "Strings must be encoded before hashing");
    if (!value_is_object(data) || !value_type(data)->get_buffer)
        return raise_int(&exception_TypeError, "object supporting the buffer API required");
    BufferView view;
    if (buffer_view_get_brief(data, &view) < 0)
        return -1;
    Hash *h = hash_of(self);
    mutex_lock(&h->mutex);
    bool detach = view.length >= LONG_TEXT;
    if (detach)
        thread_detach();
    int ok = crypto.update(h->context, view.data, (size_t)view.length);
    if (detach)
        thread_attach();
    mutex_unlock(&h->mutex);
    buffer_view_release(&view);
    if (!ok)
        hash_failed();
    return ok ? 0 : -1;
}

static Value hash_update(Value self, Value data) {
    return hash_feed(self, data) < 0 ? VALUE_NULL : none_new();
}

// A copy of the context of self into a new object's.
static Value hash_copy(Value self) {
    Value copy = hash_new((HashType *)hash_type_of(self));
    if (value_is_null(copy))
        return copy;
    Hash *h = hash_of(self);
    mutex_lock(&h->mutex);
    int ok = crypto.context_copy(hash_of(copy)->context, h->context);
    mutex_unlock(&h->mutex);
    if (ok)
        return copy;
    ref_release(copy);
    return hash_failed();
}

static int hash_finish(Value self, uint8_t *out) {
    Value copy = hash_copy(self);
    if (value_is_null(copy))
        return -1;
    int ok = crypto.final(hash_of(copy)->context, out, NULL);
    ref_release(copy);
    if (!ok)
        hash_failed();
    return ok ? 0 : -1;
}

static Value hash_digest(Value self) {
    uint8_t digest[DIGEST_MAX];
    if (hash_finish(self, digest) < 0)
        return VALUE_NULL;
    return bytes_new(digest, (size_t)hash_type_of(self)->digest_size);
}

static Value hash_hexdigest(Value self) {
    uint8_t digest[DIGEST_MAX];
    char text[2 * DIGEST_MAX];
    if (hash_finish(self, digest) < 0)
        return VALUE_NULL;
    int size = hash_type_of(self)->digest_size;
    for (int i = 0; i < size; i++) {
        text[2 * i] = "0123456789abcdef"[digest[i] >> 4];
        text[2 * i + 1] = "0123456789abcdef"[digest[i] & 15];
    }
    return str_from_ascii(text, 2 * (size_t)size);
}

static Value hash_name(Value self) {
    return str_from_cstr(hash_type_of(self)->name);
}
static Value hash_digest_size(Value self) {
    return value_from_int(hash_type_of(self)->digest_size);
}
static Value hash_block_size(Value self) {
    return value_from_int(hash_type_of(self)->block_size);
}

static const NativeDef hash_methods[] = {
    DEF_ONE("update", hash_update, "Takes in more bytes."),
    DEF_NONE("digest", hash_digest, "The digest of the bytes so far."),
    DEF_NONE("hexdigest", hash_hexdigest, "The digest so far in hexadecimal."),
    DEF_NONE("copy", hash_copy, "An object in the same state."),
    DEF_END,
};

static const GetSetDef hash_getsets[] = {
    {"name", hash_name, NULL, "the algorithm"},
    {"digest_size", hash_digest_size, NULL, "bytes of a digest"},
    {"block_size", hash_block_size, NULL, "bytes digested at a time"},
    {NULL},
};

static Value hash_make(HashType *type, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"string", "usedforsecurity", NULL};
    Value v[2];
    if (arguments_parse(type->name, args, nargs, kwnames, names, 0, 1, 0, v) < 0)
        return VALUE_NULL;
    Value h = hash_new(type);
    if (!value_is_null(h) && !value_is_null(v[0]) && hash_feed(h, v[0]) < 0) {
        ref_release(h);
        return VALUE_NULL;
    }
    return h;
}

#define HASH(algorithm, module, digest, block)                                                     \
    static HashType algorithm##_type = {                                                           \
        .type = {.header = STATIC_TYPE_HEADER,                                                     \
                 .name = module "." #algorithm,                                                    \
                 .basic_size = sizeof(Hash),                                                       \
                 .kind = HEAP_LEAF,                                                                \
                 .flags = TYPE_NO_NEW,                                                             \
                 .destroy = hash_destroy,                                                          \
                 .methods = hash_methods,                                                          \
                 .getsets = hash_getsets},                                                         \
        .name = #algorithm,                                                                        \
        .openssl_name = #algorithm,                                                                \
        .digest_size = digest,                                                                     \
        .block_size = block,                                                                       \
    };                                                                                             \
    static Value make_##algorithm(Value self, const Value *args, size_t nargs, Value kwnames) {    \
        return hash_make(&algorithm##_type, args, nargs, kwnames);                                 \
    }
HASH(md5, "_md5", 16, 64)
HASH(sha1, "_sha1", 20, 64)
HASH(sha224, "_sha256", 28, 64)
HASH(sha256, "_sha256", 32, 64)
HASH(sha384, "_sha512", 48, 128)
HASH(sha512, "_sha512", 64, 128)
#undef HASH

// ---- the modules -----------------------------------------------------------------------

#define FUNCTION(algorithm)                                                                        \
    DEF_VECTOR(#algorithm, make_##algorithm,                                                       \
               #algorithm "($module, /, string=b'', *, usedforsecurity=True)\n--\n\n"              \
                          "A new hash object, fed with string.")

static int md5_fill(Value module) {
    type_ready(&md5_type.type);
    return 0;
}
static int sha1_fill(Value module) {
    type_ready(&sha1_type.type);
    return 0;
}
static int sha256_fill(Value module) {
    type_ready(&sha224_type.type);
    type_ready(&sha256_type.type);
    return 0;
}
static int sha512_fill(Value module) {
    type_ready(&sha384_type.type);
    type_ready(&sha512_type.type);
    return 0;
}

static const NativeDef md5_functions[] = {FUNCTION(md5), DEF_END};
static const NativeDef sha1_functions[] = {FUNCTION(sha1), DEF_END};
static const NativeDef sha256_functions[] = {FUNCTION(sha224), FUNCTION(sha256), DEF_END};
static const NativeDef sha512_functions[] = {FUNCTION(sha384), FUNCTION(sha512), DEF_END};

const NativeModule module_md5 = {"_md5", "The MD5 digest.", md5_functions, md5_fill};
const NativeModule module_sha1 = {"_sha1", "The SHA-1 digest.", sha1_functions, sha1_fill};
const NativeModule module_sha256 = {"_sha256", "The SHA-224 and SHA-256 digests.", sha256_functions,
                                    sha256_fill};
const NativeModule module_sha512 = {"_sha512", "The SHA-384 and SHA-512 digests.", sha512_functions,
                                    sha512_fill};
