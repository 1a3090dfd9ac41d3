// SPDX-License-Identifier: MIT
//
// _hashlib: HMAC, and keys from passwords. HMAC objects as the hash objects of openssl_module.c.
#include "vm/modules/openssl_internal.h"
#include "vm/runtime/errors.h"
#include "vm/types/bytes.h"
#include "vm/types/function.h"
#include "vm/types/int.h"
#include "vm/types/str.h"
#include "vm/types/type.h"
#include <limits.h>
#include <stdio.h>

enum { DIGEST_MAX = 64, NAME_ROOM = 32 };

// ---- keys from passwords -----------------------------------------------------------------------

// An argument that must fit a C long.
static int long_argument(Value v, int64_t *out) {
    if (value_to_i64(v, out) == 0)
        return 0;
    if (error_matches(&exception_OverflowError)) {
        error_clear();
        raise_error(&exception_OverflowError, "Python int too large to convert to C long");
    }
    return -1;
}

Value openssl_pbkdf2_hmac(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"hash_name",  "password", "salt",
                                        "iterations", "dklen",    NULL};
    Value v[5];
    if (arguments_parse("pbkdf2_hmac", args, nargs, kwnames, names, 0, 5, 4, v) < 0)
        return VALUE_NULL;
    if (!value_is_str(v[0]))
        return raise_type_error("pbkdf2_hmac() argument 'hash_name' must be str, not %G", v[0]);
    BufferView password, salt;
    int64_t iterations, length;
    if (buffer_view_get(v[1], &password, false) < 0)
        return VALUE_NULL;
    if (buffer_view_get(v[2], &salt, false) < 0) {
        buffer_view_release(&password);
        return VALUE_NULL;
    }
    char name[64];
    str_copy_bounded(v[0], name, sizeof name);
    Value result = VALUE_NULL;
    const void *md = NULL;
    if (long_argument(v[3], &iterations) < 0)
        goto done;
    md = openssl_digest(name, true);
    if (!md) {
        openssl_raise(&exception_ValueError);
        goto done;
    }
    if (password.length > INT_MAX) {
        raise_error(&exception_OverflowError, "password is too long.");
    } else if (salt.length > INT_MAX) {
        raise_error(&exception_OverflowError, "salt is too long.");
    } else if (iterations < 1) {
        raise_value_error("iteration value must be greater than 0.");
    } else if (iterations > INT_MAX) {
        raise_error(&exception_OverflowError, "iteration value is too great.");
    } else {
        length = openssl.size(md);
        if (!value_is_null(v[4]) && !value_is_none(v[4]) && long_argument(v[4], &length) < 0)
            goto done;
        if (length < 1) {
            raise_value_error("key length must be greater than 0.");
            goto done;
        }
        if (length > INT_MAX) {
            raise_error(&exception_OverflowError, "key length is too great.");
            goto done;
        }
        uint8_t *out;
        result = bytes_allocate(length, &out);
        if (value_is_null(result))
            goto done;
        thread_detach();
        int ok = openssl.pbkdf2(password.data, (int)password.length, salt.data, (int)salt.length,
                                (int)iterations, md, (int)length, out);
        thread_attach();
        if (!ok) {
            ref_release(result);
            result = openssl_raise(&exception_ValueError);
        }
    }
done:
    if (md)
        openssl.md_free(md);
    buffer_view_release(&salt);
    buffer_view_release(&password);
    return result;
}

// One of scrypt's n, r, p: -1 with an exception.
static int scrypt_number(Value v, const char *name, uint64_t *out) {
    if (!value_is_null(v) && !value_is_none(v)) {
        if (!value_is_any_int(v))
            return raise_int(&exception_TypeError, "scrypt() argument '%s' must be int, not %G",
                             name, v);
        if (int_to_u64(v, out))
            return 0;
    }
    return raise_int(&exception_TypeError, "%s is required and must be an unsigned int", name);
}

Value openssl_scrypt(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"password", "salt", "n", "r", "p", "maxmem", "dklen", NULL};
    Value v[7];
    if (arguments_parse("scrypt", args, nargs, kwnames, names, 0, 1, 1, v) < 0)
        return VALUE_NULL;
    BufferView password, salt = {.owner = VALUE_NULL};
    if (buffer_view_get(v[0], &password, false) < 0)
        return VALUE_NULL;
    Value result = VALUE_NULL;
    uint64_t n, r, p;
    int64_t memory = 0, length = 64;
    if (value_is_null(v[1]) || value_is_none(v[1])) {
        raise_type_error("salt is required");
    } else if (buffer_view_get(v[1], &salt, false) == 0 && scrypt_number(v[2], "n", &n) == 0) {
        if (n < 2 || n & (n - 1)) {
            raise_value_error("n must be a power of 2.");
        } else if (scrypt_number(v[3], "r", &r) == 0 && scrypt_number(v[4], "p", &p) == 0 &&
                   (value_is_null(v[5]) || long_argument(v[5], &memory) == 0) &&
                   (value_is_null(v[6]) || long_argument(v[6], &length) == 0)) {
            if (memory < 0 || memory > INT_MAX) {
                raise_value_error("maxmem must be positive and smaller than %d", INT_MAX);
            } else if (length < 1 || length > INT_MAX) {
                raise_value_error("dklen must be greater than 0 and smaller than %d", INT_MAX);
            } else if (!openssl.scrypt(NULL, 0, NULL, 0, n, r, p, (uint64_t)memory, NULL, 0)) {
                openssl_raise(&exception_ValueError); // the parameters alone
            } else {
                uint8_t *out;
                result = bytes_allocate(length, &out);
                if (!value_is_null(result)) {
                    thread_detach();
                    int ok = openssl.scrypt(password.data, (size_t)password.length, salt.data,
                                            (size_t)salt.length, n, r, p, (uint64_t)memory, out,
                                            (size_t)length);
                    thread_attach();
                    if (!ok) {
                        ref_release(result);
                        result = openssl_raise(&exception_ValueError);
                    }
                }
            }
        }
    }
    buffer_view_release(&salt);
    buffer_view_release(&password);
    return result;
}

// ---- HMAC --------------------------------------------------------------------------------------

Value openssl_hmac_digest(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"key", "msg", "digest", NULL};
    Value v[3];
    BufferView key, message;
    if (arguments_parse("hmac_digest", args, nargs, kwnames, names, 0, 3, 3, v) < 0 ||
        buffer_view_get(v[0], &key, false) < 0)
        return VALUE_NULL;
    if (buffer_view_get(v[1], &message, false) < 0) {
        buffer_view_release(&key);
        return VALUE_NULL;
    }
    char name[NAME_ROOM];
    Value result = VALUE_NULL;
    const void *md = openssl_digest_of(v[2], name, sizeof name);
    if (md && key.length > INT_MAX) {
        raise_error(&exception_OverflowError, "key is too long.");
    } else if (md) {
        uint8_t digest[DIGEST_MAX];
        unsigned length = 0;
        thread_detach();
        bool ok = openssl.hmac(md, key.data ? key.data : "", (int)key.length, message.data,
                               (size_t)message.length, digest, &length) != NULL;
        thread_attach();
        result = ok ? bytes_new(digest, length) : openssl_raise(&exception_ValueError);
    }
    if (md)
        openssl.md_free(md);
    buffer_view_release(&message);
    buffer_view_release(&key);
    return result;
}

typedef struct {
    Object header;
    Mutex mutex;
    void *context; // guarded by mutex
    int digest_size, block_size;
    char name[NAME_ROOM];
} Hmac;

static Hmac *hmac_of(Value v) {
    return (Hmac *)value_object(v);
}

static Hmac *hmac_allocate(void) {
    Hmac *h = object_allocate(&openssl_hmac_type);
    if (!h)
        return NULL;
    h->mutex = (Mutex)MUTEX_INIT;
    h->context = openssl.hmac_new();
    if (h->context)
        return h;
    ref_release_object(h);
    raise_memory_error();
    return NULL;
}

static int hmac_feed(Hmac *h, Value data) {
    BufferView view;
    if (openssl_view(data, &view) < 0)
        return -1;
    bool detach = view.length >= OPENSSL_LONG_TEXT;
    mutex_lock(&h->mutex);
    if (detach)
        thread_detach();
    int ok = openssl.hmac_update(h->context, view.data, (size_t)view.length);
    if (detach)
        thread_attach();
    mutex_unlock(&h->mutex);
    buffer_view_release(&view);
    if (!ok)
        openssl_raise(&exception_ValueError);
    return ok ? 0 : -1;
}

Value openssl_hmac_new(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"key", "msg", "digestmod", NULL};
    Value v[3];
    BufferView key;
    if (arguments_parse("hmac_new", args, nargs, kwnames, names, 0, 3, 1, v) < 0)
        return VALUE_NULL;
    if (value_is_null(v[2]) || value_is_none(v[2]))
        return raise_type_error("Missing required parameter 'digestmod'.");
    char name[NAME_ROOM];
    if (buffer_view_get_brief(v[0], &key) < 0)
        return VALUE_NULL;
    const void *md = openssl_digest_of(v[2], name, sizeof name);
    Hmac *h = md ? hmac_allocate() : NULL;
    if (h) {
        h->digest_size = openssl.size(md);
        h->block_size = openssl.block_size(md);
        snprintf(h->name, sizeof h->name, "%s", name);
        bool ok =
            openssl.hmac_init(h->context, key.data ? key.data : "", (int)key.length, md, NULL);
        if (!ok)
            openssl_raise(&exception_ValueError);
        if (!ok || (!value_is_null(v[1]) && !value_is_none(v[1]) && hmac_feed(h, v[1]) < 0)) {
            ref_release_object(h);
            h = NULL;
        }
    }
    if (md)
        openssl.md_free(md);
    buffer_view_release(&key);
    return h ? value_from_object(h) : VALUE_NULL;
}

static void hmac_destroy(Object *self) {
    if (((Hmac *)self)->context)
        openssl.hmac_free(((Hmac *)self)->context);
    object_free_fixed(self);
}

static Value hmac_update(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"msg", NULL};
    Value v[1];
    if (arguments_parse("update", args, nargs, kwnames, names, 0, 1, 1, v) < 0)
        return VALUE_NULL;
    return hmac_feed(hmac_of(self), v[0]) < 0 ? VALUE_NULL : none_new();
}

static Value hmac_copy(Value self) {
    Hmac *h = hmac_of(self), *copy = hmac_allocate();
    if (!copy)
        return VALUE_NULL;
    copy->digest_size = h->digest_size;
    copy->block_size = h->block_size;
    memcpy(copy->name, h->name, sizeof copy->name);
    mutex_lock(&h->mutex);
    int ok = openssl.hmac_copy(copy->context, h->context);
    mutex_unlock(&h->mutex);
    if (ok)
        return value_from_object(copy);
    ref_release_object(copy);
    return openssl_raise(&exception_ValueError);
}

static int hmac_finish(Value self, uint8_t *out) {
    Value copy = hmac_copy(self);
    if (value_is_null(copy))
        return -1;
    unsigned length;
    int ok = openssl.hmac_final(hmac_of(copy)->context, out, &length);
    ref_release(copy);
    if (!ok)
        openssl_raise(&exception_ValueError);
    return ok ? (int)length : -1;
}

static Value hmac_digest(Value self) {
    uint8_t digest[DIGEST_MAX];
    int length = hmac_finish(self, digest);
    return length < 0 ? VALUE_NULL : bytes_new(digest, (size_t)length);
}
static Value hmac_hexdigest(Value self) {
    uint8_t digest[DIGEST_MAX];
    int length = hmac_finish(self, digest);
    return length < 0 ? VALUE_NULL : openssl_hex(digest, (size_t)length);
}

static Value hmac_name(Value self) {
    return str_format("hmac-%s", hmac_of(self)->name);
}
static Value hmac_digest_size(Value self) {
    return value_from_int(hmac_of(self)->digest_size);
}
static Value hmac_block_size(Value self) {
    return value_from_int(hmac_of(self)->block_size);
}
static Value hmac_repr(Value self) {
    return str_format("<%s HMAC object @ %p>", hmac_of(self)->name, (void *)value_object(self));
}

static const NativeDef hmac_methods[] = {
    DEF_VECTOR("update", hmac_update, "update($self, /, msg)\n--\n\nTakes in more bytes."),
    DEF_NONE("digest", hmac_digest, "digest($self, /)\n--\n\nThe digest of the bytes so far."),
    DEF_NONE("hexdigest", hmac_hexdigest, "hexdigest($self, /)\n--\n\nThe same in hexadecimal."),
    DEF_NONE("copy", hmac_copy, "copy($self, /)\n--\n\nAn object in the same state."),
    DEF_END,
};
static const GetSetDef hmac_getsets[] = {
    {"digest_size", hmac_digest_size, NULL, NULL},
    {"block_size", hmac_block_size, NULL, NULL},
    {"name", hmac_name, NULL, NULL},
    {NULL},
};

Type openssl_hmac_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "_hashlib.HMAC",
    .basic_size = sizeof(Hmac),
    .kind = HEAP_LEAF,
    .flags = TYPE_NO_NEW,
    .destroy = hmac_destroy,
    .repr = hmac_repr,
    .methods = hmac_methods,
    .getsets = hmac_getsets,
};

Value openssl_get_fips_mode(Value self) {
    return value_from_int(openssl.fips(NULL));
}
