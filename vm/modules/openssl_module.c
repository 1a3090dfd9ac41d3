// SPDX-License-Identifier: MIT
//
// The modules `_hashlib` and `_sha3`: digests, message authentication and key derivation by
// OpenSSL's libcrypto, loaded when one of them is imported.
//
// The context of an object is guarded by its own mutex rather than the object's lock, because long
// texts are digested with the thread detached.
#include "vm/modules/openssl_internal.h"
#include "vm/modules/exception_class.h"
#include "vm/runtime/errors.h"
#include "vm/types/bytes_internal.h"
#include "vm/types/dict.h"
#include "vm/types/function.h"
#include "vm/types/int.h"
#include "vm/types/list.h"
#include "vm/types/module.h"
#include "vm/types/set.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"
#include "vm/types/arguments.h"
#include <dlfcn.h>
#include <stdio.h>
#include <strings.h>

OpensslFunctions openssl;
static Mutex load_mutex = MUTEX_INIT;
static bool loaded; // guarded by load_mutex
Value openssl_unsupported_digestmod;
static Value constructors; // Dict: function -> name of a digest

int openssl_load(void) {
    mutex_lock(&load_mutex);
    bool ok = loaded;
    if (!ok) {
        const struct {
            const char *name;
            void *to;
        } symbols[] = {
            {"EVP_MD_fetch", &openssl.fetch},
            {"EVP_MD_free", &openssl.md_free},
            {"EVP_MD_up_ref", &openssl.md_retain},
            {"EVP_MD_get_size", &openssl.size},
            {"EVP_MD_get_block_size", &openssl.block_size},
            {"EVP_MD_get_flags", &openssl.flags},
            {"EVP_MD_CTX_new", &openssl.context_new},
            {"EVP_MD_CTX_free", &openssl.context_free},
            {"EVP_MD_CTX_copy_ex", &openssl.context_copy},
            {"EVP_DigestInit_ex", &openssl.init},
            {"EVP_DigestUpdate", &openssl.update},
            {"EVP_DigestFinal_ex", &openssl.final},
            {"EVP_DigestFinalXOF", &openssl.final_xof},
            {"PKCS5_PBKDF2_HMAC", &openssl.pbkdf2},
            {"EVP_PBE_scrypt", &openssl.scrypt},
            {"HMAC", &openssl.hmac},
            {"HMAC_CTX_new", &openssl.hmac_new},
            {"HMAC_CTX_free", &openssl.hmac_free},
            {"HMAC_CTX_copy", &openssl.hmac_copy},
            {"HMAC_Init_ex", &openssl.hmac_init},
            {"HMAC_Update", &openssl.hmac_update},
            {"HMAC_Final", &openssl.hmac_final},
            {"EVP_default_properties_is_fips_enabled", &openssl.fips},
            {"ERR_get_error", &openssl.get_error},
            {"ERR_lib_error_string", &openssl.error_library},
            {"ERR_reason_error_string", &openssl.error_reason},
            {"ERR_clear_error", &openssl.clear_error},
        };
        void *library = dlopen("libcrypto.so.3", RTLD_NOW | RTLD_LOCAL);
        ok = library != NULL;
        for (size_t i = 0; ok && i < sizeof symbols / sizeof symbols[0]; i++) {
            void *symbol = dlsym(library, symbols[i].name);
            memcpy(symbols[i].to, &symbol, sizeof symbol);
            ok = symbol != NULL;
        }
        loaded = ok;
    }
    mutex_unlock(&load_mutex);
    return ok ? 0 : raise_int(&exception_ImportError, "libcrypto.so.3 cannot be loaded");
}

Value openssl_raise(Type *type) {
    unsigned long code = openssl.get_error();
    const char *library = code ? openssl.error_library(code) : NULL;
    const char *reason = code ? openssl.error_reason(code) : NULL;
    openssl.clear_error();
    if (library && reason)
        return raise_error(type, "[%s] %s", library, reason);
    return raise_error(type, "%s", reason ? reason : "no reason supplied");
}

// Python's names of digests that OpenSSL calls otherwise.
static const struct {
    const char *python, *openssl;
} digest_names[] = {
    {"blake2b", "BLAKE2b512"},    {"blake2s", "BLAKE2s256"},    {"sha3_224", "SHA3-224"},
    {"sha3_256", "SHA3-256"},     {"sha3_384", "SHA3-384"},     {"sha3_512", "SHA3-512"},
    {"sha512_224", "SHA512-224"}, {"sha512_256", "SHA512-256"}, {"shake_128", "SHAKE128"},
    {"shake_256", "SHAKE256"},
};
#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static const char *const offered[] = {
    "blake2b",    "blake2s",    "md5",       "md5-sha1",  "ripemd160", "sha1",     "sha224",
    "sha256",     "sha384",     "sha3_224",  "sha3_256",  "sha3_384",  "sha3_512", "sha512",
    "sha512_224", "sha512_256", "shake_128", "shake_256", "sm3",
};

// The digests that were asked for, as `offered` has them, with a reference that is kept: finding
// one in the library takes longer than hashing a short text. Each is published once.
static const void *found_digests[COUNT_OF(offered)];

// The place in found_digests, or -1.
static int offered_index(const char *name) {
    for (size_t i = 0; i < COUNT_OF(offered); i++)
        if (name[0] == offered[i][0] && strcmp(name, offered[i]) == 0)
            return (int)i;
    return -1;
}

static const void *find_digest(const char *name, bool for_security) {
    for (size_t i = 0; i < COUNT_OF(digest_names); i++)
        if (strcasecmp(name, digest_names[i].python) == 0)
            name = digest_names[i].openssl;
    return openssl.fetch(NULL, name, for_security ? NULL : "-fips");
}

const void *openssl_digest(const char *name, bool for_security) {
    int index = for_security ? offered_index(name) : -1;
    if (index < 0)
        return find_digest(name, for_security);
    const void *md = __atomic_load_n(&found_digests[index], __ATOMIC_ACQUIRE);
    if (!md) {
        md = find_digest(name, true);
        const void *expected = NULL;
        if (!md || !__atomic_compare_exchange_n(&found_digests[index], &expected, md, false,
                                                __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
            return md;
    }
    openssl.md_retain((void *)md);
    return md;
}

// The name that Python has for what was asked for under this one.
static void canonical_name(const char *name, char *out, size_t room) {
    size_t n = 0;
    for (size_t i = 0; i < COUNT_OF(digest_names); i++)
        if (strcasecmp(name, digest_names[i].openssl) == 0)
            name = digest_names[i].python;
    for (; name[n] && n + 1 < room; n++)
        out[n] = (char)(name[n] >= 'A' && name[n] <= 'Z' ? name[n] + 32 : name[n]);
    out[n] = 0;
}

const void *openssl_digest_of(Value v, char *name, size_t room) {
    Value owned = VALUE_NULL;
    const void *md = NULL;
    if (!value_is_str(v)) {
        owned = value_type(v)->hash ? dict_get(constructors, v) : VALUE_NULL;
        if (value_is_null(owned)) {
            if (!error_occurred())
                raise_error((Type *)value_object(openssl_unsupported_digestmod),
                            "Unsupported digestmod %V", v);
            return NULL;
        }
        v = owned;
    }
    char given[64];
    str_copy_bounded(v, given, sizeof given);
    md = openssl_digest(given, true);
    canonical_name(given, name, room);
    if (!md)
        openssl_raise(&exception_ValueError);
    ref_release(owned);
    return md;
}

// ---- hash objects ------------------------------------------------------------------------------

enum { DIGEST_MAX = 64, NAME_MAX_LENGTH = 32, XOF_MAX = 1 << 29 };

typedef struct {
    Object header;
    Mutex mutex;
    void *context;  // guarded by mutex
    const void *md; // constant, counted by the library
    char name[NAME_MAX_LENGTH];
} Hash;

static Type hash_type, xof_type;

static Hash *hash_of(Value v) {
    return (Hash *)value_object(v);
}

// md is consumed.
static Value hash_new(Type *type, const void *md, const char *name) {
    Hash *h = object_allocate(type);
    if (!h) {
        openssl.md_free(md);
        return VALUE_NULL;
    }
    h->mutex = (Mutex)MUTEX_INIT;
    h->md = md;
    size_t length = strnlen(name, sizeof h->name - 1);
    memcpy(h->name, name, length);
    h->name[length] = 0;
    h->context = openssl.context_new();
    if (h->context && openssl.init(h->context, md, NULL))
        return value_from_object(h);
    ref_release_object(h);
    return openssl_raise(&exception_ValueError);
}

static void hash_destroy(Object *self) {
    Hash *h = (Hash *)self;
    if (h->context)
        openssl.context_free(h->context);
    openssl.md_free(h->md);
    object_free_fixed(self);
}

int openssl_view(Value data, BufferView *view) {
    if (value_is_str(data))
        return raise_int(&exception_TypeError, "Strings must be encoded before hashing");
    if (!value_is_object(data) || !value_type(data)->get_buffer)
        return raise_int(&exception_TypeError, "object supporting the buffer API required");
    return buffer_view_get_brief(data, view);
}

static int hash_feed(Value self, Value data) {
    BufferView view;
    if (openssl_view(data, &view) < 0)
        return -1;
    Hash *h = hash_of(self);
    mutex_lock(&h->mutex);
    bool detach = view.length >= OPENSSL_LONG_TEXT;
    if (detach)
        thread_detach();
    int ok = openssl.update(h->context, view.data, (size_t)view.length);
    if (detach)
        thread_attach();
    mutex_unlock(&h->mutex);
    buffer_view_release(&view);
    if (!ok)
        openssl_raise(&exception_ValueError);
    return ok ? 0 : -1;
}

static Value hash_update(Value self, Value data) {
    return hash_feed(self, data) < 0 ? VALUE_NULL : none_new();
}

static Value hash_copy(Value self) {
    Hash *h = hash_of(self);
    openssl.md_retain((void *)h->md);
    Value copy = hash_new(value_type(self), h->md, h->name);
    if (value_is_null(copy))
        return copy;
    mutex_lock(&h->mutex);
    int ok = openssl.context_copy(hash_of(copy)->context, h->context);
    mutex_unlock(&h->mutex);
    if (ok)
        return copy;
    ref_release(copy);
    return openssl_raise(&exception_ValueError);
}

static int hash_finish(Value self, uint8_t *out, size_t xof_length) {
    Hash *h = hash_of(self);
    void *context = openssl.context_new();
    int ok = context != NULL;
    if (ok) {
        mutex_lock(&h->mutex);
        ok = openssl.context_copy(context, h->context);
        mutex_unlock(&h->mutex);
        ok = ok && (xof_length == SIZE_MAX ? openssl.final(context, out, NULL)
                                           : openssl.final_xof(context, out, xof_length));
        openssl.context_free(context);
    }
    if (!ok)
        openssl_raise(&exception_ValueError);
    return ok ? 0 : -1;
}

Value openssl_hex(const uint8_t *data, size_t length) {
    char small[2 * DIGEST_MAX], *text = length <= DIGEST_MAX ? small : buffer_allocate(2 * length);
    if (!text)
        return raise_memory_error();
    bytes_write_hex((uint8_t *)text, data, (int64_t)length);
    Value result = str_from_ascii(text, 2 * length);
    if (text != small)
        buffer_free(text);
    return result;
}

static Value hash_digest(Value self) {
    uint8_t digest[DIGEST_MAX];
    if (hash_finish(self, digest, SIZE_MAX) < 0)
        return VALUE_NULL;
    return bytes_new(digest, (size_t)openssl.size(hash_of(self)->md));
}
static Value hash_hexdigest(Value self) {
    uint8_t digest[DIGEST_MAX];
    if (hash_finish(self, digest, SIZE_MAX) < 0)
        return VALUE_NULL;
    return openssl_hex(digest, (size_t)openssl.size(hash_of(self)->md));
}

// As many bytes as are asked for.
static Value xof_result(Value self, const char *function, const Value *args, size_t nargs,
                        Value kwnames, bool hex) {
    static const char *const names[] = {"length", NULL};
    Value v[1];
    int64_t length;
    if (arguments_parse(function, args, nargs, kwnames, names, 0, 1, 1, v) < 0 ||
        size_argument(v[0], &length) < 0)
        return VALUE_NULL;
    if (length < 0)
        return raise_value_error("value must be positive");
    if (length >= XOF_MAX && value_type(self) != &xof_type) // as _sha3 of CPython
        return raise_value_error("length is too large");
    uint8_t *out;
    Value bytes = bytes_allocate(length, &out);
    if (value_is_null(bytes))
        return VALUE_NULL;
    if (length > 0 && hash_finish(self, out, (size_t)length) < 0) {
        ref_release(bytes);
        return VALUE_NULL;
    }
    if (!hex)
        return bytes;
    Value text = openssl_hex(out, (size_t)length);
    ref_release(bytes);
    return text;
}
static Value xof_digest(Value self, const Value *args, size_t nargs, Value kwnames) {
    return xof_result(self, "digest", args, nargs, kwnames, false);
}
static Value xof_hexdigest(Value self, const Value *args, size_t nargs, Value kwnames) {
    return xof_result(self, "hexdigest", args, nargs, kwnames, true);
}

static Value hash_name(Value self) {
    return str_from_cstr(hash_of(self)->name);
}
static Value hash_digest_size(Value self) {
    bool is_xof = openssl.flags(hash_of(self)->md) & OPENSSL_FLAG_XOF;
    return value_from_int(is_xof ? 0 : openssl.size(hash_of(self)->md));
}
static Value hash_block_size(Value self) {
    return value_from_int(openssl.block_size(hash_of(self)->md));
}
static Value hash_repr(Value self) {
    return str_format("<%s %s object @ %p>", hash_of(self)->name, type_full_name(value_type(self)),
                      (void *)value_object(self));
}

static const NativeDef hash_methods[] = {
    DEF_ONE("update", hash_update, "update($self, obj, /)\n--\n\nTakes in more bytes."),
    DEF_NONE("digest", hash_digest, "digest($self, /)\n--\n\nThe digest of the bytes so far."),
    DEF_NONE("hexdigest", hash_hexdigest, "hexdigest($self, /)\n--\n\nThe same in hexadecimal."),
    DEF_NONE("copy", hash_copy, "copy($self, /)\n--\n\nAn object in the same state."),
    DEF_END,
};
static const NativeDef xof_methods[] = {
    DEF_ONE("update", hash_update, "update($self, obj, /)\n--\n\nTakes in more bytes."),
    DEF_VECTOR("digest", xof_digest, "digest($self, /, length)\n--\n\nA digest of so many bytes."),
    DEF_VECTOR("hexdigest", xof_hexdigest,
               "hexdigest($self, /, length)\n--\n\nThe same in hexadecimal."),
    DEF_NONE("copy", hash_copy, "copy($self, /)\n--\n\nAn object in the same state."),
    DEF_END,
};
static const GetSetDef hash_getsets[] = {
    {"digest_size", hash_digest_size, NULL, NULL},
    {"block_size", hash_block_size, NULL, NULL},
    {"name", hash_name, NULL, NULL},
    {NULL},
};

#define HASH_TYPE(variable, type_name_text, methods_table)                                         \
    static Type variable = {                                                                       \
        .header = STATIC_TYPE_HEADER,                                                              \
        .name = type_name_text,                                                                    \
        .basic_size = sizeof(Hash),                                                                \
        .kind = HEAP_LEAF,                                                                         \
        .flags = TYPE_NO_NEW,                                                                      \
        .destroy = hash_destroy,                                                                   \
        .repr = hash_repr,                                                                         \
        .methods = methods_table,                                                                  \
        .getsets = hash_getsets,                                                                   \
    }
HASH_TYPE(hash_type, "_hashlib.HASH", hash_methods);
HASH_TYPE(xof_type, "_hashlib.HASHXOF", xof_methods);

// A new object over the named digest, fed with data (VALUE_NULL: nothing).
static Value hash_make(Type *type, const char *name, Value data, bool for_security) {
    char canonical[NAME_MAX_LENGTH];
    const void *md = openssl_digest(name, for_security);
    if (!md)
        return openssl_raise(&exception_ValueError);
    canonical_name(name, canonical, sizeof canonical);
    bool is_xof = openssl.flags(md) & OPENSSL_FLAG_XOF;
    Value h = hash_new(type ? type : is_xof ? &xof_type : &hash_type, md, canonical);
    if (!value_is_null(h) && !value_is_null(data) && hash_feed(h, data) < 0) {
        ref_release(h);
        return VALUE_NULL;
    }
    return h;
}

static int security_flag(Value v) {
    return value_is_null(v) ? 1 : value_truth(v);
}

static Value hashlib_new(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"name", "string", "usedforsecurity", NULL};
    Value v[3];
    if (arguments_parse("new", args, nargs, kwnames, names, 0, 2, 1, v) < 0)
        return VALUE_NULL;
    if (!value_is_str(v[0]))
        return raise_type_error("name must be a string");
    int secure = security_flag(v[2]);
    char name[64];
    str_copy_bounded(v[0], name, sizeof name);
    return secure < 0 ? VALUE_NULL : hash_make(NULL, name, v[1], secure);
}

static Value make_named(const char *function, const char *name, Type *type, const Value *args,
                        size_t nargs, Value kwnames) {
    static const char *const names[] = {"string", "usedforsecurity", NULL};
    Value v[2];
    if (arguments_parse(function, args, nargs, kwnames, names, 0, 1, 0, v) < 0)
        return VALUE_NULL;
    int secure = security_flag(v[1]);
    return secure < 0 ? VALUE_NULL : hash_make(type, name, v[0], secure);
}

// ---- the modules ------------------------------------------------------------------------------

#define EACH_DIGEST(X)                                                                             \
    X(md5)                                                                                         \
    X(sha1)                                                                                        \
    X(sha224)                                                                                      \
    X(sha256)                                                                                      \
    X(sha384) X(sha512) X(sha3_224) X(sha3_256) X(sha3_384) X(sha3_512) X(shake_128) X(shake_256)
#define FUNCTION(digest)                                                                           \
    static Value openssl_##digest(Value self, const Value *args, size_t nargs, Value kwnames) {    \
        return make_named("openssl_" #digest, #digest, NULL, args, nargs, kwnames);                \
    }
EACH_DIGEST(FUNCTION)

static const NativeDef hashlib_functions[] = {
#define DEFINITION(digest)                                                                         \
    DEF_VECTOR("openssl_" #digest, openssl_##digest,                                               \
               "openssl_" #digest "($module, /, string=b'', *, usedforsecurity=True)\n--\n\n"      \
               "A new hash object, fed with string."),
    EACH_DIGEST(DEFINITION)
        DEF_VECTOR("new", hashlib_new,
                   "new($module, /, name, string=b'', *, usedforsecurity=True)\n--\n\n"
                   "A new hash object over the digest of that name, fed with string."),
    DEF_VECTOR("pbkdf2_hmac", openssl_pbkdf2_hmac,
               "pbkdf2_hmac($module, /, hash_name, password, salt, iterations,\n"
               "            dklen=None)\n--\n\nA key from a password (PKCS #5)."),
    DEF_VECTOR("scrypt", openssl_scrypt,
               "scrypt($module, /, password, *, salt=None, n=None, r=None, p=None,\n"
               "       maxmem=0, dklen=64)\n--\n\nA key from a password (RFC 7914)."),
    DEF_VECTOR("hmac_digest", openssl_hmac_digest,
               "hmac_digest($module, /, key, msg, digest)\n--\n\nThe HMAC of one message."),
    DEF_VECTOR("hmac_new", openssl_hmac_new,
               "hmac_new($module, /, key, msg=b'', digestmod=None)\n--\n\nA new HMAC object."),
    DEF_NONE("get_fips_mode", openssl_get_fips_mode,
             "get_fips_mode($module, /)\n--\n\nIs OpenSSL's FIPS mode on."),
    DEF_END,
};

static int hashlib_fill(Value module) {
    if (openssl_load() < 0)
        return -1;
    type_ready(&hash_type);
    xof_type.base = &hash_type;
    if (module_add(module, "HASH", ref_new(value_from_object(&hash_type))) < 0 ||
        module_add_type(module, &xof_type) < 0 || module_add_type(module, &openssl_hmac_type) < 0 ||
        exception_class_add(module, &openssl_unsupported_digestmod, "_hashlib",
                            "UnsupportedDigestmodError", value_from_object(&exception_ValueError),
                            NULL) < 0)
        return -1;
    // Functions and their digests, for hmac's digestmod.
    if (value_is_null(constructors) && value_is_null(constructors = dict_new()))
        return -1;
#define ENTRY(digest) #digest,
    static const char *const functions[] = {EACH_DIGEST(ENTRY)};
    for (size_t i = 0; i < COUNT_OF(functions); i++) {
        char name[48];
        snprintf(name, sizeof name, "openssl_%s", functions[i]);
        Value function = dict_get_cstr(module_dict(module), name),
              text = str_intern_cstr(functions[i]);
        int status = value_is_null(function) ? -1 : dict_set(constructors, function, text);
        ref_release(function);
        ref_release(text);
        if (status < 0)
            return -1;
    }
    Value names = list_new();
    for (size_t i = 0; i < COUNT_OF(offered) && !value_is_null(names); i++) {
        const void *md = openssl_digest(offered[i], true);
        if (!md) {
            openssl.clear_error();
            continue;
        }
        openssl.md_free(md);
        if (list_append_owned(names, str_intern_cstr(offered[i])) < 0)
            return -1;
    }
    Value set =
        value_is_null(names) ? names : value_call_one(value_from_object(&frozenset_type), names);
    ref_release(names);
    Value compare = import_module_cstr("_operator");
    Value function =
        value_is_null(compare) ? compare : value_getattr_cstr(compare, "_compare_digest");
    ref_release(compare);
    if (module_add(module, "openssl_md_meth_names", set) < 0 ||
        module_add(module, "_constructors", mapping_proxy_new(constructors)) < 0)
        return -1;
    return module_add(module, "compare_digest", function);
}

const NativeModule module_hashlib = {"_hashlib", "OpenSSL interface for hashlib module",
                                     hashlib_functions, hashlib_fill};

// Keccak's state of 1600 bits is what a block fills and the capacity.
static Value sha3_rate(Value self) {
    return value_from_int(8 * openssl.block_size(hash_of(self)->md));
}
static Value sha3_capacity(Value self) {
    return value_from_int(1600 - 8 * openssl.block_size(hash_of(self)->md));
}
static Value sha3_suffix(Value self) {
    bool is_xof = openssl.flags(hash_of(self)->md) & OPENSSL_FLAG_XOF;
    return bytes_new(is_xof ? "\x1f" : "\x06", 1);
}
static const GetSetDef sha3_getsets[] = {
    {"digest_size", hash_digest_size, NULL, NULL},
    {"block_size", hash_block_size, NULL, NULL},
    {"name", hash_name, NULL, NULL},
    {"_rate_bits", sha3_rate, NULL, NULL},
    {"_capacity_bits", sha3_capacity, NULL, NULL},
    {"_suffix", sha3_suffix, NULL, NULL},
    {NULL},
};

#define SHA3(digest, methods_table)                                                                \
    static Value digest##_new(Type *type, const Value *args, size_t nargs, Value kwnames);         \
    static Type digest##_type = {                                                                  \
        .header = STATIC_TYPE_HEADER,                                                              \
        .name = "_sha3." #digest,                                                                  \
        .basic_size = sizeof(Hash),                                                                \
        .kind = HEAP_LEAF,                                                                         \
        .call_new = digest##_new,                                                                  \
        .destroy = hash_destroy,                                                                   \
        .methods = methods_table,                                                                  \
        .getsets = sha3_getsets,                                                                   \
    };                                                                                             \
    static Value digest##_new(Type *type, const Value *args, size_t nargs, Value kwnames) {        \
        return make_named(#digest, #digest, type, args, nargs, kwnames);                           \
    }
SHA3(sha3_224, hash_methods)
SHA3(sha3_256, hash_methods)
SHA3(sha3_384, hash_methods)
SHA3(sha3_512, hash_methods)
SHA3(shake_128, xof_methods)
SHA3(shake_256, xof_methods)

static int sha3_fill(Value module) {
    Type *types[] = {&sha3_224_type, &sha3_256_type,  &sha3_384_type,
                     &sha3_512_type, &shake_128_type, &shake_256_type};
    if (openssl_load() < 0)
        return -1;
    for (size_t i = 0; i < COUNT_OF(types); i++)
        if (module_add_type(module, types[i]) < 0)
            return -1;
    return module_add_str(module, "implementation", "OpenSSL");
}

const NativeModule module_sha3 = {"_sha3", "The SHA-3 digests.", NULL, sha3_fill};
