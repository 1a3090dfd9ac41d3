// SPDX-License-Identifier: MIT
//
// _ssl: what the library calls while a connection is made: the choice of a protocol, the server's
// name, messages, and the file of keys.
//
// The library is called detached; a callback that touches objects attaches meanwhile. The lock of
// the socket object is held then, by this thread.
#include "vm/modules/ssl_internal.h"
#include "vm/types/arguments.h"

// Guards every context's keylog, and orders the lines. Taken detached.
static pthread_mutex_t keylog_mutex = PTHREAD_MUTEX_INITIALIZER;

static SslSocket *socket_of_ssl(const SSL *ssl) {
    return (SslSocket *)SSL_get_app_data(ssl);
}

// ---- protocols (ALPN) --------------------------------------------------------------------------

static int choose_protocol(SSL *ssl, const unsigned char **out, unsigned char *length,
                           const unsigned char *client, unsigned client_length, void *context) {
    const SslProtocols *own =
        __atomic_load_n(&((SslContext *)context)->protocols, __ATOMIC_ACQUIRE);
    if (!own || SSL_select_next_proto((unsigned char **)out, length, own->data, own->length, client,
                                      client_length) != OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_NOACK;
    return SSL_TLSEXT_ERR_OK;
}

Value ssl_set_alpn_protocols(Value self, Value protocols) {
    SslContext *c = ssl_context_of(self);
    BufferView view;
    if (buffer_view_get(protocols, &view, false) < 0)
        return VALUE_NULL;
    SslProtocols *list =
        view.length > INT32_MAX ? NULL : buffer_allocate(sizeof *list + (size_t)view.length);
    if (list) {
        list->length = (unsigned)view.length;
        memcpy(list->data, view.data, (size_t)view.length);
    }
    buffer_view_release(&view);
    if (!list)
        return raise_memory_error();
    recursive_mutex_lock(&c->lock);
    list->older = c->protocols;
    __atomic_store_n(&c->protocols, list, __ATOMIC_RELEASE);
    bool ok = SSL_CTX_set_alpn_protos(c->ctx, list->data, list->length) == 0;
    if (ok)
        SSL_CTX_set_alpn_select_cb(c->ctx, choose_protocol, c);
    recursive_mutex_unlock(&c->lock);
    return ok ? none_new() : raise_memory_error();
}

// ---- the server's name -------------------------------------------------------------------------

// Attached: what the alert is, or SSL_TLSEXT_ERR_OK.
static int call_sni(SslSocket *s, SslContext *c, const char *name, int *alert) {
    Value callback = field_load(&c->header, &c->sni_callback);
    if (value_is_null(callback))
        return SSL_TLSEXT_ERR_OK;
    Value args[3] = {ssl_socket_shown(s), none_new(), ref_new(value_from_object(c))};
    int result = SSL_TLSEXT_ERR_OK;
    *alert = SSL_AD_INTERNAL_ERROR;
    Value text =
        name ? codec_decode((const uint8_t *)name, strlen(name), "ascii", NULL) : none_new();
    if (value_is_null(text)) {
        Value bytes = bytes_new(name, strlen(name));
        error_report_unraisable(NULL, value_is_null(bytes) ? VALUE_NULL : bytes);
        ref_release(bytes);
        result = SSL_TLSEXT_ERR_ALERT_FATAL;
    } else {
        ref_release(args[1]);
        args[1] = text;
        Value answer = value_call(callback, args, 3, VALUE_NULL);
        if (value_is_null(answer)) {
            error_report_unraisable(NULL, callback);
            *alert = SSL_AD_HANDSHAKE_FAILURE;
            result = SSL_TLSEXT_ERR_ALERT_FATAL;
        } else if (!value_is_none(answer)) {
            if (int_argument(answer, alert) < 0) {
                error_report_unraisable(NULL, answer);
                *alert = SSL_AD_INTERNAL_ERROR;
            }
            result = SSL_TLSEXT_ERR_ALERT_FATAL;
        }
        ref_release(answer);
    }
    for (int i = 0; i < 3; i++)
        ref_release(args[i]);
    ref_release(callback);
    return result;
}
static int on_server_name(SSL *ssl, int *alert, void *context) {
    const char *name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
    SslSocket *s = socket_of_ssl(ssl);
    if (!s)
        return SSL_TLSEXT_ERR_OK;
    thread_attach();
    int result = call_sni(s, context, name, alert);
    thread_detach();
    return result;
}

Value ssl_get_sni_callback(Value self) {
    SslContext *c = ssl_context_of(self);
    Value callback = field_load(&c->header, &c->sni_callback);
    return value_is_null(callback) ? none_new() : callback;
}
int ssl_set_sni_callback(Value self, Value v) {
    SslContext *c = ssl_context_of(self);
    if (c->protocol == SSL_PROTOCOL_CLIENT)
        return raise_int(&exception_ValueError, "sni_callback cannot be set on TLS_CLIENT context");
    bool none = value_is_null(v) || value_is_none(v);
    if (!none && !value_is_callable(v))
        return raise_int(&exception_TypeError, "not a callable object");
    recursive_mutex_lock(&c->lock);
    field_store(&c->header, &c->sni_callback, none ? VALUE_NULL : ref_new(v));
    SSL_CTX_set_tlsext_servername_callback(c->ctx, (none ? NULL : on_server_name));
    SSL_CTX_set_tlsext_servername_arg(c->ctx, none ? NULL : c);
    recursive_mutex_unlock(&c->lock);
    return 0;
}

// ---- messages ----------------------------------------------------------------------------------

static void call_message(SslSocket *s, bool writes, int version, int content, const uint8_t *data,
                         size_t length) {
    SslContext *c = ssl_context_of(s->context); // the lock is held
    Value callback = field_load(&c->header, &c->msg_callback);
    if (value_is_null(callback))
        return;
    int kind = -1;
    switch (content) {
    case SSL3_RT_CHANGE_CIPHER_SPEC:
        kind = SSL3_MT_CHANGE_CIPHER_SPEC;
        break;
    case SSL3_RT_ALERT:
        kind = length > 1 ? data[1] : -1;
        break;
    case SSL3_RT_HEADER:
        if (length > 2)
            version = data[1] << 8 | data[2];
        kind = length ? data[0] : -1;
        break;
    case SSL3_RT_HANDSHAKE:
    case SSL3_RT_INNER_CONTENT_TYPE:
        kind = length ? data[0] : -1;
        break;
    }
    Value args[6] = {ssl_socket_shown(s),     str_from_cstr(writes ? "write" : "read"),
                     value_from_int(version), value_from_int(content),
                     value_from_int(kind),    bytes_new(data, length)};
    Value result = value_is_null(args[1]) || value_is_null(args[5])
                       ? VALUE_NULL
                       : value_call(callback, args, 6, VALUE_NULL);
    if (value_is_null(result)) {
        ref_release(s->pending);
        s->pending = error_take();
    }
    ref_release(result);
    for (int i = 0; i < 6; i++)
        ref_release(args[i]);
    ref_release(callback);
}
static void on_message(int writes, int version, int content, const void *data, size_t length,
                       SSL *ssl, void *unused) {
    SslSocket *s = socket_of_ssl(ssl);
    if (!s)
        return;
    thread_attach();
    call_message(s, writes, version, content, data, length);
    thread_detach();
}

Value ssl_get_msg_callback(Value self) {
    SslContext *c = ssl_context_of(self);
    Value callback = field_load(&c->header, &c->msg_callback);
    return value_is_null(callback) ? none_new() : callback;
}
int ssl_set_msg_callback(Value self, Value v) {
    SslContext *c = ssl_context_of(self);
    bool none = value_is_null(v) || value_is_none(v);
    if (!none && !value_is_callable(v))
        return raise_int(&exception_TypeError, "not a callable object");
    recursive_mutex_lock(&c->lock);
    field_store(&c->header, &c->msg_callback, none ? VALUE_NULL : ref_new(v));
    SSL_CTX_set_msg_callback(c->ctx, none ? NULL : on_message);
    recursive_mutex_unlock(&c->lock);
    return 0;
}

// ---- keys --------------------------------------------------------------------------------------

static void on_key(const SSL *ssl, const char *line) {
    SslContext *c = (SslContext *)SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));
    if (!c)
        return;
    pthread_mutex_lock(&keylog_mutex);
    if (c->keylog) {
        BIO_printf(c->keylog, "%s\n", line);
        (void)BIO_flush(c->keylog);
    }
    pthread_mutex_unlock(&keylog_mutex);
}

static void replace_keylog(SslContext *c, BIO *bio) {
    pthread_mutex_lock(&keylog_mutex);
    BIO *old = c->keylog;
    c->keylog = bio;
    pthread_mutex_unlock(&keylog_mutex);
    if (old)
        BIO_free_all(old);
}

Value ssl_get_keylog_filename(Value self) {
    SslContext *c = ssl_context_of(self);
    Value name = field_load(&c->header, &c->keylog_name);
    return value_is_null(name) ? none_new() : name;
}
int ssl_set_keylog_filename(Value self, Value v) {
    SslContext *c = ssl_context_of(self);
    BIO *bio = NULL;
    int error = 0;
    bool none = value_is_null(v) || value_is_none(v);
    if (!none) {
        Value path = posix_fs_encode(v);
        if (value_is_null(path))
            return -1;
        thread_detach();
        errno = 0;
        bio = BIO_new_file((const char *)bytes_data(path), "a");
        error = errno;
        if (bio && BIO_tell(bio) == 0)
            BIO_puts(bio, "# TLS secrets log file, generated by OpenSSL / Python\n");
        if (bio)
            (void)BIO_flush(bio);
        thread_attach();
        ref_release(path);
        ERR_clear_error();
        if (!bio)
            return raise_errno_path(error ? error : EIO, v), -1;
    }
    recursive_mutex_lock(&c->lock);
    SSL_CTX_set_keylog_callback(c->ctx, bio ? on_key : NULL);
    thread_detach();
    replace_keylog(c, bio);
    thread_attach();
    field_store(&c->header, &c->keylog_name, none ? VALUE_NULL : ref_new(v));
    recursive_mutex_unlock(&c->lock);
    return 0;
}

void ssl_callbacks_end(SslContext *c) {
    SSL_CTX_set_keylog_callback(c->ctx, NULL);
    SSL_CTX_set_msg_callback(c->ctx, NULL);
    SSL_CTX_set_tlsext_servername_callback(c->ctx, NULL);
    SSL_CTX_set_alpn_select_cb(c->ctx, NULL, NULL);
    SSL_CTX_set_app_data(c->ctx, NULL);
    replace_keylog(c, NULL);
    for (SslProtocols *p = c->protocols, *older; p; p = older) {
        older = p->older;
        buffer_free(p);
    }
}
