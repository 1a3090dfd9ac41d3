// SPDX-License-Identifier: MIT
//
// _ssl: making the object of a connection, and what can be asked about one.
#include "vm/modules/ssl_internal.h"
#include "vm/types/arguments.h"

// ---- making one --------------------------------------------------------------------------------

// The name that the other end has to have a certificate of, and is told. 0 or -1.
static int set_hostname(SslSocket *s, SslContext *c, Value name) {
    if (!value_is_str(name))
        return raise_int(&exception_TypeError, "argument must be str, not %T", name);
    if (str_length(name) == 0 || str_at(name, 0) == '.')
        return raise_int(&exception_ValueError, "server_hostname cannot be an empty string or "
                                                "start with a leading dot.");
    Value encoded = codec_encode(name, "ascii", NULL);
    if (value_is_null(encoded))
        return -1;
    const char *text = (const char *)bytes_data(encoded);
    bool ok = strlen(text) == (size_t)bytes_length(encoded);
    if (!ok)
        raise_type_error("argument must be encoded string without null bytes, not %T", name);
    ASN1_OCTET_STRING *address = ok ? a2i_IPADDRESS(text) : NULL;
    if (ok && !address) {
        ERR_clear_error();
        ok = SSL_set_tlsext_host_name(s->ssl, text);
    }
    if (ok && c->check_hostname) {
        X509_VERIFY_PARAM *parameters = SSL_get0_param(s->ssl);
        ok = address ? X509_VERIFY_PARAM_set1_ip(parameters, ASN1_STRING_get0_data(address),
                                                 (size_t)ASN1_STRING_length(address))
                     : X509_VERIFY_PARAM_set1_host(parameters, text, 0);
    }
    if (address)
        ASN1_OCTET_STRING_free(address);
    ref_release(encoded);
    if (!ok && !error_occurred())
        ssl_raise_library(NULL);
    if (ok)
        s->server_hostname = ref_new(name);
    return ok ? 0 : -1;
}

// The library's side, over the socket or the memory. The context's lock is held.
static int start(SslSocket *s, SslContext *c) {
    s->ssl = SSL_new(c->ctx);
    if (!s->ssl)
        return ssl_raise_library(NULL), -1;
    SSL_set_app_data(s->ssl, (char *)s);
    if (value_is_null(s->socket)) {
        BIO *in = ssl_memory_of(s->incoming)->bio, *out = ssl_memory_of(s->outgoing)->bio;
        BIO_up_ref(in);
        BIO_up_ref(out);
        SSL_set_bio(s->ssl, in, out);
    } else {
        BIO *bio = ssl_bio_new(s);
        if (!bio)
            return -1;
        SSL_set_bio(s->ssl, bio, bio);
    }
    SSL_set_mode(s->ssl, SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_AUTO_RETRY);
    if (c->post_handshake_auth) {
        int mode = SSL_get_verify_mode(s->ssl);
        if (!s->server_side)
            SSL_set_post_handshake_auth(s->ssl, 1);
        else if (mode & SSL_VERIFY_PEER)
            SSL_set_verify(s->ssl, mode | SSL_VERIFY_POST_HANDSHAKE,
                           SSL_get_verify_callback(s->ssl));
    }
    if (s->server_side)
        SSL_set_accept_state(s->ssl);
    else
        SSL_set_connect_state(s->ssl);
    return 0;
}

static Value reference_to(Value v) { // weak; VALUE_NULL with an exception
    return weakref_new(v, VALUE_NULL);
}

// socket, or incoming and outgoing; the others may be VALUE_NULL or None.
static Value socket_new(SslContext *c, Value socket, Value incoming, Value outgoing,
                        bool server_side, Value hostname, Value owner, Value session) {
    if (server_side && c->protocol == SSL_PROTOCOL_CLIENT)
        return ssl_raise_library(
            "Cannot create a server socket with a PROTOCOL_TLS_CLIENT context");
    if (!server_side && c->protocol == SSL_PROTOCOL_SERVER)
        return ssl_raise_library(
            "Cannot create a client socket with a PROTOCOL_TLS_SERVER context");
    SslSocket *s = object_allocate(&ssl_socket_type);
    if (!s)
        return VALUE_NULL;
    Value self = value_from_object(s);
    bool ok = true;
    s->fd = -1;
    s->server_side = server_side;
    s->context = ref_new(value_from_object(c));
    if (value_is_null(socket)) {
        s->incoming = ref_new(incoming);
        s->outgoing = ref_new(outgoing);
    } else {
        ok = !value_is_null(s->socket = reference_to(socket));
    }
    if (ok) {
        recursive_mutex_lock(&c->lock);
        ERR_clear_error();
        ok = start(s, c) == 0 && (value_is_null(hostname) || value_is_none(hostname) ||
                                  set_hostname(s, c, hostname) == 0);
        recursive_mutex_unlock(&c->lock);
    }
    if (ok && !value_is_null(owner) && !value_is_none(owner))
        ok = !value_is_null(s->owner = reference_to(owner));
    if (ok && !value_is_null(session) && !value_is_none(session))
        ok = ssl_socket_set_session(self, session) == 0;
    if (ok)
        return self;
    ref_release(self);
    return VALUE_NULL;
}

Value ssl_wrap_socket(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("_wrap_socket", 0, 3, 2, "sock", "server_side", "server_hostname", "owner",
                    "session");
    if (!value_is_instance(v[0], &socket_type))
        return raise_type_error("_wrap_socket() argument 'sock' must be _socket.socket, not %G",
                                v[0]);
    int server_side;
    if (int_argument(v[1], &server_side) < 0)
        return VALUE_NULL;
    return socket_new(ssl_context_of(self), v[0], VALUE_NULL, VALUE_NULL, server_side, v[2], v[3],
                      v[4]);
}

Value ssl_wrap_bio(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("_wrap_bio", 0, 4, 3, "incoming", "outgoing", "server_side", "server_hostname",
                    "owner", "session");
    for (int i = 0; i < 2; i++)
        if (!value_is_exactly(v[i], &ssl_memory_type))
            return raise_type_error("_wrap_bio() argument '%s' must be _ssl.MemoryBIO, not %G",
                                    names_[i], v[i]);
    int server_side;
    if (int_argument(v[2], &server_side) < 0)
        return VALUE_NULL;
    return socket_new(ssl_context_of(self), VALUE_NULL, v[0], v[1], server_side, v[3], v[4], v[5]);
}

static void socket_destroy(Object *self) {
    SslSocket *s = (SslSocket *)self;
    if (s->ssl)
        SSL_free(s->ssl);
    ref_release(s->pending);
    ref_release(s->socket);
    ref_release(s->incoming);
    ref_release(s->outgoing);
    ref_release(s->context);
    ref_release(s->owner);
    ref_release(s->server_hostname);
    object_free_fixed(self);
}
static void socket_traverse(Object *self, GcVisitor *visitor) {
    SslSocket *s = (SslSocket *)self;
    gc_visit(visitor, s->pending);
    gc_visit(visitor, s->socket);
    gc_visit(visitor, s->incoming);
    gc_visit(visitor, s->outgoing);
    gc_visit(visitor, s->context);
    gc_visit(visitor, s->owner);
    gc_visit(visitor, s->server_hostname);
}

Value ssl_socket_shown(SslSocket *s) {
    Value owner = field_load(&s->header, &s->owner);
    Value shown = value_is_null(owner) ? VALUE_NULL : weakref_target(owner);
    ref_release(owner);
    return value_is_null(shown) ? ref_new(value_from_object(s)) : shown;
}

// ---- facts -------------------------------------------------------------------------------------

static Value text_or_none(const char *text) {
    return text ? str_from_cstr(text) : none_new();
}

Value ssl_cipher_tuple(const SSL_CIPHER *cipher) {
    Value v[3] = {text_or_none(SSL_CIPHER_get_name(cipher)),
                  text_or_none(SSL_CIPHER_get_version(cipher)),
                  value_from_int(SSL_CIPHER_get_bits(cipher, NULL))};
    return tuple_from_owned(v, 3);
}

static Value socket_pending(Value self) {
    SslSocket *s = ssl_socket_of(self);
    recursive_mutex_lock(&s->lock);
    int n = SSL_pending(s->ssl);
    recursive_mutex_unlock(&s->lock);
    return value_from_int(n);
}

static Value socket_getpeercert(Value self, const Value *args, size_t nargs) {
    SslSocket *s = ssl_socket_of(self);
    int der = nargs ? value_truth(args[0]) : 0;
    if (der < 0)
        return VALUE_NULL;
    recursive_mutex_lock(&s->lock);
    bool done = SSL_is_init_finished(s->ssl);
    X509 *x = done ? SSL_get1_peer_certificate(s->ssl) : NULL;
    bool verified = SSL_CTX_get_verify_mode(SSL_get_SSL_CTX(s->ssl)) & SSL_VERIFY_PEER;
    recursive_mutex_unlock(&s->lock);
    if (!done)
        return raise_value_error("handshake not done yet");
    if (!x)
        return none_new();
    Value result = der ? ssl_certificate_der(x) : verified ? ssl_certificate_decode(x) : dict_new();
    X509_free(x);
    return result;
}

// Certificate objects of a chain that the library owns. Lock held.
static Value chain_list(STACK_OF(X509) * chain) {
    if (!chain)
        return none_new();
    Value list = list_new();
    for (int i = 0; i < sk_X509_num(chain) && !value_is_null(list); i++) {
        Value v = ssl_certificate_new(sk_X509_value(chain, i));
        if (value_is_null(v) || list_append_owned(list, v) < 0) {
            ref_release(list);
            return VALUE_NULL;
        }
    }
    return list;
}
static Value socket_get_verified_chain(Value self) {
    SslSocket *s = ssl_socket_of(self);
    recursive_mutex_lock(&s->lock);
    Value list = chain_list(SSL_get0_verified_chain(s->ssl));
    recursive_mutex_unlock(&s->lock);
    return list;
}
// A server's library does not count the client's own certificate as one of the chain.
static Value socket_get_unverified_chain(Value self) {
    SslSocket *s = ssl_socket_of(self);
    recursive_mutex_lock(&s->lock);
    Value list = chain_list(SSL_get_peer_cert_chain(s->ssl));
    X509 *x = s->server_side && value_is_list(list) ? SSL_get1_peer_certificate(s->ssl) : NULL;
    recursive_mutex_unlock(&s->lock);
    if (!x)
        return list;
    Value own = ssl_certificate_new(x);
    X509_free(x);
    int status = value_is_null(own) ? -1 : list_insert(list, 0, own);
    ref_release(own);
    if (status == 0)
        return list;
    ref_release(list);
    return VALUE_NULL;
}

static Value socket_cipher(Value self) {
    SslSocket *s = ssl_socket_of(self);
    recursive_mutex_lock(&s->lock);
    const SSL_CIPHER *cipher = SSL_get_current_cipher(s->ssl); // lives as long as the library
    recursive_mutex_unlock(&s->lock);
    return cipher ? ssl_cipher_tuple(cipher) : none_new();
}

static Value socket_shared_ciphers(Value self) {
    SslSocket *s = ssl_socket_of(self);
    recursive_mutex_lock(&s->lock);
    // A server knows what the client offers once it has heard of it; what is shared has an order.
    STACK_OF(SSL_CIPHER) *ciphers =
        s->server_side ? SSL_get_client_ciphers(s->ssl) : SSL_get_ciphers(s->ssl);
    STACK_OF(SSL_CIPHER) *own = s->server_side ? SSL_get_ciphers(s->ssl) : NULL;
    Value list = ciphers ? list_new() : none_new();
    for (int i = 0; ciphers && i < sk_SSL_CIPHER_num(ciphers) && !value_is_null(list); i++) {
        const SSL_CIPHER *cipher = sk_SSL_CIPHER_value(ciphers, i);
        if (own && sk_SSL_CIPHER_find(own, (SSL_CIPHER *)cipher) < 0)
            continue;
        Value v = ssl_cipher_tuple(cipher);
        if (value_is_null(v) || list_append_owned(list, v) < 0) {
            ref_release(list);
            list = VALUE_NULL;
        }
    }
    recursive_mutex_unlock(&s->lock);
    return list;
}

static Value socket_version(Value self) {
    SslSocket *s = ssl_socket_of(self);
    recursive_mutex_lock(&s->lock);
    const char *version = SSL_is_init_finished(s->ssl) ? SSL_get_version(s->ssl) : NULL;
    recursive_mutex_unlock(&s->lock);
    return version && strcmp(version, "unknown") ? str_from_cstr(version) : none_new();
}

static Value socket_selected_alpn_protocol(Value self) {
    SslSocket *s = ssl_socket_of(self);
    const unsigned char *name;
    unsigned length;
    recursive_mutex_lock(&s->lock);
    SSL_get0_alpn_selected(s->ssl, &name, &length);
    Value result = name ? str_from_utf8((const char *)name, length) : none_new();
    recursive_mutex_unlock(&s->lock);
    return result;
}

static Value socket_compression(Value self) {
    SslSocket *s = ssl_socket_of(self);
    recursive_mutex_lock(&s->lock);
    const COMP_METHOD *method = SSL_get_current_compression(s->ssl);
    const char *name = method ? SSL_COMP_get_name(method) : NULL;
    recursive_mutex_unlock(&s->lock);
    return text_or_none(name);
}

static Value socket_get_channel_binding(Value self, const Value *args, size_t nargs,
                                        Value kwnames) {
    POSIX_ARGUMENTS("get_channel_binding", 0, 1, 0, "cb_type");
    SslSocket *s = ssl_socket_of(self);
    if (!value_is_null(v[0])) {
        if (!value_is_str(v[0]))
            return raise_type_error("get_channel_binding() argument 'cb_type' must be str, not %G",
                                    v[0]);
        if (!str_equal_cstr(v[0], "tls-unique"))
            return raise_value_error("'%V' channel binding type not implemented", v[0]);
    }
    char data[128];
    recursive_mutex_lock(&s->lock);
    // The first of the two "finished" messages (RFC 5929): the client's, unless a session goes on.
    size_t length = SSL_session_reused(s->ssl) ^ !s->server_side
                        ? SSL_get_finished(s->ssl, data, sizeof data)
                        : SSL_get_peer_finished(s->ssl, data, sizeof data);
    recursive_mutex_unlock(&s->lock);
    return length ? bytes_new(data, length) : none_new();
}

// ---- attributes --------------------------------------------------------------------------------

static Value socket_get_context(Value self) {
    SslSocket *s = ssl_socket_of(self);
    return field_load(&s->header, &s->context);
}
static int socket_set_context(Value self, Value v) {
    SslSocket *s = ssl_socket_of(self);
    if (value_is_null(v) || !value_is_instance(v, &ssl_context_type))
        return raise_int(&exception_TypeError, "The value must be a SSLContext");
    recursive_mutex_lock(&s->lock);
    field_store(&s->header, &s->context, ref_new(v));
    SSL_set_SSL_CTX(s->ssl, ssl_context_of(v)->ctx);
    recursive_mutex_unlock(&s->lock);
    return 0;
}
static Value socket_get_server_side(Value self) {
    return bool_new(ssl_socket_of(self)->server_side);
}
static Value socket_get_server_hostname(Value self) {
    Value name = ssl_socket_of(self)->server_hostname;
    return value_is_null(name) ? none_new() : ref_new(name);
}
static Value socket_get_owner(Value self) {
    SslSocket *s = ssl_socket_of(self);
    Value reference = field_load(&s->header, &s->owner);
    Value owner = value_is_null(reference) ? VALUE_NULL : weakref_target(reference);
    ref_release(reference);
    return value_is_null(owner) ? none_new() : owner;
}
static int socket_set_owner(Value self, Value v) {
    SslSocket *s = ssl_socket_of(self);
    if (value_is_null(v))
        return raise_int(&exception_AttributeError, "cannot delete attribute");
    Value reference = reference_to(v);
    if (value_is_null(reference))
        return -1;
    field_store(&s->header, &s->owner, reference);
    return 0;
}

static const NativeDef socket_methods[] = {
    DEF_NONE("do_handshake", ssl_socket_do_handshake, "do_handshake($self, /)\n--\n\n"),
    DEF_ONE("write", ssl_socket_write,
            "write($self, b, /)\n--\n\nSends bytes; how many of them were sent."),
    DEF_FIXED("read", ssl_socket_read, 1, 2,
              "read(size, [buffer])\n\nUp to size bytes as a new object; or into the buffer, and "
              "their number."),
    DEF_NONE("pending", socket_pending,
             "pending($self, /)\n--\n\nHow many bytes are there to be read at once."),
    DEF_FIXED("getpeercert", socket_getpeercert, 0, 1,
              "getpeercert($self, der=False, /)\n--\n\nThe certificate of the other end."),
    DEF_VECTOR("get_channel_binding", socket_get_channel_binding,
               "get_channel_binding($self, /, cb_type='tls-unique')\n--\n\n"
               "What both ends know of this connection only, as bytes."),
    DEF_NONE("cipher", socket_cipher, "cipher($self, /)\n--\n\n"),
    DEF_NONE("shared_ciphers", socket_shared_ciphers, "shared_ciphers($self, /)\n--\n\n"),
    DEF_NONE("version", socket_version, "version($self, /)\n--\n\n"),
    DEF_NONE("selected_alpn_protocol", socket_selected_alpn_protocol,
             "selected_alpn_protocol($self, /)\n--\n\n"),
    DEF_NONE("compression", socket_compression, "compression($self, /)\n--\n\n"),
    DEF_NONE("shutdown", ssl_socket_shutdown,
             "shutdown($self, /)\n--\n\nEnds the connection, not that of the socket below."),
    DEF_NONE("verify_client_post_handshake", ssl_socket_verify_client_post_handshake,
             "verify_client_post_handshake($self, /)\n--\n\n"
             "Asks the client for its certificate now."),
    DEF_NONE("get_unverified_chain", socket_get_unverified_chain,
             "get_unverified_chain($self, /)\n--\n\n"),
    DEF_NONE("get_verified_chain", socket_get_verified_chain,
             "get_verified_chain($self, /)\n--\n\n"),
    DEF_END,
};
static const GetSetDef socket_getsets[] = {
    {"context", socket_get_context, socket_set_context, "The context in use."},
    {"server_side", socket_get_server_side, NULL, "Is this the server's end."},
    {"server_hostname", socket_get_server_hostname, NULL, "The name of the server."},
    {"owner", socket_get_owner, socket_set_owner, "The Python object that this one serves."},
    {"session", ssl_socket_get_session, ssl_socket_set_session, "The session of the connection."},
    {"session_reused", ssl_socket_session_reused, NULL, "Does an earlier session go on."},
    {NULL},
};
Type ssl_socket_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "_ssl._SSLSocket",
    .basic_size = sizeof(SslSocket),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_IMMUTABLE | TYPE_NO_NEW,
    .destroy = socket_destroy,
    .traverse = socket_traverse,
    .methods = socket_methods,
    .getsets = socket_getsets,
};
