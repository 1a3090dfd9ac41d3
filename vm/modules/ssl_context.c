// SPDX-License-Identifier: MIT
//
// _ssl: contexts: what connections are made of. Settings are in ssl_context_settings.c, keys and
// certificates in ssl_context_load.c, callbacks in ssl_callbacks.c.
#include "vm/modules/ssl_internal.h"
#include "vm/types/arguments.h"

typedef struct {
    const SSL_METHOD *method;
    const char *deprecated; // named in a warning
} ProtocolMethod;

static ProtocolMethod method_of(int protocol) {
    switch (protocol) {
    case SSL_PROTOCOL_TLS:
        return (ProtocolMethod){TLS_method(), "PROTOCOL_TLS"};
    case SSL_PROTOCOL_TLSV1:
        return (ProtocolMethod){TLSv1_method(), "PROTOCOL_TLSv1"};
    case SSL_PROTOCOL_TLSV1_1:
        return (ProtocolMethod){TLSv1_1_method(), "PROTOCOL_TLSv1_1"};
    case SSL_PROTOCOL_TLSV1_2:
        return (ProtocolMethod){TLSv1_2_method(), "PROTOCOL_TLSv1_2"};
    case SSL_PROTOCOL_CLIENT:
        return (ProtocolMethod){TLS_client_method(), NULL};
    case SSL_PROTOCOL_SERVER:
        return (ProtocolMethod){TLS_server_method(), NULL};
    default:
        return (ProtocolMethod){NULL, NULL};
    }
}

// What a new context is like before a program has said anything.
static void set_defaults(SslContext *c) {
    uint64_t options = SSL_OP_ALL & ~(uint64_t)SSL_OP_DONT_INSERT_EMPTY_FRAGMENTS;
    options |= SSL_OP_NO_SSLv2 | SSL_OP_NO_SSLv3 | SSL_OP_NO_COMPRESSION |
               SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_SINGLE_DH_USE | SSL_OP_SINGLE_ECDH_USE |
               SSL_OP_IGNORE_UNEXPECTED_EOF | SSL_OP_ENABLE_MIDDLEBOX_COMPAT;
    SSL_CTX_set_options(c->ctx, options);
    SSL_CTX_set_mode(c->ctx, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_session_id_context(c->ctx, (const unsigned char *)"Python", 6);
    X509_VERIFY_PARAM *parameters = SSL_CTX_get0_param(c->ctx);
    X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_TRUSTED_FIRST);
    X509_VERIFY_PARAM_set_hostflags(parameters, c->host_flags);
    SSL_CTX_set_post_handshake_auth(c->ctx, 0);
    SSL_CTX_set_verify(c->ctx,
                       c->protocol == SSL_PROTOCOL_CLIENT
                           ? SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT
                           : SSL_VERIFY_NONE,
                       NULL);
    SSL_CTX_set_app_data(c->ctx, (char *)c);
}

static Value context_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    int protocol;
    if (arguments_no_keywords("_SSLContext", kwnames) < 0)
        return VALUE_NULL;
    if (nargs != 1)
        return raise_type_error("_SSLContext expected 1 argument, got %zu", nargs);
    if (int_argument(args[0], &protocol) < 0)
        return VALUE_NULL;
    ProtocolMethod method = method_of(protocol);
    if (!method.method)
        return raise_value_error("invalid or unsupported protocol version %d", protocol);
    if (method.deprecated &&
        warn(&exception_DeprecationWarning, 2, "ssl.%s is deprecated", method.deprecated) < 0)
        return VALUE_NULL;
    SslContext *c = object_allocate(type);
    if (!c)
        return VALUE_NULL;
    c->protocol = protocol;
    c->check_hostname = protocol == SSL_PROTOCOL_CLIENT;
    c->host_flags = X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS;
    ERR_clear_error();
    c->ctx = SSL_CTX_new(method.method);
    if (!c->ctx) {
        ref_release_object(c);
        return ssl_raise_library(NULL);
    }
    set_defaults(c);
    return value_from_object(c);
}

static void context_destroy(Object *self) {
    SslContext *c = (SslContext *)self;
    if (c->ctx) {
        ssl_callbacks_end(c);
        SSL_CTX_free(c->ctx);
    }
    ref_release(c->sni_callback);
    ref_release(c->msg_callback);
    ref_release(c->keylog_name);
    type_free_instance(self);
}
static void context_traverse(Object *self, GcVisitor *visitor) {
    SslContext *c = (SslContext *)self;
    gc_visit(visitor, c->sni_callback);
    gc_visit(visitor, c->msg_callback);
    gc_visit(visitor, c->keylog_name);
}
static void context_clear(Object *self) {
    SslContext *c = (SslContext *)self;
    field_clear(self, &c->sni_callback);
    field_clear(self, &c->msg_callback);
}

static const NativeDef context_methods[] = {
    DEF_VECTOR("_wrap_socket", ssl_wrap_socket,
               "_wrap_socket($self, /, sock, server_side, server_hostname=None, *,\n"
               "             owner=None, session=None)\n--\n\n"),
    DEF_VECTOR("_wrap_bio", ssl_wrap_bio,
               "_wrap_bio($self, /, incoming, outgoing, server_side,\n"
               "          server_hostname=None, *, owner=None, session=None)\n--\n\n"),
    DEF_ONE("set_ciphers", ssl_set_ciphers, "set_ciphers($self, cipherlist, /)\n--\n\n"),
    DEF_ONE("_set_alpn_protocols", ssl_set_alpn_protocols,
            "_set_alpn_protocols($self, protos, /)\n--\n\n"),
    DEF_VECTOR("load_cert_chain", ssl_load_cert_chain,
               "load_cert_chain($self, /, certfile, keyfile=None, password=None)\n--\n\n"),
    DEF_ONE("load_dh_params", ssl_load_dh_params, "load_dh_params($self, path, /)\n--\n\n"),
    DEF_VECTOR("load_verify_locations", ssl_load_verify_locations,
               "load_verify_locations($self, /, cafile=None, capath=None, cadata=None)\n--\n\n"),
    DEF_NONE("session_stats", ssl_session_stats, "session_stats($self, /)\n--\n\n"),
    DEF_NONE("set_default_verify_paths", ssl_set_default_verify_paths,
             "set_default_verify_paths($self, /)\n--\n\n"),
    DEF_ONE("set_ecdh_curve", ssl_set_ecdh_curve, "set_ecdh_curve($self, name, /)\n--\n\n"),
    DEF_NONE("cert_store_stats", ssl_cert_store_stats,
             "cert_store_stats($self, /)\n--\n\nHow many certificates and lists are trusted."),
    DEF_VECTOR("get_ca_certs", ssl_get_ca_certs,
               "get_ca_certs($self, /, binary_form=False)\n--\n\n"
               "The certificates of authorities, as dicts or as bytes."),
    DEF_NONE("get_ciphers", ssl_get_ciphers, "get_ciphers($self, /)\n--\n\n"),
    DEF_END,
};
Type ssl_context_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "_ssl._SSLContext",
    .basic_size = sizeof(SslContext),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_BASE | TYPE_IMMUTABLE,
    .call_new = context_new,
    .destroy = context_destroy,
    .traverse = context_traverse,
    .clear = context_clear,
    .methods = context_methods,
    .getsets = ssl_context_getsets,
};
