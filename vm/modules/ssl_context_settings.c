// SPDX-License-Identifier: MIT
//
// _ssl: the settings of a context: versions, options, how the other end is verified, ciphers.
#include "vm/modules/ssl_internal.h"
#include "vm/types/arguments.h"

enum { MINIMUM_SUPPORTED = -2, MAXIMUM_SUPPORTED = -1 };

// The int that an attribute is set to. -1 with an exception.
static int int_value(Value v, int *out) {
    if (value_is_null(v))
        return raise_int(&exception_AttributeError, "cannot delete attribute");
    return int_argument(v, out);
}
static int long_value(Value v, int64_t *out) {
    if (value_is_null(v))
        return raise_int(&exception_AttributeError, "cannot delete attribute");
    return value_to_i64(v, out);
}
static int bool_value(Value v, bool *out) {
    if (value_is_null(v))
        return raise_int(&exception_AttributeError, "cannot delete attribute");
    return posix_bool(v, out);
}

// ---- verifying ---------------------------------------------------------------------------------

static int mode_of(SslContext *c) { // lock held
    int mode = SSL_CTX_get_verify_mode(c->ctx);
    return !(mode & SSL_VERIFY_PEER)                ? SSL_CERTIFICATES_NONE
           : mode & SSL_VERIFY_FAIL_IF_NO_PEER_CERT ? SSL_CERTIFICATES_REQUIRED
                                                    : SSL_CERTIFICATES_OPTIONAL;
}
static void set_mode(SslContext *c, int mode) { // lock held
    int flags = mode == SSL_CERTIFICATES_NONE ? SSL_VERIFY_NONE
                : mode == SSL_CERTIFICATES_OPTIONAL
                    ? SSL_VERIFY_PEER
                    : SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
    SSL_CTX_set_verify(c->ctx, flags, NULL);
}

static Value get_verify_mode(Value self) {
    SslContext *c = ssl_context_of(self);
    recursive_mutex_lock(&c->lock);
    int mode = mode_of(c);
    recursive_mutex_unlock(&c->lock);
    return value_from_int(mode);
}
static int set_verify_mode(Value self, Value v) {
    SslContext *c = ssl_context_of(self);
    int mode;
    if (int_value(v, &mode) < 0)
        return -1;
    if (mode < SSL_CERTIFICATES_NONE || mode > SSL_CERTIFICATES_REQUIRED)
        return raise_int(&exception_ValueError, "invalid value for verify_mode");
    recursive_mutex_lock(&c->lock);
    bool refused = mode == SSL_CERTIFICATES_NONE && c->check_hostname;
    if (!refused)
        set_mode(c, mode);
    recursive_mutex_unlock(&c->lock);
    if (refused)
        return raise_int(&exception_ValueError, "Cannot set verify_mode to CERT_NONE when "
                                                "check_hostname is enabled.");
    return 0;
}

static Value get_check_hostname(Value self) {
    SslContext *c = ssl_context_of(self);
    recursive_mutex_lock(&c->lock);
    bool check = c->check_hostname;
    recursive_mutex_unlock(&c->lock);
    return bool_new(check);
}
static int set_check_hostname(Value self, Value v) {
    SslContext *c = ssl_context_of(self);
    bool check;
    if (bool_value(v, &check) < 0)
        return -1;
    recursive_mutex_lock(&c->lock);
    if (check && mode_of(c) == SSL_CERTIFICATES_NONE)
        set_mode(c, SSL_CERTIFICATES_REQUIRED);
    c->check_hostname = check;
    recursive_mutex_unlock(&c->lock);
    return 0;
}

static Value get_host_flags(Value self) {
    SslContext *c = ssl_context_of(self);
    recursive_mutex_lock(&c->lock);
    unsigned flags = c->host_flags;
    recursive_mutex_unlock(&c->lock);
    return value_from_int(flags);
}
static int set_host_flags(Value self, Value v) {
    SslContext *c = ssl_context_of(self);
    int64_t flags;
    if (long_value(v, &flags) < 0)
        return -1;
    recursive_mutex_lock(&c->lock);
    c->host_flags = (unsigned)flags;
    X509_VERIFY_PARAM_set_hostflags(SSL_CTX_get0_param(c->ctx), c->host_flags);
    recursive_mutex_unlock(&c->lock);
    return 0;
}

static Value get_verify_flags(Value self) {
    SslContext *c = ssl_context_of(self);
    recursive_mutex_lock(&c->lock);
    unsigned long flags = X509_VERIFY_PARAM_get_flags(SSL_CTX_get0_param(c->ctx));
    recursive_mutex_unlock(&c->lock);
    return int_from_u64(flags);
}
static int set_verify_flags(Value self, Value v) {
    SslContext *c = ssl_context_of(self);
    int64_t wanted;
    if (long_value(v, &wanted) < 0)
        return -1;
    recursive_mutex_lock(&c->lock);
    X509_VERIFY_PARAM *parameters = SSL_CTX_get0_param(c->ctx);
    unsigned long flags = X509_VERIFY_PARAM_get_flags(parameters), new = (unsigned long)wanted;
    bool ok = (!(flags & ~new) || X509_VERIFY_PARAM_clear_flags(parameters, flags & ~new)) &&
              (!(new & ~flags) || X509_VERIFY_PARAM_set_flags(parameters, new & ~flags));
    recursive_mutex_unlock(&c->lock);
    return ok ? 0 : (ssl_raise_library(NULL), -1);
}

static Value get_post_handshake_auth(Value self) {
    SslContext *c = ssl_context_of(self);
    recursive_mutex_lock(&c->lock);
    bool wanted = c->post_handshake_auth;
    recursive_mutex_unlock(&c->lock);
    return bool_new(wanted);
}
static int set_post_handshake_auth(Value self, Value v) {
    SslContext *c = ssl_context_of(self);
    bool wanted;
    if (value_is_null(v))
        return raise_int(&exception_AttributeError, "cannot delete attribute");
    if (posix_bool(v, &wanted) < 0)
        return -1;
    recursive_mutex_lock(&c->lock);
    c->post_handshake_auth = wanted; // for new connections (ssl_socket_facts.c)
    recursive_mutex_unlock(&c->lock);
    return 0;
}

// ---- versions and options ----------------------------------------------------------------------

static Value get_version(Value self, bool minimum) {
    SslContext *c = ssl_context_of(self);
    recursive_mutex_lock(&c->lock);
    long version =
        minimum ? SSL_CTX_get_min_proto_version(c->ctx) : SSL_CTX_get_max_proto_version(c->ctx);
    recursive_mutex_unlock(&c->lock);
    return value_from_int(version ? version : minimum ? MINIMUM_SUPPORTED : MAXIMUM_SUPPORTED);
}
static int set_version(Value self, Value v, bool minimum) {
    SslContext *c = ssl_context_of(self);
    int version;
    if (int_value(v, &version) < 0)
        return -1;
    if (c->protocol != SSL_PROTOCOL_TLS && c->protocol != SSL_PROTOCOL_CLIENT &&
        c->protocol != SSL_PROTOCOL_SERVER)
        return raise_int(&exception_ValueError, "The context's protocol doesn't support "
                                                "modification of highest and lowest version.");
    const char *deprecated = version == SSL3_VERSION     ? "SSLv3"
                             : version == TLS1_VERSION   ? "TLSv1"
                             : version == TLS1_1_VERSION ? "TLSv1_1"
                                                         : NULL;
    if (deprecated &&
        warn(&exception_DeprecationWarning, 2, "ssl.TLSVersion.%s is deprecated", deprecated) < 0)
        return -1;
    if (version != MINIMUM_SUPPORTED && version != MAXIMUM_SUPPORTED &&
        (version < SSL3_VERSION || version > TLS1_3_VERSION))
        return raise_int(&exception_ValueError, "Unsupported TLS/SSL version 0x%x", version);
    if (version == MINIMUM_SUPPORTED)
        version = minimum ? 0 : TLS1_VERSION;
    else if (version == MAXIMUM_SUPPORTED)
        version = minimum ? TLS1_3_VERSION : 0;
    recursive_mutex_lock(&c->lock);
    bool ok = minimum ? SSL_CTX_set_min_proto_version(c->ctx, version)
                      : SSL_CTX_set_max_proto_version(c->ctx, version);
    recursive_mutex_unlock(&c->lock);
    if (ok)
        return 0;
    ERR_clear_error();
    return raise_int(&exception_ValueError, "Unsupported protocol version 0x%x", version);
}
static Value get_minimum_version(Value self) {
    return get_version(self, true);
}
static int set_minimum_version(Value self, Value v) {
    return set_version(self, v, true);
}
static Value get_maximum_version(Value self) {
    return get_version(self, false);
}
static int set_maximum_version(Value self, Value v) {
    return set_version(self, v, false);
}

static Value get_options(Value self) {
    SslContext *c = ssl_context_of(self);
    recursive_mutex_lock(&c->lock);
    uint64_t options = SSL_CTX_get_options(c->ctx);
    recursive_mutex_unlock(&c->lock);
    return int_from_u64(options);
}
static int set_options(Value self, Value v) {
    SslContext *c = ssl_context_of(self);
    const uint64_t versions = SSL_OP_NO_SSLv2 | SSL_OP_NO_SSLv3 | SSL_OP_NO_TLSv1 |
                              SSL_OP_NO_TLSv1_1 | SSL_OP_NO_TLSv1_2 | SSL_OP_NO_TLSv1_3;
    int64_t wanted;
    if (long_value(v, &wanted) < 0)
        return -1;
    recursive_mutex_lock(&c->lock);
    uint64_t options = SSL_CTX_get_options(c->ctx);
    recursive_mutex_unlock(&c->lock);
    uint64_t clear = options & ~(uint64_t)wanted, set = ~options & (uint64_t)wanted;
    if ((set & versions) && warn(&exception_DeprecationWarning, 2,
                                 "ssl.OP_NO_SSL*/ssl.OP_NO_TLS* options are deprecated") < 0)
        return -1;
    recursive_mutex_lock(&c->lock);
    if (clear)
        SSL_CTX_clear_options(c->ctx, clear);
    if (set)
        SSL_CTX_set_options(c->ctx, set);
    recursive_mutex_unlock(&c->lock);
    return 0;
}

static Value get_num_tickets(Value self) {
    SslContext *c = ssl_context_of(self);
    recursive_mutex_lock(&c->lock);
    size_t n = SSL_CTX_get_num_tickets(c->ctx);
    recursive_mutex_unlock(&c->lock);
    return value_from_int((int64_t)n);
}
static int set_num_tickets(Value self, Value v) {
    SslContext *c = ssl_context_of(self);
    int64_t n;
    if (long_value(v, &n) < 0)
        return -1;
    if (n < 0)
        return raise_int(&exception_ValueError, "value must be non-negative");
    if (c->protocol != SSL_PROTOCOL_SERVER)
        return raise_int(&exception_ValueError, "SSLContext is not a server context.");
    recursive_mutex_lock(&c->lock);
    bool ok = SSL_CTX_set_num_tickets(c->ctx, (size_t)n) == 1;
    recursive_mutex_unlock(&c->lock);
    return ok ? 0 : raise_int(&exception_ValueError, "failed to set num tickets.");
}

static Value get_protocol(Value self) {
    return value_from_int(ssl_context_of(self)->protocol);
}
static Value get_security_level(Value self) {
    SslContext *c = ssl_context_of(self);
    recursive_mutex_lock(&c->lock);
    int level = SSL_CTX_get_security_level(c->ctx);
    recursive_mutex_unlock(&c->lock);
    return value_from_int(level);
}

const GetSetDef ssl_context_getsets[] = {
    {"check_hostname", get_check_hostname, set_check_hostname, NULL},
    {"_host_flags", get_host_flags, set_host_flags, NULL},
    {"minimum_version", get_minimum_version, set_minimum_version, NULL},
    {"maximum_version", get_maximum_version, set_maximum_version, NULL},
    {"keylog_filename", ssl_get_keylog_filename, ssl_set_keylog_filename, NULL},
    {"_msg_callback", ssl_get_msg_callback, ssl_set_msg_callback, NULL},
    {"sni_callback", ssl_get_sni_callback, ssl_set_sni_callback,
     "Called with the name that a client asks for; may give the connection another context."},
    {"num_tickets", get_num_tickets, set_num_tickets,
     "How many tickets a server sends after a handshake of TLS 1.3."},
    {"options", get_options, set_options, NULL},
    {"post_handshake_auth", get_post_handshake_auth, set_post_handshake_auth, NULL},
    {"protocol", get_protocol, NULL, NULL},
    {"verify_flags", get_verify_flags, set_verify_flags, NULL},
    {"verify_mode", get_verify_mode, set_verify_mode, NULL},
    {"security_level", get_security_level, NULL, "The security level of the library's."},
    {NULL},
};

// ---- ciphers -----------------------------------------------------------------------------------

Value ssl_set_ciphers(Value self, Value text) {
    SslContext *c = ssl_context_of(self);
    if (!value_is_str(text))
        return raise_type_error("set_ciphers() argument must be str, not %G", text);
    size_t length;
    char *owned = NULL;
    const char *list = str_utf8(text, &length, &owned);
    if (!list)
        return VALUE_NULL;
    bool whole = strlen(list) == length;
    recursive_mutex_lock(&c->lock);
    bool ok = whole && SSL_CTX_set_cipher_list(c->ctx, list) > 0;
    recursive_mutex_unlock(&c->lock);
    buffer_free(owned);
    if (!whole)
        return raise_value_error("embedded null character");
    if (ok)
        return none_new();
    ERR_clear_error();
    return ssl_raise_text("No cipher can be selected.");
}

static Value name_of_nid(int nid) { // of what a cipher consists of
    const char *name = nid == NID_undef ? NULL : OBJ_nid2ln(nid);
    return name ? str_from_cstr(name) : none_new();
}

static Value cipher_dict(const SSL_CIPHER *cipher) {
    char text[512] = "";
    SSL_CIPHER_description(cipher, text, sizeof text);
    size_t length = strcspn(text, "\n");
    int bits, strength = SSL_CIPHER_get_bits(cipher, &bits);
    Value dict = dict_new();
    if (!value_is_null(dict) && ssl_put(dict, "id", int_from_u64(SSL_CIPHER_get_id(cipher))) == 0 &&
        ssl_put(dict, "name", str_from_cstr(SSL_CIPHER_get_name(cipher))) == 0 &&
        ssl_put(dict, "protocol", str_from_cstr(SSL_CIPHER_get_version(cipher))) == 0 &&
        ssl_put(dict, "description", str_from_utf8(text, length)) == 0 &&
        ssl_put(dict, "strength_bits", value_from_int(strength)) == 0 &&
        ssl_put(dict, "alg_bits", value_from_int(bits)) == 0 &&
        ssl_put(dict, "aead", bool_new(SSL_CIPHER_is_aead(cipher))) == 0 &&
        ssl_put(dict, "symmetric", name_of_nid(SSL_CIPHER_get_cipher_nid(cipher))) == 0 &&
        ssl_put(dict, "digest", name_of_nid(SSL_CIPHER_get_digest_nid(cipher))) == 0 &&
        ssl_put(dict, "kea", name_of_nid(SSL_CIPHER_get_kx_nid(cipher))) == 0 &&
        ssl_put(dict, "auth", name_of_nid(SSL_CIPHER_get_auth_nid(cipher))) == 0)
        return dict;
    ref_release(dict);
    return VALUE_NULL;
}

Value ssl_get_ciphers(Value self) {
    SslContext *c = ssl_context_of(self);
    Value list = list_new();
    recursive_mutex_lock(&c->lock);
    SSL *ssl = SSL_new(c->ctx);
    STACK_OF(SSL_CIPHER) *ciphers = ssl ? SSL_get_ciphers(ssl) : NULL;
    bool ok = ssl && !value_is_null(list);
    for (int i = 0; ok && ciphers && i < sk_SSL_CIPHER_num(ciphers); i++) {
        Value one = cipher_dict(sk_SSL_CIPHER_value(ciphers, i));
        ok = !value_is_null(one) && list_append_owned(list, one) == 0;
    }
    if (ssl)
        SSL_free(ssl);
    recursive_mutex_unlock(&c->lock);
    if (ok)
        return list;
    ref_release(list);
    return error_occurred() ? VALUE_NULL : ssl_raise_library(NULL);
}

Value ssl_set_ecdh_curve(Value self, Value name) {
    SslContext *c = ssl_context_of(self);
    Value encoded = posix_fs_encode(name);
    if (value_is_null(encoded))
        return encoded;
    int nid = OBJ_sn2nid((const char *)bytes_data(encoded));
    if (nid == NID_undef) {
        raise_value_error("unknown elliptic curve name %R", name);
        ref_release(encoded);
        return VALUE_NULL;
    }
    ref_release(encoded);
    recursive_mutex_lock(&c->lock);
    bool ok = SSL_CTX_set1_groups(c->ctx, &nid, 1);
    recursive_mutex_unlock(&c->lock);
    return ok ? none_new() : ssl_raise_library(NULL);
}

Value ssl_session_stats(Value self) {
    SslContext *c = ssl_context_of(self);
    struct {
        const char *name;
        long value;
    } numbers[11];
    int n = 0;
    recursive_mutex_lock(&c->lock);
#define NUMBER(key, function)                                                                      \
    numbers[n].name = key;                                                                         \
    numbers[n++].value = function(c->ctx)
    NUMBER("number", SSL_CTX_sess_number);
    NUMBER("connect", SSL_CTX_sess_connect);
    NUMBER("connect_good", SSL_CTX_sess_connect_good);
    NUMBER("connect_renegotiate", SSL_CTX_sess_connect_renegotiate);
    NUMBER("accept", SSL_CTX_sess_accept);
    NUMBER("accept_good", SSL_CTX_sess_accept_good);
    NUMBER("accept_renegotiate", SSL_CTX_sess_accept_renegotiate);
    NUMBER("hits", SSL_CTX_sess_hits);
    NUMBER("misses", SSL_CTX_sess_misses);
    NUMBER("timeouts", SSL_CTX_sess_timeouts);
    NUMBER("cache_full", SSL_CTX_sess_cache_full);
#undef NUMBER
    recursive_mutex_unlock(&c->lock);
    Value dict = dict_new();
    for (int i = 0; i < n && !value_is_null(dict); i++)
        if (ssl_put(dict, numbers[i].name, value_from_int(numbers[i].value)) < 0) {
            ref_release(dict);
            return VALUE_NULL;
        }
    return dict;
}
