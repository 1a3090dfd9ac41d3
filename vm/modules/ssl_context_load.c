// SPDX-License-Identifier: MIT
//
// _ssl: the certificates and keys of a context: where they come from, and which there are. Files
// are read detached, with the context's lock held.
#include "vm/modules/ssl_internal.h"
#include "vm/runtime/audit.h"
#include <limits.h>

// A path argument that may be None: bytes in *out, or VALUE_NULL. -1 with the TypeError of `name`.
static int path_argument(Value v, const char *name, Value *out) {
    *out = VALUE_NULL;
    if (value_is_null(v) || value_is_none(v))
        return 0;
    *out = posix_fs_encode(v);
    if (!value_is_null(*out))
        return 0;
    if (!error_matches(&exception_TypeError))
        return -1;
    error_clear();
    return raise_int(&exception_TypeError, "%s should be a valid filesystem path", name);
}
static const char *path_text(Value bytes) {
    return value_is_null(bytes) ? NULL : (const char *)bytes_data(bytes);
}

// ---- a certificate of one's own ----------------------------------------------------------------

enum { PASSWORD_ROOM = 1024 }; // what the library asks for, with the last 0

typedef struct {
    Value callable; // asked each time, or VALUE_NULL
    char *text;     // from buffer_allocate
    int length;
    Value error; // what was raised meanwhile
} Password;

// From a str, bytes or bytearray. 0, or -1 with this TypeError or a ValueError.
static int password_take(Password *p, Value v, const char *complaint) {
    const void *data;
    size_t length;
    char *owned = NULL;
    BufferView view = {.owner = VALUE_NULL};
    if (value_is_str(v)) {
        data = str_utf8(v, &length, &owned);
        if (!data)
            return -1;
    } else if (value_is_bytes(v) || value_is_bytearray(v)) {
        if (buffer_view_get(v, &view, false) < 0)
            return -1;
        data = view.data;
        length = (size_t)view.length;
    } else {
        return raise_int(&exception_TypeError, "%s", complaint);
    }
    int status = 0;
    char *copy = NULL;
    if (length > PASSWORD_ROOM)
        status = raise_int(&exception_ValueError, "password cannot be longer than %d bytes",
                           PASSWORD_ROOM);
    else if (!(copy = buffer_allocate(length + 1)))
        status = (raise_memory_error(), -1);
    else
        memcpy(copy, data, length);
    if (!value_is_null(view.owner))
        buffer_view_release(&view);
    buffer_free(owned);
    if (status == 0) {
        buffer_free(p->text);
        p->text = copy;
        p->length = (int)length;
    }
    return status;
}

// Called detached by the library.
static int on_password(char *out, int room, int writing, void *data) {
    Password *p = data;
    int length = -1;
    thread_attach();
    bool ok = true;
    if (!value_is_null(p->callable)) {
        Value v = value_call_none(p->callable);
        ok =
            !value_is_null(v) && password_take(p, v, "password callback must return a string") == 0;
        ref_release(v);
    }
    if (ok && p->length > room)
        ok = raise_int(&exception_ValueError, "password cannot be longer than %d bytes", room) == 0;
    if (ok) {
        memcpy(out, p->text, (size_t)p->length);
        length = p->length;
    } else {
        ref_release(p->error);
        p->error = error_take();
    }
    thread_detach();
    return length;
}

// The library works out what the extensions of a certificate say when it is first asked, and keeps
// that beside the certificate. Asked when it is loaded, no handshake has to wait for another's
// work; and the loading thread's writes are ordered before every use by what hands the context on,
// where the library's own check without a lock cannot be seen by ThreadSanitizer.
static void work_out(X509 *x) {
    X509_check_purpose(x, -1, 0);
}
static void work_out_own(SSL_CTX *ctx) {
    STACK_OF(X509) *chain = NULL;
    work_out(SSL_CTX_get0_certificate(ctx));
    SSL_CTX_get0_chain_certs(ctx, &chain);
    for (int i = 0; i < sk_X509_num(chain); i++)
        work_out(sk_X509_value(chain, i));
}
static void work_out_trusted(SSL_CTX *ctx) {
    X509_STORE *store = SSL_CTX_get_cert_store(ctx);
    X509_STORE_lock(store);
    STACK_OF(X509_OBJECT) *objects = X509_STORE_get0_objects(store);
    for (int i = 0; i < sk_X509_OBJECT_num(objects); i++) {
        X509 *x = X509_OBJECT_get0_X509(sk_X509_OBJECT_value(objects, i));
        if (x)
            work_out(x);
    }
    X509_STORE_unlock(store);
    ERR_clear_error(); // what is wrong with one is found when it is used
}

// Both files into the context. Lock held, detached. Above 0: done.
static int use_files(SSL_CTX *ctx, const char *certificates, const char *key, int *error) {
    ERR_clear_error();
    errno = 0;
    int ok = SSL_CTX_use_certificate_chain_file(ctx, certificates);
    *error = errno;
    if (ok <= 0)
        return ok;
    errno = 0;
    ok = SSL_CTX_use_PrivateKey_file(ctx, key ? key : certificates, SSL_FILETYPE_PEM);
    *error = errno;
    if (ok <= 0)
        return ok;
    *error = 0;
    work_out_own(ctx);
    ERR_clear_error();
    return SSL_CTX_check_private_key(ctx);
}

Value ssl_load_cert_chain(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("load_cert_chain", 0, 3, 1, "certfile", "keyfile", "password");
    SslContext *c = ssl_context_of(self);
    Value certificates = VALUE_NULL, key = VALUE_NULL, result = VALUE_NULL;
    Password password = {.callable = VALUE_NULL, .error = VALUE_NULL};
    bool has_password = !value_is_null(v[2]) && !value_is_none(v[2]);
    if (value_is_none(v[0]))
        return raise_type_error("certfile should be a valid filesystem path");
    if (path_argument(v[0], "certfile", &certificates) < 0 ||
        path_argument(v[1], "keyfile", &key) < 0)
        goto out;
    if (has_password && value_is_callable(v[2]))
        password.callable = v[2];
    else if (has_password &&
             password_take(&password, v[2], "password should be a string or callable") < 0)
        goto out;
    int error;
    recursive_mutex_lock(&c->lock);
    pem_password_cb *old = SSL_CTX_get_default_passwd_cb(c->ctx);
    void *old_data = SSL_CTX_get_default_passwd_cb_userdata(c->ctx);
    if (has_password) {
        SSL_CTX_set_default_passwd_cb(c->ctx, on_password);
        SSL_CTX_set_default_passwd_cb_userdata(c->ctx, &password);
    }
    thread_detach();
    int ok = use_files(c->ctx, path_text(certificates), path_text(key), &error);
    thread_attach();
    SSL_CTX_set_default_passwd_cb(c->ctx, old);
    SSL_CTX_set_default_passwd_cb_userdata(c->ctx, old_data);
    recursive_mutex_unlock(&c->lock);
    if (!value_is_null(password.error)) {
        ERR_clear_error();
        error_restore(password.error);
    } else if (ok > 0) {
        result = none_new();
    } else {
        ssl_raise_system(error);
    }
out:
    buffer_free(password.text);
    ref_release(certificates);
    ref_release(key);
    return result;
}

// ---- certificates to trust ---------------------------------------------------------------------

// Adds the certificates in data, PEM or DER. Lock held.
static int add_certificates(SslContext *c, const void *data, int64_t length, int encoding) {
    if (length <= 0)
        return raise_int(&exception_ValueError, "Empty certificate data");
    if (length > INT_MAX)
        return raise_int(&exception_OverflowError, "Certificate data is too long.");
    BIO *bio = BIO_new_mem_buf(data, (int)length);
    if (!bio)
        return ssl_raise_library("Can't allocate buffer"), -1;
    X509_STORE *store = SSL_CTX_get_cert_store(c->ctx);
    int loaded = 0;
    bool failed = false;
    ERR_clear_error();
    while (!failed) {
        X509 *x = encoding == SSL_ENCODING_DER ? d2i_X509_bio(bio, NULL)
                                               : PEM_read_bio_X509(bio, NULL, NULL, NULL);
        if (!x)
            break;
        if (X509_STORE_add_cert(store, x)) {
            loaded++;
            work_out(x);
        } else {
            unsigned long error = ERR_peek_last_error();
            failed = ERR_GET_LIB(error) != ERR_LIB_X509 ||
                     ERR_GET_REASON(error) != X509_R_CERT_ALREADY_IN_HASH_TABLE;
            loaded += !failed;
        }
        X509_free(x);
        if (!failed)
            ERR_clear_error();
    }
    BIO_free(bio);
    unsigned long error = ERR_peek_last_error();
    if (loaded == 0)
        return ssl_raise_library(encoding == SSL_ENCODING_PEM
                                     ? "no start line: cadata does not contain a certificate"
                                     : "not enough data: cadata does not contain a certificate"),
               -1;
    // What the end of the data looks like in the two encodings.
    bool at_end =
        encoding == SSL_ENCODING_DER
            ? ERR_GET_LIB(error) == ERR_LIB_ASN1 && ERR_GET_REASON(error) == ASN1_R_HEADER_TOO_LONG
            : ERR_GET_LIB(error) == ERR_LIB_PEM && ERR_GET_REASON(error) == PEM_R_NO_START_LINE;
    if (error && !at_end)
        return ssl_raise_library(NULL), -1;
    ERR_clear_error();
    return 0;
}

static int add_data(SslContext *c, Value data) {
    const char *complaint = "cadata should be an ASCII string or a bytes-like object";
    if (value_is_str(data)) {
        size_t length;
        char *owned = NULL;
        if (!str_is_ascii(data))
            return raise_int(&exception_TypeError, "%s", complaint);
        const char *text = str_utf8(data, &length, &owned);
        recursive_mutex_lock(&c->lock);
        int status = text ? add_certificates(c, text, (int64_t)length, SSL_ENCODING_PEM) : -1;
        recursive_mutex_unlock(&c->lock);
        buffer_free(owned);
        return status;
    }
    BufferView view;
    if (buffer_view_get(data, &view, false) < 0) {
        error_clear();
        return raise_int(&exception_TypeError, "%s", complaint);
    }
    recursive_mutex_lock(&c->lock);
    int status = add_certificates(c, view.data, view.length, SSL_ENCODING_DER);
    recursive_mutex_unlock(&c->lock);
    buffer_view_release(&view);
    return status;
}

Value ssl_load_verify_locations(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("load_verify_locations", 0, 3, 0, "cafile", "capath", "cadata");
    SslContext *c = ssl_context_of(self);
    Value file = VALUE_NULL, folder = VALUE_NULL, result = VALUE_NULL;
    bool has_data = !value_is_null(v[2]) && !value_is_none(v[2]);
    if (path_argument(v[0], "cafile", &file) < 0 || path_argument(v[1], "capath", &folder) < 0)
        goto out;
    if (value_is_null(file) && value_is_null(folder) && !has_data) {
        raise_type_error("cafile, capath and cadata cannot be all omitted");
        goto out;
    }
    if (has_data && add_data(c, v[2]) < 0)
        goto out;
    if (!value_is_null(file) || !value_is_null(folder)) {
        recursive_mutex_lock(&c->lock);
        thread_detach();
        ERR_clear_error();
        errno = 0;
        int ok = SSL_CTX_load_verify_locations(c->ctx, path_text(file), path_text(folder));
        int error = errno;
        if (ok == 1)
            work_out_trusted(c->ctx);
        thread_attach();
        recursive_mutex_unlock(&c->lock);
        if (ok != 1) {
            ssl_raise_system(error);
            goto out;
        }
    }
    result = none_new();
out:
    ref_release(file);
    ref_release(folder);
    return result;
}

Value ssl_set_default_verify_paths(Value self) {
    SslContext *c = ssl_context_of(self);
    recursive_mutex_lock(&c->lock);
    thread_detach();
    int ok = SSL_CTX_set_default_verify_paths(c->ctx);
    thread_attach();
    recursive_mutex_unlock(&c->lock);
    return ok ? none_new() : ssl_raise_library(NULL);
}

Value ssl_load_dh_params(Value self, Value path) {
    SslContext *c = ssl_context_of(self);
    Value encoded = posix_fs_encode(path);
    if (value_is_null(encoded))
        return encoded;
    Value mode = str_from_cstr("rb");
    int status = value_is_null(mode) ? -1 : audit("open", 3, path, mode, value_from_int(0));
    ref_release(mode);
    if (status < 0) {
        ref_release(encoded);
        return VALUE_NULL;
    }
    thread_detach();
    ERR_clear_error();
    errno = 0;
    BIO *bio = BIO_new_file((const char *)bytes_data(encoded), "rb");
    int error = bio ? 0 : errno;
    DH *dh = bio ? PEM_read_bio_DHparams(bio, NULL, NULL, NULL) : NULL;
    thread_attach();
    if (bio)
        BIO_free(bio);
    ref_release(encoded);
    if (!dh && error) {
        ERR_clear_error();
        return raise_errno_path(error, path);
    }
    if (!dh)
        return ssl_raise_library(NULL);
    recursive_mutex_lock(&c->lock);
    bool ok = SSL_CTX_set_tmp_dh(c->ctx, dh);
    recursive_mutex_unlock(&c->lock);
    DH_free(dh);
    return ok ? none_new() : ssl_raise_library(NULL);
}

// ---- which there are ---------------------------------------------------------------------------

Value ssl_cert_store_stats(Value self) {
    SslContext *c = ssl_context_of(self);
    int certificates = 0, lists = 0, authorities = 0;
    recursive_mutex_lock(&c->lock);
    X509_STORE *store = SSL_CTX_get_cert_store(c->ctx);
    X509_STORE_lock(store);
    STACK_OF(X509_OBJECT) *objects = X509_STORE_get0_objects(store);
    for (int i = 0; i < sk_X509_OBJECT_num(objects); i++) {
        X509_OBJECT *object = sk_X509_OBJECT_value(objects, i);
        X509 *x = X509_OBJECT_get0_X509(object);
        certificates += x != NULL;
        authorities += x && X509_check_ca(x);
        lists += X509_OBJECT_get_type(object) == X509_LU_CRL;
    }
    X509_STORE_unlock(store);
    recursive_mutex_unlock(&c->lock);
    Value dict = dict_new();
    if (!value_is_null(dict) && ssl_put(dict, "x509", value_from_int(certificates)) == 0 &&
        ssl_put(dict, "crl", value_from_int(lists)) == 0 &&
        ssl_put(dict, "x509_ca", value_from_int(authorities)) == 0)
        return dict;
    ref_release(dict);
    return VALUE_NULL;
}

Value ssl_get_ca_certs(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("get_ca_certs", 0, 1, 0, "binary_form");
    SslContext *c = ssl_context_of(self);
    bool binary = false;
    if (posix_bool(v[0], &binary) < 0)
        return VALUE_NULL;
    Value list = list_new();
    bool ok = !value_is_null(list);
    recursive_mutex_lock(&c->lock);
    // The library's own references to what is there at one moment.
    STACK_OF(X509) *all = X509_STORE_get1_all_certs(SSL_CTX_get_cert_store(c->ctx));
    for (int i = 0; ok && i < sk_X509_num(all); i++) {
        X509 *x = sk_X509_value(all, i);
        if (!X509_check_ca(x))
            continue;
        Value one = binary ? ssl_certificate_der(x) : ssl_certificate_decode(x);
        ok = !value_is_null(one) && list_append_owned(list, one) == 0;
    }
    if (all)
        sk_X509_pop_free(all, X509_free);
    recursive_mutex_unlock(&c->lock);
    if (ok)
        return list;
    ref_release(list);
    return VALUE_NULL;
}
